"""Le Val-des-Tilleuls et son contrat, sans géocodeur ; de quoi lire une page, et fouiller la base."""

import base64
import html
import re

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from parvis.connecteurs.geocodage import faux_serveur
from tests.carte.lots import deposer
from tests.carte.val import val_des_tilleuls
from tests.decors import decor
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import acteur as agir
from tests.fabriques.comptes import personne


@pytest.fixture(autouse=True)
def _sans_geocodeur(settings, monkeypatch):
    """Éteint le géocodeur, et ce qui détournerait un appel vers lui."""
    for nom in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(nom, raising=False)
    settings.GEOCODAGE = ""


@decor
def lieux():
    return val_des_tilleuls()


@decor
def edition(lieux):
    return contrat_publie("tilleuls")


@pytest.fixture
def geocodeur(settings):
    """Rend le faux géocodeur, branché."""
    with faux_serveur.demarre() as serveur:
        settings.GEOCODAGE = serveur.adresse
        yield serveur


@decor
def contrat(edition):
    return edition.contrat


@decor
def moi():
    return agir(personne("Amina"))


@decor
def autre():
    return agir(personne("Boris"))


@decor
def lot(moi, contrat):
    return deposer(moi, contrat)


def lire(reponse) -> str:
    """Rend le texte d'une page, entités et espaces insécables ramenés à ce qu'on tape."""
    texte = html.unescape(reponse.content.decode())
    return texte.replace("\u202f", " ").replace("\xa0", " ")


def dire(reponse) -> str:
    """Rend ce qu'une page dit, sans ses balises ni ses blancs."""
    sans_code = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", reponse.content.decode())
    texte = html.unescape(re.sub(r"<[^>]*>", " ", sans_code))
    return re.sub(r"\s+", " ", texte)


def liens(reponse) -> list[str]:
    """Rend où mènent les liens d'une page."""
    return [html.unescape(href) for href in re.findall(r'<a\b[^>]*?href="([^"]*)"', lire(reponse))]


def tables_ou_se_lit(texte: str) -> list[str]:
    """Rend les tables de la base où un texte se lit, sessions et cache ouverts."""
    return [nom for nom in connection.introspection.table_names() if texte in _contenu(nom)]


def _contenu(table: str) -> str:
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        lues = [_en_texte(cellule) for ligne in curseur.fetchall() for cellule in ligne]
    if table == "django_session":
        lues += [str(SessionStore().decode(lue)) for lue in lues if ":" in lue]
    if table == "parvis_cache":
        lues += [base64.b64decode(lue + "===").decode("utf-8", "replace") for lue in lues]
    return "\n".join(lues)


def _en_texte(cellule: object) -> str:
    if isinstance(cellule, bytes | memoryview):
        return bytes(cellule).decode("utf-8", "replace")
    texte = str(cellule)
    # Un champ JSON garde les accents en « \\u00e9 » sur SQLite.
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), texte)
