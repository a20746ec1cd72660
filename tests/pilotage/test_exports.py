"""Reprendre l'export du portail de l'État, à l'écran : relire, puis écrire ce qui a été relu."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.dossiers.actions.suivi import noter_la_suite
from parvis.dossiers.models import CorrespondanceDImport, Demande
from parvis.dossiers.rules.suivi import Suite
from parvis.pilotage.jetons import ApercuIllisible, apercu_garde
from tests.decors import decor
from tests.fabriques import depots, portails
from tests.fabriques.quartiers import territoire_du_contrat
from tests.pilotage.conftest import lire
from tests.pilotage.test_dossiers import Site

pytestmark = pytest.mark.django_db
NUMERO = "DA01234567"
TITRES = "Référence administrative;Statut;Montant voté"


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


@pytest.fixture
def site(ici):
    return Site(ici)


@decor
def demande(ici):
    return portails.demande_a_l_etat(depots.depose(ici), numero_externe=NUMERO)


def deposer(site, *lignes, titres=TITRES, **champs):
    octets = "\n".join([titres, *lignes]).encode()
    return site.post("exports", fichier=SimpleUploadedFile("export.csv", octets), **champs)


def relus(reponse):
    """Rend les champs que la page garde pour écrire ce qui vient d'être relu."""
    page = reponse.content.decode()
    return {
        champ: re.search(rf'name="{champ}" value="([^"]*)"', page)[1] for champ in ("jeton", "vue")
    }


def test_la_file_des_dossiers_y_mene(site, demande):
    assert "Reprendre un export du portail de l’État" in lire(site.get("dossiers"))
    assert "Voir ce qui change" in lire(site.get("exports"))


def test_relire_puis_ecrire(site, demande):
    reponse = deposer(site, f"{NUMERO};A justifier;4 000", "DA00000009;Rejetée;", "X;Rejetée;")
    page = lire(reponse)
    assert reponse.status_code == 200 and "1 demande à mettre à jour" in page
    assert "demandée, n° DA01234567" in page
    quand = f"{timezone.localdate():%d/%m/%Y}"
    assert f"accordée, 4 000 € votés le {quand}, « A justifier », n° DA01234567" in page
    assert "1 ligne laissée de côté" in page and "n’est pas un numéro d’action" in page
    assert "1 ligne sans demande ici" in page and "DA00000009" in page
    demande.refresh_from_db()
    assert demande.etat == "demandee"
    fait = site.post("reprendre_un_export", **relus(reponse))
    assert "1 demande mise à jour d’après l’export." in lire(site.client.get(fait.url))
    demande.refresh_from_db()
    assert (demande.etat, demande.montant_vote) == ("accordee", Decimal(4000))
    page = lire(site.get("dossier", demande.dossier_id))
    assert "repris d’un export (« A justifier ») par Pilote Essai" in page
    encore = lire(deposer(site, f"{NUMERO};A justifier;4 000"))
    assert "Rien à mettre à jour" in encore and "1 demande déjà à jour" in encore
    assert "Écrire ce qui change" not in encore


def test_ce_qu_une_personne_a_note_attend_une_case(ici, site, demande):
    hier = timezone.localdate() - timedelta(days=1)
    noter_la_suite(
        par=ici.porte, demande=demande, suite=Suite("accordee", NUMERO, Decimal(3000), hier)
    )
    ligne = f"{NUMERO};A justifier;4000"
    reponse = deposer(site, ligne)
    page = lire(reponse)
    assert "Ce qu’une personne a déjà noté autrement" in page
    assert "Noté ici par Gestionnaire Essai" in page
    site.post("reprendre_un_export", **relus(reponse))
    demande.refresh_from_db()
    assert demande.montant_vote == Decimal(3000)
    site.post("reprendre_un_export", remplacer="oui", **relus(deposer(site, ligne)))
    demande.refresh_from_db()
    assert demande.montant_vote == Decimal(4000)


def test_un_apercu_perime_ou_forge_n_ecrit_rien(ici, site, demande):
    champs = relus(deposer(site, f"{NUMERO};Rejetée;"))
    Demande.objects.filter(pk=demande.pk).update(statut_externe="Transmise")
    for faux in (champs, champs | {"vue": ""}, champs | {"jeton": "forgé"}, {}):
        fait = site.post("reprendre_un_export", **faux)
        page = lire(site.client.get(fait.url))
        assert "n’est plus ce que vous avez relu" in page or "ne se relit pas" in page
    demande.refresh_from_db()
    assert demande.etat == "demandee"


def test_un_apercu_ne_vaut_que_pour_son_contrat(site, demande):
    champs = relus(deposer(site, f"{NUMERO};Rejetée;"))
    assert apercu_garde("tilleuls", champs["jeton"])[0].lignes[0].faits["numero"] == NUMERO
    with pytest.raises(ApercuIllisible):
        apercu_garde("voisin", champs["jeton"])


def test_l_apercu_ne_garde_que_ce_qui_change_une_demande(site, demande):
    lignes = [f"DA{rang:08d};Rejetée;" for rang in range(300)]
    reponse = deposer(site, f"{NUMERO};Rejetée;", *lignes)
    (gardee,) = apercu_garde("tilleuls", relus(reponse)["jeton"])[0].lignes
    assert gardee.ligne == 2
    assert "Voir les 200 premiers numéros" in lire(reponse)


def test_une_annee_seule(site, demande):
    autre = demande.exercice + 1
    page = lire(deposer(site, f"{NUMERO};Rejetée;", exercice=str(autre)))
    assert "Rien à mettre à jour" in page and f"{autre} seulement" in page
    assert "1 ligne sans demande ici" in page


def test_une_colonne_inconnue_se_dit_et_se_garde(site, demande):
    titres = "Mon code;Sa réponse;Montant voté;Exercice"
    refuse = deposer(site, f"{NUMERO};Rejetée;", titres=titres)
    assert refuse.status_code == 422
    assert "Aucune colonne ne dit le numéro de l’action" in lire(refuse)
    assert "Choisissez un fichier." in lire(site.post("exports"))
    dites = {"numero": "Mon code", "statut": "Sa réponse"}
    reponse = deposer(site, f"{NUMERO};Rejetée;", titres=titres, **dites)
    assert not CorrespondanceDImport.objects.exists()
    site.post("reprendre_un_export", **relus(reponse))
    page = site.get("exports").content.decode()
    assert 'value="Mon code"' in page and 'value="Exercice"' not in page
    assert deposer(site, f"{NUMERO};Rejetée;", titres=titres).status_code == 200


@pytest.mark.parametrize("nombre", [1, 3, 50])
def test_l_apercu_se_lit_en_un_nombre_fixe_de_requetes(site, demande, nombre):
    lignes = []
    for rang in range(nombre):
        portails.demande_a_l_etat(demande.dossier, rang=100 + rang, numero_externe=f"DA{rang:08d}")
        lignes.append(f"DA{rang:08d};Rejetée;")
    deposer(site, *lignes)
    with CaptureQueriesContext(connection) as menees:
        reponse = deposer(site, *lignes)
    assert lire(reponse).count("refusée, « Rejetée »") == nombre
    assert len(menees) <= 10, [m["sql"][:90] for m in menees]
