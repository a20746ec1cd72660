"""Un contrat imprimé en Word se lit comme son texte ; un fichier abîmé ou hostile est refusé."""

import io
import itertools
import random
import time
import tracemalloc
import zipfile

import pytest

from parvis.cadre.importation import lecteur
from parvis.cadre.importation.formats.docx import lire_docx
from parvis.cadre.importation.source import DocumentIllisible
from parvis.cadre.importation.structure import en_dict
from tests.fabriques.impression_docx import Aspect, imprimer
from tests.fabriques.mini_docx import ecrire, p, r, tbl, tc

# Un exposant suivi d'un appel tapé en exposant se lit « 22 » : seules de vraies notes les séparent.
APPEL_COLLE = ("m<sup>2</sup><sup>2</sup>", "m² <sup>2</sup>")
# La page imprimée deux fois tient à deux cellules : une ligne à tabulation n'en a qu'une.
PAGE_DOUBLE = ("le soir ...12\t12", "le soir .....\t12")
ASPECTS = [Aspect(*choix) for choix in itertools.product((True, False), repeat=6)]


def _sans_lignes(objet):
    if isinstance(objet, dict):
        return {nom: _sans_lignes(v) for nom, v in objet.items() if nom != "ligne"}
    return [_sans_lignes(v) for v in objet] if isinstance(objet, (list, tuple)) else objet


def _structure(contrat):
    rendu = _sans_lignes(en_dict(contrat))
    for anomalie in rendu["anomalies"]:
        if anomalie["nature"] == "document_tronque":  # son texte cite un numéro de ligne
            anomalie["texte"] = ""
    rendu["anomalies"].sort(key=lambda a: (a["nature"], a["texte"]))
    return rendu


def _relire(texte, aspect, chemin):
    return _structure(lecteur.lire_pivot(lire_docx(imprimer(texte, chemin, aspect))))


@pytest.mark.parametrize("aspect", ASPECTS[::5], ids=str)
def test_meme_structure_que_le_texte(texte_tilleuls, tmp_path, aspect):
    texte = texte_tilleuls if aspect.notes_de_word else texte_tilleuls.replace(*APPEL_COLLE)
    if not aspect.sommaire_en_tableau:
        texte = texte.replace(*PAGE_DOUBLE)
    lu = _relire(texte, aspect, tmp_path / "contrat.docx")
    assert lu == _structure(lecteur.lire_texte(texte))


def test_impression_deterministe(texte_tilleuls, tmp_path):
    octets = [imprimer(texte_tilleuls, tmp_path / nom).read_bytes() for nom in ("a", "b")]
    assert octets[0] == octets[1]


@pytest.mark.reference
@pytest.mark.parametrize("aspect", [ASPECTS[0], ASPECTS[9]], ids=str)
def test_reference_imprimee_en_word(chemin_reference, tmp_path, aspect):
    texte = chemin_reference.read_text(encoding="utf-8")
    attendu = _structure(lecteur.lire_texte(texte))
    assert _relire(texte, aspect, tmp_path / "reference.docx") == attendu


def test_deux_cents_pages(tmp_path):
    rangees = [
        tc(f"Libellé {n}") + tc("".join(p("mot " * 60) for _ in range(3))) for n in range(600)
    ]
    chemin = ecrire(tmp_path / "long.docx", "".join(tbl(*rangees[i : i + 4]) for i in range(600)))
    debut = time.process_time()
    lire_docx(chemin)
    assert time.process_time() - debut < 10
    tracemalloc.start()
    lire_docx(chemin)
    assert tracemalloc.get_traced_memory()[1] < 100 * 1024 * 1024
    tracemalloc.stop()


@pytest.fixture
def refus(tmp_path):
    def refuser(corps, mots, **pieces):
        with pytest.raises(DocumentIllisible, match=mots):
            lire_docx(ecrire(tmp_path / "refus.docx", corps, **pieces))

    return refuser


def test_document_vide(refus):
    refus("", "vide")
    refus(p("  ") + tbl(tc(p(""))), "vide")
    refus(p("caché", run="<w:vanish/>"), "vide")


def test_document_fait_d_images(refus):
    image = "<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>"
    refus(image * 3, "images")
    refus(image * 30 + p("Page numérisée. " * 20), "images")


def test_texte_incorpore(refus):
    refus("<w:altChunk/>", "incorporé")


def test_emboitement_sans_fin(refus):
    profond = p("fond")
    for _ in range(60):
        profond = tbl(tc(profond))
    refus(profond, "emboîté|abîmé")
    refus("<w:sdt><w:sdtContent>" * 60 + "</w:sdtContent></w:sdt>" * 60, "emboîté|abîmé")
    refus(f"<w:p>{'<w:ins>' * 80}{r('x')}{'</w:ins>' * 80}</w:p>", "emboîté|abîmé")


def test_cellule_demesuree(refus):
    refus(tbl(tc("a") + tc(p("mot " * 60_000))), "tableau 1, rangée 1")


def test_valeurs_insensees(tmp_path):
    num = '<w:numPr><w:ilvl w:val="99"/><w:numId w:val="x"/></w:numPr><w:outlineLvl w:val="-4"/>'
    rangee = f'<w:trPr><w:gridBefore w:val="999999999"/></w:trPr>{tc("b")}{tc("c")}'
    corps = p("a", num) + tbl(rangee) + "<w:p><w:r><w:sym w:char='zz'/></w:r></w:p>"
    lignes = lire_docx(ecrire(tmp_path / "fou.docx", corps)).lignes
    assert lignes[0] == "a"
    assert lignes[1].endswith("<p>b</p>\t<p>c</p>")


def test_autres_archives(tmp_path):
    for nom, mots in (
        ("xl/workbook.xml", "Excel"), ("ppt/presentation.xml", "présentation"),
        ("content.xml", "OpenDocument"), ("photo.jpg", "pas un document Word"),
    ):  # fmt: skip
        chemin = tmp_path / "autre.docx"
        with zipfile.ZipFile(chemin, "w") as archive:
            archive.writestr(nom, "<a/>")
        with pytest.raises(DocumentIllisible, match=mots):
            lire_docx(chemin)


def test_coupures_et_octets_abimes(texte_tilleuls, tmp_path):
    """Un fichier abîmé se lit encore ou se refuse ; il ne fait jamais d'autre erreur."""
    octets = imprimer(texte_tilleuls, tmp_path / "sain.docx").read_bytes()
    hasard = random.Random(7)
    chemin = tmp_path / "abime.docx"
    for tour in range(250):
        abime = bytearray(octets)
        if tour % 5 == 0:
            del abime[hasard.randrange(len(abime)) :]
        else:
            for _ in range(hasard.randrange(1, 8)):
                abime[hasard.randrange(len(abime))] = hasard.randrange(256)
        _lire_ou_refuser(chemin, bytes(abime))


def test_xml_abime(texte_tilleuls, tmp_path):
    """Le même essai sous la compression : balises coupées, valeurs et noms changés."""
    sain = imprimer(texte_tilleuls, tmp_path / "sain.docx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(sain)) as archive:
        pieces = {nom: archive.read(nom) for nom in archive.namelist() if nom.endswith("l")}
    hasard = random.Random(11)
    visees = [nom for nom in pieces if nom.startswith("word/") or nom.endswith(".rels")]
    for _ in range(120):
        nom = hasard.choice(visees)
        abime = bytearray(pieces[nom])
        for _ in range(hasard.randrange(1, 4)):
            place = hasard.randrange(len(abime))
            abime[place : place + hasard.randrange(2)] = hasard.choice(
                (b"9", b"-1", b"", b"w:p", b'""')
            )
        tampon = io.BytesIO()
        with zipfile.ZipFile(tampon, "w") as archive:
            for autre, contenu in pieces.items():
                archive.writestr(autre, bytes(abime) if autre == nom else contenu)
        _lire_ou_refuser(tmp_path / "abime.docx", tampon.getvalue())


def _lire_ou_refuser(chemin, octets):
    chemin.write_bytes(octets)
    try:
        lire_docx(chemin)
    except DocumentIllisible as refus:
        assert len(refus.texte) > 15
