"""Les passages d'un rattachement, et ce qui les empêche."""

from collections.abc import Collection
from datetime import date

from parvis.comptes.enums import EtatDeRattachement, Role
from parvis.comptes.rules.roles import FINANCEURS, REVENDICABLES
from parvis.organismes.rules.natures import NATURES_PUBLIQUES

# Assez pour qui aide plusieurs associations, trop peu pour noyer une boîte aux lettres.
DEMANDES_PAR_JOUR = 10

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


def motifs_empechant_de_revendiquer(
    role: str,
    *,
    tenus: Collection[str],
    organisme_fini_le: date | None,
    demandes_du_jour: int,
    jour: date,
) -> list[str]:
    """Rend pourquoi une personne ne peut pas demander ce rôle dans un organisme existant."""
    motifs = motifs_empechant_de_demander_encore(demandes_du_jour)
    if role not in REVENDICABLES:
        motifs.append("Ce rôle ne se demande pas : il est donné par invitation.")
    if tenus:
        motifs.append("Vous êtes déjà rattaché à cet organisme, ou votre demande est en attente.")
    if organisme_fini_le is not None and organisme_fini_le < jour:
        motifs.append("Cet organisme a pris fin. Cherchez celui qui lui succède.")
    return motifs


def motifs_empechant_de_demander_encore(demandes_du_jour: int) -> list[str]:
    """Rend pourquoi il faut attendre demain pour demander un rôle ou créer une page de plus."""
    if demandes_du_jour < DEMANDES_PAR_JOUR:
        return []
    return [f"Vous avez déjà fait {demandes_du_jour} demandes aujourd’hui. Attendez demain."]


def motifs_empechant_la_passation(
    *,
    role: str,
    est_membre: bool,
    est_soi_meme: bool,
    fin_le: date,
    fin_prevue_le: date | None,
    jour: date,
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
    if fin_prevue_le is not None and fin_le > fin_prevue_le:
        motifs.append(
            f"Votre rôle finit déjà le {fin_prevue_le:%d/%m/%Y} : passer la main ne l’allonge pas."
        )
    return motifs


def motifs_empechant_le_depart(role: str, *, en_reste_t_il: bool) -> list[str]:
    """Rend pourquoi ce rôle ne peut pas finir : la plateforme garde toujours un administrateur."""
    if role == Role.ADMINISTRATEUR and not en_reste_t_il:
        return ["C’est le dernier administrateur de la plateforme : nommez-en d’abord un autre."]
    return []


# Passer à une de ces natures ouvre des rôles ou engage une autorité.
_NATURES_A_DROITS = NATURES_PUBLIQUES | FINANCEURS


def motifs_empechant_de_changer_de_nature(
    avant: str, apres: str, *, est_administrateur: bool
) -> list[str]:
    """Rend pourquoi un gestionnaire ne peut pas changer ainsi la nature de son organisme."""
    if avant == apres or apres not in _NATURES_A_DROITS or est_administrateur:
        return []
    return ["Cette nature donne d’autres droits : demandez à l’administrateur de la plateforme."]
