"""Une seconde lecture de la norme, qui ne doit rien à la nôtre : elle interprète un schéma de table."""

import datetime
import os
import re
from pathlib import Path

from stdnum import luhn

Schema = dict
RACINE = Path(__file__).resolve().parents[2]
DONNEES = Path(os.environ.get("PARVIS_REFERENCE") or RACINE.parent / "shared") / "data"
SCHEMA = DONNEES / "scdl_subventions_schema_v2.1.1.json"


def fautes(schema: Schema, entete: list[str], lignes: list[list[str]]) -> set[tuple[int, str]]:
    """Rend (ligne, colonne) de chaque cellule que le schéma refuse, parmi les colonnes du fichier."""
    trouvees = set()
    champs = {champ["name"]: champ for champ in schema["fields"]}
    for numero, ligne in enumerate(lignes, 2):
        valeurs = dict(zip(entete, ligne, strict=True))
        for nom, valeur in valeurs.items():
            if nom in champs and not _admise(champs[nom], valeur):
                trouvees.add((numero, nom))
        for regle in schema["custom_checks"]:
            trouvees |= {(numero, nom) for nom in _regle(regle, valeurs)}
    return trouvees


def _regle(regle: dict, valeurs: dict[str, str]) -> set[str]:
    noms = list(regle["params"].values())
    if regle["name"] == "french-siret-value":
        siret = valeurs.get(noms[0], "")
        return set() if not siret or _siret(siret) else {noms[0]}
    assert regle["name"] == "one-of-required"
    return set() if any(valeurs.get(nom) for nom in noms) else {noms[0]}


def _siret(texte: str) -> bool:
    return (
        texte.isdigit()
        and len(texte) == 14
        # Zéro a une clé juste, et n'est le numéro de personne.
        and bool(texte.strip("0"))
        and luhn.is_valid(texte[:9])
        and (luhn.is_valid(texte) or texte[:9] == "356000000")
    )


def _admise(champ: dict, valeur: str) -> bool:
    contraintes = champ.get("constraints") or {}
    if valeur == "":
        return not contraintes.get("required")
    if champ["type"] in ("integer", "number") and not re.fullmatch(r"[-+.0-9e]+", valeur):
        return False
    try:
        lue = {"integer": int, "number": float, "date": _jour, "string": str}[champ["type"]](valeur)
    except ValueError:
        return False
    return (
        ("pattern" not in contraintes or bool(re.fullmatch(contraintes["pattern"], valeur)))
        and ("enum" not in contraintes or valeur in contraintes["enum"])
        and ("maxLength" not in contraintes or len(valeur) <= contraintes["maxLength"])
        and ("minimum" not in contraintes or lue >= float(contraintes["minimum"]))
        and ("maximum" not in contraintes or lue <= float(contraintes["maximum"]))
    )


def _jour(texte: str) -> datetime.date:
    lu = datetime.datetime.strptime(texte, "%Y-%m-%d").date()
    if len(texte) != len("2026-01-02"):
        raise ValueError(texte)
    return lu


def de_colonnes(colonnes) -> Schema:
    """Rend nos colonnes comme un schéma de table, pour la seconde lecture."""
    types = {"entier": "integer", "nombre": "number", "date": "date"}
    return {
        "fields": [
            {
                "name": c.nom,
                "type": types.get(c.sorte.value, "string"),
                "constraints": {
                    nom: valeur
                    for nom, valeur in {
                        "required": c.est_exigee,
                        "pattern": c.motif or None,
                        "enum": list(c.valeurs) or None,
                        "maxLength": c.longueur,
                        "minimum": c.minimum,
                        "maximum": c.maximum,
                    }.items()
                    if valeur is not None
                },
            }
            for c in colonnes
        ],
        "custom_checks": [
            {"name": "french-siret-value", "params": {"column": "idAttribuant"}},
            {"name": "french-siret-value", "params": {"column": "idBeneficiaire"}},
            {
                "name": "one-of-required",
                "params": {"column1": "idBeneficiaire", "column2": "rnaBeneficiaire"},
            },
        ],
    }
