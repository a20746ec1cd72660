"""Le fichier des subventions : ce qui s'écrit suit la norme, ce qui ne la suit pas se voit et se dit."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from parvis.conventions.rules import scdl
from parvis.conventions.rules.scdl_colonnes import (
    COLONNES,
    COLONNES_DE_2018,
    NOMS,
    norme_de,
)
from parvis.conventions.rules.scdl_verification import ouvrir, valider
from tests.conventions.scdl import DONNEES, SCHEMA, de_colonnes, fautes

reference = [
    pytest.mark.reference,
    pytest.mark.skipif(not SCHEMA.exists(), reason="le schéma de la norme n’est pas là"),
]
VILLE = scdl.Organisation("Ville de Vitry", "21940081900013")
CLUB = scdl.Organisation("Club d’échecs", "", "W941234567")
JOUR = date(2026, 11, 27)


def subvention(**change) -> scdl.Subvention:
    faits = {
        "identifiant": "seine-2026-0042-7",
        "dossier": "seine-2026-0042",
        "attribuant": VILLE,
        "beneficiaire": CLUB,
        "exercice": 2026,
        "montant": Decimal("1200.50"),
        "objet": "Échecs au pied de l’immeuble",
        "votee_le": date(2026, 3, 1),
        "signee_le": date(2026, 4, 2),
    }
    return scdl.Subvention(**faits | change)


def lire(octets: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(octets.decode(), newline="")))


def fautes_du_fichier(texte: str, **options) -> set[tuple[int, str]]:
    fichier = ouvrir(texte, **options)
    erreurs = valider(fichier.entete, fichier.lignes, norme_de(fichier.entete))
    return {(erreur.ligne, erreur.colonne) for erreur in erreurs}


def test_une_ligne_dit_ce_qu_elle_doit():
    (ligne,) = lire(scdl.ecrire([subvention()], JOUR))
    assert list(ligne) == list(NOMS) and len(ligne) == 40
    assert ligne["montant"] == "1200.50"
    assert ligne["statutLabel"] == "attribuée"
    assert ligne["dateConvention"] == "2026-04-02" and ligne["dateDecision"] == "2026-03-01"
    assert ligne["idBeneficiaire"] == "" and ligne["rnaBeneficiaire"] == "W941234567"
    assert ligne["conditionsVersement"] == "unique"
    assert ligne["datesPeriodeVersement"] == "2026-04-02/2026-12-31"
    assert ligne["pluriannualite"] == "non" and ligne["cofinancement"] == "non"
    # Ce que la plateforme ne montre pas au public n'est pas dans un fichier public.
    for reserve in ("montantDemande", "dateCreation", "dateDebut", "dateFin", "evaluation"):
        assert ligne[reserve] == ""


@pytest.mark.parametrize(
    ("versements", "condition", "periode"),
    [
        (scdl.Versements(1, (date(2026, 5, 4),)), "unique", "2026-05-04"),
        (
            scdl.Versements(2, (date(2026, 9, 1), date(2026, 5, 4))),
            "échelonné",
            "2026-05-04/2026-09-01",
        ),
        (scdl.Versements(2, (date(2026, 5, 4),)), "échelonné", "2026-04-02/2026-12-31"),
        (scdl.Versements(2), "échelonné", "2026-04-02/2026-12-31"),
    ],
)
def test_les_versements_et_leur_periode(versements, condition, periode):
    (ligne,) = lire(scdl.ecrire([subvention(versements=versements)], JOUR))
    assert (ligne["conditionsVersement"], ligne["datesPeriodeVersement"]) == (condition, periode)


def test_un_acte_signe_apres_l_exercice_garde_une_periode_dans_l_ordre():
    assert scdl.periode(subvention(signee_le=date(2027, 2, 1)), "unique") == "2027-02-01"


def test_plusieurs_annees_et_plusieurs_financeurs():
    (ligne,) = lire(
        scdl.ecrire([subvention(annees=(2027, 2026), cofinanceurs=("CAF", "État"))], JOUR)
    )
    assert (ligne["pluriannualite"], ligne["anneesPluriannualite"]) == ("oui", "2026 - 2027")
    assert (ligne["cofinancement"], ligne["attribuantsCofinanceurs"]) == ("oui", "CAF, État")


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"attribuant": scdl.Organisation("Ville")}, "n’a pas de Siret"),
        ({"attribuant": scdl.Organisation("Ville", "21860194600000")}, "n’a pas de Siret"),
        ({"beneficiaire": scdl.Organisation("Club")}, "ni Siret, ni numéro RNA"),
        ({"beneficiaire": scdl.Organisation("Club", "", "W2A1234567")}, "n’admet pas les lettres"),
        ({"signee_le": None}, "Aucun acte notifié"),
        ({"signee_le": None, "est_d_ailleurs": True}, "autre portail"),
    ],
)
def test_ce_qui_manque_se_dit(change, dit):
    (manque,) = scdl.manques(subvention(**change))
    assert dit in manque


def test_rien_ne_manque_a_une_ligne_entiere():
    assert scdl.manques(subvention()) == []


def test_une_amorce_de_formule_reste_un_texte():
    (ligne,) = lire(scdl.ecrire([subvention(objet="=1+1", reference="@a")], JOUR))
    assert (ligne["objet"], ligne["referenceDecision"]) == ("'=1+1", "'@a")


def test_un_objet_trop_long_se_coupe_entre_deux_mots():
    titre = "mot " * 80
    assert scdl.objet(titre) == ("mot " * 64).strip()
    assert scdl.objet("x" * 300) == "x" * 256
    assert scdl.objet("court") == "court"


_MOTS = st.text("abcé=+@-,\"'\n éàZ;", min_size=1, max_size=300).filter(
    lambda texte: bool(texte.strip())
)
_JOURS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
SUBVENTIONS = st.builds(
    scdl.Subvention,
    identifiant=_MOTS,
    dossier=_MOTS,
    attribuant=st.builds(scdl.Organisation, _MOTS, st.just(VILLE.siret)),
    beneficiaire=st.one_of(
        st.builds(scdl.Organisation, _MOTS, st.just("52499120500013")),
        st.builds(scdl.Organisation, _MOTS, st.just(""), st.just("W941234567")),
        st.builds(scdl.Organisation, _MOTS, st.just("52499120500013"), st.just("W2A1234567")),
    ),
    exercice=st.integers(2015, 2040),
    montant=st.decimals(Decimal("0.01"), Decimal("99999999.99"), places=2),
    objet=_MOTS,
    votee_le=_JOURS,
    est_en_nature=st.booleans(),
    signee_le=_JOURS,
    reference=st.one_of(st.just(""), _MOTS),
    annees=st.lists(st.integers(2015, 2030), max_size=4, unique=True).map(tuple),
    cofinanceurs=st.lists(_MOTS, max_size=3).map(tuple),
    versements=st.builds(
        scdl.Versements, st.integers(0, 5), st.lists(_JOURS, max_size=4).map(tuple)
    ),
    est_d_ailleurs=st.booleans(),
)


@given(st.lists(SUBVENTIONS, max_size=4))
def test_tout_ce_qui_s_ecrit_suit_la_norme(subventions):
    assert all(scdl.manques(s) == [] for s in subventions)
    octets = scdl.ecrire(subventions, JOUR)
    assert fautes_du_fichier(octets.decode()) == set()
    for lue, s in zip(lire(octets), subventions, strict=True):
        assert Decimal(lue["montant"]) == s.montant
        debut, _, fin = lue["datesPeriodeVersement"].partition("/")
        assert debut <= (fin or debut)


def test_chaque_faute_se_nomme():
    (bonne,) = csv.reader([scdl.ecrire([subvention()], JOUR).decode().splitlines()[1]])
    fautives = {
        "idAttribuant": "21860194600000",
        "dateConvention": "05/12/2016",
        "dateDecision": "2016-02-30",
        "montant": "100000,1",
        "nature": "de l’argent",
        "rnaBeneficiaire": "W3222",
        "datesPeriodeVersement": "2017-06-27_2018-06-27",
        "notificationUE": "yes",
        "pourcentageSubvention": "100",
        "exerciceBudgetaire": "2016.0",
        "objet": "x" * 257,
        "descriptionConditionsVersement": "",
        "statutLabel": "en cours d'instruction",
        "idRAE": "123456",
    }
    ligne = [fautives.get(nom, valeur) for nom, valeur in zip(NOMS, bonne, strict=True)]
    erreurs = valider(NOMS, [(2, ligne)], COLONNES)
    assert {erreur.colonne for erreur in erreurs} == set(fautives)
    assert all(
        str(erreur).startswith(f"Ligne 2, colonne {erreur.colonne} : ") for erreur in erreurs
    )


def test_un_beneficiaire_sans_numero_et_une_ligne_trop_courte():
    (bonne,) = csv.reader([scdl.ecrire([subvention()], JOUR).decode().splitlines()[1]])
    sans = ["" if nom == "rnaBeneficiaire" else v for nom, v in zip(NOMS, bonne, strict=True)]
    erreurs = valider(NOMS, [(2, sans), (3, bonne[:5])], COLONNES)
    assert [(e.ligne, e.colonne) for e in erreurs] == [(2, "idBeneficiaire"), (3, "")]


def test_un_en_tete_faux_se_nomme():
    erreurs = valider(("objet", "objet", "montantVersé"), [], COLONNES_DE_2018)
    dites = {erreur.colonne: erreur.dit for erreur in erreurs}
    assert "deux fois" in dites["objet"] and "ne connaît pas" in dites["montantVersé"]
    assert dites["nomAttribuant"] == "cette colonne manque."


def test_la_ligne_nommee_est_celle_du_fichier():
    texte = 'objet,montant\n"deux\nlignes",1\n\nx,deux\n'
    fichier = ouvrir(texte)
    erreurs = [
        e for e in valider(fichier.entete, fichier.lignes, COLONNES) if e.colonne == "montant"
    ]
    assert [e.ligne for e in erreurs] == [5]


@pytest.fixture
def en_2018(tmp_path):
    """Écrit un fichier de la forme de 2018, juste mais pour sa période."""
    noms = [colonne.nom for colonne in COLONNES_DE_2018]
    valeurs = {
        "nomAttribuant": "Ville",
        "idAttribuant": VILLE.siret,
        "dateConvention": "2018-01-02",
        "nomBeneficiaire": "Club",
        "rnaBeneficiaire": "W941234567",
        "objet": "Échecs, dames",
        "montant": "12.5",
        "nature": "aide en numéraire",
        "conditionsVersement": "unique",
        "datesPeriodeVersement": "2018-01-02_2018-12-31",
        "notificationUE": "non",
        "pourcentageSubvention": "1",
    }
    sortie = io.StringIO(newline="")
    csv.writer(sortie).writerows([noms, [valeurs.get(nom, "") for nom in noms]])
    chemin = tmp_path / "subventions.csv"
    chemin.write_text("\ufeff" + sortie.getvalue(), encoding="utf-8")
    return chemin


def test_la_commande_nomme_chaque_faute(en_2018, capsys):
    with pytest.raises(CommandError, match="1 faute"):
        call_command("verifier_scdl", str(en_2018))
    assert "Ligne 2, colonne datesPeriodeVersement : « 2018-01-02_2018-12-31 »" in (
        capsys.readouterr().err
    )


def test_la_commande_lit_la_forme_de_2018(en_2018, capsys):
    call_command("verifier_scdl", str(en_2018), "--accepter-2018")
    assert "suit la norme (la forme de 2018)" in capsys.readouterr().out


def test_la_commande_dit_ce_qui_ne_se_lit_pas(tmp_path):
    chemin = tmp_path / "latin.csv"
    chemin.write_bytes("é".encode("latin-1"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("verifier_scdl", str(chemin))
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("verifier_scdl", str(tmp_path / "absent.csv"))


VALEURS = st.sampled_from(
    [
        *("", "oui", "non", "1", "0.5", "0,5", "100", "-3", "2026", "2026-01-02", "2026-13-01"),
        *("2026-01-02/2026-03-04", "2026-01-02_2026-03-04", VILLE.siret, "21860194600000"),
        *("W941234567", "W9412", "aide en numéraire", "unique", "autre", "attribuée", "x" * 257),
        *("218601946", "abc", "aide en nature;aide en numéraire", "12.", ".5", "1e3", " 1"),
        *("１２３", "2026-1-2", "00000000000000"),
    ]
)


@given(st.lists(st.lists(VALEURS, min_size=40, max_size=40), max_size=3))
def test_la_seconde_lecture_juge_comme_nous(lignes):
    juge = valider(NOMS, list(enumerate(lignes, 2)), COLONNES)
    assert {(e.ligne, e.colonne) for e in juge} == fautes(de_colonnes(COLONNES), list(NOMS), lignes)


class TestReference:
    """Le vrai schéma et ses deux exemples, s'ils sont là ; le jumeau est au-dessus."""

    pytestmark = reference

    @pytest.fixture
    def schema(self):
        return json.loads(SCHEMA.read_text(encoding="utf-8"))

    def test_nos_colonnes_sont_celles_du_schema(self, schema):
        assert [champ["name"] for champ in schema["fields"]] == list(NOMS)
        notres = {champ["name"]: champ for champ in de_colonnes(COLONNES)["fields"]}
        for champ in schema["fields"]:
            contraintes = {"required": False} | (champ.get("constraints") or {})
            if "pattern" in contraintes:
                contraintes["pattern"] = (
                    contraintes["pattern"].replace(r"\-", "-").replace(r"\/", "/")
                )
            assert notres[champ["name"]]["type"] == champ["type"]
            siennes = notres[champ["name"]]["constraints"]
            assert {k: str(v) for k, v in siennes.items()} == {
                k: str(v) for k, v in contraintes.items()
            }

    @pytest.mark.parametrize("nom", ["valide", "invalide"])
    def test_les_deux_exemples_comme_le_schema(self, schema, nom):
        texte = (DONNEES / f"scdl_subventions_exemple_{nom}.csv").read_text(encoding="utf-8")
        entete, *lignes = list(csv.reader(io.StringIO(texte)))
        attendues = fautes(schema, entete, lignes)
        # Le schéma d'aujourd'hui n'exige plus le montant ; la forme de 2018, si.
        place = entete.index("montant")
        attendues |= {(n, "montant") for n, li in enumerate(lignes, 2) if not li[place]}
        assert fautes_du_fichier(texte) == attendues
        assert bool(attendues) == (nom == "invalide")

    def test_les_cellules_fausses_de_l_exemple_sont_celles_la(self):
        texte = (DONNEES / "scdl_subventions_exemple_invalide.csv").read_text(encoding="utf-8")
        hors_des_cles = {
            (ligne, colonne)
            for ligne, colonne in fautes_du_fichier(texte)
            if colonne not in ("idAttribuant", "idBeneficiaire")
        }
        assert hors_des_cles == {
            *((2, "conditionsVersement"), (2, "pourcentageSubvention")),
            *((3, "pourcentageSubvention"), (4, "pourcentageSubvention")),
            *((5, "dateConvention"), (5, "rnaBeneficiaire")),
            *((6, "montant"), (6, "notificationUE")),
            *((8, "datesPeriodeVersement"), (8, "notificationUE")),
            *((9, "pourcentageSubvention"), (10, "montant"), (12, "rnaBeneficiaire")),
            *((16, "nature"), (30, "rnaBeneficiaire")),
        }

    @given(st.lists(SUBVENTIONS, max_size=3))
    def test_ce_qui_s_ecrit_suit_le_schema(self, subventions):
        entete, *lignes = list(
            csv.reader(io.StringIO(scdl.ecrire(subventions, JOUR).decode(), newline=""))
        )
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        assert fautes(schema, entete, lignes) == set()
