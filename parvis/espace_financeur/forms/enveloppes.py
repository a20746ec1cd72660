"""Créer une enveloppe, la doter, déléguer, reporter, y prendre une demande."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from parvis.programmation.models import Enveloppe
from parvis.socle.champs import ChampJour
from parvis.socle.montants import ChampMontant, ecrire_montant
from parvis.territoires.models import Commune

# Une enveloppe, et la commune ou le pilier pour qui elle vaut.
Nommee = tuple[Enveloppe, str]
MOTIF_AU_PLUS = 500
CHOISISSEZ = "Choisissez dans la liste."
AUCUNE = "aucune"


def _jour(**options: Any) -> ChampJour:
    return ChampJour(
        label="Décidé le",
        help_text="Le jour de la délibération, de l’arrêté ou de la notification.",
        error_messages={
            "required": "Dites quel jour cela a été décidé.",
            "invalid": "Écrivez un jour, par exemple 15/03/2026.",
        },
        **options,
    )


def _motif(label: str, aide: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=aide,
        max_length=MOTIF_AU_PLUS,
        widget=forms.Textarea(attrs={"rows": 2}),
        **options,
    )


class NouvelleEnveloppe(forms.Form):
    """Une enveloppe : sa ligne, son exercice, pour qui elle vaut, ce qu'on y met."""

    ligne = forms.CharField(
        label="Ligne de crédit ou dispositif",
        help_text="Par exemple « Politique de la ville » ou « Fonds de proximité ».",
        max_length=200,
        error_messages={"required": "Nommez la ligne de crédit ou le dispositif."},
    )
    exercice = forms.IntegerField(
        label="Exercice",
        help_text="L’année de la dépense.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        error_messages={
            "required": "Dites pour quelle année.",
            "invalid": "Écrivez une année, par exemple 2026.",
        },
    )
    pour = forms.ChoiceField(
        label="Elle vaut pour",
        required=False,
        error_messages={"invalid_choice": CHOISISSEZ},
    )
    montant = ChampMontant(
        label="Montant de départ",
        help_text="Vous pourrez l’ajuster, en disant pourquoi.",
        required=False,
    )
    decide_le = _jour(required=False)
    motif = _motif("Acte ou motif", "Par exemple « Délibération n° 12 du 3 mars ».", required=False)

    def __init__(
        self,
        *args: Any,
        communes: Iterable[Commune],
        piliers: Mapping[str, str],
        mere: Enveloppe | None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.communes = {f"commune:{commune.pk}": commune for commune in communes}
        champ = self.fields["pour"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [
            ("", "Tout le territoire du contrat"),
            ("Une commune", [(cle, str(commune)) for cle, commune in self.communes.items()]),
            ("Un pilier", [(f"pilier:{cle}", titre) for cle, titre in piliers.items()]),
        ]
        if mere is not None:
            # La mère dit déjà l'année : une sous-enveloppe n'en a pas d'autre.
            del self.fields["exercice"]
            self.fields["montant"].label = "Montant délégué"
            reste = ecrire_montant(mere.montant_reste, court=True)
            self.fields["montant"].help_text = f"Il reste {reste} dans « {mere.ligne} »."

    @property
    def lieu(self) -> dict[str, Any]:
        """Rend la commune ou le pilier choisi, tels que l'action les attend."""
        sorte, _, cle = self.cleaned_data["pour"].partition(":")
        commune = self.communes[self.cleaned_data["pour"]] if sorte == "commune" else None
        return {"commune": commune, "pilier": cle if sorte == "pilier" else ""}


class _Mouvement(forms.Form):
    """Combien, dans quel sens, décidé quand et pourquoi."""

    montant = ChampMontant(
        label="Montant",
        error_messages={"required": "Écrivez un montant."},
    )
    decide_le = _jour()

    @property
    def acte(self) -> dict[str, Any]:
        """Rend le mouvement tel que l'action l'attend : négatif s'il reprend."""
        reprend = self.cleaned_data["sens"] == "reprendre"
        montant: Decimal = self.cleaned_data["montant"]
        return {
            "montant": -montant if reprend else montant,
            "decide_le": self.cleaned_data["decide_le"],
            "motif": self.cleaned_data["motif"],
        }


def _sens(donner: str, reprendre: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Que faites-vous ?",
        choices=[("donner", donner), ("reprendre", reprendre)],
        initial="donner",
        widget=forms.RadioSelect,
        error_messages={"required": CHOISISSEZ, "invalid_choice": CHOISISSEZ},
    )


def _autre(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, error_messages={"required": CHOISISSEZ, "invalid_choice": CHOISISSEZ}
    )


class Dotation(_Mouvement):
    """Ce que le financeur met dans une enveloppe, ou en retire."""

    sens = _sens("Ajouter à l’enveloppe", "Retirer de l’enveloppe")
    motif = _motif("Acte ou motif", "Obligatoire pour retirer.", required=False)
    field_order = ("sens", "montant", "decide_le", "motif")


class _EntreDeux(_Mouvement):
    """Un mouvement entre cette enveloppe et une autre, que l'on choisit."""

    field_order = ("sens", "vers", "montant", "decide_le", "motif")

    def __init__(self, *args: Any, autres: Sequence[Nommee], **options: Any) -> None:
        super().__init__(*args, **options)
        self.autres = {str(une.pk): une for une, _ in autres}
        champ = self.fields["vers"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Choisir"), *_nommer(autres)]

    @property
    def acte(self) -> dict[str, Any]:
        return {**super().acte, "vers": self.autres[self.cleaned_data["vers"]]}


class Delegation(_EntreDeux):
    """Ce qui passe d'une enveloppe à l'une de ses sous-enveloppes, ou en revient."""

    sens = _sens("Déléguer à la sous-enveloppe", "Faire revenir de la sous-enveloppe")
    vers = _autre("Sous-enveloppe")
    motif = _motif("Acte ou motif", "Obligatoire pour faire revenir.", required=False)


class Report(_EntreDeux):
    """Ce qui passe d'un exercice à un suivant, ou l'annulation d'un report."""

    sens = _sens("Reporter", "Annuler un report déjà noté")
    vers = _autre("Vers l’enveloppe")
    motif = _motif(
        "Acte qui le décide",
        "Rien ne passe d’une année à l’autre sans lui : nommez-le.",
        error_messages={"required": "Nommez l’acte qui décide ce report, ou qui l’annule."},
    )


class ChoixDEnveloppe(forms.Form):
    """L'enveloppe sur laquelle une demande se prendra, ou aucune."""

    enveloppe = forms.ChoiceField(
        label="Cette demande se prend sur",
        widget=forms.RadioSelect,
        error_messages={"required": CHOISISSEZ, "invalid_choice": CHOISISSEZ},
    )

    def __init__(self, *args: Any, possibles: Sequence[Nommee], **options: Any) -> None:
        super().__init__(*args, **options)
        self.possibles = {str(une.pk): une for une, _ in possibles}
        champ = self.fields["enveloppe"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [*_nommer(possibles), (AUCUNE, "Aucune enveloppe pour l’instant")]

    @property
    def choisie(self) -> Enveloppe | None:
        return self.possibles.get(self.cleaned_data["enveloppe"])


def _nommer(enveloppes: Sequence[Nommee]) -> list[tuple[str, str]]:
    """Rend chaque enveloppe d'une liste : sa ligne, pour qui elle vaut, et ce qu'il y reste."""
    return [
        (
            str(une.pk),
            f"{une.ligne}{f', {pour}' if pour else ''} ({une.exercice}) : il reste "
            f"{ecrire_montant(une.montant_reste, court=True)}",
        )
        for une, pour in enveloppes
    ]
