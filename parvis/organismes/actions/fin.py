"""Dire qu'un organisme finit, et lequel le remplace."""

from datetime import date

from django.db import transaction

from parvis.organismes.actions.acte import consigner, tenir
from parvis.organismes.models import Organisme
from parvis.organismes.rules.vie import motifs_empechant_la_cloture
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger


@transaction.atomic
def cloturer(
    *, par: Auteur, organisme: Organisme, fin_le: date | None, remplace_par: Organisme | None = None
) -> Organisme:
    """Date la fin d'un organisme et nomme son remplaçant ; `fin_le` vide le rouvre. Lève Refus.

    Remplacer ne fait jamais une boucle : un remplaçant ne descend pas de celui qu'il remplace.
    """
    (tenu,) = tenir(organisme)
    suite = [remplace_par.pk] if remplace_par else []
    while suite:
        suivant = Organisme.objects.values_list("remplace_par", flat=True).get(pk=suite[-1])
        if suivant is None or suivant in suite:
            break
        suite.append(suivant)
    exiger(motifs_empechant_la_cloture(pk=tenu.pk, fin_le=fin_le, suite=suite, nom=tenu.nom))
    avant = {"fin_le": str(tenu.fin_le or ""), "remplace_par": str(tenu.remplace_par or "")}
    tenu.fin_le, tenu.remplace_par = fin_le, remplace_par
    apres = {"fin_le": str(fin_le or ""), "remplace_par": str(remplace_par or "")}
    changements = {c: [avant[c], apres[c]] for c in apres if avant[c] != apres[c]}
    if changements:
        tenu.version += 1
        tenu.save(update_fields=["fin_le", "remplace_par", "version"])
        consigner(par, "cloturer", tenu, {"changements": changements})
    return tenu
