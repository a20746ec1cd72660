"""Les rappels avant la clôture : une seule fois par échéance, et exactement ce qui manque."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from parvis.accueil.execution import TACHES
from parvis.courriels.models import Courriel
from parvis.dossiers.actions import appels as appels_actions
from parvis.dossiers.actions.dossiers import jeter_un_brouillon
from parvis.dossiers.actions.rappels import rappeler_les_brouillons
from parvis.dossiers.models import Dossier, Rappel
from tests.decors import decor
from tests.fabriques import appels, depots

pytestmark = pytest.mark.django_db


def a(ici, jours: int, heure: int = 10) -> datetime:
    """Rend cette heure, à tant de jours de la clôture."""
    jour = timezone.localtime(ici.version.ferme_le) - timedelta(days=jours)
    return jour.replace(hour=heure)


def rappels():
    return Courriel.objects.filter(sujet="rappel")


@decor
def dossier(ici):
    return depots.brouillon(ici)


def test_trois_rappels_et_pas_un_de_plus(ici, dossier):
    partis = {
        jours: [rappeler_les_brouillons(maintenant=a(ici, jours)) for _ in range(2)]
        for jours in (9, 8, 7, 6, 3, 2, 1, 0)
    }
    assert partis == {
        9: [0, 0],
        8: [0, 0],
        7: [1, 0],
        6: [0, 0],
        3: [0, 0],
        2: [1, 0],
        1: [1, 0],
        0: [0, 0],
    }
    assert set(Rappel.objects.values_list("jours", flat=True)) == {7, 2, 1}
    # Ceux qui écrivent pour l'organisme, et eux seuls.
    adresses = {"gestionnaire@exemple.fr", "signataire@exemple.fr", "contributeur@exemple.fr"}
    assert set(rappels().values_list("destinataire", flat=True)) == adresses
    assert rappels().count() == 9


def test_un_rappel_dit_l_heure_et_exactement_ce_qui_manque(ici, dossier):
    rappeler_les_brouillons(maintenant=a(ici, 2))
    courriel = rappels().first()
    assert "ferme dans 2 jours" in courriel.objet
    for attendu in (
        *("18 h 00 min 00 s", "Les pièces : Il manque : Statuts.", "n’est pas déposé"),
        *(
            "Les attestations : « Ce dossier est exact » n’est pas signée.",
            f"/dossiers/{dossier.pk}/",
        ),
    ):
        assert attendu in courriel.texte.replace("\u00a0", " ")
    assert "Il manque : Pouvoir" not in courriel.texte


def test_un_dossier_complet_s_entend_dire_de_le_deposer(ici):
    depots.pret(ici)
    rappeler_les_brouillons(maintenant=a(ici, 1))
    assert "Il ne manque plus rien : il reste à le déposer." in rappels().first().texte


def test_un_rappel_manque_ne_se_rattrape_qu_une_fois(ici, dossier):
    """Le site était arrêté : à trois jours, on dit une fois qu'il reste peu de temps."""
    assert [rappeler_les_brouillons(maintenant=a(ici, 3)) for _ in range(2)] == [1, 0]
    assert Rappel.objects.get().jours == 7


def test_rien_ne_part_la_nuit_ni_apres_la_cloture(ici, dossier):
    assert rappeler_les_brouillons(maintenant=a(ici, 2, heure=7)) == 0
    assert rappeler_les_brouillons(maintenant=a(ici, 0, heure=19)) == 0
    assert rappeler_les_brouillons(maintenant=a(ici, 2, heure=8)) == 1


def test_un_brouillon_ouvert_apres_l_echeance_n_a_rien_a_se_faire_rappeler(ici, dossier):
    Dossier.objects.filter(pk=dossier.pk).update(cree_le=a(ici, 5))
    assert rappeler_les_brouillons(maintenant=a(ici, 4)) == 0
    assert rappeler_les_brouillons(maintenant=a(ici, 2)) == 1


def test_ni_depose_ni_jete_ne_se_rappelle(ici, dossier):
    depots.depose(ici, titre="Déposé")
    jeter_un_brouillon(par=ici.porte, dossier=dossier)
    assert rappeler_les_brouillons(maintenant=a(ici, 2)) == 0


def test_depose_pendant_que_l_executant_le_rappelle(ici, dossier, monkeypatch):
    """Ce qui est lu d'abord se relit sous verrou : déposé entre-temps, il ne se rappelle pas."""
    from parvis.dossiers.actions import rappels as module

    lu = module._rappeler

    def deposer_avant(pk, *args):
        Dossier.objects.filter(pk=pk).update(
            etat="depose", numero=1, depose_le=timezone.now(), depose_par="Moi"
        )
        return lu(pk, *args)

    monkeypatch.setattr(module, "_rappeler", deposer_avant)
    assert rappeler_les_brouillons(maintenant=a(ici, 2)) == 0
    assert not Rappel.objects.exists() and not rappels().exists()


def test_une_cloture_repoussee_se_rappelle_de_nouveau(ici, dossier):
    rappeler_les_brouillons(maintenant=a(ici, 1))
    pilote = ici.acteur("pilote")
    suivante = appels_actions.preparer_une_version(par=pilote, appel=ici.version.appel)
    appels.presenter(pilote, suivante, ferme_le=ici.version.ferme_le + timedelta(days=15))
    suivante.refresh_from_db()
    appels_actions.publier_l_appel(par=pilote, version=suivante, ce_qui_change="Deux semaines.")
    assert rappeler_les_brouillons(maintenant=a(ici, 0)) == 0
    assert rappeler_les_brouillons(maintenant=a(ici, -8)) == 1


def test_le_site_les_envoie_tout_seul():
    assert "rappeler les brouillons" in TACHES
