"""Dire en phrases ce que les champs et les contraintes d'une ligne refusent."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model


def motifs_de_validation(ligne: Model, *, avec_contraintes: bool = False) -> list[str]:
    """Rend une phrase par refus des champs, puis des contraintes si on le demande."""
    try:
        ligne.full_clean(validate_unique=False, validate_constraints=avec_contraintes)
    except ValidationError as erreur:
        return [
            message
            if champ == NON_FIELD_ERRORS
            else f"{_nom_du_champ(ligne, champ).capitalize()} : {message}"
            for champ, messages in erreur.message_dict.items()
            for message in messages
        ]
    return []


def _nom_du_champ(ligne: Model, champ: str) -> str:
    return str(getattr(ligne._meta.get_field(champ), "verbose_name", champ))
