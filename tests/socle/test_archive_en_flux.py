"""Une archive écrite à mesure : lisible, datée, et jamais plus d'un fichier d'avance."""

import io
import zipfile
from datetime import UTC, datetime

from parvis.socle.archive_en_flux import Entree, ecrire_en_flux

QUAND = datetime(2026, 4, 3, 18, 0, 4, tzinfo=UTC)


def relue(morceaux) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(morceaux)))


def test_ce_qui_entre_ressort_date_et_intact():
    entrees = [Entree("01 - Statuts.pdf", b"%PDF-" * 2000), Entree("00 - Sommaire.txt", b"")]
    archive = relue(ecrire_en_flux(entrees, QUAND))
    assert archive.testzip() is None
    assert archive.namelist() == ["01 - Statuts.pdf", "00 - Sommaire.txt"]
    assert archive.read("01 - Statuts.pdf") == b"%PDF-" * 2000
    assert {info.date_time for info in archive.infolist()} == {(2026, 4, 3, 18, 0, 4)}


def test_une_archive_vide_reste_une_archive():
    assert relue(ecrire_en_flux([], QUAND)).namelist() == []


def test_les_memes_fichiers_donnent_les_memes_octets():
    entrees = [Entree("a.txt", b"a"), Entree("b.txt", b"b")]
    premiere, seconde = (b"".join(ecrire_en_flux(entrees, QUAND)) for _ in range(2))
    assert premiere == seconde


def test_une_date_d_avant_le_format_ne_l_arrete_pas():
    archive = relue(ecrire_en_flux([Entree("a", b"a")], datetime(1901, 7, 1, tzinfo=UTC)))
    assert archive.infolist()[0].date_time[:3] == (1980, 7, 1)


def test_un_fichier_part_avant_que_le_suivant_soit_lu():
    lus = []

    def entrees():
        for rang in range(3):
            lus.append(rang)
            yield Entree(f"{rang}.bin", bytes(200_000))

    flux = ecrire_en_flux(entrees(), QUAND)
    premier = next(flux)
    assert lus == [0] and premier.startswith(b"PK\x03\x04")
    next(flux)
    assert lus == [0, 1]
