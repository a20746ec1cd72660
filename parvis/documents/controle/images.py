"""Relire une image : la décoder en entier, la redresser, et n'en récrire que les points."""

import io

from PIL import Image, ImageOps

from parvis.socle.refus import Refus

# Une photo de téléphone a 12 à 50 millions de points ; une page A4 numérisée à 600 dpi, 35.
POINTS_MAX = 60_000_000
# Au-delà, une page A4 est imprimée plus finement que l'œil ne voit (430 points par pouce).
COTE_MAX = 5_000
_QUALITE = 88
_FORMATS = {"jpeg": "JPEG", "png": "PNG"}
_ABIMEE = (
    "Cette image est abîmée ou incomplète : ouvrez-la, puis enregistrez-la de nouveau en JPEG "
    "ou en PNG."
)


def relire_une_image(octets: bytes, sorte: str) -> bytes:
    """Rend l'image récrite, redressée, sans lieu, appareil, date ni commentaire ; lève Refus."""
    # Nos bornes sont plus strictes, et disent une phrase.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(octets), formats=[_FORMATS[sorte]]) as image:
            _exiger_une_taille(*image.size)
            return _recrire(_en_couleurs(ImageOps.exif_transpose(image), sorte), sorte)
    except (Refus, MemoryError):
        raise
    except Exception:  # une image abîmée fait échouer la bibliothèque de mille façons
        raise Refus([_ABIMEE]) from None


def _exiger_une_taille(largeur: int, hauteur: int) -> None:
    if largeur * hauteur > POINTS_MAX:
        raise Refus(
            [
                f"Cette image est trop grande ({largeur} × {hauteur} points). Prenez-la, ou "
                f"numérisez-la, moins finement : {POINTS_MAX // 1_000_000} millions de points au plus."
            ]
        )


def _en_couleurs(image: Image.Image, sorte: str) -> Image.Image:
    """Rend l'image dans un mode que toute visionneuse lit, à la taille permise."""
    if image.mode.startswith("I") or image.mode == "F":
        # Seize bits par point : convertie sans cela, l'image serait toute blanche.
        image = image.convert("I").point(lambda valeur: valeur / 256)
    a_un_fond = "A" in image.getbands() or "transparency" in image.info
    image = image.convert(_mode(image.mode, avec_fond=a_un_fond and sorte == "png"))
    image.thumbnail((COTE_MAX, COTE_MAX))
    return image


def _mode(mode: str, *, avec_fond: bool) -> str:
    if avec_fond:
        return "RGBA"
    return "L" if mode in ("1", "L", "LA", "I", "F") else "RGB"


def _recrire(image: Image.Image, sorte: str) -> bytes:
    """Écrit les seuls points : la bibliothèque recopierait le commentaire et le profil qu'elle a lus."""
    image.info = {}
    sortie = io.BytesIO()
    if sorte == "png":
        image.save(sortie, "PNG", optimize=False)
    else:
        image.save(sortie, "JPEG", quality=_QUALITE)
    return sortie.getvalue()
