"""Tout ce qui empêche un dossier d'être déposé, et tout ce qui avertit, section par section."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers import sections as s
from parvis.dossiers.enums import EtatDeCompte
from parvis.dossiers.models import CompteBancaire, Dossier
from parvis.dossiers.permissions import peut_deposer_le_dossier
from parvis.dossiers.queries.a_part import avertissements_des_pieces, avertissements_du_pouvoir
from parvis.dossiers.queries.bilans import SECTION, TITRE, bilans_au_depot
from parvis.dossiers.queries.budget import lire_le_budget
from parvis.dossiers.queries.dossiers import SectionLue, ecritures, lire, sections
from parvis.dossiers.queries.taches import reperes
from parvis.dossiers.rules import depot as loi
from parvis.dossiers.rules.depot import Motif
from parvis.dossiers.sections import Section
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres


@dataclass(frozen=True)
class Controle:
    """Un dossier relu en entier : ses sections, ce qui l'empêche d'être déposé, ce qui avertit."""

    sections: list[SectionLue]
    motifs: list[Motif]
    avertissements: list[Motif]

    @property
    def est_pret(self) -> bool:
        return not self.motifs

    @property
    def par_section(self) -> "list[PartDuControle]":
        """Rend les motifs rangés par section, dans l'ordre.

        Ce qui tient à la personne ou à l'heure n'est d'aucune section, et vient en dernier.
        """
        ordre = [(lue.section.code, lue.section.titre) for lue in self.sections]
        ordre.append((SECTION, TITRE))
        ranges = [
            PartDuControle(code, titre, self.de_la_section(code))
            for code, titre in [*ordre, ("", "")]
        ]
        return [part for part in ranges if part.motifs]

    def de_la_section(self, code: str) -> list[Motif]:
        """Rend les motifs d'une section."""
        return [motif for motif in self.motifs if motif.section == code]


@dataclass(frozen=True)
class PartDuControle:
    """Les motifs d'une section, et ce qui les fonde s'ils ont tous le même fondement."""

    code: str
    titre: str
    motifs: list[Motif]

    @property
    def reference(self) -> str:
        dites = {motif.reference for motif in self.motifs}
        return dites.pop() if len(dites) == 1 else ""


def controler(acteur: Acteur, dossier: Dossier, *, maintenant: datetime) -> Controle:
    """Relit un dossier : rend tous les motifs à la fois. L'heure de l'appel se juge à part."""
    jour = timezone.localdate(maintenant)
    tables, ecrites = sections(dossier), ecritures(dossier)
    permis = reperes(dossier, jour=jour, ecrites=ecrites)
    lues = [lire(section, ecrites.get(code), permis) for code, section in tables.items()]
    a_part = [m for jugee in permis.a_part.values() for m in jugee.motifs]
    des_bilans, avertis_des_bilans = bilans_au_depot(dossier, jour)
    references = {(m.section, m.champ): m.reference for m in a_part if m.reference}
    motifs = [
        *(_motif(lue.section, f, references) for lue in lues for f in lue.motifs),
        *des_bilans,
        *(_titrer(motif, tables) for motif in _du_porteur(acteur, dossier, jour)),
    ]
    valeurs = {code: e.valeur for code, e in ecrites.items()}
    avertissements = [
        # Ses demandes viennent d'être lues, avec leur financeur, pour juger ses sections.
        *(
            Motif("budget", p)
            for p in lire_le_budget(dossier, dossier.demandes.all()).avertissements
        ),
        *avertissements_des_pieces(dossier, jour),
        *avertissements_du_pouvoir(dossier, ecrites),
        *_avertissements(dossier, tables, valeurs),
        *avertis_des_bilans,
    ]
    return Controle(lues, motifs, [_titrer(motif, tables) for motif in avertissements])


def _motif(section: Section, faute: s.Faute, references: dict[tuple[str, str], str]) -> Motif:
    phrase, champ = faute.phrase, faute.champ
    if faute.ligne is not None:
        phrase, champ = f"Ligne {faute.ligne + 1} : {phrase}", f"l-{faute.ligne}-{champ}"
    reference = references.get((section.code, faute.champ)) or loi.REFERENCES[section.code]
    return Motif(section.code, phrase, champ, reference, section.titre)


def _titrer(motif: Motif, tables: dict[str, Section]) -> Motif:
    """Rend un motif avec le nom de sa section, et ce qui la fonde s'il ne le dit pas."""
    if motif.section not in tables:
        return motif
    reference = motif.reference or loi.REFERENCES[motif.section]
    return replace(motif, titre=tables[motif.section].titre, reference=reference)


def _du_porteur(acteur: Acteur, dossier: Dossier, jour: date) -> Iterable[Motif]:
    projet = dossier.projet
    porteur = projet.porteur.retenu
    return loi.motifs_du_porteur(
        nature=porteur.nature,
        a_une_porteuse=projet.structure_porteuse_id is not None,
        est_fini=bool(porteur.fin_le and porteur.fin_le < jour),
        est_confirme=acteur.est_confirme,
        depose=peut_deposer_le_dossier(acteur, projet),
    )


def _avertissements(
    dossier: Dossier, tables: dict[str, Section], valeurs: dict[str, Any]
) -> list[Motif]:
    def lu(section: str, champ: str) -> Any:
        declare = next(c for c in tables[section].champs if c.code == champ)
        return s.lu(declare, valeurs.get(section, {}).get(champ, ""))

    beneficiaire = qui_recoit_l_argent(dossier)
    return loi.avertissements_du_dossier(
        debut=lu("calendrier", "debut_le"),
        fin=lu("calendrier", "fin_le"),
        exercices=dossier.annees,
        siret=beneficiaire.siret,
        part_quartiers=lu("publics", "part_quartiers"),
        a_un_compte=CompteBancaire.objects.filter(
            organisme__in=membres(beneficiaire),
            etat__in=[EtatDeCompte.COURANT, EtatDeCompte.A_CONFIRMER],
        ).exists(),
    )


def qui_recoit_l_argent(dossier: Dossier) -> Organisme:
    """Rend l'organisme à qui une subvention serait versée : le porteur, ou qui reçoit pour lui."""
    projet = dossier.projet
    return (projet.structure_porteuse or projet.porteur).retenu
