"""Les champs d'un modèle : tous remplis, aucun pris pour autre chose que du texte, rien de la loi tu."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parvis.conventions.document.acte import ActeAImprimer, parties
from parvis.conventions.enums import SorteDActe
from parvis.conventions.queries.modeles import texte_fourni
from parvis.conventions.rules.champs import (
    CHAMPS,
    EXIGES,
    TABLEAU_DES_PROJETS,
    TABLEAU_DES_VERSEMENTS,
    champs_cites,
    inerte,
    motifs_empechant_le_texte,
    motifs_si_un_champ_se_tait,
    remplir,
)
from parvis.dossiers.document.description import Points, Titre

TABLEAUX = {TABLEAU_DES_PROJETS, TABLEAU_DES_VERSEMENTS}
PHRASES = [nom for nom in CHAMPS if nom not in TABLEAUX]
TOUTES = {nom: champ.exemple or "oui" for nom, champ in CHAMPS.items()}
# Ce qu'une personne malicieuse mettrait dans le nom de son association.
hostiles = st.text(
    alphabet=st.sampled_from(list("ab#-{} \t\n\r\x0b\x85\u2028\xa0é.")) | st.characters(), max_size=40
) | st.sampled_from(
    [
        "# Titre", "## Titre", "- point", "- - point", "# # Titre", "#\u00a0Titre", "{montant}",
        "{tableau_des_projets}", "a\n\n# Article 9\n\nRien n'est dû.", "#NousToutes", "-", "#", "##",
        "a\n- b\n- c", "- # - {signataire}", "\t# Titre", " - point",
    ]
)  # fmt: skip


def dresser(texte: str) -> list:
    """Rend les parties qu'un texte rempli donne à l'impression."""
    pied = {"financeur": "Ville", "titulaire": "Verger"}
    acte = ActeAImprimer("Convention", "1", "Contrat", "o", texte, pied, [], [], True)
    return parties(acte)


def forme(texte: str) -> list[str]:
    """Rend ce qui, dans un texte, est un titre, une liste ou un tableau, dans l'ordre."""
    return [type(p).__name__ for p in dresser(texte) if type(p).__name__ != "Texte"]


def sans_jetons(texte: str) -> str:
    for nom in TABLEAUX:
        texte = re.sub(rf"(?m)^\{{{nom}\}}$", "", texte)
    return texte


@pytest.mark.parametrize("sorte", SorteDActe)
def test_le_texte_fourni_se_publie_tel_quel(sorte):
    fourni = texte_fourni(sorte)
    assert motifs_empechant_le_texte(sorte=sorte, objet=fourni.objet, corps=fourni.corps) == []


@pytest.mark.parametrize("sorte", SorteDActe)
@settings(max_examples=25)
@given(valeurs=st.fixed_dictionaries(dict.fromkeys(PHRASES, hostiles)), argent=st.booleans())
def test_aucun_champ_ne_reste_et_aucune_valeur_ne_devient_un_titre(sorte, valeurs, argent):
    valeurs |= {TABLEAU_DES_PROJETS: "oui", TABLEAU_DES_VERSEMENTS: "oui" if argent else ""}
    dites = {nom: "dit" if valeur.strip() else "" for nom, valeur in valeurs.items()}
    rempli, temoin = (remplir(texte_fourni(sorte).corps, v) for v in (valeurs, dites))
    assert "{" not in sans_jetons(rempli) and "}" not in sans_jetons(rempli)
    assert forme(rempli) == forme(temoin)
    titres = [p.texte for p in dresser(rempli) if isinstance(p, Titre)]
    assert titres == [p.texte for p in dresser(temoin) if isinstance(p, Titre)]


@given(premiere=hostiles, seconde=hostiles)
@example("#", "maire")
@example("-", "maire")
@example("#NousToutes", "")
def test_deux_champs_cote_a_cote_ne_font_pas_un_titre(premiere, seconde):
    valeurs = {"signataire": premiere, "qualite": seconde}
    rempli = remplir("{signataire} {qualite}\n\n# Suite\n\nFin.", valeurs)
    assert forme(rempli) == ["Titre"] and rempli.endswith("# Suite\n\nFin.")
    liste = remplir("Voici :\n- {signataire}\n- le reste", valeurs)
    (points,) = (p for p in dresser(liste) if isinstance(p, Points))
    assert points.points[-1] == "le reste" and len(points.points) <= 2


@given(hostiles)
def test_une_valeur_inerte_n_ouvre_rien(valeur):
    dite = inerte(valeur)
    assert "{" not in dite and "}" not in dite and "\n\n" not in dite
    assert not any(re.match(r"(#{1,2}\s|- )", ligne) for ligne in dite.split("\n"))


def test_un_nom_qui_commence_par_un_croisillon_n_est_pas_un_titre_orphelin():
    rempli = remplir("et\n\n{titulaire}\n\n# Article 1", {"titulaire": "#NousToutes"})
    assert "#NousToutes" in rempli


def test_un_paragraphe_sans_rien_a_dire_disparait_et_son_titre_avec():
    texte = "# Objet\n\nDit.\n\n# Réserves\n\nSous réserve : {conditions}.\n\n# Fin\n\nFin."
    assert remplir(texte, {"conditions": " "}) == "# Objet\n\nDit.\n\n# Fin\n\nFin."
    assert "# Réserves" in remplir(texte, {"conditions": "l’accord du bailleur"})
    assert remplir("# Seul", {}) == ""


def test_un_titre_garde_ses_sous_titres_s_ils_disent_quelque_chose():
    texte = "# Versement\n\n## Calendrier\n\n{tableau_des_versements}\n\n## Autre\n\nDit."
    assert remplir(texte, {}) == "# Versement\n\n## Autre\n\nDit."
    assert remplir("# Versement\n\n## Calendrier\n\n{tableau_des_versements}", {}) == ""


def test_une_ligne_de_liste_disparait_seule_et_la_liste_entiere_si_elle_est_vide():
    texte = "Vous recevez :\n- {montant} ;\n- {nature}."
    assert remplir(texte, {"montant": "10 €"}) == "Vous recevez :\n- 10 € ;"
    assert remplir(texte, {}) == ""


def test_les_fins_de_ligne_de_windows_ne_changent_rien():
    assert remplir("{montant}\r\n\r\n# Fin\r\n\r\nFin.", {}) == "# Fin\n\nFin."


def test_un_tableau_ecrit_avec_des_espaces_se_dresse_quand_meme():
    rempli = remplir("{ tableau_des_projets }", {TABLEAU_DES_PROJETS: "oui"})
    assert rempli == "{tableau_des_projets}"


def test_les_champs_cites_le_sont_une_fois_dans_l_ordre():
    assert champs_cites("{montant} { montant } {b} {montant}") == ["montant", "b"]


# Ce qui empêche un texte de servir.

COMPLET = (
    "{projets} {montant}\n\n{nature}\n\n{conditions}\n\n{actes_anterieurs}\n\n{bilan_le}\n\n"
    "{tribunal}\n\n{motif}\n\n{acte_modifie} {montant_apres}\n\n{annees_suivantes}\n\n"
    "{tableau_des_versements}"
)


def motifs(sorte: str = SorteDActe.CONVENTION, objet: str = "Objet", corps: str = COMPLET) -> str:
    return " ".join(motifs_empechant_le_texte(sorte=sorte, objet=objet, corps=corps))


@pytest.mark.parametrize("sorte", SorteDActe)
def test_un_texte_complet_se_publie(sorte):
    assert motifs(sorte) == ""


@pytest.mark.parametrize(
    ("sorte", "champ"), [(sorte, champ) for sorte in SorteDActe for champ in EXIGES[sorte]]
)
def test_ce_que_la_loi_veut_lire_ne_s_oublie_pas(sorte, champ):
    assert f"{{{champ}}}, {CHAMPS[champ].sens}" in motifs(
        sorte, corps=COMPLET.replace(f"{{{champ}}}", "x")
    )


@pytest.mark.parametrize("sorte", [s for s in SorteDActe if s != SorteDActe.REFUS])
@pytest.mark.parametrize("champ", ["nature", "conditions"])
def test_un_acte_qui_accorde_ne_tait_ni_une_reserve_ni_un_apport_en_nature(sorte, champ):
    assert champ in EXIGES[sorte]


@pytest.mark.parametrize("sorte", [SorteDActe.CONVENTION, SorteDActe.PLURIANNUELLE])
def test_une_convention_nomme_ce_qui_a_ete_accorde_avant(sorte):
    assert "actes_anterieurs" in EXIGES[sorte]


@pytest.mark.parametrize(
    ("objet", "corps", "dit"),
    [
        ("", COMPLET, "Écrivez l’objet de l’acte."),
        ("Objet", " \n ", "Écrivez le texte de l’acte."),
        ("Objet", COMPLET + " {licorne}", "Champs inconnus : {licorne}"),
        ("{licorne}", COMPLET, "Champs inconnus : {licorne}"),
        ("Objet", COMPLET + " {montant", "Une accolade est seule"),
        ("Objet", COMPLET + " }", "Une accolade est seule"),
        ("Objet", COMPLET + " {{montant}}", "Une accolade est seule"),
        ("Objet", COMPLET + " {" + "a" * 61 + "}", "Une accolade est seule"),
        ("Objet", COMPLET + " {tableau_des_projets}", "{tableau_des_projets} est un tableau"),
        ("Objet", COMPLET + "\n\nVoir { tableau_des_projets }", "{tableau_des_projets} est un"),
        ("Objet", COMPLET + "\n\n- {tableau_des_projets}", "{tableau_des_projets} est un tableau"),
        ("{tableau_des_projets}", COMPLET, "L’objet tient en une phrase"),
        ("Aide {nature}", COMPLET, "{nature}"),
        ("# Objet", COMPLET, "L’objet"),
        ("Objet", COMPLET.replace("{projets}", "x"), "ne dit pas ce qu’il finance"),
    ],
)  # fmt: skip
def test_un_texte_qui_ne_peut_pas_servir_dit_pourquoi(objet, corps, dit):
    assert dit in motifs(objet=objet, corps=corps)


def test_chaque_champ_a_un_sens_et_un_exemple():
    assert all(c.sens and (c.exemple or c.est_un_tableau) for c in CHAMPS.values())
    assert {champ for exiges in EXIGES.values() for champ in exiges} <= set(CHAMPS)
    assert set(EXIGES) == set(SorteDActe)


# Ce qu'un acte tairait, le texte rempli.


def tus(sorte: str, corps: str, **valeurs: str) -> str:
    return " ".join(motifs_si_un_champ_se_tait(sorte=sorte, corps=corps, valeurs=valeurs))


def test_un_recours_qui_disparait_avec_un_contact_vide_se_voit():
    corps = COMPLET.replace("{tribunal}", "Recours : {tribunal}. Appelez {contact}.")
    assert "{tribunal}" in tus(SorteDActe.NOTIFICATION, corps, tribunal="Melun")
    assert tus(SorteDActe.NOTIFICATION, corps, tribunal="Melun", contact="01 99") == ""


@pytest.mark.parametrize("champ", ["conditions", "nature", "montant"])
def test_un_ancien_modele_qui_tait_une_reserve_ne_sert_plus(champ):
    corps = COMPLET.replace(f"{{{champ}}}", "")
    assert f"{{{champ}}}" in tus(SorteDActe.ARRETE, corps, **{champ: "dit"})
    assert tus(SorteDActe.ARRETE, corps) == ""


def test_une_pluriannuelle_sans_annee_suivante_n_en_est_pas_une():
    assert "prenez une convention d’un an" in tus(SorteDActe.PLURIANNUELLE, COMPLET)
    assert tus(SorteDActe.PLURIANNUELLE, COMPLET, annees_suivantes="2027 : 10 €") == ""


@pytest.mark.parametrize("sorte", SorteDActe)
def test_le_texte_fourni_ne_tait_rien_quand_tout_est_a_dire(sorte):
    assert tus(sorte, texte_fourni(sorte).corps, **TOUTES) == ""
    restent = [CHAMPS[nom].exemple for nom in EXIGES[sorte] if CHAMPS[nom].exemple]
    rempli = remplir(texte_fourni(sorte).corps, TOUTES)
    assert all(exemple in rempli for exemple in restent)
