"""Qui se retire d'un dossier de la séance : le noter, et reporter ce qui est déjà déclaré."""

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.instances.models import Mandat
from parvis.instances.permissions import peut_tenir_les_instances
from parvis.instances.queries import organisme_de
from parvis.instruction.actions.equipe import deporter_un_membre
from parvis.instruction.models import Deport
from parvis.instruction.rules.equipe import motifs_empechant_le_deport
from parvis.programmation.actions.tenir_la_seance import noter_la_seance, verrouiller_la_seance
from parvis.programmation.enums import EtatDeSeance
from parvis.programmation.models import DeportDeSeance, PointDeSeance, Seance
from parvis.programmation.queries.seances import points_lisibles, qui_siege
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import en_une_ligne


@transaction.atomic
def deporter(
    *, par: Acteur, seance: Seance, point: PointDeSeance, mandat: Mandat, motif: str
) -> None:
    """Retire un membre d'un dossier de la séance : il ne le voit plus, et le relevé le dira.

    Qui tient la séance le note, ou le membre le dit lui-même. Lève Refus, et PointDeSeance.DoesNotExist
    ou Mandat.DoesNotExist à qui n'y peut rien.
    """
    seance = verrouiller_la_seance(seance)
    contrat = seance.reunion.instance.contrat.code
    est_soi = par.utilisateur is not None and mandat.utilisateur_id == par.utilisateur.pk
    if not (est_soi or peut_tenir_les_instances(par, contrat)):
        raise Mandat.DoesNotExist
    tenu = points_lisibles(par, seance).select_related("dossier__projet", "dossier__appel__contrat")
    point = tenu.get(pk=point.pk)
    membre = next((m for m in qui_siege(seance) if m.pk == mandat.pk), None)
    if membre is None:
        raise Mandat.DoesNotExist
    if seance.etat == EtatDeSeance.PUBLIEE:
        raise Refus(["Cette séance est publiée : son relevé ne change plus."])
    if point.deports.filter(mandat=membre).exists():
        raise Refus([f"{membre.nom} s’est déjà retiré de ce dossier."])
    Dossier.objects.select_for_update(of=("self",)).get(pk=point.dossier_id)
    Mandat.objects.select_for_update(no_key=True).get(pk=membre.pk)
    motif = en_une_ligne(motif)[:500]
    exiger(motifs_empechant_le_deport(motif))
    DeportDeSeance.objects.create(
        point=point,
        mandat=membre,
        motif=motif,
        note_le=timezone.now(),
        note_par=par.utilisateur_nom,
    )
    if membre.utilisateur:
        sien = None
        if not est_soi:
            sien = organisme_de(membre.utilisateur, contrat, jour=timezone.localdate())
        organisme = membre.organisme or sien or par.organisme
        if organisme is None:
            raise Refus(
                ["Demandez au pilote de noter votre retrait : ici, vous n’agissez pour personne."]
            )
        deporter_un_membre(
            par=par,
            dossier=point.dossier,
            membre=membre.utilisateur,
            organisme=organisme,
            motif=motif,
        )
    noter_la_seance(par, "programmation.deporter", seance, membre=membre.nom)


def reprendre_les_deports(seance: Seance) -> None:
    """Reporte sur l'ordre du jour les déports déclarés des membres, et en ôte ceux qui sont levés."""
    declares = Deport.objects.filter(
        leve_le__isnull=True, dossier__in=seance.points.values("dossier")
    )
    mandats = {m.utilisateur_id: m.pk for m in qui_siege(seance) if m.utilisateur_id}
    tenus = Mandat.objects.select_for_update(no_key=True).order_by("pk")
    list(tenus.filter(pk__in=mandats.values()))
    points = dict(seance.points.values_list("dossier", "pk"))
    voulus = {
        (points[deport.dossier_id], mandats[deport.utilisateur_id]): deport
        for deport in declares.filter(utilisateur__in=mandats).select_related("utilisateur")
    }
    for note in DeportDeSeance.objects.filter(
        point__seance=seance, mandat__utilisateur__isnull=False
    ):
        if (note.point_id, note.mandat_id) not in voulus:
            note.delete()
    DeportDeSeance.objects.bulk_create(
        (
            DeportDeSeance(
                point_id=point,
                mandat_id=mandat,
                motif=deport.motif,
                note_le=deport.declare_le,
                note_par=str(deport.utilisateur),
            )
            for (point, mandat), deport in voulus.items()
        ),
        ignore_conflicts=True,
    )


def reporter_les_deports(vers: Seance, depuis: Seance) -> None:
    """Garde, d'une séance à la suivante, le retrait des membres qui n'ont pas de compte."""
    siens = DeportDeSeance.objects.filter(
        point__seance=depuis,
        mandat__utilisateur__isnull=True,
        mandat__in=[membre.pk for membre in qui_siege(vers)],
    ).select_related("point")
    points = dict(vers.points.values_list("dossier", "pk"))
    DeportDeSeance.objects.bulk_create(
        (
            DeportDeSeance(
                point_id=points[deport.point.dossier_id],
                mandat_id=deport.mandat_id,
                motif=deport.motif,
                note_le=deport.note_le,
                note_par=deport.note_par,
            )
            for deport in siens
            if deport.point.dossier_id in points
        ),
        ignore_conflicts=True,
    )
