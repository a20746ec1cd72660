"""Un dossier dont chaque champ est rempli d'un texte à lui, et tout ce que son PDF doit alors dire."""

from dataclasses import dataclass, field, replace
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.actions.appels import publier_l_appel
from parvis.dossiers.actions.departs import commencer_un_projet
from parvis.dossiers.actions.dossiers import Depart
from parvis.dossiers.enums import SorteDeQuestion
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.dossiers import sections
from parvis.dossiers.rules.comptes import plan_de_comptes
from parvis.dossiers.sections import Champ, Section
from parvis.dossiers.sections.propres import garder_le_budget, garder_les_fiches
from parvis.organismes.models import Organisme
from parvis.socle.montants import ecrire_montant
from tests.fabriques import appels, comptes, depots
from tests.fabriques.cadre import contrat_publie

LIEN = "https://grand-air.example/deposer?page=3&lieu=pr%C3%A9"


@dataclass
class Plein:
    """Le dossier, qui le porte, et les textes que l'on doit y lire."""

    dossier: Dossier
    ici: depots.Lieux
    attendus: list[str] = field(default_factory=list)

    def relire(self) -> Dossier:
        self.dossier = depots.relire(self.dossier)
        return self.dossier


def lieux() -> depots.Lieux:
    """Rend un appel ouvert à deux financeurs, qui pose une question de chaque sorte."""
    monde, contrat = comptes.monde(), contrat_publie("tilleuls").contrat
    pilote = monde.acteurs["pilote"]
    brouillon = appels.brouillon(pilote, contrat)
    appels.financer(pilote, brouillon, comptes.organisme("Commune du Val-des-Tilleuls", "commune"))
    for rang, sorte in enumerate(SorteDeQuestion, 1):
        brouillon.questions.create(
            cle=f"question-{rang}",
            rang=rang,
            texte=f"Question numéro {rang} de l’appel ?",
            sorte=sorte,
            choix=["Premier choix", "Second choix"] if sorte == SorteDeQuestion.CHOIX else [],
        )
    brouillon.refresh_from_db()
    version = publier_l_appel(par=pilote, version=brouillon)
    return depots.Lieux(monde, contrat, version, monde.acteurs["gestionnaire"])


def porteur(ici: depots.Lieux, nature: str) -> Acteur:
    """Rend la gestionnaire d'un organisme de cette nature."""
    numeros = {
        "siren": "123456789",
        "siret": "12345678900011",
        "adresse": "3 rue des Lilas\n94000 Val-des-Tilleuls",
    }
    if nature == "association":
        numeros["rna"] = "W941234567"
    organisme = comptes.organisme(f"Organisme {nature}", nature, sigle="ORG", **numeros)
    return ici.monde.ajouter(f"porteuse-{nature}", organisme, Role.GESTIONNAIRE)


def plein(ici: depots.Lieux, nature: str, porteuse: Organisme | None = None) -> Plein:
    """Rend un dossier où tout est rempli, pièces et signatures comprises."""
    par = porteur(ici, nature)
    dossier = commencer_un_projet(
        par=par, appel=ici.version.appel, titre="Un projet", depart=Depart(), porteuse=porteuse
    )
    rendu = Plein(dossier, replace(ici, porte=par))
    for section in sections(dossier).values():
        if section.champs:
            depots.ecrire(par, dossier, section.code, _remplir(section, dossier, rendu.attendus))
    _les_propres(rendu)
    rendu.relire()
    depots.joindre_tout(par, rendu.dossier)
    depots.signer_tout(par, rendu.dossier)
    organisme = par.organisme
    rendu.attendus += [organisme.nom, organisme.siret, organisme.adresse, organisme.rna]
    return rendu


def _remplir(section: Section, dossier: Dossier, attendus: list[str]) -> Any:
    if not section.est_liste:
        return {c.code: _dire(section, c, 0, dossier, attendus) for c in section.champs}
    return [
        {c.code: _dire(section, c, rang, dossier, attendus) for c in section.champs}
        for rang in range(1, 4)
    ]


def _dire(section: Section, champ: Champ, rang: int, dossier: Dossier, attendus: list[str]) -> str:
    """Rend ce que l'on tape dans un champ, et note ce que l'on doit y lire."""
    annee, qui = dossier.exercice, f"{section.titre} / {champ.libelle} {rang}"
    if champ.sorte == "choix":
        code, libelle = champ.choix[-1]
        attendus.append(f"{champ.libelle} {libelle}" if not rang else libelle)
        return code
    tape = {
        "case": "oui",
        "entier": "1000" if champ.code == "nombre" else str(20 + len(attendus) % 60),
        "nombre": f"{40 + rang},5",
        "jour": f"01/03/{annee}" if champ.code == "debut_le" else f"30/11/{annee}",
        "courriel": "lucie.bardet-de-la-fontaine@verger.example",
        "telephone": "01 99 00 00 01",
        "texte": f"Premier : {qui}.\nÀ la ligne : l'été, 100 %.\n\nSecond : {'mot ' * 300}fini.",
    }.get(champ.sorte, f"Dit {qui}"[: champ.longueur])
    attendus += ["Oui" if champ.sorte == "case" else tape]
    return tape


def _les_propres(rendu: Plein) -> None:
    par, dossier = rendu.ici.porte, rendu.dossier
    types = {"1-1": ["Un jardin partagé", "Un verger d’école"]}
    depots.ecrire(par, dossier, "fiches", garder_les_fiches(["1-1"], "1-1", types))
    depots.ecrire(par, dossier, "lieux", {"echelle": "agglomeration", "ailleurs": ""})
    depots.ecrire(par, dossier, "budget", _le_budget(rendu))
    rendu.attendus += ["Fiche 1-1 (principale)", *types["1-1"], "Tout le territoire du contrat"]


def _le_budget(rendu: Plein) -> dict[str, Any]:
    """Rend un budget équilibré qui a une ligne par compte, un calcul et quatre demandes."""
    plan, lignes, somme = plan_de_comptes(), [], {"charge": 0, "produit": 0}
    valorise = {"charge": 0, "produit": 0}
    for rang, compte in enumerate(plan.comptes):
        if compte.est_demande or compte.est_fermeture or compte.recoit_les_demandes_en_nature:
            continue
        montant = (3000 if compte.sens == "charge" else 1000) + rang
        if compte.est_valorisation and compte.sens == "produit":
            montant = 7
        (valorise if compte.est_valorisation else somme)[compte.sens] += montant
        saisie = f"{montant // 2}*2+{montant % 2}" if compte.code == "601" else str(montant)
        lignes.append({"compte": compte.code, "libelle": f"Précision {rang}", "saisie": saisie})
        rendu.attendus += [f"Précision {rang}", ecrire_montant(montant), compte.libelle]
        rendu.attendus += [saisie] if compte.code == "601" else []
    demandes = _les_demandes(rendu.ici)
    argent = sum(int(d["saisie"]) for d in demandes if d.get("nature") != "nature")
    manque = somme["charge"] - somme["produit"] - argent
    en_nature = valorise["charge"] - valorise["produit"] - 450
    for code, montant in (("insufprevisionnel", manque), (plan.compte_en_nature.code, en_nature)):
        lignes.append({"compte": code, "libelle": f"Ferme {code}", "saisie": str(montant)})
        rendu.attendus += [f"Ferme {code}", ecrire_montant(montant)]
    avec = somme["charge"] + valorise["charge"]
    rendu.attendus += [
        *(f"Total des {mot}, hors contributions en nature {ecrire_montant(somme['charge'])}"
          for mot in ("charges", "produits")),
        f"Total général {ecrire_montant(avec)} {ecrire_montant(avec)}",
        "Fondation du Grand Air", "GA-2026-77", LIEN, "Crédits d’ici", "450,00 € demandés en nature",
        f"la subvention demandée de {ecrire_montant(2000)} représente",
    ]  # fmt: skip
    return garder_le_budget({str(rendu.dossier.exercice): {"lignes": lignes, "demandes": demandes}})


def _les_demandes(ici: depots.Lieux) -> list[dict[str, str]]:
    return [
        {"financeur": str(ici.caisse.pk), "ligne": "Crédits d’ici", "saisie": "2000"},
        {"financeur": str(ici.commune.pk), "ligne": "Jeunesse", "saisie": "1000"},
        {"financeur": str(ici.commune.pk), "ligne": "Salle", "saisie": "450", "nature": "nature"},
        {
            "nom": "Fondation du Grand Air",
            "ligne": "Vacances",
            "saisie": "500",
            "guichet": "ailleurs",
            "lien": LIEN,
            "numero": "GA-2026-77",
        },
    ]
