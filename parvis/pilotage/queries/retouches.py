"""Un brouillon à retoucher : son plan, ses sections, et ce qu'elles ont dit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parvis.cadre.models import Edition, VersionDeSection
from parvis.cadre.queries import lecture
from parvis.cadre.queries import sections as lectures
from parvis.cadre.queries.sections import Objet
from parvis.cadre.sections import Section, empreinte, en_texte
from parvis.comptes.acteur import Acteur
from parvis.socle.comparaison import Morceau, comparer_les_mots

VERSIONS_MAX = 30
_NIVEAUX = {"pilier": 0, "enjeu": 1, "fiche": 2}


@dataclass(frozen=True)
class Noeud:
    """Un pilier, un enjeu ou une fiche dans le plan : sa clé, son nom, ses sections retouchées."""

    cle: str
    nom: str
    retouches: int
    enfants: "tuple[Noeud, ...]"


@dataclass(frozen=True)
class Places:
    """Les places où ranger un objet, groupées par ce qui les contient, et la sienne."""

    choix: list[Any]
    actuelle: str


@dataclass(frozen=True)
class EtatDeSection:
    """Une section telle qu'on la voit dans la liste : son texte, sa dernière version."""

    section: Section
    texte: str
    version: VersionDeSection | None


@dataclass(frozen=True)
class VersionMontree:
    """Une version d'une section, et ce qu'elle a changé à la précédente, mot par mot."""

    version: VersionDeSection
    morceaux: list[Morceau]
    est_actuelle: bool


def plan(acteur: Acteur, edition: Edition) -> list[Noeud]:
    """Rend les piliers d'une édition, leurs enjeux et leurs fiches, avec leurs retouches."""
    comptes = Counter(cle for cle, _ in lectures.retouches(acteur, edition))

    def noeud(sorte: str, numero: object, titre: str, enfants: Iterable[Noeud] = ()) -> Noeud:
        cle = f"{sorte}-{numero}"
        nom = lectures.nommer(getattr(edition, f"mot_{sorte}"), str(numero), titre)
        return Noeud(cle, nom, comptes[cle], tuple(enfants))

    return [
        noeud(
            "pilier",
            pilier.rang,
            pilier.titre,
            (
                noeud(
                    "enjeu",
                    enjeu.numero,
                    enjeu.titre,
                    (noeud("fiche", v.numero, v.titre) for v in enjeu.versions.all()),
                )
                for enjeu in pilier.enjeux.all()
            ),
        )
        for pilier in lecture.sommaire(acteur, edition)
    ]


def places(acteur: Acteur, objet: Objet) -> Places | None:
    """Rend où un pilier, un enjeu ou une fiche peut aller ; rien pour ce qui ne se range pas."""
    niveau = _NIVEAUX.get(objet.sorte)
    if niveau is None or objet.edition.est_publiee:
        return None
    contenants = [Noeud("contrat", "", 0, tuple(plan(acteur, objet.edition)))]
    for _ in range(niveau):
        contenants = [enfant for contenant in contenants for enfant in contenant.enfants]
    choix: list[Any] = []
    actuelle = ""
    for contenant in contenants:
        cles = [contenant.cle, *(n.cle for n in contenant.enfants)]
        if objet.cle in cles:
            actuelle = cles[cles.index(objet.cle) - 1]
        suites = [(n.cle, f"Après : {n.nom}") for n in contenant.enfants if n.cle != objet.cle]
        en_premier = [(contenant.cle, "En premier"), *suites]
        choix += [(contenant.nom, en_premier)] if contenant.nom else en_premier
    return Places(choix, actuelle)


def etats(acteur: Acteur, objet: Objet) -> list[EtatDeSection]:
    """Rend chaque section d'un objet, ce qu'elle dit et où elle en est."""
    versions = lectures.retouches(acteur, objet.edition)
    return [
        EtatDeSection(
            section,
            en_texte(section, lectures.valeur(objet, section)),
            versions.get((objet.cle, section.code)),
        )
        for section in objet.sections
    ]


def versions(objet: Objet, section: Section) -> list[VersionMontree]:
    """Rend les dernières versions d'une section, chacune comparée à celle d'avant."""
    gardees = list(lectures.versions(objet, section)[: VERSIONS_MAX + 1])
    textes = [en_texte(section, version.valeur) for version in gardees]
    actuelle = empreinte(lectures.valeur(objet, section))
    return [
        VersionMontree(
            version,
            # La plus ancienne n'a rien à quoi se comparer : elle se lit.
            comparer_les_mots(textes[min(rang + 1, len(textes) - 1)], textes[rang]),
            empreinte(version.valeur) == actuelle,
        )
        for rang, version in enumerate(gardees[:VERSIONS_MAX])
    ]


def voisines(objet: Objet, section: Section) -> tuple[Section | None, Section | None]:
    """Rend la section d'avant et celle d'après, dans le même objet."""
    toutes = list(objet.sections)
    rang = toutes.index(section)
    avant = toutes[rang - 1] if rang else None
    return avant, toutes[rang + 1] if rang + 1 < len(toutes) else None
