"""Ce qu'une décision publiée appelle d'actes : un par organisme et par nature de réponse."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import EtatDActe, EtatDeRetrait, SorteDActe
from parvis.conventions.models import Acte, AutreSubvention, LigneDActe, MentionsDuService
from parvis.conventions.queries.cumuls import Cumul, cumuls
from parvis.conventions.queries.modeles import mentions_de
from parvis.conventions.rules.actes import ENGAGENT
from parvis.conventions.rules.choix import CONVENTIONS, Choix, Situation, choisir_l_acte
from parvis.dossiers.enums import EtatDeDossier, NatureDeDemande
from parvis.dossiers.rules.recepisse import ADMINISTRATIONS
from parvis.instruction.queries.deports import hors_des_deports
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres_a_lire
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision, LigneDeDecision
from parvis.programmation.queries.decisions import decisions

ZERO = Decimal("0.00")
_DECISIONS_D_ESSAI = 3


@dataclass(frozen=True)
class ActePropose:
    """Un acte à prendre : pour qui, pour quelles réponses, lequel et pourquoi ; `obstacles` l'empêchent."""

    cle: str
    decision: Decision
    titulaire: Organisme
    reponses: list[LigneDeDecision]
    # Ce que chaque réponse engage de plus que ce qui l'est déjà.
    montants: Mapping[int, Decimal]
    situation: Situation
    choix: Choix
    modifie: Acte | None
    anterieurs: list[Acte]
    # Ce qui est noté donné hors de la plateforme.
    ailleurs: list[AutreSubvention]
    obstacles: tuple[str, ...] = ()

    @property
    def en_argent(self) -> Decimal:
        return self.situation.en_argent

    @property
    def en_nature(self) -> Decimal:
        return self.situation.en_nature


def actes_a_prendre(acteur: Acteur, decision: Decision) -> list[ActePropose]:
    """Rend les actes que la décision appelle et qui ne sont pas encore préparés, par nom d'organisme.

    Une demande décidée de nouveau depuis n'en appelle plus ici. Le nombre de requêtes ne dépend pas
    des réponses ; celles des dossiers dont l'acteur s'est déporté n'y sont pas.
    """
    if not decision.est_publiee:
        return []
    return _proposer_tout(decision, _reponses(acteur, decision, sans_acte=True))


def actes_d_essai(acteur: Acteur, contrat: Contrat) -> list[tuple[str, ActePropose]]:
    """Rend de vrais actes sur lesquels essayer un texte, pris ou non : ceux des dernières décisions."""
    siennes = decisions(acteur, contrat).filter(publiee_le__isnull=False)
    return [
        (f"{decision.pk}-{propose.cle}", propose)
        for decision in siennes.order_by("-publiee_le", "-pk")[:_DECISIONS_D_ESSAI]
        for propose in _proposer_tout(
            decision, _reponses(acteur, decision, sans_acte=False), est_un_essai=True
        )
    ]


def _proposer_tout(
    decision: Decision, reponses: list[LigneDeDecision], *, est_un_essai: bool = False
) -> list[ActePropose]:
    """Rend un acte par lot de réponses ; pour un essai, comme si aucun n'était encore pris."""
    demandes = [] if est_un_essai else [reponse.demande_id for reponse in reponses]
    portes = _actes_qui_portent(demandes)
    par_demande = _engages(demandes)
    engages = {r.pk: par_demande.get(r.demande_id, ZERO) for r in reponses}
    couvertes = pluriannuelles_de(
        decision.financeur, decision.exercice, {r.demande.dossier.projet_id for r in reponses}
    )
    lots: dict[tuple[int, str, int, int, int], list[LigneDeDecision]] = defaultdict(list)
    for reponse in reponses:
        est_accordee = reponse.resultat == Resultat.ACCORDE
        # Les demandes d'une convention et de ses avenants se changent par un seul avenant.
        modifiee = _convention(portes.get(reponse.demande_id)) if est_accordee else None
        # Ce qu'une convention pluriannuelle couvre ne se mêle pas à ce qui en demande une.
        couvre = couvertes.get(reponse.demande.dossier.projet_id) if est_accordee else None
        cle = (
            titulaire_de(reponse).pk,
            "acte" if est_accordee else "refus",
            modifiee.pk if modifiee else 0,
            _groupe_porte(reponse),
            couvre.pk if couvre else 0,
        )
        lots[cle].append(reponse)
    deja_recu = cumuls(
        decision.financeur.retenu, decision.exercice, {titulaire for titulaire, *_ in lots}
    )
    mentions = mentions_de(decision.contrat, decision.financeur.retenu)
    attendus = _avenants_attendus(portes.values())
    proposes = [
        _proposer(
            decision,
            cle,
            lot,
            portes,
            engages,
            deja_recu[cle[0]],
            mentions,
            attendus.get(cle[2]),
            couvertes[lot[0].demande.dossier.projet_id].numero if cle[4] else "",
        )
        for cle, lot in lots.items()
    ]
    return sorted(proposes, key=lambda propose: (propose.titulaire.cle_de_tri, propose.cle))


def _reponses(acteur: Acteur, decision: Decision, *, sans_acte: bool) -> list[LigneDeDecision]:
    """Rend les réponses qui valent encore, la dernière publiée de chaque demande ; ou sans acte seules."""
    dites = (
        decision.lignes.filter(hors_des_deports(acteur, "demande__dossier"))
        .exclude(resultat=Resultat.AJOURNE)
        .exclude(demande__dossier__etat=EtatDeDossier.RETIRE)
        .select_related(
            "demande__dossier__projet__porteur__fusionne_dans",
            "demande__dossier__projet__structure_porteuse__fusionne_dans",
            "demande__dossier__appel",
            "enveloppe__commune",
        )
        .order_by("demande__dossier__numero", "demande__rang", "pk")
    )
    if sans_acte:
        dites = dites.exclude(pk__in=LigneDActe.objects.filter(vaut=True).values("reponse"))
    lues = list(dites)
    dernieres = derniere_reponse_de([ligne.demande_id for ligne in lues])
    return [ligne for ligne in lues if dernieres.get(ligne.demande_id) == ligne.pk]


def derniere_reponse_de(demandes: list[int]) -> dict[int, int]:
    """Rend, pour chaque demande, sa dernière réponse publiée : la seule qui vaut."""
    publiees = LigneDeDecision.objects.filter(
        demande__in=demandes, decision__publiee_le__isnull=False
    ).exclude(resultat=Resultat.AJOURNE)
    return dict(publiees.order_by("decision__publiee_le", "pk").values_list("demande", "pk"))


def _actes_qui_portent(demandes: list[int]) -> dict[int, Acte]:
    """Rend, pour chaque demande, le dernier acte qui vaut et la porte déjà."""
    lignes = LigneDActe.objects.filter(demande__in=demandes, vaut=True).exclude(acte__sorte="refus")
    return {
        ligne.demande_id: ligne.acte
        for ligne in lignes.select_related("acte__modifie").order_by("acte__exercice", "acte__rang")
    }


def _engages(demandes: list[int]) -> dict[int, Decimal]:
    """Rend ce que des actes signés ont engagé pour chaque demande ; un retrait ne se réengage pas."""
    signees = LigneDActe.objects.filter(demande__in=demandes, vaut=True, acte__etat__in=ENGAGENT)
    sommes = signees.order_by().values("demande").annotate(somme=Sum("montant"))
    return dict(sommes.values_list("demande", "somme"))


def _avenants_attendus(actes: Iterable[Acte]) -> dict[int, Acte]:
    """Rend, pour chaque acte, l'avenant préparé qui n'est pas signé : on n'en prépare pas deux."""
    racines = {(acte.modifie or acte).pk for acte in actes}
    attendus = Acte.objects.filter(
        modifie__in=racines, etat__in=[EtatDActe.PREPARE, EtatDActe.A_SIGNER]
    )
    return {acte.modifie_id: acte for acte in attendus if acte.modifie_id is not None}


def titulaire_de(reponse: LigneDeDecision) -> Organisme:
    """Rend l'organisme qui reçoit : la structure porteuse s'il y en a une, le porteur sinon."""
    projet = reponse.demande.dossier.projet
    return (projet.structure_porteuse or projet.porteur).retenu


def _proposer(
    decision: Decision,
    cle: tuple[int, str, int, int, int],
    lot: list[LigneDeDecision],
    portes: Mapping[int, Acte],
    engages: Mapping[int, Decimal],
    cumul: Cumul,
    mentions: MentionsDuService,
    attendu: Acte | None,
    pluriannuelle: str,
) -> ActePropose:
    est_un_refus = cle[1] == "refus"
    modifie = _convention(portes.get(lot[0].demande_id)) if cle[2] else None
    montants = {ligne.pk: (ligne.montant or ZERO) - engages[ligne.pk] for ligne in lot}
    nature = sum((montants[un.pk] for un in lot if _est_en_nature(un)), ZERO)
    argent = sum((montants[un.pk] for un in lot if not _est_en_nature(un)), ZERO)
    anterieurs = [acte for acte in cumul.actes if acte.etat in ENGAGENT]
    # Ce qui est voté comprend déjà ces réponses : le reste de l'exercice est ce qui n'est pas d'elles.
    situation = Situation(
        financeur=decision.financeur.retenu.nom,
        titulaire=titulaire_de(lot[0]).nom,
        nature_du_financeur=decision.financeur.retenu.nature,
        nature_du_titulaire=titulaire_de(lot[0]).nature,
        forme_du_titulaire=titulaire_de(lot[0]).forme_juridique,
        forme_du_financeur=decision.financeur.retenu.forme_juridique,
        pluriannuelle=pluriannuelle,
        exercice=decision.exercice,
        en_argent=argent,
        en_nature=nature,
        deja=max(ZERO, cumul.total - argent - nature),
        actes_anterieurs=[f"{acte.get_sorte_display().lower()} n° {acte.numero}" for acte in anterieurs],
        modifie=modifie.numero if modifie else "",
        exercices=max(ligne.demande.dossier.exercices for ligne in lot),
        acte_ordinaire=mentions.acte_ordinaire,
        est_un_refus=est_un_refus,
    )  # fmt: skip
    return ActePropose(
        "-".join(map(str, cle)),
        decision,
        titulaire_de(lot[0]),
        lot,
        montants,
        situation,
        choisir_l_acte(situation),
        modifie,
        anterieurs,
        cumul.autres,
        tuple(_obstacles(decision, lot, portes, montants, mentions, attendu)),
    )


def _groupe_porte(reponse: LigneDeDecision) -> int:
    """Rend le groupe qu'une structure porte : chacun a son acte, et ne lit pas la réponse d'un autre."""
    porteur = reponse.demande.dossier.projet.porteur.retenu
    return 0 if porteur == titulaire_de(reponse) else porteur.pk


def pluriannuelles_de(
    financeur: Organisme, exercice: int, projets: Collection[int]
) -> dict[int, Acte]:
    """Rend, par projet, la convention pluriannuelle d'un exercice passé qui le couvre encore."""
    signees = LigneDActe.objects.filter(
        acte__sorte=SorteDActe.PLURIANNUELLE,
        acte__etat__in=ENGAGENT,
        acte__financeur__in=membres_a_lire(financeur),
        acte__exercice__lt=exercice,
        demande__dossier__projet__in=projets,
        vaut=True,
    ).exclude(acte__retraits__etat=EtatDeRetrait.DECIDE)
    return {
        ligne.demande.dossier.projet_id: ligne.acte
        for ligne in signees.select_related("acte", "demande__dossier").order_by(
            "acte__exercice", "acte__rang"
        )
        if exercice < ligne.acte.exercice + ligne.demande.dossier.exercices
    }


def _convention(acte: Acte | None) -> Acte | None:
    """Rend la convention que cet acte est, ou modifie ; rien si c'est une lettre ou un arrêté."""
    if acte is None:
        return None
    racine = acte.modifie or acte
    return racine if racine.sorte in CONVENTIONS else None


def _obstacles(
    decision: Decision,
    lot: list[LigneDeDecision],
    portes: Mapping[int, Acte],
    montants: Mapping[int, Decimal],
    mentions: MentionsDuService,
    avenant: Acte | None,
) -> Iterator[str]:
    """Rend ce qui empêche de préparer l'acte : un autre qui attend, rien à changer, des mentions vides."""
    attendus = {portes[un.demande_id] for un in lot if un.demande_id in portes}
    if avenant is not None:
        attendus.add(avenant)
    for acte in sorted(attendus, key=lambda acte: acte.rang):
        if acte.etat not in ENGAGENT:
            etat = EtatDActe(acte.etat).label.lower()
            yield (
                f"L’acte n° {acte.numero} porte déjà cette demande, ou la même convention, et il est "
                f"« {etat} » : faites-le signer, ou annulez-le."
            )
    accordees = [un for un in lot if un.resultat == Resultat.ACCORDE]
    if accordees and not any(montants[un.pk] for un in accordees):
        yield "Le montant est déjà engagé : rien ne change."
    if not (mentions.signataire and mentions.qualite):
        yield "Les mentions de votre service ne disent pas qui signe, et à quel titre."
    if decision.financeur.retenu.nature in ADMINISTRATIONS and not mentions.tribunal:
        yield "Les mentions de votre service ne disent pas devant quel tribunal se font les recours."


def _est_en_nature(ligne: LigneDeDecision) -> bool:
    return ligne.demande.nature == NatureDeDemande.NATURE
