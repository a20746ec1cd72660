"""Recevoir un dossier : vérifier, faire compléter, trancher, envoyer ailleurs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.actions import complements, recevabilite
from parvis.dossiers.actions.pieces import joindre_une_piece
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.dossiers.models import Complement, Dossier, PointVerifie
from parvis.dossiers.queries import recevabilite as lectures
from parvis.dossiers.queries.versions_deposees import lire_la_version
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import appels, depots, fichiers
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


@decor
def recu(ici):
    return depots.depose(ici)


@decor
def pilote(ici):
    return ici.acteur("pilote")


def demander(pilote, dossier, **valeurs):
    return complements.demander_un_complement(
        par=pilote,
        dossier=dossier,
        **{
            "section": "projet",
            "texte": "Dites combien de familles.",
            "echeance": timezone.localdate() + timedelta(days=15),
        }
        | valeurs,
    )


def rendre(ici, dossier, **reponses):
    return complements.repondre_aux_complements(par=ici.porte, dossier=dossier, reponses=reponses)


def montants(dossier):
    """Rend ce que lit le pilote des demandes d'un dossier, relu."""
    return sorted(dossier.demandes.values_list("montant_demande", flat=True))


# Demander un complément.


def test_un_complement_rouvre_sa_section_et_elle_seule(ici, recu, pilote):
    demander(pilote, recu)
    recu.refresh_from_db()
    assert recu.etat == EtatDeDossier.A_COMPLETER
    depots.ecrire(ici.porte, recu, "projet", {"titre": "Le verger", "besoin": "Nul banc."})
    with pytest.raises(Refus, match="déposé"):
        depots.ecrire(ici.porte, recu, "moyens", {"materiels": "Un camion."})


def test_le_porteur_est_prevenu_avec_l_echeance(ici, recu, pilote):
    Courriel.objects.all().delete()
    demander(pilote, recu)
    parti = Courriel.objects.filter(destinataire="gestionnaire@exemple.fr").get()
    assert "combien de familles" in parti.texte and "/suites/" in parti.texte


@pytest.mark.parametrize(
    ("valeurs", "motif"),
    [
        ({"section": "lune"}, "Choisissez la section"),
        ({"section": "attestations"}, "Choisissez la section"),
        ({"texte": " … "}, "Dites ce qu’il faut"),
        ({"echeance": timezone.localdate() + timedelta(days=1)}, "deux jours"),
        ({"section": "pieces", "piece": "lune"}, "Choisissez une pièce"),
    ],
)
def test_ce_qui_empeche_un_complement(recu, pilote, valeurs, motif):
    with pytest.raises(Refus, match=motif):
        demander(pilote, recu, **valeurs)
    assert not Complement.objects.exists()


@pytest.mark.parametrize(
    "nom", ["gestionnaire", "voisine", "administrateur", "elu", "instructeur", "visiteur"]
)
def test_seul_le_pilote_de_ce_contrat_recoit(ici, recu, nom):
    with pytest.raises(Dossier.DoesNotExist):
        demander(ici.acteur(nom), recu)
    with pytest.raises(Dossier.DoesNotExist):
        recevabilite.trancher(par=ici.acteur(nom), dossier=recu, vers="recevable")
    with pytest.raises(Dossier.DoesNotExist):
        recevabilite.verifier_un_point(
            par=ici.acteur(nom), dossier=recu, code="objet", est_bon=True
        )


def test_un_brouillon_est_absent_pour_le_pilote(ici, pilote):
    brouillon = depots.brouillon(ici)
    with pytest.raises(Dossier.DoesNotExist):
        demander(pilote, brouillon)
    assert not lectures.dossiers_recus(pilote, ici.contrat).exists()


# Tant qu'un complément attend, ce qui est déposé reste ce que l'on lit.


def test_ce_qui_s_ecrit_ne_se_lit_qu_une_fois_rendu(ici, recu, pilote):
    demander(pilote, recu, section="budget")
    demandes = {ici.caisse.pk: "2500", ici.commune.pk: "1000"}
    depots.ecrire(ici.porte, recu, "budget", depots.budget(recu.exercice, demandes, "4500"))
    assert montants(recu) == [1000, 2000]
    rendre(ici, recu)
    assert montants(recu) == [1000, 2500]
    assert set(recu.demandes.values_list("etat", flat=True)) == {EtatDeDemande.DEMANDEE}


def test_un_complement_rendu_fait_une_version_dont_on_voit_les_changements(ici, recu, pilote):
    complement = demander(pilote, recu)
    neuf = depots._textes(recu.exercice)["projet"] | {"besoin": "Ni banc, ni ombre."}
    depots.ecrire(ici.porte, recu, "projet", neuf)
    Courriel.objects.all().delete()
    version = complements.repondre_aux_complements(
        par=ici.porte, dossier=recu, reponses={complement.pk: "C’est ajouté."}
    )
    recu.refresh_from_db()
    complement.refresh_from_db()
    assert (version.numero, recu.etat, complement.reponse) == (2, "depose", "C’est ajouté.")
    lue = lire_la_version(lectures.versions_deposees(pilote, recu))
    assert [s.code for s in lue.changees] == ["projet"]
    (changement,) = lue.changees[0].changements
    assert changement.libelle == "À quel besoin répond-il ?"
    assert lire_la_version(lectures.versions_deposees(pilote, recu), 1).changees == []
    assert Courriel.objects.filter(destinataire="pilote@exemple.fr").count() == 1


def test_une_section_qui_ne_se_depose_pas_ne_se_rend_pas(ici, recu, pilote):
    demander(pilote, recu, section="budget")
    depots.ecrire(
        ici.porte, recu, "budget", depots.budget(recu.exercice, {ici.caisse.pk: "10"}, "4500")
    )
    with pytest.raises(Refus, match="égaux"):
        rendre(ici, recu)
    recu.refresh_from_db()
    assert (recu.etat, montants(recu)) == (EtatDeDossier.A_COMPLETER, [1000, 2000])


def test_une_demande_deja_decidee_ne_disparait_pas(ici, recu, pilote):
    caisse = recu.demandes.get(financeur=ici.caisse)
    recu.demandes.filter(pk=caisse.pk).update(etat=EtatDeDemande.REFUSEE)
    demander(pilote, recu, section="budget")
    demandes = {ici.commune.pk: "3000"}
    depots.ecrire(ici.porte, recu, "budget", depots.budget(recu.exercice, demandes))
    with pytest.raises(Refus, match="a déjà répondu"):
        rendre(ici, recu)
    assert recu.demandes.filter(pk=caisse.pk).exists()


def test_un_complement_sur_une_piece_ouvre_cette_piece_et_elle_seule(ici, recu, pilote):
    demander(pilote, recu, section="pieces", piece="statuts", texte="Ils sont de 2012.")

    def joindre(cle):
        controle = fichiers.controle(f"{cle}-neufs.pdf", fichiers.pdf(queue=f"%neuf {cle}"))
        return joindre_une_piece(par=ici.porte, dossier=recu, cle=cle, controle=controle)

    with pytest.raises(Refus, match="déposé"):
        joindre("comptes")
    joindre("statuts")
    lue = lire_la_version(lectures.versions_deposees(pilote, recu))
    assert "statuts-neufs.pdf" not in [piece.nom for piece in lue.pieces]
    rendre(ici, recu)
    lue = lire_la_version(lectures.versions_deposees(pilote, recu))
    assert [piece.nom for piece in lue.pieces_nouvelles] == ["statuts-neufs.pdf"]
    assert lue.changees == []


@pytest.mark.parametrize("nom", ["contributeur", "attente", "lecteur", "meuniere", "pilote"])
def test_qui_ne_depose_pas_ne_rend_pas_un_complement(ici, recu, pilote, nom):
    demander(pilote, recu)
    with pytest.raises(Dossier.DoesNotExist):
        complements.repondre_aux_complements(par=ici.acteur(nom), dossier=recu, reponses={})


def test_le_signataire_rend_et_le_contributeur_ecrit(ici, recu, pilote):
    demander(pilote, recu)
    neuf = depots._textes(recu.exercice)["projet"] | {"besoin": "Plus d’ombre."}
    depots.ecrire(ici.acteur("contributeur"), recu, "projet", neuf)
    version = complements.repondre_aux_complements(
        par=ici.acteur("signataire"), dossier=recu, reponses={}
    )
    assert version.contenu["sections"]["projet"]["valeur"]["besoin"] == "Plus d’ombre."


def test_rien_a_rendre_se_dit(ici, recu):
    with pytest.raises(Refus, match="Aucun complément"):
        rendre(ici, recu)


def test_un_complement_en_retard_se_voit_et_se_rend_encore(ici, recu, pilote):
    demander(pilote, recu)
    Complement.objects.update(echeance_le=timezone.localdate() - timedelta(days=1))
    (lu,) = lectures.complements(pilote, recu, jour=timezone.localdate())
    assert lu.est_en_retard and lu.vise == "Le projet"
    assert rendre(ici, recu).numero == 2
    (lu,) = lectures.complements(pilote, recu, jour=timezone.localdate())
    assert not lu.est_en_retard and lu.est_repondu


# La liste de contrôle.


def les_points(pilote, dossier):
    version = lectures.versions_deposees(pilote, dossier)[0]
    points = lectures.points(pilote, dossier, version, jour=timezone.localdate())
    return {lu.point.code: lu for lu in points}


def test_un_dossier_deposable_est_constate_en_regle(pilote, recu):
    points = les_points(pilote, recu)
    constates = ("delai", "pieces", "budget", "fiches", "lieux")
    assert {code: points[code].est_bon for code in constates} == dict.fromkeys(constates, True)
    assert points["objet"].est_bon is None and points["objet"].mot == "À vérifier"


def test_ce_qui_cloche_est_constate(ici, pilote, recu):
    recu.fiches.all().delete()
    recu.lignes_de_budget.all().delete()
    apres = timezone.now() + timedelta(days=400)
    Dossier.objects.filter(pk=recu.pk).update(depose_le=apres)
    recu = lectures.dossier_recu(pilote, ici.contrat, recu.pk)
    version = lectures.versions_deposees(pilote, recu)[0]
    points = lectures.points(pilote, recu, version, jour=timezone.localdate() + timedelta(days=999))
    mots = {lu.point.code: lu.mot for lu in points}
    assert {mots[c] for c in ("delai", "budget", "fiches")} == {"À revoir"}


def test_une_personne_a_le_dernier_mot_et_le_change(pilote, recu):
    def juger(**valeurs):
        recevabilite.verifier_un_point(par=pilote, dossier=recu, code="budget", **valeurs)

    juger(est_bon=False, note="Les charges sociales manquent.")
    assert les_points(pilote, recu)["budget"].mot == "À revoir"
    juger(est_bon=True)
    assert les_points(pilote, recu)["budget"].mot == "En règle"
    assert PointVerifie.objects.count() == 1
    assert Evenement.objects.filter(action="dossiers.verifier_un_point").count() == 2


@pytest.mark.parametrize(
    ("code", "est_bon", "note", "motif"),
    [
        ("lune", True, "", "Choisissez un point"),
        ("objet", False, " ", "Dites ce qui ne va pas"),
    ],
)
def test_ce_qui_empeche_de_juger_un_point(pilote, recu, code, est_bon, note, motif):
    with pytest.raises(Refus, match=motif):
        recevabilite.verifier_un_point(
            par=pilote, dossier=recu, code=code, est_bon=est_bon, note=note
        )


# Trancher.


def test_la_liste_d_un_dossier_tranche_reste_celle_de_ce_jour(pilote, recu):
    version = recu.versions_deposees.latest("numero")
    plus_tard = timezone.localdate() + timedelta(days=999)

    def mots(jour):
        return [lu.mot for lu in lectures.points(pilote, recu, version, jour=jour)]

    ce_jour = mots(timezone.localdate())
    assert mots(plus_tard) != ce_jour
    recevabilite.trancher(par=pilote, dossier=recu, vers="recevable")
    recu.refresh_from_db()
    assert mots(plus_tard) == ce_jour


def test_recevable_n_accorde_rien(ici, recu, pilote):
    Courriel.objects.all().delete()
    recevabilite.trancher(par=pilote, dossier=recu, vers="recevable")
    recu.refresh_from_db()
    assert recu.etat == EtatDeDossier.RECEVABLE and recu.tranche_par == str(pilote.utilisateur)
    assert {d.etat for d in recu.demandes.all()} == {EtatDeDemande.DEMANDEE}
    textes = set(Courriel.objects.values_list("texte", flat=True))
    assert len(textes) == 1 and "pas encore un accord" in textes.pop()


def test_irrecevable_a_un_motif_et_clot_les_demandes(recu, pilote):
    with pytest.raises(Refus, match="motif"):
        recevabilite.trancher(par=pilote, dossier=recu, vers="irrecevable", motif=" ")
    recevabilite.trancher(par=pilote, dossier=recu, vers="irrecevable", motif="Hors du contrat.")
    recu.refresh_from_db()
    assert (recu.etat, recu.motif) == ("irrecevable", "Hors du contrat.")
    assert {d.etat for d in recu.demandes.all()} == {EtatDeDemande.IRRECEVABLE}


def test_on_ne_tranche_qu_une_fois(recu, pilote):
    recevabilite.trancher(par=pilote, dossier=recu, vers="recevable")
    for vers in ("recevable", "irrecevable"):
        with pytest.raises(Refus, match="déjà tranché"):
            recevabilite.trancher(par=pilote, dossier=recu, vers=vers, motif="Trop tard.")
    with pytest.raises(Refus):
        demander(pilote, recu)
    with pytest.raises(Refus):
        recevabilite.verifier_un_point(par=pilote, dossier=recu, code="objet", est_bon=True)


def test_on_ne_tranche_pas_vers_n_importe_quoi(recu, pilote):
    with pytest.raises(Refus, match="Choisissez"):
        recevabilite.trancher(par=pilote, dossier=recu, vers="depose", motif="Non.")


def test_envoyer_vers_un_autre_appel(ici, recu, pilote):
    autre = appels.publie(pilote, ici.contrat, titre="Appel de l’été")
    recevabilite.envoyer_vers_un_autre_appel(
        par=pilote, dossier=recu, appel=autre.appel, motif="C’est un séjour."
    )
    recu.refresh_from_db()
    assert (recu.etat, recu.reoriente_vers) == ("reoriente", autre.appel)
    assert lectures.appel_conseille(ici.porte, recu) == autre
    assert {d.etat for d in recu.demandes.all()} == {EtatDeDemande.RETIREE}


def test_on_n_envoie_ni_vers_le_meme_ni_vers_un_brouillon(ici, recu, pilote):
    pas_publie = appels.brouillon(pilote, ici.contrat, titre="Appel secret")
    for appel, motif in ((recu.appel, "un autre appel"), (pas_publie.appel, "pas publié")):
        with pytest.raises(Refus, match=motif):
            recevabilite.envoyer_vers_un_autre_appel(
                par=pilote, dossier=recu, appel=appel, motif="Voilà."
            )
    assert lectures.appels_ou_envoyer(pilote, recu) == []
