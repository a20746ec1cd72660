"""Le SQL brut est refusé, sur les deux moteurs : ni dépassement, ni compteur touché, ni trace effacée."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from parvis.programmation.actions.enveloppes import imputer
from parvis.programmation.models import Enveloppe, Imputation, Mouvement
from tests.fabriques import comptes
from tests.fabriques.enveloppes import demande, enveloppe, voter

SUR_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="une écriture de SQLite")
SUR_POSTGRESQL = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="une écriture de PostgreSQL"
)


def brut(sql: str, *valeurs) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql, valeurs)
        # Une clé étrangère ne se vérifie qu'à la fin : on n'attend pas celle de l'essai.
        connection.check_constraints()


def refuse(sql: str, *valeurs) -> None:
    """Vérifie que cette écriture échoue, et qu'aucune table n'a bougé."""
    avant = tout()
    with pytest.raises(IntegrityError):
        brut(sql, *valeurs)
    assert tout() == avant


def tout() -> list:
    tables = ("programmation_enveloppe", "programmation_mouvement", "programmation_imputation")
    lignes = []
    with connection.cursor() as curseur:
        for table in (*tables, "dossiers_demande"):
            curseur.execute(f"SELECT * FROM {table} ORDER BY id")
            lignes.append(curseur.fetchall())
    return lignes


@pytest.fixture
def posee(bourse):
    """Rend une enveloppe de 1 000 €, une sous-enveloppe de 200 € et une demande votée de 300 €."""
    mere = enveloppe(bourse, 1000)
    fille = enveloppe(bourse, 200, ligne="Fonds de proximité", mere=mere)
    votee = demande(bourse, mere)
    voter(votee, 300)
    mere.refresh_from_db()
    assert (mere.montant_recu, mere.montant_cede, mere.montant_vote) == (1000, 200, 300)
    return mere, fille, votee


def test_un_vote_au_dela_de_ce_qui_reste_est_refuse(posee):
    mere, _, votee = posee
    brut("UPDATE dossiers_demande SET montant_vote = 80000 WHERE id = %s", votee.pk)
    mere.refresh_from_db()
    assert (mere.montant_vote, mere.montant_reste) == (800, 0)
    refuse("UPDATE dossiers_demande SET montant_vote = 80001 WHERE id = %s", votee.pk)


def test_deux_demandes_votees_d_un_seul_ordre_ne_depassent_pas(posee, bourse):
    mere, _, votee = posee
    autre = demande(bourse, mere)
    ordre = (
        "UPDATE dossiers_demande SET etat = 'accordee', montant_vote = %s, vote_le = '2026-01-01' "
        "WHERE id IN (%s, %s)"
    )
    refuse(ordre, 40001, votee.pk, autre.pk)
    brut(ordre, 40000, votee.pk, autre.pk)
    mere.refresh_from_db()
    assert mere.montant_vote == 800


@pytest.mark.parametrize("champ", ["montant_recu", "montant_cede", "montant_vote"])
@pytest.mark.parametrize("ecart", [1, -1, 100_000])
def test_un_compteur_ne_se_touche_pas_a_la_main(posee, champ, ecart):
    refuse(
        f"UPDATE programmation_enveloppe SET {champ} = {champ} + {ecart} WHERE id = %s", posee[0].pk
    )


@pytest.mark.parametrize(
    "change",
    [
        "exercice = exercice + 1",
        "ligne = 'Autre'",
        "pilier = 'autre'",
        "mere_id = NULL",
        "id = id + 1000",
    ],
)
def test_une_enveloppe_reste_ce_qu_elle_est(posee, change):
    refuse(f"UPDATE programmation_enveloppe SET {change} WHERE id = %s", posee[1].pk)


def test_une_enveloppe_ne_change_pas_de_financeur(posee, bourse):
    refuse(
        "UPDATE programmation_enveloppe SET financeur_id = %s WHERE id = %s",
        bourse.ici.commune.pk,
        posee[0].pk,
    )


INSERER = (
    "INSERT INTO programmation_enveloppe (contrat_id, financeur_id, exercice, ligne, pilier, mere_id, "
    "montant_recu, montant_cede, montant_vote, creee_le, creee_par) "
    "SELECT contrat_id, {financeur}, exercice{plus}, 'Autre', '', {mere}, {recu}, 0, 0, creee_le, 'x' "
    "FROM programmation_enveloppe WHERE id = %s"
)


def inserer(financeur="financeur_id", plus="", mere="NULL", recu="0") -> str:
    return INSERER.format(financeur=financeur, plus=plus, mere=mere, recu=recu)


def test_une_enveloppe_nait_vide_et_sous_une_mere_qui_convient(posee, bourse):
    mere, fille, _ = posee
    refuse(inserer(recu="100"), mere.pk)
    refuse(inserer(mere=fille.pk), mere.pk)
    refuse(inserer(mere=mere.pk, plus=" + 1"), mere.pk)
    refuse(inserer(mere=mere.pk, financeur=bourse.ici.commune.pk), mere.pk)
    brut(inserer(mere=mere.pk), mere.pk)
    assert Enveloppe.objects.count() == 3


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE programmation_mouvement SET montant = montant + 1",
        "UPDATE programmation_mouvement SET motif = 'x'",
        "DELETE FROM programmation_mouvement",
        "DELETE FROM programmation_imputation",
        "DELETE FROM programmation_enveloppe",
    ],
)
def test_rien_ne_s_efface_ni_ne_se_recrit(posee, sql):
    refuse(sql)


@SUR_POSTGRESQL
@pytest.mark.parametrize("table", ["mouvement", "imputation", "enveloppe"])
def test_aucune_table_ne_se_vide(posee, table):
    # Une clé qui reste à vérifier interdirait déjà de vider : ce n'est pas ce qu'on essaie.
    connection.check_constraints()
    with pytest.raises(IntegrityError, match=r"ne se vident pas|ne s’efface pas"):
        brut(f"TRUNCATE programmation_{table} CASCADE")


MOUVEMENT = (
    "INSERT INTO programmation_mouvement (enveloppe_id, depuis_id, sorte, montant, motif, decide_le, "
    "note_le, note_par, auteur) VALUES (%s, %s, %s, %s, 'Acte', '2026-01-01', '2026-01-01', 'x', '')"
)


def test_un_mouvement_ecrit_a_la_main_se_compte_et_se_refuse_s_il_ne_va_pas(posee, bourse):
    mere, fille, _ = posee
    etrangere = enveloppe(bourse, 500, par=bourse.adjoint)
    suivante = enveloppe(bourse, exercice=bourse.exercice + 1)
    d_ailleurs = enveloppe(bourse, par=bourse.adjoint, exercice=bourse.exercice + 1)
    for vers, depuis, sorte, montant in (
        (fille, None, "dotation", 100),
        (etrangere, mere, "delegation", 100),
        (mere, fille, "delegation", 100),
        (etrangere, mere, "report", 100),
        (d_ailleurs, mere, "report", 100),
        (mere, suivante, "report", 100),
        (fille, mere, "report", 100),
        (mere, None, "cadeau", 100),
        (mere, None, "report", 100),
        (mere, mere, "report", 100),
        (mere, None, "dotation", 0),
        # Plus que ce qui n'est ni voté, ni délégué : 500 €.
        (fille, mere, "delegation", 50_001),
        (suivante, mere, "report", 50_001),
        (mere, None, "dotation", -50_001),
        (fille, mere, "delegation", -20_001),
    ):
        refuse(MOUVEMENT, vers.pk, depuis.pk if depuis else None, sorte, montant)
    brut(MOUVEMENT, suivante.pk, mere.pk, "report", 50_000)
    for une in (mere, suivante):
        une.refresh_from_db()
    assert (mere.montant_reste, suivante.montant_reste) == (0, 500)


def test_un_report_par_voie_de_doublon_reste_chez_le_meme_financeur(posee, bourse):
    mere, *_ = posee
    double = comptes.organisme("Caisse", "protection_sociale", fusionne_dans=bourse.ici.caisse)
    brut(inserer(financeur=double.pk, plus=" + 1"), mere.pk)
    suivante = Enveloppe.objects.get(financeur=double)
    brut(MOUVEMENT, suivante.pk, mere.pk, "report", 100)
    suivante.refresh_from_db()
    assert suivante.montant_recu == 1


IMPUTATION = (
    "INSERT INTO programmation_imputation (demande_id, enveloppe_id, imputee_le, imputee_par) "
    "VALUES (%s, %s, '2026-01-01', 'x')"
)


def test_une_demande_ne_se_prend_que_sur_une_enveloppe_qui_convient(posee, bourse):
    mere, *_ = posee
    suivante = enveloppe(bourse, 100, exercice=bourse.exercice + 1)
    libre = demande(bourse)
    refuse(IMPUTATION, libre.pk, suivante.pk)
    for autre in (
        demande(bourse, financeur=bourse.ici.commune),
        demande(bourse, nature="nature"),
        demande(bourse, guichet="ailleurs"),
    ):
        refuse(IMPUTATION, autre.pk, mere.pk)
    voter(libre, 600)
    refuse(IMPUTATION, libre.pk, mere.pk)
    voter(libre, 500)
    brut(IMPUTATION, libre.pk, mere.pk)
    mere.refresh_from_db()
    assert mere.montant_reste == 0
    refuse(IMPUTATION, libre.pk, mere.pk)


def test_une_demande_imputee_change_d_enveloppe_mais_ni_de_place_ni_de_demande(posee, bourse):
    mere, fille, votee = posee
    libre = demande(bourse)
    refuse("UPDATE programmation_imputation SET demande_id = %s", libre.pk)
    refuse("UPDATE programmation_imputation SET enveloppe_id = %s", fille.pk)
    for change in ("exercice = exercice + 1", "nature = 'nature'", "guichet = 'ailleurs'"):
        refuse(f"UPDATE dossiers_demande SET {change} WHERE id = %s", votee.pk)
    refuse(
        "UPDATE dossiers_demande SET financeur_id = %s WHERE id = %s",
        bourse.ici.commune.pk,
        votee.pk,
    )
    refuse("DELETE FROM dossiers_demande WHERE id = %s", votee.pk)
    brut("UPDATE dossiers_demande SET montant_vote = 20000 WHERE id = %s", votee.pk)
    brut("UPDATE programmation_imputation SET enveloppe_id = %s", fille.pk)
    for une in (mere, fille):
        une.refresh_from_db()
    assert (mere.montant_vote, fille.montant_vote) == (0, 200)


def test_effacer_la_demande_d_abord_ne_fait_pas_oublier_son_vote(posee):
    votee = posee[2]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("DELETE FROM dossiers_demande WHERE id = %s", [votee.pk])
        curseur.execute("DELETE FROM programmation_imputation WHERE demande_id = %s", [votee.pk])
    assert Imputation.objects.filter(demande=votee.pk).exists()


def test_une_demande_retiree_du_budget_quitte_son_enveloppe_sauf_votee(posee, bourse):
    mere, _, votee = posee
    libre = demande(bourse, mere)
    libre.delete()
    assert Imputation.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        votee.delete()
    assert Imputation.objects.count() == 1


@SUR_SQLITE
@pytest.mark.parametrize("plutot", ["IGNORE", "REPLACE", "FAIL", "ABORT"])
def test_aucune_clause_de_conflit_ne_fait_taire_le_refus(posee, bourse, plutot):
    mere, fille, votee = posee
    libre = demande(bourse)
    voter(libre, 600)
    for sql, *valeurs in (
        (f"UPDATE OR {plutot} dossiers_demande SET montant_vote = 80001 WHERE id = %s", votee.pk),
        (IMPUTATION.replace("INSERT", f"INSERT OR {plutot}"), libre.pk, mere.pk),
        (f"UPDATE OR {plutot} programmation_imputation SET enveloppe_id = %s", fille.pk),
        (
            MOUVEMENT.replace("INSERT", f"INSERT OR {plutot}"),
            fille.pk,
            mere.pk,
            "delegation",
            50_001,
        ),
        (f"UPDATE OR {plutot} programmation_enveloppe SET montant_vote = 0 WHERE id = %s", mere.pk),
    ):
        refuse(sql, *valeurs)


@SUR_SQLITE
@pytest.mark.parametrize("table", ["enveloppe", "mouvement", "imputation"])
def test_remplacer_une_ligne_est_refuse(posee, table):
    refuse(f"REPLACE INTO programmation_{table} SELECT * FROM programmation_{table}")


@SUR_SQLITE
def test_remplacer_une_demande_imputee_est_refuse(posee):
    refuse(
        "REPLACE INTO dossiers_demande SELECT * FROM dossiers_demande WHERE id = %s", posee[2].pk
    )


@SUR_POSTGRESQL
def test_une_ligne_que_l_insertion_ecarte_ne_se_compte_pas(posee):
    mere, *_ = posee
    deja = Mouvement.objects.filter(enveloppe=mere).first()
    brut(
        "INSERT INTO programmation_mouvement SELECT * FROM programmation_mouvement WHERE id = %s "
        "ON CONFLICT DO NOTHING",
        deja.pk,
    )
    mere.refresh_from_db()
    assert mere.montant_recu == 1000


def test_les_compteurs_suivent_l_ecriture_ordinaire(posee, bourse):
    mere, fille, votee = posee
    libre = demande(bourse)
    voter(libre, 100)
    imputer(par=bourse.caissiere, demande=libre, enveloppe=fille)
    imputer(par=bourse.caissiere, demande=libre, enveloppe=mere)
    for une in (mere, fille):
        une.refresh_from_db()
    assert (mere.montant_vote, fille.montant_vote) == (400, 0)
    voter(votee, Decimal("0.01"))
    mere.refresh_from_db()
    assert mere.montant_vote == Decimal("100.01")
    with pytest.raises(DatabaseError), transaction.atomic():
        voter(libre, 900)
