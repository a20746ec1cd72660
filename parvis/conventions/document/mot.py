"""Un acte en Word, disposé comme son PDF : en-tête, destinataire, objet, texte, lieu et date, signatures."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from parvis.cadre.document.docx.balises import ENTETE, ESPACES, champ, paragraphe, run
from parvis.cadre.document.docx.grilles import LARGEUR
from parvis.conventions.document.acte import (
    ActeAImprimer,
    destinataire,
    fait_a,
    parties,
    signatures,
)
from parvis.programmation.document.mot import empaqueter, partie_en_word, propre

_GRAS, _GARDER = "<w:b/><w:bCs/>", "<w:keepNext/>"
_SERRE = '<w:spacing w:before="0" w:after="0"/>'
# Le destinataire se lit sous l'en-tête, à droite, dans la fenêtre d'une enveloppe.
_SOUS_L_ENTETE = '<w:spacing w:before="900" w:after="0"/>'
_SANS_FILET = '<w:pBdr><w:bottom w:val="nil"/></w:pBdr>'
_TITRE = f'{_SANS_FILET}<w:spacing w:before="360" w:after="60"/>'
_NOIR = '<w:color w:val="000000"/><w:sz w:val="36"/>'
# De quoi signer à la main.
_PLACE = [""] * 5


def ecrire_l_acte_en_word(acte: ActeAImprimer, date: datetime) -> bytes:
    """Rend un acte en Word, à reprendre à la main ; sa date est celle qu'on lui donne."""
    titre, auteur = f"{acte.sorte} n° {acte.numero}", acte.pied["financeur"]
    pages = run(propre(f"{titre} · Page ")) + champ("PAGE", run("1"))
    pages += run(" sur ") + champ("NUMPAGES", run("1"))
    return empaqueter(
        "".join(_corps(acte, titre)),
        titre=f"{titre} : {acte.objet}",
        auteur=auteur,
        date=date,
        haut=paragraphe("Normal", ""),
        pied=f"{ENTETE}<w:ftr {ESPACES}>{paragraphe('Footer', pages)}</w:ftr>",
    )


def _corps(acte: ActeAImprimer, titre: str) -> Iterator[str]:
    entete = acte.pied.get("entete") or acte.pied["financeur"]
    a_qui = [un for un in destinataire(acte) if un]
    yield _cote_a_cote([_bloc(entete.split("\n")), _bloc(a_qui, _SOUS_L_ENTETE)])
    yield paragraphe("Title", run(propre(titre), _NOIR), _TITRE)
    yield paragraphe("Subtitle", run(propre(acte.contrat), '<w:sz w:val="22"/>'))
    objet = run(propre("Objet : "), _GRAS) + run(propre(acte.objet))
    yield paragraphe("BodyText", objet)
    for partie in parties(acte):
        yield from partie_en_word(partie)
    yield paragraphe("BodyText", run(propre(fait_a(acte))), _GARDER)
    blocs = [_bloc([*filter(None, bloc), *_PLACE]) for bloc in signatures(acte)]
    yield _cote_a_cote(blocs if len(blocs) > 1 else [_bloc([]), *blocs])
    yield paragraphe("BodyText", "", _SERRE)


def _bloc(lignes: Sequence[str], avant: str = _SERRE) -> str:
    return paragraphe("BodyText", run("\n".join(map(propre, lignes))), avant)


def _cote_a_cote(blocs: Sequence[str]) -> str:
    """Rend deux blocs l'un à côté de l'autre, sans filet, jamais coupés par une page."""
    largeur = LARGEUR // len(blocs)
    grille = f'<w:gridCol w:w="{largeur}"/>' * len(blocs)
    cases = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{largeur}" w:type="dxa"/></w:tcPr>{bloc}</w:tc>'
        for bloc in blocs
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{LARGEUR}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grille}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cases}</w:tr></w:tbl>"
    )
