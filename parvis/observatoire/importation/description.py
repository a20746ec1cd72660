"""Lire la description d'un fichier de chiffres, écrite en YAML. Sans base."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from parvis.observatoire.enums import Niveau, Remontee, Unite
from parvis.socle.refus import Refus

TEXTES = ("source", "producteur", "licence", "adresse", "nom", "niveau", "colonne_du_territoire")
OBLIGATOIRES = ("source", "producteur", "nom", "niveau", "colonne_du_territoire", "series")
DE_SERIE = ("libelle", "unite", "remontee", "poids", "partie_de", "decoupage", "definition")

NOM_MAX, LIBELLE_MAX = 120, 300


@dataclass(frozen=True)
class DescriptionLue:
    """Ce que dit une description : ses textes, ses nombres, et chaque série sous le titre de sa colonne."""

    textes: dict[str, str]
    millesime: int | None
    seuil: int
    marques_du_secret: list[str]
    series: dict[str, dict[str, str]] = field(default_factory=dict)


def lire_la_description(fichier: Path) -> DescriptionLue:
    """Rend la description que contient un fichier ; lève Refus, chaque motif avec sa clé."""
    try:
        contenu = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as erreur:
        raise Refus([f"La description {fichier.name} ne se lit pas : {erreur}."]) from None
    if not isinstance(contenu, Mapping):
        raise Refus([f"La description {fichier.name} n’a pas les clés attendues."])
    motifs = [f"La clé « {cle} » manque." for cle in OBLIGATOIRES if not contenu.get(cle)]
    series = contenu.get("series")
    if not isinstance(series, Mapping):
        motifs.append("La clé « series » donne une série par titre de colonne.")
        series = {}
    motifs += [m for titre, s in series.items() for m in _motifs_de_la_serie(str(titre), s)]
    if contenu.get("niveau") not in (None, *Niveau.values):
        motifs.append(f"L’échelle est l’une de : {', '.join(Niveau.values)}.")
    seuil = contenu.get("seuil", 11)
    if not isinstance(seuil, int) or seuil < 1:
        motifs.append("Le seuil est un nombre de personnes, d’au moins une.")
    if len(str(contenu.get("nom") or "")) > NOM_MAX:
        motifs.append(f"Le nom dépasse {NOM_MAX} signes.")
    if motifs:
        raise Refus(motifs)
    return DescriptionLue(
        textes={cle: str(contenu.get(cle) or "") for cle in TEXTES},
        millesime=contenu.get("millesime"),
        seuil=seuil,
        marques_du_secret=[str(marque) for marque in contenu.get("marques_du_secret") or []],
        series={
            str(titre): {cle: str(serie[cle]) for cle in DE_SERIE if serie.get(cle)}
            for titre, serie in series.items()
        },
    )


def _motifs_de_la_serie(titre: str, serie: Any) -> list[str]:
    if not isinstance(serie, Mapping):
        return [f"Série « {titre} » : elle se décrit par un libellé et une unité."]
    motifs = [
        f"Série « {titre} » : la clé « {c} » manque."
        for c in ("libelle", "unite")
        if not serie.get(c)
    ]
    if len(str(serie.get("libelle") or "")) > LIBELLE_MAX:
        motifs.append(f"Série « {titre} » : le libellé dépasse {LIBELLE_MAX} signes.")
    if serie.get("unite") not in (None, *Unite.values):
        motifs.append(f"Série « {titre} » : l’unité est l’une de : {', '.join(Unite.values)}.")
    if serie.get("remontee") not in (None, *Remontee.values):
        motifs.append(
            f"Série « {titre} » : la remontée est l’une de : {', '.join(Remontee.values)}."
        )
    inconnues = sorted(set(serie) - set(DE_SERIE))
    return motifs + [f"Série « {titre} » : la clé « {c} » n’est pas attendue." for c in inconnues]
