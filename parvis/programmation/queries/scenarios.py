"""Les scénarios d'un service, côte à côte avec ce qu'il propose ; rien n'en sort pour un autre."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.deports import hors_des_deports
from parvis.instruction.queries.dossiers import dossiers_a_etudier
from parvis.instruction.queries.grille import avec_les_notes, score_lu
from parvis.instruction.rules.avis import SANS_ARGENT
from parvis.organismes.queries import membres_a_lire
from parvis.programmation.models import LigneDeScenario, Scenario
from parvis.programmation.queries.tableau_faits import Cadre, cadre_du_tableau, faits
from parvis.programmation.rules.scenarios import COMPARES_AU_PLUS, AServir
from parvis.programmation.rules.tableau import Ligne, Part, peut_se_changer

ZERO = Decimal("0.00")


def scenarios(acteur: Acteur, contrat: Contrat) -> QuerySet[Scenario]:
    """Rend les scénarios du service de l'acteur, le dernier d'abord, avec leur somme ; aucun à un autre."""
    if not peut_financer(acteur) or acteur.organisme is None:
        return Scenario.objects.none()
    siens = Scenario.objects.filter(contrat=contrat, financeur__in=membres_a_lire(acteur.organisme))
    # Ce dont l'acteur s'est déporté ne se lit pas, ni par une somme ni par un compte.
    lisibles = hors_des_deports(acteur, "lignes__demande__dossier")
    return (
        siens.select_related("contrat")
        .annotate(
            somme=Sum("lignes__montant", filter=lisibles),
            servies=Count("lignes", filter=lisibles & Q(lignes__montant__gt=0)),
        )
        .order_by("-cree_le", "-pk")
    )


def demandes_a_servir(acteur: Acteur, contrat: Contrat, exercice: int) -> list[AServir]:
    """Rend les demandes en argent du service qui attendent sa proposition, et ce qui les range."""
    dossiers = avec_les_notes(dossiers_a_etudier(acteur, contrat).filter(exercice=exercice), acteur)
    scores = {dossier.pk: score_lu(dossier) for dossier in dossiers}
    rendues = []
    for ligne, part in _parts(faits(acteur, contrat, exercice).lignes):
        score = scores.get(ligne.pk)
        rendues.append(
            AServir(
                part.pk,
                ligne.numero,
                part.demande,
                ligne.sens,
                score.exact if score else None,
                ligne.vote_avant,
            )
        )
    return rendues


@dataclass(frozen=True)
class Colonne:
    """Ce qu'un scénario, ou le service aujourd'hui, donnerait en tout."""

    scenario: Scenario | None
    somme: Decimal
    servies: int


@dataclass(frozen=True)
class Rangee:
    """Une demande, et ce que lui donne chaque colonne ; rien si elle n'y est pas."""

    ligne: Ligne
    part: Part
    porteur: str
    montants: list[Decimal | None]

    @property
    def differe(self) -> bool:
        """Dit si les colonnes ne lui donnent pas toutes la même chose."""
        return len({montant or ZERO for montant in self.montants}) > 1


@dataclass(frozen=True)
class Poste:
    """Un pilier, et ce que lui donne chaque colonne."""

    nom: str
    sommes: list[Decimal]


@dataclass(frozen=True)
class Comparaison:
    """Aujourd'hui et des scénarios, côte à côte : les sommes, les piliers, chaque demande."""

    colonnes: list[Colonne]
    rangees: list[Rangee]
    piliers: list[Poste]
    mot_pilier: str


def comparer(
    acteur: Acteur, contrat: Contrat, exercice: int, choisis: Iterable[int] = ()
) -> Comparaison:
    """Rend ces scénarios à côté de ce que le service propose, en un nombre fixe de requêtes.

    Sans choix, les derniers faits. Une demande dont l'acteur s'est déporté n'y est pas.
    """
    siens = scenarios(acteur, contrat).filter(exercice=exercice)
    voulus = set(choisis)
    vus = [un for un in siens if not voulus or un.pk in voulus][:COMPARES_AU_PLUS]
    lus, cadre = faits(acteur, contrat, exercice), cadre_du_tableau(contrat)
    donnes: dict[int, dict[int, Decimal]] = {un.pk: {} for un in vus}
    for scenario, demande, montant in LigneDeScenario.objects.filter(scenario__in=vus).values_list(
        "scenario", "demande", "montant"
    ):
        donnes[scenario][demande] = montant
    rangees = [
        Rangee(
            ligne,
            part,
            lus.organismes[ligne.porteur].nom,
            [part.propose, *(donnes[un.pk].get(part.pk) for un in vus)],
        )
        for ligne, part in _parts(lus.lignes)
    ]
    return Comparaison(
        _colonnes(vus, rangees),
        rangees,
        _piliers(cadre, rangees, len(vus) + 1),
        cadre.mot_pilier,
    )


@dataclass(frozen=True)
class Change:
    """Un montant que l'application d'un scénario changerait."""

    demande: int
    dossier: int
    titre: str
    avant: Decimal | None
    apres: Decimal | None
    rang: int


def changements(acteur: Acteur, scenario: Scenario) -> list[Change]:
    """Rend ce que l'application d'un scénario changerait à ce que le service propose.

    Un avis sans argent, et ce qui ne se propose plus, restent comme ils sont ; une demande venue depuis
    n'est pas dans le scénario.
    """
    donnes = dict(scenario.lignes.values_list("demande", "montant"))
    rendus = []
    for ligne, part in _parts(faits(acteur, scenario.contrat, scenario.exercice).lignes):
        if part.pk not in donnes or ligne.sens in SANS_ARGENT:
            continue
        apres = donnes[part.pk] or None
        if apres != part.propose:
            titre = f"{ligne.reference}, {ligne.titre}"
            rendus.append(Change(part.pk, ligne.pk, titre, part.propose, apres, ligne.rang))
    return rendus


def _parts(lignes: Sequence[Ligne]) -> Iterable[tuple[Ligne, Part]]:
    """Rend les demandes du service qui attendent une proposition, avis sans argent compris."""
    for ligne in lignes:
        for part in ligne.parts:
            en_attente = peut_se_changer(part, ligne) or (
                part.est_a_nous and part.est_en_argent and ligne.sens in SANS_ARGENT
            )
            if en_attente and part.vote is None:
                yield ligne, part


def _colonnes(vus: Sequence[Scenario], rangees: Sequence[Rangee]) -> list[Colonne]:
    colonnes = []
    for rang, scenario in enumerate([None, *vus]):
        montants = [rangee.montants[rang] or ZERO for rangee in rangees]
        colonnes.append(
            Colonne(scenario, sum(montants, ZERO), sum(montant > 0 for montant in montants))
        )
    return colonnes


def _piliers(cadre: Cadre, rangees: Sequence[Rangee], combien: int) -> list[Poste]:
    sommes: dict[str, list[Decimal]] = {}
    for rangee in rangees:
        place = cadre.fiches.get(rangee.ligne.fiche)
        siennes = sommes.setdefault(place.pilier if place else "", [ZERO] * combien)
        for rang, montant in enumerate(rangee.montants):
            siennes[rang] += montant or ZERO
    ordre = [*cadre.piliers, ""]
    return [
        Poste(cadre.piliers.get(pk, "Hors de l’édition courante"), sommes[pk])
        for pk in ordre
        if pk in sommes
    ]
