"""Taire ensemble, une fois, ce que le secret statistique demande, et faire les valeurs d'ensemble."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from parvis.observatoire.enums import Diffusion, Etat, Niveau, Remontee, Unite
from parvis.observatoire.models import Serie, Source, Valeur, ValeurDEnsemble
from parvis.observatoire.rules.remontee import est_un_petit_nombre, remonter
from parvis.observatoire.rules.secret import Motif, Tableau, proteger_ensemble
from parvis.territoires.models import Commune, Quartier

PAR_LOT = 500
DIFFUSIONS = {
    Motif.PRIMAIRE: Diffusion.PRIMAIRE,
    Motif.SECONDAIRE: Diffusion.SECONDAIRE,
    Motif.SOURCE: Diffusion.PUBLIABLE,
}


@dataclass(frozen=True)
class _Ensemble:
    """Les territoires d'une intercommunalité qui font les lignes d'un tableau ; sans elle, pas de total."""

    epci: int | None
    millesime: int
    territoires: tuple[int, ...]

    def cle(self, serie: Serie) -> Hashable:
        """Rend ce qui désigne la valeur d'ensemble d'une série parmi tous les tableaux."""
        return ("ensemble", self.epci, self.millesime, serie.pk)


def reprendre_le_secret(source: Source) -> None:
    """Recalcule ce qui se tait dans toutes les périodes d'une source : ses séries ont changé de sens."""
    for niveau in Niveau.values:
        presentes = Valeur.objects.filter(serie__source=source, **{f"{niveau}__isnull": False})
        for periode in sorted(set(presentes.values_list("periode", flat=True))):
            proteger_les_tables(source, niveau, periode)


def proteger_les_tables(source: Source, niveau: str, periode: str) -> int:
    """Recalcule, pour une source, une échelle et une période, ce qui se tait et les valeurs d'ensemble.

    Rend le nombre de valeurs tues. À mener dans la transaction qui a écrit les valeurs.
    """
    champ = f"{niveau}_id"
    valeurs = {
        (getattr(v, champ), v.serie_id): v
        for v in Valeur.objects.filter(
            serie__source=source, periode=periode, **{f"{niveau}__isnull": False}
        )
    }
    series = list(source.series.select_related("partie_de"))
    ensembles = _ensembles(niveau, {territoire for territoire, _ in valeurs})
    ValeurDEnsemble.objects.filter(serie__source=source, niveau=niveau, periode=periode).delete()
    remontees = [_remontees(ensemble, series, valeurs) for ensemble in ensembles]
    tables = [
        table
        for ensemble, valeurs_d_ensemble in zip(ensembles, remontees, strict=True)
        for table in _tables(ensemble, series, valeurs, valeurs_d_ensemble)
    ]
    # Un quartier peut être de deux intercommunalités : tous les tableaux se protègent ensemble.
    caches = _par_cle(tables, source.seuil)
    caches |= _taux_qui_trahiraient(series, valeurs, caches, source.seuil)
    tues = _taire(valeurs, caches)
    for ensemble, valeurs_d_ensemble in zip(ensembles, remontees, strict=True):
        _ecrire_l_ensemble(ensemble, series, niveau, periode, valeurs, valeurs_d_ensemble, caches)
    return tues


def _taux_qui_trahiraient(
    series: Sequence[Serie],
    valeurs: dict[tuple[int, int], Valeur],
    caches: dict[Hashable, Motif],
    seuil: int,
) -> dict[Hashable, Motif]:
    """Rend les taux à taire : multipliés par la population qui les pèse, ils rendraient un petit nombre."""
    secretes = {serie.pk for serie in series if serie.est_secrete}
    pesees = {s.pk: s for s in series if s.poids_id in secretes and s.unite == Unite.POURCENT}
    parties: dict[int, list[int]] = defaultdict(list)
    for serie in series:
        parties[serie.partie_de_id or 0].append(serie.pk)
    trouves: dict[Hashable, Motif] = {}
    for (ou, pk), taux in valeurs.items():
        if pk not in pesees or taux.valeur is None:
            continue
        poids = pesees[pk].poids_id or 0
        population = _brute(valeurs, ou, poids)
        # Une part d'un tout dont une partie se tait rendrait peut-être cette partie.
        taisent = [poids, *parties[poids]]
        if population is None or any((ou, autre) in caches for autre in taisent):
            trouves[ou, pk] = Motif.SECONDAIRE
        elif est_un_petit_nombre(taux.valeur, population, seuil):
            trouves[ou, pk] = Motif.PRIMAIRE
    return trouves


def _par_cle(
    tables: list[tuple[Tableau, list[list[Hashable]]]], seuil: int
) -> dict[Hashable, Motif]:
    """Rend ce qui se tait, par ce qui le désigne."""
    protegees = proteger_ensemble(tables, seuil) if tables else []
    return {
        cles[ligne][colonne]: motif
        for (_, cles), caches in zip(tables, protegees, strict=True)
        for (ligne, colonne), motif in caches.items()
    }


def _ensembles(niveau: str, territoires: set[int]) -> list[_Ensemble]:
    """Range les territoires par intercommunalité et génération ; ceux d'aucune sont seuls, sans total."""
    par_groupe: dict[tuple[int, int], set[int]] = defaultdict(set)
    for epci, millesime, pk in _appartenances(niveau):
        par_groupe[epci, millesime].add(pk)
    # Un territoire sans aucune valeur compte quand même : il manque à l'ensemble.
    trouves = [
        _Ensemble(epci, millesime, tuple(sorted(membres)))
        for (epci, millesime), membres in sorted(par_groupe.items())
        if membres & territoires
    ]
    groupes = {pk for ensemble in trouves for pk in ensemble.territoires}
    return [*trouves, *(_Ensemble(None, 0, (pk,)) for pk in sorted(territoires - groupes))]


def _appartenances(niveau: str) -> list[tuple[int, int, int]]:
    """Rend chaque (intercommunalité, génération, territoire) de cette échelle."""
    if niveau == Niveau.QUARTIER:
        lignes = Quartier.objects.filter(communes__epcis__isnull=False)
        return list(lignes.values_list("communes__epcis", "millesime", "pk"))
    if niveau == Niveau.COMMUNE:
        communes = Commune.objects.filter(epcis__isnull=False).values_list("epcis", "pk")
        return [(epci, 0, pk) for epci, pk in communes]
    return []


def _brute(valeurs: dict[tuple[int, int], Valeur], ou: int, serie: int) -> Decimal | None:
    valeur = valeurs.get((ou, serie))
    return valeur.valeur if valeur else None


def _remontees(
    ensemble: _Ensemble, series: Sequence[Serie], valeurs: dict[tuple[int, int], Valeur]
) -> dict[int, Decimal | None]:
    """Rend la valeur d'ensemble de chaque série, rien quand il en manque une."""
    if ensemble.epci is None:
        return {}
    rendues = {}
    for serie in series:
        lues = [_brute(valeurs, ou, serie.pk) for ou in ensemble.territoires]
        poids = (
            [_brute(valeurs, ou, serie.poids_id) for ou in ensemble.territoires]
            if serie.poids_id
            else []
        )
        rendues[serie.pk] = remonter(serie.remontee, lues, poids)
    return rendues


def _tables(
    ensemble: _Ensemble,
    series: Sequence[Serie],
    valeurs: dict[tuple[int, int], Valeur],
    remontees: dict[int, Decimal | None],
) -> list[tuple[Tableau, list[list[Hashable]]]]:
    """Rend les tableaux de personnes à protéger : un par découpage d'un tout, ou le tout seul."""
    tables = []
    for tout in series:
        if not tout.est_secrete or tout.partie_de_id:
            continue
        par_decoupage: dict[str, list[Serie]] = defaultdict(list)
        for serie in series:
            if serie.partie_de_id == tout.pk:
                par_decoupage[serie.decoupage].append(serie)
        for parties in par_decoupage.values() or [[]]:
            tables.append(_table(ensemble, [*parties, tout], bool(parties), valeurs, remontees))
    return tables


def _table(
    ensemble: _Ensemble,
    colonnes: Sequence[Serie],
    a_total: bool,
    valeurs: dict[tuple[int, int], Valeur],
    remontees: dict[int, Decimal | None],
) -> tuple[Tableau, list[list[Hashable]]]:
    """Rend un tableau : les parties, ce qui reste du tout sans elles, puis le tout."""
    lignes: list[list[int | None]] = []
    cles: list[list[Hashable]] = []
    cachees = set()
    for rang, ou in enumerate(ensemble.territoires):
        lignes.append([_entier(_brute(valeurs, ou, s.pk)) for s in colonnes])
        cles.append([(ou, s.pk) for s in colonnes])
        for colonne, serie in enumerate(colonnes):
            valeur = valeurs.get((ou, serie.pk))
            if valeur and valeur.etat == Etat.SECRETE:
                # Le reste, s'il y en a un, s'intercale avant le tout.
                cachees.add((rang, colonne))
    a_ensemble = ensemble.epci is not None and all(s.remontee == Remontee.SOMME for s in colonnes)
    if a_ensemble:
        lignes.append([_entier(remontees.get(s.pk)) for s in colonnes])
        cles.append([ensemble.cle(s) for s in colonnes])
    if a_total and (restes := _restes(lignes)):
        dernier = len(colonnes) - 1
        for ligne, cle, reste in zip(lignes, cles, restes, strict=True):
            ligne.insert(dernier, reste)
            cle.insert(dernier, ("reste", *map(str, cle)))
        cachees = {(r, c + 1 if c == dernier else c) for r, c in cachees}
    tableau = Tableau(
        lignes=len(lignes),
        colonnes=len(lignes[0]),
        valeurs=tuple(map(tuple, lignes)),
        a_total_de_ligne=a_total,
        a_total_de_colonne=a_ensemble,
        cachees_par_la_source=frozenset(cachees),
    )
    return tableau, cles


def _restes(lignes: Sequence[Sequence[int | None]]) -> list[int | None]:
    """Rend ce que les parties laissent de chaque tout ; rien si elles le font tout entier partout.

    Cent quinze femmes sur cent vingt personnes disent cinq hommes : le reste se protège comme une partie.
    """
    restes: list[int | None] = []
    for *parties, tout in lignes:
        connues = [partie for partie in parties if partie is not None]
        entier = tout is not None and len(connues) == len(parties)
        restes.append(max((tout or 0) - sum(connues), 0) if entier else None)
    return restes if any(restes) else []


def _entier(valeur: Decimal | None) -> int | None:
    """Rend un nombre de personnes ; un effectif estimé, à décimales, s'arrondit pour se comparer au seuil."""
    return None if valeur is None else int(valeur.to_integral_value())


def _taire(valeurs: dict[tuple[int, int], Valeur], caches: dict[Hashable, Motif]) -> int:
    """Écrit sur chaque valeur si elle se montre ; rend le nombre de celles qui se taisent."""
    changees, tues = [], 0
    for cle, valeur in valeurs.items():
        motif = caches.get(cle)
        est_tue = motif is not None and valeur.etat == Etat.CONNUE
        diffusion = DIFFUSIONS[motif] if motif and est_tue else Diffusion.PUBLIABLE
        tues += diffusion != Diffusion.PUBLIABLE
        if valeur.diffusion != diffusion:
            valeur.diffusion = diffusion
            changees.append(valeur)
    Valeur.objects.bulk_update(changees, ["diffusion"], batch_size=PAR_LOT)
    return tues


def _ecrire_l_ensemble(
    ensemble: _Ensemble,
    series: Sequence[Serie],
    niveau: str,
    periode: str,
    valeurs: dict[tuple[int, int], Valeur],
    remontees: dict[int, Decimal | None],
    caches: dict[Hashable, Motif],
) -> None:
    if ensemble.epci is None:
        return
    lignes = []
    for serie in series:
        # Des parties s'additionnent, leur tout non : sans lui, leur somme ne se protège pas.
        est_sans_tout = serie.partie_de is not None and serie.partie_de.remontee != Remontee.SOMME
        if serie.remontee == Remontee.AUCUNE or (serie.est_secrete and est_sans_tout):
            continue
        connues = [ou for ou in ensemble.territoires if _brute(valeurs, ou, serie.pk) is not None]
        valeur = remontees[serie.pk]
        motif = caches.get(ensemble.cle(serie))
        lignes.append(
            ValeurDEnsemble(
                serie=serie,
                epci_id=ensemble.epci,
                niveau=niveau,
                millesime=ensemble.millesime,
                periode=periode,
                etat=Etat.MANQUANTE if valeur is None else Etat.CONNUE,
                valeur=valeur,
                diffusion=_diffusion(ensemble, serie, valeurs, motif, valeur),
                connus=len(connues),
                attendus=len(ensemble.territoires),
            )
        )
    ValeurDEnsemble.objects.bulk_create(lignes, batch_size=PAR_LOT)


def _diffusion(
    ensemble: _Ensemble,
    serie: Serie,
    valeurs: dict[tuple[int, int], Valeur],
    motif: Motif | None,
    valeur: Decimal | None,
) -> str:
    """Rend si une valeur d'ensemble se montre ; une moyenne dont un taux ou un poids se tait aussi."""
    if valeur is None:
        return Diffusion.PUBLIABLE
    if motif is not None:
        return DIFFUSIONS[motif]
    if serie.poids_id and any(
        (lue := valeurs.get((ou, pk))) and lue.diffusion != Diffusion.PUBLIABLE
        for ou in ensemble.territoires
        for pk in (serie.pk, serie.poids_id)
    ):
        return Diffusion.SECONDAIRE
    return Diffusion.PUBLIABLE
