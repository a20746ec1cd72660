"""Qui se cache derrière un nom du contrat : proposé avec ses raisons, daté, jamais décidé seul."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from parvis.cadre import rules
from parvis.cadre.actions import detacher, publier_edition, rapprocher
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import OrganismeDePartenaire
from parvis.cadre.queries import rapprochements as q
from parvis.cadre.rules import NomDuContrat, OrganismeConnu
from parvis.journal.models import Evenement
from parvis.organismes import actions as organismes
from parvis.socle.refus import Refus
from parvis.socle.texte import cle_de_tri
from parvis.territoires.models import Commune, Epci
from tests.decors import decor
from tests.fabriques.cadre import avec_fiche, contrat_publie, fiche, petit_contrat

pytestmark = pytest.mark.django_db
DEBUT, MILIEU, FIN = date(2015, 1, 1), date(2017, 6, 1), date(2017, 12, 31)


@decor
def contrat():
    """Rend le contrat du Val-des-Tilleuls, son intercommunalité et une commune voisine."""
    financeurs = (
        lu.Partenaire("Communes", "Communes", nature="categorie"),
        lu.Partenaire("Caisse d'allocations familiales", "CAF", nature="organisme"),
        lu.Partenaire("Conseil départemental", "Département", nature="organisme"),
        lu.Partenaire("Missions locales", "missions locales", nature="categorie"),
        lu.Partenaire("Associations", "Associations", nature="categorie"),
    )
    nouveau = avec_fiche(petit_contrat(), fiche("1-1", financeurs=financeurs))
    epci = Epci.objects.create(nom="Val des Tilleuls")
    for code, nom in (("94041", "Port-Tilleul"), ("94081", "Grand-Tilleul")):
        epci.communes.add(Commune.objects.create(code=code, nom=nom, departement="94"))
    Commune.objects.create(code="95018", nom="Ailleurs", departement="95")
    return contrat_publie("tilleuls", nouveau).contrat


@pytest.fixture
def creer(contrat, acteur):
    def _creer(nom, nature="association", siege="", **valeurs):
        if siege:
            valeurs["siege"] = Commune.objects.get(code=siege)
        return organismes.creer(par=acteur, nom=nom, nature=nature, **valeurs)

    return _creer


@pytest.fixture
def caf(creer):
    return creer(
        "Caisse d’allocations familiales du Val-de-Marne", "protection_sociale", departement="94"
    )


def partenaire(contrat, nom):
    return contrat.partenaires.get(nom=nom)


def proposes(acteur, contrat):
    return {(p.partenaire.nom, p.organisme.nom) for p in q.propositions(acteur, contrat)}


def test_les_organismes_du_territoire_se_proposent_avec_leurs_raisons(contrat, creer, caf, acteur):
    creer("Commune de Port-Tilleul", "commune", "94041")
    creer("Commune d’Ailleurs", "commune", "95018")
    creer("Caisse d’allocations familiales du Val-d’Oise", "protection_sociale", departement="95")
    creer("Département du Val-de-Marne", "departement", departement="94")
    creer("Conseil départemental de l’accès au droit", departement="94")
    creer("Mission locale de la Bièvre", siege="94081")
    creer("Mission locale d’un lieu inconnu")
    creer("Association du Verger", siege="94041")
    assert proposes(acteur, contrat) == {
        ("Communes", "Commune de Port-Tilleul"),
        ("Caisse d'allocations familiales", caf.nom),
        ("Conseil départemental", "Département du Val-de-Marne"),
        ("Missions locales", "Mission locale de la Bièvre"),
    }
    assert not OrganismeDePartenaire.objects.exists()
    for proposition in q.propositions(acteur, contrat):
        assert proposition.raisons
        assert proposition.depuis_le == DEBUT


def test_une_proposition_confirmee_ne_revient_pas(contrat, caf, acteur):
    (proposition,) = q.propositions(acteur, contrat)
    rapprocher(
        par=acteur,
        partenaire=proposition.partenaire,
        organisme=proposition.organisme,
        depuis_le=proposition.depuis_le,
        origine="proposee",
    )
    assert q.propositions(acteur, contrat) == []
    acte = Evenement.objects.get(action="cadre.rapprocher")
    assert (acte.contrat, acte.objet_nom) == ("tilleuls", "Caisse d'allocations familiales")
    assert acte.details.contenu["organisme_nom"] == caf.nom
    assert acte.details.contenu["origine"] == "proposee"


def test_un_doublon_reuni_n_est_ni_propose_ni_rapproche(contrat, creer, caf, acteur):
    doublon = creer(
        "CAF du Val-de-Marne", "protection_sociale", alias=["Caisse d'allocations familiales"]
    )
    organismes.fusionner(par=acteur, doublon=doublon, garde=caf, raisons=["La même caisse."])
    assert proposes(acteur, contrat) == {("Caisse d'allocations familiales", caf.nom)}
    with pytest.raises(Refus, match="est un doublon"):
        rapprocher(
            par=acteur,
            partenaire=partenaire(contrat, "Caisse d'allocations familiales"),
            organisme=doublon,
            depuis_le=DEBUT,
        )


def test_un_rapprochement_suit_la_fusion_sans_bouger(contrat, creer, caf, acteur):
    nom = partenaire(contrat, "Caisse d'allocations familiales")
    doublon = creer("CAF 94", "protection_sociale")
    ligne = rapprocher(par=acteur, partenaire=nom, organisme=doublon, depuis_le=DEBUT)
    organismes.fusionner(par=acteur, doublon=doublon, garde=caf, raisons=["La même caisse."])
    assert q.organismes_du_partenaire(acteur, nom, MILIEU) == [caf]
    assert q.partenaires_de_l_organisme(acteur, contrat, caf, MILIEU) == [nom]
    assert q.propositions(acteur, contrat) == []
    ligne.refresh_from_db()
    assert ligne.organisme == doublon


def test_un_rapprochement_vaut_entre_ses_dates_et_le_successeur_se_propose(contrat, creer, acteur):
    nom = partenaire(contrat, "Missions locales")
    ancien, nouveau = creer("Ancienne mission"), creer("Nouvelle structure")
    ligne = rapprocher(par=acteur, partenaire=nom, organisme=ancien, depuis_le=DEBUT)
    organismes.cloturer(par=acteur, organisme=ancien, fin_le=FIN, remplace_par=nouveau)
    detacher(par=acteur, rapprochement=ligne, jusqu_au=FIN)
    (proposition,) = q.propositions(acteur, contrat)
    assert (proposition.organisme, proposition.depuis_le) == (nouveau, date(2018, 1, 1))
    assert proposition.raisons == ["Succède à « Ancienne mission »."]
    rapprocher(par=acteur, partenaire=nom, organisme=nouveau, depuis_le=date(2018, 1, 1))
    assert q.organismes_du_partenaire(acteur, nom, FIN) == [ancien]
    assert q.organismes_du_partenaire(acteur, nom, date(2018, 1, 1)) == [nouveau]
    assert q.organismes_du_partenaire(acteur, nom, date(2014, 12, 31)) == []
    assert q.partenaires_de_l_organisme(acteur, contrat, ancien, date(2018, 1, 1)) == []


def test_ce_que_le_contrat_donne_pour_suite_se_propose_au_lendemain(contrat, creer, acteur):
    nom = partenaire(contrat, "Missions locales")
    nom.fin_le, nom.suite = FIN, "Pôle jeunes, depuis le 1er janvier 2018"
    nom.save()
    creer("Pôle Jeunes")
    (proposition,) = q.propositions(acteur, contrat)
    assert proposition.depuis_le == date(2018, 1, 1)
    assert proposition.raisons == ["Le contrat le donne pour suite de ce partenaire."]


@pytest.mark.parametrize(
    ("depuis_le", "jusqu_au"),
    [(DEBUT, None), (date(2014, 1, 1), DEBUT), (FIN, FIN), (date(2014, 1, 1), None)],
)
def test_deux_periodes_ne_se_recouvrent_pas(contrat, caf, acteur, depuis_le, jusqu_au):
    nom = partenaire(contrat, "Caisse d'allocations familiales")
    rapprocher(par=acteur, partenaire=nom, organisme=caf, depuis_le=DEBUT, jusqu_au=FIN)
    with pytest.raises(Refus, match="tient déjà"):
        rapprocher(
            par=acteur, partenaire=nom, organisme=caf, depuis_le=depuis_le, jusqu_au=jusqu_au
        )


def test_deux_periodes_se_suivent_et_l_ouverte_est_unique(contrat, caf, acteur):
    nom = partenaire(contrat, "Caisse d'allocations familiales")
    premier = rapprocher(
        par=acteur, partenaire=nom, organisme=caf, depuis_le=DEBUT, jusqu_au=MILIEU
    )
    rapprocher(par=acteur, partenaire=nom, organisme=caf, depuis_le=FIN)
    with pytest.raises(Refus, match="tient déjà"):
        detacher(par=acteur, rapprochement=premier, jusqu_au=FIN)
    with pytest.raises(Refus, match="précéder"):
        detacher(par=acteur, rapprochement=premier, jusqu_au=date(2014, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganismeDePartenaire.objects.create(
            partenaire=nom, organisme=caf, depuis_le=MILIEU, origine="choisie"
        )


def test_une_erreur_s_efface_et_le_journal_la_garde(contrat, caf, acteur):
    nom = partenaire(contrat, "Communes")
    ligne = rapprocher(par=acteur, partenaire=nom, organisme=caf, depuis_le=DEBUT)
    detacher(par=acteur, rapprochement=ligne, jusqu_au=None)
    assert not OrganismeDePartenaire.objects.exists()
    acte = Evenement.objects.get(action="cadre.effacer_rapprochement")
    assert acte.details.contenu["organisme_nom"] == caf.nom


def test_un_rapprochement_ne_touche_pas_a_l_edition_publiee(contrat, caf, acteur):
    edition = contrat.editions.get()
    with pytest.raises(Refus):
        publier_edition(par=acteur, edition=edition)
    rapprocher(
        par=acteur, partenaire=partenaire(contrat, "Communes"), organisme=caf, depuis_le=DEBUT
    )
    avant = edition.empreinte
    edition.refresh_from_db()
    assert edition.empreinte == avant


def test_les_resolutions_disent_tous_les_noms_en_peu_de_requetes(
    contrat, creer, acteur, django_assert_num_queries
):
    for rang in range(5):
        organisme = creer(f"Mission {rang}")
        nom = partenaire(contrat, "Missions locales")
        rapprocher(par=acteur, partenaire=nom, organisme=organisme, depuis_le=DEBUT)
    with django_assert_num_queries(2):
        noms = q.resolutions(acteur, contrat)
        tenus = {n.nom: [r.organisme.retenu.nom for r in n.rapprochements.all()] for n in noms}
    assert len(tenus["Missions locales"]) == 5
    assert tenus["Communes"] == []


def test_un_contrat_sans_territoire_connu_ne_propose_que_par_le_nom(acteur):
    contrat = contrat_publie("tilleuls").contrat
    organismes.creer(par=acteur, nom="Commune de Nulle Part", nature="commune")
    caf = organismes.creer(
        par=acteur, nom="Caisse d’allocations familiales", nature="protection_sociale"
    )
    assert proposes(acteur, contrat) == {("Caisse d'allocations familiales", caf.nom)}


def connu(*noms, nature="association", ici=True, ailleurs=False):
    return OrganismeConnu(
        nature, frozenset(map(cle_de_tri, noms)), ici, ailleurs, {"val marne", "port tilleul"}
    )


def nomme(nom, *autres, est_categorie=False, suite=""):
    return NomDuContrat(nom, frozenset(map(cle_de_tri, (nom, *autres))), suite, est_categorie)


@pytest.mark.parametrize(
    ("nom", "organisme", "nombre"),
    [
        (nomme("Caisse", "CAF"), connu("CAF du Val-de-Marne"), 1),
        (nomme("Caisse", "CAF"), connu("CAF solidaire du Val-de-Marne"), 0),
        (nomme("FACE 94"), connu("FACE 95"), 0),
        (nomme("Conseil régional"), connu("Région X", nature="region", ici=False), 1),
        (nomme("Communes"), connu("Commune X", nature="commune", ici=False), 0),
        (nomme("Associations", est_categorie=True), connu("Association X"), 0),
        (nomme("Régies de quartier", est_categorie=True), connu("Régie de quartier X"), 1),
        (nomme("Régies de quartier"), connu("Régie de quartier X"), 0),
        (nomme("Régies de quartier", est_categorie=True), connu("Régie X", ici=False), 0),
        (nomme("Communes", est_categorie=True), connu("Palier commun"), 0),
        (nomme("CAF"), connu("CAF", ici=False, ailleurs=True), 0),
        (nomme("Vide", suite=""), connu("Autre"), 0),
    ],
)
def test_chaque_raison_de_rapprocher(nom, organisme, nombre):
    assert len(rules.raisons_de_rapprocher(nom, organisme)) == nombre
