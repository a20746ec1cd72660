"""Plan d'un document en cours d'assemblage : piliers, enjeux et fiches bruts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .blocs import Fait
from .fragments import Bloc
from .niveaux import Niveaux
from .numeros import Numero
from .numerotation import Numerotation
from .rubriques import Libelle
from .sommaire import Sommaire
from .structure import Anomalie, Rubrique

Tableaux = dict[str, tuple[Fait, ...]]


@dataclass
class FicheBrute:
    """Fiche assemblée : blocs de chaque rubrique, libellés rencontrés, et ce que dit chacun.

    Deux libellés peuvent ouvrir la même rubrique (« Chef de file », « Référent ») : `contenu` réunit
    leurs blocs par code, `textes` les garde à part, dans l'ordre de `libelles`.
    """

    numero: str
    titre: str
    ligne: int
    enjeu: EnjeuBrut
    contenu: dict[str, list[Bloc]] = field(default_factory=dict)
    libelles: list[Rubrique] = field(default_factory=list)
    textes: list[list[Bloc]] = field(default_factory=list)
    courante: str = ""
    rang: int = -1  # du libellé ouvert
    tableaux: Tableaux = field(default_factory=dict)


@dataclass
class EnjeuBrut:
    """Enjeu assemblé."""

    numero: Numero
    titre: str
    ligne: int
    introduction: list[Bloc] = field(default_factory=list)
    fiches: list[FicheBrute] = field(default_factory=list)
    pilier: PilierBrut | None = None
    tableaux: Tableaux = field(default_factory=dict)


@dataclass
class PilierBrut:
    """Pilier assemblé."""

    titre: str
    ligne: int
    rang: int = 1
    introduction: list[Bloc] = field(default_factory=list)
    enjeux: list[EnjeuBrut] = field(default_factory=list)


@dataclass
class Plan:
    """Document assemblé, avant l'analyse des rubriques."""

    niveaux: Niveaux = field(default_factory=Niveaux)
    numerotation: Numerotation = field(default_factory=Numerotation)
    prologue: list[Bloc] = field(default_factory=list)
    sommaire: Sommaire = field(default_factory=Sommaire)
    preambule: list[Bloc] = field(default_factory=list)
    piliers: list[PilierBrut] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    mots: dict[str, Counter] = field(default_factory=dict)
    ecarts: list[tuple[str, str, int, Libelle]] = field(default_factory=list)
    # prologue | sommaire | preambule | pilier | enjeu | fiche | annexe
    etat: str = "prologue"
    ouverte: FicheBrute | None = None
    derniere_ligne: int = 0
    tableaux: Tableaux = field(default_factory=dict)  # ceux qui précèdent le premier enjeu
    connaissances: Tableaux = field(default_factory=dict)  # ce que savent les annexes
    chapeau: list[Bloc] = field(default_factory=list)  # le niveau entre le pilier et l'enjeu
    enjeux_vus: dict[str, EnjeuBrut] = field(default_factory=dict)
    # par titre, et par numéro, par rang de pilier, ou partout (« »)
    enjeux_nommes: dict[tuple[str, str | int], EnjeuBrut] = field(default_factory=dict)
    fiches_vues: set[str] = field(default_factory=set)
    piliers_vus: dict[str, PilierBrut] = field(default_factory=dict)
    signales: set[tuple[str, int]] = field(default_factory=set)
    pilier: PilierBrut | None = None  # ceux où se range la fiche suivante
    enjeu: EnjeuBrut | None = None

    def signaler(self, ligne: int, nature: str, texte: str) -> None:
        """Ajoute une anomalie."""
        self.anomalies.append(Anomalie(ligne, nature, texte))

    def signaler_une_fois(self, origine: int, ligne: int, nature: str, texte: str) -> None:
        """Ajoute une anomalie, sauf si ce titre (celui de la ligne d'origine) l'a déjà donnée."""
        if (nature, origine) not in self.signales:
            self.signales.add((nature, origine))
            self.signaler(ligne, nature, texte)

    @property
    def fiches(self) -> list[FicheBrute]:
        """Rend toutes les fiches, dans l'ordre du document."""
        return [f for pilier in self.piliers for e in pilier.enjeux for f in e.fiches]

    @property
    def en_tableau(self) -> frozenset[str]:
        """Rend les codes que ce document écrit en tableaux : ailleurs non plus, rien n'est à deviner."""
        enjeux = [enjeu for pilier in self.piliers for enjeu in pilier.enjeux]
        tableaux = [*(e.tableaux for e in enjeux), *(f.tableaux for f in self.fiches)]
        codes = {code for un in tableaux for code in un}
        return frozenset(codes | {"echelle" for f in self.fiches if "echelle" in f.contenu})

    @property
    def fiche(self) -> FicheBrute | None:
        """Rend la fiche ouverte."""
        return self.ouverte if self.etat == "fiche" else None
