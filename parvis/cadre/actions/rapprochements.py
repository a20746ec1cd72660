"""Dire quel organisme se cache derrière un nom du contrat, et de quand à quand."""

from datetime import date

from django.db import transaction

from parvis.cadre import rules
from parvis.cadre.enums import OrigineDeRapprochement
from parvis.cadre.models import OrganismeDePartenaire, Partenaire
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.organismes.models import Organisme
from parvis.socle.refus import exiger


@transaction.atomic
def rapprocher(
    *,
    par: Acteur,
    partenaire: Partenaire,
    organisme: Organisme,
    depuis_le: date,
    jusqu_au: date | None = None,
    origine: str = OrigineDeRapprochement.CHOISIE,
) -> OrganismeDePartenaire:
    """Rapporte un partenaire à un organisme ; lève Refus si les périodes se recouvrent."""
    tenir_la_chaine(partenaire.contrat.code)
    organisme = Organisme.objects.get(pk=organisme.pk)
    periodes = partenaire.rapprochements.filter(organisme=organisme)
    exiger(
        rules.motifs_empechant_le_rapprochement(
            partenaire=partenaire.nom,
            organisme=organisme.nom,
            est_doublon=organisme.fusionne_dans_id is not None,
            depuis_le=depuis_le,
            jusqu_au=jusqu_au,
            periodes=periodes.values_list("depuis_le", "jusqu_au"),
        )
    )
    rapprochement = partenaire.rapprochements.create(
        organisme=organisme, depuis_le=depuis_le, jusqu_au=jusqu_au, origine=origine
    )
    _noter(par, "cadre.rapprocher", rapprochement, origine=str(origine))
    return rapprochement


@transaction.atomic
def detacher(*, par: Acteur, rapprochement: OrganismeDePartenaire, jusqu_au: date | None) -> None:
    """Met fin à un rapprochement, dernier jour compris ; sans date, c'était une erreur : il s'efface.

    Le journal garde l'un et l'autre. Lève Refus si la fin ne convient pas.
    """
    tenir_la_chaine(rapprochement.partenaire.contrat.code)
    tenu = OrganismeDePartenaire.objects.get(pk=rapprochement.pk)
    if jusqu_au is None:
        _noter(par, "cadre.effacer_rapprochement", tenu)
        tenu.delete()
        return
    autres = tenu.partenaire.rapprochements.filter(organisme=tenu.organisme).exclude(pk=tenu.pk)
    exiger(
        rules.motifs_empechant_le_rapprochement(
            partenaire=tenu.partenaire.nom,
            organisme=tenu.organisme.nom,
            est_doublon=False,
            depuis_le=tenu.depuis_le,
            jusqu_au=jusqu_au,
            periodes=autres.values_list("depuis_le", "jusqu_au"),
        )
    )
    tenu.jusqu_au = jusqu_au
    tenu.save(update_fields=["jusqu_au"])
    _noter(par, "cadre.detacher", tenu)


def _noter(par: Acteur, action: str, rapprochement: OrganismeDePartenaire, **autres: str) -> None:
    partenaire, organisme = rapprochement.partenaire, rapprochement.organisme
    noter(
        par=par,
        contrat=partenaire.contrat.code,
        action=action,
        objet=f"partenaire:{partenaire.pk}",
        objet_nom=partenaire.nom,
        details={
            "organisme": f"organisme:{organisme.pk}",
            "organisme_nom": organisme.nom,
            "depuis_le": str(rapprochement.depuis_le),
            "jusqu_au": str(rapprochement.jusqu_au or ""),
            **autres,
        },
    )
