"""Mesure le temps des pages, publiques et à compte, et l'écrit dans docs/performance.md."""

import logging
import statistics
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.models import Edition
from parvis.cadre.queries import lecture
from parvis.cadre.queries.declinaisons import de_l_edition
from parvis.comptes.acces import tous
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.courriels.enums import Sujet
from parvis.courriels.jetons import jeton
from parvis.dossiers.models import VersionDAppel
from parvis.dossiers.queries.projets_visibles import demandes_publiques
from parvis.socle.rapport import ecrire_section, machine, tableau
from parvis.territoires.models import Quartier

CHAUFFE, TOURS, BUDGET_MS, BUDGET_A_COMPTE_MS = 2, 20, 50, 100
# Ce que chacun ouvre souvent, et les morceaux d'adresse ; la première personne de ce rôle l'ouvre.
PAGES_A_COMPTE: dict[str, dict[str, tuple[str, ...]]] = {
    Role.GESTIONNAIRE: {
        "comptes:accueil": (),
        "comptes:organisme": ("organisme",),
        "comptes:modifier": ("organisme",),
        "comptes:membres": ("organisme",),
    },
    Role.PILOTE: {
        f"pilotage:{page}": ("contrat",)
        for page in (
            *("contrat", "appels", "dossiers", "partenaires", "dispositifs"),
            *("demandes", "roles", "invitations"),
        )
    },
    Role.ADMINISTRATEUR: {
        f"pilotage:{page}": ()
        for page in ("plateforme", "organismes", "doublons", "utilisateurs", "courriels")
    },
}
PORTE = "allauth.account.auth_backends.AuthenticationBackend"
FAUTE_DE_FRAPPE = "mediateque jeuness"


def noms_des_adresses(racine=None, espace: str = "") -> dict[str, tuple[str, ...]]:
    """Rend chaque page que tous peuvent lire avec les morceaux d'adresse qu'elle demande."""
    trouves = {}
    for motif in (racine or get_resolver()).url_patterns:
        demandes = tuple(motif.pattern.converters)
        if isinstance(motif, URLPattern):
            if est_une_lecture(motif.callback):
                trouves[f"{espace}{motif.name}"] = demandes
            continue
        sous = noms_des_adresses(motif, f"{motif.namespace}:" if motif.namespace else espace)
        trouves |= {nom: (*demandes, *suite) for nom, suite in sous.items()}
    return trouves


def est_une_lecture(vue: Callable[..., Any]) -> bool:
    """Dit si une page est ouverte à tous et ne fait que lire : ni connexion, ni désabonnement."""
    return getattr(vue, "acces", None) is tous and not (
        hasattr(vue, "est_sans_garde") or hasattr(vue, "est_sans_jeton")
    )


def exemples(edition: Edition) -> dict[str, str]:
    """Rend une vraie valeur pour chaque morceau d'adresse ; la fiche est la plus fournie."""
    acteur = Acteur.anonyme()
    piliers = lecture.sommaire(acteur, edition)
    enjeux = [enjeu for pilier in piliers for enjeu in pilier.enjeux.all()]
    versions = [version for enjeu in enjeux for version in enjeu.versions.all()]
    fiche = max(versions, key=lambda version: len(version.descriptif)).fiche.numero
    valeurs = {
        "contrat": edition.contrat.code,
        "edition": edition.code,
        "fiche/numero": fiche,
        "permanente/numero": fiche,
        "enjeu/numero": enjeux[0].numero,
        "pilier/slug": piliers[0].slug,
        "export/nom": "fiches",
        "export/extension": "csv",
        "appels_a_emporter/extension": "ics",
        "document/extension": "docx",
        "document_de_fiche/extension": "docx",
        "document_de_fiche/numero": fiche,
        "desabonnement/jeton": jeton("personne@parvis.example", [Sujet.ORGANISME]),
    }
    quartier = (
        Quartier.objects.filter(perimetres__isnull=False).order_by("-millesime", "nom").first()
    )
    if quartier:
        valeurs |= {"quartier/code": quartier.code, "affiche/code": quartier.code}
        commune = quartier.communes.order_by("code").first()
        valeurs["commune/code"] = commune.code if commune else "00000"
        valeurs |= {"couche/code": f"quartiers-{quartier.millesime}", "tableau/extension": "csv"}
        valeurs["tableau_des_chiffres/extension"] = "csv"
    for role in RoleDePartenaire.values:
        partenaires = lecture.partenaires(acteur, edition, role)
        valeurs[f"{role}/slug"] = max(partenaires, key=lambda p: p.nombre_de_fiches).slug
    dispositif = lecture.dispositifs(acteur, edition).first()
    if dispositif:
        valeurs["dispositif/slug"] = dispositif.slug
    appel = VersionDAppel.objects.courantes().filter(appel__contrat=edition.contrat).first()
    if appel:
        valeurs |= {"adresse": appel.appel.adresse, "rang": str(appel.numero)}
    valeurs |= {"vue": "quartiers", "financements_tableau/extension": "csv"}
    votees = demandes_publiques(timezone.localdate()).select_related("dossier__projet__porteur")
    votee = votees.filter(dossier__projet__contrat=edition.contrat).first()
    if votee:
        valeurs["porteur"] = str(votee.dossier.projet.porteur.retenu.pk)
    declinaison = de_l_edition(acteur, edition).first()
    if declinaison:
        valeurs["lieu"] = declinaison.slug
        for page in ("declinaison", "declinaison_permanente"):
            valeurs[f"{page}/numero"] = declinaison.version.numero
    return valeurs


def adresses(edition: Edition) -> dict[str, str]:
    """Rend une vraie adresse par page, puis la liste filtrée et la recherche avec une faute."""
    valeurs = exemples(edition)
    trouvees = {}
    for nom, morceaux in noms_des_adresses().items():
        page = nom.rpartition(":")[2]
        kwargs = {m: valeurs.get(f"{page}/{m}") or valeurs.get(m) for m in morceaux}
        if all(kwargs.values()):
            trouvees[nom.removeprefix("accueil:")] = reverse(nom, kwargs=kwargs)
    filtres = {"financeur": valeurs["financeur/slug"], "mots": "jeunes"}
    trouvees["fiches (filtrées)"] = f"{trouvees['fiches']}?{urlencode(filtres)}"
    question = urlencode({"q": FAUTE_DE_FRAPPE})
    trouvees["recherche (avec fautes)"] = f"{trouvees['recherche']}?{question}"
    return trouvees


def pages_a_compte(edition: Edition) -> list[tuple[str, str, Utilisateur]]:
    """Rend les pages à compte : leur nom, leur adresse, et qui les ouvre."""
    trouvees = []
    for role, pages in PAGES_A_COMPTE.items():
        tenus = Rattachement.objects.confirmes(timezone.localdate()).filter(role=role)
        tenu = tenus.filter(contrat__in=("", edition.contrat.code)).first()
        if tenu is not None:
            valeurs = {"contrat": edition.contrat.code, "organisme": tenu.organisme_id}
            trouvees += [
                (nom, reverse(nom, kwargs={m: valeurs[m] for m in morceaux}), tenu.utilisateur)
                for nom, morceaux in pages.items()
            ]
    return trouvees


def mesurer(client: Client, adresse: str) -> list[object]:
    """Rend le statut, la médiane et le maximum en ms, les requêtes SQL et la taille en ko."""
    for _ in range(CHAUFFE):
        client.get(adresse)
    durees = []
    for _ in range(TOURS):
        debut = time.perf_counter()
        reponse = client.get(adresse)
        durees.append(1000 * (time.perf_counter() - debut))
    with CaptureQueriesContext(connection) as requetes:
        client.get(adresse)
    poids = len(reponse.content) / 1024
    mediane = statistics.median(durees)
    return [reponse.status_code, mediane, max(durees), len(requetes), poids]


class Command(BaseCommand):
    help = "Mesure le temps médian des pages et l'écrit dans docs/performance.md."

    def add_arguments(self, parser):
        parser.add_argument("--contrat", help="code du contrat ; par défaut, le premier publié")

    def handle(self, *args, **options):
        edition = self._edition(options["contrat"])
        # Une page absente ou un renvoi est une mesure, pas un incident.
        logging.disable(logging.WARNING)
        visiteur = self._client()
        publiques = [
            [nom, *mesurer(visiteur, adresse)] for nom, adresse in adresses(edition).items()
        ]
        a_compte = []
        for nom, adresse, utilisateur in pages_a_compte(edition):
            client = self._client()
            client.force_login(utilisateur, backend=PORTE)
            a_compte.append([nom, *mesurer(client, adresse)])
            client.logout()
        logging.disable(logging.NOTSET)
        texte = self._rapport(edition, publiques, a_compte)
        ecrire_section(settings.RACINE / "docs" / "performance.md", "mesurer_pages", texte)
        self.stdout.write(texte)

    def _client(self):
        client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0], HTTP_ACCEPT="text/html")
        client.defaults["wsgi.url_scheme"] = "https" if settings.HTTPS else "http"
        return client

    def _edition(self, code):
        code = code or next((c.code for c in lecture.contrats_publies(Acteur.anonyme())), "")
        edition = Edition.objects.courante(code)
        if edition is None:
            raise CommandError("Aucun contrat publié à mesurer : lancez d'abord parvis preparer.")
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            raise CommandError("Les fichiers statiques manquent : lancez d'abord parvis preparer.")
        return edition

    def _rapport(self, edition, publiques, a_compte):
        morceaux = [
            f"Mesuré le {timezone.localdate():%d/%m/%Y} par `parvis mesurer_pages` : {machine()}. "
            f"{edition}, {edition.versions.count()} fiches. Temps passé dans l'application, "
            f"{TOURS} tours après {CHAUFFE} tours de chauffe, sans mode de mise au point.",
            *_tableau("Pages publiques", publiques, BUDGET_MS),
            *(_tableau("Pages à compte", a_compte, BUDGET_A_COMPTE_MS) if a_compte else []),
        ]
        return "\n\n".join(morceaux)


def _tableau(titre: str, mesures: list[list], budget: int) -> list[str]:
    """Rend une table des mesures, les plus lentes d'abord, et combien dépassent le budget."""
    entetes = ["page", "statut", "médiane (ms)", "maximum (ms)", "requêtes SQL", "taille (ko)"]
    lignes = [
        [*mesure, "**au-dessus**" if mesure[2] > budget else "oui"]
        for mesure in sorted(mesures, key=lambda mesure: -mesure[2])
    ]
    depassees = sum(mesure[2] > budget for mesure in mesures)
    return [
        f"### {titre}",
        tableau([*entetes, f"sous {budget} ms"], lignes),
        f"Pages au-dessus de {budget} ms : {depassees} sur {len(lignes)}.",
    ]
