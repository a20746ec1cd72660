"""Écrire au journal, et en effacer les détails."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.journal import rules
from parvis.journal.models import Chaine, Details, Evenement
from parvis.journal.phrases import phrases
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger


def noter(
    *,
    par: Auteur,
    contrat: str,
    action: str,
    objet: str,
    objet_nom: str,
    details: Mapping[str, Any] | None = None,
) -> Evenement:
    """Ajoute un acte à la chaîne du contrat, dans la transaction de l'acte lui-même.

    `contrat` vaut « instance » pour un acte qui n'appartient à aucun contrat. `details` est un
    objet JSON, gardé à part pour pouvoir être effacé. Lève TransactionManagementError hors
    d'une transaction : une trace sans son acte, ou l'inverse, n'existe pas. Lève LookupError pour
    un acte que nulle pièce ne sait raconter.
    """
    if action not in phrases():
        raise LookupError(f"Aucune pièce ne raconte l'acte « {action} » (voir journal/phrases.py).")
    connexion = transaction.get_connection()
    if not connexion.in_atomic_block:
        raise transaction.TransactionManagementError("noter() demande une transaction ouverte.")
    chaine = tenir_la_chaine(contrat)
    sel = secrets.token_hex(16)
    valeurs: dict[str, Any] = {
        "contrat": contrat,
        "rang": chaine.nombre + 1,
        "instant": timezone.now(),
        "utilisateur": par.utilisateur_identifiant,
        "utilisateur_nom": par.utilisateur_nom,
        "organisme": par.organisme_identifiant,
        "organisme_nom": par.organisme_nom,
        "action": action,
        "objet": objet,
        "objet_nom": objet_nom,
        "empreinte_details": rules.empreinte_details(sel, details) if details else "",
        "empreinte_precedente": chaine.empreinte,
    }
    evenement = Evenement(**valeurs, empreinte=rules.empreinte(valeurs))
    evenement.save(force_insert=True)
    if details:
        Details.objects.create(evenement=evenement, sel=sel, contenu=dict(details))
    chaine.nombre = evenement.rang
    chaine.empreinte = evenement.empreinte
    chaine.save(update_fields=["nombre", "empreinte"])
    return evenement


def tenir_la_chaine(contrat: str) -> Chaine:
    """Rend la tête verrouillée de la chaîne, créée au premier acte du contrat.

    Tenue dès le début d'un acte, elle fait passer les actes de la chaîne l'un après l'autre.
    """
    chaine, _ = Chaine.objects.select_for_update().get_or_create(contrat=contrat)
    return chaine


@transaction.atomic
def effacer_les_details(
    *, par: Auteur, motif: str, objet: str = "", evenements: Iterable[Evenement] = ()
) -> int:
    """Efface les détails de tous les actes sur un objet, ou des actes donnés ; rend leur nombre.

    La chaîne reste vérifiable. L'effacement est un acte : il nomme les rangs, jamais ce qui a été
    effacé, et ses propres détails ne s'effacent pas. Lève Refus sans motif. Règlement (UE)
    2016/679, article 17.
    """
    exiger(
        [] if motif.strip() else ["Dites pourquoi ces détails s’effacent, sans nommer personne."]
    )
    voulus = Evenement.objects.filter(objet=objet) if objet else None
    if voulus is None:
        voulus = Evenement.objects.filter(pk__in=[evenement.pk for evenement in evenements])
    # Les chaînes se tiennent dans l'ordre : deux effacements croisés ne s'attendent pas.
    for contrat in voulus.order_by("contrat").values_list("contrat", flat=True).distinct():
        tenir_la_chaine(contrat)
    a_effacer = voulus.filter(details__isnull=False).exclude(action=rules.EFFACEMENT)
    par_objet: dict[tuple[str, str], list[Evenement]] = defaultdict(list)
    for evenement in a_effacer.order_by("contrat", "rang"):
        par_objet[evenement.contrat, evenement.objet].append(evenement)
    for (contrat, de), actes in par_objet.items():
        Details.objects.filter(evenement__in=actes).delete()
        noter(
            par=par,
            contrat=contrat,
            action=rules.EFFACEMENT,
            objet=de,
            objet_nom=actes[-1].objet_nom,
            details={"rangs": [acte.rang for acte in actes], "motif": motif.strip()},
        )
    return sum(map(len, par_objet.values()))
