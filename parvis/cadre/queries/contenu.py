"""Relire une édition en base comme on relit un document."""

from parvis.cadre import models as m
from parvis.cadre.contenu import Contenu, ajouter, dire, mettre_le_catalogue
from parvis.cadre.models import Edition
from parvis.cadre.sections import SECTIONS, en_texte


def contenu(edition: Edition) -> Contenu:
    """Met à plat une édition, avec les mêmes clés que `contenu_lu` d'un contrat lu."""
    plat: Contenu = {}
    periode = (edition.debut, edition.fin)
    ajouter(plat, ("contrat",), dire(edition.titre, edition.territoire, periode))
    ajouter(plat, ("mots",), dire(edition.mot_pilier, edition.mot_enjeu, edition.mot_fiche))
    ajouter(plat, ("prolongation",), dire(edition.prolonge_au))
    ajouter(plat, ("préambule",), dire(edition.preambule))
    mettre_le_catalogue(plat, edition.catalogue)
    for sujet in edition.sujets_hors_contrat.all():
        ajouter(plat, ("hors contrat", sujet.titre), dire(sujet.explication, sujet.mots))
    for pilier in edition.piliers.all():
        national = pilier.get_national_display()
        valeur = dire(pilier.titre, pilier.introduction, national.replace("’", "'"))
        ajouter(plat, (f"pilier {pilier.rang}",), valeur)
    for enjeu in edition.enjeux.select_related("pilier"):
        valeur = dire(enjeu.pilier.rang, enjeu.titre, enjeu.introduction)
        ajouter(plat, (f"enjeu {enjeu.numero}",), valeur)
    for v in edition.versions.select_related("fiche", "enjeu"):
        cle = f"fiche {v.fiche.numero}"
        ajouter(plat, (cle,), dire(v.enjeu.numero, v.titre, v.echelle))
        ajouter(plat, (cle, "descriptif"), dire(v.descriptif))
    _mettre_ce_que_disent_les_fiches(plat, edition)
    return plat


def _mettre_ce_que_disent_les_fiches(plat: Contenu, edition: Edition) -> None:
    numeros = dict(edition.versions.values_list("pk", "fiche__numero"))

    def fiche(version_id: int) -> str:
        return f"fiche {numeros[version_id]}"

    for t in m.TypeDeProjet.objects.filter(edition=edition).order_by("version", "rang"):
        cle = (fiche(t.version_id), "type de projet", t.texte)
        ajouter(plat, cle, dire(t.forme, t.confiance))
    liens = m.PartenaireDeFiche.objects.filter(edition=edition)
    for p in liens.select_related("partenaire", "sous").order_by("version", "rang"):
        valeur = dire(p.imprime, p.condition, p.sous and p.sous.nom, p.degre)
        ajouter(plat, (fiche(p.version_id), p.role, p.partenaire.nom), valeur)
    appuis = m.DispositifDeFiche.objects.filter(edition=edition)
    for d in appuis.select_related("dispositif", "porteur").order_by("version", "rang"):
        porteur = d.porteur and d.porteur.nom
        valeur = dire(porteur, d.imprime, d.detail, d.degre, d.origine, d.confiance)
        ajouter(plat, (fiche(d.version_id), "dispositif", d.dispositif.nom), valeur)
    for public in m.PublicDeFiche.objects.filter(edition=edition).select_related("public"):
        cle = (fiche(public.version_id), "public", public.public.code)
        ajouter(plat, cle, dire(public.preuve))
    for lieu in m.LieuDeFiche.objects.filter(edition=edition).order_by("version", "rang"):
        cle = (fiche(lieu.version_id), "lieu", lieu.imprime)
        ajouter(plat, cle, dire(lieu.territoire, lieu.type))
    for c in m.Constat.objects.filter(edition=edition).order_by("version", "rang"):
        valeur = dire(c.valeur, c.unite, c.annee, c.territoire, c.source)
        ajouter(plat, (fiche(c.version_id), "constat", c.texte), valeur)
    for rubrique in m.RubriqueDeFiche.objects.filter(edition=edition).order_by("version", "rang"):
        cle = (fiche(rubrique.version_id), "rubrique", rubrique.libelle)
        ajouter(plat, cle, dire(rubrique.code, rubrique.texte))
    for declinaison in edition.declinaisons.order_by("version", "slug"):
        cle = (fiche(declinaison.version_id), "déclinaison", declinaison.lieu)
        ajouter(plat, cle, dire(declinaison.type, _ce_qui_differe(declinaison)))
    for r in m.Renvoi.objects.filter(edition=edition).select_related("enjeu").order_by("rang"):
        source = fiche(r.version_id) if r.version_id else f"enjeu {r.enjeu and r.enjeu.numero}"
        ajouter(plat, (source, "renvoi", r.cible), dire(r.imprime, r.nature, r.anomalie))


def _ce_qui_differe(declinaison: m.Declinaison) -> str:
    """Rend en clair ce qu'un lieu dit autrement, section par section."""
    return "\n\n".join(
        f"{section.titre} : {en_texte(section, declinaison.sections[section.code])}"
        for section in SECTIONS["declinaison"]
        if section.code in declinaison.sections
    )
