from django.apps import AppConfig


class CourrielsConfig(AppConfig):
    name = "parvis.courriels"
    label = "courriels"
    verbose_name = "Courriels"

    def ready(self) -> None:
        from parvis.courriels import checks  # noqa: F401
