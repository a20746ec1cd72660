"""Écrire dans un brouillon ce qu'un document dit, en peu de requêtes."""

from collections.abc import Iterable
from decimal import Decimal

from parvis.cadre import models as m
from parvis.cadre.actions.catalogue import Catalogue
from parvis.cadre.enums import PilierNational, RoleDePartenaire
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition
from parvis.socle.texte import adresse, sans_accents
from parvis.territoires.queries import Reperes

NATIONAL = {sans_accents(p.label): p for p in PilierNational}


def ecrire(edition: Edition, contrat: lu.ContratLu) -> None:
    """Remplit un brouillon vide ; se lit dans l'ordre du document."""
    m.SujetHorsContrat.objects.bulk_create(
        m.SujetHorsContrat(
            edition=edition,
            rang=rang,
            titre=sujet.titre,
            explication=sujet.explication,
            mots=list(sujet.mots),
        )
        for rang, sujet in enumerate(contrat.hors_contrat, 1)
    )
    enjeux = _ecrire_les_enjeux(edition, contrat)
    versions = _ecrire_les_fiches(edition, contrat, enjeux)
    catalogue = Catalogue.de_l_edition(edition)
    reperes = Reperes.de_l_annee(edition.contrat.debut)
    for fiche in contrat.fiches:
        version = versions[fiche.numero]
        _ecrire_les_types(edition, version, fiche)
        _ecrire_les_partenaires(edition, version, fiche, catalogue)
        _ecrire_les_dispositifs(edition, version, fiche, catalogue)
        _ecrire_les_publics(edition, version, fiche, catalogue)
        _ecrire_les_lieux(edition, version, fiche, reperes)
        _ecrire_les_constats(edition, version, fiche)
        _ecrire_les_rubriques(edition, version, fiche)
    _ecrire_les_renvois(edition, contrat, enjeux, versions)


def _ecrire_les_enjeux(edition: Edition, contrat: lu.ContratLu) -> dict[str, m.Enjeu]:
    enjeux: list[m.Enjeu] = []
    for rang, pilier_lu in enumerate(contrat.piliers, 1):
        pilier = m.Pilier.objects.create(
            edition=edition,
            rang=rang,
            titre=pilier_lu.titre,
            imprime=pilier_lu.imprime or pilier_lu.titre,
            slug=adresse(pilier_lu.titre, 60),
            introduction=pilier_lu.introduction.strip(),
            national=NATIONAL.get(sans_accents(pilier_lu.national or ""), ""),
        )
        enjeux += [
            m.Enjeu(
                edition=edition,
                pilier=pilier,
                numero=str(enjeu.numero),
                rang=len(enjeux) + decalage,
                titre=enjeu.titre,
                introduction=enjeu.introduction,
            )
            for decalage, enjeu in enumerate(pilier_lu.enjeux, 1)
        ]
    return {enjeu.numero: enjeu for enjeu in m.Enjeu.objects.bulk_create(enjeux)}


def _ecrire_les_fiches(
    edition: Edition, contrat: lu.ContratLu, enjeux: dict[str, m.Enjeu]
) -> dict[str, m.VersionDeFiche]:
    connues = {f.numero: f for f in m.Fiche.objects.filter(contrat=edition.contrat)}
    nouvelles = [
        m.Fiche(contrat=edition.contrat, numero=fiche.numero)
        for fiche in contrat.fiches
        if fiche.numero not in connues
    ]
    connues |= {f.numero: f for f in m.Fiche.objects.bulk_create(nouvelles)}
    versions = m.VersionDeFiche.objects.bulk_create(
        m.VersionDeFiche(
            edition=edition,
            fiche=connues[fiche.numero],
            enjeu=enjeux[str(enjeu.numero)],
            rang=rang,
            titre=fiche.titre,
            descriptif=fiche.descriptif,
            echelle=fiche.echelle or "",
        )
        for rang, (enjeu, fiche) in enumerate(
            ((enjeu, fiche) for enjeu in contrat.enjeux for fiche in enjeu.fiches), 1
        )
    )
    return {version.fiche.numero: version for version in versions}


def _ecrire_les_types(edition: Edition, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    m.TypeDeProjet.objects.bulk_create(
        m.TypeDeProjet(
            edition=edition,
            version=version,
            rang=rang,
            texte=type_lu.texte,
            forme=type_lu.forme,
            confiance=type_lu.confiance,
        )
        for rang, type_lu in enumerate(fiche.types_d_action, 1)
    )


def _ecrire_les_partenaires(
    edition: Edition, version: m.VersionDeFiche, fiche: lu.Fiche, catalogue: Catalogue
) -> None:
    lignes = []
    for role, partenaires in (
        (RoleDePartenaire.FINANCEUR, fiche.financeurs),
        (RoleDePartenaire.OPERATEUR, fiche.operateurs),
    ):
        # Un même partenaire imprimé deux fois sous le même rôle ne compte qu'une fois.
        uniques = {partenaire.nom: partenaire for partenaire in reversed(partenaires)}
        for rang, partenaire in enumerate(reversed(uniques.values()), 1):
            lignes.append(
                m.PartenaireDeFiche(
                    edition=edition,
                    version=version,
                    partenaire=catalogue.partenaires[partenaire.nom],
                    role=role,
                    rang=rang,
                    imprime=partenaire.imprime,
                    condition=partenaire.condition or "",
                    sous=catalogue.partenaires[partenaire.parent] if partenaire.parent else None,
                    degre=partenaire.degre or "possible",
                )
            )
    m.PartenaireDeFiche.objects.bulk_create(lignes)


def _ecrire_les_dispositifs(
    edition: Edition, version: m.VersionDeFiche, fiche: lu.Fiche, catalogue: Catalogue
) -> None:
    m.DispositifDeFiche.objects.bulk_create(
        m.DispositifDeFiche(
            edition=edition,
            version=version,
            dispositif=catalogue.dispositifs[dispositif.nom],
            porteur=catalogue.partenaires[dispositif.porteur] if dispositif.porteur else None,
            rang=rang,
            imprime=dispositif.imprime or "",
            detail=dispositif.detail or "",
            degre=dispositif.degre or "",
            origine=dispositif.origine,
            confiance=dispositif.confiance,
        )
        for rang, dispositif in enumerate(fiche.dispositifs, 1)
    )


def _ecrire_les_publics(
    edition: Edition, version: m.VersionDeFiche, fiche: lu.Fiche, catalogue: Catalogue
) -> None:
    uniques = {public.code: public for public in reversed(fiche.publics)}
    m.PublicDeFiche.objects.bulk_create(
        m.PublicDeFiche(
            edition=edition,
            version=version,
            public=catalogue.publics[public.code],
            preuve=public.preuve,
        )
        for public in uniques.values()
    )


def _ecrire_les_lieux(
    edition: Edition, version: m.VersionDeFiche, fiche: lu.Fiche, reperes: Reperes
) -> None:
    lignes = []
    for rang, lieu in enumerate(fiche.lieux, 1):
        commune, quartier = reperes.situer(lieu.imprime, lieu.territoire or "")
        lignes.append(
            m.LieuDeFiche(
                edition=edition,
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


def _ecrire_les_constats(edition: Edition, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    m.Constat.objects.bulk_create(
        m.Constat(
            edition=edition,
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


def _ecrire_les_rubriques(edition: Edition, version: m.VersionDeFiche, fiche: lu.Fiche) -> None:
    m.RubriqueDeFiche.objects.bulk_create(
        m.RubriqueDeFiche(
            edition=edition,
            version=version,
            rang=rang,
            code=rubrique.code,
            libelle=rubrique.imprime,
            texte=rubrique.texte,
        )
        for rang, rubrique in enumerate((r for r in fiche.rubriques if r.texte), 1)
    )


def _ecrire_les_renvois(
    edition: Edition,
    contrat: lu.ContratLu,
    enjeux: dict[str, m.Enjeu],
    versions: dict[str, m.VersionDeFiche],
) -> None:
    lignes: list[m.Renvoi] = []

    def ajouter(renvois: Iterable[lu.Renvoi], **source) -> None:
        for rang, renvoi in enumerate(renvois, 1):
            sorte, _, numero = renvoi.cible.partition(" ")
            lignes.append(
                m.Renvoi(
                    edition=edition,
                    rang=rang,
                    imprime=renvoi.imprime,
                    cible=renvoi.cible,
                    cible_enjeu=enjeux.get(numero) if sorte == "enjeu" else None,
                    cible_version=versions.get(numero) if sorte == "fiche" else None,
                    nature=renvoi.nature,
                    anomalie=renvoi.anomalie or "",
                    **source,
                )
            )

    for enjeu in contrat.enjeux:
        ajouter(enjeu.renvois, enjeu=enjeux[str(enjeu.numero)])
        for fiche in enjeu.fiches:
            ajouter(fiche.renvois, version=versions[fiche.numero])
    m.Renvoi.objects.bulk_create(lignes)
