"""Situer une adresse écrite à la main parmi les adresses chargées, sans réseau."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, Min, OuterRef
from rapidfuzz import fuzz, process

from parvis.territoires.models import Adresse, Commune
from parvis.territoires.rules.adresses import (
    AdresseLue,
    cle_de_commune,
    cle_de_voie,
    lire_adresse,
    sans_la_commune,
    score_de_voie,
)
from parvis.territoires.rules.numeros import Numero, Point, Precision, placer

Demande = tuple[str, str, str]
SCORE_MIN = 0.5
# Les voies dont le nom ressemble assez pour être regardées de près.
VOIES_REGARDEES = 25
# Deux réponses aussi bonnes l'une que l'autre : aucune n'est sûre.
ECART, AMBIGU = 0.03, 0.75
# La commune donnée n'est pas celle du code postal ; elle n'est pas chargée, ou n'en est pas une.
COMMUNE_CONTREDITE, COMMUNE_INCONNUE = 0.9, 0.75
FACTEURS: dict[Precision, float] = {
    "housenumber": 1.0,
    "interpolated": 0.95,
    # Le numéro était demandé, et la voie n'en a pas de proche.
    "street": 0.9,
}


@dataclass(frozen=True)
class AdresseLocale:
    """Une adresse trouvée : à son numéro, entre deux voisins, ou la voie entière et tous ses points."""

    libelle: str
    score: float
    type: Precision
    lon: float
    lat: float
    code_postal: str
    commune_code: str
    commune_nom: str
    points: list[Point]
    # Le numéro était demandé, la voie ne l'a pas : nul ne sait où il serait.
    numero_inconnu: bool = False


class _Voie(NamedTuple):
    """Une voie d'une commune, et la chance que ce soit la bonne."""

    commune: int
    cle: str
    score: float


@dataclass(frozen=True)
class _Lecture:
    """Une façon de lire la demande : la voie, les communes où la chercher, ce qu'en vaut le résultat."""

    voie: str
    communes: tuple[int, ...]
    facteur: float


def chercher_une_adresse(
    texte: str, code_postal: str = "", commune_code: str = "", nombre: int = 5
) -> list[AdresseLocale]:
    """Rend les adresses chargées qui répondent le mieux à un texte, la meilleure d'abord."""
    return _chercher([(texte, code_postal, commune_code)], nombre)[0]


def chercher_des_adresses(demandes: Sequence[Demande]) -> list[AdresseLocale | None]:
    """Rend la meilleure réponse à chaque (texte, code postal, code de commune), ou rien.

    Le nombre de requêtes ne dépend pas du nombre de demandes.
    """
    return [trouvees[0] if trouvees else None for trouvees in _chercher(demandes, 1)]


def _chercher(demandes: Sequence[Demande], nombre: int) -> list[list[AdresseLocale]]:
    lues = [lire_adresse(texte, postal) for texte, postal, _ in demandes]
    lieux = _Lieux.charges({lue.code_postal for lue in lues} - {""})
    lectures = [
        lieux.lectures(lue, code.strip().upper())
        for lue, (_, _, code) in zip(lues, demandes, strict=True)
    ]
    voies = _voies(
        {pk for possibles in lectures for lue in possibles for pk in lue.communes}, lieux
    )
    # Une voie de plus que demandé : le numéro peut départager les meilleures.
    retenues = [
        _les_meilleures(possibles, voies, nombre > 1)[: nombre + 4] for possibles in lectures
    ]
    numeros = _numeros({(v.commune, v.cle) for trouvees in retenues for v in trouvees})
    rendues = []
    for lue, trouvees in zip(lues, retenues, strict=True):
        situees = [
            _situer(lue, voie, numeros[voie.commune, voie.cle], lieux.communes[voie.commune])
            for voie in trouvees
        ]
        assez_sures = [adresse for adresse in situees if adresse.score >= SCORE_MIN]
        rendues.append(sorted(assez_sures, key=lambda adresse: -adresse.score)[:nombre])
    return rendues


@dataclass(frozen=True)
class _Lieux:
    """Les communes qui ont des adresses, par tout ce qui les désigne."""

    communes: dict[int, Commune]
    par_code: dict[str, int]
    par_nom: dict[str, int]
    par_postal: dict[str, tuple[int, ...]]

    @classmethod
    def charges(cls, postaux: set[str]) -> "_Lieux":
        """Rend les communes qui ont des adresses, et celles de ces codes postaux."""
        adresses = Adresse.objects.filter(commune=OuterRef("pk"))
        lues = Commune.objects.filter(Exists(adresses)).defer("contour")
        communes = {commune.pk: commune for commune in lues}
        par_postal: dict[str, set[int]] = defaultdict(set)
        for commune in communes.values():
            for code in commune.codes_postaux.replace(",", " ").split():
                par_postal[code].add(commune.pk)
        desservies = Adresse.objects.filter(code_postal__in=postaux).order_by()
        for code, pk in desservies.values_list("code_postal", "commune_id").distinct():
            par_postal[code].add(pk)
        return cls(
            communes,
            {commune.code: pk for pk, commune in communes.items()},
            _par_nom(communes.values()),
            {code: tuple(sorted(pks)) for code, pks in par_postal.items()},
        )

    def lectures(self, lue: AdresseLue, code: str) -> list[_Lecture]:
        """Rend les façons de lire une adresse ; aucune si le lieu qu'elle donne n'est pas chargé."""
        if not lue.voie_cle:
            return []
        nommee = self.par_nom.get(cle_de_commune(lue.commune)) if lue.commune else None
        communes, facteur = tuple(self.communes), 1.0
        if code:
            communes = (self.par_code[code],) if code in self.par_code else ()
        elif lue.code_postal in self.par_postal:
            communes = self.par_postal[lue.code_postal]
            if nommee in communes:
                communes = (nommee,)
            elif nommee:
                facteur = COMMUNE_CONTREDITE
        elif nommee:
            communes = (nommee,)
            # Un cedex a son propre code, que nulle adresse ne porte.
            facteur = COMMUNE_CONTREDITE if lue.code_postal else 1.0
        elif lue.code_postal:
            communes = ()
        else:
            # Rien ne dit où : la même voie est peut-être ailleurs.
            facteur = COMMUNE_INCONNUE
        entiere = _Lecture(lue.voie, communes, facteur)
        return [entiere, *self._avec_la_commune_en_queue(entiere)]

    def _avec_la_commune_en_queue(self, entiere: _Lecture) -> Iterable[_Lecture]:
        """Rend la lecture où la fin de la voie est une commune : « 12 rue Mozart Vitry »."""
        derniers = cle_de_commune(entiere.voie).split()
        for nombre in range(min(6, len(derniers) - 1), 0, -1):
            pk = self.par_nom.get(" ".join(derniers[-nombre:]))
            if pk is None or pk not in entiere.communes:
                continue
            # Le nom entier porte son article : « Le Kremlin-Bicêtre ».
            voie = sans_la_commune(entiere.voie, self.communes[pk].nom)
            if voie == entiere.voie:
                voie = sans_la_commune(entiere.voie, " ".join(derniers[-nombre:]))
            if voie != entiere.voie:
                facteur = 1.0 if entiere.facteur == COMMUNE_INCONNUE else entiere.facteur
                yield _Lecture(voie, (pk,), facteur)
                return


def _par_nom(communes: Iterable[Commune]) -> dict[str, int]:
    """Rend les communes par leur nom ; « Vitry » se dit pour « Vitry-sur-Seine » s'il est seul."""
    complets = [(cle_de_commune(commune.nom), commune.pk) for commune in communes]
    courts = []
    for cle, pk in complets:
        tete = cle.split()
        courts.append((" ".join(tete[: 2 if tete[:1] in (["saint"], ["sainte"]) else 1]), pk))
    rendues: dict[str, int] = {}
    for paires in (courts, complets):
        compte = Counter(cle for cle, _ in paires)
        rendues |= {cle: pk for cle, pk in paires if compte[cle] == 1}
    return rendues


def _voies(communes: set[int], lieux: _Lieux) -> dict[int, dict[str, str]]:
    """Rend les voies de chaque commune : leur clé, et leur nom tel qu'il s'écrit."""
    lignes = Adresse.objects.order_by()
    if len(communes) < len(lieux.communes):
        lignes = lignes.filter(commune__in=communes)
    voies: dict[int, dict[str, str]] = defaultdict(dict)
    groupes = lignes.values("commune_id", "voie_cle").annotate(nom=Min("voie"))
    for commune, cle, nom in groupes.values_list("commune_id", "voie_cle", "nom"):
        voies[commune][cle] = nom
    return voies


def _les_meilleures(
    lectures: Iterable[_Lecture], voies: dict[int, dict[str, str]], est_large: bool
) -> list[_Voie]:
    """Rend les voies qui ressemblent le plus, sous 0,8 quand rien ne les départage."""
    notes: dict[tuple[int, str], float] = {}
    bruts: dict[tuple[int, str], float] = {}
    for lecture in lectures:
        cherchee = cle_de_voie(lecture.voie)
        for commune in lecture.communes:
            for cle in _proches(cherchee, voies[commune], est_large):
                brut = 1.0 if cle == cherchee else score_de_voie(lecture.voie, voies[commune][cle])
                if brut * lecture.facteur > notes.get((commune, cle), 0.0):
                    notes[commune, cle], bruts[commune, cle] = brut * lecture.facteur, brut
    classees = sorted(
        (_Voie(*ou, note) for ou, note in notes.items() if note >= SCORE_MIN),
        key=lambda voie: -voie.score,
    )
    if len(classees) < 2:
        return classees
    premiere, seconde = classees[:2]
    # Un nom exact l'emporte sur un nom proche.
    est_exacte = bruts[premiere[:2]] == 1.0 > bruts[seconde[:2]]
    if est_exacte or premiere.score - seconde.score > ECART:
        return classees
    return [voie._replace(score=min(voie.score, AMBIGU)) for voie in classees]


def _proches(cherchee: str, voies: dict[str, str], est_large: bool) -> list[str]:
    """Rend les voies à regarder : celles dont les mots ressemblent, ou la même seule si elle suffit."""
    if cherchee in voies and not est_large:
        return [cherchee]
    trouvees = process.extract(
        cherchee, voies.keys(), scorer=fuzz.token_set_ratio, limit=VOIES_REGARDEES, score_cutoff=50
    )
    return [cle for cle, _, _ in trouvees]


def _numeros(voies: set[tuple[int, str]]) -> dict[tuple[int, str], list[Numero]]:
    """Rend les adresses de ces voies, en une requête."""
    rendus: dict[tuple[int, str], list[Numero]] = defaultdict(list)
    lignes = Adresse.objects.filter(
        commune__in={commune for commune, _ in voies}, voie_cle__in={cle for _, cle in voies}
    ).order_by("numero", "suffixe", "cle")
    champs = ("commune_id", "voie_cle", "numero", "suffixe", "voie", "code_postal", "lon", "lat")
    for commune, cle, numero, suffixe, voie, postal, lon, lat in lignes.values_list(*champs):
        if (commune, cle) in voies:
            rendus[commune, cle].append(Numero(numero, suffixe, voie, postal, (lon, lat)))
    return rendus


def _situer(
    lue: AdresseLue, voie: _Voie, numeros: Sequence[Numero], commune: Commune
) -> AdresseLocale:
    """Rend la place d'une adresse dans la voie retenue."""
    # Deux communes fondues en une ont pu garder la même rue : le code postal les distingue.
    ranges = sorted(numeros, key=lambda numero: numero.code_postal != lue.code_postal)
    place = placer(ranges, lue.numero, lue.suffixe)
    facteur = 1.0 if lue.numero is None else FACTEURS[place.type]
    postal = place.repere.code_postal or lue.code_postal
    suffixe = place.repere.suffixe if place.type == "housenumber" else lue.suffixe
    debut = "" if lue.numero is None or place.type == "street" else f"{lue.numero}"
    if debut and suffixe:
        debut += suffixe.upper() if len(suffixe) == 1 else f" {suffixe}"
    ville = f"{postal} {commune.nom}".strip()
    return AdresseLocale(
        f"{debut} {place.repere.voie}, {ville}".strip(),
        round(voie.score * facteur, 3),
        place.type,
        *place.point,
        postal,
        commune.code,
        commune.nom,
        place.points,
        numero_inconnu=lue.numero is not None and place.type == "street",
    )
