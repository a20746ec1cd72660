"""Qui entre où : un contrat d'un autre répond comme un contrat absent, octet pour octet."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.converters import UUIDConverter

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.journal.models import Evenement
from parvis.pilotage.queries import contrats as q
from parvis.pilotage.urls import _contrat, _plateforme

pytestmark = pytest.mark.django_db
ABSENT = 987654


def adresses(motifs, **donnees):
    """Rend l'adresse de chaque page, les identifiants inconnus."""
    trouvees = {}
    for motif in motifs:
        arguments = {
            nom: "csv" if nom == "extension" else UUID(int=ABSENT) if _est_uuid(sorte) else ABSENT
            for nom, sorte in motif.pattern.converters.items()
        }
        trouvees[motif.name] = reverse(f"pilotage:{motif.name}", kwargs=arguments | donnees)
    return trouvees


def _est_uuid(sorte):
    return isinstance(sorte, UUIDConverter)


def corps(reponse):
    """Rend la page sans ce qui change à chaque requête."""
    texte = reponse.content.decode()
    texte = re.sub(r'(csrfmiddlewaretoken|_acteur|suite)" value="[^"]*"', r"\1", texte)
    return re.sub(r'nonce="[^"]*"', "", texte)


@pytest.mark.parametrize("nom", [m.name for m in _contrat])
def test_le_contrat_d_un_autre_repond_comme_un_contrat_absent(nom, pilote, voisin, naviguer):
    site, avant = naviguer(pilote), Evenement.objects.count()
    for envoi in (site.get, site.post):
        autre = envoi(adresses(_contrat, contrat=voisin.code)[nom])
        absent = envoi(adresses(_contrat, contrat="nulle-part")[nom])
        assert autre.status_code == absent.status_code in (404, 405)
        assert corps(autre) == corps(absent)
    assert Evenement.objects.count() == avant


@pytest.mark.parametrize("nom", [m.name for m in _contrat])
def test_les_autres_roles_ne_pilotent_pas(
    nom, contrat, administratrice, gestionnaire, agir, naviguer
):
    elue = agir("Elsa", Role.ELU, contrat=contrat.code)
    en_attente = agir("Farid", Role.PILOTE, contrat=contrat.code, est_confirme=False)
    adresse = adresses(_contrat, contrat=contrat.code)[nom]
    for acteur in (administratrice, gestionnaire, elue, en_attente):
        site = naviguer(acteur)
        assert {site.get(adresse).status_code, site.post(adresse).status_code} <= {404, 405}


@pytest.mark.parametrize("nom", [m.name for m in _plateforme])
def test_les_autres_roles_ne_tiennent_pas_la_plateforme(nom, pilote, gestionnaire, agir, naviguer):
    en_attente = agir("Farid", Role.ADMINISTRATEUR, est_confirme=False)
    adresse = adresses(_plateforme)[nom]
    for acteur in (pilote, gestionnaire, en_attente):
        site = naviguer(acteur)
        assert {site.get(adresse).status_code, site.post(adresse).status_code} <= {404, 405}


@pytest.mark.parametrize("motifs", [_contrat, _plateforme])
def test_un_visiteur_est_invite_a_se_connecter(motifs, contrat):
    donnees = {"contrat": contrat.code} if motifs is _contrat else {}
    for adresse in adresses(motifs, **donnees).values():
        reponse = Client().get(adresse)
        assert reponse.status_code == 405 or reponse["Location"].startswith("/compte/connexion/")


def test_un_pilote_dont_le_role_a_fini_ne_conduit_plus(contrat, agir, naviguer):
    parti = agir("Gaël", Role.PILOTE, contrat=contrat.code, fin_le="2021-01-01")
    assert naviguer(parti).get(f"/{contrat.code}/pilotage/").status_code == 404


def test_la_porte_est_dans_la_lecture(contrat, voisin, pilote, administratrice, gestionnaire):
    assert q.contrat_pilote(pilote, contrat.code) == contrat
    for acteur in (administratrice, gestionnaire, Acteur.anonyme()):
        with pytest.raises(Contrat.DoesNotExist):
            q.contrat_pilote(acteur, contrat.code)
    with pytest.raises(Contrat.DoesNotExist):
        q.contrat_pilote(pilote, voisin.code)
    assert list(q.contrats(pilote)) == [contrat]
    assert set(q.contrats(administratrice)) == {contrat, voisin}
    assert list(q.contrats(gestionnaire)) == list(q.contrats(Acteur.anonyme())) == []


def test_le_menu_mene_au_pilotage(contrat, pilote, administratrice, gestionnaire, naviguer):
    liens = (f'href="/{contrat.code}/pilotage/"', 'href="/pilotage/"')
    for acteur, attendu in ((pilote, 0), (administratrice, 1), (gestionnaire, None)):
        page = naviguer(acteur).get("/compte/").content.decode()
        assert [lien in page for lien in liens] == [attendu == 0, attendu == 1]
