"""Effacer les détails d'une personne : la chaîne tient, l'effacement se dit, rien d'effacé ne reste."""

import json

import pytest
from django.db import IntegrityError, transaction

from parvis.journal.actions import effacer_les_details
from parvis.journal.models import Chaine, Details, Evenement
from parvis.journal.queries.verification import ruptures
from parvis.journal.rules import EFFACEMENT
from parvis.socle.auteur import Machine
from parvis.socle.refus import Refus
from tests.fabriques.journal import acte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("acte_d_essai")]
MOI = Machine("Exploitation")


def effacer(**autres) -> int:
    return effacer_les_details(par=MOI, motif="Demande reçue", **autres)


def test_efface_les_details_d_un_objet_et_le_note():
    acte(details={"personne": "Zoé"})
    acte(objet="fiche:2-1", details={"personne": "Ali"})
    acte(details={"personne": "Zoé", "role": "Lecteur"})
    acte()
    assert effacer(objet="fiche:1-1") == 2
    note = Evenement.objects.get(action=EFFACEMENT)
    assert (note.objet, note.objet_nom, note.rang) == ("fiche:1-1", "Un jardin", 5)
    assert note.details.contenu == {"rangs": [1, 3], "motif": "Demande reçue"}
    gardes = json.dumps(list(Details.objects.values_list("contenu", flat=True)))
    assert "Zo" not in gardes
    assert "Ali" in gardes
    assert ruptures() == []


def test_des_actes_de_plusieurs_chaines_se_notent_chacun_dans_la_sienne():
    choisis = [acte(c, details={"a": 1}) for c in ("tilleuls", "chenes", "tilleuls")]
    assert effacer(evenements=choisis) == 3
    notes = Evenement.objects.filter(action=EFFACEMENT).order_by("contrat")
    assert [(n.contrat, n.details.contenu["rangs"]) for n in notes] == [
        ("chenes", [1]),
        ("tilleuls", [1, 2]),
    ]
    assert ruptures() == []


def test_recommencer_n_efface_rien_et_ne_note_rien():
    acte(details={"a": 1})
    assert [effacer(objet="fiche:1-1"), effacer(objet="fiche:1-1")] == [1, 0]
    assert Chaine.objects.get().nombre == 2
    assert ruptures() == []


def test_rien_de_choisi_n_efface_rien():
    acte(details={"a": 1})
    assert effacer() == 0
    assert Details.objects.count() == 1


def test_sans_motif_c_est_refuse():
    acte(details={"a": 1})
    with pytest.raises(Refus, match="Dites pourquoi"):
        effacer_les_details(par=MOI, objet="fiche:1-1", motif=" ")
    assert Details.objects.count() == 1


def test_ce_que_dit_un_effacement_ne_disparait_pas_sans_se_voir():
    acte(details={"a": 1})
    effacer(objet="fiche:1-1")
    Details.objects.all().delete()
    assert [(r.rang, r.motif) for r in ruptures()] == [
        (1, "ses détails ont disparu sans effacement noté"),
        (2, "ses détails ont disparu sans effacement noté"),
    ]


def test_des_details_effaces_ne_se_remettent_pas_autrement():
    premier = acte(details={"a": 1})
    effacer(objet="fiche:1-1")
    Details.objects.create(evenement=premier, sel="x", contenu={"a": 2})
    assert [(r.rang, r.motif) for r in ruptures()] == [(1, "ses détails ont changé")]


def test_la_base_refuse_de_modifier_des_details():
    details = acte(details={"a": 1}).details
    details.contenu = {"a": 2}
    with pytest.raises(IntegrityError), transaction.atomic():
        details.save()
