"""Importer ce que deviennent les quartiers d'un millésime à l'autre : la différence, puis tout ou rien."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from parvis.journal.actions import noter
from parvis.socle.auteur import Auteur
from parvis.socle.refus import Refus
from parvis.territoires.actions.trace import CHAINE, retenir
from parvis.territoires.enums import NatureDeChargement, NatureDeCorrespondance
from parvis.territoires.importation.quartiers import SuiteLue
from parvis.territoires.models import Correspondance, Quartier


@dataclass
class ImportDeCorrespondances:
    """Ce qu'une table de correspondance change, et les lignes dont un quartier n'est pas chargé."""

    nouvelles: list[str] = field(default_factory=list)
    changees: list[str] = field(default_factory=list)
    retirees: list[str] = field(default_factory=list)
    inchangees: int = 0
    ignorees: list[str] = field(default_factory=list)

    @property
    def est_vide(self) -> bool:
        return not (self.nouvelles or self.changees or self.retirees)

    def lignes(self) -> list[str]:
        """Rend la différence, une phrase par lien."""
        return [
            *(f"nouveau · {lien}" for lien in self.nouvelles),
            *(f"changé · {lien}" for lien in self.changees),
            *(f"retiré · {lien}" for lien in self.retirees),
            *(f"ignoré · {ligne}" for ligne in self.ignorees),
        ]


@transaction.atomic
def importer_correspondances(
    *,
    par: Auteur,
    avant: int,
    apres: int,
    suites: Sequence[SuiteLue],
    source: str,
    ecrire: bool,
    ignorer_les_absents: bool = False,
) -> ImportDeCorrespondances:
    """Relie les quartiers d'un millésime à ceux du suivant ; lève Refus si l'un n'est pas chargé.

    `ignorer_les_absents` : passe ces lignes en les nommant. Sans `ecrire`, rien ne reste.
    """
    anciens = {q.code: q for q in Quartier.objects.filter(millesime=avant)}
    nouveaux = {q.code: q for q in Quartier.objects.filter(millesime=apres)}
    bilan = ImportDeCorrespondances()
    for suite in suites:
        manque = _ce_qui_manque(suite, anciens, nouveaux, avant, apres)
        if manque:
            bilan.ignorees.append(f"{suite.repere} : {manque}")
            continue
        _relier(anciens[suite.ancien], nouveaux.get(suite.nouveau), suite.statut, bilan)
    _retirer_les_anciens_liens(suites, anciens, apres, bilan)
    if bilan.ignorees and not ignorer_les_absents:
        raise Refus(
            [*bilan.ignorees, "Chargez ces quartiers, ou relancez avec --ignorer-les-absents."]
        )
    if not ecrire:
        transaction.set_rollback(True)
    elif not bilan.est_vide:
        retenir(NatureDeChargement.CORRESPONDANCES, source, apres)
        noter(
            par=par,
            contrat=CHAINE,
            action="territoires.importer_correspondances",
            objet=f"fichier:{source}"[:120],
            objet_nom=source[:300],
            details={
                "nouvelles": bilan.nouvelles,
                "changees": bilan.changees,
                "retirees": bilan.retirees,
            },
        )
    return bilan


def _ce_qui_manque(
    suite: SuiteLue,
    anciens: Mapping[str, Quartier],
    nouveaux: Mapping[str, Quartier],
    avant: int,
    apres: int,
) -> str:
    if suite.ancien not in anciens:
        return f"le quartier {suite.ancien} ({avant}) n’est pas chargé."
    if suite.nouveau and suite.nouveau not in nouveaux:
        return f"le quartier {suite.nouveau} ({apres}) n’est pas chargé."
    return ""


def _relier(
    ancien: Quartier, nouveau: Quartier | None, statut: str, bilan: ImportDeCorrespondances
) -> None:
    nature = _nature(nouveau, statut)
    lien, est_nouveau = Correspondance.objects.get_or_create(
        ancien=ancien, nouveau=nouveau, defaults={"nature": nature}
    )
    dit = f"{lien} : {NatureDeCorrespondance(nature).label.lower()}"
    if est_nouveau:
        bilan.nouvelles.append(dit)
    elif lien.nature != nature:
        lien.nature = nature
        lien.save(update_fields=["nature"])
        bilan.changees.append(dit)
    else:
        bilan.inchangees += 1


def _retirer_les_anciens_liens(
    suites: Sequence[SuiteLue],
    anciens: Mapping[str, Quartier],
    apres: int,
    bilan: ImportDeCorrespondances,
) -> None:
    """Retire, des quartiers du fichier, les liens qu'il ne dit plus : il dit tout d'un quartier."""
    dits: dict[int, set[str]] = {}
    for suite in suites:
        if suite.ancien in anciens:
            dits.setdefault(anciens[suite.ancien].pk, set()).add(suite.nouveau)
    liens = Correspondance.objects.filter(ancien__in=dits).filter(
        Q(nouveau__isnull=True) | Q(nouveau__millesime=apres)
    )
    for lien in liens.select_related("ancien", "nouveau"):
        if (lien.nouveau.code if lien.nouveau else "") not in dits[lien.ancien_id]:
            bilan.retirees.append(str(lien))
            lien.delete()


def _nature(nouveau: Quartier | None, statut: str) -> str:
    if nouveau is None:
        return NatureDeCorrespondance.SORTI
    # À défaut de statut, la lettre finale du code 2024 le dit : I, inchangé ; M, modifié.
    est_inchange = statut.startswith("INCHANG") if statut else nouveau.code.endswith("I")
    return NatureDeCorrespondance.INCHANGE if est_inchange else NatureDeCorrespondance.MODIFIE
