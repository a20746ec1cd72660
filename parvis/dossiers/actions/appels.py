"""Créer un appel, le reprendre d'une année à l'autre, préparer une version, la publier, la jeter."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.alertes import prevenir_d_un_appel
from parvis.dossiers.actions.copie_d_appel import copier, ecrire_les_pieces_proposees
from parvis.dossiers.enums import EtatDeVersion
from parvis.dossiers.models import Appel, FicheDAppel, VersionDAppel
from parvis.dossiers.queries.appels_pilotes import preparation
from parvis.dossiers.queries.contenu_d_appel import (
    CHAMPS_DE_PRESENTATION,
    CHAMPS_DES_BILANS,
    CHAMPS_DU_SERVICE,
    fiches_nommees,
    versions_entieres,
)
from parvis.dossiers.rules import appels as rules
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import adresse, en_une_ligne
from parvis.socle.validation import motifs_de_validation

_REPRIS = (*CHAMPS_DE_PRESENTATION, *CHAMPS_DES_BILANS, *CHAMPS_DU_SERVICE)


@transaction.atomic
def creer_un_appel(
    *,
    par: Acteur,
    contrat: Contrat,
    titre: str,
    exercice: int,
    ouvre_le: datetime,
    ferme_le: datetime,
) -> VersionDAppel:
    """Crée un appel et son premier brouillon, prérempli : toutes les fiches, les pièces proposées.

    Qui appeler vient du dernier appel publié, ou de l'organisme pour lequel on agit. Lève Refus.
    """
    tenir_la_chaine(contrat.code)
    version = VersionDAppel(
        titre=en_une_ligne(titre),
        ouvre_le=ouvre_le,
        ferme_le=rules.toute_la_minute(timezone.localtime(ferme_le)),
    )
    appel = _ouvrir(par, contrat, version, exercice)
    dernier = _derniers_publies(contrat).first()
    for champ, valeur in _qui_appeler(par, dernier).items():
        setattr(version, champ, valeur)
    _ecrire_un_brouillon(par, appel, version, numero=1)
    en_vigueur = [f.pk for f in fiches_nommees(contrat).values() if f.est_en_vigueur]
    FicheDAppel.objects.bulk_create(
        FicheDAppel(version=version, fiche_id=fiche) for fiche in en_vigueur
    )
    ecrire_les_pieces_proposees(version)
    noter_sur_l_appel(par, "dossiers.creer_un_appel", version, exercice=exercice)
    return version


@transaction.atomic
def dupliquer(*, par: Acteur, appel: Appel, exercice: int) -> VersionDAppel:
    """Reprend un appel publié pour un autre exercice : tout y est, les dates glissent d'autant.

    Une fiche disparue de l'édition courante reste dans le brouillon, qui la signale. Lève Refus si
    l'appel n'est pas publié, ou si les dates ne conviennent pas.
    """
    tenir_la_chaine(appel.contrat.code)
    modele = versions_entieres().courantes().filter(appel=appel).first()
    if modele is None:
        raise Refus(["Cet appel n’est pas publié : il n’y a rien à reprendre."])
    annees = exercice - appel.exercice
    version = VersionDAppel(**{champ: getattr(modele, champ) for champ in _REPRIS})
    version.ouvre_le = rules.glisser(timezone.localtime(modele.ouvre_le), annees)
    version.ferme_le = rules.glisser(timezone.localtime(modele.ferme_le), annees)
    version.titre = modele.titre.replace(str(appel.exercice), str(exercice))
    neuf = _ouvrir(par, appel.contrat, version, exercice, duplique_de=appel)
    _ecrire_un_brouillon(par, neuf, version, numero=1)
    copier(modele, version)
    noter_sur_l_appel(
        par, "dossiers.dupliquer_un_appel", version, exercice=exercice, depuis=modele.titre
    )
    return version


@transaction.atomic
def preparer_une_version(*, par: Acteur, appel: Appel) -> VersionDAppel:
    """Copie la version publiée dans un brouillon, que l'on retouche ; rend celui qui existe déjà."""
    tenir_la_chaine(appel.contrat.code)
    deja = appel.versions.brouillons().first()
    if deja is not None:  # un double clic
        return deja
    modele = versions_entieres().courantes().get(appel=appel)
    version = VersionDAppel(**{champ: getattr(modele, champ) for champ in _REPRIS})
    _ecrire_un_brouillon(par, appel, version, numero=modele.numero + 1)
    copier(modele, version)
    noter_sur_l_appel(par, "dossiers.preparer_une_version", version, numero=version.numero)
    return version


@transaction.atomic
def jeter_le_brouillon(*, par: Acteur, version: VersionDAppel) -> None:
    """Retire un brouillon ; un appel jamais publié disparaît avec lui. Lève Refus s'il est publié."""
    tenue = tenir_le_brouillon(version)
    noter_sur_l_appel(par, "dossiers.jeter_le_brouillon", tenue, numero=tenue.numero)
    appel = tenue.appel
    tenue.delete()
    if not appel.versions.exists():
        appel.delete()


@transaction.atomic
def publier_l_appel(
    *,
    par: Acteur,
    version: VersionDAppel,
    ce_qui_change: str = "",
    maintenant: datetime | None = None,
) -> VersionDAppel:
    """Publie un brouillon, qui ne change plus, et prévient qui l'a demandé ; lève Refus.

    Une version suivante dit ce qu'elle change (`ce_qui_change`, les mots du pilote).
    """
    instant = maintenant or timezone.now()
    tenir_le_brouillon(version)
    tenue = versions_entieres().get(pk=version.pk)
    pret = preparation(par, tenue, maintenant=instant)
    exiger(
        rules.motifs_empechant_la_publication(
            pret.contenu,
            etat=tenue.etat,
            fiches_en_vigueur=pret.en_vigueur,
            maintenant=instant,
            precedent=pret.precedent,
            changements=pret.changements,
            ce_qui_change=ce_qui_change,
        )
    )
    tenue.ce_qui_change = ce_qui_change.strip() if pret.precedent else ""
    tenue.etat = EtatDeVersion.PUBLIEE
    tenue.publiee_le, tenue.publiee_par = instant, par.utilisateur_nom
    exiger(motifs_de_validation(tenue))
    tenue.save()
    noter_sur_l_appel(
        par, "dossiers.publier_un_appel", tenue, numero=tenue.numero, change=pret.changements
    )
    prevenir_d_un_appel(tenue, pret.changements)
    return tenue


def tenir_le_brouillon(version: VersionDAppel) -> VersionDAppel:
    """Rend le brouillon verrouillé, que nul autre ne retouchera avant la fin de l'acte.

    Lève Refus s'il est publié, VersionDAppel.DoesNotExist s'il vient d'être jeté.
    """
    tenir_la_chaine(version.appel.contrat.code)
    tenue = (
        VersionDAppel.objects.select_for_update(of=("self",))
        .select_related("appel__contrat")
        .get(pk=version.pk)
    )
    exiger(rules.motifs_empechant_la_retouche(etat=tenue.etat))
    return tenue


def noter_sur_l_appel(par: Acteur, action: str, version: VersionDAppel, **details: Any) -> None:
    """Note un acte sur un appel, dans la chaîne de son contrat."""
    noter(
        par=par,
        contrat=version.appel.contrat.code,
        action=action,
        objet=f"appel:{version.appel_id}",
        objet_nom=version.titre,
        details=details,
    )


def _ouvrir(
    par: Acteur,
    contrat: Contrat,
    version: VersionDAppel,
    exercice: int,
    duplique_de: Appel | None = None,
) -> Appel:
    """Rend l'appel qui portera cette version, à une adresse libre ; lève Refus."""
    exiger(
        ([] if version.titre else ["Donnez un titre à l’appel."])
        + rules.motifs_sur_les_dates(
            ouvre_le=version.ouvre_le, ferme_le=version.ferme_le, exercice=exercice
        )
    )
    base = adresse(version.titre) or "appel"
    if str(exercice) not in base:
        base = f"{base}-{exercice}"
    prises = set(contrat.appels.filter(adresse__startswith=base).values_list("adresse", flat=True))
    libre = next(
        essai
        for essai in (base, *(f"{base}-{rang}" for rang in range(2, len(prises) + 3)))
        if essai not in prises
    )
    appel = Appel(
        contrat=contrat,
        adresse=libre,
        exercice=exercice,
        duplique_de=duplique_de,
        cree_le=timezone.now(),
        cree_par=par.utilisateur_nom,
    )
    exiger(motifs_de_validation(appel, avec_contraintes=True))
    appel.save()
    return appel


def _ecrire_un_brouillon(par: Acteur, appel: Appel, version: VersionDAppel, *, numero: int) -> None:
    version.appel, version.numero = appel, numero
    version.modifiee_le, version.modifiee_par = timezone.now(), par.utilisateur_nom
    exiger(motifs_de_validation(version))
    version.save()


def _derniers_publies(contrat: Contrat) -> Any:
    return VersionDAppel.objects.publiees().filter(appel__contrat=contrat).order_by("-publiee_le")


def _qui_appeler(par: Acteur, dernier: VersionDAppel | None) -> dict[str, str]:
    if dernier is not None:
        return {champ: getattr(dernier, champ) for champ in CHAMPS_DU_SERVICE}
    organisme = par.organisme
    if organisme is None:
        return {}
    return {
        "service": organisme.nom[:200],
        "adresse_du_service": organisme.adresse,
        "telephone": organisme.telephone,
        "courriel": organisme.courriel,
    }
