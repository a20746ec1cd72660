"""Un document vide, tronqué, mal encodé, énorme ou hostile : une phrase en français, pas de plantage."""

import time
import unicodedata

import pytest

from parvis.cadre.importation import source
from parvis.cadre.importation.lecteur import DocumentIllisible, lire, lire_texte

FICHE = (
    "# PILIER\n\nEnjeu stratégique n°1 : A\n\nFiche opérationnelle n°1-1 : B\t\n"
    "Descriptif et objectifs des projets attendus\t<p>Il s'agit de planter des arbres.</p>\n"
    "Partenaires financeurs\t<p>Communes</p>\nPartenaires opérateurs\t<p>Associations</p>\n"
    "Dispositifs pouvant soutenir les projets\t<p><b>Dispositifs communaux :</b></p> <ul><li>• X.</li></ul>\n"
)


@pytest.fixture
def fichier(tmp_path):
    def ecrire(octets: bytes):
        chemin = tmp_path / "contrat.txt"
        chemin.write_bytes(octets)
        return chemin

    return ecrire


@pytest.mark.parametrize(
    ("octets", "ligne", "mots"),
    [
        (b"", 1, "vide"),
        (b"\n  \n\t\n", 1, "vide"),
        (b"bonjour\n\nrien ici\n", 4, "aucune fiche"),
        (b"%PDF-1.7\n...", 1, "PDF"),
        (b"{\\rtf1\\ansi Cr\\u233\\'e9er des jardins}", 1, "RTF : enregistrez-le en .docx"),
        (b"PK\x03\x04....", 1, "abîmé"),
        (b"une ligne\nune autre\0coup\xc3\xa9e", 2, "octet nul"),
        (b"\xff\xfe" + b"\x00\xd8" * 50, 1, "UTF-16"),
        (bytes(range(1, 32)) * 40, 1, "contrôle"),
    ],
)
def test_refus_avec_la_ligne(fichier, octets, ligne, mots):
    with pytest.raises(DocumentIllisible, match=mots) as refus:
        lire(fichier(octets))
    assert refus.value.ligne == ligne
    assert str(refus.value).startswith(f"Ligne {ligne} :")


def test_fichier_absent(tmp_path):
    with pytest.raises(DocumentIllisible, match="n'existe pas"):
        lire(tmp_path / "absent.txt")
    with pytest.raises(DocumentIllisible, match="est un dossier"):
        lire(tmp_path)


def test_trop_grand_sans_etre_lu(tmp_path):
    chemin = tmp_path / "enorme.txt"
    with chemin.open("wb") as flux:
        flux.truncate(50 * 1024 * 1024)
    debut = time.perf_counter()
    with pytest.raises(DocumentIllisible, match="50,0 Mo") as refus:
        lire(chemin)
    assert "20 Mo" in str(refus.value)
    assert time.perf_counter() - debut < 0.5


def test_ligne_de_dix_millions_de_signes(fichier):
    with pytest.raises(DocumentIllisible, match="10000000 caractères") as refus:
        lire(fichier(b"titre\n\n" + b"a" * 10_000_000))
    assert refus.value.ligne == 3


@pytest.mark.parametrize("codage", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_encodages_acceptes(fichier, codage):
    lu = lire(fichier(FICHE.encode(codage, errors="replace")))
    assert lu.fiches[0].operateurs[0].nom == "Associations"
    assert "s'agit" in lu.fiches[0].descriptif
    attendue = codage in ("cp1252", "latin-1")
    assert any(a.texte == "lu comme Windows-1252" for a in lu.anomalies) == attendue


@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
def test_fins_de_ligne(fin):
    assert lire_texte(FICHE.replace("\n", fin)).fiches[0].ligne == 5


def test_accents_decomposes():
    assert lire_texte(unicodedata.normalize("NFD", FICHE)).fiches[0].titre == "B"


def test_fichier_coupe_au_milieu_d_un_caractere(fichier):
    texte = FICHE + "\té"
    lu = lire(fichier(texte.encode()[:-1]))
    assert len(lu.fiches) == 1
    assert any(a.nature == "encodage" and a.ligne == 10 for a in lu.anomalies)


@pytest.mark.parametrize("part", [0.2, 0.4, 0.6, 0.8])
def test_document_tronque_lu_jusqu_ou_il_va(texte_tilleuls, part):
    coupe = texte_tilleuls[: int(len(texte_tilleuls) * part)]
    lu = lire_texte(coupe)
    troncature = [a for a in lu.anomalies if a.nature == "document_tronque"]
    assert len(troncature) == 1
    assert str(troncature[0].ligne) in troncature[0].texte
    assert 1 <= len(lu.fiches) <= 9


def test_rubriques_vides_ou_absentes():
    lu = lire_texte(
        FICHE.replace("<p>Communes</p>", "").replace(
            "Partenaires opérateurs\t<p>Associations</p>\n", ""
        )
    )
    natures = {a.nature for a in lu.anomalies}
    assert {"rubrique_vide", "rubrique_absente"} <= natures
    assert lu.fiches[0].financeurs == lu.fiches[0].operateurs == ()


def test_rubrique_inconnue_gardee_et_signalee():
    lu = lire_texte(FICHE + "Chronologie locale\tÀ partir de mai\n")
    assert any(a.nature == "rubrique_inconnue" and "Chronologie" in a.texte for a in lu.anomalies)
    assert [r.code for r in lu.fiches[0].rubriques][-1] == "autre"
    assert "mai" in lu.fiches[0].rubriques[-1].texte


HOSTILES = {
    "balises imbriquées": lambda n: FICHE + "\t" + "<b><ul><li>" * n,
    "paragraphes jamais fermés": lambda n: FICHE + ("\t" + "<p>a" * 500 + "\n") * (n // 500),
    "suites sans fin": lambda n: FICHE + "\tsuite de\n" * n,
    "noms inconnus": lambda n: (
        FICHE + "".join(f"\t<p>Zorglub {i} du Machin</p>\n" for i in range(n))
    ),
    "piliers": lambda n: FICHE + "".join(f"# PARTIE {i}\n" for i in range(n)),
    "fiches": lambda n: FICHE + "".join(f"Fiche opérationnelle n°1-{i} : A\n" for i in range(n)),
    "fiches sans titre": lambda n: (
        FICHE + "Descriptif et objectifs\ta\nPartenaires financeurs\tCommunes\n" * n
    ),
    "têtes imbriquées": lambda n: FICHE + "Partenaires financeurs\t" + "Etat : " * min(n, 2500),
    "énumérations": lambda n: FICHE + "\t" + "Etat et " * min(n, 2400) + "finance",
    "parenthèses": lambda n: FICHE + "Partenaires financeurs\t" + "(Etat) " * min(n, 2500),
    "chevrons": lambda n: FICHE + "\t" + "<a" * min(n, 9000),
    "commentaires": lambda n: FICHE + "\t" + "<!--" * min(n, 45_000),
    "guillemets": lambda n: FICHE + "Descriptif et objectifs\t" + "« a. B " * min(n, 2500),
}


@pytest.mark.parametrize("nom", HOSTILES)
def test_hostile_ne_plante_pas(nom):
    try:
        lire_texte(HOSTILES[nom](1000))
    except DocumentIllisible as refus:
        assert refus.ligne > 1


@pytest.mark.lent
@pytest.mark.parametrize(
    "nom",
    [
        "paragraphes jamais fermés",
        "suites sans fin",
        "noms inconnus",
        "piliers",
        "fiches",
        "fiches sans titre",
    ],
)
def test_temps_lineaire(nom):
    """Quatre fois plus d'entrée coûte bien moins que seize fois plus de temps."""

    def mesurer(n: int) -> float:
        texte = HOSTILES[nom](n)
        debut = time.process_time()
        lire_texte(texte)
        return time.process_time() - debut

    def est_lineaire() -> bool:
        court, long_ = mesurer(1000), mesurer(4000)
        return long_ < max(0.05, court) * 10

    mesurer(200)
    # Une machine occupée fausse une mesure ; un temps carré les fausse toutes les trois.
    assert any(est_lineaire() for _ in range(3))


def test_cent_mille_balises_imbriquees():
    debut = time.perf_counter()
    lire_texte(FICHE + "".join("\t" + "<ul><li>" * 20_000 + "x\n" for _ in range(5)))
    assert time.perf_counter() - debut < 10


def test_marques_internes_forgees():
    """Les caractères d'usage privé du document ne passent pas pour les marques du lecteur."""
    lu = lire_texte(FICHE.replace("<p>Communes</p>", "<p>\ue000Communes\ue001</p>"))
    assert lu.fiches[0].financeurs[0].imprime == "Communes"


def test_limites_declarees():
    assert source.LIMITE_OCTETS == 20 * 1024 * 1024
