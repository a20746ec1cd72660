"""La commande importer_chiffres et la description qu'elle lit."""

from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError

from parvis.observatoire.importation.description import lire_la_description
from parvis.observatoire.models import Description, Valeur
from parvis.socle.refus import Refus
from tests.fabriques.observatoire import code, diffusions, territoire, toute_la_base
from tests.fabriques.territoires import lancer

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "chiffres.md"
DESCRIPTION = {
    "source": "Enquête",
    "producteur": "Les Veilleurs",
    "nom": "Fichier",
    "niveau": "quartier",
    "millesime": 2024,
    "colonne_du_territoire": "code",
    "series": {
        "tous": {"libelle": "Habitants", "unite": "personnes", "remontee": "somme"},
        "part": {"libelle": "Part", "unite": "pourcent", "remontee": "moyenne", "poids": "tous"},
    },
}
TABLEAU = f"code;tous;part\n{code(1)};120;12,5\n{code(2)};8;50\n"


@pytest.fixture
def ecrire(tmp_path):
    """Rend de quoi écrire une description et son tableau."""

    def _ecrire(texte=TABLEAU, **autres):
        description = tmp_path / "description.yaml"
        description.write_text(yaml.safe_dump(DESCRIPTION | autres, allow_unicode=True))
        tableau = tmp_path / "tableau.csv"
        tableau.write_text(texte)
        return tableau, f"--description={description}"

    return _ecrire


@pytest.mark.django_db
class TestCommande:
    def test_elle_montre_puis_ecrit_puis_ne_change_rien(self, ecrire):
        territoire(2)
        tableau, description = ecrire()
        avant = toute_la_base()
        dit = lancer("importer_chiffres", tableau, description, "--periode=2024")
        assert "4 valeur(s) nouvelle(s)" in dit and "Pour l’enregistrer : --ecrire." in dit
        assert toute_la_base() == avant
        options = (description, "--periode=2024", "--ecrire")
        assert "C’est enregistré." in lancer("importer_chiffres", tableau, *options)
        assert diffusions("tous")[1] == "primaire"
        assert "Rien ne change." in lancer("importer_chiffres", tableau, *options)
        assert Description.objects.get().source.contrat == "" and Valeur.objects.count() == 4

    def test_une_seconde_periode_reprend_la_description(self, ecrire):
        territoire(2)
        tableau, description = ecrire()
        for periode in ("2023", "2024"):
            options = (f"--periode={periode}", "--contrat=tilleuls", "--ecrire")
            lancer("importer_chiffres", tableau, description, *options)
        assert Description.objects.get().source.contrat == "tilleuls"
        assert Valeur.objects.count() == 8

    @pytest.mark.parametrize(
        ("texte", "autres", "periode", "motif"),
        [
            (TABLEAU, {}, "hier", "Écrivez la période"),
            (TABLEAU.replace("120", "cent"), {}, "2024", "n’est pas un nombre"),
            (TABLEAU, {"producteur": ""}, "2024", "La clé « producteur » manque"),
            (TABLEAU, {"millesime": None}, "2024", "de quelle génération"),
            ("", {}, "2024", "vide"),
        ],
    )
    def test_un_refus_ne_laisse_rien(self, ecrire, texte, autres, periode, motif):
        territoire(2)
        tableau, description = ecrire(texte, **autres)
        avant = toute_la_base()
        with pytest.raises(CommandError, match=motif):
            lancer("importer_chiffres", tableau, description, f"--periode={periode}", "--ecrire")
        assert toute_la_base() == avant

    def test_un_fichier_absent_le_dit(self, ecrire, tmp_path):
        _, description = ecrire()
        with pytest.raises(CommandError, match="ne se lit pas"):
            lancer("importer_chiffres", tmp_path / "rien.csv", description, "--periode=2024")


# La description.


def lire(ecrire, **autres):
    _, option = ecrire(**autres)
    return lire_la_description(Path(option.partition("=")[2]))


def test_une_description_se_lit(ecrire):
    lue = lire(ecrire, marques_du_secret=["", "X"], licence="LO", seuil=5)
    assert (lue.millesime, lue.seuil, lue.marques_du_secret) == (2024, 5, ["", "X"])
    assert lue.textes["licence"] == "LO" and lue.textes["adresse"] == ""
    assert lue.series["part"]["poids"] == "tous" and "poids" not in lue.series["tous"]
    assert lire(ecrire).seuil == 11


@pytest.mark.parametrize(
    ("autres", "motif"),
    [
        ({"source": None}, "La clé « source » manque"),
        ({"series": None}, "La clé « series » manque"),
        ({"series": ["tous"]}, "une série par titre de colonne"),
        ({"series": {"tous": "Habitants"}}, "Série « tous » : elle se décrit"),
        ({"series": {"tous": {"unite": "personnes"}}}, "la clé « libelle » manque"),
        ({"series": {"tous": {"libelle": "H"}}}, "la clé « unite » manque"),
        ({"series": {"tous": {"libelle": "H", "unite": "gens"}}}, "l’unité est l’une de"),
        (
            {"series": {"t": {"libelle": "H", "unite": "euros", "remontee": "x"}}},
            "la remontée est l’une de",
        ),
        (
            {"series": {"t": {"libelle": "H", "unite": "euros", "couleur": "x"}}},
            "« couleur » n’est pas attendue",
        ),
        ({"niveau": "région"}, "L’échelle est l’une de"),
    ],
)
def test_une_description_fausse_dit_sa_cle(ecrire, autres, motif):
    with pytest.raises(Refus, match=motif):
        lire(ecrire, **autres)


@pytest.mark.parametrize("contenu", ["", "du texte", "- une\n- liste\n", "a: [", "\x00"])
def test_une_description_illisible_est_refusee(tmp_path, contenu):
    fichier = tmp_path / "d.yaml"
    fichier.write_text(contenu)
    for vise in (fichier, tmp_path / "absente.yaml"):
        with pytest.raises(Refus):
            lire_la_description(vise)


def test_un_seuil_en_lettres_est_refuse(ecrire):
    with pytest.raises(Refus):
        lire(ecrire, seuil="onze")


def test_une_cle_laissee_vide_reste_vide(ecrire):
    assert lire(ecrire, licence=None).textes["licence"] == ""


@pytest.mark.django_db
def test_l_exemple_du_guide_se_lit_et_se_garde(tmp_path):
    territoire(2)
    exemple = GUIDE.read_text().split("```yaml\n")[1].split("```")[0]
    description = tmp_path / "exemple.yaml"
    description.write_text(exemple)
    lue = lire_la_description(description)
    tableau = tmp_path / "exemple.csv"
    titres = [lue.textes["colonne_du_territoire"], *lue.series]
    tableau.write_text(f"{';'.join(titres)}\n{code(1)}{';50' * len(lue.series)}\n")
    option = f"--description={description}"
    assert "C’est enregistré" in lancer(
        "importer_chiffres", tableau, option, "--periode=2018", "--ecrire"
    )
