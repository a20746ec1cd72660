"""Les instances d'un contrat, qui y siège, leurs réunions, et qui y était."""

from django.db import models
from django.db.models import F, Q

from parvis.cadre.models import Contrat
from parvis.comptes.models import Utilisateur
from parvis.instances.enums import EtatDePresence, EtatDeReunion, SorteDInstance, Voix
from parvis.organismes.models import Organisme


class Instance(models.Model):
    """Un comité, un groupe, un conseil du contrat : ses membres s'y réunissent."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="instances")
    nom = models.CharField("nom", max_length=150)
    sorte = models.CharField("sorte", max_length=12, choices=SorteDInstance.choices)
    # Zéro : l'instance se réunit valablement quel que soit le nombre de présents.
    quorum = models.PositiveSmallIntegerField("quorum, en pour cent", default=0)
    creee_le = models.DateTimeField("créée le")
    creee_par = models.CharField("créée par", max_length=200)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "instance"
        ordering = ["nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "nom"],
                condition=Q(close_le__isnull=True),
                name="instances_une_par_nom",
                violation_error_message="Ce contrat a déjà une instance de ce nom.",
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="instances_nommee",
                violation_error_message="Donnez un nom à l’instance.",
            ),
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDInstance.values), name="instances_sorte_connue"
            ),
            models.CheckConstraint(
                condition=Q(quorum__lte=100),
                name="instances_quorum_borne",
                violation_error_message="Le quorum est une part, de 0 à 100 pour cent.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Mandat(models.Model):
    """Une personne siège dans une instance, entre deux dates, pour un organisme ou en son nom."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="mandats")
    # Qui n'a pas de compte siège aussi : on n'écrit alors que son nom.
    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.PROTECT, null=True, blank=True, related_name="mandats"
    )
    nom_sans_compte = models.CharField("nom, sans compte", max_length=150, blank=True)
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, blank=True, related_name="mandats"
    )
    fonction = models.CharField("fonction", max_length=150, blank=True)
    voix = models.CharField("voix", max_length=12, choices=Voix.choices, default=Voix.DELIBERATIVE)
    debut_le = models.DateField("depuis le")
    fin_le = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "mandat"
        ordering = ["instance_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(utilisateur__isnull=True) ^ Q(nom_sans_compte=""),
                name="instances_mandat_d_une_personne",
                violation_error_message="Un mandat est à une personne : un compte, ou un nom.",
            ),
            models.CheckConstraint(
                condition=Q(fin_le__isnull=True) | Q(fin_le__gte=F("debut_le")),
                name="instances_mandat_ordonne",
                violation_error_message="Le mandat finit avant de commencer.",
            ),
            models.CheckConstraint(condition=Q(voix__in=Voix.values), name="instances_voix_connue"),
            models.UniqueConstraint(
                fields=["instance", "utilisateur"],
                condition=Q(fin_le__isnull=True, utilisateur__isnull=False),
                name="instances_un_mandat_par_compte",
                violation_error_message="Cette personne siège déjà dans l’instance.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def nom(self) -> str:
        return str(self.utilisateur) if self.utilisateur else self.nom_sans_compte

    @property
    def a_voix(self) -> bool:
        return bool(self.voix == Voix.DELIBERATIVE)


class Reunion(models.Model):
    """Une réunion d'une instance : prévue, convoquée, tenue ou annulée."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="reunions")
    objet = models.CharField("objet", max_length=200)
    commence_le = models.DateTimeField("commence le")
    lieu = models.CharField("lieu", max_length=300)
    ordre_du_jour = models.TextField("ordre du jour", max_length=4000, blank=True)
    etat = models.CharField(
        "état", max_length=10, choices=EtatDeReunion.choices, default=EtatDeReunion.PREVUE
    )
    prevue_par = models.CharField("prévue par", max_length=200)
    convoquee_le = models.DateTimeField("convoquée le", null=True, blank=True)
    close_le = models.DateTimeField("tenue ou annulée le", null=True, blank=True)
    motif = models.CharField("motif de l’annulation", max_length=300, blank=True)

    class Meta:
        verbose_name = "réunion"
        ordering = ["-commence_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=EtatDeReunion.values), name="instances_etat_de_reunion_connu"
            ),
            models.CheckConstraint(
                condition=~Q(objet="") & ~Q(lieu=""),
                name="instances_reunion_dite",
                violation_error_message="Dites l’objet de la réunion, et son lieu.",
            ),
            models.CheckConstraint(
                condition=Q(
                    etat__in=[EtatDeReunion.PREVUE, EtatDeReunion.CONVOQUEE], close_le__isnull=True
                )
                | Q(etat__in=[EtatDeReunion.TENUE, EtatDeReunion.ANNULEE], close_le__isnull=False),
                name="instances_reunion_close_datee",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatDeReunion.CONVOQUEE) | Q(convoquee_le__isnull=False),
                name="instances_reunion_convoquee_datee",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeReunion.ANNULEE) ^ Q(motif=""),
                name="instances_reunion_annulee_motivee",
                violation_error_message="Une réunion annulée dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return self.objet


class Presence(models.Model):
    """Comment un membre a été présent à une réunion, et par qui il est représenté."""

    reunion = models.ForeignKey(Reunion, on_delete=models.PROTECT, related_name="presences")
    mandat = models.ForeignKey(Mandat, on_delete=models.PROTECT, related_name="presences")
    etat = models.CharField("présence", max_length=10, choices=EtatDePresence.choices)
    represente_par = models.ForeignKey(
        Mandat, on_delete=models.PROTECT, null=True, blank=True, related_name="pouvoirs"
    )
    notee_le = models.DateTimeField("notée le")
    notee_par = models.CharField("notée par", max_length=200)

    class Meta:
        verbose_name = "présence"
        ordering = ["reunion_id", "mandat_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "mandat"], name="instances_une_presence_par_membre"
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatDePresence.values), name="instances_presence_connue"
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDePresence.REPRESENTE) ^ Q(represente_par__isnull=True),
                name="instances_represente_par_un_membre",
                violation_error_message="Un membre représenté l’est par un autre, nommé.",
            ),
            models.CheckConstraint(
                condition=Q(represente_par__isnull=True) | ~Q(represente_par=F("mandat")),
                name="instances_represente_par_un_autre",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mandat}, {self.get_etat_display().lower()}"
