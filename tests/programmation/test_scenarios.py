"""Un scénario : la règle partage juste, le service seul le voit, l'appliquer propose tout d'un geste."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.cadre.models import Contrat
from parvis.dossiers.models import Demande
from parvis.journal.models import Evenement
from parvis.programmation.actions.scenarios import (
    appliquer_le_scenario,
    faire_un_scenario,
    jeter_le_scenario,
)
from parvis.programmation.enums import Partage, Priorite
from parvis.programmation.models import LigneDeScenario, Scenario
from parvis.programmation.queries.scenarios import changements, comparer, scenarios
from parvis.programmation.rules.scenarios import (
    ARRONDIS,
    AServir,
    Regle,
    motifs_empechant_le_scenario,
    partager,
    ranger,
)
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import instruction, programmation

SOMMES = [p for p in Partage if p != Partage.TAUX]
montants = st.integers(1, 5_000_000).map(lambda centimes: Decimal(centimes).scaleb(-2))
demandes = st.lists(
    st.builds(
        AServir,
        pk=st.integers(1, 10**6),
        numero=st.integers(1, 9999),
        demande=montants,
        sens=st.sampled_from(["", "favorable", "sous_reserve", "reserve", "defavorable", "sans"]),
        score=st.none() | st.fractions(0, 100),
        vote_avant=st.none() | montants,
    ),
    max_size=25,
    unique_by=lambda une: une.pk,
)
regles = st.builds(
    Regle,
    partage=st.sampled_from(SOMMES),
    priorite=st.sampled_from(list(Priorite)),
    taux=st.none(),
    total=montants.map(lambda m: m * 5),
    plafond=st.none() | montants,
    plancher=st.none() | montants,
    arrondi=st.sampled_from(ARRONDIS),
)


def servir(*montants_demandes, **autres):
    return [AServir(pk, pk, Decimal(m), **autres) for pk, m in enumerate(montants_demandes, 1)]


def en_ordre(partages):
    return [int(partages[pk]) for pk in sorted(partages)]


@given(regles, demandes)
def test_une_somme_ne_se_depasse_jamais_et_les_bornes_tiennent(regle, servies):
    donnes = partager(regle, servies)
    assert donnes.keys() == {une.pk for une in servies}
    assert sum(donnes.values()) <= regle.total
    for une in servies:
        montant = donnes[une.pk]
        assert 0 <= montant <= une.demande and montant % regle.arrondi == 0
        assert regle.plafond is None or montant <= regle.plafond
        assert not montant or regle.plancher is None or montant >= regle.plancher
        assert not montant or une.sens not in ("defavorable", "sans")


@given(demandes, st.integers(1, 100), st.sampled_from(ARRONDIS))
def test_un_taux_ne_depasse_pas_sa_part(servies, taux, arrondi):
    donnes = partager(Regle(Partage.TAUX, taux=taux, arrondi=arrondi), servies)
    for une in servies:
        part = Fraction(une.demande) * taux / 100
        if une.sens not in ("defavorable", "sans") and une.demande >= arrondi:
            assert part - arrondi < donnes[une.pk] <= part
        else:
            assert donnes[une.pk] == 0


@given(regles, demandes)
def test_sans_plancher_rien_ne_reste_que_l_on_pouvait_donner(regle, servies):
    regle = Regle(regle.partage, regle.priorite, None, regle.total, None, None, 1)
    donnes = partager(regle, servies)
    reste = regle.total - sum(donnes.values())
    favorables = [une for une in servies if une.sens not in ("defavorable", "sans")]
    # Un pas au plus manque à chacun, ou tous ont ce qu'ils demandent, ou l'un des derniers n'a rien.
    satisfaites = all(une.demande - donnes[une.pk] < 1 for une in favorables)
    assert satisfaites or reste < len(favorables) + 1


@pytest.mark.parametrize(
    ("partage", "rendu"),
    [
        (Partage.PRORATA, [500, 1000, 1500]),
        (Partage.EGAL, [1000, 1000, 1000]),
        (Partage.ORDRE, [1000, 2000, 0]),
    ],
)
def test_trois_facons_de_partager_trois_mille_euros(partage, rendu):
    regle = Regle(partage, Priorite.NUMERO, total=Decimal(3000))
    assert en_ordre(partager(regle, servir(1000, 2000, 3000))) == rendu


def test_ce_qu_un_plafond_laisse_va_aux_autres():
    regle = Regle(Partage.EGAL, Priorite.NUMERO, total=Decimal(3000), arrondi=1)
    assert en_ordre(partager(regle, servir(200, 2000, 2000))) == [200, 1400, 1400]


def test_un_plancher_sert_moins_de_demandes_plutot_que_des_miettes():
    regle = Regle(Partage.EGAL, Priorite.NUMERO, total=Decimal(1000), plancher=Decimal(400))
    assert en_ordre(partager(regle, servir(2000, 2000, 2000))) == [500, 500, 0]


def test_ce_que_l_arrondi_laisse_va_au_premier():
    regle = Regle(Partage.EGAL, Priorite.NUMERO, total=Decimal(1000), arrondi=100)
    assert en_ordre(partager(regle, servir(900, 900, 900))) == [400, 300, 300]


@pytest.mark.parametrize(
    ("priorite", "rendu"),
    [
        (Priorite.AVIS, [2, 1, 3]),
        (Priorite.NOTE, [3, 2, 1]),
        (Priorite.RECONDUITS, [1, 2, 3]),
        (Priorite.NOUVEAUX, [2, 3, 1]),
        (Priorite.PETITES, [3, 1, 2]),
        (Priorite.NUMERO, [1, 2, 3]),
    ],
)
def test_qui_passe_d_abord(priorite, rendu):
    trois = [
        AServir(1, 1, Decimal(20), "", None, Decimal(5)),
        AServir(2, 2, Decimal(30), "favorable", Fraction(10)),
        AServir(3, 3, Decimal(10), "reserve", Fraction(90)),
    ]
    assert [une.pk for une in ranger(priorite, trois)] == rendu


@pytest.mark.parametrize(
    ("regle", "dit"),
    [
        (Regle("hasard"), "Choisissez comment partager."),
        (Regle(Partage.TAUX, taux=0), "Écrivez un pourcentage, de 1 à 100."),
        (Regle(Partage.EGAL), "Écrivez la somme à partager."),
        (Regle(Partage.TAUX, "rien", taux=5), "Choisissez qui passe d’abord."),
        (Regle(Partage.TAUX, taux=5, arrondi=7), "Choisissez un arrondi."),
        (Regle(Partage.TAUX, taux=5, plafond=Decimal(0)), "Un plafond est plus grand que zéro."),
        (Regle(Partage.TAUX, taux=5, plancher=Decimal(-1)), "Un plancher n’est pas négatif."),
        (
            Regle(Partage.TAUX, taux=5, plafond=Decimal(1), plancher=Decimal(2)),
            "Le plancher dépasse le plafond.",
        ),
    ],
)
def test_une_regle_fausse_dit_pourquoi(regle, dit):
    assert motifs_empechant_le_scenario(nom="Un", regle=regle, deja=0) == [dit]


def test_un_scenario_se_nomme_et_leur_nombre_est_borne():
    motifs = motifs_empechant_le_scenario(nom="…", regle=Regle(Partage.TAUX, taux=5), deja=20)
    assert motifs == [
        "Donnez un nom au scénario.",
        "Votre service a déjà 20 scénarios : jetez-en un.",
    ]


@decor
def etude():
    return instruction.etude()


def faire(etude, par=None, nom="Soixante pour cent", **regle):
    voulue = Regle(**({"partage": Partage.TAUX, "taux": 60} | regle))
    return faire_un_scenario(
        par=par or etude.samia,
        contrat=etude.ici.contrat,
        exercice=etude.dossier.exercice,
        nom=nom,
        regle=voulue,
    )


def test_faire_n_engage_rien_et_appliquer_propose(etude):
    scenario = faire(etude)
    demande = etude.demande(etude.samia)
    assert demande.montant_propose is None
    voulu = scenario.lignes.get().montant
    assert voulu == demande.montant_demande * 6 // 1000 * 100
    (change,) = changements(etude.samia, scenario)
    assert (change.avant, change.apres) == (None, voulu)
    assert appliquer_le_scenario(par=etude.samia, scenario=scenario) == 1
    demande.refresh_from_db()
    assert demande.montant_propose == voulu
    scenario.refresh_from_db()
    assert scenario.applique_par == etude.samia.utilisateur_nom
    with pytest.raises(Refus, match="ne change rien"):
        appliquer_le_scenario(par=etude.samia, scenario=scenario)


def test_un_avis_defavorable_reste_comme_il_est(etude):
    etude.rendre(etude.samia, "defavorable", motif="Hors des priorités.")
    scenario = faire(etude)
    assert scenario.lignes.get().montant == 0
    assert changements(etude.samia, scenario) == []


def test_a_qui_rien_n_est_donne_plus_rien_n_est_propose(etude):
    etude.rendre(etude.samia, montant="100")
    scenario = faire(etude, partage=Partage.ORDRE, taux=None, total=Decimal(50))
    (change,) = changements(etude.samia, scenario)
    assert (change.avant, change.apres) == (100, None)
    appliquer_le_scenario(par=etude.samia, scenario=scenario)
    assert etude.demande(etude.samia).montant_propose is None


def test_deux_demandes_d_un_dossier_se_proposent_ensemble(etude):
    premiere = etude.demande(etude.samia)
    Demande.objects.create(
        dossier=etude.dossier,
        exercice=premiere.exercice,
        rang=50,
        financeur=premiere.financeur,
        ligne="Une autre ligne",
        etat=premiere.etat,
        demande_le=premiere.demande_le,
        montant_demande=Decimal(1000),
    )
    scenario = faire(etude)
    assert appliquer_le_scenario(par=etude.samia, scenario=scenario) == 2
    proposes = etude.dossier.demandes.filter(financeur=premiere.financeur)
    assert all(d.montant_propose for d in proposes)


def test_un_autre_service_n_en_voit_rien(etude):
    scenario = faire(etude)
    assert not scenarios(etude.olga, etude.ici.contrat).exists()
    assert not scenarios(etude.pilote, etude.ici.contrat).exists()
    for agir in (appliquer_le_scenario, jeter_le_scenario):
        with pytest.raises(Scenario.DoesNotExist):
            agir(par=etude.olga, scenario=scenario)
    with pytest.raises(Scenario.DoesNotExist):
        faire(etude, par=etude.pilote)
    lu = comparer(etude.olga, etude.ici.contrat, etude.dossier.exercice)
    assert [colonne.scenario for colonne in lu.colonnes] == [None]


def test_deux_scenarios_ne_portent_pas_le_meme_nom(etude):
    faire(etude)
    with pytest.raises(Refus, match="a déjà un scénario de ce nom"):
        faire(etude)


def test_sans_demande_il_n_y_a_rien_a_partager(etude):
    with pytest.raises(Refus, match="n’attend votre proposition"):
        faire_un_scenario(
            par=etude.samia,
            contrat=etude.ici.contrat,
            exercice=2001,
            nom="Rien",
            regle=Regle(Partage.TAUX, taux=5),
        )


def test_jete_il_ne_laisse_que_sa_trace(etude):
    scenario = faire(etude)
    jeter_le_scenario(par=etude.samia, scenario=scenario)
    assert not LigneDeScenario.objects.exists()
    assert Evenement.objects.filter(action="programmation.jeter_le_scenario").exists()


def test_la_comparaison_met_tout_cote_a_cote(etude, django_assert_num_queries):
    etude.rendre(etude.samia, montant="100")
    faire(etude, nom="A")
    faire(etude, nom="B", taux=30)
    lu = comparer(etude.samia, etude.ici.contrat, etude.dossier.exercice)
    assert [c.scenario.nom if c.scenario else "" for c in lu.colonnes] == ["", "B", "A"]
    (rangee,) = lu.rangees
    assert rangee.montants[0] == 100 and rangee.differe
    assert [c.somme for c in lu.colonnes] == rangee.montants
    assert lu.piliers[0].sommes == rangee.montants


@pytest.mark.django_db
def test_la_comparaison_ne_coute_pas_plus_avec_plus_de_dossiers(django_assert_max_num_queries):
    ici = programmation.programmation(40)
    contrat = Contrat.objects.get(pk=ici.ici.contrat.pk)
    exercice = ici.ici.version.appel.exercice
    for nom in ("A", "B"):
        faire_un_scenario(
            par=ici.samia,
            contrat=contrat,
            exercice=exercice,
            nom=nom,
            regle=Regle(Partage.EGAL, total=Decimal(50_000)),
        )
    with django_assert_max_num_queries(15):
        lu = comparer(ici.samia, contrat, exercice)
    assert len(lu.rangees) > 20
