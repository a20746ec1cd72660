"""Un bilan de bout en bout : ouvert pré-rempli, écrit à plusieurs, rendu signé, répondu pour tous."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.models import BilanAttendu, Demande, Dossier
from parvis.evaluation.actions.attendre import attendre_les_bilans
from parvis.evaluation.actions.ecrire import ConflitDeBilan, ecrire_la_section_du_bilan
from parvis.evaluation.actions.recevoir import (
    accepter_le_bilan,
    accorder_plus_de_temps,
    demander_un_complement_au_bilan,
)
from parvis.evaluation.models import Bilan, VersionDeBilan
from parvis.evaluation.queries.bilans import lire_le_bilan, non_depense_du_bilan, reliquat
from parvis.evaluation.queries.lecture import pdf_du_bilan, version_lue
from parvis.instruction.actions.equipe import se_deporter
from parvis.socle import declencheurs
from parvis.socle.refus import Refus
from tests.fabriques import bilans

pytestmark = pytest.mark.django_db


def jour(jours: int = 0) -> date:
    return timezone.localdate() + timedelta(days=jours)


def lu(bilan: Bilan):
    return lire_le_bilan(bilans.relire(bilan), jour())


def test_un_bilan_est_attendu_six_mois_apres_la_fin_de_ce_que_l_on_finance(vote):
    annee = vote.dossier.exercice
    assert vote.attendu.attendu_le == date(annee + 1, 6, 30)
    # Le refaire n'inscrit rien de plus.
    assert attendre_les_bilans() == 0
    assert BilanAttendu.objects.count() == 1


def test_un_vote_retire_n_attend_plus_de_bilan_sauf_si_quelqu_un_l_ecrit(vote):
    Demande.objects.filter(pk=vote.demande().pk).update(montant_vote=Decimal(0))
    attendre_les_bilans()
    assert not BilanAttendu.objects.exists()
    Demande.objects.filter(pk=vote.demande().pk).update(montant_vote=Decimal(500))
    attendre_les_bilans()
    vote.ouvrir()
    Demande.objects.filter(pk=vote.demande().pk).update(montant_vote=Decimal(0))
    attendre_les_bilans()
    assert BilanAttendu.objects.count() == 1


def test_un_dossier_retire_ne_doit_rien(vote):
    BilanAttendu.objects.all().delete()
    Dossier.objects.filter(pk=vote.dossier.pk).update(
        etat="retire", tranche_le=timezone.now(), tranche_par="Moi"
    )
    assert attendre_les_bilans() == 0


def test_un_bilan_s_ouvre_pre_rempli_du_dossier(vote):
    vote.verser("1000")
    bilan = vote.ouvrir()
    prevu = bilan.prevu
    assert [x["nom"] for x in prevu["indicateurs"]] == ["Familles venues"]
    assert [(x["compte"], x["montant"]) for x in prevu["lignes"]] == [
        ("60", "4000.00"),
        ("70", "1000.00"),
    ]
    assert [x["montant"] for x in prevu["demandes"]] == ["2000.00", "1000.00"]
    sections = lu(bilan).sections
    annee = vote.dossier.exercice
    assert sections["realisation"].valeur["debut_le"] == f"01/03/{annee}"
    assert "École du Moulin" in sections["realisation"].valeur["partenaires"]
    # La ligne 74 : ce que le financeur a payé.
    assert sections["budget"].valeur["d0_realise"].replace("\u00a0", " ") == "1 000 €"
    # Personne n'y a touché : tout reste à relire.
    assert {lue.etat.value for lue in sections.values()} == {"vide"}


def test_un_bilan_ne_s_ouvre_qu_une_fois_et_seulement_s_il_est_attendu(vote):
    bilan = vote.ouvrir()
    assert vote.ouvrir() == bilan
    assert Bilan.objects.count() == 1
    BilanAttendu.objects.all().delete()
    with pytest.raises(Refus, match="rien n’est à rendre"):
        vote.ouvrir("intermediaire")


def test_un_lecteur_et_un_autre_organisme_n_ouvrent_rien(vote):
    for nom in ("lecteur", "meuniere", "pilote", "visiteur"):
        with pytest.raises(Dossier.DoesNotExist):
            vote.ouvrir(par=vote.ici.acteur(nom))
    assert not Bilan.objects.exists()


def test_on_ecrit_a_deux_sans_s_effacer(vote):
    bilan, autre = vote.ouvrir(), vote.ici.acteur("contributeur")
    vote.ecrire(bilan, "recit", {"fait": "Une plantation."})
    with pytest.raises(ConflitDeBilan) as refus:
        ecrire_la_section_du_bilan(
            par=autre,
            bilan=bilan,
            section="recit",
            titre="",
            valeur={"fait": "Deux."},
            lue="ancienne",
        )
    assert refus.value.actuelle.valeur == {"fait": "Une plantation."}
    assert "a changé cette section" in refus.value.motifs[0]
    # Le même texte n'est pas un conflit, et n'écrit rien.
    fait = ecrire_la_section_du_bilan(
        par=autre, bilan=bilan, section="recit", titre="", valeur={"fait": "Une plantation."},
        lue="ancienne",
    )  # fmt: skip
    assert not fait.a_change
    vote.ecrire(bilan, "recit", {"fait": "Deux."}, par=autre)
    assert list(bilan.ecritures.filter(section="recit").values_list("numero", flat=True)) == [2, 1]


def test_enregistrer_ce_qui_est_pre_rempli_le_dit_relu(vote):
    bilan = vote.ouvrir()
    avant = lu(bilan).sections["realisation"]
    fait = vote.ecrire(
        bilan, "realisation", dict(avant.valeur) | {"issue": "realise", "fin_le": "20/11/2026"}
    )
    assert fait.a_change and lu(bilan).sections["realisation"].etat == "complete"


def test_tous_les_motifs_d_un_coup_avec_le_nom_de_leur_section(vote):
    bilan = vote.ouvrir()
    with pytest.raises(Refus) as refus:
        vote.rendre(bilan, nom="", qualite=" ", certifie=False)
    dits = " ".join(refus.value.motifs)
    for attendu in (
        "Ce qui s’est passé : « Où en est le projet ? » est vide.",
        "Les habitants touchés : Dites combien",
        "Les indicateurs :",
        "Le budget réalisé :",
        "Le récit :",
        "Écrivez le nom de qui signe.",
        "à quel titre",
        "Cochez la case",
    ):
        assert attendu in dits
    assert not VersionDeBilan.objects.exists()


def test_rendre_fige_date_et_previent(vote):
    vote.verser("1500")
    bilan = vote.remplir(vote.ouvrir())
    version = vote.rendre(bilan)
    relu = bilans.relire(bilan)
    assert (relu.etat, relu.issue, relu.personnes) == ("rendu", "realise", 45)
    # 4000 prévus, dont 1500 demandés que personne n'a votés : 2500. Dépenser 3950, c'est tout dépenser.
    assert (relu.cout_reel, non_depense_du_bilan(relu)) == (Decimal("3950.00"), Decimal("0.00"))
    assert vote.attendu.rendu_le == jour()
    assert (version.signataire, version.qualite) == ("Lucie Bardet", "Présidente")
    objets = set(Courriel.objects.values_list("objet", flat=True))
    assert any("votre bilan définitif" in objet for objet in objets)
    assert any("le bilan définitif" in objet and "est rendu" in objet for objet in objets)
    # Rendu deux fois, il ne l'est qu'une.
    assert vote.rendre(bilan) == version
    with pytest.raises(Refus, match="il ne change plus"):
        vote.ecrire(relu, "recit", {"fait": "Autre chose"})


def test_seul_qui_signe_rend(vote):
    bilan = vote.remplir(vote.ouvrir())
    with pytest.raises(Dossier.DoesNotExist):
        vote.rendre(bilan, par=vote.ici.acteur("contributeur"))
    vote.rendre(bilan, par=vote.ici.acteur("signataire"))


@pytest.mark.parametrize("geste", ["update", "delete"])
def test_ce_qui_est_rendu_ne_change_plus_meme_en_sql(vote, geste):
    vote.rendu()
    with pytest.raises(DatabaseError, match="ne change plus"), transaction.atomic():
        if geste == "update":
            VersionDeBilan.objects.update(signataire="Un autre")
        else:
            VersionDeBilan.objects.all().delete()


def test_un_seul_service_accepte_pour_tous(vote):
    bilan = vote.rendu()
    for nom in ("gestionnaire", "voisine", "administrateur", "instructeur"):
        with pytest.raises(Dossier.DoesNotExist):
            accepter_le_bilan(par=vote.ici.acteur(nom), bilan=bilan)
    accepter_le_bilan(par=vote.pilote, bilan=bilan)
    relu = bilans.relire(bilan)
    assert relu.etat == "accepte" and vote.attendu.accepte_le == jour()
    with pytest.raises(Refus, match="cela ne se fait plus"):
        accepter_le_bilan(par=vote.pilote, bilan=bilan)


def test_un_pilote_deporte_n_accepte_rien(vote):
    bilan = vote.rendu()
    se_deporter(par=vote.pilote, dossier=vote.dossier, motif="Je préside cette association.")
    with pytest.raises(Dossier.DoesNotExist):
        accepter_le_bilan(par=vote.pilote, bilan=bilan)


def test_un_brouillon_n_est_pas_au_service(vote):
    bilan = vote.ouvrir()
    with pytest.raises(Bilan.DoesNotExist):
        accepter_le_bilan(par=vote.pilote, bilan=bilan)


def test_un_complement_ne_rouvre_que_sa_section(vote):
    bilan = vote.rendu()
    demander_un_complement_au_bilan(
        par=vote.pilote,
        bilan=bilan,
        section="recit",
        texte="Racontez un samedi.",
        echeance=jour(10),
    )
    bilan = bilans.relire(bilan)
    assert bilan.etat == "a_completer" and vote.attendu.rendu_le is None
    assert vote.attendu.attendu_le == date(vote.dossier.exercice + 1, 6, 30)
    with pytest.raises(Refus, match="Seules s’écrivent"):
        vote.ecrire(bilan, "budget", {"l0_realise": "1"})
    vote.ecrire(bilan, "recit", {"fait": "Samedi, il pleuvait.", "objectifs": "Oui."})
    assert vote.rendre(bilan).numero == 2
    bilan = bilans.relire(bilan)
    assert bilan.etat == "rendu" and bilan.complements.get().repondu_le is not None
    assert (
        version_lue(bilan, 1)
        .version.contenu["sections"]["recit"]["valeur"]["fait"]
        .startswith("Six")
    )
    assert version_lue(bilan).version.numero == 2


def test_un_complement_demande_dit_tous_ses_motifs(vote):
    bilan = vote.rendu()
    with pytest.raises(Refus) as refus:
        demander_un_complement_au_bilan(
            par=vote.pilote, bilan=bilan, section="inconnue", texte=" ", echeance=jour()
        )
    assert len(refus.value.motifs) == 3


def test_en_retard_un_complement_laisse_son_delai(vote):
    BilanAttendu.objects.update(attendu_le=jour(-40))
    bilan = vote.rendu()
    demander_un_complement_au_bilan(
        par=vote.pilote, bilan=bilan, section="recit", texte="Encore.", echeance=jour(10)
    )
    assert (vote.attendu.attendu_le, vote.attendu.rendu_le) == (jour(10), None)


PLUS_DE_TEMPS = {
    "issue": "plus_de_temps",
    "explication": "Le bailleur n’a livré la cour qu’en octobre.",
    "debut_le": "01/03/2026",
}


def test_plus_de_temps_se_demande_s_accorde_et_repousse_le_jour(vote):
    fin = date(vote.dossier.exercice + 1, 8, 31)
    dit = PLUS_DE_TEMPS | {"nouvelle_fin_le": f"{fin:%d/%m/%Y}"}
    bilan = vote.rendu(realisation=dit)
    # Rien d'autre n'est demandé : ni habitants, ni budget.
    assert set(bilan.versions.get().contenu["sections"]) == {"realisation"}
    with pytest.raises(Refus, match="demande plus de temps"):
        accepter_le_bilan(par=vote.pilote, bilan=bilan)
    attendu = accorder_plus_de_temps(par=vote.pilote, bilan=bilan)
    # Six mois après la nouvelle fin, qui vient après celle de l'exercice.
    assert (attendu.year, attendu.month) == (fin.year + 1, 2)
    assert (vote.attendu.attendu_le, vote.attendu.rendu_le) == (attendu, None)
    bilan = bilans.relire(bilan)
    assert bilan.etat == "brouillon" and bilan.prevu["fin_le"] == f"{fin:%d/%m/%Y}"
    dite = lu(bilan).sections["realisation"].valeur
    assert "issue" not in dite and dite["explication"].startswith("Le bailleur")
    assert Courriel.objects.filter(objet__contains="plus de temps vous est laissé").exists()


def test_sur_plusieurs_annees_du_temps_ne_deplace_pas_la_fin_du_projet(vote):
    annee = vote.dossier.exercice
    fin_du_projet = date(annee + 1, 11, 30)
    Dossier.objects.filter(pk=vote.dossier.pk).update(exercices=2)
    vote.dossier.refresh_from_db()
    version = vote.dossier.versions_deposees.latest("numero")
    version.contenu["sections"]["calendrier"]["valeur"]["fin_le"] = f"{fin_du_projet:%d/%m/%Y}"
    declencheurs.lever(tables=["dossiers_versiondeposee"])
    version.save()
    declencheurs.poser(tables=["dossiers_versiondeposee"])
    bilan = vote.ouvrir()
    # Cet exercice ne rend compte que de son année.
    assert lu(bilan).sections["realisation"].valeur["fin_le"] == f"31/12/{annee}"
    dit = PLUS_DE_TEMPS | {"nouvelle_fin_le": f"01/12/{annee + 1}"}
    vote.ecrire(bilan, "realisation", dit)
    with pytest.raises(Refus, match="ne dépasse pas celle du projet"):
        vote.rendre(bilan)
    fin = date(annee + 1, 3, 31)
    vote.ecrire(bilan, "realisation", dit | {"nouvelle_fin_le": f"{fin:%d/%m/%Y}"})
    vote.rendre(bilan)
    assert accorder_plus_de_temps(par=vote.pilote, bilan=bilan) == date(annee + 1, 9, 30)
    texte = Courriel.objects.filter(objet__contains="plus de temps").first().texte
    assert f"La fin du projet, le {fin_du_projet:%d/%m/%Y}, ne change pas" in texte
    assert bilans.relire(bilan).prevu["fin_du_projet"] == f"{fin_du_projet:%d/%m/%Y}"


def test_le_temps_accorde_laisse_six_mois_meme_deux_ans_plus_tard(vote):
    fin = date(vote.dossier.exercice + 2, 1, 15)
    bilan = vote.rendu(realisation=PLUS_DE_TEMPS | {"nouvelle_fin_le": f"{fin:%d/%m/%Y}"})
    assert accorder_plus_de_temps(par=vote.pilote, bilan=bilan) == fin.replace(month=7)


def test_du_temps_ne_s_accorde_qu_a_qui_en_demande(vote):
    with pytest.raises(Refus, match="ne demande pas plus de temps"):
        accorder_plus_de_temps(par=vote.pilote, bilan=vote.rendu())


def test_refuser_du_temps_laisse_ecrire_ce_qui_n_avait_jamais_ete_rendu(vote):
    fin = date(vote.dossier.exercice + 1, 8, 31)
    bilan = vote.rendu(realisation=PLUS_DE_TEMPS | {"nouvelle_fin_le": f"{fin:%d/%m/%Y}"})
    demander_un_complement_au_bilan(
        par=vote.pilote,
        bilan=bilan,
        section="realisation",
        texte="Pas d’avenant.",
        echeance=jour(20),
    )
    vote.remplir(bilans.relire(bilan))
    assert vote.rendre(bilan).numero == 2


def test_un_projet_qui_n_a_pas_eu_lieu_se_constate(vote):
    vote.verser("1500")
    bilan = vote.rendu(
        realisation={"issue": "pas_realise", "explication": "La cour est restée fermée."},
        budget={},
    )
    assert non_depense_du_bilan(bilan) == Decimal("1500.00")
    accepter_le_bilan(par=vote.pilote, bilan=bilan)
    assert bilans.relire(bilan).etat == "non_realise"
    assert vote.attendu.accepte_le == jour()


def test_un_bilan_intermediaire_accompagne_une_nouvelle_demande(vote):
    bilan = vote.remplir(
        vote.ouvrir("intermediaire"),
        realisation={"issue": "en_cours"},
        budget={"l0_realise": "900"},
    )
    vote.rendre(bilan)
    assert non_depense_du_bilan(bilan) is None
    attendu = BilanAttendu.objects.get(sorte="intermediaire")
    assert attendu.rendu_le == jour()
    # Le définitif reste dû, et ne s'est pas confondu avec lui.
    assert vote.attendu.rendu_le is None
    accepter_le_bilan(par=vote.pilote, bilan=bilans.relire(bilan))
    assert vote.attendu.accepte_le is None


def test_le_reliquat_se_compte_financeur_par_financeur(vote):
    vote.verser("1500")
    bilan = vote.remplir(vote.ouvrir(), budget=bilans.TOUT["budget"] | {
        "l0_realise": "2000", "l0_explication": "Les arbres nous ont été donnés.",
    })  # fmt: skip
    laisse = reliquat(lu(bilan))
    # Ce que la commune n'a pas donné, et ce que la caisse a réduit, n'était pas à dépenser : 2500 prévus.
    assert laisse.prevu == 2500
    assert [(p.financeur, p.part, p.non_depense) for p in laisse.parts] == [
        ("Caisse des Tilleuls, Politique de la ville", Decimal("1200.00"), Decimal("300.00"))
    ]


def test_le_pdf_dit_tout_et_ne_change_pas(vote):
    vote.verser("1500")
    bilan = vote.rendu()
    premier, second = pdf_du_bilan(bilan), pdf_du_bilan(bilan)
    assert premier.octets[:5] == b"%PDF-" and premier.octets == second.octets
    assert premier.nom == f"bilan-definitif-{bilan.dossier.reference}-{bilan.exercice}.pdf"
    with pytest.raises(VersionDeBilan.DoesNotExist):
        pdf_du_bilan(bilan, 7)
