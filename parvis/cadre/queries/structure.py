"""Une édition en données simples : la structure documentée, celle que rend aussi `lire_document`."""

from typing import Any

from parvis.cadre import models as m
from parvis.cadre.models import Edition
from parvis.cadre.queries import lecture
from parvis.comptes.acteur import Acteur


def contrat_entier(acteur: Acteur, edition: Edition) -> dict[str, Any]:
    """Rend tout le contrat d'une édition, clés de `lire_document --json`, en un nombre fixe de requêtes."""
    par_enjeu: dict[int, list[m.VersionDeFiche]] = {}
    entieres = lecture.fiches_entieres(acteur, edition)
    for version in entieres.prefetch_related(lecture.declinaisons()):
        par_enjeu.setdefault(version.enjeu_id, []).append(version)
    renvois: dict[int, list[m.Renvoi]] = {}
    for renvoi in edition.renvois.filter(enjeu__isnull=False):
        renvois.setdefault(renvoi.enjeu_id or 0, []).append(renvoi)
    return {
        "titre": edition.titre,
        "territoire": edition.territoire,
        "periode": [edition.debut, edition.fin],
        "piliers": [
            {
                "titre": pilier.titre,
                "introduction": pilier.introduction,
                "national": pilier.get_national_display(),
                "enjeux": [
                    {
                        "numero": enjeu.numero,
                        "titre": enjeu.titre,
                        "introduction": enjeu.introduction,
                        "renvois": [_renvoi(r) for r in renvois.get(enjeu.pk, [])],
                        "fiches": [fiche(v) for v in par_enjeu.get(enjeu.pk, [])],
                    }
                    for enjeu in pilier.enjeux.all()
                ],
            }
            for pilier in edition.piliers.prefetch_related("enjeux")
        ],
        "notes": edition.notes,
        "anomalies": edition.anomalies,
        "preambule": edition.preambule,
        "edition": edition.code,
        "prolonge_au": edition.prolonge_au,
        "mots": mots(edition),
        "hors_contrat": [
            {"titre": sujet.titre, "explication": sujet.explication, "mots": sujet.mots}
            for sujet in edition.sujets_hors_contrat.all()
        ],
    }


def mots(edition: Edition) -> dict[str, str]:
    """Rend les trois mots par lesquels le contrat nomme ses niveaux."""
    return {"pilier": edition.mot_pilier, "enjeu": edition.mot_enjeu, "fiche": edition.mot_fiche}


def fiche(v: m.VersionDeFiche) -> dict[str, Any]:
    """Rend une fiche déjà chargée par `lecture.fiches_entieres`, et ses déclinaisons."""
    return {
        "numero": v.numero,
        "titre": v.titre,
        "pilier": v.enjeu.pilier.slug,
        "enjeu": v.enjeu.numero,
        "echelle": v.echelle,
        "descriptif": v.descriptif,
        "types_d_action": [
            {"texte": t.texte, "forme": t.forme, "confiance": t.confiance} for t in v.types.all()
        ],
        "financeurs": [_partenaire(p) for p in v.financeurs],
        "operateurs": [_partenaire(p) for p in v.operateurs],
        "dispositifs": [_dispositif(d) for d in v.dispositifs.all()],
        "renvois": [_renvoi(r) for r in v.renvois.all()],
        "lieux": [
            {
                "imprime": lieu.imprime,
                "territoire": lieu.territoire,
                "type": lieu.type,
                "commune": lieu.commune.code if lieu.commune else None,
                "quartier": lieu.quartier.code if lieu.quartier else None,
            }
            for lieu in v.lieux.all()
        ],
        "publics": [{"code": p.public.code, "preuve": p.preuve} for p in v.publics.all()],
        "constats": [
            {
                "texte": c.texte,
                "valeur": c.valeur,
                "unite": c.unite,
                "annee": c.annee,
                "territoire": c.territoire,
                "source": c.source,
            }
            for c in v.constats.all()
        ],
        "rubriques": [
            {"code": r.code, "libelle": r.libelle, "texte": r.texte} for r in v.rubriques.all()
        ],
        "declinaisons": [
            {
                "lieu": d.lieu,
                "type": d.type,
                "commune": d.commune.code if d.commune else None,
                "quartier": d.quartier.code if d.quartier else None,
                "sections": d.sections,
            }
            for d in v.declinaisons.all()
        ],
    }


def _partenaire(p: m.PartenaireDeFiche) -> dict[str, Any]:
    return {
        "nom": p.partenaire.nom,
        "identifiant": p.partenaire.slug,
        "imprime": p.imprime,
        "parent": p.sous.nom if p.sous else None,
        "condition": p.condition or None,
        "degre": p.degre,
    }


def _dispositif(d: m.DispositifDeFiche) -> dict[str, Any]:
    return {
        "porteur": d.porteur.nom if d.porteur else None,
        "nom": d.dispositif.nom,
        "identifiant": d.dispositif.slug,
        "detail": d.detail or None,
        "origine": d.origine,
        "confiance": d.confiance,
        "degre": d.degre or None,
        "nature": d.dispositif.nature or None,
        "fin_le": d.dispositif.fin_le,
        "suite": d.dispositif.suite or None,
    }


def _renvoi(r: m.Renvoi) -> dict[str, Any]:
    return {
        "imprime": r.imprime,
        "cible": r.cible,
        "nature": r.nature,
        "anomalie": r.anomalie or None,
    }
