"""Importer une liste : l'aperçu dit vrai, tout ou rien, chaque faute avec sa ligne."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from parvis.journal.models import Evenement
from parvis.organismes import actions
from parvis.organismes.importation import lire_organismes
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from parvis.territoires.models import Epci
from tests.organismes.conftest import MOI, siren, siret

pytestmark = pytest.mark.django_db
LIVRE = settings.DOSSIER_DONNEES / "organismes" / "seine-amont.yaml"


@pytest.fixture
def importer(tmp_path):
    """Rend de quoi écrire un fichier et lancer la commande dessus."""

    def _importer(contenu: str, *options: str, nom: str = "liste.csv") -> str:
        fichier = tmp_path / nom
        fichier.write_text(contenu, encoding="utf-8")
        sortie = StringIO()
        call_command("importer_organismes", fichier, *options, stdout=sortie)
        return sortie.getvalue()

    return _importer


def csv(*lignes: str) -> str:
    return "\ufeff" + "\r\n".join(["nom;nature;siret;siege;alias;fin_le;courriel", *lignes])


def test_l_apercu_n_ecrit_rien_et_annonce_ce_qui_s_ecrira(importer, ville):
    contenu = csv(
        f"Les Jardins;association;{siret(1)};94041;Jardin | Verger;;nous@jardins.example",
        "Ancienne régie;association;;;;2019-12-31;",
    )
    apercu = importer(contenu)
    assert "nouveau · Les Jardins" in apercu
    assert "2 changement(s)" in apercu
    assert not Organisme.objects.exists()
    assert not Evenement.objects.exists()
    ecrit = importer(contenu, "--ecrire")
    assert ecrit.splitlines()[:2] == apercu.splitlines()[:2]
    jardins = Organisme.objects.get(nom="Les Jardins")
    assert (jardins.siege, jardins.courriel_origine) == (ville, "importe")
    assert {a.nom for a in jardins.alias.all()} == {"Jardin", "Verger"}
    assert str(Organisme.objects.get(nom="Ancienne régie").fin_le) == "2019-12-31"
    (acte,) = Evenement.objects.all()
    assert (acte.action, acte.objet) == ("organismes.importer", "fichier:liste.csv")


def test_reimporter_ne_change_rien_et_une_case_vide_n_efface_rien(importer, ville):
    importer(csv(f"Les Jardins;association;{siret(1)};94041;Jardin;;"), "--ecrire")
    assert "Rien ne change." in importer(csv(f"Les Jardins;association;{siret(1)};;;;"), "--ecrire")
    assert Evenement.objects.count() == 1
    change = importer(csv(f"Jardins partagés;association;{siret(1)};;;2020-01-01;"), "--ecrire")
    assert "changé · Jardins partagés · nom : Les Jardins → Jardins partagés" in change
    jardins = Organisme.objects.get()
    assert (jardins.siege, jardins.version, str(jardins.fin_le)) == (ville, 3, "2020-01-01")


def test_une_faute_arrete_tout_et_chacune_dit_sa_ligne(importer):
    with pytest.raises(CommandError) as refus:
        importer(
            csv(
                "Juste;association;;;;;",
                "Faux numéro;association;219400413000;;;;",
                "Faux lieu;association;;99999;;hier;",
                ";;;;;;",
            ),
            "--ecrire",
        )
    texte = str(refus.value)
    assert "Ligne 3 : Un numéro Siret a 14 chiffres" in texte
    assert "Ligne 4 : La commune de code Insee 99999" in texte
    assert "Ligne 4 : La date « hier »" in texte
    assert "Ligne 5 : Nom" in texte
    assert not Organisme.objects.exists()


def test_le_meme_nom_avec_un_autre_numero_est_un_autre_organisme(importer, creer):
    creer("Régie", siren=siren(1))
    sortie = importer(f"nom,nature,siren\nRégie,association,{siren(2)}\n", "--ecrire")
    assert "nouveau · Régie" in sortie
    sortie = importer("nom,nature,sigle\nRÉGIE,association,R\n")
    assert "nouveau · RÉGIE" in sortie


@pytest.mark.parametrize("champ", ["siren", "rna"])
def test_un_organisme_se_retrouve_par_son_numero(importer, creer, champ):
    numero = {"siren": siren(1), "rna": "W941000001"}[champ]
    creer("Régie", **{champ: numero})
    assert "changé" in importer(f"nom;nature;{champ}\nNouvelle régie;association;{numero}\n")


def test_un_courriel_donne_par_l_organisme_garde_son_origine(importer, creer):
    creer("Régie", courriel="nous@regie.example", courriel_origine="declare")
    importer("nom;nature;courriel;sigle\nRégie;association;nous@regie.example;RQ\n", "--ecrire")
    assert Organisme.objects.get().courriel_origine == "declare"


@pytest.mark.parametrize(
    ("nom", "contenu", "phrase"),
    [
        ("l.csv", "nom;licorne\nA;1\n", "« licorne » n’est pas attendue"),
        ("l.csv", "nom;nature\nA;association;trop\n", "« en trop »"),
        ("l.csv", "nom;nature\n", "ne décrit aucun organisme"),
        ("l.csv", 'nom;nature\n"A;association\n', "ne se lit pas"),
        ("l.yaml", "organismes: [", "ne se lit pas"),
        ("l.yaml", "- a\n", "pas de liste"),
        ("l.yaml", "organismes: [a]\n", "pas de liste"),
        ("l.yaml", "organismes: [{nom: A, nature: epci, epci: Nulle part}]", "est inconnue"),
    ],
)
def test_un_fichier_mal_fait_est_refuse_en_une_phrase(importer, nom, contenu, phrase):
    with pytest.raises(CommandError, match=phrase):
        importer(contenu, nom=nom)


def test_un_fichier_absent_ou_mal_code_est_refuse(tmp_path):
    with pytest.raises(Refus, match="ne se lit pas"):
        lire_organismes(tmp_path / "absent.csv")
    (tmp_path / "latin.csv").write_bytes("nom\nÉcole\n".encode("latin-1"))
    with pytest.raises(Refus, match="ne se lit pas"):
        lire_organismes(tmp_path / "latin.csv")


def test_le_yaml_porte_des_listes_et_une_intercommunalite(importer, ville):
    epci = Epci.objects.create(nom="Agglomération des Tilleuls")
    importer(
        "organismes:\n- {nom: Régie, nature: association, communes: ['94041'], alias: [RQ, ''],"
        " epci: Agglomération des Tilleuls, fin_le: 2020-01-01, a_verifier: siren}\n",
        "--ecrire",
        nom="l.yaml",
    )
    regie = Organisme.objects.get()
    assert (list(regie.communes.all()), regie.epci) == ([ville], epci)
    assert [a.nom for a in regie.alias.all()] == ["RQ"]


def test_la_liste_livree_s_importe_et_ne_dit_que_des_numeros_justes():
    call_command("charger_territoire", settings.DOSSIER_DONNEES / "territoires/seine-amont.yaml")
    lignes = lire_organismes(LIVRE)
    for attendus in (len(lignes), 0):
        importes = actions.importer_organismes(
            par=MOI, lignes=lignes, source=LIVRE.name, ecrire=True
        )
        assert len(importes) == attendus
    assert Organisme.objects.get(nom="Commune d’Ivry-sur-Seine").siren == "219400413"
