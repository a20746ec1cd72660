"""Où est une fiche : bandeaux répétés, étiquettes de niveau dans son tableau ou sous son titre."""

import pytest

from parvis.cadre.importation.lecteur import lire_texte
from parvis.cadre.rules import motifs_de_doublons

TITRE = "# Contrat de ville de Sainte-Vaubourg 2024-2030\n"
RUBRIQUES = "**Porteur :** CCAS\n\n**Description :** Un camion passe.\n\n**Financeurs :** Région\n"


def _plan(texte: str) -> dict[str, dict[str, list[str]]]:
    lu = lire_texte(texte)
    assert not motifs_de_doublons(
        piliers=[(p.titre, p.ligne) for p in lu.piliers],
        enjeux=[(str(e.numero), e.ligne) for p in lu.piliers for e in p.enjeux],
        fiches=[(f.numero, f.ligne) for f in lu.fiches],
    )
    return {
        pilier.titre: {e.titre: [f.titre for f in e.fiches] for e in pilier.enjeux}
        for pilier in lu.piliers
    }


def test_un_bandeau_repete_au_dessus_de_chaque_fiche_ne_fait_qu_un_enjeu():
    emploi, habitat = ("1 : Emploi", "1 : Se former"), ("2 : Habitat", "2 : Rénover")
    bandeaux = [
        (*emploi, "Le bus"),
        (*emploi, "Le vélo"),
        (*habitat, "Les toits"),
        (*emploi, "Le car"),
    ]
    corps = [
        f"## Axe {axe}\n\n### Objectif {objectif}\n\n#### Fiche action {n} : {titre}\n\n{RUBRIQUES}"
        for n, (axe, objectif, titre) in enumerate(bandeaux, 1)
    ]
    texte = "\n".join([TITRE, *corps])
    assert _plan(texte) == {
        "Emploi": {"Se former": ["Le bus", "Le vélo", "Le car"]},
        "Habitat": {"Rénover": ["Les toits"]},
    }
    natures = [a.nature for a in lire_texte(texte).anomalies]
    assert (natures.count("pilier_repete"), natures.count("enjeu_repete")) == (1, 1)


def _tableau(*rangees: tuple[str, str]) -> str:
    """Rend un tableau Markdown à deux colonnes, sans en-tête."""
    corps = "\n".join(f"| {libelle} | {valeur} |" for libelle, valeur in rangees)
    return f"| | |\n|---|---|\n{corps}\n"


def _lignes(*rangees: tuple[str, str]) -> str:
    return "\n\n".join(f"**{libelle} :** {valeur}" for libelle, valeur in rangees) + "\n"


def _titres(*rangees: tuple[str, str]) -> str:
    """Rend chaque étiquette numérotée en une ligne simple (« Axe 1 : Emploi »)."""
    return "\n\n".join(f"{libelle} : {valeur}" for libelle, valeur in rangees) + "\n"


SIENNES = (("Porteur", "CCAS"), ("Description", "Un camion passe."), ("Calendrier", "2025"))
# Une fiche par tuple : pilier, enjeu, titre.
FICHES = (
    ("Emploi", "Se former", "Le bus des métiers"),
    ("Emploi", "Se former", "Le vélo-école"),
    ("Emploi", "Entreprendre", "La couveuse"),
    ("Cadre de vie", "Jouer dehors", "Le terrain d'aventure"),
    ("Emploi", "Se former", "Le permis"),
)
ATTENDU = {
    "Emploi": {
        "Se former": ["Le bus des métiers", "Le vélo-école", "Le permis"],
        "Entreprendre": ["La couveuse"],
    },
    "Cadre de vie": {"Jouer dehors": ["Le terrain d'aventure"]},
}
MOTS = [
    ("Axe", "Orientation", "Fiche action"),
    ("Pilier", "Objectif stratégique", "Fiche"),
    ("Axe stratégique", "Objectif opérationnel", "Fiche action"),
    ("Pilier", "Axe", "Fiche action"),
    ("Objectif général", "Objectif opérationnel", "Fiche action"),
    ("Axe du contrat de ville", "Enjeu visé", "Fiche projet"),
    ("Thématique", "Priorité", "Action"),
]


def _isolees(mots: tuple[str, str, str], mise_en_page, sous_un_titre: bool = True) -> str:
    """Rend un recueil de fiches que rien ne range, sinon leurs étiquettes."""
    large, fin, mot = mots
    fiches = []
    for rang, (pilier, enjeu, titre) in enumerate(FICHES, 1):
        etiquettes = ((large, pilier), (fin, enjeu))
        if sous_un_titre:
            corps = mise_en_page(*etiquettes, *SIENNES)
            fiches.append(f"## {mot} {rang} : {titre}\n\n{corps}")
        else:
            fiches.append(
                mise_en_page(*etiquettes, (f"Intitulé de la {mot.lower()}", titre), *SIENNES)
            )
    return "\n".join([TITRE, *fiches])


@pytest.mark.parametrize("mise_en_page", [_tableau, _lignes])
@pytest.mark.parametrize("mots", MOTS, ids=" / ".join)
def test_fiches_isolees_que_seules_leurs_etiquettes_rangent(mots, mise_en_page):
    assert _plan(_isolees(mots, mise_en_page)) == ATTENDU


@pytest.mark.parametrize("mots", MOTS[:3], ids=" / ".join)
def test_etiquettes_devant_l_intitule_dans_le_meme_tableau(mots):
    texte = _isolees((*mots[:2], "action"), _tableau, sous_un_titre=False)
    assert _plan(texte.replace("Intitulé de la action", "Intitulé de l'action")) == ATTENDU


@pytest.mark.parametrize("mise_en_page", [_titres, _tableau, _lignes])
@pytest.mark.parametrize("mot", ["Fiche action", "Action"])
def test_etiquettes_numerotees_sous_le_titre(mot, mise_en_page):
    """« Axe 1 : Emploi » sous le titre d'une fiche la situe, et ne commence pas un axe."""
    numeros = {"Emploi": 1, "Cadre de vie": 2, "Se former": 1, "Entreprendre": 2, "Jouer dehors": 3}
    fiches = []
    for rang, (pilier, enjeu, titre) in enumerate(FICHES, 1):
        places = (f"Axe {numeros[pilier]}", pilier), (f"Orientation {numeros[enjeu]}", enjeu)
        fiches.append(f"## {mot} {rang} : {titre}\n\n{mise_en_page(*places)}\n{_lignes(*SIENNES)}")
    assert _plan("\n".join([TITRE, *fiches])) == ATTENDU


def test_trois_etiquettes_le_niveau_du_milieu_introduit_l_enjeu():
    places = (
        ("Axe", "Emploi"),
        ("Objectif stratégique", "Lever les freins"),
        ("Objectif opérationnel", "Bouger"),
    )
    texte = f"{TITRE}\n## Fiche action 1 : Le bus\n\n{_tableau(*places, *SIENNES)}"
    (pilier,) = lire_texte(texte).piliers
    assert (pilier.titre, [e.titre for e in pilier.enjeux]) == ("Emploi", ["Bouger"])
    assert "Lever les freins" in pilier.enjeux[0].introduction


PLAN = f"""{TITRE}
## Axe 1 : Emploi

### Orientation 1 : Lever les freins

### Orientation 2 : Aller vers

## Axe 2 : Cadre de vie

### Orientation 3 : Jouer dehors

"""


def test_une_etiquette_que_le_plan_ne_connait_pas_reste_une_rubrique():
    fiches = [
        f"#### Fiche action {n} : Le camion {n}\n\n{_tableau(('Objectif stratégique', but), *SIENNES)}"
        for n, but in enumerate(("Rendre mobile", "Rendre visible", "Rendre visible"), 1)
    ]
    lu = lire_texte(PLAN + "\n".join(fiches))
    assert [len(e.fiches) for p in lu.piliers for e in p.enjeux] == [0, 0, 3]
    textes = [
        next(r.texte for r in f.rubriques if r.imprime == "Objectif stratégique") for f in lu.fiches
    ]
    assert textes == ["Rendre mobile", "Rendre visible", "Rendre visible"]


@pytest.mark.parametrize(
    "etiquette", ["Orientation 2", "Orientation 2 : Aller vers", "Aller vers", "2"]
)
@pytest.mark.parametrize("mise_en_page", [_tableau, _lignes])
def test_une_etiquette_que_le_plan_connait_range_la_fiche(etiquette, mise_en_page):
    """Les fiches sont en fin de document, le plan avant elles : l'étiquette dit sous quoi est chacune."""
    fiche = f"#### Fiche action 1 : Le bus\n\n{mise_en_page(('Orientation', etiquette), *SIENNES)}"
    assert _plan(PLAN + fiche)["Emploi"] == {"Lever les freins": [], "Aller vers": ["Le bus"]}


def test_les_objectifs_d_une_fiche_ne_sont_pas_son_parent():
    siens = "Objectif 1 : Accueillir\n\nObjectif 2 : Écouter\n\n"
    texte = f"{PLAN}#### Fiche action 1 : Le bus\n\n{siens}{_lignes(*SIENNES)}"
    lu = lire_texte(texte)
    assert [e.titre for p in lu.piliers for e in p.enjeux if e.fiches] == ["Jouer dehors"]


def test_deux_enjeux_sans_numero_n_en_recoivent_pas_le_meme():
    """Le numéro donné à un enjeu qui n'en a pas n'est celui d'aucun autre, imprimé ou donné."""
    corps = "".join(
        f"### Orientation{numero} : But {n}\n\n#### Fiche action {n} : Le bus {n}\n\n{_lignes(*SIENNES)}\n"
        for n, numero in enumerate((" 1", "", "", " 2", ""), 1)
    )
    assert len(_plan(f"{TITRE}\n## Axe 1 : Emploi\n\n{corps}")["Emploi"]) == 5


def test_la_partie_de_la_convention_qui_tient_les_axes_n_est_pas_un_pilier():
    fiches = {
        "1": ("Emploi", "Lever les freins", "Le car"),
        "2": ("Habitat", "Rénover", "Les toits"),
    }
    corps = "".join(
        f"### Axe {n} : {axe}\n\n#### Objectif {n}.1 : {but}\n\n"
        f"##### Fiche {n}.1.1 : {titre}\n\n{RUBRIQUES}\n"
        for n, (axe, but, titre) in fiches.items()
    )
    texte = f"{TITRE}\n## Partie 1 : Diagnostic\n\nTrois quartiers.\n\n## Partie 2 : Nos axes\n\n{corps}"
    assert _plan(texte) == {
        "Emploi": {"Lever les freins": ["Le car"]},
        "Habitat": {"Rénover": ["Les toits"]},
    }


def test_le_numero_dans_la_seconde_cellule_et_le_titre_dans_une_rubrique():
    fiches = (
        ("EMP-01", "1 - Emploi", "Le bus"),
        ("EMP-02", "1 - Emploi", "Le car"),
        ("LOG-01", "2 - Toit", "Rénover"),
    )
    corps = "\n".join(
        _tableau(("FICHE ACTION", code), ("Axe", axe), ("Objectif opérationnel", f"But de l'axe {axe[0]}"),
                 ("Intitulé de l'action", titre), *SIENNES)
        for code, axe, titre in fiches
    )  # fmt: skip
    texte = f"{TITRE}\n{corps}"
    assert _plan(texte) == {
        "Emploi": {"But de l'axe 1": ["Le bus", "Le car"]},
        "Toit": {"But de l'axe 2": ["Rénover"]},
    }
    assert [f.numero for f in lire_texte(texte).fiches] == ["EMP-1", "EMP-2", "LOG-1"]
