"""Être prévenu des appels d'un contrat : choisir, puis recevoir un courriel par nouvelle."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.cadre.models import Contrat, Fiche
from parvis.comptes.acteur import Acteur
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.models import Alerte, AppelAilleurs, VersionDAppel
from parvis.dossiers.permissions import peut_etre_prevenu
from parvis.dossiers.queries.alertes import a_prevenir
from parvis.dossiers.rules.changements_d_appel import dire_l_instant
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import jour


@transaction.atomic
def choisir_ses_alertes(
    *, par: Acteur, contrat: Contrat, toutes: bool, fiches: Iterable[Fiche] = ()
) -> int:
    """Remplace ce dont une personne veut être prévenue dans un contrat ; rend le nombre d'alertes.

    `toutes` vaut pour tout le contrat. Ce choix est personnel : le journal n'en garde rien. Lève
    Refus pour un visiteur.
    """
    exiger([] if peut_etre_prevenu(par) else ["Connectez-vous pour être prévenu."])
    siennes = Alerte.objects.filter(utilisateur=par.utilisateur, contrat=contrat)
    voulues = {None} if toutes else {f.pk for f in fiches if f.contrat_id == contrat.pk}
    deja = dict(siennes.select_for_update().values_list("fiche", "pk"))
    siennes.filter(pk__in=[pk for fiche, pk in deja.items() if fiche not in voulues]).delete()
    maintenant = timezone.now()
    Alerte.objects.bulk_create(
        Alerte(utilisateur=par.utilisateur, contrat=contrat, fiche_id=fiche, cree_le=maintenant)
        for fiche in voulues - deja.keys()
    )
    return len(voulues)


def prevenir_d_un_appel(version: VersionDAppel, changements: Iterable[str] = ()) -> None:
    """Écrit à chaque personne qui suit l'appel ou une de ses fiches, une seule fois."""
    contrat = version.appel.contrat
    fiches = version.fiches.values_list("fiche", flat=True)
    lien = _adresse("accueil:appel", contrat.code, version.appel.adresse)
    dates = f"Il ferme le {dire_l_instant(version.ferme_le)}, à l’heure de Paris."
    if version.numero == 1:
        objet = f"Nouvel appel à projets : {version.titre}"
        ouvre = f"Il ouvre le {dire_l_instant(version.ouvre_le)}. " if _a_venir(version) else ""
        texte = f"Un appel à projets paraît : « {version.titre} ». {ouvre}{dates}\n\n{lien}"
    else:
        objet = f"Un appel à projets change : {version.titre}"
        dits = "\n".join(f"- {phrase}" for phrase in changements)
        texte = (
            f"L’appel à projets « {version.titre} » change. {version.ce_qui_change}\n\n{dits}\n\n"
            f"{dates}\n\n{lien}"
        )
    _ecrire(contrat, fiches, objet, texte)


def _a_venir(version: VersionDAppel) -> bool:
    return version.ouvre_le > (version.publiee_le or timezone.now())


def prevenir_d_un_appel_d_ailleurs(ailleurs: AppelAilleurs) -> None:
    """Écrit à chaque personne qui suit le contrat ou une fiche de cet appel d'un autre organisme."""
    contrat = ailleurs.contrat
    ferme = f" Il ferme le {jour(ailleurs.ferme_le)}." if ailleurs.ferme_le else ""
    texte = (
        f"{ailleurs.organisme} lance un appel à projets : « {ailleurs.titre} ».{ferme} "
        f"On y répond sur son site : {ailleurs.lien}\n\n"
        f"Tous les appels : {_adresse('accueil:appels', contrat.code)}"
    )
    fiches = ailleurs.fiches.values_list("pk", flat=True)
    _ecrire(contrat, fiches, f"{ailleurs.organisme} : {ailleurs.titre}", texte)


def _ecrire(contrat: Contrat, fiches: Iterable[int], objet: str, texte: str) -> None:
    for personne in a_prevenir(contrat, fiches):
        deposer(destinataire=personne.courriel, sujet=Sujet.APPEL, objet=objet, texte=texte)


def _adresse(nom: str, *morceaux: str) -> str:
    return f"{settings.ADRESSE}{reverse(nom, args=morceaux)}"
