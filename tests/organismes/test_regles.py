"""Les règles des organismes : numéros, natures, noms, ressemblances. Sans base."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from parvis.organismes.enums import Nature
from parvis.organismes.queries import formes_juridiques
from parvis.organismes.rules import doublons, natures, noms, numeros, vie
from parvis.organismes.rules.doublons import Identite, raisons_de_doublon, ressemblance
from parvis.organismes.rules.numeros import (
    NumeroInvalide,
    normaliser_rna,
    normaliser_siren,
    normaliser_siret,
)

SIREN, SIRET = "219400413", "21940041300019"
INSECABLE, FINE = "\u00a0", "\u202f"


def avec_cle(debut: str) -> str:
    return debut + luhn.calc_check_digit(debut)


def test_les_separateurs_de_toute_sorte_sont_acceptes():
    for separe in (
        f"219{INSECABLE}400{FINE}413",
        " 219.400.413 ",
        "219-400-413",
        "\ufeff219400413",
    ):
        assert normaliser_siren(separe) == SIREN
    assert normaliser_siret("219 400 413 " + avec_cle("2194004130001")[9:]) == avec_cle(
        "2194004130001"
    )
    assert normaliser_rna(" w 2a1.000 123 ") == "W2A1000123"


@pytest.mark.parametrize("normaliser", [normaliser_siren, normaliser_siret, normaliser_rna])
def test_un_numero_absent_est_une_chaine_vide(normaliser):
    assert normaliser("") == normaliser(f" {INSECABLE} ") == ""


@pytest.mark.parametrize(
    ("normaliser", "texte", "phrase"),
    [
        (normaliser_siren, "219400414", "clé de contrôle"),
        (normaliser_siren, "21940041", "a 9 chiffres ; celui-ci en a 8"),
        (normaliser_siren, avec_cle("2194004130001"), "C’est peut-être un Siret"),
        (normaliser_siren, "21940041O", "que des chiffres"),
        (normaliser_siren, "٢١٩٤٠٠٤١٣", "que des chiffres"),
        (normaliser_siren, "000 000 000", "que de zéros"),
        (normaliser_siret, SIREN, "C’est peut-être un Siren"),
        (normaliser_siret, "219400414" + "00019", "9 premiers chiffres"),
        (normaliser_siret, SIREN + "00018", "5 derniers chiffres"),
        (normaliser_rna, "941000123", "commence par la lettre W"),
        (normaliser_rna, "W94100012", "celui-ci en a 8"),
        (normaliser_rna, "W94100012A", "finit par 6 chiffres"),
        (normaliser_rna, "volume 12 folio 34", "Alsace-Moselle"),
    ],
)
def test_un_numero_faux_dit_quelle_partie(normaliser, texte, phrase):
    with pytest.raises(NumeroInvalide, match=phrase):
        normaliser(texte)


def test_la_poste_a_sa_propre_cle():
    # Les établissements de La Poste : la somme des chiffres est un multiple de cinq.
    assert normaliser_siret("35600000049837") == "35600000049837"
    with pytest.raises(NumeroInvalide, match="5 derniers"):
        normaliser_siret("35600000049838")


@given(st.from_regex(r"[0-9]{8}", fullmatch=True).filter(lambda d: d.strip("0")))
def test_un_chiffre_change_se_voit_toujours(debut):
    juste = avec_cle(debut)
    assert normaliser_siren(numeros.ecrire_numero(juste)) == juste
    for place, chiffre in enumerate(juste):
        faux = juste[:place] + str((int(chiffre) + 1) % 10) + juste[place + 1 :]
        if faux.strip("0"):
            with pytest.raises(NumeroInvalide):
                normaliser_siren(faux)


@given(st.text(max_size=40))
def test_un_texte_quelconque_est_lu_ou_refuse_en_une_phrase(texte):
    for normaliser in (normaliser_siren, normaliser_siret, normaliser_rna):
        try:
            lu = normaliser(texte)
        except NumeroInvalide as refus:
            assert str(refus).endswith(".")
        else:
            assert lu == normaliser(lu)
            assert len(lu) in (0, 9, 10, 14)


@pytest.mark.parametrize(
    ("texte", "champ", "debut"),
    [
        ("219 400 413", "siren", SIREN),
        ("21940", "siren", "21940"),
        ("219 400 413 000", "siret", "219400413000"),
        ("w941 0001", "rna", "W9410001"),
        ("W2A1000123", "rna", "W2A1000123"),
    ],
)
def test_un_numero_commence_se_reconnait(texte, champ, debut):
    assert numeros.numero_cherche(texte) == numeros.NumeroCherche(champ, debut)


@pytest.mark.parametrize("texte", ["FACE 94", "9420", "W", "les 400 coups", "123456789012345"])
def test_un_nom_n_est_pas_un_numero(texte):
    assert numeros.numero_cherche(texte) is None


def test_la_forme_juridique_dit_la_nature_ou_se_tait():
    assert natures.forme_vers_nature("9220") == Nature.ASSOCIATION
    assert natures.forme_vers_nature("7210") == Nature.COMMUNE
    assert natures.forme_vers_nature("7389") == Nature.ETABLISSEMENT_PUBLIC
    assert natures.forme_vers_nature("5710") == Nature.ENTREPRISE
    for inconnue in ("", "92", "3120", "x" * 4):
        assert natures.forme_vers_nature(inconnue) == ""


def test_chaque_code_de_la_table_est_dans_la_nomenclature_livree():
    formes = formes_juridiques()
    assert set(natures.NATURE_DES_FORMES) <= set(formes)
    assert all(len(code) == 4 and libelle for code, libelle in formes.items())
    assert formes["9260"].startswith("Association de droit local")


def test_les_natures_publiques_sont_toutes_les_autres_que_privees():
    privees = set(Nature) - natures.NATURES_PUBLIQUES
    assert privees == {
        Nature.ASSOCIATION,
        Nature.FONDATION,
        Nature.ENTREPRISE,
        Nature.COLLECTIF,
    }


def test_le_noyau_oublie_la_forme_mais_jamais_tout():
    assert noms.noyau(noms.cle("Association « Les Jardins du Verger »")) == "jardins verger"
    assert noms.noyau(noms.cle("L’Association")) == "l association"


@pytest.mark.parametrize(
    ("a", "b", "raison"),
    [
        (Identite("A", siren=SIREN), Identite("B", siren=SIREN, siret=SIRET), "Même numéro Siren"),
        (Identite("A", rna="W941000001"), Identite("B", rna="W941000001"), "RNA"),
        (Identite("Les Jardins du Verger"), Identite("Assoc. JARDINS DU VERGER"), "Même nom"),
        (Identite("CAF"), Identite("Caisse des familles", alias=("Caf",)), "porte un nom"),
        (
            Identite("Amicale des locataires Gagarine", siege="94041"),
            Identite("Amicale des locatères Gagarine", siege="94041"),
            "Noms proches",
        ),
        (
            Identite("Vélo Port", courriel="a@b.example", siege="1"),
            Identite("Atelier", courriel="A@b.example", siege="1"),
            "Même courriel",
        ),
    ],
)
def test_ce_qui_fait_proposer_un_doublon(a, b, raison):
    assert any(raison in phrase for phrase in raisons_de_doublon(a, b))
    assert ressemblance(a, b).score == ressemblance(b, a).score


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # Deux établissements du même organisme.
        (Identite("A", siren=SIREN, siret=SIRET), Identite("B", siren=SIREN, siret="2" * 14)),
        # Le même nom dans deux villes.
        (Identite("Régie", siege="1"), Identite("Régie", siege="2")),
        # Le même nom et deux Siren.
        (Identite("Régie", siren="1" * 9), Identite("Régie", siren="2" * 9)),
        # Le Conseil départemental de l'accès au droit n'est pas le Conseil départemental.
        (
            Identite("Conseil départemental"),
            Identite("Conseil départemental de l'accès au droit"),
        ),
        (Identite("FACE 94", siege="1"), Identite("FACE 95", siege="2")),
        (Identite("Commune d'Ivry", nature="commune", siege="1"), Identite("Régie", siege="1")),
    ],
)
def test_ce_qui_ne_fait_pas_un_doublon(a, b):
    assert raisons_de_doublon(a, b) == []


def test_un_sigle_commun_ne_suffit_pas_et_pese_pourtant():
    a, b = Identite("Un", sigle="ALV", siege="1"), Identite("Deux", sigle="Alv", siege="1")
    assert 0 < ressemblance(a, b).score < doublons.SEUIL


def test_les_paires_a_comparer_ne_sont_pas_toutes_les_paires():
    nombre = doublons.TROP_PARTAGE + 1
    identites = {n: Identite(f"Amicale {n:03d}x", siege="1") for n in range(nombre)}
    identites |= {1000: Identite("Jardins"), 1001: Identite("Asso Jardins")}
    assert list(doublons.paires_a_comparer(identites)) == [(1000, 1001)]


def test_une_fusion_dit_toutes_ses_raisons_de_refus():
    motifs = vie.motifs_empechant_la_fusion(
        doublon="A",
        garde="B",
        est_le_meme=False,
        doublon_est_reuni=True,
        garde_est_reuni=True,
        absorbes=["C"],
        raisons=[" "],
    )
    assert len(motifs) == 4
