"""Les écrans des enveloppes : tenir les siennes, lire ce qui reste, emporter, se tromper sans rien perdre."""

import html
import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from parvis.comptes.enums import Role
from parvis.programmation.actions.enveloppes import reporter
from parvis.programmation.models import Enveloppe, Mouvement
from parvis.programmation.queries import enveloppes as queries
from tests.decors import decor
from tests.fabriques.comptes import entrer, envoi
from tests.fabriques.enveloppes import bourse as monde
from tests.fabriques.enveloppes import demande, enveloppe, voter

JOUR = timezone.localdate


@decor
def bourse():
    """Rend un appel, ses deux financeurs, qui tient leurs enveloppes, et un dossier."""
    return monde()


@pytest.fixture
def site(bourse):
    """Rend le navigateur de qui tient les enveloppes de la caisse."""
    return entrer(bourse.caissiere.utilisateur)


def texte(reponse) -> str:
    lu = html.unescape(reponse.content.decode())
    return " ".join(lu.replace("\xa0", " ").split())


def adresse(b, suite: str = "") -> str:
    return f"/{b.ici.contrat.code}/enveloppes/{suite}"


def poster(site, b, suite, **champs):
    saisi = {"sens": "donner", "decide_le": JOUR().isoformat(), "motif": ""} | champs
    return site.post(adresse(b, suite), envoi(b.caissiere, **saisi))


def test_sans_enveloppe_la_page_dit_quoi_faire(site, bourse):
    reponse = site.get(adresse(bourse))
    assert "Pas encore d’enveloppe pour cette année" in texte(reponse)
    assert f"enveloppes/nouvelle/?exercice={JOUR().year}" in reponse.content.decode()


def test_creer_une_enveloppe_puis_une_sous_enveloppe(site, bourse):
    reponse = poster(
        site,
        bourse,
        "nouvelle/",
        ligne="Politique de la ville",
        exercice="2026",
        montant="12 500,50",
    )
    mere = Enveloppe.objects.get()
    assert reponse.headers["Location"] == adresse(bourse, f"{mere.pk}/")
    assert mere.montant_reste == Decimal("12500.50")
    page = texte(site.get(adresse(bourse, f"nouvelle/?mere={mere.pk}")))
    assert "Il reste 12 500,50 € dans « Politique de la ville »." in page
    assert 'name="exercice"' not in page
    pilier = next(iter(queries.piliers_du_contrat(bourse.ici.contrat)))
    suite = f"nouvelle/?mere={mere.pk}"
    poster(site, bourse, suite, ligne="Fonds", pour=f"pilier:{pilier}", montant="2500")
    fille = Enveloppe.objects.get(mere=mere)
    assert (fille.pilier, fille.exercice, fille.montant_reste) == (pilier, 2026, 2500)


def test_une_saisie_refusee_garde_le_texte_et_dit_tout(site, bourse):
    reponse = poster(site, bourse, "nouvelle/", ligne="Fonds", exercice="vingt", montant="12,345")
    assert reponse.status_code == 422
    page = texte(reponse)
    assert "Écrivez une année, par exemple 2026." in page
    assert 'value="12,345"' in page and 'value="Fonds"' in page
    reponse = poster(site, bourse, "nouvelle/", ligne="Fonds", exercice="1990", montant="")
    assert reponse.status_code == 422
    assert "L’exercice est une année" in texte(reponse)
    assert not Enveloppe.objects.exists()


def test_retirer_demande_pourquoi_et_s_arrete_a_ce_qui_est_libre(site, bourse):
    une = enveloppe(bourse, 1000)
    voter(demande(bourse, une), 700)
    refusee = poster(site, bourse, f"{une.pk}/doter/", sens="reprendre", montant="400")
    assert refusee.status_code == 422
    page = texte(refusee)
    assert "Dites pourquoi l’enveloppe diminue." in page
    assert "il n’en reste que 300 €" in page
    faite = poster(
        site, bourse, f"{une.pk}/doter/", sens="reprendre", montant="300", motif="Gel des crédits"
    )
    assert faite.status_code == 302
    page = texte(site.get(adresse(bourse, f"{une.pk}/")))
    assert "Tout est voté : 700 €." in page
    assert "Baisse de dotation" in page and "Gel des crédits" in page


def test_deleguer_et_faire_revenir(site, bourse):
    une = enveloppe(bourse, 1000)
    assert "n’a pas de sous-enveloppe" in texte(site.get(adresse(bourse, f"{une.pk}/deleguer/")))
    fille = enveloppe(bourse, ligne="Part", mere=une)
    poster(site, bourse, f"{une.pk}/deleguer/", vers=str(fille.pk), montant="400")
    poster(
        site,
        bourse,
        f"{une.pk}/deleguer/",
        vers=str(fille.pk),
        montant="150",
        sens="reprendre",
        motif="Trop",
    )
    fille.refresh_from_db()
    assert fille.montant_reste == 250
    page = texte(site.get(adresse(bourse, f"{fille.pk}/")))
    assert "Délégation reçue" in page and "Délégation rendue" in page
    page = texte(site.get(adresse(bourse, f"{une.pk}/")))
    assert "Retour de délégation" in page


def test_reporter_exige_un_acte_et_une_annee_suivante(site, bourse):
    une = enveloppe(bourse, 1000)
    avant = enveloppe(bourse, exercice=bourse.exercice - 1)
    assert "Aucune enveloppe d’une année suivante" in texte(
        site.get(adresse(bourse, f"{une.pk}/reporter/"))
    )
    suivante = enveloppe(bourse, exercice=bourse.exercice + 1)
    sans_acte = poster(site, bourse, f"{une.pk}/reporter/", vers=str(suivante.pk), montant="100")
    assert sans_acte.status_code == 422
    assert "Nommez l’acte qui décide ce report" in texte(sans_acte)
    a_rebours = poster(
        site, bourse, f"{une.pk}/reporter/", vers=str(avant.pk), montant="100", motif="Délibération"
    )
    assert a_rebours.status_code == 422
    poster(
        site, bourse, f"{une.pk}/reporter/", vers=str(suivante.pk), montant="100", motif="Délib. 12"
    )
    suivante.refresh_from_db()
    assert suivante.montant_reste == 100


def test_choisir_puis_changer_l_enveloppe_d_une_demande(site, bourse):
    une, autre = enveloppe(bourse, 1000), enveloppe(bourse, 500, ligne="Autre")
    faite = demande(bourse)
    annee = f"demandes/{bourse.exercice}/"
    assert "1 demande sans enveloppe" in texte(site.get(adresse(bourse)))
    assert "Le verger" in texte(site.get(adresse(bourse, annee)))
    poster(site, bourse, f"{annee}{faite.pk}/", enveloppe=str(une.pk))
    assert "Chaque demande a son enveloppe" in texte(site.get(adresse(bourse, annee)))
    voter(faite, 600)
    refusee = poster(site, bourse, f"{annee}{faite.pk}/", enveloppe=str(autre.pk))
    assert refusee.status_code == 422
    assert "L’enveloppe ne peut pas donner 600 €" in texte(refusee)
    refusee = poster(site, bourse, f"{annee}{faite.pk}/", enveloppe="aucune")
    assert "changer d’enveloppe, pas en être retirée" in texte(refusee)
    voter(faite, 500)
    poster(site, bourse, f"{annee}{faite.pk}/", enveloppe=str(autre.pk))
    autre.refresh_from_db()
    assert autre.montant_vote == 500


def test_l_enveloppe_d_un_autre_service_ne_se_choisit_pas(site, bourse):
    etrangere = enveloppe(bourse, 1000, par=bourse.adjoint)
    enveloppe(bourse, 1000)
    faite = demande(bourse)
    suite = f"demandes/{bourse.exercice}/{faite.pk}/"
    assert etrangere.pk not in queries.enveloppes(bourse.caissiere, bourse.ici.contrat).values_list(
        "pk", flat=True
    )
    reponse = poster(site, bourse, suite, enveloppe=str(etrangere.pk))
    assert reponse.status_code == 422
    assert "Choisissez dans la liste." in texte(reponse)


def test_ce_qui_est_trop_propose_se_montre_sans_se_refuser(site, bourse):
    une = enveloppe(bourse, 1000)
    faite = demande(bourse, une)
    faite.montant_propose, faite.propose_le = Decimal(1200), timezone.now()
    faite.save()
    page = texte(site.get(adresse(bourse)))
    assert "<strong>Trop proposé :</strong> 200 € de plus que le reste." in page


def test_le_tableau_s_emporte_avec_les_memes_colonnes(site, bourse):
    mere = enveloppe(bourse, 1000)
    enveloppe(bourse, 200, ligne="=Part", mere=mere)
    csv = site.get(adresse(bourse, f"tableau-{bourse.exercice}.csv")).content.decode("utf-8-sig")
    colonnes, *lignes = (ligne.split(";") for ligne in csv.strip().split("\r\n"))
    assert len(colonnes) == 17 and colonnes[-1] == "Reste"
    par_ligne = {ligne[1]: dict(zip(colonnes, ligne, strict=True)) for ligne in lignes}
    assert par_ligne["Politique de la ville"]["Délégué"] == "200,00"
    # Une cellule ne devient jamais une formule.
    assert par_ligne["'=Part"]["Sous-enveloppe de"] == "Politique de la ville"
    xlsx = site.get(adresse(bourse, f"tableau-{bourse.exercice}.xlsx")).content
    feuille = load_workbook(BytesIO(xlsx)).active
    assert [cellule.value for cellule in feuille[1]] == colonnes
    assert site.get(adresse(bourse, f"tableau-{bourse.exercice}.pdf")).status_code == 404


def test_l_histoire_s_emporte(site, bourse):
    une, suivante = enveloppe(bourse, 1000), enveloppe(bourse, exercice=bourse.exercice + 1)
    for montant in (100, -40):
        reporter(
            par=bourse.caissiere,
            depuis=une,
            vers=suivante,
            montant=Decimal(montant),
            decide_le=JOUR(),
            motif="Délibération 12",
        )
    csv = site.get(adresse(bourse, f"{une.pk}/mouvements.csv")).content.decode("utf-8-sig")
    mots = [ligne.split(";")[1:3] for ligne in csv.strip().split("\r\n")[1:]]
    assert mots == [["Report annulé", "40,00"], ["Report", "-100,00"], ["Dotation", "1000,00"]]
    csv = site.get(adresse(bourse, f"{suivante.pk}/mouvements.csv")).content.decode("utf-8-sig")
    mots = [ligne.split(";")[1:3] for ligne in csv.strip().split("\r\n")[1:]]
    assert mots == [["Report reçu annulé", "-40,00"], ["Report reçu", "100,00"]]


def test_la_page_coute_autant_avec_une_enveloppe_qu_avec_cinquante(site, bourse):
    def lire() -> int:
        with CaptureQueriesContext(connection) as requetes:
            assert site.get(adresse(bourse, f"?exercice={bourse.exercice}")).status_code == 200
        return len(requetes)

    mere = enveloppe(bourse, 5000)
    lire()
    avec_une = lire()
    for rang in range(49):
        enveloppe(bourse, 10, ligne=f"Part {rang}", mere=mere)
    assert lire() == avec_une


def test_un_gestionnaire_de_financeur_va_de_son_espace_a_ses_enveloppes(bourse):
    chef = bourse.ici.monde.ajouter("cheffe", bourse.ici.caisse, Role.GESTIONNAIRE)
    site = entrer(chef.utilisateur)
    assert "/enveloppes/" in texte(site.get("/compte/"))
    assert site.get("/enveloppes/").headers["Location"] == adresse(bourse)
    # Elle n'étudie pas de dossier : aucun lien du menu ne mène à une page qui lui répondrait « absente ».
    menu = site.get(adresse(bourse)).content.decode().partition('aria-label="Étudier')[2]
    liens = re.findall(r'href="([^"]+)"', menu.partition("</nav>")[0])
    assert adresse(bourse) in liens
    assert {site.get(lien).status_code for lien in liens} == {200}


def test_rien_ne_s_ecrit_en_lisant(site, bourse):
    une = enveloppe(bourse, 1000)
    avant = Mouvement.objects.count()
    for suite in ("", "nouvelle/", f"{une.pk}/", f"{une.pk}/doter/", f"{une.pk}/reporter/"):
        assert site.get(adresse(bourse, suite)).status_code == 200
    assert Mouvement.objects.count() == avant
