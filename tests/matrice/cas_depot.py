"""Ce que chacun atteint des pièces, des signatures, du dépôt et du compte bancaire d'un dossier."""

import uuid
from dataclasses import replace
from typing import Any

from parvis.cadre.models import Contrat
from parvis.dossiers.actions.comptes_bancaires import donner_un_iban
from parvis.dossiers.models import Dossier
from tests.fabriques import depots
from tests.fabriques.comptes import Monde
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

LISENT = frozenset({"gestionnaire", "signataire", "contributeur", "lecteur"})
ECRIVENT = LISENT - {"lecteur"}
SIGNENT = frozenset({"gestionnaire", "signataire"})
PILOTE = frozenset({"pilote"})


def _ici(monde: Monde) -> depots.Lieux:
    return depots.lieux(monde, Contrat.objects.get(code="tilleuls"))


def _autour(ici: dict[str, Any], ouvert_a: frozenset[str]) -> list[Objet]:
    """Rend l'objet du Verger, le même dans un autre contrat, et un absent."""
    return [
        Objet("du Verger", ici, ouvert_a),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _dans_un_brouillon(ouvert_a: frozenset[str], *, de_qui_attend: bool = True):
    """Rend un brouillon du Verger, celui de qui attend sa confirmation, celui du Moulin."""

    def objets(monde: Monde) -> list[Objet]:
        ici = _ici(monde)
        dossiers = {
            nom: depots.brouillon(ici, monde.acteurs[nom], f"De {nom}")
            for nom in ("gestionnaire", "meuniere", "attente")
        }
        adresses = {nom: {"contrat": "tilleuls", "pk": d.pk} for nom, d in dossiers.items()}
        attend = ouvert_a | ({"attente"} if de_qui_attend else set())
        return [
            *_autour(adresses["gestionnaire"], ouvert_a),
            Objet("du Moulin", adresses["meuniere"], frozenset({"meuniere"})),
            Objet("de qui attend", adresses["attente"], attend),
        ]

    return objets


def _piece(ouvert_a: frozenset[str], cle: str = "statuts"):
    def objets(monde: Monde) -> list[Objet]:
        ici = _ici(monde)
        dossier = depots.brouillon(ici)
        depots.joindre_tout(ici.porte, dossier)
        autre = depots.brouillon(ici, titre="Un autre")
        adresse = {"contrat": "tilleuls", "pk": dossier.pk, "piece": dossier.pieces.get(cle=cle).pk}
        return [
            *_autour(adresse, ouvert_a),
            Objet("d'un autre dossier", adresse | {"pk": autre.pk}, PERSONNE),
            Objet("pièce absente", adresse | {"piece": ABSENT}, PERSONNE),
        ]

    return objets


def _les_pieces(monde: Monde) -> list[Objet]:
    """Une pièce s'ouvre à qui lit le dossier ; le relevé bancaire, à qui signe."""
    rib = _piece(SIGNENT, "rib")(monde)[0]
    return [*_piece(LISENT)(monde), Objet("le relevé bancaire", rib.kwargs, SIGNENT)]


def _reprise(monde: Monde) -> dict[str, Any]:
    ici = _ici(monde)
    donnee = depots.brouillon(ici, titre="De l'an dernier")
    depots.joindre_tout(ici.porte, donnee)
    return {"cle": "statuts", "fichier": donnee.pieces.get(cle="statuts").fichier_id}


def _reprendre(monde: Monde) -> list[Objet]:
    adresse = {"contrat": "tilleuls", "pk": depots.brouillon(_ici(monde)).pk}
    return _autour(adresse, ECRIVENT)


def _depose(ouvert_a: frozenset[str], **suite: Any):
    def objets(monde: Monde) -> list[Objet]:
        depose = depots.depose(_ici(monde))
        return _autour({"contrat": "tilleuls", "pk": depose.pk, **suite}, ouvert_a)

    return objets


def _brouillon_et_depose(monde: Monde) -> list[Objet]:
    """Un dossier s'emporte, brouillon ou déposé, par qui le lit comme porteur."""
    brouillons = _dans_un_brouillon(LISENT)(monde)
    adresse = {"contrat": "tilleuls", "pk": depots.depose(_ici(monde)).pk}
    return [*brouillons, Objet("déposé", adresse, LISENT)]


def _version(monde: Monde) -> list[Objet]:
    objets = _depose(LISENT, numero=1)(monde)
    jamais = objets[0].kwargs | {"numero": 9}
    return [*objets, Objet("version absente", jamais, PERSONNE)]


def _recepisse(monde: Monde) -> list[Objet]:
    ici = _ici(monde)
    adresse = {
        "contrat": "tilleuls",
        "pk": depots.depose(ici).pk,
        "numero": 1,
        "financeur": ici.caisse.pk,
    }
    autre = Objet("d'un autre financeur", adresse | {"financeur": ABSENT}, PERSONNE)
    jamais = Objet("d'une version absente", adresse | {"numero": 2}, PERSONNE)
    return [*_autour(adresse, LISENT), autre, jamais]


def _fichiers_deposes(monde: Monde) -> list[Objet]:
    depose: Dossier = depots.depose(_ici(monde))
    fichiers = {p.cle: p.fichier.identifiant for p in depose.pieces.select_related("fichier")}
    adresse = {"contrat": "tilleuls", "pk": depose.pk, "fichier": fichiers["statuts"]}
    return [
        *_autour(adresse, LISENT),
        Objet("le relevé bancaire", adresse | {"fichier": fichiers["rib"]}, SIGNENT),
        Objet("fichier absent", adresse | {"fichier": uuid.UUID(int=7)}, PERSONNE),
    ]


def _compte_en_attente(monde: Monde) -> list[Objet]:
    ici = _ici(monde)
    depose = depots.depose(ici)
    compte = donner_un_iban(par=ici.porte, organisme=monde.verger, iban=depots.IBAN)
    adresse = {"contrat": "tilleuls", "pk": depose.pk, "compte": compte.pk}
    absent = Objet("compte absent", adresse | {"compte": ABSENT}, PERSONNE)
    return [*_autour(adresse, SIGNENT), absent]


def _du_pilote(monde: Monde) -> list[Objet]:
    """Un compte que nul autre ne peut confirmer : le pilote le voit, et lui seul."""
    meuniere = monde.acteurs["meuniere"]
    depots.depose(replace(_ici(monde), porte=meuniere))
    compte = donner_un_iban(par=meuniere, organisme=monde.moulin, iban=depots.IBAN)
    adresse = {"contrat": "tilleuls", "pk": compte.pk}
    return [
        Objet("du contrat", adresse, PILOTE),
        Objet("d'un autre contrat", adresse | {"contrat": "voisin"}, PERSONNE),
        Objet("absent", adresse | {"pk": ABSENT}, PERSONNE),
    ]


def _liste_du_pilote(monde: Monde) -> list[Objet]:
    return [
        Objet("du contrat", {"contrat": "tilleuls"}, PILOTE),
        Objet("du voisin", {"contrat": "voisin"}, frozenset({"voisine"})),
        Objet("absent", {"contrat": "lune"}, PERSONNE),
    ]


CAS: dict[str, Cas] = {
    # Qui lit sans écrire, ou sans signer, et envoie quand même, s'entend dire à qui le demander.
    "espace_porteur:pieces": Cas(
        LES_DEUX, _dans_un_brouillon(LISENT), lambda monde: {"cle": "statuts"}
    ),
    "espace_porteur:piece": Cas(LECTURE, _les_pieces),
    "espace_porteur:reprendre_une_piece": Cas(ECRITURE, _reprendre, _reprise),
    "espace_porteur:dater_une_piece": Cas(ECRITURE, _piece(ECRIVENT)),
    "espace_porteur:retirer_une_piece": Cas(ECRITURE, _piece(ECRIVENT)),
    "espace_porteur:compte_bancaire": Cas(
        LES_DEUX, _dans_un_brouillon(SIGNENT, de_qui_attend=False)
    ),
    "espace_porteur:confirmer_le_compte": Cas(ECRITURE, _compte_en_attente),
    "espace_porteur:ecarter_le_compte": Cas(ECRITURE, _compte_en_attente),
    "espace_porteur:attestations": Cas(LES_DEUX, _dans_un_brouillon(LISENT)),
    "espace_porteur:verifier": Cas(LECTURE, _dans_un_brouillon(LISENT)),
    "espace_porteur:deposer": Cas(LES_DEUX, _dans_un_brouillon(LISENT)),
    "espace_porteur:recepisses": Cas(LECTURE, _depose(LISENT)),
    "espace_porteur:recepisse": Cas(LECTURE, _recepisse),
    "espace_porteur:depose": Cas(LECTURE, _depose(LISENT)),
    "espace_porteur:version_deposee": Cas(LECTURE, _depose(LISENT, numero=1)),
    "espace_porteur:dossier_imprime": Cas(LECTURE, _brouillon_et_depose),
    "espace_porteur:pieces_a_emporter": Cas(LECTURE, _brouillon_et_depose),
    "espace_porteur:version_imprimee": Cas(LECTURE, _version),
    "espace_porteur:pieces_deposees": Cas(LECTURE, _version),
    "espace_porteur:fichier_depose": Cas(LECTURE, _fichiers_deposes),
    "espace_porteur:retirer": Cas(LES_DEUX, _depose(SIGNENT), lambda monde: {"motif": "Fini."}),
    "pilotage:comptes_a_confirmer": Cas(LECTURE, _liste_du_pilote),
    "pilotage:confirmer_le_compte": Cas(ECRITURE, _du_pilote),
    "pilotage:ecarter_le_compte": Cas(ECRITURE, _du_pilote),
}
