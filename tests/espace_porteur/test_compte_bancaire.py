"""Le compte bancaire à l'écran : masqué partout, entier pour qui signe, prouvé avant d'en changer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.models import EnvoiGarde
from parvis.comptes.rules.sessions import OUVERTE
from parvis.dossiers.actions.comptes_bancaires import donner_un_iban
from parvis.dossiers.models import CompteBancaire
from tests.decors import decor
from tests.espace_porteur.conftest import Site, lire
from tests.fabriques import depots
from tests.fabriques.authentification import MOT_DE_PASSE
from tests.fabriques.comptes import PORTE, envoi
from tests.fabriques.depots import AUTRE_IBAN, IBAN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reserve(tmp_path, settings):
    settings.MEDIA_ROOT, settings.ANTIVIRUS = tmp_path / "fichiers", ""


@decor
def ici(lieux, contrat):
    return depots.lieux(lieux, contrat)


@decor
def depose(ici):
    return depots.depose(ici)


def sans_mot_de_passe(site: Site) -> Site:
    """Rend le navigateur d'une personne qui n'entre que par un code."""
    site.acteur.utilisateur.set_unusable_password()
    site.acteur.utilisateur.save()
    # Changer de mot de passe ferme les sessions.
    site.client.force_login(site.acteur.utilisateur, backend=PORTE)
    return site


def vieillir(site: Site) -> None:
    """Fait comme si la session était ouverte depuis une heure."""
    session = site.client.session
    session[OUVERTE] = (timezone.now() - timedelta(hours=1)).isoformat()
    session.save()


def test_avant_un_depot_on_le_donne_sans_autre_preuve(ici, site):
    dossier = depots.brouillon(ici)
    assert "Aucun IBAN n’est donné" in lire(site.get("pieces", dossier.pk))
    faux = site.post("compte_bancaire", dossier.pk, iban="FR76 3000 6000 0112 3456")
    assert faux.status_code == 422 and "27 signes" in lire(faux)
    assert site.post("compte_bancaire", dossier.pk, iban=IBAN).status_code == 302
    assert IBAN in lire(site.get("compte_bancaire", dossier.pk))
    # Partout ailleurs, il est masqué, même pour qui le tient.
    page = lire(site.get("pieces", dossier.pk))
    assert "FR76 •••• 0189" in page and "3000 6000" not in page


@pytest.mark.parametrize("qui", ["contributeur", "lecteur"])
def test_les_autres_le_lisent_masque(ici, comme, qui):
    dossier = depots.brouillon(ici)
    donner_un_iban(par=ici.porte, organisme=ici.monde.verger, iban=IBAN)
    page = lire(comme(qui).get("pieces", dossier.pk))
    assert "FR76 •••• 0189" in page and "3000 6000" not in page
    assert comme(qui).get("compte_bancaire", dossier.pk).status_code == 404
    assert comme(qui).post("compte_bancaire", dossier.pk, iban=AUTRE_IBAN).status_code == 404


def test_apres_un_depot_le_mot_de_passe_se_redemande(depose, site):
    utilisateur = site.acteur.utilisateur
    utilisateur.set_password(MOT_DE_PASSE)
    utilisateur.save()
    site.client.force_login(utilisateur, backend=PORTE)
    adresse = reverse("espace_porteur:compte_bancaire", args=("tilleuls", depose.pk))
    page = lire(site.get("compte_bancaire", depose.pk))
    assert "prouvez que c’est bien vous" in page and 'name="iban"' not in page
    # Un envoi qui n'a rien prouvé ne change rien, et ne garde pas l'IBAN.
    assert site.post("compte_bancaire", depose.pk, iban=IBAN).status_code == 200
    assert not CompteBancaire.objects.exists() and not EnvoiGarde.objects.exists()
    verifier = f"{reverse('account_reauthenticate')}?next={adresse}"
    reponse = site.client.post(verifier, envoi(site.acteur, password=MOT_DE_PASSE))
    assert reponse.headers["Location"] == adresse
    assert site.post("compte_bancaire", depose.pk, iban=IBAN).status_code == 302
    assert CompteBancaire.objects.get().etat == "a_confirmer"


def test_sans_mot_de_passe_on_se_reconnecte(depose, site):
    sans_mot_de_passe(site)
    site.get("compte_bancaire", depose.pk)
    vieillir(site)
    page = lire(site.get("compte_bancaire", depose.pk))
    assert "reconnectez-vous" in page and 'name="iban"' not in page
    site.post("compte_bancaire", depose.pk, iban=IBAN)
    assert not CompteBancaire.objects.exists()
    adresse = reverse("espace_porteur:compte_bancaire", args=("tilleuls", depose.pk))
    assert f"next={adresse.replace('/', '%2F')}" in page
    # À peine reconnectée, la page s'ouvre.
    site.client.logout()
    site.client.force_login(site.acteur.utilisateur, backend=PORTE)
    assert 'name="iban"' in lire(site.get("compte_bancaire", depose.pk))


def test_une_seconde_personne_confirme(depose, site, comme):
    gestionnaire, signataire = sans_mot_de_passe(site), sans_mot_de_passe(comme("signataire"))
    gestionnaire.get("compte_bancaire", depose.pk)
    gestionnaire.post("compte_bancaire", depose.pk, iban=IBAN)
    attente = CompteBancaire.objects.get()
    page = lire(gestionnaire.get("compte_bancaire", depose.pk))
    assert "une autre personne qui signe" in page and "C’est bien notre compte" not in page
    gestionnaire.post("confirmer_le_compte", depose.pk, attente.pk)
    assert CompteBancaire.objects.get().etat == "a_confirmer"
    page = lire(signataire.get("compte_bancaire", depose.pk))
    assert IBAN in page and "signe par signe" in page and "C’est bien notre compte" in page
    vieillir(signataire)
    signataire.post("confirmer_le_compte", depose.pk, attente.pk)
    assert CompteBancaire.objects.get().etat == "a_confirmer"
    neuf = sans_mot_de_passe(comme("signataire"))
    neuf.get("compte_bancaire", depose.pk)
    neuf.post("confirmer_le_compte", depose.pk, attente.pk)
    assert CompteBancaire.objects.get().etat == "courant"


def test_ecarter_se_fait_sans_attendre(depose, ici, site, comme):
    attente = donner_un_iban(par=ici.porte, organisme=ici.monde.verger, iban=IBAN)
    comme("signataire").post("ecarter_le_compte", depose.pk, attente.pk)
    attente.refresh_from_db()
    assert (attente.etat, attente.iban) == ("ecarte", "")
    assert site.post("ecarter_le_compte", depose.pk, attente.pk).status_code == 404


def test_le_pilote_confirme_si_une_seule_personne_signe(lieux, contrat, comme):
    from dataclasses import replace

    meuniere = lieux.acteurs["meuniere"]
    depots.depose(replace(depots.lieux(lieux, contrat), porte=meuniere))
    donner_un_iban(par=meuniere, organisme=lieux.moulin, iban=IBAN)
    pilote = sans_mot_de_passe(comme("pilote"))
    accueil = reverse("pilotage:contrat", args=("tilleuls",))
    liste = reverse("pilotage:comptes_a_confirmer", args=("tilleuls",))
    assert liste in lire(pilote.client.get(accueil))
    page = lire(pilote.client.get(liste))
    assert "Le Club du Moulin" in page and "FR76 •••• 0189" in page and "3000 6000" not in page
    attente = CompteBancaire.objects.get()
    adresse = reverse("pilotage:confirmer_le_compte", args=("tilleuls", attente.pk))
    vieillir(pilote)
    pilote.client.post(adresse, envoi(pilote.acteur))
    assert CompteBancaire.objects.get().etat == "a_confirmer"
    neuf = sans_mot_de_passe(comme("pilote"))
    neuf.client.get(liste)
    neuf.client.post(adresse, envoi(neuf.acteur))
    assert CompteBancaire.objects.get().etat == "courant"


def test_le_pilote_sait_qu_aucun_antivirus_n_est_regle(contrat, comme, settings):
    adresse = reverse("pilotage:appels", args=("tilleuls",))
    assert "Aucun antivirus n’est réglé" in lire(comme("pilote").client.get(adresse))
    settings.ANTIVIRUS = "tcp://127.0.0.1:3310"
    assert "Aucun antivirus" not in lire(comme("pilote").client.get(adresse))
