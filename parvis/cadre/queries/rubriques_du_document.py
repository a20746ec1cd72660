"""Les rubriques d'une fiche telles que le document les imprime."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby

from parvis.cadre import models as m
from parvis.cadre.document.description import Rubrique
from parvis.cadre.document.vocabulaire import libelle, rubrique_en_tableau, valeur
from parvis.cadre.enums import DegreDePartenaire
from parvis.cadre.importation.faits_en_tableau import joindre

NEANT = "Néant"
# Ce que le lecteur chercherait dans les textes, faute d'un tableau qui le dise.
DEVINEES = frozenset(
    ("types_d_action", "constats", "publics_vises", "territoires_vises", "renvois")
)
DEGRE = frozenset({"degre"})
# Le texte de ces rubriques est aussi dans le descriptif : il ne s'imprime qu'une fois.
DANS_LE_DESCRIPTIF = ("contexte", "objectifs", "descriptif")


def muettes(versions: Iterable[m.VersionDeFiche]) -> frozenset[str]:
    """Rend les rubriques dont aucune de ces fiches ne dit rien : le document le dit, pour qu'on ne
    les devine pas dans ses textes.
    """
    dites = {
        code
        for v in versions
        for code, liens in (
            ("types_d_action", v.types),
            ("constats", v.constats),
            ("publics_vises", v.publics),
            ("territoires_vises", v.lieux),
            ("renvois", v.renvois),
        )
        if liens.all()
    }
    return DEVINEES - dites


def rubriques(v: m.VersionDeFiche, tues: frozenset[str]) -> tuple[Rubrique, ...]:
    """Rend les rubriques d'une fiche chargée par `lecture.fiches_entieres`, dans l'ordre du document.

    `tues` nomme celles dont le document entier ne dit rien (`muettes`).
    """

    def fait(code: str, dits: Iterable[Mapping[str, str]]) -> Rubrique | None:
        return rubrique_en_tableau(code, ({},) if code in tues else dits)

    propres = list(v.rubriques.all())
    rendues = [
        *_descriptif(v, [r for r in propres if r.code in DANS_LE_DESCRIPTIF]),
        _echelle(v),
        *_types(v, [r for r in propres if r.code == "types_d_action"]),
        fait("types_d_action", ()),
        fait("constats", _constats(v)),
        fait("publics_vises", _publics(v)),
        fait("territoires_vises", _lieux(v)),
        _partenaires("financeurs", v.financeurs, DEGRE) or _neant("financeurs"),
        _partenaires("operateurs", v.operateurs) or _neant("operateurs"),
        rubrique_en_tableau("dispositifs", _dispositifs(v)) or _neant("dispositifs"),
        *_propres([r for r in propres if r.code not in (*DANS_LE_DESCRIPTIF, "types_d_action")]),
        fait("renvois", renvois(v.renvois.all())),
    ]
    return tuple(rubrique for rubrique in rendues if rubrique is not None)


def _neant(code: str) -> Rubrique:
    """Rend une rubrique attendue où il n'y a rien : le dire vaut mieux que la taire."""
    return Rubrique(libelle(code), NEANT)


def _descriptif(v: m.VersionDeFiche, dites: list[m.RubriqueDeFiche]) -> Iterator[Rubrique]:
    """Rend le descriptif, là où le contexte et les objectifs de la fiche ne le disent pas déjà."""
    textes = [texte for texte, _ in groupby(r.texte for r in dites)]
    reste = v.descriptif.strip()
    avant = 0
    for texte in textes:
        if not _commence(reste, texte):
            break
        reste = reste[len(texte) :].strip()
        avant += 1
    for texte in reversed(textes[avant:]):
        if not reste.endswith(texte):
            break
        reste = reste[: -len(texte)].strip()
    entieres = list(_propres(dites))
    yield from entieres[:avant]
    if reste and reste != _texte_des_types(v):
        yield Rubrique(libelle("descriptif"), reste)
    yield from entieres[avant:]


def _commence(texte: str, debut: str) -> bool:
    return texte == debut or texte.startswith(f"{debut}\n")


def _texte_des_types(v: m.VersionDeFiche) -> str:
    return next((r.texte for r in v.rubriques.all() if r.code == "types_d_action"), "")


def _types(v: m.VersionDeFiche, dites: list[m.RubriqueDeFiche]) -> Iterator[Rubrique | None]:
    """Rend les types de projets : la rubrique du contrat si elle dit les mêmes, sinon un tableau."""
    yield from _propres(dites)
    lignes = [ligne.removeprefix("- ").rstrip(" ;") for r in dites for ligne in r.texte.split("\n")]
    textes = [t.texte for t in v.types.all()]
    if [ligne for ligne in lignes if ligne] != textes:
        yield rubrique_en_tableau("types_d_action", ({"texte": texte} for texte in textes))


def _propres(dites: Iterable[m.RubriqueDeFiche]) -> Iterator[Rubrique]:
    """Rend les rubriques du contrat ; deux libellés d'un même texte ne l'impriment qu'une fois."""
    precedente: m.RubriqueDeFiche | None = None
    for r in dites:
        redite = precedente is not None and (r.code, r.texte) == (
            precedente.code,
            precedente.texte,
        )
        yield Rubrique(r.libelle, "" if redite else r.texte)
        precedente = r


def _echelle(v: m.VersionDeFiche) -> Rubrique | None:
    return Rubrique(libelle("echelle"), valeur("echelles", v.echelle)) if v.echelle else None


def _partenaires(
    code: str, liens: list[m.PartenaireDeFiche], toujours: frozenset[str] = frozenset()
) -> Rubrique | None:
    """Rend des partenaires ; « possible », qui va de soi, ne s'imprime qu'auprès d'un autre degré."""
    defaut = DegreDePartenaire.POSSIBLE
    nuances = bool(toujours) or any(lien.degre != defaut for lien in liens)
    return rubrique_en_tableau(
        code,
        (
            {
                "nom": lien.partenaire.nom,
                "parent": lien.sous.nom if lien.sous else "",
                "condition": lien.condition,
                "degre": valeur("degres_de_partenaire", lien.degre) if nuances else "",
            }
            for lien in liens
        ),
        toujours,
    )


def _dispositifs(v: m.VersionDeFiche) -> Iterator[Mapping[str, str]]:
    connus = v.edition.catalogue["dispositifs"]
    for d in v.dispositifs.all():
        tous = connus.get(d.dispositif.nom, {}).get("responsables", ())
        yield {
            "nom": d.dispositif.nom,
            "responsable": joindre(responsables(d.porteur, tous)),
            "detail": d.detail,
            "degre": valeur("degres_de_dispositif", d.degre),
        }


def responsables(porteur: m.Partenaire | None, tous: Iterable[str]) -> list[str]:
    """Rend qui tient un dispositif : celui que la fiche nomme, puis les autres que l'édition connaît."""
    return list(dict.fromkeys((porteur.nom, *tous))) if porteur else []


def _publics(v: m.VersionDeFiche) -> Iterator[Mapping[str, str]]:
    for p in v.publics.all():
        yield {"public": p.public.libelle, "preuve": p.preuve}


def _lieux(v: m.VersionDeFiche) -> Iterator[Mapping[str, str]]:
    for lieu in v.lieux.all():
        type_ = valeur("lieux", lieu.type)
        yield {"imprime": lieu.imprime, "territoire": lieu.territoire, "type": type_}


def _constats(v: m.VersionDeFiche) -> Iterator[Mapping[str, str]]:
    for c in v.constats.all():
        yield {
            "texte": c.texte,
            "chiffre": _chiffre(c.valeur, c.unite),
            "annee": str(c.annee or ""),
            "territoire": c.territoire,
            "source": c.source,
        }


def _chiffre(nombre: Decimal | None, unite: str) -> str:
    """Rend « 5,5 % » : virgule décimale, milliers séparés."""
    if nombre is None:
        return ""
    entier, _, decimales = f"{nombre.normalize():,f}".partition(".")
    ecrit = entier.replace(",", "\N{NO-BREAK SPACE}") + (f",{decimales}" if decimales else "")
    return f"{ecrit} {unite}".strip()


def renvois(liens: Iterable[m.Renvoi]) -> Iterator[Mapping[str, str]]:
    """Rend les renvois d'une fiche ou d'un enjeu, un fait par renvoi."""
    for r in liens:
        yield {
            "imprime": r.imprime,
            "nature": valeur("renvois", r.nature),
            "cible": r.cible,
            "anomalie": r.anomalie,
        }
