"""Corriger ce que l'on sait d'un partenaire ; deux relectures croisées se montrent."""

import pytest
from django.test import Client

from tests.pilotage.conftest import depart_de, jeton_de, lire

pytestmark = pytest.mark.django_db


def test_se_corrige_depuis_sa_page(ouvert, contrat, partenaire):
    site, adresse = ouvert
    lieu = adresse(f"partenaires/{partenaire.pk}/")
    assert f'href="{lieu}modifier/"' in lire(site.get(lieu))
    communes = contrat.partenaires.get(nom="Communes")
    reponse = site.post(
        f"{lieu}modifier/",
        depart=depart_de(site.get(f"{lieu}modifier/")),
        sigle="CAF",
        nature="organisme",
        parent=communes.pk,
        graphies="La Caf\n\nCaisse d'alloc' \n",
        a_savoir="Elle reçoit <b>sur</b> rendez-vous.",
        fin_le="2025-12-31",
        suite="France Familles",
    )
    assert reponse["Location"] == lieu
    partenaire.refresh_from_db()
    assert partenaire.graphies == ["La Caf", "Caisse d'alloc'"]
    page = lire(site.get(lieu))
    for attendu in (
        "La Caf, Caisse d’alloc’",
        "Elle reçoit <b>sur</b> rendez-vous.",
        "A pris fin le 31 décembre 2025",
        "France Familles",
        "Fait partie de",
        "par Amina Traoré",
    ):
        assert attendu in page
    assert b"<b>sur</b>" not in site.get(lieu).content
    versions = lire(site.get(f"{lieu}modifier/"))
    assert "1 version<" in versions
    assert "Ensemble dont il fait partie" in versions
    public = lire(Client().get(f"/{contrat.code}/financeurs/{partenaire.slug}/"))
    assert "Elle reçoit" in public
    assert "A pris fin le 31 décembre 2025" in public
    assert "Amina" not in public


def test_ne_fait_pas_partie_d_un_des_siens(ouvert, contrat, partenaire):
    site, adresse = ouvert
    communes = contrat.partenaires.get(nom="Communes")
    communes.parent = partenaire
    communes.save()
    lieu = adresse(f"partenaires/{partenaire.pk}/modifier/")
    reponse = site.post(
        lieu, depart=depart_de(site.get(lieu)), nature="organisme", parent=communes.pk
    )
    assert reponse.status_code == 422
    assert "ni de l’un des siens" in lire(reponse)


def test_deux_relectures_croisees_se_montrent(ouvert, contrat, partenaire):
    site, adresse = ouvert
    lieu = adresse(f"partenaires/{partenaire.pk}/modifier/")
    vu = depart_de(site.get(lieu))
    meme = {"nature": "organisme", "graphies": "\n".join(partenaire.graphies)}
    communes = contrat.partenaires.get(nom="Communes")
    site.post(lieu, depart=vu, **meme, parent=communes.pk, a_savoir="Le sien.")
    reponse = site.post(lieu, depart=vu, **meme, a_savoir="Le mien.")
    assert reponse.status_code == 409
    page = lire(reponse)
    for attendu in ("<td>Le sien.</td>", "<td>Le mien.</td>", "<td>Communes</td>"):
        assert attendu in page
    assert str(reponse.context["form"]["parent"].value()) == str(communes.pk)


JSON = {"Accept": "application/json"}


def test_un_champ_quitte_s_enregistre_et_la_suite_en_repart(ouvert, contrat, partenaire):
    site, adresse = ouvert
    lieu = adresse(f"partenaires/{partenaire.pk}/modifier/")
    champs = {
        "_acteur": jeton_de(site),
        "nature": "organisme",
        "graphies": "\n".join(partenaire.graphies),
        "depart": depart_de(site.get(lieu)),
        "a_savoir": "Deux guichets.",
    }
    premier = site.client.post(lieu, champs, headers=JSON)
    assert premier.json()["dit"].startswith("Enregistré à ")
    champs |= premier.json()["champs"] | {"sigle": "CAF94"}
    assert site.client.post(lieu, champs, headers=JSON).status_code == 200
    partenaire.refresh_from_db()
    assert (partenaire.a_savoir, partenaire.sigle) == ("Deux guichets.", "CAF94")
    # Deux champs quittés dans la même séance font deux actes et une version.
    assert "1 version<" in lire(site.get(lieu))
    depuis = {"depart": depart_de(site.get(lieu))}
    encore = site.client.post(lieu, champs | depuis, headers=JSON)
    assert encore.json()["dit"] == "Rien n’a changé"


def test_la_meme_saisie_envoyee_deux_fois_n_est_pas_un_conflit(ouvert, partenaire):
    """Le bouton est pressé pendant que le champ quitté s'enregistre."""
    site, adresse = ouvert
    lieu = adresse(f"partenaires/{partenaire.pk}/modifier/")
    avant = partenaire.version
    champs = {"nature": "organisme", "sigle": "UN", "depart": depart_de(site.get(lieu))}
    site.client.post(lieu, champs | {"_acteur": jeton_de(site)}, headers=JSON)
    assert site.post(lieu, **champs).status_code == 302
    partenaire.refresh_from_db()
    assert (partenaire.sigle, partenaire.version) == ("UN", avant + 1)


def test_a_mesure_un_refus_se_dit_sans_recharger(ouvert, partenaire):
    site, adresse = ouvert
    lieu = adresse(f"partenaires/{partenaire.pk}/modifier/")
    champs = {"_acteur": jeton_de(site), "nature": "organisme", "fin_le": "hier"}
    vu = {"depart": depart_de(site.get(lieu))}
    fautif = site.client.post(lieu, champs | vu, headers=JSON)
    assert fautif.status_code == 422
    assert fautif.json()["dit"].startswith("A pris fin le : ")
    site.client.post(lieu, champs | vu | {"fin_le": "", "sigle": "UN"}, headers=JSON)
    croise = site.client.post(lieu, champs | vu | {"fin_le": "", "sigle": "DEUX"}, headers=JSON)
    assert croise.status_code == 409
    partenaire.refresh_from_db()
    assert partenaire.sigle == "UN"
