"""Ce que le suivi dit d'une demande sans suite, d'un exercice prévu, d'un délai passé."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.suivi import suivi_du_projet
from tests.decors import decor
from tests.fabriques import depots
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db

CLOSE = "Il n’y a plus rien à attendre : rien n’est accordé."


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


@decor
def recu(ici):
    return depots.depose(ici)


def plat(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def lire(recu, dans=0):
    return suivi_du_projet(recu.projet, jour=timezone.localdate() + timedelta(days=dans))


def phrases(exercice):
    return {f.nom: plat(f.demandes[0].phrase) for f in exercice.financeurs}


@pytest.mark.parametrize(
    ("etat", "dit"),
    [
        (EtatDeDemande.IRRECEVABLE, "2 000 € demandés, dossier irrecevable"),
        (EtatDeDemande.RETIREE, "2 000 € demandés, demande retirée"),
        (EtatDeDemande.REFUSEE, "2 000 € demandés, Caisse des Tilleuls a refusé"),
    ],
)
def test_sans_suite_une_demande_garde_son_montant_et_quitte_le_total(ici, recu, etat, dit):
    recu.demandes.filter(financeur=ici.caisse).update(etat=etat)
    (exercice,) = lire(recu).exercices
    assert phrases(exercice)["Caisse des Tilleuls"] == dit
    assert plat(exercice.phrase) == "1 000 € demandés"
    assert exercice.ce_qui_est_sur == "Rien n’est encore sûr : aucune décision n’est prise."
    # Plus rien ne vit : on dit ce qui était demandé, et que rien ne viendra.
    recu.demandes.update(etat=etat)
    lu = lire(recu)
    assert plat(lu.exercices[0].phrase) == "3 000 € demandés"
    assert lu.exercices[0].ce_qui_est_sur == lu.ce_qui_est_sur == CLOSE


def test_le_delai_passe_ne_laisse_pas_dire_que_rien_n_est_decide(recu):
    lu = lire(recu, dans=100)
    assert lu.ce_qui_est_sur == "Rien n’est accordé : le délai est passé sans réponse."


def test_un_exercice_prevu_n_a_pas_de_jour_de_reponse(ici, recu):
    ferme = recu.demandes.get(financeur=ici.caisse)
    ferme.pk, ferme.exercice = None, recu.exercice + 1
    ferme.save()
    prevu, exercice = lire(recu).exercices
    assert (prevu.est_ferme, exercice.est_ferme) == (False, True)
    attendu = "2 000 € demandés, Caisse des Tilleuls n’a pas encore répondu"
    assert phrases(prevu)["Caisse des Tilleuls"] == attendu
    assert "répond avant le" in phrases(exercice)["Caisse des Tilleuls"]
    assert phrases(lire(recu, dans=100).exercices[0])["Caisse des Tilleuls"] == attendu


def test_le_delai_passe_pour_tous_plus_personne_ne_tient_la_plume(ici, recu):
    Dossier.objects.filter(pk=recu.pk).update(
        etat="recevable", tranche_le=recu.depose_le, tranche_par="Le pilote"
    )

    def plume(dans):
        return lire(recu, dans).dossiers[0].plume

    assert plume(0).startswith("Les 2 financeurs tiennent la plume")
    assert plume(100).startswith("Plus personne ne tient la plume")
    # Une fondation n'a pas de délai : elle tient encore la plume.
    ici.caisse.__class__.objects.filter(pk=ici.caisse.pk).update(nature="fondation")
    assert plume(100).startswith("Caisse des Tilleuls tient encore la plume")
    # Une réponse, même un refus : plus rien n'est attendu d'elle.
    recu.demandes.filter(financeur=ici.caisse).update(etat=EtatDeDemande.REFUSEE)
    assert plume(100).startswith("Plus personne ne tient la plume")
