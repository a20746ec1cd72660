"""Le circuit d'un acte composé : signé, il engage l'argent ; notifié, il crée des droits."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import noter_un_acte, tenir_l_acte, tenir_les_demandes
from parvis.conventions.enums import (
    EtatDActe,
    EtatDeRetrait,
    ModeDeNotification,
    SorteDActe,
)
from parvis.conventions.models import Acte, LigneDActe
from parvis.conventions.queries.actes import actes
from parvis.conventions.queries.cumuls import cumuls
from parvis.conventions.queries.preparation import derniere_reponse_de, pluriannuelles_de
from parvis.conventions.rules import actes as rules
from parvis.conventions.rules.choix import A_DEUX, convention_exigee
from parvis.documents.actions import FichierControle, ranger
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.actions.suivi import noter_l_engagement
from parvis.dossiers.enums import EtatDeDossier
from parvis.dossiers.models import Demande
from parvis.journal.actions import noter
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_une_ligne

ZERO = Decimal("0.00")
_AUCUN = ["Cochez au moins un acte."]


@transaction.atomic
def signer_des_actes(
    *,
    par: Acteur,
    contrat: Contrat,
    pks: Collection[int],
    signe_le: date | None,
    signe_par: str,
    scan: FichierControle | None = None,
) -> list[Acte]:
    """Note que des actes sont signés, tous ou aucun : leurs montants sont engagés.

    Les verrous se prennent dans l'ordre : les actes, les demandes, le journal. Lève Refus, avec les
    motifs de tous, et Acte.DoesNotExist si l'un n'est pas de ce service.
    """
    tenus, jour = _tenir(par, contrat, pks), timezone.localdate()
    signe_par = en_une_ligne(signe_par)[:200]
    lignes = _lignes(tenus)
    demandes = tenir_les_demandes([ligne.demande_id for ligne in lignes])
    motifs: list[str] = []
    for acte in tenus:
        motifs += _nommer(acte, rules.motifs_empechant_de_passer(etat=acte.etat, vers="signe"))
        motifs += rules.motifs_empechant_de_signer(
            nom=acte.numero,
            signe_le=signe_le,
            signe_par=signe_par,
            prise_le=acte.decision.prise_le,
            jour=jour,
        )
        motifs += _motifs_de_l_avenant(acte)
    # Ce qui tient à l'état d'un acte se dit seul : déjà signé, il n'a pas à être comparé au vote.
    exiger(motifs)
    exiger(_motifs_des_lignes(lignes, demandes) + _motifs_du_seuil(tenus, lignes))
    assert signe_le is not None
    fichier = ranger(par=par, controle=scan) if scan is not None else None
    for acte in tenus:
        acte.etat, acte.signe_le, acte.signe_par = EtatDActe.SIGNE, signe_le, signe_par
        acte.scan = fichier
        acte.save(update_fields=["etat", "signe_le", "signe_par", "scan"])
    for ligne in lignes:
        if ligne.montant:
            demande = demandes[ligne.demande_id]
            engage = (demande.montant_engage or ZERO) + ligne.montant
            noter_l_engagement(demande, engage, le=signe_le)
    for acte in tenus:
        noter_un_acte(
            par,
            "conventions.signer_un_acte",
            acte,
            signe_le=signe_le.isoformat(),
            signe_par=signe_par,
            **({"fichier": fichier.nom, "empreinte": fichier.empreinte} if fichier else {}),
        )
    return tenus


@transaction.atomic
def joindre_l_exemplaire_signe(*, par: Acteur, acte: Acte, scan: FichierControle | None) -> Acte:
    """Joint à un acte signé son exemplaire, revenu après coup ; une seule fois.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    tenu = tenir_l_acte(par, acte)
    exiger(
        rules.motifs_empechant_de_joindre(
            etat=tenu.etat,
            a_son_exemplaire=tenu.scan_id is not None,
            est_joint=scan is not None,
        )
    )
    assert scan is not None
    fichier = tenu.scan = ranger(par=par, controle=scan)
    tenu.save(update_fields=["scan"])
    noter_un_acte(
        par,
        "conventions.joindre_l_exemplaire_signe",
        tenu,
        fichier=fichier.nom,
        empreinte=fichier.empreinte,
    )
    return tenu


@transaction.atomic
def notifier_des_actes(
    *,
    par: Acteur,
    contrat: Contrat,
    pks: Collection[int],
    mode: str,
    notifie_le: date | None = None,
    preuve: FichierControle | None = None,
) -> list[Acte]:
    """Note que des actes signés sont notifiés, tous ou aucun ; par la plateforme, elle les remet ce jour.

    Dans tous les cas, l'organisme l'apprend et les lit. Lève Refus, avec les motifs de tous, et
    Acte.DoesNotExist si l'un n'est pas de ce service.
    """
    tenus, jour = _tenir(par, contrat, pks), timezone.localdate()
    if mode == ModeDeNotification.PLATEFORME:
        notifie_le = jour
    motifs: list[str] = []
    for acte in tenus:
        motifs += _nommer(acte, rules.motifs_empechant_de_passer(etat=acte.etat, vers="notifie"))
        motifs += rules.motifs_empechant_de_notifier(
            nom=acte.numero,
            notifie_le=notifie_le,
            mode=mode if mode in ModeDeNotification.values else "",
            signe_le=acte.signe_le,
            jour=jour,
            est_sans_exemplaire_signe=acte.sorte in A_DEUX and acte.scan_id is None,
        )
    exiger(motifs)
    assert notifie_le is not None
    fichier = ranger(par=par, controle=preuve) if preuve is not None else None
    par_acte: dict[int, list[LigneDActe]] = {acte.pk: [] for acte in tenus}
    for ligne in _lignes(tenus):
        par_acte[ligne.acte_id].append(ligne)
    for acte in tenus:
        acte.etat, acte.notifie_le, acte.mode = EtatDActe.NOTIFIE, notifie_le, mode
        acte.preuve = fichier
        acte.save(update_fields=["etat", "notifie_le", "mode", "preuve"])
        noter_un_acte(
            par,
            "conventions.notifier_un_acte",
            acte,
            notifie_le=notifie_le.isoformat(),
            mode=acte.get_mode_display().lower(),
            **({"fichier": fichier.nom, "empreinte": fichier.empreinte} if fichier else {}),
        )
        _annoncer(par, acte, par_acte[acte.pk])
    return tenus


def _annoncer(par: Acteur, acte: Acte, lignes: list[LigneDActe]) -> None:
    """Le dit dans l'histoire de chaque dossier, et l'écrit une fois au porteur."""
    dossiers = {ligne.demande.dossier_id: ligne.demande.dossier for ligne in lignes}
    financeur = acte.financeur.retenu.nom
    for dossier in dossiers.values():
        noter(
            par=par,
            contrat=acte.contrat.code,
            action="conventions.notifier_a_un_dossier",
            objet=f"dossier:{dossier.pk}",
            objet_nom=str(dossier),
            details={"acte": str(acte), "financeur": financeur},
        )
    dit = f" de {ecrire_montant(acte.montant, court=True)}" if acte.montant else ""
    # Une structure porteuse reçoit pour plusieurs groupes : chacun l'apprend, une fois.
    par_porteur = {d.projet.porteur_id: d for d in reversed(dossiers.values())}
    for dossier in par_porteur.values():
        prevenir_le_porteur(
            dossier,
            objet=f"{financeur} : {acte.get_sorte_display().lower()} n° {acte.numero}",
            texte=f"{financeur} vous notifie un acte{dit} : « {acte.objet} », signé le "
            f"{en_clair(acte.signe_le)}.\n\nLisez-le, et gardez-le avec vos pièces :",
        )


def _tenir(par: Acteur, contrat: Contrat, pks: Collection[int]) -> list[Acte]:
    """Rend ces actes, verrouillés dans l'ordre de leurs clés ; lève Refus ou Acte.DoesNotExist."""
    exiger([] if pks else _AUCUN)
    siens = list(actes(par, contrat).filter(pk__in=pks).values_list("pk", flat=True))
    if len(siens) < len(set(pks)):
        raise Acte.DoesNotExist
    return list(
        Acte.objects.select_for_update(of=("self",))
        .select_related(
            "contrat",
            "financeur__fusionne_dans",
            "titulaire__fusionne_dans",
            "decision",
            "modifie",
        )
        .filter(pk__in=siens)
        .order_by("pk")
    )


def _lignes(tenus: list[Acte]) -> list[LigneDActe]:
    lues = LigneDActe.objects.filter(acte__in=tenus, vaut=True)
    autour = ("acte", "demande__dossier__projet__contrat", "demande__dossier__appel__contrat")
    return list(lues.select_related(*autour))


def _motifs_des_lignes(lignes: list[LigneDActe], demandes: dict[int, Demande]) -> list[str]:
    """Rend ce qui a changé depuis la préparation : une réponse reprise, un vote plus bas."""
    dernieres = derniere_reponse_de(list(demandes))
    engages: dict[int, Decimal] = {}
    motifs: list[str] = []
    for ligne in lignes:
        demande = demandes[ligne.demande_id]
        deja = engages.get(demande.pk, demande.montant_engage or ZERO)
        engages[demande.pk] = deja + ligne.montant
        motifs += rules.motifs_de_la_ligne(
            nom=ligne.acte.numero,
            est_la_derniere_reponse=dernieres.get(demande.pk) == ligne.reponse_id,
            engage=engages[demande.pk],
            vote=demande.montant_vote,
            est_retire=demande.dossier.etat == EtatDeDossier.RETIRE,
        )
    return motifs


def _motifs_de_l_avenant(acte: Acte) -> list[str]:
    """Rend pourquoi un avenant ne se signe pas : ce qu'il modifie ne vaut plus."""
    if acte.modifie is None:
        return []
    if acte.modifie.retraits.filter(etat=EtatDeRetrait.DECIDE).exists():
        return [f"{acte.numero} : l’acte n° {acte.modifie.numero} qu’il modifie est retiré."]
    if acte.modifie.etat in rules.ENGAGENT:
        return []
    return [f"{acte.numero} : l’acte n° {acte.modifie.numero} qu’il modifie n’est pas signé."]


def _motifs_du_seuil(tenus: list[Acte], lignes: list[LigneDActe]) -> list[str]:
    """Rend les actes qui ne suffisent plus : un vote plus récent a fait passer le seuil.

    Ce qu'une convention pluriannuelle couvre n'en demande pas une autre.
    """
    faibles = [un for un in tenus if un.sorte in (SorteDActe.NOTIFICATION, SorteDActe.ARRETE)]
    projets: dict[int, set[int]] = {acte.pk: set() for acte in tenus}
    for ligne in lignes:
        projets[ligne.acte_id].add(ligne.demande.dossier.projet_id)
    motifs = []
    for exercice in sorted({acte.exercice for acte in faibles}):
        siens = [acte for acte in faibles if acte.exercice == exercice]
        financeur = siens[0].financeur.retenu
        cites = set().union(*(projets[acte.pk] for acte in siens))
        couverts = pluriannuelles_de(financeur, exercice, cites).keys()
        siens = [acte for acte in siens if not projets[acte.pk] <= couverts]
        recus = cumuls(financeur, exercice, {acte.titulaire.retenu.pk for acte in siens})
        for acte in siens:
            titulaire = acte.titulaire.retenu
            if convention_exigee(
                nature_du_financeur=financeur.nature,
                forme_du_financeur=financeur.forme_juridique,
                nature_du_titulaire=titulaire.nature,
                forme_du_titulaire=titulaire.forme_juridique,
                exercice=exercice,
                cumul=recus[titulaire.pk].total,
            ):
                motifs.append(
                    f"{acte.numero} : depuis sa préparation, {titulaire.nom} a dépassé le seuil : une "
                    "convention est exigée. Annulez cet acte, puis préparez-la."
                )
    return motifs


def _nommer(acte: Acte, motifs: list[str]) -> list[str]:
    return [f"{acte.numero} : {motif}" for motif in motifs]
