"""Préparer une séance, y arbitrer une demande."""

from decimal import Decimal
from typing import Any

from django import forms

from parvis.programmation.actions.arbitrages import Propose
from parvis.programmation.enums import Resultat
from parvis.programmation.queries.ordre_du_jour import DemandeEnSeance
from parvis.programmation.rules.seances import montant_propose_d_abord
from parvis.socle.montants import ChampMontant


class FormulaireDeSeance(forms.Form):
    """L'exercice que la réunion arbitre."""

    exercice = forms.IntegerField(
        label="Exercice",
        help_text="L’année des demandes à arbitrer.",
        min_value=2000,
        max_value=2100,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "Écrivez une année, par exemple 2027.",
        ),
    )


class FormulaireDArbitrage(forms.Form):
    """Ce que la séance propose pour une demande ; une lettre choisit, Entrée enregistre."""

    resultat = forms.ChoiceField(
        label="La séance propose",
        choices=Resultat.choices,
        error_messages={"required": "Choisissez ce que propose la séance."},
    )
    montant = ChampMontant(label="Montant", error_messages={"required": "Écrivez le montant."})
    condition = forms.CharField(label="Sous réserve de", required=False, max_length=1000)
    motif = forms.CharField(
        label="Motif",
        max_length=1000,
        error_messages={"required": "Dites pourquoi."},
        widget=forms.TextInput(attrs={"list": "motifs-usuels", "autocomplete": "off"}),
    )
    vers = forms.CharField(
        label="Vers quel dispositif",
        max_length=300,
        error_messages={"required": "Dites vers quel dispositif."},
    )
    depart = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_bound:
            resultat = self.data.get("resultat")
            if resultat != Resultat.ACCORDE:
                # Un montant que l'on ne voit plus n'empêche pas de refuser.
                self.fields["montant"] = forms.CharField(required=False)
            self.fields["motif"].required = resultat != Resultat.ACCORDE
            self.fields["vers"].required = resultat == Resultat.ORIENTE

    @property
    def propose(self) -> Propose:
        """Rend ce que la séance propose ; ce qu'un autre choix laisse derrière lui ne compte pas."""
        lu = self.cleaned_data
        accorde = lu["resultat"] == Resultat.ACCORDE
        return Propose(
            lu["resultat"],
            lu["montant"] if accorde else None,
            lu["condition"] if accorde else "",
            lu["motif"],
            lu["vers"],
        )


def depart_de(demande: DemandeEnSeance, reste: Decimal | None) -> dict[str, Any]:
    """Rend ce que le formulaire d'une demande trouve écrit : son arbitrage, à défaut de quoi l'accorder."""
    avant = demande.avant.montant if demande.avant else None
    propose = demande.propose if avant is None else avant
    depart = {
        "resultat": Resultat.ACCORDE,
        "montant": montant_propose_d_abord(demande.demande_montant, propose, reste),
        "depart": demande.rang,
    }
    if demande.arbitrage:
        champs = ("resultat", "montant", "condition", "motif", "vers")
        depart |= {c: v for c in champs if (v := getattr(demande.arbitrage, c))}
    return depart
