"""Chaque acte se raconte, à chacun selon son regard, même quand ses détails sont effacés."""

import ast
import re

import pytest
from django.conf import settings

from parvis.journal import phrases as journal
from parvis.journal.actions import effacer_les_details
from parvis.journal.enums import Regard
from parvis.journal.models import Evenement
from parvis.journal.phrases import Phrase, phrases, raconter
from parvis.journal.queries.verification import ruptures
from parvis.journal.rules import EFFACEMENT
from tests.journal.actes import ACTES, EXPLOITANT, NOMS, faire

# Qui note, où est l'acte dans l'appel, et ce qui le précède.
NOTENT = {
    "noter": (None, ""),
    "noter_pour": (0, ""),
    "noter_le_dossier": (1, ""),
    "noter_sur_l_appel": (1, ""),
    "noter_l_instruction": (1, ""),
    "noter_la_seance": (1, ""),
    "noter_le_bilan": (1, ""),
    "noter_une_decision": (1, ""),
    "noter_un_acte": (1, ""),
    "consigner": (1, "organismes."),
    "_noter": (1, ""),
    "_noter_et_ecrire": (1, ""),
}
# Les fonctions qui ne font que passer l'acte qu'on leur donne.
PASSENT = {
    "parvis/comptes/actions/journal.py",
    "parvis/organismes/actions/acte.py",
    "parvis/cadre/actions/brouillons.py",
    "parvis/cadre/actions/declinaisons.py",
    "parvis/cadre/actions/lectures.py",
    "parvis/cadre/actions/plan.py",
    "parvis/cadre/actions/rapprochements.py",
    "parvis/cadre/actions/savoirs.py",
    "parvis/conventions/actions/actes.py",
    "parvis/conventions/actions/comptabilite.py",
    "parvis/conventions/actions/modeles.py",
    "parvis/dossiers/actions/appels.py",
    "parvis/dossiers/actions/appels_ailleurs.py",
    "parvis/dossiers/actions/comptes_bancaires.py",
    "parvis/dossiers/actions/journal.py",
    "parvis/evaluation/actions/tenir.py",
    "parvis/instances/actions.py",
    "parvis/instruction/actions/tenir.py",
    "parvis/orientation/actions.py",
    "parvis/pilotage/actions/doublons.py",
    "parvis/pilotage/actions/utilisateurs.py",
    "parvis/programmation/actions/decisions.py",
    "parvis/programmation/actions/enveloppes.py",
    "parvis/programmation/actions/scenarios.py",
    "parvis/programmation/actions/tenir_la_seance.py",
}


def actes_du_code(source: str) -> tuple[set[str], int]:
    """Rend les actes que note un fichier, et combien d'appels ne disent pas lequel."""
    trouves, obscurs = set(), 0
    for appel in ast.walk(ast.parse(source)):
        if not (isinstance(appel, ast.Call) and isinstance(appel.func, ast.Name)):
            continue
        if appel.func.id not in NOTENT:
            continue
        rang, prefixe = NOTENT[appel.func.id]
        nommes = [cle.value for cle in appel.keywords if cle.arg == "action"]
        argument = appel.args[rang] if rang is not None else nommes[0]
        if isinstance(argument, ast.Constant):
            trouves.add(prefixe + argument.value)
        elif isinstance(argument, ast.Attribute) and argument.attr == "EFFACEMENT":
            trouves.add(EFFACEMENT)
        else:
            obscurs += 1
    return trouves, obscurs


def test_chaque_acte_du_code_a_sa_phrase_et_chaque_phrase_son_acte():
    notes = set()
    for fichier in sorted((settings.RACINE / "parvis").rglob("*.py")):
        trouves, obscurs = actes_du_code(fichier.read_text(encoding="utf-8"))
        notes |= trouves
        chemin = fichier.relative_to(settings.RACINE).as_posix()
        assert obscurs == (chemin in PASSENT), f"{chemin} : un acte noté n'est pas écrit en clair"
    assert notes == set(phrases()) == set(ACTES)


def test_le_releve_voit_un_acte_et_un_appel_obscur():
    source = 'noter(action="a.b")\nnoter_pour("c.d")\nconsigner(p, "e", o)\nnoter(action=x)'
    assert actes_du_code(source) == ({"a.b", "c.d", "organismes.e"}, 1)


def defauts(phrase: str) -> list[str]:
    """Rend ce qui, dans une phrase, n'est pas du français pour un lecteur."""
    interdits = {
        "un trou": r"\(effacé\)",
        "une clé technique": r"\w_\w|\borganisme:|\bNone\b|[\[\]{}]",
        "une date ISO": r"\d{4}-\d\d-\d\d",
        "un mot vide": r"  | ,| \.|«\s*»|: ?\.|comme \.|\(\)|\.\.",
    }
    trouves = [nom for nom, motif in interdits.items() if re.search(motif, phrase)]
    return trouves + ([] if re.search(r"(\.|[.!?…] »)$", phrase) else ["pas de point"])


@pytest.mark.parametrize(
    "phrase",
    [
        "A agit comme .",
        "A (effacé).",
        "le 2026-04-03.",
        "champ courriel_origine.",
        "A agit",
        "« ».",
    ],
)
def test_une_phrase_qui_cloche_se_voit(phrase):
    assert defauts(phrase)


def lues(evenement: Evenement) -> dict[str, str]:
    relu = Evenement.objects.select_related("details").get(pk=evenement.pk)
    contenu = relu.details.contenu if hasattr(relu, "details") else {}
    return {
        regard: raconter(
            relu.action,
            regard,
            qui=relu.utilisateur_nom,
            objet=relu.objet_nom,
            details=contenu,
        )
        for regard in Regard.values
    }


@pytest.mark.django_db
@pytest.mark.parametrize("action", ACTES)
def test_un_acte_se_raconte_puis_sans_ses_details(action):
    evenement = faire(action)
    avant = lues(evenement)
    lecteur = Regard.MEMBRES if phrases()[action].est_prive else Regard.PILOTAGE
    assert avant[lecteur], "le pilote lit tout acte, sauf ce qui est d'un brouillon"
    effacer_les_details(par=EXPLOITANT, evenements=[evenement], motif="Demande reçue")
    apres = lues(evenement)
    for regard, phrase in [*avant.items(), *apres.items()]:
        assert not phrase or defauts(phrase) == [], (regard, phrase)
    assert {r for r, p in avant.items() if p} == {r for r, p in apres.items() if p}
    for phrase in (avant[Regard.PUBLIC], apres[Regard.PUBLIC]):
        assert not any(nom in phrase for nom in (*NOMS, evenement.utilisateur_nom))
    assert ruptures() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "regard", "phrase"),
    [
        (
            "organismes.modifier",
            Regard.MEMBRES,
            "Amina Traoré a changé la page « Les Jardins » : sigle, nature, forme juridique, "
            "commune du siège, adresse postale, courriel de l’organisme, autres noms, "
            "communes où il agit.",
        ),
        (
            "organismes.cloturer",
            Regard.MEMBRES,
            "Amina Traoré a changé la fin de « Les Jardins » : fin le 3 avril 2026, "
            "remplacement par Le Verger.",
        ),
        (
            "comptes.nommer",
            Regard.MEMBRES,
            "Bruno Lefèvre agit maintenant comme pilote du contrat, pour « tilleuls », "
            "par décision de l’exploitant du site.",
        ),
        (
            "comptes.confirmer",
            Regard.MEMBRES,
            "Bruno Lefèvre agit maintenant comme contributeur. Confirmation par Amina Traoré. "
            "Preuve : pièce vue par le pilote. Pièce : « Récépissé de 2020 ».",
        ),
        (
            "comptes.refuser",
            Regard.MEMBRES,
            "Amina Traoré a refusé la demande de Bruno Lefèvre (contributeur). "
            "Motif : « Nous ne connaissons pas cette personne. »",
        ),
        (
            "organismes.fusionner",
            Regard.PILOTAGE,
            "Amina Traoré a réuni « Le Verger » à « Les Jardins » : c’est un doublon. "
            "Raisons : « même adresse ; même nom ».",
        ),
    ],
)
def test_ce_que_lit_chacun(action, regard, phrase):
    assert lues(faire(action))[regard] == phrase


@pytest.mark.django_db
def test_le_pilote_lit_l_avant_et_l_apres():
    phrase = lues(faire("organismes.modifier"))[Regard.PILOTAGE]
    assert "nature, de « Association » à « Fondation »" in phrase
    assert "adresse postale, ajout de « 3 rue du Verger »" in phrase
    assert "communes où il agit, ajout de « Port-Tilleul, Val-Chêne »" in phrase


@pytest.mark.parametrize(
    ("reponse", "nombre", "fin"),
    [
        ("CAF", 1, "accepte « CAF »."),
        ("CAF", 3, "accepte « CAF », et 2 autres."),
        ("Caf du Val", 1, "« CAF » devient « Caf du Val »."),
        ("", 2, "« CAF », non, et 1 autre."),
    ],
)
def test_une_reponse_dit_ce_qu_elle_change(reponse, nombre, fin):
    details = {"imprime": "CAF", "reponse": reponse, "nombre": nombre}
    phrase = raconter(
        "cadre.repondre", Regard.PILOTAGE, qui="Maud", objet="a.docx", details=details
    )
    assert phrase == f"Maud a répondu à une question sur « a.docx » : {fin}"


def test_le_public_n_a_pas_le_nom_de_qui_agit(monkeypatch):
    monkeypatch.setitem(journal.PHRASES, "x.y", Phrase(public="{{ qui }} a publié {{ objet }}."))
    journal.phrases.cache_clear()
    phrase = raconter("x.y", Regard.PUBLIC, qui="Amina", objet="le cadre", details={})
    journal.phrases.cache_clear()
    assert phrase == "(effacé) a publié le cadre."


def test_le_pilote_ne_lit_rien_de_ce_qui_est_prive():
    phrase = Phrase("{{ qui }} écrit.", est_prive=True)
    assert phrase.pour(Regard.MEMBRES)
    assert phrase.pour(Regard.PILOTAGE) == phrase.pour(Regard.PUBLIC) == ""


def test_un_acte_raconte_deux_fois_est_refuse(monkeypatch):
    monkeypatch.setitem(journal.PHRASES, "cadre.publier", Phrase("x"))
    journal.phrases.cache_clear()
    with pytest.raises(ValueError, match=r"cadre\.publier"):
        phrases()
    journal.phrases.cache_clear()
