"""Les tableaux du contrat à emporter : colonnes fixes, documentées dans docs/guide/exports.md."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.cadre import models as m
from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.models import Edition
from parvis.cadre.queries import lecture
from parvis.cadre.queries.croisement import croisement
from parvis.comptes.acteur import Acteur

SEPARATEUR = " | "


@dataclass(frozen=True)
class Tableau:
    """Un tableau prêt à écrire : son nom, ses colonnes, ses lignes."""

    nom: str
    colonnes: Sequence[str]
    lignes: Sequence[Sequence[Any]]


COLONNES_DES_FICHES = (
    "numero",
    "titre",
    "pilier",
    "pilier_national",
    "enjeu_numero",
    "enjeu",
    "echelle",
    "descriptif",
    "types_de_projet",
    "financeurs",
    "operateurs",
    "dispositifs",
    "publics",
    "lieux",
    "adresse_permanente",
)


def tableau_des_fiches(
    acteur: Acteur, edition: Edition, numeros: Iterable[str], adresse: Callable[[str], str]
) -> Tableau:
    """Rend les fiches demandées, une par ligne, dans l'ordre demandé.

    `adresse` donne l'adresse permanente d'un numéro.
    """
    versions = {v.numero: v for v in lecture.fiches_entieres(acteur, edition)}
    lignes = [[*_ligne_de_fiche(versions[numero]), adresse(numero)] for numero in numeros]
    return Tableau("fiches", COLONNES_DES_FICHES, lignes)


def _ligne_de_fiche(v: m.VersionDeFiche) -> list[Any]:
    return [
        v.numero,
        v.titre,
        v.enjeu.pilier.titre,
        v.enjeu.pilier.get_national_display(),
        v.enjeu.numero,
        v.enjeu.titre,
        v.get_echelle_display(),
        v.descriptif,
        SEPARATEUR.join(t.texte for t in v.types.all()),
        SEPARATEUR.join(_avec_son_degre(p) for p in v.financeurs),
        SEPARATEUR.join(p.partenaire.nom for p in v.operateurs),
        SEPARATEUR.join(d.dispositif.nom for d in v.dispositifs.all()),
        SEPARATEUR.join(p.public.libelle for p in v.publics.all()),
        SEPARATEUR.join(lieu.imprime for lieu in v.lieux.all()),
    ]


def _avec_son_degre(lien: m.PartenaireDeFiche) -> str:
    """Rend le nom d'un financeur et son degré : jamais une indication pour une promesse."""
    return f"{lien.partenaire.nom} ({lien.get_degre_display().lower()})"


def tableau_des_partenaires(acteur: Acteur, edition: Edition, role: str) -> Tableau:
    """Rend les partenaires d'un rôle, un par ligne, avec les numéros de leurs fiches."""
    fiches: dict[int, list[str]] = {}
    liens = m.PartenaireDeFiche.objects.filter(edition=edition, role=role)
    for partenaire, numero in liens.order_by("version__rang").values_list(
        "partenaire", "version__fiche__numero"
    ):
        fiches.setdefault(partenaire, []).append(numero)
    colonnes = ("nom", "sigle", "nature", "rattache_a", "fiches", "a_savoir", "fin_le", "suite")
    lignes = [
        [
            p.nom,
            p.sigle,
            p.get_nature_display(),
            p.parent.nom if p.parent else "",
            SEPARATEUR.join(fiches[p.pk]),
            p.a_savoir,
            p.fin_le,
            p.suite,
        ]
        for p in lecture.partenaires(acteur, edition, role)
    ]
    return Tableau(f"{role}s", colonnes, lignes)


def tableau_des_dispositifs(acteur: Acteur, edition: Edition) -> Tableau:
    """Rend les dispositifs cités, un par ligne, avec les numéros des fiches qui les citent."""
    fiches: dict[int, list[str]] = {}
    liens = m.DispositifDeFiche.objects.filter(edition=edition)
    for dispositif, numero in liens.order_by("version__rang").values_list(
        "dispositif", "version__fiche__numero"
    ):
        if numero not in (numeros := fiches.setdefault(dispositif, [])):
            numeros.append(numero)
    colonnes = ("nom", "nature", "responsables", "explication", "fiches", "fin_le", "suite", "lien")
    lignes = [
        [
            d.nom,
            d.get_nature_display(),
            SEPARATEUR.join(r.nom for r in d.responsables.all()),
            d.explication,
            SEPARATEUR.join(fiches[d.pk]),
            d.fin_le,
            d.suite,
            d.lien,
        ]
        for d in lecture.dispositifs(acteur, edition)
    ]
    return Tableau("dispositifs", colonnes, lignes)


def tableau_croise(acteur: Acteur, edition: Edition) -> Tableau:
    """Rend le tableau croisé : une ligne par fiche, une colonne par financeur, le degré en toutes lettres."""
    tableau = croisement(acteur, edition)
    colonnes = ("numero", "titre", *(f.nom for f in tableau.financeurs))
    lignes = [
        [
            ligne.fiche.numero,
            ligne.fiche.titre,
            *(case.lien.get_degre_display() if case.lien else "" for case in ligne.cases),
        ]
        for ligne in tableau.lignes
    ]
    return Tableau("croisement", colonnes, lignes)


def tableau(acteur: Acteur, edition: Edition, nom: str) -> Tableau | None:
    """Rend un tableau par son nom, hors celui des fiches qui dépend des filtres ; None s'il n'existe pas."""
    if nom in ("financeurs", "operateurs"):
        return tableau_des_partenaires(acteur, edition, RoleDePartenaire(nom[:-1]))
    if nom == "dispositifs":
        return tableau_des_dispositifs(acteur, edition)
    return tableau_croise(acteur, edition) if nom == "croisement" else None
