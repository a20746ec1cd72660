"""Ce que le tableau de programmation lit en base : des lignes de valeurs, en un nombre fixe de requêtes.

Un montant proposé que le lecteur n'a pas à voir est écarté ici, avant tout calcul : rien de ce qui suit
(total, certitude, avertissement, export) ne peut le trahir.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.cadre.models import Contrat, Edition
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Information, Regard, Role
from parvis.comptes.rules.regards import voit
from parvis.dossiers.enums import EtatDeDemande, Guichet, NatureDeDemande, SourceDuSuivi
from parvis.dossiers.models import Demande, Dossier, FicheDeDossier, LieuDeDossier
from parvis.dossiers.permissions import peut_recevoir_les_dossiers
from parvis.dossiers.queries.bilans import porteurs_en_retard
from parvis.dossiers.rules.publicite import RECUS
from parvis.instruction.models import Avis
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.deports import dossiers_du_pilote
from parvis.instruction.queries.dossiers import demandes_du_service, dossiers_a_etudier
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Arbitrage, LigneDeDecision
from parvis.programmation.queries.seances import seances, seances_de_membre
from parvis.programmation.rules.tableau import AILLEURS, ZERO, Ligne, Part, completer

# Qui reçoit l'argent d'un projet, doublons réunis compris.
_TITULAIRE = (
    *("structure_porteuse__fusionne_dans", "structure_porteuse"),
    *("porteur__fusionne_dans", "porteur"),
)


class Nomme(NamedTuple):
    """Un organisme retenu : ce que le tableau en dit, et ce qu'il en calcule."""

    pk: int
    nom: str
    nature: str
    siret: str
    cle: str
    forme: str


class Place(NamedTuple):
    """Où une fiche se range dans l'édition courante."""

    titre: str
    enjeu: str
    pilier: str


@dataclass(frozen=True)
class Cadre:
    """L'édition courante, à plat : les piliers, les enjeux, et la place de chaque fiche."""

    mot_pilier: str = "Pilier"
    mot_enjeu: str = "Enjeu"
    piliers: dict[str, str] = field(default_factory=dict)
    enjeux: dict[str, str] = field(default_factory=dict)
    fiches: dict[str, Place] = field(default_factory=dict)


@dataclass
class Faits:
    """Les dossiers d'un exercice que le lecteur voit, et les noms de ce qu'ils citent."""

    lignes: list[Ligne] = field(default_factory=list)
    organismes: dict[int, Nomme] = field(default_factory=dict)
    quartiers: dict[int, str] = field(default_factory=dict)
    # Voté ailleurs que dans ces lignes, sur le même exercice : (organisme aidé, financeur) → montant.
    autres_votes: dict[tuple[int, int], Decimal] = field(default_factory=dict)


def dossiers_programmes(acteur: Acteur, contrat: Contrat) -> QuerySet[Dossier]:
    """Rend les dossiers reçus du tableau : tous à son pilote, ceux qu'il finance à un instructeur.

    Ni un dossier dont il s'est déporté, ni un sur lequel il est seulement consulté ; rien à tout autre.
    """
    if peut_recevoir_les_dossiers(acteur, contrat.code):
        vus = dossiers_du_pilote(acteur, contrat)
    elif peut_financer(acteur):
        siennes = demandes_du_service(acteur).values("dossier")
        vus = dossiers_a_etudier(acteur, contrat).filter(pk__in=siennes)
    else:
        vus = Dossier.objects.none()
    return vus.filter(etat__in=RECUS)


def exercices(acteur: Acteur, contrat: Contrat) -> list[int]:
    """Rend les exercices du tableau, le plus récent d'abord."""
    annees = dossiers_programmes(acteur, contrat).order_by("-exercice")
    return list(annees.values_list("exercice", flat=True).distinct())


def faits(acteur: Acteur, contrat: Contrat, exercice: int) -> Faits:
    """Rend tout ce que le lecteur voit d'un exercice."""
    vus = dossiers_programmes(acteur, contrat).filter(exercice=exercice)
    siens = set(membres(acteur.organisme)) if peut_financer(acteur) and acteur.organisme else set()
    lignes, organismes_cites = _lignes(vus)
    if not lignes:
        return Faits()
    demandes = list(_demandes(vus))
    cites = organismes_cites | {demande[3] for demande in demandes if demande[3]}
    organismes, retenus = _organismes(cites)
    for ligne in lignes.values():
        ligne.porteur, ligne.titulaire = retenus[ligne.porteur], retenus[ligne.titulaire]
    _ranger_les_parts(
        lignes,
        demandes,
        retenus,
        siens,
        _arbitrees_en_seance(acteur, contrat),
        _votes_precedents(vus),
    )
    quartiers = _ranger_les_lieux(lignes, vus)
    _ranger_les_avis(lignes, vus, siens)
    _ranger_les_votes_d_avant(lignes, vus, exercice)
    for ligne in lignes.values():
        completer(ligne)
    autres = _autres_votes(vus, exercice, lignes.values())
    return Faits(list(lignes.values()), organismes, quartiers, autres)


def cadre_du_tableau(contrat: Contrat) -> Cadre:
    """Rend la place de chaque fiche dans l'édition courante, dans l'ordre de lecture."""
    edition = Edition.objects.courante(contrat.code)
    if edition is None:
        return Cadre()
    rendu = Cadre(edition.mot_pilier.capitalize(), edition.mot_enjeu.capitalize())
    for numero, titre, enjeu, dit, pilier, nom in edition.versions.order_by("rang").values_list(
        "fiche__numero", "titre", "enjeu__numero", "enjeu__titre", "enjeu__pilier__slug",
        "enjeu__pilier__titre",
    ):  # fmt: skip
        rendu.fiches[numero] = Place(titre, enjeu, pilier)
        rendu.enjeux.setdefault(enjeu, dit)
        rendu.piliers.setdefault(pilier, nom)
    return rendu


def _lignes(vus: QuerySet[Dossier]) -> tuple[dict[int, Ligne], set[int]]:
    lignes, cites = {}, set()
    for pk, numero, exercice, etat, projet, titre, appel, porteur, porte in vus.order_by(
        "numero", "pk"
    ).values_list(
        "pk", "numero", "exercice", "etat", "projet", "projet__titre", "appel",
        "projet__porteur", "projet__structure_porteuse",
    ):  # fmt: skip
        titulaire = porte or porteur
        cites |= {porteur, titulaire}
        lignes[pk] = Ligne(
            pk, numero or 0, exercice, etat, projet, titre, appel, porteur, titulaire
        )
    return lignes, cites


def _demandes(vus: QuerySet[Dossier]) -> QuerySet[Demande, Any]:
    """Rend les demandes fermes de ces dossiers : le premier exercice, les suivants sont prévus."""
    return (
        Demande.objects.filter(dossier__in=vus.values("pk"), exercice=F("dossier__exercice"))
        .exclude(etat=EtatDeDemande.PREPAREE)
        .order_by("rang", "pk")
        .values_list(
            "pk",
            "dossier",
            "guichet",
            "financeur",
            "nature",
            "etat",
            "ligne",
            "montant_demande",
            "montant_propose",
            "propose_partage_le",
            "montant_arbitre",
            "montant_vote",
            "suivi_source",
        )
    )


def _ranger_les_parts(
    lignes: dict[int, Ligne],
    demandes: Collection[tuple[Any, ...]],
    retenus: dict[int, int],
    siens: set[int],
    siegees: set[int],
    precedents: dict[int, Decimal],
) -> None:
    """Range chaque demande dans son dossier, sans un montant proposé ou arbitré qui n'est pas à lire."""
    lit_le_partage = voit(Information.MONTANT_PROPOSE, Regard.COFINANCEUR, est_partagee=True)
    lit_l_arbitre = voit(Information.MONTANT_ARBITRE, Regard.COFINANCEUR, est_en_seance=True)
    lit_le_sien = voit(Information.MONTANT_PROPOSE, Regard.SERVICE)
    for pk, dossier, guichet, financeur, nature, etat, ligne, *argent in demandes:
        demande, propose, partage_le, arbitre, vote, source = argent
        est_d_ici = guichet == Guichet.PLATEFORME
        est_a_nous = est_d_ici and financeur in siens
        est_lu = lit_le_sien if est_a_nous else lit_le_partage and partage_le is not None
        lignes[dossier].parts.append(
            Part(
                pk,
                retenus[financeur] if est_d_ici else AILLEURS,
                retenus[financeur] if financeur else None,
                est_a_nous,
                nature,
                etat,
                ligne,
                demande or ZERO,
                propose if est_lu else None,
                vote,
                partage_le is not None and est_lu,
                arbitre if est_a_nous or (lit_l_arbitre and pk in siegees) else None,
                source == SourceDuSuivi.PERSONNE,
                precedents.get(pk),
            )
        )


def _arbitrees_en_seance(acteur: Acteur, contrat: Contrat) -> set[int]:
    """Rend ce qu'ont arbitré les séances que l'acteur a tenues, ou auxquelles il siégeait."""
    est_pilote = acteur.a_le_role(Role.PILOTE, contrat=contrat.code)
    siennes = (seances if est_pilote else seances_de_membre)(acteur, contrat)
    dites = Arbitrage.objects.filter(vaut=True, point__seance__in=siennes.values("pk"))
    return set(dites.order_by().values_list("demande", flat=True))


def _votes_precedents(vus: QuerySet[Dossier]) -> dict[int, Decimal]:
    """Rend, par demande, le dernier montant qu'une décision accordait et qui n'est plus le voté."""
    changes = LigneDeDecision.objects.filter(
        ~Q(montant=F("demande__montant_vote")),
        demande__dossier__in=vus.values("pk"),
        demande__montant_vote__isnull=False,
        decision__publiee_le__isnull=False,
        resultat=Resultat.ACCORDE,
    )
    dits = changes.order_by("decision__publiee_le", "pk").values_list("demande", "montant")
    return {demande: montant for demande, montant in dits if montant is not None}


def _organismes(cites: set[int]) -> tuple[dict[int, Nomme], dict[int, int]]:
    """Rend les organismes retenus, et lequel vaut chacun de ceux qui sont cités."""
    nommes, retenus = {}, {}
    champs = ("pk", "nom", "nature", "siret", "cle_de_tri", "forme_juridique")
    for *sien, garde in Organisme.objects.filter(pk__in=cites).values_list(
        *champs, "fusionne_dans"
    ):
        nommes[sien[0]], retenus[sien[0]] = Nomme(*sien), garde or sien[0]
    manquent = set(retenus.values()) - set(nommes)
    for sien in Organisme.objects.filter(pk__in=manquent).values_list(*champs):
        nommes[sien[0]] = Nomme(*sien)
    return {pk: nommes[pk] for pk in set(retenus.values())}, retenus


def _ranger_les_lieux(lignes: dict[int, Ligne], vus: QuerySet[Dossier]) -> dict[int, str]:
    """Range les fiches et les quartiers de chaque dossier ; rend les noms des quartiers."""
    for dossier, numero, est_principale in (
        FicheDeDossier.objects.filter(dossier__in=vus.values("pk"))
        .order_by("pk")
        .values_list("dossier", "fiche__numero", "est_principale")
    ):
        lignes[dossier].fiches.append(numero)
        if est_principale:
            lignes[dossier].fiche = numero
    noms = {}
    for dossier, quartier, nom in (
        LieuDeDossier.objects.filter(dossier__in=vus.values("pk"), quartier__isnull=False)
        .order_by("quartier__nom", "quartier")
        .values_list("dossier", "quartier", "quartier__nom")
    ):
        lignes[dossier].quartiers.append(quartier)
        noms[quartier] = nom
    return noms


def _ranger_les_avis(lignes: dict[int, Ligne], vus: QuerySet[Dossier], siens: set[int]) -> None:
    """Retient le dernier avis du service sur chaque dossier : son rang, et son sens."""
    rendus = Avis.objects.filter(
        dossier__in=vus.values("pk"), consultation__isnull=True, organisme__in=siens
    )
    for dossier, rang, sens in rendus.order_by("rang").values_list("dossier", "rang", "sens"):
        lignes[dossier].rang, lignes[dossier].sens = rang, sens


def _ranger_les_votes_d_avant(
    lignes: dict[int, Ligne], vus: QuerySet[Dossier], exercice: int
) -> None:
    """Retient ce que le même projet a eu de voté l'exercice d'avant."""
    sommes = (
        Demande.objects.filter(
            exercice=exercice - 1,
            nature=NatureDeDemande.NUMERAIRE,
            montant_vote__isnull=False,
            dossier__projet__in=vus.values("projet"),
        )
        .order_by()
        .values("dossier__projet")
        .annotate(somme=Sum("montant_vote"))
    )
    votes = dict(sommes.values_list("dossier__projet", "somme"))
    for ligne in lignes.values():
        ligne.vote_avant = votes.get(ligne.projet)


def ranger_les_bilans(acteur: Acteur, contrat: Contrat, exercice: int, lus: Faits) -> None:
    """Retient, sur chaque ligne lue, les exercices dont le porteur n'a pas rendu le bilan à temps."""
    vus = dossiers_programmes(acteur, contrat).filter(exercice=exercice)
    manquants = porteurs_en_retard(vus, exercice, timezone.localdate())
    for ligne in lus.lignes:
        siens = manquants.get(ligne.porteur, ())
        ligne.bilans = sorted({annee for pk, annee, _ in siens if pk != ligne.pk})


def _autres_votes(
    vus: QuerySet[Dossier], exercice: int, lignes: Collection[Ligne]
) -> dict[tuple[int, int], Decimal]:
    """Rend ce que ces organismes ont eu de voté dans d'autres dossiers, par financeur.

    Un vote se lit partout : d'un autre appel, d'un autre contrat, d'un dossier que l'on n'étudie pas.
    """
    votes = (
        Demande.objects.filter(
            Q(guichet=Guichet.PLATEFORME) | Q(suivi_source=SourceDuSuivi.EXPORT),
            exercice=exercice,
            montant_vote__isnull=False,
            financeur__isnull=False,
        )
        .exclude(dossier__in=vus.values("pk"))
        .annotate(
            titulaire=Coalesce(*(f"dossier__projet__{chemin}" for chemin in _TITULAIRE)),
            qui=Coalesce("financeur__fusionne_dans", "financeur"),
        )
        .filter(titulaire__in={ligne.titulaire for ligne in lignes})
        .order_by()
        .values("titulaire", "qui")
        .annotate(somme=Sum("montant_vote"))
    )
    return {(un["titulaire"], un["qui"]): un["somme"] for un in votes}
