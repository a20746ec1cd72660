"""Ce que retrouve, de tout ce qui est publié, un lecteur qui sait compter (programmation linéaire).

Il ne doit rien au code qu'il juge : il lit les tables, pose chaque égalité que la description annonce,
et borne chaque nombre tu.
"""

from collections import defaultdict

import numpy as np

from parvis.observatoire.models import Serie, Valeur, ValeurDEnsemble
from tests.observatoire.controle import bornes_par_programmation


def _nombres(periode):
    """Rend chaque nombre de personnes connu, par ce qui le désigne, et s'il se publie."""
    lus = {}
    for v in Valeur.objects.filter(periode=periode, serie__unite="personnes"):
        lus["ici", v.serie_id, v.quartier_id] = (v.valeur, v.diffusion == "publiable")
    for e in ValeurDEnsemble.objects.filter(periode=periode, serie__unite="personnes"):
        if e.etat == "connue":
            lus["ensemble", e.serie_id, e.epci_id] = (e.valeur, e.diffusion == "publiable")
    return lus


def _egalites(lus):
    """Rend chaque égalité entre ces nombres : les parties et leur tout, les quartiers et leur ensemble."""
    parties = defaultdict(list)
    for serie in Serie.objects.filter(partie_de__isnull=False):
        parties[serie.partie_de_id, serie.decoupage].append(serie.pk)
    for (tout, _), siennes in parties.items():
        for sorte, _, ou in [cle for cle in lus if cle[1] == tout]:
            termes = [(sorte, pk, ou) for pk in siennes]
            if all(terme in lus for terme in termes):
                yield {**dict.fromkeys(termes, 1), (sorte, tout, ou): -1}
    for sorte, serie, epci in lus:
        if sorte == "ensemble":
            quartiers = Valeur.objects.filter(serie=serie, quartier__communes__epcis=epci)
            termes = {("ici", serie, q): 1 for q in quartiers.values_list("quartier", flat=True)}
            yield {**termes, ("ensemble", serie, epci): -1}


def bornes_du_lecteur(periode="2024"):
    """Rend, pour chaque nombre tu, le nombre, et le plus petit et le plus grand possibles."""
    lus = _nombres(periode)
    inconnues = [
        cle for cle, (valeur, est_publie) in lus.items() if valeur is None or not est_publie
    ]
    rangs = {cle: rang for rang, cle in enumerate(inconnues)}
    matrice, membre = [], []
    for egalite in _egalites(lus):
        ligne, solde = np.zeros(len(inconnues)), 0.0
        for cle, signe in egalite.items():
            if cle in rangs:
                ligne[rangs[cle]] = signe
            else:
                solde -= signe * float(lus[cle][0])
        if ligne.any():
            matrice.append(ligne)
            membre.append(solde)
    bornes = bornes_par_programmation(
        np.array(matrice).reshape(len(matrice), len(inconnues)), np.array(membre)
    )
    return [(lus[cle][0], *borne) for cle, borne in zip(inconnues, bornes, strict=True)]


def fautes_de_lecture(periode="2024", seuil=11):
    """Rend ce qui ne devait pas se publier, et ce qui se retrouve ou se resserre trop."""
    publies = [v for v, est_publie in _nombres(periode).values() if est_publie and v is not None]
    fautes = [("petit nombre publié", valeur) for valeur in publies if 0 < valeur < seuil]
    for valeur, bas, haut in bornes_du_lecteur(periode):
        est_petit = valeur is not None and 0 < valeur < seuil
        plus_haut = float("inf") if haut is None else haut
        est_serre = plus_haut - bas + 1 < seuil
        if est_serre or (est_petit and (bas > 1 or plus_haut < seuil - 1)):
            fautes.append((valeur, bas, haut))
    return fautes
