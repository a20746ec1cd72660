"""Une section figée en parties, un budget en tableaux, un dossier d'avant : sans base, sans rien perdre."""

from decimal import Decimal

import pytest

from parvis.dossiers.document.description import Fait, Faits, Note, Points, Tableau, Texte, Titre
from parvis.dossiers.rules.budget import Bilan, DemandeAuBudget, LigneDeBudget, bilan
from parvis.dossiers.sections.budget import lire_la_saisie
from parvis.dossiers.sections.budget_imprime import (
    noms_des_financeurs,
    parties_du_budget,
    parts_demandees,
)
from parvis.dossiers.sections.dossier_imprime import (
    BANDEAU,
    RESERVE,
    AutourDuDossier,
    decrire_le_dossier,
)
from parvis.dossiers.sections.imprimees import HORS_DE_L_APPEL, VIDE, parties_de_la_section

CHAMPS = {
    "titre": "Votre organisation",
    "champs": [["Sa fonction", "Présidente"], ["Sa fonction", "Trésorier"]],
    "codes": ["representant_fonction", "charge_fonction"],
    "valeur": {
        "representant_fonction": "Présidente",
        "charge_fonction": "Trésorier",
        "question-retiree": "Ma réponse d’avant",
    },
}
INSECABLE = "\u00a0"


def faits(parties):
    return [(f.libelle, f.texte) for partie in parties for f in getattr(partie, "faits", ())]


def test_deux_champs_de_meme_libelle_se_placent_par_leur_nom():
    assert faits(parties_de_la_section(CHAMPS, ["charge_fonction"])) == [
        ("Sa fonction", "Trésorier")
    ]


def test_le_reste_prend_ce_que_nul_ne_nomme_et_les_reponses_d_avant():
    pris = frozenset({"charge_fonction"})
    assert faits(parties_de_la_section(CHAMPS, (), pris)) == [
        ("Sa fonction", "Présidente"),
        (HORS_DE_L_APPEL, "Ma réponse d’avant"),
    ]


def test_un_champ_absent_se_dit_vide():
    assert parties_de_la_section(CHAMPS, ["reseau"]) == [Note(VIDE)]


def test_une_section_d_avant_sans_le_nom_de_ses_champs_se_lit_une_fois():
    ancienne = {"champs": CHAMPS["champs"]}
    assert len(faits(parties_de_la_section(ancienne))) == 2
    assert parties_de_la_section(ancienne, ["charge_fonction"]) == [Note(VIDE)]
    assert parties_de_la_section({"champs": []}) == [Note(VIDE)]


def test_un_tableau_un_texte_et_rien():
    figee = {"titre": "Les partenaires", "colonnes": ["Qui"], "lignes": [["École"], [""]]}
    (tableau,) = parties_de_la_section(figee)
    assert [list(ligne.cases) for ligne in tableau.lignes] == [["École"], [""]]
    assert parties_de_la_section({"texte": "Fiche 1-1"}) == [Texte("Fiche 1-1")]
    for vide in ({"titre": "x", "colonnes": ["Qui"], "lignes": []}, {"texte": ""}):
        assert parties_de_la_section(vide) == [Note(VIDE)]


def _budget(*annees, **exercice):
    valeur = {"exercices": {str(annee): exercice for annee in annees}}
    return parties_du_budget(lire_la_saisie(valeur, annees, {"7": "Caisse des Tilleuls"}))


def _tableaux(parties):
    return {
        partie.nom: [list(ligne.cases) for ligne in partie.lignes]
        for partie in parties
        if isinstance(partie, Tableau)
    }


def test_chaque_poste_precede_ses_lignes_et_porte_leur_total():
    parties = _budget(
        2026,
        lignes=[
            {"compte": "604", "saisie": "10"},
            {"compte": "601", "libelle": "Arbres", "saisie": "12*2"},
            {"compte": "62", "saisie": "5,50 €"},
        ],
    )
    assert _tableaux(parties)["Charges 2026"] == [
        ["60 - Achats", "", f"34,00{INSECABLE}€"],
        ["601 - Achats matières et fournitures", "Arbres\nTapé : 12*2", f"24,00{INSECABLE}€"],
        ["604 - Prestations de services", "", f"10,00{INSECABLE}€"],
        ["62 - Autres services extérieurs", "", f"5,50{INSECABLE}€"],
        ["Autres services extérieurs", "", f"5,50{INSECABLE}€"],
        ["Total des charges, hors contributions en nature", "", f"39,50{INSECABLE}€"],
    ]


def test_les_contributions_en_nature_sont_a_part_et_s_ajoutent_au_total():
    nature = {"financeur": "7", "ligne": "Salle", "nature": "nature", "saisie": "300"}
    parties = _budget(2026, lignes=[{"compte": "864", "saisie": "300"}], demandes=[nature])
    tableaux = _tableaux(parties)
    en_nature = tableaux["Contributions volontaires en nature (comptes 86 et 87) 2026"]
    assert [ligne[0].split(" - ")[0] for ligne in en_nature] == [
        *("86", "864", "Total des emplois"),
        *("87", "Demandé en nature, Prestations en nature", "Total des contributions"),
    ]
    assert tableaux["Totaux 2026"] == [
        ["Hors contributions en nature", f"0,00{INSECABLE}€", f"0,00{INSECABLE}€"],
        ["Contributions en nature", f"300,00{INSECABLE}€", f"300,00{INSECABLE}€"],
        ["Total général", f"300,00{INSECABLE}€", f"300,00{INSECABLE}€"],
    ]
    assert Points([f"Caisse des Tilleuls : 300,00{INSECABLE}€ demandés en nature."]) in parties


def test_une_demande_va_a_son_compte_ou_au_poste():
    connue = {"financeur": "7", "compte": "74orgasoc", "saisie": "30"}
    ailleurs = {"nom": "Fondation", "numero": "A-1", "lien": "https://f.example/", "saisie": "10"}
    parties = _budget(2026, demandes=[connue, ailleurs])
    produits = [ligne[:2] for ligne in _tableaux(parties)["Produits 2026"]]
    assert produits[1] == ["Organismes sociaux (CAF, etc.)", "Caisse des Tilleuls"]
    assert produits[2] == ["Subvention demandée", "Fondation"]
    demandes = _tableaux(parties)["Ce qui est demandé pour 2026"]
    assert demandes[1][2] == "Sur son propre site\nN° A-1"
    (points,) = [partie for partie in parties if isinstance(partie, Points)]
    assert points.points[-1] == "Fondation, son propre site : https://f.example/"


def test_plusieurs_exercices_se_nomment_et_les_suivants_sont_prevus():
    titres = [p.texte for p in _budget(2026, 2027) if isinstance(p, Titre)]
    assert titres == ["Exercice 2026", "Exercice 2027, prévu"]


def test_la_part_de_chacun_en_toutes_lettres():
    def part(*demandes: tuple[str, str, str]) -> list[str]:
        return parts_demandees(_bilan(*demandes))

    assert part(("Caisse", "numeraire", "1250"), ("Ville", "numeraire", "2750")) == [
        f"Caisse : la subvention demandée de 1{INSECABLE}250,00{INSECABLE}€ représente "
        f"31,3{INSECABLE}% du total des produits.",
        f"Ville : la subvention demandée de 2{INSECABLE}750,00{INSECABLE}€ représente "
        f"68,8{INSECABLE}% du total des produits.",
    ]
    assert part(("Caisse", "numeraire", "0")) == []


def _bilan(*demandes: tuple[str, str, str]) -> Bilan:
    return bilan(
        [LigneDeBudget("601", Decimal(1))],
        [DemandeAuBudget(nom, "", nature, Decimal(montant), 2026) for nom, nature, montant in demandes],
    )  # fmt: skip


def test_on_ne_garde_que_les_financeurs_que_le_budget_nomme():
    valeur = {"exercices": {"2026": {"demandes": [{"financeur": "7"}, {"nom": "Autre"}]}}}
    assert noms_des_financeurs(valeur, {"7": "Caisse", "8": "Ville"}) == {"7": "Caisse"}
    assert noms_des_financeurs({}, {"7": "Caisse"}) == {}


def _contenu(**autres):
    porteur = {"nom": "Le Verger", "nature": "association", "siren": "1", "siret": "12"}
    return {
        "projet": {"titre": "Un jardin"},
        "contrat": "Contrat",
        "appel": {"titre": "Appel"},
        "exercices": [2026],
        "porteur": porteur,
        "porteuse": None,
        "sections": {},
        "demandes": [],
        "pieces": [],
        "attestations": [],
    } | autres


def _decrire(contenu, **autres):
    return decrire_le_dossier(contenu, AutourDuDossier({}, ["Une mention."], **autres))


def test_sans_reference_c_est_un_brouillon():
    brouillon, depose = _decrire(_contenu()), _decrire(_contenu(), reference="2026-0001")
    assert (brouillon.bandeau, brouillon.titre) == (BANDEAU, "Demande de subvention (brouillon)")
    assert (depose.bandeau, depose.titre) == ("", "Demande de subvention 2026-0001")
    assert brouillon.mentions[0] == "Une mention." and len(brouillon.mentions) == 2


def test_le_siren_ne_redit_pas_le_siret():
    lus = dict(faits(_decrire(_contenu()).parties))
    assert lus["Siret"] == "12" and "Siren" not in lus
    seul = _contenu(porteur={"nom": "x", "nature": "commune", "siren": "1"})
    assert dict(faits(_decrire(seul).parties))["Siren"] == "1"


@pytest.mark.parametrize(
    ("annees", "dite"),
    [
        ([2026], "Annuelle ou ponctuelle, 2026"),
        ([2026, 2027, 2028], "Pluriannuelle, de 2026 à 2028 : 2026 ferme, le reste prévu"),
    ],
)
def test_la_periode_se_dit(annees, dite):
    assert Fait("Période", dite) in _decrire(_contenu(exercices=annees)).parties[1].faits


@pytest.mark.parametrize(
    ("reponse", "mot"),
    [
        ("Non, c’est la première demande", "Première demande"),
        ("Oui, nous demandons de continuer", "Renouvellement"),
        ("Autre chose", "Autre chose"),
    ],
)
def test_la_frequence_se_dit_comme_au_formulaire(reponse, mot):
    projet = {"champs": [["Ce projet a-t-il déjà été soutenu ?", reponse]], "codes": ["frequence"]}
    decrit = _decrire(_contenu(sections={"projet": projet}))
    assert Fait("Fréquence", mot) in decrit.parties[1].faits


def test_la_forme_et_a_qui_l_on_demande():
    demandes = [
        {"financeur": "Caisse", "montant": "1250.50", "nature": "numeraire", "exercice": 2026},
        {"financeur": "Ville", "montant": None, "nature": "nature", "exercice": 2026},
    ]
    lus = dict(faits(_decrire(_contenu(demandes=demandes)).parties))
    assert lus["Forme"] == "En argent et en nature"
    assert lus["Demandé à"].split("\n") == [
        f"Caisse : 1{INSECABLE}250,50{INSECABLE}€ pour 2026",
        "Ville : montant à corriger pour 2026, en nature",
    ]


def test_une_piece_dit_sa_validite_et_un_releve_bancaire_se_tait():
    piece = {"poids": "1 Ko", "valable_jusqu_au": None}
    pieces = [
        piece | {"cle": "statuts", "libelle": "Statuts", "nom": "s.pdf"},
        piece | {"cle": "rib", "libelle": "RIB", "nom": "iban-secret.pdf"},
        piece
        | {"cle": "budget-de-l-organisme", "libelle": "Budget", "nom": "b.pdf"}
        | {"valable_jusqu_au": "2027-01-01"},
    ]
    document = _decrire(_contenu(pieces=pieces), a_joindre=["Pouvoir : rien n’est joint."])
    assert _tableaux(document.parties)["Pièces jointes"] == [
        ["Statuts", "s.pdf\n1 Ko", "Sans limite de durée"],
        ["RIB", RESERVE, "Sans limite de durée"],
        ["Budget", "b.pdf\n1 Ko", "Jusqu’au 1er janvier 2027"],
    ]
    assert "iban-secret" not in str(document)
    assert faits(document.parties)[-1] == ("Joint au dossier", "b.pdf")
    assert Points(["Pouvoir : rien n’est joint."]) in document.parties


@pytest.mark.parametrize(
    ("figees", "nom"),
    [
        ({"financeurs": {"7": "Caisse"}}, "Caisse"),
        ({}, "Caisse d’alors"),
    ],
)
def test_un_budget_fige_avant_les_noms_se_relit_par_le_rang(figees, nom):
    tapees = [{"financeur": "7", "saisie": "10"}, {"nom": "Fondation", "saisie": "5"}]
    valeur = {"exercices": {"2026": {"demandes": tapees}}}
    dite = {"montant": "10.00", "nature": "numeraire", "exercice": 2026}
    contenu = _contenu(
        sections={"budget": {"titre": "Budget", "valeur": valeur}},
        demandes=[dite | {"financeur": "Caisse d’alors"}, dite | {"financeur": "Fondation"}],
        **figees,
    )
    demandes = _tableaux(_decrire(contenu).parties)["Ce qui est demandé pour 2026"]
    assert [ligne[0] for ligne in demandes] == [nom, "Fondation"]


def test_des_demandes_qui_ne_se_suivent_plus_ne_se_devinent_pas():
    valeur = {"exercices": {"2026": {"demandes": [{"financeur": "7", "saisie": "10"}]}}}
    contenu = _contenu(sections={"budget": {"titre": "Budget", "valeur": valeur}})
    (demande,) = _tableaux(_decrire(contenu).parties)["Ce qui est demandé pour 2026"]
    assert demande[0] == "Financeur à préciser"


def test_une_attestation_dont_le_texte_n_existe_plus_se_lit_encore():
    signee = {
        "titre": "Une ancienne",
        "texte": ["Un.", "Deux."],
        "reference": "Loi",
        "precision_dite": "",
        "signee_le": "2026-04-03T16:05:00+00:00",
        "jour": "3 avril 2026",
        "signee_par": "Lucie",
        "fonction": "Présidente",
    }
    attestations = [
        signee | {"code": "disparue"},
        signee | {"code": "exactitude", "titre": "Exact"},
    ]
    parties = _decrire(_contenu(attestations=attestations)).parties
    titres = [p.texte for p in parties if isinstance(p, Titre) and p.niveau == 3]
    assert titres[-2:] == ["Exact", "Une ancienne"]
    assert Faits([
        Fait("Signée par", "Lucie, Présidente"),
        Fait("Signée le", f"3 avril 2026 à 18{INSECABLE}h{INSECABLE}05"),
        Fait("Référence", "Loi"),
    ]) in parties  # fmt: skip
