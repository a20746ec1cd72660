"""Ce que l'inscription demande en plus de l'adresse."""

from django import forms
from django.http import HttpRequest

from parvis.comptes.models import Utilisateur


class Inscription(forms.Form):
    """Le nom de la personne : les autres doivent savoir qui agit pour un organisme."""

    prenom = forms.CharField(
        label="Prénom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    nom = forms.CharField(
        label="Nom",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    def signup(self, request: HttpRequest, user: Utilisateur) -> None:
        """Demandé par allauth ; le nom est déjà écrit par l'adaptateur, dans la même création."""
