"""Poser une question sur un dossier que l'on étudie, y répondre, la clore."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.nouvelles import dire_la_question, dire_la_reponse
from parvis.instruction.actions.tenir import noter_l_instruction
from parvis.instruction.enums import SorteDEchange
from parvis.instruction.models import Echange
from parvis.instruction.queries.echanges import (
    Place,
    partie_visee,
    place_du_porteur,
    place_du_service,
)
from parvis.instruction.rules.echanges import (
    motifs_empechant_de_clore,
    motifs_empechant_la_question,
    motifs_empechant_la_reponse,
)
from parvis.socle.refus import exiger
from parvis.socle.texte import en_paragraphes


@transaction.atomic
def poser_une_question(
    *,
    par: Acteur,
    dossier: Dossier,
    sorte: str,
    texte: str,
    sur: str = "",
    echeance: date | None = None,
    maintenant: datetime | None = None,
) -> Echange:
    """Pose une question au porteur, que tous les services lisent, ou aux autres services seulement.

    `sur` est la clé d'une partie du dossier déposé, vide pour tout le dossier. Lève Refus, et
    Dossier.DoesNotExist à qui n'étudie pas ce dossier en financeur, ni ne le reçoit.
    """
    dossier, maintenant = tenir_le_dossier_echange(dossier.pk), maintenant or timezone.now()
    place = place_du_service(par, dossier)
    if not place.ecrit:
        raise Dossier.DoesNotExist
    texte = en_paragraphes(texte)
    partie = partie_visee(dossier, sur) if sur else None
    exiger(
        motifs_empechant_la_question(
            etat=dossier.etat,
            sorte=sorte,
            sortes=place.sortes,
            est_situee=partie is not None or not sur,
            texte=texte,
            echeance=echeance,
            jour=timezone.localdate(maintenant),
        )
    )
    assert par.organisme is not None
    question = Echange.objects.create(
        dossier=dossier,
        sorte=sorte,
        section=partie.section if partie else "",
        sur=partie.sur if partie else "",
        texte=texte,
        organisme=par.organisme,
        ecrit_le=maintenant,
        auteur=par.utilisateur_identifiant,
        ecrit_par=par.utilisateur_nom,
        echeance_le=echeance,
    )
    details = {"echeance": echeance.isoformat() if echeance else ""}
    if sorte == SorteDEchange.AVEC_LE_PORTEUR:
        noter_l_instruction(par, "instruction.interroger_le_porteur", dossier, details)
    else:
        noter_l_instruction(par, "instruction.interroger_les_services", dossier, details)
    dire_la_question(par, question)
    return question


@transaction.atomic
def repondre(
    *, par: Acteur, question: Echange, texte: str, maintenant: datetime | None = None
) -> Echange:
    """Répond à une question, du côté du porteur ou d'un service.

    Lève Refus, et Echange.DoesNotExist à qui ne la lit pas, ou ne fait que la lire.
    """
    question, place = _tenir_la_question(par, question)
    maintenant, texte = maintenant or timezone.now(), en_paragraphes(texte)
    exiger(
        motifs_empechant_la_reponse(
            etat=question.dossier.etat, est_close=question.clos_le is not None, texte=texte
        )
    )
    assert par.organisme is not None
    reponse = Echange.objects.create(
        dossier=question.dossier,
        sorte=question.sorte,
        question=question,
        texte=texte,
        organisme=par.organisme,
        est_du_porteur=place.est_du_porteur,
        ecrit_le=maintenant,
        auteur=par.utilisateur_identifiant,
        ecrit_par=par.utilisateur_nom,
    )
    if question.sorte == SorteDEchange.AVEC_LE_PORTEUR:
        noter_l_instruction(par, "instruction.repondre", question.dossier)
    else:
        noter_l_instruction(par, "instruction.repondre_entre_services", question.dossier)
    dire_la_reponse(par, reponse)
    return reponse


@transaction.atomic
def clore_une_question(*, par: Acteur, question: Echange) -> Echange:
    """N'attend plus rien d'une question : le service qui l'a posée, et lui seul.

    Lève Refus si elle est close, Echange.DoesNotExist à tout autre.
    """
    question, place = _tenir_la_question(par, question)
    if place.est_du_porteur or par.organisme != question.organisme.retenu:
        raise Echange.DoesNotExist
    exiger(motifs_empechant_de_clore(est_close=question.clos_le is not None))
    question.clos_le, question.clos_par = timezone.now(), par.utilisateur_nom
    question.save(update_fields=["clos_le", "clos_par"])
    if question.sorte == SorteDEchange.AVEC_LE_PORTEUR:
        noter_l_instruction(par, "instruction.clore_une_question", question.dossier)
    else:
        noter_l_instruction(par, "instruction.clore_entre_services", question.dossier)
    return question


def tenir_le_dossier_echange(pk: int) -> Dossier:
    """Rend un dossier déposé, verrouillé, avec ce qu'il faut pour dire qui le lit."""
    return (
        Dossier.objects.deposes()
        .select_for_update(of=("self",))
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__structure_porteuse__fusionne_dans",
            "appel__contrat",
        )
        .get(pk=pk)
    )


def _tenir_la_question(par: Acteur, question: Echange) -> tuple[Echange, Place]:
    """Rend la question, son dossier verrouillé, et la place d'où l'acteur y écrit."""
    dossier = tenir_le_dossier_echange(question.dossier_id)
    tenue = (
        Echange.objects.select_for_update(of=("self",))
        .select_related("organisme__fusionne_dans")
        .get(pk=question.pk, question__isnull=True)
    )
    tenue.dossier = dossier
    for place in (place_du_service(par, dossier), place_du_porteur(par, dossier)):
        if place.ecrit and tenue.sorte in place.sortes:
            return tenue, place
    raise Echange.DoesNotExist
