"""Arbitrer en séance, annuler, ajourner ce qui reste ; publier ce qu'elle propose, sans rien accorder."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.actions.depot import retirer_le_dossier
from parvis.dossiers.enums import EtatDeDemande, Guichet, NatureDeDemande
from parvis.dossiers.models import Demande
from parvis.dossiers.queries.projets_visibles import dossiers_publics
from parvis.dossiers.queries.suivi import proposition_a_voter, suivi_du_projet
from parvis.instruction.actions.equipe import se_deporter
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.programmation.actions import arbitrages, seances
from parvis.programmation.actions.arbitrages import Propose
from parvis.programmation.enums import EtatDeSeance, Resultat
from parvis.programmation.models import Arbitrage
from parvis.programmation.queries.ordre_du_jour import ordre_du_jour
from parvis.socle.refus import Refus
from parvis.socle.templatetags.socle import jour as en_clair
from tests.decors import decor
from tests.fabriques import comptes, decisions, instruction
from tests.fabriques import seances as fabrique
from tests.fabriques.seances import Tenue
from tests.programmation import essais_de_seance as essais
from tests.programmation.essais_de_seance import NON, oui, simple

pytestmark = pytest.mark.django_db
PLUS_TARD = Propose(Resultat.AJOURNE, motif="Le porteur est à rencontrer.")
AILLEURS = Propose(Resultat.ORIENTE, motif="C’est un séjour.", vers="Vacances pour tous")


@decor
def ouverte() -> Tenue:
    """Rend une séance ouverte : la caisse y est priée de 2 000 €, la commune de 1 000 €."""
    return fabrique.seance().ouvrir()


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


@pytest.fixture
def caisse(ouverte) -> Demande:
    return ouverte.etude.demande(ouverte.samia)


@pytest.fixture
def commune(ouverte) -> Demande:
    return ouverte.etude.demande(ouverte.etude.olga)


def valants(ouverte) -> list[tuple[int, str, Decimal | None]]:
    lus = Arbitrage.objects.filter(point__seance=ouverte.seance, vaut=True).order_by("demande")
    return list(lus.values_list("demande", "resultat", "montant"))


def annuler(ouverte) -> Arbitrage:
    return arbitrages.annuler_le_dernier(par=ouverte.pilote, seance=ouverte.seance)


def publier(ouverte) -> None:
    ouverte.lever()
    arbitrages.publier_la_seance(par=ouverte.pilote, seance=ouverte.seance)


def propositions() -> list[str]:
    lus = Courriel.objects.filter(objet__contains="ce que propose la séance")
    return [simple(courriel.texte) for courriel in lus.order_by("pk")]


# Arbitrer.


@pytest.mark.parametrize(
    ("propose", "motif"),
    [
        (oui(0), "écrivez le montant"),
        (oui("2000.01"), "2 000,01 € pour 2 000 € demandés"),
        (Propose(Resultat.REFUSE, motif=" \n "), "dites pourquoi"),
        (Propose(Resultat.AJOURNE), "dites pourquoi"),
        (Propose(Resultat.ORIENTE, motif="Un séjour"), "dites vers quel dispositif"),
        (Propose("pile ou face", motif="x"), "choisissez ce que propose la séance"),
    ],
)
def test_un_arbitrage_refuse_ne_s_ecrit_pas(ouverte, caisse, propose, motif):
    essais.arbitrer(ouverte, caisse, oui(100))
    with pytest.raises(Refus) as refus:
        essais.arbitrer(ouverte, caisse, propose)
    assert simple(str(refus.value)).startswith("Caisse des Tilleuls, Politique de la ville : ")
    assert motif in simple(str(refus.value))
    assert valants(ouverte) == [(caisse.pk, "accorde", Decimal(100))]


def test_chaque_resultat_ne_garde_que_ses_mots(ouverte, caisse):
    tout = {"condition": "Un\nlieu.", "motif": "Une\nraison.", "vers": "Été\nici.", "montant": 9}
    gardes = {}
    for resultat in Resultat:
        ecrit = essais.arbitrer(ouverte, caisse, Propose(resultat, **tout))
        gardes[resultat] = (ecrit.montant, ecrit.condition, ecrit.motif, ecrit.vers)
    assert gardes == {
        Resultat.ACCORDE: (9, "Un lieu.", "Une raison.", ""),
        Resultat.REFUSE: (None, "", "Une raison.", ""),
        Resultat.AJOURNE: (None, "", "Une raison.", ""),
        Resultat.ORIENTE: (None, "", "Une raison.", "Été ici."),
    }


def test_on_n_arbitre_que_ce_qui_est_a_l_ordre_du_jour(ouverte, caisse):
    hors = instruction.recevable(ouverte.etude.ici, titre="Le potager")
    region = comptes.organisme("Région", "region")
    exercice = caisse.exercice
    for demande in (
        hors.demandes.get(financeur=ouverte.etude.ici.caisse),
        essais.demander(ouverte, region, exercice=exercice + 1),
        essais.demander(ouverte, region, etat=EtatDeDemande.REFUSEE),
        essais.demander(ouverte, None, financeur_nom="Fondation", guichet=Guichet.AILLEURS),
    ):
        with pytest.raises(Demande.DoesNotExist):
            essais.arbitrer(ouverte, demande, oui(10))
    assert ouverte.restent == 2


def test_une_demande_suivie_ailleurs_s_arbitre_et_se_publie_avec_les_autres(ouverte):
    region = comptes.organisme("Région", "region")
    la = essais.demander(ouverte, region, guichet=Guichet.AILLEURS)
    assert ouverte.restent == 3
    essais.arbitrer(ouverte, la, oui(400))
    ouverte.publier()
    la.refresh_from_db()
    assert (la.montant_arbitre, la.etat) == (Decimal(400), EtatDeDemande.DEMANDEE)
    assert (
        "– proposition favorable de Région : 400 €, sous réserve de son vote." in propositions()[0]
    )


def test_deux_demandes_d_un_financeur_s_arbitrent_et_se_disent_chacune(ouverte, caisse):
    seconde = essais.demander(ouverte, ouverte.etude.ici.caisse, 300, ligne="Jeunesse")
    essais.arbitrer(ouverte, caisse, oui(2000))
    essais.arbitrer(ouverte, seconde, NON)
    ouverte.publier()
    dit = propositions()[0]
    assert "favorable de Caisse des Tilleuls, Politique de la ville : 2 000 €" in dit
    assert "pas de proposition favorable de Caisse des Tilleuls, Jeunesse, dont la décision" in dit


def test_un_apport_en_nature_s_arbitre_sans_compter_comme_de_l_argent(ouverte, caisse):
    salle = essais.demander(ouverte, ouverte.etude.ici.caisse, 700, nature=NatureDeDemande.NATURE)
    essais.arbitrer(ouverte, caisse, oui(1500))
    essais.arbitrer(ouverte, salle, oui(700))
    lue = ordre_du_jour(ouverte.pilote, ouverte.seance)
    (table,) = [t for t in lue.tables if t.nom == "Caisse des Tilleuls"]
    assert (table.demande, table.arbitre, table.demandes, table.restent) == (2000, 1500, 2, 0)
    assert (lue.points[0].demande, lue.points[0].arbitre) == (3000, 1500)


# Le verrou optimiste.


def test_qui_n_a_pas_lu_le_dernier_mot_ne_l_ecrase_pas(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(1500), depart=0)
    with pytest.raises(Refus) as refus:
        essais.arbitrer(ouverte, caisse, NON, depart=0)
    assert simple(str(refus.value)) == (
        "Caisse des Tilleuls, Politique de la ville : quelqu’un vient de l’arbitrer (accordée en "
        "partie, 1 500 € sur 2 000 € demandés). Relisez, puis recommencez."
    )
    assert essais.arbitrer(ouverte, caisse, NON, depart=1).rang == 2
    annuler(ouverte)
    with pytest.raises(Refus, match=r"annuler son arbitrage \(accordée.* vaut de nouveau\)"):
        essais.arbitrer(ouverte, caisse, NON, depart=2)
    annuler(ouverte)
    with pytest.raises(Refus, match=r"vient d’annuler son arbitrage\. Relisez"):
        essais.arbitrer(ouverte, caisse, NON, depart=1)
    assert essais.arbitrer(ouverte, caisse, oui(7), depart=0).rang == 3


def test_sans_depart_le_dernier_mot_vaut(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(1500))
    essais.arbitrer(ouverte, caisse, NON)
    assert valants(ouverte) == [(caisse.pk, "refuse", None)]


# Annuler.


def test_annuler_remonte_la_suite_des_arbitrages_un_a_un(ouverte, caisse, commune):
    essais.arbitrer(ouverte, caisse, oui(1500))
    essais.arbitrer(ouverte, commune, PLUS_TARD)
    essais.arbitrer(ouverte, caisse, NON)
    attente = (commune.pk, "ajourne", None)
    assert (annuler(ouverte).demande, valants(ouverte)) == (
        caisse,
        [(caisse.pk, "accorde", Decimal(1500)), attente],
    )
    essais.arbitrer(ouverte, caisse, oui(800))
    annuler(ouverte)
    assert valants(ouverte) == [(caisse.pk, "accorde", Decimal(1500)), attente]
    assert annuler(ouverte).demande == commune
    dernier = annuler(ouverte)
    assert (dernier.vaut, dernier.annule_par) == (False, ouverte.pilote.utilisateur_nom)
    assert valants(ouverte) == [] and ouverte.restent == 2
    with pytest.raises(Refus, match="Il n’y a rien à annuler"):
        annuler(ouverte)
    assert Arbitrage.objects.filter(annule_le__isnull=False).count() == 4


def test_annuler_ne_touche_pas_une_autre_seance(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, PLUS_TARD)
    ouverte.publier()
    autre = Tenue(
        ouverte.etude, ouverte.instance, ouverte.mandats, essais.suivante(ouverte, dans_jours=-1)
    ).ouvrir()
    with pytest.raises(Refus, match="rien à annuler"):
        annuler(autre)
    assert len(valants(ouverte)) == 2


# Ajourner ce qui reste.


def test_ajourner_le_reste_laisse_ce_qui_est_dit(ouverte, caisse, commune):
    essais.arbitrer(ouverte, caisse, oui(10))
    assert arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance) == 1
    assert valants(ouverte) == [
        (caisse.pk, "accorde", Decimal(10)),
        (commune.pk, "ajourne", None),
    ]
    with pytest.raises(Refus, match="Tout est déjà arbitré"):
        arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance)


# Levée, puis publiée.


def test_levee_la_seance_se_corrige_publiee_elle_ne_change_plus(ouverte, caisse):
    ouverte.arbitrer(ouverte.samia, montant="10")
    ouverte.lever()
    essais.arbitrer(ouverte, caisse, oui(20))
    annuler(ouverte)
    assert arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance) == 1
    arbitrages.publier_la_seance(par=ouverte.pilote, seance=ouverte.seance)
    for geste in (
        lambda: essais.arbitrer(ouverte, caisse, oui(30)),
        lambda: annuler(ouverte),
        lambda: arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance),
    ):
        with pytest.raises(Refus, match="« publiée » : elle ne change plus"):
            geste()
    with pytest.raises(Refus, match="« publiée » : cela ne se fait pas, ou plus"):
        arbitrages.publier_la_seance(par=ouverte.pilote, seance=ouverte.seance)
    ecrits = Courriel.objects.filter(objet__contains="ce que propose la séance")
    adresses = list(ecrits.values_list("destinataire", flat=True))
    assert adresses and len(adresses) == len(set(adresses))


def test_rien_n_en_est_dit_avant_la_publication(ouverte, caisse):
    avant = Courriel.objects.count()
    essais.arbitrer(ouverte, caisse, oui(1500))
    arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance)
    ouverte.lever()
    caisse.refresh_from_db()
    assert (caisse.montant_arbitre, proposition_a_voter(caisse, jour=timezone.localdate())) == (
        None,
        "",
    )
    objet = f"dossier:{ouverte.etude.dossier.pk}"
    for regard in Regard.values:
        dits = " ".join(ligne.phrase for ligne in frise(objet, regard=regard).lignes)
        assert "séance" not in dits and "1 500" not in simple(dits)
    assert Courriel.objects.count() == avant


def test_ce_qui_reste_a_arbitrer_empeche_de_publier(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(10))
    ouverte.lever()
    with pytest.raises(Refus) as refus:
        arbitrages.publier_la_seance(par=ouverte.pilote, seance=ouverte.seance)
    assert refus.value.motifs == ["1 demande sans arbitrage : arbitrez, ou ajournez ce qui reste."]
    ouverte.seance.refresh_from_db()
    assert ouverte.seance.etat == EtatDeSeance.LEVEE and propositions() == []


def test_publier_dit_chaque_resultat_au_porteur_sans_rien_accorder(ouverte, caisse, commune):
    region = comptes.organisme("Région", "region")
    bailleur = comptes.organisme("Bailleur", "bailleur")
    dites = [
        (caisse, oui(1500, condition="L’accord du maire."), Decimal(1500)),
        (commune, PLUS_TARD, None),
        (essais.demander(ouverte, region), NON, Decimal(0)),
        (essais.demander(ouverte, bailleur), AILLEURS, Decimal(0)),
    ]
    for demande, propose, _ in dites:
        essais.arbitrer(ouverte, demande, propose)
    le_vote = timezone.localdate() + timedelta(days=20)
    seances.apporter(
        par=ouverte.samia,
        seance=ouverte.seance,
        financeur=ouverte.samia.organisme,
        montant=Decimal(9999),
        vote_prevu_le=le_vote,
    )
    publier(ouverte)
    le = timezone.localdate(ouverte.seance.reunion.commence_le)
    for demande, _, arbitre in dites:
        demande.refresh_from_db()
        assert (demande.montant_arbitre, demande.montant_vote) == (arbitre, None)
        assert (demande.etat, demande.arbitre_le) == ("demandee", None if arbitre is None else le)
    dit = propositions()[0]
    reserve = simple(f"sous réserve du vote du {en_clair(le_vote)}")
    ligne = "Politique de la ville"
    for phrase in (
        f"– proposition favorable de Caisse des Tilleuls, {ligne} : 1 500 €, {reserve}, "
        "à condition : L’accord du maire.\n",
        f"– Commune du Val-des-Tilleuls, {ligne} : à revoir à une prochaine séance. "
        "Le porteur est à rencontrer.\n",
        "– pas de proposition favorable de Région, dont la décision dira pourquoi.\n",
        "– pas de proposition favorable de Bailleur, dont la décision dira pourquoi (la séance "
        f"conseille : {AILLEURS.vers}).\n",
        "Rien n’est encore voté :",
    ):
        assert phrase in dit, phrase
    assert "9 999" not in dit and "épuisée" not in dit
    phrases = [
        d.phrase
        for e in suivi_du_projet(ouverte.etude.dossier.projet, jour=timezone.localdate()).exercices
        for d in e.demandes
    ]
    favorable = f"proposition favorable de Caisse des Tilleuls : 1 500 €, {reserve}"
    assert f"2 000 € demandés, {favorable}" in [simple(phrase) for phrase in phrases]
    assert not dossiers_publics(timezone.localdate()).exists()


def test_publier_se_raconte_au_porteur_jamais_au_public(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(1500))
    ouverte.publier()
    objet = f"dossier:{ouverte.etude.dossier.pk}"
    [phrase] = [
        ligne.phrase
        for ligne in frise(objet, regard=Regard.MEMBRES).lignes
        if "La séance du" in ligne.phrase
    ]
    assert "proposition favorable de Caisse des Tilleuls, Politique" in phrase
    public = frise(objet, regard=Regard.PUBLIC).lignes
    assert not any("séance" in ligne.phrase for ligne in public)


def test_un_dossier_retire_entre_temps_ne_se_propose_plus(ouverte, caisse):
    (autre,) = essais.ajouter_des_dossiers(ouverte)
    essais.arbitrer(ouverte, caisse, oui(1500))
    essais.arbitrer(ouverte, autre.demandes.get(financeur=caisse.financeur), oui(900))
    arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance)
    retirer_le_dossier(par=ouverte.etude.ici.porte, dossier=ouverte.etude.dossier, motif="Parti.")
    publier(ouverte)
    caisse.refresh_from_db()
    assert (caisse.montant_arbitre, caisse.etat) == (None, EtatDeDemande.RETIREE)
    assert propositions() and not any("1 500 €" in dit for dit in propositions())
    # Le relevé garde ce que la séance en avait dit.
    lue = ordre_du_jour(ouverte.pilote, ouverte.seance)
    assert [point.arbitre for point in lue.points] == [1500, 900]


def test_une_demande_votee_entre_temps_garde_son_vote(ouverte, caisse, commune):
    essais.arbitrer(ouverte, caisse, oui(1500))
    essais.arbitrer(ouverte, commune, oui(600))
    decisions.vote(ouverte.etude).publiee("1200")
    with pytest.raises(Refus, match="n’est plus à arbitrer"):
        essais.arbitrer(ouverte, caisse, oui(1200))
    publier(ouverte)
    caisse.refresh_from_db()
    assert (caisse.montant_vote, caisse.montant_arbitre) == (Decimal(1200), None)
    assert proposition_a_voter(caisse, jour=timezone.localdate()) == ""
    assert all("Caisse des Tilleuls" not in dit and "600 €" in dit for dit in propositions())


def test_une_demande_votee_sans_arbitrage_n_empeche_pas_de_publier(ouverte, commune):
    essais.arbitrer(ouverte, commune, oui(600))
    decisions.vote(ouverte.etude).publiee("1200")
    publier(ouverte)
    commune.refresh_from_db()
    assert commune.montant_arbitre == 600


def test_une_pilote_deportee_d_un_dossier_publie_sans_en_rien_lire(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(10))
    arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance)
    ouverte.lever()
    paule = essais.autre_pilote(ouverte)
    se_deporter(par=paule, dossier=ouverte.etude.dossier, motif="Un lien.")
    publiee = arbitrages.publier_la_seance(par=paule, seance=ouverte.seance)
    assert ordre_du_jour(paule, publiee).points == []
    caisse.refresh_from_db()
    assert caisse.montant_arbitre == 10
