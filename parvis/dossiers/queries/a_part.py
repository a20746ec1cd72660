"""Les pièces et les attestations d'un dossier : elles ne s'écrivent pas comme une section, elles se
joignent et se signent.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from parvis.dossiers.models import Dossier, EcritureDeSection, PieceDAppel
from parvis.dossiers.queries.dossiers import ecritures
from parvis.dossiers.rules import depot as loi
from parvis.dossiers.rules.attestations import attestations_a_signer
from parvis.dossiers.rules.depot import Motif
from parvis.dossiers.rules.pieces import est_un_pouvoir
from parvis.dossiers.sections import empreinte
from parvis.dossiers.sections.jugement import JugeeAPart


def pieces_voulues(dossier: Dossier) -> list[PieceDAppel]:
    """Rend les pièces que l'appel demande à ce porteur, les obligatoires d'abord."""
    nature = dossier.projet.porteur.retenu.nature
    # Déjà triées par le modèle ; `all()` se sert de ce qui est déjà chargé.
    pieces = [p for p in dossier.version_d_appel.pieces.all() if p.concerne(nature)]
    return sorted(pieces, key=lambda piece: not piece.est_obligatoire)


def reperes_a_part(
    dossier: Dossier,
    ecrites: Mapping[str, EcritureDeSection] | None = None,
    jour: date | None = None,
) -> dict[str, Any]:
    """Rend où en sont les pièces et les attestations d'un dossier ce jour-là, en trois requêtes."""
    prefetch_related_objects([dossier], "pieces", "attestations", "version_d_appel__pieces")
    pieces = motifs_des_pieces(dossier, jour or timezone.localdate())
    attestations = motifs_des_attestations(dossier, ecrites)
    return {
        "a_part": {
            "pieces": JugeeAPart(tuple(pieces), bool(dossier.pieces.all())),
            "attestations": JugeeAPart(tuple(attestations), bool(dossier.attestations.all())),
        }
    }


def motifs_des_pieces(dossier: Dossier, jour: date) -> list[Motif]:
    """Rend les pièces obligatoires qui manquent, ou ne valent plus ce jour-là."""
    return loi.motifs_des_pieces(_voulues(dossier), _validites(dossier), jour)


def avertissements_des_pieces(dossier: Dossier, jour: date) -> list[Motif]:
    """Rend les pièces facultatives qui ne valent plus ce jour-là."""
    return loi.avertissements_des_pieces(_voulues(dossier), _validites(dossier), jour)


def avertissements_du_pouvoir(
    dossier: Dossier, ecrites: Mapping[str, EcritureDeSection], signe: str = ""
) -> list[Motif]:
    """Rend le pouvoir à joindre quand qui a signé, ou `signe`, n'est pas le représentant légal."""
    organisation = ecrites["organisation"].valeur if "organisation" in ecrites else {}
    signataires = {a.signee_par for a in dossier.attestations.all()} | ({signe} - {""})
    return loi.avertissements_du_pouvoir(
        representant=organisation.get("representant", ""),
        signataires=sorted(signataires),
        piece=next((p.cle for p in pieces_voulues(dossier) if est_un_pouvoir(p.cle)), ""),
        est_joint=any(est_un_pouvoir(piece.cle) for piece in dossier.pieces.all()),
    )


def _voulues(dossier: Dossier) -> list[loi.PieceVoulue]:
    return [loi.PieceVoulue(p.cle, p.libelle, p.est_obligatoire) for p in pieces_voulues(dossier)]


def _validites(dossier: Dossier) -> dict[str, list[date | None]]:
    validites: dict[str, list[date | None]] = {}
    for piece in dossier.pieces.all():
        validites.setdefault(piece.cle, []).append(piece.valable_jusqu_au)
    return validites


def motifs_des_attestations(
    dossier: Dossier, ecrites: Mapping[str, EcritureDeSection] | None = None
) -> list[Motif]:
    """Rend les attestations à signer, et pourquoi : jamais signée, texte ou dossier changé."""
    signees = {a.code: (a.version, a.empreinte) for a in dossier.attestations.all()}
    a_signer = attestations_a_signer(
        dossier.projet.porteur.retenu.nature, signees, empreinte_du_dossier(dossier, ecrites)
    )
    return [
        Motif("attestations", f"« {texte.titre} » {pourquoi}.", texte.code, texte.reference)
        for texte, pourquoi in a_signer
    ]


def empreinte_du_dossier(
    dossier: Dossier, ecrites: Mapping[str, EcritureDeSection] | None = None
) -> str:
    """Rend l'empreinte de tout ce que dit un dossier, pièces comprises : ce que l'on certifie."""
    ecrites = ecritures(dossier) if ecrites is None else ecrites
    # Un fichier ne change jamais : son identifiant dit ses octets.
    pieces = sorted((piece.cle, piece.fichier_id) for piece in dossier.pieces.all())
    return empreinte(
        {
            "projet": dossier.projet.titre,
            "exercices": list(dossier.annees),
            "sections": {code: e.valeur for code, e in ecrites.items()},
            "pieces": [list(piece) for piece in pieces],
        }
    )
