"""Relire ce que le contrat sait de ses partenaires et de ses dispositifs, sans effacer un autre.

Rien ici ne touche au texte d'une édition, ni au nom qu'il imprime.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat, Dispositif, Partenaire
from parvis.cadre.rules import savoirs as rules
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import ConflitDeVersion, exiger
from parvis.socle.texte import sans_signes_caches
from parvis.socle.validation import motifs_de_validation

T = TypeVar("T", Partenaire, Dispositif)
Changements = dict[str, list[Any]]
# Ces textes gardent leurs paragraphes.
_EN_PARAGRAPHES = frozenset({"a_savoir", "explication"})


@transaction.atomic
def modifier_partenaire(
    *, par: Acteur, partenaire: Partenaire, version: int, valeurs: Mapping[str, Any]
) -> Partenaire:
    """Change ce que l'on sait d'un partenaire ; lève ConflitDeVersion s'il a changé, ou Refus.

    Rend le partenaire relu, et n'écrit rien si rien ne change.
    """
    tenu = _tenir(partenaire, version)
    avant, fin_avant = _photographier(tenu), (tenu.fin_le, tenu.suite)
    _poser(tenu, valeurs)
    parents = dict(Partenaire.objects.filter(contrat=tenu.contrat).values_list("pk", "parent"))
    exiger(
        rules.motifs_sur_le_parent(tenu.pk, tenu.parent_id, parents)
        + rules.motifs_sur_la_suite(avant=fin_avant, apres=(tenu.fin_le, tenu.suite))
        + motifs_de_validation(tenu)
    )
    if changements := _comparer(avant, _photographier(tenu)):
        _signer(par, tenu)
        _noter(par, "cadre.modifier_partenaire", tenu, changements)
    return tenu


@transaction.atomic
def modifier_dispositif(
    *,
    par: Acteur,
    dispositif: Dispositif,
    version: int,
    valeurs: Mapping[str, Any],
    est_verifie: bool = False,
) -> Dispositif:
    """Change ce que l'on sait d'un dispositif ; lève ConflitDeVersion s'il a changé, ou Refus.

    `est_verifie` dit qu'on l'a aussi vérifié aujourd'hui. Rend le dispositif relu, et n'écrit rien
    si rien ne change.
    """
    tenu = _tenir(dispositif, version)
    avant, fin_avant = _photographier(tenu), (tenu.fin_le, tenu.suite)
    _poser(tenu, {c: v for c, v in valeurs.items() if c != "responsables"})
    responsables = list(valeurs.get("responsables", tenu.responsables.all()))
    du_contrat = Partenaire.objects.filter(contrat=tenu.contrat).values_list("pk", flat=True)
    exiger(
        rules.motifs_sur_les_responsables((r.pk for r in responsables), set(du_contrat))
        + rules.motifs_sur_la_suite(avant=fin_avant, apres=(tenu.fin_le, tenu.suite))
        + motifs_de_validation(tenu)
    )
    if est_verifie:
        _dater(par, tenu)
    apres = _photographier(tenu) | {"responsables": sorted(map(str, responsables))}
    if changements := _comparer(avant, apres):
        _signer(par, tenu)
        tenu.responsables.set(responsables)
        _noter(par, "cadre.modifier_dispositif", tenu, changements)
    return tenu


@transaction.atomic
def verifier_dispositif(*, par: Acteur, dispositif: Dispositif) -> Dispositif:
    """Date d'aujourd'hui la vérification d'un dispositif où rien n'a changé ; une fois par jour."""
    tenu = _tenir(dispositif)
    avant = _photographier(tenu)
    _dater(par, tenu)
    if changements := _comparer(avant, _photographier(tenu)):
        tenu.save(update_fields=["verifie_le", "verifie_par"])
        _noter(par, "cadre.verifier_dispositif", tenu, changements)
    return tenu


def _tenir(ligne: T, version: int | None = None) -> T:
    """Rend la ligne relue, que nul autre acte ne changera ; lève ConflitDeVersion.

    La chaîne, puis le contrat sont tenus d'abord, comme le fait une publication.
    """
    tenir_la_chaine(ligne.contrat.code)
    contrat = Contrat.objects.select_for_update(no_key=True).get(pk=ligne.contrat_id)
    tenue = type(ligne)._default_manager.select_for_update(no_key=True).get(pk=ligne.pk)
    tenue.contrat = contrat
    if version is not None and tenue.version != version:
        raise ConflitDeVersion(tenue)
    return tenue


def _poser(ligne: Partenaire | Dispositif, valeurs: Mapping[str, Any]) -> None:
    """Pose les valeurs, textes nettoyés ; lève TypeError sur un champ inconnu."""
    if inconnus := set(valeurs) - set(ligne.CHAMPS):
        raise TypeError(f"Champs inconnus : {', '.join(sorted(inconnus))}.")
    for champ, valeur in valeurs.items():
        if champ == "graphies":
            lues = dict.fromkeys(_sur_une_ligne(graphie) for graphie in valeur)
            valeur = [graphie for graphie in lues if graphie and graphie != ligne.nom]
        elif champ in _EN_PARAGRAPHES:
            valeur = sans_signes_caches(valeur).strip()
        elif isinstance(valeur, str):
            valeur = _sur_une_ligne(valeur)
        setattr(ligne, champ, valeur)


def _sur_une_ligne(texte: str) -> str:
    return " ".join(sans_signes_caches(texte).split())


def _dater(par: Acteur, dispositif: Dispositif) -> None:
    aujourd_hui = timezone.localdate()
    if dispositif.verifie_le != aujourd_hui:
        dispositif.verifie_le, dispositif.verifie_par = aujourd_hui, par.utilisateur_nom


def _photographier(ligne: Partenaire | Dispositif) -> dict[str, Any]:
    """Rend les champs tels que le journal les garde : des textes, des listes de textes."""
    photo: dict[str, Any] = {}
    for champ in (*ligne.CHAMPS, *(("verifie_le",) if isinstance(ligne, Dispositif) else ())):
        valeur = getattr(ligne, champ)
        if champ == "responsables":
            photo[champ] = sorted(map(str, valeur.all()))
        elif isinstance(valeur, list):
            photo[champ] = list(valeur)
        else:
            photo[champ] = "" if valeur is None else str(valeur)
    return photo


def _comparer(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> Changements:
    return {champ: [avant[champ], apres[champ]] for champ in apres if avant[champ] != apres[champ]}


def _signer(par: Acteur, ligne: Partenaire | Dispositif) -> None:
    """Enregistre la ligne, relue par cette personne : une lecture ne la changera plus."""
    ligne.version += 1
    ligne.revu_le, ligne.revu_par = timezone.now(), par.utilisateur_nom
    ligne.save()


def _noter(
    par: Acteur, action: str, ligne: Partenaire | Dispositif, changements: Changements
) -> None:
    noter(
        par=par,
        contrat=ligne.contrat.code,
        action=action,
        objet=f"{ligne._meta.model_name}:{ligne.pk}",
        objet_nom=ligne.nom,
        details={"changements": changements},
    )
