"""Les actes des bilans, chacun fait une fois pour de vrai."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from parvis.evaluation.actions.decharger import annuler_la_decharge
from parvis.evaluation.actions.pieces import (
    joindre_au_bilan,
    retirer_du_bilan,
    retirer_un_fichier_rendu,
)
from parvis.evaluation.actions.recevoir import (
    accepter_le_bilan,
    accorder_plus_de_temps,
    demander_un_complement_au_bilan,
)
from parvis.evaluation.models import Bilan, PieceDeBilan
from tests.fabriques import bilans, fichiers


def _ouvrir(m: SimpleNamespace) -> Bilan:
    m.vote = bilans.a_rendre()
    return m.vote.ouvrir()


def _ecrire(m: SimpleNamespace) -> None:
    bilan = _ouvrir(m)
    m.vote.ecrire(bilan, "recit", {"fait": "Six samedis."})


def _joindre(m: SimpleNamespace) -> PieceDeBilan:
    bilan = _ouvrir(m)
    return joindre_au_bilan(
        par=m.vote.porte, bilan=bilan, sorte="document", controle=fichiers.controle("affiche.pdf")
    )


def _retirer(m: SimpleNamespace) -> None:
    jointe = _joindre(m)
    retirer_du_bilan(par=m.vote.porte, bilan=jointe.bilan, pk=jointe.pk)


def _retirer_un_rendu(m: SimpleNamespace) -> None:
    jointe = _joindre(m)
    m.vote.rendre(m.vote.remplir(jointe.bilan))
    retirer_un_fichier_rendu(
        par=m.vote.porte, bilan=jointe.bilan, identifiant=jointe.fichier.identifiant,
        motif="À la demande d’une personne",
    )  # fmt: skip


def _rendre(m: SimpleNamespace) -> Bilan:
    m.vote = bilans.a_rendre()
    return m.vote.rendu()


def _accepter(m: SimpleNamespace) -> None:
    bilan = _rendre(m)
    accepter_le_bilan(par=m.vote.pilote, bilan=bilan)


def _demander(m: SimpleNamespace) -> None:
    bilan = _rendre(m)
    demander_un_complement_au_bilan(
        par=m.vote.pilote,
        bilan=bilan,
        section="recit",
        texte="Racontez un samedi.",
        echeance=timezone.localdate() + timedelta(days=10),
    )


def _accorder(m: SimpleNamespace) -> None:
    m.vote = bilans.a_rendre()
    fin = f"31/08/{m.vote.dossier.exercice + 1}"
    bilan = m.vote.rendu(
        realisation={
            "issue": "plus_de_temps",
            "explication": "La cour ferme.",
            "nouvelle_fin_le": fin,
        }
    )
    accorder_plus_de_temps(par=m.vote.pilote, bilan=bilan)


def _decharger(m: SimpleNamespace) -> None:
    m.vote = bilans.a_rendre()
    m.vote.decharger()


def _annuler_la_decharge(m: SimpleNamespace) -> None:
    _decharger(m)
    annuler_la_decharge(par=m.vote.pilote, attendu=m.vote.attendu, motif="Erreur de dossier")


DES_BILANS = {
    "evaluation.ouvrir_un_bilan": _ouvrir,
    "evaluation.ecrire_une_section": _ecrire,
    "evaluation.joindre_une_piece": _joindre,
    "evaluation.retirer_une_piece": _retirer,
    "evaluation.retirer_un_fichier_rendu": _retirer_un_rendu,
    "evaluation.rendre_le_bilan": _rendre,
    "evaluation.accepter_le_bilan": _accepter,
    "evaluation.demander_un_complement": _demander,
    "evaluation.accorder_du_temps": _accorder,
    "evaluation.decharger_du_bilan": _decharger,
    "evaluation.annuler_la_decharge": _annuler_la_decharge,
}
