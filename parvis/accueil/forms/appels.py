"""De quels appels une personne veut être prévenue."""

from typing import Any

from django import forms

from parvis.cadre.forms import ChoixDeFiches, cases_par_pilier
from parvis.cadre.models import Edition
from parvis.cadre.queries.lecture import fiches_a_choisir
from parvis.comptes.acteur import Acteur


class MesAlertes(forms.Form):
    """Tout le contrat, ou quelques fiches."""

    toutes = forms.BooleanField(
        label="Tous les appels du contrat",
        required=False,
        help_text="Ceux qui paraissent ici, et ceux d’autres organismes que le pilote signale.",
    )
    fiches = ChoixDeFiches(label="Ou seulement ceux de ces fiches", required=False)

    def __init__(
        self, *args: Any, acteur: Acteur, edition: Edition, proposee: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choix = fiches_a_choisir(acteur, edition)
        self.fields["fiches"].queryset = choix
        if proposee:
            suivies = set(self.initial.get("fiches", ()))
            ajoutees = choix.filter(numero=proposee).values_list("pk", flat=True)
            self.initial["fiches"] = suivies | set(ajoutees)

    @property
    def par_pilier(self) -> list[tuple[str, list[Any]]]:
        """Rend les fiches à cocher, pilier par pilier."""
        return cases_par_pilier(self["fiches"])
