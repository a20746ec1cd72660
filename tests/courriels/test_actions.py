"""Un courriel n'existe qu'avec son acte, suit sa table d'états, et respecte ce que l'adresse a choisi."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.courriels import actions, queries, rules
from parvis.courriels.enums import Etat, Frequence, Sujet
from parvis.courriels.models import Courriel, Preference
from parvis.socle.refus import Refus
from tests.courriels.conftest import MATIN

pytestmark = pytest.mark.django_db
MOI, AUTRE = "exécutant-1", "exécutant-2"
ADRESSE = "amina@tilleuls.example"
MINUTE, JOUR = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def courriel(deposer):
    return deposer()


@pytest.fixture
def pris(courriel):
    return actions.prendre(executant=MOI, maintenant=MATIN)


def relire(courriel: Courriel) -> Courriel:
    return Courriel.objects.get(pk=courriel.pk)


def rater(courriel, executant=MOI, *, est_definitif=False, maintenant=MATIN) -> bool:
    return actions.noter_l_echec(
        courriel=courriel,
        executant=executant,
        erreur="Le serveur ne répond pas.",
        est_definitif=est_definitif,
        maintenant=maintenant,
    )


class TestDeposer:
    def test_range_le_courriel_propre_et_pret_a_partir(self, deposer):
        depose = deposer(destinataire=" Amina@Tilleuls.Example ", objet="Votre\ncode")
        assert (depose.destinataire, depose.objet) == (ADRESSE, "Votre code")
        assert (depose.etat, depose.prochain_essai_le) == (Etat.A_ENVOYER, MATIN)

    @pytest.mark.django_db(transaction=True)
    def test_refuse_hors_d_une_transaction(self):
        with pytest.raises(transaction.TransactionManagementError):
            actions.deposer(destinataire=ADRESSE, sujet=Sujet.SECURITE, objet="x", texte="")

    @pytest.mark.django_db(transaction=True)
    def test_disparait_avec_l_acte_qui_echoue(self, deposer):
        with pytest.raises(RuntimeError), transaction.atomic():
            deposer()
            raise RuntimeError
        assert not Courriel.objects.exists()

    def test_refuse_avec_ses_motifs(self, deposer):
        with pytest.raises(Refus) as refus:
            deposer(destinataire="x", objet="")
        assert len(refus.value.motifs) == 2

    def test_une_nouvelle_d_organisme_attend_le_resume(self, deposer):
        depose = deposer(sujet=Sujet.ORGANISME)
        assert (depose.frequence, depose.prochain_essai_le) == (Frequence.QUOTIDIEN, None)
        assert actions.prendre(executant=MOI, maintenant=MATIN + JOUR) is None

    @pytest.mark.parametrize(("choisie", "essai"), [("immediat", MATIN), ("quotidien", None)])
    def test_suit_la_frequence_choisie(self, deposer, choisie, essai):
        actions.choisir_frequence(adresse=ADRESSE, sujet=Sujet.ORGANISME, frequence=choisie)
        assert deposer(sujet=Sujet.ORGANISME).prochain_essai_le == essai

    def test_rien_pour_qui_n_en_veut_pas(self, deposer):
        actions.se_desabonner(adresse=ADRESSE, sujets=[Sujet.ORGANISME])
        assert deposer(sujet=Sujet.ORGANISME) is None
        assert deposer(sujet=Sujet.RATTACHEMENT) is not None
        assert deposer(sujet=Sujet.ORGANISME, destinataire="autre@x.example") is not None


class TestEnvoyer:
    def test_prendre_ouvre_un_bail(self, courriel):
        pris = relire(actions.prendre(executant=MOI, maintenant=MATIN))
        assert (pris.etat, pris.executant, pris.essais) == (Etat.EN_COURS, MOI, 1)
        assert pris.bail_jusqu_au == MATIN + rules.DUREE_DU_BAIL

    def test_un_courriel_tenu_ne_se_prend_pas(self, pris):
        assert actions.prendre(executant=AUTRE, maintenant=MATIN) is None

    def test_le_plus_ancien_part_le_premier(self, deposer):
        deposer(maintenant=MATIN)
        ancien = deposer(maintenant=MATIN - JOUR)
        assert actions.prendre(executant=MOI, maintenant=MATIN) == ancien

    def test_un_courriel_pris_entre_temps_ne_se_prend_pas(self, courriel, monkeypatch):
        """Un autre le prend entre la lecture et le verrou."""
        monkeypatch.setattr("parvis.courriels.models.CourrielQuerySet.first", lambda _: None)
        assert actions.prendre(executant=MOI, maintenant=MATIN) is None

    def test_un_bail_echu_se_reprend_et_l_ancien_executant_n_ecrit_plus(self, pris):
        apres = MATIN + rules.DUREE_DU_BAIL + MINUTE
        assert actions.prendre(executant=AUTRE, maintenant=apres).executant == AUTRE
        assert not actions.noter_l_envoi(courriel=pris, executant=MOI, maintenant=apres)
        assert not rater(pris)
        assert relire(pris).etat == Etat.EN_COURS
        assert actions.noter_l_envoi(courriel=pris, executant=AUTRE, maintenant=apres)
        assert (relire(pris).etat, relire(pris).envoye_le) == (Etat.ENVOYE, apres)

    def test_un_echec_remet_a_plus_tard_puis_abandonne(self, courriel):
        maintenant, essais = MATIN, 0
        while pris := actions.prendre(executant=MOI, maintenant=maintenant):
            essais += 1
            assert rater(pris, maintenant=maintenant)
            maintenant = relire(pris).prochain_essai_le or maintenant
        assert essais == len(rules.DELAIS) + 1
        assert relire(courriel).etat == Etat.ABANDONNE
        assert relire(courriel).erreur == "Le serveur ne répond pas."
        assert list(queries.lettres_mortes()) == [courriel]

    def test_un_refus_definitif_abandonne_aussitot(self, pris):
        assert rater(pris, est_definitif=True)
        assert relire(pris).etat == Etat.ABANDONNE

    def test_un_courriel_qui_tue_ses_executants_finit_abandonne(self, courriel):
        maintenant, essais = MATIN, 0
        while actions.prendre(executant=MOI, maintenant=maintenant):
            essais += 1
            maintenant += rules.DUREE_DU_BAIL + MINUTE
        assert essais == len(rules.DELAIS) + 1
        assert relire(courriel).etat == Etat.ABANDONNE
        assert relire(courriel).erreur == actions.MORT_PENDANT_L_ENVOI

    @pytest.mark.parametrize("demonstration", [True, False])
    def test_le_texte_d_un_code_s_efface_quand_il_est_parti(self, pris, settings, demonstration):
        settings.DEMONSTRATION = demonstration
        actions.noter_l_envoi(courriel=pris, executant=MOI)
        assert bool(relire(pris).texte) is demonstration

    def test_le_texte_d_une_nouvelle_est_garde(self, deposer):
        deposer(sujet=Sujet.PLATEFORME)
        pris = actions.prendre(executant=MOI, maintenant=MATIN)
        actions.noter_l_envoi(courriel=pris, executant=MOI)
        assert relire(pris).texte == "Le code est 123 456."

    def test_relancer_rend_tous_ses_essais(self, pris):
        assert not actions.relancer(courriel=pris)
        rater(pris, est_definitif=True)
        assert actions.relancer(courriel=pris, maintenant=MATIN)
        relance = relire(pris)
        assert (relance.etat, relance.essais) == (Etat.A_ENVOYER, 0)
        assert actions.prendre(executant=MOI, maintenant=MATIN) == pris


class TestResumes:
    def test_un_seul_resume_reprend_tout_ce_qui_attendait(self, deposer):
        hier = MATIN - JOUR
        deposer(sujet=Sujet.ORGANISME, objet="Nouvelle adresse", texte="Un.", maintenant=hier)
        deposer(sujet=Sujet.RATTACHEMENT, objet="Une arrivée", texte="Deux.", maintenant=hier)
        deposer(sujet=Sujet.RATTACHEMENT, objet="Un départ", texte="Trois.", maintenant=hier)
        assert actions.preparer_les_resumes(maintenant=MATIN) == 1
        resume = Courriel.objects.get(sujet=Sujet.RESUME)
        assert resume.objet == "Résumé du 2 juin\u00a0: 3 messages"
        assert {c.objet for c in resume.repris.filter(etat=Etat.RESUME)} == {
            "Nouvelle adresse",
            "Une arrivée",
            "Un départ",
        }
        ordre = ["Arrivées", "Une arrivée", "Deux.", "Un départ", "Trois.", "fiche de", "Un."]
        places = [resume.texte.index(mots) for mots in ordre]
        assert places == sorted(places)
        assert "&" not in resume.texte

    def test_une_adresse_un_resume(self, deposer):
        for adresse in ("a@x.example", "b@x.example"):
            deposer(sujet=Sujet.ORGANISME, destinataire=adresse, maintenant=MATIN - JOUR)
        assert actions.preparer_les_resumes(maintenant=MATIN) == 2
        resumes = Courriel.objects.filter(sujet=Sujet.RESUME)
        assert {r.destinataire for r in resumes} == {"a@x.example", "b@x.example"}
        assert resumes[0].objet.endswith("1 message")

    def test_refait_n_ecrit_rien(self, deposer):
        deposer(sujet=Sujet.ORGANISME, maintenant=MATIN - JOUR)
        assert actions.preparer_les_resumes(maintenant=MATIN) == 1
        assert actions.preparer_les_resumes(maintenant=MATIN) == 0
        assert actions.preparer_les_resumes(maintenant=MATIN + JOUR) == 0

    def test_ce_qui_arrive_apres_l_heure_attend_demain(self, deposer):
        deposer(sujet=Sujet.ORGANISME, maintenant=MATIN)
        assert actions.preparer_les_resumes(maintenant=MATIN + MINUTE) == 0
        assert actions.preparer_les_resumes(maintenant=MATIN + JOUR) == 1

    def test_jamais_deux_resumes_le_meme_jour(self, deposer):
        """Un acte commencé avant l'heure et conclu après le résumé attend le lendemain."""
        deposer(sujet=Sujet.ORGANISME, maintenant=MATIN - JOUR)
        assert actions.preparer_les_resumes(maintenant=MATIN) == 1
        deposer(sujet=Sujet.ORGANISME, maintenant=MATIN - 31 * MINUTE)
        assert actions.preparer_les_resumes(maintenant=MATIN + MINUTE) == 0
        assert actions.preparer_les_resumes(maintenant=MATIN + JOUR) == 1

    def test_un_executant_arrete_trois_jours_n_en_envoie_qu_un(self, deposer):
        for jours in (1, 2, 3):
            deposer(sujet=Sujet.ORGANISME, maintenant=MATIN - jours * JOUR)
        assert actions.preparer_les_resumes(maintenant=MATIN) == 1
        assert Courriel.objects.get(sujet=Sujet.RESUME).repris.count() == 3

    def test_l_heure_est_un_reglage(self, deposer, settings):
        settings.HEURE_DU_RESUME = time(18)
        deposer(sujet=Sujet.ORGANISME, maintenant=MATIN)
        assert actions.preparer_les_resumes(maintenant=MATIN + MINUTE) == 0
        assert actions.preparer_les_resumes(maintenant=MATIN.replace(hour=18)) == 1


class TestPreferences:
    def test_le_choix_remplace_le_precedent(self):
        for frequence in Frequence:
            actions.choisir_frequence(
                adresse=ADRESSE.upper(), sujet=Sujet.ORGANISME, frequence=frequence
            )
        assert Preference.objects.get().frequence == Frequence.JAMAIS
        assert queries.preferences(ADRESSE) == {
            Sujet.RATTACHEMENT: Frequence.QUOTIDIEN,
            Sujet.ORGANISME: Frequence.JAMAIS,
            Sujet.APPEL: Frequence.QUOTIDIEN,
            Sujet.RAPPEL: Frequence.IMMEDIAT,
            Sujet.BILAN: Frequence.IMMEDIAT,
            Sujet.DOSSIER: Frequence.QUOTIDIEN,
            Sujet.MESSAGE: Frequence.QUOTIDIEN,
            Sujet.PLATEFORME: Frequence.IMMEDIAT,
        }

    def test_ne_plus_vouloir_arrete_aussi_ce_qui_attendait(self, deposer):
        deposer(sujet=Sujet.ORGANISME, maintenant=MATIN - JOUR)
        garde = deposer(sujet=Sujet.RATTACHEMENT, maintenant=MATIN - JOUR)
        autre = deposer(sujet=Sujet.ORGANISME, destinataire="autre@x.example")
        actions.se_desabonner(adresse=ADRESSE, sujets=[Sujet.ORGANISME])
        assert set(Courriel.objects.all()) == {garde, autre}

    def test_un_sujet_de_surete_ne_s_arrete_pas_et_rien_ne_change(self):
        with pytest.raises(Refus):
            actions.se_desabonner(adresse=ADRESSE, sujets=[Sujet.ORGANISME, Sujet.SECURITE])
        assert not Preference.objects.exists()


class TestOublier:
    def test_ce_qui_est_fini_s_oublie_ce_qui_attend_reste(self, deposer):
        ancien = MATIN - rules.DUREE_DE_GARDE - JOUR
        etats = {}
        for nom in ("parti", "abandonne", "attend"):
            etats[nom] = deposer(maintenant=ancien, objet=nom)
        for nom in ("parti", "abandonne"):
            pris = actions.prendre(executant=MOI, maintenant=ancien)
            assert pris.objet == nom
            if nom == "parti":
                actions.noter_l_envoi(courriel=pris, executant=MOI, maintenant=ancien)
            else:
                rater(pris, est_definitif=True)
        recent = deposer()
        assert actions.oublier_les_anciens(maintenant=MATIN) == 2
        assert set(Courriel.objects.all()) == {etats["attend"], recent}

    def test_un_resume_s_oublie_avec_ce_qu_il_reprend(self, deposer):
        deposer(sujet=Sujet.ORGANISME, maintenant=MATIN - JOUR)
        actions.preparer_les_resumes(maintenant=MATIN)
        pris = actions.prendre(executant=MOI, maintenant=MATIN)
        actions.noter_l_envoi(courriel=pris, executant=MOI, maintenant=MATIN)
        assert actions.oublier_les_anciens(maintenant=MATIN + rules.DUREE_DE_GARDE) == 0
        assert actions.oublier_les_anciens(maintenant=MATIN + rules.DUREE_DE_GARDE + JOUR) == 2
        assert not Courriel.objects.exists()


def test_les_comptes_disent_aussi_zero(courriel):
    assert queries.compter_par_etat() == dict.fromkeys(Etat.values, 0) | {Etat.A_ENVOYER: 1}


def test_la_boite_montre_une_adresse_ou_toutes(deposer):
    mien = deposer()
    autre = deposer(destinataire="autre@x.example", maintenant=MATIN + MINUTE)
    assert list(queries.boite()) == [autre, mien]
    assert list(queries.boite(ADRESSE.title())) == [mien]
    assert queries.courriel(mien.identifiant) == mien


@pytest.mark.parametrize(
    "faute",
    [
        {"etat": "inconnu"},
        {"sujet": "inconnu"},
        {"destinataire": "Amina@tilleuls.example"},
        {"etat": Etat.ENVOYE, "prochain_essai_le": None},
        {"envoye_le": MATIN},
        {"etat": Etat.EN_COURS, "prochain_essai_le": None},
        {"bail_jusqu_au": MATIN},
        {"prochain_essai_le": None},
        {"etat": Etat.RESUME, "prochain_essai_le": None},
        {"etat": Etat.ABANDONNE, "prochain_essai_le": None},
        {"frequence": Frequence.QUOTIDIEN},
        {"frequence": Frequence.JAMAIS, "prochain_essai_le": None},
    ],
)
def test_la_base_refuse_un_etat_sans_ses_dates(courriel, faute):
    with pytest.raises(IntegrityError), transaction.atomic():
        Courriel.objects.filter(pk=courriel.pk).update(**faute)


def test_chaque_passage_permis_a_son_geste_et_aucun_autre(deposer):
    faits = set()
    echu = MATIN + rules.DUREE_DU_BAIL + MINUTE
    gestes = {
        "prendre": lambda c: actions.prendre(executant=AUTRE, maintenant=MATIN),
        "reprendre": lambda c: actions.prendre(executant=AUTRE, maintenant=echu),
        "envoyer": lambda c: actions.noter_l_envoi(courriel=c, executant=MOI),
        "rater": lambda c: rater(c),
        "abandonner": lambda c: rater(c, est_definitif=True),
        "relancer": lambda c: actions.relancer(courriel=c),
        "resumer": lambda c: actions.preparer_les_resumes(maintenant=MATIN),
    }
    for depuis in Etat:
        for geste in gestes.values():
            for sujet in (Sujet.SECURITE, Sujet.ORGANISME):
                courriel = mettre(deposer(sujet=sujet, maintenant=MATIN - JOUR), depuis)
                if courriel is None:
                    continue
                geste(courriel)
                if relire(courriel).etat != depuis:
                    faits.add((depuis, relire(courriel).etat))
                Courriel.objects.all().delete()
    assert faits == {(d, v) for d, vises in rules.PASSAGES.items() for v in vises}


def mettre(courriel: Courriel, etat: str) -> Courriel | None:
    """Met un courriel dans un état, avec ce que la base exige ; None si son sujet n'y va pas."""
    if etat == Etat.A_ENVOYER:
        return courriel
    if (etat == Etat.RESUME) != (courriel.frequence == Frequence.QUOTIDIEN):
        courriel.delete()
        return None
    valeurs = {
        Etat.EN_COURS: {"bail_jusqu_au": MATIN + MINUTE, "executant": MOI, "essais": 1},
        Etat.ENVOYE: {"envoye_le": timezone.now()},
        Etat.ABANDONNE: {"erreur": "x"},
        Etat.RESUME: {"resume_id": courriel.pk},
    }[etat]
    Courriel.objects.filter(pk=courriel.pk).update(etat=etat, prochain_essai_le=None, **valeurs)
    return relire(courriel)
