from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "parvis.conventions"
    label = "conventions"
    verbose_name = "Actes et versements"

    def ready(self) -> None:
        from parvis.conventions import tasks  # noqa: F401 — inscrit la composition des actes
