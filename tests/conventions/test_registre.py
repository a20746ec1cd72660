"""Le registre : tout ce qui est pris, annulé compris, et rien de ce que l'on ne doit pas lire."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.conventions.actions.actes import annuler_un_acte
from parvis.conventions.actions.circuit import notifier_des_actes, signer_des_actes
from parvis.conventions.models import Acte
from parvis.conventions.queries.actes import (
    COLONNES,
    actes,
    actes_de_la_decision,
    registre,
    tableau_du_registre,
)
from parvis.conventions.queries.archive import archive_en_word
from parvis.conventions.queries.compositions import composition
from parvis.instruction.actions.equipe import se_deporter
from tests.decors import decor
from tests.fabriques import actes as fabrique_d_actes
from tests.fabriques import actes_a_prendre as fabrique
from tests.fabriques import comptes
from tests.fabriques.cadre import contrat_publie

pytestmark = pytest.mark.django_db


@decor
def site() -> fabrique_d_actes.Site:
    return fabrique.site()


def lire(site, qui=None, **choix):
    return registre(qui or site.samia, site.contrat, choix)


def numeros(lu) -> list[str]:
    return [acte.numero[-3:] for acte in lu.page.lignes]


def total(site, qui=None, **choix) -> tuple:
    lignes = tableau_du_registre(qui or site.samia, site.contrat, choix)
    return lignes[-1][COLONNES.index("En argent")], lignes[-1][COLONNES.index("En nature")]


def comptes_de(lu) -> dict[str, int]:
    return {o.valeur: o.nombre for facette in lu.facettes for o in facette.options if o.nombre}


def trois_actes(site) -> list[Acte]:
    """Rend une lettre d'argent et de nature sur deux projets, une convention, et un refus."""
    autre = comptes.organisme("Autre association")
    deux = {
        fabrique.demande(site, titre="Jardin du haut"): "1000",
        fabrique.demande(site, titre="Jardin du bas", nature="nature"): "500",
    }
    refuse = fabrique.demande(site, titre="Refusé")
    gros = fabrique.demande(site, porteur=autre, titre="Gros projet")
    decision = fabrique.decider(site, {**deux, gros: "30000", refuse: fabrique.REFUSE})
    return fabrique.preparer(site, decision)


@decor
def trois(site) -> list[Acte]:
    return trois_actes(site)


def test_le_registre_dit_tout_le_dernier_d_abord_et_l_annule_sans_le_compter(site):
    trois_actes(site)
    convention, lettre = (Acte.objects.get(sorte=sorte) for sorte in ("convention", "notification"))
    lu = lire(site)
    assert numeros(lu) == ["003", "002", "001"]
    assert (lu.en_argent, lu.en_nature) == (Decimal(31_000), Decimal(500)) == total(site)
    annuler_un_acte(par=site.samia, acte=convention, motif="Erreur.")
    lu = lire(site)
    assert len(numeros(lu)) == 3 and (lu.en_argent, lu.en_nature) == (lettre.montant, Decimal(500))
    assert total(site) == (Decimal(1000), Decimal(500))
    assert len(actes_de_la_decision(site.samia, lettre.decision)) == 2
    annuler_un_acte(par=site.samia, acte=lettre, motif="Erreur.")
    assert total(site) == (0, 0) and lire(site).en_argent == 0


def test_un_acte_de_deux_projets_trouves_ne_compte_qu_une_fois(site):
    trois_actes(site)
    lu = lire(site, q="jardin")
    assert len(lu.page.lignes) == 1
    assert (lu.en_argent, lu.en_nature) == (Decimal(1000), Decimal(500)) == total(site, q="jardin")
    assert comptes_de(lu)["notification"] == comptes_de(lu)["prepare"] == 1


@pytest.mark.parametrize(
    ("choix", "combien"),
    [
        ({"q": "autre"}, 1), ({"q": "  "}, 3), ({"q": "licorne"}, 0), ({"etat": "prepare"}, 3),
        ({"etat": "signe"}, 0), ({"sorte": "refus"}, 1), ({"sorte": "x"}, 3), ({"exercice": "1999"}, 3),
        ({"decision": "0"}, 0), ({"decision": "x"}, 3),
    ],
)  # fmt: skip
def test_les_choix_du_registre(site, trois, choix, combien):
    assert len(lire(site, **choix).page.lignes) == combien
    assert len(tableau_du_registre(site.samia, site.contrat, choix)) == combien + 1


def test_le_tableau_a_une_case_par_colonne_et_dit_la_notification(site):
    site.notifier(fabrique.signer(site, fabrique.decider(site, {fabrique.demande(site): "1000"})))
    lignes = tableau_du_registre(site.samia, site.contrat, {})
    assert {len(ligne) for ligne in lignes} == {len(COLONNES)}
    assert "Par courrier simple" in lignes[0] and lignes[-1][0] == "Total"


# Ce que l'on ne doit pas lire.


def test_un_acte_qui_parle_d_un_dossier_deporte_ne_se_voit_nulle_part(site):
    trois_actes(site)
    acte = Acte.objects.get(sorte="notification")
    (secret,) = {ligne.demande.dossier for ligne in acte.lignes.filter(est_en_nature=True)}
    paul = site.vote.etude.ici.monde.ajouter("paul", site.samia.organisme, "instructeur")
    se_deporter(par=paul, dossier=secret, motif="Un lien.")
    lu = lire(site, paul)
    assert "notification" not in {un.sorte for un in lu.page.lignes}
    assert (lu.en_argent, lu.en_nature) == (Decimal(30_000), 0) == total(site, paul)
    assert "notification" not in comptes_de(lu) and comptes_de(lu)["prepare"] == 2
    assert not lire(site, paul, q="jardin").page.lignes
    assert composition(paul, site.contrat).a_composer == 2
    assert len(actes_de_la_decision(paul, acte.decision)) == 2
    dit = {"par": paul, "contrat": site.contrat, "pks": [acte.pk]}
    for geste in (
        lambda: actes(paul, site.contrat).get(pk=acte.pk),
        lambda: annuler_un_acte(par=paul, acte=acte, motif="x"),
        lambda: signer_des_actes(**dit, signe_le=None, signe_par=""),
        lambda: notifier_des_actes(**dit, mode="x"),
    ):
        with pytest.raises(Acte.DoesNotExist):
            geste()
    assert len(lire(site).page.lignes) == 3


def test_un_acte_annule_d_un_dossier_deporte_ne_se_voit_pas_non_plus(site):
    (acte,) = fabrique.preparer(site, fabrique.decider(site, {fabrique.demande(site): "100"}))
    annuler_un_acte(par=site.samia, acte=acte, motif="Erreur.")
    dossier = acte.lignes.get().demande.dossier
    se_deporter(par=site.samia, dossier=dossier, motif="Un lien.")
    assert not lire(site).page.lignes and lire(site).facettes


@pytest.mark.parametrize(
    "qui",
    "olga pilote gestionnaire signataire delegue elu conseiller voisine attente visiteur "
    "administrateur lecteur meuniere".split(),
)
def test_nul_autre_ne_lit_le_registre(site, trois, qui):
    autre = site.vote.etude.ici.acteur(qui)
    lu = lire(site, autre)
    assert (lu.page.lignes, lu.en_argent, lu.en_nature, comptes_de(lu)) == ([], 0, 0, {})
    assert total(site, autre) == (0, 0)
    assert composition(autre, site.contrat).a_composer == 0
    with pytest.raises(Acte.DoesNotExist):
        actes(autre, site.contrat).get(pk=Acte.objects.first().pk)


def test_le_meme_service_dans_un_autre_contrat_n_en_lit_rien(site):
    trois_actes(site)
    autre = contrat_publie("voisin").contrat
    assert not registre(site.samia, autre, {}).page.lignes


def test_un_collegue_du_service_reuni_lit_le_registre_commun(site):
    trois_actes(site)
    bis = comptes.organisme("Caisse bis", "protection_sociale", fusionne_dans=site.samia.organisme)
    paul = site.vote.etude.ici.monde.ajouter("paul", bis, "instructeur")
    assert len(lire(site, paul).page.lignes) == 3


def test_le_nombre_de_requetes_est_constant(site):
    comptees, pris = set(), 0
    for rang, nombre in enumerate((1, 2, 47)):
        demandes = [
            fabrique.demande(site, porteur=comptes.organisme(f"Asso {rang}-{n}"))
            for n in range(nombre)
        ]
        decision = fabrique.decider(site, dict.fromkeys(demandes, "10"), f"3{rang}")
        pris += len(fabrique.preparer(site, decision))
        with CaptureQueriesContext(connection) as requetes:
            for acte in lire(site).page.lignes:
                str(acte.titulaire.retenu), str(acte.decision), acte.get_etat_display()
        with CaptureQueriesContext(connection) as du_tableau:
            assert len(tableau_du_registre(site.samia, site.contrat, {})) == pris + 1
        with CaptureQueriesContext(connection) as des_mots:
            emportee = archive_en_word(site.samia, site.contrat, {})
            assert b"".join(emportee.morceaux).startswith(b"PK")
        comptees.add((len(requetes), len(du_tableau), len(des_mots)))
    assert pris == 50 and len(comptees) == 1
