"""Les actes d'un financeur : à son service, et à qui les reçoit une fois notifiés."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import EtatDActe, SorteDActe
from parvis.conventions.models import Acte, LigneDActe
from parvis.conventions.permissions import peut_recevoir_les_actes, prend_des_actes
from parvis.documents.models import Fichier
from parvis.dossiers.models import Dossier
from parvis.instruction.queries.deports import hors_des_deports
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres, membres_a_lire
from parvis.programmation.models import Decision
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.pages import Page, page
from parvis.socle.tableaux import Cellule

ZERO = Decimal("0.00")
COLONNES = (
    "Numéro", "Sorte", "État", "Organisme", "Siret", "Exercice", "Objet", "Décision", "En argent",
    "En nature", "Préparé le", "Signé le", "Signé par", "Notifié le", "Notifié comment",
)  # fmt: skip


def actes(acteur: Acteur, contrat: Contrat | None) -> QuerySet[Acte]:
    """Rend les actes du service de l'acteur dans ce contrat, ou dans tous ; aucun à tout autre.

    Un acte qui parle d'un dossier dont l'acteur s'est déporté ne se lit pas, même en partie.
    """
    if not prend_des_actes(acteur):
        return Acte.objects.none()
    assert acteur.organisme is not None
    siens = Acte.objects.filter(financeur__in=membres_a_lire(acteur.organisme))
    if contrat is not None:
        siens = siens.filter(contrat=contrat)
    deportes = LigneDActe.objects.exclude(hors_des_deports(acteur, "demande__dossier"))
    return siens.exclude(pk__in=deportes.values("acte")).select_related(
        "contrat", "financeur__fusionne_dans", "titulaire__fusionne_dans", "decision", "version",
        "modifie", "fichier", "scan", "preuve",
    )  # fmt: skip


@dataclass(frozen=True)
class Registre:
    """Une page du registre, ses choix, et ce que portent tous les actes choisis."""

    page: Page[Acte]
    facettes: list[Facette]
    en_argent: Decimal
    en_nature: Decimal
    # Ceux du choix qui peuvent avancer.
    a_signer: int
    a_notifier: int

    @property
    def se_avance(self) -> bool:
        return bool(self.a_signer or self.a_notifier)


def registre(acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str]) -> Registre:
    """Rend le registre des actes, le dernier d'abord ; les actes annulés y restent, sans compter."""
    choisis, facettes = _choisir(acteur, contrat, demandes)
    valables = choisis.exclude(etat=EtatDActe.ANNULE).aggregate(
        argent=Sum("montant"),
        nature=Sum("montant_nature"),
        a_signer=Count("pk", filter=Q(etat=EtatDActe.A_SIGNER)),
        a_notifier=Count("pk", filter=Q(etat=EtatDActe.SIGNE)),
    )
    lue = page(
        choisis,
        ["-exercice", "-rang", "-pk"],
        apres=demandes.get("apres", ""),
        avant=demandes.get("avant", ""),
    )
    return Registre(
        lue,
        facettes,
        valables["argent"] or ZERO,
        valables["nature"] or ZERO,
        valables["a_signer"],
        valables["a_notifier"],
    )


def tableau_du_registre(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str]
) -> list[list[Cellule]]:
    """Rend les actes choisis, sous COLONNES, puis leur total, sans ceux qui sont annulés."""
    choisis = list(_choisir(acteur, contrat, demandes)[0].order_by("-exercice", "-rang", "-pk"))
    lignes: list[list[Cellule]] = [
        [
            acte.numero, acte.get_sorte_display(), acte.get_etat_display(), acte.titulaire.retenu.nom,
            acte.titulaire.retenu.siret, acte.exercice, acte.objet, str(acte.decision), acte.montant,
            acte.montant_nature, acte.prepare_le, acte.signe_le, acte.signe_par, acte.notifie_le,
            acte.get_mode_display() if acte.mode else "",
        ]
        for acte in choisis
    ]  # fmt: skip
    valables = [acte for acte in choisis if acte.etat != EtatDActe.ANNULE]
    total: list[Cellule] = ["Total", *([""] * (len(COLONNES) - 1))]
    total[COLONNES.index("En argent")] = sum((a.montant for a in valables), ZERO)
    total[COLONNES.index("En nature")] = sum((a.montant_nature for a in valables), ZERO)
    return [*lignes, total]


def actes_a_avancer(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, depuis: str
) -> list[int]:
    """Rend, parmi tous les actes choisis, ceux qui sont dans cet état : de quoi les avancer en lot."""
    choisis = _choisir(acteur, contrat, demandes)[0].filter(etat=depuis)
    return list(choisis.order_by("pk").values_list("pk", flat=True))


def actes_a_emporter(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str]
) -> QuerySet[Acte]:
    """Rend les actes choisis qui ne sont pas annulés, dans l'ordre du registre."""
    choisis = _choisir(acteur, contrat, demandes)[0].exclude(etat=EtatDActe.ANNULE)
    return choisis.order_by("exercice", "rang", "pk")


def _choisir(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str]
) -> tuple[QuerySet[Acte], list[Facette]]:
    siens = actes(acteur, contrat)
    mots = demandes.get("q", "").strip()
    if mots:
        siens = siens.filter(
            _du_numero(mots)
            | Q(titulaire__nom__icontains=mots)
            | Q(objet__icontains=mots)
            | Q(lignes__demande__dossier__projet__titre__icontains=mots)
        ).distinct()
    if demandes.get("decision", "").isdigit():
        siens = siens.filter(decision=int(demandes["decision"]))
    annees = siens.order_by("-exercice").values_list("exercice", flat=True).distinct()
    criteres = [
        Critere("etat", "État", {e.value: (e.label, Q(etat=e.value)) for e in EtatDActe}),
        Critere("sorte", "Sorte", {s.value: (s.label, Q(sorte=s.value)) for s in SorteDActe}),
        Critere(
            "exercice", "Exercice", {str(un): (str(un), Q(exercice=un)) for un in dict.fromkeys(annees)}
        ),
    ]  # fmt: skip
    return filtrer(siens, criteres, demandes)


def _du_numero(mots: str) -> Q:
    """Rend la condition d'un acte dont c'est le numéro, « 2026-014 » ; rien sinon."""
    annee, _, rang = mots.partition("-")
    if len(annee) == 4 and len(rang) < 9 and annee.isdecimal() and rang.isdecimal():
        return Q(exercice=int(annee), rang=int(rang))
    return Q(pk__in=[])


def actes_du_dossier(acteur: Acteur, dossier: Dossier) -> list[Acte]:
    """Rend les actes du service qui parlent d'un dossier que l'acteur étudie, le dernier d'abord."""
    siens = actes(acteur, dossier.appel.contrat).filter(lignes__demande__dossier=dossier)
    return list(siens.exclude(etat=EtatDActe.ANNULE).order_by("-exercice", "-rang").distinct())


def actes_de_la_decision(acteur: Acteur, decision: Decision) -> list[Acte]:
    """Rend les actes d'une décision que l'acteur lit, sauf ceux qui sont annulés."""
    siens = actes(acteur, decision.contrat).filter(decision=decision)
    return list(siens.exclude(etat=EtatDActe.ANNULE).order_by("rang"))


def lignes_de(acte: Acte) -> list[LigneDActe]:
    """Rend ce qu'un acte que l'on lit dit de chaque demande."""
    return lignes_par_acte([acte.pk])[acte.pk]


def lignes_par_acte(pks: Collection[int]) -> dict[int, list[LigneDActe]]:
    """Rend, pour chacun de ces actes que l'on lit, ce qu'il dit de chaque demande ; une requête pour tous."""
    lues: dict[int, list[LigneDActe]] = {pk: [] for pk in pks}
    for ligne in LigneDActe.objects.filter(acte__in=pks).select_related(
        "reponse", "demande__dossier__projet__porteur", "demande__dossier__appel"
    ):
        lues[ligne.acte_id].append(ligne)
    return lues


def actes_notifies(acteur: Acteur, dossier: Dossier) -> list[Acte]:
    """Rend les actes notifiés qui parlent d'un dossier, à qui agit pour l'organisme qui les reçoit."""
    projet = dossier.projet
    titulaire: Organisme = (projet.structure_porteuse or projet.porteur).retenu
    siens = [o for o in (titulaire, projet.porteur.retenu) if peut_recevoir_les_actes(acteur, o)]
    if not siens:
        return []
    notifies = Acte.objects.filter(etat=EtatDActe.NOTIFIE, titulaire__in=membres(titulaire))
    return list(
        notifies.filter(lignes__demande__dossier=dossier)
        .select_related(
            "financeur__fusionne_dans", "titulaire__fusionne_dans", "contrat", "fichier", "scan"
        )
        .order_by("-notifie_le", "-pk")
        .distinct()
    )


def acte_recu(acteur: Acteur, dossier: Dossier, pk: int) -> Fichier:
    """Rend le fichier d'un acte notifié à qui le reçoit : signé s'il est revenu, composé sinon.

    Lève Acte.DoesNotExist pour tout autre.
    """
    recus = {acte.pk: acte for acte in actes_notifies(acteur, dossier)}
    if pk not in recus:
        raise Acte.DoesNotExist
    fichier = recus[pk].scan or recus[pk].fichier
    assert fichier is not None, "un acte notifié a son document"
    return fichier
