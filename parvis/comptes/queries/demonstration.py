"""Les personnes inventées de la démonstration, rangées par ce qu'elles viennent y faire."""

from dataclasses import dataclass, field
from datetime import date

from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.comptes.rules.roles import FINANCEURS

DOMAINE = "@demonstration.example"
_ROLES = {
    Role.PILOTE: "Conduire le contrat",
    Role.ADMINISTRATEUR: "Tenir la plateforme",
    Role.ELU: "Siéger, donner un avis",
    Role.DELEGUE_DU_PREFET: "Siéger, donner un avis",
    Role.CONSEILLER_CITOYEN: "Siéger, donner un avis",
    Role.EXPERT: "Siéger, donner un avis",
}
_PORTER, _FINANCER, _ARRIVER = "Porter un projet", "Financer et étudier", "Arriver sans organisme"
LECTEURS = tuple(dict.fromkeys([_PORTER, _FINANCER, *_ROLES.values(), _ARRIVER]))


@dataclass
class Personne:
    """Une personne que l'on peut essayer, avec ses rôles du jour."""

    utilisateur: Utilisateur
    roles: list[Rattachement] = field(default_factory=list)


@dataclass
class Groupe:
    """Les personnes qui viennent pour la même chose."""

    lecteur: str
    personnes: list[Personne]

    @property
    def en_vitrine(self) -> list[Personne]:
        """Rend la première personne de chaque rôle : de quoi essayer sans lire une longue liste."""
        premieres: dict[str, Personne] = {}
        for personne in self.personnes:
            premieres.setdefault(personne.roles[0].role if personne.roles else "", personne)
        return list(premieres.values())

    @property
    def autres(self) -> list[Personne]:
        """Rend celles qui ne sont pas en vitrine."""
        vues = self.en_vitrine
        return [personne for personne in self.personnes if personne not in vues]


def personnes_de_demonstration(*, jour: date) -> list[Groupe]:
    """Rend les personnes de la démonstration par sorte de lecteur, les groupes vides en moins."""
    utilisateurs = Utilisateur.objects.filter(courriel__endswith=DOMAINE, is_active=True)
    personnes = {u.pk: Personne(u) for u in utilisateurs}
    en_cours = Rattachement.objects.en_cours(jour).filter(utilisateur__in=personnes)
    for role in en_cours.select_related("organisme").order_by("debut_le", "pk"):
        personnes[role.utilisateur_id].roles.append(role)
    groupes = {lecteur: Groupe(lecteur, []) for lecteur in LECTEURS}
    for personne in personnes.values():
        groupes[_lecteur(personne)].personnes.append(personne)
    return [groupe for groupe in groupes.values() if groupe.personnes]


def personne_a_essayer(pk: int) -> Utilisateur:
    """Rend une personne de la démonstration ; lève Utilisateur.DoesNotExist pour toute autre."""
    return Utilisateur.objects.get(pk=pk, courriel__endswith=DOMAINE, is_active=True)


def _lecteur(personne: Personne) -> str:
    if not personne.roles:
        return _ARRIVER
    premier = personne.roles[0]
    nature = premier.organisme.nature
    return _ROLES.get(Role(premier.role), _FINANCER if nature in FINANCEURS else _PORTER)
