"""Les règles de la maison, chacune en une fonction qui rend les fautes trouvées."""

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
LIGNES_PAR_FICHIER = 400
LIGNES_PAR_FONCTION = 60
FOURRE_TOUT = {"utils.py", "helpers.py", "common.py"}
# `join` rend un texte déjà échappé : ce qui le récrit le fait échapper une seconde fois.
JOIN_RECRIT = re.compile(r"""\|join:(?:"[^"]*"|'[^']*')[^}%\n]*\|(?:typo|sigles)""")
JOIN_TRANSMIS = re.compile(r"{%-?\s*(?:include|with)\b[^%]*\|join:")
APPEL_DE_GABARIT = re.compile(r"{%-?\s*(?:extends|include)\s+(\S+)")

Sources = Mapping[str, str]


def rangs(reglages: Path = RACINE / "pyproject.toml") -> dict[str, int]:
    """Rend la hauteur de chaque pièce, lue dans le contrat d'import : 0 est la plus basse."""
    lus = tomllib.loads(reglages.read_text(encoding="utf-8"))
    ordre = next(
        contrat["layers"]
        for contrat in lus["tool"]["importlinter"]["contracts"]
        if contrat["name"] == "L'ordre des pièces"
    )
    etages = [re.findall(r"\w+", etage) for etage in reversed(ordre)]
    return {piece: rang for rang, etage in enumerate(etages) for piece in etage}


def sources(motif: str = "*.py", dossiers: Iterable[str] = ("parvis", "config")) -> dict[str, str]:
    """Rend le texte des fichiers de la maison, migrations mises à part, par chemin."""
    return {
        str(fichier.relative_to(RACINE)): fichier.read_text(encoding="utf-8")
        for dossier in dossiers
        for fichier in sorted((RACINE / dossier).rglob(motif))
        if "migrations" not in fichier.parts
    }


def cles_qui_remontent(
    cles: Iterable[tuple[str, str, str]], hauteurs: Mapping[str, int]
) -> list[str]:
    """Rend les clés étrangères (champ, pièce, pièce visée) qui vont vers le haut ou de côté."""
    return [
        f"{champ} : {depuis} → {vers}"
        for champ, depuis, vers in cles
        if depuis != vers and vers in hauteurs and hauteurs[depuis] <= hauteurs[vers]
    ]


def vues_qui_lisent_la_base(fichiers: Sources) -> list[str]:
    """Rend les `.objects` écrits dans une vue."""
    return [
        f"{chemin}:{noeud.lineno}"
        for chemin, texte in fichiers.items()
        if "views" in Path(chemin).with_suffix("").parts
        for noeud in ast.walk(ast.parse(texte))
        if isinstance(noeud, ast.Attribute) and noeud.attr in ("objects", "_default_manager")
    ]


def gabarits_qui_remontent(gabarits: Sources, hauteurs: Mapping[str, int]) -> list[str]:
    """Rend les gabarits qui étendent ou incluent une pièce plus haute, voisine, ou calculée."""
    fautes = []
    for chemin, texte in gabarits.items():
        piece = _piece_du_gabarit(chemin)
        for appel in APPEL_DE_GABARIT.findall(texte):
            if appel[0] not in "\"'":
                fautes.append(f"{chemin} : {appel} (calculé)")
                continue
            visee = appel.strip("\"'").partition("/")[0]
            if visee == piece or visee not in hauteurs:
                continue
            if piece is None or hauteurs[piece] <= hauteurs[visee]:
                fautes.append(f"{chemin} : {appel}")
    return fautes


def reunions_echappees_deux_fois(gabarits: Sources) -> list[str]:
    """Rend les gabarits qui récrivent ce que `join` a déjà échappé : `joindre` fait les deux."""
    return [
        chemin
        for chemin, texte in gabarits.items()
        if JOIN_RECRIT.search(texte) or JOIN_TRANSMIS.search(texte)
    ]


def _piece_du_gabarit(chemin: str) -> str | None:
    morceaux = Path(chemin).parts
    return morceaux[1] if morceaux[0] == "parvis" else None


def vues_sans_acces(vues: Mapping[str, object]) -> list[str]:
    """Rend les adresses dont la vue ne déclare pas `@acces`."""
    return [adresse for adresse, vue in vues.items() if not callable(getattr(vue, "acces", None))]


def effets_caches(fichiers: Sources) -> list[str]:
    """Rend les signaux : `@receiver`, `.connect(` d'un signal, import de `signals`."""
    fautes = []
    for chemin, texte in fichiers.items():
        for noeud in ast.walk(ast.parse(texte)):
            importe = isinstance(noeud, ast.ImportFrom) and (
                "signals" in (noeud.module or "").split(".")
                or any(nom.name in ("signals", "receiver") for nom in noeud.names)
            )
            importe |= isinstance(noeud, ast.Import) and any(
                "signals" in n.name for n in noeud.names
            )
            if importe:
                fautes.append(f"{chemin}:{noeud.lineno}")
        if Path(chemin).name == "signals.py":
            fautes.append(chemin)
    return fautes


def fourre_tout(chemins: Iterable[str]) -> list[str]:
    """Rend les fichiers dont le nom ne dit pas ce qu'ils contiennent."""
    return [chemin for chemin in chemins if Path(chemin).name in FOURRE_TOUT]


def lois_qui_connaissent_django(fichiers: Sources) -> list[str]:
    """Rend les `rules` qui importent Django."""
    fautes = []
    for chemin, texte in fichiers.items():
        if "rules" not in Path(chemin).with_suffix("").parts:
            continue
        for noeud in ast.walk(ast.parse(texte)):
            modules = []
            if isinstance(noeud, ast.Import):
                modules = [nom.name for nom in noeud.names]
            elif isinstance(noeud, ast.ImportFrom):
                modules = [noeud.module or ""]
            if any(module.partition(".")[0] == "django" for module in modules):
                fautes.append(f"{chemin}:{noeud.lineno}")
    return fautes


def modeles_hors_du_glossaire(modeles: Iterable[str], glossaire: str) -> list[str]:
    """Rend les modèles que le glossaire ne définit pas dans la colonne de ses classes."""
    definis = set(re.findall(r"^\|[^|]*\|\s*`(\w+)`\s*\|", glossaire, re.MULTILINE))
    return [modele for modele in modeles if modele not in definis]


def passages_incomplets(
    passages: Mapping[str, Iterable[str]], etats: Iterable[str], depart: str
) -> list[str]:
    """Rend ce qui manque à une table d'états : état sans ligne, inconnu, ou jamais atteint."""
    connus = {str(etat) for etat in etats}
    table = {str(depuis): {str(vers) for vers in vise} for depuis, vise in passages.items()}
    vises = set().union(*table.values())
    fautes = [f"{etat} n'a pas de ligne" for etat in sorted(connus - table.keys())]
    fautes += [f"{etat} n'existe pas" for etat in sorted((vises | table.keys()) - connus)]
    fautes += [f"{etat} n'est jamais atteint" for etat in sorted(connus - vises - {str(depart)})]
    return fautes


def trop_long(fichiers: Sources) -> list[str]:
    """Rend les fichiers et les fonctions trop longs (on vise 300 et 40 lignes)."""
    fautes = []
    for chemin, texte in fichiers.items():
        lignes = texte.count("\n")
        if lignes >= LIGNES_PAR_FICHIER:
            fautes.append(f"{chemin} : {lignes} lignes")
        for noeud in ast.walk(ast.parse(texte)):
            if isinstance(noeud, (ast.FunctionDef, ast.AsyncFunctionDef)):
                longueur = (noeud.end_lineno or noeud.lineno) - noeud.lineno + 1
                if longueur >= LIGNES_PAR_FONCTION:
                    fautes.append(f"{chemin}:{noeud.lineno} {noeud.name} : {longueur} lignes")
    return fautes


def declencheurs_absents(attendus: Iterable[str], presents: Iterable[str]) -> list[str]:
    """Rend les déclencheurs déclarés que la base n'a pas, et ceux que nul fichier ne déclare."""
    attendus, presents = set(attendus), set(presents)
    return [
        *(f"{nom} manque" for nom in sorted(attendus - presents)),
        *(f"{nom} n'est déclaré nulle part" for nom in sorted(presents - attendus)),
    ]
