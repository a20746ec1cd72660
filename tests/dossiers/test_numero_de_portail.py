"""Le numéro qu'un portail donne : sur toutes les demandes à ce financeur, et jamais perdu."""

import pytest

from parvis.dossiers.actions import portails as actions
from parvis.dossiers.actions.complements import repondre_aux_complements
from parvis.dossiers.enums import Guichet
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.queries.dossiers import ecritures
from parvis.dossiers.sections.propres import garder_le_budget
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.dossiers.test_recopie import rouvrir
from tests.fabriques import depots, portails


@decor
def brouillon(ici):
    return portails.brouillon(ici)


@decor
def recu(ici):
    dossier = depots.depose(ici)
    portails.demande_a_l_etat(dossier)
    return dossier


def noter(ici, dossier, numero, par=None, **qui):
    demande = dossier.demandes.get(**({"financeur": portails.prefecture()} | qui))
    return actions.noter_le_numero(
        par=par or ici.porte, dossier=dossier, demande=demande, numero=numero
    )


def test_le_numero_va_sur_toutes_les_demandes_a_ce_financeur(ici, recu):
    portails.demande_a_l_etat(recu, ligne="Cités éducatives")
    autre = portails.demande_a_l_etat(recu, financeur=None, financeur_nom="Fondation", compte="")
    assert noter(ici, recu, " da 01234567 ", ligne="Cités éducatives") == "DA01234567"
    siennes = recu.demandes.filter(financeur=portails.prefecture())
    assert {d.numero_externe for d in siennes} == {"DA01234567"}
    autre.refresh_from_db()
    assert autre.numero_externe == ""
    noter(ici, recu, "DA01234567", ligne="Cités éducatives")
    actes = Evenement.objects.filter(action="dossiers.noter_le_numero")
    assert actes.count() == 1


def test_un_numero_qui_n_est_pas_du_portail_se_refuse(ici, recu):
    with pytest.raises(Refus, match="huit chiffres"):
        noter(ici, recu, "AB-12")


def test_dans_un_brouillon_le_budget_retient_le_numero(ici, brouillon):
    noter(ici, brouillon, "01234567-1")
    demandes = ecritures(brouillon)["budget"].valeur["exercices"][str(brouillon.exercice)][
        "demandes"
    ]
    assert [d.get("numero") for d in demandes] == [None, "01234567-1"]
    # Le budget s'écrit de nouveau : le numéro reste.
    portails.dire_le_budget(ici, brouillon, arbres="5000", numero="01234567-1")
    assert brouillon.demandes.get(guichet=Guichet.AILLEURS).numero_externe == "01234567-1"
    noter(ici, brouillon, "")
    demandes = ecritures(brouillon)["budget"].valeur["exercices"][str(brouillon.exercice)][
        "demandes"
    ]
    assert all("numero" not in d for d in demandes)


def test_dans_un_brouillon_un_financeur_d_ailleurs_se_retrouve_par_son_nom(ici):
    dossier = depots.brouillon(ici)
    fondation = {"nom": "Fondation du Grand Air", "guichet": "ailleurs", "saisie": "500"}
    autre = {"nom": "Fondation du Lac", "guichet": "ailleurs", "saisie": "500"}
    valeur = garder_le_budget({str(dossier.exercice): {"demandes": [fondation, autre]}})
    depots.ecrire(ici.porte, dossier, "budget", valeur)
    noter(ici, dossier, "GA-4", financeur=None, financeur_nom="Fondation du Grand Air")
    (annee,) = ecritures(dossier)["budget"].valeur["exercices"].values()
    assert [d.get("numero") for d in annee["demandes"]] == ["GA-4", None]


def test_qui_attend_sa_confirmation_ne_note_rien_d_un_dossier_depose(ici, recu):
    attente = ici.acteur("attente")
    recu.projet.auteur = attente.utilisateur_identifiant
    recu.projet.save()
    with pytest.raises(Dossier.DoesNotExist):
        noter(ici, recu, "01234567", par=attente)


def test_un_complement_sur_le_budget_ne_perd_pas_le_numero(ici):
    dossier = portails.brouillon(ici)
    depots.joindre_tout(ici.porte, dossier)
    depots.signer_tout(ici.porte, dossier)
    recu = depots.deposer(ici, dossier).dossier
    noter(ici, recu, "01234567")
    rouvrir(ici, recu, "budget")
    portails.dire_le_budget(ici, recu)
    repondre_aux_complements(par=ici.porte, dossier=recu, reponses={})
    assert recu.demandes.get(guichet=Guichet.AILLEURS).numero_externe == "01234567"


def test_le_numero_d_une_demande_faite_ici_ne_se_note_pas(ici, recu):
    with pytest.raises(Demande.DoesNotExist):
        noter(ici, recu, "01234567", financeur=ici.caisse)


@pytest.mark.parametrize("qui", ["lecteur", "meuniere", "pilote"])
def test_le_numero_se_note_par_qui_ecrit(ici, recu, qui):
    with pytest.raises(Dossier.DoesNotExist):
        noter(ici, recu, "01234567", par=ici.acteur(qui))
