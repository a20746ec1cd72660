"""Une fiche sans titre ne s'écrit pas : le refus nomme les fiches, et dit quoi faire."""

from dataclasses import replace

import pytest

from parvis.cadre import rules
from parvis.cadre.actions import importer_cadre
from parvis.cadre.importation.lecteur import lire_texte
from parvis.cadre.models import Contrat
from parvis.socle.refus import Refus
from tests.fabriques.cadre import MACHINE, avec_fiche, fiche, petit_contrat


@pytest.mark.django_db
def test_un_document_dont_une_fiche_n_a_pas_de_titre_n_est_pas_ecrit():
    nue = replace(fiche("1-1"), titre="", ligne=12)
    with pytest.raises(Refus, match=r"Une fiche n’a pas de titre : n° 1-1 \(ligne 12\)\."):
        importer_cadre(
            par=MACHINE, contrat="tilleuls", lu=avec_fiche(petit_contrat(), nue), source="essai.txt"
        )
    assert not Contrat.objects.exists()


def test_au_dela_de_cinq_fiches_le_refus_compte_les_autres():
    (motif,) = rules.motifs_de_titres((f"1-{n}", " – ", n) for n in range(1, 9))
    assert motif.startswith("8 fiches n’ont pas de titre : n° 1-1 (ligne 1), ")
    assert motif.endswith("n° 1-5 (ligne 5) et 3 autres. Donnez-le dans le document.")


def test_le_lecteur_signale_une_rangee_qui_ne_nomme_pas_sa_fiche():
    lu = lire_texte(
        "Contrat de ville 2024-2030\n# Axe 1 : A\nN°\tAction\tDescription\tFinanceurs\n"
        "1\tLire\tOuvrir un atelier.\tÉtat\n2\t\tFermer.\tCAF\n3\tJouer\tJouer.\tCAF\n"
    )
    assert [(a.ligne, a.texte) for a in lu.anomalies if a.nature == "fiche_sans_titre"] == [
        (5, "la fiche 2 n'a pas de titre")
    ]
