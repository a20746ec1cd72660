"""Les travaux : passages, bail, annulation, reprise ; rien de perdu, rien fait deux fois."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.socle.auteur import Machine
from parvis.travaux import actions, execution, rules
from parvis.travaux.enums import ETATS_FINAUX, Etat
from parvis.travaux.models import Bail, Travail
from parvis.travaux.rules import TravailAnnule, TravailPerdu

pytestmark = pytest.mark.django_db
MOI, AUTRE = "exécutant-1", "exécutant-2"


@pytest.fixture
def travail():
    return actions.demander(
        par=Machine("essai"), nature="essai.compter", parametres={"n": 3}, contrat="tilleuls"
    )


@pytest.fixture
def pris(travail):
    return actions.prendre(travail=travail, executant=MOI)


@pytest.fixture
def nature(monkeypatch):
    """Inscrit pour un test la fonction qui mène « essai.compter »."""
    monkeypatch.setattr(execution, "NATURES", {})
    return execution.inscrire("essai.compter")


def relire(travail: Travail) -> Travail:
    return Travail.objects.get(pk=travail.pk)


def mettre(travail: Travail, etat: str) -> Travail:
    """Met un travail dans un état, avec ce que la base exige de lui."""
    travail.etat = etat
    travail.termine_le = timezone.now() if etat in ETATS_FINAUX else None
    en_cours = etat == Etat.EN_COURS
    travail.bail_jusqu_au = timezone.now() + timedelta(minutes=1) if en_cours else None
    travail.executant = MOI if en_cours else ""
    travail.save()
    return travail


def laisser_echoir(travail: Travail) -> None:
    echu = timezone.now() - timedelta(seconds=1)
    Travail.objects.filter(pk=travail.pk).update(bail_jusqu_au=echu)


def test_demander_met_en_file_avec_son_demandeur(travail):
    assert (travail.etat, travail.demande_par_nom) == (Etat.EN_ATTENTE, "essai")
    assert DBTaskResult.objects.count() == 1


def test_prendre_ouvre_un_bail(travail):
    pris = actions.prendre(travail=travail, executant=MOI)
    restant = pris.bail_jusqu_au - timezone.now()
    assert timedelta(0) < restant <= rules.DUREE_DU_BAIL
    assert (pris.etat, pris.executant) == (Etat.EN_COURS, MOI)


def test_un_travail_tenu_ne_se_prend_pas(pris):
    with pytest.raises(TravailPerdu):
        actions.prendre(travail=pris, executant=AUTRE)


def test_un_bail_echu_se_reprend_et_l_ancien_executant_n_ecrit_plus(pris):
    laisser_echoir(pris)
    assert actions.prendre(travail=pris, executant=AUTRE).executant == AUTRE
    for geste in (
        lambda: actions.avancer(travail=pris, executant=MOI, fait=1),
        lambda: actions.terminer(travail=pris, executant=MOI, resultat={}),
        lambda: actions.echouer(travail=pris, executant=MOI, erreur="x"),
        lambda: actions.renoncer(travail=pris, executant=MOI),
    ):
        with pytest.raises(TravailPerdu):
            geste()
    assert relire(pris).executant == AUTRE


def test_avancer_note_la_progression_et_prolonge_le_bail(pris):
    presque = timezone.now() + timedelta(seconds=1)
    Travail.objects.filter(pk=pris.pk).update(bail_jusqu_au=presque)
    actions.avancer(travail=pris, executant=MOI, fait=2, total=5)
    relu = relire(pris)
    assert (relu.fait, relu.total) == (2, 5)
    assert relu.bail_jusqu_au > presque


def test_avancer_au_dela_du_total_est_refuse(pris):
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.avancer(travail=pris, executant=MOI, fait=6, total=5)


def test_terminer_garde_le_resultat(pris):
    actions.terminer(travail=pris, executant=MOI, resultat={"lignes": 3})
    relu = relire(pris)
    assert (relu.etat, relu.resultat) == (Etat.TERMINE, {"lignes": 3})
    assert relu.termine_le
    assert relu.bail_jusqu_au is None


def test_annuler_en_attente_est_immediat(travail):
    actions.annuler(travail=travail)
    assert relire(travail).etat == Etat.ANNULE


def test_annuler_en_cours_demande_a_l_executant_de_s_arreter(pris):
    actions.annuler(travail=pris)
    assert relire(pris).etat == Etat.EN_COURS
    with pytest.raises(TravailAnnule):
        actions.avancer(travail=pris, executant=MOI, fait=1)
    actions.renoncer(travail=pris, executant=MOI)
    assert relire(pris).etat == Etat.ANNULE


def test_relancer_repart_du_debut(pris):
    actions.avancer(travail=pris, executant=MOI, fait=2, total=5)
    actions.echouer(travail=pris, executant=MOI, erreur="disque plein")
    actions.relancer(travail=pris)
    relu = relire(pris)
    assert (relu.etat, relu.fait, relu.erreur) == (Etat.EN_ATTENTE, 0, "")
    assert DBTaskResult.objects.count() == 2


def test_reprendre_les_perdus_les_compte_et_les_remet_en_file(pris):
    assert actions.reprendre_les_perdus() == 0
    laisser_echoir(pris)
    assert actions.reprendre_les_perdus() == 1
    relu = relire(pris)
    assert (relu.etat, relu.executant, relu.bail_jusqu_au) == (Etat.EN_ATTENTE, "", None)
    assert DBTaskResult.objects.count() == 2


GESTES = {
    "prendre": (lambda t: actions.prendre(travail=t, executant=AUTRE), Etat.EN_COURS),
    "terminer": (lambda t: actions.terminer(travail=t, executant=MOI, resultat={}), Etat.TERMINE),
    "echouer": (lambda t: actions.echouer(travail=t, executant=MOI, erreur="x"), Etat.ECHOUE),
    "renoncer": (lambda t: actions.renoncer(travail=t, executant=MOI), Etat.ANNULE),
    "annuler": (lambda t: actions.annuler(travail=t), Etat.ANNULE),
    "relancer": (lambda t: actions.relancer(travail=t), Etat.EN_ATTENTE),
    "reprendre": (lambda t: actions.reprendre_les_perdus(), Etat.EN_ATTENTE),
}


@pytest.mark.parametrize("depuis", list(Etat))
@pytest.mark.parametrize("geste", GESTES)
def test_aucun_geste_ne_sort_de_la_table_des_passages(travail, depuis, geste):
    mettre(travail, depuis)
    faire, vise = GESTES[geste]
    try:
        faire(travail)
    except TravailPerdu:
        assert relire(travail).etat == depuis
    arrive = relire(travail).etat
    assert arrive == depuis or rules.peut_passer(depuis, arrive)
    assert arrive in (depuis, vise)


def test_chaque_passage_permis_a_son_geste():
    faits = set()
    for depuis in Etat:
        for geste, _ in GESTES.values():
            travail = mettre(
                Travail(nature="x", demande_le=timezone.now(), demande_par_nom="x"), depuis
            )
            if geste is GESTES["reprendre"][0]:
                Travail.objects.filter(pk=travail.pk, etat=Etat.EN_COURS).update(
                    bail_jusqu_au=timezone.now() - timedelta(seconds=1)
                )
            try:
                geste(travail)
            except TravailPerdu:
                continue
            if relire(travail).etat != depuis:
                faits.add((depuis, relire(travail).etat))
    assert faits == {(d, v) for d, vises in rules.PASSAGES.items() for v in vises}


@pytest.mark.parametrize(
    "faute",
    [
        {"etat": "inconnu"},
        {"etat": Etat.TERMINE},
        {"termine_le": "2020-01-01T00:00Z"},
        {"etat": Etat.EN_COURS},
        {"bail_jusqu_au": "2020-01-01T00:00Z"},
        {"total": 2, "fait": 3},
    ],
)
def test_la_base_refuse_un_etat_sans_ses_dates(travail, faute):
    with pytest.raises(IntegrityError), transaction.atomic():
        Travail.objects.filter(pk=travail.pk).update(**faute)


class TestMener:
    def test_mene_a_bien(self, travail, nature):
        @nature
        def compter(parametres, avancer):
            for fait in range(parametres["n"]):
                avancer(fait, 3)
            return {"compte": parametres["n"]}

        execution.mener(str(travail.identifiant))
        assert (relire(travail).etat, relire(travail).resultat) == (Etat.TERMINE, {"compte": 3})

    def test_une_panne_est_dite(self, travail, nature):
        @nature
        def tomber(parametres, avancer):
            raise ValueError("La ligne 3 ne se lit pas.")

        execution.mener(str(travail.identifiant))
        assert (relire(travail).etat, relire(travail).erreur) == (
            Etat.ECHOUE,
            "La ligne 3 ne se lit pas.",
        )

    def test_une_nature_inconnue_est_dite(self, travail, nature):
        execution.mener(str(travail.identifiant))
        assert "essai.compter" in relire(travail).erreur

    def test_une_annulation_arrete(self, travail, nature):
        @nature
        def annuler(parametres, avancer):
            actions.annuler(travail=travail)
            avancer(1)
            raise AssertionError("aurait dû s'arrêter")

        execution.mener(str(travail.identifiant))
        assert relire(travail).etat == Etat.ANNULE

    @pytest.mark.parametrize("suite", [None, ValueError("trop tard")])
    def test_un_travail_repris_par_un_autre_est_laisse(self, travail, nature, suite):
        @nature
        def se_faire_doubler(parametres, avancer):
            laisser_echoir(travail)
            actions.prendre(travail=travail, executant=AUTRE)
            if suite:
                raise suite
            return {}

        execution.mener(str(travail.identifiant))
        assert (relire(travail).etat, relire(travail).executant) == (Etat.EN_COURS, AUTRE)

    def test_mene_deux_fois_ne_se_fait_qu_une(self, travail, nature):
        fois = []

        @nature
        def compter(parametres, avancer):
            fois.append(1)
            return {}

        execution.mener(str(travail.identifiant))
        execution.mener(str(travail.identifiant))
        assert fois == [1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("aboutit", [True, False])
def test_un_travail_n_existe_que_si_l_acte_aboutit(aboutit):
    try:
        with transaction.atomic():
            actions.demander(par=Machine("essai"), nature="x", parametres={})
            if not aboutit:
                raise RuntimeError
    except RuntimeError:
        pass
    assert Travail.objects.count() == DBTaskResult.objects.count() == int(aboutit)


@pytest.mark.django_db(transaction=True)
def test_l_executant_de_la_file_mene_chaque_travail_une_fois(monkeypatch):
    from django.core.management import call_command

    faits = []

    def compter(parametres, avancer):
        faits.append(parametres["n"])
        return {}

    monkeypatch.setattr(execution, "NATURES", {"essai.compter": compter})
    for n in range(5):
        actions.demander(par=Machine("essai"), nature="essai.compter", parametres={"n": n})
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    assert sorted(faits) == [0, 1, 2, 3, 4]
    assert set(Travail.objects.values_list("etat", flat=True)) == {Etat.TERMINE}


class TestBail:
    BAIL = {"nom": "executant", "duree": timedelta(minutes=1)}

    def test_un_seul_le_tient(self):
        assert actions.prendre_le_bail(tenu_par=MOI, **self.BAIL)
        assert not actions.prendre_le_bail(tenu_par=AUTRE, **self.BAIL)
        assert actions.prendre_le_bail(tenu_par=AUTRE, **self.BAIL | {"nom": "autre"})
        assert Bail.objects.get(nom="executant").tenu_par == MOI

    def test_qui_le_tient_le_prolonge(self):
        maintenant = timezone.now()
        for minutes in (0, 1):
            instant = maintenant + timedelta(minutes=minutes)
            assert actions.prendre_le_bail(tenu_par=MOI, **self.BAIL, maintenant=instant)
            assert Bail.objects.get().jusqu_au == instant + self.BAIL["duree"]

    def test_echu_il_change_de_main(self):
        hier = timezone.now() - timedelta(days=1)
        assert actions.prendre_le_bail(tenu_par=MOI, **self.BAIL, maintenant=hier)
        assert actions.prendre_le_bail(tenu_par=AUTRE, **self.BAIL)
        assert not actions.prendre_le_bail(tenu_par=MOI, **self.BAIL)

    def test_rendu_il_est_libre_aussitot(self):
        actions.prendre_le_bail(tenu_par=MOI, **self.BAIL)
        actions.rendre_le_bail(nom="executant", tenu_par=AUTRE)
        assert not actions.prendre_le_bail(tenu_par=AUTRE, **self.BAIL)
        actions.rendre_le_bail(nom="executant", tenu_par=MOI)
        assert actions.prendre_le_bail(tenu_par=AUTRE, **self.BAIL)
