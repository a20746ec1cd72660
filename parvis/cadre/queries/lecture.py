"""Les pages du contrat : sommaire, pilier, enjeu, fiche, partenaire, dispositif."""

from collections.abc import Sequence

from django.db.models import Count, F, Model, OuterRef, Prefetch, Q, QuerySet, Subquery

from parvis.cadre import models as m
from parvis.cadre.enums import RoleDePartenaire, StatutEdition
from parvis.cadre.models import Contrat, Edition
from parvis.comptes.acteur import Acteur


def contrats_publies(acteur: Acteur) -> QuerySet[Contrat]:
    """Rend les contrats qui ont au moins une édition publiée, seuls visibles du public."""
    return Contrat.objects.filter(editions__in=Edition.objects.publiees()).distinct()


def edition_courante(acteur: Acteur, contrat: str) -> Edition:
    """Rend l'édition publiée la plus récente ; lève Edition.DoesNotExist comme si de rien n'était."""
    edition = Edition.objects.courante(contrat)
    if edition is None:
        raise Edition.DoesNotExist
    return edition


def editions_courantes(acteur: Acteur) -> list[Edition]:
    """Rend l'édition courante de chaque contrat publié, en une requête."""
    courantes: dict[int, Edition] = {}
    publiees = Edition.objects.publiees().select_related("contrat")
    for edition in publiees.order_by("contrat__titre", "contrat_id", "publiee_le", "pk"):
        courantes[edition.contrat_id] = edition
    return list(courantes.values())


def edition_publiee(acteur: Acteur, contrat: str, code: str) -> Edition:
    """Rend une édition publiée par son code ; un brouillon répond comme une édition absente."""
    return (
        Edition.objects.publiees().select_related("contrat").get(contrat__code=contrat, code=code)
    )


def editions_publiees(acteur: Acteur, contrat: str) -> QuerySet[Edition]:
    """Rend les éditions publiées du contrat et leur nombre de fiches, la plus récente d'abord."""
    return (
        Edition.objects.filter(contrat__code=contrat, statut=StatutEdition.PUBLIEE)
        .annotate(nombre_de_fiches=Count("versions"))
        .order_by("-publiee_le", "-pk")
    )


def _versions(edition: Edition) -> QuerySet[m.VersionDeFiche]:
    return edition.versions.select_related("fiche", "enjeu__pilier")


def sommaire(acteur: Acteur, edition: Edition) -> list[m.Pilier]:
    """Rend les piliers, leurs enjeux et leurs fiches, en trois requêtes."""
    versions = Prefetch("versions", queryset=edition.versions.select_related("fiche"))
    enjeux = Prefetch("enjeux", queryset=edition.enjeux.prefetch_related(versions))
    return list(
        edition.piliers.annotate(nombre_de_fiches=Count("enjeux__versions"))
        .order_by("rang")  # un décompte fait oublier l'ordre du modèle
        .prefetch_related(enjeux)
    )


def pilier(acteur: Acteur, edition: Edition, slug: str) -> m.Pilier:
    """Rend un pilier avec ses enjeux et leurs fiches ; lève Pilier.DoesNotExist."""
    versions = Prefetch("versions", queryset=avec_reperes(edition))
    enjeux = Prefetch("enjeux", queryset=edition.enjeux.prefetch_related(versions))
    return edition.piliers.prefetch_related(enjeux).get(slug=slug)


def enjeu(acteur: Acteur, edition: Edition, numero: str) -> m.Enjeu:
    """Rend un enjeu, ses fiches et ses renvois ; lève Enjeu.DoesNotExist."""
    return (
        edition.enjeux.select_related("pilier")
        .prefetch_related(
            Prefetch("versions", queryset=avec_reperes(edition)),
            Prefetch("renvois", queryset=_renvois(edition)),
            Prefetch("cite_par", queryset=_renvois(edition)),
        )
        .get(numero=numero)
    )


def avec_reperes(edition: Edition) -> QuerySet[m.VersionDeFiche]:
    """Rend des fiches de liste : leur pilier et leurs publics."""
    publics = m.PublicDeFiche.objects.select_related("public")
    return _versions(edition).prefetch_related(Prefetch("publics", queryset=publics))


def _renvois(edition: Edition) -> QuerySet[m.Renvoi]:
    return edition.renvois.select_related(
        "enjeu__pilier",
        "version__fiche",
        "version__enjeu__pilier",
        "cible_enjeu__pilier",
        "cible_version__fiche",
        "cible_version__enjeu__pilier",
    )


def fiches_entieres(acteur: Acteur, edition: Edition) -> QuerySet[m.VersionDeFiche]:
    """Rend les fiches avec tout ce qu'elles disent ; le nombre de requêtes ne dépend pas d'elles."""
    partenaires = m.PartenaireDeFiche.objects.select_related("partenaire", "sous").order_by("rang")
    dispositifs = m.DispositifDeFiche.objects.select_related("dispositif", "porteur")
    lieux = m.LieuDeFiche.objects.select_related("commune", "quartier")
    return _versions(edition).prefetch_related(
        "types",
        "constats",
        "rubriques",
        Prefetch("partenaires", queryset=partenaires),
        Prefetch("dispositifs", queryset=dispositifs),
        Prefetch("publics", queryset=m.PublicDeFiche.objects.select_related("public")),
        Prefetch("lieux", queryset=lieux),
        Prefetch("renvois", queryset=_renvois(edition)),
    )


def fiches_a_choisir(acteur: Acteur, edition: Edition) -> QuerySet[m.Fiche]:
    """Rend les fiches d'une édition, dans son ordre, chacune avec son `titre` et son `pilier`."""
    ici = Q(versions__edition=edition)
    return (
        m.Fiche.objects.filter(ici)
        .annotate(titre=F("versions__titre"), rang=F("versions__rang"))
        .annotate(pilier=F("versions__enjeu__pilier__titre"))
        .order_by("rang")
    )


def declinaisons() -> Prefetch:
    """Rend de quoi charger, avec des fiches, ce que chaque lieu en dit autrement."""
    lieux = m.Declinaison.objects.select_related("commune", "quartier")
    return Prefetch("declinaisons", queryset=lieux)


def fiche(acteur: Acteur, edition: Edition, numero: str) -> m.VersionDeFiche:
    """Rend une fiche, ce qu'elle dit et ce qui la cite ; lève VersionDeFiche.DoesNotExist."""
    return (
        fiches_entieres(acteur, edition)
        .prefetch_related(declinaisons(), Prefetch("cite_par", queryset=_renvois(edition)))
        .get(fiche__numero=numero)
    )


def voisines(
    acteur: Acteur, edition: Edition, version: m.VersionDeFiche
) -> tuple[m.VersionDeFiche | None, m.VersionDeFiche | None]:
    """Rend la fiche d'avant et celle d'après dans l'édition."""
    autour = _versions(edition).filter(rang__in=(version.rang - 1, version.rang + 1))
    par_rang = {v.rang: v for v in autour}
    return par_rang.get(version.rang - 1), par_rang.get(version.rang + 1)


def partenaires(
    acteur: Acteur, edition: Edition, role: str, ordre: Sequence[str] = ("cle_de_tri",)
) -> QuerySet[m.Partenaire]:
    """Rend les partenaires qui tiennent ce rôle, avec le nombre de fiches de chacun."""
    return (
        m.Partenaire.objects.filter(fiches__edition=edition, fiches__role=role)
        .annotate(nombre_de_fiches=Count("fiches__version", distinct=True))
        .select_related("parent")
        .order_by(*ordre)
    )


def partenaires_par_presence(acteur: Acteur, edition: Edition, role: str) -> QuerySet[m.Partenaire]:
    """Rend les mêmes partenaires, les plus présents d'abord."""
    return partenaires(acteur, edition, role, ("-nombre_de_fiches", "cle_de_tri"))


def partenaire(acteur: Acteur, edition: Edition, role: str, slug: str) -> m.Partenaire:
    """Rend un partenaire qui tient ce rôle dans l'édition ; lève Partenaire.DoesNotExist."""
    return partenaires(acteur, edition, role).prefetch_related("enfants").get(slug=slug)


def _publics_des_versions() -> Prefetch:
    publics = m.PublicDeFiche.objects.select_related("public")
    return Prefetch("version__publics", queryset=publics)


def lignes_du_partenaire(
    acteur: Acteur, edition: Edition, partenaire: m.Partenaire, role: str
) -> QuerySet[m.PartenaireDeFiche]:
    """Rend les fiches où le partenaire tient ce rôle, dans l'ordre du contrat."""
    return (
        partenaire.fiches.filter(edition=edition, role=role)
        .select_related("version__fiche", "version__enjeu__pilier", "sous")
        .prefetch_related(_publics_des_versions())
        .order_by("version__rang")
    )


def dispositifs_du_partenaire(
    acteur: Acteur, edition: Edition, partenaire: m.Partenaire
) -> QuerySet[m.Dispositif]:
    """Rend les dispositifs dont le partenaire est responsable, cités par l'édition."""
    return _dispositifs(edition).filter(responsables=partenaire)


def _dispositifs(edition: Edition) -> QuerySet[m.Dispositif]:
    cites = m.DispositifDeFiche.objects.filter(edition=edition)
    return (
        m.Dispositif.objects.filter(pk__in=cites.values("dispositif"))
        .annotate(
            nombre_de_fiches=Count(
                "fiches__version", filter=Q(fiches__edition=edition), distinct=True
            )
        )
        .prefetch_related("responsables")
        .order_by("cle_de_tri")
    )


def dispositifs(acteur: Acteur, edition: Edition) -> QuerySet[m.Dispositif]:
    """Rend les dispositifs cités par l'édition, avec leurs responsables et leur nombre de fiches."""
    return _dispositifs(edition)


def dispositif(acteur: Acteur, edition: Edition, slug: str) -> m.Dispositif:
    """Rend un dispositif cité par l'édition ; lève Dispositif.DoesNotExist."""
    return _dispositifs(edition).get(slug=slug)


def lignes_du_dispositif(
    acteur: Acteur, edition: Edition, dispositif: m.Dispositif
) -> QuerySet[m.DispositifDeFiche]:
    """Rend ce que chaque fiche dit du dispositif, dans l'ordre du contrat."""
    return (
        dispositif.fiches.filter(edition=edition)
        .select_related("version__fiche", "version__enjeu__pilier", "porteur")
        .prefetch_related(_publics_des_versions())
        .order_by("version__rang", "rang")
    )


def groupes_de_dispositifs(
    version: m.VersionDeFiche,
) -> list[tuple[m.Partenaire | None, list[m.DispositifDeFiche]]]:
    """Rend les dispositifs d'une fiche déjà chargée, groupés par responsable, dans son ordre."""
    groupes: dict[int | None, tuple[m.Partenaire | None, list[m.DispositifDeFiche]]] = {}
    for lien in version.dispositifs.all():
        groupes.setdefault(lien.porteur_id, (lien.porteur, []))[1].append(lien)
    return list(groupes.values())


def nombres(acteur: Acteur, edition: Edition) -> dict[str, int]:
    """Rend ce que l'édition contient, compté en une requête."""

    def compter(modele: type[Model], champ: str = "pk", **filtre: str) -> Subquery:
        lignes = modele._default_manager.filter(edition=OuterRef("pk"), **filtre).order_by()
        return Subquery(
            lignes.values("edition").annotate(n=Count(champ, distinct=True)).values("n")
        )

    roles = RoleDePartenaire
    comptes = Edition.objects.filter(pk=edition.pk).values_list(
        compter(m.Pilier),
        compter(m.Enjeu),
        compter(m.VersionDeFiche),
        compter(m.PartenaireDeFiche, "partenaire", role=roles.FINANCEUR),
        compter(m.PartenaireDeFiche, "partenaire", role=roles.OPERATEUR),
        compter(m.DispositifDeFiche, "dispositif"),
    )[0]
    noms = ("piliers", "enjeux", "fiches", "financeurs", "operateurs", "dispositifs")
    return {nom: compte or 0 for nom, compte in zip(noms, comptes, strict=True)}


def tient_aussi(acteur: Acteur, edition: Edition, partenaire: m.Partenaire, role: str) -> bool:
    """Dit si le partenaire tient aussi l'autre rôle dans l'édition."""
    return partenaire.fiches.filter(edition=edition).exclude(role=role).exists()
