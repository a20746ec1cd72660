"""Joindre, signer, déposer, retirer, donner un compte : chaque acte fait une fois pour de vrai."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from parvis.dossiers.actions import comptes_bancaires, pieces
from parvis.dossiers.actions.depot import DepotRefuse, retirer_le_dossier
from tests.fabriques import depots


def _brouillon(m: SimpleNamespace):
    m.ici = depots.lieux()
    dossier = depots.brouillon(m.ici)
    depots.joindre_tout(m.ici.porte, dossier)
    return dossier


def _dater(m: SimpleNamespace) -> None:
    dossier = _brouillon(m)
    fin = timezone.localdate() + timedelta(days=200)
    piece = dossier.pieces.get(cle="statuts")
    pieces.dater_une_piece(par=m.ici.porte, dossier=dossier, pk=piece.pk, valable_jusqu_au=fin)


def _retirer_une_piece(m: SimpleNamespace) -> None:
    dossier = _brouillon(m)
    piece = dossier.pieces.get(cle="statuts")
    pieces.retirer_une_piece(par=m.ici.porte, dossier=dossier, pk=piece.pk)


def _signer(m: SimpleNamespace):
    dossier = _brouillon(m)
    depots.signer_tout(m.ici.porte, dossier)
    return depots.relire(dossier)


def _deposer(m: SimpleNamespace):
    dossier = _signer(m)
    return depots.deposer(m.ici, dossier).dossier


def _trop_tard(m: SimpleNamespace) -> None:
    dossier = _signer(m)
    with pytest.raises(DepotRefuse):
        depots.deposer(m.ici, dossier, m.ici.version.ferme_le + timedelta(minutes=1))


def _retirer(m: SimpleNamespace) -> None:
    dossier = _deposer(m)
    retirer_le_dossier(par=m.ici.porte, dossier=dossier, motif="La salle a fermé.")


def _donner(m: SimpleNamespace):
    _deposer(m)
    return comptes_bancaires.donner_un_iban(
        par=m.ici.porte, organisme=m.ici.monde.verger, iban=depots.IBAN
    )


def _confirmer(m: SimpleNamespace) -> None:
    compte = _donner(m)
    comptes_bancaires.confirmer_le_compte(par=m.ici.acteur("signataire"), compte=compte)


def _ecarter(m: SimpleNamespace) -> None:
    compte = _donner(m)
    comptes_bancaires.ecarter_le_compte(par=m.ici.acteur("signataire"), compte=compte)


DU_DEPOT = {
    "dossiers.joindre_une_piece": _brouillon,
    "dossiers.dater_une_piece": _dater,
    "dossiers.retirer_une_piece": _retirer_une_piece,
    "dossiers.signer_une_attestation": _signer,
    "dossiers.deposer_le_dossier": _deposer,
    "dossiers.refuser_un_retard": _trop_tard,
    "dossiers.retirer_le_dossier": _retirer,
    "dossiers.donner_un_iban": _donner,
    "dossiers.confirmer_un_compte": _confirmer,
    "dossiers.ecarter_un_compte": _ecarter,
}
