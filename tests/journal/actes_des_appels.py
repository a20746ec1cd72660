"""Les actes sur les appels à projets, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from parvis.dossiers.actions import appels, appels_ailleurs
from tests.fabriques import appels as fabrique
from tests.fabriques.cadre import contrat_publie


def _brouillon(m: SimpleNamespace):
    return fabrique.brouillon(m.acteur, contrat_publie().contrat)


def _publie(m: SimpleNamespace):
    return fabrique.publie(m.acteur, contrat_publie().contrat)


def _version(m: SimpleNamespace):
    return appels.preparer_une_version(par=m.acteur, appel=_publie(m).appel)


def _changer(m: SimpleNamespace) -> None:
    version = _version(m)
    fabrique.presenter(m.acteur, version, ferme_le=fabrique.dans(60), titre="Appel des quartiers")
    version.refresh_from_db()
    appels.publier_l_appel(par=m.acteur, version=version, ce_qui_change="Plus de temps.")


def _reprendre(m: SimpleNamespace) -> None:
    appel = _publie(m).appel
    appels.dupliquer(par=m.acteur, appel=appel, exercice=appel.exercice + 1)


def _ailleurs(m: SimpleNamespace):
    return fabrique.ailleurs(m.acteur, contrat_publie().contrat)


DES_APPELS = {
    "dossiers.creer_un_appel": _brouillon,
    "dossiers.dupliquer_un_appel": _reprendre,
    "dossiers.preparer_une_version": _version,
    "dossiers.modifier_un_appel": _brouillon,
    "dossiers.jeter_le_brouillon": lambda m: appels.jeter_le_brouillon(
        par=m.acteur, version=_brouillon(m)
    ),
    "dossiers.publier_un_appel": _changer,
    "dossiers.ajouter_un_appel_d_ailleurs": _ailleurs,
    "dossiers.modifier_un_appel_d_ailleurs": lambda m: appels_ailleurs.modifier_un_appel_d_ailleurs(
        par=m.acteur, ailleurs=_ailleurs(m), revision=1, valeurs={"titre": "Vacances"}
    ),
    "dossiers.retirer_un_appel_d_ailleurs": lambda m: appels_ailleurs.retirer_un_appel_d_ailleurs(
        par=m.acteur, ailleurs=_ailleurs(m)
    ),
}
