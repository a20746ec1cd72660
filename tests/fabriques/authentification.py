"""Un visiteur qui lit les pages et remplit leurs formulaires, champs cachés compris."""

import re
import time
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser, LexborNode

from parvis.comptes.models import Utilisateur
from parvis.courriels.models import Courriel

MOT_DE_PASSE = "quatre mots sans rapport"
CODE = re.compile(r"^\d{3}-\d{3}-\d{3}$", re.M)


def personne(courriel: str, *, mot_de_passe: str = "", **autres) -> Utilisateur:
    """Rend un compte dont l'adresse est prouvée."""
    valeurs = {"prenom": "Inès", "nom": "Cohen"} | autres
    utilisateur = Utilisateur(courriel=courriel, **valeurs)
    utilisateur.set_password(mot_de_passe or None)
    utilisateur.save()
    EmailAddress.objects.create(user=utilisateur, email=courriel, verified=True, primary=True)
    return utilisateur


def dernier(adresse: str) -> Courriel:
    """Rend le dernier courriel déposé pour cette adresse."""
    return Courriel.objects.filter(destinataire=adresse).latest("depose_le", "pk")


def code_recu(adresse: str) -> str:
    """Rend le code du dernier courriel."""
    return CODE.search(dernier(adresse).texte).group()


def code_du_telephone(secret: str, *, decalage: int = 0) -> str:
    """Rend les six chiffres que donnerait l'application, à une période près."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + decalage))


class Visiteur:
    """Un navigateur sans JavaScript, depuis une adresse du réseau."""

    def __init__(self, ip: str = "203.0.113.5") -> None:
        self.client = Client(REMOTE_ADDR=ip)
        self.page: HttpResponse | None = None

    def ouvrir(self, adresse: str, **parametres: str) -> HttpResponse:
        """Ouvre une page, par son nom ou son adresse."""
        chemin = adresse if adresse.startswith("/") else reverse(adresse)
        self.page = self.client.get(chemin, parametres, follow=True)
        return self.page

    def envoyer(self, *, vers: str = "", suivre: bool = True, **champs: str) -> HttpResponse:
        """Remplit le formulaire de la page qui a ces champs (et cette cible), puis l'envoie."""
        ici = self.page.request
        formulaire = self._formulaire(set(champs), reverse(vers) if vers else "")
        cible = formulaire.attributes.get("action")
        if not cible:
            cible = ici["PATH_INFO"] + (f"?{ici['QUERY_STRING']}" if ici["QUERY_STRING"] else "")
        self.page = self.client.post(cible, _valeurs(formulaire) | champs, follow=suivre)
        return self.page

    def _formulaire(self, noms: set[str], vers: str) -> LexborNode:
        for formulaire in LexborHTMLParser(self.page.content).css("main form[method=post]"):
            presents = {n.attributes.get("name") for n in formulaire.css("input, button, textarea")}
            cible = urlsplit(formulaire.attributes.get("action") or "").path
            if noms <= presents and (not vers or cible == vers):
                return formulaire
        raise AssertionError(f"Aucun formulaire n'a {noms} {vers}\n{self.texte}")

    @property
    def texte(self) -> str:
        """Rend les mots du contenu de la page."""
        return " ".join(LexborHTMLParser(self.page.content).css_first("main").text().split())

    @property
    def chemin(self) -> str:
        """Rend l'adresse de la page où l'on est arrivé."""
        return self.page.request["PATH_INFO"]

    @property
    def est_connecte(self) -> bool:
        return "_auth_user_id" in self.client.session

    def entrer_par_code(self, courriel: str, **parametres: str) -> HttpResponse:
        """Se connecte avec un code reçu par courriel, comme une personne le ferait."""
        self.ouvrir("account_login", **parametres)
        self.envoyer(vers="account_request_login_code", email=courriel)
        return self.envoyer(code=code_recu(courriel))

    def entrer_par_mot_de_passe(
        self, courriel: str, mot_de_passe: str = MOT_DE_PASSE, **parametres: str
    ) -> HttpResponse:
        """Se connecte avec un mot de passe."""
        self.ouvrir("account_login", **parametres)
        return self.envoyer(login=courriel, password=mot_de_passe)


def _valeurs(formulaire: LexborNode) -> dict[str, str]:
    return {
        champ.attributes["name"]: champ.attributes.get("value") or ""
        for champ in formulaire.css("input[name], button[name]")
    }
