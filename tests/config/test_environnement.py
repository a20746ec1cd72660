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
