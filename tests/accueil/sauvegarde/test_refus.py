"""Une sauvegarde qu'il ne faut pas restaurer est refusée en clair, et rien n'est écrit."""

import zipfile

import pytest
from django.core.management import CommandError

from parvis.accueil.sauvegarde import manifeste
from parvis.documents.models import Fichier
from parvis.documents.queries import contenu
from parvis.documents.reserve import FichierPerdu, deposer
from parvis.journal.models import Evenement
from parvis.territoires.models import Commune
from tests.accueil.sauvegarde.conftest import (
    lancer,
    photographier,
    recrire,
    rien_n_est_ecrit,
    tout_vider,
)

pytestmark = pytest.mark.django_db(transaction=True)
AUTRE_CLE = "une-autre-cle-secrete-" * 4
PIECES = ["lignes/journal_evenement.jsonl", "lignes/documents_fichier.jsonl", "tetes.json"]


def refuser(fichier, *options, motif: str) -> None:
    """Vérifie que la restauration est refusée pour ce motif, sans rien écrire."""
    with pytest.raises(CommandError, match=motif):
        lancer("restaurer", fichier, *options)
    assert rien_n_est_ecrit()


@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.9, 0.999])
def test_coupee(archive, part):
    octets = archive.read_bytes()
    archive.write_bytes(octets[: int(len(octets) * part)])
    refuser(archive, motif="n’est pas une sauvegarde entière")


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_abimee_sur_le_disque(archive, part):
    """Un seul bit, où qu'il soit dans les données d'une pièce."""
    octets = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as lue:
        pieces = [i for i in lue.infolist() if i.compress_size > 40]
    piece = pieces[int(len(pieces) * part)]
    octets[piece.header_offset + 90 + len(piece.filename)] ^= 1
    archive.write_bytes(octets)
    refuser(archive, motif="n’est pas une sauvegarde entière")


@pytest.mark.parametrize("octets", [b"", b"PK", b"{}", b"SQLite format 3\0"])
def test_autre_chose_qu_une_sauvegarde(tmp_path, octets):
    (tmp_path / "x.zip").write_bytes(octets)
    refuser(tmp_path / "x.zip", motif="n’est pas une sauvegarde entière")


def test_un_zip_quelconque(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as autre:
        autre.writestr("photo.jpg", b"x")
    refuser(tmp_path / "x.zip", motif="n’est pas une sauvegarde entière")


def test_un_fichier_absent(tmp_path):
    refuser(tmp_path / "absent.zip", motif="ne se lit pas")


@pytest.mark.parametrize("piece", PIECES)
def test_une_piece_changee(archive, piece):
    with zipfile.ZipFile(archive) as lue:
        octets = bytearray(lue.read(piece))
    octets[octets.index(b"1")] = ord("2")
    refuser(recrire(archive, pieces={piece: bytes(octets)}), motif="pas une sauvegarde entière")


@pytest.mark.parametrize("piece", PIECES)
def test_une_piece_retiree(archive, piece):
    refuser(recrire(archive, pieces={piece: None}), motif="n’est pas une sauvegarde entière")


def test_changee_avec_son_manifeste_mais_sans_la_cle(archive):
    fausse = recrire(archive, manifeste=lambda lu: lu.update(version="9.9"), est_scellee=False)
    refuser(fausse, motif="son sceau n’est pas le bon")


@pytest.mark.parametrize(
    "piege",
    ["../../dehors", "/tmp/dehors", "fichiers/../../dehors", "fichiers/documents/aa/" + "b" * 32],
)
def test_une_piece_de_trop_n_est_jamais_ecrite(archive, tmp_path, piege):
    refuser(recrire(archive, pieces={piege: b"x"}), motif="n’est pas une sauvegarde entière")
    assert not list(tmp_path.rglob("dehors"))


@pytest.mark.parametrize(
    "cle", ["../../dehors", "documents/../../dehors", "documents/aa/../../../dehors", "/tmp/dehors"]
)
def test_un_fichier_ne_s_ecrit_jamais_hors_de_la_reserve(archive, tmp_path, cle):
    """Même scellée : la clé elle-même n'a pas à mener où elle veut."""

    def pieger(lu):
        lu["fichiers"] = {
            cle: {
                "taille": 1,
                "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
            }
        }

    with zipfile.ZipFile(archive) as lue:
        vides = {nom: None for nom in lue.namelist() if nom.startswith("fichiers/")}
    piegee = recrire(archive, pieces=vides | {f"fichiers/{cle}": b"x"}, manifeste=pieger)
    refuser(piegee, motif="n’est pas une sauvegarde entière")
    assert not list(tmp_path.rglob("dehors"))


def test_une_table_inconnue_du_code(archive):
    def ajouter(lu):
        lu["tables"]["sqlite_master"] = lu["tables"]["journal_chaine"]

    with zipfile.ZipFile(archive) as lue:
        piece = {"lignes/sqlite_master.jsonl": lue.read("lignes/journal_chaine.jsonl")}
    refuser(recrire(archive, pieces=piece, manifeste=ajouter), motif="vient d’une version")


@pytest.mark.parametrize(
    ("geste", "age"),
    [
        (lambda lu: lu["migrations"].append("cadre.9999_demain"), "plus récente"),
        (lambda lu: lu["migrations"].remove("cadre.0001_initial"), "plus ancienne"),
    ],
)
def test_un_autre_code(archive, geste, age):
    def changer(lu):
        geste(lu)
        lu.update(version="7.7", commit="abcdef0123456789")

    refuser(
        recrire(archive, manifeste=changer),
        motif=rf"version {age} que ce code \(cadre\.\d+_\w+\)\. Installez Parvis 7\.7 \(abcdef012345\)",
    )


def test_un_autre_format(archive):
    refuser(
        recrire(archive, manifeste=lambda lu: lu.update(format=manifeste.FORMAT + 1)),
        motif="d’un autre format. Installez Parvis",
    )


def test_une_autre_cle_secrete(archive, settings):
    settings.SECRET_KEY = AUTRE_CLE
    refuser(archive, motif="La clé secrète d’ici n’est pas celle de cette sauvegarde")
    dit = lancer("restaurer", archive, "--malgre", "cle")
    assert dit.count("Fichier remis, qui ne s’ouvre pas") == 2 and "Tout est égal." in dit
    with pytest.raises(FichierPerdu):
        contenu(Fichier.objects.first())


def test_la_cle_d_alors_gardee_parmi_celles_d_avant(archive, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], AUTRE_CLE
    assert "Tout est égal." in lancer("restaurer", archive)
    assert contenu(Fichier.objects.first())


def test_une_base_qui_n_est_pas_vide(archive):
    Commune.objects.create(code="94081", nom="Vitry")
    with pytest.raises(CommandError, match=r"n’est pas vide : territoires_commune \(1 ligne\)"):
        lancer("restaurer", archive)
    assert Commune.objects.count() == 1 and not Evenement.objects.exists()


def test_une_reserve_qui_n_est_pas_vide(archive, reserve_neuve):
    cle = deposer(b"a quelqu'un")
    with pytest.raises(CommandError, match=r"déposés n’est pas vide \(1 fichier\)"):
        lancer("restaurer", archive)
    assert (reserve_neuve / cle).exists() and not Evenement.objects.exists()


def test_des_tiroirs_vides_n_empechent_rien(archive, reserve_neuve):
    (reserve_neuve / "documents" / "ab").mkdir(parents=True)
    assert "Tout est égal." in lancer("restaurer", archive)


def test_un_journal_rompu_ne_revient_qu_en_le_sachant(petit_monde, tmp_path, sans_declencheurs):
    with sans_declencheurs():
        Evenement.objects.filter(contrat="verger").update(objet_nom="Autre chose")
    avant = photographier()
    lancer("sauvegarder", tmp_path / "x.zip")
    tout_vider()
    refuser(tmp_path / "x.zip", motif="Le journal de cette sauvegarde est rompu : verger")
    dit = lancer("restaurer", tmp_path / "x.zip", "--malgre", "journal")
    assert "Journal rompu, comme dans la sauvegarde" in dit and "est intact" not in dit
    assert photographier() == avant


def test_verifier_ne_touche_a_rien(archive, settings):
    assert "La sauvegarde est entière" in lancer("restaurer", archive, "--verifier")
    assert rien_n_est_ecrit()
    settings.SECRET_KEY = AUTRE_CLE
    assert "La clé secrète d’ici n’est pas celle" in lancer("restaurer", archive, "--verifier")
    archive.write_bytes(archive.read_bytes()[:-100])
    refuser(archive, "--verifier", motif="n’est pas une sauvegarde entière")
