"""Les rappels d'un bilan : à leur heure, jamais deux fois, et plus rien une fois rendu."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from parvis.accueil.execution import TACHES
from parvis.courriels.models import Courriel
from parvis.dossiers.models import BilanAttendu
from parvis.evaluation.actions import attendre as module
from parvis.evaluation.actions.attendre import rappeler_les_bilans
from parvis.evaluation.models import RappelDeBilan
from tests.fabriques import bilans

pytestmark = pytest.mark.django_db


def a(vote, reste: int, heure: int = 10) -> datetime:
    """Rend cette heure, à tant de jours de l'échéance."""
    vise = vote.attendu.attendu_le - timedelta(days=reste)
    return timezone.make_aware(datetime(vise.year, vise.month, vise.day, heure))


def rappels():
    return Courriel.objects.filter(sujet="bilan")


def test_six_rappels_et_pas_un_de_plus(vote):
    partis = {
        reste: [rappeler_les_bilans(maintenant=a(vote, reste)) for _ in range(2)]
        for reste in (61, 60, 59, 30, 7, 6, 0, -1, -2, -31, -61, -62, -91)
    }
    attendus = {60, 30, 7, -1, -31, -61}
    assert partis == {reste: [int(reste in attendus), 0] for reste in partis}
    assert set(RappelDeBilan.objects.values_list("etape", flat=True)) == attendus
    adresses = {"gestionnaire@exemple.fr", "signataire@exemple.fr", "contributeur@exemple.fr"}
    assert set(rappels().values_list("destinataire", flat=True)) == adresses
    assert rappels().count() == 18


def test_un_rappel_dit_le_jour_et_ou_ecrire(vote):
    rappeler_les_bilans(maintenant=a(vote, 7))
    courriel = rappels().first()
    assert "à rendre dans 7 jours" in courriel.objet
    assert "30 juin" in courriel.texte.replace("\u00a0", " ")
    assert f"/dossiers/{vote.dossier.pk}/bilans/" in courriel.texte
    rappeler_les_bilans(maintenant=a(vote, -1))
    assert "en retard" in rappels().latest("pk").objet
    assert "plus de temps" in rappels().latest("pk").texte


def test_un_rappel_manque_ne_se_rattrape_qu_une_fois(vote):
    """Le site était arrêté : à vingt jours, on dit une fois qu'il reste peu de temps."""
    assert [rappeler_les_bilans(maintenant=a(vote, 20)) for _ in range(2)] == [1, 0]
    assert RappelDeBilan.objects.get().etape == 30


def test_rien_ne_part_la_nuit(vote):
    assert rappeler_les_bilans(maintenant=a(vote, 7, heure=7)) == 0
    assert rappeler_les_bilans(maintenant=a(vote, 7, heure=8)) == 1


def test_rendu_il_ne_se_rappelle_plus(vote):
    vote.rendu()
    assert rappeler_les_bilans(maintenant=a(vote, 7)) == 0


def test_repousse_il_se_rappelle_de_nouveau(vote):
    rappeler_les_bilans(maintenant=a(vote, 7))
    BilanAttendu.objects.update(attendu_le=vote.attendu.attendu_le + timedelta(days=90))
    assert rappeler_les_bilans(maintenant=a(vote, 60)) == 1


def test_rendu_pendant_que_l_executant_le_rappelle(vote, monkeypatch):
    lu = module._rappeler

    def rendre_avant(pk, *args):
        BilanAttendu.objects.update(rendu_le=timezone.localdate())
        return lu(pk, *args)

    monkeypatch.setattr(module, "_rappeler", rendre_avant)
    assert rappeler_les_bilans(maintenant=a(vote, 7)) == 0
    assert not RappelDeBilan.objects.exists() and not rappels().exists()


def test_le_site_les_inscrit_et_les_rappelle_tout_seul():
    assert {"attendre les bilans", "rappeler les bilans"} <= set(TACHES)


def test_seul_le_definitif_se_rappelle(vote):
    bilan = bilans.relire(vote.ouvrir("intermediaire"))
    BilanAttendu.objects.create(
        dossier=bilan.dossier, exercice=bilan.exercice, sorte="intermediaire",
        attendu_le=vote.attendu.attendu_le,
    )  # fmt: skip
    assert rappeler_les_bilans(maintenant=a(vote, 7)) == 1


def test_une_personne_n_a_qu_un_courriel_par_jour_qui_dit_tous_ses_bilans(vote):
    """Deux exercices du même dossier, l'un en retard, l'autre commencé."""
    vote.remplir(vote.ouvrir(), recit={"fait": "Six samedis."})
    instant = a(vote, 7)
    BilanAttendu.objects.create(
        dossier=vote.dossier,
        exercice=vote.dossier.exercice - 1,
        attendu_le=timezone.localdate(instant) - timedelta(days=1),
    )
    assert rappeler_les_bilans(maintenant=instant) == 2
    assert rappels().count() == rappels().values("destinataire").distinct().count() == 3
    courriel = rappels().first()
    assert courriel.objet == "2 bilans à rendre, dont 1 en retard"
    texte = courriel.texte.replace("\u00a0", " ")
    assert "Il n’est pas commencé" in texte and "Il y manque : Le récit." in texte
    assert texte.count("L’écrire :") == 2 and "plus de temps" in texte
    # Le plus ancien d'abord ; rien ne repart ce jour-là.
    assert texte.index("pas commencé") < texte.index("Il y manque")
    assert rappeler_les_bilans(maintenant=instant) == 0 and rappels().count() == 3


def test_un_bilan_illisible_n_arrete_pas_les_autres(vote, monkeypatch):
    def casser(*args):
        raise ValueError("illisible")

    monkeypatch.setattr(module, "_rappeler", casser)
    assert rappeler_les_bilans(maintenant=a(vote, 7)) == 0
    monkeypatch.undo()
    assert rappeler_les_bilans(maintenant=a(vote, 7)) == 1
