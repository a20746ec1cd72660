"""Lire un dossier à étudier : ce qu'on cache, ce qui change, ce que l'on sait du porteur."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.documents.models import Fichier
from parvis.dossiers.actions.complements import (
    demander_un_complement,
    repondre_aux_complements,
)
from parvis.dossiers.actions.recevabilite import trancher
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande, Dossier, VersionDeposee
from parvis.dossiers.sections.voile import NON_MONTRE
from parvis.instruction.actions.consultations import consulter
from parvis.instruction.actions.lecture import marquer_lu
from parvis.instruction.enums import Qualite
from parvis.instruction.queries import lire
from parvis.instruction.queries.dossiers import demandes_a_juger, dossiers_a_etudier, titre_sur
from parvis.organismes.models import Organisme
from tests.fabriques import depots
from tests.fabriques.pdf import serre, texte

pytestmark = pytest.mark.django_db


@pytest.fixture
def delegue(etude):
    """Le délégué du préfet, consulté sur le dossier."""
    consulter(
        par=etude.pilote,
        dossiers=[etude.dossier],
        qualite=Qualite.DELEGUE_DU_PREFET,
        organisme=Organisme.objects.get(nom="Préfecture"),
    )
    return etude.ici.acteur("delegue")


def organisation(lue) -> str:
    return str(next(s.figee for s in lue.sections if s.code == "organisation"))


def nommer(dossier: Dossier, cle: str) -> None:
    """Dit qu'une pièce nomme des personnes : le gabarit de l'appel est figé, on change sa copie lue."""
    from django.db import connection

    from parvis.socle import declencheurs

    declencheurs.lever(tables=["dossiers_piecedappel"])
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE dossiers_piecedappel SET est_nominative = %s WHERE cle = %s", [True, cle]
        )
    declencheurs.poser(tables=["dossiers_piecedappel"])


def test_un_service_lit_les_contacts_que_le_consulte_ne_lit_pas(etude, delegue):
    service = lire.lire_le_dossier(etude.samia, etude.dossier).lue
    consulte = lire.lire_le_dossier(delegue, etude.dossier).lue
    assert "lucie@verger.example" in organisation(service)
    assert "lucie@verger.example" not in organisation(consulte)
    assert "Lucie Bardet" in organisation(consulte)
    figee = next(s.figee for s in consulte.sections if s.code == "organisation")
    assert len(figee["champs"]) == len(figee["codes"])


def test_une_piece_qui_nomme_ne_s_ouvre_qu_au_service_sollicite(etude, delegue):
    nommer(etude.dossier, "statuts")
    statuts = str(etude.dossier.pieces.get(cle="statuts").fichier.identifiant)
    assert lire.piece_a_etudier(etude.samia, etude.dossier, statuts)
    with pytest.raises(Fichier.DoesNotExist):
        lire.piece_a_etudier(delegue, etude.dossier, statuts)
    piece = next(
        p for p in lire.lire_le_dossier(delegue, etude.dossier).lue.pieces if p.fichier == statuts
    )
    assert (piece.nom, piece.est_protegee) == (NON_MONTRE, True)


def test_le_releve_bancaire_ne_s_ouvre_a_personne(etude, delegue):
    rib = str(etude.dossier.pieces.get(cle="rib").fichier.identifiant)
    for qui in (etude.samia, etude.olga, delegue):
        with pytest.raises(Fichier.DoesNotExist):
            lire.piece_a_etudier(qui, etude.dossier, rib)
    with pytest.raises(Fichier.DoesNotExist):
        lire.piece_a_etudier(etude.samia, etude.dossier, "00000000-0000-0000-0000-000000000000")


def test_le_pdf_et_l_archive_suivent_la_meme_regle(etude, delegue):
    nommer(etude.dossier, "statuts")
    for qui, est_du_service in ((etude.samia, True), (delegue, False)):
        imprime = serre(texte(lire.pdf_a_etudier(qui, etude.dossier).octets))
        assert (serre("lucie@verger.example") in imprime) == est_du_service
        archive = lire.archive_a_etudier(qui, etude.dossier)
        noms = zipfile.ZipFile(io.BytesIO(b"".join(archive.morceaux))).namelist()
        assert any("tatuts" in nom for nom in noms) == est_du_service
        assert not any("rib" in nom.lower() for nom in noms)


@pytest.mark.parametrize(
    "lecture", [lire.pdf_a_etudier, lire.archive_a_etudier, lire.lire_le_dossier]
)
def test_qui_n_etudie_pas_ne_lit_rien(etude, lecture):
    for nom in ("gestionnaire", "delegue", "instructeur", "voisine"):
        with pytest.raises(Dossier.DoesNotExist):
            lecture(etude.ici.acteur(nom), etude.dossier)


def completer(etude, dossier):
    demander_un_complement(
        par=etude.pilote,
        dossier=dossier,
        section="projet",
        texte="Combien ?",
        echeance=timezone.localdate() + timedelta(days=10),
    )
    from parvis.dossiers.queries.dossiers import ecritures

    dit = dict(ecritures(dossier)["projet"].valeur)
    depots.ecrire(etude.ici.porte, dossier, "projet", dit | {"besoin": "Deux cents familles."})
    repondre_aux_complements(par=etude.ici.porte, dossier=dossier, reponses={})
    return depots.relire(dossier)


def test_ce_qui_change_se_lit_depuis_sa_derniere_lecture(etude):
    dossier = depots.depose(etude.ici, titre="Le potager")
    marquer_lu(par=etude.samia, dossier=dossier, numero=1)
    assert not lire.lire_le_dossier(etude.samia, dossier).a_du_neuf
    dossier = completer(etude, dossier)
    lu = lire.lire_le_dossier(etude.samia, dossier, depuis="vue")
    assert (lu.a_du_neuf, lu.depuis) == (True, "vue")
    assert [s.code for s in lu.lue.changees] == ["projet"]
    assert lire.lire_le_dossier(etude.olga, dossier, depuis="vue").depuis == ""
    marquer_lu(par=etude.samia, dossier=dossier, numero=2)
    assert not lire.lire_le_dossier(etude.samia, dossier).a_du_neuf
    with pytest.raises(VersionDeposee.DoesNotExist):
        marquer_lu(par=etude.samia, dossier=dossier, numero=7)
    with pytest.raises(VersionDeposee.DoesNotExist):
        lire.lire_le_dossier(etude.samia, dossier, 7)


def test_ce_qui_change_se_lit_depuis_l_an_dernier(etude):
    ancien = etude.dossier
    neuf = depots.depose(etude.ici, titre="Le verger, suite")
    Dossier.objects.filter(pk=ancien.pk).update(
        projet=neuf.projet, exercice=neuf.exercice - 1, numero=900
    )
    lu = lire.lire_le_dossier(etude.samia, depots.relire(neuf), depuis="an")
    assert lu.an_dernier.dossier_id == ancien.pk
    assert lu.depuis == "an"
    Demande.objects.filter(dossier=ancien, financeur=etude.ici.commune).update(
        etat=EtatDeDemande.PREPAREE, demande_le=None
    )
    assert lire.lire_le_dossier(etude.olga, depots.relire(neuf)).an_dernier is None


def test_les_demandes_du_service_viennent_d_abord(etude):
    lues = lire.demandes_lues(etude.olga, etude.dossier)
    assert [lue.est_du_service for lue in lues] == [True, False]
    assert lire.demande_et_vote_ici(lues, etude.dossier) == (Decimal(3000), None)
    lues[0].demande.montant_vote = Decimal(1200)
    assert lire.demande_et_vote_ici(lues, etude.dossier) == (Decimal(3000), Decimal(1200))
    assert [d.financeur for d in demandes_a_juger(etude.olga, etude.dossier)] == [etude.ici.commune]


def test_qui_est_consulte_n_a_rien_a_chiffrer(etude, delegue):
    assert demandes_a_juger(delegue, etude.dossier) == []
    assert not any(lue.est_du_service for lue in lire.demandes_lues(delegue, etude.dossier))
    assert titre_sur(delegue, etude.dossier).qualite == Qualite.DELEGUE_DU_PREFET


def test_des_autres_dossiers_du_porteur_on_ne_sait_que_ce_qu_on_peut(etude):
    jour = timezone.localdate()
    lisible = depots.depose(etude.ici, titre="Le potager")
    ailleurs = depots.depose(etude.ici, titre="La fontaine")
    Demande.objects.filter(dossier=ailleurs, financeur=etude.ici.caisse).update(
        etat=EtatDeDemande.PREPAREE, demande_le=None
    )
    autres = lire.autres_dossiers(etude.samia, etude.dossier, jour=jour)
    assert [(a.dossier, a.est_lisible, a.demande) for a in autres] == [
        (lisible, True, Decimal(3000))
    ]
    Demande.objects.filter(dossier=ailleurs, financeur=etude.ici.commune).update(
        etat=EtatDeDemande.ACCORDEE, montant_vote=Decimal(700), vote_le=jour
    )
    public = next(
        a for a in lire.autres_dossiers(etude.samia, etude.dossier, jour=jour) if not a.est_lisible
    )
    assert (public.dossier, public.demande, public.vote) == (ailleurs, None, Decimal(700))


def test_un_brouillon_ne_s_etudie_pas(etude):
    depots.pret(etude.ici, titre="Le potager")
    assert list(dossiers_a_etudier(etude.samia, etude.ici.contrat)) == [etude.dossier]


def test_une_irrecevabilite_se_lit_encore(etude):
    autre = depots.depose(etude.ici, titre="Le potager")
    trancher(par=etude.pilote, dossier=autre, vers="irrecevable", motif="Hors sujet.")
    assert dossiers_a_etudier(etude.samia, etude.ici.contrat).filter(pk=autre.pk).exists()
