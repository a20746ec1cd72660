from django.apps import AppConfig


class ProgrammationConfig(AppConfig):
    name = "parvis.programmation"
    label = "programmation"
    verbose_name = "Enveloppes et programmation"

    def ready(self) -> None:
        from parvis.programmation import tasks  # noqa: F401 — inscrit le dossier d'une séance
