"""Les passages d'une invitation, la durée d'un code envoyé, et ce qui les empêche."""

from datetime import date, timedelta

from parvis.comptes.enums import EtatDInvitation, Role
from parvis.comptes.rules.roles import ROLES, roles_donnables

DUREE_D_INVITATION = timedelta(days=14)
DUREE_DU_CODE = timedelta(days=2)
ESSAIS_DU_CODE = 5
CODES_PAR_JOUR = 3
INVITATIONS_PAR_JOUR = 50
INVITATIONS_PAR_ADRESSE = 3

PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDInvitation.ENVOYEE: (
        EtatDInvitation.ACCEPTEE,
        EtatDInvitation.DECLINEE,
        EtatDInvitation.ANNULEE,
    ),
    EtatDInvitation.ACCEPTEE: (),
    EtatDInvitation.DECLINEE: (),
    EtatDInvitation.ANNULEE: (),
}


def motifs_empechant_l_invitation(depuis: str) -> list[str]:
    """Rend pourquoi une invitation ne peut plus ni servir, ni être annulée."""
    if PASSAGES[depuis]:
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


def motifs_empechant_le_code(*, essais: int, est_echu: bool, est_utilise: bool) -> list[str]:
    """Rend pourquoi un code envoyé à l'organisme ne peut plus être essayé."""
    if est_utilise or est_echu or essais >= ESSAIS_DU_CODE:
        return ["Ce code n’est plus valable. Demandez-en un autre."]
    return []


def motifs_empechant_de_s_inviter(role: str, *, donneur: str, est_soi_meme: bool) -> list[str]:
    """Rend pourquoi on ne se donne pas ce rôle.

    Un gestionnaire peut aussi signer ou instruire pour l'organisme qu'il tient déjà ; nul ne se fait
    gestionnaire, ni ne prend un rôle ailleurs.
    """
    if not est_soi_meme or (donneur == Role.GESTIONNAIRE and role != Role.GESTIONNAIRE):
        return []
    return ["On ne se donne pas ce rôle à soi-même : demandez à quelqu’un d’autre."]


def motifs_empechant_d_inviter_encore(*, envoyees: int, a_cette_adresse: int) -> list[str]:
    """Rend pourquoi il faut attendre demain : le site n'écrit pas sans fin à des inconnus."""
    if envoyees >= INVITATIONS_PAR_JOUR:
        return [f"Vous avez envoyé {envoyees} invitations aujourd’hui. Attendez demain."]
    if a_cette_adresse >= INVITATIONS_PAR_ADRESSE:
        return ["Cette adresse a déjà reçu trois invitations aujourd’hui. Attendez demain."]
    return []


def motifs_empechant_d_accepter(
    *,
    est_echue: bool,
    l_invitant_agit: bool,
    organisme_fini_le: date | None,
    jour: date,
    fins_tenues: list[date | None],
    fin_proposee: date | None,
    la_porte_est_tenue: bool,
) -> list[str]:
    """Rend pourquoi une invitation ouverte ne peut pas être acceptée.

    `la_porte_est_tenue` : l'invitation ouvrait un organisme sans gestionnaire, qui en a un depuis.
    `fins_tenues` : jusqu'à quand la personne tient déjà ce rôle ; rien veut dire sans fin.
    """
    if est_echue:
        return ["Cette invitation a expiré. Demandez-en une autre."]
    if not l_invitant_agit:
        return ["La personne qui vous a invité n’agit plus pour cet organisme."]
    if organisme_fini_le is not None and organisme_fini_le < jour:
        return ["Cet organisme a pris fin."]
    if la_porte_est_tenue:
        return ["Cet organisme a maintenant un gestionnaire : demandez-lui de vous inviter."]
    tient_autant = any(
        fin is None or (fin_proposee is not None and fin >= fin_proposee) for fin in fins_tenues
    )
    return ["Vous avez déjà ce rôle dans cet organisme."] if tient_autant else []
