"""Une version déposée à lire : ses sections telles qu'elles ont été figées, et ce qui y a changé."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from parvis.documents.models import Fichier
from parvis.dossiers.models import Dossier, VersionDeposee
from parvis.dossiers.rules.compte_bancaire import est_bancaire
from parvis.dossiers.sections.differences import ce_qui_change_fige
from parvis.dossiers.sections.textes import ChampChange
from parvis.dossiers.sections.voile import Voile


@dataclass(frozen=True)
class SectionDeposee:
    """Une section figée, et ce qui y a changé depuis la version d'avant."""

    code: str
    figee: Mapping[str, Any]
    changements: list[ChampChange] = field(default_factory=list)

    @property
    def titre(self) -> str:
        return str(self.figee["titre"])


@dataclass(frozen=True)
class PieceDeposee:
    """Une pièce déposée ; d'un relevé d'identité bancaire, on ne dit que sa présence."""

    libelle: str
    nom: str
    poids: str
    fichier: str
    valable_jusqu_au: date | None
    est_bancaire: bool
    est_nouvelle: bool
    # Elle nomme des personnes, et qui lit n'a pas à les connaître.
    est_protegee: bool = False


@dataclass(frozen=True)
class VersionLue:
    """Une version déposée, celle d'avant, ses sections et ses pièces."""

    version: VersionDeposee
    precedente: VersionDeposee | None
    sections: list[SectionDeposee]
    pieces: list[PieceDeposee]

    @property
    def contenu(self) -> Mapping[str, Any]:
        return self.version.contenu

    @property
    def changees(self) -> list[SectionDeposee]:
        return [section for section in self.sections if section.changements]

    @property
    def pieces_nouvelles(self) -> list[PieceDeposee]:
        return [piece for piece in self.pieces if piece.est_nouvelle]


def version_du_dossier(dossier: Dossier, numero: int | None = None) -> VersionDeposee:
    """Rend la version déposée de ce numéro, à défaut la dernière ; lève VersionDeposee.DoesNotExist.

    Le dossier est déjà lu par l'acteur.
    """
    versions = dossier.versions_deposees.all()
    return versions.latest("numero") if numero is None else versions.get(numero=numero)


def lire_la_version(
    versions: Sequence[VersionDeposee],
    numero: int | None = None,
    *,
    depuis: VersionDeposee | None = None,
    voile: Voile | None = None,
) -> VersionLue:
    """Rend la version de ce numéro, à défaut la dernière ; lève VersionDeposee.DoesNotExist.

    `versions` les a toutes, la dernière d'abord. Ce qui change se lit depuis la version d'avant, ou depuis
    celle que l'on donne : la dernière que l'on a lue, ou celle d'une autre année.
    """
    rangs = [rang for rang, v in enumerate(versions) if numero is None or v.numero == numero]
    if not rangs:
        raise VersionDeposee.DoesNotExist
    version = versions[rangs[0]]
    precedente = depuis
    if precedente is None and rangs[0] + 1 < len(versions):
        precedente = versions[rangs[0] + 1]
    avant = _sections(precedente, voile) if precedente else None
    figees = sorted(_sections(version, voile).items(), key=lambda couple: couple[1]["rang"])
    return VersionLue(
        version,
        precedente,
        [
            SectionDeposee(
                code, figee, ce_qui_change_fige(avant.get(code, {}), figee) if avant else []
            )
            for code, figee in figees
        ],
        _pieces(version, precedente, voile),
    )


def _sections(version: VersionDeposee, voile: Voile | None) -> Mapping[str, Any]:
    sections: Mapping[str, Any] = _contenu(version, voile)["sections"]
    return sections


def _contenu(version: VersionDeposee, voile: Voile | None) -> Mapping[str, Any]:
    contenu: Mapping[str, Any] = version.contenu
    return voile.contenu(contenu) if voile else contenu


def _pieces(
    version: VersionDeposee, precedente: VersionDeposee | None, voile: Voile | None
) -> list[PieceDeposee]:
    connues = {piece["fichier"] for piece in precedente.contenu["pieces"]} if precedente else None
    return [
        PieceDeposee(
            piece["libelle"],
            piece["nom"],
            piece["poids"],
            piece["fichier"],
            fin and date.fromisoformat(fin),
            est_bancaire(piece["cle"]),
            connues is not None and piece["fichier"] not in connues,
            voile is not None and voile.cache(piece["cle"]),
        )
        for piece in _contenu(version, voile)["pieces"]
        for fin in [piece["valable_jusqu_au"]]
    ]


def fichier_depose(dossier: Dossier, identifiant: str, voile: Voile | None = None) -> Fichier:
    """Rend un fichier déposé avec un dossier que l'acteur lit ; lève Fichier.DoesNotExist.

    Jamais un relevé d'identité bancaire : ceux qui paient sont seuls à le lire.
    """
    cles = {
        piece["cle"]
        for version in dossier.versions_deposees.all()
        for piece in version.contenu["pieces"]
        if piece["fichier"] == str(identifiant)
    }
    caches = voile.cache if voile else est_bancaire
    if not cles or any(caches(cle) for cle in cles):
        raise Fichier.DoesNotExist
    return Fichier.objects.get(identifiant=identifiant)
