"""Lire le cadre : ce qui est visible, ce qui se compte, ce que coûte chaque lecture."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.cadre import models as m
from parvis.cadre.actions import importer_cadre
from parvis.cadre.queries import lecture
from parvis.cadre.queries.croisement import croisement
from parvis.cadre.queries.filtres import CRITERES, Filtres, choisir
from parvis.comptes.acteur import Acteur
from parvis.orientation.queries.recherche import chercher, fiches_qui_repondent
from tests.decors import decor
from tests.fabriques.cadre import (
    MACHINE,
    avec_fiche,
    contrat_de,
    contrat_publie,
    fiche,
    petit_contrat,
)

pytestmark = pytest.mark.django_db
ANONYME = Acteur.anonyme()


def test_un_brouillon_n_est_l_edition_de_personne():
    importer_cadre(par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai")
    with pytest.raises(m.Edition.DoesNotExist):
        lecture.edition_courante(ANONYME, "tilleuls")
    with pytest.raises(m.Edition.DoesNotExist):
        lecture.edition_publiee(ANONYME, "tilleuls", "2015-06")
    assert not lecture.contrats_publies(ANONYME).exists()


def test_l_edition_courante_est_la_derniere_publiee():
    premiere = contrat_publie()
    assert lecture.edition_courante(ANONYME, "tilleuls") == premiere
    seconde = contrat_publie(lu_=avec_fiche(petit_contrat(), fiche("1-1", titre="Autre")))
    assert lecture.edition_courante(ANONYME, "tilleuls") == seconde
    assert list(lecture.editions_publiees(ANONYME, "tilleuls")) == [seconde, premiere]
    assert lecture.fiche(ANONYME, premiere, "1-1").titre != "Autre"


def test_un_contrat_ne_montre_pas_les_fiches_d_un_autre():
    contrat_publie("tilleuls")
    autre = contrat_publie("chenes", contrat_de(1))
    with pytest.raises(m.VersionDeFiche.DoesNotExist):
        lecture.fiche(ANONYME, autre, "2-1")
    assert [f.numero for f in choisir(ANONYME, autre, Filtres()).fiches] == ["1-1"]


def test_les_nombres_de_l_edition():
    edition = contrat_publie()
    assert lecture.nombres(ANONYME, edition) == {
        "piliers": 2,
        "enjeux": 3,
        "fiches": 3,
        "financeurs": 2,
        "operateurs": 1,
        "dispositifs": 1,
    }


def test_les_fiches_voisines():
    edition = contrat_publie()
    milieu = lecture.fiche(ANONYME, edition, "1-2")
    avant, apres = lecture.voisines(ANONYME, edition, milieu)
    assert (avant.numero, apres.numero) == ("1-1", "2-1")
    assert lecture.voisines(ANONYME, edition, avant)[0] is None


@decor
def varie() -> m.Edition:
    """Trois fiches qui ne partagent ni les mêmes publics, ni les mêmes financeurs."""
    from parvis.cadre.importation import structure as lu

    document = petit_contrat()
    sans_caf = fiche("1-2", financeurs=(lu.Partenaire("Communes", "Communes"),), dispositifs=())
    parents = fiche("2-1", publics=(lu.Public("parents", "les parents"),), operateurs=())
    return contrat_publie(lu_=avec_fiche(avec_fiche(document, sans_caf), parents))


@pytest.mark.parametrize(
    ("filtres", "attendues"),
    [
        ({}, ["1-1", "1-2", "2-1"]),
        ({"financeur": "caisse-d-allocations-familiales"}, ["1-1", "2-1"]),
        ({"public": "parents"}, ["2-1"]),
        ({"financeur": "caisse-d-allocations-familiales", "public": "jeunes"}, ["1-1"]),
        ({"operateur": "associations", "dispositif": "aide-au-demarrage"}, ["1-1"]),
        ({"pilier": "vivre-ensemble"}, ["1-1", "1-2", "2-1"]),
        ({"pilier": "inconnu"}, []),
        ({"financeur": "'; DROP TABLE"}, []),
    ],
)
def test_les_filtres_se_combinent(varie, filtres, attendues):
    liste = choisir(ANONYME, varie, Filtres(**filtres))
    assert [f.numero for f in liste.fiches] == attendues


def test_le_nombre_d_une_option_est_celui_que_donne_son_choix(varie):
    depart = Filtres(financeur="caisse-d-allocations-familiales")
    for facette in choisir(ANONYME, varie, depart).facettes:
        for option in facette.options:
            deja = () if facette.est_unique else depart.valeurs(facette.nom)
            choix = vars(depart) | {facette.nom: (*deja, option.valeur)}
            assert option.nombre == len(choisir(ANONYME, varie, Filtres(**choix)).fiches)


def test_deux_financeurs_doivent_convenir_tous_les_deux(varie):
    deux = Filtres(financeur=("communes", "caisse-d-allocations-familiales"))
    assert [f.numero for f in choisir(ANONYME, varie, deux).fiches] == ["1-1", "2-1"]
    assert deux.adresse == "financeur=communes&financeur=caisse-d-allocations-familiales"
    assert deux.sans("financeur", "communes").adresse == "financeur=caisse-d-allocations-familiales"
    assert Filtres(pilier=("a", "b")).valeurs("pilier") == ("b",)


def test_les_mots_gardent_leur_ordre_de_pertinence(varie):
    liste = choisir(ANONYME, varie, Filtres(mots="x"), ["2-1", "1-1"])
    assert [f.numero for f in liste.fiches] == ["2-1", "1-1"]


def test_l_adresse_redonne_les_filtres():
    filtres = Filtres(public="parents", mots="café & thé")
    assert filtres.adresse == "public=parents&mots=caf%C3%A9+%26+th%C3%A9"
    assert filtres.sans("mots").adresse == "public=parents"
    assert Filtres().est_vide


def test_le_croisement_dit_qui_finance_quoi(varie):
    tableau = croisement(ANONYME, varie)
    assert [f.nom for f in tableau.financeurs] == ["Communes", "Caisse d'allocations familiales"]
    cases = {
        ligne.fiche.numero: [c.lien is not None for c in ligne.cases] for ligne in tableau.lignes
    }
    assert cases == {"1-1": [True, True], "1-2": [True, False], "2-1": [True, True]}


def test_la_recherche_trouve_tout_ce_que_le_cadre_nomme(varie):
    sortes = {g.sorte for g in chercher(ANONYME, varie, "aide demarrage").groupes}
    assert "dispositif" in sortes
    assert [g.sorte for g in chercher(ANONYME, varie, "tramway").groupes] == ["ailleurs"]
    assert fiches_qui_repondent(ANONYME, varie, "parents").numeros == ["2-1"]


def test_la_recherche_souligne_les_mots_trouves(varie):
    groupe = chercher(ANONYME, varie, "cultiver").groupes[0]
    assert ("Cultiver", True) in groupe.resultats[0].extrait


def test_la_recherche_dit_quand_rien_n_a_tous_les_mots(varie):
    assert chercher(ANONYME, varie, "tramway parents").est_partielle
    assert not chercher(ANONYME, varie, "parents").est_partielle


def test_la_recherche_suit_une_nouvelle_edition(varie):
    assert not chercher(ANONYME, varie, "trottinette").total
    nouvelle = contrat_publie(lu_=avec_fiche(petit_contrat(), fiche("1-1", titre="Trottinettes")))
    assert chercher(ANONYME, nouvelle, "trottinette").total


LECTURES = {
    "sommaire": lambda e: list(lecture.sommaire(ANONYME, e)),
    "pilier": lambda e: lecture.pilier(ANONYME, e, "vivre-ensemble"),
    "enjeu": lambda e: lecture.enjeu(ANONYME, e, "1"),
    "fiche": lambda e: lecture.fiche(ANONYME, e, "1-1"),
    "choisir": lambda e: choisir(ANONYME, e, Filtres(public="jeunes")),
    "croisement": lambda e: croisement(ANONYME, e),
    "nombres": lambda e: lecture.nombres(ANONYME, e),
    "partenaires": lambda e: list(lecture.partenaires(ANONYME, e, "financeur")),
    "dispositifs": lambda e: list(lecture.dispositifs(ANONYME, e)),
}


@pytest.mark.parametrize("nom", LECTURES)
def test_une_lecture_coute_autant_avec_1_3_ou_50_fiches(nom):
    couts = {}
    for nombre in (1, 3, 50):
        edition = contrat_publie(f"contrat-{nombre}", contrat_de(nombre))
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            LECTURES[nom](edition)
        couts[nombre] = len(requetes)
    assert len(set(couts.values())) == 1, couts


def test_chaque_critere_a_sa_facette(varie):
    assert [f.nom for f in choisir(ANONYME, varie, Filtres()).facettes] == list(CRITERES)


def test_un_numero_ecrit_mene_a_sa_fiche(varie):
    groupes = chercher(ANONYME, varie, "fiche 2-1").groupes
    assert groupes[0].sorte == "fiche"
    assert groupes[0].resultats[0].identifiant == "2-1"


def test_le_descriptif_se_lit_en_paragraphes_et_en_listes():
    texte = "Une accroche.\n\nOn attend :\n- un jardin ;\n- une serre.\n\nEt c'est tout."
    version = m.VersionDeFiche(descriptif=texte)
    assert version.accroche == "Une accroche."
    assert version.blocs == [
        ("On attend :", ["un jardin ;", "une serre."]),
        ("Et c'est tout.", []),
    ]


@pytest.mark.parametrize(
    ("code", "libelle"),
    [
        ("2015-06", "édition de juin 2015"),
        ("2016-04", "édition d’avril 2016"),
        ("2015-06-2", "édition de juin 2015 (reprise 2)"),
        ("2015", "édition 2015"),
        ("essai", "édition essai"),
        ("2015-13", "édition 2015-13"),
    ],
)
def test_une_edition_se_nomme_en_clair(code, libelle):
    assert m.Edition(code=code).libelle == libelle


def test_un_contrat_sait_s_il_a_pris_fin():
    from datetime import date, timedelta

    from django.utils import timezone

    demain = timezone.localdate() + timedelta(days=1)
    assert m.Contrat(debut=2015, fin=2020).est_termine
    assert m.Contrat(debut=2015, fin=2020).termine_le == date(2020, 12, 31)
    assert not m.Contrat(debut=2015, fin=2020, prolonge_au=demain).est_termine
