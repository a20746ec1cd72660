"""Les textes d'un service : le sien quand il en a publié un, celui que la plateforme fournit sinon."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import QuerySet

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import SorteDActe
from parvis.conventions.models import MentionsDuService, ModeleDActe, VersionDeModele
from parvis.conventions.permissions import prend_des_actes
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres_a_lire

_FOURNIS = Path(__file__).resolve().parents[3] / "donnees" / "actes"


@dataclass(frozen=True)
class Texte:
    """L'objet et le corps d'un acte, et la version d'où ils viennent ; sans elle, le modèle fourni."""

    objet: str
    corps: str
    version: VersionDeModele | None = None


@dataclass(frozen=True)
class ModeleLu:
    """Une sorte d'acte : le texte qui sert, celui que l'on prépare, et les versions publiées."""

    sorte: SorteDActe
    texte: Texte
    brouillon: VersionDeModele | None
    publiees: list[VersionDeModele]


@cache
def texte_fourni(sorte: str) -> Texte:
    """Rend le texte que la plateforme fournit pour une sorte d'acte."""
    objet, _, corps = (_FOURNIS / f"{sorte}.txt").read_text(encoding="utf-8").partition("\n")
    return Texte(objet.strip(), corps.strip())


def modeles(acteur: Acteur, contrat: Contrat) -> QuerySet[ModeleDActe]:
    """Rend les modèles du service de l'acteur dans ce contrat ; aucun à tout autre."""
    if not prend_des_actes(acteur):
        return ModeleDActe.objects.none()
    assert acteur.organisme is not None
    return ModeleDActe.objects.filter(
        contrat=contrat, financeur__in=membres_a_lire(acteur.organisme)
    ).prefetch_related("versions")


def modeles_par_sorte(acteur: Acteur, contrat: Contrat) -> dict[str, ModeleDActe]:
    """Rend le modèle qui sert à chaque sorte : celui de l'organisme gardé avant celui d'un doublon."""
    garde = acteur.organisme.pk if acteur.organisme else 0
    siens = sorted(modeles(acteur, contrat), key=lambda modele: modele.financeur_id == garde)
    return {modele.sorte: modele for modele in siens}


def modeles_lus(acteur: Acteur, contrat: Contrat) -> list[ModeleLu]:
    """Rend les six sortes d'acte du service, chacune avec le texte qui sert aujourd'hui."""
    siens = modeles_par_sorte(acteur, contrat)
    return [_lire(sorte, siens.get(sorte)) for sorte in SorteDActe]


def modele_lu(acteur: Acteur, contrat: Contrat, sorte: str) -> ModeleLu:
    """Rend une sorte d'acte du service ; lève ModeleDActe.DoesNotExist pour une sorte inconnue."""
    if sorte not in SorteDActe.values or not prend_des_actes(acteur):
        raise ModeleDActe.DoesNotExist
    return _lire(SorteDActe(sorte), modeles_par_sorte(acteur, contrat).get(sorte))


def _lire(sorte: SorteDActe, modele: ModeleDActe | None) -> ModeleLu:
    versions = list(modele.versions.all()) if modele else []
    publiees = [version for version in versions if version.est_publiee]
    brouillon = next((version for version in versions if not version.est_publiee), None)
    if not publiees:
        return ModeleLu(sorte, texte_fourni(sorte), brouillon, [])
    return ModeleLu(
        sorte, Texte(publiees[0].objet, publiees[0].corps, publiees[0]), brouillon, publiees
    )


def mentions_de(contrat: Contrat, financeur: Organisme) -> MentionsDuService:
    """Rend les mentions d'un financeur dans ce contrat ; vides s'il n'en a pas encore écrit.

    Celles de l'organisme gardé passent avant celles d'un doublon qui lui est réuni.
    """
    siennes = MentionsDuService.objects.filter(
        contrat=contrat, financeur__in=membres_a_lire(financeur)
    )
    ecrites = max(siennes, key=lambda une: une.financeur_id == financeur.pk, default=None)
    return ecrites or MentionsDuService(contrat=contrat, financeur=financeur)


def version_publiee(acteur: Acteur, contrat: Contrat, sorte: str, numero: int) -> VersionDeModele:
    """Rend une version publiée d'un modèle du service ; lève VersionDeModele.DoesNotExist."""
    publiees = VersionDeModele.objects.filter(
        modele__in=modeles(acteur, contrat), publiee_le__isnull=False
    )
    return publiees.select_related("modele").get(modele__sorte=sorte, numero=numero)
