"""Lire un bilan rendu : ses versions figées, ce que le service en demande, ses fichiers, son PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.documents.models import Fichier
from parvis.documents.queries import FichierAServir
from parvis.dossiers import document
from parvis.dossiers.document.description import Document, Ligne, Partie, Tableau, en_donnees
from parvis.dossiers.enums import SorteDeBilan
from parvis.dossiers.rules.bilans import bilan_attendu_le
from parvis.evaluation.enums import EtatDeBilan, Issue, SorteDePiece
from parvis.evaluation.models import Bilan, ComplementDeBilan, RetraitDeFichier, VersionDeBilan
from parvis.evaluation.rules.bilans import FORMULAIRE, fin_accordee
from parvis.evaluation.rules.dire import dire_le_temps
from parvis.evaluation.sections import CODES, PIECES, fin_demandee, sections_du_bilan
from parvis.evaluation.sections.imprime import parties_du_bilan
from parvis.socle.templatetags.socle import a_la_seconde
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.typographie import composer_un_pdf

GABARIT = Path(document.__file__).parent / "dossier.typ"
_PDF = "application/pdf"


@dataclass(frozen=True)
class PartieLue:
    """Une partie d'un bilan à l'écran : son genre dit comment la montrer."""

    genre: str
    partie: Partie

    @property
    def rangees(self) -> list[tuple[Ligne, str, list[tuple[str, str]]]]:
        """Rend les lignes d'un tableau : son nom, puis chaque case avec l'intitulé de sa colonne."""
        assert isinstance(self.partie, Tableau)
        intitules = [colonne.intitule for colonne in self.partie.colonnes[1:]]
        return [
            (ligne, ligne.cases[0], list(zip(intitules, ligne.cases[1:], strict=True)))
            for ligne in self.partie.lignes
        ]


@dataclass(frozen=True)
class PieceRendue:
    """Un fichier d'une version rendue ; retiré, il ne dit plus que quand et pourquoi."""

    identifiant: str
    sorte: str
    nom: str
    legende: str
    poids: str
    retrait: RetraitDeFichier | None

    @property
    def est_une_photo(self) -> bool:
        return self.sorte == SorteDePiece.PHOTO

    @property
    def titre(self) -> str:
        return self.legende or self.nom


@dataclass(frozen=True)
class VersionLue:
    """Une version d'un bilan, en parties, et de quoi choisir les autres."""

    version: VersionDeBilan
    versions: Sequence[VersionDeBilan]
    parties: list[PartieLue]
    pieces: list[PieceRendue]

    @property
    def est_la_derniere(self) -> bool:
        return self.version == self.versions[0]

    @property
    def photos(self) -> list[PieceRendue]:
        """Rend les photos jointes qui se voient encore."""
        return [p for p in self.pieces if p.est_une_photo and p.retrait is None]

    @property
    def autres(self) -> list[PieceRendue]:
        """Rend les documents, et ce qui a été retiré."""
        return [p for p in self.pieces if not p.est_une_photo or p.retrait is not None]


def version_lue(bilan: Bilan, numero: int | None = None) -> VersionLue:
    """Rend une version d'un bilan que l'on lit déjà, la dernière si l'on ne dit rien.

    Lève VersionDeBilan.DoesNotExist s'il n'en a pas de ce numéro.
    """
    versions = list(bilan.versions.order_by("-numero"))
    for version in versions:
        if numero in (None, version.numero):
            parties = parties_du_bilan(version.contenu, avec_les_pieces=False)
            lues = [PartieLue(type(partie).__name__.lower(), partie) for partie in parties]
            pieces = _pieces_rendues(version.contenu, retraits_du_bilan(bilan))
            return VersionLue(version, versions, lues, pieces)
    raise VersionDeBilan.DoesNotExist


def retraits_du_bilan(bilan: Bilan) -> dict[str, RetraitDeFichier]:
    """Rend ce qui a été retiré des fichiers rendus d'un bilan, par identifiant."""
    retraits = bilan.retraits.select_related("fichier")
    return {str(retrait.fichier.identifiant): retrait for retrait in retraits}


def sans_ce_qui_est_retire(
    contenu: Mapping[str, Any], retraits: Mapping[str, RetraitDeFichier]
) -> dict[str, Any]:
    """Rend un contenu rendu où un fichier retiré n'a plus ni nom ni légende : il dit quand et pourquoi."""
    return dict(contenu) | {
        "pieces": [
            p
            if (retrait := retraits.get(p["fichier"])) is None
            else p | {"retire": f"retiré le {en_clair(retrait.retire_le)} : {retrait.motif}"}
            for p in contenu["pieces"]
        ]
    }


def _pieces_rendues(
    contenu: Mapping[str, Any], retraits: Mapping[str, RetraitDeFichier]
) -> list[PieceRendue]:
    return [
        PieceRendue(
            p["fichier"], p["sorte"], p["nom"], p["legende"], p["poids"], retraits.get(p["fichier"])
        )
        for p in contenu["pieces"]
    ]


def pdf_du_bilan(bilan: Bilan, numero: int | None = None) -> FichierAServir:
    """Rend le PDF d'une version rendue, à qui la lit déjà : la même version donne les mêmes octets,
    tant que rien n'en est retiré.

    Lève VersionDeBilan.DoesNotExist, ImpressionImpossible.
    """
    versions = bilan.versions.order_by("-numero")
    version = versions.filter(numero=numero).get() if numero else versions.first()
    if version is None:
        raise VersionDeBilan.DoesNotExist
    contenu = sans_ce_qui_est_retire(version.contenu, retraits_du_bilan(bilan))
    sorte = SorteDeBilan(contenu["sorte"]).label.lower()
    suite = f"-version-{version.numero}" if version.numero > 1 else ""
    decrit = Document(
        titre=f"Compte rendu financier, bilan {sorte} {contenu['exercice']}",
        projet=contenu["titre"],
        auteur=contenu["porteur"],
        entete=contenu["contrat"],
        mentions=[
            f"Dossier n°\u00a0{contenu['reference']}, bilan rendu {a_la_seconde(version.rendue_le)} "
            f"par {version.rendue_par}.",
            f"Certifié exact par {version.signataire}, {version.qualite}.",
            f"Ce document présente le contenu du formulaire {FORMULAIRE}. Ce n’est pas le formulaire "
            "lui-même.",
        ],
        bandeau="",
        parties=parties_du_bilan(contenu),
    )
    octets = composer_un_pdf(GABARIT, en_donnees(decrit), version.rendue_le)
    nom = f"bilan-{contenu['sorte']}-{contenu['reference']}-{contenu['exercice']}{suite}.pdf"
    return FichierAServir(octets, _PDF, nom)


@dataclass(frozen=True)
class ComplementLu:
    """Un complément demandé à un bilan, le nom de sa section, et s'il est en retard."""

    complement: ComplementDeBilan
    section: str
    est_en_retard: bool

    @property
    def est_repondu(self) -> bool:
        return self.complement.repondu_le is not None


def complements_du_bilan(bilan: Bilan, jour: date) -> list[ComplementLu]:
    """Rend les compléments d'un bilan que l'on lit déjà, ceux qui attendent d'abord."""
    titres = titres_des_sections(bilan)
    lus = [
        ComplementLu(
            c, titres.get(c.section, c.section), c.repondu_le is None and c.echeance_le < jour
        )
        for c in bilan.complements.all()
    ]
    return sorted(lus, key=lambda lu: (lu.est_repondu, lu.complement.pk))


def titres_des_sections(bilan: Bilan) -> dict[str, str]:
    """Rend le titre de chaque section d'un bilan, par code."""
    tables = sections_du_bilan(bilan.prevu, bilan.sorte)
    titres = {code: section.titre for code, section in tables.items()}
    return {code: titres.get(code, PIECES.titre) for code in CODES if code in titres}


def temps_demande(bilan: Bilan, lue: VersionLue) -> str:
    """Rend ce que ferait le temps qu'un bilan demande ; vide s'il n'en demande pas."""
    if bilan.etat != EtatDeBilan.RENDU or bilan.issue != Issue.PLUS_DE_TEMPS:
        return ""
    fin = fin_demandee(lue.version.contenu["sections"]["realisation"]["valeur"])
    return phrase_du_temps(bilan, fin) if fin else ""


def phrase_du_temps(bilan: Bilan, fin: date) -> str:
    """Rend ce que fait le temps laissé jusqu'à un jour : ce qui finit, et quand le bilan est attendu."""
    return dire_le_temps(
        fin=en_clair(fin),
        attendu=en_clair(bilan_attendu_le(fin_accordee(bilan.exercice, fin))),
        exercice=bilan.exercice,
        fin_du_projet=bilan.prevu.get("fin_du_projet", ""),
    )


def fichier_rendu(acteur: Acteur, bilan: Bilan, identifiant: str) -> Fichier:
    """Rend un fichier d'une version rendue d'un bilan que l'acteur lit déjà ; lève Fichier.DoesNotExist."""
    return (
        Fichier.objects.filter(versions_de_bilan__bilan=bilan, identifiant=identifiant)
        .distinct()
        .get()
    )
