"""Rappeler les questions qui attendent : trois jours avant leur échéance, puis le lendemain."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from parvis.dossiers.rules.dossiers import HEURE_DES_RAPPELS
from parvis.instruction.actions.echanges import tenir_le_dossier_echange
from parvis.instruction.actions.nouvelles import rappeler
from parvis.instruction.models import Echange
from parvis.instruction.queries.echanges import attend_une_reponse
from parvis.instruction.rules.echanges import AVANT, OUVERTS, RATTRAPAGE, rappel_du


def rappeler_les_questions(*, maintenant: datetime | None = None) -> int:
    """Envoie les rappels dus ce jour-là ; rend combien de questions sont rappelées.

    Le refaire n'envoie rien de plus : la question garde son dernier rappel. Rien ne part avant huit heures.
    """
    maintenant = maintenant or timezone.now()
    if timezone.localtime(maintenant).hour < HEURE_DES_RAPPELS:
        return 0
    jour = timezone.localdate(maintenant)
    proches = Echange.objects.filter(
        clos_le__isnull=True,
        echeance_le__range=(jour - RATTRAPAGE, jour + AVANT),
        dossier__etat__in=OUVERTS,
    )
    couples = proches.order_by("pk").values_list("pk", "dossier")
    return sum(_rappeler(pk, dossier, jour, maintenant) for pk, dossier in list(couples))


@transaction.atomic
def _rappeler(pk: int, dossier_pk: int, jour: date, maintenant: datetime) -> bool:
    dossier = tenir_le_dossier_echange(dossier_pk)
    question = Echange.objects.select_related("organisme__fusionne_dans").get(pk=pk)
    reponses = list(question.reponses.select_related("organisme__fusionne_dans"))
    question.dossier = dossier
    assert question.echeance_le is not None
    # Répondue, close ou rappelée par un autre exécutant entre-temps.
    if not attend_une_reponse(question, reponses) or not rappel_du(
        echeance=question.echeance_le,
        ecrite_le=timezone.localdate(question.ecrit_le),
        rappelee_le=question.rappele_le and timezone.localdate(question.rappele_le),
        jour=jour,
    ):
        return False
    if not rappeler(question, est_passee=jour > question.echeance_le):
        return False
    question.rappele_le = maintenant
    question.save(update_fields=["rappele_le"])
    return True
