"""Un dossier entier du petit contrat d'essai : écrit, pièces jointes, signé, prêt à déposer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.departs import commencer_un_projet
from parvis.dossiers.actions.depot import deposer_le_dossier, signer_les_attestations
from parvis.dossiers.actions.dossiers import Depart
from parvis.dossiers.actions.pieces import joindre_une_piece
from parvis.dossiers.actions.sections import ecrire_la_section
from parvis.dossiers.actions.sections_d_appel import proposer_la_grille
from parvis.dossiers.models import Dossier, VersionDAppel, VersionDeposee
from parvis.dossiers.queries.a_part import pieces_voulues
from parvis.dossiers.queries.dossiers import ecritures, sections
from parvis.dossiers.rules.attestations import attestations_du_porteur
from parvis.dossiers.rules.recepisse import apres_des_mois
from parvis.dossiers.sections import empreinte
from parvis.dossiers.sections.propres import garder_le_budget, garder_les_fiches
from parvis.organismes.models import Organisme
from tests.fabriques import appels, fichiers
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import Monde, monde

IBAN = "FR76 3000 6000 0112 3456 7890 189"
AUTRE_IBAN = "FR14 2004 1010 0505 0001 3M02 606"


def _textes(annee: int) -> dict[str, Any]:
    return {
        "organisation": {
            "confirmee": "oui",
            "representant": "Lucie Bardet",
            "representant_fonction": "Présidente",
            "charge": "Lucie Bardet",
            "charge_courriel": "lucie@verger.example",
        },
        "projet": {
            "titre": "Le verger du pied d’immeuble",
            "resume": "Planter des fruitiers avec les voisins.",
            "frequence": "premiere",
            "besoin": "Il n’y a nulle part où s’asseoir.",
            "objectifs": "Se connaître.",
            "description": "Six samedis de plantation.",
        },
        "fiches": garder_les_fiches(["1-1"], "1-1", {}),
        "publics": {"nombre": "60", "description": "Des familles.", "part_quartiers": "80"},
        "lieux": {"echelle": "agglomeration"},
        "calendrier": {"debut_le": f"01/03/{annee}", "fin_le": f"30/11/{annee}"},
        "moyens": {"materiels": "Des bêches.", "humains": "Deux jardiniers."},
        "partenaires": [{"nom": "École du Moulin", "role": "Prête sa cour"}],
        "droit_commun": [],
        "indicateurs": [{"nom": "Familles venues", "cible": "40"}],
    }


def budget(exercice: int, demandes: dict[int, str], charges: str = "4000") -> dict[str, Any]:
    """Rend un budget équilibré s'il demande 3 000 €, avec 1 000 € de ressources propres."""
    return garder_le_budget(
        {
            str(exercice): {
                "lignes": [
                    {"compte": "60", "libelle": "Arbres", "saisie": charges},
                    {"compte": "70", "libelle": "Vente de jus", "saisie": "1000"},
                ],
                "demandes": [
                    {"financeur": str(pk), "ligne": "Politique de la ville", "saisie": saisie}
                    for pk, saisie in demandes.items()
                ],
            }
        }
    )


@dataclass
class Lieux:
    """Le monde, le contrat, l'appel, et qui porte le dossier."""

    monde: Monde
    contrat: Contrat
    version: VersionDAppel
    porte: Acteur

    @property
    def caisse(self) -> Organisme:
        return Organisme.objects.get(nom="Caisse des Tilleuls")

    @property
    def commune(self) -> Organisme:
        return Organisme.objects.get(nom="Commune du Val-des-Tilleuls")

    def acteur(self, nom: str) -> Acteur:
        return self.monde.acteurs[nom]


def lieux(
    monde_: Monde | None = None,
    contrat: Contrat | None = None,
    *,
    avec_grille: bool = False,
    **valeurs: Any,
) -> Lieux:
    """Rend un appel ouvert à deux financeurs, et la gestionnaire du Verger."""
    from tests.fabriques import comptes

    monde_ = monde_ or monde()
    contrat = contrat or contrat_publie("tilleuls").contrat
    pilote = monde_.acteurs["pilote"]
    brouillon = appels.brouillon(pilote, contrat, **valeurs)
    commune = Organisme.objects.filter(nom="Commune du Val-des-Tilleuls").first()
    appels.financer(
        pilote, brouillon, commune or comptes.organisme("Commune du Val-des-Tilleuls", "commune")
    )
    if avec_grille:
        proposer_la_grille(par=pilote, version=brouillon)
    brouillon.refresh_from_db()
    from parvis.dossiers.actions.appels import publier_l_appel

    version = publier_l_appel(par=pilote, version=brouillon)
    return Lieux(monde_, contrat, version, monde_.acteurs["gestionnaire"])


def ecrire(par: Acteur, dossier: Dossier, section: str, valeur: Any) -> None:
    """Écrit une section par-dessus ce qu'elle dit."""
    courante = ecritures(dossier).get(section)
    ecrire_la_section(
        par=par,
        dossier=dossier,
        section=sections(dossier)[section],
        valeur=valeur,
        lue=empreinte(courante.valeur) if courante else "",
    )


def brouillon(ici: Lieux, par: Acteur | None = None, titre: str = "Le verger") -> Dossier:
    """Rend un brouillon dont chaque section est écrite, sans pièce ni signature."""
    par = par or ici.porte
    dossier = commencer_un_projet(par=par, appel=ici.version.appel, titre=titre, depart=Depart())
    for section, valeur in _textes(dossier.exercice).items():
        ecrire(par, dossier, section, valeur)
    demandes = {ici.caisse.pk: "2000", ici.commune.pk: "1000"}
    ecrire(par, dossier, "budget", budget(dossier.exercice, demandes))
    return relire(dossier)


def relire(dossier: Dossier) -> Dossier:
    """Rend le dossier tel qu'il est en base."""
    return Dossier.objects.select_related(
        "projet__porteur", "appel__contrat", "version_d_appel"
    ).get(pk=dossier.pk)


def joindre_tout(par: Acteur, dossier: Dossier) -> None:
    """Joint un fichier à chaque pièce obligatoire."""
    for piece in pieces_voulues(dossier):
        if piece.est_obligatoire:
            octets = fichiers.pdf(queue=f"%{piece.cle}")
            controle = fichiers.controle(f"{piece.cle}.pdf", octets)
            joindre_une_piece(par=par, dossier=dossier, cle=piece.cle, controle=controle)


def signer_tout(par: Acteur, dossier: Dossier) -> None:
    """Signe toutes les attestations."""
    signer_les_attestations(
        par=par,
        dossier=dossier,
        textes=attestations_du_porteur(dossier.projet.porteur.nature),
        fonction="Présidente",
        precisions={"aides_publiques": "au_plus"},
    )


def pret(ici: Lieux, par: Acteur | None = None, titre: str = "Le verger") -> Dossier:
    """Rend un brouillon auquel il ne manque rien."""
    dossier = brouillon(ici, par, titre)
    joindre_tout(par or ici.porte, dossier)
    signer_tout(par or ici.porte, dossier)
    return relire(dossier)


def depose(ici: Lieux, recu_le: datetime | None = None, titre: str = "Le verger") -> Dossier:
    """Rend un dossier déposé."""
    return deposer(ici, pret(ici, titre=titre), recu_le).dossier


def deposer(ici: Lieux, dossier: Dossier, recu_le: datetime | None = None) -> VersionDeposee:
    """Dépose un dossier, à l'instant si l'on ne dit rien."""
    return deposer_le_dossier(par=ici.porte, dossier=dossier, recu_le=recu_le or timezone.now())


def loi_du_silence(dossier: Dossier) -> date:
    """Rend le jour où le silence d'un financeur vaudra refus."""
    return apres_des_mois(timezone.localdate(dossier.depose_le), 2)
