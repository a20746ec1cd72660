"""Ce que lit le destinataire : le texte entier, et les en-têtes qui vont avec."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from parvis.courriels import rules
from parvis.courriels.enums import Sujet
from parvis.courriels.jetons import jeton
from parvis.courriels.models import Courriel


def texte_complet(courriel: Courriel) -> str:
    """Rend le texte tel qu'il part : salut, message, pourquoi on le reçoit, comment ne plus le recevoir."""
    return _texte(courriel, _sujets(courriel))


def message(courriel: Courriel) -> EmailMessage:
    """Rend le courriel prêt à partir, avec les en-têtes de désabonnement d'un geste (RFC 8058)."""
    sujets = _sujets(courriel)
    domaine = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    entetes = {
        "Message-ID": f"<{courriel.identifiant}@{domaine}>",
        # Un répondeur d'absence n'y répond pas (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    if sujets:
        entetes["List-Unsubscribe"] = f"<{_adresse(courriel, sujets)}>"
        entetes["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(
        subject=courriel.objet,
        body=_texte(courriel, sujets),
        to=[courriel.destinataire],
        headers=entetes,
    )


def _texte(courriel: Courriel, sujets: list[str]) -> str:
    contexte = {
        "texte": courriel.texte,
        "pourquoi": rules.SUJETS[courriel.sujet].pourquoi,
        "site": settings.THEME["nom"],
        "adresse": settings.ADRESSE,
        "desabonnements": [
            {"sujet": Sujet(sujet).label, "adresse": _adresse(courriel, [sujet])}
            for sujet in sujets
        ],
    }
    # Du texte brut : strip() ôte la marque « sûr » du moteur de gabarits, et l'écran échappera.
    return render_to_string("courriels/message.txt", contexte).strip()


def _sujets(courriel: Courriel) -> list[str]:
    if courriel.sujet == Sujet.RESUME:
        return rules.desabonnables(courriel.repris.values_list("sujet", flat=True))
    return rules.desabonnables([courriel.sujet])


def _adresse(courriel: Courriel, sujets: list[str]) -> str:
    chemin = reverse("accueil:desabonnement", args=[jeton(courriel.destinataire, sujets)])
    return f"{settings.ADRESSE}{chemin}"
