"""Ce que l'exécutant de django-tasks lance : la fonction inscrite pour la nature du travail."""

from django_tasks import task


@task()
def executer(identifiant: str) -> None:
    """Mène un travail à bien, ou note la phrase qui dit pourquoi il a échoué."""
    from parvis.travaux.execution import mener

    mener(identifiant)
