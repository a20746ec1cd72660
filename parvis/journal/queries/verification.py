"""Relire le journal, vérifier chaque chaîne, et la comparer à une tête gardée ailleurs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from parvis.journal import rules
from parvis.journal.models import Chaine, Evenement


@dataclass(frozen=True)
class Rupture:
    """Un endroit où la chaîne d'un contrat ne tient plus, et pourquoi."""

    contrat: str
    rang: int
    motif: str


@dataclass(frozen=True)
class Tete:
    """Où finit une chaîne : le nombre de ses actes et l'empreinte du dernier."""

    nombre: int
    empreinte: str


@dataclass
class Verification:
    """Ce qu'une relecture a trouvé : les ruptures, et la tête de chaque chaîne relue."""

    ruptures: list[Rupture] = field(default_factory=list)
    tetes: dict[str, Tete] = field(default_factory=dict)


def verifier(gardees: Mapping[str, Tete] | None = None) -> Verification:
    """Relit toutes les chaînes ; avec des têtes gardées ailleurs, les compare aussi.

    Une chaîne refaite d'un bout à l'autre est cohérente : seule une tête gardée la trahit.
    """
    trouve = Verification()
    for contrat in Chaine.objects.order_by("contrat").values_list("contrat", flat=True):
        _Relecture(contrat).mener(trouve)
    orphelins = Evenement.objects.exclude(contrat__in=trouve.tetes).order_by("contrat", "rang")
    trouve.ruptures += [
        Rupture(e.contrat, e.rang, "la tête de sa chaîne a disparu") for e in orphelins
    ]
    for contrat, gardee in sorted((gardees or {}).items()):
        trouve.ruptures += _ecart(contrat, gardee)
    return trouve


def ruptures() -> list[Rupture]:
    """Rend chaque rupture du journal ; liste vide s'il est intact."""
    return verifier().ruptures


def _ecart(contrat: str, gardee: Tete) -> list[Rupture]:
    """Rend ce qui sépare la chaîne de la tête gardée : l'acte de ce rang doit porter son empreinte."""
    if not gardee.nombre:
        return []
    actes = Evenement.objects.filter(contrat=contrat)
    empreinte = actes.filter(rang=gardee.nombre).values_list("empreinte", flat=True).first()
    if empreinte == gardee.empreinte:
        return []
    motif = "la chaîne a été refaite" if empreinte else "la chaîne a été raccourcie"
    return [Rupture(contrat, gardee.nombre, f"{motif} depuis la tête gardée")]


class _Relecture:
    """La relecture d'une chaîne, acte après acte."""

    def __init__(self, contrat: str) -> None:
        self.contrat = contrat
        self.rang, self.empreinte = 0, rules.ORIGINE
        self.sans_details: set[int] = set()
        self.effaces: set[int] = set()

    def mener(self, trouve: Verification) -> None:
        """Ajoute les ruptures de la chaîne, et sa tête.

        La tête se lit après les actes, et ce qui s'est écrit entre-temps se lit ensuite : une
        relecture pendant que le site tourne ne crie pas au loup.
        """
        while True:
            avance = self._lire_la_suite(trouve)
            chaine = Chaine.objects.get(contrat=self.contrat)
            rejoint = (self.rang, self.empreinte) == (chaine.nombre, chaine.empreinte)
            if rejoint or not avance:
                break
        trouve.tetes[self.contrat] = Tete(self.rang, self.empreinte)
        if not rejoint:
            self._rompre(trouve, self.rang, "la fin de la chaîne ne rejoint pas sa tête")
        for rang in sorted(self.sans_details - self.effaces):
            self._rompre(trouve, rang, "ses détails ont disparu sans effacement noté")

    def _lire_la_suite(self, trouve: Verification) -> bool:
        """Lit les actes qui suivent le dernier lu ; dit s'il y en avait."""
        avant = self.rang
        suite = Evenement.objects.filter(contrat=self.contrat, rang__gt=self.rang).order_by("rang")
        for evenement in suite.select_related("details").iterator(chunk_size=2000):
            if motif := self._defaut(evenement):
                self._rompre(trouve, evenement.rang, motif)
            self.rang, self.empreinte = evenement.rang, evenement.empreinte
        return self.rang > avant

    def _rompre(self, trouve: Verification, rang: int, motif: str) -> None:
        trouve.ruptures.append(Rupture(self.contrat, rang, motif))

    def _defaut(self, evenement: Evenement) -> str:
        """Rend ce qui cloche dans un événement, ou une chaîne vide."""
        if evenement.rang != self.rang + 1:
            return "un événement manque avant celui-ci"
        if evenement.empreinte_precedente != self.empreinte:
            return "il ne suit pas le précédent"
        if rules.empreinte(vars(evenement)) != evenement.empreinte:
            return "son contenu a changé"
        details = getattr(evenement, "details", None)
        if details is None:
            if evenement.empreinte_details:
                self.sans_details.add(evenement.rang)
            return ""
        scellee = rules.empreinte_details(details.sel, details.contenu)
        if scellee != evenement.empreinte_details:
            return "ses détails ont changé"
        if evenement.action == rules.EFFACEMENT:
            self.effaces.update(details.contenu["rangs"])
        return ""
