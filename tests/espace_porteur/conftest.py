"""Une association, un appel ouvert, un brouillon, et le navigateur de sa gestionnaire."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.decors import decor
from tests.fabriques import dossiers
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import Monde, envoi, monde
from tests.fabriques.quartiers import territoire_du_contrat


def lire(reponse) -> str:
    """Rend le texte d'une page, espaces insécables et entités défaits."""
    texte = html.unescape(reponse.content.decode())
    return " ".join(texte.replace("\u00a0", " ").replace("\u202f", " ").split())


def mots(reponse) -> str:
    """Rend les mots d'une page, sans ses balises."""
    return " ".join(re.sub(r"<[^>]*>", " ", lire(reponse)).split())


class Site:
    """Un navigateur, et la personne qui le tient."""

    def __init__(self, lieux: Monde, nom: str) -> None:
        self.acteur, self.client = lieux.acteurs[nom], lieux.client(nom)

    def get(self, nom: str, *args, **params):
        adresse = reverse(f"espace_porteur:{nom}", args=("tilleuls", *args))
        return self.client.get(adresse, params)

    def post(self, nom: str, *args, script: bool = False, **champs):
        adresse = reverse(f"espace_porteur:{nom}", args=("tilleuls", *args))
        entetes = {"Accept": "application/json"} if script else {}
        champs = envoi(self.acteur, **champs) if self.acteur.utilisateur else champs
        return self.client.post(adresse, champs, headers=entetes)


@decor
def lieux() -> Monde:
    territoire_du_contrat()
    return monde()


@decor
def contrat(lieux):
    return contrat_publie("tilleuls").contrat


@decor
def version(lieux, contrat):
    return dossiers.appel_ouvert(lieux.acteurs["pilote"], contrat)


@decor
def brouillon(lieux, version):
    return dossiers.brouillon(lieux.acteurs["gestionnaire"], version.appel)


@decor
def caisse(version):
    """Rend le financeur de l'appel."""
    return version.financeurs.get().organisme


@pytest.fixture
def site(lieux):
    return Site(lieux, "gestionnaire")


@pytest.fixture
def comme(lieux):
    return lambda nom: Site(lieux, nom)


__all__ = ["Client"]
