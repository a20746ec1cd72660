"""Ce que chacun atteint d'un dossier qu'on étudie : son financeur, qui est consulté, le pilote."""

from typing import Any

from parvis.cadre.models import Contrat
from parvis.dossiers.models import Demande, Dossier
from parvis.instruction.actions.avis import rendre_avis
from parvis.instruction.actions.consultations import consulter, inviter_un_expert
from parvis.instruction.actions.equipe import declarer_un_lien, se_deporter
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Consultation, LienDeclare
from parvis.organismes.models import Organisme
from tests.fabriques import depots, fichiers, instruction
from tests.fabriques.comptes import Monde
from tests.matrice.cas_pilotage import _du_contrat
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

PILOTE = frozenset({"pilote"})
FINANCE = frozenset({"instructeur"})
ETUDIENT = frozenset({"instructeur", "delegue"})
INSTRUISENT = frozenset({"instructeur", "delegue", "conseiller"})
# Un dossier atteint aussi qui le reçoit : lui de même se déporte, et dit ses liens.
SE_DEPORTENT = ETUDIENT | PILOTE
ONT_DES_LIENS = INSTRUISENT | PILOTE


def _recevable(monde: Monde) -> Dossier:
    """Rend un dossier recevable, demandé au service de l'instructeur, où le délégué est consulté."""
    ici = depots.lieux(monde, Contrat.objects.get(code="tilleuls"))
    dossier = instruction.recevable(ici)
    service = monde.acteurs["instructeur"].organisme
    Demande.objects.filter(dossier=dossier, financeur=ici.caisse).update(financeur=service)
    consulter(
        par=monde.acteurs["pilote"],
        dossiers=[dossier],
        qualite=Qualite.DELEGUE_DU_PREFET,
        organisme=Organisme.objects.get(nom="Préfecture"),
    )
    return dossier


def _dossier(ouvert_a: frozenset[str]):
    """Rend un dossier recevable, le même dans un autre contrat, un brouillon et un absent."""

    def objets(monde: Monde) -> list[Objet]:
        dossier = _recevable(monde)
        ici = {"contrat": "tilleuls", "pk": dossier.pk}
        return [
            Objet("recevable", ici, ouvert_a),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("brouillon", ici | {"pk": _brouillon(dossier)}, PERSONNE),
            Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _brouillon(dossier: Dossier) -> int:
    """Rend un brouillon qui demanderait au même service."""
    demande = dossier.demandes.first()
    copie = Dossier.objects.get(pk=dossier.pk)
    copie.pk, copie.etat, copie.numero = None, "brouillon", None
    copie.depose_le, copie.depose_par, copie.tranche_le, copie.tranche_par = None, "", None, ""
    copie._state.adding = True
    copie.save()
    demande.pk, demande.dossier, demande.etat, demande.demande_le = None, copie, "preparee", None
    demande._state.adding = True
    demande.save()
    return copie.pk


def _deporte(monde: Monde) -> list[Objet]:
    """Qui s'est déporté n'atteint plus le dossier ; les autres, si."""
    objets = _dossier(ETUDIENT)(monde)
    autre = _un_autre(Dossier.objects.get(pk=objets[0].kwargs["pk"]))
    se_deporter(par=monde.acteurs["instructeur"], dossier=autre, motif="Un lien.")
    ici = {"contrat": "tilleuls", "pk": autre.pk}
    return [*objets, Objet("dont on s'est déporté", ici, PERSONNE)]


def _un_autre(dossier: Dossier) -> Dossier:
    """Rend un autre dossier recevable, demandé au même service."""
    demande = dossier.demandes.exclude(financeur__nom__startswith="Commune").get()
    autre = Dossier.objects.get(pk=dossier.pk)
    autre.pk, autre.numero, autre._state.adding = None, 77, True
    autre.save()
    demande.pk, demande.dossier, demande._state.adding = None, autre, True
    demande.save()
    return autre


def _piece(monde: Monde) -> list[Objet]:
    dossier = _recevable(monde)
    statuts = dossier.pieces.get(cle="statuts").fichier.identifiant
    rib = dossier.pieces.get(cle="rib").fichier.identifiant
    ici = {"contrat": "tilleuls", "pk": dossier.pk, "identifiant": statuts}
    return [
        Objet("les statuts", ici, ETUDIENT),
        Objet("le relevé d'identité bancaire", ici | {"identifiant": rib}, PERSONNE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("d'un dossier absent", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _fichier_d_avis(ouvert_a: frozenset[str]):
    def objets(monde: Monde) -> list[Objet]:
        dossier = _recevable(monde)
        avis = rendre_avis(
            par=monde.acteurs["instructeur"],
            dossier=dossier,
            version=1,
            rang=0,
            sens="favorable",
            fichiers=[fichiers.controle("rapport.pdf", fichiers.pdf())],
        )
        fichier = avis.fichiers.get().identifiant
        statuts = dossier.pieces.get(cle="statuts").fichier.identifiant
        ici = {"contrat": "tilleuls", "pk": dossier.pk, "identifiant": fichier}
        return [
            Objet("joint à l'avis", ici, ouvert_a),
            Objet("qui n'est pas d'un avis", ici | {"identifiant": statuts}, PERSONNE),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        ]

    return objets


def _expert(monde: Monde) -> list[Objet]:
    dossier = _recevable(monde)
    invitation = inviter_un_expert(
        par=monde.acteurs["instructeur"], dossier=dossier, courriel="nour@exemple.fr"
    )
    du_delegue = Consultation.objects.get(dossier=dossier, qualite=Qualite.DELEGUE_DU_PREFET)
    ici = {"contrat": "tilleuls", "pk": dossier.pk, "consultation": invitation.pk}
    return [
        Objet("son expert", ici, FINANCE),
        Objet("ce que le pilote demande", ici | {"consultation": du_delegue.pk}, PERSONNE),
        Objet("absente", ici | {"consultation": ABSENT}, PERSONNE),
    ]


def _consultation(monde: Monde) -> list[Objet]:
    dossier = _recevable(monde)
    demandee = Consultation.objects.get(dossier=dossier)
    ici = {"contrat": "tilleuls", "pk": dossier.pk, "consultation": demandee.pk}
    return [
        Objet("demandée", ici, PILOTE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"consultation": ABSENT}, PERSONNE),
    ]


def _deport(monde: Monde) -> list[Objet]:
    dossier = _recevable(monde)
    deport = se_deporter(par=monde.acteurs["instructeur"], dossier=dossier, motif="Un lien.")
    ici = {"contrat": "tilleuls", "pk": dossier.pk, "deport": deport.pk}
    return [
        Objet("déclaré", ici, PILOTE),
        Objet("absent", ici | {"deport": ABSENT}, PERSONNE),
    ]


def _recu(monde: Monde) -> list[Objet]:
    dossier = _recevable(monde)
    ici = {"contrat": "tilleuls", "pk": dossier.pk}
    return [
        Objet("recevable", ici, PILOTE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _liste(ouverte_a: frozenset[str] = INSTRUISENT, **autres: Any):
    """Rend la liste de son contrat ; celle d'un autre s'ouvre à l'instructeur, qui n'a pas de contrat."""

    def objets(monde: Monde) -> list[Objet]:
        _recevable(monde)
        return [
            Objet("du contrat", {"contrat": "tilleuls", **autres}, ouverte_a),
            Objet("d'un contrat absent", {"contrat": "absent", **autres}, PERSONNE),
        ]

    return objets


def _vue(monde: Monde) -> list[Objet]:
    from parvis.espace_financeur.actions import enregistrer_une_vue

    vue = enregistrer_une_vue(
        par=monde.acteurs["instructeur"], contrat="tilleuls", nom="À rendre", choix="avis=a_rendre"
    )
    ici = {"contrat": "tilleuls", "pk": vue.pk}
    return [
        Objet("la sienne", ici, FINANCE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _lien(monde: Monde) -> list[Objet]:
    lien: LienDeclare = declarer_un_lien(
        par=monde.acteurs["instructeur"], organisme=monde.verger, lien="Membre du bureau"
    )
    ici = {"contrat": "tilleuls", "pk": lien.pk}
    return [
        Objet("le sien", ici, FINANCE),
        Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _un_avis(monde: Monde) -> dict[str, Any]:
    return {"sens": "favorable", "version": "1", "rang": "0"}


def _a_qui(monde: Monde) -> dict[str, Any]:
    conseil = Organisme.objects.get(nom="Conseil citoyen")
    return {"a_qui": f"conseil_citoyen-{conseil.pk}"}


CAS: dict[str, Cas] = {
    "espace_financeur:tous": Cas(LECTURE, lambda monde: [Objet("la page", {}, INSTRUISENT)]),
    "espace_financeur:dossiers": Cas(LECTURE, _liste()),
    "espace_financeur:dossiers_tableau": Cas(LECTURE, _liste(extension="csv")),
    "espace_financeur:enregistrer_la_vue": Cas(
        ECRITURE, _liste(), lambda monde: {"nom": "À rendre", "choix": "avis=a_rendre"}
    ),
    "espace_financeur:oublier_la_vue": Cas(ECRITURE, _vue),
    "espace_financeur:dossier": Cas(LECTURE, _deporte),
    "espace_financeur:marquer_lu": Cas(
        ECRITURE, _dossier(ETUDIENT), lambda monde: {"version": "1"}
    ),
    "espace_financeur:dossier_imprime": Cas(LECTURE, _dossier(ETUDIENT)),
    "espace_financeur:pieces_a_emporter": Cas(LECTURE, _dossier(ETUDIENT)),
    "espace_financeur:piece": Cas(LECTURE, _piece),
    "espace_financeur:rendre_avis": Cas(LES_DEUX, _dossier(ETUDIENT), _un_avis),
    "espace_financeur:partager_le_montant": Cas(ECRITURE, _dossier(ETUDIENT)),
    "espace_financeur:fichier_d_avis": Cas(LECTURE, _fichier_d_avis(FINANCE)),
    "espace_financeur:inviter_un_expert": Cas(
        LES_DEUX, _dossier(FINANCE), lambda monde: {"courriel": "nour@exemple.fr"}
    ),
    "espace_financeur:clore_l_invitation": Cas(ECRITURE, _expert),
    "espace_financeur:se_charger": Cas(ECRITURE, _dossier(FINANCE)),
    "espace_financeur:rendre_la_main": Cas(ECRITURE, _dossier(FINANCE)),
    "espace_financeur:se_deporter": Cas(
        LES_DEUX, _dossier(SE_DEPORTENT), lambda monde: {"motif": "Un lien."}
    ),
    "espace_financeur:liens": Cas(LES_DEUX, _liste(ONT_DES_LIENS)),
    "espace_financeur:finir_un_lien": Cas(ECRITURE, _lien),
    "pilotage:consulter": Cas(LES_DEUX, _recu, _a_qui),
    "pilotage:consulter_plusieurs": Cas(LES_DEUX, _du_contrat(), _a_qui),
    "pilotage:clore_consultation": Cas(ECRITURE, _consultation),
    "pilotage:fichier_d_avis": Cas(LECTURE, _fichier_d_avis(PILOTE)),
    "pilotage:lever_un_deport": Cas(ECRITURE, _deport),
}
