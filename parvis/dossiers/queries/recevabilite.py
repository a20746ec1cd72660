"""Les dossiers déposés que reçoit le pilote d'un contrat : ce qu'il lit, ce qu'il vérifie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.documents.models import Fichier
from parvis.dossiers.enums import EtatDeDemande, Guichet, NatureDeDemande
from parvis.dossiers.models import (
    Appel,
    Complement,
    Dossier,
    Message,
    PointVerifie,
    VersionDAppel,
    VersionDeposee,
)
from parvis.dossiers.permissions import peut_recevoir_les_dossiers
from parvis.dossiers.queries.a_part import pieces_voulues
from parvis.dossiers.queries.bilans import bilan_du_dossier
from parvis.dossiers.queries.budget import lire_le_budget
from parvis.dossiers.queries.territoire import hors_du_contrat
from parvis.dossiers.queries.versions_deposees import fichier_depose
from parvis.dossiers.rules.depot import PieceVoulue, motifs_des_fiches, motifs_des_pieces
from parvis.dossiers.rules.recevabilite import (
    Faits,
    PointDeControle,
    est_en_retard,
    points_de_controle,
)
from parvis.dossiers.rules.suivi import qui_tient_la_plume
from parvis.organismes.queries import membres
from parvis.socle.templatetags.socle import a_la_seconde


def dossiers_recus(acteur: Acteur, contrat: Contrat) -> QuerySet[Dossier]:
    """Rend les dossiers déposés dans ce contrat, à qui les reçoit ; rien à tout autre."""
    recus = Dossier.objects.deposes().filter(appel__contrat=contrat)
    return recus if peut_recevoir_les_dossiers(acteur, contrat.code) else recus.none()


def dossier_recu(acteur: Acteur, contrat: Contrat, pk: int) -> Dossier:
    """Rend un dossier déposé ; lève Dossier.DoesNotExist pour un brouillon, ou à qui ne le reçoit pas."""
    return (
        dossiers_recus(acteur, contrat)
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__porteur__siege",
            "projet__structure_porteuse__fusionne_dans",
            "appel__contrat",
            "version_d_appel",
            "copie_de",
            "reoriente_vers",
        )
        .get(pk=pk)
    )


def versions_deposees(acteur: Acteur, dossier: Dossier) -> list[VersionDeposee]:
    """Rend ce qui a été déposé, la dernière version d'abord, d'un dossier que l'acteur lit déjà."""
    return list(dossier.versions_deposees.order_by("-numero"))


@dataclass(frozen=True)
class ComplementLu:
    """Un complément demandé, ce qu'il vise en clair, et s'il est en retard."""

    complement: Complement
    vise: str
    est_en_retard: bool

    @property
    def est_repondu(self) -> bool:
        return self.complement.repondu_le is not None


def complements(acteur: Acteur, dossier: Dossier, *, jour: date) -> list[ComplementLu]:
    """Rend les compléments d'un dossier que l'acteur lit déjà, ceux qui attendent d'abord."""
    pieces = {p.cle: p.libelle for p in dossier.version_d_appel.pieces.all()}
    derniere = dossier.versions_deposees.order_by("-numero").first()
    figees = derniere.contenu["sections"] if derniere else {}
    lus = [
        ComplementLu(
            c,
            pieces.get(c.piece) or figees.get(c.section, {}).get("titre") or _titre(c.section),
            est_en_retard(echeance=c.echeance_le, repondu_le=c.repondu_le, jour=jour),
        )
        for c in dossier.complements.all()
    ]
    return sorted(lus, key=lambda lu: (lu.est_repondu, lu.complement.pk))


def _titre(section: str) -> str:
    return "Les pièces" if section == "pieces" else section.replace("_", " ").capitalize()


@dataclass(frozen=True)
class PointLu:
    """Un point de la liste de contrôle : ce qui est constaté, et ce qu'une personne en a dit."""

    point: PointDeControle
    verifie: PointVerifie | None

    @property
    def est_bon(self) -> bool | None:
        """Rend le dernier mot : celui d'une personne, à défaut ce que la plateforme constate."""
        return self.verifie.est_bon if self.verifie else self.point.est_bon

    @property
    def mot(self) -> str:
        return {True: "En règle", False: "À revoir", None: "À vérifier"}[self.est_bon]


def points(
    acteur: Acteur, dossier: Dossier, version: VersionDeposee, *, jour: date
) -> list[PointLu]:
    """Rend la liste de contrôle d'un dossier que l'acteur reçoit, en un nombre fixe de requêtes.

    Une fois le dossier tranché, elle reste celle de ce jour-là : une attestation finit, sans rien défaire.
    """
    jour = timezone.localdate(dossier.tranche_le) if dossier.tranche_le else jour
    verifies = {point.code: point for point in dossier.points_verifies.all()}
    return [
        PointLu(point, verifies.get(point.code))
        for point in points_de_controle(_faits(dossier, version, jour))
    ]


def _faits(dossier: Dossier, version: VersionDeposee, jour: date) -> Faits:
    """Rend ce que la plateforme constate de ce qui est déposé, jamais de ce qui s'écrit encore."""
    de_l_appel = set(dossier.version_d_appel.fiches.values_list("fiche__numero", flat=True))
    choisies = set(dossier.fiches.values_list("fiche__numero", flat=True))
    return Faits(
        retard=_retard(dossier),
        pieces=_pieces(dossier, version, jour),
        budget=lire_le_budget(dossier).motifs,
        fiches=[motif.phrase for motif in motifs_des_fiches(choisies, de_l_appel)],
        lieux=[
            f"{nom} n’est pas dans le territoire de ce contrat." for nom in hors_du_contrat(dossier)
        ],
        an_dernier=_en_phrases(
            Dossier.objects.deposes().filter(
                projet=dossier.projet_id, exercice=dossier.exercice - 1
            )
        ),
        autres=_en_phrases(
            Dossier.objects.deposes()
            .filter(appel=dossier.appel_id, projet__porteur__in=membres(dossier.projet.porteur))
            .exclude(pk=dossier.pk)
        ),
    )


def _retard(dossier: Dossier) -> str:
    """Rend ce qui dirait que le dossier est arrivé après la clôture de son appel."""
    courante = dossier.appel.versions.publiees().latest("numero")
    recu: datetime = dossier.depose_le or timezone.now()
    if recu.replace(microsecond=0) <= courante.ferme_le:
        return ""
    return f"Reçu {a_la_seconde(recu)}, l’appel a fermé {a_la_seconde(courante.ferme_le)}."


def _pieces(dossier: Dossier, version: VersionDeposee, jour: date) -> list[str]:
    validites: dict[str, list[date | None]] = {}
    for piece in version.contenu["pieces"]:
        fin = piece["valable_jusqu_au"]
        validites.setdefault(piece["cle"], []).append(date.fromisoformat(fin) if fin else None)
    voulues = [PieceVoulue(p.cle, p.libelle, p.est_obligatoire) for p in pieces_voulues(dossier)]
    return [motif.phrase for motif in motifs_des_pieces(voulues, validites, jour)]


def _en_phrases(dossiers: QuerySet[Dossier]) -> list[str]:
    lus = dossiers.select_related("projet").order_by("numero", "pk")
    return [f"{d.reference}, « {d.projet.titre} » : {d.get_etat_display().lower()}." for d in lus]


def appels_ou_envoyer(acteur: Acteur, dossier: Dossier) -> list[VersionDAppel]:
    """Rend les autres appels du contrat où l'on peut encore déposer, à qui reçoit le dossier."""
    contrat = dossier.appel.contrat
    if not peut_recevoir_les_dossiers(acteur, contrat.code):
        return []
    courantes = VersionDAppel.objects.courantes().filter(
        appel__contrat=contrat, ferme_le__gt=timezone.now()
    )
    return list(
        courantes.exclude(appel=dossier.appel_id).select_related("appel").order_by("-ferme_le")
    )


def appel_conseille(acteur: Acteur, dossier: Dossier) -> VersionDAppel | None:
    """Rend ce que dit aujourd'hui l'appel conseillé à un porteur ; rien s'il n'y en a pas."""
    appel: Appel | None = dossier.reoriente_vers
    if appel is None:
        return None
    return appel.versions.publiees().select_related("appel").order_by("-numero").first()


def messages(acteur: Acteur, dossier: Dossier) -> list[Message]:
    """Rend les messages d'un dossier déposé que l'acteur lit déjà, du plus ancien au plus récent."""
    return list(dossier.messages.all())


def compter_les_points(points_lus: Sequence[PointLu]) -> dict[str, int]:
    """Rend combien de points sont en règle, à revoir et à vérifier."""
    mots = [lu.mot for lu in points_lus]
    return {
        "en_regle": mots.count("En règle"),
        "a_revoir": mots.count("À revoir"),
        "a_verifier": mots.count("À vérifier"),
    }


def plume(dossier: Dossier) -> str:
    """Rend à qui est le prochain geste sur un dossier déposé, en une phrase."""
    version = dossier.version_d_appel
    attendues = dossier.demandes.filter(guichet=Guichet.PLATEFORME, etat=EtatDeDemande.DEMANDEE)
    proposees = attendues.filter(montant_arbitre__isnull=False)
    noms = dict(attendues.order_by().values_list("financeur", "financeur__nom"))
    return qui_tient_la_plume(
        etat=dossier.etat,
        service=version.service or "l’équipe du contrat",
        porteur=str(dossier.projet.porteur.retenu),
        financeurs=len(noms),
        seul="".join(noms.values()) if len(noms) == 1 else "",
        votent=proposees.values("financeur").distinct().count(),
        bilan=bilan_du_dossier(dossier),
    )


def demande_et_vote_ici(dossier: Dossier) -> tuple[Decimal, Decimal | None]:
    """Rend ce qu'un dossier demande ici en argent, pour son premier exercice, et ce qui en est voté."""
    siennes = dossier.demandes.filter(
        guichet=Guichet.PLATEFORME,
        nature=NatureDeDemande.NUMERAIRE,
        exercice=dossier.exercice,
    )
    sommes = siennes.aggregate(demande=Sum("montant_demande"), vote=Sum("montant_vote"))
    return sommes["demande"] or Decimal("0.00"), sommes["vote"]


def fichier_recu(acteur: Acteur, dossier: Dossier, identifiant: str) -> Fichier:
    """Rend un fichier déposé avec un dossier que l'acteur reçoit.

    Lève Fichier.DoesNotExist pour tout autre, et pour un relevé d'identité bancaire : ceux qui paient
    sont seuls à le lire.
    """
    if not peut_recevoir_les_dossiers(acteur, dossier.appel.contrat.code):
        raise Fichier.DoesNotExist
    return fichier_depose(dossier, identifiant)
