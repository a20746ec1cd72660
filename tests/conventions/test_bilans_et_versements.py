"""Ce que les bilans font aux versements : un solde qui devient dû, un manque qui arrête."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.conventions.queries.paiements import paiements_de
from parvis.conventions.rules.echeancier import (
    AU_BILAN,
    JOURS_POUR_PAYER,
    EcheancePrevue,
    condition_ecrite,
    motifs_empechant_l_echeancier,
)
from parvis.dossiers.models import BilanAttendu, Dossier
from tests.conventions.test_versements import refus
from tests.decors import decor
from tests.fabriques import versements as fabrique

D = Decimal


@decor
def guichet() -> fabrique.Guichet:
    return fabrique.guichet()


def attendu(guichet, dossier: Dossier, recul: int = 0, **autres) -> BilanAttendu:
    """Inscrit le bilan d'un dossier, de son exercice ou d'un autre avant."""
    dans_trois_mois = timezone.localdate() + timedelta(days=90)
    # L'acte a déjà inscrit celui de son exercice.
    return BilanAttendu.objects.update_or_create(
        dossier=dossier,
        exercice=guichet.acte.exercice - recul,
        sorte="definitif",
        defaults={"attendu_le": dans_trois_mois} | autres,
    )[0]


def dossiers(guichet) -> list[Dossier]:
    return list(Dossier.objects.filter(demandes__in=guichet.demandes).distinct().order_by("pk"))


def le_solde(guichet):
    return guichet.lu.echeances[1]


def test_le_solde_devient_du_quand_tous_ses_bilans_sont_acceptes(guichet):
    jour = timezone.localdate()
    guichet.verser(1)
    assert le_solde(guichet).attend == AU_BILAN
    un, *autres = [attendu(guichet, d) for d in dossiers(guichet)]
    BilanAttendu.objects.filter(pk=un.pk).update(rendu_le=jour, accepte_le=jour)
    assert bool(le_solde(guichet).attend) == bool(autres)
    BilanAttendu.objects.update(rendu_le=jour, accepte_le=jour)
    assert le_solde(guichet).attend == ""
    assert le_solde(guichet).avant_le == jour + timedelta(days=JOURS_POUR_PAYER)
    guichet.verser(2)
    assert guichet.lu.reste == 0


@pytest.mark.parametrize(
    "autres", [{"est_sans_realisation": True}, {"recul": 1}], ids=["pas réalisé", "autre exercice"]
)
def test_ni_un_projet_qui_n_a_pas_eu_lieu_ni_un_autre_exercice_n_ouvrent_le_solde(guichet, autres):
    jour = timezone.localdate()
    for dossier in dossiers(guichet):
        attendu(guichet, dossier, rendu_le=jour, accepte_le=jour, **autres)
    assert le_solde(guichet).attend == AU_BILAN
    assert le_solde(guichet).avant_le is None


def test_un_bilan_qui_manque_arrete_ce_qui_se_verse_apres(guichet):
    """Celui de l'exercice d'avant, d'après l'appel ; ce qui était parti avant se note encore."""
    jour = timezone.localdate()
    attendu(guichet, dossiers(guichet)[0], recul=1, attendu_le=jour - timedelta(days=1))
    assert any("manque" in motif for motif in refus(guichet.verser, 1))
    assert guichet.lu.bilans
    BilanAttendu.objects.update(attendu_le=jour)
    assert guichet.lu.bilans == ()
    guichet.verser(1)


def test_le_nombre_de_requetes_ne_depend_pas_des_bilans(guichet, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as avant:
        paiements_de([guichet.acte])
    for recul in (1, 2, 3):
        attendu(guichet, dossiers(guichet)[0], recul=recul)
    with django_assert_num_queries(len(avant)):
        paiements_de([guichet.acte])


def test_un_versement_envoye_deux_fois_ne_se_note_qu_une(guichet):
    guichet.payer("400", deja=D(0))
    assert "vient d’être noté" in refus(guichet.payer, "400", deja=D(0))[0]
    guichet.payer("400", deja=D(400))
    assert guichet.lu.verse == D(800)


def test_une_echeance_a_une_date_ou_attend_pas_les_deux():
    jour = timezone.localdate()
    deux = [EcheancePrevue("unique", D(10), jour, AU_BILAN)]
    assert motifs_empechant_l_echeancier(deux, D(10)) == [
        "Une échéance a une date, ou attend quelque chose : pas les deux."
    ]


def test_une_apostrophe_tapee_vaut_la_notre():
    tapee = AU_BILAN.replace("’", "'")
    assert tapee != AU_BILAN and condition_ecrite(f" {tapee} ") == AU_BILAN
