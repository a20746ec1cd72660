"""Ce que le contrat nomme en face de ce que les dossiers sollicitent."""

import pytest

from parvis.evaluation.enums import Presence, Recours
from parvis.evaluation.rules.droit_commun import (
    Nomme,
    Sollicitation,
    aide_obtenue,
    graphies_d_un_dispositif,
    mobilisation,
    presence,
)
from parvis.socle.texte import racines


def mots(texte: str) -> frozenset[str]:
    return frozenset(racines(texte))


CAISSE = Nomme("Caisse des Tilleuls", "caisse", (mots("Caisse des Tilleuls"),), frozenset({7}))
INCONNUE = Nomme("Agence de l’eau", "agence", (mots("Agence de l’eau"),))
CREDITS = Nomme(
    "Crédits de la politique de la ville (BOP 147)",
    "bop",
    graphies_d_un_dispositif("Crédits de la politique de la ville (BOP 147)"),
    frozenset({3}),
    est_un_dispositif=True,
)


@pytest.mark.parametrize(
    ("sollicitations", "recours", "pourraient"),
    [
        ([], Recours.JAMAIS, (1, 2)),
        ([Sollicitation(1, 7)], Recours.DEMANDE, (2,)),
        ([Sollicitation(1, 7), Sollicitation(2, 7, est_obtenue=True)], Recours.OBTENU, ()),
        ([Sollicitation(1, 8)], Recours.JAMAIS, (1, 2)),
        ([Sollicitation(1, None, mots("la caisse des tilleuls"))], Recours.DEMANDE, (2,)),
        # Obtenu par un dossier d'une autre fiche.
        ([Sollicitation(9, 7, est_obtenue=True)], Recours.JAMAIS, (1, 2)),
    ],
)
def test_un_financeur_se_reconnait_a_son_organisme_ou_a_son_nom(
    sollicitations, recours, pourraient
):
    rendue = mobilisation(CAISSE, [1, 2], sollicitations)
    assert (rendue.recours, rendue.pourraient) == (recours, pourraient)


def test_sans_organisme_on_ne_sait_pas_mais_son_nom_suffit():
    assert mobilisation(INCONNUE, [1], []).recours == Recours.INCONNU
    ecrit = [Sollicitation(1, None, mots("une aide de l’agence de l’eau"))]
    assert mobilisation(INCONNUE, [1], ecrit).recours == Recours.DEMANDE


@pytest.mark.parametrize(
    ("sollicitation", "est_dans"),
    [
        (Sollicitation(1, 3, mots("Politique de la ville (programme 147)")), True),
        (Sollicitation(1, None, mots("BOP 147")), True),
        # La même ligne, demandée à qui ne tient pas ce dispositif.
        (Sollicitation(1, 4, mots("Politique de la ville")), False),
        # À son responsable, mais pour autre chose.
        (Sollicitation(1, 3, mots("Dotation aux communes")), False),
    ],
)
def test_un_dispositif_se_reconnait_a_son_nom_chez_qui_le_tient(sollicitation, est_dans):
    assert CREDITS.est_dans(sollicitation) is est_dans


def test_un_seul_mot_propre_ne_prouve_pas_un_dispositif():
    assert graphies_d_un_dispositif("Aide au permis") == (mots("aide permis"),)


@pytest.mark.parametrize(
    ("etat", "obtenue"),
    [("obtenue", True), ("demandee", False), ("refusee", False), ("sans_objet", None), ("", False)],
)
def test_une_aide_qui_ne_convient_pas_n_est_pas_demandee(etat, obtenue):
    assert aide_obtenue(etat) is obtenue


@pytest.mark.parametrize(
    ("nomme", "agissants", "sollicitations", "attendue"),
    [
        (CAISSE, {7}, [], Presence.VU),
        (CAISSE, {8}, [Sollicitation(1, 7)], Presence.VU),
        (CAISSE, {8}, [], Presence.JAMAIS),
        (INCONNUE, {8}, [], Presence.INCONNU),
        (INCONNUE, set(), [Sollicitation(1, None, mots("agence de l’eau"))], Presence.VU),
    ],
)
def test_un_partenaire_s_est_montre_ou_non(nomme, agissants, sollicitations, attendue):
    assert presence(nomme, agissants, sollicitations) == attendue
