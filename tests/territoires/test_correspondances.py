"""Ce que deviennent les quartiers d'un millésime à l'autre : la table officielle, importée."""

import pytest
from django.core.management import CommandError

from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from parvis.territoires.importation.quartiers import SuiteLue, lire_correspondances
from parvis.territoires.models import Chargement, Correspondance
from tests.fabriques.territoires import (
    PORT,
    VAL,
    carre,
    commune,
    csv,
    etat,
    geojson,
    lancer,
    objet,
    quartier,
)

pytestmark = pytest.mark.django_db
ENTETE = "code_qp_2024;lib_qp_2024;statut;code_qp_2015;lib_qp_2015"
TABLE = (
    ENTETE,
    "QN09401M;Un;MODIFIE;QP094001;Ancien un",
    "QN09402I;Deux;INCHANGE;QP094002;Ancien deux",
    "QN09401M;Un;MODIFIE;QP094003;Ancien trois",
    ";;;QP094004;Ancien quatre",
    "QN09403N;Trois;NOUVEAU;;",
)


@pytest.fixture(autouse=True)
def quartiers():
    commune(VAL)
    for code in ("QP094001", "QP094002", "QP094003", "QP094004"):
        quartier(code, [VAL], millesime=2015)
    for code in ("QN09401M", "QN09402I", "QN09403N"):
        quartier(code, [VAL])


@pytest.fixture
def importer(deposer):
    """Rend de quoi écrire une table et lancer la commande dessus."""

    def _importer(*lignes, options=(), ecrire=True):
        fichier = deposer("table.csv", csv(*lignes))
        return lancer("importer_correspondances", fichier, *["--ecrire"] * ecrire, *options)

    return _importer


def liens() -> set:
    return set(Correspondance.objects.values_list("ancien__code", "nouveau__code", "nature"))


ATTENDUS = {
    ("QP094001", "QN09401M", "modifie"),
    ("QP094002", "QN09402I", "inchange"),
    ("QP094003", "QN09401M", "modifie"),
    ("QP094004", None, "sorti"),
}


def test_chaque_ligne_fait_un_lien_sauf_un_quartier_nouveau(importer):
    dit = importer(*TABLE).splitlines()
    assert (
        dit[0] == "nouveau · Quartier QP094001 (QP094001) → Quartier QN09401M (QN09401M) : modifié"
    )
    assert dit[3].endswith("→ sorti : sorti de la géographie prioritaire")
    assert liens() == ATTENDUS


def test_sans_ecrire_rien_ne_change_dans_aucune_table(importer):
    avant = etat()
    assert "--ecrire" in importer(*TABLE, ecrire=False)
    assert etat() == avant


def test_relance_rien_ne_change_et_un_seul_acte_le_dit(importer):
    importer(*TABLE)
    avant = etat()
    assert importer(*TABLE) == "Rien ne change.\n"
    assert etat() == avant
    (acte,) = Evenement.objects.filter(action="territoires.importer_correspondances")
    assert acte.objet_nom == "table.csv"
    assert len(acte.details.contenu["nouvelles"]) == 4
    assert (Chargement.objects.get().nature, Chargement.objects.get().millesime) == (
        *("correspondances", 2024),
    )


def test_un_statut_change_se_dit_et_s_ecrit(importer):
    importer(*TABLE)
    change = [ligne.replace("MODIFIE;QP094001", "INCHANGE;QP094001") for ligne in TABLE]
    assert importer(*change).startswith("changé · Quartier QP094001")
    assert ("QP094001", "QN09401M", "inchange") in liens()
    assert len(liens()) == 4


@pytest.mark.parametrize(
    ("statut", "code", "nature"),
    [
        ("INCHANGE", "QN09401M", "inchange"),
        ("Inchangé", "QN09401M", "inchange"),
        ("MODIFIE", "QN09402I", "modifie"),
        ("", "QN09402I", "inchange"),
        ("", "QN09401M", "modifie"),
        ("", "QN09403N", "modifie"),
        ("INCHANGE", "", "sorti"),
    ],
)
def test_la_nature_vient_du_statut_puis_de_la_lettre_du_code(importer, statut, code, nature):
    importer(ENTETE, f"{code};;{statut};QP094001;")
    assert liens() == {("QP094001", code or None, nature)}


def test_un_quartier_absent_refuse_tout_et_nomme_chaque_ligne(importer):
    avant = etat()
    with pytest.raises(CommandError) as erreur:
        importer(*TABLE, "QN09401M;;;QP999999;", "QN09999M;;;QP094001;")
    assert str(erreur.value).splitlines() == [
        "Ligne 7 : le quartier QP999999 (2015) n’est pas chargé.",
        "Ligne 8 : le quartier QN09999M (2024) n’est pas chargé.",
        "Chargez ces quartiers, ou relancez avec --ignorer-les-absents.",
    ]
    assert etat() == avant


def test_ignorer_les_absents_les_nomme_et_ecrit_le_reste(importer):
    dit = importer(*TABLE, "QN09401M;;;QP999999;", options=["--ignorer-les-absents"])
    assert "ignoré · Ligne 7 : le quartier QP999999 (2015) n’est pas chargé.\n" in dit
    assert liens() == ATTENDUS


@pytest.mark.parametrize(
    ("titres", "avant_apres"),
    [
        ("code_qp_2015;code_qp_2024", (2015, 2024)),
        ("code_qp_2024;code_qp_2015", (2015, 2024)),
        ("code_qp;code_qp_2015", (2015, 2024)),
        ("code_qp;code_qp_2024", (2015, 2024)),
    ],
)
def test_les_colonnes_disent_les_millesimes(deposer, titres, avant_apres):
    valeurs = {"code_qp_2015": "QP094001", "code_qp_2024": "QN09401M"}
    libre = (set(valeurs) - set(titres.split(";"))).pop() if "code_qp;" in titres else ""
    ligne = ";".join(valeurs.get(t) or valeurs[libre] for t in titres.split(";"))
    lues = lire_correspondances(deposer("t.csv", csv(titres, ligne)))
    assert lues == (*avant_apres, [SuiteLue("Ligne 2", "QP094001", "QN09401M", "")])


@pytest.mark.parametrize(
    "titres",
    ["code_qp;lib_qp", "code_qp_2015;lib", "code_qp_2015;code_qp_2024;code_qp_2030", "a;b"],
)
def test_ce_qui_n_est_pas_une_table_est_refuse(deposer, titres):
    with pytest.raises(Refus, match="n’est pas une table de correspondance"):
        lire_correspondances(deposer("t.csv", csv(titres, "x;y")))


FAUX_REPLI = (
    "importation/quartiers.lire_correspondances : sous une case vide, « code_qp » se lit à la place "
    "du code de l'autre millésime"
)


def test_un_quartier_nouveau_du_fichier_de_contours_n_a_pas_d_ancien(deposer):
    octets = geojson(
        objet(carre(2.39, 48.79), code_qp="QN09401M", code_qp_2015="QP094001", insee_com=VAL),
        objet(carre(2.40, 48.79), code_qp="QN09403N", code_qp_2015=None, insee_com=PORT),
    )
    _, _, suites = lire_correspondances(deposer("t.geojson", octets))
    assert suites == [SuiteLue("Objet 1", "QP094001", "QN09401M", "")]


def test_un_quartier_sorti_n_est_pas_son_propre_successeur(deposer):
    table = csv("code_qp;code_qp_2024", "QP094001;QN09401M", "QP094004;")
    _, _, suites = lire_correspondances(deposer("t.csv", table))
    assert suites[1] == SuiteLue("Ligne 3", "QP094004", "", "")


def test_une_table_corrigee_retire_ses_anciens_liens(deposer):
    lancer(
        "importer_correspondances",
        deposer("a.csv", csv("code_qp_2015;code_qp_2024", "QP094001;QN09401M")),
        "--ecrire",
    )
    dit = lancer(
        "importer_correspondances",
        deposer("b.csv", csv("code_qp_2015;code_qp_2024", "QP094001;QN09402I")),
        "--ecrire",
    )
    assert "retiré · Quartier QP094001 (QP094001) → Quartier QN09401M (QN09401M)" in dit
    assert [lien.nouveau.code for lien in Correspondance.objects.all()] == ["QN09402I"]
