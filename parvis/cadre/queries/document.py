"""Une édition, ou une de ses fiches, décrite pour être imprimée, en un nombre fixe de requêtes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import formats, timezone

from parvis.cadre import models as m
from parvis.cadre.document.description import (
    Colonne,
    Document,
    Grille,
    Index,
    Note,
    Partie,
    Sommaire,
    Tableau,
    Texte,
    Titre,
)
from parvis.cadre.document.vocabulaire import connaissances, rubrique_en_tableau, valeur
from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.importation.faits_en_tableau import joindre
from parvis.cadre.importation.formats.contrat_en_tableau import mots_lisibles
from parvis.cadre.importation.structure import Mots
from parvis.cadre.importation.texte import majuscule
from parvis.cadre.models import Edition
from parvis.cadre.queries import lecture
from parvis.cadre.queries.declinaisons import de_l_edition
from parvis.cadre.queries.rubriques_du_document import muettes, renvois, responsables, rubriques
from parvis.cadre.sections import SECTIONS, en_texte
from parvis.comptes.acteur import Acteur
from parvis.socle.texte import cle_de_tri

SIGNES_DE_L_EMPREINTE = 16


def document_entier(acteur: Acteur, edition: Edition) -> Document:
    """Rend le document d'une édition entière : fiches, notes, index."""
    mots = _mots(edition)
    versions = list(lecture.fiches_entieres(acteur, edition))
    parties = [
        Sommaire(),
        *_preambule(edition),
        *_niveaux(edition, versions, mots),
        *_notes(edition),
        *_index_des_lieux(de_l_edition(acteur, edition), mots),
        *_index(edition, versions, mots),
    ]
    return _document(edition, edition.titre, (), parties)


def document_d_une_fiche(acteur: Acteur, edition: Edition, numero: str) -> Document:
    """Rend le document d'une seule fiche, sous son pilier et son enjeu ; lève VersionDeFiche.DoesNotExist."""
    mots = _mots(edition)
    v = lecture.fiches_entieres(acteur, edition).get(fiche__numero=numero)
    parties = [
        Titre(1, _titre_de_pilier(v.enjeu.pilier, mots), "pilier"),
        Titre(2, _titre_d_enjeu(v.enjeu, mots), "enjeu"),
        *_fiche(v, mots, muettes([v])),
        *_index_des_lieux(de_l_edition(acteur, edition).filter(version=v), mots),
    ]
    return _document(edition, edition.titre, (f"{majuscule(mots.fiche)} n° {v.numero}",), parties)


def _mots(edition: Edition) -> Mots:
    return mots_lisibles(Mots(edition.mot_pilier, edition.mot_enjeu, edition.mot_fiche))


def _document(
    edition: Edition, titre: str, objet: tuple[str, ...], parties: Iterable[Partie]
) -> Document:
    quand = edition.publiee_le or edition.importee_le
    mentions = [f"Territoire : {edition.territoire}"] if edition.territoire else []
    mentions.append(f"Période : {edition.debut}-{edition.fin}")
    if edition.prolonge_au:
        mentions.append(f"Prolongé jusqu'au {formats.date_format(edition.prolonge_au, 'j F Y')}")
    libelle = majuscule(edition.libelle)
    return Document(
        titre,
        (*mentions, libelle, *objet),
        tuple(_pied(edition)),
        (titre, libelle if edition.est_publiee else f"{libelle} (brouillon)"),
        edition.territoire,
        quand,
        tuple(parties),
    )


def _pied(edition: Edition) -> Iterator[str]:
    if edition.publiee_le:
        jour = formats.date_format(timezone.localtime(edition.publiee_le), "j F Y")
        yield f"Publiée le {jour}. Elle ne change plus."
    else:
        yield "Brouillon : il n'est pas publié, et peut encore changer."
    yield f"Empreinte du contenu : {edition.empreinte[:SIGNES_DE_L_EMPREINTE]}"


def _preambule(edition: Edition) -> Iterator[Partie]:
    sujets = rubrique_en_tableau(
        "hors_contrat",
        (
            {"titre": s.titre, "explication": s.explication, "mots": joindre(s.mots)}
            for s in edition.sujets_hors_contrat.all()
        ),
    )
    if edition.preambule.strip() or sujets is not None:
        yield Titre(1, "Préambule", "preambule")
        yield Texte(edition.preambule)
    if sujets is not None:
        yield Grille("Les sujets que le contrat traite ailleurs", (sujets,))


def _niveaux(edition: Edition, versions: list[m.VersionDeFiche], mots: Mots) -> Iterator[Partie]:
    par_enjeu: dict[int, list[m.VersionDeFiche]] = {}
    for v in versions:
        par_enjeu.setdefault(v.enjeu_id, []).append(v)
    tues = muettes(versions)
    par_source: dict[int | None, list[m.Renvoi]] = {}
    for renvoi in edition.renvois.filter(enjeu__isnull=False):
        par_source.setdefault(renvoi.enjeu_id, []).append(renvoi)
    for pilier in edition.piliers.prefetch_related("enjeux"):
        yield Titre(1, _titre_de_pilier(pilier, mots), f"pilier-{pilier.rang}")
        if pilier.national:
            national = _droite(pilier.get_national_display())
            yield Texte(f"Correspond au pilier national « {national} ».")
        yield Texte(pilier.introduction)
        for enjeu in pilier.enjeux.all():
            yield Titre(2, _titre_d_enjeu(enjeu, mots), f"enjeu-{enjeu.rang}")
            yield Texte(enjeu.introduction)
            dits = rubrique_en_tableau("renvois", renvois(par_source.get(enjeu.pk, [])))
            if dits is not None:
                yield Grille(f"Les renvois de : {enjeu.titre}", (dits,))
            for v in par_enjeu.get(enjeu.pk, []):
                yield from _fiche(v, mots, tues)


def _droite(texte: str) -> str:
    return texte.replace("’", "'")


def _titre_de_pilier(pilier: m.Pilier, mots: Mots) -> str:
    return f"{majuscule(mots.pilier)} {pilier.rang} : {pilier.titre}"


def _titre_d_enjeu(enjeu: m.Enjeu, mots: Mots) -> str:
    return f"{majuscule(mots.enjeu)} n° {enjeu.numero} : {enjeu.titre}"


def _fiche(v: m.VersionDeFiche, mots: Mots, tues: frozenset[str]) -> Iterator[Partie]:
    nom = f"{majuscule(mots.fiche)} n° {v.numero}"
    yield Titre(3, f"{nom} : {v.titre}", f"fiche-{v.rang}")
    yield Grille(f"{nom}, rubrique par rubrique", rubriques(v, tues), ("Rubrique", nom))


def _notes(edition: Edition) -> Iterator[Partie]:
    if edition.notes:
        yield Titre(1, "Notes", "notes")
        yield from (Note(note["numero"], note["texte"]) for note in edition.notes)


def _index_des_lieux(declinaisons: Iterable[m.Declinaison], mots: Mots) -> Iterator[Partie]:
    """Rend ce que chaque lieu dit autrement ; un import ne le relit pas, il le garde."""
    lignes = tuple(
        (
            declinaison.lieu,
            f"{section.titre}, {mots.fiche} {declinaison.version.numero}",
            en_texte(section, declinaison.sections[section.code]),
        )
        for declinaison in sorted(declinaisons, key=lambda d: (d.slug, d.version.rang))
        for section in SECTIONS["declinaison"]
        if section.code in declinaison.sections
    )
    if lignes:
        colonnes = (Colonne("Lieu", 3), Colonne("Ce qui s'y dit autrement", 4), Colonne("Ici", 9))
        yield Titre(1, "Index des lieux", "index-des-lieux")
        yield Index("Ce que chaque lieu dit autrement", Tableau(colonnes, lignes))


def _index(edition: Edition, versions: list[m.VersionDeFiche], mots: Mots) -> Iterator[Partie]:
    yield from _connaissances(edition)
    yield from _index_des_partenaires(versions, mots)
    yield from _index_des_dispositifs(versions, mots)


def _connaissances(edition: Edition) -> Iterator[Partie]:
    """Rend ce que l'édition sait des partenaires et des dispositifs, toutes fiches confondues."""
    for code, savoirs in sorted(edition.catalogue.items(), reverse=True):
        faits = (_savoir(nom, savoirs[nom]) for nom in sorted(savoirs, key=cle_de_tri))
        tableau = connaissances(code, faits)
        if tableau is not None:
            titre = f"Ce que l'on sait des {code}"
            yield Titre(1, titre, f"connus-{code}")
            yield Index(titre, tableau)


def _savoir(nom: str, savoir: Mapping[str, Any]) -> dict[str, str]:
    fin_le = savoir["fin_le"]
    gardes = ("sigle", "a_savoir", "explication", "suite", "lien")
    return {
        "nom": nom,
        **{champ: savoir.get(champ) or "" for champ in gardes},
        "nature": valeur("natures", savoir["nature"]),
        "fin_le": formats.date_format(date.fromisoformat(fin_le), "j F Y") if fin_le else "",
    }


def _index_des_partenaires(versions: list[m.VersionDeFiche], mots: Mots) -> Iterator[Partie]:
    fiches: dict[str, dict[str, list[str]]] = {}
    for v in versions:
        for lien in v.partenaires.all():
            du_role = fiches.setdefault(lien.partenaire.nom, {}).setdefault(lien.role, [])
            du_role.append(v.numero)
    if not fiches:
        return
    colonnes = (
        Colonne("Partenaire", 6),
        Colonne(f"Peut financer ({mots.fiche}s)", 5),
        Colonne(f"Peut porter ({mots.fiche}s)", 5),
    )
    roles = (RoleDePartenaire.FINANCEUR, RoleDePartenaire.OPERATEUR)
    lignes = tuple(
        (nom, *(", ".join(fiches[nom].get(role, ())) for role in roles))
        for nom in sorted(fiches, key=cle_de_tri)
    )
    yield Titre(1, "Index des partenaires", "index-des-partenaires")
    yield Index("Chaque partenaire et ce qui le cite", Tableau(colonnes, lignes))


def _index_des_dispositifs(versions: list[m.VersionDeFiche], mots: Mots) -> Iterator[Partie]:
    fiches: dict[str, list[str]] = {}
    tenus: dict[str, list[str]] = {}
    for v in versions:
        for lien in v.dispositifs.all():
            nom = lien.dispositif.nom
            if v.numero not in fiches.setdefault(nom, []):
                fiches[nom].append(v.numero)
            connus = v.edition.catalogue["dispositifs"].get(nom, {}).get("responsables", ())
            tenus.setdefault(nom, responsables(lien.porteur, connus))
    if not fiches:
        return
    colonnes = (
        Colonne("Dispositif", 7),
        Colonne("Responsables", 5),
        Colonne(f"{majuscule(mots.fiche)}s", 4),
    )
    lignes = tuple(
        (nom, ", ".join(tenus[nom]), ", ".join(fiches[nom]))
        for nom in sorted(fiches, key=cle_de_tri)
    )
    yield Titre(1, "Index des dispositifs", "index-des-dispositifs")
    yield Index("Chaque dispositif, ses responsables et ce qui le cite", Tableau(colonnes, lignes))
