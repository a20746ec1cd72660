"""Ce qui touche un lieu, une fiche ou un organisme : les appels ouverts, les projets que l'acteur lit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from parvis.cadre.enums import TypeDeLieu
from parvis.cadre.models import Contrat, Edition, Fiche, LieuDeFiche
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EchelleDeProjet, PorteeDeProjet
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.appels import Echeance, appels_ouverts
from parvis.dossiers.queries.projets_visibles import ProjetVisible, projets_visibles
from parvis.dossiers.rules.publicite import fiche_vaut_ici, portee

PLUS_LARGES = (TypeDeLieu.AGGLOMERATION, TypeDeLieu.DEPARTEMENT, TypeDeLieu.REGION)


@dataclass(frozen=True)
class Ici:
    """Un lieu : un quartier, sous tous ses millésimes, dans ses communes ; ou des communes entières."""

    communes: frozenset[int]
    quartiers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class AppelIci:
    """Un appel ouvert où un projet d'ici peut répondre, et celles de ses fiches qui nomment ce lieu."""

    echeance: Echeance
    fiches: list[str]


@dataclass(frozen=True)
class ProjetsIci:
    """Des projets rangés selon ce qu'ils couvrent, du plus proche au plus large."""

    groupes: list[tuple[PorteeDeProjet, list[ProjetVisible]]]

    @property
    def nombre(self) -> int:
        return sum(len(projets) for _, projets in self.groupes)

    @property
    def a_des_reserves(self) -> bool:
        """Dit si l'un d'eux n'est pas encore public : la page l'explique alors."""
        return any(not projet.est_public for _, projets in self.groupes for projet in projets)


def appels_ici(
    acteur: Acteur, edition: Edition, ici: Ici, *, maintenant: datetime | None = None
) -> list[AppelIci]:
    """Rend les appels ouverts où un projet d'ici peut répondre, ceux qui nomment le lieu d'abord.

    Le nombre de requêtes ne dépend ni des appels, ni des fiches.
    """
    ouverts = appels_ouverts(acteur, edition.contrat, maintenant=maintenant)
    if not ouverts:
        return []
    return ranger_les_appels(ouverts, fiches_par_lieu(edition), ici)


def ranger_les_appels(
    ouverts: Iterable[Echeance], lieux: "dict[int, list[LieuDeFiche]]", ici: Ici
) -> list[AppelIci]:
    """Garde, parmi des appels, ceux où un projet d'ici peut répondre ; `lieux` vient de `fiches_par_lieu`."""
    gardes = []
    for echeance in ouverts:
        nommees = [f.numero for f in echeance.fiches if _nomme(lieux.get(f.pk, []), ici)]
        if not echeance.fiches or any(_vaut(lieux.get(f.pk, []), ici) for f in echeance.fiches):
            gardes.append(AppelIci(echeance, nommees))
    return sorted(gardes, key=lambda appel: not appel.fiches)


def fiches_par_lieu(edition: Edition) -> "dict[int, list[LieuDeFiche]]":
    """Rend les lieux que nomme chaque fiche d'une édition, par clé de fiche ; une requête."""
    lieux: dict[int, list[LieuDeFiche]] = defaultdict(list)
    for lieu in LieuDeFiche.objects.filter(edition=edition).select_related("version"):
        lieux[lieu.version.fiche_id].append(lieu)
    return lieux


def _nomme(lieux: Iterable[LieuDeFiche], ici: Ici) -> bool:
    """Dit si un de ces lieux est celui-ci : le quartier même, ou la commune et ses quartiers."""
    if ici.quartiers:
        return any(lieu.quartier_id in ici.quartiers for lieu in lieux)
    return any(lieu.commune_id in ici.communes for lieu in lieux)


def _vaut(lieux: Iterable[LieuDeFiche], ici: Ici) -> bool:
    lieux = list(lieux)
    return fiche_vaut_ici(
        est_nommee_ici=_nomme(lieux, ici),
        est_large=any(lieu.type in PLUS_LARGES for lieu in lieux),
        communes_nommees={lieu.commune_id for lieu in lieux if lieu.commune_id},
        a_un_lieu_inconnu=any(not (lieu.commune_id or lieu.quartier_id) for lieu in lieux),
        communes_d_ici=ici.communes,
    )


def projets_ici(acteur: Acteur, contrat: Contrat, ici: Ici) -> ProjetsIci:
    """Rend les projets que l'acteur lit et qui touchent un lieu, du plus proche au plus large."""
    la = Q(lieux__quartier__in=ici.quartiers) | Q(lieux__commune__in=ici.communes)
    if not ici.quartiers:
        la |= Q(lieux__quartier__communes__in=ici.communes)
    touchent = Dossier.objects.filter(la | Q(echelle=EchelleDeProjet.AGGLOMERATION))
    ranges: dict[PorteeDeProjet, list[ProjetVisible]] = {p: [] for p in PorteeDeProjet}
    for projet in projets_visibles(acteur, contrat, touchent):
        trouvee = _portee(projet.derniere, ici)
        if trouvee is not None:
            ranges[trouvee].append(projet)
    return ProjetsIci([(p, projets) for p, projets in ranges.items() if projets])


def _portee(dossier: Dossier, ici: Ici) -> PorteeDeProjet | None:
    lieux = list(dossier.lieux.all())
    quartiers = [lieu.quartier for lieu in lieux if lieu.quartier]
    return portee(
        echelle=dossier.echelle,
        quartiers={quartier.pk for quartier in quartiers},
        communes={lieu.commune_id for lieu in lieux if lieu.commune_id},
        communes_des_quartiers={c.pk for quartier in quartiers for c in quartier.communes.all()},
        quartiers_d_ici=ici.quartiers,
        communes_d_ici=ici.communes,
    )


def projets_des_fiches(
    acteur: Acteur, contrat: Contrat, fiches: Iterable[int]
) -> dict[int, list[ProjetVisible]]:
    """Rend les projets que l'acteur lit, par clé de fiche servie ; une fiche sans projet n'y est pas."""
    voulues = set(fiches)
    servent: QuerySet[Dossier] = Dossier.objects.filter(fiches__fiche__in=voulues)
    ranges: dict[int, list[ProjetVisible]] = {}
    for projet in projets_visibles(acteur, contrat, servent):
        servies = {
            ligne.fiche_id for annee in projet.annees for ligne in annee.dossier.fiches.all()
        }
        for fiche in servies & voulues:
            ranges.setdefault(fiche, []).append(projet)
    return ranges


def projets_de_la_fiche(acteur: Acteur, contrat: Contrat, fiche: Fiche) -> ProjetsIci:
    """Rend les projets que l'acteur lit et qui servent une fiche."""
    siens = projets_des_fiches(acteur, contrat, [fiche.pk]).get(fiche.pk, [])
    return ProjetsIci([(PorteeDeProjet.PARTOUT, siens)] if siens else [])


def appels_des_fiches(
    acteur: Acteur, contrat: Contrat, fiches: Iterable[int], *, maintenant: datetime | None = None
) -> dict[int, list[Echeance]]:
    """Rend les appels ouverts de plusieurs fiches, par clé ; une fiche sans appel n'y est pas."""
    voulues = set(fiches)
    if not voulues:
        return {}
    ranges: dict[int, list[Echeance]] = {}
    for echeance in appels_ouverts(acteur, contrat, maintenant=maintenant):
        for fiche in echeance.fiches:
            if fiche.pk in voulues:
                ranges.setdefault(fiche.pk, []).append(echeance)
    return ranges
