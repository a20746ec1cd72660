"""Les postes aidés à l'écran du pilote : le code, un fichier relu puis écrit, la liste, les totaux."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.cadre.actions.contrats import noter_le_code_national
from parvis.pilotage.jetons import ApercuIllisible, postes_gardes
from parvis.programmation.models import PosteAide
from tests.fabriques import comptes
from tests.fabriques import postes as fabrique
from tests.fabriques.postes import CODE, JUMEAU, SIRET, fichier
from tests.pilotage.conftest import MOI, lire

pytestmark = pytest.mark.django_db
NOM = "adultes-relais-2025.csv"


@pytest.fixture
def code(contrat):
    noter_le_code_national(par=MOI, contrat=contrat, code=CODE)


def deposer(ouvert, octets=None, nom=NOM, **champs):
    site, adresse = ouvert
    recu = SimpleUploadedFile(nom, fichier(*JUMEAU) if octets is None else octets)
    return site.post(adresse("postes/importer/"), fichier=recu, **champs)


def relus(reponse):
    page = reponse.content.decode()
    return {
        champ: re.search(rf'name="{champ}" value="([^"]*)"', page)[1] for champ in ("jeton", "vue")
    }


def ecrire(ouvert, **champs):
    site, adresse = ouvert
    fait = site.post(adresse("postes/ecrire/"), **champs)
    return lire(site.get(fait.url))


def test_sans_poste_la_page_dit_quoi_faire_et_que_ce_ne_sont_pas_des_projets(ouvert):
    site, adresse = ouvert
    page = lire(site.get(adresse("postes/")))
    assert "Aucun poste n’est encore noté" in page and "data.gouv.fr" in page
    assert "ce ne sont pas des projets" in page and "coût théorique au 31 décembre" in page
    assert adresse("postes/importer/") in page
    assert 'aria-current="page">Postes aidés' in page
    assert adresse("postes/") in lire(site.get(adresse()))


def test_le_code_se_note_avant_le_fichier(ouvert, contrat):
    site, adresse = ouvert
    page = lire(site.get(adresse("postes/importer/")))
    assert "Notez le vôtre, une fois." in page and "2. Le fichier" not in page
    sans_code = deposer(ouvert)
    assert sans_code.status_code == 422 and "Notez d’abord le code national" in lire(sans_code)
    assert not PosteAide.objects.exists()
    refuse = site.post(adresse("postes/code-national/"), code="CV999")
    assert refuse.status_code == 422
    assert 'value="CV999"' in lire(refuse) and "n’est le code d’aucun contrat" in lire(refuse)
    assert "Écrivez le code." in lire(site.post(adresse("postes/code-national/"), code=""))
    fait = site.post(adresse("postes/code-national/"), code="cv357")
    page = lire(site.get(fait.url))
    assert "Le code national est noté." in page and "94 - CA Seine Amont, 2015-2023" in page
    contrat.refresh_from_db()
    assert contrat.code_national == CODE and "2. Le fichier" in page


def test_relire_puis_ecrire(ouvert, contrat, code):
    comptes.organisme("Plume et Pavé", siren=SIRET[:9], siret=SIRET)
    fabrique.poste(contrat, dispositif="adulte_relais", numero="PARTI")
    fabrique.poste(contrat, dispositif="adulte_relais", numero="09400R000707", montant=5)
    reponse = deposer(ouvert)
    page = lire(reponse)
    assert reponse.status_code == 200 and "6 postes à mettre à jour" in page
    assert (
        "4 postes de plus" in page and "1 poste à corriger" in page and "1 poste de moins" in page
    )
    assert "Reconnu par son Siret : Plume et Pavé" in page and "Compté aussi pour CV354" in page
    assert "1 ligne redite mot pour mot, comptée une fois." in page
    assert "1 ligne d’autres contrats." in page and "1 ligne sans code de contrat" in page
    assert "2 lignes laissées de côté" in page and "Ligne 8, 09400R000505" in page
    assert "1 numéro Siret à vérifier" in page and "Ligne 3, FIL ET BERGES" in page
    assert PosteAide.objects.count() == 2
    fait = ecrire(ouvert, **relus(reponse))
    assert f"6 postes mis à jour d’après « {NOM} »." in fait
    assert contrat.postes_aides.count() == 5
    assert set(contrat.postes_aides.values_list("source", flat=True)) == {NOM}
    encore = lire(deposer(ouvert))
    assert "Rien à mettre à jour" in encore and "5 postes déjà à jour." in encore
    assert "Écrire ce qui change" not in encore


def test_un_fichier_refuse_dit_pourquoi_et_garde_ce_qui_est_choisi(ouvert, code):
    refuse = deposer(ouvert, nom="export.csv")
    assert refuse.status_code == 422 and "choisissez-le" in lire(refuse)
    contraire = deposer(ouvert, dispositif="fonjep")
    assert contraire.status_code == 422 and "Vous dites « Poste FONJEP »" in lire(contraire)
    assert '<option value="fonjep" selected>' in lire(contraire)
    assert "Aucune colonne ne dit" in lire(deposer(ouvert, b"a,b\n1,2"))
    site, adresse = ouvert
    assert "Choisissez un fichier." in lire(site.post(adresse("postes/importer/")))
    page = lire(deposer(ouvert, fichier(("2025", "X", "", "X", "1", "CV001", "94"))))
    assert "Aucun poste ne se lit pour le code CV357 dans ce fichier." in page


def test_un_apercu_perime_forge_ou_d_un_autre_contrat_n_ecrit_rien(ouvert, contrat, code):
    champs = relus(deposer(ouvert))
    with pytest.raises(ApercuIllisible):
        postes_gardes("erables", CODE, champs["jeton"])
    for faux in (champs | {"vue": ""}, champs | {"jeton": "forgé"}, {}):
        dit = ecrire(ouvert, **faux)
        assert "n’est plus ce que vous avez relu" in dit or "ne se relit pas" in dit
    # Un autre import est passé entre-temps, puis le code a changé.
    fabrique.poste(contrat, dispositif="adulte_relais", numero="09400R000101", exercice=2024)
    assert "n’est plus ce que vous avez relu" in ecrire(ouvert, **champs)
    noter_le_code_national(par=MOI, contrat=contrat, code="CV354")
    assert "n’est plus ce que vous avez relu" in ecrire(ouvert, **champs)
    assert contrat.postes_aides.count() == 1


def test_la_liste_se_choisit_se_somme_et_s_emporte(ouvert, contrat):
    site, adresse = ouvert
    plume = comptes.organisme("Plume et Pavé")
    fabrique.poste(contrat, organisme=plume, autres_codes="CV354", siret=SIRET)
    fabrique.poste(contrat, numero="B", montant=Decimal("0.50"))
    fabrique.poste(contrat, dispositif="adulte_relais", exercice=2024, montant=Decimal("22810.61"))
    page = lire(site.get(adresse("postes/")))
    assert "3 postes, tous exercices ensemble, hors projets" in page and "29 975,11 €" in page
    assert f"/organismes/{plume.pk}/projets/" in page and "Imprimé : ONDES DE QUAI" in page
    choisie = lire(site.get(adresse("postes/"), exercice="2025", dispositif="fonjep"))
    assert "2 postes choisis, hors projets" in choisie and "7 164,50 €" in choisie
    vide = lire(site.get(adresse("postes/"), exercice="2024", dispositif="fonjep"))
    assert "Aucun poste ne répond à ce choix" in vide
    csv = site.get(adresse("postes/tableau.csv"), exercice="2025").content.decode("utf-8-sig")
    titres, premiere, seconde = csv.splitlines()
    assert titres.startswith(
        "Exercice;Dispositif;Numéro du poste;Employeur;Siret;Organisme reconnu;"
    )
    assert premiere.startswith(
        f"2025;Poste FONJEP;D00901;ONDES DE QUAI;{SIRET};Plume et Pavé;7164,00"
    )
    assert ";0,50;" in seconde
    assert site.get(adresse("postes/tableau.xlsx")).status_code == 200
    assert site.get(adresse("postes/tableau.pdf")).status_code == 404


@pytest.mark.parametrize("nombre", [1, 3, 40])
def test_les_pages_se_lisent_en_un_nombre_fixe_de_requetes(ouvert, contrat, code, nombre):
    site, adresse = ouvert
    lignes = []
    for rang in range(nombre):
        siret = f"{rang:014d}"
        organisme = comptes.organisme(f"Organisme {rang}", siren=siret[:9], siret=siret)
        fabrique.poste(contrat, numero=f"D{rang}", organisme=organisme, siret=siret)
        lignes.append(("2025", f"N{rang}", SIRET, "X", "1", CODE, "94"))
    site.get(adresse("postes/"))
    with CaptureQueriesContext(connection) as menees:
        page = lire(site.get(adresse("postes/")))
    assert page.count('class="nombre file__seul"') == nombre + 1
    assert len(menees) <= 16, [m["sql"][:90] for m in menees]
    with CaptureQueriesContext(connection) as menees:
        page = lire(deposer(ouvert, fichier(*lignes), nom="fonjep.csv"))
    assert f"{nombre * 2} postes à mettre à jour" in page
    assert len(menees) <= 10, [m["sql"][:90] for m in menees]


def test_les_postes_ne_comptent_dans_aucun_total_de_projets(ouvert, contrat):
    site, adresse = ouvert
    avant = lire(site.get(adresse("programmation/")))
    fabrique.poste(contrat, montant=Decimal("123456.78"))
    assert "123 456" not in lire(site.get(adresse("programmation/")))
    assert "123 456" not in avant
