"""Les passages d'un rattachement et d'une invitation, leurs durées, ce qui les empêche."""

from collections.abc import Collection
from datetime import date, timedelta

from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Role
from parvis.comptes.rules.roles import REVENDICABLES, ROLES, roles_donnables
from parvis.organismes.rules.natures import NATURES_PUBLIQUES

DUREE_D_INVITATION = timedelta(days=14)
DUREE_DU_CODE = timedelta(days=2)
ESSAIS_DU_CODE = 5
CODES_PAR_JOUR = 3

PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDeRattachement.EN_ATTENTE: (
        EtatDeRattachement.CONFIRME,
        EtatDeRattachement.REFUSE,
        EtatDeRattachement.TERMINE,
    ),
    EtatDeRattachement.CONFIRME: (EtatDeRattachement.TERMINE,),
    EtatDeRattachement.REFUSE: (),
    EtatDeRattachement.TERMINE: (),
}

PASSAGES_D_INVITATION: dict[str, tuple[str, ...]] = {
    EtatDInvitation.ENVOYEE: (
        EtatDInvitation.ACCEPTEE,
        EtatDInvitation.DECLINEE,
        EtatDInvitation.ANNULEE,
    ),
    EtatDInvitation.ACCEPTEE: (),
    EtatDInvitation.DECLINEE: (),
    EtatDInvitation.ANNULEE: (),
}


def createur_est_confirme(nature: str) -> bool:
    """Dit si celui qui crée la page d'un organisme en devient gestionnaire sans autre preuve.

    Un nom public engage une autorité : le pilote confirme toujours.
    """
    return nature not in NATURES_PUBLIQUES


def motifs_empechant_de_passer(depuis: str, vers: str) -> list[str]:
    """Rend pourquoi un rattachement ne peut pas passer à cet état."""
    if vers in PASSAGES[depuis]:
        return []
    return [f"Ce rattachement est déjà {EtatDeRattachement(depuis).label.lower()}."]


def motifs_empechant_l_invitation(depuis: str) -> list[str]:
    """Rend pourquoi une invitation ne peut plus ni servir, ni être annulée."""
    if PASSAGES_D_INVITATION[depuis]:
        return []
    return [f"Cette invitation est déjà {EtatDInvitation(depuis).label.lower()}."]


def motifs_empechant_de_donner(
    role: str, *, donneur: str, contrat_du_donneur: str, nature: str, contrat: str
) -> list[str]:
    """Rend pourquoi ce rôle ne peut pas être donné par ce donneur, dans cet organisme."""
    if role not in ROLES or role not in roles_donnables(donneur, nature):
        return ["Vous ne pouvez pas donner ce rôle dans cet organisme."]
    if ROLES[Role(role)].est_de_contrat and not contrat:
        return ["Dites pour quel contrat de ville ce rôle est donné."]
    if contrat and not ROLES[Role(role)].est_de_contrat:
        return ["Ce rôle ne dépend d’aucun contrat."]
    if contrat and contrat_du_donneur and contrat != contrat_du_donneur:
        return ["Vous ne pouvez donner ce rôle que pour votre contrat."]
    return []


def motifs_empechant_de_revendiquer(
    role: str, *, tenus: Collection[str], organisme_fini_le: date | None, jour: date
) -> list[str]:
    """Rend pourquoi une personne ne peut pas demander ce rôle dans un organisme existant."""
    motifs = []
    if role not in REVENDICABLES:
        motifs.append("Ce rôle ne se demande pas : il est donné par invitation.")
    if tenus:
        motifs.append("Vous êtes déjà rattaché à cet organisme, ou votre demande est en attente.")
    if organisme_fini_le is not None and organisme_fini_le < jour:
        motifs.append("Cet organisme a pris fin. Cherchez celui qui lui succède.")
    return motifs


def motifs_empechant_la_passation(
    *, role: str, est_membre: bool, est_soi_meme: bool, fin_le: date, jour: date
) -> list[str]:
    """Rend pourquoi un gestionnaire ne peut pas passer la main ainsi."""
    motifs = []
    if role != Role.GESTIONNAIRE:
        motifs.append("Seul un gestionnaire passe la main.")
    if est_soi_meme:
        motifs.append("Choisissez une autre personne que vous.")
    elif not est_membre:
        motifs.append(
            "Cette personne n’est pas membre confirmé de l’organisme : invitez-la d’abord."
        )
    if fin_le < jour:
        motifs.append("Votre départ ne peut pas être dans le passé.")
    return motifs


def motifs_empechant_le_code(*, essais: int, est_echu: bool, est_utilise: bool) -> list[str]:
    """Rend pourquoi un code envoyé à l'organisme ne peut plus être essayé."""
    if est_utilise or est_echu or essais >= ESSAIS_DU_CODE:
        return ["Ce code n’est plus valable. Demandez-en un autre."]
    return []
