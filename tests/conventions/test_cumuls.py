"""Ce qu'une autorité a donné à un organisme sur l'exercice : tout compte, une fois, à sa place."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.conventions.actions.modeles import (
    noter_une_autre_subvention,
    retirer_une_autre_subvention,
)
from parvis.conventions.enums import SorteDActe
from parvis.conventions.models import AutreSubvention
from parvis.conventions.queries.cumuls import autres_subventions, cumuls
from parvis.dossiers.enums import Guichet, SourceDuSuivi
from parvis.dossiers.models import Demande
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import actes, comptes, projets
from tests.fabriques import actes_a_prendre as fabrique

pytestmark = pytest.mark.django_db


@decor
def site() -> actes.Site:
    return fabrique.site()


def exercice(site) -> int:
    return site.vote.etude.dossier.exercice


def verger(site) -> Organisme:
    return site.vote.etude.ici.monde.verger


def total(site, titulaire=None) -> Decimal:
    titulaire = titulaire or verger(site)
    return cumuls(site.samia.organisme, exercice(site), {titulaire.pk})[titulaire.pk].total


def noter(site, montant: str, titulaire=None, **autres) -> AutreSubvention:
    valeurs = {"exercice": exercice(site), "objet": "Fonctionnement"}
    return noter_une_autre_subvention(
        par=site.samia,
        titulaire=titulaire or verger(site),
        montant=Decimal(montant),
        **(valeurs | autres),
    )


def sorte(site, decision) -> SorteDActe:
    (propose,) = site.proposes(decision)
    return propose.choix.sorte


@pytest.mark.parametrize(
    ("montant", "attendue"),
    [
        ("22999.99", SorteDActe.NOTIFICATION),
        ("23000.00", SorteDActe.NOTIFICATION),
        ("23000.01", SorteDActe.CONVENTION),
    ],
)
def test_le_seuil_au_centime(site, montant, attendue):
    assert sorte(site, fabrique.decider(site, {fabrique.demande(site): montant})) == attendue


def test_argent_et_nature_s_ajoutent(site):
    argent = fabrique.demande(site)
    nature = fabrique.demande(site, titre="La salle", nature="nature")
    decision = fabrique.decider(site, {argent: "12000", nature: "11000.01"})
    (propose,) = site.proposes(decision)
    assert propose.choix.est_exige
    assert (propose.en_argent, propose.en_nature) == (Decimal(12000), Decimal("11000.01"))


def test_un_vote_plus_recent_fait_passer_le_seuil_et_nomme_ce_qui_precede(site):
    (lettre,) = fabrique.signer(site, fabrique.decider(site, {fabrique.demande(site): "12000"}))
    assert lettre.sorte == SorteDActe.NOTIFICATION
    suivante = fabrique.decider(site, {fabrique.demande(site): "11000.01"}, "21")
    (convention,) = fabrique.preparer(site, suivante)
    assert convention.sorte == SorteDActe.CONVENTION
    texte = convention.texte.replace("\xa0", " ")
    assert f"lettre de notification n° {lettre.numero}" in texte and "23 000,01 €" in texte
    assert f"n° {lettre.numero}" in convention.raison


def test_ce_qui_est_vote_sans_acte_et_ce_qui_est_note_ailleurs_se_nomme_aussi(site):
    fabrique.decider(site, {fabrique.demande(site): "12000"})
    noter(site, "1000", objet="Aide au loyer")
    suivante = fabrique.decider(site, {fabrique.demande(site): "11000"}, "21")
    (convention,) = fabrique.preparer(site, suivante)
    texte = convention.texte.replace("\xa0", " ")
    assert convention.sorte == SorteDActe.CONVENTION
    assert "« Aide au loyer », 1 000,00 € ; autre aide votée, 12 000,00 €" in texte


def test_deux_contrats_de_la_meme_autorite_comptent_ensemble(site):
    _, version = fabrique.ailleurs(site)
    la_bas = fabrique.demande(site, version=version)
    Demande.objects.filter(pk=la_bas.pk).update(exercice=exercice(site))
    projets.voter(la_bas.dossier, site.samia.organisme, "12000")
    decision = fabrique.decider(site, {fabrique.demande(site): "11000.01"})
    assert total(site) == Decimal("23000.01")
    assert sorte(site, decision) == SorteDActe.CONVENTION


def test_une_subvention_notee_hors_de_la_plateforme_compte(site):
    decision = fabrique.decider(site, {fabrique.demande(site): "20000"})
    assert sorte(site, decision) == SorteDActe.NOTIFICATION
    notee = noter(site, "3000")
    assert sorte(site, decision) == SorteDActe.NOTIFICATION
    noter(site, "0.01", objet="Un timbre")
    noter(site, "9999", exercice=exercice(site) - 1)
    assert sorte(site, decision) == SorteDActe.CONVENTION
    retirer_une_autre_subvention(par=site.samia, pk=notee.pk)
    assert sorte(site, decision) == SorteDActe.NOTIFICATION


def test_le_groupe_porte_compte_pour_sa_structure(site):
    structure = comptes.organisme("La Régie")
    collectif = comptes.organisme("Le Collectif du square", "collectif")
    sien = fabrique.demande(site, porteur=structure, titre="Le sien")
    porte = fabrique.demande(site, porteur=collectif, structure=structure, titre="Le square")
    decision = fabrique.decider(site, {sien: "12000", porte: "11000.01"})
    faits = fabrique.preparer(site, decision)
    assert {(un.titulaire, un.sorte) for un in faits} == {(structure, SorteDActe.CONVENTION)}
    (du_groupe,) = [un for un in faits if "Le Collectif du square" in un.texte]
    assert "Groupe porté par le bénéficiaire : Le Collectif du square" in du_groupe.texte
    assert (total(site, structure), total(site, collectif)) == (Decimal("23000.01"), 0)
    gardee = comptes.organisme("La Régie de quartier")
    Organisme.objects.filter(pk=structure.pk).update(fusionne_dans=gardee)
    assert total(site, gardee) == Decimal("23000.01")


def test_deux_groupes_portes_ont_chacun_leur_acte(site):
    structure = comptes.organisme("La Régie")
    groupes = [comptes.organisme(f"Groupe {nom}", "collectif") for nom in "AB"]
    demandes = [
        fabrique.demande(site, porteur=un, structure=structure, titre=un.nom) for un in groupes
    ]
    faits = fabrique.preparer(site, fabrique.decider(site, dict.fromkeys(demandes, "500")))
    assert len(faits) == 2
    for acte in faits:
        assert ("Groupe A" in acte.texte) != ("Groupe B" in acte.texte)
        assert (acte.titulaire, acte.pied["representant"]) == (structure, "")


def test_un_doublon_reuni_compte_avec_celui_que_l_on_garde(site):
    doublon = comptes.organisme("Amis du Verger (doublon)")
    autre_caisse = comptes.organisme("Caisse bis", "protection_sociale")
    de_lui = fabrique.demande(site, porteur=doublon)
    noter(site, "1000", doublon)
    projets.voter(fabrique.demande(site).dossier, autre_caisse, "2000")
    decision = fabrique.decider(site, {de_lui: "9000"})
    assert total(site) == 0
    Organisme.objects.filter(pk=doublon.pk).update(fusionne_dans=verger(site))
    assert total(site) == Decimal(10_000)
    Organisme.objects.filter(pk=autre_caisse.pk).update(fusionne_dans=site.samia.organisme)
    assert total(site) == Decimal(12_000)
    (propose,) = site.proposes(decision)
    assert (propose.titulaire, propose.situation.deja) == (verger(site), Decimal(3000))
    assert len(autres_subventions(site.samia.organisme, exercice(site), verger(site))) == 1


@pytest.mark.parametrize(
    ("source", "compte"), [(SourceDuSuivi.EXPORT, 4000), (SourceDuSuivi.PERSONNE, 0)]
)
def test_un_vote_d_ailleurs_compte_s_il_ne_vient_pas_de_memoire(site, source, compte):
    dossier = fabrique.demande(site).dossier
    projets.voter(dossier, site.samia.organisme, "4000", guichet=Guichet.AILLEURS, source=source)
    assert total(site) == compte


def test_ni_un_autre_financeur_ni_un_autre_exercice_ne_comptent(site):
    dossier = fabrique.demande(site).dossier
    projets.voter(dossier, site.vote.etude.ici.commune, "9000")
    voisine = projets.voter(dossier, site.samia.organisme, "9000")
    Demande.objects.filter(pk=voisine.pk).update(exercice=exercice(site) - 1)
    assert total(site) == 0


def test_une_subvention_se_note_avec_un_objet_et_un_montant(site):
    for montant, objet in ((None, "x"), (Decimal(0), "x"), (Decimal(5), " ")):
        with pytest.raises(Refus):
            noter_une_autre_subvention(
                par=site.samia,
                titulaire=verger(site),
                exercice=exercice(site),
                objet=objet,
                montant=montant,
            )
    assert not AutreSubvention.objects.exists()
    assert str(noter(site, "5")) == f"Fonctionnement ({exercice(site)})"


@pytest.mark.parametrize("qui", ["olga", "pilote", "gestionnaire", "elu", "attente"])
def test_nul_autre_ne_note_ni_ne_retire_une_subvention(site, qui):
    notee = noter(site, "5")
    autre = site.vote.etude.ici.acteur(qui)
    with pytest.raises(AutreSubvention.DoesNotExist):
        retirer_une_autre_subvention(par=autre, pk=notee.pk)
    if qui != "olga":
        with pytest.raises(AutreSubvention.DoesNotExist):
            noter_une_autre_subvention(
                par=autre, titulaire=verger(site), exercice=2026, objet="x", montant=Decimal(1)
            )


def test_l_organisme_aide_ne_lit_pas_ce_que_le_service_note_de_lui(site):
    retirer_une_autre_subvention(par=site.samia, pk=noter(site, "1500.50").pk)
    sienne = frise(f"organisme:{verger(site).pk}", regard=Regard.MEMBRES).lignes
    assert not any("subvention" in ligne.phrase for ligne in sienne)
    du_service = frise(f"organisme:{site.samia.organisme.pk}", regard=Regard.MEMBRES).lignes
    phrases = [ligne.phrase.replace("\xa0", " ") for ligne in du_service]
    assert sum("une subvention de 1 500,50 € à « Les Amis" in phrase for phrase in phrases) == 1
    assert sum("a retiré la subvention de 1 500,50 €" in phrase for phrase in phrases) == 1


def test_le_nombre_de_requetes_ne_depend_pas_des_organismes(site):
    comptees = set()
    for nombre in (1, 3, 50):
        porteurs = [comptes.organisme(f"Association {nombre}-{n}") for n in range(nombre)]
        for porteur in porteurs:
            dossier = fabrique.demande(site, porteur=porteur).dossier
            projets.voter(dossier, site.samia.organisme, "100")
            noter(site, "5", porteur)
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            lus = cumuls(site.samia.organisme, exercice(site), {p.pk for p in porteurs})
        assert {lu.total for lu in lus.values()} == {Decimal(105)}
        comptees.add(len(requetes))
    assert len(comptees) == 1
