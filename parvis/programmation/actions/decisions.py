"""Préparer la décision d'un financeur, y répondre à chaque demande, la publier : c'est elle qui vote."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.documents.actions import FichierControle, ranger
from parvis.dossiers.actions.suivi import noter_l_arbitrage, noter_la_decision
from parvis.dossiers.enums import NatureDeDemande
from parvis.dossiers.models import Demande
from parvis.dossiers.queries.bilans import motifs_de_bilan_a_la_decision
from parvis.instruction.queries.deports import hors_des_deports
from parvis.journal.actions import noter
from parvis.programmation.actions.annonces import annoncer_les_reponses
from parvis.programmation.actions.enveloppes import tenir_pour_voter
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision, Enveloppe, Imputation, LigneDeDecision
from parvis.programmation.permissions import a_des_enveloppes
from parvis.programmation.queries.decisions import (
    decisions,
    demandes_recues,
    empreinte_de,
    lignes_a_ecrire,
    prises_sur_les_enveloppes,
    service_a_appeler,
    toutes_les_lignes,
)
from parvis.programmation.queries.enveloppes import enveloppes
from parvis.programmation.rules import decisions as rules
from parvis.programmation.rules.decisions import DemandeADecider, Reponse
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import en_paragraphes, en_une_ligne
from parvis.socle.validation import motifs_de_validation

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Dit:
    """Ce que l'on répond à une demande, tel qu'on l'a écrit."""

    resultat: str
    montant: Decimal | None = None
    enveloppe: int | None = None
    condition: str = ""
    motif: str = ""
    a_qui: str = ""
    ce_qui_changerait: str = ""
    vers: str = ""


@transaction.atomic
def preparer_une_decision(
    *,
    par: Acteur,
    contrat: Contrat,
    exercice: int,
    sorte: str,
    prise_le: date,
    numero: str = "",
    fichier: FichierControle | None = None,
) -> Decision:
    """Prépare une décision : rien n'est voté tant qu'elle n'est pas publiée.

    Lève Refus, et Decision.DoesNotExist à qui ne décide pour aucun financeur.
    """
    if not a_des_enveloppes(par):
        raise Decision.DoesNotExist
    decision = Decision(
        contrat=contrat,
        financeur=par.organisme,
        preparee_le=timezone.now(),
        preparee_par=par.utilisateur_nom,
    )
    _ecrire(decision, par, exercice, sorte, prise_le, numero, fichier)
    noter_une_decision(par, "programmation.preparer_une_decision", decision)
    return decision


@transaction.atomic
def modifier_la_decision(
    *,
    par: Acteur,
    decision: Decision,
    sorte: str,
    prise_le: date,
    numero: str = "",
    fichier: FichierControle | None = None,
) -> Decision:
    """Corrige la sorte, la date, le numéro ou le fichier d'une décision en préparation ; lève Refus."""
    decision = _tenir(par, decision)
    _ecrire(decision, par, decision.exercice, sorte, prise_le, numero, fichier)
    noter_une_decision(par, "programmation.modifier_la_decision", decision)
    return decision


@transaction.atomic
def repondre(
    *,
    par: Acteur,
    decision: Decision,
    reponses: Mapping[int, Dit],
    departs: Mapping[int, str] | None = None,
) -> list[LigneDeDecision]:
    """Met des réponses dans une décision en préparation, toutes ou aucune ; une réponse remplace l'autre.

    Les clés sont celles des demandes. `departs` : l'empreinte de chaque réponse que l'on a lue avant
    d'écrire, rien où il n'y en avait pas ; sans lui, on remplace sans comparer. Lève Refus, avec les
    motifs de toutes, et Demande.DoesNotExist si l'une n'est pas à ce service, ou si l'acteur s'en est
    déporté.
    """
    decision = _tenir(par, decision)
    exiger([] if reponses else ["Cochez au moins une demande."])
    demandes = demandes_recues(par, decision.contrat, decision.exercice).select_related(
        "dossier__projet", "dossier__version_d_appel"
    )
    siennes = {demande.pk: demande for demande in demandes.filter(pk__in=reponses)}
    if len(siennes) < len(reponses):
        raise Demande.DoesNotExist
    prises = {e.pk: e for e in enveloppes(par, decision.contrat).filter(exercice=decision.exercice)}
    motifs: list[str] = []
    reponses = {pk: avec_qui_appeler(dit, siennes[pk]) for pk, dit in reponses.items()}
    for pk, dit in reponses.items():
        motifs += motifs_de_la_reponse(siennes[pk], dit, prises)
    if departs is not None:
        motifs += _motifs_des_collegues(decision, siennes, departs)
    exiger(motifs)
    lignes = [_repondre(decision, siennes[pk], dit, prises) for pk, dit in reponses.items()]
    noter_une_decision(par, "programmation.preparer_des_reponses", decision, nombre=len(lignes))
    return lignes


def _motifs_des_collegues(
    decision: Decision, siennes: Mapping[int, Demande], departs: Mapping[int, str]
) -> list[str]:
    """Rend ce qu'un collègue a écrit ou retiré depuis qu'on l'a lu : la décision est verrouillée."""
    ecrites = {ligne.demande_id: ligne for ligne in decision.lignes.filter(demande__in=siennes)}
    motifs: list[str] = []
    for pk, demande in siennes.items():
        ligne, lue = ecrites.get(pk), _a_decider(demande)
        motifs += rules.motifs_si_un_collegue_a_repondu(
            nom=lue.nom,
            depart=departs.get(pk, ""),
            actuelle=empreinte_de(ligne) if ligne else "",
            dite=rules.dire_la_reponse(ligne.resultat, ligne.montant, lue.demande) if ligne else "",
        )
    return motifs


@transaction.atomic
def retirer_une_reponse(*, par: Acteur, decision: Decision, ligne: LigneDeDecision) -> None:
    """Retire une réponse d'une décision en préparation, où qu'en soit le dossier.

    Lève Refus si elle est publiée, et LigneDeDecision.DoesNotExist à qui s'est déporté du dossier.
    """
    decision = _tenir(par, decision)
    lignes_a_ecrire(par, decision).get(pk=ligne.pk).delete()
    noter_une_decision(par, "programmation.retirer_une_reponse", decision)


@transaction.atomic
def jeter_la_decision(*, par: Acteur, decision: Decision) -> None:
    """Jette une décision en préparation et ses réponses ; lève Refus si elle est publiée."""
    decision = _tenir(par, decision)
    exiger(_motifs_des_deports(par, decision, "jette"))
    decision.lignes.all().delete()
    noter_une_decision(par, "programmation.jeter_la_decision", decision)
    decision.delete()


@transaction.atomic
def publier_la_decision(
    *, par: Acteur, decision: Decision, maintenant: datetime | None = None
) -> Decision:
    """Publie une décision : les montants deviennent votés, les porteurs l'apprennent. Tout ou rien.

    Les verrous se prennent dans l'ordre : la décision, les demandes, les enveloppes, le journal. Lève
    Refus si une réponse ne tient plus, si une enveloppe ne suffit pas, ou si l'acteur s'est déporté d'un
    des dossiers.
    """
    decision, maintenant = _tenir(par, decision), maintenant or timezone.now()
    dites = list(toutes_les_lignes(decision))
    exiger(
        rules.motifs_empechant_de_publier(
            est_publiee=decision.est_publiee,
            prise_le=decision.prise_le,
            jour=timezone.localdate(maintenant),
            lignes=len(dites),
        )
    )
    tenir_pour_voter(
        [ligne.demande for ligne in dites],
        aussi={ligne.enveloppe_id for ligne in dites if ligne.enveloppe_id},
    )
    # Relues sous leurs verrous : ce qui a changé depuis la préparation se voit ici.
    dites = list(toutes_les_lignes(decision))
    exiger(_motifs_de_publication(par, decision, dites))
    _voter(dites, decision, par, maintenant)
    decision.publiee_le, decision.publiee_par = maintenant, par.utilisateur_nom
    decision.auteur = par.utilisateur_identifiant
    decision.save(update_fields=["publiee_le", "publiee_par", "auteur"])
    noter_une_decision(par, "programmation.publier_la_decision", decision)
    annoncer_les_reponses(par, decision, dites)
    return decision


def _motifs_de_publication(
    par: Acteur, decision: Decision, dites: Sequence[LigneDeDecision]
) -> list[str]:
    motifs = _motifs_des_deports(par, decision, "publie")
    for ligne in dites if not motifs else ():
        motifs += rules.motifs_empechant_la_reponse(
            demande=_a_decider(ligne.demande),
            reponse=Reponse(
                ligne.resultat,
                ligne.montant,
                ligne.enveloppe_id is not None,
                ligne.motif,
                ligne.vers,
                ligne.a_qui,
            ),
        )
    accordes = [x.demande.dossier for x in dites if x.resultat == Resultat.ACCORDE]
    motifs += motifs_de_bilan_a_la_decision(accordes, timezone.localdate()) if accordes else []
    prises = prises_sur_les_enveloppes(decision.lignes.all())
    return motifs or rules.motifs_d_enveloppe(
        (str(p.enveloppe), p.pris, p.enveloppe.montant_reste) for p in prises
    )


def _motifs_des_deports(par: Acteur, decision: Decision, geste: str) -> list[str]:
    """Rend pourquoi un autre doit le faire : l'acteur s'est déporté d'un dossier, que l'on ne nomme pas."""
    if decision.lignes.exclude(hors_des_deports(par, "demande__dossier")).exists():
        return [f"Vous êtes déporté d’un dossier de cette décision : un autre la {geste}."]
    return []


def _voter(
    dites: Sequence[LigneDeDecision], decision: Decision, par: Acteur, maintenant: datetime
) -> None:
    """Écrit les votes. Ce qui était voté se rend d'abord : l'argent peut changer d'enveloppe pleine.

    Ce qui est engagé ne se rend pas ; ces demandes-là se votent les dernières, à la hausse seulement.
    """
    decidees = [ligne for ligne in dites if ligne.resultat != Resultat.AJOURNE]
    for ligne in dites:
        # Ajournée par l'autorité elle-même, ce qu'une séance proposait ne tient plus.
        if ligne.resultat == Resultat.AJOURNE and ligne.demande.montant_arbitre is not None:
            noter_l_arbitrage(ligne.demande, None, le=decision.prise_le, vote_prevu_le=None)
    for ligne in decidees:
        demande = ligne.demande
        if demande.montant_vote is not None and not demande.montant_engage:
            noter_la_decision(demande, etat=demande.etat, vote=None, le=decision.prise_le)
    for ligne in sorted(decidees, key=lambda ligne: bool(ligne.demande.montant_engage)):
        if ligne.enveloppe_id:
            _imputer(ligne, par, maintenant)
        noter_la_decision(
            ligne.demande,
            etat=rules.EFFETS[ligne.resultat],
            vote=ligne.montant,
            le=decision.prise_le,
        )


def _imputer(ligne: LigneDeDecision, par: Acteur, maintenant: datetime) -> None:
    """Prend la demande sur l'enveloppe que dit la décision ; la base compte ce qui y est voté."""
    assert ligne.enveloppe is not None
    Imputation.objects.update_or_create(
        demande=ligne.demande,
        defaults={
            "enveloppe": ligne.enveloppe,
            "imputee_le": maintenant,
            "imputee_par": par.utilisateur_nom,
        },
    )


def _repondre(
    decision: Decision, demande: Demande, dit: Dit, prises: Mapping[int, Enveloppe]
) -> LigneDeDecision:
    accorde = dit.resultat == Resultat.ACCORDE
    # Un apport en nature ne se prend sur aucune enveloppe.
    en_argent = demande.nature == NatureDeDemande.NUMERAIRE
    ligne, _ = LigneDeDecision.objects.update_or_create(
        decision=decision,
        demande=demande,
        defaults={
            "resultat": dit.resultat,
            "montant": dit.montant if accorde else None,
            "enveloppe": prises.get(dit.enveloppe or 0) if accorde and en_argent else None,
            "condition": en_paragraphes(dit.condition)[:1000] if accorde else "",
            "motif": en_paragraphes(dit.motif)[:2000],
            "a_qui": "" if accorde else en_une_ligne(dit.a_qui)[:300],
            "ce_qui_changerait": "" if accorde else en_paragraphes(dit.ce_qui_changerait)[:1000],
            "vers": en_une_ligne(dit.vers)[:300] if dit.resultat == Resultat.ORIENTE else "",
        },
    )
    return ligne


def avec_qui_appeler(dit: Dit, demande: Demande) -> Dit:
    """Rend la réponse avec, à défaut d'un autre, le service que nomme l'appel."""
    if dit.resultat == Resultat.ACCORDE or dit.a_qui.strip():
        return dit
    return replace(dit, a_qui=service_a_appeler(demande))


def motifs_de_la_reponse(demande: Demande, dit: Dit, prises: Container[int | None]) -> list[str]:
    """Rend pourquoi ceci ne se répond pas à cette demande ; `prises` : les enveloppes du service."""
    return rules.motifs_empechant_la_reponse(
        demande=_a_decider(demande),
        reponse=Reponse(
            dit.resultat, dit.montant, dit.enveloppe in prises, dit.motif, dit.vers, dit.a_qui
        ),
    )


def _a_decider(demande: Demande) -> DemandeADecider:
    ligne = f", {demande.ligne}" if demande.ligne else ""
    return DemandeADecider(
        f"{demande.dossier.projet.titre}{ligne}",
        demande.montant_demande or ZERO,
        demande.nature,
        demande.etat,
        demande.dossier.etat,
        demande.montant_engage or ZERO,
    )


def _ecrire(
    decision: Decision,
    par: Acteur,
    exercice: int,
    sorte: str,
    prise_le: date,
    numero: str,
    fichier: FichierControle | None,
) -> None:
    decision.exercice, decision.sorte = exercice, sorte
    decision.prise_le, decision.numero = prise_le, en_une_ligne(numero)[:60]
    motifs = rules.motifs_empechant_de_preparer(
        prise_le=prise_le, exercice=exercice, jour=timezone.localdate()
    )
    exiger(motifs or motifs_de_validation(decision, avec_contraintes=True))
    if fichier is not None:
        decision.fichier = ranger(par=par, controle=fichier)
    decision.save()


def _tenir(par: Acteur, decision: Decision) -> Decision:
    """Rend la décision, verrouillée, du service de l'acteur ; lève Decision.DoesNotExist ou Refus."""
    visible: Collection[int] = decisions(par, decision.contrat).values_list("pk", flat=True)
    tenue = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("contrat", "financeur__fusionne_dans")
        .filter(pk__in=visible)
        .get(pk=decision.pk)
    )
    if tenue.est_publiee:
        raise Refus(["Cette décision est publiée : elle ne change plus."])
    return tenue


def noter_une_decision(par: Acteur, action: str, decision: Decision, **autres: Any) -> None:
    """Note un acte sur une décision ; ce qu'elle dit de chaque dossier se note dans son histoire."""
    details = {"prise_le": decision.prise_le.isoformat(), **autres}
    noter(
        par=par,
        contrat=decision.contrat.code,
        action=action,
        objet=f"decision:{decision.pk}",
        objet_nom=f"{decision}, {decision.financeur}",
        details=details,
    )
