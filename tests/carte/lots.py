"""Un tableau d'adresses d'essai, et de quoi le déposer et le mener."""

import csv
import io

from parvis.carte.actions import lots as actions
from parvis.carte.models import Lot
from parvis.travaux.execution import mener as mener_le_travail

FICHIER = "adherents-confidentiels.csv"
TABLEAU = (
    "nom;adresse;code postal;commune\r\n"
    "Nadia Belkacem;4 rue du Verger;94990;Val-des-Tilleuls\r\n"
    "Paul Quidam;20 chemin du Moulin;94990;Val-des-Tilleuls\r\n"
    "Léa Personne;12 rue des Tilleuls;94990;Val-des-Tilleuls\r\n"
)
# Ce qui ne doit se lire nulle part, tel que l'usager l'écrit et tel que la carte le rend.
SECRETS = (
    "Nadia Belkacem",
    "Léa Personne",
    "4 rue du Verger",
    "4 Rue du Verger",
    "12 rue des Tilleuls",
    "12 Rue des Tilleuls",
    "20 Chemin du Moulin",
)


def deposer(par, contrat, *, nom=FICHIER, texte=TABLEAU, millesimes=(2024,)) -> Lot:
    """Dépose un tableau, celui d'essai si l'on n'en donne pas."""
    octets = texte if isinstance(texte, bytes) else texte.encode()
    return actions.deposer_un_lot(
        par=par, contrat=contrat, nom=nom, octets=octets, millesimes=millesimes
    )


def mener(lot: Lot) -> Lot:
    """Mène le travail d'un lot comme le fait l'exécutant ; rend le lot relu."""
    lot.refresh_from_db()
    mener_le_travail(str(lot.travail.identifiant))
    return relire(lot)


def relire(lot: Lot) -> Lot:
    return Lot.objects.select_related("travail").get(pk=lot.pk)


def lignes(octets: bytes, separateur: str = ";") -> list[dict[str, str]]:
    """Rend les lignes d'un CSV situé."""
    texte = octets.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(texte), delimiter=separateur))


def telecharger(par, lot: Lot) -> actions.Fichier:
    """Télécharge un lot, ce qui l'efface."""
    return actions.telecharger_le_lot(par=par, lot=lot)


def fuites() -> dict[str, list[str]]:
    """Rend, pour chaque secret qui se lit quelque part, les tables où il se lit."""
    from tests.carte.conftest import tables_ou_se_lit

    trouvees = {secret: tables_ou_se_lit(secret) for secret in (*SECRETS, "confidentiels")}
    return {secret: tables for secret, tables in trouvees.items() if tables}
