"""Chaque sorte d'acte, faite une fois pour de vrai : ce que le journal en garde se raconte ensuite."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from unittest import mock

from django.utils import timezone

from parvis.cadre.actions import (
    brouillons,
    contrats,
    declinaisons,
    lectures,
    plan,
    rapprochements,
    savoirs,
)
from parvis.cadre.models import Lecture
from parvis.cadre.queries.lectures import relecture
from parvis.comptes.acteur import Acteur
from parvis.comptes.actions import invitations, profil, rattachements
from parvis.comptes.actions import organismes as pages
from parvis.comptes.enums import Preuve, Role
from parvis.comptes.models import Utilisateur
from parvis.courriels.models import Courriel
from parvis.journal.actions import effacer_les_details, noter
from parvis.journal.models import Evenement
from parvis.organismes import actions as organismes
from parvis.organismes.importation import LigneLue
from parvis.organismes.models import Organisme
from parvis.orientation import actions as mots
from parvis.pilotage.actions import doublons, utilisateurs
from parvis.pilotage.actions.courriels import relancer_les_courriels
from parvis.territoires.models import Commune
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.lectures import deposee, lue
from tests.fabriques.retouches import retoucher
from tests.journal.actes_de_l_argent import DE_L_ARGENT
from tests.journal.actes_de_l_instruction import DE_L_INSTRUCTION
from tests.journal.actes_de_l_observatoire import DE_L_OBSERVATOIRE
from tests.journal.actes_des_dossiers import DES_DOSSIERS
from tests.journal.actes_des_instances import DES_INSTANCES
from tests.journal.actes_des_territoires import DES_TERRITOIRES

EXPLOITANT = Acteur.machine("Exploitation")
NOMS = ("Amina", "Traoré", "Bruno", "Lefèvre", "amina@", "bruno@")


def monde() -> SimpleNamespace:
    """Rend deux personnes, deux organismes, et qui agit pour le premier."""
    amina, bruno = (
        Utilisateur.objects.create(
            courriel=f"{prenom.lower()}@verger.example", prenom=prenom, nom=nom
        )
        for prenom, nom in (("Amina", "Traoré"), ("Bruno", "Lefèvre"))
    )
    jardins = Organisme.objects.create(
        nom="Les Jardins", nature="association", cle_de_tri="jardins"
    )
    verger = Organisme.objects.create(nom="Le Verger", nature="association", cle_de_tri="verger")
    m = SimpleNamespace(amina=amina, bruno=bruno, jardins=jardins, verger=verger)
    m.acteur = agir(m, amina, Role.GESTIONNAIRE)
    m.nouveau = Acteur(bruno, None)
    return m


def agir(m: SimpleNamespace, personne: Utilisateur, role: str) -> Acteur:
    lien = rattachements.ouvrir(
        utilisateur=personne, organisme=m.jardins, role=role, preuve=Preuve.NOMINATION
    )
    return Acteur(personne, lien)


def _demander(m: SimpleNamespace):
    return rattachements.revendiquer(
        par=m.nouveau, organisme=m.jardins, role=Role.CONTRIBUTEUR, message="Je tiens l’atelier"
    )


def _inviter(m: SimpleNamespace):
    return invitations.inviter(
        par=m.acteur, organisme=m.jardins, courriel=m.bruno.courriel, role=Role.CONTRIBUTEUR
    )


def _modifier(m: SimpleNamespace) -> None:
    communes = [
        Commune.objects.create(code=f"9404{n}", nom=nom, departement="94")
        for n, nom in enumerate(("Port-Tilleul", "Val-Chêne"))
    ]
    valeurs = {
        "sigle": "LJ",
        "nature": "fondation",
        "forme_juridique": "9220",
        "adresse": "3 rue du Verger",
        "siege": communes[0],
        "communes": communes,
        "courriel": "contact@jardins.example",
        "alias": ["Jardins d’en bas"],
    }
    organismes.modifier(par=m.acteur, organisme=m.jardins, version=1, valeurs=valeurs)


def _fusionner(m: SimpleNamespace) -> Organisme:
    return organismes.fusionner(
        par=m.acteur, doublon=m.verger, garde=m.jardins, raisons=["même adresse", "même nom"]
    )


def _passer_la_main(m: SimpleNamespace) -> None:
    suivant = agir(m, m.bruno, Role.CONTRIBUTEUR).rattachement
    fin_le = timezone.localdate() + timedelta(days=30)
    rattachements.passer_la_main(par=m.acteur, successeur=suivant, fin_le=fin_le)


def _envoyer_un_code(m: SimpleNamespace) -> None:
    Organisme.objects.filter(pk=m.jardins.pk).update(
        courriel="contact@jardins.example",
        courriel_origine="saisi",
        courriel_releve_le=date(2020, 1, 1),
    )
    m.jardins.refresh_from_db()
    invitations.envoyer_un_code(par=m.nouveau, rattachement=_demander(m))


def _effacer(m: SimpleNamespace) -> None:
    _demander(m)
    effacer_les_details(
        par=m.acteur, objet=f"organisme:{m.jardins.pk}", motif="Demande d’effacement reçue"
    )


def _confirmer(m: SimpleNamespace) -> None:
    rattachements.confirmer(
        par=m.acteur, rattachement=_demander(m), preuve=Preuve.PIECE, precision="Récépissé de 2020"
    )


def _rapprocher(m: SimpleNamespace):
    partenaire = contrat_publie().contrat.partenaires.get(nom="Associations")
    return rapprochements.rapprocher(
        par=m.acteur, partenaire=partenaire, organisme=m.jardins, depuis_le=date(2026, 1, 1)
    )


def _rouvrir_une_question(m: SimpleNamespace) -> None:
    lecture = _repondre(m)
    (donnee,) = relecture(m.acteur, lecture.contrat, lecture.pk).donnees
    lectures.rouvrir(par=m.acteur, lecture=lecture, reponse=donnee.pk)


def _repondre(m: SimpleNamespace) -> Lecture:
    lecture = lue(m.acteur, contrat_publie().contrat)
    question = next(
        q for q in relecture(m.acteur, lecture.contrat, lecture.pk).restantes if q.nature == "type"
    )
    lectures.repondre(
        par=m.acteur,
        lecture=lecture,
        question=question,
        valeurs={question.cle: question.elements[0].proposition},
    )
    return lecture


def _reunir(m: SimpleNamespace) -> Organisme:
    doublons.reunir(par=m.acteur, doublon=m.verger, garde=m.jardins, raison="Même siège.")
    return Organisme.objects.select_related("fusionne_dans").get(pk=m.verger.pk)


def _rouvrir(m: SimpleNamespace) -> None:
    fermer = {"par": agir(m, m.amina, Role.ADMINISTRATEUR), "utilisateur": m.bruno}
    utilisateurs.fermer_le_compte(motif="Parti du territoire.", **fermer)
    utilisateurs.rouvrir_le_compte(motif="Revenu.", **fermer)


def _relancer(m: SimpleNamespace) -> None:
    mort = Courriel.objects.create(
        destinataire="x@verger.example",
        sujet="organisme",
        objet="Essai",
        texte="Essai",
        etat="abandonne",
        frequence="immediat",
        depose_le=timezone.now(),
        erreur="Refusé.",
    )
    relancer_les_courriels(par=m.acteur, courriels=[mort])


def _relire_un_partenaire(m: SimpleNamespace) -> None:
    contrat = contrat_publie().contrat
    communes = contrat.partenaires.get(nom="Communes")
    savoirs.modifier_partenaire(
        par=m.acteur,
        partenaire=communes,
        version=communes.version,
        valeurs={
            "sigle": "COM",
            "nature": "organisme",
            "parent": contrat.partenaires.get(nom="Associations"),
            "graphies": ["les villes", "les mairies"],
            "a_savoir": "Elles sont trois.",
            "fin_le": date(2026, 4, 3),
            "suite": "Commune nouvelle",
        },
    )


def _relire_un_dispositif(m: SimpleNamespace) -> None:
    aide = contrat_publie().contrat.dispositifs.get()
    savoirs.modifier_dispositif(
        par=m.acteur,
        dispositif=aide,
        version=aide.version,
        valeurs={
            "explication": "Elle lance un projet.",
            "responsables": [],
            "nature": "specifique",
            "lien": "https://exemple.fr/aide",
            "fin_le": date(2026, 4, 3),
        },
        est_verifie=True,
    )


def _episode(m: SimpleNamespace) -> None:
    """Le seul acte que l'on n'exécute pas : il demande une base sans compte."""
    noter(
        par=EXPLOITANT,
        contrat="instance",
        action="accueil.charger_un_episode",
        objet="episode:1-organismes",
        objet_nom="1-organismes",
    )


def _avenant(m: SimpleNamespace):
    return brouillons.preparer_un_avenant(par=m.acteur, edition=contrat_publie())


def _ajouter_un_mot(m: SimpleNamespace):
    edition = contrat_publie()
    return mots.ajouter_un_mot(par=m.acteur, edition=edition, ecrit="Zim", sens="jardins")


def _retirer_un_pilier(m: SimpleNamespace) -> None:
    avenant = _avenant(m)
    rang = plan.ajouter_un_pilier(par=m.acteur, edition=avenant, titre="Respirer").rang
    plan.retirer_un_pilier(par=m.acteur, edition=avenant, numero=str(rang))


def _decliner(m: SimpleNamespace):
    return declinaisons.decliner(
        par=m.acteur, edition=_avenant(m), numero="1-1", lieu="Le Pré-Joli", type="quartier"
    )


def _retirer(m: SimpleNamespace, declinaison) -> None:
    declinaisons.retirer_une_declinaison(
        par=m.acteur, edition=declinaison.edition, numero=str(declinaison.pk)
    )


ACTES: dict[str, Callable[[SimpleNamespace], object]] = {
    "cadre.importer": lambda m: contrat_publie(),
    "cadre.publier": lambda m: contrat_publie(),
    "comptes.accepter": lambda m: invitations.accepter_l_invitation(
        par=m.nouveau, invitation=_inviter(m)
    ),
    "comptes.annuler_l_invitation": lambda m: invitations.annuler_l_invitation(
        par=m.acteur, invitation=_inviter(m)
    ),
    "comptes.changer_de_nom": lambda m: profil.changer_de_nom(
        par=m.acteur, prenom="Amina", nom="Diallo"
    ),
    "comptes.confirmer": _confirmer,
    "comptes.creer_et_rejoindre": lambda m: pages.creer_et_rejoindre(
        par=m.nouveau, valeurs={"nom": "Les Ruches", "nature": "association"}
    ),
    "comptes.decliner": lambda m: invitations.decliner_l_invitation(
        par=m.nouveau, invitation=_inviter(m)
    ),
    "comptes.envoyer_un_code": _envoyer_un_code,
    "comptes.inviter": _inviter,
    "comptes.nommer": lambda m: rattachements.nommer(
        par=EXPLOITANT,
        utilisateur=m.bruno,
        organisme=m.jardins,
        role=Role.PILOTE,
        contrat="tilleuls",
    ),
    "comptes.passer_la_main": _passer_la_main,
    "comptes.refuser": lambda m: rattachements.refuser(
        par=m.acteur, rattachement=_demander(m), motif="Nous ne connaissons pas cette personne."
    ),
    "comptes.revendiquer": _demander,
    "comptes.terminer": lambda m: rattachements.terminer(
        par=m.acteur, rattachement=_demander(m), motif="Parti"
    ),
    "journal.effacer_les_details": _effacer,
    "organismes.cloturer": lambda m: organismes.cloturer(
        par=m.acteur, organisme=m.jardins, fin_le=date(2026, 4, 3), remplace_par=m.verger
    ),
    "organismes.creer": lambda m: organismes.creer(
        par=m.acteur, nom="Les Ruches", nature="association"
    ),
    "organismes.ecarter": lambda m: organismes.ecarter(par=m.acteur, un=m.jardins, autre=m.verger),
    "organismes.fusionner": _fusionner,
    "organismes.importer": lambda m: organismes.importer_organismes(
        par=m.acteur,
        lignes=[LigneLue(2, {"nom": "Les Ruches", "nature": "association"})],
        source="liste.csv",
        ecrire=True,
    ),
    "organismes.modifier": _modifier,
    "organismes.separer": lambda m: organismes.separer(par=m.acteur, doublon=_fusionner(m)),
    "pilotage.fermer_le_compte": lambda m: utilisateurs.fermer_le_compte(
        par=agir(m, m.amina, Role.ADMINISTRATEUR),
        utilisateur=m.bruno,
        motif="Parti du territoire.",
    ),
    "pilotage.rouvrir_le_compte": _rouvrir,
    "pilotage.relancer": _relancer,
    "pilotage.reunir": _reunir,
    "pilotage.separer": lambda m: doublons.separer(par=m.acteur, doublon=_reunir(m)),
    "cadre.creer_contrat": lambda m: contrats.creer_contrat(
        par=m.acteur,
        code="erables",
        titre="Contrat des Érables",
        territoire="Érables",
        debut=2024,
        fin=2030,
    ),
    "cadre.deposer": lambda m: deposee(m.acteur, contrat_publie().contrat),
    "cadre.repondre": _repondre,
    "cadre.rouvrir": _rouvrir_une_question,
    "cadre.abandonner": lambda m: lectures.abandonner(
        par=m.acteur, lecture=deposee(m.acteur, contrat_publie().contrat)
    ),
    "cadre.preparer_un_avenant": _avenant,
    "cadre.jeter_le_brouillon": lambda m: brouillons.jeter_le_brouillon(
        par=m.acteur, edition=_avenant(m)
    ),
    "cadre.retoucher": lambda m: retoucher(m.acteur, _avenant(m)),
    "cadre.ajouter_une_fiche": lambda m: plan.ajouter_une_fiche(
        par=m.acteur, edition=_avenant(m), enjeu="1", numero="1-9", titre="Composter"
    ),
    "cadre.retirer_une_fiche": lambda m: plan.retirer_une_fiche(
        par=m.acteur, edition=_avenant(m), numero="1-1"
    ),
    "cadre.ajouter_un_enjeu": lambda m: plan.ajouter_un_enjeu(
        par=m.acteur, edition=_avenant(m), pilier=1, numero="9", titre="Respirer"
    ),
    "cadre.retirer_un_enjeu": lambda m: plan.retirer_un_enjeu(
        par=m.acteur, edition=_avenant(m), numero="3"
    ),
    "cadre.ajouter_un_pilier": lambda m: plan.ajouter_un_pilier(
        par=m.acteur, edition=_avenant(m), titre="Respirer"
    ),
    "cadre.retirer_un_pilier": _retirer_un_pilier,
    "cadre.renumeroter": lambda m: plan.renumeroter(
        par=m.acteur, edition=_avenant(m), cle="fiche-1-1", numero="1-7"
    ),
    "cadre.deplacer": lambda m: plan.deplacer(
        par=m.acteur, edition=_avenant(m), cle="fiche-1-1", apres="enjeu-3"
    ),
    "cadre.decliner": _decliner,
    "cadre.retirer_une_declinaison": lambda m: _retirer(m, _decliner(m)),
    "orientation.ajouter_un_mot": _ajouter_un_mot,
    "orientation.retirer_un_mot": lambda m: mots.retirer_un_mot(
        par=m.acteur, mot=_ajouter_un_mot(m)
    ),
    "cadre.rapprocher": _rapprocher,
    "cadre.detacher": lambda m: rapprochements.detacher(
        par=m.acteur, rapprochement=_rapprocher(m), jusqu_au=date(2027, 1, 1)
    ),
    "cadre.effacer_rapprochement": lambda m: rapprochements.detacher(
        par=m.acteur, rapprochement=_rapprocher(m), jusqu_au=None
    ),
    "cadre.modifier_partenaire": _relire_un_partenaire,
    "cadre.modifier_dispositif": _relire_un_dispositif,
    "cadre.verifier_dispositif": lambda m: savoirs.verifier_dispositif(
        par=m.acteur, dispositif=contrat_publie().contrat.dispositifs.get()
    ),
    "accueil.charger_un_episode": _episode,
    **(DES_TERRITOIRES | DE_L_OBSERVATOIRE | DES_DOSSIERS),
    **(DE_L_INSTRUCTION | DES_INSTANCES | DE_L_ARGENT),
}


def faire(action: str) -> Evenement:
    """Fait l'acte et rend l'événement qui le note."""
    with mock.patch("django.db.transaction.on_commit"):
        ACTES[action](monde())
    return Evenement.objects.filter(action=action).latest("pk")
