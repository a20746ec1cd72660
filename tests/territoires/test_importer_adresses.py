"""Importer des adresses, puis situer sans réseau : la différence d'abord, tout ou rien. Rien de vrai."""

import gzip
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from parvis.journal.enums import Regard
from parvis.journal.models import Evenement
from parvis.journal.queries.frise import frise
from parvis.socle.auteur import Machine
from parvis.socle.refus import Refus
from parvis.territoires.actions.adresses import importer_adresses
from parvis.territoires.importation.adresses import LigneDAdresse, lire_adresses
from parvis.territoires.models import Adresse, Commune

pytestmark = pytest.mark.django_db
BAN = "id;numero;rep;nom_voie;code_postal;code_insee;nom_commune;x;y;lon;lat"
BAL = "cle_interop;voie_nom;numero;suffixe;commune_insee;commune_nom;position;x;y;long;lat"
MOI = Machine("essai")


def ban(numero: object = 12, **autres: object) -> str:
    """Rend une ligne de la base nationale."""
    valeurs = {
        "id": f"94041_1234_{numero:>05}",
        "numero": numero,
        "rep": "",
        "nom_voie": "Rue Mozart",
        "code_postal": "94200",
        "code_insee": "94041",
        "nom_commune": "Ivry-sur-Seine",
        "x": "",
        "y": "",
        "lon": "2.38",
        "lat": "48.81",
    } | autres
    return ";".join(str(valeurs[colonne]) for colonne in BAN.split(";"))


def bal(numero: object = 12, **autres: object) -> str:
    """Rend une ligne d'une base locale."""
    valeurs = {
        "cle_interop": f"94041_1234_{numero:>05}",
        "voie_nom": "Rue Mozart",
        "numero": numero,
        "suffixe": "",
        "commune_insee": "94041",
        "commune_nom": "Ivry-sur-Seine",
        "position": "entrée",
        "x": "",
        "y": "",
        "long": "2.38",
        "lat": "48.81",
    } | autres
    return ";".join(str(valeurs[colonne]) for colonne in BAL.split(";"))


@pytest.fixture
def lire(tmp_path):
    """Rend de quoi écrire un fichier et le lire."""

    def _lire(*lignes: str) -> list[LigneDAdresse]:
        fichier = tmp_path / "adresses.csv"
        fichier.write_text("\n".join(lignes), encoding="utf-8")
        return list(lire_adresses(fichier))

    return _lire


@pytest.fixture
def importer(tmp_path):
    """Rend de quoi écrire un fichier et lancer la commande dessus."""

    def _importer(*lignes: str, ecrire: bool = True) -> str:
        fichier = tmp_path / "ban.csv"
        fichier.write_text("\n".join([BAN, *lignes]), encoding="utf-8")
        sortie = StringIO()
        call_command("importer_adresses", fichier, *["--ecrire"] * ecrire, stdout=sortie)
        return sortie.getvalue()

    return _importer


def etat() -> list[dict]:
    return list(Adresse.objects.order_by("cle").values())


def test_lit_la_base_nationale(lire):
    (lue,) = lire(BAN, ban(16, rep="Bis", id="94041_1234_00016_bis"))
    assert lue == LigneDAdresse(
        *(2, "94041_1234_00016_bis", "94041", "Ivry-sur-Seine", 16, "bis", "Rue Mozart"),
        *("94200", 2.38, 48.81),
    )


@pytest.mark.parametrize("debut", ["", "\ufeff"])
@pytest.mark.parametrize("separateur", [";", ","])
@pytest.mark.parametrize("est_compresse", [False, True])
def test_se_lit_quels_que_soient_l_emballage_et_le_separateur(
    tmp_path, debut, separateur, est_compresse
):
    octets = (debut + f"{BAN}\r\n{ban()}\r\n\r\n".replace(";", separateur)).encode()
    fichier = tmp_path / "adresses.csv"
    fichier.write_bytes(gzip.compress(octets) if est_compresse else octets)
    assert [lue.numero for lue in lire_adresses(fichier)] == [12]


def test_d_une_adresse_locale_reste_l_entree(lire):
    lues = lire(
        BAL,
        bal(1, position="parcelle", long="2.1"),
        bal(2, position="segment", long="2.2"),
        bal(1, position="bâtiment", long="2.3"),
        bal(1, position="entrée", long="2.4"),
        bal(1, position="entrée", long="2.5"),
        bal(2, position="", long="2.6"),
        bal(99999),
        bal(3, commune_insee="94081", commune_nom="Vitry", cle_interop="94081_1_00003"),
        bal(1, position="entrée", long="2.7"),
    )
    assert [(lue.numero, lue.lon) for lue in lues] == [(1, 2.4), (2, 2.2), (3, 2.38)]
    assert lues[0].code_postal == ""


def test_les_premieres_bases_locales_n_ont_le_code_que_dans_la_cle(lire):
    titres = "cle_interop;voie_nom;numero;suffixe;commune_nom;long;lat"
    (lue,) = lire(titres, "2a004_1234_00001;Rue Mozart;1;;Ajaccio;8.7;41.9")
    assert lue.commune_code == "2A004"


def test_le_lambert_93_remplace_des_degres_absents(lire):
    (lue,) = lire(BAN, ban(lon="", lat="", x="654000", y="6857000"))
    assert (lue.lon, lue.lat) == pytest.approx((2.373, 48.811), abs=0.01)


@pytest.mark.parametrize(
    ("ligne", "motif"),
    [
        (ban("douze"), "le numéro « douze » n’est pas un nombre"),
        (ban(nom_voie=" "), "la voie est vide"),
        (ban(nom_voie="x" * 201), "dépasse 200 signes"),
        (ban(id=""), "la clé «  » a entre 1 et 40 signes"),
        (ban(rep="x" * 11), "dépasse 10 signes"),
        (ban(code_postal="9420"), "n’a pas cinq chiffres"),
        (ban(lon="190"), "les coordonnées 190, 48.81 sortent de la carte"),
        (ban(lat="91"), "sortent de la carte"),
        (ban(lon="0", lat="0"), "sortent de la carte"),
        (ban(lon="deux"), "« deux » n’est pas un nombre"),
        (ban(lon="nan"), "« nan » n’est pas un nombre"),
        (ban(lon="", lat=""), "n’a pas de coordonnées"),
        (ban(lon="", x="654000", y="12"), "sortent du Lambert 93"),
        (ban(lon="", x="700000", y="1600000", code_insee="97105"), "outre-mer"),
        ("94041_1;12", "la voie est vide"),
        (ban(1, lon="2.39"), "la clé 94041_1234_00001 désigne déjà une autre adresse"),
        (ban(1, nom_voie="Rue Lenoir"), "désigne déjà une autre adresse"),
    ],
)
def test_une_faute_dit_sa_ligne_et_rien_ne_s_ecrit(importer, ligne, motif):
    with pytest.raises(CommandError) as refus:
        importer(ban(1), ban(1), ban(2), ligne)
    assert "Ligne 5 : " in str(refus.value)
    assert motif in str(refus.value)
    assert not Adresse.objects.exists()
    assert not Commune.objects.exists()
    assert not Evenement.objects.exists()


def test_toutes_les_fautes_se_disent_et_vingt_suffisent(lire):
    with pytest.raises(Refus) as refus:
        lire(BAN, ban("a"), ban(1), ban("b", nom_voie=""))
    assert len(refus.value.motifs) == 3
    with pytest.raises(Refus) as refus:
        lire(BAN, *(ban("a") for _ in range(30)))
    assert (len(refus.value.motifs), refus.value.motifs[-1]) == (21, "La lecture s’est arrêtée là.")


@pytest.mark.parametrize(
    ("titres", "motif"),
    [
        ("", "base adresse nationale ; il manque : id, numero"),
        ("id;numero;rep;nom_voie;code_postal;nom_commune;lon;lat", "il manque : code_insee."),
        (BAL.replace("voie_nom;", ""), "base adresse locale ; il manque : voie_nom."),
        (BAN.replace(";lon;lat", ";lon").replace(";x", ""), "il manque : lon, lat."),
        (BAN, "ne contient aucune adresse"),
    ],
)
def test_un_fichier_d_une_autre_sorte_se_refuse(lire, titres, motif):
    with pytest.raises(Refus, match=motif.replace(".", r"\.")):
        lire(titres)


def test_un_fichier_illisible_se_refuse(tmp_path):
    fichier = tmp_path / "adresses.csv"
    tronque = gzip.compress(f"{BAN}\n{ban()}".encode())[:-12]
    for octets in (b"\xe9\xe8\n", tronque, f'{BAN}\n"a"b;\n'.encode()):
        fichier.write_bytes(octets)
        with pytest.raises(Refus, match=r"ne se lit pas|UTF-8"):
            list(lire_adresses(fichier))
    with pytest.raises(Refus, match=r"ne se lit pas|UTF-8"):
        list(lire_adresses(tmp_path / "absent.csv"))


def test_l_apercu_compte_sans_ecrire_et_le_second_import_ne_change_rien(importer):
    apercu = importer(ban(1), ban(2), ecrire=False)
    assert "1 commune(s), dont 1 nouvelle(s)" in apercu
    assert "2 nouvelle(s), 0 changée(s), 0 inchangée(s), 0 absente(s)" in apercu
    assert "Pour l’enregistrer : --ecrire." in apercu
    assert not Adresse.objects.exists()
    assert not Commune.objects.exists()
    ecrit = importer(ban(1), ban(2))
    assert ecrit.splitlines()[0] == apercu.splitlines()[0]
    assert "C’est enregistré." in ecrit
    commune = Commune.objects.get()
    assert (commune.code, commune.nom, commune.departement) == ("94041", "Ivry-sur-Seine", "94")
    assert Adresse.objects.first().voie_cle == "rue mozart"
    (acte,) = Evenement.objects.all()
    assert (acte.action, acte.objet) == ("territoires.importer_adresses", "fichier:ban.csv")
    avant = etat()
    assert "Rien ne change." in importer(ban(1), ban(2))
    assert etat() == avant
    assert Evenement.objects.count() == 1


def test_remplace_les_communes_du_fichier_et_pas_les_autres(importer):
    vitry = {"code_insee": "94081", "nom_commune": "Vitry-sur-Seine", "code_postal": "94400"}
    importer(ban(1), ban(2), ban(3), ban(4, **vitry), ban(5, **vitry))
    gardees = {a.cle: a.pk for a in Adresse.objects.all()}
    deuxieme = (ban(1), ban(2, lon="2.39"), ban(6))
    assert "1 nouvelle(s), 1 changée(s), 1 inchangée(s), 1 absente(s)" in importer(
        *deuxieme, ecrire=False
    )
    assert {a.cle: a.pk for a in Adresse.objects.all()} == gardees
    importer(*deuxieme)
    assert sorted(Adresse.objects.values_list("numero", flat=True)) == [1, 2, 4, 5, 6]
    changee = Adresse.objects.get(numero=2)
    assert (changee.pk, changee.lon) == (gardees[changee.cle], 2.39)


def test_une_adresse_qui_change_de_commune_n_est_ni_perdue_ni_doublee(importer):
    vitry = {"code_insee": "94081", "nom_commune": "Vitry-sur-Seine"}
    importer(ban(1), ban(2), ban(3, **vitry))
    assert "0 nouvelle(s), 1 changée(s), 2 inchangée(s), 0 absente(s)" in importer(
        ban(1), ban(2, **vitry), ban(3, **vitry)
    )
    assert Adresse.objects.get(numero=2).commune.code == "94081"
    assert Adresse.objects.count() == 3


def test_une_commune_sans_code_valable_ne_se_cree_pas(importer):
    with pytest.raises(CommandError) as refus:
        importer(ban(1), ban(2, code_insee="940"), ban(3, code_insee="940"))
    assert str(refus.value).startswith("Ligne 3 : la commune « Ivry-sur-Seine » de code « 940 »")
    with pytest.raises(CommandError, match="Ligne 2 : "):
        importer(ban(1, nom_commune=""))
    assert not Commune.objects.exists()
    Commune.objects.create(code="940", nom="Ailleurs", departement="94")
    importer(ban(1, code_insee="940"), ban(2, code_insee="97105", id="97105_1_00002"))
    assert Commune.objects.get(code="97105").departement == "971"


def test_l_acte_se_raconte():
    ligne = LigneDAdresse(2, "k", "94041", "Ivry", 1, "", "Rue Mozart", "94200", 2.4, 48.8)
    bilan = importer_adresses(par=MOI, lignes=[ligne], source="ban.csv", ecrire=True)
    assert (bilan.nouvelles, bilan.communes, bilan.communes_creees) == (1, 1, 1)
    acte = Evenement.objects.get()
    assert acte.details.contenu == {
        "nouvelles": 1,
        "changees": 0,
        "inchangees": 0,
        "absentes": 0,
        "communes": 1,
        "communes_creees": 1,
    }
    (racontee,) = frise("fichier:ban.csv", regard=Regard.PILOTAGE).lignes
    assert "a importé les adresses de 1 commune, fichier ban.csv : 1 de plus" in str(racontee)


def test_trente_mille_adresses_s_importent_en_un_temps_raisonnable(importer):
    lignes = [
        ban(n % 200 + 1, id=f"94041_{n:05}", nom_voie=f"Rue des Essais {n // 200}")
        for n in range(30_000)
    ]
    depart = time.monotonic()
    importer(*lignes)
    assert "30000 inchangée(s)" in importer(*lignes)
    assert "29999 absente(s)" in importer(lignes[0])
    assert time.monotonic() - depart < 60
    assert Adresse.objects.count() == 1
