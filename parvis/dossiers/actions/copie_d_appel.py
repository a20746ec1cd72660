"""Recopier ce que dit une version dans une autre, ou y écrire les pièces que l'on propose."""

from dataclasses import asdict
from typing import Any

from django.db.models import Model

from parvis.dossiers.models import (
    CritereDAppel,
    FicheDAppel,
    FinanceurDAppel,
    LigneDAppel,
    PieceDAppel,
    QuestionDAppel,
    VersionDAppel,
)
from parvis.dossiers.rules.pieces import PIECES_PROPOSEES, ranger_les_natures

_LIENS = frozenset({"id", "version", "financeur"})


def copier(modele: VersionDAppel, version: VersionDAppel) -> None:
    """Recopie les fiches, financeurs, lignes, pièces, questions et critères d'une version entière."""
    FicheDAppel.objects.bulk_create(
        FicheDAppel(version=version, fiche_id=fiche.fiche_id) for fiche in modele.fiches.all()
    )
    for financeur in modele.financeurs.all():
        copie = FinanceurDAppel.objects.create(version=version, **_champs(financeur))
        LigneDAppel.objects.bulk_create(
            LigneDAppel(version=version, financeur=copie, **_champs(ligne))
            for ligne in financeur.lignes.all()
        )
    PieceDAppel.objects.bulk_create(
        PieceDAppel(version=version, **_champs(piece)) for piece in modele.pieces.all()
    )
    QuestionDAppel.objects.bulk_create(
        QuestionDAppel(version=version, **_champs(question)) for question in modele.questions.all()
    )
    CritereDAppel.objects.bulk_create(
        CritereDAppel(version=version, **_champs(critere)) for critere in modele.grille.all()
    )


def _champs(ligne: Model) -> dict[str, Any]:
    return {
        champ.name: getattr(ligne, champ.name)
        for champ in ligne._meta.concrete_fields
        if champ.name not in _LIENS
    }


def ecrire_les_pieces_proposees(version: VersionDAppel) -> None:
    """Écrit dans une version neuve les pièces que l'on propose de demander."""
    PieceDAppel.objects.bulk_create(
        PieceDAppel(
            version=version,
            rang=rang,
            **asdict(piece) | {"natures": ranger_les_natures(piece.natures)},
        )
        for rang, piece in enumerate(PIECES_PROPOSEES, 1)
    )
