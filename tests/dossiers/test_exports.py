"""Reprendre l'export du portail de l'État : la différence, tout ou rien, et jamais en silence."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.courriels.models import Courriel
from parvis.dossiers.actions.exports import reprendre_un_export
from parvis.dossiers.actions.suivi import noter_la_suite
from parvis.dossiers.importation import lire_l_export
from parvis.dossiers.models import CorrespondanceDImport, Demande
from parvis.dossiers.queries.exports import comparer_a_l_export, correspondance
from parvis.dossiers.rules.suivi import Suite
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from parvis.socle.tableaux import xlsx
from tests.decors import decor
from tests.fabriques import depots, portails
from tests.fabriques.fils import dans_des_fils

TITRES = ("Référence administrative", "Statut", "Montant voté", "Exercice budgétaire")
NUMERO = "DA01234567"


@decor
def demande(ici):
    return portails.demande_a_l_etat(depots.depose(ici), numero_externe=NUMERO)


def tableau(*lignes, titres=TITRES):
    return "\n".join(";".join(ligne) for ligne in (titres, *lignes)).encode()


def lu(*lignes, titres=TITRES, connues=None):
    return lire_l_export(tableau(*lignes, titres=titres), "export.csv", connues or {})


def comparer(ici, *lignes, exercice=None):
    return comparer_a_l_export(
        ici.acteur("pilote"),
        ici.contrat,
        lu(*lignes),
        exercice=exercice,
        jour=timezone.localdate(),
    )


def reprendre(ici, *lignes, qui="pilote", **options):
    fichier = lu(*lignes)
    return reprendre_un_export(par=ici.acteur(qui), contrat=ici.contrat, lu=fichier, **options)


def actes():
    return Evenement.objects.filter(action="dossiers.reprendre_un_export").count()


# La différence.


def test_un_classeur_retrouve_les_zeros_qu_un_tableur_a_perdus(ici, demande):
    octets = xlsx(TITRES, [(1234567, "Rejetée", Decimal("0.00"), 2026)], "Export")
    export = lire_l_export(octets, "export.xlsx", {})
    difference = reprendre_un_export(par=ici.acteur("pilote"), contrat=ici.contrat, lu=export)
    demande.refresh_from_db()
    assert demande.etat == "refusee" and len(difference.reprises) == 1


def test_la_difference_dit_avant_apres_et_n_ecrit_rien(ici, demande):
    difference = comparer(ici, ("01234567-1", "A justifier", "4 000,50", ""))
    (reprise,) = difference.reprises
    assert reprise.avant.replace("\u00a0", " ") == "demandée, n° DA01234567"
    assert reprise.apres.replace("\u00a0", " ") == (
        f"accordée, 4 000,50 € votés le {timezone.localdate():%d/%m/%Y}, « A justifier », "
        "n° 01234567-1"
    )
    demande.refresh_from_db()
    assert demande.etat == "demandee" and actes() == 0
    assert not CorrespondanceDImport.objects.exists()


def test_ce_qui_ne_se_reprend_pas_se_dit_avec_sa_ligne(ici, demande):
    difference = comparer(
        ici,
        ("DA00000001", "Rejetée", "", ""),
        ("AB", "Rejetée", "", ""),
        (NUMERO, "A justifier", "1,000", ""),
        ("DA00000002", "Perdue", "", ""),
        ("DA00000003", "Rejetée", "", ""),
        ("00000003-2", "En cours", "", ""),
    )
    assert [ligne.ligne for ligne in difference.sans_correspondance] == [2]
    assert [(laissee.ligne, laissee.numero) for laissee in difference.laissees] == [
        (3, "AB"),
        (4, NUMERO),
        (5, "DA00000002"),
        (6, "DA00000003"),
    ]
    assert "se lit de deux façons" in difference.laissees[1].motifs[0]
    # Elle est dans l'export, même illisible : elle n'en est pas absente.
    assert difference.absentes == [] and difference.reprises == []


def test_une_demande_que_l_export_ne_dit_pas_se_voit(ici, demande):
    assert comparer(ici, ("DA00000001", "Rejetée", "", "")).absentes == [demande]


def test_l_exercice_choisit_les_demandes_et_les_lignes(ici, demande):
    suivante = portails.demande_a_l_etat(
        demande.dossier, exercice=demande.exercice + 1, numero_externe=NUMERO
    )
    an, apres = str(demande.exercice), str(suivante.exercice)
    lignes = ((NUMERO, "Rejetée", "", an), (NUMERO, "A justifier", "100", apres))
    difference = comparer(ici, *lignes)
    assert [r.demande for r in difference.reprises] == [demande, suivante]
    seule = comparer(ici, *lignes, exercice=suivante.exercice)
    assert [r.demande for r in seule.reprises] == [suivante] and seule.hors_exercice == 1
    (laissee,) = comparer(ici, (NUMERO, "Rejetée", "", "2019")).laissees
    assert "l’export dit 2019" in laissee.motifs[0]


def test_un_montant_ne_se_repartit_pas_tout_seul_entre_deux_demandes(ici, demande):
    portails.demande_a_l_etat(demande.dossier, ligne="Cités", numero_externe="01234567")
    (laissee,) = comparer(ici, (NUMERO, "A justifier", "900", "")).laissees
    assert "2 demandes portent ce numéro" in laissee.motifs[0]
    assert len(comparer(ici, (NUMERO, "Rejetée", "", "")).reprises) == 2


def test_un_brouillon_un_autre_contrat_et_un_autre_financeur_ne_se_retrouvent_pas(ici):
    portails.brouillon(ici, numero=NUMERO)
    recu = depots.depose(ici, titre="Autre")
    portails.demande_a_l_etat(
        recu, financeur=None, financeur_nom="Fondation", compte="", numero_externe=NUMERO
    )
    ligne = (NUMERO, "Rejetée", "", "")
    assert len(comparer(ici, ligne).sans_correspondance) == 1
    for qui in ("voisine", "gestionnaire", "administrateur", "delegue"):
        with pytest.raises(Contrat.DoesNotExist):
            reprendre(ici, ligne, qui=qui)
        with pytest.raises(Contrat.DoesNotExist):
            correspondance(ici.acteur(qui), ici.contrat)


def test_ce_qui_contredit_la_plateforme_se_dit_et_se_laisse(ici, demande):
    Demande.objects.filter(pk=demande.pk).update(etat="retiree")
    (laissee,) = comparer(ici, (NUMERO, "A justifier", "100", "")).laissees
    assert laissee.motifs == ("elle est retirée ici, et le portail la dit « A justifier ».",)


def test_une_precision_dit_ce_qu_il_faut_savoir(ici, demande):
    plus = comparer(ici, (NUMERO, "A justifier", "6000", "")).reprises[0].precision
    assert plus.replace("\u00a0", " ") == "C’est plus que ce qui est demandé (5 000 €)."
    rien = comparer(ici, (NUMERO, "Recevable", "4000", "")).reprises[0].precision
    assert "n’est pas repris : rien n’est accordé" in rien


# L'écriture.


def test_reprendre_ecrit_la_source_la_date_et_previent_le_porteur(ici, demande):
    Courriel.objects.all().delete()
    reprendre(ici, (NUMERO, "A justifier", "4000", ""))
    demande.refresh_from_db()
    assert (demande.etat, demande.montant_vote) == ("accordee", Decimal(4000))
    assert demande.vote_le == timezone.localdate()
    assert (demande.suivi_source, demande.statut_externe) == ("export", "A justifier")
    assert demande.suivi_par == "Pilote Essai" and demande.suivi_le
    courriel = Courriel.objects.filter(destinataire="gestionnaire@exemple.fr").get()
    assert "une réponse sur le portail" in courriel.objet
    assert "4\u00a0000\u00a0€ votés" in courriel.texte and "4 000" not in courriel.objet


def test_reprendre_deux_fois_n_a_qu_un_effet(ici, demande):
    ligne = (NUMERO, "A justifier", "4000", "")
    reprendre(ici, ligne)
    avant, courriels = Demande.objects.values().get(pk=demande.pk), Courriel.objects.count()
    difference = reprendre(ici, ligne)
    assert difference.identiques == 1 and difference.reprises == []
    assert Demande.objects.values().get(pk=demande.pk) == avant
    assert (actes(), Courriel.objects.count()) == (1, courriels)


def test_un_statut_seul_se_garde_sans_deranger_le_porteur(ici, demande):
    Courriel.objects.all().delete()
    reprendre(ici, (NUMERO, "Prise en charge", "", ""))
    demande.refresh_from_db()
    assert (demande.etat, demande.statut_externe) == ("demandee", "Prise en charge")
    assert not Courriel.objects.exists() and actes() == 1


def test_un_refus_apres_un_accord_importe_efface_le_montant(ici, demande):
    reprendre(ici, (NUMERO, "A justifier", "4000", ""))
    reprendre(ici, (NUMERO, "Rejetée", "", ""))
    demande.refresh_from_db()
    assert (demande.etat, demande.montant_vote, demande.vote_le) == ("refusee", None, None)


def test_ce_qu_une_personne_a_note_ne_se_remplace_que_si_on_le_dit(ici, demande):
    hier = timezone.localdate() - timedelta(days=1)
    suite = Suite("accordee", NUMERO, Decimal(3000), hier)
    noter_la_suite(par=ici.porte, demande=demande, suite=suite)
    ligne = (NUMERO, "A justifier", "4000", "")
    difference = reprendre(ici, ligne)
    demande.refresh_from_db()
    assert demande.montant_vote == Decimal(3000) and actes() == 0
    (reprise,) = difference.a_confirmer
    assert (
        f"Noté ici par Gestionnaire Essai le {timezone.localdate():%d/%m/%Y}" in reprise.precision
    )
    reprendre(ici, ligne, remplacer=True)
    demande.refresh_from_db()
    assert (demande.montant_vote, demande.suivi_source) == (Decimal(4000), "export")
    # Le financeur a parlé : sa décision ne se corrige plus à la main.
    with pytest.raises(Refus, match="vient du portail"):
        noter_la_suite(par=ici.porte, demande=demande, suite=suite)
    assert reprendre(ici, ligne).a_confirmer == []


def test_un_export_qui_dit_la_meme_chose_apprend_le_statut(ici, demande):
    hier = timezone.localdate() - timedelta(days=1)
    suite = Suite("accordee", NUMERO, Decimal(3000), hier)
    noter_la_suite(par=ici.porte, demande=demande, suite=suite)
    reprendre(ici, (NUMERO, "A été versé", "3000", ""))
    demande.refresh_from_db()
    assert (demande.vote_le, demande.statut_externe) == (hier, "A été versé")


def test_un_apercu_perime_n_ecrit_rien(ici, demande):
    ligne = (NUMERO, "A justifier", "4000", "")
    vue = comparer(ici, ligne).empreinte
    Demande.objects.filter(pk=demande.pk).update(etat="refusee")
    with pytest.raises(Refus, match="relu"):
        reprendre(ici, ligne, vue=vue)
    demande.refresh_from_db()
    assert demande.montant_vote is None
    reprendre(ici, ligne, vue=comparer(ici, ligne).empreinte)


def test_une_faute_en_route_n_ecrit_rien(ici, demande, monkeypatch):
    portails.demande_a_l_etat(demande.dossier, numero_externe="DA07654321")

    def tomber(*args, **kwargs):
        raise RuntimeError("plus de courant")

    monkeypatch.setattr("parvis.dossiers.actions.exports.prevenir_le_porteur", tomber)
    with pytest.raises(RuntimeError):
        reprendre(ici, (NUMERO, "Rejetée", "", ""), ("DA07654321", "Rejetée", "", ""))
    assert not Demande.objects.filter(etat="refusee").exists() and actes() == 0
    assert not CorrespondanceDImport.objects.exists()


def test_la_correspondance_des_colonnes_se_garde_par_contrat(ici, demande):
    titres = ("Mon numéro", "Sa réponse", "Montant voté")
    connues = {"numero": "Mon numéro", "statut": "Sa réponse"}
    fichier = lu((NUMERO, "Rejetée", ""), titres=titres, connues=connues)
    reprendre_un_export(par=ici.acteur("pilote"), contrat=ici.contrat, lu=fichier)
    gardee = correspondance(ici.acteur("pilote"), ici.contrat)
    assert gardee == connues | {"vote": "Montant voté"}
    assert lu((NUMERO, "Rejetée", ""), titres=titres, connues=gardee).colonnes == gardee
    quand = CorrespondanceDImport.objects.get().enregistree_le
    reprendre_un_export(par=ici.acteur("pilote"), contrat=ici.contrat, lu=fichier)
    assert CorrespondanceDImport.objects.get().enregistree_le == quand


@pytest.mark.parametrize("nombre", [1, 3, 50])
def test_comparer_ne_prend_qu_une_requete(ici, demande, nombre):
    lignes = []
    for rang in range(nombre):
        numero = f"DA{rang:08d}"
        portails.demande_a_l_etat(demande.dossier, rang=100 + rang, numero_externe=numero)
        lignes.append((numero, "A justifier", "100", ""))
    with CaptureQueriesContext(connection) as menees:
        difference = comparer(ici, *lignes)
        assert len([str(r.demande.dossier) for r in difference.reprises]) == nombre
    assert len(menees) == 1


# Deux imports à la fois.


@pytest.mark.django_db(transaction=True)
def test_deux_imports_a_la_fois_n_ont_qu_un_effet(base_partagee):
    def batir(_rang):
        ici = depots.lieux()
        recu = depots.depose(ici)
        for rang in range(3):
            portails.demande_a_l_etat(recu, rang=50 + rang, numero_externe=f"DA{rang:08d}")
        return ici

    (ici,) = dans_des_fils(batir, 1)
    fichier = lu(*((f"DA{rang:08d}", "A justifier", "100", "") for rang in range(3)))
    depart = Barrier(4, timeout=60)

    def importer(_rang):
        depart.wait()
        return len(
            reprendre_un_export(par=ici.acteur("pilote"), contrat=ici.contrat, lu=fichier).reprises
        )

    assert sorted(dans_des_fils(importer, 4)) == [0, 0, 0, 3]

    def relire(_rang):
        votees = Demande.objects.filter(montant_vote=Decimal(100)).count()
        return votees, actes(), CorrespondanceDImport.objects.count()

    assert dans_des_fils(relire, 1) == [(3, 3, 1)]
