"""Financeurs et opérateurs : six façons de les imprimer, un partenaire par entrée."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from .enumerations import ARTICLE, enumerer
from .fragments import Bloc
from .lexique import Trouve, charger_lexique, repertoire, sigles_connus
from .lieux_connus import Gazette
from .montants import parts_de
from .noms_imprimes import Imprime, lignes_imprimees, recoller
from .precisions import est_condition, est_sigle, nomme_un_membre, precision_admise
from .segments import Segment, segmenter
from .structure import Partenaire
from .texte import cle, collapser, hors_parentheses, plier

Signaler = Callable[[int, str, str], None]
_INTERCOMMUNALITE = re.compile(
    r"^(?P<nom>(?:[A-ZÀ-Þ][\w'’-]+ ?){1,3}) (?P<genre>Agglomération|Métropole)$"
)
_APPORT = re.compile(
    r"^(?P<nom>[^()]+?)\s+(?:[-–—,:]\s*)?(?P<apport>(?:BOP|[Pp]rogramme) \d{2,3}|[A-ZÀ-Þ]\w+)$"
)
_PROGRAMME = re.compile(r"^(?:bop|programme) \d{2,3}$")
_DONT = re.compile(r"^(?:dont|y compris|notamment|en particulier)\s+", re.IGNORECASE)


def lire_partenaires(
    blocs: list[Bloc], gazette: Gazette, signaler: Signaler
) -> tuple[Partenaire, ...]:
    """Rend les partenaires d'une rubrique, dans l'ordre, sans doublon ; signale tout écart."""
    lus: list[Partenaire] = []
    parent: str | None = None
    for imprime in recoller(lignes_imprimees(blocs)):
        if not imprime.enfant:
            parent = None
        trouves = resoudre(imprime, parent, gazette, signaler)
        if imprime.annonce:
            trouves = _intitule(imprime, trouves, signaler)
            parent = repertoire_nom(imprime.texte)
        for partenaire in trouves:
            if partenaire.nature == "inconnu" and cle(partenaire.nom) in _jamais_partenaires():
                texte = f"« {partenaire.imprime} » ne nomme personne"
                signaler(imprime.ligne, "pas_un_partenaire", texte)
            else:
                _ajouter(lus, partenaire, signaler)
    for bloc in blocs:
        if len(bloc.segments) > 1:
            texte = f"{len(bloc.segments)} noms sur une même ligne, séparés par des espaces"
            signaler(bloc.ligne, "noms_colles", texte)
    return tuple(lus)


@cache
def _jamais_partenaires() -> frozenset[str]:
    return frozenset(map(cle, charger_lexique("partenaires")["jamais_partenaires"]))


def repertoire_nom(graphie: str) -> str | None:
    """Rend le nom canonique d'une graphie du lexique, sinon rien."""
    trouve = repertoire().trouver(graphie.strip(" :"))
    return trouve.nom if trouve else None


def _intitule(imprime: Imprime, trouves: list[Partenaire], signaler: Signaler) -> list[Partenaire]:
    """Un intitulé suivi d'une liste est un partenaire si c'est un organisme, sinon il groupe."""
    gardes = [p for p in trouves if p.nature == "organisme"]
    if not gardes:
        signaler(
            imprime.ligne, "intitule_de_groupe", f"« {imprime.texte} » groupe les noms qui suivent"
        )
    return gardes


def _ajouter(lus: list[Partenaire], nouveau: Partenaire, signaler: Signaler) -> None:
    for rang, ancien in enumerate(lus):
        if ancien.nom == nouveau.nom and ancien.condition == nouveau.condition:
            if nouveau.parent and not ancien.parent:
                lus[rang] = replace(ancien, parent=nouveau.parent)
            texte = f"« {nouveau.imprime} » imprimé deux fois dans la rubrique"
            signaler(nouveau.ligne or 0, "partenaire_double", texte)
            return
    lus.append(nouveau)


def resoudre(
    imprime: Imprime, parent: str | None, gazette: Gazette, signaler: Signaler
) -> list[Partenaire]:
    """Rend le ou les partenaires d'un nom imprimé ; un nom inconnu reste tel quel, signalé."""
    texte = collapser(imprime.texte)
    entier = repertoire().trouver(texte)
    if entier is not None:
        return [_partenaire(entier, texte, imprime, parent, None, signaler)]

    def lire(autre: str, sous: str | None = parent) -> list[Partenaire]:
        return resoudre(replace(imprime, texte=autre), sous, gazette, signaler)

    marques = _precises(texte, lire)
    if marques is not None:
        return marques
    intercommunalite = _INTERCOMMUNALITE.match(texte)
    if intercommunalite and repertoire().trouver(intercommunalite["nom"]) is None:
        parent = repertoire_nom(intercommunalite["genre"])
        return [Partenaire(texte, texte, parent, None, imprime.ligne, "organisme", 0.9)]
    if ":" in texte and not imprime.annonce:
        tete, _, reste = texte.partition(":")
        if repertoire().trouver(tete) is not None and reste.strip():
            return _tete_et_enfants(tete.strip(), reste, imprime, parent, gazette, signaler)
    morceaux = enumerer(texte)
    if len(morceaux) > 1:
        return [p for morceau in morceaux for p in lire(morceau)]
    return _par_segments(texte, imprime, parent, gazette, signaler)


def _precises(texte: str, lire: Callable[..., list[Partenaire]]) -> list[Partenaire] | None:
    """Lit un nom que suit un montant, un programme ou un service, sinon rien."""
    parts = parts_de(texte)
    if parts != [(texte, "")]:
        return [p for nom, montant in parts for p in _avec_sa_condition(lire(nom), montant)]
    apport = _APPORT.match(texte)
    if apport and _est_un_apport(apport["apport"]) and repertoire().trouver(apport["nom"]):
        # « État - BOP 147 », « CAF – CLAS » : ce qui paie, et non un autre financeur
        return _avec_sa_condition(lire(apport["nom"]), apport["apport"])
    tete, tiret, service = texte.partition(" – ")
    if tiret and service[:1].islower() and tete.strip():
        # « Ville de Brémont – direction de la culture » : le service précise le nom
        lus = lire(tete)
        return [*lus[:-1], replace(lus[-1], condition=service.strip())]
    if tiret and tete.strip() and repertoire().trouver(service) is not None:
        # « État – DREETS » : le service, sous son organisme
        lus = lire(tete)
        return [*lus, *lire(service, lus[0].nom)]
    return None


def _par_segments(
    texte: str, imprime: Imprime, parent: str | None, gazette: Gazette, signaler: Signaler
) -> list[Partenaire]:
    """Coupe au lexique des noms que rien ne sépare, ou garde tel quel un nom inconnu."""
    segments = segmenter(texte, lieu_connu=lambda mot: gazette.trouver(mot) is not None)
    segments = _rejeter_faux_departs(segments, texte, gazette)
    _signaler_noms_colles(segments, imprime, signaler)
    resultat: list[Partenaire] = []
    for groupe in _groupes(segments):
        imprime_groupe = texte[groupe[0].debut : groupe[-1].fin].strip(" ,;/")
        for segment in groupe:
            resultat.extend(
                _d_un_segment(segment, texte, imprime_groupe, imprime, parent, signaler)
            )
    return resultat


def _est_un_apport(texte: str) -> bool:
    """Dit si un texte nomme un programme, ou un sigle connu qui n'est pas celui d'un partenaire."""
    sigles = {cle(sigle["sigle"]) for sigle in sigles_connus()}
    est_un_sigle = cle(texte) in sigles and texte.isupper()
    return bool(_PROGRAMME.match(plier(texte))) or (
        est_un_sigle and repertoire().trouver(texte) is None
    )


def _avec_sa_condition(lus: list[Partenaire], dite: str) -> list[Partenaire]:
    """Un montant, une part ou un programme est une condition du nom qui le précède."""
    if not lus or not dite:
        return lus
    *avant, dernier = lus
    condition = f"{dernier.condition}, {dite}" if dernier.condition else dite
    return [*avant, replace(dernier, condition=condition)]


def _tete_et_enfants(tete, reste, imprime, parent, gazette, signaler) -> list[Partenaire]:
    """« Etat : Drac ; DDCS » : une tête et ses services ; « CAF : REAAP » : un nom et ce qu'il apporte."""
    resultat = resoudre(replace(imprime, texte=tete), parent, gazette, signaler)
    enfants = hors_parentheses(reste, ",;:")
    connus = [e for e in enfants if repertoire().trouver(ARTICLE.sub("", e)) is not None]
    if resultat[0].nature == "organisme" and not connus:
        return [replace(resultat[0], condition=reste.strip(" .")), *resultat[1:]]
    for enfant in enfants:
        resultat.extend(
            resoudre(replace(imprime, texte=enfant), resultat[0].nom, gazette, signaler)
        )
    return resultat


def _groupes(segments: list[Segment]) -> list[list[Segment]]:
    """Groupe les noms liés par « et », « / » : ils partagent la même ligne imprimée."""
    groupes: list[list[Segment]] = []
    for segment in segments:
        if groupes and segment.enumere:
            groupes[-1].append(segment)
        else:
            groupes.append([segment])
    return groupes


def _rejeter_faux_departs(segments: list[Segment], texte: str, gazette: Gazette) -> list[Segment]:
    """« Conseil départemental des jeunes » n'est pas le Conseil départemental : il garde son nom."""
    resultat = []
    for segment in segments:
        if (
            segment.trouve is not None
            and segment.precision
            and not precision_admise(segment, gazette)
        ):
            segment = Segment(
                None, segment.debut, segment.fin, segment.parentheses, enumere=segment.enumere
            )
        resultat.append(segment)
    return resultat


def _signaler_noms_colles(segments: list[Segment], imprime: Imprime, signaler: Signaler) -> None:
    colles = sum(1 for segment in segments if not segment.enumere)
    if colles > 1:
        noms = ", ".join(s.trouve.nom if s.trouve else "?" for s in segments)
        signaler(
            imprime.ligne, "noms_colles", f"{colles} noms collés, séparés par le lexique : {noms}"
        )


def _d_un_segment(segment, texte, imprime_groupe, source, parent, signaler) -> list[Partenaire]:
    brut = texte[segment.debut : segment.fin].strip(" ,;/")
    if segment.trouve is None:
        return _inconnu_ou_fautif(segment, brut, source, parent, signaler)
    if nomme_un_membre(segment, brut):
        # « Ville de Brémont » : une commune, et non les communes
        categorie = segment.trouve.nom
        nom = collapser(re.sub(r"\([^()]*\)", " ", brut))
        condition = ", ".join(segment.parentheses) or None
        return [
            Partenaire(nom, imprime_groupe, categorie, condition, source.ligne, "organisme", 0.9)
        ]
    conditions = [segment.precision] if segment.precision and est_condition(segment) else []
    principal, enfants = segment.trouve, []
    for contenu in segment.parentheses:
        interne = repertoire().trouver(_DONT.sub("", contenu))
        membres = [repertoire().trouver(m) for m in hors_parentheses(_DONT.sub("", contenu), ",;/")]
        if interne is None and len(membres) > 1 and all(membres):
            enfants += [membre for membre in membres if membre is not None]
        elif interne is None:
            if not est_sigle(contenu, principal):
                conditions.append(contenu)
        elif interne.entree.nom == principal.entree.nom:
            principal = interne if interne.nom != interne.entree.nom else principal
        elif interne.entree.parent == principal.nom or _DONT.match(contenu):
            enfants.append(interne)
        else:
            parent = interne.nom
    confiance_colle = 0.9 if brut != source.texte and imprime_groupe != source.texte else 1.0
    condition = ", ".join(conditions) or None
    resultat = [
        _partenaire(principal, imprime_groupe, source, parent, condition, signaler, confiance_colle)
    ]
    for enfant in enfants:
        resultat.append(_partenaire(enfant, imprime_groupe, source, principal.nom, None, signaler))
    return resultat


def _inconnu_ou_fautif(segment, brut, source, parent, signaler) -> list[Partenaire]:
    sans = ARTICLE.sub("", brut)
    nu = collapser(re.sub(r"\([^()]*\)?", " ", sans)) or sans
    for graphie in dict.fromkeys((sans, nu)):
        approche = repertoire().trouver_approche(graphie)
        if approche is not None:
            condition = None if graphie == sans else ", ".join(segment.parentheses) or None
            return [_partenaire(approche, brut, source, parent, condition, signaler)]
    for contenu in segment.parentheses:
        interne = repertoire().trouver(_DONT.sub("", contenu))
        if interne is not None and interne.entree.nature == "organisme" and interne.nom != parent:
            parent = interne.nom
    signaler(source.ligne, "partenaire_inconnu", f"« {brut} » absent du lexique, gardé tel quel")
    condition = (
        ", ".join(c for c in segment.parentheses if repertoire().trouver(c) is None and " " in c)
        or None
    )
    nom = nu if condition or segment.parentheses else sans
    return [Partenaire(nom, brut, parent, condition, source.ligne, "inconnu", 0.6)]


def _partenaire(
    trouve: Trouve, imprime, source, parent, condition, signaler, confiance=1.0
) -> Partenaire:
    if trouve.ecart:
        signaler(source.ligne, "faute_probable", f"« {imprime} » : {trouve.ecart}")
    total = round(min(trouve.confiance, confiance, source.confiance), 2)
    parent = None if parent == trouve.nom else parent
    return Partenaire(
        trouve.nom, imprime, parent, condition, source.ligne, trouve.entree.nature, total
    )
