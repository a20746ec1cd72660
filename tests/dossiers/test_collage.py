"""Un budget collé d'un tableur : chaque ligne est comprise, ignorée et dite, ou incomprise."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.rules.budget import DemandeAuBudget, LigneDeBudget, bilan
from parvis.dossiers.rules.collage import LIGNES_MAX, SIGNES_MAX, lire_un_collage
from parvis.dossiers.rules.comptes import plan_de_comptes

PLAN = plan_de_comptes()
# Le formulaire rempli, charges et produits face à face, comme un tableur le copie.
FACE_A_FACE = """CHARGES\tMontant\tPRODUITS\tMontant
CHARGES DIRECTES\t\tRESSOURCES DIRECTES\t
60 - Achats\t9 174,00 €\t70 - Ventes\t
Achats matières et fournitures\t4 174\t73 - Dotations et produits de tarification\t
Autres fournitures\t5 000\t74 - Subventions d'exploitation\t118 425
61 - Services extérieurs\t7 010\tÉtat : préciser le(s) ministère(s)\t
Locations\t7 010\tPréfecture - BOP 147\t66 935
Entretien et réparation\t\tConseil(s) Régional(aux)\t23 000
Assurance\t\tConseil(s) Départemental(aux)\t9 000
62 - Autres services extérieurs\t15 714\tCommune(s)\t9 100
Honoraires\t15 714\tOrganismes sociaux (CAF, etc.)\t1 890
64 - Charges de personnel\t105 444\tAgence de services et de paiement\t8 500
Rémunération des personnels\t70 000\tAides privées (fondations)\t
Charges sociales\t35 444\t756. Cotisations\t
65 - Autres charges de gestion courante\t3 687\t758 Dons manuels - Mécénat\t
66 - Charges financières\t83\tRESSOURCES PROPRES AFFECTEES AU PROJET\t
CHARGES INDIRECTES\t\tAutofinancement\t22 687
TOTAL DES CHARGES\t141 112\tTOTAL DES PRODUITS\t141 112
86 - Emplois des contributions volontaires en nature\t116 000\t87 - Contributions volontaires\t116 000
860 - Secours en nature\t\t870 - Bénévolat\t116 000
864 - Personnel bénévole\t116 000\t871 - Prestations en nature\t
TOTAL\t257 112\tTOTAL\t257 112
"""


def compris(texte):
    return [(ligne.compte, str(ligne.montant)) for ligne in lire_un_collage(texte, PLAN).lignes]


def incompris(texte):
    return [(ligne.numero, ligne.raison) for ligne in lire_un_collage(texte, PLAN).incompris]


def numeros(collage):
    return {ligne.numero for ligne in (*collage.lignes, *collage.incompris, *collage.ignorees)}


# Le formulaire, face à face.


@pytest.mark.parametrize("entre", ["\t", ";", "    "])
def test_le_formulaire_face_a_face_donne_le_budget_entier(entre):
    collage = lire_un_collage(FACE_A_FACE.replace("\t", entre), PLAN)
    assert collage.incompris == ()
    lignes, demandes = [], []
    for ligne in collage.lignes:
        if PLAN.compte(ligne.compte).est_demande:
            demandes.append(
                DemandeAuBudget(ligne.libelle, "", "numeraire", ligne.montant, 2026, ligne.compte)
            )
        else:
            lignes.append(LigneDeBudget(ligne.compte, ligne.montant, ligne.libelle))
    vu = bilan(lignes, demandes, PLAN)
    assert (vu.charges, vu.produits) == (141112, 141112)
    assert vu.charges_avec_valorisation == vu.produits_avec_valorisation == 257112
    assert vu.par_compte["74etat"] == 66935
    assert numeros(collage) == set(range(1, 23))


def test_une_moitie_sans_montant_ne_prend_pas_celui_de_l_autre():
    texte = "Charges    Produits\nAssurance    Conseil régional    23 000\nMairie    10"
    assert compris(texte) == [("74region", "23000.00"), ("74com", "10.00")]


def test_les_numeros_dans_leur_colonne_se_lisent_face_a_face():
    texte = (
        "60\tAchats\t100\t74\tVille d'Ivry\t90\n61\tLocations\t50\t75\tCotisations\t60\n"
        "\t\t\t70\tVentes\t5"
    )
    assert compris(texte) == [
        ("60", "100.00"),
        ("74com", "90.00"),
        ("613", "50.00"),
        ("756", "60.00"),
        ("70x", "5.00"),
    ]


# Une liste, dans tous les ordres.


@pytest.mark.parametrize(
    "texte",
    [
        "613\tLocation de salle\t450",
        "Location de salle\t450",
        "Location de salle;450,00",
        "Location de salle    450",
        "Location de salle 450",
        "Location de salle : 450 €",
        "450 €\tLocation de salle",
        "Location de salle\t3\t150\t450",
        "Location de salle\t450\t3\t150",
        "Location de salle\t3 x 150 €",
        "6132 - Location de salle\t450",
        "613 Location de salle\t450",
        "Compte 613 : salle des fêtes\t450",
        "613\t450",
        '"Location; de salle";450;',
        "Location de salle\t450\t25 %",
        "Location de salle\t450\t450",
        "Location de salle\t0\t450",
        "Location de salle\t-\t450",
        "61 - Services extérieurs\t\nLocation de salle\t450",
    ],
)
def test_une_depense_s_ecrit_de_bien_des_facons(texte):
    assert compris(texte) == [("613", "450.00")]


def test_les_titres_de_colonnes_disent_ou_est_le_montant():
    texte = "Libellé\tQuantité\tMontant\nAssurance\t2\t120\nBus\t4\t500\n"
    assert compris(texte) == [("616", "120.00"), ("625", "500.00")]
    assert [i.raison for i in lire_un_collage(texte, PLAN).ignorees] == ["Titres de colonnes."]


def test_une_colonne_de_numeros_peut_venir_a_la_fin():
    texte = "650\tLocations\t613\n120\tAssurance\t616\n75\tTéléphone\t626\n"
    assert compris(texte) == [("613", "650.00"), ("616", "120.00"), ("62x", "75.00")]


def test_des_petits_montants_ne_sont_pas_des_numeros():
    assert compris("Assurance\t60\nBus\t61\nGoûters\t75") == [
        ("616", "60.00"),
        ("625", "61.00"),
        ("60x", "75.00"),
    ]
    assert compris("650\tAssurance") == [("616", "650.00")]
    # Deux nombres, dont l'un a l'air d'un numéro : rien ne se devine.
    assert compris("Tente\t2\t60\nSono\t1\t75") == []
    assert compris("70\tGoûters\t210") == []


def test_un_nombre_au_debut_d_un_libelle_n_est_pas_un_numero():
    (ligne,) = lire_un_collage("75 goûters\t300", PLAN).lignes
    assert (ligne.compte, ligne.libelle) == ("60x", "75 goûters")


def test_les_titres_disent_le_cote_et_le_poste():
    texte = """Budget prévisionnel 2026
Dépenses
Prestations de services\t100
62 - Autres services extérieurs
Machin\t30
Total dépenses\t130
Recettes
Prestations de services\t130
"""
    assert compris(texte) == [("604", "100.00"), ("62", "30.00"), ("70x", "130.00")]
    raisons = [ligne.raison for ligne in lire_un_collage(texte, PLAN).ignorees]
    assert raisons == [
        "Titre.",
        "Titre.",
        "Pas de montant (Autres services extérieurs).",
        "Total, recalculé à partir des lignes.",
        "Titre.",
    ]


@pytest.mark.parametrize(
    "texte",
    ["Total\t500", "TOTAL DES CHARGES 500", "Sous-total 60\t500", "Solde\t0,50", "Charges\t500"],
)
def test_un_total_s_ignore_et_se_dit(texte):
    collage = lire_un_collage(texte, PLAN)
    assert (collage.lignes, collage.incompris) == ((), ())
    assert collage.ignorees[0].raison == "Total, recalculé à partir des lignes."


def test_la_ligne_d_un_poste_ne_compte_pas_deux_fois():
    detail = "Fournitures\t60\nGoûters\t40\n"
    lu = [("601", "60.00"), ("60x", "40.00")]
    for titre in ("60 - Achats", "60", "Achats", "60 - Achats divers"):
        assert compris(f"{titre}\t100\n{detail}") == compris(f"{detail}{titre}\t100") == lu
    assert compris("60 - Achats\t100\n") == [("60", "100.00")]
    assert compris("66 Charges financières\t9\n661 Intérêts\t9") == [("66x", "9.00")]
    assert compris("70 - Ventes\t9\n706 Participations\t9") == [("70x", "9.00")]
    assert compris("Assurance\t60\ndont sorties\t40\n") == [("616", "60.00")]


def test_un_total_de_poste_faux_se_dit_et_une_ligne_du_poste_se_garde():
    ((numero, raison),) = incompris("60 - Achats\t150\nFournitures\t60\nGoûters\t40\n")
    assert numero == 1
    assert "n’est pas la somme de ses lignes" in raison
    assert compris("60 - chaises\t10\n60 - tables\t10") == [("60", "10.00")] * 2
    assert compris("6132\t45\n6135 Location\t45") == [("613", "45.00")] * 2
    assert compris("60 - chaises\t10\n601 Papier\t10") == [("60", "10.00"), ("601", "10.00")]


# Ce qui n'est pas compris.


@pytest.mark.parametrize(
    ("texte", "raison"),
    [
        ("Machin truc\t100", "Aucun compte ne correspond"),
        ("\t100", "sans libellé ni numéro"),
        ("Prestations de services\t100", "plusieurs comptes"),
        ("Assurance\t100\t200", "Plusieurs montants"),
        ("Assurance\t1,000", "se lit de deux façons"),
        ("Assurance\t-100", "est négatif"),
        ("Assurance\t12 k€", "n’est pas un montant"),
        ("Assurance\t(100)", "n’est pas un montant"),
        ("Assurance\t#REF!", "calcul cassé"),
        ("Assurance 100 pour deux ans", "ne se distingue pas du libellé"),
        ("Le goûter, soit 40 € environ", "ne se distingue pas du libellé"),
        ("Assurance\t1 000 000 000", "trop grand"),
        ("A" * (SIGNES_MAX + 1), "signes"),
    ],
)
def test_une_ligne_incomprise_garde_son_texte_et_sa_raison(texte, raison):
    collage = lire_un_collage(f"\n{texte}\n", PLAN)
    (ligne,) = collage.incompris
    assert (ligne.numero, ligne.texte) == (2, texte)
    assert raison in ligne.raison
    assert collage.lignes == ()


def test_au_dela_de_la_limite_le_reste_est_rendu():
    collage = lire_un_collage("Assurance\t10\n" * (LIGNES_MAX + 2), PLAN)
    assert len(collage.lignes) == LIGNES_MAX
    assert [ligne.numero for ligne in collage.incompris] == [LIGNES_MAX + 1, LIGNES_MAX + 2]


@pytest.mark.parametrize("texte", ["", "\n", "\n\n \n", "\t\t"])
def test_un_collage_vide_n_a_que_des_lignes_vides(texte):
    collage = lire_un_collage(texte, PLAN)
    assert collage.lignes == collage.incompris == ()


@pytest.mark.parametrize("motif", ["1 x ", "a 1 ", "a 1 x ", "1,1,", '"', "a;", "-", ": "])
def test_une_ligne_repetitive_se_lit_aussi(motif):
    assert numeros(lire_un_collage(motif * (SIGNES_MAX // len(motif)) + "!", PLAN)) == {1}


def test_les_fins_de_ligne_de_chaque_machine_se_valent():
    lus = [compris(f"Assurance\t10{fin}Bus\t20{fin}") for fin in ("\n", "\r\n", "\r")]
    assert lus == [[("616", "10.00"), ("625", "20.00")]] * 3


MORCEAUX = st.sampled_from(
    "60|613|74|Achats|Assurance|CAF|Machin|12,50|1 000|1,000|-5|0||Total|CHARGES|Produits|#REF!|12 %"
    '|60 - Achats|"|3 x 4|2026|66 Intérêts'.split("|")
)


@given(
    st.lists(st.lists(MORCEAUX | st.text(max_size=8), max_size=6), max_size=8),
    st.sampled_from(["\t", ";", "   ", " "]),
)
def test_rien_ne_se_perd(tableau, entre):
    texte = "\n".join(entre.join(cases).replace("\n", " ").replace("\r", " ") for cases in tableau)
    collage = lire_un_collage(texte, PLAN)
    attendues = len(texte.split("\n")) - (not texte.split("\n")[-1])
    assert numeros(collage) == set(range(1, attendues + 1))
    assert all(ligne.montant > 0 and ligne.compte in PLAN for ligne in collage.lignes)
    assert all(ligne.raison.endswith(".") for ligne in (*collage.incompris, *collage.ignorees))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Assurance", "Bus", "Salaires", "CAF", "Cotisations", "Goûters"]),
            st.integers(1, 10**9).map(lambda centimes: Decimal(centimes).scaleb(-2)),
        ),
        max_size=10,
    )
)
def test_la_somme_collee_est_la_somme_lue(paires):
    texte = "\n".join(f"{nom}\t{montant:,.2f} €".replace(",", " ") for nom, montant in paires)
    collage = lire_un_collage(texte.replace(".", ","), PLAN)
    assert [ligne.montant for ligne in collage.lignes] == [montant for _, montant in paires]
