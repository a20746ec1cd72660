"""De quoi prendre trois cents actes sur le site de démonstration : autant de votes, à autant d'organismes.

Se lance dans le processus d'un site : `manage.py shell -c`.
"""

from decimal import Decimal

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Rattachement
from parvis.conventions.actions.modeles import ecrire_les_mentions
from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.models import Demande, VersionDAppel
from parvis.organismes.models import Organisme
from parvis.programmation.actions.decisions import (
    Dit,
    preparer_une_decision,
    publier_la_decision,
    repondre,
)
from parvis.programmation.actions.enveloppes import creer_une_enveloppe, doter
from tests.fabriques.actes import MENTIONS
from tests.fabriques.grande_seance import CONTRAT, recevables
from tests.fabriques.grandeur import ACTES, QUI_SIGNE


def preparer() -> None:
    """Écrit la décision publiée d'un financeur qui accorde une demande à trois cents organismes."""
    instructeurs = Rattachement.objects.filter(role="instructeur").select_related("utilisateur")
    rattachement = next(r for r in instructeurs if str(r.utilisateur) == QUI_SIGNE)
    par, jour = Acteur(rattachement.utilisateur, rattachement), timezone.localdate()
    exercice = jour.year - 1
    porteurs = Organisme.objects.bulk_create(
        Organisme(nom=f"Association du palier {rang}", nature="association")
        for rang in range(1, ACTES + 1)
    )
    version = VersionDAppel.objects.filter(
        appel__contrat__code=CONTRAT, publiee_le__isnull=False
    ).first()
    assert version is not None
    demandes = Demande.objects.bulk_create(
        Demande(
            dossier=dossier,
            exercice=exercice,
            rang=1,
            financeur=par.organisme,
            guichet=Guichet.PLATEFORME,
            ligne="Grand lot",
            montant_demande=Decimal(800),
            demande_le=dossier.depose_le,
            etat=EtatDeDemande.DEMANDEE,
        )
        for dossier in recevables(version, exercice, porteurs, ACTES)
    )
    communs = {"par": par, "contrat": version.appel.contrat, "exercice": exercice}
    enveloppe = creer_une_enveloppe(**communs, ligne="Grand lot")
    doter(par=par, enveloppe=enveloppe, montant=Decimal(1_000_000), decide_le=jour)
    decision = preparer_une_decision(**communs, sorte="conseil", prise_le=jour, numero="300")
    accord = Dit("accorde", Decimal(800), enveloppe.pk)
    repondre(par=par, decision=decision, reponses={une.pk: accord for une in demandes})
    publier_la_decision(par=par, decision=decision)
    ecrire_les_mentions(par=par, contrat=version.appel.contrat, mentions=MENTIONS)
