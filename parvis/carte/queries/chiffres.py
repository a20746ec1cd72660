"""Les chiffres à l'écran : un quartier à côté de ses voisins, une série dans chaque quartier."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Max

from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.rapprochements import Territoire, epci_du_contrat
from parvis.carte.queries.quartiers import QuartierVu
from parvis.comptes.acteur import Acteur
from parvis.observatoire.enums import Remontee, Unite
from parvis.observatoire.models import Serie, Source, Valeur
from parvis.observatoire.queries.chiffres import (
    ABSENTE,
    SUFFIXES,
    Case,
    LigneDeChiffres,
    chiffres_du_quartier,
    comparer,
    periodes,
    series,
    series_comparables,
)
from parvis.socle.graphique import (
    Barre,
    Courbe,
    Echelle,
    Graduation,
    barres,
    courbe,
    echelle,
    graduer,
    moment,
)
from parvis.socle.templatetags.socle import nombre
from parvis.socle.texte import cle_de_tri
from parvis.territoires.models import Quartier

PAR_VALEUR, PAR_NOM = "valeur", "nom"
TRIS = {PAR_VALEUR: "Valeur, la plus grande d’abord", PAR_NOM: "Nom du quartier"}
SANS_ENSEMBLE = Case("n.d.", pourquoi="les valeurs de cette série ne s’additionnent pas")
SANS_COMMUNE = Case("n.d.", pourquoi="ce quartier est sur plusieurs communes")


@dataclass(frozen=True)
class LigneIci:
    """Une série en un quartier, et le dessin de son histoire quand elle en a une."""

    lue: LigneDeChiffres
    courbe: Courbe | None
    resume: str

    @property
    def a_une_histoire(self) -> bool:
        return len(self.lue.histoire) > 1


@dataclass(frozen=True)
class SourceIci:
    """D'où viennent des chiffres, quand le dernier fichier en a été reçu, et lesquels."""

    source: Source
    recue_le: datetime | None
    libelles: list[str]


@dataclass(frozen=True)
class ChiffresIci:
    """Les chiffres d'un quartier ; sans aucun, s'il y en a dans d'autres quartiers du contrat."""

    lignes: list[LigneIci]
    sources: list[SourceIci]
    sont_ailleurs: bool

    @property
    def a_des_definitions(self) -> bool:
        """Dit si l'une des séries a une définition."""
        return any(ligne.lue.serie.definition for ligne in self.lignes)


@dataclass(frozen=True)
class Demande:
    """Ce que demande une adresse, tel qu'écrit."""

    serie: str = ""
    periode: str = ""
    millesime: str = ""
    tri: str = ""


@dataclass(frozen=True)
class LigneDessinee:
    """Un quartier, sa valeur et sa barre."""

    quartier: Quartier
    communes: str
    case: Case
    barre: Barre | None = None


@dataclass(frozen=True)
class Comparaison:
    """Une série dans chaque quartier d'une génération, et ce qui peut se choisir d'autre."""

    series: list[Serie]
    serie: Serie | None
    millesimes: list[int]
    millesime: int
    periodes: list[str]
    periode: str
    tri: str
    lignes: list[LigneDessinee]
    ensemble: Case
    regle: Echelle
    recue_le: datetime | None = None

    @property
    def adresse(self) -> str:
        """Rend ce qui redemande cette comparaison."""
        numero = self.serie.pk if self.serie else ""
        return (
            f"serie={numero}&millesime={self.millesime}&periode={self.periode}&tri={self.tri}"
            if numero
            else ""
        )

    @property
    def graduations(self) -> list[Graduation]:
        """Rend chaque graduation, les bornes et le zéro écrits comme les valeurs de la série."""
        suffixe = SUFFIXES.get(Unite(self.serie.unite), "") if self.serie else ""
        return graduer(self.regle, lambda valeur: f"{nombre(Decimal(f'{valeur:.10g}'))}{suffixe}")

    @property
    def zero(self) -> float:
        return self.regle.pour_cent(0)

    @property
    def repere(self) -> float | None:
        """Rend où tombe l'ensemble : une moyenne se compare à chacun, une somme non."""
        if self.ensemble.valeur is None or not self._est_une_moyenne:
            return None
        return self.regle.pour_cent(float(self.ensemble.valeur))

    @property
    def _est_une_moyenne(self) -> bool:
        return self.serie is not None and self.serie.remontee == Remontee.MOYENNE

    @property
    def remontee(self) -> str:
        """Rend comment les valeurs des quartiers font celle de leur ensemble, en une phrase."""
        if self._est_une_moyenne and self.serie and self.serie.poids:
            return f"L’ensemble est la moyenne pondérée par « {self.serie.poids.libelle} »."
        if self.serie and self.serie.remontee == Remontee.SOMME:
            return "Les valeurs des quartiers s’additionnent : l’ensemble est leur somme."
        return "Les valeurs des quartiers ne s’additionnent pas : il n’y a pas d’ensemble."


def chiffres_ici(acteur: Acteur, edition: Edition, vu: QuartierVu) -> ChiffresIci:
    """Rend les chiffres d'un quartier, de sa commune et de tous les quartiers. Six requêtes au plus."""
    contrat, quartier = edition.contrat, vu.quartier
    epci = _cle_de_l_epci(contrat)
    communes = [commune.pk for commune in vu.communes]
    lues = chiffres_du_quartier(contrat.code, quartier, communes, epci)
    if not lues:
        ailleurs = Valeur.objects.filter(
            serie__in=series(contrat.code), quartier__communes__epcis=epci
        )
        return ChiffresIci([], [], ailleurs.exists())
    return ChiffresIci(
        [_ligne_ici(lue, len(communes)) for lue in lues], _sources(quartier, lues), True
    )


def _cle_de_l_epci(contrat: Contrat) -> int | None:
    epci = epci_du_contrat(contrat)
    return epci.pk if epci else None


def _ligne_ici(lue: LigneDeChiffres, communes: int) -> LigneIci:
    lue = replace(
        lue,
        ensemble=_ensemble(lue.serie, lue.ensemble),
        commune=SANS_COMMUNE if communes > 1 and lue.commune == ABSENTE else lue.commune,
    )
    points = [(moment(periode), _flottant(case)) for periode, case in lue.histoire]
    dessin = courbe(points) if len(points) > 1 else None
    return LigneIci(lue, dessin, _resumer(lue.histoire))


def _ensemble(serie: Serie, case: Case) -> Case:
    return SANS_ENSEMBLE if serie.remontee == Remontee.AUCUNE and case == ABSENTE else case


def _resumer(histoire: Sequence[tuple[str, Case]]) -> str:
    """Rend une histoire en une phrase : d'où à où, et ce qui n'est pas dessiné."""
    connues = [f"{case.texte} en {periode}" for periode, case in histoire if case.est_connue]
    vides = [f"{periode} ({case.pourquoi})" for periode, case in histoire if not case.est_connue]
    debut = f"De {connues[0]} à {connues[-1]}." if len(connues) > 1 else "".join(connues[:1])
    return " ".join([debut, f"Sans valeur : {', '.join(vides)}." if vides else ""]).strip()


def _sources(quartier: Quartier, lues: Sequence[LigneDeChiffres]) -> list[SourceIci]:
    libelles: dict[Source, list[str]] = defaultdict(list)
    for lue in lues:
        libelles[lue.serie.source].append(lue.serie.libelle)
    dates = dict(
        Valeur.objects.filter(quartier=quartier, serie__source__in=libelles)
        .order_by()
        .values_list("serie__source")
        .annotate(Max("livraison__recue_le"))
    )
    return [SourceIci(source, dates.get(source.pk), dits) for source, dits in libelles.items()]


def comparaison(acteur: Acteur, edition: Edition, demande: Demande) -> Comparaison:
    """Rend une série dans chaque quartier d'une génération, rangée comme demandé.

    Lève Serie.DoesNotExist si la série demandée n'a de valeur dans aucun quartier du contrat. Une
    génération, une période ou un rangement inconnus cèdent la place à ceux d'usage.
    """
    territoire = Territoire.du_contrat(edition.contrat)
    lus = Quartier.objects.filter(communes__in=territoire.communes).distinct()
    par_millesime: dict[int, list[Quartier]] = defaultdict(list)
    for quartier in lus.prefetch_related("communes").order_by("-millesime", "pk"):
        par_millesime[quartier.millesime].append(quartier)
    tous = [quartier for quartiers in par_millesime.values() for quartier in quartiers]
    connues = list(series_comparables(edition.contrat.code, tous).select_related("source", "poids"))
    serie = _serie(connues, demande.serie)
    dates = {m: periodes(serie, ceux) if serie else [] for m, ceux in par_millesime.items()}
    millesime = _millesime(dates, demande.millesime)
    trouvees = dates.get(millesime, [])
    periode = demande.periode if demande.periode in trouvees else next(iter(trouvees), "")
    tri = demande.tri if demande.tri in TRIS else PAR_VALEUR
    vide = Comparaison(
        connues, serie, [*dates], millesime, trouvees, periode, tri, [], ABSENTE, echelle([])
    )
    if serie is None or not periode:
        return vide
    return _remplir(vide, serie, par_millesime[millesime], territoire.epci)


def _serie(connues: Sequence[Serie], demandee: str) -> Serie | None:
    if not demandee:
        return next(iter(connues), None)
    for serie in connues:
        if str(serie.pk) == demandee:
            return serie
    raise Serie.DoesNotExist


def _millesime(dates: dict[int, list[str]], demande: str) -> int:
    """Rend la génération demandée, sinon la dernière qui a des valeurs, sinon la dernière."""
    demandees = [m for m in dates if str(m) == demande]
    return next(iter([*demandees, *(m for m in dates if dates[m]), *dates]), 0)


def _remplir(
    vide: Comparaison, serie: Serie, quartiers: Sequence[Quartier], epci: int | None
) -> Comparaison:
    lues, ensemble = comparer(serie, vide.periode, quartiers, epci)
    lignes = [
        LigneDessinee(lue.quartier, ", ".join(c.nom for c in lue.quartier.communes.all()), lue.case)
        for lue in lues
    ]
    lignes.sort(key=lambda ligne: (cle_de_tri(ligne.quartier.nom), ligne.quartier.pk))
    if vide.tri == PAR_VALEUR:
        lignes.sort(key=lambda ligne: (not ligne.case.est_connue, -(ligne.case.valeur or 0)))
    valeurs = [_flottant(ligne.case) for ligne in lignes]
    est_une_moyenne = serie.remontee == Remontee.MOYENNE
    regle = echelle([*valeurs, _flottant(ensemble) if est_une_moyenne else None])
    recues = Valeur.objects.filter(serie=serie, periode=vide.periode, quartier__in=quartiers)
    return replace(
        vide,
        lignes=[
            replace(ligne, barre=barre)
            for ligne, barre in zip(lignes, barres(valeurs, regle), strict=True)
        ],
        ensemble=_ensemble(serie, ensemble),
        regle=regle,
        recue_le=recues.aggregate(le=Max("livraison__recue_le"))["le"],
    )


def _flottant(case: Case) -> float | None:
    return None if case.valeur is None else float(case.valeur)
