"""Recopier un dossier sur le portail d'un financeur : cocher, dire une limite, noter le numéro obtenu."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.sections import poser, tenir_le_dossier
from parvis.dossiers.enums import Guichet
from parvis.dossiers.models import ChampRecopie, Demande, Dossier
from parvis.dossiers.queries.portails import a_recopier, portail_de_la_demande, se_recopie
from parvis.dossiers.rules.coupes import motifs_sur_la_limite
from parvis.dossiers.rules.portails import ecrire_le_numero, motifs_sur_le_numero
from parvis.socle.refus import Refus, exiger

A_CHANGE = (
    "Ce texte a changé pendant que vous le recopiiez : relisez-le, et recopiez-le de nouveau."
)


@transaction.atomic
def marquer_un_champ(
    *, par: Acteur, dossier: Dossier, portail: str, champ: str, est_recopie: bool, lue: str
) -> None:
    """Dit qu'un champ est recopié, ou ne l'est plus ; `lue` est l'empreinte de ce qui était affiché.

    Le redire ne change rien. Lève Refus si le champ ne dit plus la même chose, Dossier.DoesNotExist à
    qui n'écrit pas pour ce porteur, ou pour un champ que ce portail n'a pas.
    """
    dossier = tenir_le_dossier(par, dossier)
    voulu = a_recopier(par, dossier, portail).champs.get(champ)
    if voulu is None:
        raise Dossier.DoesNotExist
    if est_recopie == voulu.est_recopie and not voulu.a_change:
        return
    if est_recopie and lue != voulu.empreinte:
        raise Refus([A_CHANGE])
    fait: dict[str, Any] = {"empreinte": "", "recopie_le": None, "recopie_par": ""}
    if est_recopie:
        fait = {
            "empreinte": voulu.empreinte,
            "recopie_le": timezone.now(),
            "recopie_par": par.utilisateur_nom,
        }
    ChampRecopie.objects.update_or_create(
        dossier=dossier, portail=portail, champ=champ, defaults=fait
    )


@transaction.atomic
def dire_la_limite(
    *, par: Acteur, dossier: Dossier, portail: str, champ: str, limite: int | None
) -> None:
    """Garde la limite qu'un portail montre pour un champ ; None revient à celle de la table.

    Lève Refus si ce n'en est pas une, Dossier.DoesNotExist comme `marquer_un_champ`.
    """
    dossier = tenir_le_dossier(par, dossier)
    if champ not in a_recopier(par, dossier, portail).champs:
        raise Dossier.DoesNotExist
    if limite is not None:
        exiger(motifs_sur_la_limite(limite))
    ChampRecopie.objects.update_or_create(
        dossier=dossier, portail=portail, champ=champ, defaults={"limite": limite}
    )


@transaction.atomic
def noter_le_numero(*, par: Acteur, dossier: Dossier, demande: Demande, numero: str) -> str:
    """Note le numéro qu'un portail a donné, sur toutes les demandes du dossier à ce financeur.

    Rend le numéro tel qu'il se garde ; vide, il s'efface. Dans un brouillon, le budget le retient
    aussi. Lève Refus, Dossier.DoesNotExist à qui n'écrit pas pour ce porteur, Demande.DoesNotExist
    pour une demande qui ne se fait pas ailleurs.
    """
    dossier = tenir_le_dossier(par, dossier)
    if not par.est_confirme and not dossier.est_un_brouillon:
        raise Dossier.DoesNotExist
    tenues = dossier.demandes.select_for_update(of=("self",)).select_related("financeur")
    demande = tenues.get(pk=demande.pk)
    if not se_recopie(demande):
        raise Demande.DoesNotExist
    portail = portail_de_la_demande(demande)
    numero = ecrire_le_numero(portail, numero)
    exiger(motifs_sur_le_numero(portail, numero))
    siennes = tenues.filter(
        financeur=demande.financeur, financeur_nom=demande.financeur_nom, guichet=Guichet.AILLEURS
    )
    if all(sienne.numero_externe == numero for sienne in siennes):
        return numero
    siennes.update(numero_externe=numero)
    if dossier.est_un_brouillon:
        _noter_dans_le_budget(par, dossier, demande, numero)
    noter_le_dossier(
        par,
        "dossiers.noter_le_numero",
        dossier,
        {"financeur": demande.nom_du_financeur, "numero": numero},
    )
    return numero


def _noter_dans_le_budget(par: Acteur, dossier: Dossier, demande: Demande, numero: str) -> None:
    """Écrit le numéro dans la section du budget, d'où les demandes d'un brouillon se refont."""
    courante = dossier.ecritures.get(section="budget", est_courante=True)
    exercices = {
        annee: {
            **part,
            "demandes": [_avec_le_numero(x, demande, numero) for x in part.get("demandes", ())],
        }
        for annee, part in courante.valeur.get("exercices", {}).items()
    }
    poser(par=par, dossier=dossier, section="budget", valeur={"exercices": exercices})


def _avec_le_numero(saisie: dict[str, str], demande: Demande, numero: str) -> dict[str, str]:
    """Rend une demande saisie avec ce numéro, si elle va au même financeur, sur son site."""
    if demande.financeur_id:
        est_la_sienne = (
            saisie.get("financeur") == str(demande.financeur_id)
            and saisie.get("guichet") == Guichet.AILLEURS
        )
    else:
        est_la_sienne = saisie.get("nom") == demande.financeur_nom
    if not est_la_sienne:
        return saisie
    autres = {champ: texte for champ, texte in saisie.items() if champ != "numero"}
    return autres | ({"numero": numero} if numero else {})
