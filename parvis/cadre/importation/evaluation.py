"""Qualité d'une lecture : précision et rappel de chaque champ, contre une vérité écrite à la main.

La vérité a la forme du JSON de `lire_document`, réduite à ce que l'on veut mesurer : une fiche
absente n'est pas mesurée, un champ absent d'une fiche non plus. `"extrait": true` dit qu'elle ne
couvre qu'une partie du document. Un type d'action peut n'être donné que par son `debut` ou sa `fin`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from .lexique import repertoire
from .numeros import cle_de_numero
from .source import DocumentIllisible, fermeture
from .structure import ContratLu, en_dict
from .texte import cle, cle_souple

_MEME_TITRE = 97
_MEME_TEXTE = 88
_MEME_NOM = 80
_SIGLE_FINAL = re.compile(r"\(([A-Z]{3,})\)$")
_PARENTHESES = re.compile(r"\([^()]*\)")

Objet = dict[str, Any]


@dataclass
class Mesure:
    """Ce qu'un champ devait rendre, ce qu'il a rendu, et ce qui est juste."""

    champ: str
    attendus: int = 0
    lus: int = 0
    justes: int = 0
    manques: list[str] = field(default_factory=list)
    en_trop: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Rend la part de ce qui est lu qui est juste ; 1 quand rien n'est lu."""
        return self.justes / self.lus if self.lus else 1.0

    @property
    def rappel(self) -> float:
        """Rend la part de ce qui est attendu qui est lue ; 1 quand rien n'est attendu."""
        return self.justes / self.attendus if self.attendus else 1.0


def charger_verite(chemin: Path) -> Objet:
    """Rend une vérité ; lève DocumentIllisible si le fichier n'est pas le JSON attendu."""
    try:
        verite = json.loads(chemin.read_text(encoding="utf-8"))
    except OSError as erreur:
        raise DocumentIllisible(fermeture(chemin, erreur), 0) from erreur
    except (UnicodeDecodeError, json.JSONDecodeError) as erreur:
        ligne = getattr(erreur, "lineno", 1)
        raise DocumentIllisible("la vérité n'est pas un JSON lisible.", ligne) from erreur
    if not isinstance(verite, dict) or not isinstance(verite.get("piliers"), list):
        raise DocumentIllisible("la vérité doit être un objet qui a une liste « piliers ».")
    return verite


def evaluer(lu: ContratLu, verite: Objet) -> list[Mesure]:
    """Rend une mesure par champ que la vérité donne, dans l'ordre du document."""
    mesures: dict[str, Mesure] = {}
    lues = en_dict(lu)
    complete = not verite.get("extrait", False)
    _comparer_les_titres(mesures, lues, verite, complete)
    fiches_lues = _fiches(lues)
    for attendue in _fiches(verite):
        jumelle = _jumelle(attendue, fiches_lues) or {}
        _comparer_la_fiche(mesures, attendue, jumelle)
    return list(mesures.values())


def _comparer_les_titres(
    mesures: dict[str, Mesure], lues: Objet, verite: Objet, complete: bool
) -> None:
    for champ, objets, nommer in (
        ("piliers", _piliers, _titre_seul),
        ("enjeux", _enjeux, _numero_et_titre),
        ("fiches : numéros", _fiches, _numero_seul),
        ("fiches : titres", _fiches, _titre_seul),
    ):
        attendus = [nommer(o) for o in objets(verite)]
        obtenus = [nommer(o) for o in objets(lues)]
        if not complete:  # un extrait ne dit rien de ce qu'il ne contient pas
            obtenus = [o for o in obtenus if any(_meme_titre(a, o) for a in attendus)]
        _apparier(_mesure(mesures, champ), "", attendus, obtenus, _meme_titre, str)
    for champ in ("titre", "territoire", "periode"):
        if verite.get(champ):
            _apparier(
                _mesure(mesures, f"en-tête : {champ}"),
                "",
                [str(verite[champ])],
                [str(lues[champ])] if lues[champ] else [],
                _meme_titre,
                str,
            )


def _comparer_la_fiche(mesures: dict[str, Mesure], attendue: Objet, lue: Objet) -> None:
    ou = f"fiche {attendue.get('numero')}"
    for role in ("financeurs", "operateurs"):
        if role in attendue:
            mesure = _mesure(mesures, role)
            _apparier(mesure, ou, attendue[role], lue.get(role, []), meme_partenaire, _nom)
    if "dispositifs" in attendue:
        attendus, lus = attendue["dispositifs"], lue.get("dispositifs", [])
        _apparier(_mesure(mesures, "dispositifs"), ou, attendus, lus, _meme_dispositif, _nom)
        _apparier(
            _mesure(mesures, "dispositifs, avec leur responsable"),
            ou,
            attendus,
            lus,
            lambda a, b: _meme_dispositif(a, b) and _meme_responsable(a, b),
            lambda d: f"{d.get('porteur')} · {d['nom']}",
        )
    if "types_d_action" in attendue:
        _comparer_les_types(mesures, ou, attendue["types_d_action"], lue.get("types_d_action", []))


def _comparer_les_types(
    mesures: dict[str, Mesure], ou: str, attendus: list[Objet], lus: list[Objet]
) -> None:
    """Compare les listes entre elles ; la prose attendue se cherche dans tout ce qui est proposé."""
    listes = [t for t in attendus if t.get("forme") == "liste"]
    lues = [t for t in lus if t["forme"] == "liste"]
    _apparier(_mesure(mesures, "types d'action en liste"), ou, listes, lues, _meme_type, _texte)
    prose = [t for t in attendus if t.get("forme") != "liste"]
    reste = [t for t in lus if t["forme"] != "liste"]
    _apparier(_mesure(mesures, "types d'action en prose"), ou, prose, reste, _meme_type, _texte)


def _apparier(
    mesure: Mesure,
    ou: str,
    attendus: Iterable[Any],
    lus: Iterable[Any],
    meme: Callable[[Any, Any], bool],
    nommer: Callable[[Any], str],
) -> None:
    """Compte les couples justes : chaque élément attendu prend au plus un élément lu."""
    restants = list(lus)
    mesure.lus += len(restants)
    for attendu in attendus:
        mesure.attendus += 1
        memes = [r for r, lu in enumerate(restants) if meme(attendu, lu)]
        # le même nom d'abord : une ressemblance ne prend pas la place d'une égalité
        exacts = [r for r in memes if cle(nommer(restants[r])) == cle(nommer(attendu))]
        rang = next(iter(exacts or memes), None)
        if rang is None:
            mesure.manques.append(f"{ou} : {nommer(attendu)}".removeprefix(" : "))
        else:
            mesure.justes += 1
            restants.pop(rang)
    mesure.en_trop += [f"{ou} : {nommer(lu)}".removeprefix(" : ") for lu in restants]


def _mesure(mesures: dict[str, Mesure], champ: str) -> Mesure:
    return mesures.setdefault(champ, Mesure(champ))


def _piliers(contrat: Objet) -> list[Objet]:
    return contrat["piliers"]


def _enjeux(contrat: Objet) -> list[Objet]:
    return [enjeu for pilier in contrat["piliers"] for enjeu in pilier.get("enjeux", [])]


def _fiches(contrat: Objet) -> list[Objet]:
    return [fiche for enjeu in _enjeux(contrat) for fiche in enjeu.get("fiches", [])]


def _titre_seul(objet: Objet) -> str:
    return str(objet.get("titre") or "")


def _numero_seul(objet: Objet) -> str:
    return cle_de_numero(objet.get("numero") or "")


def _numero_et_titre(objet: Objet) -> str:
    return f"{_numero_seul(objet)} {_titre_seul(objet)}"


def _nom(objet: Objet) -> str:
    return str(objet["nom"])


def _texte(objet: Objet) -> str:
    return str(objet.get("texte") or objet.get("debut") or objet.get("fin"))


def _jumelle(attendue: Objet, lues: list[Objet]) -> Objet | None:
    """Rend la fiche lue du même numéro, ou du même titre."""
    numero = _numero_seul(attendue)
    memes = [f for f in lues if _numero_seul(f) == numero] or [
        f for f in lues if _meme_titre(_titre_seul(attendue), _titre_seul(f))
    ]
    return memes[0] if memes else None


def _meme_titre(a: str, b: str) -> bool:
    return cle(a) == cle(b) or fuzz.ratio(cle(a), cle(b)) >= _MEME_TITRE


def meme_partenaire(attendu: Objet, lu: Objet) -> bool:
    """Dit si deux partenaires sont le même : même nom, même sigle, ou même graphie imprimée."""
    noms = {_canonique(str(attendu[c])) for c in ("nom", "imprime") if attendu.get(c)}
    lus = {_canonique(str(lu[c])) for c in ("nom", "imprime") if lu.get(c)}
    return _canonique(str(attendu["nom"])) in lus or _canonique(str(lu["nom"])) in noms


def _canonique(nom: str) -> str:
    trouve = repertoire().trouver(nom) or repertoire().trouver(_PARENTHESES.sub("", nom).strip())
    return cle_souple(trouve.nom if trouve else _PARENTHESES.sub("", nom))


def _meme_dispositif(attendu: Objet, lu: Objet) -> bool:
    nom, lus = (
        cle_souple(attendu["nom"]),
        [lu["nom"], lu.get("imprime") or "", lu.get("detail") or ""],
    )
    if fuzz.ratio(nom, cle_souple(lu["nom"])) >= _MEME_NOM or _sigles(attendu) & _sigles(lu):
        return True
    sans = cle_souple(_PARENTHESES.sub("", attendu["nom"]))
    return any(fuzz.partial_ratio(sans, cle_souple(texte)) >= _MEME_TEXTE for texte in lus if texte)


def _sigles(dispositif: Objet) -> set[str]:
    """Rend les sigles d'un nom de dispositif : seul (« PRE »), ou entre parenthèses à sa suite."""
    nom = dispositif["nom"].strip()
    return {s for s in (*_SIGLE_FINAL.findall(nom), nom) if len(s) > 2 and s.isupper()}


def _meme_responsable(attendu: Objet, lu: Objet) -> bool:
    lus = {
        _canonique(p) for p in (lu.get("porteur"), lu.get("parent"), *lu.get("porteurs", [])) if p
    }
    if not attendu.get("porteur"):
        return not lus
    voulus = [
        _canonique(p) for p in (attendu["porteur"], *re.split(r" et |, ", attendu["porteur"]))
    ]
    return any(voulu in lus for voulu in voulus)


def _meme_type(attendu: Objet, lu: Objet) -> bool:
    a, b = cle(_texte(attendu)), cle(lu["texte"])
    if "debut" in attendu or "fin" in attendu:
        return b.startswith(a) if "debut" in attendu else b.endswith(a)
    return fuzz.ratio(a, b) >= _MEME_TEXTE or (len(b) > 40 and fuzz.partial_ratio(a, b) >= 95)
