"""Retoucher un brouillon, section par section, sans jamais effacer le travail d'un autre."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre import models as m
from parvis.cadre import rules
from parvis.cadre.actions.catalogue import connaitre, oublier_les_noms
from parvis.cadre.actions.ecriture_de_fiche import ECRITURES, Reperage, lignes_de
from parvis.cadre.importation.structure import Fiche, reconstruire
from parvis.cadre.models import Edition, VersionDeSection
from parvis.cadre.queries import sections as lectures
from parvis.cadre.queries.sections import Objet
from parvis.cadre.rules.seances import SEANCE
from parvis.cadre.sections import (
    Faute,
    Ligne,
    Saisie,
    Section,
    Valeur,
    empreinte,
    en_texte,
    garder,
    lire_la_saisie,
)
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import Refus, exiger

_VRAI_TEXTE = 200


class SaisieRefusee(Refus):
    """La saisie ne convient pas ; porte chaque faute, à sa ligne et à son champ."""

    def __init__(self, fautes: list[Faute]) -> None:
        self.fautes = fautes
        super().__init__(faute.phrase for faute in fautes)


class ConflitDeSection(Refus):
    """La section a changé depuis qu'on l'a lue ; porte ce qu'elle dit maintenant, et qui l'a écrit."""

    def __init__(self, actuelle: Valeur, voulue: Valeur, derniere: VersionDeSection | None) -> None:
        self.actuelle, self.voulue, self.derniere = actuelle, voulue, derniere
        qui = derniere.ecrite_par if derniere else "Une autre personne"
        super().__init__([f"{qui} a changé cette section pendant que vous écriviez."])


@dataclass(frozen=True)
class Enregistrement:
    """Ce que dit une section une fois enregistrée, et sa dernière version si elle en a une."""

    valeur: Valeur
    version: VersionDeSection | None

    @property
    def empreinte(self) -> str:
        return empreinte(self.valeur)


def tenir_le_brouillon(edition: Edition) -> Edition:
    """Rend le brouillon verrouillé, que nul autre ne retouchera avant la fin de l'acte.

    Lève Refus s'il est publié, Edition.DoesNotExist s'il vient d'être jeté.
    """
    tenir_la_chaine(edition.contrat.code)
    tenue = Edition.objects.select_for_update().get(pk=edition.pk)
    exiger(rules.motifs_empechant_la_retouche(statut=tenue.statut))
    return tenue


def marquer_retouchee(edition: Edition) -> None:
    """Dit qu'une personne a changé ce brouillon : un document ne le remplacera plus."""
    edition.retouchee_le = timezone.now()
    edition.save(update_fields=["retouchee_le"])


@transaction.atomic
def modifier_section(
    *, par: Acteur, objet: Objet, section: Section, saisie: Saisie, lue: str
) -> Enregistrement:
    """Écrit une section d'un brouillon ; `lue` est l'empreinte de ce que la personne avait sous les yeux.

    N'écrit rien si rien ne change. Lève SaisieRefusee, ou ConflitDeSection si la section n'est
    plus celle qu'elle a lue.
    """
    edition = tenir_le_brouillon(objet.edition)
    objet = lectures.objet(par, edition, objet.cle)
    avant = lectures.valeur(objet, section)
    noms = edition.contrat.partenaires.values_list("nom", flat=True)
    apres, fautes = lire_la_saisie(section, saisie, noms)
    if fautes:
        raise SaisieRefusee(fautes)
    # Ce que la lecture savait d'une ligne renommée puis rétablie est encore dans la première version.
    premiere = lectures.versions(objet, section).filter(numero=1).first()
    return _poser(
        par,
        objet,
        section,
        avant,
        garder(section, avant, apres, premiere.valeur if premiere else None),
        lue,
    )


@transaction.atomic
def reprendre_une_version(
    *, par: Acteur, objet: Objet, section: Section, numero: int, lue: str
) -> Enregistrement:
    """Remet une section dans l'état d'une version passée ; c'est toujours une nouvelle version.

    Lève ConflitDeSection si la section n'est plus celle que la personne a lue, ou
    VersionDeSection.DoesNotExist.
    """
    edition = tenir_le_brouillon(objet.edition)
    objet = lectures.objet(par, edition, objet.cle)
    passee = lectures.versions(objet, section).get(numero=numero)
    avant = lectures.valeur(objet, section)
    return _poser(par, objet, section, avant, passee.valeur, lue, est_une_reprise=True)


def _poser(
    par: Acteur,
    objet: Objet,
    section: Section,
    avant: Valeur,
    apres: Valeur,
    lue: str,
    est_une_reprise: bool = False,
) -> Enregistrement:
    derniere = lectures.versions(objet, section).first()
    if apres == avant:
        return Enregistrement(avant, derniere)
    if lue != empreinte(avant):
        raise ConflitDeSection(avant, apres, derniere)
    _ecrire(objet, section, apres)
    marquer_retouchee(objet.edition)
    relu = lectures.valeur(lectures.objet(par, objet.edition, objet.cle), section)
    oublier_les_noms(objet.edition, _noms(avant, section) - _noms(relu, section))
    version = _garder_la_version(par, objet, section, avant, relu, est_une_reprise)
    return Enregistrement(relu, version)


def _garder_la_version(
    par: Acteur,
    objet: Objet,
    section: Section,
    avant: Valeur,
    apres: Valeur,
    est_une_reprise: bool,
) -> VersionDeSection:
    """Garde une version par personne et par séance ; la première est celle d'avant toute retouche."""
    edition, maintenant = objet.edition, timezone.now()
    tenues = edition.retouches
    ou: dict[str, Any] = {"objet": objet.cle, "section": section.code}
    derniere = lectures.versions(objet, section).first()
    if derniere is None:
        derniere = tenues.create(
            **ou,
            numero=1,
            valeur=avant,
            ecrite_par=edition.importee_par,
            commencee_le=edition.importee_le,
            enregistree_le=edition.importee_le,
        )
    est_la_meme_seance = (
        derniere.numero > 1
        and (derniere.auteur, derniere.ecrite_par)
        == (par.utilisateur_identifiant, par.utilisateur_nom)
        and maintenant - derniere.enregistree_le < SEANCE
    )
    if est_la_meme_seance and not est_une_reprise and not _efface(section, derniere, apres):
        derniere.valeur, derniere.enregistree_le = apres, maintenant
        derniere.save(update_fields=["valeur", "enregistree_le"])
        return derniere
    nouvelle = tenues.create(
        **ou,
        numero=derniere.numero + 1,
        valeur=apres,
        ecrite_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
        commencee_le=maintenant,
        enregistree_le=maintenant,
    )
    noter(
        par=par,
        contrat=edition.contrat.code,
        action="cadre.retoucher",
        objet=f"edition:{edition.code}",
        objet_nom=str(edition),
        details={"ou": objet.titre, "section": section.titre, "version": nouvelle.numero},
    )
    return nouvelle


def _efface(section: Section, derniere: VersionDeSection, apres: Valeur) -> bool:
    """Dit si la moitié d'un vrai texte disparaît d'un coup : la séance s'arrête là, pour le garder."""
    avant = len(en_texte(section, derniere.valeur))
    return avant > _VRAI_TEXTE and len(en_texte(section, apres)) * 2 < avant


def _ecrire(objet: Objet, section: Section, valeur: Valeur) -> None:
    if objet.fiche is not None:
        _ecrire_la_declinaison(objet, section, valeur)
    elif isinstance(valeur, dict):
        _ecrire_les_champs(objet, section, valeur)
    elif objet.sorte == "contrat":
        _ecrire_les_sujets(objet.edition, valeur)
    else:
        _ecrire_les_lignes(objet, section, valeur)


def _ecrire_la_declinaison(objet: Objet, section: Section, valeur: Valeur) -> None:
    """Garde ce que le lieu dit autrement ; revenu au texte de la fiche, il ne dit plus rien."""
    assert objet.fiche is not None
    autres = {code: v for code, v in objet.ligne.sections.items() if code != section.code}
    de_la_fiche = lectures.valeur_de_fiche(objet.fiche, section)
    differe = en_texte(section, valeur) != en_texte(section, de_la_fiche)
    objet.ligne.sections = autres | ({section.code: valeur} if differe else {})
    objet.ligne.save(update_fields=["sections"])


def _ecrire_les_champs(objet: Objet, section: Section, valeur: Ligne) -> None:
    ligne = objet.ligne
    for champ in section.champs:
        saisi = valeur[champ.code]
        est_un_jour = champ.sorte == "jour" and saisi
        setattr(ligne, champ.code, date.fromisoformat(saisi) if est_un_jour else saisi)
    if objet.sorte == "pilier":  # son adresse, elle, ne change pas
        ligne.imprime = ligne.titre
    ligne.save()


def _ecrire_les_sujets(edition: Edition, lignes: list[Ligne]) -> None:
    edition.sujets_hors_contrat.all().delete()
    m.SujetHorsContrat.objects.bulk_create(
        m.SujetHorsContrat(
            edition=edition,
            rang=rang,
            titre=ligne["titre"],
            explication=ligne["explication"],
            mots=[mot.strip() for mot in ligne["mots"].split(",") if mot.strip()],
        )
        for rang, ligne in enumerate(lignes, 1)
    )


def _ecrire_les_lignes(objet: Objet, section: Section, lignes: list[Ligne]) -> None:
    version = objet.ligne
    for ligne in lignes:
        if ligne.get("imprime") == "":
            ligne["imprime"] = ligne["nom"]
    connaitre(
        objet.edition,
        partenaires=_noms(lignes, section, "partenaires"),
        dispositifs=_noms(lignes, section, "dispositifs"),
    )
    fiche = reconstruire(
        Fiche, {"numero": version.numero, "titre": version.titre, section.code: lignes}
    )
    lignes_de(version, section.code).delete()
    ECRITURES[section.code](Reperage(objet.edition), version, fiche)


def _noms(valeur: Valeur, section: Section, sorte: str = "") -> set[str]:
    """Rend les noms qu'une section cite : partenaires, dispositifs, ou tous."""
    champs = [c.code for c in section.champs if c.suggere and c.suggere == (sorte or c.suggere)]
    lignes = valeur if isinstance(valeur, list) else []
    return {ligne[champ] for ligne in lignes for champ in champs if ligne[champ]}
