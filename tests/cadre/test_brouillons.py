"""Préparer un avenant, y ajouter et en retirer, le publier ou le jeter."""

from dataclasses import replace

import pytest
from django.utils import timezone

from parvis.cadre.actions import importer_cadre, publier_edition
from parvis.cadre.actions.brouillons import jeter_le_brouillon, preparer_un_avenant
from parvis.cadre.actions.declinaisons import decliner
from parvis.cadre.actions.plan import (
    ajouter_un_enjeu,
    ajouter_une_fiche,
    retirer_un_enjeu,
    retirer_une_fiche,
)
from parvis.cadre.contenu import empreinte
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition, Partenaire
from parvis.cadre.queries.contenu import contenu
from parvis.comptes.acteur import Acteur
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.fabriques.cadre import MACHINE, avec_fiche, contrat_publie, fiche, petit_contrat
from tests.fabriques.retouches import dit
from tests.fabriques.retouches import retoucher as retoucher_une_section

pytestmark = pytest.mark.django_db
LEA = Acteur.machine("Léa")
MOMO = Acteur.machine("Momo")


def retoucher(edition, cle, code, saisie, par=LEA, lue=None):
    return retoucher_une_section(par, edition, cle, code, saisie, lue)


def _relu(edition):
    return Edition.objects.get(pk=edition.pk)


# --- préparer un avenant


def test_un_avenant_est_la_copie_de_l_edition(publiee, brouillon):
    assert contenu(MACHINE, brouillon) == contenu(MACHINE, publiee)
    assert brouillon.copiee_de == publiee and not brouillon.est_publiee
    assert brouillon.code == f"{timezone.localdate():%Y-%m}"
    assert brouillon.empreinte == publiee.empreinte


def test_un_double_clic_ne_prepare_qu_un_avenant(publiee, brouillon):
    assert preparer_un_avenant(par=LEA, edition=publiee) == brouillon
    assert publiee.copies.count() == 1


def test_deux_avenants_du_meme_mois_ont_deux_codes(publiee, brouillon):
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Semer."})
    second = preparer_un_avenant(par=LEA, edition=publiee)
    assert second.code == f"{brouillon.code}-2"


def test_un_import_ne_remplace_pas_un_brouillon_retouche():
    brouillon = importer_cadre(
        par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai"
    ).edition
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Semer."})
    autre = importer_cadre(
        par=MACHINE, contrat="tilleuls", lu=petit_contrat(preambule="Autre."), source="essai"
    ).edition
    assert autre.code == f"{brouillon.code}-2"
    assert dit(brouillon, "fiche-1-1", "descriptif") == {"descriptif": "Semer."}


@pytest.mark.parametrize(
    "geste",
    [
        lambda e: ajouter_une_fiche(par=LEA, edition=e, enjeu="1", numero="1-3", titre="Semer"),
        lambda e: retirer_une_fiche(par=LEA, edition=e, numero="1-1"),
        lambda e: ajouter_un_enjeu(par=LEA, edition=e, pilier=1, numero="7", titre="Semer"),
        lambda e: retirer_un_enjeu(par=LEA, edition=e, numero="3"),
        lambda e: decliner(par=LEA, edition=e, numero="1-1", lieu="Le Pré", type="quartier"),
    ],
)
def test_aucun_geste_n_est_remplace_par_un_import(geste):
    def importer(preambule):
        document = petit_contrat(preambule=preambule)
        return importer_cadre(par=MACHINE, contrat="tilleuls", lu=document, source="essai").edition

    brouillon = importer("Un.")
    assert importer("Deux.") == brouillon, "sans geste, un document remplace son brouillon"
    geste(brouillon)
    avant = contenu(MACHINE, _relu(brouillon))
    assert importer("Trois.") != brouillon
    assert contenu(MACHINE, _relu(brouillon)) == avant


# --- publier


def test_publier_accorde_le_catalogue_et_l_empreinte(brouillon):
    vide = {"condition": "", "degre": "", "parent": ""}
    retoucher(brouillon, "fiche-1-1", "operateurs", [{"nom": "Fondation des Jardins", **vide}])
    publiee = publier_edition(par=LEA, edition=_relu(brouillon))
    assert "Fondation des Jardins" in publiee.catalogue["partenaires"]
    assert publiee.empreinte == empreinte(contenu(MACHINE, publiee))
    assert Partenaire.objects.filter(nom="Fondation des Jardins", contrat__code="tilleuls").exists()


def test_un_nom_retire_de_partout_quitte_le_catalogue(brouillon):
    for numero in ("1-1", "1-2", "2-1"):
        retoucher(brouillon, f"fiche-{numero}", "operateurs", [])
    publiee = publier_edition(par=LEA, edition=_relu(brouillon))
    assert "Associations" not in publiee.catalogue["partenaires"]
    assert "Caisse d'allocations familiales" in publiee.catalogue["partenaires"]


def test_publier_sans_retouche_ne_change_pas_l_empreinte():
    aide = lu.Dispositif("Communes", "Prêt d'outils", porteurs=("Communes", "Métropole du Verger"))
    contrat = avec_fiche(petit_contrat(), fiche("1-1", dispositifs=(aide,)))
    edition = importer_cadre(par=MACHINE, contrat="tilleuls", lu=contrat, source="essai").edition
    avant = contenu(MACHINE, edition)
    publiee = publier_edition(par=MACHINE, edition=edition)
    assert contenu(MACHINE, publiee) == avant
    assert publiee.empreinte == edition.empreinte


def test_l_adresse_d_un_pilier_suit_l_edition_copiee(publiee, brouillon):
    avant = list(publiee.piliers.values_list("slug", flat=True))
    saisie = {"titre": "Habiter", "national": "", "introduction": ""}
    retoucher(brouillon, "pilier-1", "pilier", saisie)
    assert list(brouillon.piliers.values_list("slug", flat=True)) == avant
    suivant = preparer_un_avenant(par=LEA, edition=_relu(brouillon))
    assert list(suivant.piliers.values_list("slug", flat=True)) == avant


def test_deux_piliers_presque_du_meme_titre_ont_deux_adresses():
    contrat = petit_contrat()
    debut = "Vivre ensemble, et longtemps, dans un quartier plus calme et plus vert"
    titres = (f"{debut} le jour", f"{debut} la nuit")
    jumeaux = (replace(p, titre=t) for p, t in zip(contrat.piliers, titres, strict=True))
    publiee = contrat_publie("tilleuls", replace(contrat, piliers=tuple(jumeaux)))
    premiere, seconde = publiee.piliers.values_list("slug", flat=True)
    assert seconde == f"{premiere}-2"


def test_un_numero_a_zero_se_relit_tel_quel(brouillon):
    ajouter_un_enjeu(par=LEA, edition=brouillon, pilier=1, numero="07", titre="Respirer")
    copie = preparer_un_avenant(par=LEA, edition=_relu(brouillon))
    assert copie.enjeux.filter(numero="07").exists()


# --- jeter


def test_jeter_un_brouillon(publiee, brouillon):
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Semer."})
    copie = preparer_un_avenant(par=LEA, edition=_relu(brouillon))
    with pytest.raises(Refus, match="jetez-le d’abord"):
        jeter_le_brouillon(par=LEA, edition=brouillon)
    jeter_le_brouillon(par=LEA, edition=copie)
    jeter_le_brouillon(par=LEA, edition=brouillon)
    assert list(Edition.objects.all()) == [publiee]
    with pytest.raises(Refus):
        jeter_le_brouillon(par=LEA, edition=publiee)


def test_chaque_acte_est_au_journal(brouillon):
    ajouter_un_enjeu(par=LEA, edition=brouillon, pilier=2, numero="4", titre="Respirer")
    ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="4", numero="4-1", titre="Ventiler")
    retoucher(brouillon, "fiche-4-1", "descriptif", {"descriptif": "Ouvrir."})
    retirer_une_fiche(par=LEA, edition=brouillon, numero="4-1")
    retirer_un_enjeu(par=LEA, edition=brouillon, numero="4")
    jeter_le_brouillon(par=LEA, edition=brouillon)
    actes = Evenement.objects.order_by("rang").values_list("action", flat=True)
    assert [a.removeprefix("cadre.") for a in actes][-7:] == [
        "preparer_un_avenant",
        "ajouter_un_enjeu",
        "ajouter_une_fiche",
        "retoucher",
        "retirer_une_fiche",
        "retirer_un_enjeu",
        "jeter_le_brouillon",
    ]
