"""Financeurs et opérateurs : les façons de les imprimer, et ce qui n'est pas un partenaire."""

import pytest

from parvis.cadre.importation.fragments import blocs_de
from parvis.cadre.importation.lieux_connus import gazette
from parvis.cadre.importation.partenaires import lire_partenaires


def lus(cellule: str, texte: str = ""):
    ecarts: list[tuple] = []
    trouves = lire_partenaires(blocs_de(cellule, 7), gazette(texte), lambda *a: ecarts.append(a))
    return trouves, ecarts


def noms(cellule: str) -> list[str]:
    return [p.nom for p in lus(cellule)[0]]


CINQ = [
    "Communes",
    "Agglomération",
    "Conseil départemental",
    "État",
    "Caisse des dépôts et consignations",
]


@pytest.mark.parametrize(
    "cellule",
    [
        "<p>Communes</p> <p>Agglomération</p> <p>Conseil départemental</p> <p>Etat</p> <p>CDC</p>",
        "<p>Communes     Agglomération     Conseil départemental     Etat     La CDC</p>",
        "Communes Agglomération Conseil départemental Etat Caisse des dépôts et consignations",
        "communes ; agglomération ; conseil départemental ; ÉTAT ; caisse des depots",
        "Communes, Agglomération, Conseil départemental, Etat, CDC",
        "<ul><li>• Communes ;</li><li>• Agglomération ;</li><li>• Conseil départemental ;</li>"
        "<li>• Etat ;</li><li>• CDC.</li></ul>",
        "<p>- Communes<br>- Agglomération<br>- Conseil départemental<br>- Etat<br>- CDC</p>",
        "• Communes • Agglomération • Conseil départemental • Etat • CDC",
        "<p>Communes<br/>Agglomération</p><p>Conseil départemental<br>Etat<br>CDC",
        "1. Communes<br>2. Agglomération<br>3. Conseil départemental<br>4. Etat<br>5. CDC",
        "Communes &amp; Agglomération<br>Conseil départemental<br>Etat / CDC",
    ],
)
def test_encodages(cellule):
    assert noms(cellule) == CINQ


def test_liste_imbriquee_donne_un_parent():
    puces = "<ul><li>• Education nationale ;</li><li>• Direccte.</li></ul>"
    imbriquee = f"<p>Etat :</p> {puces} <p>Pôle emploi</p>"
    aplatie = "Etat : • Education nationale ; • Direccte. Pôle emploi"
    en_ligne = "<p>Etat : Education nationale, Direccte</p><p>Pôle emploi</p>"
    for cellule in (imbriquee, aplatie, en_ligne):
        trouves, _ = lus(cellule)
        assert [(p.nom, p.parent) for p in trouves] == [
            ("État", None),
            ("Éducation nationale", "État"),
            ("Direccte", "État"),
            ("Pôle emploi", None),
        ]


def test_un_intitule_qui_groupe_n_est_pas_un_partenaire():
    trouves, ecarts = lus(
        "<p>Acteurs de proximité :</p><ul><li>• Collèges</li><li>• Lycées</li></ul>"
    )
    assert [(p.nom, p.parent) for p in trouves] == [("Collèges", None), ("Lycées", None)]
    assert any(nature == "intitule_de_groupe" for _, nature, _ in ecarts)


@pytest.mark.parametrize(
    ("imprime", "attendu"),
    [
        (
            "Etat (dont Agence Régionale de Santé)",
            [("État", None), ("Agence régionale de santé", "État")],
        ),
        ("Etat (Directe)", [("État", None), ("Direccte", "État")]),
        (
            "Etat (ARS, préfecture)",
            [("État", None), ("Agence régionale de santé", "État"), ("Préfecture", "État")],
        ),
        (
            "CCCI et Chambre des Métiers",
            [("Chambre de commerce et d'industrie", None), ("Chambre des métiers", None)],
        ),
        ("Bibliothèques/médiathèques", [("Bibliothèques", None), ("Médiathèques", None)]),
        ("Entreprises et réseaux d'entreprises", [("Entreprises et réseaux d'entreprises", None)]),
        (
            "Conseil départemental de l'accès au droit (Ministère de la Justice)",
            [("Conseil départemental de l'accès au droit", "Ministère de la Justice")],
        ),
        ("Conseil départemental du Val-de-Marne", [("Conseil départemental", None)]),
        ("Conseil départemental des seniors", [("Conseil départemental des seniors", None)]),
        ("Fondation agir contre l'exclusion de la Brème (FACE 71)", [("FACE 71", None)]),
        ("Face 71", [("FACE 71", None)]),
        ("Le Centre de l'entrepreneuriat", [("Centre de l'entrepreneuriat", None)]),
        ("Caisse des dépot et consignation", [("Caisse des dépôts et consignations", None)]),
    ],
)
def test_noms_et_parents(imprime, attendu):
    trouves, _ = lus(f"<p>{imprime}</p>")
    assert [(p.nom, p.parent) for p in trouves] == attendu
    assert all(p.imprime == imprime for p in trouves)


@pytest.mark.parametrize(
    ("imprime", "nom", "condition"),
    [
        (
            "Centres sociaux (associatifs ou communaux)",
            "Centres sociaux",
            "associatifs ou communaux",
        ),
        (
            "Fonds Social Européen dans le cadre du plan X",
            "Fonds social européen",
            "dans le cadre du plan X",
        ),
        ("FEDER (pour la ville de Brémont)", "FEDER", "pour la ville de Brémont"),
        ("Associations locales", "Associations", "locales"),
        ("SIAE du territoire", "Structures d'insertion par l'activité économique", "du territoire"),
        (
            "Groupement d'employeurs pour l'insertion et la qualification (GEIQ)",
            "Groupements d'employeurs pour l'insertion et la qualification",
            None,
        ),
        ("Agence Régionale de Santé (ARS)", "Agence régionale de santé", None),
        ("Cellule Clause Insertion (GIP)", "Cellule clause insertion", None),
    ],
)
def test_conditions_et_sigles(imprime, nom, condition):
    (trouve,), _ = lus(f"<p>{imprime}</p>")
    assert (trouve.nom, trouve.condition, trouve.imprime) == (nom, condition, imprime)


@pytest.mark.parametrize(
    ("imprime", "nom"),
    [
        ("ADEM", "ADEME"),
        ("Coopanane", "Coopaname"),
        ("Misions locales", "Missions locales"),
        ("Poel emploi", "Pôle emploi"),
    ],
)
def test_fautes_probables_signalees(imprime, nom):
    (trouve,), ecarts = lus(f"<p>{imprime}</p>")
    assert trouve.nom == nom
    assert trouve.confiance < 0.9
    assert [(ligne, nature) for ligne, nature, _ in ecarts] == [(7, "faute_probable")]


@pytest.mark.parametrize(
    "imprime",
    [
        "Atelier Zéphyr",
        "ADMR",
        "Maison des associations",
        "CAPA",
        "Association Zéphyr",
        "Lycée Jean Moulin",
        "Fab Lab Nord",
    ],
)
def test_un_nom_inconnu_reste_tel_quel(imprime):
    (trouve,), ecarts = lus(f"<p>{imprime}</p>")
    assert (trouve.nom, trouve.nature) == (imprime, "inconnu")
    assert [nature for _, nature, _ in ecarts] == ["partenaire_inconnu"]


def test_nom_inconnu_parmi_des_noms_colles():
    trouves, ecarts = lus("Communes Atelier Zéphyr Associations Pôle emploi")
    assert [p.nom for p in trouves] == ["Communes", "Atelier Zéphyr", "Associations", "Pôle emploi"]
    assert {nature for _, nature, _ in ecarts} == {"noms_colles", "partenaire_inconnu"}


def test_doublon_signale():
    trouves, ecarts = lus("<p>Communes</p><p>Communes</p>")
    assert len(trouves) == 1
    assert ecarts[0][1] == "partenaire_double"


def test_cellule_vide():
    assert lus("") == ((), [])
    assert noms("<p> </p><ul><li>•</li></ul>") == []


@pytest.mark.parametrize(
    ("cellule", "attendu"),
    [
        ("État (politique de la ville) : 20 %", [("État", "politique de la ville, 20 %")]),
        (
            "État 5 000 €, Commune 3 000 €, CAF 2 000 €",
            [
                ("État", "5 000 €"),
                ("Communes", "3 000 €"),
                ("Caisse d'allocations familiales", "2 000 €"),
            ],
        ),
        (
            "CAF : 60 %, État : 20,5 % et Région : 10 %",
            [
                ("Caisse d'allocations familiales", "60 %"),
                ("État", "20,5 %"),
                ("Conseil régional", "10 %"),
            ],
        ),
        (
            "5 000 € de la CAF, 60 % (État)",
            [("Caisse d'allocations familiales", "5 000 €"), ("État", "60 %")],
        ),
        ("CAF<br>2 000 €", [("Caisse d'allocations familiales", "2 000 €")]),
        ("Région jusqu'à 80 %", [("Conseil régional", "jusqu'à 80 %")]),
        ("Ville de Brémont : 3 000 € (acquis)", [("Ville de Brémont", "3 000 € (acquis)")]),
        ("Atelier Zéphyr 12.000 euros par an", [("Atelier Zéphyr", "12.000 euros par an")]),
        ("État - BOP 147 : 5 k€", [("État", "BOP 147, 5 k€")]),
        ("CAF – CLAS : 5 000 €", [("Caisse d'allocations familiales", "CLAS, 5 000 €")]),
        ("CAF (60 %)", [("Caisse d'allocations familiales", "60 %")]),
        ("1 % logement", [("Action Logement", None)]),
        ("CAF : 60 % ; Autofinancement : 40 %", [("Caisse d'allocations familiales", "60 %")]),
        ("Total : 30 000 €", []),
        (
            "45 000 € dont État 15 000 €, CAF 10 000 €",
            [("État", "15 000 €"), ("Caisse d'allocations familiales", "10 000 €")],
        ),
        ("20 000 € (État, CAF)", [("État", None), ("Caisse d'allocations familiales", None)]),
        ("État et CAF : 20 %", [("État", None), ("Caisse d'allocations familiales", None)]),
        ("20 %", []),
    ],
)
def test_un_montant_ou_une_part_precise_un_nom(cellule, attendu):
    trouves, _ = lus(f"<p>{cellule}</p>")
    assert [(p.nom, p.condition) for p in trouves] == attendu


@pytest.mark.parametrize(
    ("imprime", "nom"),
    [
        ("Fondation de France 5 000 €", "Fondation de France"),
        ("Fondation du patrimoine", "Fondation du patrimoine"),
        (
            "Fondation pour le logement des défavorisés",
            "Fondation pour le logement des défavorisés",
        ),
        ("Fondations d'entreprise", "Fondations"),
    ],
)
def test_une_fondation_nommee_n_est_pas_la_categorie(imprime, nom):
    (trouve,), _ = lus(f"<p>{imprime}</p>")
    assert trouve.nom == nom
    assert (trouve.parent == "Fondations") is (nom != "Fondations")
