"""Réunir un doublon à l'organisme gardé, sans rien déplacer ; le défaire sans rien perdre.

Le fait est dans la ligne (`fusionne_dans`), son histoire est au journal (docs/adr/0012).
"""

from collections.abc import Sequence

from django.db import transaction

from parvis.organismes.actions.acte import consigner, tenir
from parvis.organismes.actions.saisie import motifs_de_numeros_pris
from parvis.organismes.models import Organisme, PaireEcartee
from parvis.organismes.rules.vie import (
    motifs_empechant_la_fusion,
    motifs_empechant_la_separation,
)
from parvis.socle.auteur import Auteur
from parvis.socle.refus import Refus, exiger


@transaction.atomic
def fusionner(
    *, par: Auteur, doublon: Organisme, garde: Organisme, raisons: Sequence[str]
) -> Organisme:
    """Réunit un doublon à l'organisme gardé, en un seul niveau ; lève Refus avec tous les motifs."""
    double, gardien = tenir(doublon, garde)
    exiger(
        motifs_empechant_la_fusion(
            doublon=double.nom,
            garde=gardien.nom,
            est_le_meme=double.pk == gardien.pk,
            doublon_est_reuni=double.fusionne_dans_id is not None,
            garde_est_reuni=gardien.fusionne_dans_id is not None,
            absorbes=[absorbe.nom for absorbe in double.doublons.order_by("cle_de_tri")],
            raisons=raisons,
        )
    )
    _relier(double, gardien)
    consigner(
        par,
        "fusionner",
        double,
        {"garde": f"organisme:{gardien.pk}", "garde_nom": gardien.nom, "raisons": list(raisons)},
    )
    return double


@transaction.atomic
def separer(*, par: Auteur, doublon: Organisme) -> Organisme:
    """Défait une fusion ; lève Refus si elle n'existe pas ou si ses numéros ont été repris."""
    (double,) = tenir(doublon)
    exiger(
        motifs_empechant_la_separation(
            nom=double.nom,
            est_reuni=double.fusionne_dans_id is not None,
            numeros_repris=motifs_de_numeros_pris(double),
        )
    )
    ancien = double.retenu
    _relier(double, None)
    details = {"garde": f"organisme:{ancien.pk}", "garde_nom": ancien.nom}
    consigner(par, "separer", double, details)
    return double


@transaction.atomic
def ecarter(*, par: Auteur, un: Organisme, autre: Organisme) -> PaireEcartee:
    """Retient que deux organismes ne sont pas des doublons ; relancé, ne change rien.

    Lève Refus si c'est deux fois le même organisme.
    """
    if un.pk == autre.pk:
        raise Refus(["Choisissez deux organismes différents."])
    premier, second = sorted(tenir(un, autre), key=lambda o: o.pk)
    paire, est_nouvelle = PaireEcartee.objects.get_or_create(
        premier=premier, second=second, defaults={"ecartee_par": par.utilisateur_nom}
    )
    if est_nouvelle:
        consigner(par, "ecarter", premier, {"autre": f"organisme:{second.pk}", "nom": second.nom})
    return paire


def _relier(double: Organisme, gardien: Organisme | None) -> None:
    double.fusionne_dans = gardien
    double.version += 1
    double.save(update_fields=["fusionne_dans", "version"])
