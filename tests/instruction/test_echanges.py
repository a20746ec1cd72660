"""Se parler d'un dossier : qui demande, qui lit, qui répond, qui l'apprend ; et ce que le porteur ignore."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.courriels.models import Courriel
from parvis.dossiers.models import Dossier
from parvis.instruction.actions import consultations, echanges, equipe
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Echange
from parvis.instruction.queries import echanges as lectures
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from tests.fabriques.comptes import organisme
from tests.fabriques.echanges import (
    AUX_SERVICES,
    PORTEUR,
    SERVICES,
    au_porteur,
    aux_services,
    dans,
)

pytestmark = pytest.mark.django_db


def lus(qui, etude, place=lectures.place_du_service):
    lieu = place(qui, etude.dossier)
    return lectures.echanges_lus(qui, etude.dossier, lieu, jour=timezone.localdate())


def cote_porteur(qui, etude):
    return lus(qui, etude, lectures.place_du_porteur)


def courriels(qui):
    return Courriel.objects.filter(destinataire=qui.utilisateur.courriel, objet__contains="Dossier")


@pytest.fixture
def personnes(etude):
    """Rend par leur nom ceux qui agissent autour du dossier, le porteur et les consultés compris."""
    bourg = organisme("Bourg-la-Forêt", "commune")
    etude.ici.monde.ajouter("lea", bourg, Role.INSTRUCTEUR)
    conseil = Organisme.objects.get(nature="conseil_citoyen")
    for qualite, ou in (
        (Qualite.COMMUNE, bourg),
        (Qualite.DELEGUE_DU_PREFET, Organisme.objects.get(nom="Préfecture")),
        (Qualite.CONSEIL_CITOYEN, conseil),
    ):
        consultations.consulter(
            par=etude.pilote, dossiers=[etude.dossier], qualite=qualite, organisme=ou
        )
    Courriel.objects.all().delete()
    return etude.ici.monde.acteurs


SANS_PLACE = (
    *("visiteur", "inscrit", "attente", "meuniere", "instructeur", "voisine", "elu"),
    *("delegue", "conseiller", "administrateur", "ancien", "lea"),
)


def test_chacun_a_sa_place_et_les_consultes_n_en_ont_pas(etude, personnes):
    deux, une = (PORTEUR, SERVICES), (PORTEUR,)
    for nom in ("samia", "olga", "pilote"):
        assert lectures.place_du_service(personnes[nom], etude.dossier).sortes == deux
        assert lectures.place_du_porteur(personnes[nom], etude.dossier) == lectures.SANS_PLACE
    for nom, ecrit in (("gestionnaire", True), ("contributeur", True), ("lecteur", False)):
        assert lectures.place_du_service(personnes[nom], etude.dossier) == lectures.SANS_PLACE
        assert lectures.place_du_porteur(personnes[nom], etude.dossier) == lectures.Place(
            une, est_du_porteur=True, ecrit=ecrit
        )
    for nom in SANS_PLACE:
        assert lectures.place_du_service(personnes[nom], etude.dossier) == lectures.SANS_PLACE, nom
        assert lectures.place_du_porteur(personnes[nom], etude.dossier) == lectures.SANS_PLACE, nom


def test_qui_n_a_pas_de_place_n_ecrit_rien(etude, personnes):
    question = au_porteur(etude.samia, etude.dossier)
    cachee = aux_services(etude.samia, etude.dossier)
    for nom in (*SANS_PLACE, "gestionnaire", "lecteur"):
        qui = personnes[nom]
        with pytest.raises(Dossier.DoesNotExist):
            au_porteur(qui, etude.dossier)
        for visee in (question, cachee):
            if (nom, visee) == ("gestionnaire", question):
                continue
            with pytest.raises(Echange.DoesNotExist):
                echanges.repondre(par=qui, question=visee, texte="Bonjour.")
        for visee in (question, cachee):
            with pytest.raises(Echange.DoesNotExist):
                echanges.clore_une_question(par=qui, question=visee)
    assert Echange.objects.count() == 2


def test_une_question_au_porteur_se_lit_de_tous_les_services_et_de_lui(etude, personnes):
    question = au_porteur(etude.samia, etude.dossier, sur="projet:besoin", echeance=dans(10))
    assert (question.section, question.organisme) == ("projet", etude.ici.caisse)
    assert question.sur == "Le projet : À quel besoin répond-il ?"
    for qui in (etude.samia, etude.olga, etude.pilote):
        [fil] = lus(qui, etude).fils
        assert [(lue.question, lue.attend) for lue in fil.ouvertes] == [(question, True)]
        assert fil.phrase.startswith("1 question au porteur, 1 attend sa réponse avant le ")
    [fil] = cote_porteur(etude.ici.porte, etude).fils
    [lue] = fil.ouvertes
    assert (lue.est_a_soi, lue.se_repond, lue.se_clot) == (True, True, False)
    assert "votre réponse" in fil.phrase
    assert lue.ancre == "section-projet"
    # Qui lit seulement ne répond pas.
    [lue] = cote_porteur(personnes["lecteur"], etude).fils[0].ouvertes
    assert not lue.se_repond
    assert cote_porteur(personnes["attente"], etude).fils == []


def test_le_porteur_apprend_une_question_sans_que_le_courriel_la_cite(etude):
    Courriel.objects.all().delete()
    au_porteur(etude.samia, etude.dossier, sur="budget", echeance=dans(10))
    recus = Courriel.objects.all()
    assert set(recus.values_list("destinataire", flat=True)) == {
        f"{role}@exemple.fr" for role in ("gestionnaire", "signataire", "contributeur")
    }
    courriel = recus.first()
    assert "une question de Caisse des Tilleuls" in courriel.objet
    for dit in ("Samia Essai", "« Le budget et les demandes »", "attendue avant le", "/suites/"):
        assert dit in courriel.texte
    assert "arrose" not in courriel.texte


def test_la_reponse_du_porteur_va_a_qui_etudie_le_dossier_dans_le_service(etude):
    paul = etude.ici.monde.ajouter("paul", etude.ici.caisse, Role.INSTRUCTEUR)
    equipe.se_charger(par=paul, dossier=etude.dossier)
    equipe.se_charger(par=etude.olga, dossier=etude.dossier)
    question = au_porteur(etude.samia, etude.dossier)
    reponse = echanges.repondre(par=etude.ici.porte, question=question, texte=" Les voisins. ")
    assert (reponse.est_du_porteur, reponse.texte) == (True, "Les voisins.")
    assert reponse.organisme == etude.ici.monde.verger
    [courriel] = courriels(paul)
    assert "une réponse de Les Amis du Verger" in courriel.objet
    assert f"/instruction/dossiers/{etude.dossier.pk}/#titre-echanges" in courriel.texte
    assert "voisins" not in courriel.texte
    assert not courriels(etude.samia).exists() and not courriels(etude.olga).exists()
    [lue] = lus(etude.olga, etude).fils[0].ouvertes
    assert (lue.attend, lue.reponses) == (False, [reponse])


def test_sans_personne_en_charge_c_est_a_qui_a_demande(etude):
    for qui, page in ((etude.samia, "/instruction/"), (etude.pilote, "/pilotage/")):
        question = au_porteur(qui, etude.dossier)
        echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")
        [courriel] = courriels(qui)
        assert page in courriel.texte
    question = au_porteur(etude.samia, etude.dossier)
    avant = Courriel.objects.count()
    Rattachement.objects.filter(utilisateur=etude.samia.utilisateur).delete()
    echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")
    assert Courriel.objects.count() == avant


def test_un_mot_d_un_autre_service_va_au_porteur_et_n_est_pas_sa_reponse(etude):
    question = au_porteur(etude.samia, etude.dossier)
    Courriel.objects.all().delete()
    echanges.repondre(par=etude.olga, question=question, texte="Nous aussi.")
    destinataires = set(Courriel.objects.values_list("destinataire", flat=True))
    assert {"gestionnaire@exemple.fr", "samia@exemple.fr"} < destinataires
    assert "olga@exemple.fr" not in destinataires
    [lue] = cote_porteur(etude.ici.porte, etude).fils[0].ouvertes
    assert lue.attend and len(lue.reponses) == 1


def test_deux_services_se_parlent_et_les_agents_charges_l_apprennent(etude, personnes):
    equipe.se_charger(par=etude.olga, dossier=etude.dossier)
    question = aux_services(etude.samia, etude.dossier, echeance=dans(5))
    [courriel] = Courriel.objects.all()
    assert courriel.destinataire == "olga@exemple.fr"
    assert "une question de Caisse des Tilleuls" in courriel.objet
    [lue] = lus(etude.samia, etude).fils[0].ouvertes
    assert (lue.est_a_soi, lue.se_clot) == (False, True)
    [lue] = lus(etude.olga, etude).fils[0].ouvertes
    assert (lue.est_a_soi, lue.se_clot) == (True, False)
    # Ce qu'ajoute le service qui demande n'est pas une réponse.
    echanges.repondre(par=etude.samia, question=question, texte="Je précise.")
    assert lus(etude.olga, etude).fils[0].ouvertes[0].attend
    echanges.repondre(par=etude.olga, question=question, texte="Non.")
    assert not lus(etude.olga, etude).fils[0].ouvertes[0].attend
    [recu] = courriels(etude.samia)
    assert "une réponse de Commune du Val-des-Tilleuls" in recu.objet


def test_le_porteur_ne_sait_pas_que_les_services_se_parlent(etude):
    Courriel.objects.all().delete()
    cachee = aux_services(etude.samia, etude.dossier, sur="budget", echeance=dans(5))
    echanges.repondre(par=etude.olga, question=cachee, texte="Un peu.")
    echanges.clore_une_question(par=etude.samia, question=cachee)
    actes = frise(f"dossier:{etude.dossier.pk}", regard=Regard.MEMBRES, contrat="tilleuls").lignes
    assert not [x for x in actes if "question" in x.phrase or "service" in x.phrase]
    vu = cote_porteur(etude.ici.porte, etude)
    assert (vu.fils, vu.phrase) == ([], "")
    assert not Courriel.objects.filter(destinataire="gestionnaire@exemple.fr").exists()
    with pytest.raises(Echange.DoesNotExist):
        echanges.repondre(par=etude.ici.porte, question=cachee, texte="Je vous ai vus.")


def test_le_pilote_lit_les_actes_mais_le_journal_ne_dit_pas_le_texte(etude):
    aux_services(etude.samia, etude.dossier)
    au_porteur(etude.samia, etude.dossier)
    actes = frise(f"dossier:{etude.dossier.pk}", regard=Regard.PILOTAGE, contrat="tilleuls").lignes
    dits = " ".join(x.phrase for x in actes)
    assert "pose une question aux autres services" in dits and "au porteur de" in dits
    assert AUX_SERVICES not in dits and "arrose" not in dits


def test_un_service_qui_porte_le_projet_n_entend_pas_les_autres(etude):
    cachee = aux_services(etude.samia, etude.dossier)
    projet = etude.dossier.projet
    projet.structure_porteuse = etude.ici.commune
    projet.save()
    equipe.se_charger(par=etude.olga, dossier=etude.dossier)
    etude.dossier = Dossier.objects.get(pk=etude.dossier.pk)
    assert lectures.place_du_service(etude.olga, etude.dossier).sortes == (PORTEUR,)
    with pytest.raises(Refus, match="à qui"):
        aux_services(etude.olga, etude.dossier)
    with pytest.raises(Echange.DoesNotExist):
        echanges.repondre(par=etude.olga, question=cachee, texte="Alors ?")
    Courriel.objects.all().delete()
    aux_services(etude.samia, etude.dossier)
    assert not Courriel.objects.exists()


def test_qui_se_deporte_ne_lit_plus_rien_et_n_apprend_rien(etude):
    equipe.se_charger(par=etude.olga, dossier=etude.dossier)
    question = aux_services(etude.olga, etude.dossier)
    equipe.se_deporter(par=etude.olga, dossier=etude.dossier, motif="Un lien.")
    equipe.se_deporter(par=etude.pilote, dossier=etude.dossier, motif="Un lien.")
    Courriel.objects.all().delete()
    echanges.repondre(par=etude.samia, question=question, texte="Oui.")
    assert not Courriel.objects.exists()
    for qui in (etude.olga, etude.pilote):
        assert lectures.place_du_service(qui, etude.dossier) == lectures.SANS_PLACE
        with pytest.raises(Dossier.DoesNotExist):
            aux_services(qui, etude.dossier)
        with pytest.raises(Echange.DoesNotExist):
            echanges.clore_une_question(par=qui, question=question)


def test_seul_le_service_qui_demande_clot_et_rien_ne_s_ecrit_ensuite(etude):
    paul = etude.ici.monde.ajouter("paul", etude.ici.caisse, Role.INSTRUCTEUR)
    question = au_porteur(etude.samia, etude.dossier)
    for qui in (etude.olga, etude.pilote, etude.ici.porte):
        with pytest.raises(Echange.DoesNotExist):
            echanges.clore_une_question(par=qui, question=question)
    close = echanges.clore_une_question(par=paul, question=question)
    assert close.clos_par == "Paul Essai"
    with pytest.raises(Refus, match="déjà close"):
        echanges.clore_une_question(par=etude.samia, question=question)
    with pytest.raises(Refus, match="close"):
        echanges.repondre(par=etude.ici.porte, question=question, texte="Trop tard ?")
    [fil] = cote_porteur(etude.ici.porte, etude).fils
    assert fil.ouvertes == [] and [lue.attend for lue in fil.closes] == [False]
    assert not fil.closes[0].se_repond


def test_une_reponse_ne_recoit_pas_de_reponse(etude):
    question = au_porteur(etude.samia, etude.dossier)
    reponse = echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")
    for acte in (
        lambda: echanges.repondre(par=etude.samia, question=reponse, texte="Merci."),
        lambda: echanges.clore_une_question(par=etude.samia, question=reponse),
    ):
        with pytest.raises(Echange.DoesNotExist):
            acte()


def test_un_dossier_retire_se_lit_encore_et_ne_s_ecrit_plus(etude):
    question = au_porteur(etude.samia, etude.dossier)
    Dossier.objects.filter(pk=etude.dossier.pk).update(etat="retire")
    etude.dossier = Dossier.objects.get(pk=etude.dossier.pk)
    vu = lus(etude.samia, etude)
    assert not vu.se_demande and not vu.fils[0].ouvertes[0].se_repond
    with pytest.raises(Refus, match="retiré"):
        au_porteur(etude.samia, etude.dossier)
    with pytest.raises(Refus, match="retiré"):
        echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")


def test_une_question_porte_sur_ce_qui_est_depose(etude):
    visees = lectures.parties_visees(etude.dossier)
    cles = [partie.cle for parties in visees.values() for partie in parties]
    assert len(cles) == len(set(cles))
    assert {"projet", "projet:besoin", "budget", "pieces:statuts"} < set(cles)
    for cle in ("projet:rien", "attestations", "pieces:rien", "../x"):
        with pytest.raises(Refus, match="une partie du dossier"):
            au_porteur(etude.samia, etude.dossier, sur=cle)
    piece = au_porteur(etude.samia, etude.dossier, sur="pieces:statuts")
    assert (piece.section, piece.sur) == ("pieces", "Statuts")
    lue = next(x for x in lus(etude.samia, etude).fils[0].ouvertes)
    assert lue.ancre == "titre-pieces"


def test_ce_qui_attend_vient_d_abord_et_le_retard_se_dit(etude):
    hier = timezone.now() - timedelta(days=20)
    vieille = au_porteur(etude.samia, etude.dossier, echeance=dans(-5), maintenant=hier)
    repondue = au_porteur(etude.samia, etude.dossier)
    echanges.repondre(par=etude.ici.porte, question=repondue, texte="Oui.")
    neuve = au_porteur(etude.olga, etude.dossier, echeance=dans(5))
    [fil] = lus(etude.samia, etude).fils
    assert [lue.question for lue in fil.ouvertes] == [vieille, neuve, repondue]
    assert [lue.est_en_retard for lue in fil.ouvertes] == [True, False, False]
    assert "2 attendent sa réponse, la première depuis le" in fil.phrase


def test_une_seule_requete_lit_tous_les_echanges(etude, django_assert_num_queries):
    place = lectures.place_du_service(etude.samia, etude.dossier)
    for _ in range(3):
        question = au_porteur(etude.samia, etude.dossier)
        echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")
        aux_services(etude.olga, etude.dossier)
    with django_assert_num_queries(1):
        lectures.echanges_lus(etude.samia, etude.dossier, place, jour=timezone.localdate())


@pytest.mark.parametrize(
    "champs",
    [
        {"texte": ""},
        {"sorte": "public"},
        {"est_du_porteur": True},
        {"section": "projet"},
        {"rappele_le": timezone.now()},
        {"clos_le": timezone.now()},
        {"clos_par": "Samia"},
    ],
)
def test_la_base_refuse_une_question_mal_faite(etude, champs):
    question = au_porteur(etude.samia, etude.dossier)
    with pytest.raises(IntegrityError), transaction.atomic():
        Echange.objects.filter(pk=question.pk).update(**champs)


@pytest.mark.parametrize("champs", [{"echeance_le": dans(3)}, {"sur": "x", "section": "projet"}])
def test_la_base_refuse_une_reponse_mal_faite(etude, champs):
    question = au_porteur(etude.samia, etude.dossier)
    reponse = echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Echange.objects.filter(pk=reponse.pk).update(**champs)
    with pytest.raises(IntegrityError), transaction.atomic():
        Echange.objects.filter(pk=reponse.pk).update(sorte=SERVICES)
