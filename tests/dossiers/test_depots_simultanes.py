"""Cent envois à la fois : un seul dépôt, un seul numéro, un récépissé par financeur et par personne."""

from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.actions.depot import deposer_le_dossier
from parvis.dossiers.actions.rappels import rappeler_les_brouillons
from parvis.dossiers.models import Dossier, Rappel, VersionDeposee
from parvis.journal.models import Evenement
from tests.dossiers.test_rappels import a
from tests.fabriques import depots
from tests.fabriques.fils import dans_des_fils

pytestmark = pytest.mark.django_db(transaction=True)
ENVOIS = 100
DEPOTS = 8


@pytest.fixture
def base_patiente(base_partagee, monkeypatch):
    """Laisse cent fils attendre l'un après l'autre le verrou d'écriture, même sur une machine chargée."""
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 120)


def prets(nombre: int) -> tuple[depots.Lieux, list[Dossier]]:
    """Rend, bâtis dans la base que les fils partagent, autant de brouillons prêts à déposer."""

    def batir(_rang: int) -> tuple[depots.Lieux, list[Dossier]]:
        ici = depots.lieux()
        return ici, [depots.pret(ici, titre=f"Projet {rang}") for rang in range(nombre)]

    (batis,) = dans_des_fils(batir, 1)
    return batis


def test_cent_envois_ne_deposent_qu_une_fois(base_patiente):
    ici, (dossier,) = prets(1)
    depart, recu_le = Barrier(ENVOIS, timeout=120), timezone.now()

    def envoyer(_rang: int) -> int:
        depart.wait()
        return deposer_le_dossier(par=ici.porte, dossier=dossier, recu_le=recu_le).pk

    assert len(set(dans_des_fils(envoyer, ENVOIS))) == 1

    def relire(_rang: int) -> dict:
        return {
            "versions": VersionDeposee.objects.count(),
            "numeros": list(Dossier.objects.values_list("numero", flat=True)),
            "depots": Evenement.objects.filter(action="dossiers.deposer_le_dossier").count(),
            "courriels": list(
                Courriel.objects.filter(sujet="depot")
                .values_list("destinataire", "objet")
                .annotate(nombre=Count("pk"))
                .values_list("nombre", flat=True)
            ),
        }

    (lu,) = dans_des_fils(relire, 1)
    # Trois personnes, deux financeurs : six récépissés, chacun une fois.
    assert lu == {"versions": 1, "numeros": [1], "depots": 1, "courriels": [1] * 6}


def test_des_dossiers_deposes_ensemble_ont_chacun_leur_numero(base_patiente):
    ici, brouillons = prets(DEPOTS)
    depart = Barrier(DEPOTS, timeout=120)

    def envoyer(rang: int) -> None:
        depart.wait()
        deposer_le_dossier(par=ici.porte, dossier=brouillons[rang], recu_le=timezone.now())

    dans_des_fils(envoyer, DEPOTS)
    (numeros,) = dans_des_fils(lambda _: list(Dossier.objects.values_list("numero", flat=True)), 1)
    assert sorted(numeros) == list(range(1, DEPOTS + 1))


def test_sans_verrou_deux_dossiers_auraient_le_meme_numero(base_patiente):
    """Le témoin : qui lit le dernier numéro sans faire passer les autres après lui se trompe."""
    _ici, brouillons = prets(2)
    tous_ont_lu = Barrier(2, timeout=60)

    def numeroter(rang: int) -> int:
        dernier = Dossier.objects.aggregate(dernier=Max("numero"))["dernier"] or 0
        tous_ont_lu.wait()
        return dernier + 1

    assert len(set(dans_des_fils(numeroter, len(brouillons)))) == 1


def test_deux_executants_n_envoient_qu_un_rappel(base_patiente):
    ici, _ = prets(1)
    ensemble, quand = Barrier(2, timeout=60), a(ici, 2)

    def rappeler(_rang: int) -> int:
        ensemble.wait()
        return rappeler_les_brouillons(maintenant=quand)

    assert sum(dans_des_fils(rappeler, 2)) == 1
    (lus,) = dans_des_fils(
        lambda _: (Rappel.objects.count(), Courriel.objects.filter(sujet="rappel").count()), 1
    )
    assert lus == (1, 3)
