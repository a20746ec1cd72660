"""Notre YAML est lu strictement : toute faute dit le chemin de la clé et sa ligne."""

import pytest

from parvis.cadre.importation.contrat_yaml import lire_yaml, lire_yaml_texte
from parvis.cadre.importation.noeuds import ContratInvalide
from parvis.cadre.importation.source import DocumentIllisible

CONTRAT = """
titre: Contrat des Tilleuls
territoire: Val-des-Tilleuls
periode: [2016, 2022]
piliers:
  - titre: Vivre ensemble
    imprime: VIVRE ENSEMBLE
    enjeux:
      - numero: 1
        titre: Un enjeu
        introduction: >-
          Un texte
          sur deux lignes.
        fiches:
          - numero: "1-1"
            titre: Une fiche
            echelle: communes
            descriptif: |
              Première phrase.

              Second paragraphe
              continué.
            types_d_action:
              - {texte: Planter, forme: liste}
            financeurs:
              - nom: Communes
              - {nom: Direccte, imprime: DIRECCTE, parent: État, condition: une condition}
            operateurs: []
            dispositifs:
              - {porteur: [FASS, Pôle emploi], nom: CV vidéo, origine: puce, degre: possible}
              - {nom: Sans responsable}
            renvois: [{imprime: l'autre, cible: fiche 1-2}]
            lieux: [{imprime: Ici, territoire: Là, type: quartier}]
            publics: [{code: jeunes, preuve: les jeunes}]
            constats: [{texte: Un constat., valeur: 2.5, unite: "%", annee: 2014}]
      - {numero: 2, titre: Sans fiche}
"""


def test_lecture():
    lu = lire_yaml_texte(CONTRAT)
    assert (lu.titre, lu.periode) == ("Contrat des Tilleuls", (2016, 2022))
    assert [e.numero for e in lu.enjeux] == [1, 2]
    (fiche,) = lu.fiches
    assert fiche.descriptif == "Première phrase.\n\nSecond paragraphe continué."
    assert [(p.nom, p.imprime, p.parent) for p in fiche.financeurs] == [
        ("Communes", "Communes", None),
        ("Direccte", "DIRECCTE", "État"),
    ]
    assert [p.nature for p in fiche.financeurs] == ["categorie", "organisme"]
    assert fiche.dispositifs[0].porteurs == ("FASS", "Pôle emploi")
    assert (fiche.dispositifs[1].porteur, fiche.dispositifs[1].porteurs) == (None, ())
    assert fiche.constats[0].valeur == 2.5


@pytest.mark.parametrize(
    ("avant", "apres", "chemin", "mots"),
    [
        (
            "nom: Communes",
            "nomm: Communes",
            "piliers[0].enjeux[0].fiches[0].financeurs[0].nomm",
            "inconnue",
        ),
        ("titre: Une fiche", "titre:", "piliers[0].enjeux[0].fiches[0].titre", "obligatoire"),
        (
            "forme: liste",
            "forme: liste2",
            "piliers[0].enjeux[0].fiches[0].types_d_action[0].forme",
            "permis",
        ),
        ("code: jeunes", "code: vieux", "piliers[0].enjeux[0].fiches[0].publics[0].code", "permis"),
        (
            "valeur: 2.5",
            "valeur: deux",
            "piliers[0].enjeux[0].fiches[0].constats[0].valeur",
            "nombre",
        ),
        ("operateurs: []", "operateurs: {}", "piliers[0].enjeux[0].fiches[0].operateurs", "liste"),
        ("numero: 1\n", "numero: un\n", "piliers[0].enjeux[0].numero", "nombre"),
        ('numero: "1-1"', 'numero: "un"', "piliers[0].enjeux[0].fiches[0]", "numéro de fiche"),
        ("[2016, 2022]", "2016", "periode", "années"),
        ("titre: Vivre ensemble", "titre: [a]", "piliers[0].titre", "texte"),
        (
            "[FASS, Pôle emploi]",
            "[FASS, 3]",
            "piliers[0].enjeux[0].fiches[0].dispositifs[0].porteur",
            "nom",
        ),
    ],
)
def test_fautes(avant, apres, chemin, mots):
    assert avant in CONTRAT
    with pytest.raises(ContratInvalide, match=mots) as refus:
        lire_yaml_texte(CONTRAT.replace(avant, apres, 1))
    assert refus.value.chemin_de_cle == chemin
    assert chemin in str(refus.value)


@pytest.mark.parametrize(
    ("texte", "mots"),
    [
        ("", "objet"),
        ("- a\n- b", "objet"),
        ("titre: [", "mal formé"),
        ("titre: a\ntitre: b", "répétée"),
        ("a: &x [1, 1]\nb: [*x, *x]", "alias"),
        ("!!python/object/apply:os.system ['ls']", "mal formé"),
        ("[" * 5000, "mal formé"),
        ("titre: \x00", "mal formé"),
    ],
)
def test_yaml_hostile(texte, mots):
    with pytest.raises(DocumentIllisible, match=mots):
        lire_yaml_texte(texte)


def test_un_seul_pilier():
    lu = lire_yaml_texte("titre: P\nenjeux:\n  - {numero: 1, titre: E}\n")
    assert [p.titre for p in lu.piliers] == ["P"]


def test_fichier_absent_ou_mal_encode(tmp_path):
    with pytest.raises(DocumentIllisible, match="n'existe pas"):
        lire_yaml(tmp_path / "absent.yaml")
    mauvais = tmp_path / "latin.yaml"
    mauvais.write_bytes("titre: é".encode("latin-1"))
    with pytest.raises(DocumentIllisible, match="UTF-8"):
        lire_yaml(mauvais)


def test_le_contrat_livre_se_lit(livre):
    assert len(livre.fiches) == 43
