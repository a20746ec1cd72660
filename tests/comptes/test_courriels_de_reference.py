"""Six courriels, mot pour mot : docs/courriels/ se relit, et ne change pas sans qu'on le voie.

Pour approuver un nouveau texte, retirez le fichier et relancez : il est récrit, à relire.
"""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings as reglages
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions import invitations
from parvis.comptes.enums import EtatDeRattachement, Preuve, Role
from parvis.comptes.models import Rattachement
from parvis.courriels import actions, composition
from parvis.courriels.enums import Sujet
from parvis.courriels.models import Courriel
from parvis.organismes.models import Organisme
from tests.fabriques.authentification import Visiteur, personne

pytestmark = pytest.mark.django_db
INES, JOUR = "ines@exemple.fr", date(2026, 3, 2)
REFERENCES = Path(reglages.RACINE) / "docs" / "courriels"
# Ce qui change à chaque envoi.
VARIABLES = {
    r"\b\d{3}-\d{3}-\d{3}\b": "123-456-789",
    r"\b[2-9A-Z]{4} [2-9A-Z]{4}\b": "ABCD 2345",
    r"(/invitations/)[\w-]+": r"\1jeton",
    r"(/desabonnement/)[^/\s]+": r"\1jeton",
    r"\d{2}/\d{2}/\d{4}": "16/03/2026",
}


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ADRESSE = "https://parvis.example"


@pytest.fixture
def verger():
    """Rend la gestionnaire des Amis du Verger, et l'organisme."""
    organisme = Organisme.objects.create(
        nom="Les Amis du Verger",
        nature="association",
        courriel="bureau@verger.example",
        courriel_origine="declare",
        courriel_releve_le=JOUR,
    )
    rattachement = Rattachement.objects.create(
        utilisateur=personne("amina@verger.example", prenom="Amina", nom="Traoré"),
        organisme=organisme,
        role=Role.GESTIONNAIRE,
        debut_le=JOUR,
        etat=EtatDeRattachement.CONFIRME,
        preuve=Preuve.CREATION,
        confirme_le=timezone.now(),
    )
    return Acteur(rattachement.utilisateur, rattachement), organisme


def code_de_connexion():
    personne(INES)
    visiteur = Visiteur()
    visiteur.ouvrir("account_login")
    visiteur.envoyer(vers="account_request_login_code", email=INES)


def code_d_inscription():
    visiteur = Visiteur()
    visiteur.ouvrir("account_signup")
    visiteur.envoyer(prenom="Inès", nom="Cohen", email=INES)


def compte_deja_la():
    personne(INES)
    code_d_inscription()


def invitation(verger):
    par, organisme = verger
    invitations.inviter(par=par, organisme=organisme, courriel=INES, role=Role.CONTRIBUTEUR)


def code_a_un_organisme(verger):
    _, organisme = verger
    ines = personne(INES)
    demande = Rattachement.objects.create(
        utilisateur=ines,
        organisme=organisme,
        role=Role.SIGNATAIRE,
        debut_le=JOUR,
        etat=EtatDeRattachement.EN_ATTENTE,
    )
    invitations.envoyer_un_code(par=Acteur(ines, None), rattachement=demande)


NOUVELLES = [
    (
        Sujet.RATTACHEMENT,
        "Rose Martin agit maintenant pour Les Amis du Verger",
        "Rose Martin est contributeur de Les Amis du Verger.",
    ),
    (
        Sujet.RATTACHEMENT,
        "Paul Petit quitte Les Amis du Verger",
        "Paul Petit n’agit plus pour Les Amis du Verger.",
    ),
    (
        Sujet.ORGANISME,
        "La page de Les Amis du Verger a changé",
        "Rose Martin a changé la page de Les Amis du Verger.",
    ),
]


def resume_du_jour():
    hier, matin = (timezone.make_aware(datetime(2026, 3, jour, 9)) for jour in (1, 2))
    for sujet, objet, texte in NOUVELLES:
        actions.deposer(destinataire=INES, sujet=sujet, objet=objet, texte=texte, maintenant=hier)
    actions.preparer_les_resumes(maintenant=matin)


CAS = [
    code_de_connexion,
    code_d_inscription,
    compte_deja_la,
    invitation,
    code_a_un_organisme,
    resume_du_jour,
]


@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas.__name__)
def test_le_courriel_est_celui_qui_a_ete_approuve(cas, request):
    cas(*([request.getfixturevalue("verger")] if cas.__code__.co_argcount else []))
    courriel = Courriel.objects.latest("depose_le", "pk")
    texte = f"Pour : {courriel.destinataire}\nObjet : {courriel.objet}\n\n"
    texte += composition.texte_complet(courriel).strip() + "\n"
    for variable, fixe in VARIABLES.items():
        texte = re.sub(variable, fixe, texte)
    fichier = REFERENCES / f"{cas.__name__}.txt"
    if not fichier.exists():
        fichier.write_text(texte, encoding="utf-8")
        pytest.fail(f"{fichier.name} vient d'être écrit : relisez-le, puis relancez.")
    assert texte == fichier.read_text(encoding="utf-8")


def test_chaque_reference_a_son_cas():
    assert {f.stem for f in REFERENCES.glob("*.txt")} == {cas.__name__ for cas in CAS}
