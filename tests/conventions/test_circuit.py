"""Signer engage, notifier crée des droits, annuler rend : dans cet ordre, et pas au-delà du vote."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.comptes.enums import Regard, Role
from parvis.conventions.actions.actes import annuler_un_acte
from parvis.conventions.actions.circuit import (
    joindre_l_exemplaire_signe,
    notifier_des_actes,
    signer_des_actes,
)
from parvis.conventions.actions.modeles import noter_une_autre_subvention
from parvis.conventions.enums import EtatDActe, ModeDeNotification
from parvis.conventions.models import Acte
from parvis.conventions.rules import actes as rules
from parvis.courriels.models import Courriel
from parvis.documents.enums import Sorte, Verdict
from parvis.dossiers.actions.depot import retirer_le_dossier
from parvis.dossiers.models import Demande
from parvis.journal.queries.frise import frise
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import actes, comptes, fichiers
from tests.fabriques import actes_a_prendre as fabrique

pytestmark = pytest.mark.django_db
HIER, DEMAIN = (timezone.localdate() + timedelta(days=n) for n in (-1, 1))


@decor
def site() -> actes.Site:
    return fabrique.site()


def compose(site, montant: str = "1000", numero: str = "20", **demande) -> Acte:
    decision = fabrique.decider(site, {fabrique.demande(site, **demande): montant}, numero)
    return site.compose(fabrique.preparer(site, decision)[0])


def sa_demande(acte: Acte) -> Demande:
    return Demande.objects.get(actes__acte=acte)


def engage(acte: Acte) -> Decimal | None:
    return sa_demande(acte).montant_engage


# La loi, sans la base.


@pytest.mark.parametrize("de", EtatDActe)
@pytest.mark.parametrize("vers", EtatDActe)
def test_un_passage_est_permis_ou_dit_pourquoi_non(de, vers):
    motifs = rules.motifs_empechant_de_passer(etat=de, vers=vers)
    assert (motifs == []) == (vers in rules.PASSAGES[de])
    assert de != EtatDActe.NOTIFIE or "Un avenant" in motifs[0]
    assert de != EtatDActe.ANNULE or "est annulé" in motifs[0]


def test_chaque_etat_se_dit_au_service_et_seul_le_notifie_au_porteur():
    assert all(rules.dire_l_acte(etat, Regard.SERVICE) for etat in EtatDActe)
    au_porteur = [etat for etat in EtatDActe if rules.dire_l_acte(etat, Regard.PORTEUR)]
    assert au_porteur == [EtatDActe.NOTIFIE]


@pytest.mark.parametrize(
    ("engage", "vote", "reponse", "retire", "motif"),
    [
        (100, 100, True, False, ""),
        (0, None, True, False, ""),
        (0, None, True, True, ""),
        (101, 100, True, False, "seraient engagés pour 100"),
        (1, None, True, False, "seraient engagés pour 0"),
        (100, 100, False, False, "une décision plus récente"),
        (100, 100, True, True, "a retiré son dossier"),
    ],
)
def test_pourquoi_une_ligne_ne_s_engage_plus(engage, vote, reponse, retire, motif):
    motifs = rules.motifs_de_la_ligne(
        nom="2026-001",
        est_la_derniere_reponse=reponse,
        engage=Decimal(engage),
        vote=None if vote is None else Decimal(vote),
        est_retire=retire,
    )
    assert motif in " ".join(motifs).replace("\xa0", " ") and bool(motifs) == bool(motif)


def test_ce_qui_est_verse_ne_se_reprend_pas():
    assert rules.motifs_si_verse(None, Decimal(0)) == []
    assert rules.motifs_si_verse(Decimal(10), Decimal(10)) == []
    assert "déjà versés" in rules.motifs_si_verse(Decimal("10.01"), Decimal(10))[0]


# Signer.


def test_signer_engage_ce_que_dit_l_acte_a_la_date_de_la_signature(site):
    acte = compose(site)
    scan = fichiers.controle("signe.pdf", fichiers.pdf())
    (signe,) = site.signer([acte], scan=scan, signe_par="  Mme  Claire Vasseur ")
    assert (signe.etat, signe.signe_par, signe.scan.nom) == (
        EtatDActe.SIGNE, "Mme Claire Vasseur", "signe.pdf",
    )  # fmt: skip
    assert (engage(acte), sa_demande(acte).engage_le) == (Decimal(1000), signe.signe_le)


@pytest.mark.parametrize(
    ("autres", "dit"),
    [
        ({"signe_par": " "}, "écrivez qui a signé"),
        ({"signe_le": None}, "écrivez le jour"),
        ({"signe_le": DEMAIN}, "à venir"),
        ({"signe_le": date(2020, 1, 1)}, "avant la décision"),
    ],
)
def test_une_signature_qui_ne_tient_pas_dit_pourquoi(site, autres, dit):
    acte = compose(site)
    with pytest.raises(Refus, match=dit):
        site.signer([acte], **autres)
    assert engage(acte) is None


def test_tous_les_actes_se_signent_ou_aucun(site):
    acte, autre = compose(site), site.prepare(fabrique.decider(site, {site.demande: "100"}, "21"))
    with pytest.raises(Refus, match=f"{autre.numero} : Cet acte est « en préparation »"):
        site.signer([acte, autre])
    assert engage(acte) is None
    with pytest.raises(Refus, match="Cochez"):
        site.signer([])
    assert len(site.signer([acte, acte])) == 1


def test_une_reponse_reprise_depuis_ne_s_engage_plus(site):
    acte = compose(site, "1000")
    fabrique.decider(site, {sa_demande(acte): "900"}, "21")
    with pytest.raises(Refus, match="une décision plus récente"):
        site.signer([acte])


def test_un_dossier_retire_depuis_ne_s_engage_plus(site):
    ici = site.vote.etude.ici
    acte = site.compose(site.prepare(site.vote.publiee("1500")))
    retirer_le_dossier(par=ici.porte, dossier=site.vote.etude.dossier, motif="Plus le temps.")
    with pytest.raises(Refus, match="a retiré son dossier"):
        site.signer([acte])
    assert annuler_un_acte(par=site.samia, acte=acte, motif="Retiré.").etat == EtatDActe.ANNULE


def test_une_lettre_ne_se_signe_plus_quand_un_vote_a_fait_passer_le_seuil(site):
    lettre = compose(site, "12000")
    fabrique.decider(site, {fabrique.demande(site): "11000.01"}, "21")
    with pytest.raises(Refus, match="une convention est exigée"):
        site.signer([lettre])
    annuler_un_acte(par=site.samia, acte=lettre, motif="Il faut une convention.")
    (convention,) = fabrique.signer(site, lettre.decision)
    assert convention.sorte == "convention"


def test_une_lettre_se_signe_au_seuil_et_a_qui_est_de_droit_public(site):
    lettre = compose(site, "12000")
    fabrique.decider(site, {fabrique.demande(site): "11000"}, "21")
    commune = comptes.organisme("Commune du Bas", "commune")
    publique = compose(site, "30000", "22", porteur=commune)
    noter_une_autre_subvention(
        par=site.samia, titulaire=commune, exercice=publique.exercice, objet="x", montant=Decimal(5)
    )
    assert len(site.signer([lettre, publique])) == 2


def test_un_avenant_a_un_acte_annule_ne_se_signe_pas(site, sans_declencheurs):
    demande = fabrique.demande(site)
    (convention,) = fabrique.signer(site, fabrique.decider(site, {demande: "30000"}))
    suivante = fabrique.decider(site, {demande: "31000"}, "21")
    avenant = site.compose(fabrique.preparer(site, suivante)[0])
    with pytest.raises(Refus, match="annulez-le d’abord"):
        annuler_un_acte(par=site.samia, acte=convention, motif="Erreur.")
    with sans_declencheurs(tables={"conventions_acte"}):
        Acte.objects.filter(pk=convention.pk).update(
            etat="annule", annule_le=timezone.now(), annule_par="x", motif_d_annulation="x"
        )
    with pytest.raises(Refus, match="qu’il modifie n’est pas signé"):
        site.signer([avenant])


# Notifier.


def test_par_la_plateforme_l_acte_se_notifie_le_jour_meme_et_le_porteur_l_apprend(site):
    (acte,) = site.signer([site.compose(site.prepare(site.vote.publiee("1500")))])
    (notifie,) = site.notifier([acte], mode=ModeDeNotification.PLATEFORME, notifie_le=HIER)
    assert (notifie.etat, notifie.notifie_le) == (EtatDActe.NOTIFIE, timezone.localdate())
    courriel = Courriel.objects.filter(objet__contains=acte.numero).first()
    assert "vous notifie un acte de 1 500 €" in courriel.texte.replace("\xa0", " ")
    objet = f"dossier:{site.vote.etude.dossier.pk}"
    phrases = [ligne.phrase for ligne in frise(objet, regard=Regard.PORTEUR).lignes]
    assert any("Caisse des Tilleuls a notifié" in phrase for phrase in phrases)


def test_la_preuve_de_la_notification_se_garde(site):
    preuve = fichiers.controle("ar.pdf", fichiers.pdf())
    (acte,) = site.notifier(site.signer([compose(site)]), mode="recommande", preuve=preuve)
    assert (acte.preuve.nom, acte.preuve.sorte) == ("ar.pdf", Sorte.PDF)
    assert preuve.verdict == Verdict.NON_CONTROLE


def test_chaque_groupe_porte_apprend_la_notification(site):
    structure = comptes.organisme("La Régie")
    for nom in "AB":
        groupe = comptes.organisme(f"Groupe {nom}", "collectif")
        site.vote.etude.ici.monde.ajouter(f"membre{nom.lower()}", groupe, Role.GESTIONNAIRE)
    groupes = [comptes.Organisme.objects.get(nom=f"Groupe {nom}") for nom in "AB"]
    demandes = [
        fabrique.demande(site, porteur=un, structure=structure, titre=un.nom) for un in groupes
    ]
    signes = fabrique.signer(site, fabrique.decider(site, dict.fromkeys(demandes, "500")))
    site.notifier(signes)
    # Un acte chacun : un groupe ne lit pas ce qui est répondu à l'autre.
    assert {
        courriel.destinataire
        for acte in signes
        for courriel in Courriel.objects.filter(objet__contains=acte.numero)
    } == {"membrea@exemple.fr", "membreb@exemple.fr"}
    assert all(Courriel.objects.filter(objet__contains=un.numero).count() == 1 for un in signes)


def test_le_premier_de_deux_actes_ne_s_annule_pas(site):
    """Une lettre, puis une autre qui l'augmente : annuler la première laisserait un vote sans engagement."""
    demande = fabrique.demande(site)
    (premiere,) = fabrique.signer(site, fabrique.decider(site, {demande: "1000"}))
    (seconde,) = fabrique.signer(site, fabrique.decider(site, {demande: "1200"}, "21"))
    with pytest.raises(Refus, match=f"{seconde.numero} s’y ajoute"):
        annuler_un_acte(par=site.samia, acte=premiere, motif="Erreur.")
    annuler_un_acte(par=site.samia, acte=seconde, motif="Erreur.")
    annuler_un_acte(par=site.samia, acte=premiere, motif="Erreur.")
    demande.refresh_from_db()
    assert demande.montant_engage is None


def test_une_convention_ne_se_remet_ici_qu_avec_son_exemplaire_signe(site):
    (acte,) = fabrique.signer(site, fabrique.decider(site, {fabrique.demande(site): "30000"}))
    with pytest.raises(Refus, match="joignez l’exemplaire signé"):
        site.notifier([acte], mode=ModeDeNotification.PLATEFORME)
    revenu = fichiers.controle("signe.pdf", fichiers.pdf())
    joindre_l_exemplaire_signe(par=site.samia, acte=acte, scan=revenu)
    (notifie,) = site.notifier([acte], mode=ModeDeNotification.PLATEFORME)
    assert notifie.scan.nom == "signe.pdf"


def test_l_exemplaire_signe_se_joint_aussi_apres_la_remise_une_seule_fois(site):
    acte = compose(site)
    revenu = fichiers.controle("signe.pdf", fichiers.pdf())
    with pytest.raises(Refus, match="n’est pas signé"):
        joindre_l_exemplaire_signe(par=site.samia, acte=acte, scan=revenu)
    site.signer([acte])
    with pytest.raises(Refus, match="Choisissez le fichier"):
        joindre_l_exemplaire_signe(par=site.samia, acte=acte, scan=None)
    site.notifier([acte], mode=ModeDeNotification.MAIN_PROPRE)
    joindre_l_exemplaire_signe(par=site.samia, acte=acte, scan=revenu)
    with pytest.raises(Refus, match="déjà joint"):
        joindre_l_exemplaire_signe(par=site.samia, acte=acte, scan=revenu)


def test_un_acte_deja_signe_ne_se_compare_pas_au_vote(site):
    (acte,) = fabrique.signer(site, fabrique.decider(site, {fabrique.demande(site): "1000"}))
    with pytest.raises(Refus) as refus:
        site.signer([acte])
    assert refus.value.motifs == [
        f"{acte.numero} : Cet acte est « signé » : il ne peut pas changer ainsi."
    ]


@pytest.mark.parametrize(
    ("autres", "dit"),
    [
        ({"mode": ""}, "dites comment"),
        ({"mode": "pigeon"}, "dites comment"),
        ({"notifie_le": None}, "écrivez le jour"),
        ({"notifie_le": DEMAIN}, "à venir"),
        ({"notifie_le": HIER}, "avant la signature"),
    ],
)
def test_une_notification_qui_ne_tient_pas_dit_pourquoi(site, autres, dit):
    (acte,) = site.signer([compose(site)])
    with pytest.raises(Refus, match=dit):
        site.notifier([acte], **autres)


def test_une_lettre_de_refus_se_signe_et_se_notifie_sans_rien_engager(site):
    decision = fabrique.decider(site, {fabrique.demande(site): fabrique.REFUSE})
    (lettre,) = site.notifier(fabrique.signer(site, decision))
    assert (lettre.etat, engage(lettre)) == (EtatDActe.NOTIFIE, None)


def test_on_ne_notifie_que_ce_qui_est_signe(site):
    with pytest.raises(Refus, match="à signer"):
        site.notifier([compose(site)])


# Annuler.


def test_annuler_rend_ce_qui_etait_engage_et_la_reponse_attend_un_autre_acte(site):
    (acte,) = site.signer([compose(site)])
    annule = annuler_un_acte(par=site.samia, acte=acte, motif=" Coquille ")
    assert (annule.etat, annule.motif_d_annulation, engage(acte)) == ("annule", "Coquille", None)
    assert len(site.proposes(acte.decision)) == 1


def test_annuler_le_complement_laisse_le_premier_engagement(site):
    demande = fabrique.demande(site)
    (premier,) = fabrique.signer(site, fabrique.decider(site, {demande: "1000"}))
    (second,) = fabrique.signer(site, fabrique.decider(site, {demande: "1500"}, "21"))
    annuler_un_acte(par=site.samia, acte=second, motif="Trop.")
    demande.refresh_from_db()
    assert (demande.montant_engage, demande.engage_le) == (Decimal(1000), premier.signe_le)


def test_ni_sans_motif_ni_notifie_ni_deux_fois_ni_verse(site, sans_declencheurs):
    (acte,) = site.signer([compose(site)])
    with pytest.raises(Refus, match="Dites pourquoi"):
        annuler_un_acte(par=site.samia, acte=acte, motif=" ")
    # Un versement ne se note qu'une fois l'acte remis : ici, on le falsifie.
    with sans_declencheurs(tables={"dossiers_demande"}):
        Demande.objects.filter(actes__acte=acte).update(montant_verse=Decimal(1), verse_le=HIER)
    with pytest.raises(Refus, match="déjà versés"):
        annuler_un_acte(par=site.samia, acte=acte, motif="Erreur.")
    site.notifier([acte])
    with pytest.raises(Refus, match="est notifié"):
        annuler_un_acte(par=site.samia, acte=acte, motif="Erreur.")
    autre = compose(site, numero="21")
    annuler_un_acte(par=site.samia, acte=autre, motif="Erreur.")
    with pytest.raises(Refus, match="est annulé"):
        annuler_un_acte(par=site.samia, acte=autre, motif="Encore.")


@pytest.mark.parametrize("qui", ["olga", "pilote", "gestionnaire", "delegue", "elu", "voisine"])
def test_nul_autre_ne_signe_ne_notifie_ni_n_annule(site, qui):
    (signe,), par = site.signer([compose(site)]), site.vote.etude.ici.acteur(qui)
    dit = {"par": par, "contrat": site.contrat, "pks": [signe.pk]}
    for geste in (
        lambda: signer_des_actes(**dit, signe_le=HIER, signe_par="Moi"),
        lambda: notifier_des_actes(**dit, mode="plateforme"),
        lambda: annuler_un_acte(par=par, acte=signe, motif="x"),
    ):
        with pytest.raises(Acte.DoesNotExist):
            geste()
