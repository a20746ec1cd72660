"""Inviter quelqu'un dans un organisme ; prouver qu'on en est par un code envoyé à son adresse."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from parvis.comptes.enums import EtatDInvitation, Role
from parvis.comptes.models.rattachement import Rattachement
from parvis.organismes.models import Organisme


class Invitation(models.Model):
    """Un gestionnaire propose un rôle à une adresse ; seule cette adresse peut l'accepter."""

    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="invitations")
    courriel = models.EmailField("adresse invitée")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    contrat = models.CharField("contrat", max_length=80, blank=True)
    fin_le = models.DateField("rôle donné jusqu’au", null=True, blank=True)
    # Le jeton n'est pas gardé : qui lit la base ne peut pas accepter à la place de l'invité.
    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True)
    etat = models.CharField(
        "état", max_length=12, choices=EtatDInvitation.choices, default=EtatDInvitation.ENVOYEE
    )
    invite_par = models.ForeignKey(
        Rattachement, on_delete=models.PROTECT, related_name="invitations_envoyees"
    )
    cree_le = models.DateTimeField("créée le")
    expire_le = models.DateTimeField("expire le")
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(courriel=Lower("courriel")), name="comptes_invitation_minuscule"
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="comptes_invitation_role_connu"
            ),
            models.CheckConstraint(
                condition=Q(expire_le__gt=F("cree_le")), name="comptes_invitation_ordonnee"
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDInvitation.ENVOYEE, close_le__isnull=True)
                | (Q(etat__in=EtatDInvitation.values) & ~Q(etat=EtatDInvitation.ENVOYEE))
                & Q(close_le__isnull=False),
                name="comptes_invitation_close_et_datee",
                violation_error_message="Une invitation close porte sa date, et elle seule.",
            ),
            models.UniqueConstraint(
                fields=["organisme", "courriel", "role", "contrat"],
                condition=Q(etat=EtatDInvitation.ENVOYEE),
                name="comptes_une_invitation_ouverte",
                violation_error_message="Cette adresse est déjà invitée à ce rôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.courriel} · {self.get_role_display()} · {self.organisme}"


class CodeDOrganisme(models.Model):
    """Un code envoyé à l'adresse connue de l'organisme, pour confirmer un rattachement demandé."""

    rattachement = models.ForeignKey(
        Rattachement, on_delete=models.CASCADE, related_name="codes_envoyes"
    )
    empreinte = models.CharField("empreinte du code", max_length=128)
    envoye_le = models.DateTimeField("envoyé le")
    expire_le = models.DateTimeField("expire le")
    essais = models.PositiveSmallIntegerField("essais", default=0)
    utilise_le = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code envoyé à un organisme"
        verbose_name_plural = "codes envoyés aux organismes"
        ordering = ["-envoye_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expire_le__gt=F("envoye_le")), name="comptes_code_ordonne"
            )
        ]

    def __str__(self) -> str:
        return f"Code du {self.envoye_le:%d/%m/%Y} pour {self.rattachement}"
