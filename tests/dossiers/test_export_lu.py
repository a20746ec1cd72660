"""Lire le fichier d'un portail : un tableau, ou les fiches de son API."""

import json

import pytest
from django.conf import settings

from parvis.dossiers.importation import lire_l_export
from parvis.dossiers.rules.exports import LigneIllisible, lire_la_ligne
from parvis.socle.refus import Refus

NUMERO = "DA01234567"

FICHE = {
    "referenceAdministrative": NUMERO,
    "exerciceBudgetaire": 2026,
    "virtualStatusLabel": "A justifier",
    "planFinancement": [
        {"current": False, "recette": {"postes": [{"lignes": [{"financement": {}}]}]}},
        {
            "current": True,
            "recette": {
                "postes": [
                    {
                        "sousPostes": [
                            {
                                "lignes": [
                                    {
                                        "montant": {"ht": 5000},
                                        "financement": {
                                            "financeur": {"typeFinanceur": "FINANCEURPRIVILEGIE"},
                                            "montantVote": {"ht": 4000.5},
                                        },
                                    },
                                    {
                                        "financement": {
                                            "financeur": {"typeFinanceur": "PARTENAIREFINANCIER"},
                                            "montantVote": {"ht": 900},
                                        }
                                    },
                                    {"montant": {"ht": 12}},
                                ]
                            }
                        ],
                        "lignes": [
                            {
                                "financement": {
                                    "financeur": {"typeFinanceur": "FINANCEURPRIVILEGIE"},
                                    "montantVote": {"ht": 300},
                                }
                            }
                        ],
                    }
                ]
            },
        },
    ],
}


@pytest.mark.parametrize("enveloppe", [lambda f: [f], lambda f: f, lambda f: {"demandes": [f]}])
def test_les_fiches_du_portail_ne_comptent_que_ses_financeurs(enveloppe):
    export = lire_l_export(json.dumps(enveloppe(FICHE)).encode(), "export.json", {})
    (ligne,) = export.lignes
    assert ligne.faits == {
        "numero": NUMERO,
        "statut": "A justifier",
        "vote": "4300,5",
        "vote_le": "",
        "exercice": "2026",
    }
    assert export.colonnes == {}


@pytest.mark.parametrize(
    ("octets", "motif"),
    [
        (b"{pas du json", "n’est pas un JSON"),
        (b"[" * 100_000, "n’est pas un JSON"),
        (b"{}", "aucune demande"),
        (b'["rien"]', "aucune demande"),
        (b"", "est vide"),
        (b"%PDF-1.7", "est un PDF"),
        ("Intitulé;Montant\nA;B".encode(), "le numéro de l’action"),
    ],
)
def test_un_fichier_qui_n_est_pas_un_export_se_refuse(octets, motif):
    with pytest.raises(Refus, match=motif):
        lire_l_export(octets, "export", {})


def test_un_json_demesure_se_refuse(monkeypatch):
    monkeypatch.setattr("parvis.dossiers.importation.LIGNES_MAX", 2)
    with pytest.raises(Refus, match="plus de 2 demandes"):
        lire_l_export(json.dumps([{}] * 3).encode(), "e.json", {})
    monkeypatch.setattr("parvis.dossiers.importation.OCTETS_MAX", 2)
    with pytest.raises(Refus, match="trop grand"):
        lire_l_export(b"[{}]", "e.json", {})


@pytest.mark.parametrize(
    ("vote", "texte"),
    [
        (b"1E999999999", "1E+999999999"),
        (b"1E-999999999", "1E-999999999"),
        (b"true", ""),
        (b'"4 000"', "4 000"),
        (b"NaN", "nan"),
    ],
)
def test_un_montant_hostile_reste_un_texte(vote, texte):
    octets = b'[{"reference": "01234567", "statut": "En cours", "montantVote": %s}]' % vote
    assert lire_l_export(octets, "e.json", {}).lignes[0].faits["vote"] == texte


def test_l_export_invente_de_la_demonstration_se_lit():
    fichier = settings.DOSSIER_DONNEES / "demonstration/documents"
    nom = "export-invente-du-portail-de-l-etat.csv"
    export = lire_l_export((fichier / nom).read_bytes(), nom, {})
    assert export.colonnes == {
        "numero": "Référence administrative",
        "statut": "Statut",
        "vote": "Montant voté",
    }
    lues = [lire_la_ligne(brute) for brute in export.lignes]
    assert [ligne.ligne for ligne in lues] == [3, 4, 5, 6]
    assert [ligne.etat for ligne in lues[:3]] == ["accordee", "refusee", "demandee"]
    assert isinstance(lues[3], LigneIllisible)
