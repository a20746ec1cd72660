"""Relire un PDF : sans mot de passe, sans programme, sans autre fichier, et rien qu'un PDF."""

import pytest

from parvis.connecteurs.antivirus.faux_serveur import EICAR
from parvis.documents.controle import pdf as controle
from parvis.documents.controle import relire
from parvis.documents.controle.pdf import relire_un_pdf
from parvis.socle.refus import Refus
from tests.fabriques import fichiers
from tests.fabriques.fichiers import pdf, pdf_chiffre, pdf_comprime


def refus(octets):
    with pytest.raises(Refus) as leve:
        relire_un_pdf(octets)
    return leve.value.motifs


def flux(octets: bytes) -> bytes:
    return b"<</Length %d>>stream\n" % len(octets) + octets + b"\nendstream"


class TestCeQuiPasse:
    @pytest.mark.parametrize(
        "octets",
        [
            pdf(),
            pdf_comprime(b"", {4: b"<</S/URI/URI(https://exemple.example)>>"}),
            # Protégé contre la copie, comme un RIB : il s'ouvre sans mot de passe.
            pdf_chiffre(),
            # Un lien, un signet qui parle d'un programme, et une image qui en a l'air.
            pdf(b"/OpenAction[3 0 R/Fit]", {4: b"<</Title(Cours de /JavaScript /JS)>>"}),
            pdf(b"", {4: flux(b"q /JS Do Q")}),
            pdf(b"", {4: flux(EICAR)}),
            pdf(queue="\r\n\0\0 % fin"),
        ],
        ids=["nu", "comprime", "chiffre", "signet", "flux", "eicar", "queue"],
    )
    def test_est_rendu_tel_quel(self, octets):
        assert relire_un_pdf(octets) is octets


class TestUnProgramme:
    @pytest.mark.parametrize(
        "catalogue",
        [
            b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
            b"/OpenAction<</S/J#61vaScript/J#53(x)>>",
            b"/OpenAction<</S/Launch/F(calc.exe)>>",
            b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(x)>>]>>>>",
            b"/AcroForm<</Fields[]/XFA[]>>",
            b"/AA<</WC<</S/ImportData>>>>",
        ],
    )
    def test_est_refuse_meme_compresse_ou_ecrit_autrement(self, catalogue):
        for octets in (pdf(catalogue), pdf_comprime(catalogue, {})):
            (motif,) = refus(octets)
            assert "contient un programme" in motif and "imprimez-le en PDF" in motif

    def test_dans_un_objet_que_rien_ne_nomme(self):
        assert "programme" in refus(pdf(b"", {9: b"<</S/JavaScript/JS(x)>>"}))[0]

    def test_un_texte_ne_cache_pas_ce_qui_le_suit(self):
        ruse = b"/A(stream\r\n)/OpenAction<</S/Launch/F(x)>>/B(\r\nendstream)"
        assert "programme" in refus(pdf_comprime(ruse, {}))[0]

    def test_un_flux_ne_cache_pas_ce_qui_le_suit(self):
        ruse = flux(b"x\r\nendstream\r\nendobj\r\nstream\r\n")
        octets = pdf_comprime(b"/OpenAction 5 0 R", {5: b"<</S/Launch/F(x)>>"})
        assert "programme" in refus(octets)[0]
        assert "programme" in refus(pdf(b"", {4: ruse, 5: b"<</S/La#75nch/F(x)>>"}))[0]


class TestUnAutreFichier:
    @pytest.mark.parametrize(
        "catalogue",
        [
            b"/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a.exe)/EF<</F 3 0 R>>>>]>>>>",
            b"/OpenAction<</S/GoToE/T<</R/C>>>>",
        ],
    )
    def test_en_piece_jointe(self, catalogue):
        for octets in (pdf(catalogue), pdf_comprime(catalogue, {})):
            (motif,) = refus(octets)
            assert "porte d’autres fichiers" in motif

    def test_une_archive_a_la_suite(self):
        assert "autres fichiers" in refus(pdf() + fichiers.archive({"a.exe": b"MZ"}))[0]

    def test_n_importe_quoi_a_la_suite(self):
        assert "autres fichiers" in refus(pdf() + b"x" * 2_000)[0]

    def test_les_deux_motifs_se_disent(self):
        assert len(refus(pdf(b"/A<</S/JavaScript>>/B<</S/GoToE>>"))) == 2


class TestUnPdfQuiNeSeLitPas:
    def test_protege_par_un_mot_de_passe(self):
        assert "mot de passe" in refus(pdf_chiffre(b"secret"))[0]

    @pytest.mark.parametrize(
        "octets",
        [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\xff" * 5_000, pdf()[:60]],
    )
    def test_abime(self, octets):
        assert "abîmé" in refus(octets)[0]

    def test_sans_page(self):
        # À part : PDFium y garderait ici l'erreur d'un document d'avant.
        with pytest.raises(Refus, match="abîmé"):
            relire("pdf", pdf(objets={2: b"<</Kids[]>>"}))

    def test_trop_de_pages(self, monkeypatch):
        monkeypatch.setattr(controle, "PAGES_MAX", 0)
        assert refus(pdf()) == ["Ce PDF a 1 pages ; la limite est de 0. N’en gardez que l’utile."]
