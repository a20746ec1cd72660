"""Ce qu'un dossier prévoyait, gardé dans le bilan à son ouverture, et ce qu'il en pré-remplit."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from parvis.conventions.models import PartDeVersement
from parvis.dossiers.enums import EchelleDeProjet, EtatDeDemande
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.queries.lieux import lieux_du_contrat
from parvis.dossiers.rules.comptes import MILLESIME, plan_de_comptes
from parvis.evaluation.rules.publics import AILLEURS, SANS_LIEU
from parvis.socle.montants import ecrire_montant
from parvis.socle.saisie import jour_ou_rien

# Au-delà, la grille des habitants ne se remplit plus.
LIEUX_AU_PLUS = 30
_PUBLICS = (
    *("nombre", "description", "femmes", "hommes", "part_quartiers"),
    *("ages_0_5", "ages_6_11", "ages_12_17", "ages_18_25", "ages_26_64", "ages_65"),
)


def sections_deposees(dossier: Dossier) -> dict[str, Any]:
    """Rend les sections de la dernière version déposée d'un dossier ; vide s'il n'en a pas."""
    derniere = dossier.versions_deposees.order_by("-numero").first()
    return derniere.contenu["sections"] if derniere else {}


def ce_qui_etait_prevu(dossier: Dossier, exercice: int) -> dict[str, Any]:
    """Rend ce que prévoyait un dossier pour un exercice, prêt à garder : un montant s'y écrit en texte."""
    figees = sections_deposees(dossier)
    dits = {code: figee.get("valeur", {}) for code, figee in figees.items()}
    calendrier, publics = dits.get("calendrier", {}), dits.get("publics", {})
    projet = dits.get("projet", {})
    return {
        "titre": dossier.projet.titre,
        **_dates(dossier, exercice, calendrier),
        "objectifs": projet.get("objectifs", ""),
        "description": projet.get("description", ""),
        "lieux_dits": figees.get("lieux", {}).get("texte", ""),
        "lieux": _lieux(dossier),
        "publics": {code: publics[code] for code in _PUBLICS if publics.get(code)},
        "partenaires": "\n".join(
            " : ".join(filter(None, (un.get("nom", ""), un.get("role", ""))))
            for un in dits.get("partenaires", [])
        ),
        "indicateurs": [
            {nom: un.get(nom, "") for nom in ("nom", "unite", "source", "cible")}
            for un in dits.get("indicateurs", [])
        ],
        "plan": MILLESIME,
        **_l_argent(dossier, exercice),
    }


def _dates(dossier: Dossier, exercice: int, calendrier: Mapping[str, str]) -> dict[str, str]:
    """Rend quand devait commencer et finir ce que le dossier prévoyait pour un exercice.

    Sur plusieurs années, un exercice ne rend compte que de la sienne ; il garde la fin du projet, que
    plus de temps ne déplace pas.
    """
    debut, fin = calendrier.get("debut_le", ""), calendrier.get("fin_le", "")
    lus, fin_du_projet = (jour_ou_rien(debut), jour_ou_rien(fin)), ""
    if exercice != dossier.annees[0] and lus[0] and lus[0] < date(exercice, 1, 1):
        debut = f"01/01/{exercice}"
    if exercice != dossier.annees[-1] and lus[1] and lus[1] > date(exercice, 12, 31):
        fin, fin_du_projet = f"31/12/{exercice}", fin
    return {"debut_le": debut, "fin_le": fin, "fin_du_projet": fin_du_projet}


def _lieux(dossier: Dossier) -> list[dict[str, str]]:
    """Rend les quartiers où compter, puis « ailleurs » ; un seul lieu si l’on n’en sait aucun."""
    siens = list(dossier.lieux.select_related("quartier", "commune"))
    choisis = [lieu.quartier for lieu in siens if lieu.quartier is not None]
    if dossier.echelle != EchelleDeProjet.QUARTIERS:
        communes = {lieu.commune_id for lieu in siens if lieu.commune_id}
        choisis = [
            quartier
            for quartier in lieux_du_contrat(dossier.appel.contrat).quartiers
            if not communes or communes & {c.pk for c in quartier.communes.all()}
        ]
    if not choisis:
        return [{"cle": SANS_LIEU, "nom": "Sur le territoire du contrat"}]
    nommes = [{"cle": f"q{q.pk}", "nom": q.nom} for q in choisis[:LIEUX_AU_PLUS]]
    return [*nommes, {"cle": AILLEURS, "nom": "Ailleurs, ou quartier inconnu"}]


def versements_de_la_demande(cle: str) -> QuerySet[PartDeVersement]:
    """Rend, pour une sous-requête, ce que le financeur a noté verser à la demande que dit cette colonne."""
    return PartDeVersement.objects.filter(demande=OuterRef(cle), versement__annule_le__isnull=True)


def avec_ses_versements(demandes: QuerySet[Demande]) -> QuerySet[Demande]:
    """Ajoute à des demandes `est_note` : leur financeur a noté ce qu'il verse, même rendu en entier."""
    versees = Exists(versements_de_la_demande("pk"))
    return demandes.annotate(
        est_note=ExpressionWrapper(
            Q(montant_verse__isnull=False) | versees, output_field=BooleanField()
        )
    )


def _verse(demande: Any) -> str | None:
    """Rend ce que le site sait de ce qui est versé, en texte : rien tant que personne ne l'a noté."""
    return str(demande.montant_verse or Decimal("0.00")) if demande.est_note else None


def _l_argent(dossier: Dossier, exercice: int) -> dict[str, Any]:
    plan = plan_de_comptes()
    lignes = dossier.lignes_de_budget.filter(exercice=exercice, montant__isnull=False)
    demandes = avec_ses_versements(
        dossier.demandes.filter(exercice=exercice, montant_demande__isnull=False)
        .exclude(etat__in=[EtatDeDemande.PREPAREE, EtatDeDemande.RETIREE])
        .select_related("financeur")
    )
    return {
        "lignes": [
            {"compte": x.compte, "libelle": x.libelle, "montant": str(x.montant)}
            for x in lignes
            if x.compte in plan
        ],
        "demandes": [
            {
                "demande": d.pk,
                "financeur": d.nom_du_financeur,
                "compte": d.compte,
                "ligne": d.ligne,
                "nature": d.nature,
                "montant": str(d.montant_demande),
                "vote": None if d.montant_vote is None else str(d.montant_vote),
                "verse": _verse(d),
            }
            for d in demandes
        ],
    }


def sections_preremplies(prevu: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Rend ce que le dossier sait déjà dire du bilan, par section ; le porteur corrige ce qui a changé."""
    echelle, *nommes = prevu["lieux_dits"].split("\n")
    # « Un ou plusieurs quartiers » ne dit rien de plus que leurs noms.
    lieux = "\n".join(ligne.removeprefix("- ") for ligne in nommes) or echelle
    realisation = {
        "debut_le": prevu["debut_le"],
        "fin_le": prevu["fin_le"],
        "lieux": lieux,
        "partenaires": prevu["partenaires"],
    }
    indicateurs = {f"i{rang}_source": un["source"] for rang, un in enumerate(prevu["indicateurs"])}
    # La ligne 74 : ce que chaque financeur a payé, quand la plateforme le sait.
    budget = {
        f"d{rang}_realise": ecrire_montant(Decimal(dite["verse"]), court=True)
        for rang, dite in enumerate(prevu["demandes"])
        if dite["verse"] is not None
    }
    dites = {"realisation": realisation, "indicateurs": indicateurs, "budget": budget}
    remplies = {code: {c: t for c, t in dit.items() if t} for code, dit in dites.items()}
    return {code: dit for code, dit in remplies.items() if dit}
