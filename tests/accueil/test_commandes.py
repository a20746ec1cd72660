"""`preparer` ne refait que ce qui a changé ; `servir` dit ce qui ne va pas ; `mesurer_pages` mesure."""

import io
import shutil
import socket
from argparse import ArgumentTypeError

import pytest
from django.core.management import CommandError, call_command

from parvis.accueil.management.commands import mesurer_pages, preparer, servir
from parvis.cadre.models import Contrat, Edition
from parvis.journal.models import Evenement
from parvis.socle.rapport import ecrire_section, tableau
from parvis.territoires.models import Couverture
from tests.accueil.adresses import CONTRAT, motifs
from tests.fabriques.appels import contrat_publie_avec_appel
from tests.fabriques.cadre import contrat_publie, petit_contrat
from tests.fabriques.comptes import entrer, monde


@pytest.fixture
def instance(settings, tmp_path, db):
    """Rend le dossier de données d'une instance où un contrat est livré."""
    donnees = tmp_path / "donnees"
    shutil.copytree(settings.DOSSIER_DONNEES / "lexiques", donnees / "lexiques")
    shutil.copytree(settings.DOSSIER_DONNEES / "territoires", donnees / "territoires")
    (donnees / "contrats").mkdir()
    (donnees / "contrats" / f"{CONTRAT}.yaml").write_text("titre: un\n")
    settings.DOSSIER_DONNEES = donnees
    settings.DEMONSTRATION = True
    settings.DOSSIER_VAR = tmp_path / "var"
    settings.STATIC_ROOT = tmp_path / "var" / "statiques"
    return donnees


@pytest.fixture
def lectures(monkeypatch):
    """Remplace la lecture d'un contrat par un texte tiré de son titre ; rend les fichiers lus."""
    lus = []

    def lire(fichier):
        lus.append(fichier.name)
        return petit_contrat(preambule=fichier.read_text())

    monkeypatch.setattr(preparer, "lire", lire)
    return lus


def lancer() -> str:
    sortie = io.StringIO()
    call_command("preparer", stdout=sortie)
    return sortie.getvalue()


def test_prepare_tout_et_publie_le_contrat_livre(instance, lectures):
    assert "Contrat publié" in lancer()
    assert Edition.objects.courante(CONTRAT).est_publiee
    assert (instance.parent / "var" / "preparation.json").exists()
    auteurs = set(Evenement.objects.values_list("utilisateur_nom", flat=True))
    assert auteurs == {"Parvis"}


def test_hors_demonstration_le_contrat_livre_n_est_pas_publie(instance, lectures, settings):
    settings.DEMONSTRATION = False
    assert lancer() == ""
    assert lectures == []
    assert not Contrat.objects.exists()


def test_relance_ne_lit_ni_n_ecrit_rien(instance, lectures):
    lancer()
    actes = Evenement.objects.count()
    assert lancer() == ""
    assert lectures == [f"{CONTRAT}.yaml"]
    assert Evenement.objects.count() == actes


def test_un_fichier_change_donne_une_nouvelle_edition(instance, lectures):
    lancer()
    (instance / "contrats" / f"{CONTRAT}.yaml").write_text("titre: deux\n")
    assert "Contrat publié" in lancer()
    assert Edition.objects.filter(contrat__code=CONTRAT).count() == 2
    assert Edition.objects.courante(CONTRAT).preambule == "titre: deux\n"


def test_un_fichier_retouche_sans_rien_changer_ne_donne_pas_d_edition(instance, lectures):
    lancer()
    preparer.Carnet().noter("autre", "x")
    (instance / "lexiques" / "lieux.yaml").open("a").write("# une remarque\n")
    assert lancer() == ""
    assert len(lectures) == 2
    assert Edition.objects.count() == 1


def test_une_base_neuve_se_remplit_malgre_le_carnet(instance, lectures):
    lancer()
    carnet = preparer.Carnet()
    assert carnet.notes
    carnet.base = "autre base"
    assert not carnet.connait(f"{carnet.base} {CONTRAT}.yaml", "x")


def test_un_carnet_illisible_est_refait(instance, lectures):
    lancer()
    (instance.parent / "var" / "preparation.json").write_text("{")
    assert lancer() == ""
    assert preparer.Carnet().notes


@pytest.mark.parametrize(
    ("fichier", "message"),
    [
        ("contrats/casse.yaml", "Le contrat .* ne s'importe pas"),
        ("territoires/casse.yaml", "casse.yaml ne se charge pas"),
    ],
)
def test_un_fichier_illisible_est_nomme(instance, fichier, message):
    shutil.rmtree(instance / "contrats")
    (instance / "contrats").mkdir()
    (instance / fichier).write_text("a: [")
    with pytest.raises(CommandError, match=message):
        lancer()
    assert not Contrat.objects.exists()


def test_servir_dit_que_le_port_est_pris():
    with socket.socket() as occupe:
        occupe.bind(("127.0.0.1", 0))
        occupe.listen()
        port = occupe.getsockname()[1]
        with pytest.raises(CommandError, match=f"Le port {port} .* autre port : make run PORT="):
            call_command("servir", port=port)


def test_servir_refuse_un_port_impossible():
    with pytest.raises(CommandError, match="ne se prend pas"):
        call_command("servir", port=70000)


class TestMesurerPages:
    def test_chaque_page_a_une_vraie_adresse(self, db):
        trouvees = mesurer_pages.adresses(contrat_publie_avec_appel(CONTRAT))
        # Lire un courriel de démonstration demande qu'il y en ait un.
        attendues = {nom.removeprefix("accueil:") for nom in motifs()} - {"courriel"}
        assert attendues <= trouvees.keys()
        assert {"fiches (filtrées)", "recherche (avec fautes)"} <= trouvees.keys()

    def test_ecrit_le_tableau_entre_ses_marques(self, client, settings, tmp_path, monkeypatch, db):
        contrat_publie(CONTRAT)
        monkeypatch.setattr(mesurer_pages, "TOURS", 1)
        settings.RACINE = settings.STATIC_ROOT = tmp_path
        (tmp_path / "staticfiles.json").write_text("{}")
        rapport = tmp_path / "docs" / "performance.md"
        rapport.parent.mkdir()
        rapport.write_text("Avant\n<!-- mesurer_pages -->\nvieux\n<!-- /mesurer_pages -->\nAprès\n")
        sortie = io.StringIO()
        call_command("mesurer_pages", stdout=sortie)
        texte = rapport.read_text()
        assert texte.startswith("Avant\n<!-- mesurer_pages -->\nMesuré le ")
        assert texte.endswith("<!-- /mesurer_pages -->\nAprès\n")
        assert "vieux" not in texte
        assert "| permanente | 200 |" in texte
        assert sortie.getvalue().strip() in texte

    def test_mesure_aussi_ce_que_chacun_ouvre(self, db):
        edition = contrat_publie(CONTRAT)
        lieux = monde(CONTRAT)
        mesurees = {nom: qui for nom, _, qui in mesurer_pages.pages_a_compte(edition)}
        assert mesurees["pilotage:partenaires"] == lieux.acteurs["pilote"].utilisateur
        assert mesurees["pilotage:courriels"] == lieux.acteurs["administrateur"].utilisateur
        for nom, adresse, qui in mesurer_pages.pages_a_compte(edition):
            assert entrer(qui).get(adresse).status_code == 200, nom

    def test_sans_contrat_dit_quoi_faire(self, db):
        with pytest.raises(CommandError, match="parvis preparer"):
            call_command("mesurer_pages")


def test_une_section_absente_s_ajoute(tmp_path):
    fichier = tmp_path / "rapport.md"
    ecrire_section(fichier, "a", "un")
    ecrire_section(fichier, "b", "deux")
    ecrire_section(fichier, "a", "trois")
    assert (
        fichier.read_text() == "<!-- a -->\ntrois\n<!-- /a -->\n\n<!-- b -->\ndeux\n<!-- /b -->\n"
    )


def test_un_tableau_ecrit_les_nombres_a_la_francaise():
    assert tableau(["a", "b"], [["x", 1.25]]).splitlines() == [
        "| a | b |",
        "| --- | --- |",
        "| x | 1,2 |",
    ]


@pytest.mark.parametrize("texte", ["abc", "0", "80000", "-1", ""])
def test_un_port_qui_n_en_est_pas_un_est_dit_en_clair(texte):
    with pytest.raises(ArgumentTypeError, match="1 à 65535"):
        servir.port(texte)
    assert servir.port("8001") == 8001


def test_les_contours_livres_ne_retirent_aucune_couverture(db, settings, tmp_path):
    """Les quartiers livrés sont tous nommés : leurs contours, chargés ensuite, n'y changent rien."""
    settings.DOSSIER_VAR, settings.DEMONSTRATION = tmp_path, False
    settings.STATIC_ROOT = tmp_path / "statiques"
    call_command("preparer", verbosity=0)
    couvertes = set(Couverture.objects.values_list("millesime", "portee"))
    assert couvertes == {(m, c) for m in (2015, 2024) for c in ("94022", "94041", "94081")}
