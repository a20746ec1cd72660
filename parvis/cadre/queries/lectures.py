"""Les lectures d'un contrat, leurs questions, et chaque fiche en regard du document."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from parvis.cadre.enums import TypeDeLieu
from parvis.cadre.importation.fragments import blocs_de
from parvis.cadre.importation.lexique import charger_lexique
from parvis.cadre.importation.questions import Question, questions
from parvis.cadre.importation.reponses import appliquer
from parvis.cadre.importation.structure import Constat, ContratLu, Fiche, depuis_dict
from parvis.cadre.importation.texte import cle_souple
from parvis.cadre.models import Contrat, Lecture, Reponse
from parvis.cadre.sections import dire_un_nombre
from parvis.comptes.acteur import Acteur

LIGNES_MAX = 400
_DE_TOUT_CONTRAT = frozenset(
    """contrat ville quartier engagement convention cadre fiche action operationnelle commune
    communaute agglomeration metropole intercommunalite etablissement public territorial grand pays
    val""".split()
)
CLE_MAX = Reponse._meta.get_field("cle").max_length


@dataclass(frozen=True)
class Ligne:
    """Une ligne du document, telle qu'on la montre : ses cellules, faites de blocs."""

    numero: int
    repere: str
    cellules: list[list[tuple[str, str]]]


@dataclass(frozen=True)
class FaitLu:
    """Un fait lu, tel qu'on le montre en regard de sa ligne."""

    nom: str
    condition: str
    ligne: int | None
    confiance: float = 1.0


@dataclass(frozen=True)
class Relecture:
    """Ce qu'une lecture a compris, réponses appliquées, ce qu'elle demande encore, ce qu'on a répondu."""

    lecture: Lecture
    lu: ContratLu
    restantes: list[Question]
    donnees: list[Reponse]

    @property
    def repondues(self) -> int:
        return len(self.donnees)

    @cached_property
    def fiches(self) -> dict[str, Fiche]:
        """Rend les fiches lues par clé : leur numéro, que suit leur rang quand il est déjà pris."""
        fiches: dict[str, Fiche] = {}
        for rang, fiche in enumerate(self.lu.fiches, 1):
            fiches[fiche.numero if fiche.numero not in fiches else f"{fiche.numero}~{rang}"] = fiche
        return fiches

    @property
    def parait_d_ailleurs(self) -> bool:
        """Dit si le document nomme un territoire qui n'est pas celui du contrat."""
        contrat = self.lecture.contrat
        nomme = _mots_propres(self.lu.territoire or self.lu.titre)
        return bool(nomme) and not nomme & _mots_propres(f"{contrat.titre} {contrat.territoire}")

    def question(self, cle: str) -> Question | None:
        """Rend la question de cette clé, parmi celles qui restent."""
        return next((q for q in self.restantes if q.cle == cle), None)

    def questions_de(self, numero: str) -> list[Question]:
        """Rend les questions qui touchent une fiche."""
        return [q for q in self.restantes if numero in q.fiches]


def _mots_propres(texte: str) -> set[str]:
    """Rend les mots qui distinguent un territoire d'un autre : ni articles, ni mots du métier, ni années."""
    return {m for m in cle_souple(texte).split() if m not in _DE_TOUT_CONTRAT and not m.isdigit()}


def lectures(acteur: Acteur, contrat: Contrat) -> QuerySet[Lecture]:
    """Rend les lectures d'un contrat que l'acteur conduit, la plus récente d'abord."""
    return Lecture.objects.filter(contrat=contrat).legeres().select_related("edition", "travail")


def lecture(acteur: Acteur, contrat: Contrat, pk: int) -> Lecture:
    """Rend une lecture de ce contrat, sans son contenu ; lève Lecture.DoesNotExist."""
    return lectures(acteur, contrat).select_related("contrat").get(pk=pk)


def relecture(acteur: Acteur, contrat: Contrat, pk: int) -> Relecture:
    """Rend ce qu'une lecture a compris et demande ; lève Lecture.DoesNotExist si elle n'est pas lue."""
    lue = (
        Lecture.objects.filter(contrat=contrat, lu__isnull=False)
        .defer("octets")
        .select_related("contrat", "edition")
        .get(pk=pk)
    )
    gardees = list(Reponse.objects.filter(contrat=contrat).order_by("-repondue_le", "cle"))
    reponses = {reponse.cle: reponse.valeur for reponse in gardees}
    brut = depuis_dict(lue.lu or {})
    posees = {e.cle[:CLE_MAX] for question in questions(brut) for e in question.elements}
    return Relecture(
        lue,
        appliquer(brut, reponses),
        questions(brut, reponses),
        [reponse for reponse in gardees if reponse.cle in posees],
    )


def autres_faits(fiche: Fiche) -> list[tuple[str, list[FaitLu]]]:
    """Rend ce qu'une fiche lue dit d'autre : publics, lieux, constats, renvois."""
    publics = {p["code"]: p["libelle"] for p in charger_lexique("publics")["publics"]}
    types = dict(TypeDeLieu.choices)
    return [
        (
            "Publics",
            [FaitLu(publics.get(p.code, p.code), p.preuve, p.ligne) for p in fiche.publics],
        ),
        (
            "Lieux",
            [
                FaitLu(lieu.imprime, lieu.territoire or str(types.get(lieu.type, "")), lieu.ligne)
                for lieu in fiche.lieux
            ],
        ),
        ("Constats", [FaitLu(c.texte, _chiffre(c), c.ligne) for c in fiche.constats]),
        ("Renvois", [FaitLu(r.imprime, r.cible, r.ligne) for r in fiche.renvois]),
    ]


def _chiffre(constat: Constat) -> str:
    dits = (constat.valeur, constat.unite, constat.territoire, constat.annee, constat.source)
    return ", ".join(
        dire_un_nombre(dit) if isinstance(dit, float) else str(dit) for dit in dits if dit
    )


def reponses_du_contrat(contrat: Contrat) -> dict[str, str]:
    """Rend les réponses gardées d'un contrat, par clé d'élément."""
    return dict(Reponse.objects.filter(contrat=contrat).values_list("cle", "valeur"))


def lignes_de_la_fiche(relue: Relecture, fiche: Fiche) -> list[Ligne]:
    """Rend les lignes du document qui portent une fiche, jusqu'au titre suivant."""
    debut = fiche.ligne or 1
    titres = [f.ligne for f in relue.lu.fiches] + [e.ligne for e in relue.lu.enjeux]
    suivants = [ligne for ligne in titres if ligne and ligne > debut]
    fin = min(suivants, default=len(relue.lecture.lignes) + 1)
    return _lignes(relue.lecture, debut, min(fin, debut + LIGNES_MAX))


def _lignes(lecture: Lecture, debut: int, fin: int) -> list[Ligne]:
    """Rend les lignes non vides de `debut` à `fin` exclu, sans aucune balise."""
    resultat = []
    for numero in range(debut, min(fin, len(lecture.lignes) + 1)):
        brute = lecture.lignes[numero - 1]
        repere = lecture.reperes[numero - 1] if numero <= len(lecture.reperes) else ""
        cellules = [
            [(bloc.genre, bloc.texte) for bloc in blocs_de(cellule.lstrip("# "), numero)]
            for cellule in brute.split("\t")
        ]
        if any(cellules):
            resultat.append(Ligne(numero, repere, cellules))
    return resultat
