"""Les suites d'un dossier déposé, chacune faite une fois pour de vrai."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.utils import timezone

from parvis.dossiers.actions import complements, liens, recevabilite, suivi
from parvis.dossiers.actions.exports import reprendre_un_export
from parvis.dossiers.actions.messages import ecrire_un_message
from parvis.dossiers.actions.portails import noter_le_numero
from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.importation import lire_l_export
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.rules.suivi import Suite
from tests.fabriques import appels, depots, portails


def _recu(m: SimpleNamespace) -> Dossier:
    m.ici = depots.lieux()
    m.pilote = m.ici.acteur("pilote")
    return depots.depose(m.ici)


def _demander(m: SimpleNamespace) -> Dossier:
    dossier = _recu(m)
    complements.demander_un_complement(
        par=m.pilote,
        dossier=dossier,
        section="projet",
        texte="Combien de familles ?",
        echeance=timezone.localdate() + timedelta(days=15),
    )
    return dossier


def _repondre(m: SimpleNamespace) -> None:
    dossier = _demander(m)
    complements.repondre_aux_complements(par=m.ici.porte, dossier=dossier, reponses={})


def _verifier(m: SimpleNamespace) -> None:
    dossier = _recu(m)
    recevabilite.verifier_un_point(
        par=m.pilote, dossier=dossier, code="objet", est_bon=False, note="Trop large."
    )


def _trancher(m: SimpleNamespace) -> None:
    dossier = _recu(m)
    recevabilite.trancher(par=m.pilote, dossier=dossier, vers="irrecevable", motif="Hors sujet.")


def _envoyer(m: SimpleNamespace) -> None:
    dossier = _recu(m)
    autre = appels.publie(m.pilote, m.ici.contrat, titre="Appel de l’été")
    recevabilite.envoyer_vers_un_autre_appel(
        par=m.pilote, dossier=dossier, appel=autre.appel, motif="C’est un séjour."
    )


def _noter(m: SimpleNamespace) -> None:
    dossier = _recu(m)
    demande = Demande.objects.create(
        dossier=dossier,
        exercice=dossier.exercice,
        rang=9,
        financeur_nom="Fondation du Grand Air",
        guichet=Guichet.AILLEURS,
        montant_demande=Decimal(900),
        etat=EtatDeDemande.DEMANDEE,
        demande_le=timezone.now(),
    )
    suite = Suite("accordee", "A-1", Decimal(800), timezone.localdate())
    suivi.noter_la_suite(par=m.ici.porte, demande=demande, suite=suite)


def _numeroter(m: SimpleNamespace) -> None:
    dossier = _recu(m)
    demande = portails.demande_a_l_etat(dossier)
    noter_le_numero(par=m.ici.porte, dossier=dossier, demande=demande, numero="DA01234567")


def _reprendre_un_export(m: SimpleNamespace) -> None:
    dossier = _recu(m)
    portails.demande_a_l_etat(dossier, numero_externe="DA01234567")
    lu = lire_l_export("Référence;Statut\nDA01234567;Rejetée".encode(), "export.csv", {})
    reprendre_un_export(par=m.pilote, contrat=m.ici.contrat, lu=lu)


def _ecrire(m: SimpleNamespace) -> None:
    dossier = _recu(m)
    ecrire_un_message(par=m.ici.porte, dossier=dossier, texte="Bonjour.")


def _creer_un_lien(m: SimpleNamespace):
    dossier = _recu(m)
    return liens.creer_un_lien(par=m.ici.porte, projet=dossier.projet, pour="La trésorière")[0]


def _fermer(m: SimpleNamespace) -> None:
    lien = _creer_un_lien(m)
    liens.revoquer_un_lien(par=m.ici.porte, lien=lien)


DES_SUITES = {
    "dossiers.demander_un_complement": _demander,
    "dossiers.repondre_aux_complements": _repondre,
    "dossiers.verifier_un_point": _verifier,
    "dossiers.trancher": _trancher,
    "dossiers.envoyer_vers_un_autre_appel": _envoyer,
    "dossiers.noter_la_suite": _noter,
    "dossiers.noter_le_numero": _numeroter,
    "dossiers.reprendre_un_export": _reprendre_un_export,
    "dossiers.ecrire_un_message": _ecrire,
    "dossiers.creer_un_lien": _creer_un_lien,
    "dossiers.revoquer_un_lien": _fermer,
}
