"""Ce qui change d'une version déposée à l'autre, dans une section telle qu'elle a été figée."""

from collections.abc import Mapping
from typing import Any

from parvis.dossiers.sections.textes import ChampChange
from parvis.socle.comparaison import comparer_les_mots

Figee = Mapping[str, Any]


def ce_qui_change_fige(avant: Figee, apres: Figee) -> list[ChampChange]:
    """Rend les champs qui ne disent plus la même chose ; le reste se compare d'un bloc."""
    if "champs" in avant and "champs" in apres:
        anciens, nouveaux = dict(avant["champs"]), dict(apres["champs"])
        return [
            ChampChange("", nom, comparer_les_mots(anciens.get(nom, ""), nouveaux.get(nom, "")))
            for nom in dict.fromkeys([*nouveaux, *anciens])
            if anciens.get(nom, "") != nouveaux.get(nom, "")
        ]
    textes = en_lignes(avant), en_lignes(apres)
    if textes[0] == textes[1]:
        return []
    return [ChampChange("", apres.get("titre", ""), comparer_les_mots(*textes))]


def en_lignes(figee: Figee) -> str:
    """Rend une section figée en texte, une ligne par champ, par ligne ou par montant."""
    if "champs" in figee:
        return "\n".join(f"{nom} : {dit}" for nom, dit in figee["champs"])
    if "lignes" in figee:
        return "\n".join(" · ".join(filter(None, ligne)) for ligne in figee["lignes"])
    if "exercices" in figee:
        return "\n".join(_un_exercice(exercice) for exercice in figee["exercices"])
    return str(figee.get("texte", ""))


def _un_exercice(exercice: Mapping[str, Any]) -> str:
    lignes = [str(exercice["annee"])]
    for sens, total in (("charges", "total_charges"), ("produits", "total_produits")):
        lignes.append(f"{sens.capitalize()} : {exercice[total]}")
        lignes += [" · ".join(filter(None, ligne)) for ligne in exercice[sens]]
    return "\n".join(lignes)
