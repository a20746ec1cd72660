"""Choisir des fiches du contrat, dans quelque écran que ce soit."""

from collections.abc import Iterable
from typing import Any

from django import forms

from parvis.cadre.models import Fiche


class ChoixDeFiches(forms.ModelMultipleChoiceField):
    """Des fiches à cocher, chacune sous son numéro et son titre.

    Ses lignes viennent de `fiches_a_choisir`, qui reçoit l'acteur.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Fiche.objects.none(), widget=forms.CheckboxSelectMultiple, **kwargs
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.numero} · {obj.titre}"


def cases_par_pilier(champ: forms.BoundField) -> list[tuple[str, list[Any]]]:
    """Rend les cases d'un choix de fiches, pilier par pilier, dans l'ordre du contrat."""
    lignes: Iterable[Any] = champ.field.queryset  # type: ignore[attr-defined]
    groupes: dict[str, list[Any]] = {}
    for ligne, case in zip(lignes, champ.subwidgets, strict=True):
        groupes.setdefault(ligne.pilier, []).append(case)
    return list(groupes.items())
