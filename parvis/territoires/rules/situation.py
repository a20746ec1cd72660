"""Cette position est-elle dans un quartier prioritaire ? Oui, non, à vérifier ou inconnu, et pourquoi."""

from dataclasses import dataclass
from math import inf

from parvis.territoires.enums import PrecisionDeLieu, Reponse

# Nos seuils, non ceux de la loi : sous ce score, l'adresse trouvée n'est peut-être pas la bonne.
SCORE_MINIMAL = 0.8
# En mètres : à moins du bord, une position de cette sorte ne départage pas.
MARGES = {PrecisionDeLieu.INTERPOLE: 30.0}
MARGE = 15.0


@dataclass(frozen=True)
class Position:
    """D'où vient un point : sa sorte, son score (de 0 à 1), sa précision déclarée en mètres."""

    precision: str = PrecisionDeLieu.POINT
    score: float = 1.0
    precision_m: float | None = None

    @property
    def marge(self) -> float:
        """Rend, en mètres, la distance au bord sous laquelle la position ne suffit pas.

        Une précision déclarée l'emporte, même plus fine : c'est la mesure de qui donne le point.
        """
        if self.precision_m is not None:
            return self.precision_m
        return MARGES.get(PrecisionDeLieu(self.precision), MARGE) if self._est_connue else MARGE

    @property
    def _est_connue(self) -> bool:
        return self.precision in PrecisionDeLieu

    @property
    def est_precise(self) -> bool:
        """Dit si la position désigne une porte ou un point, et non une voie ou une commune."""
        return self.precision in (
            PrecisionDeLieu.POINT,
            PrecisionDeLieu.NUMERO,
            PrecisionDeLieu.INTERPOLE,
        )


@dataclass(frozen=True)
class Releve:
    """Ce que disent les contours d'un millésime autour d'une position.

    `est_dedans`, `distance` (au bord, en mètres, l'infini au-delà de ce que l'on calcule),
    `est_couvert` (tous les quartiers de la commune sont connus), `sans_contour` (leurs noms, quand
    la commune a des quartiers dont le contour manque), `est_toute_la_voie` (chaque adresse de la
    voie est du même côté).
    """

    est_dedans: bool
    distance: float = inf
    est_couvert: bool = True
    sans_contour: tuple[str, ...] = ()
    est_toute_la_voie: bool = False


def repondre(position: Position | None, releve: Releve) -> tuple[Reponse, list[str]]:
    """Rend la réponse et ses motifs, en phrases. Sans position, la réponse est « inconnu »."""
    if position is None:
        return Reponse.INCONNU, ["L’adresse n’a pas été trouvée."]
    if not releve.est_dedans:
        manques = _ce_qui_manque(releve)
        if manques:
            return Reponse.INCONNU, manques
    doutes = _doutes(position, releve)
    if doutes:
        return Reponse.A_VERIFIER, doutes
    return (Reponse.OUI if releve.est_dedans else Reponse.NON), []


def _ce_qui_manque(releve: Releve) -> list[str]:
    """Rend pourquoi l'on ne peut pas dire non : un contour absent n'est pas un « dehors »."""
    if releve.sans_contour:
        noms = ", ".join(f"« {nom} »" for nom in releve.sans_contour)
        dit = "Les contours de" if len(releve.sans_contour) > 1 else "Le contour de"
        suite = "ne sont pas chargés" if len(releve.sans_contour) > 1 else "n’est pas chargé"
        return [f"{dit} {noms} {suite}."]
    if not releve.est_couvert:
        return ["Les quartiers de cette commune ne sont pas chargés."]
    return []


def _doutes(position: Position, releve: Releve) -> list[str]:
    doutes = []
    if position.score < SCORE_MINIMAL:
        score = f"{position.score:.2f}".replace(".", ",")
        doutes.append(f"L’adresse trouvée ressemble mal à celle qui est donnée (score {score}).")
    if not position.est_precise and not releve.est_toute_la_voie:
        doutes.append("La position n’est pas celle d’un numéro : elle peut être loin de la porte.")
    if releve.distance < position.marge:
        ou = "à l’intérieur" if releve.est_dedans else "à l’extérieur"
        doutes.append(
            f"Le point est {ou}, à {int(releve.distance)} m du bord : "
            f"moins que la précision de la position ({position.marge:.0f} m)."
        )
    return doutes
