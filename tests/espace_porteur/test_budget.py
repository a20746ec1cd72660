"""Le budget d'un dossier à l'écran : tout revient tel que tapé, le serveur compte, nul n'efface l'autre."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.dossiers.models import Demande, LigneDeBudget
from tests.espace_porteur.conftest import lire
from tests.fabriques import budgets, dossiers

pytestmark = pytest.mark.django_db


def test_vide_il_montre_tous_les_comptes_et_les_financeurs_de_l_appel(site, brouillon):
    page = lire(site.get("budget", brouillon.pk))
    assert "Rien n’est encore compté" in page
    assert "Charges sociales" in page and "Personnel bénévole" in page
    assert "Caisse des Tilleuls" in page
    assert "Ce que vous achetez pour le projet" in page  # l'explication du poste 60


def test_aller_retour_une_case_par_champ(site, brouillon):
    reponse = site.post("budget", brouillon.pk, **budgets.PETIT)
    assert reponse.status_code == 302
    dit = dossiers.dit(brouillon, "budget")["exercices"][str(brouillon.exercice)]
    assert dit["lignes"] == [
        {"compte": "601", "libelle": "Peinture", "saisie": "12*2*25"},
        {"compte": "641", "saisie": "1 400"},
    ]
    assert dit["demandes"][0] == {
        "nom": "Fondation du Grand Air",
        "nature": "numeraire",
        "guichet": "ailleurs",
        "lien": "https://grand-air.example/",
        "numero": "GA-12",
        "saisie": "2000",
    }
    page = site.get("budget", brouillon.pk)
    assert 'value="12*2*25"' in page.content.decode()
    texte = lire(page)
    assert "= 600,00 €" in texte and "Équilibré" in texte
    assert "Fondation du Grand Air paierait 100 %" in texte


def test_un_seul_champ_dit_la_meme_chose(site, brouillon):
    site.post("budget", brouillon.pk, **budgets.PETIT)
    avant = dossiers.dit(brouillon, "budget")
    brouillon.ecritures.all().delete()
    reponse = site.post("budget", brouillon.pk, script=True, **budgets.en_un_champ(budgets.PETIT))
    assert reponse.json()["dit"].startswith("Enregistré à")
    assert dossiers.dit(brouillon, "budget") == avant


def test_les_lignes_et_les_demandes_suivent(site, brouillon):
    site.post("budget", brouillon.pk, **budgets.PETIT)
    lignes = LigneDeBudget.objects.values_list("compte", "saisie", "montant")
    assert [(c, s, str(m)) for c, s, m in lignes] == [
        ("601", "12*2*25", "600.00"),
        ("641", "1 400", "1400.00"),
    ]
    demande = Demande.objects.get()
    assert (demande.financeur_nom, str(demande.montant_demande)) == (
        "Fondation du Grand Air",
        "2000.00",
    )


@pytest.mark.parametrize("saisie", ["12*", "beaucoup", "1/0", "-5", "1,000", "(3"])
def test_une_case_fautive_garde_son_texte_et_dit_pourquoi(site, brouillon, saisie):
    reponse = site.post("budget", brouillon.pk, **budgets.une_ligne("601", saisie=saisie))
    assert reponse.status_code == 302
    page = site.get("budget", brouillon.pk)
    assert f'value="{saisie}"' in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()
    assert "ne se calcule pas" in lire(page)
    assert LigneDeBudget.objects.get().montant is None


def test_ce_que_dit_une_faute_au_script(site, brouillon):
    champs = budgets.en_un_champ(budgets.une_ligne("601", saisie="12*"))
    dit = site.post("budget", brouillon.pk, script=True, **champs).json()
    assert dit["dit"].endswith("1 point à corriger")
    assert dit["cases"] == {"l-1": ["", "Il manque un nombre après «\u00a0*\u00a0»."]}


def test_les_totaux_se_rendent_sans_rien_enregistrer(site, brouillon):
    reponse = site.post("totaux", brouillon.pk, script=True, **budgets.en_un_champ(budgets.PETIT))
    dit = reponse.json()
    assert dit["cases"]["l-2"] == ["600,00\u00a0€", ""]
    assert dit["postes"]["60"] == "600,00\u00a0€" and dit["postes"]["74"] == "2\u00a0000,00\u00a0€"
    assert dit["phrase"] == "Équilibré."
    assert "Équilibré" in dit["equilibre"]
    assert not brouillon.ecritures.filter(section="budget").exists()


@pytest.mark.parametrize(
    ("demande", "phrase"),
    [
        ("750", "Il manque 1 250 €"),
        ("2000", "Équilibré"),
        ("2300,50", "Il y a 300,50 € de trop"),
    ],
)
def test_l_equilibre_se_dit_en_mots(site, brouillon, demande, phrase):
    site.post("budget", brouillon.pk, **(budgets.PETIT | {"d-1-saisie": demande}))
    assert phrase in lire(site.get("budget", brouillon.pk))


def test_un_financeur_de_l_appel_recoit_ici(site, brouillon, caisse):
    site.post("budget", brouillon.pk, **budgets.une_demande(financeur=str(caisse.pk)))
    demande = Demande.objects.get()
    assert (demande.financeur, demande.guichet, demande.compte) == (
        caisse,
        "plateforme",
        "74orgasoc",
    )
    assert "Crédits de la politique de la ville" in lire(site.get("budget", brouillon.pk))


def test_un_financeur_qui_recoit_ailleurs_a_son_portail(site, brouillon, caisse, sans_declencheurs):
    with sans_declencheurs():
        brouillon.version_d_appel.financeurs.update(
            recoit_ici=False, portail="https://caisse.example/demandes"
        )
    site.post("budget", brouillon.pk, **budgets.une_demande(financeur=str(caisse.pk)))
    demande = Demande.objects.get()
    assert (demande.financeur, demande.guichet) == (caisse, "ailleurs")
    assert demande.lien == "https://caisse.example/demandes"


def test_un_inconnu_ne_passe_pas_pour_un_financeur_de_l_appel(site, brouillon, lieux):
    champs = budgets.une_demande(financeur=str(lieux.moulin.pk), nom="Le Moulin")
    site.post("budget", brouillon.pk, **champs)
    demande = Demande.objects.get()
    assert demande.financeur is None and demande.financeur_nom == "Le Moulin"


def test_une_demande_en_nature_compte_a_part(site, brouillon, caisse):
    champs = budgets.une_demande(financeur=str(caisse.pk), nature="nature", saisie="500")
    site.post("budget", brouillon.pk, **champs)
    page = lire(site.get("budget", brouillon.pk))
    assert "Les postes 86 et 87 diffèrent de 500 €" in page
    assert "S’y ajoutent vos demandes en nature : Caisse des Tilleuls (500 €)" in page


def test_une_demande_cochee_se_retire_sans_javascript(site, brouillon):
    site.post("budget", brouillon.pk, **budgets.PETIT)
    site.post(
        "budget", brouillon.pk, **budgets.lue(brouillon), **budgets.PETIT | {"d-1-retirer": "1"}
    )
    assert not Demande.objects.exists()
    assert LigneDeBudget.objects.count() == 2


def test_un_envoi_coupe_ne_vide_rien(site, brouillon):
    site.post("budget", brouillon.pk, **budgets.PETIT)
    coupes = (
        {k: v for k, v in budgets.PETIT.items() if k != "fin"},
        {"budget": json.dumps({"lignes": []})},
        {"budget": '{"lignes": [{"cle'},
        {"budget": "[" * 100_000},
        {"budget": json.dumps({"lignes": [{"cle": "l-1"}, {"cle": "l-1"}], "demandes": []})},
    )
    for coupe in coupes:
        reponse = site.post("budget", brouillon.pk, **budgets.lue(brouillon), **coupe)
        assert reponse.status_code == 422
        assert "incomplet" in lire(reponse)
    assert LigneDeBudget.objects.count() == 2


def test_la_ligne_de_plus_d_une_page_rendue_ne_prend_pas_la_cle_d_une_autre(site, brouillon):
    """Sans JavaScript, la ligne vide d'un compte s'appelle l-v1 ; remplie puis refusée, elle le reste."""
    champs = {"l-v1-compte": "601", "l-v1-libelle": "Toiles", "l-v1-saisie": "40", "fin": "oui"}
    dossiers.ecrire(site.acteur, brouillon, "budget", budgets.exercice(brouillon, "90"))
    page = site.post("budget", brouillon.pk, lue="autre", **champs)
    assert page.status_code == 409
    assert page.content.decode().count('name="l-v1-saisie"') == 1
    assert 'value="Toiles"' in page.content.decode()


def test_deux_personnes_sur_le_meme_exercice(site, comme, brouillon):
    """La seconde voit les deux textes, le sien entier ; rien de la première n'est perdu."""
    depart = budgets.lue(brouillon)
    autre = comme("contributeur")
    assert autre.post("budget", brouillon.pk, **depart, **budgets.PETIT).status_code == 302
    sienne = budgets.une_ligne("613", "Salle des fêtes", "300")
    reponse = site.post("budget", brouillon.pk, **depart, **sienne)
    assert reponse.status_code == 409
    page = lire(reponse)
    assert "a changé cette section" in page
    assert "Peinture" in page and "Salle des fêtes" in page
    assert LigneDeBudget.objects.filter(libelle="Peinture").exists()
    # Rien n'est changé : enregistrer de nouveau, en connaissance de cause, garde le sien.
    assert f'name="lue" value="{budgets.lue(brouillon)["lue"]}"' in reponse.content.decode()


def test_qui_n_entre_pas_ne_sait_pas_que_le_budget_existe(comme, brouillon):
    for nom in ("meuniere", "instructeur", "pilote", "ancien"):
        for page in ("budget", "coller"):
            assert comme(nom).get(page, brouillon.pk).status_code == 404, nom
        assert comme(nom).post("totaux", brouillon.pk, fin="oui").status_code == 404
    assert comme("visiteur").get("budget", brouillon.pk).status_code == 302


def test_un_lecteur_lit_sans_rien_ecrire(site, comme, brouillon):
    site.post("budget", brouillon.pk, **budgets.PETIT)
    page = lire(comme("lecteur").get("budget", brouillon.pk))
    assert "Peinture" in page and "Équilibré" in page
    assert 'name="fin"' not in page


def test_envoye_trop_tard_le_texte_est_rendu(site, brouillon):
    budgets.deposer(brouillon)
    reponse = site.post("budget", brouillon.pk, **budgets.une_ligne("601", "Toiles et pinceaux"))
    assert reponse.status_code == 422
    page = lire(reponse)
    assert "Ce dossier est déposé" in page and "Toiles et pinceaux" in page


def test_autant_de_requetes_quel_que_soit_le_budget(site, brouillon, caisse):
    lues, comptees = {}, {}
    for nombre in (1, 3, 50):
        lignes = [("601", f"Ligne {rang}", "10") for rang in range(nombre)]
        demandes = [
            {"financeur": str(caisse.pk), "ligne": f"{rang}", "saisie": "10"}
            for rang in range(nombre)
        ]
        envoi = budgets.champs(lignes, demandes)
        site.post("budget", brouillon.pk, **budgets.lue(brouillon), **envoi)
        with CaptureQueriesContext(connection) as lue:
            assert site.get("budget", brouillon.pk).status_code == 200
        with CaptureQueriesContext(connection) as comptee:
            assert site.post("totaux", brouillon.pk, **envoi).status_code == 200
        assert Demande.objects.count() == nombre
        lues[nombre], comptees[nombre] = len(lue), len(comptee)
    assert len(set(lues.values())) == 1, lues
    assert len(set(comptees.values())) == 1, comptees
    assert comptees[1] <= 25
