"""Le SQL brut est refusé, sur les deux moteurs : rien ne se verse de trop, deux fois ou après un retrait."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from parvis.conventions.actions.conditions import lever_une_condition
from parvis.conventions.actions.reversements import recevoir_un_reversement
from parvis.conventions.actions.versements import annuler_un_versement
from parvis.conventions.models import Acte, Versement
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
    "conventions_cloture", "conventions_partdecloture", "conventions_echeance", "dossiers_demande",
)  # fmt: skip
VERSER = (
    "INSERT INTO conventions_versement (acte_id, echeance_id, financeur_id, exercice, montant, verse_le,"
    " numero_d_ordre, bordereau, compte, source, note_le, note_par, annule_par, motif_d_annulation,"
    " derniere_part_id)"
    " SELECT acte_id, echeance_id, financeur_id, exercice, %s, verse_le, '', '', compte, source, note_le,"
    " note_par, '', '', 0 FROM conventions_versement WHERE id = %s"
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
    bruts((sql, *valeurs))


def bruts(*ecritures: tuple) -> None:
    """Fait ces écritures d'un seul tenant, ou aucune."""
    with transaction.atomic(), connection.cursor() as curseur:
        for sql, *valeurs in ecritures:
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
    refusees((sql, *valeurs))


def refusees(*ecritures: tuple) -> None:
    """Vérifie que ces écritures échouent, et qu'aucune table n'a bougé."""
    avant = tout()
    with pytest.raises(IntegrityError):
        bruts(*ecritures)
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


def suivant() -> int:
    """Rend la clé du prochain versement : de quoi écrire ses parts avec lui."""
    with connection.cursor() as curseur:
        if connection.vendor == "sqlite":
            curseur.execute(
                "SELECT seq + 1 FROM sqlite_sequence WHERE name = 'conventions_versement'"
            )
        else:
            curseur.execute("SELECT last_value + 1 FROM conventions_versement_id_seq")
        return curseur.fetchone()[0]


def test_un_versement_brut_ne_depasse_pas_son_echeance(guichet):
    fait = Versement.objects.get()
    une, autre = fait.parts.order_by("demande")
    refusees((VERSER, 40001, fait.pk), (PARTAGER, suivant(), 30001, une.pk))
    refusees(
        (VERSER, 40000, fait.pk),
        (PARTAGER, suivant(), 40000, une.pk),
        (PARTAGER, suivant(), 1, autre.pk),
    )
    bruts((VERSER, 40000, fait.pk), (PARTAGER, suivant(), 40000, une.pk))
    assert guichet.demandes[0].montant_verse == 1150
    assert ecarts() == []


def test_un_versement_brut_que_ses_parts_ne_font_pas_se_refuse(guichet):
    fait = Versement.objects.get()
    une, autre = fait.parts.order_by("demande")
    refusees((VERSER, 40000, fait.pk))
    refusees((VERSER, 40000, fait.pk), (PARTAGER, suivant(), 39999, une.pk))
    # Ni en nommant soi-même une part qui finirait le partage, ni en taisant qu'il est à finir.
    refusees((VERSER.replace("'', '', 0 FROM", f"'', '', {une.pk} FROM"), 40000, fait.pk))
    refusees((VERSER.replace("'', '', 0 FROM", "'', '', NULL FROM"), 40000, fait.pk))
    # Ni en faisant exister la part zéro.
    zero = PARTAGER.replace("(versement_id", "(id, versement_id").replace(
        "SELECT %s", "SELECT 0, %s"
    )
    refusees((VERSER, 40000, fait.pk), (zero, suivant(), 1, une.pk))
    finir = "UPDATE conventions_versement SET derniere_part_id = %s WHERE id = %s"
    refusees((VERSER, 40000, fait.pk), (finir, une.pk, suivant()))
    refusees((VERSER, 40000, fait.pk), (finir, None, suivant()))
    bruts(
        (VERSER, 40000, fait.pk),
        (PARTAGER, suivant(), 30000, une.pk),
        (PARTAGER, suivant(), 10000, autre.pk),
    )
    assert ecarts() == []
    nouveau = Versement.objects.latest("pk")
    assert nouveau.derniere_part == nouveau.parts.latest("pk")
    # Fini, le partage ne se rouvre pas.
    refuse(finir, 0, nouveau.pk)
    refuse(finir, une.pk, nouveau.pk)
    refuse(PARTAGER, nouveau.pk, 1, une.pk)


def test_les_parts_d_un_versement_ne_depassent_pas_ce_que_la_ligne_engage(guichet):
    """Versé d'un côté tout ce qui reste de l'acompte : l'autre demande ne peut pas en prendre plus."""
    guichet.verser(1)
    fait, (grande, petite) = Versement.objects.first(), guichet.demandes
    verser = VERSER.replace(
        "echeance_id, financeur_id, exercice, %s", "%s, financeur_id, exercice, 60000"
    )
    solde = (verser, guichet.echeances[1].pk, fait.pk)
    de = {demande: fait.parts.get(demande=demande).pk for demande in (grande, petite)}
    refusees(
        solde, (PARTAGER, suivant(), 15001, de[petite]), (PARTAGER, suivant(), 44999, de[grande])
    )
    bruts(solde, (PARTAGER, suivant(), 15000, de[petite]), (PARTAGER, suivant(), 45000, de[grande]))
    assert ecarts() == []


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
            " notee_le, annulee_par, motif_d_annulation) SELECT id, '2026-01-01', 'x', 'x',"
            " '2026-01-01', '', '' FROM"
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
    refuse("UPDATE conventions_reversement SET titre = 'x'")
    annuler = (
        "UPDATE conventions_reversement SET reception_annulee_le = '2026-01-01 00:00:00+00',"
        " reception_annulee_par = 'x', motif_d_annulation = 'x'"
    )
    # Une réception ne s'annule ni sans se défaire, ni en changeant la somme, ni deux fois.
    refuse(annuler)
    refuse(f"{annuler}, recu_le = NULL, recu_par = '', montant = montant - 1")
    brut(f"{annuler}, recu_le = NULL, recu_par = ''")
    assert (guichet.demandes[0].montant_verse, guichet.demandes[0].montant_engage) == (750, 1500)
    assert ecarts() == []
    refuse(f"{annuler[:-3]}'y'")


def test_un_reversement_brut_au_dela_de_ce_qui_est_verse_ne_se_recoit_pas(guichet):
    guichet.reversement("100")
    brut(
        "INSERT INTO conventions_reversement (acte_id, demande_id, montant, motif, demande_le,"
        " demande_par, titre, recu_par, abandonne_par, motif_d_abandon, reception_annulee_par,"
        " motif_d_annulation) SELECT acte_id, demande_id,"
        " 70000, motif, demande_le, demande_par, '', '', '', '', '', '' FROM conventions_reversement"
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


def test_une_condition_levee_ne_change_pas_et_ne_se_remet_pas_une_fois_payee(sous_condition):
    guichet = sous_condition
    for payee in guichet.lu.lignes:
        lever_une_condition(
            par=guichet.samia,
            acte=guichet.acte,
            reponse=payee.ligne.reponse_id,
            levee_le=timezone.localdate(),
            justification="Accord reçu",
        )
    remettre = (
        "UPDATE conventions_conditionlevee SET annulee_le = notee_le, annulee_par = 'x',"
        " motif_d_annulation = 'x'"
    )
    refuse("UPDATE conventions_conditionlevee SET justification = 'y'")
    refuse(f"{remettre}, levee_par = 'y'")
    refuse("UPDATE conventions_conditionlevee SET annulee_le = notee_le")
    (fait,) = guichet.verser(1)
    refuse(remettre)
    annuler_un_versement(par=guichet.samia, versement=fait, motif="Erreur")
    brut(remettre)
    refuse(
        "UPDATE conventions_conditionlevee SET annulee_le = NULL, annulee_par = '',"
        " motif_d_annulation = ''"
    )
    # Remise, elle arrête de nouveau le versement.
    refuse(VERSER, 100, fait.pk)
    refuse("DELETE FROM conventions_conditionlevee")


def test_un_echeancier_ne_change_que_tant_que_son_acte_est_en_preparation(guichet):
    # Le versement annulé, rien ne se paie plus, mais l'acte engage : il garde son échéancier.
    annuler_un_versement(par=guichet.samia, versement=Versement.objects.get(), motif="Erreur")
    refuse("UPDATE conventions_echeance SET montant = montant + 1")
    refuse("UPDATE conventions_echeance SET prevue_le = '2030-01-01'")
    refuse("DELETE FROM conventions_echeance")
    refuse(
        "INSERT INTO conventions_echeance (acte_id, rang, sorte, montant, condition) SELECT acte_id,"
        " 9, sorte, montant, condition FROM conventions_echeance WHERE rang = 1"
    )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE conventions_echeance SET montant = montant + 1 WHERE acte_id = %s AND rang = 1",
        "DELETE FROM conventions_echeance WHERE acte_id = %s",
        "DELETE FROM conventions_echeance WHERE acte_id = %s AND rang = 2",
    ],
)
def test_un_acte_ne_quitte_pas_la_preparation_si_ses_echeances_ne_font_pas_sa_somme(
    guichet, change
):
    pk = fabrique.autre_demande(guichet.site, rang=30).pk
    acte = fabrique.preparer(guichet.site, {pk: "700"}, numero="13")
    composer = (
        "UPDATE conventions_acte SET etat = 'a_signer', compose_le = prepare_le, fichier_id ="
        " (SELECT MAX(fichier_id) FROM conventions_acte) WHERE id = %s",
        acte.pk,
    )
    refusees((change, acte.pk), composer)
    bruts(composer)
    assert Acte.objects.get(pk=acte.pk).etat == "a_signer"
    refuse(change, acte.pk)


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
        " demande_par, titre, recu_par, abandonne_par, motif_d_abandon, reception_annulee_par,"
        " motif_d_annulation) SELECT acte_id, demande_id,"
        " 75001, motif, demande_le, demande_par, '', '', '', '', '', '' FROM conventions_reversement"
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
