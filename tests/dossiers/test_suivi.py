"""Suivre l'argent : la phrase, ce qui se note à la main, le suivi au fil des ans, les liens."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.actions import liens, suivi
from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.models import Demande, Dossier, LienDeLecture, Projet
from parvis.dossiers.queries.suivi import demande_a_noter, lien_ouvert, suivi_du_projet
from parvis.dossiers.rules.suivi import (
    Argent,
    Suite,
    dire_l_attente,
    motifs_empechant_la_suite,
    phrase_de_ce_qui_est_sur,
    phrase_de_l_argent,
    qui_tient_la_plume,
    reunir,
)
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import depots
from tests.fabriques.quartiers import territoire_du_contrat

JOUR = date(2026, 11, 27)
MONTANTS = st.decimals(min_value=0, max_value=10**6, places=2)


def plat(texte):
    return texte.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("argent", "attente", "phrase"),
    [
        (
            Argent(Decimal(12000), Decimal(8000), None, None),
            "la CAF répond avant le 3 avril",
            "12 000 € demandés · 8 000 € votés · 0 € versé, la CAF répond avant le 3 avril",
        ),
        (Argent(Decimal(12000)), "", "12 000 € demandés"),
        (Argent(Decimal(1)), "", "1 € demandé"),
        (
            Argent(Decimal(900), Decimal(900), Decimal(900), Decimal("450.50")),
            "",
            "900 € demandés · 900 € votés · 900 € engagés · 450,50 € versés",
        ),
    ],
)
def test_la_phrase_de_l_argent(argent, attente, phrase):
    assert plat(phrase_de_l_argent(argent, attente=attente)) == phrase


@given(st.lists(st.tuples(MONTANTS, st.none() | MONTANTS), max_size=5))
def test_une_promesse_n_est_jamais_de_l_argent(parts):
    argent = reunir(Argent(demande, vote) for demande, vote in parts)
    votes = [vote for _, vote in parts if vote is not None]
    assert argent.demande == sum((d for d, _ in parts), Decimal(0))
    assert argent.vote == (sum(votes, Decimal(0)) if votes else None)
    if not argent.vote:
        assert "Rien n’est encore sûr" in phrase_de_ce_qui_est_sur(argent)
    if argent.vote is None:
        assert "vers" not in phrase_de_l_argent(argent)


@pytest.mark.parametrize(
    ("vote", "verse", "issue", "phrase"),
    [
        (None, None, "", "Rien n’est encore sûr : aucune décision n’est prise."),
        (800, None, "", "800 € sûrs, et rien n’est encore versé."),
        (800, 300, "", "800 € sûrs, dont 300 € déjà versés."),
        (800, 800, "", "800 € sûrs, déjà versés."),
        (None, None, "est_close", "Il n’y a plus rien à attendre : rien n’est accordé."),
        (None, None, "est_muette", "Rien n’est accordé : le délai est passé sans réponse."),
        (800, 800, "est_muette", "800 € sûrs, déjà versés."),
    ],
)
def test_ce_qui_est_vraiment_sur(vote, verse, issue, phrase):
    montants = [None if m is None else Decimal(m) for m in (vote, vote, verse)]
    issues = {issue: True} if issue else {}
    assert plat(phrase_de_ce_qui_est_sur(Argent(Decimal(5000), *montants), **issues)) == phrase


@pytest.mark.parametrize(
    ("etat", "dossier", "reponse", "est_passee", "dit"),
    [
        ("demandee", "depose", "3 avril 2026", False, "la CAF répond avant le 3 avril 2026"),
        (
            "demandee",
            "depose",
            "3 avril 2026",
            True,
            "sans réponse de la CAF au 3 avril 2026, la demande est considérée comme refusée",
        ),
        ("demandee", "depose", "", False, "la CAF n’a pas encore répondu"),
        ("demandee", "a_completer", "3 avril 2026", False, "un complément vous est demandé"),
        ("accordee", "recevable", "3 avril 2026", False, ""),
        ("refusee", "recevable", "", False, "la CAF a refusé"),
        ("irrecevable", "irrecevable", "", False, "dossier irrecevable"),
        ("retiree", "retire", "", False, "demande retirée"),
    ],
)
def test_qui_doit_repondre(etat, dossier, reponse, est_passee, dit):
    assert (
        dire_l_attente(
            nom="la CAF",
            etat=etat,
            dossier=dossier,
            guichet=Guichet.PLATEFORME,
            reponse=reponse,
            est_passee=est_passee,
        )
        == dit
    )


@pytest.mark.parametrize(
    ("etat", "debut", "muet"),
    [
        ("depose", "La Ville tient la plume", "Plus personne ne tient la plume"),
        ("a_completer", "Verger tient la plume", "Verger tient la plume"),
        (
            "recevable",
            "Les 2 financeurs tiennent la plume",
            "Plus personne ne tient la plume : le délai est passé sans réponse. Le récépissé dit",
        ),
        ("reoriente", "Verger tient la plume", "Verger tient la plume"),
        ("irrecevable", "Plus rien", "Plus rien"),
        ("retire", "Plus rien", "Plus rien"),
    ],
)
def test_qui_tient_la_plume(etat, debut, muet):
    for financeurs, muets, attendu in ((2, 0, debut), (0, 2, muet)):
        dit = qui_tient_la_plume(
            etat=etat, service="la Ville", porteur="Verger", financeurs=financeurs, muets=muets
        )
        assert dit.startswith(attendu)


@pytest.mark.parametrize(
    ("financeurs", "muets", "dit"),
    [
        (1, 0, "La Caisse tient la plume : étudier la demande."),
        (1, 1, "La Caisse tient encore la plume : étudier la demande. Pour l’autre, le délai"),
        (2, 2, "2 financeurs tiennent encore la plume : étudier la demande. Pour les autres, le"),
        (0, 0, "Plus rien n’est attendu sur ce dossier."),
    ],
)
def test_combien_tiennent_la_plume(financeurs, muets, dit):
    combien = {"financeurs": financeurs, "muets": muets, "seul": "la Caisse"}
    plume = qui_tient_la_plume(etat="recevable", service="", porteur="", **combien)
    assert plume.startswith(dit)


# Ce qui se note à la main.

ENTIERE = Suite(
    "accordee",
    "AB-12",
    Decimal(800),
    date(2026, 5, 1),
    Decimal(700),
    date(2026, 6, 1),
    Decimal(300),
    date(2026, 7, 1),
)


def motifs(suite, **autres):
    valeurs = {"guichet": "ailleurs", "etat": "demandee", "demande_le": date(2026, 3, 1)}
    return motifs_empechant_la_suite(suite=suite, jour=JOUR, **(valeurs | autres))


def test_une_suite_entiere_se_note_et_se_corrige():
    assert motifs(ENTIERE) == []
    assert motifs(ENTIERE, etat="accordee") == []
    assert motifs(Suite("demandee"), etat="refusee") == []


@pytest.mark.parametrize(
    ("change", "motif"),
    [
        ({"vote": None, "vote_le": None}, "Combien est accordé"),
        ({"vote": Decimal(0)}, "refusée"),
        ({"engage": Decimal("800.01")}, "plus que ce qui est accordé"),
        ({"verse": Decimal("700.01")}, "plus que ce que dit la convention"),
        ({"engage": None, "engage_le": None}, "Rien ne se verse"),
        ({"verse_le": None}, "Le versement a un montant et une date"),
        ({"verse": None}, "Le versement a un montant et une date"),
        ({"vote_le": date(2026, 2, 1)}, "L’accord ne peut pas venir avant la demande"),
        ({"engage_le": date(2026, 4, 1)}, "La convention ne peut pas venir avant l’accord"),
        ({"verse_le": date(2026, 5, 15)}, "Le versement ne peut pas venir avant la convention"),
        ({"verse_le": date(2027, 1, 1)}, "à venir"),
        ({"etat": "refusee"}, "Seule une demande accordée"),
        ({"etat": "lune"}, "Dites où en est"),
    ],
)
def test_ce_qui_empeche_une_suite(change, motif):
    assert any(motif in m for m in motifs(replace(ENTIERE, **change)))


def test_ce_qui_se_suit_ici_ne_se_note_pas_a_la_main():
    assert "Cette demande se suit ici" in motifs(ENTIERE, guichet="plateforme")[0]
    assert "close" in motifs(ENTIERE, etat="irrecevable")[0]


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


@decor
def recu(ici):
    """Rend un dossier déposé, qui demande aussi à une fondation, ailleurs."""
    dossier = depots.depose(ici)
    Demande.objects.create(
        dossier=dossier,
        exercice=dossier.exercice,
        rang=9,
        financeur_nom="Fondation du Grand Air",
        guichet=Guichet.AILLEURS,
        montant_demande=Decimal(900),
        etat=EtatDeDemande.DEMANDEE,
        demande_le=timezone.now() - timedelta(days=40),
    )
    return depots.relire(dossier)


@decor
def ailleurs(recu):
    return recu.demandes.get(guichet=Guichet.AILLEURS)


def accordee(**autres):
    hier = timezone.localdate() - timedelta(days=1)
    return Suite(**({"etat": "accordee", "vote": Decimal(800), "vote_le": hier} | autres))


def test_noter_puis_corriger_une_suite(ici, ailleurs):
    suivi.noter_la_suite(par=ici.porte, demande=ailleurs, suite=accordee(numero=" AB 12 "))
    ailleurs.refresh_from_db()
    assert (ailleurs.etat, ailleurs.montant_vote) == ("accordee", Decimal(800))
    assert (ailleurs.numero_externe, ailleurs.suivi_par) == ("AB 12", "Gestionnaire Essai")
    suivi.noter_la_suite(par=ici.porte, demande=ailleurs, suite=Suite("refusee"))
    ailleurs.refresh_from_db()
    assert (ailleurs.etat, ailleurs.montant_vote) == ("refusee", None)
    notes = Evenement.objects.filter(action="dossiers.noter_la_suite").order_by("pk")
    assert [plat(e.details.contenu["apres"]) for e in notes] == [
        "accordée, 800 € votés",
        "refusée",
    ]


def test_la_base_refuse_aussi_un_versement_de_trop(ailleurs):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Demande.objects.filter(pk=ailleurs.pk).update(
            etat="accordee",
            montant_vote=Decimal(5),
            vote_le=JOUR,
            montant_engage=Decimal(6),
            engage_le=JOUR,
        )


@pytest.mark.parametrize("nom", ["attente", "lecteur", "meuniere", "pilote", "visiteur"])
def test_qui_ne_note_pas(ici, ailleurs, nom):
    with pytest.raises(Dossier.DoesNotExist):
        suivi.noter_la_suite(par=ici.acteur(nom), demande=ailleurs, suite=accordee())
    with pytest.raises(Demande.DoesNotExist):
        demande_a_noter(ici.acteur(nom), ailleurs.dossier.projet, ailleurs.pk)


def test_une_suite_refusee_n_ecrit_rien(ici, ailleurs):
    with pytest.raises(Refus):
        suivi.noter_la_suite(par=ici.porte, demande=ailleurs, suite=accordee(vote=None))
    ailleurs.refresh_from_db()
    assert (ailleurs.etat, ailleurs.suivi_le) == ("demandee", None)


# Le suivi au fil des ans.


def test_le_suivi_dit_ce_qui_est_demande_vote_et_sur(ici, recu, ailleurs):
    suivi.noter_la_suite(par=ici.porte, demande=ailleurs, suite=accordee())
    lu = suivi_du_projet(recu.projet, jour=timezone.localdate())
    (exercice,) = lu.exercices
    assert (exercice.annee, exercice.est_ferme) == (recu.exercice, True)
    assert plat(exercice.phrase) == "3 900 € demandés · 800 € votés · 0 € versé"
    assert plat(lu.ce_qui_est_sur) == "800 € sûrs, et rien n’est encore versé."
    phrases = {f.nom: plat(f.demandes[0].phrase) for f in exercice.financeurs}
    assert phrases["Caisse des Tilleuls"].startswith(
        "2 000 € demandés, Caisse des Tilleuls répond avant le "
    )
    assert phrases["Fondation du Grand Air"] == "900 € demandés · 800 € votés · 0 € versé"


def test_un_brouillon_n_entre_pas_dans_le_suivi(ici):
    brouillon = depots.brouillon(ici)
    lu = suivi_du_projet(brouillon.projet, jour=timezone.localdate())
    assert (lu.exercices, lu.dossiers) == ([], [])


@pytest.mark.parametrize("nombre", [1, 3, 50])
def test_le_suivi_se_lit_en_cinq_requetes(recu, nombre):
    for rang in range(nombre):
        Demande.objects.create(
            dossier=recu,
            exercice=recu.exercice,
            rang=100 + rang,
            financeur_nom=f"Fondation {rang}",
            guichet=Guichet.AILLEURS,
            montant_demande=Decimal(1),
            etat=EtatDeDemande.DEMANDEE,
            demande_le=timezone.now(),
        )
    projet = Projet.objects.select_related("porteur__fusionne_dans").get(pk=recu.projet_id)
    with CaptureQueriesContext(
        connection,
    ) as menees:
        lu = suivi_du_projet(projet, jour=timezone.localdate())
        assert len(lu.exercices[0].financeurs) == 3 + nombre
        assert lu.exercices[0].phrase
    assert len(menees) == 5


# Les liens de lecture.


def test_un_lien_s_ouvre_et_la_base_ne_garde_que_son_empreinte(ici, recu):
    lien, jeton = liens.creer_un_lien(par=ici.porte, projet=recu.projet, pour="La trésorière")
    assert lien_ouvert(jeton) == lien
    garde = LienDeLecture.objects.values().get()
    assert jeton not in str(garde) and len(jeton) >= 43
    assert jeton not in str(list(Evenement.objects.values("details__contenu")))


def test_faux_ferme_ou_expire_un_lien_est_absent_au_meme_prix(ici, recu):
    lien, jeton = liens.creer_un_lien(par=ici.porte, projet=recu.projet, pour="La trésorière")
    prix = []

    def absent(essaye):
        with CaptureQueriesContext(connection) as menees, pytest.raises(LienDeLecture.DoesNotExist):
            lien_ouvert(essaye)
        prix.append(len(menees))

    absent("faux")
    LienDeLecture.objects.update(
        cree_le=timezone.now() - timedelta(days=2), expire_le=timezone.now() - timedelta(days=1)
    )
    absent(jeton)
    LienDeLecture.objects.update(expire_le=timezone.now() + timedelta(days=1))
    liens.revoquer_un_lien(par=ici.porte, lien=lien)
    absent(jeton)
    assert prix == [1, 1, 1]


def test_fermer_deux_fois_ne_ferme_qu_une(ici, recu):
    lien, _ = liens.creer_un_lien(par=ici.porte, projet=recu.projet, pour="La trésorière")
    premier = liens.revoquer_un_lien(par=ici.porte, lien=lien).revoque_le
    assert liens.revoquer_un_lien(par=ici.porte, lien=lien).revoque_le == premier
    assert Evenement.objects.filter(action="dossiers.revoquer_un_lien").count() == 1


def test_dix_liens_au_plus_et_pour_quelqu_un(ici, recu):
    with pytest.raises(Refus, match="pour qui"):
        liens.creer_un_lien(par=ici.porte, projet=recu.projet, pour=" – ")
    for rang in range(10):
        liens.creer_un_lien(par=ici.porte, projet=recu.projet, pour=f"Personne {rang}")
    with pytest.raises(Refus, match="10 liens"):
        liens.creer_un_lien(par=ici.porte, projet=recu.projet, pour="Une de trop")


@pytest.mark.parametrize("nom", ["attente", "lecteur", "meuniere", "pilote"])
def test_qui_ne_donne_pas_de_lien(ici, recu, nom):
    with pytest.raises(Projet.DoesNotExist):
        liens.creer_un_lien(par=ici.acteur(nom), projet=recu.projet, pour="Moi")


def test_une_lecture_se_compte_sans_dire_de_qui(ici, recu):
    lien, _ = liens.creer_un_lien(par=ici.porte, projet=recu.projet, pour="La trésorière")
    for _fois in range(3):
        liens.compter_une_lecture(lien=lien)
    lien.refresh_from_db()
    assert lien.lectures == 3 and lien.lu_le is not None
