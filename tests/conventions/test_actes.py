"""Les actes d'une décision : préparés, signés, notifiés, annulés ; ce qu'ils engagent."""

from decimal import Decimal

from parvis.conventions.enums import EtatDActe, SorteDActe
from tests.decors import decor
from tests.fabriques import actes as fabrique


@decor
def site() -> fabrique.Site:
    return fabrique.site()


def test_un_acte_se_prepare_avec_le_texte_du_modele(site):
    acte = site.prepare(site.vote.publiee("1500"))

    assert acte.sorte == SorteDActe.NOTIFICATION
    assert (acte.etat, acte.rang, acte.montant) == (EtatDActe.PREPARE, 1, Decimal(1500))
    assert "mille cinq cents euros" in acte.texte
    assert "{" not in acte.texte.replace("{tableau_des_projets}", "").replace(
        "{tableau_des_versements}", ""
    )
    assert "Tribunal administratif de Melun" in acte.texte
    assert "n’est pas dépassé" in acte.raison
