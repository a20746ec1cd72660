"""Tout ce qui empêche un dossier d'être déposé, et tout ce qui avertit, section par section."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers import sections as s
from parvis.dossiers.enums import EtatDeSection
from parvis.dossiers.models import Dossier, EcritureDeSection, PieceDAppel
from parvis.dossiers.permissions import peut_deposer_le_dossier
from parvis.dossiers.queries.budget import lire_le_budget
from parvis.dossiers.queries.dossiers import SectionLue, ecritures, lire, sections
from parvis.dossiers.queries.territoire import hors_du_contrat
from parvis.dossiers.rules import depot as loi
from parvis.dossiers.rules.attestations import attestations_a_signer
from parvis.dossiers.rules.depot import Motif
from parvis.dossiers.sections import Section, empreinte


@dataclass(frozen=True)
class Controle:
    """Un dossier relu en entier : ses sections, ce qui l'empêche d'être déposé, ce qui avertit."""

    sections: list[SectionLue]
    motifs: list[Motif]
    avertissements: list[Motif]

    @property
    def est_pret(self) -> bool:
        return not self.motifs

    def de_la_section(self, code: str) -> list[Motif]:
        """Rend les motifs d'une section."""
        return [motif for motif in self.motifs if motif.section == code]


def controler(acteur: Acteur, dossier: Dossier, *, maintenant: datetime) -> Controle:
    """Relit un dossier : rend tous les motifs à la fois. L'heure de l'appel se juge à part."""
    tables, ecrites = sections(dossier), ecritures(dossier)
    valeurs = {code: e.valeur for code, e in ecrites.items()}
    propres, avertissements = _propres(acteur, dossier, tables, valeurs, maintenant)
    lues = [
        _lire_une_propre(section, ecrites.get(code), propres[code])
        if section.est_propre
        else lire(section, ecrites.get(code))
        for code, section in tables.items()
    ]
    motifs = [
        *(m for lue in lues for m in _motifs(lue, propres)),
        *_du_porteur(acteur, dossier),
    ]
    return Controle(lues, motifs, [*avertissements, *_avertissements(dossier, tables, valeurs)])


def _motifs(lue: SectionLue, propres: dict[str, list[Motif]]) -> list[Motif]:
    code = lue.section.code
    if lue.section.est_propre:
        return propres[code]
    return [Motif(code, f"{lue.section.titre} : {f.phrase}", f.champ) for f in lue.motifs]


def _lire_une_propre(
    section: Section, ecriture: EcritureDeSection | None, motifs: list[Motif]
) -> SectionLue:
    """Rend une section qui a sa page à elle : complète quand rien ne l'empêche."""
    etat = EtatDeSection.COMPLETE
    if motifs:
        etat = EtatDeSection.EN_COURS if ecriture and ecriture.valeur else EtatDeSection.VIDE
    manques = [s.Faute(None, m.champ, m.phrase) for m in motifs]
    return SectionLue(section, ecriture.valeur if ecriture else {}, etat, [], manques, ecriture)


def _propres(
    acteur: Acteur,
    dossier: Dossier,
    tables: dict[str, Section],
    valeurs: dict[str, Any],
    maintenant: datetime,
) -> tuple[dict[str, list[Motif]], list[Motif]]:
    """Rend les motifs des sections qui ont leur page à elles, et les avertissements du budget."""
    version = dossier.version_d_appel
    lieux, choisies = valeurs.get("lieux", {}), valeurs.get("fiches", {}).get("fiches", {})
    budget = lire_le_budget(dossier)
    de_l_appel = set(version.financeurs.filter(recoit_ici=True).values_list("organisme", flat=True))
    motifs = {
        "fiches": loi.motifs_des_fiches(
            choisies, set(version.fiches.values_list("fiche__numero", flat=True))
        ),
        "lieux": loi.motifs_des_lieux(
            lieux.get("echelle", ""),
            lieux.get("communes", ()),
            lieux.get("quartiers", ()),
            hors_du_contrat(dossier),
        ),
        "budget": [
            *(Motif("budget", phrase) for phrase in budget.motifs),
            *loi.motifs_des_demandes(budget.demandes_lues, de_l_appel),
        ],
        "pieces": _des_pieces(dossier, maintenant),
        "attestations": _des_attestations(dossier),
    }
    return motifs, [Motif("budget", phrase) for phrase in budget.avertissements]


def pieces_voulues(dossier: Dossier) -> list[PieceDAppel]:
    """Rend les pièces que l'appel demande à ce porteur, les obligatoires d'abord."""
    nature = dossier.projet.porteur.nature
    pieces = dossier.version_d_appel.pieces.order_by("-est_obligatoire", "rang", "pk")
    return [piece for piece in pieces if piece.concerne(nature)]


def _des_pieces(dossier: Dossier, maintenant: datetime) -> list[Motif]:
    validites: dict[str, list[Any]] = {}
    for cle, fin in dossier.pieces.values_list("cle", "valable_jusqu_au"):
        validites.setdefault(cle, []).append(fin)
    voulues = [
        loi.PieceVoulue(p.cle, p.libelle, p.est_obligatoire) for p in pieces_voulues(dossier)
    ]
    return loi.motifs_des_pieces(voulues, validites, timezone.localdate(maintenant))


def _des_attestations(dossier: Dossier) -> list[Motif]:
    signees = {
        code: (version, certifie)
        for code, version, certifie in dossier.attestations.values_list(
            "code", "version", "empreinte"
        )
    }
    a_signer = attestations_a_signer(
        dossier.projet.porteur.nature, signees, empreinte_du_dossier(dossier)
    )
    return [
        Motif("attestations", f"« {texte.titre} » {pourquoi}.", texte.code, texte.reference)
        for texte, pourquoi in a_signer
    ]


def _du_porteur(acteur: Acteur, dossier: Dossier) -> Iterable[Motif]:
    projet = dossier.projet
    return loi.motifs_du_porteur(
        nature=projet.porteur.nature,
        a_une_porteuse=projet.structure_porteuse_id is not None,
        est_fini=bool(projet.porteur.fin_le and projet.porteur.fin_le < timezone.localdate()),
        est_confirme=acteur.est_confirme,
        depose=peut_deposer_le_dossier(acteur, projet),
    )


def _avertissements(
    dossier: Dossier, tables: dict[str, Section], valeurs: dict[str, Any]
) -> list[Motif]:
    def lu(section: str, champ: str) -> Any:
        declare = next(c for c in tables[section].champs if c.code == champ)
        return s.lu(declare, valeurs.get(section, {}).get(champ, ""))

    return loi.avertissements_du_dossier(
        debut=lu("calendrier", "debut_le"),
        fin=lu("calendrier", "fin_le"),
        exercices=dossier.annees,
        siret=dossier.projet.porteur.siret,
        part_quartiers=lu("publics", "part_quartiers"),
    )


def empreinte_du_dossier(dossier: Dossier) -> str:
    """Rend l'empreinte de tout ce que dit un dossier, pièces comprises : ce que l'on certifie."""
    pieces = dossier.pieces.order_by("cle", "pk").values_list("cle", "fichier__empreinte")
    return empreinte(
        {
            "projet": dossier.projet.titre,
            "exercices": list(dossier.annees),
            "sections": {code: e.valeur for code, e in ecritures(dossier).items()},
            "pieces": [list(piece) for piece in pieces],
        }
    )
