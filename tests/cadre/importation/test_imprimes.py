"""Six contrats de producteurs divers (Word, tableur, navigateur, page « façon Word »), et leur vérité.

Leurs auteurs ne connaissaient pas le lecteur : ils écrivent comme on écrit, avec leurs libellés, leurs
colonnes et leurs listes. Les planchers disent ce qui est mesuré, arrondi en dessous.
"""

import pytest

from parvis.cadre.importation.evaluation import charger_verite, evaluer
from parvis.cadre.importation.lecteur import lire
from tests.cadre.importation.conftest import CONTRATS

IMPRIMES = sorted(
    fichier for fichier in (CONTRATS / "imprimes").iterdir() if fichier.suffix != ".json"
)
PLANCHERS = {
    "financeurs": (0.94, 0.94),
    "operateurs": (0.95, 0.92),
    "dispositifs": (0.97, 0.95),
    "dispositifs, avec leur responsable": (0.9, 0.9),
    "types d'action en liste": (0.99, 0.99),
}


def _mesures(fichier):
    return evaluer(lire(fichier), charger_verite(fichier.with_suffix(".verite.json")))


def test_il_y_en_a_de_chaque_format():
    assert {fichier.suffix for fichier in IMPRIMES} == {".docx", ".html", ".pdf", ".xlsx"}


@pytest.mark.parametrize("fichier", IMPRIMES, ids=lambda f: f.name)
def test_niveaux_numeros_et_titres(fichier):
    mesures = {m.champ: m for m in _mesures(fichier)}
    for champ in ("piliers", "enjeux", "fiches : numéros", "fiches : titres"):
        assert (mesures[champ].manques, mesures[champ].en_trop) == ([], []), champ
    assert mesures["en-tête : periode"].rappel == 1


def test_partenaires_dispositifs_et_projets():
    sommes: dict[str, list[int]] = {}
    for fichier in IMPRIMES:
        for m in _mesures(fichier):
            total = sommes.setdefault(m.champ, [0, 0, 0])
            for rang, nombre in enumerate((m.justes, m.lus, m.attendus)):
                total[rang] += nombre
    for champ, (precision, rappel) in PLANCHERS.items():
        justes, lus, attendus = sommes[champ]
        assert justes / lus >= precision, (champ, justes, lus)
        assert justes / attendus >= rappel, (champ, justes, attendus)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("# Engagement A : Grandir\n\n## Action 1 : Lire\n\nOuvrir.\n\n## Action 2 : Jouer\n", 2),
        ("# Axe 1 : A\n\n## Fiche 1 : Lire\n\n**Mot jamais vu** : rien\n", 1),
    ],
)
def test_les_titres_suffisent_quand_aucun_libelle_n_est_connu(texte, attendu, tmp_path):
    fichier = tmp_path / "contrat.md"
    fichier.write_text(f"Contrat de ville 2024-2030\n\n{texte}", encoding="utf-8")
    assert len(lire(fichier).fiches) == attendu


def test_une_rubrique_vide_ne_devient_pas_un_partenaire(tmp_path):
    fichier = tmp_path / "contrat.html"
    rangees = (("Description", "Ouvrir un atelier."), ("Financeurs", "État"), ("Calendrier", ""))
    lignes = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in (*rangees, ("Porteur", "")))
    fichier.write_text(
        f"<html><body><h1>Axe 1 : A</h1><h3>Fiche 1 : Lire</h3><table>{lignes}</table></body></html>",
        encoding="utf-8",
    )
    (fiche,) = lire(fichier).fiches
    assert [p.nom for p in fiche.financeurs] == ["État"]
    assert fiche.operateurs == ()


@pytest.mark.parametrize(
    ("imprime", "attendus"),
    [
        ("État – DREETS", ["État", "DREETS"]),
        ("Pas-de-Calais Habitat", ["Pas-de-Calais Habitat"]),
        ("Région Pays de la Loire", ["Conseil régional"]),
        ("Région Provence-Alpes-Côte d'Azur", ["Conseil régional"]),
        ("Communauté d'agglomération Cœur d'Essonne", ["Agglomération"]),
        ("Association Les P'tits Pas / Relais petite enfance",
         ["Association Les P'tits Pas", "Relais petite enfance"]),
        ("Fondation SNCF", ["Fondation SNCF"]),
        ("l'État, la Région et le Département",
         ["État", "Conseil régional", "Conseil départemental"]),
        ("Villes de Brémont et de Sault", ["Ville de Brémont", "Ville de Sault"]),
        ("Ville de Brémont – direction de la culture", ["Ville de Brémont"]),
        ("Communes Agglomération", ["Communes", "Agglomération"]),
    ],
)  # fmt: skip
def test_noms_de_partenaires(imprime, attendus, tmp_path):
    fichier = tmp_path / "contrat.md"
    fichier.write_text(
        f"Contrat de ville 2024-2030\n\n# Axe 1 : A\n\n## Fiche 1 : Lire\n\n**Financeurs** : {imprime}\n",
        encoding="utf-8",
    )
    assert [p.nom for p in lire(fichier).fiches[0].financeurs] == attendus


def test_une_phrase_a_points_virgules_ne_fait_pas_un_tableau(tmp_path):
    fichier = tmp_path / "contrat.txt"
    fichier.write_text(
        "Contrat de ville 2015-2020\nAxe 1 : Santé\nObjectif 1.1 : Aider\nFiche 1.1.1 : Soigner\n"
        "Description : Ouvrir un atelier.\nFinanceurs : État ; Région ; Département ; CAF\n",
        encoding="utf-8",
    )
    (fiche,) = lire(fichier).fiches
    assert len(fiche.financeurs) == 4


@pytest.mark.lent
def test_vingt_mo_de_prose_finissent_vite(tmp_path):
    fichier = tmp_path / "prose.txt"
    ligne = "Il était une fois une phrase qui ne finissait pas et continuait toujours encore\n"
    fichier.write_text(ligne * 150_000, encoding="utf-8")
    with pytest.raises(ValueError, match="Ligne"):
        lire(fichier)
