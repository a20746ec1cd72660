"""Des postes aidés du petit contrat, et des fichiers comme l'État les publie, à nos mots."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.dossiers.rules.exports import LigneBrute
from parvis.organismes.rules.numeros import normaliser_siret
from parvis.programmation.enums import DispositifDePoste
from parvis.programmation.models import PosteAide
from parvis.programmation.rules.postes import PostesLus, lire_les_postes

CODE, VOISIN = "CV357", "CV354"
TITRES = ("annee", "id_poste", "siret", "raison_sociale", "montant", "code_cv", "insee_dep")
SIRET = normaliser_siret("000 000 372 00011")
# Le jumeau du fichier publié : chaque particularité qu'on y rencontre, sur un employeur inventé.
JUMEAU = (
    ("2024", "09400R000101", SIRET, "PLUME ET PAVE", "22810.61", CODE, "94"),
    ("2024", "09400R000202", SIRET[:-1] + "0", "FIL ET BERGES", "22810.61", CODE, "94"),
    ("2024", "09400R000303", "", "RADIO DU QUAI", "22810.61", f"{VOISIN}{CODE}", "94"),
    ("2024", "09400R000404", SIRET, "PLUME ET PAVE", "22810.61", VOISIN, "94"),
    ("2025", "09400R000101", SIRET, "PLUME ET PAVE", "23000", CODE, "94"),
    ("2025", "09400R000101", SIRET, "PLUME ET PAVE", "23000", CODE, "94"),
    ("2025", "09400R000505", SIRET, "PLUME ET PAVE", "23000", CODE, "94"),
    ("2025", "09400R000505", SIRET, "PLUME ET PAVE", "11500", CODE, "94"),
    ("2025", "09400R000606", SIRET, "PLUME ET PAVE", "23000", "", "94"),
    ("2025", "09400R000707", SIRET, "PLUME ET PAVE", "0", f"CN09402M{CODE}", "94"),
)


def fichier(*lignes: tuple[str, ...], titres: tuple[str, ...] = TITRES) -> bytes:
    """Rend un CSV comme l'État le publie : virgules, point décimal."""
    return "\n".join(",".join(ligne) for ligne in (titres, *lignes)).encode()


def brute(ligne: int = 2, **faits: str) -> LigneBrute:
    """Rend une ligne juste, à ces faits près."""
    juste = {
        "exercice": "2025",
        "numero": "D00901",
        "siret": "",
        "nom": "ONDES DE QUAI",
        "montant": "7164",
        "codes": CODE,
    }
    return LigneBrute(ligne, juste | faits)


def lus(*brutes: LigneBrute, code: str = CODE) -> PostesLus:
    """Rend des lignes lues pour un contrat ; une seule, juste, si l'on n'en donne pas."""
    return lire_les_postes(brutes or (brute(),), code)


def poste(contrat: Contrat, **valeurs: Any) -> PosteAide:
    """Rend un poste écrit tel quel."""
    faits = {
        "dispositif": DispositifDePoste.FONJEP,
        "exercice": 2025,
        "numero": "D00901",
        "nom": "ONDES DE QUAI",
        "cle_de_tri": "ondes de quai",
        "montant": Decimal(7164),
        "source": "postes-fonjep.csv",
        "importe_le": timezone.localdate(),
    }
    return PosteAide.objects.create(contrat=contrat, **(faits | valeurs))
