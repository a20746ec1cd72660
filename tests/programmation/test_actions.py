"""Tenir des enveloppes : créer, doter, déléguer, reporter, imputer ; qui le peut, et ce qui s'en lit."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.enums import EtatDeDemande
from parvis.instruction.models import Deport
from parvis.journal.enums import Regard
from parvis.journal.models import Evenement
from parvis.journal.queries.frise import frise, frise_de_la_chaine
from parvis.programmation.actions import enveloppes as actions
from parvis.programmation.models import Enveloppe, Imputation, Mouvement
from parvis.programmation.permissions import peut_tenir_les_enveloppes
from parvis.programmation.queries import enveloppes as queries
from parvis.socle.refus import Refus
from parvis.territoires.models import Commune, Epci
from tests.fabriques import comptes
from tests.fabriques.enveloppes import demande, enveloppe, voter
from tests.programmation.controle import ecarts

REFUSE = pytest.raises(Refus)


def gestes(b, une, fille, suivante, libre):
    """Rend chaque action, sur les enveloppes de la caisse, telle que `par` la ferait."""
    acte = {"montant": Decimal(10), "decide_le": timezone.localdate(), "motif": "Délibération 4"}
    return {
        "creer": lambda par: actions.creer_une_enveloppe(
            par=par, contrat=b.ici.contrat, exercice=b.exercice, ligne="Neuve", mere=une
        ),
        "doter": lambda par: actions.doter(par=par, enveloppe=une, **acte),
        "deleguer": lambda par: actions.deleguer(par=par, depuis=une, vers=fille, **acte),
        "reporter": lambda par: actions.reporter(par=par, depuis=une, vers=suivante, **acte),
        "imputer": lambda par: actions.imputer(par=par, demande=libre, enveloppe=une),
    }


@pytest.fixture
def scene(bourse):
    """Rend une enveloppe, sa fille, celle de l'an prochain, et une demande sans enveloppe."""
    une = enveloppe(bourse, 1000)
    fille = enveloppe(bourse, 100, ligne="Part", mere=une)
    return une, fille, enveloppe(bourse, exercice=bourse.exercice + 1), demande(bourse)


AUTRES = (
    "visiteur inscrit attente gestionnaire signataire contributeur lecteur meuniere instructeur "
    "pilote voisine elu delegue conseiller administrateur ancien adjoint"
).split()


@pytest.mark.parametrize("nom", AUTRES)
def test_nul_autre_service_ne_tient_ni_ne_lit_les_enveloppes(bourse, scene, nom):
    une, _, _, libre = scene
    par = bourse.ici.acteur(nom)
    avant = Mouvement.objects.count(), Enveloppe.objects.count(), Imputation.objects.count()
    for geste in gestes(bourse, *scene).values():
        with pytest.raises(Enveloppe.DoesNotExist):
            geste(par)
    assert avant == (
        Mouvement.objects.count(),
        Enveloppe.objects.count(),
        Imputation.objects.count(),
    )
    contrat = bourse.ici.contrat
    assert not peut_tenir_les_enveloppes(par, bourse.ici.caisse)
    assert not queries.enveloppes(par, contrat).exists()
    assert queries.exercices(par, contrat) == []
    assert queries.tableau(par, contrat, bourse.exercice).lignes == []
    assert queries.histoire(par, une) == []
    assert libre not in queries.demandes_a_imputer(par, contrat, bourse.exercice)
    assert queries.enveloppe_de(par, libre) is None
    with pytest.raises(Enveloppe.DoesNotExist):
        queries.enveloppe(par, contrat, une.pk)


@pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.GESTIONNAIRE, Role.SIGNATAIRE])
def test_le_service_tient_les_siennes(bourse, scene, role):
    par = bourse.ici.monde.ajouter("tresoriere", bourse.ici.caisse, role)
    assert peut_tenir_les_enveloppes(par, bourse.ici.caisse)
    for geste in gestes(bourse, *scene).values():
        geste(par)
    actions.desimputer(par=par, demande=scene[3])
    assert ecarts() == []


@pytest.mark.parametrize("role", [Role.CONTRIBUTEUR, Role.LECTEUR])
def test_qui_ecrit_des_dossiers_ou_lit_ne_tient_pas_l_argent(bourse, role):
    par = bourse.ici.monde.ajouter("autre", bourse.ici.caisse, role)
    assert not peut_tenir_les_enveloppes(par, bourse.ici.caisse)


def test_une_association_n_a_pas_d_enveloppe(bourse):
    verger = bourse.ici.monde.verger
    assert not peut_tenir_les_enveloppes(bourse.ici.porte, verger)


def test_un_doublon_reuni_garde_ses_enveloppes(bourse, scene):
    double = comptes.organisme("Caisse bis", "protection_sociale", fusionne_dans=bourse.ici.caisse)
    qui = comptes.personne("Double")
    par = Acteur(qui, comptes.rattachement(qui, double, Role.INSTRUCTEUR))
    assert queries.enveloppe(par, bourse.ici.contrat, scene[0].pk) == scene[0]
    actions.imputer(par=par, demande=demande(bourse, financeur=double), enveloppe=scene[0])


def test_une_enveloppe_ne_se_cree_qu_une_fois(bourse):
    enveloppe(bourse)
    with pytest.raises(Refus, match="existe déjà"):
        enveloppe(bourse, ligne="  Politique   de la ville ")
    with pytest.raises(Refus, match="année"):
        enveloppe(bourse, exercice=1999)
    with pytest.raises(Refus, match="un pilier de ce contrat"):
        enveloppe(bourse, pilier="licorne")


def test_une_enveloppe_vaut_pour_un_pilier_ou_une_commune(bourse):
    ici, ailleurs = (Commune.objects.create(code=code, nom=code) for code in ("94081", "99999"))
    bourse.ici.contrat.epci = Epci.objects.create(nom="Les Tilleuls")
    bourse.ici.contrat.epci.communes.add(ici)
    bourse.ici.contrat.save()
    pilier = next(iter(queries.piliers_du_contrat(bourse.ici.contrat)))
    assert enveloppe(bourse, pilier=pilier).pilier == pilier
    assert enveloppe(bourse, commune=ici).commune == ici
    with pytest.raises(Refus, match="pas les deux"):
        enveloppe(bourse, commune=ici, pilier=pilier, ligne="Autre")
    with pytest.raises(Refus, match="de ce contrat"):
        enveloppe(bourse, commune=ailleurs)
    lues = queries.tableau(bourse.caissiere, bourse.ici.contrat, bourse.exercice).lignes
    titre = queries.piliers_du_contrat(bourse.ici.contrat)[pilier]
    assert [ligne.pour for ligne in lues] == [titre, "94081"]


def test_une_sous_enveloppe_suit_sa_mere(bourse, scene):
    une, fille, *_ = scene
    with pytest.raises(Refus, match="n’a pas elle-même"):
        enveloppe(bourse, mere=fille, ligne="Sous-part")
    with pytest.raises(Refus, match="même exercice"):
        enveloppe(bourse, mere=une, exercice=bourse.exercice + 1, ligne="Part")


def test_une_enveloppe_baisse_jusqu_a_ce_qui_est_vote_ou_delegue(bourse, scene):
    une, _, _, libre = scene
    actions.imputer(par=bourse.caissiere, demande=libre, enveloppe=une)
    voter(libre, 400)
    acte = {"par": bourse.caissiere, "enveloppe": une, "decide_le": timezone.localdate()}
    with pytest.raises(Refus, match="il n’en reste que 500"):
        actions.doter(montant=Decimal("-500.01"), motif="Gel", **acte)
    actions.doter(montant=Decimal(-500), motif="Gel", **acte)
    une.refresh_from_db()
    assert une.montant_reste == 0
    with REFUSE:
        actions.doter(
            montant=Decimal(10), **(acte | {"decide_le": timezone.localdate() + timedelta(1)})
        )


def test_rien_ne_passe_d_un_exercice_a_l_autre_sans_un_acte_nomme(bourse, scene):
    une, _, suivante, _ = scene
    acte = {
        "par": bourse.caissiere,
        "depuis": une,
        "vers": suivante,
        "decide_le": timezone.localdate(),
    }
    with pytest.raises(Refus, match="Nommez l’acte"):
        actions.reporter(montant=Decimal(100), motif="  ", **acte)
    suivante.refresh_from_db()
    assert suivante.montant_recu == 0
    actions.reporter(montant=Decimal(100), motif="Délibération 12", **acte)
    actions.reporter(montant=Decimal(-40), motif="Erreur de saisie", **acte)
    with pytest.raises(Refus, match="été reporté : 60"):
        actions.reporter(montant=Decimal(-61), motif="Erreur", **acte)
    lus = queries.tableau(bourse.caissiere, bourse.ici.contrat, suivante.exercice)
    assert (lus.total.report_recu, lus.total.reste) == (60, 60)


def test_une_demande_votee_change_d_enveloppe_sans_en_sortir(bourse, scene):
    une, fille, _, libre = scene
    actions.imputer(par=bourse.caissiere, demande=libre, enveloppe=une)
    voter(libre, 100)
    with pytest.raises(Refus, match="changer d’enveloppe"):
        actions.desimputer(par=bourse.caissiere, demande=libre)
    actions.imputer(par=bourse.caissiere, demande=libre, enveloppe=fille)
    voter(libre, 50)
    with pytest.raises(Refus, match="déjà sur cette enveloppe"):
        actions.imputer(par=bourse.caissiere, demande=libre, enveloppe=fille)
    assert queries.enveloppe_de(bourse.caissiere, libre) == fille
    assert list(queries.demandes_imputees(bourse.caissiere, fille)) == [libre]
    assert ecarts() == []


def test_une_enveloppe_trop_dotee_par_sa_mere_ne_se_cree_pas(bourse, scene):
    avant = Enveloppe.objects.count()
    with pytest.raises(Refus, match="Il ne reste que 900"):
        enveloppe(bourse, 901, ligne="Trop", mere=scene[0])
    assert Enveloppe.objects.count() == avant


def test_un_financeur_lit_les_contrats_ou_il_finance(bourse):
    assert list(queries.contrats_du_financeur(bourse.caissiere)) == [bourse.ici.contrat]
    assert not queries.contrats_du_financeur(bourse.ici.porte).exists()
    assert not queries.contrats_du_financeur(bourse.ici.acteur("instructeur")).exists()


def test_qui_s_est_deporte_ne_voit_plus_le_dossier_par_son_argent(bourse, scene):
    une, _, _, libre = scene
    prise = demande(bourse, une)
    contrat, par = bourse.ici.contrat, bourse.caissiere
    assert libre in queries.demandes_a_imputer(par, contrat, bourse.exercice)
    deport = Deport.objects.create(
        dossier=bourse.dossier,
        utilisateur=par.utilisateur,
        organisme=bourse.ici.caisse,
        motif="Je préside cette association.",
        declare_le=timezone.now(),
    )
    assert not queries.demandes_du_service(par, contrat).exists()
    assert not queries.demandes_imputees(par, une).exists()
    deport.leve_le, deport.leve_par = timezone.now(), "Le pilote"
    deport.save()
    assert list(queries.demandes_imputees(par, une)) == [prise]


def test_desimputer_ce_qui_ne_l_est_pas_n_existe_pas(bourse, scene):
    with pytest.raises(Enveloppe.DoesNotExist):
        actions.desimputer(par=bourse.caissiere, demande=scene[3])
    actions.imputer(par=bourse.caissiere, demande=scene[3], enveloppe=scene[0])
    with pytest.raises(Enveloppe.DoesNotExist):
        actions.desimputer(par=bourse.adjoint, demande=scene[3])


def test_tenir_pour_voter_rend_l_enveloppe_de_chaque_demande(bourse, scene):
    une, fille, _, libre = scene
    prise, autre = demande(bourse, fille), demande(bourse, une)
    with transaction.atomic():
        tenues = actions.tenir_pour_voter([autre, prise, libre])
    assert {pk: tenue.pk for pk, tenue in tenues.items()} == {prise.pk: fille.pk, autre.pk: une.pk}


def test_le_tableau_range_les_filles_sous_leur_mere_et_totalise(bourse, scene, sans_declencheurs):
    une, fille, suivante, libre = scene
    actions.imputer(par=bourse.caissiere, demande=libre, enveloppe=fille)
    voter(libre, 60)
    libre.montant_engage, libre.engage_le = Decimal(50), timezone.localdate()
    libre.montant_verse, libre.verse_le = Decimal(20), timezone.localdate()
    # Des actes signés l'engagent d'ordinaire, dans une pièce plus haute.
    with sans_declencheurs(tables=["dossiers_demande"]):
        libre.save(update_fields=["montant_engage", "engage_le", "montant_verse", "verse_le"])
    actions.reporter(
        par=bourse.caissiere,
        depuis=une,
        vers=suivante,
        montant=Decimal(200),
        decide_le=timezone.localdate(),
        motif="Délibération 12",
    )
    enveloppe(bourse, 30, ligne="Autre ligne")
    for etat, montant in ((EtatDeDemande.DEMANDEE, 75), (EtatDeDemande.REFUSEE, 9000)):
        promise = demande(bourse, fille)
        promise.etat, promise.montant_propose = etat, Decimal(montant)
        promise.propose_le = timezone.now()
        promise.save()
    lu = queries.tableau(bourse.caissiere, bourse.ici.contrat, bourse.exercice)
    assert [ligne.enveloppe.ligne for ligne in lu.lignes] == [
        "Autre ligne",
        "Politique de la ville",
        "Part",
    ]
    assert [ligne.est_fille for ligne in lu.lignes] == [False, False, True]
    _, mere, part = (ligne.comptes for ligne in lu.lignes)
    assert (mere.initial, mere.delegue, mere.report_cede, mere.reste) == (1000, 100, 200, 700)
    assert (part.recu, part.vote, part.engage, part.verse, part.reste) == (100, 60, 50, 20, 40)
    assert (part.propose, part.propose_de_trop, mere.propose_de_trop) == (75, 35, 0)
    assert (lu.total.initial, lu.total.delegue, lu.total.vote, lu.total.reste) == (
        1030,
        100,
        60,
        770,
    )
    assert lu.total.disponible == 830
    assert queries.exercices(bourse.caissiere, bourse.ici.contrat) == [
        bourse.exercice + 1,
        bourse.exercice,
    ]


def test_le_tableau_coute_autant_avec_une_enveloppe_qu_avec_cinquante(bourse):
    def lire() -> int:
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            queries.tableau(bourse.caissiere, bourse.ici.contrat, bourse.exercice)
        return len(requetes)

    mere = enveloppe(bourse, 5000)
    avec_une = lire()
    for rang in range(49):
        enveloppe(bourse, 10, ligne=f"Part {rang}", mere=mere)
    assert lire() == avec_une <= 8


def test_l_histoire_dit_ce_que_l_enveloppe_gagne_et_perd(bourse, scene):
    une, fille, *_ = scene
    lue = queries.histoire(bourse.caissiere, une)
    assert [(e.montant, e.autre) for e in lue] == [(-100, fille), (1000, None)]
    assert [(e.montant, e.autre) for e in queries.histoire(bourse.caissiere, fille)] == [(100, une)]


def test_le_journal_ne_dit_rien_des_enveloppes_hors_du_service(bourse, scene):
    une, _, _, libre = scene
    actions.imputer(par=bourse.caissiere, demande=libre, enveloppe=une)
    actions.desimputer(par=bourse.caissiere, demande=libre)
    actes = Evenement.objects.filter(action__startswith="programmation.")
    assert actes.count() == 7
    # Ni le porteur ni le pilote, qui lisent l'histoire du dossier, n'y trouvent l'enveloppe.
    assert {acte.objet.partition(":")[0] for acte in actes} == {"enveloppe"}
    for regard in (Regard.PILOTAGE, Regard.PUBLIC):
        assert frise(f"enveloppe:{une.pk}", regard=regard).lignes == []
        chaine = frise_de_la_chaine(bourse.ici.contrat.code, regard=regard)
        assert not any(
            "nveloppe" in ligne.phrase or "1 000" in ligne.phrase for ligne in chaine.lignes
        )
    service = frise(f"enveloppe:{une.pk}", regard=Regard.MEMBRES).lignes
    assert any("1\u00a0000\u00a0€" in ligne.phrase for ligne in service)
