"""Deux ans d'un projet, geste après geste : ce que font à l'écran son porteur, le pilote, ses financeurs."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.fabriques import fichiers
from tests.parcours.conftest import CONTRAT

PARIS = ZoneInfo("Europe/Paris")
TELEPHONE = 320
# Un document se compose à part : on l'attend.
COMPOSE = 60_000
PORTEUR, PORTEUSE, PILOTE = "Lucie Wang", "Les Jeudis du conte", "Nathalie Kerbrat"
PROJET, QUARTIER = "Les contes en pyjama", "Gagarine"
COMITE, REUNION = "Comité des financeurs", "Programmation de l’année"
SIRET, IBAN = "00000420000002", "FR14 2004 1010 0505 0001 3M02 606"
# L'exercice que finance l'appel ouvert, comme le compte la démonstration : le suivant, dès l'été.
AUJOURD_HUI = datetime.now(PARIS)
EXERCICE = AUJOURD_HUI.year + (AUJOURD_HUI.month > 6)
APRES = EXERCICE + 1
L_AN_D_APRES = datetime(APRES, 1, 15, 10, tzinfo=PARIS)


@dataclass(frozen=True)
class Financeur:
    """Un financeur du projet : qui y décide et comment, et chaque montant qu'on doit y lire."""

    nom: str
    qui: str
    decide_par: str
    ligne: str
    demande: str
    propose: str
    vote: str
    acompte: str
    solde: str


CAISSE = Financeur(
    *("Caisse d’allocations familiales du Val-de-Marne", "Samir Oukaci", "conseil"),
    "Soutien à la parentalité",
    *("2 500", "2 300", "2 200", "1 540", "660"),
)
ETAT = Financeur(
    *("Préfecture du Val-de-Marne", "Joséphine Mbemba", "arrete"),
    "Politique de la ville (programme 147)",
    *("2 000", "2 000", "2 000", "1 600", "400"),
)
FINANCEURS = (CAISSE, ETAT)
BUDGET = {
    "Achats matières et fournitures": "500",
    "Rémunérations intermédiaires et honoraires": "30*150",
    "Cotisations": "500",
}
# Ce que le porteur coche et écrit, section par section.
COCHE = {
    "organisation": ["La page de mon organisme est exacte"],
    "projet": ["Non, c’est la première demande"],
    "fiches": ["19-1 "],
    "lieux": ["Un ou plusieurs quartiers", QUARTIER],
    "questions": ["Non, c’est la première fois"],
}
ECRIT = {
    "organisation": {
        "Représentant légal": PORTEUR,
        "Sa fonction": "Présidente",
        "Personne à joindre": PORTEUR,
        "Son courriel": "lucie.wang@demonstration.example",
    },
    "projet": {
        "Le projet en une phrase": "Des contes du soir, en pyjama, dits par les parents.",
        "À quel besoin répond-il": "Des enfants s’endorment devant un écran.",
        "Ce que vous voulez changer": "Que trente familles racontent chaque soir.",
        "Ce que vous ferez": "Un jeudi sur deux, une conteuse ouvre, des parents suivent.",
    },
    "fiches": {},
    "publics": {
        "Nombre de personnes": "90",
        "Qui sont-elles": "Trente familles de l’école.",
        "Part d’habitants": "80",
    },
    "lieux": {},
    "calendrier": {"Commence le": f"04/09/{EXERCICE}", "Finit le": f"18/12/{EXERCICE}"},
    "moyens": {
        "Locaux et matériel": "La salle de motricité de l’école.",
        "Les personnes qui le feront": "Une conteuse, six parents.",
    },
    "partenaires": {},
    "droit_commun": {},
    "questions": {"Comment des habitants": "Les parents ont demandé à conter eux-mêmes."},
}
REALISE = {"l0": "500", "l1": "4 500", "l2": "800"}


def lire(page, ou: str = "main") -> str:
    """Rend ce que dit la page, espaces insécables et retours à la ligne défaits."""
    return " ".join(page.locator(ou).first.inner_text().split())


def euros(texte: str) -> int:
    return int("".join(signe for signe in texte if signe.isdigit()))


def total(champ: str) -> int:
    """Rend la somme d'un montant, chez tous les financeurs."""
    return sum(euros(getattr(financeur, champ)) for financeur in FINANCEURS)


def suivre(page) -> None:
    """Le porteur va de ses projets aux suites de son dossier."""
    page.goto(f"{CONTRAT}/projets/")
    carte = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=PROJET))
    suites = carte.get_by_role("link", name=re.compile("suites"))
    suites.last.click()
    page.wait_for_url("**/suites/")


# --- Le porteur écrit et dépose ------------------------------------------------------------


def donner_le_siret(page) -> None:
    page.get_by_role("link", name="Ouvrir la page").click()
    page.get_by_role("link", name="Mettre la page à jour").click()
    page.get_by_label("Numéro Siret").fill(SIRET)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Mettre la page à jour").wait_for()


def commencer(page) -> str:
    """Ouvre le brouillon ; rend son adresse."""
    page.goto(f"{CONTRAT}/projets/")
    page.get_by_role("link", name="Commencer un projet").click()
    page.get_by_label("Comment s’appelle votre projet").fill(PROJET)
    page.get_by_role("button", name="Ouvrir le brouillon").click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/$"))
    return page.url


def enregistrer(page) -> None:
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Enregistré le").first.wait_for()


def ecrire_le_dossier(page, dossier: str) -> None:
    """Écrit chaque section, jusqu'aux questions de l'appel."""
    for section, champs in ECRIT.items():
        page.goto(f"{dossier}{section}/")
        for coche in COCHE.get(section, ()):
            page.get_by_label(coche).first.check()
        for nom, texte in champs.items():
            page.get_by_label(nom).first.fill(texte)
        enregistrer(page)
    page.goto(f"{dossier}indicateurs/")
    page.get_by_role("button", name="Ajouter « Personnes venues au moins une fois »").click()
    page.get_by_label("Ce que vous visez").fill("90")
    enregistrer(page)


def ecrire_le_budget(page, dossier: str) -> None:
    """Un budget équilibré, une demande à chacun des deux financeurs."""
    page.goto(f"{dossier}budget/")
    page.get_by_role("button", name="Déplier tous les postes").click()
    for compte, combien in BUDGET.items():
        page.get_by_label(f"{compte}, montant ou calcul", exact=True).first.fill(combien)
    for financeur in FINANCEURS:
        page.get_by_role("button", name=f"+ {financeur.nom}").click()
        page.keyboard.type(financeur.demande)
        lignes = page.get_by_label("Ligne ou dispositif").locator("visible=true")
        lignes.last.fill(financeur.ligne)
    page.locator("[data-equilibre]", has_text="Équilibré").wait_for()
    enregistrer(page)


def joindre_les_pieces(page, dossier: str) -> int:
    """Reprend chaque pièce encore valable, joint les autres ; rend combien sont reprises."""
    page.goto(f"{dossier}pieces/")
    manquantes = page.locator("main li", has_text=re.compile("Manque"))
    reprises = 0
    for reste in range(manquantes.count(), 0, -1):
        expect(manquantes).to_have_count(reste)
        reprendre = manquantes.first.get_by_role("button", name="Le reprendre")
        if reprendre.count():
            reprises += 1
            reprendre.click()
            continue
        contenu = fichiers.pdf(catalogue=b"/Lang(fr-%d)" % reste)
        piece = {"name": f"{reste}.pdf", "mimeType": "application/pdf", "buffer": contenu}
        manquantes.first.locator("input[type=file]").set_input_files(piece)
    expect(manquantes).to_have_count(0)
    return reprises


def donner_l_iban(page) -> None:
    page.get_by_role("link", name="Donner l’IBAN").click()
    page.get_by_label("IBAN", exact=True).fill(IBAN)
    page.get_by_role("button", name="Enregistrer l’IBAN").click()
    page.get_by_text("Le compte courant").wait_for()


def signer_et_deposer(page, dossier: str) -> None:
    """Signe et dépose : il ne manque rien, rien n'est à savoir, et le récépissé est là."""
    page.goto(f"{dossier}attestations/")
    page.get_by_label("de 500 000 € au plus").check()
    page.get_by_label("À quel titre signez-vous").fill("Présidente")
    page.get_by_role("button", name="J’ai tout lu, je signe les 4").click()
    page.get_by_role("link", name="Vérifier avant de déposer").click()
    expect(page.locator("h1")).to_have_text("Il ne manque plus rien")
    assert "À savoir" not in lire(page)
    page.get_by_role("link", name="Déposer le dossier").click()
    page.get_by_role("button", name="Déposer maintenant").click()
    page.wait_for_url("**/recepisses/")
    for financeur in FINANCEURS:
        assert financeur.nom in lire(page)


# --- Le pilote reçoit, les financeurs étudient, la séance arbitre ----------------------------


def recevoir(page) -> None:
    """Le pilote lit ce qui est demandé, et dit le dossier recevable."""
    page.goto(f"{CONTRAT}/pilotage/dossiers/")
    page.get_by_role("link", name=PROJET).click()
    assert f"en argent, pour {EXERCICE} 4 500 €" in lire(page)
    page.get_by_role("link", name="Dire ce qu’il devient").click()
    page.get_by_role("radio", name=re.compile("^Recevable")).check()
    page.get_by_role("button", name="Le dire au porteur").click()
    page.get_by_text("C’est dit : recevable").wait_for()


def rendre_un_avis(page, financeur: Financeur) -> None:
    """Un financeur propose un montant, et le montre aux autres."""
    page.goto(f"{CONTRAT}/instruction/dossiers/")
    page.get_by_role("link", name=PROJET).click()
    page.get_by_role("link", name="Rendre mon avis").click()
    page.get_by_role("radio", name="Favorable", exact=True).check()
    page.locator("[name^=montant_]").fill(financeur.propose)
    page.get_by_label("Montrer le montant").check()
    page.get_by_label("Motif").fill("Les parents portent le projet.")
    page.get_by_role("button", name="Rendre cet avis").click()
    page.get_by_text("Votre avis est rendu").wait_for()


def ouvrir_la_reunion(page) -> None:
    page.goto(f"{CONTRAT}/pilotage/instances/")
    page.get_by_role("link", name=COMITE).last.click()
    page.get_by_role("link", name=REUNION).click()


def jour_de_la_reunion(page) -> datetime:
    """Rend le jour et l'heure où le comité des financeurs se réunit."""
    ouvrir_la_reunion(page)
    page.get_by_role("link", name="Changer la date").click()
    dit = page.locator("[name=commence_le]").input_value()
    return datetime.fromisoformat(dit).replace(tzinfo=PARIS)


def tenir_la_seance(page) -> None:
    """Le pilote met le dossier à l'ordre du jour, note qui est là, arbitre, lève et publie."""
    ouvrir_la_reunion(page)
    expect(page.get_by_label("Exercice à arbitrer")).to_have_value(str(EXERCICE))
    page.get_by_role("button", name="Préparer la séance").click()
    page.get_by_role("button", name="Y mettre le dossier recevable").click()
    page.get_by_text("Tous les dossiers recevables qui attendent une réponse y sont").wait_for()
    seance = page.url.partition("#")[0]
    page.get_by_role("link", name="Noter les présences").click()
    for present in page.get_by_label("Présent", exact=True).all():
        present.check()
    page.get_by_role("button", name="Noter les présences").click()
    page.get_by_text("Les présences sont notées").wait_for()
    page.goto(seance)
    page.get_by_role("button", name="Ouvrir la séance").click()
    for financeur in FINANCEURS:
        page.get_by_role("group", name=f"{financeur.nom} : la séance propose").wait_for()
        expect(page.locator("[name=montant]")).to_have_value(re.compile(financeur.propose[0]))
        page.locator("[name=montant]").fill(financeur.vote)
        page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".ecran__avancee")).to_contain_text("Tout est arbitré")
    page.goto(seance)
    page.get_by_role("button", name="Lever la séance").click()
    page.get_by_role("link", name="Relire et publier").click()
    page.get_by_role("button", name="Publier ce que propose la séance").click()
    page.get_by_text("La séance est publiée").wait_for()


# --- Chaque financeur vote, écrit son acte, paie ---------------------------------------------


def voter(page, financeur: Financeur, jour: str) -> None:
    """Un financeur reprend ce que la séance propose, et publie sa décision."""
    page.goto(f"{CONTRAT}/instruction/decisions/nouvelle/")
    expect(page.get_by_label("Exercice")).to_have_value(str(EXERCICE))
    page.get_by_label("Sorte d’acte").select_option(financeur.decide_par)
    page.get_by_label("Prise le").fill(jour)
    page.get_by_role("button", name="Préparer cette décision").click()
    page.get_by_role("button", name="Reprendre ce que la séance propose").click()
    page.get_by_role("link", name="Relire et publier").click()
    assert f"1 réponse {financeur.vote} €" in lire(page)
    page.get_by_role("button", name="Publier la décision").click()
    page.get_by_text("La décision est publiée").wait_for()


def prendre_l_acte(page, jour: str) -> None:
    """L'acte se prépare, se compose à part, se signe, se notifie."""
    page.get_by_role("link", name="Les actes de cette décision").click()
    page.get_by_role("button", name="Préparer les actes cochés").click()
    acte = page.locator("tbody tr", has_text=PORTEUSE)
    expect(acte).to_contain_text("À signer", timeout=COMPOSE)
    acte.get_by_role("link").first.click()
    page.get_by_role("link", name="Noter la signature").click()
    page.get_by_label("Signé le").fill(jour)
    page.get_by_role("button", name="Noter la signature").click()
    page.get_by_text("l’argent est engagé").first.wait_for()
    page.get_by_role("link", name="Noter la notification").click()
    page.get_by_label("Par la plateforme").check()
    page.get_by_role("button", name="Noter la notification").click()
    page.get_by_text("La notification est notée").wait_for()


def payer(page, echeance: str, combien: str, jour: str) -> None:
    """Un financeur coche ce qu'il doit au projet, et note l'avoir versé."""
    page.goto(f"{CONTRAT}/instruction/versements/")
    due = page.locator("tbody tr", has_text=PORTEUSE).filter(has_text=f"{echeance} de l’acte")
    assert f"{combien} €" in " ".join(due.inner_text().split())
    due.get_by_role("checkbox").check()
    page.get_by_role("textbox", name="Versées le").fill(jour)
    page.get_by_role("button", name="Noter ces versements").click()
    page.get_by_text("1 versement noté").wait_for()
