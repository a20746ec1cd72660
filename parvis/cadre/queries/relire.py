"""Relire une édition en base comme un document : la même structure que rendent les lecteurs."""

from decimal import Decimal

from parvis.cadre import models as m
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition
from parvis.cadre.queries import lecture
from parvis.comptes.acteur import Acteur


def relire(acteur: Acteur, edition: Edition) -> lu.ContratLu:
    """Rend toute l'édition en une structure lue, en un nombre fixe de requêtes.

    Ce que l'édition sait des partenaires et des dispositifs reste dans son catalogue.
    """
    par_enjeu: dict[int, list[lu.Fiche]] = {}
    for version in lecture.fiches_entieres(acteur, edition):
        par_enjeu.setdefault(version.enjeu_id, []).append(fiche_lue(version))
    renvois: dict[int, list[m.Renvoi]] = {}
    for renvoi in edition.renvois.filter(enjeu__isnull=False):
        renvois.setdefault(renvoi.enjeu_id or 0, []).append(renvoi)
    piliers = []
    for pilier in edition.piliers.prefetch_related("enjeux"):
        enjeux = tuple(
            enjeu_lu(enjeu, renvois.get(enjeu.pk, []), par_enjeu.get(enjeu.pk, []))
            for enjeu in pilier.enjeux.all()
        )
        piliers.append(pilier_lu(pilier, enjeux))
    return contrat_lu(edition, tuple(piliers))


def contrat_lu(edition: Edition, piliers: tuple[lu.Pilier, ...] = ()) -> lu.ContratLu:
    """Rend ce que l'édition dit du contrat lui-même."""
    return lu.ContratLu(
        titre=edition.titre,
        territoire=edition.territoire,
        periode=(edition.debut, edition.fin),
        piliers=piliers,
        notes=tuple(lu.Note(note["numero"], note["texte"]) for note in edition.notes),
        anomalies=tuple(
            lu.Anomalie(a["ligne"], a["nature"], a["texte"]) for a in edition.anomalies
        ),
        preambule=edition.preambule,
        edition=edition.code,
        prolonge_au=edition.prolonge_au.isoformat() if edition.prolonge_au else None,
        hors_contrat=tuple(
            lu.SujetHorsContrat(sujet.titre, sujet.explication, tuple(sujet.mots))
            for sujet in edition.sujets_hors_contrat.all()
        ),
        mots=lu.Mots(edition.mot_pilier, edition.mot_enjeu, edition.mot_fiche),
    )


def pilier_lu(pilier: m.Pilier, enjeux: tuple[lu.Enjeu, ...] = ()) -> lu.Pilier:
    """Rend un pilier."""
    return lu.Pilier(
        titre=pilier.titre,
        enjeux=enjeux,
        imprime=pilier.imprime,
        introduction=pilier.introduction,
        national=pilier.get_national_display().replace("’", "'") or None,
    )


def enjeu_lu(
    enjeu: m.Enjeu, renvois: "list[m.Renvoi]", fiches: "list[lu.Fiche] | None" = None
) -> lu.Enjeu:
    """Rend un enjeu, avec ses renvois et ses fiches déjà lus."""
    return lu.Enjeu(
        numero=_numero(enjeu.numero),
        titre=enjeu.titre,
        introduction=enjeu.introduction,
        fiches=tuple(fiches or ()),
        renvois=_renvois(renvois),
    )


def fiche_lue(v: m.VersionDeFiche) -> lu.Fiche:
    """Rend une fiche déjà chargée par `lecture.fiches_entieres`."""
    return lu.Fiche(
        numero=v.numero,
        titre=v.titre,
        descriptif=v.descriptif,
        types_d_action=tuple(lu.TypeDAction(t.texte, t.forme, t.confiance) for t in v.types.all()),
        financeurs=_partenaires(v.financeurs),
        operateurs=_partenaires(v.operateurs),
        dispositifs=tuple(
            lu.Dispositif(
                porteur=d.porteur.nom if d.porteur else None,
                nom=d.dispositif.nom,
                detail=d.detail or None,
                origine=d.origine,
                confiance=d.confiance,
                degre=d.degre or None,
                imprime=d.imprime or None,
            )
            for d in v.dispositifs.all()
        ),
        renvois=_renvois(v.renvois.all()),
        lieux=tuple(lu.Lieu(x.imprime, x.territoire or None, x.type) for x in v.lieux.all()),
        publics=tuple(lu.Public(p.public.code, p.preuve) for p in v.publics.all()),
        constats=tuple(
            lu.Constat(
                texte=c.texte,
                valeur=_nombre(c.valeur),
                unite=c.unite or None,
                annee=c.annee,
                territoire=c.territoire or None,
                source=c.source or None,
            )
            for c in v.constats.all()
        ),
        echelle=v.echelle or None,
        rubriques=tuple(lu.Rubrique(r.code, r.libelle, texte=r.texte) for r in v.rubriques.all()),
    )


def _partenaires(lignes: "list[m.PartenaireDeFiche]") -> tuple[lu.Partenaire, ...]:
    return tuple(
        lu.Partenaire(
            nom=p.partenaire.nom,
            imprime=p.imprime,
            parent=p.sous.nom if p.sous else None,
            condition=p.condition or None,
            nature=p.partenaire.nature,
            degre=p.degre,
        )
        for p in lignes
    )


def _renvois(lignes) -> tuple[lu.Renvoi, ...]:
    return tuple(lu.Renvoi(r.imprime, r.cible, r.nature, r.anomalie or None) for r in lignes)


def _numero(numero: str) -> int | str:
    """Rend un entier quand il s'écrit ainsi ; « 07 » reste « 07 »."""
    return int(numero) if numero.isdigit() and str(int(numero)) == numero else numero


def _nombre(valeur: Decimal | None) -> float | int | None:
    if valeur is None:
        return None
    return int(valeur) if valeur == int(valeur) else float(valeur)
