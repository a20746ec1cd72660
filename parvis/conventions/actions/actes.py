"""Préparer les actes d'une décision, corriger le texte de l'un, en annuler un."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import EtatDActe
from parvis.conventions.models import Acte, Echeance, LigneDActe, MentionsDuService
from parvis.conventions.permissions import prend_des_actes
from parvis.conventions.queries.actes import actes, lignes_de
from parvis.conventions.queries.modeles import Texte, mentions_de, modele_lu
from parvis.conventions.queries.preparation import ActePropose, actes_a_prendre
from parvis.conventions.queries.valeurs import Autour, autour_de, echeancier_de, pied_de, valeurs
from parvis.conventions.rules import actes as rules
from parvis.conventions.rules.champs import (
    motifs_si_un_champ_reste,
    motifs_si_un_champ_se_tait,
    remplir,
)
from parvis.conventions.rules.choix import motifs_empechant_la_sorte
from parvis.conventions.rules.faits import faits_dits, motifs_si_un_fait_se_tait
from parvis.documents.actions import effacer
from parvis.dossiers.actions.bilans import attendre_un_bilan
from parvis.dossiers.actions.suivi import noter_l_engagement
from parvis.dossiers.enums import NatureDeDemande, SorteDeBilan
from parvis.dossiers.models import Demande
from parvis.journal.actions import noter
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres_a_lire
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision
from parvis.programmation.queries.decisions import decisions
from parvis.programmation.rules.decisions import empreinte
from parvis.socle.refus import exiger
from parvis.socle.texte import en_paragraphes, en_une_ligne

_RIEN_A_PRENDRE = "Cochez au moins un acte à préparer."
_DEJA = "Un collègue vient de préparer un de ces actes. Relisez la page, puis recommencez."


@transaction.atomic
def preparer_les_actes(
    *,
    par: Acteur,
    decision: Decision,
    choisis: Mapping[str, str],
    maintenant: datetime | None = None,
) -> list[Acte]:
    """Prépare des actes d'une décision publiée, tous ou aucun : leur texte est figé, leur rang pris.

    `choisis` : la clé de chaque acte proposé, et la sorte voulue. Lève Refus, et Decision.DoesNotExist à
    qui n'est pas de ce service.
    """
    decision = _tenir_la_decision(par, decision)
    exiger([] if choisis else [_RIEN_A_PRENDRE])
    proposes = {p.cle: p for p in actes_a_prendre(par, decision)}
    exiger([] if choisis.keys() <= proposes.keys() else [_DEJA])
    motifs: list[str] = []
    for cle, sorte in choisis.items():
        nom = proposes[cle].titulaire.nom
        trouves = [*proposes[cle].obstacles, *motifs_empechant_la_sorte(proposes[cle].choix, sorte)]
        motifs += [f"{nom} : {motif}" for motif in trouves]
    exiger(motifs)
    mentions = mentions_de(decision.contrat, decision.financeur.retenu)
    autour = autour_de([proposes[cle] for cle in choisis], decision)
    textes = {s: modele_lu(par, decision.contrat, s).texte for s in set(choisis.values())}
    retenus: list[tuple[ActePropose, str, int, dict[str, str]]] = []
    for rang, (cle, sorte) in enumerate(choisis.items(), _dernier_rang(decision) + 1):
        numero = f"{decision.exercice}-{rang:03d}"
        dites = valeurs(proposes[cle], mentions, autour, numero=numero)
        retenus.append((proposes[cle], sorte, rang, dites))
        tus = motifs_si_un_champ_se_tait(sorte=sorte, corps=textes[sorte].corps, valeurs=dites)
        tus += rules.motifs_si_l_objet_deborde(_objet(textes[sorte], dites))
        motifs += [f"{proposes[cle].titulaire.nom} : {motif}" for motif in tus]
    exiger(motifs)
    maintenant = maintenant or timezone.now()
    return [
        _preparer(par, propose, sorte, textes[sorte], mentions, rang, dites, autour, maintenant)
        for propose, sorte, rang, dites in retenus
    ]


def _preparer(
    par: Acteur,
    propose: ActePropose,
    sorte: str,
    texte: Texte,
    mentions: MentionsDuService,
    rang: int,
    dites: Mapping[str, str],
    autour: Autour,
    maintenant: datetime,
) -> Acte:
    decision, ecrit = propose.decision, remplir(texte.corps, dites)
    acte = Acte.objects.create(
        contrat=decision.contrat,
        financeur=decision.financeur.retenu,
        titulaire=propose.titulaire,
        exercice=decision.exercice,
        rang=rang,
        sorte=sorte,
        decision=decision,
        version=texte.version,
        modifie=propose.modifie,
        raison=" ".join(propose.choix.raisons),
        objet=_objet(texte, dites),
        texte=ecrit,
        faits=faits_dits(ecrit, dites),
        pied=pied_de(mentions, dites),
        montant=propose.en_argent,
        montant_nature=propose.en_nature,
        prepare_le=maintenant,
        prepare_par=par.utilisateur_nom,
    )
    LigneDActe.objects.bulk_create(
        LigneDActe(
            acte=acte,
            reponse=reponse,
            demande=reponse.demande,
            montant=propose.montants[reponse.pk],
            est_en_nature=reponse.demande.nature == NatureDeDemande.NATURE,
        )
        for reponse in propose.reponses
    )
    Echeance.objects.bulk_create(
        Echeance(
            acte=acte,
            rang=place,
            sorte=prevue.sorte,
            montant=prevue.montant,
            prevue_le=prevue.prevue_le,
            condition=prevue.condition,
        )
        for place, prevue in enumerate(echeancier_de(propose, mentions), 1)
    )
    _attendre_les_bilans(propose, autour)
    noter_un_acte(par, "conventions.preparer_un_acte", acte, raison=acte.raison)
    return acte


def _objet(texte: Texte, dites: Mapping[str, str]) -> str:
    return en_une_ligne(remplir(texte.objet, dites))


def _attendre_les_bilans(propose: ActePropose, autour: Autour) -> None:
    """Inscrit les bilans que l'acte demande, au jour qu'il dit : ce qui est promis ne se recalcule pas."""
    for dossier in dict.fromkeys(
        r.demande.dossier
        for r in propose.reponses
        if r.resultat == Resultat.ACCORDE and r.demande.nature == NatureDeDemande.NUMERAIRE
    ):
        attendre_un_bilan(
            dossier=dossier,
            exercice=propose.decision.exercice,
            sorte=SorteDeBilan.DEFINITIF,
            attendu_le=autour.bilans[dossier.pk],
        )


@transaction.atomic
def corriger_le_texte(
    *, par: Acteur, acte: Acte, objet: str, texte: str, depart: str | None = None
) -> Acte:
    """Corrige l'objet et le texte d'un acte qui n'est pas signé : il se compose de nouveau.

    `depart` : l'empreinte de l'objet et du texte que l'on a lus ; sans lui, on écrit sans comparer. Lève
    Refus s'il est signé, vide, ou tait un fait de l'acte, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    acte = tenir_l_acte(par, acte)
    objet, texte = en_une_ligne(objet), en_paragraphes(texte)
    motifs = [] if objet and texte else ["Un acte a un objet et un texte."]
    if depart not in (None, empreinte(acte.objet, acte.texte)):
        motifs.append("Un collègue vient de corriger ce texte. Relisez-le, puis recommencez.")
    motifs += rules.motifs_si_l_objet_deborde(objet)
    motifs += motifs_si_un_champ_reste(f"{objet}\n{texte}")
    motifs += motifs_si_un_fait_se_tait(texte, acte.faits) if texte else []
    if acte.etat != EtatDActe.PREPARE:
        motifs += rules.motifs_empechant_de_passer(etat=acte.etat, vers=EtatDActe.PREPARE)
    exiger(motifs)
    compose = acte.fichier
    acte.objet, acte.texte = objet, texte
    acte.etat, acte.compose_le, acte.fichier = EtatDActe.PREPARE, None, None
    acte.save(update_fields=["objet", "texte", "etat", "compose_le", "fichier"])
    if compose is not None:
        effacer(par=par, fichier=compose)
    noter_un_acte(par, "conventions.corriger_un_acte", acte)
    return acte


@transaction.atomic
def annuler_un_acte(*, par: Acteur, acte: Acte, motif: str) -> Acte:
    """Annule un acte qui n'est pas notifié : ce qu'il engageait ne l'est plus, son numéro reste.

    Lève Refus, avec tous les motifs, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    # Le registre d'abord : on ne prépare pas un avenant à l'acte que l'on annule.
    _tenir_le_registre(acte.financeur.retenu)
    acte, motif = tenir_l_acte(par, acte), en_une_ligne(motif)[:500]
    motifs = rules.motifs_empechant_de_passer(etat=acte.etat, vers=EtatDActe.ANNULE)
    if not motif:
        motifs.append("Dites pourquoi cet acte est annulé.")
    suivants = (
        Acte.objects.filter(lignes__vaut=True, lignes__demande__in=acte.lignes.values("demande"))
        .filter(exercice=acte.exercice, rang__gt=acte.rang)
        .exclude(etat=EtatDActe.ANNULE)
    )
    motifs += rules.motifs_si_un_autre_suit(
        [un.numero for un in suivants.distinct().order_by("rang")]
    )
    exiger(motifs)
    engageait = acte.etat in rules.ENGAGENT
    lignes = lignes_de(acte)
    tenues = tenir_les_demandes([ligne.demande_id for ligne in lignes])
    acte.etat, acte.annule_le = EtatDActe.ANNULE, timezone.now()
    acte.annule_par, acte.motif_d_annulation = par.utilisateur_nom, motif
    acte.save(update_fields=["etat", "annule_le", "annule_par", "motif_d_annulation"])
    LigneDActe.objects.filter(acte=acte).update(vaut=False)
    for ligne in lignes if engageait else ():
        demande = tenues[ligne.demande_id]
        reste = (demande.montant_engage or rules.ZERO) - ligne.montant
        exiger(rules.motifs_si_verse(demande.montant_verse, reste))
        noter_l_engagement(demande, reste, le=demande.engage_le or timezone.localdate())
    noter_un_acte(par, "conventions.annuler_un_acte", acte, motif=motif)
    return acte


def tenir_l_acte(par: Acteur, acte: Acte) -> Acte:
    """Rend un acte du service de l'acteur, verrouillé ; lève Acte.DoesNotExist pour tout autre."""
    visible = actes(par, acte.contrat).values_list("pk", flat=True)
    return (
        Acte.objects.select_for_update(of=("self",))
        .select_related("contrat", "financeur__fusionne_dans", "titulaire", "decision", "fichier")
        .filter(pk__in=list(visible.filter(pk=acte.pk)))
        .get(pk=acte.pk)
    )


def tenir_les_demandes(pks: list[int]) -> dict[int, Demande]:
    """Rend ces demandes, verrouillées dans l'ordre de leurs clés."""
    tenues = Demande.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    return {demande.pk: demande for demande in tenues.select_related("dossier__projet")}


def _tenir_la_decision(par: Acteur, decision: Decision) -> Decision:
    """Rend une décision du service, et verrouille le registre : deux actes ne prennent pas un rang."""
    if not prend_des_actes(par):
        raise Decision.DoesNotExist
    lue = decisions(par, decision.contrat).get(pk=decision.pk)
    _tenir_le_registre(lue.financeur.retenu)
    exiger(
        []
        if lue.est_publiee
        else ["Cette décision n’est pas publiée : rien n’est voté, il n’y a pas d’acte à prendre."]
    )
    return lue


def _tenir_le_registre(financeur: Organisme) -> None:
    Organisme.objects.select_for_update(no_key=True).get(pk=financeur.pk)


def _dernier_rang(decision: Decision) -> int:
    # Le registre est celui de l'autorité, tous contrats confondus. Un service réuni à un autre lui apporte
    # ses actes : leurs numéros ne resservent pas.
    siens = Acte.objects.filter(
        financeur__in=membres_a_lire(decision.financeur), exercice=decision.exercice
    )
    dernier: int | None = siens.aggregate(dernier=Max("rang"))["dernier"]
    return dernier or 0


def noter_un_acte(par: Acteur, action: str, acte: Acte, **details: Any) -> None:
    """Note ce qui arrive à un acte ; ce que le porteur en lit se note dans l'histoire du dossier."""
    noter(
        par=par,
        contrat=acte.contrat.code,
        action=action,
        objet=f"acte:{acte.pk}",
        objet_nom=f"{acte}, {acte.titulaire.nom}",
        details=details,
    )
