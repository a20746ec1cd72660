"""Les rattachements d'une personne, et ceux d'un organisme."""

from datetime import date

from parvis.comptes.enums import Preuve
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.comptes.rules.roles import ROLES

# À qui en tient plusieurs, on ouvre d'abord celui qui permet le plus.
ORDRE = [role.value for role in ROLES]


def rattachements_de(utilisateur: Utilisateur, *, jour: date) -> list[Rattachement]:
    """Rend les rattachements en cours d'une personne : les confirmés d'abord, les plus forts d'abord."""
    en_cours = Rattachement.objects.en_cours(jour).filter(utilisateur=utilisateur)
    # Lus à chaque requête, triés ici : l'ordre du modèle joindrait la personne pour rien.
    trouves = list(en_cours.select_related("organisme__fusionne_dans").order_by())
    return sorted(
        trouves, key=lambda r: (not r.est_confirme, ORDRE.index(r.role), r.debut_le, r.pk)
    )


def demandes_du_jour(utilisateur: Utilisateur, *, jour: date) -> int:
    """Rend combien de rôles cette personne a demandés ou créés d'elle-même ce jour-là."""
    du_jour = Rattachement.objects.filter(utilisateur=utilisateur, debut_le=jour)
    return du_jour.filter(preuve__in=["", Preuve.CREATION]).count()
