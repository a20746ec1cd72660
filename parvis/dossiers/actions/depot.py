"""Signer, déposer, retirer : les actes qui engagent le porteur."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.queries.membres import membres_confirmes
from parvis.comptes.rules.roles import ECRIVENT
from parvis.courriels.actions import deposer as deposer_un_courriel
from parvis.courriels.enums import Sujet
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.projections import titrer_le_projet
from parvis.dossiers.actions.sections import tenir_le_dossier
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.models import Attestation, Dossier, VersionDeposee
from parvis.dossiers.permissions import peut_deposer_le_dossier
from parvis.dossiers.queries.a_part import empreinte_du_dossier
from parvis.dossiers.queries.controle import controler
from parvis.dossiers.queries.depot import contenu_a_deposer, recepisses_a_donner
from parvis.dossiers.queries.dossiers import ecritures, version_courante
from parvis.dossiers.rules.attestations import (
    TexteDAttestation,
    motifs_empechant_la_signature,
)
from parvis.dossiers.rules.depot import (
    MOTIF_AU_PLUS,
    Motif,
    motif_de_l_heure,
    motifs_sur_le_retrait,
)
from parvis.dossiers.rules.dossiers import motifs_empechant_d_ecrire, motifs_empechant_le_passage
from parvis.socle.refus import Refus, exiger
from parvis.socle.templatetags.socle import a_la_seconde
from parvis.socle.texte import en_une_ligne


class DepotRefuse(Refus):
    """Le dossier ne se dépose pas encore ; porte chaque motif, et la section où y répondre."""

    def __init__(self, motifs: list[Motif]) -> None:
        self.empechements = motifs
        super().__init__(motif.en_entier for motif in motifs)


def _tenir_pour_signer(par: Acteur, dossier: Dossier) -> Dossier:
    tenu = tenir_le_dossier(par, dossier)
    if not peut_deposer_le_dossier(par, tenu.projet):
        raise Dossier.DoesNotExist
    return tenu


@transaction.atomic
def signer_les_attestations(
    *,
    par: Acteur,
    dossier: Dossier,
    textes: Iterable[TexteDAttestation],
    fonction: str,
    precisions: Mapping[str, str],
    maintenant: datetime | None = None,
) -> list[Attestation]:
    """Signe plusieurs attestations d'un geste, toutes ou aucune ; `precisions` va par code.

    Lève Dossier.DoesNotExist à qui ne signe pas pour ce porteur, Refus sinon.
    """
    textes, fonction = list(textes), en_une_ligne(fonction)[:200]
    dossier = _tenir_pour_signer(par, dossier)
    exiger(motifs_empechant_d_ecrire(etat=dossier.etat))
    motifs = [
        motif
        for texte in textes
        for motif in motifs_empechant_la_signature(
            texte, precision=precisions.get(texte.code, ""), fonction=fonction
        )
    ]
    exiger(list(dict.fromkeys(motifs)) if textes else ["Choisissez au moins une attestation."])
    deja = {attestation.code: attestation.pk for attestation in dossier.attestations.all()}
    empreinte, maintenant = empreinte_du_dossier(dossier), maintenant or timezone.now()
    signees = [
        Attestation(
            pk=deja.get(texte.code),
            dossier=dossier,
            code=texte.code,
            version=texte.version,
            precision=precisions.get(texte.code, "") if texte.precisions else "",
            empreinte=empreinte,
            signee_le=maintenant,
            signataire=par.utilisateur_identifiant,
            signee_par=par.utilisateur_nom,
            fonction=fonction,
        )
        for texte in textes
    ]
    for signee in signees:
        signee.save(force_insert=signee.pk is None, force_update=signee.pk is not None)
    for texte in textes:
        details = {"attestation": texte.titre}
        noter_le_dossier(par, "dossiers.signer_une_attestation", dossier, details)
    return signees


def deposer_le_dossier(*, par: Acteur, dossier: Dossier, recu_le: datetime) -> VersionDeposee:
    """Dépose un dossier reçu à cet instant ; le déposer deux fois ne le dépose qu'une.

    Lève DepotRefuse avec tous les motifs. Un dépôt reçu trop tard laisse sa trace au journal, et
    son brouillon intact.
    """
    retard = _motifs_de_l_heure(par, dossier, recu_le)
    if retard and _noter_le_retard(par, dossier, recu_le):
        raise DepotRefuse(retard)
    return _deposer(par=par, dossier=dossier, recu_le=recu_le)


@transaction.atomic
def _noter_le_retard(par: Acteur, dossier: Dossier, recu_le: datetime) -> bool:
    """Note un dépôt reçu hors délai, s'il en est un : le dossier peut avoir été déposé à l'heure."""
    tenu = tenir_le_dossier(par, dossier)
    if not tenu.est_un_brouillon:
        return False
    if peut_deposer_le_dossier(par, tenu.projet):
        details = {"recu_le": a_la_seconde(recu_le)}
        noter_le_dossier(par, "dossiers.refuser_un_retard", tenu, details)
    return True


def _motifs_de_l_heure(par: Acteur, dossier: Dossier, recu_le: datetime) -> list[Motif]:
    """Rend le refus d'un dépôt hors délai : c'est la dernière version de l'appel qui dit l'heure."""
    version = version_courante(par, dossier.appel)
    return motif_de_l_heure(
        ouvre_le=version.ouvre_le,
        ferme_le=version.ferme_le,
        recu_le=recu_le,
        ferme=a_la_seconde(version.ferme_le),
        recu=a_la_seconde(recu_le),
    )


@transaction.atomic
def _deposer(*, par: Acteur, dossier: Dossier, recu_le: datetime) -> VersionDeposee:
    dossier = tenir_le_dossier(par, dossier)
    if not dossier.est_un_brouillon:
        return dossier.versions_deposees.earliest("numero")
    exiger(motifs_empechant_le_passage(dossier.etat, EtatDeDossier.DEPOSE))
    empechements = controler(par, dossier, maintenant=recu_le).motifs
    if empechements:
        raise DepotRefuse(empechements)
    noter_le_dossier(
        par, "dossiers.deposer_le_dossier", dossier, {"recu_le": a_la_seconde(recu_le)}
    )
    # La chaîne du journal, prise à l'instant, fait passer les dépôts d'un contrat l'un après l'autre.
    serie = Dossier.objects.filter(appel__contrat=dossier.appel.contrat, exercice=dossier.exercice)
    dernier = serie.aggregate(dernier=Max("numero"))["dernier"] or 0
    dossier.etat, dossier.numero = EtatDeDossier.DEPOSE, dernier + 1
    dossier.depose_le, dossier.depose_par = recu_le, par.utilisateur_nom
    dossier.save(update_fields=["etat", "numero", "depose_le", "depose_par"])
    dossier.demandes.update(etat=EtatDeDemande.DEMANDEE, demande_le=recu_le)
    if ecrite := ecritures(dossier).get("projet"):
        titrer_le_projet(dossier, ecrite.valeur)
    recepisses = recepisses_a_donner(dossier, recu_le)
    version = figer_le_dossier(par, dossier, recu_le, {"recepisses": recepisses})
    accuser_reception(dossier, recepisses)
    return version


def figer_le_dossier(
    par: Acteur, dossier: Dossier, instant: datetime, en_plus: Mapping[str, Any] | None = None
) -> VersionDeposee:
    """Garde à jamais ce que dit un dossier verrouillé, ses fichiers compris ; un morceau d'un acte."""
    dernier = dossier.versions_deposees.aggregate(dernier=Max("numero"))["dernier"] or 0
    version = VersionDeposee.objects.create(
        dossier=dossier,
        numero=dernier + 1,
        contenu=contenu_a_deposer(dossier) | dict(en_plus or {}),
        empreinte=empreinte_du_dossier(dossier),
        deposee_le=instant,
        auteur=par.utilisateur_identifiant,
        deposee_par=par.utilisateur_nom,
    )
    version.fichiers.set(dossier.pieces.values_list("fichier", flat=True))
    return version


def accuser_reception(dossier: Dossier, recepisses: Iterable[Mapping[str, Any]]) -> None:
    """Écrit à qui porte le dossier, un récépissé par financeur ; un morceau d'un acte."""
    chemin = reverse("espace_porteur:recepisses", args=[dossier.appel.contrat.code, dossier.pk])
    adresses = adresses_de_qui_porte(dossier)
    for recu in recepisses:
        lien = f"Récépissé à garder : {settings.ADRESSE}{chemin}"
        for adresse in adresses:
            deposer_un_courriel(
                destinataire=adresse,
                sujet=Sujet.DEPOT,
                objet=f"Récépissé {dossier.reference} : {recu['nom']}",
                texte="\n\n".join([*recu["paragraphes"], lien]),
            )


def adresses_de_qui_porte(dossier: Dossier, roles: Collection[str] = ECRIVENT) -> list[str]:
    """Rend l'adresse de chaque membre confirmé du porteur, et de qui reçoit l'argent pour lui."""
    jour, projet = timezone.localdate(), dossier.projet
    organismes = filter(None, [projet.porteur, projet.structure_porteuse])
    return sorted(
        {
            membre.utilisateur.courriel
            for organisme in organismes
            for membre in membres_confirmes(organisme, jour=jour).filter(role__in=roles)
        }
    )


@transaction.atomic
def retirer_le_dossier(
    *, par: Acteur, dossier: Dossier, motif: str, maintenant: datetime | None = None
) -> Dossier:
    """Retire un dossier déposé, et les demandes que nul n'a encore tranchées ; lève Refus."""
    dossier = _tenir_pour_signer(par, dossier)
    motif = motif.strip()[:MOTIF_AU_PLUS]
    exiger(
        [
            *motifs_empechant_le_passage(dossier.etat, EtatDeDossier.RETIRE),
            *motifs_sur_le_retrait(motif),
        ]
    )
    dossier.etat, dossier.motif = EtatDeDossier.RETIRE, motif
    dossier.tranche_le, dossier.tranche_par = maintenant or timezone.now(), par.utilisateur_nom
    dossier.save(update_fields=["etat", "motif", "tranche_le", "tranche_par"])
    dossier.demandes.filter(etat=EtatDeDemande.DEMANDEE, guichet=Guichet.PLATEFORME).update(
        etat=EtatDeDemande.RETIREE
    )
    noter_le_dossier(par, "dossiers.retirer_le_dossier", dossier, {"motif": motif})
    chemin = reverse("espace_porteur:recepisses", args=[dossier.appel.contrat.code, dossier.pk])
    for adresse in adresses_de_qui_porte(dossier):
        deposer_un_courriel(
            destinataire=adresse,
            sujet=Sujet.DEPOT,
            objet=f"Dossier {dossier.reference} retiré",
            texte=f"{par.utilisateur_nom} a retiré le dossier {dossier.reference}, "
            f"« {dossier.projet.titre} ». Motif : {motif}\n\nCe qui avait été déposé se lit "
            f"encore : {settings.ADRESSE}{chemin}",
        )
    return dossier
