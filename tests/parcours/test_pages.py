"""Chaque page dans un vrai navigateur : accessible, lisible à 320 px, valide, sans erreur."""

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier

# L'appel ouvert de la démonstration finance l'année suivante dès l'été.
CAMPAGNE = date.today().year + (date.today().month > 6)
APPEL = f"{CONTRAT}/appels/appel-a-projets-du-contrat-de-ville-{CAMPAGNE}"
PAGES = {
    "accueil": f"{CONTRAT}/",
    "sommaire": f"{CONTRAT}/sommaire/",
    "fiches": f"{CONTRAT}/fiches/",
    "fiches filtrées": f"{CONTRAT}/fiches/?financeur=caisse-d-allocations-familiales&public=petite_enfance",
    "fiches sans réponse": f"{CONTRAT}/fiches/?mots=zzzzzzzz",
    "fiche 2-3": f"{CONTRAT}/fiches/2-3/",
    "fiche 7-1": f"{CONTRAT}/fiches/7-1/",
    "fiche permanente": f"{CONTRAT}/editions/2015-06/fiches/21-1/",
    "éditions": f"{CONTRAT}/editions/",
    "comparaison d'une seule": f"{CONTRAT}/comparaison/",
    "édition": f"{CONTRAT}/editions/2015-06/",
    "carte": f"{CONTRAT}/carte/",
    "carte des appels": f"{CONTRAT}/carte/?couche=appels&couche=communes",
    "quartiers": f"{CONTRAT}/quartiers/",
    "quartier": f"{CONTRAT}/quartiers/QN09408M/",
    "commune": f"{CONTRAT}/communes/94022/",
    "adresse": f"{CONTRAT}/adresse/",
    "adresse, une réponse": f"{CONTRAT}/adresse/?lat=48.81661&lon=2.39652",
    "appels": f"{CONTRAT}/appels/",
    "appels clos": f"{CONTRAT}/appels/?etat=clos",
    "appel": f"{APPEL}/",
    "ancienne version d'un appel": f"{APPEL}/versions/1/",
    "pilier": f"{CONTRAT}/piliers/sante/",
    "enjeu": f"{CONTRAT}/enjeux/2/",
    "enjeu sans fiche": f"{CONTRAT}/enjeux/16/",
    "financeurs": f"{CONTRAT}/financeurs/",
    "financeur": f"{CONTRAT}/financeurs/conseil-regional/",
    "opérateurs": f"{CONTRAT}/operateurs/",
    "opérateur": f"{CONTRAT}/operateurs/pole-emploi/",
    "dispositifs": f"{CONTRAT}/dispositifs/",
    "dispositif": f"{CONTRAT}/dispositifs/programme-de-reussite-educative-pre/",
    "croisement": f"{CONTRAT}/croisement/",
    "qui finance quoi": f"{CONTRAT}/qui-finance-quoi/",
    "qui finance quoi, choisi": f"{CONTRAT}/qui-finance-quoi/?commune=94081&tri=montant",
    "données ouvertes": f"{CONTRAT}/donnees-ouvertes/",
    "recherche": f"{CONTRAT}/recherche/?q=mediateque",
    "orientation": f"{CONTRAT}/orientation/",
    "orientation, des pistes": f"{CONTRAT}/orientation/?q=une+garderie+le+soir&structure=Associations",
    "orientation, une question": f"{CONTRAT}/orientation/?q=apprendre+le+francais+pour+travailler",
    "orientation, trop peu": f"{CONTRAT}/orientation/?q=bonjour",
    "orientation, hors du contrat": f"{CONTRAT}/orientation/?q=un+rodeo+et+un+cambriolage",
    "recherche vide": f"{CONTRAT}/recherche/",
    "recherche sans réponse": f"{CONTRAT}/recherche/?q=zzzzzzzz",
    "recherche ailleurs": f"{CONTRAT}/recherche/?q=delinquance",
    "lexique": "/lexique/",
    "mentions": "/mentions-legales/",
    "accessibilité": "/accessibilite/",
    "données": "/donnees-personnelles/",
    "composants": "/composants/",
    "api": "/api/",
    "introuvable": "/rien/",
}
HTML_VALIDATE = Path(__file__).parents[1] / "outils" / "node_modules" / ".bin" / "html-validate"


@pytest.mark.parametrize("largeur", [1280, 320])
@pytest.mark.parametrize("nom", PAGES)
def test_chaque_page_est_accessible_tient_dans_l_ecran_et_se_charge_sans_erreur(
    ouvrir, nom, largeur
):
    page = ouvrir(PAGES[nom], largeur)
    verifier(page)
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.title().strip()
    # La page absente répond 404, que la console dit comme une erreur.
    if nom != "introuvable":
        page.wait_for_load_state("networkidle")
        assert page.erreurs == []


def fautes_de_html(dossier: Path, noms: list[str]) -> list[str]:
    """Rend ce que html-validate trouve dans ces pages, rangées sous le rang de leur nom."""
    if not HTML_VALIDATE.exists():
        pytest.skip("html-validate n'est pas installé (npm ci --prefix tests/outils)")
    config = HTML_VALIDATE.parents[2] / ".htmlvalidate.json"
    commande = [str(HTML_VALIDATE), "--formatter", "json", "--config", str(config)]
    fichiers = sorted(str(f) for f in dossier.glob("*.html"))
    # Dans un fichier : par un tuyau, html-validate coupe une longue sortie.
    rapport = dossier / "rapport.json"
    with rapport.open("w", encoding="utf-8") as flux:
        fini = subprocess.run(
            [*commande, *fichiers], stdout=flux, stderr=subprocess.PIPE, text=True, check=False
        )
    fautes = [
        f"{noms[int(Path(r['filePath']).stem)]} ligne {m['line']} : {m['ruleId']} {m['message']}"
        for r in json.loads(rapport.read_text(encoding="utf-8") or "[]")
        for m in r["messages"]
    ]
    return fautes or ([fini.stderr] if fini.returncode else [])


def test_le_html_est_valide(ouvrir, tmp_path):
    for rang, chemin in enumerate(PAGES.values()):
        page = ouvrir(chemin, javascript=False)
        (tmp_path / f"{rang:02}.html").write_text(page.content(), encoding="utf-8")
    assert fautes_de_html(tmp_path, list(PAGES)) == []
