"""Ce que chacun atteint d'une séance : son pilote la tient ; qui y siège la lit."""

from typing import Any

from parvis.cadre.models import Contrat
from parvis.dossiers.models import Demande
from parvis.instances.actions import convoquer, noter_les_presences
from parvis.instances.rules import Venue
from parvis.programmation.actions import arbitrages, seances
from parvis.programmation.actions.arbitrages import Propose
from parvis.programmation.actions.dossiers_de_seance import demander_le_dossier
from parvis.programmation.models import Decision, Seance
from parvis.travaux.execution import mener
from tests.fabriques import depots, instances, instruction
from tests.fabriques.comptes import Monde
from tests.matrice.cas_decisions import _une as une_decision
from tests.matrice.outils import (
    ABSENT,
    ECRITURE,
    LECTURE,
    LES_DEUX,
    PERSONNE,
    Cas,
    Objet,
)

PILOTE = frozenset({"pilote"})
MEMBRES = frozenset({"elu", "instructeur"})
SERVICE = frozenset({"instructeur"})


def _preparee(monde: Monde, dans_jours: int = 5) -> Seance:
    """Rend une séance convoquée où siègent l'élu et l'instructeur, un dossier à son ordre du jour."""
    contrat = Contrat.objects.get(code="tilleuls")
    if Seance.objects.exists():
        return Seance.objects.get()
    ici = depots.lieux(monde, contrat)
    dossier = instruction.recevable(ici)
    service = monde.acteurs["instructeur"].organisme
    Demande.objects.filter(dossier=dossier, financeur=ici.caisse).update(financeur=service)
    return _seance(monde, dossier, dans_jours)


def _seance(monde: Monde, dossier: Any, dans_jours: int) -> Seance:
    pilote = monde.acteurs["pilote"]
    comite = instances.instance(pilote, dossier.appel.contrat, quorum=0)
    for qui in MEMBRES:
        instances.membre(pilote, comite, monde.acteurs[qui])
    reunion = instances.reunion(pilote, comite, dans_jours=dans_jours)
    if dans_jours > 0:
        convoquer(par=pilote, reunion=reunion)
    reunion.refresh_from_db()
    preparee = seances.preparer_une_seance(par=pilote, reunion=reunion, exercice=dossier.exercice)
    seances.inscrire(par=pilote, seance=preparee, dossiers=[dossier.pk])
    return preparee


def _objets(qui: frozenset[str], **autres: Any):
    def objets(monde: Monde) -> list[Objet]:
        seance = _preparee(monde)
        ici = {"contrat": "tilleuls", "pk": seance.pk, **autres}
        return [
            Objet("du contrat", ici, qui),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _point(monde: Monde) -> list[Objet]:
    seance = _preparee(monde)
    ici = {"contrat": "tilleuls", "pk": seance.pk, "point": seance.points.get().pk}
    return [
        Objet("de la séance", ici, PILOTE),
        Objet("absent", ici | {"point": ABSENT}, PERSONNE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
    ]


def _reunion(monde: Monde) -> list[Objet]:
    pilote, contrat = monde.acteurs["pilote"], Contrat.objects.get(code="tilleuls")
    comite = instances.instance(pilote, contrat)
    instances.membre(pilote, comite, monde.acteurs["elu"])
    ici = {"contrat": "tilleuls", "pk": instances.reunion(pilote, comite).pk}
    return [
        Objet("du contrat", ici, PILOTE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _publiee(monde: Monde) -> Seance:
    """Rend une séance d'hier, publiée, qui propose une réponse au service de l'instructeur."""
    pilote, seance = monde.acteurs["pilote"], _preparee(monde, dans_jours=-1)
    mandats = seance.reunion.instance.mandats.all()
    venues = {mandat.pk: Venue("present") for mandat in mandats}
    noter_les_presences(par=pilote, reunion=seance.reunion, venues=venues)
    seance = seances.ouvrir_la_seance(par=pilote, seance=seance)
    demande = _demande(monde)
    dit = Propose("refuse", motif="Hors priorité.")
    arbitrages.arbitrer(par=pilote, seance=seance, demande=demande, propose=dit)
    arbitrages.ajourner_le_reste(par=pilote, seance=seance)
    seance = seances.lever_la_seance(par=pilote, seance=seance)
    return arbitrages.publier_la_seance(par=pilote, seance=seance)


def _dossier_pret(monde: Monde) -> list[Objet]:
    objets = _objets(PILOTE)(monde)
    travail = demander_le_dossier(
        par=monde.acteurs["pilote"], seance=Seance.objects.get(pk=objets[0].kwargs["pk"])
    )
    if travail.etat == "en_attente":
        mener(str(travail.identifiant))
    return objets


def _a_voter(monde: Monde) -> list[Objet]:
    ici = {"contrat": "tilleuls", "pk": _publiee(monde).pk}
    return [
        Objet("d'une séance publiée", ici, SERVICE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _dossier_du_membre(monde: Monde) -> list[Objet]:
    objets = _objets(MEMBRES)(monde)
    seance = Seance.objects.get(pk=objets[0].kwargs["pk"])
    for qui in sorted(MEMBRES):
        travail = demander_le_dossier(par=monde.acteurs[qui], seance=seance)
        if travail.etat == "en_attente":
            mener(str(travail.identifiant))
    return objets


def _releve(monde: Monde) -> list[Objet]:
    ici = {"contrat": "tilleuls", "pk": _publiee(monde).pk, "extension": "docx"}
    return [
        Objet("d'une séance publiée", ici, MEMBRES),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
        Objet("d'une autre sorte", ici | {"extension": "odt"}, PERSONNE),
    ]


def _resultats(monde: Monde) -> list[Objet]:
    ici = {"contrat": "tilleuls", "pk": _publiee(monde).pk, "extension": "csv"}
    return [
        Objet("d'une séance publiée", ici, PILOTE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
        Objet("d'une autre sorte", ici | {"extension": "ods"}, PERSONNE),
    ]


def _a_reprendre(monde: Monde) -> list[Objet]:
    objets = une_decision(monde)
    decision = Decision.objects.get(pk=objets[0].kwargs["pk"])
    ligne = decision.lignes.get()
    dossier = ligne.demande.dossier
    ligne.delete()
    _seance(monde, dossier, -1)
    ici = objets[0].kwargs | {"seance": _publiee(monde).pk}
    return [
        Objet("la sienne", ici, SERVICE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("d'une séance absente", ici | {"seance": ABSENT}, PERSONNE),
    ]


def _demande(monde: Monde) -> Demande:
    return Demande.objects.get(financeur=monde.acteurs["instructeur"].organisme)


def _un_arbitrage(monde: Monde) -> dict[str, Any]:
    return {"demande": _demande(monde).pk, "resultat": "accorde", "montant": "100", "depart": "0"}


def _un_apport(monde: Monde) -> dict[str, Any]:
    service = monde.acteurs["instructeur"].organisme
    return {"financeur": service.pk, "montant": "1000"}


def _un_deport(monde: Monde) -> dict[str, Any]:
    seance = Seance.objects.get()
    mandat = seance.reunion.instance.mandats.get(utilisateur=monde.acteurs["elu"].utilisateur)
    return {"point": seance.points.get().pk, "mandat": mandat.pk, "motif": "Membre du bureau."}


CAS: dict[str, Cas] = {
    "pilotage:preparer_une_seance": Cas(
        ECRITURE, _reunion, lambda monde: {"exercice": instances.a_quatorze_heures(10).year}
    ),
    "pilotage:seance": Cas(LECTURE, _objets(PILOTE)),
    "pilotage:inscrire": Cas(ECRITURE, _objets(PILOTE)),
    "pilotage:ranger": Cas(ECRITURE, _objets(PILOTE), lambda monde: {"ordre": "porteur"}),
    "pilotage:retirer_de_l_ordre": Cas(ECRITURE, _point),
    "pilotage:deplacer_un_point": Cas(ECRITURE, _point, lambda monde: {"vers": "avant"}),
    "pilotage:apporter": Cas(ECRITURE, _objets(PILOTE), _un_apport),
    "pilotage:deporter": Cas(ECRITURE, _objets(PILOTE), _un_deport),
    "pilotage:ouvrir_la_seance": Cas(ECRITURE, _objets(PILOTE)),
    "pilotage:lever_la_seance": Cas(ECRITURE, _objets(PILOTE)),
    "pilotage:publier_la_seance": Cas(LES_DEUX, _objets(PILOTE)),
    "pilotage:jeter_la_seance": Cas(ECRITURE, _objets(PILOTE)),
    "pilotage:releve_de_seance": Cas(LECTURE, _objets(PILOTE, extension="docx")),
    "pilotage:resultats_de_seance": Cas(LECTURE, _resultats),
    "pilotage:ecran_de_seance": Cas(LECTURE, _objets(PILOTE)),
    "pilotage:arbitrer": Cas(ECRITURE, _objets(PILOTE), _un_arbitrage),
    "pilotage:annuler_un_arbitrage": Cas(ECRITURE, _objets(PILOTE)),
    "pilotage:ajourner_le_reste": Cas(ECRITURE, _objets(PILOTE)),
    "pilotage:dossier_de_seance": Cas(LECTURE, _objets(PILOTE)),
    "pilotage:demander_le_dossier": Cas(ECRITURE, _objets(PILOTE)),
    "pilotage:annuler_le_dossier": Cas(ECRITURE, _objets(PILOTE)),
    "pilotage:prendre_le_dossier": Cas(LECTURE, _dossier_pret),
    "espace_financeur:seance": Cas(LECTURE, _objets(MEMBRES)),
    "espace_financeur:apporter": Cas(ECRITURE, _objets(SERVICE), _un_apport),
    "espace_financeur:dossier_de_seance": Cas(LECTURE, _objets(MEMBRES)),
    "espace_financeur:demander_le_dossier": Cas(ECRITURE, _objets(MEMBRES)),
    "espace_financeur:annuler_le_dossier": Cas(ECRITURE, _objets(MEMBRES)),
    "espace_financeur:prendre_le_dossier": Cas(LECTURE, _dossier_du_membre),
    "espace_financeur:dater_le_vote": Cas(
        ECRITURE, _a_voter, lambda monde: {"vote_prevu_le": instances.a_quatorze_heures(40).date()}
    ),
    "espace_financeur:se_deporter_en_seance": Cas(ECRITURE, _objets(MEMBRES), _un_deport),
    "espace_financeur:releve_de_seance": Cas(LECTURE, _releve),
    "espace_financeur:reprendre_une_seance": Cas(ECRITURE, _a_reprendre),
}
