"""Reprendre le tableau rempli hors du site : sa colonne seule, ce qui change d'abord, tout ou rien."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis.dossiers.models import Demande, Dossier
from parvis.instruction.models import Avis
from tests.espace_financeur.test_programmation import Site, copier
from tests.espace_porteur.conftest import lire, mots
from tests.fabriques.comptes import envoi

pytestmark = pytest.mark.django_db

PROPOSE = "Proposé par mon service (€)"


class Tableur(Site):
    """Le navigateur d'une personne, et le tableur où elle remplit sa colonne."""

    def emporter(self):
        classeur = openpyxl.load_workbook(
            io.BytesIO(self.get("programmation_tableau", "xlsx").content)
        )
        self.classeur, self.feuille = classeur, classeur.active
        self.titres = [cellule.value for cellule in self.feuille[1]]
        return self

    def ecrire(self, rang, valeur, titre=PROPOSE):
        self.feuille.cell(rang, self.titres.index(titre) + 1).value = valeur
        return self

    def rendre(self):
        sortie = io.BytesIO()
        self.classeur.save(sortie)
        fichier = SimpleUploadedFile("programmation.xlsx", sortie.getvalue())
        adresse = reverse("espace_financeur:reprendre_la_programmation", args=["tilleuls"])
        return self.client.post(adresse, envoi(self.acteur, fichier=fichier))

    def confirmer(self, page):
        adresse = reverse("espace_financeur:ecrire_la_programmation", args=["tilleuls"])
        champs = envoi(self.acteur, jeton=page.context["jeton"])
        return self.client.post(adresse, champs, follow=True)


@pytest.fixture
def samia(etude):
    return Tableur(etude, "samia")


def proposes(etude):
    siennes = Demande.objects.filter(financeur=etude.samia.organisme).order_by("dossier__numero")
    return [demande.montant_propose for demande in siennes]


def test_ce_qui_change_se_relit_puis_s_ecrit(etude, samia):
    copier(etude.dossier, 1)
    etude.rendre(etude.samia, montant="1000", note_interne="À part.")
    page = samia.emporter().ecrire(2, 1250.5).ecrire(3, 700).rendre()
    assert "2 montants à proposer" in mots(page) and "1 250,50 €" in mots(page)
    assert proposes(etude) == [1000, None]
    fini = samia.confirmer(page)
    assert "2 montants proposés" in mots(fini)
    assert proposes(etude) == [Decimal("1250.50"), Decimal(700)]
    assert Avis.objects.filter(dossier=etude.dossier).latest("rang").note_interne == "À part."


def test_un_fichier_rendu_tel_quel_ne_change_rien(etude, samia):
    etude.rendre(etude.samia, montant="1234,50".replace(",", "."))
    page = samia.emporter().rendre()
    assert "Rien ne change" in mots(page) and not page.context["relecture"].reprises


def test_une_cellule_videe_ne_propose_plus_rien(etude, samia):
    etude.rendre(etude.samia, montant="1000")
    samia.confirmer(samia.emporter().ecrire(2, None).rendre())
    assert proposes(etude) == [None] and Avis.objects.count() == 2


def test_les_autres_colonnes_du_fichier_ne_changent_rien(etude, samia):
    autre = "Commune du Val-des-Tilleuls : demandé (€)"
    samia.emporter().ecrire(2, 9, autre).ecrire(2, "Volé", "Projet").ecrire(
        2, 5, "Demandé en tout (€)"
    )
    assert not samia.rendre().context["relecture"].reprises


@pytest.mark.parametrize(
    ("titre", "valeur", "dit"),
    [
        (PROPOSE, "beaucoup", "n’est pas un montant"),
        (PROPOSE, 2000.01, "plus que les 2 000 € demandés"),
        (PROPOSE, -5, "négatif"),
        ("Numéro", "2031-0001", "n’est pas de votre tableau"),
        ("Numéro", None, "sans numéro"),
    ],
)
def test_une_seule_ligne_refusee_et_rien_ne_s_ecrit(etude, samia, titre, valeur, dit):
    copier(etude.dossier, 1)
    samia.emporter().ecrire(2, 10).ecrire(3, 20).ecrire(3, valeur, titre)
    page = samia.rendre()
    assert "Rien ne peut s’écrire" in mots(page), mots(page)
    assert dit in lire(page).replace("\xa0", " ") and "Ligne 3" in lire(page)
    assert "Proposer ces montants" not in lire(page)
    assert not Avis.objects.exists()


def test_l_avis_d_un_collegue_rendu_depuis_l_export_ne_s_ecrase_pas(etude, samia):
    samia.emporter().ecrire(2, 500)
    etude.rendre(etude.samia, montant="1000")
    assert "depuis que ce fichier est emporté" in lire(samia.rendre())


def test_ce_qui_change_entre_l_apercu_et_l_ecriture_arrete_tout(etude, samia):
    copier(etude.dossier, 1)
    page = samia.emporter().ecrire(2, 10).ecrire(3, 20).rendre()
    autre = Dossier.objects.exclude(pk=etude.dossier.pk).get()
    Dossier.objects.filter(pk=autre.pk).update(etat="retire")
    fini = samia.confirmer(page)
    assert "Rien n’est écrit" in mots(fini) and proposes(etude) == [None, None]


def test_un_dossier_de_deux_demandes_se_change_sur_sa_page(etude, samia):
    demande = etude.demande(etude.samia)
    demande.pk, demande.rang, demande._state.adding = None, 40, True
    demande.save()
    assert "plusieurs choses" in lire(samia.emporter().ecrire(2, 10).rendre())


def test_un_dossier_deux_fois_dans_le_fichier_se_refuse(etude, samia):
    samia.emporter().feuille.append([cellule.value for cellule in samia.feuille[2]])
    assert "déjà plus haut" in lire(samia.rendre())


def test_un_fichier_sans_la_colonne_se_refuse(etude, samia):
    samia.emporter().ecrire(1, "Autre chose")
    assert "Il manque au fichier" in lire(samia.rendre())


def test_un_apercu_d_un_autre_ne_s_ecrit_pas(etude, samia):
    page = samia.emporter().ecrire(2, 10).rendre()
    olga = Tableur(etude, "olga")
    assert "n’est plus le vôtre" in mots(olga.confirmer(page))
    adresse = reverse("espace_financeur:ecrire_la_programmation", args=["tilleuls"])
    fini = samia.client.post(adresse, envoi(samia.acteur, jeton="faux"), follow=True)
    assert "ne se relit pas" in mots(fini) and not Avis.objects.exists()
