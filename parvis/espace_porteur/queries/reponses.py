"""Ce que les financeurs ont répondu à un dossier, et où un projet refusé pourrait convenir."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from parvis.cadre.models import Contrat, Edition
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Regard
from parvis.dossiers.enums import Guichet
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.queries.appels import appels_ouverts
from parvis.dossiers.queries.suivi import proposition_a_voter
from parvis.dossiers.rules.demandes import dire_la_demande
from parvis.dossiers.rules.recepisse import ADMINISTRATIONS
from parvis.instruction.models import Avis
from parvis.instruction.queries.avis import avis_publies
from parvis.orientation.queries.orientation import orienter_dans
from parvis.orientation.queries.pistes import FicheTrouvee, fiches_trouvees
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Arbitrage, LigneDeDecision
from parvis.programmation.queries.decisions import reponses_publiees
from parvis.programmation.queries.ordre_du_jour import avec_ses_suites
from parvis.programmation.queries.seances import arbitrages_publies
from parvis.programmation.rules.decisions import dire_la_reponse

PISTES_AU_PLUS = 3


@dataclass(frozen=True)
class ReponseLue:
    """La réponse d'un financeur à une demande, telle que le porteur la lit."""

    ligne: LigneDeDecision
    # L'avis du service qui répond ; rien s'il n'en a pas rendu.
    avis: Avis | None = None

    @property
    def accorde(self) -> bool:
        return bool(self.ligne.resultat == Resultat.ACCORDE)

    @property
    def phrase(self) -> str:
        demande = self.ligne.demande
        return dire_la_reponse(
            self.ligne.resultat, self.ligne.montant, demande.montant_demande or Decimal(0)
        )

    @property
    def etat(self) -> str:
        """Rend ce que l'état de la demande veut dire à son porteur."""
        demande = self.ligne.demande
        return dire_la_demande(
            demande.etat,
            Regard.PORTEUR,
            engage=demande.montant_engage,
            verse=demande.montant_verse,
        )

    @property
    def se_conteste(self) -> bool:
        """Dit si la réponse peut se contester : elle refuse, et vient d'une administration."""
        refuse = self.ligne.resultat in (Resultat.REFUSE, Resultat.ORIENTE)
        return refuse and self.ligne.decision.financeur.retenu.nature in ADMINISTRATIONS


@dataclass(frozen=True)
class DemandeSansReponse:
    """Une demande à laquelle aucune décision publiée ne répond."""

    demande: Demande
    # Ce qu'une séance publiée en a dit ; rien si aucune ne l'a examinée.
    arbitrage: Arbitrage | None = None

    @property
    def etat(self) -> str:
        """Rend où elle en est : ce qu'une séance en propose, sinon ce que veut dire son état."""
        propose = proposition_a_voter(self.demande, jour=timezone.localdate())
        if propose:
            dit = avec_ses_suites(propose, self.arbitrage)
            return f"{dit[0].upper()}{dit[1:]}."
        if self.arbitrage and self.arbitrage.resultat == Resultat.AJOURNE:
            return f"À revoir à une prochaine séance. {self.arbitrage.motif}"
        return dire_la_demande(self.demande.etat, Regard.PORTEUR)


@dataclass(frozen=True)
class Ailleurs:
    """Où un projet refusé pourrait convenir : d'autres fiches du contrat, et un appel encore ouvert."""

    question: str
    fiches: list[FicheTrouvee]
    a_un_appel: bool


@dataclass(frozen=True)
class Reponses:
    """Ce qu'un dossier a reçu : les réponses publiées, ce qui n'en a pas, l'avis de qui fut consulté."""

    lues: list[ReponseLue]
    sans: list[DemandeSansReponse]
    consultes: list[Avis]


def reponses(dossier: Dossier) -> Reponses:
    """Rend ce que chaque financeur a répondu à un dossier que l'acteur lit, et les avis publiés."""
    lignes = reponses_publiees(dossier)
    repondus = {ligne.decision.financeur.retenu.pk for ligne in lignes}
    avis = avis_publies(dossier, repondus) if lignes else []
    sans = dossier.demandes.filter(guichet=Guichet.PLATEFORME, exercice=dossier.exercice)
    sans = sans.exclude(pk__in=[ligne.demande_id for ligne in lignes]).select_related("financeur")
    dits = arbitrages_publies(dossier)
    du_service = {un.organisme.retenu.pk: un for un in avis if not un.consultation_id}
    return Reponses(
        [ReponseLue(un, du_service.get(un.decision.financeur.retenu.pk)) for un in lignes],
        [DemandeSansReponse(demande, dits.get(demande.pk)) for demande in sans],
        [un for un in avis if un.consultation_id],
    )


def ailleurs(acteur: Acteur, contrat: Contrat, dossier: Dossier) -> Ailleurs | None:
    """Rend où un projet pourrait convenir, d'après ses propres mots ; rien sans édition publiée."""
    edition = Edition.objects.courante(contrat.code)
    if edition is None:
        return None
    deja = set(dossier.fiches.values_list("fiche__numero", flat=True))
    question = _en_mots(dossier)
    trouvees = fiches_trouvees(acteur, edition, orienter_dans(acteur, edition, question))
    neuves = [t for t in trouvees if t.version.numero not in deja]
    return Ailleurs(question, neuves[:PISTES_AU_PLUS], bool(appels_ouverts(acteur, contrat)))


def _en_mots(dossier: Dossier) -> str:
    """Rend ce que le projet dit de lui en une phrase, à défaut son titre."""
    derniere = dossier.versions_deposees.order_by("-numero").first()
    champs = derniere.contenu["sections"].get("projet", {}).get("valeur", {}) if derniere else {}
    return str(champs.get("resume") or dossier.projet.titre)[:300]
