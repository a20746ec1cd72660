"""La file des dossiers que l'on étudie : ses choix, ses pages, ce qui y est demandé à son service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.models import Demande, Dossier, VersionDeposee
from parvis.dossiers.queries.choix_de_dossiers import (
    demandes_fermes,
    les_appels,
    les_fiches,
    les_piliers,
    les_quartiers,
    mot_du_pilier,
    somme_des_demandes,
)
from parvis.dossiers.queries.delais import silence_de_la_demande
from parvis.dossiers.queries.etat_global import les_reponses
from parvis.dossiers.rules.publicite import RECUS
from parvis.dossiers.rules.recepisse import ADMINISTRATIONS
from parvis.dossiers.rules.suivi import SUITES
from parvis.instruction.enums import SensDAvis
from parvis.instruction.models import Avis, Consultation, DerniereLecture
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.dossiers import (
    consultations_ouvertes,
    demandes_du_service,
    dossiers_a_etudier,
)
from parvis.instruction.queries.equipe import prises_du_service
from parvis.instruction.queries.grille import avec_les_notes, score_lu
from parvis.instruction.rules.avis import dire_les_avis
from parvis.organismes.queries import membres_a_lire
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.pages import Page, page
from parvis.socle.tableaux import Cellule

BIENTOT = timedelta(days=15)
COLONNES = (
    *("Numéro", "État", "Projet", "Porteur", "Siret", "Appel", "Exercice", "Déposé le"),
    *("Fiche principale", "Autres fiches", "Lieux", "Demandé à mon service (€)"),
    *("Demandé en tout ici (€)", "Avis de mon service", "Proposé par mon service (€)"),
    *("Avis demandés", "Avis rendus", "Étudié par", "Silence vaut refus le"),
    "Avis attendu le",
    *("Note (sur 100)", "Critères notés", "Critères de la grille"),
)
TRIS: dict[str, tuple[str, tuple[str, ...]]] = {
    "attente": ("Le plus ancien d’abord", ("depose_le", "pk")),
    "recent": ("Le plus récent d’abord", ("-depose_le", "-pk")),
    "montant": ("Le plus demandé d’abord", ("-demande", "-pk")),
    "porteur": ("Par porteur", ("projet__porteur__cle_de_tri", "pk")),
    "note": ("Le mieux noté d’abord", ("-note_triee", "-pk")),
}


@dataclass(frozen=True)
class File:
    """Une page de la file, ses choix, et ce que les dossiers choisis demandent ensemble au service.

    Les `arretes` (retirés, irrecevables, envoyés ailleurs) ne demandent plus rien.
    """

    page: Page[Dossier]
    facettes: list[Facette]
    total: Decimal
    arretes: int


def file_a_etudier(
    acteur: Acteur, contrat: Contrat, choix: Mapping[str, str], *, jour: date
) -> File:
    """Rend une page des dossiers choisis ; le nombre de requêtes ne dépend pas du nombre de dossiers."""
    choisis, facettes = _choisir(acteur, contrat, choix, jour)
    _, cles = TRIS.get(choix.get("tri", ""), TRIS["attente"])
    lue = page(choisis, cles, apres=choix.get("apres", ""), avant=choix.get("avant", ""))
    for dossier in lue.lignes:
        _completer(dossier, acteur, jour)
    vivants = choisis.filter(etat__in=RECUS).order_by()
    total = vivants.aggregate(total=Sum("demande"), nombre=Count("pk"))
    return File(lue, facettes, total["total"] or Decimal(0), lue.total - total["nombre"])


def tableau_a_etudier(
    acteur: Acteur, contrat: Contrat, choix: Mapping[str, str], *, jour: date
) -> list[tuple[Cellule, ...]]:
    """Rend tous les dossiers choisis, une ligne chacun, dans l'ordre de COLONNES."""
    choisis, _ = _choisir(acteur, contrat, choix, jour)
    _, cles = TRIS.get(choix.get("tri", ""), TRIS["attente"])
    return [_ligne(_completer(d, acteur, jour)) for d in choisis.order_by(*cles)]


def tris_de(acteur: Acteur) -> list[tuple[str, str]]:
    """Rend les tris de la file ; qui est consulté ne note pas, et ne trie pas par note."""
    finance = peut_financer(acteur)
    return [(code, nom) for code, (nom, _) in TRIS.items() if finance or code != "note"]


def comptes(acteur: Acteur, contrat: Contrat, *, jour: date) -> dict[str, int]:
    """Rend ce qui attend l'acteur : avis à rendre, dossiers que personne n'étudie, délais qui approchent."""
    siens = dossiers_a_etudier(acteur, contrat)
    a_rendre = siens.filter(_a_rendre(acteur, contrat))
    return {
        "a_rendre": a_rendre.count(),
        "sans_personne": a_rendre.exclude(_pris_par_le_service(acteur)).count(),
        # L'avis rendu, le délai court encore : seule la décision l'arrête.
        "bientot": len(set(_delais(siens, acteur, jour)["bientot"])),
    }


def _choisir(
    acteur: Acteur, contrat: Contrat, choix: Mapping[str, str], jour: date
) -> tuple[QuerySet[Dossier], list[Facette]]:
    siens = dossiers_a_etudier(acteur, contrat)
    choisis, facettes = filtrer(siens, _criteres(siens, acteur, contrat, jour), choix)
    return avec_les_notes(_avec_ce_qui_se_lit(choisis, acteur, contrat), acteur), facettes


def _criteres(
    siens: QuerySet[Dossier], acteur: Acteur, contrat: Contrat, jour: date
) -> list[Critere]:
    etats = [e for e in EtatDeDossier if e != EtatDeDossier.BROUILLON]
    return [
        _des_avis(acteur, contrat, jour),
        *(_du_service(siens, acteur, jour) if peut_financer(acteur) else []),
        Critere("neuf", "Changements", {"oui": ("Changé depuis ma lecture", _a_du_neuf(acteur))}),
        Critere("etat", "Où en est-on", {e.value: (e.label, Q(etat=e)) for e in etats}),
        Critere("appel", "Appel", les_appels(siens)),
        Critere("pilier", mot_du_pilier(contrat), les_piliers(contrat)),
        Critere("fiche", "Fiche", les_fiches(siens)),
        Critere("quartier", "Quartier", les_quartiers(siens)),
    ]


def _des_avis(acteur: Acteur, contrat: Contrat, jour: date) -> Critere:
    derniers = _derniers_avis(acteur, contrat)
    rendus = Q(pk__in=_avis_du_service(acteur, contrat).values("dossier"))
    a_rendre, attendus = _a_rendre(acteur, contrat), _avis_attendus(acteur, contrat)
    en_retard = attendus.filter(echeance_le__lt=jour)
    bientot = attendus.filter(echeance_le__range=(jour, jour + BIENTOT))
    choix = {
        "a_rendre": ("À rendre", a_rendre),
        "bientot": ("À rendre sous 15 jours", a_rendre & Q(pk__in=bientot.values("dossier"))),
        "en_retard": ("En retard", a_rendre & Q(pk__in=en_retard.values("dossier"))),
        "rendu": ("Rendu", rendus),
    }
    for sens in SensDAvis:
        du_sens = derniers.filter(sens=sens)
        choix[sens.value] = (sens.label, Q(pk__in=du_sens.values("dossier")))
    return Critere("avis", "Avis", choix)


def _du_service(siens: QuerySet[Dossier], acteur: Acteur, jour: date) -> list[Critere]:
    """Rend ce qu'un financeur choisit parmi les dossiers qu'il finance."""
    moi = Q(pk__in=prises_du_service(acteur).filter(agent=acteur.utilisateur).values("dossier"))
    pris, finances = _pris_par_le_service(acteur), Q(pk__in=_finances(acteur))
    delais = _delais(siens, acteur, jour)
    # Un refus ne se lit pas hors des financeurs du dossier, ni par un compte.
    reponses = {code: (nom, finances & etat) for code, (nom, etat) in les_reponses().items()}
    return [
        Critere(
            "agent",
            "Qui l’étudie",
            {
                "moi": ("Moi", moi),
                "collegue": ("Un collègue", pris & ~moi),
                "personne": ("Personne", finances & ~pris),
            },
        ),
        Critere(
            "delai",
            "Délai",
            {
                "bientot": ("Silence dans 15 jours", Q(pk__in=delais["bientot"])),
                "passe": ("Silence passé", Q(pk__in=delais["passe"])),
            },
        ),
        Critere("reponses", "Réponses", reponses),
    ]


def _avis_du_service(acteur: Acteur, contrat: Contrat) -> QuerySet[Avis]:
    """Rend les avis de l'acteur, ou de son service, dans ce contrat."""
    assert acteur.organisme is not None
    siens = Q(consultation__in=consultations_ouvertes(acteur, contrat.code))
    if peut_financer(acteur):
        siens |= Q(consultation__isnull=True, organisme__in=membres_a_lire(acteur.organisme))
    return Avis.objects.filter(siens, dossier__appel__contrat=contrat)


def _derniers_avis(acteur: Acteur, contrat: Contrat) -> QuerySet[Avis]:
    """Rend le dernier avis de l'acteur, ou de son service, sur chaque dossier."""
    siens = _avis_du_service(acteur, contrat)
    dernier = siens.filter(dossier=OuterRef("dossier")).order_by("-rang", "-pk").values("pk")[:1]
    return siens.filter(pk=Subquery(dernier))


def _avis_attendus(acteur: Acteur, contrat: Contrat) -> QuerySet[Consultation]:
    """Rend ce que l'on demande à l'acteur, et à quoi il n'a pas répondu."""
    return consultations_ouvertes(acteur, contrat.code).filter(avis__isnull=True)


def _a_rendre(acteur: Acteur, contrat: Contrat) -> Q:
    """Rend les dossiers recevables où l'on attend l'avis de l'acteur, et où il n'est pas trop tard."""
    rendus = _avis_du_service(acteur, contrat)
    attendus = Q(pk__in=consultations_ouvertes(acteur, contrat.code).values("dossier"))
    if peut_financer(acteur):
        ouvertes = demandes_du_service(acteur).filter(etat=EtatDeDemande.DEMANDEE)
        attendus |= Q(pk__in=ouvertes.values("dossier"))
    return Q(etat=EtatDeDossier.RECEVABLE) & attendus & ~Q(pk__in=rendus.values("dossier"))


def _finances(acteur: Acteur) -> QuerySet[Any]:
    """Rend les dossiers qui s'adressent au service de l'acteur, à mettre dans une condition."""
    if not peut_financer(acteur):
        return Dossier.objects.none().values("pk")
    return demandes_du_service(acteur).values("dossier")


def _pris_par_le_service(acteur: Acteur) -> Q:
    return Q(pk__in=prises_du_service(acteur).values("dossier"))


def _a_du_neuf(acteur: Acteur) -> Q:
    """Rend les dossiers dont une version est plus récente que la dernière que l'acteur a lue."""
    plus_recentes = VersionDeposee.objects.filter(
        dossier=OuterRef("dossier"), numero__gt=OuterRef("version__numero")
    )
    lectures = DerniereLecture.objects.filter(Exists(plus_recentes), utilisateur=acteur.utilisateur)
    return Q(pk__in=lectures.values("dossier"))


def _delais(siens: QuerySet[Dossier], acteur: Acteur, jour: date) -> dict[str, list[int]]:
    """Rend les dossiers dont le silence du service vaudra bientôt refus, et ceux où il le vaut déjà."""
    assert acteur.organisme is not None
    rendus: dict[str, list[int]] = {"bientot": [], "passe": []}
    if not peut_financer(acteur) or acteur.organisme.nature not in ADMINISTRATIONS:
        return rendus
    attendues = (
        demandes_du_service(acteur)
        .filter(
            dossier__in=siens.values("pk"),
            etat=EtatDeDemande.DEMANDEE,
            exercice=F("dossier__exercice"),
        )
        .select_related("financeur")
        .prefetch_related("dossier__complements")
    )
    for demande in attendues:
        silence = silence_de_la_demande(demande, demande.dossier.complements.all())
        if silence is not None and silence < jour:
            rendus["passe"].append(demande.dossier_id)
        elif silence is not None and silence <= jour + BIENTOT:
            rendus["bientot"].append(demande.dossier_id)
    return rendus


def _avec_ce_qui_se_lit(
    choisis: QuerySet[Dossier], acteur: Acteur, contrat: Contrat
) -> QuerySet[Dossier]:
    assert acteur.organisme is not None
    siens = membres_a_lire(acteur.organisme)
    ici = demandes_fermes().filter(guichet=Guichet.PLATEFORME)
    finance = peut_financer(acteur)
    attendues = Consultation.objects.filter(Q(close_le__isnull=True) | Q(avis__isnull=False))
    return (
        choisis.annotate(
            # Une commune finance un dossier, et n'est que consultée sur un autre.
            nous_finance=Exists(
                _finances(acteur).filter(dossier=OuterRef("pk"))
                if finance
                else Dossier.objects.none()
            ),
            # Qui est consulté lit ce qui est demandé en tout ; un financeur, d'abord ce qu'on lui demande.
            demande=somme_des_demandes(ici.filter(financeur__in=siens) if finance else ici),
            demande_en_tout=somme_des_demandes(ici),
            avis_demandes=_nombre(
                Demande.objects.filter(guichet=Guichet.PLATEFORME, etat__in=SUITES), "financeur"
            )
            + _nombre(attendues, "pk"),
            avis_rendus=_nombre(Avis.objects.filter(consultation__isnull=True), "organisme")
            + _nombre(Avis.objects.filter(consultation__isnull=False), "consultation"),
            avis_attendu_le=Subquery(
                _avis_attendus(acteur, contrat)
                .filter(dossier=OuterRef("pk"))
                .order_by("echeance_le")
                .values("echeance_le")[:1]
            ),
            a_du_neuf=Exists(choisis.model.objects.filter(_a_du_neuf(acteur), pk=OuterRef("pk"))),
        )
        .select_related("projet__porteur__fusionne_dans", "appel", "version_d_appel")
        .prefetch_related(
            "fiches__fiche",
            "lieux__commune",
            "lieux__quartier",
            "demandes__financeur",
            "complements",
            Prefetch(
                "avis", _derniers_avis(acteur, contrat).prefetch_related("propositions"), "siens"
            ),
            Prefetch(
                "prises_en_charge", prises_du_service(acteur).select_related("agent"), "prises"
            ),
        )
    )


def _nombre(lignes: QuerySet[Any], quoi: str) -> Coalesce:
    """Rend combien de valeurs différentes ces lignes ont, pour chaque dossier."""
    comptees = (
        lignes.filter(dossier=OuterRef("pk"))
        .order_by()
        .values("dossier")
        .annotate(nombre=Count(quoi, distinct=True))
    )
    return Coalesce(Subquery(comptees.values("nombre"), output_field=IntegerField()), 0)


def _completer(dossier: Any, acteur: Acteur, jour: date) -> Any:
    """Ajoute à un dossier lu ce que l'écran en dit : avis du service, qui l'étudie, délai du silence."""
    assert acteur.organisme is not None
    dossier.vit = dossier.etat in RECUS
    dossier.mon_avis = next(iter(dossier.siens), None)
    dossier.propose = (
        sum((p.montant for p in dossier.mon_avis.propositions.all()), Decimal(0))
        if dossier.mon_avis and dossier.mon_avis.propositions.all()
        else None
    )
    dossier.score = score_lu(dossier)
    dossier.avis_en_retard = bool(dossier.avis_attendu_le and dossier.avis_attendu_le < jour)
    dossier.agent = next((prise.agent for prise in dossier.prises), None)
    if dossier.nous_finance:
        dossier.avis_dits = dire_les_avis(dossier.avis_demandes, dossier.avis_rendus)
    else:
        # Qui est consulté ne lit que son avis : il ne sait pas combien d'autres sont rendus.
        dossier.avis_demandes = dossier.avis_rendus = dossier.agent = None
        dossier.avis_dits = ""
    silences = [
        silence_de_la_demande(demande, dossier.complements.all())
        for demande in dossier.demandes.all()
        if demande.financeur
        and demande.financeur.retenu.pk == acteur.organisme.pk
        and demande.etat == EtatDeDemande.DEMANDEE
        and demande.exercice == dossier.exercice
    ]
    connus = [silence for silence in silences if silence is not None]
    dossier.silence = min(connus) if connus and peut_financer(acteur) else None
    dossier.est_muet = dossier.silence is not None and dossier.silence < jour
    return dossier


def _ligne(dossier: Any) -> tuple[Cellule, ...]:
    fiches, porteur = list(dossier.fiches.all()), dossier.projet.porteur.retenu
    return (
        dossier.reference,
        dossier.get_etat_display(),
        dossier.projet.titre,
        str(porteur),
        porteur.siret,
        dossier.version_d_appel.titre,
        dossier.exercice,
        timezone.localdate(dossier.depose_le),
        next((f.fiche.numero for f in fiches if f.est_principale), ""),
        ", ".join(f.fiche.numero for f in fiches if not f.est_principale),
        ", ".join(str(lieu) for lieu in dossier.lieux.all()),
        dossier.demande,
        dossier.demande_en_tout,
        dossier.mon_avis.get_sens_display() if dossier.mon_avis else "",
        dossier.propose,
        dossier.avis_demandes,
        dossier.avis_rendus,
        str(dossier.agent or ""),
        dossier.silence,
        dossier.avis_attendu_le,
        dossier.score.sur_cent if dossier.score else None,
        dossier.notes_donnees if dossier.score else None,
        dossier.criteres if dossier.score else None,
    )
