"""Ce qu'un récit raconte des dossiers déposés : écrits d'un trait, joints, signés, déposés, retirés."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from parvis.accueil.demonstration import appels, dossiers, monde
from parvis.comptes.acteur import Acteur
from parvis.documents.actions import FichierControle
from parvis.documents.enums import Sorte, Verdict
from parvis.dossiers.actions.comptes_bancaires import donner_un_iban
from parvis.dossiers.actions.departs import commencer_un_projet
from parvis.dossiers.actions.depot import (
    deposer_le_dossier,
    retirer_le_dossier,
    signer_les_attestations,
)
from parvis.dossiers.actions.dossiers import Depart
from parvis.dossiers.actions.pieces import joindre_une_piece
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.a_part import pieces_voulues
from parvis.dossiers.rules.attestations import attestations_du_porteur
from parvis.organismes.models import Organisme

AVANT = timedelta(days=9)


def deposer(
    par: Acteur,
    contrat: str,
    *,
    titre: str,
    annee: int,
    jours: int,
    heure: str,
    sections: Mapping[str, Any],
    pour: Organisme | None = None,
    porteuse: str = "",
    fonction: str = "Présidente",
    retire: str = "",
    sans: str = "",
    dans: str = "",
) -> None:
    """Écrit, signe et dépose un dossier, `jours` avant l'installation à cette heure ; `retire` dit pourquoi.

    `annee` compte depuis la campagne en cours, et `dans` dit comment commence le titre de l'appel. Une
    date ou un texte dit « {annee} » pour son exercice. `sans` nomme une pièce qui manque encore : le
    dossier reste alors un brouillon, à signer.
    """
    recu_le = _instant(jours, heure)
    appel = appels.appel_de_l_annee(contrat, annee, dans)
    dossier = commencer_un_projet(
        par=par,
        appel=appel,
        titre=titre,
        depart=Depart(),
        porteuse=monde.organisme(porteuse) if porteuse else None,
        maintenant=recu_le - AVANT,
    )
    dites = _de_l_exercice(sections, dossier.exercice)
    dites["questions"] = _repondre(dossier, dites.pop("questions", ()))
    dossiers.ecrire(par, contrat, dans=titre, pour=pour, **dites)
    _joindre(par, dossier, sans=sans)
    if sans:
        return
    signer_les_attestations(
        par=par,
        dossier=dossier,
        textes=attestations_du_porteur(dossier.projet.porteur.nature),
        fonction=fonction,
        precisions={"aides_publiques": "au_plus"},
        maintenant=recu_le - timedelta(minutes=4),
    )
    deposer_le_dossier(par=par, dossier=dossier, recu_le=recu_le)
    if retire:
        retirer_le_dossier(
            par=par, dossier=dossier, motif=retire, maintenant=recu_le + timedelta(days=2)
        )


def joindre_les_pieces(
    par: Acteur, contrat: str, *, dans: str, cles: Sequence[str], pour: Organisme | None = None
) -> None:
    """Joint un document inventé à quelques pièces d'un brouillon."""
    _joindre(par, dossiers.brouillon_du_projet(contrat, dans), cles)


def donner_un_compte(par: Acteur, contrat: str, *, pour: Organisme, iban: str) -> None:
    """Donne l'IBAN inventé d'un organisme."""
    donner_un_iban(par=par, organisme=pour, iban=iban)


def _joindre(par: Acteur, dossier: Dossier, cles: Sequence[str] = (), sans: str = "") -> None:
    for piece in pieces_voulues(dossier):
        if piece.cle in cles or (not cles and piece.est_obligatoire and piece.cle != sans):
            # Le même document partout : ses derniers octets seuls le distinguent d'une pièce à l'autre.
            octets = _document() + f"\n% {dossier.pk} {piece.cle}\n".encode()
            nom = f"{piece.cle}-{dossier.exercice}.pdf"
            controle = FichierControle(nom, Sorte.PDF, octets, Verdict.NON_CONTROLE)
            joindre_une_piece(par=par, dossier=dossier, cle=piece.cle, controle=controle)


@lru_cache(maxsize=1)
def _document() -> bytes:
    documents = settings.DOSSIER_DONNEES / "demonstration" / "documents"
    return (documents / "piece-inventee.pdf").read_bytes()


def _repondre(dossier: Dossier, reponses: Sequence[str]) -> dict[str, str]:
    """Rend les réponses, dans l'ordre des questions de l'appel."""
    questions = dossier.version_d_appel.questions.all()
    return {q.cle: dite for q, dite in zip(questions, reponses, strict=False)}


def _de_l_exercice(dites: Mapping[str, Any], exercice: int) -> dict[str, Any]:
    """Rend les sections, « {annee} » remplacé partout par l'exercice du dossier."""

    def remplacer(valeur: Any) -> Any:
        if isinstance(valeur, str):
            return valeur.replace("{annee}", str(exercice))
        if isinstance(valeur, Mapping):
            return {cle: remplacer(element) for cle, element in valeur.items()}
        return [remplacer(e) for e in valeur] if isinstance(valeur, list) else valeur

    return {code: remplacer(dite) for code, dite in dites.items()}


def _instant(jours: int, heure: str) -> datetime:
    jour = timezone.localdate() + timedelta(days=jours)
    return timezone.make_aware(datetime.combine(jour, time.fromisoformat(heure)))
