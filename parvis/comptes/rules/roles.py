"""Les rôles : ce que chacun permet, en une phrase, et qui peut le donner."""

from dataclasses import dataclass

from parvis.comptes.enums import Role
from parvis.organismes.enums import Nature

ASSEMBLEES = frozenset({Nature.COMMUNE, Nature.EPCI, Nature.DEPARTEMENT, Nature.REGION})
# Ceux qui instruisent des demandes : les financeurs publics, la protection sociale, les bailleurs.
FINANCEURS = ASSEMBLEES | {
    Nature.ETAT,
    Nature.PROTECTION_SOCIALE,
    Nature.ETABLISSEMENT_PUBLIC,
    Nature.GIP,
    Nature.BAILLEUR,
    Nature.FONDATION,
    Nature.ENTREPRISE,
}


@dataclass(frozen=True)
class DefinitionDeRole:
    """Un rôle : sa phrase, les organismes où il existe, les rôles qui peuvent le donner."""

    phrase: str
    donne_par: frozenset[Role]
    natures: frozenset[Nature] = frozenset(Nature)
    est_de_contrat: bool = False


_GESTIONNAIRE = frozenset({Role.GESTIONNAIRE})
_PILOTE = frozenset({Role.PILOTE, Role.ADMINISTRATEUR})

ROLES: dict[Role, DefinitionDeRole] = {
    Role.GESTIONNAIRE: DefinitionDeRole(
        "Tient la page de l’organisme, invite et retire ses membres, écrit et dépose ses dossiers.",
        # Le pilote et l'administrateur ouvrent la porte d'un organisme qui n'a encore personne.
        _GESTIONNAIRE | _PILOTE,
    ),
    Role.CONTRIBUTEUR: DefinitionDeRole(
        "Écrit les dossiers de l’organisme. Ne les dépose pas.", _GESTIONNAIRE
    ),
    Role.SIGNATAIRE: DefinitionDeRole(
        "Représente l’organisme : dépose les dossiers et signe en son nom.", _GESTIONNAIRE
    ),
    Role.INSTRUCTEUR: DefinitionDeRole(
        "Étudie les demandes adressées à son service et rend son avis.", _GESTIONNAIRE, FINANCEURS
    ),
    Role.LECTEUR: DefinitionDeRole(
        "Lit ce que l’organisme peut lire. N’écrit rien.", _GESTIONNAIRE
    ),
    Role.PILOTE: DefinitionDeRole(
        "Conduit le contrat de ville : partenaires, appels, séances, éditions.",
        _PILOTE,
        ASSEMBLEES | {Nature.ETAT, Nature.GIP, Nature.ETABLISSEMENT_PUBLIC},
        est_de_contrat=True,
    ),
    Role.ADMINISTRATEUR: DefinitionDeRole(
        "Tient la plateforme : organismes, comptes, courriels. Ne lit pas les dossiers.",
        frozenset({Role.ADMINISTRATEUR}),
    ),
    Role.ELU: DefinitionDeRole(
        "Siège aux séances pour son assemblée et lit les tableaux du contrat.",
        _PILOTE,
        ASSEMBLEES,
        est_de_contrat=True,
    ),
    Role.DELEGUE_DU_PREFET: DefinitionDeRole(
        "Représente le préfet dans les quartiers et donne un avis, sans montant.",
        _PILOTE,
        frozenset({Nature.ETAT}),
        est_de_contrat=True,
    ),
    Role.CONSEILLER_CITOYEN: DefinitionDeRole(
        "Siège au conseil citoyen et donne un avis, sans montant.",
        _PILOTE,
        frozenset({Nature.CONSEIL_CITOYEN}),
        est_de_contrat=True,
    ),
    Role.EXPERT: DefinitionDeRole(
        "Lit un seul dossier, à la demande de son instructeur, et rend un avis.",
        # Un expert est invité depuis un dossier, jamais depuis la page d'un organisme.
        frozenset(),
        est_de_contrat=True,
    ),
}

# Ce que peut celui qui attend sa confirmation : écrire, ni déposer ni lire le passé.
ECRIVENT = frozenset({Role.GESTIONNAIRE, Role.CONTRIBUTEUR, Role.SIGNATAIRE})
DEPOSENT = frozenset({Role.GESTIONNAIRE, Role.SIGNATAIRE})
# Ceux qui lisent des dossiers déposés pour en donner leur avis.
ETUDIENT = frozenset(
    {Role.INSTRUCTEUR, Role.DELEGUE_DU_PREFET, Role.CONSEILLER_CITOYEN, Role.EXPERT}
)
# Ceux qui tiennent les enveloppes d'un organisme qui finance.
TIENNENT_L_ARGENT = frozenset({Role.INSTRUCTEUR, Role.GESTIONNAIRE, Role.SIGNATAIRE})
REVENDICABLES = (Role.GESTIONNAIRE, Role.SIGNATAIRE, Role.CONTRIBUTEUR)


def roles_donnables(role: str, nature: str) -> list[Role]:
    """Rend les rôles que ce rôle peut donner dans un organisme de cette nature."""
    return [
        nom
        for nom, definition in ROLES.items()
        if role in definition.donne_par and nature in definition.natures
    ]
