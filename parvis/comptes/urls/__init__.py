"""Les adresses du compte et de l'organisme."""

app_name = "comptes"
urlpatterns = []
