"""Changer l'échéancier d'un acte, tant qu'il n'est pas signé."""

from collections.abc import Sequence

from django.db import transaction

from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import noter_un_acte, tenir_l_acte
from parvis.conventions.enums import EtatDActe, SorteDEcheance
from parvis.conventions.models import Acte, Echeance
from parvis.conventions.rules.actes import motifs_empechant_de_passer
from parvis.conventions.rules.echeancier import (
    EcheancePrevue,
    condition_ecrite,
    motifs_empechant_l_echeancier,
)
from parvis.documents.actions import effacer
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne


@transaction.atomic
def changer_l_echeancier(
    *, par: Acteur, acte: Acte, echeances: Sequence[EcheancePrevue]
) -> list[Echeance]:
    """Récrit l'échéancier d'un acte qui n'est pas signé : composé, il se compose de nouveau.

    Signé, il engage les deux parties : un avenant le change. Lève Refus, et Acte.DoesNotExist à qui
    n'est pas de ce service.
    """
    acte = tenir_l_acte(par, acte)
    motifs = motifs_empechant_l_echeancier(echeances, acte.montant)
    if any(e.sorte not in SorteDEcheance.values for e in echeances):
        motifs.append("Une échéance est un acompte, un solde ou un versement unique.")
    if acte.etat != EtatDActe.PREPARE:
        motifs += motifs_empechant_de_passer(etat=acte.etat, vers=EtatDActe.PREPARE)
    exiger(motifs)
    compose = acte.fichier
    acte.etat, acte.compose_le, acte.fichier = EtatDActe.PREPARE, None, None
    acte.save(update_fields=["etat", "compose_le", "fichier"])
    if compose is not None:
        effacer(par=par, fichier=compose)
    Echeance.objects.filter(acte=acte).delete()
    ecrites = Echeance.objects.bulk_create(
        Echeance(
            acte=acte,
            rang=rang,
            sorte=une.sorte,
            montant=une.montant,
            prevue_le=une.prevue_le,
            condition=condition_ecrite(en_une_ligne(une.condition))[:300],
        )
        for rang, une in enumerate(echeances, 1)
    )
    noter_un_acte(par, "conventions.changer_l_echeancier", acte)
    return ecrites
