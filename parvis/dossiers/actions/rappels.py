"""Rappeler un brouillon avant la clôture, en disant exactement ce qu'il y manque."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.actions.depot import adresses_de_qui_porte
from parvis.dossiers.models import Dossier, Rappel, VersionDAppel
from parvis.dossiers.queries.controle import controler
from parvis.dossiers.rules.appels import delai
from parvis.dossiers.rules.dossiers import HEURE_DES_RAPPELS, RAPPELS, echeance_du_rappel
from parvis.socle.templatetags.socle import a_la_seconde

MACHINE = Acteur.machine("rappels")
MANQUES_CITES = 12


def rappeler_les_brouillons(*, maintenant: datetime | None = None) -> int:
    """Envoie les rappels dus à sept, deux et un jour de la clôture ; rend leur nombre.

    Le refaire n'envoie rien de plus : un rappel envoyé a sa ligne. Rien ne part avant huit heures.
    """
    maintenant = maintenant or timezone.now()
    if timezone.localtime(maintenant).hour < HEURE_DES_RAPPELS:
        return 0
    bientot = VersionDAppel.objects.courantes().filter(
        ouvre_le__lte=maintenant,
        ferme_le__gt=maintenant,
        ferme_le__lt=maintenant + timedelta(days=max(RAPPELS) + 1),
    )
    envoyes = 0
    for version in bientot:
        ferme, jour = timezone.localdate(version.ferme_le), timezone.localdate(maintenant)
        jours = (ferme - jour).days
        echeance = echeance_du_rappel(jours)
        if echeance is None:
            continue
        dus = (
            Dossier.objects.brouillons()
            .filter(appel=version.appel_id)
            .exclude(pk__in=_rappeles(version, echeance).values("dossier"))
        )
        for dossier in dus:
            # Un brouillon ouvert après l'échéance n'a rien à se faire rappeler.
            if timezone.localdate(dossier.cree_le) <= ferme - timedelta(days=echeance):
                envoyes += _rappeler(dossier.pk, version, echeance, jours, maintenant)
    return envoyes


def _rappeles(version: VersionDAppel, echeance: int) -> QuerySet[Rappel]:
    """Rend les rappels déjà partis pour cette clôture, à cette échéance ou plus près d'elle."""
    return Rappel.objects.filter(ferme_le=version.ferme_le, jours__lte=echeance)


@transaction.atomic
def _rappeler(
    pk: int, version: VersionDAppel, echeance: int, jours: int, maintenant: datetime
) -> bool:
    dossier = (
        Dossier.objects.brouillons()
        .select_for_update(of=("self",))
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__structure_porteuse__fusionne_dans",
            "appel__contrat",
            "version_d_appel",
        )
        .filter(pk=pk)
        .first()
    )
    # Jeté, déposé ou rappelé par un autre exécutant entre-temps.
    if dossier is None or _rappeles(version, echeance).filter(dossier=dossier).exists():
        return False
    Rappel.objects.create(
        dossier=dossier, ferme_le=version.ferme_le, jours=echeance, envoye_le=maintenant
    )
    texte = _texte(dossier, version, maintenant)
    for courriel in adresses_de_qui_porte(dossier):
        deposer(
            destinataire=courriel,
            sujet=Sujet.RAPPEL,
            objet=f"{version.titre} ferme {delai(jours)} : votre dossier n’est pas déposé",
            texte=texte,
        )
    return True


def _texte(dossier: Dossier, version: VersionDAppel, maintenant: datetime) -> str:
    """Rend le rappel : l'heure de clôture, ce qui manque, où le faire."""
    trouves = controler(MACHINE, dossier, maintenant=maintenant).motifs
    # Ce qui n'est d'aucune section tient à qui dépose : la machine n'est personne.
    manques = [motif.en_entier for motif in trouves if motif.section]
    lignes = [f"- {phrase}" for phrase in manques[:MANQUES_CITES]]
    reste = len(manques) - MANQUES_CITES
    if reste > 0:
        lignes.append(
            f"- et {reste} autre{'s' if reste > 1 else ''} point{'s' if reste > 1 else ''}."
        )
    chemin = reverse("espace_porteur:dossier", args=[dossier.appel.contrat.code, dossier.pk])
    dire = (
        "Il ne manque plus rien : il reste à le déposer."
        if not manques
        else "Voici ce qui manque encore :"
    )
    return "\n\n".join(
        [
            f"« {dossier.projet.titre} » est un brouillon : il n’est pas déposé. "
            f"L’appel ferme {a_la_seconde(version.ferme_le)}.",
            "\n".join([dire, *lignes]),
            f"Continuer : {settings.ADRESSE}{chemin}",
        ]
    )
