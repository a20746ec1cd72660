"""Les réglages du moteur, cherchés sur la première moitié des questions étiquetées."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reglages:
    """Ce que pèse chaque façon de répondre."""

    # Saturation et longueur (BM25) des mots, puis des notions.
    k_mots: float = 1.5
    b_mots: float = 0.6
    k_notions: float = 10.0
    b_notions: float = 1.0
    # Une notion pèse ce multiple d'un mot.
    notion: float = 1.0
    # Une notion voisine (« vers »).
    voisine: float = 0.3
    # Une faute de frappe corrigée, un mot commencé.
    faute: float = 0.7
    debut: float = 0.6
    # Un mot de tous les jours pèse moins : plus sa fréquence dépasse ce seuil, moins il compte.
    banal_des: float = 4.0
    banal_pente: float = 0.35
    banal_plancher: float = 0.08
    # Une notion dite d'un seul mot de tous les jours pèse moins, de même.
    banal_notion_des: float = 4.5
    banal_notion: float = 0.3
    banal_notion_plancher: float = 0.3
    # Une notion dite plusieurs fois dans la question.
    redite: float = 0.9
    # Un mot redit dans la question.
    redite_mot: float = 0.2


REGLAGES = Reglages()
