"""Deux claviers sur la même séance au même instant : un seul mot s'écrit, l'autre l'apprend."""

import time
from contextlib import suppress
from threading import Barrier, Event

import pytest
from django.db import IntegrityError, transaction

from parvis.dossiers.actions.depot import retirer_le_dossier
from parvis.dossiers.enums import EtatDeDossier
from parvis.dossiers.models import Demande, Dossier
from parvis.instances.actions import finir_un_mandat
from parvis.instruction.actions.equipe import se_deporter
from parvis.instruction.models import Deport
from parvis.journal.queries.verification import ruptures
from parvis.programmation.actions import arbitrages, deports_de_seance, seances
from parvis.programmation.actions.deports_de_seance import deporter
from parvis.programmation.enums import EtatDeSeance
from parvis.programmation.models import Arbitrage, DeportDeSeance, Seance
from parvis.socle.refus import Refus
from tests.fabriques import instances
from tests.fabriques import seances as fabrique
from tests.fabriques.fils import dans_des_fils
from tests.fabriques.seances import Tenue
from tests.programmation import essais_de_seance as essais
from tests.programmation.essais_de_seance import oui

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
COURSES, FILS, ATTENTE = 20, 2, 60


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


def courir(ouverte: Tenue, demandes: list[Demande], depart: int | None) -> list[list[str]]:
    """Rend, pour chaque demande, comment ont fini les deux claviers qui l'arbitraient ensemble."""
    ensemble = Barrier(FILS, timeout=ATTENTE)

    def arbitrer(rang: int) -> list[str]:
        finis = []
        for demande in demandes:
            ensemble.wait()
            try:
                essais.arbitrer(ouverte, demande, oui(10 + rang), depart=depart)
                finis.append("écrit")
            except Refus as refus:
                assert "quelqu’un vient de l’arbitrer" in str(refus)
                finis.append("refusé")
            except IntegrityError:
                finis.append("heurté")
        return finis

    return [sorted(course) for course in zip(*dans_des_fils(arbitrer, FILS), strict=True)]


def preparer() -> tuple[Tenue, list[Demande]]:
    ouverte = fabrique.seance().ouvrir()
    caisse = ouverte.etude.ici.caisse
    return ouverte, [essais.demander(ouverte, caisse, ligne=f"Part {n}") for n in range(COURSES)]


def test_deux_claviers_qui_ont_lu_la_meme_demande_un_seul_ecrit():
    ouverte, demandes = preparer()
    assert courir(ouverte, demandes, depart=0) == [["refusé", "écrit"]] * COURSES
    for demande in demandes:
        assert demande.arbitrages.get().vaut
    assert ruptures() == []


def test_temoin_sans_depart_l_un_efface_l_autre():
    ouverte, demandes = preparer()
    assert courir(ouverte, demandes, depart=None) == [["écrit", "écrit"]] * COURSES
    for demande in demandes:
        assert [a.vaut for a in demande.arbitrages.order_by("rang")] == [False, True]


def test_temoin_sans_verrou_les_deux_se_heurtent(monkeypatch):
    """Les deux ont lu avant que l'un n'écrive : seule la base arrête le second, et sans le dire."""
    ouverte, demandes = preparer()
    tous_ont_lu, ecrire = Barrier(FILS, timeout=ATTENTE), arbitrages._ecrire

    def ecrire_apres_que_tous_ont_lu(*dits):
        tous_ont_lu.wait()
        return ecrire(*dits)

    seances_lues = Seance.objects.select_related("reunion__instance__contrat")
    demandes_lues = Demande.objects.select_related("financeur", "dossier__projet")
    for nom, sans_verrou in (
        ("tenir_la_seance", lambda par, seance: seances_lues.get(pk=seance.pk)),
        ("_a_l_ordre_du_jour", lambda par, seance: demandes_lues.all()),
    ):
        monkeypatch.setattr(arbitrages, nom, sans_verrou)
    monkeypatch.setattr(arbitrages, "_ecrire", ecrire_apres_que_tous_ont_lu)
    assert courir(ouverte, demandes, depart=0) == [["heurté", "écrit"]] * COURSES


def test_deux_annulations_au_meme_instant_annulent_deux_arbitrages():
    ouverte, demandes = preparer()
    for demande in demandes:
        essais.arbitrer(ouverte, demande, oui(10))
    ensemble = Barrier(FILS, timeout=ATTENTE)

    def annuler(_: int) -> list[int]:
        annules = []
        for _ in range(COURSES // FILS):
            ensemble.wait()
            annules.append(
                arbitrages.annuler_le_dernier(par=ouverte.pilote, seance=ouverte.seance).pk
            )
        return annules

    annules = [pk for siens in dans_des_fils(annuler, FILS) for pk in siens]
    assert sorted(annules) == sorted(Arbitrage.objects.values_list("pk", flat=True))
    assert not Arbitrage.objects.filter(vaut=True).exists()


def au_milieu(monkeypatch, ou: object, nom: str) -> tuple[Event, Event]:
    """Arrête un acte juste après cette étape, le temps que l'autre fil se lance et attende un verrou."""
    la, parti, faire = Event(), Event(), getattr(ou, nom)

    def faire_puis_attendre(*dits, **nommes):
        rendu = faire(*dits, **nommes)
        if not la.is_set():
            la.set()
            assert parti.wait(ATTENTE)
            time.sleep(0.5)
        return rendu

    monkeypatch.setattr(ou, nom, faire_puis_attendre)
    return la, parti


def croiser(premier, second, la: Event, parti: Event) -> None:
    """Mène le premier acte, et le second dès que le premier est au milieu ; un interblocage lève."""

    def mener(rang: int) -> None:
        if rang:
            assert la.wait(ATTENTE)
            parti.set()
            second()
        else:
            premier()

    dans_des_fils(mener, 2)


def _retirer(tenue: Tenue):
    return lambda: retirer_le_dossier(
        par=tenue.etude.ici.porte, dossier=tenue.etude.dossier, motif="Plus d’équipe."
    )


def inscrire_et_retirer(tenue: Tenue):
    ici = {"par": tenue.pilote, "seance": tenue.seance}
    seances.retirer(**ici, point=tenue.point)
    return (
        seances,
        lambda: seances.inscrire(**ici, dossiers=[tenue.etude.dossier.pk]),
        _retirer(tenue),
    )


def publier_et_retirer(tenue: Tenue):
    tenue.ouvrir()
    essais.suivante(tenue, dans_jours=5)
    ici = {"par": tenue.pilote, "seance": tenue.seance}
    arbitrages.ajourner_le_reste(**ici)
    tenue.lever()
    return arbitrages, lambda: arbitrages.publier_la_seance(**ici), _retirer(tenue)


def arbitrer_et_rendre_un_avis(tenue: Tenue):
    demande = tenue.ouvrir().etude.demande(tenue.samia)
    return (
        arbitrages,
        lambda: essais.arbitrer(tenue, demande, oui(10)),
        lambda: tenue.etude.rendre(tenue.samia, montant="1500"),
    )


def preparer_la_suite_et_corriger(tenue: Tenue):
    demande = tenue.ouvrir().etude.demande(tenue.samia)
    tenue.lever()
    reunie = instances.reunion(tenue.pilote, tenue.instance)
    return (
        seances,
        lambda: seances.preparer_une_seance(
            par=tenue.pilote, reunion=reunie, exercice=tenue.seance.exercice
        ),
        lambda: essais.arbitrer(tenue, demande, oui(10)),
    )


def _finir(tenue: Tenue):
    return lambda: finir_un_mandat(par=tenue.pilote, mandat=tenue.mandats["samia"])


def deporter_et_finir_le_mandat(tenue: Tenue):
    dit = {"point": tenue.point, "mandat": tenue.mandats["samia"], "motif": "Un lien."}
    return (
        deports_de_seance,
        lambda: deporter(par=tenue.pilote, seance=tenue.seance, **dit),
        _finir(tenue),
    )


def ouvrir_et_finir_le_mandat(tenue: Tenue):
    se_deporter(par=tenue.samia, dossier=tenue.etude.dossier, motif="Un lien.")
    return seances, tenue.ouvrir, _finir(tenue)


@pytest.mark.parametrize(
    "croisement",
    [
        inscrire_et_retirer,
        publier_et_retirer,
        arbitrer_et_rendre_un_avis,
        preparer_la_suite_et_corriger,
        deporter_et_finir_le_mandat,
        ouvrir_et_finir_le_mandat,
    ],
)
def test_deux_actes_croises_ne_se_bloquent_pas_l_un_l_autre(croisement, monkeypatch):
    """La base vérifie ses clés à la fin de l'acte : ce qu'elles citent doit se tenir avant le journal."""
    ou, premier, second = croisement(fabrique.seance())
    croiser(premier, second, *au_milieu(monkeypatch, ou, "noter_la_seance"))
    assert ruptures() == []


def test_publier_tient_les_dossiers_ajournes_avant_leurs_demandes(monkeypatch):
    tenue = fabrique.seance()
    _, premier, second = publier_et_retirer(tenue)
    croiser(premier, second, *au_milieu(monkeypatch, arbitrages, "noter_l_arbitrage"))
    tenue.seance.refresh_from_db()
    assert tenue.seance.etat == EtatDeSeance.PUBLIEE
    assert Dossier.objects.get().etat == EtatDeDossier.RETIRE


def test_se_deporter_pendant_que_la_pilote_le_note_ne_fait_qu_un_deport():
    tenue = fabrique.seance()
    dossiers = [tenue.etude.dossier, *essais.ajouter_des_dossiers(tenue, 7)]
    points = {point.dossier_id: point for point in tenue.seance.points.all()}
    ensemble = Barrier(FILS, timeout=ATTENTE)

    def mener(rang: int) -> None:
        for dossier in dossiers:
            ensemble.wait()
            if rang:
                deporter(
                    par=tenue.pilote,
                    seance=tenue.seance,
                    point=points[dossier.pk],
                    mandat=tenue.mandats["samia"],
                    motif="Un lien.",
                )
            else:
                # Déjà notée, elle ne voit plus le dossier ; une erreur de la base ferait échouer.
                with suppress(Dossier.DoesNotExist), transaction.atomic():
                    se_deporter(par=tenue.samia, dossier=dossier, motif="Un lien.")

    dans_des_fils(mener, FILS)
    assert Deport.objects.count() == DeportDeSeance.objects.count() == len(dossiers)
