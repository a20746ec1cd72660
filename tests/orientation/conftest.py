"""Un contrat livré, son moteur, et un thésaurus de trois notions pour les essais."""

import pytest

from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.passages import FicheAOrienter, Passage
from parvis.orientation.moteur.thesaurus import Notion, Thesaurus
from parvis.orientation.queries.orientation import moteur_livre


@pytest.fixture(scope="session")
def livre() -> Moteur:
    """Rend le moteur du contrat livré."""
    return moteur_livre()


NOTIONS = [
    Notion("garde", "Garde d'enfants", ("crèche", "mode d'accueil", "nounou"), ("garder",)),
    Notion("nuit", "Horaires décalés", ("horaires décalés", "la nuit"), vers={"garde": 0.5}),
    Notion("velo", "Vélo", ("vélo", "bicyclette")),
    Notion("police", "Sécurité", ("cambriolage",), est_hors=True, issue="Voyez votre mairie."),
]


def fiche(numero: str, titre: str, *projets: str, **autres) -> FicheAOrienter:
    """Rend une fiche d'un titre et de projets attendus."""
    passages = (
        Passage("Titre", titre, 6.0),
        *(Passage("Projets attendus", p, 2.5) for p in projets),
    )
    return FicheAOrienter(numero, titre, passages, **autres)


FICHES = [
    fiche("1-1", "Offrir un mode d'accueil aux enfants", "Ouvrir une crèche", publics=("parents",)),
    fiche("1-2", "Rouler à vélo", "Prêter des vélos", "Réparer un vélo", publics=("jeunes",)),
    fiche("2-1", "Apprendre le français", "Ouvrir des cours du soir", lieux=("Le Pré",)),
]


@pytest.fixture
def moteur() -> Moteur:
    return Moteur(FICHES, Thesaurus(NOTIONS, {"velos": "velo"}))
