"""Les notes d'un service sur les dossiers qu'il finance : à lui seul."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import CritereDAppel, Dossier
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Note
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.deports import hors_des_deports
from parvis.instruction.queries.dossiers import Titre, demandes_du_service, titre_sur
from parvis.instruction.rules.grille import UNITE, Choix, Pese, Score, score, score_des_sommes
from parvis.organismes.queries import membres_a_lire

# La file se trie sur le score au millionième : deux scores différents ne s'y confondent pas.
_FINESSE = 1_000_000


@dataclass(frozen=True)
class CritereNote:
    """Un critère de la grille, et la note du service s'il en a donné une."""

    critere: CritereDAppel
    note: Note | None

    @property
    def mot(self) -> str:
        """Rend le niveau choisi, en mots."""
        niveaux = self.critere.niveaux
        if self.note is None or self.note.niveau >= len(niveaux):
            return ""
        return str(niveaux[self.note.niveau])

    @property
    def choix(self) -> Choix:
        """Rend ce que le service a choisi."""
        return Choix(self.note.niveau, self.note.commentaire) if self.note else Choix()


@dataclass(frozen=True)
class GrilleLue:
    """La grille d'un dossier telle que le service l'a remplie, et ce qu'elle vaut."""

    lignes: list[CritereNote]
    score: Score


def notes_du_service(acteur: Acteur) -> QuerySet[Note]:
    """Rend les notes du service de l'acteur ; rien à qui n'étudie pas les demandes qu'il reçoit.

    Ni celles d'un dossier que son service ne finance pas, ni celles d'un dossier dont il s'est déporté.
    """
    if not peut_financer(acteur):
        return Note.objects.none()
    assert acteur.organisme is not None
    return Note.objects.filter(
        hors_des_deports(acteur, "dossier"),
        organisme__in=membres_a_lire(acteur.organisme),
        dossier__in=demandes_du_service(acteur).values("dossier"),
    )


def grille_du_dossier(
    acteur: Acteur, dossier: Dossier, titre: Titre | None = None
) -> GrilleLue | None:
    """Rend la grille d'un dossier et les notes du service ; rien si l'appel n'en a pas.

    Rien non plus à qui est consulté. Lève Dossier.DoesNotExist à qui n'étudie pas ce dossier.
    """
    titre = titre or titre_sur(acteur, dossier)
    if titre.qualite != Qualite.FINANCEUR or not peut_financer(acteur):
        return None
    criteres = list(dossier.version_d_appel.grille.all())
    if not criteres:
        return None
    notes = {n.cle: n for n in notes_du_service(acteur).filter(dossier=dossier)}
    lignes = [CritereNote(critere, notes.get(critere.cle)) for critere in criteres]
    donnees = [Pese(x.note.poids, x.note.niveau, x.note.sur) for x in lignes if x.note]
    return GrilleLue(lignes, score(donnees, len(criteres)))


def grille_a_noter(acteur: Acteur, dossier: Dossier) -> GrilleLue:
    """Rend la grille que le service remplit ; lève Dossier.DoesNotExist s'il n'y en a pas pour lui."""
    grille = grille_du_dossier(acteur, dossier)
    if grille is None:
        raise Dossier.DoesNotExist
    return grille


def avec_les_notes(dossiers: QuerySet[Dossier], acteur: Acteur) -> QuerySet[Dossier]:
    """Ajoute à des dossiers les sommes dont se lit leur score, et de quoi les trier (`note_triee`)."""
    siennes = notes_du_service(acteur).filter(dossier=OuterRef("pk")).order_by().values("dossier")
    grille = CritereDAppel.objects.filter(version=OuterRef("version_d_appel")).order_by()
    points = Sum(F("poids") * F("niveau") * Value(UNITE) / F("sur"))
    return dossiers.annotate(
        note_points=_entier(siennes.annotate(somme=points)),
        note_poids=_entier(siennes.annotate(somme=Sum("poids"))),
        notes_donnees=_entier(siennes.annotate(somme=Count("cle", distinct=True))),
        criteres=_entier(grille.values("version").annotate(somme=Count("pk"))),
        # Un dossier que le service n'a pas noté vient après celui qui a zéro.
        note_triee=Coalesce(
            F("note_points") * Value(_FINESSE) / F("note_poids"),
            Value(-1),
            output_field=IntegerField(),
        ),
    )


def _entier(lignes: QuerySet[Any, Any]) -> Subquery:
    return Subquery(lignes.values("somme"), output_field=IntegerField())


def score_lu(dossier: Any) -> Score | None:
    """Rend le score d'un dossier lu par `avec_les_notes` ; rien si le service ne l'a pas noté."""
    if not dossier.notes_donnees:
        return None
    return score_des_sommes(
        dossier.note_points, dossier.note_poids, dossier.notes_donnees, dossier.criteres or 0
    )
