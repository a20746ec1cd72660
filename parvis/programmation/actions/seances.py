"""Préparer une séance, son ordre du jour et ce que chacun y apporte ; l'ouvrir, la lever."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.instances.actions import tenir_une_reunion
from parvis.instances.enums import EtatDeReunion
from parvis.instances.models import Reunion
from parvis.instances.permissions import peut_tenir_les_instances
from parvis.instances.queries import feuille
from parvis.instruction.queries.deports import hors_des_deports
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres
from parvis.programmation.actions.deports_de_seance import (
    reporter_les_deports,
    reprendre_les_deports,
)
from parvis.programmation.actions.tenir_la_seance import (
    noter_la_seance,
    reunie_le,
    tenir_la_seance,
    verrouiller_la_seance,
)
from parvis.programmation.enums import EtatDeSeance, Rangement, Sens
from parvis.programmation.models import (
    ApportDeSeance,
    Arbitrage,
    PointDeSeance,
    Seance,
)
from parvis.programmation.permissions import peut_apporter
from parvis.programmation.queries.rangement import cle_de_rangement
from parvis.programmation.queries.seances import (
    ajournees,
    discutees,
    dossiers_a_inscrire,
    examines_ailleurs,
    points_lisibles,
    seance_d_avant,
    seances_d_apres,
)
from parvis.programmation.rules import seances as rules
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import Refus, exiger


@transaction.atomic
def preparer_une_seance(
    *, par: Acteur, reunion: Reunion, exercice: int, maintenant: datetime | None = None
) -> Seance:
    """Prépare la séance d'une réunion ; ce que la précédente a ajourné est déjà à l'ordre du jour.

    Lève Refus, et Reunion.DoesNotExist à qui ne tient pas les instances du contrat.
    """
    tenue = (
        Reunion.objects.select_for_update(of=("self",))
        .select_related("instance__contrat")
        .get(pk=reunion.pk)
    )
    if not peut_tenir_les_instances(par, tenue.instance.contrat.code):
        raise Reunion.DoesNotExist
    exiger(
        rules.motifs_empechant_de_preparer_la_seance(
            reunion=tenue.etat,
            exercice=exercice,
            reunie_le=timezone.localdate(tenue.commence_le),
            en_a_une=Seance.objects.filter(reunion=tenue).exists(),
        )
    )
    seance = Seance(
        reunion=tenue,
        exercice=exercice,
        preparee_le=maintenant or timezone.now(),
        preparee_par=par.utilisateur_nom,
    )
    seance.suite_de = seance_d_avant(seance)
    seance.save(force_insert=True)
    if seance.suite_de:
        reprendre_les_ajournes(seance, seance.suite_de)
    noter_la_seance(par, "programmation.preparer_une_seance", seance)
    return seance


@transaction.atomic
def inscrire(*, par: Acteur, seance: Seance, dossiers: Collection[int]) -> int:
    """Met des dossiers à l'ordre du jour, à la suite ; rend combien. Lève Refus.

    Lève Dossier.DoesNotExist si l'un ne peut pas s'y mettre : ni recevable, ni lu de l'acteur.
    """
    seance = tenir_la_seance(par, seance)
    exiger(rules.motifs_si_la_seance_ne_se_complete_plus(seance.etat))
    exiger([] if dossiers else ["Choisissez au moins un dossier."])
    deja = points_lisibles(par, seance).filter(dossier__in=dossiers)
    voulus = set(dossiers) - set(deja.values_list("dossier", flat=True))
    lus = list(dossiers_a_inscrire(par, seance).filter(pk__in=voulus).order_by("numero", "pk"))
    if len(lus) < len(voulus):
        raise Dossier.DoesNotExist
    if lus:
        _ajouter(seance, lus)
        noter_la_seance(par, "programmation.inscrire", seance, nombre=len(lus))
    return len(lus)


@transaction.atomic
def retirer(*, par: Acteur, seance: Seance, point: PointDeSeance) -> None:
    """Retire un dossier de l'ordre du jour ; lève Refus s'il est arbitré."""
    seance, tenu = _tenir_le_point(par, seance, point)
    arbitrages = Arbitrage.objects.filter(point=tenu)
    exiger(
        rules.motifs_empechant_de_retirer(
            etat=seance.etat, est_arbitre=arbitrages.filter(vaut=True).exists()
        )
    )
    # Annulés, ils restent au journal.
    arbitrages.delete()
    tenu.delete()
    noter_la_seance(par, "programmation.retirer_de_l_ordre", seance, dossier=tenu.dossier.reference)


@transaction.atomic
def deplacer(*, par: Acteur, seance: Seance, point: PointDeSeance, vers: str) -> None:
    """Fait passer un dossier avant celui qui le précède, ou après celui qui le suit ; lève Refus."""
    seance, tenu = _tenir_le_point(par, seance, point)
    exiger(rules.motifs_si_la_seance_ne_se_complete_plus(seance.etat))
    exiger([] if vers in Sens.values else ["Choisissez un sens."])
    lus = list(points_lisibles(par, seance).order_by("rang", "pk"))
    rang = next(i for i, un in enumerate(lus) if un.pk == tenu.pk)
    voisin = rang - 1 if vers == Sens.AVANT else rang + 1
    if 0 <= voisin < len(lus):
        autre = lus[voisin]
        tenu.rang, autre.rang = autre.rang, tenu.rang
        PointDeSeance.objects.bulk_update([tenu, autre], ["rang"])
        noter_la_seance(par, "programmation.ranger", seance)


@transaction.atomic
def ranger(*, par: Acteur, seance: Seance, ordre: str) -> None:
    """Range tout l'ordre du jour : par numéro, par fiche du contrat, par porteur. Lève Refus."""
    seance = tenir_la_seance(par, seance)
    exiger(rules.motifs_si_la_seance_ne_se_complete_plus(seance.etat))
    if ordre not in Rangement.values:
        raise Refus(["Choisissez un ordre."])
    points = list(
        seance.points.select_related("dossier__projet__porteur").prefetch_related(
            "dossier__fiches__fiche"
        )
    )
    cle = cle_de_rangement(seance, ordre)
    for rang, point in enumerate(sorted(points, key=cle), 1):
        point.rang = rang
    PointDeSeance.objects.bulk_update(points, ["rang"])
    noter_la_seance(par, "programmation.ranger", seance)


@transaction.atomic
def apporter(
    *,
    par: Acteur,
    seance: Seance,
    financeur: Organisme,
    montant: Decimal | None,
    vote_prevu_le: date | None = None,
) -> ApportDeSeance:
    """Note ce qu'un financeur met sur la table, et quand son autorité votera.

    Sans montant, il ne le dit pas. C'est à son service, ou à qui tient la séance quand il l'entend de
    vive voix. Lève Refus, et Seance.DoesNotExist à tout autre.
    """
    retenu = financeur.retenu
    seance = verrouiller_la_seance(seance)
    if not peut_apporter(par, seance.reunion.instance.contrat.code, retenu):
        raise Seance.DoesNotExist
    attendus = discutees(seance.points.all(), seance).filter(financeur__in=membres(retenu))
    exiger(
        rules.motifs_empechant_l_apport(
            etat=seance.etat,
            est_attendu=attendus.exists(),
            montant=montant,
            vote_prevu_le=vote_prevu_le,
            reunie_le=reunie_le(seance),
        )
    )
    apport, _ = ApportDeSeance.objects.update_or_create(
        seance=seance,
        financeur=retenu,
        defaults={
            "montant": montant,
            "vote_prevu_le": vote_prevu_le,
            "note_le": timezone.now(),
            "note_par": par.utilisateur_nom,
        },
    )
    noter_la_seance(
        par,
        "programmation.apporter",
        seance,
        financeur=str(retenu),
        montant="" if montant is None else ecrire_montant(montant, court=True),
        vote_prevu_le=vote_prevu_le.isoformat() if vote_prevu_le else "",
    )
    return apport


@transaction.atomic
def ouvrir_la_seance(*, par: Acteur, seance: Seance, maintenant: datetime | None = None) -> Seance:
    """Ouvre la séance : les présences sont notées, le quorum est atteint. Lève Refus."""
    seance = tenir_la_seance(par, seance)
    reunion, le_jour = seance.reunion, reunie_le(seance)
    lue = feuille(reunion, jour=le_jour)
    exiger(
        rules.motifs_empechant_d_ouvrir(
            etat=seance.etat,
            reunion=reunion.etat,
            reunie_le=le_jour,
            jour=timezone.localdate(maintenant),
            points=seance.points.count(),
            membres=len(lue.appels),
            absents_de_la_feuille=[a.mandat.nom for a in lue.appels if a.presence is None],
            quorum="" if lue.quorum.est_atteint else lue.quorum.phrase,
        )
    )
    reprendre_les_deports(seance)
    seance.etat, seance.ouverte_le = EtatDeSeance.OUVERTE, maintenant or timezone.now()
    seance.save(update_fields=["etat", "ouverte_le"])
    noter_la_seance(par, "programmation.ouvrir_la_seance", seance, quorum=lue.quorum.phrase)
    return seance


@transaction.atomic
def lever_la_seance(*, par: Acteur, seance: Seance, maintenant: datetime | None = None) -> Seance:
    """Lève la séance, et dit sa réunion tenue : les présences ne changent plus. Lève Refus."""
    seance = tenir_la_seance(par, seance)
    exiger(rules.motifs_empechant_de_lever(seance.etat))
    # Annulée pendant qu'elle était ouverte, la réunion reste annulée ; la séance se lève quand même.
    if seance.reunion.etat not in (EtatDeReunion.TENUE, EtatDeReunion.ANNULEE):
        tenir_une_reunion(par=par, reunion=seance.reunion)
    reprendre_les_deports(seance)
    seance.etat, seance.levee_le = EtatDeSeance.LEVEE, maintenant or timezone.now()
    seance.save(update_fields=["etat", "levee_le"])
    noter_la_seance(par, "programmation.lever_la_seance", seance)
    return seance


@transaction.atomic
def jeter_la_seance(*, par: Acteur, seance: Seance) -> None:
    """Jette une séance qui ne s'est pas ouverte : sa réunion reste. Lève Refus."""
    seance = tenir_la_seance(par, seance)
    if seance.etat != EtatDeSeance.PREPAREE:
        raise Refus(["Cette séance s’est ouverte : elle ne se jette plus."])
    if seance.points.exclude(hors_des_deports(par, "dossier")).exists():
        raise Refus(["Vous êtes déporté d’un dossier de cette séance : un autre la jette."])
    noter_la_seance(par, "programmation.jeter_la_seance", seance)
    seance.points.all().delete()
    seance.apports.all().delete()
    seance.delete()


def reprendre_les_ajournes(vers: Seance, depuis: Seance) -> None:
    """Met à l'ordre du jour ce qu'une autre séance a ajourné et qui attend toujours."""
    dossiers = Dossier.objects.filter(pk__in=ajournees(depuis).values("dossier"))
    nouveaux = dossiers.exclude(pk__in=vers.points.values("dossier")).exclude(
        pk__in=examines_ailleurs(vers, depuis).values("dossier")
    )
    _ajouter(vers, nouveaux.order_by("numero", "pk"))
    reporter_les_deports(vers, depuis)


def passer_les_ajournes(par: Acteur, seance: Seance) -> None:
    """Met ce qu'une séance a ajourné à l'ordre du jour de la suivante, si elle se prépare déjà."""
    for prochaine in seances_d_apres(seance):
        suivante = verrouiller_la_seance(prochaine)
        if suivante.etat == EtatDeSeance.PREPAREE:
            suivante.suite_de = seance
            suivante.save(update_fields=["suite_de"])
            avant = suivante.points.count()
            reprendre_les_ajournes(suivante, seance)
            nombre = suivante.points.count() - avant
            if nombre:
                noter_la_seance(par, "programmation.inscrire", suivante, nombre=nombre)


def _tenir_le_point(
    par: Acteur, seance: Seance, point: PointDeSeance
) -> tuple[Seance, PointDeSeance]:
    """Rend la séance verrouillée et son point ; lève PointDeSeance.DoesNotExist à qui ne le lit pas."""
    seance = tenir_la_seance(par, seance)
    lus = points_lisibles(par, seance).select_related("dossier__projet")
    return seance, lus.get(pk=point.pk)


def _ajouter(seance: Seance, dossiers: Collection[Dossier]) -> None:
    # Un dossier se prend avant la chaîne du journal, par qui l'inscrit comme par qui le retire.
    tenus = Dossier.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(tenus.filter(pk__in=[dossier.pk for dossier in dossiers]).values_list("pk"))
    dernier = seance.points.aggregate(dernier=Max("rang"))["dernier"] or 0
    PointDeSeance.objects.bulk_create(
        PointDeSeance(seance=seance, dossier=dossier, rang=rang)
        for rang, dossier in enumerate(dossiers, dernier + 1)
    )
    reprendre_les_deports(seance)
