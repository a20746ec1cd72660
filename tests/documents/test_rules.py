"""Ce que disent le nom et le début d'un fichier : accepté, ou refusé en disant quoi faire."""

import pytest

from parvis.documents.enums import IMAGES, TABLEAUX, TEXTES, Sorte
from parvis.documents.rules import formats
from parvis.documents.rules.depot import (
    DEBUT,
    MEGA,
    TAILLE_MAX,
    motifs_empechant_le_depot,
    poids,
    sorte_annoncee,
)
from parvis.documents.rules.noms import LONGUEUR_MAX, extension, nom_a_garder
from tests.fabriques import fichiers

HEIC = b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(24)
DEBUTS = {
    "pdf": b"%PDF-1.7\n",
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "docx": b"PK\x03\x04\x14\x00",
}


def motifs(nom, debut=b"", taille=1000, **options):
    return motifs_empechant_le_depot(nom=nom, taille=taille, debut=debut, **options)


class TestCeQuiEstAccepte:
    @pytest.mark.parametrize("sorte", Sorte)
    def test_chaque_sorte_par_chacune_de_ses_extensions(self, sorte):
        octets = fichiers.VALIDES[sorte]()
        for fin in formats.FORMATS[sorte].extensions:
            nom = f"Statuts.{fin.upper()}"
            assert sorte_annoncee(nom) == sorte
            assert motifs(nom, octets[:DEBUT], len(octets)) == []

    def test_chaque_sorte_a_son_format_et_les_familles_les_couvrent(self):
        assert set(formats.FORMATS) == set(Sorte) == IMAGES | TEXTES | TABLEAUX

    def test_aucune_extension_n_est_acceptee_et_refusee(self):
        assert not formats.SORTE_D_UNE_EXTENSION.keys() & formats.REFUS_D_UNE_EXTENSION.keys()

    def test_les_formats_se_disent_et_se_demandent(self):
        assert formats.mots_des_sortes(IMAGES | {Sorte.PDF}) == "PDF, JPEG ou PNG"
        assert formats.mots_des_sortes({Sorte.PDF}) == "PDF"
        assert formats.attribut_accept(IMAGES) == ".jpg,.jpeg,.png"


class TestCeQuiEstRefuse:
    @pytest.mark.parametrize(
        ("nom", "dit"),
        [
            ("bilan.zip", "archive ZIP : ouvrez-la, puis déposez chaque document à part"),
            ("bilan.rar", "archive : ouvrez-la"),
            ("budget.xlsm", "enregistrez-le en .xlsx sans macros, ou en PDF"),
            ("statuts.docm", "enregistrez-le en .docx sans macros, ou en PDF"),
            ("statuts.doc", "ancien format Office (.doc)"),
            ("comptes.xls", "enregistrez-le en .xlsx ou en PDF"),
            ("IMG_2041.HEIC", "iPhone"),
            ("logo.gif", "format GIF : enregistrez-la en JPEG ou en PNG"),
            ("logo.svg", "format SVG"),
            ("budget.csv", "en .xlsx, en .ods ou en PDF"),
            ("projet.pptx", "une présentation"),
            ("facture.pdf.exe", "un programme"),
            ("page.html", "un programme ou une page"),
            ("statuts", "ne finit pas par son format"),
            (".pdf", "ne finit pas par son format"),
            ("plan.dwg", "« .dwg » n’est pas accepté : donnez ce document en PDF, JPEG"),
            ("cv\u202efdp.exe", "un programme"),
        ],
    )
    def test_une_extension_dit_quoi_faire(self, nom, dit):
        (motif,) = motifs(nom, b"%PDF-1.7")
        assert dit in motif

    @pytest.mark.parametrize(
        ("nom", "debut", "dit"),
        [
            ("rib.pdf", DEBUTS["jpg"], "« .pdf », mais son contenu est une image JPEG. Renommez-le en .jpg"),
            ("rib.jpg", DEBUTS["png"], "une image PNG"),
            ("rib.jpg", DEBUTS["pdf"], "un PDF"),
            ("rib.png", b"GIF89a\x01\x00", "une image GIF"),
            ("rib.jpg", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "une image WebP"),
            ("rib.jpg", HEIC, "iPhone"),
            ("statuts.pdf", DEBUTS["docx"], "une archive ZIP ou un document de bureau"),
            ("statuts.docx", OLE, "protégé par un mot de passe"),
            ("statuts.docx", b"{\\rtf1", "un texte RTF"),
            ("statuts.pdf", b"MZ\x90\x00", "un programme"),
            ("statuts.pdf", b"<html>", "une page"),
            ("statuts.pdf", b"\n\n%PDF-1.4", "il est abîmé, ou il a été renommé"),
            ("statuts.pdf", b"Bonjour", "il est abîmé, ou il a été renommé"),
            ("photo", HEIC, "iPhone"),
        ],
    )  # fmt: skip
    def test_une_extension_mensongere_se_voit(self, nom, debut, dit):
        (motif,) = motifs(nom, debut)
        assert dit in motif

    def test_une_sorte_qui_ne_convient_pas_ici(self):
        (motif,) = motifs("photo.jpg", DEBUTS["jpg"], accepte=frozenset({Sorte.PDF}))
        assert motif == "Ici, un fichier JPEG ne convient pas : donnez-le en PDF."

    def test_la_taille(self):
        assert motifs("a.pdf", DEBUTS["pdf"], TAILLE_MAX) == []
        (motif,) = motifs("a.pdf", DEBUTS["pdf"], int(12.3 * MEGA))
        assert motif.startswith("Ce fichier pèse 12,3 Mo ; la limite est de 10 Mo.")
        (motif,) = motifs("a.pdf", b"", 0)
        assert "vide" in motif

    def test_tous_les_motifs_se_disent_ensemble(self):
        assert len(motifs("a.pdf", b"GIF89a", 11 * MEGA, accepte={Sorte.PNG})) == 3
        assert len(motifs("a.zip", b"PK", 11 * MEGA)) == 2

    def test_chaque_refus_est_une_phrase(self):
        for phrase in formats.REFUS_D_UNE_EXTENSION.values():
            assert phrase[0].isupper() and phrase.endswith((".", ").")) and "{" not in phrase
            assert "'" not in phrase


@pytest.mark.parametrize(
    ("taille", "lue"),
    [(12, "12 octets"), (2048, "2 ko"), (MEGA, "1 Mo"), (int(2.25 * MEGA), "2,2 Mo")],
)
def test_un_poids_se_lit(taille, lue):
    assert poids(taille) == lue


class TestUnNomHostile:
    @pytest.mark.parametrize(
        ("recu", "garde"),
        [
            ("Statuts 2026.PDF", "Statuts 2026.pdf"),
            ("../../x.pdf", "x.pdf"),
            ("C:\\Users\\Amina\\RIB.pdf", "RIB.pdf"),
            ("/etc/passwd.pdf", "passwd.pdf"),
            ("a\x00b\x1f.pdf", "ab.pdf"),
            ("cv\u202efdp.pdf", "cvfdp.pdf"),
            ("a\u200bb\ufeff.pdf", "ab.pdf"),
            ("ligne\r\nContent-Type: x.pdf", "ligne Content-Type- x.pdf"),
            ('a<b>:"|?*.pdf', "a-b------.pdf"),
            ("...pdf", "pdf"),
            (" .pdf. ", "pdf"),
            (" - .pdf", "-.pdf"),
            ("e\u0301te\u0301.pdf", "été.pdf"),
            ("\ud800.pdf", "pdf"),
            ("", "document"),
            ("../", "document"),
        ],
    )
    def test_se_montre_et_s_enregistre_sans_danger(self, recu, garde):
        assert nom_a_garder(recu) == garde

    def test_trop_long_garde_son_extension(self):
        garde = nom_a_garder("é" * 300 + ".docx")
        assert len(garde) == LONGUEUR_MAX and garde.endswith("é.docx")
        assert len(nom_a_garder("a" * 300)) == LONGUEUR_MAX

    @pytest.mark.parametrize(
        ("nom", "fin"),
        [
            ("a.pdf", "pdf"),
            ("a.tar.GZ", "gz"),
            ("a.pdf ", "pdf"),
            ("a.pdf.", "pdf"),
            ("a", ""),
            (".pdf", ""),
            ("a.p df", ""),
            ("a.très-long-suffixe", ""),
        ],
    )
    def test_son_extension_est_la_derniere(self, nom, fin):
        assert extension(nom) == fin
