"""Les actes : leur signature, leur notification, leur texte, les mentions du service."""

from typing import Any

from django import forms

from parvis.conventions.enums import ModeDeNotification, SorteDActe
from parvis.conventions.rules.actes import OBJET_AU_PLUS
from parvis.conventions.rules.choix import ORDINAIRES
from parvis.socle.montants import ChampMontant


def _jour(label: str, aide: str = "", **options: Any) -> forms.DateField:
    """Rend un champ de date, écrit en français ou choisi dans un calendrier."""
    return forms.DateField(
        label=label,
        help_text=aide,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": "Écrivez une date, par exemple 15/03/2027.",
            "required": "Écrivez la date.",
        },
        **options,
    )


class FormulaireDeSignature(forms.Form):
    """Le jour de la signature, et qui a signé."""

    signe_le = _jour("Signé le")
    signe_par = forms.CharField(
        label="Signé par",
        max_length=200,
        help_text="Le nom et la qualité de qui a signé pour vous.",
    )


class FormulaireDeNotification(forms.Form):
    """Comment l'acte a été remis, et quand."""

    mode = forms.ChoiceField(
        label="Comment", choices=ModeDeNotification.choices, widget=forms.RadioSelect
    )
    notifie_le = _jour(
        "Remis le",
        "La date de l’accusé de réception, ou de l’envoi. Par la plateforme, c’est aujourd’hui.",
        required=False,
    )


class FormulaireDAnnulation(forms.Form):
    """Pourquoi un acte ne vaut plus."""

    motif = forms.CharField(
        label="Pourquoi l’annuler",
        max_length=500,
        help_text="Le registre et le journal le gardent.",
    )


class FormulaireDeTexte(forms.Form):
    """L'objet et le texte d'un modèle."""

    objet = forms.CharField(label="Objet", max_length=200)
    texte = forms.CharField(
        label="Texte",
        max_length=30_000,
        help_text="Une ligne vide sépare deux paragraphes ; « # » devant un titre, « - » devant un point.",
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "true"}),
        error_messages={"required": "Écrivez le texte."},
    )
    # Ce que l'on a lu : un collègue qui l'a changé depuis ne s'écrase pas.
    depart = forms.CharField(required=False, widget=forms.HiddenInput)


class FormulaireDeCorrection(FormulaireDeTexte):
    """L'objet et le texte d'un acte : ses champs remplis, son objet est plus long que celui du modèle."""

    objet = forms.CharField(label="Objet", max_length=OBJET_AU_PLUS)


class FormulaireDeMentions(forms.Form):
    """Ce que tous les actes du service portent."""

    entete = forms.CharField(
        label="En-tête",
        help_text="Votre nom et votre adresse, en haut à gauche de chaque acte.",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    lieu = forms.CharField(label="Fait à", max_length=100, required=False)
    signataire = forms.CharField(
        label="Qui signe", max_length=200, required=False, help_text="Civilité, prénom et nom."
    )
    qualite = forms.CharField(
        label="À quel titre", max_length=200, required=False, help_text="« maire », « directrice »…"
    )
    contact = forms.CharField(
        label="Service à appeler",
        max_length=300,
        required=False,
        help_text="Nom, téléphone, horaires. Vide, c’est celui que nomme l’appel.",
    )
    tribunal = forms.CharField(
        label="Tribunal des recours",
        max_length=300,
        required=False,
        help_text="Le tribunal administratif dont vous dépendez, et son adresse. La loi veut qu’un "
        "acte d’administration le nomme.",
    )
    acte_ordinaire = forms.ChoiceField(
        label="Acte ordinaire",
        required=False,
        help_text="Celui que vous prenez quand la loi n’en impose pas un autre.",
    )
    acompte = forms.IntegerField(
        label="Acompte, en pour cent",
        min_value=1,
        max_value=100,
        help_text="La part versée à la notification ; le solde suit le compte rendu financier. "
        "100 : tout en une fois.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        vide = ("", "Laisser la plateforme proposer")
        self.fields["acte_ordinaire"].choices = [  # type: ignore[attr-defined]
            vide,
            *((sorte.value, SorteDActe(sorte).label) for sorte in ORDINAIRES),
        ]


class FormulaireDAutreSubvention(forms.Form):
    """Ce que le service donne au même organisme hors de la plateforme."""

    objet = forms.CharField(label="Pour quoi", max_length=200)
    montant = ChampMontant(label="Montant")
