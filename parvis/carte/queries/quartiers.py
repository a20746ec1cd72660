"""Les quartiers d'un contrat : leur liste, et la page de chacun."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet
from shapely.geometry.base import BaseGeometry

from parvis.cadre.models import (
    Contrat,
    Declinaison,
    Edition,
    LieuDeFiche,
    OrganismeDePartenaire,
    VersionDeFiche,
)
from parvis.cadre.queries.rapprochements import Territoire
from parvis.comptes.acteur import Acteur
from parvis.dossiers.queries.ici import Ici
from parvis.territoires.geometrie import depuis_octets, superficie
from parvis.territoires.models import Commune, Correspondance, Perimetre, Quartier
from parvis.territoires.rules.devenir import Lien, devenir

METRES_CARRES_PAR_HECTARE = 10_000


@dataclass(frozen=True)
class QuartierVu:
    """Un quartier et ce qui se compte : communes, contour, superficie en hectares, fiches qui le nomment."""

    quartier: Quartier
    communes: list[Commune]
    perimetre: Perimetre | None
    fiches: int = 0

    @property
    def noms_des_communes(self) -> str:
        return ", ".join(commune.nom for commune in self.communes)

    @cached_property
    def geometrie(self) -> BaseGeometry | None:
        return depuis_octets(self.perimetre.geometrie) if self.perimetre else None

    @property
    def hectares(self) -> int | None:
        """Rend la superficie du contour, en hectares entiers, un au moins."""
        contour = self.geometrie
        if contour is None:
            return None
        return max(round(superficie(contour) / METRES_CARRES_PAR_HECTARE), 1)


@dataclass(frozen=True)
class FicheIci:
    """Une fiche qui parle du lieu : elle le nomme, ou elle y est déclinée (`declinaison`)."""

    version: VersionDeFiche
    declinaison: Declinaison | None
    lieu: str


@dataclass(frozen=True)
class ActeurIci:
    """Un partenaire du contrat dont l'organisme a son siège dans la commune ou y agit."""

    rapprochement: OrganismeDePartenaire
    communes: str


@dataclass(frozen=True)
class PageDeQuartier:
    """Tout ce que montre la page d'un quartier."""

    vu: QuartierVu
    devenir: list[str]
    lies: list[Quartier]
    autres_noms: list[str]
    ici: list[FicheIci] = field(default_factory=list)
    dans_la_commune: list[FicheIci] = field(default_factory=list)
    acteurs: list[ActeurIci] = field(default_factory=list)

    @property
    def lieu(self) -> Ici:
        """Rend ce lieu sous tous ses millésimes, pour y chercher des appels et des projets."""
        quartiers = [self.vu.quartier, *self.lies]
        return Ici(
            communes=frozenset(commune.pk for commune in self.vu.communes),
            quartiers=frozenset(quartier.pk for quartier in quartiers),
        )


def communes_du_contrat(acteur: Acteur, contrat: Contrat) -> QuerySet[Commune]:
    """Rend les communes où s'applique un contrat."""
    return Commune.objects.filter(pk__in=Territoire.du_contrat(contrat).communes).order_by("nom")


def millesimes(acteur: Acteur, contrat: Contrat) -> list[int]:
    """Rend les générations de quartiers connues dans le territoire d'un contrat, la dernière d'abord."""
    trouves = _du_contrat(contrat).values_list("millesime", flat=True)
    return sorted(set(trouves), reverse=True)


def codes_des_quartiers(acteur: Acteur, contrat: Contrat) -> set[str]:
    """Rend les codes des quartiers du territoire, toutes générations confondues."""
    return set(_du_contrat(contrat).values_list("code", flat=True))


def quartiers(acteur: Acteur, edition: Edition, millesime: int) -> list[QuartierVu]:
    """Rend les quartiers d'un millésime dans le territoire du contrat, par commune puis par nom."""
    lus = list(_complets(_du_contrat(edition.contrat).filter(millesime=millesime)))
    comptes = _fiches_par_quartier(edition, lus)
    vus = [_vu(quartier, comptes[quartier.pk]) for quartier in lus]
    return sorted(vus, key=lambda v: (v.noms_des_communes, v.quartier.nom))


def quartiers_par_cle(acteur: Acteur, edition: Edition, cles: Iterable[int]) -> list[QuartierVu]:
    """Rend ces quartiers du territoire, de quelque millésime, par commune puis par nom.

    Les fiches qui les nomment ne sont pas comptées.
    """
    lus = _complets(_du_contrat(edition.contrat).filter(pk__in=list(cles)))
    return sorted((_vu(q, 0) for q in lus), key=lambda v: (v.noms_des_communes, v.quartier.nom))


def quartier(acteur: Acteur, edition: Edition, code: str) -> PageDeQuartier:
    """Rend la page d'un quartier du territoire ; lève Quartier.DoesNotExist ailleurs."""
    trouves = _complets(_du_contrat(edition.contrat).filter(code=code))
    lu = trouves.order_by("-millesime").first()
    if lu is None:
        raise Quartier.DoesNotExist
    liens = _liens([lu])
    # Les voisins d'un partage servent à le dire ; ils ne sont pas ce quartier.
    siens = [(lien.ancien, lien.nouveau) for lien in liens if lu in (lien.ancien, lien.nouveau)]
    lies = [*dict.fromkeys(q for paire in siens for q in paire if q and q != lu)]
    memes = {lu.pk, *(q.pk for q in lies)}
    communes = list(lu.communes.all())
    nommees = fiches_qui_nomment(edition, Q(quartier__in=memes))
    dans_la_commune = Q(commune__in=communes, quartier__isnull=True)
    return PageDeQuartier(
        vu=_vu(lu, len({f.version.pk for f in nommees})),
        devenir=devenir(lu.pk, [_lien(lien) for lien in liens]),
        lies=sorted(lies, key=lambda q: (q.millesime, q.nom)),
        autres_noms=[autre.nom for autre in lu.autres_noms.all()],
        ici=nommees,
        dans_la_commune=fiches_qui_nomment(edition, dans_la_commune),
        acteurs=acteurs_des_communes(edition.contrat, communes),
    )


def _du_contrat(contrat: Contrat) -> QuerySet[Quartier]:
    communes = Territoire.du_contrat(contrat).communes
    return Quartier.objects.filter(communes__in=communes).distinct()


def _complets(lignes: QuerySet[Quartier]) -> QuerySet[Quartier]:
    en_vigueur = Perimetre.objects.filter(remplace_le__isnull=True)
    return lignes.prefetch_related(
        "communes", "autres_noms", Prefetch("perimetres", en_vigueur, to_attr="en_vigueur")
    )


def _vu(quartier: Quartier, fiches: int) -> QuartierVu:
    contours: list[Perimetre] = getattr(quartier, "en_vigueur")  # noqa: B009 — posé par _complets
    return QuartierVu(quartier, list(quartier.communes.all()), next(iter(contours), None), fiches)


def _liens(lus: Iterable[Quartier]) -> list[Correspondance]:
    """Rend les liens des quartiers avec leurs suites et leurs origines, et ceux de ces voisins."""
    ces = [q.pk for q in lus]
    directs = Correspondance.objects.filter(Q(ancien__in=ces) | Q(nouveau__in=ces))
    anciens = directs.values("ancien")
    nouveaux = directs.exclude(nouveau__isnull=True).values("nouveau")
    tous = Correspondance.objects.filter(Q(ancien__in=anciens) | Q(nouveau__in=nouveaux))
    return list(tous.select_related("ancien", "nouveau").order_by("ancien__nom", "pk"))


def _lien(lien: Correspondance) -> Lien:
    return Lien(
        ancien=lien.ancien_id,
        ancien_nom=lien.ancien.nom,
        nouveau=lien.nouveau_id,
        nouveau_nom=lien.nouveau.nom if lien.nouveau else "",
        nature=lien.nature,
    )


def memes_quartiers(lus: Iterable[Quartier]) -> dict[int, set[int]]:
    """Rend, pour chaque quartier, lui-même et ceux qu'il était ou est devenu, par leur clé."""
    lus = list(lus)
    memes: dict[int, set[int]] = {q.pk: {q.pk} for q in lus}
    for lien in _liens(lus):
        if lien.nouveau_id in memes:
            memes[lien.nouveau_id].add(lien.ancien_id)
        if lien.nouveau_id and lien.ancien_id in memes:
            memes[lien.ancien_id].add(lien.nouveau_id)
    return memes


def _fiches_par_quartier(edition: Edition, lus: Sequence[Quartier]) -> Counter[int]:
    """Compte les fiches qui nomment chaque quartier, sous son nom d'aujourd'hui ou d'hier."""
    memes = memes_quartiers(lus)
    tous = {pk for pks in memes.values() for pk in pks}
    paires = set(
        LieuDeFiche.objects.filter(edition=edition, quartier__in=tous).values_list(
            "quartier", "version"
        )
    ) | set(edition.declinaisons.filter(quartier__in=tous).values_list("quartier", "version"))
    return Counter(
        {pk: len({version for q, version in paires if q in pks}) for pk, pks in memes.items()}
    )


def fiches_qui_nomment(edition: Edition, lieu: Q) -> list[FicheIci]:
    """Rend les fiches qui nomment un lieu ou y sont déclinées, dans l'ordre du contrat, une fois chacune."""
    declinees = edition.declinaisons.filter(lieu).select_related(
        "version__fiche", "version__enjeu__pilier"
    )
    trouvees = {d.version_id: FicheIci(d.version, d, d.lieu) for d in declinees}
    nommees = LieuDeFiche.objects.filter(lieu, edition=edition).select_related(
        "version__fiche", "version__enjeu__pilier"
    )
    for ligne in nommees:
        trouvees.setdefault(ligne.version_id, FicheIci(ligne.version, None, ligne.imprime))
    return sorted(trouvees.values(), key=lambda f: f.version.rang)


def acteurs_des_communes(contrat: Contrat, communes: Sequence[Commune]) -> list[ActeurIci]:
    """Rend les partenaires du contrat dont l'organisme a son siège dans ces communes, ou y agit."""
    ici = Q(organisme__siege__in=communes) | Q(organisme__communes__in=communes)
    lignes = (
        OrganismeDePartenaire.objects.filter(
            ici, partenaire__contrat=contrat, jusqu_au__isnull=True, organisme__fin_le__isnull=True
        )
        .select_related("partenaire", "organisme")
        .distinct()
        .order_by("organisme__cle_de_tri", "pk")
    )
    noms = ", ".join(commune.nom for commune in communes)
    return [ActeurIci(ligne, noms) for ligne in lignes]
