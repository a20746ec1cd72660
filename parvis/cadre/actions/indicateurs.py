"""Tenir les indicateurs d'un contrat : en ajouter, les corriger, les retirer."""

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat, Fiche, Indicateur
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne, lisible
from parvis.socle.validation import motifs_de_validation


@transaction.atomic
def ajouter_un_indicateur(
    *,
    par: Acteur,
    contrat: Contrat,
    fiche: Fiche | None,
    nom: str,
    unite: str = "",
    source: str = "",
) -> Indicateur:
    """Propose de compter une chose pour une fiche, ou pour toutes ; lève Refus."""
    tenir_la_chaine(contrat.code)
    indicateur = Indicateur(contrat=contrat, fiche=fiche, cree_le=timezone.now())
    _remplir(indicateur, nom, unite, source)
    indicateur.save()
    noter(
        par=par,
        contrat=contrat.code,
        action="cadre.ajouter_un_indicateur",
        objet=f"indicateur:{indicateur.pk}",
        objet_nom=indicateur.nom,
        details={"fiche": fiche.numero if fiche else ""},
    )
    return indicateur


@transaction.atomic
def modifier_un_indicateur(
    *, par: Acteur, indicateur: Indicateur, nom: str, unite: str = "", source: str = ""
) -> Indicateur:
    """Corrige un indicateur ; les dossiers qui le comptent gardent leurs mots. Lève Refus."""
    contrat = indicateur.contrat
    tenir_la_chaine(contrat.code)
    avant = (indicateur.nom, indicateur.unite, indicateur.source)
    _remplir(indicateur, nom, unite, source)
    if (indicateur.nom, indicateur.unite, indicateur.source) == avant:
        return indicateur
    indicateur.save(update_fields=["nom", "unite", "source"])
    noter(
        par=par,
        contrat=contrat.code,
        action="cadre.modifier_un_indicateur",
        objet=f"indicateur:{indicateur.pk}",
        objet_nom=indicateur.nom,
        details={"avant": avant[0]},
    )
    return indicateur


@transaction.atomic
def retirer_un_indicateur(*, par: Acteur, indicateur: Indicateur) -> None:
    """Ne propose plus un indicateur ; retiré deux fois, il ne l'est qu'une."""
    contrat = indicateur.contrat
    tenir_la_chaine(contrat.code)
    proposes = Indicateur.objects.filter(pk=indicateur.pk, retire_le__isnull=True)
    if proposes.update(retire_le=timezone.now()):
        noter(
            par=par,
            contrat=contrat.code,
            action="cadre.retirer_un_indicateur",
            objet=f"indicateur:{indicateur.pk}",
            objet_nom=indicateur.nom,
        )


def _remplir(indicateur: Indicateur, nom: str, unite: str, source: str) -> None:
    for champ, texte in (("nom", nom), ("unite", unite), ("source", source)):
        setattr(indicateur, champ, en_une_ligne(lisible(texte)))
    exiger(motifs_de_validation(indicateur, avec_contraintes=True))
