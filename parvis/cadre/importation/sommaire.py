"""Table des matières : piliers et enjeux annoncés, pour les comparer au corps du document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from .blocs import Rangee, Titre
from .fragments import texte_de
from .numeros import Numero, numero_d_enjeu
from .structure import Anomalie
from .texte import cle
from .titres import titre_du_texte

_POINTS = re.compile(r"[\s.…]{3,}(\d{1,4})?\s*$|…+\s*(\d{1,4})?\s*$")
_DIESES = re.compile(r"^\s*#{1,6}\s+")


@dataclass
class Sommaire:
    """Piliers annoncés et, pour chaque enjeu, son titre, son pilier et sa ligne."""

    piliers: list[str] = field(default_factory=list)
    enjeux: dict[Numero, tuple[str, str | None, int]] = field(default_factory=dict)
    anomalies: list[Anomalie] = field(default_factory=list)
    attente: str = ""
    annonces: set[tuple[str, str]] = field(default_factory=set)  # niveau et numéro
    titre_du_texte: Callable[[str], Titre | None] = titre_du_texte

    def pilier_connu(self, texte: str) -> str | None:
        """Rend le titre de pilier annoncé qui correspond à un texte, sinon rien."""
        clef = cle(texte)
        return next(
            (p for p in self.piliers if clef == cle(p) or fuzz.ratio(clef, cle(p)) >= 90), None
        )


def avaler(sommaire: Sommaire, rangee: Rangee) -> bool:
    """Lit une ligne de la table des matières ; rend faux quand la table est finie."""
    brut = rangee.cellules[0]
    pages = [c.strip() for c in (texte_de(c) for c in rangee.cellules[1:]) if c.strip()]
    if (
        # un titre met fin à la table, sauf s'il conduit à sa page
        (brut.lstrip().startswith("#") and not _POINTS.search(brut))
        or len(brut) > 600
        or any(not page.isdigit() for page in pages)
    ):
        return False
    nu = texte_de(_DIESES.sub("", brut))
    sans_points = _POINTS.sub("", nu)
    a_une_page = bool(pages) or sans_points != nu
    if not a_une_page:
        return _ligne_sans_page(sommaire, nu)
    complet = f"{sommaire.attente} {sans_points}".strip()
    sommaire.attente = ""
    _verifier_page(sommaire, rangee, nu, pages)
    _retenir(sommaire, complet, rangee.numero)
    return True


def _ligne_sans_page(sommaire: Sommaire, nu: str) -> bool:
    titre = sommaire.titre_du_texte(nu)
    if titre is not None and _met_fin(sommaire, titre):
        return False
    if len(nu) > 250 or (sommaire.attente and sommaire.enjeux and len(sommaire.attente) > 250):
        return False
    if sommaire.pilier_connu(nu):
        return False
    sommaire.attente = f"{sommaire.attente} {nu}".strip()
    return True


def _met_fin(sommaire: Sommaire, titre: Titre) -> bool:
    """Dit si un titre sans page est celui du document, et non une entrée de sa table."""
    if not sommaire.piliers and not sommaire.enjeux:
        return False
    if titre.niveau == "enjeu":
        return numero_d_enjeu(titre.numero) in sommaire.enjeux
    if titre.niveau == "pilier":
        deja = (titre.niveau, titre.numero) in sommaire.annonces
        return deja or sommaire.pilier_connu(titre.texte) is not None
    if titre.niveau == "fiche" and not sommaire.enjeux:
        # une table qui annonce les fiches peut couper en deux le titre de l'une d'elles
        annonces = any(niveau == "fiche" for niveau, _ in sommaire.annonces)
        return not annonces or (titre.niveau, titre.numero) in sommaire.annonces
    return titre.niveau in ("fiche", "preambule")


def _verifier_page(sommaire: Sommaire, rangee: Rangee, nu: str, pages: list[str]) -> None:
    colle = _POINTS.search(nu)
    dans_le_texte = colle and (colle.group(1) or colle.group(2))
    if dans_le_texte and pages:
        texte = f"numéro de page imprimé deux fois dans la table des matières ({dans_le_texte}, {pages[0]})"
        sommaire.anomalies.append(Anomalie(rangee.numero, "sommaire", texte))


def _retenir(sommaire: Sommaire, texte: str, ligne: int) -> None:
    titre = sommaire.titre_du_texte(texte)
    if titre is None or titre.niveau == "libre":
        sommaire.piliers.append(titre.texte if titre is not None else texte)
    else:
        retenir(sommaire, titre, ligne)


def retenir(sommaire: Sommaire, titre: Titre, ligne: int) -> None:
    """Ajoute à la table un pilier ou un enjeu qu'elle annonce ; une fiche n'y apprend rien."""
    sommaire.attente = ""
    if titre.numero:
        sommaire.annonces.add((titre.niveau, titre.numero))
    if titre.niveau == "pilier":
        sommaire.piliers.append(titre.texte)
    elif titre.niveau == "enjeu" and titre.numero:
        numero = numero_d_enjeu(titre.numero)
        if numero in sommaire.enjeux:
            sommaire.anomalies.append(
                Anomalie(ligne, "sommaire", f"enjeu n°{numero} annoncé deux fois")
            )
        pilier = sommaire.piliers[-1] if sommaire.piliers else None
        sommaire.enjeux[numero] = (titre.texte, pilier, ligne)


def comparer(sommaire: Sommaire, titres: dict[Numero, tuple[str, int]]) -> list[Anomalie]:
    """Rend les désaccords entre la table des matières et le corps (numéro → titre, ligne)."""
    anomalies = list(sommaire.anomalies)
    if not sommaire.enjeux:
        return anomalies
    for numero, (annonce, _, ligne) in sommaire.enjeux.items():
        if numero not in titres:
            texte = f"enjeu n°{numero} annoncé par la table des matières mais absent du document"
            anomalies.append(Anomalie(ligne, "sommaire", texte))
        elif cle(annonce) != cle(titres[numero][0]):
            texte = f"titre de l'enjeu n°{numero} différent dans la table (« {annonce} ») et dans le document"
            anomalies.append(Anomalie(titres[numero][1], "sommaire", texte))
    for numero, (_, ligne) in titres.items():
        if numero not in sommaire.enjeux:
            anomalies.append(
                Anomalie(ligne, "sommaire", f"enjeu n°{numero} absent de la table des matières")
            )
    return anomalies
