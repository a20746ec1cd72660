"""Rappeler un brouillon avant la clôture, en disant exactement ce qu'il y manque."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.queries.membres import membres_confirmes
from parvis.comptes.rules.roles import ECRIVENT
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.models import Dossier, Rappel, VersionDAppel
from parvis.dossiers.queries.controle import controler
from parvis.dossiers.rules.appels import delai
from parvis.dossiers.rules.dossiers import RAPPELS, echeance_du_rappel
from parvis.socle.templatetags.socle import a_la_seconde

MACHINE = Acteur.machine("rappels")
MANQUES_CITES = 12


def rappeler_les_brouillons(*, maintenant: datetime | None = None) -> int:
    """Envoie les rappels dus à sept, deux et un jour de la clôture ; rend leur nombre.

    Le refaire n'envoie rien de plus : un rappel envoyé a sa ligne.
    """
    maintenant = maintenant or timezone.now()
    bientot = VersionDAppel.objects.courantes().filter(
        ferme_le__gt=maintenant, ferme_le__lt=maintenant + timedelta(days=max(RAPPELS) + 1)
    )
    envoyes = 0
    for version in bientot:
        jours = (timezone.localdate(version.ferme_le) - timezone.localdate(maintenant)).days
        echeance = echeance_du_rappel(jours)
        if echeance is None:
            continue
        dus = Dossier.objects.brouillons().filter(appel=version.appel_id)
        for dossier in dus.exclude(rappels__jours__lte=echeance):
            envoyes += _rappeler(dossier.pk, version, echeance, jours, maintenant)
    return envoyes


@transaction.atomic
def _rappeler(
    pk: int, version: VersionDAppel, echeance: int, jours: int, maintenant: datetime
) -> bool:
    dossier = (
        Dossier.objects.brouillons()
        .select_for_update(of=("self",))
        .select_related("projet__porteur__fusionne_dans", "appel__contrat", "version_d_appel")
        .filter(pk=pk)
        .first()
    )
    # Jeté, déposé ou rappelé par un autre exécutant entre-temps.
    if dossier is None or dossier.rappels.filter(jours__lte=echeance).exists():
        return False
    Rappel.objects.create(dossier=dossier, jours=echeance, envoye_le=maintenant)
    texte = _texte(dossier, version, jours, maintenant)
    membres = membres_confirmes(dossier.projet.porteur, jour=timezone.localdate(maintenant))
    for courriel in sorted({m.utilisateur.courriel for m in membres.filter(role__in=ECRIVENT)}):
        deposer(
            destinataire=courriel,
            sujet=Sujet.RAPPEL,
            objet=f"{version.titre} ferme {delai(jours)} : votre dossier n’est pas déposé",
            texte=texte,
        )
    return True


def _texte(dossier: Dossier, version: VersionDAppel, jours: int, maintenant: datetime) -> str:
    """Rend le rappel : l'heure de clôture, ce qui manque, où le faire."""
    trouves = controler(MACHINE, dossier, maintenant=maintenant).motifs
    manques = [motif.phrase for motif in trouves if motif.section]
    lignes = [f"- {phrase}" for phrase in manques[:MANQUES_CITES]]
    if len(manques) > MANQUES_CITES:
        lignes.append(f"- et {len(manques) - MANQUES_CITES} autres points.")
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
