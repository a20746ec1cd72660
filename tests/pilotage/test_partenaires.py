"""Qui se cache derrière un partenaire : proposé, choisi, daté, effacé, jamais tout seul."""

from datetime import date

import pytest

from parvis.cadre.actions import rapprocher
from parvis.cadre.models import OrganismeDePartenaire
from parvis.organismes import actions as organismes
from parvis.pilotage.queries import partenaires as q_partenaires
from tests.pilotage.conftest import MOI, lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)
DEBUT = date(2015, 1, 1)


def test_un_organisme_propose_s_accepte_d_un_bouton_et_jamais_seul(ouvert, caf, partenaire):
    site, adresse = ouvert
    page = lire(site.get(adresse("partenaires/"), etat="proposes"))
    assert "Accepter" in page
    assert "Associations" not in page
    assert not OrganismeDePartenaire.objects.exists()
    reponse = site.post(
        adresse(f"partenaires/{partenaire.pk}/accepter/"), organisme=caf.pk, etat="proposes"
    )
    assert reponse["Location"] == adresse("partenaires/?etat=proposes")
    fait = OrganismeDePartenaire.objects.get()
    assert (fait.organisme, fait.depuis_le, fait.origine) == (caf, DEBUT, "proposee")


@pytest.mark.parametrize("organisme", ["autre", "987654", "", "9" * 30, "²", "a"])
def test_ce_qui_n_est_pas_propose_ne_s_accepte_pas(ouvert, caf, creer, partenaire, organisme):
    site, adresse = ouvert
    pk = creer("Jardins").pk if organisme == "autre" else organisme
    reponse = site.post(adresse(f"partenaires/{partenaire.pk}/accepter/"), organisme=pk)
    assert reponse.status_code == 404
    assert not OrganismeDePartenaire.objects.exists()


def test_un_autre_organisme_se_cherche_se_choisit_se_date_et_s_efface(ouvert, creer, partenaire):
    site, adresse = ouvert
    jardins = creer("Jardins du Verger")
    lieu = f"partenaires/{partenaire.pk}/"
    assert "Jardins du Verger" in lire(site.get(adresse(lieu), q="jardin verger"))
    site.post(adresse(f"{lieu}choisir/"), organisme=jardins.pk, depuis_le="2016-01-01")
    fait = OrganismeDePartenaire.objects.get()
    assert (fait.depuis_le, fait.origine) == (date(2016, 1, 1), "choisie")
    site.post(adresse(f"{lieu}organismes/{fait.pk}/finir/"), jusqu_au="2018-12-31")
    fait.refresh_from_db()
    assert fait.jusqu_au == date(2018, 12, 31)
    page = lire(site.get(adresse(lieu)))
    assert "À d’autres dates" in page
    assert "jusqu’au 31 décembre 2018" in page
    site.post(adresse(f"{lieu}organismes/{fait.pk}/effacer/"))
    assert not OrganismeDePartenaire.objects.exists()


@pytest.mark.parametrize(
    ("suite", "donnees", "motif"),
    [
        ("choisir/", {}, "Donnez une date de début"),
        ("choisir/", {"depuis_le": "2016-13-45"}, "Donnez une date de début"),
        ("choisir/", {"depuis_le": "2016-01-01", "jusqu_au": "2015-01-01"}, "ne peut pas précéder"),
        ("organismes/{}/finir/", {}, "Donnez le dernier jour"),
        ("organismes/{}/finir/", {"jusqu_au": "2014-01-01"}, "ne peut pas précéder"),
    ],
)
def test_une_date_impossible_se_dit(ouvert, pilote, caf, creer, partenaire, suite, donnees, motif):
    site, adresse = ouvert
    fait = rapprocher(par=pilote, partenaire=partenaire, organisme=caf, depuis_le=DEBUT)
    chemin = adresse(f"partenaires/{partenaire.pk}/{suite.format(fait.pk)}")
    jardins = creer("Jardins du Verger")
    site.post(chemin, organisme=jardins.pk, **donnees)
    assert motif in lire(site.get(adresse()))
    assert OrganismeDePartenaire.objects.get().jusqu_au is None


def test_le_partenaire_d_un_autre_contrat_repond_comme_un_absent(
    ouvert, autre_pilote, voisin, partenaire, caf
):
    site, adresse = ouvert
    etranger = voisin.partenaires.get(nom=partenaire.nom)
    tenu = rapprocher(par=autre_pilote, partenaire=etranger, organisme=caf, depuis_le=DEBUT)
    essais = [
        site.get(adresse(f"partenaires/{etranger.pk}/")),
        site.post(adresse(f"partenaires/{etranger.pk}/accepter/"), organisme=caf.pk),
        site.post(
            adresse(f"partenaires/{etranger.pk}/choisir/"),
            organisme=caf.pk,
            depuis_le="2020-01-01",
        ),
        # Le sien dans l'adresse, l'étranger au bout.
        site.post(adresse(f"partenaires/{partenaire.pk}/organismes/{tenu.pk}/effacer/")),
        site.post(
            adresse(f"partenaires/{etranger.pk}/organismes/{tenu.pk}/finir/"),
            jusqu_au="2020-01-01",
        ),
    ]
    assert {reponse.status_code for reponse in essais} == {404}
    tenu.refresh_from_db()
    assert tenu.jusqu_au is None


def test_un_doublon_reuni_ne_se_choisit_pas(ouvert, creer, caf, partenaire):
    site, adresse = ouvert
    doublon = creer("CAF 94", "protection_sociale")
    organismes.fusionner(par=MOI, doublon=doublon, garde=caf, raisons=["Même caisse."])
    reponse = site.post(
        adresse(f"partenaires/{partenaire.pk}/choisir/"),
        organisme=doublon.pk,
        depuis_le="2016-01-01",
    )
    assert reponse.status_code == 404


def test_les_filtres_comptent_et_le_tableau_les_suit(ouvert, pilote, contrat, caf, partenaire):
    site, adresse = ouvert
    rapprocher(par=pilote, partenaire=partenaire, organisme=caf, depuis_le=DEBUT)
    _, (facette,) = q_partenaires.lignes_des_partenaires(
        pilote, contrat, {"etat": "faits"}, jour=JOUR
    )
    tous = contrat.partenaires.count()
    assert {o.valeur: o.nombre for o in facette.options} == {
        "sans": tous - 1,
        "proposes": 0,
        "faits": 1,
    }
    csv = site.get(adresse("partenaires/tableau.csv"), etat="faits").content.decode("utf-8-sig")
    assert csv.splitlines()[1:] == [f"{partenaire.nom};Organisme;{caf.nom};;01/01/2015;"]
    assert site.get(adresse("partenaires/tableau.xlsx")).content[:2] == b"PK"
    assert site.get(adresse("partenaires/tableau.pdf")).status_code == 404
    assert "Aucun partenaire ne répond" in lire(site.get(adresse("partenaires/"), etat="proposes"))


def test_accepter_depuis_la_page_du_partenaire_y_reste(ouvert, caf, partenaire):
    site, adresse = ouvert
    lieu = adresse(f"partenaires/{partenaire.pk}/")
    assert site.post(f"{lieu}accepter/", organisme=caf.pk)["Location"] == lieu
    assert "Qui le tient aujourd’hui" in lire(site.get(lieu))
