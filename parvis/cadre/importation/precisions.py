"""Ce qui suit un nom de partenaire : une condition, un sigle, ou le nom propre d'un seul corps."""

from __future__ import annotations

import re

from .lexique import Trouve, charger_lexique
from .lieux_connus import Gazette
from .segments import Segment, est_precision
from .texte import cle, cle_souple, plier


def precision_admise(segment: Segment, gazette: Gazette) -> bool:
    """Dit si ce qui suit un nom le précise, sans en faire un autre nom."""
    if segment.trouve.entree.nature == "categorie" or est_precision(segment.precision):
        return True
    mots = [mot for mot in re.split(r"[\s'’]+", segment.precision) if cle_souple(mot)]
    capitales = [mot for mot in mots if mot[:1].isupper()]
    return (bool(capitales) and len(capitales) == len(mots)) or all(
        cle(mot) in ("local", "locale", "locaux", "territoire", "departement") for mot in mots
    )


def nomme_un_membre(segment: Segment, brut: str) -> bool:
    """Dit si la précision d'une catégorie est un nom propre, qui en désigne un seul membre."""
    if segment.trouve.entree.nature != "categorie" or not segment.precision:
        return False
    if segment.trouve.nom in charger_lexique("partenaires")["portent_un_nom"]:
        return not brut.split()[0].endswith("s")  # « Fondation du patrimoine », au singulier
    mots = [m for m in re.split(r"[\s'’]+", segment.precision) if cle_souple(m)]
    est_propre = bool(mots) and all(m[:1].isupper() for m in mots)
    return est_propre and not est_precision(segment.precision)


def est_condition(segment: Segment) -> bool:
    """Le nom du territoire d'un organisme (« du Val-de-Marne ») n'est pas une condition."""
    if segment.trouve.entree.nature == "categorie" or est_precision(segment.precision):
        return True
    return any(
        mot[:1].islower() and cle_souple(mot) for mot in re.split(r"[\s'’]+", segment.precision)
    )


def est_sigle(contenu: str, trouve: Trouve) -> bool:
    """Un sigle entre parenthèses répète le nom : ce n'est pas une condition."""
    nu = plier(contenu).replace(".", "").strip()
    if " " in nu or not contenu[:1].isupper():
        return False
    initiales = "".join(mot[0] for mot in cle_souple(trouve.entree.nom).split())
    # « (GEIQ) » redit le nom, « (GIP) » dit la forme juridique : ni l'un ni l'autre n'est une condition
    return nu in (initiales, plier(trouve.entree.sigle or "")) or (
        contenu.isupper() and len(nu) < 7
    )
