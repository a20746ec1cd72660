"""Tenir les instances d'un contrat : leurs membres, leurs réunions, qui y était."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Utilisateur
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.instances import rules
from parvis.instances.enums import EtatDePresence, EtatDeReunion, Voix
from parvis.instances.models import Instance, Mandat, Presence, Reunion
from parvis.instances.permissions import peut_tenir_les_instances
from parvis.instances.queries import feuille, mandats_en_cours, organisme_de
from parvis.instances.rules import Siege, Venue
from parvis.journal.actions import noter
from parvis.organismes.models import Organisme
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import heure, jour
from parvis.socle.texte import en_paragraphes, en_une_ligne
from parvis.socle.validation import motifs_de_validation


@transaction.atomic
def creer_une_instance(
    *, par: Acteur, contrat: Contrat, nom: str, sorte: str, quorum: int = 0
) -> Instance:
    """Crée une instance du contrat ; lève Refus, et Contrat.DoesNotExist à qui n'en est pas pilote."""
    if not peut_tenir_les_instances(par, contrat.code):
        raise Contrat.DoesNotExist
    instance = Instance(
        contrat=contrat,
        nom=en_une_ligne(nom)[:150],
        sorte=sorte,
        quorum=quorum,
        creee_le=timezone.now(),
        creee_par=par.utilisateur_nom,
    )
    exiger(motifs_de_validation(instance, avec_contraintes=True))
    instance.save(force_insert=True)
    _noter(par, "instances.creer_une_instance", instance)
    return instance


@transaction.atomic
def modifier_une_instance(
    *, par: Acteur, instance: Instance, nom: str, sorte: str, quorum: int = 0
) -> Instance:
    """Change le nom, la sorte ou le quorum d'une instance ; lève Refus si elle est close."""
    instance = _tenir(par, instance)
    avant = instance.nom
    instance.nom, instance.sorte, instance.quorum = en_une_ligne(nom)[:150], sorte, quorum
    exiger(
        _motifs_d_instance_close(instance) or motifs_de_validation(instance, avec_contraintes=True)
    )
    instance.save(update_fields=["nom", "sorte", "quorum"])
    details = {"avant": avant if avant != instance.nom else ""}
    _noter(par, "instances.modifier_une_instance", instance, details)
    return instance


@transaction.atomic
def clore_une_instance(*, par: Acteur, instance: Instance) -> Instance:
    """Clôt une instance qui ne se réunira plus ; ses réunions et ses membres restent lisibles."""
    instance = _tenir(par, instance)
    exiger(_motifs_d_instance_close(instance))
    instance.close_le = timezone.now()
    instance.save(update_fields=["close_le"])
    _noter(par, "instances.clore_une_instance", instance)
    return instance


@transaction.atomic
def donner_un_mandat(
    *,
    par: Acteur,
    instance: Instance,
    debut_le: date,
    utilisateur: Utilisateur | None = None,
    nom: str = "",
    organisme: Organisme | None = None,
    fonction: str = "",
    voix: str = Voix.DELIBERATIVE,
    fin_le: date | None = None,
) -> Mandat:
    """Fait siéger une personne, qui a un compte ou non ; lève Refus."""
    instance = _tenir(par, instance)
    nom = "" if utilisateur else en_une_ligne(nom)[:150]
    exiger(
        rules.motifs_empechant_le_mandat(
            est_nomme=utilisateur is not None or any(signe.isalnum() for signe in nom),
            debut_le=debut_le,
            fin_le=fin_le,
            est_close=instance.close_le is not None,
        )
    )
    if organisme is None and utilisateur is not None:
        organisme = organisme_de(utilisateur, instance.contrat.code, jour=timezone.localdate())
    mandat = Mandat(
        instance=instance,
        utilisateur=utilisateur,
        nom_sans_compte=nom,
        organisme=organisme.retenu if organisme else None,
        fonction=en_une_ligne(fonction)[:150],
        voix=voix,
        debut_le=debut_le,
        fin_le=fin_le,
    )
    exiger(motifs_de_validation(mandat, avec_contraintes=True))
    mandat.save(force_insert=True)
    details = {"membre": mandat.nom, "voix": mandat.get_voix_display().lower()}
    _noter(par, "instances.donner_un_mandat", instance, details)
    return mandat


@transaction.atomic
def finir_un_mandat(*, par: Acteur, mandat: Mandat, fin_le: date | None = None) -> Mandat:
    """Met fin à un mandat, aujourd'hui si l'on ne dit rien ; lève Refus s'il l'est déjà."""
    instance = _tenir(par, mandat.instance)
    tenu = instance.mandats.select_for_update(of=("self",)).get(pk=mandat.pk)
    exiger(["Ce mandat est déjà fini."] if tenu.fin_le else [])
    tenu.fin_le = max(fin_le or timezone.localdate(), tenu.debut_le)
    tenu.save(update_fields=["fin_le"])
    _noter(par, "instances.finir_un_mandat", instance, {"membre": tenu.nom})
    return tenu


@transaction.atomic
def prevoir_une_reunion(
    *,
    par: Acteur,
    instance: Instance,
    objet: str,
    commence_le: datetime,
    lieu: str,
    ordre_du_jour: str = "",
) -> Reunion:
    """Prévoit une réunion ; nul n'en est prévenu avant la convocation. Lève Refus."""
    instance = _tenir(par, instance)
    reunion = Reunion(instance=instance, prevue_par=par.utilisateur_nom)
    exiger(_motifs_d_instance_close(instance))
    _ecrire(reunion, objet, commence_le, lieu, ordre_du_jour)
    _noter(par, "instances.prevoir_une_reunion", instance, _de_la_reunion(reunion))
    return reunion


@transaction.atomic
def modifier_une_reunion(
    *,
    par: Acteur,
    reunion: Reunion,
    objet: str,
    commence_le: datetime,
    lieu: str,
    ordre_du_jour: str = "",
) -> Reunion:
    """Change une réunion à venir ; convoquée, elle se convoque de nouveau pour le dire aux membres."""
    reunion = _tenir_la_reunion(par, reunion)
    exiger(rules.motifs_empechant_le_passage(reunion.etat, EtatDeReunion.TENUE))
    _ecrire(reunion, objet, commence_le, lieu, ordre_du_jour)
    _noter(par, "instances.modifier_une_reunion", reunion.instance, _de_la_reunion(reunion))
    return reunion


@transaction.atomic
def convoquer(*, par: Acteur, reunion: Reunion, maintenant: datetime | None = None) -> list[Mandat]:
    """Convoque les membres qui ont un compte, par courriel ; rend ceux qu'il faut prévenir autrement.

    Convoquer de nouveau prévient d'un changement. Lève Refus.
    """
    reunion, maintenant = _tenir_la_reunion(par, reunion), maintenant or timezone.now()
    membres = mandats_en_cours(reunion.instance, timezone.localdate(reunion.commence_le))
    exiger(
        rules.motifs_empechant_de_convoquer(
            etat=reunion.etat,
            commence_le=reunion.commence_le,
            maintenant=maintenant,
            membres=len(membres),
        )
    )
    deja = reunion.convoquee_le is not None
    reunion.etat, reunion.convoquee_le = EtatDeReunion.CONVOQUEE, maintenant
    reunion.save(update_fields=["etat", "convoquee_le"])
    debut = "Changement : " if deja else ""
    quand = f"le {jour(reunion.commence_le)} à {heure(reunion.commence_le)}"
    texte = (
        f"« {reunion.instance} » se réunit {quand}.\nLieu : {reunion.lieu}\nObjet : {reunion.objet}"
    )
    if reunion.ordre_du_jour:
        texte += f"\n\nOrdre du jour :\n{reunion.ordre_du_jour}"
    _ecrire_aux_membres(membres, reunion, f"{debut}{reunion.instance}, {reunion.objet}", texte)
    details = _de_la_reunion(reunion, membres=len(membres))
    _noter(par, "instances.convoquer", reunion.instance, details)
    return [mandat for mandat in membres if mandat.utilisateur is None]


@transaction.atomic
def annuler_une_reunion(*, par: Acteur, reunion: Reunion, motif: str) -> Reunion:
    """Annule une réunion ; convoqués, ses membres en sont prévenus. Lève Refus."""
    reunion = _tenir_la_reunion(par, reunion)
    motif = en_une_ligne(motif)[:300]
    motifs = rules.motifs_empechant_le_passage(reunion.etat, EtatDeReunion.ANNULEE)
    if not any(signe.isalnum() for signe in motif):
        motifs.append("Dites pourquoi la réunion est annulée.")
    exiger(motifs)
    convoques = reunion.etat == EtatDeReunion.CONVOQUEE
    reunion.etat, reunion.motif, reunion.close_le = EtatDeReunion.ANNULEE, motif, timezone.now()
    reunion.save(update_fields=["etat", "motif", "close_le"])
    if convoques:
        membres = mandats_en_cours(reunion.instance, timezone.localdate(reunion.commence_le))
        texte = f"La réunion « {reunion.objet} » est annulée. Motif : {motif}"
        _ecrire_aux_membres(
            membres, reunion, f"Annulée : {reunion.instance}, {reunion.objet}", texte
        )
    details = _de_la_reunion(reunion, motif=motif)
    _noter(par, "instances.annuler_une_reunion", reunion.instance, details)
    return reunion


@transaction.atomic
def noter_les_presences(*, par: Acteur, reunion: Reunion, venues: Mapping[int, Venue]) -> Reunion:
    """Note comment chaque membre est présent ; les noter de nouveau les corrige. Lève Refus.

    Les clés sont celles des mandats ; Mandat.DoesNotExist si l'un n'est pas appelé à cette réunion.
    """
    reunion, maintenant = _tenir_la_reunion(par, reunion), timezone.now()
    appeles = feuille(reunion, jour=timezone.localdate(reunion.commence_le)).appels
    sieges = {a.mandat.pk: Siege(a.mandat.nom, a.mandat.a_voix) for a in appeles}
    if not venues.keys() <= sieges.keys():
        raise Mandat.DoesNotExist
    exiger(rules.motifs_empechant_les_presences(etat=reunion.etat, sieges=sieges, venues=venues))
    for pk, venue in venues.items():
        represente = venue.etat == EtatDePresence.REPRESENTE
        Presence.objects.update_or_create(
            reunion=reunion,
            mandat_id=pk,
            defaults={
                "etat": venue.etat,
                "represente_par_id": venue.par if represente else None,
                "notee_le": maintenant,
                "notee_par": par.utilisateur_nom,
            },
        )
    details = _de_la_reunion(reunion, quorum=_quorum(reunion))
    _noter(par, "instances.noter_les_presences", reunion.instance, details)
    return reunion


@transaction.atomic
def tenir_une_reunion(*, par: Acteur, reunion: Reunion) -> Reunion:
    """Dit qu'une réunion s'est tenue : ses présences ne changent plus. Lève Refus si l'une manque."""
    reunion = _tenir_la_reunion(par, reunion)
    lue = feuille(reunion, jour=timezone.localdate(reunion.commence_le))
    motifs = rules.motifs_empechant_le_passage(reunion.etat, EtatDeReunion.TENUE)
    if reunion.commence_le > timezone.now():
        motifs.append("Cette réunion n’a pas encore commencé.")
    manquent = [appel.mandat.nom for appel in lue.appels if appel.presence is None]
    if manquent:
        motifs.append(f"Notez la présence de chacun : il manque {', '.join(manquent)}.")
    exiger(motifs)
    reunion.etat, reunion.close_le = EtatDeReunion.TENUE, timezone.now()
    reunion.save(update_fields=["etat", "close_le"])
    details = _de_la_reunion(reunion, quorum=_quorum(reunion))
    _noter(par, "instances.tenir_une_reunion", reunion.instance, details)
    return reunion


def _quorum(reunion: Reunion) -> str:
    return feuille(reunion, jour=timezone.localdate(reunion.commence_le)).quorum.phrase


def _ecrire(
    reunion: Reunion, objet: str, commence_le: datetime, lieu: str, ordre_du_jour: str
) -> None:
    reunion.objet, reunion.lieu = en_une_ligne(objet)[:200], en_une_ligne(lieu)[:300]
    reunion.commence_le = commence_le
    reunion.ordre_du_jour = en_paragraphes(ordre_du_jour)[:4000]
    exiger(motifs_de_validation(reunion, avec_contraintes=True))
    reunion.save()


def _motifs_d_instance_close(instance: Instance) -> list[str]:
    return ["Cette instance est close : elle ne se réunit plus."] if instance.close_le else []


def _ecrire_aux_membres(membres: list[Mandat], reunion: Reunion, objet: str, texte: str) -> None:
    page = reverse("espace_financeur:reunions", args=[reunion.instance.contrat.code])
    for mandat in membres:
        if mandat.utilisateur:
            deposer(
                destinataire=mandat.utilisateur.courriel,
                sujet=Sujet.PLATEFORME,
                objet=objet,
                texte=f"{texte}\n\nVos réunions : {settings.ADRESSE}{page}",
            )


def _tenir(par: Acteur, instance: Instance) -> Instance:
    """Rend l'instance, verrouillée ; lève Instance.DoesNotExist à qui ne la tient pas."""
    tenue = (
        Instance.objects.select_for_update(of=("self",))
        .select_related("contrat")
        .get(pk=instance.pk)
    )
    if not peut_tenir_les_instances(par, tenue.contrat.code):
        raise Instance.DoesNotExist
    return tenue


def _tenir_la_reunion(par: Acteur, reunion: Reunion) -> Reunion:
    """Rend la réunion, verrouillée avec son instance ; lève Instance.DoesNotExist à qui ne la tient pas."""
    instance = _tenir(par, reunion.instance)
    tenue = instance.reunions.select_for_update(of=("self",)).get(pk=reunion.pk)
    tenue.instance = instance
    return tenue


def _noter(
    par: Acteur, action: str, instance: Instance, details: Mapping[str, Any] | None = None
) -> None:
    noter(
        par=par,
        contrat=instance.contrat.code,
        action=action,
        objet=f"instance:{instance.pk}",
        objet_nom=str(instance),
        details=details or {},
    )


def _de_la_reunion(reunion: Reunion, **autres: Any) -> dict[str, Any]:
    """Rend ce que le journal garde d'une réunion : son objet et son jour, avec le reste."""
    le_jour = timezone.localdate(reunion.commence_le).isoformat()
    return {"reunion": str(reunion), "jour": le_jour, **autres}
