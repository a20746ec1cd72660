"""Inscrire les bilans que doit chaque dossier, et les rappeler à qui les écrit."""

import logging
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.actions.bilans import attendre_un_bilan, ne_plus_attendre
from parvis.dossiers.actions.depot import adresses_de_qui_porte
from parvis.dossiers.enums import EtatDeDossier, NatureDeDemande, SorteDeBilan
from parvis.dossiers.models import BilanAttendu, Demande, Dossier
from parvis.dossiers.queries.bilans import jours_des_bilans
from parvis.dossiers.rules.appels import delai
from parvis.dossiers.rules.bilans import LOI
from parvis.dossiers.rules.dossiers import HEURE_DES_RAPPELS
from parvis.evaluation.enums import EtatDeBilan
from parvis.evaluation.models import Bilan, RappelDeBilan
from parvis.evaluation.rules.rappels import DERNIERE, ETAPES, etape_due
from parvis.socle.templatetags.socle import jour as en_clair

logger = logging.getLogger(__name__)


def attendre_les_bilans() -> int:
    """Inscrit le bilan de chaque exercice où de l'argent est voté, et oublie celui qui n'a plus d'objet.

    Rend combien sont inscrits. Le refaire n'inscrit rien de plus.
    """
    inscrits = BilanAttendu.objects.filter(
        dossier=OuterRef("dossier"), exercice=OuterRef("exercice"), sorte=SorteDeBilan.DEFINITIF
    )
    nouveaux = _votees().filter(~Exists(inscrits)).order_by("dossier", "exercice")
    couples = set(nouveaux.values_list("dossier", "exercice"))
    for dossier, exercice in sorted(couples):
        try:
            attendre_le_bilan_du_dossier(dossier, exercice)
        except (ValueError, OverflowError):
            # Un dossier qui ne se lit pas n'arrête pas les autres.
            logger.exception("un bilan ne peut pas être inscrit", extra={"dossier": dossier})
    _oublier_ce_qui_n_a_plus_d_objet()
    return len(couples)


def _votees() -> QuerySet[Demande]:
    """Rend les demandes en argent que leur financeur a votées ; d'un prêt de salle, on ne rend pas compte.

    Un dossier retiré dont le vote n'est pas repris, ou qui a reçu de l'argent, en rend compte.
    """
    return Demande.objects.filter(nature=NatureDeDemande.NUMERAIRE, montant_vote__gt=0).exclude(
        dossier__etat=EtatDeDossier.RETIRE, montant_verse__isnull=True
    )


@transaction.atomic
def attendre_le_bilan_du_dossier(pk: int, exercice: int) -> BilanAttendu:
    """Inscrit le bilan définitif qu'un dossier doit pour un exercice, six mois après sa fin."""
    dossier = Dossier.objects.select_for_update().get(pk=pk)
    return attendre_un_bilan(
        dossier=dossier,
        exercice=exercice,
        sorte=SorteDeBilan.DEFINITIF,
        attendu_le=jours_des_bilans([dossier], exercice)[pk],
    )


def _oublier_ce_qui_n_a_plus_d_objet() -> None:
    """Oublie ce qu'un vote corrigé ou un retrait n'attend plus, tant que personne n'a ouvert le bilan."""
    siens = {"dossier": OuterRef("dossier"), "exercice": OuterRef("exercice")}
    sans_objet = BilanAttendu.objects.filter(
        ~Exists(_votees().filter(**siens)),
        ~Exists(Bilan.objects.filter(**siens)),
        sorte=SorteDeBilan.DEFINITIF,
        rendu_le__isnull=True,
    )
    ne_plus_attendre(attendus=set(sans_objet.values_list("pk", flat=True)))


def rappeler_les_bilans(*, maintenant: datetime | None = None) -> int:
    """Envoie les rappels dus ce jour-là ; rend combien de bilans sont rappelés.

    Le refaire n'envoie rien de plus : un rappel envoyé a sa ligne. Rien ne part avant huit heures.
    """
    maintenant = maintenant or timezone.now()
    if timezone.localtime(maintenant).hour < HEURE_DES_RAPPELS:
        return 0
    jour = timezone.localdate(maintenant)
    bornes = (_decaler(jour, DERNIERE), _decaler(jour, ETAPES[0]))
    proches = BilanAttendu.objects.filter(
        sorte=SorteDeBilan.DEFINITIF, rendu_le__isnull=True, attendu_le__range=bornes
    )
    couples = list(proches.order_by("attendu_le", "pk").values_list("pk", "dossier"))
    return sum(_rappeler(pk, dossier, jour, maintenant) for pk, dossier in couples)


def _decaler(jour: date, jours: int) -> date:
    return date.fromordinal(jour.toordinal() + jours)


@transaction.atomic
def _rappeler(pk: int, dossier_pk: int, jour: date, maintenant: datetime) -> bool:
    dossier = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__structure_porteuse__fusionne_dans",
            "appel__contrat",
        )
        .get(pk=dossier_pk)
    )
    attendu = BilanAttendu.objects.filter(pk=pk, rendu_le__isnull=True).first()
    etape = etape_due(attendu.attendu_le, jour) if attendu else None
    # Rendu, repoussé ou rappelé par un autre exécutant entre-temps.
    if attendu is None or etape is None or _deja(attendu).filter(etape__lte=etape).exists():
        return False
    # Un complément demandé a déjà dit quoi reprendre, et pour quand : « rien n'est écrit » serait faux.
    if Bilan.objects.filter(
        dossier=dossier, exercice=attendu.exercice, etat=EtatDeBilan.A_COMPLETER
    ).exists():
        return False
    RappelDeBilan.objects.create(
        dossier=dossier,
        exercice=attendu.exercice,
        attendu_le=attendu.attendu_le,
        etape=etape,
        envoye_le=maintenant,
    )
    quand = delai((attendu.attendu_le - jour).days)
    est_en_retard = attendu.attendu_le < jour
    objet = (
        f"Bilan {attendu.exercice} en retard : « {dossier.projet.titre} »"
        if est_en_retard
        else f"Bilan {attendu.exercice} à rendre {quand} : « {dossier.projet.titre} »"
    )
    texte = _texte(dossier, attendu, quand, est_en_retard=est_en_retard)
    for adresse in adresses_de_qui_porte(dossier):
        deposer(destinataire=adresse, sujet=Sujet.BILAN, objet=objet, texte=texte)
    return True


def _deja(attendu: BilanAttendu) -> QuerySet[RappelDeBilan]:
    return RappelDeBilan.objects.filter(
        dossier=attendu.dossier_id, exercice=attendu.exercice, attendu_le=attendu.attendu_le
    )


def _texte(dossier: Dossier, attendu: BilanAttendu, quand: str, *, est_en_retard: bool) -> str:
    chemin = reverse("espace_porteur:bilans", args=[dossier.appel.contrat.code, dossier.pk])
    jour_dit = en_clair(attendu.attendu_le)
    verbe = "était attendu" if est_en_retard else "est attendu"
    suite = (
        "Tant qu’il manque, un prochain dossier ou un versement peut attendre : l’appel le dit. S’il "
        "vous faut plus de temps, dites-le dans le bilan : c’est une des réponses."
        if est_en_retard
        else "Il est déjà rempli de ce que dit votre dossier : il reste à écrire ce qui s’est vraiment "
        "passé. Un seul bilan vaut pour tous vos financeurs."
    )
    return (
        f"Le bilan {attendu.exercice} de « {dossier.projet.titre} » {verbe} le {jour_dit}, {quand} "
        f"({LOI}).\n\n{suite}\n\nL’écrire : {settings.ADRESSE}{chemin}"
    )
