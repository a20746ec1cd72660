"""Préparer un avenant sur la copie d'une édition, ou jeter un brouillon."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre import rules
from parvis.cadre.actions import ecriture
from parvis.cadre.actions.catalogue import oublier_les_noms
from parvis.cadre.actions.declinaisons import reporter
from parvis.cadre.actions.importer import edition_libre, vider
from parvis.cadre.actions.sections import tenir_le_brouillon
from parvis.cadre.enums import StatutDeLecture, StatutEdition
from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.relire import relire
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import exiger

_REPRIS = (
    *("titre", "territoire", "debut", "fin", "prolonge_au", "preambule"),
    *("mot_pilier", "mot_enjeu", "mot_fiche", "catalogue", "empreinte", "notes"),
)


@transaction.atomic
def preparer_un_avenant(*, par: Acteur, edition: Edition) -> Edition:
    """Copie une édition dans un nouveau brouillon, que l'on retouche ; son code est le mois en cours.

    Rend la copie déjà prête si personne n'y a encore touché.
    """
    tenir_la_chaine(edition.contrat.code)
    contrat = Contrat.objects.select_for_update().get(pk=edition.contrat_id)
    deja = edition.copies.filter(retouchee_le=None, statut=StatutEdition.BROUILLON).first()
    if deja is not None:  # un double clic : la copie attend encore sa première retouche
        return deja
    maintenant = timezone.localtime()
    copie = edition_libre(contrat, f"{maintenant:%Y-%m}", reprend_un_brouillon=False)
    for champ in _REPRIS:
        setattr(copie, champ, getattr(edition, champ))
    copie.source, copie.copiee_de = edition.libelle, edition
    copie.importee_le, copie.importee_par = maintenant, par.utilisateur_nom
    copie.save()
    ecriture.ecrire(copie, relire(par, edition))
    # L'adresse d'un pilier est celle de l'édition copiée, quoi que devienne son titre.
    adresses = dict(edition.piliers.values_list("rang", "slug"))
    for pilier in copie.piliers.all():
        pilier.slug = adresses[pilier.rang]
        pilier.save(update_fields=["slug"])
    reporter(edition, copie)
    _noter(par, "cadre.preparer_un_avenant", copie, depuis=edition.libelle)
    return copie


@transaction.atomic
def jeter_le_brouillon(*, par: Acteur, edition: Edition) -> None:
    """Retire un brouillon et ses retouches ; la lecture qui l'a donné se relit de nouveau.

    Lève Refus s'il est publié, ou si un autre brouillon en est la copie.
    """
    tenue = tenir_le_brouillon(edition)
    exiger(rules.motifs_empechant_de_jeter(nombre_de_copies=tenue.copies.count()))
    tenue.lectures.update(statut=StatutDeLecture.LUE, edition=None)
    vider(tenue)
    tenue.retouches.all().delete()
    oublier_les_noms(tenue, [nom for sorte in tenue.catalogue.values() for nom in sorte])
    _noter(par, "cadre.jeter_le_brouillon", tenue)
    tenue.delete()


def _noter(par: Acteur, action: str, edition: Edition, **details: Any) -> None:
    noter(
        par=par,
        contrat=edition.contrat.code,
        action=action,
        objet=f"edition:{edition.code}",
        objet_nom=str(edition),
        details=details,
    )
