"""Plusieurs exercices : chacun sa page, recopier celui d'avant, et l'an dernier à côté."""

import pytest
from django.urls import reverse

from parvis.dossiers.actions.dossiers import Depart, ouvrir_un_dossier
from parvis.dossiers.models import Dossier, LigneDeBudget
from tests.decors import decor
from tests.espace_porteur.conftest import lire
from tests.fabriques import appels, budgets, dossiers
from tests.fabriques.comptes import envoi

pytestmark = pytest.mark.django_db


@decor
def pluriannuel(lieux, contrat):
    """Rend un brouillon sur deux exercices."""
    pilote = lieux.acteurs["pilote"]
    version = appels.brouillon(pilote, contrat, titre="Deux ans")
    appels.presenter(pilote, version, exercices_max=3)
    version.refresh_from_db()
    version = appels.appels.publier_l_appel(par=pilote, version=version)
    return dossiers.brouillon(lieux.acteurs["gestionnaire"], version.appel, exercices=2)


def _envoyer(site, dossier: Dossier, annee: int, **champs: str):
    adresse = reverse("espace_porteur:budget", args=("tilleuls", dossier.pk))
    return site.client.post(f"{adresse}?exercice={annee}", envoi(site.acteur, **champs))


def test_un_onglet_par_exercice_le_premier_se_demande(site, pluriannuel):
    page = lire(site.get("budget", pluriannuel.pk))
    premier = pluriannuel.exercice
    assert f"{premier} <span>demandé</span>" in page
    assert f"{premier + 1} <span>prévu</span>" in page
    assert f"Enregistrer, puis {premier + 1}" in page


def test_un_exercice_s_ecrit_sans_toucher_a_l_autre(site, pluriannuel):
    """Deux personnes sur deux exercices ne se gênent pas."""
    premier = pluriannuel.exercice
    depart = budgets.lue(pluriannuel)
    _envoyer(site, pluriannuel, premier, **depart, **budgets.une_ligne("601", "Cette année", "10"))
    reponse = _envoyer(
        site, pluriannuel, premier + 1, **depart, **budgets.une_ligne("601", "Après", "20")
    )
    assert reponse.status_code == 302
    lignes = set(LigneDeBudget.objects.values_list("exercice", "libelle"))
    assert lignes == {(premier, "Cette année"), (premier + 1, "Après")}


def test_le_bouton_enregistre_puis_change_d_exercice(site, pluriannuel):
    suivant = pluriannuel.exercice + 1
    champs = budgets.une_ligne("601", "Toiles", "10") | {"vers": str(suivant)}
    reponse = site.post("budget", pluriannuel.pk, **champs)
    assert reponse.url.endswith(f"?exercice={suivant}")
    assert LigneDeBudget.objects.filter(libelle="Toiles").exists()


def test_recopier_l_exercice_d_avant(site, pluriannuel):
    premier = pluriannuel.exercice
    demande = {"nom": "Le Grand Air", "saisie": "50", "numero": "GA-12"}
    site.post("budget", pluriannuel.pk, **budgets.champs([("601", "Toiles", "5*10")], [demande]))
    suivant = site.get("budget", pluriannuel.pk, exercice=premier + 1)
    assert f"Recopier le budget de {premier}" in lire(suivant)
    _envoyer(site, pluriannuel, premier + 1, vers="recopier", **budgets.FIN)
    dit = dossiers.dit(pluriannuel, "budget")["exercices"]
    assert dit[str(premier + 1)]["lignes"] == dit[str(premier)]["lignes"]
    # Son numéro chez le financeur est d'une autre année.
    assert "numero" in dit[str(premier)]["demandes"][0]
    assert "numero" not in dit[str(premier + 1)]["demandes"][0]


def test_on_ne_recopie_pas_par_dessus(site, pluriannuel):
    premier = pluriannuel.exercice
    site.post("budget", pluriannuel.pk, **budgets.une_ligne("601", "Toiles", "5"))
    champs = budgets.une_ligne("613", "Salle", "7") | {"vers": "recopier"}
    champs |= budgets.lue(pluriannuel, premier + 1)
    reponse = _envoyer(site, pluriannuel, premier + 1, **champs)
    assert reponse.status_code == 302
    suivie = lire(site.client.get(reponse.url))
    assert "n’est pas vide" in suivie
    lignes = LigneDeBudget.objects.filter(exercice=premier + 1)
    assert [ligne.libelle for ligne in lignes] == ["Salle"]


@pytest.mark.parametrize("annee", ["1999", "abc", "9" * 30, "²027", ""])
def test_un_exercice_qui_n_est_pas_du_dossier_mene_au_premier(site, pluriannuel, annee):
    reponse = site.get("budget", pluriannuel.pk, exercice=annee)
    assert reponse.context["ici"].annee == pluriannuel.exercice


def test_l_an_dernier_a_cote_poste_par_poste(site, lieux, brouillon, version):
    depart = budgets.champs([("601", "Toiles", "100"), ("613", "Salle", "50")])
    site.post("budget", brouillon.pk, **depart)
    budgets.deposer(brouillon)
    suivant = dossiers.appel_ouvert(
        lieux.acteurs["pilote"],
        version.appel.contrat,
        titre="L’appel d’après",
        exercice=brouillon.exercice + 1,
    )
    repris = ouvrir_un_dossier(
        par=site.acteur,
        projet=brouillon.projet,
        appel=suivant.appel,
        depart=Depart(copie_de=Dossier.objects.get(pk=brouillon.pk)),
    )
    champs = budgets.champs([("601", "Toiles", "150"), ("641", "Un animateur", "400")])
    site.post("budget", repris.pk, **budgets.lue(repris), **champs)
    page = lire(site.get("budget", repris.pk))
    assert f"le dossier de {brouillon.exercice}, dont celui-ci est repris" in page
    for phrase in ("+50 €", "+ 50 %", "n’y est plus", "nouveau"):
        assert phrase in page, phrase
