"""Un vrai site servi par `parvis servir`, et le chromium de la machine pour le parcourir."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.conftest import CHROMIUM

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Les pages qu'un parcours a ouvertes.
PAGES = pytest.StashKey[list]()
# Où un site tout préparé se copie.
MODELE = "PARVIS_ESSAI_MODELE"
CONTRAT = "/seine-amont-2015-2020"
# Où est la main : sur la carte, sur un quartier, son nom.
FOYER = """() => {
  const ici = document.activeElement;
  return { surLaCarte: Boolean(ici.closest("[data-carte]")), nom: ici.dataset.nom ?? "" };
}"""


# Les fichiers les plus longs commencent : le dernier mené ne retient pas les autres.
LONGS = [
    Path(__file__).parent / f"test_{nom}.py"
    for nom in ("pages", "deux_ans", "seance", "carte", "benevole", "lot_d_actes")
]


def pytest_itemcollected(item):
    """Garde ensemble les tests d'un fichier qui lance son site : il ne l'est qu'une fois."""
    if hasattr(item.module, "site") or "site_d_essai" in item.fixturenames:
        item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONGS.index(item.path) if item.path in LONGS else len(LONGS))
    sans_navigateur = pytest.mark.skip(reason="chromium est absent de cette machine")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("navigateur")
            if not CHROMIUM:
                item.add_marker(sans_navigateur)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Un parcours qui échoue dit où il en était : l'adresse et le texte de chaque page ouverte."""
    rapport = yield
    if call.when == "call" and rapport.failed:
        for page in item.stash.get(PAGES, ()):
            rapport.sections.append((page.url, _lire_la_page(page)))
    return rapport


def _lire_la_page(page) -> str:
    try:
        return page.locator("main").inner_text(timeout=2000)[:1500]
    except PlaywrightError as erreur:
        return f"illisible : {erreur}"


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
    for a_nous in ("PARVIS_BASE", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        reglages.pop(a_nous, None)
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


class Site:
    """Un site de démonstration servi sur cette machine ; il se tue, et se relance à la même adresse."""

    def __init__(self, reglages: dict[str, str]) -> None:
        self.reglages = reglages
        with socket.socket() as libre:
            libre.bind(("127.0.0.1", 0))
            self.port = libre.getsockname()[1]
        self.adresse = f"http://127.0.0.1:{self.port}"
        self.sortie = Path(reglages["PARVIS_VAR"]) / "sortie.txt"
        _preparer(reglages)

    def demarrer(self) -> None:
        """Sert le site ; rend la main quand il répond."""
        commande = [sys.executable, "manage.py", "servir", "--port", str(self.port)]
        with self.sortie.open("ab") as sortie:
            self.processus = subprocess.Popen(
                commande, env=self.reglages, stdout=sortie, stderr=sortie, start_new_session=True
            )
        # Une machine chargée prépare la démonstration en deux minutes.
        limite = time.monotonic() + 180
        while time.monotonic() < limite and self.processus.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.adresse}/sante/", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail(f"Le site n'a pas démarré : {self.sortie.read_text()[-2000:]}")

    def tuer(self) -> None:
        """Coupe le site net, sans le laisser finir ce qu'il faisait."""
        os.killpg(self.processus.pid, signal.SIGKILL)
        self.processus.wait(20)

    def arreter(self) -> None:
        self.processus.terminate()
        self.processus.wait(20)


@contextmanager
def _servir(reglages: dict[str, str]):
    site = Site(reglages)
    try:
        site.demarrer()
        yield site.adresse
    finally:
        site.arreter()


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


@pytest.fixture(scope="session")
def navigateur():
    from playwright.sync_api import sync_playwright

    _attendre_apres_un_clic()
    # Le pilote du navigateur garde sa boucle dans ce fil : Django prendrait tout test qui suit pour un
    # appel asynchrone, et refuserait de lire la base.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "oui"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield chromium
        chromium.close()


def _attendre_apres_un_clic() -> None:
    """Un clic qui mène à une autre page rend la main quand elle est toute là, non à ses premiers mots."""
    from playwright.sync_api import Locator

    cliquer = Locator.click

    def cliquer_et_attendre(ici, *options, **nommees) -> None:
        cliquer(ici, *options, **nommees)
        ici.page.wait_for_load_state("domcontentloaded")

    Locator.click = cliquer_et_attendre


@pytest.fixture
def ouvrir(navigateur, site, request):
    """Rend de quoi ouvrir une page, à la largeur voulue, avec ou sans JavaScript."""
    contextes = []
    pages = request.node.stash.setdefault(PAGES, [])

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
        pages.append(page)
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
