"""Une faute plantée dans un document sain est signalée à sa ligne ; le document sain n'en a pas."""

import pytest

from parvis.cadre.importation.lecteur import lire_texte

NATURES = {"faute_de_langue", "sigle_douteux", "graphie_isolee", "phrase_coupee"}
FAUTES = [
    # ce que le texte imprime, ce qu'une faute en fait, la nature attendue
    ("<b>Dispositif cofinancé par la Caisse d'Allocations Familiales :</b>",
     "<b>Dispositif cofinancé par la Caisse d'Allocation Familiales :</b>", "faute_probable"),
    ("L'ANAH et la Caisse des Dépôts et Consignations", "L'ANAH et la Caisse des Dépôts et Consignation",
     "faute_probable"),
    ("L'ANAH et la Caisse des Dépôts et Consignations", "L'ANAH et la Caisse des Dépôts à Consignations",
     "faute_probable"),
    ("L'ANAH et la Caisse des Dépôts et Consignations", "L'ANAH et la Caisse des Depots et Consignations",
     "faute_probable"),
    ("L'ANAH et la Caisse des Dépôts et Consignations", "L'ANAH et la Caisse des Dépôts et Consigantions",
     "faute_probable"),
    ("<p>Caisse Primaire d'Assurance Maladie</p>", "<p>Caisse Primaire d'Assurances Maladie</p>",
     "faute_probable"),
    ("<b>Dispositifs de Pôle Emploi :</b>", "<b>Dispositifs de Pole Emploi :</b>", "faute_probable"),
    ("Foyers de travailleurs migrants", "Foyers de travailleurs migrant", "faute_probable"),
    ("Parler de santé au collège</b>", "Parler de santé et la lutter contre le bruit</b>",
     "faute_de_langue"),
    ("Entretenir les espaces verts avec", "Entretenir la terre et la œuvrer avec", "faute_de_langue"),
    ("Entretenir les espaces verts avec", "Entretenir (les espaces verts avec", "phrase_coupee"),
    ("Les pelouses sont abîmées.", "Les pelouses de allées sont abîmées.", "faute_de_langue"),
    ("Les pelouses sont abîmées.", "Les pelouses autour la place sont abîmées.", "faute_de_langue"),
    ("Les pelouses sont abîmées.", "Les pelouses pelouses sont abîmées.", "faute_de_langue"),
    ("Les pelouses sont abîmées.", "Les pelouses,abîmées,sont là.", "faute_de_langue"),
    ("Les pelouses sont abîmées.", "Les pelouses communale sont abîmées.", "faute_de_langue"),
    ("Les pelouses sont abîmées.", "Un jardin sociale est abîmé.", "faute_de_langue"),
    ("Les pelouses sont abîmées.", "Les pelouses sont abîmées (par les pas des", "phrase_coupee"),
    ("Les pelouses sont abîmées.", "Les pelouses sont abîmées « par les pas.", "phrase_coupee"),
    ("Les pelouses sont abîmées.", "Les pelouses sont abîmées par le passage de la", "phrase_coupee"),
    ("Les pelouses sont abîmées.",
     "Les pelouses sont abîmées par les pas de ceux qui coupent au plus court chaque matin",
     "phrase_coupee"),
    ("Les pelouses sont abîmées.", "Les pelouses relèvent du gpds.", "sigle_douteux"),
    ("Les pelouses sont abîmées.", "Les pelouses relèvent de la GSUP.", "sigle_douteux"),
    ("Les pelouses sont abîmées.", "Un Programme de réussite locale et éducative (PER).", None),
    ("Les pelouses sont abîmées.", "Une Agence nationale pour la rénovation urbaine (ANUR) s'en charge.",
     "sigle_douteux"),
    ("Les pelouses sont abîmées.", "Le renouvelement des pelouses est attendu.", "faute_probable"),
    ("<p>Communes<br>Agglomération<br>Organismes de logement social</p>",
     "<p>Communes<br>Agglomération<br>Organisme de logements social</p>", "faute_probable"),
]  # fmt: skip


def _relus(texte):
    return {(a.ligne, a.nature, a.texte) for a in lire_texte(texte).anomalies}


@pytest.fixture(scope="module")
def sains(texte_tilleuls):
    return _relus(texte_tilleuls)


def test_le_document_sain_n_a_aucune_de_ces_fautes(sains):
    assert not {nature for _, nature, _ in sains} & NATURES


@pytest.mark.parametrize(("sain", "fautif", "nature"), FAUTES, ids=[f[1][:45] for f in FAUTES])
def test_faute_plantee(texte_tilleuls, sains, sain, fautif, nature):
    assert texte_tilleuls.count(sain) == 1
    abime = texte_tilleuls.replace(sain, fautif)
    ligne = texte_tilleuls[: texte_tilleuls.index(sain)].count("\n") + 1
    nouvelles = {(a[0], a[1]) for a in _relus(abime) - sains}
    assert nouvelles == ({(ligne, nature)} if nature else set())


def test_un_libelle_fautif_ne_se_dit_qu_une_fois(texte_tilleuls, sains):
    abime = texte_tilleuls.replace("Partenaires opérateurs\tAss", "Partenaires opréateurs\tAss")
    nouvelles = [nature for _, nature, _ in _relus(abime) - sains]
    assert nouvelles == ["libelle_mal_imprime"]


def test_une_faute_se_dit_a_chaque_fois(texte_tilleuls):
    fautif = "Caisse des Dépôts et Consignation"
    abime = texte_tilleuls.replace("Caisse des Dépôts et Consignations", fautif)
    abime = abime.replace("Les pelouses sont abîmées.", f"La {fautif} répare les pelouses.")
    dites = [a for a in lire_texte(abime).anomalies if fautif in a.texte]
    lignes = [n for n, ligne in enumerate(abime.split("\n"), 1) if fautif in ligne]
    assert len(lignes) == 2
    assert [a.ligne for a in dites] == lignes


def test_le_nombre_isole_se_juge_contre_l_habitude(texte_tilleuls):
    """Trois pluriels et un singulier : le singulier est signalé ; un contre un, rien."""
    liste = "Partenaires financeurs\tCommunes, Agglomération, Conseil régional"
    assert texte_tilleuls.count(liste) == 1
    pluriels = "<p>Missions locales</p>" * 3
    abime = texte_tilleuls.replace(
        liste, f"Partenaires financeurs\t{pluriels} <p>Mission locale</p>"
    )
    assert [a.nature for a in lire_texte(abime).anomalies].count("graphie_isolee") == 1
    un = texte_tilleuls.replace(
        liste, "Partenaires financeurs\t<p>Missions locales</p> <p>Mission locale</p>"
    )
    assert "graphie_isolee" not in [a.nature for a in lire_texte(un).anomalies]


def test_un_document_sans_accents_n_en_a_oublie_aucun(texte_tilleuls):
    sans = texte_tilleuls.translate(str.maketrans("éèêëàâîïôûùçÉÈ", "eeeeaaiiouucEE"))
    assert "Conseil departemental" in sans
    assert not [a for a in lire_texte(sans).anomalies if "accent" in a.texte]


def test_developpe_d_un_autre_sigle(texte_tilleuls):
    """Le développé imprimé après un sigle est celui d'un sigle voisin du lexique."""
    abime = texte_tilleuls.replace(
        "<li>• Subvention Accès.</li>",
        "<li>• Chèque ACZ (appui local d'aide à l'acquisition d'une complémentaire santé).</li>",
    )
    (anomalie,) = [a for a in lire_texte(abime).anomalies if a.nature == "sigle_douteux"]
    assert "ACS" in anomalie.texte


def test_dispositif_presque_pareil(texte_tilleuls):
    """Un dispositif nommé deux fois ainsi et une fois à une lettre près est signalé à la troisième."""
    nouveau = "<li>• Subvention Accès.</li> <li>• Bourse aux {}binets.</li>"
    abime = texte_tilleuls.replace("<li>• Subvention Accès.</li>", nouveau.format("ca"))
    abime = abime.replace("<li>• CPV et FAC.</li>", "<li>• Bourse aux cabbinets.</li>")
    (anomalie,) = [a for a in lire_texte(abime).anomalies if a.nature == "graphie_isolee"]
    assert "cabbinets" in anomalie.texte
    assert "cabbinets" in abime.split("\n")[anomalie.ligne - 1]


@pytest.mark.parametrize(
    "phrase",
    [
        "Les agences régionales de santé et les caisses d'allocations familiales les aident.",
        "Des temps forts et un plan d'action partagés rassemblent les jeunes et les accompagner compte.",
        "L'accès aux droits, l'avis de chacun et l'appui des élus : le 1) puis le 2) suffisent.",
        "La gestion des emplois et des compétences territoriale avance au sein des quartiers.",
        "Le onzième projet, le un et le huit, de un à trois ans : le yaourt se partage.",
        "Nous nous parlons, vous vous parlez, et les uns et les autres s'écoutent.",
        "Service de l'État et Services de l'État, Relais d'assistantes maternelles : tous sont là.",
        "Les services culturel et sportif ouvrent les squares.",
        "La ou les communes, le ou les quartiers, l'une des villes : toutes se parlent.",
    ],
)
def test_une_phrase_juste_n_est_pas_une_faute(texte_tilleuls, sains, phrase):
    assert _relus(texte_tilleuls.replace("Les pelouses sont abîmées.", phrase)) == sains


@pytest.mark.reference
def test_lignes_fautives_de_la_reference(reference):
    """Chaque ligne fautive connue est signalée ; aucune autre ne l'est."""
    attendues = {
        "faute_probable": [
            74, 136, 148, 166, 186, 187, 190, 209, 221, 230, 231, 237, 239, 262, 269, 275, 281, 293, 294,
            302, 303, 304, 447, 505,
        ],
        "faute_de_langue": [
            76, 120, 120, 154, 157, 206, 231, 231, 300, 301, 401, 406, 458, 483, 507, 525,
        ],
        "sigle_douteux": [206, 211, 280, 392, 516],
        "graphie_isolee": [276, 317, 386, 447, 514],
        "phrase_coupee": [89, 319, 410, 507],
        "renvoi": [57, 67, 208, 208],
    }  # fmt: skip
    for nature, lignes in attendues.items():
        assert [a.ligne for a in reference.anomalies if a.nature == nature] == lignes
