"""Le compte bancaire : illisible en base, masqué, changé à deux après un dépôt."""

import pytest
from django.db import IntegrityError, connection

from parvis.cadre.models import Contrat
from parvis.comptes.enums import EtatDeRattachement
from parvis.courriels.models import Courriel
from parvis.dossiers.actions.comptes_bancaires import (
    confirmer_le_compte,
    donner_un_iban,
    ecarter_le_compte,
)
from parvis.dossiers.models import CompteBancaire
from parvis.dossiers.queries.comptes_bancaires import (
    compte_a_confirmer,
    compte_en_attente,
    compte_lu,
    comptes_a_confirmer,
    en_clair,
)
from parvis.journal.models import Evenement
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from tests.fabriques import depots
from tests.fabriques.depots import AUTRE_IBAN, IBAN

pytestmark = pytest.mark.django_db


def donner(ici, iban=IBAN, qui="gestionnaire"):
    return donner_un_iban(par=ici.acteur(qui), organisme=ici.monde.verger, iban=iban)


def seule_a_signer(ici):
    """Ne laisse qu'une gestionnaire au Verger."""
    signataire = ici.acteur("signataire").rattachement
    signataire.etat, signataire.clos_le = EtatDeRattachement.TERMINE, signataire.confirme_le
    signataire.save()


def test_avant_tout_depot_un_iban_vaut_aussitot(ici):
    compte = donner(ici)
    assert (compte.etat, compte.masque, compte.se_confirme) == ("courant", "FR76 •••• 0189", False)
    assert donner(ici) == compte
    autre = donner(ici, AUTRE_IBAN)
    assert autre.etat == "courant"
    compte.refresh_from_db()
    assert compte.etat == "remplace"
    assert not Courriel.objects.filter(sujet="securite").exists()


def test_un_iban_est_illisible_en_base_et_au_journal(ici):
    donner(ici)
    compact = IBAN.replace(" ", "")
    with connection.cursor() as curseur:
        curseur.execute("SELECT iban, masque FROM dossiers_comptebancaire")
        chiffre, masque = curseur.fetchone()
    for trace in (chiffre, masque, str(Evenement.objects.latest("pk").details.contenu)):
        assert compact not in trace and IBAN not in trace
    assert en_clair(CompteBancaire.objects.get()) == compact


def test_un_iban_faux_est_refuse_sans_rien_changer(ici):
    with pytest.raises(Refus, match="faute de frappe"):
        donner(ici, "FR76 3000 6000 0112 3456 7890 180")
    assert not CompteBancaire.objects.exists()


@pytest.mark.parametrize("qui", ["contributeur", "lecteur", "attente", "meuniere", "pilote"])
def test_qui_ne_signe_pas_ne_le_donne_ni_ne_le_lit(ici, qui):
    donner(ici)
    with pytest.raises(Organisme.DoesNotExist):
        donner(ici, AUTRE_IBAN, qui)
    lu = compte_lu(ici.acteur(qui), ici.monde.verger)
    assert lu.courant.masque == "FR76 •••• 0189"
    assert not lu.peut_tenir and lu.iban == ""


@pytest.mark.parametrize("qui", ["gestionnaire", "signataire"])
def test_qui_signe_le_lit_en_entier(ici, qui):
    donner(ici)
    assert compte_lu(ici.acteur(qui), ici.monde.verger).iban == "FR76 3000 6000 0112 3456 7890 189"


def test_apres_un_depot_un_autre_compte_attend_et_tous_sont_prevenus(ici):
    donner(ici)
    depots.depose(ici)
    nouveau = donner(ici, AUTRE_IBAN)
    assert nouveau.etat == "a_confirmer" and nouveau.se_confirme
    assert CompteBancaire.objects.get(etat="courant").masque == "FR76 •••• 0189"
    partis = Courriel.objects.filter(sujet="securite", objet__contains="attend d’être confirmé")
    assert {c.destinataire for c in partis} == {"gestionnaire@exemple.fr", "signataire@exemple.fr"}
    assert all(AUTRE_IBAN not in c.texte and nouveau.masque in c.texte for c in partis)


def test_le_premier_iban_donne_apres_un_depot_se_confirme_aussi(ici):
    depots.depose(ici)
    assert donner(ici).etat == "a_confirmer"


def test_redonner_le_compte_courant_laisse_tout_en_place(ici):
    donner(ici)
    depots.depose(ici)
    assert donner(ici).etat == "courant"
    attente = donner(ici, AUTRE_IBAN)
    assert donner(ici, AUTRE_IBAN) == attente
    # Revenir au compte d'avant, c'est encore changer : cela se confirme aussi.
    assert donner(ici).etat == "a_confirmer"
    attente.refresh_from_db()
    assert (attente.etat, attente.iban) == ("ecarte", "")


def test_un_autre_confirme_et_jamais_soi_meme(ici):
    donner(ici)
    depots.depose(ici)
    attente = donner(ici, AUTRE_IBAN)
    with pytest.raises(Refus, match="une autre personne"):
        confirmer_le_compte(par=ici.porte, compte=attente)
    with pytest.raises(CompteBancaire.DoesNotExist):
        confirmer_le_compte(par=ici.acteur("contributeur"), compte=attente)
    with pytest.raises(Refus, match="une autre personne pour confirmer"):
        confirmer_le_compte(par=ici.acteur("pilote"), compte=attente)
    confirme = confirmer_le_compte(par=ici.acteur("signataire"), compte=attente)
    assert (confirme.etat, confirme.confirme_par) == ("courant", "Signataire Essai")
    assert CompteBancaire.objects.filter(etat="remplace").count() == 1
    with pytest.raises(Refus, match="n’attend plus"):
        confirmer_le_compte(par=ici.acteur("signataire"), compte=confirme)


def test_sans_autre_signataire_le_pilote_confirme(ici):
    depots.depose(ici)
    seule_a_signer(ici)
    attente = donner(ici)
    pilote, voisine = ici.acteur("pilote"), ici.acteur("voisine")
    assert list(comptes_a_confirmer(pilote, ici.contrat)) == [attente]
    assert compte_a_confirmer(pilote, ici.contrat, attente.pk) == attente
    with pytest.raises(Contrat.DoesNotExist):
        comptes_a_confirmer(voisine, ici.contrat)
    with pytest.raises(CompteBancaire.DoesNotExist):
        confirmer_le_compte(par=voisine, compte=attente)
    assert confirmer_le_compte(par=pilote, compte=attente).etat == "courant"
    assert not comptes_a_confirmer(pilote, ici.contrat).exists()


def test_le_pilote_ne_voit_pas_ce_qu_un_autre_peut_confirmer(ici):
    depots.depose(ici)
    donner(ici)
    assert not comptes_a_confirmer(ici.acteur("pilote"), ici.contrat).exists()


def test_ecarter_efface_l_iban_et_ne_change_rien(ici):
    donner(ici)
    depots.depose(ici)
    attente = donner(ici, AUTRE_IBAN)
    ecarte = ecarter_le_compte(par=ici.acteur("signataire"), compte=attente)
    assert (ecarte.etat, ecarte.iban, ecarte.masque) == ("ecarte", "", "FR14 •••• 2606")
    assert CompteBancaire.objects.get(etat="courant").masque == "FR76 •••• 0189"
    with pytest.raises(CompteBancaire.DoesNotExist):
        compte_en_attente(ici.porte, ici.monde.verger, attente.pk)


@pytest.mark.parametrize(
    "change",
    [
        {"etat": "courant"},
        {"confirme_le": "donne_le", "confirme_par": "Soi", "confirmateur": "auteur"},
        {"etat": "ecarte"},
    ],
)
def test_la_base_refuse_un_compte_confirme_par_soi_meme(ici, change):
    depots.depose(ici)
    attente = donner(ici)
    valeurs = {
        champ: getattr(attente, valeur, valeur) if champ != "etat" else valeur
        for champ, valeur in change.items()
    }
    with pytest.raises(IntegrityError):
        CompteBancaire.objects.filter(pk=attente.pk).update(**valeurs)


def test_le_compte_est_celui_de_qui_recoit_l_argent(ici):
    from parvis.dossiers.queries.controle import qui_recoit_l_argent

    dossier = depots.brouillon(ici)
    assert qui_recoit_l_argent(dossier) == ici.monde.verger
    dossier.projet.structure_porteuse = ici.monde.moulin
    assert qui_recoit_l_argent(dossier) == ici.monde.moulin
    with pytest.raises(Organisme.DoesNotExist):
        donner_un_iban(par=ici.porte, organisme=ici.monde.moulin, iban=IBAN)
