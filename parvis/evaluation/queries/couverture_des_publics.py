"""Pour qui se font les projets : publics × fiches, et les sujets qui traversent le contrat."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.cadre.models import Edition, PublicDeFiche
from parvis.cadre.queries.sujets import SujetDuContrat, sujets_du_contrat
from parvis.comptes.acteur import Acteur
from parvis.evaluation.queries.tableaux_de_couverture import FicheNommee, Lecture
from parvis.evaluation.rules import couverture as regles
from parvis.evaluation.rules.couverture import PUBLICS_COMPTES, Case
from parvis.socle.tableaux import Cellule

COLONNES_DES_PUBLICS = (
    *("Fiche", "Titre", "Publics que la fiche vise", "Exercice", "Projets soutenus", "Voté (€)"),
    *PUBLICS_COMPTES.values(),
)


@dataclass(frozen=True)
class LigneDePublics:
    """Une fiche, ses projets, et les personnes qu'ils comptent : None où aucun n'en dit rien."""

    fiche: FicheNommee
    vises: str
    case: Case
    nombres: list[int | None]


@dataclass(frozen=True)
class CouvertureDesPublics:
    """Les publics comptés et les fiches d'un exercice ; ceux que le contrat vise et que rien ne touche."""

    exercice: int
    juge: int | None
    publics: list[str]
    lignes: list[LigneDePublics]
    somme: list[int]
    oublies: list[tuple[FicheNommee, str, int]]
    personnes: int = 0
    muets: int = 0
    soutenus: int = 0


@dataclass(frozen=True)
class SujetCouvert:
    """Un sujet transversal : ses fiches, et ce que leurs projets soutenus en font un exercice."""

    sujet: SujetDuContrat
    fiches: list[tuple[FicheNommee, str, Case]]
    case: Case
    # Les personnes comptées de ce public, sur celles que les projets soutenus comptent en tout.
    comptees: int = 0
    sur: int = 0


# --- Les publics ----------------------------------------------------------------------------------


def couverture_des_publics(lue: Lecture, exercice: int) -> CouvertureDesPublics:
    """Rend les personnes de chaque public compté, par fiche principale, et les publics visés oubliés."""
    vises, mots = _publics_vises(lue.edition)
    comptes = [compte for compte in lue.comptes if compte.exercice == exercice]
    nombres, cases = regles.par_public(comptes), regles.par_fiche(comptes)
    lignes = [
        LigneDePublics(
            fiche,
            ", ".join(mots[public] for public in vises.get(numero, ())),
            cases.get((numero, exercice), Case()),
            # Une case vide n'est pas un zéro : aucun projet n'en dit rien.
            [nombres.get((numero, public)) for public in PUBLICS_COMPTES],
        )
        for numero, fiche in lue.fiches.items()
    ]
    juge = lue.juge(exercice)
    soutenus = [compte for compte in comptes if compte.est_soutenu]
    return CouvertureDesPublics(
        exercice,
        juge,
        list(PUBLICS_COMPTES.values()),
        lignes,
        [sum(n for (_, p), n in nombres.items() if p == public) for public in PUBLICS_COMPTES],
        [
            (lue.fiches[oubli.fiche], mots[oubli.public], oubli.projets)
            for oubli in regles.publics_oublies(
                vises, [compte for compte in lue.comptes if compte.exercice == juge]
            )
        ],
        sum(compte.personnes or 0 for compte in soutenus),
        sum(not compte.publics for compte in soutenus),
        len(soutenus),
    )


def _publics_vises(edition: Edition) -> tuple[dict[str, list[str]], dict[str, str]]:
    vises: dict[str, list[str]] = {}
    mots = {}
    for numero, code, libelle in (
        PublicDeFiche.objects.filter(edition=edition)
        .order_by("public__rang")
        .values_list("version__fiche__numero", "public__code", "public__libelle")
    ):
        vises.setdefault(numero, []).append(code)
        mots[code] = libelle
    return vises, mots


# --- Les sujets -----------------------------------------------------------------------------------


def couverture_des_sujets(acteur: Acteur, lue: Lecture, exercice: int) -> list[SujetCouvert]:
    """Rend chaque sujet transversal, les fiches qui en parlent, et ce que leurs projets en font."""
    comptes = [compte for compte in lue.comptes if compte.exercice == exercice]
    cases, nombres = regles.par_fiche(comptes), regles.par_public(comptes)
    rendus = []
    for sujet in sujets_du_contrat(acteur, lue.edition):
        fiches = [
            (fiche, sujet.preuves[numero], cases.get((numero, exercice), Case()))
            for numero, fiche in lue.fiches.items()
            if numero in sujet.preuves
        ]
        somme = Case()
        for _, _, case in fiches:
            somme.ajouter(case)
        soeurs = regles.parmi(sujet.comptes)
        rendus.append(
            SujetCouvert(
                sujet,
                fiches,
                somme,
                sum(n for (_, public), n in nombres.items() if public in sujet.comptes),
                sum(n for (_, public), n in nombres.items() if public in soeurs),
            )
        )
    return rendus


COLONNES_DES_SUJETS: tuple[str, ...] = (
    *("Sujet", "Fiche", "Titre", "Le contrat y dit", "Exercice", "Projets soutenus"),
    *("Soutenus qui la servent en second", "Voté (€)", "Personnes"),
)


def tableau_des_sujets(sujets: Sequence[SujetCouvert], exercice: int) -> list[tuple[Cellule, ...]]:
    """Rend une ligne par sujet et par fiche qui en parle, dans l'ordre de `COLONNES_DES_SUJETS`."""
    return [
        (
            *(suivi.sujet.titre, fiche.numero, fiche.titre, phrase, exercice),
            *(case.soutenus, case.aussi, case.vote, case.personnes),
        )
        for suivi in sujets
        for fiche, phrase, case in suivi.fiches
    ]


def tableau_des_publics(lue: CouvertureDesPublics) -> list[tuple[Cellule, ...]]:
    """Rend une ligne par fiche : ce qu'elle vise, puis chaque public compté."""
    return [
        (
            *(ligne.fiche.numero, ligne.fiche.titre, ligne.vises, lue.exercice),
            *(ligne.case.soutenus, ligne.case.vote, *ligne.nombres),
        )
        for ligne in lue.lignes
    ]
