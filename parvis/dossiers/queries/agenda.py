"""Les dates des appels, pour l'agenda de chacun."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone

from parvis.dossiers.enums import EtatDAppel
from parvis.dossiers.queries.appels import Echeance
from parvis.socle.ics import Repere


def reperes(echeances: Iterable[Echeance], racine: str) -> Iterator[Repere]:
    """Rend l'ouverture à venir et la clôture de chaque appel ; `racine` est l'adresse du site."""
    hote = racine.rpartition("/")[2].partition(":")[0]
    for echeance in echeances:
        if echeance.etat == EtatDAppel.A_VENIR and echeance.ouvre_le:
            yield _repere(echeance, "ouverture", echeance.ouvre_le, racine, hote)
        if echeance.ferme_le:
            yield _repere(echeance, "cloture", echeance.ferme_le, racine, hote)


def _repere(echeance: Echeance, quoi: str, quand: date, racine: str, hote: str) -> Repere:
    mot = "Ouverture" if quoi == "ouverture" else "Clôture"
    nom = f" ({echeance.organisme})" if echeance.organisme else ""
    fiches = ", ".join(f.numero for f in echeance.fiches)
    version = echeance.version
    if version is not None:
        cle, ecrit_le = f"appel-{version.appel_id}", version.publiee_le or timezone.now()
        chemin = reverse("accueil:appel", args=[version.appel.contrat.code, version.appel.adresse])
        adresse, numero = f"{racine}{chemin}", version.numero
    else:
        assert echeance.ailleurs is not None  # une échéance est d'ici ou d'ailleurs
        cle, adresse = f"ailleurs-{echeance.ailleurs.pk}", echeance.ailleurs.lien
        ecrit_le = timezone.make_aware(datetime.combine(echeance.ailleurs.verifie_le, time()))
        numero = echeance.ailleurs.revision
    return Repere(
        f"{cle}-{quoi}@{hote}",
        f"{mot} : {echeance.titre}{nom}",
        quand,
        ecrit_le,
        f"Fiches : {fiches}." if fiches else "",
        adresse,
        numero,
    )
