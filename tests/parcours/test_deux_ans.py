"""Deux ans de la vie d'un projet : demandé, arbitré, voté, signé, payé, raconté, soldé, redemandé.

Trois jours seulement se vivent : celui du dépôt, celui de la séance, puis, l'exercice fini, celui du bilan.
Entre eux le site est coupé, et se relance à la date d'après.
"""

import re
from datetime import datetime

import pytest

from tests.parcours import deux_ans as vie
from tests.parcours import l_an_d_apres as suite
from tests.parcours.conftest import CONTRAT, Site
from tests.parcours.controles import verifier
from tests.parcours.deux_ans import (
    APRES,
    EXERCICE,
    FINANCEURS,
    L_AN_D_APRES,
    PILOTE,
    PORTEUR,
    PORTEUSE,
    PROJET,
    TELEPHONE,
    Financeur,
    euros,
    lire,
    suivre,
    total,
)
from tests.parcours.test_espaces import entrer


@pytest.fixture(scope="module")
def servi(reglages, tmp_path_factory):
    """Rend un site à lui, que l'on relance un autre jour."""
    autre_jour = {
        "PARVIS_VAR": str(tmp_path_factory.mktemp("deux-ans")),
        "DJANGO_SETTINGS_MODULE": "tests.parcours.reglages_d_un_autre_jour",
    }
    servi = Site(reglages | autre_jour)
    servi.demarrer()
    yield servi
    servi.arreter()


@pytest.fixture(scope="module")
def site(servi):
    return servi.adresse


@pytest.fixture
def comme(ouvrir):
    """Rend de quoi entrer comme quelqu'un ; aucune page n'aura dit d'erreur."""
    pages = []

    def ouvrir_comme(qui: str, largeur: int = 1280):
        page = ouvrir("/compte/connexion/", largeur)
        pages.append(page)
        entrer(page, qui)
        return page

    yield ouvrir_comme
    assert [page.erreurs for page in pages if page.erreurs] == []


def relancer(servi: Site, jour: datetime) -> None:
    """Coupe le site net, et le relance à ce jour et à cette heure."""
    servi.tuer()
    servi.reglages = servi.reglages | {"PARVIS_ESSAI_JOUR": jour.isoformat()}
    servi.demarrer()


# --- Ce que chacun doit lire ------------------------------------------------------------------


def lire_la_proposition(page) -> None:
    """Le porteur lit ce que la séance propose : ce n'est pas encore de l'argent."""
    suivre(page)
    dit = lire(page)
    for financeur in FINANCEURS:
        assert f"{financeur.demande} € demandés. Proposition favorable" in dit
        assert f" : {financeur.vote} €, sous réserve de son vote." in dit
    assert "ce n’est pas encore de l’argent" in dit


def lire_l_acompte(page) -> None:
    """Le porteur lit ce qui est voté, engagé, versé, et ce qu'il lui reste à recevoir."""
    suivre(page)
    dit = lire(page)
    assert "Les 2 financeurs" not in dit and "tous ses financeurs ont répondu" in dit
    assert f"rendre le bilan {EXERCICE}, attendu le 30 juin {EXERCICE + 1}" in dit
    for financeur in FINANCEURS:
        assert f"{financeur.vote} € engagés, {financeur.acompte} € versés." in dit
        assert f"Encore {financeur.solde} € (solde) : après l’acceptation du compte rendu" in dit
        reste = f"{financeur.acompte} € vous sont versés, il vous reste {financeur.solde} €"
        assert reste in dit
    page.get_by_role("link", name="suivre l’argent").click()
    sommes = "4 500 € demandés · 4 200 € votés · 4 200 € engagés · 3 140 € versés."
    assert sommes in lire(page)
    assert "4 200 € sûrs, dont 3 140 € déjà versés." in lire(page)


def lire_la_ligne_du_projet(page, exercice: int) -> str:
    page.goto(f"{CONTRAT}/pilotage/programmation/?exercice={exercice}")
    return " ".join(page.locator("tbody tr", has_text=PROJET).inner_text().split())


def lire_le_tableau_du_pilote(page) -> int:
    """Rend ce qui est voté au projet, que dit le tableau de programmation du pilote."""
    ligne = lire_la_ligne_du_projet(page, EXERCICE)
    cases = [f"{f.demande} € {f.propose} € proposés {f.vote} € votés" for f in FINANCEURS]
    assert f"{' '.join(cases)} 4 500 € 4 200 € 93 %" in ligne
    return euros(re.search(r"4 500 € (\S+ \S+) €", ligne).group(1))


def lire_le_bilan_du_pilote(page) -> int:
    """Rend ce qui est versé au projet, que dit la liste des bilans du pilote."""
    chemin = f"pilotage/bilans/?exercice={EXERCICE}"
    page.goto(f"{CONTRAT}/{chemin}")
    return euros(
        page.locator("tbody tr", has_text=PROJET).locator("[data-nom='Versé']").inner_text()
    )


def lire_son_enveloppe(page, financeur: Financeur) -> dict[str, int]:
    """Rend ce que dit un financeur de l'enveloppe où le projet se prend, colonne par colonne."""
    page.goto(f"{CONTRAT}/enveloppes/?exercice={EXERCICE}")
    ligne = page.locator("tbody tr", has_text=financeur.ligne)
    noms = ("Proposé", "Arbitré", "Voté", "Engagé", "Versé")
    return {nom: euros(ligne.locator(f"[data-nom='{nom}']").inner_text()) for nom in noms}


def lire_son_acte(page) -> tuple[int, int]:
    """Rend ce qu'un financeur a versé sur l'acte du projet, et ce qu'il engage."""
    page.goto(f"{CONTRAT}/instruction/actes/?exercice={EXERCICE}")
    page.locator("tbody tr", has_text=PORTEUSE).get_by_role("link").first.click()
    page.get_by_role("link", name="Verser, suivre les versements").click()
    verse, engage = re.search(r"([\d ]+) € versés sur ([\d ]+) €", lire(page)).groups()
    return euros(verse), euros(engage)


def lire_l_histoire(page) -> list[str]:
    """Rend tout ce qui est arrivé au dossier, du plus ancien au plus récent."""
    suivre(page)
    phrases: list[str] = []
    while True:
        phrases += [" ".join(dit.split()) for dit in page.locator(".frise li").all_inner_texts()]
        plus = page.get_by_role("link", name="Actes plus anciens")
        if not plus.count():
            return phrases[::-1]
        plus.click()
        page.wait_for_load_state("load")


# --- L'histoire --------------------------------------------------------------------------------


def premier_jour(comme) -> datetime:
    """Le dossier s'écrit au téléphone, se dépose, se reçoit, s'étudie ; rend le jour de la séance."""
    page = comme(PORTEUR, TELEPHONE)
    vie.donner_le_siret(page)
    dossier = vie.commencer(page)
    vie.ecrire_le_dossier(page, dossier)
    vie.ecrire_le_budget(page, dossier)
    vie.joindre_les_pieces(page, dossier)
    vie.donner_l_iban(page)
    vie.signer_et_deposer(page, dossier)
    verifier(page, "les récépissés, au téléphone")
    pilote = comme(PILOTE)
    vie.recevoir(pilote)
    for financeur in FINANCEURS:
        vie.rendre_un_avis(comme(financeur.qui), financeur)
    return vie.jour_de_la_reunion(pilote)


def jour_de_la_seance(comme, jour: str) -> None:
    """La séance arbitre ; chaque financeur vote, signe, notifie, verse l'acompte."""
    pilote, porteur = comme(PILOTE), comme(PORTEUR, TELEPHONE)
    vie.tenir_la_seance(pilote)
    lire_la_proposition(porteur)
    for financeur in FINANCEURS:
        page = comme(financeur.qui)
        avant = lire_son_enveloppe(page, financeur)
        vie.voter(page, financeur, jour)
        vie.prendre_l_acte(page, jour)
        vie.payer(page, "acompte", financeur.acompte, jour)
        apres = lire_son_enveloppe(page, financeur)
        f = financeur
        attendus = [euros(dit) for dit in (f.propose, f.vote, f.vote, f.vote, f.acompte)]
        assert [apres[nom] - avant[nom] for nom in apres] == attendus
        assert lire_son_acte(page) == (euros(f.acompte), euros(f.vote))
    lire_l_acompte(porteur)
    verifier(porteur, "l'argent, au téléphone")
    assert lire_le_tableau_du_pilote(pilote) == total("vote")


def jour_du_bilan(porteur, pilote, comme, jour: str) -> None:
    """Le bilan se rend, s'accepte ; chaque solde se paie, et tous les comptes s'accordent."""
    bilan = suite.ouvrir_le_bilan(porteur)
    suite.ecrire_le_bilan(porteur, bilan)
    suivre(porteur)
    attendu = f"tient la plume : rendre le bilan {EXERCICE}, attendu le 30 juin {APRES}."
    assert attendu in lire(porteur)
    suite.rendre_le_bilan(porteur, bilan)
    assert lire_le_bilan_du_pilote(pilote) == total("acompte")
    suite.accepter_le_bilan(pilote)
    verse = 0
    for financeur in FINANCEURS:
        page = comme(financeur.qui)
        vie.payer(page, "solde", financeur.solde, jour)
        assert lire_son_acte(page) == (euros(financeur.vote), euros(financeur.vote))
        verse += lire_son_acte(page)[0]
    vote = lire_le_tableau_du_pilote(pilote)
    assert vote == verse == lire_le_bilan_du_pilote(pilote) == total("vote")
    suivre(porteur)
    assert "Plus rien n’est attendu sur ce dossier." in lire(porteur)
    assert lire(porteur).count("Ce montant vous est versé en entier.") == len(FINANCEURS)


def relire_l_histoire(page) -> None:
    """Le journal du dossier dit chaque étape, dans l'ordre."""
    etapes = ["a ouvert un brouillon", f"{PORTEUR} a déposé", "recevable", "La séance du"]
    for f in FINANCEURS:
        etapes += [f"{f.nom} a répondu", f"{f.nom} a notifié", f"{f.nom} a versé {f.acompte} €"]
    etapes += ["a ouvert le bilan définitif", "a rendu le bilan définitif", "accepté"]
    etapes += [f"{f.nom} a versé {f.solde} €" for f in FINANCEURS]
    histoire = iter(lire_l_histoire(page))
    for etape in etapes:
        assert any(etape in phrase for phrase in histoire), etape


def redemander_l_annee_d_apres(porteur, pilote) -> None:
    """L'appel d'après s'ouvre ; le dossier de l'an dernier se reprend, se change, se dépose."""
    suite.ouvrir_l_appel_d_apres(pilote)
    dossier = suite.redemander(porteur)
    verifier(porteur, "le dossier repris")
    # Au moins celles qui valent sans limite : statuts, récépissé, relevé bancaire.
    assert vie.joindre_les_pieces(porteur, dossier) >= 3
    vie.signer_et_deposer(porteur, dossier)
    # Ce que le projet a eu l'an d'avant se lit en face de ce qu'il redemande.
    assert "4 500 € 4 200 €" in lire_la_ligne_du_projet(pilote, APRES)
    verifier(pilote, "la programmation d'après")


def test_deux_ans_de_la_vie_d_un_projet(comme, servi):
    seance = premier_jour(comme)
    relancer(servi, seance)
    jour_de_la_seance(comme, f"{seance:%Y-%m-%d}")
    relancer(servi, L_AN_D_APRES)
    porteur, pilote = comme(PORTEUR), comme(PILOTE)
    jour_du_bilan(porteur, pilote, comme, f"{L_AN_D_APRES:%Y-%m-%d}")
    relire_l_histoire(porteur)
    redemander_l_annee_d_apres(porteur, pilote)
