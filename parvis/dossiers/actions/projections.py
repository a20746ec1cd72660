"""Ce qu'une section dit des fiches, des lieux et de l'argent, écrit en lignes que l'on interroge.

La section garde ce que la personne a tapé ; ces lignes en découlent, et ne s'écrivent que d'ici.
"""

from collections.abc import Callable
from typing import Any

from parvis.cadre.models import Fiche
from parvis.dossiers.enums import EchelleDeProjet, EtatDeDemande, Guichet, NatureDeDemande
from parvis.dossiers.models import (
    Demande,
    Dossier,
    FicheDeDossier,
    LieuDeDossier,
    LigneDeBudget,
)
from parvis.dossiers.sections.budget import A_PRECISER, lire_la_case
from parvis.organismes.models import Organisme
from parvis.territoires.models import Commune, Quartier

REPORTES = ("rang", "compte", "lien", "numero_externe", "saisie", "montant_demande")


def projeter(dossier: Dossier, section: str, valeur: Any) -> None:
    """Écrit les lignes qui découlent d'une section ; la plupart n'en ont aucune."""
    if section in _PROJECTIONS:
        _PROJECTIONS[section](dossier, valeur)


def _le_titre(dossier: Dossier, valeur: Any) -> None:
    """Nomme le projet, tant que rien n'en est déposé : un brouillon ne renomme pas ce qui est public."""
    if not dossier.projet.dossiers.deposes().exclude(pk=dossier.pk).exists():
        titrer_le_projet(dossier, valeur)


def titrer_le_projet(dossier: Dossier, valeur: Any) -> None:
    """Donne au projet le titre qu'écrit ce dossier."""
    titre = valeur.get("titre", "")[:200].strip()
    if titre and titre != dossier.projet.titre:
        dossier.projet.titre = titre
        dossier.projet.save(update_fields=["titre"])


def _les_fiches(dossier: Dossier, valeur: Any) -> None:
    choisies = valeur.get("fiches", {})
    connues = Fiche.objects.filter(contrat=dossier.appel.contrat, numero__in=choisies)
    dossier.fiches.all().delete()
    FicheDeDossier.objects.bulk_create(
        FicheDeDossier(
            dossier=dossier,
            fiche=fiche,
            est_principale=fiche.numero == valeur.get("principale"),
            types=choisies[fiche.numero],
        )
        for fiche in connues
    )


def _les_lieux(dossier: Dossier, valeur: Any) -> None:
    echelle = valeur.get("echelle", "")
    dossier.echelle = echelle if echelle in EchelleDeProjet.values else ""
    dossier.save(update_fields=["echelle"])
    dossier.lieux.all().delete()
    lieux = []
    if echelle == EchelleDeProjet.COMMUNES:
        communes = Commune.objects.filter(code__in=valeur.get("communes", []))
        lieux = [LieuDeDossier(dossier=dossier, commune=commune) for commune in communes]
    elif echelle == EchelleDeProjet.QUARTIERS:
        quartiers = Quartier.objects.filter(pk__in=_entiers(valeur.get("quartiers", [])))
        lieux = [LieuDeDossier(dossier=dossier, quartier=quartier) for quartier in quartiers]
    LieuDeDossier.objects.bulk_create(lieux)


def _entiers(textes: list[str]) -> list[int]:
    return [int(texte) for texte in textes if texte.isascii() and texte.isdigit()]


def _l_argent(dossier: Dossier, valeur: Any) -> None:
    exercices = {a: valeur.get("exercices", {}).get(str(a), {}) for a in dossier.annees}
    dossier.lignes_de_budget.all().delete()
    LigneDeBudget.objects.bulk_create(
        LigneDeBudget(
            dossier=dossier,
            exercice=annee,
            rang=rang,
            compte=ligne.get("compte", ""),
            libelle=ligne.get("libelle", ""),
            saisie=ligne.get("saisie", ""),
            montant=lire_la_case(ligne.get("saisie", ""))[0],
        )
        for annee, budget in exercices.items()
        for rang, ligne in enumerate(budget.get("lignes", []), 1)
    )
    _les_demandes(
        dossier,
        [
            (annee, rang, demande)
            for annee, budget in exercices.items()
            for rang, demande in enumerate(budget.get("demandes", []), 1)
        ],
    )


def _les_demandes(dossier: Dossier, saisies: list[tuple[int, int, dict[str, str]]]) -> None:
    """Écrit les demandes ; celle qui garde son financeur, son exercice et sa ligne garde sa ligne."""
    connus = Organisme.objects.in_bulk(_entiers([s.get("financeur", "") for _, _, s in saisies]))
    anciennes: dict[tuple[Any, ...], list[Demande]] = {}
    for demande in dossier.demandes.all():
        anciennes.setdefault(_cle(demande), []).append(demande)
    neuves, gardees = [], []
    for annee, rang, saisie in saisies:
        demande = _demande(dossier, annee, rang, saisie, connus)
        if semblables := anciennes.get(_cle(demande)):
            gardees.append(_reporter(demande, semblables.pop(0)))
        else:
            neuves.append(demande)
    inutiles = [d.pk for restes in anciennes.values() for d in restes]
    dossier.demandes.filter(pk__in=inutiles).delete()
    Demande.objects.bulk_update(gardees, REPORTES)
    Demande.objects.bulk_create(neuves)


def _reporter(nouvelle: Demande, ancienne: Demande) -> Demande:
    """Reporte ce qui vient d'être saisi ; une demande faite garde son montant s'il ne se lit plus.

    Elle garde aussi le numéro que son financeur a donné depuis : le budget ne le connaît pas.
    """
    montant, numero = ancienne.montant_demande, ancienne.numero_externe
    for champ in REPORTES:
        setattr(ancienne, champ, getattr(nouvelle, champ))
    if ancienne.etat != EtatDeDemande.PREPAREE:
        if ancienne.montant_demande is None:
            ancienne.montant_demande = montant
        ancienne.numero_externe = ancienne.numero_externe or numero
    return ancienne


def _cle(demande: Demande) -> tuple[Any, ...]:
    return (
        demande.exercice,
        demande.financeur_id,
        demande.financeur_nom,
        demande.ligne,
        demande.nature,
        demande.guichet,
    )


def _demande(
    dossier: Dossier, annee: int, rang: int, saisie: dict[str, str], connus: dict[int, Organisme]
) -> Demande:
    financeur = connus.get(next(iter(_entiers([saisie.get("financeur", "")])), 0))
    est_ailleurs = financeur is None or saisie.get("guichet") == Guichet.AILLEURS
    montant = lire_la_case(saisie.get("saisie", ""))[0]
    return Demande(
        dossier=dossier,
        exercice=annee,
        rang=rang,
        financeur=financeur,
        financeur_nom="" if financeur else saisie.get("nom") or A_PRECISER,
        compte=saisie.get("compte", ""),
        ligne=saisie.get("ligne", ""),
        nature=(
            NatureDeDemande.NATURE
            if saisie.get("nature") == NatureDeDemande.NATURE
            else NatureDeDemande.NUMERAIRE
        ),
        guichet=Guichet.AILLEURS if est_ailleurs else Guichet.PLATEFORME,
        lien=saisie.get("lien", "") if est_ailleurs else "",
        numero_externe=saisie.get("numero", "") if est_ailleurs else "",
        saisie=saisie.get("saisie", ""),
        montant_demande=montant,
        etat=EtatDeDemande.PREPAREE,
    )


_PROJECTIONS: dict[str, Callable[[Dossier, Any], None]] = {
    "projet": _le_titre,
    "fiches": _les_fiches,
    "lieux": _les_lieux,
    "budget": _l_argent,
}
