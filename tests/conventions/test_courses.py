"""Deux personnes au même instant : ni le même rang, ni deux actes d'une réponse, ni trop d'engagé."""

from collections import Counter
from decimal import Decimal
from threading import Barrier

import pytest
from django.utils import timezone

from parvis.conventions.actions.actes import annuler_un_acte, preparer_les_actes
from parvis.conventions.actions.modeles import ecrire_les_mentions, ecrire_un_modele
from parvis.conventions.enums import EtatDActe
from parvis.conventions.models import Acte, LigneDActe, VersionDeModele
from parvis.dossiers.models import Demande
from parvis.programmation.actions.decisions import (
    Dit,
    preparer_une_decision,
    publier_la_decision,
    repondre,
)
from parvis.programmation.actions.enveloppes import creer_une_enveloppe, doter
from parvis.programmation.enums import Resultat
from parvis.socle.refus import Refus
from tests.fabriques import actes_a_prendre as fabrique
from tests.fabriques import comptes
from tests.fabriques.actes import MENTIONS
from tests.fabriques.fils import dans_des_fils

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
FILS, ATTENTE = 4, 60


def ensemble(*gestes) -> list:
    """Mène ces gestes au même instant ; rend, pour chacun, ce qu'il rend, ou son refus."""
    depart = Barrier(len(gestes), timeout=ATTENTE)

    def mener(rang: int):
        depart.wait()
        try:
            return gestes[rang]()
        except Refus as refus:
            return refus

    return dans_des_fils(mener, len(gestes))


def test_deux_personnes_preparent_les_actes_d_une_meme_decision():
    site = fabrique.site()
    demandes = [fabrique.demande(site, porteur=comptes.organisme(f"Asso {n}")) for n in range(6)]
    decision = fabrique.decider(site, dict.fromkeys(demandes, "100"))
    choisis = {p.cle: "notification" for p in site.proposes(decision)}
    # Les unes prennent tout, les autres la moitié : celles qui passent ne se recouvrent pas.
    moities = [dict(list(choisis.items())[:3]), dict(list(choisis.items())[3:])]

    def preparer(voulus):
        return lambda: preparer_les_actes(par=site.samia, decision=decision, choisis=voulus)

    ensemble(*(preparer(voulus) for voulus in [choisis, *moities, choisis]))
    assert Counter(LigneDActe.objects.values_list("reponse", flat=True)).most_common(1)[0][1] == 1
    rangs = list(Acte.objects.order_by("rang").values_list("rang", flat=True))
    assert rangs == list(range(1, 7))


def test_deux_contrats_d_une_autorite_prennent_leurs_numeros_au_meme_instant():
    site = fabrique.site()
    decisions = [*(ici(site, 3, f"2{n}") for n in range(2)), *la_bas(site, 2, 3)]

    def preparer(decision):
        return lambda: fabrique.preparer(site, decision)

    assert not any(isinstance(rendu, Refus) for rendu in ensemble(*map(preparer, decisions)))
    assert Acte.objects.values("contrat").distinct().count() == 2
    rangs = list(Acte.objects.order_by("rang").values_list("rang", flat=True))
    assert rangs == list(range(1, 13))


def ici(site, nombre: int, numero: str):
    """Rend une décision de la caisse qui accorde une demande à tant d'organismes."""
    porteurs = [comptes.organisme(f"Asso {numero}-{n}") for n in range(nombre)]
    demandes = [fabrique.demande(site, porteur=porteur) for porteur in porteurs]
    return fabrique.decider(site, dict.fromkeys(demandes, "100"), numero)


def la_bas(site, decisions: int, nombre: int) -> list:
    """Rend des décisions de la même caisse, dans un autre contrat."""
    voisin, version = fabrique.ailleurs(site)
    communs = {"par": site.samia, "contrat": voisin, "exercice": site.vote.etude.dossier.exercice}
    ecrire_les_mentions(par=site.samia, contrat=voisin, mentions=MENTIONS)
    enveloppe = creer_une_enveloppe(**communs, ligne="Ailleurs")
    jour = timezone.localdate()
    doter(par=site.samia, enveloppe=enveloppe, montant=Decimal(10_000), decide_le=jour)
    rendues = []
    for rang in range(decisions):
        decision = preparer_une_decision(
            **communs, sorte="conseil", prise_le=jour, numero=f"9{rang}"
        )
        demandes = [
            fabrique.demande(site, porteur=comptes.organisme(f"Là-bas {rang}-{n}"), version=version)
            for n in range(nombre)
        ]
        Demande.objects.filter(pk__in=[une.pk for une in demandes]).update(
            exercice=communs["exercice"]
        )
        dit = Dit(Resultat.ACCORDE, Decimal(100), enveloppe.pk)
        repondre(par=site.samia, decision=decision, reponses={une.pk: dit for une in demandes})
        rendues.append(publier_la_decision(par=site.samia, decision=decision))
    return rendues


def test_deux_actes_d_une_meme_demande_signes_au_meme_instant():
    """Le premier reste à signer quand une décision change le vote : seul le second s'engage, une fois."""
    site = fabrique.site()
    demande = fabrique.demande(site)
    premier = site.compose(fabrique.preparer(site, fabrique.decider(site, {demande: "1000"}))[0])
    suivante = fabrique.decider(site, {demande: "1500"}, "21")

    def signer(acte):
        return lambda: site.signer([acte])

    assert all(isinstance(rendu, Refus) for rendu in ensemble(*[signer(premier)] * 2))
    annuler_un_acte(par=site.samia, acte=premier, motif="Repris.")
    second = site.compose(fabrique.preparer(site, suivante)[0])
    rendus = ensemble(*[signer(second)] * FILS)
    assert [isinstance(rendu, Refus) for rendu in rendus].count(False) == 1
    assert Demande.objects.get(pk=demande.pk).montant_engage == Decimal(1500)


def test_signer_et_voter_moins_au_meme_instant_n_engage_jamais_plus_que_le_vote():
    site = fabrique.site()
    for course in range(5):
        demande = fabrique.demande(site, porteur=comptes.organisme(f"Asso {course}"))
        decision = fabrique.decider(site, {demande: "1000"}, f"3{course}")
        acte = site.compose(fabrique.preparer(site, decision)[0])
        moins = site.vote.decision(numero=f"4{course}")
        dit = Dit(Resultat.ACCORDE, Decimal(400), site.vote.enveloppe.pk)
        repondre(par=site.samia, decision=moins, reponses={demande.pk: dit})

        def signer(acte=acte):
            return site.signer([acte])

        def publier(moins=moins):
            return publier_la_decision(par=site.samia, decision=moins)

        rendus = ensemble(signer, publier)
        assert [isinstance(rendu, Refus) for rendu in rendus].count(True) == 1
        demande.refresh_from_db()
        assert (demande.montant_engage or 0) <= demande.montant_vote


def test_signer_et_annuler_au_meme_instant_laissent_un_etat_juste():
    site = fabrique.site()
    for course in range(5):
        demande = fabrique.demande(site, porteur=comptes.organisme(f"Asso {course}"))
        decision = fabrique.decider(site, {demande: "1000"}, f"3{course}")
        acte = site.compose(fabrique.preparer(site, decision)[0])
        ensemble(
            lambda acte=acte: site.signer([acte]),
            lambda acte=acte: annuler_un_acte(par=site.samia, acte=acte, motif="Erreur."),
        )
        acte.refresh_from_db()
        demande.refresh_from_db()
        engage = Decimal(1000) if acte.etat == EtatDActe.SIGNE else None
        assert demande.montant_engage == engage


def test_un_avenant_ne_se_prepare_pas_pendant_que_sa_convention_s_annule():
    site = fabrique.site()
    for course in range(5):
        demande = fabrique.demande(site, porteur=comptes.organisme(f"Asso {course}"))
        decision = fabrique.decider(site, {demande: "30000"}, f"3{course}")
        (convention,) = fabrique.signer(site, decision)
        suivante = fabrique.decider(site, {demande: "31000"}, f"4{course}")
        (propose,) = site.proposes(suivante)
        choisis = {propose.cle: "avenant"}
        ensemble(
            lambda d=suivante, c=choisis: preparer_les_actes(par=site.samia, decision=d, choisis=c),
            lambda acte=convention: annuler_un_acte(par=site.samia, acte=acte, motif="Erreur."),
        )
        convention.refresh_from_db()
        vivants = convention.avenants.exclude(etat=EtatDActe.ANNULE).count()
        assert (convention.etat, vivants) in ((EtatDActe.ANNULE, 0), (EtatDActe.SIGNE, 1))


def test_deux_collegues_n_ouvrent_pas_deux_versions_d_un_modele():
    site = fabrique.site()

    def ecrire():
        return ecrire_un_modele(
            par=site.samia,
            contrat=site.contrat,
            sorte="refus",
            objet="Objet",
            corps="Texte",
            depart="",
        )

    rendus = ensemble(*[ecrire] * FILS)
    assert [isinstance(rendu, Refus) for rendu in rendus].count(False) == 1
    assert VersionDeModele.objects.count() == 1
