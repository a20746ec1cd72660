"""Créer, modifier, clore : tous les motifs à la fois, rien d'écrasé, tout au journal."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from parvis.connecteurs.recherche_entreprises import EntrepriseTrouvee
from parvis.journal.models import Evenement
from parvis.organismes import actions
from parvis.organismes.actions.saisie import enregistrer
from parvis.organismes.models import AliasDOrganisme, Organisme
from parvis.socle.refus import Refus
from tests.organismes.conftest import MOI, siren, siret

pytestmark = pytest.mark.django_db


def modifier(organisme, **valeurs):
    return actions.modifier(
        par=MOI, organisme=organisme, version=organisme.version, valeurs=valeurs
    )


def actes():
    return list(Evenement.objects.order_by("rang").values_list("action", flat=True))


def test_les_numeros_se_gardent_sous_une_seule_forme(creer):
    ecrit = f"{siret(1)[:3]} {siret(1)[3:6]}\u00a0{siret(1)[6:9]}.{siret(1)[9:]}"
    organisme = creer("  Les   Jardins ", siret=ecrit, rna="w941000001")
    organisme.refresh_from_db()
    assert (organisme.nom, organisme.siret, organisme.siren) == ("Les Jardins", siret(1), siren(1))
    assert (organisme.rna, organisme.cle_de_tri, organisme.version) == (
        "W941000001",
        "les jardins",
        1,
    )


def test_un_refus_dit_tous_ses_motifs(creer):
    with pytest.raises(Refus) as refus:
        creer("", siren="12", rna="X", courriel="pas un courriel", site="zzz", nature="licorne")
    texte = " ".join(refus.value.motifs)
    for mot in ("Siren", "RNA", "Nom :", "Courriel de l’organisme :", "Site :", "Nature :"):
        assert mot in texte
    assert not Organisme.objects.exists()
    assert actes() == []


def test_un_numero_pris_nomme_celui_qui_le_porte(creer):
    creer("Le Premier", siret=siret(1), rna="W941000001")
    with pytest.raises(Refus) as refus:
        creer("Le Second", siret=siret(1), rna="W941000001")
    assert len(refus.value.motifs) == 2
    assert all("« Le Premier »" in motif for motif in refus.value.motifs)


def test_plusieurs_etablissements_partagent_un_siren_mais_un_seul_organisme_sans_siret(creer):
    creer("Siège", siret=siret(1, 1))
    creer("Antenne", siret=siret(1, 2))
    creer("L’ensemble", siren=siren(1))
    with pytest.raises(Refus, match="L’ensemble"):
        creer("Encore l’ensemble", siren=siren(1))


def test_la_base_refuse_ce_que_la_saisie_aurait_laisse_passer(creer):
    creer("Un", siret=siret(1), rna="W941000001")
    for faute in (
        {"siren": siren(1), "siret": siret(1)},
        {"rna": "W941000001"},
        {"siren": "12"},
        {"siren": siren(2), "siret": siret(3)},
        {"siret": siret(3)},
        {"courriel": "a@b.example"},
        {"forme_juridique": "92"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisme.objects.create(nom="Deux", nature="association", **faute)


def test_un_siret_qui_ne_suit_pas_son_siren_est_refuse(creer):
    with pytest.raises(Refus, match="commence par le Siren"):
        creer(siren=siren(2), siret=siret(1))
    organisme = creer(siret=siret(1))
    assert modifier(organisme, siret=siret(2)).siren == siren(2)


def test_la_forme_juridique_donne_la_nature(creer):
    assert creer(nature="", forme_juridique="9220").nature == "association"
    with pytest.raises(Refus, match="Nature"):
        creer("Autre", nature="", forme_juridique="3120")


def test_un_courriel_porte_son_origine_et_sa_date(creer):
    organisme = creer(courriel="contact@jardins.example")
    assert organisme.courriel_origine == "saisi"
    assert organisme.courriel_releve_le
    donne = modifier(
        organisme,
        courriel="nous@jardins.example",
        courriel_origine="declare",
        courriel_releve_le=date(2024, 1, 2),
    )
    assert (donne.courriel_origine, donne.courriel_releve_le) == ("declare", date(2024, 1, 2))
    # Le même courriel ne change pas d'origine ; un courriel neuf n'hérite pas de l'ancienne preuve.
    assert modifier(donne, courriel="nous@jardins.example").courriel_origine == "declare"
    donne.refresh_from_db()
    assert modifier(donne, courriel="neuf@jardins.example").courriel_origine == "saisi"
    donne.refresh_from_db()
    efface = modifier(donne, courriel="")
    assert (efface.courriel_origine, efface.courriel_releve_le) == ("", None)


def test_modifier_note_l_avant_et_l_apres_des_seuls_champs_changes(creer, ville):
    organisme = creer(alias=["Jardins"])
    change = modifier(
        organisme, sigle="JV", siege=ville, communes=[ville], alias=["JARDINS", "Le Verger"]
    )
    assert change.version == 2
    details = Evenement.objects.get(action="organismes.modifier").details.contenu
    assert details == {
        "changements": {
            "sigle": ["", "JV"],
            "siege": ["", "Port-Tilleul"],
            "communes": [[], ["Port-Tilleul"]],
            "alias": [["Jardins"], ["Jardins", "Le Verger"]],
        }
    }


def test_ne_rien_changer_n_ecrit_rien(creer):
    organisme = creer(alias=["Verger"])
    assert modifier(organisme, nom="Les Jardins du Verger ", alias=["verger"]).version == 1
    assert actes() == ["organismes.creer"]


def test_un_alias_vide_ou_egal_au_nom_n_en_est_pas_un(creer):
    creer("Le Verger", alias=["", "LE VERGER", "Verger", "vergèr"])
    assert list(AliasDOrganisme.objects.values_list("cle", flat=True)) == ["verger"]


def test_un_champ_inconnu_est_une_faute_du_programme(creer):
    with pytest.raises(TypeError, match="licorne"):
        creer(licorne=1)
    with pytest.raises(TypeError, match="version"):
        enregistrer(Organisme(), {"version": 3})


def test_une_version_perimee_rend_la_ligne_d_aujourd_hui(creer):
    organisme = creer()
    modifier(organisme, sigle="JV")
    with pytest.raises(actions.ConflitDeVersion, match="a changé pendant") as conflit:
        modifier(organisme, sigle="AUTRE")
    assert (conflit.value.courant.sigle, conflit.value.courant.version) == ("JV", 2)
    assert Organisme.objects.get().sigle == "JV"


def test_clore_date_la_fin_et_nomme_le_remplacant(creer):
    ancien, nouveau = creer("Pôle"), creer("France")
    clos = actions.cloturer(
        par=MOI, organisme=ancien, fin_le=date(2023, 12, 31), remplace_par=nouveau
    )
    assert clos.est_en_cours(date(2023, 12, 31))
    assert not clos.est_en_cours(date(2024, 1, 1))
    assert actes()[-1] == "organismes.cloturer"
    actions.cloturer(par=MOI, organisme=ancien, fin_le=date(2023, 12, 31), remplace_par=nouveau)
    assert len(actes()) == 3
    assert actions.cloturer(par=MOI, organisme=ancien, fin_le=None).remplace_par is None


def test_un_remplacement_ne_fait_pas_de_boucle(creer):
    a, b, c = creer("A"), creer("B"), creer("C")
    jour = date(2020, 1, 1)
    actions.cloturer(par=MOI, organisme=a, fin_le=jour, remplace_par=b)
    actions.cloturer(par=MOI, organisme=b, fin_le=jour, remplace_par=c)
    with pytest.raises(Refus, match="de proche en proche"):
        actions.cloturer(par=MOI, organisme=c, fin_le=jour, remplace_par=a)
    with pytest.raises(Refus, match="lui-même"):
        actions.cloturer(par=MOI, organisme=c, fin_le=jour, remplace_par=c)
    with pytest.raises(Refus, match="date de fin"):
        actions.cloturer(par=MOI, organisme=c, fin_le=None, remplace_par=a)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisme.objects.filter(pk=c.pk).update(remplace_par=a)


def test_le_registre_public_remplit_la_fiche(creer, ville):
    trouvee = EntrepriseTrouvee(
        siren=siren(7),
        siret=siret(7),
        nom="ATELIER VELO",
        forme_juridique="9220",
        rna="W941000007",
        adresse="1 RUE DU PORT",
        commune_code="94041",
    )
    valeurs = actions.valeurs_de(trouvee)
    assert "sigle" not in valeurs
    organisme = actions.creer(par=MOI, **valeurs)
    assert (organisme.nature, organisme.siege, organisme.siret) == ("association", ville, siret(7))


def test_le_registre_qui_ne_dit_que_association_suffit(db):
    trouvee = EntrepriseTrouvee(siren=siren(8), siret="", nom="X", est_association=True)
    assert actions.valeurs_de(trouvee) == {"nom": "X", "siren": siren(8), "nature": "association"}
