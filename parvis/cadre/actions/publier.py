"""Publier une édition : le brouillon devient le cadre courant, et ne change plus."""

from django.db import transaction
from django.utils import timezone

from parvis.cadre import rules
from parvis.cadre.actions.catalogue import mettre_a_jour, renseigner
from parvis.cadre.actions.declinaisons import elaguer
from parvis.cadre.contenu import empreinte
from parvis.cadre.enums import StatutEdition
from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.contenu import contenu_relu
from parvis.cadre.queries.relire import relire
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import exiger


@transaction.atomic
def publier_edition(*, par: Acteur, edition: Edition) -> Edition:
    """Publie un brouillon ; lève Refus avec les motifs s'il n'est pas publiable."""
    tenir_la_chaine(edition.contrat.code)
    verrouillee = Edition.objects.select_for_update().select_related("contrat").get(pk=edition.pk)
    exiger(
        rules.motifs_empechant_la_publication(
            statut=verrouillee.statut,
            nombre_de_fiches=verrouillee.versions.count(),
            nombre_d_enjeux=verrouillee.enjeux.count(),
        )
    )
    relue = relire(par, verrouillee)
    mettre_a_jour(verrouillee, relue)
    elaguer(par, verrouillee)
    verrouillee.empreinte = empreinte(contenu_relu(verrouillee, relue))
    verrouillee.statut = StatutEdition.PUBLIEE
    verrouillee.publiee_le = timezone.now()
    verrouillee.publiee_par = par.utilisateur_nom
    verrouillee.save()
    contrat = Contrat.objects.select_for_update().get(pk=verrouillee.contrat_id)
    for champ in ("titre", "territoire", "debut", "fin", "prolonge_au"):
        setattr(contrat, champ, getattr(verrouillee, champ))
    contrat.save()
    renseigner(verrouillee)
    noter(
        par=par,
        contrat=verrouillee.contrat.code,
        action="cadre.publier",
        objet=f"edition:{verrouillee.code}",
        objet_nom=str(verrouillee),
        details={"empreinte": verrouillee.empreinte},
    )
    return verrouillee
