"""La grille d'un appel : ce qui lui manque, ce qui change, ce qu'on en reprend, ce que chacun en lit."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from parvis.dossiers.actions import appels
from parvis.dossiers.actions import sections_d_appel as sections
from parvis.dossiers.models import CritereDAppel
from parvis.dossiers.queries.contenu_d_appel import CHAMPS_DU_CRITERE, etat
from parvis.dossiers.rules import appels as rules
from parvis.dossiers.rules.changements_d_appel import ce_qui_change
from parvis.dossiers.rules.contenu_d_appel import CritereLu
from parvis.dossiers.rules.grille import (
    CRITERES_PROPOSES,
    NIVEAUX,
    POIDS,
    manques_d_un_critere,
    motifs_sur_les_niveaux,
)
from parvis.socle.refus import ConflitDeVersion, Refus
from tests.decors import decor
from tests.dossiers.test_appels_rules import COMPLET, manques
from tests.fabriques import appels as fabrique

UTILE = CritereLu("utile", "Utile", "À qui ?", 3, ("Peu", "Assez", "Très"))


@decor
def contrat(contrat_publie):
    return contrat_publie.contrat


class TestRegles:
    @pytest.mark.parametrize(
        ("niveaux", "attendu"),
        [
            ((), "de deux à cinq niveaux"),
            (("Oui",), "de deux à cinq niveaux"),
            (("Non", "Oui"), ""),
            (tuple("abcde"), ""),
            (tuple("abcdef"), "de deux à cinq niveaux"),
            (("Non", "o" * 80), ""),
            (("Non", "o" * 81), "80 signes au plus"),
        ],
    )
    def test_un_critere_a_de_deux_a_cinq_niveaux_courts(self, niveaux, attendu):
        phrases = [
            p for s, p in manques(replace(COMPLET, grille=(replace(UTILE, niveaux=niveaux),)))
        ]
        assert [attendu in phrase for phrase in phrases] == [True] * bool(attendu)

    def test_sans_grille_il_ne_manque_rien(self):
        assert manques(COMPLET) == []
        assert rules.etat_de_section("grille", COMPLET, []) == ("vide", "Aucun, et c’est possible")
        avec = replace(COMPLET, grille=(UTILE, replace(UTILE, cle="sur")))
        assert rules.etat_de_section("grille", avec, []) == ("fait", "2 critères")

    def test_ce_qui_change_se_dit_critere_par_critere(self):
        avant = replace(COMPLET, grille=(UTILE, replace(UTILE, cle="sur", libelle="Sûr")))
        apres = replace(
            COMPLET,
            grille=(
                replace(UTILE, poids=5, niveaux=("Non", "Oui")),
                replace(UTILE, cle="neuf", libelle="Neuf"),
            ),
        )
        assert ce_qui_change(avant, avant) == []
        assert ce_qui_change(avant, apres) == [
            "Le critère « Sûr » n’est plus dans la grille.",
            "Le critère « Neuf » est dans la grille.",
            "Le critère « Utile » pèse 5, au lieu de 3.",
            "Le critère « Utile » est précisé.",
        ]
        lourd = replace(COMPLET, grille=(replace(UTILE, poids=1), avant.grille[1]))
        assert ce_qui_change(avant, lourd) == ["Le critère « Utile » pèse 1, au lieu de 3."]

    def test_les_criteres_proposes_sont_publiables_et_disent_d_ou_ils_viennent(self):
        assert len({c.cle for c in CRITERES_PROPOSES}) == len(CRITERES_PROPOSES) == 7
        for propose in CRITERES_PROPOSES:
            assert motifs_sur_les_niveaux(propose.libelle, propose.niveaux) == []
            assert NIVEAUX[0] <= len(set(propose.niveaux)) <= NIVEAUX[1]
            assert POIDS[0] <= propose.poids <= POIDS[1]
            assert propose.source and propose.explication
        pilotage = next(c for c in CRITERES_PROPOSES if c.cle == "habitants-au-pilotage")
        assert "15-2" in pilotage.source

    def test_un_critere_dit_son_nom_quand_il_manque_quelque_chose(self):
        assert manques_d_un_critere(UTILE) == []
        assert "« Utile »" in manques_d_un_critere(replace(UTILE, niveaux=()))[0]


@pytest.mark.django_db
class TestEcrire:
    def test_proposer_n_ajoute_que_ce_qui_manque(self, acteur, contrat):
        version = fabrique.brouillon(acteur, contrat)
        assert sections.proposer_la_grille(par=acteur, version=version) == 7
        premier = version.grille.first()
        sections.retirer_une_ligne(par=acteur, ligne=premier)
        assert sections.proposer_la_grille(par=acteur, version=version) == 1
        assert [c.cle for c in version.grille.all()][-1] == premier.cle
        assert sections.proposer_la_grille(par=acteur, version=version) == 0

    def test_un_critere_s_ecrit_se_monte_et_garde_sa_cle(self, acteur, contrat):
        version = fabrique.brouillon(acteur, contrat)
        valeurs = {"libelle": "Utile", "poids": 4, "niveaux": ["Non", " Non ", "Oui", ""]}
        critere = sections.ajouter_un_critere(par=acteur, version=version, valeurs=valeurs)
        assert (critere.cle, critere.niveaux) == ("utile", ["Non", "Oui"])
        autre = sections.ajouter_un_critere(par=acteur, version=version, valeurs=valeurs)
        sections.monter_une_ligne(par=acteur, ligne=autre)
        assert [c.cle for c in version.grille.all()] == ["utile-2", "utile"]
        depart = etat(critere, CHAMPS_DU_CRITERE)
        neuf = sections.modifier_un_critere(
            par=acteur, critere=critere, depart=depart, valeurs={"libelle": "Bon", "poids": 1}
        )
        assert (neuf.cle, neuf.libelle, neuf.poids) == ("utile", "Bon", 1)
        with pytest.raises(ConflitDeVersion):
            sections.modifier_un_critere(par=acteur, critere=critere, depart=depart, valeurs={})

    @pytest.mark.parametrize("poids", [0, 6])
    def test_le_poids_va_de_un_a_cinq(self, acteur, contrat, poids):
        version = fabrique.brouillon(acteur, contrat)
        critere = CritereDAppel(version=version, cle="x", rang=1, libelle="X", poids=poids)
        with pytest.raises(IntegrityError), transaction.atomic():
            critere.save()

    def test_un_critere_sans_niveau_ne_se_publie_pas(self, acteur, contrat):
        version = fabrique.brouillon(acteur, contrat)
        sections.ajouter_un_critere(par=acteur, version=version, valeurs={"libelle": "Vague"})
        with pytest.raises(Refus, match="de deux à cinq niveaux"):
            appels.publier_l_appel(par=acteur, version=version)

    def test_la_grille_passe_d_une_version_et_d_une_annee_a_l_autre(self, acteur, contrat):
        version = fabrique.brouillon(acteur, contrat)
        sections.proposer_la_grille(par=acteur, version=version)
        publie = appels.publier_l_appel(par=acteur, version=version)
        dits = list(publie.grille.values_list("cle", "rang", "libelle", "poids", "niveaux"))
        suivante = appels.preparer_une_version(par=acteur, appel=publie.appel)
        exercice = publie.appel.exercice + 1
        copie = appels.dupliquer(par=acteur, appel=publie.appel, exercice=exercice)
        for reprise in (suivante, copie):
            lus = reprise.grille.values_list("cle", "rang", "libelle", "poids", "niveaux")
            assert list(lus) == dits


@pytest.mark.django_db
def test_chacun_lit_la_grille_sur_la_page_de_l_appel(client, acteur, contrat):
    version = fabrique.brouillon(acteur, contrat)
    sans = fabrique.publie(acteur, contrat, titre="Sans grille")
    sections.proposer_la_grille(par=acteur, version=version)
    publie = appels.publier_l_appel(par=acteur, version=version, maintenant=timezone.now())

    def page(quoi):
        adresse = reverse("accueil:appel", args=(contrat.code, quoi.appel.adresse))
        return client.get(adresse).content.decode()

    lue = page(publie)
    assert "Sur quoi votre projet sera jugé" in lue
    assert "Poids&nbsp;3" in lue and "Au cœur du projet" in lue
    assert "Sur quoi votre projet sera jugé" not in page(sans)
