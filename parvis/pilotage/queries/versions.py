"""Ce que l'on a su d'un dispositif ou d'un partenaire : qui l'a changé, quand, et mot par mot."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.cadre.models import Dispositif, Partenaire
from parvis.cadre.phrases import SAVOIRS, dire_un_savoir
from parvis.cadre.rules.seances import SEANCE
from parvis.comptes.acteur import Acteur
from parvis.journal.models import Evenement
from parvis.socle.comparaison import Morceau, comparer_les_mots
from parvis.socle.templatetags.socle import jour

DERNIERES = 60
_DATES = frozenset({"fin_le", "verifie_le"})


@dataclass(frozen=True)
class VersionDuSavoir:
    """Un changement de ce que l'on sait : son auteur, son instant, et chaque champ mot par mot."""

    instant: datetime
    par: str
    changements: list[tuple[str, list[Morceau]]]


def versions_du_savoir(acteur: Acteur, ligne: Partenaire | Dispositif) -> list[VersionDuSavoir]:
    """Rend les derniers changements de ce que l'on sait, lus au journal, le dernier d'abord."""
    actes = (
        Evenement.objects.filter(
            objet=f"{ligne._meta.model_name}:{ligne.pk}",
            contrat=ligne.contrat.code,
            details__isnull=False,
        )
        .select_related("details")
        .order_by("-pk")[:DERNIERES]
    )
    return [
        VersionDuSavoir(instant, par, list(_comparer(changements)))
        for instant, par, changements in _par_seance(actes)
    ]


def _par_seance(actes: Iterable[Evenement]) -> list[tuple[datetime, str, dict[str, Any]]]:
    """Réunit les actes d'une même personne à moins de trente minutes : un champ quitté est un acte."""
    seances: list[tuple[datetime, str, dict[str, Any]]] = []
    debut = None
    for acte in actes:
        if not (changements := acte.details.contenu.get("changements")):
            continue
        if debut and seances[-1][1] == acte.utilisateur_nom and debut - acte.instant < SEANCE:
            reunis = seances[-1][2]
            for champ, (avant, apres) in changements.items():
                reunis[champ] = [avant, reunis[champ][1] if champ in reunis else apres]
        else:
            seances.append((acte.instant, acte.utilisateur_nom, dict(changements)))
        debut = acte.instant
    return seances


def _comparer(changements: Mapping[str, Any]) -> Iterator[tuple[str, list[Morceau]]]:
    for champ, nom in SAVOIRS.items():
        if champ in changements:
            avant, apres = (_dire(champ, valeur) for valeur in changements[champ])
            yield nom, comparer_les_mots(avant, apres)


def _dire(champ: str, valeur: Any) -> str:
    return (
        jour(date.fromisoformat(valeur))
        if valeur and champ in _DATES
        else dire_un_savoir(champ, valeur)
    )
