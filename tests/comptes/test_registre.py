"""Chaque champ personnel est déclaré, avec sa finalité et sa durée."""

import re

from django.apps import apps
from django.db import models

from parvis.comptes.registre import registre

# Ce qui, dans un nom de champ, fait penser à une personne ; un motif, écrit librement, peut en nommer une.
SUSPECT = re.compile(
    r"(^|_)(nom|prenom|courriel|email|mail|telephone|tel|adresse_postale|naissance|iban|par|"
    r"utilisateur|personne|contact|username|ip|user|session|get|post|motif)(_|$)"
)
TEXTES = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)
# Les tables d'autrui où le site écrit ce qu'il sait des personnes.
PIECES = ("parvis.", "allauth.", "axes.", "django.contrib.sessions.")


def suspects() -> set[str]:
    """Rend les champs de texte de Parvis qui ont l'air de désigner une personne."""
    return {
        f"{modele._meta.app_label}.{modele.__name__}.{champ.name}"
        for modele in apps.get_models()
        if modele.__module__.startswith(PIECES)
        for champ in modele._meta.get_fields()
        if isinstance(champ, TEXTES)
        and (SUSPECT.search(champ.name) or isinstance(champ, models.EmailField))
    }


def test_tout_champ_suspect_est_declare():
    personnels, autres = registre()
    assert suspects() - {p.champ for p in personnels} - autres == set()


def test_le_registre_ne_nomme_que_des_champs_qui_existent():
    personnels, autres = registre()
    for declare in {p.champ for p in personnels} | autres:
        piece, modele, champ = declare.split(".")
        assert apps.get_model(piece, modele)._meta.get_field(champ)


def test_chaque_champ_dit_pourquoi_et_combien_de_temps():
    for p in registre()[0]:
        assert p.libelle.strip()
        assert p.finalite.strip().endswith(".")
        assert p.duree.strip().endswith(".")


def test_un_champ_oublie_se_voit():
    assert SUSPECT.search("telephone")
    assert SUSPECT.search("signe_par")
    assert not SUSPECT.search("partenaire")
    assert not SUSPECT.search("nombre")
