"""Lire tout ce que dit une version d'appel, et mettre à plat ce que la loi en compare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Prefetch
from django.utils import timezone

from parvis.cadre.enums import StatutEdition
from parvis.cadre.models import Contrat, Edition, VersionDeFiche
from parvis.dossiers.models import (
    CritereDAppel,
    FicheDAppel,
    FinanceurDAppel,
    PieceDAppel,
    QuestionDAppel,
    VersionDAppel,
)
from parvis.dossiers.models.appel import VersionDAppelQuerySet
from parvis.dossiers.rules import contenu_d_appel as lu

# Un service qui répond : celui de l'appel, ou celui d'un financeur.
CHAMPS_DU_SERVICE = ("service", "adresse_du_service", "telephone", "courriel", "horaires")
CHAMPS_DE_PRESENTATION = ("titre", "presentation", "ouvre_le", "ferme_le", "exercices_max")
# Ce que fait un bilan en retard.
CHAMPS_DES_BILANS = ("bilan_d_avant", "bilan_de_plus_loin")
CHAMPS_DU_FINANCEUR = (*CHAMPS_DU_SERVICE, "recoit_ici", "portail")
CHAMPS_DE_LA_PIECE = (
    *("libelle", "explication", "natures"),
    *("est_obligatoire", "est_nominative", "duree_de_validite"),
)
CHAMPS_DE_LA_QUESTION = (
    *("texte", "aide", "sorte", "choix"),
    *("est_obligatoire", "longueur_max"),
)
CHAMPS_DU_CRITERE = ("libelle", "explication", "poids", "niveaux")


@dataclass(frozen=True)
class FicheNommee:
    """Une fiche citée par un appel : son titre, sa place, et si l'édition courante l'a encore."""

    pk: int
    numero: str
    titre: str
    rang: int
    pilier: str
    adresse_du_pilier: str
    rang_du_pilier: int
    est_en_vigueur: bool


def versions_entieres() -> VersionDAppelQuerySet:
    """Rend des versions avec tout ce qu'elles disent ; le nombre de requêtes ne dépend pas d'elles."""
    financeurs = FinanceurDAppel.objects.select_related("organisme").prefetch_related("lignes")
    versions: VersionDAppelQuerySet = VersionDAppel.objects.all()
    return versions.select_related("appel__contrat").prefetch_related(
        Prefetch("fiches", queryset=FicheDAppel.objects.select_related("fiche")),
        Prefetch("financeurs", queryset=financeurs),
        "pieces",
        "questions",
        "grille",
    )


def fiches_nommees(contrat: Contrat, fiches: Iterable[int] | None = None) -> dict[int, FicheNommee]:
    """Rend les fiches du contrat, par clé, avec leur titre dans la dernière édition qui les porte.

    Deux requêtes, quel que soit le nombre de fiches ou d'éditions ; toutes si `fiches` n'en nomme pas.
    """
    courante = Edition.objects.courante(contrat.code)
    versions = VersionDeFiche.objects.filter(
        edition__contrat=contrat, edition__statut=StatutEdition.PUBLIEE
    )
    if fiches is not None:
        versions = versions.filter(fiche__in=set(fiches))
    lignes = versions.select_related("fiche", "enjeu__pilier").order_by(
        "-edition__publiee_le", "-edition__pk", "rang"
    )
    nommees: dict[int, FicheNommee] = {}
    for ligne in lignes:
        pilier = ligne.enjeu.pilier
        est_en_vigueur = courante is not None and ligne.edition_id == courante.pk
        nommees.setdefault(
            ligne.fiche_id,
            FicheNommee(
                ligne.fiche_id,
                ligne.fiche.numero,
                ligne.titre,
                ligne.rang,
                pilier.titre,
                pilier.slug,
                pilier.rang,
                est_en_vigueur,
            ),
        )
    return dict(sorted(nommees.items(), key=lambda f: (not f[1].est_en_vigueur, f[1].rang)))


def titres_des_fiches(contrat: Contrat, fiches: Iterable[int]) -> dict[str, str]:
    """Rend le titre de ces fiches, par numéro, dans la dernière édition qui les porte ; une requête."""
    lignes = VersionDeFiche.objects.filter(
        edition__contrat=contrat, edition__statut=StatutEdition.PUBLIEE, fiche__in=set(fiches)
    ).order_by("edition__publiee_le", "edition__pk", "-rang")
    # La dernière dite l'emporte.
    return dict(lignes.values_list("fiche__numero", "titre"))


def contenu(version: VersionDAppel, nommees: Mapping[int, FicheNommee]) -> lu.ContenuDAppel:
    """Rend une version chargée par `versions_entieres`, mise à plat."""
    presentes = {f.fiche_id for f in version.fiches.all()}
    return lu.ContenuDAppel(
        exercice=version.appel.exercice,
        service=_service(version),
        fiches={f.numero: f.titre for cle, f in nommees.items() if cle in presentes},
        financeurs=tuple(map(_financeur, version.financeurs.all())),
        pieces=tuple(map(_piece, version.pieces.all())),
        questions=tuple(map(_question, version.questions.all())),
        grille=tuple(map(critere_lu, version.grille.all())),
        **{champ: getattr(version, champ) for champ in CHAMPS_DE_PRESENTATION},
        **{champ: getattr(version, champ) for champ in CHAMPS_DES_BILANS},
    )


def _service(ligne: VersionDAppel | FinanceurDAppel) -> lu.ServiceLu:
    return lu.ServiceLu(**{champ: getattr(ligne, champ) for champ in CHAMPS_DU_SERVICE})


def _financeur(ligne: FinanceurDAppel) -> lu.FinanceurLu:
    return lu.FinanceurLu(
        ligne.organisme_id,
        ligne.organisme.nom,
        _service(ligne),
        ligne.recoit_ici,
        ligne.portail,
        tuple(lu.LigneLue(une.libelle, une.est_en_nature) for une in ligne.lignes.all()),
    )


def _piece(ligne: PieceDAppel) -> lu.PieceLue:
    valeurs = {champ: getattr(ligne, champ) for champ in CHAMPS_DE_LA_PIECE}
    return lu.PieceLue(cle=ligne.cle, **valeurs | {"natures": tuple(ligne.natures)})


def _question(ligne: QuestionDAppel) -> lu.QuestionLue:
    valeurs = {champ: getattr(ligne, champ) for champ in CHAMPS_DE_LA_QUESTION}
    return lu.QuestionLue(cle=ligne.cle, **valeurs | {"choix": tuple(ligne.choix)})


def critere_lu(ligne: CritereDAppel) -> lu.CritereLu:
    """Rend un critère mis à plat, pour ce que la loi en lit."""
    valeurs = {champ: getattr(ligne, champ) for champ in CHAMPS_DU_CRITERE}
    return lu.CritereLu(cle=ligne.cle, **valeurs | {"niveaux": tuple(ligne.niveaux)})


def etat(ligne: Model, champs: Iterable[str]) -> dict[str, Any]:
    """Rend les champs d'une ligne tels qu'un formulaire les garde, pour comparer deux écritures."""
    return {champ: _simple(getattr(ligne, champ)) for champ in champs}


def etat_des_fiches(version: VersionDAppel) -> dict[str, list[int]]:
    """Rend les fiches d'une version, pour comparer deux écritures."""
    return {"fiches": sorted(version.fiches.values_list("fiche", flat=True))}


def etat_du_financeur(financeur: FinanceurDAppel) -> dict[str, Any]:
    """Rend un financeur et ses lignes de crédit, pour comparer deux écritures."""
    lignes = list(financeur.lignes.values_list("libelle", "est_en_nature"))
    return etat(financeur, CHAMPS_DU_FINANCEUR) | {
        "credits": [libelle for libelle, est_en_nature in lignes if not est_en_nature],
        "en_nature": [libelle for libelle, est_en_nature in lignes if est_en_nature],
    }


def _simple(valeur: Any) -> Any:
    if hasattr(valeur, "tzinfo"):
        return timezone.localtime(valeur).isoformat(timespec="minutes")
    return valeur
