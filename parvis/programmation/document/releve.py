"""Ce que dit le relevé d'une séance, sans mise en page : qui y était, ce qu'elle propose, pour combien.

Un montant proposé par un service, une note, le reste d'une enveloppe n'y ont pas de place : `Releve` ne
peut pas les tenir.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from parvis.dossiers.document.description import (
    Colonne,
    Document,
    Fait,
    Faits,
    Ligne,
    Note,
    Partie,
    Points,
    Tableau,
    Texte,
    Titre,
)
from parvis.socle.montants import ecrire_montant
from parvis.socle.templatetags.socle import compte, heure, jour

BANDEAU = "Provisoire, non publié"
PORTEE = (
    "La séance propose, elle n’accorde rien. Chaque financeur décide ensuite, par le vote de sa propre "
    "autorité. Ce vote seul l’engage, et il peut dire autre chose que ce relevé."
)
PARTIEL = "Cet exemplaire n’est pas complet : il ne se signe pas."
# De quoi signer à la main, sous le nom de chacun.
_PLACE = "\n\n\n\n"
_SIGNENT = ("Pour la présidence de la séance", "Pour le secrétariat de la séance")


@dataclass(frozen=True, slots=True)
class Membre:
    """Un membre appelé à la séance, à quel titre, et comment il y était."""

    nom: str
    titre: str
    voix: str
    presence: str


@dataclass(frozen=True, slots=True)
class Proposition:
    """Une demande, et ce que la séance en propose ; `dit` est vide si elle n'est pas arbitrée."""

    financeur: str
    demande: Decimal
    dit: str = ""
    motif: str = ""
    est_en_nature: bool = False
    est_ajournee: bool = False


@dataclass(frozen=True, slots=True)
class Examen:
    """Un dossier de l'ordre du jour : qui s'en est retiré, ce que la séance propose à chaque financeur."""

    reference: str
    titre: str
    porteur: str
    fiche: str
    quartiers: Sequence[str]
    retires: Sequence[str]
    propositions: Sequence[Proposition]
    demande: Decimal
    arbitre: Decimal

    @property
    def nom(self) -> str:
        return f"{self.reference}, {self.titre}"


@dataclass(frozen=True, slots=True)
class PartDeFinanceur:
    """Un financeur : ce qui lui est demandé, ce qu'il apporte s'il le dit, ce que la séance lui propose."""

    nom: str
    demande: Decimal
    apport: Decimal | None
    arbitre: Decimal
    vote_prevu_le: date | None


@dataclass(frozen=True, slots=True)
class Releve:
    """Toute une séance, telle que son lecteur la lit ; `caches` compte les dossiers qu'il n'y lit pas."""

    contrat: str
    instance: str
    objet: str
    exercice: int
    commence_le: datetime
    lieu: str
    suite_de: str
    ouverte_le: datetime | None
    levee_le: datetime | None
    publiee_le: datetime | None
    # Le dernier arbitrage : deux relevés provisoires se distinguent.
    dernier_le: datetime | None
    avancee: str
    quorum: str
    membres: Sequence[Membre]
    dossiers: Sequence[Examen]
    parts: Sequence[PartDeFinanceur]
    caches: int

    @property
    def demandes(self) -> int:
        return sum(len(examen.propositions) for examen in self.dossiers)

    @property
    def demande(self) -> Decimal:
        return sum((part.demande for part in self.parts), Decimal(0))

    @property
    def arbitre(self) -> Decimal:
        return sum((part.arbitre for part in self.parts), Decimal(0))


def decrire_le_releve(releve: Releve) -> Document:
    """Rend le relevé d'une séance en parties à imprimer ; provisoire, il le dit à chaque page."""
    return Document(
        titre=f"Relevé de la séance du {jour(releve.commence_le)}",
        projet=releve.objet,
        auteur=releve.instance,
        entete=releve.contrat,
        mentions=list(_mentions(releve)),
        bandeau="" if releve.publiee_le else BANDEAU,
        parties=[
            Titre(2, "La séance"),
            Faits(_la_seance(releve)),
            *_les_presences(releve),
            *_les_deports(releve),
            *_les_dossiers(releve),
            *_les_financeurs(releve),
            *_les_ajournes(releve),
            Titre(2, "Ce que vaut ce relevé"),
            Texte(PORTEE),
            *_les_signatures(releve),
        ],
    )


def _mentions(releve: Releve) -> Iterator[str]:
    yield f"Exercice {releve.exercice}."
    if releve.publiee_le:
        yield f"Publié le {_instant(releve.publiee_le)}."
    else:
        dernier = (
            f" Dernier arbitrage le {_instant(releve.dernier_le)}." if releve.dernier_le else ""
        )
        yield (
            f"Provisoire : {releve.avancee.lower()}.{dernier} Tant que la séance n’est pas publiée, "
            "ce qu’elle propose peut changer."
        )
    if releve.caches:
        yield _caches(releve.caches)


def _la_seance(releve: Releve) -> list[Fait]:
    return [
        Fait("Contrat", releve.contrat),
        Fait("Instance", releve.instance),
        Fait("Date", _instant(releve.commence_le)),
        Fait("Lieu", releve.lieu),
        *([Fait("À la suite de", releve.suite_de)] if releve.suite_de else []),
        Fait("Ouverte", _instant(releve.ouverte_le) or "Pas encore"),
        Fait("Levée", _instant(releve.levee_le) or "Pas encore"),
        Fait(
            "Ordre du jour",
            f"{compte(len(releve.dossiers), 'dossier')}, {compte(releve.demandes, 'demande')}",
        ),
        Fait("Demandé", _euros(releve.demande)),
        Fait("Proposé", _euros(releve.arbitre)),
    ]


def _les_presences(releve: Releve) -> Iterator[Partie]:
    yield Titre(2, "Les présences")
    if releve.membres:
        yield Tableau(
            "Membres appelés",
            (Colonne("Membre", 4), Colonne("Au titre de", 6), Colonne("Siège avec", 3),
             Colonne("Présence", 4)),
            [Ligne([m.nom, m.titre, m.voix, m.presence]) for m in releve.membres],
        )  # fmt: skip
    yield Texte(f"{releve.quorum}.")


def _les_deports(releve: Releve) -> Iterator[Partie]:
    yield Titre(2, "Les déports")
    retires = [f"{e.nom} : {', '.join(e.retires)}" for e in releve.dossiers if e.retires]
    if retires:
        yield Note(
            "Ces membres se sont retirés d’un dossier : ils n’ont pas pris part à son examen."
        )
        yield Points(retires)
    else:
        yield Note("Aucun déport n’est noté.")


def _les_dossiers(releve: Releve) -> Iterator[Partie]:
    yield Titre(2, "Les dossiers")
    for rang, examen in enumerate(releve.dossiers, 1):
        yield Titre(3, f"{rang}. {examen.nom}")
        yield Faits(list(_le_dossier(examen)))
        yield _les_propositions(examen)
    if not releve.dossiers:
        yield Note("Aucun dossier n’est à lire ici.")
    if releve.caches:
        yield Note(_caches(releve.caches))


def _le_dossier(examen: Examen) -> Iterator[Fait]:
    yield Fait("Porteur", examen.porteur)
    if examen.fiche:
        yield Fait("Fiche du contrat", examen.fiche)
    if examen.quartiers:
        nom = "Quartiers" if len(examen.quartiers) > 1 else "Quartier"
        yield Fait(nom, ", ".join(examen.quartiers))
    if examen.retires:
        yield Fait("Déports", ", ".join(examen.retires))


def _les_propositions(examen: Examen) -> Partie:
    if not examen.propositions:
        return Note("Ce dossier n’avait plus de demande à arbitrer.")
    lignes = [Ligne([p.financeur, _demande(p), _proposition(p)]) for p in examen.propositions]
    if len(lignes) > 1:
        total = f"{_euros(examen.arbitre)} proposés"
        lignes.append(Ligne(["Ensemble", _euros(examen.demande), total], est_forte=True))
    colonnes = (
        Colonne("Financeur", 5),
        Colonne("Demandé", 3, True),
        Colonne("La séance propose", 9),
    )
    return Tableau(f"Demandes du dossier {examen.reference}", colonnes, lignes)


def _demande(proposition: Proposition) -> str:
    suite = "\nen nature" if proposition.est_en_nature else ""
    return f"{_euros(proposition.demande)}{suite}"


def _proposition(proposition: Proposition) -> str:
    dit = proposition.dit[:1].upper() + proposition.dit[1:] or "Pas encore arbitrée"
    return f"{dit}\n{proposition.motif}" if proposition.motif else dit


def _les_financeurs(releve: Releve) -> Iterator[Partie]:
    yield Titre(2, "Les financeurs")
    if not releve.parts:
        yield Note("Aucun financeur n’est à lire ici.")
        return
    apports = [part.apport for part in releve.parts]
    apporte = "" if None in apports else _euros(sum(filter(None, apports), Decimal(0)))
    lignes = [
        Ligne(
            [
                part.nom,
                _euros(part.demande),
                "Non dit" if part.apport is None else _euros(part.apport),
                _euros(part.arbitre),
                jour(part.vote_prevu_le) or "Non dit",
            ]
        )
        for part in releve.parts
    ]
    total = ["Ensemble", _euros(releve.demande), apporte, _euros(releve.arbitre), ""]
    yield Tableau(
        "Par financeur",
        (Colonne("Financeur", 5), Colonne("Demandé", 3, True), Colonne("Mis sur la table", 3, True),
         Colonne("Proposé", 3, True), Colonne("Vote prévu le", 3)),
        [*lignes, Ligne(total, est_forte=True)],
    )  # fmt: skip
    if any(p.est_en_nature for examen in releve.dossiers for p in examen.propositions):
        yield Note("Ce qui est demandé en nature n’est pas dans ces sommes.")
    if releve.caches:
        yield Note("Ces sommes ne comptent pas les dossiers que vous ne lisez pas.")


def _les_ajournes(releve: Releve) -> Iterator[Partie]:
    yield Titre(2, "Les ajournés")
    ajournes = [
        f"{examen.nom} : {p.financeur}. {p.motif}"
        for examen in releve.dossiers
        for p in examen.propositions
        if p.est_ajournee
    ]
    yield Points(ajournes) if ajournes else Note("Aucune demande n’est ajournée.")


def _les_signatures(releve: Releve) -> Iterator[Partie]:
    yield Titre(2, "Signatures")
    if releve.caches:
        yield Note(PARTIEL)
        return
    yield Tableau(
        "Ont signé ce relevé",
        (Colonne("Qualité", 3), Colonne("Nom", 4), Colonne("Date et signature", 5)),
        [Ligne([qualite, "", _PLACE]) for qualite in _SIGNENT],
    )


def _caches(nombre: int) -> str:
    return f"{compte(nombre, 'dossier')} que vous ne lisez pas."


def _instant(instant: datetime | None) -> str:
    return f"{jour(instant)} à {heure(instant)}" if instant else ""


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
