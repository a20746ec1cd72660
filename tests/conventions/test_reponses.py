"""Répondre à un retrait envisagé : avant le dernier jour, une fois, et rien ne se décide sans attendre."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.comptes.enums import Role
from parvis.conventions.actions import retraits as actions
from parvis.conventions.models import Retrait
from parvis.conventions.queries.versements import retrait_recu
from parvis.courriels.models import Courriel
from parvis.documents.actions import controler
from parvis.instruction.actions.equipe import se_deporter
from parvis.journal.models import Evenement
from tests.conventions.test_versements import refus
from tests.decors import decor
from tests.fabriques import fichiers
from tests.fabriques import versements as fabrique
from tests.fabriques.versements import UN_JOUR


@decor
def guichet() -> fabrique.Guichet:
    rendu = fabrique.guichet()
    rendu.observations()
    return rendu


def decaler(sans_declencheurs, jours: int) -> None:
    """Fait comme si le délai finissait dans autant de jours."""
    fin = timezone.localdate() + jours * UN_JOUR
    with sans_declencheurs(tables={"conventions_retrait"}):
        Retrait.objects.update(observations_demandees_le=fin - 15 * UN_JOUR, repondre_avant_le=fin)


def test_la_demande_s_ecrit_au_porteur_avec_la_page_ou_repondre(guichet):
    courriel = Courriel.objects.filter(objet__contains="vos observations avant un retrait").first()
    assert "Activité contraire au contrat" in courriel.texte
    assert "/suites/" in courriel.texte and "Rien n’est retiré avant" in courriel.texte


def test_l_organisme_lit_ce_qui_est_reproche_et_ce_qui_serait_retire(guichet):
    etude = guichet.site.vote.etude
    recu = retrait_recu(etude.ici.acteur("gestionnaire"), etude.dossier, guichet.acte.pk)
    assert (recu.montant, recu.engage, recu.peut_repondre) == (1000, 2000, True)
    lecteur = etude.ici.monde.ajouter("lou", etude.ici.monde.verger, Role.LECTEUR)
    assert not retrait_recu(lecteur, etude.dossier, guichet.acte.pk).peut_repondre
    for qui in (etude.olga, etude.ici.acteur("pilote"), guichet.samia):
        with pytest.raises(Retrait.DoesNotExist):
            retrait_recu(qui, etude.dossier, guichet.acte.pk)


def test_la_reponse_se_lit_au_service_qui_peut_alors_decider(guichet):
    assert "a jusqu’au" in refus(actions.retirer, par=guichet.samia, retrait=guichet.lu.retrait)[0]
    Courriel.objects.all().delete()
    joint = controler(nom="constat.pdf", octets=fichiers.pdf())
    retrait = guichet.repondre("Nous contestons.\n\nVoir le constat.", fichier=joint)
    assert retrait.reponse == "Nous contestons.\n\nVoir le constat."
    assert retrait.reponse_jointe.nom == "constat.pdf"
    note = Evenement.objects.get(action="conventions.repondre_a_un_retrait")
    assert note.objet == f"acte:{guichet.acte.pk}"
    accuse, annonce = (
        Courriel.objects.filter(objet__contains=objet)
        for objet in ("Votre réponse est envoyée", "répond au retrait envisagé")
    )
    assert accuse.exists()
    assert [un.destinataire for un in annonce] == [guichet.samia.utilisateur.courriel]
    assert f"/actes/{guichet.acte.pk}/retrait/" in annonce[0].texte
    assert (
        actions.retirer(par=guichet.samia, retrait=retrait, sans_verser=True).decide_le
        == timezone.localdate()
    )


def test_une_reponse_ne_change_plus_meme_a_la_base(guichet):
    retrait = guichet.repondre()
    assert refus(guichet.repondre) == [
        "Votre organisme a déjà répondu : sa réponse ne change plus."
    ]
    for champs in ({"reponse": "Oui."}, {"repondu_par": "x"}, {"repondu_le": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Retrait.objects.filter(pk=retrait.pk).update(**champs)
    # Ce que le service note à côté n'y touche pas.
    actions.noter_les_observations(
        par=guichet.samia, retrait=retrait, observations="Reçus.", recues_le=timezone.localdate()
    )
    retrait.refresh_from_db()
    assert (retrait.reponse, retrait.observations) == ("Nous contestons.", "Reçus.")


def test_une_reponse_a_un_texte_une_date_et_un_auteur(guichet):
    for champs in ({"reponse": "x"}, {"repondu_le": timezone.now()}, {"repondu_par": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Retrait.objects.update(**champs)


def test_on_repond_jusqu_au_dernier_jour_compris(guichet, sans_declencheurs):
    assert refus(guichet.repondre, " ") == ["Écrivez votre réponse."]
    decaler(sans_declencheurs, -1)
    assert "Le délai pour répondre est passé" in refus(guichet.repondre)[0]
    decaler(sans_declencheurs, 0)
    assert guichet.repondre().repondu_le


def test_un_retrait_decide_ou_abandonne_ne_se_repond_plus(guichet, sans_declencheurs):
    decaler(sans_declencheurs, -1)
    actions.retirer(par=guichet.samia, retrait=guichet.lu.retrait, sans_verser=True)
    assert refus(guichet.repondre) == ["Ce retrait est déjà décidé ou abandonné."]


def test_un_retrait_abandonne_ne_se_lit_plus(guichet):
    actions.abandonner_le_retrait(par=guichet.samia, retrait=guichet.lu.retrait, motif="Non établi")
    with pytest.raises(Retrait.DoesNotExist):
        guichet.repondre()


def test_ne_repond_que_qui_signe_pour_l_organisme(guichet):
    etude = guichet.site.vote.etude
    monde = etude.ici.monde
    for qui in (
        monde.ajouter("lou", monde.verger, Role.CONTRIBUTEUR),
        etude.olga,
        guichet.samia,
        etude.ici.acteur("pilote"),
    ):
        with pytest.raises(Retrait.DoesNotExist):
            guichet.repondre(par=qui)
    assert not Retrait.objects.get().est_entendu


def test_qui_s_est_deporte_n_apprend_pas_la_reponse(guichet):
    etude = guichet.site.vote.etude
    se_deporter(par=guichet.samia, dossier=etude.dossier, motif="Un lien.")
    Courriel.objects.all().delete()
    guichet.repondre()
    assert not Courriel.objects.filter(objet__contains="répond au retrait envisagé").exists()
