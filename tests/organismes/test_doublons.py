"""Réunir sans déplacer, défaire sans perdre, proposer sans décider."""

import pytest
from django.db import IntegrityError, transaction

from parvis.journal.models import Evenement
from parvis.organismes import actions, queries
from parvis.organismes.models import Organisme, PaireEcartee
from parvis.socle.refus import Refus
from tests.organismes.conftest import MOI, siren, siret

pytestmark = pytest.mark.django_db
RAISONS = ["Même nom."]


def fusionner(doublon, garde, raisons=RAISONS):
    return actions.fusionner(par=MOI, doublon=doublon, garde=garde, raisons=raisons)


def lignes():
    exclus = ("version", "fusionne_dans_id")
    return [
        {c: v for c, v in ligne.items() if c not in exclus} for ligne in Organisme.objects.values()
    ]


def test_defaire_une_fusion_ne_perd_rien(creer, ville):
    garde = creer("Jardins du Verger", siren=siren(1), alias=["Verger"])
    doublon = creer(
        "Les Jardins", rna="W941000001", siege=ville, communes=[ville], alias=["Jardin"]
    )
    avant = lignes()
    fusionner(doublon, garde)
    assert lignes() == avant
    separe = actions.separer(par=MOI, doublon=doublon)
    assert lignes() == avant
    assert (separe.fusionne_dans, separe.version) == (None, 3)
    assert [a.nom for a in separe.alias.all()] == ["Jardin"]
    assert list(separe.communes.all()) == [ville]


def test_la_fusion_et_ses_raisons_sont_au_journal(creer):
    garde, doublon = creer("A"), creer("B")
    fusionner(doublon, garde, ["Même siège.", "Même téléphone."])
    acte = Evenement.objects.get(action="organismes.fusionner")
    assert (acte.objet, acte.contrat) == (f"organisme:{doublon.pk}", "instance")
    assert acte.details.contenu["raisons"] == ["Même siège.", "Même téléphone."]
    actions.separer(par=MOI, doublon=doublon)
    assert Evenement.objects.get(action="organismes.separer").details.contenu["garde_nom"] == "A"


def test_un_seul_niveau(creer):
    a, b, c = creer("A"), creer("B"), creer("C")
    fusionner(b, a)
    with pytest.raises(Refus, match="a déjà des doublons"):
        fusionner(a, c)
    with pytest.raises(Refus, match="lui-même un doublon"):
        fusionner(c, b)
    with pytest.raises(Refus, match="déjà réuni"):
        fusionner(b, c)
    with pytest.raises(Refus, match="différents"):
        fusionner(a, a)
    with pytest.raises(Refus, match="Dites pourquoi"):
        fusionner(c, a, [])


def test_la_base_refuse_un_second_niveau(creer):
    a, b, c = creer("A"), creer("B"), creer("C")
    fusionner(b, a)
    for fautif, vise in ((a, c), (c, b), (a, a)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisme.objects.filter(pk=fautif.pk).update(fusionne_dans=vise)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisme.objects.create(nom="D", nature="association", fusionne_dans=b)


def test_l_organisme_garde_peut_recevoir_le_numero_du_doublon(creer):
    garde, doublon = creer("A"), creer("B", rna="W941000001")
    fusionner(doublon, garde)
    actions.modifier(par=MOI, organisme=garde, version=1, valeurs={"rna": "W941000001"})
    with pytest.raises(Refus, match="est déjà celui de « A »"):
        actions.separer(par=MOI, doublon=doublon)


def test_on_ne_separe_que_ce_qui_est_reuni(creer):
    with pytest.raises(Refus, match="n’est réuni à aucun"):
        actions.separer(par=MOI, doublon=creer())


def test_un_doublon_ne_se_modifie_plus(creer):
    garde, doublon = creer("A"), creer("B")
    reuni = fusionner(doublon, garde)
    with pytest.raises(Refus, match="doublon de « A »"):
        actions.modifier(par=MOI, organisme=doublon, version=reuni.version, valeurs={"sigle": "X"})


def test_les_doublons_se_proposent_les_plus_surs_d_abord(creer, acteur):
    creer("Régie de quartier", siret=siret(1))
    creer("Régie Quartier (asso)", siren=siren(1))
    creer("Ciné-club")
    creer("Association Ciné club")
    creer("Rien à voir")
    proposes = queries.doublons_proposes(acteur)
    assert [p.premier.nom for p in proposes] == ["Régie de quartier", "Ciné-club"]
    assert proposes[0].score > proposes[1].score
    assert any("Siren" in raison for raison in proposes[0].raisons)
    assert queries.doublons_proposes(acteur, limite=1) == proposes[:1]


def test_un_doublon_reuni_ou_ecarte_ne_se_propose_plus(creer, acteur):
    un, deux = creer("Ciné-club"), creer("Asso Ciné club")
    trois, quatre = creer("Ludothèque"), creer("Association Ludothèque")
    fusionner(deux, un)
    for _ in range(2):
        actions.ecarter(par=MOI, un=quatre, autre=trois)
    assert queries.doublons_proposes(acteur) == []
    paire = PaireEcartee.objects.get()
    assert (paire.premier, paire.ecartee_par) == (trois, "essai")
    assert Evenement.objects.filter(action="organismes.ecarter").count() == 1
    with pytest.raises(Refus):
        actions.ecarter(par=MOI, un=trois, autre=trois)


def test_avant_de_creer_on_montre_ceux_qui_existent_deja(creer, acteur):
    connu = creer("Les Jardins du Verger", alias=["Verger"], rna="W941000001")
    creer("Atelier vélo")
    for neuf in (
        Organisme(nom="Association Jardins Verger", nature="association"),
        Organisme(nom="Zzz", rna="W941000001"),
        Organisme(nom="VERGER"),
    ):
        assert [p.second for p in queries.ressemblants(acteur, neuf)] == [connu]
    assert queries.ressemblants(acteur, connu) == []


def test_les_proposer_coute_le_meme_nombre_de_requetes(
    creer, acteur, django_assert_max_num_queries
):
    for rang in range(6):
        creer(f"Club {rang}x")
        creer(f"Asso Club {rang}x")
    with django_assert_max_num_queries(4):
        assert len(queries.doublons_proposes(acteur)) == 6
