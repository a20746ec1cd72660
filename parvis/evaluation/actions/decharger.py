"""Noter qu'un bilan est reçu autrement, ou n'est pas attendu, pour tous les financeurs ; l'annuler."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.documents.actions import FichierControle, ranger
from parvis.dossiers.actions.bilans import dater_le_bilan
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.enums import SorteDeBilan, SorteDeDecharge
from parvis.dossiers.models import BilanAttendu, Dossier
from parvis.evaluation.actions.tenir import tenir_le_dossier_recu
from parvis.evaluation.models import Bilan, Decharge
from parvis.evaluation.queries.decharges import phrase_de_la_decharge
from parvis.evaluation.rules.decharges import (
    MOTIF_AU_PLUS,
    motifs_empechant_la_decharge,
    motifs_si_decharge,
)
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne


@transaction.atomic
def decharger_du_bilan(
    *,
    par: Acteur,
    attendu: BilanAttendu,
    sorte: str,
    motif: str,
    recu_le: date | None = None,
    controle: FichierControle | None = None,
    maintenant: datetime | None = None,
) -> Decharge:
    """Note qu'un bilan définitif est reçu autrement, ou dispensé : il ne manque plus, pour personne.

    Reçu autrement, il vaut accepté ; dispensé, il n'ouvre aucun solde. Lève Refus avec tous les motifs,
    Dossier.DoesNotExist à qui ne reçoit pas les bilans de ce contrat.
    """
    maintenant = maintenant or timezone.now()
    dossier, attendu = _tenir(par, attendu)
    jour, motif = timezone.localdate(maintenant), en_une_ligne(motif)[:MOTIF_AU_PLUS]
    ouvert = Bilan.objects.filter(
        dossier=dossier, exercice=attendu.exercice, sorte=attendu.sorte
    ).first()
    exiger(motifs_si_decharge(attendu.decharge))
    exiger(
        motifs_empechant_la_decharge(
            sorte=sorte,
            recu_le=recu_le,
            motif=motif,
            exercice=attendu.exercice,
            etat_du_bilan=ouvert.etat if ouvert else "",
            jour=jour,
        )
    )
    est_recu = sorte == SorteDeDecharge.RECU_AUTREMENT
    decharge = Decharge.objects.create(
        dossier=dossier,
        exercice=attendu.exercice,
        sorte=sorte,
        recu_le=recu_le if est_recu else None,
        motif=motif,
        fichier=ranger(par=par, controle=controle) if controle else None,
        notee_le=maintenant,
        notee_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
    )
    dater_le_bilan(
        dossier=dossier,
        exercice=attendu.exercice,
        sorte=attendu.sorte,
        rendu_le=decharge.recu_le or jour,
        accepte_le=jour,
        est_sans_realisation=not est_recu,
        decharge=sorte,
    )
    phrase = phrase_de_la_decharge(decharge)
    noter_le_dossier(
        par, "evaluation.decharger_du_bilan", dossier, _de_quoi(decharge) | {"decharge": phrase}
    )
    _dire_au_porteur(decharge, "rien n’est plus à rendre", f"{phrase}\n\nIl n’arrête plus rien.")
    return decharge


@transaction.atomic
def annuler_la_decharge(
    *, par: Acteur, attendu: BilanAttendu, motif: str, maintenant: datetime | None = None
) -> None:
    """Annule ce qui était noté : le bilan est de nouveau attendu, au même jour.

    Lève Refus sans motif, Decharge.DoesNotExist si rien n'est noté, Dossier.DoesNotExist à qui ne reçoit
    pas les bilans de ce contrat.
    """
    dossier, attendu = _tenir(par, attendu)
    decharge = Decharge.objects.get(
        dossier=dossier, exercice=attendu.exercice, annulee_le__isnull=True
    )
    motif = en_une_ligne(motif)[:MOTIF_AU_PLUS]
    exiger([] if motif else ["Dites pourquoi vous l’annulez : tous le liront."])
    decharge.annulee_le = maintenant or timezone.now()
    decharge.annulee_par, decharge.motif_d_annulation = par.utilisateur_nom, motif
    decharge.save(update_fields=["annulee_le", "annulee_par", "motif_d_annulation"])
    dater_le_bilan(dossier=dossier, exercice=attendu.exercice, sorte=attendu.sorte, rendu_le=None)
    noter_le_dossier(
        par, "evaluation.annuler_la_decharge", dossier, _de_quoi(decharge) | {"motif": motif}
    )
    _dire_au_porteur(decharge, "le bilan est de nouveau attendu", motif)


def _tenir(par: Acteur, attendu: BilanAttendu) -> tuple[Dossier, BilanAttendu]:
    """Rend le dossier verrouillé et ce qu'il doit, relu ; seul un bilan définitif se décharge."""
    dossier = tenir_le_dossier_recu(par, attendu.dossier)
    return dossier, dossier.bilans_attendus.get(pk=attendu.pk, sorte=SorteDeBilan.DEFINITIF)


def _de_quoi(decharge: Decharge) -> dict[str, Any]:
    return {"bilan": SorteDeBilan.DEFINITIF.label.lower(), "exercice": decharge.exercice}


def _dire_au_porteur(decharge: Decharge, quoi: str, texte: str) -> None:
    dossier = decharge.dossier
    prevenir_le_porteur(
        dossier,
        objet=f"Dossier {dossier.reference}, bilan {decharge.exercice} : {quoi}",
        texte=texte,
        page="bilans",
    )
