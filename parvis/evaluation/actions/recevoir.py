"""Ce que le service répond à un bilan, pour tous les financeurs : accepter, compléter, laisser du temps."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.bilans import dater_le_bilan
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.rules.bilans import bilan_attendu_le
from parvis.evaluation.actions.ecrire import poser
from parvis.evaluation.actions.tenir import nom_du_bilan, noter_le_bilan, tenir_le_bilan_recu
from parvis.evaluation.enums import EtatDeBilan
from parvis.evaluation.models import Bilan, ComplementDeBilan
from parvis.evaluation.queries.bilans import lire_le_bilan
from parvis.evaluation.queries.lecture import phrase_du_temps
from parvis.evaluation.rules.bilans import (
    TEXTE_AU_PLUS,
    etat_d_un_bilan_accepte,
    fin_accordee,
    motifs_empechant_d_accepter,
    motifs_empechant_d_accorder_du_temps,
    motifs_empechant_le_complement,
)
from parvis.evaluation.rules.dire import suite_de_l_acceptation
from parvis.evaluation.sections import PIECES, fin_demandee
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_paragraphes


@transaction.atomic
def accepter_le_bilan(*, par: Acteur, bilan: Bilan, maintenant: datetime | None = None) -> Bilan:
    """Accepte un bilan pour tous les financeurs ; celui d'un projet qui n'a pas eu lieu le constate.

    Lève Refus s'il n'est pas à lire, ou s'il demande plus de temps ; Dossier.DoesNotExist à qui ne
    reçoit pas les bilans de ce contrat.
    """
    bilan, maintenant = tenir_le_bilan_recu(par, bilan), maintenant or timezone.now()
    exiger(motifs_empechant_d_accepter(etat=bilan.etat, issue=bilan.issue))
    bilan.etat = etat_d_un_bilan_accepte(bilan.issue)
    bilan.accepte_le, bilan.accepte_par = maintenant, par.utilisateur_nom
    bilan.save(update_fields=["etat", "accepte_le", "accepte_par"])
    est_constate = bilan.etat == EtatDeBilan.NON_REALISE
    dater_le_bilan(
        dossier=bilan.dossier,
        exercice=bilan.exercice,
        sorte=bilan.sorte,
        rendu_le=timezone.localdate(bilan.rendu_le),
        accepte_le=timezone.localdate(maintenant),
        est_sans_realisation=est_constate,
        parts=dict(bilan.parts.values_list("demande", "montant")),
    )
    verdict = "constaté sans réalisation" if est_constate else "accepté"
    noter_le_bilan(par, "evaluation.accepter_le_bilan", bilan, {"verdict": verdict})
    suite = (
        "Le service prend acte que le projet n’a pas eu lieu. Chaque financeur vous dira ce que "
        "devient ce qu’il avait versé."
        if est_constate
        else suite_de_l_acceptation(bilan.sorte)
    )
    _dire_au_porteur(bilan, f"le {nom_du_bilan(bilan)} est {verdict}", suite)
    return bilan


@transaction.atomic
def demander_un_complement_au_bilan(
    *,
    par: Acteur,
    bilan: Bilan,
    section: str,
    texte: str,
    echeance: date,
    maintenant: datetime | None = None,
) -> ComplementDeBilan:
    """Demande au porteur de compléter une section d'un bilan avant une date ; elle seule se rouvre.

    Lève Refus avec tous les motifs, Dossier.DoesNotExist à qui ne reçoit pas les bilans de ce contrat.
    """
    bilan, maintenant = tenir_le_bilan_recu(par, bilan), maintenant or timezone.now()
    jour, texte = timezone.localdate(maintenant), en_paragraphes(texte)[:TEXTE_AU_PLUS]
    lues = lire_le_bilan(bilan, jour).sections
    titres = {code: lue.section.titre for code, lue in lues.items()}
    exiger(
        motifs_empechant_le_complement(
            etat=bilan.etat,
            section=section,
            sections=titres,
            texte=texte,
            echeance=echeance,
            jour=jour,
        )
    )
    complement = ComplementDeBilan.objects.create(
        bilan=bilan,
        section=section,
        texte=texte,
        demande_le=maintenant,
        demande_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
        echeance_le=echeance,
    )
    if bilan.etat != EtatDeBilan.A_COMPLETER:
        bilan.etat = EtatDeBilan.A_COMPLETER
        bilan.save(update_fields=["etat"])
    _attendre_de_nouveau(bilan, echeance)
    titre = titres.get(section, PIECES.titre)
    noter_le_bilan(
        par,
        "evaluation.demander_un_complement",
        bilan,
        {"section": titre, "echeance": en_clair(echeance)},
    )
    _dire_au_porteur(
        bilan,
        f"un complément est demandé au {nom_du_bilan(bilan)}",
        f"« {titre} » : {texte}\n\nÀ rendre au plus tard le {en_clair(echeance)}, pour tous les "
        "financeurs. Le reste de votre bilan ne change pas.",
    )
    return complement


@transaction.atomic
def accorder_plus_de_temps(
    *, par: Acteur, bilan: Bilan, maintenant: datetime | None = None
) -> date:
    """Accorde le temps que demande un bilan : il se rouvre, et rend le jour où il est attendu.

    Lève Refus s'il n'en demande pas, Dossier.DoesNotExist à qui ne reçoit pas les bilans de ce contrat.
    """
    bilan, maintenant = tenir_le_bilan_recu(par, bilan), maintenant or timezone.now()
    exiger(motifs_empechant_d_accorder_du_temps(etat=bilan.etat, issue=bilan.issue))
    courante = bilan.ecritures.get(section="realisation", est_courante=True)
    fin = fin_demandee(courante.valeur)
    assert fin is not None, "un bilan qui demande du temps sans date ne se rend pas"
    attendu = bilan_attendu_le(fin_accordee(bilan.exercice, fin))
    bilan.etat = EtatDeBilan.BROUILLON
    bilan.prevu = bilan.prevu | {"fin_le": f"{fin:%d/%m/%Y}"}
    bilan.save(update_fields=["etat", "prevu"])
    # La question se repose : le projet, cette fois, aura eu lieu ou non.
    reste = {c: t for c, t in courante.valeur.items() if c not in ("issue", "nouvelle_fin_le")}
    poser(par, bilan, "realisation", reste, courante)
    _attendre_de_nouveau(bilan, attendu)
    noter_le_bilan(
        par,
        "evaluation.accorder_du_temps",
        bilan,
        {"fin": en_clair(fin), "attendu": en_clair(attendu)},
    )
    _dire_au_porteur(
        bilan,
        "plus de temps vous est laissé",
        f"{phrase_du_temps(bilan, fin)} Si une convention nommait une autre date, son financeur vous "
        "dira s’il faut la modifier.",
    )
    return attendu


def _attendre_de_nouveau(bilan: Bilan, echeance: date) -> None:
    """Dit au dossier que ce bilan est de nouveau attendu ; jamais plus tôt qu'il ne l'était."""
    attendu = bilan.dossier.bilans_attendus.get(exercice=bilan.exercice, sorte=bilan.sorte)
    dater_le_bilan(
        dossier=bilan.dossier,
        exercice=bilan.exercice,
        sorte=bilan.sorte,
        rendu_le=None,
        attendu_le=max(attendu.attendu_le, echeance),
    )


def _dire_au_porteur(bilan: Bilan, quoi: str, texte: str) -> None:
    dossier = bilan.dossier
    prevenir_le_porteur(
        dossier, objet=f"Dossier {dossier.reference} : {quoi}", texte=texte, page="bilans"
    )
