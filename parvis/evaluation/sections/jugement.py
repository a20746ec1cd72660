"""Dire ce qui ne va pas, ou ce qui manque, dans une section d'un bilan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from parvis.dossiers import sections as s
from parvis.dossiers.enums import EtatDeSection, SorteDeBilan
from parvis.dossiers.sections import Faute, Section
from parvis.evaluation.enums import Issue
from parvis.evaluation.rules.bilans import motifs_de_la_fin_demandee
from parvis.evaluation.rules.publics import Habitants, compter
from parvis.evaluation.sections.budget import lire_le_budget_realise
from parvis.socle.saisie import jour_ou_rien

Valeur = Mapping[str, str]
Jugement = tuple[list[Faute], list[Faute]]
_A_EXPLIQUER = (Issue.EN_PARTIE, Issue.PAS_REALISE, Issue.PLUS_DE_TEMPS)


@dataclass(frozen=True)
class Contexte:
    """Ce qu'il faut savoir d'un bilan pour juger ses sections."""

    prevu: Mapping[str, Any]
    sorte: str
    issue: str
    jour: date

    @property
    def est_definitif(self) -> bool:
        return self.sorte == SorteDeBilan.DEFINITIF


@dataclass(frozen=True)
class SectionJugee:
    """Une section d'un bilan : ce qu'elle dit, où elle en est, ce qui reste à corriger ou à écrire."""

    section: Section
    valeur: Valeur
    etat: EtatDeSection
    fautes: list[Faute] = field(default_factory=list)
    manques: list[Faute] = field(default_factory=list)

    @property
    def motifs(self) -> list[Faute]:
        return [*self.fautes, *self.manques]


def juger(section: Section, valeur: Valeur, contexte: Contexte) -> Jugement:
    """Rend ce qui est écrit et ne se lit pas, puis ce qu'il faut encore écrire pour rendre."""
    propres = _JUGES.get(section.code)
    fautes, manques = s.fautes(section, valeur), s.manques(section, valeur)
    if propres is None:
        return fautes, manques
    siennes, siens = propres(section, valeur, contexte)
    return [*fautes, *siennes], [*manques, *siens]


def lire(
    section: Section, valeur: Valeur, contexte: Contexte, *, est_touchee: bool
) -> SectionJugee:
    """Rend une section et où elle en est ; celle que l'on n'a pas ouverte est à faire.

    Pré-remplie et sans manque, elle est à relire : elle n'est complète qu'une fois enregistrée.
    """
    fautes, manques = juger(section, valeur, contexte)
    if fautes:
        etat = EtatDeSection.A_CORRIGER
    elif manques:
        etat = EtatDeSection.EN_COURS if est_touchee and valeur else EtatDeSection.VIDE
    else:
        etat = EtatDeSection.COMPLETE if est_touchee else EtatDeSection.VIDE
    return SectionJugee(section, valeur, etat, fautes, manques)


def issue_de(valeur: Valeur) -> str:
    """Rend ce que dit la section de la réalisation de l'issue du projet ; vide si elle ne dit rien."""
    issue = valeur.get("issue", "")
    return issue if issue in Issue.values else ""


def fin_demandee(valeur: Valeur) -> date | None:
    """Rend la nouvelle date de fin que demande un porteur à qui il faut du temps."""
    return jour_ou_rien(valeur.get("nouvelle_fin_le", ""))


def _la_realisation(section: Section, valeur: Valeur, contexte: Contexte) -> Jugement:
    fautes, manques = [], []
    issue = issue_de(valeur)
    if issue in _A_EXPLIQUER and not valeur.get("explication"):
        manques.append(Faute(None, "explication", "Dites pourquoi, en quelques phrases."))
    debut, fin = jour_ou_rien(valeur.get("debut_le", "")), jour_ou_rien(valeur.get("fin_le", ""))
    if debut and fin and fin < debut:
        fautes.append(Faute(None, "fin_le", "Le projet finirait avant de commencer."))
    if issue in (Issue.REALISE, Issue.EN_PARTIE):
        manques += [
            Faute(None, code, f"« {libelle} » est vide.")
            for code, libelle in (("debut_le", "Commencé le"), ("fin_le", "Fini le"))
            if not valeur.get(code)
        ]
        if fin and fin > contexte.jour and contexte.est_definitif:
            fautes.append(
                Faute(
                    None,
                    "fin_le",
                    "Cette date est à venir : si le projet continue, demandez plus de temps.",
                )
            )
    if issue == Issue.PLUS_DE_TEMPS:
        demandee, prevue = fin_demandee(valeur), jour_ou_rien(contexte.prevu.get("fin_le", ""))
        motifs = motifs_de_la_fin_demandee(
            fin=demandee,
            prevue=prevue,
            jour=contexte.jour,
            fin_du_projet=jour_ou_rien(contexte.prevu.get("fin_du_projet", "")),
        )
        rangees = fautes if demandee else manques
        # Une date illisible est déjà une faute de son champ.
        if demandee or not valeur.get("nouvelle_fin_le"):
            rangees += [Faute(None, "nouvelle_fin_le", motif) for motif in motifs]
    return fautes, manques


def habitants(section: Section, valeur: Valeur) -> Habitants:
    """Rend les totaux de la grille des habitants ; une case illisible compte pour rien."""
    cases = {}
    for champ in section.champs:
        if champ.sorte != "entier":
            continue
        lieu, tranche, genre = champ.code.rsplit("-", 2)
        nombre = s.lu(champ, valeur.get(champ.code, ""))
        if nombre:
            cases[lieu, tranche, genre] = nombre
    return compter(cases)


def _les_publics(section: Section, valeur: Valeur, contexte: Contexte) -> Jugement:
    dites = any(valeur.get(c.code) for c in section.champs if c.sorte == "entier")
    if dites:
        return [], []
    return [], [Faute(None, "", "Dites combien de personnes sont venues, même zéro.")]


def _le_budget(section: Section, valeur: Valeur, contexte: Contexte) -> Jugement:
    lu = lire_le_budget_realise(contexte.prevu, valeur)
    fautes = [
        Faute(None, f"{x.cle}_realise", f"{x.nom} : « {x.saisie} » ne se calcule pas.")
        for x in lu.lignes
        if x.faute
    ]
    fautes += [
        Faute(None, f"{cle}_compte", f"« {dit} » : choisissez un compte.")
        for cle, dit in lu.sans_compte
    ]
    # À mi-chemin, ou sans réalisation, on dit ce que l'on a : rien n'est exigé.
    if not contexte.est_definitif or contexte.issue == Issue.PAS_REALISE:
        return fautes, []
    manques = [
        Faute(
            None,
            f"{x.cle}_realise",
            f"{x.nom} : écrivez ce qui a été {_verbe(x.compte.sens)}, même 0.",
        )
        for x in lu.lignes
        if not x.saisie
    ]
    manques += [
        Faute(None, f"{x.cle}_explication", f"{x.nom} : expliquez l’écart avec ce qui était prévu.")
        for x in lu.a_expliquer
    ]
    return fautes, manques


def _verbe(sens: str) -> str:
    return "dépensé" if sens == "charge" else "reçu"


_JUGES = {
    "realisation": _la_realisation,
    "habitants": _les_publics,
    "budget": _le_budget,
}
