"""La forme de ce que deux pièces d'écran demandent sur un bilan rendu."""

from django import forms


class MotifDuRetrait(forms.Form):
    """Pourquoi un fichier rendu se retire."""

    motif = forms.CharField(
        label="Pourquoi",
        max_length=500,
        help_text="Sans nommer personne : le porteur et les financeurs le liront. Par exemple « à la demande "
        "d’une personne que l’on y voit ».",
        error_messages={"required": "Dites pourquoi, sans nommer personne."},
    )
