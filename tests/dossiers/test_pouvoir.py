"""Qui signe sans être le représentant légal joint le pouvoir : on l'avertit, sans l'empêcher."""

import pytest
from django.utils import timezone

from parvis.dossiers.actions.pieces import joindre_une_piece
from parvis.dossiers.queries.attestations import pouvoir_a_joindre
from parvis.dossiers.queries.controle import controler
from parvis.dossiers.rules.attestations import est_la_meme_personne
from parvis.dossiers.rules.depot import avertissements_du_pouvoir
from tests.fabriques import depots, fichiers


@pytest.mark.parametrize(
    ("un", "autre", "attendu"),
    [
        ("Lucie Bardet", "BARDET Lucie", True),
        ("Éloïse N’Diaye", "eloise n'diaye", True),
        ("Mme Lucie Bardet", "Lucie Bardet", True),
        ("Jean-Marc Le Goff", "LE GOFF Jean Marc", True),
        ("Lucie Bardet", "Lucie Morel", False),
        ("Lucie Bardet", "", False),
    ],
)
def test_un_meme_nom_se_reconnait(un, autre, attendu):
    assert est_la_meme_personne(un, autre) is est_la_meme_personne(autre, un) is attendu


@pytest.mark.parametrize(
    ("valeurs", "section", "dit"),
    [
        (
            {},
            "pieces",
            "Awa Diallo signe, et le représentant légal écrit est Lucie Bardet : joignez",
        ),
        (
            {"signataires": ["Awa Diallo", "Bardet LUCIE", "Ali Roux"]},
            "pieces",
            "et Ali Roux signent",
        ),
        ({"piece": ""}, "organisation", "corrigez ce nom, ou gardez le pouvoir"),
        ({"est_joint": True}, "", ""),
        ({"signataires": ["BARDET Lucie"]}, "", ""),
        ({"signataires": []}, "", ""),
        ({"representant": " "}, "", ""),
    ],
)
def test_quand_le_pouvoir_se_demande(valeurs, section, dit):
    motifs = avertissements_du_pouvoir(
        **{
            "representant": "Lucie Bardet",
            "signataires": ["Awa Diallo"],
            "piece": "pouvoir",
            "est_joint": False,
        }
        | valeurs
    )
    assert [motif.section for motif in motifs] == ([section] if section else [])
    assert all(dit in motif.phrase for motif in motifs)


def du_pouvoir(ici, dossier):
    controle = controler(ici.porte, depots.relire(dossier), maintenant=timezone.now())
    assert controle.est_pret
    return [m for m in controle.avertissements if "le représentant légal écrit" in m.phrase]


@pytest.mark.django_db
def test_le_controle_avertit_jusqu_a_ce_que_le_pouvoir_soit_joint(ici):
    dossier = depots.pret(ici)
    (motif,) = du_pouvoir(ici, dossier)
    assert (motif.section, motif.champ) == ("pieces", "pouvoir")
    controle = fichiers.controle("pouvoir.pdf", fichiers.pdf(queue="%pouvoir"))
    joindre_une_piece(par=ici.porte, dossier=dossier, cle="pouvoir", controle=controle)
    depots.signer_tout(ici.porte, dossier)
    assert du_pouvoir(ici, dossier) == []


@pytest.mark.django_db
def test_qui_va_signer_le_sait_avant(ici):
    dossier = depots.brouillon(ici)
    (motif,) = pouvoir_a_joindre(ici.porte, dossier, va_signer=True)
    assert str(ici.porte.utilisateur) in motif.phrase
    assert pouvoir_a_joindre(ici.porte, dossier, va_signer=False) == []
