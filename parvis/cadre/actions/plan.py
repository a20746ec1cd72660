"""Le plan d'un brouillon : ajouter, retirer, déplacer un pilier, un enjeu ou une fiche."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F

from parvis.cadre import models as m
from parvis.cadre import rules
from parvis.cadre.actions.catalogue import libre
from parvis.cadre.actions.ecriture_de_fiche import ECRITURES, lignes_de
from parvis.cadre.actions.sections import marquer_retouchee, tenir_le_brouillon
from parvis.cadre.importation.numeros import cle_de_numero
from parvis.cadre.models import Edition
from parvis.cadre.queries import sections as lectures
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter
from parvis.socle.refus import exiger
from parvis.socle.texte import adresse, en_une_ligne

Ligne = m.Pilier | m.Enjeu | m.VersionDeFiche
_PARENTS = {"pilier": "contrat", "enjeu": "pilier", "fiche": "enjeu"}
# Plus loin que tout rang : ce qu'on ajoute va d'abord là, puis `_ranger` le met à sa place.
_AU_BOUT = 10_000


@transaction.atomic
def ajouter_un_pilier(*, par: Acteur, edition: Edition, titre: str) -> m.Pilier:
    """Ajoute un pilier vide à la fin d'un brouillon ; lève Refus."""
    tenue = tenir_le_brouillon(edition)
    titre = en_une_ligne(titre)
    exiger(rules.motifs_sur_le_titre(titre))
    prises = set(tenue.piliers.values_list("slug", flat=True))
    pilier = tenue.piliers.create(
        rang=len(prises) + 1, titre=titre, imprime=titre, slug=libre(adresse(titre, 60), prises)
    )
    marquer_retouchee(tenue)
    _noter(
        par, "cadre.ajouter_un_pilier", tenue, ou=f"{tenue.mot_pilier} {pilier.rang}", titre=titre
    )
    return pilier


@transaction.atomic
def ajouter_un_enjeu(
    *, par: Acteur, edition: Edition, pilier: int, numero: str, titre: str
) -> m.Enjeu:
    """Ajoute un enjeu vide à la fin d'un pilier, donné par son rang ; lève Refus, ou Pilier.DoesNotExist."""
    tenue = tenir_le_brouillon(edition)
    sous = tenue.piliers.get(rang=pilier)
    pris = tenue.enjeux.values_list("numero", flat=True)
    numero, titre = _nommer(tenue.mot_enjeu, numero, titre, pris)
    enjeu = tenue.enjeux.create(pilier=sous, numero=numero, rang=_AU_BOUT, titre=titre)
    tenue.renvois.filter(cible=f"enjeu {numero}").update(cible_enjeu=enjeu)
    _ranger(tenue)
    _noter(par, "cadre.ajouter_un_enjeu", tenue, ou=f"{tenue.mot_enjeu} {numero}", titre=titre)
    return enjeu


@transaction.atomic
def ajouter_une_fiche(
    *, par: Acteur, edition: Edition, enjeu: str, numero: str, titre: str
) -> m.VersionDeFiche:
    """Ajoute une fiche vide à la fin d'un enjeu ; lève Refus, ou Enjeu.DoesNotExist."""
    tenue = tenir_le_brouillon(edition)
    sous = tenue.enjeux.get(numero=enjeu)
    pris = tenue.versions.values_list("fiche__numero", flat=True)
    numero, titre = _nommer(tenue.mot_fiche, numero, titre, pris)
    fiche, _ = m.Fiche.objects.get_or_create(contrat=tenue.contrat, numero=numero)
    version = tenue.versions.create(fiche=fiche, enjeu=sous, rang=_AU_BOUT, titre=titre)
    tenue.renvois.filter(cible=f"fiche {numero}").update(cible_version=version)
    _ranger(tenue)
    _noter(par, "cadre.ajouter_une_fiche", tenue, ou=f"{tenue.mot_fiche} {numero}", titre=titre)
    return version


@transaction.atomic
def retirer_un_pilier(*, par: Acteur, edition: Edition, numero: str) -> None:
    """Retire un pilier sans enjeu d'un brouillon ; lève Refus, ou Pilier.DoesNotExist."""
    tenue = tenir_le_brouillon(edition)
    pilier = tenue.piliers.get(rang=numero)
    exiger(rules.motifs_empechant_le_retrait(est_vide=not pilier.enjeux.exists()))
    _oublier(tenue, pilier, f"pilier-{numero}")
    _noter(
        par, "cadre.retirer_un_pilier", tenue, ou=f"{tenue.mot_pilier} {numero}", titre=pilier.titre
    )


@transaction.atomic
def retirer_un_enjeu(*, par: Acteur, edition: Edition, numero: str) -> None:
    """Retire un enjeu sans fiche d'un brouillon ; lève Refus, ou Enjeu.DoesNotExist."""
    tenue = tenir_le_brouillon(edition)
    enjeu = tenue.enjeux.get(numero=numero)
    exiger(rules.motifs_empechant_le_retrait(est_vide=not enjeu.versions.exists()))
    enjeu.renvois.all().delete()
    enjeu.cite_par.update(cible_enjeu=None)
    _oublier(tenue, enjeu, f"enjeu-{numero}")
    _noter(
        par, "cadre.retirer_un_enjeu", tenue, ou=f"{tenue.mot_enjeu} {numero}", titre=enjeu.titre
    )


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
    _oublier(tenue, version, f"fiche-{numero}")
    _noter(
        par, "cadre.retirer_une_fiche", tenue, ou=f"{tenue.mot_fiche} {numero}", titre=version.titre
    )


@transaction.atomic
def deplacer(*, par: Acteur, edition: Edition, cle: str, apres: str) -> str:
    """Met un pilier, un enjeu ou une fiche à une autre place du brouillon ; rend sa clé.

    `apres` est la clé de ce qu'il suivra : un semblable, ou ce qui le contient s'il vient en
    premier. La clé d'un pilier dit son rang : elle change. Lève ObjectDoesNotExist si l'objet ou
    la place n'existe pas.
    """
    tenue = tenir_le_brouillon(edition)
    objet, repere = (lectures.objet(par, tenue, c) for c in (cle, apres))
    parent = _PARENTS.get(objet.sorte, "")
    if repere.sorte not in (objet.sorte, parent):
        raise Edition.DoesNotExist
    if repere.cle == objet.cle:
        return cle
    if objet.sorte != "pilier":
        sous = repere.ligne if repere.sorte == parent else getattr(repere.ligne, parent)
        setattr(objet.ligne, parent, sous)
        objet.ligne.save(update_fields=[parent])
    _ranger(tenue, objet.ligne, repere.ligne)
    _noter(par, "cadre.deplacer", tenue, ou=objet.titre, apres=repere.titre)
    return f"pilier-{tenue.piliers.get(pk=objet.ligne.pk).rang}" if parent == "contrat" else cle


@transaction.atomic
def renumeroter(*, par: Acteur, edition: Edition, cle: str, numero: str) -> str:
    """Donne un autre numéro à un enjeu ou une fiche d'un brouillon ; rend sa clé.

    Ce qui y renvoie, et ses versions, suivent. Le numéro est ce qui reconnaît une fiche d'une
    édition à l'autre : renumérotée, elle s'y lit comme une autre. Lève Refus ou ObjectDoesNotExist.
    """
    tenue = tenir_le_brouillon(edition)
    objet = lectures.objet(par, tenue, cle)
    if objet.sorte not in ("enjeu", "fiche"):
        raise Edition.DoesNotExist
    ligne, avant = objet.ligne, objet.ligne.numero
    semblables = tenue.enjeux if objet.sorte == "enjeu" else tenue.versions
    autres = [autre.numero for autre in semblables.exclude(pk=ligne.pk)]
    numero, _ = _nommer(getattr(tenue, f"mot_{objet.sorte}"), numero, ligne.titre, autres)
    if numero == avant:
        return cle
    if objet.sorte == "enjeu":
        ligne.numero = numero
    else:
        ligne.fiche, _ = m.Fiche.objects.get_or_create(contrat=tenue.contrat, numero=numero)
    ligne.save()
    nouvelle = f"{objet.sorte}-{numero}"
    tenue.retouches.filter(objet=cle).update(objet=nouvelle)
    tenue.renvois.filter(cible=f"{objet.sorte} {avant}").update(cible=f"{objet.sorte} {numero}")
    marquer_retouchee(tenue)
    _noter(par, "cadre.renumeroter", tenue, ou=objet.titre, numero=numero)
    return nouvelle


def _nommer(mot: str, numero: str, titre: str, pris: Iterable[str]) -> tuple[str, str]:
    """Rend le numéro et le titre nettoyés de ce qu'on ajoute ; lève Refus s'ils ne vont pas."""
    numero, titre = en_une_ligne(numero), en_une_ligne(titre)
    existe = cle_de_numero(numero) in map(cle_de_numero, pris)
    exiger(rules.motifs_empechant_l_ajout(mot=mot, numero=numero, titre=titre, existe=existe))
    return numero, titre


def _oublier(edition: Edition, ligne: Ligne, cle: str) -> None:
    """Efface un objet du plan, et ses versions."""
    ligne.delete()
    edition.retouches.filter(objet=cle).delete()
    _ranger(edition)


def _ranger(edition: Edition, deplacee: Ligne | None = None, apres: Any = None) -> None:
    """Donne à chacun son rang, les enjeux à la suite de leurs piliers, les fiches de leurs enjeux.

    La ligne `deplacee` vient après celle-ci, ou en premier si ce n'est pas une de ses semblables.
    """
    rangs: dict[int, int] = {}
    for niveau, parent in (("piliers", ""), ("enjeux", "pilier_id"), ("versions", "enjeu_id")):
        lignes: list[Any] = list(getattr(edition, niveau).order_by("rang"))
        if deplacee in lignes:
            lignes.remove(deplacee)
            lignes.insert(lignes.index(apres) + 1 if apres in lignes else 0, deplacee)
        if parent:
            lignes.sort(key=lambda ligne: rangs[getattr(ligne, parent)])
        rangs = {ligne.pk: rang for rang, ligne in enumerate(lignes, 1)}
        _ecrire_les_rangs(edition, getattr(edition, niveau), rangs)
    marquer_retouchee(edition)


def _ecrire_les_rangs(edition: Edition, lignes: Any, rangs: dict[int, int]) -> None:
    bougees = [ligne for ligne in lignes.all() if ligne.rang != rangs[ligne.pk]]
    if not bougees:
        return
    # Deux piliers n'ont jamais le même rang : ils passent d'abord plus loin que tous.
    lignes.filter(pk__in=[ligne.pk for ligne in bougees]).update(rang=F("rang") + _AU_BOUT + 1)
    for ligne in bougees:
        if isinstance(ligne, m.Pilier):
            edition.retouches.filter(objet=f"pilier-{ligne.rang}").update(objet=f"~{ligne.pk}")
        ligne.rang = rangs[ligne.pk]
    lignes.bulk_update(bougees, ["rang"])
    for ligne in bougees:
        edition.retouches.filter(objet=f"~{ligne.pk}").update(objet=f"pilier-{ligne.rang}")


def _noter(par: Acteur, action: str, edition: Edition, **details: str) -> None:
    noter(
        par=par,
        contrat=edition.contrat.code,
        action=action,
        objet=f"edition:{edition.pk}",
        objet_nom=edition.libelle,
        details=details,
    )
