from django.apps import AppConfig


class OrientationConfig(AppConfig):
    name = "parvis.orientation"
    label = "orientation"
    verbose_name = "Orientation"
