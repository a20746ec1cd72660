"""Une fiche mise en passages : chaque texte qu'elle imprime, la rubrique où il se lit, ce qu'il pèse."""

from collections.abc import Iterator
from dataclasses import dataclass

from parvis.cadre.importation import structure as lu
from parvis.orientation.moteur.structures import structures_citees


@dataclass(frozen=True, slots=True)
class Passage:
    """Un texte d'une fiche, tel qu'il est imprimé."""

    rubrique: str
    texte: str
    poids: float
    # Le dispositif ou le partenaire dont parle ce texte.
    sujet: str = ""


@dataclass(frozen=True)
class FicheAOrienter:
    """Ce que l'orientation sait d'une fiche."""

    numero: str
    titre: str
    passages: tuple[Passage, ...]
    publics: tuple[str, ...] = ()
    lieux: tuple[str, ...] = ()
    structures: tuple[str, ...] = ()


# Ce que chaque rubrique pèse : le titre dit la fiche, la liste des partenaires ne la dit presque pas.
POIDS = {
    "Titre": 6.0,
    "Enjeu": 2.0,
    "Pilier": 0.5,
    "Descriptif": 1.5,
    "Projets attendus": 2.5,
    "Publics": 1.5,
    "Lieux": 0.5,
    "Dispositifs": 0.6,
    "Financeurs": 0.2,
    "Opérateurs": 0.4,
    "Constats": 0.5,
    "Autres rubriques": 1.0,
}


def fiches_a_orienter(contrat: lu.ContratLu) -> list[FicheAOrienter]:
    """Rend les fiches d'un contrat, dans l'ordre, chacune avec ses passages."""
    return [
        FicheAOrienter(
            fiche.numero,
            fiche.titre,
            tuple(
                Passage(rubrique, texte, POIDS[rubrique], sujet)
                for rubrique, texte, sujet in _textes(pilier, enjeu, fiche)
                if texte.strip()
            ),
            publics=tuple(dict.fromkeys(public.code for public in fiche.publics)),
            lieux=_lieux(fiche),
            structures=structures_citees(operateur.nom for operateur in fiche.operateurs),
        )
        for pilier in contrat.piliers
        for enjeu in pilier.enjeux
        for fiche in enjeu.fiches
    ]


def _lieux(fiche: lu.Fiche) -> tuple[str, ...]:
    """Rend les quartiers et les communes que nomme une fiche ; un quartier dit aussi sa commune."""
    return tuple(
        dict.fromkeys(
            nom
            for lieu in fiche.lieux
            if lieu.type in ("quartier", "commune")
            for nom in (lieu.imprime if lieu.type == "quartier" else "", lieu.territoire)
            if nom
        )
    )


def _textes(pilier: lu.Pilier, enjeu: lu.Enjeu, fiche: lu.Fiche) -> Iterator[tuple[str, str, str]]:
    yield "Titre", fiche.titre, ""
    yield "Enjeu", enjeu.titre, ""
    yield "Pilier", pilier.titre, ""
    for paragraphe in fiche.descriptif.split("\n\n"):
        yield "Descriptif", paragraphe, ""
    for projet in fiche.types_d_action:
        yield "Projets attendus", projet.texte, ""
    for public in fiche.publics:
        yield "Publics", public.preuve, ""
    for lieu in fiche.lieux:
        yield "Lieux", lieu.imprime, ""
    for dispositif in fiche.dispositifs:
        yield "Dispositifs", dispositif.nom, dispositif.nom
        yield "Dispositifs", dispositif.detail or "", dispositif.nom
    for role, partenaires in (("Financeurs", fiche.financeurs), ("Opérateurs", fiche.operateurs)):
        for partenaire in partenaires:
            yield role, partenaire.nom, partenaire.nom
    for constat in fiche.constats:
        yield "Constats", constat.texte, ""
    for rubrique in fiche.rubriques:
        yield "Autres rubriques", rubrique.texte, ""
