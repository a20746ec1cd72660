"""La soirée de clôture : deux cents porteurs écrivent, joignent deux pièces et déposent à la fin.

    PARVIS_BASE=postgres://… python -m tests.charge.soiree --duree 180 [--porteurs 200]

La base nommée est créée, puis retirée. Le serveur est celui d'un déploiement : gunicorn, deux
processus. Échoue si une réponse est une panne, si un texte accusé manque à la fin, si un dossier est
déposé deux fois ou pas du tout. Le 95e centile s'affiche ; il ne décide de rien.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lxml import html

from tests.charge import RACINE, RAPPORT, base_neuve, preparer_django

CONTRAT = "tilleuls"
PAUSE, ECART = 8, 4
DERNIERES_MINUTES = 120


@dataclass
class Porteur:
    """Une association, sa session, son dossier, et ce que le site lui a dit avoir enregistré."""

    rang: int
    dossier: int
    session: str
    pieces: list[str]
    accuse: str = ""
    durees: list[float] = field(default_factory=list)
    statuts: Counter[int] = field(default_factory=Counter)
    est_depose: bool = False


def preparer(nombre: int) -> list[Porteur]:
    """Écrit le contrat, l'appel, et un dossier presque prêt par porteur, dans la base neuve."""
    from tests.fabriques.soiree import dossiers_presque_prets

    return [
        Porteur(rang, pret.dossier, pret.session, pret.pieces)
        for rang, pret in enumerate(dossiers_presque_prets(CONTRAT, nombre))
    ]


class Navigateur:
    """Un porteur devant son écran : il lit une page, remplit son formulaire, et l'envoie."""

    def __init__(self, client: Any, base: str, porteur: Porteur) -> None:
        self.client, self.porteur = client, porteur
        self.base = f"{base}/{CONTRAT}/dossiers/{porteur.dossier}/"
        self.projet: dict[str, str] = {}

    async def demander(self, methode: str, page: str, **envoi: Any) -> tuple[int, str]:
        debut = time.perf_counter()
        async with self.client.request(
            methode, self.base + page, allow_redirects=False, **envoi
        ) as reponse:
            texte = await reponse.text()
        self.porteur.durees.append(time.perf_counter() - debut)
        self.porteur.statuts[reponse.status] += 1
        return reponse.status, texte

    async def formulaire(self, page: str, **voulus: str | None) -> dict[str, str]:
        """Ouvre une page et rend ce qu'enverrait le premier formulaire qui a ces champs."""
        statut, texte = await self.demander("GET", page)
        if statut != 200:
            raise RuntimeError(f"{page} : {statut}")
        for form in html.fromstring(texte).forms:
            if all(
                nom in form.fields and valeur in (None, form.fields[nom])
                for nom, valeur in voulus.items()
            ):
                for nom in form.fields:
                    un_choix = form.inputs[nom]
                    if isinstance(un_choix, html.RadioGroup) and un_choix.value is None:
                        un_choix.value = un_choix.value_options[0]
                return dict(form.form_values())
        raise RuntimeError(f"{page} : le formulaire voulu n'y est pas")

    async def envoyer(self, page: str, attendus: set[int], **envoi: Any) -> str:
        statut, texte = await self.demander("POST", page, **envoi)
        if statut not in attendus:
            raise RuntimeError(f"{page} : {statut}")
        return texte

    async def ecrire(self, texte: str) -> None:
        """Quitte un champ de la section « projet », comme le fait l'enregistrement à mesure."""
        page = "projet/"
        if not self.projet:
            self.projet = await self.formulaire(page, description=None)
        champs = {**self.projet, "description": texte}
        entetes = {"Accept": "application/json"}
        dit = json.loads(await self.envoyer(page, {200}, data=champs, headers=entetes))
        self.projet = {**champs, **dit["champs"]}
        self.porteur.accuse = texte

    async def joindre(self, cle: str) -> None:
        import aiohttp

        from tests.fabriques.fichiers import pdf

        champs = await self.formulaire("pieces/", cle=cle, fichiers=None)
        envoi = aiohttp.FormData([*champs.items()])
        octets = pdf(queue=f"{cle} {self.porteur.rang}")
        envoi.add_field("fichiers", octets, filename=f"{cle}.pdf", content_type="application/pdf")
        await self.envoyer("pieces/", {302}, data=envoi)

    async def deposer(self) -> None:
        """Signe, vérifie et dépose ; un porteur sur dix clique deux fois."""
        champs = await self.formulaire("attestations/", fonction=None)
        await self.envoyer(
            "attestations/", {302}, data={**champs, "fonction": "Présidente", "tout": "oui"}
        )
        await self.demander("GET", "verifier/")
        jetons = await self.formulaire("deposer/", csrfmiddlewaretoken=None)
        clics = 2 if self.porteur.rang % 10 == 0 else 1
        await asyncio.gather(
            *(self.demander("POST", "deposer/", data=jetons) for _ in range(clics))
        )


async def mener(porteur: Porteur, base: str, duree: float) -> None:
    """Joue la soirée d'un porteur."""
    import aiohttp

    hasard = random.Random(porteur.rang)
    debut = time.monotonic()
    depart = duree - hasard.uniform(5, min(DERNIERES_MINUTES, duree / 2))
    envois = sorted(hasard.uniform(1, depart) for _ in porteur.pieces)
    cookies = {"sessionid": porteur.session}
    delai = aiohttp.ClientTimeout(total=60)
    # Par défaut, ce client ne rend pas ses cookies à une adresse faite de chiffres.
    bocal = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookies=cookies, cookie_jar=bocal, timeout=delai) as client:
        navigateur = Navigateur(client, base, porteur)
        await asyncio.sleep(hasard.uniform(0, PAUSE))
        tours = 0
        while time.monotonic() - debut < depart:
            tours += 1
            await navigateur.ecrire(f"Atelier du mardi, phrase {tours}. " * min(tours, 20))
            while envois and time.monotonic() - debut > envois[0]:
                envois.pop(0)
                await navigateur.joindre(porteur.pieces[len(envois)])
            await asyncio.sleep(hasard.uniform(PAUSE - ECART, PAUSE + ECART))
        while envois:
            envois.pop(0)
            await navigateur.joindre(porteur.pieces[len(envois)])
        await navigateur.deposer()


async def jouer(porteurs: list[Porteur], base: str, duree: float) -> list[BaseException]:
    soirees = (mener(porteur, base, duree) for porteur in porteurs)
    rendus = await asyncio.gather(*soirees, return_exceptions=True)
    return [rendu for rendu in rendus if isinstance(rendu, BaseException)]


def fautes(porteurs: list[Porteur]) -> list[str]:
    """Rend ce qui s'est perdu, s'est fait deux fois, ou ne s'est pas fait."""
    from parvis.dossiers.models import Dossier, VersionDeposee

    trouvees = []
    dossiers = {d.pk: d for d in Dossier.objects.prefetch_related("ecritures", "pieces")}
    deposees = Counter(VersionDeposee.objects.values_list("dossier", flat=True))
    for porteur in porteurs:
        dossier = dossiers[porteur.dossier]
        dit = next(
            e.valeur.get("description", "")
            for e in dossier.ecritures.all()
            if e.section == "projet" and e.est_courante
        )
        if dit.strip() != porteur.accuse.strip():
            trouvees.append(f"{porteur.rang} : le dernier texte accusé n'est pas celui de la base")
        if deposees[porteur.dossier] != 1:
            trouvees.append(f"{porteur.rang} : déposé {deposees[porteur.dossier]} fois")
        if len(dossier.pieces.all()) < len(porteur.pieces):
            trouvees.append(f"{porteur.rang} : une pièce manque")
    numeros = [d.numero for d in dossiers.values() if d.numero]
    if len(set(numeros)) != len(numeros):
        trouvees.append("deux dossiers portent le même numéro")
    pannes = sum(n for p in porteurs for statut, n in p.statuts.items() if statut >= 500)
    if pannes:
        trouvees.append(f"{pannes} réponses sont des pannes")
    return trouvees


@contextlib.contextmanager
def serveur(port: int, journal: Any):
    """Sert le site comme un déploiement : deux processus, quatre fils chacun."""
    commande = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2"]
    commande += ["--threads", "4", "--bind", f"127.0.0.1:{port}", "--backlog", "1024"]
    lance = subprocess.Popen(commande, cwd=RACINE, stdout=journal, stderr=journal)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=2)
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        lance.terminate()
        lance.wait(20)


def main() -> None:
    lus = argparse.ArgumentParser(description="La soirée de clôture d'un appel.")
    lus.add_argument("--duree", type=float, default=600)
    lus.add_argument("--porteurs", type=int, default=200)
    lus.add_argument("--port", type=int, default=8177)
    lus.add_argument("--ecrire", action="store_true", help="écrit docs/performance.md")
    voulu = lus.parse_args()
    with tempfile.TemporaryDirectory() as dossier, base_neuve(dossier, "soiree") as base:
        os.environ |= {"PARVIS_BASE": base, "PARVIS_VAR": dossier, "PARVIS_HTTPS": "non"}
        for commande in (["migrate", "-v0"], ["collectstatic", "-v0", "--no-input"]):
            subprocess.run([sys.executable, "manage.py", *commande], cwd=RACINE, check=True)
        preparer_django()
        porteurs = preparer(voulu.porteurs)
        with open(f"{dossier}/serveur.log", "w+b") as journal, serveur(voulu.port, journal) as site:
            exceptions = asyncio.run(jouer(porteurs, site, voulu.duree))
            journal.seek(0)
            erreurs = journal.read().decode(errors="replace")[-3000:]
        dites = Counter(repr(erreur) for erreur in exceptions)
        trouvees = [f"{dite} ({nombre} fois)" for dite, nombre in dites.most_common()]
        trouvees += fautes(porteurs)
        dire(porteurs, voulu, trouvees)
        if trouvees:
            print(erreurs)
            raise SystemExit("\n".join(trouvees[:20]))


def dire(porteurs: list[Porteur], voulu: argparse.Namespace, trouvees: list[str]) -> None:
    """Affiche ce qui a été mesuré, et l'écrit si on le demande."""
    from parvis.socle.rapport import ecrire_section, machine

    durees = [1000 * duree for porteur in porteurs for duree in porteur.durees]
    centiles = statistics.quantiles(durees, n=100)
    rapport = (
        f"{machine()}. {len(porteurs)} porteurs, {voulu.duree:.0f} s, {len(durees)} requêtes : "
        f"médiane {centiles[49]:.0f} ms, 95e centile {centiles[94]:.0f} ms, "
        f"99e {centiles[98]:.0f} ms ; {len(trouvees)} faute(s)."
    )
    print(rapport)
    if voulu.ecrire:
        ecrire_section(RAPPORT, "soirée de clôture", rapport)


if __name__ == "__main__":
    main()
