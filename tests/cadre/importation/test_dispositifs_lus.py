"""Dispositifs : responsable, nom court, puces, phrases, conventions."""

import pytest

from parvis.cadre.importation.dispositifs import lire_dispositifs, titres_indicatifs
from parvis.cadre.importation.fragments import blocs_de
from parvis.cadre.importation.noms_de_dispositif import nommer, separer

ETAT = "<p><b>Dispositifs de l'Etat :</b></p>"


def lus(cellule: str, indicatifs=frozenset()):
    ecarts: list[tuple] = []
    return lire_dispositifs(blocs_de(cellule, 3), lambda *a: ecarts.append(a), indicatifs), ecarts


@pytest.mark.parametrize(
    ("intitule", "porteurs"),
    [
        ("Dispositifs communaux :", ("Communes",)),
        ("Les dispositifs des communes :", ("Communes",)),
        ("Dispositifs intercommunaux :", ("Agglomération",)),
        ("Dispositif de l'agglomération :", ("Agglomération",)),
        (
            "Dispositif cofinancé par la Caisse d'Allocation Familiale :",
            ("Caisse d'allocations familiales",),
        ),
        ("Dispositifs financés de la CAF :", ("Caisse d'allocations familiales",)),
        ("Dispositif FASS et Pôle emploi :", ("FASS", "Pôle emploi")),
        (
            "Dispositif de la CDC avec le Conseil régional :",
            ("Caisse des dépôts et consignations", "Conseil régional"),
        ),
        ("Autres dispositifs de l'Etat :", ("État",)),
        ("Dispositif FACE 95 :", ("FACE 95",)),
        ("Dispositifs du Pôle emploi :", ("Pôle emploi",)),
        ("Dispositif de la Chambre des métiers :", ("Chambre des métiers",)),
        ("Conseil régional :", ("Conseil régional",)),
        ("Dispositif de la Fondation Zéphyr :", ("Fondation Zéphyr",)),
    ],
)
def test_intitules(intitule, porteurs):
    (lu,), _ = lus(f"<p><b>{intitule}</b></p><ul><li>• Pass X.</li></ul>")
    assert lu.porteurs == porteurs
    assert lu.porteur == porteurs[0]
    assert (lu.nom, lu.origine) == ("Pass X", "puce")


def test_service_de_l_etat_entre_parentheses():
    (lu,), _ = lus(
        "<p><b>Dispositifs de l'Etat (Education Nationale) :</b></p><ul><li>• Pass X</li></ul>"
    )
    assert (lu.porteur, lu.parent) == ("Éducation nationale", "État")


@pytest.mark.parametrize(
    ("puce", "porteur", "parent"),
    [
        ("L'appel à projet de la Direccte peut soutenir les clauses.", "Direccte", "État"),
        ("Structure d'aide (SAS) de l'Education nationale.", "Éducation nationale", "État"),
        ("<b>L'Education Nationale</b> a mis en place un Sas.", "Éducation nationale", "État"),
        ("Les universités organisent des portes ouvertes.", "Universités", None),
        (
            "ANRU pour les quartiers en rénovation.",
            "Agence nationale pour la rénovation urbaine",
            None,
        ),
        ("Contrat mis en œuvre par les Missions locales.", "État", None),
    ],
)
def test_responsable_nomme_dans_la_puce(puce, porteur, parent):
    (lu,), _ = lus(f"{ETAT}<ul><li>• {puce}</li></ul>")
    assert (lu.porteur, lu.parent) == (porteur, parent)


def test_phrases_dont_le_responsable_est_le_sujet():
    lu, _ = lus(
        f"{ETAT}<ul><li>• Pass X.</li></ul><p><b>La Direccte</b> peut contribuer au repérage.</p>"
        "<p>La <b>Caf</b> finance des projets d'insertion.</p>"
    )
    assert [(d.porteur, d.parent, d.origine) for d in lu] == [
        ("État", None, "puce"),
        ("Direccte", "État", "phrase"),
        ("Caisse d'allocations familiales", None, "phrase"),
    ]
    assert all(0.5 <= d.confiance <= 0.8 for d in lu[1:])
    assert lu[2].nom == "Financement de projets d'insertion"


@pytest.mark.parametrize("fin", [":", ""])
def test_phrase_qui_annonce_des_puces(fin):
    lu, _ = lus(
        f"<p>La Caisse des dépôts peut {fin}</p><ul><li>• Cofinancer des études</li><li>• Prêt Y</li></ul>"
    )
    assert [(d.porteur, d.nom, d.origine) for d in lu] == [
        ("Caisse des dépôts et consignations", "Cofinancement d'études", "puce"),
        ("Caisse des dépôts et consignations", "Prêt Y", "puce"),
    ]


def test_convention_puis_groupe():
    lu, _ = lus(
        f"{ETAT}<p>La convention d'objectifs 2014-2016 entre le Ministre de l'artisanat, du commerce et le "
        "Ministre délégué à la Ville demande :</p><ul><li>• D'ouvrir</li></ul>"
        "<p><b>Dispositifs communaux :</b></p><ul><li>• Pass X</li></ul>"
    )
    assert [(d.porteur, d.nom) for d in lu] == [
        ("État", "Convention d'objectifs 2014-2016 (ministère de l'Artisanat)"),
        ("Communes", "Pass X"),
    ]
    assert "D'ouvrir" in lu[0].detail


def test_explication_et_ligne_grasse():
    lu, _ = lus(
        f"{ETAT}<ul><li>• Pass X.</li></ul><p>Ce dispositif aide.</p><p><b>Les chartes déjà en place</b></p>"
    )
    assert [(d.porteur, d.nom) for d in lu] == [("État", "Pass X"), (None, "Chartes déjà en place")]
    assert lu[0].detail == "Ce dispositif aide."
    assert lu[1].degre == "en_place"


@pytest.mark.parametrize(
    ("puce", "nom", "detail"),
    [
        ("AGEPI : aide pour la garde ;", "AGEPI", "aide pour la garde"),
        ("Le Fonds d'intervention (FISAC).", "Fonds d'intervention (FISAC)", None),
        (
            "Dispositif LOLA (Lever l'Obstacle de la Langue Ailleurs).",
            "Lever l'Obstacle de la Langue Ailleurs (LOLA)",
            None,
        ),
        ("CV Vidéo (plateforme nationale).", "CV Vidéo", "plateforme nationale"),
        (
            "Crédits de fonctionnement « Actions de quartier »",
            "Actions de quartier",
            "Crédits de fonctionnement",
        ),
        ("Job Académie, expérimentation de 2014", "Job Académie", "expérimentation de 2014"),
        ("Le PRE permet d'échanger.", "PRE", "permet d'échanger"),
        ("Financement du BOP 147 dans un cadre", "BOP 147", "Financement du BOP 147 dans un cadre"),
        ("Possibilité de financement d'études", "Financement d'études", None),
        ("A la rentrée 2015 : PIO, parcours d'orientation", "PIO", "parcours d'orientation"),
        (
            "Créé en 2008, le dispositif Ouvrir l'École a été mis en place",
            "Ouvrir l'École",
            "a été mis en place",
        ),
        ("Formations d'adaptation (AFPR et POE)", "Formations d'adaptation (AFPR et POE)", None),
        ("Les Jeudis (Choisy-le-Roi)", "Jeudis", "Choisy-le-Roi"),
        (
            "Réseaux d'écoute, d'appui et d'accompagnement",
            "Réseaux d'écoute, d'appui et d'accompagnement",
            None,
        ),
    ],
)
def test_noms(puce, nom, detail):
    assert nommer(puce) == (nom, detail)


@pytest.mark.parametrize(
    ("puce", "nombre"),
    [
        ("Aides au logement- Aides au transport", 2),
        ("PEDT – PRE.", 2),
        ("CLS et CLSI.", 2),
        ("Contrat d'apprentissage et Contrat de professionnalisation", 2),
        ("Postes Adultes – relais", 1),
        ("Pass pro : 3ème- seconde", 1),
        ("Locaux en rez - de chaussée", 1),
        ("Le Forum Avenir et Formation", 1),
        ("Études et travaux", 1),
    ],
)
def test_puces_collees(puce, nombre):
    assert len(separer(puce)) == nombre


@pytest.mark.parametrize(
    ("puce", "degre"),
    [
        ("Démarche à initier", "a_initier"),
        ("Elle pourrait financer des études", "a_initier"),
        ("Job X, expérimentation", "experimentation"),
        ("Dispositifs déjà mis en place", "en_place"),
        ("Aide (existence en 2015 pas assurée)", "incertain"),
        ("Possibilité de financement", "possible"),
        ("Pass X", None),
    ],
)
def test_degres(puce, degre):
    (lu,), _ = lus(f"{ETAT}<ul><li>• {puce}</li></ul>")
    assert lu.degre == degre


def test_a_titre_indicatif_dit_par_le_document():
    indicatifs = titres_indicatifs(
        "Les dispositifs du Conseil régional sont mentionnés à titre indicatif."
    )
    assert indicatifs == {"Conseil régional"}
    (lu,), _ = lus(
        "<p><b>Dispositifs du Conseil régional :</b></p><ul><li>• Pass X</li></ul>", indicatifs
    )
    assert lu.degre == "indicatif"


@pytest.mark.parametrize(
    ("puce", "nature"),
    [
        ("Postes FONJEP (BOP 147)", "specifique"),
        ("Abatement de la TFPB", "specifique"),
        ("Bourse avec des pré-requis", "droit_commun"),
        ("Bourses au permis", "droit_commun"),
    ],
)
def test_natures(puce, nature):
    (lu,), _ = lus(f"{ETAT}<ul><li>• {puce}</li></ul>")
    assert lu.nature == nature


@pytest.mark.parametrize(
    ("ligne", "attendu"),
    [
        (
            "Contrat local de santé (ARS), Programme de réussite éducative (Ville), Cités éducatives",
            [
                ("Contrat local de santé", "Agence régionale de santé"),
                ("Programme de réussite éducative", "Communes"),
                ("Cités éducatives", None),
            ],
        ),
        (
            "PRE, CLAS et cités éducatives",
            [("PRE", None), ("CLAS", None), ("Cités éducatives", None)],
        ),
        ("le CLAS, la Cité éducative", [("CLAS", None), ("Cité éducative", None)]),
        ("PRE / CLAS", [("PRE", None), ("CLAS", None)]),
        (
            "Contrat local de santé (ARS) et PRE (Ville)",
            [("Contrat local de santé", "Agence régionale de santé"), ("PRE", "Communes")],
        ),
        (
            "CAF : CLAS, REAAP",
            [
                ("CLAS", "Caisse d'allocations familiales"),
                ("REAAP", "Caisse d'allocations familiales"),
            ],
        ),
        (
            "Dispositifs de la CAF : CLAS, REAAP",
            [
                ("CLAS", "Caisse d'allocations familiales"),
                ("REAAP", "Caisse d'allocations familiales"),
            ],
        ),
        (
            "Réseau d'écoute, d'appui et d'accompagnement des parents (CAF)",
            [
                (
                    "Réseau d'écoute, d'appui et d'accompagnement des parents",
                    "Caisse d'allocations familiales",
                )
            ],
        ),
        (
            "Dispositif porté par la CAF, le Département et la Ville",
            [("Dispositif porté par la CAF, le Département et la Ville", None)],
        ),
    ],
)
def test_une_ligne_de_plusieurs_dispositifs(ligne, attendu):
    trouves, _ = lus(f"<p>{ligne}</p>")
    assert [(d.nom, d.porteur) for d in trouves] == attendu
    assert all((d.confiance > 0.7) is (d.porteur is not None) for d in trouves)


def test_une_virgule_que_rien_ne_separe_est_un_doute():
    (premier, second), _ = lus("<p>aide au permis, chèque mobilité (Région) ; garage (CAF)</p>")
    assert (premier.nom, premier.confiance) == ("Aide au permis, chèque mobilité", 0.7)
    assert (second.nom, second.confiance) == ("Garage", 0.95)


@pytest.mark.parametrize(
    ("phrase", "nom"),
    [
        (
            "La CAF joue un rôle de promotion de l'emploi et vise à mieux dire ses aides.",
            "Promotion de l'emploi",
        ),
        (
            "La CAF finance les investissements réalisés dans le cadre des chantiers de rénovation urbaine "
            "sur le volet qui porte sur la construction des crèches.",
            "Financement des investissements réalisés dans le cadre des chantiers de rénovation urbaine",
        ),
        (
            "Les Missions locales se rendent dans les lycées à leur demande afin de faire intervenir un "
            "conseiller formation pour présenter les métiers, les études et les stages possibles.",
            "Intervention d'un conseiller formation",
        ),
        ("La CAF finance des ateliers et des sorties.", "Financement d'ateliers et des sorties"),
    ],
)
def test_le_nom_tire_d_une_phrase_a_du_sens(phrase, nom):
    (lu,), _ = lus(f"<ul><li>• {phrase}</li></ul>")
    assert lu.nom == nom
    assert lu.detail.startswith(phrase[:30])
