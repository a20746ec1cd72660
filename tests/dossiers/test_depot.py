"""Contrôler, déposer à la seconde, figer, garder le récépissé, retirer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.actions import appels as appels_actions
from parvis.dossiers.actions.depot import (
    DepotRefuse,
    deposer_le_dossier,
    retirer_le_dossier,
    signer_les_attestations,
)
from parvis.dossiers.actions.pieces import joindre_une_piece, retirer_une_piece
from parvis.dossiers.models import Dossier, VersionDeposee
from parvis.dossiers.queries.controle import controler
from parvis.dossiers.queries.depot import fichier_depose, recepisse_a_emporter, recepisses
from parvis.dossiers.rules.attestations import attestations_du_porteur
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from parvis.socle.templatetags.socle import a_la_seconde, jour
from tests.fabriques import appels, comptes, depots, fichiers

pytestmark = pytest.mark.django_db


def motifs(ici, dossier, acteur=None):
    controle = controler(acteur or ici.porte, depots.relire(dossier), maintenant=timezone.now())
    return [(motif.section, motif.phrase) for motif in controle.motifs]


def test_un_dossier_entier_n_a_aucun_motif(ici):
    dossier = depots.pret(ici)
    assert motifs(ici, dossier) == []
    assert controler(ici.porte, dossier, maintenant=timezone.now()).est_pret


def test_un_brouillon_vide_dit_tout_a_la_fois(ici):
    dossier = depots.commencer_un_projet(
        par=ici.porte, appel=ici.version.appel, titre="Rien encore", depart=depots.Depart()
    )
    controle = controler(ici.porte, depots.relire(dossier), maintenant=timezone.now())
    par_section = {part.code for part in controle.par_section}
    assert par_section == {
        *("organisation", "projet", "fiches", "publics", "lieux", "calendrier", "moyens"),
        *("indicateurs", "budget", "pieces", "attestations"),
    }
    assert all(motif.reference and motif.titre for motif in controle.motifs)


def _sans(section, valeur):
    def changer(ici, dossier):
        depots.ecrire(ici.porte, dossier, section, valeur)

    return changer


def _piece_en_moins(ici, dossier):
    retirer_une_piece(par=ici.porte, dossier=dossier, pk=dossier.pieces.get(cle="statuts").pk)


def _piece_perimee(ici, dossier):
    hier = timezone.localdate() - timedelta(days=1)
    dossier.pieces.filter(cle="bureau").update(valable_jusqu_au=hier)


def _organisme_fini(ici, dossier):
    porteur = dossier.projet.porteur
    porteur.fin_le = timezone.localdate() - timedelta(days=1)
    porteur.save()


CAS = {
    "projet sans titre": (_sans("projet", {"titre": "T"}), "projet", "est vide"),
    "courriel illisible": (
        _sans("organisation", {"charge_courriel": "à demander"}),
        "organisation",
        "Son courriel",
    ),
    "fiche d'ailleurs": (
        _sans("fiches", {"principale": "9-9", "fiches": {"9-9": []}}),
        "fiches",
        "ne porte pas sur : 9-9",
    ),
    "sans lieu": (_sans("lieux", {}), "lieux", "Dites où"),
    "commune d'ailleurs": (
        _sans("lieux", {"echelle": "communes", "ailleurs": "Brest"}),
        "lieux",
        "« Brest » n’est pas dans le territoire",
    ),
    "dates à l'envers": (
        _sans("calendrier", {"debut_le": "01/09/2027", "fin_le": "01/02/2027"}),
        "calendrier",
        "finirait avant",
    ),
    "indicateur sans cible": (
        _sans("indicateurs", [{"nom": "Familles"}]),
        "indicateurs",
        "Ligne 1",
    ),
    "sans budget": (_sans("budget", {}), "budget", "Le budget est vide"),
    "pièce en moins": (_piece_en_moins, "pieces", "Il manque : Statuts."),
    "pièce périmée": (_piece_perimee, "pieces", "ne vaut plus"),
    "organisme fini": (_organisme_fini, "organisation", "a pris fin"),
}


@pytest.mark.parametrize("cas", CAS)
def test_chaque_motif_empeche_et_dit_ou_repondre(ici, cas):
    changer, section, attendu = CAS[cas]
    dossier = depots.pret(ici)
    changer(ici, dossier)
    trouves = motifs(ici, dossier)
    assert any(ou == section and attendu in phrase for ou, phrase in trouves), trouves
    with pytest.raises(DepotRefuse) as refus:
        depots.deposer(ici, depots.relire(dossier))
    assert len(refus.value.motifs) == len(trouves)
    assert depots.relire(dossier).est_un_brouillon


def test_un_budget_qui_ne_s_equilibre_pas_empeche(ici):
    dossier = depots.pret(ici)
    demandes = {ici.caisse.pk: "2000"}
    depots.ecrire(ici.porte, dossier, "budget", depots.budget(dossier.exercice, demandes))
    assert any(
        "il manque 1 000" in phrase.replace("\u00a0", " ") for _, phrase in motifs(ici, dossier)
    )


def test_changer_apres_avoir_signe_demande_de_signer_de_nouveau(ici):
    dossier = depots.pret(ici)
    depots.ecrire(ici.porte, dossier, "moyens", {"materiels": "Des pelles.", "humains": "Deux."})
    dites = [phrase for section, phrase in motifs(ici, dossier) if section == "attestations"]
    assert len(dites) == len(attestations_du_porteur("association"))
    assert all("avant les derniers changements" in phrase for phrase in dites)
    depots.signer_tout(ici.porte, dossier)
    assert motifs(ici, dossier) == []


def test_joindre_un_fichier_apres_avoir_signe_aussi(ici):
    dossier = depots.pret(ici)
    controle = fichiers.controle("annexe.pdf", fichiers.pdf(queue="%annexe"))
    joindre_une_piece(par=ici.porte, dossier=dossier, cle="statuts", controle=controle)
    assert {section for section, _ in motifs(ici, dossier)} == {"attestations"}


def test_ce_qui_avertit_n_empeche_pas(ici):
    dossier = depots.brouillon(ici)
    publics = {"nombre": "60", "description": "Des familles.", "part_quartiers": "20"}
    depots.ecrire(ici.porte, dossier, "publics", publics)
    hors = {"debut_le": "01/03/2031", "fin_le": "30/11/2031"}
    depots.ecrire(ici.porte, dossier, "calendrier", hors)
    depots.joindre_tout(ici.porte, dossier)
    depots.signer_tout(ici.porte, dossier)
    controle = controler(ici.porte, depots.relire(dossier), maintenant=timezone.now())
    assert controle.est_pret
    dits = " ".join(motif.en_entier for motif in controle.avertissements)
    for attendu in ("Siret", "IBAN", "hors de l’exercice", "Moins d’une personne sur deux"):
        assert attendu in dits


@pytest.mark.parametrize(
    ("qui", "attendu"),
    [
        ("contributeur", "Un gestionnaire ou un signataire de l’organisme dépose"),
        ("gestionnaire", None),
        ("signataire", None),
    ],
)
def test_qui_depose(ici, qui, attendu):
    dossier = depots.pret(ici)
    acteur = ici.acteur(qui)
    if attendu is None:
        assert deposer_le_dossier(par=acteur, dossier=dossier, recu_le=timezone.now())
        return
    with pytest.raises(DepotRefuse, match=attendu):
        deposer_le_dossier(par=acteur, dossier=dossier, recu_le=timezone.now())
    with pytest.raises(Dossier.DoesNotExist):
        signer_les_attestations(
            par=acteur,
            dossier=dossier,
            textes=attestations_du_porteur("association"),
            fonction="Bénévole",
            precisions={"aides_publiques": "au_plus"},
        )


@pytest.mark.parametrize("qui", ["meuniere", "lecteur", "pilote", "inscrit", "attente"])
def test_qui_ne_depose_pas(ici, qui):
    dossier = depots.pret(ici)
    with pytest.raises(Dossier.DoesNotExist):
        deposer_le_dossier(par=ici.acteur(qui), dossier=dossier, recu_le=timezone.now())
    assert depots.relire(dossier).est_un_brouillon


def test_en_attente_on_ecrit_le_sien_mais_on_ne_depose_pas(ici):
    attente = ici.acteur("attente")
    dossier = depots.brouillon(ici, attente)
    assert (
        "",
        "Votre rôle dans l’organisme attend d’être confirmé : demandez-le d’abord.",
    ) in motifs(ici, dossier, attente)
    with pytest.raises(DepotRefuse, match="attend d’être confirmé"):
        deposer_le_dossier(par=attente, dossier=dossier, recu_le=timezone.now())


def test_deposer_fige_et_numerote(ici):
    pret, recu = depots.pret(ici), timezone.now()
    version = depots.deposer(ici, pret, recu)
    dossier = depots.relire(version.dossier)
    assert (dossier.etat, dossier.numero, dossier.depose_le) == ("depose", 1, recu)
    assert dossier.depose_par == "Gestionnaire Essai"
    assert {d.etat for d in dossier.demandes.all()} == {"demandee"}
    assert version.contenu["sections"]["projet"]["champs"][0][1] == "Le verger du pied d’immeuble"
    assert version.contenu["sections"]["budget"]["exercices"][0]["charges"][0][1] == "Arbres"
    assert len(version.contenu["pieces"]) == version.fichiers.count() == dossier.pieces.count()
    assert "IBAN" not in str(version.contenu)
    with pytest.raises(Refus, match="déposé"):
        depots.ecrire(ici.porte, dossier, "moyens", {"materiels": "Autre."})
    with pytest.raises(Refus, match="déposé"):
        retirer_une_piece(par=ici.porte, dossier=dossier, pk=dossier.pieces.first().pk)


def test_deposer_deux_fois_ne_depose_qu_une(ici):
    dossier = depots.pret(ici)
    premiere, seconde = depots.deposer(ici, dossier), depots.deposer(ici, dossier)
    assert premiere == seconde
    assert Evenement.objects.filter(action="dossiers.deposer_le_dossier").count() == 1
    # Même après la clôture : le dossier est arrivé à l'heure.
    tard = ici.version.ferme_le + timedelta(days=1)
    assert depots.deposer(ici, dossier, tard) == premiere
    assert not Evenement.objects.filter(action="dossiers.refuser_un_retard").exists()


def test_deux_dossiers_ont_deux_numeros(ici):
    references = [depots.depose(ici, titre=f"Projet {rang}").reference for rang in range(2)]
    annee = ici.version.appel.exercice
    assert references == [f"{annee}-0001", f"{annee}-0002"]


def test_une_seconde_trop_tard_est_refuse_avec_les_deux_heures(ici):
    dossier = depots.pret(ici)
    avant = depots.relire(dossier).modifie_le
    juste = ici.version.ferme_le + timedelta(microseconds=999_999)
    tard = ici.version.ferme_le + timedelta(seconds=1)
    with pytest.raises(DepotRefuse) as refus:
        depots.deposer(ici, dossier, tard)
    assert a_la_seconde(tard) in refus.value.motifs[0]
    assert a_la_seconde(ici.version.ferme_le) in refus.value.motifs[0]
    trace = Evenement.objects.get(action="dossiers.refuser_un_retard")
    assert trace.details.contenu == {"recu_le": a_la_seconde(tard)}
    laisse = depots.relire(dossier)
    assert laisse.est_un_brouillon and laisse.modifie_le == avant
    assert not Courriel.objects.filter(sujet="depot").exists()
    assert depots.deposer(ici, dossier, juste).numero == 1


def test_une_cloture_repoussee_par_une_version_vaut_pour_tous(ici):
    dossier = depots.pret(ici)
    pilote = ici.acteur("pilote")
    suivante = appels_actions.preparer_une_version(par=pilote, appel=ici.version.appel)
    appels.presenter(pilote, suivante, ferme_le=ici.version.ferme_le + timedelta(days=7))
    suivante.refresh_from_db()
    appels_actions.publier_l_appel(
        par=pilote, version=suivante, ce_qui_change="Une semaine de plus."
    )
    tard = ici.version.ferme_le + timedelta(days=3)
    assert depots.deposer(ici, dossier, tard).dossier.version_d_appel == ici.version


def test_un_recepisse_par_financeur_dit_ce_que_veut_la_loi(ici):
    pret, recu_le = depots.pret(ici), timezone.now()
    dossier = depots.deposer(ici, pret, recu_le).dossier
    donnes = recepisses(dossier)
    assert {recu.nom for recu in donnes} == {"Caisse des Tilleuls", "Commune du Val-des-Tilleuls"}
    for recu in donnes:
        dit = " ".join(recu.paragraphes)
        for attendu in (
            *(a_la_seconde(recu_le), dossier.reference, "Le verger du pied d’immeuble"),
            *appels.SERVICE.values(),
            *("deux mois de silence valent refus", "telerecours.fr"),
        ):
            assert attendu in dit
    montants = {recu.nom: recu.montants for recu in donnes}
    assert "2\u202f000,00" in montants["Caisse des Tilleuls"].replace("\u00a0", "\u202f")


def test_un_recepisse_part_a_chacun_par_courriel(ici):
    dossier = depots.depose(ici)
    partis = Courriel.objects.filter(sujet="depot")
    adresses = {"gestionnaire@exemple.fr", "signataire@exemple.fr", "contributeur@exemple.fr"}
    assert {courriel.destinataire for courriel in partis} == adresses
    assert partis.count() == len(adresses) * 2
    assert all(dossier.reference in courriel.objet for courriel in partis)


def test_le_recepisse_reste_celui_du_jour_meme_si_tout_change(ici):
    dossier = depots.depose(ici)
    avant = [recu.paragraphes for recu in recepisses(dossier)]
    ici.caisse.__class__.objects.filter(pk=ici.caisse.pk).update(nom="Caisse renommée")
    dossier.projet.__class__.objects.filter(pk=dossier.projet_id).update(titre="Autre")
    dossier.demandes.update(montant_demande=1)
    assert [recu.paragraphes for recu in recepisses(depots.relire(dossier))] == avant


def test_le_pdf_se_relit(ici):
    import pypdfium2

    dossier = depots.depose(ici)
    recu = recepisses(dossier)[0]
    pdf = recepisse_a_emporter(recu)
    assert pdf.octets == recepisse_a_emporter(recu).octets
    assert pdf.nom.endswith(".pdf") and dossier.reference in pdf.nom
    lu = " ".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf.octets)
    )
    lu = " ".join(lu.replace("\u00a0", " ").split())
    echeance = jour(depots.loi_du_silence(dossier))
    for attendu in (dossier.reference, recu.nom, "L. 231-4", "01 99 00 00 01", echeance):
        assert attendu in lu


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE dossiers_versiondeposee SET contenu = '{}'",
        "UPDATE dossiers_versiondeposee SET deposee_le = deposee_le",
        "DELETE FROM dossiers_versiondeposee",
        "DELETE FROM dossiers_versiondeposee_fichiers",
    ],
)
def test_ce_qui_est_depose_ne_change_plus_meme_en_sql(ici, sql):
    depots.depose(ici)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql)
    assert VersionDeposee.objects.get().contenu["sections"]


def test_un_fichier_depose_se_lit_toujours(ici):
    dossier = depots.depose(ici)
    piece = dossier.pieces.get(cle="statuts")
    identifiant = piece.fichier.identifiant
    assert fichier_depose(ici.porte, dossier, identifiant) == piece.fichier
    rib = dossier.pieces.get(cle="rib").fichier.identifiant
    assert fichier_depose(ici.porte, dossier, rib)
    with pytest.raises(type(piece.fichier).DoesNotExist):
        fichier_depose(ici.acteur("contributeur"), dossier, rib)


def test_retirer_arrete_les_demandes_et_garde_le_depot(ici):
    dossier = depots.depose(ici)
    with pytest.raises(Refus, match="Dites pourquoi"):
        retirer_le_dossier(par=ici.porte, dossier=dossier, motif=" ")
    with pytest.raises(Dossier.DoesNotExist):
        retirer_le_dossier(par=ici.acteur("contributeur"), dossier=dossier, motif="Non.")
    retirer_le_dossier(par=ici.porte, dossier=dossier, motif="La salle a fermé.")
    retire = depots.relire(dossier)
    assert (retire.etat, retire.motif) == ("retire", "La salle a fermé.")
    assert {d.etat for d in retire.demandes.all()} == {"retiree"}
    assert retire.versions_deposees.count() == 1 and recepisses(retire)
    with pytest.raises(Refus, match="cela ne se fait plus"):
        retirer_le_dossier(par=ici.porte, dossier=retire, motif="Encore.")
    objet = f"Dossier {retire.reference} retiré"
    assert Courriel.objects.filter(objet=objet).count() == 3


def test_la_structure_porteuse_recoit_aussi_le_recepisse(ici):
    porteuse = comptes.organisme("La Maison des associations")
    qui = comptes.rattachement(comptes.personne("Porteuse"), porteuse)
    dossier = depots.pret(ici)
    dossier.projet.structure_porteuse = porteuse
    dossier.projet.save()
    depots.deposer(ici, dossier)
    assert (
        Courriel.objects.filter(destinataire=qui.utilisateur.courriel, sujet="depot").count() == 2
    )
