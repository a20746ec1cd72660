"""Donner l'IBAN d'un organisme, en changer à deux après un dépôt, l'écarter."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.queries.membres import membres_confirmes
from parvis.comptes.rules.roles import DEPOSENT
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.enums import EtatDeCompte
from parvis.dossiers.models import CompteBancaire, Dossier
from parvis.dossiers.permissions import peut_tenir_le_compte, peut_tenir_les_appels
from parvis.dossiers.queries.comptes_bancaires import (
    USAGE,
    a_deja_depose,
    comptes_de,
    en_clair,
    recus_par,
    un_autre_signe,
)
from parvis.dossiers.rules.compte_bancaire import (
    IbanIllisible,
    lire_un_iban,
    masquer,
    motifs_empechant_d_ecarter,
    motifs_empechant_de_confirmer,
)
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.organismes.models import Organisme
from parvis.socle.chiffre import chiffrer
from parvis.socle.refus import Refus, exiger

# Un organisme n'appartient à aucun contrat : ses membres lisent ces actes sur sa page.
CHAINE = "instance"


@transaction.atomic
def donner_un_iban(*, par: Acteur, organisme: Organisme, iban: str) -> CompteBancaire:
    """Donne le compte où l'organisme reçoit ses subventions ; rend celui d'avant s'il est le même.

    Avant tout dépôt, il vaut aussitôt. Après, il attend une seconde personne, et tous ceux qui
    signent en sont prévenus. Lève Refus, et Organisme.DoesNotExist à qui n'y signe pas.
    """
    organisme = _tenir(organisme)
    if not peut_tenir_le_compte(par, organisme):
        raise Organisme.DoesNotExist
    try:
        lu = lire_un_iban(iban)
    except IbanIllisible as faute:
        raise Refus([str(faute)]) from None
    ouverts = {compte.etat: compte for compte in _ouverts(organisme)}
    attente, courant = ouverts.get(EtatDeCompte.A_CONFIRMER), ouverts.get(EtatDeCompte.COURANT)
    for compte in filter(None, [attente, courant if attente is None else None]):
        if en_clair(compte) == lu:
            return compte
    if attente is not None:
        _clore(attente, EtatDeCompte.ECARTE)
    se_confirme = a_deja_depose(organisme)
    if courant is not None and not se_confirme:
        _clore(courant, EtatDeCompte.REMPLACE)
    compte = CompteBancaire.objects.create(
        organisme=organisme,
        iban=chiffrer(USAGE, lu),
        masque=masquer(lu),
        etat=EtatDeCompte.A_CONFIRMER if se_confirme else EtatDeCompte.COURANT,
        se_confirme=se_confirme,
        donne_le=timezone.now(),
        donne_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
    )
    _noter(par, "dossiers.donner_un_iban", compte)
    if se_confirme:
        _prevenir(
            organisme,
            "Un nouveau compte bancaire attend d’être confirmé",
            f"{par.utilisateur_nom} a donné un nouveau compte bancaire pour {organisme} : "
            f"{compte.masque}. Rien ne s’y verse tant qu’une seconde personne ne l’a pas confirmé, "
            "en le comparant au relevé d’identité bancaire. Si vous ne vous y attendez pas, "
            "écartez-le : on essaie peut-être de détourner une subvention.",
        )
    return compte


@transaction.atomic
def confirmer_le_compte(*, par: Acteur, compte: CompteBancaire) -> CompteBancaire:
    """Confirme un compte donné par un autre : il devient le courant. Lève Refus.

    Un gestionnaire ou un signataire de l'organisme ; s'il n'y en a pas d'autre, le pilote d'un
    contrat où il a déposé. Lève CompteBancaire.DoesNotExist à tout autre.
    """
    compte, signe, est_pilote = _tenir_le_compte(par, compte)
    exiger(
        motifs_empechant_de_confirmer(
            etat=compte.etat,
            est_l_auteur=compte.auteur == par.utilisateur_identifiant,
            signe=signe,
            est_pilote=est_pilote,
            un_autre_signe=un_autre_signe(compte),
        )
    )
    for ancien in _ouverts(compte.organisme):
        if ancien.etat == EtatDeCompte.COURANT:
            _clore(ancien, EtatDeCompte.REMPLACE)
    compte.etat = EtatDeCompte.COURANT
    compte.confirme_le, compte.confirme_par = timezone.now(), par.utilisateur_nom
    compte.confirmateur = par.utilisateur_identifiant
    compte.save(update_fields=["etat", "confirme_le", "confirme_par", "confirmateur"])
    _noter(par, "dossiers.confirmer_un_compte", compte)
    _prevenir(
        compte.organisme,
        "Votre nouveau compte bancaire est confirmé",
        f"{par.utilisateur_nom} a confirmé le compte {compte.masque}, donné par "
        f"{compte.donne_par}. Les prochains versements à {compte.organisme} y arriveront.",
    )
    return compte


@transaction.atomic
def ecarter_le_compte(*, par: Acteur, compte: CompteBancaire) -> CompteBancaire:
    """Écarte un compte qui attend d'être confirmé ; son IBAN s'efface. Lève comme `confirmer`."""
    compte, signe, est_pilote = _tenir_le_compte(par, compte)
    exiger(motifs_empechant_d_ecarter(etat=compte.etat, signe=signe, est_pilote=est_pilote))
    _clore(compte, EtatDeCompte.ECARTE)
    _noter(par, "dossiers.ecarter_un_compte", compte)
    _prevenir(
        compte.organisme,
        "Le nouveau compte bancaire est écarté",
        f"{par.utilisateur_nom} a écarté le compte {compte.masque}, donné par {compte.donne_par}. "
        "Rien ne change pour les versements.",
    )
    return compte


def _tenir(organisme: Organisme) -> Organisme:
    """Rend l'organisme retenu, dont nul autre ne changera le compte avant la fin de l'acte."""
    tenir_la_chaine(CHAINE)
    return Organisme.objects.get(pk=organisme.retenu.pk)


def _tenir_le_compte(par: Acteur, compte: CompteBancaire) -> tuple[CompteBancaire, bool, bool]:
    """Rend le compte relu, et ce que l'acteur y peut : signer pour l'organisme, ou piloter."""
    tenir_la_chaine(CHAINE)
    tenu = CompteBancaire.objects.select_related("organisme__fusionne_dans").get(pk=compte.pk)
    signe = peut_tenir_le_compte(par, tenu.organisme)
    deposes = Dossier.objects.deposes().filter(recus_par(tenu.organisme))
    contrats = Contrat.objects.filter(appels__dossiers__in=deposes).distinct()
    est_pilote = any(peut_tenir_les_appels(par, contrat.code) for contrat in contrats)
    if not signe and not est_pilote:
        raise CompteBancaire.DoesNotExist
    return tenu, signe, est_pilote


def _ouverts(organisme: Organisme) -> list[CompteBancaire]:
    return list(
        comptes_de(organisme).filter(etat__in=[EtatDeCompte.A_CONFIRMER, EtatDeCompte.COURANT])
    )


def _clore(compte: CompteBancaire, etat: EtatDeCompte) -> None:
    compte.etat, compte.clos_le = etat, timezone.now()
    if etat == EtatDeCompte.ECARTE:
        compte.iban = ""
    compte.save(update_fields=["etat", "clos_le", "iban"])


def _noter(par: Acteur, action: str, compte: CompteBancaire) -> None:
    noter(
        par=par,
        contrat=CHAINE,
        action=action,
        objet=f"organisme:{compte.organisme_id}",
        objet_nom=compte.organisme.nom,
        details={"compte": compte.masque},
    )


def _prevenir(organisme: Organisme, objet: str, texte: str) -> None:
    """Écrit à tous ceux qui signent, celui qui agit compris : c'est peut-être un autre à sa place."""
    page = reverse("comptes:organisme", args=[organisme.retenu.pk])
    membres = membres_confirmes(organisme, jour=timezone.localdate()).filter(role__in=DEPOSENT)
    for courriel in sorted({membre.utilisateur.courriel for membre in membres}):
        deposer(
            destinataire=courriel,
            sujet=Sujet.SECURITE,
            objet=objet,
            texte=f"{texte}\n\n{settings.ADRESSE}{page}",
        )
