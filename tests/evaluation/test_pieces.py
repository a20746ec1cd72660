"""Les photos et les documents d'un bilan : contrôlés, en petit nombre, effacés s'ils n'ont jamais servi."""

import pytest

from parvis.documents.models import Fichier
from parvis.documents.rules.depot import sorte_annoncee
from parvis.evaluation.actions.pieces import joindre_au_bilan, retirer_du_bilan
from parvis.evaluation.models import PieceDeBilan
from parvis.evaluation.queries.lecture import fichier_rendu
from parvis.socle.refus import Refus
from tests.fabriques import bilans, fichiers

pytestmark = pytest.mark.django_db


def joindre(vote, bilan, sorte="photo", nom="cour.jpg", octets=b"", **autres):
    octets = octets or fichiers.image()
    valeurs = {"legende": "La cour", "a_les_accords": True} | autres
    return joindre_au_bilan(
        par=vote.porte,
        bilan=bilan,
        sorte=sorte,
        controle=fichiers.controle(nom, octets, sorte=sorte_annoncee(nom)),
        **valeurs,
    )


def test_une_photo_se_joint_une_fois_avec_l_accord_des_personnes(vote):
    bilan = vote.ouvrir()
    with pytest.raises(Refus, match="accord des personnes"):
        joindre(vote, bilan, a_les_accords=False)
    assert joindre(vote, bilan) == joindre(vote, bilan)
    assert PieceDeBilan.objects.get().legende == "La cour"
    with pytest.raises(Refus, match="JPEG ou PNG"):
        joindre(vote, bilan, nom="affiche.pdf", octets=fichiers.pdf())


def test_il_y_en_a_un_petit_nombre(vote):
    bilan = vote.ouvrir()
    for rang in range(6):
        joindre(vote, bilan, octets=fichiers.image(taille=(20 + rang, 20)))
    with pytest.raises(Refus, match="6 photos au plus"):
        joindre(vote, bilan, octets=fichiers.image(taille=(90, 20)))
    joindre(vote, bilan, "document", "affiche.pdf", fichiers.pdf(), a_les_accords=False)


def test_retire_avant_d_etre_rendu_un_fichier_s_efface(vote):
    bilan = vote.ouvrir()
    jointe = joindre(vote, bilan)
    retirer_du_bilan(par=vote.porte, bilan=bilan, pk=jointe.pk)
    assert Fichier.objects.get(pk=jointe.fichier_id).est_efface
    with pytest.raises(PieceDeBilan.DoesNotExist):
        retirer_du_bilan(par=vote.porte, bilan=bilan, pk=jointe.pk)


def test_rendu_un_fichier_reste_et_se_lit_par_sa_version(vote):
    bilan = vote.ouvrir()
    jointe = joindre(vote, bilan)
    vote.remplir(bilan)
    vote.rendre(bilan)
    with pytest.raises(Refus, match="ne change plus"):
        retirer_du_bilan(par=vote.porte, bilan=bilan, pk=jointe.pk)
    with pytest.raises(Refus, match="ne change plus"):
        joindre(vote, bilan, octets=fichiers.image(taille=(70, 70)))
    bilan = bilans.relire(bilan)
    lu = fichier_rendu(vote.pilote, bilan, str(jointe.fichier.identifiant))
    assert lu.pk == jointe.fichier_id
    version = bilan.versions.get()
    assert version.contenu["pieces"][0]["legende"] == "La cour"
    assert list(version.fichiers.all()) == [jointe.fichier]


def test_un_fichier_d_un_autre_bilan_n_est_pas_le_sien(vote):
    bilan = vote.rendu()
    autre = fichiers.fichier(vote.porte)
    with pytest.raises(Fichier.DoesNotExist):
        fichier_rendu(vote.pilote, bilan, str(autre.identifiant))
