"""Décliner une fiche en un lieu : seul ce qui diffère est gardé, et reporté d'une édition à l'autre."""

import pytest
from django.db import DatabaseError, transaction

from parvis.cadre.actions import importer_cadre, publier_edition
from parvis.cadre.actions.brouillons import preparer_un_avenant
from parvis.cadre.actions.declinaisons import decliner, retirer_une_declinaison
from parvis.cadre.actions.plan import retirer_une_fiche
from parvis.cadre.models import Declinaison, Edition, VersionDeFiche
from parvis.cadre.queries import declinaisons as lectures
from parvis.cadre.queries.comparaison import Choix, comparaison
from parvis.comptes.acteur import Acteur
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from parvis.territoires.models import Commune
from tests.decors import decor
from tests.fabriques.cadre import MACHINE, petit_contrat
from tests.fabriques.retouches import dit, retoucher

pytestmark = pytest.mark.django_db
LEA = Acteur.machine("Léa")


@decor
def declinaison(brouillon):
    return decliner(par=LEA, edition=brouillon, numero="1-1", lieu="Le Pré-Joli", type="quartier")


def cle(declinaison):
    return f"declinaison-{declinaison.pk}"


def test_une_declinaison_commence_comme_sa_fiche(brouillon, declinaison):
    assert dit(brouillon, cle(declinaison), "financeurs") == dit(
        brouillon, "fiche-1-1", "financeurs"
    )
    assert lectures.ecarts(LEA, declinaison) == []


def test_seul_ce_qui_differe_est_garde(brouillon, declinaison):
    texte = {"descriptif": "Cultiver ensemble au Pré-Joli."}
    retoucher(LEA, brouillon, cle(declinaison), "descriptif", texte)
    relue = Declinaison.objects.get()
    assert relue.sections == {"descriptif": texte}
    (ecart,) = lectures.ecarts(LEA, relue)
    assert ecart.section.code == "descriptif"
    assert "Pré-Joli" in "".join(m.texte for m in ecart.morceaux if m.nature == "ajoute")
    assert dit(brouillon, "fiche-1-1", "descriptif") != texte


def test_revenir_au_texte_de_la_fiche_ne_dit_plus_rien(brouillon, declinaison):
    avant = dit(brouillon, cle(declinaison), "descriptif")
    retoucher(LEA, brouillon, cle(declinaison), "descriptif", {"descriptif": "Autre."})
    retoucher(LEA, brouillon, cle(declinaison), "descriptif", avant)
    assert Declinaison.objects.get().sections == {}


def test_une_liste_vide_est_une_difference(brouillon, declinaison):
    retoucher(LEA, brouillon, cle(declinaison), "operateurs", [])
    assert dit(brouillon, cle(declinaison), "operateurs") == []
    assert [e.section.code for e in lectures.ecarts(LEA, Declinaison.objects.get())] == [
        "operateurs"
    ]


def test_ce_qui_ne_differe_pas_suit_la_fiche(brouillon, declinaison):
    retoucher(LEA, brouillon, "fiche-1-1", "descriptif", {"descriptif": "Neuf."})
    assert dit(brouillon, cle(declinaison), "descriptif") == {"descriptif": "Neuf."}


def test_le_lieu_se_rapporte_a_sa_commune(brouillon):
    commune = Commune.objects.create(code="94041", nom="Ivry-sur-Seine", departement="94")
    faite = decliner(
        par=LEA, edition=brouillon, numero="1-1", lieu="Ivry-sur-Seine", type="commune"
    )
    assert faite.commune == commune


@pytest.mark.parametrize(
    ("lieu", "phrase"), [("Le Pré-Joli", "déjà une déclinaison"), ("…", "Nommez le lieu")]
)
def test_un_lieu_pris_ou_sans_nom_est_refuse(brouillon, declinaison, lieu, phrase):
    with pytest.raises(Refus, match=phrase):
        decliner(par=LEA, edition=brouillon, numero="1-1", lieu=lieu, type="quartier")


def test_rien_ne_se_decline_hors_d_un_brouillon(brouillon):
    with pytest.raises(VersionDeFiche.DoesNotExist):
        decliner(par=LEA, edition=brouillon, numero="9-9", lieu="Ici", type="site")
    with pytest.raises(Refus, match="Préparez un avenant"):
        decliner(par=LEA, edition=brouillon.copiee_de, numero="1-1", lieu="Ici", type="site")


def test_une_declinaison_se_compare_d_une_edition_a_l_autre(brouillon, declinaison):
    retoucher(LEA, brouillon, cle(declinaison), "operateurs", [])
    retoucher(LEA, brouillon, cle(declinaison), "descriptif", {"descriptif": "Au Pré-Joli."})
    trouvee = comparaison(LEA, Choix(brouillon.copiee_de, brouillon))
    (endroit,) = trouvee.endroits
    (passage,) = endroit.passages
    assert (endroit.ancre, passage.intitule, passage.nom) == (
        "fiche-1-1",
        "Déclinaison",
        "Le Pré-Joli",
    )
    assert "Descriptif : Au Pré-Joli." in next(d.apres for d in passage.details)


def test_les_declinaisons_passent_d_une_edition_a_la_suivante(brouillon, declinaison):
    retoucher(LEA, brouillon, cle(declinaison), "descriptif", {"descriptif": "Au Pré-Joli."})
    publiee = publier_edition(par=LEA, edition=Edition.objects.get(pk=brouillon.pk))
    avenant = preparer_un_avenant(par=LEA, edition=publiee)
    importee = importer_cadre(
        par=MACHINE, contrat="tilleuls", lu=petit_contrat(preambule="Autre."), source="essai"
    ).edition
    for suivante in (avenant, importee):
        (reportee,) = suivante.declinaisons.all()
        assert reportee.version.edition == suivante
        assert reportee.sections == {"descriptif": {"descriptif": "Au Pré-Joli."}}


def test_une_declinaison_rejointe_par_sa_fiche_ne_dit_plus_rien(brouillon, declinaison):
    texte = {"descriptif": "Cultiver partout."}
    retoucher(LEA, brouillon, cle(declinaison), "descriptif", texte)
    retoucher(LEA, brouillon, cle(declinaison), "operateurs", [])
    retoucher(LEA, brouillon, "fiche-1-1", "descriptif", texte)
    publier_edition(par=LEA, edition=Edition.objects.get(pk=brouillon.pk))
    assert Declinaison.objects.get().sections == {"operateurs": []}


def test_remettre_les_memes_lignes_ne_dit_plus_rien(brouillon, declinaison):
    lignes = [
        {champ: ligne[champ] for champ in ("nom", "condition", "degre", "parent")}
        for ligne in dit(brouillon, "fiche-1-1", "operateurs")
    ]
    retoucher(LEA, brouillon, cle(declinaison), "operateurs", [{"nom": "Fondation des Jardins"}])
    retoucher(LEA, brouillon, cle(declinaison), "operateurs", lignes)
    assert Declinaison.objects.get().sections == {}


def test_une_declinaison_publiee_ne_change_plus(brouillon, declinaison):
    publier_edition(par=LEA, edition=Edition.objects.get(pk=brouillon.pk))
    with pytest.raises(DatabaseError), transaction.atomic():
        Declinaison.objects.update(lieu="Ailleurs")
    with pytest.raises(DatabaseError), transaction.atomic():
        Declinaison.objects.all().delete()


def test_retirer_une_declinaison_ou_sa_fiche(brouillon, declinaison):
    retirer_une_declinaison(par=LEA, edition=brouillon, numero=str(declinaison.pk))
    assert not Declinaison.objects.exists()
    decliner(par=LEA, edition=brouillon, numero="1-1", lieu="Le Pré-Joli", type="quartier")
    retirer_une_fiche(par=LEA, edition=brouillon, numero="1-1")
    assert not Declinaison.objects.exists()
    actes = Evenement.objects.order_by("rang").values_list("action", flat=True)
    assert [a.removeprefix("cadre.") for a in actes][-4:] == [
        "decliner",
        "retirer_une_declinaison",
        "decliner",
        "retirer_une_fiche",
    ]


def test_les_lieux_et_leurs_fiches(brouillon, declinaison):
    decliner(par=LEA, edition=brouillon, numero="2-1", lieu="Le Pré-Joli", type="quartier")
    decliner(par=LEA, edition=brouillon, numero="1-1", lieu="Bourg", type="commune")
    assert [(x["lieu"], x["nombre"]) for x in lectures.lieux(LEA, brouillon)] == [
        ("Bourg", 1),
        ("Le Pré-Joli", 2),
    ]
    ici = lectures.du_lieu(LEA, brouillon, "le-pre-joli")
    assert [d.version.numero for d in ici] == ["1-1", "2-1"]
    with pytest.raises(Declinaison.DoesNotExist):
        lectures.du_lieu(LEA, brouillon, "lune")
