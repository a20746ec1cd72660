"""Ce que chacun atteint du budget d'un dossier : ceux du porteur, et nul autre."""

from tests.matrice.cas_porteur import LISENT, _brouillons
from tests.matrice.outils import ECRITURE, LES_DEUX, Cas

UNE_LIGNE = {"l-1-compte": "601", "l-1-libelle": "Toiles", "l-1-saisie": "12*5", "fin": "oui"}
UN_COLLAGE = {"c-1-prendre": "1", "c-1-compte": "601", "c-1-saisie": "40", "ajouter": "oui"}

CAS: dict[str, Cas] = {
    # Qui lit sans écrire et envoie quand même retrouve son texte à l'écran : la page lui répond.
    "espace_porteur:budget": Cas(LES_DEUX, _brouillons(LISENT), lambda monde: UNE_LIGNE),
    "espace_porteur:totaux": Cas(ECRITURE, _brouillons(LISENT), lambda monde: UNE_LIGNE),
    "espace_porteur:coller": Cas(LES_DEUX, _brouillons(LISENT), lambda monde: UN_COLLAGE),
}
