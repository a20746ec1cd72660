"""Ce qu'un complément demande de neuf à un financeur a son jour, et son récépissé."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.actions import complements
from parvis.dossiers.actions.appels import publier_l_appel
from parvis.dossiers.queries.depot import (
    recepisse_a_emporter,
    recepisse_du_financeur,
    recepisses,
)
from parvis.dossiers.rules.recepisse import apres_des_mois
from parvis.dossiers.rules.suivi import reponse_attendue
from parvis.socle.templatetags.socle import a_la_seconde
from parvis.socle.templatetags.socle import jour as en_clair
from tests.decors import decor
from tests.fabriques import appels, comptes, depots
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db

DEMANDE, RENDU = 30, 10  # il y a tant de jours que c'est déposé, que le complément est demandé


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


@decor
def region(ici):
    return comptes.organisme("Région des Tilleuls", "region")


@decor
def recu(ici, region):
    pilote = ici.acteur("pilote")
    neuve = appels.brouillon(pilote, ici.contrat, titre="Appel à trois")
    for organisme in (ici.commune, region):
        appels.financer(pilote, neuve, organisme)
    neuve.refresh_from_db()
    ici.version = publier_l_appel(par=pilote, version=neuve)
    dossier = depots.depose(ici)
    dossier.demandes.update(demande_le=timezone.now() - timedelta(days=DEMANDE))
    complements.demander_un_complement(
        par=pilote,
        dossier=dossier,
        section="budget",
        texte="La région finance-t-elle aussi ?",
        echeance=timezone.localdate() + timedelta(days=15),
    )
    dossier.complements.update(demande_le=timezone.now() - timedelta(days=RENDU))
    Courriel.objects.all().delete()
    return depots.relire(dossier)


def rendre(ici, dossier, demandes, charges="4000"):
    """Réécrit le budget et le rend ; rend l'instant du renvoi."""
    depots.ecrire(ici.porte, dossier, "budget", depots.budget(dossier.exercice, demandes, charges))
    maintenant = timezone.now()
    complements.repondre_aux_complements(
        par=ici.porte, dossier=dossier, reponses={}, maintenant=maintenant
    )
    return maintenant


def neufs(dossier):
    return {recu.nom: recu for recu in recepisses(dossier) if recu.version.numero == 2}


def test_un_financeur_ajoute_a_le_jour_du_renvoi_et_son_recepisse(ici, recu, region):
    demandes = {ici.caisse.pk: "2000", ici.commune.pk: "1000", region.pk: "500"}
    maintenant = rendre(ici, recu, demandes, "4500")
    assert recu.demandes.get(financeur=region).demande_le == maintenant
    assert list(neufs(recu)) == ["Région des Tilleuls"]
    dit = " ".join(neufs(recu)["Région des Tilleuls"].paragraphes)
    silence = en_clair(apres_des_mois(timezone.localdate(maintenant), 2))
    assert a_la_seconde(maintenant) in dit and f"avant le {silence}" in dit
    assert "complétée" not in dit
    # Les autres gardent le leur, et le jour de leur demande.
    assert len(recepisses(recu)) == 3
    assert recu.demandes.filter(demande_le__lt=maintenant).count() == 2
    partis = Courriel.objects.filter(sujet="depot")
    assert {c.objet for c in partis} == {f"Récépissé {recu.reference} : Région des Tilleuls"}
    assert partis.count() == 3


def test_un_montant_change_a_son_recepisse_et_garde_son_delai(ici, recu):
    rendre(ici, recu, {ici.caisse.pk: "2500", ici.commune.pk: "1000"}, "4500")
    assert list(neufs(recu)) == ["Caisse des Tilleuls"]
    dit = " ".join(neufs(recu)["Caisse des Tilleuls"].paragraphes).replace("\u00a0", " ")
    jour = timezone.localdate()
    silence = reponse_attendue(
        nature="commune",
        demande_le=timezone.localdate(recu.demandes.first().demande_le),
        complements=[(jour - timedelta(days=RENDU), jour)],
    )
    assert "complétée, pour 2 500,00 €" in dit.replace("\u202f", " ")
    assert f"avant le {en_clair(silence)}".replace("\u00a0", " ") in dit


def test_rien_de_change_ne_donne_aucun_recepisse(ici, recu):
    rendre(ici, recu, {ici.caisse.pk: "2000", ici.commune.pk: "1000"})
    assert neufs(recu) == {} and len(recepisses(recu)) == 2
    assert not Courriel.objects.filter(sujet="depot").exists()


def test_chaque_recepisse_s_emporte_toujours_le_meme(ici, recu):
    rendre(ici, recu, {ici.caisse.pk: "2500", ici.commune.pk: "1000"}, "4500")
    pdf = [
        recepisse_a_emporter(recepisse_du_financeur(ici.porte, recu, numero, ici.caisse.pk))
        for numero in (1, 2, 2)
    ]
    assert pdf[1].octets == pdf[2].octets != pdf[0].octets
    assert "version-2" in pdf[1].nom and "version" not in pdf[0].nom
