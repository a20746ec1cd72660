"""Le relevé d'une séance, en PDF ou en Word : à qui la tient, puis à qui y siège une fois publiée."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.text import slugify

from parvis.comptes.acteur import Acteur
from parvis.documents.queries import FichierAServir
from parvis.dossiers.document.description import Document, en_donnees
from parvis.dossiers.models import Projet
from parvis.instances.enums import EtatDePresence
from parvis.instances.models import Mandat
from parvis.instances.queries import Appel, FeuilleDePresence, feuille
from parvis.programmation.document.mot import ecrire_en_word
from parvis.programmation.document.releve import (
    Examen,
    Membre,
    PartDeFinanceur,
    Proposition,
    Releve,
    decrire_le_releve,
)
from parvis.programmation.enums import EtatDeSeance, Resultat
from parvis.programmation.models import Seance
from parvis.programmation.queries.ordre_du_jour import (
    DemandeEnSeance,
    OrdreDuJour,
    PointLu,
    Table,
    ordre_du_jour,
)
from parvis.programmation.queries.quorum import quorum_dit
from parvis.programmation.queries.seances import seances, seances_de_membre
from parvis.programmation.queries.tableau_faits import Place, cadre_du_tableau
from parvis.socle.templatetags.socle import jour
from parvis.socle.typographie import composer_un_pdf

GABARIT = Path(__file__).parents[1] / "document" / "releve.typ"
_ORDRE = (
    EtatDePresence.PRESENT,
    EtatDePresence.REPRESENTE,
    EtatDePresence.EXCUSE,
    EtatDePresence.ABSENT,
)


def _en_pdf(document: Document, date: datetime) -> bytes:
    return composer_un_pdf(GABARIT, en_donnees(document), date)


_ECRIVAINS: dict[str, tuple[Callable[[Document, datetime], bytes], str]] = {
    "pdf": (_en_pdf, "application/pdf"),
    "docx": (
        ecrire_en_word,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


def releve(acteur: Acteur, seance: Seance, extension: str) -> FichierAServir:
    """Rend le relevé d'une séance, en « pdf » ou en « docx », sans les dossiers dont l'acteur s'est déporté.

    Il est à qui tient la séance ; une fois publiée, à qui y siège. Lève Seance.DoesNotExist à tout autre
    et pour une autre extension, ImpressionImpossible.
    """
    lue = _seance_lisible(acteur, seance)
    if extension not in _ECRIVAINS:
        raise Seance.DoesNotExist
    ecrire, sorte = _ECRIVAINS[extension]
    du_jour = ordre_du_jour(acteur, lue)
    le = timezone.localdate(lue.reunion.commence_le)
    presents = feuille(lue.reunion, jour=le)
    dit = _releve(du_jour, presents)
    octets = ecrire(decrire_le_releve(dit), _date(lue, dit))
    suite = "" if lue.publiee_le else "-provisoire"
    nom = f"releve-{slugify(lue.reunion.instance.nom)[:60] or 'seance'}-{le.isoformat()}{suite}"
    return FichierAServir(octets, sorte, f"{nom}.{extension}")


def _seance_lisible(acteur: Acteur, seance: Seance) -> Seance:
    contrat = seance.reunion.instance.contrat
    tenue = seances(acteur, contrat).filter(pk=seance.pk).first()
    if tenue is not None:
        return tenue
    return seances_de_membre(acteur, contrat).get(pk=seance.pk, etat=EtatDeSeance.PUBLIEE)


def _date(seance: Seance, dit: Releve) -> datetime:
    """Rend la date du document, celle du dernier acte : la même séance donne les mêmes octets."""
    actes = (seance.ouverte_le, seance.levee_le, seance.publiee_le, dit.dernier_le)
    return max([seance.preparee_le, *filter(None, actes)])


def _releve(lu: OrdreDuJour, presents: FeuilleDePresence) -> Releve:
    seance, reunion = lu.seance, lu.seance.reunion
    # La feuille lit l'organisme de qui siège encore, et pas de qui ne siège plus.
    prefetch_related_objects([a.mandat for a in presents.appels], "organisme__fusionne_dans")
    fiches = cadre_du_tableau(reunion.instance.contrat).fiches
    arbitrages = [d.arbitrage.arbitre_le for p in lu.points for d in p.demandes if d.arbitrage]
    suite_de = seance.suite_de.reunion if seance.suite_de else None
    return Releve(
        contrat=reunion.instance.contrat.titre,
        instance=reunion.instance.nom,
        objet=reunion.objet,
        exercice=seance.exercice,
        commence_le=reunion.commence_le,
        lieu=reunion.lieu,
        suite_de=f"{suite_de.objet}, {jour(suite_de.commence_le)}" if suite_de else "",
        ouverte_le=seance.ouverte_le,
        levee_le=seance.levee_le,
        publiee_le=seance.publiee_le,
        dernier_le=max(arbitrages, default=None),
        avancee=lu.avancee.phrase,
        quorum=quorum_dit(seance, presents),
        membres=[_membre(appel) for appel in sorted(presents.appels, key=_rang_de_presence)],
        dossiers=[_examen(point, fiches) for point in lu.points],
        parts=[_part(table) for table in lu.tables],
        caches=lu.caches,
    )


def _rang_de_presence(appel: Appel) -> int:
    return _ORDRE.index(appel.presence.etat) if appel.presence else len(_ORDRE)


def _membre(appel: Appel) -> Membre:
    mandat, presence = appel.mandat, appel.presence
    dite = str(presence.get_etat_display()) if presence else "Non notée"
    if presence and presence.represente_par:
        dite += f" par {presence.represente_par.nom}"
    return Membre(mandat.nom, _titre(mandat), str(mandat.get_voix_display()), dite)


def _titre(mandat: Mandat) -> str:
    organisme = str(mandat.organisme.retenu) if mandat.organisme else ""
    return ", ".join(filter(None, (mandat.fonction, organisme))) or "En son nom"


def _examen(point: PointLu, fiches: dict[str, Place]) -> Examen:
    dossier = point.dossier
    fiche = fiches.get(point.fiche)
    return Examen(
        reference=dossier.reference,
        titre=dossier.projet.titre,
        porteur=_porteur(dossier.projet),
        fiche=f"{point.fiche}, {fiche.titre}" if fiche else point.fiche,
        quartiers=point.quartiers,
        retires=sorted(deport.mandat.nom for deport in point.deports),
        propositions=[_proposition(demande) for demande in point.demandes],
        demande=point.demande,
        arbitre=point.arbitre,
    )


def _porteur(projet: Projet) -> str:
    porteuse = projet.structure_porteuse
    suite = f", porté par {porteuse.retenu}" if porteuse else ""
    return f"{projet.porteur.retenu}{suite}"


def _proposition(lue: DemandeEnSeance) -> Proposition:
    arbitrage = lue.arbitrage
    ligne = lue.demande.ligne
    return Proposition(
        financeur=f"{lue.nom}, {ligne}" if ligne else lue.nom,
        demande=lue.demande_montant,
        dit=lue.dit,
        motif=arbitrage.motif if arbitrage else "",
        est_en_nature=lue.est_en_nature,
        est_ajournee=bool(arbitrage and arbitrage.resultat == Resultat.AJOURNE),
    )


def _part(table: Table) -> PartDeFinanceur:
    return PartDeFinanceur(
        nom=table.nom,
        demande=table.demande,
        apport=table.montant,
        arbitre=table.arbitre,
        vote_prevu_le=table.apport.vote_prevu_le if table.apport else None,
    )
