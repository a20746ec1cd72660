"""Ouvrir un compte, le protéger, y revenir : dans un vrai navigateur, au clavier, sans JavaScript."""

import pytest

from tests.fabriques.authentification import CODE, code_du_telephone
from tests.parcours.controles import verifier
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html


def code_recu(page, courriel: str) -> str:
    """Lit le dernier code de cette adresse dans la boîte de la démonstration."""
    boite = page.context.new_page()
    boite.goto(f"/demonstration/courriels/?adresse={courriel}")
    boite.locator("ol.courriels a").first.click()
    code = CODE.search(boite.locator("main").inner_text()).group()
    boite.close()
    return code


def s_inscrire(page, courriel: str) -> None:
    """Crée un compte avec un code, depuis la page de connexion."""
    page.goto("/compte/connexion/")
    page.get_by_role("link", name="Créer un compte").click()
    page.get_by_label("Prénom").fill("Inès")
    page.get_by_label("Nom", exact=True).fill("Cohen")
    page.get_by_label("Adresse de courriel").fill(courriel)
    page.get_by_role("button", name="Créer mon compte").click()
    page.get_by_label("Code").fill(code_recu(page, courriel))
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/compte/")


def demander_un_code(page, courriel: str) -> None:
    page.goto("/compte/connexion/")
    page.get_by_label("Adresse de courriel").first.fill(courriel)
    page.get_by_role("button", name="Recevoir un code par courriel").click()


def sortir(page) -> None:
    page.goto("/compte/deconnexion/")
    page.locator("main").get_by_role("button", name="Me déconnecter").click()


def cle(page) -> str:
    """Rend la clé que l'on peut taper à la place de l'image."""
    return page.locator(".cle").text_content().replace(" ", "").strip()


def etapes(page, courriel: str):
    """Mène tout le parcours, et s'arrête à chaque page pour qu'on la regarde."""
    yield from etapes_avant_d_entrer(page)
    yield from etapes_de_l_inscription(page, courriel)
    secours = yield from etapes_du_second_facteur(page)
    yield from etapes_du_retour(page, courriel, secours)
    yield from etapes_de_l_oubli(page, courriel)


def etapes_avant_d_entrer(page):
    page.goto("/compte/connexion/")
    yield "connexion"
    page.get_by_text("Utiliser mon mot de passe").click()
    page.get_by_role("button", name="Entrer avec mon mot de passe").click()
    yield "connexion refusée"
    page.goto("/compte/connexion/code/")
    yield "demander un code"
    page.goto("/compte/oubli/")
    yield "mot de passe oublié"
    page.goto("/compte/ferme/")
    yield "compte fermé"


def etapes_de_l_inscription(page, courriel: str):
    page.goto("/compte/inscription/")
    page.get_by_text("Choisir aussi un mot de passe").click()
    yield "inscription"
    page.get_by_role("button", name="Créer mon compte").click()
    yield "inscription refusée"
    page.get_by_label("Prénom").fill("Inès")
    page.get_by_label("Nom", exact=True).fill("Cohen")
    page.get_by_label("Adresse de courriel").fill(courriel)
    page.get_by_role("button", name="Créer mon compte").click()
    yield "code d’inscription"
    page.get_by_label("Code").fill("000-000-000")
    page.get_by_role("button", name="Continuer").click()
    yield "code refusé"
    page.get_by_label("Code").fill(code_recu(page, courriel))
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/compte/")


def etapes_du_second_facteur(page):
    for nom, chemin in {
        "changer d’adresse": "adresse/",
        "choisir un mot de passe": "mot-de-passe/choisir/",
        "second facteur inactif": "facteur/",
        "activer le second facteur": "facteur/activer/",
    }.items():
        page.goto(f"/compte/{chemin}")
        yield nom
    page.get_by_text("Je ne peux pas lire l’image").click()
    secret = cle(page)
    yield "la clé à taper"
    page.get_by_label("Code").fill(code_du_telephone(secret))
    page.get_by_role("button", name="Activer").click()
    page.wait_for_url("**/secours/")
    yield "codes de secours"
    secours = page.locator(".codes li").first.inner_text()
    for nom, chemin in {
        "refaire les codes": "facteur/secours/refaire/",
        "second facteur actif": "facteur/",
        "retirer le second facteur": "facteur/retirer/",
        "se déconnecter": "deconnexion/",
    }.items():
        page.goto(f"/compte/{chemin}")
        yield nom
    return secours


def etapes_du_retour(page, courriel: str, secours: str):
    page.locator("main").get_by_role("button", name="Me déconnecter").click()
    yield "déconnecté"
    demander_un_code(page, courriel)
    yield "code de connexion"
    page.get_by_label("Code").fill(code_recu(page, courriel))
    page.get_by_role("button", name="Continuer").click()
    yield "code du téléphone"
    page.get_by_label("Code").fill(secours)
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_url("**/compte/")
    page.goto("/compte/facteur/retirer/")
    yield "confirmer que c’est vous"
    sortir(page)


def etapes_de_l_oubli(page, courriel: str):
    page.goto("/compte/oubli/")
    page.get_by_label("Adresse de courriel").fill(courriel)
    page.get_by_role("button", name="Recevoir le code").click()
    yield "code d’oubli"
    page.get_by_label("Code").fill(code_recu(page, courriel))
    page.get_by_role("button", name="Continuer").click()
    yield "nouveau mot de passe"
    for champ in ("Nouveau mot de passe", "Le même mot de passe"):
        page.get_by_label(champ).first.fill("quatre mots sans rapport")
    page.get_by_role("button", name="Enregistrer").click()
    yield "mot de passe changé"


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_du_compte_est_accessible_et_tient_dans_l_ecran(ouvrir, largeur, tmp_path):
    page = ouvrir("/compte/connexion/", largeur)
    noms = []
    for nom in etapes(page, f"ines{largeur}@exemple.fr"):
        verifier(page, nom)
        (tmp_path / f"{len(noms):02}.html").write_text(page.content(), encoding="utf-8")
        noms.append(nom)
    # Un formulaire refusé répond 422 : le navigateur le dit dans sa console.
    assert [e for e in page.erreurs if "422" not in e] == []
    assert len(noms) > 20
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, noms) == []


def test_sans_javascript_on_s_inscrit_on_sort_et_on_revient(ouvrir):
    page = ouvrir("/compte/connexion/", javascript=False)
    s_inscrire(page, "rose@exemple.fr")
    assert "Inès Cohen" in page.get_by_role("banner").inner_text()
    sortir(page)
    assert "Se connecter" in page.get_by_role("banner").inner_text()
    demander_un_code(page, "rose@exemple.fr")
    page.get_by_label("Code").fill(code_recu(page, "rose@exemple.fr"))
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/compte/")


def test_au_clavier_seul_on_s_inscrit_se_protege_et_revient(ouvrir):
    courriel = "zoe@exemple.fr"
    page = ouvrir("/compte/inscription/")

    def aller_a(motif: str) -> None:
        """Avance de tabulation en tabulation jusqu'à ce qui porte ce nom."""
        for _ in range(60):
            page.keyboard.press("Tab")
            nom = page.evaluate(
                "(() => { const e = document.activeElement;"
                " return (e.labels?.[0] ?? e).innerText ?? ''; })()"
            )
            dedans = page.evaluate("!!document.activeElement.closest('main')")
            if dedans and nom.strip().startswith(motif):
                return
        raise AssertionError(f"« {motif} » ne s'atteint pas au clavier.")

    def taper(motif: str, texte: str) -> None:
        aller_a(motif)
        page.keyboard.type(texte)

    def presser(motif: str) -> None:
        aller_a(motif)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    taper("Prénom", "Zoé")
    taper("Nom", "Diallo")
    taper("Adresse", courriel)
    presser("Créer mon compte")
    taper("Code", code_recu(page, courriel))
    presser("Continuer")
    presser("Protéger mon compte")
    presser("Commencer")
    aller_a("Je ne peux pas lire")
    page.keyboard.press("Enter")
    secret = cle(page)
    taper("Code", code_du_telephone(secret))
    presser("Activer")
    assert page.locator(".codes li").count() == 10
    sortir(page)
    page.goto("/compte/connexion/")
    taper("Adresse", courriel)
    presser("Recevoir un code")
    taper("Code", code_recu(page, courriel))
    presser("Continuer")
    taper("Code", code_du_telephone(secret, decalage=1))
    presser("Entrer")
    assert page.url.endswith("/compte/")
