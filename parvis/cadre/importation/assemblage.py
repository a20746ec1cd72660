"""Assemblage du plan : chaque ligne ouvre un niveau ou se range dans celui qui est ouvert."""

from __future__ import annotations

from collections import Counter

from . import rubriques
from .blocs import Rangee, Titre, ajouter
from .fragments import blocs_de, texte_de
from .niveaux import Niveaux
from .numeros import cle_de_numero
from .numerotation import numerotation
from .ouvertures import ouvrir_enjeu, ouvrir_fiche, ouvrir_pilier
from .plan import Plan
from .rangement import (
    fiche_sans_titre,
    ranger_dans_fiche,
    ranger_des_connaissances,
    ranger_un_tableau,
    sans_dieses,
    signaler_les_ecarts,
    trancher_les_libelles,
)
from .sommaire import avaler, retenir
from .texte import cle
from .titres import mot_de_niveau


def assembler(lignes: list[Rangee], niveaux: Niveaux) -> Plan:
    """Rend le plan du document à partir de ses lignes utiles."""
    titres = [niveaux.titre_de(rangee) for rangee in lignes]
    plan = Plan(niveaux, numerotation([t for t in titres if t], niveaux))
    plan.sommaire.titre_du_texte = niveaux.titre_du_texte
    restants = Counter(_empreinte(t) for t in titres if t)
    for rang, rangee in enumerate(lignes):
        plan.derniere_ligne = rangee.numero
        titre, suivant = titres[rang], titres[rang + 1] if rang + 1 < len(titres) else None
        if titre is not None:
            restants[_empreinte(titre)] -= 1
        if plan.etat == "sommaire":
            if _reparait(titre, restants):
                retenir(plan.sommaire, titre, rangee.numero)
                continue
            if avaler(plan.sommaire, rangee):
                continue
            plan.etat = "preambule"
        if titre is None or not _ouvrir(plan, titre, suivant, rangee):
            _signaler_un_titre(plan, titre, rangee)
            _ranger(plan, rangee)
        elif titre.mot:
            plan.mots.setdefault(titre.niveau, Counter())[titre.mot] += 1
    trancher_les_libelles(plan)
    signaler_les_ecarts(plan)
    return plan


def _empreinte(titre: Titre) -> tuple[str, str, str]:
    return titre.niveau, cle_de_numero(titre.numero), cle(titre.texte)


def _reparait(titre: Titre | None, restants: Counter) -> bool:
    """Dit si un titre du sommaire est imprimé de nouveau plus loin : il n'ouvre encore rien."""
    return (
        titre is not None
        and titre.niveau in ("pilier", "intermediaire", "enjeu", "fiche")
        and restants[_empreinte(titre)] > 0
    )


def _ouvrir(plan: Plan, titre: Titre, suivant: Titre | None, rangee: Rangee) -> bool:
    """Ouvre le niveau annoncé par un titre ; rend faux si ce n'est qu'un texte."""
    if titre.niveau == "sommaire" and not plan.piliers:
        plan.etat = "sommaire"
    elif titre.niveau == "preambule" and not plan.piliers:
        plan.etat = "preambule"
    elif titre.niveau == "annexe" and plan.piliers:
        plan.etat = "annexe"
    elif titre.niveau == "fiche" and (titre.texte or rangee.titre is not None):
        ouvrir_fiche(plan, titre.numero, titre.texte, rangee.numero)
    elif titre.niveau == "enjeu":
        ouvrir_enjeu(plan, titre.numero, titre.texte, rangee.numero, bool(titre.renvoi))
    elif titre.niveau == "intermediaire":
        plan.chapeau = blocs_de(_en_clair(titre), rangee.numero)
    elif _est_pilier(plan, titre, suivant):
        ouvrir_pilier(plan, titre.texte, rangee.numero, bool(titre.renvoi))
    else:
        return False
    return True


def _signaler_un_titre(plan: Plan, titre: Titre | None, rangee: Rangee) -> None:
    """Signale un titre qui commence par le mot de la fiche et n'en ouvre pas : son numéro est illisible."""
    if titre is None or rangee.libelle is not None or plan.etat == "annexe":
        return
    _, mot, fin = mot_de_niveau(titre.texte)
    if plan.niveaux.mots.get(mot) != "fiche" or not (titre.dieses or mot.startswith("fiche")):
        return
    # « Fiches actions » annonce les fiches, « Action » seul en est le gabarit
    if titre.texte[:fin].endswith("s") or not titre.texte[fin:].strip():
        return
    if rubriques.reconnaitre(titre.texte) is None:
        texte = f"titre non reconnu « {titre.texte} » : aucune fiche n'est ouverte"
        plan.signaler(rangee.numero, "titre_non_reconnu", texte)


def _en_clair(titre: Titre) -> str:
    """Rend un titre avec son mot et son numéro (« Objectif stratégique 2 : Loger »)."""
    tete = " ".join(morceau for morceau in (titre.mot.capitalize(), titre.numero) if morceau)
    return f"{tete} : {titre.texte}" if tete else titre.texte


def _est_pilier(plan: Plan, titre: Titre, suivant: Titre | None) -> bool:
    if titre.niveau == "pilier":
        return True
    if (
        titre.niveau != "libre"
        or "pilier" in (*plan.niveaux.mots.values(), *plan.niveaux.dieses.values())
        or titre.texte.endswith(":")
        or rubriques.reconnaitre(titre.texte, seuil=92)
    ):
        return False
    if plan.etat == "prologue" and not (suivant and suivant.niveau == "enjeu"):
        return False
    if plan.sommaire.pilier_connu(titre.texte):
        return True
    devant_enjeu = suivant is not None and suivant.niveau == "enjeu"
    if titre.dieses == 1:
        return not cle(titre.texte).startswith("dispositif")
    return devant_enjeu and (titre.dieses > 0 or titre.majuscules)


def _ranger(plan: Plan, rangee: Rangee) -> None:
    """Range une ligne qui n'est pas un titre dans le niveau ouvert."""
    if plan.etat == "annexe":
        if rangee.tableau is not None:
            ranger_des_connaissances(plan, rangee.tableau)
        return
    if rangee.tableau is not None:
        ranger_un_tableau(plan, rangee.tableau)
        return
    fiche = plan.fiche
    if fiche is not None:
        ranger_dans_fiche(plan, fiche, rangee)
        return
    if rangee.est_tableau and rangee.cellules[0].strip() and plan.piliers:
        libelle = rubriques.reconnaitre(texte_de(rangee.cellules[0]))
        if libelle is not None and plan.enjeu is not None:  # rubrique sans titre de fiche au-dessus
            fiche_sans_titre(plan, plan.enjeu, rangee)
            return
    blocs = blocs_de(sans_dieses(" ".join(rangee.cellules)), rangee.numero, reprise=True)
    cibles = {"prologue": plan.prologue, "preambule": plan.preambule}
    if plan.piliers:
        cibles["pilier"] = (plan.pilier or plan.piliers[-1]).introduction
    if plan.enjeu is not None:
        cibles["enjeu"] = plan.enjeu.introduction
    ajouter(cibles.get(plan.etat, plan.prologue), blocs, plan.etat == "prologue")
