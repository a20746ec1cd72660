"""Le dossier d'une séance de deux cents dossiers, six financeurs chacun : demandé, composé, gardé.

La comparaison compose une feuille à la fois, puis joint les PDF : ni balises, ni liens, ni ordre du jour.
"""

import gc
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2

from tests.charge import RAPPORT, preparer_django

NOMBRE, BUDGET = 200, 60


def chronometrer(faire: Callable[[], Any]) -> tuple[float, Any]:
    """Rend la durée en secondes, et ce qui est rendu."""
    debut = time.perf_counter()
    rendu = faire()
    return time.perf_counter() - debut, rendu


def du_travail(tenue: Any) -> tuple[bytes, int]:
    """Demande et mène le travail entier ; rend le PDF gardé, et combien de fois il a dit où il en est."""
    from parvis.documents.queries import contenu
    from parvis.programmation.actions.dossiers_de_seance import demander_le_dossier
    from parvis.programmation.queries.dossiers_demandes import fichier_demande
    from parvis.travaux import actions, execution

    avances = []
    avancer = actions.avancer

    def compter(**dits: Any) -> None:
        avances.append(dits["fait"])
        avancer(**dits)

    actions.avancer = compter
    try:
        travail = demander_le_dossier(par=tenue.pilote, seance=tenue.seance)
        execution.mener(str(travail.identifiant))
    finally:
        actions.avancer = avancer
    return contenu(fichier_demande(tenue.pilote, tenue.seance)), len(avances)


def feuille_par_feuille(donnees: dict[str, Any]) -> bytes:
    """Compose chaque feuille dans son document, et joint les pages."""
    from io import BytesIO

    from django.utils import timezone

    from parvis.programmation.actions.dossiers_de_seance import GABARIT
    from parvis.socle.typographie import composer_un_pdf

    date, joint, rendu = timezone.now(), pypdfium2.PdfDocument.new(), BytesIO()
    for feuille in donnees["feuilles"]:
        octets = composer_un_pdf(GABARIT, {**donnees, "feuilles": [feuille]}, date)
        # Sans la couverture ni l'ordre du jour de chacun.
        lu = pypdfium2.PdfDocument(octets)
        joint.import_pages(lu, pages=range(2, len(lu)))
    joint.save(rendu)
    return rendu.getvalue()


def _mesures(tenue: Any) -> list[list[object]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from parvis.programmation.actions.dossiers_de_seance import GABARIT
    from parvis.programmation.queries.dossiers_de_seance import donnees_du_dossier
    from parvis.socle.typographie import composer_un_pdf

    def lire() -> dict[str, Any]:
        return donnees_du_dossier(tenue.pilote, tenue.seance, lambda _: None)[0]

    def composer() -> bytes:
        return composer_un_pdf(GABARIT, donnees, timezone.now())

    with CaptureQueriesContext(connection) as requetes:
        lire()
    lu, donnees = chronometrer(lire)
    compose, _ = chronometrer(composer)
    mene, (octets, avances) = chronometrer(lambda: du_travail(tenue))
    joint, autres = chronometrer(lambda: feuille_par_feuille(donnees))
    return [
        ["lire tout ce qu’il dit", lu, len(requetes), "", "", "", ""],
        ["le composer d’un seul tenant", compose, "", "", "", "", ""],
        [
            "le travail entier : lire, composer, chiffrer, garder",
            *(mene, "", *_poids(octets), avances, "oui" if mene <= BUDGET else "**non**"),
        ],
        ["composer feuille par feuille, puis joindre", joint, "", *_poids(autres), "", ""],
    ]


def _poids(octets: bytes) -> tuple[int, int]:
    return len(pypdfium2.PdfDocument(octets)), len(octets) // 1024


def mesurer() -> None:
    from parvis.dossiers.models import Demande
    from parvis.programmation import tasks  # noqa: F401 — inscrit la nature du travail
    from parvis.socle.rapport import ecrire_section, machine, tableau
    from tests.fabriques.seances_pleines import seance_pleine

    tenue = seance_pleine(NOMBRE)
    gc.collect()
    lignes = _mesures(tenue)
    intro = (
        f"{machine()}. {NOMBRE} dossiers, {Demande.objects.count()} demandes, 6 financeurs, 3 avis par "
        f"dossier. Une mesure de chaque. Budget du travail entier : {BUDGET} s."
    )
    entetes = ["mesure", "durée (s)", "requêtes", "pages", "poids (ko)", "avancements", "tenu"]
    rapport = f"{intro}\n\n{tableau(entetes, lignes)}"
    ecrire_section(RAPPORT, "dossiers-de-seance", rapport)
    print(rapport)


def main() -> None:
    preparer_django()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    # Jamais dans la base ni les fichiers de l'instance : deux cents dossiers inventés y resteraient.
    if connection.vendor != "sqlite":
        raise SystemExit("Ce banc se mène sur SQLite : enlevez PARVIS_BASE.")
    with tempfile.TemporaryDirectory() as dossier:
        fichier = Path(dossier) / "banc.sqlite3"
        sqlite3.connect(fichier).close()
        connection.settings_dict["NAME"] = str(fichier)
        settings.MEDIA_ROOT = dossier
        call_command("migrate", verbosity=0, interactive=False)
        mesurer()
        connection.close()


if __name__ == "__main__":
    main()
