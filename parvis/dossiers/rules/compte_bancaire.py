"""La loi du compte bancaire : lire un IBAN, le masquer, en changer à deux après un dépôt."""

import re

from stdnum import iban as norme
from stdnum.exceptions import ValidationError

from parvis.dossiers.enums import EtatDeCompte

# Avant tout dépôt, un compte est courant dès qu'il est donné.
PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDeCompte.A_CONFIRMER: (EtatDeCompte.COURANT, EtatDeCompte.ECARTE),
    EtatDeCompte.COURANT: (EtatDeCompte.REMPLACE,),
    EtatDeCompte.REMPLACE: (),
    EtatDeCompte.ECARTE: (),
}
# La pièce que seuls lisent ceux qui signent (docs/adr/0028).
_MOTS_DU_RIB = ("rib", "iban", "identite-bancaire")
LONGUEUR_EN_FRANCE = 27
_FORME = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", re.ASCII)


class IbanIllisible(ValueError):
    """Ce qui est tapé n'est pas un IBAN ; porte une phrase qui dit quoi faire."""


def lire_un_iban(texte: str) -> str:
    """Rend un IBAN sans ses espaces, en capitales ; lève IbanIllisible (norme ISO 13616)."""
    compact = norme.compact(texte).upper()
    if not compact:
        raise IbanIllisible("Recopiez l’IBAN du relevé d’identité bancaire.")
    if not _FORME.fullmatch(compact):
        raise IbanIllisible(
            "Ce n’est pas un IBAN : il commence par deux lettres (FR en France), puis des chiffres."
        )
    if compact.startswith("FR") and len(compact) != LONGUEUR_EN_FRANCE:
        raise IbanIllisible(
            f"Un IBAN français a {LONGUEUR_EN_FRANCE} signes ; celui-ci en a {len(compact)}. "
            "Recopiez-le en entier."
        )
    try:
        return str(norme.validate(compact))
    except ValidationError as erreur:
        raise IbanIllisible(
            "Cet IBAN a une faute de frappe : sa clé de contrôle ne correspond pas. Relisez-le."
        ) from erreur


def masquer(iban: str) -> str:
    """Rend un IBAN dont on ne lit que le début et la fin : « FR76 •••• 0189 »."""
    return f"{iban[:4]} •••• {iban[-4:]}"


def par_quatre(iban: str) -> str:
    """Rend un IBAN comme il est imprimé, par groupes de quatre."""
    return " ".join(iban[debut : debut + 4] for debut in range(0, len(iban), 4))


def est_bancaire(cle: str) -> bool:
    """Dit si la pièce de cette clé est un relevé d'identité bancaire, que tous ne lisent pas."""
    mots = cle.split("-")
    return any(mot in mots or ("-" in mot and mot in cle) for mot in _MOTS_DU_RIB)


def motifs_empechant_de_confirmer(
    *, etat: str, est_l_auteur: bool, signe: bool, est_pilote: bool, un_autre_signe: bool
) -> list[str]:
    """Rend pourquoi cette personne ne confirme pas un compte.

    `signe` : elle est gestionnaire ou signataire de l'organisme ; `un_autre_signe` : il y en a une
    autre que celle qui a donné le compte. Sans elle, c'est le pilote qui confirme.
    """
    if etat != EtatDeCompte.A_CONFIRMER:
        return ["Ce compte n’attend plus d’être confirmé."]
    if est_l_auteur:
        return ["Vous avez donné ce compte : une autre personne le confirme."]
    if signe or (est_pilote and not un_autre_signe):
        return []
    if est_pilote:
        return ["Cet organisme a une autre personne pour confirmer : c’est à elle de le faire."]
    return ["Un gestionnaire ou un signataire de l’organisme confirme son compte."]


def motifs_empechant_d_ecarter(*, etat: str, signe: bool, est_pilote: bool) -> list[str]:
    """Rend pourquoi cette personne n'écarte pas un compte ; qui l'a donné le peut aussi."""
    if etat != EtatDeCompte.A_CONFIRMER:
        return ["Ce compte n’attend plus d’être confirmé."]
    return [] if signe or est_pilote else ["Vous ne tenez pas le compte de cet organisme."]
