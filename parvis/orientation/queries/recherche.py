"""Chercher dans le cadre d'un contrat."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from parvis.cadre import models as m
from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.models import Edition
from parvis.cadre.queries.savoirs import versions_des_savoirs
from parvis.comptes.acteur import Acteur
from parvis.orientation.index import Correction, Document, Index, Trouvaille
from parvis.socle.sigles import lexique
from parvis.socle.texte import racine, sans_accents

# Ce que le contrat traite ailleurs se dit d'abord : chercher plus loin serait peine perdue.
AILLEURS = "ailleurs"
SORTES = {
    AILLEURS: "Traité hors de ce contrat",
    "fiche": "Fiches",
    "enjeu": "Enjeux",
    "financeur": "Financeurs",
    "operateur": "Opérateurs",
    "dispositif": "Dispositifs",
}
LONGUEUR_D_EXTRAIT = 220
NUMERO_DE_FICHE = re.compile(r"(?<!\d)\d+-\d+(?!\d)")
PART_DE_LA_MEILLEURE, PARTIELLES_MONTREES = 0.4, 20


@dataclass(frozen=True)
class Resultat:
    """Une chose trouvée : de quoi écrire son titre, son adresse et l'extrait qui répond."""

    sorte: str
    identifiant: str
    titre: str
    ou: str
    extrait: list[tuple[str, bool]]
    est_complet: bool


@dataclass(frozen=True)
class Groupe:
    """Les résultats d'une même sorte."""

    sorte: str
    libelle: str
    resultats: list[Resultat]


@dataclass(frozen=True)
class Recherche:
    """Une question et ses réponses, par sorte."""

    question: str
    groupes: list[Groupe]
    corrections: list[Correction]
    total: int
    est_partielle: bool


def chercher(acteur: Acteur, edition: Edition, question: str, limite: int = 60) -> Recherche:
    """Rend ce qui répond à la question dans toute l'édition, accents et fautes tolérés.

    Si rien ne contient tous les mots, rend ce qui en contient une partie et le dit.
    """
    trouvailles, corrections = _index(edition).chercher(question)
    retenues, est_partielle = _retenir(trouvailles)
    nommees = _nommees(edition, question)
    deja = {t.document for t in nommees}
    retenues = [*nommees, *(t for t in retenues if t.document not in deja)][:limite]
    # Les groupes suivent leur meilleure réponse : qui cherche « CAF » voit d'abord le financeur.
    # Une phrase qui n'a que des réponses partielles décrit un projet : les fiches d'abord.
    presentes = list(dict.fromkeys(t.document.sorte for t in retenues))
    ordre = list(SORTES) if est_partielle else [AILLEURS, *presentes]
    sortes = sorted(presentes, key=ordre.index)
    groupes = [
        Groupe(sorte, SORTES[sorte], [_resultat(t) for t in retenues if t.document.sorte == sorte])
        for sorte in sortes
    ]
    return Recherche(question, groupes, corrections, len(retenues), est_partielle)


@dataclass(frozen=True)
class FichesTrouvees:
    """Les numéros des fiches qui répondent à des mots, et comment ces mots ont été lus."""

    numeros: list[str]
    corrections: list[Correction]
    est_partielle: bool


def fiches_qui_repondent(acteur: Acteur, edition: Edition, question: str) -> FichesTrouvees:
    """Rend les fiches qui répondent aux mots, les meilleures d'abord."""
    trouvailles, corrections = _index(edition).chercher(question, frozenset({"fiche"}))
    retenues, est_partielle = _retenir(trouvailles)
    return FichesTrouvees([t.document.identifiant for t in retenues], corrections, est_partielle)


def _nommees(edition: Edition, question: str) -> list[Trouvaille]:
    """Rend les fiches dont la question écrit le numéro (« fiche 2-3 »)."""
    numeros = set(NUMERO_DE_FICHE.findall(question))
    return [
        Trouvaille(document, math.inf, frozenset(), True)
        for document in _index(edition).documents
        if document.sorte == "fiche" and document.identifiant in numeros
    ]


def _retenir(trouvailles: list[Trouvaille]) -> tuple[list[Trouvaille], bool]:
    """Rend les réponses à montrer, et si aucune n'a tous les mots.

    Sans réponse complète, on garde celles qui s'approchent de la meilleure : une phrase entière
    ne doit pas noyer la bonne fiche sous soixante réponses qui n'ont qu'un mot.
    """
    completes = [t for t in trouvailles if t.est_complete]
    if completes or not trouvailles:
        return completes, False
    seuil = PART_DE_LA_MEILLEURE * trouvailles[0].score
    return [t for t in trouvailles if t.score >= seuil][:PARTIELLES_MONTREES], True


def _resultat(trouvaille: Trouvaille) -> Resultat:
    document = trouvaille.document
    rubrique, extrait = _passage(document, trouvaille.mots)
    return Resultat(
        document.sorte,
        document.identifiant,
        document.titre,
        rubrique,
        extrait,
        trouvaille.est_complete,
    )


def _passage(
    document: Document, racines_trouvees: frozenset[str]
) -> tuple[str, list[tuple[str, bool]]]:
    """Rend la première rubrique qui montre un mot trouvé, sinon la première tout court."""
    premiere: tuple[str, list[tuple[str, bool]]] = ("", [])
    for rubrique, texte in document.passages:
        longueur = len(texte) if document.sorte == AILLEURS else LONGUEUR_D_EXTRAIT
        extrait = _souligner(texte, racines_trouvees, longueur)
        if any(marque for _, marque in extrait):
            return rubrique, extrait
        premiere = premiere if premiere[1] else (rubrique, extrait)
    return premiere


def _souligner(
    texte: str, racines_trouvees: frozenset[str], longueur: int
) -> list[tuple[str, bool]]:
    """Rend le passage du texte qui répond, en morceaux marqués ou non."""
    if not texte:
        return []
    morceaux = [
        (m.group(), m.start(), racine(sans_accents(m.group())) in racines_trouvees)
        for m in re.finditer(r"\w+|\W+", texte)
    ]
    premier = next((debut for _, debut, marque in morceaux if marque), 0)
    debut = texte.rfind(". ", 0, premier) + 2 if texte.rfind(". ", 0, premier) >= 0 else 0
    debut = max(debut, premier - longueur // 2)
    visibles = [
        (mot, marque) for mot, position, marque in morceaux if debut <= position < debut + longueur
    ]
    avant = [("… ", False)] if debut and visibles else []
    apres = [(" …", False)] if debut + longueur < len(texte) else []
    return [*avant, *visibles, *apres]


def _index(edition: Edition) -> Index:
    return _construire(edition.pk, edition.empreinte, versions_des_savoirs(edition.contrat_id))


@lru_cache(maxsize=16)
def _construire(edition: int, empreinte: str, savoirs: int) -> Index:
    """Bâtit l'index d'une édition ; la clé suit un brouillon qui change, et ce que l'on sait des noms."""
    documents = [
        *_fiches(edition),
        *_enjeux(edition),
        *_partenaires(edition),
        *_dispositifs(edition),
        *_ailleurs(edition),
    ]
    return Index.construire(documents, {s.sigle: s.developpe for s in lexique().values()})


def _fiches(edition: int) -> list[Document]:
    versions = (
        m.VersionDeFiche.objects.filter(edition=edition)
        .select_related("fiche", "enjeu__pilier")
        .prefetch_related(
            "types",
            "constats",
            "lieux",
            "publics__public",
            "partenaires__partenaire",
            "dispositifs__dispositif",
        )
    )
    return [_fiche(version) for version in versions]


def _fiche(v: m.VersionDeFiche) -> Document:
    types = " ".join(t.texte for t in v.types.all())
    financeurs = _noms(v, RoleDePartenaire.FINANCEUR)
    operateurs = _noms(v, RoleDePartenaire.OPERATEUR)
    publics = " ".join(f"{p.public.libelle} {p.preuve}" for p in v.publics.all())
    lieux = " ".join(f"{lieu.imprime} {lieu.territoire}" for lieu in v.lieux.all())
    imprimes = " ".join(p.imprime for p in v.partenaires.all())
    dispositifs = " ; ".join(_avec_son_detail(d) for d in v.dispositifs.all())
    constats = " ".join(c.texte for c in v.constats.all())
    champs = (
        (6.0, f"{v.fiche.numero} {v.titre}"),
        (3.0, types),
        (2.5, v.descriptif),
        (2.5, publics),
        (1.5, lieux),
        (1.0, dispositifs),
        (0.7, f"{financeurs} {operateurs} {imprimes}"),
        (0.7, constats),
        (1.0, f"{v.enjeu.titre} {v.enjeu.pilier.titre}"),
    )
    passages = (
        ("", v.descriptif.replace("\n\n", " ")),
        ("Projets attendus", types),
        ("Dispositifs", dispositifs),
        ("Financeurs", financeurs),
        ("Opérateurs", operateurs),
        ("Publics", ", ".join(p.public.libelle for p in v.publics.all())),
        ("Lieux", ", ".join(lieu.imprime for lieu in v.lieux.all())),
        ("Constats", constats),
    )
    return Document("fiche", v.fiche.numero, v.titre, champs, passages)


def _avec_son_detail(d: m.DispositifDeFiche) -> str:
    """Rend un dispositif et ce que la fiche en dit, sans le point qui le séparerait du suivant."""
    detail = d.detail.rstrip(" .;")
    return f"{d.dispositif.nom} : {detail}" if detail else d.dispositif.nom


def _noms(v: m.VersionDeFiche, role: str) -> str:
    return ", ".join(p.partenaire.nom for p in v.partenaires.all() if p.role == role)


def _enjeux(edition: int) -> list[Document]:
    return [
        Document(
            "enjeu",
            e.numero,
            e.titre,
            ((4.0, e.titre), (2.0, e.introduction), (1.0, e.pilier.titre)),
            (("", e.introduction),),
        )
        for e in m.Enjeu.objects.filter(edition=edition).select_related("pilier")
    ]


def _partenaires(edition: int) -> list[Document]:
    lignes = (
        m.Partenaire.objects.filter(fiches__edition=edition)
        .values_list("fiches__role", "slug", "nom", "sigle", "a_savoir", "graphies", "suite")
        .distinct()
        .order_by("cle_de_tri", "fiches__role")
    )
    documents = {}
    for role, slug, nom, sigle, a_savoir, graphies, suite in lignes:
        champs = ((6.0, f"{nom} {sigle}"), (2.0, " ".join(graphies)), (1.0, f"{a_savoir} {suite}"))
        autres = ", ".join(graphies)
        passages = (("À savoir", a_savoir), ("Aussi imprimé", autres), ("Devenu", suite))
        documents[role, slug] = Document(role, slug, nom, champs, passages)
    return list(documents.values())


def _dispositifs(edition: int) -> list[Document]:
    lignes = (
        m.Dispositif.objects.filter(fiches__edition=edition)
        .distinct()
        .prefetch_related("responsables", "fiches")
        .order_by("cle_de_tri")
    )
    documents = []
    for d in lignes:
        details = " ".join(lien.detail for lien in d.fiches.all() if lien.edition_id == edition)
        responsables = " ".join(r.nom for r in d.responsables.all())
        champs = ((5.0, d.nom), (2.0, f"{d.explication} {details}"), (1.0, responsables))
        passages = (("", d.explication), ("Ce qu’en disent les fiches", details))
        documents.append(Document("dispositif", d.slug, d.nom, champs, passages))
    return documents


def _ailleurs(edition: int) -> list[Document]:
    return [
        Document(
            AILLEURS,
            str(sujet.pk),
            sujet.titre,
            ((6.0, f"{sujet.titre} {' '.join(sujet.mots)}"), (1.0, sujet.explication)),
            (("", sujet.explication),),
        )
        for sujet in m.SujetHorsContrat.objects.filter(edition=edition)
    ]
