"""Qui écrit, rend et lit un bilan : le porteur et ses membres, le pilote du contrat, ses financeurs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.dossiers.models import Demande
from parvis.evaluation.actions.pieces import joindre_au_bilan
from tests.fabriques import bilans, depots, fichiers, instruction
from tests.fabriques.comptes import Monde
from tests.matrice.cas_suites import ECRIVENT, LISENT
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

Objets = Callable[[Monde], list[Objet]]


def vote(monde: Monde) -> bilans.Rendre:
    """Rend, dans ce monde, un dossier du Verger à qui le service de l’instructeur a voté de l'argent."""
    ici = depots.lieux(monde, Contrat.objects.get(code="tilleuls"))
    dossier, qui = instruction.recevable(ici), monde.acteurs["instructeur"]
    Demande.objects.filter(dossier=dossier, financeur=ici.caisse).update(financeur=qui.organisme)
    return bilans.a_rendre(instruction.Etude(ici, dossier, qui, qui))


def _du_porteur(
    ouvert_a: frozenset[str], preparer: Callable[[bilans.Rendre], dict[str, Any]]
) -> Objets:
    """Rend un bilan du Verger, et les adresses qui n'en désignent aucun."""

    def objets(monde: Monde) -> list[Objet]:
        pris = vote(monde)
        autres = preparer(pris)
        ici = {
            "contrat": "tilleuls",
            "pk": pris.dossier.pk,
            "exercice": pris.dossier.exercice,
            "sorte": "definitif",
            **autres,
        }
        return [
            Objet("le sien", ici, ouvert_a),
            Objet("d'un autre exercice", ici | {"exercice": 2001}, PERSONNE),
            Objet("d'une sorte inconnue", ici | {"sorte": "trimestriel"}, PERSONNE),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("d'un dossier absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _rien(pris: bilans.Rendre) -> dict[str, Any]:
    return {}


def _ouvert(pris: bilans.Rendre) -> dict[str, Any]:
    pris.ouvrir()
    return {}


def _section(pris: bilans.Rendre) -> dict[str, Any]:
    pris.ouvrir()
    return {"code": "recit"}


def _pret(pris: bilans.Rendre) -> dict[str, Any]:
    pris.remplir(pris.ouvrir())
    return {}


def _rendu(pris: bilans.Rendre) -> dict[str, Any]:
    pris.rendu()
    return {}


def _piece(pris: bilans.Rendre) -> dict[str, Any]:
    jointe = joindre_au_bilan(
        par=pris.porte,
        bilan=pris.ouvrir(),
        sorte="document",
        controle=fichiers.controle("affiche.pdf"),
    )
    return {"piece": jointe.pk}


def _du_dossier(ouvert_a: frozenset[str]) -> Objets:
    def objets(monde: Monde) -> list[Objet]:
        ici = {"contrat": "tilleuls", "pk": vote(monde).dossier.pk}
        return [
            Objet("déposé", ici, ouvert_a),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _un_texte(monde: Monde) -> dict[str, Any]:
    return {"fait": "Six samedis.", "objectifs": "", "difficultes": "", "autrement": "", "lue": ""}


def _une_signature(monde: Monde) -> dict[str, Any]:
    return {"nom": "Lucie Bardet", "qualite": "Présidente", "certifie": "on"}


FINANCE, PILOTE = frozenset({"instructeur"}), frozenset({"pilote"})
PLUS_DE_TEMPS = {"issue": "plus_de_temps", "explication": "La cour ferme."}


def _du_contrat(ouvert_a: frozenset[str], **autres: str) -> Objets:
    def objets(monde: Monde) -> list[Objet]:
        vote(monde).rendu()
        return [
            Objet("du contrat", {"contrat": "tilleuls", **autres}, ouvert_a),
            Objet("d'un contrat absent", {"contrat": "absent", **autres}, PERSONNE),
        ]

    return objets


def _rendu_a(
    ouvert_a: frozenset[str],
    *,
    realisation: dict[str, str] | None = None,
    avec_un_fichier: bool = False,
) -> Objets:
    """Rend un bilan rendu, un brouillon, le même dans un autre contrat, un absent."""

    def objets(monde: Monde) -> list[Objet]:
        pris = vote(monde)
        bilan = pris.ouvrir()
        brouillon = pris.ouvrir("intermediaire")
        fichier = {}
        if avec_un_fichier:
            jointe = joindre_au_bilan(
                par=pris.porte,
                bilan=bilan,
                sorte="document",
                controle=fichiers.controle("affiche.pdf"),
            )
            fichier = {"identifiant": jointe.fichier.identifiant}
        fin = f"31/08/{pris.dossier.exercice + 1}"
        pris.remplir(
            bilan,
            **({"realisation": realisation | {"nouvelle_fin_le": fin}} if realisation else {}),
        )
        pris.rendre(bilan)
        ici = {"contrat": "tilleuls", "pk": bilan.pk, **fichier}
        return [
            Objet("rendu", ici, ouvert_a),
            Objet("brouillon", ici | {"pk": brouillon.pk}, PERSONNE),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _attendu(ouvert_a: frozenset[str], *, est_note: bool = False) -> Objets:
    """Rend un bilan attendu, noté reçu autrement ou non, avec son fichier."""

    def objets(monde: Monde) -> list[Objet]:
        pris = vote(monde)
        if est_note:
            pris.decharger(controle=fichiers.controle("affiche.pdf"))
        ici = {"contrat": "tilleuls", "pk": pris.attendu.pk}
        return [
            Objet("attendu", ici, ouvert_a),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _piece_rendue(pris: bilans.Rendre) -> dict[str, Any]:
    jointe = joindre_au_bilan(
        par=pris.porte,
        bilan=pris.ouvrir(),
        sorte="document",
        controle=fichiers.controle("affiche.pdf"),
    )
    pris.rendre(pris.remplir(jointe.bilan))
    return {"identifiant": jointe.fichier.identifiant}


def _note(pris: bilans.Rendre) -> dict[str, Any]:
    pris.decharger(controle=fichiers.controle("affiche.pdf"))
    return {}


def _une_decharge(monde: Monde) -> dict[str, Any]:
    return {"sorte": "dispense", "recu_le": "", "motif": "La convention est retirée."}


def _un_motif(monde: Monde) -> dict[str, Any]:
    return {"motif": "Une erreur de dossier."}


def _un_complement(monde: Monde) -> dict[str, Any]:
    jour = timezone.localdate() + timedelta(days=10)
    return {"section": "recit", "texte": "Racontez un samedi.", "echeance": f"{jour:%d/%m/%Y}"}


CAS: dict[str, Cas] = {
    "espace_porteur:bilans": Cas(LECTURE, _du_dossier(LISENT)),
    "espace_porteur:bilan": Cas(LECTURE, _du_porteur(LISENT, _rien)),
    "espace_porteur:ouvrir_un_bilan": Cas(ECRITURE, _du_porteur(ECRIVENT, _rien)),
    "espace_porteur:section_du_bilan": Cas(LES_DEUX, _du_porteur(LISENT, _section), _un_texte),
    "espace_porteur:rendre_le_bilan": Cas(LES_DEUX, _du_porteur(LISENT, _pret), _une_signature),
    "espace_porteur:bilan_imprime": Cas(LECTURE, _du_porteur(LISENT, _rendu)),
    "espace_porteur:pieces_du_bilan": Cas(LES_DEUX, _du_porteur(LISENT, _ouvert)),
    "espace_porteur:piece_du_bilan": Cas(LECTURE, _du_porteur(LISENT, _piece)),
    "espace_porteur:retirer_du_bilan": Cas(ECRITURE, _du_porteur(ECRIVENT, _piece)),
    "espace_porteur:fichier_du_bilan": Cas(LECTURE, _du_porteur(LISENT, _piece_rendue)),
    "espace_porteur:retirer_un_fichier_rendu": Cas(
        LES_DEUX, _du_porteur(ECRIVENT, _piece_rendue), _un_motif
    ),
    "pilotage:retirer_un_fichier_rendu": Cas(
        LES_DEUX, _rendu_a(PILOTE, avec_un_fichier=True), _un_motif
    ),
    "pilotage:bilans": Cas(LECTURE, _du_contrat(PILOTE)),
    "pilotage:bilans_tableau": Cas(LECTURE, _du_contrat(PILOTE, extension="csv")),
    "pilotage:bilan": Cas(LECTURE, _rendu_a(PILOTE)),
    "pilotage:accepter_le_bilan": Cas(ECRITURE, _rendu_a(PILOTE)),
    "pilotage:completer_le_bilan": Cas(LES_DEUX, _rendu_a(PILOTE), _un_complement),
    "pilotage:laisser_du_temps": Cas(ECRITURE, _rendu_a(PILOTE, realisation=PLUS_DE_TEMPS)),
    "pilotage:bilan_imprime": Cas(LECTURE, _rendu_a(PILOTE)),
    "pilotage:fichier_du_bilan": Cas(LECTURE, _rendu_a(PILOTE, avec_un_fichier=True)),
    "pilotage:decharger_du_bilan": Cas(LES_DEUX, _attendu(PILOTE), _une_decharge),
    "pilotage:annuler_la_decharge": Cas(ECRITURE, _attendu(PILOTE, est_note=True), _un_motif),
    "pilotage:fichier_recu_autrement": Cas(LECTURE, _attendu(PILOTE, est_note=True)),
    "espace_financeur:fichier_recu_autrement": Cas(LECTURE, _attendu(FINANCE, est_note=True)),
    "espace_porteur:fichier_recu_autrement": Cas(LECTURE, _du_porteur(LISENT, _note)),
    "espace_financeur:bilans": Cas(LECTURE, _du_contrat(FINANCE)),
    "espace_financeur:bilans_tableau": Cas(LECTURE, _du_contrat(FINANCE, extension="csv")),
    "espace_financeur:bilan": Cas(LECTURE, _rendu_a(FINANCE)),
    "espace_financeur:bilan_imprime": Cas(LECTURE, _rendu_a(FINANCE)),
    "espace_financeur:fichier_du_bilan": Cas(LECTURE, _rendu_a(FINANCE, avec_un_fichier=True)),
}
