"""Verser : tout ce qui l'empêche, le partage entre les demandes, l'annulation, les conditions."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.comptes.enums import Role
from parvis.conventions.actions.conditions import annuler_la_levee, lever_une_condition
from parvis.conventions.actions.echeanciers import changer_l_echeancier
from parvis.conventions.actions.versements import (
    AVerser,
    annuler_un_versement,
    verser,
)
from parvis.conventions.models import Acte, Versement
from parvis.conventions.rules.echeancier import A_LA_NOTIFICATION, EcheancePrevue
from parvis.courriels.models import Courriel
from parvis.dossiers.enums import EtatDeCompte
from parvis.dossiers.models import CompteBancaire
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.conventions.controle import ecarts
from tests.decors import decor
from tests.fabriques import versements as fabrique
from tests.fabriques.versements import UN_JOUR

D = Decimal


@decor
def guichet() -> fabrique.Guichet:
    return fabrique.guichet()


@decor
def sous_condition() -> fabrique.Guichet:
    return fabrique.guichet(condition="Joindre l’accord du bailleur")


def refus(faire, *args, **autres) -> list[str]:
    with pytest.raises(Refus) as leve:
        faire(*args, **autres)
    return [motif.replace("\xa0", " ") for motif in leve.value.motifs]


def test_un_acompte_se_partage_entre_les_demandes_au_centime(guichet):
    (versement,) = guichet.verser(1)
    assert versement.montant == D(1400)
    assert [p.montant for p in versement.parts.order_by("demande")] == [D(1050), D(350)]
    assert [d.montant_verse for d in guichet.demandes] == [D(1050), D(350)]
    assert {d.verse_le for d in guichet.demandes} == {timezone.localdate()}
    assert versement.compte == "FR76 •••• 0189"
    assert ecarts() == []


def test_le_solde_finit_exactement_ce_qui_est_engage(guichet):
    guichet.payer("0.01")
    guichet.payer("1399.99")
    guichet.verser(2)
    assert [d.montant_verse for d in guichet.demandes] == [D(1500), D(500)]
    assert guichet.lu.prochaine is None
    assert ecarts() == []


def test_deux_fois_la_meme_echeance_se_refuse(guichet):
    guichet.verser(1)
    assert refus(guichet.verser, 1) == [
        f"{guichet.acte.numero} : L’acompte de 1 400 € est déjà versé."
    ]
    assert refus(guichet.verser, 2, 2, montant=D("600.01"))[0].endswith(
        "600,01 € dépassent ce qui reste à verser : 600 €."
    )


def test_deux_fois_dans_le_meme_envoi_se_refuse_et_rien_ne_s_ecrit(guichet):
    une = guichet.echeances[0].pk
    deux = [AVerser(guichet.acte.pk, timezone.localdate(), echeance=une)] * 2
    motifs = refus(verser, par=guichet.samia, contrat=guichet.contrat, versements=deux)
    assert motifs == [f"{guichet.acte.numero} : L’acompte de 1 400 € est déjà versé."]
    assert not Versement.objects.exists()


def test_le_solde_avant_l_acompte_demande_d_etre_confirme(guichet):
    motifs = refus(guichet.verser, 2)
    assert "L’acompte de 1 400 € n’est pas versé" in motifs[0]
    guichet.verser(2, hors_de_l_ordre=True)
    guichet.verser(1)
    assert [d.montant_verse for d in guichet.demandes] == [D(1500), D(500)]


def test_tous_les_motifs_d_un_coup(sous_condition):
    fabrique.changer_de_compte(sous_condition)
    motifs = refus(
        sous_condition.verser, 2, verse_le=timezone.localdate() + UN_JOUR, montant=D(5000)
    )
    dits = " ".join(motifs)
    for attendu in (
        "attend qu’une condition soit levée : « Joindre l’accord du bailleur »",
        "Un versement à venir ne se note pas",
        "a changé de compte bancaire",
        "5 000 € dépassent ce qui reste",
        "n’est pas versé. Versez-le d’abord",
    ):
        assert attendu in dits


def test_un_versement_d_avant_la_notification_se_refuse(guichet):
    motifs = refus(guichet.verser, 1, verse_le=timezone.localdate() - UN_JOUR)
    assert motifs == [
        f"{guichet.acte.numero} : Le versement serait d’avant la notification. Relisez sa date."
    ]


def test_un_acte_signe_et_pas_notifie_ne_se_paie_pas(guichet):
    pk = fabrique.autre_demande(guichet.site, rang=30).pk
    site = guichet.site
    site.notifier, garde = (lambda actes, **_: actes), site.notifier
    signe = fabrique.notifier(site, {pk: "100"}, numero="13")
    site.notifier = garde
    motifs = refus(
        verser,
        par=guichet.samia,
        contrat=guichet.contrat,
        versements=[AVerser(signe.pk, timezone.localdate())],
    )
    assert motifs == [f"{signe.numero} : Cet acte n’est pas notifié : rien ne se verse avant."]


@pytest.mark.django_db
def test_sans_compte_bancaire_rien_ne_se_verse():
    guichet = fabrique.guichet(avec_compte=False)
    assert "n’a pas donné de compte bancaire" in refus(guichet.verser, 1)[0]


def test_un_compte_change_et_pas_confirme_arrete_le_versement_suivant(guichet):
    guichet.verser(1)
    fabrique.changer_de_compte(guichet)
    assert "une seconde personne ne l’a pas confirmé" in refus(guichet.verser, 2)[0]


def test_ce_qui_etait_verse_avant_le_changement_de_compte_se_note_encore(guichet):
    compte = fabrique.changer_de_compte(guichet)
    compte.donne_le = timezone.now() + timedelta(days=1)
    compte.save()
    assert guichet.verser(1)[0].compte == "FR76 •••• 0189"


def test_un_versement_note_apres_coup_dit_le_compte_de_ce_jour_la(guichet):
    """Le compte a changé entre le paiement et sa saisie : l'argent est arrivé sur l'ancien."""
    ancien = CompteBancaire.objects.get(etat=EtatDeCompte.COURANT)
    neuf = fabrique.changer_de_compte(guichet)
    ancien.etat, ancien.clos_le = EtatDeCompte.REMPLACE, timezone.now()
    ancien.save()
    neuf.etat, neuf.confirme_le = EtatDeCompte.COURANT, timezone.now() + timedelta(days=1)
    neuf.confirme_par, neuf.confirmateur = "Une autre personne", "0"
    neuf.save()
    Courriel.objects.all().delete()
    fait = guichet.payer("100")
    assert fait.compte == ancien.masque != neuf.masque
    assert all(ancien.masque in un.texte for un in Courriel.objects.all())
    neuf.confirme_le = timezone.now()
    neuf.save()
    assert guichet.payer("100").compte == neuf.masque


def test_le_meme_numero_d_ordre_ne_paie_qu_une_fois(guichet):
    guichet.payer("100", numero_d_ordre="M-7")
    motifs = refus(guichet.payer, "100", numero_d_ordre="M-7")
    assert motifs == [f"{guichet.acte.numero} : Le numéro d’ordre M-7 a déjà été payé."]


def test_un_numero_annule_resert(guichet):
    fait = guichet.payer("100", numero_d_ordre="M-7")
    annuler_un_versement(par=guichet.samia, versement=fait, motif="Rejeté par la banque")
    assert [d.montant_verse for d in guichet.demandes] == [None, None]
    assert {d.verse_le for d in guichet.demandes} == {None}
    guichet.payer("100", numero_d_ordre="M-7")
    assert ecarts() == []


def test_annuler_se_refuse_sans_motif_et_deux_fois(guichet):
    (fait,) = guichet.verser(1)
    assert refus(annuler_un_versement, par=guichet.samia, versement=fait, motif=" ") == [
        "Dites pourquoi ce versement est annulé."
    ]
    annuler_un_versement(par=guichet.samia, versement=fait, motif="Rejeté")
    assert refus(annuler_un_versement, par=guichet.samia, versement=fait, motif="Rejeté") == [
        "Ce versement est déjà annulé."
    ]


def test_annuler_ce_qui_est_redemande_se_refuse(guichet):
    (fait,) = guichet.verser(1)
    guichet.reversement("100", rang=1)
    motifs = refus(annuler_un_versement, par=guichet.samia, versement=fait, motif="Rejeté")
    assert "abandonnez d’abord le reversement" in motifs[0]
    guichet.verser(2)
    annuler_un_versement(par=guichet.samia, versement=fait, motif="Rejeté")
    assert [d.montant_verse for d in guichet.demandes] == [D(450), D(150)]


def test_une_condition_se_leve_puis_l_acte_se_paie(sous_condition):
    ligne = sous_condition.lu.lignes[0]
    dit = {
        "par": sous_condition.samia,
        "acte": sous_condition.acte,
        "levee_le": timezone.localdate(),
        "justification": "Accord reçu le 3",
    }
    Courriel.objects.all().delete()
    levee = lever_une_condition(reponse=ligne.ligne.reponse_id, **dit)
    assert "a levé une condition" in Courriel.objects.first().objet
    assert levee.levee_par == sous_condition.samia.utilisateur_nom
    assert refus(lever_une_condition, reponse=ligne.ligne.reponse_id, **dit) == [
        "Cette condition est déjà levée."
    ]
    assert len(refus(sous_condition.verser, 1)) == 1
    lever_une_condition(reponse=sous_condition.lu.lignes[1].ligne.reponse_id, **dit)
    assert sous_condition.verser(1)[0].montant == D(1400)


def test_une_condition_levee_par_erreur_se_remet_tant_que_rien_n_est_verse(sous_condition):
    guichet, reponses = sous_condition, [p.ligne.reponse_id for p in sous_condition.lu.lignes]
    dit = {"par": guichet.samia, "acte": guichet.acte}
    lever = dit | {"levee_le": timezone.localdate(), "justification": "Accord reçu"}
    remettre = dit | {"reponse": reponses[0]}
    assert refus(annuler_la_levee, motif="x", **remettre) == [
        "Cette condition n’est pas levée : il n’y a rien à annuler."
    ]
    for reponse in reponses:
        lever_une_condition(reponse=reponse, **lever)
    (fait,) = guichet.verser(1)
    motifs = refus(annuler_la_levee, motif=" ", **remettre)
    assert len(motifs) == 2 and "1 400 € sont versés sur cet acte" in motifs[1]
    annuler_un_versement(par=guichet.samia, versement=fait, motif="Erreur")
    Courriel.objects.all().delete()
    assert annuler_la_levee(motif="Autre bailleur", **remettre).est_annulee
    assert "attend de nouveau" in Courriel.objects.first().objet
    assert not Courriel.objects.filter(texte__contains="Autre bailleur").exists()
    assert "attend qu’une condition soit levée" in refus(guichet.verser, 1)[0]
    # Levée pour de bon, l'acte se paie ; la première levée garde sa trace.
    lever_une_condition(reponse=reponses[0], **lever)
    assert guichet.verser(1)[0].montant == D(1400)
    assert [une.motif_d_annulation for une in guichet.lu.lignes[0].annulees] == ["Autre bailleur"]
    with pytest.raises(Acte.DoesNotExist):
        annuler_la_levee(motif="x", **remettre | {"par": guichet.site.vote.etude.olga})


@pytest.mark.parametrize(
    ("dit", "motif"),
    [
        ({"justification": " "}, "Dites ce qui montre"),
        ({"levee_le": None}, "Écrivez le jour"),
        ({"levee_le": timezone.localdate() + UN_JOUR}, "à l’avance"),
        ({"levee_le": timezone.localdate() - UN_JOUR}, "avant la décision"),
    ],
)
def test_lever_mal_une_condition_se_refuse(sous_condition, dit, motif):
    depart = {"levee_le": timezone.localdate(), "justification": "Reçu"}
    motifs = refus(
        lever_une_condition,
        par=sous_condition.samia,
        acte=sous_condition.acte,
        reponse=sous_condition.lu.lignes[0].ligne.reponse_id,
        **(depart | dit),
    )
    assert len(motifs) == 1 and motif in motifs[0]


def test_sans_condition_rien_ne_se_leve(guichet):
    assert refus(
        lever_une_condition,
        par=guichet.samia,
        acte=guichet.acte,
        reponse=guichet.lu.lignes[0].ligne.reponse_id,
        levee_le=timezone.localdate(),
        justification="Reçu",
    ) == ["Cette réponse ne pose aucune condition."]


def test_le_versement_se_dit_au_porteur_et_au_journal(guichet):
    Courriel.objects.all().delete()
    guichet.verser(1, 2)
    objets = set(Courriel.objects.values_list("objet", flat=True))
    assert any("vous a versé 2\xa0000\xa0€" in objet for objet in objets)
    dits = Evenement.objects.filter(action="conventions.verser_a_un_dossier")
    assert dits.count() == 4


def test_l_annulation_se_dit_au_porteur_et_a_ses_dossiers_sans_le_motif(guichet):
    (fait,) = guichet.verser(1)
    Courriel.objects.all().delete()
    annuler_un_versement(par=guichet.samia, versement=fait, motif="Rejeté par la banque")
    courriels = list(Courriel.objects.all())
    assert courriels and all("annule un versement de" in un.objet for un in courriels)
    assert not any("Rejeté" in un.texte for un in courriels)
    dits = Evenement.objects.filter(action="conventions.annuler_a_un_dossier")
    assert dits.count() == fait.parts.count() == 2
    assert not any("Rejeté" in str(un.details) for un in dits)


def test_nul_autre_service_ne_verse_ni_n_annule(guichet):
    (fait,) = guichet.verser(1)
    ici = guichet.site.vote.etude.ici
    etrangers = [guichet.site.vote.etude.olga, ici.acteur("pilote"), ici.acteur("gestionnaire")]
    etrangers.append(ici.monde.ajouter("lea", ici.caisse, Role.LECTEUR))
    for qui in etrangers:
        un = [AVerser(guichet.acte.pk, timezone.localdate())]
        with pytest.raises(Acte.DoesNotExist):
            verser(par=qui, contrat=guichet.contrat, versements=un)
        with pytest.raises(Acte.DoesNotExist):
            annuler_un_versement(par=qui, versement=fait, motif="x")
        with pytest.raises(Acte.DoesNotExist):
            lever_une_condition(
                par=qui, acte=guichet.acte, reponse=1, levee_le=None, justification=""
            )
    assert Versement.objects.filter(annule_le__isnull=True).count() == 1


def test_rien_de_coche_se_dit(guichet):
    assert refus(verser, par=guichet.samia, contrat=guichet.contrat, versements=[]) == [
        "Cochez au moins une échéance."
    ]


def test_un_echeancier_se_change_avant_la_signature_et_par_son_service_seul(guichet):
    pk = fabrique.autre_demande(guichet.site, rang=30).pk
    acte = fabrique.preparer(guichet.site, {pk: "700"}, numero="13")
    prevues = [EcheancePrevue("unique", D(700), None, A_LA_NOTIFICATION)]
    changer_l_echeancier(par=guichet.samia, acte=acte, echeances=prevues)
    assert [e.sorte for e in acte.echeances.all()] == ["unique"]
    fausses = [EcheancePrevue("avance", D(-1)), EcheancePrevue("solde", D(700), None, "x")]
    motifs = refus(changer_l_echeancier, par=guichet.samia, acte=acte, echeances=fausses)
    assert len(motifs) == 4
    with pytest.raises(Acte.DoesNotExist):
        changer_l_echeancier(par=guichet.site.vote.etude.olga, acte=acte, echeances=prevues)
    motifs = refus(changer_l_echeancier, par=guichet.samia, acte=guichet.acte, echeances=prevues)
    assert any("notifié" in motif for motif in motifs)
