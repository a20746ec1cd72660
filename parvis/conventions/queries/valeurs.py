"""Ce que chaque champ d'un modèle dit, pour un acte à prendre."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from parvis.conventions.enums import SorteDActe
from parvis.conventions.models import Acte, MentionsDuService
from parvis.conventions.queries.preparation import ActePropose
from parvis.conventions.rules.actes import ENGAGENT
from parvis.conventions.rules.echeancier import EcheancePrevue, echeancier
from parvis.conventions.rules.lettres import en_lettres
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import (
    Demande,
    Dossier,
    EcritureDeSection,
    FicheDeDossier,
    LieuDeDossier,
)
from parvis.dossiers.queries.bilans import jours_des_bilans
from parvis.dossiers.queries.contenu_d_appel import fiches_nommees
from parvis.dossiers.sections.saisie import lire_un_jour
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres_a_lire
from parvis.programmation.models import Decision
from parvis.programmation.queries.decisions import service_a_appeler
from parvis.socle.montants import ecrire_montant
from parvis.socle.templatetags.socle import jour as en_clair

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Autour:
    """Ce qui entoure les dossiers d'une décision, lu une fois pour tous ses actes."""

    representants: Mapping[int, str]
    dates: Mapping[int, str]
    fiches: Mapping[int, list[str]]
    quartiers: Mapping[int, list[str]]
    suivantes: Mapping[int, list[tuple[int, Decimal]]]
    # Ce qu'une convention et ses avenants signés engagent en tout, par convention.
    engages: Mapping[int, Decimal]
    # Quand le site attend le bilan de chaque dossier : l'acte dit ce jour-là, et aucun autre.
    bilans: Mapping[int, date]


def autour_de(proposes: Collection[ActePropose], decision: Decision) -> Autour:
    """Rend ce qui entoure ces dossiers, en un nombre fixe de requêtes."""
    aides = {r.demande.dossier_id: r.demande.dossier for p in proposes for r in p.reponses}
    dossiers = set(aides)
    representants: dict[int, str] = {}
    dates: dict[int, str] = {}
    ecritures = EcritureDeSection.objects.filter(
        dossier__in=dossiers, section__in=["organisation", "calendrier"], est_courante=True
    )
    for ecriture in ecritures:
        if ecriture.section == "calendrier":
            dates[ecriture.dossier_id] = _periode(ecriture.valeur)
            continue
        nom = str(ecriture.valeur.get("representant", "")).strip()
        fonction = str(ecriture.valeur.get("representant_fonction", "")).strip()
        representants[ecriture.dossier_id] = ", ".join(filter(None, (nom, fonction.lower())))
    fiches: dict[int, list[str]] = {}
    servies = FicheDeDossier.objects.filter(dossier__in=dossiers).order_by("-est_principale", "pk")
    couples = list(servies.values_list("dossier", "fiche"))
    nommees = fiches_nommees(decision.contrat, {fiche for _, fiche in couples})
    for dossier, fiche in couples:
        if fiche in nommees:
            dite = f"{nommees[fiche].numero}, {nommees[fiche].titre}"
            fiches.setdefault(dossier, []).append(dite)
    quartiers: dict[int, list[str]] = {}
    lieux = LieuDeDossier.objects.filter(dossier__in=dossiers, quartier__isnull=False)
    for dossier, nom in lieux.order_by("quartier__nom").values_list("dossier", "quartier__nom"):
        quartiers.setdefault(dossier, []).append(nom)
    suivantes: dict[int, list[tuple[int, Decimal]]] = {}
    prevues = Demande.objects.filter(
        dossier__in=dossiers,
        financeur__in=membres_a_lire(decision.financeur),
        exercice__gt=decision.exercice,
    ).exclude(etat=EtatDeDemande.PREPAREE)
    for demande in prevues.order_by("exercice", "rang"):
        suivantes.setdefault(demande.dossier_id, []).append(
            (demande.exercice, demande.montant_demande or ZERO)
        )
    modifiees = {propose.modifie.pk for propose in proposes if propose.modifie}
    return Autour(
        representants,
        dates,
        fiches,
        quartiers,
        suivantes,
        _engages(modifiees),
        jours_des_bilans(aides.values(), decision.exercice),
    )


def _engages(conventions: set[int]) -> dict[int, Decimal]:
    """Rend ce que chaque convention engage avec ses avenants : un avenant ne parle pas que de sa part."""
    signes = Acte.objects.filter(
        Q(pk__in=conventions) | Q(modifie__in=conventions), etat__in=ENGAGENT
    ).order_by()
    sommes = signes.values(racine=Coalesce("modifie", "pk")).annotate(
        argent=Sum("montant"), nature=Sum("montant_nature")
    )
    return {une["racine"]: une["argent"] + une["nature"] for une in sommes}


def valeurs(
    propose: ActePropose, mentions: MentionsDuService, autour: Autour, *, numero: str
) -> dict[str, str]:
    """Rend ce que dit chaque champ pour cet acte ; vide, un champ n'a rien à dire."""
    decision = propose.decision
    dossiers = list(dict.fromkeys(r.demande.dossier for r in propose.reponses))
    return {
        "contrat": decision.contrat.titre,
        "exercice": str(decision.exercice),
        "numero": numero,
        "financeur": decision.financeur.retenu.nom,
        "signataire": mentions.signataire,
        "qualite": mentions.qualite,
        "contact": mentions.contact or service_a_appeler(propose.reponses[0].demande),
        "tribunal": mentions.tribunal,
        "decision": _minuscule(f"{decision} du {en_clair(decision.prise_le)}"),
        **_du_titulaire(propose, autour),
        "projets": " ; ".join(f"« {d.projet.titre} » (dossier {d.reference})" for d in dossiers),
        "fiches": _reunir(autour.fiches.get(d.pk, []) for d in dossiers),
        "quartiers": _reunir(autour.quartiers.get(d.pk, []) for d in dossiers),
        "dates": _reunir([autour.dates.get(d.pk, "")] for d in dossiers),
        "imputation": _reunir([str(r.enveloppe) if r.enveloppe else ""] for r in propose.reponses),
        "demande": ecrire_montant(
            sum((r.demande.montant_demande or ZERO for r in propose.reponses), ZERO)
        ),
        **_de_l_argent(propose, autour),
        "annees_suivantes": _suivantes(_plafonnees(propose, d.pk, autour) for d in dossiers),
        "bilan_le": _bilans(dossiers, autour.bilans),
        **_de_la_reponse(propose),
        # Un tableau se dresse à l'impression ; ici, on dit seulement s'il a des lignes.
        "tableau_des_projets": "oui",
        "tableau_des_versements": "oui" if propose.en_argent > 0 else "",
    }


def _plafonnees(
    propose: ActePropose, dossier: int, autour: Autour
) -> Iterable[tuple[int, Decimal]]:
    """Rend ce qui est demandé pour la suite, sans passer ce qui est accordé cette année."""
    accorde = sum(
        (r.montant or ZERO for r in propose.reponses if r.demande.dossier_id == dossier), ZERO
    )
    return ((annee, min(un, accorde)) for annee, un in autour.suivantes.get(dossier, []))


def _du_titulaire(propose: ActePropose, autour: Autour) -> dict[str, str]:
    titulaire: Organisme = propose.titulaire
    numeros = [("Siret", titulaire.siret), ("Siren", "" if titulaire.siret else titulaire.siren),
               ("RNA", titulaire.rna)]  # fmt: skip
    porteurs = {
        r.demande.dossier_id: r.demande.dossier.projet.porteur.retenu for r in propose.reponses
    }
    # Le dossier nomme qui représente le porteur, pas la structure qui reçoit pour lui.
    dits = [autour.representants.get(pk, "") for pk, qui in porteurs.items() if qui == titulaire]
    portes = dict.fromkeys(qui.nom for qui in porteurs.values() if qui != titulaire)
    return {
        "titulaire": titulaire.nom,
        "titulaire_numeros": ", ".join(f"{nom} {valeur}" for nom, valeur in numeros if valeur),
        "titulaire_adresse": " ".join(titulaire.adresse.split()),
        "representant": next(filter(None, dits), ""),
        "porteur": " ; ".join(portes),
    }


def _de_l_argent(propose: ActePropose, autour: Autour) -> dict[str, str]:
    argent, nature = propose.en_argent, propose.en_nature
    passe = bool(propose.situation.deja)
    avant = autour.engages.get(propose.modifie.pk, ZERO) if propose.modifie else ZERO
    return {
        "montant": ecrire_montant(argent) if argent else "",
        "montant_en_lettres": en_lettres(argent) if argent else "",
        "nature": ecrire_montant(nature) if nature else "",
        "cumul": ecrire_montant(propose.situation.cumul) if passe else "",
        "actes_anterieurs": _actes(propose) if passe else "",
        "acte_modifie": _acte(propose.modifie) if propose.modifie else "",
        "montant_avant": ecrire_montant(avant) if propose.modifie else "",
        "montant_apres": ecrire_montant(avant + argent + nature) if propose.modifie else "",
    }


def _de_la_reponse(propose: ActePropose) -> dict[str, str]:
    def dits(champ: str) -> str:
        """Rend ce que disent les réponses ; si elles ne disent pas toutes pareil, de quel projet chacune."""
        dites = {r.pk: getattr(r, champ) for r in propose.reponses if getattr(r, champ)}
        if len(propose.reponses) == 1 or (
            len(dites) == len(propose.reponses) and len(set(dites.values())) == 1
        ):
            return next(iter(dites.values()), "")
        return "\n".join(
            f"« {r.demande.dossier.projet.titre} » : {dites[r.pk]}"
            for r in propose.reponses
            if r.pk in dites
        )

    return {
        "conditions": dits("condition"),
        "motif": dits("motif"),
        "a_qui": dits("a_qui"),
        "ce_qui_changerait": dits("ce_qui_changerait"),
        "vers": dits("vers"),
    }


def pied_de(mentions: MentionsDuService, dites: Mapping[str, str]) -> dict[str, str]:
    """Rend ce qui entoure le texte d'un acte : l'en-tête, à qui il s'adresse, qui signe et d'où."""
    du_service = ("entete", "lieu", "signataire", "qualite")
    des_champs = ("financeur", "titulaire", "titulaire_adresse", "representant")
    return {nom: getattr(mentions, nom) for nom in du_service} | {n: dites[n] for n in des_champs}


def echeancier_de(propose: ActePropose, mentions: MentionsDuService) -> list[EcheancePrevue]:
    """Rend comment un acte se paiera : selon l'acompte que le service verse d'ordinaire."""
    if propose.choix.sorte == SorteDActe.REFUS:
        return []
    return echeancier(propose.en_argent, mentions.acompte)


def _acte(acte) -> str:  # type: ignore[no-untyped-def]
    signe = f" du {en_clair(acte.signe_le)}" if acte.signe_le else ""
    return f"{acte.get_sorte_display().lower()} n° {acte.numero}{signe}"


def _actes(propose: ActePropose) -> str:
    """Rend tout ce qui fait le cumul : les actes signés, ce qui est noté ailleurs, le reste voté."""
    dits = [(_acte(acte), acte.montant + acte.montant_nature) for acte in propose.anterieurs] + [
        (f"« {autre.objet} »", autre.montant) for autre in propose.ailleurs
    ]
    reste = propose.situation.deja - sum((montant for _, montant in dits), ZERO)
    if reste > 0:
        dits.append(("autre aide votée", reste))
    return " ; ".join(f"{nom}, {ecrire_montant(montant)}" for nom, montant in dits)


def _reunir(listes: Iterable[Iterable[str]]) -> str:
    return " ; ".join(dict.fromkeys(un for liste in listes for un in liste if un))


def _periode(calendrier: Mapping[str, str]) -> str:
    """Rend quand un projet se passe, d'après son calendrier ; vide s'il ne le dit pas bien."""
    try:
        debut, fin = (lire_un_jour(calendrier[champ]) for champ in ("debut_le", "fin_le"))
    except (KeyError, ValueError):
        return ""
    return f"du {en_clair(debut)} au {en_clair(fin)}"


def _suivantes(listes: Iterable[Iterable[tuple[int, Decimal]]]) -> str:
    sommes: dict[int, Decimal] = {}
    for liste in listes:
        for annee, montant in liste:
            sommes[annee] = sommes.get(annee, ZERO) + montant
    return " ; ".join(f"{annee} : {ecrire_montant(un)}" for annee, un in sorted(sommes.items()))


def _bilans(dossiers: Iterable[Dossier], jours: Mapping[int, date]) -> str:
    """Rend quand le bilan est dû ; si tous les projets n'ont pas le même jour, celui de chacun."""
    dits = [(dossier.projet.titre, en_clair(jours[dossier.pk])) for dossier in dossiers]
    if len({jour for _, jour in dits}) == 1:
        return dits[0][1]
    return " ; le ".join(f"{jour} pour « {titre} »" for titre, jour in dits)


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]
