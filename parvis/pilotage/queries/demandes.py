"""Les demandes de rattachement qu'un pilote peut trancher, sur une pièce."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Rattachement
from parvis.pilotage.permissions import peut_piloter
from parvis.pilotage.queries.retenus import (
    RETENU,
    a_un_gestionnaire,
    est_d_ici_ou_de_nulle_part,
)
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.pages import Page, page

_CRITERE = Critere(
    "gestionnaire",
    "Qui peut décider",
    {
        "sans": ("Vous seul : pas de gestionnaire", Q(a_un_gestionnaire=False)),
        "avec": ("Un gestionnaire aussi", Q(a_un_gestionnaire=True)),
    },
)


def demandes_du_contrat(acteur: Acteur, contrat: Contrat, *, jour: date) -> QuerySet[Rattachement]:
    """Rend les demandes que ce pilote peut trancher.

    Ni la sienne, ni celles d'un organisme partenaire d'autres contrats seulement.
    """
    en_cours = Rattachement.objects.en_cours(jour)
    if not peut_piloter(acteur, contrat.code):
        en_cours = en_cours.none()
    attendent = (
        en_cours.a_trancher()
        .exclude(utilisateur=acteur.utilisateur)
        .annotate(retenu=RETENU)
        .annotate(a_un_gestionnaire=a_un_gestionnaire("retenu", jour=jour))
        .select_related("utilisateur", "organisme__siege", "organisme__fusionne_dans__siege")
    )
    return est_d_ici_ou_de_nulle_part(attendent, contrat, jour=jour, reference="retenu")


def page_des_demandes(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, jour: date
) -> tuple[Page[Rattachement], list[Facette]]:
    """Rend une page des demandes choisies, les plus anciennes d'abord."""
    lignes = demandes_du_contrat(acteur, contrat, jour=jour)
    choisies, facettes = filtrer(lignes, [_CRITERE], demandes)
    return (
        page(
            choisies,
            ("debut_le", "pk"),
            apres=demandes.get("apres", ""),
            avant=demandes.get("avant", ""),
        ),
        facettes,
    )


def demande_a_trancher(acteur: Acteur, contrat: Contrat, pk: int, *, jour: date) -> Rattachement:
    """Rend une demande ; lève Rattachement.DoesNotExist si elle n'est pas à ce pilote de trancher."""
    return demandes_du_contrat(acteur, contrat, jour=jour).get(pk=pk)
