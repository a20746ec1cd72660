from django.apps import AppConfig


class CarteConfig(AppConfig):
    name = "parvis.carte"
    label = "carte"
    verbose_name = "Carte et quartiers"

    def ready(self) -> None:
        from parvis.carte import tasks  # noqa: F401 — inscrit les travaux de la carte
