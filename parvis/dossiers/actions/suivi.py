"""Noter ce qu'il advient d'une demande : la suite d'ailleurs, ce que son service propose ici."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.sections import tenir_le_dossier
from parvis.dossiers.enums import EtatDeDemande, SourceDuSuivi
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.rules.demandes import PASSAGES as PASSAGES_DE_DEMANDE
from parvis.dossiers.rules.suivi import Suite, motifs_empechant_la_suite
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import en_une_ligne

_MONTANTS = ("vote", "engage", "verse")
_DIT_PAR_LE_FINANCEUR = (
    "La décision vient du portail du financeur : elle ne se corrige pas ici. Notez le reste, et si elle "
    "est fausse, écrivez à l’équipe du contrat."
)


@transaction.atomic
def noter_la_suite(*, par: Acteur, demande: Demande, suite: Suite) -> Demande:
    """Note où en est une demande faite ailleurs : numéro, accordé, engagé, versé, ou refusé.

    La noter de nouveau corrige ce qui l'était, sauf ce que le financeur a décidé et que l'export de son
    portail a dit. Lève Refus, et Dossier.DoesNotExist à qui n'écrit pas pour ce porteur, ou n'est pas
    encore confirmé.
    """
    dossier = tenir_le_dossier(par, demande.dossier)
    if not par.est_confirme:
        raise Dossier.DoesNotExist
    tenue = dossier.demandes.select_for_update(of=("self",)).select_related("financeur")
    demande = tenue.get(pk=demande.pk)
    fait_le = timezone.localdate(demande.demande_le) if demande.demande_le else None
    jour = timezone.localdate()
    exiger(
        motifs_empechant_la_suite(
            guichet=demande.guichet,
            etat=demande.etat,
            suite=suite,
            demande_le=fait_le or jour,
            jour=jour,
        )
    )
    vient_du_financeur = demande.suivi_source == SourceDuSuivi.EXPORT
    decidee = (demande.etat, demande.montant_vote, demande.vote_le)
    if vient_du_financeur and decidee != (suite.etat, suite.vote, suite.vote_le):
        raise Refus([_DIT_PAR_LE_FINANCEUR])
    avant = _en_clair(demande)
    demande.etat, demande.numero_externe = suite.etat, en_une_ligne(suite.numero)[:60]
    for mot in _MONTANTS:
        setattr(demande, f"montant_{mot}", getattr(suite, mot))
        setattr(demande, f"{mot}_le", getattr(suite, f"{mot}_le"))
    demande.suivi_le, demande.suivi_par = timezone.now(), par.utilisateur_nom
    if not vient_du_financeur:
        demande.suivi_source, demande.statut_externe = SourceDuSuivi.PERSONNE, ""
    demande.save()
    noter_le_dossier(
        par,
        "dossiers.noter_la_suite",
        dossier,
        {"financeur": demande.nom_du_financeur, "avant": avant, "apres": _en_clair(demande)},
    )
    return demande


def noter_la_proposition(
    demande: Demande, montant: Decimal | None, *, le: datetime, est_partagee: bool
) -> None:
    """Écrit ce que le service propose pour une demande tenue ; sans montant, elle n'en a plus.

    L'acte appelant a vérifié qui propose, et le note au journal.
    """
    demande.montant_propose = montant
    demande.propose_le = le if montant is not None else None
    demande.propose_partage_le = timezone.now() if est_partagee and montant is not None else None
    demande.save(update_fields=["montant_propose", "propose_le", "propose_partage_le"])


def noter_l_arbitrage(
    demande: Demande, montant: Decimal | None, *, le: date, vote_prevu_le: date | None
) -> None:
    """Écrit ce qu'une séance publiée propose pour une demande tenue : combien, zéro, ou rien encore.

    L'acte appelant a vérifié qui publie, et le note au journal.
    """
    est_dit = montant is not None
    demande.montant_arbitre = montant
    demande.arbitre_le = le if est_dit else None
    demande.vote_prevu_le = vote_prevu_le if est_dit else None
    demande.save(update_fields=["montant_arbitre", "arbitre_le", "vote_prevu_le"])


def noter_le_vote_prevu(demande: Demande, le: date | None) -> None:
    """Écrit quand le financeur d'une demande tenue et arbitrée prévoit de la voter, s'il le sait.

    L'acte appelant a vérifié qui le dit, et le note au journal.
    """
    demande.vote_prevu_le = le
    demande.save(update_fields=["vote_prevu_le"])


def noter_la_decision(demande: Demande, *, etat: str, vote: Decimal | None, le: date) -> None:
    """Écrit ce que le financeur a décidé d'une demande tenue : votée et combien, ou plus rien.

    L'acte appelant a vérifié qui décide, et le note au journal. Lève Refus si l'état n'y passe pas.
    """
    if etat != demande.etat and etat not in PASSAGES_DE_DEMANDE[demande.etat]:
        raise Refus([f"Une demande {demande.get_etat_display().lower()} ne se décide plus."])
    demande.etat, demande.montant_vote = etat, vote
    demande.vote_le = le if vote is not None else None
    demande.save(update_fields=["etat", "montant_vote", "vote_le"])


def noter_l_engagement(demande: Demande, montant: Decimal | None, *, le: date) -> None:
    """Écrit ce que des actes signés engagent pour une demande tenue ; sans montant, plus rien.

    L'acte appelant a vérifié qui signe, et le note au journal. La base refuse plus que le voté, et moins
    que le versé.
    """
    demande.montant_engage = montant or None
    demande.engage_le = le if montant else None
    demande.save(update_fields=["montant_engage", "engage_le"])


def _en_clair(demande: Demande) -> str:
    """Rend où en est une demande, en quelques mots pour le journal."""
    dits = [EtatDeDemande(demande.etat).label.lower()]
    for mot, nom in (("vote", "voté"), ("engage", "engagé"), ("verse", "versé")):
        montant: Decimal | None = getattr(demande, f"montant_{mot}")
        if montant is not None:
            dits.append(f"{ecrire_montant(montant, court=True)} {nom}{'s' if montant >= 2 else ''}")
    return ", ".join(dits)
