"""Le SQL brut est refusé, sur les deux moteurs : rien ne se verse de trop, deux fois ou après un retrait."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from parvis.conventions.actions.retraits import recevoir_un_reversement
from parvis.conventions.models import Versement
from tests.conventions.controle import colonnes, ecarts
from tests.decors import decor
from tests.fabriques import versements as fabrique

SUR_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="une écriture de SQLite")
SUR_POSTGRESQL = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="une écriture de PostgreSQL"
)
TABLES = (
    "conventions_versement", "conventions_partdeversement", "conventions_reversement",
    "conventions_retrait", "conventions_partderetrait", "conventions_conditionlevee",
    "conventions_echeance", "dossiers_demande",
)  # fmt: skip
VERSER = (
    "INSERT INTO conventions_versement (acte_id, echeance_id, financeur_id, exercice, montant, verse_le,"
    " numero_d_ordre, bordereau, compte, source, note_le, note_par, annule_par, motif_d_annulation)"
    " SELECT acte_id, echeance_id, financeur_id, exercice, %s, verse_le, '', '', compte, source, note_le,"
    " note_par, '', '' FROM conventions_versement WHERE id = %s"
)
PARTAGER = (
    "INSERT INTO conventions_partdeversement (versement_id, ligne_id, demande_id, montant)"
    " SELECT %s, ligne_id, demande_id, %s FROM conventions_partdeversement WHERE id = %s"
)


@decor
def guichet() -> fabrique.Guichet:
    """Un acompte de 1 400 € dont 1 000 € sont versés, sur 2 000 € engagés."""
    une = fabrique.guichet()
    une.payer("1000")
    return une


@decor
def sous_condition() -> fabrique.Guichet:
    return fabrique.guichet(condition="Joindre l’accord du bailleur")


def brut(sql: str, *valeurs) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql, valeurs)
        # Une clé étrangère ne se vérifie qu'à la fin : on n'attend pas celle de l'essai.
        connection.check_constraints()


def tout() -> list:
    lignes = []
    with connection.cursor() as curseur:
        for table in TABLES:
            curseur.execute(f"SELECT * FROM {table} ORDER BY id")
            lignes.append(curseur.fetchall())
    return lignes


def refuse(sql: str, *valeurs) -> None:
    """Vérifie que cette écriture échoue, et qu'aucune table n'a bougé."""
    avant = tout()
    with pytest.raises(IntegrityError):
        brut(sql, *valeurs)
    assert tout() == avant
    assert colonnes() == []


def test_ce_qui_est_verse_ne_s_ecrit_pas_a_la_main(guichet):
    une = guichet.demandes[0].pk
    for sql in (
        "UPDATE dossiers_demande SET montant_verse = montant_verse + 1 WHERE id = %s",
        "UPDATE dossiers_demande SET montant_verse = montant_verse - 1 WHERE id = %s",
        "UPDATE dossiers_demande SET montant_verse = NULL, verse_le = NULL WHERE id = %s",
        "UPDATE dossiers_demande SET verse_le = '2020-01-01' WHERE id = %s",
        "UPDATE dossiers_demande SET montant_engage = montant_engage - 1 WHERE id = %s",
        "UPDATE dossiers_demande SET montant_engage = montant_engage + 1 WHERE id = %s",
    ):
        refuse(sql, une)


def test_un_versement_brut_ne_depasse_pas_son_echeance(guichet):
    fait = Versement.objects.get()
    refuse(VERSER, 40001, fait.pk)
    brut(VERSER, 40000, fait.pk)


def test_une_part_brute_tient_les_colonnes_et_ne_depasse_ni_versement_ni_ligne(guichet):
    fait = Versement.objects.get()
    une = fait.parts.order_by("demande").first()
    brut(VERSER, 40000, fait.pk)
    nouveau = Versement.objects.latest("pk")
    refuse(PARTAGER, nouveau.pk, 40001, une.pk)
    brut(PARTAGER, nouveau.pk, 30000, une.pk)
    assert guichet.demandes[0].montant_verse == 1050
    refuse(PARTAGER, nouveau.pk, 1, une.pk)
    refuse(PARTAGER, fait.pk, 1, une.pk)


def test_les_parts_d_un_versement_ne_depassent_pas_ce_que_la_ligne_engage(guichet):
    """Versé d'un côté tout ce qui reste de l'acompte : l'autre demande ne peut pas en prendre plus."""
    guichet.verser(1)
    fait, petite = Versement.objects.first(), guichet.demandes[1]
    brut(
        "INSERT INTO conventions_versement (acte_id, echeance_id, financeur_id, exercice, montant,"
        " verse_le, numero_d_ordre, bordereau, compte, source, note_le, note_par, annule_par,"
        " motif_d_annulation) SELECT acte_id, %s, financeur_id, exercice, 60000, verse_le, '', '',"
        " compte, source, note_le, note_par, '', '' FROM conventions_versement WHERE id = %s",
        guichet.echeances[1].pk,
        fait.pk,
    )
    part = fait.parts.get(demande=petite)
    refuse(PARTAGER, Versement.objects.latest("pk").pk, 15001, part.pk)
    brut(PARTAGER, Versement.objects.latest("pk").pk, 15000, part.pk)


@pytest.mark.parametrize(
    "change",
    [
        "montant = montant + 1",
        "verse_le = '2020-01-01'",
        "numero_d_ordre = 'X'",
        "acte_id = acte_id + 1",
        "annule_par = 'x'",
        "annule_le = note_le, annule_par = 'x', motif_d_annulation = 'x', montant = 1",
    ],
)
def test_un_versement_ne_se_corrige_pas(guichet, change):
    refuse(f"UPDATE conventions_versement SET {change}")


def test_un_versement_annule_a_la_main_tient_les_colonnes_et_ne_revient_pas(guichet):
    brut(
        "UPDATE conventions_versement SET annule_le = note_le, annule_par = 'x', motif_d_annulation = 'x'"
    )
    assert [d.montant_verse for d in guichet.demandes] == [None, None]
    assert ecarts() == []
    refuse(
        "UPDATE conventions_versement SET annule_le = NULL, annule_par = '', motif_d_annulation = ''"
    )


@pytest.mark.parametrize("table", TABLES[:6])
def test_rien_ne_s_efface(guichet, table):
    guichet.reversement()
    guichet.retirer()
    if table == "conventions_conditionlevee":
        brut(
            "INSERT INTO conventions_conditionlevee (reponse_id, levee_le, levee_par, justification,"
            " notee_le) SELECT id, '2026-01-01', 'x', 'x', '2026-01-01' FROM"
            " programmation_lignededecision LIMIT 1"
        )
    connection.check_constraints()
    refuse(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        refuse(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("conventions_partdeversement", "montant = montant - 1"),
        ("conventions_partderetrait", "montant_degage = 0"),
        ("conventions_retrait", "montant = montant - 1"),
        ("conventions_retrait", "etat = 'abandonne'"),
        ("conventions_reversement", "montant = montant + 1"),
        ("conventions_reversement", "demande_le = '2020-01-01'"),
    ],
)
def test_ce_qui_est_dit_ne_change_pas(guichet, table, change):
    guichet.verser(1)
    guichet.retirer()
    refuse(f"UPDATE {table} SET {change}")


def test_un_reversement_recu_a_la_main_tient_les_colonnes_et_ne_se_defait_pas(guichet):
    guichet.reversement("100")
    brut("UPDATE conventions_reversement SET recu_le = demande_le, recu_par = 'x'")
    assert (guichet.demandes[0].montant_verse, guichet.demandes[0].montant_engage) == (650, 1400)
    assert ecarts() == []
    refuse("UPDATE conventions_reversement SET recu_le = NULL, recu_par = ''")


def test_un_reversement_brut_au_dela_de_ce_qui_est_verse_ne_se_recoit_pas(guichet):
    guichet.reversement("100")
    brut(
        "INSERT INTO conventions_reversement (acte_id, demande_id, montant, motif, demande_le,"
        " demande_par, titre, recu_par, abandonne_par, motif_d_abandon) SELECT acte_id, demande_id,"
        " 70000, motif, demande_le, demande_par, '', '', '', '' FROM conventions_reversement"
    )
    refuse("UPDATE conventions_reversement SET recu_le = demande_le, recu_par = 'x'")


def test_apres_un_retrait_rien_ne_se_verse_meme_a_la_main(guichet):
    guichet.retirer()
    refuse(VERSER, 100, Versement.objects.get().pk)


def test_une_condition_debout_arrete_le_versement_meme_a_la_main(sous_condition):
    acte, jour = sous_condition.acte, timezone.localdate()
    refuse(
        "INSERT INTO conventions_versement (acte_id, financeur_id, exercice, montant, verse_le,"
        " numero_d_ordre, bordereau, compte, source, note_le, note_par, annule_par,"
        " motif_d_annulation) VALUES (%s, %s, 2026, 100, %s, '', '', 'x', 'saisie', %s, 'x', '', '')",
        acte.pk, acte.financeur_id, jour, timezone.now(),
    )  # fmt: skip


def test_un_echeancier_paye_ne_change_plus(guichet):
    refuse("UPDATE conventions_echeance SET montant = montant + 1")
    refuse("UPDATE conventions_echeance SET prevue_le = '2030-01-01'")
    refuse("DELETE FROM conventions_echeance")
    refuse(
        "INSERT INTO conventions_echeance (acte_id, rang, sorte, montant, condition) SELECT acte_id,"
        " 9, sorte, montant, condition FROM conventions_echeance WHERE rang = 1"
    )


@SUR_SQLITE
@pytest.mark.parametrize("ecriture", ["INSERT OR REPLACE", "INSERT OR IGNORE"])
def test_ni_remplacer_ni_ignorer_ne_contournent(guichet, ecriture):
    fait = Versement.objects.get()
    part = fait.parts.order_by("demande").first()
    refuse(
        f"{ecriture} INTO conventions_partdeversement (id, versement_id, ligne_id, demande_id, montant)"
        " SELECT id, versement_id, ligne_id, demande_id, 1 FROM conventions_partdeversement"
        " WHERE id = %s",
        part.pk,
    )
    refuse(VERSER.replace("INSERT INTO", f"{ecriture} INTO"), 40001, fait.pk)


@SUR_SQLITE
def test_ignorer_ne_recoit_pas_un_reversement_de_trop(guichet):
    guichet.reversement("100")
    brut(
        "INSERT INTO conventions_reversement (acte_id, demande_id, montant, motif, demande_le,"
        " demande_par, titre, recu_par, abandonne_par, motif_d_abandon) SELECT acte_id, demande_id,"
        " 75001, motif, demande_le, demande_par, '', '', '', '' FROM conventions_reversement"
    )
    refuse(
        "UPDATE OR IGNORE conventions_reversement SET recu_le = demande_le, recu_par = 'x'"
        " WHERE montant = 75001"
    )


@SUR_POSTGRESQL
def test_un_conflit_passe_sous_silence_ne_contourne_pas(guichet):
    fait = Versement.objects.get()
    refuse(VERSER + " ON CONFLICT DO NOTHING", 40001, fait.pk)


def test_une_demande_ne_nait_pas_versee(guichet):
    une = guichet.demandes[0]
    une.pk, une.rang = None, 40
    with pytest.raises(IntegrityError), transaction.atomic():
        une.save(force_insert=True)


def test_le_recu_par_l_action_et_a_la_main_font_les_memes_colonnes(guichet):
    du = guichet.reversement("100")
    recevoir_un_reversement(par=guichet.samia, reversement=du, recu_le=timezone.localdate())
    assert (guichet.demandes[0].montant_verse, guichet.demandes[0].montant_engage) == (650, 1400)
