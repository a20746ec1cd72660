"""Se déporter, et déclarer un lien."""

from collections.abc import Iterable
from typing import Any

from django import forms

from parvis.organismes.models import Organisme


class DeclarationDeDeport(forms.Form):
    """Pourquoi l'on se retire d'un dossier."""

    motif = forms.CharField(
        label="Pourquoi vous déportez-vous ?",
        help_text="Par exemple « je préside cette association ». Le relevé de la séance le dira.",
        max_length=500,
        error_messages={"required": "Dites pourquoi vous vous déportez."},
    )


class DeclarationDeLien(forms.Form):
    """Ce qui lie une personne à un organisme qui porte des projets."""

    organisme = forms.ChoiceField(label="Organisme")
    lien = forms.CharField(
        label="Ce qui vous y lie",
        help_text="Par exemple « membre du bureau », « mon conjoint y est salarié ».",
        max_length=200,
        error_messages={"required": "Dites ce qui vous lie à cet organisme."},
    )

    def __init__(self, *args: Any, porteurs: Iterable[Organisme], **options: Any) -> None:
        super().__init__(*args, **options)
        self.porteurs = {str(porteur.pk): porteur for porteur in porteurs}
        champ = self.fields["organisme"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Choisir"), *((pk, str(p)) for pk, p in self.porteurs.items())]
