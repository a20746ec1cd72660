"""Un document déposé : lu en travail, questionné, répondu, écrit en brouillon ; rien à moitié."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from parvis.cadre import rules
from parvis.cadre.actions import lectures as actions
from parvis.cadre.enums import StatutDeLecture
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition, Lecture, Partenaire, PartenaireDeFiche, Reponse
from parvis.cadre.queries.lectures import autres_faits, lignes_de_la_fiche, relecture
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from parvis.travaux import execution
from parvis.travaux.enums import Etat
from parvis.travaux.models import Travail
from tests.decors import decor
from tests.fabriques.cadre import MACHINE, contrat_publie
from tests.fabriques.lectures import DOCUMENT, deposee, lue

pytestmark = pytest.mark.django_db


@decor
def contrat():
    return contrat_publie("tilleuls").contrat


def relue(lecture: Lecture):
    return relecture(MACHINE, lecture.contrat, lecture.pk)


def question(lecture: Lecture, nature: str):
    return next(q for q in relue(lecture).restantes if q.nature == nature)


def repondre(lecture: Lecture, nature: str, *valeurs: str) -> None:
    posee = question(lecture, nature)
    cles = [element.cle for element in posee.elements]
    actions.repondre(
        par=MACHINE,
        lecture=lecture,
        question=posee,
        valeurs=dict(zip(cles, valeurs, strict=False)),
    )


def test_deposer_met_la_lecture_en_file_et_le_note(contrat):
    lecture = deposee(MACHINE, contrat)
    assert lecture.statut == StatutDeLecture.EN_ATTENTE
    assert lecture.travail.nature == actions.NATURE
    assert Evenement.objects.filter(action="cadre.deposer", contrat="tilleuls").exists()


@pytest.mark.parametrize(("nom", "octets", "mot"), [("a.txt", b"", "vide"), (" ", b"x", "nom")])
def test_un_depot_vide_ou_sans_nom_est_refuse(contrat, nom, octets, mot):
    with pytest.raises(Refus, match=mot):
        actions.deposer_document(par=MACHINE, contrat=contrat, nom=nom, octets=octets)
    assert not Lecture.objects.exists()
    assert not Travail.objects.exists()


def test_trop_grand():
    (motif,) = rules.motifs_empechant_le_depot(nom="a.pdf", taille=rules.OCTETS_MAX + 1)
    assert "60 Mo" in motif


def test_l_executant_mene_la_lecture_jusqu_au_bout(contrat):
    lecture = deposee(MACHINE, contrat)
    execution.mener(str(lecture.travail.identifiant))
    lecture.refresh_from_db()
    assert (lecture.statut, lecture.octets) == (StatutDeLecture.LUE, None)
    assert lecture.lignes[0] == "Contrat de ville 2016-2022"
    assert [f.numero for f in relue(lecture).lu.fiches] == ["1-1", "1-2"]
    assert Travail.objects.get().etat == Etat.TERMINE


def test_un_document_illisible_dit_pourquoi_et_n_ecrit_rien(contrat):
    lecture = lue(MACHINE, contrat, "bonjour\n\nrien ici\n")
    assert lecture.statut == StatutDeLecture.ILLISIBLE
    assert "aucune fiche" in lecture.refus
    assert (lecture.octets, lecture.lu, Edition.objects.count()) == (None, None, 1)


def test_une_lecture_coupee_n_a_rien_ecrit_et_se_refait(contrat):
    lecture = deposee(MACHINE, contrat)

    def mourir(fait, total=None):
        if fait == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.mener_la_lecture({"lecture": lecture.pk}, mourir)
    lecture.refresh_from_db()
    assert (lecture.statut, lecture.lu, lecture.lignes) == (StatutDeLecture.EN_ATTENTE, None, [])
    actions.mener_la_lecture({"lecture": lecture.pk}, lambda fait, total=None: None)
    lecture.refresh_from_db()
    assert lecture.statut == StatutDeLecture.LUE


def test_renoncer_pendant_la_lecture_arrete_tout(contrat):
    lecture = deposee(MACHINE, contrat)

    def renoncer(fait, total=None):
        if fait == 1:
            actions.abandonner(par=MACHINE, lecture=lecture)

    actions.mener_la_lecture({"lecture": lecture.pk}, renoncer)
    lecture.refresh_from_db()
    assert (lecture.statut, lecture.octets, lecture.lu) == (StatutDeLecture.ABANDONNEE, None, None)
    assert lecture.travail.etat == Etat.ANNULE
    assert actions.mener_la_lecture({"lecture": lecture.pk}, renoncer) == {"statut": "abandonnee"}


def test_chaque_passage_interdit_est_refuse(contrat):
    lecture = deposee(MACHINE, contrat)
    with pytest.raises(Refus, match="pas encore lu"):
        actions.ecrire_le_brouillon(par=MACHINE, lecture=lecture)
    actions.abandonner(par=MACHINE, lecture=lecture)
    for action in (actions.abandonner, actions.ecrire_le_brouillon):
        with pytest.raises(Refus, match="abandonnée"):
            action(par=MACHINE, lecture=lecture)


@pytest.mark.parametrize("depuis", rules.PASSAGES)
@pytest.mark.parametrize("vers", rules.PASSAGES)
def test_table_des_passages(depuis, vers):
    assert (rules.motifs_empechant_le_passage(depuis, vers) == []) == (
        vers in rules.PASSAGES[depuis]
    )


def test_ecrire_le_brouillon_applique_les_reponses(contrat):
    lecture = lue(MACHINE, contrat)
    repondre(lecture, "partenaire", "Zorglub Vert")
    repondre(lecture, "graphie", "ADEME")
    repondre(lecture, "responsable", "Communes")
    repondre(lecture, "puces", "")
    importation = actions.ecrire_le_brouillon(par=MACHINE, lecture=lecture)
    edition = importation.edition
    assert importation.est_ecrite
    noms = set(
        PartenaireDeFiche.objects.filter(edition=edition).values_list("partenaire__nom", flat=True)
    )
    assert {"Zorglub Vert", "ADEME", "Communes", "Agglomération"} <= noms
    assert "ADEM" not in noms
    premiere, seconde = edition.versions.order_by("rang")
    assert premiere.dispositifs.get().porteur.nom == "Communes"
    assert seconde.dispositifs.count() == 1
    lecture.refresh_from_db()
    assert (lecture.statut, lecture.edition) == (StatutDeLecture.ECRITE, edition)
    assert not edition.est_publiee
    with pytest.raises(Refus, match="déjà écrit"):
        actions.ecrire_le_brouillon(par=MACHINE, lecture=lecture)


def test_une_reponse_negative_retire_le_nom_et_le_projet(contrat):
    lecture = lue(MACHINE, contrat)
    repondre(lecture, "partenaire")
    repondre(lecture, "type")
    repondre(lecture, "renvoi")
    edition = actions.ecrire_le_brouillon(par=MACHINE, lecture=lecture).edition
    assert not PartenaireDeFiche.objects.filter(
        edition=edition, partenaire__nom__startswith="Zorglub"
    ).exists()
    assert not edition.renvois.exists()
    assert [t.forme for t in edition.versions.first().types.all()] == ["prose"]


def test_les_reponses_servent_au_document_suivant(contrat):
    premiere = lue(MACHINE, contrat)
    avant = len(relue(premiere).restantes)
    repondre(premiere, "partenaire", "Zorglub Vert")
    seconde = lue(MACHINE, contrat, DOCUMENT.replace("Planter des arbres\t", "Planter des haies\t"))
    suite = relue(seconde)
    assert len(suite.restantes) == avant - 1
    assert suite.repondues == 1
    assert "Zorglub Vert" in [p.nom for p in suite.lu.fiches[0].financeurs]


def test_les_reponses_d_un_contrat_ne_valent_que_pour_lui(contrat):
    repondre(lue(MACHINE, contrat), "partenaire", "Zorglub Vert")
    voisin = contrat_publie("voisin").contrat
    assert question(lue(MACHINE, voisin), "partenaire")
    assert Reponse.objects.filter(contrat=voisin).count() == 0


def test_repondre_deux_fois_garde_la_derniere(contrat):
    lecture = lue(MACHINE, contrat)
    posee = question(lecture, "partenaire")
    for valeur in ("Zorglub", "Zorglub vert et bleu"):
        actions.repondre(par=MACHINE, lecture=lecture, question=posee, valeurs={posee.cle: valeur})
    assert Reponse.objects.get().valeur == "Zorglub vert et bleu"
    assert Evenement.objects.filter(action="cadre.repondre").count() == 2


def test_un_document_sans_nouveaute_n_ecrit_pas_d_edition(contrat):
    edition = actions.ecrire_le_brouillon(par=MACHINE, lecture=lue(MACHINE, contrat)).edition
    encore = actions.ecrire_le_brouillon(par=MACHINE, lecture=lue(MACHINE, contrat))
    assert not encore.est_ecrite
    assert encore.edition == edition


def test_les_lignes_d_une_fiche_vont_jusqu_au_titre_suivant(contrat):
    lecture = lue(MACHINE, contrat)
    relu = relue(lecture)
    lignes = lignes_de_la_fiche(relu, relu.fiches["1-1"])
    textes = [texte for ligne in lignes for cellule in ligne.cellules for _, texte in cellule]
    assert textes[0] == "Fiche opérationnelle n°1-1 : Planter des arbres"
    assert "Zorglub vert" in textes
    assert not any("verger" in texte for texte in textes)
    assert not any("<" in texte for texte in textes)
    assert "9-9" not in relu.fiches


def test_deux_fiches_de_meme_numero_se_relisent_chacune(contrat):
    lecture = lue(MACHINE, contrat)
    plat = lecture.lu
    fiches = plat["piliers"][0]["enjeux"][0]["fiches"]
    fiches.append(fiches[0] | {"titre": "Une autre"})
    lecture.save()
    relu = relue(lecture)
    cle = list(relu.fiches)[-1]
    assert cle.startswith("1-1~")
    assert (relu.fiches["1-1"].titre, relu.fiches[cle].titre) == ("Planter des arbres", "Une autre")


def test_rouvrir_une_reponse_repose_sa_question(contrat):
    lecture = lue(MACHINE, contrat)
    avant = [q.cle for q in relue(lecture).restantes]
    repondre(lecture, "partenaire", "Zorglub Vert")
    (donnee,) = relue(lecture).donnees
    for _ in range(2):  # un double clic n'y fait rien
        actions.rouvrir(par=MACHINE, lecture=lecture, reponse=donnee.pk)
    assert [q.cle for q in relue(lecture).restantes] == avant
    assert Evenement.objects.filter(action="cadre.rouvrir").count() == 1
    actions.ecrire_le_brouillon(par=MACHINE, lecture=lecture)
    lecture.refresh_from_db()
    with pytest.raises(Refus):
        actions.rouvrir(par=MACHINE, lecture=lecture, reponse=donnee.pk)


def test_rouvrir_ne_touche_pas_la_reponse_d_un_autre_contrat(contrat):
    repondre(lue(MACHINE, contrat), "partenaire", "Zorglub Vert")
    donnee = Reponse.objects.get()
    voisin = contrat_publie("voisin").contrat
    actions.rouvrir(par=MACHINE, lecture=lue(MACHINE, voisin), reponse=donnee.pk)
    assert Reponse.objects.get() == donnee


def test_ce_que_la_fiche_dit_d_autre_se_relit_aussi():
    fiche = lu.Fiche(
        "1-1",
        "Planter",
        publics=(lu.Public("jeunes", "les ados", 4),),
        lieux=(lu.Lieu("Le Verger", None, "quartier", 5),),
        constats=(lu.Constat("Il manque des haies.", 2.5, "km", 2024, ligne=6),),
        renvois=(lu.Renvoi("voir 2-1", "fiche 2-1", ligne=7),),
    )
    dits = {
        titre: [(f.nom, f.condition, f.ligne) for f in faits]
        for titre, faits in autres_faits(fiche)
    }
    assert dits == {
        "Publics": [("Jeunes (16-25 ou 30 ans)", "les ados", 4)],
        "Lieux": [("Le Verger", "Quartier", 5)],
        "Constats": [("Il manque des haies.", "2,5, km, 2024", 6)],
        "Renvois": [("voir 2-1", "fiche 2-1", 7)],
    }


@pytest.mark.parametrize(
    "valeurs",
    [
        {"statut": "lue", "lu": None},
        {"statut": "illisible", "refus": ""},
        {"statut": "en_attente", "refus": "non"},
        {"statut": "ecrite", "lu": {}, "octets": None},
    ],
)
def test_la_base_refuse_une_lecture_incoherente(contrat, valeurs):
    lecture = deposee(MACHINE, contrat)
    Lecture.objects.filter(pk=lecture.pk).update(octets=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lecture.objects.filter(pk=lecture.pk).update(**valeurs)


def test_le_nombre_de_requetes_d_une_relecture_ne_depend_pas_des_fiches(contrat):
    from django.test.utils import CaptureQueriesContext

    comptes = []
    for fiches in (1, 12):
        corps = DOCUMENT[DOCUMENT.index("Fiche opérationnelle n°1-2") :]
        texte = DOCUMENT + "".join(
            corps.replace("n°1-2", f"n°1-{rang + 3}") for rang in range(fiches)
        )
        lecture = lue(MACHINE, contrat, texte)
        with CaptureQueriesContext(connection) as requetes:
            assert len(relue(lecture).lu.fiches) == fiches + 2
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


def test_un_partenaire_connu_du_catalogue_reste_le_meme(contrat):
    """Corriger une graphie ne crée pas de second partenaire."""
    lecture = lue(MACHINE, contrat)
    repondre(lecture, "partenaire", "associations")
    actions.ecrire_le_brouillon(par=MACHINE, lecture=lecture)
    assert Partenaire.objects.filter(contrat=contrat, nom__iexact="associations").count() == 1


@pytest.mark.parametrize(
    ("territoire", "titre", "attendu"),
    [
        ("Val-des-Tilleuls", "", False),
        ("Communauté d'agglomération du Val des Tilleuls", "", False),
        ("", "Contrat de ville 2024-2030", False),
        ("Pays de Brume", "Contrat de ville", True),
        ("", "Contrat de ville 2024-2030 de la Vallée de l'Aubance", True),
    ],
)
def test_un_document_d_un_autre_territoire_se_voit(contrat, territoire, titre, attendu):
    relu = relue(lue(MACHINE, contrat))
    ailleurs = replace(relu, lu=replace(relu.lu, territoire=territoire, titre=titre))
    assert ailleurs.parait_d_ailleurs is attendu
