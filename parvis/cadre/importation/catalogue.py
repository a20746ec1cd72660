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
        savoir = savoir_du_partenaire(connus.get(nom, PartenaireConnu(nom)))
        if savoir["parent"] not in graphies:
            savoir["parent"] = None
        resultat[nom] = savoir | {"graphies": sorted(imprimes - {nom})}
    return resultat


def savoir_du_partenaire(connu: PartenaireConnu) -> dict[str, Any]:
    """Rend ce que le lexique et le contrat savent d'un partenaire."""
    lexique = repertoire().entrees.get(connu.nom, _INCONNU)
    return {
        "sigle": connu.sigle or lexique.sigle or "",
        "nature": lexique.nature,
        "parent": lexique.parent if lexique.parent != connu.nom else None,
        "graphies": [],
        "a_savoir": connu.a_savoir,
        "fin_le": connu.fin_le,
        "suite": connu.suite,
    }


def _dispositifs(contrat: ContratLu) -> dict[str, dict[str, Any]]:
    cites: dict[str, list[Dispositif]] = {}
    for fiche in contrat.fiches:
        for dispositif in fiche.dispositifs:
            cites.setdefault(dispositif.nom, []).append(dispositif)
    connus = {d.nom: d for d in contrat.dispositifs_connus}
    resultat = {}
    for nom, citations in cites.items():
        savoir = savoir_du_dispositif(connus.get(nom, DispositifConnu(nom)))
        natures = (savoir["nature"], *(citation.nature for citation in citations))
        responsables = dict.fromkeys(r for citation in citations for r in _responsables(citation))
        resultat[nom] = savoir | {
            "nature": next((nature for nature in natures if nature), ""),
            "responsables": list(responsables),
        }
    return resultat


def savoir_du_dispositif(connu: DispositifConnu) -> dict[str, Any]:
    """Rend ce que le contrat sait d'un dispositif."""
    return {
        "nature": connu.nature or "",
        "explication": connu.explication,
        "fin_le": connu.fin_le,
        "suite": connu.suite,
        "lien": connu.lien,
        "responsables": [],
    }


def _responsables(dispositif: Dispositif) -> tuple[str, ...]:
    noms = (dispositif.porteur, *dispositif.porteurs)
    return tuple(dict.fromkeys(nom for nom in noms if nom))
