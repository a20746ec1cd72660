"""Les petits graphiques : rien hors de la boîte, des barres à l'échelle, jamais un faux zéro, rien de tu."""

import io
import math
import re
import zipfile
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.observatoire.models import Valeur, ValeurDEnsemble
from parvis.socle.graphique import Echelle, Graduation, barres, courbe, echelle, graduer, moment
from tests.carte.conftest import dire, lire
from tests.carte.test_chiffres import COMPARER, QUARTIER, TU, donner, ensemble, serie

# Ce qu'une valeur peut être : jusqu'à dix mille milliards, au dix-millième.
NOMBRES = st.decimals(-(10**13), 10**13, places=4, allow_nan=False).map(float)
PEUT_ETRE = st.lists(st.none() | NOMBRES, max_size=40)
PIXELS = 1000


@given(PEUT_ETRE)
def test_l_echelle_contient_zero_et_chaque_valeur_entre_des_bornes_rondes(valeurs):
    regle = echelle(valeurs)
    connues = [0.0, *(v for v in valeurs if v is not None)]
    marge = regle.pas * 1e-9
    assert regle.bas - marge <= min(connues) and max(connues) <= regle.haut + marge
    assert regle.bas < regle.haut
    for borne in (regle.bas, regle.haut):
        assert math.isclose(borne / regle.pas, round(borne / regle.pas), abs_tol=1e-6)
    assert 1 <= len(regle.graduations) - 1 <= 6
    assert 0.0 in regle.graduations
    chiffres = f"{regle.pas:e}".partition("e")[0].rstrip("0").rstrip(".")
    assert chiffres in ("1", "2", "2.5", "5")


@pytest.mark.parametrize(
    ("valeurs", "attendues"),
    [
        ([], (0, 1, 1)),
        ([0, 0], (0, 1, 1)),
        ([None], (0, 1, 1)),
        ([47.5, 38], (0, 60, 20)),
        ([8920, 3291], (0, 10000, 2500)),
        ([-7.2, 8.9], (-10, 10, 5)),
        ([-3], (-3, 0, 1)),
    ],
)
def test_une_echelle_se_compte_de_tete(valeurs, attendues):
    regle = echelle(valeurs)
    assert (regle.bas, regle.haut, regle.pas) == attendues


@given(PEUT_ETRE)
def test_une_barre_est_a_l_echelle_au_pixel_pres_et_ne_sort_pas(valeurs):
    regle = echelle(valeurs)
    posees = barres(valeurs, regle)
    assert len(posees) == len(valeurs)
    for valeur, barre in zip(valeurs, posees, strict=True):
        if valeur is None:
            assert barre is None
            continue
        assert barre.x >= 0 and barre.largeur >= 0 and barre.x + barre.largeur <= 100 + 1e-9
        voulue = PIXELS * abs(valeur) / (regle.haut - regle.bas)
        assert abs(barre.largeur * PIXELS / 100 - voulue) <= 1
        # Elle part de zéro, vers la gauche si la valeur est négative.
        bord = barre.x + barre.largeur if valeur < 0 else barre.x
        assert bord == pytest.approx(regle.pour_cent(0), abs=0.011)


@given(PEUT_ETRE)
def test_les_barres_gardent_l_ordre_des_valeurs(valeurs):
    posees = zip(valeurs, barres(valeurs, echelle(valeurs)), strict=True)
    bouts = sorted((v, b.x if v < 0 else b.x + b.largeur) for v, b in posees if v is not None)
    assert all(a[1] <= b[1] + 1e-9 for a, b in pairwise(bouts))


@given(PEUT_ETRE)
def test_une_valeur_absente_ne_pese_pas_sur_l_echelle(valeurs):
    assert echelle(valeurs) == echelle([v for v in valeurs if v is not None])


@given(PEUT_ETRE)
def test_seuls_les_bornes_et_le_zero_sont_ecrits(valeurs):
    regle = echelle(valeurs)
    posees = graduer(regle, "{:g}".format)
    assert posees[0].ancre == "start" and posees[-1].ancre == "end"
    assert {g.texte for g in posees if g.texte} == {f"{v:g}" for v in (regle.bas, 0.0, regle.haut)}
    assert [g.x for g in posees] == sorted(g.x for g in posees)
    assert posees[0].x == 0 and posees[-1].x == 100


def test_une_graduation_sans_texte_reste_un_trait():
    assert graduer(Echelle(0, 10, 5), str)[1] == Graduation(50.0)


MOMENTS = st.lists(st.floats(1900, 2100), max_size=30, unique=True).map(sorted)


@st.composite
def histoires(tirer):
    return [(m, tirer(st.none() | NOMBRES)) for m in tirer(MOMENTS)]


def points_de(trace) -> list[tuple[float, float]]:
    """Rend chaque point dessiné, du chemin et des isolés."""
    poses = re.findall(r"(-?[\d.]+),(-?[\d.]+)", trace.chemin)
    return [(float(x), float(y)) for x, y in poses] + [(p.x, p.y) for p in trace.isoles]


@given(histoires())
def test_la_courbe_tient_dans_sa_boite_et_a_un_point_par_valeur_connue(histoire):
    trace = courbe(histoire)
    connues = [v for _, v in histoire if v is not None]
    if not connues:
        assert trace is None
        return
    points = points_de(trace)
    assert len(points) == len(connues)
    assert all(0 <= x <= trace.largeur and 0 <= y <= trace.hauteur for x, y in points)
    assert (trace.dernier.x, trace.dernier.y) in points
    assert trace.dernier.x == max(x for x, _ in points)


@given(histoires())
def test_une_valeur_absente_coupe_la_courbe(histoire):
    trace = courbe(histoire)
    suites = "".join("." if v is None else "x" for _, v in histoire).split(".")
    longues, seules = [s for s in suites if len(s) > 1], [s for s in suites if s == "x"]
    assert (trace.chemin.count("M") if trace else 0) == len(longues)
    assert (len(trace.isoles) if trace else 0) == len(seules)


@given(histoires())
def test_le_temps_va_a_droite_et_une_valeur_plus_grande_est_plus_haut(histoire):
    connue = [(m, v) for m, v in histoire if v is not None]
    trace = courbe(connue)
    if len(connue) < 2:
        return
    points = points_de(trace)
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    par_valeur = sorted(zip((v for _, v in connue), (y for _, y in points), strict=True))
    hauteurs = [y for _, y in par_valeur]
    assert all(a >= b - 0.1 for a, b in pairwise(hauteurs))


def test_une_valeur_constante_fait_un_trait_au_milieu():
    assert courbe([(2019, 7), (2020, 7), (2021, 7)]).chemin == "M4,14 L60,14 L116,14"


def test_deux_annees_qui_manquent_prennent_leur_place():
    trace = courbe([(2018, 0), (2021, 1), (2022, 4)])
    assert trace.chemin == "M4,24 L88,19 L116,4"


@pytest.mark.parametrize(
    ("periode", "attendu"),
    [("2018", 2018), ("2018-T1", 2018), ("2018-T3", 2018.5), ("2018-07", 2018.5)],
)
def test_une_periode_a_son_moment(periode, attendu):
    assert moment(periode) == attendu


@pytest.mark.django_db
class TestDansLesPages:
    def test_dessine_une_histoire_sans_ce_qui_manque(self, client, lieux, edition):
        taux = serie("taux", unite="indice", remontee="aucune", libelle="Indice")
        for periode, nombre in (("2018", 10), ("2019", 20), ("2020", None), ("2021", 30)):
            donner(taux, lieux.grand_verger, nombre, periode)
        page = client.get(QUARTIER)
        dessin = re.search(r'(?s)<svg class="courbe".*?</svg>', page.text)[0]
        assert dessin.count("M") == 1 and dessin.count("<circle") == 2
        assert "De 10 en 2018 à 30 en 2021." in dessin
        assert "Sans valeur : 2020 (non disponible)." in dire(page)
        assert re.search(r'aria-labelledby="(\S+) (\S+)"', dessin)[1] in dessin
        dit = dire(page)
        assert "4 périodes" in dit and "2018 10 2019 20 2020 n.d. non disponible 2021 30" in dit

    def test_une_histoire_toute_secrete_n_est_pas_dessinee(self, client, lieux, edition):
        suivis = serie("suivis")
        for periode in ("2020", "2021"):
            donner(suivis, lieux.grand_verger, TU, periode, diffusion="primaire")
        page = client.get(QUARTIER)
        assert 'class="courbe"' not in page.text and "2 périodes" in dire(page)

    def test_dessine_une_barre_par_valeur_connue(self, client, lieux, edition):
        habitants = serie()
        donner(habitants, lieux.bateliers, 100)
        donner(habitants, lieux.grand_verger)
        ensemble(habitants)
        page = client.get(COMPARER)
        assert page.text.count("barre__corps") == 1 and 'width="100.0%"' in page.text
        dit = dire(page)
        assert "Le Grand Verger Val-des-Tilleuls n.d. Non disponible" in dit
        assert "Ensemble des quartiers n.d. Connu pour 1 territoire sur 2" in dit
        assert "barre__repere" not in page.text

    def test_le_trait_de_l_ensemble_est_celui_d_une_moyenne(self, client, lieux, edition):
        habitants = serie(libelle="Habitants")
        taux = serie("taux", unite="pourcent", remontee="moyenne", poids=habitants)
        donner(taux, lieux.bateliers, 12.25)
        donner(taux, lieux.grand_verger, 40)
        ensemble(taux, 20)
        page = client.get(COMPARER)
        assert page.text.count('class="barre__repere" x1="50.0%"') == 2
        assert "Le trait vertical est l’ensemble des quartiers : 20 %" in lire(page)
        assert "moyenne pondérée par « Habitants »" in lire(page)


@pytest.mark.django_db
class TestSecret:
    ADRESSES = (
        QUARTIER,
        COMPARER,
        f"{COMPARER}?tri=nom",
        f"{COMPARER}?periode=2020",
        f"{COMPARER}tableau.csv",
        f"{COMPARER}tableau.xlsx",
    )

    def octets(self, client) -> dict[str, bytes]:
        """Rend ce que disent les pages et les fichiers, sans ce qui change à chaque fois."""
        dits = {}
        for adresse in self.ADRESSES:
            contenu = client.get(adresse).content
            if adresse.endswith("xlsx"):
                with zipfile.ZipFile(io.BytesIO(contenu)) as classeur:
                    noms = [n for n in classeur.namelist() if not n.startswith("docProps")]
                    contenu = b"".join(classeur.read(nom) for nom in noms)
            dits[adresse] = re.sub(rb'nonce="[^"]*"|[A-Za-z0-9]{64}', b"", contenu)
        return dits

    def test_un_nombre_tu_n_est_nulle_part_et_ne_change_rien(self, client, lieux, edition):
        """Ni écrit, ni dans une barre, une courbe, une échelle, un titre, un ordre."""
        suivis = serie("suivis")
        for periode in ("2019", "2020", "2021"):
            donner(suivis, lieux.bateliers, 40, periode)
            motif = "primaire" if periode == "2021" else "secondaire"
            donner(suivis, lieux.grand_verger, TU, periode, diffusion=motif)
            donner(suivis, lieux.val, TU, periode, diffusion="secondaire")
            ensemble(suivis, TU, periode, diffusion="secondaire")
        donner(serie("connus"), lieux.grand_verger, 50)
        avant = self.octets(client)
        for adresse, contenu in avant.items():
            plat = re.sub(r"[\s\u00a0\u202f.,]|&nbsp;", "", contenu.decode())
            assert str(TU) not in plat, adresse
        for modele in (Valeur, ValeurDEnsemble):
            assert modele.objects.filter(valeur=TU).update(valeur=3) == (6, 3)[modele is not Valeur]
        assert self.octets(client) == avant
