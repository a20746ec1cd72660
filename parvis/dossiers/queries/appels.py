"""Les appels que tout le monde lit : ce que dit leur dernière version publiée."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from parvis.cadre.models import Contrat, Fiche
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDAppel
from parvis.dossiers.models import AppelAilleurs, FicheDAppel, PieceDAppel, VersionDAppel
from parvis.dossiers.queries.contenu_d_appel import (
    FicheNommee,
    contenu,
    fiches_nommees,
    versions_entieres,
)
from parvis.dossiers.rules.appels import delai, etat_d_un_appel_d_ailleurs, etat_de_l_appel
from parvis.dossiers.rules.changements_d_appel import ce_qui_change
from parvis.organismes.enums import Nature


@dataclass(frozen=True)
class Echeance:
    """Un appel au calendrier, de ce contrat (`version`) ou d'un autre organisme (`ailleurs`)."""

    titre: str
    etat: EtatDAppel
    ouvre_le: date | None
    ferme_le: date | None
    fiches: list[FicheNommee]
    maintenant: datetime
    organisme: str = ""
    version: VersionDAppel | None = None
    ailleurs: AppelAilleurs | None = None

    @property
    def dans(self) -> str:
        """Rend le temps qui reste avant l'ouverture ou la clôture, ou qui a passé depuis."""
        vers = self.ouvre_le if self.etat == EtatDAppel.A_VENIR else self.ferme_le
        return "" if vers is None else delai((_jour(vers) - _jour(self.maintenant)).days)

    @property
    def jour_de_cloture(self) -> date | None:
        return None if self.ferme_le is None else _jour(self.ferme_le)


@dataclass(frozen=True)
class AppelLu:
    """Un appel à sa page : une version entière, son état, ses fiches nommées."""

    version: VersionDAppel
    echeance: Echeance
    est_courante: bool = True

    @property
    def natures(self) -> list[tuple[str, str]]:
        """Rend les natures de porteur, pour choisir laquelle on est."""
        return list(Nature.choices)


def _jour(valeur: date) -> date:
    return timezone.localtime(valeur).date() if isinstance(valeur, datetime) else valeur


def echeance_d_un_appel(
    version: VersionDAppel, nommees: dict[int, FicheNommee], maintenant: datetime
) -> Echeance:
    """Rend l'échéance d'une version dont les fiches sont chargées."""
    presentes = {f.fiche_id for f in version.fiches.all()}
    return Echeance(
        version.titre,
        etat_de_l_appel(version.ouvre_le, version.ferme_le, maintenant),
        version.ouvre_le,
        version.ferme_le,
        [f for cle, f in nommees.items() if cle in presentes],
        maintenant,
        version=version,
    )


def echeance_d_ailleurs(
    ailleurs: AppelAilleurs, nommees: dict[int, FicheNommee], maintenant: datetime
) -> Echeance:
    """Rend l'échéance de l'appel d'un autre organisme dont les fiches sont chargées."""
    presentes = {f.pk for f in ailleurs.fiches.all()}
    return Echeance(
        ailleurs.titre,
        etat_d_un_appel_d_ailleurs(ailleurs.ouvre_le, ailleurs.ferme_le, _jour(maintenant)),
        ailleurs.ouvre_le,
        ailleurs.ferme_le,
        [f for cle, f in nommees.items() if cle in presentes],
        maintenant,
        organisme=ailleurs.organisme,
        ailleurs=ailleurs,
    )


def echeances(acteur: Acteur, contrat: Contrat, *, maintenant: datetime) -> list[Echeance]:
    """Rend tous les appels publics du contrat et d'ailleurs, la clôture la plus proche d'abord."""
    nommees = fiches_nommees(contrat)
    courantes = VersionDAppel.objects.courantes().filter(appel__contrat=contrat)
    miens = courantes.select_related("appel__contrat").prefetch_related("fiches")
    autres = AppelAilleurs.objects.filter(contrat=contrat).prefetch_related("fiches")
    trouvees = [echeance_d_un_appel(version, nommees, maintenant) for version in miens]
    trouvees += [echeance_d_ailleurs(autre, nommees, maintenant) for autre in autres]
    return sorted(trouvees, key=_par_cloture)


def _par_cloture(echeance: Echeance) -> tuple[bool, date, bool, str]:
    jour = echeance.jour_de_cloture
    return jour is None, jour or date.max, echeance.version is None, echeance.titre


def appels_ouverts(
    acteur: Acteur, contrat: Contrat, *, maintenant: datetime | None = None
) -> list[Echeance]:
    """Rend les appels où l'on peut répondre maintenant, ceux du contrat d'abord."""
    trouvees = echeances(acteur, contrat, maintenant=maintenant or timezone.now())
    ouverts = [e for e in trouvees if e.etat == EtatDAppel.OUVERT]
    return sorted(ouverts, key=lambda e: e.version is None)


def a_un_appel_ouvert(
    acteur: Acteur, contrat: Contrat, *, maintenant: datetime | None = None
) -> bool:
    """Dit si l'on peut répondre maintenant à un appel, de ce contrat ou d'ailleurs."""
    instant = maintenant or timezone.now()
    miens = VersionDAppel.objects.courantes().filter(appel__contrat=contrat).ouvertes(instant)
    jour = _jour(instant)
    recoivent = Q(ouvre_le__isnull=True) | Q(ouvre_le__lte=jour)
    recoivent &= Q(ferme_le__isnull=True) | Q(ferme_le__gte=jour)
    return miens.exists() or AppelAilleurs.objects.filter(recoivent, contrat=contrat).exists()


def appels_ouverts_pour_la_fiche(
    acteur: Acteur, contrat: Contrat, fiche: Fiche, *, maintenant: datetime | None = None
) -> list[Echeance]:
    """Rend les appels ouverts sur cette fiche, ceux du contrat d'abord, puis ceux d'ailleurs."""
    ouverts = appels_ouverts(acteur, contrat, maintenant=maintenant)
    return [e for e in ouverts if any(f.pk == fiche.pk for f in e.fiches)]


def appel_public(
    acteur: Acteur, contrat: Contrat, adresse: str, *, maintenant: datetime | None = None
) -> AppelLu:
    """Rend un appel tel qu'on le lit aujourd'hui ; lève VersionDAppel.DoesNotExist."""
    courantes = versions_entieres().filter(
        pk__in=VersionDAppel.objects.courantes().filter(appel__contrat=contrat).values("pk")
    )
    return _lire(courantes.get(appel__adresse=adresse), maintenant)


def version_publique(
    acteur: Acteur,
    contrat: Contrat,
    adresse: str,
    numero: int,
    *,
    maintenant: datetime | None = None,
) -> AppelLu:
    """Rend une version publiée, courante ou passée ; lève VersionDAppel.DoesNotExist."""
    publiees = versions_entieres().publiees().filter(appel__contrat=contrat, numero=numero)
    version = publiees.get(appel__adresse=adresse)
    suivantes = version.appel.versions.publiees().filter(numero__gt=numero)
    return _lire(version, maintenant, est_courante=not suivantes.exists())


def lire_un_appel(version: VersionDAppel, maintenant: datetime | None = None) -> AppelLu:
    """Rend une version déjà trouvée, telle qu'un porteur la lirait."""
    return _lire(versions_entieres().get(pk=version.pk), maintenant)


def _lire(
    version: VersionDAppel, maintenant: datetime | None, *, est_courante: bool = True
) -> AppelLu:
    presentes = [f.fiche_id for f in version.fiches.all()]
    nommees = fiches_nommees(version.appel.contrat, presentes)
    echeance = echeance_d_un_appel(version, nommees, maintenant or timezone.now())
    return AppelLu(version, echeance, est_courante)


@dataclass(frozen=True)
class VersionRacontee:
    """Une version publiée, ce qu'elle change à la précédente, et si c'est celle que l'on lit."""

    version: VersionDAppel
    changements: list[str]
    est_courante: bool


def versions_publiees(acteur: Acteur, version: VersionDAppel) -> list[VersionRacontee]:
    """Rend les versions publiées de l'appel de cette version, la dernière d'abord.

    Le nombre de requêtes ne dépend pas des versions.
    """
    toutes = list(versions_entieres().publiees().filter(appel=version.appel_id).order_by("numero"))
    fiches = FicheDAppel.objects.filter(version__in=[v.pk for v in toutes])
    nommees = fiches_nommees(version.appel.contrat, fiches.values_list("fiche", flat=True))
    lues = [contenu(v, nommees) for v in toutes]
    racontees = [
        VersionRacontee(
            v, ce_qui_change(lues[rang - 1], lues[rang]) if rang else [], v is toutes[-1]
        )
        for rang, v in enumerate(toutes)
    ]
    return racontees[::-1]


def pieces_selon_la_nature(
    version: VersionDAppel, nature: str
) -> list[tuple[str, list[PieceDAppel]]]:
    """Rend les pièces d'une version entière, pour cette nature de porteur, ou toutes si elle est vide.

    Les obligatoires d'abord.
    """
    gardees = [p for p in version.pieces.all() if not nature or p.concerne(nature)]
    groupes = []
    for nom, est_obligatoire in (("À joindre", True), ("À joindre si c’est votre cas", False)):
        siennes = [p for p in gardees if p.est_obligatoire is est_obligatoire]
        if siennes:
            groupes.append((nom, siennes))
    return groupes
