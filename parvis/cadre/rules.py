"""La loi du cadre : ce qui empêche de publier, le degré d'un partenaire, l'ordre des numéros."""

import re
from collections.abc import Iterable

BROUILLON = "brouillon"

# Un document coupé ou mal codé perdrait du texte en silence : on ne l'écrit pas.
CE_QUI_REMEDIE = {
    "document_tronque": "Donnez le document entier.",
    "encodage": "Enregistrez le document en UTF-8.",
}

# Premiers morceaux d'adresse que le site garde pour lui (parvis/accueil/urls.py).
CODES_RESERVES = frozenset(
    "accessibilite api composants demonstration desabonnement donnees-personnelles lexique "
    "mentions-legales sante static".split()
)


class Refus(Exception):
    """Une action est refusée ; porte tous les motifs, en phrases."""

    def __init__(self, motifs: Iterable[str]) -> None:
        self.motifs = list(motifs)
        super().__init__(" ".join(self.motifs))


def exiger(motifs: list[str]) -> None:
    """Lève Refus s'il y a au moins un motif."""
    if motifs:
        raise Refus(motifs)


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


def motifs_empechant_l_import(
    *, code_contrat: str, titre: str, debut: int | None, fin: int | None, nombre_de_fiches: int
) -> list[str]:
    """Rend toutes les raisons de refuser l'import d'un document lu ; vide si rien ne s'oppose."""
    motifs = []
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code_contrat) or len(code_contrat) > 80:
        motifs.append(
            f"Le code « {code_contrat} » ne convient pas : "
            "minuscules sans accents, chiffres et tirets, 80 signes au plus."
        )
    if code_contrat in CODES_RESERVES:
        motifs.append(f"Le code « {code_contrat} » est réservé aux pages du site.")
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
