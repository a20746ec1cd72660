"""Le PDF d'un dossier : ce qui a été déposé, toujours le même ; un brouillon dit qu'il en est un."""

from pathlib import Path

from django.utils import timezone
from django.utils.text import slugify

from parvis.comptes.acteur import Acteur
from parvis.documents.queries import FichierAServir
from parvis.dossiers.document.description import en_donnees
from parvis.dossiers.models import Dossier, VersionDeposee
from parvis.dossiers.permissions import est_du_porteur, peut_recevoir_les_dossiers
from parvis.dossiers.queries.attestations import attestations
from parvis.dossiers.queries.depot import contenu_a_deposer
from parvis.dossiers.queries.dossiers import sections
from parvis.dossiers.queries.pieces_a_emporter import pieces_manquantes
from parvis.dossiers.queries.versions_deposees import version_du_dossier
from parvis.dossiers.sections.dossier_imprime import AutourDuDossier, decrire_le_dossier
from parvis.dossiers.sections.voile import Voile
from parvis.socle.templatetags.socle import a_la_seconde, jour
from parvis.socle.typographie import composer_un_pdf

GABARIT = Path(__file__).parents[1] / "document" / "dossier.typ"
_PDF = "application/pdf"
_A_PART = ("pieces", "attestations")


def pdf_du_porteur(acteur: Acteur, dossier: Dossier, numero: int | None = None) -> FichierAServir:
    """Rend le PDF d'un dossier à qui le porte : son brouillon, ou ce qui a été déposé.

    Lève Dossier.DoesNotExist pour tout autre, VersionDeposee.DoesNotExist, ImpressionImpossible.
    """
    if not est_du_porteur(acteur, dossier.projet):
        raise Dossier.DoesNotExist
    if dossier.est_un_brouillon and numero is None:
        return _le_brouillon(acteur, dossier)
    return pdf_de_la_version(dossier, version_du_dossier(dossier, numero))


def pdf_du_pilote(acteur: Acteur, dossier: Dossier, numero: int | None = None) -> FichierAServir:
    """Rend le PDF de ce qui a été déposé à qui reçoit le dossier.

    Lève Dossier.DoesNotExist pour tout autre, VersionDeposee.DoesNotExist, ImpressionImpossible.
    """
    if not peut_recevoir_les_dossiers(acteur, dossier.appel.contrat.code):
        raise Dossier.DoesNotExist
    return pdf_de_la_version(dossier, version_du_dossier(dossier, numero))


def pdf_de_la_version(
    dossier: Dossier, version: VersionDeposee, voile: Voile | None = None
) -> FichierAServir:
    """Rend le PDF d'une version déposée : rien n'y vient d'ailleurs que d'elle et de son dépôt.

    Qui appelle a vérifié qui lit, et ce qu'il faut lui cacher. Lève ImpressionImpossible.
    """
    figees = sorted(version.contenu["sections"].items(), key=lambda couple: couple[1]["rang"])
    mentions = [
        f"Dossier n°\u00a0{dossier.reference}, déposé {a_la_seconde(dossier.depose_le)} "  # type: ignore[arg-type]
        f"par {dossier.depose_par}."
    ]
    suite = ""
    if version.numero > 1:
        suite = f"-version-{version.numero}"
        mentions.append(
            f"Version {version.numero}, complétée {a_la_seconde(version.deposee_le)} "
            f"par {version.deposee_par}."
        )
    contenu = voile.contenu(version.contenu) if voile else version.contenu
    autour = AutourDuDossier(
        {code: figee["titre"] for code, figee in figees}, mentions, dossier.reference
    )
    donnees = en_donnees(decrire_le_dossier(contenu, autour))
    octets = composer_un_pdf(GABARIT, donnees, version.deposee_le)
    return FichierAServir(octets, _PDF, f"dossier-{dossier.reference}{suite}.pdf")


def _le_brouillon(acteur: Acteur, dossier: Dossier) -> FichierAServir:
    # Daté du jour, et non de la seconde : le même brouillon donne les mêmes octets.
    aujourd_hui = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    titres = {s.code: s.titre for s in sections(dossier).values() if s.code not in _A_PART}
    autour = AutourDuDossier(
        titres,
        [f"Brouillon, tel qu’il est écrit le {jour(aujourd_hui)}. Il n’est pas déposé."],
        a_signer=[
            f"«\u00a0{lue.texte.titre}\u00a0» {lue.pourquoi}."
            for lue in attestations(acteur, dossier)
            if not lue.vaut
        ],
        a_joindre=pieces_manquantes(dossier, aujourd_hui.date()),
    )
    donnees = en_donnees(decrire_le_dossier(contenu_a_deposer(dossier), autour))
    nom = f"brouillon-{slugify(dossier.projet.titre)[:60] or 'dossier'}.pdf"
    return FichierAServir(composer_un_pdf(GABARIT, donnees, aujourd_hui), _PDF, nom)
