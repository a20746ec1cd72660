"""Le budget tel qu'on le tape : ce que vaut chaque case, les totaux d'un exercice, ce qui cloche."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from parvis.dossiers.enums import Guichet
from parvis.dossiers.rules import budget as loi
from parvis.dossiers.rules.budget import Bilan
from parvis.dossiers.rules.comptes import PlanDeComptes, plan_de_comptes
from parvis.dossiers.rules.depot import DemandeLue, motifs_des_demandes
from parvis.dossiers.rules.formules import FormuleIllisible, calculer
from parvis.dossiers.sections.saisie import Faute

A_PRECISER = "Financeur à préciser"
ZERO = Decimal("0.00")


class LigneDite(Protocol):
    """Une ligne de budget, tapée ou écrite en base."""

    @property
    def compte(self) -> str: ...
    @property
    def libelle(self) -> str: ...
    @property
    def saisie(self) -> str: ...
    @property
    def montant(self) -> Decimal | None: ...


class DemandeDite(Protocol):
    """Une demande, tapée ou écrite en base."""

    @property
    def financeur_id(self) -> int | None: ...
    @property
    def nom_du_financeur(self) -> str: ...
    @property
    def compte(self) -> str: ...
    @property
    def ligne(self) -> str: ...
    @property
    def nature(self) -> str: ...
    @property
    def guichet(self) -> str: ...
    @property
    def saisie(self) -> str: ...
    @property
    def montant_demande(self) -> Decimal | None: ...
    @property
    def exercice(self) -> int: ...


@dataclass(frozen=True)
class LigneTapee:
    """Une ligne telle qu'on la tape, ce qu'elle vaut, et pourquoi elle ne vaut rien."""

    compte: str
    libelle: str
    saisie: str
    montant: Decimal | None
    faute: str = ""


@dataclass(frozen=True)
class DemandeTapee:
    """Une demande telle qu'on la tape, ce qu'elle vaut, et pourquoi elle ne vaut rien."""

    exercice: int
    financeur_id: int | None
    nom_du_financeur: str
    compte: str
    ligne: str
    nature: str
    guichet: str
    lien: str
    numero: str
    saisie: str
    montant_demande: Decimal | None
    faute: str = ""


@dataclass(frozen=True)
class ExerciceLu:
    """Le budget d'un exercice : ses lignes, ses demandes, ses totaux, ce qui empêche et avertit."""

    annee: int
    est_ferme: bool
    lignes: Sequence[LigneDite]
    demandes: Sequence[DemandeDite]
    bilan: Bilan
    # Ce qui est écrit et ne se lit pas, puis ce que la loi refuse.
    fautes: list[str]
    refus: list[str]
    avertissements: list[str]

    @property
    def motifs(self) -> list[str]:
        """Rend tout ce qui empêche de déposer ce budget."""
        return [*self.fautes, *self.refus]


@dataclass(frozen=True)
class BudgetLu:
    """Le budget d'un dossier : un exercice ferme, puis ceux qui sont prévus."""

    plan: PlanDeComptes
    exercices: list[ExerciceLu] = field(default_factory=list)

    @property
    def fautes(self) -> list[str]:
        """Rend ce qui est écrit et ne se lit pas ; l'exercice se nomme quand il y en a plusieurs."""
        return [m for e in self.exercices for m in self._nommer(e, e.fautes)]

    @property
    def motifs(self) -> list[str]:
        """Rend ce qui empêche de déposer ; l'exercice se nomme quand il y en a plusieurs."""
        return [m for e in self.exercices for m in self._nommer(e, e.motifs)]

    @property
    def avertissements(self) -> list[str]:
        """Rend ce qui mérite un regard, sans empêcher de déposer."""
        return [m for e in self.exercices for m in self._nommer(e, e.avertissements)]

    def _nommer(self, exercice: ExerciceLu, phrases: list[str]) -> Iterable[str]:
        if len(self.exercices) == 1:
            return phrases
        return (f"{exercice.annee} : {phrase}" for phrase in phrases)

    @property
    def demandes_lues(self) -> list[DemandeLue]:
        """Rend les demandes de tous les exercices, telles que la loi du dépôt les juge."""
        return [
            DemandeLue(
                demande.financeur_id,
                demande.nom_du_financeur,
                demande.guichet,
                demande.saisie,
                demande.montant_demande is not None,
                demande.montant_demande == 0,
            )
            for exercice in self.exercices
            for demande in exercice.demandes
        ]


def exercice_de(valeur: Mapping[str, Any], annee: int) -> dict[str, Any]:
    """Rend ce qu'une section dit d'un exercice ; vide si elle n'en dit rien."""
    vide: dict[str, Any] = {"lignes": [], "demandes": []}
    return vide | valeur.get("exercices", {}).get(str(annee), {})


def sans_les_annees(valeur: Mapping[str, Any]) -> list[dict[str, list[dict[str, str]]]]:
    """Rend ce que dit un budget, exercice après exercice, pour le comparer à celui d'un autre an.

    Une case vide ne dit rien de plus qu'une case absente.
    """
    exercices = valeur.get("exercices", {})
    return [
        {
            sorte: [{nom: dit for nom, dit in une.items() if dit} for une in part.get(sorte, ())]
            for sorte in ("lignes", "demandes")
        }
        for _, part in sorted(exercices.items())
    ]


def avec_l_exercice(
    valeur: Mapping[str, Any], annee: int, part: Mapping[str, Any]
) -> dict[str, Any]:
    """Rend la section où cet exercice dit autre chose ; les autres restent tels quels."""
    exercices = {a: b for a, b in valeur.get("exercices", {}).items() if a != str(annee)}
    if part["lignes"] or part["demandes"]:
        exercices[str(annee)] = dict(part)
    return {"exercices": exercices} if exercices else {}


def lire_la_case(saisie: str) -> tuple[Decimal | None, str]:
    """Rend ce que vaut une case, et pourquoi elle ne vaut rien ; vide, elle n'a ni l'un ni l'autre."""
    if not saisie.strip():
        return None, ""
    try:
        return calculer(saisie), ""
    except FormuleIllisible as refus:
        return None, str(refus)


def lignes_tapees(part: Mapping[str, Any]) -> list[LigneTapee]:
    """Rend les lignes d'un exercice, chacune avec ce qu'elle vaut."""
    return [
        LigneTapee(
            ligne.get("compte", ""),
            ligne.get("libelle", ""),
            ligne.get("saisie", ""),
            *lire_la_case(ligne.get("saisie", "")),
        )
        for ligne in part.get("lignes", ())
    ]


def demandes_tapees(
    part: Mapping[str, Any], annee: int, financeurs: Mapping[str, str]
) -> list[DemandeTapee]:
    """Rend les demandes d'un exercice ; `financeurs` nomme ceux que l'on connaît, par identifiant."""
    return [_demande_tapee(saisie, annee, financeurs) for saisie in part.get("demandes", ())]


def _demande_tapee(
    saisie: Mapping[str, str], annee: int, financeurs: Mapping[str, str]
) -> DemandeTapee:
    identifiant = saisie.get("financeur", "")
    est_connu = identifiant in financeurs
    nom = financeurs[identifiant] if est_connu else saisie.get("nom") or A_PRECISER
    return DemandeTapee(
        annee,
        int(identifiant) if est_connu else None,
        nom,
        saisie.get("compte", ""),
        saisie.get("ligne", ""),
        saisie.get("nature", ""),
        saisie.get("guichet", "") if est_connu else Guichet.AILLEURS.value,
        saisie.get("lien", ""),
        saisie.get("numero", ""),
        saisie.get("saisie", ""),
        *lire_la_case(saisie.get("saisie", "")),
    )


def lire_l_exercice(
    annee: int,
    lignes: Sequence[LigneDite],
    demandes: Sequence[DemandeDite],
    plan: PlanDeComptes | None = None,
    *,
    est_ferme: bool = True,
) -> ExerciceLu:
    """Rend les totaux d'un exercice, et ce qui cloche ; une case illisible compte pour rien."""
    plan = plan or plan_de_comptes()
    connues = [ligne for ligne in lignes if ligne.compte in plan]
    lu = loi.bilan(
        (loi.LigneDeBudget(x.compte, x.montant or ZERO, x.libelle) for x in connues),
        (_au_budget(demande, plan) for demande in demandes),
        plan,
    )
    illisibles = [
        f"« {ligne.libelle or plan.compte(ligne.compte).libelle} » : "
        + (f"« {ligne.saisie} » ne se calcule pas." if ligne.saisie else "le montant manque.")
        for ligne in connues
        if ligne.montant is None
    ]
    sans_compte = [
        f"« {ligne.libelle or ligne.saisie} » : choisissez un compte."
        for ligne in lignes
        if ligne.compte not in plan
    ]
    sans_financeur = [
        "Une demande ne nomme pas son financeur : dites à qui elle va."
        for demande in demandes
        if demande.nom_du_financeur == A_PRECISER
    ]
    return ExerciceLu(
        annee,
        est_ferme,
        lignes,
        demandes,
        lu,
        [*illisibles, *sans_compte, *sans_financeur],
        loi.motifs_budget(lu),
        loi.avertissements(lu),
    )


def _au_budget(demande: DemandeDite, plan: PlanDeComptes) -> loi.DemandeAuBudget:
    return loi.DemandeAuBudget(
        financeur=demande.nom_du_financeur,
        ligne=demande.ligne,
        nature=demande.nature,
        montant=demande.montant_demande or ZERO,
        exercice=demande.exercice,
        compte=demande.compte if demande.compte in plan else "",
    )


def lire_la_saisie(
    valeur: Mapping[str, Any],
    annees: Sequence[int],
    financeurs: Mapping[str, str],
    plan: PlanDeComptes | None = None,
) -> BudgetLu:
    """Rend le budget que dit une section, exercice par exercice, sans rien lire en base."""
    plan = plan or plan_de_comptes()
    parts = {annee: valeur.get("exercices", {}).get(str(annee), {}) for annee in annees}
    return BudgetLu(
        plan,
        [
            lire_l_exercice(
                annee,
                lignes_tapees(part),
                demandes_tapees(part, annee, financeurs),
                plan,
                est_ferme=annee == annees[0],
            )
            for annee, part in parts.items()
        ],
    )


def juger_le_budget(
    valeur: Mapping[str, Any],
    annees: Sequence[int],
    financeurs: Mapping[str, str],
    de_l_appel: Collection[int],
) -> tuple[list[Faute], list[Faute]]:
    """Rend ce qui ne se lit pas dans un budget, et ce qui lui manque encore pour déposer."""
    lu = lire_la_saisie(valeur, annees, financeurs)
    illisibles = [
        f"{demande.nom} : « {demande.saisie} » ne se calcule pas."
        for demande in lu.demandes_lues
        if demande.saisie and not demande.a_un_montant
    ]
    # Une case illisible est déjà dite : elle n'est pas, en plus, un montant qui manque.
    demandes = [replace(d, a_un_montant=d.a_un_montant or bool(d.saisie)) for d in lu.demandes_lues]
    manques = [
        *(phrase for phrase in lu.motifs if phrase not in set(lu.fautes)),
        *(motif.phrase for motif in motifs_des_demandes(demandes, de_l_appel)),
    ]
    return (
        [Faute(None, "", phrase) for phrase in [*lu.fautes, *illisibles]],
        [Faute(None, "", phrase) for phrase in manques],
    )


def en_texte(valeur: Mapping[str, Any], financeurs: Mapping[str, str]) -> str:
    """Rend un budget en clair, une ligne par ligne, pour le comparer mot à mot."""
    plan = plan_de_comptes()
    exercices = valeur.get("exercices", {})
    phrases: list[str] = []
    for annee in sorted(exercices):
        if len(exercices) > 1:
            phrases.append(f"Exercice {annee}")
        phrases += [_dire_la_ligne(ligne, plan) for ligne in exercices[annee].get("lignes", ())]
        phrases += [
            _dire_la_demande(demande, financeurs)
            for demande in exercices[annee].get("demandes", ())
        ]
    return "\n".join(phrases)


def _dire_la_ligne(ligne: Mapping[str, str], plan: PlanDeComptes) -> str:
    code = ligne.get("compte", "")
    compte = plan.compte(code).libelle if code in plan else code or "Sans compte"
    dits = [compte, ligne.get("libelle", "")]
    return f"{', '.join(dit for dit in dits if dit)} : {ligne.get('saisie') or 'sans montant'}"


def _dire_la_demande(demande: Mapping[str, str], financeurs: Mapping[str, str]) -> str:
    nom = financeurs.get(demande.get("financeur", "")) or demande.get("nom") or A_PRECISER
    dits = [f"Demande à {nom}", demande.get("ligne", "")]
    if demande.get("nature") == "nature":
        dits.append("en nature")
    if demande.get("numero"):
        dits.append(f"numéro {demande['numero']}")
    return f"{', '.join(dit for dit in dits if dit)} : {demande.get('saisie') or 'sans montant'}"
