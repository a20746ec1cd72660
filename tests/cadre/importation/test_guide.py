"""Le guide d'importation montre un document et son JSON : l'un donne l'autre."""

import re
from pathlib import Path

from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.structure import en_json

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "importer-un-contrat.md"


def blocs_du_guide() -> tuple[str, str]:
    guide = GUIDE.read_text(encoding="utf-8")
    document = re.search(r"tout petit :\n\n```\n(.*?)```", guide, re.DOTALL)[1]
    contenu = re.search(r"```json\n(.*?)\n```", guide, re.DOTALL)[1]
    return document.replace("⇥", "\t"), contenu


def test_le_json_du_guide_est_celui_que_donne_son_document(tmp_path):
    document, contenu = blocs_du_guide()
    fichier = tmp_path / "contrat.txt"
    fichier.write_text(document, encoding="utf-8")
    assert en_json(lire(fichier)) == contenu
