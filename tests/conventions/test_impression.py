"""Un acte imprimé : ce que disent ses parties, à qui il s'adresse, qui le signe, en PDF et en Word."""

import io
from datetime import date
from decimal import Decimal

import docx
import pytest
from django.utils import timezone

from parvis.conventions.document.acte import (
    APERCU,
    ActeAImprimer,
    ProjetDActe,
    VersementPrevu,
    en_donnees_a_imprimer,
    parties,
    signatures,
)
from parvis.conventions.document.mot import ecrire_l_acte_en_word
from parvis.conventions.models import Acte
from parvis.conventions.queries import impression
from parvis.conventions.queries.actes import lignes_de
from parvis.conventions.queries.modeles import mentions_de, texte_fourni
from parvis.dossiers.document.description import Points, Tableau, Texte, Titre
from tests.decors import decor
from tests.fabriques import actes
from tests.fabriques import actes_a_prendre as fabrique
from tests.fabriques.pdf import texte as texte_du_pdf

PIED = {
    "financeur": "Ville d’Ormeval",
    "titulaire": "Les Jardins",
    "titulaire_adresse": "12 rue des Lilas",
    "representant": "Mme Diarra",
    "signataire": "Mme Vasseur",
    "qualite": "maire",
    "lieu": "Ormeval",
    "entete": "",
}
JARDIN = ProjetDActe("2026-0001", "Jardin", "Politique de la ville", Decimal(800), False)
SALLE = ProjetDActe("2026-0002", "Salle", "", Decimal(200), True)
VERSEMENTS = [
    VersementPrevu("Acompte", Decimal(500), date(2026, 5, 4), ""),
    VersementPrevu("Solde", Decimal(300), None, "l’acceptation du compte rendu financier"),
]


def acte(texte: str = "Texte.", **autres) -> ActeAImprimer:
    valeurs = {
        "sorte": "Convention",
        "numero": "2026-001",
        "contrat": "Contrat de Valombre",
        "objet": "Un jardin",
        "texte": texte,
        "pied": PIED,
        "projets": [JARDIN, SALLE],
        "versements": VERSEMENTS,
        "se_signe_a_deux": True,
    }
    return ActeAImprimer(**(valeurs | autres))


def colle(texte: str) -> str:
    return "".join(clair(texte).split())


def texte_du_mot(octets: bytes) -> str:
    lu = docx.Document(io.BytesIO(octets))
    cases = [case.text for t in lu.tables for ligne in t.rows for case in ligne.cells]
    return "\n".join([*(p.text for p in lu.paragraphs), *cases])


def clair(texte: str) -> str:
    return " ".join(texte.replace("\xa0", " ").replace("\u202f", " ").split())


def test_le_texte_devient_des_titres_des_points_des_tableaux():
    lues = parties(
        acte(
            "# Un\n## Deux\nEntre\nnous :\n- a\n- b\nFin.\n\n{tableau_des_projets}\nAprès.\n\n### Non"
        )
    )
    assert lues == [
        Titre(2, "Un"), Titre(3, "Deux"), Texte("Entre\nnous :"), Points(["a", "b"]), Texte("Fin."),
        lues[5], Texte("Après."), Texte("### Non"),
    ]  # fmt: skip
    assert isinstance(lues[5], Tableau)


def test_le_tableau_des_projets_dit_la_nature_et_l_ensemble():
    (tableau,) = parties(acte("{tableau_des_projets}"))
    cases = [[clair(case) for case in ligne.cases] for ligne in tableau.lignes]
    assert cases == [
        ["2026-0001", "Jardin Politique de la ville", "800,00 €"],
        ["2026-0002", "Salle", "200,00 € (en nature)"],
        ["", "Ensemble", "1 000,00 €"],
    ]
    (seul,) = parties(acte("{tableau_des_projets}", projets=[JARDIN]))
    assert len(seul.lignes) == 1


def test_le_tableau_des_versements_dit_quand_ou_apres_quoi():
    (tableau,) = parties(acte("{tableau_des_versements}"))
    assert [ligne.cases[1] for ligne in tableau.lignes] == [
        "4 mai 2026",
        "Après l’acceptation du compte rendu financier",
    ]


def test_une_convention_se_signe_a_deux_une_lettre_a_un_destinataire():
    a_deux = en_donnees_a_imprimer(acte())
    assert [bloc[0] for bloc in a_deux["signatures"]] == [
        "Pour Les Jardins",
        "Pour Ville d’Ormeval",
    ]
    assert (a_deux["destinataire"], a_deux["bandeau"]) == ([], "")
    lettre = en_donnees_a_imprimer(acte(se_signe_a_deux=False, est_un_apercu=True))
    assert lettre["destinataire"] == ["Les Jardins", "Mme Diarra", "12 rue des Lilas"]
    assert lettre["bandeau"] == APERCU and len(lettre["signatures"]) == 1
    assert signatures(acte())[1] == ["Pour Ville d’Ormeval", "Mme Vasseur", "maire"]


def blocs_du_mot(lu) -> list[str]:
    """Rend ce que dit un document Word de haut en bas : un paragraphe, ou un tableau et ses cases."""
    rendus = []
    for bloc in lu.iter_inner_content():
        if hasattr(bloc, "rows"):
            cases = [clair(case.text) for rangee in bloc.rows for case in rangee.cells]
            rendus.append(" | ".join(cases))
        else:
            rendus.append(clair(bloc.text))
    return rendus


def le_mot(**autres):
    octets = ecrire_l_acte_en_word(acte(**autres), timezone.now())
    return docx.Document(io.BytesIO(octets))


def test_une_lettre_en_word_a_la_disposition_d_une_lettre():
    """En-tête à gauche, destinataire à droite, titre, objet, texte, lieu et date, signature à droite."""
    pied = PIED | {"entete": "Ville d’Ormeval\n1 place de la Mairie"}
    lu = le_mot(pied=pied, se_signe_a_deux=False, sorte="Lettre de notification", texte="Madame,")
    dits = [bloc for bloc in blocs_du_mot(lu) if bloc]
    assert dits == [
        "Ville d’Ormeval 1 place de la Mairie | Les Jardins Mme Diarra 12 rue des Lilas",
        "Lettre de notification n° 2026-001",
        "Contrat de Valombre",
        "Objet : Un jardin",
        "Madame,",
        "Fait à Ormeval, le",
        " | Pour Ville d’Ormeval Mme Vasseur maire",
    ]
    assert "Lettre de notification n° 2026-001 · Page" in clair(
        lu.sections[0].footer.paragraphs[0].text
    )
    assert clair(lu.sections[0].header.paragraphs[0].text) == ""


def test_une_convention_en_word_se_signe_a_deux_sans_destinataire():
    lu = le_mot(pied=PIED | {"lieu": ""}, texte="Entre\n\n{tableau_des_versements}")
    dits = [bloc for bloc in blocs_du_mot(lu) if bloc]
    assert dits[0].strip(" |") == "Ville d’Ormeval"
    assert "Fait le" in dits and "Acompte | 4 mai 2026 | 500,00 €" in " ".join(dits)
    assert dits[-1] == "Pour Les Jardins Mme Diarra | Pour Ville d’Ormeval Mme Vasseur maire"


# En base.


@decor
def site() -> actes.Site:
    return fabrique.site()


def convention(site) -> Acte:
    siennes = {
        fabrique.demande(site, titre="Jardin <b>haut</b> #let x"): "30000",
        fabrique.demande(site, titre="Salle", nature="nature"): "500",
    }
    return fabrique.preparer(site, fabrique.decider(site, siennes))[0]


@pytest.mark.django_db
def test_un_acte_en_word_dit_le_meme_texte(site):
    pris = convention(site)
    servi = impression.word_de(pris)
    dit = clair(texte_du_mot(servi.octets))
    assert servi.nom == f"convention-{pris.numero}-les-amis-du-verger.docx"
    for attendu in ("trente mille euros", "Jardin <b>haut</b> #let x", "Pour Les Amis du Verger"):
        assert attendu in dit
    assert "{" not in dit


@pytest.mark.django_db
def test_un_avenant_se_signe_comme_ce_qu_il_modifie(site):
    demande = fabrique.demande(site)
    fabrique.signer(site, fabrique.decider(site, {demande: "30000"}))
    (avenant,) = fabrique.preparer(site, fabrique.decider(site, {demande: "31000"}, "21"))
    assert impression.a_imprimer(avenant, lignes_de(avenant)).se_signe_a_deux
    (lettre,) = fabrique.preparer(site, fabrique.decider(site, {site.demande: "100"}, "22"))
    assert impression.a_imprimer(lettre, lignes_de(lettre)).se_signe_a_deux
    assert lettre.sorte == "convention"


@pytest.mark.django_db
def test_l_apercu_d_un_texte_dit_qu_il_est_sans_valeur(site, monkeypatch):
    donnees = {}
    monkeypatch.setattr(
        impression, "composer_un_pdf", lambda _, dites, __: donnees.update(dites) or b"%PDF-"
    )
    decision = fabrique.decider(site, {fabrique.demande(site): "1000"})
    (propose,) = site.proposes(decision)
    servi = impression.apercu(
        propose, mentions_de(site.contrat, site.samia.organisme),
        sorte="arrete", objet="Aide {exercice}", corps=texte_fourni("arrete").corps,
    )  # fmt: skip
    assert (servi.nom, donnees["bandeau"], donnees["numero"]) == (
        "apercu-arrete.pdf",
        APERCU,
        "aperçu",
    )
    assert not Acte.objects.exists()


@pytest.mark.lent
@pytest.mark.django_db
def test_un_acte_se_compose_pour_de_vrai_et_rien_n_y_est_du_code(site):
    # Le texte tiré d'un PDF perd ses espaces.
    dit = colle(texte_du_pdf(impression.pdf_de(convention(site), timezone.now())))
    for attendu in ("trente mille euros", "<b>haut</b> #let x", "Ensemble"):
        assert colle(attendu) in dit
    assert "tableau_des" not in dit
