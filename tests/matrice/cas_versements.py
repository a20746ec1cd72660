"""Ce que chacun atteint de l'argent d'un acte : le service qui paie, et lui seul."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.conventions.models import Acte
from parvis.documents.actions import controler
from parvis.dossiers.models import Demande
from tests.fabriques import decisions, depots, fichiers, instruction
from tests.fabriques import versements as fabrique
from tests.fabriques.comptes import Monde
from tests.matrice.cas_decisions import _le_contrat
from tests.matrice.cas_suites import DEPOSENT, LISENT
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

SERVICE = frozenset({"instructeur"})


def _guichet(monde: Monde, *, condition: str = "") -> fabrique.Guichet:
    """Rend un acte notifié du service de l'instructeur."""
    ici = depots.lieux(monde, Contrat.objects.get(code="tilleuls"))
    dossier, qui = instruction.recevable(ici), monde.acteurs["instructeur"]
    Demande.objects.filter(dossier=dossier, financeur=ici.caisse).update(financeur=qui.organisme)
    vote = decisions.vote(instruction.Etude(ici, dossier, qui, qui))
    return fabrique.guichet(vote=vote, condition=condition)


def _objets(monde: Monde, guichet: fabrique.Guichet, **autres: Any) -> list[Objet]:
    sien = guichet.acte
    etranger = Acte.objects.create(
        contrat=sien.contrat,
        financeur=monde.agglo,
        titulaire=sien.titulaire,
        exercice=sien.exercice,
        rang=1,
        sorte=sien.sorte,
        decision=sien.decision,
        montant=1,
        montant_nature=0,
        prepare_le=timezone.now(),
        prepare_par="x",
    )
    ici = {"contrat": "tilleuls", "pk": sien.pk, **autres}
    return [
        Objet("le sien", ici, SERVICE),
        Objet("d'un autre service", ici | {"pk": etranger.pk}, PERSONNE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        *(
            Objet(f"{nom} absent", ici | {nom: ABSENT}, PERSONNE)
            for nom in autres
        ),
    ]  # fmt: skip


def _un_acte(monde: Monde) -> list[Objet]:
    return _objets(monde, _guichet(monde))


def _versement(monde: Monde) -> list[Objet]:
    guichet = _guichet(monde)
    return _objets(monde, guichet, versement=guichet.verser(1)[0].pk)


def _condition(monde: Monde) -> list[Objet]:
    guichet = _guichet(monde, condition="Joindre l’accord du bailleur")
    return _objets(monde, guichet, reponse=guichet.lu.lignes[0].ligne.reponse_id)


def _reversement(monde: Monde) -> list[Objet]:
    guichet = _guichet(monde)
    guichet.verser(1)
    return _objets(monde, guichet, reversement=guichet.reversement().pk)


def _verse(monde: Monde) -> list[Objet]:
    guichet = _guichet(monde)
    guichet.verser(1)
    return _objets(monde, guichet)


def _retrait(monde: Monde) -> list[Objet]:
    guichet = _guichet(monde)
    guichet.observations()
    return _objets(monde, guichet)


def _fichier(monde: Monde) -> dict[str, Any]:
    return {
        "fichier": SimpleUploadedFile("m.csv", "Numéro d’ordre;Acte;Montant;Payé le\r\n".encode()),
        "numero_d_ordre": "Numéro d’ordre",
        "acte": "Acte",
        "montant": "Montant",
        "verse_le": "Payé le",
    }


def _jour(**autres: Any):
    def corps(monde: Monde) -> dict[str, Any]:
        jour = timezone.localdate().isoformat()
        return {nom: jour if dit is None else dit for nom, dit in autres.items()}

    return corps


def _du_porteur(qui: frozenset[str], *, est_repondu: bool = False):
    """Rend le retrait d'un acte reçu pour un dossier, tel que l'organisme l'atteint."""

    def objets(monde: Monde) -> list[Objet]:
        guichet = _guichet(monde)
        guichet.observations()
        if est_repondu:
            guichet.repondre(fichier=controler(nom="reponse.pdf", octets=fichiers.pdf()))
        ici = {
            "contrat": "tilleuls",
            "pk": guichet.site.vote.etude.dossier.pk,
            "acte": guichet.acte.pk,
        }
        return [
            Objet("le sien", ici, qui),
            Objet("absent", ici | {"acte": ABSENT}, PERSONNE),
            Objet("d'un dossier absent", ici | {"pk": ABSENT}, PERSONNE),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        ]

    return objets


def _repondu(monde: Monde) -> list[Objet]:
    guichet = _guichet(monde)
    guichet.observations()
    guichet.repondre(fichier=controler(nom="reponse.pdf", octets=fichiers.pdf()))
    return _objets(monde, guichet)


CAS: dict[str, Cas] = {
    "espace_financeur:versements": Cas(LECTURE, _le_contrat()),
    "espace_financeur:noter_des_versements": Cas(ECRITURE, _le_contrat(), _jour(verse_le=None)),
    "espace_financeur:versements_tableau": Cas(LECTURE, _le_contrat(extension="csv")),
    "espace_financeur:versements_comptes": Cas(ECRITURE, _le_contrat(extension="csv")),
    "espace_financeur:reprendre_des_paiements": Cas(LES_DEUX, _le_contrat(), _fichier),
    "espace_financeur:ecrire_des_paiements": Cas(ECRITURE, _le_contrat()),
    "espace_financeur:versements_de_l_acte": Cas(LES_DEUX, _un_acte, _jour(verse_le=None)),
    "espace_financeur:annuler_un_versement": Cas(ECRITURE, _versement, _jour(motif="Rejeté")),
    "espace_financeur:lever_une_condition": Cas(
        LES_DEUX, _condition, _jour(levee_le=None, justification="Reçu")
    ),
    "espace_financeur:remettre_une_condition": Cas(ECRITURE, _condition, _jour(motif="x")),
    "espace_financeur:echeancier": Cas(LES_DEUX, _un_acte, _jour(x="x")),
    "espace_financeur:demander_un_reversement": Cas(LES_DEUX, _verse, _jour(motif="x")),
    "espace_financeur:recevoir_un_reversement": Cas(LES_DEUX, _reversement, _jour(recu_le=None)),
    "espace_financeur:annuler_la_reception": Cas(ECRITURE, _reversement, _jour(motif="x")),
    "espace_financeur:renoncer_a_un_reversement": Cas(ECRITURE, _reversement, _jour(motif="x")),
    "espace_financeur:ne_pas_verser_le_reste": Cas(LES_DEUX, _un_acte, _jour(motif="x")),
    "espace_financeur:retrait": Cas(
        LES_DEUX, _un_acte, _jour(motif="x", manquement_le=None, debut_le=None, fin_le=None)
    ),
    "espace_financeur:noter_les_observations": Cas(
        ECRITURE, _retrait, _jour(observations="x", recues_le=None)
    ),
    "espace_financeur:reponse_au_retrait": Cas(LECTURE, _repondu),
    "espace_porteur:retrait": Cas(LECTURE, _du_porteur(LISENT)),
    "espace_porteur:repondre_a_un_retrait": Cas(
        ECRITURE, _du_porteur(DEPOSENT), _jour(reponse="Nous contestons.")
    ),
    "espace_porteur:document_d_un_retrait": Cas(LECTURE, _du_porteur(LISENT, est_repondu=True)),
    "espace_financeur:decider_le_retrait": Cas(ECRITURE, _retrait),
    "espace_financeur:abandonner_le_retrait": Cas(ECRITURE, _retrait, _jour(motif="x")),
}
