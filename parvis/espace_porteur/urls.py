"""Les adresses du porteur : ses projets, ses dossiers."""

app_name = "espace_porteur"

urlpatterns: list = []
