"""Choisir des fiches par plusieurs critères à la fois, avec les nombres qui vont avec."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from parvis.cadre import models as m
from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.models import Edition
from parvis.cadre.queries.lecture import avec_reperes
from parvis.comptes.acteur import Acteur
from parvis.socle.filtres import Facette, Option

CRITERES = {
    "pilier": "Pilier",
    "financeur": "Financeur",
    "operateur": "Opérateur",
    "dispositif": "Dispositif",
    "public": "Public",
    "lieu": "Lieu",
}


# Une fiche n'a qu'un pilier ; un lieu en contient d'autres : un seul choix. Le reste s'additionne.
A_CHOIX_UNIQUE = frozenset({"pilier", "lieu"})
Choix = str | tuple[str, ...]


@dataclass(frozen=True)
class Filtres:
    """Ce que le lecteur demande ; plusieurs valeurs d'un critère doivent toutes convenir."""

    pilier: Choix = ()
    financeur: Choix = ()
    operateur: Choix = ()
    dispositif: Choix = ()
    public: Choix = ()
    lieu: Choix = ()
    mots: str = ""

    def valeurs(self, critere: str) -> tuple[str, ...]:
        """Rend les valeurs choisies d'un critère, sans doublon ni vide."""
        choix = getattr(self, critere)
        choix = (choix,) if isinstance(choix, str) else choix
        uniques = tuple(dict.fromkeys(valeur for valeur in choix if valeur))
        return uniques[-1:] if critere in A_CHOIX_UNIQUE else uniques

    @property
    def adresse(self) -> str:
        """Rend la partie de l'adresse qui redonne ces filtres, vide s'il n'y en a pas."""
        choisis = {critere: self.valeurs(critere) for critere in CRITERES}
        mots = {"mots": self.mots} if self.mots else {}
        return urlencode({nom: valeurs for nom, valeurs in choisis.items() if valeurs} | mots, True)

    @property
    def est_vide(self) -> bool:
        return not self.adresse

    def sans(self, critere: str, valeur: str = "") -> "Filtres":
        """Rend les mêmes filtres, une valeur en moins, ou tout le critère."""
        if critere == "mots":
            return replace(self, mots="")
        gardees = tuple(v for v in self.valeurs(critere) if valeur and v != valeur)
        return replace(self, **{critere: gardees})  # type: ignore[arg-type]


@dataclass(frozen=True)
class ListeDeFiches:
    """Les fiches choisies et de quoi choisir autrement."""

    fiches: list[m.VersionDeFiche]
    facettes: list[Facette]
    total: int


# Pour un critère : la valeur de chaque option, son libellé, les fiches qu'elle garde.
Valeurs = dict[str, tuple[str, set[int]]]


def choisir(
    acteur: Acteur, edition: Edition, filtres: Filtres, trouvees: Iterable[str] | None = None
) -> ListeDeFiches:
    """Rend les fiches qui répondent à tous les filtres, et le compte de chaque option.

    `trouvees` porte les numéros des fiches qui répondent aux mots, dans l'ordre de pertinence ;
    None quand le lecteur n'a pas écrit de mots. Le nombre d'une option tient compte des autres
    critères : il dit combien de fiches resteraient. Le nombre de requêtes ne dépend pas des fiches.
    """
    versions = list(avec_reperes(edition))
    valeurs = _valeurs(edition, versions)
    gardees = {v.pk for v in versions}
    rangs = {}
    if trouvees is not None:
        rangs = {numero: rang for rang, numero in enumerate(trouvees)}
        gardees = {v.pk for v in versions if v.fiche.numero in rangs}
    par_critere = {
        critere: _fiches_de(valeurs[critere], filtres.valeurs(critere)) for critere in CRITERES
    }
    facettes = [
        _facette(
            critere,
            valeurs[critere],
            filtres,
            # Un choix unique se remplace ; les autres s'ajoutent à ce qui est déjà choisi.
            _croiser(gardees, par_critere, critere if critere in A_CHOIX_UNIQUE else ""),
        )
        for critere in CRITERES
    ]
    finales = _croiser(gardees, par_critere, sauf="")
    fiches = [v for v in versions if v.pk in finales]
    if rangs:
        fiches.sort(key=lambda v: rangs[v.fiche.numero])
    return ListeDeFiches(fiches, facettes, len(versions))


def _fiches_de(valeurs: Valeurs, choix: tuple[str, ...]) -> set[int] | None:
    """Rend les fiches que des choix gardent ; None sans choix, rien si l'un est inconnu."""
    if not choix:
        return None
    return set.intersection(*(valeurs.get(valeur, ("", set()))[1] for valeur in choix))


def _croiser(gardees: set[int], par_critere: dict[str, set[int] | None], sauf: str) -> set[int]:
    for critere, fiches in par_critere.items():
        if critere != sauf and fiches is not None:
            gardees = gardees & fiches
    return gardees


def _facette(critere: str, valeurs: Valeurs, filtres: Filtres, gardees: set[int]) -> Facette:
    choix = filtres.valeurs(critere)
    options = [
        Option(
            valeur,
            libelle,
            len(fiches & gardees),
            valeur in choix,
            filtres.sans(critere, valeur).adresse if valeur in choix else "",
        )
        for valeur, (libelle, fiches) in valeurs.items()
    ]
    inconnues = [
        Option(valeur, valeur, 0, True, filtres.sans(critere, valeur).adresse)
        for valeur in choix
        if valeur not in valeurs
    ]
    return Facette(critere, CRITERES[critere], options + inconnues, critere in A_CHOIX_UNIQUE)


def _valeurs(edition: Edition, versions: list[m.VersionDeFiche]) -> dict[str, Valeurs]:
    """Rend, pour chaque critère, ses valeurs dans l'ordre d'affichage et leurs fiches."""
    piliers: dict[str, tuple[str, set[int]]] = {}
    publics: dict[tuple[int, str], tuple[str, set[int]]] = {}
    for v in versions:
        pilier = v.enjeu.pilier
        piliers.setdefault(pilier.slug, (pilier.titre, set()))[1].add(v.pk)
        for lien in v.publics.all():
            cle = (lien.public.rang, lien.public.code)
            publics.setdefault(cle, (lien.public.libelle, set()))[1].add(v.pk)
    roles: dict[str, dict] = {role: {} for role in RoleDePartenaire.values}
    liens = m.PartenaireDeFiche.objects.filter(edition=edition).values_list(
        "role", "partenaire__cle_de_tri", "partenaire__slug", "partenaire__nom", "version"
    )
    for role, tri, slug, nom, version in liens:
        roles[role].setdefault((tri, slug), (nom, set()))[1].add(version)
    appuis: dict[tuple[str, str], tuple[str, set[int]]] = {}
    cites = m.DispositifDeFiche.objects.filter(edition=edition).values_list(
        "dispositif__cle_de_tri", "dispositif__slug", "dispositif__nom", "version"
    )
    for tri, slug, nom, version in cites:
        appuis.setdefault((tri, slug), (nom, set()))[1].add(version)
    return {
        "pilier": piliers,
        "financeur": _triees(roles[RoleDePartenaire.FINANCEUR]),
        "operateur": _triees(roles[RoleDePartenaire.OPERATEUR]),
        "dispositif": _triees(appuis),
        "public": _triees(publics),
        "lieu": _lieux(edition),
    }


def _triees(valeurs: dict) -> Valeurs:
    return {cle[1]: valeur for cle, valeur in sorted(valeurs.items())}


def _lieux(edition: Edition) -> Valeurs:
    """Rend les communes puis les quartiers nommés ; un quartier compte pour sa commune."""
    communes: dict = defaultdict(set)
    quartiers: dict = defaultdict(set)
    lieux = m.LieuDeFiche.objects.filter(edition=edition).values_list(
        "commune__nom", "commune__code", "quartier__nom", "quartier__code", "version"
    )
    for commune, code, quartier, code_du_quartier, version in lieux:
        if code:
            communes[(commune, code)].add(version)
        if code_du_quartier:
            quartiers[(f"{quartier} ({commune})", code_du_quartier)].add(version)
    ranges = [*sorted(communes.items()), *sorted(quartiers.items())]
    return {code: (libelle, fiches) for (libelle, code), fiches in ranges}
