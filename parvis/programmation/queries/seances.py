"""Les séances d'un contrat : à son pilote qui les tient, aux membres qui y siègent ; à nul autre."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Rattachement
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.models import Demande, Dossier
from parvis.instances.enums import EtatDeReunion
from parvis.instances.models import Mandat, Reunion
from parvis.instances.permissions import peut_tenir_les_instances
from parvis.instances.queries import mandats_en_cours
from parvis.instruction.models import LienDeclare
from parvis.instruction.queries.deports import dossiers_du_pilote, hors_des_deports
from parvis.organismes.queries import membres_a_lire
from parvis.programmation.enums import EtatDeSeance, Resultat
from parvis.programmation.models import (
    Arbitrage,
    Decision,
    PointDeSeance,
    Seance,
)
from parvis.programmation.permissions import a_des_enveloppes
from parvis.programmation.rules.seances import SE_COMPLETENT

_DE_LA_SEANCE = ("reunion__instance__contrat", "suite_de__reunion")


def seances(acteur: Acteur, contrat: Contrat) -> QuerySet[Seance]:
    """Rend les séances d'un contrat à qui les tient, la dernière d'abord ; aucune à tout autre."""
    if not peut_tenir_les_instances(acteur, contrat.code):
        return Seance.objects.none()
    siennes = Seance.objects.filter(reunion__instance__contrat=contrat)
    return siennes.select_related(*_DE_LA_SEANCE).order_by("-reunion__commence_le", "-pk")


def seance_de(acteur: Acteur, reunion: Reunion) -> Seance | None:
    """Rend la séance d'une réunion, à qui la tient ; rien si elle n'en a pas."""
    return seances(acteur, reunion.instance.contrat).filter(reunion=reunion).first()


def exercice_a_arbitrer(acteur: Acteur, reunion: Reunion) -> int:
    """Rend l'exercice qu'arbitrera une réunion : le dernier dont un dossier attend, sinon son année."""
    attendent = dossiers_du_pilote(acteur, reunion.instance.contrat).filter(
        etat=EtatDeDossier.RECEVABLE,
        demandes__etat=EtatDeDemande.DEMANDEE,
        demandes__financeur__isnull=False,
    )
    dernier = attendent.aggregate(dernier=Max("exercice"))["dernier"]
    return dernier or timezone.localdate(reunion.commence_le).year


def seances_a_completer(acteur: Acteur, contrat: Contrat, exercice: int) -> QuerySet[Seance]:
    """Rend les séances d'un exercice dont l'ordre du jour peut encore changer, à qui les tient."""
    siennes = seances(acteur, contrat).filter(exercice=exercice, etat__in=SE_COMPLETENT)
    return siennes.exclude(reunion__etat=EtatDeReunion.ANNULEE)


def seances_de_membre(acteur: Acteur, contrat: Contrat) -> QuerySet[Seance]:
    """Rend les séances où l'acteur siège ou siégeait ce jour-là, une fois convoquées ; la dernière d'abord.

    Qui est nommé depuis n'y était pas : il ne lit rien de ce qu'elles ont arbitré.
    """
    if acteur.utilisateur is None:
        return Seance.objects.none()
    siege = Mandat.objects.filter(
        Q(fin_le__isnull=True) | Q(fin_le__gte=OuterRef("jour")),
        utilisateur=acteur.utilisateur,
        instance=OuterRef("reunion__instance"),
        debut_le__lte=OuterRef("jour"),
    )
    appelees = Q(reunion__convoquee_le__isnull=False) | Q(ouverte_le__isnull=False)
    return (
        Seance.objects.annotate(jour=TruncDate("reunion__commence_le"))
        .filter(appelees, Exists(siege), reunion__instance__contrat=contrat)
        .select_related(*_DE_LA_SEANCE)
        .order_by("-reunion__commence_le", "-pk")
    )


def mandat_du_membre(acteur: Acteur, seance: Seance) -> Mandat:
    """Rend le mandat de l'acteur dans l'instance de la séance ; lève Mandat.DoesNotExist sans lui."""
    assert acteur.utilisateur is not None
    reunie_le = timezone.localdate(seance.reunion.commence_le)
    for mandat in mandats_en_cours(seance.reunion.instance, reunie_le):
        if mandat.utilisateur_id == acteur.utilisateur.pk:
            return mandat
    raise Mandat.DoesNotExist


def discutees(points: QuerySet[PointDeSeance], seance: Seance) -> QuerySet[Demande]:
    """Rend les demandes fermes que ces points mettent en discussion, et celles qu'ils ont arbitrées.

    Celle qui se suit ailleurs en est : son financeur siège aussi. Celle qui a eu sa réponse depuis
    garde ce que la séance en a dit.
    """
    arbitrees = Q(
        pk__in=Arbitrage.objects.filter(point__seance=seance, vaut=True).values("demande")
    )
    attendent = Q(etat=EtatDeDemande.DEMANDEE, dossier__etat=EtatDeDossier.RECEVABLE)
    # Publiée, elle ne dit plus que ce qu'elle a arbitré : ce qui attend depuis n'en est pas.
    return Demande.objects.filter(
        arbitrees if seance.etat == EtatDeSeance.PUBLIEE else arbitrees | attendent,
        dossier__in=points.values("dossier"),
        exercice=F("dossier__exercice"),
        financeur__isnull=False,
    )


def restantes(points: QuerySet[PointDeSeance], seance: Seance) -> QuerySet[Demande]:
    """Rend ce que ces points ont encore à arbitrer.

    Ce qu'une séance d'avant a proposé attend le vote de son financeur : on peut y revenir, rien ne le
    demande.
    """
    ici = Arbitrage.objects.filter(point__seance=seance, vaut=True)
    return (
        discutees(points, seance)
        .filter(montant_arbitre__isnull=True)
        .exclude(pk__in=ici.values("demande"))
    )


def dossiers_a_inscrire(acteur: Acteur, seance: Seance) -> QuerySet[Dossier]:
    """Rend les dossiers recevables de l'exercice qui attendent une réponse et ne sont pas à l'ordre du jour.

    Ni ceux dont l'acteur s'est déporté : un autre les inscrit ; ni ceux qu'une autre séance examine.
    """
    attendent = Demande.objects.filter(
        exercice=seance.exercice, financeur__isnull=False, etat=EtatDeDemande.DEMANDEE
    )
    return (
        dossiers_du_pilote(acteur, seance.reunion.instance.contrat)
        .filter(
            exercice=seance.exercice,
            etat=EtatDeDossier.RECEVABLE,
            pk__in=attendent.values("dossier"),
        )
        .exclude(pk__in=seance.points.values("dossier"))
        .exclude(pk__in=examines_ailleurs(seance).values("dossier"))
    )


def examines_ailleurs(*seances: Seance) -> QuerySet[PointDeSeance]:
    """Rend ce qui est à l'ordre du jour d'une autre séance, pas encore publiée : une seule à la fois."""
    vivantes = PointDeSeance.objects.exclude(seance__etat=EtatDeSeance.PUBLIEE).exclude(
        seance__reunion__etat=EtatDeReunion.ANNULEE
    )
    return vivantes.exclude(seance__in=[seance.pk for seance in seances])


def dossiers_jamais_arbitres(acteur: Acteur, seance: Seance) -> QuerySet[Dossier]:
    """Rend ceux qui ont une demande dont aucune séance n'a rien proposé : l'ordre du jour ordinaire."""
    attendent = Demande.objects.filter(
        exercice=seance.exercice,
        financeur__isnull=False,
        etat=EtatDeDemande.DEMANDEE,
        montant_arbitre__isnull=True,
    )
    return dossiers_a_inscrire(acteur, seance).filter(pk__in=attendent.values("dossier"))


def dossiers_inscriptibles(
    acteur: Acteur, seance: Seance, choisis: Collection[int] | None
) -> list[int]:
    """Rend, parmi ces dossiers, ceux qui peuvent se mettre à l'ordre du jour.

    Sans choix, ceux dont rien n'est encore proposé : revenir sur une proposition se choisit.
    """
    if choisis is None:
        lus = dossiers_jamais_arbitres(acteur, seance)
    else:
        lus = dossiers_a_inscrire(acteur, seance).filter(pk__in=choisis)
    return list(lus.values_list("pk", flat=True))


def points_lisibles(acteur: Acteur, seance: Seance) -> QuerySet[PointDeSeance]:
    """Rend les points d'une séance que l'acteur lit, sans les dossiers dont il s'est déporté."""
    return seance.points.filter(hors_des_deports(acteur, "dossier"))


def qui_siege(seance: Seance) -> list[Mandat]:
    """Rend qui siège le jour de la séance : ni qui est parti avant, ni qui arrive après."""
    return mandats_en_cours(seance.reunion.instance, timezone.localdate(seance.reunion.commence_le))


def ajournees(seance: Seance) -> QuerySet[Demande]:
    """Rend ce qu'une séance a ajourné et qui attend toujours sa réponse."""
    dites = Arbitrage.objects.filter(point__seance=seance, vaut=True, resultat=Resultat.AJOURNE)
    return Demande.objects.filter(
        pk__in=dites.values("demande"),
        etat=EtatDeDemande.DEMANDEE,
        dossier__etat=EtatDeDossier.RECEVABLE,
    )


def arbitrages_publies(dossier: Dossier) -> dict[int, Arbitrage]:
    """Rend ce que la dernière séance publiée a dit de chaque demande d'un dossier que l'acteur lit."""
    dits = Arbitrage.objects.filter(
        point__dossier=dossier,
        vaut=True,
        point__seance__etat=EtatDeSeance.PUBLIEE,
        demande__etat=EtatDeDemande.DEMANDEE,
    )
    return {a.demande_id: a for a in dits.order_by("point__seance__reunion__commence_le", "pk")}


def dits_depuis(seance: Seance) -> QuerySet[Arbitrage]:
    """Rend ce que des séances réunies après celle-ci ont déjà publié : leur mot est le dernier."""
    debut = seance.reunion.commence_le
    reunies_depuis = Q(point__seance__reunion__commence_le__gt=debut) | Q(
        point__seance__reunion__commence_le=debut, point__seance__gt=seance.pk
    )
    return Arbitrage.objects.filter(
        reunies_depuis, vaut=True, point__seance__etat=EtatDeSeance.PUBLIEE
    )


def seance_d_avant(seance: Seance) -> Seance | None:
    """Rend la dernière séance levée de la même instance pour le même exercice ; rien sans elle."""
    return (
        Seance.objects.filter(
            reunion__instance=seance.reunion.instance,
            exercice=seance.exercice,
            levee_le__isnull=False,
        )
        .exclude(pk=seance.pk)
        .order_by("-levee_le")
        .first()
    )


def seances_d_apres(seance: Seance) -> list[Seance]:
    """Rend les séances en préparation qui reprennent ce qu'une autre ajourne.

    Ses suites ; à défaut la prochaine de la même instance, préparée avant que celle-ci ne soit levée.
    """
    preparees = Seance.objects.filter(etat=EtatDeSeance.PREPAREE).exclude(
        reunion__etat=EtatDeReunion.ANNULEE
    )
    prochaines = preparees.filter(
        reunion__instance=seance.reunion.instance,
        exercice=seance.exercice,
        reunion__commence_le__gt=seance.reunion.commence_le,
    ).order_by("reunion__commence_le", "pk")
    return list(preparees.filter(suite_de=seance).order_by("pk")) or list(prochaines[:1])


def deports_a_proposer(acteur: Acteur, seance: Seance) -> list[tuple[PointDeSeance, Mandat]]:
    """Rend les membres qu'un lien attache à un porteur de l'ordre du jour : déclaré, ou leur rôle.

    Quel lien, leur déclaration ne le dit qu'à eux.
    """
    membres = {m.utilisateur_id: m for m in qui_siege(seance) if m.utilisateur_id}
    lies: dict[int, list[Mandat]] = defaultdict(list)
    liens = LienDeclare.objects.filter(utilisateur__in=membres, fini_le__isnull=True)
    # Qui agit pour le porteur n'a rien à déclarer : son rattachement le dit déjà.
    agit = Rattachement.objects.confirmes(timezone.localdate()).filter(utilisateur__in=membres)
    for lu in (liens, agit):
        for lien in lu.select_related("organisme__fusionne_dans").order_by("pk"):
            lies[lien.organisme.retenu.pk].append(membres[lien.utilisateur_id])
    points = points_lisibles(acteur, seance).select_related(
        "dossier__projet__porteur__fusionne_dans",
        "dossier__projet__structure_porteuse__fusionne_dans",
        "dossier__appel",
    )
    rendus: dict[tuple[int, int], tuple[PointDeSeance, Mandat]] = {}
    for point in points.prefetch_related("deports").order_by("rang", "pk") if lies else ():
        deja = {deport.mandat_id for deport in point.deports.all()}
        projet = point.dossier.projet
        for organisme in filter(None, (projet.porteur, projet.structure_porteuse)):
            for mandat in lies.get(organisme.retenu.pk, []):
                if mandat.pk not in deja:
                    rendus[point.pk, mandat.pk] = (point, mandat)
    return list(rendus.values())


def seances_a_reprendre(acteur: Acteur, decision: Decision) -> list[tuple[Seance, int]]:
    """Rend les séances publiées qui ont arbitré des demandes du service, et combien il reste à décider."""
    rendues = []
    publiees = Seance.objects.filter(
        etat=EtatDeSeance.PUBLIEE,
        exercice=decision.exercice,
        reunion__instance__contrat=decision.contrat,
    ).select_related("reunion")
    for seance in publiees.order_by("-publiee_le"):
        nombre = arbitrages_a_reprendre(acteur, decision, seance).count()
        if nombre:
            rendues.append((seance, nombre))
    return rendues


def arbitrages_a_reprendre(
    acteur: Acteur, decision: Decision, seance: Seance
) -> QuerySet[Arbitrage]:
    """Rend ce que la séance propose au service et que sa décision ne dit pas encore.

    Ni ce qu'une séance publiée depuis a arbitré autrement : le dernier mot vaut.
    """
    if not a_des_enveloppes(acteur):
        return Arbitrage.objects.none()
    assert acteur.organisme is not None
    depuis = dits_depuis(seance).filter(demande=OuterRef("demande"))
    return (
        Arbitrage.objects.filter(
            ~Exists(depuis),
            hors_des_deports(acteur, "point__dossier"),
            vaut=True,
            point__seance=seance,
            point__seance__etat=EtatDeSeance.PUBLIEE,
            demande__financeur__in=membres_a_lire(acteur.organisme),
            demande__guichet=Guichet.PLATEFORME,
            demande__etat=EtatDeDemande.DEMANDEE,
            point__dossier__etat=EtatDeDossier.RECEVABLE,
        )
        # Ajournée, une demande n'a rien à décider : elle attend une autre séance.
        .exclude(resultat=Resultat.AJOURNE)
        .exclude(demande__decisions__decision=decision)
        .select_related("demande__dossier__projet", "demande__imputation__enveloppe")
        .order_by("point__rang", "pk")
    )
