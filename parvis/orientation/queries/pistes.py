"""Ce qu'une orientation montre : chaque fiche avec ses partenaires, puis tout ce qu'elles réunissent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from parvis.cadre import models as m
from parvis.cadre.enums import DegreDePartenaire, TypeDeLieu
from parvis.cadre.models import Edition
from parvis.cadre.queries.lecture import fiches_entieres, groupes_de_dispositifs
from parvis.cadre.queries.rapprochements import organismes_des_partenaires
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.organismes.models import Organisme
from parvis.orientation.moteur.questions import PUBLIC, Precision
from parvis.orientation.moteur.raisons import Raison
from parvis.orientation.moteur.reponse import Orientation
from parvis.orientation.moteur.structures import STRUCTURES, structures_citees
from parvis.orientation.queries.orientation import moteur_de
from parvis.socle.texte import cle_de_tri


@dataclass(frozen=True)
class FicheTrouvee:
    """Une fiche qui répond, telle qu'elle se montre."""

    version: m.VersionDeFiche
    raisons: list[Raison]
    projets: list[str]
    dispositifs: list[tuple[m.Partenaire | None, list[m.DispositifDeFiche]]]
    # Ce que la personne est figure parmi les opérateurs de la fiche ; None si elle ne l'a pas dit.
    peut_porter: bool | None


@dataclass
class Reuni:
    """Un partenaire ou un dispositif, et les fiches trouvées qui le citent."""

    objet: Any
    liens: list[tuple[str, Any]] = field(default_factory=list)
    organismes: list[Organisme] = field(default_factory=list)

    @property
    def degres(self) -> list[tuple[str, str]]:
        """Rend chaque degré dit, et où : (numéros, libellé) ; « possible » va sans dire."""
        dits: dict[str, list[str]] = {}
        for numero, lien in self.liens:
            if lien.degre and lien.degre != DegreDePartenaire.POSSIBLE:
                dits.setdefault(lien.get_degre_display(), []).append(numero)
        return [(", ".join(numeros), degre) for degre, numeros in dits.items()]

    @property
    def fiches(self) -> list[str]:
        return list(dict.fromkeys(numero for numero, _ in self.liens))


@dataclass(frozen=True)
class Ensemble:
    """Tout ce que réunissent les fiches trouvées : qui peut financer, porter, aider."""

    financeurs: list[Reuni]
    operateurs: list[Reuni]
    dispositifs: list[Reuni]
    finis: list[Reuni]


@dataclass(frozen=True)
class Option:
    """Un choix d'une liste, ou une réponse à une question ; `groupe`, la commune d'un lieu."""

    valeur: str
    libelle: str
    groupe: str = ""


def fiches_trouvees(
    acteur: Acteur, edition: Edition, orientation: Orientation, structure: str = ""
) -> list[FicheTrouvee]:
    """Rend les fiches d'une orientation, dans son ordre, en un nombre fixe de requêtes."""
    pistes = {piste.numero: piste for piste in orientation.pistes}
    versions = fiches_entieres(acteur, edition).filter(fiche__numero__in=list(pistes))
    par_numero = {version.numero: version for version in versions} if pistes else {}
    return [
        FicheTrouvee(
            version,
            piste.raisons,
            piste.projets,
            groupes_de_dispositifs(version),
            _peut_porter(version, structure) if structure else None,
        )
        for numero, piste in pistes.items()
        if (version := par_numero.get(numero))
    ]


def _peut_porter(version: m.VersionDeFiche, structure: str) -> bool:
    noms = [lien.partenaire.nom for lien in version.operateurs]
    return structure in structures_citees(noms)


def reunir(
    acteur: Acteur, edition: Edition, trouvees: Sequence[FicheTrouvee], jour: date
) -> Ensemble:
    """Rend l'union des fiches trouvées ; ce qui a pris fin est mis à part, jamais caché."""
    versions = [trouvee.version for trouvee in trouvees]
    financeurs = _grouper(
        (v.numero, lien.partenaire, lien) for v in versions for lien in v.financeurs
    )
    operateurs = _grouper(
        (v.numero, lien.partenaire, lien) for v in versions for lien in v.operateurs
    )
    appuis = _grouper(
        (v.numero, lien.dispositif, lien) for v in versions for lien in v.dispositifs.all()
    )
    partenaires = [*financeurs, *operateurs]
    tenus = organismes_des_partenaires(acteur, {reuni.objet.pk for reuni in partenaires}, jour)
    for reuni in partenaires:
        reuni.organismes = tenus.get(reuni.objet.pk, [])
    return Ensemble(
        financeurs=financeurs,
        operateurs=operateurs,
        dispositifs=[reuni for reuni in appuis if not _est_fini(reuni.objet, jour)],
        finis=[reuni for reuni in appuis if _est_fini(reuni.objet, jour)],
    )


def _est_fini(objet: Any, jour: date) -> bool:
    return objet.fin_le is not None and objet.fin_le <= jour


def _grouper(liens: Iterable[tuple[str, Any, Any]]) -> list[Reuni]:
    """Rend chaque objet une fois, le plus cité d'abord, puis dans l'ordre des fiches."""
    reunis: dict[int, Reuni] = {}
    for numero, objet, lien in liens:
        reunis.setdefault(objet.pk, Reuni(objet)).liens.append((numero, lien))
    return sorted(reunis.values(), key=lambda r: -len(r.fiches))


def equipes_du_contrat(acteur: Acteur, edition: Edition, jour: date) -> list[Organisme]:
    """Rend les organismes dont les pilotes conduisent ce contrat : à eux de répondre d'abord."""
    rattachements = (
        Rattachement.objects.confirmes(jour)
        .filter(role=Role.PILOTE, contrat=edition.contrat.code)
        .select_related("organisme__fusionne_dans")
        .order_by("pk")
    )
    organismes = (r.organisme.fusionne_dans or r.organisme for r in rattachements)
    return list({organisme.pk: organisme for organisme in organismes}.values())


def choix_possibles(acteur: Acteur, edition: Edition) -> dict[str, list[Option]]:
    """Rend ce que la personne peut préciser : lieux, publics et opérateurs que le contrat nomme."""
    fiches = moteur_de(edition).fiches
    codes = {code for fiche in fiches for code in fiche.publics}
    publics = m.Public.objects.filter(code__in=codes)
    citees = {code for fiche in fiches for code in fiche.structures}
    return {
        "lieu": _lieux(edition, {lieu for fiche in fiches for lieu in fiche.lieux}),
        PUBLIC: [Option(public.code, public.libelle) for public in publics],
        "structure": [Option(code, nom) for code, nom, _ in STRUCTURES if code in citees],
    }


def _lieux(edition: Edition, noms: set[str]) -> list[Option]:
    """Rend les lieux que les fiches nomment, commune par commune, la commune entière d'abord."""
    situes = dict(
        m.LieuDeFiche.objects.filter(edition=edition, type=TypeDeLieu.QUARTIER)
        .exclude(territoire="")
        .values_list("imprime", "territoire")
    )
    lieux = [Option(nom, nom, situes.get(nom, nom)) for nom in noms]
    return sorted(
        lieux, key=lambda o: (cle_de_tri(o.groupe), o.valeur != o.groupe, cle_de_tri(o.valeur))
    )


def libelle(
    acteur: Acteur, edition: Edition, precision: Precision, options: Mapping[str, list[Option]]
) -> str:
    """Rend les mots d'une précision ; vide si le contrat ne la connaît pas."""
    if precision.sorte in options:
        choix = options[precision.sorte]
        return next((o.libelle for o in choix if o.valeur == precision.valeur), "")
    notion = moteur_de(edition).thesaurus.notions.get(precision.valeur)
    return notion.nom if notion and not notion.est_hors else ""
