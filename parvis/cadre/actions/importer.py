"""Importer un cadre : un document lu devient un brouillon d'édition, tout ou rien."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from parvis.cadre import rules
from parvis.cadre.actions import ecriture
from parvis.cadre.actions.declinaisons import reporter
from parvis.cadre.actions.longueurs import motifs_de_longueur
from parvis.cadre.contenu import Difference, contenu_lu, differences_de_fond, empreinte
from parvis.cadre.enums import StatutEdition
from parvis.cadre.importation.catalogue import catalogue
from parvis.cadre.importation.structure import ContratLu
from parvis.cadre.importation.unification import unifier_dispositifs
from parvis.cadre.models import CONTENU_D_EDITION, Contrat, Edition
from parvis.cadre.queries.contenu import contenu
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import exiger


@dataclass(frozen=True)
class Importation:
    """Ce qu'un import change, et l'édition écrite s'il y en a une."""

    differences: list[Difference]
    edition: Edition | None
    est_ecrite: bool


def comparer_au_cadre(*, par: Acteur, contrat: str, lu: ContratLu) -> list[Difference]:
    """Rend ce qui change entre la dernière édition du contrat et le document lu.

    Lève Refus, comme l'import, si le document ne peut pas être écrit.
    """
    lu = unifier_dispositifs(lu)
    exiger(motifs_empechant_l_import(contrat, lu))
    connu = Contrat.objects.filter(code=contrat).first()
    return _differences(par, _reference(connu, lu) if connu else None, lu)


def importer_cadre(*, par: Acteur, contrat: str, lu: ContratLu, source: str) -> Importation:
    """Écrit un brouillon d'édition à partir d'un document lu, ou rien s'il n'apporte rien.

    Un brouillon du même code est remplacé ; une édition publiée ou retouchée à la main ne l'est
    jamais : le brouillon prend alors le code suivant (« 2015-06-2 »). Lève Refus avec tous les motifs.
    """
    lu = unifier_dispositifs(lu)
    exiger(motifs_empechant_l_import(contrat, lu))
    with transaction.atomic():
        tenir_la_chaine(contrat)
        cible = _contrat_verrouille(contrat, lu)
        reference = _reference(cible, lu)
        change = _differences(par, reference, lu)
        if reference and not change:
            return Importation([], reference, est_ecrite=False)
        edition = _brouillon(par, cible, lu, source)
        ecriture.ecrire(edition, lu)
        if courante := Edition.objects.courante(contrat):
            reporter(courante, edition)  # un document ne dit pas les déclinaisons
        _noter_l_import(par, edition, nombre_de_differences=len(change))
    return Importation(change, edition, est_ecrite=True)


def motifs_empechant_l_import(contrat: str, lu: ContratLu) -> list[str]:
    """Rend toutes les raisons de ne pas écrire ce document ; vide si rien ne s'oppose."""
    return (
        rules.motifs_empechant_l_import(
            code_contrat=contrat,
            titre=lu.titre,
            debut=lu.periode[0],
            fin=lu.periode[1],
            nombre_de_fiches=len(lu.fiches),
        )
        + rules.motifs_d_anomalies((a.ligne, a.nature, a.texte) for a in lu.anomalies)
        + rules.motifs_de_titres((f.numero, f.titre, f.ligne) for f in lu.fiches)
        + rules.motifs_de_doublons(
            piliers=((pilier.titre, pilier.ligne) for pilier in lu.piliers),
            enjeux=((str(enjeu.numero), enjeu.ligne) for enjeu in lu.enjeux),
            fiches=((fiche.numero, fiche.ligne) for fiche in lu.fiches),
        )
        + motifs_de_longueur(lu)
    )


def _differences(par: Acteur, reference: Edition | None, lu: ContratLu) -> list[Difference]:
    # Un document ne dit pas les déclinaisons : elles passent d'une édition à l'autre.
    plat = contenu(par, reference) if reference else {}
    plat = {cle: valeur for cle, valeur in plat.items() if "déclinaison" not in cle}
    return differences_de_fond(plat, contenu_lu(lu))


def _noter_l_import(par: Acteur, edition: Edition, nombre_de_differences: int) -> None:
    noter(
        par=par,
        contrat=edition.contrat.code,
        action="cadre.importer",
        objet=f"edition:{edition.code}",
        objet_nom=str(edition),
        details={
            "source": edition.source,
            "empreinte": edition.empreinte,
            "differences": nombre_de_differences,
            "anomalies": len(edition.anomalies),
        },
    )


def _reference(contrat: Contrat, lu: ContratLu) -> Edition | None:
    """Rend à quoi se compare un document : le brouillon qu'il remplacerait, ou l'édition en vigueur."""
    remplacee = edition_libre(contrat, _code(lu))
    return remplacee if remplacee.pk else Edition.objects.courante(contrat.code)


def _code(lu: ContratLu) -> str:
    return lu.edition or str(lu.periode[0])


def _contrat_verrouille(code: str, lu: ContratLu) -> Contrat:
    """Rend le contrat, créé au premier import, verrouillé : deux imports ne se croisent pas."""
    debut, fin = _periode(lu)
    Contrat.objects.get_or_create(
        code=code,
        defaults={
            "titre": lu.titre,
            "territoire": lu.territoire,
            "debut": debut,
            "fin": fin,
        },
    )
    return Contrat.objects.select_for_update().get(code=code)


def _periode(lu: ContratLu) -> tuple[int, int]:
    """Rend la période, que les règles ont déjà exigée."""
    debut, fin = lu.periode
    assert debut is not None and fin is not None
    return debut, fin


def edition_libre(contrat: Contrat, code: str, *, reprend_un_brouillon: bool = True) -> Edition:
    """Rend l'édition à écrire sous ce code : un brouillon à remplacer, ou une neuve au code suivant.

    Une édition publiée ne se remplace pas, ni un brouillon qu'une personne a retouché.
    """
    occupees = {e.code: e for e in contrat.editions.select_related("contrat")}
    libre, rang = code, 1
    while libre in occupees and not (reprend_un_brouillon and _se_remplace(occupees[libre])):
        rang += 1
        libre = f"{code}-{rang}"
    return occupees.get(libre) or Edition(contrat=contrat, code=libre)


def _se_remplace(edition: Edition) -> bool:
    return not (edition.est_publiee or edition.copiee_de_id or edition.retouchee_le)


def vider(edition: Edition) -> None:
    """Retire tout ce que dit un brouillon."""
    for modele in CONTENU_D_EDITION:
        modele.objects.filter(edition=edition).delete()


def _brouillon(par: Acteur, contrat: Contrat, lu: ContratLu, source: str) -> Edition:
    """Rend un brouillon vide : celui du même code vidé, ou un nouveau."""
    edition = edition_libre(contrat, _code(lu))
    if edition.pk:
        vider(edition)
    edition.statut = StatutEdition.BROUILLON
    edition.titre, edition.territoire = lu.titre, lu.territoire
    edition.debut, edition.fin = _periode(lu)
    edition.prolonge_au = date.fromisoformat(lu.prolonge_au) if lu.prolonge_au else None
    edition.preambule = lu.preambule
    edition.mot_pilier, edition.mot_enjeu = lu.mots.pilier, lu.mots.enjeu
    edition.mot_fiche = lu.mots.fiche
    edition.catalogue = catalogue(lu)
    edition.source = source
    edition.empreinte = empreinte(contenu_lu(lu))
    edition.notes = [{"numero": n.numero, "texte": n.texte} for n in lu.notes]
    edition.anomalies = [
        {"ligne": a.ligne, "nature": a.nature, "texte": a.texte} for a in lu.anomalies
    ]
    edition.importee_le = timezone.now()
    edition.importee_par = par.utilisateur_nom
    edition.save()
    return edition
