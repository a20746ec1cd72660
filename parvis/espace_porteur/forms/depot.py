"""Ce qui se saisit autour du dépôt : une date de validité, une signature, un IBAN, un motif."""

from collections.abc import Iterable
from typing import Any

from django import forms

from parvis.dossiers.queries.attestations import AttestationLue
from parvis.dossiers.rules.depot import MOTIF_AU_PLUS
from parvis.socle.champs import ChampJour


class Validite(forms.Form):
    """Jusqu'à quand vaut un fichier joint ; vide, il vaut toujours."""

    fin = ChampJour(label="Vaut jusqu’au", required=False)


class Signature(forms.Form):
    """La fonction de qui signe, et la réponse que demande parfois un texte."""

    fonction = forms.CharField(
        label="À quel titre signez-vous ?",
        help_text="Présidente, maire, directeur… ou « par délégation de la présidente ».",
        max_length=200,
    )

    def __init__(self, lues: Iterable[AttestationLue], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lues = list(lues)
        for lue in self.lues:
            if lue.texte.precisions:
                self.fields[nom_de_la_precision(lue)] = forms.ChoiceField(
                    label=lue.texte.titre,
                    choices=lue.texte.precisions,
                    widget=forms.RadioSelect,
                    required=False,
                )

    @property
    def precisions(self) -> dict[str, str]:
        """Rend la réponse choisie pour chaque texte qui en demande une."""
        avec = [lue for lue in self.lues if lue.texte.precisions]
        return {lue.texte.code: self.data.get(nom_de_la_precision(lue), "") for lue in avec}


def nom_de_la_precision(lue: AttestationLue) -> str:
    """Rend le nom du champ où se choisit la réponse d'une attestation."""
    return f"precision-{lue.texte.code}"


class Iban(forms.Form):
    """L'IBAN du compte où une subvention serait versée ; l'action le vérifie."""

    iban = forms.CharField(
        label="IBAN",
        help_text="Il est écrit sur le relevé d’identité bancaire. Les espaces ne comptent pas.",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )


class Retrait(forms.Form):
    """Pourquoi l'on retire un dossier déposé."""

    motif = forms.CharField(
        label="Pourquoi le retirez-vous ?",
        help_text="Les financeurs le liront.",
        max_length=MOTIF_AU_PLUS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
