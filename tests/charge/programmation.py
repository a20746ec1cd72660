"""Le tableau de programmation à deux mille dossiers, contre deux lectures par l'ORM de la même base.

La page entière est mesurée dans le serveur : la session, les droits, les requêtes, les totaux, le HTML.
"""

import gc
import sqlite3
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.charge import RAPPORT, preparer_django

NOMBRE, TOURS, BUDGET = 2_000, 30, 300
HOTE = "127.0.0.1"


def chronometrer(faire: Callable[[], object], tours: int) -> tuple[float, float, float]:
    """Rend la médiane, le 95e centile et le temps de processeur médian, en ms, après deux tours de chauffe.

    Le temps de processeur ne compte pas ce que la machine fait d'autre au même moment.
    """
    durees, calculs = [], []
    for tour in range(tours + 2):
        debut, calcul = time.perf_counter(), time.process_time()
        faire()
        if tour >= 2:
            durees.append(1000 * (time.perf_counter() - debut))
            calculs.append(1000 * (time.process_time() - calcul))
    centile = statistics.quantiles(durees, n=20)[-1]
    return statistics.median(durees), centile, statistics.median(calculs)


def _cellules(dossier: Any) -> list[Any]:
    """Rend ce qu'une rangée dit, en lisant des objets."""
    demandes = [d for d in dossier.demandes.all() if d.exercice == dossier.exercice]
    fiches = [lien.fiche.numero for lien in dossier.fiches.all()]
    lieux = [str(lieu) for lieu in dossier.lieux.all()]
    dits = [
        (d.nom_du_financeur, d.montant_demande, d.montant_propose, d.montant_vote) for d in demandes
    ]
    total = sum((d.montant_demande or Decimal(0) for d in demandes), Decimal(0))
    porteur = str(dossier.projet.porteur.retenu)
    return [dossier.reference, dossier.projet.titre, porteur, fiches, lieux, dits, total]


def par_l_orm(*, avec_prefetch: bool) -> int:
    """Lit les mêmes cellules en objets, sans rien en faire : ni total par axe, ni HTML."""
    from parvis.dossiers.models import Dossier

    dossiers = Dossier.objects.deposes()
    if avec_prefetch:
        dossiers = dossiers.select_related("projet__porteur__fusionne_dans").prefetch_related(
            "demandes__financeur", "fiches__fiche", "lieux__quartier", "lieux__commune"
        )
    return len([_cellules(dossier) for dossier in dossiers])


def pages_a_mesurer(p: Any) -> dict[str, Callable[[], Any]]:
    """Rend ce que l'on mesure dans le serveur, par son nom."""
    from tests.fabriques.comptes import envoi

    clients = {qui: p.ici.monde.client(qui) for qui in ("samia", "pilote")}
    instruction = "/tilleuls/instruction/programmation/"
    case = p.ici.caisse.demandes_recues.filter(etat="demandee", propose_le=None).first()
    montants, avis = iter(range(1, 10_000)), iter(range(10_000))

    def ouvrir(qui: str, adresse: str) -> bytes:
        reponse = clients[qui].get(adresse, headers={"host": HOTE})
        assert reponse.status_code == 200, reponse.status_code
        return reponse.content

    def ecrire() -> bytes:
        reponse = clients["samia"].post(
            f"{instruction}{case.pk}/",
            envoi(p.samia, montant=str(next(montants)), rang=str(next(avis))),
            headers={"accept": "application/json", "host": HOTE},
        )
        assert reponse.status_code == 200, reponse.content
        return reponse.content

    return {
        "la page d’un financeur, sa colonne modifiable": lambda: ouvrir("samia", instruction),
        "la page du pilote": lambda: ouvrir("pilote", "/tilleuls/pilotage/programmation/"),
        "la page d’un financeur, une fiche choisie": lambda: ouvrir(
            "samia", f"{instruction}?fiche=1-7"
        ),
        "écrire une case, et tout recompter": ecrire,
        "le tableau en CSV": lambda: ouvrir("samia", f"{instruction}tableau.csv"),
    }


def requetes_et_poids(faire: Callable[[], Any]) -> tuple[int, object]:
    """Rend combien de requêtes cela demande, et le poids de ce qui est rendu, en ko."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    # Une lecture naïve en fait plus que Django n'en garde.
    connection.queries_log = deque(maxlen=100_000)
    with CaptureQueriesContext(connection) as requetes:
        rendu = faire()
    return len(requetes), len(rendu) // 1024 if isinstance(rendu, bytes) else ""


def mesurer() -> None:
    from parvis.dossiers.models import Demande
    from parvis.socle.rapport import ecrire_section, machine, tableau
    from tests.fabriques.programmation import programmation

    pages = pages_a_mesurer(programmation(NOMBRE))
    for faire in pages.values():
        faire()
    # Comme config/wsgi.py : ce qui est chargé ne se ramasse plus.
    gc.collect()
    gc.freeze()
    lignes: list[list[object]] = []
    for nom, faire in pages.items():
        mesures = chronometrer(faire, TOURS)
        tenu = "oui" if mesures[1] <= BUDGET else "**non**"
        lignes.append([nom, *mesures, *requetes_et_poids(faire), tenu])
    for nom, avec_prefetch in (
        ("lire les mêmes objets par l’ORM, tout préchargé, sans HTML ni total", True),
        ("lire les mêmes objets par l’ORM, un à un, sans HTML ni total", False),
    ):

        def lire(avec_prefetch: bool = avec_prefetch) -> int:
            return par_l_orm(avec_prefetch=avec_prefetch)

        lignes.append([nom, *chronometrer(lire, 5), *requetes_et_poids(lire), ""])
    intro = (
        f"{machine()}. {NOMBRE} dossiers, {Demande.objects.count()} demandes, 5 financeurs et ailleurs, "
        f"40 fiches, {NOMBRE // 4} porteurs. {TOURS} tours, dans le serveur. Budget : {BUDGET} ms."
    )
    entetes = ["mesure", "médiane (ms)", "95e centile (ms)", "processeur (ms)"]
    rapport = f"{intro}\n\n{tableau([*entetes, 'requêtes', 'poids (ko)', 'tenu'], lignes)}"
    ecrire_section(RAPPORT, "programmation", rapport)
    print(rapport)


def sur_une_base_neuve(mesurer: Callable[[], None]) -> None:
    """Mène un banc sur une base SQLite à lui, jetée ensuite."""
    preparer_django()
    from django.core.management import call_command
    from django.db import connection

    # Jamais dans la base de l'instance : deux mille dossiers inventés y resteraient.
    if connection.vendor != "sqlite":
        raise SystemExit("Ce banc se mène sur SQLite : enlevez PARVIS_BASE.")
    with tempfile.TemporaryDirectory() as dossier:
        fichier = Path(dossier) / "banc.sqlite3"
        sqlite3.connect(fichier).close()
        connection.settings_dict["NAME"] = str(fichier)
        call_command("migrate", verbosity=0, interactive=False)
        mesurer()
        connection.close()


if __name__ == "__main__":
    sur_une_base_neuve(mesurer)
