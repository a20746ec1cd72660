"""Les chiffres d'un quartier et de ses voisins : les séries, leurs dernières valeurs, leur histoire."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet

from parvis.observatoire.enums import Diffusion, Etat, Niveau, Unite
from parvis.observatoire.models import Serie, Valeur, ValeurDEnsemble
from parvis.socle.templatetags.socle import compte, nombre
from parvis.territoires.models import Quartier

SUFFIXES = {Unite.POURCENT: "\u202f%", Unite.EUROS: "\u00a0€"}
NON_DISPONIBLE, SECRET = "n.d.", "s"


@dataclass(frozen=True)
class Case:
    """Ce que l'on montre d'une valeur : un nombre, « n.d. » (non disponible) ou « s » (secret)."""

    texte: str
    valeur: Decimal | None = None
    pourquoi: str = ""

    @property
    def est_connue(self) -> bool:
        return self.valeur is not None


ABSENTE = Case(NON_DISPONIBLE, pourquoi="aucune valeur n’est chargée")


@dataclass(frozen=True)
class LigneDeChiffres:
    """Une série lue en un quartier : sa dernière période, ici, dans la commune, dans tous les quartiers."""

    serie: Serie
    periode: str
    ici: Case
    commune: Case
    ensemble: Case
    histoire: list[tuple[str, Case]] = field(default_factory=list)


@dataclass(frozen=True)
class LigneComparee:
    """Un quartier dans la comparaison d'une série."""

    quartier: Quartier
    case: Case


def case(ligne: Valeur | ValeurDEnsemble | None, unite: str) -> Case:
    """Rend ce qui se montre d'une valeur ; un nombre tu n'en sort jamais."""
    if ligne is None:
        return ABSENTE
    if ligne.etat == Etat.SECRETE:
        return Case(SECRET, pourquoi="secret de la source")
    if ligne.etat == Etat.MANQUANTE or ligne.valeur is None:
        return Case(NON_DISPONIBLE, pourquoi=_ce_qui_manque(ligne))
    if ligne.diffusion != Diffusion.PUBLIABLE:
        return Case(SECRET, pourquoi="secret statistique")
    valeur = ligne.valeur.quantize(Decimal("0.1")) if unite == Unite.POURCENT else ligne.valeur
    return Case(f"{nombre(valeur)}{SUFFIXES.get(Unite(unite), '')}", ligne.valeur)


def _ce_qui_manque(ligne: Valeur | ValeurDEnsemble) -> str:
    if isinstance(ligne, ValeurDEnsemble):
        return f"connu pour {compte(ligne.connus, 'territoire')} sur {ligne.attendus}"
    return "non disponible"


def series(contrat: str) -> QuerySet[Serie]:
    """Rend les séries d'un contrat et de la plateforme, avec leur source."""
    return Serie.objects.filter(source__contrat__in=("", contrat)).select_related("source")


def chiffres_du_quartier(
    contrat: str, quartier: Quartier, communes: Sequence[int], epci: int | None
) -> list[LigneDeChiffres]:
    """Rend chaque série qui a une valeur en ce quartier, à sa dernière période. Cinq requêtes au plus."""
    ici: dict[int, dict[str, Valeur]] = defaultdict(dict)
    for valeur in Valeur.objects.filter(quartier=quartier, serie__in=series(contrat)):
        ici[valeur.serie_id][valeur.periode] = valeur
    derniers = {serie: max(par_periode) for serie, par_periode in ici.items()}
    a_lire = Q(serie__in=derniers, periode__in=set(derniers.values()))
    # Un quartier sur deux communes n'a pas « sa » commune.
    seule = communes[0] if len(communes) == 1 else 0
    des_communes = {
        v.serie_id: v
        for v in Valeur.objects.filter(a_lire, commune=seule)
        if v.periode == derniers[v.serie_id]
    }
    ensembles = {
        v.serie_id: v
        for v in ValeurDEnsemble.objects.filter(
            a_lire, epci=epci or 0, niveau=Niveau.QUARTIER, millesime=quartier.millesime
        )
        if v.periode == derniers[v.serie_id]
    }
    lignes = []
    for serie in series(contrat).filter(pk__in=derniers):
        periodes = ici[serie.pk]
        derniere = derniers[serie.pk]
        lignes.append(
            LigneDeChiffres(
                serie=serie,
                periode=derniere,
                ici=case(periodes[derniere], serie.unite),
                commune=case(des_communes.get(serie.pk), serie.unite),
                ensemble=case(ensembles.get(serie.pk), serie.unite),
                histoire=[(p, case(periodes[p], serie.unite)) for p in sorted(periodes)],
            )
        )
    return lignes


def series_comparables(contrat: str, quartiers: Iterable[Quartier]) -> QuerySet[Serie]:
    """Rend les séries qui ont une valeur dans l'un de ces quartiers."""
    valeurs = Valeur.objects.filter(quartier__in=list(quartiers)).values("serie")
    return series(contrat).filter(pk__in=valeurs)


def periodes(serie: Serie, quartiers: Iterable[Quartier]) -> list[str]:
    """Rend les périodes d'une série dans ces quartiers, la dernière d'abord."""
    trouvees = Valeur.objects.filter(serie=serie, quartier__in=list(quartiers))
    return sorted(set(trouvees.values_list("periode", flat=True)), reverse=True)


def comparer(
    serie: Serie, periode: str, quartiers: Sequence[Quartier], epci: int | None
) -> tuple[list[LigneComparee], Case]:
    """Rend une série dans chaque quartier, dans l'ordre donné, et dans leur ensemble."""
    lues = {
        v.quartier_id: v
        for v in Valeur.objects.filter(serie=serie, periode=periode, quartier__in=quartiers)
    }
    ensemble = ValeurDEnsemble.objects.filter(
        serie=serie,
        periode=periode,
        epci=epci or 0,
        niveau=Niveau.QUARTIER,
        millesime=quartiers[0].millesime if quartiers else 0,
    ).first()
    lignes = [LigneComparee(q, case(lues.get(q.pk), serie.unite)) for q in quartiers]
    return lignes, case(ensemble, serie.unite)
