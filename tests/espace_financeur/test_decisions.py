"""Préparer une décision à l'écran, y répondre en lot, la publier ; ce que le porteur en lit."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.dossiers.models import Demande, Dossier
from parvis.instruction.actions.consultations import consulter
from parvis.instruction.enums import Qualite
from parvis.programmation.actions.decisions import (
    Dit,
    publier_la_decision,
    repondre,
    retirer_une_reponse,
)
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision
from parvis.programmation.queries.decisions import empreinte_de
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site
from tests.espace_porteur.conftest import lire, mots
from tests.fabriques import decisions, fichiers
from tests.fabriques.comptes import envoi
from tests.pilotage.test_dossiers import copier

pytestmark = pytest.mark.django_db


@decor
def vote(etude):
    """Rend un dossier recevable, et une enveloppe de 5 000 € à la caisse."""
    return decisions.vote(etude)


@pytest.fixture
def site(vote):
    return Site(vote.etude, "samia")


def suites(vote, qui="gestionnaire"):
    adresse = reverse("espace_porteur:suites", args=("tilleuls", vote.etude.dossier.pk))
    return vote.etude.ici.monde.client(qui).get(adresse)


def depart_lu(page: str) -> str:
    """Rend l'empreinte de la réponse que montre la page."""
    lu = re.search(r'name="depart" value="(\w+)"', page)
    assert lu
    return lu[1]


def test_de_la_preparation_a_la_publication(vote, site):
    etude, demande = vote.etude, vote.etude.demande(vote.samia)
    assert "Aucune décision" in mots(site.get("decisions"))
    cree = site.post(
        "nouvelle_decision",
        exercice=str(etude.dossier.exercice),
        sorte="conseil",
        prise_le=timezone.localdate().isoformat(),
        numero="12",
        fichier=SimpleUploadedFile("pv.pdf", fichiers.pdf()),
    )
    decision = Decision.objects.get()
    assert cree["Location"].endswith(f"/decisions/{decision.pk}/")
    page = lire(site.get("decision", decision.pk))
    assert f'name="montant-{demande.pk}"' in page and "reste 5 000 €" in page
    site.post(
        "accorder",
        decision.pk,
        demande=str(demande.pk),
        **{f"montant-{demande.pk}": "1 500", f"enveloppe-{demande.pk}": str(vote.enveloppe.pk)},
    )
    relue = mots(site.get("publier_la_decision", decision.pk))
    assert "Reste après" in relue and "3 500 €" in relue
    assert site.post("publier_la_decision", decision.pk).status_code == 302
    demande.refresh_from_db()
    assert demande.montant_vote == Decimal(1500)
    assert "Publiée" in mots(site.get("decision", decision.pk))
    assert site.get("fichier_de_decision", decision.pk).status_code == 200
    assert "Accordée en partie, 1 500 € sur 2 000 € demandés" in mots(suites(vote))


def test_l_exercice_propose_est_celui_des_demandes_qui_attendent(vote, site):
    annee = timezone.localdate().year
    Dossier.objects.update(exercice=annee + 1)
    for etat, propose in (("demandee", annee + 1), ("refusee", annee)):
        Demande.objects.update(etat=etat, exercice=annee + 1)
        assert f'name="exercice" value="{propose}"' in lire(site.get("nouvelle_decision"))


def test_un_lot_refuse_garde_ce_qui_est_coche_et_ecrit(vote, site):
    decision, demande = vote.decision(), vote.etude.demande(vote.samia)
    for montant, dit in (("douze", "n’est pas un montant"), ("9999", "pour 2 000 € demandés")):
        reponse = site.post(
            "accorder",
            decision.pk,
            demande=str(demande.pk),
            **{f"montant-{demande.pk}": montant, f"enveloppe-{demande.pk}": str(vote.enveloppe.pk)},
        )
        assert reponse.status_code == 422
        texte = lire(reponse)
        assert dit in texte
        assert f'value="{montant}"' in texte
        assert "checked" in texte
    sans = site.post("accorder", decision.pk, **{f"montant-{demande.pk}": "10"})
    assert "Cochez au moins une demande" in lire(sans)
    assert not decision.lignes.exists()


def test_refuser_en_lot_demande_un_motif(vote, site):
    decision, demande = vote.decision(), vote.etude.demande(vote.samia)
    vide = site.post("refuser", decision.pk, demande=str(demande.pk), motif="")
    assert vide.status_code == 422
    assert "checked" in lire(vide)
    assert site.post("refuser", decision.pk, demande="", motif="Non.").status_code == 422
    site.post("refuser", decision.pk, demande=str(demande.pk), motif="Hors des priorités.")
    assert decision.lignes.get().resultat == Resultat.REFUSE


def test_une_reponse_se_precise_une_a_une(vote, site):
    decision = vote.decision()
    vote.repondre(decision, Dit(Resultat.REFUSE, motif="Hors des priorités."))
    ligne = decision.lignes.get()
    page = lire(site.get("reponse", decision.pk, ligne.pk))
    assert "01 99 00 00 01" in page
    depart = depart_lu(page)
    refus = site.post(
        *("reponse", decision.pk, ligne.pk),
        depart=depart,
        resultat="oriente",
        motif="C’est un séjour.",
    )
    assert refus.status_code == 422 and "C’est un séjour." in lire(refus)
    site.post(
        "reponse",
        decision.pk,
        ligne.pk,
        depart=depart,
        resultat="oriente",
        motif="C’est un séjour.",
        vers="Vacances pour tous",
        a_qui="Service des séjours, 01 99 00 00 02",
        ce_qui_changerait="Un projet sur place.",
    )
    publier_la_decision(par=vote.samia, decision=decision)
    texte = mots(suites(vote))
    for dit in (
        "Orientée vers un autre dispositif : Vacances pour tous",
        "Un projet sur place.",
        "Service des séjours, 01 99 00 00 02",
        "Contester cette réponse",
        "Où votre projet pourrait convenir",
        "Reprendre ce texte dans un appel ouvert",
    ):
        assert dit in texte
    assert "Reprendre ce texte" not in mots(suites(vote, "lecteur"))


def test_la_reponse_d_un_collegue_ne_s_ecrase_pas_sans_le_dire(vote, site):
    decision, demande = vote.decision(), vote.etude.demande(vote.samia)
    vote.accorder(decision, "1500")
    lot = {f"montant-{demande.pk}": "10", f"enveloppe-{demande.pk}": str(vote.enveloppe.pk)}
    for page, champs in (("accorder", lot), ("refuser", {"motif": "Non."})):
        refus = site.post(page, decision.pk, demande=str(demande.pk), **champs)
        assert refus.status_code == 422
        assert "vient d’y répondre (accordée en partie, 1 500 € sur" in mots(refus)
    ligne = decision.lignes.get()
    lu = depart_lu(lire(site.get("reponse", decision.pk, ligne.pk)))
    vote.accorder(decision, "1600")
    non = {"resultat": "refuse", "motif": "Hors des priorités."}
    refus = site.post("reponse", decision.pk, ligne.pk, depart=lu, **non)
    assert "vient d’y répondre (accordée en partie, 1 600 €" in mots(refus)
    assert "Hors des priorités." in lire(refus)
    # Relue, celle du collègue se remplace.
    relu = depart_lu(lire(refus))
    assert site.post("reponse", decision.pk, ligne.pk, depart=relu, **non).status_code == 302
    assert decision.lignes.get().resultat == Resultat.REFUSE


def test_une_reponse_retiree_par_un_collegue_ne_revient_pas_sans_le_dire(vote):
    decision, demande = vote.decision(), vote.etude.demande(vote.samia)
    vote.accorder(decision, "1500")
    ligne = decision.lignes.get()
    lue = empreinte_de(ligne)
    retirer_une_reponse(par=vote.samia, decision=decision, ligne=ligne)
    with pytest.raises(Refus, match="un collègue a retiré cette réponse"):
        repondre(
            par=vote.samia,
            decision=decision,
            reponses={demande.pk: Dit(Resultat.REFUSE, motif="Non.")},
            departs={demande.pk: lue},
        )


def test_le_porteur_lit_l_avis_avec_la_reponse_et_pas_avant(vote):
    etude = vote.etude
    etude.rendre(
        vote.samia, sens="sous_reserve", motif="Un devis de plus.", note_interne="À surveiller."
    )
    delegue = etude.ici.acteur("delegue")
    consulter(
        par=etude.pilote,
        dossiers=[etude.dossier],
        qualite=Qualite.DELEGUE_DU_PREFET,
        organisme=delegue.organisme,
    )
    etude.rendre(delegue, sens="reserve", motif="Peu d’habitants associés.")
    avant = mots(suites(vote))
    assert "devis de plus" not in avant
    attend = "Ce financeur étudie votre demande : ce n’est pas encore de l’argent."
    assert avant.count(attend) == etude.dossier.demandes.count() == 2
    assert "Il est complet : les financeurs l’étudient. Ce n’est pas encore un accord" in avant
    vote.publiee()
    une = mots(suites(vote))
    assert "Ce montant est voté" in une and une.count(attend) == 1
    assert "Ce n’est pas encore un accord" not in une and "d’autres l’étudient encore" in une
    assert "Avis du service : favorable sous réserve. Un devis de plus." in une
    # La commune n'a pas répondu : l'avis du délégué attend.
    assert "Peu d’habitants" not in une
    etude.dossier.demandes.filter(etat="demandee").update(etat="refusee")
    toutes = mots(suites(vote))
    assert "Délégué du préfet, Préfecture : réservé. Peu d’habitants associés." in toutes
    assert "surveiller" not in toutes


def test_la_derniere_prise_vient_d_abord(vote, site):
    vote.publiee(numero="1", prise_le=timezone.localdate() - timedelta(days=40))
    vote.decision(numero="2")
    page = mots(site.get("decisions"))
    assert page.index("administration n° 2") < page.index("administration n° 1")


def test_retirer_et_jeter(vote, site):
    decision = vote.decision()
    vote.accorder(decision, "10")
    site.post("retirer_une_reponse", decision.pk, decision.lignes.get().pk)
    assert not decision.lignes.exists()
    assert site.post("jeter_la_decision", decision.pk).status_code == 302
    assert not Decision.objects.exists()


def test_une_publication_refusee_dit_pourquoi(vote, site):
    decision = vote.decision()
    assert site.post("publier_la_decision", decision.pk).status_code == 422
    publiee = vote.publiee(numero="13")
    assert site.post("jeter_la_decision", publiee.pk).status_code == 302
    assert Decision.objects.filter(pk=publiee.pk).exists()
    assert "Relire et publier" not in mots(site.get("decision", publiee.pk))


def test_rien_ne_se_lit_chez_le_porteur_ni_chez_un_autre_avant_la_publication(vote):
    decision = vote.decision()
    vote.repondre(decision, Dit(Resultat.REFUSE, motif="Motif encore secret."))
    for qui in ("gestionnaire", "olga", "pilote", "elu"):
        client = vote.etude.ici.monde.client(qui)
        for adresse in (
            reverse("espace_porteur:suites", args=("tilleuls", vote.etude.dossier.pk)),
            reverse("espace_financeur:dossier", args=("tilleuls", vote.etude.dossier.pk)),
            reverse("espace_financeur:decisions", args=("tilleuls",)),
            reverse("pilotage:dossier", args=("tilleuls", vote.etude.dossier.pk)),
        ):
            assert "Motif encore secret." not in lire(client.get(adresse))
    publier_la_decision(par=vote.samia, decision=decision)
    assert "Motif encore secret." in lire(suites(vote))


def test_un_refus_n_est_jamais_public(vote):
    decision = vote.decision()
    vote.repondre(decision, Dit(Resultat.REFUSE, motif="Motif du refus."))
    publier_la_decision(par=vote.samia, decision=decision)
    visiteur = vote.etude.ici.monde.client("visiteur")
    for nom in ("fiche",):
        page = lire(visiteur.get(reverse(f"accueil:{nom}", args=("tilleuls", "1-1"))))
        assert "Motif du refus." not in page and "Le verger du pied" not in page


@pytest.mark.parametrize("nombre", [1, 3, 50])
def test_une_decision_se_lit_en_un_nombre_fixe_de_requetes(vote, site, nombre):
    decision = vote.decision()
    copier(vote.etude.dossier, nombre - 1)
    site.get("decision", decision.pk)
    with CaptureQueriesContext(connection) as menees:
        page = site.get("decision", decision.pk)
    assert page.content.decode().count('name="demande"') == nombre
    assert len(menees) <= 20


def test_l_envoi_d_un_autre_acteur_est_refuse(vote, site):
    decision = vote.decision()
    adresse = reverse("espace_financeur:publier_la_decision", args=("tilleuls", decision.pk))
    assert site.client.post(adresse, envoi(vote.etude.olga)).status_code != 302
    assert not Decision.objects.get().est_publiee
