"""Ce que le contrat nomme en face de ce que les dossiers sollicitent."""

import pytest

from parvis.evaluation.enums import Presence, Recours
from parvis.evaluation.rules.droit_commun import (
    Dossiers,
    Nomme,
    aide_obtenue,
    graphies_d_un_dispositif,
    mobilisation,
    presence,
    reconnaitre,
    sollicitation,
)
from parvis.socle.texte import racines


def mots(texte: str) -> frozenset[str]:
    return frozenset(racines(texte))


def dispositif(nom: str, *organismes: int, **autres) -> Nomme:
    graphies, sigles = graphies_d_un_dispositif(nom)
    tenu = frozenset(organismes)
    return Nomme(nom, "la", graphies, sigles, tenu, est_un_dispositif=True, **autres)


def rien() -> Dossiers:
    return Dossiers(set(), set(), set())


CAISSE = Nomme(
    "Caisse des Tilleuls",
    "caisse",
    (mots("Caisse des Tilleuls"),),
    frozenset({"CDT"}),
    frozenset({7}),
)
INCONNUE = Nomme("Agence de l’eau", "agence", (mots("Agence de l’eau"),))
CREDITS = dispositif("Crédits de la politique de la ville (BOP 147)", 3)


@pytest.mark.parametrize(
    ("nomme", "ecrite", "est_dans"),
    [
        (CAISSE, (7, "", "Animation"), True),
        (CAISSE, (8, "", "Animation"), False),
        (CAISSE, (None, "La Caisse des Tilleuls", ""), True),
        (CAISSE, (None, "CDT", ""), True),
        # Le nom d'un partenaire dans celui d'une aide ne le sollicite pas.
        (CAISSE, (None, "La Ville", "Aide à la caisse des tilleuls"), False),
        (CREDITS, (3, "", "Politique de la ville (programme 147)"), True),
        (CREDITS, (None, "", "BOP 147"), True),
        (CREDITS, (None, "", "Crédits Jeunesse (BOP 163)"), False),
        # La même ligne, demandée à qui ne tient pas ce dispositif.
        (CREDITS, (4, "", "Politique de la ville"), False),
        # À son responsable, mais pour autre chose.
        (CREDITS, (3, "", "Dotation aux communes"), False),
        (dispositif("Programme de réussite éducative (PRE)"), (None, "", "Le PRE d’Ivry"), True),
        (dispositif("Programme de réussite éducative (PRE)"), (None, "", "Un pré-apprentissage"), False),
        (dispositif("Contrats aidés (CUI, CAE)"), (None, "", "Un CAE de six mois"), True),
    ],
)  # fmt: skip
def test_ce_que_le_contrat_nomme_se_reconnait(nomme, ecrite, est_dans):
    assert nomme.est_dans(sollicitation(*ecrite)) is est_dans


def test_un_seul_mot_propre_ne_prouve_pas_un_dispositif():
    assert graphies_d_un_dispositif("Aide au permis") == ((mots("aide permis"),), frozenset())


def test_reconnaitre_reunit_les_dossiers_de_toutes_les_demandes():
    demandes = {
        sollicitation(7, "", "Animation"): Dossiers({1, 2}, {2}, set()),
        sollicitation(None, "Caisse des Tilleuls", "Vacances"): Dossiers({3}, set(), {4}),
        sollicitation(8, "", "Animation"): Dossiers({9}, {9}, set()),
    }
    assert reconnaitre(CAISSE, demandes) == Dossiers({1, 2, 3}, {2}, {4})


@pytest.mark.parametrize(
    ("reconnus", "recours", "pourraient"),
    [
        (rien(), Recours.JAMAIS, (1, 2)),
        (Dossiers({1}, set(), set()), Recours.DEMANDE, (2,)),
        (Dossiers({1, 2}, {2}, set()), Recours.OBTENU, ()),
        # Obtenu par un dossier d'une autre fiche.
        (Dossiers({9}, {9}, set()), Recours.JAMAIS, (1, 2)),
        # « Ne convient pas » n'est pas proposé de nouveau.
        (Dossiers(set(), set(), {1}), Recours.JAMAIS, (2,)),
    ],
)
def test_ce_qu_il_en_est_d_un_financeur_sur_une_fiche(reconnus, recours, pourraient):
    rendue = mobilisation(CAISSE, [1, 2], reconnus)
    assert (rendue.recours, rendue.pourraient) == (recours, pourraient)


def test_sans_organisme_on_ne_sait_pas():
    assert mobilisation(INCONNUE, [1], rien()).recours == Recours.INCONNU


def test_ce_qui_a_pris_fin_n_est_plus_propose_et_des_postes_ne_sont_pas_rien():
    fini = dispositif("Emplois d’avenir", fin="a pris fin en 2018")
    assert mobilisation(fini, [1], rien()).pourraient == ()
    aide = dispositif("Postes adultes-relais", postes=4)
    assert mobilisation(aide, [1], rien()).recours == Recours.POSTES


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
        (CAISSE, {8}, [sollicitation(7, "", "")], Presence.VU),
        (CAISSE, {8}, [], Presence.JAMAIS),
        (INCONNUE, {8}, [], Presence.INCONNU),
        (INCONNUE, set(), [sollicitation(None, "L’agence de l’eau", "")], Presence.VU),
    ],
)
def test_un_partenaire_s_est_montre_ou_non(nomme, agissants, sollicitations, attendue):
    assert presence(nomme, agissants, sollicitations) == attendue
