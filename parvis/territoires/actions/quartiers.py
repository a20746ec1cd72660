"""Importer des quartiers et leurs correspondances : la différence d'abord, puis tout ou rien."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from parvis.journal.actions import noter
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger
from parvis.territoires.actions.trace import CHAINE, retenir
from parvis.territoires.enums import NatureDeChargement
from parvis.territoires.geometrie import octets
from parvis.territoires.importation.quartiers import QuartierLu, QuartiersLus
from parvis.territoires.models import Commune, Couverture, Perimetre, Quartier
from parvis.territoires.rules.millesimes import FRANCE, VALIDITES, departement_de

# « inchangée » : le fichier ne dit rien de la couverture, et n'y touche pas.
DU_FICHIER, AUCUNE, INCHANGEE = "fichier", "aucune", "inchangee"
DEPARTEMENT = re.compile(r"\d\d|2[AB]|97\d|98\d")


@dataclass
class ImportDeQuartiers:
    """Ce qu'un import change : les nouveaux, les changés (avant et après), ce qui manque au fichier."""

    millesime: int
    nouveaux: list[str] = field(default_factory=list)
    changes: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    inchanges: int = 0
    absents: list[str] = field(default_factory=list)
    sans_contour: int = 0
    communes_creees: list[str] = field(default_factory=list)
    couvertures: list[str] = field(default_factory=list)
    decouvertes: list[str] = field(default_factory=list)

    @property
    def est_vide(self) -> bool:
        return not (
            self.nouveaux
            or self.changes
            or self.communes_creees
            or self.couvertures
            or self.decouvertes
        )

    def lignes(self) -> list[str]:
        """Rend la différence, une phrase par quartier."""
        dites = [f"nouveau · {nom}" for nom in self.nouveaux]
        for nom, champs in self.changes.items():
            detail = " ; ".join(
                f"{champ} : {a or '(rien)'} → {b}" for champ, (a, b) in champs.items()
            )
            dites.append(f"changé · {nom} · {detail}")
        dites += [f"absent du fichier, gardé · {nom}" for nom in self.absents]
        dites += [f"commune créée · {nom}" for nom in self.communes_creees]
        if self.sans_contour:
            dites.append(f"sans contour · {self.sans_contour} : on y répondra « inconnu »")
        if self.decouvertes:
            dites.append(f"couverture {self.millesime} retirée · {', '.join(self.decouvertes)}")
        if self.couvertures:
            dites.append(
                f"couverture {self.millesime} · {', '.join(self.couvertures)} : tous les quartiers "
                "y sont dans ce fichier ; sinon, --couverture aucune"
            )
        return dites


@transaction.atomic
def importer_quartiers(
    *,
    par: Auteur,
    lus: QuartiersLus,
    millesime: int,
    source: str,
    ecrire: bool,
    couverture: str = DU_FICHIER,
    est_arrondi: bool = False,
) -> ImportDeQuartiers:
    """Crée ou met à jour les quartiers d'un millésime ; lève Refus, chaque motif avec sa ligne.

    Ce que le fichier ne dit pas (communes, contour, population) reste. Sans `ecrire`, l'import se
    fait puis se défait. `couverture` : « fichier » (les communes du fichier), « aucune » (elle se
    retire), « inchangee », « france », ou des départements séparés par des virgules.
    """
    exiger(_motifs_du_millesime(millesime) + _motifs_de_la_couverture(couverture))
    bilan = ImportDeQuartiers(millesime)
    communes = _communes(lus.quartiers, bilan)
    connus = {q.code: q for q in Quartier.objects.filter(millesime=millesime)}
    exiger(
        [
            f"{lu.repere} ({lu.code}) : ce quartier est nouveau et le fichier ne dit pas sa commune."
            for lu in lus.quartiers
            if lu.code not in connus and not lu.communes
        ]
    )
    contours = {
        p.quartier_id: p
        for p in Perimetre.objects.filter(quartier__millesime=millesime, remplace_le__isnull=True)
    }
    for lu in lus.quartiers:
        _importer(lu, millesime, connus, communes, contours, bilan, source, est_arrondi)
    _couvrir(lus, millesime, couverture, source, bilan)
    _nommer_ce_qui_manque(lus.quartiers, connus, bilan)
    if not ecrire:
        transaction.set_rollback(True)
    elif not bilan.est_vide:
        retenir(NatureDeChargement.QUARTIERS, source, millesime)
        noter(
            par=par,
            contrat=CHAINE,
            action="territoires.importer_quartiers",
            objet=f"fichier:{source}"[:120],
            objet_nom=source[:300],
            details={
                "millesime": millesime,
                "nouveaux": bilan.nouveaux,
                "changes": bilan.changes,
                "communes": bilan.communes_creees,
                "couvertures": bilan.couvertures,
                "decouvertes": bilan.decouvertes,
            },
        )
    return bilan


def _motifs_du_millesime(millesime: int) -> list[str]:
    if millesime in VALIDITES:
        return []
    connus = " et ".join(map(str, sorted(VALIDITES)))
    return [f"Le millésime {millesime} est inconnu : les générations de quartiers sont {connus}."]


def _motifs_de_la_couverture(couverture: str) -> list[str]:
    if couverture in (DU_FICHIER, AUCUNE, INCHANGEE, FRANCE):
        return []
    faux = [d for d in couverture.split(",") if not DEPARTEMENT.fullmatch(d)]
    return [
        f"La couverture « {d} » ne se lit pas : écrivez fichier, aucune, france, ou des départements "
        "comme 94,75."
        for d in faux
    ]


def _communes(lus: Sequence[QuartierLu], bilan: ImportDeQuartiers) -> dict[str, Commune]:
    """Rend les communes du fichier ; celles que la base n'a pas naissent de leur nom imprimé."""
    nommees = {code: nom for lu in lus for code, nom in lu.communes.items()}
    connues = Commune.objects.in_bulk(list(nommees), field_name="code")
    tues = sorted(code for code, nom in nommees.items() if code not in connues and not nom)
    exiger(
        [
            f"{len(tues)} commune(s) ne sont pas chargées et le fichier ne les nomme pas "
            f"({', '.join(tues[:5])}{'…' if len(tues) > 5 else ''}) : chargez-les d’abord "
            "(importer_communes)."
        ]
        if tues
        else []
    )
    for code in sorted(nommees.keys() - connues.keys()):
        nom = nommees[code]
        connues[code] = Commune.objects.create(
            code=code, nom=nom[:120], departement=departement_de(code)
        )
        bilan.communes_creees.append(f"{nom} ({code})")
    return connues


def _importer(
    lu: QuartierLu,
    millesime: int,
    connus: Mapping[str, Quartier],
    communes: Mapping[str, Commune],
    contours: Mapping[int, Perimetre],
    bilan: ImportDeQuartiers,
    source: str,
    est_arrondi: bool,
) -> None:
    quartier = connus.get(lu.code)
    est_nouveau = quartier is None
    if quartier is None:
        debut, fin = VALIDITES[millesime]
        quartier = Quartier.objects.create(
            code=lu.code, millesime=millesime, nom=lu.nom or lu.code, valide_du=debut, valide_au=fin
        )
    champs: dict[str, tuple[str, str]] = {}
    if lu.nom and lu.nom != quartier.nom:
        champs["nom"] = (quartier.nom, lu.nom)
        quartier.nom = lu.nom
    if lu.population is not None and lu.population != quartier.population:
        champs["population"] = (str(quartier.population or ""), str(lu.population))
        quartier.population, quartier.population_source = lu.population, source[:200]
    if champs:
        quartier.save(update_fields=["nom", "population", "population_source"])
    if lu.communes:
        avant = sorted(quartier.communes.values_list("code", flat=True))
        if avant != sorted(lu.communes):
            champs["communes"] = (", ".join(avant), ", ".join(sorted(lu.communes)))
            quartier.communes.set(communes[code] for code in lu.communes)
    if lu.contour is not None:
        champs |= _remplacer_le_contour(
            quartier, lu, contours.get(quartier.pk), source, est_arrondi
        )
    nom = f"{quartier.nom} ({lu.code})"
    if est_nouveau:
        bilan.nouveaux.append(nom + ("" if lu.contour is not None else ", sans contour"))
    elif champs:
        bilan.changes[nom] = champs
    else:
        bilan.inchanges += 1


def _remplacer_le_contour(
    quartier: Quartier, lu: QuartierLu, actuel: Perimetre | None, source: str, est_arrondi: bool
) -> dict[str, tuple[str, str]]:
    """Garde un contour nouveau et date l'ancien ; sans effet si c'est le même, lu aussi finement."""
    wkb = octets(lu.contour)
    empreinte = hashlib.sha256(wkb).hexdigest()
    if actuel and actuel.empreinte == empreinte and actuel.est_arrondi == est_arrondi:
        return {}
    # Le fichier livré, arrondi, ne remplace jamais un contour officiel déjà chargé.
    if actuel and est_arrondi and not actuel.est_arrondi:
        return {}
    maintenant = timezone.now()
    if actuel:
        actuel.remplace_le = maintenant
        actuel.save(update_fields=["remplace_le"])
    Perimetre.objects.create(
        quartier=quartier,
        geometrie=wkb,
        empreinte=empreinte,
        source=source[:200],
        est_arrondi=est_arrondi,
        charge_le=maintenant,
    )
    return {"contour": (actuel.source if actuel else "", source)}


def _decouvrir(lus: QuartiersLus, millesime: int, bilan: ImportDeQuartiers) -> None:
    """Retire la couverture des communes du fichier : il n'en donne qu'un extrait."""
    retirees = Couverture.objects.filter(millesime=millesime, portee__in=lus.communes)
    bilan.decouvertes = sorted(retirees.values_list("portee", flat=True))
    retirees.delete()


def _couvrir(
    lus: QuartiersLus,
    millesime: int,
    couverture: str,
    source: str,
    bilan: ImportDeQuartiers,
) -> None:
    if couverture == DU_FICHIER and lus.est_une_correspondance:
        # Une table de correspondance tait les quartiers sortis : elle ne dit pas tout d'une commune.
        return
    if couverture == INCHANGEE:
        return
    if couverture == AUCUNE:
        _decouvrir(lus, millesime, bilan)
        return
    portees = lus.communes if couverture == DU_FICHIER else set(couverture.split(","))
    connues = set(Couverture.objects.filter(millesime=millesime).values_list("portee", flat=True))
    nouvelles = sorted(portees - connues) if FRANCE not in connues else []
    Couverture.objects.bulk_create(
        Couverture(millesime=millesime, portee=p, source=source[:200], chargee_le=timezone.now())
        for p in nouvelles
    )
    bilan.couvertures = nouvelles


def _nommer_ce_qui_manque(
    lus: Sequence[QuartierLu], connus: Mapping[str, Quartier], bilan: ImportDeQuartiers
) -> None:
    """Nomme les quartiers des mêmes communes que le fichier n'a pas, et compte ceux sans contour."""
    presents = {lu.code for lu in lus}
    avec = Perimetre.objects.filter(
        quartier__millesime=bilan.millesime, remplace_le__isnull=True
    ).values_list("quartier__code", flat=True)
    bilan.sans_contour = len(presents - set(avec))
    du_fichier = {c for lu in lus for c in lu.communes}
    absents = Quartier.objects.filter(
        pk__in=[q.pk for code, q in connus.items() if code not in presents],
        communes__code__in=du_fichier,
    )
    bilan.absents = [str(q) for q in absents.distinct()]
