"""Ce qui empêche de fermer un compte, de le rouvrir, d'ouvrir la porte d'un organisme."""

from parvis.comptes.enums import Role


def motifs_empechant_de_fermer(
    *, est_soi_meme: bool, est_ouvert: bool, peut_encore: bool, motif: str
) -> list[str]:
    """Rend pourquoi ce compte ne peut pas être fermé.

    Nul ne ferme le sien : il reste donc toujours un administrateur, celui qui ferme.
    """
    motifs = [] if peut_encore else ["Vous n’administrez plus cette plateforme."]
    if est_soi_meme:
        motifs.append(
            "Vous ne fermez pas votre propre compte : demandez à un autre administrateur."
        )
    if not est_ouvert:
        motifs.append("Ce compte est déjà fermé.")
    return motifs + _motifs_sans_raison(motif)


def motifs_empechant_de_rouvrir(*, est_ouvert: bool, motif: str) -> list[str]:
    """Rend pourquoi ce compte ne peut pas être rouvert."""
    motifs = ["Ce compte est déjà ouvert."] if est_ouvert else []
    return motifs + _motifs_sans_raison(motif)


def motifs_empechant_d_ouvrir_la_porte(role: str, *, a_un_gestionnaire: bool) -> list[str]:
    """Rend pourquoi un pilote n'invite pas un gestionnaire : l'organisme en a déjà un, qui décide."""
    if role == Role.GESTIONNAIRE and a_un_gestionnaire:
        return ["Cet organisme a déjà un gestionnaire : c’est à lui d’inviter."]
    return []


def _motifs_sans_raison(motif: str) -> list[str]:
    return [] if motif.strip() else ["Dites pourquoi : le journal le gardera."]
