"""Le fichier de paiement : emporté, rempli, rendu ; repris deux fois, il ne paie qu'une fois."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.cadre.models import Contrat
from parvis.conventions.actions import comptabilite
from parvis.conventions.actions.comptabilite import Colonnes, choisir_les_colonnes
from parvis.conventions.actions.versements import AVerser, annuler_un_versement, verser
from parvis.conventions.models import ColonnesDePaiement, Versement
from parvis.conventions.queries import fichiers
from parvis.conventions.queries.echeances import (
    COLONNES,
    echeances_a_payer,
    lignes_de_comptabilite,
)
from parvis.conventions.queries.fichiers import (
    RelectureDePaiements,
    colonnes_de,
    relire_les_paiements,
)
from parvis.conventions.rules.fichiers import (
    DateIllisible,
    lire_une_date,
)
from parvis.journal.models import Details, Evenement
from parvis.socle.tableaux import csv_francais, xlsx
from parvis.socle.tableur import lire_tableau
from parvis.socle.templatetags.socle import jour as en_clair
from tests.conftest import declencheurs_leves
from tests.conventions.controle import ecarts
from tests.conventions.test_versements import refus
from tests.decors import decor
from tests.fabriques import versements as fabrique
from tests.fabriques.versements import UN_JOUR

D = Decimal
ENTETE = ["Numéro d’ordre", "Acte", "Montant", "Payé le"]
AVEC_ECHEANCE = [*ENTETE, "Échéance"]


@decor
def guichet() -> fabrique.Guichet:
    """Un acte dont le solde a une date : il n'attend pas de bilan."""
    rendu = fabrique.guichet()
    dater_le_solde(rendu, condition="", prevue_le=timezone.localdate() + 90 * UN_JOUR)
    return rendu


def dater_le_solde(guichet, **champs) -> None:
    """Fait comme si l'acte avait dit cela de son solde."""
    with declencheurs_leves(tables={"conventions_echeance"}):
        guichet.acte.echeances.filter(rang=2).update(**champs)


def jour() -> str:
    return f"{timezone.localdate():%d/%m/%Y}"


def relire(guichet, lignes, colonnes=ENTETE, sorte="csv", qui=None) -> RelectureDePaiements:
    """Rend ce que dit un fichier de ces lignes."""
    octets = csv_francais(colonnes, lignes) if sorte == "csv" else xlsx(colonnes, lignes, "m")
    lu = lire_tableau(octets, f"m.{sorte}")
    acteur = qui or guichet.samia
    rendue = relire_les_paiements(acteur, guichet.contrat, lu, colonnes_de(acteur))
    rendue.motifs = [motif.replace("\xa0", " ") for motif in rendue.motifs]
    return rendue


def noter(guichet, relecture: RelectureDePaiements) -> None:
    voulus = [
        AVerser(u.acte, u.verse_le, u.echeance, u.montant, u.numero_d_ordre, ou=u.ou)
        for u in relecture.nouvelles
    ]
    verser(par=guichet.samia, contrat=guichet.contrat, versements=voulus, source="fichier")


@pytest.mark.parametrize("sorte", ["csv", "xlsx"])
@pytest.mark.parametrize("nom", ["acte", "dossier", "siret"])
def test_une_ligne_trouve_son_acte_et_sa_prochaine_echeance(guichet, sorte, nom):
    acte = guichet.acte
    noms = {
        "acte": acte.numero,
        "dossier": guichet.site.vote.etude.dossier.reference,
        "siret": acte.titulaire.siret or "",
    }
    if nom == "siret":
        acte.titulaire.siret = noms["siret"] = "73282932000074"
        acte.titulaire.siren = "732829320"
        acte.titulaire.save(update_fields=["siret", "siren"])
        noms["siret"] = "732 829 320 00074"
    lignes = [["M1", noms[nom], D("1400"), timezone.localdate()]]
    relecture = relire(guichet, lignes, sorte=sorte)
    assert relecture.motifs == []
    (une,) = relecture.nouvelles
    assert (une.acte, une.echeance) == (acte.pk, guichet.echeances[0].pk)
    noter(guichet, relecture)
    assert Versement.objects.get().source == "fichier"
    assert [d.montant_verse for d in guichet.demandes] == [D(1050), D(350)]


def test_le_numero_d_un_acte_l_emporte_sur_le_dossier_qui_s_ecrit_comme_lui(guichet):
    """Le dossier paie deux actes : la ligne dit lequel, et son numéro est aussi celui du dossier."""
    pk = fabrique.autre_demande(guichet.site, rang=30).pk
    autre = fabrique.notifier(guichet.site, {pk: "2000"}, numero="13")
    dossier = guichet.site.vote.etude.dossier
    with declencheurs_leves(tables={"conventions_acte", "dossiers_dossier"}):
        type(autre).objects.filter(pk=autre.pk).update(rang=1042)
        type(dossier).objects.filter(pk=dossier.pk).update(numero=1042)
    autre.refresh_from_db()
    dossier.refresh_from_db()
    assert autre.numero == dossier.reference
    (une,) = relire(guichet, [["M1", autre.numero, "1400", jour()]]).nouvelles
    assert une.acte == autre.pk


def test_le_guide_nomme_chaque_colonne_de_l_export():
    guide = (Path(__file__).parents[2] / "docs/guide/payer.md").read_text(encoding="utf-8")
    dites = " ".join(guide.replace("'", "’").split()).casefold()
    assert f"{', '.join(colonne.casefold() for colonne in COLONNES)}." in dites


def test_le_meme_fichier_deux_fois_ne_paie_qu_une_fois(guichet):
    lignes = [
        ["M1", guichet.acte.numero, D("1400"), timezone.localdate()],
        ["M2", guichet.acte.numero, D("600"), timezone.localdate()],
    ]
    relecture = relire(guichet, lignes)
    noter(guichet, relecture)
    encore = relire(guichet, lignes)
    assert (encore.nouvelles, encore.motifs, len(encore.connues)) == ([], [], 2)
    motifs = refus(noter, guichet, relecture)
    assert any("Le numéro d’ordre M1 a déjà été payé." in motif for motif in motifs)
    assert Versement.objects.count() == 2
    assert ecarts() == []


def test_l_export_rendu_sans_y_toucher_ne_change_rien(guichet):
    for sorte in ("csv", "xlsx"):
        choisies = echeances_a_payer(guichet.samia, guichet.contrat, {}).choisies
        relecture = relire(guichet, lignes_de_comptabilite(choisies), COLONNES, sorte)
        assert (relecture.nouvelles, relecture.motifs, relecture.sans_paiement) == ([], [], 2)


def test_l_export_rempli_puis_rendu_paie_puis_ne_change_rien(guichet):
    choisies = echeances_a_payer(guichet.samia, guichet.contrat, {}).choisies
    lignes = lignes_de_comptabilite(choisies)
    for rang, ligne in enumerate(lignes):
        ligne[-2:] = [f"M{rang}", timezone.localdate()]
    noter(guichet, relire(guichet, lignes, COLONNES, "xlsx"))
    assert [d.montant_verse for d in guichet.demandes] == [D(1500), D(500)]
    encore = relire(guichet, lignes, COLONNES, "xlsx")
    assert (encore.nouvelles, encore.motifs, len(encore.connues)) == ([], [], 2)
    assert echeances_a_payer(guichet.samia, guichet.contrat, {}).choisies == []


@pytest.mark.parametrize(
    ("ligne", "motif"),
    [
        (["", "{acte}", "100", "{jour}"], "le numéro d’ordre manque"),
        (["M" * 41, "{acte}", "100", "{jour}"], "quarante signes"),
        (["M1", "inconnu", "100", "{jour}"], "n’est ni un acte notifié"),
        (["M1", "", "100", "{jour}"], "n’est ni un acte notifié"),
        (["M1", "{acte}", "cent", "{jour}"], "n’est pas un montant"),
        (["M1", "{acte}", "100", "hier"], "n’est pas une date"),
        (["M1", "{acte}", "100", ""], "n’est pas une date"),
        (["M1", "{acte}", "1400,01", "{jour}"], "dépassent ce qui reste"),
        (["M1", "{acte}", "0", "{jour}"], "montant positif"),
        (["M1", "{acte}", "100", "01/01/2020"], "avant la notification"),
        (["M1", "{acte}", "100", "01/01/2090"], "à venir"),
    ],
)
def test_une_ligne_refusee_dit_pourquoi_et_ou(guichet, ligne, motif):
    dite = [c.format(acte=guichet.acte.numero, jour=jour()) for c in ligne]
    relecture = relire(guichet, [dite])
    assert relecture.nouvelles == []
    assert len(relecture.motifs) == 1
    assert relecture.motifs[0].startswith("Ligne 2, ") and motif in relecture.motifs[0]


def test_les_lignes_d_avant_comptent(guichet):
    numero = guichet.acte.numero
    lignes = [
        ["M1", numero, "1400", jour()],
        ["M1", numero, "600", jour()],
        ["M2", numero, "600", jour()],
        ["M3", numero, "1", jour()],
    ]
    relecture = relire(guichet, lignes)
    assert [une.numero_d_ordre for une in relecture.nouvelles] == ["M1", "M2"]
    assert "Ligne 3" in relecture.motifs[0] and "déjà noté" in relecture.motifs[0]
    assert "Ligne 5" in relecture.motifs[1] and "tout est déjà versé" in relecture.motifs[1]


def test_un_numero_connu_pour_autre_chose_se_refuse(guichet):
    guichet.payer("100", numero_d_ordre="M1")
    relecture = relire(guichet, [["M1", guichet.acte.numero, "101", jour()]])
    assert "est déjà noté, pour un autre" in relecture.motifs[0]


def test_un_fichier_trop_long_se_coupe(guichet, monkeypatch):
    lignes = [[f"M{rang}", guichet.acte.numero, "1", jour()] for rang in range(3)]
    monkeypatch.setattr(fichiers, "PAIEMENTS_AU_PLUS", 3)
    assert relire(guichet, lignes).motifs == []
    monkeypatch.setattr(fichiers, "PAIEMENTS_AU_PLUS", 2)
    assert "reprenez-en 2 au plus" in relire(guichet, lignes).motifs[0]
    monkeypatch.setattr(fichiers, "LIGNES_AU_PLUS", 2)
    assert refus(relire, guichet, lignes) == ["Ce fichier a plus de 2 lignes : coupez-le."]


def test_un_versement_annule_se_reprend(guichet):
    fait = guichet.payer("100", numero_d_ordre="M1")
    annuler_un_versement(par=guichet.samia, versement=fait, motif="Rejeté")
    relecture = relire(guichet, [["M1", guichet.acte.numero, "100", jour()]])
    assert len(relecture.nouvelles) == 1


def test_entre_plusieurs_actes_le_montant_choisit_ou_la_ligne_se_refuse(guichet):
    pk = fabrique.autre_demande(guichet.site, rang=30).pk
    autre = fabrique.notifier(guichet.site, {pk: "700"}, numero="13")
    reference = guichet.site.vote.etude.dossier.reference
    acompte = autre.echeances.get(rang=1).montant
    (une,) = relire(guichet, [["M1", reference, acompte, jour()]]).nouvelles
    assert une.acte == autre.pk
    relecture = relire(guichet, [["M1", reference, "5", jour()]])
    assert "plusieurs échéances conviennent" in relecture.motifs[0]
    assert guichet.acte.numero in relecture.motifs[0] and autre.numero in relecture.motifs[0]


def test_les_colonnes_se_choisissent_une_fois(guichet):
    siennes = Colonnes("Mandat", "Convention", "TTC", "Date", "Tranche")
    dit = {"par": guichet.samia, "contrat": guichet.contrat}
    choisir_les_colonnes(**dit, colonnes=Colonnes(**colonnes_de(guichet.samia)))
    assert not ColonnesDePaiement.objects.exists()
    choisir_les_colonnes(**dit, colonnes=siennes)
    choisir_les_colonnes(**dit, colonnes=siennes)
    assert colonnes_de(guichet.samia) == asdict(siennes)
    assert Evenement.objects.filter(action="conventions.choisir_les_colonnes").count() == 1
    lignes = [["M1", guichet.acte.numero, "100", jour(), "1"]]
    assert len(relire(guichet, lignes, list(asdict(siennes).values())).nouvelles) == 1
    assert refus(relire, guichet, lignes, AVEC_ECHEANCE) == [
        "Il manque au fichier : « Mandat », « Convention », « TTC », « Date », « Tranche »."
    ]
    assert refus(choisir_les_colonnes, **dit, colonnes=Colonnes("A", "A", "B", "C")) == [
        "Chaque chose se lit dans sa propre colonne."
    ]
    assert refus(choisir_les_colonnes, **dit, colonnes=Colonnes("", "", "B", "C")) == [
        "Dites où lire chaque chose."
    ]
    with pytest.raises(Contrat.DoesNotExist):
        choisir_les_colonnes(
            par=guichet.site.vote.etude.ici.acteur("gestionnaire"),
            contrat=guichet.contrat,
            colonnes=siennes,
        )
    assert colonnes_de(guichet.site.vote.etude.olga) != asdict(siennes)
    assert colonnes_de(guichet.site.vote.etude.ici.acteur("gestionnaire")) == {}


def test_les_comptes_en_clair_ne_sortent_que_pour_qui_paie_et_cela_se_note(guichet):
    dit = {"contrat": guichet.contrat, "demandes": {}}
    lignes = comptabilite.emporter_les_comptes(par=guichet.samia, **dit)
    assert {ligne[5] for ligne in lignes} == {"FR76 3000 6000 0112 3456 7890 189"}
    note = Evenement.objects.get(action="conventions.emporter_les_comptes")
    dits = str(Details.objects.get(evenement=note).contenu)
    assert "FR76 •••• 0189" in dits and "3000" not in dits
    choisies = echeances_a_payer(guichet.samia, guichet.contrat, {}).choisies
    assert {ligne[5] for ligne in lignes_de_comptabilite(choisies)} == {"FR76 •••• 0189"}
    ici = guichet.site.vote.etude.ici
    for qui in (ici.acteur("pilote"), ici.acteur("gestionnaire")):
        with pytest.raises(Contrat.DoesNotExist):
            comptabilite.emporter_les_comptes(par=qui, **dit)
    assert comptabilite.emporter_les_comptes(par=guichet.site.vote.etude.olga, **dit) == []
    fabrique.changer_de_compte(guichet)
    lignes = comptabilite.emporter_les_comptes(par=guichet.samia, **dit)
    assert {ligne[5] for ligne in lignes} == {""}


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("15/03/2027", date(2027, 3, 15)),
        ("2027-03-15", date(2027, 3, 15)),
        ("15/03/27", date(2027, 3, 15)),
        ("15.03.2027", date(2027, 3, 15)),
        ("20270315", date(2027, 3, 15)),
        (" 15/03/2027 14:30 ", date(2027, 3, 15)),
    ],
)
def test_une_date_se_lit_comme_on_l_ecrit(texte, lu):
    assert lire_une_date(texte) == lu


@pytest.mark.parametrize("texte", ["", "mars", "31/02/2027", "2027", "46000"])
def test_une_date_qui_n_en_est_pas_une_le_dit(texte):
    with pytest.raises(DateIllisible, match="n’est pas une date"):
        lire_une_date(texte)


PARTS = st.lists(st.integers(1, 140_000), min_size=1, max_size=5)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARTS)
def test_tout_fichier_ecrit_puis_rendu_ne_change_rien(guichet, centimes):
    from contextlib import suppress

    from django.db import transaction

    class Defaire(Exception):
        pass

    lignes = [
        [f"M{rang}", guichet.acte.numero, D(somme) / 100, timezone.localdate()]
        for rang, somme in enumerate(centimes)
    ]
    with suppress(Defaire), transaction.atomic():
        premiere = relire(guichet, lignes)
        ecrites = premiere.nouvelles
        if ecrites:
            noter(guichet, premiere)
        encore = relire(guichet, lignes)
        assert encore.nouvelles == []
        assert len(encore.connues) == len(ecrites)
        assert sum(v.montant for v in Versement.objects.all()) == premiere.total
        assert ecarts() == []
        raise Defaire


@pytest.mark.parametrize("ecart", [0, 3])
def test_ce_qui_est_deja_note_a_la_main_ne_se_reprend_pas_du_fichier(guichet, ecart):
    """Noté sans numéro, le jour de l'ordre ou celui du relevé, un versement ne compte qu'une fois."""
    with declencheurs_leves(tables={"conventions_acte"}):
        type(guichet.acte).objects.update(notifie_le=timezone.localdate() - 5 * UN_JOUR)
    note_le = timezone.localdate() - ecart * UN_JOUR
    fait = guichet.payer("700", verse_le=note_le)
    ligne = ["M1", guichet.acte.numero, "700", jour()]
    relu = relire(guichet, [ligne])
    assert relu.nouvelles == []
    assert "700 € sont déjà notés sur cet acte, sans numéro d’ordre, le " in relu.motifs[0]
    assert en_clair(note_le).replace("\xa0", " ") in relu.motifs[0]
    # Un autre montant est un autre paiement ; annulé, celui de la main laisse la place.
    autre = ["M2", guichet.acte.numero, "650", jour()]
    assert [une.montant for une in relire(guichet, [autre]).nouvelles] == [D(650)]
    annuler_un_versement(par=guichet.samia, versement=fait, motif="Repris du fichier")
    assert [une.montant for une in relire(guichet, [ligne]).nouvelles] == [D(700)]
