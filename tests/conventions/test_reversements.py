"""Faire rendre de l'argent : le demander, le recevoir, y renoncer, défaire une réception notée à tort."""

from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.conventions.actions import retraits as actions
from parvis.conventions.actions import reversements
from parvis.conventions.models import Acte
from parvis.conventions.rules.retraits import motifs_empechant_d_annuler_la_reception
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from tests.conventions.controle import ecarts
from tests.conventions.test_versements import refus
from tests.decors import decor
from tests.fabriques import versements as fabrique
from tests.fabriques.versements import UN_JOUR

D = Decimal


@decor
def guichet() -> fabrique.Guichet:
    return fabrique.guichet()


def test_un_reversement_se_demande_puis_se_recoit(guichet):
    guichet.verser(1)
    Courriel.objects.all().delete()
    du = guichet.reversement("50", rang=0, titre="T-4")
    assert Courriel.objects.filter(objet__contains="vous demande de rendre").exists()
    assert guichet.demandes[0].montant_verse == D(1050)
    reversements.recevoir_un_reversement(
        par=guichet.samia, reversement=du, recu_le=timezone.localdate(), titre="T-5"
    )
    du.refresh_from_db()
    assert (du.titre, guichet.lu.rendu) == ("T-5", D(50))
    rendue = guichet.demandes[0]
    assert (rendue.montant_verse, rendue.montant_engage) == (D(1000), D(1450))
    guichet.verser(2)
    assert [d.montant_verse for d in guichet.demandes] == [D(1450), D(500)]
    assert ecarts() == []


def test_tout_rendre_vide_les_colonnes(guichet):
    guichet.verser()
    for rang, somme in ((0, "1500"), (1, "500")):
        du = guichet.reversement(somme, rang=rang)
        reversements.recevoir_un_reversement(
            par=guichet.samia, reversement=du, recu_le=timezone.localdate()
        )
    for demande in guichet.demandes:
        assert (demande.montant_verse, demande.verse_le) == (None, None)
        assert (demande.montant_engage, demande.engage_le) == (None, None)
    assert ecarts() == []


def test_une_reception_notee_a_tort_s_annule_et_l_argent_est_attendu_de_nouveau(guichet):
    guichet.verser()
    du = guichet.reversement("1500", rang=0)
    annuler = {"par": guichet.samia, "reversement": du}
    assert refus(reversements.annuler_la_reception, motif="Erreur", **annuler) == [
        "Ce reversement n’est pas reçu : il n’y a rien à annuler."
    ]
    recevoir = {"par": guichet.samia, "reversement": du, "recu_le": timezone.localdate()}
    reversements.recevoir_un_reversement(**recevoir)
    assert guichet.demandes[0].engage_le is None
    assert refus(reversements.annuler_la_reception, motif=" ", **annuler) == [
        "Dites pourquoi cette réception est annulée."
    ]
    Courriel.objects.all().delete()
    reversements.annuler_la_reception(motif="Noté sur le mauvais acte", **annuler)
    rendue = guichet.demandes[0]
    assert (rendue.montant_verse, rendue.montant_engage) == (D(1500), D(1500))
    assert (rendue.verse_le, rendue.engage_le) == (timezone.localdate(), guichet.acte.signe_le)
    assert (guichet.lu.rendu, guichet.lu.a_rendre) == (D(0), D(1500))
    assert Courriel.objects.filter(objet__contains="attend de nouveau").exists()
    assert not Courriel.objects.filter(texte__contains="mauvais acte").exists()
    assert ecarts() == []
    # Reçu pour de bon, puis encore annulé : ce n'est jamais fini par erreur.
    reversements.recevoir_un_reversement(**recevoir)
    reversements.annuler_la_reception(motif="Encore", **annuler)
    reversements.abandonner_un_reversement(motif="Gardé", **annuler)
    assert refus(reversements.annuler_la_reception, motif="x", **annuler)
    with pytest.raises(Acte.DoesNotExist):
        reversements.annuler_la_reception(
            par=guichet.site.vote.etude.olga, reversement=du, motif="Erreur"
        )
    assert ecarts() == []


def test_ce_qu_un_autre_acte_engage_de_nouveau_garde_la_reception():
    assert motifs_empechant_d_annuler_la_reception(
        est_recu=True, motif="x", montant=D(100), a_engager=D(100)
    ) == []  # fmt: skip
    motifs = motifs_empechant_d_annuler_la_reception(
        est_recu=True, motif="x", montant=D(100), a_engager=D(99)
    )
    assert "Un autre acte engage de nouveau" in motifs[0]


def test_on_ne_redemande_ni_trop_ni_sans_raison(guichet):
    guichet.verser(1)
    guichet.reversement("300", rang=1)
    assert refus(guichet.reversement, "50.01", rang=1) == [
        "50,01 € dépassent ce qui est versé et pas redemandé : 50 €."
    ]
    motifs = refus(
        reversements.demander_un_reversement,
        par=guichet.samia,
        acte=guichet.acte,
        demande=guichet.demandes[0].pk,
        montant=D(0),
        motif=" ",
    )
    assert len(motifs) == 2
    with pytest.raises(Acte.DoesNotExist):
        reversements.demander_un_reversement(
            par=guichet.samia, acte=guichet.acte, demande=0, montant=D(1), motif="x"
        )


def test_un_reversement_se_recoit_une_fois_et_pas_avant_d_etre_demande(guichet):
    guichet.verser(1)
    du, jour = guichet.reversement(), timezone.localdate()
    for le, motif in (
        (None, "Écrivez le jour"),
        (jour + UN_JOUR, "à venir"),
        (jour - UN_JOUR, "avant d’être demandé"),
    ):
        dits = refus(
            reversements.recevoir_un_reversement, par=guichet.samia, reversement=du, recu_le=le
        )
        assert motif in dits[0]
    reversements.recevoir_un_reversement(par=guichet.samia, reversement=du, recu_le=jour)
    for faire in (
        lambda: reversements.recevoir_un_reversement(
            par=guichet.samia, reversement=du, recu_le=jour
        ),
        lambda: reversements.abandonner_un_reversement(
            par=guichet.samia, reversement=du, motif="Non"
        ),
    ):
        assert refus(faire) == ["Ce reversement est déjà reçu ou abandonné."]


def test_renoncer_a_un_reversement_laisse_l_argent(guichet):
    guichet.verser(1)
    du = guichet.reversement()
    assert refus(
        reversements.abandonner_un_reversement, par=guichet.samia, reversement=du, motif=""
    ) == ["Dites pourquoi vous y renoncez."]
    reversements.abandonner_un_reversement(
        par=guichet.samia, reversement=du, motif="Justifié depuis"
    )
    assert guichet.demandes[0].montant_verse == D(1050)
    assert ecarts() == []


def du_dossier(guichet) -> list[str]:
    """Rend ce que le journal de son dossier dit à l'organisme, dans l'ordre."""
    dits = Evenement.objects.filter(objet=f"dossier:{guichet.site.vote.etude.dossier.pk}")
    siens = ("reversement", "recevoir", "attendre", "renoncer", "entendre", "retirer", "garder")
    return [
        un.action.removeprefix("conventions.")
        for un in dits.order_by("pk")
        if un.action.startswith(tuple(f"conventions.{sien}" for sien in siens))
    ]


def test_l_argent_qui_revient_et_le_retrait_sont_dans_l_histoire_du_dossier(guichet):
    guichet.verser(1)
    dit = {"par": guichet.samia, "reversement": guichet.reversement("50")}
    Courriel.objects.all().delete()
    reversements.recevoir_un_reversement(recu_le=timezone.localdate(), **dit)
    assert Courriel.objects.filter(objet__contains="a bien reçu 50").exists()
    reversements.annuler_la_reception(motif="Erreur", **dit)
    reversements.abandonner_un_reversement(motif="Gardé", **dit)
    ouvert = guichet.observations()
    actions.abandonner_le_retrait(par=guichet.samia, retrait=ouvert, motif="Non établi")
    guichet.retirer()
    assert du_dossier(guichet) == [
        "reversement_a_un_dossier",
        "recevoir_a_un_dossier",
        "attendre_de_nouveau",
        "renoncer_a_un_dossier",
        "entendre_a_un_dossier",
        "garder_a_un_dossier",
        "entendre_a_un_dossier",
        "retirer_a_un_dossier",
        # Ce que le retrait fait rendre, demande par demande.
        "reversement_a_un_dossier",
        "reversement_a_un_dossier",
    ]
