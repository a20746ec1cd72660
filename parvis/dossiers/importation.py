"""Lire l'export d'un portail : un tableau (CSV, XLSX) ou les fiches de son API (JSON)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from parvis.dossiers.rules.exports import LIGNES_MAX, LigneBrute, reconnaitre_les_colonnes
from parvis.socle.refus import Refus, exiger
from parvis.socle.tableur import lire_tableau
from parvis.socle.tableur.lecture import OCTETS_MAX

# Le financeur à qui le portail appartient ; les autres lignes de recettes ne sont pas les siennes.
PRIVILEGIE = "FINANCEURPRIVILEGIE"
# Plus que n'en a aucun montant, de part et d'autre de la virgule.
_RANGS = 30
_NUMEROS = ("referenceAdministrative", "codeActionProjet", "reference")
_STATUTS = ("virtualStatusLabel", "statut", "status")


@dataclass(frozen=True)
class ExportLu:
    """Un export : la colonne de chaque fait (aucune en JSON), et ses lignes telles qu'écrites."""

    colonnes: dict[str, str]
    lignes: list[LigneBrute]


def lire_l_export(octets: bytes, nom: str, connues: Mapping[str, str]) -> ExportLu:
    """Rend un export lu ; lève Refus s'il ne se lit pas, ou si une colonne nécessaire manque."""
    if octets.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return ExportLu({}, list(_du_json(octets, nom)))
    tableau = lire_tableau(octets, nom, lignes_max=LIGNES_MAX)
    colonnes, motifs = reconnaitre_les_colonnes(tableau.colonnes, connues)
    exiger(motifs)
    rangs = {fait: tableau.colonnes.index(titre) for fait, titre in colonnes.items()}
    lignes = [
        LigneBrute(tableau.premiere_ligne + rang, {fait: str(li[r]) for fait, r in rangs.items()})
        for rang, li in enumerate(tableau.lignes)
        if li
    ]
    return ExportLu(colonnes, lignes)


def _du_json(octets: bytes, nom: str) -> Iterator[LigneBrute]:
    if len(octets) > OCTETS_MAX:
        raise Refus([f"Le fichier « {nom} » est trop grand : {OCTETS_MAX // 1048576} Mo au plus."])
    try:
        # Un montant lu comme un flottant perdrait ses centimes.
        contenu = json.loads(octets.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError, InvalidOperation):
        raise Refus([f"Le fichier « {nom} » n’est pas un JSON qui se lit."]) from None
    fiches = _fiches(contenu)
    if not fiches:
        raise Refus([f"Le fichier « {nom} » ne contient aucune demande."])
    if len(fiches) > LIGNES_MAX:
        raise Refus([f"Le fichier « {nom} » a plus de {LIGNES_MAX} demandes."])
    for rang, fiche in enumerate(fiches, 1):
        yield LigneBrute(rang, _faits(fiche))


def _fiches(contenu: Any) -> list[Mapping[str, Any]]:
    """Rend les fiches d'une liste, d'une liste sous un nom, ou d'une fiche seule."""
    if isinstance(contenu, Mapping):
        if any(cle in contenu for cle in _NUMEROS):
            return [contenu]
        contenu = next((valeur for valeur in contenu.values() if isinstance(valeur, list)), [])
    return [fiche for fiche in contenu if isinstance(fiche, Mapping)]


def _faits(fiche: Mapping[str, Any]) -> dict[str, str]:
    lignes = list(_lignes_du_portail(fiche))
    statut = _premier(fiche, _STATUTS) or next(
        (texte for ligne in lignes if (texte := _premier(ligne, _STATUTS))), ""
    )
    votes = [_montant_vote(ligne) for ligne in lignes] or [_montant_vote(fiche)]
    return {
        "numero": _premier(fiche, _NUMEROS),
        "statut": statut,
        "vote": _somme([vote for vote in votes if vote is not None]),
        "vote_le": _texte(fiche.get("dateDecision")),
        "exercice": _texte(fiche.get("exerciceBudgetaire")),
    }


def _lignes_du_portail(fiche: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Rend le financement de chaque ligne de recette du financeur qui tient le portail."""
    for plan in _listes(fiche, "planFinancement"):
        if plan.get("current") is False:
            continue
        recette = plan.get("recette")
        for poste in _listes(recette if isinstance(recette, Mapping) else {}, "postes"):
            for rangee in (poste, *_listes(poste, "sousPostes")):
                for ligne in _listes(rangee, "lignes"):
                    financement = ligne.get("financement")
                    if isinstance(financement, Mapping) and _est_privilegie(financement):
                        yield financement


def _est_privilegie(financement: Mapping[str, Any]) -> bool:
    financeur = financement.get("financeur")
    return isinstance(financeur, Mapping) and financeur.get("typeFinanceur") == PRIVILEGIE


def _listes(objet: Mapping[str, Any], cle: str) -> list[Mapping[str, Any]]:
    valeur = objet.get(cle)
    return [x for x in valeur if isinstance(x, Mapping)] if isinstance(valeur, list) else []


def _montant_vote(objet: Mapping[str, Any]) -> Decimal | str | None:
    """Rend un montant voté : un nombre, ou le texte qui n'en est pas un."""
    vote = objet.get("montantVote")
    if isinstance(vote, Mapping):
        vote = vote.get("ht")
    if isinstance(vote, bool) or vote is None:
        return None
    if isinstance(vote, (int, Decimal)):
        nombre = Decimal(vote)
        # « 1E999999999 » tient en dix signes, et s'écrirait en un milliard.
        if nombre.is_finite() and -_RANGS < nombre.adjusted() < _RANGS:
            return nombre
    return str(vote)


def _somme(votes: Iterable[Decimal | str]) -> str:
    """Rend le total en texte ; un montant en texte se lira plus loin, seul."""
    votes = list(votes)
    if not votes:
        return ""
    nombres = [vote for vote in votes if isinstance(vote, Decimal)]
    if len(nombres) < len(votes):
        return " + ".join(str(vote) for vote in votes)
    return f"{sum(nombres, Decimal(0)):f}".replace(".", ",")


def _premier(objet: Mapping[str, Any], cles: Iterable[str]) -> str:
    return next((texte for cle in cles if (texte := _texte(objet.get(cle)))), "")


def _texte(valeur: Any) -> str:
    return str(valeur).strip() if isinstance(valeur, (str, int, Decimal)) else ""
