"""Les organismes de la plateforme : cherchés, comparés, réunis, séparés."""

from datetime import date

import pytest

from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.organismes.models import Organisme, PaireEcartee
from parvis.pilotage.actions.doublons import reunir, separer
from parvis.pilotage.queries import organismes as q_organismes
from parvis.socle.refus import Refus
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)


def test_les_organismes_se_cherchent_et_se_filtrent(site, creer, agir):
    agir("Ida", Role.GESTIONNAIRE, organisme=creer("Jardins du Verger"))
    agir("Jo", Role.GESTIONNAIRE, organisme=creer("Théâtre"), est_confirme=False)
    fini = creer("Ancienne Régie", "gip")
    Organisme.objects.filter(pk=fini.pk).update(fin_le=date(2020, 1, 1))

    def noms(**choix):
        page = lire(site.get("/pilotage/organismes/", **choix))
        return {n for n in ("Jardins du Verger", "Théâtre", "Ancienne Régie") if f">{n}" in page}

    assert noms() == {"Jardins du Verger", "Théâtre", "Ancienne Régie"}
    assert noms(q="jardin verjer") == {"Jardins du Verger"}
    assert noms(nature="gip") == noms(etat="fini") == {"Ancienne Régie"}
    assert noms(etat="sans") == {"Théâtre", "Ancienne Régie"}
    assert noms(etat="demande") == {"Théâtre"}
    assert noms(etat="sans", nature="gip") == {"Ancienne Régie"}
    assert "Aucun organisme ne répond" in lire(site.get("/pilotage/organismes/", q="zzz"))


def test_le_gestionnaire_d_un_doublon_compte_pour_l_organisme_garde(administratrice, paire):
    premiere, seconde = paire
    Rattachement.objects.filter(organisme=premiere).delete()
    reunir(par=administratrice, doublon=seconde, garde=premiere, raison="La même.")
    lue = q_organismes.organismes(administratrice, "", jour=JOUR).get(pk=premiere.pk)
    assert lue.a_un_gestionnaire


def test_le_tableau_suit_les_filtres_et_n_a_pas_de_formule(site, creer):
    creer("=cmd|calc", "gip")
    creer("Jardins")
    csv = site.get("/pilotage/organismes/tableau.csv", nature="gip").content.decode("utf-8-sig")
    assert [ligne.split(";")[0] for ligne in csv.splitlines()] == ["Nom", "'=cmd|calc"]
    assert site.get("/pilotage/organismes/tableau.pdf").status_code == 404


def test_une_paire_se_propose_se_compare_et_se_reunit(site, paire):
    premiere, seconde = paire
    assert "Régie « du verger »" in lire(site.get("/pilotage/doublons/"))
    adresse = f"/pilotage/doublons/{premiere.pk}/{seconde.pk}/"
    page = lire(site.get(adresse))
    assert "Ida Traoré (gestionnaire)" in page
    assert "Même nom" in page
    assert site.post(adresse, raison="Même adresse").status_code == 422
    assert site.post(adresse, garde=seconde.pk, raison="Même adresse").status_code == 302
    premiere.refresh_from_db()
    assert premiere.fusionne_dans == seconde
    ecrits = Courriel.objects.filter(objet__contains="une seule page")
    assert set(ecrits.values_list("destinataire", flat=True)) == {
        "ida@tilleuls.example",
        "jo@tilleuls.example",
    }
    assert "Aucun doublon n’est proposé" in lire(site.get("/pilotage/doublons/"))
    histoire = lire(site.get(f"/organismes/{seconde.pk}/"))
    assert "a réuni à cette page un doublon : Régie du Verger." in histoire
    assert "(effacé)" not in lire(site.get("/pilotage/journal/"))


def test_separer_rend_sa_page_au_doublon_et_le_dit_aux_deux(site, administratrice, paire):
    premiere, seconde = paire
    reunir(par=administratrice, doublon=premiere, garde=seconde, raison="La même.")
    assert "Régie du Verger" in lire(site.get("/pilotage/doublons/reunis/"))
    Courriel.objects.all().delete()
    site.post(f"/pilotage/doublons/reunis/{premiere.pk}/separer/")
    premiere.refresh_from_db()
    assert premiere.fusionne_dans is None
    assert {c.destinataire: c.texte.rpartition("pour ")[2] for c in Courriel.objects.all()} == {
        "ida@tilleuls.example": "Régie du Verger.",
        "jo@tilleuls.example": "Régie « du verger ».",
    }


def test_une_fusion_refusee_n_ecrit_a_personne(administratrice, paire):
    premiere, seconde = paire
    with pytest.raises(Refus):
        reunir(par=administratrice, doublon=premiere, garde=seconde, raison="  ")
    with pytest.raises(Refus):
        separer(par=administratrice, doublon=premiere)
    assert not Courriel.objects.exists()
    assert not Evenement.objects.filter(action__startswith="pilotage.").exists()


def test_une_paire_ecartee_ne_revient_pas(site, paire):
    premiere, seconde = paire
    site.post(f"/pilotage/doublons/{premiere.pk}/{seconde.pk}/ecarter/")
    assert PaireEcartee.objects.count() == 1
    assert "Aucun doublon n’est proposé" in lire(site.get("/pilotage/doublons/"))


def test_un_tiers_glisse_dans_le_formulaire_n_est_pas_garde(site, paire, creer):
    premiere, seconde = paire
    tiers = creer("Théâtre")
    adresse = f"/pilotage/doublons/{premiere.pk}/{seconde.pk}/"
    assert site.post(adresse, garde=tiers.pk, raison="Même").status_code == 422
    assert not Organisme.objects.filter(fusionne_dans__isnull=False).exists()


def test_ce_qui_n_est_pas_une_paire_repond_comme_un_absent(site, administratrice, paire, creer):
    premiere, seconde = paire
    tiers = creer("Théâtre")
    reunir(par=administratrice, doublon=seconde, garde=premiere, raison="La même.")
    for a, b in ((premiere, premiere), (premiere, seconde), (tiers, seconde)):
        adresse = f"/pilotage/doublons/{a.pk}/{b.pk}/"
        assert site.get(adresse).status_code == 404
        assert site.post(adresse, garde=a.pk, raison="x").status_code == 404
        assert site.post(f"{adresse}ecarter/").status_code == 404
    assert site.post(f"/pilotage/doublons/reunis/{premiere.pk}/separer/").status_code == 404


def test_une_longue_liste_de_paires_se_cherche(site, paire, creer):
    creer("Théâtre des Halles")
    creer("Theatre des Halles")
    assert "Théâtre" not in lire(site.get("/pilotage/doublons/", q="verger"))
    assert "Aucune paire ne répond" in lire(site.get("/pilotage/doublons/", q="zzz"))
