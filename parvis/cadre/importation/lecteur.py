"""Lecture d'un contrat publié : du fichier à la structure, en une passe, sans base de données."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from . import anomalies as controles
from . import source
from .assemblage import assembler
from .blocs import rangees
from .constats import lire_constats
from .contrat_yaml import lire_yaml
from .dispositifs import lire_dispositifs, titres_indicatifs
from .dispositifs_en_liste import dispositifs_des_financeurs
from .disposition import deplier
from .echelles import echelle_de_la_fiche, echelle_du_pilier
from .entete import Entete, lire_entete, lire_hors_contrat
from .formats.ouverture import ouvrir, pivot_du_texte
from .formats.pivot import Pivot
from .fragments import Bloc
from .lieux import lire_lieux
from .lieux_connus import Gazette, gazette
from .niveaux import niveaux_du_document
from .partenaires import lire_partenaires
from .plan import EnjeuBrut, FicheBrute, PilierBrut, Plan
from .publics import lire_publics
from .relecture import relire, sans_redites
from .renvois import Cibles, lire_renvois
from .reperes_de_fiche import nommer_les_fiches, remonter
from .rubriques import descriptives, dit_sans_contenu, principales
from .sommaire import comparer
from .source import DocumentIllisible
from .structure import (
    Anomalie,
    ContratLu,
    Enjeu,
    Fiche,
    Mots,
    Note,
    Pilier,
    Renvoi,
    Rubrique,
    TypeDAction,
)
from .titres import mot_imprime
from .types_d_action import lire_types_annonces, lire_types_d_action

__all__ = ["DocumentIllisible", "lire", "lire_texte"]


LIGNES_MAX = 200_000  # mille pages en ont trente mille


@dataclass
class Contexte:
    """Ce que toute la lecture partage : lieux, titres, notes, anomalies."""

    gazette: Gazette
    entete: Entete
    cibles: Cibles
    notes: dict[int, Note]
    indicatifs: frozenset[str]
    preambule: str
    anomalies: list[Anomalie] = field(default_factory=list)

    def signaler(self, ligne: int, nature: str, texte: str) -> None:
        """Ajoute une anomalie, une seule fois."""
        anomalie = Anomalie(ligne, nature, texte)
        if anomalie not in self.anomalies[-40:]:
            self.anomalies.append(anomalie)


def lire(chemin: str | Path) -> ContratLu:
    """Lit un fichier de contrat ; lève DocumentIllisible avec une phrase et la ligne en cause."""
    if Path(chemin).suffix.lower() in (".yaml", ".yml"):
        return lire_yaml(chemin)
    return lire_pivot(ouvrir(Path(chemin)))


def lire_texte(texte: str) -> ContratLu:
    """Lit le texte d'un contrat ; lève DocumentIllisible avec une phrase et la ligne en cause."""
    return lire_pivot(pivot_du_texte(source.decouper_texte(texte)))


def lire_pivot(pivot: Pivot) -> ContratLu:
    """Lit les lignes d'un document ; lève DocumentIllisible si aucune fiche ne s'y reconnaît."""
    lignes, anomalies = pivot.lignes, pivot.anomalies
    if len(lignes) > LIGNES_MAX:
        texte = f"le document a {len(lignes)} lignes : la limite est de {LIGNES_MAX}."
        raise DocumentIllisible(texte, LIGNES_MAX)
    utiles, notes = rangees(lignes)
    utiles = deplier(utiles)
    niveaux = niveaux_du_document(utiles)
    plan = assembler(remonter(nommer_les_fiches(utiles, niveaux), niveaux), niveaux)
    if not any(enjeu.fiches for pilier in plan.piliers for enjeu in pilier.enjeux):
        raise DocumentIllisible(
            f"aucune fiche opérationnelle reconnue dans les {len(lignes)} lignes.", len(lignes)
        )
    contexte = _contexte(plan, notes, lignes, anomalies)
    _renvois(plan.preambule, contexte)  # un renvoi faux du préambule se signale aussi
    piliers = tuple(_pilier(brut, contexte) for brut in plan.piliers)
    contrat = ContratLu(
        contexte.entete.titre,
        contexte.entete.territoire,
        contexte.entete.periode,
        piliers,
        tuple(notes),
        (),
        contexte.preambule,
    )
    ensemble = [
        *contexte.anomalies,
        *plan.anomalies,
        *comparer(
            plan.sommaire, {e.numero: (e.titre, e.ligne) for p in plan.piliers for e in p.enjeux}
        ),
        *controles.controler_fiches(plan),
        *controles.controler_numeros(plan),
        *controles.numeros_isoles(list(contrat.fiches)),
        *controles.troncature(plan, lignes),
    ]
    ensemble += sans_redites(ensemble, relire(lignes, plan, contrat.fiches))
    triees = tuple(sorted(dict.fromkeys(ensemble), key=lambda a: a.ligne or 0))
    return replace(
        contrat,
        anomalies=triees,
        edition=contexte.entete.edition,
        hors_contrat=lire_hors_contrat(contexte.preambule),
        mots=_mots(plan),
    )


def _mots(plan: Plan) -> Mots:
    """Rend les mots du document pour ses niveaux, d'un seul mot (« enjeu », « fiche », « axe »)."""
    frequents = {
        niveau: mot_imprime(comptes.most_common(1)[0][0]).split()[0].split("-")[0].lower()
        for niveau, comptes in plan.mots.items()
    }
    return Mots(**{n: m for n, m in frequents.items() if n in ("pilier", "enjeu", "fiche")})


def _contexte(
    plan: Plan, notes: list[Note], lignes: list[str], anomalies: list[Anomalie]
) -> Contexte:
    cibles = Cibles(
        tuple(p.titre for p in plan.piliers),
        {e.numero: e.titre for p in plan.piliers for e in p.enjeux},
        {f.numero: f.titre for p in plan.piliers for e in p.enjeux for f in e.fiches},
    )
    preambule = texte_suivi(plan.preambule)
    avertissements = " ".join([preambule, *(note.texte for note in notes)])
    entete = lire_entete(plan.prologue, "\n".join(lignes))
    return Contexte(
        gazette("\n".join(lignes)),
        entete,
        cibles,
        {n.numero: n for n in notes},
        titres_indicatifs(avertissements),
        preambule,
        list(anomalies),
    )


def texte_suivi(blocs: list[Bloc]) -> str:
    """Rend des blocs en texte : paragraphes séparés d'une ligne vide, puces en « - »."""
    morceaux: list[str] = []
    for bloc in blocs:
        if bloc.genre != "puce":
            morceaux.append(bloc.texte)
        elif morceaux and morceaux[-1].startswith("- "):
            morceaux[-1] += f"\n- {bloc.texte}"
        else:
            morceaux.append(f"- {bloc.texte}")
    return "\n\n".join(morceaux)


def _pilier(brut: PilierBrut, contexte: Contexte) -> Pilier:
    echelle = echelle_du_pilier(brut.titre, contexte.preambule)
    enjeux = tuple(_enjeu(enjeu, echelle, contexte) for enjeu in brut.enjeux)
    return Pilier(brut.titre, enjeux, brut.titre, texte_suivi(brut.introduction), None, brut.ligne)


def _enjeu(brut: EnjeuBrut, echelle: str | None, contexte: Contexte) -> Enjeu:
    fiches = tuple(_fiche(fiche, echelle, contexte) for fiche in brut.fiches)
    renvois = _renvois(brut.introduction, contexte)
    return Enjeu(
        brut.numero, brut.titre, texte_suivi(brut.introduction), fiches, renvois, brut.ligne
    )


def _fiche(brut: FicheBrute, echelle: str | None, contexte: Contexte) -> Fiche:
    contenu = brut.contenu
    descriptif, dispositifs = _descriptif(brut), contenu.get("dispositifs", [])
    publics, lieux_vises = contenu.get("publics_vises", []), contenu.get("territoires_vises", [])
    lieux, territoire, signaler = contexte.gazette, contexte.entete.nom_court, contexte.signaler
    financeurs = lire_partenaires(_noms(brut, "financeurs", contexte), lieux, signaler)
    return Fiche(
        brut.numero,
        brut.titre,
        texte_suivi(descriptif),
        _types_d_action(brut, descriptif, contexte),
        financeurs,
        lire_partenaires(_noms(brut, "operateurs", contexte), lieux, signaler),
        lire_dispositifs(_noms(brut, "dispositifs", contexte), signaler, contexte.indicatifs)
        if "dispositifs" in contenu
        else dispositifs_des_financeurs(financeurs),
        _renvois(descriptif, contexte),
        lire_lieux(
            brut.titre, brut.ligne, [descriptif, dispositifs, lieux_vises], lieux, territoire
        ),
        lire_publics(brut.titre, brut.ligne, [*publics, *descriptif]),
        lire_constats(descriptif, lieux, territoire),
        echelle_de_la_fiche(brut.titre, descriptif, echelle, contexte.preambule),
        brut.ligne,
        _rubriques(brut),
    )


def _descriptif(brut: FicheBrute) -> list[Bloc]:
    """Rend ce qui décrit la fiche : contexte, objectifs, descriptif, dans l'ordre du document."""
    codes = dict.fromkeys(r.code for r in brut.libelles if r.code in descriptives()[:-1])
    blocs = [bloc for code in codes for bloc in brut.contenu.get(code, [])]
    return blocs or brut.contenu.get(descriptives()[-1], [])


def _types_d_action(
    brut: FicheBrute, descriptif: list[Bloc], contexte: Contexte
) -> tuple[TypeDAction, ...]:
    """Rend les types d'action : ceux de leur rubrique quand il y en a une, sinon du descriptif."""
    attendus = brut.contenu.get("types_d_action")
    if attendus:
        return lire_types_annonces(attendus)
    dits = brut.contenu.get("descriptif") or descriptif
    return lire_types_d_action(dits, brut.titre, brut.ligne, contexte.gazette, contexte.signaler)


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
    for rubrique in brut.libelles:
        if rubrique.code not in principales():
            cle = f"autre:{rubrique.imprime}" if rubrique.code == "autre" else rubrique.code
            rubrique = replace(rubrique, texte=texte_suivi(brut.contenu.get(cle, [])))
        resultat.append(rubrique)
    return tuple(resultat)


def _renvois(blocs: list[Bloc], contexte: Contexte) -> tuple[Renvoi, ...]:
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
