"""Écrire une archive ZIP à mesure qu'elle part : un seul fichier en mémoire à la fois."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

# Les formats déposés sont déjà comprimés : on ne cherche pas à gagner les derniers octets.
_EFFORT = 1
_PREMIERE_ANNEE = 1980


@dataclass(frozen=True)
class Entree:
    """Un fichier de l'archive : son nom, et ses octets."""

    nom: str
    octets: bytes


class _Tuyau:
    """Ce que l'archive écrit, gardé le temps d'être envoyé ; on n'y revient jamais en arrière."""

    def __init__(self) -> None:
        self._morceaux: list[bytes] = []

    def write(self, octets: bytes) -> int:
        self._morceaux.append(bytes(octets))
        return len(octets)

    def flush(self) -> None:
        """Ne fait rien : ce qui est écrit attend d'être vidé."""

    def close(self) -> None:
        """Ne fait rien : il n'y a rien à fermer."""

    def vider(self) -> bytes:
        """Rend ce qui a été écrit depuis la dernière fois."""
        octets = b"".join(self._morceaux)
        self._morceaux.clear()
        return octets


def ecrire_en_flux(entrees: Iterable[Entree], date: datetime) -> Iterator[bytes]:
    """Rend une archive ZIP morceau par morceau ; toutes ses entrées sont datées de cet instant local.

    Une entrée se demande quand son tour vient : la dernière peut dire ce qui est arrivé aux autres.
    """
    tuyau = _Tuyau()
    # Un ZIP ne connaît ni les années d'avant 1980 ni les fuseaux.
    quand = (max(date.year, _PREMIERE_ANNEE), *date.timetuple()[1:6])
    with zipfile.ZipFile(tuyau, "w", zipfile.ZIP_DEFLATED) as archive:
        for entree in entrees:
            info = zipfile.ZipInfo(entree.nom, quand)  # type: ignore[arg-type]
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, entree.octets, compresslevel=_EFFORT)
            yield tuyau.vider()
    yield tuyau.vider()
