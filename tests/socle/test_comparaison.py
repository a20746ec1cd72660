"""Les différences mot par mot : rien ne se perd, et l'œil va au mot changé."""

from hypothesis import given
from hypothesis import strategies as st

from parvis.socle.comparaison import Morceau, comparer_les_mots

TEXTES = st.text(alphabet="abé ’\n.,", max_size=60)


@given(TEXTES, TEXTES)
def test_les_morceaux_redonnent_les_deux_textes(avant, apres):
    morceaux = comparer_les_mots(avant, apres)
    assert "".join(m.texte for m in morceaux if m.nature != "ajoute") == avant
    assert "".join(m.texte for m in morceaux if m.nature != "retire") == apres
    assert all(m.texte for m in morceaux)


@given(TEXTES)
def test_un_texte_ne_differe_pas_de_lui_meme(texte):
    assert [m.nature for m in comparer_les_mots(texte, texte)] in ([], ["egal"])


def test_un_mot_change_dans_un_texte_immense_se_voit_seul():
    """Le début et la fin communs ne se comparent pas mot à mot : l'écart reste un mot."""
    debut, fin = "Lire et compter " * 5000, " le soir" * 5000
    assert comparer_les_mots(f"{debut}ici{fin}", f"{debut}ailleurs{fin}") == [
        Morceau("egal", debut),
        Morceau("retire", "ici"),
        Morceau("ajoute", "ailleurs"),
        Morceau("egal", fin),
    ]


def test_deux_textes_immenses_et_differents_se_lisent_l_un_apres_l_autre():
    avant, apres = (f"a {mot} " * 3000 for mot in ("lire", "écrire"))
    natures = [m.nature for m in comparer_les_mots(f"x{avant}y", f"z{apres}t")]
    assert natures == ["retire", "ajoute"]


def test_un_mot_change():
    assert comparer_les_mots("Aider les jeunes à lire.", "Aider les enfants à lire.") == [
        Morceau("egal", "Aider les "),
        Morceau("retire", "jeunes"),
        Morceau("ajoute", "enfants"),
        Morceau("egal", " à lire."),
    ]


def test_des_mots_voisins_changent_ensemble():
    morceaux = comparer_les_mots("un atelier le lundi soir ici", "un atelier tous les jours ici")
    assert [m.texte for m in morceaux] == ["un atelier ", "le lundi soir", "tous les jours", " ici"]


def test_une_ligne_ajoutee_laisse_les_autres():
    morceaux = comparer_les_mots("Lire\nÉcrire\n", "Lire\nCompter\nÉcrire\n")
    assert morceaux == [
        Morceau("egal", "Lire\n"),
        Morceau("ajoute", "Compter\n"),
        Morceau("egal", "Écrire\n"),
    ]


def test_deux_lignes_sans_rapport_se_suivent():
    morceaux = comparer_les_mots("Un jardin partagé au pied des tours", "Cours de français")
    assert [m.nature for m in morceaux] == ["retire", "ajoute"]
