"""Ce que notre version d'une fiche a perdu de la source."""

from dataclasses import replace

import pytest

from parvis.cadre.importation.comparaison import manques, meme_dispositif
from parvis.cadre.importation.structure import Dispositif


def _sans(contrat, numero: str, **changements):
    piliers = tuple(
        replace(
            pilier,
            enjeux=tuple(
                replace(
                    enjeu,
                    fiches=tuple(
                        replace(f, **changements) if f.numero == numero else f for f in enjeu.fiches
                    ),
                )
                for enjeu in pilier.enjeux
            ),
        )
        for pilier in contrat.piliers
    )
    return replace(contrat, piliers=piliers)


def test_un_contrat_ne_perd_rien_de_lui_meme(tilleuls):
    assert manques(tilleuls, tilleuls) == []


@pytest.mark.parametrize(
    ("numero", "changements", "nature", "mots"),
    [
        ("1-1", {"financeurs": ()}, "financeur", "Communes"),
        ("1-1", {"operateurs": ()}, "operateur", "FACE 71"),
        ("1-1", {"dispositifs": ()}, "dispositif", "Chèque langue (Conseil régional)"),
        ("1-1", {"publics": ()}, "public", "etrangers"),
        ("1-1", {"descriptif": "", "constats": ()}, "chiffre", "18,5"),
        ("3-1", {"descriptif": "", "lieux": ()}, "lieu", "Moulin-Neuf"),
        ("3-1", {"titre": "Autre"}, "titre", "Rénover"),
    ],
)
def test_manque(tilleuls, numero, changements, nature, mots):
    trouves = manques(tilleuls, _sans(tilleuls, numero, **changements))
    assert any(m.fiche == numero and m.nature == nature and mots in m.texte for m in trouves)


def test_fiche_et_enjeu_absents(tilleuls):
    reduit = replace(tilleuls, piliers=tilleuls.piliers[:2])
    natures = {(m.nature, m.fiche) for m in manques(tilleuls, reduit)}
    assert {("enjeu", "5"), ("enjeu", "6"), ("fiche", "5-1")} <= natures


@pytest.mark.parametrize(
    ("lu", "notre", "meme"),
    [
        ("PRE", "Programme de réussite éducative (PRE)", True),
        ("Cofinancement d'études de marché", "Financement d'études de marché", True),
        ("Bourses au permis", "Ateliers sur l'eau", False),
    ],
)
def test_meme_dispositif(lu, notre, meme):
    assert meme_dispositif(Dispositif("État", lu), Dispositif("État", notre)) is meme
    assert not meme_dispositif(Dispositif("État", lu), Dispositif("RATP", notre))
