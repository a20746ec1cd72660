"""Les partenaires, dispositifs et publics d'un contrat, retrouvés ou créés avant les fiches."""

from dataclasses import dataclass
from datetime import date

from parvis.cadre.enums import NatureDePartenaire
from parvis.cadre.importation import structure as lu
from parvis.cadre.importation.lexique import Entree, charger_lexique, repertoire
from parvis.cadre.models import Contrat, Dispositif, Partenaire, Public
from parvis.socle.texte import adresse, cle_de_tri


@dataclass(frozen=True)
class Catalogue:
    """Ce qui se partage entre les fiches d'un contrat, par nom ou par code."""

    partenaires: dict[str, Partenaire]
    dispositifs: dict[str, Dispositif]
    publics: dict[str, Public]

    @classmethod
    def du_contrat(cls, contrat: Contrat, document: lu.ContratLu) -> "Catalogue":
        """Rend le catalogue, complété de ce que le document nomme pour la première fois."""
        partenaires = _partenaires(contrat, document)
        return cls(partenaires, _dispositifs(contrat, document, partenaires), _publics())


# Un partenaire absent du lexique garde son nom imprimé ; on ne lui suppose ni sigle ni parent.
INCONNU = Entree(nom="", sigle=None, parent=None, nature=NatureDePartenaire.CATEGORIE)


def _publics() -> dict[str, Public]:
    for rang, public in enumerate(charger_lexique("publics")["publics"], 1):
        Public.objects.update_or_create(
            code=public["code"], defaults={"libelle": public["libelle"], "rang": rang}
        )
    return {public.code: public for public in Public.objects.all()}


def _date(texte: str | None) -> date | None:
    return date.fromisoformat(texte) if texte else None


def _noms_de_partenaires(document: lu.ContratLu) -> dict[str, set[str]]:
    """Rend chaque nom canonique du document avec les graphies imprimées qu'il recouvre."""
    noms: dict[str, set[str]] = {}
    for fiche in document.fiches:
        for partenaire in (*fiche.financeurs, *fiche.operateurs):
            noms.setdefault(partenaire.nom, set()).add(partenaire.imprime)
            if partenaire.parent:
                noms.setdefault(partenaire.parent, set())
        for dispositif in fiche.dispositifs:
            for nom in (dispositif.porteur, *dispositif.porteurs):
                if nom:
                    noms.setdefault(nom, set())
    return noms


def _partenaires(contrat: Contrat, document: lu.ContratLu) -> dict[str, Partenaire]:
    existants = {p.nom: p for p in Partenaire.objects.filter(contrat=contrat)}
    pris = {p.slug for p in existants.values()}
    connus = {p.nom: p for p in document.partenaires_connus}
    noms = _noms_de_partenaires(document)
    lexique = {nom: repertoire().entrees.get(nom, INCONNU) for nom in noms}
    for nom, graphies in noms.items():
        partenaire = existants.get(nom) or Partenaire(
            contrat=contrat, nom=nom, slug=_libre(adresse(nom), pris)
        )
        connu = connus.get(nom, lu.PartenaireConnu(nom))
        partenaire.cle_de_tri = cle_de_tri(nom)
        partenaire.sigle = connu.sigle or lexique[nom].sigle or ""
        partenaire.nature = lexique[nom].nature
        partenaire.graphies = sorted({*partenaire.graphies, *graphies} - {nom})
        partenaire.a_savoir = connu.a_savoir or partenaire.a_savoir
        partenaire.fin_le = _date(connu.fin_le) or partenaire.fin_le
        partenaire.suite = connu.suite or partenaire.suite
        partenaire.save()
        existants[nom] = partenaire
    for nom in noms:
        parent = lexique[nom].parent
        if parent in existants and parent != nom:
            existants[nom].parent = existants[parent]
            existants[nom].save(update_fields=["parent"])
    return existants


def _dispositifs(
    contrat: Contrat, document: lu.ContratLu, partenaires: dict[str, Partenaire]
) -> dict[str, Dispositif]:
    existants = {d.nom: d for d in Dispositif.objects.filter(contrat=contrat)}
    pris = {d.slug for d in existants.values()}
    connus = {d.nom: d for d in document.dispositifs_connus}
    cites: dict[str, list[lu.Dispositif]] = {}
    for fiche in document.fiches:
        for dispositif in fiche.dispositifs:
            cites.setdefault(dispositif.nom, []).append(dispositif)
    for nom, citations in cites.items():
        ligne = existants.get(nom) or Dispositif(
            contrat=contrat, nom=nom, slug=_libre(adresse(nom), pris)
        )
        connu = connus.get(nom, lu.DispositifConnu(nom))
        natures = [connu.nature, *(c.nature for c in citations), ligne.nature]
        ligne.cle_de_tri = cle_de_tri(nom)
        ligne.nature = next((nature for nature in natures if nature), "")
        ligne.explication = connu.explication or ligne.explication
        ligne.fin_le = _date(connu.fin_le) or ligne.fin_le
        ligne.suite = connu.suite or ligne.suite
        ligne.lien = connu.lien or ligne.lien
        ligne.save()
        responsables = {nom for c in citations for nom in (c.porteur, *c.porteurs) if nom}
        ligne.responsables.add(*(partenaires[responsable] for responsable in responsables))
        existants[nom] = ligne
    return existants


def _libre(voulue: str, prises: set[str]) -> str:
    """Rend une adresse que personne n'a encore prise dans le contrat."""
    voulue = voulue or "sans-nom"
    libre, rang = voulue, 1
    while libre in prises:
        rang += 1
        libre = f"{voulue}-{rang}"
    prises.add(libre)
    return libre
