"""Le formulaire d'une section : ses champs, ou ses lignes que l'on ajoute, retire et range.

Il ne juge rien : il rend ce qui est saisi, que l'action lit et dont elle dit les fautes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME, BaseFormSet

LIGNES_VIDES = 3
PREFIXE = "l"
INCOMPLET = "Cet envoi est incomplet : rechargez la page et recommencez."
# Une case décochée, un choix que l'on n'a pas fait : le navigateur n'envoie rien.
MUETTES = (forms.CheckboxInput, forms.RadioSelect)


class ChampDeSection(Protocol):
    """Ce que l'on attend d'un champ, de quelque pièce qu'il vienne."""

    @property
    def code(self) -> str: ...
    @property
    def libelle(self) -> str: ...
    @property
    def aide(self) -> str: ...
    @property
    def est_obligatoire(self) -> bool: ...


class FauteDeSection(Protocol):
    """Ce qui ne va pas : la ligne (depuis 0, ou rien), le champ, la phrase."""

    @property
    def ligne(self) -> int | None: ...
    @property
    def champ(self) -> str: ...
    @property
    def phrase(self) -> str: ...


class ChampSaisi(forms.CharField):
    """Un champ qui dit s'il est obligatoire, et prend ce qu'on lui donne : l'action en juge."""

    def clean(self, value: Any) -> str:
        return str(value or "")


class FormulaireDeSection:
    """Une section à saisir : un formulaire seul, ou un par ligne si `valeur` est une liste."""

    def __init__(
        self,
        champs: Sequence[Any],
        valeur: Any,
        donnees: Mapping[str, str] | None = None,
    ) -> None:
        self.champs: Sequence[Any] = champs
        self.est_liste = isinstance(valeur, list)
        classe = type("Ligne", (forms.Form,), {c.code: self._champ(c) for c in champs})
        self.lignes: BaseFormSet | None = None
        if not self.est_liste:
            initial = self.en_textes(valeur)
            self.seul = classe(donnees, initial=initial, use_required_attribute=False)
            self.tous = [self.seul]
            return
        fabrique = forms.formset_factory(
            classe, extra=LIGNES_VIDES, can_order=True, can_delete=True
        )
        self.lignes = fabrique(
            donnees, prefix=PREFIXE, initial=[self.en_textes(ligne) for ligne in valeur]
        )
        self.tous = self._ranges() if donnees is not None else list(self.lignes)

    def widget(self, champ: Any) -> forms.Widget:
        """Rend de quoi saisir un champ."""
        raise NotImplementedError

    def en_textes(self, ligne: Mapping[str, Any]) -> dict[str, str]:
        """Rend une ligne telle qu'elle se montre dans les cases."""
        return {nom: "" if valeur is None else str(valeur) for nom, valeur in ligne.items()}

    def _champ(self, champ: ChampDeSection) -> forms.Field:
        return ChampSaisi(
            label=champ.libelle,
            help_text=champ.aide,
            required=champ.est_obligatoire,
            widget=self.widget(champ),
        )

    def _ranges(self) -> list[forms.Form]:
        """Rend les lignes gardées, dans l'ordre demandé ; celles sans rang viennent après."""
        assert self.lignes is not None
        gardees = [f for f in self.lignes if not f.data.get(f.add_prefix(DELETION_FIELD_NAME))]
        return sorted(gardees, key=_rang)

    @property
    def est_incomplet(self) -> bool:
        """Dit si l'envoi n'a pas tout ce que le formulaire contenait : il viderait la section."""
        attendus = [c.code for c in self.champs if not isinstance(self.widget(c), MUETTES)]
        presents = [sum(f.add_prefix(nom) in f.data for nom in attendus) for f in self.tous]
        if any(0 < nombre < len(attendus) for nombre in presents):
            return True
        if self.lignes is not None:
            return not self.lignes.management_form.is_valid()
        return bool(attendus) and not presents[0]

    @property
    def saisie(self) -> Any:
        """Rend ce qui est saisi, tel quel : un dictionnaire, ou une liste de dictionnaires."""
        textes = [self.saisie_de(form) for form in self.tous]
        return textes if self.est_liste else textes[0]

    def saisie_de(self, form: forms.Form) -> dict[str, str]:
        """Rend ce qui est saisi dans une ligne."""
        return {c.code: form.data.get(form.add_prefix(c.code), "") for c in self.champs}

    def montrer(
        self, fautes: Iterable[FauteDeSection], lignes: Sequence[forms.Form] | None = None
    ) -> list[tuple[str, str]]:
        """Met chaque faute à son champ ; rend, pour le résumé, l'ancre et la phrase de chacune.

        `lignes` sont celles que comptent les fautes, si ce ne sont pas toutes.
        """
        comptees = self.tous if lignes is None else lignes
        resume = []
        for faute in fautes:
            if not faute.champ or faute.champ not in self.tous[0].fields:
                resume.append((faute.champ, faute.phrase))
                continue
            form = comptees[faute.ligne or 0]
            if not form.is_bound:
                # Django ne met de faute qu'à un formulaire envoyé ; ici, le texte vient de la base.
                form.cleaned_data = {}
            if faute.phrase not in form.errors.get(faute.champ, []):
                form.add_error(faute.champ, faute.phrase)
            rang = self.tous.index(form) + 1
            ou = f"Ligne {rang} : " if faute.ligne is not None else ""
            resume.append((form[faute.champ].id_for_label, f"{ou}{faute.phrase}"))
        return resume


def _rang(form: forms.Form) -> int:
    texte = form.data.get(form.add_prefix(ORDERING_FIELD_NAME), "")
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 6 else 99_999
