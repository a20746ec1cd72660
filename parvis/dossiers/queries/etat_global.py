"""L'état global d'un dossier en base : la table de `rules/etat_global.py`, traduite."""

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, EtatGlobal
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.rules.etat_global import CAS, COMPTENT, Cas, dire_les_reponses


def avec_l_etat_global(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Rend les dossiers avec leur `etat_global`, que l'on peut filtrer."""
    return dossiers.annotate(
        etat_global=Case(
            *(When(_condition(cas), then=Value(cas.global_.value)) for cas in CAS),
            output_field=CharField(),
        )
    )


def les_reponses() -> dict[str, tuple[str, Q]]:
    """Rend les états d'un dossier recevable, pour choisir dans une liste selon ce qui est répondu."""
    return {
        cas.global_.value: (cas.global_.label, dossiers_a_l_etat(cas.global_))
        for cas in CAS
        if cas.dossiers == {EtatDeDossier.RECEVABLE} and cas.global_ != EtatGlobal.CLOS
    }


def dossiers_a_l_etat(etat: EtatGlobal) -> Q:
    """Rend la condition d'un dossier à cet état global, pour un filtre."""
    # L'état est annoté : le vérificateur de types ne le connaît pas.
    voulus = avec_l_etat_global(Dossier.objects.all()).filter(etat_global=etat)  # type: ignore[misc]
    return Q(pk__in=voulus.values("pk"))


def _condition(cas: Cas) -> Q:
    condition = Q(etat__in=sorted(cas.dossiers))
    for etat, voulu in cas.voulues.items():
        existe = Exists(Demande.objects.filter(dossier=OuterRef("pk"), etat=etat))
        condition &= Q(existe) if voulu else ~Q(existe)
    return condition


def reponses_attendues(dossier: Dossier) -> str:
    """Rend combien de financeurs ont répondu à un dossier déposé que l'acteur lit, en une phrase."""
    par_financeur: dict[str, bool] = {}
    for demande in dossier.demandes.filter(etat__in=COMPTENT).select_related("financeur"):
        attend = demande.etat == EtatDeDemande.DEMANDEE
        nom = demande.nom_du_financeur
        par_financeur[nom] = par_financeur.get(nom, False) or attend
    attendent = sum(par_financeur.values())
    return dire_les_reponses(attendent=attendent, repondues=len(par_financeur) - attendent)
