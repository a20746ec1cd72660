"""Joindre, reprendre, dater et retirer une pièce ; le relevé bancaire ; l'antivirus."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.connecteurs.antivirus import faux_serveur
from parvis.documents.actions import controler
from parvis.documents.models import Fichier
from parvis.dossiers.actions.complements import demander_un_complement
from parvis.dossiers.actions.dossiers import jeter_un_brouillon
from parvis.dossiers.actions.pieces import (
    dater_une_piece,
    joindre_une_piece,
    reprendre_une_piece,
    retirer_une_piece,
)
from parvis.dossiers.models import Dossier, PieceDeDossier
from parvis.dossiers.queries.pieces import piece, pieces
from parvis.dossiers.rules.depot import FICHIERS_PAR_PIECE
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import depots, fichiers

pytestmark = pytest.mark.django_db


@decor
def dossier(ici):
    return depots.brouillon(ici)


def joindre(ici, dossier, cle="statuts", nom="statuts.pdf", octets=b"", par=None, **autres):
    controle = fichiers.controle(nom, octets or fichiers.pdf(queue=f"%{nom}"))
    return joindre_une_piece(
        par=par or ici.porte, dossier=dossier, cle=cle, controle=controle, **autres
    )


def lue(ici, dossier, cle="statuts", par=None):
    siennes = pieces(par or ici.porte, depots.relire(dossier))
    return next(p for p in siennes if p.piece.cle == cle)


def test_les_obligatoires_d_abord_et_celles_du_porteur_seulement(ici, dossier):
    siennes = pieces(ici.porte, dossier)
    obligatoires = [p.piece.est_obligatoire for p in siennes]
    assert obligatoires == sorted(obligatoires, reverse=True)
    cles = {p.piece.cle for p in siennes}
    assert {"statuts", "rib", "pouvoir"} <= cles and "immatriculation" not in cles


def test_une_piece_vaut_le_temps_que_l_appel_accorde(ici, dossier):
    sans_duree = joindre(ici, dossier)
    assert sans_duree.valable_jusqu_au is None
    d_un_an = joindre(ici, dossier, cle="bureau")
    assert d_un_an.valable_jusqu_au.year == timezone.localdate().year + 1
    dite = timezone.localdate() + timedelta(days=3)
    assert joindre(ici, dossier, "comptes", valable_jusqu_au=dite).valable_jusqu_au == dite


def test_le_meme_fichier_n_est_joint_qu_une_fois(ici, dossier):
    octets = fichiers.pdf(queue="%memes")
    premiere = joindre(ici, dossier, octets=octets)
    assert joindre(ici, dossier, nom="copie.pdf", octets=octets) == premiere
    assert dossier.pieces.count() == Fichier.objects.count() == 1


def test_une_piece_inconnue_n_existe_pas(ici, dossier):
    with pytest.raises(PieceDeDossier.DoesNotExist):
        joindre(ici, dossier, cle="immatriculation")


def test_dix_fichiers_au_plus(ici, dossier):
    for rang in range(FICHIERS_PAR_PIECE):
        joindre(ici, dossier, nom=f"page-{rang}.pdf")
    with pytest.raises(Refus, match="10 fichiers au plus"):
        joindre(ici, dossier, nom="de-trop.pdf")
    assert lue(ici, dossier).reste == 0


def test_dater_une_piece(ici, dossier):
    jointe = joindre(ici, dossier)
    hier = timezone.localdate() - timedelta(days=1)
    dater_une_piece(par=ici.porte, dossier=dossier, pk=jointe.pk, valable_jusqu_au=hier)
    assert lue(ici, dossier).est_perimee
    dater_une_piece(par=ici.porte, dossier=dossier, pk=jointe.pk, valable_jusqu_au=hier)
    assert Evenement.objects.filter(action="dossiers.dater_une_piece").count() == 1
    dater_une_piece(par=ici.porte, dossier=dossier, pk=jointe.pk, valable_jusqu_au=None)
    assert not lue(ici, dossier).est_perimee


def test_retirer_efface_les_octets_si_plus_rien_ne_s_en_sert(ici, dossier):
    jointe = joindre(ici, dossier)
    autre = depots.brouillon(ici, titre="Un autre projet")
    reprendre_une_piece(par=ici.porte, dossier=autre, cle="statuts", fichier=jointe.fichier_id)
    retirer_une_piece(par=ici.porte, dossier=dossier, pk=jointe.pk)
    assert not Fichier.objects.get().est_efface
    retirer_une_piece(par=ici.porte, dossier=autre, pk=autre.pieces.get().pk)
    assert Fichier.objects.get().est_efface


def test_un_fichier_depose_ne_s_efface_plus(ici):
    """Remplacé par un complément, ce qui a été déposé se lit encore."""
    dossier = depots.depose(ici)
    statuts = dossier.pieces.get(cle="statuts")
    demander_un_complement(
        par=ici.acteur("pilote"),
        dossier=dossier,
        section="pieces",
        piece="statuts",
        texte="Il manque une page.",
        echeance=timezone.localdate() + timedelta(days=20),
    )
    assert lue(ici, dossier).est_ouverte and not lue(ici, dossier, "bureau").est_ouverte
    joindre(ici, dossier, nom="entiers.pdf")
    retirer_une_piece(par=ici.porte, dossier=dossier, pk=statuts.pk)
    assert not Fichier.objects.get(pk=statuts.fichier_id).est_efface
    with pytest.raises(Refus, match="déposé"):
        retirer_une_piece(par=ici.porte, dossier=dossier, pk=dossier.pieces.get(cle="bureau").pk)


def test_jeter_un_brouillon_efface_ses_fichiers_et_pas_ceux_des_autres(ici, dossier):
    jointe = joindre(ici, dossier)
    autre = depots.brouillon(ici, titre="Un autre projet")
    joindre(ici, autre, nom="seul.pdf")
    reprendre_une_piece(par=ici.porte, dossier=autre, cle="statuts", fichier=jointe.fichier_id)
    jeter_un_brouillon(par=ici.porte, dossier=autre)
    assert {f.est_efface for f in Fichier.objects.filter(pk=jointe.fichier_id)} == {False}
    assert Fichier.objects.filter(efface_le__isnull=False).count() == 1


def test_reprendre_ce_qui_vaut_encore(ici, dossier):
    bon = joindre(ici, dossier, nom="statuts-2026.pdf")
    hier = timezone.localdate() - timedelta(days=1)
    perime = joindre(ici, dossier, nom="vieux.pdf", valable_jusqu_au=hier)
    autre = depots.brouillon(ici, titre="Un autre projet")
    proposes = [p.fichier.nom for p in lue(ici, autre).a_reprendre]
    assert proposes == ["statuts-2026.pdf"]
    reprise = reprendre_une_piece(
        par=ici.porte, dossier=autre, cle="statuts", fichier=bon.fichier_id
    )
    assert reprise.fichier == bon.fichier and Fichier.objects.count() == 2
    assert lue(ici, autre).a_reprendre == []
    for fichier, cle in (
        (perime.fichier_id, "statuts"),
        (bon.fichier_id, "bureau"),
        (99_999, "rib"),
    ):
        with pytest.raises(PieceDeDossier.DoesNotExist):
            reprendre_une_piece(par=ici.porte, dossier=autre, cle=cle, fichier=fichier)


def test_nul_ne_reprend_les_pieces_d_un_autre_organisme(ici, dossier):
    jointe = joindre(ici, dossier)
    meuniere = ici.acteur("meuniere")
    sien = depots.brouillon(ici, meuniere, "Le moulin")
    assert lue(ici, sien, par=meuniere).a_reprendre == []
    with pytest.raises(PieceDeDossier.DoesNotExist):
        reprendre_une_piece(par=meuniere, dossier=sien, cle="statuts", fichier=jointe.fichier_id)


def test_en_attente_on_ne_lit_pas_les_pieces_d_avant(ici, dossier):
    jointe = joindre(ici, dossier)
    attente = ici.acteur("attente")
    sien = depots.brouillon(ici, attente, "Le mien")
    assert lue(ici, sien, par=attente).a_reprendre == []
    with pytest.raises(PieceDeDossier.DoesNotExist):
        reprendre_une_piece(par=attente, dossier=sien, cle="statuts", fichier=jointe.fichier_id)


def test_un_releve_bancaire_ne_s_ouvre_qu_a_qui_signe(ici, dossier):
    contributeur = ici.acteur("contributeur")
    # Un contributeur peut le joindre, et ne le relit pas.
    rib = joindre(ici, dossier, "rib", "rib.pdf", par=contributeur)
    statuts = joindre(ici, dossier)
    assert piece(contributeur, dossier, statuts.pk) == statuts
    for qui, ouvre in (("gestionnaire", True), ("signataire", True), ("contributeur", False)):
        acteur = ici.acteur(qui)
        assert lue(ici, dossier, "rib", par=acteur).peut_lire is ouvre
        if ouvre:
            assert piece(acteur, dossier, rib.pk) == rib
        else:
            with pytest.raises(PieceDeDossier.DoesNotExist):
                piece(acteur, dossier, rib.pk)


def test_qui_lit_ne_joint_pas(ici, dossier):
    lecteur = ici.acteur("lecteur")
    assert not any(p.est_ouverte for p in pieces(lecteur, dossier))
    with pytest.raises(Dossier.DoesNotExist):
        joindre(ici, dossier, par=lecteur)


def test_la_page_des_pieces_coute_toujours_autant(ici, dossier, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    couts = []
    for rang in range(3):
        joindre(ici, dossier, nom=f"page-{rang}.pdf")
        joindre(ici, dossier, cle="bureau", nom=f"bureau-{rang}.pdf")
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            pieces(ici.porte, depots.relire(dossier))
        couts.append(len(requetes))
    assert len(set(couts)) == 1


def test_l_antivirus_parle_ou_bloque(settings):
    """Sain il passe, infecté ou en panne il est refusé, et la panne se dit simplement."""
    with faux_serveur.demarre() as serveur:
        settings.ANTIVIRUS = serveur.adresse
        assert controler(nom="statuts.pdf", octets=fichiers.pdf()).verdict == "sain"
        with pytest.raises(Refus, match="L’antivirus a trouvé"):
            controler(
                nom="statuts.pdf", octets=fichiers.pdf(queue="%" + faux_serveur.EICAR.decode())
            )
    with faux_serveur.demarre("panne") as serveur:
        settings.ANTIVIRUS = serveur.adresse
        with pytest.raises(Refus):
            controler(nom="statuts.pdf", octets=fichiers.pdf())
    # Plus personne n'écoute : le dépôt est bloqué, jamais pris sans contrôle.
    with pytest.raises(Refus):
        controler(nom="statuts.pdf", octets=fichiers.pdf())
