"""Pour quel organisme une personne agit, avec quel rôle, entre quelles dates."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from parvis.comptes.enums import EtatDeRattachement, Preuve, Role
from parvis.comptes.models.utilisateur import Utilisateur
from parvis.comptes.rules.roles import ROLES
from parvis.organismes.models import Organisme

_OUVERTS = [EtatDeRattachement.EN_ATTENTE.value, EtatDeRattachement.CONFIRME.value]
_DE_CONTRAT = [role.value for role, definition in ROLES.items() if definition.est_de_contrat]


# Avoir créé la page d'un doublon, ou y avoir été invité, ne prouve rien pour l'organisme auquel il
# est réuni.
_PREUVES_DU_DOUBLON = [Preuve.CREATION, Preuve.INVITATION, Preuve.GESTIONNAIRE]
_A_RECONFIRMER = Q(
    etat=EtatDeRattachement.CONFIRME,
    preuve__in=_PREUVES_DU_DOUBLON,
    organisme__fusionne_dans__isnull=False,
)


class Rattachements(models.QuerySet["Rattachement"]):
    """Les filtres d'un rattachement."""

    def en_cours(self, jour: date) -> "Rattachements":
        """Garde ceux qui valent ce jour-là, confirmés ou en attente de l'être."""
        return self.filter(etat__in=_OUVERTS, debut_le__lte=jour).filter(
            Q(fin_le__isnull=True) | Q(fin_le__gte=jour)
        )

    def confirmes(self, jour: date) -> "Rattachements":
        """Garde ceux qui valent ce jour-là, sont confirmés, et dont le compte est ouvert."""
        confirmes = self.en_cours(jour).filter(
            etat=EtatDeRattachement.CONFIRME, utilisateur__is_active=True
        )
        return confirmes.exclude(_A_RECONFIRMER)

    def a_trancher(self) -> "Rattachements":
        """Garde ceux qui attendent une décision : les demandes, et ce qu'une fusion remet en cause."""
        return self.filter(Q(etat=EtatDeRattachement.EN_ATTENTE) | _A_RECONFIRMER)


class Rattachement(models.Model):
    """Une personne agit pour un organisme, avec un rôle, entre deux dates."""

    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.PROTECT, related_name="rattachements"
    )
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="rattachements")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    # Un code, et non une clé : les contrats vivent dans une pièce plus haute.
    contrat = models.CharField("contrat", max_length=80, blank=True)
    debut_le = models.DateField("depuis le")
    fin_le = models.DateField("jusqu’au", null=True, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatDeRattachement.choices)
    preuve = models.CharField("preuve", max_length=12, choices=Preuve.choices, blank=True)
    precision = models.CharField("précision sur la preuve", max_length=300, blank=True)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)

    objects = Rattachements.as_manager()

    class Meta:
        verbose_name = "rattachement"
        ordering = ["utilisateur", "debut_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin_le__isnull=True) | Q(fin_le__gte=F("debut_le")),
                name="comptes_rattachement_ordonne",
                violation_error_message="Le rattachement finit avant de commencer.",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="comptes_role_connu"),
            models.CheckConstraint(
                condition=Q(etat__in=EtatDeRattachement.values), name="comptes_etat_connu"
            ),
            models.CheckConstraint(
                condition=(Q(role__in=_DE_CONTRAT) & ~Q(contrat=""))
                | (~Q(role__in=_DE_CONTRAT) & Q(contrat="")),
                name="comptes_contrat_du_role",
                violation_error_message="Ce rôle vaut pour un contrat de ville, et lui seul.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeRattachement.CONFIRME, confirme_le__isnull=False)
                | Q(etat=EtatDeRattachement.TERMINE)
                | Q(
                    etat__in=[EtatDeRattachement.EN_ATTENTE, EtatDeRattachement.REFUSE],
                    confirme_le__isnull=True,
                ),
                name="comptes_confirme_et_date",
                violation_error_message="Un rattachement confirmé porte la date de sa confirmation.",
            ),
            models.CheckConstraint(
                condition=Q(confirme_le__isnull=True, preuve="")
                | (Q(confirme_le__isnull=False) & ~Q(preuve="")),
                name="comptes_confirme_et_prouve",
                violation_error_message="Une confirmation dit sur quelle preuve elle repose.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=_OUVERTS, clos_le__isnull=True)
                | (~Q(etat__in=_OUVERTS) & Q(clos_le__isnull=False)),
                name="comptes_clos_et_date",
                violation_error_message="Un rattachement clos porte la date de sa fin.",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "organisme", "role", "contrat"],
                condition=Q(etat__in=_OUVERTS, fin_le__isnull=True),
                name="comptes_un_rattachement_ouvert_par_role",
                violation_error_message="Cette personne a déjà ce rôle dans cet organisme.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur} · {self.get_role_display()} · {self.organisme}"

    def est_en_cours(self, jour: date) -> bool:
        """Dit si le rattachement vaut ce jour-là, confirmé ou en attente de l'être."""
        return (
            self.etat in _OUVERTS
            and self.debut_le <= jour
            and (self.fin_le is None or jour <= self.fin_le)
        )

    @property
    def est_a_reconfirmer(self) -> bool:
        """Dit si sa preuve ne valait que pour une page, depuis réunie à celle d'un autre."""
        return (
            self.etat == EtatDeRattachement.CONFIRME
            and self.preuve in _PREUVES_DU_DOUBLON
            and self.organisme.fusionne_dans_id is not None
        )

    @property
    def est_confirme(self) -> bool:
        return self.etat == EtatDeRattachement.CONFIRME and not self.est_a_reconfirmer
