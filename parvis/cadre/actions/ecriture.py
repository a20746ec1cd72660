"""Écrire dans un brouillon ce qu'un document dit, en peu de requêtes."""

from parvis.cadre import models as m
from parvis.cadre.actions.catalogue import libre
from parvis.cadre.actions.ecriture_de_fiche import ECRITURES, Reperage, ecrire_les_renvois
from parvis.cadre.enums import PilierNational
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition
from parvis.socle.texte import adresse, sans_accents

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
    reperage = Reperage(edition)
    for enjeu in contrat.enjeux:
        ecrire_les_renvois(reperage, enjeu.renvois, enjeu=enjeux[str(enjeu.numero)])
        for fiche in enjeu.fiches:
            for ecrire_la_section in ECRITURES.values():
                ecrire_la_section(reperage, versions[fiche.numero], fiche)


def _ecrire_les_enjeux(edition: Edition, contrat: lu.ContratLu) -> dict[str, m.Enjeu]:
    enjeux: list[m.Enjeu] = []
    prises: set[str] = set()
    for rang, pilier_lu in enumerate(contrat.piliers, 1):
        pilier = m.Pilier.objects.create(
            edition=edition,
            rang=rang,
            titre=pilier_lu.titre,
            imprime=pilier_lu.imprime or pilier_lu.titre,
            slug=libre(adresse(pilier_lu.titre, 60), prises),
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
