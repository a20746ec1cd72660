"""D'un appel à l'autre : le numéro, ce qui se renouvelle, les pièces et les demandes qui suivent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.dossiers.actions import recevabilite
from parvis.dossiers.actions.dossiers import Depart, ouvrir_un_dossier
from parvis.dossiers.actions.pieces import reprendre_les_pieces
from parvis.dossiers.models import VersionDAppel
from parvis.dossiers.queries import recevabilite as lectures
from parvis.dossiers.rules.dossiers import est_un_renouvellement
from parvis.dossiers.sections.budget import sans_les_annees
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import appels, depots, dossiers
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


def autre_appel(ici, **valeurs) -> VersionDAppel:
    """Ouvre un second appel du même contrat, avec les mêmes pièces."""
    valeurs = {"titre": "Le second appel"} | valeurs
    return depots.lieux(ici.monde, ici.contrat, **valeurs).version


def reprendre(ici, dossier, version):
    return ouvrir_un_dossier(
        par=ici.porte, projet=dossier.projet, appel=version.appel, depart=Depart(copie_de=dossier)
    )


def test_deux_appels_d_un_exercice_se_suivent_dans_la_meme_serie(ici):
    premier = depots.depose(ici)
    seconds = depots.lieux(ici.monde, ici.contrat, titre="Le second appel")
    second = depots.depose(seconds, titre="La fresque")
    assert premier.appel_id != second.appel_id
    assert [premier.reference, second.reference] == [
        f"{premier.exercice}-0001",
        f"{premier.exercice}-0002",
    ]


@pytest.mark.parametrize(
    ("etat", "suivant", "dit"),
    [
        ("recevable", 2028, True),
        ("recevable", 2027, False),
        ("brouillon", 2028, False),
        ("irrecevable", 2028, False),
        ("retire", 2028, False),
        ("reoriente", 2028, False),
    ],
)
def test_ce_qui_est_un_renouvellement(etat, suivant, dit):
    assert est_un_renouvellement(etat, 2027, suivant) is dit


def test_l_an_d_apres_un_dossier_recu_se_renouvelle(ici):
    recu = depots.depose(ici)
    recevabilite.trancher(par=ici.acteur("pilote"), dossier=recu, vers="recevable", motif="")
    suivant = autre_appel(ici, exercice=recu.exercice + 1)
    recu.refresh_from_db()
    copie = reprendre(ici, recu, suivant)
    assert dossiers.dit(copie, "projet")["frequence"] == "renouvellement"


def test_un_budget_repris_dit_la_meme_chose_un_an_plus_tard():
    avant, apres = (depots.budget(annee, {4: "3000"}) for annee in (2027, 2028))
    (exercice,) = apres["exercices"].values()
    exercice["demandes"][0]["nom"] = ""
    assert sans_les_annees(avant) == sans_les_annees(apres)
    exercice["demandes"][0]["saisie"] = "3100"
    assert sans_les_annees(avant) != sans_les_annees(apres)


def test_on_n_envoie_pas_vers_un_appel_clos(ici):
    recu, clos = depots.depose(ici), autre_appel(ici)
    pilote = ici.acteur("pilote")
    assert lectures.appels_ou_envoyer(pilote, recu) == [clos]
    with pytest.raises(Refus, match="clos"):
        recevabilite.envoyer_vers_un_autre_appel(
            par=pilote, dossier=recu, appel=clos.appel, motif="Un séjour.", maintenant=clos.ferme_le
        )
    recu.refresh_from_db()
    assert recu.etat == "depose"


def test_les_pieces_encore_valables_suivent_une_seule_fois(ici):
    recu = depots.depose(ici)
    perimee = recu.pieces.exclude(cle="statuts").first()
    recu.pieces.filter(pk=perimee.pk).update(valable_jusqu_au=timezone.localdate() - timedelta(1))
    copie = reprendre(ici, recu, autre_appel(ici))
    reprises = reprendre_les_pieces(par=ici.porte, dossier=copie, de=recu)
    attendues = {(p.cle, p.fichier_id) for p in recu.pieces.exclude(pk=perimee.pk)}
    assert {(p.cle, p.fichier_id) for p in reprises} == attendues
    assert reprendre_les_pieces(par=ici.porte, dossier=copie, de=recu) == []
    assert {(p.cle, p.fichier_id) for p in copie.pieces.all()} == attendues


def test_les_pieces_d_un_autre_porteur_ne_suivent_pas(ici):
    recu = depots.depose(ici)
    autre = dossiers.brouillon(ici.acteur("meuniere"), ici.version.appel)
    assert reprendre_les_pieces(par=ici.acteur("meuniere"), dossier=autre, de=recu) == []


def test_un_financeur_que_l_appel_n_a_pas_se_sollicite_ailleurs(ici):
    recu = depots.depose(ici)
    seul = appels.publie(ici.acteur("pilote"), ici.contrat, titre="Un seul financeur")
    copie = reprendre(ici, recu, seul)
    recoivent = {str(f.organisme_id) for f in seul.financeurs.all() if f.recoit_ici}
    (exercice,) = dossiers.dit(copie, "budget")["exercices"].values()
    dits = {d["financeur"]: d["guichet"] for d in exercice["demandes"]}
    assert len(dits) == 2 and len(recoivent & set(dits)) == 1
    assert all((guichet == "plateforme") == (qui in recoivent) for qui, guichet in dits.items())
