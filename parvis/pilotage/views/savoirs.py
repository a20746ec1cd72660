"""Modifier ce que le contrat sait d'un nom : deux écritures croisées se voient, aucune ne se perd.

Un champ quitté s'enregistre aussitôt ; une phrase à moitié écrite, jamais : le site la montrerait.
"""

from collections.abc import Callable
from typing import Any

from django.http import JsonResponse

from parvis.pilotage.forms import SavoirDuDispositif, SavoirDuPartenaire
from parvis.socle.refus import ConflitDeVersion, Refus
from parvis.socle.vues import enregistre_a_l_instant

ENREGISTRE = "C’est enregistré."
Savoir = SavoirDuDispositif | SavoirDuPartenaire


def enregistrer(form: Savoir, action: Callable[..., Any], **autres: Any) -> dict[str, Any]:
    """Mène l'action d'un formulaire envoyé ; rend ce que la page montre d'un refus, rien sinon."""
    if not form.is_valid():
        return {"form": form}
    try:
        form.ligne = action(version=form.version, valeurs=form.valeurs(), **autres)
    except ConflitDeVersion as conflit:
        if form.est_deja(conflit.courant):
            # Le bouton, pressé pendant que le champ quitté s'enregistre, envoie la même chose.
            form.ligne = conflit.courant
            return {}
        neuf, ecarts = form.croiser(conflit.courant)
        return {"form": neuf, "motifs": conflit.motifs, "ecarts": ecarts}
    except Refus as refus:
        return {"form": form, "motifs": refus.motifs}
    return {}


def repondre_au_script(form: Savoir, refuse: dict[str, Any]) -> JsonResponse:
    """Rend ce que la page dit sans se recharger, et l'état d'où repartira le prochain envoi."""
    if refuse:
        fautes = [
            f"{champ.label} : {erreur}" if champ else erreur
            for nom, erreurs in form.errors.items()
            for champ in (form.fields.get(nom),)
            for erreur in erreurs
        ]
        dit = " ".join([*refuse.get("motifs", ()), *fautes])
        return JsonResponse({"dit": dit}, status=statut(refuse))
    dit = enregistre_a_l_instant() if form.a_change else "Rien n’a changé"
    return JsonResponse({"dit": dit, "champs": {"depart": form.jeton_de_depart()}})


def statut(refuse: dict[str, Any]) -> int:
    """Rend le code de la page : 409 si une autre personne a écrit, 422 si la saisie est refusée."""
    return 409 if "ecarts" in refuse else 422 if refuse else 200
