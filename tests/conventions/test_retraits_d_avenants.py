"""Une convention et ses avenants sont une seule subvention : ils se retirent ensemble, en tout."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.conventions.actions import retraits as actions
from parvis.conventions.actions import reversements
from parvis.conventions.actions.versements import annuler_un_versement
from parvis.conventions.models import Acte
from parvis.conventions.queries.versements import retrait_prevu
from tests.conventions.controle import ecarts
from tests.conventions.test_versements import refus
from tests.fabriques import versements as fabrique
from tests.fabriques.versements import UN_JOUR

D = Decimal


def avec_avenant(sans_declencheurs, montant: str = "700") -> tuple[fabrique.Guichet, ...]:
    """Rend une convention de 2 000 € et son avenant, faits à la main et notifiés."""
    guichet = fabrique.guichet()
    pk = fabrique.autre_demande(guichet.site, rang=30).pk
    avenant = fabrique.notifier(guichet.site, {pk: montant}, numero="13")
    with sans_declencheurs(tables={"conventions_acte"}):
        Acte.objects.filter(pk=avenant.pk).update(sorte="avenant", modifie=guichet.acte)
    return guichet, fabrique.Guichet(guichet.site, Acte.objects.get(pk=avenant.pk))


@pytest.mark.django_db
def test_un_avenant_s_arrete_avec_la_convention_qu_il_modifie(sans_declencheurs):
    """À l'action et à la base : rien ne s'y verse ni ne s'y annule plus."""
    guichet, sien = avec_avenant(sans_declencheurs)
    fait = sien.payer("100")
    guichet.retirer()
    assert "est retirée" in refus(sien.payer, "100")[0]
    assert (sien.lu.prochaine, sien.lu.reste) == (None, 0)
    motifs = refus(annuler_un_versement, par=guichet.samia, versement=fait, motif="Erreur")
    assert motifs == ["Un retrait s’appuie sur ce versement : il ne s’annule plus."]
    fait.annule_le, fait.annule_par, fait.motif_d_annulation = timezone.now(), "x", "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        fait.save()
    fait.annule_le, fait.annule_par, fait.motif_d_annulation = None, "", ""
    fait.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        fait.save(force_insert=True)


@pytest.mark.django_db
def test_un_retrait_vaut_pour_la_convention_et_son_avenant(sans_declencheurs):
    """2 700 € engagés, la moitié retirée : 1 400 € versés ne rendent que 50 €, non 400 €."""
    guichet, sien = avec_avenant(sans_declencheurs)
    guichet.verser(1)
    ouvert = guichet.observations()
    prevu = retrait_prevu(guichet.samia, guichet.acte)
    assert (prevu.engage, prevu.montant, prevu.garde) == (D(2700), D(1350), D(1350))
    assert (prevu.verse, prevu.du_et_pas_verse) == (D(1400), D(0))
    actions.noter_les_observations(
        par=guichet.samia, retrait=ouvert, observations="Non.", recues_le=timezone.localdate()
    )
    assert actions.retirer(par=guichet.samia, retrait=ouvert, sans_verser=True).montant == D(1350)
    assert sum(r.montant for r in guichet.lu.reversements) == D(50)
    assert sien.lu.reversements == []
    # L'avenant, dont rien n'était versé, n'engage plus rien.
    assert [d.montant_engage for d in sien.demandes] == [None]
    assert ecarts() == []


@pytest.mark.django_db
def test_ce_qui_reste_du_d_un_avenant_se_dit_avant_de_retirer(sans_declencheurs):
    guichet, sien = avec_avenant(sans_declencheurs)
    guichet.payer("1000")
    guichet.observations()
    assert retrait_prevu(guichet.samia, guichet.acte).du_et_pas_verse == D(350)
    # Un retrait envisagé n'arrête rien : ce qui est dû se verse, de l'un ou de l'autre.
    sien.payer("350")
    assert retrait_prevu(guichet.samia, guichet.acte).du_et_pas_verse == D(0)


@pytest.mark.django_db
def test_un_avenant_a_une_convention_retiree_ne_se_signe_pas(sans_declencheurs):
    guichet = fabrique.guichet()
    pk = fabrique.autre_demande(guichet.site, rang=30).pk
    avenant = guichet.site.compose(fabrique.preparer(guichet.site, {pk: "700"}, numero="13"))
    with sans_declencheurs(tables={"conventions_acte"}):
        Acte.objects.filter(pk=avenant.pk).update(sorte="avenant", modifie=guichet.acte)
    guichet.retirer()
    assert refus(guichet.site.signer, [avenant]) == [
        f"{avenant.numero} : l’acte n° {guichet.acte.numero} qu’il modifie est retiré."
    ]


@pytest.mark.django_db
def test_un_avenant_ne_se_retire_pas_seul(sans_declencheurs):
    guichet, sien = avec_avenant(sans_declencheurs)
    assert refus(sien.observations) == [
        f"Cet acte est un avenant : le retrait s’ouvre sur la convention n° {guichet.acte.numero}, "
        "et vaut pour lui."
    ]


@pytest.mark.django_db
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 200_000), st.integers(0, 70_000), st.integers(-50, 0), st.booleans())
def test_apres_un_retrait_rien_ne_passe_le_vote_ni_zero(
    sans_declencheurs, verse, d_avenant, manquement, rendre
):
    """Σ versé − reversé reste entre zéro et ce que l'organisme garde, avenant compris."""
    with suppress(Defaire), transaction.atomic():
        guichet, sien = avec_avenant(sans_declencheurs)
        for ou, centimes in ((guichet, verse), (sien, d_avenant)):
            for echeance in ou.echeances:
                part = min(D(centimes) / 100, echeance.montant)
                if part:
                    ou.payer(str(part), echeance=echeance.pk, hors_de_l_ordre=True)
                centimes -= int(part * 100)
        retrait = guichet.retirer(manquement_le=timezone.localdate() + manquement * UN_JOUR)
        dus = [*guichet.lu.reversements, *sien.lu.reversements]
        for du in dus if rendre else []:
            reversements.recevoir_un_reversement(
                par=guichet.samia, reversement=du, recu_le=timezone.localdate()
            )
        demandes = [*guichet.demandes, *sien.demandes]
        reste = sum(d.montant_verse or 0 for d in demandes)
        for demande in demandes:
            assert 0 <= (demande.montant_verse or 0) <= demande.montant_vote
        garde = D(2700) - retrait.montant
        paye = D(verse + d_avenant) / 100
        assert reste == (min(paye, garde) if rendre else paye)
        assert sum(du.montant for du in dus) == max(0, paye - garde)
        assert ecarts() == []
        raise Defaire


class Defaire(Exception):
    pass
