"""Dire aux porteurs ce que leur financeur a décidé."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.models import Dossier
from parvis.journal.actions import noter
from parvis.programmation.models import Decision, LigneDeDecision
from parvis.programmation.rules.decisions import dire_la_reponse
from parvis.socle.templatetags.socle import jour as en_clair


def annoncer_les_reponses(
    par: Acteur, decision: Decision, lignes: Sequence[LigneDeDecision]
) -> None:
    """Écrit une fois à chaque porteur, et note la réponse dans l'histoire de son dossier."""
    par_dossier: dict[int, list[LigneDeDecision]] = defaultdict(list)
    for ligne in lignes:
        par_dossier[ligne.demande.dossier_id].append(ligne)
    acte = f"{decision} du {en_clair(decision.prise_le)}"
    nom = str(decision.financeur.retenu)
    for siennes in par_dossier.values():
        dossier: Dossier = siennes[0].demande.dossier
        reponses = [_dire(ligne) for ligne in siennes]
        noter(
            par=par,
            contrat=decision.contrat.code,
            action="programmation.repondre_a_un_dossier",
            objet=f"dossier:{dossier.pk}",
            objet_nom=str(dossier),
            details={"financeur": nom, "acte": acte, "reponses": " ; ".join(reponses)},
        )
        prevenir_le_porteur(
            dossier,
            objet=f"Dossier {dossier.reference} : {nom} a répondu",
            texte=f"{nom} a décidé ({acte}) :\n"
            + "\n".join(f"– {reponse}." for reponse in reponses)
            + "\n\nLe détail, à qui en parler et ce que vous pouvez faire :",
        )


def _dire(ligne: LigneDeDecision) -> str:
    """Rend une réponse en un bout de phrase, sans point : qui la cite le met."""
    demande = ligne.demande
    nom = f"{demande.ligne} : " if demande.ligne else ""
    dit = dire_la_reponse(ligne.resultat, ligne.montant, demande.montant_demande or Decimal(0))
    suite = f", sous réserve : {ligne.condition.rstrip(' .')}" if ligne.condition else ""
    vers = f" ({ligne.vers})" if ligne.vers else ""
    return f"{nom}{dit}{vers}{suite}"
