"""La loi du cadre : ce qui empêche de publier, ce qui fait rapprocher un nom d'un organisme."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from parvis.cadre.enums import StatutDeLecture
from parvis.organismes.enums import Nature
from parvis.socle.texte import MOTS_VIDES, cle_de_tri, racines

BROUILLON = "brouillon"
OCTETS_MAX = 60 * 1024 * 1024

# Les passages d'une lecture.
PASSAGES: dict[str, tuple[str, ...]] = {
    StatutDeLecture.EN_ATTENTE: (
        StatutDeLecture.LUE,
        StatutDeLecture.ILLISIBLE,
        StatutDeLecture.ABANDONNEE,
    ),
    StatutDeLecture.LUE: (StatutDeLecture.ECRITE, StatutDeLecture.ABANDONNEE),
    StatutDeLecture.ILLISIBLE: (),
    # Le brouillon jeté, la lecture peut en donner un autre.
    StatutDeLecture.ECRITE: (StatutDeLecture.LUE,),
    StatutDeLecture.ABANDONNEE: (),
}

NUMERO = re.compile(r"[A-Za-z0-9]{1,6}([.-][A-Za-z0-9]{1,6}){0,3}")

# Un document coupé ou mal codé perdrait du texte en silence : on ne l'écrit pas.
CE_QUI_REMEDIE = {
    "document_tronque": "Donnez le document entier.",
    "encodage": "Enregistrez le document en UTF-8.",
}

FICHES_CITEES = 5  # dans un motif qui en nomme plusieurs

# Premiers morceaux d'adresse que le site garde pour lui (parvis/accueil/urls.py).
CODES_RESERVES = frozenset(
    (
        "accessibilite api composants compte demonstration desabonnement donnees-personnelles "
        "enveloppes instruction lexique mentions-legales organismes pilotage projets sante static"
    ).split()
)


def motifs_empechant_la_publication(
    *, statut: str, nombre_de_fiches: int, nombre_d_enjeux: int
) -> list[str]:
    """Rend toutes les raisons de refuser la publication d'une édition ; vide si rien ne s'oppose."""
    motifs = []
    if statut != BROUILLON:
        motifs.append("Cette édition est déjà publiée : elle ne change plus.")
    if nombre_d_enjeux == 0:
        motifs.append("L’édition n’a aucun enjeu.")
    if nombre_de_fiches == 0:
        motifs.append("L’édition n’a aucune fiche.")
    return motifs


def motifs_empechant_la_retouche(*, statut: str) -> list[str]:
    """Rend pourquoi une édition ne se retouche pas ; vide pour un brouillon."""
    if statut == BROUILLON:
        return []
    return ["Cette édition est publiée : elle ne change plus. Préparez un avenant."]


def motifs_empechant_de_decliner(*, lieu: str, slug: str, existe: bool) -> list[str]:
    """Rend pourquoi une fiche ne se décline pas en ce lieu."""
    if not slug:
        return ["Nommez le lieu, avec des lettres."]
    return [f"Il y a déjà une déclinaison pour « {lieu} »."] if existe else []


def motifs_empechant_de_jeter(*, nombre_de_copies: int) -> list[str]:
    """Rend pourquoi un brouillon ne se jette pas : un avenant se prépare sur sa copie."""
    return (
        ["Un avenant est la copie de ce brouillon : jetez-le d’abord."] if nombre_de_copies else []
    )


def motifs_sur_le_titre(titre: str) -> list[str]:
    """Rend pourquoi ce titre n'en est pas un."""
    est_lisible = any(signe.isalnum() for signe in titre)
    return [] if est_lisible else ["Donnez un titre, avec des lettres."]


def motifs_empechant_l_ajout(*, mot: str, numero: str, titre: str, existe: bool) -> list[str]:
    """Rend pourquoi une fiche ou un enjeu (`mot`) ne peut pas prendre ce numéro et ce titre."""
    if motifs := motifs_sur_le_titre(titre):
        return motifs
    if not NUMERO.fullmatch(numero):
        return [
            f"Le numéro « {numero} » ne convient pas : "
            "des chiffres et des lettres, séparés par un point ou un tiret."
        ]
    return [f"Le numéro {numero} est déjà pris dans cette édition ({mot})."] if existe else []


def motifs_empechant_le_retrait(*, est_vide: bool) -> list[str]:
    """Rend pourquoi un pilier ou un enjeu ne se retire pas : il porte encore quelque chose."""
    return [] if est_vide else ["Retirez ou déplacez d’abord ce qu’il contient."]


def motifs_empechant_le_passage(depuis: str, vers: str) -> list[str]:
    """Rend pourquoi une lecture ne peut pas changer de statut ; vide si elle le peut."""
    if vers in PASSAGES[depuis]:
        return []
    motifs: dict[str, str] = {
        StatutDeLecture.EN_ATTENTE: "Ce document n’est pas encore lu.",
        StatutDeLecture.ILLISIBLE: "Ce document n’a pas pu être lu : déposez-en un autre.",
        StatutDeLecture.ECRITE: "Le brouillon de cette lecture est déjà écrit.",
        StatutDeLecture.ABANDONNEE: "Cette lecture est abandonnée.",
        StatutDeLecture.LUE: "Ce document est déjà lu.",
    }
    return [motifs[depuis]]


def motifs_empechant_le_depot(*, nom: str, taille: int) -> list[str]:
    """Rend toutes les raisons de refuser un fichier déposé ; vide si rien ne s'oppose."""
    motifs = []
    if not nom.strip():
        motifs.append("Le fichier n’a pas de nom.")
    if taille == 0:
        motifs.append("Le fichier est vide.")
    if taille > OCTETS_MAX:
        motifs.append(
            f"Le fichier est trop grand : {OCTETS_MAX // 1048576} Mo au plus. "
            "Enregistrez-le sans ses images."
        )
    return motifs


def motifs_de_code(code: str) -> list[str]:
    """Rend pourquoi un code ne peut pas nommer un contrat dans les adresses ; vide s'il convient."""
    motifs = []
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) or len(code) > 80:
        motifs.append(
            f"Le code « {code} » ne convient pas : "
            "minuscules sans accents, chiffres et tirets, 80 signes au plus."
        )
    if code in CODES_RESERVES:
        motifs.append(f"Le code « {code} » est réservé aux pages du site.")
    return motifs


def motifs_empechant_la_creation(*, code: str, debut: int, fin: int, existe: bool) -> list[str]:
    """Rend toutes les raisons de ne pas créer un contrat ; vide si rien ne s'oppose."""
    motifs = motifs_de_code(code)
    if existe:
        motifs.append(f"Un contrat a déjà le code « {code} ».")
    if fin < debut:
        motifs.append(f"Le contrat finirait ({fin}) avant de commencer ({debut}).")
    return motifs


def motifs_empechant_l_import(
    *, code_contrat: str, titre: str, debut: int | None, fin: int | None, nombre_de_fiches: int
) -> list[str]:
    """Rend toutes les raisons de refuser l'import d'un document lu ; vide si rien ne s'oppose."""
    motifs = motifs_de_code(code_contrat)
    if not titre:
        motifs.append("Le document n’a pas de titre.")
    if debut is None or fin is None:
        motifs.append("La période du contrat n’a pas été trouvée dans le document.")
    elif fin < debut:
        motifs.append(f"Le contrat finirait ({fin}) avant de commencer ({debut}).")
    if nombre_de_fiches == 0:
        motifs.append("Le document n’a aucune fiche.")
    return motifs


def motifs_d_anomalies(anomalies: Iterable[tuple[int | None, str, str]]) -> list[str]:
    """Rend une phrase, avec sa ligne, par anomalie qui interdit d'écrire le document lu.

    Les autres anomalies (ligne, nature, texte) se relisent dans le brouillon.
    """
    return [
        f"Ligne {ligne or 1} : {texte}. {CE_QUI_REMEDIE[nature]}"
        for ligne, nature, texte in anomalies
        if nature in CE_QUI_REMEDIE
    ]


def motifs_de_titres(fiches: Iterable[tuple[str, str, int | None]]) -> list[str]:
    """Rend une phrase si des fiches (numéro, titre, ligne) n'ont pas de titre : rien ne les nommerait."""
    nues = [(numero, ligne) for numero, titre, ligne in fiches if motifs_sur_le_titre(titre)]
    if not nues:
        return []
    citees = ", ".join(
        f"n° {numero} (ligne {ligne or 1})" for numero, ligne in nues[:FICHES_CITEES]
    )
    reste = len(nues) - FICHES_CITEES
    suite = f" et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else ""
    sujet = "Une fiche n’a" if len(nues) == 1 else f"{len(nues)} fiches n’ont"
    return [f"{sujet} pas de titre : {citees}{suite}. Donnez-le dans le document."]


def motifs_de_doublons(
    *,
    piliers: Iterable[tuple[str, int | None]],
    enjeux: Iterable[tuple[str, int | None]],
    fiches: Iterable[tuple[str, int | None]],
) -> list[str]:
    """Rend une phrase par titre de pilier, numéro d'enjeu ou de fiche déjà vu, avec sa ligne."""
    motifs = []
    for sorte, valeurs in (
        ("le pilier", piliers),
        ("l’enjeu n°", enjeux),
        ("la fiche n°", fiches),
    ):
        vus = set()
        for valeur, ligne in valeurs:
            cle = re.sub(r"\W+", " ", valeur).strip().lower()
            if cle in vus:
                motifs.append(f"Ligne {ligne or 1} : {sorte} {valeur} paraît une deuxième fois.")
            vus.add(cle)
    return motifs


# Ce que ces noms du contrat désignent, quel que soit le nom que porte l'organisme.
NATURE_DES_PARTENAIRES = {
    "agglomeration": Nature.EPCI,
    "communes": Nature.COMMUNE,
    "conseil departemental": Nature.DEPARTEMENT,
    "conseil regional": Nature.REGION,
    "conseils citoyens": Nature.CONSEIL_CITOYEN,
    "organismes de logement social": Nature.BAILLEUR,
}
# Des catégories où tout le monde entrerait : on ne propose rien.
CATEGORIES_SANS_BORD = frozenset(
    """associations entreprises ecoles etudiants habitants hopitaux salaries universites""".split()
)


@dataclass(frozen=True)
class NomDuContrat:
    """Un partenaire tel que le contrat l'écrit : les clés de ses noms, et de ce qui lui succède."""

    nom: str
    cles: frozenset[str]
    suite: str
    est_categorie: bool

    @cached_property
    def cle(self) -> str:
        return cle_de_tri(self.nom)

    @cached_property
    def sorte(self) -> frozenset[str]:
        """Rend les racines d'une catégorie qui dit une sorte d'organismes ; vide sinon."""
        est_bornee = self.est_categorie and self.cle not in CATEGORIES_SANS_BORD
        return frozenset(racines(self.cle)) if est_bornee else frozenset()


@dataclass(frozen=True)
class OrganismeConnu:
    """Un organisme qui peut tenir un partenaire : les clés de ses noms, et s'il agit ici."""

    nature: str
    cles: frozenset[str]
    agit_ici: bool
    agit_ailleurs: bool
    lieux: Container[str]

    @cached_property
    def cles_sans_lieu(self) -> frozenset[str]:
        """Rend ses noms moins le lieu qui les finit : la CAF du Val-de-Marne est une CAF."""
        return frozenset(
            " ".join(mots[:coupe])
            for mots in (cle.split() for cle in self.cles)
            for coupe in range(1, len(mots))
            if " ".join(m for m in mots[coupe:] if m not in MOTS_VIDES) in self.lieux
        )

    @cached_property
    def racines(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(racines(cle)) for cle in self.cles)


def raisons_de_rapprocher(partenaire: NomDuContrat, organisme: OrganismeConnu) -> list[str]:
    """Rend les raisons de proposer cet organisme pour ce partenaire ; vide s'il n'y en a pas.

    Un nom que l'organisme allonge d'autre chose qu'un lieu est un autre nom : le Conseil
    départemental de l'accès au droit n'est pas le Conseil départemental.
    """
    if organisme.agit_ailleurs:
        return []
    raisons = []
    if partenaire.cles & organisme.cles:
        raisons.append("L’organisme porte ce nom.")
    elif partenaire.cles & organisme.cles_sans_lieu:
        raisons.append("L’organisme porte ce nom, suivi d’un lieu.")
    if succede(partenaire, organisme):
        raisons.append("Le contrat le donne pour suite de ce partenaire.")
    nature = NATURE_DES_PARTENAIRES.get(partenaire.cle)
    sorte = partenaire.sorte
    # Une région est plus large que le territoire : aucune commune ne dit qu'elle y agit.
    if nature == organisme.nature and (organisme.agit_ici or nature == Nature.REGION):
        raisons.append(f"« {partenaire.nom} » désigne les organismes de cette nature, ici.")
    # Une nature connue décide seule : « Palier commun » n'est pas une commune.
    elif not nature and organisme.agit_ici and sorte and any(sorte <= r for r in organisme.racines):
        raisons.append(f"Son nom dit sa sorte, « {partenaire.nom} », et il agit ici.")
    return raisons


def succede(partenaire: NomDuContrat, organisme: OrganismeConnu) -> bool:
    """Dit si le contrat nomme cet organisme comme la suite du partenaire."""
    return partenaire.suite in organisme.cles


def motifs_empechant_le_rapprochement(
    *,
    partenaire: str,
    organisme: str,
    est_doublon: bool,
    depuis_le: date,
    jusqu_au: date | None,
    periodes: Iterable[tuple[date, date | None]],
) -> list[str]:
    """Rend les raisons de refuser ; `periodes` sont celles où cet organisme tient ce partenaire."""
    motifs = []
    if est_doublon:
        motifs.append(f"« {organisme} » est un doublon : prenez l’organisme auquel il est réuni.")
    if jusqu_au and jusqu_au < depuis_le:
        motifs.append("La fin ne peut pas précéder le début.")
    elif any(
        debut <= (jusqu_au or date.max) and depuis_le <= (fin or date.max)
        for debut, fin in periodes
    ):
        motifs.append(f"« {organisme} » tient déjà « {partenaire} » pendant cette période.")
    return motifs
