"""Les sections : ce qu'on saisit se relit pareil, et chaque longueur est celle de la base."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.cadre import models as m
from parvis.cadre.sections import (
    SECTIONS,
    dire_un_nombre,
    empreinte,
    en_texte,
    garder,
    lire_la_saisie,
)

TOUTES = [s for sections in SECTIONS.values() for s in sections]
FICHE = {s.code: s for s in SECTIONS["fiche"]}
# D'où vient, en base, chaque champ d'une section.
MODELES = {
    "contrat": m.Edition,
    "mots": m.Edition,
    "hors_contrat": m.SujetHorsContrat,
    "pilier": m.Pilier,
    "enjeu": m.Enjeu,
    "titre": m.VersionDeFiche,
    "financeurs": m.PartenaireDeFiche,
    "operateurs": m.PartenaireDeFiche,
    "dispositifs": m.DispositifDeFiche,
    "publics": m.PublicDeFiche,
    "lieux": m.LieuDeFiche,
    "constats": m.Constat,
    "renvois": m.Renvoi,
}
AUTREMENT = {"nom": m.Partenaire, "parent": m.Partenaire, "porteur": m.Partenaire}
TEXTES = st.text(max_size=40)


def _saisie(section, textes):
    return {champ.code: texte for champ, texte in zip(section.champs, textes, strict=False)}


def _en_saisie(section, ligne):
    """Rend une valeur telle qu'un formulaire la montre, puis la renvoie."""
    rendue = {}
    for champ in section.champs:
        valeur = ligne[champ.code]
        if isinstance(valeur, float):
            valeur = dire_un_nombre(valeur)
        rendue[champ.code] = "" if valeur is None else str(valeur)
    return rendue


@pytest.mark.parametrize("section", TOUTES, ids=lambda s: s.code)
@given(textes=st.lists(TEXTES, min_size=6, max_size=6))
def test_ce_qui_est_lu_se_relit_pareil(section, textes):
    saisie = _saisie(section, textes)
    une = [saisie] if section.est_liste else saisie
    valeur, fautes = lire_la_saisie(section, une)
    if fautes:
        assert all(faute.phrase for faute in fautes)
        return
    lignes = valeur if section.est_liste else [valeur]
    encore = [_en_saisie(section, ligne) for ligne in lignes]
    relue, fautes = lire_la_saisie(section, encore if section.est_liste else encore[0])
    assert (relue, fautes) == (valeur, [])
    assert isinstance(en_texte(section, valeur), str)


@given(st.lists(st.lists(TEXTES, min_size=6, max_size=6), max_size=4))
def test_toute_saisie_rend_une_valeur_et_des_phrases(lignes):
    for section in TOUTES:
        if section.est_liste:
            valeur, fautes = lire_la_saisie(section, [_saisie(section, x) for x in lignes])
            assert len(valeur) <= len(lignes)
            assert all(f.ligne is None or f.ligne < len(lignes) for f in fautes)
            assert garder(section, valeur, valeur) == garder(section, [], valeur)


@pytest.mark.parametrize("section", [s for s in TOUTES if s.code in MODELES], ids=lambda s: s.code)
def test_chaque_longueur_est_celle_de_la_base(section):
    for champ in section.champs:
        modele = AUTREMENT.get(champ.code, MODELES[section.code])
        if champ.code == "nom" and section.code == "dispositifs":
            modele = m.Dispositif
        nom = "nom" if champ.code in AUTREMENT else champ.code
        if champ.sorte != "ligne" or nom not in {f.name for f in modele._meta.get_fields()}:
            continue
        colonne = modele._meta.get_field(nom)
        if getattr(colonne, "max_length", None):
            assert champ.longueur == colonne.max_length, champ.code


def lit(code, *lignes):
    return lire_la_saisie(FICHE[code], list(lignes))


def test_deux_constats_peuvent_dire_la_meme_chose_et_garder_ce_que_chacun_sait():
    """Un même constat chiffré pour deux lieux : chacun retrouve sa ligne."""
    avant = [
        {"texte": "Le logement", "valeur": v, "unite": "", "annee": None, "territoire": t}
        | {"source": "", "nature": n}
        for v, t, n in ((30, "Ivry", "a"), (40, "Vitry", "b"))
    ]
    section = replace(FICHE["constats"], gardes={"nature": ""})
    valeur, fautes = lire_la_saisie(section, [_en_saisie(section, x) for x in reversed(avant)])
    assert fautes == []
    assert [ligne["nature"] for ligne in garder(section, avant, valeur)] == ["b", "a"]


def test_un_partenaire_ne_se_dit_qu_une_fois():
    _, (faute,) = lit("financeurs", {"nom": "Région"}, {"nom": "RÉGION"})
    assert (faute.ligne, faute.champ) == (1, "nom")
    assert "est déjà plus haut" in faute.phrase


def test_une_ligne_renommee_puis_retablie_retrouve_ce_qu_on_en_savait():
    premiere = [{"nom": "Agence du Verger", "imprime": "L'Agence"}]
    valeur, _ = lit("financeurs", {"nom": "Agence du Verger"})
    (ligne,) = garder(FICHE["financeurs"], [{"nom": "Autre"}], valeur, premiere)
    assert ligne["imprime"] == "L'Agence"
    (sans,) = garder(FICHE["financeurs"], [{"nom": "Autre"}], valeur)
    assert sans["imprime"] == ""


@pytest.mark.parametrize(
    ("saisi", "lu"), [("31/12/2026", "2026-12-31"), ("1/7/2026", "2026-07-01"), ("", None)]
)
def test_un_jour_se_saisit_comme_il_se_dit(saisi, lu):
    contrat = {s.code: s for s in SECTIONS["contrat"]}["contrat"]
    saisie = {"titre": "Contrat", "debut": "2015", "fin": "2020", "prolonge_au": saisi}
    valeur, fautes = lire_la_saisie(contrat, saisie)
    assert (valeur["prolonge_au"] or None, fautes) == (lu, [])


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"fin": "2014"}, "fin"),
        ({"prolonge_au": "31/12/2019"}, "prolonge_au"),
        ({"prolonge_au": "31/02/2021"}, "prolonge_au"),
        ({"debut": "02015"}, "debut"),
        ({"titre": "—"}, "titre"),
    ],
)
def test_une_periode_impossible_se_dit_a_son_champ(change, champ):
    contrat = {s.code: s for s in SECTIONS["contrat"]}["contrat"]
    saisie = {"titre": "Contrat", "debut": "2015", "fin": "2020", "prolonge_au": ""}
    _, (faute,) = lire_la_saisie(contrat, saisie | change)
    assert faute.champ == champ


@given(st.decimals(-(10**9), 10**9, places=2))
def test_un_nombre_se_dit_sans_arrondi(nombre):
    assert Decimal(dire_un_nombre(float(nombre)).replace(",", ".")) == nombre


def test_l_empreinte_ne_depend_pas_de_l_ordre_des_cles():
    assert empreinte({"a": 1, "b": 2}) == empreinte({"b": 2, "a": 1})
    assert empreinte([{"a": 1}]) != empreinte([{"a": 2}])


def test_un_texte_perd_ses_espaces_et_ses_signes_caches():
    saisie = {"descriptif": "  Semer\u200b \r\n\r\n\r\n\r\ntôt  "}
    assert lire_la_saisie(FICHE["descriptif"], saisie) == ({"descriptif": "Semer\n\ntôt"}, [])


def test_une_valeur_se_lit_comme_une_phrase():
    ligne = {"nom": "CAF", "condition": "familiaux", "degre": "possible", "parent": ""}
    assert (
        en_texte(FICHE["financeurs"], [ligne]) == "CAF · condition : familiaux · degré : possible"
    )
    constat = {"texte": "Peu de haies.", "valeur": 2.5, "unite": "km", "annee": 2026}
    constat |= {"territoire": "", "source": ""}
    attendu = "Peu de haies. · valeur : 2,5 · unité : km · année : 2026"
    assert en_texte(FICHE["constats"], [constat]) == attendu
    titre = {"titre": "Semer", "echelle": "communes"}
    assert en_texte(FICHE["titre"], titre) == "Titre : Semer\nÉchelle de pilotage : Communes"


def test_une_date_se_lit_en_francais():
    section = {s.code: s for s in SECTIONS["contrat"]}["contrat"]
    contrat = {"titre": "Contrat", "territoire": "", "debut": 2015, "fin": 2020}
    texte = en_texte(section, contrat | {"prolonge_au": "2023-12-31"})
    assert texte.endswith("Dernière année : 2020\nProlongé jusqu’au : 31 décembre 2023")
