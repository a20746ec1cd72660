"""Les décisions d'un financeur : ce qu'il prépare ne se lit que chez lui, ce qu'il publie se lit."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet, NatureDeDemande
from parvis.dossiers.models import Demande, Dossier, FinanceurDAppel
from parvis.instruction.queries.deports import hors_des_deports
from parvis.organismes.queries import membres_a_lire
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision, Enveloppe, LigneDeDecision
from parvis.programmation.permissions import a_des_enveloppes
from parvis.programmation.queries.enveloppes import enveloppes
from parvis.programmation.rules.decisions import A_DECIDER, empreinte

ZERO = Decimal("0.00")


def decisions(acteur: Acteur, contrat: Contrat) -> QuerySet[Decision]:
    """Rend les décisions du service de l'acteur dans ce contrat ; aucune à tout autre.

    Avec, pour chacune, combien de demandes elle dit, et ce qu'elle accorde.
    """
    if not a_des_enveloppes(acteur):
        return Decision.objects.none()
    assert acteur.organisme is not None
    siennes = Decision.objects.filter(
        contrat=contrat, financeur__in=membres_a_lire(acteur.organisme)
    )
    # Ce dont l'acteur s'est déporté ne se lit pas, ni par un compte ni par une somme.
    lisibles = hors_des_deports(acteur, "lignes__demande__dossier")
    return (
        siennes.select_related("contrat", "financeur", "fichier")
        .annotate(
            nombre=Count("lignes", filter=lisibles),
            accorde=Sum(
                "lignes__montant",
                filter=lisibles & Q(lignes__demande__nature=NatureDeDemande.NUMERAIRE),
            ),
            deportees=Count("lignes", filter=~lisibles),
        )
        .order_by("-prise_le", "-pk")
    )


def lignes(acteur: Acteur, decision: Decision) -> list[LigneDeDecision]:
    """Rend ce que dit une décision que l'acteur lit, sans les dossiers dont il s'est déporté."""
    return list(toutes_les_lignes(decision).filter(hors_des_deports(acteur, "demande__dossier")))


def toutes_les_lignes(decision: Decision) -> QuerySet[LigneDeDecision]:
    """Rend tout ce que dit une décision, pour l'acte qui la publie ; un écran passe par `lignes`."""
    return decision.lignes.select_related(
        "demande__financeur__fusionne_dans",
        "demande__dossier__projet__porteur__fusionne_dans",
        "demande__dossier__appel",
        "enveloppe__commune",
    ).order_by("demande__dossier__numero", "demande__rang", "pk")


def demandes_recues(acteur: Acteur, contrat: Contrat, exercice: int) -> QuerySet[Demande]:
    """Rend les demandes fermes faites ici à son service, où qu'elles en soient ; jamais déporté, ni prévu."""
    return _demandes_fermes(acteur, contrat).filter(exercice=exercice)


def _demandes_fermes(acteur: Acteur, contrat: Contrat) -> QuerySet[Demande]:
    if not a_des_enveloppes(acteur):
        return Demande.objects.none()
    assert acteur.organisme is not None
    return Demande.objects.filter(
        hors_des_deports(acteur, "dossier"),
        dossier__appel__contrat=contrat,
        financeur__in=membres_a_lire(acteur.organisme),
        guichet=Guichet.PLATEFORME,
        # Un exercice suivant n'est que prévu : il se votera l'année venue.
        exercice=F("dossier__exercice"),
    ).exclude(etat=EtatDeDemande.PREPAREE)


def exercice_a_decider(acteur: Acteur, contrat: Contrat) -> int:
    """Rend l'exercice d'une décision nouvelle : le dernier où son service doit répondre, sinon l'année."""
    attendent = _demandes_fermes(acteur, contrat).filter(
        dossier__etat=EtatDeDossier.RECEVABLE, etat=EtatDeDemande.DEMANDEE
    )
    dernier = attendent.aggregate(dernier=Max("exercice"))["dernier"]
    return dernier or timezone.localdate().year


def demandes_a_decider(acteur: Acteur, contrat: Contrat, exercice: int) -> QuerySet[Demande]:
    """Rend les demandes de son service qui peuvent se décider.

    Celles des dossiers recevables ; et d'un dossier retiré, ce qui est voté, pour le reprendre.
    """
    return demandes_recues(acteur, contrat, exercice).filter(
        Q(dossier__etat=EtatDeDossier.RECEVABLE, etat__in=A_DECIDER)
        | Q(dossier__etat=EtatDeDossier.RETIRE, etat=EtatDeDemande.ACCORDEE)
    )


@dataclass(frozen=True)
class DemandeADire:
    """Une demande qui n'est pas encore dans la décision, et d'où son argent viendrait."""

    demande: Demande
    enveloppe: Enveloppe | None
    ailleurs: str


def a_decider(
    acteur: Acteur, decision: Decision, *, avec_les_decidees: bool = False
) -> list[DemandeADire]:
    """Rend les demandes du service qui restent à mettre dans une décision, en un nombre fixe de requêtes.

    Celles qui ont déjà leur réponse n'y sont que si on les demande : une décision peut en corriger une.
    """
    siennes = demandes_a_decider(acteur, decision.contrat, decision.exercice).exclude(
        decisions__decision=decision
    )
    if not avec_les_decidees:
        siennes = siennes.filter(
            Q(etat=EtatDeDemande.DEMANDEE) | Q(dossier__etat=EtatDeDossier.RETIRE)
        )
    preparees = dict(
        LigneDeDecision.objects.filter(
            demande__in=siennes.values("pk"), decision__publiee_le__isnull=True
        ).values_list("demande", "decision__numero")
    )
    prises = list(enveloppes(acteur, decision.contrat).filter(exercice=decision.exercice))
    lues = siennes.select_related(
        "dossier__projet__porteur__fusionne_dans", "dossier__appel", "imputation__enveloppe"
    ).order_by("dossier__numero", "rang", "pk")
    return [
        DemandeADire(
            demande,
            enveloppe_probable(demande, prises),
            "une autre décision en préparation" if demande.pk in preparees else "",
        )
        for demande in lues
    ]


def enveloppe_probable(demande: Demande, prises: Iterable[Enveloppe]) -> Enveloppe | None:
    """Rend l'enveloppe où la demande se prend, à défaut la seule de sa ligne, ou de l'exercice."""
    imputation = getattr(demande, "imputation", None)
    if imputation:
        enveloppe: Enveloppe = imputation.enveloppe
        return enveloppe
    prises = list(prises)
    de_la_ligne = [e for e in prises if e.ligne == demande.ligne]
    for choix in (de_la_ligne, prises):
        if len(choix) == 1:
            return choix[0]
    return None


@dataclass(frozen=True)
class PriseSurEnveloppe:
    """Ce qu'une décision prendrait sur une enveloppe, et ce qui y resterait."""

    enveloppe: Enveloppe
    pris: Decimal

    @property
    def apres(self) -> Decimal:
        return self.enveloppe.montant_reste - self.pris


def prises_sur_les_enveloppes(lignes: "QuerySet[LigneDeDecision]") -> list[PriseSurEnveloppe]:
    """Rend ce que ces lignes prendraient sur chaque enveloppe, moins ce qui y est déjà voté."""
    pris: dict[int, Decimal] = {}
    lues: dict[int, Enveloppe] = {}
    for ligne in lignes.select_related("enveloppe", "demande__imputation__enveloppe"):
        imputation = getattr(ligne.demande, "imputation", None)
        if imputation:
            lues[imputation.enveloppe_id] = imputation.enveloppe
            deja = ligne.demande.montant_vote or ZERO
            if ligne.resultat != Resultat.AJOURNE:
                pris[imputation.enveloppe_id] = pris.get(imputation.enveloppe_id, ZERO) - deja
        if ligne.enveloppe and ligne.montant is not None:
            lues[ligne.enveloppe.pk] = ligne.enveloppe
            pris[ligne.enveloppe.pk] = pris.get(ligne.enveloppe.pk, ZERO) + ligne.montant
    return [PriseSurEnveloppe(lues[pk], montant) for pk, montant in sorted(pris.items()) if montant]


def empreinte_de(ligne: LigneDeDecision) -> str:
    """Rend l'empreinte d'une réponse telle qu'elle est écrite : ce qu'un collègue change la change."""
    return empreinte(
        *(ligne.resultat, ligne.montant, ligne.enveloppe_id, ligne.condition, ligne.motif),
        *(ligne.a_qui, ligne.ce_qui_changerait, ligne.vers),
    )


def reponses_publiees(dossier: Dossier) -> list[LigneDeDecision]:
    """Rend ce que chaque financeur a décidé d'un dossier que l'acteur lit : la dernière réponse d'abord.

    Une seule réponse par demande : celle d'une décision plus récente remplace l'autre.
    """
    publiees = (
        LigneDeDecision.objects.filter(demande__dossier=dossier, decision__publiee_le__isnull=False)
        .select_related("decision__financeur__fusionne_dans", "decision__fichier", "demande")
        .order_by("-decision__publiee_le", "-pk")
    )
    par_demande: dict[int, LigneDeDecision] = {}
    for ligne in publiees:
        par_demande.setdefault(ligne.demande_id, ligne)
    return list(par_demande.values())


def service_a_appeler(demande: Demande) -> str:
    """Rend le service du financeur que nomme l'appel, avec son téléphone ; vide s'il n'en dit rien."""
    financeur = FinanceurDAppel.objects.filter(
        version=demande.dossier.version_d_appel_id, organisme=demande.financeur_id
    ).first()
    if financeur is None:
        return ""
    return ", ".join(filter(None, (financeur.service, financeur.telephone, financeur.courriel)))


def lignes_a_ecrire(acteur: Acteur, decision: Decision) -> QuerySet[LigneDeDecision]:
    """Rend les lignes d'une décision en préparation ; qui s'est déporté du dossier n'y touche pas."""
    return decision.lignes.filter(
        hors_des_deports(acteur, "demande__dossier"), decision__publiee_le__isnull=True
    ).select_related(
        "demande__dossier__projet__porteur__fusionne_dans",
        "demande__dossier__appel",
        "demande__financeur",
        "enveloppe",
    )
