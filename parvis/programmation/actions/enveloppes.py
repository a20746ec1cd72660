"""Tenir les enveloppes d'un financeur : les créer, les doter, déléguer, reporter, y prendre les demandes.

Les verrous se prennent toujours dans le même ordre : les demandes, puis les enveloppes par identifiant,
puis le journal. Ils sont ceux d'une mise à jour (`no_key`) : une clé étrangère qui se vérifie n'attend pas.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Demande
from parvis.journal.actions import noter
from parvis.organismes.models import Organisme
from parvis.programmation.enums import SorteDeMouvement
from parvis.programmation.models import Enveloppe, Imputation, Mouvement
from parvis.programmation.permissions import a_des_enveloppes, peut_tenir_les_enveloppes
from parvis.programmation.queries.enveloppes import communes_du_contrat, piliers_du_contrat
from parvis.programmation.rules import enveloppes as rules
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import exiger
from parvis.socle.texte import en_paragraphes, en_une_ligne
from parvis.socle.validation import motifs_de_validation
from parvis.territoires.models import Commune

ZERO = Decimal("0.00")


@transaction.atomic
def creer_une_enveloppe(
    *,
    par: Acteur,
    contrat: Contrat,
    exercice: int,
    ligne: str,
    commune: Commune | None = None,
    pilier: str = "",
    mere: Enveloppe | None = None,
    montant: Decimal | None = None,
    decide_le: date | None = None,
    motif: str = "",
) -> Enveloppe:
    """Crée une enveloppe de l'organisme pour qui l'on agit, ou une sous-enveloppe de `mere`.

    Avec un montant, elle est dotée du même geste, ou reçoit par délégation de sa mère. Lève Refus, et
    Enveloppe.DoesNotExist à qui n'en tient pas.
    """
    if not a_des_enveloppes(par):
        raise Enveloppe.DoesNotExist
    assert par.organisme is not None
    if mere is not None:
        (mere,) = _tenir(par, mere)
    enveloppe = Enveloppe(
        contrat=contrat,
        # Un doublon réuni ne bouge pas : une fille reste au nom qu'a sa mère.
        financeur=mere.financeur if mere else par.organisme,
        exercice=exercice,
        ligne=en_une_ligne(ligne),
        commune=commune,
        pilier=pilier,
        mere=mere,
        creee_le=timezone.now(),
        creee_par=par.utilisateur_nom,
    )
    motifs = rules.motifs_empechant_de_creer(
        ligne=enveloppe.ligne,
        exercice=exercice,
        debut=contrat.debut,
        annee=timezone.localdate().year,
        est_d_ici=(commune is None or communes_du_contrat(contrat).contains(commune))
        and (not pilier or pilier in piliers_du_contrat(contrat)),
    )
    if mere is not None:
        motifs += rules.motifs_empechant_une_sous_enveloppe(
            mere=_place(mere), voulue=_place(enveloppe), est_fille=mere.mere_id is not None
        )
    exiger(motifs or motifs_de_validation(enveloppe, avec_contraintes=True))
    enveloppe.save(force_insert=True)
    _noter(par, "programmation.creer_une_enveloppe", enveloppe, {"mere": str(mere) if mere else ""})
    jour = decide_le or timezone.localdate()
    if montant and mere is not None:
        deleguer(par=par, depuis=mere, vers=enveloppe, montant=montant, decide_le=jour, motif=motif)
    elif montant:
        doter(par=par, enveloppe=enveloppe, montant=montant, decide_le=jour, motif=motif)
    return enveloppe


@transaction.atomic
def doter(
    *, par: Acteur, enveloppe: Enveloppe, montant: Decimal, decide_le: date, motif: str = ""
) -> Mouvement:
    """Note une dotation, ou son ajustement si le montant est négatif ; rend le mouvement.

    Lève Refus, et Enveloppe.DoesNotExist à un autre service.
    """
    (enveloppe,) = _tenir(par, enveloppe)
    acte = _acte(montant, motif, decide_le)
    exiger(
        rules.motifs_empechant_de_doter(
            acte=acte,
            est_fille=enveloppe.mere_id is not None,
            dote=_deja(enveloppe, SorteDeMouvement.DOTATION),
            reste=enveloppe.montant_reste,
        )
    )
    mouvement = _ecrire(par, SorteDeMouvement.DOTATION, acte, enveloppe)
    _noter(par, "programmation.doter", enveloppe, _details(mouvement))
    return mouvement


@transaction.atomic
def deleguer(
    *,
    par: Acteur,
    depuis: Enveloppe,
    vers: Enveloppe,
    montant: Decimal,
    decide_le: date,
    motif: str = "",
) -> Mouvement:
    """Délègue à une sous-enveloppe ; un montant négatif revient à celle dont elle dépend.

    Lève Refus, et Enveloppe.DoesNotExist à un autre service.
    """
    depuis, vers = _tenir(par, depuis, vers)
    acte = _acte(montant, motif, decide_le)
    exiger(
        rules.motifs_empechant_de_deleguer(
            acte=acte,
            est_sa_mere=vers.mere_id == depuis.pk,
            delegue=_deja(vers, SorteDeMouvement.DELEGATION, depuis),
            reste=depuis.montant_reste,
            reste_de_la_fille=vers.montant_reste,
        )
    )
    mouvement = _ecrire(par, SorteDeMouvement.DELEGATION, acte, vers, depuis)
    _noter(par, "programmation.deleguer", vers, _details(mouvement))
    return mouvement


@transaction.atomic
def reporter(
    *,
    par: Acteur,
    depuis: Enveloppe,
    vers: Enveloppe,
    montant: Decimal,
    decide_le: date,
    motif: str,
) -> Mouvement:
    """Reporte vers une enveloppe d'un exercice suivant ; un montant négatif annule un report.

    `motif` nomme l'acte : rien ne passe d'un exercice à l'autre sans lui. Lève Refus, et
    Enveloppe.DoesNotExist à un autre service.
    """
    depuis, vers = _tenir(par, depuis, vers)
    acte = _acte(montant, motif, decide_le)
    exiger(
        rules.motifs_empechant_de_reporter(
            acte=acte,
            depuis=_place(depuis),
            vers=_place(vers),
            reporte=_deja(vers, SorteDeMouvement.REPORT, depuis),
            reste=depuis.montant_reste,
            reste_de_l_autre=vers.montant_reste,
        )
    )
    mouvement = _ecrire(par, SorteDeMouvement.REPORT, acte, vers, depuis)
    _noter(par, "programmation.reporter", vers, _details(mouvement))
    return mouvement


@transaction.atomic
def imputer(*, par: Acteur, demande: Demande, enveloppe: Enveloppe) -> Imputation:
    """Prend une demande sur une enveloppe, ou l'y fait passer depuis une autre, voté compris.

    Lève Refus, et Enveloppe.DoesNotExist à un autre service.
    """
    demande = _tenir_la_demande(demande)
    ancienne = Imputation.objects.filter(demande=demande).select_related("enveloppe").first()
    a_tenir = [enveloppe, ancienne.enveloppe] if ancienne else [enveloppe]
    enveloppe, *avant = _tenir(par, *a_tenir)
    exiger(
        rules.motifs_empechant_d_imputer(
            demande=_a_imputer(demande),
            enveloppe=_place(enveloppe),
            reste=enveloppe.montant_reste,
            est_la_sienne=ancienne is not None and ancienne.enveloppe_id == enveloppe.pk,
        )
    )
    imputation = ancienne or Imputation(demande=demande)
    imputation.enveloppe = enveloppe
    imputation.imputee_le, imputation.imputee_par = timezone.now(), par.utilisateur_nom
    imputation.save()
    details = {"dossier": str(demande.dossier), "avant": str(avant[0]) if avant else ""}
    _noter(par, "programmation.imputer", enveloppe, details)
    return imputation


@transaction.atomic
def desimputer(*, par: Acteur, demande: Demande) -> None:
    """Retire une demande de son enveloppe, tant que rien n'est voté.

    Lève Refus, et Enveloppe.DoesNotExist à un autre service ou si la demande n'en a pas.
    """
    demande = _tenir_la_demande(demande)
    imputation = Imputation.objects.filter(demande=demande).select_related("enveloppe").first()
    if imputation is None:
        raise Enveloppe.DoesNotExist
    (enveloppe,) = _tenir(par, imputation.enveloppe)
    exiger(rules.motifs_empechant_de_desimputer(vote=demande.montant_vote or ZERO))
    imputation.delete()
    _noter(par, "programmation.desimputer", enveloppe, {"dossier": str(demande.dossier)})


def tenir_pour_voter(
    demandes: Iterable[Demande], aussi: Iterable[int] = ()
) -> dict[int, Enveloppe]:
    """Verrouille ces demandes puis leurs enveloppes ; rend l'enveloppe de chaque demande, par identifiant.

    `aussi` nomme les enveloppes où ces demandes vont se prendre : toutes se verrouillent ensemble.

    À appeler dans la transaction d'un vote, avant d'écrire `montant_vote` : deux délibérations qui votent
    chacune plusieurs demandes ne s'attendent pas l'une l'autre. Qui appelle a vérifié les droits.
    """
    voulues = sorted(demande.pk for demande in demandes)
    verrouillees = Demande.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    tenues = [demande.pk for demande in verrouillees.filter(pk__in=voulues)]
    imputees = dict(
        Imputation.objects.filter(demande__in=tenues).values_list("demande", "enveloppe")
    )
    enveloppes = _verrouiller({*imputees.values(), *aussi})
    return {demande: enveloppes[enveloppe] for demande, enveloppe in imputees.items()}


def _verrouiller(pks: set[int]) -> dict[int, Enveloppe]:
    """Verrouille ces enveloppes dans l'ordre des identifiants."""
    lignes = Enveloppe.objects.select_for_update(of=("self",), no_key=True)
    lignes = lignes.select_related("contrat", "financeur__fusionne_dans", "commune")
    return {ligne.pk: ligne for ligne in lignes.filter(pk__in=pks).order_by("pk")}


def _tenir(par: Acteur, *enveloppes: Enveloppe) -> list[Enveloppe]:
    """Rend ces enveloppes verrouillées et relues ; lève Enveloppe.DoesNotExist à un autre service."""
    tenues = _verrouiller({enveloppe.pk for enveloppe in enveloppes})
    lues = [tenues[enveloppe.pk] for enveloppe in enveloppes if enveloppe.pk in tenues]
    if len(lues) < len(enveloppes) or not all(
        peut_tenir_les_enveloppes(par, enveloppe.financeur) for enveloppe in lues
    ):
        raise Enveloppe.DoesNotExist
    return lues


def _tenir_la_demande(demande: Demande) -> Demande:
    return (
        Demande.objects.select_for_update(of=("self",), no_key=True)
        .select_related("dossier__appel", "dossier__projet", "financeur__fusionne_dans")
        .get(pk=demande.pk)
    )


def _deja(vers: Enveloppe, sorte: str, depuis: Enveloppe | None = None) -> Decimal:
    """Rend ce que cette enveloppe a déjà reçu ainsi, retours déduits."""
    entrees = vers.entrees.filter(sorte=sorte, depuis=depuis)
    return entrees.aggregate(total=Sum("montant"))["total"] or ZERO


def _retenu(organisme: Organisme | None) -> int | None:
    return organisme.retenu.pk if organisme else None


def _place(enveloppe: Enveloppe) -> rules.Place:
    return rules.Place(enveloppe.contrat_id, _retenu(enveloppe.financeur), enveloppe.exercice)


def _a_imputer(demande: Demande) -> rules.DemandeAImputer:
    return rules.DemandeAImputer(
        place=rules.Place(
            demande.dossier.appel.contrat_id, _retenu(demande.financeur), demande.exercice
        ),
        nature=demande.nature,
        guichet=demande.guichet,
        etat=demande.etat,
        vote=demande.montant_vote or ZERO,
    )


def _acte(montant: Decimal, motif: str, decide_le: date) -> rules.Acte:
    return rules.Acte(montant, en_paragraphes(motif), decide_le, timezone.localdate())


def _ecrire(
    par: Acteur,
    sorte: SorteDeMouvement,
    acte: rules.Acte,
    enveloppe: Enveloppe,
    depuis: Enveloppe | None = None,
) -> Mouvement:
    """Écrit un mouvement : les compteurs suivent par déclencheur, sous les verrous déjà tenus."""
    mouvement = Mouvement(
        enveloppe=enveloppe,
        depuis=depuis,
        sorte=sorte,
        montant=acte.montant,
        motif=acte.motif,
        decide_le=acte.decide_le,
        note_le=timezone.now(),
        note_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
    )
    exiger(motifs_de_validation(mouvement))
    mouvement.save(force_insert=True)
    return mouvement


def _details(mouvement: Mouvement) -> dict[str, str]:
    return {
        "montant": ecrire_montant(mouvement.montant, court=True),
        "depuis": str(mouvement.depuis or ""),
        "decide_le": mouvement.decide_le.isoformat(),
        "motif": mouvement.motif,
    }


def _noter(par: Acteur, action: str, enveloppe: Enveloppe, details: Mapping[str, Any]) -> None:
    """Note un acte sur une enveloppe : l'objet est elle, jamais un dossier que d'autres lisent."""
    noter(
        par=par,
        contrat=enveloppe.contrat.code,
        action=action,
        objet=f"enveloppe:{enveloppe.pk}",
        objet_nom=str(enveloppe),
        details=details,
    )
