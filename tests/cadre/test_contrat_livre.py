"""Le contrat livré : complet, lisible, dans nos mots."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from parvis.cadre.importation.comparaison import manques
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.lisibilite import compter_mots, defauts, phrases
from parvis.cadre.importation.structure import ContratLu
from parvis.cadre.importation.unification import unifier_dispositifs
from tests.fabriques.cadre import avec_fiche, fiche, petit_contrat

RACINE = Path(__file__).parents[2]
LIVRE = RACINE / "donnees" / "contrats" / "seine-amont-2015-2020.yaml"
REFERENCE = Path(os.environ.get("PARVIS_REFERENCE", RACINE.parent / "shared"))


@pytest.fixture(scope="module")
def livre() -> ContratLu:
    return lire(LIVRE)


@pytest.fixture(scope="module")
def document() -> ContratLu:
    fichiers = sorted((REFERENCE / "document").glob("*.txt"))
    if not fichiers:
        pytest.skip("document de référence absent (PARVIS_REFERENCE)")
    return lire(fichiers[0])


def test_le_contrat_livre_est_entier(livre):
    assert len(livre.piliers) == 5
    assert [e.numero for e in livre.enjeux] == list(range(1, 25))
    assert len(livre.fiches) == 43
    assert all(f.financeurs and f.operateurs and f.dispositifs for f in livre.fiches)
    assert livre.enjeux[15].fiches == ()


def test_le_contrat_livre_se_lit_bien(livre):
    assert defauts(livre) == []


def test_le_contrat_livre_explique_chaque_dispositif_une_fois(livre):
    cites = {d.nom for f in livre.fiches for d in f.dispositifs}
    expliques = Counter(d.nom for d in livre.dispositifs_connus)
    assert set(expliques) == cites
    assert set(expliques.values()) == {1}
    assert all(d.explication for d in livre.dispositifs_connus)


def test_le_contrat_livre_nomme_chaque_dispositif_d_une_seule_facon(livre):
    assert unifier_dispositifs(livre) == livre


def test_ce_qui_a_pris_fin_dit_quand(livre):
    finis = {d.nom: d for d in livre.dispositifs_connus if d.fin_le}
    assert any("FISAC" in nom for nom in finis)
    assert all("2010" < d.fin_le < "2026" for d in finis.values())
    # Une convention arrivée à son terme n'est remplacée par rien ; un dispositif, si.
    assert all(d.suite for nom, d in finis.items() if not nom.startswith("Convention"))


@pytest.mark.reference
def test_le_contrat_livre_n_a_rien_perdu_du_document(livre, document):
    assert manques(document, livre) == []


@pytest.mark.reference
def test_le_contrat_livre_a_exactement_les_partenaires_du_document(livre, document):
    for notre, source in zip(livre.fiches, document.fiches, strict=True):
        for role in ("financeurs", "operateurs"):
            notres = [(p.nom, p.parent) for p in getattr(notre, role)]
            assert notres == [(p.nom, p.parent) for p in getattr(source, role)], source.numero


@pytest.mark.reference
def test_le_contrat_livre_ne_copie_pas_le_document(livre, document):
    """Des noms peuvent se retrouver ; pas des phrases : aucune suite de 10 mots en commun."""
    longueur = 10
    texte = "\n".join(f.descriptif for f in document.fiches)
    texte += "\n".join(t.texte for f in document.fiches for t in f.types_d_action)
    texte += "\n".join(d.imprime or "" for f in document.fiches for d in f.dispositifs)
    vus = _suites(texte, longueur)
    for f in livre.fiches:
        nos_textes = [f.descriptif, *(t.texte for t in f.types_d_action)]
        nos_textes += [d.detail or "" for d in f.dispositifs] + [c.texte for c in f.constats]
        for nous in nos_textes:
            assert not _suites(nous, longueur) & vus, f.numero


def _suites(texte: str, longueur: int) -> set[tuple[str, ...]]:
    mots = re.findall(r"\w+", texte.lower())
    return {tuple(mots[i : i + longueur]) for i in range(len(mots) - longueur + 1)}


def test_la_lisibilite_voit_chaque_defaut():
    longue = "Ce texte " + "très " * 30 + "long ne finit pas."
    cas = {
        "mots, il en faut": fiche("1-1", descriptif="Trop court."),
        "mots par phrase": fiche("1-1", descriptif="Une phrase.\n\n" + longue * 3),
        "premier paragraphe": fiche("1-1", descriptif="Une. Deux.\n\n" + "Un mot suit. " * 30),
        "aucun type": fiche("1-1", types_d_action=()),
    }
    for attendu, piegee in cas.items():
        trouves = [d for d in defauts(avec_fiche(petit_contrat(), piegee)) if "1-1" in d]
        assert any(attendu in d for d in trouves), attendu


def test_les_phrases_se_comptent():
    assert phrases("Un. Deux ! Trois ?\n\nQuatre") == ["Un.", "Deux !", "Trois ?", "Quatre"]
    assert compter_mots("L'eau de l’Yerres, 2,5 fois") == 6


def test_la_comparaison_voit_ce_qui_manque():
    source = petit_contrat()
    perdue = fiche(
        "1-1", publics=(), lieux=(), dispositifs=(), financeurs=(), constats=(), descriptif="Rien."
    )
    natures = {m.nature for m in manques(source, avec_fiche(source, perdue)) if m.fiche == "1-1"}
    assert natures >= {"public", "dispositif", "financeur", "chiffre"}
    assert manques(source, source) == []


def test_la_commande_verifie_le_contrat_livre(capsys):
    call_command("verifier_contrat", str(LIVRE))
    assert "Rien à revoir" in capsys.readouterr().out


def test_la_commande_dit_ce_qui_ne_va_pas(tmp_path):
    with pytest.raises(CommandError, match=r"n.existe pas"):
        call_command("verifier_contrat", str(tmp_path / "absent.yaml"))
