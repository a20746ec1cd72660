"""La forme d'une question que l'on pose sur un dossier."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from parvis.comptes.forms.comptes import ChampDate
from parvis.instruction.enums import SorteDEchange
from parvis.instruction.queries.echanges import PartieVisee
from parvis.instruction.rules.echanges import DELAI_PROPOSE, LONGUEUR

_A_QUI = {
    SorteDEchange.AVEC_LE_PORTEUR: "Au porteur : tous les services qui étudient ce dossier lisent "
    "la question et la réponse",
    SorteDEchange.ENTRE_SERVICES: "Aux autres services : le porteur n’en lit rien",
}


class FormulaireDeQuestion(forms.Form):
    """À qui l'on demande, sur quoi, quoi, et pour quand."""

    sorte = forms.ChoiceField(
        label="À qui",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez à qui vous posez cette question."},
    )
    sur = forms.ChoiceField(label="Sur quoi", required=False)
    texte = forms.CharField(
        label="Votre question",
        max_length=LONGUEUR,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Écrivez votre question."},
    )
    echeance = ChampDate(
        label="Réponse attendue avant le",
        required=False,
        help_text="Un rappel part trois jours avant, un autre le lendemain si rien n’est venu.",
        error_messages={"invalid": "Écrivez une date, par exemple 15/03/2027."},
    )

    def __init__(
        self,
        *args: Any,
        sortes: Sequence[str],
        parties: Mapping[str, Sequence[PartieVisee]],
        **options: Any,
    ) -> None:
        options["initial"] = {"echeance": timezone.localdate() + DELAI_PROPOSE}
        super().__init__(*args, use_required_attribute=False, **options)
        self.fields["sorte"].choices = [(s, _A_QUI[SorteDEchange(s)]) for s in sortes]
        self.fields["sur"].choices = [
            ("", "Tout le dossier"),
            *(
                (titre, [(partie.cle, partie.nom) for partie in visees])
                for titre, visees in parties.items()
            ),
        ]
