"""Ouverture des niveaux du plan : un pilier, un enjeu, une fiche, même absents ou mal placés."""

from __future__ import annotations

from .numeros import Numero, ancetres, cle_de_numero
from .plan import EnjeuBrut, FicheBrute, PilierBrut, Plan
from .texte import cle


def ouvrir_pilier(plan: Plan, titre: str, ligne: int, renvoi: bool = False) -> None:
    """Ouvre un pilier, ou revient à celui qui a ce titre ; `renvoi` : une fiche ne fait que le nommer."""
    connu = plan.piliers_vus.get(cle(titre))
    if connu is not None and not renvoi:
        texte = f"pilier « {titre} » imprimé deux fois"
        plan.signaler_une_fois(connu.ligne, ligne, "pilier_repete", texte)
    if connu is None:
        connu = plan.piliers_vus[cle(titre)] = _ajouter_pilier(plan, titre, ligne)
    if plan.pilier is not connu:
        plan.pilier, plan.chapeau = connu, []
        plan.enjeu = connu.enjeux[-1] if connu.enjeux else None
    plan.etat = "pilier"


def ouvrir_enjeu(plan: Plan, imprime: str, titre: str, ligne: int, renvoi: bool = False) -> None:
    """Ouvre un enjeu, et au besoin son pilier, ou revient à celui qui a ce numéro et ce titre."""
    connu = _enjeu_connu(plan, imprime, titre)
    if connu is not None:
        if not renvoi:
            texte = f"l'enjeu n°{connu.numero} est imprimé deux fois"
            plan.signaler_une_fois(connu.ligne, ligne, "enjeu_repete", texte)
        plan.enjeu, plan.etat = connu, "enjeu"
        plan.pilier = connu.pilier
        return
    numero = _numero_libre(plan, imprime)
    _pilier_de_l_enjeu(plan, numero, ligne)
    if cle_de_numero(numero) in plan.enjeux_vus:
        plan.signaler(ligne, "numero_double", f"l'enjeu n°{numero} est imprimé deux fois")
    _ajouter_enjeu(plan, EnjeuBrut(numero, titre, ligne, list(plan.chapeau)))


def _enjeu_connu(plan: Plan, imprime: str, titre: str) -> EnjeuBrut | None:
    """Rend l'enjeu de même titre et de même numéro ; sans numéro, celui du pilier ouvert d'abord."""
    clef = cle(titre)
    if not clef:
        return None
    if imprime:
        return plan.enjeux_nommes.get((clef, cle_de_numero(_numero(plan, imprime))))
    ouvert = plan.enjeux_nommes.get((clef, plan.pilier.rang if plan.pilier else 0))
    # sous un pilier que l'on vient de nommer, le même titre est celui d'un autre enjeu
    return ouvert or (plan.enjeux_nommes.get((clef, "")) if plan.etat != "pilier" else None)


def _numero(plan: Plan, imprime: str) -> Numero:
    rang = plan.pilier.rang if plan.pilier is not None else 0
    return plan.numerotation.enjeu(imprime, rang, len(plan.enjeux_vus) + 1)


def _numero_libre(plan: Plan, imprime: str) -> Numero:
    """Rend le numéro d'un enjeu ; celui qu'on lui donne quand il n'en a pas n'a jamais servi."""
    numero = _numero(plan, imprime)
    while not imprime and cle_de_numero(numero) in plan.enjeux_vus:
        numero = plan.numerotation.libre(int(numero) + 1)
    return numero


def _pilier_de_l_enjeu(plan: Plan, numero: Numero, ligne: int) -> None:
    """Ouvre le pilier qu'annonçait la table des matières pour un enjeu, ou un pilier sans titre."""
    annonce = plan.sommaire.enjeux.get(numero)
    pilier = annonce[1] if annonce else None
    if pilier and cle(pilier) not in plan.piliers_vus:
        plan.signaler(
            ligne,
            "pilier_absent",
            f"titre du pilier « {pilier} » absent, repris de la table des matières",
        )
        ouvrir_pilier(plan, pilier, ligne)
    elif plan.pilier is None:
        plan.signaler(
            ligne, "pilier_absent", f"aucun pilier n'est annoncé avant l'enjeu n°{numero}"
        )
        plan.pilier = _ajouter_pilier(plan, "", ligne)


def _ajouter_pilier(plan: Plan, titre: str, ligne: int) -> PilierBrut:
    pilier = PilierBrut(titre, ligne, len(plan.piliers) + 1)
    plan.piliers.append(pilier)
    return pilier


def _ajouter_enjeu(plan: Plan, enjeu: EnjeuBrut) -> None:
    assert plan.pilier is not None  # ouvert avant son premier enjeu
    numero, clef = cle_de_numero(enjeu.numero), cle(enjeu.titre)
    plan.enjeux_vus[numero] = enjeu
    for place in (numero, plan.pilier.rang, ""):
        plan.enjeux_nommes.setdefault((clef, place), enjeu)
    enjeu.pilier = plan.pilier
    plan.pilier.enjeux.append(enjeu)
    plan.etat, plan.enjeu = "enjeu", enjeu


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
    pilier = plan.pilier
    if pilier is None:
        plan.signaler(ligne, "pilier_absent", f"aucun pilier n'est annoncé avant la fiche {numero}")
        pilier = plan.pilier = _ajouter_pilier(plan, "", ligne)
    rang = len(plan.enjeux_vus) + 1
    if not plan.numerotation.a_des_enjeux and rang == 1:
        texte = "aucun niveau entre le pilier et la fiche : chaque pilier tient lieu d'enjeu"
        plan.signaler(ligne, "niveau_absent", texte)
    elif plan.numerotation.a_des_enjeux:
        texte = f"aucun enjeu n'est annoncé avant la fiche {numero or _titre_court(pilier.titre)}"
        plan.signaler(ligne, "enjeu_absent", texte)
    enjeu = EnjeuBrut(_numero_libre(plan, ""), pilier.titre, pilier.ligne)
    _ajouter_enjeu(plan, enjeu)
    return enjeu


def _titre_court(titre: str) -> str:
    """Rend le début d'un titre, pour une anomalie."""
    return titre if len(titre) <= 60 else f"{titre[:59]}…"
