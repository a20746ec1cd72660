"""Ouvrir un dossier, l'écrire à plusieurs, le reprendre, le jeter, l'emporter."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.actions import dossiers as actions
from parvis.dossiers.actions.commentaires import commenter, regler_un_commentaire
from parvis.dossiers.actions.departs import commencer_un_projet, transferer
from parvis.dossiers.actions.dossiers import BrouillonExistant, Depart
from parvis.dossiers.actions.sections import ConflitDeSection, reprendre_une_ecriture
from parvis.dossiers.models import Dossier, EcritureDeSection, Projet
from parvis.dossiers.queries.dossiers import sections
from parvis.dossiers.queries.taches import avancement, taches
from parvis.dossiers.sections import empreinte
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from parvis.territoires.models import Commune, Quartier
from tests.decors import decor
from tests.fabriques import appels, dossiers
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import monde
from tests.fabriques.fils import dans_des_fils
from tests.fabriques.quartiers import territoire_du_contrat

CALENDRIER = {"debut_le": "01/02/2027", "fin_le": "30/11/2027"}


@decor
def lieux():
    territoire_du_contrat()
    return monde()


@decor
def version(lieux):
    return dossiers.appel_ouvert(lieux.acteurs["pilote"], contrat_publie("tilleuls").contrat)


@decor
def elle(lieux):
    return lieux.acteurs["gestionnaire"]


@decor
def autre(lieux):
    return lieux.acteurs["contributeur"]


@decor
def brouillon(elle, version):
    return dossiers.brouillon(elle, version.appel, description="Planter au pied des tours.")


def test_un_dossier_s_ouvre_avec_ce_que_l_on_sait(elle, version):
    quartier = Quartier.objects.get()
    dossier = dossiers.brouillon(
        elle,
        version.appel,
        description="Planter.",
        fiches=["1-2", "1-1"],
        echelle="quartiers",
        quartiers=[str(quartier.pk)],
    )
    assert dossier.est_un_brouillon and dossier.numero is None and dossier.reference == ""
    assert dossiers.dit(dossier, "projet") == {
        "titre": "Le jardin du Pré-Joli",
        "description": "Planter.",
    }
    assert [f.fiche.numero for f in dossier.fiches.all()] == ["1-2", "1-1"]
    assert [str(lieu) for lieu in dossier.lieux.all()] == [str(quartier)]


def test_un_projet_et_son_dossier_s_ouvrent_ensemble_ou_pas_du_tout(lieux, elle, version):
    clos = appels.publie(
        lieux.acteurs["pilote"],
        version.appel.contrat,
        titre="Un appel à venir",
        ouvre_le=appels.dans(5),
        ferme_le=appels.dans(40),
    )
    with pytest.raises(Refus, match="pas encore ouvert"):
        commencer_un_projet(par=elle, appel=clos.appel, titre="Trop tôt", depart=Depart())
    assert not Projet.objects.exists()


@pytest.mark.parametrize("titre", ["", "   ", "!!!", "x" * 201])
def test_un_titre_se_refuse_avec_sa_raison(elle, version, titre):
    with pytest.raises(Refus, match="titre"):
        dossiers.brouillon(elle, version.appel, titre)


@pytest.mark.parametrize("nom", ["lecteur", "inscrit", "visiteur", "instructeur", "pilote"])
def test_qui_n_ecrit_pas_ne_commence_rien(lieux, version, nom):
    with pytest.raises(Refus, match="au nom de cet organisme"):
        dossiers.brouillon(lieux.acteurs[nom], version.appel)
    assert not Projet.objects.exists()


def test_un_projet_n_a_qu_un_brouillon_par_appel(elle, brouillon):
    with pytest.raises(BrouillonExistant) as existe:
        actions.ouvrir_un_dossier(par=elle, projet=brouillon.projet, appel=brouillon.appel)
    assert existe.value.dossier == brouillon


def test_ce_que_l_organisme_a_dit_se_reprend_sauf_pour_qui_attend(lieux, elle, brouillon):
    dossiers.ecrire(elle, brouillon, "organisation", {"representant": "Ada", "confirmee": "on"})
    suivant = dossiers.brouillon(elle, brouillon.appel, "Un autre projet")
    # La page de l'organisme se relit à chaque dossier.
    assert dossiers.dit(suivant, "organisation") == {"representant": "Ada"}
    en_attente = dossiers.brouillon(lieux.acteurs["attente"], brouillon.appel, "Le mien")
    assert dossiers.dit(en_attente, "organisation") == {}


def test_une_section_s_ecrit_une_fois_par_seance_et_par_personne(elle, autre, brouillon):
    for fin in ("10", "20", "30"):
        dossiers.ecrire(elle, brouillon, "calendrier", CALENDRIER | {"fin_le": f"{fin}/11/2027"})
    dossiers.ecrire(autre, brouillon, "calendrier", CALENDRIER | {"rythme": "Le mardi"})
    gardees = brouillon.ecritures.filter(section="calendrier")
    assert [(e.ecrite_par, e.numero, e.est_courante) for e in gardees] == [
        (str(autre.utilisateur), 2, True),
        (str(elle.utilisateur), 1, False),
    ]
    actes = Evenement.objects.filter(action="dossiers.ecrire_une_section")
    assert actes.count() == 2


def test_une_seance_finit_apres_trente_minutes(elle, brouillon):
    dossiers.ecrire(elle, brouillon, "calendrier", CALENDRIER)
    jadis = timezone.now() - timedelta(minutes=31)
    brouillon.ecritures.filter(section="calendrier").update(enregistree_le=jadis)
    dossiers.ecrire(elle, brouillon, "calendrier", {"debut_le": "01/03/2027"})
    assert brouillon.ecritures.filter(section="calendrier").count() == 2


def test_rien_ne_s_ecrit_si_rien_ne_change(elle, brouillon):
    fait = dossiers.ecrire(elle, brouillon, "calendrier", CALENDRIER)
    encore = dossiers.ecrire(elle, brouillon, "calendrier", CALENDRIER, lue="périmée")
    assert (fait.a_change, encore.a_change) == (True, False)


def test_enregistree_vide_une_facultative_est_complete(elle, brouillon):
    """Rien à y mettre se dit une fois ; le redire n'écrit rien."""
    avant = {t.section.code: t.lue.etat for t in taches(elle, brouillon)}
    fait, encore = (dossiers.ecrire(elle, brouillon, "partenaires", []) for _ in range(2))
    apres = {t.section.code: t.lue.etat for t in taches(elle, brouillon)}
    assert (fait.a_change, encore.a_change) == (True, False)
    assert (avant["partenaires"], apres["partenaires"]) == ("vide", "complete")
    assert brouillon.ecritures.filter(section="partenaires").count() == 1


def test_qui_n_a_pas_lu_la_derniere_ne_l_efface_pas(elle, autre, brouillon):
    lue = empreinte(dossiers.dit(brouillon, "calendrier"))
    dossiers.ecrire(elle, brouillon, "calendrier", CALENDRIER)
    with pytest.raises(ConflitDeSection) as conflit:
        dossiers.ecrire(autre, brouillon, "calendrier", {"debut_le": "05/05/2027"}, lue=lue)
    assert conflit.value.actuelle.ecrite_par == str(elle.utilisateur)
    assert conflit.value.actuelle.valeur == CALENDRIER
    assert conflit.value.voulue == {"debut_le": "05/05/2027"}
    assert dossiers.dit(brouillon, "calendrier") == CALENDRIER


def test_une_ecriture_passee_se_reprend_sans_effacer_celle_d_aujourd_hui(elle, autre, brouillon):
    dossiers.ecrire(elle, brouillon, "calendrier", CALENDRIER)
    dossiers.ecrire(autre, brouillon, "calendrier", {"debut_le": "05/05/2027"})
    section = sections(brouillon)["calendrier"]
    lue = empreinte(dossiers.dit(brouillon, "calendrier"))
    reprendre_une_ecriture(par=autre, dossier=brouillon, section=section, numero=1, lue=lue)
    dites = {e.numero: e.valeur for e in brouillon.ecritures.filter(section="calendrier")}
    assert dites == {1: CALENDRIER, 2: {"debut_le": "05/05/2027"}, 3: CALENDRIER}
    with pytest.raises(ConflitDeSection):
        reprendre_une_ecriture(par=elle, dossier=brouillon, section=section, numero=2, lue=lue)
    with pytest.raises(EcritureDeSection.DoesNotExist):
        reprendre_une_ecriture(par=elle, dossier=brouillon, section=section, numero=9, lue="")


def test_les_lignes_suivent_la_section(elle, brouillon):
    commune, quartier = Commune.objects.get(), Quartier.objects.get()
    dossiers.ecrire(elle, brouillon, "projet", {"titre": "Le verger"})
    dossiers.ecrire(
        elle, brouillon, "fiches", {"principale": "1-1", "fiches": {"1-1": ["Planter"], "9-9": []}}
    )
    lieux = {"echelle": "communes", "communes": [commune.code], "quartiers": [str(quartier.pk)]}
    dossiers.ecrire(elle, brouillon, "lieux", lieux)
    brouillon.refresh_from_db()
    brouillon.projet.refresh_from_db()
    assert brouillon.projet.titre == "Le verger"
    assert [(f.fiche.numero, f.est_principale, f.types) for f in brouillon.fiches.all()] == [
        ("1-1", True, ["Planter"])
    ]
    assert [str(lieu) for lieu in brouillon.lieux.all()] == ["Val-des-Tilleuls"]
    # Changer d'échelle ne perd pas les communes cochées : elles ne comptent plus, c'est tout.
    dossiers.ecrire(elle, brouillon, "lieux", lieux | {"echelle": "quartiers"})
    assert [str(lieu) for lieu in brouillon.lieux.all()] == [str(quartier)]
    assert dossiers.dit(brouillon, "lieux")["communes"] == [commune.code]


def test_reprendre_l_an_prochain(lieux, elle, brouillon):
    dossiers.ecrire(elle, brouillon, "calendrier", CALENDRIER)
    suivant = dossiers.appel_ouvert(
        lieux.acteurs["pilote"],
        brouillon.appel.contrat,
        titre="L’appel d’après",
        ferme_le=appels.dans(60),
    )
    depart = Depart(copie_de=brouillon)
    copie = actions.ouvrir_un_dossier(
        par=elle, projet=brouillon.projet, appel=suivant.appel, depart=depart
    )
    assert dossiers.dit(copie, "calendrier") == CALENDRIER
    # Rien n’a été reçu l’an dernier : ce n’est pas un renouvellement.
    assert "frequence" not in dossiers.dit(copie, "projet")
    siennes = {tache.section.code: tache for tache in taches(elle, copie)}
    assert siennes["calendrier"].est_reprise and not siennes["calendrier"].a_change
    dossiers.ecrire(elle, copie, "calendrier", {"debut_le": "01/04/2028"})
    assert {t.section.code: t for t in taches(elle, copie)}["calendrier"].a_change
    assert dossiers.dit(brouillon, "calendrier") == CALENDRIER


def test_suivre_l_appel_ne_touche_a_rien_de_ce_qui_est_ecrit(lieux, elle, brouillon):
    pilote = lieux.acteurs["pilote"]
    nouvelle = appels.appels.preparer_une_version(par=pilote, appel=brouillon.appel)
    appels.presenter(pilote, nouvelle, ferme_le=appels.dans(45))
    appels.appels.publier_l_appel(par=pilote, version=nouvelle, ce_qui_change="Deux semaines.")
    avant = dossiers.dit(brouillon, "projet")
    suivi = actions.suivre_l_appel(par=elle, dossier=brouillon)
    assert suivi.version_d_appel.numero == 2
    assert dossiers.dit(suivi, "projet") == avant


def test_jeter_un_brouillon_l_efface_et_son_projet_s_il_n_en_reste_rien(elle, brouillon):
    actions.jeter_un_brouillon(par=elle, dossier=brouillon)
    assert not Dossier.objects.exists() and not Projet.objects.exists()
    with pytest.raises(Dossier.DoesNotExist):
        dossiers.ecrire_la_section(par=elle, dossier=brouillon, section=None, valeur={}, lue="")


def test_emporter_ses_textes_dans_un_autre_contrat(lieux, elle, brouillon):
    dossiers.ecrire(elle, brouillon, "calendrier", CALENDRIER)
    dossiers.ecrire(elle, brouillon, "fiches", {"principale": "1-1", "fiches": {"1-1": []}})
    voisin = contrat_publie("voisin").contrat
    ailleurs = dossiers.appel_ouvert(lieux.acteurs["voisine"], voisin)
    with pytest.raises(Refus, match="même contrat"):
        transferer(par=elle, dossier=brouillon, appel=brouillon.appel)
    commune = Commune.objects.get()
    emporte = transferer(par=elle, dossier=brouillon, appel=ailleurs.appel, commune=commune)
    assert emporte.projet.contrat == voisin
    assert dossiers.dit(emporte, "calendrier") == CALENDRIER
    assert dossiers.dit(emporte, "projet") == dossiers.dit(brouillon, "projet")
    assert dossiers.dit(emporte, "fiches") == {}
    assert [str(lieu) for lieu in emporte.lieux.all()] == ["Val-des-Tilleuls"]
    assert Dossier.objects.filter(pk=brouillon.pk).exists()


def test_une_remarque_previent_les_autres_qui_ecrivent_et_eux_seuls(lieux, elle, autre, brouillon):
    section = sections(brouillon)["calendrier"]
    dossiers.ecrire(autre, brouillon, "calendrier", CALENDRIER)
    remarque = commenter(par=elle, dossier=brouillon, section=section, texte="En mai ?")
    (courriel,) = Courriel.objects.filter(sujet="dossier")
    assert courriel.destinataire == autre.utilisateur.courriel
    assert courriel.frequence == "quotidien"
    assert "En mai ?" not in courriel.texte
    assert f"/tilleuls/dossiers/{brouillon.pk}/calendrier/" in courriel.texte
    for _ in range(2):
        regler_un_commentaire(par=autre, commentaire=remarque, section=section)
    remarque.refresh_from_db()
    assert remarque.regle_par == str(autre.utilisateur)
    actes = Evenement.objects.filter(action="dossiers.regler_un_commentaire")
    assert actes.count() == 1
    with pytest.raises(Refus, match="2000"):
        commenter(par=elle, dossier=brouillon, section=section, texte="x" * 2001)


def test_le_journal_ne_cite_jamais_le_texte(elle, brouillon):
    secret = "Un texte que seul le porteur lit."
    dossiers.ecrire(elle, brouillon, "projet", {"titre": "Jardin", "besoin": secret})
    commenter(par=elle, dossier=brouillon, section=sections(brouillon)["projet"], texte=secret)
    for evenement in Evenement.objects.select_related("details"):
        details = evenement.details.contenu if hasattr(evenement, "details") else {}
        assert secret not in str(details)


def test_l_avancement_compte_et_dit_la_suite(elle, brouillon):
    vu = avancement(tache.lue for tache in taches(elle, brouillon))
    assert (vu.completes, vu.prochaine.code) == (0, "organisation")
    dossiers.ecrire(elle, brouillon, "calendrier", CALENDRIER)
    assert avancement(tache.lue for tache in taches(elle, brouillon)).completes == 1


def preparer(_rang: int):
    territoire_du_contrat()
    lieux = monde()
    version = dossiers.appel_ouvert(lieux.acteurs["pilote"], contrat_publie("tilleuls").contrat)
    return lieux, dossiers.brouillon(lieux.acteurs["gestionnaire"], version.appel)


def relire(dossier: Dossier) -> str:
    (dite,) = dans_des_fils(lambda _: dossiers.dit(dossier, "calendrier"), 1)
    return dite["rythme"]


ENSEMBLE = ("gestionnaire", "contributeur", "signataire")


@pytest.mark.django_db(transaction=True)
def test_trois_ecritures_au_meme_instant_une_passe_les_autres_le_savent(base_partagee):
    ((lieux, dossier),) = dans_des_fils(preparer, 1)
    lue, depart = empreinte({}), threading.Barrier(3, timeout=60)

    def ecrire(rang: int) -> bool:
        dit = {"rythme": f"De {ENSEMBLE[rang]}."}
        depart.wait()
        try:
            dossiers.ecrire(lieux.acteurs[ENSEMBLE[rang]], dossier, "calendrier", dit, lue=lue)
        except ConflitDeSection as conflit:
            assert conflit.voulue == dit and conflit.actuelle.valeur != dit
            return False
        return True

    issues = dans_des_fils(ecrire, 3)
    assert sorted(issues) == [False, False, True]
    assert relire(dossier) == f"De {ENSEMBLE[issues.index(True)]}."


@pytest.mark.django_db(transaction=True)
def test_sans_l_empreinte_lue_le_dernier_efface_les_autres(base_partagee):
    """Le témoin : les mêmes écritures, qui disent avoir tout lu, se recouvrent sans que nul le sache."""
    ((lieux, dossier),) = dans_des_fils(preparer, 1)

    def ecrire(rang: int) -> bool:
        dit = {"rythme": f"De {ENSEMBLE[rang]}."}
        return dossiers.ecrire(lieux.acteurs[ENSEMBLE[rang]], dossier, "calendrier", dit).a_change

    assert [dans_des_fils(lambda _, r=rang: ecrire(r), 1) for rang in range(3)] == [[True]] * 3
    assert relire(dossier) == "De signataire."
