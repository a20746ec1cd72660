"""Ce qu'un récit sait raconter : chaque mot appelle la vraie action, au nom d'une personne."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from parvis.accueil.demonstration import (
    appels,
    avis,
    bilans,
    conventions,
    depots,
    dossiers,
    echanges,
    instances,
    monde,
    portails,
    postes,
    retouches,
    seances,
    suites,
    votes,
)
from parvis.cadre.actions import lectures, savoirs
from parvis.cadre.actions.contrats import creer_contrat
from parvis.cadre.actions.rapprochements import rapprocher
from parvis.cadre.enums import OrigineDeRapprochement
from parvis.cadre.models import Contrat
from parvis.cadre.queries.lecture import edition_courante
from parvis.cadre.queries.lectures import relecture
from parvis.cadre.queries.rapprochements import propositions
from parvis.comptes.acteur import Acteur
from parvis.comptes.actions import invitations, profil, rattachements
from parvis.comptes.actions import organismes as pages
from parvis.comptes.enums import EtatDeRattachement, Role
from parvis.comptes.models import Utilisateur
from parvis.comptes.queries.organismes import etat_de
from parvis.comptes.rules.roles import ROLES
from parvis.observatoire import actions as chiffres
from parvis.observatoire.queries.livraisons import descriptions
from parvis.organismes import actions as organismes
from parvis.organismes.models import Organisme
from parvis.organismes.queries import ressemblants
from parvis.orientation import actions as mots
from parvis.territoires.models import Commune

MACHINE = Acteur.machine("Données de démonstration")
_ORGANISMES = frozenset({"pour", "doublon", "garde", "remplace_par"})


def jouer(acte: Mapping[str, Any], *, contrat: str) -> None:
    """Joue un acte du récit ; lève Refus, KeyError si un mot est inconnu, TypeError s'il en manque un.

    `par` nomme qui agit, à défaut l'exploitant ; les autres noms deviennent des personnes et des
    organismes.
    """
    valeurs = {champ: valeur for champ, valeur in acte.items() if champ != "acte"}
    for champ in valeurs.keys() & _ORGANISMES:
        valeurs[champ] = monde.organisme(valeurs[champ])
    if "qui" in valeurs:
        valeurs["qui"] = monde.personne(valeurs["qui"])
    par = valeurs.pop("par", None)
    qui_agit = monde.acteur(monde.personne(par), valeurs.get("pour")) if par else MACHINE
    ACTES[acte["acte"]](qui_agit, contrat, **valeurs)


def _nommer(par: Acteur, contrat: str, *, qui: Utilisateur, pour: Organisme, role: str) -> None:
    vaut_pour = _contrat_du_role(role, contrat)
    rattachements.nommer(par=par, utilisateur=qui, organisme=pour, role=role, contrat=vaut_pour)


def _creer(par: Acteur, contrat: str, *, communes: list[str], siege: str = "", **champs) -> None:
    connues = Commune.objects.in_bulk([*communes, siege], field_name="code")
    lieux = {"siege": connues.get(siege), "communes": [connues[code] for code in communes]}
    pages.creer_et_rejoindre(par=Acteur(par.utilisateur, None), valeurs={**champs, **lieux})


def _completer(par: Acteur, contrat: str, *, pour: Organisme, **champs: str) -> None:
    depart = etat_de(pour)
    pages.modifier_l_organisme(par=par, organisme=pour, depart=depart, saisie={**depart, **champs})


def _inviter(
    par: Acteur,
    contrat: str,
    *,
    pour: Organisme,
    role: str,
    qui: Utilisateur | None = None,
    adresse: str = "",
    jours: int = 0,
    reponse: str = "",
) -> None:
    """Invite une personne, ou une adresse sans compte ; `jours` compte depuis l'installation."""
    invitation = invitations.inviter(
        par=par,
        organisme=pour,
        courriel=qui.courriel if qui else adresse,
        role=role,
        contrat=_contrat_du_role(role, contrat),
        fin_le=_dans(jours) if jours else None,
    )
    if reponse == "annulee":
        invitations.annuler_l_invitation(par=par, invitation=invitation)
    elif reponse:
        repondre = {
            "acceptee": invitations.accepter_l_invitation,
            "declinee": invitations.decliner_l_invitation,
        }[reponse]
        repondre(par=Acteur(qui, None), invitation=invitation)


def _revendiquer(
    par: Acteur, contrat: str, *, pour: Organisme, role: str, message: str = ""
) -> None:
    rattachements.revendiquer(par=par, organisme=pour, role=role, message=message)


def _confirmer(
    par: Acteur,
    contrat: str,
    *,
    qui: Utilisateur,
    pour: Organisme,
    preuve: str,
    precision: str = "",
) -> None:
    demande = monde.rattachement(qui, pour, EtatDeRattachement.EN_ATTENTE)
    rattachements.confirmer(par=par, rattachement=demande, preuve=preuve, precision=precision)


def _refuser(par: Acteur, contrat: str, *, qui: Utilisateur, pour: Organisme, motif: str) -> None:
    demande = monde.rattachement(qui, pour, EtatDeRattachement.EN_ATTENTE)
    rattachements.refuser(par=par, rattachement=demande, motif=motif)


def _envoyer_un_code(par: Acteur, contrat: str, *, pour: Organisme) -> None:
    assert par.utilisateur is not None
    demande = monde.rattachement(par.utilisateur, pour, EtatDeRattachement.EN_ATTENTE)
    invitations.envoyer_un_code(par=par, rattachement=demande)


def _terminer(
    par: Acteur, contrat: str, *, qui: Utilisateur, pour: Organisme, motif: str = ""
) -> None:
    tenu = monde.rattachement(qui, pour, EtatDeRattachement.CONFIRME)
    rattachements.terminer(par=par, rattachement=tenu, motif=motif)


def _passer_la_main(
    par: Acteur, contrat: str, *, qui: Utilisateur, pour: Organisme, jours: int
) -> None:
    suivant = monde.rattachement(qui, pour, EtatDeRattachement.CONFIRME)
    rattachements.passer_la_main(par=par, successeur=suivant, fin_le=_dans(jours))


def _changer_de_nom(par: Acteur, contrat: str, *, prenom: str, nom: str) -> None:
    profil.changer_de_nom(par=par, prenom=prenom, nom=nom)


def _cloturer(
    par: Acteur, contrat: str, *, pour: Organisme, fin_le: date, remplace_par: Organisme
) -> None:
    organismes.cloturer(par=par, organisme=pour, fin_le=fin_le, remplace_par=remplace_par)


def _fusionner(par: Acteur, contrat: str, *, doublon: Organisme, garde: Organisme) -> None:
    proposes = {d.second: d.raisons for d in ressemblants(par, doublon)}
    organismes.fusionner(par=par, doublon=doublon, garde=garde, raisons=proposes.get(garde, []))


def _rapprocher(
    par: Acteur, contrat: str, *, partenaire: str, pour: Organisme, depuis_le: date
) -> None:
    vise = Contrat.objects.get(code=contrat).partenaires.get(nom=partenaire)
    rapprocher(par=par, partenaire=vise, organisme=pour, depuis_le=depuis_le)


def _accepter_les_propositions(par: Acteur, contrat: str, *, partenaires: list[str]) -> None:
    for proposition in propositions(par, Contrat.objects.get(code=contrat)):
        if proposition.partenaire.nom in partenaires:
            rapprocher(
                par=par,
                partenaire=proposition.partenaire,
                organisme=proposition.organisme,
                depuis_le=proposition.depuis_le,
                jusqu_au=proposition.jusqu_au,
                origine=OrigineDeRapprochement.PROPOSEE,
            )


def _creer_un_contrat(
    par: Acteur, contrat: str, *, titre: str, territoire: str, debut: int, fin: int
) -> None:
    creer_contrat(par=par, code=contrat, titre=titre, territoire=territoire, debut=debut, fin=fin)


def _deposer_un_document(par: Acteur, contrat: str, *, document: str) -> None:
    """Dépose un document de la démonstration, et le lit aussitôt."""
    fichier = settings.DOSSIER_DONNEES / "demonstration" / "documents" / document
    lecture = lectures.deposer_document(
        par=par,
        contrat=Contrat.objects.get(code=contrat),
        nom=fichier.name,
        octets=fichier.read_bytes(),
    )
    lectures.mener_la_lecture({"lecture": lecture.pk}, lambda fait, total=None: None)


def _repondre_aux_questions(par: Acteur, contrat: str, *, nombre: int) -> None:
    """Accepte les premières propositions de la dernière lecture."""
    vise = Contrat.objects.get(code=contrat)
    lecture = vise.lectures.latest("pk")
    for question in relecture(par, vise, lecture.pk).restantes[:nombre]:
        valeurs = {element.cle: element.proposition for element in question.elements}
        lectures.repondre(par=par, lecture=lecture, question=question, valeurs=valeurs)


def _verifier_un_dispositif(par: Acteur, contrat: str, *, dispositif: str) -> None:
    vise = Contrat.objects.get(code=contrat).dispositifs.get(nom=dispositif)
    savoirs.verifier_dispositif(par=par, dispositif=vise)


def _relire_un_dispositif(par: Acteur, contrat: str, *, dispositif: str, **valeurs: Any) -> None:
    vise = Contrat.objects.get(code=contrat).dispositifs.get(nom=dispositif)
    savoirs.modifier_dispositif(
        par=par, dispositif=vise, version=vise.version, valeurs=valeurs, est_verifie=True
    )


def _relire_un_partenaire(par: Acteur, contrat: str, *, partenaire: str, **valeurs: Any) -> None:
    vise = Contrat.objects.get(code=contrat).partenaires.get(nom=partenaire)
    savoirs.modifier_partenaire(par=par, partenaire=vise, version=vise.version, valeurs=valeurs)


def _contrat_du_role(role: str, contrat: str) -> str:
    return contrat if ROLES[Role(role)].est_de_contrat else ""


def _dans(jours: int) -> date:
    return timezone.localdate() + timedelta(days=jours)


def _ajouter_un_mot(par: Acteur, contrat: str, *, ecrit: str, sens: str) -> None:
    edition = edition_courante(par, contrat)
    mots.ajouter_un_mot(par=par, edition=edition, ecrit=ecrit, sens=sens)


def _decrire_des_chiffres(
    par: Acteur, contrat: str, *, series: list[dict[str, str]], **champs: Any
) -> None:
    decrites = [chiffres.SerieDecrite(**serie) for serie in series]
    chiffres.decrire_un_fichier(par=par, contrat=contrat, series=decrites, **champs)


def _importer_des_chiffres(
    par: Acteur, contrat: str, *, source: str, nom: str, document: str, periode: str
) -> None:
    fichier = settings.DOSSIER_DONNEES / "demonstration" / "documents" / document
    chiffres.importer_chiffres(
        par=par,
        description=descriptions(contrat).get(source__nom=source, nom=nom),
        periode=periode,
        nom=fichier.name,
        octets=fichier.read_bytes(),
        ecrire=True,
    )


def _attendre_des_chiffres(
    par: Acteur, contrat: str, *, jours: int, source: str = "", nom: str = "", **champs: Any
) -> None:
    """Inscrit une livraison au calendrier ; `source` et `nom` disent quel fichier décrit lui répond."""
    decrit = descriptions(contrat).get(source__nom=source, nom=nom) if nom else None
    chiffres.attendre_une_livraison(
        par=par, contrat=contrat, prochaine_le=_dans(jours), description=decrit, **champs
    )


ACTES: dict[str, Callable[..., None]] = {
    "nommer": _nommer,
    "creer": _creer,
    "completer": _completer,
    "inviter": _inviter,
    "revendiquer": _revendiquer,
    "confirmer": _confirmer,
    "refuser": _refuser,
    "envoyer un code": _envoyer_un_code,
    "terminer": _terminer,
    "passer la main": _passer_la_main,
    "changer de nom": _changer_de_nom,
    "cloturer": _cloturer,
    "fusionner": _fusionner,
    "rapprocher": _rapprocher,
    "accepter les propositions": _accepter_les_propositions,
    "creer un contrat": _creer_un_contrat,
    "deposer un document": _deposer_un_document,
    "repondre aux questions": _repondre_aux_questions,
    "preparer un avenant": retouches.preparer_un_avenant,
    "retoucher": retouches.retoucher,
    "decliner": retouches.decliner,
    "verifier un dispositif": _verifier_un_dispositif,
    "relire un dispositif": _relire_un_dispositif,
    "relire un partenaire": _relire_un_partenaire,
    "ajouter un mot": _ajouter_un_mot,
    "decrire des chiffres": _decrire_des_chiffres,
    "importer des chiffres": _importer_des_chiffres,
    "attendre des chiffres": _attendre_des_chiffres,
    "ouvrir un appel": appels.ouvrir_un_appel,
    "publier un appel": appels.publier_un_appel,
    "changer un appel": appels.changer_un_appel,
    "reprendre un appel": appels.reprendre_un_appel,
    "signaler un appel": appels.signaler_un_appel,
    "suivre les appels": appels.suivre_les_appels,
    "proposer des indicateurs": dossiers.proposer_des_indicateurs,
    "commencer": dossiers.commencer,
    "ecrire": dossiers.ecrire,
    "remarquer": dossiers.remarquer,
    "deposer": depots.deposer,
    "joindre les pieces": depots.joindre_les_pieces,
    "donner un compte": depots.donner_un_compte,
    "demander un complement": suites.demander_un_complement,
    "rendre les complements": suites.rendre_les_complements,
    "verifier des points": suites.verifier_un_point,
    "trancher": suites.trancher,
    "envoyer vers un autre appel": suites.envoyer,
    "noter la suite": suites.noter,
    "ecrire au sujet d'un dossier": suites.ecrire_au_sujet,
    "donner un lien de lecture": suites.donner_un_lien,
    "consulter": avis.consulter,
    "inviter un expert": avis.inviter_un_expert,
    "se charger": avis.se_charger,
    "rendre un avis": avis.rendre,
    "noter un dossier": avis.noter,
    "declarer un lien": avis.declarer_un_lien,
    "se deporter": avis.se_deporter,
    "interroger": echanges.interroger,
    "repondre a une question": echanges.repondre,
    "creer une instance": instances.creer_une_instance,
    "reunir": instances.reunir,
    "ouvrir une enveloppe": votes.ouvrir_une_enveloppe,
    "decider": votes.decider,
    "preparer une seance": seances.preparer_une_seance,
    "apporter": seances.apporter,
    "deporter un membre": seances.deporter_un_membre,
    "tenir une seance": seances.tenir_une_seance,
    "reprendre une seance": seances.reprendre_une_seance,
    "ecrire des mentions": conventions.ecrire_des_mentions,
    "reprendre un modele": conventions.reprendre_un_modele,
    "donner ailleurs": conventions.donner_ailleurs,
    "prendre des actes": conventions.prendre_des_actes,
    "ouvrir les données": conventions.ouvrir_les_donnees,
    "verser": conventions.verser_un_acte,
    "lever une condition": conventions.lever_une_condition,
    "attendre les bilans": bilans.attendre_les_bilans,
    "ecrire un bilan": bilans.ecrire_un_bilan,
    "repondre a un bilan": bilans.repondre_a_un_bilan,
    "recopier sur un portail": portails.recopier,
    "reprendre un export": portails.reprendre,
    "noter le code national": postes.noter_le_code,
    "importer des postes": postes.importer,
}
