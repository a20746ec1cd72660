"""Ne pas verser le reste d'un acte : ce qui l'empêche, ce que cela dégage, et que rien ne le contourne."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.conventions.actions.reversements import recevoir_un_reversement
from parvis.conventions.actions.versements import annuler_un_versement
from parvis.conventions.models import Cloture, PartDeCloture
from parvis.conventions.queries.echeances import echeances_a_payer
from parvis.courriels.models import Courriel
from parvis.dossiers.models import BilanAttendu
from parvis.journal.models import Evenement
from tests.conventions.controle import ecarts
from tests.conventions.test_argent_sql_brut import refuse
from tests.conventions.test_versements import refus
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site
from tests.espace_financeur.test_versements import suites
from tests.espace_porteur.conftest import mots
from tests.fabriques import versements as fabrique

D = Decimal
pytestmark = pytest.mark.django_db


@decor
def guichet() -> fabrique.Guichet:
    """De 2 000 € engagés, 1 000 € sont versés ; aucun bilan n'est dû."""
    rendu = fabrique.guichet()
    rendu.payer("1000")
    rendu.sans_bilan_attendu()
    return rendu


def test_le_reste_n_est_plus_engage_ni_attendu_et_l_organisme_l_apprend(guichet):
    cloture = guichet.clore()
    assert (cloture.montant, guichet.lu.reste, guichet.lu.prochaine) == (D(1000), D(0), None)
    assert [(d.montant_engage, d.montant_verse) for d in guichet.demandes] == [
        (D(750), D(750)),
        (D(250), D(250)),
    ]
    assert echeances_a_payer(guichet.samia, guichet.contrat, {}).choisies == []
    texte = Courriel.objects.latest("pk").texte.replace("\xa0", " ")
    assert (
        "a versé 1 000 €" in texte and "le reste, 1 000 € : « Le projet a coûté moins. »" in texte
    )
    notes = Evenement.objects.filter(action__startswith="conventions.").order_by("-pk")[:3]
    assert [n.action.split(".")[1] for n in notes] == [
        "clore_a_un_dossier", "clore_a_un_dossier", "ne_pas_verser_le_reste",
    ]  # fmt: skip
    assert ecarts() == []


def test_sans_rien_de_verse_tout_se_degage():
    neuf = fabrique.guichet()
    neuf.sans_bilan_attendu()
    assert neuf.clore().montant == D(2000)
    assert [d.montant_engage for d in neuf.demandes] == [None, None]
    assert ecarts() == []


def test_rien_de_plus_ne_se_note_apres(guichet):
    fait = guichet.lu.valables[0]
    guichet.clore()
    assert "ne se verse pas" in refus(guichet.payer, "1")[0]
    assert refus(guichet.clore) == ["Le reste de cet acte ne se verse déjà plus."]
    assert "demandez un reversement" in refus(guichet.observations)[0]
    annuler = {"par": guichet.samia, "versement": fait, "motif": "Erreur"}
    assert "ce versement ne s’annule plus" in refus(annuler_un_versement, **annuler)[0]
    # Ce qui est versé se redemande encore.
    du = guichet.reversement("750")
    recevoir_un_reversement(par=guichet.samia, reversement=du, recu_le=timezone.localdate())
    assert guichet.demandes[0].montant_engage is None
    assert ecarts() == []


@pytest.mark.parametrize("accepte", [True, False])
def test_un_bilan_du_s_attend_accepte_ou_dispense(guichet, accepte):
    jour = timezone.localdate()
    dossier = guichet.demandes[0].dossier
    attendu = BilanAttendu.objects.create(
        dossier=dossier, exercice=guichet.acte.exercice, attendu_le=jour + timedelta(days=9)
    )
    (motif,) = refus(guichet.clore)
    assert motif.startswith(f"« {dossier.projet.titre} » n’a pas encore de bilan accepté")
    dits = {"rendu_le": jour, "accepte_le": jour}
    if not accepte:
        dits |= {"est_sans_realisation": True, "decharge": "dispense"}
    BilanAttendu.objects.filter(pk=attendu.pk).update(**dits)
    guichet.clore()


def test_ni_sans_motif_ni_pendant_un_retrait_ni_quand_tout_est_verse(guichet):
    assert refus(guichet.clore, " ") == [
        "Dites pourquoi le reste ne se verse pas : l’organisme le lit."
    ]
    guichet.observations()
    assert refus(guichet.clore)[0].startswith("Un retrait de cette subvention est ouvert")
    autre = fabrique.autre_demande(guichet.site, rang=40).pk
    paye = fabrique.Guichet(
        guichet.site, fabrique.notifier(guichet.site, {autre: "10"}, numero="13")
    )
    paye.payer("7")
    paye.payer("3")
    assert refus(paye.clore) == ["Tout est versé : il n’y a pas de reste."]


def test_le_sql_brut_se_refuse(guichet):
    une = guichet.lu.lignes[0]
    clore = (
        "INSERT INTO conventions_cloture (acte_id, montant, motif, faite_le, faite_par)"
        " SELECT id, 1, 'x', notifie_le, 'x' FROM conventions_acte WHERE id = %s"
    )
    degager = (
        "INSERT INTO conventions_partdecloture (cloture_id, ligne_id, demande_id, montant)"
        " VALUES (%s, %s, %s, %s)"
    )
    guichet.clore()
    refuse(clore, guichet.acte.pk)
    cloture = Cloture.objects.get()
    refuse(degager, cloture.pk, une.ligne.pk, une.ligne.demande_id, 1)
    for sql in (
        "UPDATE conventions_cloture SET motif = 'y' WHERE id = %s",
        "DELETE FROM conventions_cloture WHERE id = %s",
        "UPDATE conventions_partdecloture SET montant = 1 WHERE cloture_id = %s",
        "DELETE FROM conventions_partdecloture WHERE cloture_id = %s",
    ):
        refuse(sql, cloture.pk)
    assert PartDeCloture.objects.count() == 2
    retrait = (
        "INSERT INTO conventions_retrait (acte_id, etat, motif, manquement_le, debut_le, fin_le,"
        " observations_demandees_le, repondre_avant_le, demandees_par, observations, decide_par,"
        " abandonne_par, motif_d_abandon, reponse, repondu_par) SELECT id, 'a_entendre', 'x', notifie_le,"
        " notifie_le, notifie_le, notifie_le, notifie_le, 'x', '', '', '', '', '', ''"
        " FROM conventions_acte WHERE id = %s"
    )
    refuse(retrait, guichet.acte.pk)
    refuse(
        "UPDATE conventions_versement SET annule_le = note_le, annule_par = 'x',"
        " motif_d_annulation = 'x' WHERE acte_id = %s",
        guichet.acte.pk,
    )


def test_un_retrait_ouvert_refuse_la_cloture_meme_en_sql(guichet):
    guichet.observations()
    refuse(
        "INSERT INTO conventions_cloture (acte_id, montant, motif, faite_le, faite_par)"
        " SELECT id, 1, 'x', notifie_le, 'x' FROM conventions_acte WHERE id = %s",
        guichet.acte.pk,
    )


def test_l_ecran_le_propose_le_confirme_et_le_montre(guichet):
    site = Site(guichet.site.vote.etude, "samia")
    acte = guichet.acte.pk
    assert "Ne pas verser le reste" in mots(site.get("versements_de_l_acte", acte))
    page = mots(site.get("ne_pas_verser_le_reste", acte))
    assert "1 000 €" in page and "Cela ne s’annule pas" in page
    assert "(acompte)" in suites(guichet)
    vide = site.post("ne_pas_verser_le_reste", acte, motif=" ")
    assert vide.status_code == 422
    site.post("ne_pas_verser_le_reste", acte, motif="Projet réduit")
    page = mots(site.get("versements_de_l_acte", acte))
    assert "Reste abandonné 1 000 € ne se versent pas" in page and "Projet réduit" in page
    assert "Retirer la subvention" not in page and "Noter ce versement" not in page
    lues = suites(guichet)
    assert "1 000 € ne seront pas versés" in lues and "Encore" not in lues
