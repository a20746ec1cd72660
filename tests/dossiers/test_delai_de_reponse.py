"""Quand le silence d'un financeur vaut refus : deux mois, qu'un complément demandé arrête."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.actions import complements
from parvis.dossiers.queries.suivi import suivi_du_projet
from parvis.dossiers.rules.suivi import reponse_attendue
from parvis.socle.templatetags.socle import jour as en_clair
from tests.fabriques import depots

DEMANDE = date(2026, 3, 10)
FIN = date(2026, 5, 10)
JOURS = st.integers(0, 200)


def attendue(*periodes, nature="commune"):
    return reponse_attendue(nature=nature, demande_le=DEMANDE, complements=periodes)


def jour(rang: int) -> date:
    return DEMANDE + timedelta(days=rang)


@pytest.mark.parametrize(
    ("periodes", "jours"),
    [
        ([], 0),
        ([(jour(10), jour(25))], 15),
        # Deux à la fois, ou l'un dans l'autre : le délai ne s'arrête qu'une fois.
        ([(jour(10), jour(25)), (jour(15), jour(30))], 20),
        ([(jour(10), jour(25)), (jour(12), jour(20))], 15),
        # L'un après l'autre, dans n'importe quel ordre.
        ([(jour(40), jour(45)), (jour(10), jour(25))], 20),
        # Rendu le jour même.
        ([(jour(10), jour(10))], 0),
        # Demandé quand le silence a déjà parlé.
        ([(FIN + timedelta(days=1), FIN + timedelta(days=20))], 0),
        # Demandé dans le temps qu'un premier complément a rendu.
        ([(jour(50), jour(60)), (FIN + timedelta(days=5), FIN + timedelta(days=9))], 14),
    ],
)
def test_un_complement_arrete_le_delai(periodes, jours):
    assert attendue(*periodes) == FIN + timedelta(days=jours)


def test_qui_n_est_pas_une_administration_ne_doit_rien():
    assert attendue((jour(1), jour(9)), nature="fondation") is None


@given(st.lists(st.tuples(JOURS, JOURS), max_size=6))
def test_jamais_moins_de_deux_mois_ni_plus_que_les_jours_arretes(bornes):
    periodes = [(jour(min(b)), jour(max(b))) for b in bornes]
    arretes = {debut + timedelta(n) for debut, fin in periodes for n in range((fin - debut).days)}
    assert FIN <= attendue(*periodes) <= FIN + timedelta(days=len(arretes))


@pytest.mark.django_db
def test_le_suivi_repousse_la_reponse_du_temps_d_un_complement():
    ici = depots.lieux()
    recu = depots.depose(ici)
    depose_le = timezone.now() - timedelta(days=30)
    recu.demandes.update(demande_le=depose_le)
    complements.demander_un_complement(
        par=ici.acteur("pilote"),
        dossier=recu,
        section="projet",
        texte="Combien de familles ?",
        echeance=timezone.localdate() + timedelta(days=15),
    )
    recu.complements.update(demande_le=timezone.now() - timedelta(days=10))
    complements.repondre_aux_complements(
        par=ici.porte, dossier=recu, reponses={recu.complements.get().pk: "Soixante."}
    )
    lu = suivi_du_projet(recu.projet, jour=timezone.localdate())
    sans = reponse_attendue(nature="commune", demande_le=timezone.localdate(depose_le))
    phrases = [f.demandes[0].phrase for f in lu.exercices[0].financeurs]
    assert sum(en_clair(sans + timedelta(days=10)) in phrase for phrase in phrases) == 2
