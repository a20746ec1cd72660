"""Ouvrir un bilan et écrire ses sections, à plusieurs, sans que personne n'efface le travail d'un autre."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.sections import tenir_le_dossier
from parvis.dossiers.enums import SorteDeBilan
from parvis.dossiers.models import Dossier
from parvis.dossiers.rules.dossiers import SEANCE
from parvis.dossiers.sections import empreinte
from parvis.evaluation.actions.tenir import noter_le_bilan, tenir_le_bilan
from parvis.evaluation.models import Bilan, EcritureDeBilan
from parvis.evaluation.queries.bilans import sections_rouvertes
from parvis.evaluation.queries.prevu import ce_qui_etait_prevu, sections_preremplies
from parvis.evaluation.rules.bilans import motifs_empechant_d_ecrire, motifs_empechant_d_ouvrir
from parvis.evaluation.rules.decharges import motifs_si_decharge
from parvis.socle.refus import Refus, exiger


class ConflitDeBilan(Refus):
    """La section a changé depuis qu'on l'a lue ; porte ce qu'elle dit maintenant, et qui l'a écrit."""

    def __init__(self, actuelle: EcritureDeBilan) -> None:
        self.actuelle = actuelle
        qui = actuelle.ecrite_par or "Le dossier"
        super().__init__([f"{qui} a changé cette section pendant que vous écriviez."])


@dataclass(frozen=True)
class Enregistrement:
    """Ce que dit une section une fois enregistrée, et si quelque chose a changé."""

    valeur: Mapping[str, str]
    a_change: bool

    @property
    def empreinte(self) -> str:
        return empreinte(dict(self.valeur))


@transaction.atomic
def ouvrir_un_bilan(
    *, par: Acteur, dossier: Dossier, exercice: int, sorte: str, maintenant: datetime | None = None
) -> Bilan:
    """Ouvre le bilan d'un exercice, pré-rempli de ce que dit le dossier ; déjà ouvert, le rend.

    Lève Refus si rien n'est à rendre pour cet exercice, Dossier.DoesNotExist à qui n'écrit pas pour ce
    porteur.
    """
    dossier = tenir_le_dossier(par, dossier)
    deja = Bilan.objects.filter(dossier=dossier, exercice=exercice, sorte=sorte).first()
    if deja is not None:
        deja.dossier = dossier
        return deja
    attendus = dossier.bilans_attendus.filter(exercice=exercice, sorte=SorteDeBilan.DEFINITIF)
    exiger(motifs_si_decharge(attendus.values_list("decharge", flat=True).first() or ""))
    if sorte == SorteDeBilan.INTERMEDIAIRE:
        # Le définitif rendu, il n'y a plus de chemin à mi-parcours.
        attendus = attendus.filter(rendu_le__isnull=True)
    exiger(motifs_empechant_d_ouvrir(etat_du_dossier=dossier.etat, est_attendu=attendus.exists()))
    maintenant = maintenant or timezone.now()
    prevu = ce_qui_etait_prevu(dossier, exercice)
    bilan = Bilan.objects.create(
        dossier=dossier,
        exercice=exercice,
        sorte=sorte,
        prevu=prevu,
        ouvert_le=maintenant,
        ouvert_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
        modifie_le=maintenant,
    )
    EcritureDeBilan.objects.bulk_create(
        EcritureDeBilan(
            bilan=bilan, section=section, numero=1, valeur=valeur, enregistree_le=maintenant
        )
        for section, valeur in sections_preremplies(prevu).items()
    )
    noter_le_bilan(par, "evaluation.ouvrir_un_bilan", bilan)
    return bilan


@transaction.atomic
def ecrire_la_section_du_bilan(
    *, par: Acteur, bilan: Bilan, section: str, titre: str, valeur: Mapping[str, str], lue: str
) -> Enregistrement:
    """Enregistre une section telle qu'elle est saisie ; `lue` est l'empreinte de ce qui était affiché.

    Lève ConflitDeBilan si la section n'est plus celle que la personne a lue, Refus si elle ne s'écrit
    plus.
    """
    bilan = tenir_le_bilan(par, bilan)
    exiger(
        motifs_empechant_d_ecrire(
            etat=bilan.etat, section=section, demandees=sections_rouvertes(bilan)
        )
    )
    courante = bilan.ecritures.filter(section=section, est_courante=True).first()
    if courante is not None and lue != empreinte(courante.valeur):
        if valeur == courante.valeur:
            return Enregistrement(courante.valeur, False)
        raise ConflitDeBilan(courante)
    if courante is not None and valeur == courante.valeur and not courante.est_preremplie:
        return Enregistrement(courante.valeur, False)
    a_change = courante is None or valeur != courante.valeur
    poser(par, bilan, section, valeur, courante, titre)
    return Enregistrement(valeur, a_change)


def poser(
    par: Acteur,
    bilan: Bilan,
    section: str,
    valeur: Mapping[str, str],
    courante: EcritureDeBilan | None,
    titre: str = "",
) -> None:
    """Pose ce que dit une section d'un bilan déjà verrouillé ; une écriture par personne et par séance.

    Son `titre` note une écriture nouvelle au journal, sans lui rien ne se note.
    """
    maintenant = timezone.now()
    if courante is not None and _est_de_la_seance(par, courante, maintenant):
        courante.valeur, courante.enregistree_le = dict(valeur), maintenant
        courante.save(update_fields=["valeur", "enregistree_le"])
    else:
        if courante is not None:
            courante.est_courante = False
            courante.save(update_fields=["est_courante"])
        bilan.ecritures.create(
            section=section,
            numero=courante.numero + 1 if courante else 1,
            valeur=dict(valeur),
            auteur=par.utilisateur_identifiant,
            ecrite_par=par.utilisateur_nom,
            enregistree_le=maintenant,
        )
        if titre:
            noter_le_bilan(par, "evaluation.ecrire_une_section", bilan, {"section": titre})
    bilan.modifie_le = maintenant
    bilan.save(update_fields=["modifie_le"])


def _est_de_la_seance(par: Acteur, courante: EcritureDeBilan, maintenant: datetime) -> bool:
    return (
        courante.auteur == par.utilisateur_identifiant
        and courante.ecrite_par == par.utilisateur_nom
        and maintenant - courante.enregistree_le < SEANCE
    )
