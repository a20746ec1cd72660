"""Ce qu'un contrat lu sait de ses partenaires et de ses dispositifs, toutes fiches confondues."""

from __future__ import annotations

from typing import Any

from .lexique import Entree, repertoire
from .structure import ContratLu, Dispositif, DispositifConnu, PartenaireConnu

Catalogue = dict[str, dict[str, dict[str, Any]]]

# Un partenaire absent du lexique garde son nom imprimé ; on ne lui suppose ni sigle ni parent.
_INCONNU = Entree(nom="", sigle=None, parent=None, nature="categorie")


def catalogue(contrat: ContratLu) -> Catalogue:
    """Rend, par nom, ce qui vaut pour tout le contrat : `partenaires` et `dispositifs`, en JSON."""
    return {"partenaires": _partenaires(contrat), "dispositifs": _dispositifs(contrat)}


def _partenaires(contrat: ContratLu) -> dict[str, dict[str, Any]]:
    graphies: dict[str, set[str]] = {}
    for fiche in contrat.fiches:
        for partenaire in (*fiche.financeurs, *fiche.operateurs):
            graphies.setdefault(partenaire.nom, set()).add(partenaire.imprime)
            if partenaire.parent:
                graphies.setdefault(partenaire.parent, set())
        for dispositif in fiche.dispositifs:
            for nom in _responsables(dispositif):
                graphies.setdefault(nom, set())
    connus = {p.nom: p for p in contrat.partenaires_connus}
    resultat = {}
    for nom, imprimes in graphies.items():
        connu, lexique = (
            connus.get(nom, PartenaireConnu(nom)),
            repertoire().entrees.get(nom, _INCONNU),
        )
        resultat[nom] = {
            "sigle": connu.sigle or lexique.sigle or "",
            "nature": lexique.nature,
            "parent": lexique.parent
            if lexique.parent in graphies and lexique.parent != nom
            else None,
            "graphies": sorted(imprimes - {nom}),
            "a_savoir": connu.a_savoir,
            "fin_le": connu.fin_le,
            "suite": connu.suite,
        }
    return resultat


def _dispositifs(contrat: ContratLu) -> dict[str, dict[str, Any]]:
    cites: dict[str, list[Dispositif]] = {}
    for fiche in contrat.fiches:
        for dispositif in fiche.dispositifs:
            cites.setdefault(dispositif.nom, []).append(dispositif)
    connus = {d.nom: d for d in contrat.dispositifs_connus}
    resultat = {}
    for nom, citations in cites.items():
        connu = connus.get(nom, DispositifConnu(nom))
        natures = (connu.nature, *(citation.nature for citation in citations))
        responsables = dict.fromkeys(r for citation in citations for r in _responsables(citation))
        resultat[nom] = {
            "nature": next((nature for nature in natures if nature), ""),
            "explication": connu.explication,
            "fin_le": connu.fin_le,
            "suite": connu.suite,
            "lien": connu.lien,
            "responsables": list(responsables),
        }
    return resultat


def _responsables(dispositif: Dispositif) -> tuple[str, ...]:
    noms = (dispositif.porteur, *dispositif.porteurs)
    return tuple(dict.fromkeys(nom for nom in noms if nom))
