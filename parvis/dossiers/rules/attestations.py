"""Ce que certifie le représentant d'un porteur, selon la nature de son organisme."""

from collections.abc import Mapping
from dataclasses import dataclass

from parvis.organismes.enums import Nature
from parvis.socle.texte import mots

_ASSOCIATIVES = frozenset({Nature.ASSOCIATION.value, Nature.FONDATION.value})
_PRIVES = _ASSOCIATIVES | {Nature.ENTREPRISE.value, Nature.BAILLEUR.value}


@dataclass(frozen=True)
class TexteDAttestation:
    """Une attestation : son texte, sa version, le droit qui la demande, qui la signe."""

    code: str
    version: str
    titre: str
    texte: tuple[str, ...]
    reference: str = ""
    natures: frozenset[str] = frozenset()
    # Ce que l'on précise en signant : une réponse parmi plusieurs.
    precisions: tuple[tuple[str, str], ...] = ()


ATTESTATIONS = (
    TexteDAttestation(
        "exactitude",
        "2026",
        "Ce dossier est exact",
        (
            "Les renseignements de ce dossier sont exacts et sincères, y compris les autres "
            "subventions demandées et les ressources propres.",
            "Je représente l’organisme, ou j’ai reçu de son représentant le pouvoir de signer.",
        ),
        "CERFA n° 12156, attestations",
    ),
    TexteDAttestation(
        "regularite",
        "2026",
        "L’organisme est en règle",
        (
            "L’organisme a fait ses déclarations sociales et fiscales, et payé ce qui en découle "
            "ou convenu d’un échéancier.",
        ),
        "CERFA n° 12156, attestations",
        _PRIVES,
    ),
    TexteDAttestation(
        "engagement_republicain",
        "2021-1947",
        "Contrat d’engagement républicain",
        (
            "L’organisme souscrit au contrat d’engagement républicain annexé au décret du "
            "31 décembre 2021 : respect des lois, liberté de conscience, liberté des membres, "
            "égalité et non-discrimination, fraternité et refus de la violence, dignité de chaque "
            "personne, respect des symboles de la République.",
            "Il en informe ses membres. Un manquement peut faire rendre la subvention, pour la "
            "période qui reste à courir, après que l’organisme a pu s’expliquer.",
        ),
        "Loi n° 2000-321, article 10-1 ; décret n° 2021-1947",
        _ASSOCIATIVES,
    ),
    TexteDAttestation(
        "aides_publiques",
        "2026",
        "Aides publiques des trois derniers exercices",
        (
            "Toutes les aides publiques reçues sur trois exercices, subventions, mises à "
            "disposition et aides à l’emploi comprises, font un total :",
        ),
        "Règlement (UE) n° 2023/2832 ; CERFA n° 12156, attestations",
        _PRIVES,
        (("au_plus", "de 500 000 € au plus"), ("au_dela", "de plus de 500 000 €")),
    ),
)


def attestations_du_porteur(nature: str) -> tuple[TexteDAttestation, ...]:
    """Rend ce que doit signer un porteur de cette nature, dans l'ordre."""
    return tuple(a for a in ATTESTATIONS if not a.natures or nature in a.natures)


def est_la_meme_personne(un: str, autre: str) -> bool:
    """Dit si deux noms sont d'une même personne, sans la casse, les accents ni l'ordre des mots.

    L'un peut dire plus que l'autre : une civilité, un second prénom.
    """
    siens, autres = set(mots(un)), set(mots(autre))
    return bool(siens and autres) and (siens <= autres or autres <= siens)


def motifs_empechant_la_signature(
    texte: TexteDAttestation, *, precision: str, fonction: str
) -> list[str]:
    """Rend pourquoi une attestation ne se signe pas encore."""
    motifs = []
    if texte.precisions and precision not in dict(texte.precisions):
        motifs.append(f"« {texte.titre} » : choisissez une réponse.")
    if not any(signe.isalnum() for signe in fonction):
        motifs.append("Dites à quel titre vous signez : présidente, maire, directeur…")
    return motifs


def attestations_a_signer(
    nature: str, signees: Mapping[str, tuple[str, str]], empreinte: str
) -> list[tuple[TexteDAttestation, str]]:
    """Rend chaque attestation qui manque, et pourquoi : jamais signée, texte ou dossier changé.

    `signees` donne, par code, la version du texte signé et l'empreinte du dossier à ce moment-là.
    """
    manquent = []
    for texte in attestations_du_porteur(nature):
        version, certifie = signees.get(texte.code, ("", ""))
        if not version:
            manquent.append((texte, "n’est pas signée"))
        elif version != texte.version:
            manquent.append((texte, "a un nouveau texte : signez-la de nouveau"))
        elif certifie != empreinte:
            manquent.append(
                (texte, "a été signée avant les derniers changements : signez de nouveau")
            )
    return manquent
