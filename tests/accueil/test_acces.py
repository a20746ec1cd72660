"""La matrice d'accès, tirée du résolveur : chaque adresse × méthode × objet, pour un visiteur."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.cadre.actions import importer_cadre
from tests.accueil.adresses import ABSENTS, CONTRAT, adresse, motifs
from tests.fabriques.appels import contrat_publie_avec_appel as contrat_publie
from tests.fabriques.cadre import (
    MACHINE,
    avec_fiche,
    contrat_publie_avec_tout,
    fiche,
    petit_contrat,
)

pytestmark = pytest.mark.django_db
ADRESSES = motifs()
DU_CONTRAT = [nom for nom, morceaux in ADRESSES.items() if "contrat" in morceaux]
D_UN_OBJET = [
    (nom, morceau) for nom in DU_CONTRAT for morceau in ADRESSES[nom] if morceau in ABSENTS
]
ECRITURES = ["post", "put", "patch", "delete"]
# Ce qui répond sans contrat : 200, un renvoi vers le seul contrat, ou rien tant que c'est réglé ainsi.
SANS_CONTRAT = {
    "accueil:instance": 302,
    "accueil:security_txt": 404,
    "accueil:courriels": 404,
    "accueil:courriel": 404,
    "api-v1:api-root": 404,
}
# Ce qui s'écrit, et le prouve ailleurs : tests/accueil/test_courriels.py.
QUI_ECRIVENT = {"accueil:desabonnement"}


def lignes() -> dict[str, int]:
    return {modele.__name__: modele._default_manager.count() for modele in apps.get_models()}


def importer_un_brouillon(contrat: str) -> None:
    change = avec_fiche(petit_contrat(), fiche("1-1", titre="Texte encore secret"))
    importer_cadre(par=MACHINE, contrat=contrat, lu=change, source="essai.txt")


def test_chaque_adresse_a_un_exemple():
    assert all(adresse(nom) for nom in ADRESSES)
    assert len(ADRESSES) >= 26


@pytest.mark.parametrize("nom", ADRESSES)
@pytest.mark.parametrize("methode", ["get", "head"])
def test_un_visiteur_lit_ce_qui_est_publie(client, nom, methode):
    contrat_publie(CONTRAT)
    reponse = getattr(client, methode)(adresse(nom))
    assert reponse.status_code == SANS_CONTRAT.get(nom, 200)
    assert methode == "get" or reponse.content == b""


@pytest.mark.parametrize("nom", ADRESSES)
def test_lire_n_ecrit_rien(client, nom):
    contrat_publie(CONTRAT)
    avant = lignes()
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        client.get(adresse(nom))
    ecrites = [r["sql"] for r in requetes if not r["sql"].startswith(("SELECT", "PRAGMA"))]
    assert ecrites == []
    assert lignes() == avant


@pytest.mark.parametrize("nom", [nom for nom in ADRESSES if nom not in QUI_ECRIVENT])
@pytest.mark.parametrize("methode", ECRITURES)
def test_rien_ne_s_ecrit_par_ces_pages(client, nom, methode):
    contrat_publie(CONTRAT)
    avant = lignes()
    reponse = getattr(client, methode)(adresse(nom), {"titre": "intrus"})
    assert reponse.status_code == 405
    assert set(reponse["Allow"].split(", ")) == {"GET", "HEAD"}
    assert lignes() == avant


@pytest.mark.parametrize("nom", DU_CONTRAT)
@pytest.mark.parametrize("methode", ECRITURES)
def test_ecrire_ne_dit_pas_si_le_contrat_existe(client, nom, methode):
    contrat_publie(CONTRAT)
    importer_un_brouillon("brouillon")
    vers = [adresse(nom, contrat=c) for c in (CONTRAT, "brouillon", "absent")]
    reponses = [getattr(client, methode)(une) for une in vers]
    assert len({(r.status_code, r.content) for r in reponses}) == 1


@pytest.mark.parametrize("nom", DU_CONTRAT)
def test_un_contrat_en_brouillon_repond_comme_un_contrat_absent(client, nom):
    importer_un_brouillon("brouillon")
    brouillon, absent = (client.get(adresse(nom, contrat=c)) for c in ("brouillon", "absentium"))
    assert brouillon.status_code == absent.status_code == 404
    assert brouillon.content == absent.content
    assert dict(brouillon.headers) | NONCE == dict(absent.headers) | NONCE


NONCE = {"Content-Security-Policy": ""}


@pytest.mark.parametrize(("nom", "morceau"), D_UN_OBJET)
def test_un_objet_absent_repond_comme_un_contrat_absent(client, nom, morceau):
    contrat_publie(CONTRAT)
    absent = client.get(adresse(nom, **{morceau: ABSENTS[morceau]}))
    sans_contrat = client.get(adresse(nom, contrat="absentium"))
    assert absent.status_code == 404
    assert absent.content == sans_contrat.content


@pytest.mark.parametrize("nom", ["accueil:edition", "accueil:permanente"])
def test_une_edition_en_brouillon_repond_comme_une_edition_absente(client, nom):
    contrat_publie(CONTRAT)
    importer_un_brouillon(CONTRAT)
    brouillon, absente = (client.get(adresse(nom, edition=e)) for e in ("2015-06-2", "2015-06-9"))
    assert brouillon.status_code == absente.status_code == 404
    assert brouillon.content == absente.content


@pytest.mark.parametrize("nom", DU_CONTRAT)
def test_un_brouillon_ne_change_pas_un_octet_de_ce_qui_est_publie(client, nom):
    contrat_publie(CONTRAT)
    avant = client.get(adresse(nom)).content
    importer_un_brouillon(CONTRAT)
    assert client.get(adresse(nom)).content == avant


@pytest.mark.parametrize(("nom", "morceau"), D_UN_OBJET)
def test_l_objet_d_un_autre_contrat_est_introuvable(client, nom, morceau):
    """Le second contrat n'a ni les fiches, ni les partenaires, ni l'édition du premier."""
    contrat_publie(CONTRAT)
    voisin = petit_contrat(
        territoire="Val voisin",
        edition="2016-01",
        piliers=tuple(
            type(p)(f"Autre {p.titre}", (), p.introduction) if rang else PILIER_DU_VOISIN
            for rang, p in enumerate(petit_contrat().piliers)
        ),
    )
    contrat_publie_avec_tout("voisin", voisin, "Ailleurs")
    assert client.get(adresse(nom)).status_code == 200
    objet = {m: v for m, v in VOISIN.items() if m in ADRESSES[nom] and m != morceau}
    assert client.get(adresse(nom, contrat="voisin", **objet)).status_code == 404


def _pilier_du_voisin():
    from parvis.cadre.importation import structure as lu

    autre = fiche(
        "8-1",
        financeurs=(lu.Partenaire("Fonds voisin", "Fonds voisin"),),
        operateurs=(lu.Partenaire("Club voisin", "Club voisin"),),
        dispositifs=(),
        renvois=(),
    )
    return lu.Pilier("Voisiner", (lu.Enjeu(8, "Se parler", "", (autre,)),))


PILIER_DU_VOISIN = _pilier_du_voisin()
VOISIN = {"edition": "2016-01"}
