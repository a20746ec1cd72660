"""La loi des courriels : qui reçoit quoi et quand, quand réessayer, ce qui ne s'écrit pas."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from parvis.courriels.enums import Etat, Frequence, Sujet

PASSAGES: dict[str, tuple[str, ...]] = {
    Etat.A_ENVOYER: (Etat.EN_COURS, Etat.RESUME),
    Etat.EN_COURS: (Etat.ENVOYE, Etat.A_ENVOYER, Etat.ABANDONNE),
    Etat.ENVOYE: (),
    Etat.RESUME: (),
    Etat.ABANDONNE: (Etat.A_ENVOYER,),
}

# Plus long que le plus long des envois : un exécutant vivant ne se fait pas doubler.
DUREE_DU_BAIL = timedelta(minutes=5)
DELAIS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 8 * 60, 24 * 60)
)  # après le premier essai raté, le deuxième…
DUREE_DE_GARDE = timedelta(days=90)
LONGUEUR_DE_L_OBJET = 150
ADRESSE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class RegleDuSujet:
    """Ce qui vaut pour un sujet tant que l'adresse n'a rien choisi."""

    pourquoi: str
    frequence: Frequence
    est_desabonnable: bool
    # Un code ou une invitation ouvre un compte : le texte est effacé dès qu'il est parti.
    est_secret: bool = False


SUJETS: dict[str, RegleDuSujet] = {
    Sujet.SECURITE: RegleDuSujet(
        "cette adresse a été donnée sur ce site, et ce message sert à protéger un compte",
        Frequence.IMMEDIAT,
        est_desabonnable=False,
        est_secret=True,
    ),
    Sujet.INVITATION: RegleDuSujet(
        "quelqu’un a donné cette adresse pour vous inviter. Si vous n’attendez rien, "
        "laissez ce message sans réponse : votre adresse ne servira à rien d’autre",
        Frequence.IMMEDIAT,
        est_desabonnable=False,
        est_secret=True,
    ),
    Sujet.REPONSE: RegleDuSujet(
        "quelqu’un a décidé de votre rôle dans un organisme",
        Frequence.IMMEDIAT,
        est_desabonnable=False,
    ),
    Sujet.RATTACHEMENT: RegleDuSujet(
        "vous êtes membre d’un organisme, et quelqu’un y arrive, le quitte ou demande à y entrer",
        Frequence.QUOTIDIEN,
        est_desabonnable=True,
    ),
    Sujet.ORGANISME: RegleDuSujet(
        "vous êtes membre d’un organisme, et sa fiche a changé",
        Frequence.QUOTIDIEN,
        est_desabonnable=True,
    ),
    Sujet.APPEL: RegleDuSujet(
        "vous avez demandé à être prévenu des appels à projets d’un contrat de ville",
        Frequence.QUOTIDIEN,
        est_desabonnable=True,
    ),
    Sujet.DEPOT: RegleDuSujet(
        "vous écrivez des dossiers pour un organisme, et l’un d’eux a été déposé ou a reçu une suite",
        Frequence.IMMEDIAT,
        est_desabonnable=False,
    ),
    Sujet.RAPPEL: RegleDuSujet(
        "vous avez un brouillon dans un appel qui va fermer",
        Frequence.IMMEDIAT,
        est_desabonnable=True,
    ),
    Sujet.BILAN: RegleDuSujet(
        "votre organisme a un bilan à rendre",
        Frequence.IMMEDIAT,
        est_desabonnable=True,
    ),
    Sujet.DOSSIER: RegleDuSujet(
        "vous écrivez un dossier avec d’autres personnes",
        Frequence.QUOTIDIEN,
        est_desabonnable=True,
    ),
    Sujet.MESSAGE: RegleDuSujet(
        "on vous a écrit à propos d’un dossier déposé que vous suivez",
        Frequence.QUOTIDIEN,
        est_desabonnable=True,
    ),
    Sujet.PLATEFORME: RegleDuSujet(
        "vous conduisez un contrat ou tenez cette plateforme, et une décision vous attend",
        Frequence.IMMEDIAT,
        est_desabonnable=True,
    ),
    Sujet.RESUME: RegleDuSujet(
        "certaines nouvelles vous arrivent une fois par jour plutôt qu’une par une",
        Frequence.IMMEDIAT,
        est_desabonnable=False,
    ),
}


def peut_passer(depuis: str, vers: str) -> bool:
    """Dit si un courriel peut passer d'un état à l'autre."""
    return vers in PASSAGES[depuis]


def desabonnables(sujets: Iterable[str]) -> list[str]:
    """Rend ceux de ces sujets que l'on peut ne plus recevoir, dans l'ordre de la liste."""
    demandes = set(sujets)
    return [s for s, regle in SUJETS.items() if s in demandes and regle.est_desabonnable]


def est_une_adresse(texte: str) -> bool:
    """Dit si un serveur de courriel peut recevoir à cette adresse."""
    return len(texte) <= 254 and ADRESSE.fullmatch(texte) is not None


def motifs_empechant_le_depot(*, destinataire: str, sujet: str, objet: str) -> list[str]:
    """Rend toutes les raisons de refuser un courriel ; vide si rien ne s'oppose."""
    motifs = []
    if not est_une_adresse(destinataire):
        motifs.append(f"« {destinataire} » n’est pas une adresse de courriel.")
    if sujet not in SUJETS:
        motifs.append(f"Le sujet « {sujet} » n’existe pas.")
    if not nettoyer_objet(objet):
        motifs.append("Le courriel n’a pas d’objet.")
    return motifs


def motifs_empechant_le_choix(*, sujet: str, frequence: str) -> list[str]:
    """Rend toutes les raisons de refuser cette fréquence pour ce sujet ; vide si rien ne s'oppose."""
    if sujet not in SUJETS:
        return [f"Le sujet « {sujet} » n’existe pas."]
    if frequence not in set(Frequence):
        return [f"La fréquence « {frequence} » n’existe pas."]
    if not SUJETS[sujet].est_desabonnable:
        return [f"« {Sujet(sujet).label} » : ces messages ne se règlent pas."]
    return []


def nettoyer_objet(objet: str) -> str:
    """Rend l'objet en une ligne sans signe de commande, coupé s'il est trop long.

    Une fin de ligne dans un objet ajouterait un en-tête au courriel.
    """
    lisible = "".join(
        " " if unicodedata.category(signe) in ("Cc", "Cf", "Cs", "Zl", "Zp") else signe
        for signe in objet
    )
    # Pas split() : il changerait les espaces insécables.
    en_une_ligne = re.sub(" +", " ", lisible).strip()
    if len(en_une_ligne) <= LONGUEUR_DE_L_OBJET:
        return en_une_ligne
    return en_une_ligne[: LONGUEUR_DE_L_OBJET - 1].rstrip() + "…"


def nettoyer_texte(texte: str) -> str:
    """Rend le texte sans autre signe de commande que la fin de ligne."""
    lignes = texte.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        signe
        for signe in lignes
        if signe == "\n" or unicodedata.category(signe) not in ("Cc", "Cs")
    ).strip()


def prochain_essai(essais: int, maintenant: datetime) -> datetime | None:
    """Rend l'heure du prochain essai après ce nombre d'essais ratés ; rien quand c'est assez."""
    return maintenant + DELAIS[essais - 1] if essais <= len(DELAIS) else None


def est_definitif(code: int) -> bool:
    """Dit si cette réponse d'un serveur est un refus sur lequel il ne reviendra pas (RFC 5321, 4.2.1)."""
    return 500 <= code <= 599


def dernier_rendez_vous(maintenant: datetime, heure: time) -> datetime:
    """Rend l'instant où le dernier résumé devait partir ; `maintenant` est à l'heure du lieu."""
    du_jour = maintenant.replace(
        hour=heure.hour, minute=heure.minute, second=0, microsecond=0, fold=0
    )
    return du_jour if du_jour <= maintenant else du_jour - timedelta(days=1)


def masquer(adresse: str) -> str:
    """Rend une adresse que seul son titulaire reconnaît : « a•••@t•••.example »."""
    boite, _, domaine = adresse.partition("@")
    return f"{boite[:1]}•••@{domaine[:1]}•••.{domaine.rpartition('.')[2]}"
