"""Importer un fichier de chiffres : la différence d'abord, tout ou rien, le journal une fois."""

from datetime import date
from decimal import Decimal

import pytest

from parvis.journal.models import Evenement
from parvis.observatoire.actions import attendre_une_livraison, importer_chiffres
from parvis.observatoire.models import Livraison, LivraisonAttendue, Valeur, ValeurDEnsemble
from parvis.socle.refus import Refus
from parvis.territoires.models import Commune, Epci
from tests.decors import decor
from tests.fabriques.observatoire import (
    CONTRAT,
    MOI,
    PAR_SEXE,
    code,
    decrire,
    diffusions,
    importer,
    lue,
    octets,
    par_rang,
    serie,
    territoire,
    toute_la_base,
)

pytestmark = pytest.mark.django_db
BONNES = par_rang((120, 70, 50), (200, 110, 90), (95, 60, 35))


@decor
def decrit():
    territoire()
    return decrire(*PAR_SEXE)


def attendre(description=None, **autres):
    valeurs = {"jeu": "Adhérents", "fournisseur": "Parvis", "frequence": "annuelle"}
    valeurs |= {"prochaine_le": date(2026, 3, 1), "description": description} | autres
    return attendre_une_livraison(par=MOI, contrat=CONTRAT, **valeurs)


def test_un_essai_n_ecrit_rien(decrit):
    attendre(decrit)
    importer(decrit, BONNES, "2023")
    avant = toute_la_base()
    bilan = importer(decrit, par_rang((120, 7, 113), ("nd", "s", 90)), "2023", ecrire=False)
    assert toute_la_base() == avant
    assert (bilan.nouvelles, bilan.changees, bilan.inchangees) == (0, 4, 2)
    assert (bilan.manquantes, bilan.secretes) == (1, 1) and bilan.tues
    importer(decrit, BONNES, "2024", ecrire=False)
    assert toute_la_base() == avant


def test_un_import_ecrit_valeurs_ensembles_et_livraison(decrit):
    bilan = importer(decrit, BONNES)
    assert (bilan.nouvelles, bilan.tues, bilan.est_vide) == (9, 0, False)
    assert bilan.lignes()[0] == "9 valeur(s) nouvelle(s), 0 changée(s), 0 inchangée(s)."
    assert Valeur.objects.count() == 9 and ValeurDEnsemble.objects.count() == 3
    livraison = Livraison.objects.get()
    assert (livraison.fichier, livraison.periode) == ("fichier.csv", "2024")
    assert (livraison.recue_par, len(livraison.empreinte)) == ("essai", 64)
    assert set(Valeur.objects.values_list("livraison", flat=True)) == {livraison.pk}


@pytest.mark.parametrize(
    ("texte", "motif"),
    [
        ("code;tous;femmes\n{c};1;2\n", "n’a pas la colonne « hommes » : sa forme a changé"),
        ("code;tous;femmes;hommes;tous\n{c};1;2;3;4\n", "Deux colonnes s’appellent « tous »"),
        ("code;tous;femmes;hommes\n{c};1;2;3\n{c};1;2;3\n", "est déjà à la ligne 2"),
        ("code;tous;femmes;hommes\n;1;2;3\n{c};1;2;3\n", "Ligne 2 : le code du territoire manque"),
        ("code;tous;femmes;hommes\n{c};1;2;3\nQN94002M;1;deux;3\n", "Ligne 3, colonne « femmes »"),
        ("code;tous;femmes;hommes\n{c};-1;2;3\n", "n’est pas un nombre de personnes"),
        ("code;tous;femmes;hommes\nQN00000X;1;2;3\n", "Aucun territoire de ce fichier"),
    ],
)
def test_tout_ou_rien(decrit, texte, motif):
    avant = toute_la_base()
    with pytest.raises(Refus, match=motif):
        importer_chiffres(
            par=MOI,
            description=decrit,
            periode="2024",
            nom="f.csv",
            octets=texte.format(c=code(1)).encode(),
            ecrire=True,
        )
    assert toute_la_base() == avant


def test_vingt_motifs_au_plus_se_disent(decrit):
    lignes = {f"QN{i}": ("x", "y", "z") for i in range(10)}
    with pytest.raises(Refus) as refus:
        importer(decrit, lignes)
    assert len(refus.value.motifs) == 21 and refus.value.motifs[-1] == "… et 10 autres."


@pytest.mark.parametrize("periode", ["", "18", "2018-T5", "l’an dernier"])
def test_une_periode_mal_ecrite_est_refusee(decrit, periode):
    with pytest.raises(Refus, match="Écrivez la période"):
        importer(decrit, BONNES, periode)
    assert not Livraison.objects.exists()


def test_des_nombres_negatifs_valent_pour_autre_chose_que_des_personnes():
    territoire(1)
    importer(decrire(serie("solde", "nombre")), par_rang((-12,)))
    assert lue("solde", 1).valeur == -12


def test_un_territoire_inconnu_est_nomme_et_laisse(decrit):
    bilan = importer(decrit, {**BONNES, "QN00000X": (5, 2, 3), "QN00000Y": (1, 1, 0)})
    assert bilan.inconnus == ["QN00000X", "QN00000Y"] and bilan.nouvelles == 9
    assert bilan.lignes()[2] == "2 territoire(s) inconnu(s), laissé(s) : QN00000X, QN00000Y"
    douze = {f"QN0000{i:02}": (1, 1, 0) for i in range(12)}
    assert importer(decrit, {**BONNES, **douze}, "2023").lignes()[2].endswith("QN000007…")


def test_un_quartier_d_une_autre_generation_est_inconnu():
    territoire(2)
    territoire(1, "Autrefois", depart=9, millesime=2015)
    bilan = importer(decrire(serie("tous")), {code(1): (50,), code(9): (60,)})
    assert bilan.inconnus == [code(9)]


def test_le_code_se_lit_quelle_que_soit_sa_casse(decrit):
    assert importer(decrit, {f" {code(1).lower()} ": (120, 70, 50)}).nouvelles == 3


def test_un_second_import_ne_change_rien(decrit):
    importer(decrit, BONNES)
    avant = list(Valeur.objects.order_by("pk").values())
    bilan = importer(decrit, BONNES)
    assert bilan.est_vide and bilan.inchangees == 9
    assert list(Valeur.objects.order_by("pk").values()) == avant


def test_une_valeur_change_seule_et_dit_d_ou_elle_vient(decrit):
    importer(decrit, BONNES)
    premiere = Livraison.objects.get()
    bilan = importer(decrit, {**BONNES, code(1): (121, 70, 51)})
    assert (bilan.nouvelles, bilan.changees, bilan.inchangees) == (0, 2, 7)
    assert lue("tous", 1).valeur == 121 and lue("tous", 1).livraison != premiere
    assert lue("tous", 2).livraison == premiere


def test_une_valeur_qui_grandit_se_montre_de_nouveau(decrit):
    importer(decrit, par_rang((120, 115, 5), (200, 110, 90), (95, 60, 35)))
    assert "primaire" in diffusions("hommes")
    importer(decrit, par_rang((120, 100, 20)))
    assert set(diffusions("hommes") + diffusions("femmes") + diffusions("tous")) == {"publiable"}


def test_manquant_et_secret_se_gardent_sans_nombre(decrit):
    bilan = importer(decrit, par_rang((120, "n.d.", "s"), ("", "-", "< 5"), (95, 60, 35)))
    assert (bilan.manquantes, bilan.secretes) == (3, 2)
    etats = [(lue(s, 1).etat, lue(s, 1).valeur) for s in ("tous", "femmes", "hommes")]
    assert etats == [("connue", Decimal(120)), ("manquante", None), ("secrete", None)]
    assert {v.diffusion for v in Valeur.objects.exclude(etat="connue")} == {"publiable"}


def test_une_case_vide_peut_etre_un_secret():
    territoire()
    decrit = decrire(*PAR_SEXE, marques_du_secret=["", " X "])
    bilan = importer(decrit, par_rang((120, "", "x"), (200, "nd", 90), (95, 60, 35)))
    assert (bilan.manquantes, bilan.secretes) == (1, 2)


def test_une_case_connue_peut_manquer_ensuite(decrit):
    importer(decrit, BONNES)
    bilan = importer(decrit, par_rang(("nd", 70, 50)))
    assert bilan.changees == 1 and lue("tous", 1).valeur is None


def test_des_communes_et_des_intercommunalites():
    epci = territoire(1)
    epci.siren = "200000001"
    epci.save()
    autre = Commune.objects.create(code="94199", nom="Autre", departement="94")
    epci.communes.add(autre)
    communes = decrire(serie("gens"), niveau="commune", millesime=None, nom="Communes")
    assert importer(communes, {"94100": (40,), "94199": (7,)}).nouvelles == 2
    petite = Valeur.objects.get(commune__code="94199")
    assert petite.diffusion == "primaire"
    assert ValeurDEnsemble.objects.get().niveau == "commune"
    assert ValeurDEnsemble.objects.get().diffusion != "publiable" or (
        Valeur.objects.get(commune__code="94100").diffusion != "publiable"
    )
    ensembles = decrire(serie("foyers"), niveau="epci", millesime=None, nom="Interco")
    importer(ensembles, {"200000001": (300,)})
    assert Valeur.objects.get(epci=epci).valeur == 300
    Epci.objects.create(nom="Sans numéro")
    with pytest.raises(Refus, match="Aucun territoire"):
        importer(ensembles, {"Sans numéro": (300,)})


# Le journal et le calendrier.


def test_un_import_se_note_une_fois(decrit):
    avant = Evenement.objects.count()
    importer(decrit, BONNES, ecrire=False)
    assert Evenement.objects.count() == avant
    importer(decrit, par_rang((120, 115, 5), (200, 110, 90), (95, 60, 35)))
    (note,) = Evenement.objects.filter(action="observatoire.importer_chiffres")
    assert note.contrat == CONTRAT
    assert note.objet_nom == "Fichier, 2024"
    assert Evenement.objects.count() == avant + 1


def test_une_source_de_la_plateforme_se_note_dans_sa_chaine():
    territoire(1)
    importer(decrire(serie("tous"), contrat=""), par_rang((50,)))
    note = Evenement.objects.get(action="observatoire.importer_chiffres")
    assert note.contrat == "instance"


@pytest.mark.parametrize(
    ("frequence", "suivante"),
    [
        ("annuelle", date(2027, 3, 1)),
        ("trimestrielle", date(2026, 6, 1)),
        ("unique", date(2026, 3, 1)),
    ],
)
def test_un_import_reporte_la_livraison_attendue(decrit, frequence, suivante):
    attendue = attendre(decrit, frequence=frequence)
    autre = attendre()
    importer(decrit, BONNES)
    attendue.refresh_from_db()
    assert (attendue.prochaine_le, attendue.est_close) == (suivante, frequence == "unique")
    autre.refresh_from_db()
    assert autre.prochaine_le == date(2026, 3, 1)


def test_une_attente_close_ne_bouge_plus(decrit):
    attendue = attendre(decrit)
    LivraisonAttendue.objects.update(est_close=True)
    importer(decrit, BONNES)
    attendue.refresh_from_db()
    assert attendue.prochaine_le == date(2026, 3, 1)


def test_redonner_le_meme_fichier_ne_reporte_pas_deux_fois(decrit):
    attendue = attendre(decrit)
    importer(decrit, BONNES)
    importer(decrit, BONNES)
    attendue.refresh_from_db()
    assert attendue.prochaine_le == date(2027, 3, 1)


def test_redonner_le_meme_fichier_n_est_pas_une_livraison(decrit):
    importer(decrit, BONNES)
    importer(decrit, BONNES)
    assert Livraison.objects.count() == 1
    assert Evenement.objects.filter(action="observatoire.importer_chiffres").count() == 1


def test_le_fichier_d_essai_est_celui_que_l_on_croit(decrit):
    assert octets(decrit, par_rang((1, 2, 3))) == b"code;tous;femmes;hommes\nQN94001M;1;2;3\n"
