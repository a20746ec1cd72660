"""Lever la condition d'une réponse : rien ne se verse avant. La remettre si c'était une erreur."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import noter_un_acte
from parvis.conventions.actions.versements import tenir_l_argent
from parvis.conventions.models import Acte, ConditionLevee
from parvis.conventions.queries.paiements import LignePayee, Paiements
from parvis.conventions.rules import versements as rules
from parvis.documents.actions import FichierControle, ranger
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_une_ligne


@transaction.atomic
def lever_une_condition(
    *,
    par: Acteur,
    acte: Acte,
    reponse: int,
    levee_le: date | None,
    justification: str,
    fichier: FichierControle | None = None,
) -> ConditionLevee:
    """Note qu'une condition est remplie : qui le dit, quand, ce qui le montre ; l'organisme l'apprend.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service, ou si la réponse n'est pas de l'acte.
    """
    tenu, lu = tenir_l_argent(par, acte)
    payee = _ligne_de(lu, reponse)
    justification = en_une_ligne(justification)[:1000]
    exiger(
        rules.motifs_empechant_de_lever(
            condition=payee.condition,
            est_levee=payee.levee is not None,
            levee_le=levee_le,
            prise_le=tenu.decision.prise_le,
            justification=justification,
            jour=timezone.localdate(),
        )
    )
    assert levee_le is not None
    levee = ConditionLevee.objects.create(
        reponse_id=reponse,
        levee_le=levee_le,
        levee_par=par.utilisateur_nom,
        justification=justification,
        notee_le=timezone.now(),
        fichier=ranger(par=par, controle=fichier) if fichier is not None else None,
    )
    dossier = payee.ligne.demande.dossier
    financeur = tenu.financeur.retenu.nom
    noter_le_dossier(
        par,
        "conventions.lever_une_condition",
        dossier,
        {
            "financeur": financeur,
            "condition": payee.condition,
            "justification": justification,
            "levee_le": levee_le.isoformat(),
        },
    )
    prevenir_le_porteur(
        dossier,
        objet=f"{financeur} a levé une condition",
        texte=f"{financeur} a noté que la condition « {payee.condition} » est levée le "
        f"{en_clair(levee_le)}, pour « {dossier.projet.titre} » : « {justification} ».",
    )
    return levee


@transaction.atomic
def annuler_la_levee(*, par: Acteur, acte: Acte, reponse: int, motif: str) -> ConditionLevee:
    """Remet une condition levée par erreur, tant que rien n'est versé ; l'organisme l'apprend.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service, ou si la réponse n'est pas de l'acte.
    """
    tenu, lu = tenir_l_argent(par, acte)
    payee, motif = _ligne_de(lu, reponse), en_une_ligne(motif)[:500]
    exiger(
        rules.motifs_empechant_d_annuler_la_levee(
            est_levee=payee.levee is not None, motif=motif, verse=lu.verse
        )
    )
    assert payee.levee is not None
    levee = ConditionLevee.objects.select_for_update(of=("self",)).get(pk=payee.levee.pk)
    levee.annulee_le, levee.annulee_par = timezone.now(), par.utilisateur_nom
    levee.motif_d_annulation = motif
    levee.save(update_fields=["annulee_le", "annulee_par", "motif_d_annulation"])
    noter_un_acte(par, "conventions.annuler_la_levee", tenu, condition=payee.condition, motif=motif)
    dossier, financeur = payee.ligne.demande.dossier, tenu.financeur.retenu.nom
    noter_le_dossier(
        par,
        "conventions.remettre_une_condition",
        dossier,
        {"financeur": financeur, "condition": payee.condition},
    )
    prevenir_le_porteur(
        dossier,
        objet=f"{financeur} attend de nouveau qu’une condition soit levée",
        texte=f"{financeur} avait noté par erreur que la condition « {payee.condition} » était levée, "
        f"pour « {dossier.projet.titre} ». Rien ne se verse avant qu’elle le soit.",
    )
    return levee


def _ligne_de(lu: Paiements, reponse: int) -> LignePayee:
    payee = next((une for une in lu.lignes if une.ligne.reponse_id == reponse), None)
    if payee is None:
        raise Acte.DoesNotExist
    return payee
