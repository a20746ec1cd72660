"""Une sauvegarde s'écrit entière ou pas du tout, pendant que le site tourne, sans la clé secrète."""

import json
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from parvis.accueil.sauvegarde import ecriture
from parvis.accueil.sauvegarde.archive import ouvrir
from parvis.comptes.acteur import Acteur
from parvis.documents.actions import effacer
from parvis.documents.models import Fichier
from parvis.journal.models import Evenement
from parvis.travaux.models import Bail
from tests.accueil.sauvegarde.conftest import SECRET, lancer, tout_vider
from tests.fabriques.fichiers import fichier
from tests.fabriques.journal import acte

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("petit_monde")]


def test_dans_un_dossier_elle_porte_la_date_et_se_ferme_aux_autres(tmp_path):
    dit = lancer("sauvegarder", tmp_path / ".")
    [ecrite] = tmp_path.glob("*.zip")
    assert ecrite.name.startswith("parvis-20") and str(ecrite) in dit
    assert stat.S_IMODE(ecrite.stat().st_mode) == 0o600
    assert "2 fichiers" in dit


def test_elle_n_ecrase_rien(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"celle d'hier")
    with pytest.raises(CommandError, match="existe déjà"):
        lancer("sauvegarder", tmp_path / "x.zip")
    assert [p.read_bytes() for p in tmp_path.glob("*x.zip*")] == [b"celle d'hier"]


def test_un_dossier_absent(tmp_path):
    with pytest.raises(CommandError, match=r"n’existe pas\. Créez-le"):
        lancer("sauvegarder", tmp_path / "absent" / "x.zip")


def test_une_base_en_retard_sur_le_code(tmp_path):
    faites = MigrationRecorder(connection)
    faites.record_unapplied("carte", "0001_initial")
    try:
        with pytest.raises(CommandError, match="n’est pas à jour de ce code"):
            lancer("sauvegarder", tmp_path / "x.zip")
    finally:
        faites.record_applied("carte", "0001_initial")
    assert not list(tmp_path.glob("*x.zip*"))


def test_arretee_au_clavier_elle_le_dit_et_ne_laisse_rien(tmp_path, monkeypatch):
    def arreter(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(ecriture, "_fichiers", arreter)
    with pytest.raises(CommandError, match="rien n’en reste"):
        lancer("sauvegarder", tmp_path / "x.zip")
    assert not list(tmp_path.glob("*x.zip*"))


def test_ni_la_cle_secrete_ni_ce_qui_est_laisse(tmp_path):
    Bail.objects.create(nom="executant", tenu_par="x", jusqu_au="2030-01-01T00:00Z")
    lancer("sauvegarder", tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as lue:
        contenu = {nom: lue.read(nom) for nom in lue.namelist()}
    tout = b"".join(contenu.values())
    assert SECRET.encode() in tout and b"%PDF" not in tout
    assert settings.SECRET_KEY.encode() not in tout
    assert not {"lignes/django_session.jsonl", "lignes/travaux_bail.jsonl"} & contenu.keys()
    tetes = json.loads(contenu["tetes.json"])
    assert {tetes[c]["nombre"] for c in ("tilleuls", "verger")} == {1}


def test_les_tetes_se_comparent_par_verifier_journal(tmp_path):
    lancer("sauvegarder", tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as lue:
        lue.extract("tetes.json", tmp_path)
    assert "intact" in lancer("verifier_journal", f"--tete={tmp_path / 'tetes.json'}")


def test_un_fichier_perdu_est_nomme_et_n_arrete_rien(tmp_path, reserve_neuve):
    perdu, efface = Fichier.objects.order_by("pk")
    effacer(par=Acteur.machine("essai"), fichier=efface)
    (reserve_neuve / perdu.cle).unlink()
    dit = lancer("sauvegarder", tmp_path / "x.zip")
    assert dit.count("Fichier introuvable : ") == 1 and perdu.cle in dit
    tout_vider()
    dit = lancer("restaurer", tmp_path / "x.zip")
    assert f"Fichier que la sauvegarde n’avait pas : {perdu.cle}." in dit
    assert "Tout est égal." in dit and Fichier.objects.count() == 2


# Le disque plein.


@contextmanager
def au_plus(octets: int):
    """Refuse à ce processus tout fichier plus grand, comme un disque sans place."""
    ordinaire = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, ordinaire[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, ordinaire)


@pytest.mark.parametrize("place", [10, 4_000, 20_000])
def test_sans_place_elle_refuse_et_ne_laisse_rien(tmp_path, place):
    dossier = tmp_path / "plein"
    dossier.mkdir()
    with au_plus(place), pytest.raises(CommandError, match=r"Rien n’en reste\. Faites de la place"):
        lancer("sauvegarder", dossier)
    assert list(dossier.iterdir()) == []
    lancer("sauvegarder", dossier)


@pytest.fixture
def vingt_megaoctets(tmp_path):
    """Rend un vrai disque de 20 Mo, ou laisse le test de côté en disant pourquoi."""
    dossier = tmp_path / "disque"
    dossier.mkdir()
    monter = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(dossier)]
    try:
        subprocess.run(monter, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("monter un disque de 20 Mo demande d'être root")
    yield dossier
    subprocess.run(["umount", str(dossier)], check=True)


def test_un_disque_de_vingt_megaoctets_plein(vingt_megaoctets):
    machine = Acteur.machine("essai")
    for rang in range(4):
        fichier(machine, f"{rang}.pdf", b"%PDF" + os.urandom(5_000_000))
    with pytest.raises(CommandError, match=r"No space left on device\. Rien n’en reste"):
        lancer("sauvegarder", vingt_megaoctets)
    assert list(vingt_megaoctets.iterdir()) == []


def test_restaurer_sur_un_disque_de_vingt_megaoctets_plein(tmp_path, vingt_megaoctets, settings):
    machine = Acteur.machine("essai")
    for rang in range(4):
        fichier(machine, f"{rang}.pdf", b"%PDF" + os.urandom(5_000_000))
    lancer("sauvegarder", tmp_path / "x.zip")
    tout_vider()
    settings.MEDIA_ROOT = vingt_megaoctets
    with pytest.raises(CommandError, match=r"No space left on device\. Rien n’en reste"):
        lancer("restaurer", tmp_path / "x.zip")
    assert list(vingt_megaoctets.iterdir()) == [] and not Evenement.objects.exists()


def test_arretee_par_le_systeme_elle_ne_laisse_rien(tmp_path, monkeypatch):
    avant = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(
        ecriture, "_fichiers", lambda *_: os.kill(os.getpid(), signal.SIGTERM) or iter(())
    )
    with pytest.raises(SystemExit):
        lancer("sauvegarder", tmp_path / "x.zip")
    assert not list(tmp_path.glob("*x.zip*"))
    assert signal.getsignal(signal.SIGTERM) is avant


# Pendant que le site tourne.


@pytest.fixture
def ouvrir_la_base(tmp_path):
    """Rend de quoi ouvrir, dans un fil, une base que les fils partagent pour de vrai."""
    if connection.vendor != "sqlite":
        return lambda: None
    copie = sqlite3.connect(tmp_path / "partagee.sqlite3")
    connection.ensure_connection()
    connection.connection.backup(copie)
    copie.execute("PRAGMA journal_mode=WAL")
    copie.close()
    moteur = type(connections["default"])
    reglages = connection.settings_dict | {"NAME": str(tmp_path / "partagee.sqlite3")}

    def ouvrir_le_fichier() -> None:
        connections["default"] = moteur(reglages, "default")

    return ouvrir_le_fichier


def sauver_pendant_qu_on_ecrit(tmp_path, ouvrir_la_base, monkeypatch) -> Path:
    """Sauve, tandis qu'un autre fil dépose un fichier et note un acte entre deux tables."""
    vrai, commencer, ecrit = ecriture._table, threading.Event(), threading.Event()

    def table(archive, modele):
        lue = vrai(archive, modele)
        if modele._meta.db_table == "comptes_codedorganisme":
            commencer.set()
            # Si la sauvegarde retenait le verrou, l'écriture n'aboutirait qu'après elle.
            assert ecrit.wait(8), "la sauvegarde retient qui écrit"
        return lue

    def ecrire() -> None:
        ouvrir_la_base()
        try:
            assert commencer.wait(30)
            with transaction.atomic():
                fichier(Acteur.machine("essai"), "pendant.pdf")
                acte(objet_nom="Écrit pendant la sauvegarde")
            ecrit.set()
        finally:
            connection.close()

    def sauver() -> None:
        ouvrir_la_base()
        try:
            lancer("sauvegarder", tmp_path / "x.zip")
        finally:
            connection.close()

    monkeypatch.setattr(ecriture, "_table", table)
    with ThreadPoolExecutor(2) as fils:
        for fil in [fils.submit(sauver), fils.submit(ecrire)]:
            fil.result(60)
    return tmp_path / "x.zip"


def nombres(archive: Path) -> tuple[int, int, int]:
    """Rend ce qu'elle dit du journal et des fichiers : actes, actes selon les têtes, fichiers."""
    with ouvrir(archive) as lue:
        tables, tetes = lue.manifeste.tables, lue.manifeste.tetes
        actes = sum(tete["nombre"] for tete in tetes.values())
        return tables["journal_evenement"].nombre, actes, tables["documents_fichier"].nombre


def test_ce_qui_s_ecrit_pendant_n_attend_pas_et_ne_s_y_voit_pas(
    tmp_path, ouvrir_la_base, monkeypatch
):
    archive = sauver_pendant_qu_on_ecrit(tmp_path, ouvrir_la_base, monkeypatch)
    assert nombres(archive) == (2, 2, 2)
    tout_vider()
    assert "Tout est égal." in lancer("restaurer", archive)


def test_sans_instantane_la_sauvegarde_serait_de_deux_moments(
    tmp_path, ouvrir_la_base, monkeypatch
):
    monkeypatch.setattr(ecriture, "instantane", nullcontext)
    archive = sauver_pendant_qu_on_ecrit(tmp_path, ouvrir_la_base, monkeypatch)
    assert nombres(archive) != (2, 2, 2)
