"""Corriger une série, tenir le calendrier, garder puis oublier un fichier."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.journal.models import Evenement
from parvis.observatoire import actions
from parvis.observatoire.models import (
    FichierDepose,
    LivraisonAttendue,
    Serie,
    Valeur,
    ValeurDEnsemble,
)
from parvis.observatoire.queries.livraisons import attente, attentes
from parvis.socle.refus import Refus
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.observatoire import (
    CONTRAT,
    MOI,
    PAR_SEXE,
    code,
    decrire,
    diffusions,
    ensemble,
    importer,
    par_rang,
    serie,
    taux,
    territoire,
    toute_la_base,
)

pytestmark = pytest.mark.django_db


def corriger(code_, **autres):
    visee = Serie.objects.get(code=code_)
    valeurs = {nom: getattr(visee, nom) for nom in ("libelle", "definition", "unite")}
    actions.corriger_une_serie(par=MOI, serie=visee, **(valeurs | autres))
    visee.refresh_from_db()
    return visee


# Corriger.


def test_un_libelle_et_une_definition_se_corrigent_une_fois():
    decrire(serie("tous"))
    corrigee = corriger("tous", libelle="Habitants", definition="Qui dort là.")
    assert (corrigee.libelle, corrigee.definition) == ("Habitants", "Qui dort là.")
    corriger("tous")
    (note,) = Evenement.objects.filter(action="observatoire.corriger_une_serie")
    assert (note.contrat, note.objet_nom) == (CONTRAT, "Habitants")


def test_compter_des_personnes_tait_les_petits_nombres_de_chaque_periode(client):
    territoire(3)
    contrat_publie("tilleuls")
    decrit = decrire(serie("suivis", "nombre"))
    petits = {"2022": 6, "2023": 7, "2024": 8}
    for periode, petit in petits.items():
        importer(decrit, par_rang((petit,), (4_871,), (3_962,)), periode)
    adresses = [f"/tilleuls/quartiers/{code(1)}/"]
    adresses += [f"/tilleuls/chiffres/?periode={periode}" for periode in petits]
    adresses += [f"/tilleuls/chiffres/tableau.csv?periode={periode}" for periode in petits]

    def petits_lus() -> set[str]:
        lues = "".join("".join(client.get(adresse).text.split()) for adresse in adresses)
        assert "4871" in lues or "3962" in lues
        return set(re.findall(r"(?:>|;)([678])(?:<|;)", lues))

    assert petits_lus() == {"6", "7", "8"}
    corriger("suivis", unite="personnes")
    for periode in petits:
        assert diffusions("suivis", periode)[0] == "primaire"
        se_tait = {*diffusions("suivis", periode)[1:], ensemble("suivis", periode).diffusion}
        assert se_tait != {"publiable"}
    assert petits_lus() == set()


def test_ne_plus_compter_des_personnes_les_montre():
    territoire(2)
    importer(decrire(serie("ecoles")), par_rang((7,), (40,)))
    corriger("ecoles", unite="nombre")
    assert (
        set(diffusions("ecoles")) == {"publiable"} and ensemble("ecoles").diffusion == "publiable"
    )


def test_une_population_devenue_des_personnes_tait_les_taux_qu_elle_pese():
    territoire(2)
    importer(decrire(serie("tous", "menages"), taux("part")), par_rang((200, "2"), (300, "40")))
    assert diffusions("part") == ["publiable", "publiable"]
    corriger("tous", unite="personnes")
    assert diffusions("part") == ["primaire", "publiable"]
    assert ensemble("part").diffusion == "secondaire"


@pytest.mark.parametrize(
    ("cible", "unite", "motif"),
    [
        ("tous", "pourcent", "ne s’additionne pas"),
        ("tous", "indice", "ne s’additionne pas"),
        ("tous", "menages", "décrivez le fichier de nouveau"),
        ("femmes", "menages", "décrivez le fichier de nouveau"),
        ("solde", "personnes", "nombres négatifs"),
    ],
)
def test_une_correction_qui_se_contredit_est_refusee(cible, unite, motif):
    territoire(1)
    importer(decrire(*PAR_SEXE, serie("solde", "euros")), par_rang((120, 70, 50, -3)))
    avant = toute_la_base()
    with pytest.raises(Refus, match=motif):
        corriger(cible, unite=unite, libelle="Autre")
    assert toute_la_base() == avant


def test_corriger_un_libelle_ne_touche_pas_aux_valeurs():
    territoire(2)
    importer(decrire(serie("tous")), par_rang((7,), (40,)))
    tables = (Valeur, ValeurDEnsemble)
    avant = [list(t.objects.order_by("pk").values()) for t in tables]
    corriger("tous", libelle="Habitants")
    assert [list(t.objects.order_by("pk").values()) for t in tables] == avant


# Le calendrier.


def attendre(**autres):
    valeurs = {"jeu": "Adhérents", "fournisseur": "Parvis", "frequence": "annuelle"}
    valeurs |= {"prochaine_le": date(2026, 3, 1), "contrat": CONTRAT} | autres
    return actions.attendre_une_livraison(par=MOI, **valeurs)


def test_une_attente_tarde_a_partir_du_lendemain():
    attendre()
    for jour, retard in ((date(2026, 2, 1), 0), (date(2026, 3, 1), 0), (date(2026, 3, 9), 8)):
        (ligne,) = attentes(CONTRAT, jour)
        assert (ligne.retard, ligne.est_en_retard) == (retard, retard > 0)


def test_les_attentes_se_suivent_par_date_et_restent_a_leur_contrat():
    attendre(jeu="B", prochaine_le=date(2026, 5, 1))
    attendre(jeu="A")
    ailleurs = attendre(jeu="C", contrat="voisin")
    assert [a.ligne.jeu for a in attentes(CONTRAT, date(2026, 1, 1))] == ["A", "B"]
    with pytest.raises(LivraisonAttendue.DoesNotExist):
        attente(CONTRAT, ailleurs.pk)


def test_une_attente_se_corrige_puis_se_clot_une_fois():
    ligne = attendre()
    assert attendre(attente=ligne, jeu="Autre").pk == ligne.pk
    assert LivraisonAttendue.objects.get().jeu == "Autre"
    for _ in range(2):
        actions.clore_l_attente(par=MOI, attente=ligne)
    assert attentes(CONTRAT, date(2030, 1, 1)) == []
    assert Evenement.objects.filter(action="observatoire.clore_l_attente").count() == 1
    ligne.refresh_from_db()
    with pytest.raises(Refus, match="close"):
        attendre(attente=ligne)


def test_une_attente_close_entre_temps_ne_se_rouvre_pas():
    ligne = attendre()
    actions.clore_l_attente(par=MOI, attente=LivraisonAttendue.objects.get())
    with pytest.raises(Refus, match="close"):
        attendre(attente=ligne)


def test_une_attente_mal_saisie_ne_se_garde_pas():
    with pytest.raises(ValidationError):
        attendre(frequence="parfois")
    assert not LivraisonAttendue.objects.exists()


# Les fichiers déposés.


def test_un_fichier_se_garde_sept_jours():
    depots = [
        actions.deposer_un_fichier(par=MOI, contrat=CONTRAT, nom=f"{n}.csv", octets=b"a;b\n1;2\n")
        for n in range(2)
    ]
    FichierDepose.objects.filter(pk=depots[0].pk).update(
        depose_le=timezone.now() - timedelta(days=7, minutes=1)
    )
    assert actions.oublier_les_fichiers_echus() == 1
    assert FichierDepose.objects.get() == depots[1]
    actions.jeter_un_fichier(fichier=depots[1])
    assert not FichierDepose.objects.exists()


def test_un_fichier_illisible_ne_se_garde_pas():
    with pytest.raises(Refus):
        actions.deposer_un_fichier(par=MOI, contrat=CONTRAT, nom="x.csv", octets=b"%PDF-1.4")
    assert not FichierDepose.objects.exists()
