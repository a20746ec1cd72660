"""Un vrai site servi par `parvis servir`, et le chromium de la machine pour le parcourir."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("PARVIS_CHROMIUM") or shutil.which("chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Où un site tout préparé se copie.
MODELE = "PARVIS_ESSAI_MODELE"
CONTRAT = "/seine-amont-2015-2020"
# Où est la main : sur la carte, sur un quartier, son nom.
FOYER = """() => {
  const ici = document.activeElement;
  return { surLaCarte: Boolean(ici.closest("[data-carte]")), nom: ici.dataset.nom ?? "" };
}"""


def pytest_collection_modifyitems(items):
    sans_navigateur = pytest.mark.skip(reason="chromium est absent de cette machine")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("navigateur")
            if not CHROMIUM:
                item.add_marker(sans_navigateur)


@pytest.fixture(scope="session")
def reglages(tmp_path_factory) -> dict[str, str]:
    """Rend l'environnement d'un site de démonstration neuf, préparé une fois pour tous."""
    dossier = tmp_path_factory.mktemp("site")
    commun = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        commun = commun.parent
    reglages = os.environ | {
        "PARVIS_DEMONSTRATION": "oui",
        "PARVIS_VAR": str(dossier),
        MODELE: str(commun / "modele"),
    }
    reglages.pop("PARVIS_BASE", None)
    return reglages


def _preparer(reglages: dict[str, str]) -> None:
    """Remplit le dossier d'un site neuf : une copie du premier que l'on a préparé."""
    dossier, modele = Path(reglages["PARVIS_VAR"]), Path(reglages[MODELE])
    with modele.with_suffix(".verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        fini = modele / "fini"
        if not fini.exists():
            subprocess.run(
                [sys.executable, "manage.py", "preparer"],
                env=reglages | {"PARVIS_VAR": str(modele)},
                check=True,
                stdout=subprocess.DEVNULL,
                timeout=240,
            )
            fini.touch()
    shutil.copytree(modele, dossier, dirs_exist_ok=True)
    # Le carnet des préparations nomme la base par son chemin.
    carnet = dossier / "preparation.json"
    carnet.write_text(carnet.read_text().replace(str(modele), str(dossier)))


@pytest.fixture(scope="session")
def site(reglages):
    """Rend l'adresse d'un site neuf, avec le contrat livré, arrêté à la fin des parcours."""
    with _servir(reglages) as adresse:
        yield adresse


@contextmanager
def _servir(reglages: dict[str, str]):
    dossier = Path(reglages["PARVIS_VAR"])
    _preparer(reglages)
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    commande = [sys.executable, "manage.py", "servir", "--port", str(port)]
    sortie = (dossier / "sortie.txt").open("wb")
    processus = subprocess.Popen(commande, env=reglages, stdout=sortie, stderr=sortie)
    adresse = f"http://127.0.0.1:{port}"
    try:
        _attendre(f"{adresse}/sante/", processus, dossier)
        yield adresse
    finally:
        processus.terminate()
        processus.wait(20)
        sortie.close()


@pytest.fixture(scope="module")
def site_d_essai(reglages, tmp_path_factory):
    """Rend l'adresse d'un site de démonstration qui a, en plus, la page de cinquante champs."""
    dossier = tmp_path_factory.mktemp("site-d-essai")
    with _servir(
        reglages
        | {
            "PARVIS_VAR": str(dossier),
            "DJANGO_SETTINGS_MODULE": "tests.parcours.reglages_d_essai",
        }
    ) as adresse:
        yield adresse


def _attendre(adresse: str, processus: subprocess.Popen, dossier: Path) -> None:
    # Une machine chargée prépare la démonstration en deux minutes.
    limite = time.monotonic() + 180
    while time.monotonic() < limite and processus.poll() is None:
        try:
            with urllib.request.urlopen(adresse, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"Le site n'a pas démarré : {(dossier / 'sortie.txt').read_text()[-2000:]}")


@pytest.fixture(scope="session")
def navigateur():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def ouvrir(navigateur, site):
    """Rend de quoi ouvrir une page, à la largeur voulue, avec ou sans JavaScript."""
    contextes = []

    def ouvrir_une_page(chemin: str, largeur: int = 1280, javascript: bool = True):
        contexte = navigateur.new_context(
            viewport={"width": largeur, "height": 900},
            java_script_enabled=javascript,
            base_url=site,
            locale="fr-FR",
            reduced_motion="reduce",
        )
        contextes.append(contexte)
        page = contexte.new_page()
        page.erreurs = []
        page.on("pageerror", lambda erreur: page.erreurs.append(str(erreur)))
        page.on(
            "console",
            lambda message: page.erreurs.append(message.text) if message.type == "error" else None,
        )
        page.goto(chemin)
        return page

    yield ouvrir_une_page
    for contexte in contextes:
        contexte.close()


class Clavier:
    """Compte les touches frappées."""

    def __init__(self, page) -> None:
        self.page, self.frappes = page, 0

    def frapper(self, touche: str) -> dict:
        """Frappe une touche ; rend où elle mène."""
        self.page.keyboard.press(touche)
        self.frappes += 1
        return self.page.evaluate(FOYER)

    def tabuler_jusqu_a(self, arrivee) -> dict:
        """Frappe Tab jusqu'à l'endroit voulu."""
        for _ in range(40):
            if arrivee(ici := self.frapper("Tab")):
                return ici
        raise AssertionError("La touche Tab n'y mène pas.")
