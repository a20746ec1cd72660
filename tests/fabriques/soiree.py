"""La soirée de clôture : autant d'associations, chacune avec un dossier auquel il ne manque presque rien."""

from dataclasses import dataclass

from django.conf import settings

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.queries.a_part import pieces_voulues
from tests.fabriques import comptes, depots
from tests.fabriques.cadre import contrat_publie

A_JOINDRE = 2


@dataclass(frozen=True)
class PresquePret:
    """Un dossier où il manque deux pièces et les signatures, et la session de qui le tient."""

    dossier: int
    session: str
    pieces: list[str]


def dossiers_presque_prets(contrat: str, nombre: int) -> list[PresquePret]:
    """Rend un dossier par association, dans un même appel ouvert."""
    ici = depots.lieux(comptes.monde(contrat), contrat_publie(contrat).contrat)
    return [_presque_pret(ici, rang) for rang in range(nombre)]


def _presque_pret(ici: depots.Lieux, rang: int) -> PresquePret:
    qui = comptes.personne(f"Porteuse{rang}")
    organisme = comptes.organisme(f"Association n° {rang}")
    par = Acteur(qui, comptes.rattachement(qui, organisme, Role.GESTIONNAIRE))
    dossier = depots.brouillon(ici, par, f"Atelier {rang}")
    depots.joindre_tout(par, dossier)
    # Les deux premières pièces restent à joindre ce soir.
    voulues = [piece.cle for piece in pieces_voulues(dossier) if piece.est_obligatoire]
    dossier.pieces.filter(cle__in=voulues[:A_JOINDRE]).delete()
    session = comptes.entrer(qui).cookies[settings.SESSION_COOKIE_NAME].value
    return PresquePret(dossier.pk, session, voulues[:A_JOINDRE])
