"""Le budget d'un dossier en tableaux à imprimer : postes, lignes, totaux, part de chaque financeur."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from parvis.dossiers.document.description import (
    Colonne,
    Ligne,
    Note,
    Partie,
    Points,
    Tableau,
    Titre,
)
from parvis.dossiers.enums import Guichet
from parvis.dossiers.rules.budget import Bilan, PartDeFinanceur, en_pour_cent
from parvis.dossiers.rules.comptes import Bloc, Compte, PlanDeComptes, Sens
from parvis.dossiers.sections.budget import (
    BudgetLu,
    DemandeDite,
    DemandeTapee,
    ExerciceLu,
    LigneDite,
)
from parvis.socle.montants import MontantIllisible, ecrire_montant, lire_montant

_COLONNES = (Colonne("Compte", 5), Colonne("Précision", 5), Colonne("Montant", 2, est_nombre=True))
_EN_NATURE = "Contributions volontaires en nature (comptes 86 et 87)"


def noms_des_financeurs(valeur: Mapping[str, Any], connus: Mapping[str, str]) -> dict[str, str]:
    """Rend, par identifiant, le nom de chaque financeur connu que nomme un budget."""
    nommes = {
        demande.get("financeur", "")
        for exercice in valeur.get("exercices", {}).values()
        for demande in exercice.get("demandes", ())
    }
    return {identifiant: nom for identifiant, nom in connus.items() if identifiant in nommes}


def parties_du_budget(lu: BudgetLu) -> list[Partie]:
    """Rend le budget de chaque exercice, puis ce qui est demandé à chacun."""
    parties: list[Partie] = []
    for exercice in lu.exercices:
        parties += _un_exercice(exercice, lu.plan, est_seul=len(lu.exercices) == 1)
    return parties


def _un_exercice(exercice: ExerciceLu, plan: PlanDeComptes, *, est_seul: bool) -> list[Partie]:
    bilan, annee = exercice.bilan, exercice.annee
    quand = "" if exercice.est_ferme else ", prévu"
    parties: list[Partie] = [] if est_seul else [Titre(3, f"Exercice {annee}{quand}")]
    for nom, sens, total in (
        ("Charges", "charge", bilan.charges),
        ("Produits", "produit", bilan.produits),
    ):
        lignes = _du_bloc(exercice, plan, sens, "equilibre")  # type: ignore[arg-type]
        dit = f"Total des {nom.lower()}, hors contributions en nature"
        lignes.append(Ligne([dit, "", ecrire_montant(total)], est_forte=True))
        parties.append(Tableau(f"{nom} {annee}", _COLONNES, lignes))
    return [
        *parties,
        *_en_nature(exercice, plan),
        _totaux(exercice),
        *_sans_compte(exercice, plan),
        *_les_demandes(exercice),
    ]


def _du_bloc(exercice: ExerciceLu, plan: PlanDeComptes, sens: Sens, bloc: Bloc) -> list[Ligne]:
    """Rend les lignes d'un côté du budget, chaque poste suivi des siennes."""
    rendues: list[Ligne] = []
    for poste in plan.postes(sens, bloc):
        siennes = [
            _une_ligne(ligne, plan.compte(ligne.compte))
            for compte in (poste, *plan.lignes(poste.code))
            for ligne in exercice.lignes
            if ligne.compte == compte.code
        ]
        siennes += [_une_demande(d, plan) for d in exercice.demandes if _compte(d, plan) == poste]
        if siennes:
            total = ecrire_montant(exercice.bilan.poste(poste.code))
            rendues += [Ligne([_nommer(poste), "", total], est_forte=True), *siennes]
    return rendues


def _compte(demande: DemandeDite, plan: PlanDeComptes) -> Compte:
    """Rend le poste où compte une demande, comme le fait le bilan."""
    if demande.nature == "nature":
        return plan.compte(plan.compte_en_nature.poste)
    if demande.compte in plan:
        return plan.compte(plan.compte(demande.compte).poste)
    return next(poste for poste in plan.postes() if poste.est_demande)


def _nommer(compte: Compte) -> str:
    return f"{compte.code} - {compte.libelle}" if compte.code.isdigit() else compte.libelle


def _une_ligne(ligne: LigneDite, compte: Compte) -> Ligne:
    nom = compte.libelle if compte.est_poste else _nommer(compte)
    return Ligne([nom, _detail(ligne.libelle, ligne), _montant(ligne.montant)])


def _une_demande(demande: DemandeDite, plan: PlanDeComptes) -> Ligne:
    if demande.nature == "nature":
        compte = f"Demandé en nature, {plan.compte_en_nature.libelle}"
    elif demande.compte in plan and not plan.compte(demande.compte).est_poste:
        compte = _nommer(plan.compte(demande.compte))
    else:
        compte = "Subvention demandée"
    quoi = ", ".join(filter(None, [demande.nom_du_financeur, demande.ligne]))
    return Ligne([compte, _detail(quoi, demande), _montant(demande.montant_demande)])


def _detail(precision: str, dite: LigneDite | DemandeDite) -> str:
    """Rend la précision d'une ligne et le calcul d'où vient son montant, tel qu'on l'a tapé."""
    return "\n".join(filter(None, [precision, _calcul(dite.saisie)]))


def _calcul(saisie: str) -> str:
    try:
        lire_montant(saisie)
    except MontantIllisible:
        return f"Tapé : {saisie}" if saisie else ""
    return ""


def _montant(montant: Decimal | None) -> str:
    return "à corriger" if montant is None else ecrire_montant(montant)


def _en_nature(exercice: ExerciceLu, plan: PlanDeComptes) -> list[Partie]:
    bilan = exercice.bilan
    emplois = _du_bloc(exercice, plan, "charge", "valorisation")
    contributions = _du_bloc(exercice, plan, "produit", "valorisation")
    if not emplois and not contributions:
        return [Note("Ce budget n’a pas de contributions volontaires en nature (86 et 87).")]
    totaux = (
        Ligne(["Total des emplois", "", ecrire_montant(bilan.emplois_en_nature)], est_forte=True),
        Ligne(
            ["Total des contributions", "", ecrire_montant(bilan.contributions_en_nature)],
            est_forte=True,
        ),
    )
    lignes = [*emplois, totaux[0], *contributions, totaux[1]]
    return [Tableau(f"{_EN_NATURE} {exercice.annee}", _COLONNES, lignes)]


def _totaux(exercice: ExerciceLu) -> Tableau:
    bilan = exercice.bilan
    lignes = [
        ("Hors contributions en nature", bilan.charges, bilan.produits),
        ("Contributions en nature", bilan.emplois_en_nature, bilan.contributions_en_nature),
        ("Total général", bilan.charges_avec_valorisation, bilan.produits_avec_valorisation),
    ]
    return Tableau(
        f"Totaux {exercice.annee}",
        (Colonne("Total", 6), Colonne("Charges", 3, True), Colonne("Produits", 3, True)),
        [
            Ligne([nom, ecrire_montant(charges), ecrire_montant(produits)], nom == "Total général")
            for nom, charges, produits in lignes
        ],
    )


def _sans_compte(exercice: ExerciceLu, plan: PlanDeComptes) -> list[Partie]:
    lignes = [
        Ligne(
            [ligne.compte or "Sans compte", _detail(ligne.libelle, ligne), _montant(ligne.montant)]
        )
        for ligne in exercice.lignes
        if ligne.compte not in plan
    ]
    if not lignes:
        return []
    return [Tableau(f"Lignes sans compte {exercice.annee}, hors des totaux", _COLONNES, lignes)]


def _les_demandes(exercice: ExerciceLu) -> Iterable[Partie]:
    if not exercice.demandes:
        return [Note(f"Ce dossier ne demande rien pour {exercice.annee}.")]
    tableau = Tableau(
        f"Ce qui est demandé pour {exercice.annee}",
        (
            Colonne("Financeur", 4),
            Colonne("Ligne ou dispositif", 4),
            Colonne("Où", 4),
            Colonne("Montant", 3, est_nombre=True),
        ),
        [_la_demande(demande) for demande in exercice.demandes],
    )
    return [tableau, Points([*parts_demandees(exercice.bilan), *_liens(exercice.demandes)])]


def _liens(demandes: Iterable[DemandeDite]) -> list[str]:
    """Rend où se font les demandes d'ailleurs : une adresse ne tient pas dans une case."""
    liens = {
        f"{demande.nom_du_financeur}, son propre site : {demande.lien}"
        for demande in demandes
        if isinstance(demande, DemandeTapee) and demande.lien
    }
    return sorted(liens)


def _la_demande(demande: DemandeDite) -> Ligne:
    est_ailleurs = demande.guichet == Guichet.AILLEURS
    lieu = [str((Guichet.AILLEURS if est_ailleurs else Guichet.PLATEFORME).label)]
    if est_ailleurs and isinstance(demande, DemandeTapee) and demande.numero:
        lieu.append(f"N° {demande.numero}")
    nature = "En nature" if demande.nature == "nature" else "En argent"
    montant = f"{_montant(demande.montant_demande)}\n{nature}"
    return Ligne([demande.nom_du_financeur, demande.ligne, "\n".join(lieu), montant])


def parts_demandees(bilan: Bilan) -> list[str]:
    """Rend la part de chaque financeur dans les produits, en phrases (rubrique 6 du formulaire)."""
    return [phrase for part in bilan.financeurs for phrase in _sa_part(part)]


def _sa_part(part: PartDeFinanceur) -> Iterable[str]:
    if part.montant and part.part is not None:
        yield (
            f"{part.financeur} : la subvention demandée de {ecrire_montant(part.montant)} "
            f"représente {en_pour_cent(part.part)} du total des produits."
        )
    if part.en_nature:
        yield f"{part.financeur} : {ecrire_montant(part.en_nature)} demandés en nature."
