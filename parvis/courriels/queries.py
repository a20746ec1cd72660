"""Lire la boîte d'envoi et les préférences."""

from uuid import UUID

from django.db.models import Count, QuerySet

from parvis.courriels import rules
from parvis.courriels.enums import Etat, Sujet
from parvis.courriels.models import Courriel, Preference


def lettres_mortes() -> QuerySet[Courriel]:
    """Rend les courriels abandonnés, le plus récent d'abord : à montrer à qui administre."""
    return Courriel.objects.filter(etat=Etat.ABANDONNE)


def compter_par_etat() -> dict[str, int]:
    """Rend le nombre de courriels dans chaque état, zéro compris."""
    comptes = Courriel.objects.order_by().values_list("etat").annotate(Count("id"))
    return dict.fromkeys(Etat.values, 0) | dict(comptes)


def boite(adresse: str = "") -> QuerySet[Courriel]:
    """Rend les courriels d'une adresse, ou tous, le plus récent d'abord."""
    tous = Courriel.objects.select_related("resume")
    return tous.filter(destinataire=adresse.lower()) if adresse else tous


def courriel(identifiant: UUID) -> Courriel:
    """Rend un courriel ; lève Courriel.DoesNotExist."""
    return Courriel.objects.select_related("resume").get(identifiant=identifiant)


def preferences(adresse: str) -> dict[str, str]:
    """Rend la fréquence qui vaut pour cette adresse, sujet par sujet, là où elle a le choix."""
    choisies = dict(
        Preference.objects.filter(adresse=adresse.lower()).values_list("sujet", "frequence")
    )
    return {
        sujet: choisies.get(sujet, rules.SUJETS[sujet].frequence)
        for sujet in rules.desabonnables(Sujet)
    }


def frequence(adresse: str, sujet: str) -> str:
    """Rend la fréquence qui vaut pour cette adresse et ce sujet."""
    choisie = Preference.objects.filter(adresse=adresse.lower(), sujet=sujet).first()
    return choisie.frequence if choisie else rules.SUJETS[sujet].frequence
