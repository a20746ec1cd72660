"""Les échanges d'un dossier : qui les lit, ce que chacun en lit, de quoi une question peut parler."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.dossiers.permissions import est_du_porteur, peut_ecrire_le_projet
from parvis.dossiers.queries.versions_deposees import version_du_dossier
from parvis.instruction.enums import Qualite, SorteDEchange
from parvis.instruction.models import Echange
from parvis.instruction.permissions import peut_consulter, peut_financer
from parvis.instruction.queries.deports import dossiers_du_pilote
from parvis.instruction.queries.dossiers import dossiers_a_etudier, titre_sur
from parvis.instruction.rules.echanges import (
    Attente,
    dire_l_attente,
    est_en_retard,
    motifs_empechant_l_echange,
)
from parvis.socle.templatetags.socle import jour as en_clair

PIECES = "pieces"


@dataclass(frozen=True)
class Place:
    """D'où l'acteur parle d'un dossier : ce qu'il en lit, et s'il y écrit."""

    sortes: tuple[str, ...] = ()
    est_du_porteur: bool = False
    ecrit: bool = False


SANS_PLACE = Place()


def place_du_service(acteur: Acteur, dossier: Dossier) -> Place:
    """Rend la place d'un financeur du dossier, ou de son pilote ; aucune à qui est consulté, ou déporté.

    Un service qui porte lui-même le projet n'entend pas ce que les autres s'en disent.
    """
    if not _etudie(acteur, dossier):
        return SANS_PLACE
    if est_du_porteur(acteur, dossier.projet):
        return Place((SorteDEchange.AVEC_LE_PORTEUR,), ecrit=True)
    return Place((SorteDEchange.AVEC_LE_PORTEUR, SorteDEchange.ENTRE_SERVICES), ecrit=True)


def place_du_porteur(acteur: Acteur, dossier: Dossier) -> Place:
    """Rend la place d'un membre confirmé du porteur : il lit ce qu'on lui demande, et y répond s'il écrit."""
    if dossier.est_un_brouillon or not acteur.est_confirme:
        return SANS_PLACE
    if not est_du_porteur(acteur, dossier.projet):
        return SANS_PLACE
    ecrit = peut_ecrire_le_projet(acteur, dossier.projet)
    return Place((SorteDEchange.AVEC_LE_PORTEUR,), est_du_porteur=True, ecrit=ecrit)


def _etudie(acteur: Acteur, dossier: Dossier) -> bool:
    contrat = dossier.appel.contrat
    if peut_consulter(acteur, contrat.code):
        return dossiers_du_pilote(acteur, contrat).filter(pk=dossier.pk).exists()
    if not peut_financer(acteur):
        return False
    if not dossiers_a_etudier(acteur, contrat).filter(pk=dossier.pk).exists():
        return False
    return titre_sur(acteur, dossier).qualite == Qualite.FINANCEUR


@dataclass(frozen=True)
class QuestionLue:
    """Une question et ses réponses, et ce que l'acteur peut y faire."""

    question: Echange
    reponses: list[Echange]
    # Le porteur l'attend, ou un autre service : personne de l'autre côté n'y a répondu.
    attend: bool
    est_en_retard: bool
    # C'est à l'acteur, ou à ses collègues, d'y répondre.
    est_a_soi: bool
    se_repond: bool
    se_clot: bool

    @property
    def est_close(self) -> bool:
        return self.question.clos_le is not None

    @property
    def ancre(self) -> str:
        """Rend l'endroit de la page du dossier où lire ce dont elle parle."""
        section = self.question.section
        return "titre-pieces" if section == PIECES else f"section-{section}"


@dataclass(frozen=True)
class Fil:
    """Les questions d'une même sorte : celles qui attendent d'abord, les closes à part."""

    sorte: str
    titre: str
    phrase: str
    ouvertes: list[QuestionLue]
    closes: list[QuestionLue]


@dataclass(frozen=True)
class Echanges:
    """Tout ce que l'acteur lit des échanges d'un dossier."""

    place: Place
    fils: list[Fil]
    se_demande: bool

    @property
    def phrase(self) -> str:
        """Rend qui attend qui ; vide s'il n'y a pas de question."""
        return " · ".join(fil.phrase for fil in self.fils)


_TITRES = {
    SorteDEchange.AVEC_LE_PORTEUR: ("Avec le porteur", "au porteur", "sa réponse"),
    SorteDEchange.ENTRE_SERVICES: (
        "Entre services, sans le porteur",
        "entre services",
        "une réponse",
    ),
}


def echanges_lus(acteur: Acteur, dossier: Dossier, place: Place, *, jour: date) -> Echanges:
    """Rend les échanges d'un dossier que l'acteur lit de cette place, en une requête."""
    se_parle = place.ecrit and not motifs_empechant_l_echange(dossier.etat)
    par_sorte: dict[str, list[QuestionLue]] = defaultdict(list)
    for lue in _questions(acteur, dossier, place, jour):
        par_sorte[lue.question.sorte].append(lue)
    fils = [
        _fil(sorte, par_sorte[sorte], place, jour) for sorte in place.sortes if par_sorte[sorte]
    ]
    return Echanges(place, fils, se_parle and not place.est_du_porteur)


def question_lue(
    acteur: Acteur, dossier: Dossier, place: Place, pk: int, *, jour: date
) -> QuestionLue:
    """Rend une question où l'acteur écrit de cette place ; lève Echange.DoesNotExist pour toute autre."""
    for lue in _questions(acteur, dossier, place, jour) if place.ecrit else ():
        if lue.question.pk == pk:
            return lue
    raise Echange.DoesNotExist


def attend_une_reponse(question: Echange, reponses: Iterable[Echange]) -> bool:
    """Dit si une question attend : ni close, ni répondue par le porteur ou par un autre service."""
    if question.clos_le is not None:
        return False
    if question.sorte == SorteDEchange.AVEC_LE_PORTEUR:
        return not any(reponse.est_du_porteur for reponse in reponses)
    return not any(reponse.organisme.retenu != question.organisme.retenu for reponse in reponses)


def _questions(acteur: Acteur, dossier: Dossier, place: Place, jour: date) -> list[QuestionLue]:
    echanges = Echange.objects.filter(dossier=dossier, sorte__in=place.sortes).select_related(
        "organisme__fusionne_dans"
    )
    questions: list[Echange] = []
    reponses: dict[int, list[Echange]] = defaultdict(list)
    for echange in echanges:
        if echange.question_id is None:
            questions.append(echange)
        else:
            reponses[echange.question_id].append(echange)
    se_parle = place.ecrit and not motifs_empechant_l_echange(dossier.etat)
    return [_lue(acteur, q, reponses[q.pk], place, se_parle, jour) for q in questions]


def _lue(
    acteur: Acteur,
    question: Echange,
    reponses: list[Echange],
    place: Place,
    se_parle: bool,
    jour: date,
) -> QuestionLue:
    attend, est_ouverte = attend_une_reponse(question, reponses), question.clos_le is None
    est_du_service = not place.est_du_porteur and acteur.organisme == question.organisme.retenu
    est_avec_le_porteur = question.sorte == SorteDEchange.AVEC_LE_PORTEUR
    return QuestionLue(
        question,
        reponses,
        attend,
        est_en_retard(echeance=question.echeance_le, attend=attend, jour=jour),
        est_a_soi=attend and (place.est_du_porteur if est_avec_le_porteur else not est_du_service),
        se_repond=se_parle and est_ouverte,
        se_clot=place.ecrit and est_ouverte and est_du_service,
    )


def _fil(sorte: str, lues: list[QuestionLue], place: Place, jour: date) -> Fil:
    titre, a_qui, de_qui = _TITRES[SorteDEchange(sorte)]
    if place.est_du_porteur:
        a_qui, de_qui = "", "votre réponse"
    attendues = [lue for lue in lues if lue.attend]
    echeances = [lue.question.echeance_le for lue in attendues if lue.question.echeance_le]
    premiere = min(echeances, default=None)
    attente = Attente(
        len(lues),
        len(attendues),
        en_clair(premiere),
        est_passe=premiere is not None and premiere < jour,
    )
    ouvertes = [lue for lue in lues if not lue.est_close]
    return Fil(
        sorte,
        titre,
        dire_l_attente(attente, a_qui=a_qui, de_qui=de_qui),
        sorted(ouvertes, key=lambda lue: (not lue.attend, lue.question.pk)),
        [lue for lue in lues if lue.est_close],
    )


@dataclass(frozen=True)
class PartieVisee:
    """Ce dont une question peut parler : une section du dossier déposé, l'un de ses champs, une pièce."""

    cle: str
    section: str
    nom: str
    # Ce qui s'imprime de la question : le champ, et sa section.
    sur: str


def parties_visees(dossier: Dossier) -> dict[str, list[PartieVisee]]:
    """Rend ce dont une question peut parler, par section de la dernière version déposée."""
    contenu = version_du_dossier(dossier).contenu
    visees: dict[str, list[PartieVisee]] = {}
    sections = sorted(contenu["sections"].items(), key=lambda couple: couple[1]["rang"])
    for code, figee in sections:
        titre = figee["titre"]
        champs = zip(figee.get("codes", ()), figee.get("champs", ()), strict=False)
        visees[titre] = [
            PartieVisee(code, code, f"{titre}, en entier", titre),
            *(
                PartieVisee(f"{code}:{champ}", code, libelle, f"{titre} : {libelle}"[:300])
                for champ, (libelle, _) in champs
            ),
        ]
    if contenu["pieces"]:
        noms = {piece["cle"]: piece["libelle"] for piece in contenu["pieces"]}
        visees["Les pièces"] = [
            PartieVisee(f"{PIECES}:{cle}", PIECES, nom, nom[:300]) for cle, nom in noms.items()
        ]
    return visees


def partie_visee(dossier: Dossier, cle: str) -> PartieVisee | None:
    """Rend ce dont parle une question, par sa clé ; rien si ce n'est pas dans le dossier déposé."""
    toutes = (partie for parties in parties_visees(dossier).values() for partie in parties)
    return next((partie for partie in toutes if partie.cle == cle), None)
