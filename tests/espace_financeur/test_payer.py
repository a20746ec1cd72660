"""Payer à deux tailles, en autant de requêtes ; un retrait auquel l'organisme répond en ligne."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.conventions.queries.echeances import (
    COLONNES,
    echeances_a_payer,
    lignes_de_comptabilite,
)
from parvis.conventions.queries.fichiers import D_ICI
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site
from tests.espace_financeur.test_versements import fichier, suites
from tests.espace_porteur.conftest import mots
from tests.fabriques import decisions, fichiers
from tests.fabriques import versements as fabrique
from tests.fabriques.comptes import envoi

pytestmark = pytest.mark.django_db


@decor
def guichet(etude) -> fabrique.Guichet:
    return fabrique.guichet(vote=decisions.vote(etude))


@pytest.fixture
def site(guichet):
    return Site(guichet.site.vote.etude, "samia")


def test_payer_se_lit_en_autant_de_requetes_pour_dix_lignes_que_pour_soixante(guichet, site):
    """La liste, son tableau, un acte, un fichier relu, les suites du porteur, un retrait."""

    def grossir(de: int, a: int) -> None:
        for rang in range(de, a):
            pk = fabrique.autre_demande(guichet.site, rang=30 + rang).pk
            fabrique.notifier(guichet.site, {pk: "10"}, numero=str(30 + rang))
            guichet.payer("1")

    def relire():
        choisies = echeances_a_payer(guichet.samia, guichet.contrat, {}).choisies
        lignes = lignes_de_comptabilite([une for une in choisies if not une.empechements])
        for rang, ligne in enumerate(lignes):
            ligne[-2:] = [f"M{rang}", timezone.localdate()]
        return lambda: site.post(
            "reprendre_des_paiements", fichier=fichier(COLONNES, lignes), **D_ICI
        )

    pk, etude = guichet.acte.pk, guichet.site.vote.etude
    guichet.observations()
    porteur = etude.ici.monde.client("gestionnaire")
    adresse = reverse("espace_porteur:suites", args=("tilleuls", etude.dossier.pk))

    def compter(lignes: int) -> dict[str, int]:
        ecrans = {
            "liste": lambda: site.get("versements"),
            "tableau": lambda: site.get("versements_tableau", "csv"),
            "acte": lambda: site.get("versements_de_l_acte", pk),
            "retrait": lambda: site.get("retrait", pk),
            "suites": lambda: porteur.get(adresse),
            "fichier": relire(),
        }
        comptes = {}
        for nom, lire in ecrans.items():
            lire()
            with CaptureQueriesContext(connection) as menees:
                reponse = lire()
            assert reponse.status_code == 200
            comptes[nom] = len(menees)
        assert len(reponse.context["relecture"].nouvelles) == lignes
        assert guichet.acte.versements.count() == lignes - 1
        return comptes

    grossir(1, 10)
    dix = compter(10)
    grossir(10, 60)
    assert compter(60) == dix
    assert max(dix.values()) <= 60


def test_l_organisme_repond_au_retrait_et_le_service_le_lit(guichet, site):
    guichet.observations()
    etude, acte = guichet.site.vote.etude, guichet.acte.pk
    porteur, signe = etude.ici.monde.client("gestionnaire"), etude.ici.acteur("gestionnaire")
    adresses = {
        nom: reverse(f"espace_porteur:{nom}", args=("tilleuls", etude.dossier.pk, acte))
        for nom in ("retrait", "repondre_a_un_retrait", "document_d_un_retrait")
    }
    assert "Lire et répondre, jusqu’au" in suites(guichet)
    page = mots(porteur.get(adresses["retrait"]))
    assert "Activité contraire au contrat" in page and "1 000 € sur 2 000 €" in page
    assert "L’organisme peut répondre dans son espace" in mots(site.get("retrait", acte))
    vide = porteur.post(adresses["repondre_a_un_retrait"], envoi(signe, reponse=" "))
    assert vide.status_code == 422 and "Écrivez votre réponse." in mots(vide)
    refusee = porteur.post(
        adresses["repondre_a_un_retrait"],
        envoi(signe, reponse="Nous contestons.", fichier=SimpleUploadedFile("x.exe", b"MZ")),
    )
    assert refusee.status_code == 422 and "Nous contestons." in mots(refusee)
    assert porteur.get(adresses["document_d_un_retrait"]).status_code == 404
    assert site.get("reponse_au_retrait", acte).status_code == 404
    envoyee = porteur.post(
        adresses["repondre_a_un_retrait"],
        envoi(
            signe, reponse="Nous contestons.", fichier=SimpleUploadedFile("c.pdf", fichiers.pdf())
        ),
    )
    assert envoyee.status_code == 302
    page = mots(porteur.get(adresses["retrait"]))
    assert "Elle ne change plus." in page and "Envoyer cette réponse" not in page
    assert porteur.get(adresses["document_d_un_retrait"]).status_code == 200
    page = mots(site.get("retrait", acte))
    assert "Nous contestons." in page and "Répondu ici" in page and "Retirer 1 000 €" in page
    assert site.get("reponse_au_retrait", acte).status_code == 200
    assert "Je retire sans verser les 1 000 €" in page
    due = site.post("decider_le_retrait", acte)
    assert due.status_code == 422 and "1 000 € restent dus à l’organisme" in mots(due)
    assert site.post("decider_le_retrait", acte, sans_verser="on").status_code == 302
    assert "La subvention est retirée en partie" in mots(porteur.get(adresses["retrait"]))
