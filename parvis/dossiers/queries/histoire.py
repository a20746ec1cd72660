"""Ce qu'une section a dit : ses écritures passées, et ce qu'elle disait dans le dossier repris."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from parvis.comptes.acteur import Acteur
from parvis.dossiers import sections as s
from parvis.dossiers.models import Commentaire, Dossier, EcritureDeSection
from parvis.dossiers.sections import ChampChange, Reperes, Section
from parvis.socle.comparaison import Morceau, comparer_les_mots

ECRITURES_MAX = 30


@dataclass(frozen=True)
class EcritureMontree:
    """Une écriture d'une section, et ce qu'elle a changé à la précédente, mot par mot."""

    ecriture: EcritureDeSection
    morceaux: list[Morceau]


@dataclass(frozen=True)
class Reprise:
    """Ce qu'une section disait dans le dossier repris, et ce qui a changé depuis."""

    dossier: Dossier
    texte: str
    changements: list[ChampChange]

    @property
    def champs_changes(self) -> set[str]:
        return {changement.code for changement in self.changements}


def ecritures_passees(
    acteur: Acteur, dossier: Dossier, section: Section, reperes: Reperes
) -> list[EcritureMontree]:
    """Rend les dernières écritures d'une section, chacune comparée à celle d'avant."""
    gardees = list(
        dossier.ecritures.filter(section=section.code).order_by("-numero")[: ECRITURES_MAX + 1]
    )
    textes = [s.en_texte(section, e.valeur, reperes) for e in gardees]
    return [
        EcritureMontree(
            ecriture,
            # La plus ancienne n'a rien à quoi se comparer : elle se lit.
            comparer_les_mots(textes[min(rang + 1, len(textes) - 1)], textes[rang]),
        )
        for rang, ecriture in enumerate(gardees[:ECRITURES_MAX])
    ]


def reprise(
    acteur: Acteur, dossier: Dossier, section: Section, valeur: s.Valeur, reperes: Reperes
) -> Reprise | None:
    """Rend ce que disait la section dans le dossier repris ; rien si elle n'en vient pas."""
    if dossier.copie_de is None:
        return None
    avant = dossier.copie_de.ecritures.filter(section=section.code, est_courante=True).first()
    if avant is None:
        return None
    return Reprise(
        dossier.copie_de,
        s.en_texte(section, avant.valeur, reperes),
        s.ce_qui_change(section, avant.valeur, valeur, reperes),
    )


def commentaires(
    acteur: Acteur, dossier: Dossier, section: Section
) -> tuple[list[Commentaire], list[Commentaire]]:
    """Rend les commentaires à régler d'une section, et ceux qui le sont."""
    prefetch_related_objects([dossier], "commentaires")
    tous = [c for c in dossier.commentaires.all() if c.section == section.code]
    return [c for c in tous if c.regle_le is None], [c for c in tous if c.regle_le is not None]
