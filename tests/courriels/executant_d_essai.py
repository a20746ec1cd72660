"""Pour chaque endroit nommé, un vrai exécutant que l'on y tue, puis un autre qui finit. Se lance seul :

python -m tests.courriels.executant_d_essai ENDROIT…

Les endroits sont posés d'ici, autour des fonctions : le code livré n'en sait rien. Écrit en JSON, une
ligne par endroit, ce qui était à recevoir, comment le premier est mort, ce que dit la base à la fin.
"""
# ruff: noqa: E402

import json
import os
import signal
import smtplib
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.mail.backends.smtp import EmailBackend
from django.db import connections, transaction
from django.utils import timezone

from parvis.accueil import execution as boucle
from parvis.courriels import actions, queries, rules
from parvis.courriels.enums import Etat, Sujet
from parvis.courriels.execution import envoyer_les_dus
from parvis.courriels.models import Courriel

PATIENCE = 20
RESTE = (Etat.A_ENVOYER, Etat.EN_COURS)


def mourir() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(PATIENCE)


def avant(objet: object, nom: str, fois: int = 2) -> None:
    """Fait mourir le processus juste avant le énième appel d'une fonction."""
    _entourer(objet, nom, fois, lambda origine: mourir)


def apres(objet: object, nom: str, fois: int = 2) -> None:
    """Fait mourir le processus juste après le énième appel d'une fonction."""

    def autour(origine: Callable) -> Callable:
        def appeler(*args, **kwargs):
            origine(*args, **kwargs)
            mourir()

        return appeler

    _entourer(objet, nom, fois, autour)


def pendant(objet: object, nom: str, poser: Callable[[], None], fois: int = 2) -> None:
    """Pose un autre endroit le temps du énième appel d'une fonction."""

    def autour(origine: Callable) -> Callable:
        def appeler(*args, **kwargs):
            poser()
            return origine(*args, **kwargs)

        return appeler

    _entourer(objet, nom, fois, autour)


def _entourer(objet: object, nom: str, fois: int, autour: Callable[[Callable], Callable]) -> None:
    origine, appels = getattr(objet, nom), 0

    def compter(*args, **kwargs):
        nonlocal appels
        appels += 1
        if appels != fois:
            return origine(*args, **kwargs)
        if autour(origine) is mourir:
            mourir()
        return autour(origine)(*args, **kwargs)

    setattr(objet, nom, compter)


def couper_le_texte() -> None:
    """La moitié du texte est partie quand tout s'arrête."""

    def data(session: smtplib.SMTP, texte: bytes) -> None:
        session.putcmd("data")
        session.getreply()
        session.send(texte[: len(texte) // 2])
        mourir()

    smtplib.SMTP.data = data


def clore_sans_valider() -> None:
    """La clôture est écrite, et sa transaction n'aboutit pas."""

    def autour(**kwargs) -> None:
        with transaction.atomic():
            clore(**kwargs)
            mourir()

    clore, actions.noter_l_envoi = actions.noter_l_envoi, autour


def validation() -> tuple[object, str, int]:
    return connections["default"], "_commit", 1


POINTS: dict[str, Callable[[], None]] = {
    "avant de prendre": lambda: avant(actions, "prendre"),
    "pris, pas encore validé": lambda: pendant(actions, "prendre", lambda: avant(*validation())),
    "pris et validé": lambda: apres(actions, "prendre"),
    "avant de joindre le serveur": lambda: avant(EmailBackend, "open"),
    "le serveur est joint": lambda: apres(EmailBackend, "open"),
    "au milieu du texte": couper_le_texte,
    "le serveur a accepté": lambda: apres(smtplib.SMTP, "data"),
    "avant de clore": lambda: avant(actions, "noter_l_envoi"),
    "clos, pas encore validé": clore_sans_valider,
    "clos et validé": lambda: apres(actions, "noter_l_envoi"),
    "résumé écrit, messages pas encore repris": lambda: apres(actions, "deposer", 1),
    "résumé entier, pas encore validé": lambda: pendant(
        actions, "_resumer", lambda: avant(*validation()), 1
    ),
    "entre deux résumés": lambda: apres(actions, "_resumer", 1),
    "résumés validés": lambda: apres(actions, "preparer_les_resumes", 1),
    "témoin fautif": lambda: marquer_d_abord(),
}


def marquer_d_abord() -> None:
    """Le témoin : un exécutant fautif, qui note l'envoi avant d'envoyer, tué entre les deux."""

    def autour(**kwargs) -> Courriel | None:
        courriel = prendre(**kwargs)
        if courriel is not None:
            actions.noter_l_envoi(courriel=courriel, executant=kwargs["executant"])
        return courriel

    prendre, actions.prendre = actions.prendre, autour
    avant(EmailBackend, "open")


def deposer(nombre: int, essai: int) -> list[str]:
    """Dépose des codes, et des nouvelles à résumer pour deux adresses ; rend la marque de chacun."""
    marques = [f"marque-{essai}-{rang:03}" for rang in range(nombre + 3)]
    avant_hier = timezone.now() - timedelta(days=2)
    with transaction.atomic():
        for rang, marque in enumerate(marques):
            est_code = rang < nombre
            actions.deposer(
                destinataire=f"adresse-{rang if est_code else rang % 2}@tilleuls.example",
                sujet=Sujet.SECURITE if est_code else Sujet.ORGANISME,
                objet="Un code" if est_code else "Une nouvelle",
                texte=marque,
                maintenant=timezone.now() if est_code else avant_hier,
            )
    connections.close_all()
    return marques


def travailler() -> None:
    """Fait tourner la vraie boucle, plus vite, jusqu'à ce qu'il ne reste rien."""
    rules.DUREE_DU_BAIL = timedelta(seconds=0.5)
    boucle.TACHES = {nom: replace(tache, cadence=0.02) for nom, tache in boucle.TACHES.items()}
    fil, arret = boucle.demarrer(est_seul=False)
    limite = time.monotonic() + PATIENCE
    while Courriel.objects.filter(etat__in=RESTE).exists() and time.monotonic() < limite:
        time.sleep(0.05)
    arret.set()
    fil.join(PATIENCE)


def dans_un_fils(*etapes: Callable[[], None]) -> int:
    """Mène ces étapes dans un processus neuf ; rend le signal qui l'a tué, zéro s'il a fini seul."""
    fils = os.fork()
    if fils == 0:
        for etape in etapes:
            etape()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(fils, 0)[1]) * -1


def ensemble(fils: int = 4) -> list[int]:
    """Lance des exécutants à la fois ; rend ce que chacun a envoyé."""
    envois = [0] * fils
    depart = Event()

    def envoyer(rang: int) -> None:
        depart.wait(PATIENCE)
        actions.preparer_les_resumes()
        while envoyes := envoyer_les_dus(executant=f"exécutant-{rang}", limite=1):
            envois[rang] += envoyes
        connections.close_all()

    executants = [Thread(target=envoyer, args=[rang]) for rang in range(fils)]
    for executant in executants:
        executant.start()
    depart.set()
    for executant in executants:
        executant.join(PATIENCE)
    return envois


def main(*points: str) -> None:
    for essai, point in enumerate(points):
        Courriel.objects.all().delete()
        bilan: dict[str, object] = {"point": point}
        if point == "ensemble":
            bilan |= {"marques": deposer(40, essai), "envois": ensemble()}
        else:
            bilan["marques"] = deposer(3, essai)
            bilan["signal"] = dans_un_fils(POINTS[point], travailler)
            bilan["fin"] = dans_un_fils(travailler)
        bilan["etats"] = queries.compter_par_etat()
        print(json.dumps(bilan))
    Courriel.objects.all().delete()


if __name__ == "__main__":
    main(*sys.argv[1:])
