"""Ce que chaque champ dit d'un vrai dossier : qui, quoi, où, quand, et rien quand on ne sait pas."""

from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.conventions.actions.modeles import Mentions, ecrire_les_mentions
from parvis.conventions.enums import SorteDActe
from parvis.conventions.models import Acte
from parvis.conventions.queries.modeles import mentions_de
from parvis.conventions.queries.valeurs import autour_de, valeurs
from parvis.conventions.rules.champs import CHAMPS
from parvis.dossiers.models import (
    BilanAttendu,
    Dossier,
    EcritureDeSection,
    LieuDeDossier,
    VersionDeposee,
)
from parvis.evaluation.actions.attendre import attendre_les_bilans
from parvis.programmation.models import Decision
from parvis.socle.refus import Refus
from parvis.socle.templatetags.socle import jour
from parvis.territoires.models import Quartier
from tests.decors import decor
from tests.fabriques import actes
from tests.fabriques import actes_a_prendre as fabrique

pytestmark = pytest.mark.django_db


@decor
def site() -> actes.Site:
    return fabrique.site()


def dites(site, decision: Decision) -> dict[str, str]:
    """Rend ce que dit chaque champ pour le seul acte que la décision appelle."""
    (propose,) = site.proposes(decision)
    decision.refresh_from_db()
    mentions = mentions_de(site.contrat, site.samia.organisme)
    rendues = valeurs(propose, mentions, autour_de([propose], decision), numero="1")
    return {nom: valeur.replace("\xa0", " ") for nom, valeur in rendues.items()}


def test_un_vrai_dossier_se_dit_en_entier(site):
    quartier = Quartier.objects.create(
        code="QN00001", millesime=2024, nom="Les Hautes Noues", valide_du="2024-01-01"
    )
    dossier = site.vote.etude.dossier
    LieuDeDossier.objects.create(dossier=dossier, quartier=quartier)
    lues = dites(site, site.vote.publiee("1500"))
    assert set(lues) == set(CHAMPS)
    assert lues["representant"] == "Lucie Bardet, présidente"
    assert lues["dates"].startswith("du 1er mars") and "30 novembre" in lues["dates"]
    assert lues["fiches"].startswith("1-1, ") and lues["quartiers"] == "Les Hautes Noues"
    assert lues["projets"] == f"« {dossier.projet.titre} » (dossier {dossier.reference})"
    assert (lues["montant"], lues["demande"]) == ("1 500,00 €", "2 000,00 €")
    assert lues["montant_en_lettres"] == "mille cinq cents euros"
    assert lues["decision"].startswith("décision") or lues["decision"][0].islower()
    assert lues["bilan_le"] == f"30 juin {dossier.exercice + 1}"
    for vide in ("nature", "cumul", "actes_anterieurs", "acte_modifie", "porteur", "conditions"):
        assert lues[vide] == ""


@pytest.mark.parametrize("calendrier", [{}, {"debut_le": "hier"}, {"debut_le": "", "fin_le": "x"}])
def test_des_dates_qui_ne_se_lisent_pas_ne_se_disent_pas(site, calendrier):
    dossier = site.vote.etude.dossier
    EcritureDeSection.objects.filter(dossier=dossier, section="calendrier").update(
        valeur=calendrier
    )
    assert dites(site, site.vote.publiee("1500"))["dates"] == ""


def test_le_service_a_appeler_vient_des_mentions_a_defaut_de_l_appel(site):
    decision = site.vote.publiee("1500")
    assert dites(site, decision)["contact"] == "Service ville, 01 99 00 00 00"
    sans = Mentions(signataire="X", qualite="y", tribunal="Melun")
    ecrire_les_mentions(par=site.samia, contrat=site.contrat, mentions=sans)
    assert "01 99" in dites(site, decision)["contact"]


def prevoir(demande, montant: str, annees: int = 1, **autres) -> None:
    dossier = demande.dossier
    for annee in range(1, annees + 1):
        fabrique.demander(
            dossier, demande.financeur, montant, exercice=dossier.exercice + annee, **autres
        )


def test_les_annees_suivantes_se_disent_sans_etre_votees(site):
    demande = fabrique.demande(site, exercices=3)
    prevoir(demande, "8000", 2)
    prevoir(demande, "500.50")
    decision = fabrique.decider(site, {demande: "30000"})
    exercice = decision.exercice
    assert dites(site, decision)["annees_suivantes"] == (
        f"{exercice + 1} : 8 500,50 € ; {exercice + 2} : 8 000,00 €"
    )
    (acte,) = fabrique.preparer(site, decision)
    assert (acte.sorte, acte.montant) == (SorteDActe.PLURIANNUELLE, Decimal(30_000))
    assert f"- {exercice + 1} : 8 500,50 €" in acte.texte.replace("\xa0", " ")


def test_sans_rien_de_prevu_une_convention_d_un_an_suffit(site):
    decision = fabrique.decider(site, {fabrique.demande(site, exercices=2): "30000"})
    with pytest.raises(Refus, match="prenez une convention d’un an"):
        fabrique.preparer(site, decision)
    (acte,) = fabrique.preparer(site, decision, pluriannuelle="convention")
    assert acte.sorte == SorteDActe.CONVENTION


def test_ce_qui_est_prevu_ailleurs_ou_pas_encore_demande_ne_se_dit_pas(site):
    demande = fabrique.demande(site, exercices=2)
    fabrique.demander(
        demande.dossier, site.vote.etude.ici.commune, "900", exercice=demande.exercice + 1
    )
    prevoir(demande, "700", etat="preparee", demande_le=None)
    assert dites(site, fabrique.decider(site, {demande: "1000"}))["annees_suivantes"] == ""


def test_le_nom_du_projet_ne_devient_pas_un_titre_de_l_acte(site):
    demande = fabrique.demande(site, titre="# Article 9 {montant}")
    Dossier.objects.filter(pk=demande.dossier_id).update(echelle="")
    (acte,) = fabrique.preparer(site, fabrique.decider(site, {demande: "1000"}))
    assert Acte.objects.get() == acte
    assert "\n# Article 9" not in acte.texte and "Article 9 (montant)" in acte.texte


def deposer(dossier: Dossier, fin_le: str) -> None:
    """Dépose une version de plus de ce dossier, dont le projet finit ce jour-là."""
    derniere = VersionDeposee.objects.filter(dossier=dossier).order_by("-numero").first()
    VersionDeposee.objects.create(
        dossier=dossier,
        numero=derniere.numero + 1 if derniere else 1,
        contenu={"sections": {"calendrier": {"valeur": {"fin_le": fin_le}}}},
        empreinte="0" * 64,
        deposee_le=timezone.now(),
        auteur="0",
        deposee_par="Essai",
    )


class TestLeJourDuBilan:
    """L'acte dit le jour que le site rappelle, et ne le promet qu'une fois."""

    def test_un_projet_qui_finit_apres_l_exercice_a_six_mois_de_plus(self, site):
        demande = fabrique.demande(site)
        deposer(demande.dossier, f"31/08/{demande.exercice + 1}")
        decision = fabrique.decider(site, {demande: "1000"})
        dit = dites(site, decision)["bilan_le"]
        attendre_les_bilans()
        rappele = BilanAttendu.objects.get(dossier=demande.dossier).attendu_le
        assert dit == jour(rappele).replace("\xa0", " ")
        assert rappele.year == demande.exercice + 2

    def test_le_jour_deja_inscrit_est_celui_de_l_acte(self, site):
        demande = fabrique.demande(site)
        decision = fabrique.decider(site, {demande: "1000"})
        attendre_les_bilans()
        BilanAttendu.objects.update(attendu_le="2031-03-05")
        assert dites(site, decision)["bilan_le"] == "5 mars 2031"

    def test_ce_qu_un_acte_promet_ne_se_recalcule_pas(self, site):
        demande = fabrique.demande(site)
        (acte,) = fabrique.preparer(site, fabrique.decider(site, {demande: "1000"}))
        promis = BilanAttendu.objects.get(dossier=demande.dossier)
        assert jour(promis.attendu_le) in acte.texte
        deposer(demande.dossier, f"31/08/{demande.exercice + 1}")
        assert attendre_les_bilans() == 0
        assert BilanAttendu.objects.get() == promis
        suivante = fabrique.decider(site, {demande: "1200"}, "21")
        assert autour_de(site.proposes(suivante), suivante).bilans == {
            demande.dossier_id: promis.attendu_le
        }

    def test_chaque_projet_dit_son_jour_s_ils_different(self, site):
        court, long = fabrique.demande(site, titre="Court"), fabrique.demande(site, titre="Long")
        deposer(long.dossier, f"30/06/{long.exercice + 1}")
        dit = dites(site, fabrique.decider(site, {court: "1000", long: "1000"}))["bilan_le"]
        assert dit == (
            f"30 juin {court.exercice + 1} pour « Court » ; "
            f"le 30 décembre {long.exercice + 1} pour « Long »"
        )

    def test_un_refus_et_un_pret_n_attendent_aucun_bilan(self, site):
        pret = fabrique.demande(site, nature="nature")
        refuse = fabrique.demande(site, titre="Refusé")
        fabrique.preparer(site, fabrique.decider(site, {pret: "1000", refuse: fabrique.REFUSE}))
        assert not BilanAttendu.objects.exists()
