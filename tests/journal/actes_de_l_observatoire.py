"""Les actes de l'observatoire, chacun fait une fois pour de vrai."""

from datetime import date
from types import SimpleNamespace

from parvis.observatoire import actions
from parvis.observatoire.models import Description
from tests.fabriques.quartiers import territoire_du_contrat

CONTRAT = "tilleuls"


def _decrire(m: SimpleNamespace) -> Description:
    territoire_du_contrat()
    return actions.decrire_un_fichier(
        par=m.acteur,
        contrat=CONTRAT,
        source="Les Veilleurs",
        producteur="Les Veilleurs",
        nom="Inscrits aux ateliers",
        niveau="quartier",
        millesime=2024,
        colonne_du_territoire="code",
        series=[actions.SerieDecrite("inscrits", "Inscrits aux ateliers", "personnes", "somme")],
    )


def _importer(m: SimpleNamespace) -> None:
    actions.importer_chiffres(
        par=m.acteur,
        description=_decrire(m),
        periode="2024",
        nom="inscrits.csv",
        octets=b"code;inscrits\nQN94001M;120\n",
        ecrire=True,
    )


def _attendre(m: SimpleNamespace):
    return actions.attendre_une_livraison(
        par=m.acteur,
        contrat=CONTRAT,
        jeu="Inscrits aux ateliers",
        fournisseur="Les Veilleurs",
        frequence="annuelle",
        prochaine_le=date(2027, 3, 1),
    )


DE_L_OBSERVATOIRE = {
    "observatoire.decrire_un_fichier": _decrire,
    "observatoire.importer_chiffres": _importer,
    "observatoire.corriger_une_serie": lambda m: actions.corriger_une_serie(
        par=m.acteur,
        serie=_decrire(m).source.series.get(),
        libelle="Inscrits aux ateliers de l’année",
        definition="",
        unite="personnes",
    ),
    "observatoire.attendre_une_livraison": _attendre,
    "observatoire.clore_l_attente": lambda m: actions.clore_l_attente(
        par=m.acteur, attente=_attendre(m)
    ),
}
