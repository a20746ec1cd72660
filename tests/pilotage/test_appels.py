"""Le pilote ouvre un appel, l'écrit section par section, le relit, le publie, le change, le reprend."""

import json
from dataclasses import replace
from datetime import date

import pytest

from parvis.cadre.actions.rapprochements import rapprocher
from parvis.dossiers.actions import appels
from parvis.dossiers.models import Appel, VersionDAppel
from tests.fabriques import appels as fabrique
from tests.fabriques.cadre import contrat_publie, petit_contrat
from tests.pilotage.conftest import depart_de, jeton_de, lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def brouillon(pilote, contrat):
    return fabrique.brouillon(pilote, contrat)


@pytest.fixture
def publie(pilote, contrat):
    return fabrique.publie(pilote, contrat)


def instant(jours):
    return f"{fabrique.dans(jours):%Y-%m-%dT%H:%M}"


def presentation(site, adresse, **valeurs):
    """Rend ce que la page de présentation renverrait, ces valeurs en plus."""
    page = site.get(adresse)
    return {
        "titre": "Appel des quartiers",
        "presentation": "Des projets utiles.",
        "ouvre_le": instant(-5),
        "ferme_le": instant(30),
        "exercices_max": "1",
        "depart": depart_de(page),
    } | valeurs


def test_d_un_contrat_vide_au_brouillon(ouvert, contrat):
    site, ici = ouvert
    assert "Ouvrez le premier" in lire(site.get(ici("appels/")))
    assert "Quatre réponses" in lire(site.get(ici("appels/nouveau/")))
    reponse = site.post(
        ici("appels/nouveau/"),
        titre="Appel des quartiers",
        exercice=str(fabrique.dans(40).year),
        ouvre_le=instant(2),
        ferme_le=instant(40),
    )
    appel = Appel.objects.get()
    assert reponse["Location"].endswith(f"/pilotage/appels/{appel.adresse}/")
    texte = lire(site.get(reponse["Location"]))
    assert "Brouillon" in texte and "Choisissez au moins un financeur." in texte
    assert "Publier…" not in texte


def test_un_appel_impossible_revient_avec_ses_motifs(ouvert):
    site, ici = ouvert
    envoi = {"titre": "Appel", "exercice": "2026", "ouvre_le": instant(9), "ferme_le": instant(2)}
    reponse = site.post(ici("appels/nouveau/"), **envoi)
    assert reponse.status_code == 422
    assert "ferme avant d’ouvrir" in lire(reponse)


class TestSections:
    @pytest.mark.parametrize(
        "section", ["presentation", "fiches", "financeurs", "pieces", "questions", "appeler"]
    )
    def test_chaque_section_a_sa_page(self, ouvert, brouillon, section):
        site, ici = ouvert
        reponse = site.get(ici(f"appels/{brouillon.appel.adresse}/{section}/"))
        assert reponse.status_code == 200
        assert brouillon.titre in lire(reponse)

    def test_une_section_inconnue_ou_un_appel_publie_ne_s_ecrit_pas(self, ouvert, publie):
        site, ici = ouvert
        assert site.get(ici(f"appels/{publie.appel.adresse}/presentation/")).status_code == 404
        assert site.get(ici(f"appels/{publie.appel.adresse}/rien/")).status_code == 404

    def test_la_presentation_s_enregistre(self, ouvert, brouillon):
        site, ici = ouvert
        adresse = ici(f"appels/{brouillon.appel.adresse}/presentation/")
        reponse = site.post(adresse, **presentation(site, adresse, ferme_le=instant(44)))
        assert reponse.status_code == 302
        brouillon.refresh_from_db()
        assert brouillon.ferme_le == fabrique.dans(44)

    def test_elle_s_enregistre_a_mesure(self, ouvert, brouillon):
        site, ici = ouvert
        adresse = ici(f"appels/{brouillon.appel.adresse}/presentation/")
        envoi = presentation(site, adresse, titre="Premier")
        for titre in ("Premier", "Second"):
            corps = {"_acteur": jeton_de(site), **envoi}
            reponse = site.client.post(
                adresse, corps | {"titre": titre}, headers={"Accept": "application/json"}
            )
            assert reponse.status_code == 200, reponse.content
            envoi["depart"] = json.loads(reponse.content)["champs"]["depart"]
        brouillon.refresh_from_db()
        assert brouillon.titre == "Second"

    def test_deux_ecritures_croisees_se_comparent(self, ouvert, pilote, brouillon):
        site, ici = ouvert
        adresse = ici(f"appels/{brouillon.appel.adresse}/presentation/")
        envoi = presentation(site, adresse, titre="Le mien")
        fabrique.presenter(pilote, brouillon, titre="Le sien", presentation="Réécrite ailleurs.")
        reponse = site.post(adresse, **envoi)
        texte = lire(reponse)
        assert reponse.status_code == 409
        assert "Le mien" in texte and "Le sien" in texte
        # On garde le mien, on reprend ce que l'autre a changé ailleurs, et l'on enregistre.
        envoi |= {"presentation": "Réécrite ailleurs.", "depart": depart_de(reponse)}
        assert site.post(adresse, **envoi).status_code == 302
        brouillon.refresh_from_db()
        assert (brouillon.titre, brouillon.presentation) == ("Le mien", "Réécrite ailleurs.")

    def test_les_fiches_se_cochent(self, ouvert, contrat, brouillon):
        site, ici = ouvert
        adresse = ici(f"appels/{brouillon.appel.adresse}/fiches/")
        gardee = contrat.fiches.get(numero="1-2")
        site.post(adresse, depart=depart_de(site.get(adresse)), fiches=[gardee.pk])
        assert [f.fiche for f in brouillon.fiches.all()] == [gardee]

    def test_un_financeur_se_cherche_s_ajoute_et_se_precise(self, ouvert, brouillon, caf):
        site, ici = ouvert
        adresse = ici(f"appels/{brouillon.appel.adresse}/financeurs/")
        assert caf.nom in lire(site.get(adresse, q="allocations"))
        site.post(adresse, organisme=str(caf.pk))
        financeur = brouillon.financeurs.get(organisme=caf)
        page = f"{adresse}{financeur.pk}/"
        site.post(
            page,
            depart=depart_de(site.get(page)),
            recoit_ici="on",
            service="Action sociale",
            credits="Parentalité\n\nAccès aux droits",
            en_nature="Une salle",
        )
        financeur.refresh_from_db()
        assert financeur.service == "Action sociale"
        assert [(x.libelle, x.est_en_nature) for x in financeur.lignes.all()] == [
            ("Parentalité", False),
            ("Accès aux droits", False),
            ("Une salle", True),
        ]

    def test_les_financeurs_du_contrat_sont_proposes(
        self, ouvert, pilote, brouillon, caf, partenaire
    ):
        rapprocher(par=pilote, partenaire=partenaire, organisme=caf, depuis_le=date(2020, 1, 1))
        site, ici = ouvert
        texte = lire(site.get(ici(f"appels/{brouillon.appel.adresse}/financeurs/")))
        assert "Les financeurs du contrat" in texte and caf.nom in texte

    def test_une_question_s_ajoute_se_monte_et_se_retire(self, ouvert, brouillon):
        site, ici = ouvert
        adresse = ici(f"appels/{brouillon.appel.adresse}/questions/")
        for texte in ("Pour qui ?", "Avec qui ?"):
            depart = depart_de(site.get(adresse))
            site.post(adresse, depart=depart, texte=texte, sorte="texte_long")
        seconde = brouillon.questions.get(texte="Avec qui ?")
        site.post(f"{adresse}{seconde.pk}/monter/")
        assert [q.texte for q in brouillon.questions.all()] == ["Avec qui ?", "Pour qui ?"]
        site.post(f"{adresse}{seconde.pk}/retirer/")
        assert [q.texte for q in brouillon.questions.all()] == ["Pour qui ?"]

    def test_la_grille_se_propose_s_ecrit_et_se_relit(self, ouvert, brouillon):
        site, ici = ouvert
        page = ici(f"appels/{brouillon.appel.adresse}/grille/")
        texte = lire(site.get(page))
        assert "un appel se passe de grille" in texte and "Fiche 15-2" in texte
        autre = lire(site.get(ici(f"appels/{brouillon.appel.adresse}/financeurs/")))
        assert "Les critères que l’on propose" not in autre
        site.post(f"{page}proposer/")
        texte = lire(site.get(page))
        assert "Poids 3. Sans lien avec la fiche · En partie" in texte
        assert "Les critères que l’on propose" not in texte
        refuse = site.post(
            page, libelle="", poids="9", niveaux="", depart=depart_de(site.get(page))
        )
        assert refuse.status_code == 422 and brouillon.grille.count() == 7
        depart = depart_de(site.get(page))
        site.post(page, libelle="Neuf", poids="4", niveaux="Non\nOui\n", depart=depart)
        critere = brouillon.grille.get(libelle="Neuf")
        assert (critere.poids, critere.niveaux) == (4, ["Non", "Oui"])
        sienne = f"{page}{critere.pk}/"
        depart = depart_de(site.get(sienne))
        site.post(sienne, libelle="Neuf ici", poids="5", niveaux="Non\nOui", depart=depart)
        critere.refresh_from_db()
        assert (critere.libelle, critere.poids) == ("Neuf ici", 5)
        assert "Neuf ici" in lire(site.get(ici(f"appels/{brouillon.appel.adresse}/apercu/")))

    def test_une_piece_sans_nom_revient(self, ouvert, brouillon):
        site, ici = ouvert
        adresse = ici(f"appels/{brouillon.appel.adresse}/pieces/")
        depart = depart_de(site.get(adresse))
        assert site.post(adresse, depart=depart, libelle="").status_code == 422


class TestPublier:
    def test_on_relit_comme_un_porteur_puis_on_publie(self, ouvert, brouillon):
        site, ici = ouvert
        adresse = ici(f"appels/{brouillon.appel.adresse}/")
        assert "ce que lira un porteur" in lire(site.get(f"{adresse}apercu/"))
        texte = lire(site.get(f"{adresse}publier/"))
        assert "sur les pages de 3 fiches" in texte and "aucun courriel ne part" in texte
        assert not VersionDAppel.objects.publiees().exists()
        site.post(f"{adresse}publier/")
        assert VersionDAppel.objects.publiees().get() == brouillon
        assert "Publié, il ne change plus" in lire(site.get(adresse))

    def test_une_version_suivante_demande_ce_qui_change(self, ouvert, pilote, publie):
        site, ici = ouvert
        adresse = ici(f"appels/{publie.appel.adresse}/")
        site.post(f"{adresse}preparer/")
        version = publie.appel.versions.brouillons().get()
        fabrique.presenter(pilote, version, ferme_le=fabrique.dans(44))
        refus = site.post(f"{adresse}publier/", ce_qui_change="")
        assert refus.status_code == 422 and "Dites ce qui change" in lire(refus)
        site.post(f"{adresse}publier/", ce_qui_change="Deux semaines de plus.")
        texte = lire(site.get(adresse))
        assert "Deux semaines de plus." in texte and "La clôture est repoussée" in texte

    def test_on_jette_un_brouillon(self, ouvert, brouillon):
        site, ici = ouvert
        reponse = site.post(ici(f"appels/{brouillon.appel.adresse}/jeter/"))
        assert reponse["Location"].endswith("/pilotage/appels/")
        assert not Appel.objects.exists()

    def test_on_reprend_un_appel_pour_une_autre_annee(self, ouvert, pilote, publie):
        site, ici = ouvert
        exercice = publie.appel.exercice + 1
        reponse = site.post(
            ici(f"appels/{publie.appel.adresse}/reprendre/"), exercice=str(exercice)
        )
        repris = Appel.objects.get(exercice=exercice)
        assert reponse["Location"].endswith(f"/appels/{repris.adresse}/")
        assert "Repris de l’appel" in lire(site.get(reponse["Location"]))

    def test_une_fiche_disparue_du_contrat_se_signale(self, ouvert, pilote, contrat, publie):
        lu = petit_contrat()
        avec = replace(lu.piliers[0].enjeux[0], fiches=lu.piliers[0].enjeux[0].fiches[:1])
        pilier = replace(lu.piliers[0], enjeux=(avec, *lu.piliers[0].enjeux[1:]))
        suivant = replace(lu, edition="2016-01", piliers=(pilier, *lu.piliers[1:]))
        contrat_publie(contrat.code, lu_=suivant)
        appels.dupliquer(par=pilote, appel=publie.appel, exercice=publie.appel.exercice + 1)
        site, ici = ouvert
        adresse = Appel.objects.exclude(pk=publie.appel.pk).get().adresse
        texte = lire(site.get(ici(f"appels/{adresse}/")))
        assert "La fiche 1-2 n’est plus dans l’édition en vigueur" in texte


class TestAilleurs:
    def envoi(self, **valeurs):
        return {
            "titre": "Vacances pour tous",
            "organisme": "Fondation du Grand Air",
            "lien": "https://grand-air.example/appel",
        } | valeurs

    def test_il_s_ajoute_se_revoit_et_se_retire(self, ouvert, contrat):
        site, ici = ouvert
        assert "Aucun appel d’ailleurs" in lire(site.get(ici("appels/ailleurs/")))
        fiche = contrat.fiches.first()
        site.post(ici("appels/ailleurs/nouveau/"), **self.envoi(fiches=[fiche.pk]))
        trouve = contrat.appels_ailleurs.get()
        assert list(trouve.fiches.all()) == [fiche]
        adresse = ici(f"appels/ailleurs/{trouve.pk}/")
        assert "Vérifié le" in lire(site.get(adresse))
        site.post(adresse, **self.envoi(titre="Vacances", revision="1"))
        perdu = site.post(adresse, **self.envoi(titre="Perdu ?", revision="1"))
        assert perdu.status_code == 422 and "a changé pendant" in lire(perdu)
        assert "Perdu ?" in lire(perdu) and 'name="revision" value="2"' in perdu.text
        site.post(f"{adresse}retirer/")
        assert not contrat.appels_ailleurs.exists()

    def test_un_lien_sans_https_revient(self, ouvert, contrat):
        site, ici = ouvert
        reponse = site.post(
            ici("appels/ailleurs/nouveau/"), **self.envoi(lien="http://grand-air.example/")
        )
        assert reponse.status_code == 422 and "https://" in lire(reponse)


def test_un_appel_dit_ce_qu_arrete_un_bilan_en_retard(ouvert, brouillon):
    site, ici = ouvert
    adresse = ici(f"appels/{brouillon.appel.adresse}/bilans/")
    page = site.get(adresse)
    assert "Le bilan de l’exercice d’avant manque" in lire(page)
    reponse = site.post(
        adresse,
        depart=depart_de(page),
        bilan_d_avant="avertit",
        bilan_de_plus_loin="bloque_decision",
    )
    assert reponse.status_code == 302
    brouillon.refresh_from_db()
    assert brouillon.bilan_d_avant == "avertit"
    assert brouillon.bilan_de_plus_loin == "bloque_decision"
    refus = site.post(
        adresse, depart=depart_de(page), bilan_d_avant="toujours", bilan_de_plus_loin="rien"
    )
    assert refus.status_code == 422
    # Deux réglages croisés se comparent : rien ne s'efface.
    croise = site.post(
        adresse, depart=depart_de(page), bilan_d_avant="rien", bilan_de_plus_loin="rien"
    )
    assert croise.status_code == 409
    apercu = lire(site.get(ici(f"appels/{brouillon.appel.adresse}/apercu/")))
    assert "Si un bilan manque" in apercu and "un avertissement, rien de plus" in apercu
