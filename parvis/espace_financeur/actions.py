"""Garder une vue de la liste, l'oublier. Ce ne sont pas des actes sur un dossier : rien au journal."""

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.espace_financeur.models import VueEnregistree
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne

VUES_AU_PLUS = 20
_LONGUEUR = 1000


@transaction.atomic
def enregistrer_une_vue(*, par: Acteur, contrat: str, nom: str, choix: str) -> VueEnregistree:
    """Garde les choix d'une liste sous un nom ; le même nom remplace la vue. Lève Refus.

    Les repères de page n'en font pas partie : une vue se rouvre à sa première page.
    """
    assert par.utilisateur is not None
    nom = en_une_ligne(nom)[:60]
    garde = QueryDict(choix[:_LONGUEUR], mutable=True)
    for repere in ("apres", "avant"):
        garde.pop(repere, None)
    siennes = VueEnregistree.objects.filter(utilisateur=par.utilisateur, contrat=contrat)
    motifs = [] if any(signe.isalnum() for signe in nom) else ["Donnez un nom à cette vue."]
    if siennes.exclude(nom=nom).count() >= VUES_AU_PLUS:
        motifs.append(f"Vous avez déjà {VUES_AU_PLUS} vues : oubliez-en une.")
    if not garde:
        motifs.append("Choisissez d’abord ce que la vue garde : sans choix, c’est toute la liste.")
    exiger(motifs)
    vue, _ = VueEnregistree.objects.update_or_create(
        utilisateur=par.utilisateur,
        contrat=contrat,
        nom=nom,
        defaults={"choix": garde.urlencode(), "enregistree_le": timezone.now()},
    )
    return vue


@transaction.atomic
def oublier_une_vue(*, par: Acteur, vue: VueEnregistree) -> None:
    """Oublie une vue de la personne ; celle d'un autre ne bouge pas."""
    VueEnregistree.objects.filter(pk=vue.pk, utilisateur=par.utilisateur).delete()
