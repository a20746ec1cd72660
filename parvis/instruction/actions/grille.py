"""Noter un dossier sur la grille de son appel, pour son service."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.tenir import noter_l_instruction, tenir_le_dossier_etudie
from parvis.instruction.models import Note
from parvis.instruction.queries.grille import CritereNote, GrilleLue, grille_a_noter
from parvis.instruction.rules.grille import (
    Choix,
    CritereANoter,
    motifs_empechant_de_noter,
    motifs_sur_les_notes,
)
from parvis.socle.refus import exiger
from parvis.socle.texte import en_paragraphes


@transaction.atomic
def noter_un_dossier(
    *,
    par: Acteur,
    dossier: Dossier,
    choix: Mapping[str, Choix],
    depart: Mapping[str, Choix],
    maintenant: datetime | None = None,
) -> GrilleLue:
    """Écrit les notes du service, critère par critère ; un choix vide en retire une.

    `depart` dit ce que la personne avait sous les yeux : seul ce qu'elle a changé s'écrit, et ce
    qu'un collègue a changé entre-temps se relit d'abord. Rien de changé, rien au journal. Lève Refus,
    et Dossier.DoesNotExist à qui ne finance pas ce dossier ou si son appel n'a pas de grille.
    """
    dossier, _ = tenir_le_dossier_etudie(par, dossier)
    grille = grille_a_noter(par, dossier)
    lignes = {ligne.critere.cle: ligne for ligne in grille.lignes}
    voulus = {cle: Choix(c.niveau, en_paragraphes(c.commentaire)) for cle, c in choix.items()}
    exiger(
        motifs_empechant_de_noter(dossier.etat)
        + motifs_sur_les_notes(voulus, {cle: _a_noter(ligne) for cle, ligne in lignes.items()})
    )
    changes = {
        cle: voulu
        for cle, voulu in voulus.items()
        if voulu != depart.get(cle, Choix()) and voulu != lignes[cle].choix
    }
    exiger(_motifs_de_relire([lignes[c] for c in changes], depart))
    for cle, voulu in changes.items():
        _ecrire(par, dossier, lignes[cle], voulu, maintenant or timezone.now())
    if changes:
        noter_l_instruction(par, "instruction.noter_un_dossier", dossier)
    return grille_a_noter(par, dossier)


def _a_noter(ligne: CritereNote) -> CritereANoter:
    critere = ligne.critere
    return CritereANoter(critere.libelle, critere.poids, len(critere.niveaux))


def _motifs_de_relire(lignes: Sequence[CritereNote], depart: Mapping[str, Choix]) -> list[str]:
    """Rend ce qu'un collègue a noté autrement pendant que l'on écrivait."""
    return [
        f"« {ligne.critere} » : {_ce_que_dit(ligne)} pendant que vous notiez. Relisez, puis "
        "enregistrez de nouveau : votre choix est gardé."
        for ligne in lignes
        if ligne.choix != depart.get(ligne.critere.cle, Choix())
    ]


def _ce_que_dit(ligne: CritereNote) -> str:
    if ligne.note is None:
        return "un collègue a retiré cette note"
    return f"{ligne.note.notee_par} a choisi « {ligne.mot} »"


def _ecrire(
    par: Acteur, dossier: Dossier, ligne: CritereNote, voulu: Choix, maintenant: datetime
) -> None:
    if voulu.niveau is None:
        if ligne.note is not None:
            ligne.note.delete()
        return
    assert par.organisme is not None
    valeurs: dict[str, Any] = {
        "niveau": voulu.niveau,
        "sur": len(ligne.critere.niveaux) - 1,
        "poids": ligne.critere.poids,
        "commentaire": voulu.commentaire,
        "notee_le": maintenant,
        "auteur": par.utilisateur_identifiant,
        "notee_par": par.utilisateur_nom,
    }
    note = ligne.note or Note(dossier=dossier, organisme=par.organisme, cle=ligne.critere.cle)
    for champ, valeur in valeurs.items():
        setattr(note, champ, valeur)
    note.save()
