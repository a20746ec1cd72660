"""Ce qu'un récit raconte des séances : leur ordre du jour, ce que l'on y apporte, ce qu'elles arbitrent.

Chaque jour se compte depuis l'installation.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from parvis.accueil.demonstration import instances, monde
from parvis.accueil.demonstration.suites import demande_au_financeur, dossier_depose
from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.instances.actions import convoquer
from parvis.organismes.models import Organisme
from parvis.programmation.actions import arbitrages as arbitrer
from parvis.programmation.actions import decisions, reprise_de_seance
from parvis.programmation.actions import seances as actions
from parvis.programmation.actions.deports_de_seance import deporter
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Seance
from parvis.socle.refus import exiger


def preparer_une_seance(
    par: Acteur,
    contrat: str,
    *,
    instance: str,
    objet: str,
    jours: int,
    lieu: str,
    dossiers: Sequence[str],
    ordre_du_jour: str = "",
) -> None:
    """Prévoit une réunion, la convoque si elle est à venir, et met des dossiers à l'ordre du jour.

    Ce que la séance d'avant a ajourné y est déjà. L'exercice est celui des dossiers.
    """
    reunion = instances.prevoir(
        par,
        contrat,
        instance=instance,
        objet=objet,
        jours=jours,
        lieu=lieu,
        ordre_du_jour=ordre_du_jour,
    )
    if jours > 0:
        convoquer(par=par, reunion=reunion)
    voulus = [dossier_depose(contrat, titre) for titre in dossiers]
    seance = actions.preparer_une_seance(
        par=par,
        reunion=reunion,
        exercice=voulus[0].exercice,
        maintenant=reunion.commence_le - timedelta(days=20),
    )
    actions.inscrire(par=par, seance=seance, dossiers=[dossier.pk for dossier in voulus])


def apporter(
    par: Acteur, contrat: str, *, seance: str, pour: Organisme, montant: str = "", vote: int = 0
) -> None:
    """Dit ce que le service d'un financeur met sur la table, et dans combien de jours il votera."""
    actions.apporter(
        par=par,
        seance=_seance(contrat, seance),
        financeur=pour,
        montant=Decimal(montant) if montant else None,
        vote_prevu_le=instances.jour_ouvre(vote) if vote else None,
    )


def deporter_un_membre(
    par: Acteur, contrat: str, *, seance: str, dans: str, membre: str, motif: str
) -> None:
    """Note qu'un membre se retire d'un dossier de l'ordre du jour."""
    lue = _seance(contrat, seance)
    deporter(
        par=par,
        seance=lue,
        point=lue.points.get(dossier=dossier_depose(contrat, dans)),
        mandat=lue.reunion.instance.mandats.get(utilisateur=monde.personne(membre)),
        motif=motif,
    )


def tenir_une_seance(
    par: Acteur,
    contrat: str,
    *,
    seance: str,
    presences: Mapping[str, str],
    arbitrages: Sequence[Mapping[str, str]],
    publiee: int,
) -> None:
    """Note qui était là, ouvre, arbitre, lève, puis publie, tant de jours après l'installation."""
    lue = _seance(contrat, seance)
    instances.emarger(par, lue.reunion, presences)
    debut = lue.reunion.commence_le
    actions.ouvrir_la_seance(par=par, seance=lue, maintenant=debut + timedelta(minutes=7))
    for dit in arbitrages:
        arbitrer.arbitrer(
            par=par,
            seance=lue,
            demande=demande_au_financeur(contrat, dit["dans"], dit["a"]),
            propose=_propose(dit),
            maintenant=debut + timedelta(hours=2),
        )
    actions.lever_la_seance(par=par, seance=lue, maintenant=debut + timedelta(minutes=145))
    arbitrer.publier_la_seance(par=par, seance=lue, maintenant=_au_matin(publiee))


def reprendre_une_seance(
    par: Acteur,
    contrat: str,
    *,
    seance: str,
    sorte: str,
    jours: int,
    pour: Organisme,
    numero: str = "",
) -> None:
    """Prépare la décision d'un financeur sur ce qu'une séance lui propose, et la publie."""
    lue = _seance(contrat, seance)
    decision = decisions.preparer_une_decision(
        par=par,
        contrat=Contrat.objects.get(code=contrat),
        exercice=lue.exercice,
        sorte=sorte,
        prise_le=instances.jour_ouvre(jours),
        numero=numero,
    )
    _, refus = reprise_de_seance.reprendre_une_seance(par=par, decision=decision, seance=lue)
    exiger(refus)
    # Trois jours pour l'acte signé et sa transmission.
    decisions.publier_la_decision(par=par, decision=decision, maintenant=_au_matin(jours + 3))


def _propose(dit: Mapping[str, str]) -> arbitrer.Propose:
    autres = {champ: dit[champ] for champ in ("condition", "motif", "vers") if champ in dit}
    if "montant" in dit:
        return arbitrer.Propose(Resultat.ACCORDE, Decimal(dit["montant"]), **autres)
    return arbitrer.Propose(dit.get("resultat", Resultat.REFUSE), **autres)


def _seance(contrat: str, objet: str) -> Seance:
    """Rend une séance par l'objet de sa réunion ; lève Seance.DoesNotExist."""
    lues = Seance.objects.select_related("reunion__instance__contrat")
    return lues.get(reunion__instance__contrat__code=contrat, reunion__objet=objet)


def _au_matin(jours: int) -> datetime:
    return instances.a_l_heure(instances.jour_ouvre(jours), 10)
