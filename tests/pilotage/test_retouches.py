"""Les écrans où l'on retouche un brouillon : plan, objet, section, versions, conflit."""

import pytest
from django.utils import timezone

from parvis.cadre.actions import publier_edition
from parvis.cadre.actions.brouillons import preparer_un_avenant
from parvis.cadre.actions.plan import retirer_une_fiche
from parvis.cadre.models import Edition, VersionDeSection
from parvis.cadre.sections import empreinte
from parvis.comptes.acteur import Acteur
from tests.decors import decor
from tests.fabriques.retouches import dit, retoucher
from tests.pilotage.conftest import jeton_de, lire

pytestmark = pytest.mark.django_db
MOMO = Acteur.machine("Momo")
JSON = {"Accept": "application/json"}


@decor
def brouillon(contrat):
    return preparer_un_avenant(par=MOMO, edition=contrat.editions.get())


@pytest.fixture
def ici(ouvert, brouillon):
    """Rend le site, et l'adresse d'une page du brouillon."""
    site, adresse = ouvert
    return site, lambda suite="": adresse(f"cadre/editions/{brouillon.code}/{suite}")


DESCRIPTIF = "plan/fiche-1-1/descriptif/"


def lue(brouillon, cle="fiche-1-1", code="descriptif"):
    return empreinte(dit(brouillon, cle, code))


def test_preparer_un_avenant_mene_au_plan(ouvert, contrat):
    site, adresse = ouvert
    reponse = site.post(adresse("cadre/editions/2015-06/avenant/"))
    code = f"{timezone.localdate():%Y-%m}"
    assert reponse["Location"] == adresse(f"cadre/editions/{code}/plan/")
    page = lire(site.get(reponse["Location"]))
    assert "L’avenant est prêt" in page
    assert "Fiche 1-1 : Ouvrir des jardins partagés 1-1" in page
    assert "sur la copie de l’édition de juin 2015" in lire(
        site.get(adresse(f"cadre/editions/{code}/"))
    )


def test_le_plan_ne_coute_pas_plus_de_requetes_quand_on_retouche(
    ici, brouillon, django_assert_num_queries
):
    site, adresse = ici
    site.get(adresse("plan/"))  # la première page apprend qui agit
    with django_assert_num_queries(11):
        site.get(adresse("plan/"))
    for numero in ("1-1", "1-2", "2-1"):
        retoucher(MOMO, brouillon, f"fiche-{numero}")
    with django_assert_num_queries(11):
        page = lire(site.get(adresse("plan/")))
    assert page.count("1 section retouchée") == 3


@pytest.mark.parametrize("cle", ["contrat", "pilier-1", "enjeu-1", "fiche-1-1"])
def test_chaque_objet_montre_ses_sections(ici, cle):
    site, adresse = ici
    page = lire(site.get(adresse(f"plan/{cle}/")))
    assert "Modifier" in page
    assert ("Retirer de ce brouillon" in page) == (cle != "contrat")
    assert ("Mettre à une autre place" in page) == (cle != "contrat")


@pytest.mark.parametrize(
    "suite",
    [
        "plan/lune/",
        "plan/pilier-9/",
        "plan/pilier-x/",
        "plan/enjeu-9/",
        "plan/fiche-9-9/",
        "plan/fiche-1-1/lune/",
    ],
)
def test_ce_qui_n_existe_pas_repond_404(ici, suite):
    site, adresse = ici
    assert site.get(adresse(suite)).status_code == 404


def test_enregistrer_sans_script_revient_a_la_page(ici, brouillon):
    site, adresse = ici
    reponse = site.post(adresse(DESCRIPTIF), descriptif="Semer.", lue=lue(brouillon))
    assert reponse["Location"] == adresse(DESCRIPTIF)
    page = lire(site.get(reponse["Location"]))
    assert "Enregistré à" in page
    assert "2 versions" in page
    assert "Celle du brouillon" in page


def test_enregistrer_par_le_script_rend_la_nouvelle_empreinte(ici, brouillon):
    site, adresse = ici
    champs = {"_acteur": jeton_de(site), "descriptif": "Semer.", "lue": lue(brouillon)}
    reponse = site.client.post(adresse(DESCRIPTIF), champs, headers=JSON)
    assert reponse.json()["champs"]["lue"] == lue(brouillon)
    assert reponse.json()["dit"].startswith("Enregistré à ")
    encore = site.client.post(adresse(DESCRIPTIF), champs | {"lue": "perdue"}, headers=JSON)
    assert encore.json()["dit"].startswith("Enregistré à ")
    assert VersionDeSection.objects.count() == 2


def test_un_conflit_montre_les_deux_textes_et_garde_le_mien(ici, brouillon):
    site, adresse = ici
    avant = lue(brouillon)
    retoucher(MOMO, brouillon, saisie={"descriptif": "Le texte de Momo."})
    reponse = site.post(adresse(DESCRIPTIF), descriptif="Le mien.", lue=avant)
    assert reponse.status_code == 409
    page = lire(reponse)
    assert "Momo a changé cette section" in page
    assert "Le mien.</textarea>" in page
    assert "<del>" in page and "<ins>" in page
    assert f'value="{lue(brouillon)}"' in page  # enregistrer de nouveau, en connaissance, l'emporte
    fait = site.post(adresse(DESCRIPTIF), descriptif="Le mien.", lue=lue(brouillon))
    assert fait.status_code == 302
    assert dit(brouillon, "fiche-1-1", "descriptif") == {"descriptif": "Le mien."}


def test_un_conflit_se_dit_au_script(ici, brouillon):
    site, adresse = ici
    retoucher(MOMO, brouillon)
    champs = {"_acteur": jeton_de(site), "descriptif": "Le mien.", "lue": "ancienne"}
    reponse = site.client.post(adresse(DESCRIPTIF), champs, headers=JSON)
    assert reponse.status_code == 409
    assert "Momo a changé cette section" in reponse.json()["dit"]


def _constat(rang, **dits):
    """Rend tous les champs d'une ligne, comme la page les envoie."""
    vides = dict.fromkeys(("texte", "valeur", "unite", "annee", "territoire", "source"), "")
    return {f"l-{rang}-{nom}": texte for nom, texte in (vides | dits).items()}


def test_un_envoi_incomplet_ne_vide_pas_la_section(ici, brouillon):
    site, adresse = ici
    avant = dit(brouillon, "fiche-1-1", "constats")
    coupe = {"l-TOTAL_FORMS": "1", "l-INITIAL_FORMS": "1", "l-0-texte": "Il y a"}
    for champs in ({}, coupe):
        reponse = site.post(
            adresse("plan/fiche-1-1/constats/"), lue=lue(brouillon, code="constats"), **champs
        )
        assert reponse.status_code == 422
        assert "Cet envoi est incomplet" in lire(reponse)
    assert site.post(adresse(DESCRIPTIF), lue=lue(brouillon)).status_code == 422
    assert dit(brouillon, "fiche-1-1", "constats") == avant


def test_une_faute_se_dit_au_champ_et_garde_la_saisie(ici, brouillon):
    site, adresse = ici
    chemin = adresse("plan/fiche-1-1/constats/")
    champs = {
        "l-TOTAL_FORMS": "2",
        "l-INITIAL_FORMS": "1",
        **_constat(0, texte="Il y a 3 jardins.", valeur="trois", ORDER="2"),
        **_constat(1, texte="", valeur="5", ORDER="1"),
        "lue": lue(brouillon, code="constats"),
    }
    reponse = site.post(chemin, **champs)
    assert reponse.status_code == 422
    page = lire(reponse)
    assert "Pas encore enregistré" in page
    assert "Ligne 1 : « Constat » ne peut pas rester vide." in page
    assert "Ligne 2 : « Valeur » est un nombre" in page
    assert 'href="#id_l-0-valeur"' in page
    assert 'value="trois"' in page
    assert (
        site.client.post(chemin, champs | {"_acteur": jeton_de(site)}, headers=JSON)
        .json()["dit"]
        .startswith("Ligne 1 : « Constat »")
    )


def test_les_lignes_se_rangent_se_retirent_et_s_ajoutent_sans_script(ici, brouillon):
    site, adresse = ici
    reponse = site.post(
        adresse("plan/fiche-1-1/types_d_action/"),
        **{
            "l-TOTAL_FORMS": "4",
            "l-INITIAL_FORMS": "2",
            "l-0-texte": "Créer un jardin partagé",
            "l-0-ORDER": "2",
            "l-1-texte": "Former des jardiniers",
            "l-1-ORDER": "1",
            "l-1-DELETE": "on",
            "l-2-texte": "Composter",
            "l-2-ORDER": "1",
            "l-3-texte": "",
            "lue": lue(brouillon, code="types_d_action"),
        },
    )
    assert reponse.status_code == 302
    lignes = dit(brouillon, "fiche-1-1", "types_d_action")
    assert [ligne["texte"] for ligne in lignes] == ["Composter", "Créer un jardin partagé"]


def test_ce_qui_s_ecrit_dans_une_fiche_retiree_revient_a_l_ecran(ici, brouillon):
    site, adresse = ici
    avant = lue(brouillon)
    retirer_une_fiche(par=MOMO, edition=brouillon, numero="1-1")
    reponse = site.post(adresse(DESCRIPTIF), descriptif="Une heure de travail.", lue=avant)
    assert reponse.status_code == 404
    page = lire(reponse)
    assert "Une heure de travail." in page and avant not in page
    champs = {"_acteur": jeton_de(site), "descriptif": "Une heure de travail.", "lue": avant}
    reponse = site.client.post(adresse(DESCRIPTIF), champs, headers=JSON)
    assert reponse.status_code == 404
    assert "Votre texte est toujours ici" in reponse.json()["dit"]


def test_reprendre_une_version_qu_un_autre_a_depassee_se_refuse(ici, brouillon):
    site, adresse = ici
    retoucher(MOMO, brouillon)
    perimee = lue(brouillon)
    retoucher(Acteur.machine("Léa"), brouillon, saisie={"descriptif": "Le texte de Léa."})
    site.post(adresse(f"{DESCRIPTIF}versions/1/"), lue=perimee)
    assert dit(brouillon, "fiche-1-1", "descriptif") == {"descriptif": "Le texte de Léa."}
    assert "Léa a changé cette section" in lire(site.get(adresse(DESCRIPTIF)))


def test_publier_ce_qu_on_n_a_pas_compare_se_refuse(ici, contrat, brouillon):
    site, adresse = ici
    reponse = site.post(adresse("publier/"), en_vigueur="2014-01")
    assert reponse["Location"] == adresse()
    assert "Une autre édition vient d’être publiée" in lire(site.get(adresse()))
    assert not contrat.editions.get(pk=brouillon.pk).est_publiee
    assert 'name="en_vigueur" value="2015-06"' in lire(site.get(adresse()))
    site.post(adresse("publier/"), en_vigueur="2015-06")
    assert contrat.editions.get(pk=brouillon.pk).est_publiee


def test_reprendre_une_version(ici, brouillon):
    site, adresse = ici
    avant = dit(brouillon, "fiche-1-1", "descriptif")
    retoucher(MOMO, brouillon)
    reponse = site.post(adresse(f"{DESCRIPTIF}versions/1/"), lue=lue(brouillon))
    assert reponse["Location"] == adresse(DESCRIPTIF)
    assert dit(brouillon, "fiche-1-1", "descriptif") == avant
    assert "3 versions" in lire(site.get(adresse(DESCRIPTIF)))


def test_ajouter_une_fiche_mene_a_elle(ici):
    site, adresse = ici
    champs = {"fiche-enjeu": "1", "fiche-numero": "1-3", "fiche-titre": "Composter"}
    reponse = site.post(adresse("plan/"), ajout="fiche", **champs)
    assert reponse["Location"] == adresse("plan/fiche-1-3/")
    page = lire(site.get(reponse["Location"]))
    assert page.count("Rien pour l’instant.") > 5
    assert "Ajouter une fiche" in lire(site.get(adresse("plan/")))
    assert site.get(adresse("plan/fiche-1-3/financeurs/")).status_code == 200


def test_le_fil_d_ariane_a_des_apostrophes_courbes(ici, brouillon):
    site, adresse = ici
    brouillon.versions.filter(fiche__numero="1-1").update(titre="Ouvrir l'école d'été")
    for page in ("plan/fiche-1-1/", "plan/fiche-1-1/financeurs/"):
        fil = lire(site.get(adresse(page))).partition("fil__liste")[2].partition("</ol>")[0]
        assert "Ouvrir l’école d’été" in fil


def test_ajouter_un_enjeu_mene_a_lui(ici):
    site, adresse = ici
    champs = {"enjeu-pilier": "1", "enjeu-numero": "7", "enjeu-titre": "Respirer"}
    reponse = site.post(adresse("plan/"), ajout="enjeu", **champs)
    assert reponse["Location"] == adresse("plan/enjeu-7/")


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"fiche-numero": "1-1", "fiche-titre": "X", "fiche-enjeu": "1"}, "déjà pris"),
        ({"fiche-numero": "1-9", "fiche-titre": "", "fiche-enjeu": "1"}, "obligatoire"),
        ({"fiche-numero": "1-9", "fiche-titre": "X", "fiche-enjeu": "9"}, "choix"),
    ],
)
def test_un_ajout_refuse_dit_pourquoi(ici, champs, phrase):
    site, adresse = ici
    reponse = site.post(adresse("plan/"), ajout="fiche", **champs)
    assert reponse.status_code == 422
    assert phrase in lire(reponse)


def test_ajouter_un_pilier_mene_a_lui_et_il_se_retire(ici, brouillon):
    site, adresse = ici
    reponse = site.post(adresse("plan/"), ajout="pilier", **{"pilier-titre": "Respirer"})
    assert reponse["Location"] == adresse("plan/pilier-3/")
    assert "Respirer" in lire(site.get(reponse["Location"]))
    site.post(adresse("plan/pilier-3/retirer/"))
    assert brouillon.piliers.count() == 2
    assert site.post(adresse("plan/"), ajout="lune").status_code == 404


@pytest.mark.parametrize(
    ("cle", "place", "choisie", "apres"),
    [
        ("fiche-1-1", "enjeu-1", "fiche-2-1", "fiche-1-1"),
        ("enjeu-2", "enjeu-1", "pilier-1", "enjeu-2"),
        ("pilier-2", "pilier-1", "contrat", "pilier-1"),
    ],
)
def test_deplacer_propose_la_place_actuelle_et_mene_a_l_objet(ici, cle, place, choisie, apres):
    site, adresse = ici
    page = lire(site.get(adresse(f"plan/{cle}/")))
    assert f'value="{place}" selected' in page
    assert f'value="{cle}"' not in page  # on ne se suit pas soi-même
    reponse = site.post(adresse(f"plan/{cle}/deplacer/"), apres=choisie)
    assert reponse["Location"] == adresse(f"plan/{apres}/")
    page = lire(site.get(reponse["Location"]))
    assert "À sa nouvelle place" in page
    assert f'value="{choisie}" selected' in page


def test_changer_de_numero_mene_a_la_nouvelle_adresse(ici):
    site, adresse = ici
    assert "Changer de numéro" in lire(site.get(adresse("plan/fiche-1-1/")))
    assert "Changer de numéro" not in lire(site.get(adresse("plan/pilier-1/")))
    reponse = site.post(adresse("plan/fiche-1-1/renumeroter/"), numero="1-7")
    assert reponse["Location"] == adresse("plan/fiche-1-7/")
    site.post(adresse("plan/fiche-1-7/renumeroter/"), numero="1-2")
    assert "déjà pris" in lire(site.get(adresse("plan/fiche-1-7/")))


def test_une_place_partie_se_dit(ici):
    site, adresse = ici
    site.post(adresse("plan/fiche-1-1/deplacer/"), apres="fiche-9-9")
    assert "Choisissez une place" in lire(site.get(adresse("plan/fiche-1-1/")))


def test_une_edition_publiee_ne_propose_pas_de_place(ouvert):
    site, adresse = ouvert
    racine = adresse("cadre/editions/2015-06/plan/fiche-1-1/")
    assert "Mettre à une autre place" not in lire(site.get(racine))
    site.post(f"{racine}deplacer/", apres="fiche-1-2")
    assert "Préparez un avenant" in lire(site.get(racine))


def test_retirer_une_fiche_mene_au_plan_et_un_enjeu_plein_se_refuse(ici, brouillon):
    site, adresse = ici
    assert site.post(adresse("plan/fiche-1-1/retirer/"))["Location"] == adresse("plan/")
    assert not brouillon.versions.filter(fiche__numero="1-1").exists()
    reponse = site.post(adresse("plan/enjeu-1/retirer/"))
    assert reponse["Location"] == adresse("plan/enjeu-1/")
    assert "déplacez d’abord" in lire(site.get(reponse["Location"]))
    assert site.post(adresse("plan/contrat/retirer/")).status_code == 404


def test_jeter_un_brouillon_ramene_au_cadre(ici, ouvert, brouillon):
    site, adresse = ici
    assert site.post(adresse("jeter/"))["Location"] == ouvert[1]("cadre/")
    assert not Edition.objects.filter(pk=brouillon.pk).exists()


def test_une_edition_publiee_se_lit_et_ne_s_ecrit_pas(ouvert, contrat):
    site, adresse = ouvert
    racine = adresse("cadre/editions/2015-06/")
    page = lire(site.get(f"{racine}{DESCRIPTIF}"))
    assert "elle ne change plus" in page
    assert "<textarea" not in page
    reponse = site.post(f"{racine}{DESCRIPTIF}", descriptif="Semer.", lue="x")
    assert reponse.status_code == 422
    assert "publiée pendant que vous écriviez" in lire(reponse)
    assert "Semer." in lire(reponse)
    site.post(f"{racine}jeter/")
    assert contrat.editions.filter(code="2015-06").exists()


def test_un_brouillon_ne_se_voit_pas_du_public(ici, client, brouillon, contrat):
    assert client.get(f"/{contrat.code}/editions/{brouillon.code}/").status_code == 404
    site, adresse = ici
    assert f"/{contrat.code}/editions/{brouillon.code}/" not in lire(site.get(adresse("plan/")))


def test_un_brouillon_depasse_le_dit(ici, ouvert, contrat, brouillon):
    site, adresse = ici
    assert "a été publiée depuis" not in lire(site.get(adresse()))
    retoucher(MOMO, brouillon)
    autre = preparer_un_avenant(par=MOMO, edition=contrat.editions.get(code="2015-06"))
    publier_edition(par=MOMO, edition=autre)
    page = lire(site.get(adresse()))
    assert "(reprise 2) a été publiée depuis" in page
    assert "L’édition" in page.partition("a été publiée depuis")[0][-60:]
    assert "a été publiée depuis" not in lire(site.get(ouvert[1](f"cadre/editions/{autre.code}/")))
