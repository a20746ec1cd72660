"""Le document d'une édition, écrit et prêt à emporter."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from django.core.cache import cache

from parvis.cadre.document.description import Document
from parvis.cadre.document.docx import ecrire_docx
from parvis.cadre.document.pdf import ecrire_pdf
from parvis.cadre.models import Edition
from parvis.cadre.queries.document import document_d_une_fiche, document_entier
from parvis.comptes.acteur import Acteur

# Composer un contrat entier prend de la mémoire : dix lecteurs à la fois n'en font pas dix.
_UN_A_LA_FOIS = Lock()
# Une mise en page nouvelle paraît au plus tard le lendemain.
GARDE = 24 * 3600
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ECRIVAINS: dict[str, tuple[Callable[[Document], bytes], str]] = {
    "docx": (ecrire_docx, _DOCX),
    "pdf": (ecrire_pdf, "application/pdf"),
}


@dataclass(frozen=True)
class Fichier:
    """Un document écrit : ses octets, sa sorte, et le nom sous lequel il s'enregistre."""

    octets: bytes
    sorte: str
    nom: str


def fichier_entier(acteur: Acteur, edition: Edition, extension: str) -> Fichier | None:
    """Rend le document d'une édition, ou rien si le format est inconnu.

    Une édition publiée ne change plus : le sien est gardé un jour, sous l'empreinte de son contenu.
    """
    if extension not in ECRIVAINS:
        return None
    ecrire, sorte = ECRIVAINS[extension]
    nom = f"{edition.contrat.code}-{edition.code}.{extension}"
    cle = f"document:{edition.pk}:{edition.empreinte}:{extension}"
    octets = cache.get(cle) if edition.est_publiee else None
    if octets is None:
        with _UN_A_LA_FOIS:
            octets = cache.get(cle) if edition.est_publiee else None
            octets = octets or ecrire(document_entier(acteur, edition))
            if edition.est_publiee:
                cache.set(cle, octets, GARDE)
    return Fichier(octets, sorte, nom)


def fichier_d_une_fiche(
    acteur: Acteur, edition: Edition, numero: str, extension: str
) -> Fichier | None:
    """Rend le document d'une fiche, ou rien si le format est inconnu ; lève VersionDeFiche.DoesNotExist."""
    if extension not in ECRIVAINS:
        return None
    ecrire, sorte = ECRIVAINS[extension]
    nom = f"{edition.contrat.code}-{edition.code}-fiche-{numero}.{extension}"
    return Fichier(ecrire(document_d_une_fiche(acteur, edition, numero)), sorte, nom)
