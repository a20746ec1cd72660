"""La démonstration se joue une fois, par les vraies actions, et n'invente personne de réel."""

import csv
import io
import json
import re

import pytest
import yaml
from django.conf import settings as reglages
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from parvis.accueil.demonstration import charger_les_episodes
from parvis.accueil.demonstration.monde import DOMAINE, personne
from parvis.cadre.models import Contrat, OrganismeDePartenaire
from parvis.cadre.queries.rapprochements import propositions
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Role
from parvis.comptes.models import Invitation, Rattachement, Utilisateur
from parvis.comptes.queries.membres import a_un_gestionnaire
from parvis.conventions.queries.donnees_ouvertes import ouverture
from parvis.conventions.queries.financements import explorer
from parvis.conventions.rules.scdl_colonnes import COLONNES
from parvis.conventions.rules.scdl_verification import ouvrir, valider
from parvis.courriels.models import Courriel
from parvis.dossiers.models import Demande, Dossier, LieuDeDossier, VersionDAppel
from parvis.dossiers.queries.appels import echeances
from parvis.dossiers.queries.projets_visibles import demandes_publiques, projets_visibles
from parvis.dossiers.queries.suivi import suivi_du_projet
from parvis.instruction.queries.grille import grille_du_dossier, notes_du_service
from parvis.journal.models import Evenement
from parvis.organismes.models import Organisme
from parvis.organismes.queries import doublons_proposes
from parvis.organismes.rules import numeros
from parvis.programmation.models import Arbitrage, Decision, PosteAide, Seance
from parvis.programmation.queries.seances import deports_a_proposer
from tests.conventions.scdl import SCHEMA, fautes

EPISODES = reglages.DOSSIER_DONNEES / "demonstration"
# La tranche que l'Arcep réserve aux œuvres audiovisuelles.
TELEPHONE_DE_FICTION = re.compile(r"01 99 00 \d\d \d\d")


def preparer() -> tuple[str, str]:
    sortie, erreurs = io.StringIO(), io.StringIO()
    call_command("preparer", stdout=sortie, stderr=erreurs)
    return sortie.getvalue(), erreurs.getvalue()


@pytest.fixture(scope="module")
def jouee(django_db_setup, django_db_blocker, tmp_path_factory):
    """Rend ce que dit `preparer` la première fois ; une seule préparation pour tous les tests."""
    var = tmp_path_factory.mktemp("var")
    demonstration = override_settings(
        DEMONSTRATION=True, DOSSIER_VAR=var, STATIC_ROOT=var / "statiques"
    )
    with django_db_blocker.unblock(), demonstration, transaction.atomic():
        yield preparer()
        transaction.set_rollback(True)


@pytest.fixture
def passage(jouee):
    """Défait, à la fin du test, ce qu'un visiteur a fait dans la démonstration."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def inventes():
    """Rend les organismes qui ne sont pas les corps publics du territoire."""
    publics = yaml.safe_load((reglages.DOSSIER_DONNEES / "organismes/seine-amont.yaml").read_text())
    return Organisme.objects.exclude(nom__in=[o["nom"] for o in publics["organismes"]])


def compter() -> list[int]:
    return [m.objects.count() for m in (Utilisateur, Organisme, Rattachement, Courriel, Evenement)]


def test_chaque_episode_se_joue_sans_refus(jouee):
    sortie, erreurs = jouee
    assert erreurs == ""
    for fichier in EPISODES.glob("*.yaml"):
        assert f"Épisode de démonstration joué : {fichier.stem}." in sortie


def test_relancee_elle_ne_change_rien_et_garde_ce_que_les_visiteurs_ont_fait(passage):
    Organisme.objects.filter(nom="Plume et Pavé").update(nom="Plume, Pavé et Cie")
    Organisme.objects.filter(nom="Région Île-de-France").update(nom="Région Capitale")
    avant = compter()
    assert preparer() == ("", "")
    assert compter() == avant
    assert Organisme.objects.filter(nom__in=["Plume, Pavé et Cie", "Région Capitale"]).count() == 2


def test_un_carnet_perdu_ne_rejoue_pas_les_episodes(passage):
    assert charger_les_episodes(EPISODES.glob("*.yaml")) == []


def test_le_journal_est_intact(jouee):
    sortie = io.StringIO()
    call_command("verifier_journal", stdout=sortie)
    assert "intact" in sortie.getvalue()


def test_chaque_role_est_tenu(jouee):
    tenus = Rattachement.objects.confirmes(timezone.localdate()).values_list("role", flat=True)
    # Un expert est invité depuis un dossier.
    assert set(tenus) == set(Role.values) - {Role.EXPERT}


def test_personne_de_reel_ne_recoit_rien(jouee):
    adresses = {
        *Utilisateur.objects.values_list("courriel", flat=True),
        *Invitation.objects.values_list("courriel", flat=True),
        *Courriel.objects.values_list("destinataire", flat=True),
        *Organisme.objects.exclude(courriel="").values_list("courriel", flat=True),
    }
    assert len(adresses) > 80
    assert [a for a in adresses if not a.endswith(f"@{DOMAINE}")] == []
    sites = Organisme.objects.exclude(site="").values_list("site", flat=True)
    assert [s for s in sites if not s.endswith(f".{DOMAINE}")] == []


def test_on_entre_par_un_code_et_jamais_par_un_mot_de_passe(jouee):
    for qui in Utilisateur.objects.prefetch_related("emailaddress_set"):
        assert not qui.has_usable_password()
        assert [(a.email, a.verified) for a in qui.emailaddress_set.all()] == [(qui.courriel, True)]


def test_les_numeros_sont_justes_et_reserves(jouee):
    for organisme in inventes():
        assert numeros.normaliser_siren(organisme.siren) == organisme.siren
        assert numeros.normaliser_siret(organisme.siret) == organisme.siret
        assert numeros.normaliser_rna(organisme.rna) == organisme.rna
        assert organisme.siren[:4] in ("", "0000")
        # Ni département ni greffe ne portent le numéro 000.
        assert organisme.rna[:4] in ("", "W000")
        assert organisme.telephone == "" or TELEPHONE_DE_FICTION.fullmatch(organisme.telephone)
    assert inventes().exclude(siren="").count() > 25


def test_chaque_ligne_respecte_ses_champs(jouee):
    for modele in (Utilisateur, Organisme, Rattachement, Invitation):
        for ligne in modele.objects.all():
            ligne.full_clean(exclude=["password"])


class TestLesSituations:
    """Ce que la démonstration doit montrer, et qu'une retouche du récit pourrait perdre."""

    def en_attente(self):
        return Rattachement.objects.filter(etat=EtatDeRattachement.EN_ATTENTE)

    def test_des_demandes_attendent_avec_et_sans_gestionnaire(self, jouee):
        jour = timezone.localdate()
        tenues = [a_un_gestionnaire(d.organisme, jour=jour) for d in self.en_attente()]
        assert {True, False} == set(tenues)
        assert self.en_attente().exclude(precision="").exists()
        assert self.en_attente().filter(codes_envoyes__isnull=False).exists()
        orphelin = self.en_attente().get(organisme__nom="Les Marmites du mardi").organisme
        assert orphelin.rattachements.filter(etat=EtatDeRattachement.TERMINE).exists()

    def test_des_postes_aides_sur_deux_exercices(self, jouee):
        postes = PosteAide.objects.all()
        assert postes.values("numero").distinct().count() == 6
        annee = timezone.localdate().year
        assert set(postes.values_list("exercice", flat=True)) == {annee - 2, annee - 1}
        assert set(postes.values_list("dispositif", flat=True)) == {"adulte_relais", "fonjep"}
        assert postes.filter(organisme__isnull=False).exclude(autres_codes="").exists()

    def test_des_roles_finis_et_des_demandes_refusees(self, jouee):
        etats = set(Rattachement.objects.values_list("etat", flat=True))
        assert etats == set(EtatDeRattachement.values)
        assert set(Invitation.objects.values_list("etat", flat=True)) == set(EtatDInvitation.values)

    def test_la_presidence_a_change(self, jouee):
        preau = Organisme.objects.get(nom="Centre social Le Grand Préau")
        passation = Evenement.objects.get(
            action="comptes.passer_la_main", objet=f"organisme:{preau.pk}"
        )
        assert passation.utilisateur_nom == "Christelle Boissard"
        tenus = preau.rattachements.confirmes(timezone.localdate()).filter(role=Role.GESTIONNAIRE)
        assert [str(r.utilisateur) for r in tenus] == ["Boubacar Leroy"]

    def test_deux_casquettes_et_aucune(self, jouee):
        jour = timezone.localdate()

        def casquettes(nom):
            siens = Rattachement.objects.en_cours(jour).filter(utilisateur=personne(nom))
            return siens.values("organisme").distinct().count()

        assert casquettes("Awa Diarra") == casquettes("Jean-Luc Radiguet") == 2
        assert casquettes("Inès Charpentier") == casquettes("Alpha Guérin") == 0
        assert Organisme.objects.filter(rattachements=None, fusionne_dans=None).count() > 10

    def test_des_doublons_a_reunir_et_un_deja_reuni(self, jouee):
        proposes = [{d.premier.nom, d.second.nom} for d in doublons_proposes(Acteur.machine("x"))]
        assert sorted(proposes, key=min) == [
            {"Atelier vélo de la Roue voisine", "La Roue voisine"},
            {"Fil et Berges", "Fils et Berges"},
        ]
        (reuni,) = Organisme.objects.exclude(fusionne_dans=None)
        assert reuni.retenu.nom == "Centre social Le Grand Préau"

    def test_des_noms_du_contrat_trouves_et_d_autres_a_trouver(self, jouee):
        trouves = OrganismeDePartenaire.objects.filter(partenaire__nom="Communes")
        assert trouves.count() == 3
        agglo = Organisme.objects.get(nom="Communauté d’agglomération Seine-Amont")
        assert agglo.remplace_par.nom.startswith("Établissement public territorial")
        restent = propositions(
            Acteur.machine("x"), Contrat.objects.get(code="seine-amont-2015-2020")
        )
        assert {"Académie de Créteil", "Centres sociaux"} <= {p.partenaire.nom for p in restent}


class TestLesAppels:
    """Le calendrier se compte depuis l'installation : deux clos, un ouvert, un en brouillon."""

    def test_deux_clos_un_ouvert_un_brouillon(self, jouee):
        contrat = Contrat.objects.get(code="seine-amont-2015-2020")
        lues = echeances(Acteur.anonyme(), contrat, maintenant=timezone.now())
        ici = {e.version.appel.exercice: e for e in lues if e.version}
        annee = max(ici)
        assert {an: e.etat for an, e in ici.items()} == {
            annee - 2: "clos",
            annee - 1: "clos",
            annee: "ouvert",
        }
        assert ici[annee].version.numero == 2
        assert contrat.appels.get(exercice=annee + 1).versions.get().etat == "brouillon"

    def test_celui_de_l_annee_a_une_grille_que_l_etat_remplit_en_tout_ou_en_partie(self, jouee):
        contrat = Contrat.objects.get(code="seine-amont-2015-2020")
        annee = max(v.appel.exercice for v in VersionDAppel.objects.publiees())
        grilles = {
            appel.exercice: {version.grille.count() for version in appel.versions.all()}
            for appel in contrat.appels.all()
        }
        assert grilles == {annee - 2: {0}, annee - 1: {0}, annee: {7}, annee + 1: {7}}
        mbemba = Rattachement.objects.get(utilisateur=personne("Joséphine Mbemba"))
        acteur = Acteur(mbemba.utilisateur, mbemba)
        notes = notes_du_service(acteur)
        dossiers = Dossier.objects.filter(pk__in=notes.values("dossier"))
        lues = [grille_du_dossier(acteur, dossier).score for dossier in dossiers]
        assert sorted(lue.notes for lue in lues) == [4, 7]
        assert len({lue.sur_cent for lue in lues}) == 2

    def test_ceux_d_ailleurs_sont_dans_tous_les_etats(self, jouee):
        contrat = Contrat.objects.get(code="seine-amont-2015-2020")
        lues = echeances(Acteur.anonyme(), contrat, maintenant=timezone.now())
        assert {e.etat for e in lues if e.ailleurs} == {"a_venir", "ouvert", "clos"}
        assert all(f"{DOMAINE}/" in e.ailleurs.lien for e in lues if e.ailleurs)

    def test_qui_l_a_demande_est_prevenu_de_la_cloture_repoussee(self, jouee):
        recus = Courriel.objects.filter(destinataire=personne("Noémie Zerbib").courriel)
        assert recus.filter(objet__startswith="Un appel à projets change").count() == 1


class TestLesProjets:
    def test_ils_se_passent_dans_des_quartiers_varies(self, jouee):
        lieux = LieuDeDossier.objects.filter(dossier__in=Dossier.objects.deposes())
        assert lieux.filter(quartier__isnull=False).values("quartier").distinct().count() >= 8

    def test_un_visiteur_lit_ceux_que_leurs_financeurs_ont_votes(self, jouee):
        contrat = Contrat.objects.get(code="seine-amont-2015-2020")
        lus = projets_visibles(Acteur.anonyme(), contrat)
        assert {p.projet.titre: p.annees[0].argent.replace("\u00a0", " ") for p in lus} == {
            "La cuisine de Gagarine": "1 500 € votés",
            "La marche du lundi": "1 600 € votés",
            "Le sac de rentrée": "1 600 € votés",
            "Micro ouvert au pied des tours": "2 000 € votés",
            "Reprendre souffle": "1 800 € votés",
            "L’arbitre a seize ans": "3 300 € votés",
            "L’ordinateur du palier": "4 000 € votés",
            "Le café des parents": "3 000 € votés",
            "Les dents des petits": "4 000 € votés",
            # Six mille cinq cents de l'État, deux mille cinq cents du Département.
            "Parler pour travailler": "9 000 € votés · 2 500 € versés",
        }
        assert not any(p.annees[0].etat for p in lus)
        # Leurs lieux, des quartiers et des communes, en trois villes.
        assert len({p.lieux for p in lus}) >= 3

    def test_le_pilote_lit_aussi_ceux_que_nul_n_a_encore_votes(self, jouee):
        contrat = Contrat.objects.get(code="seine-amont-2015-2020")
        kerbrat = Rattachement.objects.get(utilisateur=personne("Nathalie Kerbrat"))
        lus = projets_visibles(Acteur(kerbrat.utilisateur, kerbrat), contrat)
        assert len(lus) >= 12 and [p.est_public for p in lus].count(True) == 10


class TestLesSeances:
    """Deux séances publiées sur le second appel de l'an dernier, une qui se prépare pour l'appel ouvert."""

    def seances(self):
        return list(Seance.objects.select_related("reunion__instance").order_by("pk"))

    def dit(self, nom, titre):
        """Rend ce que le porteur lit de chacune de ses demandes, par financeur."""
        sien = Rattachement.objects.get(utilisateur=personne(nom))
        projet = sien.organisme.projets.get(titre=titre)
        (exercice,) = suivi_du_projet(projet, jour=timezone.localdate()).exercices
        return {f.nom: f.demandes[0].phrase.replace("\u00a0", " ") for f in exercice.financeurs}

    def test_deux_sont_publiees_et_la_troisieme_se_prepare(self, jouee):
        premiere, seconde, prochaine = toutes = self.seances()
        assert [s.etat for s in toutes] == ["publiee", "publiee", "preparee"]
        assert seconde.suite_de == premiere and prochaine.suite_de is None
        assert premiere.exercice == seconde.exercice == prochaine.exercice - 1
        assert premiere.reunion.commence_le < seconde.reunion.commence_le < timezone.now()
        assert timezone.now() < prochaine.reunion.commence_le
        assert all(s.reunion.commence_le.weekday() < 5 for s in toutes)

    def test_chacune_se_lit_dans_l_ordre_du_temps(self, jouee):
        for seance in self.seances()[:2]:
            passages = [seance.reunion.commence_le, seance.ouverte_le, seance.levee_le]
            passages += [seance.publiee_le, timezone.now()]
            assert passages == sorted(passages)
            votes = [a.vote_prevu_le for a in seance.apports.all() if a.vote_prevu_le]
            assert min(votes) > timezone.localdate(seance.publiee_le)

    def test_les_ajournes_de_la_premiere_reviennent_a_la_seconde(self, jouee):
        premiere, seconde, _ = self.seances()
        dites = Arbitrage.objects.filter(vaut=True, point__seance=premiere)
        assert set(dites.values_list("resultat", flat=True)) == {"accorde", "refuse", "ajourne"}
        assert dites.exclude(condition="").count() == 1
        ajournees = dites.filter(resultat="ajourne").values_list("demande", flat=True)
        reprises = Arbitrage.objects.filter(vaut=True, point__seance=seconde)
        assert len(ajournees) == 2
        assert set(ajournees) < set(reprises.values_list("demande", flat=True))
        (deport,) = premiere.points.get(dossier__projet__titre="Reprendre souffle").deports.all()
        assert deport.mandat.nom == "Rokhaya Bathily"

    def test_rien_de_vote_ne_contredit_ce_qui_etait_propose(self, jouee):
        votees = Demande.objects.filter(arbitrages__vaut=True, montant_vote__gt=0).distinct()
        assert votees.count() == 7
        assert not votees.exclude(montant_vote=F("montant_arbitre")).exists()
        decisions = Decision.objects.filter(lignes__demande__in=votees).distinct()
        assert len({decision.financeur for decision in decisions}) == decisions.count() == 3
        assert not decisions.filter(publiee_le=None).exists()

    def test_le_porteur_lit_ce_qui_attend_encore_un_vote(self, jouee):
        dits = self.dit("Selma Bouziane", "Micro ouvert au pied des tours")
        assert dits["Préfecture du Val-de-Marne"] == (
            "3 000 € demandés · 2 000 € votés · 2 000 € engagés · 0 € versé"
        )
        bailleur = dits["Office public de l’habitat Rive-Haute"]
        assert re.search(r"Rive-Haute : 1 200 €, sous réserve du vote du \d", bailleur)
        dits = self.dit("Wilfried Nzaba", "L’arbitre a seize ans")
        assert "pas de proposition favorable" in dits["Fondation Horizon des Berges"]

    def test_la_prochaine_propose_un_deport_et_deux_financeurs_ont_parle(self, jouee):
        *_, prochaine = self.seances()
        tambours = "Les tambours de la dalle"
        assert prochaine.reunion.convoquee_le and prochaine.points.count() == 6
        ((point, mandat),) = deports_a_proposer(Acteur.machine("x"), prochaine)
        assert (point.dossier.projet.titre, mandat.nom) == (tambours, "Olivier Pham")
        assert prochaine.apports.exclude(montant=None).exclude(vote_prevu_le=None).count() == 2


def test_le_fichier_ouvert_suit_la_norme_et_dit_ce_qui_attend(jouee, client):
    contrat = Contrat.objects.get(code="seine-amont-2015-2020")
    page = client.get(f"/{contrat.code}/donnees-ouvertes/subventions.csv")
    fichier = ouvrir(page.content.decode("utf-8"))
    lignes = list(fichier.lignes)
    assert lignes and valider(fichier.entete, iter(lignes), COLONNES) == []
    entete, *brutes = csv.reader(io.StringIO(page.content.decode("utf-8"), newline=""))
    if SCHEMA.exists():
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        assert fautes(schema, entete, brutes) == set()
    attendent = ouverture(Acteur.anonyme(), contrat, jour=timezone.localdate()).incompletes
    votees = demandes_publiques(timezone.localdate()).filter(dossier__projet__contrat=contrat)
    assert attendent and len(lignes) + len(attendent) == votees.count()


def test_qui_finance_quoi_totalise_ce_qui_est_vote(jouee):
    contrat = Contrat.objects.get(code="seine-amont-2015-2020")
    jour = timezone.localdate()
    lue = explorer(Acteur.anonyme(), contrat, {}, jour=jour)
    votees = demandes_publiques(jour).filter(dossier__projet__contrat=contrat)
    en_argent = [d.montant_vote for d in votees if d.nature == "numeraire"]
    assert lue.total.vote == sum(en_argent) > 0
