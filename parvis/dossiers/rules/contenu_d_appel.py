"""Une version d'appel mise à plat : ce que la loi en lit, sans base de données."""

from dataclasses import dataclass, field
from datetime import datetime

from parvis.dossiers.enums import EffetDeBilan


@dataclass(frozen=True)
class ServiceLu:
    """Un service qui répond : son nom, et où le joindre."""

    service: str = ""
    adresse_du_service: str = ""
    telephone: str = ""
    courriel: str = ""
    horaires: str = ""


@dataclass(frozen=True)
class LigneLue:
    """Une ligne de crédit, ou un apport en nature."""

    libelle: str
    est_en_nature: bool = False


@dataclass(frozen=True)
class FinanceurLu:
    """Un financeur de l'appel ; `organisme` est son identifiant."""

    organisme: int
    nom: str
    service: ServiceLu = ServiceLu()
    recoit_ici: bool = True
    portail: str = ""
    lignes: tuple[LigneLue, ...] = ()


@dataclass(frozen=True)
class PieceLue:
    """Une pièce demandée ; sans nature, à tous les porteurs. Durée en mois."""

    cle: str
    libelle: str
    explication: str = ""
    natures: tuple[str, ...] = ()
    est_obligatoire: bool = True
    est_nominative: bool = False
    duree_de_validite: int | None = None


@dataclass(frozen=True)
class QuestionLue:
    """Une question propre à l'appel."""

    cle: str
    texte: str
    sorte: str
    aide: str = ""
    choix: tuple[str, ...] = ()
    est_obligatoire: bool = True
    longueur_max: int | None = None


@dataclass(frozen=True)
class CritereLu:
    """Un critère de la grille ; ses niveaux vont du moins bon au meilleur."""

    cle: str
    libelle: str
    explication: str = ""
    poids: int = 1
    niveaux: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContenuDAppel:
    """Tout ce que dit une version ; `fiches` donne le titre de chaque numéro."""

    titre: str
    exercice: int
    presentation: str
    ouvre_le: datetime
    ferme_le: datetime
    exercices_max: int = 1
    service: ServiceLu = ServiceLu()
    fiches: dict[str, str] = field(default_factory=dict)
    financeurs: tuple[FinanceurLu, ...] = ()
    pieces: tuple[PieceLue, ...] = ()
    questions: tuple[QuestionLue, ...] = ()
    grille: tuple[CritereLu, ...] = ()
    bilan_d_avant: str = EffetDeBilan.BLOQUE_PAIEMENT
    bilan_de_plus_loin: str = EffetDeBilan.BLOQUE_DEPOT
