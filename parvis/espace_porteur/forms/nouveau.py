"""Commencer : un titre, un appel, un lieu ; pour reprendre un dossier, l'appel suffit."""

from collections.abc import Sequence
from typing import Any

from django import forms

from parvis.dossiers.enums import EchelleDeProjet
from parvis.dossiers.models import VersionDAppel
from parvis.dossiers.queries.lieux import LieuxDuContrat
from parvis.dossiers.rules.dossiers import motifs_sur_le_titre
from parvis.socle.templatetags.socle import heure, jour
from parvis.socle.texte import en_paragraphes, en_une_ligne

MOTS_AU_PLUS = 6000


class ChoixDAppel(forms.Form):
    """L'appel où déposer, parmi ceux qui sont ouverts, et pour combien d'exercices."""

    appel = forms.ChoiceField(
        label="À quel appel répondez-vous ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un appel.",
            "invalid_choice": "Cet appel n’est pas ouvert : choisissez-en un autre.",
        },
    )
    exercices = forms.TypedChoiceField(
        label="Pour combien d’années ?",
        coerce=int,
        error_messages={"required": "Dites pour combien d’années."},
        widget=forms.RadioSelect,
        help_text="La première année est ferme. Les suivantes sont une prévision.",
    )

    def __init__(self, *args: Any, ouverts: Sequence[VersionDAppel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ouverts = {str(version.appel_id): version for version in ouverts}
        if len(self.ouverts) == 1:
            self.fields["appel"].initial = next(iter(self.ouverts))
        permis = {version.exercices_max for version in ouverts}
        au_plus = max(permis, default=1)
        # Des appels qui ne permettent pas le même nombre d'années le disent, chacun pour soi.
        self.fields["appel"].choices = [  # type: ignore[attr-defined]
            (pk, _dire(v) + (f", {_au_plus(v)}" if len(permis) > 1 else ""))
            for pk, v in self.ouverts.items()
        ]
        if au_plus == 1:
            del self.fields["exercices"]
        else:
            nombres = range(1, au_plus + 1)
            self.fields["exercices"].choices = [(n, _annees(n)) for n in nombres]  # type: ignore[attr-defined]
            self.fields["exercices"].initial = 1

    def clean(self) -> dict[str, Any]:
        """Refuse plus d'années que n'en permet l'appel choisi."""
        lu = super().clean() or self.cleaned_data
        version = self.ouverts.get(lu.get("appel", ""))
        if version and (lu.get("exercices") or 1) > version.exercices_max:
            self.add_error("exercices", f"Cet appel finance {_au_plus(version)}.")
        return lu

    @property
    def version(self) -> VersionDAppel:
        """Rend la version de l'appel choisi ; le formulaire est valable."""
        return self.ouverts[self.cleaned_data["appel"]]


class NouveauProjet(ChoixDAppel):
    """Un projet à commencer ; ce qui est tapé reste, quoi qu'il manque."""

    titre = forms.CharField(
        label="Comment s’appelle votre projet ?",
        help_text="Il pourra changer. Par exemple : « Le jardin du Pré-Joli ».",
        error_messages={"required": "Donnez un titre au projet : il pourra changer."},
    )
    description = forms.CharField(
        label="Ce que vous voulez faire, en quelques mots",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Comme vous le diriez à une voisine. Vous le reprendrez dans le dossier.",
    )
    echelle = forms.ChoiceField(
        label="Où se passe-t-il ?",
        required=False,
        choices=EchelleDeProjet.choices,
        widget=forms.RadioSelect,
    )
    communes = forms.MultipleChoiceField(
        label="Communes du contrat", required=False, widget=forms.CheckboxSelectMultiple
    )
    quartiers = forms.MultipleChoiceField(
        label="Quartiers prioritaires", required=False, widget=forms.CheckboxSelectMultiple
    )
    ailleurs = forms.CharField(
        label="Une autre commune",
        required=False,
        max_length=200,
        help_text="Si la vôtre n’est pas dans la liste : nous vous dirons quel contrat la couvre.",
    )
    structure = forms.CharField(
        label="Qui recevra l’argent pour vous ?",
        required=False,
        max_length=200,
        help_text="Un collectif sans personnalité morale passe par une autre structure. "
        "Donnez son nom ou son Siret ; vous pourrez le faire plus tard.",
    )

    field_order = (
        *("titre", "appel", "exercices", "echelle", "communes", "quartiers", "ailleurs"),
        *("structure", "description"),
    )

    def __init__(
        self, *args: Any, lieux: LieuxDuContrat, est_un_collectif: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["communes"].choices = [(c.code, c.nom) for c in lieux.communes]  # type: ignore[attr-defined]
        self.fields["quartiers"].choices = [  # type: ignore[attr-defined]
            (commune, [(str(q.pk), q.nom) for q in siens]) for commune, siens in lieux.par_commune
        ]
        if not est_un_collectif:
            del self.fields["structure"]
        if not lieux.communes:
            for nom in ("communes", "quartiers"):
                del self.fields[nom]
            self.fields["echelle"].choices = EchelleDeProjet.choices[:1]  # type: ignore[attr-defined]

    def clean_titre(self) -> str:
        """Rend le titre sur une ligne ; la loi dit s'il convient."""
        titre = en_une_ligne(self.cleaned_data["titre"])
        if motifs := motifs_sur_le_titre(titre):
            raise forms.ValidationError(motifs)
        return titre

    def clean_description(self) -> str:
        """Rend les mots tels quels, sans signe caché."""
        return en_paragraphes(self.cleaned_data["description"])


def _dire(version: VersionDAppel) -> str:
    cloture = f"{jour(version.ferme_le)} à {heure(version.ferme_le)}"
    return f"{version.titre} — ouvert jusqu’au {cloture}"


def _au_plus(version: VersionDAppel) -> str:
    nombre = version.exercices_max
    return "une seule année" if nombre == 1 else f"{nombre} années au plus"


def _annees(nombre: int) -> str:
    return "Une année" if nombre == 1 else f"{nombre} années"
