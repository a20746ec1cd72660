"""Les actes sur les versements, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from django.utils import timezone

from parvis.conventions.actions import (
    comptabilite,
    conditions,
    echeanciers,
    retraits,
    reversements,
    versements,
)
from parvis.conventions.rules.echeancier import A_LA_NOTIFICATION, EcheancePrevue
from tests.fabriques import actes
from tests.fabriques import versements as fabrique


def _verser(m: SimpleNamespace):
    m.guichet = fabrique.guichet()
    return m.guichet.verser(1)[0]


def _annuler(m: SimpleNamespace) -> None:
    versement = _verser(m)
    versements.annuler_un_versement(
        par=m.guichet.samia, versement=versement, motif="Rejeté par la banque"
    )


def _lever(m: SimpleNamespace):
    guichet = fabrique.guichet(condition="Joindre l’accord du bailleur")
    conditions.lever_une_condition(
        par=guichet.samia,
        acte=guichet.acte,
        reponse=guichet.lu.lignes[0].ligne.reponse_id,
        levee_le=timezone.localdate(),
        justification="Accord reçu",
    )
    return guichet


def _remettre(m: SimpleNamespace) -> None:
    guichet = _lever(m)
    conditions.annuler_la_levee(
        par=guichet.samia,
        acte=guichet.acte,
        reponse=guichet.lu.lignes[0].ligne.reponse_id,
        motif="Autre bailleur",
    )


def _changer(m: SimpleNamespace) -> None:
    site = actes.site()
    acte = site.prepare(site.vote.publiee("1500"))
    echeanciers.changer_l_echeancier(
        par=site.samia,
        acte=acte,
        echeances=[EcheancePrevue("unique", acte.montant, None, A_LA_NOTIFICATION)],
    )


def _redemander(m: SimpleNamespace):
    _verser(m)
    return m.guichet.reversement()


def _recevoir(m: SimpleNamespace):
    du = _redemander(m)
    return reversements.recevoir_un_reversement(
        par=m.guichet.samia, reversement=du, recu_le=timezone.localdate(), titre="T-4"
    )


def _annuler_la_reception(m: SimpleNamespace) -> None:
    recu = _recevoir(m)
    reversements.annuler_la_reception(par=m.guichet.samia, reversement=recu, motif="Erreur")


def _renoncer(m: SimpleNamespace) -> None:
    du = _redemander(m)
    reversements.abandonner_un_reversement(par=m.guichet.samia, reversement=du, motif="Justifié")


def _entendre(m: SimpleNamespace):
    m.guichet = fabrique.guichet()
    return m.guichet.observations()


def _noter(m: SimpleNamespace):
    retrait = _entendre(m)
    return retraits.noter_les_observations(
        par=m.guichet.samia,
        retrait=retrait,
        observations="Nous contestons.",
        recues_le=timezone.localdate(),
    )


def _repondre(m: SimpleNamespace) -> None:
    _entendre(m)
    m.guichet.repondre()


def _retirer(m: SimpleNamespace) -> None:
    retrait = _noter(m)
    retraits.retirer(par=m.guichet.samia, retrait=retrait, sans_verser=True)


def _abandonner(m: SimpleNamespace) -> None:
    retrait = _entendre(m)
    retraits.abandonner_le_retrait(par=m.guichet.samia, retrait=retrait, motif="Non établi")


def _clore(m: SimpleNamespace) -> None:
    guichet = fabrique.guichet()
    guichet.sans_bilan_attendu()
    guichet.clore()


def _colonnes(m: SimpleNamespace) -> None:
    guichet = fabrique.guichet()
    comptabilite.choisir_les_colonnes(
        par=guichet.samia,
        contrat=guichet.contrat,
        colonnes=comptabilite.Colonnes("Mandat", "Convention", "Montant", "Payé le"),
    )


def _emporter(m: SimpleNamespace) -> None:
    guichet = fabrique.guichet()
    comptabilite.emporter_les_comptes(par=guichet.samia, contrat=guichet.contrat, demandes={})


DES_VERSEMENTS = {
    "conventions.verser": _verser,
    "conventions.verser_a_un_dossier": _verser,
    "conventions.annuler_un_versement": _annuler,
    "conventions.annuler_a_un_dossier": _annuler,
    "conventions.lever_une_condition": _lever,
    "conventions.annuler_la_levee": _remettre,
    "conventions.remettre_une_condition": _remettre,
    "conventions.changer_l_echeancier": _changer,
    "conventions.demander_un_reversement": _redemander,
    "conventions.recevoir_un_reversement": _recevoir,
    "conventions.annuler_la_reception": _annuler_la_reception,
    "conventions.abandonner_un_reversement": _renoncer,
    "conventions.demander_les_observations": _entendre,
    "conventions.noter_les_observations": _noter,
    "conventions.repondre_a_un_retrait": _repondre,
    "conventions.retirer": _retirer,
    "conventions.abandonner_le_retrait": _abandonner,
    "conventions.reversement_a_un_dossier": _redemander,
    "conventions.recevoir_a_un_dossier": _recevoir,
    "conventions.attendre_de_nouveau": _annuler_la_reception,
    "conventions.renoncer_a_un_dossier": _renoncer,
    "conventions.entendre_a_un_dossier": _entendre,
    "conventions.retirer_a_un_dossier": _retirer,
    "conventions.garder_a_un_dossier": _abandonner,
    "conventions.ne_pas_verser_le_reste": _clore,
    "conventions.clore_a_un_dossier": _clore,
    "conventions.choisir_les_colonnes": _colonnes,
    "conventions.emporter_les_comptes": _emporter,
}
