"""L'API de lecture : ce que lit le public, pour d'autres programmes. Aucune écriture."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError

from parvis.api import schemas
from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.models import Dispositif, Edition, Partenaire
from parvis.cadre.queries import lecture, structure
from parvis.cadre.queries.filtres import Filtres, choisir
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.orientation.queries.recherche import chercher, fiches_qui_repondent

api = NinjaAPI(
    title="API de Parvis",
    version="1",
    description="Lecture des contrats de ville publiés. Aucune clé n'est demandée.",
    docs_url=None,
    urls_namespace="api-v1",
)
ABSENT = {404: schemas.Erreur}


@require_safe
@acces(tous)
def accueil(request: HttpRequest) -> HttpResponse:
    """La page qui présente l'API : ses adresses et ce qu'elles rendent."""
    chemins = api.get_openapi_schema()["paths"]
    routes = [(chemin, operations["get"]) for chemin, operations in chemins.items()]
    return render(request, "api/accueil.html", {"routes": routes})


@api.exception_handler(ObjectDoesNotExist)
def introuvable(request: HttpRequest, erreur: ObjectDoesNotExist) -> HttpResponse:
    """Rien à cette adresse, ou rien de publié : la même réponse."""
    return api.create_response(request, {"detail": "Introuvable."}, status=404)


@api.exception_handler(ValidationError)
def invalide(request: HttpRequest, erreur: ValidationError) -> HttpResponse:
    """Une demande mal formée : la phrase nomme chaque paramètre en cause."""
    noms = sorted({str(faute["loc"][-1]) for faute in erreur.errors})
    phrase = f"La valeur donnée ne convient pas pour : {', '.join(noms)}."
    return api.create_response(request, {"detail": phrase}, status=422)


def _edition(request: HttpRequest, contrat: str) -> Edition:
    return lecture.edition_courante(acteur_de(request), contrat)


def _contrat(edition: Edition) -> dict[str, Any]:
    champs = ("titre", "territoire", "debut", "fin", "prolonge_au")
    return {
        "code": edition.contrat.code,
        "edition": edition.code,
        "mots": structure.mots(edition),
        **{champ: getattr(edition, champ) for champ in champs},
    }


@api.get("/contrats/", response=list[schemas.Contrat], summary="Les contrats publiés")
@acces(tous)
def contrats(request: HttpRequest) -> Any:
    """Rend chaque contrat publié et son édition courante."""
    return [_contrat(edition) for edition in lecture.editions_courantes(acteur_de(request))]


@api.get(
    "/contrats/{contrat}/",
    response={200: schemas.Contrat, **ABSENT},
    summary="Un contrat",
)
@acces(tous)
def contrat(request: HttpRequest, contrat: str) -> Any:
    """Rend un contrat publié."""
    return _contrat(_edition(request, contrat))


@api.get(
    "/contrats/{contrat}/piliers/",
    response={200: list[schemas.Pilier], **ABSENT},
    summary="Les piliers, leurs enjeux, les numéros de leurs fiches",
)
@acces(tous)
def piliers(request: HttpRequest, contrat: str) -> Any:
    """Rend le plan du contrat."""
    return [
        {
            "identifiant": pilier.slug,
            "titre": pilier.titre,
            "national": pilier.get_national_display(),
            "introduction": pilier.introduction,
            "enjeux": [
                {
                    "numero": enjeu.numero,
                    "titre": enjeu.titre,
                    "introduction": enjeu.introduction,
                    "fiches": [version.numero for version in enjeu.versions.all()],
                }
                for enjeu in pilier.enjeux.all()
            ],
        }
        for pilier in lecture.sommaire(acteur_de(request), _edition(request, contrat))
    ]


class Choix(Schema):
    """Les critères de choix des fiches ; ils se combinent, et plusieurs se répètent."""

    pilier: str = ""
    financeur: list[str] = []
    operateur: list[str] = []
    dispositif: list[str] = []
    public: list[str] = []
    lieu: str = ""
    mots: str = ""


@api.get(
    "/contrats/{contrat}/fiches/",
    response={200: list[schemas.FicheBreve], **ABSENT},
    summary="Les fiches, avec les mêmes critères que la liste du site",
)
@acces(tous)
def fiches(request: HttpRequest, contrat: str, choix: Query[Choix]) -> Any:
    """Rend les fiches qui répondent à tous les critères."""
    edition, acteur = _edition(request, contrat), acteur_de(request)
    mots = choix.mots.strip()[:200]
    trouvees = fiches_qui_repondent(acteur, edition, mots).numeros if mots else None
    filtres = Filtres(
        choix.pilier,
        tuple(choix.financeur),
        tuple(choix.operateur),
        tuple(choix.dispositif),
        tuple(choix.public),
        choix.lieu,
        mots,
    )
    return [
        {
            "numero": v.numero,
            "titre": v.titre,
            "pilier": v.enjeu.pilier.slug,
            "enjeu": v.enjeu.numero,
            "accroche": v.accroche,
            "publics": [lien.public.code for lien in v.publics.all()],
        }
        for v in choisir(acteur, edition, filtres, trouvees).fiches
    ]


@api.get(
    "/contrats/{contrat}/fiches/{numero}/",
    response={200: schemas.Fiche, **ABSENT},
    summary="Une fiche entière",
)
@acces(tous)
def fiche(request: HttpRequest, contrat: str, numero: str) -> Any:
    """Rend une fiche et tout ce qu'elle dit."""
    version = lecture.fiche(acteur_de(request), _edition(request, contrat), numero)
    return structure.fiche(version)


def _partenaire(partenaire: Partenaire) -> dict[str, Any]:
    champs = ("nom", "sigle", "nature", "a_savoir", "fin_le", "suite", "nombre_de_fiches")
    return {"identifiant": partenaire.slug} | {c: getattr(partenaire, c) for c in champs}


@api.get(
    "/contrats/{contrat}/financeurs/",
    response={200: list[schemas.Partenaire], **ABSENT},
    summary="Les financeurs",
)
@acces(tous)
def financeurs(request: HttpRequest, contrat: str) -> Any:
    """Rend les financeurs que citent les fiches."""
    edition = _edition(request, contrat)
    liste = lecture.partenaires(acteur_de(request), edition, RoleDePartenaire.FINANCEUR)
    return [_partenaire(p) for p in liste]


@api.get(
    "/contrats/{contrat}/operateurs/",
    response={200: list[schemas.Partenaire], **ABSENT},
    summary="Les opérateurs",
)
@acces(tous)
def operateurs(request: HttpRequest, contrat: str) -> Any:
    """Rend les opérateurs que citent les fiches."""
    edition = _edition(request, contrat)
    liste = lecture.partenaires(acteur_de(request), edition, RoleDePartenaire.OPERATEUR)
    return [_partenaire(p) for p in liste]


def _dispositif(dispositif: Dispositif) -> dict[str, Any]:
    champs = ("nom", "nature", "explication", "fin_le", "suite", "nombre_de_fiches")
    return {
        "identifiant": dispositif.slug,
        "responsables": [r.nom for r in dispositif.responsables.all()],
    } | {champ: getattr(dispositif, champ) for champ in champs}


@api.get(
    "/contrats/{contrat}/dispositifs/",
    response={200: list[schemas.Dispositif], **ABSENT},
    summary="Les dispositifs",
)
@acces(tous)
def dispositifs(request: HttpRequest, contrat: str) -> Any:
    """Rend les dispositifs que citent les fiches."""
    liste = lecture.dispositifs(acteur_de(request), _edition(request, contrat))
    return [_dispositif(d) for d in liste]


@api.get(
    "/contrats/{contrat}/recherche/",
    response={200: schemas.Recherche, **ABSENT},
    summary="La recherche, accents et fautes de frappe tolérés",
)
@acces(tous)
def recherche(request: HttpRequest, contrat: str, q: str = "") -> Any:
    """Rend ce qui répond à une question, les meilleures réponses d'abord."""
    trouve = chercher(acteur_de(request), _edition(request, contrat), q.strip()[:200])
    return {
        "question": trouve.question,
        "corrections": {c.ecrit: c.lu for c in trouve.corrections},
        "est_partielle": trouve.est_partielle,
        "resultats": [
            {
                "sorte": r.sorte,
                "identifiant": r.identifiant,
                "titre": r.titre,
                "ou": r.ou,
                "extrait": "".join(mot for mot, _ in r.extrait),
            }
            for groupe in trouve.groupes
            for r in groupe.resultats
        ],
    }
