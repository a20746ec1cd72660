"""Le plus grand budget permis s'enregistre, avec et sans JavaScript, et la page reste vive."""

import json
import time

import pytest
from django.conf import settings

from parvis.dossiers.models import Demande, LigneDeBudget
from parvis.dossiers.sections.propres import LIGNES_MAX, SIGNES
from parvis.espace_porteur.forms.budget import lire_l_envoi
from parvis.espace_porteur.forms.feuille import ouvrir_la_feuille
from tests.fabriques import budgets, dossiers

# Par exercice, sur une machine chargée ; d'ordinaire dix fois moins.
SECONDES = 20


def plein(nombre: int = LIGNES_MAX) -> dict[str, str]:
    """Rend le budget qui a le plus de lignes, chacune avec tout ce qu'elle peut dire."""
    texte = ("à l’été " * 50)[:SIGNES]
    lignes = [("601", texte, f"{rang}*2") for rang in range(1, nombre + 1)]
    demande = {
        "financeur": "autre",
        "nom": texte,
        "compte": "74aidespriv",
        "ligne": texte,
        "nature": "numeraire",
        "guichet": "ailleurs",
        "lien": ("https://exemple.fr/" + "é" * 500)[:500],
        "numero": "n" * 60,
        "saisie": "2*3",
    }
    return budgets.champs(lignes, [demande] * nombre)


@pytest.mark.django_db
@pytest.mark.parametrize("en_un_champ", [False, True], ids=["sans script", "avec script"])
def test_le_plus_grand_budget_s_enregistre(site, brouillon, en_un_champ):
    champs = plein()
    assert 3_000 < len(champs) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    depart = time.perf_counter()
    envoi = budgets.en_un_champ(champs) if en_un_champ else champs
    reponse = site.post("budget", brouillon.pk, script=en_un_champ, **envoi)
    assert reponse.status_code == (200 if en_un_champ else 302)
    assert time.perf_counter() - depart < SECONDES
    assert LigneDeBudget.objects.count() == Demande.objects.count() == LIGNES_MAX
    dit = dossiers.dit(brouillon, "budget")["exercices"][str(brouillon.exercice)]
    assert dit["lignes"][-1]["libelle"] == champs["l-300-libelle"].strip()


@pytest.mark.django_db
def test_le_plus_grand_budget_s_affiche(site, brouillon):
    site.post("budget", brouillon.pk, **plein())
    depart = time.perf_counter()
    page = site.get("budget", brouillon.pk)
    assert page.status_code == 200
    assert page.content.decode().count("data-tapee=") > 2 * LIGNES_MAX
    assert time.perf_counter() - depart < SECONDES


@pytest.mark.django_db
def test_sans_script_l_envoi_le_plus_long_passe(site, brouillon):
    """Encodé comme le fait un navigateur, chaque signe accentué prend six octets, et l'apostrophe neuf."""
    from urllib.parse import urlencode

    from tests.fabriques.comptes import envoi

    corps = urlencode(envoi(site.acteur, **plein()))
    assert 1_000_000 < len(corps) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    adresse = site.get("budget", brouillon.pk).wsgi_request.path
    sorte = "application/x-www-form-urlencoded"
    assert site.client.post(adresse, corps, content_type=sorte).status_code == 302
    assert LigneDeBudget.objects.count() == LIGNES_MAX


@pytest.mark.django_db
def test_une_ligne_de_trop_se_refuse_et_rien_ne_se_perd(site, brouillon):
    champs = budgets.champs([("601", f"Ligne {r}", "1") for r in range(LIGNES_MAX + 1)])
    page = site.post("budget", brouillon.pk, **champs)
    assert page.status_code == 422
    assert f"Ligne {LIGNES_MAX}" in page.content.decode()
    assert not LigneDeBudget.objects.exists()


def test_lire_cinq_mille_champs_ne_prend_pas_une_seconde():
    """Le plus grand nombre de champs permis, envoyé pour nuire."""
    nuisible = {f"l-{rang}-libelle": "x" for rang in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    depart = time.perf_counter()
    envoi = lire_l_envoi(nuisible | {"fin": "oui"})
    assert envoi.motifs
    ouvrir_la_feuille(envoi, 2027, [])
    assert time.perf_counter() - depart < SECONDES


def test_lire_un_long_champ_en_json_ne_coute_pas_plus():
    lignes = [{"cle": f"l-{r}", "compte": "601", "saisie": "1+" * 99 + "1"} for r in range(5_000)]
    depart = time.perf_counter()
    envoi = lire_l_envoi({"budget": json.dumps({"lignes": lignes, "demandes": []})})
    assert envoi.motifs
    assert time.perf_counter() - depart < SECONDES
