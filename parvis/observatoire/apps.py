from django.apps import AppConfig


class ObservatoireConfig(AppConfig):
    name = "parvis.observatoire"
    label = "observatoire"
    verbose_name = "Observatoire"

    def ready(self) -> None:
        from parvis.observatoire import tasks  # noqa: F401 — inscrit ce qu'il fait tout seul
