"""Chaque libellé imprimé garde son texte, même quand deux ouvrent la même rubrique."""

import pytest

from parvis.cadre.importation.lecteur import lire_texte

TETE = """# Contrat de ville de Montreval 2024-2030

## Axe 1 : Emploi

### Objectif 1 : Bouger

"""


def _fiche(*rubriques: tuple[str, str], en_tableau: bool = False):
    if en_tableau:
        corps = "| | |\n|---|---|\n" + "\n".join(f"| {nom} | {texte} |" for nom, texte in rubriques)
    else:
        corps = "\n\n".join(f"**{nom} :** {texte}" for nom, texte in rubriques)
    (fiche,) = lire_texte(f"{TETE}#### Fiche action 1 : Le bus\n\n{corps}\n").fiches
    return fiche


def _textes(fiche) -> dict[str, str]:
    return {r.imprime: r.texte for r in fiche.rubriques}


@pytest.mark.parametrize("en_tableau", [True, False])
@pytest.mark.parametrize(
    ("premier", "second"),
    [("Chef de file", "Référent"), ("Budget", "Plan de financement"),
     ("Public cible", "Bénéficiaires"), ("Indicateurs de suivi", "Résultats attendus")],
)  # fmt: skip
def test_deux_libelles_d_une_meme_rubrique_gardent_chacun_leur_texte(premier, second, en_tableau):
    fiche = _fiche(
        (premier, "Le premier texte"),
        ("Calendrier", "2025"),
        (second, "Le second texte"),
        en_tableau=en_tableau,
    )
    assert [(r.imprime, r.texte) for r in fiche.rubriques] == [
        (premier, "Le premier texte"), ("Calendrier", "2025"), (second, "Le second texte"),
    ]  # fmt: skip


def test_quatre_cases_d_une_rangee():
    rangee = "| Chef de file | Mission locale | Référent | Mme Aubry |\n|---|---|---|---|\n"
    (fiche,) = lire_texte(f"{TETE}#### Fiche action 1 : Le bus\n\n{rangee}").fiches
    assert _textes(fiche) == {"Chef de file": "Mission locale", "Référent": "Mme Aubry"}


def test_les_partenaires_se_lisent_dans_tous_les_libelles_de_leur_rubrique():
    fiche = _fiche(("Porteur", "CCAS"), ("Partenaires associés", "Mission locale"))
    assert len(fiche.operateurs) == 2


def test_un_libelle_repete_reprend_son_texte():
    fiche = _fiche(("Calendrier", "2025"), ("Budget", "3 000 €"), ("Calendrier", "puis 2026"))
    assert _textes(fiche) == {"Calendrier": "2025 puis 2026", "Budget": "3 000 €"}


def test_un_texte_sous_le_titre_n_ouvre_pas_une_fiche_de_plus():
    corps = "Une ligne d'introduction.\n\n**Porteur :** CCAS\n\n**Description :** Un car passe.\n"
    (fiche,) = lire_texte(f"{TETE}#### Fiche action 1 : Le bus\n\n{corps}").fiches
    assert fiche.descriptif == "Une ligne d'introduction.\n\nUn car passe."


def test_deux_libelles_de_description_sont_d_une_meme_fiche():
    fiche = _fiche(
        ("Description", "Un car passe."),
        ("Financeurs", "Région"),
        ("Modalités de mise en œuvre", "Un chauffeur."),
    )
    assert fiche.descriptif == "Un car passe.\n\nUn chauffeur."


@pytest.mark.parametrize(
    ("libelle", "code"),
    [
        ("Responsable", "pilote"), ("Responsable de l'action", "pilote"),
        ("Qui est concerné ?", "publics_vises"), ("Pour qui ?", "publics_vises"),
        ("À qui s'adresse l'action ?", "publics_vises"), ("Où ?", "territoires_vises"),
        ("Dans quels quartiers ?", "territoires_vises"), ("Quand ?", "calendrier"),
        ("Étapes", "calendrier"), ("Pourquoi ?", "contexte"), ("Comment ?", "descriptif"),
        ("Mesure de la réussite", "indicateurs"), ("Ce qui sera évalué", "indicateurs"),
        ("Combien ?", "budget"),
    ],
)  # fmt: skip
def test_libelles_courants(libelle, code):
    (rubrique,) = _fiche((libelle, "Voir plus bas"), en_tableau=True).rubriques
    assert (rubrique.code, rubrique.imprime) == (code, libelle)


POINTS = [
    "accueil individuel du collégien",
    "ateliers animés par des éducateurs",
    "entretien de retour",
]


def _types(rubriques: str) -> list[tuple[str, str, float]]:
    (fiche,) = lire_texte(f"{TETE}#### Fiche action 1 : Le bus\n\n{rubriques}\n").fiches
    return [(t.texte, t.forme, t.confiance) for t in fiche.types_d_action]


def _points(libelle: str, marque: str = "- ") -> str:
    lignes = "\n".join(f"{marque}{point}" for point in POINTS)
    return (
        f"**{libelle} :** Un accueil est ouvert le soir.\n\n{lignes}\n\n**Financeurs :** Région\n"
    )


@pytest.mark.parametrize(
    "libelle", ["Description de l'action", "Contenu de l'action", "Déroulement"]
)
def test_les_points_du_contenu_sont_proposes_a_defaut_d_autre_liste(libelle):
    assert _types(_points(libelle)) == [(point, "liste", 0.5) for point in POINTS]
    lu = lire_texte(f"{TETE}#### Fiche action 1 : Le bus\n\n{_points(libelle)}")
    assert "liste_non_retenue" not in {a.nature for a in lu.anomalies}


def test_les_paragraphes_numerotes_du_contenu_aussi():
    lignes = "\n\n".join(f"{rang}. {point}" for rang, point in enumerate(POINTS, 1))
    assert _types(f"**Contenu :**\n\n{lignes}\n") == [(point, "liste", 0.5) for point in POINTS]


def test_les_projets_attendus_passent_avant_les_points_du_contenu():
    attendus = "\n**Projets attendus :**\n\n- Réparer des vélos\n- Prêter des vélos\n"
    types = _types(_points("Déroulement") + attendus)
    assert [texte for texte, _, _ in types] == ["Réparer des vélos", "Prêter des vélos"]


@pytest.mark.parametrize("libelle", ["Contexte", "Objectifs"])
def test_les_points_du_contexte_ne_sont_pas_proposes(libelle):
    assert [forme for _, forme, _ in _types(_points(libelle))] == ["titre"]
