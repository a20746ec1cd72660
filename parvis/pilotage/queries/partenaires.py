"""Les partenaires d'un contrat, et les organismes qui les tiennent, ou pourraient les tenir."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from parvis.cadre.models import Contrat, OrganismeDePartenaire, Partenaire
from parvis.cadre.queries.rapprochements import (
    PropositionDeRapprochement,
    en_cours,
    propositions,
)
from parvis.comptes.acteur import Acteur
from parvis.pilotage.permissions import peut_piloter
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.pages import Page, page

COLONNES = ("Partenaire", "Nature", "Organisme", "Siren", "Depuis le", "Jusqu’au")


@dataclass(frozen=True)
class LigneDePartenaire:
    """Un partenaire : ce qui le tient aujourd'hui, ce qui l'a tenu, ce que l'on propose."""

    partenaire: Partenaire
    tenus: list[OrganismeDePartenaire]
    autres: list[OrganismeDePartenaire]
    propositions: list[PropositionDeRapprochement]


def lignes_des_partenaires(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, jour: date
) -> tuple[Page[LigneDePartenaire], list[Facette]]:
    """Rend une page des partenaires choisis, et les choix avec leurs comptes."""
    proposees = _par_partenaire(propositions(acteur, contrat))
    choisis, facettes = filtrer(
        _avec_rapprochements(acteur, contrat, jour), [_critere(proposees)], demandes
    )
    lue = page(
        choisis,
        ("cle_de_tri", "pk"),
        apres=demandes.get("apres", ""),
        avant=demandes.get("avant", ""),
    )
    lignes = [_ligne(p, jour, proposees.get(p.pk, [])) for p in lue.lignes]
    return Page(lignes, lue.total, lue.debut, lue.precedente, lue.suivante), facettes


def ligne_du_partenaire(
    acteur: Acteur, contrat: Contrat, pk: int, *, jour: date
) -> LigneDePartenaire:
    """Rend un partenaire du contrat ; lève Partenaire.DoesNotExist pour celui d'un autre."""
    trouve = _avec_rapprochements(acteur, contrat, jour).get(pk=pk)
    proposees = _par_partenaire(propositions(acteur, contrat))
    return _ligne(trouve, jour, proposees.get(pk, []))


def partenaires_du_contrat(acteur: Acteur, contrat: Contrat) -> QuerySet[Partenaire]:
    """Rend les partenaires du contrat que l'acteur conduit ; rien à tout autre."""
    siens = Partenaire.objects.filter(contrat=contrat)
    return siens if peut_piloter(acteur, contrat.code) else siens.none()


def proposition(
    acteur: Acteur, contrat: Contrat, pk: int, organisme: int
) -> PropositionDeRapprochement:
    """Rend une proposition encore valable ; lève Partenaire.DoesNotExist si elle ne l'est plus."""
    if peut_piloter(acteur, contrat.code):
        for une in propositions(acteur, contrat):
            if (une.partenaire.pk, une.organisme.pk) == (pk, organisme):
                return une
    raise Partenaire.DoesNotExist


def rapprochement(
    acteur: Acteur, contrat: Contrat, partenaire: int, pk: int
) -> OrganismeDePartenaire:
    """Rend un rapprochement du contrat ; lève OrganismeDePartenaire.DoesNotExist sinon."""
    if not peut_piloter(acteur, contrat.code):
        raise OrganismeDePartenaire.DoesNotExist
    siens = OrganismeDePartenaire.objects.filter(partenaire__contrat=contrat, partenaire=partenaire)
    return siens.select_related("partenaire__contrat", "organisme").get(pk=pk)


def comptes_des_partenaires(acteur: Acteur, contrat: Contrat, *, jour: date) -> dict[str, int]:
    """Rend le nombre de partenaires sans organisme, de ceux pour qui l'on en propose, et des faits."""
    critere = _critere(_par_partenaire(propositions(acteur, contrat)))
    _, (facette,) = filtrer(_avec_rapprochements(acteur, contrat, jour), [critere], {})
    return {option.valeur: option.nombre for option in facette.options}


def tableau_des_partenaires(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, jour: date
) -> list[tuple[str | date | None, ...]]:
    """Rend les partenaires choisis, une ligne par organisme, dans l'ordre de COLONNES."""
    critere = _critere(_par_partenaire(propositions(acteur, contrat)))
    choisis, _ = filtrer(_avec_rapprochements(acteur, contrat, jour), [critere], demandes)
    lignes: list[tuple[str | date | None, ...]] = []
    for partenaire in choisis.order_by("cle_de_tri", "pk"):
        tete = (partenaire.nom, partenaire.get_nature_display())
        rapprochements = list(partenaire.rapprochements.all())
        if not rapprochements:
            lignes.append((*tete, "", "", None, None))
        lignes += [
            (*tete, r.organisme.retenu.nom, r.organisme.retenu.siren, r.depuis_le, r.jusqu_au)
            for r in rapprochements
        ]
    return lignes


def _avec_rapprochements(acteur: Acteur, contrat: Contrat, jour: date) -> QuerySet[Partenaire]:
    rapprochements = OrganismeDePartenaire.objects.select_related(
        "organisme__fusionne_dans"
    ).order_by("depuis_le", "pk")
    return (
        partenaires_du_contrat(acteur, contrat)
        .select_related("contrat", "parent")
        .annotate(est_tenu=Exists(en_cours(jour).filter(partenaire=OuterRef("pk"))))
        .prefetch_related(Prefetch("rapprochements", queryset=rapprochements))
    )


def _critere(proposees: Mapping[int, list[PropositionDeRapprochement]]) -> Critere:
    # Une liste vide viderait aussi les autres comptes : zéro n'est la clé de personne.
    avec_proposition = Q(pk__in=[0, *proposees])
    return Critere(
        "etat",
        "Où en est-on",
        {
            "sans": ("Sans organisme", Q(est_tenu=False)),
            "proposes": ("Un organisme est proposé", avec_proposition),
            "faits": ("Faits", Q(est_tenu=True)),
        },
    )


def _par_partenaire(
    trouvees: list[PropositionDeRapprochement],
) -> dict[int, list[PropositionDeRapprochement]]:
    rangees: dict[int, list[PropositionDeRapprochement]] = {}
    for une in trouvees:
        rangees.setdefault(une.partenaire.pk, []).append(une)
    return rangees


def _ligne(
    partenaire: Partenaire, jour: date, proposees: list[PropositionDeRapprochement]
) -> LigneDePartenaire:
    tous = list(partenaire.rapprochements.all())
    tenus = [r for r in tous if r.depuis_le <= jour and (r.jusqu_au is None or jour <= r.jusqu_au)]
    return LigneDePartenaire(partenaire, tenus, [r for r in tous if r not in tenus], proposees)
