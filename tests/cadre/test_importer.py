"""Importer un cadre : brouillon, rien à refaire, tout ou rien, édition publiée intouchable."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from parvis.cadre.actions import importer_cadre, publier_edition
from parvis.cadre.actions.brouillons import preparer_un_avenant
from parvis.cadre.actions.ecriture_de_fiche import ECRITURES
from parvis.cadre.actions.importer import comparer_au_cadre
from parvis.cadre.contenu import contenu_lu
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import (
    CONTENU_D_EDITION,
    Contrat,
    Dispositif,
    Edition,
    Partenaire,
    Pilier,
    Renvoi,
    TypeDeProjet,
    VersionDeFiche,
)
from parvis.cadre.queries.contenu import contenu
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.fabriques.cadre import (
    MACHINE,
    avec_fiche,
    contrat_publie,
    contrat_publie_avec_tout,
    fiche,
    petit_contrat,
)
from tests.fabriques.retouches import retoucher

pytestmark = pytest.mark.django_db


def importer(document: lu.ContratLu, code: str = "tilleuls"):
    return importer_cadre(par=MACHINE, contrat=code, lu=document, source="essai.txt")


def test_ecrit_un_brouillon_fidele_au_document():
    importation = importer(petit_contrat())
    assert importation.est_ecrite
    assert not importation.edition.est_publiee
    assert contenu(MACHINE, importation.edition) == contenu_lu(petit_contrat())


def test_le_premier_import_montre_tout_en_ajout():
    differences = comparer_au_cadre(par=MACHINE, contrat="tilleuls", lu=petit_contrat())
    assert {d.nature for d in differences} == {"ajouté"}
    assert not Contrat.objects.exists()


def test_un_import_se_compare_a_ce_qu_il_remplacerait():
    """Un avenant en préparation ne change pas ce qu'un document apporte au cadre en vigueur."""
    publiee = contrat_publie("tilleuls")
    avenant = preparer_un_avenant(par=MACHINE, edition=publiee)
    retoucher(MACHINE, avenant)
    importation = importer(petit_contrat())
    assert (importation.edition, importation.est_ecrite) == (publiee, False)
    change = comparer_au_cadre(par=MACHINE, contrat="tilleuls", lu=petit_contrat(preambule="Neuf."))
    assert len(change) == 1
    brouillon = importer(petit_contrat(preambule="Neuf.")).edition
    change = comparer_au_cadre(par=MACHINE, contrat="tilleuls", lu=petit_contrat(preambule="Neuf."))
    assert change == [] and not brouillon.est_publiee


def test_reimporter_ne_fait_rien():
    premiere = importer(petit_contrat())
    seconde = importer(petit_contrat())
    assert not seconde.est_ecrite
    assert seconde.differences == []
    assert seconde.edition == premiere.edition
    assert Evenement.objects.filter(action="cadre.importer").count() == 1


def test_un_brouillon_du_meme_code_est_remplace():
    importer(petit_contrat())
    change = avec_fiche(petit_contrat(), fiche("1-1", titre="Autre titre"))
    importation = importer(change)
    assert [str(d) for d in importation.differences] == ["~ fiche 1-1"]
    assert Edition.objects.count() == 1
    assert contenu(MACHINE, importation.edition) == contenu_lu(change)


def test_apres_publication_le_brouillon_prend_le_code_suivant():
    publiee = contrat_publie()
    importation = importer(avec_fiche(petit_contrat(), fiche("1-1", descriptif="Autre.")))
    assert importation.edition.code == "2015-06-2"
    assert contenu(MACHINE, publiee) == contenu_lu(petit_contrat())


def test_une_fiche_garde_son_identite_d_une_edition_a_l_autre():
    contrat_publie()
    suivante = importer(avec_fiche(petit_contrat(), fiche("1-1", titre="Autre titre")))
    publier_edition(par=MACHINE, edition=suivante.edition)
    versions = VersionDeFiche.objects.filter(fiche__numero="1-1")
    assert versions.count() == 2
    assert len({v.fiche_id for v in versions}) == 1


def test_partenaires_et_dispositifs_ne_font_qu_une_ligne_chacun():
    contrat_publie()
    assert Partenaire.objects.filter(nom="Communes").count() == 1
    dispositif = Dispositif.objects.get(nom="Aide au démarrage")
    assert dispositif.fiches.count() == 3
    assert [p.nom for p in dispositif.responsables.all()] == ["Caisse d'allocations familiales"]
    assert Partenaire.objects.get(nom="Associations").graphies == ["Associations locales"]


def test_un_partenaire_imprime_deux_fois_ne_compte_qu_une_fois():
    deux_fois = fiche(
        "1-1",
        financeurs=(lu.Partenaire("Communes", "Communes"), lu.Partenaire("Communes", "Ville")),
    )
    document = avec_fiche(petit_contrat(), deux_fois)
    importation = importer(document)
    assert contenu(MACHINE, importation.edition) == contenu_lu(document)
    assert not importer(document).est_ecrite


def test_deux_contrats_ne_se_melangent_pas():
    contrat_publie("tilleuls")
    autre = contrat_publie("chenes")
    assert Partenaire.objects.filter(nom="Communes").count() == 2
    assert autre.versions.count() == 3


def test_les_renvois_trouvent_leur_cible():
    edition = importer(petit_contrat()).edition
    de_l_enjeu = Renvoi.objects.get(edition=edition, enjeu__numero="3")
    assert de_l_enjeu.cible_version.fiche.numero == "1-1"
    assert de_l_enjeu.cible_enjeu is None
    des_fiches = Renvoi.objects.filter(edition=edition, version__isnull=False)
    assert {r.cible_enjeu.numero for r in des_fiches} == {"2"}


@pytest.mark.parametrize(
    ("code", "changement", "motif"),
    [
        ("Pas Un Code", {}, "ne convient pas"),
        ("x" * 81, {}, "ne convient pas"),
        ("api", {}, "réservé"),
        ("lexique", {}, "réservé"),
        ("tilleuls", {"titre": ""}, "pas de titre"),
        ("tilleuls", {"periode": (None, None)}, "période"),
        ("tilleuls", {"periode": (2020, 2015)}, "finirait"),
        ("tilleuls", {"piliers": ()}, "aucune fiche"),
        (
            "tilleuls",
            {"anomalies": (lu.Anomalie(12, "document_tronque", "le document semble coupé"),)},
            "Ligne 12 : le document semble coupé. Donnez le document entier",
        ),
        (
            "tilleuls",
            {"anomalies": (lu.Anomalie(3, "encodage", "lu comme Windows-1252"),)},
            "Ligne 3 : .*UTF-8",
        ),
        (
            "tilleuls",
            {"piliers": petit_contrat().piliers * 2},
            "la fiche n° 1-1 paraît une deuxième fois",
        ),
    ],
)
def test_refuse_en_disant_pourquoi_et_n_ecrit_rien(code, changement, motif):
    with pytest.raises(Refus, match=motif):
        importer(petit_contrat(**changement), code)
    assert not Contrat.objects.exists()
    assert not Evenement.objects.exists()


def test_dit_tous_les_motifs_a_la_fois():
    with pytest.raises(Refus) as refus:
        importer(petit_contrat(titre="", piliers=(), periode=(None, None)), "X")
    assert len(refus.value.motifs) == 4


def test_une_panne_en_cours_d_ecriture_n_ecrit_rien(monkeypatch):
    def tomber(*args, **kwargs):
        raise RuntimeError("disque plein")

    monkeypatch.setitem(ECRITURES, "renvois", tomber)
    with pytest.raises(RuntimeError):
        importer(petit_contrat())
    assert not Contrat.objects.exists()
    assert not Pilier.objects.exists()
    assert not Partenaire.objects.exists()


def test_l_import_et_la_publication_sont_au_journal():
    contrat_publie()
    evenements = list(Evenement.objects.order_by("rang").values_list("action", "objet"))
    assert evenements == [
        ("cadre.importer", "edition:2015-06"),
        ("cadre.publier", "edition:2015-06"),
    ]


def test_publier_deux_fois_est_refuse():
    edition = contrat_publie()
    with pytest.raises(Refus, match="déjà publiée"):
        publier_edition(par=MACHINE, edition=edition)


def test_une_edition_sans_fiche_ne_se_publie_pas():
    edition = importer(petit_contrat()).edition
    for modele in CONTENU_D_EDITION:
        modele.objects.filter(edition=edition).delete()
    with pytest.raises(Refus) as refus:
        publier_edition(par=MACHINE, edition=edition)
    assert len(refus.value.motifs) == 2


TABLES = [modele._meta.db_table for modele in CONTENU_D_EDITION]


def sql_refuse(requete: str, *valeurs) -> None:
    refus = pytest.raises(IntegrityError, match="ne change plus")
    with refus, transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete, valeurs)


@pytest.mark.parametrize("table", ["cadre_edition", *TABLES])
def test_remplacer_une_ligne_figee_est_refuse(table):
    """Sur SQLite, REPLACE efface la ligne sans passer par un déclencheur de suppression."""
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE n'existe que sur SQLite")
    publiee = contrat_publie_avec_tout()
    brouillon = importer(avec_fiche(petit_contrat(), fiche("1-1", titre="Autre"))).edition
    colonne = "id" if table == "cadre_edition" else "edition_id"
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT * FROM {table} WHERE {colonne} = %s LIMIT 1", [publiee.pk])
        noms = [c[0] for c in curseur.description]
        ligne = dict(zip(noms, curseur.fetchone(), strict=True))
    if table == "cadre_edition":
        ligne |= {"statut": "brouillon", "publiee_le": None, "publiee_par": ""}
    else:
        ligne["edition_id"] = brouillon.pk
    valeurs = ", ".join(["%s"] * len(ligne))
    sql_refuse(f"REPLACE INTO {table} ({', '.join(ligne)}) VALUES ({valeurs})", *ligne.values())


@pytest.mark.parametrize("table", TABLES)
def test_le_contenu_d_une_edition_publiee_ne_change_pas_meme_en_sql(table):
    edition = contrat_publie_avec_tout()
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT COUNT(*) FROM {table} WHERE edition_id = %s", [edition.pk])
        assert curseur.fetchone()[0] > 0
    sql_refuse(f"DELETE FROM {table} WHERE edition_id = %s", edition.pk)
    sql_refuse(f"UPDATE {table} SET edition_id = edition_id WHERE edition_id = %s", edition.pk)


def test_rien_ne_s_ajoute_a_une_edition_publiee():
    edition = contrat_publie()
    version = edition.versions.first()
    with pytest.raises(IntegrityError, match="ne change plus"), transaction.atomic():
        TypeDeProjet.objects.create(
            edition=edition, version=version, rang=9, texte="Intrus", forme="liste"
        )


def test_rien_ne_passe_d_un_brouillon_a_une_edition_publiee():
    publiee = contrat_publie()
    brouillon = importer(avec_fiche(petit_contrat(), fiche("1-1", titre="Autre"))).edition
    sql_refuse(
        "UPDATE cadre_typedeprojet SET edition_id = %s WHERE edition_id = %s",
        publiee.pk,
        brouillon.pk,
    )


def test_une_edition_publiee_ne_se_depublie_pas():
    edition = contrat_publie()
    sql_refuse(
        "UPDATE cadre_edition SET statut = 'brouillon', publiee_le = NULL, publiee_par = '' "
        "WHERE id = %s",
        edition.pk,
    )
    sql_refuse("DELETE FROM cadre_edition WHERE id = %s", edition.pk)


def test_un_texte_trop_long_est_refuse_avant_d_ecrire():
    document = avec_fiche(petit_contrat(), fiche("1-1", titre="t" * 501))
    with pytest.raises(Refus, match="fiche 1-1"):
        importer(document)
    document = replace(petit_contrat(), titre="t" * 301)
    with pytest.raises(Refus, match="titre"):
        importer(document)


def test_un_dispositif_imprime_de_trois_facons_ne_fait_qu_une_ligne():
    noms = ("Programme des Jardins (PJ)", "PJ", "Programmes des jardins")
    document = petit_contrat()
    for numero, nom in zip(("1-1", "1-2", "2-1"), noms, strict=True):
        dispositif = lu.Dispositif("Communes", nom, porteurs=("Communes",))
        document = avec_fiche(document, fiche(numero, dispositifs=(dispositif,)))
    edition = importer(document).edition
    unique = Dispositif.objects.get(contrat=edition.contrat)
    assert unique.nom == "Programme des Jardins (PJ)"
    imprimes = unique.fiches.order_by("version__rang").values_list("imprime", flat=True)
    assert list(imprimes) == ["", "PJ", "Programmes des jardins"]
    assert not importer(document).est_ecrite


def test_un_brouillon_ne_change_rien_de_ce_que_lit_le_public():
    contrat_publie()
    avant = {p.nom: (p.a_savoir, p.graphies) for p in Partenaire.objects.all()}
    change = replace(
        petit_contrat(titre="Un tout autre titre", prolonge_au="2023-12-31"),
        partenaires_connus=(lu.PartenaireConnu("Communes", a_savoir="Toujours sollicitées."),),
        dispositifs_connus=(lu.DispositifConnu("Aide au démarrage", fin_le="2019-01-01"),),
    )
    brouillon = importer(change).edition
    contrat = Contrat.objects.get(code="tilleuls")
    assert contrat.titre == petit_contrat().titre
    assert {p.nom: (p.a_savoir, p.graphies) for p in Partenaire.objects.all()} == avant
    assert Dispositif.objects.get(nom="Aide au démarrage").fin_le is None
    publier_edition(par=MACHINE, edition=brouillon)
    contrat.refresh_from_db()
    assert contrat.titre == "Un tout autre titre"
    assert str(contrat.prolonge_au) == "2023-12-31"
    assert Partenaire.objects.get(nom="Communes").a_savoir == "Toujours sollicitées."
    assert str(Dispositif.objects.get(nom="Aide au démarrage").fin_le) == "2019-01-01"


def test_un_savoir_qui_change_est_une_difference():
    contrat_publie()
    change = petit_contrat(
        dispositifs_connus=(lu.DispositifConnu("Aide au démarrage", "Une aide expliquée."),)
    )
    differences = comparer_au_cadre(par=MACHINE, contrat="tilleuls", lu=change)
    assert [str(d) for d in differences] == ["~ dispositifs › Aide au démarrage"]
