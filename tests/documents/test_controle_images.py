"""Relire une image : redressée, récrite, et plus rien de qui l'a prise, où, quand."""

import io
import struct
import zlib

import pytest
from PIL import Image

from parvis.documents.controle import images
from parvis.documents.controle.images import relire_une_image
from parvis.socle.refus import Refus
from tests.fabriques import fichiers
from tests.fabriques.fichiers import image, photo_localisee

TRACES = (
    b"Exif", b"eXIf", b"Fabricant-Espion", b"Commentaire-Secret", b"Profil-Traceur", b"iCCP", b"tEXt",
    b"ICC_PROFILE",
)  # fmt: skip


def ouvrir(octets):
    return Image.open(io.BytesIO(octets))


def refus(octets, sorte="jpeg"):
    with pytest.raises(Refus) as leve:
        relire_une_image(octets, sorte)
    (motif,) = leve.value.motifs
    return motif


def png_annonce(largeur, hauteur):
    """Rend un PNG d'un noir parfait : quelques kilooctets, quatre cents millions de points."""

    def morceau(nom, contenu):
        somme = struct.pack(">I", zlib.crc32(nom + contenu))
        return struct.pack(">I", len(contenu)) + nom + contenu + somme

    entete = struct.pack(">IIBBBBB", largeur, hauteur, 1, 0, 0, 0, 0)
    points = zlib.compress(bytes((largeur // 8 + 1) * hauteur), 9)
    suite = morceau(b"IHDR", entete) + morceau(b"IDAT", points) + morceau(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + suite


class TestCeQuiDisparait:
    @pytest.mark.parametrize(("format_", "sorte"), [("JPEG", "jpeg"), ("PNG", "png")])
    def test_le_lieu_l_appareil_et_les_commentaires(self, format_, sorte):
        avant = photo_localisee(format_)
        assert sum(trace in avant for trace in TRACES) >= 3
        apres = relire_une_image(avant, sorte)
        assert [trace for trace in TRACES if trace in apres] == []
        relue = ouvrir(apres)
        assert relue.format == format_ and not relue.getexif()

    def test_ce_qui_suivait_l_image(self):
        for intrus in (b"<script>alert(1)</script>", fichiers.archive({"a.exe": b"MZ"})):
            for format_, sorte in (("JPEG", "jpeg"), ("PNG", "png")):
                assert intrus not in relire_une_image(image(format_) + intrus, sorte)


class TestCeQuiReste:
    @pytest.mark.parametrize(("format_", "sorte"), [("JPEG", "jpeg"), ("PNG", "png")])
    def test_l_image_redressee(self, format_, sorte):
        relue = ouvrir(relire_une_image(photo_localisee(format_), sorte)).convert("RGB")
        # Le coin rouge, en haut à gauche de la photo couchée, passe en haut à droite.
        assert relue.size == (40, 60)
        assert relue.getpixel((35, 5))[1] < 60 and relue.getpixel((5, 5))[1] > 200

    @pytest.mark.parametrize(
        ("mode", "format_", "rendu"),
        [
            ("L", "JPEG", "L"),
            ("CMYK", "JPEG", "RGB"),
            ("1", "PNG", "L"),
            ("P", "PNG", "RGB"),
            ("RGBA", "PNG", "RGBA"),
            ("LA", "PNG", "RGBA"),
        ],
    )
    def test_chaque_mode_de_couleur(self, mode, format_, rendu):
        sorte = {"JPEG": "jpeg", "PNG": "png"}[format_]
        assert ouvrir(relire_une_image(image(format_, mode=mode), sorte)).mode == rendu

    def test_un_gris_a_seize_bits_ne_blanchit_pas(self):
        sortie = io.BytesIO()
        Image.new("I;16", (10, 10), 32_768).save(sortie, "PNG")
        assert ouvrir(relire_une_image(sortie.getvalue(), "png")).getpixel((5, 5)) == 128

    def test_la_transparence_d_une_palette(self):
        octets = image("PNG", mode="P", transparency=0)
        assert ouvrir(relire_une_image(octets, "png")).getpixel((0, 0))[3] == 0

    def test_une_image_trop_fine_est_reduite(self, monkeypatch):
        monkeypatch.setattr(images, "COTE_MAX", 30)
        assert ouvrir(relire_une_image(image(taille=(60, 40)), "jpeg")).size == (30, 20)


class TestCeQuiEstRefuse:
    def test_une_image_de_vingt_mille_points_de_cote(self):
        octets = png_annonce(20_000, 20_000)
        assert len(octets) < 100_000
        assert "trop grande (20000 × 20000 points)" in refus(octets, "png")

    def test_une_image_coupee(self):
        assert "abîmée" in refus(image()[:-200])
        assert "abîmée" in refus(image("PNG")[:-30], "png")

    def test_une_image_d_une_autre_sorte(self):
        assert "abîmée" in refus(image("PNG"), "jpeg")
        assert "abîmée" in refus(image("GIF", mode="P"), "png")
        assert "abîmée" in refus(b"\xff\xd8\xff" + b"a" * 500)
