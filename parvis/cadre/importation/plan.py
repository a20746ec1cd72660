"""Assemblage du plan : prologue, sommaire, préambule, piliers, enjeux, fiches et leurs rubriques."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from . import rubriques
from .blocs import Rangee, Titre, ajouter
from .fragments import Bloc, blocs_de, texte_de
from .niveaux import Niveaux
from .numeros import Numero, cle_de_numero, numero_du_parent, rang_final
from .numerotation import Numerotation, numerotation
from .rubriques import AMBIGU, Libelle
from .sommaire import Sommaire, avaler, retenir
from .structure import Anomalie, Rubrique
from .texte import cle, collapser

_NOMS = ("financeurs", "operateurs")
_PLUSIEURS = 3


@dataclass
class FicheBrute:
    """Fiche assemblée : blocs de chaque rubrique, libellés rencontrés."""

    numero: str
    titre: str
    ligne: int
    enjeu: EnjeuBrut
    contenu: dict[str, list[Bloc]] = field(default_factory=dict)
    libelles: list[Rubrique] = field(default_factory=list)
    courante: str = ""


@dataclass
class EnjeuBrut:
    """Enjeu assemblé."""

    numero: Numero
    titre: str
    ligne: int
    introduction: list[Bloc] = field(default_factory=list)
    fiches: list[FicheBrute] = field(default_factory=list)


@dataclass
class PilierBrut:
    """Pilier assemblé."""

    titre: str
    ligne: int
    introduction: list[Bloc] = field(default_factory=list)
    enjeux: list[EnjeuBrut] = field(default_factory=list)


@dataclass
class Plan:
    """Document assemblé, avant l'analyse des rubriques."""

    niveaux: Niveaux = field(default_factory=Niveaux)
    numerotation: Numerotation = field(default_factory=Numerotation)
    prologue: list[Bloc] = field(default_factory=list)
    sommaire: Sommaire = field(default_factory=Sommaire)
    preambule: list[Bloc] = field(default_factory=list)
    piliers: list[PilierBrut] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    mots: dict[str, Counter] = field(default_factory=dict)
    ecarts: list[tuple[str, str, int, Libelle]] = field(default_factory=list)
    etat: str = "prologue"  # prologue | sommaire | preambule | pilier | enjeu | fiche
    ouverte: FicheBrute | None = None
    derniere_ligne: int = 0
    chapeau: list[Bloc] = field(default_factory=list)  # le niveau entre le pilier et l'enjeu
    enjeux_vus: dict[str, EnjeuBrut] = field(default_factory=dict)
    fiches_vues: set[str] = field(default_factory=set)
    piliers_vus: set[str] = field(default_factory=set)

    def signaler(self, ligne: int, nature: str, texte: str) -> None:
        """Ajoute une anomalie."""
        self.anomalies.append(Anomalie(ligne, nature, texte))

    @property
    def enjeu(self) -> EnjeuBrut | None:
        """Rend l'enjeu ouvert."""
        return self.piliers[-1].enjeux[-1] if self.piliers and self.piliers[-1].enjeux else None

    @property
    def fiches(self) -> list[FicheBrute]:
        """Rend toutes les fiches, dans l'ordre du document."""
        return [f for pilier in self.piliers for e in pilier.enjeux for f in e.fiches]

    @property
    def fiche(self) -> FicheBrute | None:
        """Rend la fiche ouverte."""
        return self.ouverte if self.etat == "fiche" else None


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
            _ranger(plan, rangee)
        elif titre.mot:
            plan.mots.setdefault(titre.niveau, Counter())[titre.mot] += 1
    for fiche in plan.fiches:
        _trancher(plan, fiche)
    _signaler_les_ecarts(plan)
    return plan


def _signaler_les_ecarts(plan: Plan) -> None:
    """Signale un libellé abîmé ou raccourci, sauf si c'est ainsi que ce document l'écrit toujours."""
    usages = Counter((r.code, cle(r.imprime)) for fiche in plan.fiches for r in fiche.libelles)
    for code, imprime, ligne, libelle in plan.ecarts:
        habituel = max(nombre for (autre, _), nombre in usages.items() if autre == code)
        if usages[code, imprime] * 2 <= habituel or len(plan.fiches) < _PLUSIEURS:
            plan.signaler(ligne, libelle.nature or "libelle", f"libellé {libelle.ecart}")


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
    elif titre.niveau == "fiche" and (titre.texte or rangee.titre is not None):
        _ouvrir_fiche(plan, titre.numero, titre.texte, rangee.numero)
    elif titre.niveau == "enjeu":
        _ouvrir_enjeu(plan, titre.numero, titre.texte, rangee.numero)
    elif titre.niveau == "intermediaire":
        plan.chapeau = blocs_de(_en_clair(titre), rangee.numero)
    elif _est_pilier(plan, titre, suivant):
        _ouvrir_pilier(plan, titre.texte, rangee.numero)
    else:
        return False
    return True


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


def _ouvrir_pilier(plan: Plan, titre: str, ligne: int) -> None:
    if cle(titre) in plan.piliers_vus:
        plan.signaler(ligne, "pilier_repete", f"pilier « {titre} » imprimé deux fois")
    plan.piliers_vus.add(cle(titre))
    plan.piliers.append(PilierBrut(titre, ligne))
    plan.etat, plan.chapeau = "pilier", []


def _ouvrir_enjeu(plan: Plan, imprime: str, titre: str, ligne: int) -> None:
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
        _ouvrir_pilier(plan, pilier, ligne)
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


def _ouvrir_fiche(plan: Plan, numero: str, titre: str, ligne: int) -> None:
    """Ouvre une fiche sous l'enjeu que dit son numéro, même imprimée ailleurs."""
    tete = numero_du_parent(numero) if plan.numerotation.fiches_sous_leur_enjeu else None
    if tete is None:
        enjeu = plan.enjeu or _enjeu_absent(plan, numero, ligne)
    elif cle_de_numero(tete) not in plan.enjeux_vus:
        annonce = plan.sommaire.enjeux.get(tete)
        texte = f"titre de l'enjeu n°{tete} absent avant la fiche {numero}"
        plan.signaler(ligne, "enjeu_absent", texte)
        _ouvrir_enjeu(plan, str(tete), annonce[0] if annonce else "", ligne)
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
        texte = f"aucun enjeu n'est annoncé avant la fiche {numero or titre_court(pilier.titre)}"
        plan.signaler(ligne, "enjeu_absent", texte)
    enjeu = EnjeuBrut(plan.numerotation.libre(rang), pilier.titre, pilier.ligne)
    _ajouter_enjeu(plan, enjeu)
    return enjeu


def titre_court(titre: str) -> str:
    """Rend le début d'un titre, pour une anomalie."""
    return titre if len(titre) <= 60 else f"{titre[:59]}…"


def _ranger(plan: Plan, rangee: Rangee) -> None:
    """Range une ligne qui n'est pas un titre dans le niveau ouvert."""
    fiche = plan.fiche
    if fiche is not None:
        _ranger_dans_fiche(plan, fiche, rangee)
        return
    if rangee.est_tableau and rangee.cellules[0].strip() and plan.piliers:
        libelle = rubriques.reconnaitre(texte_de(rangee.cellules[0]))
        if libelle is not None and plan.enjeu is not None:  # rubrique sans titre de fiche au-dessus
            _fiche_sans_titre(plan, plan.enjeu, rangee)
            return
    blocs = blocs_de(_sans_dieses(" ".join(rangee.cellules)), rangee.numero, reprise=True)
    cibles = {"prologue": plan.prologue, "preambule": plan.preambule}
    if plan.piliers:
        cibles["pilier"] = plan.piliers[-1].introduction
    if plan.enjeu is not None:
        cibles["enjeu"] = plan.enjeu.introduction
    ajouter(cibles.get(plan.etat, plan.prologue), blocs, plan.etat == "prologue")


def _sans_dieses(texte: str) -> str:
    """Rend le texte d'un titre qui n'ouvre aucun niveau."""
    return re.sub(r"^\s*#{1,6}\s+", "", texte)


def _fiche_sans_titre(plan: Plan, enjeu: EnjeuBrut, rangee: Rangee) -> None:
    rang = (rang_final(enjeu.fiches[-1].numero) or 0) if enjeu.fiches else 0
    numero = f"{enjeu.numero}{plan.niveaux.separateur}{rang + 1}"
    plan.signaler(rangee.numero, "fiche_sans_titre", f"fiche sans titre, lue comme la {numero}")
    _ouvrir_fiche(plan, numero, "", rangee.numero)
    _ranger_dans_fiche(plan, plan.ouverte, rangee)


def _ranger_dans_fiche(plan: Plan, fiche: FicheBrute, rangee: Rangee) -> None:
    if rangee.libelle is not None:
        lu = rangee.libelle
        _ouvrir_rubrique(plan, fiche, lu.libelle, lu.imprime, lu.contenu, rangee)
        return
    if rangee.est_suite:
        _continuer(plan, fiche, rangee.contenu, rangee.numero)
        return
    seul = not rangee.contenu
    imprime = texte_de(rangee.cellules[0]) if len(rangee.cellules[0]) < 400 else ""
    libelle = rubriques.reconnaitre(imprime, seuil=92 if seul else 78) if imprime else None
    un_mot = seul and len(cle(imprime).split()) < 2 and not rangee.est_tableau
    if libelle is not None and not un_mot:
        _ouvrir_rubrique(plan, fiche, libelle, imprime, rangee.contenu, rangee)
        return
    if seul and rangee.est_tableau and fiche.contenu and (devine := rubriques.deviner(imprime)):
        # une case vide en face d'un libellé que l'on devine : une rubrique à remplir
        _ouvrir_rubrique(plan, fiche, devine, imprime, "", rangee)
        return
    if seul:
        _continuer(plan, fiche, _sans_dieses(" ".join(rangee.cellules)), rangee.numero)
        return
    if imprime and (imprime[:1].islower() or not fiche.courante) and fiche.contenu:
        plan.signaler(
            rangee.numero, "libelle_coupe", f"libellé « {imprime} » pris pour la suite du précédent"
        )
        _continuer(plan, fiche, rangee.contenu, rangee.numero)
    else:
        devine = rubriques.deviner(imprime) or Libelle("autre")
        _ouvrir_rubrique(plan, fiche, devine, imprime, rangee.contenu, rangee)


def _ouvrir_rubrique(
    plan: Plan, fiche: FicheBrute, libelle: Libelle, imprime: str, contenu: str, rangee: Rangee
) -> None:
    code, ordre = libelle.code, rubriques.principales()
    if code == ordre[0] and code in fiche.contenu and any(c in fiche.contenu for c in ordre[1:]):
        _fiche_sans_titre(plan, fiche.enjeu, rangee)
        return
    if libelle.ecart:
        plan.ecarts.append((code, cle(imprime), rangee.numero, libelle))
    if code == "autre":
        plan.signaler(rangee.numero, "rubrique_inconnue", f"rubrique inconnue « {imprime or '…'} »")
        code = f"autre:{imprime}"
    repete = code in fiche.contenu and any(
        cle(r.imprime) == cle(imprime) for r in fiche.libelles if r.code == libelle.code
    )
    if repete:
        plan.signaler(
            rangee.numero,
            "libelle_repete",
            f"libellé « {imprime} » répété dans la fiche {fiche.numero}",
        )
    else:
        fiche.libelles.append(Rubrique(libelle.code, collapser(imprime), rangee.numero))
        fiche.contenu.setdefault(code, [])
    fiche.courante = code
    blocs = blocs_de(contenu, rangee.numero, reprise=repete)
    ajouter(fiche.contenu[code], blocs, code in (*_NOMS, AMBIGU))


def _trancher(plan: Plan, fiche: FicheBrute) -> None:
    """Donne à un libellé ambigu la rubrique que la fiche n'a pas ailleurs."""
    if AMBIGU not in fiche.contenu:
        return
    blocs = fiche.contenu.pop(AMBIGU)
    for rang, rubrique in enumerate(fiche.libelles):
        if rubrique.code == AMBIGU:
            libelle = rubriques.trancher(rubrique.imprime, frozenset(fiche.contenu))
            plan.signaler(
                rubrique.ligne or fiche.ligne, libelle.nature or "", f"libellé {libelle.ecart}"
            )
            fiche.libelles[rang] = replace(rubrique, code=libelle.code)
            fiche.contenu[libelle.code] = fiche.contenu.get(libelle.code, []) + blocs
            return


def _continuer(plan: Plan, fiche: FicheBrute, contenu: str, ligne: int) -> None:
    if not fiche.courante:
        plan.signaler(
            ligne, "rubrique_sans_libelle", f"texte sans libellé dans la fiche {fiche.numero}"
        )
        fiche.courante = rubriques.principales()[0]
        fiche.libelles.append(Rubrique(fiche.courante, "", ligne))
    blocs = blocs_de(contenu, ligne, reprise=True)
    ajouter(fiche.contenu.setdefault(fiche.courante, []), blocs, fiche.courante in (*_NOMS, AMBIGU))
