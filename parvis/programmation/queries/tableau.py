"""Le tableau de programmation d'un exercice : dossiers × financeurs, totaux, avertissements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import VersionDAppel
from parvis.dossiers.rules.recepisse import ADMINISTRATIONS
from parvis.instruction.permissions import peut_financer
from parvis.organismes.rules.droit import est_de_droit_prive
from parvis.programmation.models import Imputation
from parvis.programmation.queries import enveloppes as argent
from parvis.programmation.queries.tableau_choix import criteres, trier
from parvis.programmation.queries.tableau_faits import (
    Cadre,
    Faits,
    cadre_du_tableau,
    exercices,
    faits,
    ranger_les_bilans,
)
from parvis.programmation.rules.tableau import (
    AILLEURS,
    ZERO,
    Franchissement,
    Ligne,
    Somme,
    franchissements,
    promis,
    totaux,
)
from parvis.socle.choix import choisir
from parvis.socle.filtres import Facette


@dataclass(frozen=True)
class Colonne:
    """Un financeur du tableau, ou ailleurs, et ce que les dossiers choisis lui demandent."""

    pk: int
    nom: str
    est_a_nous: bool
    somme: Somme


@dataclass(frozen=True)
class Poste:
    """Une valeur d'un axe : un pilier, un porteur ; ce que ses dossiers demandent en tout, et au service."""

    nom: str
    tout: Somme
    service: Somme


@dataclass(frozen=True)
class Axe:
    """Les totaux selon un axe, et ce qu'il faut savoir pour les lire."""

    titre: str
    note: str
    postes: list[Poste]


@dataclass(frozen=True)
class PosteDEnveloppe:
    """Une enveloppe du service : ce qu'elle peut donner, et ce que les dossiers choisis y prennent."""

    nom: str
    comptes: argent.Comptes
    est_fille: bool
    somme: Somme


@dataclass(frozen=True)
class Seuil:
    """Un organisme aidé et un financeur qui passent le seuil d'une convention, en clair."""

    titulaire: str
    financeur: str
    fait: Franchissement


@dataclass(frozen=True)
class Avertissements:
    """Ce qu'il y a à regarder dans tout l'exercice, que l'on ait choisi des lignes ou non."""

    enveloppes: list[PosteDEnveloppe] = field(default_factory=list)
    budgets: int = 0
    manque: Decimal = ZERO
    seuils: list[Seuil] = field(default_factory=list)
    fiches: list[tuple[str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.enveloppes or self.budgets or self.seuils or self.fiches)


@dataclass(frozen=True)
class Tableau:
    """Le tableau d'un exercice, tel que ce lecteur le voit."""

    exercice: int
    exercices: list[int]
    finance: bool
    colonnes: list[Colonne]
    lignes: list[Ligne]
    tout: Somme
    vote_avant: Decimal
    facettes: list[Facette]
    axes: list[Axe]
    enveloppes: list[PosteDEnveloppe]
    sans_enveloppe: Somme
    avertissements: Avertissements
    lus: Faits
    cadre: Cadre
    appels: dict[int, str]

    def ligne(self, pk: int) -> Ligne | None:
        """Rend la ligne d'un dossier, qu'elle soit choisie ou non."""
        return next((ligne for ligne in self.lus.lignes if ligne.pk == pk), None)


def tableau(acteur: Acteur, contrat: Contrat, choix: Mapping[str, str], *, annee: int) -> Tableau:
    """Rend le tableau de l'exercice choisi, en un nombre de requêtes qui ne dépend pas des dossiers.

    Sans exercice choisi, c'est le plus récent ; `annee` est celui que l'on dit quand il n'y en a aucun.
    """
    tous = exercices(acteur, contrat)
    voulu = choix.get("exercice", "")
    exercice = next((un for un in tous if str(un) == voulu), tous[0] if tous else annee)
    lus, cadre = faits(acteur, contrat, exercice), cadre_du_tableau(contrat)
    ranger_les_bilans(acteur, contrat, exercice, lus)
    appels = _appels(lus)
    seuils = _seuils(lus)
    finance = peut_financer(acteur)
    choisies, facettes = choisir(lus.lignes, criteres(lus, cadre, appels, finance=finance), choix)
    tout, vote_avant = Somme(), ZERO
    for ligne in choisies:
        tout.ajouter(ligne.tout)
        vote_avant += ligne.vote_avant or ZERO
    enveloppes, sans_enveloppe = _enveloppes(acteur, contrat, exercice, choisies)
    return Tableau(
        exercice=exercice,
        exercices=tous,
        finance=finance,
        colonnes=_colonnes(lus, choisies),
        lignes=trier(choisies, choix.get("tri", ""), lus),
        tout=tout,
        vote_avant=vote_avant,
        facettes=facettes,
        axes=_axes(choisies, lus, cadre),
        enveloppes=enveloppes,
        sans_enveloppe=sans_enveloppe,
        avertissements=_avertissements(lus, cadre, enveloppes, seuils),
        lus=lus,
        cadre=cadre,
        appels=appels,
    )


def _appels(lus: Faits) -> dict[int, str]:
    cites = {ligne.appel for ligne in lus.lignes}
    courantes = VersionDAppel.objects.courantes().filter(appel__in=cites).order_by("titre", "pk")
    return dict(courantes.values_list("appel", "titre"))


def _colonnes(lus: Faits, choisies: Sequence[Ligne]) -> list[Colonne]:
    """Rend les financeurs de tout l'exercice : choisir des lignes ne déplace aucune colonne."""
    a_nous: dict[int, bool] = {}
    for ligne in lus.lignes:
        for part in ligne.parts:
            a_nous[part.colonne] = a_nous.get(part.colonne, False) or part.est_a_nous
    sommes = {pk: Somme() for pk in a_nous}
    for ligne in choisies:
        for pk, case in ligne.cases.items():
            sommes[pk].ajouter(case)
    rangees = sorted(
        a_nous, key=lambda pk: (not a_nous[pk], pk == AILLEURS, pk and lus.organismes[pk].cle, pk)
    )
    return [
        Colonne(pk, lus.organismes[pk].nom if pk else "Ailleurs", a_nous[pk], sommes[pk])
        for pk in rangees
    ]


def _axes(choisies: Sequence[Ligne], lus: Faits, cadre: Cadre) -> list[Axe]:
    """Rend les totaux par pilier, enjeu, quartier et porteur."""
    principale = "Chaque dossier compte une fois, avec sa fiche principale."
    rangs = {
        "pilier": {pk: rang for rang, pk in enumerate(cadre.piliers)},
        "enjeu": {pk: rang for rang, pk in enumerate(cadre.enjeux)},
    }

    def place(ligne: Ligne, quoi: str) -> tuple[str]:
        ou = cadre.fiches.get(ligne.fiche)
        return (getattr(ou, quoi) if ou else "",)

    def par(quoi: str, titre: str, noms: Mapping[str, str]) -> Axe:
        cles = {ligne.pk: place(ligne, quoi) for ligne in choisies}
        sommes = totaux(choisies, cles)
        ordre = sorted(sommes, key=lambda cle: rangs[quoi].get(cle, len(rangs[quoi])))
        dits = [(noms.get(cle, "Hors de l’édition courante"), *sommes[cle]) for cle in ordre]
        return Axe(titre, principale, [Poste(*dit) for dit in dits])

    enjeux = {numero: f"{cadre.mot_enjeu} {numero} : {dit}" for numero, dit in cadre.enjeux.items()}
    quartiers = totaux(choisies, {ligne.pk: ligne.quartiers or (0,) for ligne in choisies})
    porteurs = totaux(choisies, {ligne.pk: (ligne.porteur,) for ligne in choisies})
    return [
        par("pilier", f"Par {cadre.mot_pilier.lower()}", cadre.piliers),
        par("enjeu", f"Par {cadre.mot_enjeu.lower()}", enjeux),
        Axe(
            "Par quartier",
            "Un dossier de plusieurs quartiers compte entier dans chacun : ces lignes ne s’additionnent pas.",
            [
                Poste(nom, *quartiers[pk])
                for pk, nom in [*lus.quartiers.items(), (0, "Sans quartier nommé")]
                if pk in quartiers
            ],
        ),
        Axe(
            "Par porteur",
            "",
            [
                Poste(lus.organismes[pk].nom, *porteurs[pk])
                for pk in sorted(porteurs, key=lambda pk: lus.organismes[pk].cle)
            ],
        ),
    ]


def _enveloppes(
    acteur: Acteur, contrat: Contrat, exercice: int, choisies: Sequence[Ligne]
) -> tuple[list[PosteDEnveloppe], Somme]:
    """Rend les enveloppes du service, ce que les dossiers choisis y prennent, et ce qui n'en a aucune."""
    lues = argent.tableau(acteur, contrat, exercice).lignes
    imputees = dict(
        Imputation.objects.filter(enveloppe__in=[ligne.enveloppe.pk for ligne in lues]).values_list(
            "demande", "enveloppe"
        )
    )
    sommes: dict[int | None, Somme] = {}
    for ligne in choisies:
        for part in ligne.parts:
            if part.est_a_nous and part.est_en_argent:
                somme = sommes.setdefault(imputees.get(part.pk), Somme())
                somme.ajouter(Somme(1, part.demande, part.propose, part.arbitre, part.vote))
    postes = [
        PosteDEnveloppe(
            f"{ligne.enveloppe}, {ligne.pour}" if ligne.pour else str(ligne.enveloppe),
            ligne.comptes,
            ligne.est_fille,
            sommes.get(ligne.enveloppe.pk, Somme()),
        )
        for ligne in lues
    ]
    return postes, sommes.get(None, Somme())


def _seuils(lus: Faits) -> list[Seuil]:
    """Rend qui passe le seuil d'une convention sur l'exercice, et le note sur les lignes concernées."""
    sommes: dict[tuple[int, int], tuple[Decimal, Decimal]] = {}
    for ligne in lus.lignes:
        titulaire = lus.organismes[ligne.titulaire]
        # D'un bailleur dont on ignore la forme, on avertit aussi : il est peut-être de droit privé.
        if est_de_droit_prive(titulaire.nature, titulaire.forme) is False:
            continue
        for part in ligne.parts:
            if part.financeur is None or part.est_de_memoire:
                continue
            cle = (ligne.titulaire, part.financeur)
            if cle not in sommes:
                deja = lus.autres_votes.get(cle, ZERO)
                sommes[cle] = (deja, deja)
            vote, attendu = promis(part)
            sommes[cle] = (sommes[cle][0] + vote, sommes[cle][1] + attendu)
    faits_ = [
        f for f in franchissements(sommes) if lus.organismes[f.financeur].nature in ADMINISTRATIONS
    ]
    passes = {(f.titulaire, f.financeur) for f in faits_}
    for ligne in lus.lignes if passes else []:
        financeurs = dict.fromkeys(part.financeur for part in ligne.parts if part.financeur)
        ligne.seuils = [pk for pk in financeurs if (ligne.titulaire, pk) in passes]
    dits = [
        Seuil(lus.organismes[f.titulaire].nom, lus.organismes[f.financeur].nom, f) for f in faits_
    ]
    return sorted(
        dits, key=lambda seuil: (lus.organismes[seuil.fait.titulaire].cle, seuil.financeur)
    )


def _avertissements(
    lus: Faits, cadre: Cadre, enveloppes: Sequence[PosteDEnveloppe], seuils: list[Seuil]
) -> Avertissements:
    trous = [ligne.trou for ligne in lus.lignes if ligne.trou]
    citees = {numero for ligne in lus.lignes for numero in ligne.fiches}
    return Avertissements(
        enveloppes=[poste for poste in enveloppes if poste.comptes.propose_de_trop],
        budgets=len(trous),
        manque=sum(trous, ZERO),
        seuils=seuils,
        fiches=[
            (numero, place.titre)
            for numero, place in cadre.fiches.items()
            if lus.lignes and numero not in citees
        ],
    )
