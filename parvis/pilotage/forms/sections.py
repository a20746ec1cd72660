"""Le formulaire d'une section du cadre : il propose les noms que le contrat connaît déjà."""

from collections.abc import Mapping
from typing import Any

from django import forms

from parvis.cadre.sections import Champ, Faute, Section, Valeur, dire_un_nombre
from parvis.socle import formulaire_de_section as commun

LISTES = {"partenaires": "noms-de-partenaires", "dispositifs": "noms-de-dispositifs"}


class FormulaireDeSection(commun.FormulaireDeSection):
    """Une section du cadre à saisir : un formulaire seul, ou un par ligne."""

    def __init__(
        self, section: Section, valeur: Valeur, donnees: Mapping[str, str] | None = None
    ) -> None:
        self.section = section
        super().__init__(section.champs, valeur, donnees)

    @property
    def manques(self) -> list[Faute]:
        """Rend une faute si l'envoi n'a pas tout ce que le formulaire contenait."""
        return [Faute(None, "", commun.INCOMPLET)] if self.est_incomplet else []

    def en_textes(self, ligne: Mapping[str, Any]) -> dict[str, str]:
        """Rend une ligne telle qu'elle se montre dans les cases ; un nombre sans arrondi."""
        return super().en_textes(
            {n: dire_un_nombre(v) if isinstance(v, float) else v for n, v in ligne.items()}
        )

    def widget(self, champ: Champ) -> forms.Widget:
        """Rend de quoi saisir un champ du cadre."""
        if champ.sorte == "choix":
            return forms.Select(choices=(("", "—"), *champ.choix))
        if champ.sorte == "texte":
            return forms.Textarea(attrs={"rows": 3 if self.section.est_liste else 14})
        if champ.sorte == "jour":
            return forms.DateInput(attrs={"type": "date"})
        return forms.TextInput(attrs={"maxlength": champ.longueur, **_clavier(champ)})


def _clavier(champ: Champ) -> dict[str, str]:
    """Rend ce qui aide à saisir : les noms connus, ou le clavier des chiffres."""
    if champ.suggere:
        return {"list": LISTES[champ.suggere]}
    modes = {"entier": "numeric", "nombre": "decimal"}
    return {"inputmode": modes[champ.sorte]} if champ.sorte in modes else {}
