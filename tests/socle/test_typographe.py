"""Un texte que les polices n'ont pas : il devient des carrés, le document paraît, le reste se lit."""

import json
from pathlib import Path

import pypdfium2
import pytest

from parvis.socle.typographie.typographe import composer, sans_ces_signes

GABARIT = """#let d = json(bytes(sys.inputs.document))
#set document(title: "Essai")
#set text(lang: "fr", font: "Libertinus Serif")
= Essai
#text(d)
"""


@pytest.fixture
def lire(tmp_path: Path):
    """Rend de quoi composer un texte, et relire ce que le PDF en montre."""
    gabarit = tmp_path / "essai.typ"
    gabarit.write_text(GABARIT, encoding="utf-8")

    def composer_et_lire(texte: str) -> str:
        pdf = composer(gabarit, json.dumps(texte, ensure_ascii=False), 0)
        pages = (p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(pdf))
        return "".join(" ".join(pages).split())

    return composer_et_lire


@pytest.mark.parametrize(
    "texte",
    ["#été *œuvre* $x$ @y \\z <a> « 12 € »", "Ωμέγα", "Кириллица", "שלום", "✓ ★ – — … № ™"],
)
def test_ce_que_les_polices_ont_reste_tel_quel(lire, texte):
    assert "".join(texte.split()) in lire(texte)


def test_treize_ecritures_inconnues_ne_font_pas_tomber_le_document(lire):
    # Thaï, tibétain, éthiopien, dévanagari… : plus de signes que le typographe n'a d'essais.
    inconnus = "".join(
        chr(debut + rang) for debut in range(0x0900, 0x1400, 0x80) for rang in range(9)
    )
    lu = lire(f"avant {inconnus} après, 😀 et 漢字, Ωμέγα")
    assert lu.startswith("Essaiavant□") and "après,□et□□,Ωμέγα" in lu


def test_un_accent_inconnu_n_efface_pas_la_lettre_qui_le_porte():
    assert sans_ces_signes("zèbre z\u1ac7", "z\u1ac7") == "zèbre z"


def test_au_dela_du_seuil_rien_ne_reste_que_la_ponctuation():
    assert sans_ces_signes("12 € – Ωд漢", "", 0x0180) == "12 € – □□□"
    # Une ponctuation refusée par les polices finit aussi en carré.
    assert sans_ces_signes("12 €", "€", 0x0180) == "12 □"
