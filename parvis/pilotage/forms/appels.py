"""La forme d'un appel à projets que l'on ouvre, reprend ou publie, et de celui d'un autre organisme."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from parvis.cadre.forms import ChoixDeFiches, cases_par_pilier
from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.lecture import fiches_a_choisir
from parvis.comptes.acteur import Acteur
from parvis.comptes.forms.comptes import ChampDate
from parvis.pilotage.forms.appels_champs import ChampInstant, champ_de_texte
from parvis.pilotage.queries.partenaires import partenaires_du_contrat


class NouvelAppel(forms.Form):
    """Quatre réponses suffisent à ouvrir un brouillon ; le reste est prérempli."""

    titre = forms.CharField(
        label="Titre de l’appel",
        max_length=200,
        help_text="Celui que liront les porteurs. Par exemple : Appel à projets des quartiers 2027.",
    )
    exercice = forms.IntegerField(
        label="Pour quelle année", min_value=2000, max_value=2100, help_text="L’année financée."
    )
    ouvre_le = ChampInstant(label="Ouvre le", help_text="À l’heure de Paris.")
    ferme_le = ChampInstant(
        label="Ferme le",
        help_text="À l’heure de Paris, à la seconde près. À 23 h 59, la minute entière compte.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        maintenant = timezone.localtime().replace(minute=0, second=0, microsecond=0)
        annee = maintenant.year + (maintenant.month > 6)
        depart = {
            "exercice": annee,
            "ouvre_le": (maintenant + timedelta(days=7)).replace(hour=9),
            "ferme_le": (maintenant + timedelta(days=49)).replace(hour=18),
        }
        super().__init__(*args, initial=depart, **kwargs)


class Reprise(forms.Form):
    """Pour quelle année reprendre un appel."""

    exercice = forms.IntegerField(label="Pour quelle année", min_value=2000, max_value=2100)


class Publication(forms.Form):
    """Ce que change une version, dit par le pilote."""

    ce_qui_change = champ_de_texte(
        "Ce qui change, et pourquoi",
        3,
        2000,
        help_text="Une ou deux phrases. Les porteurs et les abonnés la liront en premier.",
    )


class AppelDAilleurs(forms.Form):
    """L'appel d'un autre organisme, recopié à la main."""

    titre = forms.CharField(label="Titre de l’appel", max_length=200)
    organisme = forms.CharField(label="Qui le lance", max_length=200)
    partenaire = forms.ModelChoiceField(
        label="C’est un partenaire du contrat",
        queryset=None,
        required=False,
        empty_label="Non, ou on ne sait pas",
    )
    lien = forms.URLField(
        label="Adresse de l’appel",
        max_length=200,
        assume_scheme="https",
        help_text="Elle commence par https://. C’est là que l’on répond.",
    )
    ouvre_le = ChampDate(label="Ouvre le", required=False)
    ferme_le = ChampDate(
        label="Ferme le", required=False, help_text="Vide : il reçoit toute l’année."
    )
    explication = champ_de_texte(
        "Ce qu’il soutient", 3, 2000, help_text="Une ou deux phrases qu’un voisin comprend."
    )
    fiches = ChoixDeFiches(
        label="Fiches du contrat concernées",
        required=False,
        help_text="L’appel paraîtra sur leurs pages, et leurs abonnés seront prévenus.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, acteur: Acteur, contrat: Contrat, edition: Edition | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partenaire"].queryset = partenaires_du_contrat(acteur, contrat)
        if edition is not None:
            self.fields["fiches"].queryset = fiches_a_choisir(acteur, edition)

    @property
    def par_pilier(self) -> list[tuple[str, list[Any]]]:
        """Rend les fiches à cocher, pilier par pilier."""
        return cases_par_pilier(self["fiches"])

    def valeurs(self) -> dict[str, Any]:
        """Rend ce que l'action attend, fiches mises à part."""
        lus = ("titre", "organisme", "partenaire", "ouvre_le", "ferme_le", "lien", "explication")
        return {champ: self.cleaned_data[champ] for champ in lus}
