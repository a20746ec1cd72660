"""Un acte en PDF et en Word, et l'aperçu d'un modèle sur une vraie demande."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.utils import timezone
from django.utils.text import slugify

from parvis.conventions.document.acte import (
    ActeAImprimer,
    ProjetDActe,
    VersementPrevu,
    en_donnees_a_imprimer,
)
from parvis.conventions.document.mot import ecrire_l_acte_en_word
from parvis.conventions.enums import SorteDActe, SorteDEcheance
from parvis.conventions.models import Acte, LigneDActe, MentionsDuService
from parvis.conventions.queries.actes import lignes_de
from parvis.conventions.queries.preparation import ActePropose
from parvis.conventions.queries.valeurs import autour_de, echeancier_de, pied_de, valeurs
from parvis.conventions.rules.champs import CHAMPS, remplir
from parvis.conventions.rules.choix import CONVENTIONS
from parvis.documents.queries import FichierAServir
from parvis.dossiers.enums import NatureDeDemande
from parvis.dossiers.models import Demande
from parvis.socle.typographie import composer_un_pdf

GABARIT = Path(__file__).parents[1] / "document" / "acte.typ"
_PDF = "application/pdf"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def a_imprimer(acte: Acte, lignes: list[LigneDActe]) -> ActeAImprimer:
    """Rend un acte tel qu'il s'imprime ; qui appelle a vérifié qui lit."""
    return ActeAImprimer(
        sorte=acte.get_sorte_display(),
        numero=acte.numero,
        contrat=acte.contrat.titre,
        objet=acte.objet,
        texte=acte.texte,
        pied=acte.pied,
        projets=[_projet(ligne.demande, ligne.montant) for ligne in lignes],
        versements=[
            VersementPrevu(e.get_sorte_display(), e.montant, e.prevue_le, e.condition)
            for e in acte.echeances.all()
        ],
        se_signe_a_deux=_se_signe_a_deux(acte),
    )


def _projet(demande: Demande, montant: Decimal) -> ProjetDActe:
    return ProjetDActe(
        demande.dossier.reference,
        demande.dossier.projet.titre,
        demande.ligne,
        montant,
        demande.nature == NatureDeDemande.NATURE,
    )


def _se_signe_a_deux(acte: Acte) -> bool:
    if acte.sorte == SorteDActe.AVENANT and acte.modifie is not None:
        return _se_signe_a_deux(acte.modifie)
    return acte.sorte in CONVENTIONS


def pdf_de(acte: Acte, date: datetime) -> bytes:
    """Rend le PDF d'un acte, à signer ; lève ImpressionImpossible."""
    return composer_un_pdf(GABARIT, en_donnees_a_imprimer(a_imprimer(acte, lignes_de(acte))), date)


def word_de(acte: Acte) -> FichierAServir:
    """Rend le même acte en Word, pour qui doit le reprendre à la main."""
    octets = mot_de(acte, lignes_de(acte))
    return FichierAServir(octets, _WORD, f"{nom_de_fichier(acte)}.docx")


def mot_de(acte: Acte, lignes: list[LigneDActe]) -> bytes:
    """Rend un acte en Word, ses lignes déjà lues."""
    return ecrire_l_acte_en_word(a_imprimer(acte, lignes), acte.prepare_le)


def nom_de_fichier(acte: Acte) -> str:
    """Rend le nom sous lequel un acte s'enregistre, sans extension."""
    return f"{acte.sorte}-{acte.numero}-{slugify(acte.titulaire.nom)[:50]}"


def apercu(
    propose: ActePropose, mentions: MentionsDuService, *, sorte: str, objet: str, corps: str
) -> FichierAServir:
    """Rend l'aperçu d'un texte sur un vrai acte : chaque page dit qu'il est sans valeur."""
    decision = propose.decision
    dites = valeurs(propose, mentions, autour_de([propose], decision), numero="aperçu")
    if sorte == SorteDActe.AVENANT:
        # Aucun acte n'est modifié ici : ces champs montrent leur exemple.
        du_modifie = ("acte_modifie", "montant_avant", "montant_apres")
        dites |= {nom: CHAMPS[nom].exemple for nom in du_modifie}
    dessine = ActeAImprimer(
        sorte=SorteDActe(sorte).label,
        numero="aperçu",
        contrat=decision.contrat.titre,
        objet=remplir(objet, dites),
        texte=remplir(corps, dites),
        pied=pied_de(mentions, dites),
        projets=[
            _projet(reponse.demande, propose.montants[reponse.pk]) for reponse in propose.reponses
        ],
        versements=[
            VersementPrevu(SorteDEcheance(e.sorte).label, e.montant, e.prevue_le, e.condition)
            for e in echeancier_de(propose, mentions)
        ],
        se_signe_a_deux=sorte in (*CONVENTIONS, SorteDActe.AVENANT),
        est_un_apercu=True,
    )  # fmt: skip
    octets = composer_un_pdf(GABARIT, en_donnees_a_imprimer(dessine), timezone.now())
    return FichierAServir(octets, _PDF, f"apercu-{sorte}.pdf")
