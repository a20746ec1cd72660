"""Relire un document de bureau : de la sorte dite, sans macros, sans intrus, sans bombe."""

import io
import time
import zipfile

import docx
import openpyxl
import pytest
import xlsxwriter

from parvis.documents.controle.bureau import relire_un_document
from parvis.socle.refus import Refus
from tests.architecture.regles import RACINE
from tests.fabriques.fichiers import W, archive, bureau, liens, odf, pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
IMPRIMES = RACINE / "tests" / "fabriques" / "contrats" / "imprimes"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"


def refus(pieces, sorte="docx", **options):
    octets = pieces if isinstance(pieces, bytes) else archive(pieces, **options)
    with pytest.raises(Refus) as leve:
        relire_un_document(octets, sorte)
    return " ".join(leve.value.motifs)


def passe(pieces, sorte="docx"):
    octets = archive(pieces)
    return relire_un_document(octets, sorte) is octets


def corps(contenu):
    return {
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{contenu}</w:body></w:document>'
    }


def champ(*morceaux):
    suite = "".join(f"<w:r><w:instrText>{m}</w:instrText></w:r>" for m in morceaux)
    debut, fin = (f'<w:r><w:fldChar w:fldCharType="{t}"/></w:r>' for t in ("begin", "end"))
    return corps(f"<w:p>{debut}{suite}{fin}</w:p>")


class TestCeQuiPasse:
    @pytest.mark.parametrize("nom", ["a-brevenne.docx", "b-haut-sornin.docx", "c-arcelles.xlsx"])
    def test_de_vrais_documents(self, nom):
        octets = (IMPRIMES / nom).read_bytes()
        assert relire_un_document(octets, nom.rpartition(".")[2]) is octets

    def test_ce_qu_ecrivent_les_bibliotheques(self):
        for ecrire, sorte in (
            (docx.Document().save, "docx"),
            (openpyxl.Workbook().save, "xlsx"),
            (classeur_avec_graphique, "xlsx"),
        ):
            sortie = io.BytesIO()
            ecrire(sortie)
            assert relire_un_document(sortie.getvalue(), sorte)

    @pytest.mark.parametrize("sorte", ["odt", "ods"])
    def test_libreoffice(self, sorte):
        assert passe(odf(sorte) | {"Object 1/content.xml": "<a/>", "layout-cache": b"\1"}, sorte)

    def test_un_graphique_garde_son_classeur(self):
        classeur = archive(bureau("xlsx"))
        assert passe(bureau(**{"word/embeddings/Microsoft_Excel_Sheet1.xlsx": classeur}))

    @pytest.mark.parametrize(
        "cible",
        ["file:///C:\\Users\\Amina\\Normal.dotm", "Normal.dotm", "file:///Users/amina/Normal.dotm"],
    )
    def test_le_modele_de_l_ordinateur(self, cible):
        suite = liens(
            ("attachedTemplate", cible, "External"), ("hyperlink", "https://x.example", "External")
        )
        assert passe(bureau(**{"word/_rels/settings.xml.rels": suite}))  # fmt: skip

    def test_un_lien_vers_un_site_qui_s_appelle_dde(self):
        assert passe(bureau(**champ('HYPERLINK "http://www.dde.example/"')))


def classeur_avec_graphique(sortie):
    livre = xlsxwriter.Workbook(sortie)
    feuille, graphique = livre.add_worksheet(), livre.add_chart({"type": "bar"})
    feuille.write(0, 0, 1)
    graphique.add_series({"values": "=Sheet1!$A$1:$A$1"})
    feuille.insert_chart("B2", graphique)
    livre.close()


class TestLesMacros:
    def test_un_docm_renomme(self):
        assert "macros" in refus(bureau(type_=MACRO_WORD))

    @pytest.mark.parametrize(
        "piece",
        [
            "word/vbaProject.bin",
            "word/VBAPROJECT.BIN",
            "xl/macrosheets/sheet1.xml",
            "word/activeX/activeX1.xml",
        ],
    )
    def test_une_piece_de_macros(self, piece):
        assert "macros" in refus(bureau(**{piece: "<a/>"}))

    def test_un_type_de_macros_sous_un_autre_nom(self):
        pieces = bureau()
        pieces["[Content_Types].xml"] = pieces["[Content_Types].xml"].replace(
            "</Types>",
            '<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
        )
        assert "macros" in refus(pieces)

    @pytest.mark.parametrize("sorte", ["odt", "ods"])
    def test_les_macros_de_libreoffice(self, sorte):
        assert "macros" in refus(odf(sorte) | {"Basic/Standard/Module1.xml": "<a/>"}, sorte)
        assert "macros" in refus(odf(sorte) | {"Scripts/python/a.py": "x"}, sorte)

    def test_un_evenement_qui_appelle_un_programme(self):
        appel = '<s e="dom:load" h="vnd.sun.star.script:../a.py$x?language=Python"/>'
        assert "macros" in refus(odf(contenu=appel), "odt")
        assert "macros" in refus(odf(contenu=appel.replace("vnd", "&#118;nd")), "odt")

    @pytest.mark.parametrize("morceaux", [("DDEAUTO c:\\\\x",), ("DD", "EAU", "TO x"), (" dde x",)])
    def test_un_champ_dde(self, morceaux):
        assert "macros" in refus(bureau(**champ(*morceaux)))

    def test_un_champ_dde_simple_et_un_lien_dde(self):
        assert "macros" in refus(bureau(**corps('<w:fldSimple w:instr=" DDEAUTO x"/>')))
        lien = {"xl/externalLinks/externalLink1.xml": "<a><ddeLink/></a>"}
        assert "macros" in refus(bureau("xlsx", **lien), "xlsx")


class TestUnAutreFichier:
    @pytest.mark.parametrize(
        ("piece", "contenu"),
        [
            ("word/embeddings/oleObject1.bin", OLE),
            ("word/media/image1.png", OLE),
            ("word/media/image1.png", archive({"a": b"x"})),
            ("word/virus.exe", b"MZ"),
            ("word/embeddings/statuts.docx", archive(bureau())),
            ("sans_extension", b"x"),
        ],
    )
    def test_incorpore(self, piece, contenu):
        assert "autre fichier" in refus(bureau(**{piece: contenu}))

    def test_un_objet_de_libreoffice(self):
        assert "autre fichier" in refus(odf() | {"Object 1": OLE}, "odt")

    def test_un_classeur_incorpore_est_relu_a_son_tour(self):
        piege = archive(bureau("xlsx", **{"xl/vbaProject.bin": b"x"}))
        nom = "word/embeddings/Microsoft_Excel_Sheet1.xlsx"
        assert "macros" in refus(bureau(**{nom: piege}))
        dedans = archive(bureau("xlsx", **{"xl/embeddings/b.xlsx": archive(bureau("xlsx"))}))
        assert "autre fichier" in refus(bureau(**{nom: dedans}))

    @pytest.mark.parametrize(
        ("sorte", "cible"),
        [
            ("attachedTemplate", "https://mechant.example/a.dotm"),
            ("attachedTemplate", "\\\\mechant\\a.dotm"),
            ("attachedTemplate", "file://mechant/a.dotm"),
            ("attachedTemplate", "file:///\\\\mechant\\a.dotm"),
            ("oleObject", "https://mechant.example/a.html"),
            ("frame", "file:///C:/a.html"),
        ],
    )
    def test_une_partie_lointaine(self, sorte, cible):
        suite = liens((sorte, cible, "External"))
        assert "une autre machine" in refus(bureau(**{"word/_rels/document.xml.rels": suite}))


class TestCeQuiNeSeLitPas:
    def test_une_autre_sorte_que_celle_dite(self):
        assert "n’est pas ce que dit son nom" in refus(bureau("xlsx"), "docx")
        assert "n’est pas ce que dit son nom" in refus(odf("ods"), "odt")
        assert "n’est pas ce que dit son nom" in refus({"mimetype": "x"}, "odt")

    @pytest.mark.parametrize("sorte", ["docx", "odt"])
    def test_une_simple_archive(self, sorte):
        # Sans le sommaire que tout document a.
        assert refus({"photos/a.png": b"x"}, sorte)

    def test_protege_par_un_mot_de_passe(self):
        clos = odf(manifeste="<file-entry><encryption-data/></file-entry>")
        assert "mot de passe" in refus(clos, "odt")
        octets = bytearray(archive(bureau()))
        centre = octets.index(b"PK\x01\x02")
        octets[6] |= 1
        octets[centre + 8] |= 1
        assert "mot de passe" in refus(bytes(octets))

    def test_un_document_qui_est_aussi_un_pdf(self):
        assert refus({"a.xml": pdf(), **bureau()}, mode=zipfile.ZIP_STORED)

    def test_devant_ou_derriere_une_autre_archive(self):
        assert refus(archive({"a": b"x"}) + archive(bureau()))
        assert refus(archive(bureau()) + b"PK suite")

    def test_coupe_ou_abime(self):
        octets = archive(bureau())
        assert refus(octets[:-40])
        milieu = octets.index(b"word/document.xml") + len("word/document.xml") + 4
        assert refus(octets[:milieu] + b"\xff\xff\xff" + octets[milieu + 3 :])

    @pytest.mark.parametrize(
        "xml",
        ["<a>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", "pas du xml", "<a>&x;</a>"],
    )
    def test_un_xml_abime_ou_hostile(self, xml):
        assert refus(bureau(**{"word/styles.xml": xml}))

    def test_un_chemin_qui_sort_de_l_archive(self):
        assert "interdit" in refus(bureau(**{"../../etc/cron.xml": "<a/>"}))


class TestUneBombe:
    def test_une_piece_demesuree_n_est_pas_decompressee(self):
        debut = time.monotonic()
        octets = archive(bureau(**{"word/media/image1.png": bytes(300 * 1024 * 1024)}))
        preparee = time.monotonic()
        assert len(octets) < 1024 * 1024
        assert "trop grande" in refus(octets)
        assert time.monotonic() - preparee < max(1.0, (preparee - debut) / 2)

    def test_un_rapport_demesure(self):
        assert "démesurée" in refus(bureau(**{"word/media/image1.png": bytes(20 * 1024 * 1024)}))

    def test_trop_de_pieces(self):
        assert "trop de pièces" in refus(
            bureau(**{f"word/media/{n}.png": b"x" for n in range(3_100)})
        )

    def test_trop_de_balises(self, monkeypatch):
        monkeypatch.setattr("parvis.documents.controle.piege.BALISES_MAX", 50)
        assert "trop de balises" in refus(
            bureau(**{"word/styles.xml": "<a>" + "<b/>" * 100 + "</a>"})
        )
