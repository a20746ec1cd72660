"""Un document abîmé (coupures, encodages, fautes de libellé) donne les mêmes faits que l'original."""

import re

import pytest

from parvis.cadre.importation.lecteur import lire_texte
from tests.cadre.importation import mutations


def _faits(contrat) -> dict:
    """Rend ce qu'une autre mise en page ne doit pas changer."""
    return {
        f.numero: (
            f.titre,
            [(p.nom, p.parent, p.condition) for p in f.financeurs],
            [(p.nom, p.parent, p.condition) for p in f.operateurs],
            [(d.porteurs, d.nom) for d in f.dispositifs],
            [t.texte for t in f.types_d_action if t.forme == "liste"],
            f.descriptif,
        )
        for f in contrat.fiches
    }


ENCODAGES = [
    mutations.noms_en_retours,
    mutations.noms_en_espaces,
    mutations.noms_en_puces,
    mutations.noms_en_tirets,
    mutations.noms_en_points_virgules,
]
HASARDS = [
    mutations.couper_entre_blocs,
    mutations.couper_dans_les_phrases,
    mutations.libelles_fautifs,
]


@pytest.fixture(params=["tilleuls", pytest.param("reference", marks=pytest.mark.reference)])
def original(request) -> str:
    """Le texte de chaque document, inventé ou de référence."""
    if request.param == "tilleuls":
        return request.getfixturevalue("texte_tilleuls")
    return request.getfixturevalue("chemin_reference").read_text(encoding="utf-8")


@pytest.mark.parametrize("mutation", ENCODAGES, ids=lambda m: m.__name__)
def test_autre_encodage_des_listes_de_noms(original, mutation):
    abime = mutation(original)
    assert abime != original
    assert _faits(lire_texte(abime)) == _faits(lire_texte(original))


@pytest.mark.parametrize("graine", range(4))
@pytest.mark.parametrize("mutation", HASARDS, ids=lambda m: m.__name__)
def test_autres_coupures_et_fautes(original, mutation, graine):
    abime = mutation(original, graine)
    assert abime != original
    assert _faits(lire_texte(abime)) == _faits(lire_texte(original))


def test_titres_sans_marques(original):
    abime = mutations.sans_marques(original)
    assert abime != original
    assert _faits(lire_texte(abime)) == _faits(lire_texte(original))


def test_noms_connus_colles_par_des_espaces_simples(texte_tilleuls):
    """Seul le lexique sépare : les noms connus restent, l'inconnu est signalé."""
    abime = lire_texte(mutations.noms_colles(texte_tilleuls))
    for avant, apres in zip(lire_texte(texte_tilleuls).fiches, abime.fiches, strict=True):
        connus = [p.nom for p in avant.financeurs if p.nature != "inconnu"]
        assert [p.nom for p in apres.financeurs if p.nature != "inconnu"] == connus


@pytest.mark.reference
def test_reference_noms_colles(chemin_reference):
    texte = chemin_reference.read_text(encoding="utf-8")
    assert _faits(lire_texte(mutations.noms_colles(texte))) == _faits(lire_texte(texte))


def test_sans_balises_fermantes_les_partenaires_restent(original):
    lus = _faits(lire_texte(mutations.sans_balises_fermantes(original)))
    for numero, faits in _faits(lire_texte(original)).items():
        assert lus[numero][:3] == faits[:3]


def test_rangee_retiree(texte_tilleuls):
    """Une rubrique disparue est signalée ; les autres ne bougent pas."""
    sans = re.sub(r"\n<p>Partenaires financeurs</p>.*", "", texte_tilleuls, count=1)
    lu = lire_texte(sans)
    assert lu.fiches[0].financeurs == ()
    assert any(a.nature == "rubrique_absente" and "1-1" in a.texte for a in lu.anomalies)
    assert _faits(lu)["1-2"] == _faits(lire_texte(texte_tilleuls))["1-2"]


def test_titre_de_fiche_retire(texte_tilleuls):
    sans = re.sub(r"\n<p><b>Fiche opérationnelle n°1-2.*", "", texte_tilleuls)
    lu = lire_texte(sans)
    assert [f.numero for f in lu.enjeux[0].fiches] == ["1-1", "1-2"]
    assert lu.enjeux[0].fiches[1].titre == ""
    assert any(a.nature == "fiche_sans_titre" for a in lu.anomalies)


def test_titre_d_enjeu_retire_repris_du_sommaire(texte_tilleuls):
    sans = texte_tilleuls.replace(
        "\n→ Enjeu stratégique n°2 : Faire vivre le commerce de quartier\n", "\n"
    )
    lu = lire_texte(sans)
    assert [e.numero for e in lu.enjeux] == [1, 2, 3, 4, 5, 6]
    assert lu.enjeux[1].titre == "Faire vivre le commerce de quartier"
    assert any(a.nature == "enjeu_absent" for a in lu.anomalies)


def test_titre_de_pilier_retire_repris_du_sommaire(texte_tilleuls):
    lu = lire_texte(texte_tilleuls.replace("\n# VIVRE DANS LE QUARTIER\n", "\n"))
    assert len(lu.piliers) == 3
    assert lu.piliers[1].titre == "VIVRE DANS LE QUARTIER"
    assert any(a.nature == "pilier_absent" for a in lu.anomalies)


def test_fiche_deplacee_va_sous_son_enjeu(texte_tilleuls):
    debut = texte_tilleuls.index("<b>Fiche opérationnelle n°5-1")
    fin = texte_tilleuls.index("→Enjeu stratégique n°6")
    deplacee = texte_tilleuls[:debut] + texte_tilleuls[fin:] + "\n" + texte_tilleuls[debut:fin]
    lu = lire_texte(deplacee)
    assert [f.numero for f in lu.enjeux[4].fiches] == ["5-1"]
    assert any(a.nature == "fiche_mal_placee" for a in lu.anomalies)


def test_sans_sommaire_ni_preambule(texte_tilleuls):
    corps = texte_tilleuls[texte_tilleuls.index("# EMPLOI ET ACTIVITE") :]
    attendu = [p.titre for p in lire_texte(texte_tilleuls).piliers]
    lu = lire_texte("Fiches du Contrat de ville 2016-2022\n\n" + corps)
    assert [p.titre for p in lu.piliers] == attendu
    assert len(lu.fiches) == 9


def test_ligne_coupee_dans_un_nom(texte_tilleuls):
    """Un nom coupé par la page est recollé s'il n'est connu qu'entier."""
    coupe = texte_tilleuls.replace(
        "<p>Caisse Primaire d'Assurance Maladie</p>", "<p>Caisse Primaire</p>"
    )
    coupe = coupe.replace(
        "<p>Caisse Primaire</p>\n",
        "<p>Caisse Primaire</p>\n--\t---\n\t<p>d'Assurance Maladie</p>\n",
    )
    attendue = next(f for f in lire_texte(texte_tilleuls).fiches if f.numero == "6-1")
    lue = next(f for f in lire_texte(coupe).fiches if f.numero == "6-1")
    assert [p.nom for p in lue.financeurs] == [p.nom for p in attendue.financeurs]
