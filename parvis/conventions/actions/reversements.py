"""Faire rendre de l'argent : le demander, le recevoir, y renoncer, défaire une réception notée à tort."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import noter_un_acte
from parvis.conventions.actions.versements import tenir_l_argent
from parvis.conventions.models import Acte, Retrait, Reversement
from parvis.conventions.queries.paiements import Paiements
from parvis.conventions.rules import retraits as rules
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_une_ligne

ZERO = Decimal("0.00")


@transaction.atomic
def demander_un_reversement(
    *, par: Acteur, acte: Acte, demande: int, montant: Decimal, motif: str, titre: str = ""
) -> Reversement:
    """Demande à l'organisme de rendre une part de ce qui lui est versé ; il l'apprend.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service, ou si la demande n'est pas de l'acte.
    """
    acte, lu = tenir_l_argent(par, acte)
    payee = next((une for une in lu.lignes if une.ligne.demande_id == demande), None)
    if payee is None:
        raise Acte.DoesNotExist
    motif = en_une_ligne(motif)[:1000]
    reste = payee.verse - rendu_de(lu, demande)
    exiger(rules.motifs_empechant_de_reverser(montant=montant, motif=motif, reste=reste))
    reversement = redemander(par, acte, demande, montant, motif, titre=titre)
    ecrire_au_porteur(
        lu,
        objet=f"{acte.financeur.retenu.nom} vous demande de rendre {_euros(montant)}",
        texte=f"{acte.financeur.retenu.nom} vous demande de rendre {_euros(montant)} sur ce qui vous est "
        f"versé au titre de « {acte.objet} » : « {motif} ».",
    )
    return reversement


def redemander(
    par: Acteur,
    acte: Acte,
    demande: int,
    montant: Decimal,
    motif: str,
    *,
    titre: str = "",
    retrait: Retrait | None = None,
    avant_le: date | None = None,
) -> Reversement:
    """Écrit ce que l'organisme doit rendre d'une demande ; l'action appelante l'a permis, et le lui dit."""
    reversement = Reversement.objects.create(
        acte=acte,
        demande_id=demande,
        retrait=retrait,
        montant=montant,
        motif=motif,
        demande_le=timezone.localdate(),
        avant_le=avant_le,
        demande_par=par.utilisateur_nom,
        titre=en_une_ligne(titre)[:40],
    )
    noter_un_acte(
        par, "conventions.demander_un_reversement", acte, montant=_euros(montant), motif=motif
    )
    noter_le_dossier(
        par,
        "conventions.reversement_a_un_dossier",
        reversement.demande.dossier,
        {"financeur": acte.financeur.retenu.nom, "montant": _euros(montant)},
    )
    return reversement


@transaction.atomic
def recevoir_un_reversement(
    *, par: Acteur, reversement: Reversement, recu_le: date | None, titre: str = ""
) -> Reversement:
    """Note que l'argent est rendu : ce n'est plus ni versé ni engagé ; l'organisme l'apprend.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    acte, lu = tenir_l_argent(par, reversement.acte)
    tenu = Reversement.objects.select_for_update(of=("self",)).get(pk=reversement.pk, acte=acte)
    exiger(
        rules.motifs_empechant_de_recevoir(
            est_attendu=tenu.est_attendu,
            recu_le=recu_le,
            demande_le=tenu.demande_le,
            jour=timezone.localdate(),
        )
    )
    assert recu_le is not None
    tenu.recu_le, tenu.recu_par = recu_le, par.utilisateur_nom
    tenu.titre = en_une_ligne(titre)[:40] or tenu.titre
    tenu.save(update_fields=["recu_le", "recu_par", "titre"])
    noter_un_acte(
        par,
        "conventions.recevoir_un_reversement",
        acte,
        montant=_euros(tenu.montant),
        recu_le=recu_le.isoformat(),
        titre=tenu.titre,
    )
    financeur = acte.financeur.retenu.nom
    noter_le_dossier(
        par,
        "conventions.recevoir_a_un_dossier",
        tenu.demande.dossier,
        {
            "financeur": financeur,
            "montant": _euros(tenu.montant),
            "recu_le": recu_le.isoformat(),
        },
    )
    ecrire_au_porteur(
        lu,
        objet=f"{financeur} a bien reçu {_euros(tenu.montant)}",
        texte=f"{financeur} a noté que vous avez rendu {_euros(tenu.montant)} le {en_clair(recu_le)}, au "
        f"titre de « {acte.objet} » : cette somme ne vous est plus demandée.",
    )
    return tenu


@transaction.atomic
def annuler_la_reception(*, par: Acteur, reversement: Reversement, motif: str) -> Reversement:
    """Annule une réception notée à tort : l'argent est de nouveau versé, engagé, et attendu.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    acte, lu = tenir_l_argent(par, reversement.acte)
    tenu = (
        Reversement.objects.select_for_update(of=("self",))
        .select_related("demande")
        .get(pk=reversement.pk, acte=acte)
    )
    motif, demande = en_une_ligne(motif)[:500], tenu.demande
    exiger(
        rules.motifs_empechant_d_annuler_la_reception(
            est_recu=tenu.recu_le is not None,
            motif=motif,
            montant=tenu.montant,
            a_engager=(demande.montant_vote or ZERO) - (demande.montant_engage or ZERO),
        )
    )
    assert tenu.recu_le is not None
    recu_le, tenu.recu_le, tenu.recu_par = tenu.recu_le, None, ""
    tenu.reception_annulee_le, tenu.reception_annulee_par = timezone.now(), par.utilisateur_nom
    tenu.motif_d_annulation = motif
    tenu.save(
        update_fields=[
            *("recu_le", "recu_par", "reception_annulee_le", "reception_annulee_par"),
            "motif_d_annulation",
        ]
    )
    noter_un_acte(
        par,
        "conventions.annuler_la_reception",
        acte,
        montant=_euros(tenu.montant),
        recu_le=recu_le.isoformat(),
        motif=motif,
    )
    noter_le_dossier(
        par,
        "conventions.attendre_de_nouveau",
        demande.dossier,
        {"financeur": acte.financeur.retenu.nom, "montant": _euros(tenu.montant)},
    )
    ecrire_au_porteur(
        lu,
        objet=f"{acte.financeur.retenu.nom} attend de nouveau {_euros(tenu.montant)}",
        texte=f"{acte.financeur.retenu.nom} avait noté par erreur que vous aviez rendu "
        f"{_euros(tenu.montant)} le {en_clair(recu_le)}, au titre de « {acte.objet} ». Cet argent est de "
        "nouveau à rendre. Si vous l’avez rendu, écrivez au financeur.",
    )
    return tenu


@transaction.atomic
def abandonner_un_reversement(*, par: Acteur, reversement: Reversement, motif: str) -> Reversement:
    """Renonce à un reversement demandé : l'organisme garde cet argent.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    acte, lu = tenir_l_argent(par, reversement.acte)
    tenu = Reversement.objects.select_for_update(of=("self",)).get(pk=reversement.pk, acte=acte)
    motif = en_une_ligne(motif)[:500]
    motifs = [] if tenu.est_attendu else ["Ce reversement est déjà reçu ou abandonné."]
    exiger(motifs + ([] if motif else ["Dites pourquoi vous y renoncez."]))
    tenu.abandonne_le, tenu.abandonne_par = timezone.now(), par.utilisateur_nom
    tenu.motif_d_abandon = motif
    tenu.save(update_fields=["abandonne_le", "abandonne_par", "motif_d_abandon"])
    noter_un_acte(
        par,
        "conventions.abandonner_un_reversement",
        acte,
        montant=_euros(tenu.montant),
        motif=motif,
    )
    noter_le_dossier(
        par,
        "conventions.renoncer_a_un_dossier",
        tenu.demande.dossier,
        {"financeur": acte.financeur.retenu.nom, "montant": _euros(tenu.montant)},
    )
    ecrire_au_porteur(
        lu,
        objet=f"{acte.financeur.retenu.nom} ne vous demande plus de rendre {_euros(tenu.montant)}",
        texte=f"{acte.financeur.retenu.nom} renonce au reversement de {_euros(tenu.montant)} : « {motif} ».",
    )
    return tenu


def rendu_de(lu: Paiements, demande: int) -> Decimal:
    """Rend ce qui est rendu ou redemandé d'une demande, sur cet acte."""
    siens = [r for r in lu.reversements if r.demande_id == demande and not r.abandonne_le]
    return sum((r.montant for r in siens), ZERO)


def ecrire_au_porteur(lu: Paiements, *, objet: str, texte: str) -> None:
    """Écrit à l'organisme ce qui arrive à l'argent d'un acte."""
    prevenir_le_porteur(lu.lignes[0].ligne.demande.dossier, objet=objet, texte=texte)


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
