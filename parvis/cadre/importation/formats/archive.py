"""Documents de bureau ouverts sans risque (parvis/socle/archive.py), et leur XML lu sans entités.

Un refus est ici un DocumentIllisible, comme pour les autres formats.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from parvis.cadre.importation.source import ANCIEN_OFFICE, DocumentIllisible, fermeture
from parvis.socle import archive as socle

ARCHIVE_MAX = 60 * 1024 * 1024
ENTREES_MAX = 5_000
PIECE_MAX = 48 * 1024 * 1024
TOTAL_MAX = 128 * 1024 * 1024
MARQUES_MAX = 3_000_000  # balises et attributs d'une pièce : c'est leur nombre qui coûte la mémoire

_PRUDENCE = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}

MOT_DE_PASSE = (
    "protégé par un mot de passe, ou ancien format .doc : "
    "enregistrez-le en .docx sans mot de passe."
)


class Archive(socle.Archive):
    """Archive ouverte : `noms` la décrit, `lire` et `lire_xml` en rendent une pièce."""

    def lire(self, nom: str) -> bytes:
        """Rend les octets d'une pièce XML ; lève DocumentIllisible si elle est abîmée ou hostile."""
        with _refus_de_document():
            return super().lire(nom)

    def lire_xml(self, nom: str) -> etree._Element:
        """Rend la racine d'une pièce XML, lue sans entités, sans réseau et sans DTD."""
        octets = self._lire_sans_foule(nom)
        try:
            return etree.fromstring(octets, etree.XMLParser(**_PRUDENCE))
        except (etree.LxmlError, ValueError) as erreur:
            raise DocumentIllisible(socle.xml_illisible(nom)) from erreur

    def parcourir_xml(self, nom: str, balises: tuple[str, ...]) -> Iterator[etree._Element]:
        """Rend un à un les petits-enfants de la racine ; chacun est libéré quand on passe au suivant.

        Un long document ne tient ainsi jamais tout entier en mémoire.
        """
        flux = io.BytesIO(self._lire_sans_foule(nom))
        try:
            for _, element in etree.iterparse(flux, events=("end",), tag=balises, **_PRUDENCE):
                parent = element.getparent()
                if parent is None or parent.getparent() is not element.getroottree().getroot():
                    continue
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
        except (etree.LxmlError, ValueError) as erreur:
            if isinstance(erreur, DocumentIllisible):
                raise
            raise DocumentIllisible(socle.xml_illisible(nom)) from erreur

    def _lire_sans_foule(self, nom: str) -> bytes:
        octets = self.lire(nom)
        if octets.count(b"<") + octets.count(b"=") > MARQUES_MAX:
            raise DocumentIllisible(f"la pièce « {nom} » contient trop de balises.")
        return octets


@contextmanager
def ouvrir(chemin: str | Path) -> Iterator[Archive]:
    """Ouvre une archive OOXML ; lève DocumentIllisible si elle n'en est pas une ou si elle est hostile."""
    chemin = Path(chemin)
    try:
        taille = chemin.stat().st_size
        flux = chemin.open("rb")
    except OSError as erreur:
        raise DocumentIllisible(fermeture(chemin, erreur), 0) from erreur
    with flux:
        _verifier_signature(flux.read(8), taille)
        bornes = socle.Bornes(ENTREES_MAX, PIECE_MAX, TOTAL_MAX)
        with _refus_de_document():
            zippee = socle.ouvrir_zip(flux, taille, bornes)
            archive = Archive(zippee, bornes)
        with zippee:
            yield archive


@contextmanager
def _refus_de_document() -> Iterator[None]:
    """Fait d'une archive refusée un document refusé."""
    try:
        yield
    except socle.ArchiveIllisible as erreur:
        texte = MOT_DE_PASSE if erreur.texte == socle.PROTEGEE else erreur.texte
        raise DocumentIllisible(texte) from erreur


def _verifier_signature(debut: bytes, taille: int) -> None:
    if taille > ARCHIVE_MAX:
        raise DocumentIllisible(
            f"le document est trop grand ({taille // 1048576} Mo) : "
            f"la limite est de {ARCHIVE_MAX // 1048576} Mo."
        )
    if not debut:
        raise DocumentIllisible("le document est vide.")
    if debut.startswith(ANCIEN_OFFICE):
        raise DocumentIllisible(MOT_DE_PASSE)
    if not debut.startswith(b"PK"):
        raise DocumentIllisible("ce n'est pas un document Word ou Excel récent (.docx, .xlsx).")
