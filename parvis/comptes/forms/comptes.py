"""La forme de ce qu'on saisit sur les comptes ; chaque liste de choix vient de l'acteur."""

from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.inscription import ChampNom
from parvis.comptes.models import Rattachement
from parvis.comptes.queries.membres import successeurs
from parvis.comptes.rules.roles import REVENDICABLES, ROLES, roles_donnables
from parvis.courriels.enums import Frequence, Sujet
from parvis.courriels.queries import preferences
from parvis.courriels.rules import SUJETS, est_une_adresse
from parvis.organismes.models import Organisme


class ChampDate(forms.DateField):
    """Un jour, avec le calendrier du navigateur."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs
        )


class ChampDepart(forms.CharField):
    """L'état d'où un formulaire est parti, signé : deux écritures se comparent à partir de lui."""

    def __init__(self, sel: str) -> None:
        self.sel = sel
        super().__init__(widget=forms.HiddenInput)

    def prepare_value(self, value: Any) -> Any:
        """Signe un état que l'on montre ; laisse tel quel celui que le navigateur renvoie."""
        return signing.dumps(value, salt=self.sel, compress=True) if _est_un_etat(value) else value

    def clean(self, value: Any) -> dict[str, Any]:
        """Rend l'état ; refuse celui que le site n'a pas signé."""
        if _est_un_etat(value):
            return value
        try:
            return signing.loads(super().clean(value), salt=self.sel)
        except signing.BadSignature:
            raise forms.ValidationError("Rechargez la page, puis recommencez.") from None


def _est_un_etat(valeur: Any) -> bool:
    return isinstance(valeur, dict)


class ChampCourriel(forms.EmailField):
    """Une adresse à laquelle le site peut écrire."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not est_une_adresse(value):
            raise forms.ValidationError("Le site ne peut pas écrire à cette adresse : vérifiez-la.")


def choix_de_roles(roles: list[Role]) -> list[tuple[str, str]]:
    """Rend chaque rôle avec sa phrase : c'est elle que l'on choisit."""
    return [(role.value, f"{role.label}. {ROLES[role].phrase}") for role in roles]


class Profil(forms.Form):
    """Le nom sous lequel les autres voient la personne."""

    prenom = ChampNom("Prénom", "given-name")
    nom = ChampNom("Nom", "family-name")


class Invitation(forms.Form):
    """Qui inviter, à quel rôle, jusqu'à quand."""

    courriel = ChampCourriel(
        label="Adresse de courriel", help_text="Seule cette adresse pourra accepter."
    )
    role = forms.ChoiceField(label="Rôle", widget=forms.RadioSelect)
    fin_le = ChampDate(
        label="Jusqu’au",
        required=False,
        help_text="Pour un remplacement ou un mandat. Vide : sans fin prévue.",
    )

    def __init__(self, *args: Any, acteur: Acteur, organisme: Organisme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_donnables(acteur.role, organisme.nature)
        self.fields["role"].choices = choix_de_roles(
            [role for role in roles if not ROLES[role].est_de_contrat]
        )


class Revendication(forms.Form):
    """Ce que l'on demande à un organisme qui existe déjà."""

    role = forms.ChoiceField(
        label="Ce que vous ferez",
        widget=forms.RadioSelect,
        choices=choix_de_roles(list(REVENDICABLES)),
    )
    message = forms.CharField(
        label="Qui êtes-vous dans cet organisme ?",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : « Trésorière depuis janvier 2026, élue à l’assemblée du 12 janvier. »",
    )


class Code(forms.Form):
    """Le code reçu à l'adresse de l'organisme."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class Motif(forms.Form):
    """Pourquoi on refuse, ou pourquoi on met fin."""

    motif = forms.CharField(label="Motif", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class Piece(forms.Form):
    """La pièce qui prouve qu'une personne est de l'organisme."""

    precision = forms.CharField(
        label="Pièce vue",
        max_length=300,
        help_text="Par exemple : « Procès-verbal de l’assemblée du 12 janvier 2026, reçu par courriel ».",
    )


class Passation(forms.Form):
    """À qui passer la main, et quel est son dernier jour."""

    successeur = forms.ModelChoiceField(
        label="Qui prend la suite",
        queryset=Rattachement.objects.none(),
        empty_label="Choisissez",
    )
    fin_le = ChampDate(label="Votre dernier jour de gestionnaire")

    def __init__(self, *args: Any, acteur: Acteur, **kwargs: Any) -> None:
        # Le formulaire d'invitation est sur la même page : les identifiants ne se mêlent pas.
        super().__init__(*args, auto_id="passation_%s", **kwargs)
        self.fields["successeur"].queryset = successeurs(acteur, jour=timezone.localdate())
        self.fields["successeur"].label_from_instance = lambda r: (
            f"{r.utilisateur}, {r.get_role_display().lower()}"
        )


class Frequences(forms.Form):
    """Quand recevoir les courriels de chaque sujet."""

    def __init__(self, *args: Any, acteur: Acteur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert acteur.utilisateur is not None
        for sujet, frequence in preferences(acteur.utilisateur.courriel).items():
            self.fields[sujet] = forms.ChoiceField(
                label=Sujet(sujet).label,
                choices=Frequence.choices,
                initial=frequence,
                widget=forms.RadioSelect,
                help_text=f"Vous les recevez parce que {SUJETS[sujet].pourquoi}.",
            )
