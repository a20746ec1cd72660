"""Écrire une section d'un dossier, à plusieurs, sans que personne n'efface le travail d'un autre."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.projections import projeter
from parvis.dossiers.models import Dossier, EcritureDeSection
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.rules.dossiers import SEANCE, motifs_empechant_d_ecrire
from parvis.dossiers.sections import Section, empreinte, vide
from parvis.socle.refus import Refus, exiger


class ConflitDeSection(Refus):
    """La section a changé depuis qu'on l'a lue ; porte ce qu'elle dit maintenant, et qui l'a écrit."""

    def __init__(self, actuelle: EcritureDeSection, voulue: Any) -> None:
        self.actuelle, self.voulue = actuelle, voulue
        super().__init__(
            [f"{actuelle.ecrite_par} a changé cette section pendant que vous écriviez."]
        )


@dataclass(frozen=True)
class Enregistrement:
    """Ce que dit une section une fois enregistrée, et si quelque chose a changé."""

    valeur: Any
    a_change: bool

    @property
    def empreinte(self) -> str:
        return empreinte(self.valeur)


def tenir_le_dossier(par: Acteur, dossier: Dossier) -> Dossier:
    """Rend le dossier verrouillé, que nul autre n'écrira avant la fin de l'acte.

    Le dossier se prend toujours avant la chaîne du journal. Lève Dossier.DoesNotExist si l'acteur
    n'y écrit pas, ou s'il vient d'être jeté.
    """
    tenu = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__structure_porteuse__fusionne_dans",
        )
        .get(pk=dossier.pk)
    )
    # Un dossier ne change pas d'appel, une version publiée ne change plus : ceux qu'on a lus valent.
    for lien in (Dossier.appel, Dossier.version_d_appel):
        cle = lien.field.attname
        if lien.is_cached(dossier) and getattr(dossier, cle) == getattr(tenu, cle):
            setattr(tenu, lien.field.name, getattr(dossier, lien.field.name))
    if not peut_ecrire_le_projet(par, tenu.projet):
        raise Dossier.DoesNotExist
    return tenu


def exiger_l_ecriture(dossier: Dossier, section: str, piece: str = "") -> None:
    """Lève Refus si la section ne s'écrit plus : déposé, seul un complément demandé la rouvre."""
    ouverts = dossier.complements.filter(section=section, repondu_le__isnull=True)
    if piece:
        ouverts = ouverts.filter(piece__in=["", piece])
    est_ouverte = dossier.depose_le is not None and ouverts.exists()
    exiger(motifs_empechant_d_ecrire(etat=dossier.etat, est_ouverte=est_ouverte))


@transaction.atomic
def ecrire_la_section(
    *, par: Acteur, dossier: Dossier, section: Section, valeur: Any, lue: str
) -> Enregistrement:
    """Enregistre une section telle qu'elle est saisie ; `lue` est l'empreinte de ce qui était affiché.

    N'écrit rien si rien ne change depuis la dernière écriture. Lève ConflitDeSection si la section
    n'est plus celle que la personne a lue, Refus si le dossier est déposé.
    """
    dossier = tenir_le_dossier(par, dossier)
    exiger_l_ecriture(dossier, section.code)
    courante = dossier.ecritures.filter(section=section.code, est_courante=True).first()
    avant = courante.valeur if courante else vide(section)
    # Enregistrée vide une première fois, une section dit qu'il n'y a rien à y mettre.
    if courante is not None and valeur == avant:
        return Enregistrement(avant, False)
    if courante is not None and lue != empreinte(avant):
        raise ConflitDeSection(courante, valeur)
    _poser_apres(courante, par, dossier, section.code, valeur, section.titre)
    return Enregistrement(valeur, True)


@transaction.atomic
def reprendre_une_ecriture(
    *, par: Acteur, dossier: Dossier, section: Section, numero: int, lue: str
) -> Enregistrement:
    """Remet une section dans l'état d'une écriture passée ; celle d'aujourd'hui reste à relire.

    Lève ConflitDeSection si la section a changé depuis qu'on l'a lue, Refus si le dossier est
    déposé, EcritureDeSection.DoesNotExist si l'écriture n'existe pas.
    """
    dossier = tenir_le_dossier(par, dossier)
    exiger_l_ecriture(dossier, section.code)
    voulue = dossier.ecritures.get(section=section.code, numero=numero).valeur
    courante = dossier.ecritures.get(section=section.code, est_courante=True)
    if lue != empreinte(courante.valeur):
        raise ConflitDeSection(courante, voulue)
    if voulue == courante.valeur:
        return Enregistrement(voulue, False)
    _poser_apres(courante, par, dossier, section.code, voulue, section.titre, est_a_part=True)
    return Enregistrement(voulue, True)


def poser(*, par: Acteur, dossier: Dossier, section: str, valeur: Any, titre: str = "") -> None:
    """Pose ce que dit une section d'un dossier déjà verrouillé, et ce qui en découle.

    Une écriture par personne et par séance. Son `titre` la note au journal, sans lui rien ne se note.
    """
    courante = dossier.ecritures.filter(section=section, est_courante=True).first()
    _poser_apres(courante, par, dossier, section, valeur, titre)


def _poser_apres(
    courante: EcritureDeSection | None,
    par: Acteur,
    dossier: Dossier,
    section: str,
    valeur: Any,
    titre: str,
    *,
    est_a_part: bool = False,
) -> None:
    """Pose une écriture après la courante, lue sous le verrou ; `est_a_part` la laisse telle quelle."""
    maintenant = timezone.now()
    est_la_sienne = courante is not None and _est_de_la_seance(par, courante, maintenant)
    if courante is not None and est_la_sienne and not est_a_part:
        courante.valeur, courante.enregistree_le = valeur, maintenant
        courante.save(update_fields=["valeur", "enregistree_le"])
    else:
        if courante is not None:
            courante.est_courante = False
            courante.save(update_fields=["est_courante"])
        dossier.ecritures.create(
            section=section,
            numero=courante.numero + 1 if courante else 1,
            valeur=valeur,
            auteur=par.utilisateur_identifiant,
            ecrite_par=par.utilisateur_nom,
            commencee_le=maintenant,
            enregistree_le=maintenant,
        )
        if titre:
            noter_le_dossier(par, "dossiers.ecrire_une_section", dossier, {"section": titre})
    # Déposé, un dossier se lit tel qu'il l'a été : un complément ne compte qu'une fois rendu.
    if dossier.depose_le is None:
        projeter(dossier, section, valeur)
    dossier.modifie_le = maintenant
    dossier.save(update_fields=["modifie_le"])


def _est_de_la_seance(par: Acteur, courante: EcritureDeSection, maintenant: datetime) -> bool:
    return (
        courante.auteur == par.utilisateur_identifiant
        and courante.ecrite_par == par.utilisateur_nom
        and maintenant - courante.enregistree_le < SEANCE
    )
