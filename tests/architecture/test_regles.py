"""Chaque règle tient sur toute la maison, et voit la faute qu'on lui plante."""

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

from parvis.travaux import rules as travaux
from parvis.travaux.enums import ETATS_FINAUX, Etat
from tests.architecture import regles

HAUTEURS = regles.rangs()
GLOSSAIRE = (regles.RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8")


def modeles():
    return [m for m in apps.get_models() if m.__module__.startswith("parvis.")]


def cles():
    return [
        (
            f"{modele.__name__}.{champ.name}",
            modele._meta.app_label,
            champ.related_model._meta.app_label,
        )
        for modele in modeles()
        for champ in modele._meta.get_fields()
        if champ.is_relation and not champ.auto_created
    ]


def gabarits():
    return regles.sources("*.html", ("templates", "parvis"))


def vues(motifs=None, debut=""):
    trouvees = {}
    for motif in motifs if motifs is not None else get_resolver().url_patterns:
        adresse = f"{debut}{motif.pattern}"
        if isinstance(motif, URLPattern):
            trouvees[adresse] = motif.callback
        else:
            trouvees |= vues(motif.url_patterns, adresse)
    return trouvees


def vue_nue(request):
    """Une vue qui n'a pas dit qui y entre."""


REGLES = {
    "les clés étrangères descendent": (
        lambda: regles.cles_qui_remontent(cles(), HAUTEURS),
        lambda: regles.cles_qui_remontent([("Commune.contrat", "territoires", "cadre")], HAUTEURS),
    ),
    "les clés étrangères ne vont pas chez le voisin": (
        lambda: regles.cles_qui_remontent(cles(), HAUTEURS),
        lambda: regles.cles_qui_remontent([("Evenement.t", "journal", "travaux")], HAUTEURS),
    ),
    "les vues ne lisent pas la base": (
        lambda: regles.vues_qui_lisent_la_base(regles.sources()),
        lambda: regles.vues_qui_lisent_la_base(
            {"parvis/accueil/views/x.py": "def v(r):\n    return Fiche.objects.all()\n"}
        ),
    ),
    "les gabarits n'incluent que plus bas": (
        lambda: regles.gabarits_qui_remontent(gabarits(), HAUTEURS),
        lambda: regles.gabarits_qui_remontent(
            {"parvis/cadre/templates/cadre/x.html": '{% include "accueil/y.html" %}'}, HAUTEURS
        ),
    ),
    "un composant ne connaît aucune pièce": (
        lambda: regles.gabarits_qui_remontent(gabarits(), HAUTEURS),
        lambda: regles.gabarits_qui_remontent(
            {"templates/composants/x.html": '{% include "cadre/y.html" %}'}, HAUTEURS
        ),
    ),
    "un gabarit n'en calcule pas un autre": (
        lambda: regles.gabarits_qui_remontent(gabarits(), HAUTEURS),
        lambda: regles.gabarits_qui_remontent({"templates/x.html": "{% extends y %}"}, HAUTEURS),
    ),
    "une liste réunie n'est échappée qu'une fois": (
        lambda: regles.reunions_echappees_deux_fois(gabarits()),
        lambda: regles.reunions_echappees_deux_fois({"x.html": "{{ noms|join:', '|typo }}"}),
    ),
    "une liste réunie ne se transmet pas échappée": (
        lambda: regles.reunions_echappees_deux_fois(gabarits()),
        lambda: regles.reunions_echappees_deux_fois(
            {"x.html": '{% include "y.html" with texte=noms|join:", " %}'}
        ),
    ),
    "chaque vue déclare son accès": (
        lambda: regles.vues_sans_acces(vues()),
        lambda: regles.vues_sans_acces({"fiches/": vue_nue}),
    ),
    "aucun effet caché dans un signal": (
        lambda: regles.effets_caches(regles.sources()),
        lambda: regles.effets_caches(
            {"parvis/x/apps.py": "from django.dispatch import receiver\n@receiver(x)\ndef f(): ..."}
        ),
    ),
    "aucun fourre-tout": (
        lambda: regles.fourre_tout(regles.sources(dossiers=("parvis", "config", "tests"))),
        lambda: regles.fourre_tout(["parvis/cadre/utils.py"]),
    ),
    "la loi ne connaît pas Django": (
        lambda: regles.lois_qui_connaissent_django(regles.sources()),
        lambda: regles.lois_qui_connaissent_django(
            {"parvis/x/rules/seuils.py": "from django.db import models"}
        ),
    ),
    "chaque modèle est au glossaire": (
        lambda: regles.modeles_hors_du_glossaire((m.__name__ for m in modeles()), GLOSSAIRE),
        lambda: regles.modeles_hors_du_glossaire(["Licorne"], GLOSSAIRE),
    ),
    "la table des travaux couvre tous les états": (
        lambda: regles.passages_incomplets(travaux.PASSAGES, Etat, Etat.EN_ATTENTE),
        lambda: regles.passages_incomplets(
            {"en_attente": ("en_cours",), "en_cours": ("perdu",)}, Etat, Etat.EN_ATTENTE
        ),
    ),
    "fichiers et fonctions restent courts": (
        lambda: regles.trop_long(regles.sources(dossiers=("parvis", "config", "tests"))),
        lambda: regles.trop_long({"x.py": "def f():\n" + "    x = 1\n" * 60}),
    ),
}


@pytest.mark.parametrize("regle", REGLES)
def test_la_maison_suit_la_regle(regle):
    assert REGLES[regle][0]() == []


@pytest.mark.parametrize("regle", REGLES)
def test_la_regle_voit_la_faute_plantee(regle):
    assert REGLES[regle][1]() != []


def test_un_etat_final_ne_repart_que_s_il_a_echoue():
    repartent = [etat for etat in ETATS_FINAUX if travaux.PASSAGES[etat]]
    assert repartent == [Etat.ECHOUE]


def test_les_signaux_de_django_seraient_vus_quelle_que_soit_leur_ecriture():
    for ligne in (
        "from django.db.models.signals import post_save",
        "from django.db.models import signals",
        "import django.db.models.signals",
    ):
        assert regles.effets_caches({"x.py": ligne})
