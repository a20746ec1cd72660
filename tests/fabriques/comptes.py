"""Un petit monde : deux contrats, deux associations, et une personne par rôle."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from parvis.comptes import jetons
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import EtatDeRattachement, Preuve, Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.organismes.models import Organisme

PORTE = "allauth.account.auth_backends.AuthenticationBackend"


def personne(prenom: str, **autres: Any) -> Utilisateur:
    """Crée une personne, adresse confirmée."""
    courriel = autres.pop("courriel", f"{prenom.lower()}@exemple.fr")
    utilisateur = Utilisateur.objects.create(
        courriel=courriel, **({"prenom": prenom, "nom": "Essai"} | autres)
    )
    utilisateur.emailaddress_set.create(email=courriel, verified=True, primary=True)
    return utilisateur


def organisme(nom: str, nature: str = "association", **autres: Any) -> Organisme:
    """Crée un organisme sans passer par le journal."""
    return Organisme.objects.create(
        nom=nom, nature=nature, **({"cle_de_tri": nom.lower()} | autres)
    )


def rattachement(
    qui: Utilisateur, ou: Organisme, role: str = Role.GESTIONNAIRE, **autres: Any
) -> Rattachement:
    """Crée un rattachement confirmé, ou dans l'état demandé."""
    etat = autres.get("etat", EtatDeRattachement.CONFIRME)
    maintenant = timezone.now()
    est_confirme = etat in (EtatDeRattachement.CONFIRME, EtatDeRattachement.TERMINE)
    valeurs = {
        "debut_le": date(2026, 1, 1),
        "etat": etat,
        "preuve": Preuve.NOMINATION if est_confirme else "",
        "confirme_le": maintenant if est_confirme else None,
        "clos_le": maintenant
        if etat in (EtatDeRattachement.TERMINE, EtatDeRattachement.REFUSE)
        else None,
        "fin_le": timezone.localdate() - timedelta(days=1)
        if etat == EtatDeRattachement.TERMINE
        else None,
    }
    return Rattachement.objects.create(
        utilisateur=qui, organisme=ou, role=role, **(valeurs | autres)
    )


def acteur(qui: Utilisateur, comme: Rattachement | None = None) -> Acteur:
    """Rend l'acteur d'une personne, au titre de ce rattachement."""
    return Acteur(qui, comme)


def entrer(qui: Utilisateur) -> Client:
    """Rend un navigateur où cette personne est connectée."""
    client = Client()
    client.force_login(qui, backend=PORTE)
    return client


def envoi(qui: Acteur, **champs: Any) -> dict[str, Any]:
    """Rend les champs d'un formulaire tel qu'il a été affiché à cet acteur."""
    return {jetons.CHAMP: jetons.ecrire(qui), **champs}


@dataclass
class Monde:
    """Les deux associations, et chacun par son nom : acteur d'une part, navigateur de l'autre."""

    verger: Organisme
    moulin: Organisme
    agglo: Organisme
    acteurs: dict[str, Acteur] = field(default_factory=dict)

    def client(self, nom: str) -> Client:
        """Rend le navigateur d'une personne du monde ; « visiteur » n'est pas connecté."""
        acteur_ = self.acteurs[nom]
        return entrer(acteur_.utilisateur) if acteur_.utilisateur else Client()

    def ajouter(
        self, nom: str, ou: Organisme | None = None, role: str = "", **autres: Any
    ) -> Acteur:
        """Ajoute une personne, avec un rôle dans un organisme s'il est donné."""
        qui = personne(nom.capitalize())
        self.acteurs[nom] = Acteur(
            qui, rattachement(qui, ou, role, **autres) if ou is not None else None
        )
        return self.acteurs[nom]


def monde(contrat: str = "tilleuls", voisin: str = "voisin") -> Monde:
    """Crée tout ce monde. « ancien » a quitté le Verger, sa session est encore ouverte."""
    lieux = Monde(
        verger=organisme(
            "Les Amis du Verger",
            courriel_origine="saisi",
            courriel="contact@verger.example",
            courriel_releve_le=date(2026, 1, 1),
        ),
        moulin=organisme("Le Club du Moulin"),
        agglo=organisme("Agglomération des Tilleuls", "epci"),
    )
    lieux.acteurs["visiteur"] = Acteur.anonyme()
    lieux.ajouter("inscrit")
    lieux.ajouter("attente", lieux.verger, Role.GESTIONNAIRE, etat=EtatDeRattachement.EN_ATTENTE)
    for role in (Role.GESTIONNAIRE, Role.SIGNATAIRE, Role.CONTRIBUTEUR, Role.LECTEUR):
        lieux.ajouter(role.value, lieux.verger, role)
    lieux.ajouter("meuniere", lieux.moulin, Role.GESTIONNAIRE)
    lieux.ajouter(
        "instructeur", organisme("CAF des Tilleuls", "protection_sociale"), Role.INSTRUCTEUR
    )
    lieux.ajouter("pilote", lieux.agglo, Role.PILOTE, contrat=contrat)
    lieux.ajouter(
        "voisine", organisme("Agglomération voisine", "epci"), Role.PILOTE, contrat=voisin
    )
    lieux.ajouter("elu", lieux.agglo, Role.ELU, contrat=contrat)
    lieux.ajouter(
        "delegue", organisme("Préfecture", "etat"), Role.DELEGUE_DU_PREFET, contrat=contrat
    )
    lieux.ajouter(
        "conseiller",
        organisme("Conseil citoyen", "conseil_citoyen"),
        Role.CONSEILLER_CITOYEN,
        contrat=contrat,
    )
    lieux.ajouter("administrateur", lieux.agglo, Role.ADMINISTRATEUR)
    ancien = lieux.ajouter(
        "ancien", lieux.verger, Role.GESTIONNAIRE, etat=EtatDeRattachement.TERMINE
    )
    lieux.acteurs["ancien"] = Acteur(ancien.utilisateur, None)
    return lieux
