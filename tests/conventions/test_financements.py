"""Qui finance quoi : totaux refaits depuis les lignes brutes, choix exacts, rien de compté deux fois."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.comptes.acteur import Acteur
from parvis.conventions.queries.financements import CRITERES, explorer, porteur_finance
from parvis.conventions.rules.financements import (
    Financement,
    par_financeur,
    par_quartier,
    total,
)
from parvis.dossiers.enums import EtatDeDemande, NatureDeDemande
from parvis.dossiers.models import Demande
from parvis.organismes.models import Organisme
from tests.decors import decor
from tests.fabriques import depots, projets
from tests.fabriques.quartiers import territoire_du_contrat

VISITEUR = Acteur.anonyme()
ZERO = Decimal("0.00")
QUARTIERS = {"Q1": "Nord", "Q2": "Sud", "Q3": "Est"}


def ligne(pk: int, vote: Decimal, quartiers: list[str], **autres) -> Financement:
    return Financement(
        pk=pk,
        dossier=pk,
        projet=pk,
        titre=f"Projet {pk}",
        exercice=2026,
        financeur=str(pk % 2),
        nom_du_financeur="Ville",
        porteur=1,
        nom_du_porteur="Club",
        vote=vote,
        vote_le=timezone.localdate(),
        quartiers={code: QUARTIERS[code] for code in quartiers},
        **autres,
    )


LIGNES = st.lists(
    st.tuples(
        st.decimals(Decimal("0.01"), Decimal(99999), places=2),
        st.lists(st.sampled_from(sorted(QUARTIERS)), unique=True),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
).map(
    lambda dites: [
        ligne(pk, vote, quartiers, est_partout=partout, est_en_nature=nature)
        for pk, (vote, quartiers, partout, nature) in enumerate(dites)
    ]
)


@given(LIGNES)
def test_rien_n_est_compte_deux_fois_sans_le_dire(lignes):
    tout = total(lignes)
    argent = [li for li in lignes if not li.est_en_nature]
    assert tout.vote == sum((li.vote for li in argent), ZERO)
    assert sum((un.vote for un in par_financeur(lignes).values()), ZERO) == tout.vote
    # Ce que les quartiers ont de trop est exactement ce qu'ils disent partager, moins une fois chacun.
    quartiers = par_quartier(lignes).values()
    de_trop = sum((un.vote for un in quartiers), ZERO) - tout.vote
    partages = [li for li in argent if li.est_partage]
    assert de_trop == sum((li.vote * (len(li.quartiers) - 1) for li in partages), ZERO)
    assert (
        sum((un.partage for un in quartiers), ZERO) - sum((li.vote for li in partages), ZERO)
        == de_trop
    )


@decor
def ici():
    return depots.lieux()


@decor
def quartier(ici):
    return territoire_du_contrat()


@pytest.mark.django_db
class TestExplorer:
    @pytest.fixture
    def votes(self, ici, quartier):
        """Écrit trois subventions, un refus, une attente, et un brouillon."""
        commune = quartier.communes.first()
        monde = ici.monde
        un = projets.projet(ici.version, monde.verger, "Le verger", quartier, etat="recevable")
        deux = projets.projet(ici.version, monde.moulin, "Le moulin", commune, etat="recevable")
        projets.voter(un, ici.caisse, "2000.50")
        projets.voter(un, monde.moulin, "500")
        projets.voter(deux, ici.caisse, "1000")
        refus = projets.projet(ici.version, monde.verger, "Refusé à tous", etat="recevable")
        projets.voter(refus, ici.caisse, etat=EtatDeDemande.REFUSEE)
        projets.voter(un, monde.verger, etat=EtatDeDemande.DEMANDEE)
        retire = projets.projet(ici.version, monde.verger, "Le retiré", etat="retire")
        projets.voter(retire, ici.caisse, "9000")
        return un

    def lire(self, ici, **choix):
        return explorer(VISITEUR, ici.contrat, choix, jour=timezone.localdate())

    def test_les_sommes_sont_celles_des_lignes_brutes(self, ici, votes):
        lue = self.lire(ici)
        brutes = Demande.objects.filter(
            etat=EtatDeDemande.ACCORDEE, dossier__etat="recevable", nature=NatureDeDemande.NUMERAIRE
        )
        assert lue.total.vote == sum(d.montant_vote for d in brutes) == Decimal("3500.50")
        assert {li.pk for li in lue.lignes} == {d.pk for d in brutes}
        assert {p.nom: p.total.vote for p in lue.financeurs} == {
            ici.caisse.nom: Decimal("3000.50"),
            ici.monde.moulin.nom: Decimal("500.00"),
        }

    def test_une_aide_en_nature_ne_s_ajoute_pas_a_l_argent(self, ici, votes):
        Demande.objects.filter(montant_vote=500).update(nature=NatureDeDemande.NATURE)
        lue = self.lire(ici)
        assert (lue.total.vote, lue.total.nature) == (Decimal("3000.50"), Decimal("500.00"))

    def test_chaque_compte_est_ce_que_le_choix_laisse(self, ici, votes):
        for facette in self.lire(ici).facettes:
            assert facette.nom in CRITERES
            for option in facette.options:
                if option.nombre:
                    choisie = self.lire(ici, **{facette.nom: option.valeur})
                    assert len(choisie.lignes) == option.nombre

    def test_le_quartier_et_sa_commune(self, ici, votes, quartier):
        assert len(self.lire(ici, quartier=quartier.code).lignes) == 2
        commune = quartier.communes.first()
        assert len(self.lire(ici, commune=commune.code).lignes) == 3
        (poste,) = [p for p in self.lire(ici).quartiers if p.valeur == quartier.code]
        assert poste.total.vote == Decimal("2500.50") and poste.total.partage == ZERO

    def test_les_tris(self, ici, votes):
        assert [li.vote for li in self.lire(ici, tri="montant").lignes] == [
            Decimal("2000.50"),
            Decimal("1000.00"),
            Decimal("500.00"),
        ]
        noms = [li.titre for li in self.lire(ici, tri="projet").lignes]
        assert noms == sorted(noms)

    def test_ni_un_refus_ni_un_retrait_ne_se_lisent(self, client, ici, votes):
        vues = [
            reverse("accueil:financements", args=[ici.contrat.code]),
            reverse("accueil:porteur", args=[ici.contrat.code, ici.monde.verger.pk]),
            *(
                reverse("accueil:financements_tableau", args=[ici.contrat.code, vue, "csv"])
                for vue in ("subventions", "financeurs", "quartiers")
            ),
        ]
        for adresse in vues:
            reponse = client.get(adresse)
            assert reponse.status_code == 200
            for cache in ("Refusé à tous", "Le retiré", "9000", "9\u202f000"):
                assert cache not in reponse.content.decode()

    def test_la_page_d_un_porteur_n_est_qu_a_qui_est_finance(self, client, ici, votes):
        page = client.get(reverse("accueil:porteur", args=[ici.contrat.code, ici.monde.moulin.pk]))
        assert "Le moulin" in page.text and "Le verger" not in page.text
        assert (
            client.get(
                reverse("accueil:porteur", args=[ici.contrat.code, ici.caisse.pk])
            ).status_code
            == 404
        )
        with pytest.raises(Organisme.DoesNotExist):
            porteur_finance(VISITEUR, ici.contrat, 0, jour=timezone.localdate())

    def test_un_doublon_reuni_a_une_seule_page(self, client, ici, votes):
        double = Organisme.objects.create(
            nom="Verger double", nature="association", fusionne_dans=ici.monde.verger
        )
        dossier = projets.projet(ici.version, double, "Le double", etat="recevable")
        projets.voter(dossier, ici.caisse, "10")
        garde = reverse("accueil:porteur", args=[ici.contrat.code, ici.monde.verger.pk])
        assert "Le double" in client.get(garde).text
        assert (
            client.get(reverse("accueil:porteur", args=[ici.contrat.code, double.pk])).status_code
            == 404
        )

    def test_un_fragment_et_la_page_disent_la_meme_chose(self, client, ici, votes):
        adresse = reverse("accueil:financements", args=[ici.contrat.code])
        page = client.get(adresse, {"tri": "montant"}).text
        fragment = client.get(adresse, {"tri": "montant"}, headers={"HX-Request": "true"}).text
        assert fragment.strip().startswith("<div") and "<html" not in fragment
        assert "3 subventions" in fragment.replace("\xa0", " ") and "Le verger" in page

    def test_le_fichier_n_est_jamais_une_formule(self, client, ici, votes):
        votes.projet.titre = "=1+1"
        votes.projet.save()
        adresse = reverse(
            "accueil:financements_tableau", args=[ici.contrat.code, "subventions", "csv"]
        )
        lu = csv.reader(io.StringIO(client.get(adresse).content.decode("utf-8-sig")), delimiter=";")
        assert {rangee[3] for rangee in lu} == {"Projet", "'=1+1", "Le moulin"}
        assert client.get(adresse.replace(".csv", ".xlsx")).status_code == 200
        assert client.get(adresse.replace(".csv", ".pdf")).status_code == 404
        assert client.get(adresse.replace("subventions", "secrets")).status_code == 404

    def test_les_pages_se_suivent_sans_rien_perdre(self, client, ici, votes):
        for rang in range(60):
            projets.voter(
                projets.projet(ici.version, ici.monde.verger, f"P{rang}", etat="recevable"),
                ici.caisse,
            )
        lue = self.lire(ici)
        premiere = lue.page()
        seconde = lue.page(apres=premiere.suivante)
        assert len(premiere.lignes) == 50 and len(seconde.lignes) == 13
        assert [li.pk for li in (*premiere.lignes, *seconde.lignes)] == [li.pk for li in lue.lignes]
        assert lue.total.lignes == 63

    @pytest.mark.parametrize("nom", ["financements", "porteur", "donnees_ouvertes"])
    def test_le_nombre_de_requetes_est_fixe(self, client, ici, votes, quartier, nom):
        args = [ici.contrat.code, *([ici.monde.verger.pk] if nom == "porteur" else [])]
        adresse = reverse(f"accueil:{nom}", args=args)
        client.get(adresse)

        def requetes() -> int:
            with CaptureQueriesContext(connection) as faites:
                assert client.get(adresse).status_code == 200
            return len(faites)

        avant = requetes()
        for rang in range(6):
            projets.voter(
                projets.projet(
                    ici.version, ici.monde.verger, f"P{rang}", quartier, etat="recevable"
                ),
                ici.caisse,
            )
        assert requetes() == avant
