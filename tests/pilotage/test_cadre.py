"""Les écrans du cadre : déposer, relire, répondre, écrire, publier."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.cadre.actions import importer_cadre
from parvis.cadre.actions.lectures import abandonner
from parvis.cadre.models import Edition, Lecture, Reponse
from parvis.travaux import execution
from tests.decors import decor
from tests.fabriques.cadre import (
    MACHINE,
    avec_fiche,
    contrat_de,
    contrat_publie,
    fiche,
    petit_contrat,
)
from tests.fabriques.lectures import DOCUMENT, deposee, lue
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db


@decor
def lecture(contrat):
    return lue(MACHINE, contrat)


def test_deposer_un_document_le_met_en_lecture(ouvert, contrat):
    site, adresse = ouvert
    fichier = SimpleUploadedFile("mon contrat.txt", DOCUMENT.encode())
    reponse = site.post(adresse("cadre/deposer/"), document=fichier)
    deposee_ = Lecture.objects.get()
    assert reponse["Location"] == adresse(f"cadre/lectures/{deposee_.pk}/")
    page = lire(site.get(reponse["Location"]))
    assert "Parvis lit le document" in page
    assert "mon contrat.txt" in page
    execution.mener(str(deposee_.travail.identifiant))
    page = lire(site.get(reponse["Location"]))
    assert "1 pilier, 1 enjeu, 2 fiches" in page
    assert "Répondre aux questions" in page


@pytest.mark.parametrize("fichier", [None, SimpleUploadedFile("vide.txt", b"")])
def test_un_depot_sans_fichier_se_dit_au_champ(ouvert, contrat, fichier):
    site, adresse = ouvert
    champs = {"document": fichier} if fichier else {}
    reponse = site.post(adresse("cadre/deposer/"), **champs)
    assert reponse.status_code == 422
    assert "fichier" in lire(reponse)
    assert not Lecture.objects.exists()


def test_la_progression_se_rafraichit_puis_la_page_change(ouvert, contrat):
    site, adresse = ouvert
    attend = deposee(MACHINE, contrat)
    chemin = adresse(f"cadre/lectures/{attend.pk}/")
    morceau = site.client.get(chemin, headers={"HX-Request": "true"})
    assert "<html" not in morceau.content.decode()
    assert "progress" in morceau.content.decode()
    execution.mener(str(attend.travail.identifiant))
    assert site.client.get(chemin, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_un_refus_de_lire_se_lit_a_l_ecran(ouvert, contrat):
    site, adresse = ouvert
    refusee = lue(MACHINE, contrat, "rien d'utile ici\n")
    page = lire(site.get(adresse(f"cadre/lectures/{refusee.pk}/")))
    assert "aucune fiche opérationnelle reconnue" in page
    assert "Rien n’a été écrit" in page
    for suite in ("questions/", "en-regard/1-1/"):
        assert site.get(adresse(f"cadre/lectures/{refusee.pk}/{suite}")).status_code == 404


def test_les_questions_portent_le_document_et_la_proposition(ouvert, lecture):
    site, adresse = ouvert
    page = lire(site.get(adresse(f"cadre/lectures/{lecture.pk}/questions/")))
    assert "Zorglub vert" in page
    assert "2 fois" in page
    assert "ADEME" in page


@pytest.mark.parametrize(
    ("choix", "valeur", "attendue"),
    [
        ("accepter", "", "Zorglub vert"),
        ("corriger", "  Zorglub   bleu ", "Zorglub bleu"),
        ("corriger", "", ""),
        ("refuser", "ignorée", ""),
        ("n'importe quoi", "Zorglub gris", "Zorglub gris"),
    ],
)
def test_une_reponse_est_gardee(ouvert, lecture, choix, valeur, attendue):
    site, adresse = ouvert
    lieu = adresse(f"cadre/lectures/{lecture.pk}/")
    envoye = {"question": "partenaire:zorglub vert", "choix": choix, "valeur-0": valeur}
    reponse = site.post(f"{lieu}repondre/", **envoye)
    assert reponse["Location"] == f"{lieu}questions/#questions"
    assert Reponse.objects.get().valeur == attendue


@pytest.mark.parametrize("cle", ["", "partenaire:inconnu", "x" * 5000, "faute:\0"])
def test_une_question_qui_n_existe_pas_n_ecrit_rien(ouvert, lecture, cle):
    site, adresse = ouvert
    reponse = site.post(
        adresse(f"cadre/lectures/{lecture.pk}/repondre/"), question=cle, choix="accepter"
    )
    assert reponse.status_code == 302
    assert not Reponse.objects.exists()


def test_une_question_sans_proposition_n_offre_qu_un_choix(ouvert, lecture):
    site, adresse = ouvert
    page = lire(site.get(adresse(f"cadre/lectures/{lecture.pk}/questions/")))
    question = page[page.index("Qui apporte ce dispositif") :]
    question = question[: question.index("</form>")]
    assert "Personne n’est nommé" in question
    assert "C’est cela" not in question
    assert "Parvis propose" not in question


def test_repondre_depuis_une_fiche_y_ramene(ouvert, lecture):
    site, adresse = ouvert
    lieu = adresse(f"cadre/lectures/{lecture.pk}/")
    envoye = {"question": "partenaire:zorglub vert", "choix": "accepter", "fiche": "1-1"}
    reponse = site.post(f"{lieu}repondre/", **envoye)
    assert reponse["Location"] == f"{lieu}en-regard/1-1/#questions"
    reponse = site.post(f"{lieu}repondre/", **envoye, rang="3")
    assert reponse["Location"] == f"{lieu}en-regard/1-1/#question-3"
    reponse = site.post(f"{lieu}repondre/", **(envoye | {"fiche": "9/9"}))
    assert reponse["Location"] == f"{lieu}questions/#questions"


def test_une_reponse_se_rouvre(ouvert, lecture):
    site, adresse = ouvert
    lieu = adresse(f"cadre/lectures/{lecture.pk}/")
    assert "Réponses données" not in lire(site.get(f"{lieu}questions/"))
    site.post(f"{lieu}repondre/", question="partenaire:zorglub vert", choix="refuser")
    donnee = Reponse.objects.get()
    page = lire(site.get(f"{lieu}questions/"))
    assert "Zorglub vert → non" in page
    assert f'value="{donnee.pk}"' in page
    site.post(f"{lieu}rouvrir/", reponse=str(donnee.pk))
    page = lire(site.get(f"{lieu}questions/"))
    assert "La question est de nouveau posée" in page
    assert "Réponses données" not in page
    assert site.post(f"{lieu}rouvrir/", reponse="x").status_code == 404


def test_une_fiche_en_regard_lie_chaque_element_a_sa_ligne(ouvert, lecture):
    site, adresse = ouvert
    page = lire(site.get(adresse(f"cadre/lectures/{lecture.pk}/en-regard/1-1/")))
    ligne = DOCUMENT.split("\n").index(
        "Partenaires opérateurs\t<p>Associations</p><p>Zorglub vert</p>"
    )
    assert f'href="#l-{ligne + 1}"' in page
    assert f'id="l-{ligne + 1}"' in page
    assert "<p>Zorglub" in page
    assert site.get(adresse(f"cadre/lectures/{lecture.pk}/en-regard/7-7/")).status_code == 404


def test_un_document_hostile_est_montre_sans_etre_execute(ouvert, contrat):
    site, adresse = ouvert
    hostile = DOCUMENT.replace("Zorglub vert", "<script>alert(1)</script><img src=x onerror=y>Zorg")
    lecture = lue(MACHINE, contrat, hostile, "<b>nom</b>.txt")
    for suite in ("", "questions/", "en-regard/1-1/"):
        page = site.get(adresse(f"cadre/lectures/{lecture.pk}/{suite}")).content.decode()
        assert "<script>alert" not in page
        assert "onerror" not in page or "&lt;img" in page
        assert "<b>nom</b>" not in page


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_le_modele_s_emporte_et_vide_se_refuse(ouvert, contrat, extension):
    site, adresse = ouvert
    reponse = site.get(adresse(f"cadre/modele.{extension}"))
    assert f'modele-de-contrat.{extension}"' in reponse["Content-Disposition"]
    fichier = SimpleUploadedFile(f"modele.{extension}", reponse.content)
    site.post(adresse("cadre/deposer/"), document=fichier)
    deposee_ = Lecture.objects.get()
    execution.mener(str(deposee_.travail.identifiant))
    assert "vide" in lire(site.get(adresse(f"cadre/lectures/{deposee_.pk}/")))
    assert site.get(adresse("cadre/modele.exe")).status_code == 404


@pytest.mark.parametrize(("extension", "debut"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_le_document_d_un_brouillon_s_emporte(ouvert, lecture, extension, debut):
    site, adresse = ouvert
    site.post(adresse(f"cadre/lectures/{lecture.pk}/ecrire/"))
    code = Edition.objects.get(contrat=lecture.contrat, publiee_le=None).code
    page = site.get(adresse(f"cadre/editions/{code}/"))
    assert f"cadre/editions/{code}/document.{extension}" in page.text
    recu = site.get(adresse(f"cadre/editions/{code}/document.{extension}"))
    assert recu.content.startswith(debut)
    assert site.get(adresse(f"cadre/editions/{code}/document.odt")).status_code == 404
    public = site.client.get(f"/{lecture.contrat.code}/editions/{code}/document.{extension}")
    assert public.status_code == 404


def test_ecrire_puis_publier(ouvert, lecture):
    site, adresse = ouvert
    reponse = site.post(adresse(f"cadre/lectures/{lecture.pk}/ecrire/"))
    brouillon = Edition.objects.get(statut="brouillon")
    assert reponse["Location"] == adresse(f"cadre/editions/{brouillon.code}/")
    page = lire(site.get(reponse["Location"]))
    assert "Publier cette édition" in page
    assert "Fiche 1-1" in page
    assert "Édition de mars 2016" in lire(site.get(adresse("cadre/")))
    assert (
        site.get(reverse("accueil:edition", args=("tilleuls", brouillon.code))).status_code == 404
    )
    site.post(adresse(f"cadre/editions/{brouillon.code}/publier/"))
    brouillon.refresh_from_db()
    assert brouillon.est_publiee
    page = lire(site.get(reponse["Location"]))
    assert "Elle ne change plus" in page
    assert "Publier cette édition" not in page
    assert "Zorglub" in lire(site.get("/tilleuls/financeurs/"))


@decor
def avenants(contrat):
    """Publie une deuxième édition, puis écrit un brouillon ; rend leurs codes, le plus récent d'abord."""
    deuxieme = avec_fiche(petit_contrat(), fiche("1-1", titre="Deuxième titre"))
    troisieme = avec_fiche(petit_contrat(), fiche("1-1", titre="Troisième titre"))
    contrat_publie(contrat.code, lu_=deuxieme)
    importer_cadre(par=MACHINE, contrat=contrat.code, lu=troisieme, source="essai.txt")
    return "2015-06-3", "2015-06-2", "2015-06"


def test_un_brouillon_se_compare_a_l_edition_en_vigueur(ouvert, avenants):
    site, adresse = ouvert
    brouillon, en_vigueur, _ = avenants
    page = lire(site.get(adresse(f"cadre/editions/{brouillon}/")))
    assert "Ce qui change depuis l’édition de juin 2015 (reprise 2)" in page
    assert "1 passage change, à 1 endroit" in page
    assert "[retiré : </span>Deuxième" in page
    assert "[ajouté : </span>Troisième" in page
    assert f"/editions/{en_vigueur}/fiches/1-1/" in page
    # Un brouillon n'a pas d'adresse publique : rien n'y mène.
    assert f"/tilleuls/editions/{brouillon}/fiches" not in page


def test_une_edition_se_compare_a_celle_que_l_on_choisit(ouvert, avenants):
    site, adresse = ouvert
    brouillon, en_vigueur, premiere = avenants
    page = lire(site.get(adresse(f"cadre/editions/{brouillon}/"), avec=premiere))
    assert "[retiré : </span>Ouvrir des jardins partagés 1-1" in page
    assert f'<option value="{premiere}" selected' in " ".join(page.split())
    page = lire(site.get(adresse(f"cadre/editions/{premiere}/")))
    assert "Première édition de ce contrat" in page
    assert f'<option value="{brouillon}"' in page
    page = lire(site.get(adresse(f"cadre/editions/{premiere}/"), avec=en_vigueur))
    assert "[ajouté : </span>Ouvrir des jardins partagés 1-1" in page


@pytest.mark.parametrize("avec", ["2015-06-3", "1999-01", "\0", "<script>"])
def test_on_ne_compare_qu_avec_une_autre_edition_du_contrat(ouvert, avenants, avec):
    site, adresse = ouvert
    contrat_publie("erables", lu_=petit_contrat(edition="1999-01"))
    chemin = adresse(f"cadre/editions/{avenants[0]}/")
    assert site.get(chemin, avec=avec).status_code == 404


def test_comparer_coute_autant_avec_1_3_ou_50_fiches(ouvert, contrat):
    site, adresse = ouvert
    couts = set()
    for nombre in (1, 3, 50):
        contrat_publie(contrat.code, lu_=contrat_de(nombre))
        change = avec_fiche(contrat_de(nombre), fiche("1-1", titre=f"Titre {nombre}"))
        edition = importer_cadre(
            par=MACHINE, contrat=contrat.code, lu=change, source="essai.txt"
        ).edition
        chemin = adresse(f"cadre/editions/{edition.code}/")
        site.get(chemin)
        with CaptureQueriesContext(connection) as requetes:
            assert site.get(chemin).status_code == 200
        couts.add(len(requetes))
    assert len(couts) == 1, couts


def test_un_document_qui_ne_s_ecrit_pas_dit_pourquoi(ouvert, contrat):
    site, adresse = ouvert
    sans_periode = lue(MACHINE, contrat, DOCUMENT.replace("2016-2022", "").replace("Mars 2016", ""))
    lieu = adresse(f"cadre/lectures/{sans_periode.pk}/")
    assert site.post(f"{lieu}ecrire/")["Location"] == lieu
    assert "période du contrat n’a pas été trouvée" in lire(site.get(lieu))
    assert Edition.objects.count() == 1


def test_renoncer_a_un_document(ouvert, lecture):
    site, adresse = ouvert
    assert site.post(adresse(f"cadre/lectures/{lecture.pk}/renoncer/"))["Location"] == adresse(
        "cadre/"
    )
    lecture.refresh_from_db()
    assert lecture.statut == "abandonnee"
    page = lire(site.get(adresse("cadre/")))
    assert "rien n’a été écrit" in page
    assert "Renoncer" not in lire(site.get(adresse(f"cadre/lectures/{lecture.pk}/")))


def test_une_lecture_abandonnee_ne_prend_plus_de_reponse(ouvert, lecture):
    site, adresse = ouvert
    abandonner(par=MACHINE, lecture=lecture)
    site.post(
        adresse(f"cadre/lectures/{lecture.pk}/repondre/"),
        question="partenaire:zorglub vert",
        choix="accepter",
    )
    assert not Reponse.objects.exists()


def test_ces_pages_se_lisent_en_un_nombre_fixe_de_requetes(
    ouvert, contrat, django_assert_max_num_queries
):
    site, adresse = ouvert
    for rang in range(6):
        lue(MACHINE, contrat, nom=f"contrat-{rang}.txt")
    derniere = Lecture.objects.first()
    for chemin in ("", f"lectures/{derniere.pk}/", f"lectures/{derniere.pk}/questions/"):
        with django_assert_max_num_queries(16):
            assert site.get(adresse(f"cadre/{chemin}")).status_code == 200
