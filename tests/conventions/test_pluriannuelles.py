"""Une convention pluriannuelle couvre ses exercices : un acte simple y suffit, à elle seule."""

from decimal import Decimal

import pytest

from parvis.conventions.enums import SorteDActe
from parvis.conventions.models import Acte
from parvis.dossiers.models import Demande, Dossier
from parvis.programmation.actions.decisions import Dit
from parvis.programmation.enums import Resultat
from parvis.socle.refus import Refus
from tests.conventions.test_valeurs import prevoir
from tests.decors import decor
from tests.fabriques import actes, decisions
from tests.fabriques import actes_a_prendre as fabrique

pytestmark = pytest.mark.django_db


@decor
def site() -> actes.Site:
    return fabrique.site()


def l_an_d_apres(site: actes.Site) -> Demande:
    """Signe une convention de deux ans ; rend ce que le même projet demande la seconde année."""
    premiere = fabrique.demande(site, exercices=2)
    prevoir(premiere, "30000")
    (convention,) = fabrique.signer(site, fabrique.decider(site, {premiere: "30000"}))
    assert convention.sorte == SorteDActe.PLURIANNUELLE
    return suivante(site, premiere.exercice + 1, projet=premiere.dossier.projet)


def suivante(site: actes.Site, exercice: int, **dossier) -> Demande:
    """Rend une demande d'un autre exercice, dans un dossier recevable."""
    demande = fabrique.demande(site, titre="Le compost")
    Dossier.objects.filter(pk=demande.dossier_id).update(exercice=exercice, **dossier)
    Demande.objects.filter(pk=demande.pk).update(exercice=exercice)
    return Demande.objects.get(pk=demande.pk)


def decider(site: actes.Site, demandes: list[Demande]):
    """Vote 30 000 € à chacune de ces demandes de la seconde année."""
    exercice = demandes[0].exercice
    enveloppe = decisions.enveloppe(site.vote.etude, site.samia, 500_000, exercice=exercice)
    dit = Dit(Resultat.ACCORDE, Decimal(30_000), enveloppe.pk)
    return fabrique.decider(site, dict.fromkeys(demandes, dit), "31", exercice=exercice)


def test_la_seconde_annee_se_signe_sur_un_acte_simple_au_dela_du_seuil(site):
    seconde = l_an_d_apres(site)
    (acte,) = fabrique.signer(site, decider(site, [seconde]))
    assert acte.sorte == SorteDActe.NOTIFICATION
    seconde.refresh_from_db()
    assert seconde.montant_engage == Decimal(30_000)


def test_un_projet_qu_elle_ne_couvre_pas_demande_la_sienne(site):
    seconde = l_an_d_apres(site)
    autre = suivante(site, seconde.exercice)
    faits = fabrique.preparer(site, decider(site, [seconde, autre]))
    sortes = {acte.lignes.get().demande_id: acte.sorte for acte in faits}
    assert sortes == {seconde.pk: SorteDActe.NOTIFICATION, autre.pk: SorteDActe.CONVENTION}


def test_une_lettre_qui_porte_aussi_un_projet_non_couvert_ne_se_signe_pas(site, sans_declencheurs):
    seconde = l_an_d_apres(site)
    autre = suivante(site, seconde.exercice)
    faits = fabrique.preparer(site, decider(site, [seconde, autre]))
    lettre = Acte.objects.get(lignes__demande=seconde)
    (convention,) = [acte for acte in faits if acte != lettre]
    with sans_declencheurs():
        convention.lignes.update(acte=lettre)
    with pytest.raises(Refus, match="une convention est exigée"):
        site.signer([site.compose(lettre)])
