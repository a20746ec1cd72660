"""Lecture d'un contrat publié : du fichier à la structure, en une passe, sans base de données."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from . import anomalies as controles
from . import faits_en_tableau as faits
from . import source
from .assemblage import assembler
from .blocs import Rangee, rangees
from .contrat_yaml import lire_yaml
from .dispositifs import titres_indicatifs
from .disposition import deplier
from .echelles import echelle_du_pilier
from .entete import lire_entete, lire_hors_contrat, pilier_national
from .etiquettes import etiqueter
from .fiches import Contexte, lire_fiche, lire_les_renvois, renvois_dits, texte_suivi
from .formats.ouverture import ouvrir, pivot_du_texte
from .formats.pivot import Pivot
from .lieux_connus import gazette
from .niveaux import niveaux_du_document
from .plan import EnjeuBrut, PilierBrut, Plan
from .relecture import relire, sans_redites
from .renvois import Cibles
from .reperes_de_fiche import nommer_les_fiches, remonter
from .sommaire import comparer
from .source import DocumentIllisible
from .structure import Anomalie, ContratLu, Enjeu, Mots, Note, Pilier
from .territoires_vises import ajouter_les_nommes, lieux_nommes
from .titres import mot_imprime

__all__ = ["DocumentIllisible", "lire", "lire_texte"]


LIGNES_MAX = 200_000  # mille pages en ont trente mille


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
    plan = _plan(deplier(utiles))
    if not any(enjeu.fiches for pilier in plan.piliers for enjeu in pilier.enjeux):
        ou = f"les {len(lignes)} lignes" if len(lignes) > 1 else "la seule ligne du document"
        raise DocumentIllisible(f"aucune fiche opérationnelle reconnue dans {ou}.", len(lignes))
    contexte = _contexte(plan, notes, lignes, anomalies)
    lire_les_renvois(plan.preambule, contexte)  # un renvoi faux du préambule se signale aussi
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
        *controles.titres_absents(plan),
        *controles.numeros_isoles(list(contrat.fiches)),
        *controles.troncature(plan, lignes),
    ]
    ensemble += sans_redites(ensemble, relire(lignes, plan, contrat.fiches))
    triees = tuple(sorted(dict.fromkeys(ensemble), key=lambda a: a.ligne or 0))
    return replace(
        contrat,
        anomalies=triees,
        edition=contexte.entete.edition,
        partenaires_connus=faits.partenaires_connus(plan.connaissances.get("partenaires", ())),
        dispositifs_connus=faits.dispositifs_connus(plan.connaissances.get("dispositifs", ())),
        prolonge_au=contexte.entete.prolonge_au,
        hors_contrat=faits.hors_contrat(plan.tableaux.get("hors_contrat", ()))
        or lire_hors_contrat(contexte.preambule),
        mots=_mots(plan),
    )


def _plan(utiles: list[Rangee]) -> Plan:
    """Rend le plan des lignes utiles, chacune au niveau que le document entier lui donne."""
    niveaux = niveaux_du_document(utiles)
    places = etiqueter(nommer_les_fiches(utiles, niveaux), niveaux)
    return assembler(remonter(places, niveaux), niveaux)


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
    texte = "\n".join(lignes)
    entete = lire_entete(plan.prologue, texte)
    return Contexte(
        gazette(texte, lambda lieux: ajouter_les_nommes(lieux, lieux_nommes(plan.fiches), texte)),
        entete,
        cibles,
        {n.numero: n for n in notes},
        titres_indicatifs(avertissements),
        preambule,
        plan.en_tableau,
        list(anomalies),
    )


def _pilier(brut: PilierBrut, contexte: Contexte) -> Pilier:
    echelle = echelle_du_pilier(brut.titre, contexte.preambule)
    enjeux = tuple(_enjeu(enjeu, echelle, contexte) for enjeu in brut.enjeux)
    national, introduction = pilier_national(brut.introduction)
    texte = texte_suivi(introduction)
    return Pilier(brut.titre, enjeux, brut.titre, texte, national, brut.ligne)


def _enjeu(brut: EnjeuBrut, echelle: str | None, contexte: Contexte) -> Enjeu:
    fiches = tuple(lire_fiche(fiche, echelle, contexte) for fiche in brut.fiches)
    renvois = renvois_dits(brut, brut.introduction, contexte)
    return Enjeu(
        brut.numero, brut.titre, texte_suivi(brut.introduction), fiches, renvois, brut.ligne
    )
