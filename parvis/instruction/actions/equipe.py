"""Se charger d'un dossier, le rendre, se déporter."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Utilisateur
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.tenir import noter_l_instruction, tenir_le_dossier_etudie
from parvis.instruction.models import Deport, LienDeclare, PriseEnCharge
from parvis.instruction.permissions import peut_consulter
from parvis.instruction.queries.equipe import dossier_qui_atteint, prise_du_service
from parvis.instruction.rules.equipe import (
    motifs_empechant_de_se_charger,
    motifs_empechant_le_deport,
    motifs_empechant_le_lien,
    motifs_sur_le_titre,
)
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres_a_lire
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import en_une_ligne


@transaction.atomic
def se_charger(*, par: Acteur, dossier: Dossier, reprend: bool = False) -> PriseEnCharge:
    """Dit que l'acteur étudie ce dossier pour son service ; le reprendre à un collègue le prévient.

    Lève Refus si un collègue l'étudie et que `reprend` n'est pas dit ; Dossier.DoesNotExist à qui
    n'étudie pas ce dossier.
    """
    dossier, titre = tenir_le_dossier_etudie(par, dossier)
    assert par.organisme is not None and par.utilisateur is not None
    exiger(motifs_sur_le_titre(titre.qualite))
    maintenant, prise = timezone.now(), prise_du_service(par, dossier)
    est_soi = prise is not None and prise.agent_id == par.utilisateur.pk
    exiger(
        motifs_empechant_de_se_charger(
            agent=str(prise.agent) if prise else "", est_soi=est_soi, reprend=reprend
        )
    )
    # Une prise d'un agent qui n'est plus du service ne compte plus : elle s'efface devant la nouvelle.
    ouvertes = PriseEnCharge.objects.filter(
        dossier=dossier,
        organisme__in=membres_a_lire(par.organisme),
        rendue_le__isnull=True,
    )
    for ouverte in ouvertes:
        _rendre(ouverte, maintenant)
    if prise:
        deposer(
            destinataire=prise.agent.courriel,
            sujet=Sujet.PLATEFORME,
            objet=f"Dossier {dossier.reference} : repris par {par.utilisateur_nom}",
            texte=f"{par.utilisateur_nom} étudie maintenant « {dossier.projet.titre} » à votre place.",
        )
    nouvelle = PriseEnCharge.objects.create(
        dossier=dossier, organisme=par.organisme, agent=par.utilisateur, prise_le=maintenant
    )
    noter_l_instruction(
        par, "instruction.se_charger", dossier, {"avant": str(prise.agent) if prise else ""}
    )
    return nouvelle


@transaction.atomic
def rendre_la_main(*, par: Acteur, dossier: Dossier) -> None:
    """Dit que l'acteur n'étudie plus ce dossier ; lève Refus s'il ne l'étudiait pas."""
    dossier, _ = tenir_le_dossier_etudie(par, dossier)
    prise = prise_du_service(par, dossier)
    if prise is None or prise.agent_id != par.utilisateur.pk:  # type: ignore[union-attr]
        raise Refus(["Vous n’étudiez pas ce dossier."])
    _rendre(prise, timezone.now())
    noter_l_instruction(par, "instruction.rendre_la_main", dossier)


@transaction.atomic
def se_deporter(*, par: Acteur, dossier: Dossier, motif: str) -> Deport:
    """Retire l'acteur d'un dossier : il ne le voit plus, n'y agit plus, et le relevé le dira.

    Qui l'étudie, en décide ou le reçoit s'en déporte. Lève Refus, et Dossier.DoesNotExist à tout autre.
    """
    assert par.organisme is not None and par.utilisateur is not None
    Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    dossier = dossier_qui_atteint(par, dossier.appel.contrat, dossier.pk)
    motif = en_une_ligne(motif)[:500]
    exiger(motifs_empechant_le_deport(motif))
    maintenant, prise = timezone.now(), prise_du_service(par, dossier)
    if prise and prise.agent_id == par.utilisateur.pk:
        _rendre(prise, maintenant)
    deport = Deport.objects.create(
        dossier=dossier,
        utilisateur=par.utilisateur,
        organisme=par.organisme,
        motif=motif,
        declare_le=maintenant,
    )
    noter_l_instruction(par, "instruction.se_deporter", dossier)
    return deport


@transaction.atomic
def deporter_un_membre(
    *, par: Acteur, dossier: Dossier, membre: Utilisateur, organisme: Organisme, motif: str
) -> Deport | None:
    """Retire d'un dossier un membre d'une séance, que l'acte appelant a le droit de nommer.

    Rend rien s'il l'était déjà. Lève Refus.
    """
    motif = en_une_ligne(motif)[:500]
    exiger(motifs_empechant_le_deport(motif))
    if Deport.objects.filter(dossier=dossier, utilisateur=membre, leve_le__isnull=True).exists():
        return None
    maintenant = timezone.now()
    prises = PriseEnCharge.objects.filter(dossier=dossier, agent=membre, rendue_le__isnull=True)
    for prise in prises:
        _rendre(prise, maintenant)
    deport = Deport.objects.create(
        dossier=dossier,
        utilisateur=membre,
        organisme=organisme,
        motif=motif,
        declare_le=maintenant,
    )
    noter_l_instruction(par, "instruction.deporter_un_membre", dossier, {"membre": str(membre)})
    return deport


@transaction.atomic
def lever_un_deport(*, par: Acteur, deport: Deport) -> Deport:
    """Lève un déport déclaré par erreur : le pilote du contrat, jamais la personne elle-même.

    Lève Refus s'il l'est déjà, et Deport.DoesNotExist à qui n'est pas pilote.
    """
    tenu = (
        Deport.objects.select_for_update(of=("self",))
        .select_related("dossier__appel__contrat", "dossier__projet", "utilisateur")
        .get(pk=deport.pk)
    )
    if (
        not peut_consulter(par, tenu.dossier.appel.contrat.code)
        or tenu.utilisateur == par.utilisateur
    ):
        raise Deport.DoesNotExist
    exiger(["Ce déport est déjà levé."] if tenu.leve_le else [])
    tenu.leve_le, tenu.leve_par = timezone.now(), par.utilisateur_nom
    tenu.save(update_fields=["leve_le", "leve_par"])
    noter_l_instruction(
        par, "instruction.lever_un_deport", tenu.dossier, {"personne": str(tenu.utilisateur)}
    )
    return tenu


@transaction.atomic
def declarer_un_lien(*, par: Acteur, organisme: Organisme, lien: str) -> LienDeclare:
    """Déclare ce qui lie une personne à un organisme : la plateforme lui proposera de se déporter.

    Lève Refus. C'est une déclaration de la personne sur elle-même : le journal n'en dit rien.
    """
    assert par.utilisateur is not None
    lien, retenu = en_une_ligne(lien)[:200], organisme.retenu
    exiger(
        motifs_empechant_le_lien(
            lien, est_le_sien=par.organisme is not None and par.organisme.pk == retenu.pk
        )
    )
    deja = LienDeclare.objects.filter(
        utilisateur=par.utilisateur, organisme=retenu, fini_le__isnull=True
    )
    exiger(["Vous avez déjà déclaré un lien avec cet organisme."] if deja.exists() else [])
    return LienDeclare.objects.create(
        utilisateur=par.utilisateur, organisme=retenu, lien=lien, declare_le=timezone.now()
    )


@transaction.atomic
def finir_un_lien(*, par: Acteur, lien: LienDeclare) -> LienDeclare:
    """Dit qu'un lien n'existe plus ; lève LienDeclare.DoesNotExist si ce n'est pas le sien."""
    sien = LienDeclare.objects.select_for_update().get(
        pk=lien.pk, utilisateur=par.utilisateur, fini_le__isnull=True
    )
    sien.fini_le = timezone.now()
    sien.save(update_fields=["fini_le"])
    return sien


def _rendre(prise: PriseEnCharge, le: datetime) -> None:
    prise.rendue_le = le
    prise.save(update_fields=["rendue_le"])
