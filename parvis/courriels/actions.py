"""Déposer un courriel, le prendre, dire ce qu'il devient, le résumer, l'oublier."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from parvis.courriels import queries, rules
from parvis.courriels.enums import Etat, Frequence, Sujet
from parvis.courriels.models import Courriel, Preference
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import typo

MORT_PENDANT_L_ENVOI = "L’exécutant s’est arrêté pendant chaque envoi."
LIBRE: dict[str, Any] = {"bail_jusqu_au": None, "executant": ""}


def deposer(
    *, destinataire: str, sujet: str, objet: str, texte: str, maintenant: datetime | None = None
) -> Courriel | None:
    """Dépose un courriel dans la transaction de l'acte ; rend None si l'adresse n'en veut pas.

    `texte` est le message seul : le salut, le motif et le désabonnement s'y ajoutent à l'envoi.
    Lève Refus, et TransactionManagementError hors d'une transaction : un courriel sans son acte,
    ou l'inverse, n'existe pas.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("deposer() demande une transaction ouverte.")
    adresse = destinataire.strip().lower()
    exiger(rules.motifs_empechant_le_depot(destinataire=adresse, sujet=sujet, objet=objet))
    frequence = queries.frequence(adresse, sujet)
    if frequence == Frequence.JAMAIS:
        return None
    maintenant = maintenant or timezone.now()
    return Courriel.objects.create(
        destinataire=adresse,
        sujet=sujet,
        frequence=frequence,
        objet=rules.nettoyer_objet(objet),
        texte=rules.nettoyer_texte(texte),
        depose_le=maintenant,
        prochain_essai_le=maintenant if frequence == Frequence.IMMEDIAT else None,
    )


def prendre(*, executant: str, maintenant: datetime | None = None) -> Courriel | None:
    """Donne à l'exécutant le plus ancien courriel dû, sous bail ; rend None s'il n'y en a pas."""
    maintenant = maintenant or timezone.now()
    dus = Courriel.objects.dus(maintenant)
    # Sans rien à envoyer, on ne prend pas le verrou d'écriture de SQLite.
    if not dus.exists():
        return None
    with transaction.atomic():
        # Un autre exécutant tient peut-être déjà les premiers : on les saute sans attendre.
        courriel = dus.select_for_update(skip_locked=True).order_by("depose_le", "id").first()
        if courriel is None:
            return None
        # Repris d'un exécutant mort, pour la septième fois : c'est peut-être lui qui les tue.
        if courriel.essais > len(rules.DELAIS):
            _changer(courriel, etat=Etat.ABANDONNE, erreur=MORT_PENDANT_L_ENVOI, **LIBRE)
            return None
        return _changer(
            courriel,
            etat=Etat.EN_COURS,
            essais=courriel.essais + 1,
            prochain_essai_le=None,
            bail_jusqu_au=maintenant + rules.DUREE_DU_BAIL,
            executant=executant,
        )


def noter_l_envoi(
    *, courriel: Courriel, executant: str, maintenant: datetime | None = None
) -> bool:
    """Clôt un courriel que le serveur a accepté ; rend faux si le bail était perdu.

    Le texte d'un courriel secret s'efface alors, sauf en démonstration, où il se lit à l'écran.
    """
    envoye: dict[str, Any] = {
        "etat": Etat.ENVOYE,
        "envoye_le": maintenant or timezone.now(),
        "erreur": "",
    }
    if rules.SUJETS[courriel.sujet].est_secret and not settings.DEMONSTRATION:
        envoye["texte"] = ""
    return _clore(courriel, executant, **envoye)


def noter_l_echec(
    *,
    courriel: Courriel,
    executant: str,
    erreur: str,
    est_definitif: bool,
    maintenant: datetime | None = None,
) -> bool:
    """Remet le courriel à plus tard, ou l'abandonne ; rend faux si le bail était perdu."""
    prochain = rules.prochain_essai(courriel.essais, maintenant or timezone.now())
    if est_definitif or prochain is None:
        return _clore(courriel, executant, etat=Etat.ABANDONNE, erreur=erreur)
    return _clore(
        courriel, executant, etat=Etat.A_ENVOYER, erreur=erreur, prochain_essai_le=prochain
    )


@transaction.atomic
def relancer(*, courriel: Courriel, maintenant: datetime | None = None) -> bool:
    """Remet à l'envoi un courriel abandonné ; sans effet, et rend faux, dans tout autre état.

    Cette pièce est voisine du journal : qui relance y note son acte.
    """
    abandonne = Courriel.objects.filter(pk=courriel.pk, etat=Etat.ABANDONNE)
    return bool(
        abandonne.update(
            etat=Etat.A_ENVOYER, essais=0, prochain_essai_le=maintenant or timezone.now()
        )
    )


def preparer_les_resumes(*, maintenant: datetime | None = None) -> int:
    """Écrit le résumé de chaque adresse qui a des messages d'avant l'heure ; rend leur nombre.

    Refaite, n'écrit rien de plus : une adresse reçoit au plus un résumé par jour.
    """
    maintenant = timezone.localtime(maintenant)
    heure = rules.dernier_rendez_vous(maintenant, settings.HEURE_DU_RESUME)
    attendent = Courriel.objects.a_resumer().filter(depose_le__lt=heure)
    adresses = attendent.order_by("destinataire").values_list("destinataire", flat=True).distinct()
    return sum(_resumer(adresse, heure, maintenant) for adresse in list(adresses))


@transaction.atomic
def _resumer(adresse: str, heure: datetime, maintenant: datetime) -> bool:
    attendent = Courriel.objects.a_resumer().filter(destinataire=adresse, depose_le__lt=heure)
    repris = list(attendent.select_for_update().order_by("depose_le", "id"))
    resumes = Courriel.objects.filter(destinataire=adresse, sujet=Sujet.RESUME)
    if not repris or resumes.filter(depose_le__gte=heure).exists():
        return False
    ordre = list(rules.SUJETS)
    repris.sort(key=lambda courriel: ordre.index(courriel.sujet))
    groupes = [(Sujet(s).label, list(g)) for s, g in groupby(repris, key=lambda c: c.sujet)]
    messages = f"{len(repris)} message{'s' if len(repris) > 1 else ''}"
    resume = deposer(
        destinataire=adresse,
        sujet=Sujet.RESUME,
        objet=typo(f"Résumé du {date_format(maintenant, 'j F')} : {messages}"),
        texte=render_to_string("courriels/resume.txt", {"groupes": groupes}),
        maintenant=maintenant,
    )
    pris = [courriel.pk for courriel in repris]
    Courriel.objects.filter(pk__in=pris).update(etat=Etat.RESUME, resume=resume)
    return True


@transaction.atomic
def choisir_frequence(*, adresse: str, sujet: str, frequence: str) -> None:
    """Retient quand cette adresse veut les courriels d'un sujet ; lève Refus.

    Qui ne veut plus d'un sujet ne reçoit pas non plus ce qui attendait.
    """
    exiger(rules.motifs_empechant_le_choix(sujet=sujet, frequence=frequence))
    adresse = adresse.strip().lower()
    Preference.objects.update_or_create(
        adresse=adresse, sujet=sujet, defaults={"frequence": frequence}
    )
    if frequence == Frequence.JAMAIS:
        Courriel.objects.filter(destinataire=adresse, sujet=sujet, etat=Etat.A_ENVOYER).delete()


@transaction.atomic
def se_desabonner(*, adresse: str, sujets: Iterable[str]) -> None:
    """Arrête ces sujets pour cette adresse ; lève Refus si l'un d'eux ne s'arrête pas."""
    for sujet in sujets:
        choisir_frequence(adresse=adresse, sujet=sujet, frequence=Frequence.JAMAIS)


@transaction.atomic
def oublier_les_anciens(*, maintenant: datetime | None = None) -> int:
    """Efface les courriels partis ou abandonnés depuis trop longtemps ; rend leur nombre."""
    limite = (maintenant or timezone.now()) - rules.DUREE_DE_GARDE
    finis = Courriel.objects.filter(etat__in=[Etat.ENVOYE, Etat.ABANDONNE], depose_le__lt=limite)
    return finis.delete()[0]


def _changer(courriel: Courriel, **valeurs: Any) -> Courriel:
    for champ, valeur in valeurs.items():
        setattr(courriel, champ, valeur)
    courriel.save(update_fields=list(valeurs))
    return courriel


def _clore(courriel: Courriel, executant: str, **valeurs: Any) -> bool:
    tenu = Courriel.objects.filter(pk=courriel.pk, etat=Etat.EN_COURS, executant=executant)
    return bool(tenu.update(**valeurs, **LIBRE))
