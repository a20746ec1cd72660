"""Le formulaire d'une section d'un dossier : rien n'y borne ce que l'on tape, tout se garde."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from django import forms
from django.forms import BoundField

from parvis.dossiers.sections import Champ, Faute, Section, Valeur, garder
from parvis.socle.formulaire_de_section import FormulaireDeSection

# Au-delà, une liste déroulante tient moins de place que des boutons.
BOUTONS_AU_PLUS = 5
CLAVIERS = {
    "entier": {"inputmode": "numeric"},
    "nombre": {"inputmode": "decimal"},
    "courriel": {"inputmode": "email", "spellcheck": "false", "autocapitalize": "none"},
    "telephone": {"inputmode": "tel"},
}


class FormulaireDuDossier(FormulaireDeSection):
    """Une section d'un dossier à saisir : un formulaire seul, ou un par ligne."""

    def __init__(
        self, section: Section, valeur: Valeur, donnees: Mapping[str, str] | None = None
    ) -> None:
        self.section = section
        super().__init__(section.champs, valeur, donnees)

    def _champ(self, champ: Champ) -> forms.Field:
        saisi = super()._champ(champ)
        saisi.required = champ.est_obligatoire or champ.depend_d_une_reponse
        return saisi

    def widget(self, champ: Champ) -> forms.Widget:
        """Rend de quoi saisir un champ. Aucune longueur : un collage trop long serait coupé."""
        if champ.sorte == "case":
            return forms.CheckboxInput()
        if champ.sorte == "choix":
            if self.section.est_liste or len(champ.choix) > BOUTONS_AU_PLUS:
                return forms.Select(choices=(("", "—"), *champ.choix))
            return forms.RadioSelect(choices=champ.choix)
        if champ.sorte == "texte":
            return forms.Textarea(attrs={"rows": 2 if self.section.est_liste else 5})
        if champ.sorte == "phrase":
            return forms.Textarea(attrs={"rows": 2, "data-phrase": ""})
        return forms.TextInput(attrs=CLAVIERS.get(champ.sorte, {}))

    @property
    def remplies(self) -> list[forms.Form]:
        """Rend les lignes où quelque chose est dit, celles que comptent les fautes."""
        return [f for f in self.tous if garder(self.section, self._une(f))]

    def _une(self, form: forms.Form) -> dict[str, str] | list[dict[str, str]]:
        saisie = self.saisie_de(form)
        return [saisie] if self.est_liste else saisie

    @property
    def groupes(self) -> list[tuple[str, list[BoundField]]]:
        """Rend les champs d'une section sans lignes, ceux d'un même groupe ensemble."""
        ranges = groupby(self.section.champs, key=lambda champ: champ.groupe)
        return [(groupe, [self.seul[c.code] for c in champs]) for groupe, champs in ranges]

    def dire(self, fautes: Sequence[Faute], *, est_saisi: bool) -> list[tuple[str, str]]:
        """Met chaque faute à son champ ; rend l'ancre et la phrase de chacune.

        `est_saisi` : le formulaire montre ce qui vient d'être tapé, lignes vides comprises.
        """
        return self.montrer(fautes, self.remplies if est_saisi and self.est_liste else None)
