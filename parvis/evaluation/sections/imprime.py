"""Un bilan rendu en parties à lire ou à imprimer, d'après ce qui est figé ; rien n'y vient d'ailleurs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from parvis.dossiers.document.description import (
    Colonne,
    Fait,
    Faits,
    Ligne,
    Note,
    Partie,
    Points,
    Tableau,
    Texte,
    Titre,
)
from parvis.dossiers.rules.budget import en_pour_cent, pourcentage
from parvis.dossiers.rules.comptes import Sens
from parvis.dossiers.sections import Section
from parvis.evaluation.enums import Issue
from parvis.evaluation.rules.dire import FORMULE, LA_CONVENTION_DECIDE
from parvis.evaluation.rules.ecarts import Ecart
from parvis.evaluation.rules.publics import GENRES, TRANCHES, Compte
from parvis.evaluation.sections.budget import (
    ANNEXE,
    BudgetRealise,
    PosteRealise,
    dire_l_ecart,
    lire_le_budget_realise,
    neuves_de,
    nommer,
)
from parvis.evaluation.sections.jugement import habitants, issue_de
from parvis.evaluation.sections.table import PIECES, sections_du_bilan
from parvis.socle.montants import ecrire_montant
from parvis.socle.saisie import lire_un_nombre
from parvis.socle.templatetags.socle import nombre

Contenu = Mapping[str, Any]
VIDE = "Rien d’écrit."


def parties_du_bilan(contenu: Contenu, *, avec_les_pieces: bool = True) -> list[Partie]:
    """Rend ce que dit un bilan figé, chapitre par chapitre, dans l'ordre du formulaire.

    Un écran montre lui-même les pièces, que l'on y ouvre.
    """
    prevu, figees = contenu["prevu"], contenu["sections"]
    valeurs = {code: figee["valeur"] for code, figee in figees.items()}
    issue = issue_de(valeurs.get("realisation", {}))
    tables = sections_du_bilan(prevu, contenu["sorte"], issue, neuves_de(valeurs.get("budget", {})))
    parties: list[Partie] = []
    for code, section in tables.items():
        if code in figees and (avec_les_pieces or code != PIECES.code):
            parties += [Titre(2, section.titre), *_LECTURES[code](section, valeurs[code], contenu)]
        if code == "budget":
            parties += _ce_qui_reste(contenu)
    return parties


def _la_realisation(section: Section, valeur: Contenu, contenu: Contenu) -> list[Partie]:
    prevu, faits = contenu["prevu"], []
    if issue := issue_de(dict(valeur)):
        faits.append(Fait("Où en est le projet", Issue(issue).label))
    faits += [
        Fait(champ.libelle, str(valeur[champ.code]))
        for champ in section.champs
        if champ.code != "issue" and valeur.get(champ.code)
    ]
    dates = " ".join(
        filter(None, (prevu["debut_le"] and f"du {prevu['debut_le']}",
                      prevu["fin_le"] and f"au {prevu['fin_le']}"))
    )  # fmt: skip
    return [Faits([*faits, *([Fait("Dates prévues", dates)] if dates else [])])]


def _des_champs(section: Section, valeur: Contenu, contenu: Contenu) -> list[Partie]:
    dits = [Fait(c.libelle, str(valeur[c.code])) for c in section.champs if valeur.get(c.code)]
    return [Faits(dits)] if dits else [Note(VIDE)]


def _les_habitants(section: Section, valeur: Contenu, contenu: Contenu) -> list[Partie]:
    touches = habitants(section, dict(valeur))
    noms = {lieu["cle"]: lieu["nom"] for lieu in contenu["prevu"]["lieux"]}
    parties: list[Partie] = [
        _tableau_de_personnes("Par quartier", "Quartier", noms, touches.par_lieu, touches.tout),
        _tableau_de_personnes("Par âge", "Âge", TRANCHES, touches.par_tranche, touches.tout),
    ]
    prevu = contenu["prevu"]["publics"]
    faits = [Fait("Prévu", f"{prevu['nombre']} personnes")] if prevu.get("nombre") else []
    methode = dict(next(c for c in section.champs if c.code == "methode").choix)
    if valeur.get("methode") in methode:
        faits.append(Fait("Ces nombres sont", methode[valeur["methode"]]))
    if valeur.get("precision"):
        faits.append(Fait("Une précision", valeur["precision"]))
    return [*parties, *([Faits(faits)] if faits else [])]


def _tableau_de_personnes(
    nom: str, tete: str, noms: Mapping[str, str], comptes: Mapping[str, Compte], tout: Compte
) -> Tableau:
    lignes = [Ligne([dit, *_en_cases(comptes[cle])]) for cle, dit in noms.items() if cle in comptes]
    return Tableau(
        nom,
        (Colonne(tete, 4), *(Colonne(g, 2, est_nombre=True) for g in GENRES.values()),
         Colonne("Ensemble", 2, est_nombre=True)),
        [*lignes, Ligne(["Ensemble", *_en_cases(tout)], est_forte=True)],
    )  # fmt: skip


def _en_cases(compte: Compte) -> list[str]:
    return [nombre(compte.f), nombre(compte.h), nombre(compte.tout)]


def _les_indicateurs(section: Section, valeur: Contenu, contenu: Contenu) -> list[Partie]:
    lignes, dits = [], []
    for rang, un in enumerate(contenu["prevu"]["indicateurs"]):
        realise = valeur.get(f"i{rang}_realise", "")
        unite = f" ({un['unite']})" if un["unite"] else ""
        lignes.append(
            Ligne([f"{un['nom']}{unite}", un["cible"], realise, taux(un["cible"], realise)])
        )
        source, commentaire = (
            valeur.get(f"i{rang}_{mot}", "") for mot in ("source", "commentaire")
        )
        texte = "\n".join(filter(None, (commentaire, source and f"Source : {source}")))
        if texte:
            dits.append(Fait(un["nom"], texte))
    colonnes = (
        Colonne("Indicateur", 5),
        *(Colonne(mot, 2, est_nombre=True) for mot in ("Visé", "Réalisé", "%")),
    )
    return [Tableau("Visé et réalisé", colonnes, lignes), *([Faits(dits)] if dits else [])]


def taux(cible: str, realise: str) -> str:
    """Rend le réalisé en % de ce qui était visé ; vide si l'un des deux ne se lit pas."""
    try:
        vise, fait = lire_un_nombre(cible), lire_un_nombre(realise)
    except ValueError:
        return ""
    return en_pour_cent((fait * 100 / vise).quantize(Decimal("1"))) if vise else ""


def _le_budget(section: Section, valeur: Contenu, contenu: Contenu) -> list[Partie]:
    lu = lire_le_budget_realise(contenu["prevu"], dict(valeur))
    parties: list[Partie] = [
        _un_cote("Charges", lu.postes("charge"), lu.charges),
        _un_cote("Produits", lu.postes("produit"), lu.produits),
        Note(lu.equilibre),
        *_part_des_subventions(contenu, lu.produits.realise),
        *_en_nature(lu),
    ]
    if explications := [Fait(x.nom, x.explication) for x in lu.lignes if x.explication]:
        parties += [Titre(3, "Les écarts expliqués"), Faits(explications)]
    if dits := [Fait(c.libelle, valeur[c.code]) for c in ANNEXE if valeur.get(c.code)]:
        parties += [Titre(3, "Pour comprendre ces comptes"), Faits(dits)]
    return parties


def _part_des_subventions(contenu: Contenu, produits: Decimal) -> list[Partie]:
    """Rend, comme le formulaire le demande, la part de chaque subvention accordée dans les produits."""
    parts = (contenu["reliquat"] or {}).get("parts", [])
    dites = []
    for part in parts:
        vote = Decimal(part["vote"])
        if (taux_de_la_part := pourcentage(vote, produits)) is not None:
            dites.append(
                f"La subvention de {ecrire_montant(vote)} accordée par {part['financeur']} représente "
                f"{en_pour_cent(taux_de_la_part)} du total des produits."
            )
    return [Points(dites)] if dites else []


_COLONNES = (
    Colonne("Compte", 6),
    *(Colonne(mot, 3, est_nombre=True) for mot in ("Prévu", "Réalisé", "Écart")),
    Colonne("%", 2, est_nombre=True),
)


def _un_cote(nom: str, postes: list[PosteRealise], total: Ecart) -> Tableau:
    lignes = []
    for poste in postes:
        lignes.append(Ligne([nommer(poste.poste), *_cases(poste.ecart)], est_forte=True))
        lignes += [Ligne([x.nom, *_cases(x.ecart)]) for x in poste.lignes]
    dit = f"Total des {nom.lower()}"
    return Tableau(nom, _COLONNES, [*lignes, Ligne([dit, *_cases(total)], est_forte=True)])


def _cases(ecart: Ecart) -> list[str]:
    part = ecart.taux
    return [
        ecrire_montant(ecart.prevu),
        ecrire_montant(ecart.realise),
        dire_l_ecart(ecart.montant),
        "" if part is None else en_pour_cent(part),
    ]


def _en_nature(lu: BudgetRealise) -> list[Partie]:
    if not lu.a_de_la_nature:
        return []
    notes = [Note(lu.equilibre_en_nature)] if lu.equilibre_en_nature else []
    cotes: tuple[tuple[str, Sens], ...] = (
        ("Emplois des contributions en nature", "charge"),
        ("Contributions en nature", "produit"),
    )
    return [
        *(
            _un_cote(nom, postes, lu.total(sens, "valorisation"))
            for nom, sens in cotes
            if (postes := lu.postes(sens, "valorisation"))
        ),
        *notes,
    ]


def _les_pieces(section: Section, valeur: Contenu, contenu: Contenu) -> list[Partie]:
    dites = [_une_piece(p) for p in contenu["pieces"]]
    return [Points(dites)] if dites else [Note("Rien n’est joint.")]


def _une_piece(dite: Mapping[str, str]) -> str:
    quoi = "Photo" if dite["sorte"] == "photo" else "Document"
    if dite.get("retire"):
        return f"{quoi} : {dite['retire']}"
    return f"{' : '.join(filter(None, (quoi, dite['legende'])))} ({dite['nom']}, {dite['poids']})"


def _ce_qui_reste(contenu: Contenu) -> list[Partie]:
    """Rend ce qui n'est pas dépensé, financeur par financeur, avec le calcul."""
    laisse = contenu["reliquat"]
    if not laisse or not laisse["parts"]:
        return []
    lignes = [_une_part(part) for part in laisse["parts"]]
    couts = (
        f"Coût prévu, ramené à ce qui a été obtenu : {ecrire_montant(Decimal(laisse['prevu']))}. "
        f"Coût réel : {ecrire_montant(Decimal(laisse['reel']))}."
    )
    colonnes = (
        Colonne("Financeur", 5),
        *(
            Colonne(mot, 3, est_nombre=True)
            for mot in ("Voté", "Versé", "Part du coût réel", "Non dépensé")
        ),
    )
    return [
        Titre(2, "Ce qui n’est pas dépensé"),
        Texte(couts),
        Tableau("Par financeur", colonnes, lignes),
        Note(f"{FORMULE} {LA_CONVENTION_DECIDE}"),
    ]


def _une_part(part: Mapping[str, Any]) -> Ligne:
    vote, verse, due, reste = (
        ecrire_montant(Decimal(part[mot])) for mot in ("vote", "verse", "part", "non_depense")
    )
    declare = "\n(déclaré)" if part.get("est_declare") else ""
    return Ligne([part["financeur"], vote, f"{verse}{declare}", due, reste])


_LECTURES = {
    "realisation": _la_realisation,
    "habitants": _les_habitants,
    "indicateurs": _les_indicateurs,
    "budget": _le_budget,
    "recit": _des_champs,
    "pieces": _les_pieces,
}
