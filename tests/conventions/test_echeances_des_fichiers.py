"""Quelle échéance paie une ligne d'un fichier : celle qu'elle dit, la seule possible, ou un refus."""

from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.enums import Role
from parvis.conventions.models import Acte
from parvis.conventions.rules.echeancier import AU_BILAN
from parvis.conventions.rules.fichiers import Candidat, choisir, designe
from parvis.conventions.rules.versements import Du
from parvis.instruction.actions.equipe import se_deporter
from tests.conventions.controle import ecarts
from tests.conventions.test_fichiers_de_paiement import (
    AVEC_ECHEANCE,
    dater_le_solde,
    jour,
    relire,
)
from tests.conventions.test_versements import refus
from tests.decors import decor
from tests.fabriques import actes_a_prendre
from tests.fabriques import versements as fabrique
from tests.fabriques.versements import UN_JOUR

D = Decimal


@decor
def guichet() -> fabrique.Guichet:
    """Un acte dont le solde a une date : il n'attend pas de bilan."""
    rendu = fabrique.guichet()
    dater_le_solde(rendu, condition="", prevue_le=timezone.localdate() + 90 * UN_JOUR)
    return rendu


@pytest.mark.parametrize(
    ("montant", "choisies"),
    [
        ("80", [(2, 1)]),  # Seul le second acte doit cette somme.
        ("60", [(1, 1)]),  # Les deux échéances du premier la doivent : la première d'abord.
        ("5", [(1, 1), (2, 1)]),  # Une part de l'une ou de l'autre.
        ("70", [(2, 1)]),  # Une part du second seulement.
        ("900", [(1, 1), (2, 1)]),  # Trop pour chacune.
    ],
)
def test_l_echeance_d_une_ligne(montant, choisies):
    def candidat(acte: int, rang: int, reste: int) -> Candidat:
        return Candidat(acte, Du(rang, "acompte", D(reste)), D(reste), rang == 1)

    candidats = [candidat(1, 1, 60), candidat(1, 2, 60), candidat(2, 1, 80)]
    assert [(un.acte, un.due.rang) for un in choisir(candidats, D(montant))] == choisies
    assert choisir([], D(montant)) == []


@pytest.mark.parametrize(
    ("dite", "rangs"),
    [
        ("", [1, 2, 3]),
        ("Acompte", [1, 2]),
        (" SOLDE ", [3]),
        ("2", [2]),
        ("n° 3", [3]),
        ("2. Acompte", [2]),
        ("3. Acompte", []),
        ("Versement unique", []),
        ("9", []),
    ],
)
def test_une_echeance_se_nomme_par_son_rang_ou_sa_sorte(dite, rangs):
    echeances = [Du(1, "acompte", D(1)), Du(2, "acompte", D(1)), Du(3, "solde", D(1))]
    assert [une.rang for une in echeances if designe(dite, une)] == rangs


@pytest.mark.parametrize("dite", ["le reste", "2.5", "1-2", "Solde 2"])
def test_un_mot_qui_ne_nomme_aucune_echeance_se_dit(dite):
    assert "ne dit pas quelle échéance" in refus(designe, dite, Du(1, "solde", D(1)))[0]


def test_l_echeance_que_dit_le_fichier_est_celle_qui_se_paie(guichet):
    numero, acompte, solde = guichet.acte.numero, *guichet.echeances
    # 600 € sont le solde, ou une part de l'acompte : la colonne le dit.
    (une,) = relire(guichet, [["M1", numero, "600", jour(), "Acompte"]], AVEC_ECHEANCE).nouvelles
    assert (une.echeance, une.quoi) == (acompte.pk, "1. Acompte")
    for dite in ("Solde", "2", "2. Solde"):
        relecture = relire(guichet, [["M1", numero, "600", jour(), dite]], AVEC_ECHEANCE)
        assert "L’acompte de 1 400 € n’est pas versé" in relecture.motifs[0]
    lignes = [["M1", numero, "1400", jour(), "1"], ["M2", numero, "300", jour(), "solde"]]
    assert [une.echeance for une in relire(guichet, lignes, AVEC_ECHEANCE).nouvelles] == [
        acompte.pk,
        solde.pk,
    ]
    (motif,) = relire(guichet, [["M1", numero, "9", jour(), "3. Solde"]], AVEC_ECHEANCE).motifs
    assert "aucune échéance « 3. Solde »" in motif
    (motif,) = relire(guichet, [["M1", numero, "9", jour(), "tout"]], AVEC_ECHEANCE).motifs
    assert "ne dit pas quelle échéance" in motif


def test_sans_la_colonne_le_montant_d_une_autre_echeance_ne_se_devine_pas(guichet):
    (motif,) = relire(guichet, [["M1", guichet.acte.numero, "600", jour()]]).motifs
    assert "Le solde de 600 € est de ce montant, mais l’acompte de 1 400 € n’est pas versé" in motif


def test_ce_qu_attend_une_echeance_arrete_le_fichier_comme_la_main(guichet):
    dater_le_solde(guichet, condition=AU_BILAN, prevue_le=None)
    guichet.verser(1)
    (motif,) = relire(guichet, [["M2", guichet.acte.numero, "600", jour()]]).motifs
    dit = "Le solde de 600 € se verse après l’acceptation du compte rendu financier"
    assert dit in motif and "sur la page de l’acte" in motif
    assert dit in refus(guichet.verser, 2, attente_confirmee=False)[0].replace("\xa0", " ")
    guichet.verser(2)
    assert ecarts() == []


def donner_un_siret(guichet) -> str:
    siret, titulaire = "73282932000074", guichet.acte.titulaire
    titulaire.siret, titulaire.siren = siret, siret[:9]
    titulaire.save(update_fields=["siret", "siren"])
    return siret


def test_un_siret_vaut_pour_tous_les_actes_du_service_dans_tous_les_contrats(
    guichet, sans_declencheurs
):
    siret = donner_un_siret(guichet)
    pk = fabrique.autre_demande(guichet.site, rang=30).pk
    autre = fabrique.notifier(guichet.site, {pk: "1000"}, numero="13")
    ailleurs = Contrat.objects.get(pk=guichet.contrat.pk)
    ailleurs.pk, ailleurs.code, ailleurs.titre = None, "ormes", "Les Ormes"
    ailleurs.save()
    with sans_declencheurs(tables={"conventions_acte"}):
        Acte.objects.filter(pk=autre.pk).update(contrat=ailleurs)
    # 100 € : une part de l'acompte d'ici, ou de celui de l'autre contrat.
    (motif,) = relire(guichet, [["M1", siret, "100", jour()]]).motifs
    assert "plusieurs échéances conviennent" in motif
    assert f"l’acte {guichet.acte.numero}" in motif
    assert f"l’acte {autre.numero} du contrat « Les Ormes »" in motif
    # 700 € : ce que doit l'acte de l'autre contrat, et lui seul.
    (motif,) = relire(guichet, [["M1", siret, "700", jour()]]).motifs
    assert "du contrat « Les Ormes » : elle se note là-bas." in motif
    # 1 400 € : l'acompte d'ici.
    (une,) = relire(guichet, [["M1", siret, "1400", jour()]]).nouvelles
    assert une.acte == guichet.acte.pk


def test_un_acte_que_l_on_ne_lit_pas_rend_un_siret_ambigu_sans_se_nommer(guichet):
    siret = donner_un_siret(guichet)
    secrete = actes_a_prendre.demande(guichet.site, porteur=guichet.acte.titulaire)
    secret = fabrique.notifier(guichet.site, {secrete.pk: "1000"}, numero="13")
    ici = guichet.site.vote.etude.ici
    paul = ici.monde.ajouter("paul", guichet.samia.organisme, Role.INSTRUCTEUR)
    se_deporter(par=paul, dossier=secrete.dossier, motif="Un lien.")
    (motif,) = relire(guichet, [["M1", siret, "100", jour()]], qui=paul).motifs
    assert "plusieurs échéances conviennent" in motif
    assert "un acte que vous ne lisez pas" in motif and secret.numero not in motif
    (motif,) = relire(guichet, [["M1", siret, "700", jour()]], qui=paul).motifs
    assert "paierait un acte que vous ne lisez pas" in motif
    (motif,) = relire(guichet, [["M1", secret.numero, "700", jour()]], qui=paul).motifs
    assert "n’est ni un acte notifié" in motif
