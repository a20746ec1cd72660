"""Le suivi d'un projet au fil des ans : ce que chaque financeur répond, et ce qui est vraiment sûr."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Information, Regard
from parvis.comptes.rules.regards import voit
from parvis.dossiers.enums import EtatDeDemande, Guichet, NatureDeDemande
from parvis.dossiers.jetons import empreinte_du_jeton
from parvis.dossiers.models import Demande, Dossier, LienDeLecture, Projet
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.queries.bilans import bilan_du_dossier
from parvis.dossiers.queries.delais import silence_de_la_demande
from parvis.dossiers.queries.portails import portail_de_la_demande, se_recopie
from parvis.dossiers.rules.liens import est_valable
from parvis.dossiers.rules.suivi import (
    SUITES,
    VIVANTES,
    Argent,
    dire_l_attente,
    dire_la_proposition,
    phrase_de_ce_qui_est_sur,
    phrase_de_l_argent,
    qui_tient_la_plume,
    reunir,
)
from parvis.socle.montants import ecrire_montant
from parvis.socle.templatetags.socle import jour as en_clair

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class DemandeSuivie:
    """Une demande : la phrase de son argent, et les dates qui comptent."""

    demande: Demande
    dossier: Dossier
    argent: Argent
    attente: str
    # Le délai est passé : le silence vaut refus.
    est_muette: bool = False

    @property
    def vit(self) -> bool:
        """Dit si elle compte encore : elle attend sa réponse, ou elle est accordée."""
        return self.demande.etat in VIVANTES

    @property
    def phrase(self) -> str:
        if self.est_en_nature:
            evalue = ecrire_montant(self.demande.montant_demande or ZERO, court=True)
            fin = f", {self.attente}" if self.attente else ""
            return f"Demandé en nature, évalué à {evalue}{fin}"
        return phrase_de_l_argent(self.argent, attente=self.attente)

    @property
    def est_en_nature(self) -> bool:
        return self.demande.nature == NatureDeDemande.NATURE

    @property
    def est_a_noter(self) -> bool:
        """Dit si sa suite se note à la main : la demande est faite ailleurs, et vit encore."""
        return self.demande.guichet == Guichet.AILLEURS and self.demande.etat in SUITES

    @property
    def portail(self) -> str:
        """Rend le code du portail où cette demande se recopie ; vide si elle se fait ici."""
        return portail_de_la_demande(self.demande).code if se_recopie(self.demande) else ""

    @property
    def dates(self) -> list[tuple[str, date]]:
        """Rend ce qui est arrivé, dans l'ordre."""
        d = self.demande
        demande_le = timezone.localdate(d.demande_le) if d.demande_le else None
        dits = [
            ("demandé", demande_le),
            ("voté", d.vote_le),
            ("engagé", d.engage_le),
            ("versé", d.verse_le),
        ]
        return [(mot, quand) for mot, quand in dits if quand is not None]


@dataclass(frozen=True)
class FinanceurSuivi:
    """Un financeur et ce qu'on lui demande pour un exercice."""

    nom: str
    demandes: list[DemandeSuivie]

    @property
    def argent(self) -> Argent:
        """Rend l'argent que l'on peut encore attendre de ce financeur, ou qu'il accorde."""
        return reunir(d.argent for d in self.demandes if d.vit and not d.est_en_nature)


@dataclass(frozen=True)
class ExerciceSuivi:
    """Un exercice : ses financeurs, et ce sur quoi compter."""

    annee: int
    est_ferme: bool
    financeurs: list[FinanceurSuivi]

    @property
    def argent(self) -> Argent:
        return reunir(f.argent for f in self.financeurs)

    @property
    def demandes(self) -> list[DemandeSuivie]:
        return [demande for financeur in self.financeurs for demande in financeur.demandes]

    @property
    def phrase(self) -> str:
        """Rend la phrase de ce qui vit encore ; si plus rien ne vit, de ce qui était demandé."""
        if any(demande.vit for demande in self.demandes):
            return phrase_de_l_argent(self.argent)
        return phrase_de_l_argent(reunir(d.argent for d in self.demandes if not d.est_en_nature))

    @property
    def ce_qui_est_sur(self) -> str:
        return _ce_qui_est_sur(self.argent, self.demandes)

    @property
    def barre(self) -> tuple[int, int]:
        """Rend, pour cent euros demandés, combien sont votés et combien sont versés."""
        argent = self.argent
        tout = max(argent.demande, argent.vote or ZERO)
        if not tout:
            return 0, 0
        return int((argent.vote or ZERO) * 100 / tout), int((argent.verse or ZERO) * 100 / tout)


@dataclass(frozen=True)
class DossierSuivi:
    """Un dossier déposé du projet : où il en est, et à qui est le prochain geste."""

    dossier: Dossier
    plume: str


@dataclass(frozen=True)
class Suivi:
    """Un projet au fil des ans : ses dossiers déposés, ses exercices, le dernier d'abord."""

    projet: Projet
    dossiers: list[DossierSuivi] = field(default_factory=list)
    exercices: list[ExerciceSuivi] = field(default_factory=list)

    @property
    def ce_qui_est_sur(self) -> str:
        demandes = [demande for exercice in self.exercices for demande in exercice.demandes]
        return _ce_qui_est_sur(reunir(e.argent for e in self.exercices), demandes)


def _ce_qui_est_sur(argent: Argent, demandes: list[DemandeSuivie]) -> str:
    vivantes = [demande for demande in demandes if demande.vit]
    return phrase_de_ce_qui_est_sur(
        argent,
        est_close=bool(demandes) and not vivantes,
        est_muette=bool(vivantes) and all(demande.est_muette for demande in vivantes),
    )


def suivi_du_projet(projet: Projet, *, jour: date, regard: Regard = Regard.PORTEUR) -> Suivi:
    """Rend le suivi d'un projet que l'on peut lire, en un nombre fixe de requêtes.

    Ce qu'une séance propose ne se lit que de qui porte le projet : `regard` dit d'où l'on regarde.
    """
    propose = voit(Information.MONTANT_ARBITRE, regard, est_publiee=True)
    dossiers = list(
        projet.dossiers.deposes()
        .select_related("appel", "version_d_appel")
        .prefetch_related("demandes__financeur", "complements", "bilans_attendus")
        .order_by("-exercice", "-depose_le", "-pk")
    )
    suivies = [
        _suivre(demande, dossier, jour, lit_les_propositions=propose)
        for dossier in dossiers
        for demande in dossier.demandes.all()
        if demande.etat != EtatDeDemande.PREPAREE
    ]
    annees = sorted({s.demande.exercice for s in suivies}, reverse=True)
    return Suivi(
        projet,
        [
            DossierSuivi(dossier, plume_du_porteur(dossier, jour, lit_les_propositions=propose))
            for dossier in dossiers
        ],
        [_exercice(annee, [s for s in suivies if s.demande.exercice == annee]) for annee in annees],
    )


def _suivre(
    demande: Demande, dossier: Dossier, jour: date, *, lit_les_propositions: bool
) -> DemandeSuivie:
    # Seul l'exercice ferme se tranche : d'un exercice prévu, aucun jour ne s'annonce.
    reponse = None
    if demande.est_ferme:
        reponse = silence_de_la_demande(demande, dossier.complements.all())
    propose = proposition_a_voter(demande, jour=jour) if lit_les_propositions else ""
    est_passee = reponse is not None and reponse < jour
    attente = dire_l_attente(
        nom=demande.nom_du_financeur,
        etat=demande.etat,
        dossier=dossier.etat,
        guichet=demande.guichet,
        reponse=en_clair(reponse),
        est_passee=est_passee,
    )
    return DemandeSuivie(
        demande,
        dossier,
        argent_de([demande]),
        # Une proposition n'arrête pas le délai : passé, ce qu'il veut dire se lit encore.
        " ; ".join(filter(None, (propose, attente if est_passee or not propose else ""))),
        est_passee and demande.etat == EtatDeDemande.DEMANDEE and not propose,
    )


def argent_de(demandes: Iterable[Demande]) -> Argent:
    """Rend ce que l'on sait de l'argent de ces demandes, réunies."""
    return reunir(
        Argent(d.montant_demande or ZERO, d.montant_vote, d.montant_engage, d.montant_verse)
        for d in demandes
    )


def proposition_a_voter(demande: Demande, *, jour: date) -> str:
    """Rend ce qu'une séance publiée propose, tant que le financeur n'a pas décidé ; vide sans elle.

    Un jour de vote passé ne s'annonce plus : le vote a pu être reporté.
    """
    if demande.etat != EtatDeDemande.DEMANDEE or demande.montant_arbitre is None:
        return ""
    vote = demande.vote_prevu_le
    return dire_la_proposition(
        nom=demande.nom_du_financeur,
        montant=demande.montant_arbitre,
        vote=en_clair(vote if vote and vote >= jour else None),
        en_nature=demande.nature == NatureDeDemande.NATURE,
    )


def _exercice(annee: int, suivies: Iterable[DemandeSuivie]) -> ExerciceSuivi:
    par_financeur: dict[str, list[DemandeSuivie]] = {}
    est_ferme = False
    for suivie in suivies:
        par_financeur.setdefault(suivie.demande.nom_du_financeur, []).append(suivie)
        est_ferme = est_ferme or suivie.dossier.exercice == annee
    return ExerciceSuivi(
        annee, est_ferme, [FinanceurSuivi(nom, siennes) for nom, siennes in par_financeur.items()]
    )


def plume_du_porteur(dossier: Dossier, jour: date, *, lit_les_propositions: bool = True) -> str:
    """Rend à qui est le prochain geste, au porteur, qui peut contester quand le silence vaut refus.

    Sans `lit_les_propositions`, rien ne dit ce qu'une séance a proposé.
    """
    prefetch_related_objects([dossier], "demandes__financeur", "complements", "bilans_attendus")
    complements = dossier.complements.all()
    muets: set[int | None] = set()
    attendus: dict[int | None, str] = {}
    votent: set[int | None] = set()
    for demande in dossier.demandes.all():
        if demande.guichet == Guichet.PLATEFORME and demande.etat == EtatDeDemande.DEMANDEE:
            silence = silence_de_la_demande(demande, complements)
            est_proposee = lit_les_propositions and demande.montant_arbitre is not None
            est_passe = silence is not None and silence < jour and not est_proposee
            if est_passe:
                muets.add(demande.financeur_id)
            else:
                attendus[demande.financeur_id] = demande.nom_du_financeur
            if est_proposee:
                votent.add(demande.financeur_id)
    return qui_tient_la_plume(
        etat=dossier.etat,
        service=dossier.version_d_appel.service or "l’équipe du contrat",
        porteur=str(dossier.projet.porteur.retenu),
        financeurs=len(attendus),
        seul="".join(attendus.values()) if len(attendus) == 1 else "",
        votent=len(votent & attendus.keys()),
        muets=len(muets - attendus.keys()),
        bilan=bilan_du_dossier(dossier),
    )


def demande_a_noter(acteur: Acteur, projet: Projet, pk: int) -> Demande:
    """Rend une demande faite ailleurs dont l'acteur note la suite ; lève Demande.DoesNotExist sinon."""
    if not (acteur.est_confirme and peut_ecrire_le_projet(acteur, projet)):
        raise Demande.DoesNotExist
    siennes = Demande.objects.filter(
        dossier__projet=projet, guichet=Guichet.AILLEURS, etat__in=SUITES
    )
    return siennes.select_related("financeur", "dossier__appel__contrat").get(pk=pk)


def liens_de_lecture(acteur: Acteur, projet: Projet) -> list[LienDeLecture]:
    """Rend les liens de lecture d'un projet, à qui écrit pour lui ; rien à tout autre."""
    if not (acteur.est_confirme and peut_ecrire_le_projet(acteur, projet)):
        return []
    return list(projet.liens_de_lecture.all())


def lien_a_fermer(acteur: Acteur, projet: Projet, pk: int) -> LienDeLecture:
    """Rend un lien de lecture du projet ; lève LienDeLecture.DoesNotExist à qui n'y écrit pas."""
    if not (acteur.est_confirme and peut_ecrire_le_projet(acteur, projet)):
        raise LienDeLecture.DoesNotExist
    return projet.liens_de_lecture.select_related("projet__contrat").get(pk=pk)


def lien_ouvert(jeton: str) -> LienDeLecture:
    """Rend le lien que désigne un jeton ; faux, fermé ou expiré, lève LienDeLecture.DoesNotExist.

    Une seule lecture, par l'empreinte : un jeton faux et un lien fermé prennent le même temps.
    """
    lien = (
        LienDeLecture.objects.filter(empreinte=empreinte_du_jeton(jeton))
        .select_related(
            "projet__contrat",
            "projet__porteur__fusionne_dans",
            "projet__structure_porteuse__fusionne_dans",
        )
        .first()
    )
    if lien is None or not est_valable(
        expire_le=lien.expire_le, revoque_le=lien.revoque_le, maintenant=timezone.now()
    ):
        raise LienDeLecture.DoesNotExist
    return lien
