"""Comparer deux états du cadre : ce qui change, où, et dans des mots qui se lisent."""

from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from parvis.cadre.comparaison import comparer
from parvis.cadre.contenu import CHAMPS, champs, contenu_lu, differences, dire, sorte
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition
from parvis.cadre.queries import lecture
from parvis.cadre.queries.comparaison import autres_editions, choisir, comparaison
from parvis.cadre.queries.contenu import contenu
from parvis.comptes.acteur import Acteur
from tests.fabriques.cadre import (
    avec_fiche,
    contrat_de,
    contrat_publie,
    fiche,
    petit_contrat,
)

PERSONNE = Acteur.anonyme()
BASE = contenu_lu(petit_contrat())


def ecart(avant: lu.ContratLu, apres: lu.ContratLu):
    return comparer(contenu_lu(avant), contenu_lu(apres))


def avec(**autres):
    """Rend ce qui change quand la fiche 1-1 change ainsi."""
    depart = petit_contrat()
    return ecart(depart, avec_fiche(depart, fiche("1-1", **autres)))


def passages(comparee, ancre: str = "fiche-1-1"):
    endroit = next(e for e in comparee.endroits if e.ancre == ancre)
    return [(p.intitule, p.nom, p.nature) for p in endroit.passages]


def details(comparee, ancre: str = "fiche-1-1"):
    endroit = next(e for e in comparee.endroits if e.ancre == ancre)
    return [(d.nom, d.avant, d.apres) for p in endroit.passages for d in p.details]


def test_chaque_fait_a_autant_de_valeurs_que_de_champs():
    for cle, valeur in BASE.items():
        assert tuple(champs(cle, valeur)) == CHAMPS[sorte(cle)]
    # Un document ne dit pas les déclinaisons ; tests/cadre/test_declinaisons.py les compare.
    assert {sorte(cle) for cle in BASE} == set(CHAMPS) - {"déclinaison"}


def test_un_savoir_ancien_sans_tous_ses_champs_se_compare():
    ancien = dict(BASE)
    ancien["dispositifs", "Aide"] = dire(*("" for _ in CHAMPS["dispositifs"]))
    assert comparer(BASE, ancien).nombre == 1


def test_rien_ne_change_de_soi_a_soi():
    assert comparer(BASE, BASE).endroits == ()
    assert comparer({}, {}).nombre == 0


@st.composite
def contenus(tirer):
    """Tire un contenu voisin du petit contrat : des faits en moins, d'autres dits autrement."""
    cles = st.lists(st.sampled_from(sorted(BASE)), max_size=12)
    perdus, changes = set(tirer(cles)), set(tirer(cles))
    tire = {cle: valeur for cle, valeur in BASE.items() if cle not in perdus}
    for cle in sorted(changes - perdus):
        mots = tirer(st.sampled_from(("", "jardin", "Créer un grand jardin partagé")))
        tire[cle] = dire(*(mots for _ in CHAMPS[sorte(cle)]))
        if len(cle) == 3:
            tire[*cle[:2], f"{cle[2]} {mots} autrement"] = tire.pop(cle)
    return tire


@given(contenus(), contenus())
def test_chaque_difference_est_rangee_une_fois_et_une_seule(avant, apres):
    comparee = comparer(avant, apres)
    attendues = Counter(d.cle for d in differences(avant, apres))
    assert Counter(d.cle for e in comparee.endroits for d in e.differences) == attendues
    for endroit in comparee.endroits:
        if endroit.passages:
            dites = Counter(d.cle for p in endroit.passages for d in p.differences)
            assert dites == Counter(d.cle for d in endroit.differences)
            for passage in endroit.passages:
                assert passage.intitule
                assert "[" not in passage.intitule
        for passage in endroit.passages:
            for detail in passage.details:
                detail.morceaux  # noqa: B018
    ancres = [e.ancre for e in comparee.endroits]
    assert len(set(ancres)) == len(ancres)


def test_les_endroits_suivent_l_ordre_de_lecture():
    vide = comparer({}, BASE)
    assert [e.ancre for e in vide.endroits] == [
        "contrat",
        "preambule",
        "pilier-1",
        "enjeu-1",
        "fiche-1-1",
        "fiche-1-2",
        "enjeu-2",
        "fiche-2-1",
        "pilier-2",
        "enjeu-3",
        "partenaires",
        "dispositifs",
        "hors-contrat",
    ]


def test_une_fiche_ajoutee_ou_retiree_tient_en_une_ligne():
    deux, trois = contrat_de(2), contrat_de(3)
    (ajoutee,) = ecart(deux, trois).endroits
    assert (ajoutee.ancre, ajoutee.nature, ajoutee.passages) == ("fiche-1-3", "ajouté", ())
    assert len(ajoutee.differences) > 10
    (retiree,) = ecart(trois, deux).endroits
    assert (retiree.titre, retiree.nature) == ("Ouvrir des jardins partagés 1-3", "retiré")
    assert ecart(trois, deux).nombre == 1


def test_une_fiche_retiree_reste_a_sa_place():
    trois = contrat_de(3)
    enjeu = trois.piliers[0].enjeux[0]
    sans = replace(enjeu, fiches=(enjeu.fiches[0], replace(enjeu.fiches[2], titre="Autre")))
    pilier = replace(trois.piliers[0], enjeux=(sans,))
    comparee = ecart(trois, replace(trois, piliers=(pilier,)))
    assert [e.ancre for e in comparee.endroits] == ["fiche-1-2", "fiche-1-3"]


def test_un_champ_qui_change_dit_son_nom_et_ses_mots():
    comparee = avec(echelle="agglomeration", titre="Ouvrir des jardins collectifs 1-1")
    assert passages(comparee) == [("Titre, échelle", "", "changé")]
    assert details(comparee)[1] == ("Échelle", "Communes", "Agglomération")
    titre = comparee.endroits[0].passages[0].details[0]
    assert [m.texte for m in titre.morceaux if m.nature != "egal"] == ["partagés", "collectifs"]


def test_un_texte_change_mot_par_mot():
    comparee = avec(
        descriptif="Cultiver ensemble au pied des arbres.\n\nLe diagnostic compte 3 jardins."
    )
    assert passages(comparee) == [("Descriptif", "", "changé")]
    morceaux = comparee.endroits[0].passages[0].details[0].morceaux
    assert [(m.nature, m.texte) for m in morceaux if m.nature != "egal"] == [
        ("retire", "tours"),
        ("ajoute", "arbres"),
    ]


def test_un_type_de_projet_reformule_ne_fait_qu_un_passage():
    repris = (lu.TypeDAction("Créer un grand jardin partagé"),)
    comparee = avec(types_d_action=repris)
    assert passages(comparee) == [
        ("Type de projet", "Créer un grand jardin partagé", "changé"),
        ("Type de projet", "Former des jardiniers", "retiré"),
    ]
    repris = comparee.endroits[0].passages[0]
    assert len(repris.differences) == 2
    assert [m.texte for m in repris.nom_mot_par_mot if m.nature == "ajoute"] == ["grand "]


def test_deux_types_qui_se_ressemblent_s_apparient_au_plus_proche():
    avant = (lu.TypeDAction("Créer un jardin partagé"), lu.TypeDAction("Créer un jardin école"))
    apres = (lu.TypeDAction("Créer un jardin à l'école"), lu.TypeDAction("Ouvrir une crèche"))
    depart = petit_contrat()
    comparee = ecart(
        avec_fiche(depart, fiche("1-1", types_d_action=avant)),
        avec_fiche(depart, fiche("1-1", types_d_action=apres)),
    )
    assert passages(comparee) == [
        ("Type de projet", "Créer un jardin partagé", "retiré"),
        ("Type de projet", "Créer un jardin à l'école", "changé"),
        ("Type de projet", "Ouvrir une crèche", "ajouté"),
    ]


def test_deux_partenaires_aux_noms_voisins_restent_deux():
    depart = petit_contrat()
    un, autre = (
        avec_fiche(depart, fiche("1-1", financeurs=(lu.Partenaire(nom, nom),)))
        for nom in ("Conseil départemental du Val", "Conseil départemental du Mont")
    )
    assert passages(ecart(un, autre)) == [
        ("Financeur", "Conseil départemental du Val", "retiré"),
        ("Financeur", "Conseil départemental du Mont", "ajouté"),
    ]


def test_un_fait_ajoute_dit_ce_qu_il_faut_en_savoir():
    public = lu.Public("femmes", "les femmes")
    caf = lu.Partenaire("Région", "Région", condition="pour les lycées", degre="indicatif")
    comparee = avec(publics=(lu.Public("jeunes", "les jeunes"), public), operateurs=(caf,))
    assert ("Public", "Femmes", "ajouté") in passages(comparee)
    assert ("Condition", "", "pour les lycées") in details(comparee)
    assert ("Degré", "", "À titre indicatif") in details(comparee)
    assert not [d for d in details(comparee) if d[0] == "Écrit dans le document"]


def test_ce_que_seule_la_lecture_sait_se_tait():
    types = (
        lu.TypeDAction("Créer un jardin partagé"),
        lu.TypeDAction("Former des jardiniers", forme="prose", confiance=0.9),
    )
    assert avec(types_d_action=types).nombre == 0
    (dispositif,) = fiche("1-1").dispositifs
    change = replace(dispositif, degre="termine", confiance=0.5)
    assert details(avec(dispositifs=(change,))) == [("Degré", "En place", "Terminé")]


def test_le_contrat_dit_sa_periode_et_sa_prolongation():
    depart = petit_contrat()
    comparee = ecart(depart, replace(depart, periode=(2015, 2022), prolonge_au="2023-12-01"))
    assert details(comparee, "contrat") == [
        ("Période", "2015-2020", "2015-2022"),
        ("Prolongé jusqu’au", "", "1er décembre 2023"),
    ]


def test_une_date_mal_ecrite_se_montre_telle_quelle():
    depart = petit_contrat()
    connu = lu.DispositifConnu("Aide au démarrage", fin_le="vers 2019")
    comparee = ecart(depart, replace(depart, dispositifs_connus=(connu,)))
    assert details(comparee, "dispositifs") == [("Prend fin le", "", "vers 2019")]


def test_une_liste_qui_change_ne_dit_que_ce_qui_change():
    depart = petit_contrat()
    un = (lu.SujetHorsContrat("Transports", "Voir la Région.", ("bus", "métro")),)
    comparee = ecart(depart, replace(depart, hors_contrat=un))
    assert details(comparee, "hors-contrat") == [("Mots de recherche", "tramway", "métro")]
    autre = (lu.SujetHorsContrat("Transports", "Voir la Région.", ("tramway", "bus")),)
    comparee = ecart(depart, replace(depart, hors_contrat=autre))
    assert details(comparee, "hors-contrat") == [
        ("Mots de recherche", "bus, tramway", "tramway, bus")
    ]


def test_une_fiche_deplacee_prend_le_mot_du_contrat():
    mots = lu.Mots("axe", "objectif", "action")
    depart = petit_contrat(mots=mots)
    premier, second = depart.piliers[0].enjeux
    enjeux = (
        replace(premier, fiches=premier.fiches[:1]),
        replace(second, fiches=(*second.fiches, premier.fiches[1])),
    )
    pilier = replace(depart.piliers[0], enjeux=enjeux)
    comparee = ecart(depart, replace(depart, piliers=(pilier, depart.piliers[1])))
    assert details(comparee, "fiche-1-2") == [("Objectif", "1", "2")]


@pytest.mark.django_db
class TestEntreEditions:
    def test_deux_editions_se_comparent_comme_leurs_documents(self):
        change = avec_fiche(petit_contrat(), fiche("1-1", titre="Tout autre"))
        contrat_publie()
        contrat_publie(lu_=change)
        recente, ancienne = lecture.editions_publiees(PERSONNE, "tilleuls")
        comparee = comparaison(PERSONNE, choisir([recente, ancienne]))
        assert comparee == comparer(contenu(PERSONNE, ancienne), contenu(PERSONNE, recente))
        assert passages(comparee) == [("Titre", "", "changé")]

    def test_comparer_coute_autant_avec_1_3_ou_50_fiches(self):
        couts = set()
        for nombre in (1, 3, 50):
            code = f"c{nombre}"
            contrat_publie(code, lu_=contrat_de(nombre))
            contrat_publie(code, lu_=avec_fiche(contrat_de(nombre), fiche("1-1", titre="Autre")))
            choix = choisir(list(lecture.editions_publiees(PERSONNE, code)))
            with CaptureQueriesContext(connection) as requetes:
                comparaison(PERSONNE, choix)
            couts.add(len(requetes))
        assert len(couts) == 1

    def test_sans_code_les_deux_dernieres_et_sinon_celles_que_l_on_dit(self):
        for rang in range(3):
            contrat_publie(lu_=petit_contrat(preambule=f"Texte {rang}."))
        editions = list(lecture.editions_publiees(PERSONNE, "tilleuls"))
        trois, deux, une = (edition.code for edition in editions)

        def codes(*demandes: str) -> tuple[str, str]:
            choix = choisir(editions, *demandes)
            return choix.avant.code, choix.apres.code

        assert codes() == (deux, trois)
        assert codes(une) == (une, trois)
        assert codes("", deux) == (une, deux)
        assert codes("", une) == (trois, une)
        assert codes(trois, une) == (trois, une)
        assert choisir(editions, une, une).est_la_meme
        assert choisir(editions[:1]).est_la_meme
        for demandes in (("absente",), (une, "\0")):
            with pytest.raises(Edition.DoesNotExist):
                choisir(editions, *demandes)
        with pytest.raises(Edition.DoesNotExist):
            choisir([])

    def test_une_fiche_connait_ses_autres_editions_publiees(self):
        contrat_publie(lu_=contrat_de(2))
        contrat_publie(lu_=contrat_de(1))
        contrat_publie(lu_=contrat_de(3))
        troisieme, deuxieme, premiere = lecture.editions_publiees(PERSONNE, "tilleuls")
        version = lecture.fiche(PERSONNE, troisieme, "1-1")
        trouvees = autres_editions(PERSONNE, version)
        assert [(e, c.avant, c.apres) for e, c in trouvees] == [
            (deuxieme, deuxieme, troisieme),
            (premiere, premiere, troisieme),
        ]
        ancienne = lecture.fiche(PERSONNE, premiere, "1-2")
        ((autre, choix),) = autres_editions(PERSONNE, ancienne)
        assert (autre, choix.avant, choix.apres) == (troisieme, premiere, troisieme)
