"""Les dossiers de séance que l'on demande : à qui tient la séance, à qui y siège ; chacun le sien."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.documents.models import Fichier
from parvis.dossiers.models import Dossier
from parvis.instruction.queries.deports import hors_des_deports
from parvis.programmation.models import Seance
from parvis.programmation.queries.seances import seances, seances_de_membre
from parvis.travaux.enums import Etat
from parvis.travaux.models import Travail

NATURE = "programmation.dossier_de_seance"
# Le temps de le lire avant la séance ; au-delà, ce qu'il dit a changé.
DUREE_DE_GARDE = timedelta(days=7)


@dataclass(frozen=True)
class DossierDemande:
    """Un dossier de séance que l'acteur a demandé : où il en est, et son fichier tant qu'il se garde."""

    travail: Travail
    fichier: Fichier | None
    # L'acteur s'est retiré depuis d'un dossier qui s'y lit.
    est_perime: bool

    @property
    def est_pret(self) -> bool:
        return self.fichier is not None and not self.est_perime

    @property
    def garde_jusqu_au(self) -> datetime | None:
        return self.travail.termine_le and self.travail.termine_le + DUREE_DE_GARDE

    @property
    def avancement(self) -> int:
        """Rend où il en est, en centièmes."""
        return self.travail.fait * 100 // self.travail.total if self.travail.total else 0


def seance_a_lire(acteur: Acteur, contrat: Contrat, pk: int) -> Seance:
    """Rend une séance à qui la tient, ou y siège une fois convoqué ; lève Seance.DoesNotExist."""
    tenue = seances(acteur, contrat).filter(pk=pk).first()
    return tenue or seances_de_membre(acteur, contrat).get(pk=pk)


def travaux_de(acteur: Acteur, seance: Seance) -> QuerySet[Travail]:
    """Rend ce que l'acteur a demandé pour cette séance sous ce rôle, le dernier d'abord ; rien d'un autre."""
    if acteur.utilisateur is None:
        return Travail.objects.none()
    return Travail.objects.filter(
        nature=NATURE,
        demande_par=acteur.utilisateur_identifiant,
        parametres__seance=seance.pk,
        # Un autre rôle lit autre chose : son dossier n'est pas celui-ci.
        parametres__rattachement=acteur.rattachement.pk if acteur.rattachement else 0,
    ).order_by("-demande_le", "-pk")


def dossier_demande(acteur: Acteur, seance: Seance) -> DossierDemande | None:
    """Rend le dernier dossier que l'acteur a demandé pour une séance qu'il lit ; rien sans lui.

    Lève Seance.DoesNotExist à qui ne la lit pas, ou ne la lit plus.
    """
    lue = seance_a_lire(acteur, seance.reunion.instance.contrat, seance.pk)
    travail = travaux_de(acteur, lue).first()
    if travail is None:
        return None
    resultat = travail.resultat or {}
    fini_le = travail.termine_le if travail.etat == Etat.TERMINE else None
    fichier = None
    if fini_le and timezone.now() < fini_le + DUREE_DE_GARDE:
        gardes = Fichier.objects.filter(efface_le__isnull=True)
        fichier = gardes.filter(identifiant=resultat["fichier"]).first()
    dits = resultat.get("dossiers", [])
    lisibles = Dossier.objects.filter(hors_des_deports(acteur), pk__in=dits)
    return DossierDemande(travail, fichier, lisibles.count() < len(dits))


def fichier_demande(acteur: Acteur, seance: Seance) -> Fichier:
    """Rend le fichier d'un dossier prêt à qui l'a demandé, s'il lit toujours tout ce qu'il dit.

    Lève Seance.DoesNotExist, ou Fichier.DoesNotExist.
    """
    demande = dossier_demande(acteur, seance)
    if demande is None or demande.fichier is None or demande.est_perime:
        raise Fichier.DoesNotExist
    return demande.fichier


def nom_du_dossier(seance: Seance) -> str:
    """Rend le nom sous lequel le dossier s'enregistre."""
    le = timezone.localdate(seance.reunion.commence_le)
    instance = slugify(seance.reunion.instance.nom)[:60] or "seance"
    return f"dossier-de-seance-{instance}-{le.isoformat()}.pdf"
