"""Qui finance quoi, dans quel quartier : les subventions votées d'un contrat, pour tout le monde."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.rules.financements import (
    AILLEURS,
    PARTOUT,
    ZERO,
    Financement,
    Total,
    par,
    par_financeur,
    par_quartier,
    total,
)
from parvis.dossiers.enums import EchelleDeProjet, Guichet, NatureDeDemande
from parvis.dossiers.models import Demande, FicheDeDossier, LieuDeDossier
from parvis.dossiers.queries.projets_visibles import demandes_publiques
from parvis.organismes.models import Organisme
from parvis.programmation.queries.tableau_faits import Cadre, cadre_du_tableau
from parvis.socle.choix import Critere, choisir
from parvis.socle.filtres import Facette
from parvis.socle.pages import Page, page_de_liste
from parvis.socle.tableaux import Cellule
from parvis.socle.texte import cle_de_tri

CRITERES = ("exercice", "financeur", "pilier", "fiche", "quartier", "commune", "porteur")
LARGES = {PARTOUT: "Tout le territoire", AILLEURS: "Sans quartier nommé"}
TRIS = {
    "recent": "Le dernier vote d’abord",
    "montant": "Le plus voté d’abord",
    "porteur": "Par porteur",
    "financeur": "Par financeur",
    "projet": "Par projet",
}
COLONNES = (
    *("Exercice", "Financeur", "Porteur", "Projet", "Fiches", "Quartiers", "Communes"),
    *("Nature", "Voté (€)", "Voté le", "Versé (€)"),
)
COLONNES_DES_FINANCEURS = (
    "Financeur",
    "Subventions",
    "Projets",
    "Voté (€)",
    "Versé (€)",
    "En nature (€)",
)
COLONNES_DES_QUARTIERS = (
    *("Quartier", "Subventions", "Projets", "Voté (€)", "Versé (€)", "En nature (€)"),
    "Voté qui sert aussi un autre quartier (€)",
)


@dataclass(frozen=True)
class Poste:
    """Un financeur ou un quartier, et ce qu'il totalise ; `valeur` le choisit dans l'adresse."""

    valeur: str
    nom: str
    total: Total


@dataclass(frozen=True)
class Exploration:
    """Les subventions choisies, et de quoi choisir autrement."""

    lignes: list[Financement]
    facettes: list[Facette]
    tri: str
    nombre: int
    total: Total
    financeurs: list[Poste]
    quartiers: list[Poste]

    def page(self, *, apres: str = "", avant: str = "") -> Page[Financement]:
        """Rend cinquante lignes, à partir d'un repère."""
        return page_de_liste(self.lignes, lambda ligne: str(ligne.pk), apres=apres, avant=avant)


def explorer(
    acteur: Acteur, contrat: Contrat, choix: Mapping[str, str], *, jour: date
) -> Exploration:
    """Rend ce que l'adresse choisit parmi les subventions votées, en un nombre fixe de requêtes.

    Tout le monde lit la même chose.
    """
    toutes = financements(demandes_publiques(jour).filter(dossier__projet__contrat=contrat))
    choisies, facettes = choisir(toutes, _criteres(toutes, cadre_du_tableau(contrat)), choix)
    tri = choix.get("tri", "")
    tri = tri if tri in TRIS else "recent"
    noms = {ligne.financeur: ligne.nom_du_financeur for ligne in toutes}
    lieux = _quartiers(toutes) | LARGES
    return Exploration(
        _trier(choisies, tri),
        facettes,
        tri,
        len(toutes),
        total(choisies),
        [Poste(cle, noms[cle], somme) for cle, somme in par_financeur(choisies).items()],
        [Poste(cle, lieux[cle], somme) for cle, somme in par_quartier(choisies).items()],
    )


def par_exercice(lignes: Sequence[Financement]) -> list[Poste]:
    """Rend le total de chaque année, la dernière d'abord."""
    annees = sorted(par(lignes, lambda ligne: [str(ligne.exercice)]).items(), reverse=True)
    return [Poste(annee, annee, somme) for annee, somme in annees]


def porteur_finance(acteur: Acteur, contrat: Contrat, pk: int, *, jour: date) -> Organisme:
    """Rend un porteur dont tout le monde lit une subvention ; lève Organisme.DoesNotExist sinon."""
    votees = demandes_publiques(jour).filter(dossier__projet__contrat=contrat)
    siennes = votees.annotate(garde=_garde("dossier__projet__porteur")).filter(garde=pk)
    return Organisme.objects.get(pk__in=siennes.values("garde"))


def financements(demandes: QuerySet[Demande]) -> list[Financement]:
    """Rend ces demandes votées, avec leurs fiches et leurs lieux, en trois requêtes."""
    lues = list(
        demandes.annotate(
            donne=_garde("financeur"),
            nom_de_qui_donne=_garde("financeur", "__nom"),
            porte=_garde("dossier__projet__porteur"),
            nom_de_qui_porte=_garde("dossier__projet__porteur", "__nom"),
        )
        .order_by("pk")
        .values_list(
            "pk", "dossier", "dossier__projet", "dossier__projet__titre", "exercice", "donne",
            "nom_de_qui_donne", "financeur_nom", "porte", "nom_de_qui_porte", "montant_vote",
            "vote_le", "montant_verse", "nature", "dossier__echelle", "guichet",
        )
    )  # fmt: skip
    fiches = _fiches(demandes)
    quartiers, communes = _lieux(demandes)
    return [
        Financement(
            pk, dossier, projet, titre, exercice, str(donne) if donne else f"autre:{autre}",
            nom or autre, porte, porteur, vote, vote_le,
            # D'un autre portail, seul le porteur dit ce qui est versé : personne d'autre ne le lit.
            (verse or ZERO) if guichet == Guichet.PLATEFORME else ZERO,
            nature != NatureDeDemande.NUMERAIRE, echelle == EchelleDeProjet.AGGLOMERATION,
            fiches[dossier], quartiers[dossier], communes[dossier],
        )
        for (
            pk, dossier, projet, titre, exercice, donne, nom, autre, porte, porteur, vote, vote_le,
            verse, nature, echelle, guichet,
        ) in lues
        # Une demande votée a les deux : la requête ne rend qu'elles.
        if vote is not None and vote_le is not None
    ]  # fmt: skip


def _garde(chemin: str, champ: str = "") -> Coalesce:
    """Rend l'organisme gardé d'un doublon réuni, ou un de ses champs."""
    return Coalesce(f"{chemin}__fusionne_dans{champ}", f"{chemin}{champ}")


def _fiches(demandes: QuerySet[Demande]) -> dict[int, list[str]]:
    rendues: dict[int, list[str]] = defaultdict(list)
    for dossier, numero in (
        FicheDeDossier.objects.filter(dossier__in=demandes.values("dossier"))
        .order_by("-est_principale", "pk")
        .values_list("dossier", "fiche__numero")
    ):
        rendues[dossier].append(numero)
    return rendues


def _lieux(
    demandes: QuerySet[Demande],
) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, str]]]:
    """Rend les quartiers et les communes de chaque dossier, code et nom."""
    quartiers: dict[int, dict[str, str]] = defaultdict(dict)
    communes: dict[int, dict[str, str]] = defaultdict(dict)
    for dossier, code, nom, code_de_commune, commune, autour, nom_autour in (
        LieuDeDossier.objects.filter(dossier__in=demandes.values("dossier"))
        .order_by("quartier__nom", "quartier__code", "pk")
        .values_list(
            "dossier", "quartier__code", "quartier__nom", "commune__code", "commune__nom",
            "quartier__communes__code", "quartier__communes__nom",
        )
    ):  # fmt: skip
        if code:
            quartiers[dossier][code] = nom
        for insee, nom_de_commune in ((code_de_commune, commune), (autour, nom_autour)):
            if insee:
                communes[dossier][insee] = nom_de_commune
    return quartiers, communes


def _criteres(lignes: Sequence[Financement], cadre: Cadre) -> list[Critere[Financement]]:
    cites = {numero for ligne in lignes for numero in ligne.fiches}
    numeros = [*(n for n in cadre.fiches if n in cites), *sorted(cites - set(cadre.fiches))]
    communes = {code: nom for ligne in lignes for code, nom in ligne.communes.items()}
    larges = {cle for ligne in lignes for cle in ligne.lieux if cle in LARGES}

    def piliers(ligne: Financement) -> list[str]:
        return [cadre.fiches[n].pilier for n in ligne.fiches if n in cadre.fiches]

    def fiche(numero: str) -> str:
        place = cadre.fiches.get(numero)
        return f"{numero}. {place.titre}" if place else f"{numero} (édition passée)"

    annees = sorted({ligne.exercice for ligne in lignes}, reverse=True)
    return [
        Critere(
            "exercice", "Exercice", {str(a): str(a) for a in annees}, lambda li: [str(li.exercice)]
        ),
        Critere(
            "financeur",
            "Financeur",
            _par_nom({ligne.financeur: ligne.nom_du_financeur for ligne in lignes}),
            lambda ligne: [ligne.financeur],
        ),
        Critere(
            "pilier", cadre.mot_pilier, cadre.piliers, lambda li: list(dict.fromkeys(piliers(li)))
        ),
        Critere("fiche", "Fiche", {n: fiche(n) for n in numeros}, lambda ligne: ligne.fiches),
        Critere(
            "quartier",
            "Quartier",
            _par_nom(_quartiers(lignes)) | {k: nom for k, nom in LARGES.items() if k in larges},
            lambda ligne: ligne.lieux,
        ),
        Critere("commune", "Commune", _par_nom(communes), lambda ligne: list(ligne.communes)),
        Critere(
            "porteur",
            "Porteur",
            _par_nom({str(ligne.porteur): ligne.nom_du_porteur for ligne in lignes}),
            lambda ligne: [str(ligne.porteur)],
        ),
    ]


def _quartiers(lignes: Sequence[Financement]) -> dict[str, str]:
    """Rend le nom de chaque quartier cité ; deux générations du même se distinguent par leur code."""
    noms = {code: nom for ligne in lignes for code, nom in ligne.quartiers.items()}
    fois = Counter(noms.values())
    return {code: f"{nom} ({code})" if fois[nom] > 1 else nom for code, nom in noms.items()}


def _par_nom(noms: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(noms.items(), key=lambda un: (cle_de_tri(un[1]), un[0])))


def _trier(lignes: list[Financement], tri: str) -> list[Financement]:
    recentes = sorted(lignes, key=lambda li: (-li.exercice, -li.vote_le.toordinal(), -li.pk))
    if tri == "montant":
        return sorted(recentes, key=lambda ligne: -ligne.vote)
    nom = {"porteur": "nom_du_porteur", "financeur": "nom_du_financeur", "projet": "titre"}.get(tri)
    return sorted(recentes, key=lambda li: cle_de_tri(getattr(li, nom))) if nom else recentes


def tableau(lignes: Sequence[Financement]) -> list[tuple[Cellule, ...]]:
    """Rend les lignes à emporter, dans l'ordre de `COLONNES`."""
    return [
        (
            ligne.exercice,
            ligne.nom_du_financeur,
            ligne.nom_du_porteur,
            ligne.titre,
            ", ".join(ligne.fiches),
            LARGES[PARTOUT] if ligne.est_partout else ", ".join(ligne.quartiers.values()),
            ", ".join(ligne.communes.values()),
            "En nature" if ligne.est_en_nature else "Argent",
            ligne.vote,
            ligne.vote_le,
            ligne.verse,
        )
        for ligne in lignes
    ]


def tableau_des_postes(
    postes: Sequence[Poste], *, avec_le_partage: bool
) -> list[tuple[Cellule, ...]]:
    """Rend les financeurs ou les quartiers à emporter ; les quartiers disent ce qu'ils partagent."""
    return [
        (
            *(poste.nom, poste.total.lignes, len(poste.total.projets)),
            *(poste.total.vote, poste.total.verse, poste.total.nature),
            *((poste.total.partage,) if avec_le_partage else ()),
        )
        for poste in postes
    ]
