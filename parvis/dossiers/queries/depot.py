"""Ce qui a été déposé : le contenu figé, et le récépissé de chaque financeur."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from parvis.dossiers.enums import Guichet
from parvis.dossiers.models import Demande, Dossier, FinanceurDAppel
from parvis.dossiers.queries.dossiers import ecritures, sections
from parvis.dossiers.rules.recepisse import Recepisse, recepisse
from parvis.organismes.models import Organisme
from parvis.socle.montants import ecrire_montant
from parvis.socle.templatetags.socle import a_la_seconde, typo
from parvis.socle.typographie import composer_un_pdf, visible

GABARIT = Path(__file__).parents[1] / "recepisse.typ"


def contenu_a_deposer(dossier: Dossier) -> dict[str, Any]:
    """Rend tout ce que dit un dossier au moment du dépôt, tel qu'il restera."""
    ecrites = ecritures(dossier)
    porteur = dossier.projet.porteur
    return {
        "projet": {"identifiant": dossier.projet_id, "titre": dossier.projet.titre},
        "appel": {
            "adresse": dossier.appel.adresse,
            "version": dossier.version_d_appel.numero,
            "titre": dossier.version_d_appel.titre,
        },
        "exercices": list(dossier.annees),
        "porteur": _organisme(porteur),
        "porteuse": _organisme(dossier.projet.structure_porteuse),
        "sections": {
            code: {"titre": section.titre, "valeur": ecrites[code].valeur}
            for code, section in sections(dossier).items()
            if code in ecrites
        },
        "demandes": [_demande(d) for d in dossier.demandes.select_related("financeur")],
        "pieces": [
            {
                "cle": piece.cle,
                "nom": piece.fichier.nom,
                "fichier": str(piece.fichier.identifiant),
                "empreinte": piece.fichier.empreinte,
                "valable_jusqu_au": piece.valable_jusqu_au and piece.valable_jusqu_au.isoformat(),
            }
            for piece in dossier.pieces.select_related("fichier")
        ],
        "attestations": [
            {
                "code": a.code,
                "version": a.version,
                "precision": a.precision,
                "signee_le": a.signee_le.isoformat(),
                "signee_par": a.signee_par,
                "fonction": a.fonction,
            }
            for a in dossier.attestations.all()
        ],
    }


def _organisme(organisme: Organisme | None) -> dict[str, str] | None:
    if organisme is None:
        return None
    noms = ("nom", "sigle", "nature", "siret", "siren", "rna", "adresse", "courriel", "telephone")
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


@dataclass(frozen=True)
class RecepisseDeDossier:
    """Le récépissé d'un financeur : ce qu'il reçoit, quand, qui y répond, ce que vaut son silence."""

    dossier: Dossier
    organisme: Organisme
    demandes: list[Demande]
    service: FinanceurDAppel | None
    recu_le: datetime
    loi: Recepisse

    @property
    def financeur(self) -> str:
        return str(self.organisme)

    @property
    def paragraphes(self) -> list[str]:
        """Rend le récépissé en clair (code des relations entre le public et l'administration, R. 112-5)."""
        demande = " ; ".join(
            f"{ecrire_montant(d.montant_demande or 0)} pour {d.exercice}"
            + (f" ({d.ligne})" if d.ligne else "")
            + (", en nature" if d.nature == "nature" else "")
            for d in self.demandes
        )
        return [
            f"{self.financeur} a reçu {a_la_seconde(self.recu_le)} votre demande n° "
            f"{self.dossier.reference}, « {self.dossier.projet.titre} », pour {demande}.",
            self._qui_repond(),
            *self.loi.paragraphes,
        ]

    def _qui_repond(self) -> str:
        """Rend le service, son adresse et son téléphone ; à défaut, ceux de l'organisme."""
        qui = self.service
        dits = [
            (qui.service if qui else "") or self.financeur,
            (qui.adresse_du_service if qui else "") or self.organisme.adresse,
            (qui.telephone if qui else "") or self.organisme.telephone,
            (qui.courriel if qui else "") or self.organisme.courriel,
            qui.horaires if qui else "",
        ]
        return "Le service qui suit votre demande : " + ", ".join(
            " ".join(dit.split()) for dit in dits if dit
        )


def recepisses(dossier: Dossier) -> list[RecepisseDeDossier]:
    """Rend un récépissé par financeur qui reçoit une demande par ce dossier ; aucun s'il n'est pas déposé."""
    if dossier.depose_le is None:
        return []
    services = {
        f.organisme_id: f
        for f in dossier.version_d_appel.financeurs.select_related("organisme").all()
    }
    par_financeur: dict[Organisme, list[Demande]] = {}
    siennes = dossier.demandes.filter(guichet=Guichet.PLATEFORME).select_related("financeur")
    for demande in siennes:
        par_financeur.setdefault(demande.financeur, []).append(demande)
    return [
        RecepisseDeDossier(
            dossier,
            organisme,
            demandes,
            services.get(organisme.pk),
            dossier.depose_le,
            _loi(organisme, timezone.localdate(dossier.depose_le)),
        )
        for organisme, demandes in par_financeur.items()
    ]


def _loi(organisme: Organisme, recu: date) -> Recepisse:
    muet = recepisse(nature=organisme.nature, recu=recu, silence="")
    silence = date_format(muet.silence_le, "j F Y")
    return recepisse(nature=organisme.nature, recu=recu, silence=silence)


def recepisse_en_pdf(recu: RecepisseDeDossier) -> bytes:
    """Rend le PDF d'un récépissé, toujours le même ; lève ImpressionImpossible."""
    porteur = recu.dossier.projet.porteur
    donnees = {
        "titre": f"Récépissé {recu.dossier.reference}",
        "financeur": recu.financeur,
        "contrat": recu.dossier.appel.contrat.titre,
        "porteur": str(porteur),
        "numeros": " · ".join(
            f"{nom} {numero}"
            for nom, numero in (("Siret", porteur.siret), ("RNA", porteur.rna))
            if numero
        ),
        "paragraphes": recu.paragraphes,
        "depose_par": recu.dossier.depose_par,
    }
    propres = {
        cle: [visible(typo(x)) for x in valeur]
        if isinstance(valeur, list)
        else visible(typo(valeur))
        for cle, valeur in donnees.items()
    }
    return composer_un_pdf(GABARIT, propres, recu.recu_le)
