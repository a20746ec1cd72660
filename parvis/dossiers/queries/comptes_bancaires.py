"""Le compte bancaire d'un organisme : masqué pour ses membres, entier pour qui y signe."""

from dataclasses import dataclass

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Rattachement
from parvis.comptes.queries.membres import membres_confirmes
from parvis.comptes.rules.roles import DEPOSENT
from parvis.dossiers.enums import EtatDeCompte
from parvis.dossiers.models import CompteBancaire, Dossier
from parvis.dossiers.permissions import peut_tenir_le_compte, peut_tenir_les_appels
from parvis.dossiers.rules.compte_bancaire import par_quatre
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres
from parvis.socle.chiffre import Illisible, dechiffrer

# Ce que l'IBAN chiffré est, et que nul autre usage ne sait ouvrir.
USAGE = "compte-bancaire"


@dataclass(frozen=True)
class CompteLu:
    """Le compte d'un organisme tel que cet acteur le lit : `iban` est vide s'il n'y signe pas."""

    organisme: Organisme
    courant: CompteBancaire | None
    attente: CompteBancaire | None
    peut_tenir: bool
    a_deja_depose: bool
    iban: str = ""
    iban_en_attente: str = ""
    peut_confirmer: bool = False
    un_autre_signe: bool = False

    @property
    def est_donne(self) -> bool:
        return self.courant is not None or self.attente is not None


def comptes_de(organisme: Organisme) -> QuerySet[CompteBancaire]:
    """Rend les comptes d'un organisme, doublons réunis compris, le dernier donné d'abord."""
    return CompteBancaire.objects.filter(organisme__in=membres(organisme)).select_related(
        "organisme__fusionne_dans"
    )


def en_clair(compte: CompteBancaire) -> str:
    """Rend l'IBAN d'un compte ; vide s'il est écarté, ou si la clé du site a changé."""
    try:
        return dechiffrer(USAGE, compte.iban) if compte.iban else ""
    except Illisible:
        return ""


def recus_par(organisme: Organisme) -> Q:
    """Rend le filtre des dossiers dont cet organisme est le porteur, ou reçoit l'argent."""
    siens = membres(organisme)
    return Q(projet__porteur__in=siens) | Q(projet__structure_porteuse__in=siens)


def a_deja_depose(organisme: Organisme) -> bool:
    """Dit si un dossier a été déposé pour cet organisme : son compte se change alors à deux."""
    return Dossier.objects.deposes().filter(recus_par(organisme)).exists()


def un_autre_signe(compte: CompteBancaire) -> bool:
    """Dit si une autre personne que celle qui a donné le compte peut le confirmer."""
    signent = membres_confirmes(compte.organisme, jour=timezone.localdate())
    return signent.filter(role__in=DEPOSENT).exclude(utilisateur=int(compte.auteur)).exists()


def compte_lu(acteur: Acteur, organisme: Organisme) -> CompteLu:
    """Rend le compte d'un organisme, tel que cet acteur peut le lire."""
    retenu = organisme.retenu
    ouverts = comptes_de(retenu).filter(etat__in=[EtatDeCompte.A_CONFIRMER, EtatDeCompte.COURANT])
    par_etat = {compte.etat: compte for compte in ouverts}
    courant = par_etat.get(EtatDeCompte.COURANT)
    attente = par_etat.get(EtatDeCompte.A_CONFIRMER)
    tient = peut_tenir_le_compte(acteur, retenu)
    return CompteLu(
        retenu,
        courant,
        attente,
        tient,
        a_deja_depose(retenu),
        par_quatre(en_clair(courant)) if tient and courant else "",
        par_quatre(en_clair(attente)) if tient and attente else "",
        tient and attente is not None and attente.auteur != acteur.utilisateur_identifiant,
        attente is not None and un_autre_signe(attente),
    )


def compte_en_attente(acteur: Acteur, organisme: Organisme, pk: int) -> CompteBancaire:
    """Rend un compte à confirmer, à qui signe pour l'organisme ; lève CompteBancaire.DoesNotExist."""
    if not peut_tenir_le_compte(acteur, organisme.retenu):
        raise CompteBancaire.DoesNotExist
    return comptes_de(organisme.retenu).get(pk=pk, etat=EtatDeCompte.A_CONFIRMER)


def comptes_a_confirmer(acteur: Acteur, contrat: Contrat) -> QuerySet[CompteBancaire]:
    """Rend les comptes que seul le pilote de ce contrat peut confirmer : nul autre n'y signe.

    Lève Contrat.DoesNotExist à qui ne le pilote pas.
    """
    if not peut_tenir_les_appels(acteur, contrat.code):
        raise Contrat.DoesNotExist
    deposes = Dossier.objects.deposes().filter(
        Q(projet__porteur=OuterRef("organisme"))
        | Q(projet__structure_porteuse=OuterRef("organisme")),
        appel__contrat=contrat,
    )
    autres = (
        Rattachement.objects.confirmes(timezone.localdate())
        .filter(role__in=DEPOSENT)
        .filter(
            Q(organisme=OuterRef("organisme")) | Q(organisme__fusionne_dans=OuterRef("organisme"))
        )
    )
    attendent = CompteBancaire.objects.filter(etat=EtatDeCompte.A_CONFIRMER)
    attendent = attendent.filter(Exists(deposes))
    # L'identifiant de l'auteur est un texte : on le compare à la personne, elle aussi en texte.
    return attendent.filter(~Exists(_sauf_l_auteur(autres))).select_related("organisme")


def _sauf_l_auteur(rattachements: QuerySet[Rattachement]) -> QuerySet[Rattachement]:
    en_texte = rattachements.annotate(personne=Cast("utilisateur", CharField()))
    return en_texte.exclude(personne=OuterRef("auteur"))


def compte_a_confirmer(acteur: Acteur, contrat: Contrat, pk: int) -> CompteBancaire:
    """Rend un de ces comptes ; lève CompteBancaire.DoesNotExist pour tout autre."""
    return comptes_a_confirmer(acteur, contrat).get(pk=pk)
