"""Dire à ceux d'un organisme ce qui change dans ses comptes."""

from collections.abc import Iterable

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.comptes.queries.membres import a_un_gestionnaire, membres_confirmes
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.organismes.models import Organisme
from parvis.socle.templatetags.socle import de

PLUS_DE_GESTIONNAIRE = (
    " L’organisme n’a plus de gestionnaire : un membre peut demander ce rôle. "
    "Il sera confirmé par un code envoyé à l’adresse de l’organisme, ou par le pilote."
)


def annoncer(organisme: Organisme, *, objet: str, texte: str, aussi: Iterable[str] = ()) -> None:
    """Écrit à chaque membre confirmé de l'organisme, et à ceux que l'acte concerne."""
    membres = membres_confirmes(organisme, jour=timezone.localdate())
    adresses = {m.utilisateur.courriel for m in membres}
    for adresse in sorted(adresses - set(aussi)):
        deposer(destinataire=adresse, sujet=Sujet.RATTACHEMENT, objet=objet, texte=texte)
    # À la personne concernée, on répond tout de suite, quoi qu'elle ait réglé.
    for adresse in sorted(set(aussi)):
        deposer(destinataire=adresse, sujet=Sujet.REPONSE, objet=objet, texte=texte)


def annoncer_l_arrivee(rattachement: Rattachement) -> None:
    """Dit aux membres qui vient d'arriver, et sur quelle preuve."""
    personne, nom = str(rattachement.utilisateur), rattachement.organisme.nom
    annoncer(
        rattachement.organisme,
        objet=f"{personne} agit maintenant pour {nom}",
        texte=f"{personne} est {rattachement.get_role_display().lower()} de {nom}. "
        f"Preuve : {rattachement.get_preuve_display()}. Si ce n’est pas normal, prévenez le pilote.",
        aussi=[rattachement.utilisateur.courriel],
    )


def annoncer_le_depart_de(personne: Utilisateur, organisme: Organisme) -> None:
    """Dit aux membres que le compte d'un des leurs est fermé, et s'il ne reste plus de gestionnaire."""
    garde = organisme.retenu
    texte = f"Le compte de {personne}, qui agissait pour {garde.nom}, est fermé."
    if not a_un_gestionnaire(garde, jour=timezone.localdate()):
        texte += PLUS_DE_GESTIONNAIRE
        prevenir_la_plateforme(objet=f"{garde.nom} n’a plus de gestionnaire", texte=texte)
    annoncer(garde, objet=f"{personne} n’agit plus pour {garde.nom}", texte=texte)


def annoncer_un_changement(organisme: Organisme, *, par: Acteur) -> None:
    """Dit aux autres membres que la page de l'organisme a changé."""
    membres = membres_confirmes(organisme, jour=timezone.localdate())
    for adresse in sorted(set(membres.values_list("utilisateur__courriel", flat=True))):
        if par.utilisateur is None or adresse != par.utilisateur.courriel:
            deposer(
                destinataire=adresse,
                sujet=Sujet.ORGANISME,
                objet=f"La page {de(organisme.nom)} a changé",
                texte=f"{par.utilisateur_nom} a changé la page {de(organisme.nom)}. "
                "Ce qui a changé se lit au bas de cette page.",
            )


def prevenir_la_plateforme(*, objet: str, texte: str) -> None:
    """Écrit aux pilotes et aux administrateurs : quelqu'un attend leur décision."""
    responsables = Rattachement.objects.confirmes(timezone.localdate()).filter(
        role__in=[Role.PILOTE, Role.ADMINISTRATEUR]
    )
    for adresse in sorted(set(responsables.values_list("utilisateur__courriel", flat=True))):
        deposer(destinataire=adresse, sujet=Sujet.PLATEFORME, objet=objet, texte=texte)
