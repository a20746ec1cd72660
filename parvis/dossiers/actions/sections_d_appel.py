"""Écrire un brouillon d'appel, section par section, sans effacer le travail d'un autre."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from parvis.cadre.models import Fiche
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.appels import noter_sur_l_appel, tenir_le_brouillon
from parvis.dossiers.actions.rangs import cle_libre, rang_suivant
from parvis.dossiers.models import (
    CritereDAppel,
    FicheDAppel,
    FinanceurDAppel,
    LigneDAppel,
    PieceDAppel,
    QuestionDAppel,
    VersionDAppel,
)
from parvis.dossiers.queries.appels_pilotes import dernier_service_connu
from parvis.dossiers.queries.contenu_d_appel import (
    CHAMPS_DE_LA_PIECE,
    CHAMPS_DE_LA_QUESTION,
    CHAMPS_DE_PRESENTATION,
    CHAMPS_DES_BILANS,
    CHAMPS_DU_CRITERE,
    CHAMPS_DU_FINANCEUR,
    CHAMPS_DU_SERVICE,
    etat,
    etat_des_fiches,
    etat_du_financeur,
)
from parvis.dossiers.rules import appels as rules
from parvis.dossiers.rules.grille import CRITERES_PROPOSES
from parvis.dossiers.rules.pieces import ranger_les_natures
from parvis.journal.models import Evenement
from parvis.organismes.models import Organisme
from parvis.socle.refus import ConflitDeVersion, exiger
from parvis.socle.texte import en_paragraphes, en_une_ligne
from parvis.socle.validation import motifs_de_validation

L = TypeVar("L", PieceDAppel, QuestionDAppel, CritereDAppel)
Rangee = FinanceurDAppel | PieceDAppel | QuestionDAppel | CritereDAppel
# Au-delà de ce temps sans écrire, le journal note une nouvelle séance (docs/adr/0019).
SEANCE = timedelta(minutes=30)
_EN_PARAGRAPHES = frozenset({"presentation", "adresse_du_service", "explication", "aide"})


@transaction.atomic
def modifier_la_presentation(
    *, par: Acteur, version: VersionDAppel, depart: Mapping[str, Any], valeurs: Mapping[str, Any]
) -> VersionDAppel:
    """Écrit le titre, la présentation et les dates ; lève ConflitDeVersion si `depart` n'est plus l'état.

    Rend la version relue. Lève Refus si les dates ne conviennent pas.
    """
    tenue = tenir_le_brouillon(version)
    _verifier(tenue, depart, etat(tenue, CHAMPS_DE_PRESENTATION))
    _poser(tenue, CHAMPS_DE_PRESENTATION, valeurs)
    tenue.ferme_le = rules.toute_la_minute(timezone.localtime(tenue.ferme_le))
    motifs = rules.motifs_sur_les_dates(
        ouvre_le=tenue.ouvre_le, ferme_le=tenue.ferme_le, exercice=tenue.appel.exercice
    )
    exiger(motifs + motifs_de_validation(tenue))
    _signer(par, tenue, "presentation")
    return tenue


@transaction.atomic
def modifier_le_contact(
    *, par: Acteur, version: VersionDAppel, depart: Mapping[str, Any], valeurs: Mapping[str, Any]
) -> VersionDAppel:
    """Écrit qui appeler ; lève ConflitDeVersion si `depart` n'est plus l'état, ou Refus."""
    tenue = tenir_le_brouillon(version)
    _verifier(tenue, depart, etat(tenue, CHAMPS_DU_SERVICE))
    _poser(tenue, CHAMPS_DU_SERVICE, valeurs)
    exiger(motifs_de_validation(tenue))
    _signer(par, tenue, "appeler")
    return tenue


@transaction.atomic
def regler_les_bilans(
    *, par: Acteur, version: VersionDAppel, depart: Mapping[str, Any], valeurs: Mapping[str, Any]
) -> VersionDAppel:
    """Dit ce qu'arrête un bilan manquant ; lève ConflitDeVersion si `depart` n'est plus l'état, ou Refus."""
    tenue = tenir_le_brouillon(version)
    _verifier(tenue, depart, etat(tenue, CHAMPS_DES_BILANS))
    _poser(tenue, CHAMPS_DES_BILANS, valeurs)
    exiger(motifs_de_validation(tenue, avec_contraintes=True))
    _signer(par, tenue, "bilans")
    return tenue


@transaction.atomic
def choisir_les_fiches(
    *, par: Acteur, version: VersionDAppel, depart: Mapping[str, Any], fiches: Iterable[Fiche]
) -> VersionDAppel:
    """Remplace les fiches de l'appel ; lève ConflitDeVersion si `depart` n'est plus l'état, ou Refus."""
    tenue = tenir_le_brouillon(version)
    deja = etat_des_fiches(tenue)
    _verifier(tenue, depart, deja)
    voulues = {fiche.pk: fiche for fiche in fiches}
    etrangeres = [f for f in voulues.values() if f.contrat_id != tenue.appel.contrat_id]
    exiger([f"La fiche {f.numero} est d’un autre contrat." for f in etrangeres])
    tenue.fiches.exclude(fiche__in=voulues).delete()
    FicheDAppel.objects.bulk_create(
        FicheDAppel(version=tenue, fiche_id=cle)
        for cle in sorted(voulues.keys() - set(deja["fiches"]))
    )
    _signer(par, tenue, "fiches")
    return tenue


@transaction.atomic
def ajouter_un_financeur(
    *, par: Acteur, version: VersionDAppel, organisme: Organisme
) -> FinanceurDAppel:
    """Ajoute un financeur, son service repris du dernier appel ou de sa page ; rend celui qui y est déjà."""
    tenue = tenir_le_brouillon(version)
    deja = tenue.financeurs.filter(organisme=organisme).first()
    if deja is not None:
        return deja
    connu = dernier_service_connu(tenue.appel.contrat, organisme)
    valeurs = (
        {champ: getattr(connu, champ) for champ in CHAMPS_DU_FINANCEUR}
        if connu
        else {
            "adresse_du_service": organisme.adresse,
            "telephone": organisme.telephone,
            "courriel": organisme.courriel,
        }
    )
    financeur = FinanceurDAppel.objects.create(
        version=tenue, organisme=organisme, rang=rang_suivant(tenue.financeurs), **valeurs
    )
    if connu:
        LigneDAppel.objects.bulk_create(
            LigneDAppel(
                version=tenue,
                financeur=financeur,
                rang=ligne.rang,
                libelle=ligne.libelle,
                est_en_nature=ligne.est_en_nature,
            )
            for ligne in connu.lignes.all()
        )
    _signer(par, tenue, "financeurs")
    return financeur


@transaction.atomic
def modifier_un_financeur(
    *,
    par: Acteur,
    financeur: FinanceurDAppel,
    depart: Mapping[str, Any],
    valeurs: Mapping[str, Any],
    credits: Iterable[str],
    en_nature: Iterable[str] = (),
) -> FinanceurDAppel:
    """Écrit le service d'un financeur et ses lignes, en argent puis en nature.

    Lève ConflitDeVersion si `depart` n'est plus l'état, ou Refus.
    """
    tenu = _tenir_la_ligne(financeur)
    _verifier(tenu, depart, etat_du_financeur(tenu))
    _poser(tenu, CHAMPS_DU_FINANCEUR, valeurs)
    lignes = [(libelle, False) for libelle in credits] + [(nom, True) for nom in en_nature]
    propres = {en_une_ligne(libelle): nature for libelle, nature in lignes}
    exiger(motifs_de_validation(tenu) + _motifs_sur_les_lignes(propres))
    tenu.save()
    tenu.lignes.all().delete()
    LigneDAppel.objects.bulk_create(
        LigneDAppel(
            version=tenu.version, financeur=tenu, rang=rang, libelle=nom, est_en_nature=nature
        )
        for rang, (nom, nature) in enumerate(propres.items(), 1)
        if nom
    )
    _signer(par, tenu.version, "financeurs")
    return tenu


@transaction.atomic
def ajouter_une_piece(
    *, par: Acteur, version: VersionDAppel, valeurs: Mapping[str, Any]
) -> PieceDAppel:
    """Demande une pièce de plus, la dernière de la liste ; lève Refus."""
    return _ajouter_une_ligne(par, version, PieceDAppel, "pieces", CHAMPS_DE_LA_PIECE, valeurs)


@transaction.atomic
def modifier_une_piece(
    *, par: Acteur, piece: PieceDAppel, depart: Mapping[str, Any], valeurs: Mapping[str, Any]
) -> PieceDAppel:
    """Récrit une pièce demandée ; lève ConflitDeVersion si `depart` n'est plus l'état, ou Refus."""
    return _modifier_une_ligne(par, piece, "pieces", CHAMPS_DE_LA_PIECE, depart, valeurs)


@transaction.atomic
def ajouter_une_question(
    *, par: Acteur, version: VersionDAppel, valeurs: Mapping[str, Any]
) -> QuestionDAppel:
    """Pose une question de plus, la dernière de la liste ; lève Refus."""
    champs = CHAMPS_DE_LA_QUESTION
    return _ajouter_une_ligne(par, version, QuestionDAppel, "questions", champs, valeurs)


@transaction.atomic
def modifier_une_question(
    *, par: Acteur, question: QuestionDAppel, depart: Mapping[str, Any], valeurs: Mapping[str, Any]
) -> QuestionDAppel:
    """Récrit une question ; lève ConflitDeVersion si `depart` n'est plus l'état, ou Refus."""
    return _modifier_une_ligne(par, question, "questions", CHAMPS_DE_LA_QUESTION, depart, valeurs)


@transaction.atomic
def ajouter_un_critere(
    *, par: Acteur, version: VersionDAppel, valeurs: Mapping[str, Any]
) -> CritereDAppel:
    """Ajoute un critère à la grille, le dernier ; lève Refus."""
    return _ajouter_une_ligne(par, version, CritereDAppel, "grille", CHAMPS_DU_CRITERE, valeurs)


@transaction.atomic
def modifier_un_critere(
    *, par: Acteur, critere: CritereDAppel, depart: Mapping[str, Any], valeurs: Mapping[str, Any]
) -> CritereDAppel:
    """Récrit un critère ; lève ConflitDeVersion si `depart` n'est plus l'état, ou Refus."""
    return _modifier_une_ligne(par, critere, "grille", CHAMPS_DU_CRITERE, depart, valeurs)


@transaction.atomic
def proposer_la_grille(*, par: Acteur, version: VersionDAppel) -> int:
    """Ajoute à la grille les critères que l'on propose et qui n'y sont pas ; rend combien."""
    tenue = tenir_le_brouillon(version)
    deja = set(tenue.grille.values_list("cle", flat=True))
    absents = [propose for propose in CRITERES_PROPOSES if propose.cle not in deja]
    if absents:
        CritereDAppel.objects.bulk_create(
            CritereDAppel(
                version=tenue,
                cle=propose.cle,
                rang=rang,
                libelle=propose.libelle,
                explication=propose.explication,
                poids=propose.poids,
                niveaux=list(propose.niveaux),
            )
            for rang, propose in enumerate(absents, rang_suivant(tenue.grille))
        )
        _signer(par, tenue, "grille")
    return len(absents)


@transaction.atomic
def retirer_une_ligne(*, par: Acteur, ligne: Rangee) -> None:
    """Retire un financeur, une pièce, une question ou un critère d'un brouillon."""
    tenue = _tenir_la_ligne(ligne)
    tenue.delete()
    _signer(par, tenue.version, section_de(tenue))


@transaction.atomic
def monter_une_ligne(*, par: Acteur, ligne: Rangee) -> None:
    """Place une ligne avant celle qui la précède ; sans effet en tête."""
    tenue = _tenir_la_ligne(ligne)
    toutes = list(type(tenue)._default_manager.filter(version=tenue.version).order_by("rang", "pk"))
    place = toutes.index(tenue)
    if place:
        toutes.insert(place - 1, toutes.pop(place))
        for rang, une in enumerate(toutes, 1):
            une.rang = rang
        type(tenue)._default_manager.bulk_update(toutes, ["rang"])
        _signer(par, tenue.version, section_de(tenue))


def section_de(ligne: Rangee) -> str:
    """Rend la section où se tient une ligne."""
    return {
        FinanceurDAppel: "financeurs",
        PieceDAppel: "pieces",
        QuestionDAppel: "questions",
        CritereDAppel: "grille",
    }[type(ligne)]


def _ajouter_une_ligne(
    par: Acteur,
    version: VersionDAppel,
    modele: type[L],
    section: str,
    champs: Iterable[str],
    valeurs: Mapping[str, Any],
) -> L:
    tenue = tenir_le_brouillon(version)
    lignes = getattr(tenue, section)
    ligne = modele(version=tenue, rang=rang_suivant(lignes))
    _poser(ligne, champs, valeurs)
    # Une ligne se dit par son texte : il lui donne sa clé.
    ligne.cle = cle_libre(str(ligne), lignes)
    exiger(motifs_de_validation(ligne))
    ligne.save()
    _signer(par, tenue, section)
    return ligne


def _modifier_une_ligne(
    par: Acteur,
    ligne: L,
    section: str,
    champs: Iterable[str],
    depart: Mapping[str, Any],
    valeurs: Mapping[str, Any],
) -> L:
    tenue = _tenir_la_ligne(ligne)
    _verifier(tenue, depart, etat(tenue, champs))
    _poser(tenue, champs, valeurs)
    exiger(motifs_de_validation(tenue))
    tenue.save()
    _signer(par, tenue.version, section)
    return tenue


def _tenir_la_ligne(ligne: Any) -> Any:
    """Rend la ligne relue dans son brouillon verrouillé ; lève Refus s'il est publié."""
    version = tenir_le_brouillon(ligne.version)
    tenue = type(ligne)._default_manager.get(pk=ligne.pk)
    tenue.version = version
    return tenue


def _verifier(ligne: Model, depart: Mapping[str, Any], actuel: Mapping[str, Any]) -> None:
    """Lève ConflitDeVersion si la ligne n'est plus dans l'état d'où la personne est partie."""
    if {champ: depart.get(champ) for champ in actuel} != dict(actuel):
        raise ConflitDeVersion(ligne)


def _poser(ligne: Model, champs: Iterable[str], valeurs: Mapping[str, Any]) -> None:
    """Pose les valeurs, textes nettoyés ; lève TypeError sur un champ inconnu."""
    if inconnus := set(valeurs) - set(champs):
        raise TypeError(f"Champs inconnus : {', '.join(sorted(inconnus))}.")
    for champ, valeur in valeurs.items():
        if isinstance(valeur, str):
            valeur = en_paragraphes(valeur) if champ in _EN_PARAGRAPHES else en_une_ligne(valeur)
        elif champ in ("choix", "niveaux"):
            uniques = dict.fromkeys(en_une_ligne(mot) for mot in valeur)
            valeur = [mot for mot in uniques if mot]
        elif champ == "natures":
            valeur = ranger_les_natures(valeur)
        setattr(ligne, champ, valeur)


def _motifs_sur_les_lignes(libelles: Iterable[str]) -> list[str]:
    longueur = LigneDAppel._meta.get_field("libelle").max_length or 0
    return [
        f"« {libelle[:60]}… » est trop long : {longueur} signes au plus."
        for libelle in libelles
        if len(libelle) > longueur
    ]


def _signer(par: Acteur, version: VersionDAppel, section: str) -> None:
    """Date et signe le brouillon ; ce qu'une personne écrit d'une traite fait un seul acte au journal."""
    version.modifiee_le, version.modifiee_par = timezone.now(), par.utilisateur_nom
    version.save()
    dernier = (
        Evenement.objects.filter(
            contrat=version.appel.contrat.code,
            objet=f"appel:{version.appel_id}",
            instant__gte=timezone.now() - SEANCE,
        )
        .select_related("details")
        .order_by("-rang")
        .first()
    )
    nom = rules.SECTIONS[section]
    est_la_suite = (
        dernier is not None
        and dernier.action == "dossiers.modifier_un_appel"
        and dernier.utilisateur == par.utilisateur_identifiant
        and getattr(dernier, "details", None) is not None
        and dernier.details.contenu.get("section") == nom
    )
    if not est_la_suite:
        noter_sur_l_appel(par, "dossiers.modifier_un_appel", version, section=nom)
