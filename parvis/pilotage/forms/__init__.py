"""La forme de ce que saisissent le pilote et l'administrateur ; les choix viennent de l'acteur."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Case, Q, When
from django.utils import timezone

from parvis.cadre.enums import NatureDeDispositif, NatureDePartenaire
from parvis.cadre.models import Dispositif, Partenaire
from parvis.cadre.queries.savoirs import etat_du_savoir
from parvis.comptes.acteur import Acteur
from parvis.comptes.forms.comptes import ChampCourriel, ChampDate, ChampDepart, choix_de_roles
from parvis.comptes.rules.roles import ROLES, roles_donnables
from parvis.organismes.models import Organisme
from parvis.pilotage.queries.contrats import contrats
from parvis.pilotage.queries.partenaires import partenaires_du_contrat
from parvis.socle.croisement import reunir
from parvis.socle.templatetags.socle import jour


class InvitationAUnRole(forms.Form):
    """Qui inviter dans un organisme, à quel rôle, et pour quel contrat."""

    courriel = ChampCourriel(
        label="Adresse de courriel", help_text="Seule cette adresse pourra accepter."
    )
    role = forms.ChoiceField(label="Rôle", widget=forms.RadioSelect)
    contrat = forms.ChoiceField(
        label="Contrat de ville",
        required=False,
        help_text="Pour un rôle de contrat : pilote, élu, délégué du préfet, conseiller citoyen.",
    )
    fin_le = ChampDate(
        label="Jusqu’au",
        required=False,
        help_text="Pour un mandat ou un remplacement. Vide : sans fin prévue.",
    )

    def __init__(
        self, *args: Any, acteur: Acteur, organisme: Organisme, contrat: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.contrat = contrat
        self.fields["role"].choices = choix_de_roles(roles_donnables(acteur.role, organisme.nature))
        if contrat:
            del self.fields["contrat"]
        else:
            choix = [(c.code, str(c)) for c in contrats(acteur)]
            self.fields["contrat"].choices = [("", "Aucun"), *choix]

    def clean(self) -> dict[str, Any]:
        """Donne le contrat de l'adresse au rôle qui en a besoin, et à lui seul."""
        lu = super().clean() or self.cleaned_data
        if self.contrat:
            role = lu.get("role", "")
            lu["contrat"] = self.contrat if role and ROLES[role].est_de_contrat else ""
        return lu


class NouveauContrat(forms.Form):
    """Ce qu'il faut pour qu'un contrat existe ; son document dira le reste."""

    titre = forms.CharField(label="Titre du contrat", max_length=300)
    territoire = forms.CharField(
        label="Territoire", max_length=200, help_text="L’intercommunalité, par exemple."
    )
    code = forms.SlugField(
        label="Code, dans les adresses",
        max_length=80,
        help_text="Par exemple : val-des-tilleuls-2024-2030. Il ne changera plus.",
        error_messages={
            "invalid": "Le code s’écrit en minuscules sans accents, chiffres et tirets."
        },
    )
    debut = forms.IntegerField(label="Première année", min_value=1980, max_value=2100)
    fin = forms.IntegerField(label="Dernière année", min_value=1980, max_value=2100)


class Depot(forms.Form):
    """Le document publié d'un contrat, à lire."""

    document = forms.FileField(
        label="Le document du contrat",
        help_text="Word (.docx), PDF avec du texte, tableur (.xlsx, .csv), HTML, Markdown ou texte. "
        "60 Mo au plus.",
        max_length=200,
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
            "missing": "Choisissez un fichier.",
            "invalid": "Choisissez un fichier.",
        },
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.xlsx,.csv,.html,.htm,.md,.txt,.yaml"}),
    )


class Rapprochement(forms.Form):
    """Depuis quand, et jusqu'à quand, un organisme tient un partenaire."""

    depuis_le = ChampDate(label="Depuis le")
    jusqu_au = ChampDate(label="Jusqu’au", required=False, help_text="Vide : il le tient encore.")


class Fin(forms.Form):
    """Le dernier jour d'un rapprochement."""

    jusqu_au = ChampDate(label="Dernier jour", initial=timezone.localdate)


class Fusion(forms.Form):
    """Quel organisme on garde, et pourquoi les deux n'en font qu'un."""

    garde = forms.ChoiceField(label="La page à garder", widget=forms.RadioSelect)
    raison = forms.CharField(
        label="Pourquoi c’est le même",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Les membres des deux liront cette raison.",
    )

    def __init__(self, *args: Any, premier: Organisme, second: Organisme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["garde"].choices = [
            (str(premier.pk), f"La première : {premier}"),
            (str(second.pk), f"La seconde : {second}"),
        ]


def _suite(longueur: int) -> forms.CharField:
    return forms.CharField(
        label="Ce qui lui succède",
        max_length=longueur,
        required=False,
        help_text="Par exemple : France Travail, depuis le 1er janvier 2024.",
    )


class _Savoir(forms.Form):
    """Ce que l'on sait d'un nom du contrat ; le formulaire sait de quelle version il est parti."""

    fin_le = ChampDate(label="A pris fin le", required=False, help_text="Vide : il existe encore.")
    depart = ChampDepart("parvis.pilotage.savoir")

    def __init__(
        self, *args: Any, acteur: Acteur, ligne: Partenaire | Dispositif, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=_a_montrer(ligne), **kwargs)
        self.acteur, self.ligne = acteur, ligne
        self.order_fields(ligne.CHAMPS)

    @property
    def version(self) -> int:
        """Rend la version que la personne avait sous les yeux."""
        return self.cleaned_data["depart"]["version"]

    @property
    def a_change(self) -> bool:
        """Dit si la ligne n'est plus celle que la personne avait sous les yeux."""
        return self.ligne.version != self.version

    def jeton_de_depart(self) -> str:
        """Rend l'état signé de la ligne d'aujourd'hui : d'où repart le prochain envoi."""
        return self.fields["depart"].prepare_value(_a_montrer(self.ligne)["depart"])

    def valeurs(self) -> dict[str, Any]:
        """Rend ce que l'action attend."""
        return {champ: self.cleaned_data[champ] for champ in self.ligne.CHAMPS}

    def saisie(self) -> dict[str, Any]:
        """Rend ce qui est saisi, sous la forme d'un état."""
        fin_le = self.cleaned_data["fin_le"]
        return self.valeurs() | {"fin_le": fin_le.isoformat() if fin_le else ""}

    def est_deja(self, courant: Any) -> bool:
        """Dit si la ligne `courant` est déjà ce qui est saisi."""
        return self.saisie() == etat_du_savoir(courant)

    def croiser(self, courant: Any) -> "tuple[_Savoir, list[tuple[str, str, str]]]":
        """Rend le formulaire qui garde ma saisie et part de la ligne `courant`, puis les écarts.

        Ce que je n'ai pas touché prend ce que l'autre personne a écrit : rien d'elle ne se perd.
        """
        depart, mien, autre = self.cleaned_data["depart"], self.saisie(), etat_du_savoir(courant)
        donnees = _a_montrer(courant, reunir(depart, mien, autre).valeurs)
        neuf = type(self)({**self.data.dict(), **donnees}, acteur=self.acteur, ligne=courant)
        ecarts = []
        for champ in (c for c in mien if mien[c] != autre[c]):
            saisi, ecrit = (_dire(self.fields[champ], etat[champ]) for etat in (mien, autre))
            est_intact = mien[champ] == depart[champ]
            label = str(self.fields[champ].label)
            ecarts.append((label, "(vous n’y avez pas touché)" if est_intact else saisi, ecrit))
        return neuf, ecarts


class SavoirDuPartenaire(_Savoir):
    """Ce que l'on sait d'un partenaire ; son nom est celui que le contrat imprime."""

    sigle = forms.CharField(label="Sigle", max_length=40, required=False)
    nature = forms.ChoiceField(label="Nature", choices=NatureDePartenaire.choices)
    parent = forms.ModelChoiceField(
        label="Fait partie de", queryset=None, required=False, empty_label="Aucun autre partenaire"
    )
    graphies = forms.CharField(
        label="Autres façons de l’écrire",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une par ligne. La recherche les reconnaît.",
    )
    a_savoir = forms.CharField(
        label="À savoir",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Quelques phrases, que tout le monde lira sur sa page.",
    )
    suite = _suite(200)

    def __init__(self, *args: Any, acteur: Acteur, ligne: Partenaire, **kwargs: Any) -> None:
        super().__init__(*args, acteur=acteur, ligne=ligne, **kwargs)
        siens = partenaires_du_contrat(acteur, ligne.contrat)
        self.fields["parent"].queryset = siens.exclude(pk=ligne.pk)

    def clean_graphies(self) -> list[str]:
        """Rend une graphie par ligne."""
        lignes = (" ".join(ligne.split()) for ligne in self.cleaned_data["graphies"].splitlines())
        return [ligne for ligne in lignes if ligne]

    def saisie(self) -> dict[str, Any]:
        parent = self.cleaned_data["parent"]
        return super().saisie() | {"parent": parent.pk if parent else None}


class SavoirDuDispositif(_Savoir):
    """Ce que l'on sait d'un dispositif : ce que c'est, qui le tient, s'il existe encore."""

    explication = forms.CharField(
        label="Ce que c’est",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une ou deux phrases qu’un voisin comprend.",
    )
    responsables = forms.ModelMultipleChoiceField(
        label="Qui le tient",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Un ou plusieurs partenaires du contrat. Ceux d’aujourd’hui sont en tête.",
    )
    nature = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Inconnue"), *NatureDeDispositif.choices]
    )
    lien = forms.URLField(
        label="Adresse d’une page qui l’explique",
        max_length=200,
        required=False,
        assume_scheme="https",
    )
    suite = _suite(300)
    est_verifie = forms.BooleanField(
        label="J’ai vérifié aujourd’hui : c’est bien ainsi", required=False
    )

    def __init__(self, *args: Any, acteur: Acteur, ligne: Dispositif, **kwargs: Any) -> None:
        super().__init__(*args, acteur=acteur, ligne=ligne, **kwargs)
        siens = partenaires_du_contrat(acteur, ligne.contrat)
        en_tete = Q(pk__in=ligne.responsables.all())
        self.fields["responsables"].queryset = siens.order_by(
            Case(When(en_tete, then=0), default=1), "cle_de_tri"
        )

    def saisie(self) -> dict[str, Any]:
        responsables = sorted(partenaire.pk for partenaire in self.cleaned_data["responsables"])
        return super().saisie() | {"responsables": responsables}


def _a_montrer(
    ligne: Partenaire | Dispositif, valeurs: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Rend ces valeurs comme le formulaire les montre, et l'état de la ligne comme départ."""
    etat = etat_du_savoir(ligne)
    montrees = {**etat, **(valeurs or {})}
    if "graphies" in montrees:
        montrees["graphies"] = "\n".join(montrees["graphies"])
    return {**montrees, "depart": {**etat, "version": ligne.version}}


def _dire(champ: forms.Field, valeur: Any) -> str:
    """Rend une valeur d'un état dans les mots où on la choisit."""
    if isinstance(champ, forms.ModelChoiceField):
        cles = valeur if isinstance(valeur, list) else [valeur]
        return ", ".join(str(ligne) for ligne in champ.queryset if ligne.pk in cles)
    if isinstance(champ, forms.ChoiceField):
        return str(dict(champ.choices).get(valeur, valeur))
    if isinstance(champ, forms.DateField):
        return jour(date.fromisoformat(valeur)) if valeur else ""
    return ", ".join(valeur) if isinstance(valeur, list) else str(valeur)
