"""Joindre une photo ou un document à un bilan, et le retirer."""

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.documents.actions import FichierControle, effacer, ranger
from parvis.evaluation.actions.tenir import noter_le_bilan, tenir_le_bilan
from parvis.evaluation.models import Bilan, PieceDeBilan
from parvis.evaluation.queries.bilans import sections_rouvertes
from parvis.evaluation.rules.bilans import motifs_empechant_d_ecrire
from parvis.evaluation.rules.pieces import motifs_empechant_de_joindre
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne


def _tenir_pour_joindre(par: Acteur, bilan: Bilan) -> Bilan:
    bilan = tenir_le_bilan(par, bilan)
    exiger(
        motifs_empechant_d_ecrire(
            etat=bilan.etat, section="pieces", demandees=sections_rouvertes(bilan)
        )
    )
    return bilan


@transaction.atomic
def joindre_au_bilan(
    *,
    par: Acteur,
    bilan: Bilan,
    sorte: str,
    controle: FichierControle,
    legende: str = "",
    a_les_accords: bool = False,
) -> PieceDeBilan:
    """Joint un fichier déjà contrôlé ; le même fichier envoyé deux fois n'est joint qu'une.

    Lève Refus si la sorte ne convient pas, s'il y en a trop, ou si l'accord des personnes manque.
    """
    bilan = _tenir_pour_joindre(par, bilan)
    jointes = list(bilan.pieces.select_related("fichier"))
    for jointe in jointes:
        if jointe.fichier.empreinte == controle.empreinte:
            return jointe
    exiger(
        motifs_empechant_de_joindre(
            sorte=sorte,
            format_=controle.sorte,
            deja=sum(jointe.sorte == sorte for jointe in jointes),
            a_les_accords=a_les_accords,
        )
    )
    jointe = PieceDeBilan.objects.create(
        bilan=bilan,
        sorte=sorte,
        fichier=ranger(par=par, controle=controle),
        legende=en_une_ligne(legende)[:200],
        a_les_accords=a_les_accords,
        ajoutee_le=timezone.now(),
        ajoutee_par=par.utilisateur_nom,
    )
    _marquer(bilan)
    noter_le_bilan(
        par,
        "evaluation.joindre_une_piece",
        bilan,
        {"piece": jointe.fichier.nom, "empreinte": jointe.fichier.empreinte},
    )
    return jointe


@transaction.atomic
def retirer_du_bilan(*, par: Acteur, bilan: Bilan, pk: int) -> None:
    """Retire un fichier d'un bilan ; ses octets s'effacent s'il n'a jamais été rendu.

    Lève PieceDeBilan.DoesNotExist s'il n'est pas à ce bilan, Refus si le bilan est rendu.
    """
    bilan = _tenir_pour_joindre(par, bilan)
    jointe = bilan.pieces.select_related("fichier").get(pk=pk)
    fichier = jointe.fichier
    details = {"piece": fichier.nom, "empreinte": fichier.empreinte}
    noter_le_bilan(par, "evaluation.retirer_une_piece", bilan, details)
    jointe.delete()
    _marquer(bilan)
    if not fichier.versions_de_bilan.exists():
        effacer(par=par, fichier=fichier)


def _marquer(bilan: Bilan) -> None:
    bilan.modifie_le = timezone.now()
    bilan.save(update_fields=["modifie_le"])
