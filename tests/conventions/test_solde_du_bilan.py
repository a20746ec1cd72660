"""Le solde ne se paie qu'à hauteur de ce que le bilan accepté laisse dû ; au-delà, cela se confirme."""

from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.conventions.actions.reversements import recevoir_un_reversement
from parvis.conventions.queries.echeances import (
    COLONNES,
    echeances_a_payer,
    lignes_de_comptabilite,
)
from parvis.conventions.queries.fichiers import D_ICI, relire_les_paiements
from parvis.conventions.rules.versements import Du, SituationDeLActe
from parvis.dossiers.actions.bilans import dater_le_bilan
from parvis.dossiers.models import BilanAttendu, Dossier
from parvis.evaluation.actions.attendre import attendre_les_bilans
from parvis.evaluation.actions.recevoir import accepter_le_bilan
from parvis.evaluation.queries.bilans import non_depense_du_bilan
from parvis.journal.models import Evenement
from parvis.socle.tableaux import csv_francais
from parvis.socle.tableur import lire_tableau
from tests.conventions.controle import ecarts
from tests.conventions.test_versements import refus
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site
from tests.espace_porteur.conftest import mots
from tests.fabriques import bilans
from tests.fabriques import versements as fabrique

D = Decimal
pytestmark = pytest.mark.django_db


@decor
def guichet() -> fabrique.Guichet:
    """L'acompte de 1 400 € sur 2 000 € est versé."""
    rendu = fabrique.guichet()
    rendu.verser(1)
    return rendu


def dossier_de(guichet) -> Dossier:
    return Dossier.objects.get(pk=guichet.site.vote.etude.dossier.pk)


def accepter(guichet, *parts: str) -> None:
    """Date le bilan du dossier comme son acceptation, avec la part de chaque demande."""
    jour = timezone.localdate()
    pks = [demande.pk for demande in guichet.demandes]
    dater_le_bilan(
        dossier=dossier_de(guichet),
        exercice=guichet.acte.exercice,
        sorte="definitif",
        rendu_le=jour,
        accepte_le=jour,
        parts=dict(zip(pks, map(D, parts), strict=True)),
    )


@pytest.fixture
def borne(guichet) -> fabrique.Guichet:
    """De 2 000 € accordés, 1 500 € sont dus : il reste 100 € à verser."""
    accepter(guichet, "1100", "400")
    return guichet


def test_un_bilan_rendu_puis_accepte_borne_le_solde(guichet):
    """Le chemin entier : rendu, la part se garde ; accepté, elle descend sur les demandes."""
    attendre_les_bilans()
    rendre = bilans.Rendre(guichet.site.vote, dossier_de(guichet))
    bilan = rendre.rendu(
        budget=bilans.TOUT["budget"]
        | {"l0_realise": "1500", "l0_explication": "Donnés.", "d2_realise": "350"}
    )
    parts = {part.demande_id: part.montant for part in bilan.parts.all()}
    assert [d.part_du_bilan for d in guichet.demandes] == [None, None]
    assert guichet.lu.laisse_du is None
    accepter_le_bilan(par=rendre.pilote, bilan=bilan)
    assert {d.pk: d.part_du_bilan for d in guichet.demandes} == parts
    du = sum(parts.values()) - D(1400)
    assert 0 < du < D(600) and guichet.lu.laisse_du == du
    assert non_depense_du_bilan(bilan) == 0
    # Versé au-delà exprès, le non dépensé se lit de ce qui est versé aujourd'hui.
    guichet.verser(2, au_dela_du_bilan=True)
    assert non_depense_du_bilan(bilan) == D(600) - du
    assert ecarts() == []


def test_verser_au_dela_se_refuse_et_dit_ce_qui_reste_du(borne):
    assert refus(borne.payer, "600") == [
        f"{borne.acte.numero} : D’après le bilan accepté, il reste 100 € à verser. 600 € iraient au-delà : "
        "cela se note sur la page de l’acte, en confirmant."
    ]
    (fait,) = borne.verser(2)
    assert fait.montant == D(100)
    # Chaque demande reçoit ce que son bilan lui laisse, et non un prorata de l'engagé.
    assert [d.montant_verse for d in borne.demandes] == [D(1100), D(400)]
    assert "il ne reste rien à verser" in refus(borne.payer, "0.01")[0]
    assert ecarts() == []


def test_confirme_le_versement_passe_et_le_journal_le_dit(borne):
    (fait,) = borne.verser(2, au_dela_du_bilan=True)
    assert fait.montant == D(600) and borne.lu.reste == 0
    assert [d.montant_verse for d in borne.demandes] == [D(1500), D(500)]
    note = Evenement.objects.filter(action="conventions.verser").latest("pk")
    assert note.details.contenu["au_dela_du_bilan"] is True
    assert ecarts() == []


def test_un_projet_qui_n_a_pas_eu_lieu_n_a_plus_rien_a_payer(guichet):
    accepter(guichet, "0", "0")
    assert echeances_a_payer(guichet.samia, guichet.contrat, {}).choisies == []
    assert guichet.lu.dit_du_bilan == "D’après le bilan accepté, il ne reste rien à verser."
    assert not any(due.est_en_retard for due in guichet.lu.echeances)


def test_un_bilan_de_nouveau_attendu_ne_borne_plus_rien(borne):
    attendu = BilanAttendu.objects.get(dossier=dossier_de(borne), sorte="definitif")
    voulu = {"dossier": attendu.dossier, "exercice": attendu.exercice, "rendu_le": None}
    dater_le_bilan(sorte="intermediaire", **voulu)
    assert borne.lu.laisse_du == D(100)
    dater_le_bilan(sorte="definitif", **voulu)
    assert borne.lu.laisse_du is None


def test_ce_qui_est_rendu_ne_redevient_pas_du_au_dela_de_l_engage(borne):
    du = borne.reversement("1000")
    recevoir_un_reversement(par=borne.samia, reversement=du, recu_le=timezone.localdate())
    # 50 € sont versés d'une demande à qui le bilan en laisse 1 100 : le reste engagé se verse.
    assert [ligne.laisse_du for ligne in borne.lu.lignes] == [D(450), D(50)]
    borne.verser(2)
    assert ecarts() == []


def test_le_du_d_une_demande_va_d_abord_a_son_premier_acte(borne):
    """Un second acte de la même demande ne compte pas deux fois ce que le bilan lui laisse."""
    lu = borne.lu
    assert lu.lignes[0].ligne.reste_avant == 0
    site = borne.site
    pk = fabrique.autre_demande(site, rang=40).pk
    fabrique.notifier(site, {pk: "300"}, numero="13")
    second = borne.__class__(site, fabrique.notifier(site, {pk: "500"}, numero="14"))
    borne.demandes[0].__class__.objects.filter(pk=pk).update(part_du_bilan=D(350))
    (ligne,) = second.lu.lignes
    assert (ligne.ligne.reste_avant, ligne.laisse_du) == (D(300), D(50))


def test_la_liste_le_fichier_et_le_lot_proposent_ce_qui_est_du(borne):
    contrat, samia = borne.contrat, borne.samia
    lues = echeances_a_payer(samia, contrat, {})
    assert (lues.total, lues.choisies[0].peut_se_cocher) == (D(100), True)
    lignes = lignes_de_comptabilite(lues.choisies)
    lignes[0][-2:] = ["M1", timezone.localdate()]

    def relire():
        lu = lire_tableau(csv_francais(COLONNES, lignes), "a.csv")
        return relire_les_paiements(samia, contrat, lu, D_ICI)

    assert [une.montant for une in relire().nouvelles] == [D(100)]
    lignes[0][COLONNES.index("Montant")] = D(600)
    (motif,) = relire().motifs
    assert "D’après le bilan accepté, il reste" in motif and not relire().nouvelles


@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(0, 900)), min_size=1, max_size=5),
    st.integers(0, 3000),
)
def test_les_echeances_se_partagent_exactement_ce_qui_est_du(sommes, du):
    dues = [
        Du(rang, "acompte", D(montant), min(D(verse), D(montant)))
        for rang, (montant, verse) in enumerate(sommes)
    ]
    reste = sum(une.reste for une in dues)
    rendu = SituationDeLActe(None, False, (), dues, reste, True, laisse_du=D(du)).a_verser()
    assert sum(rendu.values()) == min(D(du), reste)
    assert all(0 <= rendu[une.rang] <= une.reste for une in dues)


def test_l_ecran_dit_ce_qui_est_du_le_propose_et_demande_de_confirmer(borne):
    site = Site(borne.site.vote.etude, "samia")
    page = site.get("versements_de_l_acte", borne.acte.pk)
    assert "D’après le bilan accepté, il reste 100 € à verser. 600 € restent engagés." in mots(page)
    assert page.context["form"]["montant"].value() == "100"
    assert "Je verse au-delà de ce que le bilan accepté laisse dû : 100 €" in mots(page)
    assert "il reste 100 € à verser" in mots(site.get("versements"))
    dit = {
        "echeance": borne.echeances[1].pk,
        "montant": "600",
        "verse_le": timezone.localdate().isoformat(),
    }
    refusee = site.post("versements_de_l_acte", borne.acte.pk, **dit)
    assert refusee.status_code == 422 and "600 € iraient au-delà" in mots(refusee)
    assert refusee.context["form"]["montant"].value() == "600"
    site.post("versements_de_l_acte", borne.acte.pk, **dit, au_dela_du_bilan="on")
    assert borne.lu.reste == 0
