"""Chercher dans un cadre, et orienter une question vers ses fiches."""
