"""Rendre un bilan : signé, figé, pour tous les financeurs à la fois."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.actions.bilans import attendre_un_bilan, dater_le_bilan
from parvis.dossiers.actions.depot import adresses_de_qui_porte
from parvis.dossiers.actions.reception import prevenir_le_service
from parvis.dossiers.models import Dossier
from parvis.evaluation.actions.tenir import nom_du_bilan, noter_le_bilan, tenir_le_bilan
from parvis.evaluation.enums import EtatDeBilan
from parvis.evaluation.models import Bilan, PartDuCoutReel, VersionDeBilan
from parvis.evaluation.permissions import peut_rendre_le_bilan
from parvis.evaluation.queries.bilans import BilanLu, lire_le_bilan, reliquat
from parvis.evaluation.queries.contenu import contenu_a_rendre
from parvis.evaluation.rules.bilans import (
    NOM_AU_PLUS,
    S_ECRIVENT,
    motifs_de_la_signature,
    motifs_empechant_le_passage,
)
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import a_la_seconde
from parvis.socle.texte import en_une_ligne


@transaction.atomic
def rendre_le_bilan(
    *,
    par: Acteur,
    bilan: Bilan,
    nom: str,
    qualite: str,
    certifie: bool,
    maintenant: datetime | None = None,
) -> VersionDeBilan:
    """Rend un bilan signé ; le rendre deux fois ne le rend qu'une.

    Lève Refus avec tous les motifs, chacun précédé du nom de sa section ; Dossier.DoesNotExist à qui ne
    dépose pas pour ce porteur.
    """
    bilan = tenir_le_bilan(par, bilan)
    if not peut_rendre_le_bilan(par, bilan):
        raise Dossier.DoesNotExist
    if bilan.etat not in S_ECRIVENT:
        return bilan.versions.latest("numero")
    maintenant = maintenant or timezone.now()
    nom, qualite = (en_une_ligne(texte)[:NOM_AU_PLUS] for texte in (nom, qualite))
    lu = lire_le_bilan(bilan, timezone.localdate(maintenant))
    exiger(
        [
            *motifs_empechant_le_passage(bilan.etat, EtatDeBilan.RENDU),
            *(f"{section.titre} : {m.phrase}" for section, motifs in lu.motifs for m in motifs),
            *motifs_de_la_signature(nom=nom, qualite=qualite, certifie=certifie),
        ]
    )
    version = _figer(par, lu, nom, qualite, maintenant)
    bilan.complements.filter(repondu_le__isnull=True).update(repondu_le=maintenant)
    _marquer_rendu(par, lu, maintenant)
    noter_le_bilan(
        par, "evaluation.rendre_le_bilan", bilan, {"version": version.numero, "signataire": nom}
    )
    _prevenir(par, bilan, version, maintenant)
    return version


def _figer(
    par: Acteur, lu: BilanLu, nom: str, qualite: str, maintenant: datetime
) -> VersionDeBilan:
    contenu = contenu_a_rendre(lu)
    version = VersionDeBilan.objects.create(
        bilan=lu.bilan,
        numero=lu.bilan.versions.count() + 1,
        contenu=contenu,
        rendue_le=maintenant,
        auteur=par.utilisateur_identifiant,
        rendue_par=par.utilisateur_nom,
        signataire=nom,
        qualite=qualite,
    )
    if contenu["pieces"]:
        version.fichiers.set(lu.bilan.pieces.values_list("fichier", flat=True))
    return version


def _marquer_rendu(par: Acteur, lu: BilanLu, maintenant: datetime) -> None:
    """Date le bilan, garde ce qu'en lisent les listes, et dit au dossier que rien ne manque plus."""
    bilan, jour = lu.bilan, timezone.localdate(maintenant)
    budget, touches, laisse = lu.budget, lu.habitants, reliquat(lu)
    bilan.etat, bilan.issue = EtatDeBilan.RENDU, lu.contexte.issue
    bilan.rendu_le, bilan.rendu_par = maintenant, par.utilisateur_nom
    bilan.personnes = touches.tout.tout if touches else None
    bilan.cout_reel = budget.charges.realise if budget else None
    bilan.save()
    # Une part par demande, et non ce qui n'en est pas dépensé : on verse, on reprend encore après.
    bilan.parts.all().delete()
    PartDuCoutReel.objects.bulk_create(
        PartDuCoutReel(
            bilan=bilan,
            demande_id=part.demande,
            montant=part.part,
            declare=part.verse if part.est_declare else None,
        )
        for part in (laisse.parts if laisse else [])
    )
    dossier = bilan.dossier
    if not bilan.est_definitif:
        attendre_un_bilan(
            dossier=dossier, exercice=bilan.exercice, sorte=bilan.sorte, attendu_le=jour
        )
    dater_le_bilan(dossier=dossier, exercice=bilan.exercice, sorte=bilan.sorte, rendu_le=jour)


def _prevenir(par: Acteur, bilan: Bilan, version: VersionDeBilan, maintenant: datetime) -> None:
    dossier, nom = bilan.dossier, nom_du_bilan(bilan)
    prevenir_le_service(
        dossier,
        objet=f"Dossier {dossier.reference} : le {nom} est rendu",
        texte=f"{par.utilisateur_nom}, {dossier.projet.porteur.retenu}, a rendu le {nom} de ce "
        "projet. Vous l’acceptez, ou demandez un complément, pour tous ses financeurs.",
    )
    chemin = reverse(
        "espace_porteur:bilan",
        args=[dossier.appel.contrat.code, dossier.pk, bilan.exercice, bilan.sorte],
    )
    for adresse in adresses_de_qui_porte(dossier):
        deposer(
            destinataire=adresse,
            sujet=Sujet.DEPOT,
            objet=f"Dossier {dossier.reference} : votre {nom} est rendu",
            texte=f"Le {nom} de « {dossier.projet.titre} » est arrivé {a_la_seconde(maintenant)}, "
            f"certifié par {version.signataire}. Tous les financeurs du dossier le lisent ; un seul "
            f"service vous répond.\n\nLe relire, l’imprimer : {settings.ADRESSE}{chemin}",
        )
