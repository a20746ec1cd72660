"""Les postes aidés d'un contrat : la liste, les totaux, et ce qu'un fichier y changerait."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.organismes.models import Organisme
from parvis.programmation.enums import DispositifDePoste
from parvis.programmation.models import PosteAide
from parvis.programmation.permissions import peut_tenir_les_postes
from parvis.programmation.rules.postes import PosteLu, PostesLus
from parvis.socle.auteur import Auteur
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.montants import ecrire_montant
from parvis.socle.pages import Page, page
from parvis.socle.tableaux import Cellule

COLONNES = (
    *("Exercice", "Dispositif", "Numéro du poste", "Employeur", "Siret", "Organisme reconnu"),
    *("Coût théorique au 31/12 (€)", "Autres contrats nommés", "Fichier", "Importé le"),
)
# Une page se coupe dans un seul sens : compté à rebours, le dernier exercice vient d'abord.
_ORDRE = ("rebours", "dispositif", "cle_de_tri", "pk")
# Ce qu'un fichier dit d'un poste, et le mot qui le nomme dans une différence.
_FAITS = {
    "nom": "employeur",
    "siret": "Siret",
    "organisme": "organisme",
    "montant": "coût",
    "autres_codes": "autres contrats",
}


@dataclass(frozen=True)
class Liste:
    """Une page de postes, ses choix, et ce que les choisis coûtent ensemble."""

    page: Page[PosteAide]
    facettes: list[Facette]
    total: Decimal


@dataclass(frozen=True)
class Compte:
    """Les postes d'un dispositif, un exercice : combien, et leur coût théorique."""

    exercice: int
    dispositif: DispositifDePoste
    nombre: int
    total: Decimal


@dataclass(frozen=True)
class Changement:
    """Un poste connu, ce que le fichier en dit, et ce qui change, en mots."""

    poste: PosteAide
    lu: PosteLu
    organisme: Organisme | None
    passages: str


@dataclass(frozen=True)
class Difference:
    """Tout ce qu'un fichier changerait aux postes d'un contrat, pour les exercices qu'il dit."""

    lus: PostesLus
    nouveaux: list[tuple[PosteLu, Organisme | None]] = field(default_factory=list)
    changes: list[Changement] = field(default_factory=list)
    # Des postes connus de ces exercices, que le fichier ne dit plus.
    partis: list[PosteAide] = field(default_factory=list)
    identiques: int = 0

    @property
    def nombre(self) -> int:
        return len(self.nouveaux) + len(self.changes) + len(self.partis)

    @property
    def alertes(self) -> list[PosteLu]:
        """Rend les postes repris dont le Siret est faux."""
        return [poste for poste in self.lus.postes if poste.alerte]

    @property
    def empreinte(self) -> str:
        """Rend l'empreinte de ce qui change : on n'écrit que ce qui a été relu."""
        dits = [
            *(
                f"+ {lu.cle} {lu.dit} {lu.autres_codes} {organisme}"
                for lu, organisme in self.nouveaux
            ),
            *(f"= {c.poste.pk} {c.passages}" for c in self.changes),
            *(f"- {poste.pk}" for poste in self.partis),
        ]
        return hashlib.sha256("\n".join(dits).encode()).hexdigest()[:32]


def postes_du_pilote(par: Auteur, contrat: Contrat) -> QuerySet[PosteAide]:
    """Rend les postes d'un contrat à son pilote, ou à une commande ; lève Contrat.DoesNotExist."""
    if isinstance(par, Acteur) and not peut_tenir_les_postes(par, contrat.code):
        raise Contrat.DoesNotExist
    return PosteAide.objects.filter(contrat=contrat)


def postes_du_contrat(contrat: Contrat) -> list[Compte]:
    """Rend le nombre et le coût des postes, par exercice et par dispositif ; jamais un projet."""
    comptes = (
        PosteAide.objects.filter(contrat=contrat)
        .order_by("exercice", "dispositif")
        .values("exercice", "dispositif")
        .annotate(nombre=Count("pk"), total=Sum("montant"))
    )
    return [
        Compte(c["exercice"], DispositifDePoste(c["dispositif"]), c["nombre"], c["total"])
        for c in comptes
    ]


def liste_des_postes(par: Auteur, contrat: Contrat, demandes: Mapping[str, str]) -> Liste:
    """Rend une page des postes choisis ; lève Contrat.DoesNotExist comme `postes_du_pilote`."""
    choisis, facettes = _choisir(par, contrat, demandes)
    lue = page(
        choisis.select_related("organisme__fusionne_dans"),
        _ORDRE,
        apres=demandes.get("apres", ""),
        avant=demandes.get("avant", ""),
    )
    somme = choisis.order_by().aggregate(total=Sum("montant"))["total"]
    return Liste(lue, facettes, somme or Decimal("0.00"))


def tableau_des_postes(
    par: Auteur, contrat: Contrat, demandes: Mapping[str, str]
) -> list[tuple[Cellule, ...]]:
    """Rend tous les postes choisis, une ligne chacun, dans l'ordre de `COLONNES`."""
    choisis, _ = _choisir(par, contrat, demandes)
    return [
        (
            *(poste.exercice, poste.get_dispositif_display(), poste.numero, poste.nom, poste.siret),
            poste.organisme.retenu.nom if poste.organisme else None,
            *(poste.montant, poste.autres_codes, poste.source, poste.importe_le),
        )
        for poste in choisis.select_related("organisme__fusionne_dans").order_by(*_ORDRE)
    ]


def _choisir(
    par: Auteur, contrat: Contrat, demandes: Mapping[str, str]
) -> tuple[QuerySet[PosteAide], list[Facette]]:
    siens = postes_du_pilote(par, contrat)
    exercices = siens.order_by("-exercice").values_list("exercice", flat=True).distinct()
    criteres = [
        Critere("exercice", "Exercice", {str(e): (str(e), Q(exercice=e)) for e in exercices}),
        Critere(
            "dispositif",
            "Dispositif",
            {d.value: (d.label, Q(dispositif=d)) for d in DispositifDePoste},
        ),
    ]
    return filtrer(siens.annotate(rebours=-F("exercice")), criteres, demandes)


def comparer_les_postes(
    par: Auteur, contrat: Contrat, dispositif: DispositifDePoste, lus: PostesLus
) -> Difference:
    """Rend ce qu'un fichier changerait, en deux requêtes ; lève Contrat.DoesNotExist.

    Seuls les exercices que le fichier dit se comparent, et une ligne refusée ne fait partir personne.
    """
    connus = {
        (poste.exercice, poste.numero): poste
        for poste in postes_du_pilote(par, contrat)
        .filter(dispositif=dispositif, exercice__in=lus.exercices)
        .select_related("organisme__fusionne_dans")
        .order_by("pk")
    }
    organismes = _par_siret(lu.siret for lu in lus.postes if not lu.alerte)
    refuses = {(refus.exercice, refus.numero) for refus in lus.refusees}
    nouveaux, changes, identiques = [], [], 0
    for lu in lus.postes:
        organisme = organismes.get(lu.siret)
        poste = connus.pop(lu.cle, None)
        if poste is None:
            nouveaux.append((lu, organisme))
            continue
        # Reconnu un jour, l'organisme le reste tant que le Siret ne change pas.
        if organisme is None and lu.siret == poste.siret and poste.organisme:
            organisme = poste.organisme.retenu
        if passages := _passages(poste, lu, organisme):
            changes.append(Changement(poste, lu, organisme, passages))
        else:
            identiques += 1
    partis = [poste for cle, poste in connus.items() if cle not in refuses]
    return Difference(lus, nouveaux, changes, partis, identiques)


def _par_siret(sirets: Iterable[str]) -> dict[str, Organisme]:
    """Rend l'organisme retenu qui porte chaque Siret."""
    voulus = {siret for siret in sirets if siret}
    if not voulus:
        return {}
    trouves = Organisme.objects.filter(siret__in=voulus, fusionne_dans__isnull=True)
    return {organisme.siret: organisme for organisme in trouves}


def _passages(poste: PosteAide, lu: PosteLu, organisme: Organisme | None) -> str:
    """Rend ce qui change d'un poste, en mots : « coût : 7 164 € devient 3 582 € » ; vide si rien."""
    deja = poste.organisme and poste.organisme.retenu
    avant = {fait: getattr(poste, fait) for fait in _FAITS} | {"organisme": deja}
    apres = {fait: getattr(lu, fait, organisme) for fait in _FAITS}
    return " ; ".join(
        f"{mot} : {_dire(avant[fait])} devient {_dire(apres[fait])}"
        for fait, mot in _FAITS.items()
        if avant[fait] != apres[fait]
    )


def _dire(valeur: object) -> str:
    if isinstance(valeur, Decimal):
        return ecrire_montant(valeur, court=True)
    return f"« {valeur} »" if valeur else "rien"
