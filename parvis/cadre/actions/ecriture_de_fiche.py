"""Écrire ce que dit une fiche, section par section : à l'import, puis à chaque retouche."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Model, QuerySet

from parvis.cadre import models as m
from parvis.cadre.actions.catalogue import Catalogue
from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition
from parvis.territoires.queries import Reperes


@dataclass(frozen=True)
class Reperage:
    """De quoi retrouver ce qu'une fiche nomme : partenaires, lieux, enjeux, autres fiches."""

    edition: Edition

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue.de_l_edition(self.edition)

    @cached_property
    def lieux(self) -> Reperes:
        return Reperes.de_l_annee(self.edition.contrat.debut)

    @cached_property
    def enjeux(self) -> dict[str, m.Enjeu]:
        return {enjeu.numero: enjeu for enjeu in self.edition.enjeux.all()}

    @cached_property
    def versions(self) -> dict[str, m.VersionDeFiche]:
        return {v.fiche.numero: v for v in self.edition.versions.select_related("fiche")}


def _ecrire_les_types(ou: Reperage, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    m.TypeDeProjet.objects.bulk_create(
        m.TypeDeProjet(
            edition=ou.edition,
            version=version,
            rang=rang,
            texte=type_lu.texte,
            forme=type_lu.forme,
            confiance=type_lu.confiance,
        )
        for rang, type_lu in enumerate(fiche.types_d_action, 1)
    )


def _ecrire_les_financeurs(ou: Reperage, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    _ecrire_les_partenaires(ou, version, RoleDePartenaire.FINANCEUR, fiche.financeurs)


def _ecrire_les_operateurs(ou: Reperage, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    _ecrire_les_partenaires(ou, version, RoleDePartenaire.OPERATEUR, fiche.operateurs)


def _ecrire_les_partenaires(
    ou: Reperage, version: m.VersionDeFiche, role: str, partenaires: tuple[lu.Partenaire, ...]
) -> None:
    # Un même partenaire imprimé deux fois sous le même rôle ne compte qu'une fois.
    uniques = {partenaire.nom: partenaire for partenaire in reversed(partenaires)}
    connus = ou.catalogue.partenaires
    m.PartenaireDeFiche.objects.bulk_create(
        m.PartenaireDeFiche(
            edition=ou.edition,
            version=version,
            partenaire=connus[partenaire.nom],
            role=role,
            rang=rang,
            imprime=partenaire.imprime,
            condition=partenaire.condition or "",
            sous=connus[partenaire.parent] if partenaire.parent else None,
            degre=partenaire.degre or "possible",
        )
        for rang, partenaire in enumerate(reversed(uniques.values()), 1)
    )


def _ecrire_les_dispositifs(ou: Reperage, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    connus = ou.catalogue
    m.DispositifDeFiche.objects.bulk_create(
        m.DispositifDeFiche(
            edition=ou.edition,
            version=version,
            dispositif=connus.dispositifs[dispositif.nom],
            porteur=connus.partenaires[dispositif.porteur] if dispositif.porteur else None,
            rang=rang,
            imprime=dispositif.imprime or "",
            detail=dispositif.detail or "",
            degre=dispositif.degre or "",
            origine=dispositif.origine,
            confiance=dispositif.confiance,
        )
        for rang, dispositif in enumerate(fiche.dispositifs, 1)
    )


def _ecrire_les_publics(ou: Reperage, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    uniques = {public.code: public for public in reversed(fiche.publics)}
    m.PublicDeFiche.objects.bulk_create(
        m.PublicDeFiche(
            edition=ou.edition,
            version=version,
            public=ou.catalogue.publics[public.code],
            preuve=public.preuve,
        )
        for public in uniques.values()
    )


def _ecrire_les_lieux(ou: Reperage, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    lignes = []
    for rang, lieu in enumerate(fiche.lieux, 1):
        commune, quartier = ou.lieux.situer(lieu.imprime, lieu.territoire or "")
        lignes.append(
            m.LieuDeFiche(
                edition=ou.edition,
                version=version,
                rang=rang,
                imprime=lieu.imprime,
                territoire=lieu.territoire or "",
                type=lieu.type,
                commune=commune,
                quartier=quartier,
            )
        )
    m.LieuDeFiche.objects.bulk_create(lignes)


def _ecrire_les_constats(ou: Reperage, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    m.Constat.objects.bulk_create(
        m.Constat(
            edition=ou.edition,
            version=version,
            rang=rang,
            texte=constat.texte,
            valeur=None if constat.valeur is None else Decimal(str(constat.valeur)),
            unite=constat.unite or "",
            annee=constat.annee,
            territoire=constat.territoire or "",
            source=constat.source or "",
        )
        for rang, constat in enumerate(fiche.constats, 1)
    )


def _ecrire_les_rubriques(ou: Reperage, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    m.RubriqueDeFiche.objects.bulk_create(
        m.RubriqueDeFiche(
            edition=ou.edition,
            version=version,
            rang=rang,
            code=rubrique.code,
            libelle=rubrique.imprime,
            texte=rubrique.texte,
        )
        for rang, rubrique in enumerate((r for r in fiche.rubriques if r.texte), 1)
    )


def _ecrire_les_renvois_de_fiche(ou: Reperage, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    ecrire_les_renvois(ou, fiche.renvois, version=version)


def ecrire_les_renvois(
    ou: Reperage,
    renvois: Iterable[lu.Renvoi],
    *,
    enjeu: m.Enjeu | None = None,
    version: m.VersionDeFiche | None = None,
) -> None:
    """Écrit les renvois d'un enjeu ou d'une fiche, liés à leur cible quand l'édition la tient."""
    lignes = []
    for rang, renvoi in enumerate(renvois, 1):
        sorte, _, numero = renvoi.cible.partition(" ")
        lignes.append(
            m.Renvoi(
                edition=ou.edition,
                enjeu=enjeu,
                version=version,
                rang=rang,
                imprime=renvoi.imprime,
                cible=renvoi.cible,
                cible_enjeu=ou.enjeux.get(numero) if sorte == "enjeu" else None,
                cible_version=ou.versions.get(numero) if sorte == "fiche" else None,
                nature=renvoi.nature,
                anomalie=renvoi.anomalie or "",
            )
        )
    m.Renvoi.objects.bulk_create(lignes)


# Par section d'une fiche, ce qui l'écrit ; la section porte le nom du champ de la structure lue.
ECRITURES: dict[str, Callable[[Reperage, m.VersionDeFiche, lu.Fiche], None]] = {
    "types_d_action": _ecrire_les_types,
    "financeurs": _ecrire_les_financeurs,
    "operateurs": _ecrire_les_operateurs,
    "dispositifs": _ecrire_les_dispositifs,
    "publics": _ecrire_les_publics,
    "lieux": _ecrire_les_lieux,
    "constats": _ecrire_les_constats,
    "rubriques": _ecrire_les_rubriques,
    "renvois": _ecrire_les_renvois_de_fiche,
}


def lignes_de(version: m.VersionDeFiche, section: str) -> QuerySet[Model]:
    """Rend les lignes en base d'une section de fiche."""
    if section in _ROLES:
        return m.PartenaireDeFiche.objects.filter(version=version, role=_ROLES[section])
    return _MODELES[section]._default_manager.filter(version=version)


_ROLES = {"financeurs": RoleDePartenaire.FINANCEUR, "operateurs": RoleDePartenaire.OPERATEUR}
_MODELES: dict[str, type[Model]] = {
    "types_d_action": m.TypeDeProjet,
    "dispositifs": m.DispositifDeFiche,
    "publics": m.PublicDeFiche,
    "lieux": m.LieuDeFiche,
    "constats": m.Constat,
    "rubriques": m.RubriqueDeFiche,
    "renvois": m.Renvoi,
}
