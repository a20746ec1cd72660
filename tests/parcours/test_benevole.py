"""Une bénévole, un téléphone, le clavier : de ses mots à elle au récépissé.

En chemin le site est tué pendant qu'elle écrit, puis sa session s'efface : rien n'est perdu.
"""

import re

import pytest

from tests.fabriques import fichiers
from tests.parcours.clavier import aller, choisir, ecrire, frapper, tabuler
from tests.parcours.conftest import Site
from tests.parcours.controles import verifier
from tests.parcours.test_compte import code_recu

QUI = "awa.diarra@demonstration.example"
PAROLE = "je veux apprendre le français aux mamans"
PROJET = "Parler français entre mamans"
AVANT, PENDANT = "Deux ateliers par semaine, ", "pendant que les petits jouent à côté."
COUPE = "Vingt mères du quartier, dont huit qui n’osent pas encore parler."
# Ce qu'elle écrit, section après section : le nom du champ, puis ses mots.
PROJET_ECRIT = [
    ("Le projet en une phrase", "Apprendre le français entre mères, près de l’école."),
    ("À quel besoin répond-il", "Elles le demandent à la sortie de l’école."),
    ("Ce que vous voulez changer", "Parler au médecin et à la maîtresse sans interprète."),
]
MOYENS = [
    ("Locaux et matériel", "La salle du centre social, le mardi et le jeudi."),
    ("Les personnes qui le feront", "Deux bénévoles et une formatrice."),
]


@pytest.fixture(scope="module")
def servi(reglages, tmp_path_factory):
    """Rend un site à elle, que l'on tue et relance."""
    servi = Site(reglages | {"PARVIS_VAR": str(tmp_path_factory.mktemp("benevole"))})
    servi.demarrer()
    yield servi
    servi.arreter()


@pytest.fixture(scope="module")
def site(servi):
    return servi.adresse


def entrer(page) -> None:
    """Entre avec un code reçu par courriel, au clavier."""
    page.wait_for_url("**/compte/connexion/**")
    ecrire(page, "Adresse de courriel", QUI)
    page.keyboard.press("Enter")
    page.get_by_label("Code").wait_for()
    ecrire(page, "Code", code_recu(page, QUI))
    page.keyboard.press("Enter")


def etat(page, texte: str) -> None:
    page.locator("[data-etat]", has_text=texte).wait_for(timeout=15_000)


def enregistrer(page) -> None:
    """Presse « Enregistrer » ; la section dit qu'elle est gardée."""
    aller(page, "Enregistrer")
    page.locator("[data-etat]", has_text="Enregistré le").wait_for()


def suivante(page, nom: str) -> None:
    """Passe à la section d'après, par le lien du bas de la page."""
    aller(page, f"{nom} →")


def commencer(page) -> None:
    """Des mots de la bénévole au brouillon ouvert."""
    ecrire(page, "Que voulez-vous faire", PAROLE)
    page.get_by_role("link", name="Préparer un dossier").first.wait_for()
    verifier(page, "orientation")
    aller(page, "Préparer un dossier")
    entrer(page)
    page.wait_for_url("**/projets/nouveau/**")
    # Ses mots l'ont suivie jusqu'ici.
    assert page.get_by_label("Ce que vous voulez faire").input_value() == PAROLE
    ecrire(page, "Comment s’appelle votre projet", PROJET)
    aller(page, "Ouvrir le brouillon")
    page.get_by_role("button", name="C’est un autre projet").wait_for()
    aller(page, "C’est un autre projet")
    page.wait_for_url("**/dossiers/**")
    verifier(page, "la liste de tâches")


def ecrire_le_projet(page, servi: Site) -> None:
    """La section « Le projet » ; le site est tué au milieu d'une phrase, et revient."""
    for nom, texte in PROJET_ECRIT[:1]:
        ecrire(page, nom, texte)
    choisir(page, "première demande", "première demande")
    for nom, texte in PROJET_ECRIT[1:]:
        ecrire(page, nom, texte)
    ecrire(page, "Ce que vous ferez", AVANT)
    servi.tuer()
    page.keyboard.type(PENDANT)
    etat(page, "le site ne répond pas")
    # Le bouton pressé pendant la panne ne mène pas à une page d'erreur.
    frapper(page, "Enregistrer")
    etat(page, "le site ne répond pas")
    servi.demarrer()
    etat(page, "Enregistré à")
    page.reload()
    assert page.get_by_label("Ce que vous ferez").input_value() == AVANT + PENDANT


def ecrire_les_publics(page) -> None:
    """La section des personnes ; sa session s'efface entre deux frappes."""
    ecrire(page, "Nombre de personnes", "20")
    tabuler(page, "Qui sont-elles", "textarea")
    page.keyboard.type(COUPE[:20])
    page.context.clear_cookies()
    page.keyboard.type(COUPE[20:])
    etat(page, "vous n’êtes plus connecté")
    ecrire(page, "Part d’habitants", "90")
    frapper(page, "Enregistrer")
    entrer(page)
    page.wait_for_url("**/publics/**")
    page.get_by_text("Enregistré à").first.wait_for()
    assert page.get_by_label("Qui sont-elles").input_value() == COUPE
    assert page.get_by_label("Part d’habitants").input_value() == "90"


def ecrire_le_budget(page) -> None:
    """Une dépense, ce qu'elle demande, et l'équilibre dit en écrivant."""
    ecrire(page, "Prestations de services, montant ou calcul", "40*2*30")
    frapper(page, "+ Préfecture du Val-de-Marne")
    page.keyboard.type("2400")
    page.keyboard.press("Tab")
    etat(page, "Enregistré à")
    verifier(page, "budget")


def joindre_les_pieces(page) -> None:
    """Ce qui a déjà été donné se reprend d'une touche ; un fichier nouveau se choisit."""
    # Dès maintenant : une fenêtre de choix demandée à l'instant où elle s'ouvre peut être manquée.
    page.on("filechooser", lambda _: None)
    manquantes = re.compile(r"Manque")
    while page.locator("main li", has_text=manquantes).count():
        avant = page.locator("main li", has_text=manquantes).count()
        aller(page, "Le reprendre")
        page.wait_for_url("**/pieces/#**")
        assert page.locator("main li", has_text=manquantes).count() == avant - 1
    tabuler(page, "Pouvoir de qui signe", "input[type=file]")
    with page.expect_file_chooser() as choix:
        page.keyboard.press("Space")
    choix.value.set_files(
        {"name": "pouvoir.pdf", "mimeType": "application/pdf", "buffer": fichiers.pdf()}
    )
    page.locator("#piece-pouvoir .fichier", has_text="pouvoir.pdf").wait_for()
    verifier(page, "pièces")


def test_des_mots_d_une_benevole_au_recepisse(ouvrir, servi):
    page = ouvrir("/", 320)
    commencer(page)
    aller(page, "Continuer : Votre organisation")
    frapper(page, "La page de mon organisme est exacte", "Space")
    enregistrer(page)
    suivante(page, "Le projet")
    ecrire_le_projet(page, servi)
    suivante(page, "Les fiches du contrat")
    suivante(page, "Les personnes concernées")
    ecrire_les_publics(page)
    suivante(page, "Les lieux")
    choisir(page, "Tout le territoire", "Un ou plusieurs quartiers")
    frapper(page, "Gagarine", "Space")
    enregistrer(page)
    suivante(page, "Le calendrier")
    ecrire(page, "Commence le", "12/01/2027")
    ecrire(page, "Finit le", "30/06/2027")
    enregistrer(page)
    suivante(page, "Les moyens")
    for nom, texte in MOYENS:
        ecrire(page, nom, texte)
    enregistrer(page)
    for facultative in ("Les partenaires", "Le droit commun"):
        suivante(page, facultative)
        enregistrer(page)
    suivante(page, "Les indicateurs")
    frapper(page, "Ajouter un indicateur")
    page.keyboard.type("Mères qui parlent seules au médecin")
    ecrire(page, "Ce que vous visez", "15")
    enregistrer(page)
    suivante(page, "Le budget et les demandes")
    ecrire_le_budget(page)
    suivante(page, "Les questions de cet appel")
    ecrire(page, "Comment des habitants", "Trois mères ont écrit l’idée avec nous.")
    choisir(page, "Non, c’est la première fois", "Non, c’est la première fois")
    ecrire(page, "Combien de femmes", "100")
    enregistrer(page)
    suivante(page, "Les pièces")
    joindre_les_pieces(page)
    suivante(page, "Les attestations")
    signer_et_deposer(page)
    # La question des brouillons (409) et le site tué sont dans la console du navigateur.
    assert [e for e in page.erreurs if "409" not in e and "ERR_CONNECTION" not in e] == []


def signer_et_deposer(page) -> None:
    """Signe, vérifie, dépose ; le récépissé est là, et tout ce qu'elle a écrit aussi."""
    frapper(page, "de 500 000 € au plus", "Space")
    aller(page, "J’ai tout lu, je signe les 4")
    page.get_by_text("4 attestations signées.").wait_for()
    aller(page, "Vérifier avant de déposer")
    page.wait_for_url("**/verifier/")
    assert page.locator("h1").inner_text() == "Il ne manque plus rien"
    aller(page, "Déposer le dossier")
    page.wait_for_url("**/deposer/")
    aller(page, "Déposer maintenant")
    page.wait_for_url("**/recepisses/")
    verifier(page, "récépissés")
    numero = re.search(r"\d{4}-\d{4}", page.locator(".cachet").inner_text()).group()
    with page.expect_download() as telecharge:
        frapper(page, "Garder ce récépissé en PDF")
    assert telecharge.value.suggested_filename.endswith(".pdf")
    page.goto(page.url.replace("recepisses", "depose"))
    depose = page.locator("main").inner_text()
    ecrits = [texte for _, texte in PROJET_ECRIT + MOYENS]
    assert [texte for texte in [*ecrits, AVANT + PENDANT, COUPE] if texte not in depose] == []
    page.goto(f"/demonstration/courriels/?adresse={QUI}")
    page.locator("ol.courriels a").first.click()
    assert numero in page.locator("main").inner_text().replace("\u202f", "").replace("‑", "-")
