"""La forme de ce que saisissent le pilote et l'administrateur ; les choix viennent de l'acteur."""

from typing import Any

from django import forms
from django.utils import timezone

from parvis.cadre.enums import TypeDeLieu
from parvis.cadre.models import Edition
from parvis.comptes.acteur import Acteur
from parvis.comptes.forms.comptes import ChampCourriel, ChampDate, choix_de_roles
from parvis.comptes.rules.roles import ROLES, roles_donnables
from parvis.organismes.models import Organisme
from parvis.pilotage.queries.contrats import contrats


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


class NouvelleFiche(forms.Form):
    """Une fiche à ajouter à la fin d'un enjeu du brouillon ; on l'écrit ensuite."""

    sorte = "fiche"
    enjeu = forms.ChoiceField(label="À la fin de")
    numero = forms.CharField(label="Numéro", max_length=20, help_text="Par exemple : 13-3.")
    titre = forms.CharField(label="Titre", max_length=500)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **({"prefix": self.sorte} | kwargs))
        self.fields["enjeu"].choices = [
            (enjeu.numero, f"{edition.mot_enjeu.capitalize()} {enjeu.numero} : {enjeu.titre}")
            for enjeu in edition.enjeux.all()
        ]


class NouvelleDeclinaison(forms.Form):
    """Le lieu où une fiche du brouillon se dit autrement."""

    lieu = forms.CharField(
        label="Lieu",
        max_length=200,
        help_text="Une commune, un quartier…",
        widget=forms.TextInput(attrs={"list": "lieux-connus"}),
    )
    type = forms.ChoiceField(
        label="Sorte de lieu", choices=TypeDeLieu.choices, initial=TypeDeLieu.COMMUNE
    )


class NouvelEnjeu(forms.Form):
    """Un enjeu à ajouter à la fin d'un pilier du brouillon."""

    sorte = "enjeu"
    pilier = forms.TypedChoiceField(label="À la fin de", coerce=int)
    numero = forms.CharField(label="Numéro", max_length=20)
    titre = forms.CharField(label="Titre", max_length=500)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **({"prefix": self.sorte} | kwargs))
        self.fields["pilier"].choices = [
            (pilier.rang, f"{edition.mot_pilier.capitalize()} {pilier.rang} : {pilier.titre}")
            for pilier in edition.piliers.all()
        ]


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
