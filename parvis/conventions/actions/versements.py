"""Noter ce qui est versé sur des actes, et l'annuler."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import noter_un_acte, tenir_l_acte, tenir_les_demandes
from parvis.conventions.enums import SourceDeVersement
from parvis.conventions.models import (
    Acte,
    LigneDActe,
    PartDeVersement,
    Versement,
)
from parvis.conventions.queries.actes import actes
from parvis.conventions.queries.paiements import (
    EcheanceLue,
    Paiements,
    avenants_de,
    paiements_de,
)
from parvis.conventions.rules import versements as rules
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.models import Dossier
from parvis.journal.actions import noter
from parvis.organismes.models import Organisme
from parvis.socle.montants import ecrire_montant, repartir
from parvis.socle.refus import Refus, exiger
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.texte import en_une_ligne

ZERO = Decimal("0.00")
_AUCUN = ["Cochez au moins une échéance."]
_DEPUIS = (
    "Un versement vient d’être noté sur cet acte, par vous ou par un collègue. Relisez, puis "
    "recommencez."
)


@dataclass(frozen=True)
class AVerser:
    """Un versement à noter : l'acte, l'échéance (la prochaine à défaut), combien (son reste à défaut)."""

    acte: int
    verse_le: date | None
    echeance: int | None = None
    montant: Decimal | None = None
    numero_d_ordre: str = ""
    bordereau: str = ""
    hors_de_l_ordre: bool = False
    # Ce que l'échéance attend est fait, dit une personne : la plateforme ne le sait pas.
    attente_confirmee: bool = False
    # Ce versement dépasse, exprès, ce que le bilan accepté laisse dû.
    au_dela_du_bilan: bool = False
    # Ce qui était versé sur l'acte quand on l'a lu : envoyé deux fois, un versement ne se note qu'une.
    deja: Decimal | None = None
    # Ce qui nomme le versement dans un refus : la ligne d'un fichier ; l'acte à défaut.
    ou: str = ""


@transaction.atomic
def verser(
    *,
    par: Acteur,
    contrat: Contrat,
    versements: Sequence[AVerser],
    source: str = SourceDeVersement.SAISIE,
) -> list[Versement]:
    """Note des versements, tous ou aucun ; l'organisme l'apprend.

    Les verrous se prennent dans l'ordre : les actes, les demandes, le journal. Lève Refus, avec les
    motifs de tous, et Acte.DoesNotExist si un acte n'est pas de ce service.
    """
    exiger([] if versements else _AUCUN)
    if par.organisme is not None and any(un.numero_d_ordre for un in versements):
        # Un numéro d'ordre ne sert qu'une fois, d'un acte à l'autre : deux fichiers se suivent.
        Organisme.objects.select_for_update(no_key=True).get(pk=par.organisme.retenu.pk)
    tenus = _tenir(par, contrat, {un.acte for un in versements})
    faits: list[Versement] = []
    motifs: list[str] = []
    pris = _numeros_pris(list(tenus.values()), versements)
    lus = paiements_de(tenus.values())
    for un in versements:
        acte = tenus[un.acte]
        if any(fait.acte_id == acte.pk for fait in faits):
            # Le versement d'avant était du même acte : son argent se relit.
            lus |= paiements_de([acte])
        try:
            faits.append(_verser(par, lus[acte.pk], un, source, pris))
        except Refus as refus:
            motifs += [f"{un.ou or acte.numero} : {motif}" for motif in refus.motifs]
        else:
            pris |= {(acte.financeur_id, faits[-1].exercice, faits[-1].numero_d_ordre)}
    exiger(motifs)
    _annoncer(par, faits)
    return faits


def _verser(
    par: Acteur,
    lu: Paiements,
    un: AVerser,
    source: str,
    pris: frozenset[tuple[int, int, str]] | set[tuple[int, int, str]],
) -> Versement:
    """Écrit un versement et ses parts, ou lève Refus avec tout ce qui l'empêche."""
    acte, visee = lu.acte, _echeance(lu, un.echeance)
    exiger([_DEPUIS] if un.deja is not None and un.deja != lu.verse else [])
    montant = un.montant if un.montant is not None else _a_verser(lu, visee, un.au_dela_du_bilan)
    situation = lu.situation()
    numero = en_une_ligne(un.numero_d_ordre)[:40]
    annee = (un.verse_le or timezone.localdate()).year
    paiement = rules.Paiement(
        rang=visee.echeance.rang if visee else None,
        montant=montant,
        verse_le=un.verse_le,
        hors_de_l_ordre=un.hors_de_l_ordre,
        attente_confirmee=un.attente_confirmee,
        au_dela_du_bilan=un.au_dela_du_bilan,
        numero_d_ordre=numero,
        numeros_pris=frozenset(
            n for financeur, an, n in pris if (financeur, an) == (acte.financeur_id, annee)
        ),
    )
    exiger(rules.motifs_empechant_de_payer(situation, paiement, jour=timezone.localdate()))
    assert un.verse_le is not None
    # Noté après coup, il est arrivé sur le compte de ce jour-là, non sur celui d'aujourd'hui.
    compte = lu.compte_au(un.verse_le)
    assert compte is not None
    versement = Versement.objects.create(
        acte=acte,
        echeance=visee.echeance if visee else None,
        financeur_id=acte.financeur_id,
        exercice=annee,
        montant=montant,
        verse_le=un.verse_le,
        numero_d_ordre=numero,
        bordereau=en_une_ligne(un.bordereau)[:40],
        compte=compte.masque,
        source=source,
        note_le=timezone.now(),
        note_par=par.utilisateur_nom,
    )
    _partager(versement, lu)
    noter_un_acte(
        par,
        "conventions.verser",
        acte,
        montant=ecrire_montant(montant, court=True),
        verse_le=un.verse_le.isoformat(),
        numero=numero,
        compte=compte.masque,
        au_dela_du_bilan=rules.depasse_le_bilan(situation, montant),
    )
    return versement


def _a_verser(lu: Paiements, visee: EcheanceLue | None, au_dela_du_bilan: bool) -> Decimal:
    """Rend combien se verse quand on ne le dit pas : ce qui est dû ; tout le reste, si rien ne l'est."""
    if visee is None:
        du, reste = lu.laisse_du, lu.reste
    else:
        du, reste = visee.a_verser, visee.reste
    return reste if au_dela_du_bilan else du or reste


def _partager(versement: Versement, lu: Paiements) -> None:
    """Écrit ce que le versement donne à chaque demande, au prorata de ce qui leur reste dû.

    Ce qui va au-delà des bilans acceptés se partage au prorata de ce qu'ils ne laissaient pas dû.
    """
    payables = [ligne for ligne in lu.lignes if ligne.reste > 0]
    dus = [ligne.laisse_du for ligne in payables]
    du = min(versement.montant, sum(dus, ZERO))
    parts = repartir(du, dus) if du else [ZERO] * len(dus)
    if au_dela := versement.montant - du:
        hors = [ligne.reste - ligne.laisse_du for ligne in payables]
        parts = [a + b for a, b in zip(parts, repartir(au_dela, hors), strict=True)]
    # Dans l'ordre des demandes, comme tous leurs verrous ; la base tient leurs colonnes à jour.
    couples = sorted(zip(payables, parts, strict=True), key=lambda un: un[0].ligne.demande_id)
    for payee, part in couples:
        if part:
            PartDeVersement.objects.create(
                versement=versement,
                ligne=payee.ligne,
                demande_id=payee.ligne.demande_id,
                montant=part,
            )


def _echeance(lu: Paiements, pk: int | None) -> EcheanceLue | None:
    """Rend l'échéance nommée, ou la prochaine ; une échéance d'un autre acte n'en est pas une."""
    if pk is None:
        return lu.prochaine or (lu.echeances[-1] if lu.echeances else None)
    trouvee = next((e for e in lu.echeances if e.echeance.pk == pk), None)
    exiger([] if trouvee else ["Cette échéance n’est pas de cet acte."])
    return trouvee


def _tenir(par: Acteur, contrat: Contrat, pks: set[int]) -> dict[int, Acte]:
    """Rend ces actes et tient leurs demandes, verrous pris dans l'ordre ; lève Acte.DoesNotExist."""
    siens = list(actes(par, contrat).filter(pk__in=pks).values_list("pk", flat=True))
    if len(siens) < len(pks):
        raise Acte.DoesNotExist
    # La convention d'un avenant aussi : un retrait l'arrêterait avec elle.
    racines = Acte.objects.filter(avenants__in=siens).values_list("pk", flat=True)
    tenus = (
        Acte.objects.select_for_update(of=("self",))
        .select_related("contrat", "financeur__fusionne_dans", "titulaire__fusionne_dans")
        .filter(pk__in={*siens, *racines})
        .order_by("pk")
    )
    rendus = {acte.pk: acte for acte in tenus if acte.pk in pks}
    tenir_les_demandes(_demandes_de(list(rendus.values())))
    return rendus


def _numeros_pris(
    tenus: Sequence[Acte], versements: Sequence[AVerser]
) -> set[tuple[int, int, str]]:
    """Rend les numéros d'ordre déjà payés, parmi ceux que l'on veut noter."""
    numeros = {en_une_ligne(un.numero_d_ordre)[:40] for un in versements} - {""}
    deja = Versement.objects.filter(
        financeur__in={acte.financeur_id for acte in tenus},
        numero_d_ordre__in=numeros,
        annule_le__isnull=True,
    )
    return set(deja.values_list("financeur", "exercice", "numero_d_ordre"))


def _annoncer(par: Acteur, faits: Sequence[Versement]) -> None:
    """Le dit dans l'histoire de chaque dossier, et l'écrit une fois au porteur pour chaque acte."""
    premiers: dict[int, Dossier] = {}
    for part, dit in _a_dire_aux_dossiers(faits):
        premiers.setdefault(part.versement.acte_id, part.demande.dossier)
        noter(par=par, action="conventions.verser_a_un_dossier", **dit)
    sommes: dict[int, Decimal] = {}
    for versement in faits:
        sommes[versement.acte_id] = sommes.get(versement.acte_id, ZERO) + versement.montant
    for versement in {fait.acte_id: fait for fait in faits}.values():
        somme = ecrire_montant(sommes[versement.acte_id], court=True)
        financeur = versement.acte.financeur.retenu.nom
        prevenir_le_porteur(
            premiers[versement.acte_id],
            objet=f"{financeur} vous a versé {somme}",
            texte=f"{financeur} a noté un versement de {somme} le {en_clair(versement.verse_le)}, sur le "
            f"compte {versement.compte}, au titre de « {versement.acte.objet} ».",
        )


def _a_dire_aux_dossiers(
    faits: Sequence[Versement],
) -> Iterator[tuple[PartDeVersement, dict[str, Any]]]:
    """Rend chaque part de ces versements, et ce que le journal de son dossier en dit."""
    parts = PartDeVersement.objects.filter(versement__in=faits).select_related(
        "demande__dossier__projet__contrat", "demande__dossier__appel__contrat", "versement__acte"
    )
    for part in parts.order_by("versement__acte", "pk"):
        dossier = part.demande.dossier
        yield (
            part,
            {
                "contrat": dossier.appel.contrat.code,
                "objet": f"dossier:{dossier.pk}",
                "objet_nom": str(dossier),
                "details": {
                    "financeur": part.demande.nom_du_financeur,
                    "montant": ecrire_montant(part.montant, court=True),
                    "verse_le": part.versement.verse_le.isoformat(),
                },
            },
        )


def _annoncer_l_annulation(par: Acteur, versement: Versement) -> None:
    """Le dit dans l'histoire de chaque dossier et au porteur ; le motif, dit au service, y reste."""
    dossiers = []
    for part, dit in _a_dire_aux_dossiers([versement]):
        dossiers.append(part.demande.dossier)
        noter(par=par, action="conventions.annuler_a_un_dossier", **dit)
    acte = versement.acte
    financeur, somme = acte.financeur.retenu.nom, ecrire_montant(versement.montant, court=True)
    prevenir_le_porteur(
        dossiers[0],
        objet=f"{financeur} annule un versement de {somme}",
        texte=f"{financeur} a annulé le versement de {somme} du {en_clair(versement.verse_le)}, au "
        f"titre de « {acte.objet} » : il ne compte plus parmi ce qui vous est versé.",
    )


@transaction.atomic
def annuler_un_versement(*, par: Acteur, versement: Versement, motif: str) -> Versement:
    """Annule un versement noté à tort : ses parts ne comptent plus, sa trace reste.

    Lève Refus, et Acte.DoesNotExist à qui n'est pas de ce service.
    """
    acte, lu, motif = *tenir_l_argent(par, versement.acte), en_une_ligne(motif)[:500]
    tenu = Versement.objects.select_for_update(of=("self",)).get(pk=versement.pk, acte=acte)
    exiger(
        rules.motifs_empechant_d_annuler(
            est_annule=tenu.est_annule,
            motif=motif,
            est_retire=lu.est_ferme,
            est_clos=lu.cloture is not None,
            verse=lu.verse,
            rendu=lu.rendu + lu.a_rendre,
            part=tenu.montant,
        )
    )
    exiger(_motifs_des_parts(lu, tenu))
    tenu.annule_le, tenu.annule_par, tenu.motif_d_annulation = (
        timezone.now(), par.utilisateur_nom, motif,
    )  # fmt: skip
    tenu.save(update_fields=["annule_le", "annule_par", "motif_d_annulation"])
    noter_un_acte(
        par,
        "conventions.annuler_un_versement",
        acte,
        montant=ecrire_montant(tenu.montant, court=True),
        verse_le=tenu.verse_le.isoformat(),
        motif=motif,
    )
    _annoncer_l_annulation(par, tenu)
    return tenu


def _motifs_des_parts(lu: Paiements, versement: Versement) -> list[str]:
    """Rend pourquoi une demande ne se rend pas : ce qui en est rendu dépasse ce qui lui resterait versé."""
    parts = dict(versement.parts.values_list("demande", "montant"))
    motifs = []
    for payee in lu.lignes:
        demande = payee.ligne.demande
        rendus = [r for r in lu.reversements if r.demande_id == demande.pk and not r.abandonne_le]
        if sum((r.montant for r in rendus), ZERO) > payee.verse - parts.get(demande.pk, ZERO):
            motifs.append(
                f"« {demande.dossier.projet.titre} » a un reversement qui s’appuie sur ce versement : "
                "abandonnez-le d’abord."
            )
    return motifs


def tenir_l_argent(par: Acteur, acte: Acte) -> tuple[Acte, Paiements]:
    """Rend un acte du service et son argent, actes et demandes verrouillés ; lève Acte.DoesNotExist."""
    tenu = tenir_l_acte(par, acte)
    tenir_les_demandes(_demandes_de([tenu]))
    return tenu, paiements_de([tenu])[tenu.pk]


def tenir_la_subvention(par: Acteur, acte: Acte) -> tuple[Acte, list[Paiements]]:
    """Rend un acte, et son argent puis celui de ses avenants, tous verrouillés ; lève Acte.DoesNotExist.

    Qui ne lit pas l'un d'eux n'en lit aucun.
    """
    tenus = [tenir_l_acte(par, acte)]
    # L'acte a été pris avant ses avenants : les verrous restent dans l'ordre.
    tenus += [tenir_l_acte(par, avenant) for avenant in avenants_de(acte)]
    tenir_les_demandes(_demandes_de(tenus))
    lus = paiements_de(tenus)
    return tenus[0], [lus[tenu.pk] for tenu in tenus]


def _demandes_de(tenus: Sequence[Acte]) -> list[int]:
    lignes = LigneDActe.objects.filter(acte__in=tenus, vaut=True)
    return list(lignes.values_list("demande", flat=True))
