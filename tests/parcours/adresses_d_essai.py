"""Les adresses du site, et une page de cinquante champs qui retient ce qu'elle reçoit."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as du_site
from parvis.comptes.acces import acces, acteur_de, connectes

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

CHAMPS = [f"champ_{rang}" for rang in range(50)]
PAGE = """{% extends "base.html" %}
{% block contenu %}
  <h1>Cinquante champs</h1>
  <form method="post" class="formulaire">
    {% jetons %}
    {% for nom, texte in champs %}
      <label for="{{ nom }}">{{ nom }}</label>
      <textarea id="{{ nom }}" name="{{ nom }}">
{{ texte }}</textarea>
    {% endfor %}
    <button class="bouton" type="submit">Enregistrer</button>
  </form>
{% endblock %}"""


@acces(connectes)
def cinquante_champs(request: HttpRequest, feuille: str) -> HttpResponse:
    """Montre ce que la feuille a retenu ; retient ce qu'elle reçoit."""
    cle = f"essai-{acteur_de(request).utilisateur_identifiant}-{feuille}"
    if request.method == "POST":
        cache.set(cle, {nom: request.POST.get(nom, "") for nom in CHAMPS})
        return redirect(request.path)
    retenus = cache.get(cle, {})
    champs = [(nom, retenus.get(nom, "")) for nom in CHAMPS]
    return HttpResponse(Template(PAGE).render(RequestContext(request, {"champs": champs})))


urlpatterns = [path("essai/<slug:feuille>/", cinquante_champs, name="essai"), *du_site]
