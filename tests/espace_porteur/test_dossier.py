"""La page d'un dossier et ses sections : ce qui s'enregistre, ce qui se dit, ce qui revient à l'écran."""

import pytest
from django.contrib.auth import get_user

from parvis.cadre.actions.indicateurs import ajouter_un_indicateur
from parvis.comptes.models import EnvoiGarde
from parvis.dossiers.actions.dossiers import jeter_un_brouillon
from parvis.dossiers.models import Dossier
from parvis.dossiers.sections import empreinte
from parvis.dossiers.sections.jugement import JUGES
from parvis.espace_porteur.views.pages import PAGES
from parvis.territoires.models import Commune, Quartier
from tests.espace_porteur.conftest import lire, mots
from tests.fabriques import appels, dossiers

pytestmark = pytest.mark.django_db
CALENDRIER = {"debut_le": "01/02/2027", "fin_le": "30/11/2027", "etapes": "", "rythme": ""}


def envoi(dossier, code="calendrier", **champs):
    lue = champs.pop("lue", None) or empreinte(dossiers.dit(dossier, code))
    return {"lue": lue, "complet": "oui", **champs}


def test_un_brouillon_dit_qu_il_n_est_pas_depose(site, brouillon):
    page = mots(site.get("dossier", brouillon.pk))
    assert (
        "Brouillon. Personne d’autre que votre organisme ne le voit. Il n’est pas déposé." in page
    )
    assert "Continuer : Votre organisation" in page
    assert "Ferme dans 30 jours" in page
    assert "Jeter ce brouillon" in page


def test_la_liste_de_taches_dit_qui_a_ecrit_et_ce_qui_ne_va_pas(site, lieux, brouillon):
    par = lieux.acteurs["contributeur"]
    dossiers.ecrire(par, brouillon, "calendrier", {"debut_le": "demain"})
    page = lire(site.get("dossier", brouillon.pk))
    assert f"1 point à corriger · {par.utilisateur}" in page
    assert "À corriger" in page


def test_chaque_section_ouverte_a_sa_page(site, brouillon):
    for code in ("organisation", "projet", *PAGES, "moyens", "partenaires", "droit_commun"):
        page = lire(site.get("section", brouillon.pk, code))
        assert "Enregistrer" in page, code
    assert {"fiches", "lieux"} <= set(PAGES) & set(JUGES)
    for absente in ("lune", "questions"):
        assert site.get("section", brouillon.pk, absente).status_code == 404


def test_le_nombre_de_requetes_ne_depend_pas_de_ce_qui_est_ecrit(
    site, lieux, brouillon, django_assert_max_num_queries
):
    par = lieux.acteurs["gestionnaire"]
    site.get("section", brouillon.pk, "partenaires")
    comptes = []
    for nombre in (1, 3, 50):
        lignes = [{"nom": f"Partenaire {n}", "role": "Aide"} for n in range(nombre)]
        dossiers.ecrire(par, brouillon, "partenaires", lignes)
        with django_assert_max_num_queries(70) as compte:
            site.get("section", brouillon.pk, "partenaires")
        comptes.append(len(compte))
    assert len(set(comptes)) == 1, comptes


def test_enregistrer_sans_script_revient_a_la_page(site, brouillon):
    reponse = site.post("section", brouillon.pk, "calendrier", **envoi(brouillon), **CALENDRIER)
    assert reponse["Location"] == f"/tilleuls/dossiers/{brouillon.pk}/calendrier/"
    assert "Enregistré à" in lire(site.client.get(reponse["Location"]))
    assert dossiers.dit(brouillon, "calendrier") == {
        "debut_le": "01/02/2027",
        "fin_le": "30/11/2027",
    }


def test_une_faute_s_enregistre_et_se_dit_au_champ(site, brouillon):
    champs = CALENDRIER | {"debut_le": "au printemps"}
    reponse = site.post(
        "section", brouillon.pk, "calendrier", script=True, **envoi(brouillon), **champs
    )
    dit = reponse.json()
    assert dit["dit"].endswith("· 1 point à corriger")
    assert dit["fautes"] == [
        ["id_debut_le", "« Commence le » est une date, par exemple 31/12/2026."]
    ]
    assert dit["champs"]["lue"] == empreinte(dossiers.dit(brouillon, "calendrier"))
    page = lire(site.get("section", brouillon.pk, "calendrier"))
    assert 'value="au printemps"' in page
    assert 'href="#id_debut_le"' in page


def test_la_faute_d_une_ligne_va_a_sa_ligne_meme_apres_une_vide(site, brouillon):
    lignes = {
        "l-TOTAL_FORMS": "3",
        "l-INITIAL_FORMS": "0",
        **{f"l-{n}-{champ}": "" for n in range(3) for champ in ("nom", "unite", "source", "cible")},
        "l-2-nom": "Arbres",
        "l-2-cible": "beaucoup",
    }
    reponse = site.post(
        "section",
        brouillon.pk,
        "indicateurs",
        script=True,
        **envoi(brouillon, "indicateurs"),
        **lignes,
    )
    ((ancre, phrase),) = reponse.json()["fautes"]
    assert ancre == "id_l-2-cible" and phrase.startswith("Ligne 3 : « Ce que vous visez »")


def test_deux_personnes_se_croisent_les_deux_textes_se_montrent(site, comme, lieux, brouillon):
    avant = empreinte({})
    dossiers.ecrire(lieux.acteurs["contributeur"], brouillon, "calendrier", {"rythme": "Le mardi"})
    champs = CALENDRIER | {"rythme": "Le jeudi matin"}
    parti = envoi(brouillon, lue=avant)
    script = site.post("section", brouillon.pk, "calendrier", script=True, **parti, **champs)
    assert script.status_code == 409
    assert "a changé cette section pendant que vous écriviez" in script.json()["dit"]
    reponse = site.post("section", brouillon.pk, "calendrier", **parti, **champs)
    assert reponse.status_code == 409
    page = lire(reponse)
    assert "De l’autre texte au vôtre" in page
    assert 'value="Le jeudi matin"' in page
    assert "mardi" in page
    assert dossiers.dit(brouillon, "calendrier") == {"rythme": "Le mardi"}


def test_un_envoi_coupe_ne_vide_pas_la_section(site, lieux, brouillon):
    dossiers.ecrire(lieux.acteurs["gestionnaire"], brouillon, "calendrier", {"rythme": "Le mardi"})
    for partiel in ({}, {"debut_le": "01/02/2027"}):
        reponse = site.post("section", brouillon.pk, "calendrier", **envoi(brouillon), **partiel)
        assert reponse.status_code == 422
    coupe = {"lue": empreinte(dossiers.dit(brouillon, "fiches"))}
    assert site.post("section", brouillon.pk, "fiches", **coupe).status_code == 422
    assert dossiers.dit(brouillon, "calendrier") == {"rythme": "Le mardi"}


def test_un_brouillon_jete_rend_le_texte_a_l_ecran(site, lieux, brouillon):
    jeter_un_brouillon(par=lieux.acteurs["contributeur"], dossier=brouillon)
    champs = CALENDRIER | {"rythme": "Le jeudi matin, hors vacances"}
    parti = {"lue": "x", "complet": "oui", **champs}
    script = site.post("section", brouillon.pk, "calendrier", script=True, **parti)
    assert script.status_code == 404
    assert "Votre texte est toujours ici" in script.json()["dit"]
    reponse = site.post("section", brouillon.pk, "calendrier", **parti)
    assert reponse.status_code == 404
    assert "Le jeudi matin, hors vacances" in lire(reponse)


def test_un_dossier_depose_ne_s_ecrit_plus_et_rend_le_texte(site, brouillon):
    from django.utils import timezone

    Dossier.objects.filter(pk=brouillon.pk).update(
        etat="depose", depose_le=timezone.now(), depose_par="Awa", numero=42
    )
    page = lire(site.get("section", brouillon.pk, "calendrier"))
    assert "<form" not in page.partition("<main")[2].partition("ecrire__remarques")[0]
    champs = CALENDRIER | {"rythme": "Le jeudi matin, hors vacances"}
    reponse = site.post("section", brouillon.pk, "calendrier", lue="x", complet="oui", **champs)
    assert reponse.status_code == 422
    assert "Ce que vous écriviez" in lire(reponse)
    assert "Le jeudi matin, hors vacances" in lire(reponse)
    assert dossiers.dit(brouillon, "calendrier") == {}


def test_qui_lit_seulement_lit_sans_ecrire(comme, brouillon):
    site = comme("lecteur")
    page = lire(site.get("section", brouillon.pk, "projet"))
    assert "Titre du projet : Le jardin du Pré-Joli" in page
    assert "Laisser une remarque" not in page
    reponse = site.post("section", brouillon.pk, "calendrier", lue="x", complet="oui", **CALENDRIER)
    assert "il ne l’écrit pas" in lire(reponse)


def test_sans_session_le_texte_attend_meme_par_le_script(site, brouillon):
    champs = envoi(brouillon) | CALENDRIER | {"rythme": "Le jeudi matin"}
    site.client.logout()
    assert not get_user(site.client).is_authenticated
    reponse = site.post("section", brouillon.pk, "calendrier", script=True, **champs)
    assert reponse.status_code == 302
    garde = EnvoiGarde.objects.get()
    assert garde.utilisateur == site.acteur.utilisateur
    assert garde.adresse == f"/tilleuls/dossiers/{brouillon.pk}/calendrier/"


def test_choisir_ses_fiches_et_ce_a_quoi_on_ressemble(site, brouillon):
    page = lire(site.get("section", brouillon.pk, "fiches"))
    assert "Ouvrir des jardins partagés 1-2" in page and "Créer un jardin partagé" in page
    choix = {"fiche": ["1-1", "1-2"], "principale": "1-2", "types-1-1": ["Créer un jardin partagé"]}
    site.post("section", brouillon.pk, "fiches", **envoi(brouillon, "fiches"), **choix)
    assert dossiers.dit(brouillon, "fiches") == {
        "principale": "1-2",
        "fiches": {"1-1": ["Créer un jardin partagé"], "1-2": []},
    }
    page = lire(site.get("section", brouillon.pk, "fiches"))
    assert "À savoir, d’après vos fiches" in page
    assert "projets familiaux" in page
    assert "Aide au démarrage" in page


def test_choisir_ses_lieux(site, brouillon):
    commune, quartier = Commune.objects.get(), Quartier.objects.get()
    choix = {"echelle": "quartiers", "quartier": [str(quartier.pk)], "ailleurs": ""}
    site.post("section", brouillon.pk, "lieux", **envoi(brouillon, "lieux"), **choix)
    assert [str(lieu) for lieu in brouillon.lieux.all()] == [str(quartier)]
    choix |= {"echelle": "", "ailleurs": "val des tilleuls", "quartier": []}
    site.post("section", brouillon.pk, "lieux", **envoi(brouillon, "lieux"), **choix)
    assert dossiers.dit(brouillon, "lieux") == {"echelle": "communes", "communes": [commune.code]}
    choix |= {"ailleurs": "Nulle-Part"}
    site.post("section", brouillon.pk, "lieux", **envoi(brouillon, "lieux"), **choix)
    page = lire(site.get("section", brouillon.pk, "lieux"))
    assert "Ce contrat ne couvre pas Nulle-Part" in page
    assert 'value="Nulle-Part"' in page


def test_un_indicateur_de_la_fiche_s_ajoute_d_un_geste(site, lieux, contrat, brouillon):
    par = lieux.acteurs["gestionnaire"]
    dossiers.ecrire(par, brouillon, "fiches", {"principale": "1-1", "fiches": {"1-1": []}})
    propose = ajouter_un_indicateur(
        par=lieux.acteurs["pilote"],
        contrat=contrat,
        fiche=contrat.fiches.get(numero="1-1"),
        nom="Arbres plantés",
        unite="arbres",
    )
    page = mots(site.get("section", brouillon.pk, "indicateurs"))
    assert "Ajouter « Arbres plantés »" in page
    champs = {
        "l-TOTAL_FORMS": "1",
        "l-INITIAL_FORMS": "0",
        **{f"l-0-{c}": "" for c in ("nom", "unite", "source", "cible")},
        "l-0-nom": "Repas partagés",
        "indicateur": propose.pk,
    }
    for _ in range(2):
        parti = envoi(brouillon, "indicateurs")
        site.post("section", brouillon.pk, "indicateurs", **parti, **champs)
    assert dossiers.dit(brouillon, "indicateurs") == [
        {"nom": "Repas partagés"},
        {"nom": "Arbres plantés", "unite": "arbres"},
    ]
    assert "Ajouter « Arbres" not in mots(site.get("section", brouillon.pk, "indicateurs"))


def test_une_remarque_se_laisse_se_regle_et_ne_se_perd_pas(site, comme, brouillon):
    site.post("remarquer", brouillon.pk, "calendrier", texte="En mai plutôt ?")
    page = lire(comme("contributeur").get("section", brouillon.pk, "calendrier"))
    assert "En mai plutôt ?" in page
    assert "1 remarque à régler" in lire(site.get("dossier", brouillon.pk))
    remarque = brouillon.commentaires.get()
    comme("contributeur").post("regler", brouillon.pk, "calendrier", remarque.pk)
    assert "1 remarque réglée" in lire(site.get("section", brouillon.pk, "calendrier"))
    longue = "mot " * 600
    reponse = site.post("remarquer", brouillon.pk, "calendrier", texte=longue)
    assert reponse.status_code == 422
    assert longue.strip() in lire(reponse)


def test_une_ecriture_passee_se_relit_et_se_reprend(site, lieux, brouillon):
    dossiers.ecrire(lieux.acteurs["contributeur"], brouillon, "calendrier", {"rythme": "Le mardi"})
    dossiers.ecrire(lieux.acteurs["signataire"], brouillon, "calendrier", {"rythme": "Le jeudi"})
    assert "2 écritures" in lire(site.get("section", brouillon.pk, "calendrier"))
    lue = empreinte(dossiers.dit(brouillon, "calendrier"))
    site.post("reprendre", brouillon.pk, "calendrier", 1, lue=lue)
    assert dossiers.dit(brouillon, "calendrier") == {"rythme": "Le mardi"}
    site.post("reprendre", brouillon.pk, "calendrier", 2, lue="périmée")
    assert dossiers.dit(brouillon, "calendrier") == {"rythme": "Le mardi"}


def test_l_appel_change_le_dossier_le_voit_et_le_suit(site, lieux, brouillon):
    pilote = lieux.acteurs["pilote"]
    nouvelle = appels.appels.preparer_une_version(par=pilote, appel=brouillon.appel)
    appels.presenter(pilote, nouvelle, ferme_le=appels.dans(45))
    appels.appels.publier_l_appel(
        par=pilote, version=nouvelle, ce_qui_change="Deux semaines de plus."
    )
    page = mots(site.get("dossier", brouillon.pk))
    assert "L’appel a changé depuis que vous l’avez ouvert" in page
    assert "Deux semaines de plus." in page
    assert "Ferme dans 45 jours" in page
    site.post("suivre", brouillon.pk)
    assert "L’appel a changé" not in lire(site.get("dossier", brouillon.pk))


def test_jeter_demande_un_envoi_et_mene_a_mes_projets(site, brouillon):
    assert site.get("jeter", brouillon.pk).status_code == 405
    reponse = site.post("jeter", brouillon.pk)
    assert reponse["Location"] == "/tilleuls/projets/"
    assert not Dossier.objects.exists()


def test_enregistrer_une_section_ne_lit_que_ce_qu_elle_demande(
    site, brouillon, django_assert_max_num_queries
):
    """Le soir de la clôture, deux cents personnes enregistrent toutes les huit secondes."""
    site.post("section", brouillon.pk, "calendrier", script=True, **envoi(brouillon), **CALENDRIER)
    champs = envoi(brouillon) | CALENDRIER | {"rythme": "Le jeudi matin"}
    with django_assert_max_num_queries(14):
        reponse = site.post("section", brouillon.pk, "calendrier", script=True, **champs)
    assert reponse.status_code == 200
    assert dossiers.dit(brouillon, "calendrier")["rythme"] == "Le jeudi matin"
