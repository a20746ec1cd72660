"""Assemblage du plan : prologue, sommaire, préambule, piliers, enjeux, fiches et leurs rubriques."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import rubriques
from .blocs import Rangee, ajouter
from .fragments import Bloc, blocs_de, texte_de
from .sommaire import Sommaire, avaler
from .structure import Anomalie, Rubrique
from .texte import cle, collapser
from .titres import Titre, titre_de

_NOMS = ("financeurs", "operateurs")


@dataclass
class FicheBrute:
    """Fiche assemblée : blocs de chaque rubrique, libellés rencontrés."""

    numero: str
    titre: str
    ligne: int
    contenu: dict[str, list[Bloc]] = field(default_factory=dict)
    libelles: list[Rubrique] = field(default_factory=list)
    courante: str = ""


@dataclass
class EnjeuBrut:
    """Enjeu assemblé."""

    numero: int
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

    prologue: list[Bloc] = field(default_factory=list)
    sommaire: Sommaire = field(default_factory=Sommaire)
    preambule: list[Bloc] = field(default_factory=list)
    piliers: list[PilierBrut] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    etat: str = "prologue"  # prologue | sommaire | preambule | pilier | enjeu | fiche
    ouverte: FicheBrute | None = None
    derniere_ligne: int = 0
    enjeux_vus: dict[int, EnjeuBrut] = field(default_factory=dict)
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
    def fiche(self) -> FicheBrute | None:
        """Rend la fiche ouverte."""
        return self.ouverte if self.etat == "fiche" else None


def assembler(lignes: list[Rangee]) -> Plan:
    """Rend le plan du document à partir de ses lignes utiles."""
    plan = Plan()
    titres = [titre_de(rangee) for rangee in lignes]
    for rang, rangee in enumerate(lignes):
        plan.derniere_ligne = rangee.numero
        if plan.etat == "sommaire":
            if avaler(plan.sommaire, rangee):
                continue
            plan.etat = "preambule"
        suivant = titres[rang + 1] if rang + 1 < len(titres) else None
        titre = titres[rang]
        if titre is None or not _ouvrir(plan, titre, suivant, rangee):
            _ranger(plan, rangee)
    return plan


def _ouvrir(plan: Plan, titre: Titre, suivant: Titre | None, rangee: Rangee) -> bool:
    """Ouvre le niveau annoncé par un titre ; rend faux si ce n'est qu'un texte."""
    if titre.niveau == "sommaire" and not plan.piliers:
        plan.etat = "sommaire"
    elif titre.niveau == "preambule" and not plan.piliers:
        plan.etat = "preambule"
    elif titre.niveau == "fiche":
        _ouvrir_fiche(plan, titre.numero, titre.texte, rangee.numero)
    elif titre.niveau == "enjeu":
        _ouvrir_enjeu(plan, int(titre.numero), titre.texte, rangee.numero)
    elif _est_pilier(plan, titre, suivant):
        _ouvrir_pilier(plan, titre.texte, rangee.numero)
    else:
        return False
    return True


def _est_pilier(plan: Plan, titre: Titre, suivant: Titre | None) -> bool:
    if titre.niveau == "pilier":
        return True
    if (
        titre.niveau != "libre"
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
    plan.etat = "pilier"


def _ouvrir_enjeu(plan: Plan, numero: int, titre: str, ligne: int) -> None:
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
    if numero in plan.enjeux_vus:
        plan.signaler(ligne, "numero_double", f"l'enjeu n°{numero} est imprimé deux fois")
    enjeu = EnjeuBrut(numero, titre, ligne)
    plan.enjeux_vus[numero] = enjeu
    plan.piliers[-1].enjeux.append(enjeu)
    plan.etat = "enjeu"


def _ouvrir_fiche(plan: Plan, numero: str, titre: str, ligne: int) -> None:
    """Ouvre une fiche sous l'enjeu que dit son numéro, même imprimée ailleurs."""
    tete = int(numero.split("-")[0]) if "-" in numero else None
    if tete is None:
        tete = plan.enjeu.numero if plan.enjeu else int(numero)
    if tete not in plan.enjeux_vus:
        annonce = plan.sommaire.enjeux.get(tete)
        texte = f"titre de l'enjeu n°{tete} absent avant la fiche {numero}"
        plan.signaler(ligne, "enjeu_absent", texte)
        _ouvrir_enjeu(plan, tete, annonce[0] if annonce else "", ligne)
    elif plan.enjeu is None or plan.enjeu.numero != tete:
        texte = f"fiche {numero} imprimée hors de l'enjeu n°{tete}, rangée sous lui"
        plan.signaler(ligne, "fiche_mal_placee", texte)
    if numero in plan.fiches_vues:
        plan.signaler(ligne, "numero_double", f"la fiche {numero} est imprimée deux fois")
    plan.fiches_vues.add(numero)
    plan.ouverte = FicheBrute(numero, titre, ligne)
    plan.enjeux_vus[tete].fiches.append(plan.ouverte)
    plan.etat = "fiche"


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
    blocs = blocs_de(" ".join(rangee.cellules), rangee.numero, reprise=True)
    cibles = {"prologue": plan.prologue, "preambule": plan.preambule}
    if plan.piliers:
        cibles["pilier"] = plan.piliers[-1].introduction
    if plan.enjeu is not None:
        cibles["enjeu"] = plan.enjeu.introduction
    ajouter(cibles.get(plan.etat, plan.prologue), blocs, plan.etat == "prologue")


def _fiche_sans_titre(plan: Plan, enjeu: EnjeuBrut, rangee: Rangee) -> None:
    rang = int(enjeu.fiches[-1].numero.split("-")[-1]) if enjeu.fiches else 0
    numero = f"{enjeu.numero}-{rang + 1}"
    plan.signaler(rangee.numero, "fiche_sans_titre", f"fiche sans titre, lue comme la {numero}")
    _ouvrir_fiche(plan, numero, "", rangee.numero)
    _ranger_dans_fiche(plan, plan.ouverte, rangee)


def _ranger_dans_fiche(plan: Plan, fiche: FicheBrute, rangee: Rangee) -> None:
    if rangee.est_suite:
        _continuer(plan, fiche, rangee.contenu, rangee.numero)
        return
    seul = not rangee.contenu
    imprime = texte_de(rangee.cellules[0]) if len(rangee.cellules[0]) < 400 else ""
    libelle = (
        rubriques.reconnaitre(imprime, tuple(fiche.contenu), seuil=92 if seul else 78)
        if imprime
        else None
    )
    if libelle is not None and not (seul and len(cle(imprime).split()) < 2):
        _ouvrir_rubrique(plan, fiche, libelle, imprime, rangee)
        return
    if seul:
        _continuer(plan, fiche, " ".join(rangee.cellules), rangee.numero)
        return
    if imprime and (imprime[:1].islower() or not fiche.courante):
        plan.signaler(
            rangee.numero, "libelle_coupe", f"libellé « {imprime} » pris pour la suite du précédent"
        )
    else:
        plan.signaler(rangee.numero, "rubrique_inconnue", f"rubrique inconnue « {imprime or '…'} »")
        fiche.courante = f"autre:{imprime}"
        fiche.libelles.append(Rubrique("autre", imprime, rangee.numero))
    _continuer(plan, fiche, rangee.contenu, rangee.numero)


def _ouvrir_rubrique(plan: Plan, fiche: FicheBrute, libelle, imprime: str, rangee: Rangee) -> None:
    code, ordre = libelle.code, rubriques.principales()
    if code == ordre[0] and any(autre in fiche.contenu for autre in ordre[1:]):
        enjeu = plan.enjeux_vus.get(int(fiche.numero.split("-")[0])) or plan.enjeu
        _fiche_sans_titre(plan, enjeu, rangee)
        return
    if libelle.ecart:
        plan.signaler(rangee.numero, libelle.nature or "libelle", f"libellé {libelle.ecart}")
    repete = code in fiche.contenu
    if repete:
        plan.signaler(
            rangee.numero,
            "libelle_repete",
            f"libellé « {imprime} » répété dans la fiche {fiche.numero}",
        )
    else:
        fiche.libelles.append(Rubrique(code, collapser(imprime), rangee.numero))
        fiche.contenu[code] = []
    fiche.courante = code
    blocs = blocs_de(rangee.contenu, rangee.numero, reprise=repete)
    ajouter(fiche.contenu[code], blocs, code in _NOMS)


def _continuer(plan: Plan, fiche: FicheBrute, contenu: str, ligne: int) -> None:
    if not fiche.courante:
        plan.signaler(
            ligne, "rubrique_sans_libelle", f"texte sans libellé dans la fiche {fiche.numero}"
        )
        fiche.courante = rubriques.principales()[0]
        fiche.libelles.append(Rubrique(fiche.courante, "", ligne))
    blocs = blocs_de(contenu, ligne, reprise=True)
    ajouter(fiche.contenu.setdefault(fiche.courante, []), blocs, fiche.courante in _NOMS)
