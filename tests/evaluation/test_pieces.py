"""Les photos et les documents d'un bilan : contrôlés, en petit nombre, effacés s'ils n'ont jamais servi."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.documents.models import Fichier
from parvis.documents.rules.depot import sorte_annoncee
from parvis.dossiers.models import Dossier
from parvis.evaluation.actions.pieces import (
    joindre_au_bilan,
    retirer_du_bilan,
    retirer_un_fichier_rendu,
)
from parvis.evaluation.actions.recevoir import demander_un_complement_au_bilan
from parvis.evaluation.models import PieceDeBilan
from parvis.evaluation.queries.lecture import (
    fichier_rendu,
    pdf_du_bilan,
    retraits_du_bilan,
    sans_ce_qui_est_retire,
    version_lue,
)
from parvis.evaluation.sections.imprime import parties_du_bilan
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


@pytest.mark.parametrize("qui", ["porte", "pilote"])
def test_une_photo_rendue_se_retire_a_la_demande_sans_toucher_ce_qui_est_rendu(
    vote, qui, django_capture_on_commit_callbacks
):
    bilan = vote.ouvrir()
    jointe = joindre(vote, bilan, legende="Inès à la plantation")
    vote.remplir(bilan)
    version = vote.rendre(bilan)
    bilan, fichier = bilans.relire(bilan), jointe.fichier
    ici = {"par": getattr(vote, qui), "bilan": bilan, "identifiant": str(fichier.identifiant)}
    with pytest.raises(Refus, match="sans nommer personne"):
        retirer_un_fichier_rendu(**ici, motif=" ")
    with django_capture_on_commit_callbacks(execute=True):
        retirer_un_fichier_rendu(**ici, motif="Une personne l’a demandé")
    efface = Fichier.objects.get(pk=fichier.pk)
    assert efface.est_efface and not efface.cle and efface.empreinte == fichier.empreinte
    # La version rendue ne change pas : elle garde son fichier, et le bilan son état.
    version.refresh_from_db()
    assert list(version.fichiers.all()) == [efface]
    assert bilans.relire(bilan).etat == "rendu" and not bilan.pieces.exists()
    lue = version_lue(bilan)
    assert not lue.photos and lue.autres[0].retrait.motif == "Une personne l’a demandé"
    dit = repr(parties_du_bilan(sans_ce_qui_est_retire(version.contenu, retraits_du_bilan(bilan))))
    assert "Inès" not in dit and "Photo : retiré le" in dit
    assert pdf_du_bilan(bilan).octets[:5] == b"%PDF-"
    with pytest.raises(Refus, match="déjà effacé"):
        retirer_un_fichier_rendu(**ici, motif="Encore")
    assert Courriel.objects.filter(objet__contains="est retiré").exists()


def test_ni_un_financeur_ni_un_lecteur_ne_retire_et_l_ancien_fichier_ne_se_lit_plus(vote):
    bilan = vote.ouvrir()
    fichier = joindre(vote, bilan).fichier
    vote.remplir(bilan)
    vote.rendre(bilan)
    ici = {"bilan": bilans.relire(bilan), "identifiant": str(fichier.identifiant), "motif": "Non"}
    for par in (vote.samia, vote.ici.acteur("lecteur"), vote.ici.acteur("meuniere")):
        with pytest.raises(Dossier.DoesNotExist):
            retirer_un_fichier_rendu(par=par, **ici)


def test_un_fichier_retire_ne_revient_pas_a_la_version_suivante(vote):
    bilan = vote.ouvrir()
    fichier = joindre(vote, bilan).fichier
    vote.remplir(bilan)
    vote.rendre(bilan)
    bilan = bilans.relire(bilan)
    demander_un_complement_au_bilan(
        par=vote.pilote, bilan=bilan, section="recit", texte="Encore.",
        echeance=timezone.localdate() + timedelta(days=5),
    )  # fmt: skip
    retirer_un_fichier_rendu(
        par=vote.porte, bilan=bilan, identifiant=str(fichier.identifiant), motif="Demandé"
    )
    assert vote.rendre(bilans.relire(bilan)).contenu["pieces"] == []
    assert version_lue(bilan, 1).autres[0].retrait is not None
