"""La loi des appels : leur état, ce qui empêche de les publier, ce qui manque à chaque section."""

from collections.abc import Collection, Sized
from dataclasses import dataclass
from datetime import date, datetime

from parvis.dossiers.enums import EtatDAppel, EtatDeVersion, SorteDeQuestion
from parvis.dossiers.rules.contenu_d_appel import ContenuDAppel, FinanceurLu, QuestionLue
from parvis.dossiers.rules.grille import manques_d_un_critere

PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDeVersion.BROUILLON: (EtatDeVersion.PUBLIEE,),
    EtatDeVersion.PUBLIEE: (),
}

# Les pages d'un appel, dans l'ordre où on les remplit.
SECTIONS = {
    "presentation": "Présentation et dates",
    "fiches": "Fiches",
    "financeurs": "Financeurs et leurs services",
    "pieces": "Pièces demandées",
    "questions": "Questions de l’appel",
    "grille": "Grille",
    "bilans": "Bilans en retard",
    "appeler": "Qui appeler",
}
CHOIX_AU_MOINS = 2
# Une réponse attend entre ces deux nombres de signes.
LONGUEURS = (10, 20_000)


@dataclass(frozen=True)
class Manque:
    """Ce qui empêche de publier, et la section où le corriger."""

    section: str
    phrase: str


def etat_de_l_appel(ouvre_le: datetime, ferme_le: datetime, maintenant: datetime) -> EtatDAppel:
    """Rend l'état d'un appel à cet instant ; la seconde de clôture compte encore."""
    if maintenant < ouvre_le:
        return EtatDAppel.A_VENIR
    return EtatDAppel.OUVERT if maintenant.replace(microsecond=0) <= ferme_le else EtatDAppel.CLOS


def etat_d_un_appel_d_ailleurs(
    ouvre_le: date | None, ferme_le: date | None, jour: date
) -> EtatDAppel:
    """Rend l'état d'un appel d'un autre organisme ; sans clôture, il reçoit toute l'année."""
    if ferme_le is not None and ferme_le < jour:
        return EtatDAppel.CLOS
    return EtatDAppel.A_VENIR if ouvre_le is not None and jour < ouvre_le else EtatDAppel.OUVERT


def delai(jours: int) -> str:
    """Rend un nombre de jours comme on le dit : « aujourd’hui », « demain », « dans 12 jours »."""
    if jours in (-1, 0, 1):
        return ("hier", "aujourd’hui", "demain")[jours + 1]
    return f"dans {jours} jours" if jours > 0 else f"il y a {-jours} jours"


def toute_la_minute(ferme_le: datetime) -> datetime:
    """Rend la clôture, à l'heure du lieu ; à 23 h 59, la minute entière compte : on lit « jusqu’au soir »."""
    fin_du_jour = (ferme_le.hour, ferme_le.minute) == (23, 59)
    return ferme_le.replace(second=59 if fin_du_jour else ferme_le.second, microsecond=0)


def glisser(instant: datetime, annees: int) -> datetime:
    """Rend le même jour à la même heure du lieu, tant d'années plus tard ; le 29 février recule d'un jour."""
    annee = instant.year + annees
    try:
        return instant.replace(year=annee)
    except ValueError:
        return instant.replace(year=annee, day=28)


def motifs_empechant_la_retouche(*, etat: str) -> list[str]:
    """Rend pourquoi une version ne se retouche pas ; vide si rien ne s'oppose."""
    if EtatDeVersion.PUBLIEE in PASSAGES.get(etat, ()):
        return []
    return ["Cette version est publiée : elle ne change plus. Préparez-en une nouvelle."]


def motifs_sur_les_dates(*, ouvre_le: datetime, ferme_le: datetime, exercice: int) -> list[str]:
    """Rend pourquoi ces dates ne conviennent pas à un appel ; vide si rien ne s'oppose."""
    motifs = []
    if ferme_le <= ouvre_le:
        motifs.append("L’appel ferme avant d’ouvrir : vérifiez les deux dates.")
    if abs(ferme_le.year - exercice) > 1:
        motifs.append(
            f"L’appel ferme en {ferme_le.year}, et l’exercice est {exercice} : l’un des deux est faux."
        )
    return motifs


def ce_qui_manque(
    contenu: ContenuDAppel,
    *,
    fiches_en_vigueur: Collection[str],
    maintenant: datetime,
    precedent: ContenuDAppel | None = None,
) -> list[Manque]:
    """Rend tout ce qui empêche de publier une version, section par section ; vide si rien.

    `fiches_en_vigueur` porte les numéros de l'édition courante ; `precedent` est la version que
    l'on lit déjà.
    """
    manques = [
        *_sur_la_presentation(contenu),
        *_sur_les_dates(contenu, maintenant, precedent),
        *_sur_les_fiches(contenu, fiches_en_vigueur),
    ]
    if not contenu.financeurs:
        manques.append(Manque("financeurs", "Choisissez au moins un financeur."))
    for financeur in contenu.financeurs:
        manques += [Manque("financeurs", m) for m in manques_d_un_financeur(financeur)]
    for question in contenu.questions:
        manques += [Manque("questions", m) for m in manques_d_une_question(question)]
    for critere in contenu.grille:
        manques += [Manque("grille", m) for m in manques_d_un_critere(critere)]
    qui = contenu.service
    absents = [
        nom
        for nom, valeur in (
            ("le service", qui.service),
            ("son adresse", qui.adresse_du_service),
            ("son téléphone", qui.telephone),
            ("ses horaires", qui.horaires),
        )
        if not valeur
    ]
    if absents:
        manques.append(Manque("appeler", f"Dites qui appeler : il manque {', '.join(absents)}."))
    return manques


def _sur_la_presentation(contenu: ContenuDAppel) -> list[Manque]:
    manques = []
    if not contenu.titre:
        manques.append(Manque("presentation", "Donnez un titre à l’appel."))
    if not contenu.presentation:
        phrase = "Présentez l’appel en quelques phrases : ce qu’il attend, pour qui."
        manques.append(Manque("presentation", phrase))
    return manques


def _sur_les_dates(
    contenu: ContenuDAppel, maintenant: datetime, precedent: ContenuDAppel | None
) -> list[Manque]:
    phrases = motifs_sur_les_dates(
        ouvre_le=contenu.ouvre_le, ferme_le=contenu.ferme_le, exercice=contenu.exercice
    )
    if precedent is None and contenu.ferme_le <= maintenant:
        phrases.append("La clôture est déjà passée : personne ne pourrait répondre.")
    elif precedent is not None:
        if contenu.ferme_le < maintenant and contenu.ferme_le != precedent.ferme_le:
            phrases.append("La clôture ne se ramène pas dans le passé.")
        if precedent.ouvre_le <= maintenant < contenu.ouvre_le:
            phrases.append("L’appel a déjà ouvert : son ouverture ne se repousse plus.")
    return [Manque("presentation", phrase) for phrase in phrases]


def _sur_les_fiches(contenu: ContenuDAppel, en_vigueur: Collection[str]) -> list[Manque]:
    if not contenu.fiches:
        return [Manque("fiches", "Choisissez au moins une fiche du contrat.")]
    return [
        Manque("fiches", f"La fiche {numero} n’est plus dans l’édition en vigueur : retirez-la.")
        for numero in contenu.fiches
        if numero not in en_vigueur
    ]


def manques_d_un_financeur(financeur: FinanceurLu) -> list[str]:
    """Rend ce qui manque au service d'un financeur, que le récépissé d'une demande nomme.

    Code des relations entre le public et l'administration, article R. 112-5.
    """
    if not financeur.recoit_ici:
        if financeur.portail:
            return []
        return [f"« {financeur.nom} » reçoit ailleurs : donnez l’adresse de son portail."]
    absents = [
        nom
        for nom, valeur in (
            ("le nom", financeur.service.service),
            ("l’adresse", financeur.service.adresse_du_service),
            ("le téléphone", financeur.service.telephone),
        )
        if not valeur
    ]
    if not absents:
        return []
    return [f"« {financeur.nom} » : il manque {', '.join(absents)} du service qui répond."]


def manques_d_une_question(question: QuestionLue) -> list[str]:
    """Rend ce qui manque à une question de l'appel."""
    if not question.texte:
        return ["Une question n’a pas de texte."]
    if question.sorte == SorteDeQuestion.CHOIX and len(question.choix) < CHOIX_AU_MOINS:
        return [f"« {question.texte} » : proposez au moins deux réponses."]
    return []


def motifs_empechant_la_publication(
    contenu: ContenuDAppel,
    *,
    etat: str,
    fiches_en_vigueur: Collection[str],
    maintenant: datetime,
    precedent: ContenuDAppel | None = None,
    changements: Collection[str] = (),
    ce_qui_change: str = "",
) -> list[str]:
    """Rend toutes les raisons de ne pas publier une version ; vide si rien ne s'oppose.

    Une nouvelle version dit toujours ce qu'elle change, avec les mots du pilote.
    """
    motifs = motifs_empechant_la_retouche(etat=etat) + [
        manque.phrase
        for manque in ce_qui_manque(
            contenu,
            fiches_en_vigueur=fiches_en_vigueur,
            maintenant=maintenant,
            precedent=precedent,
        )
    ]
    if precedent is not None and not changements:
        motifs.append(
            "Cette version ne change rien à celle que l’on lit : il n’y a rien à publier."
        )
    elif precedent is not None and not ce_qui_change.strip():
        motifs.append("Dites ce qui change : les porteurs le liront avant d’ouvrir leur dossier.")
    return motifs


def etat_de_section(
    section: str, contenu: ContenuDAppel, manques: Collection[Manque]
) -> tuple[str, str]:
    """Rend l'état d'une section : « fait », « attente » ou « vide », et la phrase qui le dit."""
    siens = sum(1 for manque in manques if manque.section == section)
    if siens:
        return "attente", "À compléter" if siens == 1 else f"{siens} choses à compléter"
    listes: dict[str, tuple[str, Sized]] = {
        "pieces": ("pièce", contenu.pieces),
        "questions": ("question", contenu.questions),
        "grille": ("critère", contenu.grille),
    }
    if section not in listes:
        return "fait", "Prêt"
    mot, lignes = listes[section]
    nombre = len(lignes)
    if not nombre:
        aucun = "Aucun" if section == "grille" else "Aucune"
        return "vide", f"{aucun}, et c’est possible"
    return "fait", f"{nombre} {mot}{'s' if nombre > 1 else ''}"
