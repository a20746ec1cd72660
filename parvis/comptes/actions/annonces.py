"""Dire à ceux d'un organisme ce qui change dans ses comptes."""

from collections.abc import Iterable

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.comptes.queries.membres import membres_confirmes
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.organismes.models import Organisme


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


def annoncer_un_changement(organisme: Organisme, *, par: Acteur) -> None:
    """Dit aux autres membres que la page de l'organisme a changé."""
    membres = membres_confirmes(organisme, jour=timezone.localdate())
    for adresse in sorted(set(membres.values_list("utilisateur__courriel", flat=True))):
        if par.utilisateur is None or adresse != par.utilisateur.courriel:
            deposer(
                destinataire=adresse,
                sujet=Sujet.ORGANISME,
                objet=f"La page de {organisme.nom} a changé",
                texte=f"{par.utilisateur_nom} a changé la page de {organisme.nom}. "
                "Ce qui a changé se lit au bas de cette page.",
            )


def prevenir_la_plateforme(*, objet: str, texte: str) -> None:
    """Écrit aux pilotes et aux administrateurs : quelqu'un attend leur décision."""
    responsables = Rattachement.objects.confirmes(timezone.localdate()).filter(
        role__in=[Role.PILOTE, Role.ADMINISTRATEUR]
    )
    for adresse in sorted(set(responsables.values_list("utilisateur__courriel", flat=True))):
        deposer(destinataire=adresse, sujet=Sujet.PLATEFORME, objet=objet, texte=texte)
