"""Trois cents notifications en lot : proposées, préparées, composées, arrêtées en chemin, reprises.

La comparaison compose les mêmes l'une après l'autre, comme une page le ferait à chaque acte.
"""

import gc
import sqlite3
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.charge import RAPPORT, preparer_django

NOMBRE, ARRET, BUDGET = 300, 100, 120


def chronometrer(faire: Callable[[], Any]) -> tuple[float, Any]:
    """Rend la durée en secondes, et ce qui est rendu."""
    debut = time.perf_counter()
    rendu = faire()
    return time.perf_counter() - debut, rendu


def decidee() -> tuple[Any, Any]:
    """Rend qui décide, et sa décision publiée qui accorde une demande à trois cents organismes."""
    from django.utils import timezone

    from parvis.conventions.actions.modeles import ecrire_les_mentions
    from parvis.dossiers.models import Projet
    from parvis.organismes.models import Organisme
    from parvis.programmation.actions.decisions import (
        Dit,
        preparer_une_decision,
        publier_la_decision,
        repondre,
    )
    from parvis.programmation.actions.enveloppes import creer_une_enveloppe, doter
    from parvis.programmation.queries.decisions import demandes_a_decider
    from tests.fabriques.actes import MENTIONS
    from tests.fabriques.seances_pleines import seance_pleine

    tenue = seance_pleine(NOMBRE)
    contrat, exercice = tenue.seance.reunion.instance.contrat, tenue.seance.exercice
    porteurs = Organisme.objects.bulk_create(
        Organisme(nom=f"Association du palier {rang}", nature="association")
        for rang in range(NOMBRE)
    )
    for projet, porteur in zip(Projet.objects.order_by("pk")[:NOMBRE], porteurs, strict=True):
        Projet.objects.filter(pk=projet.pk).update(porteur=porteur)
    par = tenue.samia
    ecrire_les_mentions(par=par, contrat=contrat, mentions=MENTIONS)
    jour = timezone.localdate()
    enveloppe = creer_une_enveloppe(par=par, contrat=contrat, exercice=exercice, ligne="Banc")
    doter(par=par, enveloppe=enveloppe, montant=Decimal(10_000_000), decide_le=jour)
    decision = preparer_une_decision(
        par=par, contrat=contrat, exercice=exercice, sorte="conseil", prise_le=jour, numero="1"
    )
    dites = {
        demande.pk: Dit("accorde", demande.montant_demande, enveloppe.pk)
        for demande in demandes_a_decider(par, contrat, exercice)
    }
    repondre(par=par, decision=decision, reponses=dites)
    return par, publier_la_decision(par=par, decision=decision)


def mener_le_lot(par: Any, contrat: Any, *, jusqu_a: int = 0) -> int:
    """Mène un lot, annulé une fois tant d'actes faits ; rend combien de fois il a dit où il en est."""
    from parvis.conventions.actions.composition import (
        annuler_la_composition,
        demander_la_composition,
    )
    from parvis.travaux import actions, execution

    avances, avancer = [], actions.avancer

    def compter(**dits: Any) -> None:
        avances.append(dits["fait"])
        if jusqu_a and dits["fait"] >= jusqu_a:
            annuler_la_composition(par=par, contrat=contrat)
        avancer(**dits)

    actions.avancer = compter
    try:
        execution.mener(str(demander_la_composition(par=par, contrat=contrat).identifiant))
    finally:
        actions.avancer = avancer
    return len(avances)


def avancer_le_lot(par: Any, contrat: Any, pks: list[int]) -> tuple[float, float]:
    """Note la signature de tous, puis leur remise ; rend les deux durées."""
    from django.utils import timezone

    from parvis.conventions.actions.circuit import notifier_des_actes, signer_des_actes

    communs = {"par": par, "contrat": contrat, "pks": pks}
    jour = timezone.localdate()
    signer, _ = chronometrer(lambda: signer_des_actes(**communs, signe_le=jour, signe_par="Banc"))
    notifier, _ = chronometrer(lambda: notifier_des_actes(**communs, mode="plateforme"))
    return signer, notifier


def composer_le_lot(par: Any, decision: Any, nombre: int) -> tuple[float, float, int, int]:
    """Compose les actes préparés, arrêtés en chemin puis repris ; lève SystemExit si l'un manque."""
    from parvis.conventions.models import Acte

    composes = Acte.objects.filter(etat="a_signer")
    arret, _ = chronometrer(lambda: mener_le_lot(par, decision.contrat, jusqu_a=ARRET))
    au_milieu = composes.count()
    gardes = set(composes.values_list("fichier", flat=True))
    reprise, avances = chronometrer(lambda: mener_le_lot(par, decision.contrat))
    if composes.count() < nombre or not gardes <= set(composes.values_list("fichier", flat=True)):
        raise SystemExit("Un acte manque, ou a été composé deux fois.")
    return arret, reprise, au_milieu, avances


def mesurer() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from parvis.conventions import tasks  # noqa: F401 — inscrit la nature du travail
    from parvis.conventions.actions.actes import preparer_les_actes
    from parvis.conventions.models import Acte
    from parvis.conventions.queries.impression import pdf_de
    from parvis.conventions.queries.preparation import actes_a_prendre
    from parvis.socle.rapport import ecrire_section, machine, tableau

    par, decision = decidee()
    gc.collect()
    with CaptureQueriesContext(connection) as requetes:
        actes_a_prendre(par, decision)
    proposer, proposes = chronometrer(lambda: actes_a_prendre(par, decision))
    choisis = {propose.cle: propose.choix.sorte for propose in proposes}
    preparer, faits = chronometrer(
        lambda: preparer_les_actes(par=par, decision=decision, choisis=choisis)
    )
    nombre = len(faits)
    arret, reprise, au_milieu, avances = composer_le_lot(par, decision, nombre)
    trente = list(Acte.objects.order_by("pk")[:30])
    un_a_un, _ = chronometrer(lambda: [pdf_de(acte, timezone.now()) for acte in trente])
    signer, notifier = avancer_le_lot(par, decision.contrat, [acte.pk for acte in faits])
    lot = preparer + arret + reprise
    lignes: list[list[object]] = [
        ["proposer les actes, avec leurs raisons", proposer, len(requetes), len(proposes), "", ""],
        ["les préparer : texte figé, numéro pris, journal", preparer, "", nombre, "", ""],
        ["composer, arrêté en chemin", arret, "", au_milieu, "", ""],
        ["reprendre ce qui reste", reprise, "", nombre - au_milieu, avances, ""],
        ["le lot entier, arrêt et reprise compris", lot, "", nombre, "", _tenu(lot)],
        ["noter leur signature, d’un coup", signer, "", nombre, "", ""],
        ["noter leur remise, d’un coup, un courriel chacun", notifier, "", nombre, "", ""],
        ["composer l’un après l’autre, rapporté à tous", un_a_un * nombre / 30, "", nombre, "", ""],
    ]
    entetes = ["mesure", "durée (s)", "requêtes", "actes", "avancements", "tenu"]
    intro = f"{machine()}. {nombre} organismes. Une mesure de chaque. Budget du lot : {BUDGET} s."
    rapport = f"{intro}\n\n{tableau(entetes, lignes)}"
    ecrire_section(RAPPORT, "actes", rapport)
    print(rapport)


def _tenu(duree: float) -> str:
    return "oui" if duree <= BUDGET else "**non**"


def main() -> None:
    preparer_django()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    # Jamais dans la base ni les fichiers de l'instance : trois cents organismes inventés y resteraient.
    if connection.vendor != "sqlite":
        raise SystemExit("Ce banc se mène sur SQLite : enlevez PARVIS_BASE.")
    with tempfile.TemporaryDirectory() as dossier:
        fichier = Path(dossier) / "banc.sqlite3"
        sqlite3.connect(fichier).close()
        connection.settings_dict["NAME"] = str(fichier)
        settings.MEDIA_ROOT = dossier
        call_command("migrate", verbosity=0, interactive=False)
        mesurer()
        connection.close()


if __name__ == "__main__":
    main()
