"""Ce qui fait reconnaître un partenaire ou un dispositif que le contrat nomme."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from parvis.cadre.enums import NatureDePartenaire
from parvis.cadre.models import Contrat, Dispositif, Edition, Partenaire
from parvis.cadre.queries.rapprochements import organismes_des_partenaires
from parvis.comptes.acteur import Acteur
from parvis.evaluation.rules.droit_commun import Nomme, graphies_d_un_dispositif
from parvis.organismes.enums import Nature
from parvis.organismes.models import Organisme
from parvis.programmation.enums import DispositifDePoste
from parvis.programmation.models import PosteAide
from parvis.socle.texte import racines

# Une catégorie qui porte le nom d'une sorte d'organisme (« Associations ») vaut pour tous ceux-là.
_NATURES = {frozenset(racines(str(nature.label))): nature for nature in Nature}
_POSTES = {
    DispositifDePoste.ADULTE_RELAIS: frozenset(racines("adultes relais")),
    DispositifDePoste.FONJEP: frozenset(racines("fonjep")),
}


def postes_aides(contrat: Contrat) -> dict[str, int]:
    """Rend combien de postes aidés le contrat a eus, par dispositif."""
    postes: dict[str, int] = defaultdict(int)
    for dispositif in PosteAide.objects.filter(contrat=contrat).values_list(
        "dispositif", flat=True
    ):
        postes[dispositif] += 1
    return postes


def partenaires_nommes(
    acteur: Acteur, contrat: Contrat, edition: Edition, cites: set[int], jour: date
) -> tuple[dict[int, Nomme], dict[int, list[Organisme]]]:
    """Rend chaque partenaire de l'édition avec ce qui le fait reconnaître, et qui tient chacun du contrat."""
    tenus = organismes_des_partenaires(
        acteur, contrat.partenaires.values_list("pk", flat=True), jour
    )
    de_nature: dict[str, set[int]] = defaultdict(set)
    for cle, nature in Organisme.objects.filter(
        pk__in=cites, nature__in=_NATURES.values()
    ).values_list("pk", "nature"):
        de_nature[nature].add(cle)
    nommes = {}
    for un in Partenaire.objects.filter(fiches__edition=edition).distinct():
        siens = tenus.get(un.pk, [])
        organismes = {organisme.pk for organisme in siens}
        sorte = _NATURES.get(frozenset(racines(un.nom)))
        if un.nature == NatureDePartenaire.CATEGORIE and sorte:
            organismes |= de_nature[sorte]
        dits = (un.nom, *un.graphies, *(organisme.nom for organisme in siens))
        nommes[un.pk] = Nomme(
            un.nom,
            un.slug,
            tuple({frozenset(racines(nom)) for nom in dits if nom}),
            frozenset({un.sigle} if un.sigle else ()),
            frozenset(organismes),
            fin=_fin(un, jour),
        )
    return nommes, tenus


def dispositif_nomme(
    dispositif: Dispositif,
    tenus: Mapping[int, Collection[Organisme]],
    postes: Mapping[str, int],
    jour: date,
) -> Nomme:
    """Rend un dispositif avec ce qui le fait reconnaître, et les postes qu'il a donnés."""
    responsables = {un.pk for p in dispositif.responsables.all() for un in tenus.get(p.pk, ())}
    graphies, sigles = graphies_d_un_dispositif(dispositif.nom)
    du_nom = frozenset(racines(dispositif.nom))
    return Nomme(
        dispositif.nom,
        dispositif.slug,
        graphies,
        sigles,
        frozenset(responsables),
        est_un_dispositif=True,
        fin=_fin(dispositif, jour),
        postes=sum(postes.get(code, 0) for code, mots in _POSTES.items() if mots <= du_nom),
    )


def _fin(nomme: Partenaire | Dispositif, jour: date) -> str:
    """Rend depuis quand il n'existe plus, et ce qui lui succède ; vide s'il existe."""
    if nomme.fin_le is None or nomme.fin_le > jour:
        return ""
    suite = f", devenu {nomme.suite}" if nomme.suite else ""
    return f"a pris fin en {nomme.fin_le.year}{suite}"
