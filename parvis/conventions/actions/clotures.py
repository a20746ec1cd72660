"""Ne pas verser le reste d'un acte : il n'est plus engagé, et l'organisme l'apprend."""

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import noter_un_acte
from parvis.conventions.actions.versements import tenir_l_argent
from parvis.conventions.enums import EtatDActe, EtatDeRetrait
from parvis.conventions.models import Acte, Cloture, PartDeCloture, Retrait
from parvis.conventions.queries.paiements import Paiements
from parvis.conventions.rules.clotures import motifs_empechant_de_clore
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.queries.bilans import dossiers_a_bilan_attendu
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne


@transaction.atomic
def ne_pas_verser_le_reste(*, par: Acteur, acte: Acte, motif: str) -> Cloture:
    """Clôt un acte notifié : ce qui n'en est pas versé n'est plus engagé, et cela ne se défait pas.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    (acte, lu), motif = tenir_l_argent(par, acte), en_une_ligne(motif)[:1000]
    retraits = Retrait.objects.filter(acte__in=[acte.pk, acte.modifie_id or acte.pk])
    exiger(
        motifs_empechant_de_clore(
            est_notifie=acte.etat == EtatDActe.NOTIFIE,
            est_clos=lu.cloture is not None,
            a_un_retrait=retraits.exclude(etat=EtatDeRetrait.ABANDONNE).exists(),
            reste=lu.reste,
            bilans_attendus=_bilans_attendus(lu),
            motif=motif,
        )
    )
    cloture = Cloture.objects.create(
        acte=acte,
        montant=lu.reste,
        motif=motif,
        faite_le=timezone.localdate(),
        faite_par=par.utilisateur_nom,
    )
    # Dans l'ordre des demandes, comme tous leurs verrous ; la base tient l'engagé à jour.
    for payee in sorted(lu.lignes, key=lambda une: une.ligne.demande_id):
        if payee.reste > 0:
            PartDeCloture.objects.create(
                cloture=cloture,
                ligne=payee.ligne,
                demande_id=payee.ligne.demande_id,
                montant=payee.reste,
            )
    montant, verse = (ecrire_montant(somme, court=True) for somme in (lu.reste, lu.verse))
    noter_un_acte(par, "conventions.ne_pas_verser_le_reste", acte, montant=montant, motif=motif)
    _annoncer(par, lu, montant, verse, motif)
    return cloture


def _bilans_attendus(lu: Paiements) -> list[str]:
    """Rend les projets de l'acte dont le bilan est dû, et n'est ni accepté ni dispensé."""
    en_argent = [une.ligne.demande for une in lu.lignes if not une.ligne.est_en_nature]
    attendus = dossiers_a_bilan_attendu({demande.dossier_id for demande in en_argent})
    return list(
        dict.fromkeys(
            demande.dossier.projet.titre
            for demande in en_argent
            if (demande.dossier_id, demande.exercice) in attendus
        )
    )


def _annoncer(par: Acteur, lu: Paiements, montant: str, verse: str, motif: str) -> None:
    """Le dit dans l'histoire de chaque dossier, et l'écrit au porteur."""
    financeur = lu.acte.financeur.retenu.nom
    concernees = [une for une in lu.lignes if une.reste > 0]
    for payee in concernees:
        noter_le_dossier(
            par,
            "conventions.clore_a_un_dossier",
            payee.ligne.demande.dossier,
            {
                "financeur": payee.ligne.demande.nom_du_financeur,
                "montant": ecrire_montant(payee.reste, court=True),
                "motif": motif,
            },
        )
    prevenir_le_porteur(
        concernees[0].ligne.demande.dossier,
        objet=f"{financeur} ne vous versera pas {montant}",
        texte=f"{financeur} a versé {verse} au titre de « {lu.acte.objet} », et ne versera pas le reste, "
        f"{montant} : « {motif} ».",
    )
