"""Coller un tableau : ce qui est compris s'ajoute, le reste se dit, rien ne se perd."""

import re

import pytest

from parvis.dossiers.models import Demande, LigneDeBudget
from tests.espace_porteur.conftest import lire
from tests.fabriques import budgets

pytestmark = pytest.mark.django_db

TABLEAU = "\n".join(
    (
        "Budget de l’atelier\t",
        "Charges\t",
        "601 Peinture et toiles\t1 250,50",
        "Location de salle\t300",
        "Salaires\t4 000",
        "Charges sociales\t1 600",
        "Trucmuche inclassable\t77",
        "Déplacements\tquarante euros",
        "Total des charges\t7 227,50",
        "Produits\t",
        "Subvention CAF\t2 000",
        "Subvention Région Île-de-France\t1 500",
        "Cotisations\t150",
    )
)


def rejouer(page, **autres: str) -> dict[str, str]:
    """Rend les champs de l'aperçu, tels que le navigateur les renverrait."""
    html = page.content.decode()
    champs = {}
    for balise in re.findall(r"<input [^>]*>", html):
        nom = re.search(r'name="(c-[^"]+)"', balise)
        coche = 'type="checkbox"' in balise
        if nom and (not coche or re.search(r"\bchecked\b", balise)):
            valeur = re.search(r'value="([^"]*)"', balise)
            champs[nom[1]] = valeur[1] if valeur else ""
    for nom, options in re.findall(r'<select[^>]*name="(c-[^"]+)"[^>]*>(.*?)</select>', html, re.S):
        choisie = re.search(r'<option value="([^"]*)"\s+selected', options)
        premiere = re.search(r'<option value="([^"]*)"', options)
        champs[nom] = (choisie or premiere)[1]
    return champs | {"ajouter": "oui"} | autres


def test_l_apercu_dit_ce_qui_est_compris_et_ce_qui_ne_l_est_pas(site, brouillon):
    page = site.post("coller", brouillon.pk, colle=TABLEAU)
    texte = lire(page)
    assert "7 lignes comprises, 1 à éclaircir, 5 laissées de côté" in texte
    assert "Ligne 7 : Aucun compte ne correspond à ce libellé." in texte
    assert "Total, recalculé" in texte
    assert not LigneDeBudget.objects.exists()  # rien n'est encore ajouté
    # Chaque ligne du tableau est à l'écran, et le tableau entier avec.
    for ligne in TABLEAU.split("\n"):
        assert lire_a_plat(ligne) in texte


def lire_a_plat(ligne: str) -> str:
    return " ".join(ligne.split())


def test_ajouter_ce_qui_est_compris(site, brouillon, caisse):
    page = site.post("coller", brouillon.pk, colle=TABLEAU)
    assert site.post("coller", brouillon.pk, **rejouer(page)).status_code == 302
    lignes = dict(LigneDeBudget.objects.values_list("compte", "montant"))
    assert {c: str(m) for c, m in lignes.items()} == {
        "601": "1250.50",
        "613": "300.00",
        "641": "4000.00",
        "645": "1600.00",
        "756": "150.00",
    }
    caf, region = Demande.objects.order_by("rang")
    # La seule caisse de l'appel est proposée ; la Région, que l'appel n'a pas, garde son nom.
    assert (caf.financeur, caf.ligne, str(caf.montant_demande)) == (
        caisse,
        "Subvention CAF",
        "2000.00",
    )
    assert (region.financeur_nom, region.guichet) == (
        "Subvention Région Île-de-France",
        "ailleurs",
    )
    assert region.compte == "74region"


def test_coller_s_ajoute_a_ce_qui_est_ecrit(site, brouillon):
    site.post("budget", brouillon.pk, **budgets.PETIT)
    page = site.post("coller", brouillon.pk, colle="Location de salle\t300")
    site.post("coller", brouillon.pk, **rejouer(page))
    assert set(LigneDeBudget.objects.values_list("libelle", flat=True)) == {
        "Peinture",
        "",
        "Location de salle",
    }
    assert Demande.objects.count() == 1


def test_une_ligne_a_eclaircir_s_ajoute_une_fois_eclaircie(site, brouillon):
    page = site.post("coller", brouillon.pk, colle="Trucmuche\t77")
    cle = re.search(r'name="(c-\d+)-compte"', page.content.decode())[1]
    choisie = {f"{cle}-prendre": "1"}
    refus = site.post("coller", brouillon.pk, colle="Trucmuche\t77", **rejouer(page, **choisie))
    assert refus.status_code == 422
    texte = lire(refus)
    assert "Choisissez un compte." in texte and "Écrivez le montant." in texte
    choisie |= {f"{cle}-compte": "604", f"{cle}-saisie": "70+7"}
    assert site.post("coller", brouillon.pk, **rejouer(page, **choisie)).status_code == 302
    assert str(LigneDeBudget.objects.get().montant) == "77.00"


def test_rien_de_coche_ne_s_ajoute_pas_et_reste_a_l_ecran(site, brouillon):
    champs = {"c-1-compte": "601", "c-1-libelle": "Toiles de lin", "c-1-saisie": "40"}
    page = site.post("coller", brouillon.pk, ajouter="oui", **champs)
    assert page.status_code == 422
    assert "Cochez au moins une ligne" in lire(page) and "Toiles de lin" in lire(page)


def test_depuis_la_page_du_budget_ce_qui_est_tape_s_enregistre_d_abord(site, brouillon):
    champs = budgets.PETIT | {"vers": "coller", "colle": "Location de salle\t300"}
    page = site.post("budget", brouillon.pk, **champs)
    assert "1 ligne comprise" in lire(page)
    assert LigneDeBudget.objects.filter(libelle="Peinture").exists()


def test_un_tableau_vide_ne_mene_nulle_part(site, brouillon):
    reponse = site.post("budget", brouillon.pk, **budgets.PETIT, vers="coller", colle="  ")
    assert reponse.status_code == 302
    assert "Coller depuis un tableur" in lire(site.get("coller", brouillon.pk))
    assert site.post("coller", brouillon.pk, colle="").status_code == 200


def test_un_budget_plein_le_dit(site, brouillon):
    lignes = [("601", f"Ligne {rang}", "1") for rang in range(299)]
    site.post("budget", brouillon.pk, **budgets.champs(lignes))
    page = site.post("coller", brouillon.pk, colle="Salle\t3\nLocation de salle\t4\nAssurance\t2")
    refus = site.post("coller", brouillon.pk, **rejouer(page))
    assert refus.status_code == 422
    assert "300 lignes au plus" in lire(refus)
    assert LigneDeBudget.objects.count() == 299


def test_apres_le_depot_rien_ne_s_ajoute(site, brouillon):
    budgets.deposer(brouillon)
    champs = {"c-1-prendre": "1", "c-1-compte": "601", "c-1-saisie": "40"}
    page = site.post("coller", brouillon.pk, ajouter="oui", **champs)
    assert page.status_code == 422
    assert "Ce dossier est déposé" in lire(page)
