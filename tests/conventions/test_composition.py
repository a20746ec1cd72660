"""Composer un lot : chaque acte gardé dès qu'il est fait, repris où l'on s'est arrêté, rien d'écrasé."""

import logging
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.comptes.models import Rattachement, Utilisateur
from parvis.conventions.actions import composition as actions
from parvis.conventions.actions.actes import annuler_un_acte, corriger_le_texte
from parvis.conventions.actions.echeanciers import changer_l_echeancier
from parvis.conventions.enums import EtatDActe
from parvis.conventions.models import Acte
from parvis.conventions.queries.compositions import composition
from parvis.conventions.rules.echeancier import A_LA_NOTIFICATION, EcheancePrevue
from parvis.documents.models import Fichier
from parvis.instruction.actions.equipe import se_deporter
from parvis.socle.refus import Refus
from parvis.socle.typographie import ImpressionImpossible
from parvis.travaux import execution
from parvis.travaux.enums import Etat
from parvis.travaux.models import Travail
from tests.decors import decor
from tests.fabriques import actes, comptes
from tests.fabriques import actes_a_prendre as fabrique

pytestmark = pytest.mark.django_db


@decor
def site() -> actes.Site:
    """Rend cinq actes préparés, un par association."""
    lieu = fabrique.site()
    demandes = [fabrique.demande(lieu, porteur=comptes.organisme(f"Asso {n}")) for n in range(5)]
    fabrique.preparer(lieu, fabrique.decider(lieu, dict.fromkeys(demandes, "1000")))
    return lieu


class Typographe:
    """Compose d'un trait ; `avant` est appelé par le rang de l'appel, et peut tomber en panne."""

    def __init__(self, monkeypatch):
        self.appels, self.avant = [], {}
        monkeypatch.setattr(actions, "composer_un_pdf", self)

    def __call__(self, gabarit, donnees, date) -> bytes:
        self.appels.append(donnees["numero"][-3:])
        if donnees["numero"][-3:] in self.avant:
            self.avant[donnees["numero"][-3:]]()
        return f"%PDF-1.7 {donnees['numero']}".encode()


@pytest.fixture
def typographe(monkeypatch):
    return Typographe(monkeypatch)


def demander(site, par=None) -> Travail:
    return actions.demander_la_composition(par=par or site.samia, contrat=site.contrat)


def mener(travail: Travail) -> Travail:
    execution.mener(str(travail.identifiant))
    return Travail.objects.get(pk=travail.pk)


def etats() -> dict[str, str]:
    return {acte.numero[-3:]: acte.etat for acte in Acte.objects.order_by("rang")}


def a_signer() -> list[str]:
    return [numero for numero, etat in etats().items() if etat == EtatDActe.A_SIGNER]


def entre_deux_lots(monkeypatch, faire, apres: int = 2) -> None:
    """Appelle `faire` une fois que le lot a gardé `apres` actes."""
    garder, faits = actions._garder, []

    def garder_puis(*args):
        rendu = garder(*args)
        if len(a_signer()) == apres and not faits:
            faits.append(faire())
        return rendu

    monkeypatch.setattr(actions, "_garder", garder_puis)


def test_un_lot_compose_tout_et_dit_ou_il_en_est(site, typographe, monkeypatch):
    vus = []
    entre_deux_lots(monkeypatch, lambda: vus.append(composition(site.samia, site.contrat)))
    travail = demander(site)
    assert (travail.total, composition(site.samia, site.contrat).est_ouverte) == (5, True)
    fini = mener(travail)
    assert (fini.etat, fini.resultat, fini.fait) == (Etat.TERMINE, {"actes": 5}, 5)
    assert typographe.appels == ["001", "002", "003", "004", "005"] == a_signer()
    assert (vus[0].a_composer, vus[0].est_ouverte, vus[0].avancement) == (3, True, 0)
    lu = composition(site.samia, site.contrat)
    assert (lu.a_composer, lu.est_ouverte, lu.avancement) == (0, False, 100)
    acte = Acte.objects.get(rang=3)
    assert acte.fichier.nom == f"notification-{acte.numero}-asso-2.pdf" and acte.compose_le


def test_deux_demandes_font_un_lot_et_rien_a_composer_se_dit(site, typographe):
    premier = demander(site)
    assert demander(site) == premier
    mener(premier)
    with pytest.raises(Refus, match="Aucun acte n’attend"):
        demander(site)


def test_annule_un_lot_s_arrete_et_ce_qui_est_fait_le_reste(site, typographe, monkeypatch):
    arreter = lambda: actions.annuler_la_composition(par=site.samia, contrat=site.contrat)  # noqa: E731
    entre_deux_lots(monkeypatch, arreter)
    assert mener(demander(site)).etat == Etat.ANNULE
    assert a_signer() == ["001", "002"]


def test_un_lot_arrete_se_reprend_sans_recomposer(site, typographe, monkeypatch):
    with monkeypatch.context() as un_temps:
        entre_deux_lots(
            un_temps,
            lambda: actions.annuler_la_composition(par=site.samia, contrat=site.contrat),
        )
        mener(demander(site))
    typographe.appels.clear()
    fini = mener(demander(site))
    assert (fini.etat, fini.resultat) == (Etat.TERMINE, {"actes": 3})
    assert typographe.appels == ["003", "004", "005"] and len(a_signer()) == 5
    assert Fichier.objects.filter(actes__isnull=False).count() == 5


def test_un_lot_en_attente_s_annule_sans_rien_faire(site, typographe):
    travail = demander(site)
    actions.annuler_la_composition(par=site.samia, contrat=site.contrat)
    assert mener(travail).etat == Etat.ANNULE and typographe.appels == []
    actions.annuler_la_composition(par=site.samia, contrat=site.contrat)
    assert demander(site) != travail


def test_un_texte_corrige_pendant_ce_temps_n_est_pas_ecrase(site, typographe, monkeypatch):
    """L'acte 2 est lu avec le 1 : corrigé avant d'être gardé, il se recompose ; annulé, il se jette."""
    corrige, annule = Acte.objects.get(rang=2), Acte.objects.get(rang=4)

    neuf = f"Le texte neuf.\n\n{corrige.texte}"

    def changer():
        corriger_le_texte(par=site.samia, acte=corrige, objet="Neuf", texte=neuf)

    entre_deux_lots(monkeypatch, changer, apres=1)
    autre = lambda: annuler_un_acte(par=site.samia, acte=annule, motif="Erreur.")  # noqa: E731
    entre_deux_lots(monkeypatch, autre, apres=2)
    fini = mener(demander(site))
    assert (fini.etat, fini.resultat) == (Etat.TERMINE, {"actes": 4})
    assert etats()["002"] == EtatDActe.A_SIGNER and etats()["004"] == EtatDActe.ANNULE
    corrige.refresh_from_db()
    assert corrige.texte == neuf
    assert typographe.appels.count("002") == 2
    assert composition(site.samia, site.contrat).a_composer == 0


def test_un_echeancier_change_pendant_ce_temps_se_compose_de_nouveau(site, typographe):
    """Composé sur l'ancien échéancier, l'acte 2 dirait au porteur des sommes que nul ne lui doit."""
    change = Acte.objects.get(rang=2)
    deux = [
        EcheancePrevue("acompte", Decimal(700), None, A_LA_NOTIFICATION),
        EcheancePrevue("solde", Decimal(300), None, "Visite du service"),
    ]

    def changer():
        typographe.avant.clear()
        changer_l_echeancier(par=site.samia, acte=change, echeances=deux)

    typographe.avant["002"] = changer
    assert not actions.composer_un_acte(par=site.samia, acte=change, date=timezone.now())
    assert etats()["002"] == EtatDActe.PREPARE
    assert mener(demander(site)).resultat == {"actes": 5}
    assert typographe.appels.count("002") == 2


def test_le_typographe_tombe_sur_un_acte_les_autres_se_font(site, typographe, caplog):
    def tomber():
        raise ImpressionImpossible("Mme Diarra, 12 rue des Lilas")

    typographe.avant["002"] = tomber
    with caplog.at_level(logging.ERROR):
        fini = mener(demander(site))
    assert (fini.etat, fini.erreur) == (Etat.ECHOUE, actions.ECHEC)
    assert a_signer() == ["001", "003", "004", "005"]
    assert "Diarra" not in caplog.text and "Diarra" not in fini.erreur
    typographe.avant.clear()
    assert mener(demander(site)).resultat == {"actes": 1}
    assert len(a_signer()) == 5


def test_une_panne_imprevue_garde_ce_qui_est_fait(site, typographe):
    def tomber():
        raise MemoryError

    typographe.avant["003"] = tomber
    assert mener(demander(site)).etat == Etat.ECHOUE
    assert a_signer() == ["001", "002"]


def test_qui_n_est_plus_du_service_ne_compose_plus(site, typographe):
    travail = demander(site)
    Rattachement.objects.filter(utilisateur=site.samia.utilisateur).update(fin_le="2026-01-02")
    assert mener(travail).erreur == actions.ECHEC
    Utilisateur.objects.filter(pk=site.samia.utilisateur.pk).update(is_active=False)
    Travail.objects.filter(pk=travail.pk).update(etat=Etat.EN_ATTENTE, termine_le=None)
    assert mener(travail).erreur == actions.ECHEC
    assert typographe.appels == []


def test_qui_s_est_deporte_ne_compose_pas_l_acte_de_ce_dossier(site, typographe):
    dossier = Acte.objects.get(rang=2).lignes.get().demande.dossier
    se_deporter(par=site.samia, dossier=dossier, motif="Un lien.")
    travail = demander(site)
    assert travail.total == 4
    mener(travail)
    assert "002" not in typographe.appels and etats()["002"] == EtatDActe.PREPARE


@pytest.mark.parametrize("qui", ["olga", "pilote", "gestionnaire", "visiteur"])
def test_nul_autre_ne_compose_ni_n_annule_un_lot(site, typographe, qui):
    travail, autre = demander(site), site.vote.etude.ici.acteur(qui)
    with pytest.raises((Acte.DoesNotExist, Refus)):
        demander(site, autre)
    actions.annuler_la_composition(par=autre, contrat=site.contrat)
    assert composition(autre, site.contrat).travail is None
    assert mener(travail).etat == Etat.TERMINE


def test_deux_collegues_ne_composent_pas_deux_fois(site, typographe, monkeypatch):
    """Leurs deux lots se croisent : le second trouve chaque acte composé, et jette sa copie."""
    paul = site.vote.etude.ici.monde.ajouter("paul", site.samia.organisme, "signataire")
    travaux = [demander(site), demander(site, paul)]
    menes: list[Travail] = []
    entre_deux_lots(monkeypatch, lambda: menes.append(mener(travaux[1])), apres=1)
    mener(travaux[0])
    assert len(a_signer()) == 5 and menes[0].etat == Etat.TERMINE
    assert Fichier.objects.filter(nom__startswith="notification-").count() == 5
