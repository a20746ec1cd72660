"""Le même contrat, imprimé en PDF puis relu, donne la même structure que son texte."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
import typst

from parvis.cadre.importation import lecteur
from parvis.cadre.importation.formats.pdf import lire_pdf
from parvis.cadre.importation.formats.pdf import ouverture as regles
from parvis.cadre.importation.formats.pivot import Pivot
from parvis.cadre.importation.source import DocumentIllisible
from parvis.cadre.importation.structure import en_dict
from tests.fabriques.impression_pdf import Allure, imprimer

ALLURES = {
    "tracee": Allure(),
    "serree": Allure(espacement="serre", entete="Contrat de ville", corps="9pt"),
    "aeree": Allure(espacement="1.6em", corps="12pt", justifie=True),
    "sans_filets": Allure(filets=False, entete="Édition de mars"),
    "etiquettes_etroites": Allure(etiquette="3cm", pied=False),
}


def _imprimable(texte: str) -> str:
    """Rend le texte sans ce que l'impression efface par nature.

    Un saut de ligne (`<br>`) s'imprime comme un paragraphe, une série d'espaces comme une seule
    là où la ligne finit, et un numéro de page imprimé deux fois comme un seul au bout des points.
    """
    texte = texte.replace("<br>", "</p> <p>").replace("...12\t", "...\t")
    return re.sub(r"(?<=\S) {2,}(?=\S)", " ", texte)


def _sans_lignes(valeur):
    if isinstance(valeur, dict):
        propre = {c: _sans_lignes(v) for c, v in valeur.items() if c not in ("ligne", "anomalies")}
        if "anomalies" in valeur:
            propre["anomalies"] = sorted(
                (a["nature"], re.sub(r"à la ligne \d+", "à la ligne …", a["texte"]))
                for a in valeur["anomalies"]
            )
        return propre
    return [_sans_lignes(v) for v in valeur] if isinstance(valeur, list) else valeur


def _structure(lignes: list[str]):
    return _sans_lignes(en_dict(lecteur.lire_pivot(Pivot(lignes))))


@pytest.fixture(scope="module")
def imprimable():
    chemin = Path(__file__).resolve().parents[3] / "fabriques" / "contrats"
    texte = (chemin / "val-des-tilleuls.txt").read_text(encoding="utf-8")
    return _imprimable(texte).split("\n")


@pytest.mark.parametrize("nom", ALLURES)
def test_aller_retour(tmp_path, imprimable, nom):
    pivot = lire_pdf(imprimer(imprimable, tmp_path / "contrat.pdf", ALLURES[nom]))
    assert _structure(pivot.lignes) == _structure(imprimable)
    assert len(pivot.reperes) == len(pivot.lignes)
    assert pivot.reperes[0] == "page 1"


def test_marges_notes_et_titres(tmp_path, imprimable):
    allure = replace(ALLURES["tracee"], entete="Direction de la cohésion")
    pivot = lire_pdf(imprimer(imprimable, tmp_path / "contrat.pdf", allure))
    texte = "\n".join(pivot.lignes)
    assert "Direction de la cohésion" not in texte
    assert not any(re.fullmatch(r"\d+", ligne) for ligne in pivot.lignes)
    assert [ligne[:4] for ligne in pivot.lignes if ligne.startswith("[^")] == [
        "[^1]",
        "[^2]",
        "[^3]",
    ]
    assert "signataires<sup>1</sup>" in texte
    assert "# PREAMBULE" in pivot.lignes
    assert any(re.fullmatch(r"→ Enjeu .+ \.{4} 6", ligne) for ligne in pivot.lignes)


def _composer(chemin: Path, source: str) -> Path:
    chemin.write_bytes(typst.compile(source.encode(), format="pdf"))
    return chemin


def test_deux_colonnes_de_prose(tmp_path):
    phrases = " ".join(f"La phrase numéro {n} du texte suit la précédente." for n in range(60))
    source = f'#set page(columns: 2)\n#set text(size: 10pt)\n#"{phrases}"'
    pivot = lire_pdf(_composer(tmp_path / "colonnes.pdf", source))
    assert re.findall(r"numéro (\d+)", " ".join(pivot.lignes)) == [str(n) for n in range(60)]
    assert not any("\t" in ligne for ligne in pivot.lignes)


def test_document_court_garde_tout(tmp_path):
    source = "#set page(header: [Ville de Brémont])\nUne page.\n#pagebreak()\nUne autre page."
    pivot = lire_pdf(_composer(tmp_path / "court.pdf", source))
    assert pivot.lignes.count("Ville de Brémont") == 2


def test_listes_imbriquees(tmp_path):
    source = "- Premier point\n  - Détail\n- Second point"
    pivot = lire_pdf(_composer(tmp_path / "liste.pdf", source))
    assert pivot.lignes == [
        "<ul><li>• Premier point</li><ul><li>• Détail</li></ul><li>• Second point</li></ul>"
    ]


_IMAGE = (
    "#image(bytes(range(16)), width: 100%, height: 100%, "
    'format: (encoding: "luma8", width: 4, height: 4))'
)


def test_document_numerise(tmp_path):
    chemin = _composer(tmp_path / "image.pdf", f"#set page(margin: 0pt)\n{_IMAGE}")
    with pytest.raises(DocumentIllisible, match="reconnaissance de caractères"):
        lire_pdf(chemin)


def test_page_numerisee_signalee(tmp_path):
    texte = f'#"{"Un texte assez long pour être lu. " * 20}"\n#pagebreak()\n'
    pivot = lire_pdf(_composer(tmp_path / "melange.pdf", texte + texte + _IMAGE))
    assert [(a.nature, a.texte) for a in pivot.anomalies] == [
        ("page_sans_texte", "la page 3 est une image, sans texte à lire")
    ]


def test_lettres_sans_equivalent(tmp_path):
    chemin = _composer(tmp_path / "dessins.pdf", f'#"{"xzkq vprt bcdf " * 60}"')
    with pytest.raises(DocumentIllisible, match="sans équivalent en texte"):
        lire_pdf(chemin)


def _pdf(objets: list[str], fin: str = "") -> bytes:
    """Assemble un PDF minuscule à la main."""
    corps, places = "%PDF-1.4\n", []
    for numero, objet in enumerate(objets, 1):
        places.append(len(corps))
        corps += f"{numero} 0 obj\n{objet}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    total = len(objets) + 1
    suite = f"xref\n0 {total}\n0000000000 65535 f \n{table}trailer\n"
    suite += f"<</Size {total} /Root 1 0 R {fin}>>\nstartxref\n{len(corps)}\n%%EOF\n"
    return (corps + suite).encode("latin-1")


def test_document_protege(tmp_path):
    cle = "<" + "a1" * 32 + ">"
    catalogue = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>"
    serrure = f"<</Filter/Standard/V 1/R 2/Length 40/P -4/O {cle}/U {cle}>>"
    chemin = tmp_path / "protege.pdf"
    chemin.write_bytes(
        _pdf([*catalogue, page, serrure], f"/Encrypt 4 0 R /ID[<{'00' * 16}><{'00' * 16}>]")
    )
    with pytest.raises(DocumentIllisible, match="mot de passe"):
        lire_pdf(chemin)


def test_document_sans_page(tmp_path):
    chemin = tmp_path / "vide.pdf"
    chemin.write_bytes(_pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"]))
    with pytest.raises(DocumentIllisible):
        lire_pdf(chemin)


@pytest.mark.parametrize("octets", [b"", b"%PDF-1.7", b"Ceci est un texte.", bytes(5000)])
def test_fichier_qui_n_est_pas_un_pdf(tmp_path, octets):
    chemin = tmp_path / "faux.pdf"
    chemin.write_bytes(octets)
    with pytest.raises(DocumentIllisible):
        lire_pdf(chemin)


def test_fichier_absent(tmp_path):
    with pytest.raises(DocumentIllisible, match="n'existe pas"):
        lire_pdf(tmp_path / "absent.pdf")


def test_page_blanche(tmp_path):
    with pytest.raises(DocumentIllisible, match="aucun texte"):
        lire_pdf(_composer(tmp_path / "blanc.pdf", "#v(1pt)"))


def test_trop_de_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(regles, "LIMITE_PAGES", 1)
    with pytest.raises(DocumentIllisible, match="2 pages"):
        lire_pdf(_composer(tmp_path / "long.pdf", "Une\n#pagebreak()\nDeux"))


def test_fichier_trop_grand(tmp_path, monkeypatch):
    monkeypatch.setattr(regles, "LIMITE_OCTETS_PDF", 10)
    with pytest.raises(DocumentIllisible, match="trop grand"):
        lire_pdf(_composer(tmp_path / "gros.pdf", "Une page"))


def test_fichiers_abimes(tmp_path, imprimable):
    """Un PDF coupé ou troué se lit ou se refuse : il ne lève rien d'autre."""
    entier = imprimer(imprimable, tmp_path / "contrat.pdf").read_bytes()
    hasard = random.Random(20260101)
    chemin = tmp_path / "abime.pdf"
    for _ in range(60):
        octets = bytearray(entier[: hasard.randrange(1, len(entier))])
        if hasard.random() < 0.7:
            octets = bytearray(entier)
            for _ in range(hasard.choice((1, 20, 400))):
                octets[hasard.randrange(len(octets))] = hasard.randrange(256)
        chemin.write_bytes(octets)
        try:
            assert isinstance(lire_pdf(chemin), Pivot)
        except DocumentIllisible as refus:
            assert refus.texte.endswith(".")
