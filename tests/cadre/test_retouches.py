"""Retoucher un brouillon : chaque section, ses versions, ses séances, ses conflits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.cadre.actions.sections import (
    ConflitDeSection,
    SaisieRefusee,
)
from parvis.cadre.contenu import differences
from parvis.cadre.models import Edition, VersionDeSection
from parvis.cadre.queries.contenu import contenu
from parvis.cadre.queries.sections import objet, section, valeur, versions
from parvis.cadre.sections import SECTIONS
from parvis.cadre.sections import empreinte as empreinte_de_section
from parvis.comptes.acteur import Acteur
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.fabriques.cadre import MACHINE
from tests.fabriques.comptes import acteur, personne
from tests.fabriques.retouches import dit, reprendre
from tests.fabriques.retouches import retoucher as retoucher_une_section

pytestmark = pytest.mark.django_db
LEA = Acteur.machine("Léa")
MOMO = Acteur.machine("Momo")


def retoucher(edition, cle, code, saisie, par=LEA, lue=None):
    return retoucher_une_section(par, edition, cle, code, saisie, lue)


def en_saisie(lignes, champs):
    """Rend des lignes telles qu'un formulaire les renverrait : des textes."""
    return [{c: "" if x[c] is None else str(x[c]) for c in champs} for x in lignes]


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
    reprendre(MOMO, brouillon, cle, code, 1)
    assert dit(brouillon, cle, code) == avant
    assert differences(plat, contenu(MACHINE, _relu(brouillon))) == []


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


def test_deux_personnes_du_meme_nom_ont_chacune_leur_version(brouillon):
    homonymes = [personne("Léa", courriel=f"lea{rang}@exemple.fr") for rang in (1, 2)]
    assert str(homonymes[0]) == str(homonymes[1])
    for qui, texte in zip(homonymes, ("Semer.", "Récolter."), strict=True):
        retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": texte}, par=acteur(qui))
    assert list(VersionDeSection.objects.values_list("numero", "auteur")) == [
        (3, str(homonymes[1].pk)),
        (2, str(homonymes[0].pk)),
        (1, ""),
    ]


def test_un_vrai_texte_efface_reste_dans_les_versions(brouillon):
    """Tout sélectionner, taper une lettre : la séance n'emporte pas l'heure de travail."""
    long = {"descriptif": "Semer, arroser, attendre. " * 20}
    retoucher(brouillon, "fiche-1-1", "descriptif", long)
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "S"})
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Se"})
    gardees = dict(VersionDeSection.objects.values_list("numero", "valeur"))
    assert gardees[2]["descriptif"] == long["descriptif"].strip()
    assert gardees[3] == {"descriptif": "Se"}
    assert len(gardees) == 3


def test_reprendre_dans_la_meme_seance_fait_une_version(brouillon):
    avant = dit(brouillon, "fiche-1-1", "descriptif")
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Semer."})
    assert reprendre(LEA, brouillon, "fiche-1-1", "descriptif", 1).version.numero == 3
    assert dit(brouillon, "fiche-1-1", "descriptif") == avant
    assert VersionDeSection.objects.get(numero=2).valeur == {"descriptif": "Semer."}


def test_reprendre_n_efface_pas_ce_qu_un_autre_vient_d_ecrire(brouillon):
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "Semer."})
    lue = empreinte_de_section(dit(brouillon, "fiche-1-1", "descriptif"))
    retoucher(brouillon, "fiche-1-1", "descriptif", {"descriptif": "De Momo."}, par=MOMO)
    with pytest.raises(ConflitDeSection):
        reprendre(LEA, brouillon, "fiche-1-1", "descriptif", 1, lue=lue)
    assert dit(brouillon, "fiche-1-1", "descriptif") == {"descriptif": "De Momo."}


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
