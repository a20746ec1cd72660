"""Demander un avis sur un ou plusieurs dossiers."""

from collections.abc import Sequence
from typing import Any

from django import forms

from parvis.instruction.queries.consultations import AConsulter


class DemandeDAvis(forms.Form):
    """À qui l'on demande un avis, ce qu'on lui demande, et pour quand."""

    a_qui = forms.ChoiceField(
        label="À qui", error_messages={"required": "Choisissez à qui demander un avis."}
    )
    question = forms.CharField(
        label="Ce que vous demandez",
        help_text="Par exemple « ce projet répond-il à un besoin du quartier ? ».",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    echeance = forms.DateField(
        label="Réponse attendue le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Écrivez une date, par exemple 15/03/2027."},
    )

    def __init__(self, *args: Any, a_consulter: Sequence[AConsulter], **options: Any) -> None:
        super().__init__(*args, **options)
        self.a_consulter = {un.cle: un for un in a_consulter}
        champ = self.fields["a_qui"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Choisir"), *((un.cle, un.nom) for un in a_consulter)]

    @property
    def demande(self) -> dict[str, Any]:
        """Rend ce que l'action attend."""
        choisi = self.a_consulter[self.cleaned_data["a_qui"]]
        return {
            "qualite": choisi.qualite,
            "organisme": choisi.organisme,
            "question": self.cleaned_data["question"],
            "echeance": self.cleaned_data["echeance"],
        }
