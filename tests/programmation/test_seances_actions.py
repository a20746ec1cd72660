"""Préparer une séance, son ordre du jour, ce que chacun y apporte ; l'ouvrir, la lever, la jeter."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.dossiers.models import Demande, Dossier
from parvis.instances.actions import annuler_une_reunion, noter_les_presences, tenir_une_reunion
from parvis.instances.enums import EtatDePresence, EtatDeReunion
from parvis.instances.models import Reunion
from parvis.instances.rules import Venue
from parvis.instruction.actions.equipe import se_deporter
from parvis.journal.models import Evenement
from parvis.programmation.actions import arbitrages, seances
from parvis.programmation.actions.deports_de_seance import deporter
from parvis.programmation.enums import EtatDeSeance, Rangement, Sens
from parvis.programmation.models import ApportDeSeance, PointDeSeance, Seance
from parvis.programmation.queries.tableau_faits import cadre_du_tableau
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import comptes, instances
from tests.fabriques import seances as fabrique
from tests.fabriques.seances import Tenue
from tests.programmation import essais_de_seance as essais
from tests.programmation.essais_de_seance import NON, oui

pytestmark = pytest.mark.django_db

# Nul d'eux ne tient une séance de ce contrat, qu'il y siège ou non.
AUTRES = (
    "voisine",
    "samia",
    "olga",
    "elu",
    "delegue",
    "gestionnaire",
    "administrateur",
    "visiteur",
)


@decor
def tenue() -> Tenue:
    return fabrique.seance()


@decor
def ouverte(tenue) -> Tenue:
    return tenue.ouvrir()


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


def rangs(tenue) -> list[int]:
    return list(tenue.seance.points.order_by("rang", "pk").values_list("dossier", flat=True))


# Qui la tient.


@pytest.mark.parametrize("nom", AUTRES)
def test_nul_autre_que_la_pilote_du_contrat_ne_tient_la_seance(ouverte, nom):
    qui = ouverte.etude.ici.acteur(nom)
    demande = ouverte.etude.demande(ouverte.samia)
    ici = {"par": qui, "seance": ouverte.seance}
    for geste in (
        lambda: seances.inscrire(**ici, dossiers=[ouverte.etude.dossier.pk]),
        lambda: seances.retirer(**ici, point=ouverte.point),
        lambda: seances.deplacer(**ici, point=ouverte.point, vers=Sens.AVANT),
        lambda: seances.ranger(**ici, ordre=Rangement.NUMERO),
        lambda: seances.ouvrir_la_seance(**ici),
        lambda: seances.lever_la_seance(**ici),
        lambda: seances.jeter_la_seance(**ici),
        lambda: arbitrages.arbitrer(**ici, demande=demande, propose=oui(10)),
        lambda: arbitrages.annuler_le_dernier(**ici),
        lambda: arbitrages.ajourner_le_reste(**ici),
        lambda: arbitrages.publier_la_seance(**ici),
    ):
        with pytest.raises(Seance.DoesNotExist):
            geste()
    reunie = instances.reunion(ouverte.pilote, ouverte.instance)
    with pytest.raises(Reunion.DoesNotExist):
        seances.preparer_une_seance(par=qui, reunion=reunie, exercice=ouverte.seance.exercice)
    assert ouverte.restent == 2 and ouverte.seance.points.count() == 1


# La préparer.


def test_une_reunion_a_une_seule_seance(tenue):
    with pytest.raises(Refus, match="a déjà sa séance"):
        seances.preparer_une_seance(
            par=tenue.pilote, reunion=tenue.seance.reunion, exercice=tenue.seance.exercice
        )


def test_une_reunion_tenue_annulee_ou_d_un_autre_temps_n_arbitre_pas(tenue):
    def preparer(reunie, exercice=tenue.seance.exercice):
        with pytest.raises(Refus) as refus:
            seances.preparer_une_seance(par=tenue.pilote, reunion=reunie, exercice=exercice)
        return refus.value.motifs

    annulee = instances.reunion(tenue.pilote, tenue.instance)
    annuler_une_reunion(par=tenue.pilote, reunion=annulee, motif="Pas de salle.")
    assert preparer(annulee) == ["Cette réunion est « annulée »."]
    prevue = instances.reunion(tenue.pilote, tenue.instance)
    assert "n’arbitre pas l’exercice 1990" in preparer(prevue, 1990)[0]


# L'ordre du jour.


def test_on_n_inscrit_que_des_dossiers_recevables_de_l_exercice_qui_attendent(tenue):
    (autre,) = essais.ajouter_des_dossiers(tenue)
    seances.retirer(
        par=tenue.pilote, seance=tenue.seance, point=tenue.seance.points.get(dossier=autre)
    )

    def inscrire():
        return seances.inscrire(par=tenue.pilote, seance=tenue.seance, dossiers=[autre.pk])

    champs = ("etat", "motif", "exercice")
    depart = Dossier.objects.filter(pk=autre.pk).values(*champs).get()
    for autres in (
        {"etat": "irrecevable", "motif": "Hors sujet."},
        {"etat": "retire", "motif": "Plus d’équipe."},
        {"exercice": autre.exercice + 1},
    ):
        Dossier.objects.filter(pk=autre.pk).update(**autres)
        with pytest.raises(Dossier.DoesNotExist):
            inscrire()
        Dossier.objects.filter(pk=autre.pk).update(**depart)
    Demande.objects.filter(dossier=autre).update(etat="refusee")
    with pytest.raises(Dossier.DoesNotExist):
        inscrire()
    Demande.objects.filter(dossier=autre, financeur=tenue.samia.organisme).update(etat="demandee")
    assert inscrire() == 1


def test_inscrire_deux_fois_ne_fait_rien_et_ne_note_rien(tenue):
    notes = Evenement.objects.filter(action="programmation.inscrire")
    avant = notes.count()
    deja = [tenue.etude.dossier.pk]
    assert seances.inscrire(par=tenue.pilote, seance=tenue.seance, dossiers=deja) == 0
    assert notes.count() == avant == 1
    with pytest.raises(Refus, match="Choisissez au moins un dossier"):
        seances.inscrire(par=tenue.pilote, seance=tenue.seance, dossiers=[])


def test_une_pilote_deportee_n_apprend_pas_si_le_dossier_est_a_l_ordre_du_jour(tenue):
    paule = essais.autre_pilote(tenue)
    se_deporter(par=paule, dossier=tenue.etude.dossier, motif="Un lien.")
    (autre,) = essais.ajouter_des_dossiers(tenue)
    seances.retirer(
        par=tenue.pilote, seance=tenue.seance, point=tenue.seance.points.get(dossier=autre)
    )
    se_deporter(par=paule, dossier=autre, motif="Un lien.")
    for inscrit_ou_non in (tenue.etude.dossier, autre):
        with pytest.raises(Dossier.DoesNotExist):
            seances.inscrire(par=paule, seance=tenue.seance, dossiers=[inscrit_ou_non.pk])


def test_l_ordre_du_jour_se_deplace_se_range_et_se_retire(tenue):
    premier = tenue.etude.dossier.pk
    deux, trois = (d.pk for d in essais.ajouter_des_dossiers(tenue, 2))
    ici = {"par": tenue.pilote, "seance": tenue.seance}
    assert rangs(tenue) == [premier, deux, trois]
    seances.deplacer(**ici, point=tenue.point, vers=Sens.APRES)
    assert rangs(tenue) == [deux, premier, trois]
    seances.deplacer(**ici, point=tenue.seance.points.get(dossier=trois), vers=Sens.AVANT)
    assert rangs(tenue) == [deux, trois, premier]
    notes = Evenement.objects.filter(action="programmation.ranger")
    avant = notes.count()
    seances.deplacer(**ici, point=tenue.point, vers=Sens.APRES)
    assert rangs(tenue) == [deux, trois, premier] and notes.count() == avant
    seances.ranger(**ici, ordre=Rangement.NUMERO)
    assert rangs(tenue) == [premier, deux, trois]
    seances.retirer(**ici, point=tenue.seance.points.get(dossier=deux))
    seances.inscrire(**ici, dossiers=[deux])
    assert rangs(tenue) == [premier, trois, deux]
    for geste, motif in (
        (lambda: seances.ranger(**ici, ordre="au hasard"), "Choisissez un ordre."),
        (
            lambda: seances.deplacer(**ici, point=tenue.point, vers="ailleurs"),
            "Choisissez un sens.",
        ),
    ):
        with pytest.raises(Refus) as refus:
            geste()
        assert refus.value.motifs == [motif]


def test_on_range_par_porteur_et_par_fiche_dans_l_ordre_du_contrat(tenue):
    premier = tenue.etude.dossier
    (autre,) = essais.ajouter_des_dossiers(tenue)
    ici = {"par": tenue.pilote, "seance": tenue.seance}
    une, *_, derniere = cadre_du_tableau(tenue.etude.ici.contrat).fiches
    fiches = tenue.etude.ici.contrat.fiches
    premier.fiches.update(fiche=fiches.get(numero=derniere))
    autre.fiches.update(fiche=fiches.get(numero=une))
    seances.ranger(**ici, ordre=Rangement.FICHE)
    assert rangs(tenue) == [autre.pk, premier.pk]
    autre.fiches.all().delete()
    seances.ranger(**ici, ordre=Rangement.FICHE)
    assert rangs(tenue) == [premier.pk, autre.pk]
    projet = autre.projet
    projet.pk, projet.porteur = None, comptes.organisme("Abeilles")
    projet._state.adding = True
    projet.save()
    Dossier.objects.filter(pk=autre.pk).update(projet=projet)
    seances.ranger(**ici, ordre=Rangement.PORTEUR)
    assert rangs(tenue) == [autre.pk, premier.pk]


def test_un_point_d_une_autre_seance_ne_s_y_touche_pas(tenue):
    ailleurs = essais.suivante(tenue)
    for geste in (
        lambda: seances.retirer(par=tenue.pilote, seance=ailleurs, point=tenue.point),
        lambda: seances.deplacer(
            par=tenue.pilote, seance=ailleurs, point=tenue.point, vers=Sens.AVANT
        ),
        lambda: deporter(
            par=tenue.pilote,
            seance=ailleurs,
            point=tenue.point,
            mandat=tenue.mandats["samia"],
            motif="x",
        ),
    ):
        with pytest.raises(PointDeSeance.DoesNotExist):
            geste()


def test_ce_qui_est_arbitre_ne_se_retire_pas_ce_qui_est_annule_si(ouverte):
    ici = {"par": ouverte.pilote, "seance": ouverte.seance}
    ouverte.arbitrer(ouverte.samia, montant="10")
    with pytest.raises(Refus, match="annulez d’abord ses arbitrages"):
        seances.retirer(**ici, point=ouverte.point)
    arbitrages.annuler_le_dernier(**ici)
    seances.retirer(**ici, point=ouverte.point)
    assert not ouverte.seance.points.exists()
    assert Evenement.objects.filter(action="programmation.arbitrer").count() == 1


def test_levee_une_seance_ne_se_complete_plus(ouverte):
    ouverte.lever()
    ici = {"par": ouverte.pilote, "seance": ouverte.seance}
    for geste in (
        lambda: seances.inscrire(**ici, dossiers=[ouverte.etude.dossier.pk]),
        lambda: seances.retirer(**ici, point=ouverte.point),
        lambda: seances.deplacer(**ici, point=ouverte.point, vers=Sens.AVANT),
        lambda: seances.ranger(**ici, ordre=Rangement.NUMERO),
    ):
        with pytest.raises(Refus, match="« levée » : son ordre du jour ne change plus"):
            geste()


# Ce que chacun y apporte.


def apporter(tenue, par, financeur, montant: int | None = 100, **autres):
    return seances.apporter(
        par=par,
        seance=tenue.seance,
        financeur=financeur,
        montant=None if montant is None else Decimal(montant),
        **autres,
    )


def test_un_service_dit_son_apport_la_pilote_le_note_aussi_nul_autre(tenue):
    caisse, commune = tenue.etude.ici.caisse, tenue.etude.ici.commune
    paul = tenue.etude.ici.monde.ajouter("paul", caisse, "signataire")
    for rang, qui in enumerate((tenue.samia, paul, tenue.pilote), 1):
        assert apporter(tenue, qui, caisse, rang).note_par == qui.utilisateur_nom
    assert ApportDeSeance.objects.get().montant == 3
    for nom in ("voisine", "olga", "elu", "delegue", "gestionnaire", "administrateur", "visiteur"):
        with pytest.raises(Seance.DoesNotExist):
            apporter(tenue, tenue.etude.ici.acteur(nom), caisse)
    with pytest.raises(Seance.DoesNotExist):
        apporter(tenue, tenue.samia, commune)


def test_un_apport_se_corrige_et_peut_ne_pas_se_dire(tenue):
    caisse = tenue.etude.ici.caisse
    le_vote = timezone.localdate() + timedelta(days=20)
    apporter(tenue, tenue.samia, caisse, 5000, vote_prevu_le=le_vote)
    apporter(tenue, tenue.samia, caisse, None)
    dit = ApportDeSeance.objects.get()
    assert (dit.montant, dit.vote_prevu_le) == (None, None)


def test_un_apport_refuse_ne_s_ecrit_pas(tenue):
    region = comptes.organisme("Région", "region")
    caisse, veille = tenue.etude.ici.caisse, timezone.localdate() - timedelta(days=2)
    for motif, valeurs in (
        ("ne demande rien à ce financeur", {"financeur": region}),
        ("ne peut pas être négatif", {"financeur": caisse, "montant": -1}),
        ("avant la séance", {"financeur": caisse, "vote_prevu_le": veille}),
    ):
        with pytest.raises(Refus, match=motif):
            apporter(tenue, tenue.pilote, **valeurs)
    assert not ApportDeSeance.objects.exists()


def test_une_seance_publiee_ne_recoit_plus_d_apport(ouverte):
    ouverte.publier()
    with pytest.raises(Refus, match="« publiée » : elle ne change plus"):
        apporter(ouverte, ouverte.samia, ouverte.etude.ici.caisse)


# L'ouvrir, la lever, la jeter.


def test_elle_ne_s_ouvre_pas_sans_presences_ni_quorum(tenue):
    instances.membre(tenue.pilote, tenue.instance, "Mme Dupré")
    instances.membre(tenue.pilote, tenue.instance, "M. Sow")
    with pytest.raises(Refus, match="Sow, Mme Dupré, Samia Essai"):
        seances.ouvrir_la_seance(par=tenue.pilote, seance=tenue.seance)
    venues = {m.pk: Venue(EtatDePresence.ABSENT) for m in tenue.instance.mandats.all()}
    venues[tenue.mandats["samia"].pk] = Venue(EtatDePresence.PRESENT)
    noter_les_presences(par=tenue.pilote, reunion=tenue.seance.reunion, venues=venues)
    with pytest.raises(Refus, match=r"1 voix sur 3, il en faut 2 .* Convoquez de nouveau\."):
        seances.ouvrir_la_seance(par=tenue.pilote, seance=tenue.seance)
    tenue.seance.refresh_from_db()
    assert (tenue.seance.etat, tenue.seance.ouverte_le) == (EtatDeSeance.PREPAREE, None)


def test_elle_ne_s_ouvre_ni_avant_le_jour_ni_sans_dossier(tenue):
    vide = essais.suivante(tenue, dans_jours=4)
    with pytest.raises(Refus) as refus:
        seances.ouvrir_la_seance(par=tenue.pilote, seance=vide)
    assert refus.value.motifs[:2] == [
        "La réunion n’est pas aujourd’hui : la séance s’ouvre ce jour-là.",
        "Rien n’est à l’ordre du jour.",
    ]


def test_une_reunion_annulee_ne_s_ouvre_pas(tenue):
    annuler_une_reunion(par=tenue.pilote, reunion=tenue.seance.reunion, motif="Pas de salle.")
    with pytest.raises(Refus, match="La réunion est annulée"):
        seances.ouvrir_la_seance(par=tenue.pilote, seance=tenue.seance)


def test_lever_dit_la_reunion_tenue_meme_si_elle_l_est_deja(ouverte):
    ouverte.lever()
    assert ouverte.seance.reunion.instance.reunions.get().etat == EtatDeReunion.TENUE
    with pytest.raises(Refus, match="« levée » : cela ne se fait pas, ou plus"):
        ouverte.lever()


def test_une_reunion_tenue_avant_l_heure_se_leve_aussi(ouverte):
    tenir_une_reunion(par=ouverte.pilote, reunion=ouverte.seance.reunion)
    assert ouverte.lever().seance.etat == EtatDeSeance.LEVEE


def test_jeter_laisse_la_reunion_et_ne_se_fait_plus_une_fois_ouverte(tenue):
    apporter(tenue, tenue.samia, tenue.etude.ici.caisse)
    seances.jeter_la_seance(par=tenue.pilote, seance=tenue.seance)
    assert not Seance.objects.exists() and not ApportDeSeance.objects.exists()
    assert tenue.seance.reunion.etat == EtatDeReunion.PREVUE
    with pytest.raises(Seance.DoesNotExist):
        seances.jeter_la_seance(par=tenue.pilote, seance=tenue.seance)


def test_une_seance_ouverte_ne_se_jette_ni_ne_s_ouvre_plus(ouverte):
    with pytest.raises(Refus, match="elle ne se jette plus"):
        seances.jeter_la_seance(par=ouverte.pilote, seance=ouverte.seance)
    with pytest.raises(Refus, match="« ouverte » : cela ne se fait pas, ou plus"):
        seances.ouvrir_la_seance(par=ouverte.pilote, seance=ouverte.seance)


def test_une_pilote_deportee_d_un_dossier_laisse_une_autre_jeter_la_seance(tenue):
    paule = essais.autre_pilote(tenue)
    se_deporter(par=paule, dossier=tenue.etude.dossier, motif="Un lien.")
    with pytest.raises(Refus, match="un autre la jette") as refus:
        seances.jeter_la_seance(par=paule, seance=tenue.seance)
    assert "verger" not in str(refus.value) and tenue.point


def test_rien_ne_s_arbitre_avant_l_ouverture(tenue):
    demande = tenue.etude.demande(tenue.samia)
    for geste in (
        lambda: essais.arbitrer(tenue, demande, NON),
        lambda: arbitrages.annuler_le_dernier(par=tenue.pilote, seance=tenue.seance),
        lambda: arbitrages.ajourner_le_reste(par=tenue.pilote, seance=tenue.seance),
    ):
        with pytest.raises(Refus, match="La séance n’est pas ouverte"):
            geste()
    with pytest.raises(Refus) as refus:
        arbitrages.publier_la_seance(par=tenue.pilote, seance=tenue.seance)
    assert len(refus.value.motifs) == 2
