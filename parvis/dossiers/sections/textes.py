"""Ce que dit une section, en clair : pour la lire, et pour comparer deux de ses états."""

from collections.abc import Mapping
from dataclasses import dataclass

from parvis.dossiers.enums import EchelleDeProjet
from parvis.dossiers.sections import budget
from parvis.dossiers.sections.declaration import Champ, Ligne, Section, Valeur
from parvis.dossiers.sections.jugement import Reperes
from parvis.socle.comparaison import Morceau, comparer_les_mots


@dataclass(frozen=True)
class ChampChange:
    """Un champ qui ne dit plus la même chose : son nom, et ce qui change mot par mot."""

    code: str
    libelle: str
    morceaux: list[Morceau]


def en_texte(section: Section, valeur: Valeur, reperes: Reperes | None = None) -> str:
    """Rend ce que dit une section, une ligne par champ ou par ligne ; vide si elle ne dit rien."""
    if section.code in _PROPRES:
        return _PROPRES[section.code](valeur, reperes or Reperes())
    if section.est_liste:
        return "\n".join(_ligne(section, ligne) for ligne in valeur)
    connus = {champ.code: champ for champ in section.champs}
    dits = [(champ, valeur[code]) for code, champ in connus.items() if valeur.get(code)]
    restes = [str(texte) for code, texte in valeur.items() if code not in connus]
    return "\n".join([*(f"{c.libelle} : {_dire(c, texte)}" for c, texte in dits), *restes])


def ce_qui_change(
    section: Section, avant: Valeur, apres: Valeur, reperes: Reperes | None = None
) -> list[ChampChange]:
    """Rend les champs qui ne disent plus la même chose ; une liste se compare d'un bloc."""
    if section.est_propre or section.est_liste:
        textes = en_texte(section, avant, reperes), en_texte(section, apres, reperes)
        if textes[0] == textes[1]:
            return []
        return [ChampChange("", section.titre, comparer_les_mots(*textes))]
    return [
        ChampChange(
            champ.code,
            champ.libelle,
            comparer_les_mots(
                _dire(champ, avant.get(champ.code, "")), _dire(champ, apres.get(champ.code, ""))
            ),
        )
        for champ in section.champs
        if avant.get(champ.code, "") != apres.get(champ.code, "")
    ]


def _ligne(section: Section, ligne: Ligne) -> str:
    return " · ".join(
        _dire(champ, ligne[champ.code]) for champ in section.champs if ligne.get(champ.code)
    )


def _dire(champ: Champ, texte: str) -> str:
    if champ.sorte == "case":
        return "oui" if texte else "non"
    return dict(champ.choix).get(texte, texte)


def _les_fiches(valeur: Valeur, reperes: Reperes) -> str:
    lignes = []
    for numero, types in valeur.get("fiches", {}).items():
        principale = " (principale)" if numero == valeur.get("principale") else ""
        titre = reperes.fiches.get(numero, "")
        lignes.append(f"Fiche {numero}{principale}" + (f" : {titre}" if titre else ""))
        lignes += [f"- {texte}" for texte in types]
    return "\n".join(lignes)


def _les_lieux(valeur: Valeur, reperes: Reperes) -> str:
    echelle = valeur.get("echelle", "")
    lignes = [EchelleDeProjet(echelle).label] if echelle else []
    if echelle == EchelleDeProjet.COMMUNES:
        lignes += _nommer(valeur.get("communes", []), reperes.communes)
    elif echelle == EchelleDeProjet.QUARTIERS:
        lignes += _nommer(valeur.get("quartiers", []), {**reperes.anciens, **reperes.quartiers})
    if ailleurs := valeur.get("ailleurs", ""):
        lignes.append(f"Ailleurs : {ailleurs}")
    return "\n".join(lignes)


def _nommer(cles: list[str], noms: Mapping[str, str]) -> list[str]:
    return [f"- {noms.get(cle, cle)}" for cle in cles]


def _le_budget(valeur: Valeur, reperes: Reperes) -> str:
    return budget.en_texte(valeur, reperes.financeurs)


_PROPRES = {"fiches": _les_fiches, "lieux": _les_lieux, "budget": _le_budget}
