"""Une clé cachée dans un formulaire n'ouvre rien : chaque liste de choix ne tient que ce qui est à soi."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from django import forms
from django.apps import apps

import parvis
from parvis.accueil.forms.appels import MesAlertes
from parvis.cadre.models import Contrat, Edition, Fiche, Partenaire
from parvis.comptes.forms import comptes as formulaires
from parvis.comptes.forms import organismes as pages
from parvis.comptes.models import Rattachement
from parvis.pilotage import forms as pilotage
from parvis.pilotage.forms.appels import AppelDAilleurs
from parvis.pilotage.forms.appels_sections import FichesDeLAppel
from parvis.territoires.models import Commune
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import Monde, acteur, monde, personne, rattachement

pytestmark = pytest.mark.django_db


def _un_contrat() -> Contrat:
    """Rend le contrat que conduit le pilote, publié la première fois."""
    return Contrat.objects.filter(code="tilleuls").first() or contrat_publie("tilleuls").contrat


def _une_edition() -> Edition:
    return _un_contrat().editions.get()


# Ce que chacun connaît : une liste de ces lignes ne dit rien de personne.
PUBLICS = (Commune, Fiche)
# Comment se montre un formulaire qui a des choix à vérifier.
MONTRER: dict[type, Callable[[Monde, str], forms.Form]] = {
    formulaires.Passation: lambda m, nom: formulaires.Passation(acteur=m.acteurs[nom]),
    formulaires.Invitation: lambda m, nom: formulaires.Invitation(
        acteur=m.acteurs[nom], organisme=m.verger
    ),
    formulaires.Frequences: lambda m, nom: formulaires.Frequences(acteur=m.acteurs[nom]),
    pilotage.InvitationAUnRole: lambda m, nom: pilotage.InvitationAUnRole(
        acteur=m.acteurs[nom], organisme=m.agglo
    ),
    pilotage.SavoirDuPartenaire: lambda m, nom: pilotage.SavoirDuPartenaire(
        acteur=m.acteurs[nom], ligne=_un_contrat().partenaires.get(nom="Communes")
    ),
    pilotage.SavoirDuDispositif: lambda m, nom: pilotage.SavoirDuDispositif(
        acteur=m.acteurs[nom], ligne=_un_contrat().dispositifs.get()
    ),
    MesAlertes: lambda m, nom: MesAlertes(acteur=m.acteurs[nom], edition=_une_edition()),
    FichesDeLAppel: lambda m, nom: FichesDeLAppel(
        etat={"fiches": []}, acteur=m.acteurs[nom], edition=_une_edition()
    ),
    AppelDAilleurs: lambda m, nom: AppelDAilleurs(
        acteur=m.acteurs[nom], contrat=_un_contrat(), edition=_une_edition()
    ),
    pages.NouvelOrganisme: lambda m, nom: pages.NouvelOrganisme(acteur=m.acteurs[nom]),
    pages.PageDOrganisme: lambda m, nom: pages.PageDOrganisme(
        acteur=m.acteurs[nom], organisme=m.verger
    ),
}


def tous_les_formulaires() -> Iterator[type[forms.BaseForm]]:
    for piece in apps.get_app_configs():
        if not piece.name.startswith("parvis."):
            continue
        for module in pkgutil.walk_packages(parvis.__path__, "parvis."):
            if module.name.startswith(f"{piece.name}.forms"):
                for _, classe in inspect.getmembers(
                    importlib.import_module(module.name), inspect.isclass
                ):
                    if issubclass(classe, forms.BaseForm) and classe.__module__ == module.name:
                        yield classe


def a_des_choix(classe: type[forms.BaseForm]) -> bool:
    return "acteur" in inspect.signature(classe.__init__).parameters


CLASSES = [classe for classe in tous_les_formulaires() if not classe.__name__.startswith("_")]


@pytest.mark.parametrize("classe", CLASSES, ids=lambda c: c.__name__)
def test_une_liste_de_lignes_recoit_l_acteur(classe):
    lignes = [
        champ for champ in classe.base_fields.values() if isinstance(champ, forms.ModelChoiceField)
    ]
    assert not lignes or a_des_choix(classe)
    assert not a_des_choix(classe) or classe in MONTRER


@pytest.mark.parametrize("classe", [c for c in CLASSES if a_des_choix(c)], ids=lambda c: c.__name__)
def test_chaque_choix_est_a_soi(classe):
    lieux = monde()
    rattachement(personne("Voisine2"), lieux.moulin, "lecteur")
    for nom in lieux.acteurs:
        if nom == "visiteur":
            continue
        form = MONTRER[classe](lieux, nom)
        for champ in form.fields.values():
            if not isinstance(champ, forms.ModelChoiceField):
                continue
            for ligne in champ.queryset:
                if isinstance(ligne, PUBLICS):
                    continue
                if isinstance(ligne, Partenaire):
                    assert (nom, ligne.contrat.code) == ("pilote", "tilleuls")
                    continue
                assert isinstance(ligne, Rattachement)
                assert ligne.organisme == lieux.acteurs[nom].organisme


def test_le_successeur_d_un_autre_organisme_est_refuse():
    lieux = monde()
    etranger = rattachement(personne("Etrangere"), lieux.moulin, "lecteur")
    sien = lieux.acteurs["lecteur"].rattachement
    for choisi, accepte in ((sien, True), (etranger, False)):
        form = formulaires.Passation(
            {"successeur": choisi.pk, "fin_le": "2030-01-01"}, acteur=lieux.acteurs["gestionnaire"]
        )
        assert form.is_valid() is accepte


def test_le_role_qu_on_ne_peut_pas_donner_est_refuse():
    lieux = monde()
    for role, accepte in (("lecteur", True), ("administrateur", False), ("pilote", False)):
        form = formulaires.Invitation(
            {"courriel": "x@exemple.fr", "role": role},
            acteur=lieux.acteurs["gestionnaire"],
            organisme=lieux.verger,
        )
        assert form.is_valid() is accepte
    sans_role = acteur(personne("Seule"))
    vide = formulaires.Invitation(acteur=sans_role, organisme=lieux.verger)
    assert vide.fields["role"].choices == []


def test_le_pilote_d_un_contrat_ne_choisit_pas_un_autre_contrat():
    contrat_publie("tilleuls")
    contrat_publie("voisin")
    lieux = monde()
    for nom, attendus in (
        ("pilote", {"", "tilleuls"}),
        ("voisine", {"", "voisin"}),
        ("administrateur", {"", "tilleuls", "voisin"}),
        ("gestionnaire", {""}),
    ):
        form = pilotage.InvitationAUnRole(acteur=lieux.acteurs[nom], organisme=lieux.agglo)
        assert {code for code, _ in form.fields["contrat"].choices} == attendus
