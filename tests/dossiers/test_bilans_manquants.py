"""Ce que fait un bilan qui manque : il avertit, ou arrête le dépôt, la décision, le paiement."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.dossiers.actions import appels as appels_actions
from parvis.dossiers.actions import sections_d_appel
from parvis.dossiers.actions.depot import DepotRefuse
from parvis.dossiers.enums import EffetDeBilan
from parvis.dossiers.models import BilanAttendu, Dossier, Projet
from parvis.dossiers.queries import bilans as lectures
from parvis.dossiers.queries.appels import versions_publiees
from parvis.dossiers.queries.contenu_d_appel import CHAMPS_DES_BILANS, etat
from parvis.dossiers.queries.controle import controler
from parvis.dossiers.rules import bilans as loi
from parvis.dossiers.rules.bilans import BilanManquant, EffetsDeBilan
from parvis.dossiers.rules.suivi import BilanDuDossier, qui_tient_la_plume
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import decisions, depots, instruction

JOUR = date(2026, 11, 27)
GESTES = ("bloque_depot", "bloque_decision", "bloque_paiement")


def manquant(exercice: int, **autres) -> BilanManquant:
    return BilanManquant(exercice, "Le verger", date(2026, 6, 30), "30 juin 2026", 7, **autres)


@pytest.mark.parametrize(
    ("attendu", "rendu", "manque"),
    [
        (JOUR, None, False),
        (JOUR - timedelta(days=1), None, True),
        # Rendu, même tard, il ne manque plus : au service de le lire.
        (JOUR - timedelta(days=90), JOUR, False),
    ],
)
def test_un_bilan_manque_passe_son_jour(attendu, rendu, manque):
    assert loi.manque(attendu_le=attendu, rendu_le=rendu, jour=JOUR) is manque


@pytest.mark.parametrize(
    ("effet", "arretes"),
    [
        ("rien", ()),
        ("avertit", ()),
        ("bloque_paiement", ("bloque_paiement",)),
        ("bloque_decision", ("bloque_decision", "bloque_paiement")),
        ("bloque_depot", GESTES),
    ],
)
def test_arreter_un_geste_arrete_ceux_qui_suivent(effet, arretes):
    assert tuple(geste for geste in GESTES if loi.arrete(effet, geste)) == arretes
    effets, dits = EffetsDeBilan(d_avant=effet), [manquant(2025)]
    fonctions = dict(
        zip(
            GESTES,
            (
                loi.motifs_de_bilan_empechant_de_deposer,
                loi.motifs_de_bilan_empechant_de_decider,
                loi.motifs_de_bilan_empechant_de_payer,
            ),
            strict=True,
        )
    )
    assert tuple(g for g, f in fonctions.items() if f(dits, 2026, effets)) == arretes
    # Ce qui n'arrête pas se dit, sauf s'il n'a aucun effet.
    avertis = loi.avertissements_de_bilan(dits, 2026, effets, "bloque_depot")
    assert len(avertis) == (effet not in ("rien", "bloque_depot"))


def test_par_defaut_l_avant_dernier_arrete_le_depot_et_le_dernier_le_paiement():
    effets, dits = EffetsDeBilan(), [manquant(2024), manquant(2025), manquant(2026)]
    depot = loi.motifs_de_bilan_empechant_de_deposer(dits, 2026, effets)
    paiement = loi.motifs_de_bilan_empechant_de_payer(dits, 2026, effets)
    assert [m[:17] for m in depot] == ["Le bilan 2024 de "]
    assert [m[:13] for m in paiement] == ["Le bilan 2024", "Le bilan 2025"]
    assert "30 juin 2026" in depot[0] and "« Le verger »" in depot[0]
    # Celui de l'exercice même, et un intermédiaire, n'arrêtent rien.
    assert not loi.motifs_de_bilan_empechant_de_payer([manquant(2026)], 2026, effets)
    dit = [manquant(2024, sorte="intermediaire")]
    assert not loi.motifs_de_bilan_empechant_de_deposer(dit, 2026, effets)


def test_un_avertissement_dit_ce_que_cela_arretera():
    def dire(effet):
        return loi.avertissements_de_bilan([manquant(2025)], 2026, EffetsDeBilan(d_avant=effet))

    assert "Rien ne se verse tant" in dire("bloque_paiement")[0]
    assert "Rien ne se décide" in dire("bloque_decision")[0] and dire("bloque_depot")
    assert dire("avertit")[0].endswith("30 juin 2026.") and not dire("rien")


@decor
def ancien(ici) -> Dossier:
    """Rend un dossier du Verger dont le bilan manque, deux ans avant ceux de l'appel."""
    dossier = depots.depose(ici, titre="Le potager")
    BilanAttendu.objects.create(
        dossier=dossier, exercice=ici.version.appel.exercice - 2, sorte="definitif",
        attendu_le=timezone.localdate() - timedelta(days=200),
    )  # fmt: skip
    return dossier


pytestmark = pytest.mark.django_db


def test_un_bilan_ancien_empeche_de_deposer_et_dit_ou_le_rendre(ici, ancien):
    dossier = depots.pret(ici)
    with pytest.raises(DepotRefuse) as refus:
        depots.deposer(ici, dossier)
    motif = refus.value.empechements[0]
    assert (motif.section, motif.bilan_du) == ("bilans", ancien.pk)
    assert "Le verger du pied" in motif.phrase and motif.reference == loi.LOI
    part = controler(ici.porte, dossier, maintenant=timezone.now()).par_section[0]
    assert (part.code, part.titre) == ("bilans", "Les bilans")
    BilanAttendu.objects.update(rendu_le=timezone.localdate())
    assert depots.deposer(ici, dossier).numero == 1


def test_celui_d_un_autre_porteur_ou_d_un_autre_contrat_n_empeche_rien(ici, ancien):
    dossier = depots.pret(ici)
    jour = timezone.localdate()
    assert len(lectures.bilans_manquants(dossier, jour)) == 1
    Projet.objects.filter(pk=ancien.projet_id).update(porteur=ici.monde.moulin)
    assert lectures.bilans_manquants(dossier, jour) == []
    # Un doublon réuni reste le même porteur.
    ici.monde.moulin.fusionne_dans = ici.monde.verger
    ici.monde.moulin.save()
    assert len(lectures.bilans_manquants(depots.relire(dossier), jour)) == 1


def test_celui_de_l_an_dernier_avertit_et_empeche_de_payer(ici, ancien):
    BilanAttendu.objects.update(exercice=ici.version.appel.exercice - 1)
    dossier = depots.pret(ici)
    controle = controler(ici.porte, dossier, maintenant=timezone.now())
    assert controle.est_pret
    avertis = [m for m in controle.avertissements if m.section == "bilans"]
    assert len(avertis) == 1 and "Rien ne se verse" in avertis[0].phrase
    jour = timezone.localdate()
    manquants, effets = (
        lectures.bilans_manquants(dossier, jour),
        lectures.effets_de(dossier.version_d_appel),
    )
    assert len(loi.motifs_de_bilan_empechant_de_payer(manquants, dossier.exercice, effets)) == 1
    assert lectures.motifs_de_bilan_a_la_decision([dossier], jour) == []
    assert len(lectures.avertissements_au_service(dossier, jour)) == 1


def regler(ici, **valeurs):
    pilote = ici.acteur("pilote")
    version = appels_actions.preparer_une_version(par=pilote, appel=ici.version.appel)
    depart = etat(version, CHAMPS_DES_BILANS)
    sections_d_appel.regler_les_bilans(
        par=pilote, version=version, depart=depart, valeurs=depart | valeurs
    )
    version.refresh_from_db()
    return appels_actions.publier_l_appel(par=pilote, version=version, ce_qui_change="Les bilans.")


def test_chaque_appel_regle_ce_qu_arrete_un_bilan(ici, ancien):
    version = regler(ici, bilan_de_plus_loin="rien")
    assert (version.bilan_d_avant, version.bilan_de_plus_loin) == ("bloque_paiement", "rien")
    changes = versions_publiees(ici.porte, version)[0].changements
    assert changes == ["Un bilan plus ancien qui manque : rien."]
    dossier = depots.pret(ici)
    Dossier.objects.filter(pk=dossier.pk).update(version_d_appel=version)
    assert depots.deposer(ici, depots.relire(dossier)).numero == 1
    # Repris pour une autre année, le réglage suit.
    copie = appels_actions.dupliquer(
        par=ici.acteur("pilote"), appel=version.appel, exercice=version.appel.exercice + 1
    )
    assert copie.bilan_de_plus_loin == "rien"


def test_un_reglage_inconnu_se_refuse(ici):
    with pytest.raises(Refus):
        regler(ici, bilan_d_avant="toujours")


def test_une_reprise_avant_la_fin_demande_un_bilan_intermediaire(ici):
    exercice, jour = ici.version.appel.exercice, timezone.localdate()
    premier = depots.depose(ici)
    BilanAttendu.objects.create(
        dossier=premier, exercice=exercice - 1, sorte="definitif", attendu_le=jour + timedelta(30)
    )
    repris = depots.pret(ici, titre="La suite")
    Dossier.objects.filter(pk=repris.pk).update(projet=premier.projet)
    repris = depots.relire(repris)
    _, avertis = lectures.bilans_au_depot(repris, jour)
    assert [m.bilan_du for m in avertis] == [premier.pk]
    assert "bilan intermédiaire" in avertis[0].phrase
    BilanAttendu.objects.create(
        dossier=premier,
        exercice=exercice - 1,
        sorte="intermediaire",
        attendu_le=jour,
        rendu_le=jour,
    )
    assert lectures.bilans_au_depot(repris, jour) == ([], [])
    # Accepté, il ne se redemande pas.
    BilanAttendu.objects.filter(sorte="intermediaire").update(accepte_le=jour)
    assert lectures.bilans_au_depot(repris, jour) == ([], [])


def test_une_decision_attend_le_bilan_si_l_appel_le_dit():
    vote = decisions.vote()
    etude, exercice = vote.etude, vote.etude.dossier.exercice
    autre = instruction.recevable(etude.ici, titre="Le potager")
    BilanAttendu.objects.create(
        dossier=autre, exercice=exercice - 2, sorte="definitif",
        attendu_le=timezone.localdate() - timedelta(days=200),
    )  # fmt: skip
    with pytest.raises(Refus, match=r"Le bilan \d+ de"):
        vote.publiee("1500")
    BilanAttendu.objects.update(exercice=exercice - 1)
    vote.publiee("1500", numero="13")


@pytest.mark.parametrize(
    ("bilan", "dit"),
    [
        (BilanDuDossier(2027), "Tous les financeurs ont répondu. Le bilan 2027 sera à rendre."),
        (
            BilanDuDossier(2027, "30 juin 2028"),
            "Verger tient la plume : rendre le bilan 2027, attendu le 30 juin 2028.",
        ),
        (
            BilanDuDossier(2027, "30 juin 2028", est_rendu=True),
            "La Ville tient la plume : lire le bilan 2027.",
        ),
        (None, "Plus rien n’est attendu sur ce dossier."),
    ],
)
def test_repondu_un_dossier_soutenu_doit_encore_son_bilan(bilan, dit):
    def plume(financeurs):
        return qui_tient_la_plume(
            etat="recevable",
            service="la Ville",
            porteur="Verger",
            financeurs=financeurs,
            seul="la Caisse",
            bilan=bilan,
        )

    assert plume(0) == dit
    assert plume(1).startswith("La Caisse tient la plume")


def test_la_page_d_un_dossier_soutenu_dit_le_bilan_qu_il_doit():
    vote = decisions.vote()
    dossier, exercice = vote.etude.dossier, vote.etude.dossier.exercice

    def du():
        return lectures.bilan_du_dossier(depots.relire(dossier))

    assert du() is None
    vote.publiee("1500")
    assert du() == BilanDuDossier(exercice)
    attendu = BilanAttendu.objects.create(
        dossier=dossier, exercice=exercice, sorte="definitif", attendu_le=date(2028, 6, 30)
    )
    assert du() == BilanDuDossier(exercice, "30 juin 2028")
    attendu.rendu_le = date(2028, 3, 1)
    attendu.save()
    assert du() == BilanDuDossier(exercice, "30 juin 2028", est_rendu=True)
    attendu.accepte_le = date(2028, 3, 9)
    attendu.save()
    assert du() is None


def test_juger_beaucoup_de_dossiers_coute_deux_requetes(ici, ancien):
    dossiers = [depots.brouillon(ici, titre=f"Projet {rang}") for rang in range(3)]
    jour = timezone.localdate()
    for nombre in (1, 3):
        lus = list(Dossier.objects.select_related("projet__porteur__fusionne_dans").filter(
            pk__in=[d.pk for d in dossiers[:nombre]]
        ))  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as faites:
            assert len(lectures.motifs_de_bilan_a_la_decision(lus, jour)) == 1
        assert len(faites) == 2


def test_les_effets_sont_ceux_de_la_liste(ici):
    assert {ici.version.bilan_d_avant, ici.version.bilan_de_plus_loin} <= set(EffetDeBilan.values)


@pytest.mark.parametrize(
    ("fin_du_projet", "est_le_dernier", "attendu"),
    [
        (date(2026, 11, 30), True, date(2027, 6, 30)),
        (None, True, date(2027, 6, 30)),
        # Une année scolaire : l'exercice finit avec elle.
        (date(2027, 6, 30), True, date(2027, 12, 30)),
        (date(2027, 8, 31), True, date(2028, 2, 29)),
        # D'un dossier de plusieurs années, seul le dernier exercice attend la fin.
        (date(2028, 6, 30), False, date(2027, 6, 30)),
    ],
)
def test_le_bilan_est_du_six_mois_apres_la_fin(fin_du_projet, est_le_dernier, attendu):
    fin = loi.fin_de_l_exercice(2026, fin_du_projet, est_le_dernier=est_le_dernier)
    assert loi.bilan_attendu_le(fin) == attendu


def test_une_fin_fantasque_ne_repousse_pas_le_bilan_pour_toujours():
    fin = loi.fin_de_l_exercice(2026, date(9999, 12, 31), est_le_dernier=True)
    assert fin == date(2027, 12, 31)
    assert loi.bilan_attendu_le(fin) == date(2028, 6, 30)
