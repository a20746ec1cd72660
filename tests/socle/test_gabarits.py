"""Les filtres des gabarits : typographie, sigles, nombres."""

from decimal import Decimal

import pytest
import yaml
from django.conf import settings
from django.template import Context, Template
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from parvis.socle.templatetags.socle import de, nombre, sigles, typo, un


@pytest.mark.parametrize(
    ("brut", "attendu"),
    [
        ("l'État", "l’État"),
        ("Qui finance ?", "Qui finance\u00a0?"),
        ("« sas »", "«\u00a0sas\u00a0»"),
        ("25 %", "25\u00a0%"),
        ("5 000 000 m²", "5\u00a0000\u00a0000\u00a0m²"),
        ("moins de 3 ans", "moins de 3\u00a0ans"),
        ("en 2015 100 projets", "en 2015 100 projets"),
        (None, ""),
    ],
)
def test_la_typographie_est_francaise(brut, attendu):
    assert typo(brut) == attendu


@pytest.mark.parametrize(
    ("mot", "attendu"),
    [
        ("fiche", "une fiche"),
        ("fiche-action", "une fiche-action"),
        ("priorité", "une priorité"),
        ("axe stratégique", "un axe stratégique"),
        ("défi", "un défi"),
        ("cible", "un élément «\u00a0cible\u00a0»"),
    ],
)
def test_un_niveau_a_son_article(mot, attendu):
    assert un(mot) == attendu


def test_chaque_mot_de_niveau_a_un_genre():
    lexique = settings.DOSSIER_DONNEES / "lexiques" / "rubriques.yaml"
    niveaux = yaml.safe_load(lexique.read_text(encoding="utf-8"))["niveaux"]
    mots = [mot.lower() for noms in niveaux.values() for mot in noms]
    assert [mot for mot in mots if "élément" in un(mot)] == []


@given(st.text())
def test_la_typographie_est_idempotente(texte):
    assert typo(typo(texte)) == typo(texte)


def rendre(gabarit, **valeurs):
    return Template(gabarit).render(Context(valeurs))


def test_une_liste_se_reunit_a_la_typographie_francaise():
    noms = ["De l'école", "Des 4 000 logements ?"]
    attendu = "De l’école · Des 4\u00a0000 logements\u00a0?"
    assert rendre('{{ noms|joindre:" · " }}', noms=noms) == attendu


def test_une_liste_reunie_est_echappee_une_fois_et_une_seule():
    noms = ["<script>alert(1)</script>", mark_safe("<b>"), "Pain & sel"]
    attendu = "&lt;script&gt;alert(1)&lt;/script&gt;, &lt;b&gt;, Pain &amp; sel"
    assert rendre('{{ noms|joindre:", " }}', noms=noms) == attendu
    assert rendre('{{ noms|joindre:", "|default:"Aucun" }}', noms=noms) == attendu
    assert rendre('{{ noms|joindre:", "|default:"Aucun" }}', noms=[]) == "Aucun"


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Académie de Créteil", "d’Académie de Créteil"),
        ("Établissement public", "d’Établissement public"),
        ("La Roue voisine", "de La Roue voisine"),
        ("Hauts-de-Seine", "de Hauts-de-Seine"),
        ("<b>", "de <b>"),
        ("", "de "),
    ],
)
def test_un_nom_s_elide_apres_de(nom, attendu):
    assert de(nom) == attendu
    assert "<b>" not in rendre("{{ nom|de|typo }}", nom=nom)


def test_un_sigle_est_explique_a_sa_premiere_occurrence():
    rendu = sigles("Le GUSP et encore le GUSP")
    assert rendu.count('class="sigle"') == 1
    assert "#sigle-gusp" in rendu
    assert "Gestion urbaine et sociale de proximité" in rendu


@pytest.mark.parametrize("texte", ["prendre", "PRESSE", "un sas d'accueil", "un pre carre"])
def test_un_mot_ordinaire_n_est_pas_un_sigle(texte):
    assert "sigle" not in sigles(texte)


def test_le_texte_autour_des_sigles_est_echappe():
    rendu = sigles("<b>PRE</b> & <script>")
    assert "<b>" not in rendu
    assert "<script>" not in rendu
    assert "&amp;" in rendu


@given(st.text())
def test_aucun_texte_n_ouvre_de_balise(texte):
    sans_liens = sigles(texte).replace("</a>", "")
    assert "<script" not in sans_liens.lower()


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (Decimal("2.5000"), "2,5"),
        (5_000_000, "5\u00a0000\u00a0000"),
        (Decimal("0"), "0"),
        (45, "45"),
        (100, "100"),
        (Decimal("-3.20"), "-3,2"),
        (None, ""),
    ],
)
def test_un_nombre_s_ecrit_a_la_francaise(valeur, attendu):
    assert nombre(valeur) == attendu
