"""Joindre une photo ou un document à un bilan, et le retirer, même rendu."""

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.documents.actions import FichierControle, effacer, ranger
from parvis.dossiers.actions.reception import prevenir_le_porteur, prevenir_le_service
from parvis.evaluation.actions.tenir import (
    nom_du_bilan,
    noter_le_bilan,
    tenir_le_bilan,
    tenir_pour_retirer,
)
from parvis.evaluation.models import Bilan, PieceDeBilan, RetraitDeFichier
from parvis.evaluation.permissions import peut_ecrire_le_bilan
from parvis.evaluation.queries.bilans import sections_rouvertes
from parvis.evaluation.queries.lecture import fichier_rendu
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


@transaction.atomic
def retirer_un_fichier_rendu(
    *, par: Acteur, bilan: Bilan, identifiant: str, motif: str
) -> RetraitDeFichier:
    """Efface un fichier d'un bilan rendu, dont une personne ne veut plus ; ce qui est rendu ne change pas.

    Lève Refus sans motif ou s'il est déjà effacé, Fichier.DoesNotExist s'il n'est pas d'une version de ce
    bilan, Dossier.DoesNotExist à qui n'écrit ni ne reçoit ce bilan.
    """
    bilan = tenir_pour_retirer(par, bilan)
    fichier = fichier_rendu(par, bilan, identifiant)
    motif = en_une_ligne(motif)[:500]
    exiger([] if motif else ["Dites pourquoi, sans nommer personne."])
    # Un bilan à compléter ne le joint plus non plus.
    bilan.pieces.filter(fichier=fichier).delete()
    effacer(par=par, fichier=fichier)
    retrait = RetraitDeFichier.objects.create(
        bilan=bilan,
        fichier=fichier,
        motif=motif,
        retire_le=timezone.now(),
        retire_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
    )
    noter_le_bilan(
        par,
        "evaluation.retirer_un_fichier_rendu",
        bilan,
        {"motif": motif, "empreinte": fichier.empreinte},
    )
    dossier, nom = bilan.dossier, nom_du_bilan(bilan)
    objet = f"Dossier {dossier.reference} : un fichier du {nom} est retiré"
    texte = f"{motif}\n\nSon contenu est effacé. Le bilan reste rendu : rien n’est à refaire."
    if peut_ecrire_le_bilan(par, bilan):
        prevenir_le_service(dossier, objet=objet, texte=texte)
    else:
        prevenir_le_porteur(dossier, objet=objet, texte=texte, page="bilans")
    return retrait


def _marquer(bilan: Bilan) -> None:
    bilan.modifie_le = timezone.now()
    bilan.save(update_fields=["modifie_le"])
