"""Ce qui s'écrit en payant : un versement, une condition levée, un reversement, un retrait, un fichier."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from parvis.conventions.actions.comptabilite import Colonnes
from parvis.conventions.queries.paiements import Paiements
from parvis.conventions.queries.versements import VersementsDUnActe
from parvis.socle.montants import ChampMontant, ecrire_montant

ERREURS_DE_DATE = {"invalid": "Écrivez une date, par exemple 15/03/2027."}


def champ_jour(label: str, manque: str, **options: Any) -> forms.DateField:
    """Rend la case d'un jour ; `manque` est ce qu'elle dit quand elle est vide."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=ERREURS_DE_DATE | {"required": manque},
        **options,
    )


def champ_texte(label: str, longueur: int, manque: str, aide: str = "", lignes: int = 3) -> Any:
    """Rend une case de plusieurs lignes."""
    return forms.CharField(
        label=label,
        help_text=aide,
        max_length=longueur,
        widget=forms.Textarea(attrs={"rows": lignes}),
        error_messages={"required": manque},
    )


class PaiementEnLot(forms.Form):
    """Le jour et le bordereau que partagent les échéances cochées."""

    verse_le = champ_jour("Versées le", "Écrivez le jour du versement.")
    bordereau = forms.CharField(label="Bordereau", required=False, max_length=40)


class FormulaireDePaiement(forms.Form):
    """Un versement sur un acte : l'échéance, la somme, le jour, le numéro d'ordre."""

    echeance = forms.ChoiceField(label="Échéance")
    montant = ChampMontant(
        label="Montant", required=False, help_text="Vide, tout ce qui reste à verser de l’échéance."
    )
    verse_le = champ_jour("Versé le", "Écrivez le jour du versement.")
    numero_d_ordre = forms.CharField(
        label="Numéro d’ordre ou de mandat",
        required=False,
        max_length=40,
        help_text="Il ne sert qu’une fois par an : repris d’un fichier, il ne se paiera pas de nouveau.",
    )
    bordereau = forms.CharField(label="Bordereau", required=False, max_length=40)
    hors_de_l_ordre = forms.BooleanField(
        label="Je paie hors de l’ordre : une échéance d’avant n’est pas versée", required=False
    )

    attente_confirmee = forms.BooleanField(required=False)
    au_dela_du_bilan = forms.BooleanField(required=False)

    # Ce qui était versé à la lecture : un envoi répété se voit.
    deja = forms.DecimalField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lu: VersementsDUnActe, **options: Any) -> None:
        depart = {"verse_le": timezone.localdate(), "deja": lu.paiements.verse}
        options.setdefault("initial", depart)
        super().__init__(*args, **options)
        dues = [due for due in lu.paiements.echeances if due.reste > 0]
        self.fields["echeance"].choices = [  # type: ignore[attr-defined]
            (str(due.echeance.pk), _nommer(due)) for due in dues
        ]
        if len(dues) < 2:
            del self.fields["hors_de_l_ordre"]
        attendus = dict.fromkeys(due.attend for due in dues if due.attend)
        self.fields["attente_confirmee"].label = f"C’est fait : {', '.join(attendus)}"
        if not attendus:
            del self.fields["attente_confirmee"]
        du = lu.paiements.laisse_du
        if du is None:
            del self.fields["au_dela_du_bilan"]
        else:
            self.fields["au_dela_du_bilan"].label = (
                "Je verse au-delà de ce que le bilan accepté laisse dû : "
                f"{ecrire_montant(du, court=True)}"
            )
            # Rien de dû ne se propose pas : dépasser se décide, et s'écrit.
            self.initial["montant"] = next((due.a_verser for due in dues if due.a_verser), None)


def _nommer(due: Any) -> str:
    reste = ecrire_montant(due.a_verser, court=True)
    return f"{due.echeance.nom}, {reste} à verser"


class FormulaireDeLevee(forms.Form):
    """La condition d'une réponse, levée."""

    levee_le = champ_jour("Levée le", "Écrivez le jour où la condition est levée.")
    justification = champ_texte(
        "Ce qui le montre",
        1000,
        "Dites ce qui montre que la condition est remplie.",
        "Le porteur le lit. Par exemple « accord du bailleur reçu le 3 mars ».",
    )


class FormulaireDeReversement(forms.Form):
    """Ce que l'organisme doit rendre d'une de ses demandes."""

    demande = forms.ChoiceField(label="Sur quelle demande")
    montant = ChampMontant(
        label="Montant à rendre", error_messages={"required": "Écrivez le montant à rendre."}
    )
    motif = champ_texte("Pourquoi", 1000, "Dites pourquoi cet argent est à rendre.")
    titre = forms.CharField(label="Titre de recette", required=False, max_length=40)

    def __init__(self, *args: Any, paiements: Paiements, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["demande"].choices = [  # type: ignore[attr-defined]
            (
                str(une.ligne.demande_id),
                f"{une.ligne.demande.dossier.projet.titre}, "
                f"{ecrire_montant(une.verse, court=True)} versés",
            )
            for une in paiements.lignes
            if une.verse
        ]


class FormulaireDeReception(forms.Form):
    """L'argent rendu : le jour, et le titre de recette."""

    recu_le = champ_jour("Reçu le", "Écrivez le jour où l’argent est reçu.")
    titre = forms.CharField(label="Titre de recette", required=False, max_length=40)


class FormulaireDeCloture(forms.Form):
    """Pourquoi le reste d'un acte ne se verse pas."""

    motif = champ_texte(
        "Pourquoi", 1000, "Dites pourquoi le reste ne se verse pas.", "L’organisme le lit."
    )


class FormulaireDeRetrait(forms.Form):
    """Le manquement que l'on reproche, et la période que la subvention couvre."""

    motif = champ_texte(
        "Le manquement", 2000, "Dites quel est le manquement.", "L’organisme le lit.", 5
    )
    manquement_le = champ_jour("Jour du manquement", "Écrivez le jour du manquement.")
    debut_le = champ_jour("La subvention couvre du", "Écrivez le début de la période.")
    fin_le = champ_jour("Au", "Écrivez la fin de la période.")


class FormulaireDObservations(forms.Form):
    """Ce que l'organisme a répondu."""

    observations = champ_texte(
        "Ce que l’organisme a répondu", 5000, "Écrivez ce que l’organisme a répondu.", lignes=6
    )
    recues_le = champ_jour("Reçu le", "Écrivez le jour de la réponse.")


class FichierDePaiement(forms.Form):
    """Un fichier de paiement, et dans quelle colonne se lit chaque chose."""

    fichier = forms.FileField(
        label="Le fichier de paiement",
        help_text="Un classeur XLSX ou un CSV. 20 Mo au plus.",
        max_length=200,
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    numero_d_ordre = forms.CharField(label="Colonne du numéro d’ordre", max_length=200)
    acte = forms.CharField(
        label="Colonne de l’acte",
        max_length=200,
        help_text="Le numéro de l’acte, celui du dossier, ou le Siret de l’organisme.",
    )
    montant = forms.CharField(label="Colonne du montant", max_length=200)
    verse_le = forms.CharField(label="Colonne de la date de paiement", max_length=200)
    echeance = forms.CharField(
        label="Colonne de l’échéance",
        max_length=200,
        required=False,
        help_text="Si le fichier le dit : « Acompte », « Solde », ou un rang. Sans elle, le montant décide.",
    )

    def proposer(self, titres: Sequence[str]) -> None:
        """Fait choisir parmi les colonnes du fichier, et dit lesquelles n'y sont pas."""
        for nom in Colonnes.__dataclass_fields__:
            champ = self.fields[nom]
            vide = "Choisir" if champ.required else "Aucune"
            champ.widget = forms.Select(choices=[("", vide), *((t, t) for t in titres)])
            if not self._est_lue(nom, titres):
                ou_aucune = "" if champ.required else ", ou « Aucune »"
                self.add_error(nom, f"Le fichier n’a pas cette colonne : choisissez-la{ou_aucune}.")
        if self.errors:
            self.add_error("fichier", "Choisissez-le de nouveau : le navigateur ne le garde pas.")

    def _est_lue(self, nom: str, titres: Sequence[str]) -> bool:
        return self.cleaned_data.get(nom) in titres or not (
            self.fields[nom].required or self.cleaned_data.get(nom)
        )

    @property
    def colonnes(self) -> Colonnes:
        return Colonnes(**{nom: self.cleaned_data[nom] for nom in Colonnes.__dataclass_fields__})
