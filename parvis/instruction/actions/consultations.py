"""Demander l'avis de qui ne finance pas, inviter un expert, clore une consultation."""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions.invitations import inviter_un_expert as inviter_au_role
from parvis.comptes.models import Rattachement
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.tenir import noter_l_instruction, tenir_le_dossier_etudie
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Consultation, Deport
from parvis.instruction.permissions import peut_consulter, peut_financer
from parvis.instruction.queries.consultations import ROLES
from parvis.instruction.rules.avis import motifs_empechant_l_instruction
from parvis.instruction.rules.consultations import (
    motifs_empechant_de_consulter,
    motifs_sur_l_echeance,
)
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres_a_lire
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_paragraphes


@transaction.atomic
def consulter(
    *,
    par: Acteur,
    dossiers: Collection[Dossier],
    qualite: str,
    organisme: Organisme,
    question: str = "",
    echeance: date | None = None,
) -> list[Consultation]:
    """Demande le même avis sur un ou plusieurs dossiers ; rend celles qui sont neuves.

    Un avis déjà demandé ne l'est pas deux fois, et qui finance un dossier n'y est pas consulté. Lève
    Refus, et Dossier.DoesNotExist à qui n'est pas pilote du contrat.
    """
    retenu = organisme.retenu
    exiger(
        motifs_empechant_de_consulter(
            qualite=qualite,
            nature=retenu.nature,
            echeance=echeance,
            jour=timezone.localdate(),
            combien=len(dossiers),
        )
    )
    neuves = []
    for dossier in sorted(dossiers, key=lambda d: d.pk):
        tenu = _tenir_pour_consulter(par, dossier)
        if motifs_empechant_l_instruction(tenu.etat) or _est_deja_attendu(tenu, qualite, retenu):
            continue
        neuves.append(_ouvrir(par, tenu, qualite, retenu, question, echeance))
        noter_l_instruction(par, "instruction.consulter", tenu, {"a_qui": neuves[-1].nom})
    if neuves:
        _prevenir(neuves, retenu, echeance)
    return neuves


@transaction.atomic
def inviter_un_expert(
    *,
    par: Acteur,
    dossier: Dossier,
    courriel: str,
    question: str = "",
    echeance: date | None = None,
) -> Consultation:
    """Invite une personne à donner son avis sur ce dossier, et sur lui seul ; la réponse ne dit rien d'elle.

    Lève Refus, et Dossier.DoesNotExist à qui n'étudie pas ce dossier en financeur.
    """
    dossier, titre = tenir_le_dossier_etudie(par, dossier)
    if titre.qualite != Qualite.FINANCEUR:
        raise Dossier.DoesNotExist
    assert par.organisme is not None
    courriel = courriel.strip().lower()
    deja = dossier.consultations.filter(
        qualite=Qualite.EXPERT, courriel=courriel, organisme=par.organisme, close_le__isnull=True
    )
    exiger(
        motifs_empechant_l_instruction(dossier.etat)
        + motifs_sur_l_echeance(echeance, timezone.localdate())
        + (["Cette personne est déjà invitée sur ce dossier."] if deja.exists() else [])
        + (
            ["Cette adresse ne s’invite pas sur ce dossier."]
            if _est_du_porteur(dossier, courriel)
            else []
        )
    )
    consultation = _ouvrir(
        par, dossier, Qualite.EXPERT, par.organisme, question, echeance, courriel
    )
    noter_l_instruction(par, "instruction.inviter_un_expert", dossier)
    if inviter_au_role(par=par, courriel=courriel, contrat=dossier.appel.contrat.code) is None:
        # Déjà expert auprès du service : il n'y a que le dossier à lui dire.
        _ecrire(courriel, [consultation], echeance)
    return consultation


@transaction.atomic
def clore_une_consultation(*, par: Acteur, consultation: Consultation) -> Consultation:
    """N'attend plus un avis : le pilote, ou pour un expert le service qui l'a invité.

    L'avis déjà rendu reste. Lève Refus si elle est close, Consultation.DoesNotExist à tout autre.
    """
    close = (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("dossier__appel__contrat", "dossier__projet", "organisme__fusionne_dans")
        .get(pk=consultation.pk)
    )
    est_pilote = peut_consulter(par, close.dossier.appel.contrat.code)
    est_a_lui = peut_financer(par) and par.organisme == close.organisme.retenu
    if not (est_a_lui if close.qualite == Qualite.EXPERT else est_pilote):
        raise Consultation.DoesNotExist
    exiger(["Cet avis n’est déjà plus attendu."] if close.close_le else [])
    close.close_le = timezone.now()
    close.save(update_fields=["close_le"])
    noter_l_instruction(
        par, "instruction.clore_une_consultation", close.dossier, {"a_qui": close.nom}
    )
    return close


def _tenir_pour_consulter(par: Acteur, dossier: Dossier) -> Dossier:
    tenu = (
        Dossier.objects.select_for_update(of=("self",))
        .deposes()
        .select_related("projet__porteur__fusionne_dans", "appel__contrat")
        .get(pk=dossier.pk)
    )
    if not peut_consulter(par, tenu.appel.contrat.code):
        raise Dossier.DoesNotExist
    return tenu


def _est_deja_attendu(dossier: Dossier, qualite: str, organisme: Organisme) -> bool:
    siens = membres_a_lire(organisme)
    consultees = dossier.consultations.filter(qualite=qualite, close_le__isnull=True)
    if qualite != Qualite.DELEGUE_DU_PREFET:
        consultees = consultees.filter(organisme__in=siens)
    finance = qualite == Qualite.COMMUNE and dossier.demandes.filter(financeur__in=siens).exists()
    return finance or consultees.exists()


def _est_du_porteur(dossier: Dossier, courriel: str) -> bool:
    """Dit si cette adresse est à quelqu'un du porteur : un expert ne juge pas son propre dossier."""
    porteurs = [dossier.projet.porteur, dossier.projet.structure_porteuse]
    return any(
        Rattachement.objects.en_cours(timezone.localdate())
        .filter(utilisateur__courriel=courriel, organisme__in=membres_a_lire(porteur))
        .exists()
        for porteur in porteurs
        if porteur
    )


def _ouvrir(
    par: Acteur,
    dossier: Dossier,
    qualite: str,
    organisme: Organisme,
    question: str,
    echeance: date | None,
    courriel: str = "",
) -> Consultation:
    return Consultation.objects.create(
        dossier=dossier,
        qualite=qualite,
        organisme=organisme,
        courriel=courriel,
        question=en_paragraphes(question)[:1000],
        echeance_le=echeance,
        demandee_le=timezone.now(),
        demandee_par=par.utilisateur_nom,
    )


def _prevenir(neuves: list[Consultation], organisme: Organisme, echeance: date | None) -> None:
    """Écrit une fois à chacun de ceux qui répondront, quel que soit le nombre de dossiers."""
    qualite = Qualite(neuves[0].qualite)
    agissent = Rattachement.objects.confirmes(timezone.localdate()).filter(role=ROLES[qualite])
    if qualite == Qualite.COMMUNE:
        agissent = agissent.filter(organisme=organisme)
    else:
        agissent = agissent.filter(contrat=neuves[0].dossier.appel.contrat.code)
        if qualite == Qualite.CONSEIL_CITOYEN:
            agissent = agissent.filter(organisme=organisme)
    adresses = {r.utilisateur.courriel for r in agissent.select_related("utilisateur")}
    deportes = Deport.objects.filter(
        dossier__in=[c.dossier_id for c in neuves], leve_le__isnull=True
    ).values_list("utilisateur__courriel", "dossier")
    for adresse in sorted(adresses):
        fermes = {dossier for courriel, dossier in deportes if courriel == adresse}
        # Qui s'est déporté d'un dossier n'en lit pas même le titre.
        lues = [c for c in neuves if c.dossier_id not in fermes]
        if lues:
            _ecrire(adresse, lues, echeance)


def _ecrire(adresse: str, neuves: list[Consultation], echeance: date | None) -> None:
    contrat = neuves[0].dossier.appel.contrat.code
    page = settings.ADRESSE + reverse("espace_financeur:dossiers", args=[contrat])
    titres = "\n".join(f"– {c.dossier.projet.titre}" for c in neuves)
    quand = f" avant le {en_clair(echeance)}" if echeance else ""
    deposer(
        destinataire=adresse,
        sujet=Sujet.PLATEFORME,
        objet="Votre avis est demandé"
        + (f" sur {len(neuves)} dossiers" if len(neuves) > 1 else ""),
        texte=f"On vous demande votre avis{quand} :\n{titres}\n\n"
        f"Lisez et répondez ici, avec votre compte : {page}",
    )
