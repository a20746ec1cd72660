"""Le titre d'un projet est public : un brouillon ne le change pas, un dépôt oui."""

import pytest

from parvis.dossiers.models import Dossier
from tests.fabriques import depots, projets

pytestmark = pytest.mark.django_db


def titre(dossier: Dossier) -> str:
    return Dossier.objects.get(pk=dossier.pk).projet.titre


def nommer(lieux: depots.Lieux, dossier: Dossier, neuf: str) -> None:
    ecrite = dossier.ecritures.get(section="projet", est_courante=True).valeur
    depots.ecrire(lieux.porte, dossier, "projet", ecrite | {"titre": neuf})


def test_un_projet_jamais_depose_porte_le_titre_que_l_on_ecrit():
    lieux = depots.lieux()
    dossier = depots.pret(lieux)
    nommer(lieux, dossier, "Le verger des Tilleuls")
    assert titre(dossier) == "Le verger des Tilleuls"


def test_un_brouillon_ne_renomme_pas_ce_qui_est_depose_le_depot_si():
    lieux = depots.lieux()
    dossier = depots.pret(lieux)
    passe = projets.projet(lieux.version, lieux.porte.organisme, "Ancien", annee=2020)
    Dossier.objects.filter(pk=passe.pk).update(projet=dossier.projet)
    avant = titre(dossier)
    nommer(lieux, dossier, "Un titre que nul n’a à lire")
    assert titre(dossier) == avant
    # Signé après avoir été renommé : la signature vaut pour ce qui est écrit.
    depots.signer_tout(lieux.porte, depots.relire(dossier))
    depots.deposer(lieux, depots.relire(dossier))
    assert titre(dossier) == "Un titre que nul n’a à lire"
