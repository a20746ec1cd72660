"""Ce qui va et vient avec le logiciel comptable : où lire ses fichiers, les comptes en clair pour payer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.models import ColonnesDePaiement
from parvis.conventions.permissions import peut_lire_les_comptes, prend_des_actes
from parvis.conventions.queries.echeances import echeances_a_payer, lignes_de_comptabilite
from parvis.conventions.queries.fichiers import colonnes_de
from parvis.dossiers.queries.comptes_bancaires import en_clair
from parvis.dossiers.rules.compte_bancaire import par_quatre
from parvis.journal.actions import noter
from parvis.socle.refus import exiger
from parvis.socle.tableaux import Cellule
from parvis.socle.texte import en_une_ligne


@dataclass(frozen=True)
class Colonnes:
    """Le titre de chaque colonne d'un fichier de paiement."""

    numero_d_ordre: str
    acte: str
    montant: str
    verse_le: str
    # Vide, les fichiers ne disent pas l'échéance.
    echeance: str = ""


@transaction.atomic
def choisir_les_colonnes(*, par: Acteur, contrat: Contrat, colonnes: Colonnes) -> None:
    """Garde où le service lit chaque chose dans ses fichiers ; sans effet si rien ne change.

    Lève Refus si deux choses se lisent au même endroit, et Contrat.DoesNotExist à qui ne prend pas d'actes.
    """
    if not prend_des_actes(par) or par.organisme is None:
        raise Contrat.DoesNotExist
    dites = {champ: en_une_ligne(titre)[:200] for champ, titre in asdict(colonnes).items()}
    nommees = [titre for titre in dites.values() if titre]
    exigees = dites.keys() - {"echeance"}
    motifs = [] if all(dites[champ] for champ in exigees) else ["Dites où lire chaque chose."]
    if len(set(nommees)) < len(nommees):
        motifs.append("Chaque chose se lit dans sa propre colonne.")
    exiger(motifs)
    if dites == colonnes_de(par):
        return
    financeur = par.organisme.retenu
    ColonnesDePaiement.objects.update_or_create(
        financeur=financeur,
        defaults=dites | {"choisies_le": timezone.now(), "choisies_par": par.utilisateur_nom},
    )
    _noter(par, "conventions.choisir_les_colonnes", contrat, dites)


@transaction.atomic
def emporter_les_comptes(
    *, par: Acteur, contrat: Contrat, demandes: Mapping[str, str]
) -> list[list[Cellule]]:
    """Rend les échéances choisies avec les IBAN en clair, et le note : chaque lecture se voit.

    Lève Contrat.DoesNotExist à qui ne paie pas pour son organisme.
    """
    if not peut_lire_les_comptes(par):
        raise Contrat.DoesNotExist
    choisies = echeances_a_payer(par, contrat, demandes).choisies
    # Un compte qui attend d'être confirmé ne se paie pas : il ne sort pas.
    comptes = {
        une.paiements.compte.pk: une.paiements.compte
        for une in choisies
        if une.paiements.compte is not None and not une.paiements.compte_a_confirmer
    }
    ibans = {pk: par_quatre(en_clair(compte)) for pk, compte in comptes.items()}
    details = {"nombre": len(ibans), "comptes": sorted(c.masque for c in comptes.values())}
    _noter(par, "conventions.emporter_les_comptes", contrat, details)
    return lignes_de_comptabilite(choisies, ibans)


def _noter(par: Acteur, action: str, contrat: Contrat, details: Mapping[str, object]) -> None:
    noter(
        par=par,
        contrat=contrat.code,
        action=action,
        objet=f"organisme:{par.organisme.pk if par.organisme else 0}",
        objet_nom=par.organisme_nom,
        details=dict(details),
    )
