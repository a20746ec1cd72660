"""kill -9 à chaque endroit : aucun courriel perdu, un doublon au plus, et seulement où il le faut."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.db import connection

from parvis.courriels.enums import Etat
from tests.architecture.regles import RACINE
from tests.courriels.serveur import Recus, serveur

# Une fois que le serveur a accepté et que la base ne le sait pas, rien ne distingue « parti » de
# « perdu » : on renvoie, avec le même identifiant.
DOUBLONS = {
    "avant de prendre": 0,
    "pris, pas encore validé": 0,
    "pris et validé": 0,
    "avant de joindre le serveur": 0,
    "le serveur est joint": 0,
    "au milieu du texte": 0,
    "le serveur a accepté": 1,
    "avant de clore": 1,
    "clos, pas encore validé": 1,
    "clos et validé": 0,
    "résumé écrit, messages pas encore repris": 0,
    "résumé entier, pas encore validé": 0,
    "entre deux résumés": 0,
    "résumés validés": 0,
}
AUTRES = ("témoin fautif", "ensemble")


def lancer(*commande: str, base: str, **reglages: str) -> str:
    propre = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("PARVIS_")}
    fait = subprocess.run(
        [sys.executable, *commande],
        cwd=RACINE,
        env=propre | {"PARVIS_BASE": base, **reglages},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert fait.returncode == 0, fait.stderr
    return fait.stdout


@pytest.fixture(scope="module")
def base(tmp_path_factory, request) -> str:
    """Rend l'adresse d'une base que d'autres processus peuvent ouvrir."""
    if connection.vendor == "sqlite":
        dossier = tmp_path_factory.mktemp("base")
        adresse = f"sqlite:///{dossier / 'base.sqlite3'}"
        lancer("manage.py", "migrate", "--verbosity=0", base=adresse, PARVIS_VAR=str(dossier))
        return adresse
    request.getfixturevalue("django_db_setup")
    base = urlsplit(os.environ["PARVIS_BASE"])
    return base._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture(scope="module")
def bilans(base, tmp_path_factory) -> dict[str, dict]:
    """Rend, pour chaque endroit, ce que le serveur a reçu quand on y a tué un exécutant."""
    with serveur() as (recus, port):
        sortie = lancer(
            "-m",
            "tests.courriels.executant_d_essai",
            *DOUBLONS,
            *AUTRES,
            base=base,
            PARVIS_VAR=str(tmp_path_factory.mktemp("var")),
            PARVIS_SMTP=f"smtp://127.0.0.1:{port}/?tls=non",
            PARVIS_EXPEDITEUR="ne-pas-repondre@agglo.example",
        )
    lus = [json.loads(ligne) for ligne in sortie.splitlines()]
    return {bilan["point"]: bilan | compter(bilan["marques"], recus) for bilan in lus}


def compter(marques: list[str], recus: Recus) -> dict:
    """Rend les marques que personne n'a reçues, celles de deux courriels, et les courriels répétés."""
    porteurs = {marque: set() for marque in marques}
    fois = Counter()
    for identifiant, message in zip(recus.identifiants(), recus.messages, strict=True):
        portees = set(re.findall(r"marque-\d+-\d+", message.get_content())) & porteurs.keys()
        for marque in portees:
            porteurs[marque].add(identifiant)
        fois[identifiant] += bool(portees)
    return {
        "perdus": [marque for marque, par in porteurs.items() if not par],
        "repris deux fois": [marque for marque, par in porteurs.items() if len(par) > 1],
        "doublons": sum(nombre - 1 for nombre in fois.values() if nombre),
    }


@pytest.mark.parametrize("point", DOUBLONS)
def test_rien_ne_se_perd_et_un_seul_courriel_part_deux_fois(bilans, point):
    bilan = bilans[point]
    assert (bilan["signal"], bilan["fin"]) == (9, 0)
    assert (bilan["perdus"], bilan["repris deux fois"]) == ([], [])
    assert bilan["doublons"] == DOUBLONS[point]
    attendus = dict.fromkeys(Etat.values, 0) | {Etat.ENVOYE: 5, Etat.RESUME: 3}
    assert bilan["etats"] == attendus


def test_le_temoin_fautif_perd_un_courriel_et_l_essai_le_voit(bilans):
    bilan = bilans["témoin fautif"]
    assert (bilan["signal"], bilan["fin"]) == (9, 0)
    assert len(bilan["perdus"]) == 1
    assert bilan["etats"][Etat.ENVOYE] == 5


def test_des_executants_simultanes_n_envoient_rien_deux_fois(bilans):
    bilan = bilans["ensemble"]
    assert sum(bilan["envois"]) == 42
    assert sum(envois > 0 for envois in bilan["envois"]) > 1
    assert (bilan["perdus"], bilan["repris deux fois"], bilan["doublons"]) == ([], [], 0)
