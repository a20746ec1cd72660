"""Les suites d'un dossier déposé, à l'écran du porteur : compléments, décision, messages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.dossiers.actions import complements, recevabilite
from parvis.dossiers.actions.messages import ecrire_un_message
from parvis.dossiers.models import Complement, Dossier, Message
from tests.decors import decor
from tests.espace_porteur.conftest import Site, lire, mots
from tests.fabriques import appels, depots
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


@decor
def recu(ici):
    return depots.depose(ici)


@decor
def pilote(ici):
    return ici.acteur("pilote")


@pytest.fixture
def site(ici):
    return Site(ici.monde, "gestionnaire")


def demander(pilote, dossier, section="projet", texte="Dites combien de familles."):
    return complements.demander_un_complement(
        par=pilote,
        dossier=dossier,
        section=section,
        texte=texte,
        echeance=timezone.localdate() + timedelta(days=15),
    )


def test_un_brouillon_n_a_pas_de_suites(ici, site):
    assert site.get("suites", depots.brouillon(ici).pk).status_code == 404


def test_la_page_dit_ou_en_est_le_dossier(site, recu):
    page = lire(site.get("suites", recu.pk))
    assert "Service politique de la ville tient la plume" in page
    assert "complément" not in page.split("Messages avec")[0]


def test_la_liste_des_projets_dit_ou_en_est_l_argent(site, recu):
    assert "3 000 € demandés" in mots(site.get("projets"))
    premiere = recu.demandes.order_by("pk").first()
    premiere.etat, premiere.montant_vote = "accordee", premiere.montant_demande
    premiere.vote_le = recu.depose_le
    premiere.save()
    assert "€ demandés · " in mots(site.get("projets"))
    assert "€ votés · 0 € versé" in mots(site.get("projets"))
    recu.demandes.update(etat="refusee", montant_vote=None, vote_le=None)
    assert "rien n’est accordé" in mots(site.get("projets"))


def test_le_delai_passe_se_dit_comme_sur_le_suivi(site, recu):
    recu.demandes.update(demande_le=timezone.now() - timedelta(days=100))
    for nom, pk in (("suites", recu.pk), ("suivi", recu.projet_id)):
        assert "Plus personne ne tient la plume" in lire(site.get(nom, pk))


def test_une_signature_dit_sur_quelle_version_elle_porte(ici, site, recu, pilote):
    demander(pilote, recu)
    neuf = depots._textes(recu.exercice)["projet"] | {"besoin": "Plus d’ombre."}
    depots.ecrire(ici.porte, recu, "projet", neuf)
    complements.repondre_aux_complements(par=ici.porte, dossier=recu, reponses={})
    dit = "Signée sur la version 1, par"
    assert dit in lire(site.get("version_deposee", recu.pk, 2))
    assert dit not in lire(site.get("version_deposee", recu.pk, 1))
    page = lire(site.get("attestations", recu.pk))
    assert dit in page and "À signer de nouveau" not in page and "signez de nouveau" not in page


def test_repondre_a_un_complement_de_bout_en_bout(ici, site, recu, pilote):
    complement = demander(pilote, recu)
    page = lire(site.get("suites", recu.pk))
    assert "Un complément à rendre" in page and "Dites combien de familles." in page
    assert "Un complément vous est demandé" in lire(site.get("dossier", recu.pk))
    ouverte = site.get("section", recu.pk, "projet").content.decode()
    assert "data-enregistrer" in ouverte
    fermee = site.get("section", recu.pk, "moyens").content.decode()
    assert "data-enregistrer" not in fermee
    neuf = depots._textes(recu.exercice)["projet"] | {"besoin": "Soixante familles sans banc."}
    depots.ecrire(ici.porte, recu, "projet", neuf)
    retour = site.post("rendre", recu.pk, **{f"reponse-{complement.pk}": "Soixante."})
    assert retour.status_code == 302
    complement.refresh_from_db()
    assert complement.reponse == "Soixante."
    page = lire(site.get("suites", recu.pk))
    assert "Déjà répondu" in page and "Soixante." in page
    assert recu.versions_deposees.count() == 2


def test_un_refus_garde_la_reponse_et_dit_pourquoi(ici, site, recu, pilote):
    complement = demander(pilote, recu, section="budget")
    depots.ecrire(
        ici.porte, recu, "budget", depots.budget(recu.exercice, {ici.caisse.pk: "10"}, "4500")
    )
    refuse = site.post("rendre", recu.pk, **{f"reponse-{complement.pk}": "Voilà le budget."})
    page = lire(refuse)
    assert refuse.status_code == 422
    assert "Voilà le budget." in page and "égaux" in page


def test_un_complement_en_retard_se_dit(site, recu, pilote):
    demander(pilote, recu)
    Complement.objects.update(echeance_le=timezone.localdate() - timedelta(days=1))
    assert "En retard : il était à rendre le" in lire(site.get("suites", recu.pk))


def test_le_contributeur_voit_qui_prevenir(ici, recu, pilote):
    demander(pilote, recu)
    page = lire(Site(ici.monde, "contributeur").get("suites", recu.pk))
    assert "Renvoyer le dossier complété" not in page
    assert "prévenez qui dépose" in page and "Gestionnaire Essai" in page
    assert Site(ici.monde, "contributeur").post("rendre", recu.pk).status_code == 404


def test_recevable_se_dit_sans_promettre(site, recu, pilote):
    recevabilite.trancher(par=pilote, dossier=recu, vers="recevable")
    page = lire(site.get("suites", recu.pk))
    assert "Ce n’est pas encore un accord" in page and "Les 2 financeurs tiennent la plume" in page


def test_irrecevable_montre_le_motif_et_qui_appeler(site, recu, pilote):
    recevabilite.trancher(par=pilote, dossier=recu, vers="irrecevable", motif="Hors du quartier.")
    page = lire(site.get("suites", recu.pk))
    assert "Hors du quartier." in page and "01 99 00 00 01" in page


def test_reprendre_dans_l_appel_conseille(ici, site, recu, pilote):
    autre = appels.publie(pilote, ici.contrat, titre="Appel de l’été")
    recevabilite.envoyer_vers_un_autre_appel(
        par=pilote, dossier=recu, appel=autre.appel, motif="C’est un séjour."
    )
    page = site.get("suites", recu.pk).content.decode()
    adresse = f"projets/nouveau/?dossier={recu.pk}&amp;appel={autre.appel.adresse}"
    assert adresse in page
    site.post("nouveau", dossier=recu.pk, appel=autre.appel_id)
    repris = Dossier.objects.brouillons().get(copie_de=recu)
    assert repris.appel == autre.appel and repris.projet == recu.projet


def test_ecrire_au_service_et_lire_sa_reponse(ici, site, recu, pilote):
    site.post("ecrire_au_service", recu.pk, texte="Peut-on venir ?")
    ecrire_un_message(par=pilote, dossier=recu, texte="Jeudi, 10 h.")
    page = lire(site.get("suites", recu.pk))
    assert "Peut-on venir ?" in page and "Jeudi, 10 h." in page and "J’ai lu" in page
    assert Message.objects.get(est_du_service=True).lu_le is None
    site.post("lire_le_service", recu.pk)
    assert Message.objects.get(est_du_service=True).lu_par == "Gestionnaire Essai"


def test_un_message_vide_ne_part_pas(site, recu):
    site.post("ecrire_au_service", recu.pk, texte="  ")
    assert not Message.objects.exists()
