"""Créer un compte : une adresse, un nom, et un mot de passe si on en veut un."""

from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from parvis.comptes.models.utilisateur import LONGUEUR_D_UN_NOM
from parvis.comptes.rules.noms import motifs_empechant_le_nom


class ChampNom(forms.CharField):
    """Un nom ou un prénom, que le navigateur sait remplir."""

    def __init__(self, label: str, complete: str) -> None:
        super().__init__(
            label=label,
            max_length=LONGUEUR_D_UN_NOM,
            widget=forms.TextInput(attrs={"autocomplete": complete}),
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if motifs := motifs_empechant_le_nom(value):
            raise forms.ValidationError(motifs)


class Inscription(SignupForm):
    """Le nom de la personne est demandé : les autres doivent savoir qui agit pour un organisme."""

    prenom = ChampNom("Prénom", "given-name")
    nom = ChampNom("Nom", "family-name")

    field_order = ("prenom", "nom", "email", "password1")

    def try_save(self, request: HttpRequest) -> Any:
        """Crée le compte ; si l'adresse en a un, travaille autant, et lui écrit seulement."""
        if self.account_already_exists:
            # La durée de la réponse ne doit pas dire que l'adresse est connue.
            make_password(self.cleaned_data.get("password1") or None)
        return super().try_save(request)
