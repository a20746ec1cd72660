"""Les données inventées du mode démonstration : des épisodes, joués par les vraies actions."""

from parvis.accueil.demonstration.episodes import charger_les_episodes

__all__ = ["charger_les_episodes"]
