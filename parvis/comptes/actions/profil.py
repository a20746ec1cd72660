"""Ce qu'une personne règle pour elle-même."""

from collections.abc import Mapping

from django.db import transaction

from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Utilisateur
from parvis.courriels.actions import choisir_frequence
from parvis.journal.actions import noter


@transaction.atomic
def changer_de_nom(*, par: Acteur, prenom: str, nom: str) -> Utilisateur:
    """Change le nom sous lequel les autres voient la personne ; les actes passés gardent l'ancien."""
    assert par.utilisateur is not None
    personne = Utilisateur.objects.select_for_update().get(pk=par.utilisateur.pk)
    avant = str(personne)
    personne.prenom, personne.nom = prenom.strip(), nom.strip()
    personne.save(update_fields=["prenom", "nom"])
    noter(
        par=par,
        contrat="instance",
        action="comptes.changer_de_nom",
        objet=f"utilisateur:{personne.pk}",
        objet_nom=f"Compte n° {personne.pk}",
        details={"avant": avant, "apres": str(personne)},
    )
    return personne


@transaction.atomic
def choisir_les_frequences(*, par: Acteur, frequences: Mapping[str, str]) -> None:
    """Retient, sujet par sujet, quand la personne veut ses courriels ; lève Refus."""
    assert par.utilisateur is not None
    for sujet, frequence in frequences.items():
        choisir_frequence(adresse=par.utilisateur.courriel, sujet=sujet, frequence=frequence)
