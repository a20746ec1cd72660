"""Comment se lit un champ d'un fait du cadre : son nom, et sa valeur en clair."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from parvis.cadre import enums
from parvis.cadre.importation.lexique import charger_lexique
from parvis.socle.templatetags.socle import jour
from parvis.territoires.enums import Echelle

# Le nom d'une sorte de fait qui en a un ; les autres se nomment par ce qui change.
SORTES = {
    "type de projet": "Type de projet",
    "financeur": "Financeur",
    "operateur": "Opérateur",
    "dispositif": "Dispositif",
    "public": "Public",
    "lieu": "Lieu",
    "constat": "Constat",
    "rubrique": "Rubrique",
    "renvoi": "Renvoi",
    "déclinaison": "Déclinaison",
    "partenaires": "Partenaire",
    "dispositifs": "Dispositif",
    "hors contrat": "Sujet",
}
NOMS = {
    "titre": "Titre",
    "territoire": "Territoire",
    "periode": "Période",
    "mot_pilier": "Mot du premier niveau",
    "mot_enjeu": "Mot du deuxième niveau",
    "mot_fiche": "Mot du troisième niveau",
    "prolonge_au": "Prolongé jusqu’au",
    "preambule": "Préambule",
    "introduction": "Introduction",
    "national": "Pilier national",
    "echelle": "Échelle",
    "descriptif": "Descriptif",
    "condition": "Condition",
    "parent": "Rattaché à",
    "degre": "Degré",
    "porteur": "Responsable",
    "detail": "Ce que la fiche en dit",
    "type": "Sorte de lieu",
    "valeur": "Valeur",
    "unite": "Unité",
    "annee": "Année",
    "source": "Source",
    "texte": "Texte",
    "nature": "Nature",
    "anomalie": "Remarque",
    "a_savoir": "À savoir",
    "fin_le": "Prend fin le",
    "sigle": "Sigle",
    "suite": "Suite",
    "explication": "Explication",
    "lien": "Lien",
    "responsables": "Responsables",
    "forme": "Forme dans le document",
    "confiance": "Confiance de la lecture",
    "origine": "Place dans le document",
    "imprime": "Écrit dans le document",
    "graphies": "Écrit dans le document",
    "preuve": "Mots du document",
    "code": "Code de la rubrique",
    "mots": "Mots de recherche",
}
# Ce qui change mot par mot.
TEXTES = frozenset(
    """titre preambule introduction descriptif condition detail texte anomalie a_savoir suite
    explication""".split()
)
# Ce que seule la lecture du document sait : on ne le montre que si rien d'autre ne change.
INTERNES = frozenset("forme confiance origine imprime graphies preuve code mots".split())
# Ce qu'il faut savoir d'un fait ajouté, en plus de son nom ; puis d'un fait retiré.
UTILES = (TEXTES | {"degre", "porteur", "parent", "responsables", "prolonge_au"}) - {"anomalie"}
PERDUS = frozenset({"texte"})

_CHOIX: dict[tuple[str, str], Mapping[str, Any]] = {
    ("fiche", "echelle"): dict(Echelle.choices),
    ("financeur", "degre"): dict(enums.DegreDePartenaire.choices),
    ("operateur", "degre"): dict(enums.DegreDePartenaire.choices),
    ("dispositif", "degre"): dict(enums.DegreDeDispositif.choices),
    ("dispositif", "origine"): dict(enums.Origine.choices),
    ("type de projet", "forme"): dict(enums.Forme.choices),
    ("lieu", "type"): dict(enums.TypeDeLieu.choices),
    ("déclinaison", "type"): dict(enums.TypeDeLieu.choices),
    ("renvoi", "nature"): dict(enums.NatureDeRenvoi.choices),
    ("partenaires", "nature"): dict(enums.NatureDePartenaire.choices),
    ("dispositifs", "nature"): dict(enums.NatureDeDispositif.choices),
}
_JOURS = frozenset({"prolonge_au", "fin_le"})
_NOMBRES = frozenset({"valeur", "confiance"})


def nommer(champ: str, mots: Mapping[str, str]) -> str:
    """Rend le nom d'un champ ; le pilier et l'enjeu prennent le mot du contrat."""
    return NOMS.get(champ) or mots[champ].capitalize()


def en_clair(sorte: str, champ: str, valeur: Any) -> str:
    """Rend la valeur d'un champ comme on la lit : un mot plutôt qu'un code, une vraie date."""
    if not valeur:
        return ""
    if champ == "periode":
        return "-".join(valeur)
    if isinstance(valeur, list):
        return ", ".join(valeur)
    if champ in _JOURS:
        return _jour(valeur)
    if champ in _NOMBRES:
        return valeur.replace(".", ",")
    return str(_CHOIX.get((sorte, champ), {}).get(valeur, valeur))


def sans_le_commun(champ: str, avant: Any, apres: Any) -> tuple[Any, Any]:
    """Rend deux valeurs ; de deux listes, ce que l'une a et que l'autre n'a pas."""
    if champ == "periode" or not (isinstance(avant, list) and isinstance(apres, list)):
        return avant, apres
    perdus = [element for element in avant if element not in apres]
    gagnes = [element for element in apres if element not in avant]
    return (perdus, gagnes) if perdus or gagnes else (avant, apres)


def nom_en_clair(sorte: str, nom: str) -> str:
    """Rend le nom d'un fait : un public dit son libellé plutôt que son code."""
    if sorte != "public":
        return nom
    publics = charger_lexique("publics")["publics"]
    return next((public["libelle"] for public in publics if public["code"] == nom), nom)


def _jour(valeur: str) -> str:
    """Rend une date en toutes lettres, ou ce qui est écrit si ce n'en est pas une."""
    try:
        return jour(date.fromisoformat(valeur))
    except ValueError:
        return valeur
