"""Les actes d'un financeur et ses modèles, chacun fait une fois pour de vrai."""

from decimal import Decimal
from types import SimpleNamespace

from parvis.conventions.actions.actes import annuler_un_acte, corriger_le_texte
from parvis.conventions.actions.circuit import joindre_l_exemplaire_signe
from parvis.conventions.actions.donnees_ouvertes import choisir_ce_qui_se_publie
from parvis.conventions.actions.modeles import (
    ecrire_un_modele,
    jeter_la_version,
    noter_une_autre_subvention,
    retirer_une_autre_subvention,
)
from parvis.conventions.models import Acte, AutreSubvention
from parvis.conventions.queries.modeles import texte_fourni
from tests.fabriques import actes, fichiers
from tests.fabriques.cadre import contrat_publie


def _site(m: SimpleNamespace) -> actes.Site:
    m.site = actes.site()
    return m.site


def _preparer(m: SimpleNamespace) -> Acte:
    site = _site(m)
    return site.prepare(site.vote.publiee())


def _corriger(m: SimpleNamespace) -> None:
    acte = _preparer(m)
    texte = f"Bonne nouvelle.\n\n{acte.texte}"
    corriger_le_texte(par=m.site.samia, acte=acte, objet="Votre aide", texte=texte)


def _annuler(m: SimpleNamespace) -> None:
    acte = _preparer(m)
    annuler_un_acte(par=m.site.samia, acte=acte, motif="Une coquille au montant")


def _signer(m: SimpleNamespace) -> Acte:
    acte = _preparer(m)
    scan = fichiers.controle("acte-signe.pdf", fichiers.pdf())
    return m.site.signer([m.site.compose(acte)], scan=scan)[0]


def _joindre(m: SimpleNamespace) -> None:
    acte = _preparer(m)
    (signe,) = m.site.signer([m.site.compose(acte)])
    scan = fichiers.controle("acte-signe.pdf", fichiers.pdf())
    joindre_l_exemplaire_signe(par=m.site.samia, acte=signe, scan=scan)


def _choisir_ce_qui_se_publie(m: SimpleNamespace) -> None:
    choisir_ce_qui_se_publie(par=m.acteur, contrat=contrat_publie().contrat, portee="toutes")


def _notifier(m: SimpleNamespace) -> None:
    acte = _signer(m)
    preuve = fichiers.controle("avis-de-reception.pdf", fichiers.pdf(queue="%avis"))
    m.site.notifier([acte], mode="recommande", preuve=preuve)


def _ecrire(m: SimpleNamespace, *, publier: bool = False) -> None:
    site, fourni = _site(m), texte_fourni("refus")
    ecrire_un_modele(
        par=site.samia,
        contrat=site.contrat,
        sorte="refus",
        objet=fourni.objet,
        corps=fourni.corps,
        publier=publier,
    )


def _publier(m: SimpleNamespace) -> None:
    _ecrire(m, publier=True)


def _jeter(m: SimpleNamespace) -> None:
    _ecrire(m)
    jeter_la_version(par=m.site.samia, contrat=m.site.contrat, sorte="refus")


def _noter_une_autre(m: SimpleNamespace) -> AutreSubvention:
    site = _site(m)
    return noter_une_autre_subvention(
        par=site.samia,
        titulaire=m.jardins,
        exercice=2026,
        objet="Fonctionnement de l’année",
        montant=Decimal("1500.50"),
    )


def _retirer_une_autre(m: SimpleNamespace) -> None:
    autre = _noter_une_autre(m)
    retirer_une_autre_subvention(par=m.site.samia, pk=autre.pk)


DES_ACTES = {
    "conventions.ecrire_les_mentions": _site,
    "conventions.ecrire_un_modele": _ecrire,
    "conventions.publier_un_modele": _publier,
    "conventions.jeter_une_version": _jeter,
    "conventions.noter_une_autre_subvention": _noter_une_autre,
    "conventions.retirer_une_autre_subvention": _retirer_une_autre,
    "conventions.preparer_un_acte": _preparer,
    "conventions.corriger_un_acte": _corriger,
    "conventions.annuler_un_acte": _annuler,
    "conventions.signer_un_acte": _signer,
    "conventions.joindre_l_exemplaire_signe": _joindre,
    "conventions.choisir_ce_qui_se_publie": _choisir_ce_qui_se_publie,
    "conventions.notifier_un_acte": _notifier,
    "conventions.notifier_a_un_dossier": _notifier,
}
