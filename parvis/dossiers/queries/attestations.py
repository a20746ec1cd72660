"""Les attestations d'un dossier : leur texte, qui les a signées, et si elles valent encore."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Rattachement
from parvis.comptes.queries.membres import membres_confirmes
from parvis.comptes.rules.roles import DEPOSENT
from parvis.dossiers.enums import EtatDeSection
from parvis.dossiers.models import Attestation, Dossier, EcritureDeSection
from parvis.dossiers.queries.a_part import avertissements_du_pouvoir, empreinte_du_dossier
from parvis.dossiers.queries.dossiers import ecritures
from parvis.dossiers.rules.attestations import (
    TexteDAttestation,
    attestations_a_signer,
    attestations_du_porteur,
)
from parvis.dossiers.rules.depot import Motif


@dataclass(frozen=True)
class AttestationLue:
    """Une attestation : son texte, sa signature s'il y en a une, et pourquoi elle ne vaut pas."""

    texte: TexteDAttestation
    signee: Attestation | None
    pourquoi: str

    @property
    def vaut(self) -> bool:
        return not self.pourquoi

    @property
    def etat(self) -> EtatDeSection:
        """Rend où en est l'attestation, dans les mots d'une section."""
        if self.vaut:
            return EtatDeSection.COMPLETE
        return EtatDeSection.A_CORRIGER if self.signee else EtatDeSection.VIDE

    @property
    def precision(self) -> str:
        """Rend la réponse choisie en signant, en clair."""
        return dict(self.texte.precisions).get(self.signee.precision, "") if self.signee else ""


def attestations(
    acteur: Acteur, dossier: Dossier, ecrites: Mapping[str, EcritureDeSection] | None = None
) -> list[AttestationLue]:
    """Rend les attestations que ce porteur doit signer, en trois requêtes au plus."""
    nature = dossier.projet.porteur.retenu.nature
    # Ce que la page dit ensuite d'elles et des pièces se sert de ce qui est chargé ici.
    prefetch_related_objects([dossier], "attestations", "pieces")
    signees = {a.code: a for a in dossier.attestations.all()}
    dites = {code: (a.version, a.empreinte) for code, a in signees.items()}
    empreinte = empreinte_du_dossier(dossier, ecrites)
    manquent = {
        texte.code: pourquoi for texte, pourquoi in attestations_a_signer(nature, dites, empreinte)
    }
    return [
        AttestationLue(texte, signees.get(texte.code), manquent.get(texte.code, ""))
        for texte in attestations_du_porteur(nature)
    ]


def qui_signe(acteur: Acteur, dossier: Dossier) -> list[Rattachement]:
    """Rend les membres confirmés du porteur qui signent et déposent : ceux que l'on prévient."""
    projet, jour = dossier.projet, timezone.localdate()
    organismes = filter(None, [projet.porteur, projet.structure_porteuse])
    return [
        membre
        for organisme in organismes
        for membre in membres_confirmes(organisme, jour=jour).filter(role__in=DEPOSENT)
    ]


def pouvoir_a_joindre(
    acteur: Acteur,
    dossier: Dossier,
    *,
    va_signer: bool,
    ecrites: Mapping[str, EcritureDeSection] | None = None,
) -> list[Motif]:
    """Rend le pouvoir à joindre si qui a signé, ou qui va signer, n'est pas le représentant légal."""
    signe = acteur.utilisateur_nom if va_signer else ""
    ecrites = ecritures(dossier) if ecrites is None else ecrites
    return avertissements_du_pouvoir(dossier, ecrites, signe)


def derniere_fonction(acteur: Acteur, dossier: Dossier) -> str:
    """Rend la fonction que cette personne a dite en signant la dernière fois pour ce porteur."""
    siennes = Attestation.objects.filter(
        dossier__projet__porteur=dossier.projet.porteur_id,
        signataire=acteur.utilisateur_identifiant,
    )
    derniere = siennes.order_by("-signee_le").first() if acteur.utilisateur else None
    return derniere.fonction if derniere else ""
