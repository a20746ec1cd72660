"""Archives hostiles, abîmées ou chiffrées : refusées avec une phrase, avant d'avoir coûté."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from parvis.cadre.importation.formats import archive as archives
from parvis.cadre.importation.formats.archive import ouvrir
from parvis.cadre.importation.source import DocumentIllisible

XML = b'<?xml version="1.0" encoding="UTF-8"?><a/>'


def _zip(*pieces, compression=zipfile.ZIP_DEFLATED):
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", compression) as archive:
        for nom, contenu in pieces:
            archive.writestr(nom, contenu)
    return tampon.getvalue()


@pytest.fixture
def lire(tmp_path):
    def lire_piece(octets, nom="a.xml", racine=False):
        chemin = tmp_path / "essai.docx"
        chemin.write_bytes(octets)
        with ouvrir(chemin) as archive:
            return archive.lire_xml(nom) if racine else archive.lire(nom)

    return lire_piece


def test_lecture(lire, tmp_path):
    octets = _zip(("Dossier\\A.xml", XML), ("image.png", b"\x89PNG"))
    assert lire(octets, "dossier/a.XML") == XML
    assert lire(octets, "dossier/a.xml", racine=True).tag == "a"
    with ouvrir(tmp_path / "essai.docx") as archive:
        assert archive.noms == ("Dossier/A.xml", "image.png")
        assert not archive.contient("b.xml")
    with pytest.raises(DocumentIllisible, match="manque"):
        lire(octets, "b.xml")


@pytest.mark.parametrize(
    ("octets", "mots"),
    [
        (b"", "vide"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "mot de passe"),
        (b"%PDF-1.7", "pas un document Word"),
        (b"PK\x03\x04" + b"\0" * 40, "abîmé"),
        (b"PK", "abîmé"),
        (_zip(("a.xml", XML))[:-30], "abîmé"),
        (_zip(("../a.xml", XML)), "interdit"),
        (_zip(("/a.xml", XML)), "interdit"),
        (_zip(("a.xml", XML), ("A.xml", XML)), "deux fois"),
        (_zip(("a.xml", XML), compression=zipfile.ZIP_LZMA), "abîmé"),
        (_zip(("a.xml", b"\x89PNG")), "XML"),
    ],
)
def test_refus(lire, octets, mots):
    with pytest.raises(DocumentIllisible, match=mots):
        lire(octets)


def test_absent_et_dossier(tmp_path):
    for chemin in (tmp_path / "absent.docx", tmp_path):
        with pytest.raises(DocumentIllisible, match=r"n'existe pas|est un dossier"), ouvrir(chemin):
            pass


def test_archive_trop_grande_sans_etre_lue(tmp_path):
    chemin = tmp_path / "enorme.docx"
    with chemin.open("wb") as flux:
        flux.write(b"PK\x03\x04")
        flux.truncate(archives.ARCHIVE_MAX + 1)
    with pytest.raises(DocumentIllisible, match="60 Mo"), ouvrir(chemin):
        pass


def test_chiffrement_de_l_archive(lire):
    octets = bytearray(_zip(("a.xml", XML)))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        octets[octets.index(signature) + place] |= 1
    with pytest.raises(DocumentIllisible, match="mot de passe"):
        lire(bytes(octets))


def test_bombes(lire):
    bombe = _zip(("a.xml", b"<a>" + b" " * (40 * 1024 * 1024)))
    geante = _zip(("a.xml", b"<a>" + b" " * (archives.PIECE_MAX + 1)))
    tracemalloc.start()
    with pytest.raises(DocumentIllisible, match="démesurée"):
        lire(bombe)
    with pytest.raises(DocumentIllisible, match="trop grande"):
        lire(geante)
    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()


def test_taille_mensongere(lire):
    """Une pièce qui annonce moins que ce qu'elle contient est abîmée, jamais lue au-delà."""
    octets = bytearray(_zip(("a.xml", b"<a>" + b" " * 5_000_000)))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", octets, octets.index(signature) + place, 50)
    with pytest.raises(DocumentIllisible, match="abîmé"):
        lire(bytes(octets))


def test_total_borne(lire, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "TOTAL_MAX", 2 * len(XML))
    (tmp_path / "t.docx").write_bytes(_zip(*((f"{n}.xml", XML) for n in range(3))))
    with ouvrir(tmp_path / "t.docx") as archive:
        archive.lire("0.xml")
        archive.lire("1.xml")
        with pytest.raises(DocumentIllisible, match="décompressé"):
            archive.lire("2.xml")


def test_entrees_trop_nombreuses_ou_recouvertes(lire):
    foule = _zip(*((f"{n}.xml", b"") for n in range(archives.ENTREES_MAX + 1)))
    with pytest.raises(DocumentIllisible, match="trop de pièces"):
        lire(foule)
    octets = bytearray(_zip(("a.xml", XML), ("b.xml", XML)))
    seconde = octets.rindex(b"PK\x01\x02")
    struct.pack_into("<I", octets, seconde + 42, 0)  # la seconde pièce montre la première
    with pytest.raises(DocumentIllisible, match="recouvrent"):
        lire(bytes(octets))


def test_repertoire_demesure(lire):
    octets = bytearray(_zip(("a.xml", XML)) + b"")
    fin = octets.rindex(b"PK\x05\x06")
    octets[fin:fin] = b"PK\x01\x02" + b"\0" * (5 * 1024 * 1024)
    struct.pack_into("<I", octets, octets.rindex(b"PK\x05\x06") + 12, 5 * 1024 * 1024)
    with pytest.raises(DocumentIllisible, match="abîmé"):
        lire(bytes(octets))


RIRES = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "xml",
    [
        RIRES.encode(),
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"\xef\xbb\xbf" + RIRES.encode(),
        RIRES.encode("utf-16"),
        RIRES.encode("utf-16-le"),
        RIRES.encode("utf-16-be"),
        RIRES.encode("utf-32"),
    ],
)
def test_entites_refusees(lire, xml):
    with pytest.raises(DocumentIllisible, match="entités"):
        lire(_zip(("a.xml", xml)))


@pytest.mark.parametrize("encodage", ["utf-7", "ebcdic-cp-fr", "x"])
def test_encodage_inattendu(lire, encodage):
    with pytest.raises(DocumentIllisible, match="encodage"):
        lire(_zip(("a.xml", f'<?xml version="1.0" encoding="{encodage}"?><a/>')))


def test_xml_hostile(lire):
    with pytest.raises(DocumentIllisible, match="trop de balises"):
        lire(
            _zip(("a.xml", b"<a>" + b"<b c='1'/>" * 1_600_000 + b"</a>"), compression=0),
            racine=True,
        )
    for xml in (b"<a>" * 100_000, b"<a><b></a>", b"<a>&inconnue;</a>", b"<a>\x00</a>"):
        with pytest.raises(DocumentIllisible, match="XML"):
            lire(_zip(("a.xml", xml), compression=0), racine=True)


def test_utf16_honnete(lire):
    assert lire(_zip(("a.xml", "<a>é</a>".encode("utf-16"))), racine=True).text == "é"
