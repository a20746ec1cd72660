"""Retrouver par leur nom les personnes et les organismes d'un récit."""

from allauth.account.models import EmailAddress
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.organismes.models import Organisme
from parvis.organismes.rules.noms import cle
from parvis.socle.texte import mots

# Un domaine que personne ne peut avoir (RFC 2606) : aucun courriel n'arrive chez quelqu'un.
DOMAINE = "demonstration.example"
_RESPONSABLES = (Role.GESTIONNAIRE, Role.PILOTE, Role.ADMINISTRATEUR)


def adresse_de(prenom: str, nom: str) -> str:
    """Rend l'adresse d'une personne inventée : prenom.nom."""
    return f"{'-'.join(mots(prenom))}.{'-'.join(mots(nom))}@{DOMAINE}"


def creer_une_personne(*, prenom: str, nom: str) -> Utilisateur:
    """Crée un compte à l'adresse confirmée, sans mot de passe : on y entre par un code."""
    qui = Utilisateur(courriel=adresse_de(prenom, nom), prenom=prenom, nom=nom)
    qui.set_unusable_password()
    qui.save()
    EmailAddress.objects.create(user=qui, email=qui.courriel, verified=True, primary=True)
    return qui


def personne(nom_entier: str) -> Utilisateur:
    """Rend une personne par son adresse, tirée de « Prénom Nom » ; lève Utilisateur.DoesNotExist."""
    prenom, _, nom = nom_entier.partition(" ")
    return Utilisateur.objects.get(courriel=adresse_de(prenom, nom))


def organisme(nom: str) -> Organisme:
    """Rend un organisme par son nom ; lève Organisme.DoesNotExist."""
    return Organisme.objects.get(cle_de_tri=cle(nom))


def acteur(qui: Utilisateur, pour: Organisme | None) -> Acteur:
    """Rend une personne agissant pour cet organisme si elle en est, sinon à son plus haut titre."""
    siens = Rattachement.objects.confirmes(timezone.localdate()).filter(utilisateur=qui)
    choisis = sorted(
        siens.select_related("organisme"),
        key=lambda r: (r.organisme != pour, r.role not in _RESPONSABLES),
    )
    return Acteur(qui, choisis[0] if choisis else None)


def rattachement(qui: Utilisateur, pour: Organisme, etat: str) -> Rattachement:
    """Rend le rattachement le plus récent d'une personne dans cet état ; lève Rattachement.DoesNotExist."""
    return Rattachement.objects.filter(utilisateur=qui, organisme=pour, etat=etat).latest("pk")
