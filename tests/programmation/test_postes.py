"""Importer les postes aidés d'un contrat : la différence, l'écriture, le journal, les totaux."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from parvis.cadre.actions.contrats import noter_le_code_national
from parvis.cadre.models import Contrat
from parvis.cadre.queries.codes_nationaux import codes_nationaux, codes_ressemblants
from parvis.comptes.enums import Role
from parvis.journal.models import Evenement
from parvis.organismes.models import Organisme
from parvis.programmation.actions.postes import importer_les_postes
from parvis.programmation.enums import DispositifDePoste
from parvis.programmation.models import PosteAide
from parvis.programmation.queries.postes import (
    Compte,
    comparer_les_postes,
    liste_des_postes,
    postes_du_contrat,
    postes_du_pilote,
    tableau_des_postes,
)
from parvis.socle.auteur import Machine
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import comptes
from tests.fabriques import postes as fabrique
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.postes import CODE, JUMEAU, SIRET, VOISIN, brute, fichier, lus

pytestmark = pytest.mark.django_db
MOI = Machine("essai")
FONJEP, RELAIS = DispositifDePoste.FONJEP, DispositifDePoste.ADULTE_RELAIS


@decor
def contrat():
    return contrat_publie("tilleuls").contrat


@decor
def voisin():
    return contrat_publie("erables").contrat


def importer(contrat, *brutes, dispositif=FONJEP, **autres):
    return importer_les_postes(
        **{
            "par": MOI,
            "contrat": contrat,
            "dispositif": dispositif,
            "lus": lus(*brutes),
            "source": "fonjep.csv",
        }
        | autres
    )


def actes():
    return Evenement.objects.filter(action="programmation.importer_les_postes")


def test_importer_ecrit_les_postes_et_le_dit_une_fois(contrat):
    fait = importer(contrat, brute(), brute(3, exercice="2024"), jour=date(2026, 2, 3))
    assert (len(fait.nouveaux), fait.nombre) == (2, 2)
    poste = contrat.postes_aides.get(exercice=2025)
    assert (poste.numero, poste.nom, poste.montant) == (
        "D00901",
        "ONDES DE QUAI",
        Decimal("7164.00"),
    )
    assert (poste.source, poste.importe_le) == ("fonjep.csv", date(2026, 2, 3))
    assert str(poste) == "Poste FONJEP D00901, 2025"
    (acte,) = actes()
    assert acte.objet_nom == "fonjep.csv"
    assert acte.details.contenu | {"exercices": "2024, 2025", "nouveaux": 2} == acte.details.contenu
    encore = importer(contrat, brute(), brute(3, exercice="2024"), source="un autre nom.csv")
    assert (encore.identiques, encore.nombre, actes().count()) == (2, 0, 1)
    poste.refresh_from_db()
    assert poste.source == "fonjep.csv"


def test_ce_qui_change_part_ou_reste_se_distingue(contrat, voisin):
    garde = [
        fabrique.poste(contrat, exercice=2023),
        fabrique.poste(contrat, dispositif=RELAIS),
        fabrique.poste(voisin),
        fabrique.poste(contrat, numero="ILLISIBLE"),
    ]
    change = fabrique.poste(contrat)
    parti = fabrique.poste(contrat, numero="PARTI")
    fichier_lu = (
        brute(2, montant="3582", codes=f"{CODE}{VOISIN}"),
        brute(3, numero="NEUF"),
        brute(4, numero="ILLISIBLE", montant="abc"),
    )
    vue = comparer_les_postes(MOI, contrat, FONJEP, lus(*fichier_lu))
    assert [c.passages.replace("\u00a0", " ") for c in vue.changes] == [
        "coût : 7 164 € devient 3 582 € ; autres contrats : rien devient « CV354 »"
    ]
    assert vue.partis == [parti] and len(vue.nouveaux) == 1
    assert PosteAide.objects.count() == 6
    importer(contrat, *fichier_lu, vue=vue.empreinte)
    change.refresh_from_db()
    assert (change.montant, change.autres_codes) == (Decimal(3582), VOISIN)
    assert not PosteAide.objects.filter(pk=parti.pk).exists()
    assert PosteAide.objects.filter(pk__in=[p.pk for p in garde]).count() == 4
    assert contrat.postes_aides.filter(numero="NEUF").exists()


def test_ce_qui_n_est_plus_vrai_ne_s_ecrit_pas(contrat):
    vue = comparer_les_postes(MOI, contrat, FONJEP, lus()).empreinte
    fabrique.poste(contrat, montant=1)
    with pytest.raises(Refus, match="n’est plus ce que vous avez relu"):
        importer(contrat, vue=vue)
    assert contrat.postes_aides.get().montant == 1 and not actes()


def test_tout_ou_rien(contrat, monkeypatch):
    fabrique.poste(contrat, numero="PARTI")

    def tomber(**champs):
        raise RuntimeError

    monkeypatch.setattr("parvis.programmation.actions.postes.noter", tomber)
    with pytest.raises(RuntimeError):
        importer(contrat)
    assert contrat.postes_aides.get().numero == "PARTI"


def test_un_fichier_sans_poste_du_contrat_ne_retire_rien(contrat):
    fabrique.poste(contrat)
    assert importer(contrat, brute(codes=VOISIN)).nombre == 0
    assert contrat.postes_aides.count() == 1


def test_l_organisme_se_reconnait_a_son_siret_et_le_reste(contrat):
    plume = comptes.organisme("Plume et Pavé", siren=SIRET[:9], siret=SIRET)
    ligne = brute(siret=SIRET)
    importer(contrat, ligne)
    poste = contrat.postes_aides.get()
    assert poste.organisme == plume
    # Son Siret corrigé, puis la page réunie à une autre : le poste ne le perd pas, et rien ne change.
    Organisme.objects.filter(pk=plume.pk).update(siret="", siren="")
    assert importer(contrat, ligne).nombre == 0
    garde = comptes.organisme("Plume & Pavé", siren=SIRET[:9], siret=SIRET)
    Organisme.objects.filter(pk=plume.pk).update(fusionne_dans=garde)
    assert importer(contrat, ligne).nombre == 0
    assert importer(contrat, brute(siret="")).changes[0].organisme is None


def test_un_organisme_arrive_depuis_se_reconnait_au_prochain_import(contrat):
    importer(contrat, brute(siret=SIRET))
    plume = comptes.organisme("Plume et Pavé", siren=SIRET[:9], siret=SIRET)
    (change,) = importer(contrat, brute(siret=SIRET)).changes
    assert change.passages == "organisme : rien devient « Plume et Pavé »"
    assert contrat.postes_aides.get().organisme == plume


def test_un_siret_faux_ne_designe_personne(contrat):
    faux = SIRET[:-1] + "0"
    importer(contrat, brute(siret=faux))
    poste = contrat.postes_aides.get()
    assert (poste.siret, poste.organisme) == (faux, None)


def test_seul_le_pilote_du_contrat_importe_et_lit(contrat, voisin):
    ville = comptes.organisme("Ville", "commune")
    qui = comptes.personne("Awa")
    lien = comptes.rattachement(qui, ville, Role.PILOTE, contrat=voisin.code)
    etrangere = comptes.acteur(qui, lien)
    for geste in (
        lambda: importer(contrat, par=etrangere),
        lambda: postes_du_pilote(etrangere, contrat),
        lambda: liste_des_postes(etrangere, contrat, {}),
        lambda: tableau_des_postes(etrangere, contrat, {}),
        lambda: comparer_les_postes(etrangere, contrat, FONJEP, lus()),
    ):
        with pytest.raises(Contrat.DoesNotExist):
            geste()
    assert importer(voisin, par=etrangere).nombre == 1


@pytest.mark.parametrize(
    "valeurs",
    [
        {"montant": Decimal("-0.01")},
        {"numero": ""},
        {"nom": ""},
        {"source": ""},
        {"dispositif": "x"},
    ],
)
def test_la_base_refuse_un_poste_impossible(contrat, valeurs):
    with pytest.raises(IntegrityError), transaction.atomic():
        fabrique.poste(contrat, **valeurs)


def test_la_base_refuse_deux_fois_le_meme_poste(contrat, voisin):
    fabrique.poste(contrat)
    fabrique.poste(voisin)
    with pytest.raises(IntegrityError), transaction.atomic():
        fabrique.poste(contrat)


def test_les_totaux_se_disent_par_exercice_et_par_dispositif(contrat, voisin):
    fabrique.poste(voisin)
    fabrique.poste(contrat)
    fabrique.poste(contrat, numero="B", montant=Decimal("0.01"))
    fabrique.poste(contrat, dispositif=RELAIS)
    fabrique.poste(contrat, exercice=2024)
    assert postes_du_contrat(contrat) == [
        Compte(2024, FONJEP, 1, Decimal("7164.00")),
        Compte(2025, RELAIS, 1, Decimal("7164.00")),
        Compte(2025, FONJEP, 2, Decimal("7164.01")),
    ]
    with CaptureQueriesContext(connection) as menees:
        postes_du_contrat(contrat)
    assert len(menees) == 1


def test_la_liste_commence_par_le_dernier_exercice_et_se_coupe(contrat):
    for rang in range(60):
        fabrique.poste(contrat, exercice=2020 + rang % 6, numero=f"D{rang}")
    lue = liste_des_postes(MOI, contrat, {})
    assert [p.exercice for p in lue.page.lignes[::10]] == [2025, 2024, 2023, 2022, 2021]
    suite = liste_des_postes(MOI, contrat, {"apres": lue.page.suivante})
    assert len(suite.page.lignes) == 10 and suite.page.etat == "51 à 60 sur 60"
    assert suite.total == lue.total == 60 * Decimal(7164)
    choisie = liste_des_postes(MOI, contrat, {"exercice": "2021", "dispositif": "fonjep"})
    assert (choisie.page.total, choisie.total) == (10, 10 * Decimal(7164))


# Le code national.


def test_le_code_national_se_note_se_change_et_s_efface(contrat, voisin):
    for code, garde in (("cv 357", CODE), (CODE, CODE), ("CN09402M", "CN09402M"), ("", "")):
        assert noter_le_code_national(par=MOI, contrat=contrat, code=code).code_national == garde
    assert Evenement.objects.filter(action="cadre.noter_le_code_national").count() == 3


def test_un_code_inconnu_ou_deja_pris_se_refuse(contrat, voisin):
    with pytest.raises(Refus, match="« CV999 » n’est le code d’aucun contrat"):
        noter_le_code_national(par=MOI, contrat=contrat, code="CV999")
    noter_le_code_national(par=MOI, contrat=voisin, code=CODE)
    with pytest.raises(Refus, match="Un autre contrat porte déjà ce code national"):
        noter_le_code_national(par=MOI, contrat=contrat, code=CODE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contrat.objects.filter(pk=contrat.pk).update(code_national=CODE)


def test_les_codes_livres_se_reconnaissent_a_un_nom():
    assert len(codes_nationaux()) == 834
    trouves = codes_ressemblants("Contrat de ville de Seine-Amont")
    assert [str(code) for code in trouves] == ["CV357, 94 - CA Seine Amont (2015-2023)"]
    assert codes_ressemblants("") == []


# La commande.


def commande(tmp_path, octets, *options, nom="adulte-relais.csv"):
    (tmp_path / nom).write_bytes(octets)
    dit = io.StringIO()
    call_command("importer_postes", str(tmp_path / nom), "--contrat=tilleuls", *options, stdout=dit)
    return dit.getvalue().replace("\u00a0", " ")


def test_la_commande_montre_puis_ecrit(contrat, tmp_path):
    octets = fichier(*JUMEAU)
    with pytest.raises(CommandError, match="pas de code national"):
        commande(tmp_path, octets)
    noter_le_code_national(par=MOI, contrat=contrat, code=CODE)
    dit = commande(tmp_path, octets)
    assert "+ 2024 · 09400R000101 · PLUME ET PAVE · 22 810,61 €" in dit
    assert "Ligne 8 · 09400R000505 : laissée, les lignes 8, 9 disent autre chose" in dit
    assert "Ligne 3 · 09400R000202 : reprise, Siret gardé comme imprimé." in dit
    assert "5 poste(s) de plus, 0 à jour, 0 de moins. Pour l’écrire : --ecrire." in dit
    assert "1 ligne(s) redite(s), 1 ligne(s) d’autres contrats, 1 sans code de contrat." in dit
    assert not PosteAide.objects.exists()
    assert "C’est enregistré." in commande(tmp_path, octets, "--ecrire")
    assert "Rien ne change. 5 poste(s) déjà à jour" in commande(tmp_path, octets, "--ecrire")
    assert not contrat.postes_aides.exclude(dispositif=RELAIS).exists()
    moins = commande(tmp_path, fichier(*JUMEAU[:2], (*JUMEAU[2][:3], "NEUF", *JUMEAU[2][4:])))
    assert "employeur : « RADIO DU QUAI » devient « NEUF »" in moins
    moins = commande(tmp_path, fichier(*JUMEAU[:2]))
    assert "- 2024 · 09400R000303 · RADIO DU QUAI : le fichier ne le dit plus." in moins


def test_la_commande_dit_ce_qui_l_empeche(contrat, tmp_path):
    noter_le_code_national(par=MOI, contrat=contrat, code=CODE)
    with pytest.raises(CommandError, match="choisissez-le"):
        commande(tmp_path, fichier(*JUMEAU), nom="export.csv")
    assert "de plus" in commande(
        tmp_path, fichier(*JUMEAU), "--dispositif=fonjep", nom="export.csv"
    )
    with pytest.raises(CommandError, match="Aucun contrat « absent »"):
        call_command("importer_postes", str(tmp_path / "export.csv"), "--contrat=absent")
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("importer_postes", str(tmp_path / "fonjep.csv"), "--contrat=tilleuls")
