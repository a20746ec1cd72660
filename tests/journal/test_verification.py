"""Retoucher le journal se voit, parmi dix mille actes, même par qui tient toute la base."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from parvis.journal.models import Chaine, Details, Evenement
from parvis.journal.queries.verification import Rupture, Tete, verifier
from tests.fabriques import journal as fabrique

NOMBRE = 10_000
MILIEU = 5_000
REFAIT = 9_500


def le(rang: int, **filtres):
    return Evenement.objects.filter(contrat="tilleuls", rang=rang, **filtres)


def retirer(rang: int) -> None:
    # Par sa clé : sans statistiques sur des lignes neuves, PostgreSQL peut joindre dix mille fois.
    acte = le(rang).get()
    Details.objects.filter(evenement_id=acte.pk).delete()
    acte.delete()


def changer_un_champ() -> None:
    le(MILIEU).update(utilisateur_nom="Quelqu’un d’autre")


def changer_un_champ_et_son_empreinte() -> None:
    changer_un_champ()
    evenement = le(MILIEU).get()
    le(MILIEU).update(empreinte=fabrique.rules.empreinte(vars(evenement)))


def echanger_deux_actes() -> None:
    le(MILIEU).update(rang=NOMBRE + 1)
    le(MILIEU + 1).update(rang=MILIEU)
    le(NOMBRE + 1).update(rang=MILIEU + 1)


def retirer_la_fin_et_reculer_la_tete() -> None:
    retirer(NOMBRE)
    avant = le(NOMBRE - 1).get()
    Chaine.objects.filter(contrat="tilleuls").update(nombre=avant.rang, empreinte=avant.empreinte)


def retirer_la_fin_et_reculer_le_seul_nombre() -> None:
    retirer(NOMBRE)
    Chaine.objects.filter(contrat="tilleuls").update(nombre=NOMBRE - 1)


def changer_des_details() -> None:
    Details.objects.filter(evenement__in=le(MILIEU)).update(contenu={"montant": 1})


def greffer_les_details_d_un_autre() -> None:
    autre = Details.objects.get(evenement__in=le(MILIEU + 1))
    Details.objects.filter(evenement__in=le(MILIEU)).update(sel=autre.sel, contenu=autre.contenu)


def refaire_la_queue() -> None:
    """Réécrit tout depuis un rang, sans une incohérence, tête comprise."""
    anciens = list(Evenement.objects.filter(contrat="tilleuls", rang__gte=REFAIT).order_by("rang"))
    champs = [
        {champ: getattr(e, champ) for champ in fabrique.rules.CHAMPS_SCELLES}
        | {"objet_nom": "Faux"}
        for e in anciens
    ]
    precedente = le(REFAIT - 1).get().empreinte
    neufs = fabrique.sceller(champs, precedente)
    for ancien, neuf in zip(anciens, neufs, strict=True):
        neuf.pk = ancien.pk
    Evenement.objects.bulk_update(
        neufs, ["objet_nom", "empreinte_precedente", "empreinte"], batch_size=100
    )
    Chaine.objects.filter(contrat="tilleuls").update(empreinte=neufs[-1].empreinte)


FALSIFICATIONS = {
    changer_un_champ: (MILIEU, "son contenu a changé"),
    changer_un_champ_et_son_empreinte: (MILIEU + 1, "il ne suit pas le précédent"),
    (lambda: retirer(MILIEU)): (MILIEU + 1, "un événement manque avant celui-ci"),
    echanger_deux_actes: (MILIEU, "il ne suit pas le précédent"),
    (lambda: retirer(NOMBRE)): (NOMBRE - 1, "la fin de la chaîne ne rejoint pas sa tête"),
    retirer_la_fin_et_reculer_le_seul_nombre: (
        NOMBRE - 1,
        "la fin de la chaîne ne rejoint pas sa tête",
    ),
    changer_des_details: (MILIEU, "ses détails ont changé"),
    greffer_les_details_d_un_autre: (MILIEU, "ses détails ont changé"),
    (lambda: Details.objects.filter(evenement__in=le(MILIEU)).delete()): (
        MILIEU,
        "ses détails ont disparu sans effacement noté",
    ),
    (lambda: Chaine.objects.filter(contrat="tilleuls").delete()): (
        1,
        "la tête de sa chaîne a disparu",
    ),
}
# Cohérentes d'un bout à l'autre : seule une tête gardée ailleurs les trahit.
COHERENTES = {
    retirer_la_fin_et_reculer_la_tete: "la chaîne a été raccourcie depuis la tête gardée",
    refaire_la_queue: "la chaîne a été refaite depuis la tête gardée",
}


def essayer(falsifier, gardees=None) -> list[Rupture]:
    """Falsifie, vérifie, puis défait la falsification : un seul long journal sert à toutes."""
    with transaction.atomic():
        falsifier()
        trouvees = verifier(gardees).ruptures
        transaction.set_rollback(True)
    return trouvees


@pytest.mark.django_db
def test_chaque_falsification_se_voit_parmi_dix_mille_actes(sans_declencheurs):
    fabrique.long_journal("tilleuls", NOMBRE)
    fabrique.long_journal("chenes", 5)
    intact = verifier()
    assert intact.ruptures == []
    assert intact.tetes["tilleuls"].nombre == NOMBRE
    with sans_declencheurs():
        for falsifier, (rang, motif) in FALSIFICATIONS.items():
            trouvees = essayer(falsifier)
            assert trouvees[0] == Rupture("tilleuls", rang, motif), falsifier
            assert {rupture.contrat for rupture in trouvees} == {"tilleuls"}, falsifier
        for falsifier, motif in COHERENTES.items():
            assert essayer(falsifier) == [], falsifier
            assert essayer(falsifier, intact.tetes) == [Rupture("tilleuls", NOMBRE, motif)]
    assert verifier(intact.tetes).ruptures == []


@pytest.mark.django_db
def test_une_chaine_disparue_avec_sa_tete_se_voit_par_la_tete_gardee():
    gardees = {"tilleuls": Tete(3, "a" * 64), "vide": Tete(0, "0" * 64)}
    motif = "la chaîne a été raccourcie depuis la tête gardée"
    assert verifier(gardees).ruptures == [Rupture("tilleuls", 3, motif)]


@pytest.mark.django_db
def test_ce_qui_s_ecrit_pendant_la_relecture_n_est_pas_une_rupture(monkeypatch, acte_d_essai):
    from parvis.journal.queries import verification

    fabrique.acte()
    lire = verification._Relecture._lire_la_suite
    arrives = [fabrique.acte, fabrique.acte]

    def lire_puis_noter(relecture, trouve):
        avance = lire(relecture, trouve)
        if arrives:
            arrives.pop()()
        return avance

    monkeypatch.setattr(verification._Relecture, "_lire_la_suite", lire_puis_noter)
    trouve = verifier()
    assert (trouve.ruptures, trouve.tetes["tilleuls"].nombre) == ([], 3)


class TestCommande:
    @pytest.fixture
    def journal(self, db):
        fabrique.long_journal("tilleuls", 3)

    def lancer(self, **options) -> str:
        sortie = io.StringIO()
        call_command("verifier_journal", stdout=sortie, **options)
        return sortie.getvalue()

    def test_nomme_la_chaine_et_le_rang(self, journal, sans_declencheurs):
        erreurs = io.StringIO()
        with sans_declencheurs():
            le(2).update(objet_nom="Faux")
        with pytest.raises(CommandError, match="1 rupture"):
            call_command("verifier_journal", stderr=erreurs)
        assert erreurs.getvalue() == "tilleuls, événement n°2 : son contenu a changé.\n"

    def test_garde_les_tetes_puis_les_compare(self, journal, tmp_path):
        fichier = tmp_path / "tetes.json"
        assert self.lancer(ecrire_tete=fichier) == "Le journal est intact.\n"
        gardees = json.loads(fichier.read_text())
        assert gardees["tilleuls"] == {"nombre": 3, "empreinte": le(3).get().empreinte}
        assert list(tmp_path.iterdir()) == [fichier]
        self.lancer(tete=fichier, ecrire_tete=fichier)

    def test_une_tete_qui_ne_va_plus_n_est_pas_remplacee(self, journal, tmp_path):
        fichier = tmp_path / "tetes.json"
        fichier.write_text(json.dumps({"tilleuls": {"nombre": 3, "empreinte": "f" * 64}}))
        avant = fichier.read_text()
        with pytest.raises(CommandError, match="1 rupture"):
            self.lancer(tete=fichier, ecrire_tete=fichier)
        assert fichier.read_text() == avant

    @pytest.mark.parametrize("contenu", ["", "[1]", '{"tilleuls": 3}', '{"tilleuls": {"n": 3}}'])
    def test_un_fichier_etranger_est_refuse(self, db, tmp_path, contenu):
        fichier = tmp_path / "tetes.json"
        fichier.write_text(contenu)
        with pytest.raises(CommandError, match="n’est pas un fichier écrit par"):
            self.lancer(tete=fichier)

    def test_un_fichier_absent_se_dit(self, db, tmp_path):
        with pytest.raises(CommandError, match="ne se lit pas"):
            self.lancer(tete=tmp_path / "absent.json")
