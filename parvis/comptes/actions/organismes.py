"""Créer la page d'un organisme et y entrer ; la tenir à jour."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions.annonces import annoncer_un_changement, prevenir_la_plateforme
from parvis.comptes.actions.journal import noter_pour
from parvis.comptes.actions.rattachements import ouvrir
from parvis.comptes.enums import Preuve, Role
from parvis.comptes.models import Rattachement
from parvis.comptes.queries.organismes import etat_de
from parvis.comptes.queries.rattachements import demandes_du_jour
from parvis.comptes.rules.rattachements import (
    createur_est_confirme,
    motifs_empechant_de_changer_de_nature,
    motifs_empechant_de_demander_encore,
)
from parvis.organismes.actions.acte import tenir
from parvis.organismes.actions.saisie import creer, modifier
from parvis.organismes.enums import OrigineDeCourriel
from parvis.organismes.models import Organisme
from parvis.socle.croisement import Reunion, reunir
from parvis.socle.refus import Refus, exiger
from parvis.socle.templatetags.socle import de
from parvis.territoires.models import Commune


@transaction.atomic
def creer_et_rejoindre(*, par: Acteur, valeurs: Mapping[str, Any]) -> Rattachement:
    """Crée un organisme dont on devient gestionnaire ; lève Refus.

    Un nom public attend la confirmation du pilote. L'adresse de courriel ne se donne pas ici : un
    code envoyé à une adresse que l'on a choisie soi-même ne prouverait rien.
    """
    assert par.utilisateur is not None
    faites = demandes_du_jour(par.utilisateur, jour=timezone.localdate())
    exiger(motifs_empechant_de_demander_encore(faites))
    organisme = creer(par=par, **{**valeurs, "courriel": ""})
    preuve = Preuve.CREATION if createur_est_confirme(organisme.nature) else ""
    rattachement = ouvrir(
        utilisateur=par.utilisateur, organisme=organisme, role=Role.GESTIONNAIRE, preuve=preuve
    )
    noter_pour(
        "comptes.creer_et_rejoindre",
        par=par,
        rattachement=rattachement,
        preuve=rattachement.get_preuve_display(),
    )
    if not preuve:
        prevenir_la_plateforme(
            objet=f"{organisme.nom} : une page créée attend votre confirmation",
            texte=f"{par.utilisateur_nom} a créé la page {de(organisme.nom)} et demande à la tenir. "
            "C’est un nom public : confirmez après avoir vu une pièce, ou refusez.",
        )
    return rattachement


class EcrituresCroisees(Refus):
    """Deux personnes ont changé le même champ ; porte les deux écritures."""

    def __init__(self, reunion: Reunion, courant: dict[str, Any]) -> None:
        self.reunion, self.courant = reunion, courant
        super().__init__(
            [
                "Quelqu’un a changé les mêmes lignes pendant que vous écriviez. "
                "Comparez les deux versions, gardez la bonne, puis enregistrez."
            ]
        )


@transaction.atomic
def modifier_l_organisme(
    *, par: Acteur, organisme: Organisme, depart: Mapping[str, Any], saisie: Mapping[str, Any]
) -> Organisme:
    """Change la page et l'annonce aux autres membres ; lève EcrituresCroisees, ou Refus.

    `depart` est l'état que la personne avait sous les yeux : ce qu'un autre a changé depuis est
    gardé, et un même champ changé par les deux se montre.
    """
    (tenu,) = tenir(organisme)
    courant = etat_de(tenu)
    reunion = reunir(depart, saisie, courant)
    if reunion.conflits:
        raise EcrituresCroisees(reunion, courant)
    exiger(
        motifs_empechant_de_changer_de_nature(
            courant["nature"],
            reunion.valeurs["nature"],
            est_administrateur=par.a_le_role(Role.ADMINISTRATEUR),
        )
    )
    valeurs = reunion.valeurs
    lieux = Commune.objects.in_bulk([*valeurs["communes"], valeurs["siege"]])
    change = modifier(
        par=par,
        organisme=tenu,
        version=tenu.version,
        valeurs={
            **valeurs,
            "siege": lieux.get(valeurs["siege"]),
            "communes": [lieux[pk] for pk in valeurs["communes"] if pk in lieux],
            "courriel_origine": OrigineDeCourriel.DECLARE if valeurs["courriel"] else "",
        },
    )
    if change.version != tenu.version:
        annoncer_un_changement(change, par=par)
    if change.nom != courant["nom"]:
        prevenir_la_plateforme(
            objet=f"{courant['nom']} s’appelle maintenant {change.nom}",
            texte=f"{par.utilisateur_nom} a changé le nom de la page. Si ce nom n’est pas le sien, "
            "rendez-lui l’ancien et mettez fin à son rôle.",
        )
    return change
