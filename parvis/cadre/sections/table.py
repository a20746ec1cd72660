"""La table des sections : ce qu'une personne écrit à la fois dans un brouillon."""

from django.db.models import TextChoices

from parvis.cadre import enums
from parvis.cadre.importation.lexique import charger_lexique
from parvis.cadre.sections.declaration import Champ, Section
from parvis.territoires.enums import Echelle


def _choix(choix: type[TextChoices]) -> tuple[tuple[str, str], ...]:
    return tuple((str(code), str(libelle)) for code, libelle in choix.choices)


def _publics() -> tuple[tuple[str, str], ...]:
    return tuple((p["code"], p["libelle"]) for p in charger_lexique("publics")["publics"])


def _partenaires(code: str, titre: str, aide: str) -> Section:
    return Section(
        code,
        titre,
        (
            Champ("nom", "Nom", longueur=200, est_obligatoire=True, suggere="partenaires"),
            Champ("condition", "Condition", longueur=500),
            Champ("degre", "Degré", "choix", choix=_choix(enums.DegreDePartenaire)),
            Champ("parent", "Nommé sous", longueur=200, suggere="partenaires"),
        ),
        est_liste=True,
        cle="nom",
        est_unique=True,
        gardes={"imprime": "", "nature": "inconnu", "confiance": 1.0},
        aide=aide,
    )


CONTRAT = (
    Section(
        "contrat",
        "Titre et période",
        (
            Champ("titre", "Titre", longueur=300, est_obligatoire=True),
            Champ("territoire", "Territoire", longueur=200),
            Champ("debut", "Première année", "entier", est_obligatoire=True),
            Champ("fin", "Dernière année", "entier", est_obligatoire=True),
            Champ(
                "prolonge_au",
                "Prolongé jusqu’au",
                "jour",
                aide="Vide : le contrat n’est pas prolongé.",
            ),
        ),
    ),
    Section("preambule", "Préambule", (Champ("preambule", "Texte", "texte"),)),
    Section(
        "mots",
        "Les mots du contrat",
        (
            Champ("mot_pilier", "Le pilier se dit", longueur=40, est_obligatoire=True),
            Champ("mot_enjeu", "L’enjeu se dit", longueur=40, est_obligatoire=True),
            Champ("mot_fiche", "La fiche se dit", longueur=40, est_obligatoire=True),
        ),
        aide="Au singulier et en minuscules : axe, objectif, action…",
    ),
    Section(
        "hors_contrat",
        "Sujets hors contrat",
        (
            Champ("titre", "Sujet", longueur=200, est_obligatoire=True),
            Champ("explication", "Où il est traité", "texte", est_obligatoire=True),
            Champ("mots", "Mots qui y mènent", aide="Séparés par des virgules."),
        ),
        est_liste=True,
        cle="titre",
    ),
)
PILIER = (
    Section(
        "pilier",
        "Titre et introduction",
        (
            Champ("titre", "Titre", longueur=300, est_obligatoire=True),
            Champ("national", "Pilier national", "choix", choix=_choix(enums.PilierNational)),
            Champ("introduction", "Introduction", "texte"),
        ),
    ),
)
ENJEU = (
    Section(
        "enjeu",
        "Titre et introduction",
        (
            Champ("titre", "Titre", longueur=500, est_obligatoire=True),
            Champ("introduction", "Introduction", "texte"),
        ),
    ),
)
FICHE = (
    Section(
        "titre",
        "Titre et échelle",
        (
            Champ("titre", "Titre", longueur=500, est_obligatoire=True),
            Champ("echelle", "Échelle de pilotage", "choix", choix=_choix(Echelle)),
        ),
    ),
    Section(
        "descriptif",
        "Descriptif",
        (
            Champ(
                "descriptif",
                "Texte",
                "texte",
                aide="Une ligne vide sépare deux paragraphes ; un tiret ouvre un point de liste.",
            ),
        ),
    ),
    Section(
        "types_d_action",
        "Projets attendus",
        (Champ("texte", "Sorte de projet", "texte", est_obligatoire=True),),
        est_liste=True,
        cle="texte",
        gardes={"forme": enums.Forme.LISTE.value, "confiance": 1.0},
    ),
    _partenaires(
        "financeurs",
        "Financeurs",
        "Qui peut donner de l’argent ; être cité n’est pas promettre. La condition dit ce qui restreint.",
    ),
    _partenaires("operateurs", "Opérateurs", "Qui peut mener un projet."),
    Section(
        "dispositifs",
        "Dispositifs",
        (
            Champ("nom", "Nom", longueur=300, est_obligatoire=True, suggere="dispositifs"),
            Champ("porteur", "Responsable", longueur=200, suggere="partenaires"),
            Champ("detail", "Ce que la fiche en dit", "texte"),
            Champ("degre", "Degré", "choix", choix=_choix(enums.DegreDeDispositif)),
        ),
        est_liste=True,
        cle="nom",
        gardes={
            "imprime": None,
            "origine": enums.Origine.PUCE.value,
            "confiance": 1.0,
            "porteurs": [],
            "parent": None,
            "nature": None,
        },
    ),
    Section(
        "publics",
        "Publics",
        (
            Champ("code", "Public", "choix", est_obligatoire=True, choix=_publics()),
            Champ(
                "preuve",
                "Les mots du contrat",
                longueur=300,
                est_obligatoire=True,
                aide="Ce qui, dans la fiche, désigne ce public.",
            ),
        ),
        est_liste=True,
        cle="code",
        est_unique=True,
    ),
    Section(
        "lieux",
        "Lieux",
        (
            Champ("imprime", "Lieu", longueur=300, est_obligatoire=True),
            Champ("territoire", "Dans", longueur=200, aide="La commune, par exemple."),
            Champ("type", "Sorte", "choix", est_obligatoire=True, choix=_choix(enums.TypeDeLieu)),
        ),
        est_liste=True,
        cle="imprime",
    ),
    Section(
        "constats",
        "Constats",
        (
            Champ("texte", "Constat", "texte", est_obligatoire=True),
            Champ("valeur", "Valeur", "nombre"),
            Champ("unite", "Unité", longueur=80),
            Champ("annee", "Année", "entier"),
            Champ("territoire", "Territoire", longueur=200),
            Champ("source", "Source", longueur=300),
        ),
        est_liste=True,
        cle="texte",
    ),
    Section(
        "rubriques",
        "Autres rubriques",
        (
            Champ("imprime", "Libellé", longueur=200, est_obligatoire=True),
            Champ("texte", "Texte", "texte", est_obligatoire=True),
        ),
        est_liste=True,
        cle="imprime",
        gardes={"code": "autre"},
        aide="Pilote, calendrier, indicateurs… : ce que ce contrat ajoute à ses fiches.",
    ),
    Section(
        "renvois",
        "Renvois",
        (
            Champ("imprime", "Ce qui est écrit", "texte", est_obligatoire=True),
            Champ(
                "cible",
                "Vers",
                longueur=300,
                est_obligatoire=True,
                aide="« fiche 13-2 », « enjeu 4 », ou le nom d’un texte.",
            ),
            Champ(
                "nature", "Sorte", "choix", est_obligatoire=True, choix=_choix(enums.NatureDeRenvoi)
            ),
        ),
        est_liste=True,
        cle="imprime",
        gardes={"anomalie": None},
    ),
)
# Un lieu ne change ni le titre d'une fiche, ni ce vers quoi elle renvoie.
DECLINAISON = tuple(s for s in FICHE if s.code not in ("titre", "renvois"))
SECTIONS = {
    "contrat": CONTRAT,
    "pilier": PILIER,
    "enjeu": ENJEU,
    "fiche": FICHE,
    "declinaison": DECLINAISON,
}
