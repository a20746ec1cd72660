"""Tableaux HTML dans du Markdown : leurs rangées se lisent, et aucune balise ne reste dans un texte."""

import re

from parvis.cadre.importation.formats.tableaux_html import deplier_les_tableaux
from parvis.cadre.importation.lecteur import lire_texte
from parvis.cadre.importation.structure import en_json

TABLEAU = """<table>
<colgroup>
<col style="width: 30%" />
<col style="width: 70%" />
</colgroup>
<thead>
<tr class="header">
<th>Chef de file</th>
<th>Ville de Montreval</th>
</tr>
</thead>
<tbody>
<tr class="odd">
<td>Description de l'action</td>
<td><p>Un car passe, le soir :</p>
<ul>
<li><p>accueillir les enfants ;</p></li>
<li><p>ramener les parents.</p></li>
</ul></td>
</tr>
<tr class="even">
<td>Cofinanceurs</td>
<td>Région, CAF</td>
</tr>
</tbody>
</table>"""
CONTRAT = f"""# Contrat de ville de Montreval 2024-2030

## Axe 1 : Emploi

### Objectif 1 : Bouger

#### Fiche action 1 : Le car du soir

{TABLEAU}
"""


def test_chaque_rangee_ouvre_sa_rubrique():
    (fiche,) = lire_texte(CONTRAT).fiches
    assert [r.imprime for r in fiche.rubriques] == [
        "Chef de file",
        "Description de l'action",
        "Cofinanceurs",
    ]
    assert fiche.rubriques[0].texte == "Ville de Montreval"
    assert fiche.descriptif.startswith("Un car passe, le soir :\n\n- accueillir")
    assert len(fiche.financeurs) == 2


def test_les_lignes_gardent_leur_numero():
    lu = lire_texte(CONTRAT)
    lignes = CONTRAT.split("\n")
    assert [lignes[r.ligne - 1] for r in lu.fiches[0].rubriques] == [
        '<tr class="header">', '<tr class="odd">', '<tr class="even">',
    ]  # fmt: skip


def test_aucune_balise_ne_reste():
    morceaux = (
        "",
        "<figure><img src='a.png'><figcaption>Plan</figcaption></figure>\n",
        "<dl><dt>Où</dt></dl>\n",
    )
    for morceau in morceaux:
        assert not re.search(r"</?[a-z]", en_json(lire_texte(CONTRAT + morceau)))


def test_un_tableau_jamais_ferme_ou_sur_une_ligne():
    ouvert = ["avant", "<table>", "<tr><td>a</td></tr>"]
    assert deplier_les_tableaux(ouvert) == ouvert
    (ligne,) = deplier_les_tableaux(["<table><tr><td>a</td><td>b</td></tr></table>"])
    assert "\t" in ligne
    assert len(deplier_les_tableaux(["<table>" * 5000, "</table>" * 5000, "après"])) == 3
