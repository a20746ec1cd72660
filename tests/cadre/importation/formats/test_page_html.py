"""Pages HTML : tableaux, listes, notes, pages mal fermées ou hostiles."""

import random
import time

import pytest

from parvis.cadre.importation.formats.page_html import est_une_page, lire_html
from parvis.cadre.importation.source import DocumentIllisible
from tests.cadre.importation.conftest import CONTRATS


def _lignes(corps: str) -> list[str]:
    return lire_html(f"<html><body>{corps}</body></html>").lignes


def test_une_page_se_reconnait_a_son_debut():
    assert est_une_page("<!DOCTYPE html>\n<html>")
    assert est_une_page("\n<html lang=fr>")
    assert not est_une_page("<p>Descriptif</p>\t<p>Des fragments</p>")


@pytest.mark.parametrize(
    ("corps", "lignes"),
    [
        ("<h1>A</h1><h2>B <em>c</em></h2><h6>D</h6><p>e", ["# A", "## B c", "###### D", "e"]),
        ("<p>a <b>gras</b> b</p>", ["a <b>gras</b> b"]),
        ("<p><strong>gras<p>suite</strong>", ["<b>gras</b>", "<b>suite</b>"]),
        ("<p>un<br>deux</p>", ["un<br>deux"]),
        ("<ul><li>1<li>2<ul><li>3</ul></ul>", ["<ul><li>1</li><li>2</li><ul><li>3</li></ul></ul>"]),
        ("<ul><li>un</li></ul><p>fin</p>", ["<ul><li>un</li></ul>", "fin"]),
        ("<dl><dt>Pilote<dd>CCAS<dt>Publics</dl>", ["<b>Pilote</b> :", "CCAS", "<b>Publics</b> :"]),
        ("<details><summary>Fiche 1</summary><p>x</p></details>", ["<b>Fiche 1</b>", "x"]),
    ],
)  # fmt: skip
def test_titres_listes_et_gras(corps, lignes):
    assert _lignes(corps) == lignes


@pytest.mark.parametrize(
    ("corps", "lignes"),
    [
        ("<tr><td>a<td>b<tr><td>c<td>d", ["<p>a</p>\t<p>b</p>", "<p>c</p>\t<p>d</p>"]),
        ("<tr><td rowspan=2>P</td><td>1</td></tr><tr><td>2</td></tr>", ["<p>P</p>\t<p>1</p>", "\t<p>2</p>"]),
        ("<tr><td>a</td><td rowspan=2>R</td></tr><tr><td>b</td></tr>", ["<p>a</p>\t<p>R</p>", "<p>b</p>\t"]),
        ("<tr><td colspan=2>C</td><td>c</td></tr>", ["<p>C</p>\t\t<p>c</p>"]),
        ("<tr><td rowspan=x colspan=-1>C</td><td>c</td></tr>", ["<p>C</p>\t<p>c</p>"]),
        ("<tr><td>A<table><tr><td>x<td>y</table><td>B", ["<p>A</p><p>x</p><p>y</p>\t<p>B</p>"]),
        ("<tr><td>F<td>Dont :<ul><li>un</ul>fin", ["<p>F</p>\t<p>Dont :</p><ul><li>un</li></ul><p>fin</p>"]),
        ("<tr><td><h4>T</h4>CAF</td><td></td></tr>", ["<p><b>T</b></p><p>CAF</p>\t"]),
    ],
)  # fmt: skip
def test_tableaux(corps, lignes):
    assert _lignes(f"<table>{corps}</table><p>fin</p>") == [*lignes, "fin"]


@pytest.mark.parametrize(
    "note",
    [
        '<ol><li id="fn1">Source : Insee</li></ol>',
        '<li id="user-content-fn-1"><p>Source : Insee</p></li>',
        '<div id="ftn1"><p><sup>[1]</sup> Source : Insee</p></div>',
        '<p id="_ftn1">[1] Source : Insee</p>',
    ],
)
def test_notes_de_bas_de_page(note):
    texte, lue = _lignes(f'<p>Texte<a href="#fn1"><sup>[1]</sup></a>.</p>{note}')
    assert (texte, lue) == ("Texte<sup>1</sup>.", "[^1]: Source : Insee")


def test_un_identifiant_ordinaire_n_est_pas_une_note():
    assert _lignes('<p id="cabas12">a</p><div id="annotation3">b</div>') == ["a", "b"]


def test_ce_qui_n_est_pas_du_texte_n_est_pas_lu():
    assert _lignes(
        "<script>var a = '<p>non</p>';</script><style>p { color: red }</style>"
        "<noscript>non</noscript><nav>menu</nav><!-- <p>non</p> --><select><option>non</select>"
        "<svg><text>non</text></svg><p>oui</p></script></svg><p>encore</p>"
    ) == ["oui", "encore"]


def test_le_texte_est_echappe():
    assert _lignes("<p>&eacute;t&eacute; &lt;b&gt; &amp;&nbsp;a\tb\n c</p>") == [
        "été &lt;b&gt; &amp; a b c"
    ]


@pytest.mark.parametrize(
    "texte", ["<!doctype html>", "<html>", "<html><body>", "<html><!--", "<body"]
)
def test_une_page_sans_texte_ne_fait_rien_tomber(texte):
    assert lire_html(texte).lignes == []


@pytest.mark.parametrize("balises", ["<div>", "<ul><li>", "<table><tr><td>", "<b>", "<dl><dt>"])
def test_cent_mille_balises_imbriquees(balises):
    debut = time.perf_counter()
    lignes = _lignes(balises * 100_000 + "dedans")
    assert time.perf_counter() - debut < 10
    assert "dedans" in lignes[-1]
    assert len("".join(lignes)) < 100_000 * 20


def test_une_page_de_vingt_megaoctets_en_quelques_secondes():
    phrase = "Le quartier accueille chaque année de nouveaux habitants. " * 6
    corps = f"<p>{phrase}</p>\n" * (20 * 1024 * 1024 // (len(phrase) + 8))
    debut = time.perf_counter()
    assert len(_lignes(corps)) > 50_000
    assert time.perf_counter() - debut < 10


def test_trop_de_balises_est_refuse_sans_etre_lu():
    debut = time.perf_counter()
    with pytest.raises(DocumentIllisible, match="balises"):
        lire_html("<html><body>" + "<" * 5_000_000)
    assert time.perf_counter() - debut < 1


def test_une_cellule_demesuree_ne_deborde_pas():
    (ligne,) = _lignes("<table><tr>" + "<td colspan=9999 rowspan=9999>a</td>" * 1000)
    assert ligne.count("\t") < 60


def test_une_page_abimee_au_hasard_donne_une_lecture():
    page = (CONTRATS / "bassin-de-sauvelle.html").read_text(encoding="utf-8")
    hasard = random.Random(20)
    for _ in range(60):
        signes = list(page)
        for _ in range(hasard.randrange(1, 60)):
            signes[hasard.randrange(len(signes))] = hasard.choice("<>&\"'/é \t\n=!-\x0b\ufffd")
        pivot = lire_html("".join(signes[: hasard.randrange(1, len(signes))]))
        assert all(ligne.strip() and "\n" not in ligne for ligne in pivot.lignes)
        assert len(pivot.lignes) == len(pivot.reperes)
