"""Le formulaire d'une section : ses champs, ou ses lignes que l'on ajoute, retire et range.

Il ne juge rien : il rend ce qui est saisi, que l'action lit et dont elle dit les fautes.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME, BaseFormSet

from parvis.cadre.sections import Champ, Faute, Section, Valeur, dire_un_nombre

LIGNES_VIDES = 3
PREFIXE = "l"
LISTES = {"partenaires": "noms-de-partenaires", "dispositifs": "noms-de-dispositifs"}


class ChampSaisi(forms.CharField):
    """Un champ qui dit s'il est obligatoire, et prend ce qu'on lui donne : l'action en juge."""

    def clean(self, value: Any) -> str:
        return str(value or "")


class FormulaireDeSection:
    """Une section à saisir : un formulaire seul, ou un par ligne."""

    def __init__(
        self, section: Section, valeur: Valeur, donnees: Mapping[str, str] | None = None
    ) -> None:
        self.section = section
        classe = type("Ligne", (forms.Form,), {c.code: _champ(c, section) for c in section.champs})
        self.lignes: BaseFormSet | None = None
        if isinstance(valeur, dict):
            initial = _en_textes(valeur)
            self.seul = classe(donnees, initial=initial, use_required_attribute=False)
            self.tous = [self.seul]
            return
        fabrique = forms.formset_factory(
            classe, extra=LIGNES_VIDES, can_order=True, can_delete=True
        )
        self.lignes = fabrique(
            donnees, prefix=PREFIXE, initial=[_en_textes(ligne) for ligne in valeur]
        )
        self.tous = self._ranges() if donnees is not None else list(self.lignes)

    def _ranges(self) -> list[forms.Form]:
        """Rend les lignes gardées, dans l'ordre demandé ; celles sans rang viennent après."""
        assert self.lignes is not None
        gardees = [f for f in self.lignes if not f.data.get(f.add_prefix(DELETION_FIELD_NAME))]
        return sorted(gardees, key=_rang)

    @property
    def manques(self) -> list[Faute]:
        """Rend une faute si l'envoi n'a pas tout ce que le formulaire contenait : il viderait la section."""
        incomplet = [
            form
            for form in self.tous
            if 0
            < sum(form.add_prefix(c.code) in form.data for c in self.section.champs)
            < len(self.section.champs)
        ]
        sans_compte = self.lignes is not None and not self.lignes.management_form.is_valid()
        absent = self.lignes is None and not any(
            c.code in self.seul.data for c in self.section.champs
        )
        if incomplet or sans_compte or absent:
            return [Faute(None, "", "Cet envoi est incomplet : rechargez la page et recommencez.")]
        return []

    @property
    def saisie(self) -> dict[str, str] | list[dict[str, str]]:
        """Rend ce qui est saisi, tel quel."""
        textes = [
            {c.code: f.data.get(f.add_prefix(c.code), "") for c in self.section.champs}
            for f in self.tous
        ]
        return textes if self.lignes is not None else textes[0]

    def montrer(self, fautes: Iterable[Faute]) -> list[tuple[str, str]]:
        """Met chaque faute à son champ ; rend, pour le résumé, l'ancre et la phrase de chacune."""
        resume = []
        for faute in fautes:
            if not faute.champ:
                resume.append(("", faute.phrase))
                continue
            form = self.tous[faute.ligne or 0]
            form.add_error(faute.champ, faute.phrase)
            ou = f"Ligne {faute.ligne + 1} : " if faute.ligne is not None else ""
            resume.append((form[faute.champ].id_for_label, f"{ou}{faute.phrase}"))
        return resume


def _rang(form: forms.Form) -> int:
    texte = form.data.get(form.add_prefix(ORDERING_FIELD_NAME), "")
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 6 else 99_999


def _en_textes(ligne: Mapping[str, Any]) -> dict[str, str]:
    return {nom: _en_texte(valeur) for nom, valeur in ligne.items()}


def _en_texte(valeur: Any) -> str:
    if valeur is None:
        return ""
    return dire_un_nombre(valeur) if isinstance(valeur, float) else str(valeur)


def _champ(champ: Champ, section: Section) -> forms.Field:
    widget: forms.Widget
    if champ.sorte == "choix":
        widget = forms.Select(choices=(("", "—"), *champ.choix))
    elif champ.sorte == "texte":
        widget = forms.Textarea(attrs={"rows": 3 if section.est_liste else 14})
    elif champ.sorte == "jour":
        widget = forms.DateInput(attrs={"type": "date"})
    else:
        widget = forms.TextInput(attrs={"maxlength": champ.longueur, **_clavier(champ)})
    return ChampSaisi(
        label=champ.libelle, help_text=champ.aide, required=champ.est_obligatoire, widget=widget
    )


def _clavier(champ: Champ) -> dict[str, str]:
    """Rend ce qui aide à saisir : les noms connus, ou le clavier des chiffres."""
    if champ.suggere:
        return {"list": LISTES[champ.suggere]}
    modes = {"entier": "numeric", "nombre": "decimal"}
    return {"inputmode": modes[champ.sorte]} if champ.sorte in modes else {}
