"""Les états d'une demande : par où elle passe, et ce que chacun en lit, en une phrase."""

from decimal import Decimal

from parvis.comptes.enums import Regard
from parvis.dossiers.enums import EtatDeDemande
from parvis.socle.montants import ecrire_montant

PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDeDemande.PREPAREE: (EtatDeDemande.DEMANDEE,),
    EtatDeDemande.DEMANDEE: (
        EtatDeDemande.ACCORDEE,
        EtatDeDemande.REFUSEE,
        EtatDeDemande.IRRECEVABLE,
        EtatDeDemande.RETIREE,
    ),
    # Une décision d'ailleurs se recopie à la main : une erreur se corrige.
    EtatDeDemande.ACCORDEE: (EtatDeDemande.REFUSEE, EtatDeDemande.DEMANDEE),
    EtatDeDemande.REFUSEE: (EtatDeDemande.ACCORDEE, EtatDeDemande.DEMANDEE),
    EtatDeDemande.IRRECEVABLE: (),
    EtatDeDemande.RETIREE: (),
}

# Ce que chaque état veut dire au service, aux autres qui étudient le dossier, à son porteur.
_PHRASES: dict[str, tuple[str, str, str]] = {
    EtatDeDemande.PREPAREE: (
        "",
        "",
        "Rien n’est demandé tant que le dossier n’est pas déposé.",
    ),
    EtatDeDemande.DEMANDEE: (
        "Votre service étudie cette demande, puis décide.",
        "Son financeur n’a pas encore répondu.",
        "Ce financeur étudie votre demande : ce n’est pas encore de l’argent.",
    ),
    EtatDeDemande.ACCORDEE: (
        "Votre service a voté ce montant : il reste à le notifier.",
        "Son financeur a voté ce montant.",
        "Ce montant est voté : il reste à le recevoir.",
    ),
    EtatDeDemande.REFUSEE: (
        "Votre service a répondu non : le porteur le sait.",
        "Son financeur a répondu non.",
        "Ce financeur a répondu non : lisez pourquoi, et qui appeler.",
    ),
    EtatDeDemande.IRRECEVABLE: (
        "Le dossier n’est pas recevable : il n’y a rien à étudier.",
        "Le dossier n’est pas recevable.",
        "Le dossier n’est pas recevable : cette demande s’arrête là.",
    ),
    EtatDeDemande.RETIREE: (
        "Le porteur ne demande plus rien ici.",
        "Le porteur ne demande plus rien ici.",
        "Vous ne demandez plus rien à ce financeur par ce dossier.",
    ),
}
# Accordée, une demande se dit selon son argent : engagé par un acte signé, versé en partie, puis en entier.
_ENGAGEE = (
    "L’acte de votre service est signé : l’argent est engagé, il reste à le verser.",
    "Son financeur a engagé ce montant.",
    "Ce montant est engagé : il reste à le recevoir.",
)
_ENTAMEE = (
    "L’acte de votre service est signé : {verse} sont versés, il reste {reste} à verser.",
    "Son financeur a engagé ce montant, et en a versé {verse}.",
    "Ce montant est engagé : {verse} vous sont versés, il vous reste {reste} à recevoir.",
)
_VERSEE = (
    "Votre service a tout versé.",
    "Son financeur a tout versé.",
    "Ce montant vous est versé en entier.",
)
_RANGS = {
    Regard.SERVICE: 0,
    Regard.COFINANCEUR: 1,
    Regard.CO_INSTRUCTEUR: 1,
    Regard.PORTEUR: 2,
}


def dire_la_demande(
    etat: str, regard: str, *, engage: Decimal | None = None, verse: Decimal | None = None
) -> str:
    """Rend ce que l'état d'une demande veut dire à qui regarde, en une phrase ; rien au public.

    `engage` et `verse` sont les montants d'une demande accordée, s'il y en a.
    """
    rang = _RANGS.get(Regard(regard))
    if rang is None:
        return ""
    if etat == EtatDeDemande.ACCORDEE and engage:
        return _dire_l_argent(rang, engage, verse or Decimal(0))
    return _PHRASES[etat][rang]


def _dire_l_argent(rang: int, engage: Decimal, verse: Decimal) -> str:
    if not verse:
        return _ENGAGEE[rang]
    if verse == engage:
        return _VERSEE[rang]
    return _ENTAMEE[rang].format(
        verse=ecrire_montant(verse, court=True), reste=ecrire_montant(engage - verse, court=True)
    )
