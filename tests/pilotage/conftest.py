"""Un contrat conduit, son voisin, et ceux qui agissent : pilotes, administratrice, gestionnaire."""

import html
import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import EtatDeRattachement, Preuve, Role
from parvis.comptes.jetons import ecrire
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.courriels.enums import Etat, Sujet
from parvis.courriels.models import Courriel
from parvis.organismes import actions as organismes
from parvis.socle.auteur import Machine
from parvis.socle.texte import sans_accents
from tests.decors import decor
from tests.fabriques.cadre import contrat_publie

MOI = Machine("essai")
SESSION = "allauth.account.auth_backends.AuthenticationBackend"


def lire(reponse):
    """Rend le texte d'une page, entités et espaces insécables ramenés à ce qu'on tape."""
    texte = html.unescape(reponse.content.decode())
    return texte.replace("\u202f", " ").replace("\xa0", " ")


def depart_de(reponse):
    """Rend l'état signé d'où part le formulaire d'une page."""
    return html.unescape(re.search(r'name="depart" value="([^"]+)"', reponse.content.decode())[1])


def jeton_de(site):
    """Rend le jeton du rôle choisi, que chaque formulaire porte."""
    return ecrire(site.acteur)


@decor
def contrat():
    return contrat_publie("tilleuls").contrat


@decor
def voisin():
    return contrat_publie("erables").contrat


@pytest.fixture
def creer(db):
    """Rend de quoi créer un organisme, une association si l'on ne dit rien."""

    def _creer(nom, nature="association", **valeurs):
        return organismes.creer(par=MOI, nom=nom, nature=nature, **valeurs)

    return _creer


@pytest.fixture
def personne(db):
    """Rend de quoi créer une personne de ce prénom."""

    def _personne(prenom, nom="Traoré"):
        adresse = f"{sans_accents(prenom).lower()}@tilleuls.example"
        return Utilisateur.objects.create(courriel=adresse, prenom=prenom, nom=nom)

    return _personne


@pytest.fixture
def rattacher(db):
    """Rend de quoi rattacher une personne, confirmée si l'on ne dit rien."""

    def _rattacher(utilisateur, organisme, role, *, contrat="", est_confirme=True, **valeurs):
        preuve = {"preuve": Preuve.NOMINATION, "confirme_le": timezone.now()}
        return Rattachement.objects.create(
            utilisateur=utilisateur,
            organisme=organisme,
            role=role,
            contrat=contrat,
            etat=EtatDeRattachement.CONFIRME if est_confirme else EtatDeRattachement.EN_ATTENTE,
            **({"debut_le": date(2020, 1, 1)} | valeurs),
            **(preuve if est_confirme else {}),
        )

    return _rattacher


@pytest.fixture
def agir(personne, creer, rattacher):
    """Rend de quoi faire agir quelqu'un, pour un organisme neuf si l'on n'en donne pas."""

    def _agir(prenom, role, *, organisme=None, nature="epci", **valeurs):
        pour = organisme or creer(f"Organisme de {prenom}", nature)
        lien = rattacher(personne(prenom), pour, role, **valeurs)
        return Acteur(lien.utilisateur, lien)

    return _agir


@pytest.fixture
def pilote(agir, contrat):
    return agir("Amina", Role.PILOTE, contrat=contrat.code)


@pytest.fixture
def autre_pilote(agir, voisin):
    return agir("Boris", Role.PILOTE, contrat=voisin.code)


@pytest.fixture
def administratrice(agir):
    return agir("Chloé", Role.ADMINISTRATEUR)


@pytest.fixture
def gestionnaire(agir):
    return agir("Driss", Role.GESTIONNAIRE, nature="association")


class Navigateur:
    """Le client de Django, avec le jeton que porte chaque formulaire."""

    def __init__(self, acteur):
        self.client, self.acteur = Client(), acteur
        self.client.force_login(acteur.utilisateur, backend=SESSION)

    def get(self, adresse, **donnees):
        return self.client.get(adresse, donnees)

    def post(self, adresse, **donnees):
        return self.client.post(adresse, {"_acteur": ecrire(self.acteur), **donnees})


@pytest.fixture
def naviguer():
    """Rend de quoi ouvrir le site au nom d'un acteur."""
    return Navigateur


# Ce que les écrans montrent.


@pytest.fixture
def caf(creer):
    return creer("Caisse d’allocations familiales", "protection_sociale")


@decor
def partenaire(contrat):
    return contrat.partenaires.get(nom="Caisse d'allocations familiales")


@pytest.fixture
def ouvert(pilote, naviguer, contrat):
    """Rend le site au nom de la pilote, et de quoi nommer une adresse de son contrat."""
    return naviguer(pilote), lambda suite="": f"/{contrat.code}/pilotage/{suite}"


@pytest.fixture
def demande(agir, creer):
    """Rend une demande en attente dans une association sans gestionnaire."""
    vise = creer("Les Jardins du Verger", siren="000200014")
    acteur = agir(
        "Hana", Role.GESTIONNAIRE, organisme=vise, est_confirme=False, precision="Trésorière élue."
    )
    return acteur.rattachement


@pytest.fixture
def site(administratrice, naviguer):
    return naviguer(administratrice)


@pytest.fixture
def abandonner(db):
    """Rend de quoi ranger un courriel que le serveur a refusé."""

    def _abandonner(destinataire="perdu@x.example", sujet=Sujet.PLATEFORME, **valeurs):
        return Courriel.objects.create(
            **{
                "destinataire": destinataire,
                "sujet": sujet,
                "frequence": "immediat",
                "objet": "Un objet",
                "texte": "Le code est 123456",
                "etat": Etat.ABANDONNE,
                "essais": 7,
                "erreur": "550 Boîte inconnue",
                "depose_le": timezone.now(),
            }
            | valeurs
        )

    return _abandonner


@pytest.fixture
def paire(creer, agir):
    """Rend deux pages d'un même organisme, chacune avec sa gestionnaire."""
    premiere, seconde = creer("Régie du Verger"), creer("Régie « du verger »")
    agir("Ida", Role.GESTIONNAIRE, organisme=premiere)
    agir("Jo", Role.GESTIONNAIRE, organisme=seconde)
    return premiere, seconde
