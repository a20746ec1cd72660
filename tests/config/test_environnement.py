"""Les réglages : lus dans l'environnement, chaque erreur dite en une ligne."""

import os
import subprocess
import sys

import pytest

from config import environnement as env
from tests.architecture.regles import RACINE

CLE = "k" * 32 + "0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(("ecrit", "lu"), [("oui", True), ("1", True), ("Non", False), ("", False)])
def test_un_booleen_s_ecrit_oui_ou_non(monkeypatch, ecrit, lu):
    monkeypatch.setenv("PARVIS_ESSAI", ecrit)
    assert env.booleen("PARVIS_ESSAI", not lu) is lu


@pytest.mark.parametrize(
    ("lire", "valeur", "message"),
    [
        (lambda: env.booleen("PARVIS_ESSAI", True), "peut-être", "écrivez oui ou non"),
        (lambda: env.entier("PARVIS_ESSAI", 1), "dix", "écrivez un nombre entier"),
        (lambda: env.texte("PARVIS_ESSAI"), None, "est obligatoire"),
    ],
)
def test_une_valeur_illisible_est_dite(monkeypatch, lire, valeur, message):
    monkeypatch.delenv("PARVIS_ESSAI", raising=False)
    if valeur is not None:
        monkeypatch.setenv("PARVIS_ESSAI", valeur)
    with pytest.raises(env.ReglageInvalide, match=message) as erreur:
        lire()
    assert "PARVIS_ESSAI" in str(erreur.value)


def test_sans_valeur_c_est_le_defaut(monkeypatch, tmp_path):
    monkeypatch.delenv("PARVIS_ESSAI", raising=False)
    assert env.booleen("PARVIS_ESSAI", True) is True
    assert env.entier("PARVIS_ESSAI", 7) == 7
    assert env.texte("PARVIS_ESSAI", "x") == "x"
    assert env.chemin("PARVIS_ESSAI", tmp_path) == tmp_path


def test_une_liste_oublie_les_vides(monkeypatch):
    monkeypatch.setenv("PARVIS_ESSAI", " a, ,b,")
    assert env.liste("PARVIS_ESSAI") == ["a", "b"]
    assert env.entier("PARVIS_AUTRE", 3) == 3


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("", env.Smtp()),
        ("smtp://hote", env.Smtp("hote", 587, tls=True)),
        ("smtp://hote:2525/?tls=oui", env.Smtp("hote", 2525, tls=True)),
        ("smtp://127.0.0.1/?tls=non", env.Smtp("127.0.0.1", 25)),
        ("smtps://moi:a%40b@hote", env.Smtp("hote", 465, "moi", "a@b", ssl=True)),
        (
            "smtp://moi%40agglo.example:x@hote",
            env.Smtp("hote", 587, "moi@agglo.example", "x", tls=True),
        ),
    ],
)
def test_un_serveur_d_envoi_s_ecrit_en_une_adresse(monkeypatch, ecrit, lu):
    monkeypatch.setenv("PARVIS_ESSAI", ecrit)
    assert env.smtp("PARVIS_ESSAI") == lu


@pytest.mark.parametrize(
    ("ecrit", "message"),
    [
        ("hote:587", "ne se lit pas"),
        ("http://hote", "ne se lit pas"),
        ("smtp://", "ne se lit pas"),
        ("smtp://hote:port", "ne se lit pas"),
        ("smtp://[hote", "ne se lit pas"),
        ("smtp://hote/?ssl=oui", "ne se lit pas"),
        ("smtp://hote/?tls=presque", "oui ou non"),
        ("smtp://moi:secret@hote/?tls=non", "mot de passe en clair"),
    ],
)
def test_un_serveur_d_envoi_illisible_est_dit_sans_montrer_le_mot_de_passe(
    monkeypatch, ecrit, message
):
    monkeypatch.setenv("PARVIS_ESSAI", ecrit)
    with pytest.raises(env.ReglageInvalide, match=message) as erreur:
        env.smtp("PARVIS_ESSAI")
    assert "secret" not in str(erreur.value)


@pytest.mark.parametrize(
    ("lire", "bons", "mauvais"),
    [
        (env.heure, ["07:30", "23:59"], ["7h30", "24:00", "07:60", "7:30", ""]),
        (
            env.adresse_du_site,
            ["https://contrat.agglo.example", "http://127.0.0.1:8000"],
            ["contrat.agglo.example", "https://", "https://a.example/b", "https://a b", "ftp://a"],
        ),
        (
            env.expediteur,
            ["a@b.example", "Contrat de ville <a@b.example>"],
            ["", "Contrat de ville", "a@b.example\nBcc: c@d.example"],
        ),
    ],
)
def test_les_reglages_des_courriels(monkeypatch, lire, bons, mauvais):
    for valeur in bons:
        monkeypatch.setenv("PARVIS_ESSAI", valeur)
        assert str(lire("PARVIS_ESSAI", "")).startswith(valeur)
    for valeur in mauvais:
        monkeypatch.setenv("PARVIS_ESSAI", valeur)
        with pytest.raises(env.ReglageInvalide, match="PARVIS_ESSAI"):
            lire("PARVIS_ESSAI", "")


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("", ""),
        ("non", ""),
        ("tcp://127.0.0.1:3310", "tcp://127.0.0.1:3310"),
        ("tcp://[::1]:3310", "tcp://[::1]:3310"),
        ("tcp://clamd", "tcp://clamd"),
        ("unix:///run/clamav/clamd.ctl", "unix:///run/clamav/clamd.ctl"),
    ],
)
def test_un_antivirus_s_ecrit_en_une_adresse(monkeypatch, ecrit, lu):
    monkeypatch.setenv("PARVIS_ESSAI", ecrit)
    assert env.antivirus("PARVIS_ESSAI") == lu


@pytest.mark.parametrize(
    "ecrit", ["127.0.0.1:3310", "http://clamd:3310", "tcp://", "tcp://a:b", "unix://a", "oui"]
)
def test_un_antivirus_mal_ecrit_est_dit(monkeypatch, ecrit):
    monkeypatch.setenv("PARVIS_ESSAI", ecrit)
    with pytest.raises(env.ReglageInvalide, match="écrivez l'adresse de clamd"):
        env.antivirus("PARVIS_ESSAI")


def test_l_adresse_du_site_perd_sa_barre_finale(monkeypatch):
    monkeypatch.setenv("PARVIS_ESSAI", "https://contrat.agglo.example/")
    assert env.adresse_du_site("PARVIS_ESSAI", "") == "https://contrat.agglo.example"


def test_sans_serveur_d_envoi_check_deploy_previent(tmp_path):
    resultat = lancer("check", "--deploy", "--fail-level=WARNING", var=tmp_path)
    assert resultat.returncode == 1
    assert "courriels.W001" in resultat.stderr


def lancer(*commande: str, var, **reglages: str) -> subprocess.CompletedProcess:
    """Lance une commande de Parvis dans un environnement où rien d'autre n'est réglé."""
    propre = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("PARVIS_")}
    propre |= {"PARVIS_VAR": str(var), **reglages}
    return subprocess.run(
        [sys.executable, "manage.py", *commande],
        cwd=RACINE,
        env=propre,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_une_sortie_fermee_avant_la_fin_ne_fait_pas_de_trace(tmp_path):
    """`parvis lire_document … | head` finit en silence."""
    contrat = RACINE / "donnees" / "contrats" / "seine-amont-2015-2020.yaml"
    commande = subprocess.Popen(
        [sys.executable, "manage.py", "lire_document", str(contrat)],
        cwd=RACINE,
        env=os.environ | {"PARVIS_VAR": str(tmp_path), "PARVIS_DEMONSTRATION": "oui"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert commande.stdout is not None and commande.stderr is not None
    commande.stdout.close()
    assert commande.stderr.read() == ""
    assert commande.wait(timeout=60) == 1
    commande.stderr.close()


ERREURS = {
    "clé trop courte": ({"PARVIS_CLE_SECRETE": "court"}, "PARVIS_CLE_SECRETE"),
    "base inconnue": ({"PARVIS_BASE": "mongodb://x"}, "PARVIS_BASE"),
    "base d'un moteur refusé": ({"PARVIS_BASE": "mysql://u@h/b"}, "PARVIS_BASE"),
    "base vide": ({"PARVIS_BASE": ""}, "PARVIS_BASE"),
    "base au port illisible": ({"PARVIS_BASE": "postgres://u@h:port/b"}, "PARVIS_BASE"),
    "oui ou non": ({"PARVIS_HTTPS": "presque"}, "PARVIS_HTTPS"),
    "démonstration": ({"PARVIS_DEMONSTRATION": "presque"}, "PARVIS_DEMONSTRATION"),
    "niveau des journaux": ({"PARVIS_NIVEAU_JOURNAUX": "BAVARD"}, "PARVIS_NIVEAU_JOURNAUX"),
    "dossier impossible": ({"PARVIS_VAR": "/dev/null/var"}, "PARVIS_VAR"),
    "mandataire": ({"PARVIS_DERRIERE_MANDATAIRE": "presque"}, "PARVIS_DERRIERE_MANDATAIRE"),
    "serveur d'envoi": ({"PARVIS_SMTP": "smtp.agglo.example"}, "PARVIS_SMTP"),
    "serveur sans expéditeur": ({"PARVIS_SMTP": "smtps://h"}, "PARVIS_EXPEDITEUR"),
}


@pytest.mark.parametrize("erreur", ERREURS)
def test_un_reglage_invalide_est_dit_en_une_ligne(tmp_path, erreur):
    reglages, nom = ERREURS[erreur]
    resultat = lancer("check", var=reglages.get("PARVIS_VAR", tmp_path), **reglages)
    assert resultat.returncode == 1
    lignes = resultat.stderr.strip().splitlines()
    assert len(lignes) == 1, resultat.stderr
    assert lignes[0].startswith("Parvis ne peut pas démarrer. ")
    assert nom in lignes[0]


def test_la_cle_tiree_au_hasard_est_gardee_et_secrete(tmp_path):
    assert lancer("check", var=tmp_path).returncode == 0
    fichier = tmp_path / "cle-secrete"
    cle = fichier.read_text()
    assert len(cle) >= 50
    assert fichier.stat().st_mode & 0o077 == 0
    assert lancer("check", var=tmp_path).returncode == 0
    assert fichier.read_text() == cle
    assert [f.name for f in tmp_path.iterdir()] == ["cle-secrete"]


def test_check_deploy_ne_signale_rien(tmp_path):
    resultat = lancer(
        "check",
        "--deploy",
        "--fail-level=DEBUG",
        var=tmp_path,
        PARVIS_CLE_SECRETE=CLE,
        PARVIS_HOTES="contrat.exemple.fr",
        PARVIS_DERRIERE_MANDATAIRE="oui",
        PARVIS_BASE=f"sqlite:///{tmp_path / 'base.sqlite3'}",
        PARVIS_SMTP="smtps://parvis:secret@smtp.agglo.example",
        PARVIS_EXPEDITEUR="Contrat de ville <ne-pas-repondre@agglo.example>",
    )
    assert resultat.returncode == 0, resultat.stderr
    assert "0 silenced" in resultat.stdout or "no issues" in resultat.stdout


def test_check_deploy_voit_un_site_sans_https(tmp_path):
    resultat = lancer("check", "--deploy", "--fail-level=WARNING", var=tmp_path, PARVIS_HTTPS="non")
    assert resultat.returncode == 1
    assert "security.W004" in resultat.stderr


def test_les_migrations_sont_a_jour(tmp_path):
    resultat = lancer("makemigrations", "--check", "--dry-run", var=tmp_path)
    assert resultat.returncode == 0, resultat.stdout


@pytest.mark.parametrize(
    ("valeur", "lue"),
    [("non", ""), ("", ""), ("https://exemple.fr/api", "https://exemple.fr/api")],
)
def test_l_adresse_d_un_service_se_donne_ou_s_eteint(monkeypatch, valeur, lue):
    monkeypatch.setenv("PARVIS_ESSAI", valeur)
    assert env.adresse_de_service("PARVIS_ESSAI", "https://defaut.fr") == lue


@pytest.mark.parametrize(
    "valeur", ["oui", "exemple.fr", "https://", "ftp://exemple.fr", "http://[x"]
)
def test_une_adresse_de_service_fausse_se_dit(monkeypatch, valeur):
    monkeypatch.setenv("PARVIS_ESSAI", valeur)
    with pytest.raises(env.ReglageInvalide, match="PARVIS_ESSAI"):
        env.adresse_de_service("PARVIS_ESSAI", "https://defaut.fr")
