"""Étiquettes et filtres des gabarits : sigles, paragraphes, nombres."""

from django import template

register = template.Library()
