"""Les sujets qui traversent un contrat : les fiches qui en parlent, et la phrase qui le prouve."""

from dataclasses import dataclass, field

from parvis.cadre.importation.publics import sujets, sujets_d_un_texte
from parvis.cadre.models import Edition
from parvis.comptes.acteur import Acteur


@dataclass(frozen=True)
class SujetDuContrat:
    """Un sujet transversal : les fiches qui en parlent, leurs phrases, ses enjeux sans fiche."""

    code: str
    titre: str
    comptes: tuple[str, ...]
    # Numéro de fiche → la phrase du contrat.
    preuves: dict[str, str] = field(default_factory=dict)
    # Numéro et titre de chaque enjeu sans fiche dont le titre en parle.
    enjeux: tuple[tuple[str, str], ...] = ()


def sujets_du_contrat(acteur: Acteur, edition: Edition) -> list[SujetDuContrat]:
    """Rend les sujets transversaux d'une édition, dans l'ordre du lexique, en trois requêtes."""
    preuves: dict[str, dict[str, str]] = {code: {} for code in sujets()}
    for version in edition.versions.select_related("fiche").prefetch_related("types"):
        textes = (version.titre, version.descriptif, *(un.texte for un in version.types.all()))
        for code, mot in sujets_d_un_texte(textes).items():
            preuves[code][version.numero] = mot
    enjeux: dict[str, list[tuple[str, str]]] = {code: [] for code in sujets()}
    for numero, titre in edition.enjeux.filter(versions__isnull=True).values_list(
        "numero", "titre"
    ):
        for code in sujets_d_un_texte((titre,)):
            enjeux[code].append((numero, titre))
    return [
        SujetDuContrat(
            code, dit["titre"], tuple(dit["comptes"]), preuves[code], tuple(enjeux[code])
        )
        for code, dit in sujets().items()
    ]
