"""Ce qui a été déposé : le contenu figé, et le récépissé de chaque financeur."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from parvis.comptes.acteur import Acteur
from parvis.documents.models import Fichier
from parvis.documents.queries import FichierAServir
from parvis.dossiers.enums import Guichet
from parvis.dossiers.models import Attestation, Demande, Dossier, FinanceurDAppel, VersionDeposee
from parvis.dossiers.permissions import peut_lire_la_piece
from parvis.dossiers.queries.delais import silence_de_la_demande
from parvis.dossiers.queries.dossiers import ecritures, sections
from parvis.dossiers.queries.taches import reperes
from parvis.dossiers.rules.attestations import ATTESTATIONS
from parvis.dossiers.rules.compte_bancaire import est_bancaire
from parvis.dossiers.rules.comptes import plan_de_comptes
from parvis.dossiers.rules.recepisse import MOIS_DE_SILENCE, apres_des_mois, recepisse
from parvis.dossiers.sections.budget_imprime import noms_des_financeurs
from parvis.dossiers.sections.figee import figer
from parvis.organismes.models import Organisme
from parvis.socle.montants import ecrire_montant
from parvis.socle.templatetags.socle import a_la_seconde, jour, typo
from parvis.socle.typographie import composer_un_pdf, visible

GABARIT = Path(__file__).parents[1] / "recepisse.typ"


def contenu_a_deposer(dossier: Dossier) -> dict[str, Any]:
    """Rend tout ce que dit un dossier au moment du dépôt, tel qu'il restera."""
    ecrites = ecritures(dossier)
    permis = reperes(dossier, ecrites=ecrites)
    libelles = {p.cle: p.libelle for p in dossier.version_d_appel.pieces.all()}
    ecrivables = [s for code, s in sections(dossier).items() if code in ecrites]
    budget = ecrites["budget"].valeur if "budget" in ecrites else {}
    return {
        "projet": {"identifiant": dossier.projet_id, "titre": dossier.projet.titre},
        "contrat": dossier.appel.contrat.titre,
        "appel": {
            "adresse": dossier.appel.adresse,
            "version": dossier.version_d_appel.numero,
            "titre": dossier.version_d_appel.titre,
        },
        "exercices": list(dossier.annees),
        "porteur": _organisme(dossier.projet.porteur.retenu),
        "porteuse": _organisme(dossier.projet.structure_porteuse),
        # Un objet de PostgreSQL ne garde pas l'ordre de ses clés : chaque section porte son rang.
        "sections": {
            section.code: {
                "titre": section.titre,
                "rang": rang,
                "valeur": ecrites[section.code].valeur,
                **figer(section, ecrites[section.code].valeur, permis),
            }
            for rang, section in enumerate(ecrivables)
        },
        "demandes": [_demande(d) for d in dossier.demandes.select_related("financeur")],
        # De quoi relire le budget tapé comme on le lisait ce jour-là : ses comptes, et qui il nomme.
        "plan": plan_de_comptes().millesime,
        "financeurs": noms_des_financeurs(budget, permis.financeurs),
        "pieces": [
            {
                "cle": piece.cle,
                "libelle": libelles.get(piece.cle, piece.cle),
                "nom": piece.fichier.nom,
                "poids": piece.fichier.poids,
                "fichier": str(piece.fichier.identifiant),
                "empreinte": piece.fichier.empreinte,
                "valable_jusqu_au": piece.valable_jusqu_au and piece.valable_jusqu_au.isoformat(),
            }
            for piece in dossier.pieces.select_related("fichier")
        ],
        "attestations": _attestations(dossier),
    }


def _attestations(dossier: Dossier) -> list[dict[str, Any]]:
    versions = list(dossier.versions_deposees.order_by("numero").defer("contenu"))
    return [_attestation(signee, versions) for signee in dossier.attestations.all()]


def _attestation(signee: Attestation, versions: Sequence[VersionDeposee]) -> dict[str, Any]:
    """Rend une attestation, son texte compris : c'est lui que l'on a signé.

    Un complément ne fait pas signer de nouveau : la signature dit sur quelle version elle porte.
    """
    texte = next(texte for texte in ATTESTATIONS if texte.code == signee.code)
    return {
        "code": signee.code,
        "version": signee.version,
        "titre": texte.titre,
        "texte": list(texte.texte),
        "reference": texte.reference,
        "precision": signee.precision,
        "precision_dite": dict(texte.precisions).get(signee.precision, ""),
        "signee_sur": next((v.numero for v in versions if v.deposee_le >= signee.signee_le), None),
        "signee_le": signee.signee_le.isoformat(),
        "jour": jour(signee.signee_le),
        "signee_par": signee.signee_par,
        "fonction": signee.fonction,
    }


def _organisme(organisme: Organisme | None) -> dict[str, str] | None:
    if organisme is None:
        return None
    noms = (
        *("nom", "sigle", "nature", "siret", "siren", "rna"),
        *("adresse", "courriel", "telephone", "site"),
    )
    return {nom: str(getattr(organisme, nom)) for nom in noms}


def _demande(demande: Demande) -> dict[str, Any]:
    return {
        "exercice": demande.exercice,
        "financeur": demande.nom_du_financeur,
        "ligne": demande.ligne,
        "nature": demande.nature,
        "guichet": demande.guichet,
        # Un montant s'écrit en texte : un nombre de JSON perdrait ses centimes.
        "montant": str(demande.montant_demande) if demande.montant_demande is not None else None,
    }


def recepisses_a_donner(
    dossier: Dossier, recu_le: datetime, demandes: Iterable[Demande] | None = None
) -> list[dict[str, Any]]:
    """Rend ce que dit le récépissé de chaque financeur qui reçoit une demande par ce dossier.

    D'un dossier complété, `demandes` dit lesquelles sont neuves ou changées : elles seules.

    Code des relations entre le public et l'administration, article R. 112-5.
    """
    financeurs = dossier.version_d_appel.financeurs.select_related("organisme")
    services = {financeur.organisme_id: financeur for financeur in financeurs}
    par_financeur: dict[Organisme, list[Demande]] = {}
    if demandes is None:
        d_ici = dossier.demandes.filter(guichet=Guichet.PLATEFORME)
        demandes = d_ici.select_related("financeur")
    for demande in demandes:
        if demande.financeur is not None:
            par_financeur.setdefault(demande.financeur, []).append(demande)
    return [
        _recepisse(dossier, financeur, siennes, services.get(financeur.pk), recu_le)
        for financeur, siennes in par_financeur.items()
    ]


def _recepisse(
    dossier: Dossier,
    financeur: Organisme,
    demandes: list[Demande],
    service: FinanceurDAppel | None,
    recu_le: datetime,
) -> dict[str, Any]:
    recu = timezone.localdate(recu_le)
    complements = list(dossier.complements.all())
    silences = [silence_de_la_demande(demande, complements) for demande in demandes]
    # Une demande dont seul le montant change court depuis son jour : le plus tôt est le plus sûr.
    echeance = min(filter(None, silences), default=apres_des_mois(recu, MOIS_DE_SILENCE))
    loi = recepisse(nature=financeur.nature, recu=recu, silence=jour(echeance))
    est_changee = any(d.demande_le != recu_le for d in demandes)
    montants = " ; ".join(
        f"{ecrire_montant(d.montant_demande or 0)} pour {d.exercice}"
        + ("" if d.est_ferme else ", prévu")
        + (f" ({d.ligne})" if d.ligne else "")
        + (", en nature" if d.nature == "nature" else "")
        for d in demandes
    )
    return {
        "financeur": financeur.pk,
        "nom": str(financeur),
        "montants": montants,
        "est_legal": loi.est_legal,
        "silence_le": echeance.isoformat(),
        "paragraphes": [
            f"{financeur} a reçu {a_la_seconde(recu_le)} votre demande n°\u00a0{dossier.reference}, "
            f"« {dossier.projet.titre} », {'complétée, ' if est_changee else ''}pour {montants}.",
            _qui_repond(financeur, service),
            *loi.paragraphes,
        ],
    }


def _qui_repond(financeur: Organisme, service: FinanceurDAppel | None) -> str:
    """Rend le service, son adresse et son téléphone ; à défaut, ceux de l'organisme."""
    dits = [
        (service.service if service else "") or str(financeur),
        (service.adresse_du_service if service else "") or financeur.adresse,
        (service.telephone if service else "") or financeur.telephone,
        (service.courriel if service else "") or financeur.courriel,
        service.horaires if service else "",
    ]
    presents = [" ".join(dit.split()) for dit in dits if dit]
    return f"Le service qui suit votre demande : {', '.join(presents)}."


@dataclass(frozen=True)
class DemandesAilleurs:
    """Ce qu'un dossier demande à un financeur sur son propre guichet, exercice par exercice."""

    nom: str
    lien: str
    demandes: list[Demande]


def demandes_ailleurs(dossier: Dossier) -> list[DemandesAilleurs]:
    """Rend les demandes qui ne partent pas d'ici, réunies par financeur et par guichet."""
    reunies: dict[tuple[str, str], list[Demande]] = {}
    siennes = dossier.demandes.filter(guichet=Guichet.AILLEURS).select_related("financeur")
    for demande in siennes:
        reunies.setdefault((demande.nom_du_financeur, demande.lien), []).append(demande)
    return [DemandesAilleurs(nom, lien, demandes) for (nom, lien), demandes in reunies.items()]


def fichiers_lus_de_tous(dossier: Dossier) -> int:
    """Rend combien de fichiers reçoit chaque financeur : tous, sauf le relevé d'identité bancaire."""
    return sum(not est_bancaire(cle) for cle in dossier.pieces.values_list("cle", flat=True))


@dataclass(frozen=True)
class RecepisseDeDossier:
    """Le récépissé d'un financeur, tel qu'il a été donné le jour du dépôt ou d'un complément."""

    financeur: int
    nom: str
    montants: str
    paragraphes: list[str]
    est_legal: bool
    version: VersionDeposee

    @property
    def dossier(self) -> Dossier:
        return self.version.dossier


def recepisses(dossier: Dossier) -> list[RecepisseDeDossier]:
    """Rend les récépissés donnés au dépôt, un par financeur, puis à chaque complément."""
    return [
        RecepisseDeDossier(
            recu["financeur"],
            recu["nom"],
            recu["montants"],
            recu["paragraphes"],
            recu["est_legal"],
            version,
        )
        for version in dossier.versions_deposees.order_by("numero").select_related("dossier")
        for recu in version.contenu.get("recepisses", [])
    ]


def recepisse_du_financeur(
    acteur: Acteur, dossier: Dossier, numero: int, financeur: int
) -> RecepisseDeDossier:
    """Rend le récépissé d'un financeur pour une version ; lève VersionDeposee.DoesNotExist sans lui."""
    for recu in recepisses(dossier):
        if (recu.version.numero, recu.financeur) == (numero, financeur):
            return recu
    raise VersionDeposee.DoesNotExist


def recepisse_a_emporter(recu: RecepisseDeDossier) -> FichierAServir:
    """Rend le PDF d'un récépissé et le nom sous lequel il s'enregistre ; lève ImpressionImpossible."""
    numero = f"-version-{recu.version.numero}" if recu.version.numero > 1 else ""
    nom = f"recepisse-{recu.dossier.reference}{numero}-{slugify(recu.nom)}.pdf"
    return FichierAServir(recepisse_en_pdf(recu), "application/pdf", nom)


def recepisse_en_pdf(recu: RecepisseDeDossier) -> bytes:
    """Rend le PDF d'un récépissé, toujours le même ; lève ImpressionImpossible."""
    contenu = recu.version.contenu
    porteur = contenu["porteur"]
    numeros = (("Siret", porteur["siret"]), ("RNA", porteur["rna"]))
    donnees = {
        "titre": f"Récépissé {recu.dossier.reference}",
        "financeur": recu.nom,
        "contrat": contenu["contrat"],
        "porteur": porteur["nom"],
        "numeros": " · ".join(f"{nom} {numero}" for nom, numero in numeros if numero),
        "paragraphes": recu.paragraphes,
        "depose_par": recu.version.deposee_par,
        "depose_le": a_la_seconde(recu.version.deposee_le),
    }
    propres = {
        cle: [visible(typo(x)) for x in valeur]
        if isinstance(valeur, list)
        else visible(typo(valeur))
        for cle, valeur in donnees.items()
    }
    return composer_un_pdf(GABARIT, propres, recu.version.deposee_le)


def fichier_depose(acteur: Acteur, dossier: Dossier, identifiant: Any) -> Fichier:
    """Rend un fichier déposé avec un dossier, même remplacé depuis ; lève Fichier.DoesNotExist."""
    fichier = Fichier.objects.filter(versions_deposees__dossier=dossier).distinct()
    trouve = fichier.get(identifiant=identifiant)
    cles = {
        piece["cle"]
        for version in dossier.versions_deposees.all()
        for piece in version.contenu["pieces"]
        if piece["fichier"] == str(identifiant)
    }
    if not all(peut_lire_la_piece(acteur, dossier.projet, cle) for cle in cles):
        raise Fichier.DoesNotExist
    return trouve
