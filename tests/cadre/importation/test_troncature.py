"""Un document coupé se reconnaît à ce que ses autres fiches ont, et à rien d'autre."""

import pytest

from parvis.cadre.importation.lecteur import lire_texte

EN_TETE = """# Contrat de ville de Montagnac-les-Prés 2024-2030

## Axe 1 : Emploi

### Objectif 1 : Lever les freins
"""
RUBRIQUES = {
    "Pilote": "Mission locale",
    "Description": "Un camion passe au pied des immeubles.",
    "Financeurs": "Région",
    "Porteurs": "CCAS",
    "Calendrier": "2025",
}


def _fiche(numero: str, sans: tuple[str, ...] = ()) -> str:
    lignes = [f"**{nom} :** {texte}" for nom, texte in RUBRIQUES.items() if nom not in sans]
    return "\n\n".join([f"#### Action {numero} : Le camion n° {numero}", *lignes]) + "\n\n"


def _coupures(*fiches: str) -> list[str]:
    lu = lire_texte(EN_TETE + "\n" + "".join(fiches))
    return [a.texte for a in lu.anomalies if a.nature == "document_tronque"]


@pytest.mark.parametrize("nombre", [1, 2, 3, 4])
def test_une_rubrique_qu_aucune_fiche_n_a_ne_manque_a_personne(nombre):
    sans = ("Financeurs", "Porteurs")
    assert _coupures(*(_fiche(f"1.{n}", sans) for n in range(1, nombre + 1))) == []


def test_une_rubrique_sautee_au_milieu_n_est_pas_une_coupure():
    """La dernière fiche a son calendrier, que les autres impriment après leurs porteurs."""
    assert _coupures(_fiche("1.1"), _fiche("1.2", ("Porteurs",))) == []


@pytest.mark.parametrize("nombre", [2, 3, 5])
def test_une_fiche_sans_sa_fin_est_coupee(nombre):
    entieres = [_fiche(f"1.{n}") for n in range(1, nombre)]
    coupee = _fiche(f"1.{nombre}", ("Financeurs", "Porteurs", "Calendrier"))
    (texte,) = _coupures(*entieres, coupee)
    assert f"la fiche 1.{nombre} est incomplète" in texte


def test_les_rubriques_qui_varient_d_une_fiche_a_l_autre_ne_disent_rien():
    fiches = [
        _fiche("1.1"),
        _fiche("1.2", ("Porteurs", "Calendrier")),
        _fiche("1.3", ("Porteurs",)),
    ]
    coupee = _fiche("1.4", ("Porteurs", "Calendrier"))
    assert _coupures(*fiches, coupee) == []
