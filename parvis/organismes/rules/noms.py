"""Un nom d'organisme, réduit à ce qui le distingue."""

from parvis.socle.texte import MOTS_VIDES, cle_de_tri

# Des mots qui disent la sorte et non le nom : « Association Les Tilleuls » est « Les Tilleuls ».
MOTS_JURIDIQUES = frozenset(
    """asso association assoc commune entreprise eurl gie gip loi1901 mairie oph sa sarl sas sasu
    scic scop sem snc societe ville""".split()
)


def cle(nom: str) -> str:
    """Rend le nom en minuscules, sans accents ni ponctuation, coupé à la longueur permise."""
    return cle_de_tri(nom)[:300]


def noyau(cle_du_nom: str) -> str:
    """Rend la clé sans mots vides ni mots juridiques ; la clé entière s'il n'en reste rien."""
    pleins = [m for m in cle_du_nom.split() if m not in MOTS_VIDES and m not in MOTS_JURIDIQUES]
    return " ".join(pleins) or cle_du_nom
