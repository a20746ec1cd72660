"""Décliner une fiche en un lieu, et reporter les déclinaisons d'une édition à l'autre."""

from django.db import transaction

from parvis.cadre import rules
from parvis.cadre.actions.sections import marquer_retouchee, tenir_le_brouillon
from parvis.cadre.models import Declinaison, Edition
from parvis.cadre.queries.declinaisons import ecarts
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter
from parvis.socle.refus import exiger
from parvis.socle.texte import adresse, en_une_ligne
from parvis.territoires.queries import Reperes


@transaction.atomic
def decliner(*, par: Acteur, edition: Edition, numero: str, lieu: str, type: str) -> Declinaison:
    """Décline une fiche d'un brouillon en un lieu, sans rien y changer encore.

    Lève Refus, ou VersionDeFiche.DoesNotExist.
    """
    tenue = tenir_le_brouillon(edition)
    version = tenue.versions.get(fiche__numero=numero)
    lieu = en_une_ligne(lieu)
    slug = adresse(lieu)
    exiger(
        rules.motifs_empechant_de_decliner(
            lieu=lieu, slug=slug, existe=version.declinaisons.filter(slug=slug).exists()
        )
    )
    commune, quartier = Reperes.de_l_annee(tenue.debut).situer(lieu, "")
    declinaison = version.declinaisons.create(
        edition=tenue, lieu=lieu, slug=slug, type=type, commune=commune, quartier=quartier
    )
    marquer_retouchee(tenue)
    _noter(par, "cadre.decliner", declinaison)
    return declinaison


@transaction.atomic
def retirer_une_declinaison(*, par: Acteur, edition: Edition, numero: str) -> None:
    """Retire une déclinaison d'un brouillon, donnée par son identifiant.

    Lève Declinaison.DoesNotExist.
    """
    tenue = tenir_le_brouillon(edition)
    declinaison = tenue.declinaisons.get(pk=numero)
    _noter(par, "cadre.retirer_une_declinaison", declinaison)
    declinaison.delete()
    marquer_retouchee(tenue)


def reporter(depuis: Edition, vers: Edition) -> None:
    """Copie dans un brouillon les déclinaisons d'une édition, pour les fiches qu'il a encore."""
    versions = {v.fiche_id: v for v in vers.versions.all()}
    Declinaison.objects.bulk_create(
        Declinaison(
            edition=vers,
            version=versions[d.version.fiche_id],
            lieu=d.lieu,
            slug=d.slug,
            type=d.type,
            commune_id=d.commune_id,
            quartier_id=d.quartier_id,
            sections=d.sections,
        )
        for d in depuis.declinaisons.select_related("version")
        if d.version.fiche_id in versions
    )


def elaguer(par: Acteur, edition: Edition) -> None:
    """Retire des déclinaisons d'un brouillon ce que la fiche dit maintenant comme elles."""
    for declinaison in edition.declinaisons.exclude(sections={}):
        differentes = {ecart.section.code for ecart in ecarts(par, declinaison)}
        if differentes != declinaison.sections.keys():
            declinaison.sections = {
                code: valeur for code, valeur in declinaison.sections.items() if code in differentes
            }
            declinaison.save(update_fields=["sections"])


def _noter(par: Acteur, action: str, declinaison: Declinaison) -> None:
    edition, version = declinaison.edition, declinaison.version
    noter(
        par=par,
        contrat=edition.contrat.code,
        action=action,
        objet=f"edition:{edition.code}",
        objet_nom=str(edition),
        details={"ou": f"{edition.mot_fiche} {version.numero}", "lieu": declinaison.lieu},
    )
