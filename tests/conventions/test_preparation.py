"""Ce qu'une décision appelle d'actes, et comment ils se préparent : un par organisme, jamais deux fois."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.conventions.actions.actes import (
    annuler_un_acte,
    corriger_le_texte,
    preparer_les_actes,
)
from parvis.conventions.actions.modeles import ecrire_un_modele
from parvis.conventions.enums import EtatDActe, SorteDActe, SorteDEcheance
from parvis.conventions.models import Acte, LigneDActe, MentionsDuService
from parvis.conventions.queries.modeles import modele_lu
from parvis.conventions.queries.preparation import actes_a_prendre
from parvis.dossiers.enums import EtatDeDossier
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.equipe import se_deporter
from parvis.programmation.actions.decisions import Dit
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision
from parvis.programmation.rules.decisions import empreinte
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import actes, comptes
from tests.fabriques import actes_a_prendre as fabrique
from tests.fabriques.cadre import contrat_publie

pytestmark = pytest.mark.django_db


@decor
def site() -> actes.Site:
    return fabrique.site()


def clair(texte: str) -> str:
    return texte.replace("\xa0", " ")


def preparer(site, decision, choisis, par=None):
    return preparer_les_actes(par=par or site.samia, decision=decision, choisis=choisis)


class TestCeQuElleAppelle:
    def test_un_acte_par_organisme_et_par_nature_de_reponse(self, site):
        autre = comptes.organisme("Autre association")
        deux = [fabrique.demande(site, titre=titre) for titre in ("A", "B")]
        siennes = {
            fabrique.demande(site, porteur=autre): "700",
            fabrique.demande(site): fabrique.REFUSE,
        }
        decision = fabrique.decider(site, dict.fromkeys(deux, "500") | siennes)
        pris = {(p.titulaire.nom, p.choix.sorte): len(p.reponses) for p in site.proposes(decision)}
        assert pris == {
            ("Autre association", SorteDActe.NOTIFICATION): 1,
            ("Les Amis du Verger", SorteDActe.NOTIFICATION): 2,
            ("Les Amis du Verger", SorteDActe.REFUS): 1,
        }
        rendus = fabrique.preparer(site, decision)
        assert [acte.rang for acte in rendus] == [1, 2, 3] and site.proposes(decision) == []

    def test_rien_avant_la_publication(self, site):
        decision = site.vote.decision()
        site.vote.accorder(decision, "100")
        assert site.proposes(decision) == []
        with pytest.raises(Refus, match="n’est pas publiée"):
            preparer(site, decision, {"1": "notification"})

    def test_ni_ajournee_ni_d_un_dossier_retire(self, site):
        ajourne = Dit(Resultat.AJOURNE, motif="Plus tard.")
        retiree = fabrique.demande(site, titre="Retirée")
        decision = fabrique.decider(site, {fabrique.demande(site): ajourne, retiree: "100"})
        assert len(site.proposes(decision)) == 1
        Dossier.objects.filter(pk=retiree.dossier_id).update(etat=EtatDeDossier.RETIRE)
        assert site.proposes(decision) == []

    def test_une_decision_plus_recente_remplace_l_autre(self, site):
        demande = fabrique.demande(site)
        premiere = fabrique.decider(site, {demande: "1000"})
        seconde = fabrique.decider(site, {demande: "1200"}, "21")
        assert site.proposes(premiere) == []
        (propose,) = site.proposes(seconde)
        assert propose.en_argent == Decimal(1200)

    def test_une_lettre_de_refus_dit_pourquoi_et_ne_porte_aucun_montant(self, site):
        dit = Dit(
            Resultat.ORIENTE, motif="C’est un séjour.", vers="Vacances pour tous", a_qui="Zoé"
        )
        (lettre,) = fabrique.preparer(site, fabrique.decider(site, {fabrique.demande(site): dit}))
        assert (lettre.sorte, lettre.montant, lettre.montant_nature) == (SorteDActe.REFUS, 0, 0)
        assert all(un in lettre.texte for un in ("C’est un séjour.", "Vacances pour tous", "Zoé"))
        assert not lettre.echeances.exists() and LigneDActe.objects.get().montant == 0

    def test_les_mentions_manquantes_empechent(self, site):
        decision = fabrique.decider(site, {fabrique.demande(site): "100"})
        MentionsDuService.objects.update(tribunal="", signataire="")
        (propose,) = site.proposes(decision)
        assert len(propose.obstacles) == 2
        with pytest.raises(Refus, match="devant quel tribunal") as refus:
            preparer(site, decision, {propose.cle: propose.choix.sorte})
        assert "Les Amis du Verger : " in refus.value.motifs[0] and "qui signe" in str(refus.value)

    def test_le_nombre_de_requetes_est_constant(self, site):
        comptees = set()
        for rang, nombre in enumerate((1, 3, 50)):
            demandes = [
                fabrique.demande(site, porteur=comptes.organisme(f"Asso {rang}-{n}"))
                for n in range(nombre)
            ]
            decision = fabrique.decider(site, dict.fromkeys(demandes, "10"), f"3{rang}")
            with CaptureQueriesContext(connection) as requetes:
                assert len(actes_a_prendre(site.samia, decision)) == nombre
            comptees.add(len(requetes))
        assert len(comptees) == 1


class TestPreparer:
    def test_le_texte_les_lignes_et_l_echeancier_sont_figes(self, site):
        MentionsDuService.objects.update(acompte=70)
        nature = fabrique.demande(site, titre="La salle", nature="nature")
        decision = fabrique.decider(site, {fabrique.demande(site): "1000.01", nature: "300"})
        (acte,) = fabrique.preparer(site, decision)
        assert (acte.etat, acte.montant, acte.montant_nature) == (
            EtatDActe.PREPARE, Decimal("1000.01"), Decimal(300),
        )  # fmt: skip
        assert "mille euros et un centime" in acte.texte and "300,00 €" in clair(acte.texte)
        assert [(e.sorte, e.montant) for e in acte.echeances.all()] == [
            (SorteDEcheance.ACOMPTE, Decimal("700.01")),
            (SorteDEcheance.SOLDE, Decimal("300.00")),
        ]
        MentionsDuService.objects.update(signataire="Un autre")
        acte.refresh_from_db()
        assert acte.pied["signataire"] == "Mme Claire Vasseur"
        assert str(acte) == f"Lettre de notification n° {acte.exercice}-001"
        assert "Un autre" not in str(LigneDActe.objects.first())

    def test_la_reserve_d_une_reponse_se_lit_dans_l_acte(self, site):
        dit = Dit(
            Resultat.ACCORDE,
            Decimal(100),
            site.vote.enveloppe.pk,
            condition="L’accord du bailleur.",
        )
        (acte,) = fabrique.preparer(site, fabrique.decider(site, {fabrique.demande(site): dit}))
        assert "L’accord du bailleur." in acte.texte

    def test_tous_ou_aucun_avec_tous_les_motifs(self, site):
        autre = comptes.organisme("Autre association")
        gros = [fabrique.demande(site), fabrique.demande(site, porteur=autre)]
        decision = fabrique.decider(site, dict.fromkeys(gros, "23000.01"))
        with pytest.raises(Refus) as refus:
            preparer(site, decision, {p.cle: "arrete" for p in site.proposes(decision)})
        assert len(refus.value.motifs) == 2 and "ne suffit pas" in refus.value.motifs[0]
        assert not Acte.objects.exists()

    def test_rien_de_coche_ou_deja_pris(self, site):
        decision = fabrique.decider(site, {fabrique.demande(site): "100"})
        with pytest.raises(Refus, match="Cochez"):
            preparer(site, decision, {})
        (propose,) = site.proposes(decision)
        fabrique.preparer(site, decision)
        with pytest.raises(Refus, match="Un collègue vient"):
            preparer(site, decision, {propose.cle: "notification"})

    def test_les_rangs_se_suivent_et_un_acte_annule_garde_le_sien(self, site):
        (premier,) = fabrique.preparer(
            site, fabrique.decider(site, {fabrique.demande(site): "100"})
        )
        annuler_un_acte(par=site.samia, acte=premier, motif="Coquille.")
        (second,) = fabrique.preparer(site, premier.decision)
        assert (premier.rang, second.rang) == (1, 2)

    def test_un_service_reuni_n_apporte_pas_deux_fois_un_numero(self, site):
        (sien,) = fabrique.preparer(site, fabrique.decider(site, {fabrique.demande(site): "100"}))
        bis = comptes.organisme(
            "Caisse bis", "protection_sociale", fusionne_dans=site.samia.organisme
        )
        sien.pk, sien.rang, sien.financeur = None, 7, bis
        sien.save(force_insert=True)
        decision = fabrique.decider(site, {fabrique.demande(site): "200"}, "21")
        assert fabrique.preparer(site, decision)[0].rang == 8

    def test_les_contrats_d_une_autorite_se_partagent_son_registre(self, site):
        (sien,) = fabrique.preparer(site, fabrique.decider(site, {fabrique.demande(site): "100"}))
        sien.pk, sien.rang, sien.contrat = None, 7, contrat_publie("voisin").contrat
        sien.save(force_insert=True)
        decision = fabrique.decider(site, {fabrique.demande(site): "200"}, "21")
        assert fabrique.preparer(site, decision)[0].rang == 8

    def test_qui_s_est_deporte_ne_prepare_que_le_reste(self, site):
        secret = fabrique.demande(site, titre="Secret")
        decision = fabrique.decider(site, {secret: "100", fabrique.demande(site): "200"})
        se_deporter(par=site.samia, dossier=secret.dossier, motif="Un lien.")
        (acte,) = fabrique.preparer(site, decision)
        assert acte.montant == 200 and "Secret" not in acte.texte

    @pytest.mark.parametrize("qui", ["olga", "pilote", "gestionnaire", "delegue", "elu", "voisine"])
    def test_nul_autre_service_n_en_prepare(self, site, qui):
        decision = fabrique.decider(site, {fabrique.demande(site): "100"})
        (propose,) = site.proposes(decision)
        autre = site.vote.etude.ici.acteur(qui)
        with pytest.raises(Decision.DoesNotExist):
            preparer(site, decision, {propose.cle: "notification"}, par=autre)


class TestAvenant:
    def convention(self, site, *montants: str) -> tuple[list, Acte]:
        demandes = [fabrique.demande(site, titre=f"Projet {n}") for n in range(len(montants))]
        decision = fabrique.decider(site, dict(zip(demandes, montants, strict=True)))
        return demandes, fabrique.signer(site, decision)[0]

    def test_il_dit_ce_que_toute_la_convention_engage(self, site):
        demandes, convention = self.convention(site, "10000", "20000")
        (avenant,) = fabrique.preparer(site, fabrique.decider(site, {demandes[0]: "12000"}, "21"))
        assert (avenant.sorte, avenant.modifie, avenant.montant) == (
            SorteDActe.AVENANT, convention, Decimal(2000),
        )  # fmt: skip
        texte = clair(avenant.texte)
        assert "L’acte initial engageait 30 000,00 €" in texte
        assert "le montant total engagé est de 32 000,00 €" in texte

    def test_un_second_avenant_compte_le_premier(self, site):
        demandes, convention = self.convention(site, "10000", "20000")
        fabrique.signer(site, fabrique.decider(site, {demandes[0]: "12000"}, "21"))
        deux = fabrique.decider(site, {demandes[0]: "13000", demandes[1]: "21000"}, "22")
        (avenant,) = fabrique.preparer(site, deux)
        assert (avenant.modifie, avenant.montant) == (convention, Decimal(2000))
        assert "total engagé est de 34 000,00 €" in clair(avenant.texte)

    def test_deux_avenants_ne_s_ecrivent_pas_a_la_fois(self, site):
        demandes, _ = self.convention(site, "10000", "20000")
        (attendu,) = fabrique.preparer(site, fabrique.decider(site, {demandes[0]: "12000"}, "21"))
        suivante = fabrique.decider(site, {demandes[1]: "21000"}, "22")
        with pytest.raises(Refus, match=f"L’acte n° {attendu.numero}"):
            fabrique.preparer(site, suivante)
        annuler_un_acte(par=site.samia, acte=attendu, motif="Trop tôt.")
        assert fabrique.preparer(site, suivante)[0].montant == 1000

    def test_une_lettre_n_a_pas_d_avenant_un_autre_acte_s_y_ajoute(self, site):
        demande = fabrique.demande(site)
        fabrique.signer(site, fabrique.decider(site, {demande: "10000"}))
        (acte,) = fabrique.preparer(site, fabrique.decider(site, {demande: "23000.01"}, "21"))
        assert (acte.sorte, acte.montant) == (SorteDActe.CONVENTION, Decimal("13000.01"))

    def test_ce_qui_ne_change_rien_et_ce_qui_attend_une_signature_n_en_appellent_pas(self, site):
        demande = fabrique.demande(site)
        (attend,) = fabrique.preparer(site, fabrique.decider(site, {demande: "30000"}))
        suivante = fabrique.decider(site, {demande: "31000"}, "21")
        assert "en préparation" in site.proposes(suivante)[0].obstacles[0]
        annuler_un_acte(par=site.samia, acte=attend, motif="Repris.")
        assert site.proposes(suivante)[0].obstacles == ()
        fabrique.signer(site, suivante)
        pareille = fabrique.decider(site, {demande: "31000"}, "22")
        assert site.proposes(pareille)[0].obstacles == (
            "Le montant est déjà engagé : rien ne change.",
        )

    def test_un_objet_trop_long_se_refuse_au_lieu_de_se_couper(self, site):
        """Coupé au milieu d'un mot, il ne dirait plus ce que l'acte paie."""
        titres = ["Le potager " + lettre * 139 for lettre in "ab"]
        decision = fabrique.decider(
            site, {fabrique.demande(site, titre=titre): "100" for titre in titres}
        )
        corps = modele_lu(site.samia, site.contrat, "notification").texte.corps
        dit = {"par": site.samia, "contrat": site.contrat, "sorte": "notification"}
        ecrire_un_modele(objet="Aide pour {projets}", corps=corps, publier=True, **dit)
        (propose,) = site.proposes(decision)
        with pytest.raises(Refus, match="signes de trop : 300 au plus"):
            preparer(site, decision, {propose.cle: propose.choix.sorte})
        ecrire_un_modele(objet="Votre aide", corps=corps, publier=True, **dit)
        (acte,) = fabrique.preparer(site, decision)
        with pytest.raises(Refus, match="1 signe de trop"):
            corriger_le_texte(par=site.samia, acte=acte, objet="a" * 301, texte=acte.texte)
        long = corriger_le_texte(par=site.samia, acte=acte, objet="a" * 300, texte=acte.texte)
        assert len(long.objet) == 300


class TestCorriger:
    def test_un_acte_compose_se_corrige_et_se_recompose(self, site):
        acte = site.compose(site.prepare(fabrique.decider(site, {fabrique.demande(site): "100"})))
        compose = acte.fichier
        corrige = corriger_le_texte(
            par=site.samia, acte=acte, objet=" Autre\n", texte=f"Un mot.\r\n\r\n{acte.texte}"
        )
        assert (corrige.etat, corrige.fichier, corrige.objet) == (EtatDActe.PREPARE, None, "Autre")
        compose.refresh_from_db()
        assert compose.est_efface and corrige.texte.startswith("Un mot.\n\nMadame")

    def test_ce_que_l_acte_accorde_et_ou_le_contester_ne_se_retirent_pas(self, site):
        acte = site.prepare(fabrique.decider(site, {fabrique.demande(site): "1200"}))
        avant = acte.texte
        # Chaque fait est dit deux fois, ou plus : il s'en va en entier.
        tu = clair(avant).replace("1 200,00 €", "une somme").replace("deux mois", "un temps")
        with pytest.raises(Refus) as refus:
            corriger_le_texte(par=site.samia, acte=acte, objet="A", texte=tu)
        dits = clair(" ".join(refus.value.motifs))
        assert "le montant accordé : remettez « 1 200,00 € »" in dits
        assert "le délai pour contester" in dits and "devant qui" not in dits
        acte.refresh_from_db()
        assert (acte.texte, acte.etat) == (avant, EtatDActe.PREPARE)

    def test_un_refus_garde_ses_recours_et_une_convention_dit_a_qui(self, site):
        demande, refusee = fabrique.demande(site), fabrique.demande(site, titre="Autre")
        decision = fabrique.decider(site, {demande: "30000", refusee: fabrique.REFUSE})
        sortes = {acte.sorte: acte for acte in fabrique.preparer(site, decision)}
        for sorte, retire in (("refus", "Tribunal administratif de Melun"),
                              ("convention", sortes["convention"].titulaire.nom)):  # fmt: skip
            tu = sortes[sorte].texte.replace(retire, "…")
            with pytest.raises(Refus, match=f"remettez « {retire} »"):
                corriger_le_texte(par=site.samia, acte=sortes[sorte], objet="A", texte=tu)

    @pytest.mark.parametrize(
        ("objet", "texte", "dit"),
        [
            ("", "Texte", "un objet et un texte"),
            ("Objet", " \n", "un objet et un texte"),
            ("Objet", "Reçoit {montant}", "ne se remplit plus"),
            ("{projets}", "Texte", "ne se remplit plus"),
            ("Objet", "Voir {tableau_des_projets}", "ne se remplit plus"),
        ],
    )
    def test_un_texte_qui_ne_s_imprimerait_pas_se_refuse(self, site, objet, texte, dit):
        acte = site.prepare(fabrique.decider(site, {fabrique.demande(site): "100"}))
        with pytest.raises(Refus, match=dit):
            corriger_le_texte(par=site.samia, acte=acte, objet=objet, texte=texte)
        texte = f"{acte.texte}\n\n{{tableau_des_projets}}"
        corriger_le_texte(par=site.samia, acte=acte, objet="Objet", texte=texte)

    def test_la_correction_d_un_collegue_ne_se_perd_pas(self, site):
        acte = site.prepare(fabrique.decider(site, {fabrique.demande(site): "100"}))
        lu = empreinte(acte.objet, acte.texte)
        sien, mien = f"Le sien.\n\n{acte.texte}", f"Le mien.\n\n{acte.texte}"
        corriger_le_texte(par=site.samia, acte=acte, objet="A", texte=sien, depart=lu)
        with pytest.raises(Refus, match="Un collègue vient de corriger"):
            corriger_le_texte(par=site.samia, acte=acte, objet="B", texte=mien, depart=lu)
        acte.refresh_from_db()
        assert acte.texte.startswith("Le sien.")

    def test_signe_il_ne_se_corrige_plus(self, site):
        (acte,) = fabrique.signer(site, fabrique.decider(site, {fabrique.demande(site): "100"}))
        with pytest.raises(Refus, match="il ne peut pas changer ainsi"):
            corriger_le_texte(par=site.samia, acte=acte, objet="B", texte="Le mien.")
