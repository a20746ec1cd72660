"""Ce que chacun atteint des actes d'un financeur : son service ; et qui les reçoit, une fois notifiés."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.conventions.actions.actes import preparer_les_actes
from parvis.conventions.actions.circuit import notifier_des_actes, signer_des_actes
from parvis.conventions.actions.modeles import (
    ecrire_les_mentions,
    ecrire_un_modele,
    noter_une_autre_subvention,
)
from parvis.conventions.models import Acte
from parvis.conventions.queries.modeles import texte_fourni
from parvis.conventions.queries.preparation import actes_a_prendre
from parvis.documents.actions import ranger
from parvis.dossiers.models import Demande
from parvis.programmation.actions.decisions import (
    Dit,
    preparer_une_decision,
    publier_la_decision,
    repondre,
)
from parvis.programmation.actions.enveloppes import creer_une_enveloppe, doter
from parvis.programmation.models import Decision
from tests.fabriques import depots, fichiers, instruction
from tests.fabriques.actes import MENTIONS
from tests.fabriques.comptes import Monde
from tests.matrice.cas_decisions import SERVICE, _le_contrat
from tests.matrice.cas_suites import LISENT
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

Objets = Callable[[Monde], list[Objet]]


def _publiee(monde: Monde) -> Decision:
    """Rend une décision publiée du service de l'instructeur, qui accorde une demande."""
    contrat = Contrat.objects.get(code="tilleuls")
    ici = depots.lieux(monde, contrat)
    dossier = instruction.recevable(ici)
    par, jour = monde.acteurs["instructeur"], timezone.localdate()
    Demande.objects.filter(dossier=dossier, financeur=ici.caisse).update(financeur=par.organisme)
    enveloppe = creer_une_enveloppe(
        par=par, contrat=contrat, exercice=dossier.exercice, ligne="Politique de la ville"
    )
    doter(par=par, enveloppe=enveloppe, montant=Decimal(5000), decide_le=jour)
    ecrire_les_mentions(par=par, contrat=contrat, mentions=MENTIONS)
    decision = preparer_une_decision(
        par=par, contrat=contrat, exercice=dossier.exercice, sorte="conseil", prise_le=jour
    )
    demande = dossier.demandes.get(financeur=par.organisme)
    dit = Dit("accorde", Decimal(1500), enveloppe.pk)
    repondre(par=par, decision=decision, reponses={demande.pk: dit})
    return publier_la_decision(par=par, decision=decision)


def _prepare(monde: Monde) -> Acte:
    decision, par = _publiee(monde), monde.acteurs["instructeur"]
    (propose,) = actes_a_prendre(par, decision)
    choisis = {propose.cle: "notification"}
    return preparer_les_actes(par=par, decision=decision, choisis=choisis)[0]


def _compose(monde: Monde) -> Acte:
    acte = _prepare(monde)
    acte.fichier = ranger(
        par=monde.acteurs["instructeur"], controle=fichiers.controle("acte.pdf", fichiers.pdf())
    )
    acte.etat, acte.compose_le = "a_signer", timezone.now()
    acte.save(update_fields=["fichier", "etat", "compose_le"])
    return acte


def _signe(monde: Monde) -> Acte:
    acte = _compose(monde)
    signer_des_actes(
        par=monde.acteurs["instructeur"],
        contrat=acte.contrat,
        pks=[acte.pk],
        signe_le=timezone.localdate(),
        signe_par="Mme Vasseur",
        scan=fichiers.controle("signe.pdf", fichiers.pdf()),
    )
    return acte


def _notifie(monde: Monde) -> Acte:
    acte = _signe(monde)
    par = monde.acteurs["instructeur"]
    notifier_des_actes(par=par, contrat=acte.contrat, pks=[acte.pk], mode="plateforme")
    return acte


def _acte(batir: Callable[[Monde], Acte], **autres: Any) -> Objets:
    """Rend un acte du service, et ce qui n'en est pas un ici."""

    def objets(monde: Monde) -> list[Objet]:
        acte = batir(monde)
        etranger = Acte.objects.create(
            contrat=acte.contrat,
            financeur=monde.agglo,
            titulaire=acte.titulaire,
            exercice=acte.exercice,
            rang=1,
            sorte="notification",
            decision=acte.decision,
            raison="x",
            objet="x",
            texte="x",
            montant=Decimal(0),
            montant_nature=Decimal(0),
            prepare_le=timezone.now(),
            prepare_par="x",
        )
        ici = {"contrat": "tilleuls", "pk": acte.pk, **autres}
        return [
            Objet("le sien", ici, SERVICE),
            Objet("d'un autre service", ici | {"pk": etranger.pk}, PERSONNE),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _decision(monde: Monde) -> list[Objet]:
    decision = _publiee(monde)
    ici = {"contrat": "tilleuls", "pk": decision.pk}
    return [
        Objet("la sienne", ici, SERVICE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _propose(monde: Monde) -> list[Objet]:
    decision = _publiee(monde)
    (propose,) = actes_a_prendre(monde.acteurs["instructeur"], decision)
    ici = {"contrat": "tilleuls", "pk": decision.pk, "cle": propose.cle}
    return [
        Objet("proposé", ici, SERVICE),
        Objet("d'une décision absente", ici | {"pk": ABSENT}, PERSONNE),
        Objet("qui ne l'est pas", ici | {"cle": "0-acte-0"}, PERSONNE),
    ]


def _subvention(monde: Monde) -> list[Objet]:
    # Ce que l'on retire se lit dans l'envoi ; l'adresse est celle d'où l'on vient.
    return [un for un in _propose(monde) if un.nom != "qui ne l'est pas"]


def _a_retirer(monde: Monde) -> dict[str, Any]:
    notee = noter_une_autre_subvention(
        par=monde.acteurs["instructeur"],
        titulaire=monde.verger,
        exercice=timezone.localdate().year,
        objet="Fête",
        montant=Decimal(10),
    )
    return {"subvention": notee.pk}


def _modele(monde: Monde) -> list[Objet]:
    ici = {"contrat": "tilleuls", "sorte": "refus"}
    return [
        Objet("le sien", ici, SERVICE),
        Objet("d'une sorte inconnue", ici | {"sorte": "lettre"}, PERSONNE),
        Objet("d'un contrat absent", ici | {"contrat": "absent"}, PERSONNE),
    ]


def _version(monde: Monde) -> list[Objet]:
    fourni = texte_fourni("refus")
    ecrire_un_modele(
        par=monde.acteurs["instructeur"],
        contrat=Contrat.objects.get(code="tilleuls"),
        sorte="refus",
        objet=fourni.objet,
        corps=fourni.corps,
        publier=True,
    )
    ici = {"contrat": "tilleuls", "sorte": "refus", "numero": 1}
    return [
        Objet("la sienne", ici, SERVICE),
        Objet("absente", ici | {"numero": 9}, PERSONNE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
    ]


def _recu(monde: Monde) -> list[Objet]:
    acte = _notifie(monde)
    dossier = acte.lignes.get().demande.dossier
    ici = {"contrat": "tilleuls", "pk": dossier.pk, "acte": acte.pk}
    return [
        Objet("le sien", ici, LISENT),
        Objet("absent", ici | {"acte": ABSENT}, PERSONNE),
        Objet("d'un dossier absent", ici | {"pk": ABSENT}, PERSONNE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
    ]


def _une_signature(monde: Monde) -> dict[str, Any]:
    return {"signe_le": timezone.localdate().isoformat(), "signe_par": "Mme Vasseur"}


def _une_remise(monde: Monde) -> dict[str, Any]:
    return {"mode": "plateforme"}


def _un_texte(monde: Monde) -> dict[str, Any]:
    return {"objet": "Votre aide", "texte": "Pour {projets} : {montant}."}


def _des_mentions(monde: Monde) -> dict[str, Any]:
    return {"acompte": "80", "tribunal": "Melun"}


def _une_subvention(monde: Monde) -> dict[str, Any]:
    return {"objet": "Fête", "montant": "10"}


def _un_motif(monde: Monde) -> dict[str, Any]:
    return {"motif": "Une erreur."}


_F = "espace_financeur"
CAS: dict[str, Cas] = {
    f"{_F}:actes": Cas(LECTURE, _le_contrat()),
    f"{_F}:actes_tableau": Cas(LECTURE, _le_contrat(extension="csv")),
    f"{_F}:actes_a_imprimer": Cas(LECTURE, _le_contrat()),
    f"{_F}:actes_en_word": Cas(LECTURE, _le_contrat()),
    f"{_F}:signer_des_actes": Cas(ECRITURE, _le_contrat(), _une_signature),
    f"{_F}:notifier_des_actes": Cas(ECRITURE, _le_contrat(), _une_remise),
    f"{_F}:composer_les_actes": Cas(ECRITURE, _le_contrat()),
    f"{_F}:annuler_la_composition": Cas(ECRITURE, _le_contrat()),
    f"{_F}:modeles_d_acte": Cas(LECTURE, _le_contrat()),
    f"{_F}:mentions": Cas(LES_DEUX, _le_contrat(), _des_mentions),
    f"{_F}:modele_d_acte": Cas(LES_DEUX, _modele, _un_texte),
    f"{_F}:essayer_le_modele": Cas(ECRITURE, _modele, _un_texte),
    f"{_F}:jeter_la_version": Cas(ECRITURE, _modele),
    f"{_F}:version_de_modele": Cas(LECTURE, _version),
    f"{_F}:acte": Cas(LECTURE, _acte(_prepare)),
    f"{_F}:document_d_acte": Cas(LECTURE, _acte(_compose, extension="pdf")),
    f"{_F}:fichier_d_acte": Cas(LECTURE, _acte(_signe, sorte="signe")),
    f"{_F}:texte_d_acte": Cas(LES_DEUX, _acte(_prepare), _un_texte),
    f"{_F}:signer_l_acte": Cas(LES_DEUX, _acte(_compose), _une_signature),
    f"{_F}:joindre_l_exemplaire": Cas(LES_DEUX, _acte(_signe)),
    f"{_F}:notifier_l_acte": Cas(LES_DEUX, _acte(_signe), _une_remise),
    f"{_F}:annuler_l_acte": Cas(LES_DEUX, _acte(_prepare), _un_motif),
    f"{_F}:preparer_les_actes": Cas(LES_DEUX, _decision),
    f"{_F}:autres_subventions": Cas(LES_DEUX, _propose, _une_subvention),
    f"{_F}:retirer_une_subvention": Cas(ECRITURE, _subvention, _a_retirer),
    "espace_porteur:acte_notifie": Cas(LECTURE, _recu),
}
