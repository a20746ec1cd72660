"""Lire un courriel de démonstration et s'en désabonner, dans un vrai navigateur, sans JavaScript."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tests.parcours.controles import verifier

DEPOSER = """
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from parvis.courriels import actions
from parvis.courriels.enums import Sujet
with transaction.atomic():
    actions.deposer(destinataire="amina.traore@tilleuls.example", sujet=Sujet.SECURITE,
        objet="Votre code pour entrer", texte="Le code est 123 456. Il vaut quinze minutes.")
    for sujet, objet in (
        (Sujet.RATTACHEMENT, "Karim Benali demande à rejoindre le Centre social des Tilleuls"),
        (Sujet.ORGANISME, "L’adresse du Centre social des Tilleuls a changé"),
    ):
        actions.deposer(destinataire="amina.traore@tilleuls.example", sujet=sujet, objet=objet,
            texte="Voir https://contrat.agglo.example/organismes/centre-social-des-tilleuls/",
            maintenant=timezone.now() - timedelta(days=2))
actions.preparer_les_resumes()
"""


@pytest.fixture(scope="module")
def boite(site, reglages) -> str:
    """Rend l'adresse de la boîte, où un code et un résumé attendent."""
    commande = [sys.executable, "manage.py", "shell", "--no-imports", "-c", DEPOSER]
    subprocess.run(commande, env=reglages, check=True, capture_output=True)
    return "/demonstration/courriels/"


@pytest.fixture(params=[1280, 320])
def largeur(request) -> int:
    return request.param


def test_lire_puis_se_desabonner(ouvrir, boite, largeur):
    page = ouvrir(boite, largeur)
    verifier(page)
    page.get_by_role("link", name="Résumé du").first.click()
    verifier(page)
    assert "Karim Benali demande" in page.locator("article").inner_text()
    lien = page.locator("article a", has_text="/desabonnement/").first.get_attribute("href")
    page.goto(urlsplit(lien).path)
    verifier(page)
    assert "amina" not in page.content()
    page.get_by_role("button", name="Ne plus les recevoir").click()
    page.get_by_role("heading", name="C’est fait").wait_for()
    verifier(page)
    assert page.erreurs == []


def test_tout_se_fait_sans_javascript(ouvrir, boite):
    page = ouvrir(boite, javascript=False)
    page.get_by_role("link", name="Résumé du").first.click()
    lien = page.locator("article a", has_text="/desabonnement/").last.get_attribute("href")
    page.goto(urlsplit(lien).path)
    page.get_by_role("button", name="Ne plus les recevoir").click()
    page.get_by_role("heading", name="C’est fait").wait_for()
