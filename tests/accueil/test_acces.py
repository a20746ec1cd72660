"""La matrice d'accès, tirée du résolveur : chaque adresse × méthode × objet, pour un visiteur."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.cadre.actions import importer_cadre
from tests.accueil.adresses import ABSENTS, CONTRAT, adresse, motifs
from tests.decors import decor
from tests.fabriques.appels import contrat_publie_avec_appel
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
    """Compte les lignes de chaque table, d'une seule requête."""
    tables = sorted({modele._meta.db_table for modele in apps.get_models()})
    with connection.cursor() as curseur:
        curseur.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', COUNT(*) FROM {connection.ops.quote_name(table)}"
                for table in tables
            )
        )
        return dict(curseur.fetchall())


def importer_un_brouillon(contrat: str) -> None:
    change = avec_fiche(petit_contrat(), fiche("1-1", titre="Texte encore secret"))
    importer_cadre(par=MACHINE, contrat=contrat, lu=change, source="essai.txt")


@decor
def publie():
    """Publie le petit contrat, avec de quoi remplir chaque page."""
    return contrat_publie_avec_appel(CONTRAT)


@decor
def un_brouillon():
    """Importe un contrat qui n'a qu'un brouillon."""
    importer_un_brouillon("brouillon")


@decor
def publie_et_brouillon(publie):
    """Ajoute au contrat publié un autre, qui n'a qu'un brouillon."""
    importer_un_brouillon("brouillon")


@decor
def a_rediger(publie):
    """Ajoute au contrat publié un brouillon de l'édition suivante."""
    importer_un_brouillon(CONTRAT)


@decor
def voisin(publie):
    """Ajoute un second contrat, qui n'a ni les fiches, ni les partenaires, ni l'édition du premier."""
    autres = petit_contrat(
        territoire="Val voisin",
        edition="2016-01",
        piliers=tuple(
            type(p)(f"Autre {p.titre}", (), p.introduction) if rang else PILIER_DU_VOISIN
            for rang, p in enumerate(petit_contrat().piliers)
        ),
    )
    contrat_publie_avec_tout("voisin", autres, "Ailleurs")


def test_chaque_adresse_a_un_exemple():
    assert all(adresse(nom) for nom in ADRESSES)
    assert len(ADRESSES) >= 26


@pytest.mark.parametrize("nom", ADRESSES)
@pytest.mark.parametrize("methode", ["get", "head"])
def test_un_visiteur_lit_ce_qui_est_publie(publie, client, nom, methode):
    reponse = getattr(client, methode)(adresse(nom))
    assert reponse.status_code == SANS_CONTRAT.get(nom, 200)
    assert methode == "get" or reponse.content == b""


@pytest.mark.parametrize("nom", ADRESSES)
def test_lire_n_ecrit_rien(publie, client, nom):
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
def test_rien_ne_s_ecrit_par_ces_pages(publie, client, nom, methode):
    avant = lignes()
    reponse = getattr(client, methode)(adresse(nom), {"titre": "intrus"})
    assert reponse.status_code == 405
    assert set(reponse["Allow"].split(", ")) == {"GET", "HEAD"}
    assert lignes() == avant


@pytest.mark.parametrize("nom", DU_CONTRAT)
@pytest.mark.parametrize("methode", ECRITURES)
def test_ecrire_ne_dit_pas_si_le_contrat_existe(publie_et_brouillon, client, nom, methode):
    vers = [adresse(nom, contrat=c) for c in (CONTRAT, "brouillon", "absent")]
    reponses = [getattr(client, methode)(une) for une in vers]
    assert len({(r.status_code, r.content) for r in reponses}) == 1


@pytest.mark.parametrize("nom", DU_CONTRAT)
def test_un_contrat_en_brouillon_repond_comme_un_contrat_absent(un_brouillon, client, nom):
    brouillon, absent = (client.get(adresse(nom, contrat=c)) for c in ("brouillon", "absentium"))
    assert brouillon.status_code == absent.status_code == 404
    assert brouillon.content == absent.content
    assert dict(brouillon.headers) | NONCE == dict(absent.headers) | NONCE


NONCE = {"Content-Security-Policy": ""}


@pytest.mark.parametrize(("nom", "morceau"), D_UN_OBJET)
def test_un_objet_absent_repond_comme_un_contrat_absent(publie, client, nom, morceau):
    absent = client.get(adresse(nom, **{morceau: ABSENTS[morceau]}))
    sans_contrat = client.get(adresse(nom, contrat="absentium"))
    assert absent.status_code == 404
    assert absent.content == sans_contrat.content


@pytest.mark.parametrize("nom", ["accueil:edition", "accueil:permanente"])
def test_une_edition_en_brouillon_repond_comme_une_edition_absente(a_rediger, client, nom):
    brouillon, absente = (client.get(adresse(nom, edition=e)) for e in ("2015-06-2", "2015-06-9"))
    assert brouillon.status_code == absente.status_code == 404
    assert brouillon.content == absente.content


@pytest.mark.parametrize("nom", DU_CONTRAT)
def test_un_brouillon_ne_change_pas_un_octet_de_ce_qui_est_publie(publie, client, nom):
    avant = client.get(adresse(nom)).content
    importer_un_brouillon(CONTRAT)
    assert client.get(adresse(nom)).content == avant


@pytest.mark.parametrize(("nom", "morceau"), D_UN_OBJET)
def test_l_objet_d_un_autre_contrat_est_introuvable(voisin, client, nom, morceau):
    """Le second contrat n'a ni les fiches, ni les partenaires, ni l'édition du premier."""
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
