"""Ce que l'on joint à un bilan : quelques photos, quelques documents."""

from parvis.documents.enums import Sorte
from parvis.evaluation.enums import SorteDePiece

PHOTOS = frozenset({Sorte.JPEG, Sorte.PNG})
AU_PLUS = {SorteDePiece.PHOTO: 6, SorteDePiece.DOCUMENT: 10}
ACCORDS = (
    "Les personnes que l’on reconnaît sur cette photo, ou les parents des enfants, sont d’accord pour "
    "qu’elle soit montrée aux financeurs"
)


def motifs_empechant_de_joindre(
    *, sorte: str, format_: str, deja: int, a_les_accords: bool
) -> list[str]:
    """Rend pourquoi un fichier ne se joint pas ; vide si rien ne s'oppose."""
    if sorte not in SorteDePiece.values:
        return ["Dites si c’est une photo ou un document."]
    motifs = []
    au_plus = AU_PLUS[SorteDePiece(sorte)]
    if deja >= au_plus:
        mot = "photos" if sorte == SorteDePiece.PHOTO else "documents"
        motifs.append(f"{au_plus} {mot} au plus : retirez-en avant d’en ajouter.")
    if sorte == SorteDePiece.PHOTO:
        if format_ not in PHOTOS:
            motifs.append(
                "Une photo est un fichier JPEG ou PNG ; le reste se joint comme document."
            )
        if not a_les_accords:
            motifs.append(
                "Une photo se joint avec l’accord des personnes que l’on y reconnaît : cochez la case."
            )
    return motifs
