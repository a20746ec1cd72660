"""L'index d'une édition suit ce que l'on sait de ses noms."""

import pytest

from parvis.cadre.actions import modifier_partenaire
from parvis.cadre.importation.structure import Dispositif
from parvis.orientation.queries.recherche import chercher
from tests.fabriques.cadre import avec_fiche, contrat_publie, fiche, petit_contrat


@pytest.mark.django_db
def test_la_recherche_suit_la_relecture(acteur):
    edition = contrat_publie("tilleuls")
    communes = edition.contrat.partenaires.get(nom="Communes")
    assert chercher(acteur, edition, "ramdam").total == 0
    modifier_partenaire(
        par=acteur, partenaire=communes, version=communes.version, valeurs={"graphies": ["Ramdam"]}
    )
    assert chercher(acteur, edition, "ramdam").total > 0


@pytest.mark.django_db
def test_les_dispositifs_d_un_extrait_se_separent_d_un_signe(acteur):
    dispositifs = (
        Dispositif("État", "Parrainage", "Un adulte suit un jeune."),
        Dispositif("État", "Fonds vert"),
    )
    lu = avec_fiche(petit_contrat(), fiche("1-1", dispositifs=dispositifs))
    edition = contrat_publie("tilleuls", lu_=lu)
    (groupe, *_) = chercher(acteur, edition, "parrainage fonds vert").groupes
    extrait = "".join(morceau for morceau, _ in groupe.resultats[0].extrait)
    assert extrait == "Parrainage : Un adulte suit un jeune ; Fonds vert"
