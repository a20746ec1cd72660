"""Ce que chacun atteint des enveloppes d'un financeur : son service, et lui seul."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande
from parvis.programmation.actions.enveloppes import creer_une_enveloppe, imputer
from parvis.programmation.models import Enveloppe
from tests.fabriques import depots
from tests.fabriques.comptes import Monde
from tests.matrice.outils import ABSENT, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

SERVICE = frozenset({"instructeur"})
ANNEE = 2026


def _enveloppe(monde: Monde, **valeurs: Any) -> Enveloppe:
    return creer_une_enveloppe(
        par=monde.acteurs["instructeur"],
        contrat=Contrat.objects.get(code="tilleuls"),
        **({"exercice": ANNEE, "ligne": "Fonds", "montant": Decimal(1000)} | valeurs),
    )


def _le_contrat(**autres: Any) -> Callable[[Monde], list[Objet]]:
    """Rend la page d'un service dans un contrat, et dans un contrat qui n'existe pas."""

    def objets(monde: Monde) -> list[Objet]:
        _enveloppe(monde)
        return [
            Objet("son contrat", {"contrat": "tilleuls", **autres}, SERVICE),
            Objet("absent", {"contrat": "rien", **autres}, PERSONNE),
        ]

    return objets


def _une_enveloppe(**autres: Any) -> Callable[[Monde], list[Objet]]:
    """Rend une enveloppe de son service, la même dans un autre contrat, celle d'un autre, et l'absente."""

    def objets(monde: Monde) -> list[Objet]:
        sienne = _enveloppe(monde)
        _enveloppe(monde, ligne="Part", mere=sienne, montant=None)
        _enveloppe(monde, exercice=ANNEE + 1, montant=None)
        etrangere = Enveloppe.objects.create(
            contrat=sienne.contrat,
            financeur=monde.agglo,
            exercice=ANNEE,
            ligne="Fonds",
            creee_le=timezone.now(),
            creee_par="x",
        )
        ici = {"contrat": "tilleuls", "pk": sienne.pk, **autres}
        return [
            Objet("la sienne", ici, SERVICE),
            Objet("dans un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("d'un autre financeur", ici | {"pk": etrangere.pk}, PERSONNE),
            Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _une_demande(monde: Monde) -> list[Objet]:
    """Rend une demande faite à son service, une autre année, et celle faite à un autre financeur."""
    lieux = depots.lieux(monde, Contrat.objects.get(code="tilleuls"))
    dossier = depots.brouillon(lieux)
    sienne, autre = (
        Demande.objects.create(
            dossier=dossier,
            exercice=ANNEE,
            rang=rang,
            financeur=financeur,
            montant_demande=Decimal(500),
            etat=EtatDeDemande.DEMANDEE,
            demande_le=timezone.now(),
        )
        for rang, financeur in ((8, monde.acteurs["instructeur"].organisme), (9, monde.agglo))
    )
    imputer(par=monde.acteurs["instructeur"], demande=sienne, enveloppe=_enveloppe(monde))
    ici = {"contrat": "tilleuls", "exercice": ANNEE, "pk": sienne.pk}
    return [
        Objet("la sienne", ici, SERVICE),
        Objet("une autre année", ici | {"exercice": ANNEE + 1}, PERSONNE),
        Objet("dans un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("faite à un autre", ici | {"pk": autre.pk}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _acte(**autres: str) -> Callable[[Monde], dict[str, Any]]:
    jour = timezone.localdate().isoformat()
    saisi = {"sens": "donner", "montant": "10", "decide_le": jour, "motif": "Délibération 4"}
    return lambda monde: saisi | autres


def _vers(exercice: int, ligne: str) -> Callable[[Monde], dict[str, Any]]:
    def champs(monde: Monde) -> dict[str, Any]:
        vers = Enveloppe.objects.filter(exercice=exercice, ligne=ligne).latest("pk")
        return _acte(vers=str(vers.pk))(monde)

    return champs


CAS: dict[str, Cas] = {
    "espace_financeur:toutes_les_enveloppes": Cas(
        LECTURE, lambda monde: [Objet("la page", {}, SERVICE)]
    ),
    "espace_financeur:enveloppes": Cas(LECTURE, _le_contrat()),
    "espace_financeur:enveloppes_tableau": Cas(
        LECTURE, _le_contrat(exercice=ANNEE, extension="csv")
    ),
    "espace_financeur:creer_une_enveloppe": Cas(
        LES_DEUX, _le_contrat(), lambda monde: {"ligne": "Neuve", "exercice": str(ANNEE)}
    ),
    "espace_financeur:demandes_a_imputer": Cas(LECTURE, _le_contrat(exercice=ANNEE)),
    "espace_financeur:imputer": Cas(LES_DEUX, _une_demande, lambda monde: {"enveloppe": "aucune"}),
    "espace_financeur:enveloppe": Cas(LECTURE, _une_enveloppe()),
    "espace_financeur:mouvements_tableau": Cas(LECTURE, _une_enveloppe(extension="xlsx")),
    "espace_financeur:doter": Cas(LES_DEUX, _une_enveloppe(), _acte()),
    "espace_financeur:deleguer": Cas(LES_DEUX, _une_enveloppe(), _vers(ANNEE, "Part")),
    "espace_financeur:reporter": Cas(LES_DEUX, _une_enveloppe(), _vers(ANNEE + 1, "Fonds")),
}
