"""Une instance qui a de tout, sa sauvegarde, et de quoi tout vider."""

import io
import json
import os
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from parvis.accueil.sauvegarde import lignes, tables
from parvis.comptes.acteur import Acteur
from parvis.documents.models import Fichier
from parvis.socle.chiffre import sceller
from parvis.territoires.models import Adresse, Commune
from tests.fabriques import decisions, observatoire
from tests.fabriques.fichiers import fichier, pdf
from tests.fabriques.journal import acte

SECRET = "Association des Tilleuls, une phrase que nul autre n’écrit"


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    """Donne à ce test sa réserve ; rien n'y est encore."""
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def petit_monde(acte_d_essai):
    """Écrit deux fichiers déposés et quelques actes."""
    machine = Acteur.machine("essai")
    for nom in ("statuts.pdf", "rib-inventé.pdf"):
        fichier(machine, nom, pdf(queue=f"% {nom}"))
    with transaction.atomic():
        acte(objet_nom=SECRET, details={"montant": "12.50", "part": 0.1, "rien": None})
        acte(contrat="verger", details={"z": 1, "a": [1e16, -0.0, 1.5, 10**20], "é": "œ"})


@pytest.fixture
def grand_monde(petit_monde):
    """Y ajoute un dossier déposé, étudié, voté sur une enveloppe, et des valeurs à la limite."""
    vote = decisions.vote()
    vote.publiee("1234.56")
    ville = Commune.objects.create(code="94081", nom="Vitry", contour=bytes(range(256)))
    Adresse.objects.create(
        cle="1", commune=ville, numero=1, lon=0.1 + 0.2, lat=-0.0, voie="Œuf\n\t\\."
    )
    observatoire.territoire(1)
    decrit = observatoire.decrire(observatoire.serie("revenu", "euros", "somme"))
    observatoire.importer(decrit, observatoire.par_rang(["51,2345"]))
    Fichier.objects.filter(nom="rib-inventé.pdf").update(
        depose_le=datetime(2015, 3, 29, 1, 30, 0, 1, tzinfo=UTC)
    )
    vote.enveloppe.refresh_from_db()
    assert vote.enveloppe.montant_vote == Decimal("1234.56")
    return vote


@pytest.fixture
def archive(petit_monde, tmp_path) -> Path:
    """Rend la sauvegarde du petit monde, dont la base et la réserve sont ensuite vidées."""
    ecrite = tmp_path / "sauvegarde.zip"
    lancer("sauvegarder", ecrite)
    tout_vider()
    return ecrite


def lancer(commande: str, *args, **options) -> str:
    """Lance une commande, et rend ce qu'elle dit sur ses deux sorties."""
    sortie = io.StringIO()
    call_command(commande, *map(str, args), stdout=sortie, stderr=sortie, **options)
    return sortie.getvalue()


def tout_vider() -> None:
    """Vide la base et la réserve, comme si l'instance venait d'être installée."""
    from django.conf import settings

    call_command("flush", verbosity=0, interactive=False)
    for modele in set(tables.a_sauver().values()) - set(tables.remplies_par_migrate()):
        if lignes.suite(modele):
            lignes.reprendre_la_suite(modele, 0)
    for chemin in sorted(Path(settings.MEDIA_ROOT).rglob("*"), reverse=True):
        chemin.unlink() if chemin.is_file() else chemin.rmdir()
    assert rien_n_est_ecrit()


def rien_n_est_ecrit() -> bool:
    """Dit si la base n'a aucune ligne, et la réserve aucun fichier, même provisoire."""
    from django.conf import settings

    presents = Path(settings.MEDIA_ROOT).rglob("*") if Path(settings.MEDIA_ROOT).exists() else []
    return tables.remplies() == {} and not list(presents)


def photographier() -> dict[str, list]:
    """Rend ce que le moteur lui-même lit de chaque table, sans passer par les modèles."""
    vue = {}
    with connection.cursor() as curseur:
        for table in tables.a_sauver():
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            vue[table] = sorted(map(repr, map(_lisible, curseur.fetchall())))
    return vue


def _lisible(ligne: tuple) -> list:
    return [bytes(v) if isinstance(v, memoryview) else v for v in ligne]


def ranges() -> dict[str, tuple[bytes, int]]:
    """Rend ce que tient la réserve : les octets et les droits de chaque fichier."""
    from django.conf import settings

    racine = Path(settings.MEDIA_ROOT)
    return {
        str(chemin.relative_to(racine)): (chemin.read_bytes(), os.stat(chemin).st_mode)
        for chemin in racine.rglob("*")
        if chemin.is_file()
    }


def recrire(
    source: Path, *, pieces: dict | None = None, manifeste=None, est_scellee: bool = True
) -> Path:
    """Rend une copie d'une sauvegarde où des pièces changent ; avec la clé, ou sans, pour la sceller."""
    cible = source.with_name("recrite.zip")
    with zipfile.ZipFile(source) as lue:
        contenu = {nom: lue.read(nom) for nom in lue.namelist()}
    if manifeste:
        lu = json.loads(contenu["manifeste.json"])
        manifeste(lu)
        contenu["manifeste.json"] = json.dumps(lu).encode()
        contenu["tetes.json"] = json.dumps(lu["tetes"], indent=2, sort_keys=True).encode() + b"\n"
        if est_scellee:
            contenu["sceau"] = sceller("sauvegarde", contenu["manifeste.json"]).encode()
    contenu |= pieces or {}
    with zipfile.ZipFile(cible, "w") as ecrite:
        for nom, octets in contenu.items():
            if octets is not None:
                ecrite.writestr(nom, octets)
    return cible
