"""Le relevé d'une séance : ce qu'il dit, ce qu'il tait, qui le lit, et qu'il se relit en PDF et en Word."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import docx
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.document.description import Tableau
from parvis.dossiers.models import Projet
from parvis.instances.actions import finir_un_mandat, noter_les_presences
from parvis.instances.enums import EtatDePresence, Voix
from parvis.instances.rules import Venue
from parvis.programmation.actions import arbitrages, deports_de_seance
from parvis.programmation.actions import seances as actions
from parvis.programmation.actions.arbitrages import Propose
from parvis.programmation.document.mot import ecrire_en_word
from parvis.programmation.document.releve import (
    BANDEAU,
    PARTIEL,
    Examen,
    PartDeFinanceur,
    Proposition,
    Releve,
    decrire_le_releve,
)
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Seance
from parvis.programmation.queries.ordre_du_jour import ordre_du_jour
from parvis.programmation.queries.releves import releve
from parvis.programmation.queries.seances import discutees
from parvis.socle.montants import ecrire_montant
from parvis.socle.templatetags.socle import heure, jour
from tests.decors import decor
from tests.fabriques import enveloppes, instances, instruction, seances
from tests.fabriques.pdf import pages, serre, texte
from tests.pilotage.test_dossiers import copier

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(params=["pdf", "docx"])
def extension(request):
    return request.param


@decor
def tenue():
    """Un comité de quatre membres ; le service de Samia a noté le dossier, et proposé un montant."""
    tenue = seances.seance(instruction.etude(avec_grille=True))
    etude, par = tenue.etude, tenue.pilote
    etude.noter(etude.samia, faisabilite=(1, "Calendrier intenable."))
    etude.rendre(etude.samia, montant="1777")
    doter(etude)
    for nom, valeurs in {
        "elu": {
            "qui": "Hervé Lacombe",
            "fonction": "Adjoint au maire",
            "organisme": etude.ici.commune,
        },
        "etat": {"qui": "Ninon Delattre", "fonction": "Déléguée du préfet"},
        "citoyen": {"qui": "Bakary Sow", "voix": Voix.CONSULTATIVE},
    }.items():
        tenue.mandats[nom] = instances.membre(par, tenue.instance, **valeurs)
    return tenue


@decor
def ouverte(tenue):
    """Deux présents, une représentée, un excusé ; la caisse apporte, et l'on arbitre ses demandes."""
    mandats = {nom: mandat.pk for nom, mandat in tenue.mandats.items()}
    venues = {
        mandats["samia"]: Venue(EtatDePresence.PRESENT),
        mandats["elu"]: Venue(EtatDePresence.PRESENT),
        mandats["etat"]: Venue(EtatDePresence.REPRESENTE, mandats["elu"]),
        mandats["citoyen"]: Venue(EtatDePresence.EXCUSE),
    }
    noter_les_presences(par=tenue.pilote, reunion=tenue.seance.reunion, venues=venues)
    tenue.seance = actions.ouvrir_la_seance(par=tenue.pilote, seance=tenue.seance)
    actions.apporter(
        par=tenue.pilote,
        seance=tenue.seance,
        financeur=tenue.etude.ici.caisse,
        montant=Decimal(50_000),
        vote_prevu_le=vote_prevu_le(),
    )
    tenue.arbitrer(tenue.samia, montant="1500", condition="Le bilan est rendu.")
    tenue.arbitrer(tenue.etude.olga, Resultat.AJOURNE, motif="Le porteur est à rencontrer.")
    return tenue


@decor
def publiee(ouverte):
    return ouverte.publier()


def vote_prevu_le():
    return timezone.localdate() + timedelta(days=60)


def doter(etude):
    """Dote la caisse d'une enveloppe dont rien n'est dit ailleurs."""
    bourse = enveloppes.Bourse(etude.ici, etude.samia, etude.olga, etude.dossier)
    enveloppes.enveloppe(bourse, 88_888)


def lire(acteur: Acteur, seance: Seance, extension: str) -> str:
    """Rend tout le texte d'un relevé, serré."""
    octets = releve(acteur, seance, extension).octets
    return texte(octets) if extension == "pdf" else texte_du_word(octets)


def texte_du_word(octets: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        racines = [etree.fromstring(archive.read(nom)) for nom in archive.namelist()]
    return serre("".join(t.text or "" for racine in racines for t in racine.iter(f"{W}t")))


def deporter(tenue, nom: str) -> None:
    deports_de_seance.deporter(
        par=tenue.pilote,
        seance=tenue.seance,
        point=tenue.point,
        mandat=tenue.mandats[nom],
        motif="Trésorier du Verger.",
    )


def attendus(tenue) -> list[str]:
    seance, dossier = tenue.seance, tenue.etude.dossier
    return [
        f"Relevé de la séance du {jour(seance.reunion.commence_le)}",
        "Programmation de l’année",
        "Comité des financeurs",
        f"{jour(seance.reunion.commence_le)} à 14 h 00",
        "Hôtel de ville",
        f"Exercice {seance.exercice}",
        f"{jour(seance.ouverte_le)} à {heure(seance.ouverte_le)}",
        "3 voix sur 3, il en faut 2 : le quorum est atteint",
        "Adjoint au maire, Commune du Val-des-Tilleuls",
        "Voix consultative",
        "Excusé",
        "Représenté par Hervé Lacombe",
        f"1. {dossier.reference}, Le verger du pied d’immeuble",
        "Les Amis du Verger",
        "1-1, ",
        "Caisse des Tilleuls, Politique de la ville",
        "2 000 €",
        "Accordée en partie, 1 500 € sur 2 000 € demandés, sous réserve : Le bilan est rendu",
        "Ajournée",
        "Le porteur est à rencontrer.",
        "1 500 € proposés",
        "50 000 €",
        jour(vote_prevu_le()),
        "La séance propose, elle n’accorde rien.",
        "Pour la présidence de la séance",
    ]


def test_le_releve_dit_toute_la_seance(publiee, extension):
    lu = lire(publiee.pilote, publiee.seance, extension)
    assert [dit for dit in attendus(publiee) if serre(dit) not in lu] == []
    assert serre(f"Publié le {jour(publiee.seance.publiee_le)}") in lu
    assert serre(f"Levée{jour(publiee.seance.levee_le)}") in lu.replace("Levée:", "Levée")
    assert serre("Aucun déport n’est noté.") in lu
    assert serre("que vous ne lisez pas") not in lu


def test_un_releve_provisoire_le_dit_a_chaque_page(ouverte, extension):
    arbitrages.annuler_le_dernier(par=ouverte.pilote, seance=ouverte.seance)
    fichier = releve(ouverte.pilote, ouverte.seance, extension)
    lu = lire(ouverte.pilote, ouverte.seance, extension)
    le = timezone.localdate(ouverte.seance.reunion.commence_le)
    assert fichier.nom == f"releve-comite-des-financeurs-{le}-provisoire.{extension}"
    assert serre("Provisoire : 1 demande à arbitrer sur 2.") in lu
    assert "Pasencorearbitrée" in lu and "Publiéle" not in lu
    if extension == "pdf":
        # Le bandeau du haut, et le filigrane.
        assert all(page.count(BANDEAU) >= 2 for page in pages(fichier.octets))
    else:
        entete = docx.Document(io.BytesIO(fichier.octets)).sections[0].header
        assert BANDEAU in entete.paragraphs[0].text


def test_publie_il_ne_se_dit_plus_provisoire(publiee, extension):
    fichier = releve(publiee.pilote, publiee.seance, extension)
    le = timezone.localdate(publiee.seance.reunion.commence_le)
    assert fichier.nom == f"releve-comite-des-financeurs-{le}.{extension}"
    assert "rovisoire" not in lire(publiee.pilote, publiee.seance, extension)


@pytest.mark.parametrize("est_partage", [False, True])
def test_ni_montant_propose_ni_note_ni_enveloppe_n_y_sont(publiee, extension, est_partage):
    if est_partage:
        # Partagé, il se lit en séance ; le relevé le tait encore.
        demande = publiee.etude.demande(publiee.samia)
        demande.propose_partage_le = timezone.now()
        demande.save()
    for acteur in (publiee.pilote, publiee.samia):
        lues = ordre_du_jour(acteur, publiee.seance).points[0].demandes
        se_lit = est_partage or acteur is publiee.samia
        assert (Decimal(1777) in [d.propose for d in lues]) is se_lit
        lu = lire(acteur, publiee.seance, extension)
        # Le reste de l'apport : 50 000 € moins 1 500 €.
        for secret in (1777, 88_888, 88_888 - 1777, 88_888 - 1500, 48_500):
            assert str(secret) not in lu
        assert "Calendrierintenable" not in lu and "Trésorier" not in lu


def test_un_membre_le_lit_une_fois_la_seance_publiee(ouverte, extension):
    with pytest.raises(Seance.DoesNotExist):
        releve(ouverte.samia, ouverte.seance, extension)
    ouverte.lever()
    with pytest.raises(Seance.DoesNotExist):
        releve(ouverte.samia, ouverte.seance, extension)
    arbitrages.publier_la_seance(par=ouverte.pilote, seance=ouverte.seance)
    lu = lire(ouverte.samia, ouverte.seance, extension)
    assert lu == lire(ouverte.pilote, ouverte.seance, extension)


def test_nul_autre_ne_le_lit(publiee, extension):
    acteurs = publiee.etude.ici.monde.acteurs
    hors = {nom: qui for nom, qui in acteurs.items() if nom not in ("pilote", "samia")}
    assert {"visiteur", "olga", "gestionnaire"} <= hors.keys()
    for acteur in (*hors.values(), publiee.etude.ici.monde.ajouter("curieux", role=Role.ELU)):
        with pytest.raises(Seance.DoesNotExist):
            releve(acteur, publiee.seance, extension)


def test_une_extension_inconnue_n_existe_pas(publiee):
    for extension in ("odt", "", "PDF", "docx/../pdf"):
        with pytest.raises(Seance.DoesNotExist):
            releve(publiee.pilote, publiee.seance, extension)


def test_un_deport_se_dit_et_cache_le_dossier_a_qui_s_est_retire(ouverte, extension):
    deporter(ouverte, "samia")
    deporter(ouverte, "citoyen")
    ouverte.publier()
    reference = ouverte.etude.dossier.reference
    lu = lire(ouverte.pilote, ouverte.seance, extension)
    assert serre("Bakary Sow, Samia Essai") in lu and serre("Pour la présidence") in lu
    assert "Trésorier" not in lu
    sien = lire(ouverte.samia, ouverte.seance, extension)
    assert serre("1 dossier que vous ne lisez pas.") in sien and serre(PARTIEL) in sien
    for tu in (reference, "Le verger", "1 500 €", "2 000 €", "Bakary Sow, Samia", "Pour la présid"):
        assert serre(tu) not in sien


def test_la_meme_seance_donne_les_memes_octets(publiee, extension, monkeypatch):
    avant = releve(publiee.pilote, publiee.seance, extension)
    demain = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: demain)
    assert releve(publiee.pilote, publiee.seance, extension) == avant


def test_le_nombre_de_requetes_ne_depend_pas_des_dossiers(ouverte, extension):
    deporter(ouverte, "citoyen")
    avant = requetes(ouverte, extension)
    copier(ouverte.etude.dossier, 3)
    neufs = actions.dossiers_a_inscrire(ouverte.pilote, ouverte.seance).values_list("pk", flat=True)
    actions.inscrire(par=ouverte.pilote, seance=ouverte.seance, dossiers=list(neufs))
    for point in ouverte.seance.points.exclude(pk=ouverte.point.pk):
        deports_de_seance.deporter(
            par=ouverte.pilote,
            seance=ouverte.seance,
            point=point,
            mandat=ouverte.mandats["elu"],
            motif="Lui aussi.",
        )
    for demande in discutees(ouverte.seance.points.all(), ouverte.seance):
        dit = Propose(Resultat.REFUSE, motif="L’enveloppe est épuisée.")
        arbitrages.arbitrer(par=ouverte.pilote, seance=ouverte.seance, demande=demande, propose=dit)
    assert ouverte.seance.points.count() == 4
    assert requetes(ouverte, extension) == avant


def test_ni_des_mandats_finis_depuis(ouverte):
    avant = requetes(ouverte, "docx")
    for nom in ("samia", "elu"):
        finir_un_mandat(
            par=ouverte.pilote,
            mandat=ouverte.mandats[nom],
            fin_le=timezone.localdate() - timedelta(days=30),
        )
    assert requetes(ouverte, "docx") <= avant + 2
    assert "Commune" in lire(ouverte.pilote, ouverte.seance, "docx")


def requetes(tenue, extension: str) -> int:
    seance = Seance.objects.select_related("reunion__instance__contrat").get(pk=tenue.seance.pk)
    with CaptureQueriesContext(connection) as menees:
        releve(tenue.pilote, seance, extension)
    return len(menees)


def test_le_pdf_est_balise(publiee):
    pdf = pypdfium2.PdfDocument(releve(publiee.pilote, publiee.seance, "pdf").octets)
    assert pdfium.FPDFCatalog_IsTagged(pdf.raw)
    assert pdf.get_metadata_dict()["Author"] == "Comité des financeurs"
    titres = [signet.get_title() for signet in pdf.get_toc()]
    assert titres[0] == "Programmation de l’année"


def test_le_word_a_de_vrais_titres_une_langue_et_des_en_tetes_repetes(publiee):
    octets = releve(publiee.pilote, publiee.seance, "docx").octets
    lu = docx.Document(io.BytesIO(octets))
    titres = [(p.style.name, p.text) for p in lu.paragraphs if p.style.name.startswith("Heading")]
    assert ("Heading 1", "Les présences") in titres
    assert (
        "Heading 2",
        f"1. {publiee.etude.dossier.reference}, Le verger du pied d’immeuble",
    ) in titres
    assert [t.rows[0].cells[0].text for t in lu.tables] == [
        "Membre", "Financeur", "Financeur", "Qualité",
    ]  # fmt: skip
    corps = lu.element.body
    assert len(list(corps.iter(f"{W}tblHeader"))) == len(lu.tables)
    assert all(t.get(f"{W}val") for t in corps.iter(f"{W}tblCaption"))
    assert lu.styles.element.find(f".//{W}lang").get(f"{W}val") == "fr-FR"
    assert lu.core_properties.language == "fr-FR"
    # Chaque chapitre d'un contrat prend une page ; ici, tout se suit.
    assert not list(lu.styles.element.iter(f"{W}pageBreakBefore"))
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_un_texte_piege_reste_un_texte(ouverte, extension):
    piege = "#panic() <w:p/> & \u202e $x$ *gras*"
    Projet.objects.update(titre=piege)
    ouverte.arbitrer(ouverte.samia, Resultat.REFUSE, motif=piege)
    lu = lire(ouverte.pilote, ouverte.seance, extension)
    assert lu.count(serre("#panic() <w:p/> & $x$ *gras*")) >= 2


def test_la_somme_des_apports_ne_se_dit_que_si_chacun_a_dit_le_sien():
    def parts(*apports: int | None) -> list[PartDeFinanceur]:
        return [
            PartDeFinanceur(f"F{rang}", Decimal(100), apport, Decimal(40), None)
            for rang, apport in enumerate(apports)
        ]

    for apports, dit in (
        (parts(100, 200), ecrire_montant(300, court=True)),
        (parts(100, None), ""),
    ):
        (tableau,) = tableaux(vide(parts=apports))
        assert tableau.lignes[-1].cases[2] == dit


def test_ce_qui_est_demande_en_nature_se_dit_tel():
    salle = Proposition("Ville", Decimal(800), "accordée, 800 €", est_en_nature=True)
    examen = Examen("2026-0001", "Bal", "Verger", "", [], [], [salle], Decimal(0), Decimal(0))
    part = PartDeFinanceur("Ville", Decimal(0), None, Decimal(0), None)
    document = decrire_le_releve(vide(dossiers=[examen], parts=[part]))
    lu = texte_du_word(ecrire_en_word(document, timezone.now()))
    assert serre("en nature") in lu and serre("n’est pas dans ces sommes") in lu


def tableaux(dit: Releve) -> list[Tableau]:
    """Rend les tableaux d'un relevé, sans celui des signatures."""
    parties = decrire_le_releve(dit).parties
    return [p for p in parties if isinstance(p, Tableau) and p.colonnes[0].intitule != "Qualité"]


def vide(**valeurs) -> Releve:
    """Rend le relevé d'une séance dont rien n'est à lire."""
    depart = {
        "contrat": "Contrat",
        "instance": "Comité",
        "objet": "Rien",
        "exercice": 2026,
        "commence_le": timezone.now(),
        "lieu": "Mairie",
        "suite_de": "Programmation, 3 avril 2026",
        **dict.fromkeys(("ouverte_le", "levee_le", "publiee_le", "dernier_le")),
        "avancee": "Rien à arbitrer",
        "quorum": "Il faudra 2 voix sur 3",
        **{nom: [] for nom in ("membres", "dossiers", "parts")},
        "caches": 0,
    }
    return Releve(**(depart | valeurs))


def test_une_seance_vide_se_releve_aussi():
    assert tableaux(vide(caches=2)) == []
    lu = texte_du_word(ecrire_en_word(decrire_le_releve(vide(caches=2)), timezone.now()))
    for dit in ("Pas encore", "2 dossiers que vous ne lisez pas.", "Programmation, 3 avril 2026"):
        assert serre(dit) in lu
