"""Traits d'impression qu'un PDF montre sans les dire : puces dessinées, appels, mots coupés, marges."""

from pathlib import Path

import pytest
import typst

from parvis.cadre.importation.formats.pdf import lire_pdf


def _lire(dossier: Path, source: str) -> list[str]:
    chemin = dossier / "essai.pdf"
    chemin.write_bytes(typst.compile(source.encode(), format="pdf"))
    return lire_pdf(chemin).lignes


_PUCE = "#let puce(t) = grid(columns: (12pt, 1fr), align: horizon, {forme}, t)\n"


@pytest.mark.parametrize(
    "forme", ["circle(radius: 1.5pt, fill: black)", "square(size: 3pt, fill: black)"]
)
def test_puces_dessinees(tmp_path, forme):
    source = _PUCE.format(forme=forme) + "#puce[Ouvrir un jardin]\n#puce[Former les voisins]"
    lignes = _lire(tmp_path, source)
    assert lignes == ["<ul><li>• Ouvrir un jardin</li><li>• Former les voisins</li></ul>"]


def test_un_pointille_n_est_pas_une_puce(tmp_path):
    points = "#box(width: 8pt, repeat(square(size: 2pt, fill: black), gap: 1pt))"
    lignes = _lire(tmp_path, f"{points} Une ligne\n\n{points} Une autre")
    assert lignes == ["Une ligne", "Une autre"]


def test_appels_de_note_en_caracteres_exposants(tmp_path):
    texte = "Le programme¹ couvre 12 km², dit la loi.²"
    remplissage = "".join(f"Une phrase de remplissage, numéro {n}.\n\n" for n in range(6))
    notes = "#text(size: 7pt)[¹ La loi de 2014. \\ ² Le recensement.]"
    lignes = _lire(tmp_path, f"#set page(height: 12cm)\n{texte}\n\n{remplissage}#v(1fr)\n{notes}")
    assert lignes[0] == "Le programme<sup>1</sup> couvre 12 km², dit la loi.<sup>2</sup>"
    assert lignes[-2:] == ["[^1]: La loi de 2014.", "[^2]: Le recensement."]


def test_sommaire_sans_points_de_conduite(tmp_path):
    entree = "#let entree(t, p) = grid(columns: (6cm, 1fr), t, align(right, p))\n"
    titres = (
        "#entree[Axe 1 : Vivre][3]\n"
        "#entree[Axe 2 : Apprendre un métier près de chez soi, à tout âge][12]\n"
        "#entree[Axe 3 : Habiter][20]"
    )
    assert _lire(tmp_path, entree + titres) == [
        "Axe 1 : Vivre .... 3",
        "Axe 2 : Apprendre un métier près de chez soi, à tout âge .... 12",
        "Axe 3 : Habiter .... 20",
    ]


def test_un_intitule_en_haut_de_page_n_est_pas_un_en_tete(tmp_path):
    debuts = ["Publics visés", "Calendrier", "Publics visés", "Pilote", "Publics visés", "Suivi"]
    pages = "\n#pagebreak()\n".join(f"{d}\n\nLe texte de la page {d}." for d in debuts)
    lignes = _lire(tmp_path, f"#set page(header: [Ville de Brémont])\n{pages}")
    assert [ligne for ligne in lignes if not ligne.startswith("Le texte")] == debuts


def test_en_tete_d_un_document_de_trois_pages(tmp_path):
    pages = "\n#pagebreak()\n".join(f"La page {n}." for n in ("une", "deux", "trois"))
    lignes = _lire(tmp_path, f"#set page(header: [Ville de Brémont])\n{pages}")
    assert lignes == ["La page une.", "La page deux.", "La page trois."]


def test_mots_plus_longs_que_leur_colonne(tmp_path):
    source = """#context {
      let large = measure([Échéanc]).width + 7pt
      table(columns: (large,) * 3, inset: 3pt,
        [Axe], [Échéanc\\ e], [Suivi], [Lieu], [Échéanc\\ e], [Bilan])
    }"""
    assert _lire(tmp_path, source)[0] == "Axe\t<p>Échéance</p>\t<p>Suivi</p>"


def test_page_tournee(tmp_path):
    droite = '#set page(paper: "a4")\n= Un titre\nUn texte sur la page, en deux phrases. La fin.'
    tournee = '#set page(paper: "a4")\n#rotate(90deg, reflow: true, block(width: 20cm)[= Un titre\n'
    tournee += "Un texte sur la page, en deux phrases. La fin.])"
    assert _lire(tmp_path, tournee) == _lire(tmp_path, droite)


def test_nom_coupe_par_la_page(tmp_path):
    noms = "Communes du territoire\\ Associations de quartier\\ Organismes et centres"
    source = f"""#set page(height: 5cm, width: 9cm, margin: 1cm)
    #set text(size: 10pt)
    #table(columns: (2cm, 4.1cm), [A], [{"Une ligne.#parbreak() " * 3}],
      [Financeurs], [{noms} sociaux agréés\\ Région])"""
    texte = " ".join(_lire(tmp_path, source))
    assert "Organismes et centres sociaux agréés" in texte
    assert "<p>Région</p>" in texte
