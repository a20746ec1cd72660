"""Le budget d'un exercice : ses totaux, son équilibre, la part de chaque financeur, ce qui l'empêche.

Les subventions (poste 74) sont les demandes du dossier ; les autres lignes sont celles du budget. Les
contributions en nature (86 et 87) se comptent à part. Un pourcentage s'arrondit au dixième le plus
proche, le demi-dixième vers le haut.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from parvis.dossiers.rules.comptes import Bloc, PlanDeComptes, Sens, plan_de_comptes
from parvis.socle.montants import INSECABLE, ecrire_montant

ZERO = Decimal("0.00")
# Au-delà, un projet tient à un seul financeur.
PART_MAX = Decimal(80)
LOI = "loi n° 2000-321 du 12 avril 2000, article 9-1"
CONTRIBUTIONS = "règlement ANC n° 2018-06"


@dataclass(frozen=True)
class LigneDeBudget:
    """Une dépense ou une recette, hors subventions ; son compte est une ligne ou un poste."""

    compte: str
    montant: Decimal
    libelle: str = ""


@dataclass(frozen=True)
class DemandeAuBudget:
    """Une demande à un financeur, pour un exercice et une ligne de crédit ; en argent ou en nature."""

    financeur: str
    ligne: str
    nature: Literal["numeraire", "nature"] | str
    montant: Decimal
    exercice: int
    # La ligne du poste 74 (voir `compte_du_financeur`) ; le poste lui-même si on ne la sait pas.
    compte: str = ""

    @property
    def est_en_nature(self) -> bool:
        return self.nature == "nature"


@dataclass(frozen=True)
class TotalDePoste:
    """Le total d'un poste, en euros."""

    code: str
    libelle: str
    sens: Sens
    bloc: Bloc
    montant: Decimal


@dataclass(frozen=True)
class PartDeFinanceur:
    """Ce qui est demandé à un financeur ; sa part (en %) est celle de l'argent dans les produits."""

    financeur: str
    montant: Decimal
    en_nature: Decimal
    part: Decimal | None


@dataclass(frozen=True)
class Bilan:
    """Les totaux d'un budget, en euros ; les charges et les produits sont hors valorisation."""

    formulaire: str
    postes: tuple[TotalDePoste, ...]
    par_compte: Mapping[str, Decimal]
    charges: Decimal
    produits: Decimal
    emplois_en_nature: Decimal
    contributions_en_nature: Decimal
    excedent: Decimal
    autofinancement: Decimal
    fonds_propres: Decimal
    financeurs: tuple[PartDeFinanceur, ...]
    exercices: tuple[int, ...]
    # Des lignes du poste 74 que nul financeur ne porte.
    subventions_sans_demande: tuple[str, ...]

    @property
    def charges_avec_valorisation(self) -> Decimal:
        return self.charges + self.emplois_en_nature

    @property
    def produits_avec_valorisation(self) -> Decimal:
        return self.produits + self.contributions_en_nature

    @property
    def ecart(self) -> Decimal:
        """Les produits moins les charges : négatif quand il manque des produits."""
        return self.produits - self.charges

    @property
    def ecart_en_nature(self) -> Decimal:
        return self.contributions_en_nature - self.emplois_en_nature

    @property
    def est_equilibre(self) -> bool:
        return not self.ecart and not self.ecart_en_nature

    @property
    def phrase(self) -> str:
        """L'écart en mots : « il manque 1 250 € de produits », « équilibré »."""
        if not self.ecart:
            return "équilibré"
        combien = ecrire_montant(abs(self.ecart), court=True)
        if self.ecart < 0:
            return f"il manque {combien} de produits"
        return f"il y a {combien} de produits de trop"

    @property
    def part_des_fonds_propres(self) -> Decimal | None:
        """La part, en %, des produits que la structure trouve elle-même ; rien sans produits."""
        return pourcentage(self.fonds_propres, self.produits)

    def poste(self, code: str) -> Decimal:
        """Rend le total d'un poste."""
        return next((poste.montant for poste in self.postes if poste.code == code), ZERO)


def pourcentage(partie: Decimal, tout: Decimal) -> Decimal | None:
    """Rend une part en %, au dixième le plus proche, le demi vers le haut ; rien si le tout est nul."""
    if not tout:
        return None
    return (partie * 100 / tout).quantize(Decimal("0.1"), ROUND_HALF_UP)


def en_pour_cent(part: Decimal) -> str:
    """Rend une part comme on l'écrit : « 12,5 % », « 80 % »."""
    return f"{str(part).removesuffix('.0').replace('.', ',')}{INSECABLE}%"


def bilan(
    lignes: Iterable[LigneDeBudget],
    demandes: Iterable[DemandeAuBudget],
    plan: PlanDeComptes | None = None,
) -> Bilan:
    """Rend les totaux d'un budget ; une demande en nature compte au poste 87, les autres au 74.

    Lève CompteInconnu si une ligne ou une demande nomme un compte hors du plan.
    """
    plan = plan or plan_de_comptes()
    lignes, demandes = tuple(lignes), tuple(demandes)
    poste_des_demandes = next(poste.code for poste in plan.postes() if poste.est_demande)
    par_compte: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for ligne in lignes:
        par_compte[plan.compte(ligne.compte).code] += ligne.montant
    for demande in demandes:
        en_nature, en_argent = plan.compte_en_nature.code, demande.compte or poste_des_demandes
        par_compte[en_nature if demande.est_en_nature else plan.compte(en_argent).code] += (
            demande.montant
        )
    postes = _totaux(par_compte, plan)
    produits = _somme(postes, "produit", "equilibre")
    propres = {poste.code for poste in plan.postes() if poste.est_ressource_propre}
    fermetures = {compte.sens: par_compte.get(compte.code, ZERO) for compte in plan.fermetures}
    return Bilan(
        formulaire=plan.formulaire,
        postes=postes,
        par_compte=dict(par_compte),
        charges=_somme(postes, "charge", "equilibre"),
        produits=produits,
        emplois_en_nature=_somme(postes, "charge", "valorisation"),
        contributions_en_nature=_somme(postes, "produit", "valorisation"),
        excedent=fermetures["charge"],
        autofinancement=fermetures["produit"],
        fonds_propres=sum((p.montant for p in postes if p.code in propres), ZERO),
        financeurs=_parts(demandes, produits),
        exercices=tuple(sorted({demande.exercice for demande in demandes})),
        subventions_sans_demande=tuple(
            ligne.libelle or plan.compte(ligne.compte).libelle
            for ligne in lignes
            if plan.compte(ligne.compte).est_demande and ligne.montant
        ),
    )


def _totaux(par_compte: Mapping[str, Decimal], plan: PlanDeComptes) -> tuple[TotalDePoste, ...]:
    sommes: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for code, montant in par_compte.items():
        sommes[plan.compte(code).poste] += montant
    return tuple(
        TotalDePoste(poste.code, poste.libelle, poste.sens, poste.bloc, sommes[poste.code])
        for poste in plan.postes()
    )


def _somme(postes: Iterable[TotalDePoste], sens: Sens, bloc: Bloc) -> Decimal:
    retenus = (poste.montant for poste in postes if (poste.sens, poste.bloc) == (sens, bloc))
    return sum(retenus, ZERO)


def _parts(demandes: Iterable[DemandeAuBudget], produits: Decimal) -> tuple[PartDeFinanceur, ...]:
    """Rend la part de chaque financeur, toutes ses demandes réunies, dans l'ordre de la première."""
    argent: dict[str, Decimal] = {}
    autre: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for demande in demandes:
        argent.setdefault(demande.financeur, ZERO)
        if demande.est_en_nature:
            autre[demande.financeur] += demande.montant
        else:
            argent[demande.financeur] += demande.montant
    return tuple(
        PartDeFinanceur(financeur, montant, autre[financeur], pourcentage(montant, produits))
        for financeur, montant in argent.items()
    )


def motifs_budget(bilan: Bilan) -> list[str]:
    """Rend ce qui empêche de déposer ce budget, en phrases, chacune avec sa référence."""
    motifs = []
    if not bilan.charges_avec_valorisation and not bilan.produits_avec_valorisation:
        return [
            f"Le budget est vide : écrivez les dépenses et ce qui les paie ({bilan.formulaire})."
        ]
    if not bilan.charges:
        motifs.append(
            f"Le budget n’a aucune dépense : une subvention paie ce que coûte une action ({LOI})."
        )
    elif bilan.ecart:
        motifs.append(
            "Les produits doivent être égaux aux charges : "
            f"{bilan.phrase} ({bilan.formulaire}, budget du projet)."
        )
    if bilan.ecart_en_nature:
        emplois, contributions = (
            ecrire_montant(montant, court=True)
            for montant in (bilan.emplois_en_nature, bilan.contributions_en_nature)
        )
        motifs.append(
            f"Les postes 86 ({emplois}) et 87 ({contributions}) doivent être égaux : ce que vous "
            f"recevez sans payer, et à quoi cela sert ({bilan.formulaire} ; {CONTRIBUTIONS})."
        )
    motifs.extend(
        f"«\u00a0{libelle}\u00a0» est une subvention : nommez à qui vous la demandez "
        f"({bilan.formulaire}, poste 74)."
        for libelle in bilan.subventions_sans_demande
    )
    return motifs


def avertissements(bilan: Bilan) -> list[str]:
    """Rend ce qui étonnera un financeur sans empêcher de déposer, en phrases."""
    remarques = _remarques_sur_l_equilibre(bilan)
    remarques.extend(
        f"{part.financeur} paierait {en_pour_cent(part.part)} du projet : "
        "s’il refuse, le projet tient-il encore ?"
        for part in bilan.financeurs
        if part.part is not None and part.part > PART_MAX
    )
    if bilan.charges and bilan.charges == bilan.poste("CHARGINDIRECT"):
        remarques.append(
            "Aucune dépense ne va aux postes 60 à 69 : dites ce que le projet coûte par lui-même."
        )
    salaires, cotisations = (bilan.par_compte.get(code, ZERO) for code in ("641", "645"))
    if salaires and not cotisations:
        remarques.append("Il y a des salaires (641) et aucune charge sociale (645).")
    if cotisations and not salaires:
        remarques.append("Il y a des charges sociales (645) et aucun salaire (641).")
    if len(bilan.exercices) > 1:
        annees = ", ".join(map(str, bilan.exercices))
        remarques.append(f"Les demandes de ce budget sont de plusieurs années : {annees}.")
    return remarques


def _remarques_sur_l_equilibre(bilan: Bilan) -> list[str]:
    excedent, autofinancement = (
        ecrire_montant(montant, court=True) for montant in (bilan.excedent, bilan.autofinancement)
    )
    if bilan.excedent and bilan.autofinancement:
        return [
            f"Le budget prévoit à la fois un excédent ({excedent}) et un autofinancement "
            f"({autofinancement}) : gardez l’un des deux."
        ]
    if bilan.ecart:
        return []
    if bilan.autofinancement:
        return [
            f"Le budget ne s’équilibre que par l’autofinancement : {autofinancement}. "
            "Vérifiez que votre structure a cet argent."
        ]
    if bilan.excedent:
        return [
            f"Le budget ne s’équilibre que par un excédent : {excedent}. "
            "Un financeur demandera pourquoi une subvention est nécessaire."
        ]
    return []


@dataclass(frozen=True)
class Evolution:
    """Un poste d'un budget à l'autre ; le pourcentage n'existe que s'il y avait quelque chose avant."""

    code: str
    libelle: str
    sens: Sens
    avant: Decimal
    maintenant: Decimal
    pourcentage: Decimal | None

    @property
    def ecart(self) -> Decimal:
        return self.maintenant - self.avant

    @property
    def phrase(self) -> str:
        """L'évolution en mots : « + 12,5 % », « nouveau », « n’y est plus », « pareil »."""
        if not self.avant:
            return "nouveau"
        if not self.maintenant:
            return "n’y est plus"
        if not self.ecart:
            return "pareil"
        signe = "+" if self.ecart > 0 else "-"
        return f"{signe} {en_pour_cent(abs(self.pourcentage or ZERO))}"


def comparer(avant: Bilan, maintenant: Bilan) -> tuple[Evolution, ...]:
    """Rend l'évolution de chaque poste qui n'est pas nul des deux côtés, dans l'ordre du formulaire.

    Un poste d'un ancien formulaire que le nouveau n'a plus vient à la fin.
    """
    postes = {poste.code: poste for poste in (*maintenant.postes, *avant.postes)[::-1]}
    ordre = dict.fromkeys(poste.code for poste in (*maintenant.postes, *avant.postes))
    evolutions = []
    for code in ordre:
        ancien, nouveau = avant.poste(code), maintenant.poste(code)
        if ancien or nouveau:
            poste = postes[code]
            evolutions.append(
                Evolution(
                    code,
                    poste.libelle,
                    poste.sens,
                    ancien,
                    nouveau,
                    pourcentage(nouveau - ancien, ancien),
                )
            )
    return tuple(evolutions)
