"""Les documents des actes choisis dans une seule archive : ce que l'on imprime pour la signature."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.models import Acte
from parvis.conventions.queries.actes import actes_a_emporter, lignes_par_acte
from parvis.conventions.queries.impression import mot_de, nom_de_fichier
from parvis.documents.queries import contenu
from parvis.documents.reserve import FichierPerdu
from parvis.socle.archive_en_flux import Entree, ecrire_en_flux

logger = logging.getLogger(__name__)
_VIDE = "Aucun des actes choisis n’a encore son document : composez-les d’abord.\n"
_AUCUN = "Aucun acte ne répond à ce choix.\n"
_PERDUS = "Ces documents manquent, dites-le à qui tient le site :\n"


@dataclass(frozen=True)
class ArchiveDesActes:
    """Une archive à enregistrer : son nom, et ses octets, qui se lisent une fois, à mesure."""

    nom: str
    morceaux: Iterator[bytes]


def archive_des_actes(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str]
) -> ArchiveDesActes:
    """Rend les documents des actes choisis que l'acteur lit, un fichier chacun, par numéro."""
    choisis = actes_a_emporter(acteur, contrat, demandes).filter(fichier__isnull=False)
    return _archive(f"{contrat.code}-actes", _entrees(list(choisis)))


def archive_en_word(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str]
) -> ArchiveDesActes:
    """Rend les mêmes actes en Word, composés ou pas encore : un fichier chacun, à reprendre à la main."""
    choisis = actes_a_emporter(acteur, contrat, demandes).prefetch_related("echeances")
    return _archive(f"{contrat.code}-actes-word", _entrees_en_word(list(choisis)))


def _archive(nom: str, entrees: Iterator[Entree]) -> ArchiveDesActes:
    maintenant = timezone.localtime()
    nom = f"{nom}-{maintenant.date().isoformat()}.zip"
    return ArchiveDesActes(nom, ecrire_en_flux(entrees, maintenant))


def _entrees_en_word(choisis: list[Acte]) -> Iterator[Entree]:
    lignes = lignes_par_acte([acte.pk for acte in choisis])
    for acte in choisis:
        yield Entree(f"{nom_de_fichier(acte)}.docx", mot_de(acte, lignes[acte.pk]))
    if not choisis:
        yield Entree("A-LIRE.txt", _AUCUN.encode())


def _entrees(choisis: list[Acte]) -> Iterator[Entree]:
    perdus = []
    for acte in choisis:
        assert acte.fichier is not None
        try:
            yield Entree(f"{nom_de_fichier(acte)}.pdf", contenu(acte.fichier))
        except FichierPerdu as perdu:
            logger.error("fichier perdu", extra={"fichier": acte.fichier.pk, "raison": str(perdu)})
            perdus.append(acte.numero)
    if perdus:
        yield Entree("A-LIRE.txt", (_PERDUS + "\n".join(perdus) + "\n").encode())
    elif not choisis:
        yield Entree("A-LIRE.txt", _VIDE.encode())
