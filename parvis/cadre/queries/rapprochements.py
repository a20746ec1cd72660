"""Qui se cache derrière les noms du contrat : les organismes retenus, et ceux que l'on propose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet

from parvis.cadre.enums import NatureDePartenaire
from parvis.cadre.importation.lexique import charger_lexique
from parvis.cadre.models import Contrat, OrganismeDePartenaire, Partenaire
from parvis.cadre.rules import NomDuContrat, OrganismeConnu, raisons_de_rapprocher, succede
from parvis.comptes.acteur import Acteur
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres
from parvis.socle.texte import MOTS_VIDES, cle_de_tri
from parvis.territoires.models import Epci


@dataclass(frozen=True)
class PropositionDeRapprochement:
    """Un organisme à confirmer pour un partenaire, pourquoi, et de quand à quand."""

    partenaire: Partenaire
    organisme: Organisme
    raisons: list[str]
    depuis_le: date
    jusqu_au: date | None


def resolutions(acteur: Acteur, contrat: Contrat) -> list[Partenaire]:
    """Rend tous les partenaires du contrat, chacun avec `rapprochements` et leurs organismes."""
    lignes = OrganismeDePartenaire.objects.select_related(
        "organisme__fusionne_dans", "organisme__remplace_par__fusionne_dans"
    )
    rapprochements = Prefetch("rapprochements", queryset=lignes)
    return list(contrat.partenaires.prefetch_related(rapprochements))


def organismes_du_partenaire(acteur: Acteur, partenaire: Partenaire, jour: date) -> list[Organisme]:
    """Rend les organismes retenus qui tiennent ce partenaire ce jour-là, en ordre français."""
    return organismes_des_partenaires(acteur, [partenaire.pk], jour).get(partenaire.pk, [])


def organismes_des_partenaires(
    acteur: Acteur, partenaires: Iterable[int], jour: date
) -> dict[int, list[Organisme]]:
    """Rend, pour chaque partenaire, les organismes qui le tiennent ce jour-là, en ordre français."""
    lignes = en_cours(jour).filter(partenaire__in=list(partenaires))
    tenus: dict[int, set[Organisme]] = {}
    for ligne in lignes.select_related("organisme__fusionne_dans"):
        tenus.setdefault(ligne.partenaire_id, set()).add(ligne.organisme.retenu)
    return {
        partenaire: sorted(organismes, key=lambda o: (o.cle_de_tri, o.pk))
        for partenaire, organismes in tenus.items()
    }


def partenaires_de_l_organisme(
    acteur: Acteur, contrat: Contrat, organisme: Organisme, jour: date
) -> list[Partenaire]:
    """Rend les noms du contrat que cet organisme, ou l'un de ses doublons, tient ce jour-là."""
    lignes = en_cours(jour).filter(organisme__in=membres(organisme))
    return list(contrat.partenaires.filter(rapprochements__in=lignes).distinct())


def en_cours(jour: date) -> QuerySet[OrganismeDePartenaire]:
    """Rend les rapprochements qui valent ce jour-là."""
    return OrganismeDePartenaire.objects.filter(
        Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=jour), depuis_le__lte=jour
    )


def propositions(acteur: Acteur, contrat: Contrat) -> list[PropositionDeRapprochement]:
    """Rend les organismes à confirmer pour les noms du contrat ; rien ne se fait sans personne.

    Ce qui est déjà rapproché, aujourd'hui ou par le passé, n'est pas proposé de nouveau.
    """
    territoire = Territoire.du_contrat(contrat)
    partenaires = resolutions(acteur, contrat)
    noms = {partenaire: _nom_du_contrat(partenaire) for partenaire in partenaires}
    trouvees = []
    for organisme in _organismes_possibles(territoire):
        connu = territoire.situer(organisme)
        for partenaire, nom in noms.items():
            if raisons := raisons_de_rapprocher(nom, connu):
                debut = date(contrat.debut, 1, 1)
                if partenaire.fin_le and succede(nom, connu):
                    debut = partenaire.fin_le + timedelta(days=1)
                trouvees.append(
                    PropositionDeRapprochement(
                        partenaire, organisme, raisons, debut, organisme.fin_le
                    )
                )
    trouvees += _successeurs(partenaires)
    deja = {
        (partenaire.pk, rapprochement.organisme.retenu.pk)
        for partenaire in partenaires
        for rapprochement in partenaire.rapprochements.all()
    }
    nouvelles = {(t.partenaire.pk, t.organisme.pk): t for t in trouvees}
    restantes = [t for paire, t in nouvelles.items() if paire not in deja]
    return sorted(restantes, key=lambda t: (t.partenaire.cle_de_tri, t.organisme.cle_de_tri))


def epci_du_contrat(contrat: Contrat) -> Epci | None:
    """Rend l'intercommunalité d'un contrat, ou celle qui porte le nom de son territoire."""
    if contrat.epci:
        return contrat.epci
    cle = cle_de_tri(contrat.territoire)
    return next((e for e in Epci.objects.all() if cle_de_tri(e.nom) == cle), None)


@dataclass(frozen=True)
class Territoire:
    """Où le contrat s'applique : ses communes, son intercommunalité, ses départements."""

    communes: frozenset[int]
    epci: int | None
    departements: frozenset[str]
    lieux: frozenset[str]

    @classmethod
    def du_contrat(cls, contrat: Contrat) -> "Territoire":
        """Rend le territoire d'un contrat ; celui qui porte son nom s'il n'en désigne aucun."""
        epci = epci_du_contrat(contrat)
        communes = list(epci.communes.all()) if epci else []
        noms = [c.nom for c in communes] + ([epci.nom] if epci else [])
        lexique = charger_lexique("lieux")
        return cls(
            communes=frozenset(c.pk for c in communes),
            epci=epci.pk if epci else None,
            departements=frozenset(c.departement for c in communes),
            lieux=frozenset(map(_lieu, [*noms, *lexique["departements"], *lexique["regions"]])),
        )

    def situer(self, organisme: Organisme) -> OrganismeConnu:
        """Rend ce qu'il faut savoir d'un organisme pour le rapprocher d'un nom du contrat."""
        communes = {commune.pk for commune in organisme.communes.all()} | {organisme.siege_id}
        agit_ici = bool(
            organisme.departement in self.departements
            or communes & self.communes
            or (self.epci and organisme.epci_id == self.epci)
        )
        est_situe = bool(organisme.departement or organisme.epci_id or communes - {None})
        noms = [organisme.nom, organisme.sigle, *(alias.nom for alias in organisme.alias.all())]
        return OrganismeConnu(
            nature=organisme.nature,
            cles=frozenset(cle_de_tri(nom) for nom in noms if nom),
            agit_ici=agit_ici,
            agit_ailleurs=est_situe and not agit_ici,
            lieux=self.lieux,
        )


def _lieu(nom: str) -> str:
    return " ".join(mot for mot in cle_de_tri(nom).split() if mot not in MOTS_VIDES)


def _organismes_possibles(territoire: Territoire) -> Iterable[Organisme]:
    """Rend les organismes qui agissent ici, et ceux dont on ne sait pas où ils agissent."""
    sans_lieu = Q(departement="", epci=None, siege=None, communes=None)
    ici = Q(departement__in=territoire.departements) | Q(epci=territoire.epci or 0)
    ici |= Q(siege__in=territoire.communes) | Q(communes__in=territoire.communes)
    possibles = Organisme.objects.retenus().filter(ici | sans_lieu).distinct()
    return possibles.prefetch_related("alias", "communes").order_by("cle_de_tri", "pk")


def _nom_du_contrat(partenaire: Partenaire) -> NomDuContrat:
    noms = [partenaire.nom, partenaire.sigle, *partenaire.graphies]
    return NomDuContrat(
        nom=partenaire.nom,
        cles=frozenset(cle_de_tri(nom) for nom in noms if nom),
        # « France Travail, depuis le 1er janvier 2024 » : le nom est avant la virgule.
        suite=cle_de_tri(partenaire.suite.partition(",")[0]),
        est_categorie=partenaire.nature == NatureDePartenaire.CATEGORIE,
    )


def _successeurs(partenaires: Iterable[Partenaire]) -> list[PropositionDeRapprochement]:
    """Rend ceux qui succèdent à un organisme déjà rapproché, à partir du lendemain de sa fin."""
    return [
        PropositionDeRapprochement(
            partenaire,
            ancien.remplace_par.retenu,
            [f"Succède à « {ancien} »."],
            ancien.fin_le + timedelta(days=1),
            ancien.remplace_par.fin_le,
        )
        for partenaire in partenaires
        for rapprochement in partenaire.rapprochements.all()
        if (ancien := rapprochement.organisme).remplace_par and ancien.fin_le
    ]
