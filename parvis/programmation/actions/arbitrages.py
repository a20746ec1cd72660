"""Arbitrer en séance, annuler, ajourner ce qui reste ; publier ce qui est proposé à chaque porteur."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.actions.suivi import noter_l_arbitrage
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, NatureDeDemande
from parvis.dossiers.models import Demande
from parvis.dossiers.rules.suivi import dire_la_proposition
from parvis.journal.actions import noter
from parvis.organismes.models import Organisme
from parvis.programmation.actions.seances import passer_les_ajournes
from parvis.programmation.actions.tenir_la_seance import noter_la_seance, tenir_la_seance
from parvis.programmation.enums import EtatDeSeance, Resultat
from parvis.programmation.models import Arbitrage, PointDeSeance, Seance
from parvis.programmation.queries.ordre_du_jour import apports_par_financeur, avec_ses_suites, dire
from parvis.programmation.queries.seances import (
    discutees,
    dits_depuis,
    points_lisibles,
    restantes,
)
from parvis.programmation.rules import seances as rules
from parvis.socle.refus import Refus, exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_une_ligne

ZERO = Decimal("0.00")
_ATTEND = (EtatDeDemande.DEMANDEE, EtatDeDossier.RECEVABLE)


@dataclass(frozen=True)
class Propose:
    """Ce que la séance propose pour une demande, tel qu'on l'a écrit."""

    resultat: str
    montant: Decimal | None = None
    condition: str = ""
    motif: str = ""
    vers: str = ""


@transaction.atomic
def arbitrer(
    *,
    par: Acteur,
    seance: Seance,
    demande: Demande,
    propose: Propose,
    depart: int | None = None,
    maintenant: datetime | None = None,
) -> Arbitrage:
    """Écrit ce que la séance propose pour une demande ; le dernier mot remplace l'autre.

    `depart` : le rang de l'arbitrage que l'on lisait, zéro sans lui. Lève Refus, et Demande.DoesNotExist
    si elle n'est pas à l'ordre du jour, ou si l'acteur s'en est déporté.
    """
    seance = tenir_la_seance(par, seance)
    vise = _a_l_ordre_du_jour(par, seance).get(pk=demande.pk)
    point = seance.points.get(dossier=vise.dossier_id)
    valant = point.arbitrages.filter(demande=vise, vaut=True).first()
    nom = f"{vise.nom_du_financeur}{f', {vise.ligne}' if vise.ligne else ''}"
    motif, vers = en_une_ligne(propose.motif)[:1000], en_une_ligne(propose.vers)[:300]
    motifs = rules.motifs_empechant_l_arbitrage(
        seance=seance.etat,
        demande=rules.DemandeAArbitrer(
            nom, vise.montant_demande or ZERO, vise.etat, vise.dossier.etat
        ),
        resultat=propose.resultat,
        montant=propose.montant,
        motif=motif,
        vers=vers,
    )
    if depart is not None:
        motifs += rules.motifs_si_un_autre_a_arbitre(
            nom=nom,
            depart=depart,
            actuel=valant.rang if valant else 0,
            dit=dire(valant, vise) if valant else "",
        )
    exiger(motifs)
    return _ecrire(par, seance, point, vise, propose, motif, vers, valant, maintenant)


@transaction.atomic
def annuler_le_dernier(*, par: Acteur, seance: Seance, vu: int | None = None) -> Arbitrage:
    """Annule le dernier arbitrage de la séance ; celui d'avant, s'il y en a un, vaut de nouveau.

    `vu` : celui que l'on croit annuler, s'il faut que ce soit lui. Lève Refus si c'en est un autre, s'il
    n'y a rien à annuler, si la séance ne change plus, ou si l'acteur s'est déporté.
    """
    seance = tenir_la_seance(par, seance)
    exiger(rules.motifs_si_la_seance_n_arbitre_pas(seance.etat))
    dernier = (
        Arbitrage.objects.filter(point__seance=seance, annule_le__isnull=True)
        .select_related("demande__financeur", "demande__dossier__projet", "point__dossier__projet")
        .order_by("-pk")
        .first()
    )
    if dernier is None:
        raise Refus(["Il n’y a rien à annuler."])
    if vu is not None and vu != dernier.pk:
        raise Refus(["Un autre clavier vient d’arbitrer ou d’annuler. Relisez, puis recommencez."])
    if not points_lisibles(par, seance).filter(pk=dernier.point_id).exists():
        raise Refus(["Le dernier arbitrage est d’un dossier dont vous êtes déporté."])
    avant = (
        Arbitrage.objects.filter(
            point=dernier.point, demande=dernier.demande, annule_le__isnull=True
        )
        .exclude(pk=dernier.pk)
        .order_by("-rang")
        .first()
    )
    dernier.vaut, dernier.annule_le = False, timezone.now()
    dernier.annule_par = par.utilisateur_nom
    dernier.save(update_fields=["vaut", "annule_le", "annule_par"])
    if avant:
        avant.vaut = True
        avant.save(update_fields=["vaut"])
    noter_la_seance(
        par,
        "programmation.annuler_un_arbitrage",
        seance,
        dossier=dernier.point.dossier.reference,
        financeur=dernier.demande.nom_du_financeur,
        avant=dire(dernier, dernier.demande),
        apres=dire(avant, dernier.demande) if avant else "",
    )
    return dernier


@transaction.atomic
def ajourner_le_reste(*, par: Acteur, seance: Seance) -> int:
    """Ajourne tout ce que la séance n'a pas arbitré ; rend combien. Lève Refus.

    Ce dont l'acteur s'est déporté en est : remettre à plus tard n'est pas se prononcer, et nul autre ne
    tient peut-être la séance. Ce qu'une séance d'avant a proposé n'en est pas.
    """
    seance = tenir_la_seance(par, seance)
    exiger(rules.motifs_si_la_seance_n_arbitre_pas(seance.etat))
    points = {point.dossier_id: point for point in seance.points.all()}
    restent = list(_tenues(restantes(seance.points.all(), seance)))
    exiger([] if restent else ["Tout est déjà arbitré."])
    dit = Propose(Resultat.AJOURNE, motif=rules.RESTE_AJOURNE)
    for demande in restent:
        _ecrire(par, seance, points[demande.dossier_id], demande, dit, dit.motif, "", None)
    return len(restent)


@transaction.atomic
def publier_la_seance(*, par: Acteur, seance: Seance, maintenant: datetime | None = None) -> Seance:
    """Publie ce que la séance propose : chaque porteur l'apprend, sous réserve du vote de son financeur.

    Rien n'est voté. Les verrous se prennent dans l'ordre : la séance, la suivante et ses dossiers, les
    demandes, le journal. Ce qui est ajourné passe à la séance suivante si elle se prépare déjà. Qui s'est
    déporté d'un dossier publie aussi, sans rien en lire : la séance a dit ce qu'elle propose. Lève Refus
    s'il reste à arbitrer.
    """
    seance, maintenant = tenir_la_seance(par, seance), maintenant or timezone.now()
    exiger(
        rules.motifs_empechant_de_publier_la_seance(
            etat=seance.etat, restent=restantes(seance.points.all(), seance).count()
        )
    )
    # D'abord : qui retire un dossier le tient avant ses demandes.
    passer_les_ajournes(par, seance)
    dits = _proposer(par, seance)
    seance.etat, seance.publiee_le = EtatDeSeance.PUBLIEE, maintenant
    seance.publiee_par = par.utilisateur_nom
    seance.save(update_fields=["etat", "publiee_le", "publiee_par"])
    noter_la_seance(par, "programmation.publier_la_seance", seance)
    _annoncer(par, seance, dits)
    return seance


def _proposer(par: Acteur, seance: Seance) -> list[Arbitrage]:
    """Écrit sur chaque demande ce que la séance en propose ; rend ce qui se dit aux porteurs."""
    valant = list(
        Arbitrage.objects.filter(point__seance=seance, vaut=True)
        .select_related("point__dossier__projet", "point__dossier__appel__contrat")
        .order_by("point__rang", "pk")
    )
    tenues = Demande.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    demandes = {
        d.pk: d
        for d in tenues.filter(pk__in=[a.demande_id for a in valant]).select_related(
            "financeur__fusionne_dans"
        )
    }
    votes = _votes_prevus(seance)
    # Une séance réunie depuis, publiée avant celle-ci, a déjà le dernier mot.
    depassees = set(dits_depuis(seance).values_list("demande", flat=True))
    le, dits = timezone.localdate(seance.reunion.commence_le), []
    for arbitrage in valant:
        demande = arbitrage.demande = demandes[arbitrage.demande_id]
        financeur: Organisme = demande.financeur  # type: ignore[assignment]
        # Retirée ou votée entre-temps, elle ne se propose plus.
        if (demande.etat, arbitrage.point.dossier.etat) != _ATTEND or demande.pk in depassees:
            continue
        montant = arbitrage.montant or ZERO
        noter_l_arbitrage(
            demande,
            None if arbitrage.resultat == Resultat.AJOURNE else montant,
            le=le,
            vote_prevu_le=votes.get(financeur.retenu.pk),
        )
        dits.append(arbitrage)
    return dits


def _votes_prevus(seance: Seance) -> dict[int, date | None]:
    return {pk: apport.vote_prevu_le for pk, apport in apports_par_financeur(seance).items()}


def _annoncer(par: Acteur, seance: Seance, dits: Iterable[Arbitrage]) -> None:
    """Écrit une fois à chaque porteur, et le note dans l'histoire de son dossier."""
    par_dossier: dict[int, list[Arbitrage]] = defaultdict(list)
    for arbitrage in dits:
        par_dossier[arbitrage.point.dossier_id].append(arbitrage)
    le_jour = en_clair(timezone.localdate(seance.reunion.commence_le))
    for siens in par_dossier.values():
        dossier = siens[0].point.dossier
        propositions = [_dire_au_porteur(arbitrage) for arbitrage in siens]
        noter(
            par=par,
            contrat=seance.reunion.instance.contrat.code,
            action="programmation.proposer_a_un_dossier",
            objet=f"dossier:{dossier.pk}",
            objet_nom=str(dossier),
            details={"seance": le_jour, "propositions": " ; ".join(propositions)},
        )
        prevenir_le_porteur(
            dossier,
            objet=f"Dossier {dossier.reference} : ce que propose la séance du {le_jour}",
            texte=f"Vos financeurs se sont réunis le {le_jour}. Rien n’est encore voté :\n"
            + "\n".join(f"– {dit}." for dit in propositions)
            + "\n\nChaque financeur décidera ensuite, et vous l’écrira. Votre dossier :",
        )


def _dire_au_porteur(arbitrage: Arbitrage) -> str:
    demande = arbitrage.demande
    nom = f"{demande.nom_du_financeur}{f', {demande.ligne}' if demande.ligne else ''}"
    if arbitrage.resultat == Resultat.AJOURNE:
        return f"{nom} : à revoir à une prochaine séance. {arbitrage.motif.rstrip(' .')}"
    vote = en_clair(demande.vote_prevu_le) if demande.vote_prevu_le else ""
    dit = dire_la_proposition(
        nom=nom,
        montant=demande.montant_arbitre or ZERO,
        vote=vote,
        en_nature=demande.nature == NatureDeDemande.NATURE,
    )
    return avec_ses_suites(dit, arbitrage)


def _a_l_ordre_du_jour(par: Acteur, seance: Seance) -> QuerySet[Demande]:
    """Rend, verrouillées, les demandes de la séance que l'acteur arbitre : jamais d'un dossier déporté."""
    return _tenues(discutees(points_lisibles(par, seance), seance))


def _tenues(demandes: QuerySet[Demande]) -> QuerySet[Demande]:
    """Rend ces demandes verrouillées, avant le journal : qui en rend son avis les prend aussi d'abord."""
    tenues = demandes.order_by("pk").select_for_update(of=("self",), no_key=True)
    return tenues.select_related("financeur", "dossier__projet")


def _ecrire(
    par: Acteur,
    seance: Seance,
    point: PointDeSeance,
    demande: Demande,
    propose: Propose,
    motif: str,
    vers: str,
    valant: Arbitrage | None,
    maintenant: datetime | None = None,
) -> Arbitrage:
    """Écrit un arbitrage à la suite des autres, sous le verrou de la séance."""
    if valant:
        Arbitrage.objects.filter(pk=valant.pk).update(vaut=False)
    siens = point.arbitrages.filter(demande=demande)
    accorde = propose.resultat == Resultat.ACCORDE
    arbitrage = Arbitrage.objects.create(
        point=point,
        demande=demande,
        rang=(siens.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1,
        resultat=propose.resultat,
        montant=propose.montant if accorde else None,
        condition=en_une_ligne(propose.condition)[:1000] if accorde else "",
        motif=motif,
        vers=vers if propose.resultat == Resultat.ORIENTE else "",
        arbitre_le=maintenant or timezone.now(),
        arbitre_par=par.utilisateur_nom,
    )
    noter_la_seance(
        par,
        "programmation.arbitrer",
        seance,
        dossier=demande.dossier.reference,
        financeur=demande.nom_du_financeur,
        avant=dire(valant, demande) if valant else "",
        apres=dire(arbitrage, demande),
    )
    return arbitrage
