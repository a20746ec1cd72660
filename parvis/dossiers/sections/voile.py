"""Ce que l'on cache d'un dossier déposé à qui le lit sans être son porteur, ni un service qu'il sollicite."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parvis.dossiers.rules.compte_bancaire import est_bancaire
from parvis.dossiers.sections.table import ORGANISATION

_PRIVES = {champ.code: champ.libelle for champ in ORGANISATION.champs if champ.est_prive}
NON_MONTRE = "fichier non montré"


@dataclass(frozen=True)
class Voile:
    """Les pièces qui nomment des personnes, par leur clé ; avec elles se cachent les contacts privés."""

    nominatives: frozenset[str] = frozenset()

    def contenu(self, contenu: Mapping[str, Any]) -> dict[str, Any]:
        """Rend ce qui est déposé, sans les contacts privés ni le nom des fichiers cachés."""
        sections = dict(contenu["sections"])
        if ORGANISATION.code in sections:
            sections[ORGANISATION.code] = _sans_les_contacts(sections[ORGANISATION.code])
        # Le nom d'un fichier dit parfois celui d'une personne.
        pieces = [
            {**piece, "nom": NON_MONTRE} if self.cache(piece["cle"]) else piece
            for piece in contenu["pieces"]
        ]
        return {**contenu, "sections": sections, "pieces": pieces}

    def cache(self, cle: str) -> bool:
        """Dit si une pièce ne s'ouvre pas : elle nomme des personnes, ou dit un compte bancaire."""
        return cle in self.nominatives or est_bancaire(cle)


def _sans_les_contacts(figee: Mapping[str, Any]) -> dict[str, Any]:
    """Rend la section sans ses champs privés : ni ce qui se lit, ni ce qui a été tapé."""
    gardes = [rang for rang, (nom, _) in enumerate(figee["champs"]) if nom not in _PRIVES.values()]
    reste: dict[str, Any] = {
        cle: [figee[cle][rang] for rang in gardes] for cle in ("champs", "codes") if cle in figee
    }
    if "valeur" in figee:
        reste["valeur"] = {c: v for c, v in figee["valeur"].items() if c not in _PRIVES}
    return {**figee, **reste}
