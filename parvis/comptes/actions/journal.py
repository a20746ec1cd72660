"""Noter un acte sur les comptes d'un organisme."""

from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Invitation, Rattachement
from parvis.journal.actions import noter
from parvis.journal.models import Evenement


def noter_pour(
    action: str, *, par: Acteur, rattachement: Rattachement | Invitation, **details: str
) -> Evenement:
    """Note un acte dans la chaîne du contrat, ou celle de l'instance, au nom de l'organisme.

    Qui est concerné va dans les détails, que l'on peut effacer à sa demande.
    """
    if isinstance(rattachement, Rattachement):
        personne = str(rattachement.utilisateur)
    else:
        personne = rattachement.courriel
    return noter(
        par=par,
        contrat=rattachement.contrat or "instance",
        action=action,
        # L'histoire d'un doublon réuni se lit sur la page gardée.
        objet=f"organisme:{rattachement.organisme.retenu.pk}",
        objet_nom=rattachement.organisme.retenu.nom,
        details={
            "personne": personne,
            "role": rattachement.get_role_display(),
            **{c: v for c, v in {"contrat": rattachement.contrat, **details}.items() if v},
        },
    )
