"""Les rattachements d'une personne, et ceux d'un organisme."""

from datetime import date

from parvis.comptes.models import Rattachement, Utilisateur


def rattachements_de(utilisateur: Utilisateur, *, jour: date) -> list[Rattachement]:
    """Rend les rattachements en cours d'une personne, les confirmés d'abord, puis les plus anciens."""
    en_cours = Rattachement.objects.en_cours(jour).filter(utilisateur=utilisateur)
    trouves = list(en_cours.select_related("organisme__fusionne_dans"))
    return sorted(trouves, key=lambda r: (not r.est_confirme, r.debut_le, r.pk))
