"""De petits contrats tirés au hasard, et de quoi les écrire puis les relire."""

from pathlib import Path

from hypothesis import strategies as st

from parvis.cadre.actions import importer_cadre
from parvis.cadre.importation import structure as lu
from parvis.cadre.importation.lexique import charger_lexique
from parvis.cadre.models import Edition
from tests.fabriques.cadre import MACHINE

# Ce qu'une case peut tenir : tout ce qui ferait trébucher un lecteur qui devine.
SIGNES = "abcdeéèçœzABCDÉŒZ0123 '’()«»:;,./&+%<>#|*_$@-–\\\""
CASES = (
    st.text(SIGNES, min_size=1, max_size=40)
    .map(lambda texte: " ".join(texte.split()))
    .filter(lambda texte: any(c.isalnum() for c in texte))
)
MOTS = st.sampled_from(
    "jardin atelier école quartier jeunes projet soutien accueil santé emploi place".split()
)
SUITES = st.lists(MOTS, min_size=2, max_size=8).map(" ".join)
TITRES = SUITES.map(str.capitalize)
PHRASES = SUITES.map(lambda suite: f"{suite.capitalize()}.")
PARAGRAPHES = st.lists(PHRASES, min_size=1, max_size=3).map(" ".join)
LISTES = st.lists(SUITES, min_size=2, max_size=3).map(
    lambda points: "\n".join(f"- {point}" for point in points)
)
TEXTES = st.lists(PARAGRAPHES, min_size=1, max_size=3).flatmap(
    lambda blocs: st.one_of(
        st.just("\n\n".join(blocs)), LISTES.map(lambda liste: "\n\n".join([*blocs, liste]))
    )
)
PUBLICS = [public["code"] for public in charger_lexique("publics")["publics"]]
VALEURS = charger_lexique("rubriques")["valeurs"]
MOTS_DES_NIVEAUX = [
    lu.Mots(),
    lu.Mots("axe", "objectif", "action"),
    lu.Mots("orientation", "enjeu", "mesure"),
    lu.Mots("volet", "priorité", "projet"),
]


def _un(liste: str) -> st.SearchStrategy[str]:
    return st.sampled_from(list(VALEURS[liste]))


def _sans_redite(strategie, cle, maximum: int = 4) -> st.SearchStrategy[tuple]:
    return st.lists(strategie, max_size=maximum, unique_by=cle).map(tuple)


PARTENAIRES = st.builds(
    lambda nom, parent, condition, degre: lu.Partenaire(nom, nom, parent, condition, degre=degre),
    CASES,
    st.none() | CASES,
    st.none() | CASES,
    st.none() | _un("degres_de_partenaire"),
)
DISPOSITIFS = st.builds(
    lambda nom, porteurs, detail, degre: lu.Dispositif(
        porteurs[0] if porteurs else None, nom, detail, porteurs=tuple(porteurs), degre=degre
    ),
    CASES,
    st.lists(CASES, max_size=3, unique=True),
    st.none() | CASES,
    st.none() | _un("degres_de_dispositif"),
)
CONSTATS = st.builds(
    lu.Constat,
    CASES,
    st.none() | st.integers(-9999, 9_999_999) | st.sampled_from([0.5, 12.25, 1234.5]),
    st.sampled_from([None, "%", "habitants", "enfants sur 10"]),
    st.none() | st.integers(1990, 2030),
    st.none() | CASES,
    st.none() | CASES,
).filter(lambda constat: constat.valeur is not None or constat.unite is None)
RENVOIS = st.builds(lu.Renvoi, CASES, CASES, _un("renvois"), st.none() | CASES)
LIEUX = st.builds(lu.Lieu, CASES, st.none() | CASES, _un("lieux"))


@st.composite
def fiches(tirer, numero: str) -> lu.Fiche:
    """Une fiche dont chaque rubrique est tirée au hasard."""
    publics = st.builds(lu.Public, st.sampled_from(PUBLICS), CASES)
    return lu.Fiche(
        numero,
        tirer(TITRES),
        tirer(TEXTES),
        tirer(st.lists(CASES, min_size=1, max_size=3, unique=True).map(_types)),
        tirer(_sans_redite(PARTENAIRES, lambda p: p.nom)),
        tirer(_sans_redite(PARTENAIRES, lambda p: p.nom)),
        tirer(_sans_redite(DISPOSITIFS, lambda d: d.nom)),
        tirer(_sans_redite(RENVOIS, lambda r: r.cible, 2)),
        tirer(_sans_redite(LIEUX, lambda lieu: lieu.imprime, 2)),
        tirer(_sans_redite(publics, lambda p: p.code, 3)),
        tirer(_sans_redite(CONSTATS, lambda c: c.texte, 2)),
        tirer(_un("echelles")),
        rubriques=(lu.Rubrique("calendrier", "Calendrier", texte=tirer(TEXTES)),),
    )


def _types(textes: list[str]) -> tuple[lu.TypeDAction, ...]:
    return tuple(lu.TypeDAction(texte) for texte in textes)


@st.composite
def contrats(tirer) -> lu.ContratLu:
    """Un petit contrat : un ou deux piliers, leurs enjeux et leurs fiches."""
    piliers, rang = [], 0
    for _ in range(tirer(st.integers(1, 2))):
        enjeux = []
        for _ in range(tirer(st.integers(1, 2))):
            rang += 1
            nombre = tirer(st.integers(1, 2))
            du_rang = tuple(tirer(fiches(f"{rang}-{numero}")) for numero in range(1, nombre + 1))
            renvois = tirer(_sans_redite(RENVOIS, lambda r: r.cible, 1))
            titre = f"{tirer(TITRES)} {rang}"
            enjeux.append(lu.Enjeu(rang, titre, tirer(TEXTES), du_rang, renvois))
        nationaux = [None, "Cohésion sociale", "Cadre de vie et renouvellement urbain"]
        titre = f"{tirer(TITRES)} {len(piliers)}"
        national = tirer(st.sampled_from(nationaux))
        piliers.append(lu.Pilier(titre, tuple(enjeux), titre, tirer(TEXTES), national))
    return lu.ContratLu(
        "Contrat de ville 2024-2030 de Brume",
        "Pays de Brume",
        (2024, 2030),
        tuple(piliers),
        preambule=tirer(TEXTES),
        edition="2024-06",
        mots=tirer(st.sampled_from(MOTS_DES_NIVEAUX)),
    )


def edition_de(contrat: lu.ContratLu, code: str = "essai") -> Edition:
    """Importe un contrat lu et rend son brouillon."""
    return importer_cadre(par=MACHINE, contrat=code, lu=contrat, source="essai").edition


def ecrire(octets: bytes, chemin: Path) -> Path:
    """Enregistre un document et rend son chemin."""
    chemin.write_bytes(octets)
    return chemin
