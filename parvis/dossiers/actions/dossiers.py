"""Créer un projet, ouvrir un dossier, le jeter, suivre l'appel quand il change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.pieces import effacer_les_inutiles, tenir_les_fichiers
from parvis.dossiers.actions.sections import poser, tenir_le_dossier
from parvis.dossiers.enums import EtatDeDossier, Guichet
from parvis.dossiers.models import Appel, Dossier, Projet
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.queries.budget import FinanceurPropose, completer, financeurs_proposes
from parvis.dossiers.queries.dossiers import version_courante
from parvis.dossiers.rules.dossiers import (
    est_un_renouvellement,
    motifs_empechant_d_ecrire,
    motifs_empechant_d_ouvrir,
    motifs_sur_le_titre,
)
from parvis.dossiers.sections.propres import garder_les_fiches, garder_les_lieux
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import en_une_ligne

# Ce que l'on ne reprend pas de l'an dernier : on signe de nouveau, les pièces se choisissent.
PAS_REPRISES = frozenset({"attestations", "pieces"})
PAS_TRANSFEREES = PAS_REPRISES | {"fiches", "lieux", "questions"}
_SANS_ECRITURE = "Vous n’écrivez pas de projet au nom de cet organisme."


class BrouillonExistant(Refus):
    """Ce projet a déjà un brouillon pour cet appel ; porte ce dossier, que l'on peut continuer."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        super().__init__([f"« {dossier.projet.titre} » a déjà un brouillon pour cet appel."])


@dataclass(frozen=True)
class Depart:
    """D'où part un dossier : des mots, des fiches, un lieu, ou le dossier d'une autre année."""

    description: str = ""
    fiches: Sequence[str] = ()
    echelle: str = ""
    communes: Sequence[str] = ()
    quartiers: Sequence[str] = ()
    copie_de: Dossier | None = None
    exercices: int = 1
    # Vers un autre contrat : les textes suivent ; ses fiches et ses lieux sont d'un autre cadre.
    est_un_transfert: bool = False


@transaction.atomic
def creer_un_projet(
    *,
    par: Acteur,
    contrat: Contrat,
    titre: str,
    porteuse: Organisme | None = None,
    maintenant: datetime | None = None,
) -> Projet:
    """Crée un projet au nom de l'organisme pour lequel on agit ; lève Refus.

    `porteuse` est l'organisme qui recevra l'argent d'un collectif sans personnalité morale.
    """
    titre = en_une_ligne(titre)
    if par.organisme is None:
        raise Refus([_SANS_ECRITURE])
    exiger(motifs_sur_le_titre(titre))
    projet = Projet(
        contrat=contrat,
        porteur=par.organisme,
        structure_porteuse=porteuse,
        titre=titre,
        cree_le=maintenant or timezone.now(),
        cree_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
    )
    if not peut_ecrire_le_projet(par, projet):
        raise Refus([_SANS_ECRITURE])
    tenir_la_chaine(contrat.code)
    projet.save(force_insert=True)
    noter(
        par=par,
        contrat=contrat.code,
        action="dossiers.creer_un_projet",
        objet=f"projet:{projet.pk}",
        objet_nom=titre,
    )
    return projet


@transaction.atomic
def ouvrir_un_dossier(
    *,
    par: Acteur,
    projet: Projet,
    appel: Appel,
    depart: Depart | None = None,
    maintenant: datetime | None = None,
) -> Dossier:
    """Ouvre un brouillon dans un appel, prérempli de ce que l'on sait déjà.

    Lève BrouillonExistant si ce projet en a un, Refus si l'appel n'est pas ouvert, et
    Projet.DoesNotExist à qui n'écrit pas pour ce projet.
    """
    depart = depart or Depart()
    if not peut_ecrire_le_projet(par, projet) or appel.contrat_id != projet.contrat_id:
        raise Projet.DoesNotExist
    tenir_la_chaine(projet.contrat.code)
    maintenant = maintenant or timezone.now()
    version = version_courante(par, appel)
    exiger(
        motifs_empechant_d_ouvrir(
            ouvre_le=version.ouvre_le, ferme_le=version.ferme_le, maintenant=maintenant
        )
    )
    if brouillon := projet.dossiers.brouillons().filter(appel=appel).first():
        raise BrouillonExistant(brouillon)
    dossier = Dossier.objects.create(
        projet=projet,
        appel=appel,
        version_d_appel=version,
        exercice=appel.exercice,
        exercices=max(1, min(depart.exercices, version.exercices_max)),
        copie_de=depart.copie_de,
        cree_le=maintenant,
        cree_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
        modifie_le=maintenant,
    )
    _preremplir(par, dossier, depart, maintenant)
    noter_le_dossier(par, "dossiers.ouvrir_un_dossier", dossier, {"appel": version.titre})
    return dossier


def _preremplir(par: Acteur, dossier: Dossier, depart: Depart, maintenant: datetime) -> None:
    """Écrit dans chaque section ce que l'on sait : l'an dernier, l'organisme, le point de départ."""
    reprises = _de_l_an_dernier(dossier, depart)
    # Qui attend sa confirmation ne lit pas ce que l'organisme a déjà écrit.
    if "organisation" not in reprises and par.est_confirme:
        reprises |= _de_l_organisme(dossier)
    # La page de l'organisme se relit à chaque dossier.
    reprises.get("organisation", {}).pop("confirmee", None)
    projet = reprises.setdefault("projet", {})
    projet["titre"] = dossier.projet.titre
    if depart.copie_de is not None:
        if est_un_renouvellement(depart.copie_de.etat, depart.copie_de.exercice, dossier.exercice):
            projet["frequence"] = "renouvellement"
    elif depart.description:
        projet["description"] = depart.description
    if depart.fiches:
        reprises["fiches"] = garder_les_fiches(depart.fiches, depart.fiches[0], {})
    if depart.echelle:
        lieux = garder_les_lieux(depart.echelle, depart.communes, depart.quartiers)
        reprises["lieux"] = lieux
    for section, valeur in reprises.items():
        if valeur:
            poser(par=par, dossier=dossier, section=section, valeur=valeur)


def _de_l_an_dernier(dossier: Dossier, depart: Depart) -> dict[str, Any]:
    copie = depart.copie_de
    if copie is None:
        return {}
    sans = PAS_TRANSFEREES if depart.est_un_transfert else PAS_REPRISES
    courantes = copie.ecritures.filter(est_courante=True).exclude(section__in=sans)
    reprises = dict(courantes.values_list("section", "valeur"))
    if "budget" in reprises:
        reprises["budget"] = _d_une_annee_a_l_autre(reprises["budget"], copie, dossier)
    return reprises


def _d_une_annee_a_l_autre(budget: Any, copie: Dossier, dossier: Dossier) -> Any:
    """Décale les exercices d'un budget ; ceux que le dossier ne couvre pas ne se reprennent pas."""
    ecart = dossier.exercice - copie.exercice
    exercices = {
        str(int(annee) + ecart): montants
        for annee, montants in budget.get("exercices", {}).items()
        if int(annee) + ecart in dossier.annees
    }
    connus = {financeur.identifiant: financeur for financeur in financeurs_proposes(dossier)}
    for montants in exercices.values():
        montants["demandes"] = [_demander_ici(dite, connus) for dite in montants["demandes"]]
    return {"exercices": exercices}


def _demander_ici(
    demande: Mapping[str, str], connus: Mapping[str, FinanceurPropose]
) -> dict[str, str]:
    """Rend une demande d'un autre appel, faite ailleurs si celui-ci ne la reçoit pas, sans son numéro."""
    dite = {nom: valeur for nom, valeur in demande.items() if nom != "numero"}
    if dite.get("financeur") in connus:
        return completer(dite, connus)
    return dite | {"guichet": Guichet.AILLEURS.value}


def _de_l_organisme(dossier: Dossier) -> dict[str, Any]:
    """Rend ce que le dernier dossier du même porteur disait de son organisme."""
    autres = Dossier.objects.filter(projet__porteur=dossier.projet.porteur).exclude(pk=dossier.pk)
    dernier = autres.order_by("-modifie_le").first()
    if dernier is None:
        return {}
    dite = dernier.ecritures.filter(section="organisation", est_courante=True).first()
    return {"organisation": dict(dite.valeur)} if dite else {}


@transaction.atomic
def suivre_l_appel(*, par: Acteur, dossier: Dossier) -> Dossier:
    """Met un brouillon à la dernière version de son appel ; rien de ce qui est écrit ne change."""
    dossier = tenir_le_dossier(par, dossier)
    exiger(motifs_empechant_d_ecrire(etat=dossier.etat))
    version = version_courante(par, dossier.appel)
    if version.pk == dossier.version_d_appel_id:
        return dossier
    dossier.version_d_appel = version
    dossier.save(update_fields=["version_d_appel"])
    noter_le_dossier(par, "dossiers.suivre_l_appel", dossier, {"version": version.numero})
    return dossier


@transaction.atomic
def changer_d_exercices(*, par: Acteur, dossier: Dossier, exercices: int) -> Dossier:
    """Change le nombre d'exercices d'un brouillon ; le budget des autres reste dans la section."""
    dossier = tenir_le_dossier(par, dossier)
    exiger(motifs_empechant_d_ecrire(etat=dossier.etat))
    permis = dossier.version_d_appel.exercices_max
    if not 1 <= exercices <= permis:
        raise Refus([f"Cet appel permet de demander pour {permis} exercice(s) au plus."])
    dossier.exercices = exercices
    dossier.save(update_fields=["exercices"])
    budget = dossier.ecritures.filter(section="budget", est_courante=True).first()
    if budget is not None:
        poser(par=par, dossier=dossier, section="budget", valeur=budget.valeur, titre="Budget")
    return dossier


@transaction.atomic
def jeter_un_brouillon(*, par: Acteur, dossier: Dossier) -> None:
    """Jette un brouillon et tout ce qu'il contient ; un dossier déposé se retire, il ne se jette pas."""
    dossier = tenir_le_dossier(par, dossier)
    if dossier.etat != EtatDeDossier.BROUILLON:
        raise Refus(["Ce dossier est déposé : retirez-le, il ne se jette pas."])
    fichiers = {piece.fichier for piece in dossier.pieces.select_related("fichier")}
    tenir_les_fichiers(fichiers)
    noter_le_dossier(par, "dossiers.jeter_un_brouillon", dossier)
    projet = dossier.projet
    dossier.delete()
    effacer_les_inutiles(par, fichiers)
    if not projet.dossiers.exists():
        projet.delete()
