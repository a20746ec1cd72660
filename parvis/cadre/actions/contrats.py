"""Créer un contrat, vide : son pilote y donnera ensuite le document à lire ; noter son code national."""

from django.db import transaction

from parvis.cadre import rules
from parvis.cadre.models import Contrat
from parvis.cadre.queries.codes_nationaux import codes_nationaux
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger
from parvis.socle.validation import motifs_de_validation


@transaction.atomic
def creer_contrat(
    *, par: Acteur, code: str, titre: str, territoire: str, debut: int, fin: int
) -> Contrat:
    """Crée un contrat sans édition ; lève Refus avec tous les motifs s'il ne convient pas."""
    existe = Contrat.objects.filter(code=code).exists()
    exiger(rules.motifs_empechant_la_creation(code=code, debut=debut, fin=fin, existe=existe))
    contrat = Contrat.objects.create(
        code=code, titre=titre, territoire=territoire, debut=debut, fin=fin
    )
    noter(
        par=par,
        contrat=code,
        action="cadre.creer_contrat",
        objet=f"contrat:{code}",
        objet_nom=titre,
        details={"territoire": territoire, "debut": debut, "fin": fin},
    )
    return contrat


@transaction.atomic
def noter_le_code_national(*, par: Auteur, contrat: Contrat, code: str) -> Contrat:
    """Note le code que l'État donne au contrat dans ses fichiers ; vide, il s'efface. Lève Refus."""
    tenir_la_chaine(contrat.code)
    tenu = Contrat.objects.select_for_update(no_key=True).get(pk=contrat.pk)
    avant, apres = tenu.code_national, "".join(code.split()).upper()
    if avant == apres:
        return tenu
    tenu.code_national = apres
    exiger(
        [f"« {apres[:20]} » n’est le code d’aucun contrat de ville. Il s’écrit CV357 ou CN09402M."]
        if apres and apres not in codes_nationaux()
        else motifs_de_validation(tenu, avec_contraintes=True)
    )
    tenu.save(update_fields=["code_national"])
    noter(
        par=par,
        contrat=tenu.code,
        action="cadre.noter_le_code_national",
        objet=f"contrat:{tenu.code}",
        objet_nom=tenu.titre,
        details={"avant": avant, "code": apres},
    )
    return tenu
