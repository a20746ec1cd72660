"""Le tableau de programmation à deux mille dossiers, contre deux lectures par l'ORM de la même base.

La page entière est mesurée dans le serveur : la session, les droits, les requêtes, les totaux, le HTML.
"""

import gc
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.charge import RAPPORT, preparer_django

NOMBRE, TOURS, BUDGET = 2_000, 30, 300
HOTE = "127.0.0.1"


def chronometrer(faire: Callable[[], object], tours: int) -> tuple[float, float]:
    """Rend la médiane et le 95e centile, en ms, après deux tours de chauffe."""
    durees = []
    for tour in range(tours + 2):
        debut = time.perf_counter()
        faire()
        if tour >= 2:
            durees.append(1000 * (time.perf_counter() - debut))
    centile = statistics.quantiles(durees, n=20)[-1] if len(durees) > 1 else durees[0]
    return statistics.median(durees), centile


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


def mesurer() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from parvis.socle.rapport import ecrire_section, machine, tableau
    from tests.fabriques.comptes import envoi
    from tests.fabriques.programmation import programmation

    p = programmation(NOMBRE)
    clients = {qui: p.ici.monde.client(qui) for qui in ("samia", "pilote")}
    instruction = "/tilleuls/instruction/programmation/"
    case = p.ici.caisse.demandes_recues.filter(etat="demandee", propose_le=None).first()
    montants = iter(range(1, 10_000))
    avis = iter(range(10_000))

    def ouvrir(qui: str, adresse: str) -> bytes:
        reponse = clients[qui].get(adresse, headers={"host": HOTE})
        assert reponse.status_code == 200, reponse.status_code
        return b"".join(reponse) if reponse.streaming else reponse.content

    def ecrire() -> None:
        champs = envoi(p.samia, montant=str(next(montants)), rang=str(next(avis)))
        reponse = clients["samia"].post(
            f"{instruction}{case.pk}/", champs, headers={"accept": "application/json", "host": HOTE}
        )
        assert reponse.status_code == 200, reponse.content

    pages: dict[str, Callable[[], Any]] = {
        "la page d’un financeur, sa colonne modifiable": lambda: ouvrir("samia", instruction),
        "la page du pilote": lambda: ouvrir("pilote", "/tilleuls/pilotage/programmation/"),
        "la page d’un financeur, une fiche choisie": lambda: ouvrir(
            "samia", f"{instruction}?fiche=1-7"
        ),
        "écrire une case, et tout recompter": ecrire,
        "le tableau en CSV": lambda: ouvrir("samia", f"{instruction}tableau.csv"),
    }
    for faire in pages.values():
        faire()
    # Comme config/wsgi.py : ce qui est chargé ne se ramasse plus.
    gc.collect()
    gc.freeze()
    lignes: list[list[object]] = []
    for nom, faire in pages.items():
        mediane, centile = chronometrer(faire, TOURS)
        with CaptureQueriesContext(connection) as requetes:
            rendu = faire()
        poids = len(rendu) // 1024 if rendu else ""
        tenu = "oui" if centile <= BUDGET else "**non**"
        lignes.append([nom, mediane, centile, len(requetes), poids, tenu])
    for nom, avec_prefetch, tours in (
        ("lire les mêmes objets par l’ORM, tout préchargé, sans HTML ni total", True, 10),
        ("lire les mêmes objets par l’ORM, un à un, sans HTML ni total", False, 3),
    ):
        mediane, centile = chronometrer(lambda p=avec_prefetch: par_l_orm(avec_prefetch=p), tours)
        with CaptureQueriesContext(connection) as requetes:
            par_l_orm(avec_prefetch=avec_prefetch)
        lignes.append([nom, mediane, centile, len(requetes), "", ""])
    demandes = sum(1 for _ in _toutes_les_demandes())
    intro = (
        f"{machine()}. {NOMBRE} dossiers, {demandes} demandes, 5 financeurs et ailleurs, 40 fiches, "
        f"{NOMBRE // 4} porteurs. {TOURS} tours, dans le serveur. Budget : {BUDGET} ms."
    )
    entetes = ["mesure", "médiane (ms)", "95e centile (ms)", "requêtes", "poids (ko)", "tenu"]
    rapport = f"{intro}\n\n{tableau(entetes, lignes)}"
    ecrire_section(RAPPORT, "programmation", rapport)
    print(rapport)


def _toutes_les_demandes() -> Any:
    from parvis.dossiers.models import Demande

    return Demande.objects.values_list("pk").iterator()


def main() -> None:
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
    main()
