"""Ouverture des niveaux du plan : un pilier, un enjeu, une fiche, même absents ou mal placés."""

from __future__ import annotations

from .numeros import Numero, ancetres, cle_de_numero
from .plan import EnjeuBrut, FicheBrute, PilierBrut, Plan
from .texte import cle


def ouvrir_pilier(plan: Plan, titre: str, ligne: int) -> None:
    """Ouvre un pilier, et signale celui qui est imprimé deux fois."""
    if cle(titre) in plan.piliers_vus:
        plan.signaler(ligne, "pilier_repete", f"pilier « {titre} » imprimé deux fois")
    plan.piliers_vus.add(cle(titre))
    plan.piliers.append(PilierBrut(titre, ligne))
    plan.etat, plan.chapeau = "pilier", []


def ouvrir_enjeu(plan: Plan, imprime: str, titre: str, ligne: int) -> None:
    """Ouvre un enjeu, et au besoin son pilier, que le sommaire annonçait."""
    numero = plan.numerotation.enjeu(imprime, len(plan.piliers), len(plan.enjeux_vus) + 1)
    annonce = plan.sommaire.enjeux.get(numero)
    pilier = annonce[1] if annonce else None
    courant = plan.piliers[-1].titre if plan.piliers else None
    if (
        pilier
        and cle(pilier) not in plan.piliers_vus
        and (courant is None or cle(pilier) != cle(courant))
    ):
        plan.signaler(
            ligne,
            "pilier_absent",
            f"titre du pilier « {pilier} » absent, repris de la table des matières",
        )
        ouvrir_pilier(plan, pilier, ligne)
    elif not plan.piliers:
        plan.signaler(
            ligne, "pilier_absent", f"aucun pilier n'est annoncé avant l'enjeu n°{numero}"
        )
        plan.piliers.append(PilierBrut("", ligne))
    if cle_de_numero(numero) in plan.enjeux_vus:
        plan.signaler(ligne, "numero_double", f"l'enjeu n°{numero} est imprimé deux fois")
    _ajouter_enjeu(plan, EnjeuBrut(numero, titre, ligne, list(plan.chapeau)))


def _ajouter_enjeu(plan: Plan, enjeu: EnjeuBrut) -> None:
    plan.enjeux_vus[cle_de_numero(enjeu.numero)] = enjeu
    plan.piliers[-1].enjeux.append(enjeu)
    plan.etat = "enjeu"


def ouvrir_fiche(plan: Plan, numero: str, titre: str, ligne: int) -> None:
    """Ouvre une fiche sous l'enjeu que dit son numéro, même imprimée ailleurs."""
    tete = _tete(plan, numero)
    if tete is None:
        enjeu = plan.enjeu or _enjeu_absent(plan, numero, ligne)
    elif cle_de_numero(tete) not in plan.enjeux_vus:
        annonce = plan.sommaire.enjeux.get(tete)
        texte = f"titre de l'enjeu n°{tete} absent avant la fiche {numero}"
        plan.signaler(ligne, "enjeu_absent", texte)
        ouvrir_enjeu(plan, str(tete), annonce[0] if annonce else "", ligne)
        enjeu = plan.enjeux_vus[cle_de_numero(tete)]
    else:
        enjeu = plan.enjeux_vus[cle_de_numero(tete)]
        if plan.enjeu is not enjeu:
            texte = f"fiche {numero} imprimée hors de l'enjeu n°{tete}, rangée sous lui"
            plan.signaler(ligne, "fiche_mal_placee", texte)
    numero = plan.numerotation.fiche(numero, enjeu.numero, len(enjeu.fiches) + 1)
    if numero in plan.fiches_vues:
        plan.signaler(ligne, "numero_double", f"la fiche {numero} est imprimée deux fois")
    plan.fiches_vues.add(numero)
    plan.ouverte = FicheBrute(numero, titre, ligne, enjeu)
    enjeu.fiches.append(plan.ouverte)
    plan.etat = "fiche"


def _tete(plan: Plan, numero: str) -> Numero | None:
    """Rend le numéro de l'enjeu que dit celui d'une fiche : le plus long que l'on connaisse."""
    tetes = ancetres(numero) if plan.numerotation.fiches_sous_leur_enjeu else []
    connues = [tete for tete in tetes if cle_de_numero(tete) in plan.enjeux_vus]
    return next(iter([*connues, *tetes]), None)


def _enjeu_absent(plan: Plan, numero: str, ligne: int) -> EnjeuBrut:
    """Ouvre l'enjeu d'une fiche qui n'en a pas : son pilier en tient lieu s'il n'y a pas d'enjeux."""
    if not plan.piliers:
        plan.signaler(ligne, "pilier_absent", f"aucun pilier n'est annoncé avant la fiche {numero}")
        plan.piliers.append(PilierBrut("", ligne))
    pilier = plan.piliers[-1]
    rang = len(plan.enjeux_vus) + 1
    if not plan.numerotation.a_des_enjeux and rang == 1:
        texte = "aucun niveau entre le pilier et la fiche : chaque pilier tient lieu d'enjeu"
        plan.signaler(ligne, "niveau_absent", texte)
    elif plan.numerotation.a_des_enjeux:
        texte = f"aucun enjeu n'est annoncé avant la fiche {numero or _titre_court(pilier.titre)}"
        plan.signaler(ligne, "enjeu_absent", texte)
    enjeu = EnjeuBrut(plan.numerotation.libre(rang), pilier.titre, pilier.ligne)
    _ajouter_enjeu(plan, enjeu)
    return enjeu


def _titre_court(titre: str) -> str:
    """Rend le début d'un titre, pour une anomalie."""
    return titre if len(titre) <= 60 else f"{titre[:59]}…"
