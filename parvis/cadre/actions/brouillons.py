"""Préparer un avenant sur la copie d'une édition, y ajouter et en retirer, ou jeter un brouillon."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.cadre import models as m
from parvis.cadre import rules
from parvis.cadre.actions import ecriture
from parvis.cadre.actions.catalogue import oublier_les_noms
from parvis.cadre.actions.declinaisons import reporter
from parvis.cadre.actions.ecriture_de_fiche import ECRITURES, lignes_de
from parvis.cadre.actions.importer import edition_libre, vider
from parvis.cadre.actions.sections import marquer_retouchee, tenir_le_brouillon
from parvis.cadre.enums import StatutDeLecture, StatutEdition
from parvis.cadre.importation.numeros import cle_de_numero
from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.relire import relire
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne

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


@transaction.atomic
def ajouter_une_fiche(
    *, par: Acteur, edition: Edition, enjeu: str, numero: str, titre: str
) -> m.VersionDeFiche:
    """Ajoute une fiche vide à la fin d'un enjeu ; lève Refus, ou Enjeu.DoesNotExist."""
    tenue = tenir_le_brouillon(edition)
    sous = tenue.enjeux.get(numero=enjeu)
    numero, titre = en_une_ligne(numero), en_une_ligne(titre)
    pris = {cle_de_numero(v.numero) for v in tenue.versions.select_related("fiche")}
    exiger(
        rules.motifs_empechant_l_ajout(
            mot=tenue.mot_fiche, numero=numero, titre=titre, existe=cle_de_numero(numero) in pris
        )
    )
    precedentes = tenue.versions.filter(enjeu__rang__lte=sous.rang).count()
    tenue.versions.filter(rang__gt=precedentes).update(rang=F("rang") + 1)
    fiche, _ = m.Fiche.objects.get_or_create(contrat=tenue.contrat, numero=numero)
    version = tenue.versions.create(fiche=fiche, enjeu=sous, rang=precedentes + 1, titre=titre)
    tenue.renvois.filter(cible=f"fiche {numero}").update(cible_version=version)
    marquer_retouchee(tenue)
    _noter(par, "cadre.ajouter_une_fiche", tenue, ou=f"{tenue.mot_fiche} {numero}", titre=titre)
    return version


@transaction.atomic
def retirer_une_fiche(*, par: Acteur, edition: Edition, numero: str) -> None:
    """Retire une fiche d'un brouillon ; les autres éditions gardent la leur.

    Lève VersionDeFiche.DoesNotExist.
    """
    tenue = tenir_le_brouillon(edition)
    version = tenue.versions.get(fiche__numero=numero)
    for section in ECRITURES:
        lignes_de(version, section).delete()
    version.declinaisons.all().delete()
    version.cite_par.update(cible_version=None)
    version.delete()
    tenue.retouches.filter(objet=f"fiche-{numero}").delete()
    tenue.versions.filter(rang__gt=version.rang).update(rang=F("rang") - 1)
    marquer_retouchee(tenue)
    _noter(
        par, "cadre.retirer_une_fiche", tenue, ou=f"{tenue.mot_fiche} {numero}", titre=version.titre
    )


@transaction.atomic
def ajouter_un_enjeu(
    *, par: Acteur, edition: Edition, pilier: int, numero: str, titre: str
) -> m.Enjeu:
    """Ajoute un enjeu vide à la fin d'un pilier, donné par son rang ; lève Refus, ou Pilier.DoesNotExist."""
    tenue = tenir_le_brouillon(edition)
    sous = tenue.piliers.get(rang=pilier)
    numero, titre = en_une_ligne(numero), en_une_ligne(titre)
    pris = {cle_de_numero(enjeu.numero) for enjeu in tenue.enjeux.all()}
    exiger(
        rules.motifs_empechant_l_ajout(
            mot=tenue.mot_enjeu, numero=numero, titre=titre, existe=cle_de_numero(numero) in pris
        )
    )
    precedents = tenue.enjeux.filter(pilier__rang__lte=sous.rang).count()
    tenue.enjeux.filter(rang__gt=precedents).update(rang=F("rang") + 1)
    enjeu = tenue.enjeux.create(pilier=sous, numero=numero, rang=precedents + 1, titre=titre)
    tenue.renvois.filter(cible=f"enjeu {numero}").update(cible_enjeu=enjeu)
    marquer_retouchee(tenue)
    _noter(par, "cadre.ajouter_un_enjeu", tenue, ou=f"{tenue.mot_enjeu} {numero}", titre=titre)
    return enjeu


@transaction.atomic
def retirer_un_enjeu(*, par: Acteur, edition: Edition, numero: str) -> None:
    """Retire un enjeu sans fiche d'un brouillon ; lève Refus, ou Enjeu.DoesNotExist."""
    tenue = tenir_le_brouillon(edition)
    enjeu = tenue.enjeux.get(numero=numero)
    exiger(rules.motifs_empechant_le_retrait_d_un_enjeu(nombre_de_fiches=enjeu.versions.count()))
    enjeu.renvois.all().delete()
    enjeu.cite_par.update(cible_enjeu=None)
    enjeu.delete()
    tenue.retouches.filter(objet=f"enjeu-{numero}").delete()
    tenue.enjeux.filter(rang__gt=enjeu.rang).update(rang=F("rang") - 1)
    marquer_retouchee(tenue)
    _noter(
        par, "cadre.retirer_un_enjeu", tenue, ou=f"{tenue.mot_enjeu} {numero}", titre=enjeu.titre
    )


def _noter(par: Acteur, action: str, edition: Edition, **details: Any) -> None:
    noter(
        par=par,
        contrat=edition.contrat.code,
        action=action,
        objet=f"edition:{edition.code}",
        objet_nom=str(edition),
        details=details,
    )
