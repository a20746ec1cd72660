"""Deux écritures croisées : rien de l'une ni de l'autre ne se perd en silence."""

from hypothesis import given
from hypothesis import strategies as st

from parvis.socle.croisement import reunir

TEXTES = st.fixed_dictionaries({c: st.sampled_from(["", "a", "b", "c"]) for c in ("x", "y")})
LISTES = st.lists(st.sampled_from("abcdef"), unique=True).map(sorted)


def test_chacun_son_champ():
    reunion = reunir({"x": "a", "y": "a"}, {"x": "b", "y": "a"}, {"x": "a", "y": "c"})
    assert (reunion.valeurs, reunion.conflits) == ({"x": "b", "y": "c"}, [])


def test_le_meme_champ_se_dit():
    reunion = reunir({"x": "a"}, {"x": "b"}, {"x": "c"})
    assert (reunion.valeurs, reunion.conflits) == ({"x": "b"}, ["x"])


def test_le_meme_changement_n_est_pas_un_conflit():
    assert reunir({"x": "a"}, {"x": "b"}, {"x": "b"}).conflits == []


@given(depart=TEXTES, mien=TEXTES, autre=TEXTES)
def test_rien_ne_se_perd_en_silence(depart, mien, autre):
    reunion = reunir(depart, mien, autre)
    for champ in mien:
        change_ici, change_la = mien[champ] != depart[champ], autre[champ] != depart[champ]
        if change_ici and change_la and mien[champ] != autre[champ]:
            assert champ in reunion.conflits
        else:
            assert champ not in reunion.conflits
        if change_la and not change_ici:
            assert reunion.valeurs[champ] == autre[champ]
        if change_ici:
            assert reunion.valeurs[champ] == mien[champ]


@given(depart=LISTES, mien=LISTES, autre=LISTES)
def test_une_liste_garde_les_ajouts_et_les_retraits_des_deux(depart, mien, autre):
    reunis = reunir({"l": depart}, {"l": mien}, {"l": autre})
    attendus = (
        (set(depart) & set(mien) & set(autre))
        | (set(mien) - set(depart))
        | (set(autre) - set(depart))
    )
    assert set(reunis.valeurs["l"]) == attendus and len(reunis.valeurs["l"]) == len(attendus)
    assert reunis.conflits == []
