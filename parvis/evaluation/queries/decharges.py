"""Les bilans reçus autrement ou dispensés, à qui lit déjà leur dossier."""

from parvis.documents.models import Fichier
from parvis.dossiers.models import BilanAttendu, Dossier
from parvis.evaluation.models import Decharge
from parvis.evaluation.rules.decharges import dire_la_decharge
from parvis.socle.templatetags.socle import jour as en_clair


def decharges_du_dossier(dossier: Dossier) -> dict[int, Decharge]:
    """Rend, par exercice, la décharge qui vaut pour un dossier que l'on lit déjà."""
    return {
        d.exercice: d
        for d in Decharge.objects.filter(dossier=dossier, annulee_le__isnull=True).select_related(
            "fichier"
        )
    }


def decharge_de(attendu: BilanAttendu) -> Decharge | None:
    """Rend la décharge qui vaut pour un bilan attendu que l'on lit déjà ; rien s'il n'y en a pas."""
    return (
        Decharge.objects.filter(
            dossier=attendu.dossier_id, exercice=attendu.exercice, annulee_le__isnull=True
        )
        .select_related("fichier")
        .first()
    )


def fichier_de_la_decharge(attendu: BilanAttendu) -> Fichier:
    """Rend le fichier joint à une décharge qui vaut ; lève Fichier.DoesNotExist."""
    return Fichier.objects.get(
        decharges__dossier=attendu.dossier_id,
        decharges__exercice=attendu.exercice,
        decharges__annulee_le__isnull=True,
    )


def phrase_de_la_decharge(decharge: Decharge) -> str:
    """Rend une décharge en une phrase, la même pour tous."""
    return dire_la_decharge(
        sorte=decharge.sorte, recu=en_clair(decharge.recu_le), motif=decharge.motif
    )
