"""Retoucher un brouillon : versions, séances, conflits, avenant, fiches ajoutées et retirées."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.cadre.actions import importer_cadre, publier_edition
from parvis.cadre.actions.brouillons import (
    ajouter_un_enjeu,
    ajouter_une_fiche,
    jeter_le_brouillon,
    preparer_un_avenant,
    retirer_un_enjeu,
    retirer_une_fiche,
)
from parvis.cadre.actions.sections import (
    ConflitDeSection,
    SaisieRefusee,
    reprendre_une_version,
)
from parvis.cadre.contenu import differences, empreinte
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition, Enjeu, Fiche, Partenaire, VersionDeFiche, VersionDeSection
from parvis.cadre.queries.contenu import contenu
from parvis.cadre.queries.sections import objet, section, valeur, versions
from parvis.cadre.sections import SECTIONS
from parvis.cadre.sections import empreinte as empreinte_de_section
from parvis.comptes.acteur import Acteur
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.fabriques.cadre import MACHINE, avec_fiche, contrat_publie, fiche, petit_contrat
from tests.fabriques.retouches import dit
from tests.fabriques.retouches import retoucher as retoucher_une_section

pytestmark = pytest.mark.django_db
LEA = Acteur.machine("Léa")
MOMO = Acteur.machine("Momo")


@pytest.fixture
def publiee():
    return contrat_publie("tilleuls")


@pytest.fixture
def brouillon(publiee):
    return preparer_un_avenant(par=LEA, edition=publiee)


def retoucher(edition, cle, code, saisie, par=LEA, lue=None):
    return retoucher_une_section(par, edition, cle, code, saisie, lue)


def en_saisie(lignes, champs):
    """Rend des lignes telles qu'un formulaire les renverrait : des textes."""
    return [{c: "" if x[c] is None else str(x[c]) for c in champs} for x in lignes]


# --- préparer un avenant


def test_un_avenant_est_la_copie_de_l_edition(publiee, brouillon):
    assert contenu(MACHINE, brouillon) == contenu(MACHINE, publiee)
    assert brouillon.copiee_de == publiee and not brouillon.est_publiee
    assert brouillon.code == f"{timezone.localdate():%Y-%m}"
    assert brouillon.empreinte == publiee.empreinte


def test_deux_avenants_du_meme_mois_ont_deux_codes(publiee, brouillon):
    second = preparer_un_avenant(par=LEA, edition=publiee)
    assert second.code == f"{brouillon.code}-2"


def test_un_import_ne_remplace_pas_un_brouillon_retouche():
    brouillon = importer_cadre(
        par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai"
    ).edition
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Semer."})
    autre = importer_cadre(
        par=MACHINE, contrat="tilleuls", lu=petit_contrat(preambule="Autre."), source="essai"
    ).edition
    assert autre.code == f"{brouillon.code}-2"
    assert dit(brouillon, "fiche-1-1", "descriptif") == {"descriptif": "Semer."}


# --- chaque section


@pytest.mark.parametrize(
    ("cle", "code"),
    [
        *(("contrat", s.code) for s in SECTIONS["contrat"]),
        ("pilier-1", "pilier"),
        ("enjeu-1", "enjeu"),
        *(("fiche-1-1", s.code) for s in SECTIONS["fiche"]),
    ],
)
def test_renvoyer_une_section_telle_quelle_n_ecrit_rien(brouillon, cle, code):
    sa_section = section(objet(LEA, brouillon, cle), code)
    avant = dit(brouillon, cle, code)
    champs = [c.code for c in sa_section.champs]
    saisie = en_saisie(avant, champs) if sa_section.est_liste else en_saisie([avant], champs)[0]
    assert avant, "la section est vide : elle n'éprouverait rien"
    fait = retoucher(brouillon, cle, code, saisie)
    assert fait.version is None and fait.valeur == avant
    assert not VersionDeSection.objects.exists()


@pytest.mark.parametrize(
    ("cle", "code", "saisie"),
    [
        (
            "contrat",
            "contrat",
            {
                "titre": "Autre",
                "territoire": "",
                "debut": "2015",
                "fin": "2022",
                "prolonge_au": "2023-12-31",
            },
        ),
        ("contrat", "preambule", {"preambule": "Un\r\n\r\n\r\n\r\npréambule.  "}),
        ("contrat", "mots", {"mot_pilier": "axe", "mot_enjeu": "but", "mot_fiche": "action"}),
        (
            "contrat",
            "hors_contrat",
            [{"titre": "Bus", "explication": "La Région.", "mots": "bus, car"}],
        ),
        ("pilier-1", "pilier", {"titre": "Mieux", "national": "emploi", "introduction": "Oui."}),
        ("enjeu-1", "enjeu", {"titre": "Planter", "introduction": ""}),
        ("fiche-1-1", "titre", {"titre": "Semer", "echelle": "agglomeration"}),
        ("fiche-1-1", "descriptif", {"descriptif": "Semer.\n\n- un\n- deux"}),
        ("fiche-1-1", "types_d_action", [{"texte": "Semer"}, {"texte": "Créer un jardin partagé"}]),
        (
            "fiche-1-1",
            "financeurs",
            [
                {"nom": "Fondation des Jardins", "condition": "", "degre": "", "parent": ""},
                {
                    "nom": "Communes",
                    "condition": "deux",
                    "degre": "possible",
                    "parent": "Fondation des Jardins",
                },
            ],
        ),
        (
            "fiche-1-1",
            "dispositifs",
            [
                {
                    "nom": "Fonds vert",
                    "porteur": "Agence du Verger",
                    "detail": "Oui.",
                    "degre": "en_place",
                }
            ],
        ),
        ("fiche-1-1", "publics", [{"code": "seniors", "preuve": "les aînés"}]),
        ("fiche-1-1", "lieux", [{"imprime": "Le Pré", "territoire": "", "type": "site"}]),
        (
            "fiche-1-1",
            "constats",
            [
                {
                    "texte": "Il manque des haies.",
                    "valeur": "1 200,5",
                    "unite": "mètres",
                    "annee": "2026",
                    "territoire": "",
                    "source": "",
                }
            ],
        ),
        ("fiche-1-1", "rubriques", [{"imprime": "Indicateurs", "texte": "Nombre de haies."}]),
        (
            "fiche-1-1",
            "renvois",
            [{"imprime": "lire la 2-1", "cible": "fiche 2-1", "nature": "voir_aussi"}],
        ),
    ],
)
def test_chaque_section_s_ecrit_se_relit_et_se_defait(brouillon, cle, code, saisie):
    avant, plat = dit(brouillon, cle, code), contenu(MACHINE, brouillon)
    fait = retoucher(brouillon, cle, code, saisie)
    assert dit(brouillon, cle, code) == fait.valeur != avant
    assert fait.version.numero == 2
    reprendre_une_version(
        par=MOMO,
        objet=objet(MOMO, _relu(brouillon), cle),
        section=section(objet(MOMO, _relu(brouillon), cle), code),
        numero=1,
    )
    assert dit(brouillon, cle, code) == avant
    hors = ("partenaires", "dispositifs")  # un nom reste au catalogue jusqu'à la publication
    assert [
        d for d in differences(plat, contenu(MACHINE, _relu(brouillon))) if d.cle[0] not in hors
    ] == []


def _relu(edition):
    return Edition.objects.get(pk=edition.pk)


def test_ce_que_la_lecture_savait_suit_sa_ligne(brouillon):
    avant = dit(brouillon, "fiche-1-1", "financeurs")
    retoucher(
        brouillon,
        "fiche-1-1",
        "financeurs",
        [
            {
                "nom": "Caisse d'allocations familiales",
                "condition": "",
                "degre": "possible",
                "parent": "",
            },
            {"nom": "Communes", "condition": "", "degre": "possible", "parent": ""},
        ],
    )
    apres = dit(brouillon, "fiche-1-1", "financeurs")
    imprimes = {ligne["nom"]: ligne["imprime"] for ligne in avant}
    assert {ligne["nom"]: ligne["imprime"] for ligne in apres} == imprimes
    assert [ligne["nom"] for ligne in apres] == ["Caisse d'allocations familiales", "Communes"]


def test_un_sigle_prend_le_nom_du_lexique(brouillon):
    vide = {"condition": "", "degre": "", "parent": ""}
    retoucher(brouillon, "fiche-1-1", "operateurs", [{"nom": "CAF", **vide}])
    assert [x["nom"] for x in dit(brouillon, "fiche-1-1", "operateurs")] == [
        "Caisse d'allocations familiales"
    ]


# --- ce qui ne va pas


@pytest.mark.parametrize(
    ("code", "saisie", "phrase"),
    [
        ("titre", {"titre": "  ", "echelle": ""}, "« Titre » ne peut pas rester vide."),
        ("titre", {"titre": "x" * 501, "echelle": ""}, "trop long : 501 signes, 500 permis"),
        ("titre", {"titre": "x", "echelle": "lune"}, "choisissez dans la liste"),
        ("publics", [{"code": "seniors", "preuve": "a"}] * 2, "« Personnes âgées » est déjà"),
        (
            "financeurs",
            [{"nom": "CAF", "condition": "", "degre": "", "parent": "CAF"}],
            "ne peut pas être sous lui-même",
        ),
        ("constats", [{"texte": "a", "valeur": "deux"}], "est un nombre, par exemple 2,5"),
        ("constats", [{"texte": "a", "annee": "12"}], "est une année, par exemple 2026"),
        ("types_d_action", [{"texte": f"t{n}"} for n in range(101)], "100 lignes au plus"),
    ],
)
def test_une_saisie_refusee_dit_pourquoi_et_n_ecrit_rien(brouillon, code, saisie, phrase):
    avant = dit(brouillon, "fiche-1-1", code)
    with pytest.raises(SaisieRefusee) as refus:
        retoucher(brouillon, "fiche-1-1", code, saisie)
    assert phrase in str(refus.value)
    assert dit(brouillon, "fiche-1-1", code) == avant


def test_une_periode_a_l_envers_est_refusee(brouillon):
    saisie = {"titre": "a", "territoire": "", "debut": "2020", "fin": "2019", "prolonge_au": "hier"}
    with pytest.raises(SaisieRefusee) as refus:
        retoucher(brouillon, "contrat", "contrat", saisie)
    assert {faute.champ for faute in refus.value.fautes} == {"prolonge_au", "fin"}


def test_une_edition_publiee_ne_se_retouche_pas(publiee):
    with pytest.raises(Refus, match="Préparez un avenant"):
        retoucher(publiee, "fiche-1-1", "descriptif", {"descriptif": "Autre."})


# --- versions et conflits


def test_une_seance_fait_une_version_et_un_acte(brouillon):
    for texte in ("Semer.", "Semer tôt.", "Semer tard."):
        retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": texte})
    ici = objet(LEA, brouillon, "fiche-1-1")
    gardees = list(versions(ici, section(ici, "descriptif")))
    assert [(v.numero, v.ecrite_par) for v in gardees] == [(2, "Léa"), (1, "Léa")]
    assert gardees[0].valeur == {"descriptif": "Semer tard."}
    assert Evenement.objects.filter(action="cadre.retoucher").count() == 1


def test_une_autre_personne_ou_une_autre_seance_fait_une_version(brouillon):
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Semer."})
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Récolter."}, par=MOMO)
    VersionDeSection.objects.filter(numero=3).update(
        enregistree_le=timezone.now() - timedelta(minutes=31)
    )
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Arroser."}, par=MOMO)
    assert list(VersionDeSection.objects.values_list("numero", "ecrite_par")) == [
        (4, "Momo"),
        (3, "Momo"),
        (2, "Léa"),
        (1, "Léa"),
    ]


def test_un_conflit_porte_les_deux_textes_et_n_ecrit_rien(brouillon):
    ici = objet(LEA, brouillon, "fiche-1-1")
    lue = empreinte_de_section(valeur(ici, section(ici, "descriptif")))
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "De Léa."}, lue=lue)
    with pytest.raises(ConflitDeSection, match="Léa a changé cette section") as conflit:
        retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "De Momo."}, MOMO, lue)
    assert conflit.value.actuelle == {"descriptif": "De Léa."}
    assert conflit.value.voulue == {"descriptif": "De Momo."}
    assert dit(brouillon, "fiche-1-1", "descriptif") == {"descriptif": "De Léa."}


def test_deux_sections_de_la_meme_fiche_ne_se_genent_pas(brouillon):
    ici = objet(LEA, brouillon, "fiche-1-1")
    lue = empreinte_de_section(valeur(ici, section(ici, "titre")))
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "De Léa."})
    saisie = {"titre": "De Momo", "echelle": ""}
    retoucher(brouillon, "fiche-1-1", "titre", saisie, par=MOMO, lue=lue)
    assert dit(brouillon, "fiche-1-1", "descriptif") == {"descriptif": "De Léa."}


def test_renvoyer_deux_fois_le_meme_texte_n_est_pas_un_conflit(brouillon):
    ici = objet(LEA, brouillon, "fiche-1-1")
    lue = empreinte_de_section(valeur(ici, section(ici, "descriptif")))
    for _ in range(2):
        retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Clic."}, lue=lue)
    assert VersionDeSection.objects.count() == 2


# --- publier


def test_publier_accorde_le_catalogue_et_l_empreinte(brouillon):
    vide = {"condition": "", "degre": "", "parent": ""}
    retoucher(brouillon, "fiche-1-1", "operateurs", [{"nom": "Fondation des Jardins", **vide}])
    publiee = publier_edition(par=LEA, edition=_relu(brouillon))
    assert "Fondation des Jardins" in publiee.catalogue["partenaires"]
    assert publiee.empreinte == empreinte(contenu(MACHINE, publiee))
    assert Partenaire.objects.filter(nom="Fondation des Jardins", contrat__code="tilleuls").exists()


def test_un_nom_retire_de_partout_quitte_le_catalogue(brouillon):
    for numero in ("1-1", "1-2", "2-1"):
        retoucher(brouillon, f"fiche-{numero}", "operateurs", [])
    publiee = publier_edition(par=LEA, edition=_relu(brouillon))
    assert "Associations" not in publiee.catalogue["partenaires"]
    assert "Caisse d'allocations familiales" in publiee.catalogue["partenaires"]


def test_publier_sans_retouche_ne_change_pas_l_empreinte():
    aide = lu.Dispositif("Communes", "Prêt d'outils", porteurs=("Communes", "Métropole du Verger"))
    contrat = avec_fiche(petit_contrat(), fiche("1-1", dispositifs=(aide,)))
    edition = importer_cadre(par=MACHINE, contrat="tilleuls", lu=contrat, source="essai").edition
    avant = contenu(MACHINE, edition)
    publiee = publier_edition(par=MACHINE, edition=edition)
    assert contenu(MACHINE, publiee) == avant
    assert publiee.empreinte == edition.empreinte


# --- ajouter, retirer, jeter


def rangs(edition):
    return list(edition.versions.values_list("fiche__numero", "rang"))


def test_ajouter_une_fiche_a_la_fin_de_son_enjeu(brouillon):
    ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="1", numero="1-3", titre="Composter")
    assert rangs(brouillon) == [("1-1", 1), ("1-2", 2), ("1-3", 3), ("2-1", 4)]
    assert dit(brouillon, "fiche-1-3", "titre") == {"titre": "Composter", "echelle": ""}


def test_une_fiche_retiree_reste_dans_les_autres_editions(publiee, brouillon):
    retirer_une_fiche(par=LEA, edition=brouillon, numero="1-1")
    assert rangs(brouillon) == [("1-2", 1), ("2-1", 2)]
    assert publiee.versions.filter(fiche__numero="1-1").exists()
    assert Fiche.objects.filter(numero="1-1").exists()
    assert brouillon.renvois.get(cible="fiche 1-1").cible_version is None


@pytest.mark.parametrize(
    ("numero", "phrase"),
    [("1-1", "déjà pris"), ("1 1", "ne convient pas"), ("", "ne convient pas")],
)
def test_un_numero_pris_ou_mal_ecrit_est_refuse(brouillon, numero, phrase):
    with pytest.raises(Refus, match=phrase):
        ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="1", numero=numero, titre="X")
    with pytest.raises(Refus, match=phrase):
        ajouter_un_enjeu(
            par=LEA, edition=brouillon, pilier=1, numero=numero.replace("1-1", "1"), titre="X"
        )


def test_ajouter_et_retirer_un_enjeu(brouillon):
    ajouter_un_enjeu(par=LEA, edition=brouillon, pilier=1, numero="4", titre="Respirer")
    assert list(brouillon.enjeux.values_list("numero", "rang")) == [
        ("1", 1),
        ("2", 2),
        ("4", 3),
        ("3", 4),
    ]
    with pytest.raises(Refus, match="Retirez d’abord ses fiches"):
        retirer_un_enjeu(par=LEA, edition=brouillon, numero="1")
    retirer_un_enjeu(par=LEA, edition=brouillon, numero="4")
    retirer_un_enjeu(par=LEA, edition=brouillon, numero="3")
    assert list(brouillon.enjeux.values_list("numero", "rang")) == [("1", 1), ("2", 2)]


def test_un_objet_absent_n_existe_pas(brouillon):
    with pytest.raises(VersionDeFiche.DoesNotExist):
        retirer_une_fiche(par=LEA, edition=brouillon, numero="9-9")
    with pytest.raises(Enjeu.DoesNotExist):
        ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="9", numero="9-1", titre="X")


def test_jeter_un_brouillon(publiee, brouillon):
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Semer."})
    copie = preparer_un_avenant(par=LEA, edition=_relu(brouillon))
    with pytest.raises(Refus, match="jetez-le d’abord"):
        jeter_le_brouillon(par=LEA, edition=brouillon)
    jeter_le_brouillon(par=LEA, edition=copie)
    jeter_le_brouillon(par=LEA, edition=brouillon)
    assert list(Edition.objects.all()) == [publiee]
    with pytest.raises(Refus):
        jeter_le_brouillon(par=LEA, edition=publiee)


def test_chaque_acte_est_au_journal(brouillon):
    ajouter_un_enjeu(par=LEA, edition=brouillon, pilier=2, numero="4", titre="Respirer")
    ajouter_une_fiche(par=LEA, edition=brouillon, enjeu="4", numero="4-1", titre="Ventiler")
    retoucher(brouillon, "fiche-4-1", "descriptif", {"descriptif": "Ouvrir."})
    retirer_une_fiche(par=LEA, edition=brouillon, numero="4-1")
    retirer_un_enjeu(par=LEA, edition=brouillon, numero="4")
    jeter_le_brouillon(par=LEA, edition=brouillon)
    actes = Evenement.objects.order_by("rang").values_list("action", flat=True)
    assert [a.removeprefix("cadre.") for a in actes][-7:] == [
        "preparer_un_avenant",
        "ajouter_un_enjeu",
        "ajouter_une_fiche",
        "retoucher",
        "retirer_une_fiche",
        "retirer_un_enjeu",
        "jeter_le_brouillon",
    ]
