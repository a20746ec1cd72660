from django.apps import AppConfig


class CadreConfig(AppConfig):
    name = "parvis.cadre"
    label = "cadre"
    verbose_name = "Cadre du contrat"

    def ready(self) -> None:
        from parvis.cadre import tasks  # noqa: F401 — inscrit les travaux du cadre
        from parvis.cadre.queries.titres import titres_par_code
        from parvis.socle.contrats import inscrire_les_titres

        inscrire_les_titres(titres_par_code)
