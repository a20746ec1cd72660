"""La loi du dépôt : tout ce qui l'empêche, tout ce qui avertit, et l'heure qui compte."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from parvis.dossiers.enums import EchelleDeProjet, EtatDAppel, Guichet
from parvis.dossiers.rules.appels import etat_de_l_appel
from parvis.dossiers.rules.attestations import est_la_meme_personne
from parvis.organismes.enums import Nature

# Ce qui fonde ce que chaque section demande, quand un motif ne le dit pas lui-même.
REFERENCES = {
    "organisation": "CERFA n° 12156, identité de l’organisme",
    "projet": "CERFA n° 12156, description du projet",
    "fiches": "Loi n° 2014-173, article 6 : ce que finance un contrat de ville",
    "publics": "CERFA n° 12156, personnes concernées",
    "lieux": "Loi n° 2014-173, articles 5 et 6 : où un contrat de ville s’applique",
    "calendrier": "CERFA n° 12156, dates du projet",
    "moyens": "CERFA n° 12156, moyens matériels et humains",
    "partenaires": "CERFA n° 12156, partenaires",
    "droit_commun": "Loi n° 2014-173, article 1er : le droit commun d’abord",
    "indicateurs": "CERFA n° 12156, évaluation",
    "budget": "CERFA n° 12156, budget du projet",
    "questions": "Ce que demande l’appel",
    "pieces": "Les pièces que demande l’appel",
    "attestations": "CERFA n° 12156, attestations",
}


_DU_POUVOIR = "CERFA n° 12156, attestations : le pouvoir donné par le représentant légal"
MOTIF_AU_PLUS = 2000
FICHIERS_PAR_PIECE = 10


@dataclass(frozen=True)
class Motif:
    """Une raison, la section où y répondre, le champ s'il y en a un, et le droit qui la fonde."""

    section: str
    phrase: str
    champ: str = ""
    reference: str = ""
    # Le nom de la section, pour dire le motif hors de sa page.
    titre: str = ""
    # Le dossier dont le bilan manque : c'est là qu'on y répond.
    bilan_du: int = 0

    @property
    def en_entier(self) -> str:
        """Rend la raison précédée du nom de sa section : « Le budget : … »."""
        return f"{self.titre} : {self.phrase}" if self.titre else self.phrase


@dataclass(frozen=True)
class DemandeLue:
    """Ce qu'une demande dit d'elle-même, sans la base."""

    financeur: int | None
    nom: str
    guichet: str
    saisie: str
    a_un_montant: bool
    montant_nul: bool = False


@dataclass(frozen=True)
class PieceVoulue:
    """Une pièce que l'appel demande à ce porteur."""

    cle: str
    libelle: str
    est_obligatoire: bool


def motifs_des_fiches(choisies: Collection[str], de_l_appel: Collection[str]) -> list[Motif]:
    """Rend ce qui manque au choix des fiches."""
    if not choisies:
        return [Motif("fiches", "Choisissez au moins une fiche du contrat.")]
    etrangeres = sorted(set(choisies) - set(de_l_appel))
    if etrangeres:
        noms = ", ".join(etrangeres)
        return [
            Motif("fiches", f"Cet appel ne porte pas sur : {noms}. Choisissez d’autres fiches.")
        ]
    return []


def motifs_des_lieux(
    echelle: str, communes: Collection[str], quartiers: Collection[str], hors_contrat: Iterable[str]
) -> list[Motif]:
    """Rend ce qui manque aux lieux ; `hors_contrat` nomme ceux que le contrat ne couvre pas."""
    motifs = [
        Motif("lieux", f"{nom} n’est pas dans le territoire de ce contrat.") for nom in hors_contrat
    ]
    if echelle not in EchelleDeProjet.values:
        motifs.append(Motif("lieux", "Dites où le projet se passe."))
    elif echelle == EchelleDeProjet.COMMUNES and not communes:
        motifs.append(Motif("lieux", "Choisissez au moins une commune."))
    elif echelle == EchelleDeProjet.QUARTIERS and not quartiers:
        motifs.append(Motif("lieux", "Choisissez au moins un quartier."))
    return motifs


def motifs_des_demandes(
    demandes: Collection[DemandeLue], de_l_appel: Collection[int]
) -> list[Motif]:
    """Rend ce qui manque aux demandes : un montant lisible, un financeur de l'appel."""
    if not any(d.guichet == Guichet.PLATEFORME for d in demandes):
        return [Motif("budget", "Demandez quelque chose à au moins un financeur de cet appel.")]
    motifs = []
    for demande in demandes:
        if not demande.a_un_montant:
            dit = f" : « {demande.saisie} » ne se calcule pas" if demande.saisie else ""
            motifs.append(Motif("budget", f"{demande.nom} : dites combien vous demandez{dit}."))
        elif demande.montant_nul:
            motifs.append(Motif("budget", f"{demande.nom} : le montant demandé est nul."))
        if demande.guichet == Guichet.PLATEFORME and demande.financeur not in de_l_appel:
            motifs.append(
                Motif(
                    "budget",
                    f"{demande.nom} ne reçoit pas de demande par cet appel : dites-la faite ailleurs.",
                )
            )
    return motifs


def motifs_des_pieces(
    voulues: Iterable[PieceVoulue], validites: Mapping[str, Collection[date | None]], jour: date
) -> list[Motif]:
    """Rend les pièces qui manquent ou ne valent plus ; `validites` donne la fin de chaque fichier."""
    motifs = []
    for piece in voulues:
        fins = validites.get(piece.cle, ())
        if not piece.est_obligatoire:
            continue
        if not fins:
            motifs.append(Motif("pieces", f"Il manque : {piece.libelle}.", piece.cle))
        elif _ne_vaut_plus(fins, jour):
            motifs.append(_perimee(piece))
    return motifs


def avertissements_des_pieces(
    voulues: Iterable[PieceVoulue], validites: Mapping[str, Collection[date | None]], jour: date
) -> list[Motif]:
    """Rend les pièces facultatives dont aucun fichier ne vaut plus."""
    return [
        _perimee(piece)
        for piece in voulues
        if not piece.est_obligatoire and _ne_vaut_plus(validites.get(piece.cle, ()), jour)
    ]


def avertissements_du_pouvoir(
    *, representant: str, signataires: Iterable[str], piece: str, est_joint: bool
) -> list[Motif]:
    """Rend le pouvoir à joindre quand qui signe n'est pas le représentant légal écrit.

    `piece` est la clé du pouvoir que l'appel demande, vide s'il n'en demande pas.
    """
    autres = [nom for nom in signataires if not est_la_meme_personne(nom, representant)]
    if est_joint or not autres or not representant.strip():
        return []
    signent = f"{' et '.join(autres)} {'signent' if len(autres) > 1 else 'signe'}"
    dit = f"{signent}, et le représentant légal écrit est {representant.strip()}"
    if piece:
        return [Motif("pieces", f"{dit} : joignez le pouvoir de signer.", piece, _DU_POUVOIR)]
    return [
        Motif(
            "organisation",
            f"{dit} : corrigez ce nom, ou gardez le pouvoir de signer, qui pourra être demandé.",
            "representant",
            _DU_POUVOIR,
        )
    ]


def _ne_vaut_plus(fins: Collection[date | None], jour: date) -> bool:
    return bool(fins) and all(fin is not None and fin < jour for fin in fins)


def _perimee(piece: PieceVoulue) -> Motif:
    return Motif("pieces", f"{piece.libelle} : ce qui est joint ne vaut plus.", piece.cle)


def motifs_du_porteur(
    *, nature: str, a_une_porteuse: bool, est_fini: bool, est_confirme: bool, depose: bool
) -> list[Motif]:
    """Rend ce qui empêche cet organisme, ou cette personne, de déposer."""
    motifs = []
    if nature == Nature.COLLECTIF and not a_une_porteuse:
        motifs.append(
            Motif(
                "organisation",
                "Un collectif sans personnalité morale ne reçoit pas de subvention : "
                "nommez l’organisme qui la recevra pour lui.",
                reference="Loi n° 2000-321, article 9-1",
            )
        )
    if est_fini:
        motifs.append(Motif("organisation", "Cet organisme a pris fin : un autre doit déposer."))
    if not est_confirme:
        motifs.append(
            Motif("", "Votre rôle dans l’organisme attend d’être confirmé : demandez-le d’abord.")
        )
    elif not depose:
        motifs.append(
            Motif("", "Un gestionnaire ou un signataire de l’organisme dépose : prévenez-le.")
        )
    return motifs


def motif_de_l_heure(
    *, ouvre_le: datetime, ferme_le: datetime, recu_le: datetime, ferme: str, recu: str
) -> list[Motif]:
    """Rend le refus d'un dépôt hors délai ; `ferme` et `recu` sont les deux heures, en clair."""
    etat = etat_de_l_appel(ouvre_le, ferme_le, recu_le)
    if etat == EtatDAppel.A_VENIR:
        return [Motif("", "Cet appel n’est pas encore ouvert.")]
    if etat == EtatDAppel.CLOS:
        return [Motif("", f"Reçu {recu}. L’appel a fermé {ferme} : le dossier n’est pas déposé.")]
    return []


def motifs_sur_le_retrait(motif: str) -> list[str]:
    """Rend pourquoi ce motif ne suffit pas à retirer un dossier."""
    if any(signe.isalnum() for signe in motif):
        return []
    return ["Dites pourquoi vous retirez ce dossier : les financeurs le liront."]


def temps_restant(ferme_le: datetime, maintenant: datetime) -> str:
    """Rend le temps qui reste avant la clôture, de plus en plus fin ; vide s'il n'y en a plus."""
    secondes = int((ferme_le - maintenant).total_seconds())
    if secondes < 0:
        return ""
    jours, reste = divmod(secondes, 24 * 3600)
    heures, minutes, dernieres = reste // 3600, reste % 3600 // 60, reste % 60
    if jours >= 2:
        return f"{jours} jours"
    if jours or heures:
        return f"{24 * jours + heures} h {minutes:02d} min"
    return f"{minutes} min {dernieres:02d} s"


def avertissements_du_dossier(
    *,
    debut: date | None,
    fin: date | None,
    exercices: range,
    siret: str,
    part_quartiers: int | None,
    a_un_compte: bool,
) -> list[Motif]:
    """Rend ce qui mérite un regard et n'empêche pas de déposer."""
    dits = []
    if not siret:
        dits.append(
            Motif(
                "organisation",
                "Sans numéro Siret, une subvention accordée ne pourra pas être versée : "
                "demandez-le à l’Insee, c’est gratuit.",
            )
        )
    if not a_un_compte:
        dits.append(
            Motif(
                "pieces",
                "Sans IBAN, une subvention accordée ne pourra pas être versée. Un gestionnaire ou "
                "un signataire le donne, près du relevé d’identité bancaire.",
                "iban",
                "Sans lui, rien ne se verse",
            )
        )
    if debut and fin and (debut.year > exercices[-1] or fin.year < exercices[0]):
        dits.append(
            Motif(
                "calendrier", f"Le projet se passe hors de l’exercice {exercices[0]}.", "debut_le"
            )
        )
    if part_quartiers is not None and part_quartiers < 50:
        dits.append(
            Motif(
                "publics",
                "Moins d’une personne sur deux habite un quartier prioritaire : "
                "dites pourquoi dans la description.",
                "part_quartiers",
            )
        )
    return dits
