"""Un document déposé, et lu comme le fait l'exécutant."""

from parvis.cadre.actions.lectures import deposer_document, mener_la_lecture
from parvis.cadre.models import Contrat, Lecture
from parvis.comptes.acteur import Acteur

DOCUMENT = """Contrat de ville 2016-2022

Communauté d'agglomération du Val-des-Tilleuls

Mars 2016

# VIVRE ENSEMBLE

Enjeu stratégique n°1 : Verdir les quartiers

Fiche opérationnelle n°1-1 : Planter des arbres\t
Descriptif et objectifs des projets attendus\t<p>Il s'agit de planter des arbres avec les habitants. L'entretien constitue une piste d'action.</p>
Partenaires financeurs\t<p>Communes Agglomération</p><p>Zorglub vert</p>
Partenaires opérateurs\t<p>Associations</p><p>Zorglub vert</p>
Dispositifs pouvant soutenir les projets\t<p>Chartes de jardinage déjà en place</p>

Fiche opérationnelle n°1-2 : Ouvrir un verger\t
Descriptif et objectifs des projets attendus\t<p>Il s'agit d'ouvrir un verger (voir fiche opérationnelle n°4-9).</p>
Partenaires financeurs\t<p>Communes</p><p>ADEM</p>
Partenaires opérateurs\t<p>Habitants</p>
Dispositifs pouvant soutenir les projets\t<p><b>Dispositifs communaux :</b></p> <ul><li>• PEDT – PRE.</li></ul>
"""  # noqa: E501 — des rangées de tableau, telles qu'un document les a


def deposee(
    par: Acteur, contrat: Contrat, texte: str = DOCUMENT, nom: str = "tilleuls.txt"
) -> Lecture:
    """Rend une lecture qui attend l'exécutant."""
    return deposer_document(par=par, contrat=contrat, nom=nom, octets=texte.encode())


def lue(par: Acteur, contrat: Contrat, texte: str = DOCUMENT, nom: str = "tilleuls.txt") -> Lecture:
    """Rend une lecture menée à son terme."""
    lecture = deposee(par, contrat, texte, nom)
    mener_la_lecture({"lecture": lecture.pk}, lambda fait, total=None: None)
    lecture.refresh_from_db()
    return lecture
