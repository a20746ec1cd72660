"""La couverture d'un contrat en tableaux : fiches × exercices, lieux × piliers, publics × fiches, sujets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from parvis.cadre.models import Contrat, Edition
from parvis.comptes.acteur import Acteur
from parvis.dossiers.queries.lieux import lieux_du_contrat
from parvis.evaluation.queries.couverture import dossiers_comptes, dossiers_tus
from parvis.evaluation.rules import couverture as regles
from parvis.evaluation.rules.couverture import (
    COMMUNE,
    QUARTIER,
    TOUT_LE_TERRITOIRE,
    Case,
    DossierCompte,
    Lieu,
    QuartierJuge,
    Trou,
)
from parvis.socle.tableaux import Cellule
from parvis.territoires.models import Commune, Quartier

# Ce qu'un écran montre d'années côte à côte.
EXERCICES_AU_PLUS = 6


@dataclass(frozen=True)
class FicheNommee:
    """Une fiche de l'édition courante, et où elle se range."""

    numero: str
    titre: str
    enjeu: str
    pilier: str


@dataclass(frozen=True)
class Ligne:
    """Une ligne d'un tableau de couverture : ce qu'elle nomme, ses cases, et leur somme."""

    code: str
    titre: str
    cases: list[Case]
    total: Case
    # Ce que nomme chaque colonne : les exercices, quand elle en montre.
    colonnes: list[int] = field(default_factory=list)
    # La clé du quartier, pour lire ses dossiers.
    filtre: int | None = None

    @property
    def annees(self) -> list[tuple[Case, str]]:
        """Rend chaque case et son exercice, pour le lien qui mène à ses dossiers."""
        return [(case, str(annee)) for case, annee in zip(self.cases, self.colonnes, strict=True)]


@dataclass(frozen=True)
class PilierCouvert:
    """Un pilier : ses fiches, et la somme de chaque exercice."""

    slug: str
    titre: str
    lignes: list[Ligne]
    somme: Ligne


@dataclass(frozen=True)
class Manque:
    """Ce qui manque quelque part : où, et une phrase qui le dit."""

    code: str
    titre: str
    phrase: str
    trou: Trou


@dataclass(frozen=True)
class CouvertureDesFiches:
    """Les fiches et les exercices ; ce qui manque d'abord."""

    exercices: list[int]
    # Le dernier exercice dont on juge ce qui manque ; None tant qu'aucun ne s'y prête.
    juge: int | None
    piliers: list[PilierCouvert]
    somme: Ligne
    manques: list[Manque]

    @property
    def fiches(self) -> int:
        return sum(len(pilier.lignes) for pilier in self.piliers)


@dataclass(frozen=True)
class CouvertureDesLieux:
    """Les lieux et les piliers d'un exercice."""

    exercice: int
    juge: int | None
    piliers: list[tuple[str, str]]
    lignes: list[Ligne]
    somme: Ligne
    manques: list[Manque]
    sans_jeunesse: list[str] = field(default_factory=list)
    quartiers: int = 0


@dataclass(frozen=True)
class Lecture:
    """Ce qu'un lecteur voit d'un contrat : l'édition, ses fiches, et les dossiers comptés."""

    edition: Edition
    fiches: dict[str, FicheNommee]
    piliers: dict[str, str]
    comptes: list[DossierCompte]
    # Les dossiers dont le lecteur s'est déporté : il n'en compte rien.
    tus: int = 0

    @property
    def exercices(self) -> list[int]:
        """Rend les exercices qui ont un dossier, le plus ancien d'abord, les derniers seulement."""
        return sorted({compte.exercice for compte in self.comptes})[-EXERCICES_AU_PLUS:]

    def juge(self, jusqu_a: int | None = None) -> int | None:
        """Rend le dernier exercice dont on juge ce qui manque, sans dépasser celui que l'on regarde."""
        juges = regles.exercices_juges(self.comptes)
        return max((un for un in juges if jusqu_a is None or un <= jusqu_a), default=None)

    def jusqu_a(self, exercice: int) -> list[DossierCompte]:
        """Rend les dossiers comptés jusqu'à un exercice."""
        return [compte for compte in self.comptes if compte.exercice <= exercice]

    def exercice(self, voulu: str) -> int | None:
        """Rend l'exercice demandé s'il a un dossier, sinon le dernier que l'on juge, sinon le dernier."""
        if voulu.isdecimal() and int(voulu) in self.exercices:
            return int(voulu)
        return self.juge() or max(self.exercices, default=None)


def lecture(acteur: Acteur, contrat: Contrat, edition: Edition) -> Lecture:
    """Rend ce que l'acteur lit d'un contrat, en un nombre fixe de requêtes."""
    fiches: dict[str, FicheNommee] = {}
    piliers: dict[str, str] = {}
    for numero, titre, enjeu, pilier, nom in edition.versions.order_by("rang").values_list(
        "fiche__numero", "titre", "enjeu__numero", "enjeu__pilier__slug", "enjeu__pilier__titre"
    ):
        fiches[numero] = FicheNommee(numero, titre, enjeu, pilier)
        piliers.setdefault(pilier, nom)
    tus = dossiers_tus(acteur, contrat)
    return Lecture(edition, fiches, piliers, dossiers_comptes(acteur, contrat), tus)


# --- Les fiches -----------------------------------------------------------------------------------


def couverture_des_fiches(lue: Lecture) -> CouvertureDesFiches:
    """Rend les fiches de l'édition en face de chaque exercice, et celles que rien ne sert."""
    exercices, cases = lue.exercices, regles.par_fiche(lue.comptes)
    piliers = []
    for slug, titre in lue.piliers.items():
        lignes = [
            _ligne(
                f.numero, f.titre, [cases.get((f.numero, e), Case()) for e in exercices], exercices
            )
            for f in lue.fiches.values()
            if f.pilier == slug
        ]
        piliers.append(PilierCouvert(slug, titre, lignes, _somme(titre, lignes, len(exercices))))
    # Ce qui n'est pas de l'édition courante ne se perd pas : la somme est celle du contrat.
    hors = [Case() for _ in exercices]
    for (numero, exercice), case in cases.items():
        if numero not in lue.fiches and exercice in exercices:
            hors[exercices.index(exercice)].ajouter(case)
    if any(case.dossiers or case.soutenus for case in hors):
        titre = f"Sans {lue.edition.mot_fiche} de cette édition"
        piliers.append(PilierCouvert("", titre, [], _ligne("", titre, hors)))
    trous = regles.fiches_sans_projet(lue.fiches, lue.comptes)
    return CouvertureDesFiches(
        exercices,
        lue.juge(),
        piliers,
        _somme("Tout le contrat", [pilier.somme for pilier in piliers], len(exercices)),
        [_manque(trou, str(trou.ou), lue.fiches[str(trou.ou)].titre) for trou in trous],
    )


def _ligne(
    code: str,
    titre: str,
    cases: list[Case],
    colonnes: Sequence[int] = (),
    filtre: int | None = None,
) -> Ligne:
    total = Case()
    for case in cases:
        total.ajouter(case)
    return Ligne(code, titre, cases, total, list(colonnes), filtre)


def _somme(titre: str, lignes: Sequence[Ligne], colonnes: int) -> Ligne:
    """Rend la somme de chaque colonne."""
    cases = [Case() for _ in range(colonnes)]
    for ligne in lignes:
        for case, sienne in zip(cases, ligne.cases, strict=True):
            case.ajouter(sienne)
    return _ligne("", titre, cases)


def _manque(trou: Trou, code: str, titre: str) -> Manque:
    return Manque(code, titre, regles.dire_le_trou(trou), trou)


# --- Les lieux ------------------------------------------------------------------------------------


def couverture_des_lieux(lue: Lecture, contrat: Contrat, exercice: int) -> CouvertureDesLieux:
    """Rend les quartiers et les communes en face de chaque pilier, pour un exercice.

    Un dossier compte dans chacun de ses lieux, et une fois dans leur somme. Un quartier d'un millésime
    passé n'a sa ligne que si un dossier le nomme.
    """
    # Les quartiers qui valaient cette année-là : ceux d'une autre génération gardent leur ligne.
    lieux = lieux_du_contrat(contrat, date(exercice, 12, 31))
    de_l_annee = [compte for compte in lue.comptes if compte.exercice == exercice]
    pilier_de = {fiche.numero: fiche.pilier for fiche in lue.fiches.values()}
    cases = regles.par_lieu_et_pilier(de_l_annee, pilier_de)
    sommes = regles.par_pilier(de_l_annee, pilier_de)
    nommes = {lieu for lieu, _ in cases}
    piliers = [*lue.piliers.items(), *([("", "Sans fiche")] if "" in sommes else [])]
    lignes = [
        _ligne(
            code,
            titre,
            [cases.get((lieu, slug), Case()) for slug, _ in piliers],
            filtre=lieu[1] if lieu[0] == QUARTIER and lieu in nommes else None,
        )
        for lieu, code, titre in _lieux_nommes(
            lieux.quartiers, lieux.anciens, lieux.communes, nommes
        )
    ]
    juges = {
        q.pk: QuartierJuge(frozenset(c.pk for c in q.communes.all()), q.valide_du.year)
        for q in lieux.quartiers
    }
    nommes_par = {q.pk: q for q in lieux.quartiers}
    juge = lue.juge(exercice)
    de_l_annee_jugee = [compte for compte in lue.comptes if compte.exercice == juge]
    return CouvertureDesLieux(
        exercice,
        juge,
        piliers,
        lignes,
        _ligne("", "Tout le contrat", [sommes.get(slug, Case()) for slug, _ in piliers]),
        [
            _manque(trou, nommes_par[int(trou.ou)].code, nommes_par[int(trou.ou)].nom)
            for trou in regles.quartiers_sans_projet(juges, lue.jusqu_a(exercice))
        ],
        [nommes_par[cle].nom for cle in regles.quartiers_sans_jeunesse(juges, de_l_annee_jugee)],
        len(lieux.quartiers),
    )


def _lieux_nommes(
    quartiers: Sequence[Quartier],
    anciens: Sequence[Quartier],
    communes: Sequence[Commune],
    nommes: set[Lieu],
) -> list[tuple[Lieu, str, str]]:
    """Rend chaque lieu à montrer, son code et son nom : les quartiers, puis ce qui est plus large."""
    rangs: list[tuple[Lieu, str, str]] = [((QUARTIER, q.pk), q.code, q.nom) for q in quartiers]
    rangs += [
        ((QUARTIER, q.pk), q.code, f"{q.nom} ({q.millesime})")
        for q in anciens
        if (QUARTIER, q.pk) in nommes
    ]
    rangs += [((COMMUNE, c.pk), c.code, f"Toute la commune : {c.nom}") for c in communes]
    ailleurs = nommes - {lieu for lieu, *_ in rangs}
    # Un lieu que le contrat ne couvre pas, ou plus, garde ce qu'il compte.
    for sorte, lus in ((QUARTIER, Quartier.objects), (COMMUNE, Commune.objects)):
        if cles := [cle for une, cle in ailleurs if une == sorte]:
            rangs += [
                ((sorte, un.pk), un.code, f"Hors du contrat : {un.nom}")
                for un in lus.filter(pk__in=cles).order_by("code")
            ]
    return [*rangs, (TOUT_LE_TERRITOIRE, "", "Tout le territoire, ou lieu non dit")]


# --- À emporter -----------------------------------------------------------------------------------

COLONNES_DES_FICHES: tuple[str, ...] = (
    *("Fiche", "Titre", "Pilier", "Exercice", "Projets soutenus", "Dossiers qui attendent"),
    *("Soutenus qui la servent en second", "Voté (€)", "Versé (€)", "Personnes"),
)
COLONNES_DES_LIEUX: tuple[str, ...] = (
    *("Code du lieu", "Lieu", "Pilier", "Exercice", "Projets soutenus", "Dossiers qui attendent"),
    *("Voté (€)", "Versé (€)", "Personnes"),
)


def tableau_des_fiches(lue: CouvertureDesFiches) -> list[tuple[Cellule, ...]]:
    """Rend une ligne par fiche et par exercice, dans l'ordre de `COLONNES_DES_FICHES`."""
    return [
        (
            *(ligne.code, ligne.titre, pilier.titre, exercice, case.soutenus, case.attendent),
            *(case.aussi, case.vote, case.verse, case.personnes),
        )
        for pilier in lue.piliers
        for ligne in pilier.lignes or [pilier.somme]
        for exercice, case in zip(lue.exercices, ligne.cases, strict=True)
    ]


def tableau_des_lieux(lue: CouvertureDesLieux) -> list[tuple[Cellule, ...]]:
    """Rend une ligne par lieu et par pilier, dans l'ordre de `COLONNES_DES_LIEUX`."""
    return [
        (
            *(ligne.code, ligne.titre, nom, lue.exercice, case.soutenus, case.attendent),
            *(case.vote, case.verse, case.personnes),
        )
        for ligne in lue.lignes
        for (_, nom), case in zip(lue.piliers, ligne.cases, strict=True)
    ]
