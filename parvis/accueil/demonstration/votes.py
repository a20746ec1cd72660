"""Ce qu'un récit raconte de l'argent d'un financeur : ses enveloppes, et ce qu'il décide."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.accueil.demonstration.suites import demande_au_financeur, dossier_depose
from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.organismes.models import Organisme
from parvis.programmation.actions import decisions
from parvis.programmation.actions.enveloppes import creer_une_enveloppe, deleguer, doter
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Enveloppe


def ouvrir_une_enveloppe(
    par: Acteur,
    contrat: str,
    *,
    ligne: str,
    montant: str,
    comme: str,
    jours: int,
    parts: Mapping[str, str] | None = None,
    pour: Organisme,
) -> None:
    """Crée l'enveloppe de l'exercice d'un dossier, la dote, et en délègue des parts à des piliers."""
    decide_le = timezone.localdate() + timedelta(days=jours)
    communs: dict[str, Any] = {
        "par": par,
        "contrat": Contrat.objects.get(code=contrat),
        "exercice": dossier_depose(contrat, comme).exercice,
        "ligne": ligne,
    }
    mere = creer_une_enveloppe(**communs)
    doter(par=par, enveloppe=mere, montant=Decimal(montant), decide_le=decide_le)
    for pilier, part in (parts or {}).items():
        fille = creer_une_enveloppe(**communs, pilier=pilier, mere=mere)
        deleguer(par=par, depuis=mere, vers=fille, montant=Decimal(part), decide_le=decide_le)


def decider(
    par: Acteur,
    contrat: str,
    *,
    sorte: str,
    jours: int,
    comme: str,
    reponses: Sequence[Mapping[str, str]],
    pour: Organisme,
    numero: str = "",
    publiee: bool = True,
) -> None:
    """Prépare une décision prise tant de jours après l'installation, y répond, et la publie."""
    lu = Contrat.objects.get(code=contrat)
    decision = decisions.preparer_une_decision(
        par=par,
        contrat=lu,
        exercice=dossier_depose(contrat, comme).exercice,
        sorte=sorte,
        prise_le=timezone.localdate() + timedelta(days=jours),
        numero=numero,
    )
    decisions.repondre(
        par=par,
        decision=decision,
        reponses={
            demande_au_financeur(contrat, r["dans"], str(pour)).pk: _dire(
                r, decision.exercice, pour
            )
            for r in reponses
        },
    )
    if publiee:
        # Trois jours pour l'acte signé et sa transmission.
        publiee_le = timezone.now() + timedelta(days=jours + 3)
        decisions.publier_la_decision(par=par, decision=decision, maintenant=publiee_le)


def _dire(reponse: Mapping[str, str], exercice: int, pour: Organisme) -> decisions.Dit:
    autres = {
        champ: reponse[champ]
        for champ in ("condition", "motif", "a_qui", "ce_qui_changerait", "vers")
        if champ in reponse
    }
    if "montant" not in reponse:
        return decisions.Dit(reponse.get("resultat", Resultat.REFUSE), **autres)
    enveloppe = Enveloppe.objects.filter(financeur=pour, exercice=exercice, mere=None).first()
    return decisions.Dit(
        Resultat.ACCORDE, Decimal(reponse["montant"]), enveloppe.pk if enveloppe else None, **autres
    )
