"""Les champs nommés qu'un modèle d'acte peut citer, et ceux que la loi veut y lire.

Un champ s'écrit entre accolades : `{montant}`. Un paragraphe dont un champ n'a rien à dire disparaît :
une réserve, un apport en nature, des actes antérieurs ne se citent que s'il y en a.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parvis.conventions.enums import SorteDActe

TABLEAU_DES_PROJETS, TABLEAU_DES_VERSEMENTS = "tableau_des_projets", "tableau_des_versements"
_CHAMP = re.compile(r"\{([^{}\n]{0,60})\}")
# Ce qui, en tête de ligne, ouvre un titre ou un point.
_MARQUES = re.compile(r"^(\s*(#+|-)(\s+|$))+")


@dataclass(frozen=True)
class Champ:
    """Un champ nommé : ce qu'il dit, un exemple, et s'il peut n'avoir rien à dire."""

    nom: str
    sens: str
    exemple: str
    est_facultatif: bool = False
    est_un_tableau: bool = False


CHAMPS: dict[str, Champ] = {
    champ.nom: champ
    for champ in (
        Champ("contrat", "le contrat de ville", "Contrat de ville de Valombre"),
        Champ("exercice", "l’exercice", "2026"),
        Champ("numero", "le numéro de l’acte dans votre registre", "2026-014"),
        Champ("financeur", "votre organisme", "Ville d’Ormeval"),
        Champ("signataire", "qui signe pour vous", "Mme Claire Vasseur", True),
        Champ("qualite", "à quel titre", "maire", True),
        Champ("contact", "le service à appeler", "Service ville, 01 99 00 00 00", True),
        Champ("tribunal", "le tribunal des recours", "Tribunal administratif de Melun", True),
        Champ("decision", "ce qui a voté", "délibération n° 2026-45 du 3 avril 2026"),
        Champ("titulaire", "l’organisme aidé", "Les Jardins partagés"),
        Champ("titulaire_numeros", "ses numéros", "Siret 123 456 789 00012, RNA W941234567", True),
        Champ("titulaire_adresse", "son adresse", "12 rue des Lilas, 94000 Ormeval", True),
        Champ("representant", "qui le représente", "Mme Awa Diarra, présidente", True),
        Champ("porteur", "le groupe porté, s’il y en a un", "Collectif du square", True),
        Champ(
            "projets", "les projets, en une phrase", "« Un jardin pour tous » (dossier 2026-012)"
        ),
        Champ("fiches", "les fiches du contrat servies", "13-2, Jardins et cadre de vie", True),
        Champ("quartiers", "où ils se passent", "Les Hautes Noues", True),
        Champ("dates", "quand ils se passent", "du 4 mars 2026 au 30 juin 2026", True),
        Champ("imputation", "vos enveloppes", "Politique de la ville, fonctionnement", True),
        Champ("demande", "ce qui était demandé", "12 000,00 €"),
        Champ("montant", "le total en argent, en chiffres", "8 000,00 €", True),
        Champ("montant_en_lettres", "le même, en lettres", "huit mille euros", True),
        Champ("nature", "ce qui est donné en nature, et sa valeur", "1 200,00 €", True),
        Champ("cumul", "tout ce qui est accordé sur l’exercice", "26 200,00 €", True),
        Champ("actes_anterieurs", "ce qui a été accordé avant", "notification n° 2026-003", True),
        Champ("acte_modifie", "l’acte qu’un avenant change", "convention n° 2026-004", True),
        Champ("montant_avant", "ce qu’il engageait", "8 000,00 €", True),
        Champ("montant_apres", "ce que tout engage, avenant compris", "9 500,00 €", True),
        Champ("conditions", "les réserves à lever", "accord du propriétaire du terrain", True),
        Champ(
            "annees_suivantes", "ce qui est prévu ensuite, sans être voté", "2027 : 8 000 €", True
        ),
        Champ("bilan_le", "la date du compte rendu financier", "30 juin 2027"),
        Champ("motif", "pourquoi c’est non", "le projet se tient hors des quartiers", True),
        Champ("a_qui", "à qui en parler", "Service ville, 01 99 00 00 00", True),
        Champ("ce_qui_changerait", "ce qui pourrait changer la réponse", "un lieu adapté", True),
        Champ("vers", "vers quoi la demande est orientée", "Fonds local d’initiatives", True),
        Champ(TABLEAU_DES_PROJETS, "un tableau : dossier, projet, montant", "", False, True),
        Champ(TABLEAU_DES_VERSEMENTS, "un tableau : quand et combien", "", True, True),
    )
}
_RECOURS = ("tribunal",)
# Une réserve tue laisserait l'argent dû sans elle ; un apport en nature tu ne serait donné par rien.
_ACCORD = ("montant", "nature", "conditions")
_CONVENTION = (*_ACCORD, "tableau_des_versements", "bilan_le", "actes_anterieurs")
_OBJET = ("projets", TABLEAU_DES_PROJETS)
# Ce qu'un acte ne peut pas taire. Convention : objet, montant, modalités de versement, conditions
# d'emploi (loi n° 2000-321, article 10). Décision : voies et délais de recours (code de justice
# administrative, article R. 421-5) ; refus : ses motifs (code des relations, articles L. 211-2 et L. 211-5).
EXIGES: Mapping[str, tuple[str, ...]] = {
    SorteDActe.NOTIFICATION: (*_ACCORD, *_RECOURS),
    SorteDActe.ARRETE: (*_ACCORD, "tableau_des_versements", "bilan_le", *_RECOURS),
    SorteDActe.CONVENTION: (*_CONVENTION, *_RECOURS),
    SorteDActe.PLURIANNUELLE: (*_CONVENTION, "annees_suivantes", *_RECOURS),
    SorteDActe.AVENANT: ("acte_modifie", "montant_apres", "nature", "conditions"),
    SorteDActe.REFUS: ("motif", *_RECOURS),
}


def champs_cites(texte: str) -> list[str]:
    """Rend les champs qu'un texte cite, dans l'ordre, une fois chacun."""
    return list(dict.fromkeys(nom.strip() for nom in _CHAMP.findall(texte)))


def motifs_empechant_le_texte(*, sorte: str, objet: str, corps: str) -> list[str]:
    """Rend pourquoi un texte ne peut pas servir de modèle : champ inconnu, accolade seule, oubli."""
    motifs = []
    if not objet.strip():
        motifs.append("Écrivez l’objet de l’acte.")
    if not corps.strip():
        return [*motifs, "Écrivez le texte de l’acte."]
    cites = champs_cites(f"{objet}\n{corps}")
    inconnus = [nom for nom in cites if nom not in CHAMPS]
    if inconnus:
        noms = ", ".join(f"{{{nom}}}" for nom in inconnus)
        motifs.append(f"Champs inconnus : {noms}. Choisissez-les dans la liste.")
    if re.search(r"[{}]", _CHAMP.sub("", f"{objet}\n{corps}")):
        motifs.append("Une accolade est seule : un champ s’écrit entre deux, comme {montant}.")
    motifs += _motifs_de_l_objet(objet) + _motifs_des_tableaux(corps)
    if not set(_OBJET) & set(cites):
        motifs.append("L’acte ne dit pas ce qu’il finance : ajoutez {projets}.")
    oublies = [nom for nom in EXIGES[sorte] if nom not in cites]
    if oublies:
        noms = " ; ".join(f"{{{nom}}}, {CHAMPS[nom].sens}" for nom in oublies)
        motifs.append(f"La loi veut y lire aussi : {noms}.")
    return motifs


def _motifs_de_l_objet(objet: str) -> list[str]:
    """Rend pourquoi un objet pourrait disparaître : un champ vide l'effacerait en entier."""
    cites = [CHAMPS[nom] for nom in champs_cites(objet) if nom in CHAMPS]
    if _MARQUES.match(objet) or any(champ.est_un_tableau for champ in cites):
        return ["L’objet tient en une phrase : ni titre, ni point, ni tableau."]
    noms = ", ".join(f"{{{champ.nom}}}" for champ in cites if champ.est_facultatif)
    return [f"L’objet ne cite que ce qui est toujours dit, et pas {noms}."] if noms else []


def _motifs_des_tableaux(corps: str) -> list[str]:
    """Rend les tableaux qui ne sont pas seuls sur leur ligne : ils ne se glissent pas dans une phrase."""
    mal_places = [
        nom
        for ligne in corps.splitlines()
        for nom in champs_cites(ligne)
        if nom in CHAMPS and CHAMPS[nom].est_un_tableau and not _CHAMP.fullmatch(ligne.strip())
    ]
    return [f"{{{nom}}} est un tableau : il se met seul sur sa ligne." for nom in mal_places]


def motifs_si_un_champ_se_tait(*, sorte: str, corps: str, valeurs: Mapping[str, str]) -> list[str]:
    """Rend ce que la loi veut lire et que cet acte tairait : son paragraphe disparaît, ou n'existe pas."""
    dits = champs_cites("\n".join(_lignes_gardees(corps, valeurs)))
    motifs = [
        f"Le modèle tairait {{{nom}}}, {CHAMPS[nom].sens} : aucun paragraphe ne le cite, ou celui qui "
        "le cite disparaît avec un champ vide. Corrigez le modèle."
        for nom in EXIGES[sorte]
        if valeurs.get(nom, "").strip() and nom not in dits
    ]
    if sorte == SorteDActe.PLURIANNUELLE and not valeurs.get("annees_suivantes", "").strip():
        motifs.append("Rien n’est prévu les années suivantes : prenez une convention d’un an.")
    return motifs


def motifs_si_un_champ_reste(texte: str) -> list[str]:
    """Rend pourquoi un texte corrigé ne s'imprime pas : un champ ne s'y remplit plus, sauf un tableau."""
    lignes = [ligne.strip() for ligne in texte.splitlines()]
    tableaux = {f"{{{nom}}}" for nom, champ in CHAMPS.items() if champ.est_un_tableau}
    if any(re.search(r"[{}]", ligne) for ligne in lignes if ligne not in tableaux):
        return ["Un champ entre accolades ne se remplit plus ici : écrivez ce qu’il dit."]
    return []


def remplir(texte: str, valeurs: Mapping[str, str]) -> str:
    """Rend un texte où chaque champ est remplacé ; un paragraphe dont un champ est vide disparaît.

    Les tableaux restent : ils se dressent à l'impression. Ce que dit un champ reste du texte, même s'il
    imite un titre ou un champ.
    """
    blocs = (_bloc(bloc, valeurs) for bloc in _blocs(texte))
    return "\n\n".join(_sans_titre_orphelin(filter(None, blocs)))


def _blocs(texte: str) -> list[str]:
    return re.split(r"\n\s*\n", texte.replace("\r\n", "\n").strip())


def _lignes_gardees(texte: str, valeurs: Mapping[str, str]) -> list[str]:
    return [ligne for bloc in _blocs(texte) for ligne in _gardees(bloc, valeurs)]


def _bloc(bloc: str, valeurs: Mapping[str, str]) -> str:
    return "\n".join(filter(None, (_ligne(un, valeurs) for un in _gardees(bloc, valeurs))))


def _gardees(bloc: str, valeurs: Mapping[str, str]) -> list[str]:
    """Rend les lignes gardées : une ligne de liste disparaît seule, un paragraphe en entier."""
    lignes = bloc.split("\n")
    if any(ligne.startswith("- ") for ligne in lignes):
        gardees = [ligne for ligne in lignes if _a_de_quoi_dire(ligne, valeurs)]
        # Il reste des points, ou la phrase qui les annonce n'annonce plus rien.
        return gardees if any(ligne.startswith("- ") for ligne in gardees) else []
    return lignes if _a_de_quoi_dire(bloc, valeurs) else []


def _a_de_quoi_dire(texte: str, valeurs: Mapping[str, str]) -> bool:
    return all(valeurs.get(nom, "").strip() for nom in champs_cites(texte))


def _ligne(ligne: str, valeurs: Mapping[str, str]) -> str:
    est_marquee = _MARQUES.match(ligne) is not None

    def valeur(trouve: re.Match[str]) -> str:
        champ = CHAMPS[trouve[1].strip()]
        if champ.est_un_tableau:
            return f"{{{champ.nom}}}"
        dite = inerte(valeurs[champ.nom])
        if ligne[trouve.end() : trouve.end() + 1] in (".", ","):
            # La phrase met déjà sa ponctuation.
            dite = dite.rstrip(" .")
        # Un titre et un point tiennent sur leur ligne.
        return dite.replace("\n", " ") if est_marquee else dite

    remplie = _CHAMP.sub(valeur, ligne)
    return remplie if est_marquee else _sans_marques(remplie)


def inerte(valeur: str) -> str:
    """Rend ce que dit un champ sans rien qui puisse passer pour un titre, un point ou un champ."""
    return _sans_marques(valeur.replace("{", "(").replace("}", ")"))


def _sans_marques(texte: str) -> str:
    lignes = (_MARQUES.sub("", ligne).strip() for ligne in texte.split("\n"))
    return "\n".join(filter(None, lignes))


def _sans_titre_orphelin(blocs: Iterable[str]) -> list[str]:
    """Écarte un titre que plus rien ne suit : ce qu'il annonçait avait un champ vide."""
    gardes: list[str] = []
    for bloc in blocs:
        while gardes and _est_un_titre(gardes[-1]) and _niveau(bloc) <= _niveau(gardes[-1]):
            gardes.pop()
        gardes.append(bloc)
    while gardes and _est_un_titre(gardes[-1]):
        gardes.pop()
    return gardes


def _est_un_titre(bloc: str) -> bool:
    # « #Nous » est un nom, pas un titre.
    return re.fullmatch(r"#{1,2}\s.*", bloc) is not None


def _niveau(bloc: str) -> int:
    return len(bloc) - len(bloc.lstrip("#")) if _est_un_titre(bloc) else 9
