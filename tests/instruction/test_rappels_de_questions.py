"""Les rappels des questions : trois jours avant, le lendemain, une seule fois chacun."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from parvis.accueil.execution import TACHES
from parvis.comptes.enums import Role
from parvis.courriels.models import Courriel
from parvis.dossiers.models import Dossier
from parvis.instruction.actions import echanges, equipe
from parvis.instruction.actions.rappels import rappeler_les_questions
from parvis.instruction.models import Echange
from tests.fabriques.echanges import au_porteur, aux_services, dans

pytestmark = pytest.mark.django_db
ECHEANCE = 10


def a(jours: int, heure: int = 10) -> datetime:
    """Rend cette heure, à tant de jours de l'échéance."""
    vise = timezone.localtime() + timedelta(days=ECHEANCE + jours)
    return vise.replace(hour=heure, minute=0, second=0, microsecond=0)


def partis(jours=range(-10, 9)) -> dict[int, list[int]]:
    """Rend combien de rappels partent chaque jour, l'exécutant y repassant deux fois."""
    comptes = {j: [rappeler_les_questions(maintenant=a(j)) for _ in range(2)] for j in jours}
    return {jour: compte for jour, compte in comptes.items() if any(compte)}


def test_le_porteur_est_rappele_deux_fois_et_pas_une_de_plus(etude):
    question = au_porteur(etude.samia, etude.dossier, echeance=dans(ECHEANCE))
    Courriel.objects.all().delete()
    assert partis() == {-3: [1, 0], 1: [1, 0]}
    question.refresh_from_db()
    assert question.rappele_le == a(1)
    recus = Courriel.objects.filter(destinataire="gestionnaire@exemple.fr").order_by("pk")
    assert ["avant le" in c.objet for c in recus] == [True, False]
    assert "depuis le" in recus[1].objet and "arrose" not in recus[1].texte
    # Ceux qui écrivent pour l'organisme, et eux seuls.
    assert Courriel.objects.values("destinataire").distinct().count() == 3


def test_ce_qui_n_attend_plus_ne_se_rappelle_pas(etude):
    repondue, close, sans = (
        au_porteur(etude.samia, etude.dossier, echeance=echeance)
        for echeance in (dans(ECHEANCE), dans(ECHEANCE), None)
    )
    echanges.repondre(par=etude.ici.porte, question=repondue, texte="Oui.")
    echanges.clore_une_question(par=etude.samia, question=close)
    assert partis() == {}
    assert not Echange.objects.filter(rappele_le__isnull=False).exists()
    assert sans.echeance_le is None


def test_une_reponse_venue_entre_les_deux_arrete_les_rappels(etude):
    question = au_porteur(etude.samia, etude.dossier, echeance=dans(ECHEANCE))
    assert partis(range(-10, 0)) == {-3: [1, 0]}
    echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")
    assert partis(range(9)) == {}


def test_un_dossier_que_l_on_n_etudie_plus_ne_rappelle_rien(etude):
    au_porteur(etude.samia, etude.dossier, echeance=dans(ECHEANCE))
    Dossier.objects.filter(pk=etude.dossier.pk).update(etat="retire")
    assert partis() == {}


def test_rien_ne_part_la_nuit(etude):
    au_porteur(etude.samia, etude.dossier, echeance=dans(ECHEANCE))
    assert rappeler_les_questions(maintenant=a(-3, heure=7)) == 0
    assert rappeler_les_questions(maintenant=a(-3, heure=8)) == 1


def test_entre_services_qui_s_en_charge_est_rappele_a_defaut_tout_son_service(etude):
    equipe.se_charger(par=etude.samia, dossier=etude.dossier)
    aux_services(etude.samia, etude.dossier, echeance=dans(ECHEANCE))
    etude.ici.monde.ajouter("zoe", etude.ici.commune, Role.INSTRUCTEUR)
    Courriel.objects.all().delete()
    # Personne n'étudie encore le dossier ailleurs : ses instructeurs l'apprennent tous.
    assert partis(range(-10, 0)) == {-3: [1, 0]}
    assert sorted(Courriel.objects.values_list("destinataire", flat=True)) == [
        "olga@exemple.fr",
        "zoe@exemple.fr",
    ]
    Courriel.objects.all().delete()
    equipe.se_charger(par=etude.olga, dossier=etude.dossier)
    assert partis(range(9)) == {1: [1, 0]}
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == {"olga@exemple.fr"}


def test_l_executant_les_envoie(etude):
    assert "rappeler les questions" in TACHES
    TACHES["rappeler les questions"].faire("essai")
