"""Les pièces d'un dossier dans une seule archive, avec un sommaire ; chacun n'emporte que ce qu'il lit."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.documents.enums import Sorte
from parvis.documents.models import Fichier
from parvis.documents.queries import contenu
from parvis.documents.reserve import FichierPerdu
from parvis.documents.rules.formats import FORMATS
from parvis.dossiers.models import Dossier, VersionDeposee
from parvis.dossiers.permissions import (
    est_du_porteur,
    peut_lire_la_piece,
    peut_recevoir_les_dossiers,
)
from parvis.dossiers.queries.a_part import pieces_voulues
from parvis.dossiers.queries.versions_deposees import version_du_dossier
from parvis.dossiers.rules import archive as loi
from parvis.dossiers.rules.archive import PieceAEmporter, PieceAttendue
from parvis.dossiers.rules.compte_bancaire import est_bancaire
from parvis.dossiers.sections.voile import Voile
from parvis.socle.archive_en_flux import Entree, ecrire_en_flux
from parvis.socle.templatetags.socle import a_la_seconde, jour

logger = logging.getLogger(__name__)

_Jointe = tuple[PieceAEmporter, Fichier | None]


@dataclass(frozen=True)
class ArchiveAEmporter:
    """Une archive à enregistrer : son nom, et ses octets, qui se lisent une fois, à mesure."""

    nom: str
    morceaux: Iterator[bytes]


def archive_du_porteur(
    acteur: Acteur, dossier: Dossier, numero: int | None = None
) -> ArchiveAEmporter:
    """Rend les pièces d'un dossier à qui le porte ; celles d'un brouillon sont celles d'aujourd'hui.

    Le relevé d'identité bancaire n'y est que pour qui signe. Lève Dossier.DoesNotExist pour tout autre,
    VersionDeposee.DoesNotExist.
    """
    projet = dossier.projet
    if not est_du_porteur(acteur, projet):
        raise Dossier.DoesNotExist

    def est_lisible(cle: str) -> bool:
        return peut_lire_la_piece(acteur, projet, cle)

    if dossier.est_un_brouillon and numero is None:
        return _archive(dossier, None, _jointes(dossier, est_lisible))
    version = version_du_dossier(dossier, numero)
    return _archive(dossier, version, _deposees(version, est_lisible))


def archive_du_pilote(
    acteur: Acteur, dossier: Dossier, numero: int | None = None
) -> ArchiveAEmporter:
    """Rend les pièces déposées à qui reçoit le dossier, jamais un relevé d'identité bancaire.

    Lève Dossier.DoesNotExist pour tout autre, VersionDeposee.DoesNotExist.
    """
    if not peut_recevoir_les_dossiers(acteur, dossier.appel.contrat.code):
        raise Dossier.DoesNotExist
    return archive_de_la_version(dossier, version_du_dossier(dossier, numero))


def archive_de_la_version(
    dossier: Dossier, version: VersionDeposee, voile: Voile | None = None
) -> ArchiveAEmporter:
    """Rend les pièces d'une version déposée, sans relevé bancaire, ni ce que le voile cache.

    Qui appelle a vérifié qui lit.
    """
    cache = voile.cache if voile else est_bancaire
    return _archive(dossier, version, _deposees(version, lambda cle: not cache(cle)))


def pieces_manquantes(dossier: Dossier, le: date) -> list[str]:
    """Rend les pièces demandées qu'un brouillon n'a pas, ou qui ne valent plus ce jour-là, en phrases."""
    jointes = [piece for piece, _ in _jointes(dossier, lambda cle: True)]
    return loi.ce_qui_manque(jointes, _attendues(dossier), le)


def _attendues(dossier: Dossier) -> list[PieceAttendue]:
    return [PieceAttendue(p.cle, p.libelle, p.est_obligatoire) for p in pieces_voulues(dossier)]


def _jointes(dossier: Dossier, est_lisible: Callable[[str], bool]) -> list[_Jointe]:
    libelles = {p.cle: p.libelle for p in dossier.version_d_appel.pieces.all()}
    return [
        (
            _a_emporter(
                jointe.fichier,
                {
                    "cle": jointe.cle,
                    "libelle": libelles.get(jointe.cle, jointe.cle),
                    "nom": jointe.fichier.nom,
                    "poids": jointe.fichier.poids,
                    "empreinte": jointe.fichier.empreinte,
                },
                jointe.valable_jusqu_au,
                est_lisible,
            ),
            jointe.fichier,
        )
        for jointe in dossier.pieces.select_related("fichier")
    ]


def _deposees(version: VersionDeposee, est_lisible: Callable[[str], bool]) -> list[_Jointe]:
    fichiers = {str(f.identifiant): f for f in version.fichiers.all()}
    rendues: list[_Jointe] = []
    for piece in version.contenu["pieces"]:
        fichier = fichiers.get(piece["fichier"])
        fin = piece["valable_jusqu_au"]
        valable = date.fromisoformat(fin) if fin else None
        rendues.append((_a_emporter(fichier, piece, valable, est_lisible), fichier))
    return rendues


def _a_emporter(
    fichier: Fichier | None,
    piece: Mapping[str, Any],
    valable_jusqu_au: date | None,
    est_lisible: Callable[[str], bool],
) -> PieceAEmporter:
    return PieceAEmporter(
        cle=piece["cle"],
        libelle=piece["libelle"],
        nom_d_origine=piece["nom"],
        extension=FORMATS[Sorte(fichier.sorte)].extensions[0] if fichier else "",
        poids=piece["poids"],
        empreinte=piece["empreinte"],
        valable_jusqu_au=valable_jusqu_au,
        est_lisible=est_lisible(piece["cle"]),
    )


def _archive(
    dossier: Dossier, version: VersionDeposee | None, jointes: Iterable[_Jointe]
) -> ArchiveAEmporter:
    """Rend l'archive, tout lu d'avance sauf les octets : l'envoi ne fait plus aucune requête."""
    attendues = _attendues(dossier)
    rang = loi.rang_des_pieces(attendues)
    rangees = sorted(jointes, key=lambda jointe: rang(jointe[0]))
    instant = timezone.localtime(version.deposee_le if version else None)
    porteur = version.contenu["porteur"]["nom"] if version else dossier.projet.porteur.retenu.nom
    manquent = loi.ce_qui_manque((piece for piece, _ in rangees), attendues, instant.date())
    entrees = _entrees([*_tete(dossier, version), porteur], porteur, rangees, manquent)
    return ArchiveAEmporter(_nom(dossier, version), ecrire_en_flux(entrees, instant))


def _entrees(
    tete: list[str], porteur: str, rangees: list[_Jointe], manquent: list[str]
) -> Iterator[Entree]:
    """Rend chaque fichier que ce lecteur ouvre, puis le sommaire, qui dit aussi ce qui n'a pas pu l'être."""
    lisibles = [jointe for jointe in rangees if jointe[0].est_lisible]
    absents = [(piece, loi.RESERVEE) for piece, _ in rangees if not piece.est_lisible]
    noms = loi.noms_des_pieces(porteur, [piece for piece, _ in lisibles])
    joints: list[tuple[str, PieceAEmporter]] = []
    for nom, (piece, fichier) in zip(noms, lisibles, strict=True):
        octets = _octets(fichier)
        if octets is None:
            absents.append((piece, loi.ILLISIBLE))
            continue
        joints.append((nom, piece))
        yield Entree(nom, octets)
    dit = loi.sommaire(tete, joints, manquent, absents)
    # La marque d'encodage : sans elle, de vieux lecteurs de texte liraient mal les accents.
    yield Entree(loi.SOMMAIRE, dit.encode("utf-8-sig"))


def _octets(fichier: Fichier | None) -> bytes | None:
    """Rend les octets d'une pièce ; rien, et une ligne au registre, si la réserve ne les a plus."""
    if fichier is None:
        return None
    try:
        return contenu(fichier)
    except (Fichier.DoesNotExist, FichierPerdu) as perdu:
        logger.error("fichier perdu", extra={"fichier": fichier.pk, "raison": str(perdu)})
        return None


def _tete(dossier: Dossier, version: VersionDeposee | None) -> list[str]:
    if version is None:
        return [
            f"Pièces d’un brouillon, non déposé, le {jour(timezone.localdate())}",
            f"« {dossier.projet.titre} »",
        ]
    suite = f", version {version.numero}" if version.numero > 1 else ""
    return [
        f"Pièces du dossier n° {dossier.reference}{suite}",
        f"« {version.contenu['projet']['titre']} »",
        f"Déposé {a_la_seconde(version.deposee_le)} par {version.deposee_par}",
    ]


def _nom(dossier: Dossier, version: VersionDeposee | None) -> str:
    if version is None:
        return f"pieces-brouillon-{loi.en_nom_sur(dossier.projet.titre, 50)}.zip".replace(" ", "-")
    suite = f"-version-{version.numero}" if version.numero > 1 else ""
    return f"pieces-{dossier.reference}{suite}.zip"
