"""Les avis d'un dossier : attendus, rendus, et ce que chacun en voit."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Information, Regard
from parvis.comptes.rules.regards import voit
from parvis.documents.models import Fichier
from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.rules.suivi import SUITES
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Avis, Consultation
from parvis.instruction.permissions import peut_consulter
from parvis.instruction.queries.dossiers import avis_du_titre, titre_sur
from parvis.instruction.rules.avis import dire_les_avis

# Qui a rendu un avis : un service qui finance, ou une consultation.
Emetteur = tuple[str, int]


@dataclass(frozen=True)
class MontantPropose:
    """Ce qu'un service propose pour l'une de ses demandes."""

    ligne: str
    montant: Decimal


@dataclass(frozen=True)
class AvisLu:
    """Un avis, sans ce que l'acteur n'a pas à voir : ce qui lui est caché n'y est pas."""

    avis: Avis
    propositions: list[MontantPropose] = field(default_factory=list)
    note_interne: str = ""
    est_du_service: bool = False
    # Les autres financeurs lisent ce que le service propose.
    est_partage: bool = False

    @property
    def total(self) -> Decimal | None:
        return (
            sum((p.montant for p in self.propositions), Decimal(0)) if self.propositions else None
        )


@dataclass(frozen=True)
class AvisAttendu:
    """De qui un avis est attendu, à quel titre, pour quand ; et l'avis s'il est rendu."""

    nom: str
    qualite: Qualite
    echeance_le: date | None = None
    question: str = ""
    consultation: Consultation | None = None
    rendu: AvisLu | None = None
    anciens: list[AvisLu] = field(default_factory=list)


@dataclass(frozen=True)
class AvisDuDossier:
    """Tous les avis d'un dossier, ceux qui manquent aussi."""

    attendus: list[AvisAttendu]

    @property
    def phrase(self) -> str:
        return dire_les_avis(len(self.attendus), sum(a.rendu is not None for a in self.attendus))


def avis_du_dossier(acteur: Acteur, dossier: Dossier) -> AvisDuDossier:
    """Rend les avis d'un dossier que l'acteur lit déjà, en un nombre fixe de requêtes.

    Un financeur et le pilote lisent tous les avis et leurs motifs ; un montant, quand son auteur le
    partage ; une note interne, dans son service seulement. Qui est consulté ne lit que son avis.
    """
    regard, sien = _regard(acteur, dossier)
    rendus: dict[Emetteur, list[AvisLu]] = defaultdict(list)
    attendus = dict(_attendus(dossier))
    avis = dossier.avis.select_related(
        "organisme__fusionne_dans", "version", "consultation"
    ).prefetch_related("fichiers", "propositions__demande")
    for un in avis:
        qui = _emetteur(un)
        if qui == sien or voit(Information.AVIS, regard):
            rendus[qui].append(_lu(un, Regard.SERVICE if qui == sien else regard))
            # Un avis rendu avant que la consultation soit close se lit toujours.
            attendus.setdefault(qui, AvisAttendu(_nom(un), Qualite(un.qualite)))
    return AvisDuDossier(
        [
            _completer(attendu, rendus[qui])
            for qui, attendu in attendus.items()
            if qui == sien or voit(Information.AVIS, regard)
        ]
    )


def avis_du_service(acteur: Acteur, dossier: Dossier) -> AvisLu | None:
    """Rend le dernier avis du service de l'acteur sur un dossier qu'il étudie ; rien s'il n'en a pas."""
    siens = avis_du_titre(acteur, dossier, titre_sur(acteur, dossier))
    dernier = (
        siens.select_related("organisme", "version")
        .prefetch_related("fichiers", "propositions__demande")
        .first()
    )
    return _lu(dernier, Regard.SERVICE) if dernier else None


def avis_publies(dossier: Dossier, repondus: Collection[int]) -> list[Avis]:
    """Rend les avis qu'un porteur lit, le dernier de chacun : ni fichier, ni montant, ni note n'en sort.

    `repondus` : les financeurs dont la réponse est publiée. Qui fut seulement consulté se lit quand
    plus aucun financeur n'a à répondre.
    """
    attend = dossier.demandes.filter(etat=EtatDeDemande.DEMANDEE).exists()
    derniers: dict[Emetteur, Avis] = {}
    for un in dossier.avis.select_related("organisme__fusionne_dans").defer("note_interne"):
        est_publie = not attend if un.consultation_id else un.organisme.retenu.pk in repondus
        if voit(Information.AVIS, Regard.PORTEUR, est_publiee=est_publie):
            derniers.setdefault(_emetteur(un), un)
    return list(derniers.values())


def fichier_d_avis(acteur: Acteur, dossier: Dossier, identifiant: str) -> Fichier:
    """Rend un fichier joint à un avis que l'acteur lit ; lève Fichier.DoesNotExist pour tout autre."""
    for attendu in avis_du_dossier(acteur, dossier).attendus:
        for lu in [*([attendu.rendu] if attendu.rendu else []), *attendu.anciens]:
            for fichier in lu.avis.fichiers.all():
                if str(fichier.identifiant) == str(identifiant):
                    return fichier
    raise Fichier.DoesNotExist


def _regard(acteur: Acteur, dossier: Dossier) -> tuple[Regard, Emetteur | None]:
    """Rend d'où l'acteur regarde ce dossier, et ce qui désigne ses propres avis.

    Un pilote prépare la séance : il lit ce que lisent les financeurs, et rien de plus.
    """
    if peut_consulter(acteur, dossier.appel.contrat.code):
        return Regard.COFINANCEUR, None
    titre = titre_sur(acteur, dossier)
    if titre.consultation:
        return Regard.CO_INSTRUCTEUR, ("consultation", titre.consultation.pk)
    assert acteur.organisme is not None
    return Regard.COFINANCEUR, ("financeur", acteur.organisme.pk)


def _emetteur(avis: Avis) -> Emetteur:
    if avis.consultation_id:
        return "consultation", avis.consultation_id
    return "financeur", avis.organisme.retenu.pk


def _lu(avis: Avis, regard: Regard) -> AvisLu:
    propositions = [
        MontantPropose(p.demande.ligne, p.montant)
        for p in avis.propositions.all()
        if voit(Information.MONTANT_PROPOSE, regard, est_partagee=_est_partagee(p.demande, avis))
    ]
    note = avis.note_interne if voit(Information.NOTE_INTERNE, regard) else ""
    est_partage = any(_est_partagee(p.demande, avis) for p in avis.propositions.all())
    return AvisLu(avis, propositions, note, regard == Regard.SERVICE, est_partage)


def _est_partagee(demande: Demande, avis: Avis) -> bool:
    """Dit si le montant de cet avis est partagé : un partage vaut pour le dernier, pas les anciens."""
    return demande.propose_partage_le is not None and demande.propose_le == avis.rendu_le


def _attendus(dossier: Dossier) -> Iterator[tuple[Emetteur, AvisAttendu]]:
    """Rend de qui un avis est attendu : les financeurs d'ici, puis ceux que l'on consulte."""
    ici = dossier.demandes.filter(guichet=Guichet.PLATEFORME, etat__in=SUITES)
    for demande in ici.select_related("financeur__fusionne_dans"):
        if demande.financeur:
            retenu = demande.financeur.retenu
            yield ("financeur", retenu.pk), AvisAttendu(str(retenu), Qualite.FINANCEUR)
    ouvertes = dossier.consultations.filter(close_le__isnull=True)
    for consultation in ouvertes.select_related("organisme__fusionne_dans"):
        yield (
            ("consultation", consultation.pk),
            AvisAttendu(
                consultation.nom,
                Qualite(consultation.qualite),
                consultation.echeance_le,
                consultation.question,
                consultation,
            ),
        )


def _completer(attendu: AvisAttendu, lus: Sequence[AvisLu]) -> AvisAttendu:
    return replace(attendu, rendu=lus[0], anciens=list(lus[1:])) if lus else attendu


def _nom(avis: Avis) -> str:
    return avis.rendu_par if avis.qualite == Qualite.EXPERT else str(avis.organisme.retenu)
