"""Les textes et les mentions d'un service : une version à la fois, jamais perdue, jamais celle d'un autre."""

import pytest

from parvis.conventions.actions.modeles import (
    Mentions,
    ecrire_les_mentions,
    ecrire_un_modele,
    jeter_la_version,
)
from parvis.conventions.enums import SorteDActe
from parvis.conventions.models import MentionsDuService, ModeleDActe, VersionDeModele
from parvis.conventions.queries.modeles import (
    mentions_de,
    modele_lu,
    modeles,
    modeles_lus,
    texte_fourni,
)
from parvis.programmation.actions.decisions import publier_la_decision
from parvis.programmation.rules.decisions import empreinte
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import actes, comptes
from tests.fabriques.actes_a_prendre import REFUSE
from tests.fabriques.cadre import contrat_publie

pytestmark = pytest.mark.django_db
CORPS = texte_fourni("refus").corps


@decor
def site() -> actes.Site:
    return actes.site()


def ecrire(site, objet: str = "Notre réponse", corps: str = CORPS, **autres) -> VersionDeModele:
    valeurs = {"par": site.samia, "contrat": site.contrat, "sorte": "refus"}
    return ecrire_un_modele(objet=objet, corps=corps, **(valeurs | autres))


def lu(site):
    return modele_lu(site.samia, site.contrat, "refus")


def test_sans_modele_le_texte_fourni_sert(site):
    assert [m.sorte for m in modeles_lus(site.samia, site.contrat)] == list(SorteDActe)
    assert lu(site).texte == texte_fourni("refus") and lu(site).texte.version is None


def test_une_version_en_preparation_ne_sert_pas_puis_publiee_sert(site):
    brouillon = ecrire(site, corps="À finir.")
    assert (lu(site).brouillon, lu(site).publiees) == (brouillon, [])
    assert lu(site).texte == texte_fourni("refus")
    publiee = ecrire(site, publier=True)
    assert (publiee.pk, publiee.numero, publiee.est_publiee) == (brouillon.pk, 1, True)
    assert lu(site).texte.version == publiee and lu(site).brouillon is None
    assert "version 1" in str(publiee) and str(publiee.modele) == "Lettre de refus"
    assert site.prepare(site.vote.publiee("1500")).version is None


def test_la_derniere_version_publiee_sert_et_l_acte_la_nomme(site):
    for numero in (1, 2):
        ecrire(site, f"Réponse {numero}", publier=True)
    ecrire(site, "Réponse 3")
    decision = site.vote.decision()
    site.vote.repondre(decision, REFUSE)
    acte = site.prepare(publier_la_decision(par=site.samia, decision=decision))
    assert (acte.objet, acte.version.numero) == ("Réponse 2", 2)


def test_un_texte_incomplet_s_ecrit_mais_ne_se_publie_pas(site):
    ecrire(site, corps="À finir {tribunal}.")
    with pytest.raises(Refus, match="La loi veut y lire aussi") as refus:
        ecrire(site, corps="À finir {tribunal} {licorne}.", publier=True)
    assert len(refus.value.motifs) == 3 and not lu(site).publiees
    with pytest.raises(Refus):
        ecrire(site, objet="  ", corps="")
    assert lu(site).brouillon.corps == "À finir {tribunal}."


def test_le_texte_d_un_collegue_ne_se_perd_pas(site):
    ecrire(site, corps="Le sien.", depart="")
    for depart in ("", "autre"):
        with pytest.raises(Refus, match="Un collègue vient d’écrire"):
            ecrire(site, corps="Le mien.", depart=depart)
    depart = empreinte(lu(site).brouillon.objet, lu(site).brouillon.corps)
    assert ecrire(site, corps="Les deux.", depart=depart).corps == "Les deux."


def test_une_version_jetee_laisse_la_publiee(site):
    publiee = ecrire(site, publier=True)
    ecrire(site, corps="Autre.")
    for _ in range(2):
        jeter_la_version(par=site.samia, contrat=site.contrat, sorte="refus")
    assert list(VersionDeModele.objects.all()) == [publiee]
    assert ecrire(site, corps="Encore.").numero == 2


@pytest.mark.parametrize("est_ancien", [True, False])
def test_apres_une_reunion_le_texte_publie_sert(site, est_ancien):
    """Le doublon avait son modèle ; réuni, ce que l'on publie ensuite sert, quel que soit son âge."""
    bis = comptes.organisme("Caisse bis", "protection_sociale")
    if not est_ancien:
        ecrire(site, "Le nôtre", publier=True)
    modele = ModeleDActe.objects.create(
        contrat=site.contrat,
        financeur=bis,
        sorte="refus",
        cree_le="2026-01-01T00:00Z",
        cree_par="x",
    )
    VersionDeModele.objects.create(
        modele=modele, numero=1, objet="Celui du doublon", corps="x", ecrite_le="2026-01-01T00:00Z",
        ecrite_par="x", publiee_le="2026-01-01T00:00Z", publiee_par="x",
    )  # fmt: skip
    bis.fusionne_dans = site.samia.organisme
    bis.save()
    assert lu(site).texte.objet == ("Celui du doublon" if est_ancien else "Le nôtre")
    ecrire(site, "Le suivant", publier=True)
    assert lu(site).texte.objet == "Le suivant"
    (refus,) = (m for m in modeles_lus(site.samia, site.contrat) if m.sorte == "refus")
    assert refus.texte.objet == "Le suivant"


def test_les_mentions_de_l_organisme_garde_passent_avant_celles_d_un_doublon(site):
    siennes = MentionsDuService.objects.get()
    bis = comptes.organisme("Caisse bis", "protection_sociale", fusionne_dans=site.samia.organisme)
    siennes.pk, siennes.financeur, siennes.lieu = None, bis, "Ailleurs"
    siennes.save(force_insert=True)
    assert mentions_de(site.contrat, site.samia.organisme).lieu == "Ormeval"
    MentionsDuService.objects.exclude(financeur=bis).delete()
    assert mentions_de(site.contrat, site.samia.organisme).lieu == "Ailleurs"
    MentionsDuService.objects.all().delete()
    assert mentions_de(site.contrat, site.samia.organisme).pk is None


def test_les_mentions_se_recrivent_et_se_nettoient(site):
    mentions = Mentions(
        entete="A\r\n\r\n\r\nB", signataire=" Mme\u200b  X ", acte_ordinaire="arrete"
    )
    ecrites = ecrire_les_mentions(par=site.samia, contrat=site.contrat, mentions=mentions)
    assert (ecrites.entete, ecrites.signataire, ecrites.tribunal) == ("A\n\nB", "Mme X", "")
    assert MentionsDuService.objects.count() == 1 and str(ecrites).startswith("mentions de ")


@pytest.mark.parametrize(
    "fausses",
    [{"acompte": 0}, {"acompte": 101}, {"acte_ordinaire": "refus"}, {"acte_ordinaire": "x"}],
)
def test_des_mentions_fausses_se_refusent(site, fausses):
    with pytest.raises(Refus, match=r"de 1 à 100|Sous le seuil|valide"):
        ecrire_les_mentions(par=site.samia, contrat=site.contrat, mentions=Mentions(**fausses))


@pytest.mark.parametrize("qui", ["pilote", "gestionnaire", "delegue", "elu", "attente", "visiteur"])
def test_qui_ne_prend_pas_d_actes_n_ecrit_ni_ne_lit_rien(site, qui):
    ecrire(site)
    autre = site.vote.etude.ici.acteur(qui)
    assert not modeles(autre, site.contrat).exists()
    for geste in (
        lambda: ecrire(site, par=autre),
        lambda: modele_lu(autre, site.contrat, "refus"),
        lambda: jeter_la_version(par=autre, contrat=site.contrat, sorte="refus"),
    ):
        with pytest.raises(ModeleDActe.DoesNotExist):
            geste()
    with pytest.raises(MentionsDuService.DoesNotExist):
        ecrire_les_mentions(par=autre, contrat=site.contrat, mentions=Mentions())


def test_un_autre_service_et_un_autre_contrat_ont_les_leurs(site):
    ecrire(site, publier=True)
    olga, voisin = site.vote.etude.olga, contrat_publie("voisin").contrat
    assert modele_lu(olga, site.contrat, "refus").texte.version is None
    assert modele_lu(site.samia, voisin, "refus").texte.version is None
    ecrire(site, "Le leur", par=olga)
    assert lu(site).brouillon is None
    with pytest.raises(ModeleDActe.DoesNotExist):
        ecrire(site, sorte="licorne")
    with pytest.raises(ModeleDActe.DoesNotExist):
        modele_lu(site.samia, site.contrat, "licorne")
