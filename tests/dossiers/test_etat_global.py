"""L'état global d'un dossier : la même table en Python et en base, sur toutes les combinaisons."""

from itertools import chain, combinations

import pytest
from django.utils import timezone

from parvis.comptes.enums import Regard
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, EtatGlobal
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.queries.etat_global import (
    avec_l_etat_global,
    dossiers_a_l_etat,
    reponses_attendues,
)
from parvis.dossiers.rules.demandes import PASSAGES, dire_la_demande
from parvis.dossiers.rules.etat_global import dire_les_reponses, etat_global
from tests.fabriques import depots

ENSEMBLES = list(
    chain.from_iterable(combinations(EtatDeDemande, n) for n in range(len(EtatDeDemande) + 1))
)


@pytest.mark.django_db
@pytest.mark.parametrize("etat", EtatDeDossier)
def test_la_fonction_et_la_base_disent_la_meme_chose(ici, etat):
    """Soixante-quatre ensembles d'états de demandes, pour chaque état de dossier."""
    modele = depots.depose(ici)
    attendus = {}
    for rang, demandes in enumerate(ENSEMBLES):
        dossier = Dossier.objects.get(pk=modele.pk)
        dossier.pk, dossier._state.adding = None, True
        dossier.numero, dossier.etat = 100 + rang, etat
        if etat == EtatDeDossier.BROUILLON:
            from parvis.dossiers.models import Projet

            projet = Projet.objects.get(pk=modele.projet_id)
            projet.pk, projet._state.adding = None, True
            projet.save()
            dossier.projet, dossier.numero = projet, None
            dossier.depose_le, dossier.depose_par = None, ""
        elif etat not in (EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER):
            dossier.tranche_le, dossier.tranche_par = timezone.now(), "Pilote"
            dossier.motif = "Motif."
        if etat == EtatDeDossier.REORIENTE:
            dossier.reoriente_vers = modele.appel
        dossier.save()
        Demande.objects.bulk_create(
            Demande(
                dossier=dossier,
                exercice=dossier.exercice,
                rang=n,
                financeur=ici.caisse,
                etat=une,
                montant_demande=100,
                demande_le=None if une == EtatDeDemande.PREPAREE else timezone.now(),
            )
            for n, une in enumerate(demandes)
        )
        attendus[dossier.pk] = etat_global(etat, set(demandes)).value
    lus = avec_l_etat_global(Dossier.objects.filter(pk__in=attendus))
    assert dict(lus.values_list("pk", "etat_global")) == attendus
    for vise in EtatGlobal:
        filtres = Dossier.objects.filter(dossiers_a_l_etat(vise), pk__in=attendus)
        assert {d.pk for d in filtres} == {pk for pk, dit in attendus.items() if dit == vise}


@pytest.mark.parametrize(
    "demandes, attendu",
    [
        (["demandee"], EtatGlobal.A_L_ETUDE),
        (["demandee", "accordee"], EtatGlobal.EN_PARTIE),
        (["accordee", "retiree"], EtatGlobal.ACCORDE),
        (["accordee", "refusee"], EtatGlobal.ACCORDE_EN_PARTIE),
        (["refusee"], EtatGlobal.REFUSE),
        (["retiree"], EtatGlobal.CLOS),
    ],
)
def test_un_dossier_recevable_suit_ses_demandes(demandes, attendu):
    assert etat_global(EtatDeDossier.RECEVABLE, demandes) == attendu


@pytest.mark.parametrize(
    "attendent, repondues, phrase",
    [
        (0, 0, ""),
        (1, 0, "Votre dossier est chez un financeur ; il n’a pas encore répondu."),
        (3, 0, "Votre dossier est chez 3 financeurs ; aucun n’a encore répondu."),
        (2, 1, "Votre dossier est chez 3 financeurs ; 1 a répondu."),
        (1, 2, "Votre dossier est chez 3 financeurs ; 2 ont répondu."),
        (0, 3, "Votre dossier est chez 3 financeurs ; tous ont répondu."),
        (0, 1, "Votre dossier est chez un financeur ; il a répondu."),
    ],
)
def test_les_reponses_se_disent(attendent, repondues, phrase):
    assert dire_les_reponses(attendent=attendent, repondues=repondues) == phrase


@pytest.mark.django_db
def test_les_reponses_se_comptent_par_financeur(ici):
    dossier = depots.depose(ici)
    assert "2 financeurs ; aucun" in reponses_attendues(dossier)
    dossier.demandes.filter(financeur=ici.caisse).update(etat=EtatDeDemande.REFUSEE)
    assert "2 financeurs ; 1 a répondu" in reponses_attendues(dossier)


@pytest.mark.parametrize("etat", EtatDeDemande)
@pytest.mark.parametrize("regard", Regard)
def test_chaque_etat_a_sa_phrase_pour_chacun(etat, regard):
    phrase = dire_la_demande(etat, regard)
    muet = regard == Regard.PUBLIC or (etat == EtatDeDemande.PREPAREE and regard != Regard.PORTEUR)
    assert (phrase == "") == muet
    assert phrase == "" or phrase.endswith(".")


@pytest.mark.parametrize(
    ("engage", "verse", "dit"),
    [
        (None, None, "voté"),
        (900, None, "engagé : il reste à le recevoir"),
        (900, 400, "400\u00a0€ vous sont versés, il vous reste 500\u00a0€ à recevoir"),
        (900, 900, "en entier"),
    ],
)
def test_une_demande_accordee_se_dit_selon_son_argent(engage, verse, dit):
    phrases = {
        regard: dire_la_demande(EtatDeDemande.ACCORDEE, regard, engage=engage, verse=verse)
        for regard in (Regard.PORTEUR, Regard.SERVICE, Regard.COFINANCEUR)
    }
    assert dit in phrases[Regard.PORTEUR]
    assert len(set(phrases.values())) == 3
    refusee = dire_la_demande(EtatDeDemande.REFUSEE, Regard.PORTEUR, engage=engage, verse=verse)
    assert "répondu non" in refusee


def test_la_table_des_passages_est_entiere():
    assert set(PASSAGES) == set(EtatDeDemande)
    assert {vers for vises in PASSAGES.values() for vers in vises} <= set(EtatDeDemande)
