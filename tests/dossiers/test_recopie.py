"""Recopier un dossier sur un portail : ce qu'on y colle, ce qui est coché, le numéro obtenu."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.dossiers.actions import portails as actions
from parvis.dossiers.actions.complements import demander_un_complement, repondre_aux_complements
from parvis.dossiers.enums import Guichet
from parvis.dossiers.models import ChampRecopie, Dossier
from parvis.dossiers.queries.dossiers import ecritures
from parvis.dossiers.queries.portails import a_recopier, portails_du_dossier
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import depots, portails


@decor
def brouillon(ici):
    return portails.brouillon(ici)


@decor
def recu(ici):
    dossier = depots.depose(ici)
    portails.demande_a_l_etat(dossier)
    return dossier


def lire(ici, dossier, code="dauphin", qui=None):
    return a_recopier(qui or ici.porte, depots.relire(dossier), code)


def cocher(ici, dossier, champ, est_recopie=True, lue=None, par=None):
    page = lire(ici, dossier)
    actions.marquer_un_champ(
        par=par or ici.porte,
        dossier=dossier,
        portail="dauphin",
        champ=champ,
        est_recopie=est_recopie,
        lue=page.champs[champ].empreinte if lue is None else lue,
    )


def rouvrir(ici, dossier, section):
    demander_un_complement(
        par=ici.acteur("pilote"),
        dossier=dossier,
        section=section,
        texte="Précisez.",
        echeance=timezone.localdate() + timedelta(days=15),
    )


def valeurs(page):
    return {champ.code: champ.valeur for champ in page.champs.values()}


# Ce qu'on y colle.


def test_un_brouillon_se_recopie_dans_l_ordre_du_portail(ici, brouillon):
    page = lire(ici, brouillon)
    assert [ecran.titre for ecran in page.ecrans] == [
        "L’organisme demandeur",
        "Les moyens humains de l’organisme",
        "La demande",
        f"Le budget de l’action, {brouillon.exercice}",
    ]
    dites = valeurs(page)
    assert dites["projet-titre"] == "Le verger du pied d’immeuble"
    assert dites["projet-frequence"] == "Première demande"
    assert dites["demandes-periode"] == "Ponctuelle"
    assert dites["calendrier-debut-le"] == f"01/03/{brouillon.exercice}"
    assert dites["publics-texte"].splitlines() == [
        "Des familles.",
        "Nombre de personnes : 60",
        "Part d’habitants des quartiers prioritaires, en % : 80",
    ]
    assert dites["partenaires-texte"] == "École du Moulin · Prête sa cour"
    assert dites["porteur-nom"] == "Les Amis du Verger"
    # Ce que le dossier ne dit pas garde sa place, sans rien à coller.
    vides = [c for e in page.ecrans for g in e.groupes for c in g.champs if not c.valeur]
    assert "porteur-siret" in {champ.code for champ in vides}
    assert "porteur-siret" not in page.champs


def test_le_budget_suit_les_postes_une_case_par_compte_et_par_financeur(ici, brouillon):
    *_, ecran = lire(ici, brouillon).ecrans
    dits = [(g.titre, [(c.libelle, c.valeur) for c in g.champs]) for g in ecran.groupes]
    assert dits == [
        ("Dépenses · 60 Achats", [("Achats matières et fournitures", "4000")]),
        (
            "Recettes · 70 Vente de produits finis, de marchandises, prestations de services",
            [("Total du poste", "1000")],
        ),
        (
            "Recettes · 74 Subventions d’exploitation",
            [
                (
                    "État (ministères, directions ou services déconcentrés) : "
                    "Préfecture · Politique de la ville",
                    "1000",
                ),
                ("Organismes sociaux (CAF, etc.) : Caisse des Tilleuls", "2000"),
            ],
        ),
    ]


def test_une_case_illisible_du_budget_se_dit_et_ne_compte_pas(ici, brouillon):
    portails.dire_le_budget(ici, brouillon, arbres="12*truc")
    *_, ecran = lire(ici, brouillon).ecrans
    assert "ne se calcule pas" in ecran.fautes[0]
    assert all("Dépenses" not in groupe.titre for groupe in ecran.groupes)


def test_un_montant_se_colle_en_chiffres(ici, brouillon):
    portails.dire_le_budget(ici, brouillon, arbres="9 174,50")
    assert "9174,50" in valeurs(lire(ici, brouillon)).values()


def test_un_texte_trop_long_dit_ou_il_coupe(ici, brouillon):
    depots.ecrire(
        ici.porte,
        brouillon,
        "projet",
        ecritures(brouillon)["projet"].valeur | {"description": "Planter des arbres. " * 250},
    )
    champ = lire(ici, brouillon).champs["projet-description"]
    assert champ.limite == 4000 and champ.coupe.de_trop == 999
    assert champ.coupe.garde.endswith("Planter des arbres.")
    actions.dire_la_limite(
        par=ici.porte, dossier=brouillon, portail="dauphin", champ=champ.code, limite=6000
    )
    champ = lire(ici, brouillon).champs["projet-description"]
    assert champ.coupe is None and champ.limite_est_vue
    actions.dire_la_limite(
        par=ici.porte, dossier=brouillon, portail="dauphin", champ=champ.code, limite=None
    )
    assert lire(ici, brouillon).champs["projet-description"].limite == 4000


def test_une_limite_se_refuse_si_ce_n_en_est_pas_une(ici, brouillon):
    fait = {"par": ici.porte, "dossier": brouillon, "portail": "dauphin"}
    with pytest.raises(Refus):
        actions.dire_la_limite(**fait, champ="projet-titre", limite=0)
    with pytest.raises(Dossier.DoesNotExist):
        actions.dire_la_limite(**fait, champ="inconnu", limite=10)


def test_depose_il_se_lit_tel_qu_il_l_a_ete(ici, recu):
    rouvrir(ici, recu, "projet")
    depots.ecrire(
        ici.porte, recu, "projet", ecritures(recu)["projet"].valeur | {"objectifs": "Tout autre."}
    )
    assert valeurs(lire(ici, recu))["projet-objectifs"] == "Se connaître."
    repondre_aux_complements(par=ici.porte, dossier=recu, reponses={})
    assert valeurs(lire(ici, recu))["projet-objectifs"] == "Tout autre."


def test_chaque_financeur_d_ailleurs_a_son_portail(ici, recu):
    portails.demande_a_l_etat(recu, ligne="Cités éducatives")
    fondation = {"financeur": None, "financeur_nom": "Fondation du Grand Air", "compte": ""}
    portails.demande_a_l_etat(recu, **fondation, lien=portails.LIEN)
    portails.demande_a_l_etat(recu, **fondation | {"financeur_nom": "Retirée"}, etat="retiree")
    lus = portails_du_dossier(ici.porte, recu)
    assert [lu.portail.code for lu in lus] == ["dauphin", "autre"]
    assert [f.nom for f in lus[0].financeurs] == ["Préfecture"]
    assert lus[0].financeurs[0].lien == "https://usager-dauphin.cget.gouv.fr"
    assert [(f.nom, f.lien) for f in lus[1].financeurs] == [
        ("Fondation du Grand Air", portails.LIEN)
    ]


def test_une_adresse_qui_n_est_pas_celle_d_un_site_ne_se_suit_pas(ici, recu):
    recu.demandes.filter(guichet=Guichet.AILLEURS).update(lien="javascript:alert(1)")
    (lu,) = portails_du_dossier(ici.porte, recu)
    assert lu.financeurs[0].lien == "https://usager-dauphin.cget.gouv.fr"


# Où l'on en est.


def test_une_case_cochee_le_reste_et_se_defait_si_le_texte_change(ici, brouillon):
    cocher(ici, brouillon, "projet-objectifs")
    cocher(ici, brouillon, "projet-objectifs")
    champ = lire(ici, brouillon).champs["projet-objectifs"]
    assert champ.est_recopie and champ.recopie_par == "Gestionnaire Essai"
    assert ChampRecopie.objects.count() == lire(ici, brouillon).recopies == 1
    depots.ecrire(
        ici.porte,
        brouillon,
        "projet",
        ecritures(brouillon)["projet"].valeur | {"objectifs": "Se connaître mieux."},
    )
    page = lire(ici, brouillon)
    assert not page.champs["projet-objectifs"].est_recopie
    assert [champ.code for champ in page.changes] == ["projet-objectifs"]
    cocher(ici, brouillon, "projet-objectifs")
    assert lire(ici, brouillon).changes == [] and lire(ici, brouillon).recopies == 1


def test_decocher_efface_qui_et_quand_et_garde_la_limite(ici, brouillon):
    fait = {"par": ici.porte, "dossier": brouillon, "portail": "dauphin", "champ": "projet-titre"}
    actions.dire_la_limite(**fait, limite=80)
    cocher(ici, brouillon, "projet-titre")
    cocher(ici, brouillon, "projet-titre", est_recopie=False)
    champ = lire(ici, brouillon).champs["projet-titre"]
    assert (champ.est_recopie, champ.recopie_par, champ.recopie_le) == (False, "", None)
    assert champ.limite == 80 and not champ.a_change


def test_cocher_un_texte_qui_vient_de_changer_se_refuse(ici, brouillon):
    with pytest.raises(Refus, match="a changé"):
        cocher(ici, brouillon, "projet-titre", lue="une autre empreinte")
    assert not ChampRecopie.objects.exists()


def test_tout_recopier_se_dit(ici, brouillon):
    for code in lire(ici, brouillon).champs:
        cocher(ici, brouillon, code)
    assert lire(ici, brouillon).est_fini


def test_un_champ_que_le_portail_n_a_pas_n_existe_pas(ici, brouillon):
    for champ in ("inconnu", "porteur-siret"):
        with pytest.raises(Dossier.DoesNotExist):
            actions.marquer_un_champ(
                par=ici.porte,
                dossier=brouillon,
                portail="dauphin",
                champ=champ,
                est_recopie=True,
                lue="",
            )


@pytest.mark.parametrize("qui", ["lecteur", "meuniere", "pilote", "inscrit", "ancien"])
def test_cocher_est_a_qui_ecrit(ici, brouillon, qui):
    with pytest.raises(Dossier.DoesNotExist):
        cocher(ici, brouillon, "projet-titre", par=ici.acteur(qui))
    assert not ChampRecopie.objects.exists()


@pytest.mark.parametrize(
    ("qui", "lit_le_brouillon", "lit_le_depose"),
    [
        ("lecteur", True, True),
        ("pilote", False, True),
        ("voisine", False, False),
        ("meuniere", False, False),
        ("administrateur", False, False),
    ],
)
def test_qui_lit_ce_qui_se_recopie(ici, qui, lit_le_brouillon, lit_le_depose):
    acteur = ici.acteur(qui)
    dossier = portails.brouillon(ici)
    assert bool(portails_du_dossier(acteur, dossier)) is lit_le_brouillon
    recu = depots.depose(ici, titre="Le second verger")
    portails.demande_a_l_etat(recu)
    if lit_le_depose:
        assert a_recopier(acteur, recu, "dauphin").champs
    else:
        with pytest.raises(Dossier.DoesNotExist):
            a_recopier(acteur, recu, "dauphin")


def test_un_portail_ou_rien_ne_se_demande_est_absent(ici, recu):
    for code in ("caf", "inconnu"):
        with pytest.raises(Dossier.DoesNotExist):
            a_recopier(ici.porte, recu, code)


@pytest.mark.parametrize("nombre", [1, 3, 50])
def test_le_nombre_de_requetes_ne_depend_pas_des_demandes(ici, recu, nombre):
    for rang in range(nombre):
        portails.demande_a_l_etat(recu, ligne=f"Ligne {rang}", rang=100 + rang)
    relu = depots.relire(recu)
    with CaptureQueriesContext(connection) as menees:
        page = a_recopier(ici.porte, relu, "dauphin")
        assert page.champs and page.du_dossier.financeurs
    assert len(menees) <= 16, [m["sql"][:90] for m in menees]


# Ce que la base refuse.


@pytest.mark.parametrize("champs", [{"suivi_source": "export"}, {"statut_externe": "Rejetée"}])
def test_une_demande_recue_ici_n_est_pas_suivie_par_un_export(ici, recu, champs):
    ici_meme = recu.demandes.filter(guichet=Guichet.PLATEFORME)
    with pytest.raises(IntegrityError), transaction.atomic():
        ici_meme.update(**champs)


@pytest.mark.parametrize(
    "champs", [{"empreinte": "abc"}, {"recopie_par": "Qui"}, {"recopie_le": timezone.now()}]
)
def test_un_champ_recopie_porte_qui_quand_et_quoi(recu, champs):
    with pytest.raises(IntegrityError), transaction.atomic():
        ChampRecopie.objects.create(dossier=recu, portail="dauphin", champ="x", **champs)
