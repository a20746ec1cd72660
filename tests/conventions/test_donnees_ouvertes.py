"""Le fichier ouvert d'un contrat : ce que la loi demande ou tout ce qui est voté, jamais un refus."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.donnees_ouvertes import choisir_ce_qui_se_publie
from parvis.conventions.enums import PorteeOuverte
from parvis.conventions.models import DonneesOuvertes
from parvis.conventions.queries.donnees_ouvertes import ouverture
from parvis.conventions.rules.scdl_colonnes import COLONNES, NOMS
from parvis.conventions.rules.scdl_verification import ouvrir, valider
from parvis.dossiers.models import Demande
from parvis.journal.models import Evenement
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import actes_a_prendre as fabrique
from tests.fabriques import projets, versements

pytestmark = pytest.mark.django_db
VISITEUR = Acteur.anonyme()
SIRET_DE_LA_CAISSE, SIRET_DU_VERGER = "21940081900013", "52499120500013"
SECRET = "Le refus que nul ne lit"


@decor
def guichet():
    """Rend un acte notifié en deux échéances, d'une caisse et d'un organisme numérotés."""
    rendu = versements.guichet()
    numeroter(rendu.acte.financeur, SIRET_DE_LA_CAISSE)
    numeroter(rendu.acte.titulaire, SIRET_DU_VERGER)
    return rendu


def numeroter(organisme, siret):
    Organisme.objects.filter(siret=siret).update(siret="", siren="")
    Organisme.objects.filter(pk=organisme.pk).update(siret=siret, siren=siret[:9])


def publier(guichet, portee="toutes"):
    pilote = guichet.site.vote.etude.ici.monde.acteurs["pilote"]
    return choisir_ce_qui_se_publie(par=pilote, contrat=guichet.contrat, portee=portee)


def lue(guichet, acteur=VISITEUR):
    return ouverture(acteur, guichet.contrat, jour=timezone.localdate())


def telecharger(client, guichet) -> list[dict[str, str]]:
    reponse = client.get(reverse("accueil:subventions", args=[guichet.contrat.code]))
    assert reponse.status_code == 200
    texte = reponse.content.decode("utf-8")
    fichier = ouvrir(texte)
    assert valider(fichier.entete, fichier.lignes, COLONNES) == []
    return list(csv.DictReader(io.StringIO(texte, newline="")))


class TestFichier:
    def test_chaque_demande_votee_et_signee_a_sa_ligne(self, client, guichet):
        publier(guichet)
        lignes = telecharger(client, guichet)
        assert sorted(Decimal(ligne["montant"]) for ligne in lignes) == sorted(
            Demande.objects.filter(montant_vote__gt=0).values_list("montant_vote", flat=True)
        )
        for ligne in lignes:
            assert list(ligne) == list(NOMS)
            assert ligne["idAttribuant"] == ligne["idServiceInstructeur"] == SIRET_DE_LA_CAISSE
            assert ligne["idBeneficiaire"] == SIRET_DU_VERGER
            assert ligne["referenceDecision"] == guichet.acte.numero
            assert ligne["dateConvention"] == guichet.acte.signe_le.isoformat()
            assert ligne["conditionsVersement"] == "échelonné"
            assert ligne["dispositif"] == guichet.contrat.titre

    def test_un_versement_paye_date_la_periode(self, client, guichet):
        publier(guichet)
        avant = telecharger(client, guichet)
        guichet.verser(1)
        apres = telecharger(client, guichet)
        assert len(avant) == len(apres)
        assert timezone.localdate().isoformat() in apres[0]["datesPeriodeVersement"]

    def test_un_acte_signe_n_est_pas_public_avant_d_etre_notifie(self, guichet):
        publier(guichet)
        avant = len(lue(guichet).subventions)
        votee = fabrique.demande(guichet.site, "1000", titre="Signé seulement")
        signes = fabrique.signer(guichet.site, fabrique.decider(guichet.site, {votee: "1000"}))
        (incomplete,) = lue(guichet).incompletes
        assert "ne dit ce montant" in incomplete.manques[0]
        assert signes[0].numero not in str(incomplete)
        guichet.site.notifier(signes)
        assert len(lue(guichet).subventions) == avant + 1

    def test_un_refus_n_y_est_jamais(self, client, guichet):
        publier(guichet)
        refusee = fabrique.demande(guichet.site, "7777.77", titre=SECRET)
        fabrique.signer(guichet.site, fabrique.decider(guichet.site, {refusee: fabrique.REFUSE}))
        for nom in ("subventions", "donnees_ouvertes", "financements"):
            octets = client.get(reverse(f"accueil:{nom}", args=[guichet.contrat.code])).content
            assert SECRET.encode() not in octets and b"7777" not in octets
        for vue in ("subventions", "financeurs", "quartiers"):
            adresse = reverse(
                "accueil:financements_tableau", args=[guichet.contrat.code, vue, "csv"]
            )
            octets = client.get(adresse).content
            assert SECRET.encode() not in octets and b"7777" not in octets
        assert SECRET not in str(lue(guichet))

    def test_plusieurs_financeurs_et_plusieurs_annees_se_disent(self, guichet):
        publier(guichet)
        premiere = guichet.demandes[0]
        dossier = premiere.dossier
        voisine = projets.voter(dossier, guichet.site.vote.etude.ici.monde.verger, "50")
        suite = projets.voter(dossier, guichet.acte.financeur, "60")
        Demande.objects.filter(pk=suite.pk).update(
            exercice=premiere.exercice + 1, ligne=premiere.ligne, nature=premiere.nature
        )
        trouve = lue(guichet)
        dites = [*trouve.subventions, *(i.subvention for i in trouve.incompletes)]
        (une,) = [
            s
            for s in dites
            if s.montant == premiere.montant_vote and s.exercice == premiere.exercice
        ]
        (suivante,) = [s for s in dites if s.montant == suite.montant_vote]
        assert len({s.identifiant for s in dites}) == len(dites)
        assert une.annees == (premiere.exercice, premiere.exercice + 1)
        assert voisine.financeur.nom in une.cofinanceurs
        # La seconde année, la voisine n'a rien voté.
        assert suivante.cofinanceurs == ()

    def test_un_vote_d_un_autre_portail_reste_dehors_quoi_que_note_le_porteur(
        self, client, guichet
    ):
        publier(guichet)
        dossier = guichet.demandes[0].dossier
        ailleurs = projets.voter(
            dossier, guichet.acte.financeur, "70", guichet="ailleurs", source="export"
        )
        (incomplete,) = lue(guichet).incompletes
        assert "autre portail" in incomplete.manques[0]
        Demande.objects.filter(pk=ailleurs.pk).update(
            montant_engage="70", engage_le=timezone.localdate(), numero_externe="DA01234567"
        )
        assert not [li for li in telecharger(client, guichet) if li["montant"] == "70.00"]
        assert "DA01234567" not in str(lue(guichet))

    def test_un_montant_releve_attend_que_son_avenant_soit_notifie(self, client, guichet):
        publier(guichet)
        demande = guichet.demandes[0]
        avant = {ligne["montant"] for ligne in telecharger(client, guichet)}
        assert f"{demande.montant_vote:.2f}" in avant
        Demande.objects.filter(pk=demande.pk).update(montant_vote=demande.montant_vote + 400)
        apres = lue(guichet)
        assert f"{demande.montant_vote + 400:.2f}" not in {
            str(s.montant) for s in apres.subventions
        }
        assert any(
            "Aucun acte notifié ne dit ce montant" in i.manques[0] for i in apres.incompletes
        )

    def test_un_autre_contrat_n_y_est_pas(self, client, guichet):
        publier(guichet)
        _, version = fabrique.ailleurs(guichet.site)
        dossier = projets.projet(
            version, guichet.site.vote.etude.ici.monde.verger, "Ailleurs", etat="recevable"
        )
        projets.voter(dossier, guichet.acte.financeur, "90000")
        assert "Ailleurs" not in {ligne["objet"] for ligne in telecharger(client, guichet)}

    def test_tout_le_monde_lit_la_meme_chose(self, guichet):
        publier(guichet)
        monde = guichet.site.vote.etude.ici.monde
        lectures = [str(lue(guichet, acteur)) for acteur in monde.acteurs.values()]
        assert set(lectures) == {str(lue(guichet))}


class TestSeuil:
    def test_sans_choix_le_fichier_est_celui_de_la_loi(self, client, guichet):
        assert lue(guichet).portee == PorteeOuverte.CONVENTIONS
        assert telecharger(client, guichet) == []

    @pytest.mark.parametrize(("plus", "entre"), [("0", False), ("0.01", True)])
    def test_il_faut_depasser_le_seuil_l_atteindre_ne_suffit_pas(self, guichet, plus, entre):
        deja = sum(d.montant_vote for d in guichet.demandes)
        autre = projets.projet(
            guichet.site.vote.etude.ici.version,
            guichet.acte.titulaire,
            "Un autre projet",
            etat="recevable",
            annee=guichet.acte.exercice,
        )
        projets.voter(autre, guichet.acte.financeur, str(Decimal(23000) + Decimal(plus) - deja))
        trouve = lue(guichet)
        assert len(trouve.subventions) == (len(guichet.demandes) if entre else 0)
        # Le nouveau n'a pas d'acte signé : il attend, et on le dit.
        assert [i.subvention.objet for i in trouve.incompletes] == ["Un autre projet"] * entre

    def test_un_autre_contrat_compte_dans_le_seuil(self, guichet):
        _, version = fabrique.ailleurs(guichet.site)
        dossier = projets.projet(
            version,
            guichet.acte.titulaire,
            "Ailleurs",
            etat="recevable",
            annee=guichet.acte.exercice,
        )
        projets.voter(dossier, guichet.acte.financeur, "23000")
        assert len(lue(guichet).subventions) == len(guichet.demandes)

    def test_une_autre_annee_n_y_compte_pas(self, guichet):
        dossier = projets.projet(
            guichet.site.vote.etude.ici.version,
            guichet.acte.titulaire,
            "L’an d’avant",
            etat="recevable",
            annee=guichet.acte.exercice - 1,
        )
        projets.voter(dossier, guichet.acte.financeur, "23000")
        assert lue(guichet).subventions == []


class TestManque:
    def test_sans_numero_la_ligne_attend_et_le_dit(self, client, guichet):
        publier(guichet)
        Organisme.objects.filter(pk=guichet.acte.titulaire.pk).update(siret="", siren="", rna="")
        assert telecharger(client, guichet) == []
        incompletes = lue(guichet).incompletes
        assert len(incompletes) == len(guichet.demandes)
        assert "ni Siret, ni numéro RNA" in incompletes[0].manques[0]
        pilote = guichet.site.vote.etude.ici.monde.client("pilote")
        page = pilote.get(reverse("pilotage:donnees_ouvertes", args=[guichet.contrat.code]))
        assert "ni Siret, ni numéro RNA" in page.text


class TestChoix:
    def test_le_choix_se_retient_et_se_raconte(self, guichet):
        assert publier(guichet) is True
        assert publier(guichet) is False
        assert DonneesOuvertes.objects.get().portee == PorteeOuverte.TOUTES
        faits = Evenement.objects.filter(action="conventions.choisir_ce_qui_se_publie")
        assert faits.count() == 1

    def test_un_choix_inconnu_est_refuse(self, guichet):
        with pytest.raises(Refus):
            publier(guichet, "rien")

    def test_le_pilote_choisit_a_l_ecran(self, guichet):
        client = guichet.site.vote.etude.ici.monde.client("pilote")
        adresse = reverse("pilotage:donnees_ouvertes", args=[guichet.contrat.code])
        page = client.get(adresse)
        jeton = page.text.split('name="_acteur" value="')[1].split('"')[0]
        vide = client.post(adresse, {"_acteur": jeton})
        assert vide.status_code == 422 and "Choisissez ce qui se publie." in vide.text
        assert client.post(adresse, {"_acteur": jeton, "portee": "toutes"}).status_code == 302
        assert DonneesOuvertes.objects.get().choisie_par


def test_le_nombre_de_requetes_ne_depend_pas_des_lignes(client, guichet):
    publier(guichet)

    def requetes() -> int:
        with CaptureQueriesContext(
            connection,
        ) as faites:
            lue(guichet)
        return len(faites)

    avant = requetes()
    for rang in range(5):
        dossier = projets.projet(
            guichet.site.vote.etude.ici.version,
            guichet.acte.titulaire,
            f"Projet {rang}",
            etat="recevable",
        )
        projets.voter(dossier, guichet.acte.financeur)
    assert requetes() == avant
    assert len(lue(guichet).incompletes) == 5


def test_un_vote_de_demain_n_est_pas_publie(guichet):
    hier = ouverture(VISITEUR, guichet.contrat, jour=date(2001, 1, 1))
    publier(guichet)
    avant = timezone.localdate() - timedelta(days=4000)
    assert hier.subventions == ouverture(VISITEUR, guichet.contrat, jour=avant).subventions == []
