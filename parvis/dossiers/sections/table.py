"""Les sections d'un dossier, dans l'ordre où on les remplit (contenu du CERFA n° 12156)."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from parvis.dossiers.enums import SorteDeQuestion
from parvis.dossiers.rules.cerfa import FREQUENCES
from parvis.dossiers.sections.declaration import Champ, Section
from parvis.organismes.enums import Nature

ASSOCIATIVES = frozenset({Nature.ASSOCIATION.value, Nature.FONDATION.value})
AVEC_MEMBRES = ASSOCIATIVES | {Nature.COLLECTIF.value, Nature.CONSEIL_CITOYEN.value}
OUI_NON = (("oui", "Oui"), ("non", "Non"))
LONG = 6000


def _texte(code: str, libelle: str, aide: str = "", *, il_le_faut: bool = True) -> Champ:
    return Champ(code, libelle, "texte", aide, longueur=LONG, est_obligatoire=il_le_faut)


def _nombre(code: str, libelle: str, aide: str = "", *, groupe: str = "", **autres: Any) -> Champ:
    return Champ(code, libelle, "entier", aide, longueur=12, groupe=groupe, **autres)


ORGANISATION = Section(
    "organisation",
    "Votre organisation",
    "Qui porte le projet. Le nom, les numéros et l’adresse viennent de la page de votre organisme.",
    (
        Champ(
            "confirmee",
            "La page de mon organisme est exacte aujourd’hui",
            "case",
            "Nom, numéros Siret et RNA, adresse : relisez-les plus haut, corrigez-les s’il le faut.",
            est_obligatoire=True,
        ),
        Champ(
            "representant",
            "Représentant légal",
            aide="Prénom et nom de qui signe pour l’organisme : la présidente, le maire…",
            est_obligatoire=True,
            groupe="Qui signe",
        ),
        Champ("representant_fonction", "Sa fonction", est_obligatoire=True, groupe="Qui signe"),
        Champ(
            "charge",
            "Personne à joindre pour ce dossier",
            est_obligatoire=True,
            groupe="Qui répond aux questions",
        ),
        Champ("charge_fonction", "Sa fonction", groupe="Qui répond aux questions"),
        Champ(
            "charge_courriel",
            "Son courriel",
            "courriel",
            est_obligatoire=True,
            groupe="Qui répond aux questions",
            est_prive=True,
        ),
        Champ(
            "charge_telephone",
            "Son téléphone",
            "telephone",
            groupe="Qui répond aux questions",
            est_prive=True,
        ),
        Champ(
            "reseau",
            "Réseau, union ou fédération",
            aide="Vide si vous n’êtes affilié à aucun.",
            natures=AVEC_MEMBRES,
            groupe="L’organisme au 31 décembre dernier",
        ),
        Champ(
            "agrements",
            "Agréments",
            aide="Par exemple « Jeunesse et éducation populaire, préfecture, mai 2019 ».",
            natures=ASSOCIATIVES,
            groupe="L’organisme au 31 décembre dernier",
        ),
        *(
            _nombre(code, libelle, natures=natures, groupe="L’organisme au 31 décembre dernier")
            for code, libelle, natures in (
                ("adherents", "Adhérents", AVEC_MEMBRES),
                ("benevoles", "Bénévoles", AVEC_MEMBRES),
                ("volontaires", "Volontaires (service civique…)", AVEC_MEMBRES),
                ("salaries", "Salariés", frozenset()),
                ("emplois_aides", "Dont emplois aidés", ASSOCIATIVES),
            )
        ),
        Champ(
            "etpt",
            "Salariés en équivalent temps plein",
            "nombre",
            "Deux mi-temps font 1.",
            longueur=12,
            groupe="L’organisme au 31 décembre dernier",
        ),
        Champ(
            "impots_commerciaux",
            "L’association paie-t-elle les impôts commerciaux ?",
            "choix",
            "TVA, impôt sur les sociétés. La plupart n’y sont pas soumises.",
            choix=OUI_NON,
            natures=ASSOCIATIVES,
            groupe="L’organisme au 31 décembre dernier",
        ),
    ),
)
PROJET = Section(
    "projet",
    "Le projet",
    "Ce que vous voulez faire, et pourquoi. Écrivez comme vous le diriez à une voisine.",
    (
        Champ("titre", "Titre du projet", longueur=200, est_obligatoire=True),
        Champ(
            "resume",
            "Le projet en une phrase",
            "phrase",
            aide="Elle paraîtra partout où le projet est cité.",
            est_obligatoire=True,
        ),
        Champ(
            "frequence",
            "Ce projet a-t-il déjà été soutenu ?",
            "choix",
            choix=tuple((code, reponse) for code, (reponse, _) in FREQUENCES.items()),
            est_obligatoire=True,
        ),
        _texte("besoin", "À quel besoin répond-il ?", "Ce que vous avez vu, entendu, compté."),
        _texte("objectifs", "Ce que vous voulez changer", "Un objectif par ligne."),
        _texte("description", "Ce que vous ferez", "Les activités, concrètement : quoi, combien."),
        _texte(
            "habitants",
            "La place des habitants",
            "Qui a eu l’idée, qui décide, qui fait avec vous ?",
            il_le_faut=False,
        ),
        _texte("evaluation", "Comment saurez-vous que c’est réussi ?", il_le_faut=False),
    ),
)
FICHES = Section(
    "fiches",
    "Les fiches du contrat",
    "À quelles fiches répond le projet. Une est la principale ; les autres s’ajoutent.",
)
_AGES = (
    ("ages_0_5", "0 à 5 ans"),
    ("ages_6_11", "6 à 11 ans"),
    ("ages_12_17", "12 à 17 ans"),
    ("ages_18_25", "18 à 25 ans"),
    ("ages_26_64", "26 à 64 ans"),
    ("ages_65", "65 ans et plus"),
)
PUBLICS = Section(
    "publics",
    "Les personnes concernées",
    "Une estimation honnête suffit. Laissez vide ce que vous ne savez pas.",
    (
        _nombre("nombre", "Nombre de personnes", est_obligatoire=True),
        _texte("description", "Qui sont-elles ?", "Par exemple : des mères arrivées depuis peu."),
        *(_nombre(code, libelle, groupe="Par âge") for code, libelle in _AGES),
        _nombre("femmes", "Femmes et filles", groupe="Femmes et hommes"),
        _nombre("hommes", "Hommes et garçons", groupe="Femmes et hommes"),
        _nombre(
            "part_quartiers",
            "Part d’habitants des quartiers prioritaires, en %",
            groupe="Quartiers prioritaires",
            est_obligatoire=True,
            maximum=100,
        ),
    ),
)
LIEUX = Section(
    "lieux",
    "Les lieux",
    "Où le projet se passe : dans des quartiers, des communes, ou partout sur le territoire.",
)
CALENDRIER = Section(
    "calendrier",
    "Le calendrier",
    "Quand cela commence, quand cela finit, et les moments qui comptent entre les deux.",
    (
        Champ("debut_le", "Commence le", "jour", est_obligatoire=True, longueur=10),
        Champ("fin_le", "Finit le", "jour", est_obligatoire=True, longueur=10),
        _texte("etapes", "Les étapes", "Une par ligne, avec son mois.", il_le_faut=False),
        Champ("rythme", "Jours et heures", aide="« Le mardi de 14 h à 16 h, hors vacances »."),
    ),
)
MOYENS = Section(
    "moyens",
    "Les moyens",
    "Avec qui et avec quoi vous le ferez.",
    (
        _texte("materiels", "Locaux et matériel"),
        _texte("humains", "Les personnes qui le feront", "Leur métier, leur expérience."),
        *(
            _nombre(code, libelle, groupe="Combien de personnes sur ce projet")
            for code, libelle in (
                ("benevoles", "Bénévoles"),
                ("salaries", "Salariés"),
                ("volontaires", "Volontaires"),
            )
        ),
        Champ(
            "etpt",
            "Salariés en équivalent temps plein",
            "nombre",
            longueur=12,
            groupe="Combien de personnes sur ce projet",
        ),
    ),
)
PARTENAIRES = Section(
    "partenaires",
    "Les partenaires",
    "Qui vous aide à le faire, sans que ce soit de l’argent : une école, un centre social…",
    (
        Champ("nom", "Partenaire", longueur=200, est_obligatoire=True),
        Champ("role", "Ce qu’il apporte", est_obligatoire=True),
        Champ(
            "etat",
            "Où en est-on ?",
            "choix",
            choix=(("acquis", "C’est convenu"), ("en_cours", "On en parle"), ("prevu", "À faire")),
        ),
    ),
    est_liste=True,
    est_obligatoire=False,
    nom_d_une_ligne="un partenaire",
)
DROIT_COMMUN = Section(
    "droit_commun",
    "Le droit commun",
    "Les aides qui existent pour tout le monde, demandées avant les crédits des quartiers : "
    "la prestation d’une caisse d’allocations familiales, un poste d’enseignant…",
    (
        Champ("organisme", "Qui la donne", longueur=200, est_obligatoire=True),
        Champ("dispositif", "Quelle aide", est_obligatoire=True),
        Champ(
            "etat",
            "Où en est-on ?",
            "choix",
            choix=(
                ("obtenue", "Obtenue"),
                ("demandee", "Demandée"),
                ("refusee", "Refusée"),
                ("sans_objet", "Ne convient pas"),
            ),
            est_obligatoire=True,
        ),
        Champ("precision", "Précision"),
    ),
    est_liste=True,
    est_obligatoire=False,
    nom_d_une_ligne="une aide",
)
INDICATEURS = Section(
    "indicateurs",
    "Les indicateurs",
    "Ce que vous compterez pour savoir où vous en êtes. Deux ou trois suffisent.",
    (
        Champ("nom", "Ce que l’on compte", longueur=200, est_obligatoire=True),
        Champ("unite", "En quoi", longueur=60, aide="Personnes, séances, heures…"),
        Champ("source", "Comment vous le saurez", longueur=200, aide="Feuille de présence…"),
        Champ("cible", "Ce que vous visez", "nombre", longueur=12, est_obligatoire=True),
    ),
    est_liste=True,
    nom_d_une_ligne="un indicateur",
)
BUDGET = Section(
    "budget",
    "Le budget et les demandes",
    "Ce que le projet coûte, qui le paie, et ce que vous demandez à chacun.",
)
PIECES = Section("pieces", "Les pièces", "Les documents que l’appel demande.")
QUESTIONS = Section("questions", "Les questions de cet appel", "Ce que l’appel demande en plus.")
ATTESTATIONS = Section(
    "attestations",
    "Les attestations",
    "Ce que le représentant de l’organisme certifie. Elles se signent en dernier.",
)

_TOUTES = (
    ORGANISATION,
    PROJET,
    FICHES,
    PUBLICS,
    LIEUX,
    CALENDRIER,
    MOYENS,
    PARTENAIRES,
    DROIT_COMMUN,
    INDICATEURS,
    BUDGET,
    QUESTIONS,
    PIECES,
    ATTESTATIONS,
)
_SORTES = {
    SorteDeQuestion.TEXTE_COURT.value: "ligne",
    SorteDeQuestion.TEXTE_LONG.value: "texte",
    SorteDeQuestion.NOMBRE.value: "nombre",
    SorteDeQuestion.OUI_NON.value: "choix",
    SorteDeQuestion.CHOIX.value: "choix",
}


class Question(Protocol):
    """Ce que l'on attend d'une question d'appel, sans connaître la base."""

    cle: str
    texte: str
    aide: str
    sorte: str
    choix: Sequence[str]
    est_obligatoire: bool
    longueur_max: int | None


def champ_de_la_question(question: Question) -> Champ:
    """Rend le champ où l'on répond à une question d'appel."""
    choix = tuple((c, c) for c in question.choix or ())
    if question.sorte == SorteDeQuestion.OUI_NON:
        choix = OUI_NON
    return Champ(
        question.cle,
        question.texte,
        _SORTES[question.sorte],
        question.aide,
        longueur=question.longueur_max or (LONG if _SORTES[question.sorte] == "texte" else 300),
        est_obligatoire=question.est_obligatoire,
        choix=choix,
    )


def sections_du_dossier(nature: str, questions: Iterable[Question] = ()) -> dict[str, Section]:
    """Rend les sections que remplit un porteur de cette nature, dans l'ordre, par code.

    Un appel qui ne pose aucune question n'a pas la section des questions.
    """
    champs = tuple(champ_de_la_question(q) for q in questions)
    sections = {}
    for section in _TOUTES:
        if section is QUESTIONS:
            if not champs:
                continue
            section = Section(QUESTIONS.code, QUESTIONS.titre, QUESTIONS.chapo, champs)
        sections[section.code] = section.pour(nature)
    return sections
