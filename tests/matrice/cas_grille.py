"""Qui note un dossier : les agents du service que le porteur sollicite, et nul autre."""

from parvis.cadre.models import Contrat
from parvis.dossiers.models import Demande
from parvis.instruction.actions.consultations import consulter
from parvis.instruction.actions.equipe import se_deporter
from parvis.instruction.enums import Qualite
from parvis.organismes.models import Organisme
from tests.fabriques import depots, instruction
from tests.fabriques.comptes import Monde
from tests.matrice.cas_instruction import FINANCE, _brouillon, _un_autre
from tests.matrice.outils import ABSENT, LES_DEUX, PERSONNE, Cas, Objet


def _a_noter(monde: Monde) -> list[Objet]:
    """Rend un dossier où le délégué est consulté, un brouillon, un dont on s'est déporté, un absent."""
    ici = depots.lieux(monde, Contrat.objects.get(code="tilleuls"), avec_grille=True)
    dossier = instruction.recevable(ici)
    service = monde.acteurs["instructeur"].organisme
    Demande.objects.filter(dossier=dossier, financeur=ici.caisse).update(financeur=service)
    consulter(
        par=monde.acteurs["pilote"],
        dossiers=[dossier],
        qualite=Qualite.DELEGUE_DU_PREFET,
        organisme=Organisme.objects.get(nom="Préfecture"),
    )
    deporte = _un_autre(dossier)
    se_deporter(par=monde.acteurs["instructeur"], dossier=deporte, motif="Un lien.")
    la = {"contrat": "tilleuls", "pk": dossier.pk}
    return [
        Objet("recevable", la, FINANCE),
        Objet("d'un autre contrat", la | {"contrat": "voisin"}, PERSONNE),
        Objet("dont on s'est déporté", la | {"pk": deporte.pk}, PERSONNE),
        Objet("brouillon", la | {"pk": _brouillon(dossier)}, PERSONNE),
        Objet("absent", la | {"pk": ABSENT}, PERSONNE),
    ]


CAS: dict[str, Cas] = {"espace_financeur:noter": Cas(LES_DEUX, _a_noter)}
