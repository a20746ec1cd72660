"""Retirer une subvention, après avoir entendu l'organisme : le trop versé est à rendre."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import noter_un_acte
from parvis.conventions.actions.reversements import ecrire_au_porteur, redemander, rendu_de
from parvis.conventions.actions.versements import tenir_l_argent, tenir_la_subvention
from parvis.conventions.enums import EtatDActe, EtatDeRetrait
from parvis.conventions.models import Acte, Cloture, PartDeRetrait, Retrait
from parvis.conventions.queries.paiements import LignePayee, Paiements
from parvis.conventions.queries.versements import RetraitPrevu
from parvis.conventions.rules import retraits as rules
from parvis.documents.actions import FichierControle, ranger
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.models import Dossier
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_paragraphes, en_une_ligne

ZERO = Decimal("0.00")


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
            est_notifie=acte.etat == EtatDActe.NOTIFIE,
            est_en_argent=bool(acte.montant),
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
    noter_un_acte(
        par,
        "conventions.demander_les_observations",
        acte,
        motif=en_une_ligne(motif),
        avant=en_clair(retrait.repondre_avant_le),
    )
    _annoncer_la_procedure(par, lu, retrait)
    return retrait


def _annoncer_la_procedure(par: Acteur, lu: Paiements, retrait: Retrait) -> None:
    """Dit à l'organisme ce qu'on lui reproche, et jusqu'à quand il peut y répondre."""
    acte = lu.acte
    financeur, avant = acte.financeur.retenu.nom, en_clair(retrait.repondre_avant_le)
    for dossier in _dossiers(lu):
        noter_le_dossier(
            par,
            "conventions.entendre_a_un_dossier",
            dossier,
            {"financeur": financeur, "avant": retrait.repondre_avant_le.isoformat()},
        )
    ecrire_au_porteur(
        lu,
        objet=f"{financeur} vous demande vos observations avant un retrait",
        texte=f"{financeur} envisage de retirer une part de la subvention « {acte.objet} » : "
        f"« {retrait.motif} ».\n\nLisez ce qui est reproché sur la page des suites de votre dossier. "
        f"Vous pouvez y répondre jusqu’au {avant}, joindre un document, et demander "
        "à être entendu. Rien n’est retiré avant.",
    )


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
    _dire_aux_dossiers(par, acte, lus, montant)
    a_rendre = _reprendre(par, tenu, lus)
    perdre = f" {_euros(du)} qui vous restaient dus ne seront pas versés." if du else ""
    rendre = (
        f" Vous avez jusqu’au {en_clair(rules.rendre_avant(jour))} pour rendre {_euros(a_rendre)}."
    )
    ecrire_au_porteur(
        lus[0],
        objet=f"{acte.financeur.retenu.nom} retire {_euros(montant)}",
        texte=f"{acte.financeur.retenu.nom} a décidé de retirer {_euros(montant)} de la subvention "
        f"« {acte.objet} » : « {tenu.motif} ».{perdre}{rendre if a_rendre else ''}",
    )
    return tenu


def _dire_aux_dossiers(par: Acteur, acte: Acte, lus: Sequence[Paiements], montant: Decimal) -> None:
    dit = {
        "financeur": acte.financeur.retenu.nom,
        "montant": _euros(montant),
        "acte": f"{acte}",
    }
    for dossier in _dossiers(*lus):
        noter_le_dossier(par, "conventions.retirer_a_un_dossier", dossier, dit)


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
            rules.LigneARetirer(une.ligne.montant, une.verse, rendu_de(lu, une.ligne.demande_id))
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
            redemander(
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
    for dossier in _dossiers(lu):
        noter_le_dossier(par, "conventions.garder_a_un_dossier", dossier, {"financeur": financeur})
    ecrire_au_porteur(
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


def _dossiers(*lus: Paiements) -> list[Dossier]:
    """Rend les dossiers dont ces actes paient une demande, chacun une fois."""
    payees = (payee for lu in lus for payee in _en_argent(lu))
    return list({p.ligne.demande.dossier_id: p.ligne.demande.dossier for p in payees}.values())


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
