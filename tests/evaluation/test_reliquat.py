"""Ce qu'un bilan sait de ce qui est versé, quand un financeur l'a noté puis repris."""

from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.conventions.actions.reversements import recevoir_un_reversement
from parvis.dossiers.models import Demande
from parvis.evaluation.queries.bilans import subventions_de
from parvis.evaluation.queries.prevu import ce_qui_etait_prevu
from tests.fabriques import versements

pytestmark = pytest.mark.django_db


def test_rendu_en_entier_un_versement_note_n_est_plus_declare():
    """Le financeur a tout repris : zéro est ce qu'il a versé, et non ce que le porteur déclare."""
    guichet = versements.guichet()
    guichet.verser(1, 2)
    demande = guichet.demandes[0]
    verse = Demande.objects.get(pk=demande.pk).montant_verse
    du = guichet.reversement(str(verse))
    recevoir_un_reversement(par=guichet.samia, reversement=du, recu_le=timezone.localdate())
    lue = Demande.objects.get(pk=demande.pk)
    assert lue.montant_verse is None
    subvention, *_ = subventions_de(lue.dossier, lue.exercice, {demande.pk: Decimal(5000)})
    assert (subvention.verse, subvention.est_declare) == (0, False)
    prevues = ce_qui_etait_prevu(lue.dossier, lue.exercice)["demandes"]
    assert next(d["verse"] for d in prevues if d["demande"] == demande.pk) == "0.00"
