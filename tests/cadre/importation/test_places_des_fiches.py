"""Où est une fiche : bandeaux répétés, étiquettes de niveau dans son tableau ou sous son titre."""

from parvis.cadre.importation.lecteur import lire_texte
from parvis.cadre.rules import motifs_de_doublons

TITRE = "# Contrat de ville de Sainte-Vaubourg 2024-2030\n"
RUBRIQUES = "**Porteur :** CCAS\n\n**Description :** Un camion passe.\n\n**Financeurs :** Région\n"


def _plan(texte: str) -> dict[str, dict[str, list[str]]]:
    lu = lire_texte(texte)
    assert not motifs_de_doublons(
        piliers=[(p.titre, p.ligne) for p in lu.piliers],
        enjeux=[(str(e.numero), e.ligne) for p in lu.piliers for e in p.enjeux],
        fiches=[(f.numero, f.ligne) for f in lu.fiches],
    )
    return {
        pilier.titre: {e.titre: [f.titre for f in e.fiches] for e in pilier.enjeux}
        for pilier in lu.piliers
    }


def test_un_bandeau_repete_au_dessus_de_chaque_fiche_ne_fait_qu_un_enjeu():
    emploi, habitat = ("1 : Emploi", "1 : Se former"), ("2 : Habitat", "2 : Rénover")
    bandeaux = [
        (*emploi, "Le bus"),
        (*emploi, "Le vélo"),
        (*habitat, "Les toits"),
        (*emploi, "Le car"),
    ]
    corps = [
        f"## Axe {axe}\n\n### Objectif {objectif}\n\n#### Fiche action {n} : {titre}\n\n{RUBRIQUES}"
        for n, (axe, objectif, titre) in enumerate(bandeaux, 1)
    ]
    texte = "\n".join([TITRE, *corps])
    assert _plan(texte) == {
        "Emploi": {"Se former": ["Le bus", "Le vélo", "Le car"]},
        "Habitat": {"Rénover": ["Les toits"]},
    }
    natures = [a.nature for a in lire_texte(texte).anomalies]
    assert (natures.count("pilier_repete"), natures.count("enjeu_repete")) == (1, 1)
