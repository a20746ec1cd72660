"""La grille d'un dossier : un niveau par critère, et pourquoi."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from parvis.comptes.forms.comptes import ChampDepart
from parvis.instruction.queries.grille import CritereNote, GrilleLue
from parvis.instruction.rules.grille import LONGUEUR_DU_COMMENTAIRE, Choix

SANS_NOTE = "Pas noté"


@dataclass(frozen=True)
class CritereSaisi:
    """Un critère à l'écran : ce que la grille en dit, ses boutons, et la case du commentaire."""

    lu: CritereNote
    niveau: forms.BoundField
    commentaire: forms.BoundField


class FormulaireDeGrille(forms.Form):
    """Un groupe de boutons par critère, dans les mots de la grille ; il sait d'où il est parti."""

    use_required_attribute = False
    depart = ChampDepart("parvis.instruction.grille")

    def __init__(self, *args: Any, grille: GrilleLue, **options: Any) -> None:
        self.lignes = grille.lignes
        self.etat = {x.critere.cle: [x.choix.niveau, x.choix.commentaire] for x in grille.lignes}
        initial: dict[str, Any] = {"depart": self.etat}
        for cle, (niveau, commentaire) in self.etat.items():
            initial[f"niveau_{cle}"] = "" if niveau is None else str(niveau)
            initial[f"commentaire_{cle}"] = commentaire
        super().__init__(*args, initial=initial, **options)
        for ligne in grille.lignes:
            critere = ligne.critere
            mots = enumerate(critere.niveaux)
            self.fields[f"niveau_{critere.cle}"] = forms.ChoiceField(
                label=f"{critere.libelle} (poids {critere.poids})",
                help_text=critere.explication,
                choices=[*((str(rang), mot) for rang, mot in mots), ("", SANS_NOTE)],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"commentaire_{critere.cle}"] = forms.CharField(
                label="Pourquoi",
                max_length=LONGUEUR_DU_COMMENTAIRE,
                widget=forms.Textarea(attrs={"rows": 2}),
                required=False,
            )

    @property
    def criteres(self) -> list[CritereSaisi]:
        """Rend chaque critère, dans l'ordre de la grille."""
        return [
            CritereSaisi(
                ligne, self[f"niveau_{ligne.critere.cle}"], self[f"commentaire_{ligne.critere.cle}"]
            )
            for ligne in self.lignes
        ]

    @property
    def choix(self) -> dict[str, Choix]:
        """Rend ce que la personne a choisi, par critère."""
        return {
            cle: Choix(
                int(niveau) if (niveau := self.cleaned_data[f"niveau_{cle}"]) else None,
                self.cleaned_data[f"commentaire_{cle}"],
            )
            for cle in self.etat
        }

    @property
    def depart_lu(self) -> dict[str, Choix]:
        """Rend ce que la personne avait sous les yeux."""
        return _choix(self.cleaned_data["depart"])

    def repartir(self, grille: GrilleLue) -> "FormulaireDeGrille":
        """Rend le même formulaire, sa saisie gardée, qui part de ce que le service dit maintenant."""
        neuf = FormulaireDeGrille(grille=grille)
        saisis = {nom: self.data.get(nom, "") for nom in neuf.fields if nom != "depart"}
        neuf.initial |= saisis
        return neuf


def _choix(etat: Mapping[str, Any]) -> dict[str, Choix]:
    return {cle: Choix(niveau, commentaire) for cle, (niveau, commentaire) in etat.items()}
