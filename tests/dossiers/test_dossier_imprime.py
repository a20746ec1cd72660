"""Le PDF d'un dossier : chaque chose tapée s'y lit, un brouillon se dit, un dépôt ne change plus."""

import ctypes
from datetime import timedelta

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from django.utils import timezone

from parvis.dossiers.actions import complements
from parvis.dossiers.actions.comptes_bancaires import donner_un_iban
from parvis.dossiers.models import Dossier, VersionDeposee
from parvis.dossiers.queries.dossiers_imprimes import pdf_du_pilote, pdf_du_porteur
from parvis.organismes.models import Organisme
from parvis.socle.templatetags.socle import a_la_seconde
from tests.fabriques import depots
from tests.fabriques import dossiers_pleins as pleins
from tests.fabriques.pdf import pages, serre, texte

pytestmark = pytest.mark.django_db

CONTRAT = "Contrat de ville du Val-des-Tilleuls"
BANDEAU = "Brouillon, non déposé"


@pytest.mark.parametrize(
    "nature", ["association", "bailleur", "etablissement_scolaire", "collectif"]
)
def test_chaque_chose_tapee_se_lit_dans_le_pdf(db, nature):
    ici = pleins.lieux()
    plein = pleins.plein(ici, nature, ici.monde.moulin if nature == "collectif" else None)
    brouillon = pdf_du_porteur(plein.ici.porte, plein.dossier).octets
    depots.deposer(plein.ici, plein.dossier)
    depose = pdf_du_porteur(plein.ici.porte, plein.relire()).octets
    titre = "Demande de subvention" if nature == "association" else "Dossier de demande"
    # Ce que chaque page répète s'ôte : un texte à cheval sur deux pages se lit d'un trait.
    lus = (
        texte(brouillon, BANDEAU, BANDEAU, CONTRAT, f"{titre} (brouillon)"),
        texte(depose, CONTRAT, f"{titre} {plein.dossier.reference}"),
    )
    for lu in lus:
        assert [dit for dit in plein.attendus if serre(dit) not in lu] == []
        assert ("CERFAn°12156*06" in lu) == (nature == "association")
        assert ("LeClubduMoulin" in lu) == (nature == "collectif")


def test_un_brouillon_le_dit_a_chaque_page_et_n_a_pas_de_numero(ici):
    dossier = depots.brouillon(ici)
    pdf = pdf_du_porteur(ici.porte, dossier)
    rendues = pages(pdf.octets)
    assert len(rendues) > 1
    # Le bandeau du haut, et le filigrane.
    assert all(page.count(BANDEAU) >= 2 for page in rendues)
    assert pdf.nom == "brouillon-le-verger-du-pied-dimmeuble.pdf"
    assert "Dossiern°" not in texte(pdf.octets)


def test_un_brouillon_dit_ce_qui_n_est_ni_ecrit_ni_joint_ni_signe(ici):
    vide = depots.commencer_un_projet(
        par=ici.porte, appel=ici.version.appel, titre="Rien encore", depart=depots.Depart()
    )
    lu = texte(pdf_du_porteur(ici.porte, depots.relire(vide)).octets)
    for dit in (
        "Rien n’est écrit ici.",
        "Rien n’est encore demandé",
        "Aucune pièce n’est jointe.",
        "Statuts (il la faut) : rien n’est joint.",
        "« Ce dossier est exact » n’est pas signée.",
    ):
        assert serre(dit) in lu


def test_une_attestation_signee_avant_un_changement_ne_passe_pas_pour_bonne(ici):
    dossier = depots.pret(ici)
    depots.ecrire(ici.porte, dossier, "partenaires", [{"nom": "La Maison", "role": "Accueille"}])
    lu = texte(pdf_du_porteur(ici.porte, depots.relire(dossier)).octets)
    assert serre("a été signée avant les derniers changements : signez de nouveau") in lu


def test_ce_qui_est_depose_reste_le_meme_quoi_qu_il_arrive(ici):
    dossier = depots.depose(ici)
    avant = pdf_du_porteur(ici.porte, dossier)
    Organisme.objects.filter(pk=ici.caisse.pk).update(nom="Caisse renommée")
    Organisme.objects.filter(pk=ici.monde.verger.pk).update(nom="Verger renommé")
    dossier.projet.__class__.objects.filter(pk=dossier.projet_id).update(titre="Autre")
    dossier.demandes.update(montant_demande=1)
    dossier.pieces.all().delete()
    apres = pdf_du_porteur(ici.porte, depots.relire(dossier))
    assert apres == avant
    assert pdf_du_pilote(ici.acteur("pilote"), depots.relire(dossier)) == avant


def test_un_depose_dit_son_numero_sa_date_et_qui_a_signe(ici):
    dossier = depots.depose(ici)
    pdf = pdf_du_porteur(ici.porte, dossier)
    lu = texte(pdf.octets)
    assert pdf.nom == f"dossier-{dossier.reference}.pdf" and serre(BANDEAU) not in lu
    for dit in (
        f"Dossier n° {dossier.reference}, déposé {a_la_seconde(dossier.depose_le)}",
        f"par {dossier.depose_par}",
        "Signée par Gestionnaire Essai, Présidente",
        "de 500 000 € au plus",
        "la subvention demandée de 2 000,00 € représente 50 % du total des produits",
    ):
        assert serre(dit) in lu


def test_du_releve_bancaire_on_ne_lit_que_la_presence(ici):
    donner_un_iban(par=ici.porte, organisme=ici.monde.verger, iban=depots.IBAN)
    dossier = depots.depose(ici)
    lu = texte(pdf_du_pilote(ici.acteur("pilote"), dossier).octets)
    assert "Relevéd’identitébancaire(RIB)Joint.Seulsl’ouvrent" in lu
    assert "rib.pdf" not in lu
    assert serre(depots.IBAN) not in lu and serre(depots.IBAN)[-8:] not in lu


def test_une_version_completee_se_lit_et_l_ancienne_aussi(ici):
    dossier = depots.depose(ici)
    complements.demander_un_complement(
        par=ici.acteur("pilote"),
        dossier=dossier,
        section="projet",
        texte="Combien ?",
        echeance=timezone.localdate() + timedelta(days=15),
    )
    neuf = depots._textes(dossier.exercice)["projet"] | {"besoin": "Plus d’ombre."}
    depots.ecrire(ici.porte, dossier, "projet", neuf)
    attendant = texte(pdf_du_porteur(ici.porte, depots.relire(dossier)).octets)
    assert "Plusd’ombre." not in attendant
    complements.repondre_aux_complements(par=ici.porte, dossier=dossier, reponses={})
    dossier = depots.relire(dossier)
    dernier, premier = (pdf_du_porteur(ici.porte, dossier, numero) for numero in (None, 1))
    assert dernier.nom.endswith("-version-2.pdf") and "version" not in premier.nom
    assert "Plusd’ombre." in texte(dernier.octets)
    assert "Version2,complétée" in texte(dernier.octets)
    assert "SignéesurLaversion1" in texte(dernier.octets)
    assert "Signéesur" not in texte(premier.octets)
    assert "Plusd’ombre." not in texte(premier.octets)


def test_qui_ne_lit_pas_le_dossier_n_a_pas_son_pdf(ici):
    brouillon, depose = depots.brouillon(ici), depots.depose(ici, titre="Un autre")
    for nom in ("meuniere", "pilote", "inscrit", "attente"):
        for dossier in (brouillon, depose):
            with pytest.raises(Dossier.DoesNotExist):
                pdf_du_porteur(ici.acteur(nom), dossier)
    for nom in ("gestionnaire", "voisine", "instructeur", "elu"):
        with pytest.raises(Dossier.DoesNotExist):
            pdf_du_pilote(ici.acteur(nom), depose)
    with pytest.raises(VersionDeposee.DoesNotExist):
        pdf_du_pilote(ici.acteur("pilote"), brouillon)
    with pytest.raises(VersionDeposee.DoesNotExist):
        pdf_du_porteur(ici.porte, depose, 9)
    assert pdf_du_porteur(ici.acteur("lecteur"), depose).octets


def test_le_pdf_est_accessible(ici):
    pdf = pypdfium2.PdfDocument(pdf_du_porteur(ici.porte, depots.depose(ici)).octets)
    tampon = (ctypes.c_ushort * 32)()
    longueur = pdfium.FPDFCatalog_GetLanguage(pdf.raw, tampon, ctypes.sizeof(tampon))
    assert bytes(tampon)[: longueur - 2].decode("utf-16-le") == "fr-FR"
    assert pdfium.FPDFCatalog_IsTagged(pdf.raw)
    assert pdf.get_metadata_dict()["Title"].startswith("Demande de subvention")
    balises = b"".join(_balises(page) for page in pdf)
    for balise in (b"H1", b"H2", b"H3", b"Table", b"TH", b"TD"):
        assert balise + b" " in balises


def _balises(page) -> bytes:
    arbre = pdfium.FPDF_StructTree_GetForPage(page.raw)
    dites = bytearray()

    def lire(element):
        tampon = ctypes.create_string_buffer(64)
        pdfium.FPDF_StructElement_GetType(element, tampon, ctypes.sizeof(tampon))
        dites.extend(tampon.raw.decode("utf-16-le").rstrip("\0").encode() + b" ")
        for rang in range(pdfium.FPDF_StructElement_CountChildren(element)):
            if enfant := pdfium.FPDF_StructElement_GetChildAtIndex(element, rang):
                lire(enfant)

    for rang in range(pdfium.FPDF_StructTree_CountChildren(arbre)):
        lire(pdfium.FPDF_StructTree_GetChildAtIndex(arbre, rang))
    pdfium.FPDF_StructTree_Close(arbre)
    return bytes(dites)
