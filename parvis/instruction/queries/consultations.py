"""Qui peut être consulté dans un contrat, et les consultations d'un dossier."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.dossiers.models import Dossier
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Consultation
from parvis.instruction.permissions import peut_consulter
from parvis.instruction.rules.consultations import NATURES
from parvis.organismes.models import Organisme

ROLES = {
    Qualite.COMMUNE: Role.INSTRUCTEUR,
    Qualite.DELEGUE_DU_PREFET: Role.DELEGUE_DU_PREFET,
    Qualite.CONSEIL_CITOYEN: Role.CONSEILLER_CITOYEN,
}


@dataclass(frozen=True)
class AConsulter:
    """Un organisme à qui demander un avis, et à quel titre."""

    qualite: Qualite
    organisme: Organisme

    @property
    def cle(self) -> str:
        return f"{self.qualite.value}-{self.organisme.pk}"

    @property
    def nom(self) -> str:
        if self.qualite == Qualite.DELEGUE_DU_PREFET:
            return f"Le délégué du préfet ({self.organisme})"
        return str(self.organisme)


def a_consulter(acteur: Acteur, contrat: Contrat) -> list[AConsulter]:
    """Rend à qui demander un avis dans ce contrat : seulement là où quelqu'un peut répondre.

    Rien à qui n'est pas pilote. Les délégués du préfet répondent ensemble : un seul choix.
    """
    if not peut_consulter(acteur, contrat.code):
        return []
    agissent = Rattachement.objects.confirmes(timezone.localdate()).select_related(
        "organisme__fusionne_dans"
    )
    trouves: list[AConsulter] = []
    for qualite, role in ROLES.items():
        siens = agissent.filter(role=role, organisme__nature=NATURES[qualite])
        if role != Role.INSTRUCTEUR:
            siens = siens.filter(contrat=contrat.code)
        organismes = {r.organisme.retenu for r in siens}
        tries = sorted(organismes, key=lambda o: (o.cle_de_tri, o.pk))
        un_seul = tries[:1] if qualite == Qualite.DELEGUE_DU_PREFET else tries
        trouves += [AConsulter(qualite, organisme) for organisme in un_seul]
    return trouves


def consultations_a_clore(acteur: Acteur, dossier: Dossier) -> QuerySet[Consultation]:
    """Rend les consultations ouvertes d'un dossier, à son pilote ; rien à tout autre.

    Un expert est à qui l'invite.
    """
    if not peut_consulter(acteur, dossier.appel.contrat.code):
        return Consultation.objects.none()
    return dossier.consultations.filter(close_le__isnull=True).exclude(qualite=Qualite.EXPERT)
