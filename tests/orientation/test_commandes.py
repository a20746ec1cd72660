"""`orienter` et `evaluer_orientation` : sans base pour le contrat livré, et pour un contrat publié."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.fabriques.cadre import contrat_publie


def lancer(*args, entree: str = "", monkeypatch=None, **options) -> str:
    sortie = io.StringIO()
    if monkeypatch:
        flux = io.TextIOWrapper(io.BytesIO(entree.encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", flux)
    call_command(*args, stdout=sortie, **options)
    return sortie.getvalue()


def test_des_lignes_json_sans_base(monkeypatch):
    lignes = [{"id": 7, "query": "une nounou le soir"}, {"id": "b", "query": "bonjour"}]
    entree = "\n".join(json.dumps(ligne) for ligne in lignes) + "\n\n"
    nounou, bonjour = map(
        json.loads,
        lancer("orienter", "--jsonl", entree=entree, monkeypatch=monkeypatch).splitlines(),
    )
    assert nounou["id"] == 7 and nounou["fiches"][0] == "2-3" and "motif" not in nounou
    for raison in nounou["raisons"]:
        assert raison["fiche"] in nounou["fiches"]
        assert raison["ecrit"] in lignes[0]["query"] and raison["dit"] in raison["phrase"]
    assert bonjour["id"] == "b" and bonjour["fiches"] == [] and bonjour["raisons"] == []
    assert bonjour["motif"] == "trop_peu_de_mots" and bonjour["explication"]


@pytest.mark.parametrize("ligne", ["pas du json", '{"query": "x"}', "[1]", '"seul"'])
def test_une_ligne_mal_formee_est_nommee(monkeypatch, ligne):
    with pytest.raises(CommandError, match="Ligne 1"):
        lancer("orienter", "--jsonl", entree=ligne, monkeypatch=monkeypatch)


def test_une_question_se_raconte():
    dit = lancer("orienter", "une", "nounou", "le", "soir")
    assert "2-3 ·" in dit and "vous écrivez « nounou », le contrat dit" in dit
    assert "Ce contrat n’a pas de fiche" in lancer(
        "orienter", "un cambriolage, la police et des rodéos"
    )
    with pytest.raises(CommandError, match="Écrivez une question"):
        lancer("orienter")


@pytest.mark.django_db
def test_un_contrat_publie(monkeypatch):
    contrat_publie()
    dit = lancer("orienter", "jardins partagés", contrat="tilleuls")
    assert "1-1 · Ouvrir des jardins partagés" in dit
    with pytest.raises(CommandError, match="absent"):
        lancer("orienter", "jardins", contrat="absent")


class TestEvaluer:
    @pytest.fixture
    def fichier(self, tmp_path):
        questions = [
            {"id": "1", "query": "une nounou le soir", "fiches": ["2-3"], "sorte": "courant"},
            {"id": "2", "query": "une nounou le soir", "fiches": ["22-1"], "sorte": "courant"},
            {"id": "3", "query": "bonjour", "fiches": [], "sorte": "hors"},
        ]
        chemin = tmp_path / "questions.jsonl"
        chemin.write_text("\n".join(map(json.dumps, questions)) + "\n", encoding="utf-8")
        return chemin

    def test_mesure_par_sorte(self, fichier):
        courant, hors, toutes = json.loads(lancer("evaluer_orientation", fichier, json=True))
        assert courant["nombre"] == toutes["nombre"] == 2 and courant["hit@1"] == 0.5
        assert (hors["sorte"], hors["non"]) == ("hors", 1.0)
        dit = lancer("evaluer_orientation", fichier, details=True)
        assert "hit@1" in dit and "2 · 2-3" in dit

    @pytest.mark.parametrize("texte", ["[", '{"id": 1}', "[1]"])
    def test_un_fichier_mal_forme_nomme_sa_ligne(self, tmp_path, texte):
        chemin = tmp_path / "faux.jsonl"
        chemin.write_text(texte, encoding="utf-8")
        with pytest.raises(CommandError, match="Ligne 1"):
            lancer("evaluer_orientation", chemin)
        with pytest.raises(CommandError):
            lancer("evaluer_orientation", tmp_path / "absent.jsonl")
