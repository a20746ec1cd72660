"""La vie d'un lot d'adresses : déposé, situé, rendu ; et ce qui n'en reste nulle part."""

import base64
import io

import pytest
import python_calamine
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.carte import rules
from parvis.carte.actions import lots as actions
from parvis.carte.models import Lot
from parvis.carte.queries.lots import lot_de, lots_de
from parvis.connecteurs.geocodage import faux_serveur
from parvis.journal.models import Evenement
from parvis.journal.queries.frise import frise
from parvis.socle.refus import Refus
from parvis.socle.tableaux import xlsx
from parvis.travaux.enums import Etat
from parvis.travaux.models import Travail
from tests.carte.lots import (
    FICHIER,
    TABLEAU,
    deposer,
    fuites,
    lignes,
    mener,
    relire,
    telecharger,
)
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import acteur as agir
from tests.fabriques.comptes import personne
from tests.fabriques.fils import dans_des_fils

pytestmark = pytest.mark.django_db
LUES = "Colonnes lues : « adresse », « code postal », « commune »."
PERDUE = (
    "1 adresse(s) n’ont pas été cherchées : le service qui les situe est éteint ou ne répond pas. "
    "Recommencez plus tard."
)


class TestDeposer:
    def test_garde_le_tableau_et_met_son_travail_en_file(self, lot, moi, contrat):
        relu = relire(lot)
        assert (relu.demandeur, relu.contrat, relu.lignes) == (moi.utilisateur, contrat, 3)
        assert (relu.fichier, relu.millesimes, str(relu)) == (FICHIER, [2024], "3 lignes")
        assert (relu.travail.etat, relu.travail.total) == (Etat.EN_ATTENTE, 3)
        assert relu.travail.parametres == {"lot": lot.pk}
        assert not relu.est_pret and not relu.est_efface
        assert DBTaskResult.objects.count() == 1

    def test_le_contenu_est_chiffre_dans_la_base(self, lot):
        assert fuites() == {"confidentiels": ["carte_lot"]}
        assert base64.b64encode(TABLEAU.encode()).decode()[:40] not in relire(lot).contenu

    def test_le_resultat_est_chiffre_dans_la_base(self, lot, geocodeur):
        fini = mener(lot)
        assert fini.est_pret and b"Verger" not in base64.urlsafe_b64decode(fini.resultat)
        assert fuites() == {"confidentiels": ["carte_lot"]}

    def test_le_journal_dit_l_acte_sans_le_nom_ni_le_contenu(self, lot):
        acte = Evenement.objects.get(action="carte.deposer_un_lot")
        assert (acte.contrat, acte.objet) == ("tilleuls", f"lot:{lot.identifiant}")
        assert acte.objet_nom == "un tableau d’adresses"
        assert acte.details.contenu == {"lignes": 3}
        page = frise(acte.objet, regard="pilotage", contrat="tilleuls")
        assert "a fait situer un tableau d’adresses de 3 lignes." in page.lignes[0].phrase

    @pytest.mark.parametrize(
        ("octets", "motif"),
        [
            (b"%PDF-1.7 rien", "est un PDF, pas un tableau."),
            (b"", "est vide"),
            (b";;\r\n;;\r\n", "aucune cellule remplie"),
            (b"PK\x03\x04 pas un classeur", "classeur"),
            (b"nom;age\r\nNadia;12\r\n", "Aucune colonne ne dit où"),
            (b"adresse;commune\r\n", "Ce tableau n’a aucune ligne sous son en-tête."),
        ],
    )
    def test_ce_qui_ne_se_lit_pas_est_refuse_sans_rien_garder(self, moi, contrat, octets, motif):
        with pytest.raises(Refus, match=motif):
            deposer(moi, contrat, texte=octets)
        assert not Lot.objects.exists() and not Travail.objects.exists()

    def test_un_tableau_trop_long_est_refuse_sans_etre_situe(self, moi, contrat, monkeypatch):
        monkeypatch.setattr(rules, "LIGNES_MAX", 2)
        actes = Evenement.objects.count()
        with pytest.raises(Refus, match="Ce tableau a 3 lignes ; le site en situe 2 à la fois"):
            deposer(moi, contrat)
        monkeypatch.setattr(actions, "LIGNES_MAX", 2)
        with pytest.raises(Refus, match="Ligne 4 : le tableau a plus de 2 lignes"):
            deposer(moi, contrat)
        assert not Lot.objects.exists() and not Travail.objects.exists()
        assert not DBTaskResult.objects.exists() and Evenement.objects.count() == actes

    def test_cinq_tableaux_ouverts_par_personne(self, moi, autre, contrat):
        ouverts = [deposer(moi, contrat) for _ in range(5)]
        with pytest.raises(Refus, match="Vous avez déjà 5 tableaux en attente"):
            deposer(moi, contrat)
        deposer(autre, contrat)
        actions.effacer_le_lot(par=moi, lot=ouverts[0])
        deposer(moi, contrat)

    def test_la_lecture_s_arrete_a_ce_que_le_site_situe(self, moi, contrat, monkeypatch):
        vues = {}
        lire = actions.lire_tableau
        monkeypatch.setattr(
            actions, "lire_tableau", lambda *args, **kw: vues.update(kw) or lire(*args, **kw)
        )
        deposer(moi, contrat)
        assert vues == {"lignes_max": rules.LIGNES_MAX}

    def test_le_sixieme_est_refuse_sans_etre_lu(self, moi, contrat, monkeypatch):
        for _ in range(5):
            deposer(moi, contrat)

        def lire(*_args, **_options):
            pytest.fail("le fichier a été lu")

        monkeypatch.setattr(actions, "lire_tableau", lire)
        with pytest.raises(Refus, match="Vous avez déjà 5 tableaux en attente") as refus:
            deposer(moi, contrat)
        assert len(refus.value.motifs) == 1 and Lot.objects.count() == 5

    def test_un_nom_demesure_garde_sa_fin(self, moi, contrat):
        assert deposer(moi, contrat, nom="x" * 300 + ".csv").fichier == "x" * 196 + ".csv"


class TestSituer:
    def test_le_meme_tableau_avec_des_colonnes_de_plus(self, lot, moi):
        fini = mener(lot)
        assert (fini.travail.etat, fini.travail.fait) == (Etat.TERMINE, 3)
        rendu = telecharger(moi, fini)
        assert (rendu.sorte, rendu.nom) == ("text/csv", "adherents-confidentiels-situe.csv")
        nadia, paul, lea = lignes(rendu.octets)
        assert nadia["nom"] == "Nadia Belkacem"
        assert nadia["adresse_trouvee"] == "4 Rue du Verger, 94990 Val-des-Tilleuls"
        assert (nadia["qpv_2024"], nadia["qpv_2024_code"]) == ("oui", "QN94001A")
        assert (paul["qpv_2024"], paul["qpv_2024_code"]) == ("non", "")
        assert lea["qpv_2024"] == "inconnu"
        assert "qpv_2015" not in nadia

    def test_le_decompte_n_a_ni_nom_ni_adresse(self, lot):
        assert mener(lot).decompte["millesimes"] == [
            {
                "millesime": 2024,
                "reponses": {"oui": 1, "non": 1, "inconnu": 1},
                "quartiers": [{"code": "QN94001A", "nom": "Le Grand Verger", "nombre": 1}],
            }
        ]

    def test_deux_generations_a_la_fois(self, moi, contrat):
        fini = mener(deposer(moi, contrat, millesimes=[2024, 2015]))
        _, paul, _ = lignes(telecharger(moi, fini).octets)
        assert (paul["qpv_2024"], paul["qpv_2015"]) == ("non", "oui")
        assert paul["qpv_2015_nom"] == "Le Moulin"
        assert [d["millesime"] for d in fini.decompte["millesimes"]] == [2024, 2015]

    def test_sans_geocodeur_un_avertissement_le_dit(self, lot):
        assert mener(lot).decompte["avertissements"] == [LUES, PERDUE]

    def test_une_ligne_sans_adresse_le_dit_et_n_est_pas_une_adresse_perdue(self, moi, contrat):
        texte = TABLEAU + "Sans Adresse;;;\r\n;;;\r\nAvec Commune; ;94990;Val-des-Tilleuls\r\n"
        fini = mener(deposer(moi, contrat, texte=texte))
        assert fini.decompte["avertissements"] == [LUES, PERDUE]
        *_, sans, vide, commune = lignes(telecharger(moi, fini).octets)
        for ligne in (sans, commune):
            assert ligne["qpv_2024"] == "inconnu"
            assert ligne["qpv_2024_motif"] == "Il n’y a pas d’adresse sur cette ligne."
        assert (vide["qpv_2024"], vide["qpv_2024_motif"]) == ("", "")

    def test_une_ligne_sans_adresse_ne_se_demande_a_personne(self, moi, contrat, geocodeur):
        texte = "adresse;commune\r\n4 rue du Verger;Val-des-Tilleuls\r\n;Port-Tilleul\r\n"
        fini = mener(deposer(moi, contrat, texte=texte))
        assert fini.travail.etat == Etat.TERMINE
        assert fini.decompte["avertissements"] == ["Colonnes lues : « adresse », « commune »."]
        assert geocodeur.appels == []

    def test_une_adresse_sans_commune_est_a_verifier(self, moi, contrat):
        fini = mener(deposer(moi, contrat, texte="adresse\r\n4 rue du Verger\r\n"))
        (ligne,) = lignes(telecharger(moi, fini).octets)
        assert (ligne["qpv_2024"], ligne["score"]) == ("à vérifier", "0,75")

    def test_le_geocodeur_en_panne_aussi(self, lot, settings):
        with faux_serveur.demarre("panne") as serveur:
            settings.GEOCODAGE = serveur.adresse
            assert mener(lot).decompte["avertissements"] == [LUES, PERDUE]

    def test_le_geocodeur_ne_recoit_que_l_adresse_inconnue(self, lot, moi, geocodeur):
        fini = mener(lot)
        assert fini.decompte["avertissements"] == [LUES]
        assert lignes(telecharger(moi, fini).octets)[2]["qpv_2024"] == "oui"
        ((envoye, *_),) = geocodeur.appels
        assert "12 rue des Tilleuls" in envoye
        assert "Personne" not in envoye and "Verger" not in envoye

    def test_un_classeur_revient_en_classeur(self, moi, contrat):
        tableau = [("Nadia", "4 rue du Verger", "94990"), ("Ici", "", "")]
        octets = xlsx(("nom", "adresse", "code postal"), tableau, "Feuille")
        fini = mener(deposer(moi, contrat, nom="adresses.xlsx", texte=octets))
        rendu = telecharger(moi, fini)
        assert rendu.nom == "adresses-situe.xlsx" and "spreadsheetml" in rendu.sorte
        classeur = python_calamine.load_workbook(io.BytesIO(rendu.octets))
        entete, premiere, _ = classeur.get_sheet_by_index(0).to_python()
        assert dict(zip(entete, premiere, strict=True))["qpv_2024"] == "oui"

    @pytest.mark.parametrize(
        ("nom", "rendu"),
        [
            ("adresses", "adresses-situe.csv"),
            (".csv", "csv-situe.csv"),
            ("liste.2024.CSV", "liste.2024-situe.csv"),
            ("relevé d’été.csv", "relevé d’été-situe.csv"),
        ],
    )
    def test_le_nom_rendu_est_celui_du_depot_et_dit_qu_il_est_situe(self, moi, contrat, nom, rendu):
        fichier = telecharger(moi, mener(deposer(moi, contrat, nom=nom)))
        assert fichier.nom == rendu

    def test_des_coordonnees_se_situent_sans_adresse(self, moi, contrat):
        texte = "lat;lon\r\n48,7862;2,3904\r\n0;0\r\n"
        fini = mener(deposer(moi, contrat, texte=texte))
        ici, nulle_part = lignes(telecharger(moi, fini).octets)
        assert (ici["qpv_2024"], nulle_part["qpv_2024"]) == ("oui", "inconnu")
        manquent = "Les coordonnées manquent, ou ne se lisent pas."
        assert nulle_part["qpv_2024_motif"] == manquent and ici["qpv_2024_motif"] != manquent
        # Aucune adresse n'était à chercher : aucune n'est perdue.
        assert fini.decompte["avertissements"] == ["Colonnes lues : « lat », « lon »."]


class TestRendre:
    def test_telecharger_efface_tout_ce_qui_est_personnel(self, lot, moi, geocodeur):
        fini = mener(lot)
        assert b"Nadia Belkacem" in telecharger(moi, fini).octets
        vide = relire(lot)
        assert (vide.contenu, vide.resultat, vide.fichier) == ("", "", "")
        assert vide.est_efface and vide.decompte["millesimes"]
        assert fuites() == {}

    def test_il_ne_se_telecharge_qu_une_fois(self, lot, moi):
        telecharger(moi, mener(lot))
        with pytest.raises(Refus, match="n’est pas prêt, ou il a déjà été téléchargé"):
            telecharger(moi, lot)

    def test_pas_avant_d_etre_pret(self, lot, moi):
        with pytest.raises(Refus, match="n’est pas prêt"):
            telecharger(moi, lot)
        assert relire(lot).contenu

    def test_la_base_refuse_un_lot_efface_qui_garde_quelque_chose(self, lot):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lot.objects.filter(pk=lot.pk).update(efface_le=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            Lot.objects.filter(pk=lot.pk).update(
                efface_le=timezone.now(), contenu="", resultat="", fichier="reste.csv"
            )

    @pytest.mark.django_db(transaction=True)
    def test_deux_telechargements_a_la_fois_n_en_font_qu_un(self, base_partagee):
        def preparer(_rang: int):
            par = agir(personne("Amina"))
            return par, mener(deposer(par, contrat_publie().contrat))

        ((par, lot),) = dans_des_fils(preparer, 1)

        def essayer(_rang: int) -> bool:
            try:
                return bool(telecharger(par, lot).octets)
            except Refus:
                return False

        assert sum(dans_des_fils(essayer, 4)) == 1


def test_chacun_ne_lit_que_ses_lots_et_dans_leur_contrat(lot, moi, autre, contrat):
    voisin = contrat_publie("voisin").contrat
    assert list(lots_de(moi, contrat)) == [lot]
    assert not lots_de(autre, contrat).exists() and not lots_de(moi, voisin).exists()
    assert lot_de(moi, contrat, lot.identifiant) == lot
    for qui, ou in ((autre, contrat), (moi, voisin)):
        with pytest.raises(Lot.DoesNotExist):
            lot_de(qui, ou, lot.identifiant)
