"""La forme de ce que le pilote écrit sur un dossier déposé."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from parvis.comptes.forms.comptes import ChampDate
from parvis.dossiers.enums import EtatDeDossier
from parvis.dossiers.models import Dossier, VersionDAppel
from parvis.dossiers.queries.a_part import pieces_voulues
from parvis.dossiers.queries.dossiers import sections
from parvis.dossiers.rules.recevabilite import DELAI_PROPOSE, SANS_COMPLEMENT


class TexteAuBesoin(forms.CharField):
    """Un texte qu'il faut dans certains cas : l'action en juge, l'étiquette ne le dit pas facultatif."""

    def validate(self, value: str) -> None:
        """Laisse passer un texte vide."""


class ChoixAuBesoin(forms.ChoiceField):
    """Un choix qu'il faut dans certains cas : le formulaire en juge."""

    def validate(self, value: str) -> None:
        """Laisse passer l'absence de choix, et elle seule."""
        if value:
            super().validate(value)


class DemandeDeComplement(forms.Form):
    """Ce qui est à compléter, pour quand, et pourquoi."""

    vise = forms.ChoiceField(
        label="Ce qui est à compléter",
        help_text="Cette section, ou cette pièce, s’ouvre de nouveau au porteur ; le reste ne bouge pas.",
    )
    texte = forms.CharField(
        label="Ce que vous demandez",
        max_length=2000,
        help_text="Le porteur le lira tel quel : dites quoi, et à quoi cela sert.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    echeance = ChampDate(label="À rendre au plus tard le")

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(
            *args, initial={"echeance": timezone.localdate() + DELAI_PROPOSE}, **kwargs
        )
        textes = [
            (f"section:{code}", section.titre)
            for code, section in sections(dossier).items()
            if code not in SANS_COMPLEMENT
        ]
        pieces = [(f"piece:{piece.cle}", piece.libelle) for piece in pieces_voulues(dossier)]
        self.fields["vise"].choices = [
            ("", "Choisissez"),
            ("Une section", textes),
            *([("Une pièce", pieces)] if pieces else []),
        ]

    @property
    def demande(self) -> dict[str, Any]:
        """Rend ce que l'action attend : la section, la pièce s'il y en a une, le texte, l'échéance."""
        sorte, _, code = self.cleaned_data["vise"].partition(":")
        return {
            "section": code if sorte == "section" else "pieces",
            "piece": code if sorte == "piece" else "",
            "texte": self.cleaned_data["texte"],
            "echeance": self.cleaned_data["echeance"],
        }


class Decision(forms.Form):
    """Ce que devient un dossier : recevable, irrecevable, ou vers un autre appel."""

    vers = forms.ChoiceField(label="Ce dossier est", widget=forms.RadioSelect)
    appel = ChoixAuBesoin(
        label="L’appel qui convient mieux",
        help_text="Seulement pour un dossier envoyé vers un autre appel. Le porteur y reprend son "
        "texte et ses pièces, s’il le veut.",
    )
    motif = TexteAuBesoin(
        label="Motif",
        max_length=2000,
        help_text="Il le faut, sauf pour un dossier recevable. Le porteur le lira tel quel.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, appels: Sequence[VersionDAppel], **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.appels = {str(version.appel_id): version.appel for version in appels}
        choix = [
            (EtatDeDossier.RECEVABLE.value, "Recevable : les financeurs l’étudient"),
            (EtatDeDossier.IRRECEVABLE.value, "Irrecevable : il ne peut pas être étudié"),
        ]
        if appels:
            choix.append((EtatDeDossier.REORIENTE.value, "À envoyer vers un autre appel"))
            self.fields["appel"].choices = [
                ("", "Choisissez"),
                *((str(v.appel_id), f"{v.titre} ({v.appel.exercice})") for v in appels),
            ]
        else:
            del self.fields["appel"]
        self.fields["vers"].choices = choix

    def clean(self) -> dict[str, Any]:
        """Demande l'appel à qui envoie vers un autre."""
        lu = super().clean() or self.cleaned_data
        if lu.get("vers") == EtatDeDossier.REORIENTE and not lu.get("appel"):
            self.add_error("appel", "Choisissez l’appel où le reprendre.")
        return lu
