"""La loi d'un bilan, sans base : le non dépensé, les écarts, les totaux, les jours, les passages."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.evaluation.enums import EtatDeBilan, Issue
from parvis.evaluation.rules import bilans as loi
from parvis.evaluation.rules.dire import dire_l_etat_au_porteur, dire_l_etat_au_service
from parvis.evaluation.rules.ecarts import MONTANT_A_EXPLIQUER, Ecart
from parvis.evaluation.rules.pieces import motifs_empechant_de_joindre
from parvis.evaluation.rules.publics import compter
from parvis.evaluation.rules.rappels import ETAPES, etape_due
from parvis.evaluation.rules.reliquat import (
    Subvention,
    part_du_cout_reel,
    parts_depensees,
    prevu_obtenu,
    total_non_depense,
)

ZERO = Decimal("0.00")
montants = st.integers(0, 10_000_000_00).map(lambda centimes: Decimal(centimes) / 100)


@st.composite
def plans(draw):
    """Rend des subventions dont le total voté tient dans le coût prévu, chacune versée au plus du voté."""
    votes = draw(st.lists(st.integers(1, 1_000_000_00), min_size=1, max_size=6))
    prevu = sum(votes) + draw(st.integers(0, 1_000_000_00))
    subventions = [
        Subvention(f"F{rang}", Decimal(vote) / 100, Decimal(draw(st.integers(0, vote))) / 100)
        for rang, vote in enumerate(votes)
    ]
    reel = draw(st.integers(0, prevu * 2))
    return subventions, Decimal(prevu) / 100, Decimal(reel) / 100


@given(plans())
def test_le_non_depense_n_est_jamais_negatif_ni_plus_que_le_verse(plan):
    subventions, prevu, reel = plan
    for part in parts_depensees(subventions, prevu=prevu, reel=reel):
        assert ZERO <= part.non_depense <= part.verse
        assert ZERO <= part.part <= part.vote
        assert part.non_depense == part.non_depense.quantize(Decimal("0.01"))


@given(plans())
def test_la_somme_ne_depasse_jamais_ce_que_le_projet_a_coute_de_moins(plan):
    subventions, prevu, reel = plan
    parts = parts_depensees(subventions, prevu=prevu, reel=reel)
    assert total_non_depense(parts) <= max(ZERO, prevu - reel)
    if reel >= prevu:
        assert total_non_depense(parts) == ZERO


@given(plans())
def test_sans_depense_tout_ce_qui_est_verse_n_est_pas_depense(plan):
    subventions, prevu, _ = plan
    parts = parts_depensees(subventions, prevu=prevu, reel=ZERO)
    assert [part.non_depense for part in parts] == [s.verse for s in subventions]


@given(plans(), st.integers(0, 1_000_00))
def test_depenser_plus_ne_fait_jamais_rendre_plus(plan, en_plus):
    subventions, prevu, reel = plan
    avant = parts_depensees(subventions, prevu=prevu, reel=reel)
    apres = parts_depensees(subventions, prevu=prevu, reel=reel + Decimal(en_plus) / 100)
    assert all(b.non_depense <= a.non_depense for a, b in zip(avant, apres, strict=True))


@given(montants, montants, montants)
def test_la_part_est_celle_du_prorata_au_centime_au_dessus(vote, prevu, reel):
    part = part_du_cout_reel(vote=vote, prevu=prevu, reel=reel)
    if not prevu or reel >= prevu:
        assert part == vote
    else:
        exacte = Fraction(vote) * Fraction(reel) / Fraction(prevu)
        assert Fraction(part) >= min(exacte, Fraction(vote))
        assert Fraction(part) - exacte < Fraction(1, 100)


def test_le_calcul_se_refait_a_la_main():
    caisse = Subvention("Caisse", Decimal("2000"), Decimal("2000"))
    ville = Subvention("Ville", Decimal("1000"), Decimal("400"))
    parts = parts_depensees([caisse, ville], prevu=Decimal("4000"), reel=Decimal("3000"))
    # La caisse portait la moitié du prévu : elle porte la moitié du réel.
    assert [(p.part, p.non_depense) for p in parts] == [
        (Decimal("1500.00"), Decimal("500.00")),
        (Decimal("750.00"), ZERO),
    ]


@pytest.mark.parametrize(
    ("prevu", "realise", "a_expliquer"),
    [
        (4000, 4000, False),
        (4000, 4400, False),  # 10 % tout juste
        (4000, 4401, True),
        (4000, 3599, True),
        (1000, 1300, False),  # trois cents euros tout juste
        (1000, 1301, True),
        (0, 300, False),
        (0, 301, True),
        (500, 0, True),
        (250, 0, False),
        (100_000, 100_301, False),
    ],
)
def test_un_grand_ecart_s_explique_et_pas_un_petit(prevu, realise, a_expliquer):
    assert Ecart(Decimal(prevu), Decimal(realise)).est_a_expliquer is a_expliquer


@given(montants, montants)
def test_un_ecart_se_juge_pareil_des_deux_cotes(prevu, ecart):
    plus = Ecart(prevu + ecart, prevu + ecart + ecart)
    moins = Ecart(prevu + ecart, prevu)
    assert plus.est_a_expliquer == moins.est_a_expliquer
    if abs(ecart) <= MONTANT_A_EXPLIQUER:
        assert not plus.est_a_expliquer


def test_un_ecart_dit_sa_part_et_son_taux():
    ecart = Ecart(Decimal("4000"), Decimal("3000"))
    assert (ecart.montant, ecart.part, ecart.taux) == (-1000, Decimal("-25.0"), Decimal("75.0"))
    assert Ecart(ZERO, Decimal(10)).taux is None


cases = st.dictionaries(
    st.tuples(
        st.sampled_from(["q1", "q2", "ailleurs"]),
        st.sampled_from(["0_5", "6_11", "inconnu"]),
        st.sampled_from(["f", "h"]),
    ),
    st.integers(0, 5000),
)


@given(cases)
def test_les_habitants_se_comptent_une_fois_de_quelque_cote_qu_on_les_somme(grille):
    lus = compter(grille)
    assert lus.tout.tout == sum(grille.values())
    for rangement in (lus.par_lieu, lus.par_tranche):
        assert sum(c.f for c in rangement.values()) == lus.tout.f
        assert sum(c.h for c in rangement.values()) == lus.tout.h


def test_les_rappels_viennent_a_leur_heure_et_le_dernier_passe_seul():
    echeance = date(2027, 6, 30)
    dues = {
        reste: etape_due(echeance, echeance - timedelta(days=reste))
        for reste in (61, 60, 45, 30, 8, 7, 0, -1, -30, -31, -61, -90, -91)
    }
    assert dues == {
        61: None,
        60: 60,
        45: 60,
        30: 30,
        8: 30,
        7: 7,
        0: 7,
        -1: -1,
        -30: -1,
        -31: -31,
        -61: -61,
        -90: -61,
        -91: None,
    }
    assert list(ETAPES) == sorted(ETAPES, reverse=True)


JOUR = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("fin", "motif"),
    [
        (None, "Dites quand"),
        (JOUR, "à venir"),
        (date(2026, 12, 1), "après celle qui était prévue"),
        (date(2029, 1, 1), "2 ans au plus"),
        (date(2027, 6, 30), ""),
    ],
)
def test_la_nouvelle_fin_est_a_venir_et_pas_trop_loin(fin, motif):
    motifs = loi.motifs_de_la_fin_demandee(fin=fin, prevue=date(2026, 12, 31), jour=JOUR)
    assert (motif in motifs[0]) if motif else motifs == []


def test_les_sections_s_ecrivent_au_brouillon_ou_si_on_les_demande():
    def motifs(etat, section="recit"):
        return loi.motifs_empechant_d_ecrire(etat=etat, section=section, demandees={"recit"})

    assert motifs(EtatDeBilan.BROUILLON) == motifs(EtatDeBilan.A_COMPLETER) == []
    assert "Seules" in motifs(EtatDeBilan.A_COMPLETER, "budget")[0]
    assert "rendu" in motifs(EtatDeBilan.RENDU)[0]


def test_un_bilan_accepte_ne_bouge_plus():
    for etat in loi.CLOS:
        assert loi.PASSAGES[etat] == ()
        assert loi.motifs_empechant_d_accepter(etat=etat, issue=Issue.REALISE)
        assert loi.motifs_empechant_d_accorder_du_temps(etat=etat, issue=Issue.PLUS_DE_TEMPS)
        assert loi.motifs_empechant_le_complement(
            etat=etat, section="recit", sections=["recit"], texte="x", echeance=JOUR, jour=JOUR
        )


def test_un_dossier_retire_ou_sans_vote_n_ouvre_pas_de_bilan():
    assert loi.motifs_empechant_d_ouvrir(etat_du_dossier="retire", est_attendu=False)
    # Retiré après avoir reçu de l'argent, il en rend compte.
    assert not loi.motifs_empechant_d_ouvrir(etat_du_dossier="retire", est_attendu=True)
    assert loi.motifs_empechant_d_ouvrir(etat_du_dossier="recevable", est_attendu=False)
    assert not loi.motifs_empechant_d_ouvrir(etat_du_dossier="recevable", est_attendu=True)


@pytest.mark.parametrize(
    ("sorte", "format_", "deja", "accords", "motifs"),
    [
        ("photo", "jpeg", 0, True, 0),
        ("photo", "jpeg", 0, False, 1),
        ("photo", "pdf", 6, False, 3),
        ("document", "pdf", 9, False, 0),
        ("document", "pdf", 10, False, 1),
        ("autre", "pdf", 0, True, 1),
    ],
)
def test_ce_que_l_on_joint(sorte, format_, deja, accords, motifs):
    dits = motifs_empechant_de_joindre(
        sorte=sorte, format_=format_, deja=deja, a_les_accords=accords
    )
    assert len(dits) == motifs


def test_chaque_etat_a_sa_phrase_pour_chacun():
    def au_porteur(etat, issue=Issue.REALISE, retard=False, sorte="definitif"):
        return dire_l_etat_au_porteur(
            etat=etat, issue=issue, service="le service", attendu="30 juin 2027",
            est_en_retard=retard, sorte=sorte,
        )  # fmt: skip

    phrases = {etat: au_porteur(etat) for etat in ("", *EtatDeBilan.values)}
    assert "30 juin 2027" in phrases[""] == phrases["brouillon"]
    assert len(set(phrases.values())) == len(EtatDeBilan.values)
    assert "plus de temps" in au_porteur("", retard=True)
    assert "si ce temps" in au_porteur("rendu", Issue.PLUS_DE_TEMPS)
    assert "nouvelle demande" in au_porteur("", sorte="intermediaire")
    assert "définitif reste" in au_porteur("accepte", sorte="intermediaire")
    au_service = {
        dire_l_etat_au_service(etat=etat, issue=Issue.REALISE, porteur="Le Verger")
        for etat in EtatDeBilan.values
    }
    assert len(au_service) == len(EtatDeBilan.values)
    assert "plus de temps" in dire_l_etat_au_service(
        etat="rendu", issue=Issue.PLUS_DE_TEMPS, porteur="Le Verger"
    )


@pytest.mark.parametrize(
    ("prevu", "refuse", "vote", "ramene"),
    [
        ("4000", "0", "2000", "4000"),
        ("4000", "1500", "1500", "2500"),
        ("4000", "3800", "1500", "1500"),
        ("0", "500", "500", "0"),
    ],
)
def test_le_cout_prevu_se_ramene_a_ce_qui_est_obtenu(prevu, refuse, vote, ramene):
    """Un refus n'est pas une économie : jamais moins que ce qui est voté."""
    rendu = prevu_obtenu(Decimal(prevu), refuse=Decimal(refuse), vote=Decimal(vote))
    assert rendu == Decimal(ramene)
