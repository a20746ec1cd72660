"""La page à punaiser : une feuille A4, accessible, où tout nom est un texte."""

import re
from datetime import date

import pypdfium2
import pytest

from parvis.cadre.importation import structure as lu
from parvis.cadre.models import OrganismeDePartenaire
from parvis.carte.queries import affiches
from tests.carte.val import carre, contrat_decline, contrat_du, quartier
from tests.fabriques.cadre import contrat_publie, fiche, petit_contrat
from tests.fabriques.comptes import organisme

pytestmark = pytest.mark.django_db
A4 = pytest.approx((595.28, 841.89), abs=0.1)


def imprimer(client, code: str = "QN94001A") -> pypdfium2.PdfDocument:
    recu = client.get(f"/tilleuls/quartiers/{code}/a-punaiser.pdf")
    assert recu.status_code == 200
    assert recu.headers["Content-Type"] == "application/pdf"
    nom = f'attachment; filename="tilleuls-{code}-a-punaiser.pdf"'
    assert recu.headers["Content-Disposition"] == nom
    assert recu.content.startswith(b"%PDF")
    # PDF/UA-1, dans la langue de la page.
    assert b"pdfuaid:part>1<" in recu.content
    assert b"/Lang(fr" in recu.content and b"/StructTreeRoot" in recu.content
    return pypdfium2.PdfDocument(recu.content)


def texte(document: pypdfium2.PdfDocument) -> str:
    pages = (page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s+", " ", " ".join(pages).replace("\xad", ""))


def sans_coupure(lu_: str) -> str:
    """Rend un texte sans blanc ni trait d'union : une ligne trop longue a pu être coupée."""
    return re.sub(r"[\s\u2010\ufffe-]", "", lu_)


def test_dit_le_quartier_ses_fiches_et_ou_lire_la_suite(client, edition):
    document = imprimer(client)
    assert len(document) == 1 and document[0].get_size() == A4
    dit = texte(document)
    for attendu in (
        "Le Grand Verger",
        "Val-des-Tilleuls · quartier prioritaire 2024",
        "Ce contrat a pris fin le 31 décembre 2020.",
        "Ce que le contrat dit d’ici",
        "Fiche 1-1 : Ouvrir des jardins partagés 1-1",
        "Une idée pour le quartier",
        "http://testserver/tilleuls/quartiers/QN94001A/",
        "Contrat de ville du Val-des-Tilleuls",
    ):
        assert attendu in dit, attendu
    assert document.get_metadata_value("Title") == "Le Grand Verger"


def test_un_contrat_en_cours_ne_dit_pas_qu_il_a_pris_fin(client, lieux):
    contrat_publie("tilleuls", petit_contrat(periode=(2015, date.today().year + 1)))
    assert "a pris fin" not in texte(imprimer(client))


@pytest.mark.parametrize("code", ["QP94001", "QP94002", "QN94002A"])
def test_chaque_quartier_a_sa_feuille(client, edition, code):
    """De 2015, sorti, ou sans contour."""
    assert len(imprimer(client, code)) == 1


def test_sans_fiche_elle_dit_les_piliers(client, lieux):
    contrat_publie("tilleuls", contrat_du("Val-des-Tilleuls", []))
    dit = texte(imprimer(client))
    assert "Ce que le contrat veut faire ici" in dit and "Vivre ensemble" in dit


def test_sans_fiche_d_ici_elle_dit_celles_de_la_commune(client, lieux):
    contrat_decline("Port-Tilleul")
    dit = texte(imprimer(client, "QN94002A"))
    assert "Ce que le contrat dit de votre commune" in dit and "Fiche 1-1" in dit
    assert "Ce que le contrat dit d’ici" not in dit


def test_la_meme_feuille_ne_se_compose_qu_une_fois(client, edition, lieux, monkeypatch):
    composees = []
    composer = affiches.composer_un_pdf
    monkeypatch.setattr(
        affiches, "composer_un_pdf", lambda *args: composees.append(args) or composer(*args)
    )
    premiere, seconde = (texte(imprimer(client)) for _ in range(2))
    assert premiere == seconde and len(composees) == 1
    # Un nom a changé : la feuille aussi, tout de suite.
    lieux.grand_verger.nom = "Le Verger agrandi"
    lieux.grand_verger.save()
    assert "Le Verger agrandi" in texte(imprimer(client)) and len(composees) == 2
    imprimer(client, "QP94001")
    assert len(composees) == 3


def test_au_dela_de_six_fiches_elle_renvoie_a_la_page(client, lieux):
    contrat_publie("tilleuls", contrat_du("Val-des-Tilleuls", ["Le Verger"], 9))
    dit = texte(imprimer(client))
    assert "Fiche 1-6" in dit and "Fiche 1-7" not in dit
    assert "et 3 fiches de plus sur la page du quartier" in dit


def rapprocher(edition, noms: list[str], ou) -> None:
    partenaire = edition.contrat.partenaires.get(nom="Associations")
    for nom in noms:
        OrganismeDePartenaire.objects.create(
            partenaire=partenaire,
            organisme=organisme(nom, siege=ou),
            depuis_le="2015-01-01",
            origine="choisie",
        )


HOSTILES = [
    '#panic("x")',
    "$x$ et $ y $",
    r"Les \\ barres \n \u{41}",
    "*gras* _penché_ `code` = titre",
    "// rien /* non */ <fin> @lui [x] {y}",
    '#import "@preview/x:1.0.0"',
    "${7*7} {{ 7*7 }} %s",
    '"] } fin',
]


@pytest.mark.parametrize("nom", HOSTILES)
def test_un_nom_n_est_jamais_du_code(client, lieux, nom):
    quartier("QN94009A", 2024, nom, [lieux.val], carre(-600))
    pieges = (fiche("1-1", titre=nom, lieux=(lu.Lieu(nom, "", "quartier"),)),)
    enjeu = lu.Enjeu(1, "Verdir", "", pieges)
    edition = contrat_publie("tilleuls", petit_contrat(piliers=(lu.Pilier(nom, (enjeu,)),)))
    rapprocher(edition, [nom], lieux.val)
    document = imprimer(client, "QN94009A")
    attendu = sans_coupure(nom.replace("'", "’"))
    assert sans_coupure(texte(document)).count(attendu) >= 2
    assert sans_coupure(document.get_metadata_value("Title")) == attendu


def test_un_signe_que_la_police_n_a_pas_n_arrete_rien(client, lieux):
    quartier("QN94009A", 2024, "Le Verger 🌳 花\u0007\u202e", [lieux.val], carre(-600))
    contrat_publie("tilleuls")
    assert "Le Verger" in texte(imprimer(client, "QN94009A"))


def longue(edition_de, lieux):
    nom = "Le très long quartier des Marronniers et des Acacias réunis - " * 3 + "Fin du nom"
    quartier("QN94009A", 2024, nom, [lieux.val], carre(-600))
    titres = "Accompagner durablement les habitantes et les habitants dans leurs démarches " * 3
    fiches = tuple(
        fiche(f"1-{rang}", titre=f"{titres} {rang}", lieux=(lu.Lieu(nom, "", "quartier"),))
        for rang in range(1, 8)
    )
    enjeu = lu.Enjeu(1, "Verdir", "", fiches)
    decrit = petit_contrat(periode=(2024, 2030), piliers=(lu.Pilier("Vivre", (enjeu,)),))
    edition = edition_de("tilleuls", decrit)
    rapprocher(
        edition, [f"{'Association des familles du quartier ' * 4} {n}" for n in range(7)], lieux.val
    )
    return nom


def test_de_longs_noms_se_lisent_en_entier(client, lieux):
    nom = longue(contrat_publie, lieux)
    dit = sans_coupure(texte(imprimer(client, "QN94009A")))
    assert sans_coupure(nom) in dit
    assert "démarches1" in dit and "fiches de plus".replace(" ", "") in dit


def test_de_longs_noms_tiennent_sur_une_feuille(client, lieux):
    longue(contrat_publie, lieux)
    assert len(imprimer(client, "QN94009A")) == 1


@pytest.mark.parametrize("mots", [1, 3, 5])
def test_le_bas_de_la_feuille_ne_recouvre_rien(client, lieux, mots):
    """L'invitation à écrire est imprimée au bas : la dernière ligne au-dessus s'arrête avant elle."""
    titre = "Accompagner les habitantes " * mots
    fiches = tuple(
        fiche(f"1-{n}", titre=f"{titre}{n}", lieux=(lu.Lieu("Le Verger", "", "quartier"),))
        for n in range(1, 8)
    )
    enjeu = lu.Enjeu(1, "Verdir", "", fiches)
    decrit = petit_contrat(piliers=(lu.Pilier("Vivre", (enjeu,)),))
    edition = contrat_publie("tilleuls", decrit)
    rapprocher(edition, [f"Association {n}" for n in range(1, 6)], lieux.val)
    pages = [page.get_textpage() for page in imprimer(client)]

    def hauteurs(mot: str) -> tuple[int, float, float]:
        """Rend la page d'un mot, et son bas et son haut en points depuis le bas de la feuille."""
        rang, page, trouve = next(
            (n, p, ou) for n, p in enumerate(pages) if (ou := p.search(mot).get_next())
        )
        _, bas, _, haut = page.get_charbox(trouve[0])
        return rang, bas, haut

    dites = [n for n in range(1, 6) if any(p.search(f"Association {n}").get_next() for p in pages)]
    derniere, bas, _ = hauteurs(f"Association {max(dites)}")
    invitation, _, haut = hauteurs("Une idée pour le quartier")
    assert derniere < invitation or bas > haut
