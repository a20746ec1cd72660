"""Écrire le budget d'un dossier, un exercice à la fois, et y ajouter ce qui vient d'ailleurs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.sections import Enregistrement, ecrire_la_section, tenir_le_dossier
from parvis.dossiers.models import Dossier
from parvis.dossiers.sections import Section, empreinte
from parvis.dossiers.sections.budget import avec_l_exercice, exercice_de
from parvis.dossiers.sections.propres import LIGNES_MAX
from parvis.socle.refus import Refus


@transaction.atomic
def ecrire_l_exercice(
    *,
    par: Acteur,
    dossier: Dossier,
    section: Section,
    annee: int,
    part: Mapping[str, Any],
    lue: str,
) -> Enregistrement:
    """Enregistre le budget d'un exercice ; `lue` est l'empreinte de ce qui en était affiché.

    Deux personnes sur deux exercices ne se gênent pas. Lève ConflitDeSection si celui-ci n'est plus
    celui que la personne a lu, Refus si le dossier est déposé.
    """
    dossier = tenir_le_dossier(par, dossier)
    avant = _ce_qui_est_dit(dossier, section)
    est_la_lue = lue == empreinte(exercice_de(avant, annee))
    return ecrire_la_section(
        par=par,
        dossier=dossier,
        section=section,
        valeur=avec_l_exercice(avant, annee, part),
        lue=empreinte(avant) if est_la_lue else "",
    )


@transaction.atomic
def ajouter_a_l_exercice(
    *,
    par: Acteur,
    dossier: Dossier,
    section: Section,
    annee: int,
    lignes: Sequence[Mapping[str, str]],
    demandes: Sequence[Mapping[str, str]],
) -> Enregistrement:
    """Ajoute des lignes et des demandes à un exercice, sans toucher à celles qui y sont.

    Lève Refus s'il y en aurait trop, ou si le dossier est déposé.
    """
    dossier = tenir_le_dossier(par, dossier)
    avant = _ce_qui_est_dit(dossier, section)
    part = exercice_de(avant, annee)
    neuve = {
        "lignes": [*part["lignes"], *map(dict, lignes)],
        "demandes": [*part["demandes"], *map(dict, demandes)],
    }
    if max(map(len, neuve.values())) > LIGNES_MAX:
        raise Refus(
            [f"Un exercice a {LIGNES_MAX} lignes au plus, et {LIGNES_MAX} demandes : ôtez-en."]
        )
    return ecrire_la_section(
        par=par,
        dossier=dossier,
        section=section,
        valeur=avec_l_exercice(avant, annee, neuve),
        lue=empreinte(avant),
    )


@transaction.atomic
def recopier_l_exercice(
    *, par: Acteur, dossier: Dossier, section: Section, annee: int
) -> Enregistrement:
    """Recopie dans un exercice encore vide le budget de celui d'avant ; lève Refus sinon.

    Le numéro d'une demande chez son financeur ne suit pas : il est d'une autre année.
    """
    dossier = tenir_le_dossier(par, dossier)
    avant = _ce_qui_est_dit(dossier, section)
    actuel, precedent = exercice_de(avant, annee), exercice_de(avant, annee - 1)
    if actuel["lignes"] or actuel["demandes"]:
        raise Refus([f"L’exercice {annee} n’est pas vide : il ne se recopie pas par-dessus."])
    if not precedent["lignes"] and not precedent["demandes"]:
        raise Refus([f"L’exercice {annee - 1} est vide : il n’y a rien à recopier."])
    demandes = [{c: t for c, t in d.items() if c != "numero"} for d in precedent["demandes"]]
    return ecrire_la_section(
        par=par,
        dossier=dossier,
        section=section,
        valeur=avec_l_exercice(avant, annee, {"lignes": precedent["lignes"], "demandes": demandes}),
        lue=empreinte(avant),
    )


def _ce_qui_est_dit(dossier: Dossier, section: Section) -> dict[str, Any]:
    courante = dossier.ecritures.filter(section=section.code, est_courante=True).first()
    return courante.valeur if courante else {}
