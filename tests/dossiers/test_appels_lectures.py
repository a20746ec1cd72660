"""Ce que chacun lit des appels, à nombre de requêtes constant."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions import appels
from parvis.dossiers.enums import EtatDAppel
from parvis.dossiers.models import Appel, VersionDAppel
from parvis.dossiers.queries import appels as lectures
from parvis.dossiers.queries import appels_pilotes as pilotage
from parvis.dossiers.queries.agenda import reperes
from parvis.dossiers.queries.calendrier import COLONNES, calendrier, tableau
from tests.decors import decor
from tests.fabriques import appels as fabrique

pytestmark = pytest.mark.django_db
VISITEUR = Acteur.anonyme()


@decor
def contrat(contrat_publie):
    return contrat_publie.contrat


def lire(contrat, **choix):
    return calendrier(VISITEUR, contrat, choix, maintenant=timezone.now())


def titres(trouve):
    return [e.titre for e in trouve.lignes]


@decor
def peuple(acteur, contrat):
    """Rend un contrat qui a un appel ouvert, un à venir, un clos, un brouillon, et deux d'ailleurs."""
    fabrique.publie(acteur, contrat, titre="Ouvert")
    fabrique.publie(acteur, contrat, titre="Bientôt", ouvre_le=fabrique.dans(3))
    fabrique.publie(
        acteur,
        contrat,
        titre="Clos",
        ouvre_le=fabrique.dans(-60),
        ferme_le=fabrique.dans(-20),
        maintenant=fabrique.dans(-70),
    )
    fabrique.brouillon(acteur, contrat, titre="Caché")
    fabrique.ailleurs(acteur, contrat, titre="Ailleurs")
    fabrique.ailleurs(acteur, contrat, titre="Toute l’année", ferme_le=None, fiches=[])
    return contrat


class TestCalendrier:
    def test_sans_choix_ni_clos_ni_brouillon(self, peuple):
        trouve = lire(peuple)
        assert titres(trouve) == ["Ailleurs", "Bientôt", "Ouvert", "Toute l’année"]
        assert [e.titre for e in trouve.toute_l_annee] == ["Toute l’année"]
        assert (trouve.total, trouve.clos) == (5, 1)

    @pytest.mark.parametrize(
        ("choix", "attendus"),
        [
            ({"etat": "clos"}, ["Clos"]),
            ({"etat": "a_venir"}, ["Bientôt"]),
            ({"organisme": "ce-contrat"}, ["Bientôt", "Ouvert"]),
            ({"organisme": "fondation-du-grand-air"}, ["Ailleurs", "Toute l’année"]),
            ({"fiche": "1-1"}, ["Ailleurs", "Bientôt", "Ouvert"]),
            ({"fiche": "2-1"}, ["Bientôt", "Ouvert"]),
            ({"pilier": "vivre-ensemble", "etat": "ouvert"}, ["Ailleurs", "Ouvert"]),
            ({"etat": "inconnu"}, []),
        ],
    )
    def test_chaque_choix_garde_les_siens(self, peuple, choix, attendus):
        assert titres(lire(peuple, **choix)) == attendus

    def test_le_compte_d_une_option_tient_compte_des_autres_choix(self, peuple):
        facettes = {f.nom: f for f in lire(peuple, organisme="ce-contrat").facettes}
        comptes = {o.valeur: o.nombre for o in facettes["etat"].options}
        assert comptes == {"a_venir": 1, "ouvert": 1, "clos": 1}

    def test_le_tableau_a_les_memes_lignes(self, peuple):
        lignes = tableau(lire(peuple), lambda e: "https://ici.example")
        assert [ligne[0] for ligne in lignes] == titres(lire(peuple))
        assert {len(ligne) for ligne in lignes} == {len(COLONNES)}
        ouvert = next(ligne for ligne in lignes if ligne[0] == "Ouvert")
        assert ouvert[6].replace("\xa0", " ") == "18 h 00"

    def test_l_agenda_a_chaque_cloture_et_l_ouverture_a_venir(self, peuple):
        noms = [r.titre for r in reperes(lire(peuple).lignes, "https://parvis.example:8000")]
        assert noms == [
            "Clôture : Ailleurs (Fondation du Grand Air)",
            "Ouverture : Bientôt",
            "Clôture : Bientôt",
            "Clôture : Ouvert",
        ]
        premier = next(iter(reperes(lire(peuple).lignes, "https://parvis.example:8000")))
        assert premier.identifiant.endswith("@parvis.example")

    def test_les_appels_ouverts_d_une_fiche(self, peuple):
        fiche = peuple.fiches.get(numero="1-1")
        ouverts = lectures.appels_ouverts_pour_la_fiche(VISITEUR, peuple, fiche)
        assert [(e.titre, e.etat) for e in ouverts] == [
            ("Ouvert", EtatDAppel.OUVERT),
            ("Ailleurs", EtatDAppel.OUVERT),
        ]


class TestUnAppel:
    def test_le_public_lit_la_derniere_version_et_retrouve_les_autres(self, acteur, contrat):
        premiere = fabrique.publie(acteur, contrat)
        seconde = appels.preparer_une_version(par=acteur, appel=premiere.appel)
        fabrique.presenter(acteur, seconde, titre="Second titre")
        adresse = premiere.appel.adresse
        assert lectures.appel_public(VISITEUR, contrat, adresse).version == premiere
        with pytest.raises(VersionDAppel.DoesNotExist):
            lectures.version_publique(VISITEUR, contrat, adresse, 2)
        seconde.refresh_from_db()
        appels.publier_l_appel(par=acteur, version=seconde, ce_qui_change="Un titre plus clair.")
        assert lectures.appel_public(VISITEUR, contrat, adresse).version == seconde
        ancienne = lectures.version_publique(VISITEUR, contrat, adresse, 1)
        assert (ancienne.version, ancienne.est_courante) == (premiere, False)
        racontees = lectures.versions_publiees(VISITEUR, seconde)
        assert [(v.version.numero, v.est_courante) for v in racontees] == [(2, True), (1, False)]
        assert racontees[0].changements == ["Le titre devient « Second titre »."]

    def test_un_brouillon_repond_comme_un_absent(self, acteur, contrat):
        version = fabrique.brouillon(acteur, contrat)
        for adresse in (version.appel.adresse, "nulle-part"):
            with pytest.raises(VersionDAppel.DoesNotExist):
                lectures.appel_public(VISITEUR, contrat, adresse)

    def test_les_pieces_suivent_la_nature(self, acteur, contrat):
        lu = lectures.appel_public(
            VISITEUR, contrat, fabrique.publie(acteur, contrat).appel.adresse
        )
        obligatoires, autres = lectures.pieces_selon_la_nature(lu.version, "commune")
        assert [p.cle for p in obligatoires[1]] == ["rib"]
        assert [p.cle for p in autres[1]] == ["deliberation", "pouvoir"]


class TestPilotage:
    def test_seul_le_pilote_du_contrat_voit_ses_brouillons(self, acteur, contrat):
        version = fabrique.brouillon(acteur, contrat)
        adresse = version.appel.adresse
        assert pilotage.brouillon_d_appel(acteur, contrat, adresse) == version
        assert len(pilotage.appels_pilotes(acteur, contrat)) == 1
        assert pilotage.appels_pilotes(VISITEUR, contrat) == []
        assert not pilotage.appels_d_ailleurs(VISITEUR, contrat).exists()
        for lecture in (pilotage.appel_pilote, pilotage.brouillon_d_appel):
            with pytest.raises(Appel.DoesNotExist):
                lecture(VISITEUR, contrat, adresse)

    def test_un_pilote_d_ailleurs_ne_voit_rien(self, acteur, contrat):
        from tests.fabriques.cadre import contrat_publie as publier

        voisin = publier("erables").contrat
        fabrique.brouillon(acteur, voisin)
        assert pilotage.appels_pilotes(acteur, voisin) == []

    def test_la_preparation_dit_l_etat_de_chaque_section(self, acteur, contrat):
        version = fabrique.brouillon(acteur, contrat)
        entier = pilotage.brouillon_d_appel(acteur, contrat, version.appel.adresse)
        pret = pilotage.preparation(acteur, entier)
        assert pret.manques == []
        assert {s.code: s.sorte for s in pret.sections} == {
            "presentation": "fait",
            "fiches": "fait",
            "financeurs": "fait",
            "pieces": "fait",
            "questions": "vide",
            "grille": "vide",
            "bilans": "fait",
            "appeler": "fait",
        }


def compter(lecture):
    with CaptureQueriesContext(connection) as requetes:
        lecture()
    return len(requetes)


def test_le_nombre_de_requetes_ne_depend_pas_des_appels(acteur, contrat):
    fiche = contrat.fiches.first()
    comptes = {}
    modele = fabrique.publie(acteur, contrat)
    fabrique.ailleurs(acteur, contrat)
    for nombre in (1, 3, 50):
        while contrat.appels.count() < nombre:
            rang = contrat.appels.count()
            appel = Appel.objects.create(
                contrat=contrat,
                adresse=f"appel-{rang}",
                exercice=2026,
                cree_le=timezone.now(),
                cree_par="essai",
            )
            VersionDAppel.objects.create(
                appel=appel,
                numero=1,
                etat="publiee",
                titre=f"Appel {rang}",
                ouvre_le=modele.ouvre_le,
                ferme_le=modele.ferme_le,
                modifiee_le=timezone.now(),
                publiee_le=timezone.now(),
                publiee_par="essai",
            )
        comptes[nombre] = (
            compter(lambda: lire(contrat).lignes),
            compter(lambda: lectures.appels_ouverts_pour_la_fiche(VISITEUR, contrat, fiche)),
            compter(lambda: pilotage.appels_pilotes(acteur, contrat)),
        )
    assert comptes[1] == comptes[3] == comptes[50]
    assert comptes[50][2] == 2


def test_le_nombre_de_requetes_d_un_appel_ne_depend_pas_de_ses_versions(acteur, contrat):
    version = fabrique.publie(acteur, contrat)
    adresse = version.appel.adresse
    comptes = []
    for rang in range(1, 4):
        lu = lectures.appel_public(VISITEUR, contrat, adresse)
        comptes.append(
            (
                compter(lambda: lectures.appel_public(VISITEUR, contrat, adresse)),
                compter(lambda lu=lu: lectures.versions_publiees(VISITEUR, lu.version)),
            )
        )
        suivante = appels.preparer_une_version(par=acteur, appel=version.appel)
        fabrique.presenter(acteur, suivante, titre=f"Titre {rang}")
        suivante.refresh_from_db()
        appels.publier_l_appel(par=acteur, version=suivante, ce_qui_change="Le titre.")
    assert len(set(comptes)) == 1
