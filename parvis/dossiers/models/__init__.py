"""Les appels à projets, les projets, leurs dossiers et leurs demandes."""

from parvis.dossiers.models.appel import Appel, VersionDAppel
from parvis.dossiers.models.appel_ailleurs import Alerte, AppelAilleurs
from parvis.dossiers.models.argent import Demande, LigneDeBudget
from parvis.dossiers.models.bilan import BilanAttendu
from parvis.dossiers.models.complement import Complement
from parvis.dossiers.models.compte_bancaire import CompteBancaire
from parvis.dossiers.models.contenu_d_appel import (
    CritereDAppel,
    FicheDAppel,
    FinanceurDAppel,
    LigneDAppel,
    PieceDAppel,
    QuestionDAppel,
)
from parvis.dossiers.models.depot import Attestation, PieceDeDossier, Rappel, VersionDeposee
from parvis.dossiers.models.dossier import (
    Dossier,
    EcritureDeSection,
    FicheDeDossier,
    LieuDeDossier,
)
from parvis.dossiers.models.echange import Commentaire, Message
from parvis.dossiers.models.lien_de_lecture import LienDeLecture
from parvis.dossiers.models.portail import ChampRecopie, CorrespondanceDImport
from parvis.dossiers.models.projet import Projet
from parvis.dossiers.models.recevabilite import PointVerifie

# Tout ce qu'une version publiée fige ; les déclencheurs de sql/ portent sur les mêmes tables.
CONTENU_D_APPEL = (
    *(LigneDAppel, FinanceurDAppel, FicheDAppel),
    *(PieceDAppel, QuestionDAppel, CritereDAppel),
)

__all__ = [
    "CONTENU_D_APPEL",
    "Alerte",
    "Appel",
    "AppelAilleurs",
    "Attestation",
    "BilanAttendu",
    "ChampRecopie",
    "Commentaire",
    "Complement",
    "CompteBancaire",
    "CorrespondanceDImport",
    "CritereDAppel",
    "Demande",
    "Dossier",
    "EcritureDeSection",
    "FicheDAppel",
    "FicheDeDossier",
    "FinanceurDAppel",
    "LienDeLecture",
    "LieuDeDossier",
    "LigneDAppel",
    "LigneDeBudget",
    "Message",
    "PieceDAppel",
    "PieceDeDossier",
    "PointVerifie",
    "Projet",
    "QuestionDAppel",
    "Rappel",
    "VersionDAppel",
    "VersionDeposee",
]
