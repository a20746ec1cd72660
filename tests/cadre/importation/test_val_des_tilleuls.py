"""Le Val-des-Tilleuls porte tous les pièges d'un contrat publié ; sa vérité est écrite à la main."""

import json

import pytest

from parvis.cadre.importation.structure import en_dict, en_json


def _fiches_attendues(verite):
    return [f for p in verite["piliers"] for e in p["enjeux"] for f in e["fiches"]]


def _fiches_par_numero(contrat):
    return {fiche.numero: fiche for fiche in contrat.fiches}


def _champs(objets, attendus):
    """Rend les objets lus réduits aux champs que la vérité donne."""
    noms = list(attendus[0]) if attendus else []
    return (
        [{nom: en_dict(getattr(objet, nom)) for nom in noms} for objet in objets]
        if noms
        else list(objets)
    )


def test_en_tete(tilleuls, verite):
    assert tilleuls.titre == verite["titre"]
    assert tilleuls.territoire == verite["territoire"]
    assert list(tilleuls.periode) == verite["periode"]
    assert "intervention intercommunale" in tilleuls.preambule


def test_plan(tilleuls, verite):
    lu = [
        (
            p.titre,
            p.ligne,
            [(e.numero, e.titre, e.ligne, [f.numero for f in e.fiches]) for e in p.enjeux],
        )
        for p in tilleuls.piliers
    ]
    attendu = [
        (
            p["titre"],
            p["ligne"],
            [
                (e["numero"], e["titre"], e["ligne"], [f["numero"] for f in e["fiches"]])
                for e in p["enjeux"]
            ],
        )
        for p in verite["piliers"]
    ]
    assert lu == attendu


def test_titres_et_echelles(tilleuls, verite):
    lu = [(f.numero, f.titre, f.ligne, f.echelle) for f in tilleuls.fiches]
    assert lu == [
        (f["numero"], f["titre"], f["ligne"], f["echelle"]) for f in _fiches_attendues(verite)
    ]


@pytest.mark.parametrize("role", ["financeurs", "operateurs"])
def test_partenaires(tilleuls, verite, role):
    lues = _fiches_par_numero(tilleuls)
    for attendue in _fiches_attendues(verite):
        assert _champs(getattr(lues[attendue["numero"]], role), attendue[role]) == attendue[role]


def test_dispositifs(tilleuls, verite):
    lues = _fiches_par_numero(tilleuls)
    for attendue in _fiches_attendues(verite):
        lus = _champs(lues[attendue["numero"]].dispositifs, attendue["dispositifs"])
        assert lus == attendue["dispositifs"]


def test_types_d_action(tilleuls, verite):
    lues = _fiches_par_numero(tilleuls)
    for attendue in _fiches_attendues(verite):
        lus = _champs(lues[attendue["numero"]].types_d_action, attendue["types_d_action"])
        assert lus == attendue["types_d_action"]


def test_confiances_selon_la_forme(tilleuls):
    bornes = {"liste": (0.9, 1.0), "prose": (0.4, 0.75), "titre": (0.3, 0.5)}
    for fiche in tilleuls.fiches:
        for type_ in fiche.types_d_action:
            bas, haut = bornes[type_.forme]
            assert bas <= type_.confiance <= haut


def test_lieux_publics_et_constats(tilleuls, verite):
    lues = _fiches_par_numero(tilleuls)
    for attendue in _fiches_attendues(verite):
        lue = lues[attendue["numero"]]
        assert _champs(lue.lieux, attendue["lieux"]) == attendue["lieux"]
        assert [p.code for p in lue.publics] == attendue["publics"]
        assert all(p.preuve in f"{lue.titre}\n{lue.descriptif}" for p in lue.publics)
        assert _champs(lue.constats, attendue["constats"]) == attendue["constats"]


def test_renvois(tilleuls, verite):
    lus = {f.numero: f.renvois for f in tilleuls.fiches} | {
        e.numero: e.renvois for e in tilleuls.enjeux
    }
    attendus = {f["numero"]: f["renvois"] for f in _fiches_attendues(verite)}
    attendus |= {e["numero"]: e["renvois"] for p in verite["piliers"] for e in p["enjeux"]}
    for cle, renvois in attendus.items():
        obtenus = [
            {"cible": r.cible, "nature": r.nature, "douteux": bool(r.anomalie)} for r in lus[cle]
        ]
        assert obtenus == renvois


def test_introductions(tilleuls, verite):
    attendues = {e["numero"]: e["introduction"] for p in verite["piliers"] for e in p["enjeux"]}
    assert {e.numero: e.introduction for e in tilleuls.enjeux} == attendues


def test_notes_et_anomalies(tilleuls, verite):
    assert [{"numero": n.numero, "ligne": n.ligne} for n in tilleuls.notes] == verite["notes"]
    lues = sorted([a.ligne, a.nature] for a in tilleuls.anomalies)
    assert lues == sorted(verite["anomalies"])


def test_descriptif_recolle_la_phrase_coupee_et_garde_les_paragraphes(tilleuls):
    descriptif = _fiches_par_numero(tilleuls)["1-2"].descriptif
    assert descriptif.endswith("Ces visites donnent envie, elles rassurent aussi les familles.")
    assert descriptif.count("\n\n") == 2
    assert "1 200 m²." in descriptif  # l'appel de note tombe, l'unité reste
    assert "3ème" in descriptif
    assert "\n- Prêter des tablettes" in _fiches_par_numero(tilleuls)["1-1"].descriptif


def test_puce_coupee_par_une_note_hors_du_tableau(tilleuls):
    passerelles = _fiches_par_numero(tilleuls)["5-1"].dispositifs[4]
    assert "préparent l'entrée à l'école" in passerelles.detail


def test_convention_garde_ses_puces_en_detail(tilleuls):
    convention = _fiches_par_numero(tilleuls)["1-2"].dispositifs[1]
    assert "De former des tuteurs." in convention.detail
    assert convention.confiance < 0.9


def test_json_documente(tilleuls):
    lu = json.loads(en_json(tilleuls))
    assert list(lu)[:6] == ["titre", "territoire", "periode", "piliers", "notes", "anomalies"]
    fiche = lu["piliers"][0]["enjeux"][0]["fiches"][0]
    assert list(fiche)[:11] == [
        "numero", "titre", "descriptif", "types_d_action", "financeurs", "operateurs", "dispositifs",
        "renvois", "lieux", "publics", "constats",
    ]  # fmt: skip
    assert list(fiche["types_d_action"][0])[:4] == ["texte", "forme", "confiance", "ligne"]
    assert list(fiche["financeurs"][0])[:5] == ["nom", "imprime", "parent", "condition", "ligne"]
    assert list(fiche["dispositifs"][0])[:6] == [
        "porteur",
        "nom",
        "detail",
        "origine",
        "confiance",
        "ligne",
    ]
    assert list(fiche["constats"][0])[:6] == [
        "texte",
        "valeur",
        "unite",
        "annee",
        "territoire",
        "source",
    ]


def test_rien_n_est_fige(tilleuls):
    with pytest.raises(AttributeError):
        tilleuls.titre = "autre"
