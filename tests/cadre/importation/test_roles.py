"""« Partenaires », « Plan de financement » : qui porte, qui finance, et ce qu'il faut demander."""

import pytest

from parvis.cadre.importation.lecteur import lire_texte
from parvis.cadre.importation.questions import questions
from parvis.cadre.importation.reponses import appliquer
from parvis.cadre.importation.roles import ROLE_DEDUIT

DEBUT = """# Contrat de ville de Valmont 2024-2030

## Axe 1 : Emploi

### Objectif 1 : Aller vers
"""


def contrat(*fiches: str):
    """Lit un contrat dont chaque fiche est donnée par ses rubriques, une par ligne."""
    texte = DEBUT
    for rang, rubriques in enumerate(fiches, 1):
        corps = "\n\n".join(
            f"**{r.partition(' : ')[0]} :** {r.partition(' : ')[2]}" for r in rubriques.split("\n")
        )
        texte += f"\n#### Action 1.{rang} : Projet numéro {rang}\n\n{corps}\n"
    return lire_texte(texte)


def noms(partenaires):
    return [(p.nom, p.condition) for p in partenaires]


PLAN = "Description : Un bus passe.\nPartenaires : Associations, collèges\n{} : État 10 000 €, CAF 2 000 €"


@pytest.mark.parametrize("libelle", ["Plan de financement", "Budget", "Coût et financement"])
def test_un_plan_de_financement_nomme_les_financeurs_et_les_partenaires_portent(libelle):
    lu = contrat(PLAN.format(libelle), "Description : Un garage.\nPartenaires : CAF")
    un, deux = lu.fiches
    assert noms(un.financeurs) == [
        ("État", "10 000 €"),
        ("Caisse d'allocations familiales", "2 000 €"),
    ]
    assert noms(un.operateurs) == [("Associations", None), ("Collèges", None)]
    assert noms(deux.operateurs) == [("Caisse d'allocations familiales", None)]
    assert deux.financeurs == ()
    assert {p.confiance for p in (*un.financeurs, *un.operateurs)} == {ROLE_DEDUIT}
    assert {q.nature for q in questions(lu)} <= {"type"}


def test_un_budget_qui_n_est_qu_une_depense_ne_nomme_personne():
    (fiche,) = contrat(
        "Description : Un bus.\nBudget : Le coût prévu est de 30 000 € ; achats : 2 000 € ; Total : 32 000 €"
    ).fiches
    assert fiche.financeurs == ()


def test_une_rubrique_de_financeurs_l_emporte_sur_le_budget():
    (fiche,) = contrat("Description : Un bus.\nFinanceurs : Région\nBudget : CAF 2 000 €").fiches
    assert noms(fiche.financeurs) == [("Conseil régional", None)]


def test_dans_un_contrat_regulier_le_libelle_ecourte_est_celui_qui_manque():
    entiere = "Description : Un bus.\nFinanceurs : Région\nOpérateurs : Associations"
    ecourtee = "Description : Un bus.\nPartenaires : Région\nOpérateurs : Associations"
    assert noms(contrat(entiere, ecourtee, entiere).fiches[1].financeurs) == [
        ("Conseil régional", None)
    ]


SANS = (
    "Description : Un bus.\nPartenaires : CAF, Département",
    "Description : Un garage.\nPartenaires : CAF",
)


def test_sans_financement_nulle_part_une_seule_question():
    lu = contrat(*SANS)
    assert [noms(f.financeurs) for f in lu.fiches] == [[], []]
    (question,) = [q for q in questions(lu) if q.nature != "type"]
    assert (question.nature, question.nombre, question.fiches) == ("role", 2, ("1.1", "1.2"))
    assert questions(lu, [question.cle, *(e.cle for q in questions(lu) for e in q.elements)]) == []


@pytest.mark.parametrize(
    ("reponse", "financent", "portent"),
    [
        ("opérateurs", False, True),
        ("", True, False),
        ("financeurs", True, False),
        ("les deux", True, True),
    ],
)
def test_la_reponse_donne_leur_role_aux_partenaires(reponse, financent, portent):
    corrige = appliquer(contrat(*SANS), {"role:partenaire": reponse})
    for fiche in corrige.fiches:
        assert (bool(fiche.financeurs), bool(fiche.operateurs)) == (financent, portent)


def test_la_reponse_laisse_le_porteur_ou_il_est():
    lu = contrat("Description : Un bus.\nPorteur : Mission locale\nPartenaires : CAF")
    (fiche,) = appliquer(lu, {"role:partenaire": ""}).fiches
    assert noms(fiche.operateurs) == [("Missions locales", None)]
    assert noms(fiche.financeurs) == [("Caisse d'allocations familiales", None)]
