"""Ce qui change d'un état du cadre à un autre, rangé comme on lit un contrat."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from parvis.cadre.contenu import (
    CHAMPS,
    Cle,
    Contenu,
    Difference,
    champs,
    differences_de_fond,
    sorte,
)
from parvis.cadre.passages import Passage, passages
from parvis.socle.texte import cle_de_tri, sans_accents

# Ce qui n'est ni un pilier, ni un enjeu, ni une fiche : avant, puis après.
_DEBUT = {"contrat": "Le contrat", "préambule": "Le préambule"}
_FIN = {
    "partenaires": "Les partenaires du contrat",
    "dispositifs": "Les dispositifs du contrat",
    "hors contrat": "Ce que le contrat traite ailleurs",
}
_CATALOGUE = frozenset({"partenaires", "dispositifs"})
_DANS_LE_CONTRAT = frozenset({"mots", "prolongation"})
_NIVEAUX = ("pilier", "enjeu", "fiche")
# Au-delà, une page ouvre un endroit à la fois ; en deçà du premier nombre, elle les ouvre tous.
_COURTE, _LONGUE = 30, 200


@dataclass(frozen=True)
class Endroit:
    """Un endroit du contrat et ce qui y change ; ajouté ou retiré entier, il n'a pas de détail."""

    sorte: str
    numero: str
    titre: str
    nature: str
    passages: tuple[Passage, ...] = ()
    differences: tuple[Difference, ...] = field(default=(), repr=False)

    @property
    def ancre(self) -> str:
        """Rend ce qui désigne l'endroit dans une adresse : « fiche-13-2 »."""
        return "-".join(f"{sans_accents(self.sorte)} {self.numero}".split())

    @property
    def est_un_niveau(self) -> bool:
        return self.sorte in _NIVEAUX


@dataclass(frozen=True)
class Comparaison:
    """Les endroits où deux états du cadre diffèrent, dans l'ordre de lecture."""

    endroits: tuple[Endroit, ...]

    @property
    def nombre(self) -> int:
        """Rend le nombre de passages ; un endroit ajouté ou retiré entier en vaut un."""
        return sum(len(endroit.passages) or 1 for endroit in self.endroits)

    @property
    def est_courte(self) -> bool:
        """Dit si tout se lit d'un coup d'œil."""
        return self.nombre <= _COURTE

    @property
    def est_longue(self) -> bool:
        """Dit si tout écrire ferait une page trop lourde."""
        return self.nombre > _LONGUE

    def touche(self, ancre: str) -> bool:
        """Dit si quelque chose change à cet endroit."""
        return any(endroit.ancre == ancre for endroit in self.endroits)


def comparer(avant: Contenu, apres: Contenu) -> Comparaison:
    """Rend ce qui change d'un contenu à l'autre : chaque différence de fond y est, une seule fois."""
    par_endroit: dict[str, list[Difference]] = defaultdict(list)
    for difference in differences_de_fond(avant, apres):
        par_endroit[_ou(difference.cle)].append(difference)
    dits = champs(("mots",), apres.get(("mots",)) or avant.get(("mots",)))
    mots = {niveau: dits.get(f"mot_{niveau}") or niveau for niveau in _NIVEAUX}
    rangs = {cle: rang for rang, cle in enumerate([*avant, *apres])}
    # Rien ne se perd : ce qui n'est à aucun endroit du plan vient à la fin.
    ordre = dict.fromkeys([*_entremeler(_plan(avant), _plan(apres)), *par_endroit])
    return Comparaison(
        tuple(
            _endroit(ou, (avant, apres), _en_ordre(par_endroit[ou], rangs), mots)
            for ou in ordre
            if ou in par_endroit
        )
    )


def _ou(cle: Cle) -> str:
    return "contrat" if cle[0] in _DANS_LE_CONTRAT else cle[0]


def _plan(contenu: Contenu) -> list[str]:
    """Rend les endroits d'un contenu dans l'ordre de lecture."""
    dessous: dict[str, list[str]] = defaultdict(list)
    for cle, valeur in contenu.items():
        if len(cle) == 1 and sorte(cle) in _NIVEAUX:
            niveau = _NIVEAUX.index(sorte(cle))
            dit = champs(cle, valeur)
            parent = f"{_NIVEAUX[niveau - 1]} {dit[_NIVEAUX[niveau - 1]]}" if niveau else ""
            dessous[parent].append(cle[0])
    return [*_DEBUT, *_descendre(dessous, ""), *_FIN]


def _descendre(dessous: dict[str, list[str]], ou: str) -> Iterator[str]:
    for suivant in dessous.get(ou, ()):
        yield suivant
        yield from _descendre(dessous, suivant)


def _entremeler(avant: Sequence[str], apres: Sequence[str]) -> list[str]:
    """Rend l'ordre d'après ; ce qui n'y est plus vient à la suite de ce qui le précédait."""
    restent = set(apres)
    disparus: dict[str, list[str]] = defaultdict(list)
    dernier = ""
    for ou in avant:
        if ou in restent:
            dernier = ou
        else:
            disparus[dernier].append(ou)
    return [ou for present in apres for ou in (present, *disparus[present])]


def _en_ordre(trouvees: Iterable[Difference], rangs: dict[Cle, int]) -> list[Difference]:
    """Range les différences par sorte, puis dans l'ordre du document, ou des noms au catalogue."""
    sortes = {nom: rang for rang, nom in enumerate(CHAMPS)}

    def place(difference: Difference) -> tuple[int, str, int]:
        cle = difference.cle
        nom = cle_de_tri(cle[-1]) if cle[0] in _CATALOGUE else ""
        return sortes[sorte(cle)], nom, rangs[cle]

    return sorted(trouvees, key=place)


def _endroit(
    ou: str,
    contenus: tuple[Contenu, Contenu],
    trouvees: list[Difference],
    mots: dict[str, str],
) -> Endroit:
    fixe = (_DEBUT | _FIN).get(ou)
    if fixe:
        return Endroit(ou, "", fixe, "changé", passages(trouvees, mots), tuple(trouvees))
    niveau, _, numero = ou.partition(" ")
    avant, apres = (champs((ou,), contenu.get((ou,))) for contenu in contenus)
    titre = (apres or avant).get("titre", "")
    if bool(avant) != bool(apres):
        nature = "retiré" if avant else "ajouté"
        return Endroit(niveau, numero, titre, nature, differences=tuple(trouvees))
    return Endroit(niveau, numero, titre, "changé", passages(trouvees, mots), tuple(trouvees))
