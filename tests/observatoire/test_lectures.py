"""Lire les chiffres : un nombre tu n'en sort jamais, et le coût ne dépend pas de ce qu'il y a à lire."""

import dataclasses
from datetime import date

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from parvis.observatoire.models import Description, Serie
from parvis.observatoire.queries import chiffres as lectures
from parvis.observatoire.queries import fichiers, livraisons
from parvis.territoires.models import Quartier
from tests.decors import decor
from tests.fabriques.observatoire import (
    CONTRAT,
    PAR_SEXE,
    code,
    decrire,
    ensemble,
    importer,
    par_rang,
    serie,
    taux,
    territoire,
    tus,
)

pytestmark = pytest.mark.django_db
# Des nombres que rien d'autre ne peut écrire ; 9 et 10 sont sous le seuil.
LIGNES = par_rang(
    (73_529, 73_520, 9, "12,5"), (4_871, 2_437, 2_434, "99,9"), (8_713, 4_359, 4_354, "30")
)


@decor
def connu():
    """Rend trois quartiers dont un petit nombre se tait, sur deux périodes."""
    epci = territoire()
    decrit = decrire(*PAR_SEXE, taux("part"))
    importer(decrit, LIGNES, "2023")
    importer(decrit, LIGNES)
    return epci


def tout_lire(epci):
    """Rend tout ce que les lectures donnent aux écrans."""
    quartiers = list(Quartier.objects.order_by("code"))
    connues = list(lectures.series_comparables(CONTRAT, quartiers))
    return [
        *(lectures.chiffres_du_quartier(CONTRAT, q, [c.pk for c in q.communes.all()], epci.pk)
          for q in quartiers),
        *(lectures.comparer(s, p, quartiers, epci.pk) for s in connues
          for p in lectures.periodes(s, quartiers)),
        list(lectures.series(CONTRAT)),
        list(livraisons.livraisons(CONTRAT)),
        livraisons.attentes(CONTRAT, date(2026, 1, 1)),
        list(livraisons.descriptions(CONTRAT)),
        list(fichiers.fichiers(CONTRAT)),
    ]  # fmt: skip


def a_plat(objet):
    """Rend tout ce qu'un gabarit atteint d'un objet sans requête : champs, lignes déjà lues, listes."""
    yield repr(objet)
    if dataclasses.is_dataclass(objet):
        objet = {c.name: getattr(objet, c.name) for c in dataclasses.fields(objet)}
    elif isinstance(objet, Model):
        objet = {n: v for n, v in vars(objet).items() if n != "_state"} | objet._state.fields_cache
    if isinstance(objet, dict):
        objet = list(objet.values())
    if isinstance(objet, (list, tuple)):
        for element in objet:
            yield from a_plat(element)


def test_un_nombre_tu_ne_sort_d_aucune_lecture(connu):
    cherches = {f"{nombre:f}".rstrip("0").rstrip(".") for nombre in tus()}
    assert "9" in cherches and "73520" in cherches and len(cherches) >= 5
    atteints = "\n".join(texte for lu in tout_lire(connu) for texte in a_plat(lu))
    assert "73529" in atteints
    for nombre in cherches - {"9"}:
        assert nombre not in atteints, nombre
    assert "Decimal('9.0000')" not in atteints and "'9'" not in atteints


def test_ce_que_dit_une_case(connu):
    (tous, femmes, hommes, part) = lectures.chiffres_du_quartier(
        CONTRAT, Quartier.objects.get(code=code(1)), [], connu.pk
    )
    assert tous.ici.texte.replace("\u202f", " ").replace("\xa0", " ") == "73 529"
    for ligne in (femmes, hommes):
        assert (ligne.ici.texte, ligne.ici.valeur) == ("s", None)
        assert ligne.ici.pourquoi == "secret statistique" and not ligne.ici.est_connue
        assert [periode for periode, _ in ligne.histoire] == ["2023", "2024"]
        assert {case.valeur for _, case in ligne.histoire} == {None}
    # Multipliée par le total, la part des femmes rendrait le nombre tu.
    assert part.ici.texte == "s" and part.periode == "2024"


def test_manquant_secret_et_absent_se_distinguent(connu):
    importer(Description.objects.get(), par_rang(("nd", "s", 50, "12")), "2025")
    tous, femmes, _, _ = lectures.chiffres_du_quartier(
        CONTRAT, Quartier.objects.get(code=code(1)), [], connu.pk
    )
    assert (tous.ici.texte, tous.ici.pourquoi) == ("n.d.", "non disponible")
    assert (femmes.ici.texte, femmes.ici.pourquoi) == ("s", "secret de la source")
    assert tous.ensemble.pourquoi == "connu pour 0 territoire sur 3"
    assert tous.commune == lectures.ABSENTE


def test_un_contrat_ne_lit_pas_les_sources_d_un_autre(connu):
    importer(decrire(serie("prive"), contrat="voisin"), par_rang((500,)))
    importer(decrire(serie("commun"), contrat=""), par_rang((600,)))
    assert "prive" not in [s.code for s in lectures.series(CONTRAT)]
    assert "commun" in [s.code for s in lectures.series(CONTRAT)]
    assert {s.code for s in lectures.series("voisin")} == {"prive", "commun"}
    # Un fichier de la plateforme se tient par commande : le pilote ne le voit pas parmi les siens.
    assert {d.source.contrat for d in livraisons.descriptions(CONTRAT)} == {CONTRAT}
    with pytest.raises(Description.DoesNotExist):
        livraisons.description(CONTRAT, Description.objects.get(source__contrat="").pk)


def test_les_periodes_vont_de_la_derniere_a_la_premiere(connu):
    importer(Description.objects.get(), LIGNES, "2024-T1")
    tous = Serie.objects.get(code="tous")
    assert lectures.periodes(tous, Quartier.objects.all()) == ["2024-T1", "2024", "2023"]


def test_une_livraison_compte_ses_valeurs_et_celles_qui_se_taisent(connu):
    for livraison in livraisons.livraisons(CONTRAT):
        attendues = livraison.valeurs.exclude(diffusion="publiable").count()
        assert (livraison.nombre, livraison.secretes) == (12, attendues) and attendues
    importer(Description.objects.get(), par_rang(("nd", "s", "s", "12")), "2025")
    assert livraisons.livraisons(CONTRAT).get(periode="2025").secretes >= 2


def test_la_derniere_livraison_vient_d_abord(connu):
    assert [livraison.periode for livraison in livraisons.livraisons(CONTRAT)] == ["2024", "2023"]


def test_comparer_garde_l_ordre_donne(connu):
    quartiers = list(Quartier.objects.order_by("-code"))
    lignes, case = lectures.comparer(Serie.objects.get(code="tous"), "2024", quartiers, connu.pk)
    assert [ligne.quartier for ligne in lignes] == quartiers
    assert case.valeur == ensemble("tous").valeur == 87_113
    vides, case = lectures.comparer(Serie.objects.get(code="tous"), "2024", [], connu.pk)
    assert vides == [] and case.texte == "n.d."


# Ce que cela coûte.


def _couts(epci):
    couts = []
    quartier = Quartier.objects.order_by("code").first()
    quartiers = list(Quartier.objects.order_by("code"))
    premiere = Serie.objects.first()
    for lire in (
        lambda: lectures.chiffres_du_quartier(CONTRAT, quartier, [1], epci.pk),
        lambda: list(lectures.series_comparables(CONTRAT, quartiers)),
        lambda: lectures.periodes(premiere, quartiers),
        lambda: lectures.comparer(premiere, "2024", quartiers, epci.pk),
        lambda: [str(livraison.description.source) for livraison in livraisons.livraisons(CONTRAT)],
        lambda: livraisons.attentes(CONTRAT, date(2026, 1, 1)),
    ):
        with CaptureQueriesContext(connection) as requetes:
            lire()
        couts.append(len(requetes))
    return couts


def _quartiers_de_plus(commune, depart, fin):
    neufs = [
        Quartier(code=code(rang), nom=f"Q{rang}", millesime=2024, valide_du=date(2024, 1, 1))
        for rang in range(depart, fin + 1)
    ]
    Quartier.objects.bulk_create(neufs)
    commune.quartiers.add(*Quartier.objects.filter(code__in=[q.code for q in neufs]))


def test_le_cout_ne_depend_ni_des_quartiers_ni_des_series():
    epci = territoire(1)
    couts, connus = [], 0
    for nombre in (1, 30, 300):
        _quartiers_de_plus(epci.communes.get(), max(connus, 1) + 1, nombre)
        # Un fichier a deux cents colonnes au plus.
        for debut in range(connus, nombre, 150):
            titres = [f"s{rang}" for rang in range(debut, min(debut + 150, nombre))]
            decrit = decrire(*(serie(t, "euros") for t in titres), nom=f"Depuis {debut}")
            importer(decrit, par_rang(*[[500] * len(titres)] * min(nombre, 30)))
        connus = nombre
        assert Serie.objects.count() == Quartier.objects.count() == nombre
        couts.append(_couts(epci))
    assert couts[0] == couts[1] == couts[2] and max(couts[0]) <= 5
