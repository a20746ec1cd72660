"""Les sections d'un brouillon d'appel ; chaque formulaire sait d'où il est parti."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from parvis.cadre.forms import ChoixDeFiches, cases_par_pilier
from parvis.cadre.models import Edition
from parvis.cadre.queries.lecture import fiches_a_choisir
from parvis.comptes.acteur import Acteur
from parvis.comptes.forms.comptes import ChampCourriel, ChampDepart
from parvis.dossiers.enums import EffetDeBilan, SorteDeQuestion
from parvis.dossiers.models.appel import EXERCICES_AU_PLUS
from parvis.dossiers.rules.appels import LONGUEURS
from parvis.dossiers.rules.grille import POIDS
from parvis.dossiers.rules.pieces import ranger_les_natures
from parvis.organismes.enums import Nature
from parvis.pilotage.forms.appels_champs import (
    ChampARemplir,
    ChampInstant,
    ChampLignes,
    ChampLignesARemplir,
    champ_de_texte,
    texte_a_remplir,
)
from parvis.socle.croisement import reunir
from parvis.socle.templatetags.socle import heure, jour


class SectionDAppel(forms.Form):
    """Une section d'un brouillon ; deux écritures croisées se voient, aucune ne se perd."""

    # Un brouillon s'enregistre incomplet : rien n'y est exigé par le navigateur.
    use_required_attribute = False
    depart = ChampDepart("parvis.pilotage.appel")

    def __init__(self, *args: Any, etat: Mapping[str, Any], **kwargs: Any) -> None:
        self.etat, self.options = dict(etat), kwargs
        super().__init__(*args, initial={**_a_montrer(etat), "depart": dict(etat)}, **kwargs)

    def valeurs(self) -> dict[str, Any]:
        """Rend ce que l'action attend."""
        return {champ: self.cleaned_data[champ] for champ in self.etat}

    @property
    def depart_lu(self) -> dict[str, Any]:
        """Rend l'état que la personne avait sous les yeux."""
        return self.cleaned_data["depart"]

    def saisie(self) -> dict[str, Any]:
        """Rend ce qui est saisi, sous la forme d'un état."""
        return {champ: _simple(valeur) for champ, valeur in self.valeurs().items()}

    @property
    def a_change(self) -> bool:
        """Dit si la section n'est plus celle que la personne avait sous les yeux."""
        return self.etat != self.cleaned_data["depart"]

    def jeton_de_depart(self) -> str:
        """Rend l'état signé d'aujourd'hui : d'où repart le prochain envoi."""
        return self.fields["depart"].prepare_value(self.etat)

    def croiser(
        self, courant: Mapping[str, Any]
    ) -> "tuple[SectionDAppel, list[tuple[str, str, str]]]":
        """Rend le formulaire qui garde ma saisie et part de `courant`, puis les écarts."""
        depart, mien = self.cleaned_data["depart"], self.saisie()
        neuf = type(self)(etat=courant, **self.options)
        neuf.initial.update(_a_montrer(reunir(depart, mien, courant).valeurs))
        ecarts = [
            (
                str(self.fields[champ].label),
                "(vous n’y avez pas touché)"
                if mien[champ] == depart.get(champ)
                else self._dire(champ, mien[champ]),
                self._dire(champ, courant[champ]),
            )
            for champ in mien
            if mien[champ] != courant[champ]
        ]
        return neuf, ecarts

    def _dire(self, champ: str, valeur: Any) -> str:
        """Rend une valeur d'un état dans les mots où on la saisit."""
        champ_ = self.fields[champ]
        if isinstance(champ_, ChampInstant):
            instant = datetime.fromisoformat(valeur)
            return f"{jour(instant)} à {heure(instant)}"
        if isinstance(champ_, forms.ModelMultipleChoiceField):
            return ", ".join(f.numero for f in champ_.queryset if f.pk in valeur)
        if isinstance(champ_, (forms.ChoiceField, forms.MultipleChoiceField)):
            mots = {str(cle): str(mot) for cle, mot in champ_.choices}
            cles = valeur if isinstance(valeur, list) else [valeur]
            return ", ".join(mots.get(str(cle), str(cle)) for cle in cles)
        if isinstance(valeur, bool):
            return "oui" if valeur else "non"
        return ", ".join(valeur) if isinstance(valeur, list) else str(valeur or "")


def _a_montrer(etat: Mapping[str, Any]) -> dict[str, Any]:
    """Rend un état comme un formulaire le montre : les instants en vrais instants."""
    return {
        champ: datetime.fromisoformat(valeur) if champ in ("ouvre_le", "ferme_le") else valeur
        for champ, valeur in etat.items()
    }


def _simple(valeur: Any) -> Any:
    if isinstance(valeur, datetime):
        return timezone.localtime(valeur).isoformat(timespec="minutes")
    if hasattr(valeur, "values_list"):
        return sorted(valeur.values_list("pk", flat=True))
    return valeur


class Presentation(SectionDAppel):
    """Ce qu'est l'appel, quand il ouvre et ferme, pour combien d'années."""

    titre = forms.CharField(label="Titre", max_length=200)
    presentation = texte_a_remplir(
        "Présentation",
        10,
        8000,
        help_text="Ce que l’appel attend, pour qui, ce qu’il ne finance pas. Une ligne vide sépare "
        "deux paragraphes.",
    )
    ouvre_le = ChampInstant(label="Ouvre le", help_text="À l’heure de Paris.")
    ferme_le = ChampInstant(
        label="Ferme le",
        help_text="À l’heure de Paris, à la seconde près. À 23 h 59, la minute entière compte.",
    )
    exercices_max = forms.TypedChoiceField(
        label="Un projet peut porter sur",
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (1, "Une année"),
            *(
                (n, f"Une à {n} années : la première est ferme, les suivantes sont prévues")
                for n in range(2, EXERCICES_AU_PLUS + 1)
            ),
        ],
    )


class _Service(SectionDAppel):
    service = ChampARemplir(
        label="Nom du service",
        max_length=200,
        help_text="Le récépissé d’un dossier le nomme, avec son adresse et son téléphone.",
    )
    adresse_du_service = texte_a_remplir("Adresse postale", 3, 500)
    telephone = ChampARemplir(label="Téléphone", max_length=30)
    courriel = ChampCourriel(label="Courriel", required=False)
    horaires = forms.CharField(
        label="Quand quelqu’un répond",
        max_length=200,
        required=False,
        help_text="Par exemple : du lundi au vendredi, de 9 h à 12 h.",
    )


class QuiAppeler(_Service):
    """Le service que les porteurs appellent."""

    horaires = ChampARemplir(
        label="Quand quelqu’un répond",
        max_length=200,
        help_text="Par exemple : du lundi au vendredi, de 9 h à 12 h.",
    )


class BilansEnRetard(SectionDAppel):
    """Ce que fait, dans cet appel, un bilan que son porteur n'a pas rendu à temps."""

    bilan_d_avant = forms.ChoiceField(
        label="Le bilan de l’exercice d’avant manque",
        choices=EffetDeBilan.choices,
        widget=forms.RadioSelect,
        help_text="Il est attendu six mois après la fin de cet exercice. Rendu, il ne manque plus.",
    )
    bilan_de_plus_loin = forms.ChoiceField(
        label="Un bilan plus ancien manque", choices=EffetDeBilan.choices, widget=forms.RadioSelect
    )


class FichesDeLAppel(SectionDAppel):
    """Les fiches auxquelles un projet peut répondre."""

    fiches = ChoixDeFiches(label="Fiches", required=False)

    def __init__(self, *args: Any, acteur: Acteur, edition: Edition | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = {"acteur": acteur, "edition": edition}
        if edition is not None:
            self.fields["fiches"].queryset = fiches_a_choisir(acteur, edition)

    @property
    def par_pilier(self) -> list[tuple[str, list[Any]]]:
        """Rend les fiches à cocher, pilier par pilier."""
        return cases_par_pilier(self["fiches"])


class Financeur(_Service):
    """Le service d'un financeur, où il reçoit, et ce qu'il propose."""

    recoit_ici = forms.BooleanField(
        label="Il reçoit les demandes ici",
        required=False,
        help_text="Sinon, la demande se dépose sur son propre portail, et se suit ici à la main.",
    )
    portail = forms.URLField(
        label="Adresse de son portail",
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text="Seulement s’il ne reçoit pas ici.",
    )
    credits = ChampLignes(
        label="Lignes de crédit",
        help_text="Une par ligne, comme on les nomme chez lui. Vide : une demande sans ligne.",
    )
    en_nature = ChampLignes(
        label="Apports en nature",
        help_text="Une par ligne : un local, du matériel, du temps d’agents.",
    )


class Piece(SectionDAppel):
    """Une pièce demandée, et à qui."""

    libelle = forms.CharField(label="Nom de la pièce", max_length=200)
    explication = champ_de_texte("Explication", 2, 1000, help_text="Une phrase qui évite un appel.")
    natures = forms.MultipleChoiceField(
        label="Demandée à",
        choices=Nature.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché : à tous les porteurs.",
    )
    est_obligatoire = forms.BooleanField(
        label="Obligatoire : le dossier ne se dépose pas sans elle", required=False
    )
    est_nominative = forms.BooleanField(
        label="Nomme des personnes : seuls les services qui instruisent la lisent", required=False
    )
    duree_de_validite = forms.IntegerField(
        label="Date de moins de (mois)", min_value=1, max_value=120, required=False
    )

    def clean_natures(self) -> list[str]:
        """Rend les natures dans l'ordre de la liste."""
        return ranger_les_natures(self.cleaned_data["natures"])


class Question(SectionDAppel):
    """Une question propre à l'appel."""

    texte = forms.CharField(label="Question", max_length=500)
    aide = champ_de_texte("Aide", 2, 1000, help_text="Ce que l’on veut savoir, et pourquoi.")
    sorte = forms.ChoiceField(
        label="Réponse attendue", choices=SorteDeQuestion.choices, widget=forms.RadioSelect
    )
    choix = ChampLignes(
        label="Réponses proposées", help_text="Une par ligne, pour un choix dans une liste."
    )
    est_obligatoire = forms.BooleanField(label="Réponse obligatoire", required=False)
    longueur_max = forms.IntegerField(
        label="Signes au plus",
        min_value=LONGUEURS[0],
        max_value=LONGUEURS[1],
        required=False,
        help_text="Pour un texte. Vide : sans limite particulière.",
    )


class Critere(SectionDAppel):
    """Un critère de la grille."""

    libelle = forms.CharField(label="Critère", max_length=200)
    explication = champ_de_texte(
        "Explication", 2, 1000, help_text="Ce que l’on regarde. Le porteur le lit avant d’écrire."
    )
    poids = forms.TypedChoiceField(
        label="Poids",
        coerce=int,
        choices=[(poids, str(poids)) for poids in range(POIDS[0], POIDS[1] + 1)],
        help_text="Un critère de poids 4 compte quatre fois plus qu’un critère de poids 1.",
    )
    niveaux = ChampLignesARemplir(
        label="Niveaux",
        rangees=5,
        help_text="De deux à cinq, un par ligne, en mots : du moins bon au meilleur.",
    )


# D'où part une ligne que l'on ajoute.
PIECE_NEUVE: Mapping[str, Any] = {
    "libelle": "",
    "explication": "",
    "natures": [],
    "est_obligatoire": True,
    "est_nominative": False,
    "duree_de_validite": None,
}
QUESTION_NEUVE: Mapping[str, Any] = {
    "texte": "",
    "aide": "",
    "sorte": SorteDeQuestion.TEXTE_LONG.value,
    "choix": [],
    "est_obligatoire": True,
    "longueur_max": None,
}
CRITERE_NEUF: Mapping[str, Any] = {"libelle": "", "explication": "", "poids": 1, "niveaux": []}
