"""Un acte d'essai, ou un long journal écrit d'un coup avec les vraies empreintes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from parvis.journal import rules
from parvis.journal.actions import noter
from parvis.journal.models import Chaine, Details, Evenement
from parvis.socle.auteur import Machine

DEBUT = datetime(2015, 6, 1, 8, tzinfo=UTC)


def acte(contrat: str = "tilleuls", **autres: Any) -> Evenement:
    """Note un acte d'essai ; le test demande `acte_d_essai`."""
    valeurs = {"action": "essai", "objet": "fiche:1-1", "objet_nom": "Un jardin", "details": None}
    return noter(par=Machine("essai"), contrat=contrat, **(valeurs | autres))


def actes(contrat: str, nombre: int) -> Iterator[dict[str, Any]]:
    """Rend les champs d'autant d'actes, avant leur scellement."""
    for rang in range(1, nombre + 1):
        yield {
            "contrat": contrat,
            "rang": rang,
            "instant": DEBUT + timedelta(minutes=rang),
            "utilisateur": "7",
            "utilisateur_nom": "Amina Traoré",
            "organisme": "3",
            "organisme_nom": "Agglomération des Tilleuls",
            "action": "essai",
            "objet": f"fiche:{rang % 40}",
            "objet_nom": "Un jardin",
            "empreinte_details": rules.empreinte_details(f"sel{rang}", {"montant": rang}),
        }


def sceller(champs: Iterable[dict[str, Any]], precedente: str = rules.ORIGINE) -> list[Evenement]:
    """Enchaîne des actes : chacun porte l'empreinte du précédent, puis la sienne."""
    scelles = []
    for valeurs in champs:
        valeurs = valeurs | {"empreinte_precedente": precedente}
        precedente = rules.empreinte(valeurs)
        scelles.append(Evenement(**valeurs, empreinte=precedente))
    return scelles


def long_journal(contrat: str, nombre: int) -> Chaine:
    """Écrit une chaîne d'autant d'actes et leurs détails, comme `noter` l'aurait fait."""
    evenements = Evenement.objects.bulk_create(sceller(actes(contrat, nombre)), batch_size=1000)
    Details.objects.bulk_create(
        (Details(evenement=e, sel=f"sel{e.rang}", contenu={"montant": e.rang}) for e in evenements),
        batch_size=1000,
    )
    if connection.vendor == "postgresql":
        # Sans statistiques fraîches, une lecture de dix mille lignes écrites d'un coup se fait mal.
        with connection.cursor() as curseur:
            curseur.execute("ANALYZE journal_evenement, journal_details")
    return Chaine.objects.create(contrat=contrat, nombre=nombre, empreinte=evenements[-1].empreinte)
