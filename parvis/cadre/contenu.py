"""Le contenu d'une édition mis à plat : ce qui permet de comparer deux états du cadre.

Une entrée par fait ; la clé dit où il est (« fiche 13-2 », « financeur », « Communes »), la valeur
ce qu'il dit. Un contrat lu et une édition en base se mettent à plat de la même façon.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parvis.cadre.importation import structure as lu
from parvis.cadre.importation.catalogue import Catalogue, catalogue

Cle = tuple[str, ...]
Contenu = dict[Cle, str]

_CITATION = ("imprime", "condition", "parent", "degre")
# Ce que dit chaque sorte de fait, dans l'ordre où `dire` l'écrit.
CHAMPS: dict[str, tuple[str, ...]] = {
    "contrat": ("titre", "territoire", "periode"),
    "mots": ("mot_pilier", "mot_enjeu", "mot_fiche"),
    "prolongation": ("prolonge_au",),
    "préambule": ("preambule",),
    "pilier": ("titre", "introduction", "national"),
    "enjeu": ("pilier", "titre", "introduction"),
    "fiche": ("enjeu", "titre", "echelle"),
    "descriptif": ("descriptif",),
    "type de projet": ("forme", "confiance"),
    "financeur": _CITATION,
    "operateur": _CITATION,
    "dispositif": ("porteur", "imprime", "detail", "degre", "origine", "confiance"),
    "public": ("preuve",),
    "lieu": ("territoire", "type"),
    "constat": ("valeur", "unite", "annee", "territoire", "source"),
    "rubrique": ("code", "texte"),
    "renvoi": ("imprime", "nature", "anomalie"),
    "déclinaison": ("type", "texte"),
    # PostgreSQL ne garde pas l'ordre des clés d'un objet JSON : le nôtre est alphabétique.
    "partenaires": ("a_savoir", "fin_le", "graphies", "nature", "parent", "sigle", "suite"),
    "dispositifs": ("explication", "fin_le", "lien", "nature", "responsables", "suite"),
    "hors contrat": ("explication", "mots"),
}

# Comment un document imprime une chose, et la certitude de sa lecture : rien de cela ne dit autre chose.
_IMPRESSION: dict[str, frozenset[str]] = {
    "financeur": frozenset({"imprime"}),
    "operateur": frozenset({"imprime"}),
    "dispositif": frozenset({"imprime", "origine", "confiance"}),
    "type de projet": frozenset({"forme", "confiance"}),
    "partenaires": frozenset({"graphies"}),
}
_EN_CLAIR = {"operateur": "opérateur"}


@dataclass(frozen=True)
class Difference:
    """Un fait ajouté, retiré ou changé entre deux états du cadre."""

    cle: Cle
    avant: str | None
    apres: str | None

    @property
    def nature(self) -> str:
        if self.avant is None:
            return "ajouté"
        return "retiré" if self.apres is None else "changé"

    def __str__(self) -> str:
        signe = {"ajouté": "+", "retiré": "-", "changé": "~"}[self.nature]
        return f"{signe} {' › '.join(_EN_CLAIR.get(mot, mot) for mot in self.cle)}"


def differences(avant: Contenu, apres: Contenu) -> list[Difference]:
    """Rend ce qui change d'un contenu à l'autre, dans l'ordre des clés."""
    return [
        Difference(cle, avant.get(cle), apres.get(cle))
        for cle in sorted(avant.keys() | apres.keys())
        if avant.get(cle) != apres.get(cle)
    ]


def differences_de_fond(avant: Contenu, apres: Contenu) -> list[Difference]:
    """Rend ce que les deux contenus ne disent pas de même, quelle que soit la façon de l'imprimer."""
    return [d for d in differences(avant, apres) if _fond(d.cle, d.avant) != _fond(d.cle, d.apres)]


def _fond(cle: Cle, valeur: str | None) -> dict[str, Any] | None:
    if valeur is None:
        return None
    imprimes = _IMPRESSION.get(sorte(cle), frozenset())
    return {nom: dit for nom, dit in champs(cle, valeur).items() if nom not in imprimes}


def sorte(cle: Cle) -> str:
    """Rend la sorte d'un fait : « fiche », « financeur », « préambule »."""
    if cle[0] in CHAMPS:
        return cle[0]
    return cle[1] if len(cle) > 1 else cle[0].partition(" ")[0]


def champs(cle: Cle, valeur: str | None) -> dict[str, Any]:
    """Rend ce que dit un fait, champ par champ ; rien s'il n'est pas là."""
    return dict(zip(CHAMPS[sorte(cle)], json.loads(valeur), strict=True)) if valeur else {}


def empreinte(contenu: Contenu) -> str:
    """Rend l'empreinte d'un contenu : deux imports du même document ont la même."""
    plat = [["/".join(cle), valeur] for cle, valeur in sorted(contenu.items())]
    return hashlib.sha256(json.dumps(plat, ensure_ascii=False).encode()).hexdigest()


def dire(*valeurs: object) -> str:
    """Rend une valeur comparable : les vides s'équivalent, les nombres perdent leurs zéros."""
    return json.dumps([_simple(valeur) for valeur in valeurs], ensure_ascii=False)


def _simple(valeur: object) -> object:
    if valeur is None or valeur == "":
        return ""
    if isinstance(valeur, (float, int, Decimal)):
        return format(Decimal(str(valeur)).normalize(), "f")
    if isinstance(valeur, (tuple, list)):
        return [_simple(element) for element in valeur]
    return str(valeur)


def ajouter(contenu: Contenu, cle: Iterable[str], valeur: str) -> None:
    """Ajoute un fait ; deux faits de même clé gardent chacun leur place (« … (2) »)."""
    cle = tuple(cle)
    rang, unique = 1, cle
    while unique in contenu:
        rang += 1
        unique = (*cle[:-1], f"{cle[-1]} ({rang})")
    contenu[unique] = valeur


def contenu_lu(contrat: lu.ContratLu, savoirs: Catalogue | None = None) -> Contenu:
    """Met à plat un contrat lu ; `savoirs` est le catalogue d'une édition, à défaut le sien."""
    plat: Contenu = {}
    ajouter(plat, ("contrat",), dire(contrat.titre, contrat.territoire, contrat.periode))
    mots = contrat.mots
    ajouter(plat, ("mots",), dire(mots.pilier, mots.enjeu, mots.fiche))
    ajouter(plat, ("prolongation",), dire(contrat.prolonge_au))
    ajouter(plat, ("préambule",), dire(contrat.preambule))
    _mettre_le_catalogue(plat, savoirs or catalogue(contrat))
    for sujet in contrat.hors_contrat:
        ajouter(plat, ("hors contrat", sujet.titre), dire(sujet.explication, sujet.mots))
    for rang, pilier in enumerate(contrat.piliers, 1):
        cle = (f"pilier {rang}",)
        ajouter(plat, cle, dire(pilier.titre, pilier.introduction, pilier.national))
        for enjeu in pilier.enjeux:
            _mettre_l_enjeu(plat, rang, enjeu)
    return plat


def _mettre_le_catalogue(plat: Contenu, savoirs: Catalogue) -> None:
    """Met à plat ce qui vaut pour tout le contrat : une entrée par partenaire et par dispositif."""
    for sorte_de_savoir, lignes in savoirs.items():
        for nom, savoir in lignes.items():
            valeurs = (savoir.get(champ) for champ in CHAMPS[sorte_de_savoir])
            ajouter(plat, (sorte_de_savoir, nom), dire(*valeurs))


def _mettre_l_enjeu(plat: Contenu, rang_du_pilier: int, enjeu: lu.Enjeu) -> None:
    numero = f"enjeu {enjeu.numero}"
    ajouter(plat, (numero,), dire(rang_du_pilier, enjeu.titre, enjeu.introduction))
    _mettre_les_renvois(plat, numero, enjeu.renvois)
    for fiche in enjeu.fiches:
        _mettre_la_fiche(plat, str(enjeu.numero), fiche)


def _mettre_la_fiche(plat: Contenu, enjeu: str, fiche: lu.Fiche) -> None:
    cle = f"fiche {fiche.numero}"
    ajouter(plat, (cle,), dire(enjeu, fiche.titre, fiche.echelle))
    ajouter(plat, (cle, "descriptif"), dire(fiche.descriptif))
    for type_d_action in fiche.types_d_action:
        valeur = dire(type_d_action.forme, type_d_action.confiance)
        ajouter(plat, (cle, "type de projet", type_d_action.texte), valeur)
    for role, partenaires in (("financeur", fiche.financeurs), ("operateur", fiche.operateurs)):
        for p in partenaires:
            # Imprimé deux fois sous le même rôle, un partenaire ne compte qu'une fois.
            valeur = dire(p.imprime, p.condition, p.parent, p.degre or "possible")
            plat.setdefault((cle, role, p.nom), valeur)
    for d in fiche.dispositifs:
        valeur = dire(d.porteur, d.imprime, d.detail, d.degre, d.origine, d.confiance)
        ajouter(plat, (cle, "dispositif", d.nom), valeur)
    for public in fiche.publics:
        plat.setdefault((cle, "public", public.code), dire(public.preuve))
    for lieu in fiche.lieux:
        ajouter(plat, (cle, "lieu", lieu.imprime), dire(lieu.territoire, lieu.type))
    for c in fiche.constats:
        valeur = dire(c.valeur, c.unite, c.annee, c.territoire, c.source)
        ajouter(plat, (cle, "constat", c.texte), valeur)
    for r in fiche.rubriques:
        if r.texte:
            ajouter(plat, (cle, "rubrique", r.imprime), dire(r.code, r.texte))
    _mettre_les_renvois(plat, cle, fiche.renvois)


def _mettre_les_renvois(plat: Contenu, cle: str, renvois: Iterable[lu.Renvoi]) -> None:
    for r in renvois:
        ajouter(plat, (cle, "renvoi", r.cible), dire(r.imprime, r.nature, r.anomalie))
