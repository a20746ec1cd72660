"""Reprendre un texte que le site n'a pas pu recevoir."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from parvis.comptes import jetons
from parvis.comptes.acces import acces, acteur_de, connectes, rattachements_de_la_requete
from parvis.comptes.actions.envois import oublier_l_envoi, ouvrir_l_envoi
from parvis.comptes.queries.espace import envoi_garde, noms_d_organismes
from parvis.comptes.rules.reprises import Groupe, cles_d_organismes, composer, en_clair
from parvis.socle.chiffre import Illisible
from parvis.socle.vues import trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
def reprise(request: HttpRequest, identifiant: uuid.UUID) -> HttpResponse:
    """Montre le texte gardé et le renvoie au formulaire d'où il vient ; ou l'efface."""
    acteur = acteur_de(request)
    envoi = trouver(envoi_garde, acteur, identifiant, maintenant=timezone.now())
    if request.method == "POST":
        oublier_l_envoi(utilisateur=envoi.utilisateur, identifiant=identifiant)
        return redirect("comptes:accueil")
    try:
        texte = ouvrir_l_envoi(envoi)
    except Illisible:
        messages.error(request, "Ce texte ne peut plus être lu : la clé du site a changé.")
        return redirect("comptes:accueil")
    present = acteur.rattachement.pk if acteur.rattachement else None
    possibles = {r.pk for r in rattachements_de_la_requete(request)}
    contexte = {
        "envoi": envoi,
        "texte": texte,
        "ecrits": _a_relire(request, texte.champs),
        "reprise": jetons.REPRISE,
        "est_au_bon_titre": envoi.rattachement_id == present,
        "peut_changer": envoi.rattachement_id in possibles,
    }
    return render(request, "comptes/reprise.html", contexte)


def _a_relire(
    request: HttpRequest, champs: dict[str, list[str]]
) -> list[tuple[str, str, list[Groupe]]]:
    """Rend ce qui avait été écrit, champ par champ ; un champ composé se lit ligne à ligne."""
    composes = {nom: composer(valeurs[0]) for nom, valeurs in champs.items() if len(valeurs) == 1}
    cles = set().union(*map(cles_d_organismes, composes.values()))
    noms = noms_d_organismes(acteur_de(request), cles) if cles else {}
    return [
        (nom, ", ".join(valeurs), en_clair(composes[nom], noms) if composes.get(nom) else [])
        for nom, valeurs in champs.items()
        if "".join(valeurs) and nom != "depart"
    ]
