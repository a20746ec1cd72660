"""Écrire une section d'un bilan : elle s'enregistre à mesure, à plusieurs, sans rien perdre."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.dossiers.sections import Faute, Section, empreinte, en_texte, garder
from parvis.espace_porteur.forms import bilans as formes
from parvis.espace_porteur.forms.sections import FormulaireDuDossier
from parvis.espace_porteur.views.bilans_lus import (
    adresse_du_bilan,
    autour_du_bilan,
    bilan_lu,
    voisines,
)
from parvis.evaluation import sections as s
from parvis.evaluation.actions.ecrire import ConflitDeBilan, ecrire_la_section_du_bilan
from parvis.evaluation.queries.bilans import BilanLu, est_a_ecrire
from parvis.socle.comparaison import comparer_les_mots
from parvis.socle.formulaire_de_section import INCOMPLET
from parvis.socle.refus import Refus
from parvis.socle.vues import enregistre_a_l_instant, est_pour_le_script, textes_envoyes

_DISPARU = "Ce bilan n’est plus là. Votre texte est toujours ici : copiez-le."


@dataclass(frozen=True)
class Saisie:
    """Ce qu'un envoi dit : la valeur à garder, et le formulaire qui la montre."""

    section: Section
    valeur: dict[str, str]
    form: FormulaireDuDossier


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def section(
    request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str, code: str
) -> HttpResponse:
    """Une section d'un bilan à écrire : ses cases, le prévu en face, ce qui ne va pas."""
    try:
        lu = bilan_lu(request, contrat, pk, exercice, sorte)
        if code not in lu.sections or code == s.PIECES.code:
            raise Http404
        if request.method == "POST":
            return _enregistrer(request, lu, code)
    except (ObjectDoesNotExist, Http404):
        if est_pour_le_script(request):
            return JsonResponse({"dit": _DISPARU}, status=404)
        raise Http404 from None  # la page montre ce qui s'écrivait
    return _montrer(request, lu, code)


def _section(lu: BilanLu, code: str, neuves: int) -> Section:
    bilan = lu.bilan
    return s.sections_du_bilan(bilan.prevu, bilan.sorte, lu.contexte.issue, neuves)[code]


def _lire(request: HttpRequest, lu: BilanLu, code: str) -> Saisie:
    envoi, avant = request.POST, lu.sections[code].valeur
    tapee = _section(lu, code, s.neuves_de(envoi.dict()))
    form = FormulaireDuDossier(tapee, avant, envoi)
    return Saisie(tapee, garder(tapee, form.saisie, dict(avant)), form)


def _enregistrer(request: HttpRequest, lu: BilanLu, code: str) -> HttpResponse:
    acteur, saisie = acteur_de(request), _lire(request, lu, code)
    try:
        if not est_a_ecrire(acteur, lu, code):
            raise Refus(
                ["Cette section ne s’écrit pas : votre rôle lit ce bilan, ou il est rendu."]
            )
        if saisie.form.est_incomplet:
            raise Refus([INCOMPLET])
        fait = ecrire_la_section_du_bilan(
            par=acteur,
            bilan=lu.bilan,
            section=code,
            titre=saisie.section.titre,
            valeur=saisie.valeur,
            lue=request.POST.get("lue", ""),
        )
    except ConflitDeBilan as conflit:
        return _montrer(request, lu, code, saisie=saisie, conflit=conflit)
    except Refus as refus:
        return _montrer(request, lu, code, saisie=saisie, motifs=refus.motifs)
    dit = enregistre_a_l_instant() if fait.a_change else "Rien n’a changé"
    fautes, _ = s.juger(saisie.section, fait.valeur, lu.contexte)
    if fautes:
        dit += f" · {len(fautes)} point{'s' if len(fautes) > 1 else ''} à corriger"
    if est_pour_le_script(request):
        reponse = {
            "dit": dit,
            "champs": {"lue": fait.empreinte},
            "fautes": _dire(saisie.form, fautes),
            **_ce_qui_se_compte(lu, code, saisie.section, saisie.valeur),
        }
        return JsonResponse(reponse)
    messages.success(request, f"{dit}.")
    return redirect("espace_porteur:section_du_bilan", *adresse_du_bilan(lu), code)


def _dire(form: FormulaireDuDossier, fautes: list[Faute]) -> list[tuple[str, str]]:
    return form.dire(fautes, est_saisi=True)


def _ce_qui_se_compte(
    lu: BilanLu, code: str, lue: Section, valeur: dict[str, str]
) -> dict[str, Any]:
    """Rend les totaux que la page montre, comptés ici, et les lignes dont l'écart est à expliquer."""
    prevu = lu.bilan.prevu
    if code == "habitants":
        return {"textes": formes.textes_des_habitants(s.habitants(lue, valeur), prevu)}
    if code == "budget":
        budget = s.lire_le_budget_realise(prevu, valeur)
        expliquer = [x.cle for x in budget.lignes if x.est_a_expliquer or x.explication]
        return {"textes": formes.textes_du_budget(budget), "expliquer": expliquer}
    return {}


def _montrer(
    request: HttpRequest,
    lu: BilanLu,
    code: str,
    *,
    saisie: Saisie | None = None,
    conflit: ConflitDeBilan | None = None,
    motifs: list[str] | None = None,
) -> HttpResponse:
    statut = 409 if conflit else 422 if motifs else 200
    if est_pour_le_script(request) and statut != 200:
        phrases = conflit.motifs if conflit else motifs or []
        return JsonResponse({"dit": " ".join(phrases)}, status=statut)
    enregistree = dict(conflit.actuelle.valeur if conflit else lu.sections[code].valeur)
    valeur = saisie.valeur if saisie else enregistree
    montree = saisie.section if saisie else _section(lu, code, s.neuves_de(valeur) + s.VIDES)
    form = saisie.form if saisie else FormulaireDuDossier(montree, valeur)
    fautes, manques = s.juger(montree, valeur, lu.contexte)
    peut_ecrire = est_a_ecrire(acteur_de(request), lu, code)
    contexte: dict[str, Any] = {
        **autour_du_bilan(request, lu),
        "section": montree,
        "form": form,
        "ecriture": lu.ecrites.get(code),
        "est_a_ecrire": peut_ecrire,
        "empreinte": request.POST.get("lue", "") if motifs else empreinte(enregistree),
        "conflit": conflit,
        "motifs": motifs,
        "fautes": form.dire(fautes, est_saisi=saisie is not None),
        "manques": manques,
        "texte": en_texte(montree, enregistree),
        "envoyes": textes_envoyes(request) if motifs and not peut_ecrire else [],
        **_propre(lu, code, form, montree, valeur),
        **voisines(lu, code),
    }
    if conflit:
        contexte["morceaux"] = comparer_les_mots(contexte["texte"], en_texte(montree, valeur))
    return render(request, "espace_porteur/bilan_section.html", contexte, status=statut)


def _propre(
    lu: BilanLu, code: str, form: FormulaireDuDossier, montree: Section, valeur: dict[str, str]
) -> dict[str, Any]:
    """Rend ce qu'une section a de propre à l'écran."""
    prevu = lu.bilan.prevu
    if code == "habitants":
        touches = s.habitants(montree, valeur)
        comment = [form.seul[nom] for nom in ("methode", "precision")]
        return {
            "lieux": formes.grille(form, prevu, touches),
            "touches": touches,
            "comment": comment,
            "attendus": prevu["publics"],
        }
    if code == "indicateurs":
        return {"indicateurs": formes.indicateurs(form, prevu)}
    if code == "budget":
        budget = s.lire_le_budget_realise(prevu, valeur)
        return {
            "budget": budget,
            "textes": formes.textes_du_budget(budget),
            "cotes": formes.cotes(form, budget),
            "neuves": formes.neuves(form, budget),
            "caches": formes.caches(form, budget),
            "annexe": [form.seul[champ.code] for champ in s.ANNEXE],
        }
    return {}
