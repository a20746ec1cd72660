"""Propriétés : quoi qu'on donne à lire, la structure tient ou le refus est clair."""

import json
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.cadre.importation.fragments import blocs_de
from parvis.cadre.importation.lecteur import DocumentIllisible, lire_texte
from parvis.cadre.importation.lexique import repertoire
from parvis.cadre.importation.noms_de_dispositif import nommer
from parvis.cadre.importation.segments import segmenter
from parvis.cadre.importation.source import decouper_octets
from parvis.cadre.importation.structure import en_json
from parvis.cadre.importation.texte import cle, phrases, plier

BALISES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
        "<b>",
        "</b>",
        "<br>",
        "<sup>2</sup>",
        "•",
        "- ",
        "\t",
        "**",
    ]
)
FRAGMENTS = st.lists(st.one_of(BALISES, st.text(max_size=12)), max_size=40).map("".join)
NOMS = sorted(repertoire().entrees)
RAPIDE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@RAPIDE
@given(st.text(max_size=300))
def test_plier_garde_les_positions(texte):
    assert len(plier(texte)) == len(texte)
    assert cle(cle(texte)) == cle(texte)


@RAPIDE
@given(st.text(max_size=300))
def test_les_phrases_ne_perdent_aucun_mot(texte):
    assert "".join("".join(phrases(texte)).split()) == "".join(texte.split())


@RAPIDE
@given(FRAGMENTS)
def test_un_fragment_donne_des_blocs_propres(fragment):
    for bloc in blocs_de(fragment.replace("\n", " "), 3):
        assert bloc.texte == " ".join(bloc.texte.split())
        assert any(c.isalnum() for c in bloc.texte)
        assert "\ue000" not in bloc.texte
        assert bloc.ligne == 3


@RAPIDE
@given(st.lists(st.sampled_from(NOMS), min_size=1, max_size=8, unique=True))
def test_noms_connus_un_par_paragraphe(noms):
    from tests.cadre.importation.test_partenaires_lus import noms as lire_noms

    assert lire_noms("".join(f"<p>{nom}</p>" for nom in noms)) == noms


@RAPIDE
@given(st.text(max_size=120))
def test_segmenter_et_nommer_ne_plantent_pas(texte):
    for segment in segmenter(texte):
        assert 0 <= segment.debut <= segment.fin <= len(texte)
    nom, _ = nommer(texte)
    assert isinstance(nom, str)


@RAPIDE
@given(st.binary(max_size=400))
def test_octets_quelconques(octets):
    try:
        lignes, _ = decouper_octets(octets)
    except DocumentIllisible as refus:
        assert str(refus).startswith("Ligne ")
    else:
        assert lignes


@settings(max_examples=25, deadline=None)
@given(st.integers(min_value=0, max_value=10**6))
def test_document_abime_au_hasard(graine):
    """Lignes retirées, répétées, échangées, signes changés : jamais d'exception inattendue."""
    from tests.cadre.importation.conftest import TILLEULS

    hasard = random.Random(graine)
    lignes = TILLEULS.read_text(encoding="utf-8").split("\n")
    for _ in range(hasard.randrange(1, 40)):
        _abimer(lignes, hasard)
    try:
        lu = lire_texte("\n".join(lignes))
    except DocumentIllisible as refus:
        assert refus.ligne >= 1
        return
    assert json.loads(en_json(lu))["piliers"]
    for fiche in lu.fiches:
        assert all(p.nom and p.imprime for p in (*fiche.financeurs, *fiche.operateurs))
        assert all(d.nom for d in fiche.dispositifs)
        assert fiche.types_d_action


def _abimer(lignes: list[str], hasard: random.Random) -> None:
    place = hasard.randrange(len(lignes))
    geste = hasard.random()
    if geste < 0.3 and len(lignes) > 2:
        del lignes[place]
    elif geste < 0.5:
        lignes.insert(hasard.randrange(len(lignes)), lignes[place])
    elif geste < 0.8 and lignes[place]:
        signe = hasard.randrange(len(lignes[place]))
        ajout = hasard.choice(["<", ">", "\t", "</p>", "«", "(", ":", "\n", "É", "•", "<li>"])
        lignes[place] = lignes[place][:signe] + ajout + lignes[place][signe + hasard.randrange(3) :]
    else:
        autre = hasard.randrange(len(lignes))
        lignes[place], lignes[autre] = lignes[autre], lignes[place]
