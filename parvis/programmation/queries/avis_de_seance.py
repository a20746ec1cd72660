"""Les avis de tous les dossiers d'une séance, d'un coup, tels que l'acteur les lit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Information, Regard
from parvis.comptes.rules.regards import voit
from parvis.dossiers.document.description import Texte
from parvis.dossiers.enums import Guichet
from parvis.instances.permissions import peut_tenir_les_instances
from parvis.instruction.enums import Qualite, SensDAvis
from parvis.instruction.models import Avis, Consultation
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.dossiers import consultations_ouvertes
from parvis.programmation.document.dossier_de_seance import AvisDit, abreger
from parvis.programmation.models import PointDeSeance, Seance
from parvis.programmation.queries.ordre_du_jour import PointLu
from parvis.socle.templatetags.socle import jour

# De quoi tenir tous les motifs d'un dossier en une demi-page.
_MOTIFS, _MOTIF_COURT, _MOTIF_LONG = 2400, 160, 500
_TONS = {
    SensDAvis.FAVORABLE: "pour",
    SensDAvis.SOUS_RESERVE: "partage",
    SensDAvis.RESERVE: "partage",
    SensDAvis.DEFAVORABLE: "contre",
    SensDAvis.SANS: "muet",
}
# Un financeur ou une commune se reconnaît à son nom ; de tout autre, on dit à quel titre.
_SE_NOMMENT = (Qualite.FINANCEUR, Qualite.COMMUNE)
# Qui rend un avis : un service qui finance, ou une consultation.
Emetteur = tuple[str, int]


@dataclass(frozen=True)
class AvisDeSeance:
    """Le dernier avis de chacun, par dossier, et qui est consulté."""

    rendus: Mapping[int, Mapping[Emetteur, Avis]]
    consultes: Mapping[int, Sequence[Consultation]]
    # Qui est consulté ne lit que le sien : il ne sait pas non plus qui tarde.
    voit_tout: bool

    def dits(self, dossier: int) -> list[AvisDit]:
        """Rend les avis d'un dossier, prêts à imprimer : ceux des financeurs d'abord."""
        siens = sorted(
            self.rendus.get(dossier, {}).values(),
            key=lambda un: (un.consultation_id is not None, un.organisme.retenu.cle_de_tri, un.pk),
        )
        place = min(_MOTIF_LONG, max(_MOTIF_COURT, _MOTIFS // max(1, len(siens))))
        return [
            AvisDit(
                qui=_qui(un),
                quand=jour(un.rendu_le),
                sens=un.get_sens_display(),
                ton=_TONS[SensDAvis(un.sens)],
                motif=Texte(abreger(un.motif, place)),
            )
            for un in siens
        ]

    def attendus(self, point: PointLu) -> str:
        """Rend de qui un avis est encore attendu, en une phrase ; rien à qui n'a pas à le savoir."""
        if not self.voit_tout:
            return ""
        ici = [d for d in point.demandes if d.demande.guichet == Guichet.PLATEFORME]
        voulus: dict[Emetteur, str] = {("financeur", d.financeur): d.nom for d in ici}
        for une in self.consultes.get(point.dossier.pk, ()):
            voulus["consultation", une.pk] = une.nom
        rendus = self.rendus.get(point.dossier.pk, {})
        manquent = [nom for qui, nom in voulus.items() if qui not in rendus]
        return f"Pas encore d’avis de : {', '.join(manquent)}." if manquent else ""


def avis_de_la_seance(
    acteur: Acteur, seance: Seance, points: QuerySet[PointDeSeance]
) -> AvisDeSeance:
    """Rend les avis de ces points que l'acteur lit, en un nombre fixe de requêtes.

    Qui tient la séance et qui finance les lisent tous ; qui est consulté, le sien. Jamais une note
    interne : elle n'est pas même lue en base.
    """
    contrat, dossiers = seance.reunion.instance.contrat.code, points.values("dossier")
    finance = peut_tenir_les_instances(acteur, contrat) or peut_financer(acteur)
    voit_tout = voit(Information.AVIS, Regard.COFINANCEUR if finance else Regard.CO_INSTRUCTEUR)
    lus = Avis.objects.filter(dossier__in=dossiers)
    if not voit_tout:
        lus = lus.filter(consultation__in=consultations_ouvertes(acteur, contrat))
    lus = lus.select_related("organisme__fusionne_dans").defer("note_interne")
    rendus: dict[int, dict[Emetteur, Avis]] = defaultdict(dict)
    for un in lus.order_by("-rang", "pk"):
        rendus[un.dossier_id].setdefault(_emetteur(un), un)
    consultes: dict[int, list[Consultation]] = defaultdict(list)
    ouvertes = Consultation.objects.filter(dossier__in=dossiers, close_le__isnull=True)
    for une in ouvertes.select_related("organisme__fusionne_dans") if voit_tout else ():
        consultes[une.dossier_id].append(une)
    return AvisDeSeance(rendus, consultes, voit_tout)


def _emetteur(avis: Avis) -> Emetteur:
    if avis.consultation_id:
        return "consultation", avis.consultation_id
    return "financeur", avis.organisme.retenu.pk


def _qui(avis: Avis) -> str:
    nom = avis.rendu_par if avis.qualite == Qualite.EXPERT else str(avis.organisme.retenu)
    titre = "" if avis.qualite in _SE_NOMMENT else avis.get_qualite_display().lower()
    return ", ".join(filter(None, [nom, titre]))
