"""La loi du dépôt : chaque motif avec son cas, l'heure à la seconde, le récépissé, l'IBAN."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.enums import EtatDeCompte, Guichet
from parvis.dossiers.rules import depot as loi
from parvis.dossiers.rules.attestations import (
    attestations_a_signer,
    attestations_du_porteur,
    motifs_empechant_la_signature,
)
from parvis.dossiers.rules.compte_bancaire import (
    IbanIllisible,
    est_bancaire,
    lire_un_iban,
    masquer,
    motifs_empechant_de_confirmer,
    par_quatre,
)
from parvis.dossiers.rules.dossiers import echeance_du_rappel
from parvis.dossiers.rules.pieces import PIECES_PROPOSEES
from parvis.dossiers.rules.recepisse import ADMINISTRATIONS, apres_des_mois, recepisse
from parvis.organismes.enums import Nature
from tests.fabriques.depots import AUTRE_IBAN, IBAN

PARIS = ZoneInfo("Europe/Paris")
OUVRE = datetime(2027, 1, 4, 9, tzinfo=PARIS)
FERME = datetime(2027, 3, 1, 18, tzinfo=PARIS)


def phrases(motifs) -> list[str]:
    return [motif.phrase for motif in motifs]


def demande(**autres) -> loi.DemandeLue:
    champs = {
        "financeur": 1, "nom": "La Caisse", "guichet": Guichet.PLATEFORME, "saisie": "100",
        "a_un_montant": True,
    }  # fmt: skip
    return loi.DemandeLue(**(champs | autres))


@pytest.mark.parametrize(
    ("choisies", "attendu"),
    [
        ([], ["Choisissez au moins une fiche du contrat."]),
        (["1-1"], []),
        (["1-1", "9-9"], ["Cet appel ne porte pas sur : 9-9. Choisissez d’autres fiches."]),
    ],
)
def test_les_fiches(choisies, attendu):
    assert phrases(loi.motifs_des_fiches(choisies, ["1-1", "1-2"])) == attendu


@pytest.mark.parametrize(
    ("echelle", "communes", "quartiers", "hors", "attendu"),
    [
        ("", [], [], [], ["Dites où le projet se passe."]),
        ("agglomeration", [], [], [], []),
        ("communes", [], [], [], ["Choisissez au moins une commune."]),
        ("quartiers", [], [], [], ["Choisissez au moins un quartier."]),
        ("communes", ["94022"], [], ["Brest"], ["Brest n’est pas dans le territoire de ce contrat."]),
    ],
)  # fmt: skip
def test_les_lieux(echelle, communes, quartiers, hors, attendu):
    assert phrases(loi.motifs_des_lieux(echelle, communes, quartiers, hors)) == attendu


@pytest.mark.parametrize(
    ("demandes", "attendu"),
    [
        ([], "Demandez quelque chose à au moins un financeur de cet appel."),
        ([demande(guichet=Guichet.AILLEURS)], "Demandez quelque chose"),
        ([demande(a_un_montant=False, saisie="")], "La Caisse : dites combien vous demandez."),
        ([demande(a_un_montant=False, saisie="12 x")], "« 12 x » ne se calcule pas."),
        ([demande(montant_nul=True)], "La Caisse : le montant demandé est nul."),
        ([demande(financeur=7)], "La Caisse ne reçoit pas de demande par cet appel"),
    ],
)
def test_les_demandes(demandes, attendu):
    assert any(attendu in phrase for phrase in phrases(loi.motifs_des_demandes(demandes, {1})))
    assert loi.motifs_des_demandes([demande()], {1}) == []


def test_les_pieces_obligatoires_manquent_ou_ne_valent_plus():
    jour, hier = date(2027, 2, 1), date(2027, 1, 31)
    voulues = [
        loi.PieceVoulue("statuts", "Statuts", True),
        loi.PieceVoulue("pouvoir", "Pouvoir", False),
    ]
    manque = loi.motifs_des_pieces(voulues, {}, jour)
    assert [(m.phrase, m.champ) for m in manque] == [("Il manque : Statuts.", "statuts")]
    perime = loi.motifs_des_pieces(voulues, {"statuts": [hier]}, jour)
    assert phrases(perime) == ["Statuts : ce qui est joint ne vaut plus."]
    # Le dernier jour compte, et un seul fichier valable suffit.
    assert loi.motifs_des_pieces(voulues, {"statuts": [jour]}, jour) == []
    assert loi.motifs_des_pieces(voulues, {"statuts": [hier, None]}, jour) == []


def test_une_piece_facultative_perimee_avertit_sans_empecher():
    voulues = [loi.PieceVoulue("pouvoir", "Pouvoir", False)]
    fins = {"pouvoir": [date(2027, 1, 31)]}
    assert loi.motifs_des_pieces(voulues, fins, date(2027, 2, 1)) == []
    dits = loi.avertissements_des_pieces(voulues, fins, date(2027, 2, 1))
    assert phrases(dits) == ["Pouvoir : ce qui est joint ne vaut plus."]


@pytest.mark.parametrize(
    ("change", "attendu"),
    [
        ({}, ""),
        ({"nature": Nature.COLLECTIF}, "Un collectif sans personnalité morale"),
        ({"nature": Nature.COLLECTIF, "a_une_porteuse": True}, ""),
        ({"est_fini": True}, "Cet organisme a pris fin"),
        ({"est_confirme": False, "depose": False}, "attend d’être confirmé"),
        ({"depose": False}, "Un gestionnaire ou un signataire de l’organisme dépose"),
    ],
)
def test_le_porteur(change, attendu):
    faits = {
        "nature": Nature.ASSOCIATION, "a_une_porteuse": False, "est_fini": False,
        "est_confirme": True, "depose": True,
    }  # fmt: skip
    dits = phrases(loi.motifs_du_porteur(**(faits | change)))
    assert len(dits) == bool(attendu)
    assert all(attendu in dit for dit in dits)


@pytest.mark.parametrize(
    ("recu", "est_recu"),
    [
        (OUVRE - timedelta(microseconds=1), False),
        (OUVRE, True),
        (FERME, True),
        # La seconde de clôture compte jusqu'au bout.
        (FERME + timedelta(microseconds=999_999), True),
        (FERME + timedelta(seconds=1), False),
    ],
)
def test_l_heure_compte_a_la_seconde(recu, est_recu):
    motifs = loi.motif_de_l_heure(
        ouvre_le=OUVRE, ferme_le=FERME, recu_le=recu, ferme="à 18 h", recu="à 18 h 00 min 01 s"
    )
    assert (motifs == []) is est_recu
    if recu > FERME and motifs:
        assert "Reçu à 18 h 00 min 01 s. L’appel a fermé à 18 h" in motifs[0].phrase


@pytest.mark.parametrize(
    ("secondes", "dit"),
    [
        (-1, ""), (0, "0 min 00 s"), (65, "1 min 05 s"), (3 * 3600 + 120, "3 h 02 min"),
        (26 * 3600, "26 h 00 min"), (48 * 3600, "2 jours"), (12 * 86400, "12 jours"),
    ],
)  # fmt: skip
def test_le_temps_qui_reste_se_dit_de_plus_en_plus_fin(secondes, dit):
    assert loi.temps_restant(FERME, FERME - timedelta(seconds=secondes)) == dit


def test_un_retrait_dit_pourquoi():
    assert loi.motifs_sur_le_retrait(" … ")
    assert loi.motifs_sur_le_retrait("La salle a fermé.") == []


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 29), 2, date(2028, 2, 29)),
        (date(2027, 1, 15), 12, date(2028, 1, 15)),
    ],
)
def test_deux_mois_plus_tard(jour, mois, attendu):
    assert apres_des_mois(jour, mois) == attendu


@pytest.mark.parametrize("nature", Nature)
def test_le_recepisse_dit_ce_que_vaut_le_silence(nature):
    recu = recepisse(nature=nature, recu=date(2026, 12, 31), silence="28 février 2027")
    dit = " ".join(recu.paragraphes)
    assert recu.silence_le == date(2027, 2, 28)
    assert recu.est_legal is (nature in ADMINISTRATIONS)
    if recu.est_legal:
        for attendu in ("28 février 2027", "refusée", "L. 231-4", "tribunal administratif"):
            assert attendu in dit
    else:
        assert "n’est pas une administration" in dit and "L. 231-4" not in dit


def test_chacun_signe_selon_sa_nature():
    def codes(nature):
        return [texte.code for texte in attestations_du_porteur(nature)]

    assert "engagement_republicain" in codes(Nature.ASSOCIATION)
    assert "engagement_republicain" in codes(Nature.FONDATION)
    assert "engagement_republicain" not in codes(Nature.ENTREPRISE)
    assert codes(Nature.COMMUNE) == ["exactitude"]


def test_une_attestation_perimee_dit_pourquoi():
    textes = attestations_du_porteur(Nature.COMMUNE)
    assert attestations_a_signer(Nature.COMMUNE, {}, "e1") == [(textes[0], "n’est pas signée")]
    signee = {"exactitude": (textes[0].version, "e1")}
    assert attestations_a_signer(Nature.COMMUNE, signee, "e1") == []
    assert (
        "avant les derniers changements"
        in attestations_a_signer(Nature.COMMUNE, signee, "e2")[0][1]
    )
    ancien = {"exactitude": ("2019", "e1")}
    assert "nouveau texte" in attestations_a_signer(Nature.COMMUNE, ancien, "e1")[0][1]


def test_on_signe_avec_sa_fonction_et_sa_reponse():
    aides = next(t for t in attestations_du_porteur(Nature.ASSOCIATION) if t.precisions)
    motifs = motifs_empechant_la_signature(aides, precision="", fonction=" ")
    assert len(motifs) == 2 and "choisissez une réponse" in motifs[0]
    assert motifs_empechant_la_signature(aides, precision="au_plus", fonction="Maire") == []


@pytest.mark.parametrize(
    ("jours", "echeance"),
    [(30, None), (8, None), (7, 7), (3, 7), (2, 2), (1, 1), (0, 1), (-1, None)],
)
def test_le_rappel_du_jour(jours, echeance):
    assert echeance_du_rappel(jours) == echeance


@pytest.mark.parametrize("iban", [IBAN, AUTRE_IBAN, "de89 3704 0044 0532 0130 00"])
def test_un_iban_se_lit_avec_ou_sans_espaces(iban):
    lu = lire_un_iban(iban)
    assert lu == iban.replace(" ", "").upper()
    assert lire_un_iban(par_quatre(lu)) == lu


@pytest.mark.parametrize(
    ("iban", "attendu"),
    [
        ("", "Recopiez l’IBAN"),
        ("bonjour", "Ce n’est pas un IBAN"),
        ("FR76 3000 6000 0112 3456 7890 180", "faute de frappe"),
        ("FR76 3000 6000 0112 3456 7890", "27 signes ; celui-ci en a 24"),
    ],
)
def test_un_iban_faux_dit_quoi_faire(iban, attendu):
    with pytest.raises(IbanIllisible, match=attendu):
        lire_un_iban(iban)


@given(st.text(max_size=60))
def test_n_importe_quel_texte_se_lit_ou_se_refuse(texte):
    try:
        assert lire_un_iban(texte)
    except IbanIllisible as refus:
        assert str(refus)


def test_un_iban_masque_ne_dit_que_son_debut_et_sa_fin():
    assert masquer("FR7630006000011234567890189") == "FR76 •••• 0189"


def test_le_rib_se_reconnait_et_lui_seul():
    assert [p.cle for p in PIECES_PROPOSEES if est_bancaire(p.cle)] == ["rib"]
    assert est_bancaire("rib-2") and est_bancaire("releve-d-identite-bancaire")
    assert not est_bancaire("tribunal")


@pytest.mark.parametrize(
    ("faits", "peut"),
    [
        ({"signe": True}, True),
        ({"signe": True, "est_l_auteur": True}, False),
        ({"est_pilote": True}, True),
        ({"est_pilote": True, "un_autre_signe": True}, False),
        ({"est_pilote": True, "est_l_auteur": True}, False),
        ({}, False),
        ({"signe": True, "etat": EtatDeCompte.COURANT}, False),
        ({"signe": True, "etat": EtatDeCompte.ECARTE}, False),
    ],
)
def test_un_compte_se_confirme_a_deux(faits, peut):
    defaut = {
        "etat": EtatDeCompte.A_CONFIRMER, "est_l_auteur": False, "signe": False,
        "est_pilote": False, "un_autre_signe": False,
    }  # fmt: skip
    assert (motifs_empechant_de_confirmer(**(defaut | faits)) == []) is peut
