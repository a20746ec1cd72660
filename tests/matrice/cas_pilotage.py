"""Ce que chacun peut atteindre du pilotage : un contrat à son pilote, la plateforme à qui la tient."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from parvis.cadre.actions.lectures import ecrire_le_brouillon
from parvis.cadre.models import Contrat, Dispositif, Edition, OrganismeDePartenaire, Partenaire
from parvis.cadre.queries.lecture import edition_courante
from parvis.cadre.sections import empreinte
from parvis.comptes.enums import EtatDeRattachement, Role
from parvis.comptes.models import Invitation
from parvis.courriels.models import Courriel
from parvis.orientation.actions import ajouter_un_mot
from tests.fabriques.comptes import Monde, organisme, personne, rattachement
from tests.fabriques.lectures import DOCUMENT, lue
from tests.fabriques.retouches import retoucher
from tests.matrice.outils import ABSENT, ADMIN, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

DES_DEUX = {"tilleuls": frozenset({"pilote"}), "voisin": frozenset({"voisine"})}
A_L_ADMINISTRATEUR = frozenset({ADMIN})


def _page(**autres: Any) -> Callable[[Monde], list[Objet]]:
    return lambda monde: [Objet("la page", autres, A_L_ADMINISTRATEUR)]


def _du_contrat(**autres: Any) -> Callable[[Monde], list[Objet]]:
    """Rend une page de chaque contrat, et celle d'un contrat absent."""

    def objets(monde: Monde) -> list[Objet]:
        trouves = [Objet(c, {"contrat": c, **autres}, a) for c, a in DES_DEUX.items()]
        return [*trouves, Objet("absent", {"contrat": "absent", **autres}, PERSONNE)]

    return objets


def _dans_le_contrat(
    lister: Callable[[Monde, str], dict[str, int]],
) -> Callable[[Monde], list[Objet]]:
    """Rend les objets de chaque contrat, le croisé et l'absent ; la dernière clé est celle de l'objet."""

    def objets(monde: Monde) -> list[Objet]:
        siens = {contrat: lister(monde, contrat) for contrat in DES_DEUX}
        derniere = list(siens["tilleuls"])[-1]
        return [
            *(
                Objet(f"de {contrat}", {"contrat": contrat, **siens[contrat]}, a)
                for contrat, a in DES_DEUX.items()
            ),
            Objet("croisé", {"contrat": "tilleuls", **siens["voisin"]}, PERSONNE),
            Objet(
                "absent", {"contrat": "tilleuls", **siens["tilleuls"], derniere: ABSENT}, PERSONNE
            ),
        ]

    return objets


def _partenaire(monde: Monde, contrat: str) -> dict[str, int]:
    return {"pk": Partenaire.objects.get(contrat__code=contrat, nom="Associations").pk}


def _dispositif(monde: Monde, contrat: str) -> dict[str, int]:
    return {"pk": Dispositif.objects.get(contrat__code=contrat).pk}


def _rapprochement(monde: Monde, contrat: str) -> dict[str, int]:
    partenaire = _partenaire(monde, contrat)["pk"]
    ou = monde.verger if contrat == "tilleuls" else monde.moulin
    lien = OrganismeDePartenaire.objects.create(
        partenaire_id=partenaire, organisme=ou, depuis_le=date(2026, 1, 1), origine="choisie"
    )
    return {"partenaire": partenaire, "pk": lien.pk}


def _demande(monde: Monde, contrat: str) -> dict[str, int]:
    """Une demande dans un organisme qui ne tient un nom que dans ce contrat."""
    _rapprochement(monde, contrat)
    ou = monde.verger if contrat == "tilleuls" else monde.moulin
    qui = personne(f"Demande{contrat}")
    return {"pk": rattachement(qui, ou, Role.SIGNATAIRE, etat=EtatDeRattachement.EN_ATTENTE).pk}


def _role(monde: Monde, contrat: str) -> dict[str, int]:
    qui = personne(f"Elu{contrat}")
    return {"pk": rattachement(qui, monde.agglo, Role.ELU, contrat=contrat).pk}


def _invitation(monde: Monde, contrat: str) -> dict[str, int]:
    maintenant = timezone.now()
    pilote = "pilote" if contrat == "tilleuls" else "voisine"
    return {
        "pk": Invitation.objects.create(
            organisme=monde.agglo,
            courriel=f"{contrat}@exemple.fr",
            role=Role.ELU,
            contrat=contrat,
            empreinte=contrat,
            invite_par=monde.acteurs[pilote].rattachement,
            cree_le=maintenant,
            expire_le=maintenant + timedelta(days=3),
        ).pk
    }


def _ou_inviter(monde: Monde) -> list[Objet]:
    """Qu'un organisme existe est public : le pilote invite dans celui qu'il choisit."""
    ici = {"contrat": "tilleuls", "organisme": monde.agglo.pk}
    return [
        Objet("l'agglomération", ici, frozenset({"pilote"})),
        Objet("organisme absent", ici | {"organisme": ABSENT}, PERSONNE),
        Objet("contrat absent", ici | {"contrat": "absent"}, PERSONNE),
    ]


def _paire(monde: Monde) -> list[Objet]:
    paire = {"premier": monde.verger.pk, "second": monde.moulin.pk}
    return [
        Objet("la paire", paire, A_L_ADMINISTRATEUR),
        Objet("absente", paire | {"second": ABSENT}, PERSONNE),
    ]


def _doublon(monde: Monde) -> list[Objet]:
    monde.moulin.fusionne_dans = monde.verger
    monde.moulin.save()
    return [
        Objet("le doublon", {"pk": monde.moulin.pk}, A_L_ADMINISTRATEUR),
        Objet("pas un doublon", {"pk": monde.agglo.pk}, PERSONNE),
        Objet("absent", {"pk": ABSENT}, PERSONNE),
    ]


def _organisme(monde: Monde) -> list[Objet]:
    return [
        Objet("le Verger", {"organisme": monde.verger.pk}, A_L_ADMINISTRATEUR),
        Objet("absent", {"organisme": ABSENT}, PERSONNE),
    ]


def _utilisateur(monde: Monde) -> list[Objet]:
    return [
        Objet("une personne", {"pk": monde.acteurs["lecteur"].utilisateur.pk}, A_L_ADMINISTRATEUR),
        Objet("absente", {"pk": ABSENT}, PERSONNE),
    ]


def _role_d_un_utilisateur(monde: Monde) -> list[Objet]:
    lecteur, signataire = monde.acteurs["lecteur"], monde.acteurs["signataire"]
    ici = {"utilisateur": lecteur.utilisateur.pk, "pk": lecteur.rattachement.pk}
    return [
        Objet("le sien", ici, A_L_ADMINISTRATEUR),
        Objet("croisé", ici | {"pk": signataire.rattachement.pk}, PERSONNE),
        Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _lecture(monde: Monde, contrat: str) -> dict[str, int]:
    """Un document lu, dont on peut écrire le brouillon."""
    pilote = monde.acteurs["pilote" if contrat == "tilleuls" else "voisine"]
    return {"pk": lue(pilote, Contrat.objects.get(code=contrat)).pk}


def _mot(monde: Monde, contrat: str) -> dict[str, int]:
    pilote = monde.acteurs["pilote" if contrat == "tilleuls" else "voisine"]
    edition = edition_courante(pilote, contrat)
    mot = ajouter_un_mot(par=pilote, edition=edition, ecrit="la Croluche", sens="jardins partagés")
    return {"pk": mot.pk}


def _fiche_lue(monde: Monde, contrat: str) -> dict[str, Any]:
    return {"numero": "1-1", **_lecture(monde, contrat)}


def _brouillon(monde: Monde) -> list[Objet]:
    """Le brouillon de chaque contrat ; un code n'est pas à un contrat plutôt qu'à l'autre."""
    objets = []
    for contrat, ouvert_a in DES_DEUX.items():
        pilote = monde.acteurs["pilote" if contrat == "tilleuls" else "voisine"]
        lecture = lue(pilote, Contrat.objects.get(code=contrat))
        code = ecrire_le_brouillon(par=pilote, lecture=lecture).edition.code
        objets.append(Objet(f"de {contrat}", {"contrat": contrat, "code": code}, ouvert_a))
    return [*objets, Objet("absent", {"contrat": "tilleuls", "code": "2099"}, PERSONNE)]


def _dans_le_brouillon(absent: dict[str, Any], **autres: Any) -> Callable[[Monde], list[Objet]]:
    """Rend la même page du brouillon de chaque contrat, retouché, et la même quand l'objet est absent."""

    def objets(monde: Monde) -> list[Objet]:
        trouves = _brouillon(monde)
        for objet in trouves[:2]:
            edition = Edition.objects.get(
                contrat__code=objet.kwargs["contrat"], code=objet.kwargs["code"]
            )
            retoucher(monde.acteurs["pilote"], edition)
        chaque = [Objet(o.nom, o.kwargs | autres, o.ouvert_a) for o in trouves]
        ici = chaque[0].kwargs | absent
        return [*chaque, *([Objet("objet absent", ici, PERSONNE)] if absent else [])]

    return objets


def _une_fiche_de_plus(monde: Monde) -> dict[str, Any]:
    return {"ajout": "fiche", "fiche-enjeu": "1", "fiche-numero": "1-9", "fiche-titre": "Neuve"}


def _un_lieu(monde: Monde) -> dict[str, Any]:
    return {"lieu": "Le Pré-Joli", "type": "quartier"}


def _une_place(monde: Monde) -> dict[str, Any]:
    return {"apres": "fiche-1-2"}


def _ce_qui_est_lu(monde: Monde) -> dict[str, Any]:
    return {"lue": empreinte({"descriptif": "Semer au printemps."})}  # ce que laisse `retoucher`


def _un_descriptif(monde: Monde) -> dict[str, Any]:
    return {"descriptif": "Semer à l’automne."} | _ce_qui_est_lu(monde)


def _document_du_brouillon(monde: Monde) -> list[Objet]:
    return [Objet(o.nom, o.kwargs | {"extension": "docx"}, o.ouvert_a) for o in _brouillon(monde)]


def _un_contrat(monde: Monde) -> dict[str, Any]:
    return {
        "titre": "Érables",
        "territoire": "Érables",
        "code": "erables",
        "debut": 2024,
        "fin": 2030,
    }


def _un_document(monde: Monde) -> dict[str, Any]:
    return {"document": SimpleUploadedFile("tilleuls.txt", DOCUMENT.encode())}


def _une_reponse(monde: Monde) -> dict[str, Any]:
    return {"question": "partenaire:zorglub vert", "choix": "accepter"}


def _organisme_propose(monde: Monde) -> dict[str, Any]:
    return {"organisme": organisme("Associations", cle_de_tri="associations").pk}


def _organisme_choisi(monde: Monde) -> dict[str, Any]:
    return {"organisme": monde.verger.pk, "depuis_le": "2026-01-01"}


def _courriel_abandonne(monde: Monde) -> dict[str, Any]:
    mort = Courriel.objects.create(
        destinataire="x@exemple.fr",
        sujet="organisme",
        objet="Essai",
        texte="Essai",
        etat="abandonne",
        frequence="immediat",
        depose_le=timezone.now(),
        erreur="Refusé.",
    )
    return {"courriel": str(mort.identifiant)}


CAS: dict[str, Cas] = {
    "pilotage:plateforme": Cas(LECTURE, _page()),
    "pilotage:contrats": Cas(LES_DEUX, _page(), _un_contrat),
    "pilotage:journal": Cas(LECTURE, _page()),
    "pilotage:organismes": Cas(LECTURE, _page()),
    "pilotage:organismes_tableau": Cas(LECTURE, _page(extension="csv")),
    "pilotage:doublons": Cas(LECTURE, _page()),
    "pilotage:comparer": Cas(LES_DEUX, _paire),
    "pilotage:ecarter": Cas(ECRITURE, _paire),
    "pilotage:reunis": Cas(LECTURE, _page()),
    "pilotage:separer": Cas(ECRITURE, _doublon),
    "pilotage:utilisateurs": Cas(LECTURE, _page()),
    "pilotage:plateforme_ou_inviter": Cas(LECTURE, _page()),
    "pilotage:plateforme_inviter": Cas(LES_DEUX, _organisme),
    "pilotage:personne": Cas(LECTURE, _utilisateur),
    "pilotage:fermer": Cas(ECRITURE, _utilisateur),
    "pilotage:rouvrir": Cas(ECRITURE, _utilisateur),
    "pilotage:finir_un_role": Cas(ECRITURE, _role_d_un_utilisateur),
    "pilotage:courriels": Cas(LECTURE, _page()),
    "pilotage:relancer": Cas(ECRITURE, _page(), _courriel_abandonne),
    "pilotage:contrat": Cas(LECTURE, _du_contrat()),
    "pilotage:mots": Cas(
        LES_DEUX, _du_contrat(), lambda m: {"ecrit": "la Zimette", "sens": "jardins partagés"}
    ),
    "pilotage:donnees_ouvertes": Cas(LES_DEUX, _du_contrat(), lambda m: {"portee": "toutes"}),
    "pilotage:retirer_un_mot": Cas(ECRITURE, _dans_le_contrat(_mot)),
    "pilotage:cadre": Cas(LECTURE, _du_contrat()),
    "pilotage:modele": Cas(LECTURE, _du_contrat(extension="xlsx")),
    "pilotage:deposer": Cas(ECRITURE, _du_contrat(), _un_document),
    "pilotage:edition": Cas(LECTURE, _brouillon),
    "pilotage:document": Cas(LECTURE, _document_du_brouillon),
    "pilotage:publier": Cas(ECRITURE, _brouillon),
    "pilotage:avenant": Cas(ECRITURE, _brouillon),
    "pilotage:jeter": Cas(ECRITURE, _brouillon),
    "pilotage:plan": Cas(LES_DEUX, _dans_le_brouillon({}), _une_fiche_de_plus),
    "pilotage:objet": Cas(LECTURE, _dans_le_brouillon({"cle": "fiche-9-9"}, cle="fiche-1-1")),
    "pilotage:deplacer": Cas(
        ECRITURE, _dans_le_brouillon({"cle": "fiche-9-9"}, cle="fiche-1-1"), _une_place
    ),
    "pilotage:renumeroter": Cas(
        ECRITURE,
        _dans_le_brouillon({"cle": "fiche-9-9"}, cle="fiche-1-1"),
        lambda monde: {"numero": "1-7"},
    ),
    "pilotage:decliner": Cas(
        ECRITURE, _dans_le_brouillon({"cle": "fiche-9-9"}, cle="fiche-1-1"), _un_lieu
    ),
    "pilotage:retirer": Cas(ECRITURE, _dans_le_brouillon({"cle": "fiche-9-9"}, cle="fiche-1-1")),
    "pilotage:section": Cas(
        LES_DEUX,
        _dans_le_brouillon({"nom": "lune"}, cle="fiche-1-1", nom="descriptif"),
        _un_descriptif,
    ),
    "pilotage:reprendre": Cas(
        ECRITURE,
        _dans_le_brouillon({"numero": 99}, cle="fiche-1-1", nom="descriptif", numero=1),
        _ce_qui_est_lu,
    ),
    "pilotage:lecture": Cas(LECTURE, _dans_le_contrat(_lecture)),
    "pilotage:renoncer": Cas(ECRITURE, _dans_le_contrat(_lecture)),
    "pilotage:ecrire": Cas(ECRITURE, _dans_le_contrat(_lecture)),
    "pilotage:questions": Cas(LECTURE, _dans_le_contrat(_lecture)),
    "pilotage:repondre": Cas(ECRITURE, _dans_le_contrat(_lecture), _une_reponse),
    "pilotage:rouvrir_une_question": Cas(
        ECRITURE, _dans_le_contrat(_lecture), lambda monde: {"reponse": "1"}
    ),
    "pilotage:en_regard": Cas(LECTURE, _dans_le_contrat(_fiche_lue)),
    "pilotage:partenaires": Cas(LECTURE, _du_contrat()),
    "pilotage:partenaires_tableau": Cas(LECTURE, _du_contrat(extension="csv")),
    "pilotage:partenaire": Cas(LECTURE, _dans_le_contrat(_partenaire)),
    "pilotage:accepter": Cas(ECRITURE, _dans_le_contrat(_partenaire), _organisme_propose),
    "pilotage:choisir": Cas(ECRITURE, _dans_le_contrat(_partenaire), _organisme_choisi),
    "pilotage:finir": Cas(ECRITURE, _dans_le_contrat(_rapprochement)),
    "pilotage:effacer": Cas(ECRITURE, _dans_le_contrat(_rapprochement)),
    "pilotage:modifier_partenaire": Cas(LES_DEUX, _dans_le_contrat(_partenaire)),
    "pilotage:dispositifs": Cas(LECTURE, _du_contrat()),
    "pilotage:dispositifs_tableau": Cas(LECTURE, _du_contrat(extension="csv")),
    "pilotage:dispositif": Cas(LES_DEUX, _dans_le_contrat(_dispositif)),
    "pilotage:verifier": Cas(ECRITURE, _dans_le_contrat(_dispositif)),
    "pilotage:demandes": Cas(LECTURE, _du_contrat()),
    "pilotage:confirmer": Cas(ECRITURE, _dans_le_contrat(_demande)),
    "pilotage:refuser": Cas(ECRITURE, _dans_le_contrat(_demande)),
    "pilotage:roles": Cas(LECTURE, _du_contrat()),
    "pilotage:finir_un_role_du_contrat": Cas(ECRITURE, _dans_le_contrat(_role)),
    "pilotage:invitations": Cas(LECTURE, _du_contrat()),
    "pilotage:annuler": Cas(ECRITURE, _dans_le_contrat(_invitation)),
    "pilotage:ou_inviter": Cas(LECTURE, _du_contrat()),
    "pilotage:inviter": Cas(LES_DEUX, _ou_inviter),
}
