"""Une case du tableau de programmation : ce que le service propose pour une demande."""

from typing import Any

from django import forms

from parvis.instruction.queries.montants import AProposer
from parvis.socle.montants import ChampMontant


class PropositionDeMontant(forms.Form):
    """Un montant, ou rien ; et le dernier avis que l'on connaît de son service."""

    montant = ChampMontant(
        label="Montant proposé",
        required=False,
        help_text="Vide, votre service ne propose plus d’argent pour cette demande.",
    )
    rang = forms.IntegerField(min_value=0, max_value=32_767, widget=forms.HiddenInput)

    def __init__(self, *args: Any, a_proposer: AProposer, **options: Any) -> None:
        options["initial"] = {
            "montant": a_proposer.demande.montant_propose,
            "rang": a_proposer.rang,
        }
        super().__init__(*args, **options)


class TableauAReprendre(forms.Form):
    """Le tableau emporté, rempli hors du site."""

    fichier = forms.FileField(
        label="Le tableau rempli",
        help_text="Le classeur XLSX ou le CSV emporté d’ici. 20 Mo au plus.",
        max_length=200,
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
