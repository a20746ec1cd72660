"""Donner un lien de lecture du suivi d'un projet, le fermer, compter ses lectures."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.jetons import empreinte_du_jeton, nouveau_jeton
from parvis.dossiers.models import LienDeLecture, Projet
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.rules.liens import DUREE_DU_LIEN, motifs_empechant_le_lien
from parvis.journal.actions import noter
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne


@transaction.atomic
def creer_un_lien(*, par: Acteur, projet: Projet, pour: str) -> tuple[LienDeLecture, str]:
    """Crée un lien de lecture ; rend le lien et son jeton, qui ne se relira nulle part.

    Lève Refus, et Projet.DoesNotExist à qui n'écrit pas pour ce porteur, ou n'est pas confirmé.
    """
    projet = _tenir_le_projet(par, projet)
    pour, maintenant = en_une_ligne(pour)[:100], timezone.now()
    ouverts = projet.liens_de_lecture.filter(revoque_le__isnull=True, expire_le__gt=maintenant)
    exiger(motifs_empechant_le_lien(pour=pour, ouverts=ouverts.count()))
    jeton = nouveau_jeton()
    lien = LienDeLecture.objects.create(
        projet=projet,
        pour=pour,
        empreinte=empreinte_du_jeton(jeton),
        cree_le=maintenant,
        cree_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
        expire_le=maintenant + DUREE_DU_LIEN,
    )
    noter(
        par=par,
        contrat=projet.contrat.code,
        action="dossiers.creer_un_lien",
        objet=f"projet:{projet.pk}",
        objet_nom=projet.titre,
        details={"pour": pour},
    )
    return lien, jeton


@transaction.atomic
def revoquer_un_lien(*, par: Acteur, lien: LienDeLecture) -> LienDeLecture:
    """Ferme un lien de lecture : il n'ouvre plus rien ; le fermer deux fois ne le ferme qu'une.

    Lève Projet.DoesNotExist à qui n'écrit pas pour ce porteur, ou n'est pas confirmé.
    """
    projet = _tenir_le_projet(par, lien.projet)
    lien = projet.liens_de_lecture.get(pk=lien.pk)
    if lien.revoque_le is not None:
        return lien
    lien.revoque_le, lien.revoque_par = timezone.now(), par.utilisateur_nom
    lien.save(update_fields=["revoque_le", "revoque_par"])
    noter(
        par=par,
        contrat=projet.contrat.code,
        action="dossiers.revoquer_un_lien",
        objet=f"projet:{projet.pk}",
        objet_nom=projet.titre,
        details={"pour": lien.pour},
    )
    return lien


def compter_une_lecture(*, lien: LienDeLecture) -> None:
    """Compte une lecture d'un lien. Rien d'autre ne s'en garde : ni qui, ni d'où."""
    LienDeLecture.objects.filter(pk=lien.pk).update(
        lectures=F("lectures") + 1, lu_le=timezone.now()
    )


def _tenir_le_projet(par: Acteur, projet: Projet) -> Projet:
    tenu = (
        Projet.objects.select_for_update(of=("self",))
        .select_related("contrat", "porteur__fusionne_dans", "structure_porteuse__fusionne_dans")
        .get(pk=projet.pk)
    )
    if not (par.est_confirme and peut_ecrire_le_projet(par, tenu)):
        raise Projet.DoesNotExist
    return tenu
