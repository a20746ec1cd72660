"""Le plan d'un brouillon : ajouter, retirer, déplacer, et des rangs toujours justes."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.cadre.actions.brouillons import preparer_un_avenant
from parvis.cadre.actions.plan import (
    ajouter_un_enjeu,
    ajouter_un_pilier,
    ajouter_une_fiche,
    deplacer,
    renumeroter,
    retirer_un_enjeu,
    retirer_un_pilier,
    retirer_une_fiche,
)
from parvis.cadre.models import Edition, Enjeu, Fiche, VersionDeFiche
from parvis.comptes.acteur import Acteur
from parvis.pilotage.queries.retouches import plan
from parvis.socle.refus import Refus
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.retouches import dit, retoucher

pytestmark = pytest.mark.django_db
LEA = Acteur.machine("Léa")
CONTENANTS = [("fiche", "enjeu"), ("enjeu", "pilier"), ("pilier", "contrat")]


def rangs(edition):
    return list(edition.versions.values_list("fiche__numero", "rang"))


def test_ajouter_une_fiche_a_la_fin_de_son_enjeu(brouillon):
    ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="1", numero="1-3", titre="Composter")
    assert rangs(brouillon) == [("1-1", 1), ("1-2", 2), ("1-3", 3), ("2-1", 4)]
    assert dit(brouillon, "fiche-1-3", "titre") == {"titre": "Composter", "echelle": ""}


def test_une_fiche_retiree_reste_dans_les_autres_editions(publiee, brouillon):
    retirer_une_fiche(par=LEA, edition=brouillon, numero="1-1")
    assert rangs(brouillon) == [("1-2", 1), ("2-1", 2)]
    assert publiee.versions.filter(fiche__numero="1-1").exists()
    assert Fiche.objects.filter(numero="1-1").exists()
    assert brouillon.renvois.get(cible="fiche 1-1").cible_version is None


def test_un_renvoi_retrouve_la_fiche_rajoutee(brouillon):
    retoucher(LEA, brouillon, "fiche-1-1")
    retirer_une_fiche(par=LEA, edition=brouillon, numero="1-1")
    assert not brouillon.retouches.filter(objet="fiche-1-1").exists()
    fiche = ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="1", numero="1-1", titre="Semer")
    assert brouillon.renvois.get(cible="fiche 1-1").cible_version == fiche
    assert not brouillon.retouches.filter(objet="fiche-1-1").exists()


def test_un_titre_sans_lettre_est_refuse(brouillon):
    with pytest.raises(Refus, match="avec des lettres"):
        ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="1", numero="1-3", titre=" \u200b… ")


@pytest.mark.parametrize(
    ("numero", "phrase"),
    [
        ("1-1", "déjà pris"),
        ("1.1", "déjà pris"),
        ("1 1", "ne convient pas"),
        ("", "ne convient pas"),
    ],
)
def test_un_numero_pris_ou_mal_ecrit_est_refuse(brouillon, numero, phrase):
    with pytest.raises(Refus, match=phrase):
        ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="1", numero=numero, titre="X")
    with pytest.raises(Refus, match=phrase):
        ajouter_un_enjeu(
            par=LEA,
            edition=brouillon,
            pilier=1,
            numero=numero.replace("1-1", "1").replace("1.1", "1"),
            titre="X",
        )


def test_ajouter_et_retirer_un_enjeu(brouillon):
    ajouter_un_enjeu(par=LEA, edition=brouillon, pilier=1, numero="4", titre="Respirer")
    assert list(brouillon.enjeux.values_list("numero", "rang")) == [
        ("1", 1),
        ("2", 2),
        ("4", 3),
        ("3", 4),
    ]
    with pytest.raises(Refus, match="déplacez d’abord"):
        retirer_un_enjeu(par=LEA, edition=brouillon, numero="1")
    retirer_un_enjeu(par=LEA, edition=brouillon, numero="4")
    retirer_un_enjeu(par=LEA, edition=brouillon, numero="3")
    assert list(brouillon.enjeux.values_list("numero", "rang")) == [("1", 1), ("2", 2)]


def test_un_objet_absent_n_existe_pas(brouillon):
    with pytest.raises(VersionDeFiche.DoesNotExist):
        retirer_une_fiche(par=LEA, edition=brouillon, numero="9-9")
    with pytest.raises(Enjeu.DoesNotExist):
        ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="9", numero="9-1", titre="X")


# --- piliers


def test_ajouter_et_retirer_un_pilier(brouillon):
    pilier = ajouter_un_pilier(par=LEA, edition=brouillon, titre=" Vivre  ensemble ")
    assert (pilier.rang, pilier.titre, pilier.slug) == (3, "Vivre ensemble", "vivre-ensemble-2")
    with pytest.raises(Refus, match="déplacez d’abord"):
        retirer_un_pilier(par=LEA, edition=brouillon, numero="1")
    retirer_un_pilier(par=LEA, edition=brouillon, numero="3")
    assert brouillon.piliers.count() == 2
    with pytest.raises(Refus, match="avec des lettres"):
        ajouter_un_pilier(par=LEA, edition=brouillon, titre="…")


def test_les_versions_d_un_pilier_le_suivent(brouillon):
    saisie = {"titre": "Gagner sa vie", "national": "", "introduction": ""}
    retoucher(LEA, brouillon, "pilier-2", "pilier", saisie)
    retoucher(LEA, brouillon, "pilier-1", "pilier", saisie | {"titre": "Habiter"})
    assert deplacer(par=LEA, edition=brouillon, cle="pilier-2", apres="contrat") == "pilier-1"
    assert dit(brouillon, "pilier-1", "pilier")["titre"] == "Gagner sa vie"
    for rang, titre in ((1, "Gagner sa vie"), (2, "Habiter")):
        gardees = brouillon.retouches.filter(objet=f"pilier-{rang}", numero=2)
        assert gardees.get().valeur["titre"] == titre
    assert brouillon.retouches.count() == 4


# --- déplacer


def arbre(edition):
    """Rend le plan en clés : piliers, enjeux, fiches."""
    return [
        (p.cle, [(e.cle, [f.cle for f in e.enfants]) for e in p.enfants])
        for p in plan(LEA, Edition.objects.get(pk=edition.pk))
    ]


@pytest.mark.parametrize(
    ("cle", "apres", "attendu"),
    [
        ("fiche-1-1", "fiche-1-2", {"enjeu-1": ["fiche-1-2", "fiche-1-1"]}),
        ("fiche-1-2", "enjeu-1", {"enjeu-1": ["fiche-1-2", "fiche-1-1"]}),
        (
            "fiche-1-1",
            "fiche-2-1",
            {"enjeu-1": ["fiche-1-2"], "enjeu-2": ["fiche-2-1", "fiche-1-1"]},
        ),
        ("fiche-2-1", "enjeu-3", {"enjeu-2": [], "enjeu-3": ["fiche-2-1"]}),
        ("fiche-2-1", "fiche-2-1", {}),
    ],
)
def test_une_fiche_change_de_place(brouillon, cle, apres, attendu):
    avant = dict(enjeu for _, enjeux in arbre(brouillon) for enjeu in enjeux)
    assert deplacer(par=LEA, edition=brouillon, cle=cle, apres=apres) == cle
    assert dict(enjeu for _, enjeux in arbre(brouillon) for enjeu in enjeux) == avant | attendu
    assert [rang for _, rang in rangs(brouillon)] == [1, 2, 3]


def test_un_enjeu_change_de_pilier_avec_ses_fiches(brouillon):
    deplacer(par=LEA, edition=brouillon, cle="enjeu-1", apres="enjeu-3")
    assert arbre(brouillon) == [
        ("pilier-1", [("enjeu-2", ["fiche-2-1"])]),
        ("pilier-2", [("enjeu-3", []), ("enjeu-1", ["fiche-1-1", "fiche-1-2"])]),
    ]
    assert rangs(brouillon) == [("2-1", 1), ("1-1", 2), ("1-2", 3)]


def test_un_pilier_emmene_ses_enjeux(brouillon):
    deplacer(par=LEA, edition=brouillon, cle="pilier-1", apres="pilier-2")
    assert arbre(brouillon) == [
        ("pilier-1", [("enjeu-3", [])]),
        ("pilier-2", [("enjeu-1", ["fiche-1-1", "fiche-1-2"]), ("enjeu-2", ["fiche-2-1"])]),
    ]


@pytest.mark.parametrize(
    ("cle", "apres"),
    [
        ("fiche-1-1", "pilier-1"),
        ("fiche-1-1", "contrat"),
        ("fiche-1-1", "fiche-9-9"),
        ("enjeu-1", "fiche-1-1"),
        ("pilier-1", "enjeu-1"),
        ("contrat", "pilier-1"),
        ("lune", "contrat"),
    ],
)
def test_une_place_impossible_n_existe_pas(brouillon, cle, apres):
    avant = arbre(brouillon)
    with pytest.raises(ObjectDoesNotExist):
        deplacer(par=LEA, edition=brouillon, cle=cle, apres=apres)
    assert arbre(brouillon) == avant


def test_une_edition_publiee_ne_se_range_pas(publiee):
    with pytest.raises(Refus, match="Préparez un avenant"):
        deplacer(par=LEA, edition=publiee, cle="fiche-1-1", apres="fiche-1-2")


def test_une_fiche_renumerotee_garde_ses_versions_et_ce_qui_y_renvoie(publiee, brouillon):
    retoucher(LEA, brouillon, "fiche-1-1")
    assert renumeroter(par=LEA, edition=brouillon, cle="fiche-1-1", numero=" 1-7 ") == "fiche-1-7"
    assert dit(brouillon, "fiche-1-7", "descriptif") == {"descriptif": "Semer au printemps."}
    assert brouillon.retouches.filter(objet="fiche-1-7").count() == 2
    renvoi = brouillon.renvois.get(cible="fiche 1-7")
    assert renvoi.cible_version.numero == "1-7"
    assert publiee.versions.filter(fiche__numero="1-1").exists()
    assert rangs(brouillon) == [("1-7", 1), ("1-2", 2), ("2-1", 3)]


def test_un_enjeu_renumerote_garde_ses_fiches(brouillon):
    assert renumeroter(par=LEA, edition=brouillon, cle="enjeu-2", numero="20") == "enjeu-20"
    assert brouillon.enjeux.get(numero="20").versions.count() == 1
    assert brouillon.renvois.filter(cible="enjeu 20").count() == 3
    assert not brouillon.renvois.filter(cible="enjeu 2").exists()


@pytest.mark.parametrize(
    ("cle", "numero", "phrase"),
    [
        ("fiche-1-1", "1.2", "déjà pris"),
        ("enjeu-1", "2", "déjà pris"),
        ("fiche-1-1", "1 1 !", "ne convient pas"),
    ],
)
def test_un_numero_pris_ne_se_prend_pas(brouillon, cle, numero, phrase):
    with pytest.raises(Refus, match=phrase):
        renumeroter(par=LEA, edition=brouillon, cle=cle, numero=numero)


def test_seuls_une_fiche_et_un_enjeu_se_renumerotent(brouillon):
    assert renumeroter(par=LEA, edition=brouillon, cle="enjeu-1", numero="1") == "enjeu-1"
    with pytest.raises(ObjectDoesNotExist):
        renumeroter(par=LEA, edition=brouillon, cle="pilier-1", numero="3")


@given(data=st.data())
@settings(max_examples=30)
def test_rien_ne_se_perd_quel_que_soit_l_ordre_des_gestes(data):
    with transaction.atomic():
        brouillon = preparer_un_avenant(par=LEA, edition=contrat_publie("tilleuls"))
        cles = sorted(dans_l_ordre(brouillon))
        for _ in range(4):
            sorte, contenant = data.draw(st.sampled_from(CONTENANTS))
            deplacables = [c for c in cles if c.startswith(sorte)]
            reperes = [c for c in [*cles, "contrat"] if c.startswith((sorte, contenant))]
            cle, apres = (data.draw(st.sampled_from(x)) for x in (deplacables, reperes))
            cle = deplacer(par=LEA, edition=brouillon, cle=cle, apres=apres)
            suite = dans_l_ordre(brouillon)
            assert sorted(suite) == cles
            if apres.startswith(sorte) and sorte != "pilier" and cle != apres:
                semblables = [c for c in suite if c.startswith(sorte)]
                assert semblables.index(cle) == semblables.index(apres) + 1
        transaction.set_rollback(True)


def dans_l_ordre(edition):
    """Rend toutes les clés du plan, de haut en bas."""
    suite = []
    for pilier, enjeux in arbre(edition):
        suite.append(pilier)
        for enjeu, fiches in enjeux:
            suite += [enjeu, *fiches]
    return suite
