"""Ce qu'un récit raconte des bilans : attendus, écrits, rendus s'ils sont signés, puis répondus.

Chaque jour se compte depuis l'installation.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from parvis.accueil.demonstration.suites import dossier_depose
from parvis.comptes.acteur import Acteur
from parvis.documents.actions import FichierControle
from parvis.documents.enums import Sorte, Verdict
from parvis.dossiers.models import Dossier
from parvis.dossiers.sections import empreinte
from parvis.evaluation.actions import attendre, recevoir
from parvis.evaluation.actions.ecrire import ecrire_la_section_du_bilan, ouvrir_un_bilan
from parvis.evaluation.actions.pieces import joindre_au_bilan
from parvis.evaluation.actions.rendre import rendre_le_bilan
from parvis.evaluation.enums import SorteDePiece
from parvis.evaluation.models import Bilan
from parvis.evaluation.queries.bilans import lire_le_bilan
from parvis.evaluation.rules.publics import GENRES, code_de_la_case
from parvis.organismes.models import Organisme


def attendre_les_bilans(par: Acteur, contrat: str) -> None:
    """Inscrit les bilans que doivent les dossiers dont l'argent est voté."""
    attendre.attendre_les_bilans()


def ecrire_un_bilan(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    annee: int = 0,
    jours: int = 0,
    signe: Sequence[str] = (),
    document: str = "",
    pour: Organisme | None = None,
    **sections: Any,
) -> None:
    """Ouvre le bilan définitif d'un dossier et y écrit ; signé par qui et à quel titre, il est rendu.

    `annee` choisit un dossier plus ancien du projet, comptée depuis le dernier.
    """
    dossier = _le_dossier(contrat, dans, annee)
    instant = timezone.now() + timedelta(days=jours)
    bilan = ouvrir_un_bilan(
        par=par,
        dossier=dossier,
        exercice=dossier.exercice,
        sorte="definitif",
        maintenant=instant - timedelta(days=1),
    )
    for code, dite in sections.items():
        _ecrire(par, bilan, code, _LECTURES.get(code, _telle_quelle)(bilan, dite))
    if document:
        _joindre(par, bilan, document)
    if signe:
        nom, qualite = signe
        rendre_le_bilan(
            par=par, bilan=bilan, nom=nom, qualite=qualite, certifie=True, maintenant=instant
        )


def _le_dossier(contrat: str, dans: str, annee: int) -> Dossier:
    dernier = dossier_depose(contrat, dans)
    if not annee:
        return dernier
    avant = Dossier.objects.deposes().filter(projet=dernier.projet_id)
    return avant.select_related("projet__porteur", "appel__contrat").get(
        exercice=dernier.exercice + annee
    )


def _ecrire(par: Acteur, bilan: Bilan, code: str, dite: Mapping[str, str]) -> None:
    """Écrit dans une section ce que dit le récit, par-dessus ce que le dossier y a mis."""
    courante = bilan.ecritures.filter(section=code, est_courante=True).first()
    avant = courante.valeur if courante else {}
    ecrire_la_section_du_bilan(
        par=par,
        bilan=bilan,
        section=code,
        titre=lire_le_bilan(bilan, timezone.localdate()).sections[code].section.titre,
        valeur=avant | dite,
        lue=empreinte(avant),
    )


def _telle_quelle(bilan: Bilan, dite: Mapping[str, str]) -> dict[str, str]:
    return dict(dite)


def _la_realisation(bilan: Bilan, dite: Mapping[str, Any]) -> dict[str, str]:
    """Rend la section dont les jours, comptés depuis l'installation, sont des dates."""
    return {code: _dire(valeur) for code, valeur in dite.items()}


def _dire(valeur: Any) -> str:
    if isinstance(valeur, int):
        return f"{timezone.localdate() + timedelta(days=valeur):%d/%m/%Y}"
    return str(valeur)


def _les_habitants(bilan: Bilan, dite: Mapping[str, Any]) -> dict[str, str]:
    """Rend la grille : par quartier puis par tranche d'âge, des femmes et des hommes."""
    cles = {lieu["nom"]: lieu["cle"] for lieu in bilan.prevu["lieux"]}
    ailleurs = bilan.prevu["lieux"][-1]["cle"]
    cases: dict[str, str] = {}
    for quartier, tranches in dite["quartiers"].items():
        for tranche, nombres in tranches.items():
            for genre, nombre in zip(GENRES, nombres, strict=True):
                lieu = cles.get(quartier, ailleurs)
                cases[code_de_la_case(lieu, tranche, genre)] = str(nombre)
    return cases | {"methode": dite["methode"], "precision": dite.get("precision", "")}


def _les_indicateurs(bilan: Bilan, dite: Sequence[Sequence[str]]) -> dict[str, str]:
    valeur = {}
    for rang, (realise, commentaire) in enumerate(dite):
        valeur |= {f"i{rang}_realise": str(realise), f"i{rang}_commentaire": commentaire}
    return valeur


def _le_budget(bilan: Bilan, dite: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """Rend les cases, dans l'ordre du budget prévu ; un écart s'explique à côté de son montant."""
    valeur = {}
    for lettre, suite in (("l", dite.get("lignes", ())), ("d", dite.get("demandes", ()))):
        for rang, case in enumerate(suite):
            montant, pourquoi = case if isinstance(case, list) else (case, "")
            valeur[f"{lettre}{rang}_realise"] = str(montant)
            if pourquoi:
                valeur[f"{lettre}{rang}_explication"] = pourquoi
    return valeur


_LECTURES: dict[str, Any] = {
    "realisation": _la_realisation,
    "habitants": _les_habitants,
    "indicateurs": _les_indicateurs,
    "budget": _le_budget,
}


def _joindre(par: Acteur, bilan: Bilan, legende: str) -> None:
    documents = settings.DOSSIER_DONNEES / "demonstration" / "documents"
    octets = (documents / "piece-inventee.pdf").read_bytes() + f"\n% bilan {bilan.pk}\n".encode()
    joindre_au_bilan(
        par=par,
        bilan=bilan,
        sorte=SorteDePiece.DOCUMENT,
        controle=FichierControle("document.pdf", Sorte.PDF, octets, Verdict.NON_CONTROLE),
        legende=legende,
    )


def repondre_a_un_bilan(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    jours: int,
    section: str = "",
    texte: str = "",
    echeance: int = 0,
    pour: Organisme | None = None,
) -> None:
    """Accepte le bilan d'un dossier, ou y demande un complément si une `section` est nommée."""
    dossier = dossier_depose(contrat, dans)
    bilan = dossier.bilans.get(exercice=dossier.exercice, sorte="definitif")
    instant = timezone.now() + timedelta(days=jours)
    if not section:
        recevoir.accepter_le_bilan(par=par, bilan=bilan, maintenant=instant)
        return
    recevoir.demander_un_complement_au_bilan(
        par=par,
        bilan=bilan,
        section=section,
        texte=texte,
        echeance=timezone.localdate() + timedelta(days=echeance),
        maintenant=instant,
    )
