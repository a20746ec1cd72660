"""Ce que le contrat sait de ses noms : une personne le relit, une publication n'écrit pas dessus."""

from datetime import date
from threading import Barrier

import pytest
from django.utils import timezone

from parvis.cadre.actions import (
    importer_cadre,
    modifier_dispositif,
    modifier_partenaire,
    publier_edition,
    verifier_dispositif,
)
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Dispositif, Partenaire
from parvis.cadre.queries.savoirs import etat_du_savoir, versions_des_savoirs
from parvis.journal.models import Evenement
from parvis.socle.refus import ConflitDeVersion, Refus
from tests.decors import decor
from tests.fabriques.cadre import MACHINE, avec_fiche, contrat_publie, fiche, petit_contrat
from tests.fabriques.fils import dans_des_fils

FIN = date(2025, 12, 31)


@decor
def contrat():
    return contrat_publie("tilleuls").contrat


@decor
def caf(contrat):
    return contrat.partenaires.get(nom="Caisse d'allocations familiales")


@decor
def aide(contrat):
    return contrat.dispositifs.get()


def actes():
    return list(
        Evenement.objects.filter(action__contains="_partenaire").values_list("action", flat=True)
    ) + list(
        Evenement.objects.filter(action__contains="_dispositif").values_list("action", flat=True)
    )


def details(action):
    return Evenement.objects.filter(action=action).latest("pk").details.contenu["changements"]


class TestPartenaire:
    def test_se_modifie_signe_et_se_note_champ_par_champ(self, caf, acteur):
        communes = caf.contrat.partenaires.get(nom="Communes")
        change = modifier_partenaire(
            par=acteur,
            partenaire=caf,
            version=caf.version,
            valeurs={
                "sigle": " CAF ",
                "parent": communes,
                "graphies": ["La Caf", " ", "La  Caf", caf.nom],
                "a_savoir": "Elle aide les familles.\n\nElle reçoit sur rendez-vous. ",
                "fin_le": FIN,
                "suite": "France Familles",
            },
        )
        caf.refresh_from_db()
        assert caf == change
        assert (caf.sigle, caf.parent, caf.graphies) == ("CAF", communes, ["La Caf"])
        assert caf.a_savoir == "Elle aide les familles.\n\nElle reçoit sur rendez-vous."
        assert (caf.version, caf.revu_par) == (change.version, acteur.utilisateur_nom)
        assert caf.revu_le
        lus = details("cadre.modifier_partenaire")
        assert lus["parent"] == ["", "Communes"]
        assert lus["fin_le"] == ["", "2025-12-31"]
        assert "nature" not in lus

    def test_ne_rien_changer_n_ecrit_rien(self, caf, acteur):
        version = caf.version
        meme = {champ: getattr(caf, champ) for champ in caf.CHAMPS}
        modifier_partenaire(par=acteur, partenaire=caf, version=version, valeurs=meme)
        caf.refresh_from_db()
        assert (caf.version, caf.revu_le, actes()) == (version, None, [])

    @pytest.mark.parametrize(
        ("valeurs", "motif"),
        [
            ({"suite": "France Familles"}, "dites aussi quand"),
            ({"sigle": "X" * 41}, "Sigle :"),
            ({"nature": "licorne"}, "Nature :"),
            ({"parent": "moi"}, "lui-même"),
            ({"parent": "étranger"}, "pas de ce contrat"),
        ],
    )
    def test_ce_qui_ne_convient_pas_est_refuse_en_entier(self, caf, acteur, valeurs, motif):
        if valeurs.get("parent") == "moi":
            valeurs = {"parent": caf}
        elif "parent" in valeurs:
            ailleurs = contrat_publie("erables").contrat
            valeurs = {"parent": ailleurs.partenaires.get(nom="Communes")}
        with pytest.raises(Refus, match=motif):
            modifier_partenaire(
                par=acteur,
                partenaire=caf,
                version=caf.version,
                valeurs={"a_savoir": "Perdu.", **valeurs},
            )
        caf.refresh_from_db()
        assert (caf.a_savoir, actes()) == ("", [])

    def test_le_nom_n_est_pas_un_champ_de_la_relecture(self, caf, acteur):
        with pytest.raises(TypeError, match="nom"):
            modifier_partenaire(
                par=acteur, partenaire=caf, version=caf.version, valeurs={"nom": "Caf"}
            )


class TestDispositif:
    def test_se_modifie_et_se_verifie_d_un_seul_acte(self, aide, acteur):
        communes = aide.contrat.partenaires.get(nom="Communes")
        modifier_dispositif(
            par=acteur,
            dispositif=aide,
            version=aide.version,
            valeurs={"responsables": [communes], "lien": "https://exemple.fr", "fin_le": FIN},
            est_verifie=True,
        )
        aide.refresh_from_db()
        assert list(aide.responsables.all()) == [communes]
        assert (aide.lien, aide.fin_le, aide.suite) == ("https://exemple.fr", FIN, "")
        assert (aide.verifie_le, aide.verifie_par) == (
            timezone.localdate(),
            acteur.utilisateur_nom,
        )
        lus = details("cadre.modifier_dispositif")
        assert lus["responsables"] == [["Caisse d'allocations familiales"], ["Communes"]]
        assert set(lus) == {"responsables", "lien", "fin_le", "verifie_le"}
        assert actes() == ["cadre.modifier_dispositif"]

    def test_ne_rien_changer_n_ecrit_rien(self, aide, acteur):
        version = aide.version
        meme = {champ: getattr(aide, champ) for champ in aide.CHAMPS if champ != "responsables"}
        meme["responsables"] = list(aide.responsables.all())
        modifier_dispositif(par=acteur, dispositif=aide, version=version, valeurs=meme)
        aide.refresh_from_db()
        assert (aide.version, aide.revu_le, actes()) == (version, None, [])

    @pytest.mark.parametrize(
        ("valeurs", "motif"),
        [
            ({"suite": "Une autre aide"}, "dites aussi quand"),
            ({"lien": "javascript:alert(1)"}, "Lien :"),
            ({"responsables": "étranger"}, "partenaire de ce contrat"),
        ],
    )
    def test_ce_qui_ne_convient_pas_est_refuse_en_entier(self, aide, acteur, valeurs, motif):
        if "responsables" in valeurs:
            ailleurs = contrat_publie("erables").contrat
            valeurs = {"responsables": [ailleurs.partenaires.get(nom="Communes")]}
        avant = etat_du_savoir(aide)
        with pytest.raises(Refus, match=motif):
            modifier_dispositif(
                par=acteur,
                dispositif=aide,
                version=aide.version,
                valeurs={"explication": "Perdue.", **valeurs},
            )
        assert etat_du_savoir(Dispositif.objects.get(pk=aide.pk)) == avant
        assert actes() == []

    def test_verifier_date_le_jour_une_seule_fois_et_ne_change_rien_d_autre(self, aide, acteur):
        avant, version = etat_du_savoir(aide), aide.version
        for _ in range(2):
            verifier_dispositif(par=acteur, dispositif=aide)
        aide.refresh_from_db()
        assert (aide.verifie_le, aide.verifie_par) == (
            timezone.localdate(),
            acteur.utilisateur_nom,
        )
        assert (etat_du_savoir(aide), aide.version) == (avant, version)
        assert actes() == ["cadre.verifier_dispositif"]


def publier_de_nouveau():
    """Publie une édition suivante, où le document en sait autrement."""
    partenaire = lu.PartenaireConnu(
        "Caisse d'allocations familiales", a_savoir="Dit par le document."
    )
    dispositif = lu.DispositifConnu("Aide au démarrage", explication="Dite par le document.")
    financeurs = (
        lu.Partenaire("Communes", "Communes", nature="categorie"),
        lu.Partenaire("Caisse d'allocations familiales", "la C.A.F.", nature="organisme"),
    )
    nouveau = petit_contrat(
        edition="2016-01", partenaires_connus=(partenaire,), dispositifs_connus=(dispositif,)
    )
    importation = importer_cadre(
        par=MACHINE,
        contrat="tilleuls",
        lu=avec_fiche(nouveau, fiche("1-1", financeurs=financeurs)),
        source="suite.txt",
    )
    publier_edition(par=MACHINE, edition=importation.edition)


class TestPublication:
    def test_ce_que_personne_n_a_relu_suit_le_document_et_change_de_version(self, caf, aide):
        versions = caf.version, aide.version
        publier_de_nouveau()
        caf.refresh_from_db()
        aide.refresh_from_db()
        assert (caf.a_savoir, aide.explication) == ("Dit par le document.", "Dite par le document.")
        assert (caf.version, aide.version) == (versions[0] + 1, versions[1] + 1)

    def test_ce_qu_une_personne_a_relu_passe_avant_sauf_une_graphie_de_plus(
        self, caf, aide, acteur
    ):
        modifier_partenaire(
            par=acteur,
            partenaire=caf,
            version=caf.version,
            valeurs={"a_savoir": "Dit par la pilote.", "graphies": ["La Caf"]},
        )
        modifier_dispositif(
            par=acteur,
            dispositif=aide,
            version=aide.version,
            valeurs={"explication": "Dite par la pilote.", "responsables": []},
        )
        publier_de_nouveau()
        caf.refresh_from_db()
        aide.refresh_from_db()
        assert (caf.a_savoir, aide.explication) == ("Dit par la pilote.", "Dite par la pilote.")
        assert caf.graphies[0] == "La Caf"
        assert "la C.A.F." in caf.graphies
        assert not aide.responsables.exists()

    def test_un_dispositif_verifie_garde_ce_qu_on_en_savait(self, aide, acteur):
        verifier_dispositif(par=acteur, dispositif=aide)
        publier_de_nouveau()
        aide.refresh_from_db()
        assert aide.explication == ""

    def test_une_publication_identique_ne_change_pas_les_versions(self, contrat):
        avant = versions_des_savoirs(contrat.pk)
        importation = importer_cadre(
            par=MACHINE,
            contrat="tilleuls",
            lu=petit_contrat(edition="2016-01", preambule="Un autre."),
            source="suite.txt",
        )
        publier_edition(par=MACHINE, edition=importation.edition)
        assert versions_des_savoirs(contrat.pk) == avant


def test_une_version_perimee_rend_la_ligne_d_aujourd_hui(caf, acteur):
    modifier_partenaire(par=acteur, partenaire=caf, version=caf.version, valeurs={"sigle": "C1"})
    with pytest.raises(ConflitDeVersion, match="a changé pendant") as conflit:
        modifier_partenaire(
            par=acteur, partenaire=caf, version=caf.version, valeurs={"sigle": "AUTRE"}
        )
    assert conflit.value.courant.sigle == "C1"
    assert Partenaire.objects.get(pk=caf.pk).sigle == "C1"


@pytest.mark.django_db(transaction=True)
def test_deux_relectures_croisees_une_attend_l_autre_et_rien_ne_se_perd(base_partagee):
    def preparer(_):
        contrat_publie("tilleuls")
        return Dispositif.objects.get().pk

    (pk,) = dans_des_fils(preparer, 1)
    depart = Barrier(2, timeout=60)

    def ecrire(rang):
        vu = Dispositif.objects.get(pk=pk)
        depart.wait()
        try:
            modifier_dispositif(
                par=MACHINE,
                dispositif=vu,
                version=vu.version,
                valeurs={"explication": f"Écrit par {rang}."},
            )
        except ConflitDeVersion as conflit:
            return conflit.courant.explication
        return None

    rendus = dans_des_fils(ecrire, 2)
    assert rendus.count(None) == 1
    gagnant = f"Écrit par {rendus.index(None)}."
    assert gagnant in rendus
    (relu,) = dans_des_fils(lambda _: Dispositif.objects.get(pk=pk).explication, 1)
    assert relu == gagnant
