"""Les chiffres d'un contrat : le calendrier, un fichier décrit une fois, importé à chaque période."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.observatoire.models import (
    Description,
    FichierDepose,
    Livraison,
    LivraisonAttendue,
    Serie,
    Source,
    Valeur,
)
from parvis.pilotage.forms.chiffres import COLONNES_MAX
from tests.fabriques.quartiers import CODE, territoire_du_contrat
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
TABLEAU = f"code;habitants;femmes;part;nom\n{CODE};120;70;12,5;Le Pré-Joli\n"
ATTENTE = {
    "jeu": "Demandeurs d’emploi",
    "fournisseur": "France Travail",
    "frequence": "annuelle",
    "prochaine_le": "2020-03-01",
    "description": "",
    "note": "À demander en janvier.",
}
DECRIRE = {
    "nom": "Habitants des quartiers",
    "source": "Recensement",
    "producteur": "Insee",
    "niveau": "quartier",
    "millesime": "2024",
    "territoire": "0",
    "seuil": "11",
    "c1-lire": "on",
    "c1-libelle": "Habitants du quartier",
    "c1-unite": "personnes",
    "c1-remontee": "somme",
    "c2-lire": "on",
    "c2-libelle": "Femmes",
    "c2-unite": "personnes",
    "c2-remontee": "somme",
    "c2-partie_de": "1",
    "c2-decoupage": "par sexe",
    "c3-lire": "on",
    "c3-libelle": "Part des étrangers",
    "c3-definition": "Parmi tous les habitants.",
    "c3-unite": "pourcent",
    "c3-remontee": "moyenne",
    "c3-poids": "1",
    # Ce que l'on ne lit pas ne compte pas.
    "c4-libelle": "",
    "c4-unite": "lune",
}

LUE_DE_TROP = {
    f"c{rang}-{champ}": valeur
    for rang in (0, 4)
    for champ, valeur in (("libelle", "De trop"), ("unite", "nombre"), ("remontee", "aucune"))
}


@pytest.fixture
def chiffres(ouvert):
    """Rend le site de la pilote et une adresse sous « chiffres/ » ; le quartier du contrat est connu."""
    territoire_du_contrat()
    site, adresse = ouvert
    return site, lambda suite="": adresse(f"chiffres/{suite}")


def deposer(site, adresse, texte=TABLEAU, nom="habitants.csv"):
    """Dépose un fichier et rend son adresse."""
    fichier = SimpleUploadedFile(nom, texte.encode())
    return site.post(adresse("deposer/"), fichier=fichier)["Location"]


def decrire(site, ou, **autres):
    """Décrit un fichier déposé et rend la réponse."""
    return site.post(f"{ou}decrire/", **(DECRIRE | autres))


def importer(site, adresse, periode="2018", texte=TABLEAU):
    """Dépose et importe un fichier déjà décrit."""
    ou = deposer(site, adresse, texte)
    pk = str(Description.objects.get().pk)
    return site.post(f"{ou}importer/", description=pk, periode=periode)


# Les pages.


def test_une_page_vide_dit_quoi_faire(chiffres):
    site, adresse = chiffres
    page = lire(site.get(adresse()))
    assert "Aucune livraison n’est attendue" in page and "Notez qui doit vous envoyer" in page
    assert "Aucun fichier n’attend" in page and "Aucune série n’est connue" in page
    for suite in ("recues/", "series/"):
        page = site.get(adresse(suite))
        assert page.status_code == 200 and "Déposer un fichier" in lire(page)


def test_un_fichier_se_decrit_s_essaie_puis_s_importe(chiffres):
    site, adresse = chiffres
    ou = deposer(site, adresse)
    page = lire(site.get(ou))
    assert "Décrire ce fichier" in page and "Ce fichier ressemble à" not in page
    assert "1 ligne, 5 colonnes" in page and "Le Pré-Joli" in page
    reponse = decrire(site, ou)
    decrit = Description.objects.get()
    assert reponse["Location"] == f"{ou}?description={decrit.pk}#titre-importer"
    assert set(decrit.colonnes) == {"habitants", "femmes", "part"}
    femmes, part = (Serie.objects.get(code=code) for code in ("femmes", "part"))
    assert (femmes.partie_de.code, femmes.decoupage) == ("habitants", "par sexe")
    assert (part.poids.code, part.definition) == ("habitants", "Parmi tous les habitants.")
    page = lire(site.get(reponse["Location"]))
    assert "Ce fichier ressemble à" in page and "« Habitants des quartiers » est décrit" in page
    choix = {"description": str(decrit.pk), "periode": "2018-t1"}
    essai = site.post(f"{ou}importer/", **choix, essayer="oui")
    vue = lire(essai)
    assert essai.status_code == 200 and "Ce que cet import changerait" in vue
    assert "3 valeur(s) nouvelle(s)" in vue and 'value="2018-t1"' in vue
    assert not Valeur.objects.exists() and FichierDepose.objects.exists()
    assert site.post(f"{ou}importer/", **choix)["Location"] == adresse()
    assert Valeur.objects.count() == 3 and not FichierDepose.objects.exists()
    page = lire(site.get(adresse()))
    assert "Habitants des quartiers, 2018-T1" in page and "3 valeurs" in page
    assert "1 livraison reçue" in page and "3 séries connues" in page
    assert "moyenne pondérée par « Habitants du quartier »" in page
    assert "partie de « Habitants du quartier », par sexe" in page


def test_une_seconde_periode_s_importe_sans_question(chiffres):
    site, adresse = chiffres
    decrire(site, deposer(site, adresse))
    importer(site, adresse)
    autre = TABLEAU.replace("120;70", "130;80").replace("nom\n", "nom;de_plus\n")
    ou = deposer(site, adresse, autre)
    page = lire(site.get(ou))
    assert "Ce fichier ressemble à" in page and "3 colonnes lues" in page
    pk = re.search(r'name="description" value="(\d+)"[^>]*checked', page)[1]
    site.post(f"{ou}importer/", description=pk, periode="2019")
    assert sorted(Livraison.objects.values_list("periode", flat=True)) == ["2018", "2019"]
    assert Description.objects.count() == 1 and Serie.objects.count() == 3


def test_un_petit_nombre_de_personnes_se_compte_secret(chiffres):
    site, adresse = chiffres
    decrire(site, deposer(site, adresse))
    importer(site, adresse, texte=TABLEAU.replace("120;70", "120;4"))
    assert re.search(r"dont [1-9] secrète", lire(site.get(adresse("recues/"))))


def test_un_fichier_se_jette(chiffres):
    site, adresse = chiffres
    ou = deposer(site, adresse)
    assert "habitants.csv" in lire(site.get(adresse()))
    assert site.post(f"{ou}jeter/")["Location"] == adresse()
    assert not FichierDepose.objects.exists() and site.get(ou).status_code == 404


def test_le_site_devine_le_territoire_et_les_unites(chiffres):
    site, adresse = chiffres
    lignes = f"nom;code;taux;population;ecoles\nLe Pré;{CODE};12,5;900;3\nLe Val;QN94002M;8;700;1\n"
    page = lire(site.get(deposer(site, adresse, lignes)))

    def choisi(nom):
        liste = re.search(rf'<select name="{nom}".*?</select>', page, re.DOTALL)[0]
        return re.search(r'value="([^"]*)" selected', liste)[1]

    assert choisi("territoire") == "1"
    assert (choisi("niveau"), choisi("millesime")) == ("quartier", "2024")
    assert [choisi(f"c{i}-unite") for i in (2, 3, 4)] == ["pourcent", "personnes", "nombre"]


# Les erreurs.


@pytest.mark.parametrize(
    ("autres", "attendu"),
    [
        ({"nom": ""}, "Ce champ est obligatoire."),
        ({"millesime": ""}, "Dites de quelle génération sont ces quartiers."),
        ({"c1-lire": "", "c2-lire": "", "c3-lire": ""}, "Cochez au moins une colonne"),
        ({"c3-poids": ""}, "Dites quelle colonne pèse sa moyenne."),
        ({"c3-remontee": "somme"}, "Un pourcentage ou un indice ne s’additionne pas."),
        ({"c2-unite": "menages"}, "Une partie et son tout comptent la même chose"),
        (LUE_DE_TROP | {"c0-lire": "on"}, "décochez-la"),
        (LUE_DE_TROP | {"c4-lire": "on"}, "n’est pas un nombre"),
        ({"c1-libelle": "x" * 301}, "300"),
        ({"c1-unite": "lune"}, "Sélectionnez un choix valide"),
        ({"territoire": "99"}, "Sélectionnez un choix valide"),
    ],
)  # fmt: skip
def test_une_description_refusee_garde_tout(chiffres, autres, attendu):
    site, adresse = chiffres
    page = decrire(site, deposer(site, adresse), **autres)
    vue = lire(page)
    assert page.status_code == 422 and attendu in vue and "À revoir avant" in vue
    assert 'value="Recensement"' in vue and "Parmi tous les habitants." in vue
    assert 'value="par sexe"' in vue
    assert not Description.objects.exists() and not Serie.objects.exists()


def test_deux_colonnes_ne_se_confondent_pas(chiffres):
    site, adresse = chiffres
    colonnes = {
        f"c{i}-{c}": DECRIRE[f"c1-{c}"] for i in (1, 2) for c in ("lire", "unite", "remontee")
    }
    colonnes |= {"c2-partie_de": "", "c2-decoupage": "", "c3-lire": ""}
    for titres, attendu in (("gens;gens", "porte ce titre"), ("gens;Gens", "se confond avec")):
        ou = deposer(site, adresse, f"code;{titres};part;nom\n{CODE};1;2;3;x\n")
        page = decrire(site, ou, **colonnes)
        assert page.status_code == 422 and attendu in lire(page)


def test_une_source_connue_garde_son_seuil(chiffres):
    site, adresse = chiffres
    decrire(site, deposer(site, adresse))
    ou = deposer(site, adresse)
    page = decrire(site, ou, nom="Autre", seuil="5")
    assert page.status_code == 422 and "Cette source a déjà un seuil, 11" in lire(page)
    page = decrire(site, ou)
    assert page.status_code == 422 and "déjà un fichier décrit sous ce nom" in lire(page)


def test_une_case_vide_peut_etre_un_secret(chiffres):
    site, adresse = chiffres
    decrire(site, deposer(site, adresse), marques="X, tu", vide_est_secret="on")
    assert Description.objects.get().marques_du_secret == ["x", "tu", ""]


def test_cocher_les_nombres_garde_ce_qui_est_ecrit(chiffres):
    site, adresse = chiffres
    page = decrire(site, deposer(site, adresse), **{"cocher": "oui", "c1-lire": "", "nom": ""})
    vue = lire(page)
    assert page.status_code == 200 and "À revoir" not in vue
    assert 'value="Habitants du quartier"' in vue
    cochees = re.findall(r'name="(c\d)-lire"[^>]*checked', vue)
    assert cochees == ["c1", "c2", "c3"] and not Description.objects.exists()


@pytest.mark.parametrize(
    ("periode", "texte", "attendu"),
    [
        ("l’an dernier", TABLEAU, "Assurez-vous"),
        ("2018-T5", TABLEAU, "Écrivez la période ainsi"),
        ("2018", TABLEAU.replace("120", "beaucoup"), "« beaucoup » n’est pas un nombre"),
        ("2018", TABLEAU.replace(CODE, "QN00000Z"), "Aucun territoire de ce fichier n’est connu"),
    ],
)
def test_un_import_refuse_le_dit(chiffres, periode, texte, attendu):
    site, adresse = chiffres
    decrire(site, deposer(site, adresse))
    page = importer(site, adresse, periode, texte)
    assert page.status_code == 422 and attendu in lire(page)
    assert f'value="{periode}"' in lire(page) and not Valeur.objects.exists()


@pytest.mark.parametrize("octets", [b"", b"%PDF-1.4 rien"])
def test_un_fichier_illisible_est_refuse(chiffres, octets):
    site, adresse = chiffres
    page = site.post(adresse("deposer/"), fichier=SimpleUploadedFile("x.csv", octets))
    assert page.status_code == 422 and "À revoir" in lire(page)
    assert site.post(adresse("deposer/")).status_code == 422
    assert not FichierDepose.objects.exists()


def test_un_fichier_trop_large_le_dit(chiffres):
    site, adresse = chiffres
    titres = ";".join(f"c{i}" for i in range(COLONNES_MAX))
    ou = deposer(site, adresse, f"code;{titres}\n{CODE}{';1' * COLONNES_MAX}\n")
    assert "trop de colonnes" in lire(site.get(ou))
    assert decrire(site, ou).status_code == 422 and not Description.objects.exists()


# Le calendrier.


def test_une_livraison_s_attend_se_corrige_et_se_clot(chiffres):
    site, adresse = chiffres
    assert site.post(adresse("attentes/"), **ATTENTE)["Location"] == adresse()
    page = lire(site.get(adresse()))
    jours = (timezone.localdate() - LivraisonAttendue.objects.get().prochaine_le).days
    assert f"En retard de {jours} jours" in page and "À demander en janvier." in page
    une = adresse(f"attentes/{LivraisonAttendue.objects.get().pk}/")
    assert 'value="France Travail"' in lire(site.get(une))
    demain = (timezone.localdate() + timedelta(1)).isoformat()
    assert site.post(une, **(ATTENTE | {"prochaine_le": demain}))["Location"] == adresse()
    page = lire(site.get(adresse()))
    assert "En retard" not in page and "À venir" in page
    assert site.post(f"{une}clore/")["Location"] == adresse()
    assert "Aucune livraison n’est attendue" in lire(site.get(adresse()))
    assert "n’est plus attendue" in lire(site.get(une))


def test_une_attente_mal_saisie_garde_tout(chiffres):
    site, adresse = chiffres
    page = site.post(adresse("attentes/"), **(ATTENTE | {"jeu": ""}))
    assert page.status_code == 422 and 'value="À demander en janvier."' in lire(page)
    assert not LivraisonAttendue.objects.exists()


def test_un_import_reporte_la_livraison_attendue(chiffres):
    site, adresse = chiffres
    decrire(site, deposer(site, adresse))
    site.post(
        adresse("attentes/"), **(ATTENTE | {"description": str(Description.objects.get().pk)})
    )
    assert "Rien n’est encore reçu." in lire(site.get(adresse()))
    importer(site, adresse)
    attendue = LivraisonAttendue.objects.get()
    assert attendue.prochaine_le.isoformat() == "2021-03-01"
    assert "Reçu : 2018 (le" in lire(site.get(adresse()))
    assert "Habitants des quartiers, 2018" in lire(site.get(adresse(f"attentes/{attendue.pk}/")))


# Les autres.


def test_un_autre_contrat_n_existe_pas(chiffres, autre_pilote, naviguer, voisin):
    site, adresse = chiffres
    decrire(site, deposer(site, adresse))
    site.post(adresse("attentes/"), **ATTENTE)
    fichier, attendue = FichierDepose.objects.get(), LivraisonAttendue.objects.get()
    leur = naviguer(autre_pilote)
    base = f"/{voisin.code}/pilotage/chiffres/"
    for suite in (f"fichiers/{fichier.pk}/", f"attentes/{attendue.pk}/"):
        assert leur.get(f"{base}{suite}").status_code == 404
        assert leur.get(adresse(suite)).status_code == 404
    for suite in ("importer/", "decrire/", "jeter/"):
        assert leur.post(f"{base}fichiers/{fichier.pk}/{suite}").status_code == 404
    assert leur.post(f"{base}attentes/{attendue.pk}/clore/").status_code == 404
    # La description d'un autre contrat ne se choisit pas, et ne se propose pas.
    pk = str(Description.objects.get().pk)
    refus = leur.post(f"{base}attentes/", **(ATTENTE | {"description": pk}))
    assert refus.status_code == 422
    ou = deposer(leur, lambda s: base + s)
    assert "ressemble" not in lire(leur.get(ou))
    assert leur.post(f"{ou}importer/", description=pk, periode="2018").status_code == 422
    assert not Valeur.objects.exists()


def test_les_listes_coutent_autant_quel_que_soit_le_nombre_de_series(chiffres):
    site, adresse = chiffres
    decrire(site, deposer(site, adresse))
    importer(site, adresse)
    pk = str(Description.objects.get().pk)
    site.post(adresse("attentes/"), **(ATTENTE | {"description": pk}))
    avant = _couts(site, adresse)
    tout, livraison = Serie.objects.get(code="habitants"), Livraison.objects.get()
    for rang in range(30):
        source = Source.objects.create(nom=f"Source {rang}", producteur="Insee", contrat="tilleuls")
        serie = {"unite": "personnes", "remontee": "somme", "partie_de": tout, "code": f"s{rang}"}
        Serie.objects.create(source=source, libelle=f"Série {rang}", **serie)
        livraison.pk = None
        livraison.save(force_insert=True)
        site.post(adresse("attentes/"), **(ATTENTE | {"description": pk}))
    assert _couts(site, adresse) == avant


def _couts(site, adresse):
    couts = []
    for suite in ("", "recues/", "series/"):
        with CaptureQueriesContext(connection) as requetes:
            assert site.get(adresse(suite)).status_code == 200
        couts.append(len(requetes))
    return couts


def test_les_longues_listes_se_coupent(chiffres):
    site, adresse = chiffres
    decrire(site, deposer(site, adresse))
    source = Serie.objects.first().source
    Serie.objects.bulk_create(
        Serie(source=source, code=f"s{i}", libelle=f"Série {i}", unite="nombre", remontee="aucune")
        for i in range(60)
    )
    page = lire(site.get(adresse("series/")))
    assert "1 à 50 sur 63" in page
    suite = re.search(r'href="(\?apres=\d+)"', page)[1]
    assert "51 à 63 sur 63" in lire(site.get(adresse(f"series/{suite}")))
