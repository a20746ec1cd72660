"""L'enquête inventée de la démonstration : elle se joue, un petit nombre s'y tait, une case y manque."""

import re

import pytest
import yaml
from django.conf import settings

from parvis.accueil.demonstration.actes import jouer
from parvis.observatoire.models import LivraisonAttendue, Source, Valeur, ValeurDEnsemble
from parvis.territoires.models import Commune, Epci, Quartier
from tests.decors import decor
from tests.observatoire.lecteur import fautes_de_lecture

pytestmark = pytest.mark.django_db
EPISODE = settings.DOSSIER_DONNEES / "demonstration" / "7-des-chiffres.yaml"
TERRITOIRE = settings.DOSSIER_DONNEES / "territoires" / "seine-amont.yaml"
ANNEES = ("2022", "2023", "2024")


@decor
def joue():
    """Joue l'épisode sur les vrais quartiers, sans personne ; rend son récit."""
    lu = yaml.safe_load(TERRITOIRE.read_text())
    epci = Epci.objects.create(nom=lu["nom"])
    communes = {c["insee"]: c["nom"] for c in lu["communes"]}
    for code, nom in communes.items():
        epci.communes.add(Commune.objects.create(code=code, nom=nom, departement="94"))
    for ligne in lu["quartiers"][2024]:
        quartier = Quartier.objects.create(
            code=ligne["code"], nom=ligne["nom"], millesime=2024, valide_du="2024-01-01"
        )
        quartier.communes.set(Commune.objects.filter(code__in=ligne["communes"]))
    episode = yaml.safe_load(EPISODE.read_text())
    for acte in episode["recit"]:
        jouer({c: v for c, v in acte.items() if c != "par"}, contrat=episode["contrat"])
    return episode["recit"]


def test_tout_y_est_annonce_invente(joue):
    source = Source.objects.get()
    assert (source.nom, source.producteur) == (
        "Enquête inventée pour la démonstration",
        "Parvis, démonstration",
    )
    assert all(re.search("inventés", serie.definition) for serie in source.series.all())
    assert {acte["par"] for acte in joue} == {"Nathalie Kerbrat"}


def test_un_petit_nombre_s_y_tait_et_ne_se_retrouve_pas(joue):
    primaires = Valeur.objects.filter(diffusion="primaire")
    assert [(v.serie.code, v.periode) for v in primaires] == [("hommes", "2024")]
    secondaires = Valeur.objects.filter(diffusion="secondaire", serie__unite="personnes")
    assert secondaires.filter(valeur__gte=11).count() == 3
    for annee in ANNEES:
        assert fautes_de_lecture(annee) == []


def test_une_seule_case_y_manque_et_son_ensemble_avec_elle(joue):
    assert Valeur.objects.count() == 10 * 4 * 3
    manquante = Valeur.objects.get(etat="manquante")
    assert (manquante.serie.code, manquante.periode) == ("part_moins_de_26_ans", "2022")
    sans = ValeurDEnsemble.objects.get(etat="manquante")
    assert (sans.connus, sans.attendus) == (9, 10)
    # Le taux pesé par un total dont une partie se tait se tait aussi, et sa moyenne avec lui.
    tues = ValeurDEnsemble.objects.exclude(diffusion="publiable")
    assert [(v.serie.code, v.periode) for v in tues] == [("part_moins_de_26_ans", "2024")]


def test_trois_livraisons_sont_attendues_dont_une_en_retard(joue):
    jours = [acte["jours"] for acte in joue if acte["acte"] == "attendre des chiffres"]
    assert LivraisonAttendue.objects.count() == len(jours) == 3
    assert sum(j < 0 for j in jours) == 1
    assert LivraisonAttendue.objects.filter(description__isnull=False).count() == 1
