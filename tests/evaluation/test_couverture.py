"""La couverture lue en base : chaque chiffre refait autrement, depuis les lignes."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition, OrganismeDePartenaire, Partenaire
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EchelleDeProjet, EtatDeDemande, NatureDeDemande
from parvis.dossiers.models import Demande, Dossier, EcritureDeSection, LieuDeDossier
from parvis.evaluation.actions.recevoir import accepter_le_bilan
from parvis.evaluation.enums import Presence, Recours
from parvis.evaluation.queries.couverture import dossiers_comptes
from parvis.evaluation.queries.couverture_des_publics import (
    couverture_des_publics,
    couverture_des_sujets,
)
from parvis.evaluation.queries.droit_commun import droit_commun, tous_les_recours
from parvis.evaluation.queries.tableaux_de_couverture import (
    couverture_des_fiches,
    couverture_des_lieux,
    lecture,
)
from parvis.instruction.actions.equipe import se_deporter
from tests.decors import decor
from tests.fabriques import bilans, cadre, depots, programmation, projets
from tests.fabriques.postes import poste

pytestmark = pytest.mark.django_db
ZERO = Decimal("0.00")


@decor
def grand():
    return programmation.programmation(40, fiches=6)


@decor
def lieu():
    return depots.lieux()


def publics(dossier: Dossier, **valeur: str) -> None:
    """Écrit les personnes que prévoit un dossier."""
    EcritureDeSection.objects.update_or_create(
        dossier=dossier,
        section="publics",
        numero=1,
        defaults={
            "valeur": valeur,
            "ecrite_par": "Essai",
            "commencee_le": timezone.now(),
            "enregistree_le": timezone.now(),
        },
    )


def edition_de(contrat) -> Edition:
    return Edition.objects.courante(contrat.code)


def test_chaque_chiffre_se_refait_depuis_les_lignes(grand):
    contrat, pilote = grand.ici.contrat, grand.ici.acteur("pilote")
    lue = lecture(pilote, contrat, edition_de(contrat))
    (exercice,) = lue.exercices
    # Refait demande par demande, sans passer par la loi de la couverture.
    votes, soutenus, places = defaultdict(Decimal), defaultdict(set), defaultdict(list)
    for demande in Demande.objects.filter(etat="accordee", guichet="plateforme"):
        fiche = demande.dossier.fiches.get(est_principale=True).fiche.numero
        votes[fiche] += demande.montant_vote
        soutenus[fiche].add(demande.dossier_id)
    for place in LieuDeDossier.objects.all():
        places[place.dossier_id].append(place.quartier.nom)
    tableau = couverture_des_fiches(lue)
    lignes = {ligne.code: ligne for pilier in tableau.piliers for ligne in pilier.lignes}
    assert {code: un.total.vote for code, un in lignes.items() if un.total.soutenus} == dict(votes)
    assert {code: un.total.soutenus for code, un in lignes.items() if un.total.soutenus} == {
        fiche: len(dossiers) for fiche, dossiers in soutenus.items()
    }
    assert tableau.somme.total.vote == sum(votes.values())
    total = tableau.somme.total
    assert total.soutenus + total.attendent == Dossier.objects.count() == 40
    tous = set().union(*soutenus.values())
    par_lieu = defaultdict(set)
    for dossier in tous:
        for nom in places[dossier] or ["Tout le territoire, ou lieu non dit"]:
            par_lieu[nom].add(dossier)
    des_lieux = couverture_des_lieux(lue, contrat, exercice)
    assert des_lieux.somme.total.vote == sum(votes.values())
    # Le contrat d'essai n'a pas de quartier à lui : un lieu nommé ailleurs ne se perd pas.
    assert sum(ligne.total.soutenus for ligne in des_lieux.lignes) == sum(
        map(len, par_lieu.values())
    )


def test_le_public_ne_compte_que_ce_qui_est_vote(grand):
    contrat = grand.ici.contrat
    votes = Demande.objects.filter(etat="accordee", guichet="plateforme")
    comptes = dossiers_comptes(Acteur.anonyme(), contrat)
    assert {un.pk for un in comptes} == set(votes.values_list("dossier", flat=True))
    assert all(un.est_soutenu for un in comptes)


def test_un_vote_a_venir_ou_note_par_le_porteur_ne_compte_pas(lieu):
    pilote = lieu.acteur("pilote")
    demain = timezone.localdate() + timezone.timedelta(days=1)
    seul = projets.projet(lieu.version, lieu.porte.organisme, "Demain")
    projets.voter(seul, lieu.caisse, le=demain)
    projets.voter(seul, lieu.commune, guichet="ailleurs", source="personne")
    (compte,) = dossiers_comptes(pilote, lieu.contrat)
    assert (compte.est_soutenu, compte.vote, compte.demande) == (False, ZERO, Decimal("6000.00"))


def test_une_aide_en_nature_soutient_sans_compter_d_argent(lieu):
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "La salle")
    demande = projets.voter(dossier, lieu.caisse)
    Demande.objects.filter(pk=demande.pk).update(nature=NatureDeDemande.NATURE)
    (compte,) = dossiers_comptes(lieu.acteur("pilote"), lieu.contrat)
    assert (compte.est_soutenu, compte.vote, compte.demande) == (True, ZERO, ZERO)


def test_un_dossier_de_plusieurs_exercices_compte_a_chacun_de_ceux_qui_sont_votes(lieu):
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Trois ans", exercices=3)
    projets.voter(dossier, lieu.caisse, "900")
    suite = projets.voter(dossier, lieu.caisse, "700")
    Demande.objects.filter(pk=suite.pk).update(exercice=dossier.exercice + 1)
    attendue = projets.voter(dossier, lieu.commune, etat=EtatDeDemande.DEMANDEE)
    Demande.objects.filter(pk=attendue.pk).update(exercice=dossier.exercice + 2)
    comptes = dossiers_comptes(lieu.acteur("pilote"), lieu.contrat)
    assert [(un.exercice - dossier.exercice, un.vote) for un in comptes] == [
        (0, Decimal("900.00")),
        (1, Decimal("700.00")),
    ]


def test_un_dossier_de_tout_le_territoire_n_a_pas_d_autre_lieu(lieu):
    projets.projet(
        lieu.version, lieu.porte.organisme, "Partout", echelle=EchelleDeProjet.AGGLOMERATION
    )
    (compte,) = dossiers_comptes(lieu.acteur("pilote"), lieu.contrat)
    assert compte.lieux == (("partout", 0),)


def test_les_personnes_sont_celles_que_le_dossier_prevoit_puis_celles_du_bilan():
    vote = bilans.a_rendre()
    publics(vote.dossier, nombre="1 200", femmes="700", ages_65="illisible", hommes="")
    (compte,) = dossiers_comptes(vote.pilote, vote.ici.contrat)
    assert (compte.personnes, compte.publics) == (1200, {"f": 700})
    bilan = vote.rendu()
    (compte,) = dossiers_comptes(vote.pilote, vote.ici.contrat)
    assert compte.personnes == 1200
    accepter_le_bilan(par=vote.pilote, bilan=bilan)
    (compte,) = dossiers_comptes(vote.pilote, vote.ici.contrat)
    assert compte.personnes == 45
    assert compte.publics == {"6_11": 21, "26_64": 24, "f": 32, "h": 13}


def test_un_public_vise_et_jamais_compte_se_dit():
    vises = (lu.Public("seniors", "les aînés"), lu.Public("jeunes", "les jeunes"))
    petit = cadre.avec_fiche(cadre.petit_contrat(), cadre.fiche("1-1", publics=vises))
    lieu = depots.lieux(contrat=cadre.contrat_publie(lu_=petit).contrat)
    edition, pilote = edition_de(lieu.contrat), lieu.acteur("pilote")
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Les aînés")
    projets.voter(dossier, lieu.caisse)
    fiche = dossier.fiches.get().fiche
    publics(dossier, nombre="30", ages_65="30", femmes="20", hommes="10")
    lue = couverture_des_publics(lecture(pilote, lieu.contrat, edition), dossier.exercice)
    (oubli,) = lue.oublies
    assert (oubli[0].numero, oubli[1].startswith("Jeunes"), oubli[2]) == (fiche.numero, True, 1)
    assert (lue.personnes, lue.muets, lue.soutenus) == (30, 0, 1)
    assert lue.somme == [0, 0, 0, 0, 0, 30, 20, 10]
    autres = [ligne for ligne in lue.lignes if ligne.fiche.numero != fiche.numero]
    assert all(nombre is None for ligne in autres for nombre in ligne.nombres)
    # Un public dont aucun projet ne dit rien reste vide, jamais zéro.
    (sienne,) = [ligne for ligne in lue.lignes if ligne.fiche.numero == fiche.numero]
    assert sienne.nombres == [None, None, None, None, None, 30, 20, 10]
    assert (sienne.case.soutenus, sienne.case.vote) == (1, Decimal("2000.00"))


def test_un_sujet_cite_le_contrat_et_retrouve_l_enjeu_sans_fiche():
    parle = cadre.fiche("1-1", titre="Un emploi pour les jeunes femmes du quartier")
    petit = cadre.avec_fiche(cadre.petit_contrat(), parle)
    sans_fiche = lu.Pilier("Travailler", (lu.Enjeu(3, "La place des femmes"),))
    petit = replace(petit, piliers=(petit.piliers[0], sans_fiche))
    contrat = cadre.contrat_publie(lu_=petit).contrat
    edition = edition_de(contrat)
    lue = lecture(Acteur.anonyme(), contrat, edition)
    sujets = {un.sujet.code: un for un in couverture_des_sujets(Acteur.anonyme(), lue, 2026)}
    egalite = sujets["femmes_hommes"]
    assert [(fiche.numero, dite) for fiche, dite, _ in egalite.fiches] == [
        ("1-1", "Un emploi pour les jeunes femmes du quartier")
    ]
    assert egalite.sujet.enjeux == (("3", "La place des femmes"),)
    assert "1-1" in sujets["jeunesse"].sujet.preuves
    assert sujets["discriminations"].fiches == []


# --- Le droit commun ------------------------------------------------------------------------------


def test_un_financeur_nomme_et_jamais_sollicite_se_dit_avec_les_dossiers_qui_pourraient(lieu):
    edition, pilote = edition_de(lieu.contrat), lieu.acteur("pilote")
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    numero = dossier.fiches.get().fiche.numero

    def recours() -> dict[str, str]:
        fiches = droit_commun(pilote, lieu.contrat, edition, None).fiches
        (la,) = [une for une in fiches if une.numero == numero]
        assert [un.pk for un in la.dossiers] == [dossier.pk]
        return {un.nomme.nom: un.recours for un in la.financeurs}

    nom = "Caisse d'allocations familiales"
    assert recours()[nom] == Recours.INCONNU
    OrganismeDePartenaire.objects.create(
        partenaire=Partenaire.objects.get(nom=nom),
        organisme=lieu.caisse,
        depuis_le=timezone.localdate(),
        origine="choisie",
    )
    assert recours()[nom] == Recours.JAMAIS
    demande = projets.voter(dossier, lieu.caisse, etat=EtatDeDemande.DEMANDEE)
    assert recours()[nom] == Recours.DEMANDE
    demande.delete()
    projets.voter(dossier, lieu.caisse)
    assert recours()[nom] == Recours.OBTENU
    fiches = droit_commun(pilote, lieu.contrat, edition, None).fiches
    (ligne,) = [
        un
        for un in tous_les_recours(un for fiche in fiches for un in fiche.financeurs)
        if un.nomme.nom == nom
    ]
    assert (ligne.sollicitent, ligne.obtiennent) == (1, 1)


def test_une_aide_de_droit_commun_ecrite_dans_un_dossier_compte(lieu):
    edition, pilote = edition_de(lieu.contrat), lieu.acteur("pilote")
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    numero = dossier.fiches.get().fiche.numero
    fiches = droit_commun(pilote, lieu.contrat, edition, None).fiches
    (la,) = [une for une in fiches if une.numero == numero]
    vise = la.dispositifs[0]
    assert vise.recours == Recours.JAMAIS and vise.pourraient == (dossier.pk,)
    EcritureDeSection.objects.create(
        dossier=dossier,
        section="droit_commun",
        numero=1,
        valeur=[{"organisme": "La Ville", "dispositif": vise.nomme.nom, "etat": "obtenue"}],
        ecrite_par="Essai",
        commencee_le=timezone.now(),
        enregistree_le=timezone.now(),
    )
    fiches = droit_commun(pilote, lieu.contrat, edition, None).fiches
    (la,) = [une for une in fiches if une.numero == numero]
    assert la.dispositifs[0].recours == Recours.OBTENU


def test_un_partenaire_cite_par_un_dossier_a_ete_vu(lieu):
    edition, pilote = edition_de(lieu.contrat), lieu.acteur("pilote")
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    premier = next(
        un
        for un in droit_commun(pilote, lieu.contrat, edition, None).partenaires
        if un.presence != Presence.VU
    )
    EcritureDeSection.objects.create(
        dossier=dossier,
        section="partenaires",
        numero=1,
        valeur=[{"nom": f"Le relais : {premier.partenaire.nom}", "role": "Prête sa salle"}],
        ecrite_par="Essai",
        commencee_le=timezone.now(),
        enregistree_le=timezone.now(),
    )
    lu = droit_commun(pilote, lieu.contrat, edition, None)
    vus = {un.partenaire: un.presence for un in lu.partenaires}
    assert vus[premier.partenaire] == Presence.VU


def test_qui_n_est_pas_le_pilote_ne_lit_pas_les_dossiers_du_droit_commun(grand):
    contrat = grand.ici.contrat
    for acteur in (Acteur.anonyme(), grand.samia, grand.ici.porte):
        lu = droit_commun(acteur, contrat, edition_de(contrat), None)
        assert not any(une.dossiers for une in lu.fiches)


@pytest.mark.parametrize("nombre", [2, 30])
def test_le_nombre_de_requetes_ne_depend_pas_des_dossiers(nombre):
    ici = programmation.programmation(nombre, fiches=5).ici
    pilote, edition = ici.acteur("pilote"), edition_de(ici.contrat)

    def requetes(lire) -> int:
        with CaptureQueriesContext(connection) as faites:
            lire()
        return len(faites)

    assert requetes(lambda: lecture(pilote, ici.contrat, edition)) == 10
    assert requetes(lambda: droit_commun(pilote, ici.contrat, edition, None)) <= 20


# --- Ce que la relecture a trouvé -----------------------------------------------------------------


def test_un_dossier_refuse_par_tous_n_attend_plus_rien(lieu):
    refuse = projets.projet(lieu.version, lieu.porte.organisme, "Refusé")
    projets.voter(refuse, lieu.caisse, etat=EtatDeDemande.REFUSEE)
    attendu = projets.projet(lieu.version, lieu.porte.organisme, "Attendu")
    projets.voter(attendu, lieu.caisse, etat=EtatDeDemande.REFUSEE)
    projets.voter(attendu, lieu.commune, etat=EtatDeDemande.DEMANDEE)
    comptes = {un.pk: un.attend for un in dossiers_comptes(lieu.acteur("pilote"), lieu.contrat)}
    assert comptes == {refuse.pk: False, attendu.pk: True}


def test_qui_s_est_deporte_ne_compte_rien_du_dossier_et_sait_combien(lieu):
    pilote = lieu.acteur("pilote")
    seul = projets.projet(lieu.version, lieu.porte.organisme, "Celui de ma sœur", etat="recevable")
    projets.voter(seul, lieu.caisse)
    autre = projets.projet(lieu.version, lieu.porte.organisme, "Un autre", etat="recevable")
    se_deporter(par=pilote, dossier=seul, motif="Ma sœur le porte.")
    lue = lecture(pilote, lieu.contrat, edition_de(lieu.contrat))
    assert ([un.pk for un in lue.comptes], lue.tus) == ([autre.pk], 1)


def test_ce_qui_n_a_pas_de_fiche_de_l_edition_reste_dans_la_somme(lieu):
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Sans fiche")
    projets.voter(dossier, lieu.caisse, "5000")
    dossier.fiches.all().delete()
    tableau = couverture_des_fiches(
        lecture(lieu.acteur("pilote"), lieu.contrat, edition_de(lieu.contrat))
    )
    assert tableau.somme.total.vote == Decimal("5000.00")
    assert tableau.piliers[-1].titre == "Sans fiche de cette édition"


def test_un_vote_pour_l_annee_d_apres_ne_change_pas_l_annee_que_l_on_juge(lieu):
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Deux ans", exercices=2)
    projets.voter(dossier, lieu.caisse)
    suite = projets.voter(dossier, lieu.caisse, guichet="ailleurs", source="export")
    Demande.objects.filter(pk=suite.pk).update(exercice=dossier.exercice + 1)
    lue = lecture(lieu.acteur("pilote"), lieu.contrat, edition_de(lieu.contrat))
    assert lue.exercices == [dossier.exercice, dossier.exercice + 1]
    assert lue.juge() == lue.exercice("") == dossier.exercice
    assert lue.juge(dossier.exercice - 1) is None


def test_un_partenaire_qui_a_pris_fin_le_dit_et_n_est_plus_propose(lieu):
    edition, pilote = edition_de(lieu.contrat), lieu.acteur("pilote")
    projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    Partenaire.objects.filter(nom="Caisse d'allocations familiales").update(
        fin_le=timezone.localdate(), suite="France Familles"
    )
    lu = droit_commun(pilote, lieu.contrat, edition, None)
    recours = tous_les_recours(un for fiche in lu.fiches for un in fiche.financeurs)
    (fini,) = [un for un in recours if un.nomme.fin]
    assert fini.nomme.fin.endswith("devenu France Familles") and fini.pourraient == 0
    assert recours[-1] == fini


def test_un_poste_aide_n_est_pas_jamais_sollicite():
    parle = cadre.fiche("1-1", dispositifs=(lu.Dispositif("État", "Postes adultes-relais", ""),))
    petit = cadre.avec_fiche(cadre.petit_contrat(), parle)
    ici = depots.lieux(contrat=cadre.contrat_publie(lu_=petit).contrat)
    poste(ici.contrat, dispositif="adulte_relais", organisme=ici.porte.organisme)
    rendu = droit_commun(ici.acteur("pilote"), ici.contrat, edition_de(ici.contrat), None)
    (la,) = [une for une in rendu.fiches if une.numero == "1-1"]
    assert [un.recours for un in la.dispositifs] == [Recours.POSTES]
