"""Ce que la base refuse : un acte qui saute un pas, un engagement sans acte, un trou au registre."""

import pytest
from django.db import DatabaseError, connection, transaction

from parvis.conventions.actions.actes import annuler_un_acte
from parvis.conventions.actions.modeles import ecrire_un_modele
from parvis.conventions.models import Acte, LigneDActe, VersionDeModele
from parvis.conventions.queries.modeles import texte_fourni
from parvis.dossiers.models import Demande
from tests.decors import decor
from tests.fabriques import actes as fabrique
from tests.fabriques.cadre import contrat_publie

pytestmark = pytest.mark.django_db
sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="propre à SQLite")
ACTE, LIGNE = "conventions_acte", "conventions_lignedacte"
VERSION, DEMANDE = "conventions_versiondemodele", "dossiers_demande"


@decor
def site() -> fabrique.Site:
    return fabrique.site()


@decor
def prepare(site):
    return site.prepare(site.vote.publiee("1500"))


@decor
def signe(site):
    return site.signe("1500")


def en(site: fabrique.Site, etat: str) -> Acte:
    """Rend un acte préparé, ou signé."""
    return site.signe("1500") if etat == "signe" else site.prepare(site.vote.publiee("1500"))


def executer(sql: str, *valeurs) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql, valeurs)
        connection.check_constraints()


def refuse(sql: str, *valeurs) -> None:
    """Exige que la base refuse cette instruction."""
    with pytest.raises(DatabaseError):
        executer(sql, *valeurs)


def recopier(table: str, pk: int, verbe: str = "INSERT", **changes) -> str:
    """Rend une instruction qui recopie une ligne avec d'autres valeurs ; sans `id`, elle en prend un."""
    champs = [c.name for c in connection.introspection.get_table_description(_curseur(), table)]
    champs = [c for c in champs if c != "id" or "id" in changes]
    pris = [str(changes.get(c, c)) for c in champs]
    return (
        f"{verbe} INTO {table} ({', '.join(champs)}) SELECT {', '.join(pris)} FROM {table} "
        f"WHERE id = {pk}"
    )


def _curseur():
    return connection.cursor()


# Le registre.


@pytest.mark.parametrize("etat", ["prepare", "signe"])
def test_un_acte_ne_s_efface_jamais(site, etat):
    en(site, etat)
    refuse(f"DELETE FROM {ACTE}")
    assert Acte.objects.count() == 1


@pytest.mark.parametrize(
    "champs",
    [
        "rang = 9", "exercice = 1999", "sorte = 'arrete'", "montant = 1", "montant_nature = 5",
        "faits = '{}'", "titulaire_id = financeur_id", "financeur_id = titulaire_id", "id = 99999",
    ],
)  # fmt: skip
def test_ce_que_dit_le_registre_est_fige_des_la_preparation(prepare, champs):
    refuse(f"UPDATE {ACTE} SET {champs}")


@pytest.mark.parametrize("etat", ["a_signer", "signe", "notifie", "annule"])
def test_un_acte_nait_en_preparation(prepare, etat):
    refuse(recopier(ACTE, prepare.pk, rang=2, etat=f"'{etat}'"))


def test_un_numero_ne_sert_qu_une_fois_par_autorite_tous_contrats_confondus(prepare):
    voisin = contrat_publie("voisin").contrat
    refuse(recopier(ACTE, prepare.pk, contrat_id=voisin.pk))
    executer(recopier(ACTE, prepare.pk, contrat_id=voisin.pk, rang=2))


SIGNE = "etat = 'signe', signe_le = '2026-01-05', signe_par = 'Y'"
NOTIFIE = "etat = 'notifie', notifie_le = '2026-01-05', mode = 'courrier'"


def test_on_ne_signe_que_ce_qui_est_compose(site, prepare):
    refuse(f"UPDATE {ACTE} SET {SIGNE}")
    refuse(f"UPDATE {ACTE} SET {SIGNE}, compose_le = prepare_le")
    refuse(f"UPDATE {ACTE} SET {NOTIFIE}")
    site.compose(prepare)
    refuse(f"UPDATE {ACTE} SET {NOTIFIE}, signe_le = '2026-01-05', signe_par = 'Y'")
    refuse(f"UPDATE {ACTE} SET {SIGNE}, texte = 'autre'")
    refuse(f"UPDATE {ACTE} SET {SIGNE}, objet = 'autre'")
    refuse(f"UPDATE {ACTE} SET {SIGNE}, pied = '{{}}'")
    executer(f"UPDATE {ACTE} SET {SIGNE}")


@pytest.mark.parametrize(
    "champs",
    [
        "texte = 'autre'", "objet = 'autre'", "pied = '{}'", "fichier_id = NULL", "signe_par = 'Z'",
        "signe_le = '2020-01-01'", "etat = 'prepare'", "etat = 'a_signer'",
        "etat = 'prepare', compose_le = NULL, fichier_id = NULL, signe_le = NULL, signe_par = ''",
        f"{NOTIFIE}, texte = 'autre'",
    ],
)  # fmt: skip
def test_signe_un_acte_ne_change_plus(signe, champs):
    refuse(f"UPDATE {ACTE} SET {champs}")


@pytest.mark.parametrize(
    "champs",
    [
        "mode = 'courriel'", "notifie_le = '2020-01-01'", "etat = 'signe'", "raison = 'x'",
        "preuve_id = fichier_id",
        "etat = 'annule', annule_le = prepare_le, annule_par = 'x', motif_d_annulation = 'x', "
        "notifie_le = NULL, mode = ''",
    ],
)  # fmt: skip
def test_notifie_plus_rien_ne_change(site, champs):
    site.notifie("1500")
    refuse(f"UPDATE {ACTE} SET {champs}")


@pytest.mark.parametrize("geste", ["signe", "notifie"])
def test_l_exemplaire_signe_se_joint_une_fois_et_rien_d_autre_avec_lui(site, geste):
    getattr(site, geste)("1500")
    refuse(f"UPDATE {ACTE} SET scan_id = fichier_id, signe_par = 'Z'")
    refuse(f"UPDATE {ACTE} SET scan_id = fichier_id, texte = 'autre'")
    executer(f"UPDATE {ACTE} SET scan_id = fichier_id")
    refuse(f"UPDATE {ACTE} SET scan_id = NULL")


def test_annule_un_acte_ne_revient_pas(site, signe):
    annuler_un_acte(par=site.samia, acte=signe, motif="Erreur.")
    refuse(
        f"UPDATE {ACTE} SET etat = 'signe', annule_le = NULL, annule_par = '', motif_d_annulation = ''"
    )
    refuse(f"UPDATE {LIGNE} SET vaut = %s", True)


# Les lignes.


@pytest.mark.parametrize("champs", ["montant = montant + 1", "vaut = NOT vaut", "id = 99999"])
@pytest.mark.parametrize("etat", ["prepare", "signe"])
def test_une_ligne_ne_change_pas(site, etat, champs):
    en(site, etat)
    refuse(f"UPDATE {LIGNE} SET {champs}")


def test_la_ligne_d_un_acte_signe_ne_part_ni_ne_s_ajoute(signe):
    refuse(f"DELETE FROM {LIGNE}")
    ligne = LigneDActe.objects.get()
    refuse(recopier(LIGNE, ligne.pk, vaut="(1 = 0)"))


def test_une_reponse_n_a_qu_un_acte(prepare):
    refuse(recopier(LIGNE, LigneDActe.objects.get().pk))


# L'engagement.


@pytest.mark.parametrize(
    "champs",
    [
        "montant_engage = 1", "montant_engage = montant_vote - 1", "montant_engage = NULL, engage_le = NULL",
        "montant_engage = montant_vote + 1", "montant_engage = 0",
    ],
)  # fmt: skip
def test_ce_qui_est_engage_est_ce_que_disent_les_actes(site, signe, champs):
    refuse(f"UPDATE {DEMANDE} SET {champs} WHERE id = %s", site.demande.pk)


def test_rien_ne_s_engage_sans_acte_meme_par_un_autre_guichet(site):
    """Un apport en nature ne se prend sur aucune enveloppe : rien d'autre ne retient son guichet."""
    pk = site.demande.pk
    Demande.objects.filter(pk=pk).update(nature="nature")
    site.vote.publiee("1500")
    refuse(f"UPDATE {DEMANDE} SET montant_engage = 100, engage_le = '2026-01-05' WHERE id = %s", pk)
    detour = "guichet = 'ailleurs', montant_engage = 100, engage_le = '2026-01-05'"
    executer(f"UPDATE {DEMANDE} SET {detour} WHERE id = %s", pk)
    refuse(f"UPDATE {DEMANDE} SET guichet = 'plateforme' WHERE id = %s", pk)
    assert Demande.objects.get(pk=pk).guichet == "ailleurs"


# Les modèles.


def publier(site, numero: int = 1, *, publier: bool = True) -> VersionDeModele:
    return ecrire_un_modele(
        par=site.samia,
        contrat=site.contrat,
        sorte="refus",
        objet=f"Refus {numero}",
        corps=texte_fourni("refus").corps,
        publier=publier,
    )


def test_une_version_publiee_d_un_modele_ne_change_plus(site):
    publier(site)
    refuse(f"UPDATE {VERSION} SET corps = 'autre'")
    refuse(f"UPDATE {VERSION} SET publiee_le = NULL, publiee_par = ''")
    refuse(f"DELETE FROM {VERSION}")
    publier(site, 2, publier=False)
    VersionDeModele.objects.get(publiee_le__isnull=True).delete()
    assert VersionDeModele.objects.get().objet == "Refus 1"


# Ce que SQLite permet et que PostgreSQL ne connaît pas.


@sqlite
@pytest.mark.parametrize("verbe", ["REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize("etat", ["prepare", "signe"])
def test_sqlite_ne_remplace_ni_un_acte_ni_sa_ligne(site, etat, verbe):
    acte = en(site, etat)
    ligne = LigneDActe.objects.get()
    for table, pk in ((ACTE, acte.pk), (LIGNE, ligne.pk)):
        if (table, etat) == (LIGNE, "prepare"):
            continue
        refuse(recopier(table, pk, verbe, id="id"))
        refuse(recopier(table, pk, verbe))
    assert (Acte.objects.get(), LigneDActe.objects.get()) == (acte, ligne)


@sqlite
def test_sqlite_ne_vole_pas_la_ligne_d_un_acte_signe_pour_un_autre(site, signe):
    """Un autre acte, en préparation, prendrait la même réponse : REPLACE effacerait celle du premier."""
    executer(recopier(ACTE, signe.pk, rang=2, etat="'prepare'", compose_le="NULL", fichier_id="NULL",
                      signe_le="NULL", signe_par="''"))  # fmt: skip
    autre, ligne = Acte.objects.exclude(pk=signe.pk).get(), LigneDActe.objects.get()
    refuse(recopier(LIGNE, ligne.pk, "REPLACE", acte_id=autre.pk))
    assert LigneDActe.objects.get() == ligne


@sqlite
def test_sqlite_ne_remplace_pas_une_demande_engagee(site, signe):
    pk = site.demande.pk
    refuse(recopier(DEMANDE, pk, "REPLACE", id="id"))
    refuse(recopier(DEMANDE, pk, "REPLACE", id="id", montant_engage="NULL", engage_le="NULL"))
    refuse(recopier(DEMANDE, pk, "REPLACE", id="id", guichet="'ailleurs'", montant_engage="1"))


@sqlite
def test_sqlite_ne_remplace_pas_une_version_publiee(site):
    version = publier(site)
    refuse(recopier(VERSION, version.pk, "REPLACE", id="id"))
    refuse(recopier(VERSION, version.pk, "REPLACE", publiee_le="NULL", publiee_par="''"))
    publier(site, 2, publier=False)
    refuse(f"UPDATE OR REPLACE {VERSION} SET numero = 1 WHERE publiee_le IS NULL")
    assert VersionDeModele.objects.filter(pk=version.pk).exists()


@pytest.mark.postgresql
def test_postgresql_ne_vide_ni_les_actes_ni_leurs_lignes(signe):
    for table in (ACTE, LIGNE, VERSION):
        refuse(f"TRUNCATE {table} CASCADE")
    assert Acte.objects.exists() and LigneDActe.objects.exists()
