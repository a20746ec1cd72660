"""Demander un complément sur un dossier déposé, et y répondre."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.depot import accuser_reception, figer_le_dossier
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.projections import projeter
from parvis.dossiers.actions.reception import (
    prevenir_le_porteur,
    prevenir_le_service,
    tenir_le_dossier_recu,
)
from parvis.dossiers.actions.sections import tenir_le_dossier
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.models import Complement, Demande, Dossier, VersionDeposee
from parvis.dossiers.permissions import peut_deposer_le_dossier
from parvis.dossiers.queries.a_part import pieces_voulues
from parvis.dossiers.queries.controle import controler
from parvis.dossiers.queries.depot import recepisses_a_donner
from parvis.dossiers.queries.dossiers import sections
from parvis.dossiers.rules.dossiers import motifs_empechant_le_passage
from parvis.dossiers.rules.recevabilite import motifs_empechant_le_complement
from parvis.socle.refus import Refus, exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_paragraphes

DECIDEES = (EtatDeDemande.ACCORDEE, EtatDeDemande.REFUSEE)


@transaction.atomic
def demander_un_complement(
    *,
    par: Acteur,
    dossier: Dossier,
    section: str,
    texte: str,
    echeance: date,
    piece: str = "",
    maintenant: datetime | None = None,
) -> Complement:
    """Demande au porteur de compléter une section ou une pièce avant une date ; lève Refus.

    La section s'ouvre de nouveau à l'écriture, et elle seule ; ce qui était déposé reste.
    """
    dossier, maintenant = tenir_le_dossier_recu(par, dossier), maintenant or timezone.now()
    connues = sections(dossier)
    texte = en_paragraphes(texte)[:2000]
    exiger(
        motifs_empechant_le_complement(
            etat=dossier.etat,
            section=section,
            sections=connues,
            texte=texte,
            echeance=echeance,
            jour=timezone.localdate(maintenant),
        )
    )
    nom = connues[section].titre
    if section == "pieces" and piece:
        voulues = {voulue.cle: voulue.libelle for voulue in pieces_voulues(dossier)}
        if piece not in voulues:
            raise Refus(["Choisissez une pièce que l’appel demande à ce porteur."])
        nom = voulues[piece]
    complement = Complement.objects.create(
        dossier=dossier,
        section=section,
        piece=piece if section == "pieces" else "",
        texte=texte,
        demande_le=maintenant,
        demande_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
        echeance_le=echeance,
    )
    if dossier.etat == EtatDeDossier.DEPOSE:
        dossier.etat = EtatDeDossier.A_COMPLETER
        dossier.save(update_fields=["etat"])
    noter_le_dossier(
        par,
        "dossiers.demander_un_complement",
        dossier,
        {"section": nom, "echeance": echeance.isoformat()},
    )
    prevenir_le_porteur(
        dossier,
        objet=f"Dossier {dossier.reference} : un complément est demandé",
        texte=f"« {nom} » : {texte}\n\nÀ rendre au plus tard le {en_clair(echeance)}. "
        "Le reste de votre dossier ne change pas.",
    )
    return complement


@transaction.atomic
def repondre_aux_complements(
    *,
    par: Acteur,
    dossier: Dossier,
    reponses: dict[int, str],
    maintenant: datetime | None = None,
) -> VersionDeposee:
    """Rend un dossier complété : une nouvelle version déposée, et les compléments répondus.

    `reponses` donne une phrase par complément, qui peut être vide. Lève Refus s'il n'y en a pas, ou
    si une section rouverte ne pourrait pas se déposer ; Dossier.DoesNotExist à qui ne dépose pas.
    """
    dossier = tenir_le_dossier(par, dossier)
    if not peut_deposer_le_dossier(par, dossier.projet):
        raise Dossier.DoesNotExist
    ouverts = list(dossier.complements.filter(repondu_le__isnull=True))
    if not ouverts:
        raise Refus(["Aucun complément n’attend de réponse."])
    exiger(motifs_empechant_le_passage(dossier.etat, EtatDeDossier.DEPOSE))
    maintenant = maintenant or timezone.now()
    avant = dict(dossier.demandes.values_list("pk", "montant_demande"))
    _ecrire_les_sections(dossier, ouverts)
    exiger(_motifs_des_sections(par, dossier, ouverts, maintenant))
    for complement in ouverts:
        complement.repondu_le, complement.repondu_par = maintenant, par.utilisateur_nom
        complement.reponse = en_paragraphes(reponses.get(complement.pk, ""))[:2000]
    Complement.objects.bulk_update(ouverts, ["repondu_le", "repondu_par", "reponse"])
    dossier.etat = EtatDeDossier.DEPOSE
    dossier.save(update_fields=["etat"])
    changees = _faire_les_demandes(dossier, avant, maintenant)
    recepisses = recepisses_a_donner(dossier, maintenant, changees) if changees else []
    version = figer_le_dossier(par, dossier, maintenant, {"recepisses": recepisses})
    accuser_reception(dossier, recepisses)
    noter_le_dossier(par, "dossiers.repondre_aux_complements", dossier, {"version": version.numero})
    prevenir_le_service(
        dossier,
        objet=f"Dossier {dossier.reference} : le complément est arrivé",
        texte=f"{par.utilisateur_nom}, {dossier.projet.porteur}, a complété ce dossier. "
        "Ce qui a changé est mis en évidence.",
    )
    return version


def _faire_les_demandes(
    dossier: Dossier, avant: Mapping[int, Decimal | None], maintenant: datetime
) -> list[Demande]:
    """Date du renvoi les demandes neuves ; rend celles, neuves ou changées, qu'un financeur reçoit."""
    dossier.demandes.filter(etat=EtatDeDemande.PREPAREE, montant_demande__isnull=False).update(
        etat=EtatDeDemande.DEMANDEE, demande_le=maintenant
    )
    faites = dossier.demandes.filter(guichet=Guichet.PLATEFORME, etat=EtatDeDemande.DEMANDEE)
    return [
        demande
        for demande in faites.select_related("financeur")
        if avant.get(demande.pk) != demande.montant_demande
    ]


def _ecrire_les_sections(dossier: Dossier, ouverts: Iterable[Complement]) -> None:
    """Écrit ce qui découle des sections rouvertes ; lève Refus si une demande décidée y disparaît."""
    rouvertes = {complement.section for complement in ouverts}
    decidees = {d.pk: str(d) for d in dossier.demandes.filter(etat__in=DECIDEES)}
    for ecriture in dossier.ecritures.filter(section__in=rouvertes, est_courante=True):
        projeter(dossier, ecriture.section, ecriture.valeur)
    restent = set(dossier.demandes.filter(pk__in=decidees).values_list("pk", flat=True))
    exiger(
        [
            f"{nom} a déjà répondu : sa demande reste dans le budget, telle qu’elle était."
            for pk, nom in decidees.items()
            if pk not in restent
        ]
    )


def _motifs_des_sections(
    par: Acteur, dossier: Dossier, ouverts: Iterable[Complement], maintenant: datetime
) -> list[str]:
    """Rend ce qui empêcherait de déposer les sections rouvertes ; d'une pièce nommée, elle seule."""
    pieces = {c.piece for c in ouverts if c.section == "pieces"}
    autres = {c.section for c in ouverts} - {"pieces"}
    return [
        motif.phrase
        for motif in controler(par, dossier, maintenant=maintenant).motifs
        if motif.section in autres
        or (motif.section == "pieces" and ("" in pieces or motif.champ in pieces))
    ]
