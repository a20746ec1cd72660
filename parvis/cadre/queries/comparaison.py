"""Comparer deux éditions d'un contrat, et savoir lesquelles."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from parvis.cadre import models as m
from parvis.cadre.comparaison import Comparaison, comparer
from parvis.cadre.models import Edition
from parvis.cadre.queries.contenu import contenu
from parvis.comptes.acteur import Acteur


@dataclass(frozen=True)
class Choix:
    """Les deux éditions que l'on demande de comparer."""

    avant: Edition
    apres: Edition

    @property
    def est_la_meme(self) -> bool:
        return self.avant == self.apres


def comparaison(acteur: Acteur, choix: Choix) -> Comparaison:
    """Rend ce qui change d'une édition à l'autre ; le nombre de requêtes ne dépend pas des fiches."""
    return comparer(contenu(acteur, choix.avant), contenu(acteur, choix.apres))


def choisir(editions: Sequence[Edition], avant: str = "", apres: str = "") -> Choix:
    """Rend les éditions de ces codes, la plus récente étant la première de la liste.

    Sans code, ce sont les deux dernières. Lève Edition.DoesNotExist si un code n'est pas de la
    liste, ou si elle est vide.
    """
    codes = {edition.code: edition for edition in editions}
    if not editions or {avant, apres} - {""} - codes.keys():
        raise Edition.DoesNotExist
    seconde = codes[apres] if apres else editions[0]
    # Sans autre choix, celle d'avant est celle que la seconde a remplacée.
    suivantes = list(editions[list(editions).index(seconde) + 1 :])
    voisines = [*suivantes, *(edition for edition in editions if edition != seconde), seconde]
    return Choix(codes[avant] if avant else voisines[0], seconde)


def autres_editions(acteur: Acteur, version: m.VersionDeFiche) -> list[tuple[Edition, Choix]]:
    """Rend les autres éditions publiées où la fiche existe, et de quoi l'y comparer."""
    trouvees: QuerySet[Edition] = (
        Edition.objects.publiees()
        .filter(versions__fiche=version.fiche_id)
        .exclude(pk=version.edition_id)
        .order_by("-publiee_le", "-pk")
    )
    ici = version.edition
    return [(autre, _dans_l_ordre(autre, ici)) for autre in trouvees]


def _dans_l_ordre(une: Edition, autre: Edition) -> Choix:
    """Rend deux éditions publiées, la plus ancienne d'abord."""
    avant, apres = sorted((une, autre), key=lambda edition: (edition.publiee_le, edition.pk))
    return Choix(avant, apres)
