"""Faire revenir de l'argent : un reversement, ou un retrait décidé après avoir entendu l'organisme."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import noter_un_acte
from parvis.conventions.actions.versements import tenir_l_argent, tenir_la_subvention
from parvis.conventions.enums import EtatDActe, EtatDeRetrait
from parvis.conventions.models import Acte, Cloture, PartDeRetrait, Retrait, Reversement
from parvis.conventions.queries.paiements import LignePayee, Paiements
from parvis.conventions.queries.versements import RetraitPrevu
from parvis.conventions.rules import retraits as rules
from parvis.documents.actions import FichierControle, ranger
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_paragraphes, en_une_ligne

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
    reste = payee.verse - _rendu(lu, demande)
    exiger(rules.motifs_empechant_de_reverser(montant=montant, motif=motif, reste=reste))
    reversement = _redemander(par, acte, demande, montant, motif, titre=titre)
    _ecrire_au_porteur(
        lu,
        objet=f"{acte.financeur.retenu.nom} vous demande de rendre {_euros(montant)}",
        texte=f"{acte.financeur.retenu.nom} vous demande de rendre {_euros(montant)} sur ce qui vous est "
        f"versé au titre de « {acte.objet} » : « {motif} ».",
    )
    return reversement


def _redemander(
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
    return reversement


@transaction.atomic
def recevoir_un_reversement(
    *, par: Acteur, reversement: Reversement, recu_le: date | None, titre: str = ""
) -> Reversement:
    """Note que l'argent est rendu : ce n'est plus ni versé ni engagé.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    acte, _ = tenir_l_argent(par, reversement.acte)
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
    _ecrire_au_porteur(
        lu,
        objet=f"{acte.financeur.retenu.nom} ne vous demande plus de rendre {_euros(tenu.montant)}",
        texte=f"{acte.financeur.retenu.nom} renonce au reversement de {_euros(tenu.montant)} : « {motif} ».",
    )
    return tenu


@transaction.atomic
def demander_les_observations(
    *,
    par: Acteur,
    acte: Acte,
    motif: str,
    manquement_le: date | None,
    debut_le: date | None,
    fin_le: date | None,
) -> Retrait:
    """Ouvre un retrait : l'organisme apprend ce qu'on lui reproche et jusqu'à quand il répond.

    Loi n° 2000-321, article 10-1 ; décret n° 2021-1947, article 5. Lève Refus, et Acte.DoesNotExist à
    qui n'est pas de ce service.
    """
    acte, lu = tenir_l_argent(par, acte)
    motif, jour = en_paragraphes(motif)[:2000], timezone.localdate()
    exiger(
        rules.motifs_empechant_d_entendre(
            est_notifie=acte.etat == EtatDActe.NOTIFIE and bool(acte.montant),
            est_ouvert=lu.retrait is not None,
            est_clos=Cloture.objects.filter(Q(acte=acte) | Q(acte__modifie=acte)).exists(),
            modifie=acte.modifie.numero if acte.modifie else "",
            motif=motif,
            debut=debut_le,
            fin=fin_le,
            manquement=manquement_le,
            jour=jour,
        )
    )
    assert manquement_le is not None and debut_le is not None and fin_le is not None
    retrait = Retrait.objects.create(
        acte=acte,
        motif=motif,
        manquement_le=manquement_le,
        debut_le=debut_le,
        fin_le=fin_le,
        observations_demandees_le=jour,
        repondre_avant_le=rules.repondre_avant(jour),
        demandees_par=par.utilisateur_nom,
    )
    financeur, avant = acte.financeur.retenu.nom, en_clair(retrait.repondre_avant_le)
    noter_un_acte(
        par, "conventions.demander_les_observations", acte, motif=en_une_ligne(motif), avant=avant
    )
    _ecrire_au_porteur(
        lu,
        objet=f"{financeur} vous demande vos observations avant un retrait",
        texte=f"{financeur} envisage de retirer une part de la subvention « {acte.objet} » : « {motif} ».\n\n"
        f"Lisez ce qui est reproché sur la page des suites de votre dossier. Vous pouvez y répondre "
        f"jusqu’au {avant}, joindre un document, et demander à être entendu. Rien n’est retiré avant.",
    )
    return retrait


@transaction.atomic
def noter_les_observations(
    *, par: Acteur, retrait: Retrait, observations: str, recues_le: date | None
) -> Retrait:
    """Note ce que l'organisme a répondu avant un retrait.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    acte, _ = tenir_l_argent(par, retrait.acte)
    tenu = _tenir_le_retrait(acte, retrait)
    observations, jour = en_paragraphes(observations)[:5000], timezone.localdate()
    motifs = _motifs_si_clos(tenu)
    if not observations:
        motifs.append("Écrivez ce que l’organisme a répondu.")
    if recues_le is None or not tenu.observations_demandees_le <= recues_le <= jour:
        motifs.append("Écrivez le jour de la réponse, entre la demande et aujourd’hui.")
    exiger(motifs)
    tenu.observations, tenu.observations_recues_le = observations, recues_le
    tenu.save(update_fields=["observations", "observations_recues_le"])
    noter_un_acte(par, "conventions.noter_les_observations", acte)
    return tenu


@transaction.atomic
def retirer(
    *,
    par: Acteur,
    retrait: Retrait,
    fichier: FichierControle | None = None,
    sans_verser: bool = False,
) -> Retrait:
    """Décide un retrait, l'organisme entendu : rien de plus ne se verse, le trop versé est à rendre.

    Il vaut pour l'acte et ses avenants, qui sont une seule subvention. `sans_verser` dit que ce qui
    reste dû à l'organisme ne lui sera pas versé.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    acte, lus = tenir_la_subvention(par, retrait.acte)
    tenu = _tenir_le_retrait(acte, retrait)
    jour = timezone.localdate()
    prevu = RetraitPrevu(tenu, lus, jour)
    du, montant = prevu.du_et_pas_verse, prevu.montant
    exiger(
        rules.motifs_empechant_de_retirer(
            etat=tenu.etat,
            est_entendu=tenu.est_entendu,
            repondre_avant_le=tenu.repondre_avant_le,
            jour=jour,
            du=du,
            sans_verser=sans_verser,
        )
    )
    exiger([] if montant else ["Il ne reste pas un centime à retirer."])
    tenu.etat, tenu.decide_le, tenu.decide_par = EtatDeRetrait.DECIDE, jour, par.utilisateur_nom
    tenu.montant = montant
    tenu.fichier = ranger(par=par, controle=fichier) if fichier is not None else None
    tenu.save(update_fields=["etat", "decide_le", "decide_par", "montant", "fichier"])
    noter_un_acte(
        par,
        "conventions.retirer",
        acte,
        montant=_euros(montant),
        motif=en_une_ligne(tenu.motif),
        non_verse=_euros(du) if du else "",
    )
    a_rendre = _reprendre(par, tenu, lus)
    perdre = f" {_euros(du)} qui vous restaient dus ne seront pas versés." if du else ""
    rendre = (
        f" Vous avez jusqu’au {en_clair(rules.rendre_avant(jour))} pour rendre {_euros(a_rendre)}."
    )
    _ecrire_au_porteur(
        lus[0],
        objet=f"{acte.financeur.retenu.nom} retire {_euros(montant)}",
        texte=f"{acte.financeur.retenu.nom} a décidé de retirer {_euros(montant)} de la subvention "
        f"« {acte.objet} » : « {tenu.motif} ».{perdre}{rendre if a_rendre else ''}",
    )
    return tenu


def _reprendre(par: Acteur, retrait: Retrait, lus: Sequence[Paiements]) -> Decimal:
    """Écrit ce que le retrait reprend de chaque demande, et redemande ce qui est versé en trop."""
    assert retrait.montant is not None
    # Dans l'ordre des demandes, comme tous leurs verrous.
    lignes = sorted(
        ((lu, payee) for lu in lus for payee in _en_argent(lu)),
        key=lambda une: une[1].ligne.demande_id,
    )
    reprises = rules.reprendre(
        retrait.montant,
        [
            rules.LigneARetirer(une.ligne.montant, une.verse, _rendu(lu, une.ligne.demande_id))
            for lu, une in lignes
        ],
    )
    a_rendre, avant = ZERO, rules.rendre_avant(timezone.localdate())
    for (lu, payee), reprise in zip(lignes, reprises, strict=True):
        PartDeRetrait.objects.create(
            retrait=retrait,
            ligne=payee.ligne,
            demande_id=payee.ligne.demande_id,
            montant=reprise.montant,
            montant_degage=reprise.degage,
        )
        if reprise.a_rendre:
            motif = "Subvention retirée, et versée au-delà de ce qui est gardé."
            _redemander(
                par,
                lu.acte,
                payee.ligne.demande_id,
                reprise.a_rendre,
                motif,
                retrait=retrait,
                avant_le=avant,
            )
            a_rendre += reprise.a_rendre
    return a_rendre


@transaction.atomic
def abandonner_le_retrait(*, par: Acteur, retrait: Retrait, motif: str) -> Retrait:
    """Renonce à un retrait qui n'est pas décidé ; l'organisme l'apprend.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    acte, lu = tenir_l_argent(par, retrait.acte)
    tenu = _tenir_le_retrait(acte, retrait)
    motif = en_une_ligne(motif)[:500]
    exiger(_motifs_si_clos(tenu) + ([] if motif else ["Dites pourquoi vous y renoncez."]))
    tenu.etat, tenu.abandonne_le = EtatDeRetrait.ABANDONNE, timezone.now()
    tenu.abandonne_par, tenu.motif_d_abandon = par.utilisateur_nom, motif
    tenu.save(update_fields=["etat", "abandonne_le", "abandonne_par", "motif_d_abandon"])
    noter_un_acte(par, "conventions.abandonner_le_retrait", acte, motif=motif)
    financeur = acte.financeur.retenu.nom
    _ecrire_au_porteur(
        lu,
        objet=f"{financeur} renonce au retrait envisagé",
        texte=f"{financeur} ne retire pas la subvention « {acte.objet} » : « {motif} ».",
    )
    return tenu


def _tenir_le_retrait(acte: Acte, retrait: Retrait) -> Retrait:
    return Retrait.objects.select_for_update(of=("self",)).get(pk=retrait.pk, acte=acte)


def _motifs_si_clos(retrait: Retrait) -> list[str]:
    ouvert = retrait.etat == EtatDeRetrait.A_ENTENDRE
    return [] if ouvert else ["Ce retrait est déjà décidé ou abandonné."]


def _en_argent(lu: Paiements) -> list[LignePayee]:
    return [une for une in lu.lignes if not une.ligne.est_en_nature and une.ligne.montant]


def _rendu(lu: Paiements, demande: int) -> Decimal:
    """Rend ce qui est rendu ou redemandé d'une demande, sur cet acte."""
    siens = [r for r in lu.reversements if r.demande_id == demande and not r.abandonne_le]
    return sum((r.montant for r in siens), ZERO)


def _ecrire_au_porteur(lu: Paiements, *, objet: str, texte: str) -> None:
    prevenir_le_porteur(lu.lignes[0].ligne.demande.dossier, objet=objet, texte=texte)


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
