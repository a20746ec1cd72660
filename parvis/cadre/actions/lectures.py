"""Déposer un document, le lire en travail long, répondre à ses questions, en écrire le brouillon."""

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre import rules
from parvis.cadre.actions.importer import Importation, importer_cadre
from parvis.cadre.enums import StatutDeLecture
from parvis.cadre.importation.formats.ouverture import ouvrir
from parvis.cadre.importation.lecteur import lire_pivot
from parvis.cadre.importation.questions import Question
from parvis.cadre.importation.reponses import appliquer
from parvis.cadre.importation.source import DocumentIllisible
from parvis.cadre.importation.structure import depuis_dict, en_dict
from parvis.cadre.models import Contrat, Lecture, Reponse
from parvis.cadre.queries.lectures import reponses_du_contrat
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import exiger
from parvis.travaux import actions as travaux

NATURE = "cadre.lire"
_ETAPES = 3


@transaction.atomic
def deposer_document(*, par: Acteur, contrat: Contrat, nom: str, octets: bytes) -> Lecture:
    """Dépose un document et met sa lecture en file ; lève Refus s'il est vide ou trop grand."""
    exiger(rules.motifs_empechant_le_depot(nom=nom, taille=len(octets)))
    tenir_la_chaine(contrat.code)
    lecture = Lecture.objects.create(
        contrat=contrat,
        fichier=nom[-200:],
        taille=len(octets),
        empreinte=hashlib.sha256(octets).hexdigest(),
        octets=octets,
        deposee_le=timezone.now(),
        deposee_par=par.utilisateur_nom,
    )
    lecture.travail = travaux.demander(
        par=par,
        nature=NATURE,
        parametres={"lecture": lecture.pk},
        contrat=contrat.code,
        total=_ETAPES,
    )
    lecture.save(update_fields=["travail"])
    _noter(par, "cadre.deposer", lecture, taille=lecture.taille)
    return lecture


def mener_la_lecture(parametres: Mapping[str, Any], avancer: Callable[..., None]) -> dict[str, Any]:
    """Lit le document d'une lecture, hors transaction, puis écrit d'un coup ce qu'il dit.

    Coupée en chemin, elle n'a rien écrit et se refait.
    """
    lecture = Lecture.objects.get(pk=parametres["lecture"])
    if not lecture.est_en_attente:
        return {"statut": lecture.statut}
    avancer(0, _ETAPES)
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / f"document{Path(lecture.fichier).suffix.lower()}"
        chemin.write_bytes(bytes(lecture.octets or b""))
        try:
            pivot = ouvrir(chemin)
            avancer(1, _ETAPES)
            contenu = en_dict(lire_pivot(pivot))
        except DocumentIllisible as refus:
            return _conclure(lecture.pk, StatutDeLecture.ILLISIBLE, refus=str(refus))
    avancer(2, _ETAPES)
    return _conclure(
        lecture.pk,
        StatutDeLecture.LUE,
        lignes=pivot.lignes,
        reperes=pivot.reperes,
        lu=contenu,
    )


@transaction.atomic
def _conclure(lecture: int, statut: StatutDeLecture, **valeurs: Any) -> dict[str, Any]:
    tenue = Lecture.objects.select_for_update().get(pk=lecture)
    if tenue.est_en_attente:  # sinon le pilote y a renoncé entre-temps
        tenue.statut, tenue.octets = statut, None
        for champ, valeur in valeurs.items():
            setattr(tenue, champ, valeur)
        tenue.save()
    return {"statut": tenue.statut}


@transaction.atomic
def repondre(
    *, par: Acteur, lecture: Lecture, question: Question, valeurs: Mapping[str, str]
) -> None:
    """Garde les réponses d'une question, par clé d'élément ; elles remplacent les précédentes."""
    tenir_la_chaine(lecture.contrat.code)
    for element in question.elements:
        Reponse.objects.update_or_create(
            contrat=lecture.contrat,
            cle=element.cle[:400],
            defaults={
                "imprime": element.imprime,
                "valeur": valeurs.get(element.cle, ""),
                "repondue_le": timezone.now(),
                "repondue_par": par.utilisateur_nom,
            },
        )
    _noter(
        par,
        "cadre.repondre",
        lecture,
        nature=question.nature,
        imprime=question.elements[0].imprime[:200],
        reponse=valeurs.get(question.elements[0].cle, "")[:200],
        nombre=len(question.elements),
    )


@transaction.atomic
def rouvrir(*, par: Acteur, lecture: Lecture, reponse: int) -> None:
    """Oublie une réponse : sa question se repose, à cette lecture et aux suivantes.

    N'écrit rien si elle l'est déjà ; lève Refus si la lecture n'est plus à relire.
    """
    tenir_la_chaine(lecture.contrat.code)
    exiger(rules.motifs_empechant_le_passage(lecture.statut, StatutDeLecture.ECRITE))
    oubliee = Reponse.objects.filter(contrat=lecture.contrat, pk=reponse).first()
    if oubliee is None:
        return
    oubliee.delete()
    _noter(par, "cadre.rouvrir", lecture, imprime=oubliee.imprime[:200])


def ecrire_le_brouillon(*, par: Acteur, lecture: Lecture) -> Importation:
    """Écrit le brouillon d'une lecture, réponses appliquées ; lève Refus s'il n'est pas écrivable.

    Une question sans réponse garde ce que la lecture propose.
    """
    with transaction.atomic():
        tenir_la_chaine(lecture.contrat.code)
        tenue = Lecture.objects.select_for_update().select_related("contrat").get(pk=lecture.pk)
        exiger(rules.motifs_empechant_le_passage(tenue.statut, StatutDeLecture.ECRITE))
        lu = appliquer(depuis_dict(tenue.lu or {}), reponses_du_contrat(tenue.contrat))
        importation = importer_cadre(
            par=par, contrat=tenue.contrat.code, lu=lu, source=tenue.fichier
        )
        tenue.statut, tenue.edition = StatutDeLecture.ECRITE, importation.edition
        tenue.save(update_fields=["statut", "edition"])
    return importation


@transaction.atomic
def abandonner(*, par: Acteur, lecture: Lecture) -> None:
    """Renonce à une lecture : son travail s'arrête, son fichier s'efface ; rien n'est écrit."""
    tenir_la_chaine(lecture.contrat.code)
    tenue = (
        Lecture.objects.select_for_update(of=("self",))
        .select_related("contrat", "travail")
        .get(pk=lecture.pk)
    )
    exiger(rules.motifs_empechant_le_passage(tenue.statut, StatutDeLecture.ABANDONNEE))
    if tenue.travail is not None:
        travaux.annuler(travail=tenue.travail)
    tenue.statut, tenue.octets = StatutDeLecture.ABANDONNEE, None
    tenue.save(update_fields=["statut", "octets"])
    _noter(par, "cadre.abandonner", tenue)


def _noter(par: Acteur, action: str, lecture: Lecture, **details: Any) -> None:
    noter(
        par=par,
        contrat=lecture.contrat.code,
        action=action,
        objet=f"lecture:{lecture.pk}",
        objet_nom=lecture.fichier,
        details=details,
    )
