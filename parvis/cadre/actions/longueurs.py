"""Refuser avant d'écrire un texte trop long : SQLite le prendrait, PostgreSQL non."""

from collections.abc import Iterator

from django.db.models import Field, Model

from parvis.cadre import models as m
from parvis.cadre.importation import structure as lu

Mesure = tuple[str, type[Model], str, str | None]


def motifs_de_longueur(contrat: lu.ContratLu) -> list[str]:
    """Rend une phrase par texte trop long, qui dit où il est et la longueur permise."""
    motifs = []
    for ou, modele, champ, valeur in _mesures(contrat):
        colonne = modele._meta.get_field(champ)
        if not isinstance(colonne, Field):
            continue
        if valeur and colonne.max_length and len(valeur) > colonne.max_length:
            motifs.append(
                f"{ou} : « {valeur[:60]}… » est trop long pour « {colonne.verbose_name} » "
                f"({len(valeur)} signes, {colonne.max_length} permis)."
            )
    return motifs


def _mesures(contrat: lu.ContratLu) -> Iterator[Mesure]:
    yield "titre du contrat", m.Contrat, "titre", contrat.titre
    yield "territoire du contrat", m.Contrat, "territoire", contrat.territoire
    yield "code de l’édition", m.Edition, "code", contrat.edition
    for sujet in contrat.hors_contrat:
        yield "sujet hors contrat", m.SujetHorsContrat, "titre", sujet.titre
    for pilier in contrat.piliers:
        yield "pilier", m.Pilier, "titre", pilier.titre
        yield "pilier", m.Pilier, "imprime", pilier.imprime
        for enjeu in pilier.enjeux:
            ou = f"enjeu {enjeu.numero}"
            yield ou, m.Enjeu, "numero", str(enjeu.numero)
            yield ou, m.Enjeu, "titre", enjeu.titre
            yield from _mesures_des_renvois(ou, enjeu.renvois)
            for fiche in enjeu.fiches:
                yield from _mesures_de_fiche(f"fiche {fiche.numero}", fiche)


def _mesures_de_fiche(ou: str, fiche: lu.Fiche) -> Iterator[Mesure]:
    yield ou, m.Fiche, "numero", fiche.numero
    yield ou, m.VersionDeFiche, "titre", fiche.titre
    for partenaire in (*fiche.financeurs, *fiche.operateurs):
        yield ou, m.Partenaire, "nom", partenaire.nom
        yield ou, m.Partenaire, "nom", partenaire.parent
        yield ou, m.PartenaireDeFiche, "imprime", partenaire.imprime
        yield ou, m.PartenaireDeFiche, "condition", partenaire.condition
    for dispositif in fiche.dispositifs:
        yield ou, m.Dispositif, "nom", dispositif.nom
        yield ou, m.Partenaire, "nom", dispositif.porteur
    for public in fiche.publics:
        yield ou, m.PublicDeFiche, "preuve", public.preuve
    for lieu in fiche.lieux:
        yield ou, m.LieuDeFiche, "imprime", lieu.imprime
        yield ou, m.LieuDeFiche, "territoire", lieu.territoire
    for constat in fiche.constats:
        yield ou, m.Constat, "unite", constat.unite
        yield ou, m.Constat, "territoire", constat.territoire
        yield ou, m.Constat, "source", constat.source
    yield from _mesures_des_renvois(ou, fiche.renvois)


def _mesures_des_renvois(ou: str, renvois: tuple[lu.Renvoi, ...]) -> Iterator[Mesure]:
    for renvoi in renvois:
        yield ou, m.Renvoi, "cible", renvoi.cible
