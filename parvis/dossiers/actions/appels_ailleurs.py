"""Tenir à la main les appels d'autres organismes : ajouter, modifier, vérifier, retirer."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat, Fiche
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.alertes import prevenir_d_un_appel_d_ailleurs
from parvis.dossiers.models import AppelAilleurs
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import ConflitDeVersion, exiger
from parvis.socle.texte import en_paragraphes, en_une_ligne
from parvis.socle.validation import motifs_de_validation

CHAMPS = ("titre", "organisme", "partenaire", "ouvre_le", "ferme_le", "lien", "explication")


@transaction.atomic
def ajouter_un_appel_d_ailleurs(
    *, par: Acteur, contrat: Contrat, valeurs: Mapping[str, Any], fiches: Iterable[Fiche] = ()
) -> AppelAilleurs:
    """Met au calendrier l'appel d'un autre organisme, vérifié aujourd'hui, et prévient ; lève Refus."""
    tenir_la_chaine(contrat.code)
    ailleurs = AppelAilleurs(contrat=contrat)
    _ecrire(par, ailleurs, valeurs, fiches)
    _noter(par, "dossiers.ajouter_un_appel_d_ailleurs", ailleurs)
    prevenir_d_un_appel_d_ailleurs(ailleurs)
    return ailleurs


@transaction.atomic
def modifier_un_appel_d_ailleurs(
    *,
    par: Acteur,
    ailleurs: AppelAilleurs,
    revision: int,
    valeurs: Mapping[str, Any],
    fiches: Iterable[Fiche] = (),
) -> AppelAilleurs:
    """Récrit l'appel d'un autre organisme, vérifié aujourd'hui ; lève ConflitDeVersion, ou Refus."""
    tenir_la_chaine(ailleurs.contrat.code)
    tenu = AppelAilleurs.objects.select_for_update(of=("self",)).get(pk=ailleurs.pk)
    if tenu.revision != revision:
        raise ConflitDeVersion(tenu)
    tenu.revision += 1
    _ecrire(par, tenu, valeurs, fiches)
    _noter(par, "dossiers.modifier_un_appel_d_ailleurs", tenu)
    return tenu


@transaction.atomic
def retirer_un_appel_d_ailleurs(*, par: Acteur, ailleurs: AppelAilleurs) -> None:
    """Retire du calendrier l'appel d'un autre organisme."""
    tenir_la_chaine(ailleurs.contrat.code)
    tenu = AppelAilleurs.objects.select_for_update(of=("self",)).get(pk=ailleurs.pk)
    _noter(par, "dossiers.retirer_un_appel_d_ailleurs", tenu)
    tenu.delete()


def _ecrire(
    par: Acteur, ailleurs: AppelAilleurs, valeurs: Mapping[str, Any], fiches: Iterable[Fiche]
) -> None:
    if inconnus := set(valeurs) - set(CHAMPS):
        raise TypeError(f"Champs inconnus : {', '.join(sorted(inconnus))}.")
    for champ, valeur in valeurs.items():
        if isinstance(valeur, str):
            valeur = en_paragraphes(valeur) if champ == "explication" else en_une_ligne(valeur)
        setattr(ailleurs, champ, valeur)
    ailleurs.verifie_le, ailleurs.verifie_par = timezone.localdate(), par.utilisateur_nom
    choisies = list(fiches)
    motifs = [
        f"La fiche {f.numero} est d’un autre contrat."
        for f in choisies
        if f.contrat_id != ailleurs.contrat_id
    ]
    partenaire = ailleurs.partenaire
    if partenaire is not None and partenaire.contrat_id != ailleurs.contrat_id:
        motifs.append("Ce partenaire est d’un autre contrat.")
    exiger(motifs + motifs_de_validation(ailleurs, avec_contraintes=True))
    ailleurs.save()
    ailleurs.fiches.set(choisies)


def _noter(par: Acteur, action: str, ailleurs: AppelAilleurs) -> None:
    noter(
        par=par,
        contrat=ailleurs.contrat.code,
        action=action,
        objet=f"appel_ailleurs:{ailleurs.pk}",
        objet_nom=ailleurs.titre,
        details={"organisme": ailleurs.organisme},
    )
