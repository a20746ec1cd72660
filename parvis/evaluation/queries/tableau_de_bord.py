"""Le tableau de bord d'un contrat : peu de chiffres, chacun avec sa définition et ses lignes."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce

from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.models import PartDeVersement
from parvis.dossiers.enums import EtatDeDemande, Guichet, NatureDeDemande
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.rules.publicite import est_votee
from parvis.evaluation.queries.couverture import dossiers_a_compter
from parvis.evaluation.queries.tableaux_de_couverture import Lecture
from parvis.evaluation.rules.couverture import DossierCompte
from parvis.evaluation.rules.tableau_de_bord import (
    ZERO,
    Attente,
    Concentration,
    Delai,
    Parcours,
    attentes,
    concentration,
    delais,
    dire_la_concentration,
    habitants,
    part,
)
from parvis.instruction.models import Avis
from parvis.organismes.models import Organisme
from parvis.programmation.queries.tableau_faits import faits
from parvis.programmation.rules.tableau import Certitude, espere
from parvis.socle.tableaux import Cellule

# Au-delà, une seule ligne dit ce que font les autres.
PORTEURS_MONTRES = 20


@dataclass(frozen=True)
class Annee:
    """Un exercice en quelques chiffres."""

    exercice: int
    recus: int
    soutenus: int
    porteurs: int
    demande: Decimal
    vote: Decimal
    engage: Decimal
    verse: Decimal
    personnes: int
    femmes: int
    hommes: int
    habitants: int
    # Les personnes parmi lesquelles on sait combien habitent les quartiers.
    situees: int

    @property
    def part_votee(self) -> int | None:
        return part(self.vote, self.demande)

    @property
    def part_des_femmes(self) -> int | None:
        return part(self.femmes, self.femmes + self.hommes)

    @property
    def part_des_habitants(self) -> int | None:
        return part(self.habitants, self.situees)


@dataclass(frozen=True)
class Poste:
    """Une ligne d'une répartition : ce qu'on lui demande, ce qu'elle vote, engage, verse."""

    nom: str
    projets: int
    demande: Decimal
    vote: Decimal
    engage: Decimal
    verse: Decimal
    # Le choix qui montre ses dossiers dans le tableau de programmation ; vide s'il n'y en a pas.
    choix: str = ""

    def avec(self, autre: "Poste") -> "Poste":
        """Rend ce que font ensemble deux lignes, sous le nom de celle-ci."""
        return Poste(
            self.nom,
            self.projets + autre.projets,
            self.demande + autre.demande,
            self.vote + autre.vote,
            self.engage + autre.engage,
            self.verse + autre.verse,
        )


@dataclass(frozen=True)
class Solidite:
    """Les dossiers d'une même certitude, ce qu'ils demandent et ce qu'ils peuvent espérer."""

    certitude: Certitude
    nombre: int
    demande: Decimal
    espere: Decimal


@dataclass(frozen=True)
class TableauDeBord:
    """Un exercice : ses chiffres et ceux d'avant, qui paie, qui reçoit, ce que l'on attend."""

    annee: Annee
    annees: list[Annee]
    par_pilier: list[Poste]
    par_financeur: list[Poste]
    par_porteur: list[Poste]
    concentration: Concentration
    delais: list[Delai]
    attentes: list[Attente]
    solidites: list[Solidite]

    @property
    def avant(self) -> Annee | None:
        """Rend l'exercice d'avant, s'il a un dossier."""
        voulu = self.annee.exercice - 1
        return next((une for une in self.annees if une.exercice == voulu), None)

    @property
    def phrase_de_la_concentration(self) -> str:
        return dire_la_concentration(self.concentration)


def tableau_de_bord(acteur: Acteur, contrat: Contrat, lue: Lecture, exercice: int) -> TableauDeBord:
    """Rend le tableau de bord d'un exercice, tel que l'acteur lit le contrat."""
    vus = dossiers_a_compter(acteur, contrat)
    de_l_annee = [compte for compte in lue.comptes if compte.exercice == exercice]
    parcours = _parcours(vus, exercice)
    durees, arrets = delais(parcours), attentes(parcours, timezone.localdate())
    piliers = {fiche.numero: lue.piliers[fiche.pilier] for fiche in lue.fiches.values()}
    return TableauDeBord(
        annee_de(lue.comptes, exercice),
        [annee_de(lue.comptes, un) for un in lue.exercices],
        _postes(de_l_annee, lambda un: (piliers.get(un.fiche, "Sans fiche"), "")),
        _par_financeur(vus, exercice),
        _par_porteur(de_l_annee),
        concentration(lue.comptes, exercice),
        durees,
        arrets,
        _solidites(acteur, contrat, exercice),
    )


def annee_de(comptes: Iterable[DossierCompte], exercice: int) -> Annee:
    """Rend les chiffres d'un exercice."""
    siens = [compte for compte in comptes if compte.exercice == exercice]
    soutenus = [compte for compte in siens if compte.est_soutenu]
    des_quartiers, situees = habitants(siens)
    return Annee(
        exercice,
        len(siens),
        len(soutenus),
        len({compte.porteur for compte in soutenus}),
        sum((compte.demande for compte in siens), ZERO),
        sum((compte.vote for compte in siens), ZERO),
        sum((compte.engage for compte in siens), ZERO),
        sum((compte.verse for compte in siens), ZERO),
        sum(compte.personnes or 0 for compte in soutenus),
        sum(compte.publics.get("f", 0) for compte in soutenus),
        sum(compte.publics.get("h", 0) for compte in soutenus),
        des_quartiers,
        situees,
    )


def _postes(
    comptes: Iterable[DossierCompte], de: Callable[[DossierCompte], tuple[str, str]]
) -> list[Poste]:
    """Rend ce que font ensemble les dossiers de chaque nom ; `de` rend le nom, et ce qui les choisit."""
    ranges: dict[tuple[str, str], list[DossierCompte]] = defaultdict(list)
    for compte in comptes:
        ranges[de(compte)].append(compte)
    postes = [
        Poste(
            nom,
            sum(un.est_soutenu for un in siens),
            sum((un.demande for un in siens), ZERO),
            sum((un.vote for un in siens), ZERO),
            sum((un.engage for un in siens), ZERO),
            sum((un.verse for un in siens), ZERO),
            choix,
        )
        for (nom, choix), siens in ranges.items()
    ]
    return _ranger(postes)


def _ranger(postes: list[Poste]) -> list[Poste]:
    """Rend les postes, le mieux doté d'abord."""
    return sorted(postes, key=lambda poste: (-poste.vote, -poste.demande, poste.nom))


def _par_porteur(comptes: list[DossierCompte]) -> list[Poste]:
    noms = dict(
        Organisme.objects.filter(pk__in={un.porteur for un in comptes}).values_list("pk", "nom")
    )
    tous = _postes(comptes, lambda un: (noms[un.porteur], f"porteur={un.porteur}"))
    postes = [poste for poste in tous if poste.projets]
    premiers, autres = postes[:PORTEURS_MONTRES], postes[PORTEURS_MONTRES:]
    if not autres:
        return premiers
    return [
        *premiers,
        reduce(Poste.avec, autres[1:], replace(autres[0], nom="Tous les autres", choix="")),
    ]


def _par_financeur(vus: QuerySet[Dossier], exercice: int) -> list[Poste]:
    """Rend ce que chaque financeur a reçu de demandes, et ce qu'il en a fait, ici ou par son portail."""
    jour = timezone.localdate()
    demandes = (
        Demande.objects.filter(
            dossier__in=vus.values("pk"), exercice=exercice, nature=NatureDeDemande.NUMERAIRE
        )
        .exclude(etat__in=[EtatDeDemande.PREPAREE, EtatDeDemande.RETIREE])
        .annotate(retenu=Coalesce("financeur__fusionne_dans", "financeur"))
        .order_by()
    )
    sommes: dict[tuple[int | None, str], list[Decimal]] = {}
    aides: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    for (
        dossier, retenu, nom, demande, engage, verse, guichet, source, etat, vote, vote_le,
    ) in demandes.values_list(
        "dossier", "retenu", "financeur_nom", "montant_demande", "montant_engage", "montant_verse",
        "guichet", "suivi_source", "etat", "montant_vote", "vote_le",
    ):  # fmt: skip
        somme = sommes.setdefault((retenu, nom), [ZERO] * 4)
        somme[0] += demande or ZERO
        if est_votee(
            guichet=guichet, source=source, etat=etat, vote=vote, vote_le=vote_le, jour=jour
        ):
            aides[retenu, nom].add(dossier)
            somme[1] += vote or ZERO
            if guichet == Guichet.PLATEFORME:
                somme[2] += engage or ZERO
                somme[3] += verse or ZERO
    connus = Organisme.objects.filter(pk__in=[retenu for retenu, _ in sommes if retenu])
    noms = dict(connus.values_list("pk", "nom"))
    return _ranger(
        [
            Poste(
                noms[retenu] if retenu else nom,
                len(aides[retenu, nom]),
                demande,
                vote,
                engage,
                verse,
                f"financeur={retenu}" if retenu else "",
            )
            for (retenu, nom), (demande, vote, engage, verse) in sommes.items()
        ]
    )


def _parcours(vus: QuerySet[Dossier], exercice: int) -> list[Parcours]:
    """Rend le jour de chaque étape des demandes d'un exercice, reçues ici."""
    avis = dict(
        Avis.objects.filter(dossier__in=vus.values("pk"))
        .order_by()
        .values_list("dossier")
        .annotate(premier=Min("rendu_le"))
    )
    payees = dict(
        PartDeVersement.objects.filter(
            demande__dossier__in=vus.values("pk"), versement__annule_le__isnull=True
        )
        .order_by()
        .values_list("demande")
        .annotate(premier=Min("versement__verse_le"))
    )
    demandes = Demande.objects.filter(
        Q(etat=EtatDeDemande.DEMANDEE) | Q(etat=EtatDeDemande.ACCORDEE),
        dossier__in=vus.values("pk"),
        exercice=exercice,
        guichet=Guichet.PLATEFORME,
    )
    parcours = []
    for pk, dossier, titre, depose, arbitre, vote, engage in demandes.order_by("pk").values_list(
        *("pk", "dossier", "dossier__projet__titre"),
        *("dossier__depose_le", "arbitre_le", "vote_le", "engage_le"),
    ):
        rendu = avis.get(dossier)
        jours: dict[str, date | None] = {
            "depot": timezone.localdate(depose),
            "avis": timezone.localdate(rendu) if rendu else None,
            "seance": arbitre,
            "vote": vote,
            "signature": engage,
            "versement": payees.get(pk),
        }
        parcours.append(
            Parcours(dossier, titre, {code: jour for code, jour in jours.items() if jour})
        )
    return parcours


def _solidites(acteur: Acteur, contrat: Contrat, exercice: int) -> list[Solidite]:
    """Rend ce que le tableau de programmation a de sûr, du plus sûr au moins sûr."""
    ranges: dict[Certitude, list[tuple[Decimal, Decimal]]] = {un: [] for un in Certitude}
    for ligne in faits(acteur, contrat, exercice).lignes:
        en_argent = [un for un in ligne.parts if un.est_en_argent]
        attendu = sum((espere(un) for un in en_argent), ZERO)
        ranges[ligne.certitude].append((ligne.tout.demande, attendu))
    return [
        Solidite(
            certitude,
            len(lus),
            sum((demande for demande, _ in lus), ZERO),
            sum((attendu for _, attendu in lus), ZERO),
        )
        for certitude, lus in ranges.items()
        if lus
    ]


COLONNES: tuple[str, ...] = (
    *("Exercice", "Dossiers reçus", "Projets soutenus", "Porteurs soutenus"),
    *("Demandé (€)", "Voté (€)", "Engagé (€)", "Versé (€)", "Personnes"),
    *("Femmes et filles", "Hommes et garçons", "Habitants des quartiers", "Sur (personnes)"),
)


def tableau_des_annees(annees: Iterable[Annee]) -> list[tuple[Cellule, ...]]:
    """Rend une ligne par exercice, dans l'ordre de `COLONNES`."""
    return [
        (
            *(une.exercice, une.recus, une.soutenus, une.porteurs),
            *(une.demande, une.vote, une.engage, une.verse, une.personnes),
            *(une.femmes, une.hommes, une.habitants, une.situees),
        )
        for une in annees
    ]
