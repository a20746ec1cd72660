"""Ce que chacun atteint d'un dossier déposé : son porteur d'un côté, le pilote du contrat de l'autre."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.dossiers.actions.complements import demander_un_complement
from parvis.dossiers.actions.liens import creer_un_lien
from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.models import Demande, Dossier
from tests.fabriques import depots
from tests.fabriques.comptes import Monde
from tests.matrice.cas_pilotage import _du_contrat
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

PILOTE = frozenset({"pilote"})
LISENT = frozenset({"gestionnaire", "signataire", "contributeur", "lecteur"})
ECRIVENT = frozenset({"gestionnaire", "signataire", "contributeur"})
DEPOSENT = frozenset({"gestionnaire", "signataire"})


def _depose(monde: Monde) -> Dossier:
    ici = depots.lieux(monde, Contrat.objects.get(code="tilleuls"))
    return depots.depose(ici)


def _dossier(ouvert_a: frozenset[str], **autres: Any):
    """Rend un dossier déposé du Verger, un brouillon, le même dans un autre contrat, et un absent."""

    def objets(monde: Monde) -> list[Objet]:
        recu = _depose(monde)
        ici = {"contrat": "tilleuls", "pk": recu.pk, **autres}
        return [
            Objet("déposé", ici, ouvert_a),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _lire_un_dossier(monde: Monde) -> list[Objet]:
    return [*_dossier(PILOTE)(monde), *_dossier_en_brouillon(monde)]


def _dossier_en_brouillon(monde: Monde) -> list[Objet]:
    recu = Dossier.objects.deposes().latest("pk")
    recu.pk, recu.etat, recu.numero, recu.depose_le, recu.depose_par = (
        None,
        "brouillon",
        None,
        None,
        "",
    )
    recu._state.adding = True
    recu.save()
    return [Objet("brouillon", {"contrat": "tilleuls", "pk": recu.pk}, PERSONNE)]


def _a_completer(ouvert_a: frozenset[str]):
    def objets(monde: Monde) -> list[Objet]:
        recu = _depose(monde)
        demander_un_complement(
            par=monde.acteurs["pilote"],
            dossier=recu,
            section="projet",
            texte="Combien de familles ?",
            echeance=timezone.localdate() + timedelta(days=15),
        )
        ici = {"contrat": "tilleuls", "pk": recu.pk}
        return [
            Objet("à compléter", ici, ouvert_a),
            Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _suites(monde: Monde) -> list[Objet]:
    """La page se lit entre membres ; rendre un complément est à qui dépose."""
    return [*_dossier(LISENT)(monde), *_dossier_en_brouillon(monde)]


def _piece(monde: Monde) -> list[Objet]:
    recu = _depose(monde)
    statuts = recu.pieces.get(cle="statuts").fichier.identifiant
    rib = recu.pieces.get(cle="rib").fichier.identifiant
    ici = {"contrat": "tilleuls", "pk": recu.pk, "identifiant": statuts}
    return [
        Objet("les statuts", ici, PILOTE),
        Objet("le relevé d'identité bancaire", ici | {"identifiant": rib}, PERSONNE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("d'un dossier absent", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _projet(ouvert_a: frozenset[str], **autres: Any):
    def objets(monde: Monde) -> list[Objet]:
        recu = _depose(monde)
        ici = {"contrat": "tilleuls", "pk": recu.projet_id, **autres}
        return [
            Objet("le sien", ici, ouvert_a),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _demande(monde: Monde) -> list[Objet]:
    recu = _depose(monde)
    ailleurs = Demande.objects.create(
        dossier=recu,
        exercice=recu.exercice,
        rang=9,
        financeur_nom="Fondation du Grand Air",
        guichet=Guichet.AILLEURS,
        montant_demande=Decimal(900),
        etat=EtatDeDemande.DEMANDEE,
        demande_le=timezone.now(),
    )
    ici = {"contrat": "tilleuls", "pk": recu.projet_id, "demande": ailleurs.pk}
    suivie_ici = recu.demandes.filter(guichet=Guichet.PLATEFORME).first()
    return [
        Objet("faite ailleurs", ici, ECRIVENT),
        Objet("suivie ici", ici | {"demande": suivie_ici.pk}, PERSONNE),
        Objet("absente", ici | {"demande": ABSENT}, PERSONNE),
    ]


def _lien(monde: Monde) -> list[Objet]:
    recu = _depose(monde)
    lien, _ = creer_un_lien(
        par=monde.acteurs["gestionnaire"], projet=recu.projet, pour="La trésorière"
    )
    ici = {"contrat": "tilleuls", "pk": recu.projet_id, "lien": lien.pk}
    return [
        Objet("le sien", ici, ECRIVENT),
        Objet("absent", ici | {"lien": ABSENT}, PERSONNE),
    ]


def _un_complement(monde: Monde) -> dict[str, Any]:
    jour = timezone.localdate() + timedelta(days=20)
    return {"vise": "section:projet", "texte": "Combien ?", "echeance": jour.isoformat()}


def _un_message(monde: Monde) -> dict[str, Any]:
    return {"texte": "Bonjour."}


CAS: dict[str, Cas] = {
    "pilotage:dossiers": Cas(LECTURE, _du_contrat()),
    "pilotage:dossiers_tableau": Cas(LECTURE, _du_contrat(extension="csv")),
    "pilotage:dossier": Cas(LECTURE, _lire_un_dossier),
    "pilotage:dossier_imprime": Cas(LECTURE, _lire_un_dossier),
    "pilotage:pieces_a_emporter": Cas(LECTURE, _lire_un_dossier),
    "pilotage:completer": Cas(LES_DEUX, _dossier(PILOTE), _un_complement),
    "pilotage:decider": Cas(LES_DEUX, _dossier(PILOTE), lambda m: {"vers": "recevable"}),
    "pilotage:verifier_un_point": Cas(
        ECRITURE, _dossier(PILOTE, code="objet"), lambda m: {"est_bon": "oui"}
    ),
    "pilotage:piece_recue": Cas(LECTURE, _piece),
    "pilotage:ecrire_au_porteur": Cas(ECRITURE, _dossier(PILOTE), _un_message),
    "pilotage:lire_les_messages": Cas(ECRITURE, _dossier(PILOTE)),
    "espace_porteur:suites": Cas(LECTURE, _suites),
    "espace_porteur:rendre": Cas(ECRITURE, _a_completer(DEPOSENT)),
    "espace_porteur:ecrire_au_service": Cas(ECRITURE, _dossier(ECRIVENT), _un_message),
    "espace_porteur:lire_le_service": Cas(ECRITURE, _dossier(ECRIVENT)),
    "espace_porteur:suivi": Cas(LECTURE, _projet(LISENT)),
    "espace_porteur:noter_la_suite": Cas(LES_DEUX, _demande, lambda m: {"etat": "refusee"}),
    "espace_porteur:creer_un_lien": Cas(
        ECRITURE, _projet(ECRIVENT), lambda m: {"pour": "La trésorière"}
    ),
    "espace_porteur:fermer_un_lien": Cas(ECRITURE, _lien),
}
