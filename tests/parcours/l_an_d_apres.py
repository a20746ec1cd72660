"""Deux ans d'un projet, la suite : le bilan se rend, l'appel d'après s'ouvre, le dossier se reprend."""

import re

from playwright.sync_api import expect

from tests.parcours.conftest import CONTRAT
from tests.parcours.deux_ans import (
    APRES,
    EXERCICE,
    FINANCEURS,
    PORTEUR,
    PROJET,
    QUARTIER,
    REALISE,
    enregistrer,
    euros,
    lire,
)


def ouvrir_le_bilan(page) -> str:
    """Le porteur trouve le bilan à rendre dans ses projets ; rend son adresse."""
    page.goto(f"{CONTRAT}/projets/")
    a_rendre = page.get_by_role("link", name=f"bilan {EXERCICE} à rendre avant le 30 juin {APRES}")
    # Le site inscrit les bilans attendus peu après son lancement.
    for _ in range(200):
        if a_rendre.count():
            break
        page.reload()
    a_rendre.click()
    page.get_by_role("link", name=re.compile("^Commencer")).click()
    page.get_by_role("button", name="Commencer le bilan").click()
    page.get_by_role("heading", name=re.compile("Bilan définitif")).wait_for()
    return page.url


def garder(page) -> None:
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.locator(".message", has_text="Enregistré à").wait_for()


def ecrire_le_bilan(page, bilan: str) -> None:
    """Le bilan part du dossier et de ce qui est versé : il reste à écrire ce qui s'est passé."""
    page.goto(f"{bilan}realisation/")
    page.get_by_label("Il a eu lieu comme prévu").check()
    garder(page)
    page.goto(f"{bilan}habitants/")
    page.get_by_label(f"{QUARTIER}, 6 à 11 ans, femmes et filles").fill("50")
    page.get_by_label(f"{QUARTIER}, 6 à 11 ans, hommes et garçons").fill("44")
    page.get_by_role("radio", name="Estimées", exact=True).check()
    garder(page)
    page.goto(f"{bilan}indicateurs/")
    page.locator("[name=i0_realise]").fill("94")
    garder(page)
    page.goto(f"{bilan}budget/")
    for rang, financeur in enumerate(FINANCEURS):
        recu = page.locator(f"[name=d{rang}_realise]").input_value()
        assert euros(recu) == euros(financeur.acompte)
    for ligne, combien in REALISE.items():
        page.locator(f"[name={ligne}_realise]").fill(combien)
    garder(page)
    page.goto(f"{bilan}recit/")
    page.get_by_label("Ce qui a été fait").fill("Vingt jeudis de contes.")
    page.get_by_label("Ce qui a changé").fill("Trente familles racontent chaque soir.")
    garder(page)


def rendre_le_bilan(page, bilan: str) -> None:
    page.goto(f"{bilan}rendre/")
    assert "Ce qui n’est pas dépensé : 0,00 €" in lire(page)
    page.get_by_label("Prénom et nom de qui certifie").fill(PORTEUR)
    page.get_by_label("À quel titre").fill("Présidente")
    page.get_by_label(re.compile("certifie que ce bilan est exact")).check()
    page.get_by_role("button", name="Rendre le bilan").click()
    page.get_by_text("Votre bilan est rendu.").wait_for()


def accepter_le_bilan(page) -> None:
    page.goto(f"{CONTRAT}/pilotage/bilans/?etat=rendu")
    page.get_by_role("link", name=PROJET).click()
    assert "Ce qui est dépensé dépasse de 1 060 € ce qui est reçu." in lire(page)
    page.get_by_role("button", name="Accepter ce bilan").click()
    page.get_by_text("pour tous les financeurs. Le porteur vient d’être prévenu").wait_for()


def ouvrir_l_appel_d_apres(page) -> None:
    """Le pilote reprend l'appel clos pour l'année d'après, en change les dates, et publie."""
    page.goto(f"{CONTRAT}/pilotage/appels/")
    titre = f"Appel à projets du contrat de ville {EXERCICE}"
    page.get_by_role("link", name=titre, exact=True).click()
    assert "A fermé le" in lire(page)
    expect(page.get_by_label("Pour quelle année")).to_have_value(str(APRES))
    page.get_by_role("button", name="Reprendre cet appel").click()
    page.get_by_text("La clôture est déjà passée").wait_for()
    page.get_by_role("link", name="Présentation et dates").first.click()
    page.get_by_label("Ouvre le").fill(f"{APRES}-01-14T09:00")
    page.get_by_label("Ferme le").fill(f"{APRES}-02-20T18:00")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("link", name="Publier…").click()
    page.get_by_role("button", name="Publier l’appel").click()
    page.get_by_text("est publié.").wait_for()


def etiquettes(page) -> dict[str, str]:
    """Rend ce que la liste de tâches dit de chaque section, comparée à l'an d'avant."""
    taches = page.locator("main li").filter(has=page.locator(".etiquette"))
    return {
        tache.get_by_role("link").first.inner_text(): tache.locator(".etiquette").inner_text()
        for tache in taches.all()
    }


def redemander(page) -> str:
    """Le porteur part du dossier de l'an dernier : tout y est, et ce qui change se voit."""
    page.goto(f"{CONTRAT}/projets/")
    page.get_by_role("link", name="Reprendre pour un autre appel").click()
    page.get_by_label(f"Appel à projets du contrat de ville {APRES}").check()
    page.get_by_role("button", name="Ouvrir le brouillon").click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/$"))
    dossier, comme_avant = page.url, f"Comme en {EXERCICE}"
    dites = etiquettes(page)
    assert dites["Le projet"] == f"Changé depuis {EXERCICE}"
    assert {dites[nom] for nom in ("Le calendrier", "Le budget et les demandes")} == {comme_avant}
    page.goto(f"{dossier}organisation/")
    page.get_by_label("La page de mon organisme est exacte").check()
    enregistrer(page)
    # Ce qui était écrit ne vaut plus tel quel : la vérification le dit, et y mène.
    page.goto(f"{dossier}verifier/")
    page.get_by_role("link", name=re.compile(f"hors de l’exercice {APRES}")).click()
    page.get_by_label("Commence le").fill(f"04/02/{APRES}")
    page.get_by_label("Finit le").fill(f"18/12/{APRES}")
    enregistrer(page)
    assert page.locator("ins", has_text=str(APRES)).count() >= 1
    page.goto(dossier)
    assert etiquettes(page)["Le calendrier"] == f"Changé depuis {EXERCICE}"
    return dossier
