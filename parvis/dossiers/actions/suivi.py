"""Noter à la main la suite d'une demande faite ailleurs."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.sections import tenir_le_dossier
from parvis.dossiers.enums import EtatDeDemande, SourceDuSuivi
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.rules.suivi import Suite, motifs_empechant_la_suite
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne

_MONTANTS = ("vote", "engage", "verse")


@transaction.atomic
def noter_la_suite(*, par: Acteur, demande: Demande, suite: Suite) -> Demande:
    """Note où en est une demande faite ailleurs : numéro, accordé, engagé, versé, ou refusé.

    La noter de nouveau corrige ce qui l'était. Lève Refus, et Dossier.DoesNotExist à qui n'écrit pas
    pour ce porteur, ou n'est pas encore confirmé.
    """
    dossier = tenir_le_dossier(par, demande.dossier)
    if not par.est_confirme:
        raise Dossier.DoesNotExist
    tenue = dossier.demandes.select_for_update(of=("self",)).select_related("financeur")
    demande = tenue.get(pk=demande.pk)
    fait_le = timezone.localdate(demande.demande_le) if demande.demande_le else None
    jour = timezone.localdate()
    exiger(
        motifs_empechant_la_suite(
            guichet=demande.guichet,
            etat=demande.etat,
            suite=suite,
            demande_le=fait_le or jour,
            jour=jour,
        )
    )
    avant = _en_clair(demande)
    demande.etat, demande.numero_externe = suite.etat, en_une_ligne(suite.numero)[:60]
    for mot in _MONTANTS:
        setattr(demande, f"montant_{mot}", getattr(suite, mot))
        setattr(demande, f"{mot}_le", getattr(suite, f"{mot}_le"))
    demande.suivi_le, demande.suivi_par = timezone.now(), par.utilisateur_nom
    # Le mot du portail ne dit plus ce que l'on sait : une personne vient de l'écrire.
    demande.suivi_source, demande.statut_externe = SourceDuSuivi.PERSONNE, ""
    demande.save()
    noter_le_dossier(
        par,
        "dossiers.noter_la_suite",
        dossier,
        {"financeur": demande.nom_du_financeur, "avant": avant, "apres": _en_clair(demande)},
    )
    return demande


def _en_clair(demande: Demande) -> str:
    """Rend où en est une demande, en quelques mots pour le journal."""
    dits = [EtatDeDemande(demande.etat).label.lower()]
    for mot, nom in (("vote", "voté"), ("engage", "engagé"), ("verse", "versé")):
        montant: Decimal | None = getattr(demande, f"montant_{mot}")
        if montant is not None:
            dits.append(f"{ecrire_montant(montant, court=True)} {nom}{'s' if montant >= 2 else ''}")
    return ", ".join(dits)
