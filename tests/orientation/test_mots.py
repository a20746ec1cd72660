"""Les mots ajoutés par un pilote : ce qu'ils doivent être, ce qu'ils changent, ce que le journal en garde."""

import pytest
from django.db import IntegrityError, transaction

from parvis.comptes.acteur import Acteur
from parvis.journal.models import Evenement
from parvis.orientation.actions import ajouter_un_mot, retirer_un_mot
from parvis.orientation.models import MotDuContrat
from parvis.orientation.queries.mots import effet
from parvis.orientation.queries.orientation import moteur_de, orienter_dans
from parvis.orientation.rules import MOTS_PAR_CONTRAT, motifs_sur_un_mot
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques.cadre import contrat_publie

pytestmark = pytest.mark.django_db
MOI = Acteur.machine("essai")


@decor
def edition():
    return contrat_publie()


def trouvees(edition, question):
    return [piste.numero for piste in orienter_dans(MOI, edition, question).pistes]


def ajouter(edition, ecrit="la Croluche", sens="jardins partagés"):
    return ajouter_un_mot(par=MOI, edition=edition, ecrit=ecrit, sens=sens)


def test_un_mot_ajoute_se_comprend_et_retire_ne_se_comprend_plus(edition):
    assert trouvees(edition, "aller à la croluche") == []
    mot = ajouter(edition, "  La  Croluche ")
    assert str(mot) == "La Croluche"
    assert trouvees(edition, "aller à la croluche")
    retirer_un_mot(par=MOI, mot=mot)
    assert trouvees(edition, "aller à la croluche") == []
    retirer_un_mot(par=MOI, mot=mot)  # deux fois, il ne l'est qu'une
    actes = Evenement.objects.filter(action__startswith="orientation.")
    assert [a.action for a in actes.order_by("pk")] == [
        "orientation.ajouter_un_mot",
        "orientation.retirer_un_mot",
    ]


def test_une_raison_cite_le_mot_ajoute(edition):
    ajouter(edition)
    raison = orienter_dans(MOI, edition, "La Croluche").pistes[0].raisons[0]
    assert raison.ecrit == "Croluche" and "jardins partagés" in raison.phrase.lower()


@pytest.mark.parametrize(
    ("ecrit", "sens", "motif"),
    [
        ("pour le", "jardins partagés", "qui ait des lettres"),
        ("!!!", "jardins partagés", "qui ait des lettres"),
        ("la Croluche", "xylophone", "Aucune fiche ne dit ces mots-là"),
        ("la Croluche", "", "Aucune fiche ne dit ces mots-là"),
        ("", "jardins partagés", "qui ait des lettres"),
    ],
)
def test_un_mot_inutile_est_refuse(edition, ecrit, sens, motif):
    with pytest.raises(Refus) as refus:
        ajouter(edition, ecrit, sens)
    assert motif in " ".join(refus.value.motifs)
    assert not MotDuContrat.objects.exists()


def test_le_meme_mot_ne_s_ajoute_pas_deux_fois(edition):
    ajouter(edition)
    with pytest.raises(Refus) as refus:
        ajouter(edition, "les croluches")
    assert "déjà dans la liste" in " ".join(refus.value.motifs)
    assert ajouter(contrat_publie("erables"))  # un autre contrat a les siens


def test_trop_de_mots_est_refuse():
    plein = motifs_sur_un_mot(cle="croluch", sens_compris=True, nombre=MOTS_PAR_CONTRAT)
    assert len(plein) == 1 and str(MOTS_PAR_CONTRAT) in plein[0]
    assert motifs_sur_un_mot(cle="croluch", sens_compris=True, nombre=MOTS_PAR_CONTRAT - 1) == []


def test_la_base_refuse_un_mot_incomplet(edition):
    mot = ajouter(edition)
    with pytest.raises(IntegrityError), transaction.atomic():
        MotDuContrat.objects.filter(pk=mot.pk).update(sens="")


def test_l_effet_se_voit_sans_rien_ecrire(edition):
    vu = effet(MOI, edition, "la Croluche", "jardins partagés", "aller à la Croluche")
    assert vu.change and not vu.avant.pistes and vu.apres.pistes
    assert not effet(MOI, edition, "la Croluche", "jardins", "un jardin partagé").change
    assert not MotDuContrat.objects.exists()


def test_un_mot_dont_le_sens_le_contient_ne_tourne_pas_en_rond(edition):
    ajouter(edition, "croluche", "la croluche des jardins partagés")
    assert trouvees(edition, "croluche")


def test_le_moteur_est_garde_tant_que_rien_ne_change(edition):
    assert moteur_de(edition) is moteur_de(edition)
    avant = moteur_de(edition)
    ajouter(edition)
    assert moteur_de(edition) is not avant
