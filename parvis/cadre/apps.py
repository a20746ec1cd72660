from django.apps import AppConfig


class CadreConfig(AppConfig):
    name = "parvis.cadre"
    label = "cadre"
    verbose_name = "Cadre du contrat"

    def ready(self) -> None:
        from parvis.cadre import tasks  # noqa: F401 — inscrit les travaux du cadre
