"""Le compte où une subvention serait versée : le donner, en changer, le confirmer à deux."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.comptes.preuve import PreuveADonner, preuve_a_donner
from parvis.dossiers.actions import comptes_bancaires as actions
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries import comptes_bancaires as queries
from parvis.dossiers.queries.controle import qui_recoit_l_argent
from parvis.espace_porteur.forms.depot import Iban
from parvis.espace_porteur.views.lus import dossier_lu
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def compte(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le compte bancaire, entier, pour qui signe : le donner, en changer."""
    acteur = acteur_de(request)
    dossier = dossier_lu(request, contrat, pk)
    lu = queries.compte_lu(acteur, qui_recoit_l_argent(dossier))
    trouver(_exiger_de_le_tenir, lu)
    preuve = _preuve(request, lu)
    # L'IBAN tapé avant la preuve n'est gardé nulle part : il se retape.
    envoye = request.POST if request.method == "POST" and preuve is None else None
    form, motifs = Iban(envoye), []
    if form.is_valid():
        try:
            trouver(actions.donner_un_iban, par=acteur, organisme=lu.organisme, **form.cleaned_data)
            return redirect("espace_porteur:compte_bancaire", contrat, pk)
        except Refus as refus:
            motifs = refus.motifs
            for motif in motifs:
                form.add_error("iban", motif)
    contexte = {
        "contrat": dossier.projet.contrat,
        "dossier": dossier,
        "projet": dossier.projet,
        "compte": lu,
        "form": form,
        "preuve": preuve,
    }
    statut = 422 if form.errors else 200
    return render(request, "espace_porteur/compte_bancaire.html", contexte, status=statut)


# Un IBAN refusé ne se garde pas : ce n'est pas un texte que l'on perd.
compte.est_sans_garde = True  # type: ignore[attr-defined]


def _exiger_de_le_tenir(lu: queries.CompteLu) -> None:
    if not lu.peut_tenir:
        raise Organisme.DoesNotExist


def _preuve(request: HttpRequest, lu: queries.CompteLu) -> PreuveADonner | None:
    """Rend la preuve à donner avant de changer de compte : après un dépôt, il en faut une."""
    return preuve_a_donner(request, request.path) if lu.a_deja_depose else None


@require_POST
@acces(membres)
def confirmer(request: HttpRequest, contrat: str, pk: int, compte: int) -> HttpResponse:
    """Confirme un compte donné par une autre personne, après avoir prouvé que c'est bien soi."""
    dossier = dossier_lu(request, contrat, pk)
    acteur, organisme = acteur_de(request), qui_recoit_l_argent(dossier)
    attente = trouver(queries.compte_en_attente, acteur, organisme, compte)
    if _preuve(request, queries.compte_lu(acteur, organisme)) is None:
        fait = "Le compte est confirmé : les prochains versements y arriveront."
        tenter(request, actions.confirmer_le_compte, fait=fait, par=acteur, compte=attente)
    return redirect("espace_porteur:compte_bancaire", contrat, pk)


@require_POST
@acces(membres)
def ecarter(request: HttpRequest, contrat: str, pk: int, compte: int) -> HttpResponse:
    """Écarte un compte qui attend d'être confirmé."""
    dossier: Dossier = dossier_lu(request, contrat, pk)
    acteur = acteur_de(request)
    attente = trouver(queries.compte_en_attente, acteur, qui_recoit_l_argent(dossier), compte)
    fait = "Le compte est écarté. Rien ne change pour les versements."
    tenter(request, actions.ecarter_le_compte, fait=fait, par=acteur, compte=attente)
    return redirect("espace_porteur:compte_bancaire", contrat, pk)
