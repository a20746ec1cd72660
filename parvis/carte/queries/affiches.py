"""La page à punaiser d'un quartier : une feuille A4, en gros caractères."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import formats, timezone

from parvis.cadre.models import Edition
from parvis.carte.couches import COMMUNE
from parvis.carte.dessin import Forme, dessiner
from parvis.carte.queries.quartiers import (
    FicheIci,
    PageDeQuartier,
    QuartierVu,
    quartier,
)
from parvis.comptes.acteur import Acteur
from parvis.socle.templatetags.socle import compte, typo
from parvis.socle.typographie import composer_un_pdf, visible
from parvis.territoires.geometrie import depuis_octets

UN_JOUR = 86_400
GABARIT = Path(__file__).parents[1] / "affiche.typ"
# Une feuille se lit debout, à deux mètres : au-delà, on renvoie à la page.
FICHES_MAX, ACTEURS_MAX = 6, 5
LIGNES_MAX, LIGNES_DES_ACTEURS, SIGNES_PAR_LIGNE = 9, 4, 55
# Un nom de quartier de cette longueur prend la place de deux lignes de plus.
NOM_LONG, LIGNES_D_UN_LONG_NOM = 90, 2
T = TypeVar("T")


@dataclass(frozen=True)
class Affiche:
    """Une feuille à imprimer."""

    octets: bytes
    nom: str
    sorte: str = "application/pdf"


def affiche_du_quartier(acteur: Acteur, edition: Edition, code: str, adresse: str) -> Affiche:
    """Rend la feuille d'un quartier ; lève Quartier.DoesNotExist.

    `adresse` est celle de sa page, imprimée au bas.
    """
    trouvee = quartier(acteur, edition, code)
    nom = f"{edition.contrat.code}-{code}-a-punaiser.pdf"
    donnees = _propre(_donnees(edition, trouvee, adresse))
    # Les mêmes données font la même feuille : cent lecteurs n'en composent qu'une.
    empreinte = hashlib.sha256(
        GABARIT.read_bytes() + json.dumps(donnees, sort_keys=True).encode()
    ).hexdigest()
    gardee = cache.get(f"affiche:{empreinte}")
    if gardee is not None:
        return Affiche(gardee, nom)
    # Datée du jour, et non de la seconde : la même feuille donne les mêmes octets.
    aujourd_hui = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    octets = composer_un_pdf(GABARIT, donnees, aujourd_hui)
    cache.set(f"affiche:{empreinte}", octets, UN_JOUR)
    return Affiche(octets, nom)


def _donnees(edition: Edition, trouvee: PageDeQuartier, adresse: str) -> dict[str, Any]:
    vu, contrat = trouvee.vu, edition.contrat
    toutes = [*trouvee.ici, *trouvee.dans_la_commune]
    place = LIGNES_MAX - LIGNES_D_UN_LONG_NOM * (len(vu.quartier.nom) // NOM_LONG)
    fiches, place = _ce_qui_tient(
        toutes[:FICHES_MAX], lambda f: len(f.version.titre) + len("Fiche 13-2 : "), place
    )
    acteurs, _ = _ce_qui_tient(
        trouvee.acteurs[:ACTEURS_MAX],
        lambda a: len(a.rapprochement.organisme.nom + a.rapprochement.partenaire.nom),
        max(place, 0) + LIGNES_DES_ACTEURS,
    )
    reste = len(toutes) - len(fiches)
    return {
        "titre": vu.quartier.nom,
        "lieu": f"{vu.noms_des_communes} · quartier prioritaire {vu.quartier.millesime}",
        "contrat": edition.titre,
        "fin": f"Ce contrat a pris fin le {formats.date_format(contrat.termine_le, 'j F Y')}."
        if contrat.est_termine
        else "",
        "carte": _carte(trouvee),
        "titre_des_fiches": "Ce que le contrat dit d’ici"
        if trouvee.ici
        else "Ce que le contrat dit de votre commune",
        "fiches": [_fiche(edition, fiche) for fiche in fiches],
        "reste": f"et {compte(reste, edition.mot_fiche)} de plus sur la page du quartier"
        if reste
        else "",
        "piliers": [pilier.titre for pilier in edition.piliers.all()],
        "acteurs": [
            {"nom": a.rapprochement.organisme.nom, "role": a.rapprochement.partenaire.nom}
            for a in acteurs
        ],
        "adresse": adresse,
        "date": formats.date_format(timezone.localdate(), "j F Y"),
    }


def _ce_qui_tient(
    textes: Sequence[T], longueur: Callable[[T], int], place: int
) -> tuple[list[T], int]:
    """Rend les premiers textes, au moins un, tant que leurs lignes tiennent ; et la place qui reste."""
    gardes: list[T] = []
    for texte in textes:
        lignes = 1 + longueur(texte) // SIGNES_PAR_LIGNE
        if gardes and lignes > place:
            break
        gardes.append(texte)
        place -= lignes
    return gardes, place


def _fiche(edition: Edition, fiche: FicheIci) -> dict[str, str]:
    version = fiche.version
    return {"numero": f"{edition.mot_fiche.capitalize()} {version.numero}", "titre": version.titre}


def formes_du_plan(vu: QuartierVu) -> list[Forme]:
    """Rend ce que dessine le plan d'un quartier : lui, dans ses communes ; rien sans contour."""
    if vu.geometrie is None:
        return []
    communes = [
        Forme(depuis_octets(c.contour), c.nom, classe=COMMUNE) for c in vu.communes if c.contour
    ]
    return [*communes, Forme(vu.geometrie, vu.quartier.nom, est_nomme=False)]


def _carte(trouvee: PageDeQuartier) -> str:
    """Rend le plan du quartier en SVG, vide sans contour."""
    dessin = dessiner(formes_du_plan(trouvee.vu))
    return render_to_string("carte/_affiche.svg", {"dessin": dessin}) if dessin else ""


def _propre(valeur: Any) -> Any:
    """Rend des textes prêts à imprimer : espaces insécables, sans signe invisible."""
    if isinstance(valeur, dict):
        return {cle: v if cle == "carte" else _propre(v) for cle, v in valeur.items()}
    if isinstance(valeur, list):
        return [_propre(element) for element in valeur]
    return visible(str(typo(valeur)))
