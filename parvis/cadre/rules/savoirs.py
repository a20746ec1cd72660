"""La loi des savoirs : ce qu'une personne peut écrire d'un nom du contrat, et ce qui est à vérifier."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from parvis.cadre.enums import DegreDeDispositif

# Ce qu'une fiche laisse en suspens, et la question que cela pose aujourd'hui.
EN_SUSPENS = {
    DegreDeDispositif.INCERTAIN: "Une fiche le dit incertain : a-t-il été reconduit ?",
    DegreDeDispositif.A_INITIER: "Une fiche le dit à lancer : existe-t-il maintenant ?",
}


def motifs_sur_le_parent(
    partenaire: int, parent: int | None, parents: Mapping[int, int | None]
) -> list[str]:
    """Rend pourquoi un partenaire ne fait pas partie de cet autre ; `parents` est tout le contrat."""
    if parent is None:
        return []
    if parent not in parents:
        return ["Le partenaire dont il ferait partie n’est pas de ce contrat."]
    vus = {partenaire}
    vers: int | None = parent
    while vers is not None:
        if vers in vus:
            return ["Un partenaire ne fait partie ni de lui-même, ni de l’un des siens."]
        vus.add(vers)
        vers = parents.get(vers)
    return []


def motifs_sur_les_responsables(
    responsables: Iterable[int], du_contrat: Collection[int]
) -> list[str]:
    """Rend pourquoi ces partenaires ne sont pas responsables d'un dispositif du contrat."""
    if all(responsable in du_contrat for responsable in responsables):
        return []
    return ["Un responsable est un partenaire de ce contrat."]


def motifs_sur_la_suite(
    *, avant: tuple[date | None, str], apres: tuple[date | None, str]
) -> list[str]:
    """Rend pourquoi cette fin et cette suite ne vont pas ensemble.

    Un document dit parfois une suite sans date : ce qu'il a dit reste, tant qu'on n'y touche pas.
    """
    fin_le, suite = apres
    if suite and not fin_le and apres != avant:
        return ["Vous dites ce qui lui succède : dites aussi quand il a pris fin."]
    return []


def raisons_de_verifier(
    *,
    verifie_le: date | None,
    fin_le: date | None,
    suite: str,
    a_un_responsable: bool,
    degres: Collection[str],
    cite_depuis: date | None,
    aujourd_hui: date,
) -> list[str]:
    """Rend pourquoi vérifier un dispositif ; vide s'il est à jour.

    `cite_depuis` est le jour où l'édition en vigueur, qui le cite, a été publiée : ce que rien ne
    cite n'a pas à être vérifié. Une vérification répond à ce que l'on savait ce jour-là, pour un
    an ; ce qui a pris fin avec une suite connue ne change plus.
    """
    if cite_depuis is None:
        return []
    vu_le = verifie_le or date.min
    fini_le = fin_le if fin_le and fin_le < aujourd_hui else None
    if fini_le and suite and fini_le <= vu_le:
        return []
    est_frais = vu_le >= un_an_avant(aujourd_hui)
    raisons = []
    if verifie_le is None:
        raisons.append("Personne ne l’a encore vérifié.")
    elif not est_frais:
        raisons.append("Sa dernière vérification a plus d’un an.")
    if fini_le and not suite and not (est_frais and fini_le <= vu_le):
        raisons.append("Il a pris fin, et rien ne dit ce qui lui succède.")
    if not a_un_responsable and not est_frais:
        raisons.append("Aucun responsable n’est nommé.")
    if not (est_frais and cite_depuis <= vu_le):
        raisons += [phrase for degre, phrase in EN_SUSPENS.items() if degre in degres]
    return raisons


def un_an_avant(jour: date) -> date:
    """Rend le même jour de l'année d'avant ; le 28 pour un 29 février."""
    dernier = 28 if (jour.month, jour.day) == (2, 29) else jour.day
    return date(jour.year - 1, jour.month, dernier)
