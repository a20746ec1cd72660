"""Le document de référence : structure, comptes, anomalies, et mêmes faits que le contrat livré."""

import time

import pytest

from parvis.cadre.importation.comparaison import manques, meme_dispositif
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.rubriques import principales
from parvis.cadre.importation.texte import cle

pytestmark = pytest.mark.reference


def _jumelles(reference, livre):
    livrees = {fiche.numero: fiche for fiche in livre.fiches}
    return [(fiche, livrees[fiche.numero]) for fiche in reference.fiches]


def test_comptes(reference):
    assert (len(reference.piliers), len(reference.enjeux), len(reference.fiches)) == (5, 24, 43)
    assert reference.periode == (2015, 2020)
    assert [e.numero for e in reference.enjeux] == list(range(1, 25))
    assert [e.numero for e in reference.enjeux if not e.fiches] == [16]
    assert [note.numero for note in reference.notes] == [1, 2, 3, 4]


def test_quatre_rubriques_par_fiche(reference):
    for fiche in reference.fiches:
        assert [r.code for r in fiche.rubriques] == list(principales())
        assert fiche.descriptif
        assert fiche.financeurs
        assert fiche.operateurs
        assert fiche.dispositifs
        assert fiche.types_d_action


def test_titres_comme_le_contrat_livre(reference, livre):
    assert [(e.numero, cle(e.titre)) for e in reference.enjeux] == [
        (e.numero, cle(e.titre)) for e in livre.enjeux
    ]
    for lue, livree in _jumelles(reference, livre):
        assert cle(lue.titre) == cle(livree.titre)


@pytest.mark.parametrize("role", ["financeurs", "operateurs"])
def test_partenaires_comme_le_contrat_livre(reference, livre, role):
    """Aucun partenaire perdu ni inventé, dans l'ordre du document, avec son parent et son imprimé."""
    for lue, livree in _jumelles(reference, livre):
        lus = [(p.nom, p.imprime, p.parent, bool(p.condition)) for p in getattr(lue, role)]
        livres = [(p.nom, p.imprime, p.parent, bool(p.condition)) for p in getattr(livree, role)]
        assert lus == livres


def test_dispositifs_comme_le_contrat_livre(reference, livre):
    """Au moins 97 % des dispositifs livrés sont lus avec le bon responsable, et réciproquement."""
    livres = lus = retrouves = reconnus = 0
    for lue, livree in _jumelles(reference, livre):
        livres += len(livree.dispositifs)
        lus += len(lue.dispositifs)
        retrouves += sum(
            any(meme_dispositif(d, a) for a in lue.dispositifs) for d in livree.dispositifs
        )
        reconnus += sum(
            any(meme_dispositif(a, d) for a in livree.dispositifs) for d in lue.dispositifs
        )
    assert reconnus / lus >= 0.97
    assert retrouves / livres >= 0.96  # nos fiches détachent aussi des appuis cités dans une phrase


def test_listes_de_types_comme_le_contrat_livre(reference, livre):
    for lue, livree in _jumelles(reference, livre):
        comptes = [sum(t.forme == "liste" for t in fiche.types_d_action) for fiche in (lue, livree)]
        assert comptes[0] == comptes[1]


def test_chiffres_des_constats(reference, livre):
    for lue, livree in _jumelles(reference, livre):
        lus = {(c.valeur, c.unite, c.annee) for c in lue.constats if c.valeur is not None}
        livres = {(c.valeur, c.unite, c.annee) for c in livree.constats if c.valeur is not None}
        assert lus <= livres


def test_le_contrat_livre_n_a_rien_perdu(reference, livre):
    assert manques(reference, livre) == []


def test_anomalies_attendues(reference):
    """Chaque singularité connue est signalée à sa ligne ; rien n'est pris pour inconnu."""
    natures = {a.nature for a in reference.anomalies}
    assert natures >= {
        "renvoi", "noms_colles", "puces_collees", "libelle_mal_imprime", "libelle_raccourci",
        "faute_probable", "liste_non_retenue", "sommaire",
    }  # fmt: skip
    inattendues = {
        "partenaire_inconnu",
        "rubrique_absente",
        "rubrique_inconnue",
        "document_tronque",
    }
    assert not natures & inattendues
    assert all(a.ligne and a.ligne > 0 for a in reference.anomalies)


def test_renvoi_qui_ne_convient_pas(reference):
    (renvoi,) = reference.enjeux[0].renvois
    assert renvoi.cible == "enjeu 20"
    assert "21" in renvoi.anomalie
    (retour,) = reference.enjeux[20].renvois
    assert (retour.cible, retour.anomalie) == ("enjeu 1", None)


def test_types_en_prose_proposes_avec_moins_de_confiance(reference):
    prose = [t for f in reference.fiches for t in f.types_d_action if t.forme == "prose"]
    assert prose
    assert all(0.4 <= t.confiance <= 0.75 for t in prose)


def test_lecture_en_moins_d_une_seconde(chemin_reference, reference):
    durees = []
    for _ in range(3):
        debut = time.process_time()
        lire(chemin_reference)
        durees.append(time.process_time() - debut)
    assert min(durees) < 1.0
