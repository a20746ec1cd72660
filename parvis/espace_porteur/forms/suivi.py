"""La suite d'une demande faite ailleurs, telle qu'on la recopie d'un courrier."""

from typing import Any

from django import forms

from parvis.comptes.forms.comptes import ChampDate
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande
from parvis.dossiers.rules.suivi import Suite
from parvis.socle.montants import ChampMontant

_MOTS = ("vote", "engage", "verse")


class SuiteDUneDemande(forms.Form):
    """Où en est une demande, et les trois montants qui comptent, chacun avec sa date."""

    etat = forms.ChoiceField(
        label="Où en est la demande",
        widget=forms.RadioSelect,
        choices=[
            (EtatDeDemande.DEMANDEE, "Pas encore de réponse"),
            (EtatDeDemande.ACCORDEE, "Accordée, en entier ou en partie"),
            (EtatDeDemande.REFUSEE, "Refusée"),
        ],
    )
    numero = forms.CharField(
        label="Numéro chez le financeur",
        max_length=60,
        required=False,
        help_text="Celui de l’accusé de réception : on vous le demandera au téléphone.",
    )
    vote = ChampMontant(
        label="Montant accordé", required=False, help_text="Celui de la décision ou du courrier."
    )
    vote_le = ChampDate(label="Décidé le", required=False)
    engage = ChampMontant(
        label="Montant signé",
        required=False,
        help_text="Celui de la convention, ou de l’arrêté notifié.",
    )
    engage_le = ChampDate(label="Signé le", required=False)
    verse = ChampMontant(
        label="Déjà versé",
        required=False,
        help_text="En tout, acomptes compris.",
    )
    verse_le = ChampDate(label="Versé le", required=False)

    def __init__(self, *args: Any, demande: Demande, **kwargs: Any) -> None:
        depart: dict[str, Any] = {"etat": demande.etat, "numero": demande.numero_externe}
        for mot in _MOTS:
            depart |= {
                mot: getattr(demande, f"montant_{mot}"),
                f"{mot}_le": getattr(demande, f"{mot}_le"),
            }
        super().__init__(*args, initial=depart, **kwargs)

    @property
    def suite(self) -> Suite:
        """Rend ce qui est saisi, tel que l'action le prend."""
        return Suite(**self.cleaned_data)
