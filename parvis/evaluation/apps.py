from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "parvis.evaluation"
    label = "evaluation"
    verbose_name = "Bilans"
