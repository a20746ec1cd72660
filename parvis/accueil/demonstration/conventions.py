"""Ce qu'un récit raconte des actes d'un financeur : ses mentions, ce qu'il signe et notifie.

Chaque jour se compte depuis l'installation.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.actions import conditions
from parvis.conventions.actions.actes import preparer_les_actes
from parvis.conventions.actions.circuit import notifier_des_actes, signer_des_actes
from parvis.conventions.actions.composition import composer_un_acte
from parvis.conventions.actions.donnees_ouvertes import choisir_ce_qui_se_publie
from parvis.conventions.actions.modeles import (
    Mentions,
    ecrire_les_mentions,
    ecrire_un_modele,
    noter_une_autre_subvention,
)
from parvis.conventions.actions.versements import AVerser, verser
from parvis.conventions.enums import PorteeOuverte, SorteDActe
from parvis.conventions.models import Acte
from parvis.conventions.queries.modeles import texte_fourni
from parvis.conventions.queries.preparation import actes_a_prendre
from parvis.organismes.models import Organisme
from parvis.programmation.models import Decision


def ecrire_des_mentions(par: Acteur, contrat: str, *, pour: Organisme, **dites: str) -> None:
    """Écrit ce que portent les actes d'un service."""
    lu = Contrat.objects.get(code=contrat)
    acompte = int(dites.pop("acompte", 100))
    ecrire_les_mentions(par=par, contrat=lu, mentions=Mentions(acompte=acompte, **dites))


def ouvrir_les_donnees(par: Acteur, contrat: str, *, pour: Organisme, portee: str) -> None:
    """Choisit ce que publie le fichier des données ouvertes."""
    choisir_ce_qui_se_publie(
        par=par, contrat=Contrat.objects.get(code=contrat), portee=PorteeOuverte(portee)
    )


def reprendre_un_modele(
    par: Acteur, contrat: str, *, pour: Organisme, sorte: str, ajout: str
) -> None:
    """Publie le texte fourni pour une sorte d'acte, avec un paragraphe du service en plus."""
    fourni = texte_fourni(sorte)
    ecrire_un_modele(
        par=par,
        contrat=Contrat.objects.get(code=contrat),
        sorte=sorte,
        objet=fourni.objet,
        corps=f"{fourni.corps}\n\n{ajout}",
        publier=True,
    )


def donner_ailleurs(
    par: Acteur,
    contrat: str,
    *,
    pour: Organisme,
    a: str,
    exercice_de: str,
    objet: str,
    montant: str,
) -> None:
    """Note ce que le service donne à un organisme hors de la plateforme, sur l'exercice d'une décision."""
    decision = _decision(contrat, pour, exercice_de)
    noter_une_autre_subvention(
        par=par,
        titulaire=Organisme.objects.get(nom=a),
        exercice=decision.exercice,
        objet=objet,
        montant=Decimal(montant),
    )


def prendre_des_actes(
    par: Acteur,
    contrat: str,
    *,
    pour: Organisme,
    numero: str,
    jours: int,
    signes: int | None = None,
    notifies: int | None = None,
    mode: str = "courrier",
    signataire: str = "",
    sauf: Sequence[str] = (),
    sortes: Mapping[str, str] | None = None,
) -> None:
    """Prépare et compose les actes d'une décision ; ceux des organismes de `sauf` s'arrêtent là."""
    decision, voulues = _decision(contrat, pour, numero), sortes or {}
    maintenant = timezone.now() + timedelta(days=jours)
    proposes = [p for p in actes_a_prendre(par, decision) if not p.obstacles]
    choisis = {p.cle: voulues.get(p.titulaire.nom, p.choix.sorte) for p in proposes}
    faits = preparer_les_actes(par=par, decision=decision, choisis=choisis, maintenant=maintenant)
    for acte in faits:
        composer_un_acte(par=par, acte=acte, date=maintenant)
    avances = [acte.pk for acte in faits if acte.titulaire.nom not in sauf]
    jour = timezone.localdate()
    communs: dict[str, Any] = {"par": par, "contrat": decision.contrat, "pks": avances}
    if signes is not None:
        signe_le = jour + timedelta(days=signes)
        signer_des_actes(**communs, signe_le=signe_le, signe_par=signataire or par.utilisateur_nom)
    if notifies is not None:
        notifier_des_actes(**communs, mode=mode, notifie_le=jour + timedelta(days=notifies))


def _decision(contrat: str, pour: Organisme, numero: str) -> Decision:
    """Rend une décision publiée d'un financeur, par son numéro."""
    return Decision.objects.get(contrat__code=contrat, financeur=pour, numero=numero)


def verser_un_acte(
    par: Acteur,
    contrat: str,
    *,
    pour: Organisme,
    numero: str,
    a: str,
    jours: int,
    mandat: str,
    montant: str = "",
) -> None:
    """Note un versement sur l'acte qu'une décision a donné à un organisme : sa prochaine échéance."""
    acte = _acte(contrat, pour, numero, a)
    paye = AVerser(
        acte=acte.pk,
        verse_le=timezone.localdate() + timedelta(days=jours),
        montant=Decimal(montant) if montant else None,
        numero_d_ordre=mandat,
    )
    verser(par=par, contrat=acte.contrat, versements=[paye])


def lever_une_condition(
    par: Acteur,
    contrat: str,
    *,
    pour: Organisme,
    numero: str,
    a: str,
    jours: int,
    justification: str,
) -> None:
    """Note qu'est remplie la condition de l'acte qu'une décision a donné à un organisme."""
    acte = _acte(contrat, pour, numero, a)
    ligne = acte.lignes.exclude(reponse__condition="").get()
    conditions.lever_une_condition(
        par=par,
        acte=acte,
        reponse=ligne.reponse_id,
        levee_le=timezone.localdate() + timedelta(days=jours),
        justification=justification,
    )


def _acte(contrat: str, pour: Organisme, numero: str, a: str) -> Acte:
    """Rend l'acte qui accorde, d'une décision, à un organisme."""
    decision = _decision(contrat, pour, numero)
    return decision.actes.exclude(sorte=SorteDActe.REFUS).get(titulaire__nom=a)
