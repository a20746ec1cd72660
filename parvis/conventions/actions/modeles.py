"""Écrire les textes et les mentions d'un service, et ce qu'il donne hors de la plateforme."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import SorteDActe
from parvis.conventions.models import (
    AutreSubvention,
    MentionsDuService,
    ModeleDActe,
    VersionDeModele,
)
from parvis.conventions.permissions import prend_des_actes
from parvis.conventions.queries.modeles import mentions_de, modele_lu, modeles_par_sorte
from parvis.conventions.rules.champs import motifs_empechant_le_texte
from parvis.journal.actions import noter
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres_a_lire
from parvis.programmation.rules.decisions import empreinte
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import en_paragraphes, en_une_ligne
from parvis.socle.validation import motifs_de_validation

_COLLEGUE = "Un collègue vient d’écrire ce modèle. Relisez-le, puis recommencez."
# Une ligne chacune, et sa longueur.
_LIGNES = {"lieu": 100, "signataire": 200, "qualite": 200, "contact": 300, "tribunal": 300}


@dataclass(frozen=True)
class Mentions:
    """Ce que tous les actes d'un service portent, tel qu'on l'a écrit."""

    entete: str = ""
    lieu: str = ""
    signataire: str = ""
    qualite: str = ""
    contact: str = ""
    tribunal: str = ""
    acte_ordinaire: str = ""
    acompte: int = 100


@transaction.atomic
def ecrire_les_mentions(*, par: Acteur, contrat: Contrat, mentions: Mentions) -> MentionsDuService:
    """Écrit les mentions du service ; les actes déjà préparés gardent les leurs.

    Lève Refus, et MentionsDuService.DoesNotExist à qui ne prend pas d'actes.
    """
    financeur = _tenir(_service(par, MentionsDuService))
    ecrites = mentions_de(contrat, financeur)
    ecrites.entete = en_paragraphes(mentions.entete)[:400]
    for champ, longueur in _LIGNES.items():
        setattr(ecrites, champ, en_une_ligne(getattr(mentions, champ))[:longueur])
    ecrites.acte_ordinaire, ecrites.acompte = mentions.acte_ordinaire, mentions.acompte
    ecrites.modifiees_le, ecrites.modifiees_par = timezone.now(), par.utilisateur_nom
    exiger(motifs_de_validation(ecrites, avec_contraintes=True))
    ecrites.save()
    _noter(par, "conventions.ecrire_les_mentions", contrat, financeur.nom)
    return ecrites


@transaction.atomic
def ecrire_un_modele(
    *,
    par: Acteur,
    contrat: Contrat,
    sorte: str,
    objet: str,
    corps: str,
    publier: bool = False,
    depart: str | None = None,
) -> VersionDeModele:
    """Écrit la version en préparation d'un modèle, et la publie si on le demande : elle sert alors.

    Une version en préparation peut être incomplète ; publiée, elle dit tout ce que la loi veut y lire.
    `depart` : l'empreinte de la version en préparation que l'on a lue, vide s'il n'y en avait pas ; sans
    lui, on écrit sans comparer.
    Lève Refus, et ModeleDActe.DoesNotExist à qui ne prend pas d'actes ou pour une sorte inconnue.
    """
    financeur = _service(par, ModeleDActe)
    if sorte not in SorteDActe.values:
        raise ModeleDActe.DoesNotExist
    # Deux collègues n'ouvrent pas deux versions à la fois.
    _tenir(financeur)
    objet, corps = en_une_ligne(objet)[:200], en_paragraphes(corps)
    if publier:
        exiger(motifs_empechant_le_texte(sorte=sorte, objet=objet, corps=corps))
    maintenant = timezone.now()
    lu = modele_lu(par, contrat, sorte)
    ecrite = empreinte(lu.brouillon.objet, lu.brouillon.corps) if lu.brouillon else ""
    exiger([_COLLEGUE] if depart not in (None, ecrite) else [])
    modele = modeles_par_sorte(par, contrat).get(sorte) or ModeleDActe.objects.create(
        contrat=contrat,
        financeur=financeur,
        sorte=sorte,
        cree_le=maintenant,
        cree_par=par.utilisateur_nom,
    )
    version = lu.brouillon or VersionDeModele(
        modele=modele, numero=1 + max((v.numero for v in lu.publiees), default=0)
    )
    version.objet, version.corps = objet, corps
    version.ecrite_le, version.ecrite_par = maintenant, par.utilisateur_nom
    if publier:
        version.publiee_le, version.publiee_par = maintenant, par.utilisateur_nom
    exiger(motifs_de_validation(version, avec_contraintes=True))
    version.save()
    if publier:
        _noter(par, "conventions.publier_un_modele", contrat, str(modele), numero=version.numero)
    else:
        _noter(par, "conventions.ecrire_un_modele", contrat, str(modele), numero=version.numero)
    return version


@transaction.atomic
def jeter_la_version(*, par: Acteur, contrat: Contrat, sorte: str) -> None:
    """Jette la version en préparation d'un modèle ; sans effet s'il n'y en a pas.

    Lève ModeleDActe.DoesNotExist à qui ne prend pas d'actes, ou pour une sorte inconnue.
    """
    brouillon = modele_lu(par, contrat, sorte).brouillon
    if brouillon is not None:
        _noter(par, "conventions.jeter_une_version", contrat, str(brouillon.modele))
        brouillon.delete()


@transaction.atomic
def noter_une_autre_subvention(
    *, par: Acteur, titulaire: Organisme, exercice: int, objet: str, montant: Decimal | None
) -> AutreSubvention:
    """Note ce que l'organisme de l'acteur donne à un autre hors de la plateforme : cela compte pour le seuil.

    Lève Refus, et AutreSubvention.DoesNotExist à qui ne prend pas d'actes.
    """
    financeur = _service(par, AutreSubvention)
    if montant is None:
        raise Refus(["Écrivez le montant de cette subvention."])
    autre = AutreSubvention(
        financeur=financeur,
        titulaire=titulaire.retenu,
        exercice=exercice,
        objet=en_une_ligne(objet)[:200],
        montant=montant,
        notee_le=timezone.now(),
        notee_par=par.utilisateur_nom,
    )
    exiger(motifs_de_validation(autre, avec_contraintes=True))
    autre.save()
    _noter(
        par,
        "conventions.noter_une_autre_subvention",
        None,
        autre.titulaire.nom,
        **_dite(autre),
    )
    return autre


@transaction.atomic
def retirer_une_autre_subvention(*, par: Acteur, pk: int) -> None:
    """Retire une subvention notée à tort ; lève AutreSubvention.DoesNotExist pour un autre service."""
    financeur = _service(par, AutreSubvention)
    siennes = AutreSubvention.objects.filter(financeur__in=membres_a_lire(financeur))
    autre = siennes.select_related("titulaire").get(pk=pk)
    _noter(
        par,
        "conventions.retirer_une_autre_subvention",
        None,
        autre.titulaire.nom,
        **_dite(autre),
    )
    autre.delete()


def _tenir(financeur: Organisme) -> Organisme:
    Organisme.objects.select_for_update(no_key=True).get(pk=financeur.pk)
    return financeur


def _service(par: Acteur, modele) -> Organisme:  # type: ignore[no-untyped-def]
    """Rend l'organisme de l'acteur, qui prend ses actes ; lève DoesNotExist du modèle à tout autre."""
    if not prend_des_actes(par) or par.organisme is None:
        raise modele.DoesNotExist
    return par.organisme.retenu


def _noter(
    par: Acteur,
    action: str,
    contrat: Contrat | None,
    nom: str,
    **details: object,
) -> None:
    """Note ce que fait un service, dans son histoire à lui : l'organisme aidé ne le lit pas dans la sienne.

    Sans contrat, cela vaut pour tous.
    """
    noter(
        par=par,
        contrat=contrat.code if contrat else "",
        action=action,
        objet=f"organisme:{par.organisme.pk if par.organisme else 0}",
        objet_nom=nom,
        details=details,
    )


def _dite(autre: AutreSubvention) -> dict[str, object]:
    return {
        "exercice": autre.exercice,
        "montant": ecrire_montant(autre.montant, court=True),
        "objet_de": autre.objet,
    }
