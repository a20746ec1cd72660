"""Le modèle à remplir : ses colonnes, ses notes, et tout contrat écrit puis relu pareil."""

import io
from dataclasses import replace
from functools import cache

import openpyxl
import pytest

from parvis.cadre.importation.formats import modele
from parvis.cadre.importation.formats.contrat_en_tableau import titres_des_colonnes
from parvis.cadre.importation.formats.modele_colonnes import COLONNES, LIBELLES
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.source import DocumentIllisible
from parvis.cadre.importation.structure import ContratLu, Enjeu, Fiche, Mots, Pilier
from parvis.cadre.importation.texte import cle
from tests.cadre.importation.conftest import CONTRATS

CONTRATS_D_ESSAI = (
    "val-des-tilleuls.txt",
    "pays-de-lorme.md",
    "bassin-de-sauvelle.html",
    "rives-de-belane.txt",
    "plan-d-actions-de-montclerc.csv",
    "vallee-de-l-aubance.txt",
)
FORMATS = {".xlsx": modele.contrat_en_xlsx, ".csv": modele.contrat_en_csv}
VIDES = {".xlsx": modele.modele_xlsx, ".csv": modele.modele_csv}
DANS_LE_DESCRIPTIF = ("descriptif", "contexte", "objectifs", "types_d_action", "titre", "numero")


@pytest.fixture
def relire(tmp_path):
    def ecrire_et_lire(contrat: ContratLu, suffixe: str) -> ContratLu:
        chemin = tmp_path / f"contrat{suffixe}"
        chemin.write_bytes(FORMATS[suffixe](contrat))
        return lire(chemin)

    return ecrire_et_lire


@cache
def _lu(nom: str) -> ContratLu:
    return lire(CONTRATS / nom)


def _niveaux(contrat: ContratLu) -> list:
    return [
        (p.titre, [(e.numero, e.titre, [(f.numero, f.titre) for f in e.fiches]) for e in p.enjeux])
        for p in contrat.piliers
    ]


def _contenu(fiche: Fiche) -> dict:
    rubriques = {
        (r.code, cle(r.imprime) if r.code == "autre" else ""): r.texte
        for r in fiche.rubriques
        if r.texte and r.code not in DANS_LE_DESCRIPTIF
    }
    return {
        "financeurs": [(p.nom, p.parent, p.condition) for p in fiche.financeurs],
        "operateurs": [(p.nom, p.parent, p.condition) for p in fiche.operateurs],
        "dispositifs": [(d.nom, d.porteur) for d in fiche.dispositifs],
        "types": [t.texte for t in fiche.types_d_action],
        "rubriques": rubriques,
    }


@pytest.mark.parametrize("suffixe", FORMATS)
@pytest.mark.parametrize("nom", CONTRATS_D_ESSAI)
def test_un_contrat_ecrit_se_relit_pareil(nom, suffixe, relire):
    contrat = _lu(nom)
    relu = relire(contrat, suffixe)
    for champ in ("titre", "territoire", "periode", "edition", "preambule", "mots"):
        assert getattr(relu, champ) == getattr(contrat, champ), champ
    assert _niveaux(relu) == _niveaux(contrat)
    for avant, apres in zip(contrat.fiches, relu.fiches, strict=True):
        assert _contenu(apres) == _contenu(avant), avant.numero


@pytest.mark.parametrize("nom", CONTRATS_D_ESSAI)
def test_aucun_mot_du_descriptif_ne_se_perd(nom, relire):
    contrat = _lu(nom)
    for avant, apres in zip(contrat.fiches, relire(contrat, ".xlsx").fiches, strict=True):
        # ce que dit un type de projet se lit dans sa colonne, plus dans le descriptif
        dits = " ".join([apres.descriptif, *(t.texte for t in apres.types_d_action)])
        assert set(cle(avant.descriptif).split()) <= set(cle(dits).split())


@pytest.mark.parametrize("nom", CONTRATS_D_ESSAI)
def test_relu_puis_ecrit_de_nouveau_le_tableau_ne_change_plus(nom, relire):
    une_fois = relire(_lu(nom), ".csv")
    deux_fois = relire(une_fois, ".csv")
    assert [f.descriptif for f in deux_fois.fiches] == [f.descriptif for f in une_fois.fiches]
    assert modele.contrat_en_csv(deux_fois) == modele.contrat_en_csv(une_fois)


@pytest.mark.parametrize("suffixe", FORMATS)
def test_un_enjeu_sans_fiche_garde_sa_place(suffixe, relire):
    fiche = Fiche("2-1", "Planter", "Planter des arbres.")
    contrat = ContratLu(
        "Contrat de ville 2024-2030",
        piliers=(
            Pilier("Vivre", (Enjeu(1, "Se nourrir"), Enjeu(2, "Respirer", fiches=(fiche,)))),
            Pilier("Agir", (Enjeu(3, "Se former"),)),
        ),
    )
    assert _niveaux(relire(contrat, suffixe)) == _niveaux(contrat)


@pytest.mark.parametrize("suffixe", VIDES)
def test_le_modele_vide_est_refuse_avec_une_phrase(suffixe, tmp_path):
    chemin = tmp_path / f"modele{suffixe}"
    chemin.write_bytes(VIDES[suffixe]())
    with pytest.raises(DocumentIllisible, match="le tableau des fiches est vide"):
        lire(chemin)


def test_le_classeur_vide_a_ses_deux_feuilles_et_une_note_par_en_tete():
    classeur = openpyxl.load_workbook(io.BytesIO(modele.modele_xlsx()))
    assert classeur.sheetnames == ["Contrat", "Fiches"]
    contrat, fiches = classeur.worksheets
    assert tuple(c.value for c in contrat["A"]) == LIBELLES
    assert [c.value for c in fiches[1]] == [colonne.titre for colonne in COLONNES]
    assert fiches.max_row == 1
    assert fiches.freeze_panes == "A2"
    for cellule in (*contrat["A"], *fiches[1]):
        assert len(cellule.comment.text) > 20
    # un tableur ferait une date de « 1-1 »
    assert fiches.column_dimensions["D"].width > 5
    assert fiches["D1"].number_format == "@"


def test_les_exemples_des_notes_se_relisent(tmp_path):
    valeurs = [c.aide.split("Exemple : ")[1].split(" ; un service")[0] for c in COLONNES]
    lignes = [";".join(c.titre for c in COLONNES), ";".join(valeurs)]
    chemin = tmp_path / "exemple.csv"
    chemin.write_text("\n".join(lignes), encoding="utf-8")
    (fiche,) = lire(chemin).fiches
    assert (fiche.numero, fiche.titre) == ("1-1", "Ouvrir des jardins partagés")
    assert [t.texte for t in fiche.types_d_action] == ["Créer des jardins au pied des immeubles"]
    (financeur,) = fiche.financeurs
    assert financeur.condition == "pour les projets familiaux"
    (dispositif,) = fiche.dispositifs
    assert (dispositif.nom, dispositif.porteur) == (
        "Aide au démarrage",
        "Caisse d'allocations familiales",
    )


def test_un_service_s_ecrit_apres_l_organisme_dont_il_depend(tmp_path):
    chemin = tmp_path / "exemple.csv"
    chemin.write_text(
        "Enjeu;Titre de la fiche;Financeurs;Opérateurs\n1 Loger;Bâtir;État : Direccte;Communes\n",
        encoding="utf-8",
    )
    (fiche,) = lire(chemin).fiches
    assert [(p.nom, p.parent) for p in fiche.financeurs] == [("État", None), ("Direccte", "État")]


def test_les_colonnes_prennent_les_mots_du_contrat():
    contrat = ContratLu("A", mots=Mots("axe", "objectif", "action"))
    assert titres_des_colonnes(contrat)[:5] == [
        "Axe",
        "N° de l'objectif",
        "Objectif",
        "N° de l'action",
        "Titre de l'action",
    ]
    volet = replace(contrat, mots=Mots("volet", "priorité", "projet"))
    assert titres_des_colonnes(volet)[1:5] == [
        "N° de la priorité",
        "Priorité",
        "N° du projet",
        "Titre du projet",
    ]


@pytest.mark.parametrize(
    "mots", [Mots("axe", "objectif", "objectif"), Mots("axe", "cap", "action")]
)
def test_des_mots_que_le_lecteur_confondrait_laissent_les_notres(mots):
    assert titres_des_colonnes(ContratLu("A", mots=mots))[0] == "Pilier"


def test_un_texte_trop_long_pour_une_cellule_n_est_pas_coupe_en_silence():
    fiche = Fiche("1-1", "Planter", "a " * 20_000)
    contrat = ContratLu("A", piliers=(Pilier("B", (Enjeu(1, "C", fiches=(fiche,)),)),))
    with pytest.raises(modele.ContratTropLong, match=r"« Descriptif » de « 1-1 » a \d+ signes"):
        modele.contrat_en_xlsx(contrat)
    assert modele.contrat_en_csv(contrat)


def test_aucune_cellule_n_est_une_formule(relire):
    fiche = Fiche("1-1", '=HYPERLINK("http://a")', "+33 1 23 45 67 89\n\n- Planter")
    contrat = ContratLu("@A", piliers=(Pilier("-B", (Enjeu(1, "C", fiches=(fiche,)),)),))
    classeur = openpyxl.load_workbook(io.BytesIO(modele.contrat_en_xlsx(contrat)))
    for feuille in classeur:
        assert {c.data_type for rangee in feuille.iter_rows() for c in rangee} <= {"s", "n"}
    for ligne in modele.contrat_en_csv(contrat).decode("utf-8-sig").splitlines():
        assert not any(champ.startswith(("=", "+", "@")) for champ in ligne.split(";"))
