"""Chaque trait d'un document Word, un par un, sur de petits documents écrits à la main."""

import pytest

from parvis.cadre.importation.formats.docx import lire_docx
from tests.fabriques.mini_docx import (
    STRICT,
    W,
    ecrire,
    niveau,
    num,
    numerotation,
    p,
    r,
    tbl,
    tc,
)


@pytest.fixture
def lire(tmp_path):
    def lignes(corps, **pieces):
        return lire_docx(ecrire(tmp_path / "essai.docx", corps, **pieces)).lignes

    return lignes


def style(identifiant, nom, reste=""):
    return f'<w:style w:type="paragraph" w:styleId="{identifiant}"><w:name w:val="{nom}"/>{reste}</w:style>'


STYLES = (
    style("Titre1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    + style("MonTitre", "Titre de fiche", '<w:basedOn w:val="Titre1"/>')
    + style("Local", "Titre 3")
    + style(
        "TM", "TOC Heading", '<w:basedOn w:val="Titre1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>'
    )
    + style("Grand", "Title")
    + style("Fort", "Chapeau", "<w:rPr><w:b/></w:rPr>")
    + style("Faible", "Sous-chapeau", '<w:basedOn w:val="Fort"/>')
    + style("Boucle", "Boucle", '<w:basedOn w:val="Boucle"/>')
    + '<w:style w:type="character" w:styleId="Car"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
)


def avec(identifiant):
    return f'<w:pStyle w:val="{identifiant}"/>'


@pytest.mark.parametrize(
    ("identifiant", "ligne"),
    [
        ("Titre1", "# Axe"),
        ("MonTitre", "# Axe"),
        ("Local", "### Axe"),
        ("Grand", "# Axe"),
        ("TM", "Axe"),
        ("Fort", "<b>Axe</b>"),
        ("Faible", "<b>Axe</b>"),
        ("Boucle", "Axe"),
        ("Heading2", "## Axe"),
        ("Inconnu", "Axe"),
    ],
)
def test_styles(lire, identifiant, ligne):
    assert lire(p("Axe", avec(identifiant)), styles=STYLES) == [ligne]


def test_niveau_du_paragraphe(lire):
    assert lire(p("Axe", '<w:outlineLvl w:val="1"/>')) == ["## Axe"]


def test_gras_direct_et_par_style(lire):
    corps = f"<w:p>{r('Le ')}{r('prix', '<w:b/>')}{r(' ')}{r('net', '<w:b/>')}{r(' dû')}</w:p>"
    assert lire(corps) == ["Le <b>prix net</b> dû"]
    corps = "<w:p>" + r("A", '<w:rStyle w:val="Car"/>') + r(" B", '<w:b w:val="0"/>') + "</w:p>"
    assert lire(corps, styles=STYLES) == ["<b>A</b> B"]
    assert lire(p("Gras annulé", avec("Fort"), '<w:b w:val="false"/>'), styles=STYLES) == [
        "Gras annulé"
    ]


def test_exposants_sauts_et_signes(lire):
    sup = '<w:vertAlign w:val="superscript"/>'
    assert lire(f"<w:p>{r('3')}{r('è', sup)}{r('me', sup)}{r(' étage')}</w:p>") == [
        "3<sup>ème</sup> étage"
    ]
    corps = "<w:p><w:r><w:t>A</w:t><w:br/><w:t>B</w:t><w:br w:type='page'/><w:t>C</w:t></w:r></w:p>"
    assert lire(corps) == ["A<br>B C"]
    corps = (
        "<w:p><w:r><w:sym w:font='Symbol' w:char='F0B7'/><w:tab/><w:t>porte</w:t><w:noBreakHyphen/>"
        "<w:t>mon\xadnaie &lt;b&gt;</w:t><w:softHyphen/></w:r></w:p>"
    )
    assert lire(corps) == ["•  porte-monnaie &lt;b&gt;"]
    assert lire(p("\uf0b7 un, \ue000deux\ue001, \ufefftrois")) == ["• un, deux, trois"]


def test_ligne_de_sommaire(lire):
    corps = f"<w:p>{r('Titre', '<w:b/>')}<w:r><w:tab/></w:r>{r('12')}</w:p>"
    assert lire(corps) == ["<b>Titre</b> ..... 12"]
    assert lire("<w:p><w:r><w:t>A</w:t><w:tab/><w:t>B</w:t></w:r></w:p>") == ["A  B"]


def test_texte_tape_comme_une_marque(lire):
    assert lire(p("# pas un titre") + p("| a | b |")) == ["&#35; pas un titre", "&#124; a | b |"]


def test_capitales_de_mise_en_forme(lire):
    assert lire(p("Emploi", run="<w:caps/>")) == ["EMPLOI"]


def test_cache_et_modifications_suivies(lire):
    corps = (
        f"<w:p>{r('Un')}<w:ins>{r(' deux')}</w:ins><w:del><w:r><w:delText>trois</w:delText></w:r></w:del>"
        f"<w:moveFrom>{r('quatre')}</w:moveFrom><w:moveTo>{r(' cinq')}</w:moveTo>"
        f"{r('six', '<w:vanish/>')}</w:p>"
    )
    assert lire(corps) == ["Un deux cinq"]
    coupe = p("Début", "<w:rPr><w:del/></w:rPr>") + p(" et fin")
    assert lire(coupe) == ["Début et fin"]
    fin = p("Seul", "<w:rPr><w:del/></w:rPr>")
    assert lire(fin + tbl(tc(fin) + tc("x")) + fin) == ["Seul", "<p>Seul</p>\t<p>x</p>", "Seul"]


def test_champs_liens_et_enveloppes(lire):
    def champ(genre):
        return f'<w:r><w:fldChar w:fldCharType="{genre}"/></w:r>'

    corps = (
        f"<w:p>{champ('begin')}<w:r><w:instrText>PAGEREF</w:instrText></w:r>{champ('begin')}{r('non')}"
        f"{champ('end')}{champ('separate')}{r('oui')}{champ('end')}"
        f"<w:hyperlink>{r(' lien')}</w:hyperlink><w:fldSimple w:instr='X'>{r(' simple')}</w:fldSimple></w:p>"
    )
    assert lire(corps) == ["oui lien simple"]
    corps = (
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:customXml>{p('A')}</w:customXml></w:sdtContent></w:sdt>"
        f"<w:p><w:sdt><w:sdtContent><w:smartTag>{r('B')}</w:smartTag></w:sdtContent></w:sdt></w:p>"
    )
    assert lire(corps) == ["A", "B"]


def test_zone_de_texte_lue_une_fois(lire):
    zone = f"<w:txbxContent>{p('Bandeau')}</w:txbxContent>"
    corps = (
        f"<w:p>{r('Avant')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{zone}"
        f"</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>{zone}</v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lire(corps) == ["Avant", "Bandeau"]
    assert lire(corps.replace(r("Avant"), "")) == ["Bandeau"]
    assert lire(tbl(tc("L") + tc(corps))) == ["<p>L</p>\t<p>Avant</p><p>Bandeau</p>"]


def test_puces_et_listes_numerotees(lire):
    numeros = numerotation(niveau(0, "bullet", "\uf0b7"), niveau(1, "decimal", "%2."))
    corps = p("A", num(0)) + p("B", num(1)) + p("- C", num(0))
    assert lire(corps, numbering=numeros) == [
        "<ul><li>• A</li></ul>",
        "<ul><ul><li>• B</li></ul></ul>",
        "<ul><li>- C</li></ul>",
    ]
    assert lire(tbl(tc("L") + tc(p("Ici :") + corps)), numbering=numeros) == [
        "<p>L</p>\t<p>Ici :</p><ul><li>• A</li><ul><li>• B</li></ul><li>- C</li></ul>"
    ]


def test_titres_numerotes_par_word(lire):
    numeros = numerotation(
        niveau(0, "upperRoman", "→ Axe %1."),
        niveau(1, "decimal", "Fiche action n°%1-%2 :", "<w:isLgl/>"),
    )
    corps = "".join(p(t, num(n)) for t, n in (("A", 0), ("B", 1), ("C", 1), ("D", 0), ("E", 1)))
    assert lire(corps, numbering=numeros) == [
        "Axe I. A", "Fiche action n°1-1 : B", "Fiche action n°1-2 : C", "Axe II. D",
        "Fiche action n°2-1 : E",
    ]  # fmt: skip


def test_numerotation_liee_au_style_et_reprise(lire):
    styles = style(
        "T2", "heading 2", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    ) + style("T2b", "Fiche", '<w:basedOn w:val="T2"/>')
    reprise = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1">'
        '<w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    )
    numeros = numerotation(
        niveau(0, "decimal", "%1"), niveau(1, "lowerLetter", "%1.%2)", '<w:pStyle w:val="T2"/>'),
        num=reprise,
    )  # fmt: skip
    corps = p("A", avec("T2")) + p("B", avec("T2b")) + p("C", avec("T2") + num(1, 2))
    assert lire(corps, styles=styles, numbering=numeros) == ["## 1.a) A", "## 1.b) B", "## 1.g) C"]
    sans = p("D", avec("T2") + num(0, 0))
    assert lire(sans, styles=styles, numbering=numeros) == ["## D"]


def test_tableaux(lire):
    large = '<w:gridSpan w:val="2"/>'
    suite, debut = "<w:vMerge/>", '<w:vMerge w:val="restart"/>'
    corps = tbl(
        tc(p("Fiche 1 : X", run="<w:b/>"), large),
        tc("Libellé", debut) + tc("a"),
        tc(p(""), suite) + tc(p("b") + p("c")),
        tc("Vide") + tc(p("")),
    )
    assert lire(corps) == [
        "<b>Fiche 1 : X</b>", "<p>Libellé</p>\t<p>a</p>", "\t<p>b</p><p>c</p>", "<p>Vide</p>\t",
    ]  # fmt: skip


def test_tableaux_emboites_et_cadres(lire):
    dedans = tbl(tc("x") + tc("y"), tc("z"))
    assert lire(tbl(tc("L") + tc(dedans + p("fin")))) == ["<p>L</p>\t<p>x  y</p><p>z</p><p>fin</p>"]
    assert lire(tbl(tc(p("Cadre") + dedans))) == ["Cadre", "<p>x</p>\t<p>y</p>", "z"]
    titre = '<w:outlineLvl w:val="2"/>'
    assert lire(tbl(tc(p("Fiche 2 :", titre) + p("Planter")))) == ["### Fiche 2 : Planter"]
    assert lire(tbl(tc(p("Fiche 2 : A", titre)) + tc(p("")))) == ["### Fiche 2 : A\t"]


def test_notes_dans_l_ordre_des_appels(lire):
    def appel(genre, identifiant):
        return f'<w:r><w:{genre}Reference w:id="{identifiant}"/></w:r>'

    pied = (
        f'<w:footnote w:id="0" w:type="separator">{p("trait")}</w:footnote>'
        f'<w:footnote w:id="5">{p("Une <w:br/>".replace("<w:br/>", ""))}{p("suite")}</w:footnote>'
    )
    corps = (
        f"<w:p>{r('A')}{appel('endnote', 2)}{r(' B')}{appel('footnote', 5)}{appel('footnote', 9)}</w:p>"
        + tbl(tc("L") + tc(f"<w:p>{r('C')}{appel('footnote', 5)}</w:p>"))
    )
    fin = f'<w:endnote w:id="2">{p("De fin")}</w:endnote>'
    assert lire(corps, footnotes=pied, endnotes=fin) == [
        "A<sup>1</sup> B<sup>2</sup>", "[^1]: De fin", "[^2]: Une suite",
        "<p>L</p>\t<p>C<sup>2</sup></p>",
    ]  # fmt: skip


@pytest.mark.parametrize("espace", [W, STRICT])
def test_dialectes_et_autre_nom_de_piece(lire, espace):
    assert lire(p("Oui", run="<w:b/>"), espace=espace, cible="word/document2.xml") == ["<b>Oui</b>"]


def test_reperes(tmp_path):
    corps = p("un") + p("") + p("trois") + tbl(tc("a") + tc("b"), tc("c") + tc("d"))
    lu = lire_docx(ecrire(tmp_path / "reperes.docx", corps))
    assert lu.reperes == [
        "paragraphe 1", "paragraphe 3", "tableau 1, rangée 1", "tableau 1, rangée 2"
    ]  # fmt: skip
