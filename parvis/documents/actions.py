"""Recevoir, ranger et effacer un fichier.

Ce sont des morceaux d'un acte plus haut : ils ne notent rien au journal et ne regardent aucun droit.
La pièce propriétaire vérifie qui agit, puis note son acte, avec le nom et l'empreinte du fichier.
"""

import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.connecteurs import antivirus
from parvis.documents import reserve
from parvis.documents.controle import relire
from parvis.documents.enums import Sorte, Verdict
from parvis.documents.models import Fichier
from parvis.documents.rules.depot import DEBUT, motifs_empechant_le_depot, sorte_annoncee
from parvis.documents.rules.noms import nom_a_garder
from parvis.socle.refus import Refus, exiger

logger = logging.getLogger(__name__)

# Le temps de remettre une base restaurée en face de ses fichiers.
GARDE_DES_ORPHELINS = timedelta(days=7)


@dataclass(frozen=True)
class FichierControle:
    """Un fichier contrôlé, prêt à être rangé : ses octets sont ceux à garder."""

    nom: str
    sorte: Sorte
    octets: bytes
    verdict: Verdict
    controle_le: datetime | None = None

    @property
    def empreinte(self) -> str:
        """Rend la somme SHA-256 des octets à garder."""
        return hashlib.sha256(self.octets).hexdigest()


def controler(
    *, nom: str, octets: bytes, accepte: Collection[Sorte] | None = None
) -> FichierControle:
    """Contrôle un fichier reçu : nom, taille, contenu relu à part, antivirus. N'écrit rien.

    À appeler hors de toute transaction : c'est long (jusqu'à une minute). Lève Refus, avec tous les
    motifs que le nom et le début du fichier donnent, puis ceux de son contenu.
    """
    exiger(
        motifs_empechant_le_depot(
            nom=nom, taille=len(octets), debut=octets[:DEBUT], accepte=accepte
        )
    )
    sorte = sorte_annoncee(nom)
    assert sorte is not None, "une extension inconnue est un motif de refus"
    propres = relire(sorte.value, octets)
    # L'antivirus voit ce qui a été envoyé, avant qu'une image soit récrite.
    verdict, examine_le = _faire_examiner(octets)
    return FichierControle(nom_a_garder(nom), sorte, propres, verdict, examine_le)


@transaction.atomic
def ranger(*, par: Acteur, controle: FichierControle) -> Fichier:
    """Garde un fichier contrôlé, dans la transaction de l'acte appelant ; lève Refus si la place manque.

    Les octets s'écrivent avant la ligne : une ligne n'est jamais sans octets. Si l'acte échoue
    ensuite, ils sont des orphelins. Ne note rien au journal : c'est à la pièce propriétaire.
    """
    cle = reserve.deposer(controle.octets)
    try:
        return Fichier.objects.create(
            nom=controle.nom,
            sorte=controle.sorte,
            taille=len(controle.octets),
            empreinte=controle.empreinte,
            cle=cle,
            depose_le=timezone.now(),
            depose_par=par.utilisateur_nom,
            auteur=par.utilisateur_identifiant,
            verdict=controle.verdict,
            controle_le=controle.controle_le,
        )
    except Exception:
        reserve.retirer(cle)
        raise


def recevoir(
    *, par: Acteur, nom: str, octets: bytes, accepte: Collection[Sorte] | None = None
) -> Fichier:
    """Contrôle puis garde un fichier ; lève Refus. Ne note rien au journal : la pièce propriétaire le fait.

    Un acte qui écrit aussi autre chose appelle `controler` avant sa transaction, et `ranger` dedans.
    """
    controle = controler(nom=nom, octets=octets, accepte=accepte)
    return ranger(par=par, controle=controle)


@transaction.atomic
def effacer(*, par: Acteur, fichier: Fichier) -> Fichier:
    """Efface le nom et les octets d'un fichier ; sa ligne datée reste. Lève Refus s'il l'est déjà.

    La ligne garde la sorte, la taille, l'empreinte et les dates : un dossier peut dire qu'une pièce a
    été déposée, puis effacée. Les octets partent quand l'acte est fait. Ne note rien au journal.
    """
    a_jour = Fichier.objects.select_for_update().get(pk=fichier.pk)
    exiger(["Ce fichier est déjà effacé."] if a_jour.est_efface else [])
    cle = a_jour.cle
    a_jour.nom, a_jour.cle, a_jour.efface_le = "", "", timezone.now()
    a_jour.save(update_fields=["nom", "cle", "efface_le"])
    transaction.on_commit(partial(reserve.retirer, cle), robust=True)
    return a_jour


def oublier_les_orphelins() -> int:
    """Retire de la réserve ce qu'aucune ligne ne nomme, passé une semaine ; rend leur nombre."""
    limite, nombre = timezone.now() - GARDE_DES_ORPHELINS, 0
    for cles in reserve.cles_par_tiroir():
        # Les lignes se lisent après les octets : un dépôt en cours n'est pas pris pour un orphelin.
        connues = set(Fichier.objects.filter(cle__in=cles).values_list("cle", flat=True))
        for cle in cles:
            if cle not in connues and reserve.est_plus_ancien(cle, limite):
                reserve.retirer(cle)
                nombre += 1
    if nombre:
        logger.info("fichiers orphelins retirés", extra={"nombre": nombre})
    return nombre


def _faire_examiner(octets: bytes) -> tuple[Verdict, datetime | None]:
    """Rend le verdict de l'antivirus et sa date ; lève Refus s'il trouve quelque chose ou ne répond pas."""
    if not antivirus.est_regle():
        return Verdict.NON_CONTROLE, None
    try:
        verdict = antivirus.examiner(octets)
    except antivirus.AntivirusIndisponible as panne:
        raise Refus([str(panne)]) from None
    if not verdict.est_sain:
        logger.warning("fichier infecté refusé", extra={"menace": verdict.menace})
        raise Refus(
            [
                f"L’antivirus a trouvé « {verdict.menace} » dans ce fichier : il n’est pas gardé. "
                "Ne l’ouvrez plus, et faites vérifier l’ordinateur ou la clé d’où il vient."
            ]
        )
    return Verdict.SAIN, timezone.now()
