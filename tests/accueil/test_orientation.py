"""« Que voulez-vous faire ? » : ce que la page montre, en page et en fragment, et ce qu'elle coûte."""

import html
import re
import unicodedata
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Dispositif, Partenaire
from parvis.comptes.acteur import Acteur
from parvis.orientation.actions import ajouter_un_mot
from parvis.orientation.rules import LONGUEUR_D_UNE_QUESTION
from tests.decors import decor
from tests.fabriques.cadre import contrat_publie, fiche, petit_contrat

pytestmark = pytest.mark.django_db


def contrat_a_deux_fiches() -> lu.ContratLu:
    """Un contrat où jardiner et garder des enfants se disent en mots d'administration."""
    fiches = (
        fiche("1-1", titre="Développer les jardins partagés"),
        fiche(
            "1-2",
            titre="Offrir des modes d'accueil d'enfants",
            descriptif="Faire garder un jeune enfant le temps d'une formation.",
            types_d_action=(lu.TypeDAction("Ouvrir une crèche à horaires décalés"),),
            publics=(lu.Public("parents", "les parents"),),
            operateurs=(lu.Partenaire("Centres sociaux", "Centres sociaux"),),
        ),
    )
    enjeu = lu.Enjeu(1, "Bien vivre au quartier", "", fiches)
    return petit_contrat(piliers=(lu.Pilier("Vivre ensemble", (enjeu,)),))


@decor
def edition():
    return contrat_publie(lu_=contrat_a_deux_fiches())


@pytest.fixture
def demander(client, edition):
    """Rend de quoi poser une question, et lire la page comme on la lit."""

    def _demander(q="", **donnees):
        entetes = donnees.pop("entetes", {})
        reponse = client.get("/tilleuls/orientation/", {"q": q, **donnees}, headers=entetes)
        texte = html.unescape(reponse.content.decode()).replace("\u202f", " ")
        reponse.texte = re.sub(r"\s+", " ", texte.replace("\xa0", " "))
        return reponse

    return _demander


def numeros(reponse) -> list[str]:
    return re.findall(r'href="/tilleuls/fiches/([\d-]+)/"><span class="hors-ecran">', reponse.texte)


def test_la_page_vide_invite_a_ecrire(demander):
    page = demander()
    assert page.status_code == 200
    assert "Que voulez-vous faire ?" in page.texte and 'id="pistes"' in page.texte
    assert "pour vous" not in page.texte


def test_l_accueil_porte_la_question(client, edition):
    page = client.get("/tilleuls/").content.decode()
    assert 'action="/tilleuls/orientation/#pistes"' in page and 'id="pistes"' in page


def test_une_piste_dit_pourquoi_avec_qui_et_par_quoi(demander):
    page = demander("une crèche le soir")
    assert numeros(page)[0] == "1-2"
    for attendu in (
        "Vous écrivez <b",
        "« crèche »",
        "Ouvrir une crèche à horaires décalés",
        "Centres sociaux",
        "Communes",
        "projets familiaux",  # la condition du financeur
        "Aide au démarrage",
        "Être cité ici n’est pas une promesse d’argent",
        "Qui appeler d’abord",
    ):
        assert attendu in page.texte


def test_un_texte_colle_d_un_pdf_se_lit_pareil(demander):
    colle = unicodedata.normalize("NFD", "une crèche") + "\u200b"
    assert numeros(demander(colle)) == numeros(demander("une crèche"))


def test_les_mots_de_la_personne_ne_deviennent_pas_du_html(demander):
    page = demander("<script>alert(1)</script> crèche")
    assert b"<script>alert(1)</script>" not in page.content


def test_ce_qui_a_pris_fin_se_dit_et_passe_apres(demander, edition):
    Dispositif.objects.update(fin_le=date(2019, 12, 31), suite="Aide à l'envol")
    Partenaire.objects.filter(nom="Communes").update(a_savoir="Une réunion par an.")
    page = demander("une crèche")
    assert "1 dispositif qui a pris fin" in page.texte
    assert "A pris fin en 2019" in page.texte and "Aide à l’envol" in page.texte
    assert "À savoir." in page.texte and "Une réunion par an." in page.texte


def test_htmx_ne_recoit_que_le_fragment_et_de_quoi_l_annoncer(demander):
    page = demander("une crèche", entetes={"HX-Request": "true"})
    assert "<body" not in page.texte and "HX-Request" in page.headers["Vary"]
    assert 'hx-swap-oob="innerHTML:#annonce-pistes"' in page.texte
    assert "La première : 1-2" in page.texte


def test_un_choix_change_l_ordre_et_se_dit(demander):
    assert numeros(demander("jardins et crèche")) == numeros(
        demander("jardins et crèche", public="?")
    )
    premiers = {
        public: numeros(demander("jardins, crèche", public=public))[0]
        for public in ("jeunes", "parents")
    }
    assert premiers == {"jeunes": "1-1", "parents": "1-2"}
    page = demander("une crèche", structure="association")
    assert "La fiche ne cite pas de structure comme la vôtre" in page.texte
    page = demander("une crèche", structure="centre-social")
    assert "La fiche cite des structures comme la vôtre" in page.texte
    assert "Vous êtes : Un centre social" in page.texte


def test_deux_fiches_qui_se_valent_font_une_question_et_chaque_reponse_tranche(demander):
    page = demander("jardin et crèche pour nos enfants")
    assert "Plusieurs fiches se valent" in page.texte
    adresses = re.findall(r'<a class="puce" href="(\?[^"]*precise=[^"]+)"', page.texte)
    assert len(adresses) == 2
    premieres = set()
    for adresse in adresses:
        from django.http import QueryDict

        choix = QueryDict(adresse[1:])
        suite = demander(choix["q"], precise=choix.getlist("precise"))
        premieres.add(numeros(suite)[0])
        assert "Ne plus préciser" in suite.texte
    assert premieres == {"1-1", "1-2"}


def test_une_precision_inventee_ne_change_rien(demander):
    avant = numeros(demander("une crèche"))
    for precise in ("public:martien", "activite:nulle", "n'importe", "structure:x", ":" * 300):
        page = demander("une crèche", precise=precise)
        assert page.status_code == 200 and numeros(page) == avant


@pytest.mark.parametrize(
    ("question", "attendu"),
    [
        ("bonjour", "Deux questions suffisent"),
        ("la quadrature du cercle et les logarithmes népériens", "Ou partez d’ailleurs"),
    ],
)
def test_un_non_donne_la_suite(demander, question, attendu):
    page = demander(question)
    assert page.status_code == 200 and attendu in page.texte and not numeros(page)


def test_un_sujet_traite_ailleurs_dit_ou(demander):
    page = demander("tramway, bus")
    assert not numeros(page) and "Voir la Région." in page.texte


def test_une_question_trop_longue_est_coupee_sans_erreur(demander):
    page = demander("crèche " * 2000)
    assert page.status_code == 200
    assert (
        len(re.search(r"<textarea[^>]*>(.*?)</textarea>", page.texte)[1]) <= LONGUEUR_D_UNE_QUESTION
    )


def test_un_mot_ajoute_compte_des_la_requete_suivante(demander, edition):
    assert numeros(demander("la Croluche")) == []
    moi = Acteur.machine("essai")
    ajouter_un_mot(par=moi, edition=edition, ecrit="la Croluche", sens="mode d'accueil d'enfants")
    assert numeros(demander("à la croluche")) == ["1-2"]


@pytest.mark.parametrize("nombre", [5, 40])
def test_coute_autant_de_requetes_quel_que_soit_le_contrat(client, nombre):
    fiches = tuple(
        fiche(f"1-{rang}", **({"titre": f"Ouvrir une crèche {rang}"} if rang < 6 else {}))
        for rang in range(1, nombre + 1)
    )
    enjeu = lu.Enjeu(1, "Verdir", "", fiches)
    contrat_publie(lu_=petit_contrat(piliers=(lu.Pilier("Vivre", (enjeu,)),)))
    question = {"q": "une crèche pour garder les petits de ma voisine"}
    client.get("/tilleuls/orientation/", question)
    with CaptureQueriesContext(connection) as requetes:
        page = client.get("/tilleuls/orientation/", question)
    assert "5 fiches pour vous" in page.content.decode().replace("\xa0", " ")
    assert len(requetes) == 23
