"""Ouvrir, écrire, publier, changer, reprendre et jeter un appel ; prévenir qui l'a demandé."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.courriels.enums import Sujet
from parvis.courriels.models import Courriel
from parvis.dossiers.actions import alertes, appels, appels_ailleurs
from parvis.dossiers.actions import sections_d_appel as sections
from parvis.dossiers.models import CONTENU_D_APPEL, Alerte, Appel, VersionDAppel
from parvis.dossiers.queries import contenu_d_appel as etats
from parvis.dossiers.rules.pieces import PIECES_PROPOSEES
from parvis.journal.models import Evenement
from parvis.socle.refus import ConflitDeVersion, Refus
from tests.decors import decor
from tests.fabriques import appels as fabrique
from tests.fabriques import comptes

pytestmark = pytest.mark.django_db


@decor
def contrat(contrat_publie):
    return contrat_publie.contrat


@decor
def publie(acteur, contrat):
    return fabrique.publie(acteur, contrat)


@decor
def brouillon(acteur, contrat):
    return fabrique.brouillon(acteur, contrat)


def actes(action=""):
    tous = Evenement.objects.filter(action__startswith="dossiers.").order_by("rang")
    return [e.action for e in tous if not action or e.action == action]


class TestOuvrir:
    def test_quatre_reponses_ouvrent_un_brouillon_prerempli(self, acteur, contrat):
        exercice = fabrique.dans(40).year
        version = appels.creer_un_appel(
            par=acteur,
            contrat=contrat,
            titre="  Appel  des quartiers ",
            exercice=exercice,
            ouvre_le=fabrique.dans(7),
            ferme_le=fabrique.dans(40),
        )
        assert version.titre == "Appel des quartiers"
        assert version.appel.adresse == f"appel-des-quartiers-{exercice}"
        assert version.fiches.count() == contrat.fiches.count()
        assert version.pieces.count() == len(PIECES_PROPOSEES)
        assert version.service == acteur.organisme.nom
        assert not version.est_publiee
        assert actes() == ["dossiers.creer_un_appel"]

    def test_deux_appels_de_meme_titre_ont_deux_adresses(self, acteur, contrat):
        premier, second = (fabrique.brouillon(acteur, contrat) for _ in range(2))
        assert second.appel.adresse == f"{premier.appel.adresse}-2"

    @pytest.mark.parametrize(
        ("valeurs", "mot"),
        [
            ({"titre": " "}, "titre"),
            ({"ferme_le": fabrique.dans(-9)}, "ferme avant"),
            ({"exercice": 2050}, "2050"),
        ],
    )
    def test_un_appel_impossible_est_refuse(self, acteur, contrat, valeurs, mot):
        bons = {"titre": "Appel", "ouvre_le": fabrique.dans(1), "ferme_le": fabrique.dans(9)}
        bons["exercice"] = bons["ferme_le"].year
        with pytest.raises(Refus, match=mot):
            appels.creer_un_appel(par=acteur, contrat=contrat, **bons | valeurs)
        assert not Appel.objects.exists()

    def test_qui_appeler_vient_du_dernier_appel_publie(self, acteur, contrat, publie):
        suivant = appels.creer_un_appel(
            par=acteur,
            contrat=contrat,
            titre="Le suivant",
            exercice=publie.appel.exercice,
            ouvre_le=fabrique.dans(1),
            ferme_le=fabrique.dans(9),
        )
        assert (suivant.service, suivant.telephone) == (publie.service, publie.telephone)


class TestEcrire:
    def test_deux_ecritures_croisees_se_voient(self, acteur, brouillon):
        depart = etats.etat(brouillon, etats.CHAMPS_DE_PRESENTATION)
        fabrique.presenter(acteur, brouillon, titre="Le premier")
        with pytest.raises(ConflitDeVersion):
            sections.modifier_la_presentation(
                par=acteur, version=brouillon, depart=depart, valeurs={"titre": "Le second"}
            )
        brouillon.refresh_from_db()
        assert brouillon.titre == "Le premier"

    @pytest.mark.parametrize(("heure", "minute", "seconde"), [(23, 59, 59), (0, 59, 0)])
    def test_la_minute_entiere_compte_a_l_heure_de_paris(
        self, acteur, brouillon, heure, minute, seconde
    ):
        soir = fabrique.dans(30).replace(hour=heure, minute=minute)
        fabrique.presenter(acteur, brouillon, ferme_le=soir)
        brouillon.refresh_from_db()
        # Relue de la base, la clôture est en temps universel : écrire ailleurs n'y change rien.
        fabrique.presenter(acteur, brouillon, titre="Un autre titre")
        brouillon.refresh_from_db()
        assert timezone.localtime(brouillon.ferme_le) == soir.replace(second=seconde)

    def test_ecrire_une_autre_section_n_est_pas_un_conflit(self, acteur, brouillon):
        depart = etats.etat(brouillon, etats.CHAMPS_DE_PRESENTATION)
        fabrique.dire_qui_appeler(acteur, brouillon, telephone="01 99 00 00 09")
        sections.modifier_la_presentation(
            par=acteur, version=brouillon, depart=depart, valeurs={"titre": "Un autre"}
        )
        brouillon.refresh_from_db()
        assert (brouillon.titre, brouillon.telephone) == ("Un autre", "01 99 00 00 09")

    def test_ce_qui_s_ecrit_d_une_traite_fait_un_seul_acte(self, acteur, brouillon):
        avant = len(actes("dossiers.modifier_un_appel"))
        for titre in ("Un", "Deux", "Trois"):
            fabrique.presenter(acteur, brouillon, titre=titre)
            brouillon.refresh_from_db()
        assert len(actes("dossiers.modifier_un_appel")) == avant + 1

    def test_les_fiches_d_un_autre_contrat_sont_refusees(self, acteur, brouillon):
        from tests.fabriques.cadre import contrat_publie as publier

        etrangere = publier("erables").contrat.fiches.first()
        with pytest.raises(Refus, match="autre contrat"):
            sections.choisir_les_fiches(
                par=acteur,
                version=brouillon,
                depart=etats.etat_des_fiches(brouillon),
                fiches=[etrangere],
            )

    def test_une_piece_et_une_question_s_ajoutent_se_montent_et_se_retirent(
        self, acteur, brouillon
    ):
        piece = sections.ajouter_une_piece(
            par=acteur, version=brouillon, valeurs={"libelle": "Plan", "natures": ["commune"]}
        )
        jumelle = sections.ajouter_une_piece(
            par=acteur, version=brouillon, valeurs={"libelle": "Plan"}
        )
        assert (piece.cle, jumelle.cle) == ("plan", "plan-2")
        sections.monter_une_ligne(par=acteur, ligne=jumelle)
        assert [p.cle for p in brouillon.pieces.all()][-2:] == ["plan-2", "plan"]
        sections.retirer_une_ligne(par=acteur, ligne=piece)
        question = sections.ajouter_une_question(
            par=acteur,
            version=brouillon,
            valeurs={"texte": "Où ?", "sorte": "choix", "choix": ["Ici", " Ici ", "Là"]},
        )
        assert question.choix == ["Ici", "Là"]
        sections.monter_une_ligne(par=acteur, ligne=question)
        assert [q.texte for q in brouillon.questions.all()] == ["Où ?"]

    def test_un_financeur_reprend_son_dernier_service(self, acteur, contrat, publie, brouillon):
        caisse = publie.financeurs.get().organisme
        repris = brouillon.financeurs.get(organisme=caisse)
        assert repris.service == "Service politique de la ville"
        assert [ligne.libelle for ligne in repris.lignes.all()] == [
            "Crédits de la politique de la ville"
        ]
        deux_fois = sections.ajouter_un_financeur(par=acteur, version=brouillon, organisme=caisse)
        assert deux_fois == repris

    def test_un_champ_inconnu_est_une_faute_de_programme(self, acteur, brouillon):
        with pytest.raises(TypeError, match="publiee_le"):
            fabrique.presenter(acteur, brouillon, publiee_le=timezone.now())


class TestPublier:
    def test_publie_il_est_date_signe_et_fige(self, acteur, publie):
        assert (publie.est_publiee, publie.publiee_par) == (True, acteur.utilisateur_nom)
        with pytest.raises(Refus, match="ne change plus"):
            fabrique.presenter(acteur, publie, titre="Trop tard")
        with pytest.raises(IntegrityError), transaction.atomic():
            VersionDAppel.objects.filter(pk=publie.pk).update(titre="Trop tard")
        with pytest.raises(IntegrityError), transaction.atomic():
            VersionDAppel.objects.filter(pk=publie.pk).delete()

    @pytest.mark.parametrize("modele", CONTENU_D_APPEL, ids=lambda m: m.__name__)
    def test_tout_ce_qu_il_contient_est_fige(self, acteur, contrat, modele):
        version = fabrique.brouillon(acteur, contrat)
        sections.ajouter_une_question(par=acteur, version=version, valeurs={"texte": "Pour qui ?"})
        sections.proposer_la_grille(par=acteur, version=version)
        publiee = appels.publier_l_appel(par=acteur, version=version)
        autre = fabrique.brouillon(acteur, contrat)
        lignes = modele.objects.filter(version=publiee)
        assert lignes.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            lignes.update(version=autre)
        with pytest.raises(IntegrityError), transaction.atomic():
            lignes.all()._raw_delete("default")
        copie = lignes.first()
        copie.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            copie.save(force_insert=True)

    def test_un_appel_incomplet_dit_tout_ce_qui_manque(self, acteur, contrat):
        version = appels.creer_un_appel(
            par=acteur,
            contrat=contrat,
            titre="Incomplet",
            exercice=fabrique.dans(9).year,
            ouvre_le=fabrique.dans(1),
            ferme_le=fabrique.dans(9),
        )
        with pytest.raises(Refus) as refus:
            appels.publier_l_appel(par=acteur, version=version)
        assert len(refus.value.motifs) == 3

    def test_il_a_au_plus_un_brouillon(self, acteur, publie):
        version = appels.preparer_une_version(par=acteur, appel=publie.appel)
        assert appels.preparer_une_version(par=acteur, appel=publie.appel) == version
        with pytest.raises(IntegrityError), transaction.atomic():
            version.pk, version.numero = None, 9
            version.save(force_insert=True)

    def test_une_version_suivante_dit_ce_qu_elle_change(self, acteur, publie):
        version = appels.preparer_une_version(par=acteur, appel=publie.appel)
        with pytest.raises(Refus, match="rien à publier"):
            appels.publier_l_appel(par=acteur, version=version)
        fabrique.presenter(acteur, version, ferme_le=publie.ferme_le + timedelta(days=14))
        version.refresh_from_db()
        with pytest.raises(Refus, match="Dites ce qui change"):
            appels.publier_l_appel(par=acteur, version=version)
        suivante = appels.publier_l_appel(
            par=acteur, version=version, ce_qui_change="Deux semaines de plus."
        )
        assert (suivante.numero, suivante.ce_qui_change) == (2, "Deux semaines de plus.")
        assert list(VersionDAppel.objects.courantes()) == [suivante]

    def test_jeter_un_brouillon_jamais_publie_retire_l_appel(self, acteur, brouillon, publie):
        appels.jeter_le_brouillon(par=acteur, version=brouillon)
        assert list(Appel.objects.all()) == [publie.appel]
        version = appels.preparer_une_version(par=acteur, appel=publie.appel)
        appels.jeter_le_brouillon(par=acteur, version=version)
        assert list(publie.appel.versions.all()) == [publie]


class TestReprendre:
    def test_tout_est_repris_et_les_dates_glissent(self, acteur, publie):
        exercice = publie.appel.exercice + 1
        copie = appels.dupliquer(par=acteur, appel=publie.appel, exercice=exercice)
        assert copie.appel.duplique_de == publie.appel
        assert copie.appel.exercice == exercice
        ancienne, nouvelle = (timezone.localtime(v.ferme_le) for v in (publie, copie))
        assert (nouvelle.year, nouvelle.hour) == (ancienne.year + 1, ancienne.hour)
        for nom in ("fiches", "financeurs", "pieces", "questions", "lignes"):
            assert getattr(copie, nom).count() == getattr(publie, nom).count(), nom
        assert [p.cle for p in copie.pieces.all()] == [p.cle for p in publie.pieces.all()]

    def test_un_brouillon_ne_se_reprend_pas(self, acteur, brouillon):
        with pytest.raises(Refus, match="pas publié"):
            appels.dupliquer(par=acteur, appel=brouillon.appel, exercice=2030)


class TestPrevenir:
    @pytest.fixture
    def abonne(self, contrat):
        qui = comptes.personne("Lina")
        fiches = list(contrat.fiches.all()[:2])
        nombre = alertes.choisir_ses_alertes(
            par=comptes.acteur(qui), contrat=contrat, toutes=False, fiches=fiches
        )
        assert nombre == 2
        return qui

    def recus(self, qui):
        return Courriel.objects.filter(destinataire=qui.courriel, sujet=Sujet.APPEL)

    def test_deux_fiches_suivies_font_un_seul_courriel(self, acteur, contrat, abonne):
        version = fabrique.publie(acteur, contrat)
        (courriel,) = self.recus(abonne)
        assert version.titre in courriel.objet
        assert f"/{contrat.code}/appels/{version.appel.adresse}/" in courriel.texte

    def test_une_nouvelle_version_dit_ce_qui_change(self, acteur, contrat, abonne):
        publie = fabrique.publie(acteur, contrat)
        version = appels.preparer_une_version(par=acteur, appel=publie.appel)
        fabrique.presenter(acteur, version, ferme_le=publie.ferme_le + timedelta(days=1))
        version.refresh_from_db()
        appels.publier_l_appel(par=acteur, version=version, ce_qui_change="Un jour de plus.")
        dernier = self.recus(abonne).latest("pk")
        assert "Un jour de plus." in dernier.texte
        assert "La clôture est repoussée" in dernier.texte

    def test_un_appel_d_ailleurs_previent_aussi_une_seule_fois(self, acteur, contrat, abonne):
        ailleurs = fabrique.ailleurs(acteur, contrat)
        assert self.recus(abonne).count() == 1
        appels_ailleurs.modifier_un_appel_d_ailleurs(
            par=acteur, ailleurs=ailleurs, revision=1, valeurs={"titre": "Vacances"}
        )
        assert self.recus(abonne).count() == 1

    def test_une_fiche_non_suivie_ne_previent_pas(self, acteur, contrat, abonne):
        fabrique.ailleurs(acteur, contrat, fiches=[contrat.fiches.last()])
        assert not self.recus(abonne).exists()

    def test_un_compte_ferme_ne_recoit_rien(self, acteur, contrat, abonne):
        abonne.is_active = False
        abonne.save()
        fabrique.publie(acteur, contrat)
        assert not self.recus(abonne).exists()

    def test_choisir_remplace_et_ne_va_pas_au_journal(self, contrat, abonne):
        moi = comptes.acteur(abonne)
        avant = Evenement.objects.count()
        assert alertes.choisir_ses_alertes(par=moi, contrat=contrat, toutes=True) == 1
        assert Alerte.objects.get().fiche is None
        assert alertes.choisir_ses_alertes(par=moi, contrat=contrat, toutes=False) == 0
        assert not Alerte.objects.exists()
        assert Evenement.objects.count() == avant

    def test_un_visiteur_ne_peut_pas_etre_prevenu(self, contrat):
        from parvis.comptes.acteur import Acteur

        with pytest.raises(Refus, match="Connectez-vous"):
            alertes.choisir_ses_alertes(par=Acteur.anonyme(), contrat=contrat, toutes=True)


class TestAilleurs:
    def test_il_se_modifie_avec_sa_revision_et_se_retire(self, acteur, contrat):
        ailleurs = fabrique.ailleurs(acteur, contrat)
        revu = appels_ailleurs.modifier_un_appel_d_ailleurs(
            par=acteur, ailleurs=ailleurs, revision=1, valeurs={"titre": "Vacances"}
        )
        assert (revu.titre, revu.revision, revu.fiches.count()) == ("Vacances", 2, 0)
        with pytest.raises(ConflitDeVersion):
            appels_ailleurs.modifier_un_appel_d_ailleurs(
                par=acteur, ailleurs=ailleurs, revision=1, valeurs={"titre": "Perdu"}
            )
        appels_ailleurs.retirer_un_appel_d_ailleurs(par=acteur, ailleurs=ailleurs)
        assert not contrat.appels_ailleurs.exists()

    @pytest.mark.parametrize(
        ("valeurs", "mot"),
        [
            ({"lien": "http://grand-air.example/"}, "https://"),
            ({"titre": ""}, "Titre"),
            ({"ouvre_le": fabrique.dans(90).date()}, "avant d’ouvrir"),
        ],
    )
    def test_un_appel_mal_recopie_est_refuse(self, acteur, contrat, valeurs, mot):
        with pytest.raises(Refus, match=mot):
            fabrique.ailleurs(acteur, contrat, **valeurs)
