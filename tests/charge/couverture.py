"""La couverture et le tableau de bord d'un contrat de deux mille dossiers, contre des sommes une à une.

La page entière est mesurée dans le serveur : la session, les droits, les requêtes, les sommes, le HTML.
"""

import gc
import random
from collections.abc import Callable
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from tests.charge.programmation import (
    HOTE,
    NOMBRE,
    TOURS,
    chronometrer,
    requetes_et_poids,
    sur_une_base_neuve,
)

BUDGET = 100
PAGES = {
    "le tableau de bord": "tableau-de-bord/",
    "les fiches et les années": "couverture/",
    "les quartiers": "couverture/lieux/",
    "les publics": "couverture/publics/",
    "le droit commun": "couverture/droit-commun/",
    "les sujets": "couverture/sujets/",
    "les fiches en CSV": "couverture/fiches.csv",
}


def compter_les_publics(graine: int = 2026) -> None:
    """Écrit les personnes que prévoit chaque dossier."""
    from parvis.dossiers.models import Dossier, EcritureDeSection

    hasard, maintenant = random.Random(graine), timezone.now()
    EcritureDeSection.objects.bulk_create(
        EcritureDeSection(
            dossier_id=pk,
            section="publics",
            numero=1,
            valeur={
                "nombre": str(hasard.randint(5, 400)),
                "part_quartiers": str(hasard.randint(30, 100)),
                **{code: str(hasard.randint(0, 80)) for code in ("ages_12_17", "femmes", "hommes")},
            },
            ecrite_par="Essai",
            commencee_le=maintenant,
            enregistree_le=maintenant,
        )
        for pk in Dossier.objects.values_list("pk", flat=True)
    )


def une_a_une() -> int:
    """Somme chaque fiche, puis chaque quartier, par sa requête : sans personnes, ni partage, ni HTML."""
    from parvis.cadre.models import Fiche
    from parvis.dossiers.models import Demande
    from parvis.territoires.models import Quartier

    votees = Demande.objects.filter(etat="accordee", guichet="plateforme")
    sommes = {"vote": Sum("montant_vote"), "dossiers": Count("dossier", distinct=True)}
    lues = [
        votees.filter(dossier__fiches__fiche=fiche, dossier__fiches__est_principale=True).aggregate(
            **sommes
        )
        for fiche in Fiche.objects.all()
    ]
    lues += [
        votees.filter(dossier__lieux__quartier=quartier).aggregate(**sommes)
        for quartier in Quartier.objects.all()
    ]
    return len(lues)


def mesurer() -> None:
    from parvis.socle.rapport import ecrire_section, machine, tableau
    from tests.charge import RAPPORT
    from tests.fabriques.programmation import programmation

    ici = programmation(NOMBRE).ici
    compter_les_publics()
    client = ici.monde.client("pilote")

    def ouvrir(suite: str) -> Callable[[], bytes]:
        def faire() -> bytes:
            reponse = client.get(f"/tilleuls/pilotage/{suite}", headers={"host": HOTE})
            assert reponse.status_code == 200, reponse.status_code
            return reponse.content

        return faire

    pages: dict[str, Any] = {nom: ouvrir(suite) for nom, suite in PAGES.items()}
    for faire in pages.values():
        faire()
    gc.collect()
    gc.freeze()
    lignes: list[list[object]] = []
    for nom, faire in pages.items():
        mesures = chronometrer(faire, TOURS)
        tenu = "oui" if mesures[1] <= BUDGET else "**non**"
        lignes.append([nom, *mesures, *requetes_et_poids(faire), tenu])
    nom = "sommer chaque fiche et chaque quartier par sa requête, sans le reste"
    lignes.append([nom, *chronometrer(une_a_une, TOURS), *requetes_et_poids(une_a_une), ""])
    intro = (
        f"{machine()}. {NOMBRE} dossiers d’un exercice, 40 fiches, 20 quartiers. {TOURS} tours, dans le "
        f"serveur. Budget : {BUDGET} ms."
    )
    entetes = ["mesure", "médiane (ms)", "95e centile (ms)", "processeur (ms)"]
    rapport = f"{intro}\n\n{tableau([*entetes, 'requêtes', 'poids (ko)', 'tenu'], lignes)}"
    ecrire_section(RAPPORT, "couverture", rapport)
    print(rapport)


if __name__ == "__main__":
    sur_une_base_neuve(mesurer)
