"""Une fiche assemblée devient une fiche lue : chaque rubrique est analysée, ou gardée telle quelle."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from . import faits_en_tableau as faits
from .constats import lire_constats
from .dispositifs import lire_dispositifs
from .dispositifs_en_liste import dispositifs_des_financeurs
from .echelles import echelle_de_la_fiche
from .entete import Entete
from .fragments import Bloc
from .lieux import lire_lieux
from .lieux_connus import Gazette
from .partenaires import lire_partenaires
from .plan import EnjeuBrut, FicheBrute
from .publics import lire_publics
from .renvois import Cibles, lire_renvois
from .roles import douter_du_role, financeurs_du_budget
from .rubriques import descriptives, dit_le_contenu, dit_sans_contenu, principales
from .structure import Anomalie, Dispositif, Fiche, Note, Partenaire, Renvoi, Rubrique, TypeDAction
from .types_d_action import lire_types_annonces, lire_types_d_action


@dataclass
class Contexte:
    """Ce que toute la lecture partage : lieux, titres, notes, anomalies."""

    gazette: Gazette
    entete: Entete
    cibles: Cibles
    notes: dict[int, Note]
    indicatifs: frozenset[str]
    preambule: str
    en_tableau: frozenset[str] = frozenset()  # ce que ce document écrit en tableaux
    anomalies: list[Anomalie] = field(default_factory=list)

    def signaler(self, ligne: int, nature: str, texte: str) -> None:
        """Ajoute une anomalie, une seule fois."""
        anomalie = Anomalie(ligne, nature, texte)
        if anomalie not in self.anomalies[-40:]:
            self.anomalies.append(anomalie)


def texte_suivi(blocs: list[Bloc]) -> str:
    """Rend des blocs en texte : paragraphes séparés d'une ligne vide, puces en « - »."""
    morceaux: list[str] = []
    for bloc in blocs:
        if bloc.genre != "puce":
            morceaux += _paragraphes(bloc)
        elif morceaux and morceaux[-1].startswith("- "):
            morceaux[-1] += f"\n- {bloc.texte}"
        else:
            morceaux.append(f"- {bloc.texte}")
    return "\n\n".join(morceaux)


def _paragraphes(bloc: Bloc) -> list[str]:
    """Rend les paragraphes d'un bloc : un saut de ligne en ouvre un, sauf au milieu d'une phrase."""
    resultat: list[str] = []
    for ligne in bloc.lignes or (bloc.texte,):
        if resultat and ligne[0].islower():
            resultat[-1] += f" {ligne}"
        else:
            resultat.append(ligne)
    return resultat


def lire_fiche(brut: FicheBrute, echelle: str | None, contexte: Contexte) -> Fiche:
    """Rend une fiche : ce que ses tableaux disent au mot, et ce que ses textes laissent comprendre."""
    contenu, tableaux = brut.contenu, brut.tableaux
    descriptif, dispositifs = _descriptif(brut), contenu.get("dispositifs", [])
    vises, lieux_vises = contenu.get("publics_vises", []), contenu.get("territoires_vises", [])
    lieux, territoire = contexte.gazette, contexte.entete.nom_court
    financeurs = _partenaires(brut, "financeurs", contexte)
    return Fiche(
        brut.numero,
        brut.titre,
        texte_suivi(descriptif),
        _types_d_action(brut, descriptif, contexte),
        financeurs,
        _partenaires(brut, "operateurs", contexte),
        _dispositifs(brut, financeurs, contexte),
        renvois_dits(brut, descriptif, contexte),
        faits.lieux(tableaux.get("territoires_vises", ()))
        if "territoires_vises" in contexte.en_tableau
        else lire_lieux(
            brut.titre, brut.ligne, [descriptif, dispositifs], lieux, territoire, lieux_vises
        ),
        faits.publics(tableaux.get("publics_vises", ()))
        if "publics_vises" in contexte.en_tableau
        else lire_publics(brut.titre, brut.ligne, descriptif, vises),
        faits.constats(tableaux.get("constats", ()))
        if "constats" in contexte.en_tableau
        else lire_constats(_sans_les_buts(brut, descriptif), lieux, territoire),
        _echelle(brut, descriptif, echelle, contexte),
        brut.ligne,
        _rubriques(brut),
    )


def _echelle(
    brut: FicheBrute, descriptif: list[Bloc], du_pilier: str | None, contexte: Contexte
) -> str | None:
    if "echelle" in contexte.en_tableau:
        return echelle_imprimee(brut)
    return echelle_de_la_fiche(brut.titre, descriptif, du_pilier, contexte.preambule)


def echelle_imprimee(brut: FicheBrute) -> str | None:
    """Rend l'échelle que dit la rubrique d'une fiche, si c'est l'une des trois."""
    return faits.valeur(
        "echelles", " ".join(bloc.texte for bloc in brut.contenu.get("echelle", []))
    )


def _partenaires(brut: FicheBrute, code: str, contexte: Contexte) -> tuple[Partenaire, ...]:
    if code in brut.tableaux:
        return faits.partenaires(brut.tableaux[code])
    if code == "financeurs" and code not in brut.contenu:
        return financeurs_du_budget(brut, contexte.gazette)
    noms = _noms(brut, code, contexte)
    lus = lire_partenaires(noms, contexte.gazette, contexte.signaler)
    return douter_du_role(lus, brut, code)


def _dispositifs(
    brut: FicheBrute, financeurs: tuple[Partenaire, ...], contexte: Contexte
) -> tuple[Dispositif, ...]:
    if "dispositifs" in brut.contenu:
        noms = _noms(brut, "dispositifs", contexte)
        return lire_dispositifs(noms, contexte.signaler, contexte.indicatifs)
    if "dispositifs" in contexte.en_tableau:
        return faits.dispositifs(brut.tableaux.get("dispositifs", ()))
    return dispositifs_des_financeurs(financeurs)


def renvois_dits(
    brut: FicheBrute | EnjeuBrut, blocs: list[Bloc], contexte: Contexte
) -> tuple[Renvoi, ...]:
    """Rend les renvois d'une fiche ou d'un enjeu : ceux de leur tableau, sinon ceux de leur texte."""
    if "renvois" in contexte.en_tableau:
        return faits.renvois(brut.tableaux.get("renvois", ()))
    return lire_les_renvois(blocs, contexte)


def _descriptif(brut: FicheBrute) -> list[Bloc]:
    """Rend ce qui décrit la fiche : contexte, objectifs, descriptif, dans l'ordre du document."""
    codes = dict.fromkeys(r.code for r in brut.libelles if r.code in descriptives()[:-1])
    blocs = [bloc for code in codes for bloc in brut.contenu.get(code, [])]
    return blocs or brut.contenu.get(descriptives()[-1], [])


def _sans_les_buts(brut: FicheBrute, descriptif: list[Bloc]) -> list[Bloc]:
    """Rend ce qui décrit la fiche, hors des rubriques qui disent ce que l'on veut obtenir."""
    buts = [*brut.contenu.get("objectifs", []), *brut.contenu.get("types_d_action", [])]
    return [bloc for bloc in descriptif if not any(bloc is but for but in buts)]


def _types_d_action(
    brut: FicheBrute, descriptif: list[Bloc], contexte: Contexte
) -> tuple[TypeDAction, ...]:
    """Rend les types d'action : ceux de leur rubrique quand il y en a une, sinon du descriptif."""
    if "types_d_action" in brut.tableaux:
        return faits.types_d_action(brut.tableaux["types_d_action"])
    attendus = brut.contenu.get("types_d_action")
    if attendus:
        return lire_types_annonces(attendus)
    if "types_d_action" in contexte.en_tableau:
        return ()
    dits = brut.contenu.get("descriptif") or descriptif
    paires = zip(brut.libelles, brut.textes, strict=True)
    contenu = [b for rubrique, blocs in paires if dit_le_contenu(rubrique.imprime) for b in blocs]
    return lire_types_d_action(
        dits, brut.titre, brut.ligne, contexte.gazette, contexte.signaler, contenu
    )


def _noms(brut: FicheBrute, code: str, contexte: Contexte) -> list[Bloc]:
    """Rend les blocs d'une rubrique, sans ceux qui disent que rien n'est encore écrit."""
    blocs = []
    for bloc in brut.contenu.get(code, []):
        if dit_sans_contenu(bloc.texte):
            texte = f"fiche {brut.numero} : rubrique à remplir (« {bloc.texte} »)"
            contexte.signaler(bloc.ligne, "rubrique_vide", texte)
        else:
            blocs.append(bloc)
    return blocs


def _rubriques(brut: FicheBrute) -> tuple[Rubrique, ...]:
    """Rend les rubriques rencontrées ; celles qui ne sont pas analysées gardent leur texte."""
    resultat = []
    for rubrique, blocs in zip(brut.libelles, brut.textes, strict=True):
        if rubrique.code not in principales() and not _est_comprise(rubrique.code, brut):
            rubrique = replace(rubrique, texte=texte_suivi(blocs))
        resultat.append(rubrique)
    return tuple(resultat)


def _est_comprise(code: str, brut: FicheBrute) -> bool:
    return code == "echelle" and echelle_imprimee(brut) is not None


def lire_les_renvois(blocs: list[Bloc], contexte: Contexte) -> tuple[Renvoi, ...]:
    """Rend les renvois d'un texte et des notes qu'il appelle ; signale ceux qui ne conviennent pas."""
    resultat: dict[tuple[str, str], Renvoi] = {}
    for bloc in blocs:
        trouves = lire_renvois(bloc.texte, bloc.ligne, contexte.cibles)
        for appel in bloc.appels:
            note = contexte.notes.get(appel)
            trouves += lire_renvois(note.texte, note.ligne, contexte.cibles) if note else []
        for renvoi in trouves:
            resultat.setdefault((renvoi.cible, renvoi.nature), renvoi)
            if renvoi.anomalie:
                contexte.signaler(bloc.ligne, "renvoi", f"« {renvoi.imprime} » : {renvoi.anomalie}")
    return tuple(resultat.values())
