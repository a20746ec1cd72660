"""Les instances d'un contrat à son pilote ; à un membre, les réunions où il est appelé."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.comptes.rules.roles import FINANCEURS, TIENNENT_L_ARGENT
from parvis.instances.enums import EtatDeReunion
from parvis.instances.models import Instance, Mandat, Presence, Reunion
from parvis.instances.permissions import peut_tenir_les_instances
from parvis.instances.rules import Quorum, Siege, Venue, quorum
from parvis.organismes.models import Organisme


def instances(acteur: Acteur, contrat: Contrat) -> QuerySet[Instance]:
    """Rend les instances d'un contrat à son pilote, celles qui vivent d'abord ; rien à tout autre."""
    siennes = Instance.objects.filter(contrat=contrat)
    if not peut_tenir_les_instances(acteur, contrat.code):
        return siennes.none()
    return siennes.select_related("contrat").order_by("close_le", "nom", "pk")


def instances_et_comptes(acteur: Acteur, contrat: Contrat, *, jour: date) -> QuerySet[Instance]:
    """Rend les instances avec le nombre de leurs membres ce jour-là et de leurs réunions."""
    en_cours = Q(mandats__debut_le__lte=jour) & (
        Q(mandats__fin_le__isnull=True) | Q(mandats__fin_le__gte=jour)
    )
    return instances(acteur, contrat).annotate(
        membres=Count("mandats", filter=en_cours, distinct=True),
        nombre_de_reunions=Count("reunions", distinct=True),
    )


def mandats_en_cours(instance: Instance, jour: date) -> list[Mandat]:
    """Rend qui siège dans une instance ce jour-là, voix délibératives d'abord."""
    siens = instance.mandats.filter(
        Q(fin_le__isnull=True) | Q(fin_le__gte=jour), debut_le__lte=jour
    )
    return sorted(siens.select_related("utilisateur", "organisme__fusionne_dans"), key=_ordre)


def _ordre(mandat: Mandat) -> tuple[bool, str, int]:
    """Range les voix délibératives d'abord, puis par nom."""
    return not mandat.a_voix, mandat.nom.casefold(), mandat.pk


def personnes_a_nommer(acteur: Acteur, instance: Instance, *, jour: date) -> list[Utilisateur]:
    """Rend ceux qui tiennent un rôle dans le contrat et ne siègent pas encore dans l'instance."""
    if not peut_tenir_les_instances(acteur, instance.contrat.code):
        return []
    siegent = instance.mandats.filter(Q(fin_le__isnull=True) | Q(fin_le__gte=jour))
    # Qui tient l'argent d'un financeur siège souvent pour lui, sans étudier les dossiers lui-même.
    finance = Q(role__in=TIENNENT_L_ARGENT, organisme__nature__in=FINANCEURS)
    roles = Rattachement.objects.confirmes(jour).filter(
        Q(contrat=instance.contrat.code) | Q(role=Role.INSTRUCTEUR) | finance
    )
    return list(
        Utilisateur.objects.filter(pk__in=roles.values("utilisateur"))
        .exclude(pk__in=siegent.exclude(utilisateur=None).values("utilisateur"))
        .order_by("nom", "prenom", "pk")
    )


def reunions(instance: Instance) -> list[Reunion]:
    """Rend les réunions d'une instance que l'acteur lit, la prochaine d'abord."""
    return list(instance.reunions.order_by("-commence_le", "-pk"))


def reunion(acteur: Acteur, contrat: Contrat, pk: int) -> Reunion:
    """Rend une réunion du contrat à son pilote ; lève Reunion.DoesNotExist pour tout autre."""
    siennes = Reunion.objects.filter(instance__in=instances(acteur, contrat).values("pk"))
    return siennes.select_related("instance__contrat").get(pk=pk)


@dataclass(frozen=True)
class Appel:
    """Un membre appelé à une réunion, et comment il y est."""

    mandat: Mandat
    presence: Presence | None = None


@dataclass(frozen=True)
class FeuilleDePresence:
    """Les membres appelés à une réunion, leur présence, et le quorum."""

    appels: list[Appel]
    quorum: Quorum

    @property
    def phrase(self) -> str:
        """Rend le quorum tel qu'il est, ou tel qu'il faudra s'il n'y a rien de noté."""
        est_notee = any(appel.presence for appel in self.appels)
        return self.quorum.phrase if est_notee else self.quorum.attente


def feuille(reunion: Reunion, *, jour: date) -> FeuilleDePresence:
    """Rend la feuille de présence d'une réunion : ses membres ce jour-là, et ceux qui y étaient."""
    presences = {
        p.mandat_id: p
        for p in reunion.presences.select_related(
            "mandat__utilisateur",
            "mandat__organisme__fusionne_dans",
            "represente_par__utilisateur",
        )
    }
    # Tenue, seules comptent les présences notées : un mandat donné depuis ne change pas son quorum.
    est_tenue = reunion.etat == EtatDeReunion.TENUE
    appeles = [] if est_tenue else mandats_en_cours(reunion.instance, jour)
    connus = {mandat.pk for mandat in appeles}
    appeles += [p.mandat for p in presences.values() if p.mandat_id not in connus]
    appeles.sort(key=_ordre)
    sieges = {m.pk: Siege(m.nom, m.a_voix) for m in appeles}
    venues = {pk: Venue(p.etat, p.represente_par_id) for pk, p in presences.items()}
    return FeuilleDePresence(
        [Appel(mandat, presences.get(mandat.pk)) for mandat in appeles],
        quorum(reunion.instance.quorum, sieges, venues),
    )


def mes_reunions(acteur: Acteur, contrat: Contrat, *, jour: date) -> list[Reunion]:
    """Rend les réunions des instances où l'acteur siège ; jamais celle qui n'est que prévue."""
    if acteur.utilisateur is None:
        return []
    siens = Mandat.objects.filter(
        Q(fin_le__isnull=True) | Q(fin_le__gte=jour),
        utilisateur=acteur.utilisateur,
        instance__contrat=contrat,
        debut_le__lte=jour,
    )
    dites = Reunion.objects.filter(instance__in=siens.values("instance")).exclude(
        etat=EtatDeReunion.PREVUE
    )
    return list(dites.select_related("instance").order_by("-commence_le", "-pk"))


def organisme_de(utilisateur: Utilisateur, contrat: str, *, jour: date) -> Organisme | None:
    """Rend l'organisme pour lequel une personne agit dans un contrat ; rien si elle n'agit pour aucun."""
    siens = Rattachement.objects.confirmes(jour).filter(
        Q(contrat=contrat) | Q(contrat=""), utilisateur=utilisateur
    )
    sien = siens.select_related("organisme__fusionne_dans").order_by("-contrat", "pk").first()
    return sien.organisme.retenu if sien else None
