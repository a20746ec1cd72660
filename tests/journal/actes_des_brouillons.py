"""Les actes sur un brouillon de dossier, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from parvis.cadre.actions import indicateurs
from parvis.dossiers.actions import commentaires, departs
from parvis.dossiers.actions import dossiers as actions
from parvis.dossiers.queries.dossiers import sections
from tests.fabriques import appels, dossiers
from tests.fabriques.cadre import contrat_publie


def _brouillon(m: SimpleNamespace):
    version = dossiers.appel_ouvert(m.acteur, contrat_publie().contrat)
    return dossiers.brouillon(m.acteur, version.appel)


def _ecrire(m: SimpleNamespace) -> None:
    dossiers.ecrire(m.acteur, _brouillon(m), "calendrier", {"debut_le": "01/02/2027"})


def _suivre(m: SimpleNamespace) -> None:
    brouillon = _brouillon(m)
    nouvelle = appels.appels.preparer_une_version(par=m.acteur, appel=brouillon.appel)
    appels.presenter(m.acteur, nouvelle, ferme_le=appels.dans(45))
    appels.appels.publier_l_appel(par=m.acteur, version=nouvelle, ce_qui_change="Plus de temps.")
    actions.suivre_l_appel(par=m.acteur, dossier=brouillon)


def _transferer(m: SimpleNamespace) -> None:
    brouillon = _brouillon(m)
    ailleurs = dossiers.appel_ouvert(m.acteur, contrat_publie("voisin").contrat)
    departs.transferer(par=m.acteur, dossier=brouillon, appel=ailleurs.appel)


def _commenter(m: SimpleNamespace):
    brouillon = _brouillon(m)
    section = sections(brouillon)["calendrier"]
    return commentaires.commenter(
        par=m.acteur, dossier=brouillon, section=section, texte="En mai ?"
    ), section


def _regler(m: SimpleNamespace) -> None:
    remarque, section = _commenter(m)
    commentaires.regler_un_commentaire(par=m.acteur, commentaire=remarque, section=section)


def _indicateur(m: SimpleNamespace):
    contrat = contrat_publie().contrat
    fiche = contrat.fiches.order_by("numero").first()
    return indicateurs.ajouter_un_indicateur(
        par=m.acteur, contrat=contrat, fiche=fiche, nom="Arbres plantés", unite="arbres"
    )


DES_BROUILLONS = {
    "dossiers.creer_un_projet": _brouillon,
    "dossiers.ouvrir_un_dossier": _brouillon,
    "dossiers.ecrire_une_section": _ecrire,
    "dossiers.suivre_l_appel": _suivre,
    "dossiers.jeter_un_brouillon": lambda m: actions.jeter_un_brouillon(
        par=m.acteur, dossier=_brouillon(m)
    ),
    "dossiers.transferer": _transferer,
    "dossiers.commenter": _commenter,
    "dossiers.regler_un_commentaire": _regler,
    "cadre.ajouter_un_indicateur": _indicateur,
    "cadre.modifier_un_indicateur": lambda m: indicateurs.modifier_un_indicateur(
        par=m.acteur, indicateur=_indicateur(m), nom="Arbres plantés et vivants", unite="arbres"
    ),
    "cadre.retirer_un_indicateur": lambda m: indicateurs.retirer_un_indicateur(
        par=m.acteur, indicateur=_indicateur(m)
    ),
}
