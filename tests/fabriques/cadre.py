"""Un petit contrat inventé, tel qu'un lecteur le rendrait."""

from dataclasses import replace

from parvis.cadre.actions import importer_cadre, publier_edition
from parvis.cadre.actions.declinaisons import decliner
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition
from parvis.comptes.acteur import Acteur
from tests.fabriques.quartiers import territoire_du_contrat

MACHINE = Acteur.machine("essai")


def fiche(numero: str, **autres) -> lu.Fiche:
    """Rend une fiche complète, que l'on peut changer champ par champ."""
    valeurs = {
        "numero": numero,
        "titre": f"Ouvrir des jardins partagés {numero}",
        "descriptif": "Cultiver ensemble au pied des tours.\n\nLe diagnostic compte 3 jardins.",
        "types_d_action": (
            lu.TypeDAction("Créer un jardin partagé"),
            lu.TypeDAction("Former des jardiniers", forme="prose", confiance=0.6),
        ),
        "financeurs": (
            lu.Partenaire("Communes", "Communes", nature="categorie"),
            lu.Partenaire(
                "Caisse d'allocations familiales",
                "Caisse d'Allocations Familiales",
                condition="projets familiaux",
                degre="confirme",
            ),
        ),
        "operateurs": (lu.Partenaire("Associations", "Associations locales"),),
        "dispositifs": (
            lu.Dispositif(
                "Caisse d'allocations familiales",
                "Aide au démarrage",
                "Premiers mois d'un projet.",
                degre="en_place",
                nature="droit_commun",
            ),
        ),
        "renvois": (lu.Renvoi("voir l'enjeu 2", "enjeu 2"),),
        "lieux": (lu.Lieu("Le Verger", "Val-des-Tilleuls", "quartier"),),
        "publics": (lu.Public("jeunes", "les jeunes"),),
        "constats": (lu.Constat("Il y a 3 jardins.", 3, "jardins", 2014, "Val-des-Tilleuls"),),
        "echelle": "communes",
        "rubriques": (
            lu.Rubrique("descriptif", "Descriptif"),
            lu.Rubrique("calendrier", "Calendrier", texte="Plantations au printemps."),
        ),
    }
    return lu.Fiche(**(valeurs | autres))


def petit_contrat(**autres) -> lu.ContratLu:
    """Rend un contrat de deux piliers, trois enjeux (le dernier sans fiche) et trois fiches."""
    valeurs = {
        "titre": "Contrat de ville du Val-des-Tilleuls",
        "territoire": "Val-des-Tilleuls",
        "periode": (2015, 2020),
        "preambule": "Un contrat inventé.",
        "edition": "2015-06",
        "hors_contrat": (lu.SujetHorsContrat("Transports", "Voir la Région.", ("bus", "tramway")),),
        "piliers": (
            lu.Pilier(
                "Vivre ensemble",
                (
                    lu.Enjeu(
                        1, "Verdir les quartiers", "Plus d'arbres.", (fiche("1-1"), fiche("1-2"))
                    ),
                    lu.Enjeu(2, "Apprendre", "À tout âge.", (fiche("2-1", publics=()),)),
                ),
                national="Cohésion sociale",
            ),
            lu.Pilier(
                "Travailler",
                (lu.Enjeu(3, "Une place pour chacune", renvois=(lu.Renvoi("1-1", "fiche 1-1"),)),),
                national="Développement de l'activité économique et de l'emploi",
            ),
        ),
    }
    return lu.ContratLu(**(valeurs | autres))


def avec_fiche(contrat: lu.ContratLu, nouvelle: lu.Fiche) -> lu.ContratLu:
    """Rend le contrat où la fiche de même numéro est remplacée."""
    piliers = tuple(
        replace(
            pilier,
            enjeux=tuple(
                replace(
                    enjeu,
                    fiches=tuple(
                        nouvelle if f.numero == nouvelle.numero else f for f in enjeu.fiches
                    ),
                )
                for enjeu in pilier.enjeux
            ),
        )
        for pilier in contrat.piliers
    )
    return replace(contrat, piliers=piliers)


def contrat_publie(code: str = "tilleuls", lu_: lu.ContratLu | None = None) -> Edition:
    """Importe et publie le petit contrat ; rend son édition."""
    importation = importer_cadre(
        par=MACHINE, contrat=code, lu=lu_ or petit_contrat(), source="essai.txt"
    )
    return publier_edition(par=MACHINE, edition=importation.edition)


def contrat_publie_avec_tout(
    code: str = "tilleuls", lu_: lu.ContratLu | None = None, lieu: str = "Le Pré-Joli"
) -> Edition:
    """Rend une édition publiée dont chaque table du contenu a une ligne, et son territoire un quartier."""
    lu_ = lu_ or petit_contrat()
    territoire_du_contrat(lu_.territoire)
    edition = importer_cadre(par=MACHINE, contrat=code, lu=lu_, source="essai.txt").edition
    assert edition is not None
    numero = lu_.fiches[0].numero
    decliner(par=MACHINE, edition=edition, numero=numero, lieu=lieu, type="quartier")
    return publier_edition(par=MACHINE, edition=edition)


def contrat_de(nombre_de_fiches: int) -> lu.ContratLu:
    """Rend un contrat d'autant de fiches, pour compter les requêtes."""
    fiches = tuple(fiche(f"1-{rang}") for rang in range(1, nombre_de_fiches + 1))
    enjeu = lu.Enjeu(1, "Verdir les quartiers", "Plus d'arbres.", fiches)
    return petit_contrat(piliers=(lu.Pilier("Vivre ensemble", (enjeu,)),))
