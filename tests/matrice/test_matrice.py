"""Chacun n'atteint que ce qui est à lui ; le reste répond comme ce qui n'existe pas."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import SimpleCookie
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from parvis.comptes.acces import tous
from tests.accueil.adresses import adresse as exemple
from tests.accueil.adresses import motifs
from tests.decors import decor
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import Monde, envoi, monde
from tests.matrice.cas import CAS
from tests.matrice.outils import CONNECTES, Objet

pytestmark = pytest.mark.django_db

ECRIT = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
# Ce que l'on écrit même en refusant : la session, et le texte gardé d'un formulaire.
PERMIS = re.compile(r'"?(django_session|comptes_envoigarde)"?')
JETONS = re.compile(rb'(name="(?:csrfmiddlewaretoken|_acteur|suite)" value=")[^"]*"')
REFUS = (302, 404)
ABSENTE = "/organismes/0/rien-ici/"


def adresses(racine: Any = None, espace: str = "") -> Iterator[tuple[str, Any]]:
    """Rend chaque adresse du site, nommée, avec sa vue."""
    for motif in (racine or get_resolver()).url_patterns:
        if isinstance(motif, URLPattern):
            yield f"{espace}{motif.name}", motif.callback
        else:
            yield from adresses(motif, f"{motif.namespace}:" if motif.namespace else espace)


TOUTES = dict(adresses())
A_COMPTE = [nom for nom, vue in TOUTES.items() if vue.acces is not tous]


def test_aucune_adresse_n_en_cache_une_autre():
    assert len(TOUTES) == len(list(adresses()))


def test_chaque_adresse_qui_demande_un_compte_a_son_cas():
    sans_compte = [nom for nom in A_COMPTE if getattr(TOUTES[nom].acces, "est_sans_compte", False)]
    assert set(A_COMPTE) - set(sans_compte) == set(CAS)


Reponse = tuple[int, bytes]


@dataclass
class Bati:
    """Ce qui se bâtit une fois pour tous les cas : chacun le reprend tel qu'il était."""

    monde: Monde
    temoins: dict[str, SimpleCookie] = field(default_factory=dict)
    # Ce que chacun obtient, par chaque méthode, où il n'y a rien.
    rien: dict[tuple[str, str], Reponse] = field(default_factory=dict)

    def client(self, nom: str) -> Client:
        """Rend le navigateur d'une personne, dont la session est déjà ouverte."""
        client = Client()
        client.cookies = copy.deepcopy(self.temoins[nom])
        return client


@decor
def bati() -> Bati:
    """Bâtit deux contrats et leur monde."""
    contrat_publie("tilleuls")
    contrat_publie("voisin")
    bati = Bati(monde())
    for nom in bati.monde.acteurs:
        client = bati.monde.client(nom)
        # La session s'ouvre ici : elle n'est plus à écrire à chaque demande.
        client.get(ABSENTE)
        bati.temoins[nom] = client.cookies
        visite = Visite(bati, bati.monde, nom)
        for methode in ("get", "post"):
            bati.rien[nom, methode] = visite.demander(methode, ABSENTE)[0]
    return bati


@pytest.fixture
def lieux(bati) -> Monde:
    return bati.monde


class Visite:
    """Une personne, son navigateur, et ce qu'elle obtient à une adresse sans que rien n'en reste."""

    def __init__(self, bati: Bati, lieux: Monde, nom: str) -> None:
        self.bati, self.nom = bati, nom
        self.acteur, self.client = lieux.acteurs[nom], bati.client(nom)

    def demander(
        self, methode: str, adresse: str, champs: dict[str, Any] | None = None
    ) -> tuple[Reponse, list[str]]:
        champs = dict(champs or {}) if methode == "post" else {}
        if methode == "post" and self.acteur.utilisateur:
            champs |= envoi(self.acteur)
        ecrites: list[str] = []

        def relever(execute: Any, sql: str, params: Any, many: bool, contexte: Any) -> Any:
            if ECRIT.match(sql) and not PERMIS.search(sql):
                ecrites.append(sql)
            return execute(sql, params, many, contexte)

        with transaction.atomic():
            with connection.execute_wrapper(relever):
                reponse = getattr(self.client, methode)(adresse, champs)
            transaction.set_rollback(True)
        # Le message d'un acte réussi ne doit pas paraître sur la page suivante.
        self.client.cookies.pop("messages", None)
        corps = JETONS.sub(rb"\1", reponse.getvalue())
        lieu = reponse.headers.get("Location", "").replace(adresse, "ICI").encode()
        return (reponse.status_code, corps + lieu), ecrites

    def repond_comme_rien(self, obtenu: Reponse, methode: str, champs: dict[str, Any]) -> bool:
        """Dit si c'est là ce qu'obtient cette personne où il n'y a rien.

        Le cas peut avoir changé ce que montre une page, et un envoi y revient à l'écran : ce qui
        diffère de la réponse gardée se compare à une demande faite ici et maintenant.
        """
        if obtenu == self.bati.rien[self.nom, methode]:
            return True
        return obtenu == self.demander(methode, ABSENTE, champs)[0]


def est_ouvert(objet: Objet, nom: str) -> bool:
    if objet.ouvert_a is CONNECTES:
        return nom != "visiteur"
    return nom in objet.ouvert_a


@pytest.mark.parametrize("adresse", CAS)
def test_chacun_n_atteint_que_ce_qui_est_a_lui(bati, lieux, adresse):
    cas = CAS[adresse]
    objets, champs = cas.objets(lieux), cas.champs(lieux)
    ouverts = 0
    for nom in list(lieux.acteurs):
        visite = Visite(bati, lieux, nom)
        for methode in ("get", "post"):
            refus = set()
            # Une méthode qu'une adresse n'a pas ne regarde pas l'objet : un seul suffit.
            for objet in objets if methode in cas.methodes else objets[:1]:
                chemin = reverse(adresse, kwargs=objet.kwargs)
                obtenu, ecrites = visite.demander(methode, chemin, champs)
                ici = f"{nom} {methode} {objet.nom} : {obtenu[0]}"
                if methode not in cas.methodes:
                    assert obtenu[0] == 405 or (nom == "visiteur" and obtenu[0] == 302), ici
                    assert ecrites == [], ici
                    refus.add(obtenu)
                elif est_ouvert(objet, nom):
                    assert obtenu[0] in (200, 302, 409, 422), ici
                    assert obtenu[0] != 302 or b"/compte/connexion/" not in obtenu[1], ici
                    ouverts += 1
                else:
                    assert obtenu[0] in REFUS or adresse.startswith("mfa_"), ici
                    assert ecrites == [], ici
                    refus.add(obtenu)
                    if obtenu[0] == 404:
                        assert visite.repond_comme_rien(obtenu, methode, champs), ici
            assert len(refus) <= 1, f"{nom} {methode} : un refus se distingue d'un autre"
    assert ouverts or all(not objet.ouvert_a for objet in objets)


@pytest.mark.parametrize("adresse", motifs())
def test_une_page_ouverte_l_est_a_chacun(bati, lieux, adresse):
    """Le contenu public ne dépend pas de qui regarde : seul l'en-tête change."""
    attendu = Client().get(exemple(adresse))
    for nom in lieux.acteurs:
        reponse = bati.client(nom).get(exemple(adresse))
        assert reponse.status_code == attendu.status_code
        if attendu.status_code == 200:
            assert principal(reponse.content) == principal(attendu.content)
        if nom != "visiteur":
            assert reponse["Cache-Control"] == "private, no-store"


def principal(page: bytes) -> bytes:
    trouve = re.search(rb"<main.*</main>", page, re.DOTALL)
    return JETONS.sub(rb"\1", trouve.group()) if trouve else page
