"""Rendre un avis, et partager le montant que l'on propose."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.documents.actions import FichierControle, ranger
from parvis.dossiers.actions.suivi import noter_la_proposition
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande, Dossier, VersionDeposee
from parvis.instruction.actions.lecture import retenir_la_lecture
from parvis.instruction.actions.tenir import noter_l_instruction, tenir_le_dossier_etudie
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Avis, Proposition
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.dossiers import avis_du_titre, demandes_du_service
from parvis.instruction.rules.avis import (
    FICHIERS_AU_PLUS,
    DemandeAJuger,
    motifs_empechant_l_avis,
)
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import en_paragraphes

_LONGUEUR = 4000


@transaction.atomic
def rendre_avis(
    *,
    par: Acteur,
    dossier: Dossier,
    version: int,
    rang: int,
    sens: str,
    motif: str = "",
    note_interne: str = "",
    propositions: Mapping[int, Decimal] | None = None,
    est_partage: bool = False,
    fichiers: Sequence[FichierControle] = (),
    maintenant: datetime | None = None,
) -> Avis:
    """Rend l'avis d'un service, avec un montant par demande s'il finance ; en rendre un autre le remplace.

    `version` est celle que l'on a lue et `rang` le dernier avis connu du service (0 s'il n'y en a pas) :
    si le dossier a été complété, ou si un collègue a rendu le sien, l'avis se relit d'abord. Lève
    Refus, et Dossier.DoesNotExist à qui n'étudie pas ce dossier.
    """
    dossier, titre = tenir_le_dossier_etudie(par, dossier)
    maintenant, propositions = maintenant or timezone.now(), propositions or {}
    motif = _ecrit(motif)
    siennes = _demandes_du_service(par, dossier, titre.qualite)
    exiger(
        motifs_empechant_l_avis(
            etat=dossier.etat,
            qualite=titre.qualite,
            sens=sens,
            motif=motif,
            propositions=propositions,
            demandes={pk: _a_juger(demande) for pk, demande in siennes.items()},
        )
        + _motifs_des_fichiers(fichiers)
    )
    lue = _derniere_version(dossier, version)
    dernier = avis_du_titre(par, dossier, titre).first()
    exiger(_motifs_de_relire(dernier, rang))
    assert par.organisme is not None
    avis = Avis.objects.create(
        dossier=dossier,
        version=lue,
        qualite=titre.qualite,
        organisme=par.organisme,
        consultation=titre.consultation,
        rang=dernier.rang + 1 if dernier else 1,
        sens=sens,
        motif=motif,
        note_interne=_ecrit(note_interne),
        rendu_le=maintenant,
        auteur=par.utilisateur_identifiant,
        rendu_par=par.utilisateur_nom,
    )
    avis.fichiers.add(*(ranger(par=par, controle=controle) for controle in fichiers))
    _proposer(avis, siennes, propositions, est_partage)
    retenir_la_lecture(par, dossier, lue, maintenant)
    details = {"sens": avis.get_sens_display().lower(), "version": lue.numero}
    noter_l_instruction(par, "instruction.rendre_avis", dossier, details)
    return avis


def _a_juger(demande: Demande) -> DemandeAJuger:
    return DemandeAJuger(
        demande.ligne or demande.nom_du_financeur,
        demande.montant_demande or Decimal(0),
        demande.etat,
    )


def _derniere_version(dossier: Dossier, lue: int) -> VersionDeposee:
    """Rend la dernière version déposée ; lève Refus si ce n'est pas celle que l'on a lue."""
    derniere = dossier.versions_deposees.latest("numero")
    if derniere.numero == lue:
        return derniere
    raise Refus(
        [
            f"Le dossier a été complété pendant que vous écriviez (version {derniere.numero}) : "
            "lisez ce qui change, puis rendez votre avis."
        ]
    )


def _motifs_de_relire(dernier: Avis | None, rang: int) -> list[str]:
    """Rend pourquoi l'avis du service se relit d'abord : un collègue l'a rendu entre-temps."""
    if dernier is None or dernier.rang == rang:
        return []
    return [
        f"{dernier.rendu_par} a rendu l’avis de votre service pendant que vous écriviez "
        f"(« {dernier.get_sens_display().lower()} ») : relisez-le avant de le remplacer."
    ]


@transaction.atomic
def partager_le_montant(*, par: Acteur, dossier: Dossier) -> int:
    """Montre aux autres financeurs du dossier ce que son service propose ; rend combien de montants.

    Lève Refus s'il n'y a rien à partager, et Dossier.DoesNotExist à qui n'étudie pas ce dossier.
    """
    dossier, titre = tenir_le_dossier_etudie(par, dossier)
    siennes = _demandes_du_service(par, dossier, titre.qualite)
    a_partager = [
        d for d in siennes.values() if d.propose_le is not None and d.propose_partage_le is None
    ]
    exiger([] if a_partager else ["Votre service n’a pas de montant à partager."])
    for demande in a_partager:
        assert demande.propose_le is not None
        noter_la_proposition(
            demande, demande.montant_propose, le=demande.propose_le, est_partagee=True
        )
    noter_l_instruction(par, "instruction.partager_le_montant", dossier)
    return len(a_partager)


def _proposer(
    avis: Avis,
    siennes: Mapping[int, Demande],
    propositions: Mapping[int, Decimal],
    est_partage: bool,
) -> None:
    """Écrit les montants de l'avis ; une demande qu'il ne chiffre plus n'a plus de montant proposé."""
    Proposition.objects.bulk_create(
        Proposition(avis=avis, demande=siennes[pk], montant=montant)
        for pk, montant in propositions.items()
    )
    for pk, demande in siennes.items():
        # Ce qui est déjà décidé garde le montant sur lequel on a décidé.
        if demande.etat != EtatDeDemande.DEMANDEE:
            continue
        noter_la_proposition(
            demande, propositions.get(pk), le=avis.rendu_le, est_partagee=est_partage
        )


def _demandes_du_service(par: Acteur, dossier: Dossier, qualite: Qualite) -> dict[int, Demande]:
    """Rend les demandes fermes du service sur ce dossier, tenues ; aucune à qui est consulté."""
    if qualite != Qualite.FINANCEUR or not peut_financer(par):
        return {}
    siennes = demandes_du_service(par).filter(dossier=dossier, exercice=dossier.exercice)
    tenues = siennes.select_for_update(of=("self",)).select_related("financeur").order_by("pk")
    return {demande.pk: demande for demande in tenues}


def _motifs_des_fichiers(fichiers: Sequence[FichierControle]) -> list[str]:
    if len(fichiers) <= FICHIERS_AU_PLUS:
        return []
    return [f"Un avis a {FICHIERS_AU_PLUS} fichiers au plus."]


def _ecrit(texte: str) -> str:
    return en_paragraphes(texte)[:_LONGUEUR]
