"""L'archive des pièces : chacun n'emporte que ce qu'il lit, le sommaire dit le reste."""

import hashlib
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.documents import reserve
from parvis.dossiers.actions.pieces import joindre_une_piece
from parvis.dossiers.models import Dossier, VersionDeposee
from parvis.dossiers.queries.pieces_a_emporter import (
    archive_du_pilote,
    archive_du_porteur,
    pieces_manquantes,
)
from parvis.dossiers.rules.archive import ILLISIBLE, RESERVEE, SOMMAIRE
from tests.fabriques import depots, fichiers

pytestmark = pytest.mark.django_db

RIB = "Releve d identite bancaire (RIB)"


def ouvrir(archive) -> zipfile.ZipFile:
    relue = zipfile.ZipFile(io.BytesIO(b"".join(archive.morceaux)))
    assert relue.testzip() is None
    return relue


def dit(archive: zipfile.ZipFile) -> str:
    return archive.read(SOMMAIRE).decode("utf-8-sig")


def a_le_rib(archive: zipfile.ZipFile) -> bool:
    return any(RIB in nom for nom in archive.namelist())


def test_les_pieces_viennent_dans_l_ordre_avec_leurs_octets_et_leur_empreinte(ici):
    dossier = depots.depose(ici)
    archive = archive_du_porteur(ici.porte, dossier)
    assert archive.nom == f"pieces-{dossier.reference}.zip"
    relue = ouvrir(archive)
    noms = [nom for nom in relue.namelist() if nom != SOMMAIRE]
    assert noms[0] == "01 - Statuts - Les Amis du Verger.pdf"
    assert len(noms) == len(set(noms)) == dossier.pieces.count()
    assert all(nom.isascii() and "/" not in nom for nom in noms)
    assert relue.namelist()[-1] == SOMMAIRE
    sommaire = dit(relue)
    for nom in noms:
        assert nom in sommaire
        assert hashlib.sha256(relue.read(nom)).hexdigest() in sommaire
    assert dossier.reference in sommaire and "Pouvoir de qui signe (facultative)" in sommaire


def test_le_releve_bancaire_n_est_que_pour_qui_signe(ici):
    dossier = depots.depose(ici)
    for nom in ("gestionnaire", "signataire"):
        assert a_le_rib(ouvrir(archive_du_porteur(ici.acteur(nom), dossier)))
    lues = [
        *(archive_du_porteur(ici.acteur(nom), dossier) for nom in ("contributeur", "lecteur")),
        archive_du_pilote(ici.acteur("pilote"), dossier),
    ]
    for archive in map(ouvrir, lues):
        assert not a_le_rib(archive)
        assert f"- Relevé d’identité bancaire (RIB) : {RESERVEE}." in dit(archive)
        assert "rib.pdf" not in dit(archive)


def test_qui_ne_lit_pas_les_pieces_n_a_pas_l_archive(ici):
    brouillon, depose = depots.brouillon(ici), depots.depose(ici, titre="Un autre")
    for nom in ("meuniere", "pilote", "inscrit", "attente", "elu"):
        for dossier in (brouillon, depose):
            with pytest.raises(Dossier.DoesNotExist):
                archive_du_porteur(ici.acteur(nom), dossier)
    for nom in ("gestionnaire", "voisine", "instructeur", "elu"):
        with pytest.raises(Dossier.DoesNotExist):
            archive_du_pilote(ici.acteur(nom), depose)
    with pytest.raises(VersionDeposee.DoesNotExist):
        archive_du_pilote(ici.acteur("pilote"), brouillon)
    with pytest.raises(VersionDeposee.DoesNotExist):
        archive_du_porteur(ici.porte, brouillon, 1)


def test_un_brouillon_sans_piece_rend_son_sommaire(ici):
    dossier = depots.brouillon(ici)
    archive = archive_du_porteur(ici.porte, dossier)
    assert archive.nom == "pieces-brouillon-Le-verger-du-pied-d-immeuble.zip"
    relue = ouvrir(archive)
    assert relue.namelist() == [SOMMAIRE]
    assert "brouillon, non déposé" in dit(relue)
    assert "Statuts (il la faut) : rien n’est joint." in dit(relue)
    manquent = pieces_manquantes(dossier, dossier.cree_le.date())
    assert all(f"- {phrase}" in dit(relue) for phrase in manquent)


def test_ce_qui_est_depose_reste_meme_retire_du_dossier(ici):
    dossier = depots.depose(ici)
    avant = b"".join(archive_du_pilote(ici.acteur("pilote"), dossier).morceaux)
    dossier.pieces.all().delete()
    apres = b"".join(archive_du_pilote(ici.acteur("pilote"), depots.relire(dossier)).morceaux)
    assert apres == avant


def test_un_fichier_perdu_ne_fait_pas_perdre_les_autres(ici, caplog):
    dossier = depots.depose(ici)
    perdu = dossier.pieces.get(cle="statuts").fichier
    reserve.retirer(perdu.cle)
    relue = ouvrir(archive_du_porteur(ici.porte, dossier))
    assert len(relue.namelist()) == dossier.pieces.count()
    assert not any("Statuts" in nom for nom in relue.namelist())
    assert f"- Statuts : {ILLISIBLE}." in dit(relue)
    assert "fichier perdu" in caplog.text


def test_deux_fichiers_du_meme_nom_ne_s_ecrasent_pas(ici):
    dossier = depots.brouillon(ici)
    for rang in range(2):
        controle = fichiers.controle("statuts.pdf", fichiers.pdf(queue=f"%{rang}"))
        joindre_une_piece(par=ici.porte, dossier=dossier, cle="statuts", controle=controle)
    relue = ouvrir(archive_du_porteur(ici.porte, depots.relire(dossier)))
    contenus = {relue.read(nom) for nom in relue.namelist() if nom != SOMMAIRE}
    assert len(relue.namelist()) == 3 and len(contenus) == 2


def test_l_envoi_ne_fait_aucune_requete_et_la_lecture_toujours_autant(ici):
    comptes = []
    dossiers = [depots.brouillon(ici), depots.pret(ici, titre="Plein")]
    for dossier in dossiers:
        relu = depots.relire(dossier)
        with CaptureQueriesContext(connection) as requetes:
            archive = archive_du_porteur(ici.porte, relu)
        comptes.append(len(requetes))
        with CaptureQueriesContext(connection) as requetes:
            ouvrir(archive)
        assert len(requetes) == 0
    assert comptes[0] == comptes[1]


def test_un_seul_fichier_est_ouvert_a_la_fois(ici, monkeypatch):
    dossier, ouverts = depots.depose(ici), []
    vrai = reserve.ouvrir
    monkeypatch.setattr(reserve, "ouvrir", lambda cle: ouverts.append(cle) or vrai(cle))
    archive = archive_du_porteur(ici.porte, dossier)
    assert ouverts == []
    next(archive.morceaux)
    assert len(ouverts) == 1
